package packs_test

import (
	"slices"
	"testing"

	"anlan/internal/bulletin/template"
	"anlan/internal/programme/pack"
	"anlan/packs"
)

// TestBulletinsGoTogether reads every shipped template: ids as the files, numbers of their own, measures that the shipped packs define.
func TestBulletinsGoTogether(t *testing.T) {
	known := map[string]bool{}
	for name, src := range packs.All() {
		p, err := pack.Parse(name, src)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range p.Indicators {
			known[i.Code] = true
		}
		for _, g := range p.Targets {
			known[g.ID] = true
		}
	}
	lists := []string{"original", "corrections", "lagging", "silent", "missed", "tasks", "supervision", "lagging_projects", "project_guards", "rain", "river_levels", "reservoir_levels", "warnings"}
	numbers, orders := map[string]string{}, map[int]string{}
	for name, src := range packs.Bulletins() {
		b, err := template.ParseKnowing(name, src, func(key string) bool { return known[key] }, func(id string) bool { return slices.Contains(lists, id) })
		if err != nil {
			t.Error(err)
			continue
		}
		if b.ID+".yaml" != name {
			t.Errorf("%s is of %s", name, b.ID)
		}
		if other := numbers[b.Document.Number]; other != "" {
			t.Errorf("%s and %s share the letters %s: their numbers would run together", name, other, b.Document.Number)
		}
		if other := orders[b.Order]; other != "" {
			t.Errorf("%s and %s share a place", name, other)
		}
		numbers[b.Document.Number], orders[b.Order] = name, name
	}
	if len(numbers) < 9 {
		t.Errorf("%d kinds of bulletins ship, 9 are expected", len(numbers))
	}
}
