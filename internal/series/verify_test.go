package series_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
	for range 2 {
		if n, err := w.svc.CheckBalances(w.Context(), from, to); err != nil || n != 1 {
			w.Errorf("%d, %v", n, err)
		}
	}
	if got := w.points(1, reading.RainCounter, to, to); got[0].Flags != reading.Unequal {
		w.Errorf("%+v", got)
	}
	if list, err = w.svc.Balances(w.Context(), w.stations[1], from, to); err != nil || len(list) != 1 || list[0].Interval.Valid {
		w.Errorf("what was reckoned from the counter is held against it: %+v, %v", list, err)
	}
}

// TestCounterIsJudged: what a person says of a counter's reading, the rain that was reckoned from it says too.
func TestCounterIsJudged(t *testing.T) {
	each(t, func(w *world) {
		for _, n := range []int{1, 2} { // 2 is sealed before anybody looks
			for i, v := range []string{"100", "101", "141", "102", "102.5"} {
				r := w.is(n, reading.RainCounter, 100-20*i, v)
				if n == 2 {
					r.At = r.At.Add(-12 * time.Hour)
				}
				w.append(r)
			}
		}
		w.seal()
		bad := func(n int) reading.Reading {
			r := w.is(n, reading.RainCounter, 60, "141")
			if n == 2 {
				r.At = r.At.Add(-12 * time.Hour)
			}
			return r
		}
		rain := func(n int) (out []string) {
			for _, p := range w.points(n, reading.Rain, w.at.AddDate(-1, 0, 0), w.at) {
				if p.Counts() {
					out = append(out, p.Value.String()+" in "+p.Span.String())
				}
			}
			return out
		}
		f := func(n int, v series.Verdict, want ...string) {
			t.Helper()
			if err := w.revise(bad(n), v); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, rain(n)); d != "" {
				t.Errorf("station %d, %s: %s", n, v.Act, d)
			}
		}
		for _, n := range []int{1, 2} {
			f(n, series.Verdict{Act: series.Reject, Reason: "a frog"}, "1 in 20m0s", "1 in 40m0s", "0.5 in 20m0s")
			f(n, series.Verdict{Act: series.Correct, Value: dec("101.6"), Reason: "by the log book"}, "1 in 20m0s", "0.6 in 20m0s", "0.4 in 20m0s", "0.5 in 20m0s")
		}
	})
}

// TestCounterThatShowedNought: a counter that shows nought once has not rained all that it ever counted.
func TestCounterThatShowedNought(t *testing.T) {
	each(t, func(w *world) {
		for i, v := range []string{"845", "845.5", "0", "846", "0.5", "0.6", "0.8"} {
			w.append(w.is(1, reading.RainCounter, 120-20*i, v))
		}
		var got []string
		for _, p := range w.points(1, reading.Rain, w.at.Add(-4*time.Hour), w.at) {
			got = append(got, p.Value.String()+" in "+p.Span.String())
		}
		if d := cmp.Diff([]string{"0.5 in 20m0s", "0.5 in 40m0s", "0.1 in 20m0s", "0.2 in 20m0s"}, got); d != "" {
			t.Error(d)
		}
	})
}
