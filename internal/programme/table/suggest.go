package table

import (
	"slices"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
	"anlan/internal/workbook"
)

// Suggest proposes what each column means, with a confidence and the reason. A table that names nothing of the packs is
// proposed as a published one.
func Suggest(s workbook.Sheet, l *Layout, cat Catalogue) *Mapping {
	m := &Mapping{Columns: []Column{}, Sheet: l.Sheet, HeaderFrom: l.HeaderFrom, HeaderTo: l.HeaderTo, DataFrom: l.HeaderTo + 1, DataTo: l.DataTo, FillDown: l.FillDown, Signature: l.Signature, Period: l.Period, Division: l.Division}
	g := &suggester{l: l, s: s, m: m, names: newDirectory(candidates(cat)), cat: cat, r: &recogniser{l: l, s: s, names: NewNames(nil)}}
	for c := range l.Heads {
		m.Columns = append(m.Columns, g.column(c))
	}
	g.once()
	g.rates()
	g.lines()
	m.Published = true
	for _, c := range m.Columns {
		if c.Indicator != "" && c.Role.figures() {
			m.Published = false
		}
	}
	for _, line := range m.Lines {
		if line.Indicator != "" {
			m.Published = false
		}
	}
	if !m.Published {
		g.leaveOut()
	}
	return m
}

// leaveOut drops the columns that serve a growth alone: last year's figures were filed last year.
func (g *suggester) leaveOut() {
	for _, c := range g.m.Columns {
		if c.Role != Growth || c.Under < 0 || g.m.Columns[c.Under].Indicator != "" {
			continue
		}
		under := &g.m.Columns[c.Under]
		under.Role, under.Confidence = Ignore, 0.8
		under.Reason = fault.Tf("上年的数，只用来核对“%s”", "figures of last year, used only to check “%s”", c.Head)
	}
}

// once leaves an indicator with the column that meets it best; the others are asked about.
func (g *suggester) once() {
	type key struct {
		indicator, target string
		role              Role
		period            Period
	}
	best := map[key]int{}
	for i := range g.m.Columns {
		c := &g.m.Columns[i]
		if c.Indicator == "" || c.Role.checked() {
			continue
		}
		k := key{indicator: c.Indicator, target: c.Target, role: c.Role}
		if c.Period != nil {
			k.period = *c.Period
		}
		first, ok := best[k]
		if !ok {
			best[k] = i
			continue
		}
		loser := i
		if c.Confidence > g.m.Columns[first].Confidence {
			loser, best[k] = first, i
		}
		l := &g.m.Columns[loser]
		l.Reason = fault.Tf("与“%s”对应到同一指标，请核对", "meets the same indicator as “%s”, please check", g.m.Columns[best[k]].Head)
		l.Indicator, l.Target, l.Role, l.Confidence = "", "", Value, 0.3
	}
}

type suggester struct {
	l     *Layout
	s     workbook.Sheet
	m     *Mapping
	names *directory
	cat   Catalogue
	r     *recogniser
}

// column proposes the role of one column.
func (g *suggester) column(c int) Column {
	l, h := g.l, g.l.Heads[c]
	col := Column{Index: c, Head: h.Text, Role: Ignore, Over: -1, Under: -1, Confidence: 0.9}
	for at, role := range map[int]Role{
		l.DivisionColumn: DivisionCol, l.PeriodColumn: PeriodCol, l.MonthColumn: MonthCol, l.MeasureColumn: MeasureCol,
		l.UnitColumn: UnitCol, l.ItemColumn: Item, l.SerialColumn: Ignore,
	} {
		if at == c {
			col.Role, col.Reason = role, fault.Tf("列名与内容相符", "heading and contents agree")
			return col
		}
	}
	if headIs(h, ignoredHeads) {
		col.Reason = fault.Tf("序号或出处", "a serial number or a source")
		return col
	}
	st := g.r.stats(c)
	switch {
	case st.filled == 0 && h.Text == "":
		col.Reason = fault.Tf("空列", "an empty column")
	case st.figures == 0 && st.filled > 0, st.texts > st.figures:
		col.Role, col.Reason = Remark, fault.Tf("内容是文字", "the contents are text")
		g.stages(&col, h)
	default:
		g.figureColumn(&col, h, st)
	}
	return col
}

// figureColumn proposes indicator, role, unit and scale of a column of figures.
func (g *suggester) figureColumn(col *Column, h Head, st columnStats) {
	col.Role, col.Confidence = Value, 0.3
	col.Reason = fault.Tf("是数字，但没有认出指标", "figures, of no known indicator")
	if h.Period != nil {
		p := *h.Period
		col.Period = &p
	}
	leaf := ""
	if len(h.Path) > 0 {
		leaf = h.Path[len(h.Path)-1]
	}
	head := strings.Join(h.Path, "")
	if h.Periodic {
		head, leaf = g.subject(), g.subject()
	}
	unit := h.Unit
	if m, ok := g.names.best(head, leaf, g.subject(), unit); ok && g.l.ValueColumn != col.Index {
		col.Role, col.Indicator, col.Target, col.Confidence, col.Reason = m.role, m.indicator, m.target, m.score, m.reason
	}
	switch {
	case st.filled == 0 && !h.Periodic && col.Indicator == "":
		col.Role, col.Confidence, col.Reason = Ignore, 0.9, fault.Tf("空列", "an empty column")
		return
	case col.Role == Rate && st.fractions*2 > st.filled:
		col.Role = Value // "124/150" holds both sides of the ratio
	case col.Role == Rate && col.Indicator != "":
		col.Reason = fault.Text{Zh: col.Reason.Zh + "；率由分子分母算出，公布的率只核对", En: col.Reason.En + "; the rate is computed from its two sides, the published one is only checked"}
	}
	g.unit(col, h, leaf)
	col.Scale = scaleOf(*col, h, st, g.cat)
}

// subject is what the title says the table is about.
func (g *suggester) subject() string {
	t := workbook.Fold(g.l.Title)
	for _, p := range []string{"指标:", "表:", "附件:"} {
		t = strings.TrimPrefix(t, p)
	}
	return unitSuffix.ReplaceAllString(t, "")
}

// rateWords mark a heading as that of a rate.
var rateWords = []string{"率", "占", "比重", "比例", "增幅", "增长", "同比", "环比", "覆盖面"}

// unit settles in which unit a column is written: its head, the table's unit line, or else the indicator's unit.
func (g *suggester) unit(col *Column, h Head, leaf string) {
	rate := slices.ContainsFunc(rateWords, func(w string) bool { return strings.Contains(leaf, w) })
	known := ""
	if g.cat != nil {
		if ind, ok := g.cat.Indicator(col.Indicator); ok {
			known = unitOf(ind, col.Role)
		}
	}
	switch {
	case h.Unit != "":
		col.Unit = h.Unit
	case known != "" && g.l.Unit != "" && convertible(g.l.Unit, known):
		col.Unit = g.l.Unit
	case known != "":
		col.Unit = known
		if col.Role != Rate {
			col.Reason = fault.Text{Zh: col.Reason.Zh + "；表中未写单位，按指标的单位", En: col.Reason.En + "; the table states no unit, that of the indicator is taken"}
			col.Confidence = min(col.Confidence, 0.7)
		}
	case rate:
		col.Unit = "percent"
	case g.l.Unit != "":
		col.Unit = g.l.Unit
	}
}

// unitOf is the unit in which the packs keep a figure of this role.
func unitOf(ind pack.Indicator, role Role) string {
	switch {
	case role == Numerator && ind.Ratio != nil:
		return ind.Ratio.Numerator.Unit
	case role == Denominator && ind.Ratio != nil:
		return ind.Ratio.Denominator.Unit
	}
	return ind.Unit
}

// scaleOf decides how percentages are written, for the column as a whole: by a percent sign in the head, in a cell or in
// a number format, or by figures above 1. Otherwise it stays undecided.
func scaleOf(col Column, h Head, st columnStats, cat Catalogue) Scale {
	switch {
	case !col.isPercentage(cat):
		return Undecided
	case h.Unit == "percent", st.percents > 0, st.figures > st.ones, st.figures == 0:
		return Percent
	}
	return Undecided
}

// rates finds the columns that state the quotient of two others, by the figures themselves.
func (g *suggester) rates() {
	var plain, percents []int
	for i, c := range g.m.Columns {
		switch {
		case !c.Role.figures() || c.Period != nil && g.l.Heads[i].Periodic:
		case c.Unit == "percent" || c.Role == Rate:
			percents = append(percents, i)
		case c.Unit == "" || additive(c.Unit):
			plain = append(plain, i)
		}
	}
	if len(plain) < 2 || len(plain) > 12 {
		return
	}
	for _, p := range percents {
		g.rate(p, plain)
	}
}

// rate looks for the two columns whose quotient column p states in most rows.
func (g *suggester) rate(p int, plain []int) {
	bestHits, bestRows, grown := 0, 0, false
	col := &g.m.Columns[p]
	for _, over := range plain {
		for _, under := range plain {
			if over == under {
				continue
			}
			for _, growth := range []bool{false, true} {
				hits, rows := g.quotient(over, under, p, growth)
				if rows >= 2 && hits*5 >= rows*3 && hits > bestHits {
					bestHits, bestRows, col.Over, col.Under, grown = hits, rows, over, under, growth
				}
			}
		}
	}
	if bestHits == 0 {
		return
	}
	if col.Role == Value && col.Indicator == "" {
		col.Role, col.Confidence = Rate, 0.9
		if grown {
			col.Role = Growth
		}
	}
	switch col.Role {
	case Growth:
		col.Reason = fault.Tf("%d 行中有 %d 行等于“%s”比“%s”的增幅", "in %[2]d of %[1]d rows it is the growth of “%[3]s” over “%[4]s”", bestRows, bestHits, g.m.Columns[col.Over].Head, g.m.Columns[col.Under].Head)
	case Rate:
		zh := fault.Tf("%d 行中有 %d 行等于“%s”÷“%s”", "in %[2]d of %[1]d rows it is “%[3]s” over “%[4]s”", bestRows, bestHits, g.m.Columns[col.Over].Head, g.m.Columns[col.Under].Head)
		col.Reason = zh
	}
}

// quotient counts the rows in which column p states the quotient of two columns, or the growth of one over the other.
func (g *suggester) quotient(over, under, p int, growth bool) (hits, rows int) {
	check := RateCheck
	if growth {
		check = GrowthCheck
	}
	for i := g.l.HeaderTo; i < g.l.DataTo && rows < 50; i++ {
		a, ok1 := shownAt(g.s.At(i, over), g.m.unitAt(over))
		b, ok2 := shownAt(g.s.At(i, under), g.m.unitAt(under))
		q, ok3 := shownAt(g.s.At(i, p), g.m.unitAt(p))
		if !ok1 || !ok2 || !ok3 {
			continue
		}
		if g.m.Columns[p].Scale == Undecided && !g.s.At(i, p).Percent {
			q.Value, q.Step = q.Value*100, q.Step*100
		}
		rows++
		if c := check(a, b, q); c.Verdict == Agrees || c.Verdict == Rounding {
			hits++
		}
	}
	return hits, rows
}

// shownAt reads a cell as a published figure in the unit of its column, where that is known: "7.7亿" under 万元 is 77000.
func shownAt(c workbook.Cell, column string) (Shown, bool) {
	f, err := workbook.FigureOf(c)
	if err != nil || !f.Value.Valid {
		return Shown{}, false
	}
	out := Shown{Value: f.Value.Decimal, Step: f.Step, Approx: f.Approx}
	unit, known := quantity.UnitOf(column)
	if !known || f.Multiplier == 0 && (f.Unit == "" || f.Unit == "percent") {
		return out, true
	}
	out.Value, out.Step, known = f.In(unit, unit)
	return out, known
}

// unitAt is the code of the unit in which a column is written, or "".
func (m *Mapping) unitAt(column int) string {
	for _, c := range m.Columns {
		if c.Index == column {
			return c.Unit
		}
	}
	return ""
}

const maxLines = 1000

// lines proposes an indicator for each row of tables that have indicators below each other.
func (g *suggester) lines() {
	at := g.l.MeasureColumn
	if at < 0 && g.l.DivisionColumn < 0 {
		at = g.l.ItemColumn
	}
	if at < 0 {
		return
	}
	seen, found := map[string]bool{}, false
	var lines []Line
	for i := g.l.HeaderTo; i < g.l.DataTo && len(lines) < maxLines; i++ {
		text := g.s.At(i, at).Text
		if k := g.l.Kinds[i]; text == "" || seen[text] || k != DataRow && k != PartRow && k != GroupRow {
			continue
		}
		seen[text] = true
		h := headOf([]string{cleanHead(text)})
		line := Line{Label: text, Unit: h.Unit, Reason: fault.Tf("没有认出指标", "of no known indicator")}
		name := strings.Join(h.Path, "")
		if m, ok := g.names.best(name, name, "", h.Unit); ok && m.score >= 0.6 {
			line.Indicator, line.Role, line.Target, line.Confidence, line.Reason, found = m.indicator, m.role, m.target, m.score, m.reason, true
		}
		lines = append(lines, line)
	}
	if !found && g.l.MeasureColumn < 0 {
		return
	}
	g.m.Lines = lines
	if at == g.l.ItemColumn {
		g.m.Columns[at].Role = MeasureCol
	}
}

// Adapt fits a remembered mapping to a new table of the same signature: rows and periods are the new table's, what
// columns mean is as it was confirmed.
func (m *Mapping) Adapt(s workbook.Sheet, l *Layout, cat Catalogue) *Mapping {
	fresh := Suggest(s, l, cat)
	out := *m
	out.Sheet, out.HeaderFrom, out.HeaderTo, out.DataFrom, out.DataTo = fresh.Sheet, fresh.HeaderFrom, fresh.HeaderTo, fresh.DataFrom, fresh.DataTo
	if l.Division != "" {
		out.Division = l.Division
	}
	if l.Period != nil {
		out.Period = l.Period
	} else if m.Period != nil { // never file a new table under an old month unseen
		out.Period = nil
	}
	known, used := map[string][]Column{}, map[string]int{}
	for _, c := range m.Columns {
		key := headKey(headOf([]string{c.Head}))
		known[key] = append(known[key], c)
	}
	moved := map[int]int{}
	out.Columns = fresh.Columns
	for i := range out.Columns {
		c := &out.Columns[i]
		key := headKey(l.Heads[c.Index])
		was := known[key]
		if len(was) == 0 {
			continue
		}
		old := was[min(used[key], len(was)-1)]
		used[key]++
		moved[old.Index] = c.Index
		old.Index, old.Head, old.Period = c.Index, c.Head, c.Period
		old.Confidence, old.Reason = 1, fault.Tf("上次已确认", "confirmed before")
		*c = old
	}
	for i := range out.Columns {
		c := &out.Columns[i]
		if !c.Role.checked() {
			continue
		}
		c.Over, c.Under = follow(moved, c.Over), follow(moved, c.Under)
	}
	out.Lines = mergeLines(m.Lines, fresh.Lines)
	return &out
}

func follow(moved map[int]int, c int) int {
	if n, ok := moved[c]; ok {
		return n
	}
	return -1
}

// mergeLines keeps what was confirmed for a row's name and adds the proposals for names not seen before.
func mergeLines(old, fresh []Line) []Line {
	out := slices.Clone(old)
	for _, f := range fresh {
		if !slices.ContainsFunc(old, func(o Line) bool { return o.Label == f.Label }) {
			out = append(out, f)
		}
	}
	return out
}

// stages proposes an indicator with stages for a column of their names.
func (g *suggester) stages(col *Column, h Head) {
	name := strings.Join(h.Path, "")
	m, ok := g.names.best(name, name, "", "")
	if !ok || m.role != Value || g.cat == nil {
		return
	}
	if ind, ok := g.cat.Indicator(m.indicator); ok && len(ind.Options) > 0 {
		col.Role, col.Indicator, col.Unit, col.Confidence, col.Reason = Value, m.indicator, ind.Unit, m.score, m.reason
	}
}
