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

// Gaps knows what is missing of a station that can be asked for it: of late, and of what the station is known to keep.
type Gaps interface {
	Gaps(ctx context.Context, a sl651.Address, at time.Time) ([]Gap, error)
}

const (
	lookAgain = 10 * time.Minute // how often a station that goes on sending is looked after
	askAgain  = 6 * time.Hour    // how often it is asked for the same hours
	mostGaps  = 4                // that a station is asked for at a time
	fillers   = 4                // stations that are asked at a time
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
	gap Gap
	at  time.Time
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
		case <-f.g.quit.Done():
			return
		}
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
		f.g.count(func(s *Stats) { s.Gaps++ })
		_, err := f.g.Ask(ctx, Request{
			Station: a, Function: sl651.QueryPeriod, From: gap.From, To: gap.To, Step: gap.Step, Elements: []sl651.ID{gap.Element},
			Who: who, Why: "missing values",
		})
		if err != nil {
			f.g.opt.Log.Info("missing values were not sent", "station", a, "element", gap.Element, "err", err)
			return
		}
	}
}

// due are the gaps that were not asked for lately, and remembers that they are now.
func (f *filler) due(a sl651.Address, gaps []Gap, at time.Time) []Gap {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := slices.DeleteFunc(f.asked[a], func(g askedGap) bool { return at.Sub(g.at) >= askAgain })
	var out []Gap
	for _, gap := range gaps {
		if len(out) == mostGaps {
			break
		}
		if !slices.ContainsFunc(before, func(g askedGap) bool { return g.gap == gap }) {
			out = append(out, gap)
			before = append(before, askedGap{gap, at})
		}
	}
	if f.asked[a] = before; len(before) == 0 {
		delete(f.asked, a)
	}
	return out
}
