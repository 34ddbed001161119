package telemetry

import (
	"context"
	"slices"
	"sync"
	"time"

	"anlan/internal/sl651"
)

// Gap is a period of which a station's values are missing.
type Gap struct {
	Element  sl651.ID
	Step     sl651.Step // all 0 for hourly blocks
	From, To time.Time
}

// hours are the full hours that a gap is asked for by: 38 knows no others. What lies in an hour that is not over is left for later, since a
// station may answer for what is still to come; ok is false where that is all of it.
func (gap *Gap) hours(now time.Time) (from, to time.Time, ok bool) {
	from, to = gap.From.Truncate(time.Hour), gap.To.Truncate(time.Hour)
	if up := to.Add(time.Hour); gap.To.After(to) && !up.After(now) {
		to = up
	}
	return from, to, to.After(from)
}

// Gaps knows what is missing of a station that can be asked for it: of late, and of what the station is known to keep.
type Gaps interface {
	Gaps(ctx context.Context, a sl651.Address, at time.Time) ([]Gap, error)
}

const (
	lookAgain = 10 * time.Minute      // how often a station that goes on sending is looked after
	askAgain  = 6 * time.Hour         // how often it is asked for the same hours, where it answered
	tryAgain  = time.Hour             // and where it did not
	mostGaps  = 4                     // that a station is asked for at a time
	fillers   = 4                     // stations that are asked at a time
	lookPause = 40 * time.Millisecond // after each, so that thousands that come back at once are confirmed beside it
	who       = "gateway"
)

// filler asks connected stations for what is missing.
type filler struct {
	g     *Gateway
	queue chan sl651.Address

	mu     sync.Mutex // guards what is below
	looked map[sl651.Address]time.Time
	asked  map[sl651.Address][]askedGap
}

type askedGap struct {
	gap   Gap
	until time.Time // it is not asked for again
}

func newFiller(g *Gateway) *filler {
	f := &filler{g: g, queue: make(chan sl651.Address, g.lim.Queue), looked: map[sl651.Address]time.Time{}, asked: map[sl651.Address][]askedGap{}}
	for range fillers {
		g.wg.Go(f.run)
	}
	return f
}

// heard has a station looked after when it has come, and now and then while it stays.
func (f *filler) heard(a sl651.Address, fresh bool, at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if last, ok := f.looked[a]; ok && at.Sub(last) < lookAgain && (!fresh || at.Sub(last) < time.Minute) {
		return
	}
	select {
	case f.queue <- a:
		f.looked[a] = at
	default: // it is heard again
	}
}

func (f *filler) run() {
	for {
		select {
		case a := <-f.queue:
			f.fill(a)
			f.rest()
		case <-f.g.quit.Done():
			return
		}
	}
}

func (f *filler) rest() {
	t := timer(now().Add(lookPause))
	defer t.Stop()
	select {
	case <-t.C:
	case <-f.g.quit.Done():
	}
}

// fill asks one station for its gaps, one after the other, until one is not answered.
func (f *filler) fill(a sl651.Address) {
	ctx := f.g.ctx
	st, known, err := f.g.opt.Stations.Station(ctx, a)
	if err != nil || !known || !st.Stay { // a station that leaves when it is confirmed cannot be asked
		return
	}
	at := f.g.opt.Now()
	gaps, err := f.g.opt.Gaps.Gaps(ctx, a, at)
	if err != nil {
		f.g.opt.Log.Warn("gaps cannot be looked up", "station", a, "err", err)
		return
	}
	for _, gap := range f.due(a, gaps, at) {
		from, to, _ := gap.hours(at)
		f.g.count(func(s *Stats) { s.Gaps++ })
		_, err := f.g.Ask(ctx, Request{
			Station: a, Function: sl651.QueryPeriod, From: from, To: to, Step: gap.Step, Elements: []sl651.ID{gap.Element},
			Who: who, Why: "missing values",
		})
		if err != nil {
			f.remember(a, gap, at.Add(tryAgain))
			f.g.opt.Log.Info("missing values were not sent", "station", a, "element", gap.Element, "err", err)
			return
		}
		f.remember(a, gap, at.Add(askAgain))
	}
}

// due are the gaps that can be asked for now and were not asked for lately: the newest, which somebody may be waiting for, first, and no
// more than a station is asked for at a time.
func (f *filler) due(a sl651.Address, gaps []Gap, at time.Time) []Gap {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked[a] = slices.DeleteFunc(f.asked[a], func(g askedGap) bool { return !at.Before(g.until) })
	if len(f.asked[a]) == 0 {
		delete(f.asked, a)
	}
	var out []Gap
	for _, gap := range gaps {
		_, _, ok := gap.hours(at)
		if ok && !slices.ContainsFunc(f.asked[a], func(g askedGap) bool { return g.gap == gap }) {
			out = append(out, gap)
		}
	}
	slices.SortStableFunc(out, func(x, y Gap) int { return y.To.Compare(x.To) })
	return out[:min(len(out), mostGaps)]
}

func (f *filler) remember(a sl651.Address, gap Gap, until time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked[a] = append(f.asked[a], askedGap{gap, until})
}
