// Package workbook reads the tables that offices send (XLSX, the old binary XLS, CSV) into rows of cells, reads figures as offices
// write them, and writes XLSX. Bytes in, values out: nothing is stored, no clock is asked, and every size is bounded.
//
// A number cell is taken as stored, not as shown: its exact decimal, with the percent sign of its number format kept apart.
// What the rows mean is decided in the rooms above.
package workbook

import (
	"bytes"
	"fmt"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// Format is the kind of file that was read.
type Format string

// The formats.
const (
	XLSX Format = "xlsx" // Office Open XML, ECMA-376
	XLS  Format = "xls"  // BIFF8 in a compound file, [MS-XLS]
	CSV  Format = "csv"  // text with a delimiter, RFC 4180 and looser
)

// Book is a workbook as read (工作簿).
type Book struct {
	Name     string       `json:"name"`
	Format   Format       `json:"format"`
	Encoding string       `json:"encoding"` // of text: "utf-8", "utf-8 bom", "utf-16le", "utf-16be", "gb18030"; of an XLS its code page: "cp936"
	Sheets   []Sheet      `json:"sheets"`
	Notes    []fault.Text `json:"notes"` // what a reader should know: hidden sheets, characters that could not be read
}

// Sheet is one sheet; its rows are ragged.
type Sheet struct {
	Name   string   `json:"name"`
	Hidden bool     `json:"hidden,omitempty"`
	Rows   [][]Cell `json:"rows"`
}

// Cell is one cell.
type Cell struct {
	// Text is what the cell says, trimmed: a number plainly, a percentage with its sign, a date as 2026-05-31.
	Text string `json:"text"`
	// Number is the exact figure where the cell is a number: in percent where Percent, else as stored.
	Number quantity.Null `json:"number"`
	// Percent says that the number format or the text shows a percent sign.
	Percent bool `json:"percent,omitempty"`
	// Rounded says that the stored number had more than six decimals and was rounded to six.
	Rounded bool `json:"rounded,omitempty"`
	// Merged says that the cell lies in a merge and repeats its corner.
	Merged bool `json:"merged,omitempty"`
	// Formula says that the value is the last result of a formula.
	Formula bool `json:"formula,omitempty"`
	// Date says that the cell is a date.
	Date bool `json:"date,omitempty"`
}

// Blank reports whether the cell says nothing of its own.
func (c Cell) Blank() bool { return c.Text == "" }

// At returns the cell of row r and column c, counted from 0; a blank one outside the sheet.
func (s Sheet) At(r, c int) Cell {
	if r < 0 || c < 0 || r >= len(s.Rows) || c >= len(s.Rows[r]) {
		return Cell{}
	}
	return s.Rows[r][c]
}

// Width is the length of the longest row.
func (s Sheet) Width() int {
	w := 0
	for _, r := range s.Rows {
		w = max(w, len(r))
	}
	return w
}

// Ref names the cell of row r and column c, counted from 0, as a person does: "C7".
func Ref(r, c int) string { return ColumnName(c) + fmt.Sprint(r+1) }

// ColumnName names column c, counted from 0: "A", "Z", "AA".
func ColumnName(c int) string {
	name := ""
	for c++; c > 0; c = (c - 1) / 26 {
		name = string(rune('A'+(c-1)%26)) + name
	}
	return name
}

// parseRef reads "C7" into row 6 and column 2.
func parseRef(ref string) (r, c int, ok bool) {
	i := 0
	for ; i < len(ref) && i < 4; i++ {
		l := ref[i] | 0x20
		if l < 'a' || l > 'z' {
			break
		}
		c = c*26 + int(l-'a') + 1
	}
	if i == 0 || i == len(ref) || len(ref)-i > 7 {
		return 0, 0, false
	}
	for _, d := range []byte(ref[i:]) {
		if d < '0' || d > '9' {
			return 0, 0, false
		}
		r = r*10 + int(d-'0')
	}
	return r - 1, c - 1, r > 0
}

// Limits bound what is read; whatever is larger is refused with fault.TooLarge.
type Limits struct {
	Bytes    int // of the file
	Unpacked int // of an XLSX, all parts together
	Sheets   int
	Rows     int // of one sheet
	Columns  int
	Cells    int // of the whole book, those that merges fill included
}

// DefaultLimits are ample for an office's table and harmless to a small server.
func DefaultLimits() Limits {
	return Limits{Bytes: 32 << 20, Unpacked: 256 << 20, Sheets: 100, Rows: 200_000, Columns: 1_000, Cells: 4_000_000}
}

// Read reads a workbook under the default limits. The name only serves messages: the format is told from the bytes.
func Read(name string, data []byte) (*Book, error) { return DefaultLimits().Read(name, data) }

// Read reads a workbook. A file that cannot be read is a fault that says what to do about it.
func (l Limits) Read(name string, data []byte) (book *Book, err error) {
	// Every offset that a file states is checked; should one have been missed, a broken file must not take the server down.
	defer func() {
		if p := recover(); p != nil {
			book, err = nil, broken(fmt.Errorf("panic: %v", p))
		}
	}()
	if len(data) > l.Bytes {
		return nil, tooLarge("文件超过 %d MB", "the file is larger than %d MB", l.Bytes>>20)
	}
	book, err = l.read(data)
	if err != nil {
		return nil, fmt.Errorf("read workbook %q: %w", name, err)
	}
	book.Name = name
	for i := range book.Sheets {
		s := &book.Sheets[i]
		trimSheet(s)
		if s.Hidden {
			book.Notes = append(book.Notes, fault.Tf("工作表“%s”是隐藏的", "sheet “%s” is hidden", s.Name))
		}
	}
	return book, nil
}

func (l Limits) read(data []byte) (*Book, error) {
	head := strings.ToLower(string(bytes.TrimSpace(data[:min(len(data), 512)])))
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return l.readXLSX(data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return l.readXLS(data)
	case bytes.HasPrefix(data, []byte("%PDF")):
		return nil, fault.Invalidf("workbook.format", "这是 PDF 文件，请改送 XLSX 或 CSV", "this is a PDF; send XLSX or CSV instead")
	case strings.HasPrefix(head, "<html"), strings.HasPrefix(head, "<!doctype html"), strings.HasPrefix(head, "<table"), strings.HasPrefix(head, "<?xml"):
		return nil, fault.Invalidf("workbook.format", "这是扩展名为表格的网页或 XML 文件：请在 WPS 或 Excel 中打开，另存为 XLSX 再导入",
			"this is a web page or XML file named as a table: open it in WPS or Excel, save it as XLSX and import that")
	}
	return l.readCSV(data)
}

// trimSheet drops blank cells at the ends of rows and blank rows at the end of the sheet; rows keep their numbers.
func trimSheet(s *Sheet) {
	for i, r := range s.Rows {
		n := len(r)
		for n > 0 && r[n-1].Text == "" && !r[n-1].Merged {
			n--
		}
		s.Rows[i] = r[:n]
	}
	n := len(s.Rows)
	for n > 0 && blankRow(s.Rows[n-1]) {
		n--
	}
	s.Rows = s.Rows[:n]
}

func blankRow(r []Cell) bool {
	for _, c := range r {
		if c.Text != "" {
			return false
		}
	}
	return true
}

func tooLarge(zh, en string, args ...any) error {
	return fault.New(fault.TooLarge, "workbook.too_large", fault.Tf(zh, en, args...))
}

func broken(cause error) error {
	return fault.Invalidf("workbook.broken", "文件已损坏，无法读取：请在 WPS 或 Excel 中打开，另存为 XLSX 再导入",
		"the file is damaged: open it in WPS or Excel, save it as XLSX and import that").Because(cause)
}

func encrypted() error {
	return fault.Invalidf("workbook.encrypted", "文件设有打开密码：请取消密码后再导入", "the file needs a password: remove it, then import")
}

// grid gathers the cells of a sheet within the limits.
type grid struct {
	limits *Limits
	cells  *int // of the whole book
	rows   [][]Cell
}

// put sets one cell, growing the sheet as needed.
func (g *grid) put(r, c int, cell Cell) error {
	if r >= g.limits.Rows {
		if cell.Text == "" {
			return nil
		}
		return tooLarge("工作表超过 %d 行", "a sheet has more than %d rows", g.limits.Rows)
	}
	if c >= g.limits.Columns {
		if cell.Text == "" {
			return nil
		}
		return tooLarge("工作表超过 %d 列", "a sheet has more than %d columns", g.limits.Columns)
	}
	if r < 0 || c < 0 {
		return broken(fmt.Errorf("cell %d,%d", r, c))
	}
	for len(g.rows) <= r {
		g.rows = append(g.rows, nil)
	}
	row := g.rows[r]
	if c >= len(row) {
		if *g.cells += c + 1 - len(row); *g.cells > g.limits.Cells {
			return tooLarge("表格超过 %d 个单元格", "the workbook has more than %d cells", g.limits.Cells)
		}
		if cap(row) <= c {
			width := c + 1
			if r > 0 {
				width = max(width, len(g.rows[r-1]))
			}
			row = append(make([]Cell, 0, width), row...)
		}
		row = row[:c+1]
	}
	row[c] = cell
	g.rows[r] = row
	return nil
}

// merge is a merged range, both ends included.
type merge struct{ r1, c1, r2, c2 int }

// spread copies the corner of each merge over the part of it that the sheet uses.
func (g *grid) spread(merges []merge) error {
	width := 0
	for _, r := range g.rows {
		width = max(width, len(r))
	}
	for _, m := range merges {
		if m.r1 < 0 || m.c1 < 0 || m.r1 >= len(g.rows) || m.c1 >= len(g.rows[m.r1]) {
			continue
		}
		corner := g.rows[m.r1][m.c1]
		if corner.Text == "" {
			continue
		}
		corner.Merged = true
		for r := m.r1; r <= min(m.r2, len(g.rows)-1); r++ {
			for c := m.c1; c <= min(m.c2, width-1); c++ {
				if r == m.r1 && c == m.c1 {
					continue
				}
				if *g.cells++; *g.cells > g.limits.Cells {
					return tooLarge("表格超过 %d 个单元格", "the workbook has more than %d cells", g.limits.Cells)
				}
				if err := g.put(r, c, corner); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
