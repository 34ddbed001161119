package project

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"anlan/internal/evidence"
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/project/lifecycle"
	"anlan/internal/store"
)

// PlanState is how far a plan document is (编制状态).
type PlanState string

// The states, in order.
const (
	PlanNone      PlanState = "none"      // 未编制
	PlanDrafting  PlanState = "drafting"  // 编制中
	PlanSubmitted PlanState = "submitted" // 送审
	PlanApproved  PlanState = "approved"  // 批复
)

// PlanStates lists the states in order.
func PlanStates() []PlanState {
	return []PlanState{PlanNone, PlanDrafting, PlanSubmitted, PlanApproved}
}

// CountyPlans is one plan document over the counties of a scope.
type CountyPlans struct {
	Plan     lifecycle.PlanRule `json:"plan"`
	Year     int                `json:"year"`
	Due      hydrotime.Date     `json:"due"`
	AsOf     hydrotime.Date     `json:"as_of"`
	Counties []CountyPlan       `json:"counties"`
	Approved int                `json:"approved"`
	Overdue  int                `json:"overdue" doc:"Not approved and past the day"`
}

// CountyPlan is how far a county is.
type CountyPlan struct {
	Division ProjectPlace     `json:"division"`
	State    PlanState        `json:"state" enum:"none,drafting,submitted,approved"`
	Since    *hydrotime.Date  `json:"since"`
	Document string           `json:"document"`
	Overdue  bool             `json:"overdue"`
	Late     bool             `json:"late" doc:"Approved after the day"`
	Steps    []CountyPlanStep `json:"steps" doc:"The undone too"`
	MayWrite bool             `json:"may_write"`
	// MayApprove is never true of what the reader submitted.
	MayApprove bool `json:"may_approve" doc:"It is submitted, and its approval is the reader's to record"`
	MayUndo    bool `json:"may_undo" doc:"The last step that stands may be taken back"`
}

// CountyPlanStep is a step of a plan document.
type CountyPlanStep struct {
	ID        int64          `json:"id"`
	State     PlanState      `json:"state" enum:"none,drafting,submitted,approved"`
	On        hydrotime.Date `json:"on"`
	Document  string         `json:"document"`
	Note      string         `json:"note"`
	Files     []ProjectPhoto `json:"files"`
	By        string         `json:"by"`
	WrittenAt time.Time      `json:"written_at"`
	UndoneAt  *time.Time     `json:"undone_at"`
	UndoneBy  string         `json:"undone_by"`
	UndoneWhy string         `json:"undone_why"`

	byID string
}

// NewPlanStep takes a county's plan document on, or back with a note.
type NewPlanStep struct {
	Client   string          `json:"client_id" minLength:"8" maxLength:"60"`
	Plan     string          `json:"plan" maxLength:"60"`
	Year     int             `json:"year,omitempty" minimum:"2000" maximum:"2100" doc:"The present one where left out"`
	Division string          `json:"division" maxLength:"20"`
	State    PlanState       `json:"state" enum:"none,drafting,submitted,approved"`
	On       *hydrotime.Date `json:"on,omitempty"`
	Document string          `json:"document,omitempty" maxLength:"200" doc:"Of an approval"`
	Note     string          `json:"note,omitempty" maxLength:"2000"`
	Files    []string        `json:"files,omitempty" maxItems:"20"`
}

// dueOf is the day of a year by which a plan is due.
func dueOf(p lifecycle.PlanRule, year int) hydrotime.Date {
	d, err := hydrotime.ParseDate(fmt.Sprintf("%04d-%s", year, p.Due))
	if err != nil { // 02-29 of a year that has none
		return hydrotime.Date{Year: year, Month: time.March, Day: 1}.AddDays(-1)
	}
	return d
}

// readPlans reads the steps of a year's plan documents that were known at the view's instant.
func (v *view) readPlans(ctx context.Context, q store.Querier, year int) (map[string]map[int64][]CountyPlanStep, error) {
	out := map[string]map[int64][]CountyPlanStep{}
	at := map[int64]*CountyPlanStep{}
	var order []*CountyPlanStep
	type key struct {
		plan     string
		division int64
	}
	keys := map[int64]key{}
	err := store.Each(ctx, q, `
		SELECT id, plan_id, division_id, on_day, state, document, note, by_id, by_name, written_at, undone_at, undone_by, undone_why FROM project_plan_step WHERE year = $1 ORDER BY on_day, id`,
		func(scan func(...any) error) error {
			st := &CountyPlanStep{Files: []ProjectPhoto{}}
			var k key
			var on, written int64
			var undone sql.NullInt64
			err := scan(&st.ID, &k.plan, &k.division, &on, &st.State, &st.Document, &st.Note, &st.byID, &st.By, &written, &undone, &st.UndoneBy, &st.UndoneWhy)
			st.On, st.WrittenAt, st.UndoneAt = dayOf(on), store.Time(written), store.MaybeTime(undone)
			if err != nil || v.unknown(st.WrittenAt) {
				return err
			}
			if st.UndoneAt = v.until(st.UndoneAt); st.UndoneAt == nil {
				st.UndoneBy, st.UndoneWhy = "", ""
			}
			at[st.ID], keys[st.ID] = st, k
			order = append(order, st)
			return nil
		}, year)
	if err == nil {
		err = store.Each(ctx, q, `
			SELECT f.owner_id, f.file_hash, e.name, e.media FROM project_file f JOIN project_plan_step t ON t.id = f.owner_id JOIN evidence_file e ON e.hash = f.file_hash
			WHERE f.what = 'plan' AND t.year = $1 ORDER BY f.owner_id, f.file_hash`, func(scan func(...any) error) error {
			var id int64
			var photo ProjectPhoto
			err := scan(&id, &photo.Hash, &photo.Name, &photo.Media)
			if st := at[id]; st != nil {
				st.Files = append(st.Files, photo)
			}
			return err
		}, year)
	}
	if err != nil {
		return nil, fmt.Errorf("read plan documents of %d: %w", year, err)
	}
	for _, st := range order {
		k := keys[st.ID]
		if out[k.plan] == nil {
			out[k.plan] = map[int64][]CountyPlanStep{}
		}
		out[k.plan][k.division] = append(out[k.plan][k.division], *st)
	}
	return out, nil
}

// countyPlan says how far a county is at the end of the view's day.
func (v *view) countyPlan(due hydrotime.Date, steps []CountyPlanStep) CountyPlan {
	out := CountyPlan{State: PlanNone, Steps: append([]CountyPlanStep{}, steps...)}
	for _, st := range steps {
		if st.On.DaysUntil(v.day) >= 0 && st.UndoneAt == nil {
			on := st.On
			out.State, out.Since, out.Document = st.State, &on, st.Document
		}
	}
	out.Overdue = out.State != PlanApproved && due.DaysUntil(v.day) > 0
	out.Late = out.State == PlanApproved && due.DaysUntil(*out.Since) > 0
	return out
}

// Plans reads the plan documents of the counties of a scope that the person may see, as of the days of a query.
func (s *Service) Plans(ctx context.Context, p *identity.Principal, q Query) ([]CountyPlans, error) {
	v, err := s.viewOf(ctx, p, q)
	if err != nil {
		return nil, err
	}
	kept, err := v.readPlans(ctx, s.db, v.year)
	if err != nil {
		return nil, err
	}
	out := []CountyPlans{}
	for _, rule := range v.rules.Plans {
		c := CountyPlans{Plan: rule, Year: v.year, Due: dueOf(rule, v.year), AsOf: v.day, Counties: []CountyPlan{}}
		for _, d := range v.tree.All() {
			if d.Level != "county" || !v.sees(d.ID) || q.Division != 0 && !v.tree.Within(q.Division, d.ID) || d.RetiredAt != nil && len(kept[rule.ID][d.ID]) == 0 {
				continue
			}
			one := v.countyPlan(c.Due, kept[rule.ID][d.ID])
			one.Division, one.MayWrite = placeOf(d), v.writes(d.ID)
			if last, ok := one.last(); ok {
				one.MayApprove = one.State == PlanSubmitted && v.approvesPlan(rule, d.ID, one) == nil
				one.MayUndo = v.undoesPlan(rule, d.ID, last.State) == nil
			}
			c.Counties = append(c.Counties, one)
			if one.State == PlanApproved {
				c.Approved++
			}
			if one.Overdue {
				c.Overdue++
			}
		}
		out = append(out, c)
	}
	return out, nil
}

// PlanStep takes a county's plan document on. An approval has a number; a step back has a note.
func (s *Service) PlanStep(ctx context.Context, p *identity.Principal, n NewPlanStep) (int64, error) {
	v, err := s.view(ctx, p, hydrotime.Date{}, n.Year)
	if err != nil {
		return 0, err
	}
	bad := fault.Invalidf("project.plan", "方案信息有误", "the plan is not valid")
	if _, ok := v.rules.Plan(n.Plan); !ok {
		bad.At("plan", fault.T("没有这个方案", "no such plan"))
	}
	d, ok := v.tree.ByCode(n.Division)
	if !ok || d.Level != "county" {
		bad.At("division", fault.T("没有这个县（市、区）", "no such county"))
	}
	if !slices.Contains(PlanStates(), n.State) {
		bad.At("state", fault.T("没有这个状态", "no such state"))
	}
	on := v.day
	if n.On != nil {
		on = *n.On
	}
	if v.day.DaysUntil(on) > 0 {
		bad.At("on", fault.T("晚于今天", "later than today"))
	}
	if n.State == PlanApproved && clean(n.Document) == "" {
		bad.At("document", fault.T("请填批复文号", "the number of the approval is required"))
	}
	if err := wrong(bad); err != nil {
		return 0, err
	}
	if !v.sees(d.ID) {
		return 0, fault.NotFoundf("division.unknown", "没有代码为 %s 的区划", "there is no division %s", n.Division)
	}
	rule, _ := v.rules.Plan(n.Plan)
	if !v.writes(d.ID) && !v.approves(rule.Approval, d.ID) {
		return 0, errForbidden()
	}
	var id int64
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		client := p.Account() + "/" + n.Client
		if there, err := sent(ctx, tx, "project_plan_step", client); err != nil || there {
			return err
		}
		kept, err := v.readPlans(ctx, tx, v.year)
		if err != nil {
			return err
		}
		now := v.countyPlan(v.day, kept[n.Plan][d.ID])
		if err := v.movesPlan(rule, d.ID, now, n.State); err != nil {
			return err
		}
		switch {
		case now.Since != nil && now.Since.DaysUntil(on) < 0:
			return fault.Invalidf("project.plan", "方案信息有误", "the plan is not valid").At("on", fault.T("早于上一步", "before the last step"))
		case slices.Index(PlanStates(), n.State) < slices.Index(PlanStates(), now.State) && clean(n.Note) == "":
			return fault.Invalidf("project.plan", "方案信息有误", "the plan is not valid").At("note", fault.T("退回须说明原因", "say why it goes back"))
		}
		if id, err = tx.Next(ctx, "project_plan_step", 1); err != nil {
			return err
		}
		by := p.Actor()
		_, err = tx.ExecContext(ctx, `
			INSERT INTO project_plan_step (id, client_id, plan_id, year, division_id, on_day, state, document, note, by_id, by_name, written_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			id, client, n.Plan, v.year, d.ID, number(on), string(n.State), clean(n.Document), clean(n.Note), by.ID, by.Name, s.now().UnixMilli())
		if err != nil {
			return fmt.Errorf("take plan %s of %s on: %w", n.Plan, n.Division, err)
		}
		if err := s.attach(ctx, tx, by, "plan", id, n.Files); err != nil {
			return err
		}
		return s.notePlan(ctx, tx, v, "project_plan.step", n.Plan, d.ID, n)
	})
	return id, err
}

func (s *Service) notePlan(ctx context.Context, tx *store.Tx, v *view, action, plan string, division int64, detail any) error {
	tx.AfterCommit(func() { s.changed(Change{Line: v.rules.Line, At: []int64{division}}) })
	return audit.Append(ctx, tx, audit.Entry{
		At: s.now(), Actor: v.p.Actor(), Action: action, ObjectKind: "project_plan", ObjectID: plan, DivisionID: &division, Detail: detail,
	})
}

// UndoPlanStep takes a step of a plan document back, with a reason.
func (s *Service) UndoPlanStep(ctx context.Context, p *identity.Principal, id int64, why string) error {
	if clean(why) == "" {
		return fault.Invalidf("project.why", "撤销须写明原因", "say why it is taken back").At("reason", required())
	}
	v, err := s.view(ctx, p, hydrotime.Date{}, 0)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		var plan string
		var division int64
		var state PlanState
		err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(plan_id), ''), COALESCE(MAX(division_id), 0), COALESCE(MAX(state), '') FROM project_plan_step WHERE id = $1`, id).Scan(&plan, &division, &state)
		if err != nil {
			return fmt.Errorf("find step %d of a plan: %w", id, err)
		}
		if plan == "" || !v.sees(division) {
			return fault.NotFoundf("project.plan_unknown", "没有这一步，或不在您的权限范围内", "there is no such step, or it is outside your scope")
		}
		rule, _ := v.rules.Plan(plan)
		if err := v.undoesPlan(rule, division, state); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE project_plan_step SET undone_at = $1, undone_by = $2, undone_why = $3 WHERE id = $4 AND undone_at IS NULL`, s.now().UnixMilli(), p.Actor().Name, clean(why), id)
		if err != nil {
			return fmt.Errorf("take back step %d of a plan: %w", id, err)
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return fault.Conflictf("project.undone", "这一步已经撤销", "it was taken back already").Because(err)
		}
		return s.notePlan(ctx, tx, v, "project_plan.undo", plan, division, map[string]any{"step": id, "why": clean(why)})
	})
}

// HasPlanFile reports whether a file speaks for a step of a plan document that the person may see.
func (s *Service) HasPlanFile(ctx context.Context, p *identity.Principal, step int64, hash evidence.Hash) (bool, error) {
	v, err := s.view(ctx, p, hydrotime.Date{}, 0)
	if err != nil {
		return false, err
	}
	var division int64
	err = s.db.QueryRowContext(ctx, `SELECT COALESCE(MAX(t.division_id), 0) FROM project_file f JOIN project_plan_step t ON t.id = f.owner_id WHERE f.what = 'plan' AND t.id = $1 AND f.file_hash = $2`, step, string(hash)).Scan(&division)
	if err != nil {
		return false, fmt.Errorf("look for file %s of a plan: %w", hash, err)
	}
	return division != 0 && v.sees(division), nil
}
