package app

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"anlan/internal/fault"
	"anlan/internal/sl651"
	"anlan/internal/telemetry/book"
	"anlan/internal/telemetry/session"
)

const (
	leap      = 2 * time.Minute  // by which a clock that is only set right does not move at once
	agree     = 5 * time.Minute  // how far a field station's clock may be off to bear witness
	witnesses = 3                // stations that have to agree with a clock after a leap
	longest   = 15 * time.Minute // for which stations are kept waiting where none bears witness
)

// clockWatch sees the machine's clock leap (时钟跳变), by hours or years: readings would be judged by a wrong time, and the confirmation, which
// carries the time, would set stations wrong. Until the clock is back where it should be, or field stations agree with where it is now, what
// they send is not confirmed, so that they keep it. The time that runs since the start, which nobody sets, tells a leap.
type clockWatch struct {
	wall    func() time.Time
	running func() time.Duration
	log     *slog.Logger
	changed func()

	mu    sync.Mutex             // guards what is below
	base  time.Time              // the wall clock less the running time
	by    time.Duration          // of the leap; 0 while all is well
	began time.Duration          // of the leap, in running time
	said  map[sl651.Address]bool // whether stations agree with the clock after the leap
}

func newClockWatch(wall func() time.Time, log *slog.Logger, changed func()) *clockWatch {
	start := time.Now()
	w := &clockWatch{wall: wall, running: func() time.Duration { return time.Since(start) }, log: log, changed: changed}
	w.base = wall()
	return w
}

// Leap is by how much the clock leapt, as long as that is in doubt.
func (w *clockWatch) Leap() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.by
}

// look compares the clocks. A slow drift, as of a clock that is being set right, is followed.
func (w *clockWatch) look() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	running := w.running()
	base := w.wall().Add(-running)
	off := base.Sub(w.base)
	switch {
	case off.Abs() < leap:
		w.settle(base, "the clock is back")
	case w.by == 0 || (off-w.by).Abs() >= leap:
		w.by, w.began, w.said = off, running, map[sl651.Address]bool{}
		w.log.Error("the machine's clock has leapt: field stations are not confirmed until it is back or they agree with it", "by", off.Round(time.Second).String())
		w.changed()
	case running-w.began > longest:
		w.settle(base, "no field station says otherwise")
	}
	return w.by
}

// settle takes the clock as it is. The caller holds the lock.
func (w *clockWatch) settle(base time.Time, why string) {
	w.base = base
	if w.by == 0 {
		return
	}
	w.log.Info("field stations are confirmed again", "why", why)
	w.by, w.said = 0, nil
	w.changed()
}

// hear takes what stations say of the time, of so many that there are, and reports whether the clock is in doubt after it.
func (w *clockWatch) hear(batch []session.Report, stations int) bool {
	if w.look() == 0 {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.wall()
	for i := range batch {
		if r := &batch[i]; !r.Sent.IsZero() && w.said != nil {
			w.said[r.Station] = r.Sent.Sub(now).Abs() < agree
		}
	}
	yes := 0
	for _, agrees := range w.said {
		if agrees {
			yes++
		}
	}
	if w.said != nil && yes >= min(witnesses, max(stations, 1)) && 2*yes > len(w.said) {
		w.settle(now.Add(-w.running()), "they agree with the clock")
	}
	return w.by != 0
}

// watched is the book of field stations as long as the clock is not in doubt.
type watched struct {
	*book.Book
	clock *clockWatch
}

// Accept keeps reports. Where the clock is in doubt it keeps only those of stations that wait for no confirmation and will not send again.
func (w watched) Accept(ctx context.Context, batch []session.Report) error {
	if !w.clock.hear(batch, w.Count()) {
		return w.Book.Accept(ctx, batch)
	}
	var once []session.Report
	for i := range batch {
		if st, _, _ := w.Station(ctx, batch[i].Station); st.Mode == session.M1 {
			once = append(once, batch[i])
		}
	}
	if len(once) > 0 {
		if err := w.Book.Accept(ctx, once); err != nil {
			return err
		}
	}
	if len(once) == len(batch) {
		return nil
	}
	return fault.New(fault.Unavailable, "clock.leapt", fault.T("服务器时钟跳变，暂不确认测站报文", "the server's clock has leapt; field stations are not confirmed for now"))
}
