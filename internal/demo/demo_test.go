package demo_test

import (
	"io"
	"path/filepath"
	"testing"
	"time"

	"anlan/internal/app"
	"anlan/internal/demo"
	"anlan/internal/identity"
	"anlan/internal/programme"
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
	defer a.Close()
	if _, err := a.Programme.LoadPacks(t.Context(), identity.Actor{Name: "test"}, packs.All()); err != nil {
		t.Fatal(err)
	}
	accounts, err := demo.Fill(t.Context(), demo.Parts{Store: a.Store, Registry: a.Registry, Identity: a.Identity, Programme: a.Programme, Clock: clock})
	if err != nil || len(accounts) != 12 {
		t.Fatalf("%d accounts, %v", len(accounts), err)
	}
	if err := clock.Set(time.Date(2026, 6, 8, 0, 40, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	tree, err := a.Registry.Tree(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	city, _ := tree.ByCode(demo.City)
	boss := identity.NewPrincipal("x", "x", "x", city.ID, []identity.Grant{{Role: "director", Line: "*", Division: city.ID}}, tree)
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
