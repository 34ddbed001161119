// Package table makes readings of the tables that offices keep: one row a station and instant, one column a quantity, or a column that
// names the quantity. Heads are known in Chinese, in English and as columns of SL 323; a head may state its unit.
//
// Times without a zone are field time, UTC+8. A mark such as — or / is no figure. A row or a cell that cannot be read is refused with
// its place and reason, and the others are kept. Nothing is stored, and who a code belongs to is asked of the caller.
package table

import (
	"slices"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/quantity"
	"anlan/internal/series/reading"
	"anlan/internal/workbook"
)

// Options are what a person says of a file, and who knows stations.
type Options struct {
	// Find gives the object that a code or a name means, or why it means none.
	Find func(word string) (object int64, why *fault.Text)
	// Object is of all rows in a table without a column of stations; 0 where each has one.
	Object int64
	// Span is of totals in a table without a column of spans; 0 where each row says it.
	Span   time.Duration
	Source int64
	// Heads are what a person says of columns, by their heads: the code of a quantity, or LeftOut.
	Heads map[string]string
}

// LeftOut says of a column that it is not taken.
const LeftOut = "-"

// Check says what of the options cannot hold.
func (o *Options) Check() error {
	for head, code := range o.Heads {
		if _, ok := reading.ByCode(code); !ok && code != LeftOut {
			return fault.Invalidf("import.column", "没有观测量 %q", "there is no quantity %q", code).At(head, fault.T("无效", "not valid"))
		}
	}
	return nil
}

// said finds what a person says of the column with this head.
func (o *Options) said(head string) (code string, ok bool) {
	for h, code := range o.Heads {
		if fold(h) == fold(head) {
			return code, true
		}
	}
	return "", false
}

// Line is a reading with its place.
type Line struct {
	reading.Reading
	Sheet string
	Row   int // as a person counts
}

// Refusal is a row or a cell that was not taken.
type Refusal struct {
	Sheet string `json:"sheet"`
	Place string `json:"place" doc:"As a person names it: C7, or 7 for a row"`
	fault.Text
	Content string `json:"content"`
}

// Role is what a column is taken for.
type Role string

// The roles.
const (
	OfStation  Role = "station"
	OfTime     Role = "time"
	OfSpan     Role = "span"
	OfQuantity Role = "quantity" // it names the quantity of its row
	OfFigures  Role = "figures"
)

// Column is a column that was understood.
type Column struct {
	Sheet    string `json:"sheet"`
	Column   int    `json:"column" doc:"Counted from 0"`
	Head     string `json:"head"`
	Role     Role   `json:"role" enum:"station,time,span,quantity,figures"`
	Quantity string `json:"quantity,omitempty" doc:"Of its figures; none where another column names it"`
}

// Result is what a file holds.
type Result struct {
	Lines   []Line
	Refused []Refusal
	More    int // refusals beyond refusedMost
	Empty   int // rows without any figure
	Columns []Column
	Ignored []string // heads that were not understood

	seen map[slot]int // where in Lines a figure stands
}

// slot is what has one figure.
type slot struct {
	object   int64
	quantity reading.ID
	at       int64 // seconds since 1970
	span     time.Duration
}

// refusedMost is how many refusals are listed.
const refusedMost = 1000

func (r *Result) refuse(sheet, place string, why fault.Text, content string) {
	if len(r.Refused) >= refusedMost {
		r.More++
		return
	}
	r.Refused = append(r.Refused, Refusal{sheet, place, why, content})
}

// Read reads every sheet that has a head it knows. A book without one is a fault.
func Read(book *workbook.Book, o Options) (Result, error) {
	var r Result
	if err := o.Check(); err != nil {
		return r, err
	}
	known := false
	for _, s := range book.Sheets {
		if h, ok := findHead(s, tableName(book, s), &o); ok {
			known = true
			h.read(&r, o)
		}
	}
	if !known {
		return r, fault.Invalidf("import.head", "没有找到表头：须有测站、时间和至少一个观测量（如 水位、雨量）的列",
			"no head was found: it has columns for the station, the time and at least one quantity, such as level or rain")
	}
	return r, nil
}

// tableName is the SL 323 table that a sheet is of, by its name or that of the file.
func tableName(book *workbook.Book, s workbook.Sheet) string {
	for _, name := range []string{s.Name, book.Name} {
		name = strings.ToUpper(name)
		if i := strings.LastIndexAny(name, `/\`); i >= 0 {
			name = name[i+1:]
		}
		name, _, _ = strings.Cut(name, ".")
		if strings.HasPrefix(name, "ST_") {
			return name
		}
	}
	return ""
}

// column is a column of figures.
type column struct {
	quantity reading.Quantity // none where a column names it
	factor   quantity.Decimal // from the unit of the head to that of the quantity, as a share of over
	over     quantity.Decimal
	span     time.Duration // that the head itself means; 0 where it does not
}

// head is where the columns of a sheet are.
type head struct {
	sheet                         workbook.Sheet
	row                           int
	station, time, span, quantity int  // −1 where there is none
	hhnn                          bool // spans are HH.NN, as SL 323 has them
	figures                       map[int]column
	ignored                       []string
}

// headRows is how many rows may stand above a head.
const headRows = 20

func findHead(s workbook.Sheet, table string, o *Options) (*head, bool) {
	for row := range min(len(s.Rows), headRows) {
		h := &head{sheet: s, row: row, station: -1, time: -1, span: -1, quantity: -1, figures: map[int]column{}}
		for c, cell := range s.Rows[row] {
			if code, ok := o.said(cell.Text); ok {
				h.takeSaid(c, cell.Text, code)
			} else {
				h.take(c, cell.Text, table)
			}
		}
		if h.time >= 0 && (h.station >= 0 || o.Object != 0) && len(h.figures) > 0 {
			return h, true
		}
	}
	return nil, false
}

// The heads of columns that are no figures, folded.
var (
	stationHeads  = []string{"测站", "测站编码", "测站代码", "站码", "站号", "编码", "代码", "测站名称", "站名", "stcd", "stnm", "station", "stationcode", "code"}
	timeHeads     = []string{"时间", "观测时间", "测量时间", "监测时间", "日期时间", "数据时间", "tm", "time", "datetime", "at"}
	quantityHeads = []string{"观测量", "要素", "监测要素", "quantity", "element"}
	valueHeads    = []string{"值", "数值", "观测值", "value"}
	spanHeads     = []string{"时段长", "时段", "历时", "span", "spanminutes", "时段长min", "时段分钟"}
)

// fold makes heads alike: half-width, small, without blanks.
func fold(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(workbook.Fold(s)), ""))
}

// split takes the unit out of a head: "水位(m)", "蓄水量（万m³）".
func split(s string) (name, unit string) {
	s = fold(s)
	if i := strings.IndexByte(s, '('); i > 0 && strings.HasSuffix(s, ")") {
		return s[:i], s[i+1 : len(s)-1]
	}
	return s, ""
}

func (h *head) take(c int, text, table string) {
	name, unit := split(text)
	if name == "" {
		return
	}
	put := func(place *int) {
		if *place < 0 {
			*place = c
		}
	}
	switch {
	case slices.Contains(stationHeads, name):
		// A code says more than a name: where both stand, the code is taken.
		if h.station < 0 || !strings.HasSuffix(name, "名") && !strings.HasSuffix(name, "名称") && name != "stnm" {
			h.station = c
		}
	case slices.Contains(timeHeads, name):
		put(&h.time)
	case slices.Contains(quantityHeads, name):
		put(&h.quantity)
	case slices.Contains(spanHeads, name):
		put(&h.span)
	case name == "intv" || name == "pdr" && h.span < 0:
		h.span, h.hhnn = c, true
	case slices.Contains(valueHeads, name):
		h.figures[c] = column{}
	default:
		h.takeFigure(c, text, name, unit, table)
	}
}

// columns are those that were understood, from left to right.
func (h *head) columns() []Column {
	var out []Column
	for c, cell := range h.sheet.Rows[h.row] {
		one := Column{Sheet: h.sheet.Name, Column: c, Head: cell.Text}
		figures, ok := h.figures[c]
		switch {
		case c == h.station:
			one.Role = OfStation
		case c == h.time:
			one.Role = OfTime
		case c == h.span:
			one.Role = OfSpan
		case c == h.quantity:
			one.Role = OfQuantity
		case ok:
			one.Role, one.Quantity = OfFigures, figures.quantity.Code
		default:
			continue
		}
		out = append(out, one)
	}
	return out
}

// takeSaid takes a column for what a person says it is; its head may still state a unit.
func (h *head) takeSaid(c int, text, code string) {
	q, ok := reading.ByCode(code)
	if !ok {
		h.ignored = append(h.ignored, text)
		return
	}
	_, unit := split(text)
	h.takeQuantity(c, text, q, unit)
}

func (h *head) takeFigure(c int, text, name, unit, table string) {
	q, ok := quantityOf(name, table)
	if !ok {
		h.ignored = append(h.ignored, text)
		return
	}
	h.takeQuantity(c, text, q, unit)
}

func (h *head) takeQuantity(c int, text string, q reading.Quantity, unit string) {
	col, ok := column{quantity: q}, false
	if col.factor, col.over, ok = factorOf(unit, q.Unit); !ok {
		h.ignored = append(h.ignored, text)
		return
	}
	if q.ID == reading.RainDay || q.ID == reading.Evaporation {
		col.span = reading.HydrologicalDay
	}
	h.figures[c] = col
}

// words are names of quantities besides those of the register.
var words = map[string]reading.ID{
	"水位": reading.Level, "雨量": reading.Rain, "降水量": reading.Rain, "降雨量": reading.Rain, "时段雨量": reading.Rain, "小时雨量": reading.Rain,
	"日雨量": reading.RainDay, "累计雨量": reading.RainCounter, "库水位": reading.UpperLevel, "库上水位": reading.UpperLevel, "闸上水位": reading.UpperLevel,
	"闸下水位": reading.LowerLevel, "库容": reading.Storage, "入库": reading.Inflow, "出库": reading.Outflow, "埋深": reading.Groundwater, "电压": reading.Voltage,
	"stage": reading.Level, "rainfall": reading.Rain,
}

func quantityOf(name, table string) (reading.Quantity, bool) {
	if table != "" {
		if q, ok := reading.ByColumn(table, name); ok {
			return q, true
		}
	}
	return reading.ByID(names[name]) // 0, which is no quantity, where the name is not known
}

// names are all names of quantities, folded; those of words go before. Made once and never changed.
var names = func() map[string]reading.ID {
	out := map[string]reading.ID{}
	for _, q := range reading.All() {
		for _, name := range []string{q.Code, q.Name.Zh, q.Name.En, q.Symbol} {
			if _, taken := out[fold(name)]; !taken {
				out[fold(name)] = q.ID
			}
		}
	}
	for name, id := range words {
		out[name] = id
	}
	return out
}()

// units are other ways to write a unit, as so many of it over so many of the register's.
var units = map[string]struct {
	unit         string
	factor, over int64
}{
	"米": {"m", 1, 1}, "厘米": {"m", 1, 100}, "cm": {"m", 1, 100}, "毫米": {"mm", 1, 1}, "立方米/秒": {"m³/s", 1, 1}, "m3/s": {"m³/s", 1, 1}, "l/s": {"m³/s", 1, 1000},
	"百万m3": {"10⁶ m³", 1, 1}, "百万m³": {"10⁶ m³", 1, 1}, "百万立方米": {"10⁶ m³", 1, 1}, "百万方": {"10⁶ m³", 1, 1}, "106m3": {"10⁶ m³", 1, 1},
	"万m3": {"10⁶ m³", 1, 100}, "万m³": {"10⁶ m³", 1, 100}, "万立方米": {"10⁶ m³", 1, 100}, "万方": {"10⁶ m³", 1, 100},
	"亿m3": {"10⁶ m³", 100, 1}, "亿m³": {"10⁶ m³", 100, 1}, "亿立方米": {"10⁶ m³", 100, 1}, "℃": {"°C", 1, 1}, "伏": {"V", 1, 1},
}

// factorOf finds how a figure becomes one of the register's unit; ok is false where the head's unit measures something else.
func factorOf(unit, want string) (factor, over quantity.Decimal, ok bool) {
	one := quantity.Int(1)
	if unit == "" || unit == fold(want) {
		return one, one, true
	}
	u, known := units[unit]
	return quantity.Int(u.factor), quantity.Int(u.over), known && u.unit == want
}
