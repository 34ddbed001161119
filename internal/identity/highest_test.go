package identity_test

import (
	"testing"

	"anlan/internal/identity"
	"anlan/internal/registry"
)

// TestHighest: what a province's inspector finds in a county is kept by the province, not by the city between them, which would
// otherwise see what is not announced to it.
func TestHighest(t *testing.T) {
	parent := func(id int64) *int64 { return &id }
	tree := registry.NewTree([]registry.Division{
		{ID: 1, Code: "33", NameZh: "省", Level: "province"}, {ID: 2, Code: "3306", Level: "city", ParentID: parent(1)}, {ID: 3, Code: "330602", Level: "county", ParentID: parent(2)},
	})
	f := func(at, want int64, ok bool) {
		t.Helper()
		p := identity.NewPrincipal("a", "a", "a", at, []identity.Grant{{Role: "inspector", Line: "*", Division: at}}, tree)
		d, found := p.Highest(identity.InspectionRecord, "reservoir", 3)
		if found != ok || d.ID != want {
			t.Errorf("from %d: %d %v, want %d %v", at, d.ID, found, want, ok)
		}
	}
	f(1, 1, true)
	f(2, 2, true)
	f(3, 3, true)
	p := identity.NewPrincipal("a", "a", "a", 3, nil, tree)
	if _, ok := p.Highest(identity.InspectionRecord, "", 3); ok {
		t.Error("nobody keeps it and somebody does")
	}
}
