package programme_test

import (
	"testing"
	"time"

	"anlan/internal/matter"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
)

// TestFiguresOpenMattersOnce: what is not filed opens one matter each, stays one, and clears when it is filed.
func TestFiguresOpenMattersOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.bureaus()
		w.at = time.Date(2026, 6, 20, 1, 0, 0, 0, time.UTC)
		matters := matter.New(matter.Options{Store: db, Registry: w.reg, Now: func() time.Time { return w.at }})
		settle := func() matter.Settled {
			t.Helper()
			standing, err := matters.Standing(t.Context(), "lag", "missing", "overdue")
			if err != nil {
				t.Fatal(err)
			}
			causes, err := w.svc.Causes(t.Context(), "330600", standing...)
			if err != nil {
				t.Fatal(err)
			}
			done, err := matters.Settle(t.Context(), causes, "lag", "missing", "overdue")
			if err != nil {
				t.Fatal(err)
			}
			return done
		}
		first := settle()
		if first.Opened == 0 || first.Left != 0 {
			t.Fatalf("%+v", first)
		}
		if again := settle(); again != (matter.Settled{}) {
			t.Errorf("the second time: %+v", again)
		}
		live := func(kind matter.Kind) int {
			t.Helper()
			page, err := matters.List(t.Context(), w.person("ju", "director", "330600"), matter.Query{Kinds: []matter.Kind{kind}, Live: true})
			if err != nil {
				t.Fatal(err)
			}
			return page.Total
		}
		missing := live(matter.Missing)
		if missing == 0 {
			t.Fatal("no return is missing")
		}
		w.file("330602", 202605, "10", "1", "2")
		if done := settle(); done.Cleared == 0 || live(matter.Missing) != missing-1 {
			t.Errorf("after one was filed: %+v, %d missing of %d", done, live(matter.Missing), missing)
		}
		// Time alone mends nothing: what was not filed and what lagged stay when the months, and the year, have gone by.
		lags := live(matter.Lag)
		for _, at := range []time.Time{time.Date(2026, 10, 20, 1, 0, 0, 0, time.UTC), time.Date(2027, 3, 20, 1, 0, 0, 0, time.UTC)} {
			w.at = at
			if done := settle(); done.Cleared != 0 {
				t.Errorf("on %s: %+v", at.Format(time.DateOnly), done)
			}
		}
		if live(matter.Lag) < lags {
			t.Errorf("%d lags, there were %d", live(matter.Lag), lags)
		}
		missing = live(matter.Missing)
		w.file("330603", 202605, "10", "1", "2")
		if done := settle(); done.Cleared != 1 || live(matter.Missing) != missing-1 {
			t.Errorf("after an old one was filed: %+v, %d missing of %d", done, live(matter.Missing), missing)
		}
		if again := settle(); again != (matter.Settled{}) {
			t.Errorf("once more: %+v", again)
		}
	})
}
