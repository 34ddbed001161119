package project_test

import (
	"testing"

	"anlan/internal/project"
)

// TestScheduleIsLikelyAndFresh: planned days are of this age, and who names the edit that was read is told where it is an old one.
func TestScheduleIsLikelyAndFresh(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.yue(), "A-1", "330602")
		plan := func(edit int64, on string) error {
			return w.svc.Schedule(w.Context(), w.yue(), whole, edit, []project.ProjectDay{{Milestone: "finished", On: new(w.day(on))}})
		}
		w.is(plan(0, "1989-12-31"), "project.schedule")
		w.is(plan(0, "2101-01-01"), "project.schedule")
		w.ok(plan(1, "2027-01-01"))
		w.is(plan(1, "2028-01-01"), "project.edit")
		w.ok(plan(2, "2100-12-31"))
		w.ok(plan(0, "2028-01-01")) // a screen that does not say what it read
		if x := w.page(w.yue(), id).List[0]; x.Edit != 4 || x.Schedule[0].Planned.String() != "2028-01-01" {
			w.Fatalf("edit %d, %+v", x.Edit, x.Schedule)
		}
	})
}
