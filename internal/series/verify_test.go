package series_test

import (
	"strings"
	"testing"
	"time"

	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
)

// TestVerifyFinds damages one thing at a time.
func TestVerifyFinds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.append(w.is(1, reading.Rain, 10, "1"), w.is(1, reading.Rain, 60*30, "2"), w.is(2, reading.Level, 10, "5"))
		w.sound()
		f := func(damage, mend, want string) {
			t.Helper()
			exec := func(sql string) {
				t.Helper()
				w.write(func(tx *store.Tx) error { _, err := tx.ExecContext(w.Context(), sql); return err })
			}
			exec(damage)
			found, err := series.Verify(w.Context(), w.db)
			if err != nil || len(found) == 0 || !strings.Contains(found[0].En, want) {
				t.Errorf("%s: %v, %v", damage, found, err)
			}
			exec(mend)
			w.sound()
		}
		f(`UPDATE observation_chunk SET sum_e6 = sum_e6 + 1`, `UPDATE observation_chunk SET sum_e6 = sum_e6 - 1`, "are not those of its readings")
		f(`UPDATE observation_chunk SET day = day - 86400000`, `UPDATE observation_chunk SET day = day + 86400000`, "holds readings of another")
		f(`UPDATE observation_hour SET covered_s = covered_s + 1`, `UPDATE observation_hour SET covered_s = covered_s - 1`, "the sum of the hour")
		f(`UPDATE observation_latest SET at = at + 1 WHERE quantity = 1`, `UPDATE observation_latest SET at = at - 1 WHERE quantity = 1`, "the newest reading")
		f(`UPDATE observation SET at = at - 864000000 WHERE quantity = 1`, `UPDATE observation SET at = at + 864000000 WHERE quantity = 1`, "unsealed before")
		w.write(func(tx *store.Tx) error {
			_, err := tx.ExecContext(w.Context(), `UPDATE observation_chunk SET body = $1`, []byte{9})
			return err
		})
		if found, err := series.Verify(w.Context(), w.db); err != nil || len(found) != 1 || !strings.Contains(found[0].En, "cannot be unpacked") {
			t.Errorf("%v, %v", found, err)
		}
	})
}

func TestBalance(t *testing.T) { each(t, testBalance) }

// testBalance has a counter that saw more than the spans told.
func testBalance(w *world) {
	w.append(w.is(1, reading.Rain, 5, "1"), w.is(1, reading.Rain, 0, "2"), w.is(2, reading.RainCounter, 10, "7"), w.is(2, reading.RainCounter, 0, "9"))
	w.append(w.is(1, reading.RainCounter, 10, "100"), w.is(1, reading.RainCounter, 0, "108"))
	from, to := w.at.Add(-time.Hour), w.at
	list, err := w.svc.Balances(w.Context(), w.stations[0], from, to)
	if err != nil || len(list) != 1 || list[0].Counter.String() != "8" || list[0].Interval.String() != "3" || !list[0].Unequal {
		w.Fatalf("%+v, %v", list, err)
	}
	if n, err := w.svc.CheckBalance(w.Context(), w.stations[0], from, to); err != nil || n != 1 {
		w.Errorf("%d, %v", n, err)
	}
	if got := w.points(1, reading.RainCounter, to, to); got[0].Flags != reading.Unequal {
		w.Errorf("%+v", got)
	}
	if list, err = w.svc.Balances(w.Context(), w.stations[1], from, to); err != nil || len(list) != 1 || list[0].Interval.Valid {
		w.Errorf("what was reckoned from the counter is held against it: %+v, %v", list, err)
	}
}
