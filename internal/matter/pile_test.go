package matter

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPileNeverChanges grows and rewrites a pile over many parts: each one equals a plain list, and those before it stay as they were.
func TestPileNeverChanges(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2026))
	var plain []*Row
	var p pile
	type kept struct {
		p    pile
		want []*Row
	}
	var before []kept
	for range 60 {
		w := p.rewrite()
		for range rng.IntN(200) {
			r := &Row{ID: rng.Int64()}
			if i := rng.IntN(len(plain) + 3); i < len(plain) {
				plain[i] = r
				w.put(i, r)
			} else {
				w.put(len(plain), r)
				plain = append(plain, r)
			}
		}
		for range rng.IntN(150) {
			r := &Row{ID: rng.Int64()}
			w.put(len(plain), r)
			plain = append(plain, r)
		}
		p = w.pile
		before = append(before, kept{p, slices.Clone(plain)})
	}
	if len(p.parts) < 3 {
		t.Fatalf("%d parts", len(p.parts))
	}
	for n, k := range before {
		if got := slices.Collect(k.p.all); !slices.Equal(got, k.want) || k.p.n != len(k.want) || k.p.n > 0 && k.p.at(k.p.n-1) != k.want[k.p.n-1] {
			t.Fatalf("pile %d holds %d rows, want %d", n, len(got), len(k.want))
		}
	}
}
