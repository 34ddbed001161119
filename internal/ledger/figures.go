package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/ledger/scheme"
	"anlan/internal/matter"
	"anlan/internal/registry"
	"anlan/internal/registry/objectrule"
	"anlan/internal/store"
)

// Board is a ledger counted as of a day.
type Board struct {
	Scheme   *scheme.Scheme
	AsOf     hydrotime.Date
	Counties []scheme.Count // by county code, those with entries
	Total    scheme.Count
	Course   []Point // the year so far and to come, where there is a plan
}

// Point is how many were left at the end of a day, and how many should be.
type Point struct {
	Day     hydrotime.Date
	Left    int // -1 for a day to come
	Planned scheme.Count
}

// Board counts a ledger within what the person may see.
func (s *Service) Board(ctx context.Context, p *identity.Principal, q Query) (*Board, error) {
	k, err := s.scheme(ctx, q.Scheme)
	if err != nil {
		return nil, err
	}
	s.today(&q)
	list, err := s.seen(ctx, p, Query{Scheme: k.ID, Division: q.Division, AsOf: q.AsOf, Withdrawn: true})
	if err != nil {
		return nil, err
	}
	pure := pureOf(list)
	b := &Board{Scheme: k, AsOf: q.AsOf}
	b.Counties, b.Total = k.Tally(pure, q.AsOf)
	if k.Plan == nil {
		return b, nil
	}
	for _, d := range courseDays(k, q.AsOf) {
		c := k.Count(pure, d)
		point := Point{Day: d, Left: c.Left, Planned: c}
		if q.AsOf.DaysUntil(d) > 0 {
			point.Left = -1
		}
		b.Course = append(b.Course, point)
	}
	return b, nil
}

// courseDays are the days of a year by weeks, with the day asked and the plan's first and last day between them.
func courseDays(k *scheme.Scheme, asOf hydrotime.Date) []hydrotime.Date {
	from, due := k.Span(asOf)
	days := []hydrotime.Date{asOf, from, due}
	for d := (hydrotime.Date{Year: asOf.Year, Month: 1, Day: 1}); d.Year == asOf.Year; d = d.AddDays(7) {
		days = append(days, d)
	}
	slices.SortFunc(days, func(a, b hydrotime.Date) int { return b.DaysUntil(a) })
	return slices.Compact(days)
}

func kinds(list []string) []objectrule.Kind {
	out := make([]objectrule.Kind, len(list))
	for i, k := range list {
		out[i] = objectrule.Kind(k)
	}
	return out
}

func pureOf(list []*Entry) []scheme.Entry {
	out := make([]scheme.Entry, len(list))
	for i, e := range list {
		out[i] = e.pure
	}
	return out
}

// Enrol puts objects into ledgers that take them by themselves, takes the first step of those whose inspection is done, and says
// how many entries it made and moved.
func (s *Service) Enrol(ctx context.Context) (made, moved int, err error) {
	book, err := s.book(ctx)
	if err != nil {
		return 0, 0, err
	}
	tree, err := s.reg.Tree(ctx)
	if err != nil {
		return 0, 0, err
	}
	var roots []int64
	for _, d := range tree.Roots() {
		roots = append(roots, d.ID)
	}
	for _, k := range book.Ledgers() {
		n, err := s.enrol(ctx, k, roots)
		made += n
		if err != nil {
			return made, moved, fmt.Errorf("enrol into %s: %w", k.ID, err)
		}
		n, err = s.follow(ctx, k)
		moved += n
		if err != nil {
			return made, moved, fmt.Errorf("follow inspections in %s: %w", k.ID, err)
		}
	}
	return made, moved, nil
}

func (s *Service) enrol(ctx context.Context, k *scheme.Scheme, roots []int64) (int, error) {
	if k.Enrol == "" {
		return 0, nil
	}
	there := map[string]bool{}
	err := store.Each(ctx, s.db, `SELECT object_id, round FROM ledger_entry WHERE scheme_id = $1`, func(scan func(...any) error) error {
		var object int64
		var round string
		err := scan(&object, &round)
		there[key(object, round)] = true
		return err
	}, k.ID)
	if err != nil {
		return 0, err
	}
	type want struct {
		object registry.WaterObject
		scheme.Listing
	}
	var wants []want
	now := s.now()
	_, err = s.reg.EachObject(ctx, registry.ObjectQuery{Scopes: roots, Kinds: kinds(k.Objects)}, enrolMost, func(o registry.WaterObject) error {
		if l, ok := k.Wants(subject(&o), hydrotime.DateOf(now)); ok && !there[key(o.ID, l.Round)] {
			wants = append(wants, want{o, l})
		}
		return nil
	})
	if err != nil || len(wants) == 0 {
		return 0, err
	}
	return len(wants), s.db.Write(ctx, func(tx *store.Tx) error {
		for _, w := range wants {
			if _, err := s.enter(ctx, tx, program, k, &w.object, w.Listing, "", now); err != nil {
				return err
			}
		}
		return nil
	})
}

// enrolMost bounds how many objects one ledger looks through.
const enrolMost = 200_000

// program is who the program itself is in histories.
var program = identity.Actor{Name: "anlan"}

func key(object int64, round string) string { return fmt.Sprintf("%d/%s", object, round) }

// follow takes the first step of entries whose object was inspected by the ledger's checklist since they were listed.
func (s *Service) follow(ctx context.Context, k *scheme.Scheme) (int, error) {
	if k.Follows == "" || s.visits == nil || len(k.Begins().Next) == 0 {
		return 0, nil
	}
	list, err := s.read(ctx, s.db, ` WHERE e.scheme_id = $1 AND e.state = $2 AND e.withdrawn_at IS NULL`, k.ID, k.Begins().ID)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	visits, err := s.visits(ctx, k.Follows)
	if err != nil {
		return 0, err
	}
	moved := 0
	for _, e := range list {
		i := slices.IndexFunc(visits, func(v Visit) bool { return v.Object == e.Object && v.At.After(e.Listed) })
		if i < 0 || len(e.pure.Steps) > 0 {
			continue
		}
		v := visits[i]
		step := Step{At: v.At, State: k.Begins().Next[0], Note: fmt.Sprintf("检查 / inspection %d", v.Inspection)}
		err := s.db.Write(ctx, func(tx *store.Tx) error {
			return s.write(ctx, tx, program, e, nil, fmt.Sprintf("anlan/inspection/%d/%d", e.ID, v.Inspection), step)
		})
		if err != nil && !fault.Is(err, fault.Conflict) { // somebody was there first
			return moved, err
		}
		moved++
	}
	return moved, nil
}

// Causes are the entries past their day now, each of which a rule makes a matter of.
func (s *Service) Causes(ctx context.Context, scope string) ([]matter.Cause, error) {
	tree, err := s.reg.Tree(ctx)
	if err != nil {
		return nil, err
	}
	root, ok := tree.ByCode(scope)
	if !ok {
		return nil, fault.NotFoundf("division.unknown", "没有代码为 %s 的区划", "there is no division %s", scope)
	}
	list, err := s.read(ctx, s.db, ` WHERE e.due_on IS NOT NULL AND e.withdrawn_at IS NULL`)
	if err != nil {
		return nil, err
	}
	today := hydrotime.DateOf(s.now())
	var out []matter.Cause
	for _, e := range list {
		if e.stand(today); !e.Overdue || !tree.Within(root.ID, e.Division.ID) {
			continue
		}
		county, _ := tree.ByCode(e.County)
		en := e.ObjectName.En
		if en == "" {
			en = e.ObjectName.Zh
		}
		out = append(out, matter.Cause{
			Key: fmt.Sprintf("ledger/%d", e.ID), Kind: matter.Overdue, Line: e.Scheme.Line, Division: county.ID, Keeper: root.ID, Object: e.Object,
			Title:  fault.T(e.ObjectName.Zh+"："+strings.TrimSuffix(e.Scheme.Title.Zh, "台账")+"逾期", en+": "+e.Scheme.Title.En+", overdue"),
			Detail: fmt.Sprintf("%s；%s", e.Due, e.Standing.State.Name.Zh), Basis: e.Scheme.Basis.Zh, Severity: matter.General, Due: today.AddDays(mendDays).End(),
		})
	}
	return out, nil
}

// mendDays is how long a county has for what a rule opened.
const mendDays = 30

// Figures counts figures of ledgers by county at the end of a day, for whoever draws up figures: it asks no permission. A name is
// "small-hydropower/done" or, for one track, "rural-charging/done/large"; what no ledger has is not in the answer.
func (s *Service) Figures(ctx context.Context, names []string, asOf hydrotime.Date) (map[string]map[string]scheme.Figure, error) {
	book, err := s.book(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string]map[string]scheme.Figure{}
	for _, k := range book.Ledgers() {
		var mine []string
		for _, name := range names {
			if strings.HasPrefix(name, k.ID+"/") {
				mine = append(mine, name)
			}
		}
		if len(mine) == 0 {
			continue
		}
		list, err := s.read(ctx, s.db, ` WHERE e.scheme_id = $1`, k.ID)
		if err != nil {
			return nil, err
		}
		for _, name := range mine {
			if f, ok := figuresOf(k, pureOf(list), strings.TrimPrefix(name, k.ID+"/"), asOf); ok {
				out[name] = f
			}
		}
	}
	return out, nil
}

// figuresOf counts "done" or "done/large" of a ledger; ok is false where it has no such figure.
func figuresOf(k *scheme.Scheme, list []scheme.Entry, name string, asOf hydrotime.Date) (out map[string]scheme.Figure, ok bool) {
	figure, track, _ := strings.Cut(name, "/")
	if _, known := k.Track(track); !slices.Contains(k.Figures(), figure) || track != "" && !known {
		return nil, false
	}
	list = slices.DeleteFunc(list, func(e scheme.Entry) bool { return track != "" && e.Track != track })
	counties, _ := k.Tally(list, asOf)
	out = map[string]scheme.Figure{}
	for _, c := range counties {
		out[c.County], _ = c.Figure(figure)
	}
	return out, true
}
