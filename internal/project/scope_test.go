package project_test

import (
	"fmt"
	"strings"
	"testing"

	"anlan/internal/project"
	"anlan/internal/workbook"
)

// TestOnlyApprovalsAreTold: of the whole that holds its part a county learns the approvals, and nothing that is planned or noted; no
// filter answers by a part that it does not see.
func TestOnlyApprovalsAreTold(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.city(), "X-1", "330600")
		w.part(w.city(), id, "01", "330602")
		w.part(w.city(), id, "02", "330603")
		w.ok(w.step(w.city(), whole, "feasibility_approved", "2024-01-10", "1000"))
		w.ok(w.svc.Schedule(w.Context(), w.city(), whole, 0, []project.ProjectDay{{Milestone: "finished", On: new(w.day("2027-01-01"))}}))
		w.ok(w.svc.Change(w.Context(), w.city(), id, project.ProjectChange{Edit: 1, Note: new("内部意见")}))
		page := w.page(w.ke(), id)
		if shared := page.List[0]; !shared.Shared || len(shared.Steps) != 1 || len(shared.Schedule) != 0 || page.Note != "" {
			w.Fatalf("%+v, note %q", shared.Schedule, page.Note)
		}
		if own := w.page(w.city(), id); own.Note != "内部意见" || len(own.List[0].Schedule) != 2 {
			w.Fatalf("the city's own: %q, %+v", own.Note, own.List[0].Schedule)
		}
		g, err := w.svc.Gantt(w.Context(), w.ke(), project.Query{})
		w.ok(err)
		if bar := g.Items[0]; bar.Part != whole || len(bar.Spans)+len(bar.Dates) != 0 || g.To.Year > 2026 {
			w.Fatalf("%+v to %s", bar, g.To)
		}
		_, file, err := w.svc.Export(w.Context(), w.ke(), project.Query{}, "zh")
		w.ok(err)
		book, err := workbook.Read("a.xlsx", file)
		w.ok(err)
		if strings.Contains(fmt.Sprint(book.Sheets), "内部意见") {
			w.Fatal("the workbook tells the note")
		}
		for division, want := range map[string]int{"330602": 0, "330603": 1, "330600": 1} {
			d, _ := w.tree.ByCode(division)
			list, err := w.svc.Projects(w.Context(), w.ke(), project.Query{Division: d.ID})
			w.ok(err)
			if list.Total != want {
				w.Errorf("by %s a county finds %d", division, list.Total)
			}
		}
	})
}
