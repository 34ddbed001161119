package project_test

import (
	"fmt"
	"testing"

	"anlan/internal/hydrotime"
	"anlan/internal/project"
	"anlan/internal/store/storetest"
)

// BenchmarkProjects reads a page, and counts what indicators ask for, of 300 projects with two parts and a year each.
func BenchmarkProjects(b *testing.B) {
	w := newWorld(b, storetest.SQLite(b))
	for i := range 300 {
		id, whole := w.add(w.city(), fmt.Sprintf("B-%03d", i), "330600")
		w.begun(w.city(), whole)
		for k, county := range []string{"330602", "330603"} {
			part := w.part(w.city(), id, fmt.Sprintf("%02d", k+1), county)
			var list []project.FigureChange
			for m := hydrotime.Month(202601); m <= 202605; m++ {
				for _, what := range project.Whats() {
					list = append(list, project.FigureChange{Part: part, Month: m, What: what, Value: some("10")})
				}
			}
			if _, err := w.svc.SetFigures(b.Context(), w.city(), id, list); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("page", func(b *testing.B) {
		for b.Loop() {
			if _, err := w.svc.Projects(b.Context(), w.city(), project.Query{Limit: 50}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("figures", func(b *testing.B) {
		for b.Loop() {
			if _, err := w.svc.Figures(b.Context(), []string{"investment", "building", "coverage"}, w.day("2026-05-31")); err != nil {
				b.Fatal(err)
			}
		}
	})
}
