package demo_test

import (
	"slices"
	"testing"

	"anlan/internal/app"
	"anlan/internal/identity"
	"anlan/internal/project"

	"github.com/google/go-cmp/cmp"
)

// tellsOfProjects holds the demo to its forty projects, in every stage, of which four lag and no other: those that the province names.
// One of the four has a phase in service (trap: neither hides the other).
func tellsOfProjects(t *testing.T, a *app.App, boss *identity.Principal) {
	t.Helper()
	page, err := a.Project.Projects(t.Context(), boss, project.Query{Limit: 1000})
	if err != nil || page.Total != 40 || len(page.Items) != 40 {
		t.Fatalf("%d projects, %v", page.Total, err)
	}
	rules, err := a.Project.Rules(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, stage := range rules.Stages {
		if page.Tally.Stages[stage.ID] == 0 {
			t.Errorf("no project is in %s: %v", stage.ID, page.Tally.Stages)
		}
	}
	var lagging, named, both []string
	for _, r := range page.Items {
		if r.Pace.Behind() {
			lagging = append(lagging, r.Name.Zh)
		}
		if r.Named != nil {
			named = append(named, r.Name.Zh)
		}
		if r.Pace.Behind() && r.Commissioned > 0 {
			both = append(both, r.Name.Zh)
		}
		if r.Breaches > 0 {
			t.Errorf("%s stands against %d guards", r.Name.Zh, r.Breaches)
		}
	}
	trap := "袍江片东入曹娥江排涝工程"
	want := []string{trap, "曹娥江综合整治工程", "新三江闸排涝及配套河道拓浚工程（越城片）", "马山闸强排及配套河道工程"}
	slices.Sort(want)
	for _, got := range [][]string{lagging, named} {
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if diff := cmp.Diff([]string{trap}, both); diff != "" {
		t.Errorf("in service and lagging (-want +got):\n%s", diff)
	}
}
