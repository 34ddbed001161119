package table

import (
	"slices"
	"strings"
	"unicode/utf8"

	"anlan/internal/fault"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
	"anlan/internal/workbook"
)

// candidate is one name under which something of the packs may be sent.
type candidate struct {
	key       string // the name without blanks, brackets and units
	name      string
	role      Role
	indicator string
	target    string
	unit      string
	kind      pack.Kind
	alias     bool
}

// candidates lists every name of every indicator, ratio term and target.
func candidates(cat Catalogue) []candidate {
	if cat == nil {
		return nil
	}
	var out []candidate
	put := func(c candidate, names ...string) {
		for i, n := range names {
			if c.key = matchKey(n); utf8.RuneCountInString(c.key) >= 2 {
				c.name, c.alias = n, i > 1
				out = append(out, c)
			}
		}
	}
	for _, ind := range cat.Indicators() {
		own := candidate{role: Value, indicator: ind.Code, unit: ind.Unit, kind: ind.Kind}
		if ind.Ratio != nil || ind.Formula != "" {
			own.role = Rate
		}
		put(own, append([]string{ind.Name.Zh, ind.Name.En}, ind.Aliases...)...)
		if ind.Ratio != nil {
			n, d := ind.Ratio.Numerator, ind.Ratio.Denominator
			put(candidate{role: Numerator, indicator: ind.Code, unit: n.Unit, kind: ind.Kind}, append([]string{n.Name.Zh, n.Name.En}, n.Aliases...)...)
			put(candidate{role: Denominator, indicator: ind.Code, unit: d.Unit, kind: ind.Kind}, append([]string{d.Name.Zh, d.Name.En}, d.Aliases...)...)
		}
		for _, t := range cat.TargetsOf(ind.Code) {
			put(candidate{role: Plan, indicator: ind.Code, target: t.ID, unit: planUnit(t, ind)}, append([]string{t.Name.Zh, t.Name.En}, t.Aliases...)...)
		}
	}
	return out
}

// planUnit is the unit of a target's amount.
func planUnit(t pack.Target, ind pack.Indicator) string {
	if t.Judge == pack.ByGrowth || t.Judge == pack.ByRate {
		return "percent"
	}
	return ind.Unit
}

// matchKey keeps the letters and digits of a name.
func matchKey(s string) string {
	s = nameKey(unitSuffix.ReplaceAllString(workbook.Fold(s), ""))
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("/()[]{},.;:、，。；：“”\"'_-—·%", r) {
			return -1
		}
		return r
	}, s)
}

// match is how well a heading meets a candidate.
type match struct {
	candidate
	score  float64
	reason fault.Text
	rival  string // another indicator that meets it as well
}

// best finds the candidate that a heading means; subject is what the lines above say.
func best(list []candidate, head, leaf, subject, unit string) (match, bool) {
	h, lf, sj := matchKey(head), matchKey(leaf), matchKey(subject)
	var top match
	for _, c := range list {
		score, why := meet(c, h, lf, sj)
		if score < 0.5 {
			continue
		}
		if unit != "" && c.unit != "" && !convertible(unit, c.unit) {
			score -= 0.4
		}
		if word := otherScope(c, h); word != "" {
			score -= 0.5
		}
		switch {
		case score > top.score+0.001:
			next := match{candidate: c, score: score, reason: why}
			if top.score > score-0.05 && top.indicator != c.indicator {
				next.rival = top.name
			}
			top = next
		case score > top.score-0.05 && (top.indicator != c.indicator || top.role != c.role):
			top.rival = c.name
		}
	}
	if top.rival != "" {
		top.reason = fault.Text{Zh: top.reason.Zh + "；“" + top.rival + "”也相近，请核对", En: top.reason.En + "; “" + top.rival + "” is close as well, please check"}
		top.score = min(top.score, 0.6)
	}
	return top, top.score >= 0.5
}

// otherScope is the word by which a heading says that it is of another scope than the candidate: of last year, since the
// start of the works, of the month alone where the indicator is cumulated, or cumulated where it is not.
func otherScope(c candidate, head string) string {
	words := []string{"上年", "去年", "同期", "同比", "环比", "增幅", "增长", "开工", "建设以来", "较省", "位次", "排名", "剩余"}
	switch c.kind {
	case pack.Cumulative:
		words = append(words, "本月", "当月", "本旬", "本期", "本周")
	case pack.Period, pack.Stock:
		words = append(words, "年初", "累计")
	}
	for _, w := range words {
		if strings.Contains(head, w) && !strings.Contains(c.key, w) {
			return w
		}
	}
	return ""
}

func convertible(a, b string) bool {
	x, ok1 := quantity.UnitOf(a)
	y, ok2 := quantity.UnitOf(b)
	return !ok1 || !ok2 || x.Dimension == y.Dimension && (x.Counted == y.Counted || x.Counted == "piece" || y.Counted == "piece")
}

func meet(c candidate, head, leaf, subject string) (float64, fault.Text) {
	same := fault.Tf("与“%s”同名", "the same name as “%s”", c.name)
	part := fault.Tf("与“%s”部分相同", "shares words with “%s”", c.name)
	exact := 1.0
	if c.alias {
		exact = 0.95
	}
	ratio := func(short, long string) float64 {
		return float64(utf8.RuneCountInString(short)) / float64(max(utf8.RuneCountInString(long), 1))
	}
	switch {
	case head == c.key || leaf == c.key:
		return exact, same
	case strings.Contains(head, c.key):
		return 0.55 + 0.35*ratio(c.key, head), part
	case utf8.RuneCountInString(leaf) >= 4 && strings.Contains(c.key, leaf):
		return 0.45 + 0.35*ratio(leaf, c.key), part
	case subject != "" && (strings.Contains(subject+leaf, c.key) || utf8.RuneCountInString(subject) >= 4 && strings.Contains(c.key, subject)):
		return 0.6, fault.Tf("表题与“%s”相符", "the title of the table meets “%s”", c.name)
	}
	if d := dice(head, c.key); d > 0.6 {
		return 0.8 * d, part
	}
	return 0, fault.Text{}
}

// dice is the share of neighbouring pairs of characters that two names have in common.
func dice(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	if len(x) < 2 || len(y) < 2 {
		return 0
	}
	pairs := map[[2]rune]int{}
	for i := range len(x) - 1 {
		pairs[[2]rune{x[i], x[i+1]}]++
	}
	common := 0
	for i := range len(y) - 1 {
		if p := [2]rune{y[i], y[i+1]}; pairs[p] > 0 {
			pairs[p]--
			common++
		}
	}
	return 2 * float64(common) / float64(len(x)+len(y)-2)
}

// Suggest proposes what each column means, with a confidence and the reason. A table that names nothing of the packs is
// proposed as a published one.
func Suggest(s workbook.Sheet, l *Layout, cat Catalogue) *Mapping {
	m := &Mapping{Sheet: l.Sheet, HeaderFrom: l.HeaderFrom, HeaderTo: l.HeaderTo, DataFrom: l.HeaderTo + 1, DataTo: l.DataTo, FillDown: l.FillDown, Signature: l.Signature, Period: l.Period, Division: l.Division}
	g := &suggester{l: l, s: s, m: m, list: candidates(cat), cat: cat, r: &recogniser{l: l, s: s, names: NewNames(nil)}}
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
	return m
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
		if c.Indicator == "" || c.Role == Rate {
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
	l    *Layout
	s    workbook.Sheet
	m    *Mapping
	list []candidate
	cat  Catalogue
	r    *recogniser
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
	if m, ok := best(g.list, head, leaf, g.subject(), unit); ok && g.l.ValueColumn != col.Index {
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
	bestHits, bestRows := 0, 0
	col := &g.m.Columns[p]
	for _, over := range plain {
		for _, under := range plain {
			if over == under {
				continue
			}
			hits, rows := g.quotient(over, under, p)
			if rows >= 2 && hits*5 >= rows*3 && hits > bestHits {
				bestHits, bestRows, col.Over, col.Under = hits, rows, over, under
			}
		}
	}
	if bestHits == 0 {
		return
	}
	if col.Role == Value && col.Indicator == "" {
		col.Role, col.Confidence = Rate, 0.9
	}
	if col.Role == Rate {
		zh := fault.Tf("%d 行中有 %d 行等于“%s”÷“%s”", "in %[2]d of %[1]d rows it is “%[3]s” over “%[4]s”", bestRows, bestHits, g.m.Columns[col.Over].Head, g.m.Columns[col.Under].Head)
		col.Reason = zh
	}
}

func (g *suggester) quotient(over, under, p int) (hits, rows int) {
	for i := g.l.HeaderTo; i < g.l.DataTo && rows < 50; i++ {
		a, ok1 := shownAt(g.s.At(i, over))
		b, ok2 := shownAt(g.s.At(i, under))
		q, ok3 := shownAt(g.s.At(i, p))
		if !ok1 || !ok2 || !ok3 {
			continue
		}
		if g.m.Columns[p].Scale == Undecided && !g.s.At(i, p).Percent {
			q.Value, q.Step = q.Value*100, q.Step*100
		}
		rows++
		if c := RateCheck(a, b, q); c.Verdict == Agrees || c.Verdict == Rounding {
			hits++
		}
	}
	return hits, rows
}

// shownAt reads a cell as a published figure.
func shownAt(c workbook.Cell) (Shown, bool) {
	f, err := workbook.FigureOf(c)
	return Shown{Value: f.Value.Decimal, Step: f.Step, Approx: f.Approx}, err == nil && f.Value.Valid
}

const maxLines = 2000

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
		if m, ok := best(g.list, name, name, "", h.Unit); ok && m.score >= 0.6 {
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
		if c.Role != Rate {
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
	m, ok := best(g.list, name, name, "", "")
	if !ok || m.role != Value || g.cat == nil {
		return
	}
	if ind, ok := g.cat.Indicator(m.indicator); ok && len(ind.Options) > 0 {
		col.Role, col.Indicator, col.Unit, col.Confidence, col.Reason = Value, m.indicator, ind.Unit, m.score, m.reason
	}
}
