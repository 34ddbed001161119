package oversight

import (
	"context"
	"fmt"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/oversight/checklist"
	"anlan/internal/oversight/compare"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// StatisticsQuery is which problems and visits are counted, and as of which day.
type StatisticsQuery struct {
	Scope int64
	Lines []string // any where empty
	From  *hydrotime.Date
	AsOf  hydrotime.Date
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
	records, err := s.records(ctx, p, tree, q)
	if err != nil {
		return nil, err
	}
	visits, err := s.visits(ctx, p, tree, q)
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
	out := &Statistics{Stats: map[string]compare.Stat{}, Comparison: book.Comparison}
	byCounty := compare.ByDivision(records, visits, ask, func(string) string { return "" })
	for _, d := range tree.Filers(q.Scope, "county", q.AsOf.End()) {
		out.Counties = append(out.Counties, d)
		st, ok := byCounty[d.Code]
		if !ok {
			st = compare.Compute(nil, nil, ask)
		}
		out.Stats[d.Code] = st
	}
	out.Total = compare.Compute(records, visits, ask)
	if book.Comparison != nil {
		out.Scores, err = book.Comparison.Compare(out.Stats)
	}
	return out, err
}

// records are the problems of a query with what became of them.
func (s *Service) records(ctx context.Context, p *identity.Principal, tree *registry.Tree, q StatisticsQuery) ([]compare.Record, error) {
	list, err := s.matter.Chronicles(ctx, p, matter.Query{Kinds: []matter.Kind{matter.Finding, matter.Hazard}, Lines: q.Lines, Division: q.Scope})
	if err != nil {
		return nil, err
	}
	teams, err := s.teamsOf(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]compare.Record, 0, len(list))
	for _, c := range list {
		if c.Origin == matter.Rule {
			continue
		}
		out = append(out, recordOf(c, countyOf(tree, c.Division), teams[c.SourceID]))
	}
	return out, nil
}

func recordOf(c matter.Chronicle, county, team string) compare.Record {
	r := compare.Record{
		ID: c.ID, Division: county, Object: c.Object, Item: c.Item, Origin: compare.Origin(c.Origin), Found: store.Time(c.Found), Opened: store.Time(c.Opened),
		RecurrentOf: c.Recurs, Missed: c.Missed,
	}
	if c.Source == "inspection" {
		r.Team = team
	}
	if c.Severity >= matter.General && c.Severity <= matter.Grave {
		r.Severity = checklist.Severities()[c.Severity-1]
	}
	if c.Original != 0 {
		r.OriginalDue = store.Time(c.Original)
	}
	for _, t := range c.Turns {
		turn(&r, t)
	}
	return r
}

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

// visits are the inspections done, within what the person may see.
func (s *Service) visits(ctx context.Context, p *identity.Principal, tree *registry.Tree, q StatisticsQuery) ([]compare.Visit, error) {
	var out []compare.Visit
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
		hidden := veiled && !p.Can(identity.InspectionRead, line, keeper) || !p.Can(identity.MatterRead, line, division)
		if hidden || len(lines) > 0 && !lines[line] {
			return nil
		}
		v.Division, v.At = countyOf(tree, division), store.Time(done)
		out = append(out, v)
		return nil
	}, q.Scope)
	if err != nil {
		return nil, fmt.Errorf("read the inspections done: %w", err)
	}
	return out, nil
}
