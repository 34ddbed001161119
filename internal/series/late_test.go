package series_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/store"
)

// TestLateReadingsWaitInOneOrder lets writers bring readings of sealed days at once, of all stations or of a few, and late ones beside new
// ones: they wait for each other and none has to begin again, as it would where two hold what the other wants.
func TestLateReadingsWaitInOneOrder(t *testing.T) {
	each(t, func(w *world) {
		w.append(w.is(6, reading.Level, 0, "1")) // sets the horizon
		w.at = w.at.Add(20 * time.Hour)
		w.seal()
		const writers, batches = 3, 12
		var begun atomic.Int64
		var failed atomic.Value
		var work sync.WaitGroup
		for n := range writers {
			now := w.at
			svc := series.New(series.Options{Store: w.db, Registry: w.reg, Now: func() time.Time { return now }})
			work.Go(func() {
				for i := range batches {
					var batch []reading.Reading
					for s := 1; s <= 6; s++ {
						ago := 600 + i*15 + n*5
						if (s+n+i)%3 == 0 {
							ago = 100 - i*6 - n
						}
						batch = append(batch, w.is(s, reading.Level, ago, "5"))
					}
					err := w.db.Write(w.Context(), func(tx *store.Tx) error {
						begun.Add(1)
						_, err := svc.AppendIn(w.Context(), tx, batch)
						return err
					})
					if err != nil {
						failed.Store(err)
					}
				}
			})
		}
		work.Wait()
		if err := failed.Load(); err != nil {
			w.Error(err)
		}
		if n := begun.Load(); n != writers*batches {
			w.Errorf("%d transactions for %d batches", n, writers*batches)
		}
	})
}
