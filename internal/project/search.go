package project

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"anlan/internal/project/lifecycle"
	"anlan/internal/store"
)

// search is a query laid out for the store: a join and condition on project p, of which standings k tell how it stands.
type search struct {
	at   int64 // the division as seen from which it is judged
	from string
	args []any // each is named in from: PostgreSQL refuses one that no query uses
}

func (s *search) bind(value any) string {
	s.args = append(s.args, value)
	return fmt.Sprint("$", len(s.args))
}

// like is whether a column holds a text.
func (s *search) like(column, text string) string {
	return column + ` LIKE ` + s.bind("%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)+"%") + ` ESCAPE '\'`
}

// searched lays a query out as seen from a division. What it asks is what takes holds against a project in memory.
func (v *view) searched(q *Query, at int64, lists map[int64]*list) *search {
	s := &search{at: at}
	s.from = ` JOIN project_standing k ON k.project_id = p.id AND k.scope_id = ` + s.bind(at) + ` JOIN division d ON d.id = p.division_id WHERE 1 = 1`
	and := func(cond string) { s.from += " AND " + cond }
	if !q.Withdrawn {
		and(`p.withdrawn_at IS NULL`)
	}
	if q.Kind != "" {
		and(`p.kind = ` + s.bind(q.Kind))
	}
	if q.Programme != "" {
		and(`EXISTS (SELECT 1 FROM project_programme w WHERE w.project_id = p.id AND w.programme = ` + s.bind(q.Programme) + `)`)
	}
	switch {
	case q.Pace == "behind":
		and(fmt.Sprintf(`k.pace IN (%s, %s)`, s.bind(string(lifecycle.Lagging)), s.bind(string(lifecycle.Severe))))
	case q.Pace != "":
		and(`k.pace = ` + s.bind(q.Pace))
	}
	if q.List != 0 {
		and(v.listedIn(s, q.List))
	}
	switch {
	case q.anyList < 0:
		and(`EXISTS (SELECT 1 FROM project_list_item i WHERE i.project_id = p.id)`)
	case q.anyList > 0:
		and(`EXISTS (SELECT 1 FROM project_list_item i WHERE i.project_id = p.id AND i.list_id = ` + s.bind(q.anyList) + `)`)
	}
	for _, c := range []struct {
		asked bool
		cond  string
	}{
		{q.Assessed, `p.assessed <> 0`},
		{q.Gap, `k.uncounted <> 0`},
		{q.Awaits, `k.awaits > 0`},
		{q.State == "building", `k.building > 0`},
		{q.State == "commissioned", `k.commissioned > 0`},
		{q.State == "ended", `k.parts > 0 AND k.ended >= k.parts`},
		{q.State == "waiting", `k.building + k.ended = 0`},
	} {
		if c.asked {
			and(c.cond)
		}
	}
	if q.Named {
		and(v.namedBy(s, lists))
	}
	if q.Stage != "" {
		and(s.like("k.stages_in", "|"+q.Stage+"|"))
	}
	if q.Text != "" {
		and(s.like("k.words", strings.ToLower(clean(q.Text))))
	}
	return s
}

// listedIn is whether a project stands in a list now, itself or by a part that is counted.
func (v *view) listedIn(s *search, list int64) string {
	return fmt.Sprintf(`EXISTS (SELECT 1 FROM project_list_item i JOIN project_list l ON l.id = i.list_id LEFT JOIN project_part y ON y.id = i.part_id
		WHERE i.project_id = p.id AND i.list_id = %s AND i.removed_at IS NULL AND l.withdrawn_at IS NULL AND l.issued_on <= %s
		AND (i.part_id IS NULL OR y.division_id IN (SELECT descendant_id FROM division_closure WHERE ancestor_id = %s)))`, s.bind(list), s.bind(number(v.day)), s.bind(s.at))
}

// namedBy is whether the province's latest notice for the project's city names it, itself or by a part that is counted.
func (v *view) namedBy(s *search, lists map[int64]*list) string {
	var cond []string
	for _, d := range v.tree.All() {
		if d.Level != "city" && d.ParentID != nil {
			continue
		}
		if l := v.latest(lists, d.ID); l != nil {
			cond = append(cond, fmt.Sprintf(`k.city_id = %s AND %s`, s.bind(d.ID), v.listedIn(s, l.id)))
		}
	}
	if len(cond) == 0 {
		return `1 = 0`
	}
	return `(` + strings.Join(cond, ` OR `) + `)`
}

// least stands for what is absent, before every figure.
const least = `-4611686018427387904`

// orderBy is the order of a list, as sortFound has it. Texts are ordered byte by byte on both engines.
func orderBy(engine store.Engine, by string) string {
	bytewise := ""
	if engine == store.Postgres {
		bytewise = ` COLLATE "C"`
	}
	by, down := strings.CutPrefix(by, "-")
	keys := map[string][]string{
		"name": {"p.name_zh" + bytewise}, "code": {"p.code" + bytewise}, "division": {"d.code" + bytewise}, "stage": {"k.furthest", "k.slowest"},
		"pace": {"-k.worst", "COALESCE(k.gap, " + least + ")"}, "gap": {"COALESCE(k.gap, " + least + ")"}, "total": {"COALESCE(k.share, " + least + ")"},
		"spent": {"COALESCE(k.spent, " + least + ")"}, "changed": {"p.changed_at"},
	}[by]
	if keys == nil {
		keys = []string{"-k.worst", "COALESCE(k.gap, " + least + ")"}
	}
	if down {
		for i := range keys {
			keys[i] += " DESC"
		}
	}
	return strings.Join(append(keys, "d.code"+bytewise, "p.code"+bytewise, "p.id"), ", ")
}

// page reads the numbers of the projects on one page, in order; known is false where the project that it begins after is not found.
func (s *Service) page(ctx context.Context, q store.Querier, se *search, by string, after int64, most int) (ids []int64, known bool, err error) {
	args := slices.Clone(se.args)
	bind := func(n any) string { args = append(args, n); return fmt.Sprint("$", len(args)) }
	order := fmt.Sprintf(`WITH o AS (SELECT p.id, ROW_NUMBER() OVER (ORDER BY %s) AS n FROM project p%s) `, orderBy(s.db.Engine(), by), se.from)
	query := order + `SELECT o.id, 0 FROM o`
	if after != 0 {
		query = order + `SELECT o.id, a.n FROM o JOIN o a ON a.id = ` + bind(after) + ` WHERE o.n >= a.n`
	}
	err = store.Each(ctx, q, query+` ORDER BY o.n LIMIT `+bind(most+2), func(scan func(...any) error) error {
		var id, from int64
		err := scan(&id, &from)
		if after != 0 && id == after {
			known = true
			return err
		}
		ids = append(ids, id)
		return err
	}, args...)
	if err != nil {
		return nil, false, fmt.Errorf("read a page of projects: %w", err)
	}
	return ids, known || after == 0, nil
}

// tallied counts everything that a search finds.
func (v *view) tallied(ctx context.Context, q store.Querier, se *search, lists map[int64]*list) (total int, out ProjectTally, err error) {
	more := &search{at: se.at, args: slices.Clone(se.args)}
	named := v.namedBy(more, lists)
	out = ProjectTally{Stages: map[string]int{}, Paces: map[string]int{}, Counties: []ProjectCountySum{}}
	err = store.Each(ctx, q, `
		SELECT k.furthest, k.pace, COUNT(*), SUM(CASE WHEN k.building > 0 THEN 1 ELSE 0 END), SUM(CASE WHEN k.commissioned > 0 THEN 1 ELSE 0 END), SUM(CASE WHEN p.assessed <> 0 THEN 1 ELSE 0 END),
			CAST(SUM(k.uncounted) AS BIGINT), SUM(CASE WHEN k.awaits > 0 THEN 1 ELSE 0 END), CAST(SUM(k.partial) AS BIGINT), SUM(CASE WHEN `+named+` THEN 1 ELSE 0 END), CAST(SUM(k.share) AS BIGINT)
		FROM project p`+se.from+` GROUP BY k.furthest, k.pace ORDER BY k.furthest, k.pace`, func(scan func(...any) error) error {
		var place, n, building, commissioned, assessed, gaps, awaits, partial, notified int
		var pace lifecycle.Pace
		var share sql.NullInt64
		if err := scan(&place, &pace, &n, &building, &commissioned, &assessed, &gaps, &awaits, &partial, &notified, &share); err != nil {
			return err
		}
		stage := ""
		if place >= 0 && place < len(v.rules.Stages) {
			stage = v.rules.Stages[place].ID
		}
		out.Stages[stage] += n
		out.Paces[string(pace)] += n
		total, out.Building, out.Commissioned, out.Assessed = total+n, out.Building+building, out.Commissioned+commissioned, out.Assessed+assessed
		out.Gaps, out.Awaits, out.Partial, out.Named = out.Gaps+gaps, out.Awaits+awaits, out.Partial+partial, out.Named+notified
		if pace.Behind() {
			out.Behind += n
		}
		out.Total = plus(out.Total, amountOf(share))
		return nil
	}, more.args...)
	if err != nil {
		return 0, out, fmt.Errorf("count projects: %w", err)
	}
	if out.Lag, err = v.lagOf(ctx, q, se); err != nil {
		return 0, out, err
	}
	if !v.inCounty() {
		out.Counties, err = v.countiesOf(ctx, q, se)
	}
	return total, out, err
}

// lagOf is the lag of all that a search finds together: years are added up by the rules, which weigh progress exactly.
func (v *view) lagOf(ctx context.Context, q store.Querier, se *search) (out lifecycle.ProjectLag, err error) {
	var years []lifecycle.Weighed
	err = store.Each(ctx, q, `SELECT k.year, k.share FROM project p`+se.from+` ORDER BY p.id`, func(scan func(...any) error) error {
		var text string
		var share sql.NullInt64
		if err := scan(&text, &share); err != nil {
			return err
		}
		y, err := yearOf(text)
		years = append(years, lifecycle.Weighed{Year: y, Weight: amountOf(share)})
		return err
	}, se.args...)
	if err != nil {
		return out, fmt.Errorf("add up the year of projects: %w", err)
	}
	return v.rules.Lag.Judge(lifecycle.Sum(years), v.year, v.day, false), nil
}

// countiesOf adds up what a search finds county by county, and what is the city's own.
func (v *view) countiesOf(ctx context.Context, q store.Querier, se *search) ([]ProjectCountySum, error) {
	out := []ProjectCountySum{}
	put := func(scan func(...any) error) error {
		var at sql.NullInt64
		var n int
		var share, plan, done sql.NullInt64
		err := scan(&at, &n, &share, &plan, &done)
		if err != nil || n == 0 {
			return err
		}
		if at.Valid && !v.tree.Within(se.at, at.Int64) { // the other end of a project that lies partly here
			return nil
		}
		if !at.Valid {
			at.Int64 = v.top()
		}
		c := sumOf(&out, v, at.Int64)
		c.Projects, c.Total, c.Plan, c.Done = n, amountOf(share), amountOf(plan), amountOf(done)
		return nil
	}
	err := store.Each(ctx, q, `
		SELECT z.scope_id, COUNT(*), CAST(SUM(z.share) AS BIGINT), CAST(SUM(z.plan) AS BIGINT), CAST(SUM(z.done) AS BIGINT)
		FROM project p JOIN project_standing z ON z.project_id = p.id AND z.counted <> 0 JOIN division c ON c.id = z.scope_id AND c.level = 'county'`+se.from+`
		GROUP BY z.scope_id`, put, se.args...)
	if err == nil {
		err = store.Each(ctx, q, `
			SELECT CAST(NULL AS BIGINT), COUNT(*), CAST(SUM(k.own) AS BIGINT), CAST(SUM(k.own_plan) AS BIGINT), CAST(SUM(k.own_done) AS BIGINT)
			FROM project p`+se.from+` AND k.has_own <> 0`, put, se.args...)
	}
	if err != nil {
		return nil, fmt.Errorf("add up projects by county: %w", err)
	}
	return inOrder(out), nil
}

// rows reads the projects of a page in the order of their numbers.
func (s *Service) rows(ctx context.Context, q store.Querier, v *view, lists map[int64]*list, ids []int64) ([]ProjectRow, error) {
	out := []ProjectRow{}
	if len(ids) == 0 {
		return out, nil
	}
	var args []any
	for _, id := range ids {
		args = append(args, id)
	}
	list, err := s.read(ctx, q, v, ` WHERE p.id IN (`+store.Places(1, len(ids))+`)`, args...)
	if err != nil {
		return nil, err
	}
	at := map[int64]*record{}
	for _, r := range list {
		at[r.id] = r
	}
	for _, id := range ids {
		if r := at[id]; r != nil {
			out = append(out, v.row(r, lists))
		}
	}
	return out, nil
}

// standings runs f over one state of the store in which every project's standing is fresh; ok is false where standings do not tell what is
// asked, or other writers do not let them be.
func (s *Service) standings(ctx context.Context, v *view, q *Query, f func(tx store.Querier, at int64) error) (ok bool, err error) {
	if v.p == nil || q.inMemory || !s.standsKept(v) {
		return false, nil
	}
	at, none, tells := v.standFrom()
	if !tells || none {
		return none, nil
	}
	mark := v.mark()
	for range 3 {
		if err := s.refresh(ctx, v, mark); err != nil {
			return false, err
		}
		err = s.db.Snapshot(ctx, func(tx store.Querier) error {
			stale, err := staleStandings(ctx, tx, mark, 1)
			if ok = len(stale) == 0; err != nil || !ok {
				return err
			}
			return f(tx, at)
		})
		if err != nil || ok {
			return ok, err
		}
	}
	return false, nil
}

// searchPage fills a page from the store; done is false where what is asked has to be judged in memory.
func (s *Service) searchPage(ctx context.Context, v *view, q Query, out *ProjectPage) (done bool, err error) {
	return s.standings(ctx, v, &q, func(tx store.Querier, at int64) error {
		lists, err := v.readLists(ctx, tx)
		if err != nil {
			return err
		}
		se := v.searched(&q, at, lists)
		if out.Total, out.Tally, err = v.tallied(ctx, tx, se, lists); err != nil {
			return err
		}
		ids, known, err := s.page(ctx, tx, se, q.Sort, q.After, q.most())
		if err != nil {
			return err
		}
		if !known {
			return errCursor()
		}
		if len(ids) > q.most() {
			ids = ids[:q.most()]
			out.Next = fmt.Sprint(ids[len(ids)-1])
		}
		out.Items, err = s.rows(ctx, tx, v, lists, ids)
		return err
	})
}
