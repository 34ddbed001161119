package project_test

import (
	"testing"

	"anlan/internal/fault"
	"anlan/internal/project"
	"anlan/internal/store"
)

// TestOnlyTheCityKeepsWhatTheProvinceIssued: a county keeps lists of its own level and no other, and what it keeps never takes the
// place of the province's notice.
func TestOnlyTheCityKeepsWhatTheProvinceIssued(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, _ := w.add(w.yue(), "A-1", "330602")
		list := func(kind, level, division, on string) project.NewProjectList {
			return project.NewProjectList{Kind: kind, Name: fault.T("清单", "list"), Issuer: "省水利厅", Level: level, Document: "18号", Division: division, On: w.day(on)}
		}
		notice, err := w.svc.AddList(w.Context(), w.city(), list("lagging", "province", "", "2026-04-28"))
		w.ok(err)
		_, err = w.svc.PutItem(w.Context(), w.city(), notice, project.NewProjectItem{Project: id})
		w.ok(err)
		for _, level := range []string{"ministry", "province", "city"} {
			for _, kind := range []string{"list", "lagging"} {
				w.is(errOf(w.svc.AddList(w.Context(), w.ke(), list(kind, level, "330603", "2026-05-28"))), "project.forbidden")
			}
		}
		w.is(errOf(w.svc.AddList(w.Context(), w.city(), list("lagging", "province", "330603", "2026-05-28"))), "project.list_invalid")
		own, err := w.svc.AddList(w.Context(), w.ke(), list("lagging", "county", "330603", "2026-05-28"))
		w.ok(err)
		w.ok(w.svc.ChangeList(w.Context(), w.ke(), own, project.ProjectListChange{Edit: 1, Note: new("县内")}))

		// A county's list of the province's level from before this was refused names nobody, and is the city's to change.
		w.ok(w.db.Write(w.Context(), func(tx *store.Tx) error {
			_, err := tx.ExecContext(w.Context(), `UPDATE project_list SET level = 'province' WHERE id = $1`, own)
			return err
		}))
		if row := w.page(w.yue(), id); row.Named == nil || row.Named.List != notice {
			w.Fatalf("the notice is displaced: %+v", row.Named)
		}
		w.is(w.svc.ChangeList(w.Context(), w.ke(), own, project.ProjectListChange{Edit: 2, Note: new("x")}), "project.forbidden")
		got, err := w.svc.List(w.Context(), w.ke(), own)
		w.ok(err)
		if got.MayWrite {
			w.Fatal("the screen would offer what is refused")
		}
	})
}
