package programme

import (
	"cmp"
	"context"
	"fmt"
	"maps"
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

// FreezeQuery asks for many measures at once, each a target's id or an indicator's code.
type FreezeQuery struct {
	View
	Measures []string
	Peers    string // who is ranked with whom; everybody below where empty
}

// Frozen is many measures of a scope and its divisions as they were known at one instant, each figure with where it came from (数据快照).
type Frozen struct {
	Standing
	Divisions []DivisionRef
	Rows      []FrozenRow // in the order asked; what nobody defines, or the person may not see, is left out
}

// FrozenRow is one measure.
type FrozenRow struct {
	Key     string // as it was asked for
	Of      hydrotime.Month
	Measure Measure
	Options []pack.Option
	Total   FrozenCell
	Cells   []FrozenCell // in the order of divisions
}

// FrozenCell is a cell with what stands beside it in a notice.
type FrozenCell struct {
	Cell
	LastMonth    quantity.Null // the period before, by the indicator's cadence
	LastYear     quantity.Null
	GrowthChange quantity.Null // F4, percentage points
	Rank         int           // 0 where nothing can be ranked
	RankBefore   int
	Peers        int     // how many are ranked
	Origin       *Origin // nil for sums and what is computed
}

// Origin is the return that a figure stands in, and which revision of the figure it is.
type Origin struct {
	Return     int64
	Version    int
	Revision   int64
	RecordedAt time.Time
	By         string // who submitted it
}

// Freeze reads many measures of a scope, with ranks, what stood a period and a year before, and the origin of what was filed.
func (s *Service) Freeze(ctx context.Context, p *identity.Principal, q FreezeQuery) (*Frozen, error) {
	l, err := s.lens(ctx, viewer{p, identity.FigureRead}, q.View, "")
	if err != nil {
		return nil, err
	}
	f := freezer{lens: l, before: map[pack.Cadence]*lens{}, peers: l.cat.peerSet(q.Peers)}
	for _, key := range q.Measures {
		a, err := l.named(key)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if p.Can(identity.FigureRead, l.cat.LineOf(a.indicator.Code), l.scope.ID) {
			f.keys, f.aims = append(f.keys, key), append(f.aims, a)
		}
	}
	err = s.db.Snapshot(ctx, func(st store.Querier) error {
		if err := l.read(ctx, st, f.aims); err != nil {
			return err
		}
		if err := f.readBefore(ctx, st); err != nil {
			return err
		}
		f.origins, err = l.origins(ctx, st, f.aims)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &Frozen{Standing: l.standing(), Divisions: l.refs()}
	for i, a := range f.aims {
		out.Rows = append(out.Rows, f.row(f.keys[i], a))
	}
	return out, nil
}

// named is the aim of a target's id or an indicator's code. Of an indicator with several targets it is the headline's.
func (l *lens) named(key string) (aim, error) {
	if _, ok := l.cat.Target(key); ok {
		return l.aim("", key)
	}
	a, err := l.aim(key, "")
	for _, t := range l.cat.TargetsOf(key) {
		if t.Headline {
			a.target = &t
			break
		}
	}
	return a, err
}

type freezer struct {
	*lens
	keys    []string
	aims    []aim
	before  map[pack.Cadence]*lens // the period before, for each cadence
	peers   pack.PeerSet
	origins map[figureKey]*Origin
}

func (f *freezer) readBefore(ctx context.Context, st store.Querier) error {
	byCadence := map[pack.Cadence][]aim{}
	for _, a := range f.aims {
		byCadence[a.indicator.Cadence] = append(byCadence[a.indicator.Cadence], a)
	}
	for _, c := range slices.Sorted(maps.Keys(byCadence)) {
		was := *f.lens
		was.period, was.filers = effective(c, effective(c, f.period).Add(-1)), nil
		if err := was.read(ctx, st, byCadence[c]); err != nil {
			return err
		}
		f.before[c] = &was
	}
	return nil
}

func (f *freezer) row(key string, a aim) FrozenRow {
	m := effective(a.indicator.Cadence, f.period)
	out := FrozenRow{Key: key, Of: m, Measure: f.cat.measureOf(a, f.period.Year()), Options: a.indicator.Options, Total: f.frozen(a, f.scope, m)}
	var old []Cell
	var in []int
	was := f.before[a.indicator.Cadence]
	for i, d := range f.below {
		out.Cells = append(out.Cells, f.frozen(a, d, m))
		if holds(f.peers, d) {
			old, in = append(old, was.cell(a, d)), append(in, i)
		}
	}
	now := make([]Cell, len(in))
	for k, i := range in {
		now[k] = out.Cells[i].Cell
	}
	value, better := rankedBy(a, rankBy(a))
	ranked := 0
	for _, place := range judge.Rank(now, value, ranks, better) {
		out.Cells[in[place.Index]].Rank = place.Rank
		if place.Rank > 0 {
			ranked++
		}
	}
	for _, place := range judge.Rank(old, value, ranks, better) {
		out.Cells[in[place.Index]].RankBefore = place.Rank
	}
	for _, i := range in {
		out.Cells[i].Peers = ranked
	}
	return out
}

// frozen is one cell with the period and the year before.
func (f *freezer) frozen(a aim, d registry.Division, m hydrotime.Month) FrozenCell {
	ind := a.indicator
	last := effective(ind.Cadence, m.Add(-1))
	c := FrozenCell{Cell: f.cell(a, d), LastYear: shown(ind, f.figure(ind, d, m.Add(-12)))}
	was := f.before[ind.Cadence]
	c.LastMonth = shown(ind, was.figure(ind, d, last))
	c.GrowthChange = judge.GrowthChange(c.Growth, was.growth(ind, d, last))
	c.Origin = f.origins[figureKey{f.cat.number[ind.Code], m, d.ID}]
	return c
}

// rankedBy is what a ranking looks at, and in which direction.
func rankedBy(a aim, by string) (value func(Cell) quantity.Null, better pack.Better) {
	better = a.indicator.Better
	if by != "value" {
		better = pack.More
	}
	return func(c Cell) quantity.Null {
		switch by {
		case "completion":
			return c.Completion
		case "growth":
			return c.Growth
		case "gap":
			return c.Gap
		}
		return c.Value
	}, better
}

// ranks reports whether a cell takes part in a ranking: what is not reported stands last.
func ranks(c Cell) bool { return c.State != Unreported && c.State != NotDue }

// origins finds the return and the revision behind each figure that was filed.
func (l *lens) origins(ctx context.Context, q store.Querier, aims []aim) (map[figureKey]*Origin, error) {
	w := want{divisions: append([]int64{l.scope.ID}, ids(l.below)...)}
	months := map[hydrotime.Month]bool{}
	for _, a := range aims {
		if n, ok := l.cat.number[a.indicator.Code]; ok && l.cat.programs[a.indicator.Code] == nil {
			w.indicators = append(w.indicators, n)
			months[effective(a.indicator.Cadence, l.period)] = true
		}
	}
	w.periods = slices.Sorted(maps.Keys(months))
	out := map[figureKey]*Origin{}
	if w.none() {
		return out, nil
	}
	text := `SELECT indicator_id, period, division_id, revision, recorded_at FROM figure WHERE ` + w.where()
	var args []any
	if !l.asOf.IsZero() {
		text += ` AND recorded_at <= $1 UNION ALL SELECT indicator_id, period, division_id, revision, recorded_at FROM figure_past
			WHERE ` + w.where() + ` AND recorded_at <= $1 AND superseded_at > $1`
		args = append(args, l.asOf.UnixMilli())
	}
	rows, err := q.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, fmt.Errorf("read revisions of figures: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var k figureKey
		var o Origin
		var at int64
		if err := rows.Scan(&k.indicator, &k.period, &k.division, &o.Revision, &at); err != nil {
			return nil, fmt.Errorf("read revisions of figures: %w", err)
		}
		o.RecordedAt = instant(at)
		out[k] = &o
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return out, l.returnsBehind(ctx, q, w, out)
}

// returnsBehind names the return of each origin: the newest version that was submitted by then.
func (l *lens) returnsBehind(ctx context.Context, q store.Querier, w want, out map[figureKey]*Origin) error {
	type key struct {
		form     string
		period   hydrotime.Month
		division int64
	}
	all := want{indicators: []int64{0}, periods: w.periods, divisions: w.divisions}.where()
	all = all[len("indicator_id IN (0) AND "):]
	rows, err := q.QueryContext(ctx, `SELECT `+filingColumns+` FROM filing WHERE submitted_at IS NOT NULL AND `+all+` ORDER BY version`)
	if err != nil {
		return fmt.Errorf("read returns behind figures: %w", err)
	}
	defer rows.Close()
	versions := map[key][]filing{}
	for rows.Next() {
		f, err := scanFiling(rows)
		if err != nil {
			return fmt.Errorf("read returns behind figures: %w", err)
		}
		k := key{f.form, f.period, f.division}
		versions[k] = append(versions[k], f)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for k, o := range out {
		form, _ := l.cat.FormOf(l.cat.byNumber[k.indicator].Code)
		for _, f := range versions[key{form.ID, k.period, k.division}] {
			if o.Return == 0 || !f.submittedAt.After(o.RecordedAt) {
				o.Return, o.Version, o.By = f.id, f.version, cmp.Or(f.submittedBy, o.By)
			}
		}
	}
	return nil
}
