package project_test

import (
	"fmt"
	"testing"

	"anlan/internal/project"
	"anlan/internal/quantity"

	"github.com/google/go-cmp/cmp"
)

// The money of several projects is told by county too: a town's part counts in its county, and nobody reads of a county outside the scope.
func TestMoneyByCounty(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.city(), "SX-1", "330600")
		east, west := w.part(w.city(), id, "01", "330602101"), w.part(w.city(), id, "02", "330603")
		for i, f := range []struct {
			part         int64
			step, amount string
		}{{whole, "assigned", "10"}, {east, "assigned", "100"}, {east, "arrived", "60"}, {west, "assigned", "40"}} {
			_, err := w.svc.Fund(w.Context(), w.city(), f.part, project.NewFund{Client: fmt.Sprintf("county-%04d", i), Source: "province", Step: f.step, Amount: quantity.MustParse(f.amount)})
			w.ok(err)
		}
		told := func(f *project.ProjectFunding, err error) map[string][]string {
			w.Helper()
			w.ok(err)
			out := map[string][]string{}
			for _, c := range f.Counties {
				for _, s := range c.Sums {
					if s.Amount.Valid {
						out[c.Division.Code] = append(out[c.Division.Code], s.Step+" "+s.Amount.String())
					}
				}
			}
			return out
		}
		all := map[string][]string{"330600": {"assigned 10"}, "330602": {"assigned 100", "arrived 60"}, "330603": {"assigned 40"}}
		if diff := cmp.Diff(all, told(w.svc.Funding(w.Context(), w.city(), project.Query{}))); diff != "" {
			t.Error(diff)
		}
		own := map[string][]string{"330602": {"assigned 100", "arrived 60"}}
		if diff := cmp.Diff(own, told(w.svc.Funding(w.Context(), w.yue(), project.Query{}))); diff != "" {
			t.Error(diff)
		}
	})
}
