package workbook

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// Table is one sheet to write: a title, remarks, a header of one or two rows, and rows of values.
type Table struct {
	Sheet   string // name of the sheet; the title where empty
	Title   string
	Notes   []string // lines under the title
	Columns []Column
	Rows    [][]Value
	Footer  []string // lines under the table
}

// Column is one column to write. Neighbours that share the first line of their heads share a merged cell.
type Column struct {
	Head     []string // one or two lines
	Unit     string   // shown in parentheses behind the last line
	Decimals int      // shown decimals of figures; -1 shows them as they are
	Width    float64  // in characters; told from the head where 0
	Options  []string // the only entries that the cells take, as a drop-down list
}

// Value is one cell to write: a text or a figure, or neither.
type Value struct {
	text   string
	figure quantity.Null
}

// TextValue makes a cell of text. It stays text whatever it begins with: no formula is ever written.
func TextValue(s string) Value { return Value{text: s} }

// FigureValue makes a cell of a figure; an absent one is an empty cell.
func FigureValue(n quantity.Null) Value { return Value{figure: n} }

// Figure is the figure of a cell, absent where it holds text or nothing.
func (v Value) Figure() quantity.Null { return v.figure }

// Show is a cell as people read it, a figure with so many decimals; -1 shows it as it is. An empty cell is the empty text.
func (v Value) Show(decimals int) string {
	switch {
	case !v.figure.Valid:
		return v.text
	case decimals < 0:
		return v.figure.Decimal.String()
	}
	return v.figure.Decimal.Fixed(decimals)
}

const (
	maxSheetRows = 1 << 20 // of a sheet, ECMA-376 implementations
	maxCellText  = 32_767
)

// WriteXLSX writes the tables as the sheets of one workbook. The same tables give the same bytes.
func WriteXLSX(w io.Writer, tables ...Table) (err error) {
	f := excelize.NewFile().SetZipWriter(newInOrder)
	defer func() {
		if e := f.Close(); err == nil && e != nil {
			err = fmt.Errorf("close workbook: %w", e)
		}
	}()
	names := map[string]bool{}
	for i, t := range tables {
		name := sheetName(t, names)
		if i == 0 {
			err = f.SetSheetName("Sheet1", name)
		} else {
			_, err = f.NewSheet(name)
		}
		if err != nil {
			return fmt.Errorf("name sheet %q: %w", name, err)
		}
		if err := writeSheet(f, name, t); err != nil {
			return fmt.Errorf("write sheet %q: %w", name, err)
		}
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

// sheetName makes a name that the format allows: at most 31 characters, none of []:*?/\ and each once.
func sheetName(t Table, taken map[string]bool) string {
	name := t.Sheet
	if name == "" {
		name = t.Title
	}
	name = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || r < ' ' {
			return '_'
		}
		return r
	}, name), "' ")
	if name == "" {
		name = "Sheet"
	}
	base := []rune(name)
	base = base[:min(len(base), 28)]
	name = string(base)
	for n := 2; taken[strings.ToLower(name)]; n++ {
		name = fmt.Sprintf("%s %d", string(base[:min(len(base), 25)]), n)
	}
	taken[strings.ToLower(name)] = true
	return name
}

// sheetStyles are the few looks of a sheet.
type sheetStyles struct {
	title, note, head, text int
	figures                 []int // by column
}

func newStyles(f *excelize.File, columns []Column) (s sheetStyles, err error) {
	border := []excelize.Border{
		{Type: "left", Color: "BFBFBF", Style: 1},
		{Type: "right", Color: "BFBFBF", Style: 1},
		{Type: "top", Color: "BFBFBF", Style: 1},
		{Type: "bottom", Color: "BFBFBF", Style: 1},
	}
	add := func(st *excelize.Style) int {
		if err != nil {
			return 0
		}
		var id int
		id, err = f.NewStyle(st)
		return id
	}
	centre := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	s.title = add(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}})
	s.note = add(&excelize.Style{Font: &excelize.Font{Color: "595959", Size: 10}})
	s.head = add(&excelize.Style{
		Font: &excelize.Font{Bold: true}, Alignment: centre, Border: border,
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF4"}},
	})
	text := "@"
	s.text = add(&excelize.Style{Border: border, CustomNumFmt: &text})
	byDecimals := map[int]int{}
	for _, c := range columns {
		id, ok := byDecimals[c.Decimals]
		if !ok {
			code := "#,##0"
			switch {
			case c.Decimals < 0:
				code = "General"
			case c.Decimals > 0:
				code += "." + strings.Repeat("0", min(c.Decimals, 6))
			}
			id = add(&excelize.Style{Border: border, CustomNumFmt: &code})
			byDecimals[c.Decimals] = id
		}
		s.figures = append(s.figures, id)
	}
	return s, err
}

func writeSheet(f *excelize.File, name string, t Table) error {
	styles, err := newStyles(f, t.Columns)
	if err != nil {
		return fmt.Errorf("make styles: %w", err)
	}
	if 1+len(t.Notes)+2+len(t.Rows)+len(t.Footer) > maxSheetRows {
		return fault.New(fault.TooLarge, "workbook.rows", fault.Tf("超过一张工作表的 %d 行", "more than the %d rows of a sheet", maxSheetRows))
	}
	if err := f.SetSheetDimension(name, t.dimension()); err != nil { // before the stream, which writes it first
		return fmt.Errorf("size sheet: %w", err)
	}
	w, err := f.NewStreamWriter(name)
	if err != nil {
		return fmt.Errorf("open sheet: %w", err)
	}
	s := &sheetWriter{w: w, t: t, styles: styles}
	s.widths()
	first := t.above()
	s.check(w.SetPanes(&excelize.Panes{Freeze: true, YSplit: first, TopLeftCell: Ref(first, 0), ActivePane: "bottomLeft"}))
	if t.Title != "" {
		s.line(t.Title, styles.title)
	}
	for _, n := range t.Notes {
		s.line(n, styles.note)
	}
	s.header()
	for _, r := range t.Rows {
		s.values(r)
	}
	last := s.row
	for _, n := range t.Footer {
		s.line(n, styles.note)
	}
	// The stream writes the lists behind the rows, so they must be there before it is flushed.
	s.check(s.options(f, name, first, max(last, first+1)))
	if s.err != nil {
		return s.err
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("flush sheet: %w", err)
	}
	return nil
}

// sheetWriter writes one sheet from the top; the first error stays.
type sheetWriter struct {
	w      *excelize.StreamWriter
	t      Table
	styles sheetStyles
	row    int
	err    error
}

func (s *sheetWriter) check(err error) {
	if s.err == nil && err != nil {
		s.err = err
	}
}

func (s *sheetWriter) put(cells []any) {
	if s.err == nil {
		s.check(s.w.SetRow(Ref(s.row, 0), cells))
	}
	s.row++
}

func (s *sheetWriter) line(text string, style int) {
	s.put([]any{excelize.Cell{StyleID: style, Value: clip(text)}})
}

// headRows is how many lines the header has.
func (t *Table) headRows() int {
	n := 1
	for _, c := range t.Columns {
		n = max(n, min(len(c.Head), 2))
	}
	return n
}

// above is how many lines stand above the rows.
func (t *Table) above() int {
	n := len(t.Notes) + t.headRows()
	if t.Title != "" {
		n++
	}
	return n
}

// dimension is the area that the cells of a table take. Readers that do not load a sheet as a whole take its size from there.
func (t *Table) dimension() string {
	wide := max(1, len(t.Columns))
	for _, r := range t.Rows {
		wide = max(wide, len(r))
	}
	return "A1:" + Ref(t.above()+len(t.Rows)+len(t.Footer)-1, wide-1)
}

func (s *sheetWriter) widths() {
	for i, c := range s.t.Columns {
		width := c.Width
		if width <= 0 {
			width = 10
			for _, h := range c.Head {
				width = max(width, float64(len(h)+utf8.RuneCountInString(h))/2+2)
			}
		}
		s.check(s.w.SetColWidth(i+1, i+1, min(width, 60)))
	}
}

// head returns the text of a column's head in line k of n; a single line stands in the first and is merged down.
func (s *sheetWriter) head(c Column, k int) string {
	if k >= len(c.Head) {
		return ""
	}
	if k == len(c.Head)-1 && c.Unit != "" {
		return c.Head[k] + "(" + c.Unit + ")"
	}
	return c.Head[k]
}

func (s *sheetWriter) header() {
	n, top := s.t.headRows(), s.row
	for k := range n {
		cells := make([]any, len(s.t.Columns))
		for i, c := range s.t.Columns {
			text := s.head(c, k)
			if k == 0 && n > 1 && s.joined(i) {
				text = ""
			}
			cells[i] = excelize.Cell{StyleID: s.styles.head, Value: text}
		}
		s.put(cells)
	}
	if n == 1 {
		return
	}
	for i := 0; i < len(s.t.Columns); i++ {
		if len(s.t.Columns[i].Head) < 2 {
			s.check(s.w.MergeCell(Ref(top, i), Ref(top+1, i)))
			continue
		}
		j := i
		for j+1 < len(s.t.Columns) && s.joined(j+1) {
			j++
		}
		if j > i {
			s.check(s.w.MergeCell(Ref(top, i), Ref(top, j)))
		}
		i = j
	}
}

// joined reports whether column i shares the first line of the head before it.
func (s *sheetWriter) joined(i int) bool {
	if i == 0 {
		return false
	}
	a, b := s.t.Columns[i-1].Head, s.t.Columns[i].Head
	return len(a) > 1 && len(b) > 1 && a[0] == b[0]
}

func (s *sheetWriter) values(row []Value) {
	cells := make([]any, len(row))
	for i, v := range row {
		switch {
		case v.figure.Valid:
			style := s.styles.text
			if i < len(s.styles.figures) {
				style = s.styles.figures[i]
			}
			cells[i] = excelize.Cell{StyleID: style, Value: v.figure.Float()}
		case v.text != "":
			cells[i] = excelize.Cell{StyleID: s.styles.text, Value: clip(v.text)}
		case i < len(s.styles.figures):
			cells[i] = excelize.Cell{StyleID: s.styles.figures[i]}
		}
	}
	s.put(cells)
}

// options adds the drop-down lists. A list over 255 characters does not fit the format and is left out.
func (s *sheetWriter) options(f *excelize.File, name string, first, last int) error {
	for i, c := range s.t.Columns {
		if len(c.Options) == 0 || utf8.RuneCountInString(strings.Join(c.Options, ",")) > 255 {
			continue
		}
		v := excelize.NewDataValidation(true)
		v.SetSqref(Ref(first, i) + ":" + Ref(last-1, i))
		if err := v.SetDropList(c.Options); err != nil {
			return fmt.Errorf("list of column %s: %w", ColumnName(i), err)
		}
		if err := f.AddDataValidation(name, v); err != nil {
			return fmt.Errorf("list of column %s: %w", ColumnName(i), err)
		}
	}
	return nil
}

// clip cuts a text to what a cell takes and drops the control characters that XML does not allow.
func clip(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
	if r := []rune(s); len(r) > maxCellText {
		return string(r[:maxCellText])
	}
	return s
}
