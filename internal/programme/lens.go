package programme

import (
	"context"
	"maps"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/formula"
	"anlan/internal/hydrotime"
	"anlan/internal/programme/judge"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// lens is one reading of figures and plans: a scope, the divisions shown beside it, a month, and the instant whose knowledge
// is shown. Everything a view needs is read in a few bulk queries first; cells are then formed from memory.
type lens struct {
	cat    *catalogue
	tree   *registry.Tree
	scope  registry.Division
	below  []registry.Division
	period hydrotime.Month
	asOf   time.Time // zero for now
	now    time.Time
	months int    // how many months of trend
	shelf  *shelf // what views of the present share; nil reads all anew

	figures figureSet
	plans   map[planKey]plan
	filers  map[filersKey]int
}

type filersKey struct {
	division int64
	level    pack.Level
}

// aim is an indicator and the target it is judged by, if any.
type aim struct {
	indicator pack.Indicator
	target    *pack.Target
}

// read loads what the aims need.
func (l *lens) read(ctx context.Context, q store.Querier, aims []aim) error {
	numbers := l.needed(aims)
	w := want{indicators: numbers, periods: l.periods(aims)}
	shown := append([]registry.Division{l.scope}, l.below...)
	var err error
	switch {
	case l.shared():
		// Those retired by now too, so that views of any month share one place for each.
		w.divisions = append([]int64{l.scope.ID}, ids(l.tree.Children(l.scope.ID))...)
		if err := l.shelf.readNow(ctx, q, l, w); err != nil {
			return err
		}
	case l.asOf.IsZero():
		w.divisions = ids(shown)
		if l.figures.own, err = loadFigures(ctx, q, w, time.Time{}); err != nil {
			return err
		}
		if l.figures.rolled, err = loadRollups(ctx, q, w); err != nil {
			return err
		}
	default:
		w.divisions = ids(l.tree.Descendants(l.scope.ID))
		if l.figures.own, err = loadFigures(ctx, q, w, l.asOf); err != nil {
			return err
		}
		l.figures.rolled = map[figureKey]figure{}
		l.rollPast(l.scope, w)
	}
	var targets []string
	for _, a := range aims {
		if a.target != nil {
			targets = append(targets, a.target.ID)
			if a.target.Of != "" {
				targets = append(targets, a.target.Of)
			}
		}
	}
	if l.shared() {
		l.plans, err = l.shelf.plansNow(ctx, q, l, targets, l.period.Year(), w.divisions)
		return err
	}
	l.plans, err = loadPlans(ctx, q, targets, []int{l.period.Year()}, ids(shown), l.asOf)
	return err
}

// shared reports whether the lens looks at what others look at too: the present, of a division with others below.
func (l *lens) shared() bool { return l.shelf != nil && l.asOf.IsZero() && len(l.below) > 0 }

// needed are the numbers of the filed indicators behind the aims, formulas followed down.
func (l *lens) needed(aims []aim) []int64 {
	seen := map[string]bool{}
	var numbers []int64
	var add func(code string)
	add = func(code string) {
		if seen[code] {
			return
		}
		seen[code] = true
		if p, ok := l.cat.programs[code]; ok {
			for _, r := range p.Refs() {
				add(r.Code)
			}
			return
		}
		if n, ok := l.cat.number[code]; ok {
			numbers = append(numbers, n)
		}
	}
	for _, a := range aims {
		add(a.indicator.Code)
	}
	slices.Sort(numbers)
	return numbers
}

// periods are the months that completion, growth, its change and the trend look at.
func (l *lens) periods(aims []aim) []hydrotime.Month {
	set := map[hydrotime.Month]bool{}
	span := func(from, to hydrotime.Month) {
		for m := from; m <= to; m = m.Add(1) {
			set[m] = true
		}
	}
	p := l.period
	span(p.Add(1-max(l.months, 1)), p)
	for _, a := range aims {
		set[p.Add(-1)], set[p.Add(-12)], set[p.Add(-13)] = true, true, true
		ep := effective(a.indicator.Cadence, p)
		set[ep], set[ep.Add(-12)] = true, true
		if a.indicator.Kind == pack.Period || a.indicator.Formula != "" {
			span(hydrotime.NewMonth(p.Year()-2, 12), p)
		}
		if t := a.target; t != nil && t.Since > 0 {
			for y := p.Year() - t.Since; y < p.Year(); y++ {
				set[hydrotime.NewMonth(y, 12)] = true
				if a.indicator.Kind == pack.Period {
					span(hydrotime.NewMonth(y, 1), hydrotime.NewMonth(y, 12))
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// effective is the newest month up to m for which a cadence asks for a figure.
func effective(c pack.Cadence, m hydrotime.Month) hydrotime.Month {
	for !due(c, m) {
		m = m.Add(-1)
	}
	return m
}

// rollPast forms the sums below a division as they stood, since the kept sums are those of now.
func (l *lens) rollPast(d registry.Division, w want) {
	for _, c := range l.tree.Children(d.ID) {
		l.rollPast(c, w)
	}
	for _, n := range w.indicators {
		ind := l.cat.byNumber[n]
		if !above(d.Level, string(ind.Level)) || ind.Rollup == pack.None {
			continue
		}
		for _, m := range w.periods {
			if f := l.sumOfChildren(d, ind, n, m); f.count > 0 {
				l.figures.rolled[figureKey{n, m, d.ID}] = f
			}
		}
	}
}

func (l *lens) sumOfChildren(d registry.Division, ind pack.Indicator, number int64, m hydrotime.Month) figure {
	var list []judge.Contribution
	for _, c := range l.tree.Children(d.ID) {
		k := figureKey{number, m, c.ID}
		f := l.figures.rolled[k]
		if c.Level == string(ind.Level) {
			f = l.figures.own[k]
		}
		if f.reported {
			list = append(list, judge.Contribution{Value: f.value, Base: f.base, Reported: f.count, Blank: f.blank, Pending: f.pending, Inside: c.InsideID != nil})
		}
	}
	t := judge.RollUp(ind.Rollup, list)
	return figure{value: t.Value, base: t.Base, reported: t.Reported > 0, count: t.Reported, blank: t.Blank, pending: t.Pending, accepted: t.Pending == 0}
}

// figure is what stands for an indicator, division and month: filed, summed or computed.
func (l *lens) figure(ind pack.Indicator, d registry.Division, m hydrotime.Month) figure {
	if p, ok := l.cat.programs[ind.Code]; ok {
		return l.computed(p, d, m)
	}
	k := figureKey{l.cat.number[ind.Code], m, d.ID}
	filed := d.Level == string(ind.Level)
	if m := l.figures.months[monthKey{l.tree, l.scope.ID, k.indicator, k.period}]; m != nil {
		i, ok := l.figures.slot[d.ID]
		switch {
		case ok && filed:
			return m.own[i]
		case ok:
			return m.rolled[i]
		}
	}
	if filed {
		return l.figures.own[k]
	}
	return l.figures.rolled[k]
}

// computed evaluates a formula over the figures of one division: a parent's is formed from its sums, never from its children's results.
func (l *lens) computed(p *formula.Program, d registry.Division, m hydrotime.Month) figure {
	out := figure{reported: true, accepted: true}
	first := true
	v, err := p.Eval(func(r formula.Ref) quantity.Null {
		f, v := l.referred(r, d, m)
		if r.Shift == formula.Now && r.Part != formula.Plan {
			if first || f.count < out.count {
				out.count = f.count
			}
			first = false
			out.reported = out.reported && f.reported
			out.pending = max(out.pending, f.pending)
		}
		return v
	})
	if err == nil {
		out.value = v
	}
	return out
}

func (l *lens) referred(r formula.Ref, d registry.Division, m hydrotime.Month) (figure, quantity.Null) {
	if r.Part == formula.Plan {
		return figure{}, l.amount(r.Code, d)
	}
	ind, _ := l.cat.Indicator(r.Code)
	switch r.Shift {
	case formula.Prev:
		m = effective(ind.Cadence, m.Add(-1))
	case formula.LastYear:
		m = m.Add(-12)
	}
	f := l.figure(ind, d, m)
	switch {
	case r.Part == formula.Numerator:
		return f, f.value
	case r.Part == formula.Denominator:
		return f, f.base
	case ind.Ratio != nil:
		return f, judge.Rate(f.value, f.base)
	}
	return f, f.value
}

// cumulated is the figure since January of some years before, as far as it can be told.
func (l *lens) cumulated(ind pack.Indicator, d registry.Division, m hydrotime.Month, since int) quantity.Null {
	out := l.yearToDate(ind, d, m)
	for y := m.Year() - since; y < m.Year(); y++ {
		out = add(out, l.yearToDate(ind, d, hydrotime.NewMonth(y, 12)))
	}
	return out
}

func (l *lens) yearToDate(ind pack.Indicator, d registry.Division, m hydrotime.Month) quantity.Null {
	if ind.Kind != pack.Period {
		return l.figure(ind, d, m).value
	}
	out := quantity.Some(0)
	for k := hydrotime.NewMonth(m.Year(), 1); k <= m; k = k.Add(1) {
		if due(ind.Cadence, k) {
			out = add(out, l.figure(ind, d, k).value)
		}
	}
	return out
}

// add is absent where either side is: a year with a missing month has no total.
func add(a, b quantity.Null) quantity.Null {
	if !a.Valid || !b.Valid {
		return quantity.Null{}
	}
	s, ok := a.Add(b.Decimal)
	return quantity.Null{Decimal: s, Valid: ok}
}

// amount is a target's amount for a division: what was set, what the rule fixes, or the whole of what was split below.
func (l *lens) amount(id string, d registry.Division) quantity.Null {
	t, ok := l.cat.Target(id)
	if !ok {
		return quantity.Null{}
	}
	if p, ok := l.plans[planKey{id, l.period.Year(), d.ID}]; ok && p.amount.Valid {
		return p.amount
	}
	// A rule that fixes a rate fixes it for everybody; one that fixes an amount fixes it for the division it was set for.
	if t.Fixed != nil && (t.Judge != pack.ByCompletion || d.Level == string(t.Issuer)) {
		return quantity.Some(*t.Fixed)
	}
	if d.ID != l.scope.ID || !t.Split || len(l.below) == 0 {
		return quantity.Null{}
	}
	sum := quantity.Some(0)
	for _, c := range l.below {
		if c.InsideID == nil {
			sum = add(sum, l.plans[planKey{id, l.period.Year(), c.ID}].amount)
		}
	}
	return sum
}

// expected counts the divisions that file an indicator at or below one.
func (l *lens) expected(ind pack.Indicator, d registry.Division) int {
	k := filersKey{d.ID, ind.Level}
	n, ok := l.filers[k]
	if !ok {
		n = len(l.tree.Filers(d.ID, string(ind.Level), l.period.End()))
		if l.filers == nil {
			l.filers = map[filersKey]int{}
		}
		l.filers[k] = n
	}
	return n
}

// cell forms one cell.
func (l *lens) cell(a aim, d registry.Division) Cell {
	ind, m := a.indicator, effective(a.indicator.Cadence, l.period)
	f := l.figure(ind, d, m)
	c := Cell{Division: d.Code, Reported: f.count, Pending: f.pending, Expected: l.expected(ind, d), Grade: Ungraded, State: l.state(ind, d, m, f)}
	c.Value = shown(ind, f)
	if ind.Ratio != nil {
		c.Numerator, c.Base = f.value, f.base
	}
	c.Growth = l.growth(ind, d, m)
	if a.target != nil {
		l.judge(&c, a, d, m)
	}
	if l.months > 0 {
		c.Trend = make([]quantity.Null, 0, l.months)
	}
	for k := l.months - 1; k >= 0; k-- {
		c.Trend = append(c.Trend, shown(ind, l.figure(ind, d, l.period.Add(-k))))
	}
	return c
}

// shown is the figure as a person reads it: the rate of a ratio.
func shown(ind pack.Indicator, f figure) quantity.Null {
	if ind.Ratio != nil {
		return judge.Rate(f.value, f.base)
	}
	return f.value
}

func (l *lens) state(ind pack.Indicator, d registry.Division, m hydrotime.Month, f figure) CellState {
	switch {
	case shown(ind, f).Valid:
		return HasFigure
	case f.reported && f.count > 0 && f.blank == f.count:
		return Blank
	case f.reported && f.count > 0:
		return NoFigure
	case above(string(ind.Level), d.Level):
		return NoFigure // filed above this division
	}
	if form, ok := l.cat.FormOf(ind.Code); ok && l.instant().Before(dueOf(form, m)) {
		return NotDue
	}
	return Unreported
}

// instant is the moment whose knowledge is shown.
func (l *lens) instant() time.Time {
	if l.asOf.IsZero() {
		return l.now
	}
	return l.asOf
}

func (l *lens) growth(ind pack.Indicator, d registry.Division, m hydrotime.Month) quantity.Null {
	if ind.Ratio != nil || len(ind.Options) > 0 {
		return quantity.Null{}
	}
	return judge.Growth(l.yearToDate(ind, d, m), l.yearToDate(ind, d, m.Add(-12)))
}

// judge holds a cell against its target.
func (l *lens) judge(c *Cell, a aim, d registry.Division, m hydrotime.Month) {
	t := a.target
	due, err := judge.ParseDue(t.Due, l.period.Year())
	if err != nil {
		return
	}
	pastDue := !l.instant().Before(due.End()) && l.period >= due.InMonth()
	c.Plan = l.amount(t.ID, d)
	switch t.Judge {
	case pack.ByCompletion:
		if a.indicator.Kind == pack.Cumulative && m.Year() != l.period.Year() {
			return
		}
		from := hydrotime.NewMonth(l.period.Year()-t.Since, 1)
		c.Cumulated = l.cumulated(a.indicator, d, m, t.Since)
		c.Completion = judge.Completion(c.Cumulated, c.Plan)
		c.Calendar = judge.Calendar(t.Curve, l.plans[planKey{t.ID, l.period.Year(), d.ID}].curve, c.Plan, from, due.InMonth(), m)
		c.Gap = judge.Gap(c.Completion, c.Calendar)
		c.Grade = Grade(judge.GradeCompletion(c.Completion, c.Calendar, t.Tolerance, t.Serious, pastDue))
	case pack.ByThreshold:
		c.Gap = judge.Gap(c.Value, c.Plan)
		c.Grade = Grade(judge.GradeThreshold(c.Value, c.Plan, a.indicator.Better, pastDue))
	case pack.ByGrowth:
		c.Gap = judge.Gap(c.Growth, c.Plan)
		c.Grade = Grade(judge.GradeThreshold(c.Growth, c.Plan, pack.More, pastDue))
	case pack.ByRate:
		c.Cumulated = l.cumulated(a.indicator, d, m, t.Since)
		c.Completion = judge.Completion(c.Cumulated, l.amount(t.Of, d))
		c.Gap = judge.Gap(c.Completion, c.Plan)
		c.Grade = Grade(judge.GradeThreshold(c.Completion, c.Plan, pack.More, pastDue))
	}
}

// measure names an aim for a view.
func (c *catalogue) measureOf(a aim, year int) Measure {
	ind := a.indicator
	m := Measure{
		Indicator: ind.Code, Line: c.LineOf(ind.Code), Name: ind.Name, Unit: ind.Unit, Show: ind.Show, Decimals: ind.Decimals,
		Ratio: ind.Ratio != nil, Kind: ind.Kind, Better: ind.Better,
	}
	if m.Show == "" {
		m.Show = ind.Unit
	}
	if p := c.PackOf(ind.Code); p != nil {
		m.Pack = p.ID
	}
	if t := a.target; t != nil {
		m.Target, m.Aim, m.Judge = t.ID, t.Name, t.Judge
		if due, err := judge.ParseDue(t.Due, year); err == nil {
			m.Due = &due
		}
	}
	return m
}

func (c *catalogue) measure(t pack.Target, year int) Measure {
	ind, _ := c.Indicator(t.Indicator)
	return c.measureOf(aim{ind, &t}, year)
}

// dueOf is the first instant at which a form's return for a month is late.
func dueOf(form pack.Form, m hydrotime.Month) time.Time { return judge.FormDue(form.DueDay, m) }

// View asks for figures: of whom, for which month, as known when.
type View struct {
	Scope  string
	Period hydrotime.Month // the month before now where 0
	AsOf   time.Time       // now where zero
	Line   string
}

// lens opens a reading within a person's scope.
func (s *Service) lens(ctx context.Context, p viewer, v View, line string) (*lens, error) {
	cat, tree, err := s.contextAt(ctx, v.AsOf)
	if err != nil {
		return nil, err
	}
	scope, err := division(tree, p.Principal, p.permission, line, v.Scope)
	if err != nil {
		return nil, err
	}
	now := s.now()
	if v.Period == 0 {
		v.Period = hydrotime.MonthOf(now).Add(-1)
	}
	if !v.Period.Valid() || v.Period > hydrotime.MonthOf(now) {
		return nil, fault.Invalidf("view.period", "%s 尚未开始", "%s has not begun", v.Period)
	}
	if v.AsOf.After(now) {
		return nil, fault.Invalidf("view.as_of", "不能查看将来时点", "a future instant cannot be asked for")
	}
	return &lens{cat: cat, tree: tree, scope: scope, below: below(tree, scope, v.Period.End()), period: v.Period, asOf: v.AsOf, now: now, shelf: &s.shelf}, nil
}

func (l *lens) standing() Standing {
	return Standing{Scope: RefOf(l.tree, l.scope), Period: l.period, AsOf: l.instant(), Past: !l.asOf.IsZero()}
}

func (l *lens) refs() []DivisionRef {
	out := make([]DivisionRef, len(l.below))
	for i, d := range l.below {
		out[i] = RefOf(l.tree, d)
	}
	return out
}
