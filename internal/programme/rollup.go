package programme

import (
	"context"
	"fmt"
	"strings"

	"anlan/internal/hydrotime"
	"anlan/internal/programme/pack"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// rollUp brings the sums above one division up to date for one month, from the nearest division upwards.
// It recomputes each sum from its children, so that it heals what it meets and needs no memory of the change.
func (c *catalogue) rollUp(ctx context.Context, tx *store.Tx, tree *registry.Tree, division int64, period hydrotime.Month, indicators []int64) error {
	for parent, ok := tree.Parent(division); ok; parent, ok = tree.Parent(parent.ID) {
		if err := c.rollUpInto(ctx, tx, tree, parent, period, indicators); err != nil {
			return err
		}
	}
	return nil
}

// rollUpInto recomputes one division's sums from its children.
func (c *catalogue) rollUpInto(ctx context.Context, tx *store.Tx, tree *registry.Tree, parent registry.Division, period hydrotime.Month, indicators []int64) error {
	children := tree.Children(parent.ID)
	for _, group := range c.groupForRollup(parent, indicators) {
		filers, aggregates := splitChildren(children, group.level)
		if err := sumChildren(ctx, tx, parent.ID, period, group, filers, aggregates); err != nil {
			return fmt.Errorf("roll up into division %s for %s: %w", parent.Code, period, err)
		}
	}
	return touch(ctx, tx, ofFigures, period)
}

// rollupGroup is indicators that are summed in the same way.
type rollupGroup struct {
	rollup     pack.Rollup
	level      pack.Level
	indicators []int64
}

// groupForRollup sorts the indicators whose figures are summed into this division.
func (c *catalogue) groupForRollup(parent registry.Division, indicators []int64) []rollupGroup {
	var groups []rollupGroup
next:
	for _, id := range indicators {
		ind, ok := c.indicatorByID(id)
		if !ok || ind.Rollup == pack.None || !above(parent.Level, string(ind.Level)) {
			continue
		}
		for i := range groups {
			if groups[i].rollup == ind.Rollup && groups[i].level == ind.Level {
				groups[i].indicators = append(groups[i].indicators, id)
				continue next
			}
		}
		groups = append(groups, rollupGroup{ind.Rollup, ind.Level, []int64{id}})
	}
	return groups
}

// splitChildren separates the children that file at a level from those that are sums themselves. Retired ones are among them: what
// they filed while they stood counts for the months of then.
func splitChildren(children []registry.Division, level pack.Level) (filers, aggregates []registry.Division) {
	for _, d := range children {
		switch {
		case d.Level == string(level):
			filers = append(filers, d)
		case above(d.Level, string(level)):
			aggregates = append(aggregates, d)
		}
	}
	return filers, aggregates
}

// sumChildren writes one division's sums. A child whose figures another child already holds counts as reported but is not added.
func sumChildren(ctx context.Context, tx *store.Tx, parent int64, period hydrotime.Month, g rollupGroup, filers, aggregates []registry.Division) error {
	key := want{g.indicators, []hydrotime.Month{period}, []int64{parent}}
	if _, err := tx.ExecContext(ctx, `DELETE FROM rollup WHERE `+key.where()); err != nil {
		return fmt.Errorf("clear the old sums: %w", err)
	}
	var parts []string
	if len(filers) > 0 {
		w := want{g.indicators, key.periods, ids(filers)}
		parts = append(parts, `SELECT indicator_id, `+counted("value_e6", filers)+` AS v, `+counted("base_e6", filers)+` AS b,
			1 AS n, CASE WHEN value_e6 IS NULL THEN 1 ELSE 0 END AS k, CASE WHEN accepted_at IS NULL THEN 1 ELSE 0 END AS p
			FROM figure WHERE `+w.where()+memberOf(filers))
	}
	if len(aggregates) > 0 {
		w := want{g.indicators, key.periods, ids(aggregates)}
		parts = append(parts, `SELECT indicator_id, `+counted("value_e6", aggregates)+` AS v, `+counted("base_e6", aggregates)+` AS b,
			reported AS n, blank AS k, provisional AS p FROM rollup WHERE `+w.where()+memberOf(aggregates))
	}
	if len(parts) == 0 {
		return nil
	}
	op := map[pack.Rollup]string{pack.Sum: "SUM", pack.Max: "MAX", pack.Min: "MIN"}[g.rollup]
	_, err := tx.ExecContext(ctx, fmt.Sprintf(`
		INSERT INTO rollup (indicator_id, period, division_id, value_e6, base_e6, reported, blank, provisional)
		SELECT indicator_id, CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST(%[1]s(v) AS BIGINT), CAST(%[1]s(b) AS BIGINT),
			CAST(SUM(n) AS BIGINT), CAST(SUM(k) AS BIGINT), CAST(SUM(p) AS BIGINT)
		FROM (%[2]s) AS c GROUP BY indicator_id`, op, strings.Join(parts, " UNION ALL ")), int64(period), parent)
	if err != nil {
		return fmt.Errorf("write the sums: %w", err)
	}
	return nil
}

// counted leaves out the figures of divisions that lie inside another one's.
func counted(column string, divisions []registry.Division) string {
	var inside []int64
	for _, d := range divisions {
		if d.InsideID != nil {
			inside = append(inside, d.ID)
		}
	}
	if len(inside) == 0 {
		return column
	}
	var b strings.Builder
	b.WriteString("CASE WHEN division_id IN (")
	writeInts(&b, inside)
	b.WriteString(") THEN NULL ELSE " + column + " END")
	return b.String()
}

// memberOf narrows a range of divisions to those meant, where the range may hold others.
func memberOf(divisions []registry.Division) string {
	var b strings.Builder
	b.WriteString(" AND division_id IN (")
	writeInts(&b, ids(divisions))
	b.WriteString(")")
	return b.String()
}

func ids(divisions []registry.Division) []int64 {
	out := make([]int64, len(divisions))
	for i, d := range divisions {
		out[i] = d.ID
	}
	return out
}

var rank = map[string]int{"province": 4, "city": 3, "county": 2, "town": 1, "village": 0}

// above reports whether level a stands above level b.
func above(a, b string) bool { return rank[a] > rank[b] }

// Recompute rebuilds every sum of one month from the filed figures, deepest divisions first, and returns how many it wrote.
func (s *Service) Recompute(ctx context.Context, period hydrotime.Month) (int64, error) {
	cat, tree, err := s.context(ctx)
	if err != nil {
		return 0, err
	}
	var n int64
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM rollup WHERE period = $1 AND indicator_id IN (SELECT id FROM indicator)`, int64(period)); err != nil {
			return err
		}
		for _, d := range parentsDeepestFirst(tree) {
			if err := cat.rollUpInto(ctx, tx, tree, d, period, cat.filedIDs()); err != nil {
				return err
			}
		}
		return tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM rollup WHERE period = $1 AND indicator_id IN (SELECT id FROM indicator)`, int64(period)).Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("recompute %s: %w", period, err)
	}
	return n, nil
}

func parentsDeepestFirst(tree *registry.Tree) []registry.Division {
	var out []registry.Division
	var walk func(d registry.Division)
	walk = func(d registry.Division) {
		children := tree.Children(d.ID)
		for _, c := range children {
			walk(c)
		}
		if len(children) > 0 {
			out = append(out, d)
		}
	}
	for _, root := range tree.Roots() {
		walk(root)
	}
	return out
}
