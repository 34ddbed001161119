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

// Summary counts a ledger within what the person may see, without its course.
func (s *Service) Summary(ctx context.Context, p *identity.Principal, q Query) (*Board, error) {
	b, _, err := s.count(ctx, p, q)
	return b, err
}

func (s *Service) count(ctx context.Context, p *identity.Principal, q Query) (*Board, []scheme.Entry, error) {
	k, err := s.scheme(ctx, q.Scheme)
	if err != nil {
		return nil, nil, err
	}
	s.today(&q)
	list, err := s.seen(ctx, p, Query{Scheme: k.ID, Division: q.Division, AsOf: q.AsOf, Withdrawn: true})
	if err != nil {
		return nil, nil, err
	}
	pure := pureOf(list)
	b := &Board{Scheme: k, AsOf: q.AsOf}
	b.Counties, b.Total = k.Tally(pure, q.AsOf)
	return b, pure, nil
}

// Board counts a ledger within what the person may see, with its course over the year.
func (s *Service) Board(ctx context.Context, p *identity.Principal, q Query) (*Board, error) {
	b, pure, err := s.count(ctx, p, q)
	if err != nil {
		return nil, err
	}
	k := b.Scheme
	q.AsOf = b.AsOf
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

func pureOf(list []*Entry) []scheme.Entry {
	out := make([]scheme.Entry, len(list))
	for i, e := range list {
		out[i] = e.pure
	}
	return out
}

// Causes are the entries past their day now, each of which a rule makes a matter of. Those of a year gone by count while their causes
// stand, by their keys: that a new year began mends nothing.
func (s *Service) Causes(ctx context.Context, scope string, standing ...string) ([]matter.Cause, error) {
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
	out, err := s.reviews(ctx, tree, root, today)
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		e.stand(today)
	}
	slices.SortStableFunc(list, func(a, b *Entry) int { return b.Due.DaysUntil(*a.Due) })
	for _, e := range list {
		key := fmt.Sprintf("ledger/%d", e.ID)
		past := !e.Scheme.Of(&e.pure, today)
		if !e.Overdue || !tree.Within(root.ID, e.Division.ID) || past && !slices.Contains(standing, key) {
			continue
		}
		if e.Scheme.Due.Day != "" && e.Due.DaysUntil(hydrotime.DateOf(e.Listed)) > 0 { // listed when the year's day was past
			continue
		}
		county, _ := tree.ByCode(e.County)
		out = append(out, matter.Cause{
			Key: key, Past: past, Kind: matter.Overdue, Line: e.Scheme.Line, Division: county.ID, Keeper: root.ID, Object: e.Object,
			Title:  fault.T(e.ObjectName.Zh+"："+strings.TrimSuffix(e.Scheme.Title.Zh, "台账")+"逾期", english(e.ObjectName)+": "+e.Scheme.Title.En+", overdue"),
			Detail: fmt.Sprintf("%s；%s / %s", e.Due, e.Standing.State.Name.Zh, e.Standing.State.Name.En), Basis: e.Scheme.Basis.Zh, Severity: matter.General,
		})
	}
	return out, nil
}

// reviews are the titles that should have been looked at again by now (期满复核): each is a matter of its county until they are.
func (s *Service) reviews(ctx context.Context, tree *registry.Tree, root registry.Division, today hydrotime.Date) ([]matter.Cause, error) {
	book, err := s.book(ctx, s.db)
	if err != nil {
		return nil, err
	}
	var out []matter.Cause
	for _, k := range book.Ledgers() {
		if k.ReviewYears == 0 {
			continue
		}
		list, err := s.read(ctx, s.db, ` WHERE e.scheme_id = $1 AND e.withdrawn_at IS NULL`, k.ID)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			e.stand(today)
			if !e.ReviewLate || !tree.Within(root.ID, e.Division.ID) {
				continue
			}
			county, _ := tree.ByCode(e.County)
			out = append(out, matter.Cause{
				Key: fmt.Sprintf("ledger/%d/review/%s", e.ID, e.ReviewDue), Kind: matter.Overdue, Line: k.Line, Division: county.ID, Keeper: root.ID, Object: e.Object,
				Title:  fault.T(e.ObjectName.Zh+"："+strings.TrimSuffix(k.Title.Zh, "评分")+"称号期满未复核", english(e.ObjectName)+": "+k.Title.En+", the title was not looked at again in time"),
				Detail: fmt.Sprintf("%s；%s / %s", e.ReviewDue, e.Standing.State.Name.Zh, e.Standing.State.Name.En), Basis: k.Basis.Zh, Severity: matter.General,
			})
		}
	}
	return out, nil
}

// Figures counts figures of ledgers by county at the end of a day, for whoever draws up figures: it asks no permission. A name is
// "small-hydropower/done" or, for one track, "rural-charging/done/large"; what no ledger has is not in the answer.
func (s *Service) Figures(ctx context.Context, names []string, asOf hydrotime.Date) (map[string]map[string]scheme.Figure, error) {
	book, err := s.book(ctx, s.db)
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
	list = slices.DeleteFunc(list, func(e scheme.Entry) bool { return track != "" && e.Term(asOf.End()).Track != track })
	counties, _ := k.Tally(list, asOf)
	out = map[string]scheme.Figure{}
	for _, c := range counties {
		if c.Listed > 0 { // before a county's entries were listed nothing is known of it
			out[c.County], _ = c.Figure(figure)
		}
	}
	return out, true
}
