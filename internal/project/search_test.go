package project_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/project"
	"anlan/internal/project/lifecycle"

	"github.com/google/go-cmp/cmp"
)

// crowd puts in projects of every sort: over one county or two, at every stage, on schedule or not, listed, named, withdrawn.
func (w *world) crowd(n int) {
	w.Helper()
	rnd := rand.New(rand.NewPCG(7, 11))
	any := func(list ...string) string { return list[rnd.IntN(len(list))] }
	lists := []int64{}
	for i, kind := range []string{"list", "lagging", "lagging"} {
		made, err := w.svc.AddList(w.Context(), w.city(), project.NewProjectList{Kind: kind, Name: fault.T("清单", ""), Issuer: "厅", Level: "province", Document: "1号", On: w.day(fmt.Sprintf("2026-0%d-01", i+3))})
		w.ok(err)
		lists = append(lists, made)
	}
	course := []string{"listed", "proposal_approved", "feasibility_approved", "design_approved", "tendered", "started", "commissioned", "finished"}
	for k := range n {
		keeper := any("330600", "330602", "330603", "330600-BH", "330602101")
		total := project.NewProject{
			Code: any("A", "b", "C", "中") + fmt.Sprintf("-%02d", k), Name: fault.T(any("海塘", "水库", "Élan", "100%_", "a\\b")+any("甲", "乙"), any("", "Works")), Kind: any("river", "seawall"), Division: keeper,
			LegalPerson: any("", "中心"), StatsID: any("", "33-1"), Programmes: []string{any("seawall", "flood-hundred")}, Assessed: rnd.IntN(3) == 0,
		}
		if rnd.IntN(5) > 0 {
			total.Total = some(any("100", "499.999999", "500", "1000", "1000"))
		}
		id, err := w.svc.Add(w.Context(), w.city(), total)
		w.ok(err)
		whole := w.page(w.city(), id).List[0].ID
		parts := []int64{whole}
		for i := range rnd.IntN(3) {
			part := project.NewProjectPart{Kind: "section", Code: fmt.Sprint(i), Name: fault.T(any("东段", "西段"), ""), Division: any("330600", "330602", "330603", "330602101"), Contractor: any("", "水电局")}
			if rnd.IntN(4) > 0 {
				part.Total = some(any("50", "300", "700"))
			}
			made, err := w.svc.AddPart(w.Context(), w.city(), id, part)
			w.ok(err)
			parts = append(parts, made)
		}
		for far, p := range parts {
			for i := range rnd.IntN(len(course) + 1) {
				if far > 0 && i < 3 {
					continue
				}
				_ = w.step(w.city(), p, course[i], fmt.Sprintf("202%d-01-1%d", i/3+3, i), any("100", "300")) // what a guard refuses stays out
			}
			var figures []project.FigureChange
			for m := hydrotime.Month(202601); m <= 202606; m++ {
				for _, what := range project.Whats() {
					if rnd.IntN(6) > 0 {
						figures = append(figures, project.FigureChange{Part: p, Month: m, What: what, Value: some(any("10", "10", "9.5", "0", "12")), Note: "测"})
					}
				}
			}
			_, _ = w.svc.SetFigures(w.Context(), w.city(), id, figures)
		}
		if rnd.IntN(4) == 0 {
			_, err := w.svc.Step(w.Context(), w.city(), whole, w.pending("design_changed"))
			w.ok(err)
		}
		if rnd.IntN(2) == 0 {
			item, err := w.svc.PutItem(w.Context(), w.city(), lists[rnd.IntN(3)], project.NewProjectItem{Project: id, Part: []int64{0, parts[len(parts)-1]}[rnd.IntN(2)]})
			w.ok(err)
			if rnd.IntN(5) == 0 {
				w.ok(w.svc.DropItem(w.Context(), w.city(), item, "误"))
			}
		}
		if len(parts) > 1 && rnd.IntN(5) == 0 {
			_ = w.svc.ChangePart(w.Context(), w.city(), parts[1], project.ProjectPartChange{Edit: 1, Withdrawn: new(true), Reason: "合并"})
		}
		if rnd.IntN(8) == 0 {
			w.ok(w.svc.Change(w.Context(), w.city(), id, project.ProjectChange{Edit: 1, Withdrawn: new(true), Reason: "不再实施"}))
		}
	}
}

// pending is a milestone that awaits approval.
func (w *world) pending(milestone string) project.NewProjectStep {
	w.sent++
	return project.NewProjectStep{Client: fmt.Sprintf("pending-%04d", w.sent), Milestone: milestone, On: new(w.day("2026-06-01")), Document: "9号"}
}

// readers are people of one place, of several, and of less than a county.
func (w *world) readers() map[string]*identity.Principal {
	d := func(code string) int64 {
		at, _ := w.tree.ByCode(code)
		return at.ID
	}
	grant := func(at, line string) identity.Grant {
		return identity.Grant{Role: "clerk", Line: line, Division: d(at)}
	}
	return map[string]*identity.Principal{
		"city": w.city(), "yue": w.yue(), "ke": w.ke(), "town": w.as("town", "clerk", "330602101"), "functional": w.as("bh", "clerk", "330600-BH"),
		"two":        identity.NewPrincipal("two", "two", "two", d("330602"), []identity.Grant{grant("330602", "*"), grant("330603", "*")}, w.tree),
		"one inside": identity.NewPrincipal("in", "in", "in", d("330602"), []identity.Grant{grant("330602101", "*"), grant("330602", "projects")}, w.tree),
		"other line": identity.NewPrincipal("no", "no", "no", d("330602"), []identity.Grant{grant("330602", "rural_water")}, w.tree),
	}
}

// TestTheStoreFindsWhatTheRulesFind holds filters, order, pages and counts that the store answers against the same judged in memory.
func TestTheStoreFindsWhatTheRulesFind(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.crowd(24)
		var queries []project.Query
		for _, sort := range append([]string{""}, project.Sorts()...) {
			queries = append(queries, project.Query{Sort: sort}, project.Query{Sort: "-" + sort, Withdrawn: true})
		}
		for _, f := range w.filters() {
			queries = append(queries, f)
			f.Sort, f.Withdrawn, f.Assessed = "-gap", true, true
			queries = append(queries, f)
		}
		told, turn := 0, 0
		for name, p := range w.readers() {
			for _, division := range []string{"", "330600", "330602", "330603", "330600-BH", "330602101"} {
				at, _ := w.tree.ByCode(division)
				for _, q := range queries {
					// Who sees the whole city is asked everything; of the others each place gets a share of the questions.
					if turn++; (name != "city" || division != "") && turn%9 != 0 {
						continue
					}
					q.Division = at.ID
					want := w.all(p, project.InMemory(q), 500)
					told += want.Total
					if diff := cmp.Diff(lines(w, want), lines(w, w.all(p, q, 7))); diff != "" {
						w.Fatalf("%s in %q, %+v (-memory +store):\n%s", name, division, q, diff)
					}
				}
			}
		}
		if told < 1000 {
			w.Fatalf("only %d rows were compared", told)
		}
	})
}

// filters is every filter by itself, with every word it takes.
func (w *world) filters() (out []project.Query) {
	for _, s := range w.rules.Stages {
		out = append(out, project.Query{Stage: s.ID})
	}
	for _, s := range []string{"waiting", "building", "commissioned", "ended"} {
		out = append(out, project.Query{State: s})
	}
	for _, pace := range []string{"no_plan", "unreported", "ended", "on_schedule", "lagging", "severe", "behind"} {
		out = append(out, project.Query{Pace: pace})
	}
	for _, text := range []string{"海塘", "ÉLAN", "works", "东段", "%", "_", `\`, "水电", "中-", "33-", " 甲 "} {
		out = append(out, project.Query{Text: text})
	}
	return append(out, project.Query{Kind: "seawall"}, project.Query{Programme: "seawall"}, project.Query{List: 1}, project.Query{List: 2}, project.Query{List: 3}, project.Query{Named: true},
		project.Query{Assessed: true}, project.Query{Gap: true}, project.Query{Awaits: true}, project.Query{Withdrawn: true},
		project.Query{State: "building", Pace: "behind", Programme: "seawall"}, project.Query{Year: 2025}, project.Query{AsOf: w.day("2026-06-08")})
}

// all reads every page of a list.
func (w *world) all(p *identity.Principal, q project.Query, limit int) *project.ProjectPage {
	w.Helper()
	q.Limit = limit
	out, err := w.svc.Projects(w.Context(), p, q)
	w.ok(err)
	for next := out.Next; next != ""; {
		_, err := fmt.Sscan(next, &q.After)
		w.ok(err)
		page, err := w.svc.Projects(w.Context(), p, q)
		w.ok(err)
		out.Items, next = append(out.Items, page.Items...), page.Next
	}
	out.Next = ""
	return out
}

func lines(w *world, page *project.ProjectPage) []string {
	w.Helper()
	var out []string
	for _, r := range page.Items {
		text, err := json.Marshal(r)
		w.ok(err)
		out = append(out, string(text))
	}
	text, err := json.MarshalIndent([]any{page.Total, page.Tally}, "", " ")
	w.ok(err)
	return append(out, string(text))
}

// TestStandingsFollowWhatChanges: a list told from the store knows of every change at once, and of a month that has passed.
func TestStandingsFollowWhatChanges(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.yue(), "A-1", "330602")
		w.begun(w.yue(), whole)
		is := func(pace lifecycle.Pace, stage string) {
			w.Helper()
			page, err := w.svc.Projects(w.Context(), w.city(), project.Query{Pace: string(pace), Stage: stage})
			w.ok(err)
			if page.Total != 1 {
				all, _ := w.svc.Projects(w.Context(), w.city(), project.Query{})
				w.Fatalf("not %s at %s: %+v", pace, stage, all.Items)
			}
		}
		is(lifecycle.NoPlan, "construction")
		w.ok(w.tell(w.yue(), id, whole, project.Plan, 202606, "20", 0))
		is(lifecycle.OnSchedule, "construction")
		w.at = w.at.AddDate(0, 1, 0) // June is over, and nothing was told of it
		is(lifecycle.Unreported, "construction")
		w.ok(w.tell(w.yue(), id, whole, project.Actual, 202606, "1", 0))
		is(lifecycle.Severe, "construction")
		w.ok(w.step(w.yue(), whole, "commissioned", "2026-07-01", ""))
		is(lifecycle.Ended, "construction")
		w.is(errOf(w.svc.Projects(w.Context(), w.city(), project.Query{After: 99})), "cursor.invalid")
	})
}
