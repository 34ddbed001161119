package table

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"anlan/internal/fault"
	"anlan/internal/workbook"
)

// RowKind says what a row is.
type RowKind string

// The kinds of row.
const (
	TitleRow  RowKind = "title"  // title, unit line and whatever else stands above the header
	HeaderRow RowKind = "header" // and its repetition on a further page
	DataRow   RowKind = "data"
	GroupRow  RowKind = "group" // 一、二: the sum of the numbered rows below it
	TotalRow  RowKind = "total" // 合计, 总计, 小计, 全市
	PartRow   RowKind = "part"  // 其中: part of the row above
	NoteRow   RowKind = "note"
	BlankRow  RowKind = "blank"
)

// Head is the heading of one column.
type Head struct {
	Path     []string `json:"path"` // its lines from the top, the unit taken off
	Text     string   `json:"text"` // the lines joined by "/", as printed
	Unit     string   `json:"unit,omitempty"`
	UnitText string   `json:"unit_text,omitempty"` // as printed, where it is no unit of the product
	Period   *Period  `json:"period,omitempty"`    // where the heading holds a period
	Periodic bool     `json:"periodic,omitempty"`  // the heading is a period and nothing else
}

// Layout is what was recognised in a sheet, before anybody says what it means.
type Layout struct {
	Sheet      string       `json:"sheet"`
	Title      string       `json:"title"`
	Above      []string     `json:"above"` // lines above the header
	Notes      []string     `json:"notes"` // lines below the table
	Unit       string       `json:"unit,omitempty"`
	UnitText   string       `json:"unit_text,omitempty"` // the unit line of the table
	Period     *Period      `json:"period,omitempty"`
	Division   string       `json:"division,omitempty"`    // code, where the lines above name one and no column does
	PeriodFrom string       `json:"period_from,omitempty"` // text in which the period was found
	HeaderFrom int          `json:"header_from"`           // rows from 1; 0 where no header was found
	HeaderTo   int          `json:"header_to"`
	DataTo     int          `json:"data_to"`
	Heads      []Head       `json:"heads"`
	Kinds      []RowKind    `json:"kinds"` // by row
	Signature  string       `json:"signature"`
	Problems   []fault.Text `json:"problems,omitempty"`

	// Columns found by their heads and contents; -1 where there is none.
	DivisionColumn int `json:"division_column"`
	ItemColumn     int `json:"item_column"`
	PeriodColumn   int `json:"period_column"`
	MonthColumn    int `json:"month_column"` // beside a column of years
	MeasureColumn  int `json:"measure_column"`
	UnitColumn     int `json:"unit_column"`
	ValueColumn    int `json:"value_column"`
	SerialColumn   int `json:"serial_column"`
	// FillDown says that the division column has gaps that repeat the name above.
	FillDown bool `json:"fill_down"`
}

const (
	maxHeaderRows = 4
	headerSearch  = 60 // rows in which a header must begin
	sampleRows    = 400
)

var (
	unitLine  = regexp.MustCompile(`(?:计量)?单位[:为]\s*([^\s,;。()]+)`)
	noteWords = []string{
		"注", "备注:", "说明", "数据来源", "资料来源", "来源:", "填表", "填报人", "填报单位:", "制表", "审核", "负责人", "单位负责人", "联系",
		"*注", "※",
	}
	totalWords = []string{"合计", "总计", "小计", "共计", "总和", "全市", "全省", "全县", "全区", "全国", "全市合计", "全省合计", "全市总计", "本页合计", "累计合计", "total", "sum"}
	serialForm = regexp.MustCompile(`^(?:[一二三四五六七八九十]+[、.]?|\([一二三四五六七八九十]+\))$`)
)

// Recognise finds the table of a sheet. The file's name is asked for the period where no line above the table tells it.
func Recognise(file string, s workbook.Sheet, names *Names) *Layout {
	r := newRecogniser(s, names)
	r.findHeader()
	return r.recognise(file)
}

// RecogniseAt is Recognise where a person has said which rows are the header, counted from 1.
func RecogniseAt(file string, s workbook.Sheet, names *Names, from, to int) *Layout {
	r := newRecogniser(s, names)
	if from >= 1 && from <= to && to <= len(s.Rows) {
		r.l.HeaderFrom, r.l.HeaderTo = from, to
	}
	return r.recognise(file)
}

func newRecogniser(s workbook.Sheet, names *Names) *recogniser {
	return &recogniser{s: s, names: names, l: &Layout{
		Sheet: s.Name, Above: []string{}, Notes: []string{}, Heads: []Head{},
		DivisionColumn: -1, ItemColumn: -1, PeriodColumn: -1, MonthColumn: -1, MeasureColumn: -1, UnitColumn: -1, ValueColumn: -1, SerialColumn: -1,
	}}
}

func (r *recogniser) recognise(file string) *Layout {
	l, s := r.l, r.s
	if l.HeaderFrom == 0 {
		l.Kinds = make([]RowKind, len(s.Rows))
		for i, row := range s.Rows {
			l.Kinds[i] = NoteRow
			if distinct(row) == 0 {
				l.Kinds[i] = BlankRow
			}
		}
		l.Problems = append(l.Problems, fault.Tf("工作表“%s”中没有找到表头", "no header was found in sheet “%s”", s.Name))
		return l
	}
	r.readHeads()
	r.readAbove(file)
	r.classify()
	r.findColumns()
	r.findDivision(file)
	r.freeAreas()
	r.markParents()
	l.Signature = signature(l.Heads)
	return l
}

type recogniser struct {
	l     *Layout
	s     workbook.Sheet
	names *Names
}

// distinct counts the texts of a row, a merge over several columns once.
func distinct(row []workbook.Cell) int {
	n := 0
	for i, c := range row {
		if c.Text == "" || c.Merged && i > 0 && row[i-1].Text == c.Text {
			continue
		}
		n++
	}
	return n
}

func filled(row []workbook.Cell) int {
	n := 0
	for _, c := range row {
		if c.Text != "" {
			n++
		}
	}
	return n
}

// figures counts the cells that hold a figure; a bare year is a heading as well.
func figures(row []workbook.Cell) int {
	n := 0
	for _, c := range row {
		if c.Text == "" {
			continue
		}
		if f, err := workbook.FigureOf(c); err == nil && f.Value.Valid {
			if p, ok := ParsePeriod(c.Text); ok && p.Year > 0 && !c.Percent {
				continue
			}
			n++
		}
	}
	return n
}

// firstText is the first text of a row.
func firstText(row []workbook.Cell) string {
	for _, c := range row {
		if c.Text != "" {
			return c.Text
		}
	}
	return ""
}

func isNote(row []workbook.Cell) bool {
	text := strings.ReplaceAll(workbook.Fold(firstText(row)), " ", "")
	for _, w := range noteWords {
		if strings.HasPrefix(text, w) && (distinct(row) <= 2 || strings.ContainsAny(text, ":")) {
			return true
		}
	}
	return false
}

func isUnitLine(row []workbook.Cell) bool {
	if distinct(row) > 4 {
		return false
	}
	for _, c := range row {
		if unitLine.MatchString(workbook.Fold(c.Text)) {
			return figures(row) == 0
		}
	}
	return false
}

// findHeader finds the first row that names enough columns and holds no figure, and the rows that continue it.
func (r *recogniser) findHeader() {
	width := 0
	for _, row := range r.s.Rows[:min(len(r.s.Rows), sampleRows)] {
		width = max(width, distinct(row))
	}
	for i := 0; i < min(len(r.s.Rows), headerSearch); i++ {
		row := r.s.Rows[i]
		if distinct(row) < 2 || filled(row)*5 < width*2 || figures(row) > 0 || isNote(row) || isUnitLine(row) {
			continue
		}
		to := i
		for to+1 < len(r.s.Rows) && to-i+1 < maxHeaderRows && r.continues(i, to+1) {
			to++
		}
		r.l.HeaderFrom, r.l.HeaderTo = i+1, to+1
		return
	}
}

// continues reports whether row i is one more line of the header that begins at row first.
func (r *recogniser) continues(first, i int) bool {
	row, above := r.s.Rows[i], r.s.Rows[i-1]
	if distinct(row) == 0 || figures(row) > 0 || isNote(row) || r.totalLabel(row) != "" {
		return false
	}
	if unitsOnly(row) || latinNames(row) && !latinNames(r.s.Rows[first]) {
		return true
	}
	fills, leaves := false, false
	for c := range max(len(row), len(above)) {
		up, down := cellAt(above, c), cellAt(row, c)
		if down.Merged && down.Text == up.Text && down.Text != "" {
			leaves = true // a head merged down over both lines
			continue
		}
		switch {
		case up.Text == "" && down.Text != "":
			fills = true
		case up.Text != "" && down.Text == "":
			leaves = true
		case up.Merged && c > 0 && cellAt(above, c-1).Text == up.Text && down.Text != up.Text:
			fills = true // a head merged across, divided below
		}
	}
	return fills && leaves || fills && r.mergedAcross(above)
}

func (r *recogniser) mergedAcross(row []workbook.Cell) bool {
	return slices.ContainsFunc(row, func(c workbook.Cell) bool { return c.Merged })
}

func cellAt(row []workbook.Cell, c int) workbook.Cell {
	if c < len(row) {
		return row[c]
	}
	return workbook.Cell{}
}

func unitsOnly(row []workbook.Cell) bool {
	n := 0
	for _, c := range row {
		if c.Text == "" {
			continue
		}
		if _, ok := workbook.UnitOfWord(strings.Trim(workbook.Fold(c.Text), "()")); !ok {
			return false
		}
		n++
	}
	return n > 0
}

// latinNames reports whether a row holds only names in Latin letters, as the second header line of a template does.
func latinNames(row []workbook.Cell) bool {
	n := 0
	for _, c := range row {
		for _, x := range c.Text {
			if x > unicode.MaxASCII {
				return false
			}
		}
		if strings.ContainsFunc(c.Text, unicode.IsLetter) {
			n++
		}
	}
	return n > 1
}

// readHeads joins the lines of the header over each column. A blank in an upper line continues the head to its left.
func (r *recogniser) readHeads() {
	l, width := r.l, 0
	rows := r.s.Rows[l.HeaderFrom-1 : l.HeaderTo]
	for _, row := range rows {
		width = max(width, len(row))
	}
	latin := len(rows) > 1 && latinNames(rows[len(rows)-1])
	for c := range width {
		var path []string
		for k, row := range rows {
			text := cleanHead(cellAt(row, c).Text)
			if text == "" && k < len(rows)-1 && cellAt(rows[len(rows)-1], c).Text != "" && !latin {
				for left := c - 1; left >= 0 && text == ""; left-- {
					text = cleanHead(cellAt(row, left).Text)
				}
			}
			if text != "" && (len(path) == 0 || path[len(path)-1] != text) {
				path = append(path, text)
			}
		}
		l.Heads = append(l.Heads, headOf(path))
	}
}

// cleanHead drops the line breaks and blanks that stand within a heading of Chinese words.
func cleanHead(s string) string {
	runes := []rune(strings.Join(strings.Fields(workbook.Fold(s)), " "))
	var b strings.Builder
	for i, x := range runes {
		if x == ' ' && i > 0 && i+1 < len(runes) && (runes[i-1] > unicode.MaxASCII || runes[i+1] > unicode.MaxASCII) {
			continue
		}
		b.WriteRune(x)
	}
	return b.String()
}

var unitSuffix = regexp.MustCompile(`\(([^()]*)\)$`)

// latinUnits are the endings by which headings in Latin letters name units.
var latinUnits = []struct{ ending, code string }{
	{"_yi_m3", "yi_m3"},
	{"_wan_m3", "wan_m3"},
	{"yiyuan", "yi_yuan"},
	{"wanyuan", "wan_yuan"},
	{"percentage_points", "point"},
	{"pct_published", "percent"},
	{"_pct", "percent"},
	{"%", "percent"},
}

// headOf takes the unit off the heading's last lines and splits headings flattened as "计划下达/年度计划".
func headOf(path []string) Head {
	h := Head{Text: strings.Join(path, "/")}
	for _, text := range path {
		if m := unitSuffix.FindStringSubmatchIndex(text); m != nil {
			word := strings.TrimPrefix(text[m[2]:m[3]], "单位:")
			if u, ok := workbook.UnitOfWord(word); ok {
				h.Unit, h.UnitText, text = u.Code, word, text[:m[0]]
			} else if m[0] == 0 || !strings.ContainsFunc(word, unicode.IsDigit) && len([]rune(word)) <= 6 && strings.ContainsAny(word, "/%mg℃°") {
				h.UnitText, text = word, text[:m[0]]
			}
		}
		if text != "" {
			h.Path = append(h.Path, splitFlat(text)...)
		}
	}
	if h.Unit == "" && len(path) > 0 {
		low := strings.ToLower(path[len(path)-1])
		for _, u := range latinUnits {
			if strings.HasSuffix(low, u.ending) {
				h.Unit, h.UnitText = u.code, u.ending
				break
			}
		}
	}
	if p, ok := ParsePeriod(h.Text); ok {
		h.Period, h.Periodic = &p, true
		return h
	}
	for _, text := range h.Path { // "2024年/计划", but not "比2015年下降": a period within words may be another one
		if p, ok := ParsePeriod(text); ok && len(h.Path) > 1 {
			h.Period = &p
		}
	}
	return h
}

func splitFlat(text string) []string {
	parts := strings.Split(text, "/")
	for _, p := range parts {
		if !strings.ContainsFunc(p, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			return []string{text}
		}
	}
	return parts
}

// readAbove reads title, unit and period from the lines above the header, and the period from the file's name.
func (r *recogniser) readAbove(file string) {
	l := r.l
	for _, row := range r.s.Rows[:l.HeaderFrom-1] {
		for i, c := range row {
			if c.Text == "" || c.Merged && i > 0 && row[i-1].Text == c.Text {
				continue
			}
			l.Above = append(l.Above, c.Text)
			if m := unitLine.FindStringSubmatch(workbook.Fold(c.Text)); m != nil && l.UnitText == "" {
				l.setUnit(m[1])
				continue
			}
			if l.Title == "" || strings.HasPrefix(c.Text, "指标") {
				l.Title = c.Text
			}
		}
	}
	if l.UnitText == "" {
		if m := unitSuffix.FindStringSubmatch(workbook.Fold(l.Title)); m != nil {
			l.setUnit(m[1])
		}
	}
	for _, text := range append(slices.Clone(l.Above), l.Sheet, strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))) {
		if p, ok := FindPeriod(text); ok && !strings.Contains(text, "最近") {
			l.Period, l.PeriodFrom = &p, text
			return
		}
	}
	r.periodOfHeads()
}

// periodOfHeads takes the period from headings such as "9月水质", where they name one and do not compare with it.
func (r *recogniser) periodOfHeads() {
	l := r.l
	for _, h := range l.Heads {
		p, ok := FindPeriod(h.Text)
		if !ok || h.Period != nil || strings.ContainsAny(h.Text, "比较与同") {
			continue
		}
		if l.Period != nil && *l.Period != p {
			l.Period, l.PeriodFrom = nil, ""
			return
		}
		l.Period, l.PeriodFrom = &p, h.Text
	}
}

// setUnit takes a unit line's word where it is one unit; "万元、%" leaves each column to its own.
func (l *Layout) setUnit(word string) {
	l.UnitText = word
	for _, w := range strings.FieldsFunc(word, func(r rune) bool { return r == '、' || r == ',' || r == '/' }) {
		if u, ok := workbook.UnitOfWord(w); ok {
			l.Unit = u.Code
			return
		}
	}
}

// classify says of every row what it is.
func (r *recogniser) classify() {
	l := r.l
	l.Kinds = make([]RowKind, len(r.s.Rows))
	noted := false
	for i, row := range r.s.Rows {
		kind := DataRow
		label := ""
		switch {
		case distinct(row) == 0:
			kind = BlankRow
		case i < l.HeaderFrom-1:
			kind = TitleRow
		case i < l.HeaderTo, r.repeats(row):
			kind = HeaderRow
		case isNote(row), isUnitLine(row), noted && distinct(row) == 1 && figures(row) == 0:
			kind, noted = NoteRow, true
			l.Notes = append(l.Notes, firstText(row))
			if m := unitLine.FindStringSubmatch(workbook.Fold(firstText(row))); m != nil && l.UnitText == "" {
				l.setUnit(m[1])
			}
		default:
			label = r.totalLabel(row)
			switch {
			case label == "其中":
				kind = PartRow
			case label != "":
				kind = TotalRow
			case serialForm.MatchString(workbook.Fold(firstText(row))) && distinct(row) > 1:
				kind = GroupRow
			}
			l.DataTo, noted = i+1, false
		}
		l.Kinds[i] = kind
	}
}

// repeats reports whether a row prints the header's last line again.
func (r *recogniser) repeats(row []workbook.Cell) bool {
	head := r.s.Rows[r.l.HeaderTo-1]
	if distinct(row) < 2 || len(row) != len(head) {
		return false
	}
	for i := range row {
		if row[i].Text != head[i].Text {
			return false
		}
	}
	return true
}

// totalLabel returns the word by which one of the first columns says that the row is a total, or "其中".
func (r *recogniser) totalLabel(row []workbook.Cell) string {
	for _, c := range row[:min(len(row), 3)] {
		if w := totalWord(c.Text); w != "" {
			return w
		}
	}
	return ""
}

// totalWord is the word of a text that says 合计 or the like, with or without a remark behind it, or "其中".
func totalWord(text string) string {
	text = nameKey(text)
	if rest, ok := strings.CutPrefix(text, "其中"); ok && (rest == "" || rest[0] == ':') {
		return "其中"
	}
	if open := strings.IndexByte(text, '('); open > 0 {
		text = text[:open]
	}
	if text = strings.TrimSuffix(text, ":"); slices.Contains(totalWords, text) {
		return text
	}
	return ""
}

// signature is the same for tables whose headings differ only in the period.
func signature(heads []Head) string {
	var b strings.Builder
	last := ""
	for _, h := range heads {
		key := headKey(h)
		if key == periodKey && last == periodKey {
			continue
		}
		last = key
		b.WriteString(key)
		b.WriteByte('|')
	}
	return hash(b.String())
}

const periodKey = "#"

var anyPeriod = regexp.MustCompile(`(?:(?:19|20|21)\d\d[-年_.]?)?(?:1[0-2]|0?[1-9])月?[-~至到—]+(?:1[0-2]|0?[1-9])月|(?:19|20|21)\d\d[-年_.](?:(?:1[0-2]|0?[1-9])月?)?|(?:1[0-2]|0?[1-9])月`)

// headKey is a heading without its period, blanks and case.
func headKey(h Head) string {
	if h.Periodic {
		return periodKey
	}
	return anyPeriod.ReplaceAllString(nameKey(h.Text), periodKey)
}
