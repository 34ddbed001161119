package project

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/project/lifecycle"
	"anlan/internal/quantity"
	"anlan/internal/store"

	"anlan/internal/fault"
)

// record is a project as it is kept.
type record struct {
	id, edit                      int64
	code                          string
	name                          fault.Text
	kind                          string
	division                      int64
	legalPerson, stats, lib, note string
	total                         quantity.Null
	assessed                      bool
	withdrawn                     *time.Time
	made, changed                 time.Time
	programmes                    []string
	parts                         []*part
	items                         []item
}

// part is a part as it is kept.
type part struct {
	id, edit, parent int64
	kind, code       string
	name             fault.Text
	division         int64
	total            quantity.Null
	contractor, note string
	shape            *ProjectShape
	sort             int64
	withdrawn        *time.Time
	made             time.Time
	steps            []step
	planned          []schedule
	year             lifecycle.Year // figures of the view's year, as they stand
	revisions        [12]map[What]int64
	spent            quantity.Null // work done in all years, up to the view's day
	firstActual      *hydrotime.Month
	funds            []fund
}

type step struct {
	lifecycle.Step
	document, note, by, byID string
	written                  time.Time
	undoneBy, undoneWhy      string
	approved                 *time.Time // nil while it awaits somebody's approval and does not count
	approvedBy               string     // "" where none was asked for
}

// awaits reports whether a step was submitted and nobody has confirmed it or taken it back.
func (s step) awaits() bool { return s.approved == nil && s.Undone == nil }

type schedule struct {
	milestone string
	on, first hydrotime.Date
}

type fund struct {
	id                  int64
	source, step        string
	on                  hydrotime.Date
	amount              quantity.Decimal
	document, note, by  string
	written             time.Time
	voided              *time.Time
	voidedBy, voidedWhy string
}

// item is that a project stands in a list.
type item struct {
	id, list, part int64
	note           string
	added          time.Time
	removed        *time.Time
}

// What is one of the monthly figures.
type What string

// The monthly figures: investment of the month in 万元, progress at its end in percent.
const (
	Plan            What = "plan"
	Actual          What = "actual"
	PlannedProgress What = "planned_progress"
	Progress        What = "progress"
)

// Whats lists the monthly figures.
func Whats() []What { return []What{Plan, Actual, PlannedProgress, Progress} }

func (w What) of(m *lifecycle.MonthFigures) *quantity.Null {
	switch w {
	case Plan:
		return &m.Plan
	case Actual:
		return &m.Actual
	case PlannedProgress:
		return &m.PlannedProgress
	}
	return &m.Progress
}

// pure lays a project out as the rules see it: what awaits approval is not there.
func (r *record) pure() *lifecycle.Project {
	out := &lifecycle.Project{}
	for _, x := range r.parts {
		p := lifecycle.Part{ID: x.id, Parent: x.parent, Gone: x.withdrawn != nil, FirstActual: x.firstActual}
		for _, s := range x.steps {
			if s.approved != nil {
				p.Steps = append(p.Steps, s.Step)
			}
		}
		out.Parts = append(out.Parts, p)
	}
	return out
}

func (r *record) part(id int64) *part {
	i := slices.IndexFunc(r.parts, func(x *part) bool { return x.id == id })
	if i < 0 {
		return nil
	}
	return r.parts[i]
}

func (r *record) whole() *part {
	for _, x := range r.parts {
		if x.parent == 0 {
			return x
		}
	}
	return &part{division: r.division}
}

// closed refuses what would change a part that was withdrawn, or one of a project that was; it only comes back.
func (r *record) closed(x *part) error {
	if r.withdrawn != nil || x.withdrawn != nil {
		return fault.Conflictf("project.withdrawn", "该项目或部分已撤出", "the project or the part was withdrawn")
	}
	return nil
}

// seen are the parts that a person may see and that stand.
func (r *record) seen(v *view) []*part {
	var out []*part
	for _, x := range r.parts {
		if v.sees(x.division) && x.withdrawn == nil {
			out = append(out, x)
		}
	}
	return out
}

// divisions are where a project lies.
func (r *record) divisions() []int64 {
	out := []int64{r.division}
	for _, x := range r.parts {
		if !slices.Contains(out, x.division) {
			out = append(out, x.division)
		}
	}
	return out
}

const selectProject = `
	SELECT p.id, p.edit, p.code, p.name_zh, p.name_en, p.kind, p.division_id, p.legal_person, p.total, p.assessed, p.stats_id, p.library, p.note, p.withdrawn_at, p.made_at, p.changed_at
	FROM project p`

// read reads the projects that a condition on p finds, in order of id, with everything that a view of a year needs.
func (s *Service) read(ctx context.Context, q store.Querier, v *view, where string, args ...any) ([]*record, error) {
	var out []*record
	at := map[int64]*record{}
	err := store.Each(ctx, q, selectProject+where+` ORDER BY p.id`, func(scan func(...any) error) error {
		r := &record{}
		var total, withdrawn sql.NullInt64
		var made, changed int64
		err := scan(&r.id, &r.edit, &r.code, &r.name.Zh, &r.name.En, &r.kind, &r.division, &r.legalPerson, &total, &r.assessed, &r.stats, &r.lib, &r.note, &withdrawn, &made, &changed)
		r.total, r.withdrawn, r.made, r.changed = amountOf(total), store.MaybeTime(withdrawn), store.Time(made), store.Time(changed)
		out, at[r.id] = append(out, r), r
		return err
	}, args...)
	if err != nil {
		return nil, fmt.Errorf("read projects: %w", err)
	}
	if len(out) == 0 {
		return nil, nil
	}
	parts := map[int64]*part{}
	for _, f := range []func() error{
		func() error { return readProgrammes(ctx, q, at, where, args) },
		func() error { return readParts(ctx, q, at, parts, where, args) },
		func() error { return readSteps(ctx, q, parts, where, args) },
		func() error { return readSchedule(ctx, q, parts, where, args) },
		func() error { return v.readYear(ctx, q, parts, where, args) },
		func() error { return v.readSpent(ctx, q, parts, where, args) },
		func() error { return readFunds(ctx, q, parts, where, args) },
		func() error { return readItems(ctx, q, at, where, args) },
	} {
		if err := f(); err != nil {
			return nil, err
		}
	}
	return v.asKnown(ctx, q, out, at, parts)
}

func readProgrammes(ctx context.Context, q store.Querier, at map[int64]*record, where string, args []any) error {
	return store.Each(ctx, q, `SELECT g.project_id, g.programme FROM project_programme g JOIN project p ON p.id = g.project_id`+where+` ORDER BY g.project_id, g.programme`,
		func(scan func(...any) error) error {
			var id int64
			var word string
			err := scan(&id, &word)
			if r := at[id]; err == nil && r != nil {
				r.programmes = append(r.programmes, word)
			}
			return err
		}, args...)
}

func readParts(ctx context.Context, q store.Querier, at map[int64]*record, parts map[int64]*part, where string, args []any) error {
	return store.Each(ctx, q, `
		SELECT x.project_id, x.id, x.edit, COALESCE(x.parent_id, 0), x.kind, x.code, x.name_zh, x.name_en, x.division_id, x.total, x.contractor, COALESCE(x.shape, ''), x.sort, x.note, x.withdrawn_at, x.made_at
		FROM project_part x JOIN project p ON p.id = x.project_id`+where+` ORDER BY x.project_id, COALESCE(x.parent_id, 0), x.sort, x.id`,
		func(scan func(...any) error) error {
			x := &part{}
			var project, made int64
			var total, withdrawn sql.NullInt64
			var shape string
			err := scan(&project, &x.id, &x.edit, &x.parent, &x.kind, &x.code, &x.name.Zh, &x.name.En, &x.division, &total, &x.contractor, &shape, &x.sort, &x.note, &withdrawn, &made)
			if err != nil {
				return err
			}
			x.total, x.withdrawn, x.made = amountOf(total), store.MaybeTime(withdrawn), store.Time(made)
			if shape != "" {
				x.shape = &ProjectShape{}
				if err := json.Unmarshal([]byte(shape), x.shape); err != nil {
					return fmt.Errorf("shape of part %d: %w", x.id, err)
				}
			}
			if r := at[project]; r != nil {
				r.parts, parts[x.id] = append(r.parts, x), x
			}
			return nil
		}, args...)
}

const ofProject = ` JOIN project_part x ON x.id = t.part_id JOIN project p ON p.id = x.project_id`

func readSteps(ctx context.Context, q store.Querier, parts map[int64]*part, where string, args []any) error {
	return store.Each(ctx, q, `
		SELECT t.part_id, t.id, t.milestone, t.on_day, t.amount, t.document, t.note, t.by_id, t.by_name, t.written_at, t.undone_at, t.undone_by, t.undone_why, t.approved_at, t.approved_by
		FROM project_step t`+ofProject+where+` ORDER BY t.part_id, t.on_day, t.id`, func(scan func(...any) error) error {
		var st step
		var owner, on, written int64
		var sum, undone, approved sql.NullInt64
		err := scan(&owner, &st.ID, &st.Milestone, &on, &sum, &st.document, &st.note, &st.byID, &st.by, &written, &undone, &st.undoneBy, &st.undoneWhy, &approved, &st.approvedBy)
		st.On, st.Amount, st.written, st.Undone, st.approved = dayOf(on), amountOf(sum), store.Time(written), store.MaybeTime(undone), store.MaybeTime(approved)
		if x := parts[owner]; x != nil {
			x.steps = append(x.steps, st)
		}
		return err
	}, args...)
}

func readSchedule(ctx context.Context, q store.Querier, parts map[int64]*part, where string, args []any) error {
	return store.Each(ctx, q, `SELECT t.part_id, t.milestone, t.planned_on, t.first_on FROM project_schedule t`+ofProject+where+` ORDER BY t.part_id, t.planned_on, t.milestone`,
		func(scan func(...any) error) error {
			var owner, on, first int64
			var l schedule
			err := scan(&owner, &l.milestone, &on, &first)
			l.on, l.first = dayOf(on), dayOf(first)
			if x := parts[owner]; x != nil {
				x.planned = append(x.planned, l)
			}
			return err
		}, args...)
}

func (v *view) readYear(ctx context.Context, q store.Querier, parts map[int64]*part, where string, args []any) error {
	from := len(args) + 1
	table, known := v.figureTable(from + 2)
	all := append(append(slices.Clone(args), int64(v.year*100+1), int64(v.year*100+12)), known...)
	return store.Each(ctx, q, fmt.Sprintf(`SELECT t.part_id, t.month, t.what, t.value, t.revision FROM %s%s%s AND t.month BETWEEN $%d AND $%d`, table, ofProject, where, from, from+1),
		func(scan func(...any) error) error {
			var owner, month, revision int64
			var what What
			var value sql.NullInt64
			err := scan(&owner, &month, &what, &value, &revision)
			x := parts[owner]
			if err != nil || x == nil {
				return err
			}
			i := int(month%100) - 1
			*what.of(&x.year[i]) = amountOf(value)
			if x.revisions[i] == nil {
				x.revisions[i] = map[What]int64{}
			}
			x.revisions[i][what] = revision
			return nil
		}, all...)
}

func (v *view) readSpent(ctx context.Context, q store.Querier, parts map[int64]*part, where string, args []any) error {
	from := len(args) + 1
	table, known := v.figureTable(from + 1)
	all := append(append(slices.Clone(args), int64(v.day.Year*100+int(v.day.Month))), known...)
	return store.Each(ctx, q, fmt.Sprintf(`
		SELECT t.part_id, COALESCE(MIN(CASE WHEN t.value <> 0 THEN t.month END), 0), SUM(CASE WHEN t.what = 'actual' AND t.month <= $%d THEN t.value END)
		FROM %s%s%s AND t.what IN ('actual', 'progress') GROUP BY t.part_id`, from, table, ofProject, where),
		func(scan func(...any) error) error {
			var owner, first int64
			var spent sql.NullInt64
			err := scan(&owner, &first, &spent)
			if x := parts[owner]; x != nil {
				x.spent = amountOf(spent)
				if first > 0 {
					m := hydrotime.Month(first)
					x.firstActual = &m
				}
			}
			return err
		}, all...)
}

func readFunds(ctx context.Context, q store.Querier, parts map[int64]*part, where string, args []any) error {
	return store.Each(ctx, q, `
		SELECT t.part_id, t.id, t.source, t.step, t.on_day, t.amount, t.document, t.note, t.by_name, t.written_at, t.voided_at, t.voided_by, t.voided_why
		FROM project_fund t`+ofProject+where+` ORDER BY t.part_id, t.on_day, t.id`, func(scan func(...any) error) error {
		var f fund
		var owner, on, sum, written int64
		var voided sql.NullInt64
		err := scan(&owner, &f.id, &f.source, &f.step, &on, &sum, &f.document, &f.note, &f.by, &written, &voided, &f.voidedBy, &f.voidedWhy)
		f.on, f.amount, f.written, f.voided = dayOf(on), quantity.Decimal(sum), store.Time(written), store.MaybeTime(voided)
		if x := parts[owner]; x != nil {
			x.funds = append(x.funds, f)
		}
		return err
	}, args...)
}

func readItems(ctx context.Context, q store.Querier, at map[int64]*record, where string, args []any) error {
	return store.Each(ctx, q, `
		SELECT t.project_id, t.id, t.list_id, COALESCE(t.part_id, 0), t.note, t.added_at, t.removed_at
		FROM project_list_item t JOIN project p ON p.id = t.project_id`+where+` ORDER BY t.project_id, t.id`, func(scan func(...any) error) error {
		var i item
		var project, added int64
		var removed sql.NullInt64
		err := scan(&project, &i.id, &i.list, &i.part, &i.note, &added, &removed)
		i.added, i.removed = store.Time(added), store.MaybeTime(removed)
		if r := at[project]; r != nil {
			r.items = append(r.items, i)
		}
		return err
	}, args...)
}

// one reads a project that the person may see.
func (s *Service) one(ctx context.Context, q store.Querier, v *view, id int64) (*record, error) {
	list, err := s.read(ctx, q, v, ` WHERE p.id = $1`, id)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 || !list[0].visible(v) {
		return nil, errUnknown()
	}
	return list[0], nil
}

// take waits for whoever else writes a project that a condition on p finds: two could else each pass a guard that both together break.
func take(ctx context.Context, tx *store.Tx, where string, args ...any) error {
	return tx.Take(ctx, `SELECT p.id FROM project p`+where+` ORDER BY p.id`, args...)
}

// taken reads a project that the person may see, to write it.
func (s *Service) taken(ctx context.Context, tx *store.Tx, v *view, id int64) (*record, error) {
	if err := take(ctx, tx, ` WHERE p.id = $1`, id); err != nil {
		return nil, fmt.Errorf("take project %d: %w", id, err)
	}
	return s.one(ctx, tx, v, id)
}

// takenByPart reads the project of a part that the person may see, to write it.
func (s *Service) takenByPart(ctx context.Context, tx *store.Tx, v *view, id int64) (*record, *part, error) {
	if err := take(ctx, tx, ` WHERE p.id = (SELECT project_id FROM project_part WHERE id = $1)`, id); err != nil {
		return nil, nil, fmt.Errorf("take the project of part %d: %w", id, err)
	}
	return s.byPart(ctx, tx, v, id)
}

// visible reports whether a person may know of a project: it is kept, or has a part, where they may read.
func (r *record) visible(v *view) bool { return slices.ContainsFunc(r.divisions(), v.sees) }

// visibleIn reports whether a person may know of a project by what lies in one division.
func (r *record) visibleIn(v *view, division int64) bool {
	return slices.ContainsFunc(r.divisions(), func(d int64) bool { return v.sees(d) && v.tree.Within(division, d) })
}

// byPart reads the project of a part that the person may see.
func (s *Service) byPart(ctx context.Context, q store.Querier, v *view, id int64) (*record, *part, error) {
	list, err := s.read(ctx, q, v, ` WHERE p.id = (SELECT project_id FROM project_part WHERE id = $1)`, id)
	if err != nil {
		return nil, nil, err
	}
	if len(list) == 0 || !v.sees(list[0].part(id).division) {
		return nil, nil, fault.NotFoundf("project.part", "没有这个工程部分，或不在您的权限范围内", "there is no such part, or it is outside your scope")
	}
	return list[0], list[0].part(id), nil
}
