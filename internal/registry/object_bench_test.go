package registry_test

import (
	"fmt"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/registry"
	"anlan/internal/registry/objectrule"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
)

// BenchmarkObjects asks a register of 20,000 objects, half of them reservoirs, as a list, a tally and a map do.
func BenchmarkObjects(b *testing.B) {
	db := storetest.SQLite(b)
	s := registry.New(db, func() time.Time { return time.Date(2026, 6, 8, 0, 0, 0, 0, time.UTC) })
	var n registry.NewDivision
	n.Code, n.Kind, n.Level, n.Name = "330600", registry.Administrative, "city", fault.T("市", "city")
	err := db.Write(b.Context(), func(tx *store.Tx) error {
		if err := s.AddDivisions(b.Context(), tx, []registry.NewDivision{n}); err != nil {
			return err
		}
		for i := range 20_000 {
			o := registry.NewWaterObject{Kind: objectrule.Pond, Name: fault.T(fmt.Sprintf("塘%d", i), ""), Division: "330600"}
			if i%2 == 0 {
				o.Kind, o.CommissionedOn, o.AppraisedOn = objectrule.Reservoir, on("1970-01-01"), on(fmt.Sprintf("20%02d-%02d-%02d", 15+i%10, 1+i%12, 1+i%28))
			}
			if _, err := s.AddObject(b.Context(), tx, registry.Program(), o); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	tree, err := s.Tree(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	scopes := []int64{tree.Roots()[0].ID}
	for _, q := range []registry.ObjectQuery{{}, {Sort: "due", Due: objectrule.Overdue}, {Sort: "storage"}, {Text: "99"}} {
		q.Scopes = scopes
		b.Run(fmt.Sprintf("list by %s %s %s", q.Sort, q.Due, q.Text), func(b *testing.B) {
			for b.Loop() {
				if page, err := s.Objects(b.Context(), q); err != nil || len(page.Items) != 50 {
					b.Fatal(len(page.Items), err)
				}
			}
		})
	}
	b.Run("tally", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.TallyObjects(b.Context(), registry.ObjectQuery{Scopes: scopes}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
