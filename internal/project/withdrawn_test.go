package project_test

import (
	"testing"

	"anlan/internal/fault"
	"anlan/internal/project"
	"anlan/internal/project/lifecycle"
	"anlan/internal/quantity"
)

// withdraw takes a part out, or back in.
func (w *world) withdraw(id, part int64, out bool) error {
	w.Helper()
	for _, x := range w.page(w.yue(), id).List {
		if x.ID == part {
			return w.svc.ChangePart(w.Context(), w.yue(), part, project.ProjectPartChange{Edit: x.Edit, Withdrawn: &out, Reason: "合并"})
		}
	}
	w.Fatalf("no part %d", part)
	return nil
}

// TestWithdrawnTakesNothing: a part or a project that was withdrawn is neither carried on nor taken back, and no guard is passed by
// taking a part out and in again.
func TestWithdrawnTakesNothing(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.yue(), "A-1", "330602")
		east := w.part(w.yue(), id, "01", "330602")
		inner, err := w.svc.AddPart(w.Context(), w.yue(), id, project.NewProjectPart{Parent: east, Kind: "contract", Code: "01-1", Name: fault.T("合同", ""), Division: "330602"})
		w.ok(err)
		w.ok(w.step(w.yue(), whole, "feasibility_approved", "2024-01-10", "1000"))
		w.ok(w.step(w.yue(), east, "design_approved", "2024-06-10", "500"))
		money, err := w.svc.Fund(w.Context(), w.yue(), east, project.NewFund{Client: "fund-0001", Source: "province", Step: "assigned", Amount: quantity.MustParse("100")})
		w.ok(err)
		design := w.page(w.yue(), id).List[1].Steps[0].ID
		nothing := func() {
			w.Helper()
			w.is(w.step(w.yue(), east, "tendered", "2024-10-10", ""), "project.withdrawn")
			w.is(w.svc.Undo(w.Context(), w.yue(), design, "误填"), "project.withdrawn")
			w.is(w.svc.Schedule(w.Context(), w.yue(), east, 0, []project.ProjectDay{{Milestone: "finished", On: new(w.day("2027-01-01"))}}), "project.withdrawn")
			w.is(w.tell(w.yue(), id, east, project.Plan, 202601, "5", 0), "project.withdrawn")
			w.is(errOf(w.svc.Fund(w.Context(), w.yue(), east, project.NewFund{Client: "fund-0002", Source: "province", Step: "assigned", Amount: 1})), "project.withdrawn")
			w.is(w.svc.VoidFund(w.Context(), w.yue(), money.ID, "重复"), "project.withdrawn")
			w.is(w.svc.ChangePart(w.Context(), w.yue(), east, project.ProjectPartChange{Edit: w.page(w.yue(), id).List[1].Edit, Note: new("x")}), "project.withdrawn")
		}
		w.ok(w.withdraw(id, east, true))
		nothing()
		w.is(w.withdraw(id, inner, false), "project.withdrawn") // what it lies in is out
		w.ok(w.withdraw(id, east, false))
		w.ok(w.withdraw(id, inner, false))
		page := w.page(w.yue(), id)
		w.ok(w.svc.Change(w.Context(), w.yue(), id, project.ProjectChange{Edit: page.Edit, Withdrawn: new(true), Reason: "不再实施"}))
		nothing()
		w.is(errOf(w.svc.AddPart(w.Context(), w.yue(), id, project.NewProjectPart{Kind: "lot", Code: "9", Name: fault.T("又", ""), Division: "330602"})), "project.withdrawn")
	})
}

// TestGuardsHoldOverWithdrawing: what rests on a part keeps it in, and a part comes back only where the guards let it.
func TestGuardsHoldOverWithdrawing(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.yue(), "A-1", "330602")
		east, west := w.part(w.yue(), id, "01", "330602"), w.part(w.yue(), id, "02", "330602")
		w.ok(w.step(w.yue(), whole, "feasibility_approved", "2024-01-10", "1000"))
		w.ok(w.step(w.yue(), east, "design_approved", "2024-06-10", "600"))
		w.ok(w.step(w.yue(), east, "tendered", "2024-10-10", ""))
		w.ok(w.tell(w.yue(), id, whole, project.Actual, 202601, "5", 0)) // rests on the tender of the part
		w.is(w.withdraw(id, east, true), "project.guard")
		w.ok(w.tell(w.yue(), id, whole, project.Actual, 202601, "", 1))
		w.ok(w.withdraw(id, east, true))
		w.ok(w.step(w.yue(), west, "design_approved", "2024-07-10", "1000"))
		w.is(w.withdraw(id, east, false), "project.guard") // together they would exceed what was approved
		for _, b := range w.page(w.yue(), id).Failing {
			if b.Does == lifecycle.Refuses {
				w.Fatalf("%+v", b)
			}
		}
	})
}
