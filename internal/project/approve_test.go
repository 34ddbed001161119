package project_test

import (
	"fmt"
	"strings"
	"testing"

	"anlan/internal/identity"
	"anlan/internal/project"
)

// design is the approval of a design on a day, of so many 万元.
func (w *world) design(on, amount string) project.NewProjectStep {
	w.sent++
	return project.NewProjectStep{Client: fmt.Sprintf("design-%04d", w.sent), Milestone: "design_approved", On: new(w.day(on)), Document: "绍水〔2024〕1号", Amount: some(amount)}
}

// TestFourEyes: what a county submits counts once somebody of the city has approved it who did not submit it himself, and is sent back
// with a reason; what was approved is not the county's to take back.
func TestFourEyes(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.yue(), "A-1", "330602")
		w.ok(w.step(w.yue(), whole, "feasibility_approved", "2024-01-10", "1000"))
		got, err := w.svc.Step(w.Context(), w.yue(), whole, w.design("2024-06-10", "1000"))
		w.ok(err)
		if !got.Awaits {
			w.Fatal("a county's design counts at once")
		}
		page := w.page(w.yue(), id)
		last := page.List[0].Steps[1]
		if page.List[0].Stage != "feasibility" || page.Awaits != 1 || last.ApprovedAt != nil || last.MayApprove || !last.MayUndo {
			w.Fatalf("stands at %s, %d await, %+v", page.List[0].Stage, page.Awaits, last)
		}
		for _, n := range page.List[0].Next {
			if n.Milestone == "design_approved" {
				w.Fatal("the screen would offer what awaits approval")
			}
		}
		w.is(w.step(w.yue(), whole, "design_approved", "2024-06-11", "900"), "project.awaits")
		w.is(w.step(w.yue(), whole, "started", "2024-11-10", ""), "project.guard") // what awaits opens nothing

		approve := func(p *identity.Principal) error { return errOf(w.svc.Approve(w.Context(), p, got.ID)) }
		leader := w.as("yue-lead", "county_leader", "330602")
		w.is(approve(leader), "project.approval") // another person, and not of the city
		w.is(approve(w.as("gui-clerk", "clerk", "330600")), "project.approval")
		w.is(approve(w.as("ke-lead", "county_leader", "330603")), "project.part")
		if s := w.page(w.boss(), id).List[0].Steps[1]; !s.MayApprove {
			w.Fatalf("the director is not offered it: %+v", s)
		}
		w.ok(approve(w.boss()))
		w.is(approve(w.boss()), "project.settled")
		page = w.page(w.yue(), id)
		last = page.List[0].Steps[1]
		if page.List[0].Stage != "design" || page.Awaits != 0 || last.ApprovedBy != "ju" || last.MayUndo {
			w.Fatalf("stands at %s, %+v", page.List[0].Stage, last)
		}
		w.is(w.svc.Undo(w.Context(), w.yue(), got.ID, "误填"), "project.approval")
		w.ok(w.svc.Undo(w.Context(), w.city(), got.ID, "文号有误"))

		// Who submits at the city does not approve it either, and what is sent back may be submitted anew.
		own, err := w.svc.Step(w.Context(), w.city(), whole, w.design("2024-06-10", "1000"))
		w.ok(err)
		w.is(errOf(w.svc.Approve(w.Context(), w.city(), own.ID)), "project.own")
		if s := w.page(w.city(), id).List[0].Steps; s[len(s)-1].MayApprove {
			w.Fatal("the screen would offer what is refused")
		}
		w.ok(w.svc.Undo(w.Context(), w.boss(), own.ID, "附件不全"))
		w.ok(w.step(w.yue(), whole, "design_approved", "2024-06-12", "1000"))
		w.ok(w.step(w.yue(), whole, "tendered", "2024-10-10", "")) // an event, which needs nobody's approval
		history, err := w.svc.History(w.Context(), w.yue(), id, 0, 50)
		w.ok(err)
		var actions []string
		for _, e := range history.Items {
			actions = append(actions, e.Action)
		}
		if !strings.Contains(strings.Join(actions, " "), "project.approve") {
			w.Fatalf("the history tells no approval: %v", actions)
		}
	})
}

// TestApprovalAsksTheGuardsAgain: what was in order when it was submitted and no longer is stays out.
func TestApprovalAsksTheGuardsAgain(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.yue(), "A-1", "330602")
		w.ok(w.step(w.yue(), whole, "feasibility_approved", "2024-01-10", "1000"))
		got, err := w.svc.Step(w.Context(), w.yue(), whole, w.design("2024-06-10", "1000"))
		w.ok(err)
		w.ok(w.svc.Undo(w.Context(), w.boss(), w.page(w.yue(), id).List[0].Steps[0].ID, "误填"))
		w.is(errOf(w.svc.Approve(w.Context(), w.boss(), got.ID)), "project.guard")
	})
}

// TestPlansAreApprovedByOthers: a county submits its plan, and its approval is recorded at the city by somebody else.
func TestPlansAreApprovedByOthers(t *testing.T) {
	eachWorld(t, func(w *world) {
		n := 0
		step := func(p *identity.Principal, state project.PlanState, on, document, note string) error {
			n++
			return errOf(w.svc.PlanStep(w.Context(), p, project.NewPlanStep{Client: fmt.Sprintf("plan-%04d", n), Plan: "seawall-county", Division: "330602", State: state, On: new(w.day(on)), Document: document, Note: note}))
		}
		county := func(p *identity.Principal) project.CountyPlan {
			list, err := w.svc.Plans(w.Context(), p, project.Query{})
			w.ok(err)
			for _, c := range list[0].Counties {
				if c.Division.Code == "330602" {
					return c
				}
			}
			w.Fatal("no county")
			return project.CountyPlan{}
		}
		w.ok(step(w.yue(), project.PlanDrafting, "2026-02-01", "", ""))
		w.is(step(w.boss(), project.PlanApproved, "2026-02-02", "9号", ""), "project.plan_submitted")
		w.ok(step(w.city(), project.PlanSubmitted, "2026-05-01", "", ""))
		w.is(step(w.yue(), project.PlanApproved, "2026-05-02", "9号", ""), "project.approval")
		w.is(step(w.as("lead", "county_leader", "330602"), project.PlanApproved, "2026-05-02", "9号", ""), "project.approval")
		w.is(step(w.city(), project.PlanApproved, "2026-05-02", "9号", ""), "project.own")
		if county(w.yue()).MayApprove || county(w.city()).MayApprove || !county(w.boss()).MayApprove || county(w.boss()).MayWrite {
			w.Fatal("who is offered the approval")
		}
		w.ok(step(w.boss(), project.PlanApproved, "2026-05-02", "9号", ""))
		c := county(w.yue())
		if c.State != project.PlanApproved || c.MayUndo || !county(w.boss()).MayUndo {
			w.Fatalf("%+v", c)
		}
		w.is(step(w.yue(), project.PlanDrafting, "2026-05-03", "", "改"), "project.approval")
		w.is(w.svc.UndoPlanStep(w.Context(), w.yue(), c.Steps[2].ID, "误"), "project.approval")
		w.ok(step(w.boss(), project.PlanDrafting, "2026-05-03", "", "退回修改"))
	})
}
