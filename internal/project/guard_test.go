package project_test

import (
	"errors"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/project"
)

// TestProgressTooNeedsTheTender: what is told of the work, by money or by progress, needs the tender; plans do not, and neither does
// that nothing is built yet.
func TestProgressTooNeedsTheTender(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.yue(), "A-1", "330602")
		w.ok(w.step(w.yue(), whole, "feasibility_approved", "2024-01-10", "1000"))
		w.ok(w.step(w.yue(), whole, "design_approved", "2024-06-10", "1000"))
		w.ok(w.tell(w.yue(), id, whole, project.PlannedProgress, 202601, "5", 0))
		w.ok(w.tell(w.yue(), id, whole, project.Progress, 202601, "0", 0))
		w.is(w.tell(w.yue(), id, whole, project.Progress, 202602, "5", 0), "project.guard")
		w.ok(w.step(w.yue(), whole, "tendered", "2026-02-10", ""))
		w.ok(w.tell(w.yue(), id, whole, project.Progress, 202602, "5", 0))
		w.is(w.svc.Undo(w.Context(), w.yue(), w.page(w.yue(), id).List[0].Steps[2].ID, "误填"), "project.guard")
		w.is(w.tell(w.yue(), id, whole, project.Progress, 202601, "2", 1), "project.guard") // before the month of the tender
	})
}

// TestALaterEstimateDoesNotCount: a design is held against what was approved by its own day.
func TestALaterEstimateDoesNotCount(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.yue(), "A-1", "330602")
		east, west := w.part(w.yue(), id, "01", "330602"), w.part(w.yue(), id, "02", "330602")
		w.ok(w.step(w.yue(), whole, "feasibility_approved", "2024-01-10", "1000"))
		w.ok(w.step(w.yue(), whole, "feasibility_reapproved", "2025-01-10", "2000"))
		w.is(w.step(w.yue(), east, "design_approved", "2024-06-10", "1500"), "project.guard")
		w.ok(w.step(w.yue(), east, "design_approved", "2024-06-10", "900"))
		w.is(w.step(w.yue(), west, "design_approved", "2024-07-10", "900"), "project.guard") // with the other, before more was approved
		w.ok(w.step(w.yue(), west, "design_approved", "2025-01-10", "900"))                  // on its very day
		w.is(w.svc.Undo(w.Context(), w.boss(), w.page(w.yue(), id).List[0].Steps[1].ID, "误填"), "project.guard")
		if failing := w.page(w.yue(), id).Failing; len(failing) > 0 {
			w.Fatalf("%+v", failing)
		}
	})
}

// TestAMonthTwiceAtOnce: the same figure twice in what is sent is refused where it stands the second time.
func TestAMonthTwiceAtOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.yue(), "A-1", "330602")
		one := project.FigureChange{Part: whole, Month: 202601, What: project.Plan, Value: some("5")}
		other := one
		other.Value = some("6")
		for _, list := range [][]project.FigureChange{{one, other}, {one, one}} {
			err := errOf(w.svc.SetFigures(w.Context(), w.yue(), id, list))
			w.is(err, "project.figures")
			var e *fault.Error
			if errors.As(err, &e); len(e.Fields) != 1 || e.Fields[0].Place != "figures[1]" {
				w.Fatalf("%+v", e.Fields)
			}
		}
	})
}
