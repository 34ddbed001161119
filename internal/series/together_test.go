package series_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/series/threshold"
)

// TestTogether lets several processes append, resend, seal, correct, judge and read at once; afterwards every reading is there once and
// nothing contradicts itself.
func TestTogether(t *testing.T) { each(t, testTogether) }

func testTogether(w *world) {
	w.append(w.is(6, reading.Level, 0, "1")) // sets the horizon
	w.limit(1, reading.Level, threshold.Threshold{Kind: threshold.Warning, Level: dec("6")})
	w.at = w.at.Add(10 * time.Hour)
	const writers, hours = 4, 12
	var failed atomic.Value
	var work sync.WaitGroup
	do := func(name string, f func(svc *series.Service) error) {
		now, db, reg := w.at, w.db, w.reg
		svc := series.New(series.Options{Store: db, Registry: reg, Now: func() time.Time { return now }})
		work.Go(func() {
			if err := f(svc); err != nil {
				failed.Store(fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	for n := range writers {
		do("append", func(svc *series.Service) error {
			for hour := hours; hour > 0; hour-- {
				var batch []reading.Reading
				for m := 0; m < 60; m += 10 {
					// Two writers share each station, and send the same.
					v := fmt.Sprintf("%d.%02d", 5+hour%2, m)
					batch = append(batch, w.is(n/2+1, reading.Level, hour*60+m, v), w.is(n/2+1, reading.Rain, hour*60+m, "0.5"))
				}
				if _, err := svc.Append(w.Context(), batch); err != nil {
					return err
				}
			}
			return nil
		})
	}
	do("seal", func(svc *series.Service) error {
		for range 3 {
			if _, err := svc.Seal(w.Context()); err != nil {
				return err
			}
		}
		return nil
	})
	do("read", func(svc *series.Service) error {
		for range 20 {
			if _, _, err := svc.Sums(w.Context(), series.SumQuery{From: w.at.Add(-6 * time.Hour), To: w.at}); err != nil {
				return err
			}
			if _, err := svc.Points(w.Context(), w.stations[0], reading.Level, w.at.Add(-24*time.Hour), w.at); err != nil {
				return err
			}
			if err := svc.JudgeWindows(w.Context()); err != nil {
				return err
			}
		}
		return nil
	})
	work.Wait()
	if err := failed.Load(); err != nil {
		w.Fatal(err)
	}
	w.seal()
	for n := range writers / 2 {
		for _, id := range []reading.ID{reading.Level, reading.Rain} {
			if got := len(w.all(n+1, id)); got != hours*6 {
				w.Errorf("station %d has %d readings of quantity %d, not %d", n+1, got, id, hours*6)
			}
		}
	}
	w.holdSums(series.SumQuery{From: w.at.Add(-14 * time.Hour), To: w.at})
}
