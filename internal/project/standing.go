package project

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/project/lifecycle"
	"anlan/internal/quantity"
	"anlan/internal/store"
)

// What judges is in the rules and stays there; the store keeps what it came to, so that lists filter, order and count there. One row is
// how a project stands as seen from a division: by the parts that lie in it. A change of the project drops its rows, and the next list
// makes them anew.

// mark is by what a standing was judged: the rules, the month and its last whole one, and the tree.
func (v *view) mark() string {
	h := fnv.New64a()
	for _, d := range v.tree.All() {
		up := int64(0)
		if d.ParentID != nil {
			up = *d.ParentID
		}
		fmt.Fprint(h, d.ID, " ", up, " ", d.Level, "\n")
	}
	return fmt.Sprint(v.rules.ID, "/", v.rules.Version, "/", v.day.InMonth(), "/", v.day.AddDays(1).InMonth().Add(-1), "/", strconv.FormatUint(h.Sum64(), 36))
}

// standsKept reports whether standings are kept of the days that a view is of.
func (s *Service) standsKept(v *view) bool {
	return !v.past() && v.day == hydrotime.DateOf(s.now()) && v.year == v.day.Year
}

// keptFrom reports whether standings are kept as seen from a division.
func (v *view) keptFrom(d int64) bool {
	at, ok := v.tree.ByID(d)
	return ok && (at.ParentID == nil || lifecycle.ApprovedAt("county", at.Level))
}

// scopes are the divisions as seen from which a project's standings are kept: every one, county or above, in which anything of it lies.
func (v *view) scopes(r *record) []int64 {
	var out []int64
	for _, d := range r.divisions() {
		here, _ := v.tree.ByID(d)
		for _, up := range append(v.tree.Ancestors(d), here) {
			if v.keptFrom(up.ID) && !slices.Contains(out, up.ID) {
				out = append(out, up.ID)
			}
		}
	}
	return out
}

// standFrom is the one division as seen from which a reader's list is judged; ok is false where standings do not tell it: a reader of
// several divisions, or one narrowed to less than a county. none says that nothing can be seen there.
func (v *view) standFrom() (at int64, none, ok bool) {
	var read []int64
	for _, d := range v.p.Scopes(identity.ProjectRead) {
		if v.sees(d) && !slices.ContainsFunc(read, func(o int64) bool { return v.tree.Within(o, d) }) {
			read = append(slices.DeleteFunc(read, func(o int64) bool { return v.tree.Within(d, o) }), d)
		}
	}
	if len(read) != 1 {
		return 0, len(read) == 0, len(read) == 0
	}
	at = read[0]
	switch {
	case v.at == 0 || v.tree.Within(v.at, at):
	case v.tree.Within(at, v.at):
		at = v.at
	default:
		return 0, true, true
	}
	return at, false, v.keptFrom(at)
}

// standBatch is how many projects are judged in one transaction.
const standBatch = 250

// refresh makes the standings anew that are missing or were judged by other rules or in another month.
func (s *Service) refresh(ctx context.Context, v *view, mark string) error {
	all := *v
	all.p, all.at = nil, 0
	for {
		stale, err := staleStandings(ctx, s.db, mark, standBatch)
		if err != nil || len(stale) == 0 {
			return err
		}
		err = s.db.Write(ctx, func(tx *store.Tx) error {
			marks, args := store.Places(1, len(stale)), []any{}
			for _, id := range stale {
				args = append(args, id)
			}
			where := ` WHERE p.id IN (` + marks + `)`
			if err := take(ctx, tx, where, args...); err != nil {
				return fmt.Errorf("take projects to judge them: %w", err)
			}
			list, err := s.read(ctx, tx, &all, where, args...)
			if err != nil {
				return err
			}
			if err := dropStandings(ctx, tx, marks, args...); err != nil {
				return err
			}
			for _, r := range list {
				if err := all.writeStandings(ctx, tx, r, mark); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

// staleStandings lists projects without a standing by a mark, some at most.
func staleStandings(ctx context.Context, q store.Querier, mark string, most int) ([]int64, error) {
	var out []int64
	err := store.Each(ctx, q, `
		SELECT p.id FROM project p WHERE NOT EXISTS (SELECT 1 FROM project_standing k WHERE k.project_id = p.id AND k.mark = $1) ORDER BY p.id LIMIT $2`, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		out = append(out, id)
		return err
	}, mark, most)
	if err != nil {
		return nil, fmt.Errorf("look for projects to judge: %w", err)
	}
	return out, nil
}

func dropStandings(ctx context.Context, tx *store.Tx, marks string, ids ...any) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM project_standing WHERE project_id IN (`+marks+`)`, ids...); err != nil {
		return fmt.Errorf("drop what projects were judged: %w", err)
	}
	return nil
}

// writeStandings judges a project as seen from each division in which anything of it lies.
func (v *view) writeStandings(ctx context.Context, tx *store.Tx, r *record, mark string) error {
	for _, at := range v.scopes(r) {
		here := *v
		here.at = at
		if err := here.writeStanding(ctx, tx, r, mark); err != nil {
			return fmt.Errorf("judge project %d as seen from division %d: %w", r.id, at, err)
		}
	}
	return nil
}

func (v *view) writeStanding(ctx context.Context, tx *store.Tx, r *record, mark string) error {
	parts := r.counted(v)
	j := v.judge(r, parts)
	place := func(stage string) int {
		_, i := v.rules.Stage(stage)
		return i
	}
	var own []*part
	var spent quantity.Null
	awaits := 0
	for _, x := range parts {
		spent, awaits = plus(spent, x.spent), awaits+x.awaiting()
		if _, ok := v.tree.County(x.division); !ok {
			own = append(own, x)
		}
	}
	share, partial := r.share(parts)
	owned, ownYear := r.owns(own), v.judge(r, own).year
	stages := "|"
	for stage := range j.span.Stages {
		stages += stage + "|"
	}
	row := []any{
		r.id, v.at, mark, v.city(r.division).ID, string(j.pace), worst(j.pace), amount(j.whole.Money.Gap), place(j.span.Slowest), place(j.span.Furthest), stages, j.span.Parts, j.span.Building, j.span.Commissioned,
		j.span.Ended, awaits, store.Flag(v.statistics(r, parts, j).Gap), store.Flag(partial), amount(share), amount(spent), amount(planOf(j.year)), amount(doneOf(j.year)),
		amount(owned), amount(planOf(ownYear)), amount(doneOf(ownYear)), store.Flag(hasOwn(owned, planOf(ownYear), doneOf(ownYear))), store.Flag(len(parts) > 0), yearText(j.year), r.mentioned(parts),
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO project_standing (project_id, scope_id, mark, city_id, pace, worst, gap, slowest, furthest, stages_in, parts, building, commissioned, ended, awaits, uncounted, partial, share, spent, plan, done,
			own, own_plan, own_done, has_own, counted, year, words) VALUES (`+store.Places(1, len(row))+`)`, row...)
	return err
}

// worst orders paces, the worst highest: what is not reported stands before what is on schedule.
func worst(p lifecycle.Pace) int {
	return slices.Index([]lifecycle.Pace{lifecycle.NoPlan, lifecycle.Ended, lifecycle.OnSchedule, lifecycle.Unreported, lifecycle.Lagging, lifecycle.Severe}, p)
}

// mentioned is what a search looks through, in small letters: the project's names and those of some of its parts.
func (r *record) mentioned(parts []*part) string {
	words := []string{r.name.Zh, r.name.En, r.code, r.legalPerson, r.stats}
	for _, x := range parts {
		words = append(words, x.name.Zh, x.name.En, x.code, x.contractor)
	}
	return strings.ToLower(strings.Join(words, "\n"))
}

// yearText writes a year as twelve times eight numbers: four figures, empty where absent, and four counts.
func yearText(y lifecycle.Year) string {
	var b strings.Builder
	for _, m := range y {
		for _, n := range []quantity.Null{m.Plan, m.Actual, m.PlannedProgress, m.Progress} {
			if n.Valid {
				b.WriteString(strconv.FormatInt(int64(n.Decimal), 10))
			}
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%d,%d,%d,%d;", m.Due, m.Reported, m.ProgressDue, m.ProgressIn)
	}
	return b.String()
}

// yearOf reads what yearText wrote.
func yearOf(text string) (y lifecycle.Year, err error) {
	months := strings.Split(strings.TrimSuffix(text, ";"), ";")
	if len(months) != len(y) {
		return y, fault.Invalidf("project.standing", "项目评价数据有误", "a standing holds %d months", len(months))
	}
	for i, month := range months {
		m := &y[i]
		var figures [4]quantity.Null
		counts := []*int{&m.Due, &m.Reported, &m.ProgressDue, &m.ProgressIn}
		for k := range 8 {
			var one string
			one, month, _ = strings.Cut(month, ",")
			if one == "" {
				continue
			}
			n, err := strconv.ParseInt(one, 10, 64)
			if err != nil {
				return y, fmt.Errorf("month %d of a standing: %w", i+1, err)
			}
			if k < len(figures) {
				figures[k] = quantity.Some(quantity.Decimal(n))
			} else {
				*counts[k-len(figures)] = int(n)
			}
		}
		m.Plan, m.Actual, m.PlannedProgress, m.Progress = figures[0], figures[1], figures[2], figures[3]
	}
	return y, nil
}
