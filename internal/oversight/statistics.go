package oversight

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/oversight/checklist"
	"anlan/internal/oversight/compare"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// StatisticsQuery is which problems and visits are counted, and as of which day.
type StatisticsQuery struct {
	Scope int64
	Lines []string // any where empty
	From  *hydrotime.Date
	AsOf  hydrotime.Date
	// Told leaves out what an unannounced inspection still hides, whoever asks: for what the inspected will read.
	Told bool
}

// Statistics is what problems came to as of a day, by county, over all, and by the four comparisons (四比).
type Statistics struct {
	Counties   []registry.Division // those below the scope that stand, in order; the scope itself where it is one
	Stats      map[string]compare.Stat
	Total      compare.Stat
	Comparison *compare.Comparison
	Scores     []compare.Score
}

// Statistics counts what the person may see: what an unannounced inspection found counts for its keeper before it does for others.
func (s *Service) Statistics(ctx context.Context, p *identity.Principal, q StatisticsQuery) (*Statistics, error) {
	tree, err := s.reg.Tree(ctx)
	if err != nil {
		return nil, err
	}
	if !p.Can(identity.MatterRead, "", q.Scope) {
		return nil, errUnknown()
	}
	book, err := s.Book(ctx)
	if err != nil {
		return nil, err
	}
	ask := compare.Query{At: q.AsOf.End()}
	if now := s.now().Add(time.Millisecond); now.Before(ask.At) { // what is due today is not late before the day is over
		ask.At = now
	}
	if q.From != nil {
		ask.From = q.From.Start()
	}
	count := compare.NewCount(ask, func(d string) string {
		if d == everywhere {
			return ""
		}
		return everywhere
	})
	if err := s.eachRecord(ctx, p, tree, q, count.Record); err != nil {
		return nil, err
	}
	if err := s.countVisits(ctx, p, tree, q, count); err != nil {
		return nil, err
	}
	if err := s.countDeductions(ctx, p, tree, q, count); err != nil {
		return nil, err
	}
	out := &Statistics{Stats: map[string]compare.Stat{}, Comparison: book.Comparison}
	counted := count.Done()
	of := func(group string) compare.Stat {
		if st, ok := counted[group]; ok {
			return st
		}
		return compare.Compute(nil, nil, ask)
	}
	for _, d := range tree.Filers(q.Scope, "county", q.AsOf.End()) {
		out.Counties = append(out.Counties, d)
		out.Stats[d.Code] = of(d.Code)
	}
	out.Total = of(everywhere)
	if book.Comparison != nil {
		out.Scores, err = book.Comparison.Compare(out.Stats)
	}
	return out, err
}

// everywhere is the group of all counties.
const everywhere = "*"

// eachRecord hands over the problems of a query with what became of them, in the order of compare.InOrder; a record holds until the next.
func (s *Service) eachRecord(ctx context.Context, p *identity.Principal, tree *registry.Tree, q StatisticsQuery, take func(*compare.Record)) error {
	survey, err := s.matter.Survey(ctx, p, matter.Query{Kinds: []matter.Kind{matter.Finding, matter.Hazard}, Lines: q.Lines, Division: q.Scope})
	if err != nil {
		return err
	}
	teams, err := s.teamsOf(ctx)
	if err != nil {
		return err
	}
	var r compare.Record
	for _, at := range s.inOrder(tree, survey) {
		row := survey.At(at.row)
		if row.Origin != matter.Rule && (!q.Told || !row.Veiled) && survey.Takes(row) {
			fill(&r, row, at.county)
			if row.Source == "inspection" {
				r.Team = teams[row.SourceID]
			}
			take(&r)
		}
	}
	return nil
}

// at is the place of a matter in a survey, with its county.
type at struct {
	county string
	row    int
}

// inOrder gives all matters in the order of compare.InOrder. What the order rests on never changes in a matter, and matters keep their
// places: of an order that stands, only those that have come since are sorted in.
func (s *Service) inOrder(tree *registry.Tree, survey matter.Survey) []at {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.orderOf != tree || len(s.order) > survey.Len() {
		s.order, s.orderOf = nil, tree
	}
	if len(s.order) == survey.Len() {
		return s.order
	}
	counties := map[int64]string{}
	var fresh []at
	for i := len(s.order); i < survey.Len(); i++ {
		d := survey.At(i).Division
		if _, ok := counties[d]; !ok {
			counties[d] = countyOf(tree, d)
		}
		fresh = append(fresh, at{counties[d], i})
	}
	compared := func(a, b at) int {
		x, y := survey.At(a.row), survey.At(b.row)
		return cmp.Or(strings.Compare(a.county, b.county), strings.Compare(x.Item, y.Item), cmp.Compare(x.Found, y.Found), cmp.Compare(x.ID, y.ID))
	}
	slices.SortFunc(fresh, compared)
	merged, old := make([]at, 0, survey.Len()), s.order
	for len(old) > 0 && len(fresh) > 0 {
		if compared(old[0], fresh[0]) < 0 {
			merged, old = append(merged, old[0]), old[1:]
		} else {
			merged, fresh = append(merged, fresh[0]), fresh[1:]
		}
	}
	s.order = append(append(merged, old...), fresh...)
	return s.order
}

// fill makes a record of a matter, in the room of the one before.
func fill(r *compare.Record, row *matter.Row, county string) {
	*r = compare.Record{
		ID: row.ID, Division: county, Object: row.Object, Item: row.Item, Origin: compare.Origin(row.Origin), Found: store.Time(row.Found), Opened: store.Time(row.Opened),
		RecurrentOf: row.Recurs, Missed: row.Missed, Spans: r.Spans[:0], Waits: r.Waits[:0],
	}
	if row.Severity >= matter.General && row.Severity <= matter.Grave {
		r.Severity = graded[row.Severity-1]
	}
	if row.Original != 0 {
		r.OriginalDue = store.Time(row.Original)
	}
	if row.Confirm != 0 {
		r.Waits = append(r.Waits, compare.Wait{From: r.Opened, Due: store.Time(row.Confirm)})
	}
	if row.Assigned != 0 {
		r.Assigned = store.Time(row.Assigned)
	}
	for _, t := range row.Turns() {
		turn(r, t)
	}
}

var graded = checklist.Severities()

// turn lays one move over a record: a close or a control begins a span, and whatever takes the matter up again ends it.
func turn(r *compare.Record, t matter.Turn) {
	end := func() {
		if n := len(r.Spans); n > 0 && r.Spans[n-1].Until.IsZero() {
			r.Spans[n-1].Until = t.At
		}
	}
	switch t.Move {
	case matter.Close:
		end()
		r.Spans = append(r.Spans, compare.Span{Kind: compare.Closed, From: t.At})
	case matter.Control:
		end()
		r.Spans = append(r.Spans, compare.Span{Kind: compare.Controlled, From: t.At})
	case matter.Reopen, matter.SendBack:
		end()
	case matter.Dispute:
		r.Waits = append(r.Waits, compare.Wait{From: t.At, Disputed: true})
	case matter.Uphold, matter.Confirm:
		r.Waits = append(r.Waits, compare.Wait{From: t.At, Due: t.Due})
	case matter.Dismiss:
		r.Dismissed = t.At
	case matter.Extend:
		r.Extended, r.Due = t.At, t.Due
	}
}

// teamsOf gives the team of each inspection that a team went on, by its number as text.
func (s *Service) teamsOf(ctx context.Context) (map[string]string, error) {
	out := map[string]string{}
	err := store.Each(ctx, s.db, `SELECT id, team_id FROM inspection WHERE team_id IS NOT NULL`, func(scan func(...any) error) error {
		var id int64
		var team string
		err := scan(&id, &team)
		out[fmt.Sprint(id)] = team
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the teams of inspections: %w", err)
	}
	return out, nil
}

// countVisits counts the inspections done, within what the person may see.
func (s *Service) countVisits(ctx context.Context, p *identity.Principal, tree *registry.Tree, q StatisticsQuery, count *compare.Count) error {
	lines := map[string]bool{}
	for _, l := range q.Lines {
		lines[l] = true
	}
	err := store.Each(ctx, s.db, `
		SELECT division_id, keeper_id, line, veiled, object_id, COALESCE(team_id, ''), origin, done_at FROM inspection
		WHERE state = 'done' AND division_id IN (SELECT descendant_id FROM division_closure WHERE ancestor_id = $1) ORDER BY done_at, id`, func(scan func(...any) error) error {
		var division, keeper, done int64
		var line string
		var veiled bool
		var v compare.Visit
		if err := scan(&division, &keeper, &line, &veiled, &v.Object, &v.Team, &v.Origin, &done); err != nil {
			return err
		}
		hidden := veiled && (q.Told || !p.Can(identity.InspectionRead, line, keeper)) || !p.Can(identity.MatterRead, line, division)
		if hidden || len(lines) > 0 && !lines[line] {
			return nil
		}
		v.Division, v.At = countyOf(tree, division), store.Time(done)
		count.Visit(v)
		return nil
	}, q.Scope)
	if err != nil {
		return fmt.Errorf("read the inspections done: %w", err)
	}
	return nil
}

// countDeductions counts the points that steps of the ladder took off, within what the person may see. What is issued is known to all.
func (s *Service) countDeductions(ctx context.Context, p *identity.Principal, tree *registry.Tree, q StatisticsQuery, count *compare.Count) error {
	err := store.Each(ctx, s.db, `
		SELECT division_id, line, points, decided_at FROM escalation
		WHERE state IN ('issued', 'replied') AND points IS NOT NULL AND division_id IN (SELECT descendant_id FROM division_closure WHERE ancestor_id = $1) ORDER BY decided_at, id`, func(scan func(...any) error) error {
		var division, points, decided int64
		var line string
		if err := scan(&division, &line, &points, &decided); err != nil {
			return err
		}
		if p.Can(identity.MatterRead, line, division) && (len(q.Lines) == 0 || slices.Contains(q.Lines, line)) {
			count.Deduct(compare.Deduction{Division: countyOf(tree, division), Points: quantity.Decimal(points), At: store.Time(decided)})
		}
		return nil
	}, q.Scope)
	if err != nil {
		return fmt.Errorf("read the points taken off: %w", err)
	}
	return nil
}

// Visit is one inspection of an object that is done.
type Visit struct {
	Inspection, Object int64
	At                 time.Time
}

// Visits lists the inspections done by a checklist that are known to all, the earliest first. It asks no permission.
func (s *Service) Visits(ctx context.Context, list string) ([]Visit, error) {
	var out []Visit
	err := store.Each(ctx, s.db, `SELECT id, object_id, done_at FROM inspection WHERE checklist_id = $1 AND state = 'done' AND veiled = 0 ORDER BY done_at, id`, func(scan func(...any) error) error {
		var v Visit
		var at int64
		err := scan(&v.Inspection, &v.Object, &at)
		v.At = store.Time(at)
		out = append(out, v)
		return err
	}, list)
	if err != nil {
		return nil, fmt.Errorf("read the inspections by %s: %w", list, err)
	}
	return out, nil
}
