package programme

import (
	"context"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/programme/judge"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// RankingQuery asks for an ordered peer set.
type RankingQuery struct {
	View
	Indicator string
	Target    string
	By        string // completion, value, growth or gap; what the target is judged by where empty
	Peers     string
}

// aim finds the indicator and target that a query names; a target alone names its indicator.
func (l *lens) aim(indicator, target string) (aim, error) {
	if target != "" {
		t, ok := l.cat.Target(target)
		if !ok {
			return aim{}, errNoTarget(target)
		}
		ind, _ := l.cat.Indicator(t.Indicator)
		return aim{ind, &t}, nil
	}
	ind, ok := l.cat.Indicator(indicator)
	if !ok {
		return aim{}, errNoIndicator(indicator)
	}
	a := aim{indicator: ind}
	if list := l.cat.TargetsOf(indicator); len(list) > 0 {
		a.target = &list[0]
	}
	return a, nil
}

func errNoIndicator(code string) error {
	return fault.NotFoundf("indicator.unknown", "没有指标 %s", "there is no indicator %s", code)
}

// lineOf is the line of work of what a query names, or one that nobody holds.
func (s *Service) lineOf(ctx context.Context, indicator, target string, asOf time.Time) (string, error) {
	cat, err := s.catalogueAt(ctx, asOf)
	if err != nil {
		return "", err
	}
	if target != "" {
		t, ok := cat.Target(target)
		if !ok {
			return "", errNoTarget(target)
		}
		indicator = t.Indicator
	}
	if _, ok := cat.Indicator(indicator); !ok {
		return "", errNoIndicator(indicator)
	}
	return cat.LineOf(indicator), nil
}

// Ranking orders a peer set on one measure and tells the movement since the period before, by the indicator's own cadence.
func (s *Service) Ranking(ctx context.Context, p *identity.Principal, q RankingQuery) (*Ranking, error) {
	line, err := s.lineOf(ctx, q.Indicator, q.Target, q.AsOf)
	if err != nil {
		return nil, err
	}
	l, err := s.lens(ctx, viewer{p, identity.FigureRead}, q.View, line)
	if err != nil {
		return nil, err
	}
	a, err := l.aim(q.Indicator, q.Target)
	if err != nil {
		return nil, err
	}
	before := *l
	before.period = effective(a.indicator.Cadence, effective(a.indicator.Cadence, l.period).Add(-1))
	peers := l.cat.peerSet(q.Peers)
	l.below = slices.DeleteFunc(slices.Clone(l.below), func(d registry.Division) bool { return !holds(peers, d) })
	before.below = l.below
	err = s.db.Snapshot(ctx, func(st store.Querier) error {
		if err := l.read(ctx, st, []aim{a}); err != nil {
			return err
		}
		return before.read(ctx, st, []aim{a})
	})
	if err != nil {
		return nil, err
	}
	by := q.By
	if by == "" {
		by = rankBy(a)
	}
	out := &Ranking{Standing: l.standing(), Measure: l.cat.measureOf(a, l.period.Year()), By: by, Peers: peers.ID, PeersName: peers.Name, Previous: before.period, Total: l.cell(a, l.scope)}
	l.rankInto(out, &before, a, by)
	return out, nil
}

// rankBy is what a measure is ranked by where nothing is said.
func rankBy(a aim) string {
	if a.target == nil {
		return "value"
	}
	switch a.target.Judge {
	case pack.ByCompletion, pack.ByRate:
		return "completion"
	case pack.ByGrowth:
		return "growth"
	}
	return "value"
}

func (l *lens) rankInto(out *Ranking, before *lens, a aim, by string) {
	cells, old := make([]Cell, len(l.below)), make([]Cell, len(l.below))
	for i, d := range l.below {
		cells[i], old[i] = l.cell(a, d), before.cell(a, d)
	}
	value, better := rankedBy(a, by)
	previous := map[int]int{}
	for _, place := range judge.Rank(old, value, ranks, better) {
		previous[place.Index] = place.Rank
	}
	for _, place := range judge.Rank(cells, value, ranks, better) {
		d := l.below[place.Index]
		row := RankRow{Division: RefOf(l.tree, d), Cell: cells[place.Index], Tied: place.Tied}
		row.GrowthChange = judge.GrowthChange(cells[place.Index].Growth, old[place.Index].Growth)
		if place.Rank > 0 {
			row.Rank = &place.Rank
		}
		if was := previous[place.Index]; was > 0 {
			row.Previous = &was
			if place.Rank > 0 {
				move := was - place.Rank
				row.Move = &move
			}
		}
		out.Expected++
		if ranks(cells[place.Index]) {
			out.Reported++
		}
		out.Rows = append(out.Rows, row)
	}
}

// peerSet finds a peer set; everybody below the scope where none is named.
func (c *catalogue) peerSet(id string) pack.PeerSet {
	for _, s := range c.Peers() {
		if s.ID == id {
			return s
		}
	}
	return pack.PeerSet{Name: fault.T("全部下级", "all divisions below"), Functional: true}
}

func holds(s pack.PeerSet, d registry.Division) bool {
	if s.ID == "" {
		return true
	}
	return d.Level == string(s.Level) && (s.Functional || d.Kind != registry.Functional) && !slices.Contains(s.Except, d.Code)
}

// IndicatorQuery asks for one indicator's page.
type IndicatorQuery struct {
	View
	Indicator string
	Target    string
}

// Indicator is one indicator in one scope: series, plan curve, last year, the divisions below.
func (s *Service) Indicator(ctx context.Context, p *identity.Principal, q IndicatorQuery) (*IndicatorPage, error) {
	line, err := s.lineOf(ctx, q.Indicator, q.Target, q.AsOf)
	if err != nil {
		return nil, err
	}
	l, err := s.lens(ctx, viewer{p, identity.FigureRead}, q.View, line)
	if err != nil {
		return nil, err
	}
	a, err := l.aim(q.Indicator, q.Target)
	if err != nil {
		return nil, err
	}
	year := l.period.Year()
	all := *l
	all.period, all.months = hydrotime.NewMonth(year, 12), 26
	err = s.db.Snapshot(ctx, func(st store.Querier) error {
		if err := l.read(ctx, st, []aim{a}); err != nil {
			return err
		}
		return all.read(ctx, st, []aim{a})
	})
	if err != nil {
		return nil, err
	}
	pk := l.cat.PackOf(a.indicator.Code)
	out := &IndicatorPage{
		Standing: l.standing(), Measure: l.cat.measureOf(a, year), Definition: a.indicator, PackVersion: pk.Version,
		Total: l.cell(a, l.scope), Series: all.series(a, l.scope, l.period),
	}
	for i := range l.cat.TargetsOf(a.indicator.Code) {
		out.Targets = append(out.Targets, l.cat.measureOf(aim{a.indicator, &l.cat.TargetsOf(a.indicator.Code)[i]}, year))
	}
	for _, d := range l.below {
		out.Cells = append(out.Cells, CellOf{RefOf(l.tree, d), l.cell(a, d)})
		out.Divisions = append(out.Divisions, all.series(a, d, l.period))
	}
	return out, nil
}

// series is the twelve months of a year with last year's and the plan's beside them; months after until are left empty.
func (l *lens) series(a aim, d registry.Division, until hydrotime.Month) Series {
	out := Series{Division: RefOf(l.tree, d)}
	for n := 1; n <= 12; n++ {
		m := hydrotime.NewMonth(l.period.Year(), n)
		pt := Point{Period: m, LastYear: shown(a.indicator, l.figure(a.indicator, d, m.Add(-12))), Expected: l.expected(a.indicator, d)}
		if m <= until {
			f := l.figure(a.indicator, d, m)
			pt.Value, pt.Reported, pt.Pending = shown(a.indicator, f), f.count, f.pending > 0
		}
		pt.Plan = l.planAt(a, d, m)
		out.Points = append(out.Points, pt)
	}
	return out
}

// planAt is what the plan asks for by the end of a month, where a plan has a curve.
func (l *lens) planAt(a aim, d registry.Division, m hydrotime.Month) quantity.Null {
	t := a.target
	if t == nil || t.Judge == pack.ByGrowth || t.Judge == pack.ByRate {
		return quantity.Null{}
	}
	amount := l.amount(t.ID, d)
	if t.Judge == pack.ByThreshold || !amount.Valid {
		return amount
	}
	due, err := judge.ParseDue(t.Due, l.period.Year())
	if err != nil {
		return quantity.Null{}
	}
	from := hydrotime.NewMonth(l.period.Year()-t.Since, 1)
	share := judge.Calendar(t.Curve, l.plans[planKey{t.ID, l.period.Year(), d.ID}].curve, amount, from, due.InMonth(), m)
	v, ok := amount.Mul(share.Decimal / 100)
	return quantity.Null{Decimal: v, Valid: share.Valid && ok}
}

// achieved is what divisions achieved of a target in a year.
func (s *Service) achieved(ctx context.Context, cat *catalogue, tree *registry.Tree, t pack.Target, year int, rows []registry.Division) ([]quantity.Null, error) {
	ind, _ := cat.Indicator(t.Indicator)
	l := &lens{cat: cat, tree: tree, scope: rows[0], below: rows[1:], period: hydrotime.NewMonth(year, 12), now: s.now()}
	if err := l.read(ctx, s.db, []aim{{ind, &t}}); err != nil {
		return nil, err
	}
	out := make([]quantity.Null, len(rows))
	for i, d := range rows {
		out[i] = l.yearToDate(ind, d, l.period)
	}
	return out, nil
}

// checkSplit holds the rows below against the scope's amount; a division inside another's is left out.
func checkSplit(t pack.Target, divisions []registry.Division, rows []TargetRow) SplitCheck {
	if !t.Split || len(rows) < 2 {
		return SplitCheck{State: "unset", Parent: rows[0].Amount}
	}
	var children []quantity.Null
	for i, r := range rows[1:] {
		if divisions[i+1].InsideID == nil {
			children = append(children, r.Amount)
		}
	}
	c := judge.SplitCheck(rows[0].Amount, children)
	return SplitCheck{State: c.State, Parent: rows[0].Amount, Children: c.Children, Difference: c.Difference, Percent: c.Percent, Unset: c.Unset}
}
