package project_test

import (
	"fmt"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/project"
	"anlan/internal/project/lifecycle"

	"github.com/google/go-cmp/cmp"
)

// over is a project over two counties with 100 万元 that lie in no part, and its parts of 600 and 300.
func (w *world) over() (id, east, west int64) {
	w.Helper()
	id, _ = w.add(w.city(), "X-1", "330600")
	for i, p := range []struct {
		into            *int64
		county, divided string
	}{{&east, "330602101", "600"}, {&west, "330603", "300"}} {
		made, err := w.svc.AddPart(w.Context(), w.city(), id, project.NewProjectPart{Kind: "section", Code: fmt.Sprintf("%02d", i+1), Name: fault.T(fmt.Sprint(i+1, "段"), ""), Division: p.county, Total: some(p.divided)})
		w.ok(err)
		*p.into = made
	}
	return id, east, west
}

// TestOneProjectOverTwoCounties: it counts in both, by the parts that lie there, and once in the city, which has what lies in no part.
func TestOneProjectOverTwoCounties(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, east, west := w.over()
		w.ok(w.step(w.city(), w.page(w.city(), id).List[0].ID, "feasibility_approved", "2024-01-10", "1000"))
		for _, p := range []int64{east, west} {
			w.ok(w.step(w.city(), p, "design_approved", "2024-06-10", "300"))
			w.ok(w.step(w.city(), p, "tendered", "2024-10-10", ""))
			w.ok(w.step(w.city(), p, "started", "2024-11-10", ""))
			for m := hydrotime.Month(202601); m <= 202605; m++ {
				w.ok(w.tell(w.city(), id, p, project.Plan, m, "10", 0))
			}
		}
		w.ok(w.step(w.city(), east, "commissioned", "2026-04-01", "")) // in service while the project lags
		for m := hydrotime.Month(202601); m <= 202605; m++ {
			w.ok(w.tell(w.city(), id, east, project.Actual, m, "10", 0))
			w.ok(w.tell(w.city(), id, west, project.Actual, m, "4", 0))
		}
		w.add(w.ke(), "K-1", "330603")

		list := func(division, pace string) *project.ProjectPage {
			d, _ := w.tree.ByCode(division)
			got, err := w.svc.Projects(w.Context(), w.city(), project.Query{Division: d.ID, Pace: pace})
			w.ok(err)
			return got
		}
		type line struct{ Total, Plan, Done string }
		of := func(p *project.ProjectPage) line {
			return line{p.Tally.Total.String(), p.Tally.Lag.Money.Year.String(), p.Tally.Lag.Money.Done.String()}
		}
		city, yue, ke := list("330600", ""), list("330602", ""), list("330603", "")
		if diff := cmp.Diff([]line{{"2000", "100", "70"}, {"600", "50", "50"}, {"1300", "50", "20"}}, []line{of(city), of(yue), of(ke)}); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if city.Total != 2 || yue.Total != 1 || ke.Total != 2 || city.Tally.Partial != 0 || yue.Tally.Partial != 1 || ke.Tally.Partial != 1 {
			t.Errorf("%d in the city, %d and %d in the counties", city.Total, yue.Total, ke.Total)
		}
		var counties []string
		for _, c := range city.Tally.Counties {
			counties = append(counties, fmt.Sprint(c.Division.Code, " ", c.Projects, " ", c.Total, " ", c.Plan, " ", c.Done))
		}
		if diff := cmp.Diff([]string{"330600 1 100 — —", "330602 1 600 50 50", "330603 2 1300 50 20"}, counties); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		// Each county judges its own part; the city sees both.
		row := city.Items[0]
		if row.Pace != lifecycle.Severe || row.Commissioned != 1 || row.Building != 1 || row.Share.String() != "1000" || row.Partial {
			t.Errorf("the city: %s, %d in service, %s", row.Pace, row.Commissioned, row.Share)
		}
		if r := yue.Items[0]; r.Pace != lifecycle.Ended || r.Ended != 1 || r.Parts != 1 || r.Share.String() != "600" || !r.Partial || len(r.Counties) != 1 {
			t.Errorf("the county whose part is in service: %s %+v", r.Pace, r)
		}
		if n := list("330603", "behind").Total; n != 1 {
			t.Errorf("%d lag in the other", n)
		}
		if n := list("330602", "behind").Total; n != 0 {
			t.Errorf("%d lag where the part is in service", n)
		}
		// What a county sees by itself is what the city sees of it.
		mine, err := w.svc.Projects(w.Context(), w.ke(), project.Query{})
		w.ok(err)
		if diff := cmp.Diff(of(ke), of(mine)); diff != "" {
			t.Errorf("the county by itself (-city +county):\n%s", diff)
		}
	})
}

// TestTheSumOfPartsIsHeldAgainstTheWhole: a total that is changed later and no longer agrees with its parts is told, by how much.
func TestTheSumOfPartsIsHeldAgainstTheWhole(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, east, _ := w.over()
		drift := func(want string) *project.ProjectDetail {
			w.Helper()
			page := w.page(w.city(), id)
			if page.Drift.String() != want || page.List[0].Drift != page.Drift || page.List[0].Total != page.Total {
				w.Fatalf("%s of %s, the whole %s of %s", page.Drift, page.Total, page.List[0].Drift, page.List[0].Total)
			}
			return page
		}
		drift("-100") // every part has a figure, and 100 lie in none
		inner, err := w.svc.AddPart(w.Context(), w.city(), id, project.NewProjectPart{Parent: east, Kind: "contract", Code: "01-1", Name: fault.T("合同", ""), Division: "330602"})
		w.ok(err)
		rest, err := w.svc.AddPart(w.Context(), w.city(), id, project.NewProjectPart{Kind: "lot", Code: "03", Name: fault.T("三", ""), Division: "330600"})
		w.ok(err)
		drift("—") // the rest may be of the part without one
		w.ok(w.svc.ChangePart(w.Context(), w.city(), rest, project.ProjectPartChange{Edit: 1, Total: new(some("100"))}))
		page := drift("—")
		w.ok(w.svc.Change(w.Context(), w.city(), id, project.ProjectChange{Edit: page.Edit, Total: new(some("950"))}))
		page = drift("50")
		if page.List[0].Own.String() != "0" {
			w.Fatalf("the whole's own: %s", page.List[0].Own)
		}
		// Entered as that of the whole it is the project's too.
		w.ok(w.svc.ChangePart(w.Context(), w.city(), page.List[0].ID, project.ProjectPartChange{Edit: page.List[0].Edit, Total: new(some("1000"))}))
		drift("—")
		w.ok(w.svc.ChangePart(w.Context(), w.city(), inner, project.ProjectPartChange{Edit: 1, Total: new(some("650"))}))
		for _, x := range w.page(w.city(), id).List {
			if want := map[int64]string{east: "50"}[x.ID]; x.Drift.String() != want && (want != "" || x.Drift.Valid) {
				w.Errorf("%s: %s, want %q", x.Code, x.Drift, want)
			}
		}
		if page := w.page(w.yue(), id); page.Drift.Valid {
			w.Errorf("a county learns of the whole: %s", page.Drift)
		}
	})
}
