package programme_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/programme"
	"anlan/internal/quantity"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
)

// TestCountedBesideFiled holds what counties filed against what is counted: the same, another, not filed, and not counted.
func TestCountedBesideFiled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		var asked []string
		n := func(v int64) quantity.Null { return quantity.Some(quantity.Int(v)) }
		svc := programme.New(programme.Options{Store: db, Registry: w.reg, Now: func() time.Time { return w.at }, Count: func(_ context.Context, sources []string, asOf hydrotime.Date) (map[string]map[string]programme.Counted, error) {
			for _, source := range sources {
				asked = append(asked, source+" "+asOf.String())
			}
			return map[string]map[string]programme.Counted{"ledger/works/done": {"330602": {Value: n(3), Base: n(5)}, "330603": {Value: n(1), Base: n(2)}}}, nil
		}})
		pack := strings.NewReplacer("version: 1", "version: 2", "unit: percent, decimals: 1,", "unit: percent, decimals: 1, counted: ledger/works/done,", "headline: true}\n  - {code: t.rate", "headline: true, counted: moon/dust}\n  - {code: t.rate").Replace(testPack)
		if _, err := svc.LoadPacks(t.Context(), identity.Actor{Name: "test"}, map[string][]byte{"test.yaml": []byte(pack)}); err != nil {
			t.Fatal(err)
		}
		w.svc = svc
		w.file("330602", 202605, "10", "3", "5")
		w.file("330603", 202605, "10", "2", "2")
		v, err := svc.Counted(t.Context(), w.reviewer(), programme.CountedQuery{Scope: "330600", Form: "test.month"})
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Rows) != 2 || v.Rows[0].Trouble.En != "there is no source moon/dust" || v.Rows[1].Differing != 1 || v.Day.String() != "2026-05-31" {
			t.Fatalf("%+v", v)
		}
		for _, c := range v.Rows[1].Cells {
			want := map[string][2]bool{"330602": {true, false}, "330603": {true, true}, "330600-BH": {false, false}}[c.Division.Code]
			if c.Counted.Valid != want[0] || c.Differs != want[1] {
				t.Errorf("%+v", c)
			}
		}
		w.at = time.Date(2026, 6, 20, 1, 0, 0, 0, time.UTC)
		if _, err := svc.Counted(t.Context(), w.reviewer(), programme.CountedQuery{Scope: "330602", Period: 202606, Indicator: "t.rate"}); err != nil || asked[len(asked)-1] != "ledger/works/done 2026-06-20" {
			t.Errorf("a month that is not over is counted as of today: %v, %v", asked, err)
		}
	})
}
