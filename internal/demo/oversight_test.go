package demo_test

import (
	"context"
	"testing"

	"anlan/internal/app"
	"anlan/internal/demo"
	"anlan/internal/identity"
	"anlan/internal/matter"
)

// tellsOfSupervision holds the demo to what the founding document says of supervision: six teams, and four findings of the province, two
// in 上虞 and two in 新昌, of which none is mended.
func tellsOfSupervision(ctx context.Context, t *testing.T, a *app.App) {
	t.Helper()
	tree, err := a.Registry.Tree(ctx)
	if err != nil {
		t.Fatal(err)
	}
	city, _ := tree.ByCode(demo.City)
	p := identity.NewPrincipal("x", "x", "x", city.ID, []identity.Grant{{Role: "director", Line: "*", Division: city.ID}}, tree)
	list := func(q matter.Query) matter.Page {
		t.Helper()
		q.Limit = 1000
		page, err := a.Matter.List(ctx, p, q)
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
	problems := []matter.Kind{matter.Finding, matter.Hazard}
	if n := list(matter.Query{Kinds: problems, Source: "inspection"}).Total; n != 400 {
		t.Errorf("%d findings", n)
	}
	if n := list(matter.Query{Recurrent: true}).Total; n != 2 {
		t.Errorf("%d recurrent", n)
	}
	open := map[string]int{}
	for _, r := range list(matter.Query{Origins: []matter.Origin{matter.Province}}).Rows {
		d, _ := tree.ByID(r.Division)
		if open[d.Code]++; !r.Live() {
			t.Errorf("a finding of the province is %s", r.State)
		}
	}
	if len(open) != 2 || open["330604"] != 2 || open["330624"] != 2 {
		t.Errorf("findings of the province: %v", open)
	}
	for _, s := range matter.States() {
		if s != matter.Cleared && list(matter.Query{Kinds: append(problems, matter.Sweep), States: []matter.State{s}}).Total == 0 {
			t.Errorf("no problem is %s", s)
		}
	}
	teams, err := a.Oversight.Teams(ctx, p)
	if err != nil || len(teams) != 6 {
		t.Errorf("%d teams: %v", len(teams), err)
	}
}
