package demo_test

import (
	"context"
	"slices"
	"testing"

	"anlan/internal/app"
	"anlan/internal/demo"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/oversight"
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
	plans, err := a.Oversight.Plans(ctx, p, "", "", 0, 10)
	if err != nil || len(plans) != 3 || plans[0].Mode != oversight.Unannounced || plans[2].State != oversight.Done || plans[2].Objects != 6 || plans[2].Looked != 6 {
		t.Errorf("plans: %+v %v", plans, err)
	}
	for _, plan := range plans {
		if err := a.Oversight.CheckDrawing(ctx, p, plan.ID); err != nil {
			t.Errorf("the drawing of %s: %v", plan.Title, err)
		}
	}
	there, _ := tree.ByCode("330683")
	inspected := identity.NewPrincipal("y", "y", "y", there.ID, []identity.Grant{{Role: "county_leader", Line: "*", Division: there.ID}}, tree)
	if seen, err := a.Oversight.Plans(ctx, inspected, "", "", 0, 10); err != nil || slices.ContainsFunc(seen, func(x *oversight.Plan) bool { return x.Mode == oversight.Unannounced }) {
		t.Errorf("the inspected county knows of the plan: %+v %v", seen, err)
	}
	steps := map[string]int{}
	letters, _, err := a.Matter.Escalations(ctx, p, matter.EscalationQuery{Limit: 10})
	for _, e := range letters {
		steps[e.State]++
	}
	if err != nil || steps["proposed"] != 1 || steps["issued"] != 1 || steps["replied"] != 1 {
		t.Errorf("steps of the ladder: %v %v", steps, err)
	}
	meetings, err := a.Matter.Meetings(ctx, p, "", 0, 10)
	if err != nil || len(meetings.Items) != 2 || meetings.Items[0].Tasks != 2 || meetings.Items[1].Tasks != 3 || meetings.Items[1].Open != 2 {
		t.Errorf("meetings: %+v %v", meetings, err)
	}
}
