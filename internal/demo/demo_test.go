package demo_test

import (
	"io"
	"path/filepath"
	"testing"
	"time"

	"anlan/internal/app"
	"anlan/internal/demo"
	"anlan/internal/geodesy"
	"anlan/internal/identity"
	"anlan/internal/programme"
	"anlan/internal/registry"
	"anlan/internal/registry/objectrule"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/packs"
)

// TestTheDemoTellsItsStory fills the city and looks for what the story says: some lag, one has not reported, one corrected.
func TestTheDemoTellsItsStory(t *testing.T) {
	c := app.DefaultConfig()
	c.Database = filepath.Join(t.TempDir(), "demo.db")
	clock := &app.Clock{}
	a, err := app.New(t.Context(), c, "test", clock, true, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	a.Store.WatchReads()
	defer a.Close()
	if _, err := a.Programme.LoadPacks(t.Context(), identity.Actor{Name: "test"}, packs.All()); err != nil {
		t.Fatal(err)
	}
	accounts, _, err := demo.Fill(t.Context(), partsOf(a, clock))
	if err != nil || len(accounts) != 13 {
		t.Fatalf("%d accounts, %v", len(accounts), err)
	}
	tellsOfSupervision(t.Context(), t, a)
	tellsOfWater(t, a)
	if err := clock.Set(time.Date(2026, 6, 8, 0, 40, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	tree, err := a.Registry.Tree(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tellsOfObjects(t, a, tree)
	tellsOfBulletins(t, a, tree)
	city, _ := tree.ByCode(demo.City)
	boss := identity.NewPrincipal("x", "x", "x", city.ID, []identity.Grant{{Role: "director", Line: "*", Division: city.ID}}, tree)
	tellsOfProjects(t, a, boss)
	cock, err := a.Programme.Cockpit(t.Context(), boss, programme.View{Scope: demo.City})
	if err != nil {
		t.Fatal(err)
	}
	if len(cock.Divisions) != 7 || len(cock.Groups) != 10 || len(cock.Lagging) == 0 || cock.Counts.Pending == 0 {
		t.Errorf("%d divisions, %d programmes, %d lag, counts %+v", len(cock.Divisions), len(cock.Groups), len(cock.Lagging), cock.Counts)
	}
	if len(cock.Silent) != 3 || cock.Silent[0].DaysLate != 3 {
		t.Errorf("silent %+v", cock.Silent)
	}
	history, err := a.Programme.History(t.Context(), boss, "inv.construction", "330681", 202603)
	if err != nil || len(history) != 2 {
		t.Errorf("the corrected figure has %d revisions, %v", len(history), err)
	}
}

// tellsOfObjects looks for what the register's story says: some 300 objects in place, some dams overdue, some persons wanting.
func tellsOfObjects(t *testing.T, a *app.App, tree *registry.Tree) {
	t.Helper()
	city, _ := tree.ByCode(demo.City)
	outlines := map[int64]geodesy.MultiPolygon{}
	boundaries, err := a.Registry.Boundaries(t.Context(), city.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range boundaries {
		features, _, err := geodesy.ReadGeoJSON([]byte(b.Geometry), geodesy.CGCS2000, geodesy.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		outlines[b.Division.ID] = features[0].Area
	}
	kinds, due, gaps, divisions := map[objectrule.Kind]int{}, map[objectrule.DueState]int{}, map[objectrule.GapCode]int{}, map[string]int{}
	q := registry.ObjectQuery{Scopes: []int64{city.ID}, Limit: 200}
	for more := true; more; {
		page, err := a.Registry.Objects(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Items {
			kinds[o.Kind]++
			divisions[o.Division]++
			if o.Place == nil || !outlines[o.DivisionID].Contains(*o.Place) {
				t.Errorf("%s lies outside %s", o.Name.Zh, o.Division)
			}
			if o.Clock != nil {
				due[o.Clock.Due()]++
			}
			for _, g := range o.Gaps {
				gaps[g.Code]++
			}
		}
		q.After, more = page.Next, page.Next != ""
	}
	t.Log(kinds, due, gaps, divisions)
	if kinds[objectrule.Reservoir] != 80 || kinds[objectrule.Pond] != 60 || kinds[objectrule.Hydropower] != 70 || kinds[objectrule.Waterworks] != 40 ||
		kinds[objectrule.River] != 20 || len(kinds) != 14 || len(divisions) != 7 {
		t.Errorf("%v in %v", kinds, divisions)
	}
	for _, s := range registry.DueStates() {
		if due[s] == 0 {
			t.Errorf("no dam is %s", s)
		}
	}
	for _, g := range []objectrule.GapCode{objectrule.Unfilled, objectrule.NotDistinct, objectrule.NoPhone, objectrule.Unverified, objectrule.Untrained, objectrule.TooMany} {
		if gaps[g] == 0 {
			t.Errorf("no gap of kind %s", g)
		}
	}
}

// tellsOfWater holds the demo to its stations: sixty with two weeks of history, a flood that was above a warning level and cleared, rivers
// that stand just below it as the typhoon comes, and no contradiction among the observations.
func tellsOfWater(t *testing.T, a *app.App) {
	t.Helper()
	stations, err := a.Series.Stations(t.Context())
	if err != nil || len(stations) != 60 {
		t.Fatalf("%d stations, %v", len(stations), err)
	}
	classes := map[string]int{}
	for i := range stations {
		classes[stations[i].Class]++
	}
	if classes["RR"] != 20 || classes["ZZ"] != 24 || classes["PP"] != 16 {
		t.Errorf("stations: %v", classes)
	}
	events, err := a.Series.Exceedances(t.Context(), series.ExceedanceQuery{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	cleared, stands := map[string]int{}, map[string]int{}
	for _, e := range events {
		if e.Live {
			stands[e.Kind]++
		} else {
			cleared[e.Kind]++
		}
	}
	if cleared["warning"] == 0 || stands["warning"] > 4 || stands["guarantee"] > 0 {
		t.Errorf("cleared %v, standing %v", cleared, stands)
	}
	for id, n := range map[reading.ID]int{reading.Level: 24, reading.UpperLevel: 20, reading.Storage: 20, reading.Rain: 60} {
		latest, err := a.Series.Latest(t.Context(), series.LatestQuery{Quantity: id})
		if err != nil || len(latest) != n {
			t.Errorf("%d of quantity %d, %v", len(latest), id, err)
		}
		for _, r := range latest {
			if r.Flags != 0 {
				t.Errorf("station %d, quantity %d: %v", r.Object, id, r.Flags.Codes())
			}
		}
	}
	if found, err := series.Verify(t.Context(), a.Store); err != nil || len(found) > 0 {
		t.Errorf("%v %v", found, err)
	}
}

// partsOf is what the demo fills.
func partsOf(a *app.App, clock *app.Clock) demo.Parts {
	return demo.Parts{Store: a.Store, Registry: a.Registry, Identity: a.Identity, Programme: a.Programme, Matter: a.Matter, Oversight: a.Oversight, Evidence: a.Evidence, Ledger: a.Ledger, Project: a.Project, Bulletin: a.Bulletin, Series: a.Series, Book: a.Book, Clock: clock}
}
