package project

import "testing"

// FuzzShape reads coordinates as offices may write them: what is taken comes back the same, and nothing is out of bounds.
func FuzzShape(f *testing.F) {
	for _, s := range []string{"120.61 30.02", "120.61,30.02；120.62，30.03", "1e3 2", "NaN 1", ";;", "120.6 30.1 5", "１２０.５ ３０"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		sh, ok := shapeIn(s)
		if !ok {
			return
		}
		if len(sh.Points) == 0 || len(sh.Points) > shapeMost {
			t.Fatalf("%q: %d points", s, len(sh.Points))
		}
		for _, c := range sh.Points {
			if c[0] != c[0] || c[1] != c[1] { // no number is refused where it is written down
				return
			}
		}
		if again, ok := shapeIn(sh.words()); !ok || !again.same(sh) {
			t.Errorf("%q: %v, then %v", s, sh, again)
		}
	})
}
