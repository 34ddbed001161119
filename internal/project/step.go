package project

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/project/lifecycle"
	"anlan/internal/quantity"
	"anlan/internal/store"
)

// NewProjectStep is a milestone that a part reached.
type NewProjectStep struct {
	Client    string          `json:"client_id" minLength:"8" maxLength:"60" doc:"The sender's own id: sent again, it is the same step"`
	Milestone string          `json:"milestone" maxLength:"40"`
	On        *hydrotime.Date `json:"on,omitempty" doc:"Today where left out"`
	Amount    quantity.Null   `json:"amount_wan_yuan,omitempty" doc:"What was approved, 万元"`
	Document  string          `json:"document,omitempty" maxLength:"200" doc:"Number of the approval"`
	Note      string          `json:"note,omitempty" maxLength:"2000"`
	Files     []string        `json:"files,omitempty" maxItems:"20" doc:"Hashes of files that the sender has put in"`
}

// ProjectWritten is what was made, and what should be looked at.
type ProjectWritten struct {
	ID       int64        `json:"id" doc:"0 where it was sent before"`
	Awaits   bool         `json:"awaits" doc:"It does not count before somebody else has approved it"`
	Warnings []fault.Text `json:"warnings"`
}

// Step takes a part on to a milestone. What a guard refuses is a conflict that names the guard; what one warns of is told.
func (s *Service) Step(ctx context.Context, p *identity.Principal, id int64, n NewProjectStep) (*ProjectWritten, error) {
	return s.entered(ctx, p, id, "project_step", n.Client, func(e *entry) error {
		st, err := e.v.stepOf(n)
		if err != nil {
			return err
		}
		if err := e.part.free(st.Milestone); err != nil {
			return err
		}
		if e.out.Warnings, err = e.v.guard(e.record.pure(), e.record.pure().With(e.part.id, st.Step)); err != nil {
			return err
		}
		e.out.Awaits = e.v.approvalOf(st.Milestone) != ""
		e.out.ID, err = s.writeStep(ctx, e.tx, e.v, e.record, e.part, e.client, st, n.Files)
		return err
	})
}

// entry is a part that something is entered for.
type entry struct {
	v      *view
	tx     *store.Tx
	record *record
	part   *part
	client string // the sender's own id, under the account
	out    *ProjectWritten
}

// entered enters something for a part that the person may write to, once: what was sent before is answered as it was then, even where the part
// has been closed since.
func (s *Service) entered(ctx context.Context, p *identity.Principal, id int64, table, client string, enter func(*entry) error) (*ProjectWritten, error) {
	v, err := s.view(ctx, p, hydrotime.Date{}, 0)
	if err != nil {
		return nil, err
	}
	e := entry{v: v, client: p.Account() + "/" + client, out: &ProjectWritten{}}
	err = s.db.Write(ctx, func(tx *store.Tx) (err error) {
		e.tx, *e.out = tx, ProjectWritten{Warnings: []fault.Text{}}
		if e.record, e.part, err = s.writablePart(ctx, tx, v, id); err != nil {
			return err
		}
		if there, err := sent(ctx, tx, table, e.client); err != nil || there {
			return err
		}
		if err := e.record.closed(e.part); err != nil {
			return err
		}
		return enter(&e)
	})
	return e.out, err
}

// writablePart reads the project of a part that the person may write to.
func (s *Service) writablePart(ctx context.Context, tx *store.Tx, v *view, id int64) (*record, *part, error) {
	r, x, err := s.takenByPart(ctx, tx, v, id)
	if err == nil && !v.writes(x.division) {
		err = errForbidden()
	}
	return r, x, err
}

// openPart is writablePart of a part that is not closed.
func (s *Service) openPart(ctx context.Context, tx *store.Tx, v *view, id int64) (*record, *part, error) {
	r, x, err := s.writablePart(ctx, tx, v, id)
	if err == nil {
		err = r.closed(x)
	}
	return r, x, err
}

// stepOf reads a step and refuses what its milestone does not allow by itself.
func (v *view) stepOf(n NewProjectStep) (step, error) {
	st := step{Step: lifecycle.Step{Milestone: n.Milestone, On: v.day, Amount: n.Amount}, document: clean(n.Document), note: clean(n.Note)}
	if n.On != nil {
		st.On = *n.On
	}
	m, ok := v.rules.Milestone(n.Milestone)
	if !ok {
		return st, fault.Invalidf("project.milestone", "没有这个节点", "there is no such milestone").At("milestone", fault.T("无效", "not valid"))
	}
	bad := fault.Invalidf("project.needs", "“%[1]s”所需材料不全", "what %[2]s needs is not complete", m.Name.Zh, m.Name.En)
	if v.day.DaysUntil(st.On) > 0 {
		bad.At("on", fault.T("晚于今天", "later than today"))
	}
	if st.On.Year < 1949 {
		bad.At("on", fault.T("日期不合理", "no likely day"))
	}
	for _, need := range m.Needs {
		switch {
		case need == "document" && st.document == "":
			bad.At("document", fault.T("请填批复文号", "the number of the approval is required"))
		case need == "amount" && !n.Amount.Valid:
			bad.At("amount_wan_yuan", fault.T("请填批复金额（万元）", "the approved amount is required (CNY 10k)"))
		case need == "evidence" && len(n.Files) == 0:
			bad.At("files", fault.T("请附文件或照片", "a file or a photograph is required"))
		case need == "note" && st.note == "":
			bad.At("note", required())
		}
	}
	money(bad, "amount_wan_yuan", n.Amount, false)
	return st, wrong(bad)
}

// guard says what a change warns of, and refuses it where a guard does.
func (v *view) guard(now, changed *lifecycle.Project) ([]fault.Text, error) {
	warnings := []fault.Text{}
	var refused *fault.Error
	for _, b := range v.rules.Try(now, changed) {
		if b.Does == lifecycle.Warns {
			warnings = append(warnings, b.Text)
			continue
		}
		if refused == nil {
			refused = fault.New(fault.Conflict, "project.guard", b.Text)
		}
		refused.At(b.Guard, b.Text)
	}
	if refused != nil {
		return nil, refused
	}
	return warnings, nil
}

func (s *Service) writeStep(ctx context.Context, tx *store.Tx, v *view, r *record, x *part, client string, st step, files []string) (int64, error) {
	id, err := tx.Next(ctx, "project_step", 1)
	if err != nil {
		return 0, err
	}
	by, now := v.p.Actor(), s.now()
	approved := &now
	if v.approvalOf(st.Milestone) != "" {
		approved = nil
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO project_step (id, client_id, part_id, milestone, on_day, amount, document, note, by_id, by_name, written_at, approved_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		id, client, x.id, st.Milestone, number(st.On), amount(st.Amount), st.document, st.note, by.ID, by.Name, now.UnixMilli(), store.Millis(approved))
	if err != nil {
		return 0, fmt.Errorf("take part %d to %s: %w", x.id, st.Milestone, err)
	}
	if err := s.attach(ctx, tx, by, "step", id, files); err != nil {
		return 0, err
	}
	return id, s.note(ctx, tx, v, by, "project.step", r.id, x.division, map[string]any{
		"part": x.id, "step": id, "milestone": st.Milestone, "on": st.On, "amount_wan_yuan": st.Amount, "document": st.document, "note": st.note,
	})
}

// Undo takes a step back, with a reason; it stays in the history. A step on which another that stands rests is not taken back.
func (s *Service) Undo(ctx context.Context, p *identity.Principal, id int64, why string) error {
	if clean(why) == "" {
		return fault.Invalidf("project.why", "撤销须写明原因", "say why it is taken back").At("reason", required())
	}
	v, err := s.view(ctx, p, hydrotime.Date{}, 0)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		r, x, i, err := s.takenByStep(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if x.steps[i].Undone != nil {
			return fault.Conflictf("project.undone", "这一步已经撤销", "it was taken back already")
		}
		if err := v.takesBack(x, x.steps[i]); err != nil {
			return err
		}
		now := s.now()
		if _, err := v.guard(r.pure(), r.pure().Without(x.id, id, now)); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE project_step SET undone_at = $1, undone_by = $2, undone_why = $3 WHERE id = $4 AND undone_at IS NULL`, now.UnixMilli(), p.Actor().Name, clean(why), id)
		if err != nil {
			return fmt.Errorf("take back step %d: %w", id, err)
		}
		return s.note(ctx, tx, v, p.Actor(), "project.undo", r.id, x.division, map[string]any{"part": x.id, "step": id, "milestone": x.steps[i].Milestone, "why": clean(why)})
	})
}

// ProjectDay is when a part is to reach a milestone.
type ProjectDay struct {
	Milestone string          `json:"milestone" maxLength:"40"`
	On        *hydrotime.Date `json:"on" doc:"Nothing takes it out of the plan"`
}

// The years between which a planned day may lie.
const plannedFrom, plannedTo = 1990, 2100

// Schedule plans when a part is to reach its milestones; those that are not named stay as they are. Edit is that of the part as it was
// read: an old one is refused. 0 is of who does not say.
func (s *Service) Schedule(ctx context.Context, p *identity.Principal, id, edit int64, days []ProjectDay) error {
	v, err := s.view(ctx, p, hydrotime.Date{}, 0)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		r, x, err := s.openPart(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if edit != 0 && edit != x.edit {
			return errStale(x.edit)
		}
		plan := map[string]hydrotime.Date{}
		for _, l := range x.planned {
			plan[l.milestone] = l.on
		}
		bad := fault.Invalidf("project.schedule", "节点计划有误", "the plan is not valid")
		for i, d := range days {
			if _, ok := v.rules.Milestone(d.Milestone); !ok {
				bad.At(fmt.Sprintf("days[%d].milestone", i), fault.T("没有这个节点", "no such milestone"))
			}
			if d.On != nil && (d.On.Year < plannedFrom || d.On.Year > plannedTo) {
				bad.At(fmt.Sprintf("days[%d].on", i), fault.Tf("应在 %d 至 %d 年之间", "between the years %d and %d", plannedFrom, plannedTo))
			}
			delete(plan, d.Milestone)
			if d.On != nil {
				plan[d.Milestone] = *d.On
			}
		}
		v.inOrder(bad, plan)
		if err := wrong(bad); err != nil {
			return err
		}
		if err := s.keepPast(ctx, tx, pastSchedule, x.id, x.scheduleStates()); err != nil {
			return err
		}
		for _, d := range days {
			if err := s.planDay(ctx, tx, x.id, d); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `UPDATE project_part SET edit = edit + 1, changed_at = $1 WHERE id = $2`, s.now().UnixMilli(), x.id); err != nil {
			return fmt.Errorf("count the edit of part %d: %w", x.id, err)
		}
		return s.note(ctx, tx, v, p.Actor(), "project.schedule", r.id, x.division, map[string]any{"part": x.id, "days": days})
	})
}

// inOrder refuses a plan in which a later stage comes before an earlier one.
func (v *view) inOrder(bad *fault.Error, plan map[string]hydrotime.Date) {
	var last *hydrotime.Date
	place := -1
	var name fault.Text
	for _, m := range v.rules.Milestones {
		on, ok := plan[m.ID]
		if !ok || m.Repeats {
			continue
		}
		_, at := v.rules.Stage(m.Stage)
		if last != nil && at > place && on.DaysUntil(*last) > 0 {
			bad.At(m.ID, fault.T("早于前一阶段的"+name.Zh, "before "+name.En+" of an earlier stage"))
		}
		if last == nil || last.DaysUntil(on) > 0 || at > place {
			last, place, name = &on, at, m.Name
		}
	}
}

func (s *Service) planDay(ctx context.Context, tx *store.Tx, part int64, d ProjectDay) error {
	var err error
	if d.On == nil {
		_, err = tx.ExecContext(ctx, `DELETE FROM project_schedule WHERE part_id = $1 AND milestone = $2`, part, d.Milestone)
	} else {
		_, err = tx.ExecContext(ctx, `
			INSERT INTO project_schedule (part_id, milestone, planned_on, first_on, changed_at) VALUES ($1, $2, $3, $3, $4)
			ON CONFLICT (part_id, milestone) DO UPDATE SET planned_on = excluded.planned_on, changed_at = excluded.changed_at`, part, d.Milestone, number(*d.On), s.now().UnixMilli())
	}
	if err != nil {
		return fmt.Errorf("plan %s of part %d: %w", d.Milestone, part, err)
	}
	return nil
}

// FigureChange is a monthly figure to be told or revised.
type FigureChange struct {
	Part     int64           `json:"part" minimum:"1"`
	Month    hydrotime.Month `json:"month"`
	What     What            `json:"what" enum:"plan,actual,planned_progress,progress"`
	Value    quantity.Null   `json:"value" doc:"Nothing takes the figure back: it is absent again, and not zero"`
	Revision int64           `json:"revision" minimum:"0" doc:"That was read; 0 where it was never told"`
	Note     string          `json:"note,omitempty" maxLength:"500" doc:"Why: needed where progress falls or work done is negative"`
	Files    []string        `json:"files,omitempty" maxItems:"20" doc:"Photographs of the progress"`
}

// SetFigures tells or revises monthly figures of one project, all or none. Figures that are the same already are left as they are.
func (s *Service) SetFigures(ctx context.Context, p *identity.Principal, id int64, list []FigureChange) (int, error) {
	v, err := s.view(ctx, p, hydrotime.Date{}, 0)
	if err != nil {
		return 0, err
	}
	n := 0
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		r, err := s.taken(ctx, tx, v, id)
		if err == nil {
			n, err = s.setFigures(ctx, tx, v, r, list, "typed")
		}
		return err
	})
	return n, err
}

// kept is a figure as it stands.
type kept struct {
	value    quantity.Null
	revision int64
}

type figureKey struct {
	part  int64
	month hydrotime.Month
	what  What
}

func readKept(ctx context.Context, q store.Querier, project int64) (map[figureKey]kept, error) {
	out := map[figureKey]kept{}
	err := store.Each(ctx, q, `SELECT t.part_id, t.month, t.what, t.value, t.revision FROM project_figure t JOIN project_part x ON x.id = t.part_id WHERE x.project_id = $1`,
		func(scan func(...any) error) error {
			var k figureKey
			var month int64
			var f kept
			var value sql.NullInt64
			err := scan(&k.part, &month, &k.what, &value, &f.revision)
			k.month, f.value = hydrotime.Month(month), amountOf(value)
			out[k] = f
			return err
		}, project)
	if err != nil {
		return nil, fmt.Errorf("read figures of project %d: %w", project, err)
	}
	return out, nil
}

// figuresOf holds monthly figures against those that stand: which are fresh, what stands after them, and what is wrong.
func (v *view) figuresOf(r *record, list []FigureChange, now map[figureKey]kept) (fresh []FigureChange, after map[figureKey]kept, err error) {
	bad := fault.Invalidf("project.figures", "月度数据有误", "the monthly figures are not valid")
	pure, told := r.pure(), r.pure()
	after = map[figureKey]kept{}
	named := map[figureKey]bool{}
	for k, f := range now {
		after[k] = f
	}
	for i, c := range list {
		at := fmt.Sprintf("figures[%d]", i)
		x := r.part(c.Part)
		if x == nil || !v.sees(x.division) {
			return nil, nil, fault.NotFoundf("project.part", "没有这个工程部分，或不在您的权限范围内", "there is no such part, or it is outside your scope").At(at+".part", fault.T("没有", "none"))
		}
		if !v.writes(x.division) {
			return nil, nil, errForbidden().At(at, fault.T("不在您的填报范围内", "outside your scope"))
		}
		if err := r.closed(x); err != nil {
			return nil, nil, err
		}
		k := figureKey{c.Part, c.Month, c.What}
		if named[k] {
			bad.At(at, fault.T("与前面的一项重复", "the same figure stands above already"))
			continue
		}
		named[k] = true
		was := now[k]
		if was.value == c.Value && (was.revision > 0 || !c.Value.Valid) && len(c.Files) == 0 {
			continue
		}
		if was.revision != c.Revision {
			return nil, nil, errStale(was.revision).(*fault.Error).At(at, fault.Tf("现为 %s", "it is %s now", was.value))
		}
		v.figure(bad, at, c, v.day)
		after[k] = kept{c.Value, was.revision + 1}
		fresh = append(fresh, c)
		if (c.What == Actual || c.What == Progress) && c.Value.Valid && c.Value.Decimal != 0 {
			told = told.Told(c.Part, c.Month)
		}
	}
	for i, c := range list {
		falls(bad, fmt.Sprintf("figures[%d]", i), c, after)
	}
	if err := wrong(bad); err != nil {
		return nil, nil, err
	}
	_, err = v.guard(pure, told)
	return fresh, after, err
}

func (s *Service) setFigures(ctx context.Context, tx *store.Tx, v *view, r *record, list []FigureChange, source string) (int, error) {
	now, err := readKept(ctx, tx, r.id)
	if err != nil {
		return 0, err
	}
	fresh, after, err := v.figuresOf(r, list, now)
	if err != nil {
		return 0, err
	}
	for _, c := range fresh {
		if err := s.writeFigure(ctx, tx, v, c, after[figureKey{c.Part, c.Month, c.What}], source); err != nil {
			return 0, err
		}
	}
	for _, x := range r.parts {
		var mine []FigureChange
		for _, c := range fresh {
			if c.Part == x.id {
				mine = append(mine, c)
			}
		}
		if len(mine) > 0 {
			if err := s.note(ctx, tx, v, v.p.Actor(), "project.figures", r.id, x.division, map[string]any{"part": x.id, "source": source, "figures": mine}); err != nil {
				return 0, err
			}
		}
	}
	return len(fresh), nil
}

// figure refuses a figure that cannot be.
func (v *view) figure(bad *fault.Error, at string, c FigureChange, today hydrotime.Date) {
	if !c.Month.Valid() || c.Month.Year() < 1990 || c.Month.Year() > today.Year+20 {
		bad.At(at+".month", fault.T("月份有误", "no likely month"))
		return
	}
	if !slices.Contains(Whats(), c.What) {
		bad.At(at+".what", fault.T("没有这项数据", "no such figure"))
		return
	}
	done := c.What == Actual || c.What == Progress
	if done && c.Value.Valid && c.Month > today.InMonth() {
		bad.At(at+".month", fault.T("不能填报将来月份的完成数", "work of a month to come cannot be done"))
	}
	if c.What == Plan || c.What == Actual {
		money(bad, at+".value", c.Value, c.What == Actual)
		if c.What == Actual && c.Value.Valid && c.Value.Decimal < 0 && clean(c.Note) == "" {
			bad.At(at+".note", fault.T("负数为冲减，须说明原因", "a negative figure takes something back: say why"))
		}
		return
	}
	if c.Value.Valid && (c.Value.Decimal < 0 || c.Value.Decimal > quantity.Int(100)) {
		bad.At(at+".value", fault.T("形象进度应在 0 至 100 之间", "progress lies between 0 and 100"))
	}
}

// falls asks why where progress is less than in an earlier month.
func falls(bad *fault.Error, at string, c FigureChange, after map[figureKey]kept) {
	if c.What != Progress || !c.Value.Valid || clean(c.Note) != "" {
		return
	}
	for k, f := range after {
		if k.part == c.Part && k.what == Progress && k.month < c.Month && f.value.Valid && f.value.Decimal > c.Value.Decimal {
			bad.At(at+".note", fault.Tf("低于 %s 的 %s%%，须说明原因", "less than the %[2]s %% of %[1]s: say why", k.month, f.value))
			return
		}
	}
}

func (s *Service) writeFigure(ctx context.Context, tx *store.Tx, v *view, c FigureChange, to kept, source string) error {
	by := v.p.Actor()
	_, err := tx.ExecContext(ctx, `
		INSERT INTO project_figure (part_id, month, what, value, revision) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (part_id, month, what) DO UPDATE SET value = excluded.value, revision = excluded.revision`, c.Part, int64(c.Month), string(c.What), amount(to.value), to.revision)
	if err != nil {
		return fmt.Errorf("write %s of part %d for %s: %w", c.What, c.Part, c.Month, err)
	}
	id, err := tx.Next(ctx, "project_figure_revision", 1)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO project_figure_revision (id, part_id, month, what, revision, value, note, source, by_id, by_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		id, c.Part, int64(c.Month), string(c.What), to.revision, amount(to.value), clean(c.Note), source, by.ID, by.Name, s.now().UnixMilli())
	if err != nil {
		return fmt.Errorf("keep revision %d of %s of part %d for %s: %w", to.revision, c.What, c.Part, c.Month, err)
	}
	return s.attach(ctx, tx, by, "figure", id, c.Files)
}

// FigureRevision is one value that a monthly figure had.
type FigureRevision struct {
	ID       int64           `json:"id"`
	Month    hydrotime.Month `json:"month"`
	What     What            `json:"what" enum:"plan,actual,planned_progress,progress"`
	Revision int64           `json:"revision"`
	Value    quantity.Null   `json:"value"`
	Note     string          `json:"note"`
	Source   string          `json:"source" enum:"typed,imported"`
	By       string          `json:"by"`
	At       time.Time       `json:"at"`
	Files    []ProjectPhoto  `json:"files"`
}

// ProjectPhoto is a file that speaks for a figure.
type ProjectPhoto struct {
	Hash  string `json:"hash"`
	Name  string `json:"name"`
	Media string `json:"media"`
}

// Revisions lists what the monthly figures of a part were in a year, the newest first; what "" and month 0 are all.
func (s *Service) Revisions(ctx context.Context, p *identity.Principal, id int64, year int, what What, month hydrotime.Month) ([]FigureRevision, error) {
	v, err := s.view(ctx, p, hydrotime.Date{}, year)
	if err != nil {
		return nil, err
	}
	if _, _, err := s.byPart(ctx, s.db, v, id); err != nil {
		return nil, err
	}
	from, to := int64(v.year*100+1), int64(v.year*100+12)
	if month != 0 {
		from, to = int64(month), int64(month)
	}
	out := []FigureRevision{}
	at := map[int64]int{}
	err = store.Each(ctx, s.db, `
		SELECT id, month, what, revision, value, note, source, by_name, at FROM project_figure_revision
		WHERE part_id = $1 AND month BETWEEN $2 AND $3 AND ($4 = '' OR what = $4) ORDER BY id DESC LIMIT 2000`, func(scan func(...any) error) error {
		f := FigureRevision{Files: []ProjectPhoto{}}
		var month, when int64
		var value sql.NullInt64
		err := scan(&f.ID, &month, &f.What, &f.Revision, &value, &f.Note, &f.Source, &f.By, &when)
		f.Month, f.Value, f.At = hydrotime.Month(month), amountOf(value), store.Time(when)
		at[f.ID] = len(out)
		out = append(out, f)
		return err
	}, id, from, to, string(what))
	if err != nil {
		return nil, fmt.Errorf("read revisions of part %d: %w", id, err)
	}
	return out, store.Each(ctx, s.db, `
		SELECT f.owner_id, f.file_hash, e.name, e.media FROM project_file f JOIN project_figure_revision t ON t.id = f.owner_id JOIN evidence_file e ON e.hash = f.file_hash
		WHERE f.what = 'figure' AND t.part_id = $1 ORDER BY f.owner_id, f.file_hash`, func(scan func(...any) error) error {
		var owner int64
		var photo ProjectPhoto
		err := scan(&owner, &photo.Hash, &photo.Name, &photo.Media)
		if i, ok := at[owner]; ok {
			out[i].Files = append(out[i].Files, photo)
		}
		return err
	}, id)
}
