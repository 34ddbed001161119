package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"anlan/internal/fault"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/sl651"
	"anlan/internal/store"
	"anlan/internal/telemetry"
	"anlan/internal/telemetry/book"
	"anlan/internal/telemetry/session"

	"github.com/prometheus/client_golang/prometheus"
)

// gauges hands what field stations report to the room of observations, and knows what is missing of them.
type gauges struct {
	series *series.Service
	book   *book.Book
	source int64
}

// addGauges builds the rooms of observations and of the gateway. The gateway stands ready even where it listens to nobody: frames can be
// replayed, and policies written.
func (a *App) addGauges(ctx context.Context) error {
	a.Series = series.New(series.Options{
		Store: a.Store, Registry: a.Registry, Log: a.Log, Now: a.Clock.Now,
		Taken: func([]reading.Reading) { a.gaugesChanged() }, Judged: func(series.Exceedance) { a.gaugesChanged() },
	})
	g := &gauges{series: a.Series}
	a.Book = book.New(book.Options{Store: a.Store, Observations: g, Quantity: knownQuantity, Now: a.Clock.Now, Taken: func([]session.Report) { a.gaugesChanged() }})
	g.book = a.Book
	var err error
	if g.source, err = a.Series.Source(ctx, series.FromGauge, "sl651"); err != nil {
		return err
	}
	if err := a.Book.Load(ctx); err != nil {
		return err
	}
	wall := a.Clock.Now
	if a.movable { // a demo's clock is set to other days on purpose
		wall = time.Now
	}
	a.watch = newClockWatch(wall, a.Log, a.gaugesChanged)
	a.Gateway = telemetry.New(telemetry.Options{Sink: watched{a.Book, a.watch}, Stations: a.Book, Quarantine: a.Book, Journal: a.Book, Gaps: g, Now: a.Clock.Now, Log: a.Log})
	return nil
}

// gaugesChanged tells open screens, once there is somebody to tell.
func (a *App) gaugesChanged() {
	if a.Web != nil {
		a.Web.GaugesChanged()
	}
}

func knownQuantity(code string) (kind string, ok bool) {
	q, ok := reading.ByCode(code)
	return string(q.Kind), ok
}

// Observe takes in the readings of reports. Those of test reports stay in their frames (SL 651-2014, 6.6.4.3).
func (g *gauges) Observe(ctx context.Context, tx *store.Tx, batch []session.Report) error {
	var list []reading.Reading
	for i := range batch {
		r := &batch[i]
		if r.Flags.Has(session.Test) {
			continue
		}
		object, err := strconv.ParseInt(r.Object, 10, 64)
		if err != nil {
			return fmt.Errorf("station %s belongs to object %q: %w", r.Station, r.Object, err)
		}
		for _, d := range r.Readings {
			q, ok := reading.ByCode(d.Quantity)
			if !ok { // of an older register; a policy that is written now names what there is
				continue
			}
			one := reading.Reading{Object: object, Quantity: q.ID, At: d.At, Value: d.Value, Source: g.source}
			if q.Kind == reading.Total {
				one.Span = d.Interval
			}
			list = append(list, one)
		}
	}
	_, err := g.series.AppendIn(ctx, tx, list)
	return err
}

const (
	gapsWithin  = 26 * time.Hour // a station is asked for what is missing of so long; most keep a month
	gapsAtLeast = 6              // readings, by which it is known how often a station reports
	gapsMost    = time.Hour      // between readings: a station that reports more seldom leaves no gaps that could be told
)

// Gaps finds holes between a station's readings of late that are longer than twice its usual step.
func (g *gauges) Gaps(ctx context.Context, a sl651.Address, at time.Time) ([]telemetry.Gap, error) {
	st, known, err := g.book.Station(ctx, a)
	if err != nil || !known {
		return nil, err
	}
	object, err := strconv.ParseInt(st.Object, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("station %s belongs to object %q: %w", a, st.Object, err)
	}
	lists := map[reading.ID][]reading.Point{}
	for _, q := range askable(st, func(reading.ID) time.Duration { return 0 }) {
		if lists[q], err = g.series.Points(ctx, object, q, at.Add(-gapsWithin), at); err != nil {
			return nil, err
		}
	}
	var out []telemetry.Gap
	for element, q := range askable(st, func(id reading.ID) time.Duration { return usualStep(lists[id]) }) {
		out = append(out, holes(element, lists[q])...)
	}
	slices.SortFunc(out, func(x, y telemetry.Gap) int { return cmp.Or(x.From.Compare(y.From), cmp.Compare(x.Element, y.Element)) })
	return out, nil
}

// askable are the elements by which a past period can be asked for: levels and rain. Of the elements of one quantity it is the one whose
// period is the usual step of what is on record, so that each answer says what a report would have said; elsewhere the lowest.
func askable(st session.Station, step func(reading.ID) time.Duration) map[sl651.ID]reading.ID {
	best := map[reading.ID]sl651.ID{}
	for element, e := range st.Elements {
		q, ok := reading.ByCode(e.Quantity)
		if !ok || !slices.Contains([]reading.ID{reading.Level, reading.Rain, reading.UpperLevel, reading.LowerLevel, reading.Tide}, q.ID) {
			continue
		}
		was, ok := best[q.ID]
		fits := func(id sl651.ID) bool { return q.Kind != reading.Total || session.PeriodOf(id) == step(q.ID) }
		if !ok || fits(element) && !fits(was) || fits(element) == fits(was) && element < was {
			best[q.ID] = element
		}
	}
	out := map[sl651.ID]reading.ID{}
	for q, element := range best {
		out[element] = q
	}
	return out
}

// holes are the gaps in a series in the order of time.
func holes(element sl651.ID, points []reading.Point) []telemetry.Gap {
	usual := usualStep(points)
	if usual < time.Minute || usual > gapsMost {
		return nil
	}
	step := sl651.Step{Hours: uint8(usual / time.Hour), Minutes: uint8(usual % time.Hour / time.Minute)}
	if element >= 0xF4 && element <= 0xFC { // hourly blocks have a step of their own
		step = sl651.Step{}
	}
	var out []telemetry.Gap
	for i := range points[1:] {
		if points[i+1].At.Sub(points[i].At) > 2*usual {
			out = append(out, telemetry.Gap{Element: element, Step: step, From: points[i].At, To: points[i+1].At})
		}
	}
	return out
}

// usualStep is the median of the times between readings; 0 where there are too few to say.
func usualStep(points []reading.Point) time.Duration {
	if len(points) < gapsAtLeast {
		return 0
	}
	steps := make([]time.Duration, 0, len(points)-1)
	for i := range points[1:] {
		steps = append(steps, points[i+1].At.Sub(points[i].At))
	}
	return slices.Sorted(slices.Values(steps))[len(steps)/2].Truncate(time.Minute)
}

// doors are where field stations come in.
type doors struct {
	tcp net.Listener
	udp *net.UDPConn
}

// open takes the address for TCP, and the same port for UDP.
func (d *doors) open(address string) (err error) {
	if d.tcp, err = net.Listen("tcp", address); err == nil {
		at := d.tcp.Addr().(*net.TCPAddr) //nolint:forcetypeassert // of a listener for tcp
		if d.udp, err = net.ListenUDP("udp", &net.UDPAddr{IP: at.IP, Port: at.Port, Zone: at.Zone}); err != nil {
			err = errors.Join(err, d.tcp.Close())
			d.tcp = nil
		}
	}
	if err != nil {
		return fault.New(fault.Unavailable, "gauges.taken", fault.Tf("测站接入地址 %s 不可用（可能已被占用）", "address %s for field stations cannot be used (it may be taken)", address)).Because(err)
	}
	return nil
}

// close lets go of the addresses; the gateway has done so where it served them.
func (d *doors) close() error {
	if d.tcp == nil {
		return nil
	}
	for _, err := range []error{d.tcp.Close(), d.udp.Close()} {
		if err != nil && !errors.Is(err, net.ErrClosed) {
			return err
		}
	}
	return nil
}

// GaugeAddress is where field stations are listened to, nil where they are not.
func (a *App) GaugeAddress() net.Addr {
	if a.doors.tcp == nil {
		return nil
	}
	return a.doors.tcp.Addr()
}

// serveGauges listens to field stations until the gateway is closed, and does the rounds of the observations until ctx ends.
func (a *App) serveGauges(ctx context.Context, behind *sync.WaitGroup) {
	behind.Go(func() { a.rounds(ctx) })
	if a.doors.tcp == nil {
		return
	}
	a.Log.Info("listening to field stations", "address", a.doors.tcp.Addr().String())
	d := a.doors
	for name, serve := range map[string]func() error{
		"tcp": func() error { return a.Gateway.ServeTCP(d.tcp) },
		"udp": func() error { return a.Gateway.ServeUDP(d.udp) },
	} {
		behind.Go(func() {
			if err := serve(); err != nil && ctx.Err() == nil {
				a.Log.Error("field stations are not listened to any more", "network", name, "err", err)
			}
		})
	}
}

// closeGauges lets what field stations have sent be committed and confirmed, and writes down how they are. A second call does nothing.
func (a *App) closeGauges() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	return errors.Join(a.Gateway.Close(ctx), a.Book.Flush(ctx), a.doors.close())
}

// round is what is done for the observations again and again: once in each period of so long, which begins so long after the full one.
type round struct {
	name         string
	every, after time.Duration
	do           func(context.Context) error
}

const (
	roundsEvery = 20 * time.Second
	neighbours  = 10 * time.Minute     // after the full hour, when its reports are in
	balanced    = 6 * time.Hour        // back from there: a counter may come every few hours only
	keptAside   = 400 * 24 * time.Hour // frames set aside, requests, pictures
)

func (a *App) roundsOf() []round {
	return []round{
		{"write down how stations are", time.Minute, 0, a.Book.Flush},
		{"load the policies of stations", time.Minute, 0, a.Book.Load},
		{"take frames anew whose policy changed", time.Minute, 0, func(ctx context.Context) error { return a.Book.Remap(ctx, a.Gateway.Replay) }},
		{"judge rain and silence", time.Minute, 0, a.Series.JudgeWindows},
		{"seal observations", 5 * time.Minute, 0, func(ctx context.Context) error {
			_, err := a.Series.Seal(ctx)
			return err
		}},
		{"hold rain against that of neighbours", time.Hour, neighbours, func(ctx context.Context) error {
			_, err := a.Series.CheckNeighbours(ctx, a.Clock.Now().Add(-neighbours).Truncate(time.Hour))
			return err
		}},
		{"hold rain against counters", time.Hour, neighbours, func(ctx context.Context) error {
			to := a.Clock.Now().Add(-neighbours).Truncate(time.Hour)
			_, err := a.Series.CheckBalances(ctx, to.Add(-balanced), to)
			return err
		}},
		{"forget what is old of stations", 6 * time.Hour, 0, func(ctx context.Context) error {
			return a.Book.Prune(ctx, a.Clock.Now().Add(-keptAside))
		}},
	}
}

// rounds keeps the observations in order. A trouble is told once while it lasts, and tried again at each tick.
func (a *App) rounds(ctx context.Context) {
	list := a.roundsOf()
	done, told := make([]time.Time, len(list)), make([]bool, len(list))
	tick := time.NewTicker(roundsEvery)
	defer tick.Stop()
	for {
		for i, r := range list {
			period := a.Clock.Now().Add(-r.after).Truncate(r.every)
			if period.Equal(done[i]) {
				continue
			}
			err := r.do(ctx)
			if ctx.Err() != nil {
				return
			}
			if err == nil {
				done[i] = period
			} else if !told[i] {
				a.Log.Warn("a round of the observations failed", "round", r.name, "err", err)
			}
			told[i] = err != nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// gaugeMetrics publishes what the gateway counts.
func (a *App) gaugeMetrics() []prometheus.Collector {
	var out []prometheus.Collector
	counter := func(name, help string, of func(*telemetry.Stats) uint64) {
		out = append(out, prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "anlan_gauge_" + name, Help: help}, func() float64 {
			s := a.Gateway.Stats()
			return float64(of(&s))
		}))
	}
	gauge := func(name, help string, of func(*telemetry.Stats) int) {
		out = append(out, prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "anlan_gauge_" + name, Help: help}, func() float64 {
			s := a.Gateway.Stats()
			return float64(of(&s))
		}))
	}
	gauge("sessions", "Sessions of field stations that are open.", func(s *telemetry.Stats) int { return s.Sessions })
	gauge("stations", "Field stations that are connected.", func(s *telemetry.Stats) int { return s.Stations })
	gauge("failing", "1 while what stations send cannot be kept, so that they are not confirmed.", func(s *telemetry.Stats) int {
		if s.LastFailure != "" {
			return 1
		}
		return 0
	})
	counter("frames_total", "Frames with a good check code.", func(s *telemetry.Stats) uint64 { return s.Frames })
	counter("bad_frames_total", "Frames with a wrong check code.", func(s *telemetry.Stats) uint64 { return s.BadCRC })
	counter("reports_total", "Reports of stations.", func(s *telemetry.Stats) uint64 { return s.Reports })
	counter("duplicates_total", "Messages that came again.", func(s *telemetry.Stats) uint64 { return s.Duplicates })
	counter("quarantined_total", "Frames that were set aside.", func(s *telemetry.Stats) uint64 { return s.Held })
	counter("quarantine_full_total", "Frames that were to be set aside beyond the limit of their address.", func(s *telemetry.Stats) uint64 { return s.HeldBeyond })
	counter("commits_total", "Commits of what stations sent.", func(s *telemetry.Stats) uint64 { return s.Commits })
	counter("failed_commits_total", "Commits that failed, so that nobody was confirmed.", func(s *telemetry.Stats) uint64 { return s.FailedCommits })
	counter("rows_total", "Readings and reports committed.", func(s *telemetry.Stats) uint64 { return s.Rows })
	counter("dropped_total", "Messages of UDP for which there was no room.", func(s *telemetry.Stats) uint64 { return s.Dropped })
	counter("refused_sessions_total", "Sessions beyond a limit.", func(s *telemetry.Stats) uint64 { return s.RefusedSessions })
	counter("downlinks_total", "Requests to stations.", func(s *telemetry.Stats) uint64 { return s.Asked })
	return out
}
