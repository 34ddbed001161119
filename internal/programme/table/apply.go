package table

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/workbook"
)

// Outcome says what became of a row.
type Outcome string

// The outcomes; every row has one.
const (
	Taken   Outcome = "taken"   // at least one figure was taken; Refused may still list cells that were not
	Refused Outcome = "refused" // nothing could be taken
	Ignored Outcome = "ignored" // title, header, note, blank, total, or left out by the mapping
)

// Figure is one figure taken from a cell.
type Figure struct {
	Ref       string          `json:"ref"` // "C7"
	Role      Role            `json:"role"`
	Indicator string          `json:"indicator,omitempty"`
	Target    string          `json:"target,omitempty"`
	Measure   string          `json:"measure"` // the heading or row name, for published tables
	Item      string          `json:"item,omitempty"`
	Division  string          `json:"division,omitempty"` // code
	Area      string          `json:"area,omitempty"`     // as written
	Month     hydrotime.Month `json:"month,omitempty"`    // 0 where the table does not say
	Period    *Period         `json:"period,omitempty"`
	// Value is in Unit; absent where the office wrote a mark such as — or masked the figure, which Mark keeps.
	Value quantity.Null    `json:"value"`
	Step  quantity.Decimal `json:"step"` // one unit in the last place written, in Unit
	Unit  string           `json:"unit,omitempty"`
	// UnitText is what the row's unit column says, which Unit lacks where it is no unit of the product.
	UnitText string        `json:"unit_text,omitempty"`
	Share    quantity.Null `json:"share"` // the percentage of "4(13%)"
	Mark     string        `json:"mark,omitempty"`
	Approx   bool          `json:"approx,omitempty"`
	Rounded  bool          `json:"rounded,omitempty"` // had more than six decimals
	Written  string        `json:"written"`           // as the cell says
}

// Row is what became of one row of the sheet.
type Row struct {
	Number  int           `json:"number"` // from 1
	Kind    RowKind       `json:"kind"`
	Outcome Outcome       `json:"outcome"`
	Label   string        `json:"label"`
	Reason  fault.Text    `json:"reason"`            // why it was ignored or refused
	Figures []Figure      `json:"figures,omitempty"` // taken
	Refused []fault.Field `json:"refused,omitempty"` // cells: place "Sheet1!C7" and reason
	Notes   []fault.Text  `json:"notes,omitempty"`   // what was read into the row
}

// Finding is a published figure that does not agree with the others.
type Finding struct {
	Ref   string     `json:"ref"`
	Row   int        `json:"row"`
	Kind  string     `json:"kind"` // "rate", "growth", "total", "part", "share"
	Text  fault.Text `json:"text"`
	Check Check      `json:"check"`
}

// Counts sums up a result.
type Counts struct {
	Taken        int `json:"taken"` // rows
	Refused      int `json:"refused"`
	Ignored      int `json:"ignored"`
	Figures      int `json:"figures"`
	RefusedCells int `json:"refused_cells"`
	Checked      int `json:"checked"` // comparisons made
	Disagree     int `json:"disagree"`
}

// Result is what became of a table: one Row for each row of the sheet, in order.
type Result struct {
	Sheet    string    `json:"sheet"`
	Rows     []Row     `json:"rows"`
	Findings []Finding `json:"findings"`
	Counts   Counts    `json:"counts"`
}

// Apply reads a sheet under a mapping. It fails only where the mapping leaves a question open or does not fit the
// sheet; whatever is wrong with a row is in the result.
func Apply(s workbook.Sheet, l *Layout, m *Mapping, names *Names, cat Catalogue) (*Result, error) {
	if q := m.Questions(cat); len(q) > 0 {
		f := fault.Invalidf("import.open", "导入设置还有 %d 处待确认", "%d points of the mapping are open", len(q))
		f.Fields = q
		return nil, f
	}
	for _, c := range m.Columns {
		if c.Index < 0 || c.Index >= 1<<14 || c.Over >= 1<<14 || c.Under >= 1<<14 {
			return nil, fault.Invalidf("import.mapping", "导入设置中的列号有误", "a column of the mapping does not exist")
		}
	}
	a := &applier{s: s, l: l, m: m, names: names, cat: cat, res: &Result{Sheet: s.Name, Rows: make([]Row, 0, len(s.Rows)), Findings: []Finding{}}}
	a.prepare()
	for i := range s.Rows {
		row := a.row(i)
		switch row.Outcome {
		case Taken:
			a.res.Counts.Taken++
		case Refused:
			a.res.Counts.Refused++
		default:
			a.res.Counts.Ignored++
		}
		a.res.Counts.Figures += len(row.Figures)
		a.res.Counts.RefusedCells += len(row.Refused)
		a.res.Rows = append(a.res.Rows, row)
	}
	a.totals()
	slices.SortStableFunc(a.res.Findings, func(x, y Finding) int { return x.Row - y.Row })
	return a.res, nil
}

// colPlan is a column with what is looked up for it once.
type colPlan struct {
	Column
	unit quantity.Unit // in which it is written; zero where none is known
	want quantity.Unit // in which its figures are kept
}

type applier struct {
	s     workbook.Sheet
	l     *Layout
	m     *Mapping
	names *Names
	cat   Catalogue
	res   *Result

	cols                                          []colPlan // of figures
	division, item, period, month, measure, units int       // columns, -1 for none
	lines                                         map[string]Line
	found                                         map[string]foundDivision
	periods                                       map[string]*Period
	above                                         string // the last division named, for FillDown
	seen                                          map[figureKey]string
}

type foundDivision struct {
	code string
	err  error
}

type figureKey struct {
	indicator, target, division string
	role                        Role
	month                       hydrotime.Month
}

func (a *applier) prepare() {
	a.division, a.item, a.period = a.m.column(DivisionCol), a.m.column(Item), a.m.column(PeriodCol)
	a.month = a.m.column(MonthCol)
	a.measure, a.units = a.m.column(MeasureCol), a.m.column(UnitCol)
	a.found, a.periods, a.seen = map[string]foundDivision{}, map[string]*Period{}, map[figureKey]string{}
	a.lines = map[string]Line{}
	for _, line := range a.m.Lines {
		a.lines[nameKey(line.Label)] = line
	}
	for _, c := range a.m.Columns {
		if !c.Role.figures() {
			continue
		}
		p := colPlan{Column: c}
		p.unit, _ = quantity.UnitOf(c.Unit)
		p.want = a.wanted(c.Indicator, c.Target, c.Role, p.unit)
		if p.unit.Code == "" {
			p.unit = p.want
		}
		a.cols = append(a.cols, p)
	}
}

// wanted is the unit in which a figure is kept: the indicator's, or the table's own where there is none.
func (a *applier) wanted(indicator, target string, role Role, own quantity.Unit) quantity.Unit {
	if role.checked() || indicator == "" || a.cat == nil {
		return own
	}
	ind, ok := a.cat.Indicator(indicator)
	if !ok {
		return own
	}
	code := unitOf(ind, role)
	if role == Plan {
		for _, t := range a.cat.TargetsOf(indicator) {
			if t.ID == target {
				code = planUnit(t, ind)
			}
		}
	}
	u, _ := quantity.UnitOf(code)
	return u
}

// place names a cell with its sheet, as a refusal does.
func (a *applier) place(i, c int) string { return a.s.Name + "!" + workbook.Ref(i, c) }

func (a *applier) kind(i int) RowKind {
	k := DataRow
	if i < len(a.l.Kinds) {
		k = a.l.Kinds[i]
	}
	switch {
	case i+1 < a.m.HeaderFrom && k != BlankRow:
		return TitleRow
	case i+1 >= a.m.HeaderFrom && i+1 <= a.m.HeaderTo:
		return HeaderRow
	case i+1 > a.m.DataTo && k == DataRow:
		return NoteRow
	}
	return k
}

// row accounts for one row.
func (a *applier) row(i int) Row {
	row := Row{Number: i + 1, Kind: a.kind(i), Outcome: Ignored, Label: a.label(i)}
	switch row.Kind {
	case BlankRow:
		row.Reason = fault.Tf("空行", "a blank row")
	case TitleRow:
		row.Reason = fault.Tf("表头以上的标题或说明", "a title or remark above the header")
	case HeaderRow:
		row.Reason = fault.Tf("表头", "the header")
	case NoteRow:
		row.Reason = fault.Tf("注释", "a note")
	case TotalRow:
		row.Reason = fault.Tf("合计行：只核对，不相加", "a total: checked, not added")
		a.checkRates(i)
	case GroupRow, PartRow:
		if !a.m.Published {
			row.Reason = fault.Tf("分组小计或“其中”行：只核对，不相加", "a subtotal or a part of the row above: checked, not added")
			a.checkRates(i)
			break
		}
		a.take(i, &row)
	default:
		a.take(i, &row)
	}
	return row
}

// label is what the row calls itself.
func (a *applier) label(i int) string {
	for _, c := range []int{a.item, a.measure, a.division} {
		if c >= 0 {
			if t := a.s.At(i, c).Text; t != "" {
				return t
			}
		}
	}
	return firstText(a.s.Rows[i])
}

// subject is what the figures of one row share.
type subject struct {
	code, area string
	period     *Period
	line       Line
	hasLine    bool
	unit       quantity.Unit // of the row's unit column
	unitText   string
}

// take reads the figures of a data row.
func (a *applier) take(i int, row *Row) {
	sub, reason, at := a.subject(i, row)
	if reason != nil {
		row.Outcome, row.Reason = Refused, *reason
		row.Refused = append(row.Refused, fault.Field{Place: a.place(i, max(at, 0)), Text: *reason})
		return
	}
	if sub.hasLine && sub.line.Indicator == "" && !a.m.Published {
		row.Reason = fault.Tf("“%s”未对应指标", "no indicator is mapped to “%s”", row.Label)
		return
	}
	rated := false
	for k := range a.cols {
		c := &a.cols[k]
		if c.Role.checked() {
			rated = rated || c.Over >= 0 && c.Under >= 0 && a.s.At(i, c.Index).Text != ""
			if !a.m.Published {
				continue
			}
		}
		a.cell(i, c, &sub, row)
	}
	a.checkRates(i)
	a.checkShares(i, row)
	switch {
	case len(row.Figures) > 0:
		row.Outcome = Taken
	case len(row.Refused) > 0:
		row.Outcome, row.Reason = Refused, row.Refused[0].Text
	case rated:
		row.Reason = fault.Tf("只有核对用的率", "only rates, which are checked and not taken")
	case len(a.cols) == 0:
		row.Reason = fault.Tf("只有文字，没有数字可取", "text only; there is no figure to take")
	default:
		row.Reason = fault.Tf("没有数字", "no figures")
	}
}

// subject finds division, period and line of a row, or why the row is refused and at which column.
func (a *applier) subject(i int, row *Row) (sub subject, reason *fault.Text, at int) {
	sub.code = a.m.Division
	if a.division >= 0 {
		if reason := a.divisionOf(i, row, &sub); reason != nil {
			return sub, reason, a.division
		}
	}
	sub.period = a.m.Period
	if a.period >= 0 {
		text := a.s.At(i, a.period).Text
		if a.month >= 0 {
			text += "|" + a.s.At(i, a.month).Text
		}
		p, ok := a.periods[text]
		if !ok {
			p = a.periodOf(text)
			a.periods[text] = p
		}
		if p == nil && !a.m.Published {
			t := fault.Tf("期别“%s”无法识别", "the period “%s” cannot be read", text)
			return sub, &t, a.period
		}
		sub.period = p
	}
	if a.measure >= 0 {
		text := a.s.At(i, a.measure).Text
		sub.line, sub.hasLine = a.lines[nameKey(text)]
		if !sub.hasLine {
			sub.line, sub.hasLine = Line{Label: text}, a.m.Published
			if !a.m.Published && len(a.m.Lines) > 0 {
				t := fault.Tf("“%s”未对应指标", "no indicator is mapped to “%s”", text)
				return sub, &t, a.measure
			}
		}
	}
	if a.units >= 0 {
		sub.unitText = a.s.At(i, a.units).Text
		sub.unit, _ = workbook.UnitOfWord(sub.unitText)
	}
	return sub, nil, -1
}

func (a *applier) divisionOf(i int, row *Row, sub *subject) *fault.Text {
	text := a.s.At(i, a.division).Text
	if text == "" && a.m.FillDown && a.above != "" {
		text = a.above
		row.Notes = append(row.Notes, fault.Tf("地区为空，承上行“%s”", "the division is blank and taken as “%s” from above", text))
	}
	if text != "" {
		a.above = text
	}
	sub.area = text
	f, ok := a.found[text]
	if !ok {
		d, err := a.names.Find(text)
		f = foundDivision{d.Code, err}
		a.found[text] = f
	}
	sub.code = f.code
	if f.err == nil || a.m.Published {
		return nil
	}
	t := fault.Tf("地区“%s”无法识别", "the division “%s” is not known", text)
	var e *fault.Error
	if errors.As(f.err, &e) {
		t = e.Text
	}
	return &t
}

// cell takes the figure of one cell, or says why not.
func (a *applier) cell(i int, c *colPlan, sub *subject, row *Row) {
	cell := a.s.At(i, c.Index)
	if cell.Text == "" {
		return
	}
	refuse := func(t fault.Text) {
		row.Refused = append(row.Refused, fault.Field{Place: a.place(i, c.Index), Text: t})
	}
	if t, bad := a.merged(i, c.Index, cell); bad {
		refuse(t)
		return
	}
	f, err := workbook.FigureOf(cell)
	if err != nil {
		f, err = a.option(c, sub, cell.Text, err)
	}
	if err != nil {
		reason := fault.Tf("“%s”不是数字", "“%s” is not a figure", cell.Text)
		var e *fault.Error
		if errors.As(err, &e) {
			reason = e.Text
		}
		refuse(reason)
		return
	}
	out, unit, want := a.figure(i, c, sub, f)
	out.Written = cell.Text
	switch {
	case a.m.Published:
	case out.Month == 0:
		refuse(fault.Tf("期别缺少年份，不能入库", "the period lacks its year and cannot be filed"))
		return
	case out.Period.YearOnly && !yearly(a.cat, out.Indicator):
		refuse(fault.Tf("期别只写了年份 %d，不能判断月份", "the period names the year %d alone, not the month", out.Period.Year))
		return
	}
	if f.Over.Valid {
		a.fraction(f, c, out, refuse, row)
		return
	}
	if f.Value.Valid {
		if t, bad := a.convert(&out, f, unit, want, c.Scale); bad {
			refuse(t)
			return
		}
	}
	a.keep(out, refuse, row)
}

// figure says what the figure of a cell is of, in which unit it is written and in which it is kept.
func (a *applier) figure(i int, c *colPlan, sub *subject, f workbook.Figure) (out Figure, unit, want quantity.Unit) {
	out = Figure{
		Ref: workbook.Ref(i, c.Index), Role: c.Role, Indicator: c.Indicator, Target: c.Target, Measure: c.Head, Division: sub.code, Area: sub.area,
		Approx: f.Approx, Rounded: f.Rounded, Mark: f.Mark, Share: f.Second, Period: sub.period, UnitText: sub.unitText,
	}
	if a.item >= 0 {
		out.Item = a.s.At(i, a.item).Text
	}
	unit, want = c.unit, c.want
	switch {
	case sub.hasLine:
		unit, want = a.lineUnits(c, sub, &out)
	case c.Unit == "" && !c.Role.checked() && sub.unit.Code != "":
		if unit = sub.unit; want.Code == "" {
			want = unit
		}
	}
	if c.Period != nil {
		p := c.Period.WithYear(a.m.Period)
		out.Period = &p
	}
	if out.Period != nil {
		out.Month, _ = out.Period.Month()
	}
	return out, unit, want
}

// merged refuses a figure that stands in one cell over several rows: it belongs to none of them alone.
func (a *applier) merged(i, c int, cell workbook.Cell) (fault.Text, bool) {
	below := a.s.At(i+1, c)
	if cell.Merged || below.Merged && below.Text == cell.Text {
		return fault.Tf("“%s”是跨行合并的单元格，无法确定属于哪一行", "“%s” is merged over several rows and belongs to none of them alone", cell.Text), true
	}
	return fault.Text{}, false
}

// lineUnits takes indicator and units from the row where the row names the indicator.
func (a *applier) lineUnits(c *colPlan, sub *subject, out *Figure) (unit, want quantity.Unit) {
	line := sub.line
	out.Measure, out.Indicator, out.Target = line.Label, line.Indicator, line.Target
	if line.Role != "" {
		out.Role = line.Role
	}
	if c.Role != Value {
		out.Role = c.Role
	}
	unit = c.unit
	if u, ok := quantity.UnitOf(line.Unit); ok && !c.Role.checked() {
		unit = u
	} else if c.Unit == "" && !c.Role.checked() && sub.unit.Code != "" {
		unit = sub.unit
	}
	want = a.wanted(line.Indicator, line.Target, out.Role, unit)
	if unit.Code == "" && sub.unitText == "" {
		unit = want
	}
	return unit, want
}

// convert brings a figure to the unit in which it is kept.
func (a *applier) convert(out *Figure, f workbook.Figure, unit, want quantity.Unit, scale Scale) (fault.Text, bool) {
	out.Value, out.Step, out.Unit = f.Value, f.Step, want.Code
	percentage := unit.Dimension == quantity.Percentage || unit.Code == "" && want.Dimension == quantity.Percentage
	switch {
	case want.Code == "" && unit.Code == "":
		// Nothing states a unit: a published figure is kept as written, with the unit of its own cell.
		out.Unit = f.Unit
		if f.Multiplier != 0 {
			v, ok := f.Value.Mul(f.Multiplier)
			out.Value = quantity.Some(v)
			return fault.Tf("“%s”超出可存范围", "“%s” is out of range", out.Written), !ok
		}
		return fault.Text{}, false
	case percentage && !f.Percent && f.Unit == "" && scale == Fraction:
		v, ok := f.Value.Mul(quantity.Int(100))
		if !ok {
			return fault.Tf("“%s”超出可存范围", "“%s” is out of range", out.Written), true
		}
		out.Value, out.Step = quantity.Some(v), f.Step*100
		return fault.Text{}, false
	}
	v, step, ok := f.In(unit, want)
	if !ok {
		named := unit.Name.Zh
		if u, found := quantity.UnitOf(f.Unit); found {
			named = u.Name.Zh
		}
		return fault.Tf("“%s”的单位是“%s”，不能换算为“%s”", "“%s” is in “%s”, which does not convert to “%s”", out.Written, named, want.Name.Zh), true
	}
	out.Value, out.Step = quantity.Some(v), step
	return fault.Text{}, false
}

// fraction takes "124/150" as numerator and denominator of a ratio, and refuses it elsewhere.
func (a *applier) fraction(f workbook.Figure, c *colPlan, out Figure, refuse func(fault.Text), row *Row) {
	if a.cat != nil {
		if ind, ok := a.cat.Indicator(out.Indicator); ok && ind.Ratio != nil {
			n, d := out, out
			n.Role, n.Value, n.Step, n.Unit = Numerator, f.Value, f.Step, ind.Ratio.Numerator.Unit
			d.Role, d.Value, d.Step, d.Unit = Denominator, f.Over, f.Step, ind.Ratio.Denominator.Unit
			a.keep(n, refuse, row)
			a.keep(d, refuse, row)
			return
		}
	}
	refuse(fault.Tf("“%s”是分数，“%s”只能填一个数", "“%s” is a fraction where “%s” takes one figure", out.Written, c.Head))
}

// keep adds a figure to the row, once for each indicator, division and month.
func (a *applier) keep(out Figure, refuse func(fault.Text), row *Row) {
	if out.Indicator != "" && !out.Role.checked() {
		key := figureKey{out.Indicator, out.Target, out.Division, out.Role, out.Month}
		if a.item >= 0 {
			key.division += "|" + out.Item
		}
		if first, ok := a.seen[key]; ok {
			refuse(fault.Tf("与 %s 重复：同一地区、期别、指标", "repeats %s: the same division, period and indicator", first))
			return
		}
		a.seen[key] = out.Ref
	}
	row.Figures = append(row.Figures, out)
}

// option reads the name of a stage where the indicator has stages, such as 编制中; otherwise it gives back the fault.
func (a *applier) option(c *colPlan, sub *subject, text string, fail error) (workbook.Figure, error) {
	code := c.Indicator
	if sub.hasLine {
		code = sub.line.Indicator
	}
	if code == "" || a.cat == nil {
		return workbook.Figure{}, fail
	}
	ind, _ := a.cat.Indicator(code)
	for _, o := range ind.Options {
		if nameKey(o.Name.Zh) == nameKey(text) || nameKey(o.Name.En) == nameKey(text) {
			return workbook.Figure{Value: quantity.Some(quantity.Int(int64(o.Value))), Step: quantity.Scale}, nil
		}
	}
	return workbook.Figure{}, fail
}

// periodOf reads the period of a row: "2026年5月", "5月" or a bare 5 under a heading of months, or "2026|5" of two columns.
func (a *applier) periodOf(text string) *Period {
	year, month, two := strings.Cut(text, "|")
	if !two {
		month = year
	}
	p, ok := ParsePeriod(month)
	if n, err := strconv.Atoi(month); !ok && err == nil && n >= 1 && n <= 12 && (two || strings.Contains(a.head(a.period), "月")) {
		p, ok = Period{From: n, To: n}, true
	}
	if two && ok && p.Year == 0 {
		y, dated := ParsePeriod(year)
		p.Year, ok = y.Year, dated
	}
	if !ok {
		return nil
	}
	p = p.WithYear(a.m.Period)
	return &p
}
