package project_test

import (
	"fmt"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/project"
	"anlan/internal/quantity"

	"github.com/google/go-cmp/cmp"
)

// TestTheMonthsAreHeldAgainstTheYear: what is planned by month is set against the year's target, county by county; what is not set, or
// not planned, has no difference; and what is built without a plan is named.
func TestTheMonthsAreHeldAgainstTheYear(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, east, west := w.over()
		w.ok(w.tell(w.city(), id, east, project.Plan, 202601, "60", 0))
		w.ok(w.tell(w.city(), id, east, project.Plan, 202612, "40.5", 0))
		w.ok(w.tell(w.city(), id, west, project.Plan, 202603, "30", 0))
		bare, whole := w.add(w.ke(), "K-1", "330603")
		w.begun(w.ke(), whole)
		told := func(scope string) []string {
			w.Helper()
			at, _ := w.tree.ByCode(scope)
			got, err := w.svc.YearPlan(w.Context(), w.city(), project.Query{Division: at.ID})
			w.ok(err)
			out := []string{got.Target.Zh}
			for _, r := range append([]project.ProjectYearRow{got.Total}, got.Counties...) {
				out = append(out, fmt.Sprint(r.Division.Code, " ", r.Target, " ", r.Plan, " ", r.Difference))
			}
			for _, r := range got.Unplanned {
				out = append(out, r.Code)
				if r.ID != bare {
					w.Errorf("%s has a plan", r.Code)
				}
			}
			return out
		}
		if diff := cmp.Diff([]string{"", "330600 — 130.5 —", "330600 — — —", "330602 — 100.5 —", "330603 — 30 —", "K-1"}, told("330600")); diff != "" {
			t.Errorf("no target (-want +got):\n%s", diff)
		}
		w.goals = &project.YearTarget{Name: fault.T("年度计划", "plan"), Amounts: map[string]quantity.Null{"330600": some("150"), "330602": some("100"), "330603": {}, "330600-BH": some("20")}}
		if diff := cmp.Diff([]string{"年度计划", "330600 150 130.5 -19.5", "330600 — — —", "330600-BH 20 — —", "330602 100 100.5 0.5", "330603 — 30 —", "K-1"}, told("330600")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"年度计划", "330602 100 100.5 0.5"}, told("330602")); diff != "" {
			t.Errorf("a county (-want +got):\n%s", diff)
		}
	})
}
