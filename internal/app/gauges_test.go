package app_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"anlan/internal/app"
	"anlan/internal/fault"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/sl651"
	"anlan/internal/store"
	"anlan/internal/telemetry"
	"anlan/internal/telemetry/book"
	"anlan/internal/telemetry/session"
	"anlan/internal/telemetry/station"
)

// listening is a server that listens to field stations.
type listening struct {
	*testing.T
	app     *app.App
	http    string
	gauges  string
	objects []int64
}

var first = sl651.Address{0, 0x61, 0, 0, 1}

// listen serves a city with one station until the test ends.
func listen(t *testing.T) *listening {
	t.Helper()
	c := app.DefaultConfig()
	c.Database, c.City, c.Listen, c.Gauges = filepath.Join(t.TempDir(), "a.db"), "330600", "127.0.0.1:0", "127.0.0.1:0"
	a, err := app.New(t.Context(), c, "test", &app.Clock{}, false, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	a.Store.WatchReads()
	t.Cleanup(func() { a.Close() })
	s := &listening{T: t, app: a}
	s.station(first)
	l, err := a.Listen()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	s.http, s.gauges = l.Addr().String(), a.GaugeAddress().String()
	go func() { done <- a.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return s
}

// station puts a station on record.
func (s *listening) station(a sl651.Address) {
	s.Helper()
	ctx := s.Context()
	err := s.app.Store.Write(ctx, func(tx *store.Tx) error {
		if len(s.objects) == 0 {
			if err := s.app.Registry.AddDivisions(ctx, tx, []registry.NewDivision{{Code: "330600", Name: fault.T("市", "city"), Kind: registry.Administrative, Level: "city"}}); err != nil {
				return err
			}
		}
		id, err := s.app.Series.AddStation(ctx, tx, registry.Program(), registry.NewWaterObject{Name: fault.T("站"+a.String(), a.String()), Division: "330600"}, series.Station{Class: "ZZ", Quantities: []string{"level", "rain"}})
		if err != nil {
			return err
		}
		s.objects = append(s.objects, id)
		return s.app.Book.SetStation(ctx, tx, registry.Program(), book.Policy{Station: a.String(), Object: id, Mode: 2, Stay: true, AnyPassword: true, Elements: []book.Element{
			{Element: "39", Quantity: "level"}, {Element: "22", Quantity: "rain"}, {Element: "26", Quantity: "rain_counter"}, {Element: "38", Quantity: "voltage"},
		}})
	})
	if err != nil {
		s.Fatal(err)
	}
}

// rows are readings every five minutes; those that are left out are not sent.
func rows(begin time.Time, n int, left func(i int) bool) []station.Row {
	var out []station.Row
	for i := range n {
		if left != nil && left(i) {
			continue
		}
		out = append(out, station.Row{At: begin.Add(time.Duration(i) * 5 * time.Minute), Values: []sl651.Observation{
			{Element: 0x39, Value: sl651.Of(int64(12_000+i), 3)}, {Element: 0x22, Value: sl651.Of(5, 1)}, {Element: 0x26, Value: sl651.Of(int64(1000+5*i), 1)}, {Element: 0x38, Value: sl651.Of(1260, 2)},
		}})
	}
	return out
}

// play has a station send its rows, and returns what it saw.
func (s *listening) play(network string, a sl651.Address, list []station.Row) station.Stats {
	s.Helper()
	clock := station.NewClock(list[0].At, 1)
	st := station.New(station.Config{Station: a, Feed: station.Play(list), Answer: time.Minute, Rounds: 1, Clock: clock, Dial: func(ctx context.Context) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, s.gauges)
	}})
	clock.SetSpeed(1e6)
	sum, err := station.Run(s.Context(), []*station.Station{st})
	if err != nil {
		s.Fatal(err)
	}
	return sum
}

// TestFromTheSocketToTheSeries sends frames by TCP and by UDP: what was confirmed is on record, and the health of the server tells of it.
func TestFromTheSocketToTheSeries(t *testing.T) {
	s := listen(t)
	begin := time.Now().UTC().Truncate(5 * time.Minute).Add(-2 * time.Hour)
	if sum := s.play("tcp", first, rows(begin, 10, nil)); sum.Confirmed != 10 {
		t.Errorf("by TCP: %+v", sum)
	}
	if sum := s.play("udp", first, rows(begin.Add(time.Hour), 5, nil)); sum.Confirmed != 5 {
		t.Errorf("by UDP: %+v", sum)
	}
	for q, want := range map[reading.ID]string{reading.Level: "12.004", reading.Rain: "0.5", reading.Voltage: "12.6"} {
		points, err := s.app.Series.Points(t.Context(), s.objects[0], q, begin.Add(-time.Hour), begin.Add(3*time.Hour))
		if err != nil || len(points) != 15 || points[14].Value.String() != want {
			t.Errorf("quantity %d: %d points, %v %v", q, len(points), points, err)
		}
		if q == reading.Rain && points[0].Span != 5*time.Minute {
			t.Errorf("rain of %s", points[0].Span)
		}
	}
	if h := s.app.Book.Health(); len(h) != 1 || h[0].Messages != 15 {
		t.Errorf("health: %+v", h)
	}
	s.ask("/healthz", `"gauges":{"listening":true`, `"failing":false`)
	s.ask("/metrics", "anlan_gauge_reports_total 15", "anlan_gauge_quarantined_total 0", "anlan_gauge_failing 0")
}

func (s *listening) ask(path string, want ...string) {
	s.Helper()
	resp, err := http.Get("http://" + s.http + path)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	for _, w := range want {
		if !strings.Contains(string(body), w) {
			s.Errorf("%s does not say %s: %.400s", path, w, body)
		}
	}
}

// TestUnknownStationIsReplayed: frames of a station that nobody registered are set aside, and taken once it is.
func TestUnknownStationIsReplayed(t *testing.T) {
	s := listen(t)
	stranger := sl651.Address{0, 0x61, 0, 0, 2}
	begin := time.Now().UTC().Truncate(5 * time.Minute).Add(-time.Hour)
	st := station.New(station.Config{
		Station: stranger, Mode: station.M1, Feed: station.Play(rows(begin, 1, nil)), Clock: station.NewClock(begin, 1),
		Dial: func(ctx context.Context) (net.Conn, error) { return (&net.Dialer{}).DialContext(ctx, "tcp", s.gauges) },
	})
	if _, err := station.Run(t.Context(), []*station.Station{st}); err != nil {
		t.Fatal(err)
	}
	var held []book.Held
	for len(held) == 0 { // a station in M1 does not wait, so the frame may be on its way
		var err error
		if held, err = s.app.Book.Quarantine(t.Context(), book.HeldQuery{}); err != nil {
			t.Fatal(err)
		}
	}
	if held[0].Reason != "unknown_station" || held[0].Station != stranger.String() {
		t.Fatalf("held: %+v", held)
	}
	s.station(stranger)
	if err := s.app.Book.Replay(t.Context(), registry.Program().Actor, held[0].ID, s.app.Gateway.Replay); err != nil {
		t.Fatal(err)
	}
	latest, err := s.app.Series.Latest(t.Context(), series.LatestQuery{Object: s.objects[1], Quantity: reading.Level})
	if err != nil || len(latest) != 1 || latest[0].Value.String() != "12" {
		t.Errorf("after the replay: %+v %v", latest, err)
	}
}

// TestGapsAreFound: a hole between readings is a gap, the usual step and what lies before and behind is none.
func TestGapsAreFound(t *testing.T) {
	s := listen(t)
	begin := time.Now().UTC().Truncate(5 * time.Minute).Add(-4 * time.Hour)
	s.play("tcp", first, rows(begin, 40, func(i int) bool { return i >= 12 && i < 24 || i == 30 }))
	gaps, err := app.GapsOf(t.Context(), s.app, first, begin.Add(4*time.Hour))
	want := telemetry.Gap{Element: 0x22, Step: sl651.Step{Minutes: 5}, From: begin.Add(55 * time.Minute), To: begin.Add(2 * time.Hour)}
	if err != nil || len(gaps) != 2 || gaps[0] != want || gaps[1].Element != 0x39 {
		t.Errorf("%s\nwant %+v %v", fmt.Sprint(gaps), want, err)
	}
}

// TestAskedByTheUsualStep: a station that tells five minutes and hours of rain is asked for five minutes, by the element that is of five minutes.
func TestAskedByTheUsualStep(t *testing.T) {
	st := session.Station{Elements: map[sl651.ID]session.Element{0x1A: {Quantity: "rain"}, 0x22: {Quantity: "rain"}, 0x39: {Quantity: "level"}, 0x26: {Quantity: "rain_counter"}}}
	f := func(step time.Duration, want sl651.ID) {
		t.Helper()
		got := app.Askable(st, step)
		if len(got) != 2 || !slices.Contains(got, want) || !slices.Contains(got, 0x39) {
			t.Errorf("%s: %v", step, got)
		}
	}
	f(5*time.Minute, 0x22)
	f(time.Hour, 0x1A)
	f(0, 0x1A)
}

// TestClockLeaps sets the server's clock hours ahead and back: stations are not confirmed and keep what they have, health says so, and when the
// clock is right again, or the stations agree with it, all goes on and everything is there.
func TestClockLeaps(t *testing.T) {
	s := listen(t)
	begin := time.Now().UTC().Truncate(5 * time.Minute).Add(-2 * time.Hour)
	if sum := s.play("tcp", first, rows(begin, 3, nil)); sum.Confirmed != 3 {
		t.Fatalf("%+v", sum)
	}
	for _, by := range []time.Duration{5 * time.Hour, -7 * time.Hour} {
		begin = begin.Add(30 * time.Minute)
		if err := s.app.Clock.Set(time.Now().Add(by)); err != nil {
			t.Fatal(err)
		}
		done := s.sends(begin)
		for s.app.Gateway.Stats().LastFailure == "" {
			time.Sleep(10 * time.Millisecond)
		}
		s.ask("/healthz", `"ok":false`, `"failing":true`, `"clock_leap_s":`)
		s.ask("/metrics", "anlan_gauge_failing 1")
		if err := s.app.Clock.Set(time.Now()); err != nil {
			t.Fatal(err)
		}
		if sum := <-done; sum.Confirmed != 3 || sum.Resent == 0 {
			t.Errorf("%s: %+v", by, sum)
		}
		s.ask("/healthz", `"ok":true`, `"failing":false`)
	}
	// The clock was wrong before, and is right now: the station says so.
	if err := s.app.Clock.Set(time.Now().Add(-9 * time.Hour)); err != nil {
		t.Fatal(err)
	}
	old := begin.Add(-9 * time.Hour)
	st := station.New(station.Config{Station: first, Feed: station.Play(rows(old, 3, nil)), Answer: 100 * time.Millisecond, Retry: 10 * time.Millisecond, Clock: station.NewClock(time.Now().Add(-9*time.Hour), 1), Dial: s.dial})
	if sum, err := station.Run(t.Context(), []*station.Station{st}); err != nil || sum.Confirmed != 3 {
		t.Errorf("%+v %v", sum, err)
	}
	s.ask("/healthz", `"ok":true`)
	points, err := s.app.Series.Points(t.Context(), s.objects[0], reading.Level, old, begin.Add(time.Hour))
	if err != nil || len(points) != 12 {
		t.Errorf("%d readings, %v", len(points), err)
	}
}

func (s *listening) dial(ctx context.Context) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, "tcp", s.gauges)
}

// sends has a station whose clock is right send three readings until they are confirmed.
func (s *listening) sends(begin time.Time) <-chan station.Stats {
	st := station.New(station.Config{Station: first, Feed: station.Play(rows(begin, 3, nil)), Answer: 100 * time.Millisecond, Retry: 10 * time.Millisecond, Clock: station.NewClock(time.Now(), 1), Dial: s.dial})
	done := make(chan station.Stats, 1)
	go func() {
		sum, err := station.Run(s.Context(), []*station.Station{st})
		if err != nil {
			s.Error(err)
		}
		done <- sum
	}()
	return done
}
