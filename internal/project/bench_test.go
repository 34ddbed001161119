package project_test

import (
	"fmt"
	"testing"

	"anlan/internal/hydrotime"
	"anlan/internal/project"
	"anlan/internal/store/storetest"
)

// many puts in projects of the city with two parts over two counties and some months each.
func (w *world) many(n int) {
	w.Helper()
	for i := range n {
		id, whole := w.add(w.city(), fmt.Sprintf("B-%04d", i), "330600")
		w.begun(w.city(), whole)
		for k, county := range []string{"330602", "330603"} {
			part := w.part(w.city(), id, fmt.Sprintf("%02d", k+1), county)
			var list []project.FigureChange
			for m := hydrotime.Month(202601); m <= 202605; m++ {
				for _, what := range project.Whats() {
					list = append(list, project.FigureChange{Part: part, Month: m, What: what, Value: some(fmt.Sprint(10 + (i+k*int(what[0]))%7)), Note: "测"})
				}
			}
			if _, err := w.svc.SetFigures(w.Context(), w.city(), id, list); err != nil {
				w.Fatal(err)
			}
		}
	}
}

// BenchmarkProjects counts what indicators ask for, of 300 projects with two parts and a year each.
func BenchmarkProjects(b *testing.B) {
	w := newWorld(b, storetest.SQLite(b))
	w.many(300)
	b.Run("figures", func(b *testing.B) {
		for b.Loop() {
			if _, err := w.svc.Figures(b.Context(), []string{"investment", "building", "coverage"}, w.day("2026-05-31")); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkList reads a page of 5,000 projects, with the counts of everything found; in memory is how it was before standings were kept.
func BenchmarkList(b *testing.B) {
	w := newWorld(b, storetest.SQLite(b))
	w.many(5000)
	run := func(name string, q project.Query) {
		b.Run(name, func(b *testing.B) {
			q.Limit = 50
			if _, err := w.svc.Projects(b.Context(), w.city(), q); err != nil { // the first of a month judges every project
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := w.svc.Projects(b.Context(), w.city(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	county, _ := w.tree.ByCode("330602")
	run("all", project.Query{})
	run("lagging", project.Query{Pace: "behind", Sort: "-gap"})
	run("text", project.Query{Text: "B-49"})
	run("county", project.Query{Division: county.ID})
	run("in memory", project.InMemory(project.Query{}))
	b.Run("judge every project", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			w.at = w.at.AddDate(0, 1, 0)
			b.StartTimer()
			if _, err := w.svc.Projects(b.Context(), w.city(), project.Query{Limit: 50}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
