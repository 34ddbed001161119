package table

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/series/reading"
	"anlan/internal/workbook"
)

func (h *head) read(r *Result, o Options) {
	r.Columns = append(r.Columns, h.columns()...)
	r.Ignored = append(r.Ignored, h.ignored...)
	cells := make([]int, 0, len(h.figures))
	for c := range h.figures {
		cells = append(cells, c)
	}
	slices.Sort(cells)
	for row := h.row + 1; row < len(h.sheet.Rows); row++ {
		if len(h.sheet.Rows[row]) > 0 {
			h.readRow(r, o, row, cells)
		}
	}
}

// readRow makes a reading of each figure of a row.
func (h *head) readRow(r *Result, o Options, row int, cells []int) {
	blank := true
	for _, c := range cells {
		f, err := workbook.FigureOf(h.sheet.At(row, c))
		blank = blank && err == nil && !f.Value.Valid
	}
	if blank {
		r.Empty++
		return
	}
	line := Line{Sheet: h.sheet.Name, Row: row + 1}
	line.Object, line.Source = o.Object, o.Source
	refuseAt := func(c int, why fault.Text) {
		r.refuse(h.sheet.Name, workbook.Ref(row, c), why, h.sheet.At(row, c).Text)
	}
	if h.station >= 0 {
		object, why := o.Find(strings.TrimSpace(workbook.Fold(h.sheet.At(row, h.station).Text)))
		if why != nil {
			refuseAt(h.station, *why)
			return
		}
		line.Object = object
	}
	at, ok := ParseTime(h.sheet.At(row, h.time))
	if !ok {
		refuseAt(h.time, fault.T("不是可识别的时间，请写作 2026-07-01 08:00", "no time that can be read; write it as 2026-07-01 08:00"))
		return
	}
	line.At = at
	for _, c := range cells {
		l, ok, why := h.figure(line, o, row, c)
		if why == nil && ok {
			why = r.contradicts(&l)
		}
		if why != nil {
			refuseAt(c, *why)
		} else if ok {
			r.Lines = append(r.Lines, l)
		}
	}
}

// contradicts says why a line cannot hold beside an earlier one of the same series, instant and span: which of two figures is right only a
// person knows. So are several gates of a station (ST_GATE_R has a row for each), which are not told apart.
func (r *Result) contradicts(l *Line) *fault.Text {
	k := slot{l.Object, l.Quantity, l.At.Unix(), l.Span}
	i, ok := r.seen[k]
	if !ok {
		if r.seen == nil {
			r.seen = map[slot]int{}
		}
		r.seen[k] = len(r.Lines)
		return nil
	}
	first := &r.Lines[i]
	if first.Value == l.Value {
		return nil
	}
	t := fault.Tf("同一测站同一时间已有另一数值 %s（%s第 %d 行）", "another figure, %s, stands for this station and time (%srow %d)", first.Value, sheetPrefix(first, l), first.Row)
	return &t
}

// sheetPrefix names the sheet of the first line where it is another than that of the second.
func sheetPrefix(first, second *Line) string {
	if first.Sheet == second.Sheet {
		return ""
	}
	return first.Sheet + " "
}

// figure makes the reading of one cell; ok is false where it has no figure.
func (h *head) figure(l Line, o Options, row, c int) (_ Line, ok bool, why *fault.Text) {
	no := func(zh, en string) (Line, bool, *fault.Text) {
		t := fault.T(zh, en)
		return l, false, &t
	}
	f, err := workbook.FigureOf(h.sheet.At(row, c))
	switch {
	case err != nil:
		return l, false, whyOf(err)
	case !f.Value.Valid:
		return l, false, nil
	case f.Approx || f.Over.Valid || f.Second.Valid || f.Unit != "" || f.Multiplier != 0 || f.Percent:
		return no("须为单一的准确数值，单位写在表头", "one exact figure is wanted, its unit in the head")
	}
	col := h.figures[c]
	if col.quantity.ID == 0 {
		if h.quantity < 0 {
			return no("没有说明观测量的列", "no column says which quantity it is")
		}
		if col.quantity, ok = quantityOf(fold(h.sheet.At(row, h.quantity).Text), ""); !ok {
			return no("没有这个观测量", "no such quantity")
		}
		col.factor, col.over = quantity.Int(1), quantity.Int(1)
	}
	v, ok1 := f.Value.Mul(col.factor)
	v, ok2 := v.Div(col.over)
	if !ok1 || !ok2 {
		return no("数值超出可存范围", "the figure is out of range")
	}
	l.Quantity, l.Value = col.quantity.ID, quantity.Some(v)
	if col.quantity.Kind == reading.Total {
		if l.Span, ok = h.spanOf(o, row, col); !ok {
			return no("没有时段长：请在表中给出时段长列，或在导入时指定", "no span: give the table a column of spans, or state it with the import")
		}
	}
	if err := l.Check(); err != nil {
		return l, false, whyOf(err)
	}
	return l, true, nil
}

// whyOf is what a person reads of an error.
func whyOf(err error) *fault.Text {
	t := fault.T("不能成为观测值", "cannot be a reading")
	var e *fault.Error
	if errors.As(err, &e) {
		t = e.Text
	}
	return &t
}

// spanOf is how long a total was gathered: what its head means, what the row says, or what the person said of the file.
func (h *head) spanOf(o Options, row int, col column) (time.Duration, bool) {
	if col.span > 0 {
		return col.span, true
	}
	if h.span >= 0 {
		if text := strings.TrimSpace(workbook.Fold(h.sheet.At(row, h.span).Text)); text != "" {
			return ParseSpan(text, h.hhnn)
		}
	}
	return o.Span, o.Span > 0
}

// ParseSpan reads a span: minutes, or where it is SL 323's hours and minutes as HH.NN, in which 1.30 is an hour and a half.
func ParseSpan(text string, hhnn bool) (time.Duration, bool) {
	whole, part, _ := strings.Cut(text, ".")
	hours, err := strconv.Atoi(whole)
	if err != nil || hours < 0 || hours > 10_000 {
		return 0, false
	}
	if !hhnn {
		d := time.Duration(hours) * time.Minute
		return d, strings.Trim(part, "0") == "" && d > 0
	}
	if len(part) == 1 {
		part += "0" // 1.3 is 1.30 that lost its zero
	}
	minutes := 0
	if part != "" {
		if minutes, err = strconv.Atoi(part); err != nil || len(part) > 2 && strings.Trim(part[2:], "0") != "" || minutes < 0 || minutes > 59 {
			return 0, false
		}
	}
	d := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	return d, d > 0
}

var (
	day         = `^(\d{4})[年/.-](\d{1,2})[月/.-](\d{1,2})(?:日[ T]*|[ T]+)(\d{1,2})`
	clockTime   = regexp.MustCompile(day + `:(\d{1,2})(?::(\d{1,2})(?:\.0+)?)?$`)
	chineseTime = regexp.MustCompile(day + `[时点](?:(\d{1,2})分(?:(\d{1,2})秒)?)?$`)
)

// ParseTime reads an instant as tables have it, in field time where it names no zone: 2026-07-01 08:00, 2026/7/1 8:00:00, 2026年7月1日8时,
// 202607010800, RFC 3339. An hour of 24 is the next day's 0. A day alone is an instant only where the cell of a workbook is a date.
func ParseTime(c workbook.Cell) (time.Time, bool) {
	s := strings.TrimSpace(workbook.Fold(c.Text))
	if c.Date && len(s) == len("2006-01-02") {
		s += " 00:00"
	}
	if strings.HasSuffix(s, "Z") || len(s) > 19 && strings.ContainsAny(s[19:], "+-") {
		t, err := time.Parse(time.RFC3339, s)
		return t.UTC(), err == nil
	}
	var n [6]int
	switch {
	case allDigits(s) && (len(s) == 12 || len(s) == 14):
		for i, at := range [][2]int{{0, 4}, {4, 6}, {6, 8}, {8, 10}, {10, 12}} {
			n[i], _ = strconv.Atoi(s[at[0]:at[1]])
		}
		n[5], _ = strconv.Atoi(s[12:] + "00"[:14-len(s)])
	default:
		m := clockTime.FindStringSubmatch(s)
		if m == nil {
			m = chineseTime.FindStringSubmatch(s)
		}
		if m == nil {
			return time.Time{}, false
		}
		for i := range n {
			n[i], _ = strconv.Atoi(m[i+1]) // digits, or nothing, which is 0
		}
	}
	return instant(n)
}

func instant(n [6]int) (time.Time, bool) {
	whole := n[3] == 24 && n[4] == 0 && n[5] == 0
	if n[1] < 1 || n[1] > 12 || n[2] < 1 || n[3] > 23 && !whole || n[4] > 59 || n[5] > 59 {
		return time.Time{}, false
	}
	day := time.Date(n[0], time.Month(n[1]), n[2], 0, 0, 0, 0, hydrotime.Beijing)
	if day.Day() != n[2] {
		return time.Time{}, false // 31 April
	}
	return day.Add(time.Duration(n[3])*time.Hour + time.Duration(n[4])*time.Minute + time.Duration(n[5])*time.Second).UTC(), true
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
