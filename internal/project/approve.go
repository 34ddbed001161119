package project

import (
	"context"
	"fmt"
	"slices"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/project/lifecycle"
	"anlan/internal/store"
)

// approvalOf is the level from which up a milestone is confirmed by somebody else; "" where telling it is enough.
func (v *view) approvalOf(milestone string) string {
	m, _ := v.rules.Milestone(milestone)
	return m.Approval
}

// approves reports whether a person confirms at a level, or above it, what others submit of a division.
func (v *view) approves(level string, division int64) bool {
	if v.p == nil || level == "" {
		return false
	}
	at, ok := v.p.Highest(identity.ProjectApprove, v.rules.Line, division)
	return ok && lifecycle.ApprovedAt(level, at.Level)
}

// levelName is a level of approval as one speaks of it.
func levelName(level string) fault.Text {
	return map[string]fault.Text{"province": fault.T("省级", "the province"), "city": fault.T("市级", "the city"), "county": fault.T("县级", "the county")}[level]
}

func errLevel(level string) *fault.Error {
	name := levelName(level)
	return fault.Forbiddenf("project.approval", "须由%[1]s或以上有核准权限的人核准", "it is for somebody of %[2]s or above who may approve", name.Zh, name.En)
}

func errOwn() *fault.Error {
	return fault.Forbiddenf("project.own", "由您上报，须由他人核准", "you submitted it; somebody else has to approve it")
}

// free refuses a milestone of which one was submitted that still awaits its approval.
func (x *part) free(milestone string) error {
	if slices.ContainsFunc(x.steps, func(s step) bool { return s.Milestone == milestone && s.awaits() }) {
		return fault.Conflictf("project.awaits", "这一步已经上报，等待核准", "it was submitted already and awaits approval")
	}
	return nil
}

// awaiting counts the steps of a part that await approval.
func (x *part) awaiting() (n int) {
	for _, s := range x.steps {
		if s.awaits() {
			n++
		}
	}
	return n
}

// confirms says why a person may not approve a step; nil where they may.
func (v *view) confirms(x *part, s step) error {
	level := v.approvalOf(s.Milestone)
	if level == "" { // newer rules ask for nobody: who may write may let it count
		level = "county"
	}
	switch {
	case !v.approves(level, x.division):
		return errLevel(level)
	case v.p.Account() == s.byID:
		return errOwn()
	}
	return nil
}

// takesBack says why a person may not take a step back: what awaits is withdrawn by who writes or sent back by who approves, and what
// was approved is for who approves.
func (v *view) takesBack(x *part, s step) error {
	level := v.approvalOf(s.Milestone)
	switch {
	case v.approves(level, x.division), v.writes(x.division) && (level == "" || s.awaits()):
		return nil
	case v.writes(x.division):
		return errLevel(level)
	}
	return errForbidden()
}

// Approve lets a step count that somebody else submitted. The guards are asked again: what it rests on may be gone since.
func (s *Service) Approve(ctx context.Context, p *identity.Principal, id int64) (*ProjectWritten, error) {
	v, err := s.view(ctx, p, hydrotime.Date{}, 0)
	if err != nil {
		return nil, err
	}
	out := &ProjectWritten{}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		*out = ProjectWritten{ID: id, Warnings: []fault.Text{}}
		r, x, at, err := s.takenByStep(ctx, tx, v, id)
		if err != nil {
			return err
		}
		st := x.steps[at]
		if !st.awaits() {
			return fault.Conflictf("project.settled", "这一步已核准或已撤销", "it was approved or taken back already")
		}
		if err := v.confirms(x, st); err != nil {
			return err
		}
		if out.Warnings, err = v.guard(r.pure(), r.pure().With(x.id, st.Step)); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE project_step SET approved_at = $1, approved_by = $2 WHERE id = $3 AND approved_at IS NULL`, s.now().UnixMilli(), p.Actor().Name, id)
		if err != nil {
			return fmt.Errorf("approve step %d: %w", id, err)
		}
		return s.note(ctx, tx, v, p.Actor(), "project.approve", r.id, x.division, map[string]any{"part": x.id, "step": id, "milestone": st.Milestone})
	})
	return out, err
}

// takenByStep reads the project and part of a step, to write it, and the step's place in the part.
func (s *Service) takenByStep(ctx context.Context, tx *store.Tx, v *view, id int64) (*record, *part, int, error) {
	var owner int64
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(part_id), 0) FROM project_step WHERE id = $1`, id).Scan(&owner); err != nil {
		return nil, nil, 0, fmt.Errorf("find step %d: %w", id, err)
	}
	if owner == 0 {
		return nil, nil, 0, errUnknown()
	}
	r, x, err := s.takenByPart(ctx, tx, v, owner)
	if err != nil {
		return nil, nil, 0, err
	}
	if err := r.closed(x); err != nil {
		return nil, nil, 0, err
	}
	return r, x, slices.IndexFunc(x.steps, func(st step) bool { return st.ID == id }), nil
}

// last is the last step of a county's plan that stands.
func (c CountyPlan) last() (CountyPlanStep, bool) {
	for _, st := range slices.Backward(c.Steps) {
		if st.UndoneAt == nil {
			return st, true
		}
	}
	return CountyPlanStep{}, false
}

// approvesPlan says why a person may not record the approval of a county's plan as it stands; nil where they may.
func (v *view) approvesPlan(rule lifecycle.PlanRule, division int64, now CountyPlan) error {
	if rule.Approval == "" {
		if !v.writes(division) {
			return errForbidden()
		}
		return nil
	}
	if !v.approves(rule.Approval, division) {
		return errLevel(rule.Approval)
	}
	last, ok := now.last()
	switch {
	case !ok || last.State != PlanSubmitted:
		return fault.Conflictf("project.plan_submitted", "方案须先上报，再由他人登记批复", "the plan has to be submitted first; its approval is then for somebody else")
	case last.byID == v.p.Account():
		return errOwn()
	}
	return nil
}

// movesPlan says why a person may not take a county's plan to a state.
func (v *view) movesPlan(rule lifecycle.PlanRule, division int64, now CountyPlan, to PlanState) error {
	switch {
	case to == PlanApproved:
		return v.approvesPlan(rule, division, now)
	case v.approves(rule.Approval, division): // sent back by who approves
		return nil
	case !v.writes(division):
		return errForbidden()
	case rule.Approval != "" && now.State == PlanApproved:
		return errLevel(rule.Approval)
	}
	return nil
}

// undoesPlan says why a person may not take back a step of a county's plan.
func (v *view) undoesPlan(rule lifecycle.PlanRule, division int64, state PlanState) error {
	switch {
	case v.approves(rule.Approval, division), v.writes(division) && (rule.Approval == "" || state != PlanApproved):
		return nil
	case v.writes(division):
		return errLevel(rule.Approval)
	}
	return errForbidden()
}
