package telemetry_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"anlan/internal/quantity"
	"anlan/internal/sl651"
	"anlan/internal/telemetry"
	"anlan/internal/telemetry/session"
	"anlan/internal/telemetry/station"
)

// dialler connects a simulated station to an address of this machine.
func dialler(addr string) func(context.Context) (net.Conn, error) {
	return func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", addr)
	}
}

// simulated is the configuration of a registered station that plays as fast as it can and waits little.
func simulated(b *bureau, n int, addr string) station.Config {
	s := b.register(n)
	b.set(func() {
		st := b.stations[s.Station]
		st.Elements[0xF4] = session.Element{Quantity: "rain"}
		st.Elements[0xF5] = session.Element{Quantity: "stage", Base: quantity.Some(quantity.Int(10))}
	})
	return station.Config{
		Station: s.Station, Password: s.Password, Dial: dialler(addr), Clock: station.NewClock(noon, math.Inf(1)), Seed: uint64(n),
		Answer: 100 * time.Millisecond, Retry: time.Millisecond,
	}
}

// rows are so many rows of five minutes before noon.
func rows(n int) []station.Row {
	out := make([]station.Row, n)
	for i := range out {
		out[i] = station.Row{At: noon.Add(time.Duration(i-n+1) * 5 * time.Minute), Values: []sl651.Observation{
			{Element: 0x39, Value: sl651.Of(int64(12000+i), 3)}, {Element: 0x22, Value: sl651.Of(int64(i%9), 1)},
		}}
	}
	return out
}

// timely are the kept reports of a function, one for each message.
func (b *bureau) of(fc sl651.Function) []session.Report {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(b.reports), func(r session.Report) bool { return r.Function != fc })
}

func TestStationPlays(t *testing.T) {
	for _, c := range []sl651.Coding{sl651.Hex, sl651.ASCII} {
		for _, mode := range []station.Mode{station.M1, station.M2} {
			b := newBureau()
			g := gateway(t, b, telemetry.Limits{})
			cfg := simulated(b, 1, listen(t, g))
			cfg.Coding, cfg.Mode, cfg.Feed = c, mode, station.Play(rows(20))
			if mode == station.M1 {
				b.set(func() { st := b.stations[cfg.Station]; st.Mode = session.M1; b.stations[cfg.Station] = st })
			}
			sum, err := station.Run(t.Context(), []*station.Station{station.New(cfg)})
			if err != nil || sum.Sent != 20 || sum.Confirmed != map[station.Mode]uint64{station.M1: 0, station.M2: 20}[mode] || sum.Dialled != 1 {
				t.Errorf("%v %d: %+v, %v", c, mode, sum, err)
			}
			await(t, func() bool { n, _ := b.counts(); return n == 20 })
			for i, r := range b.reports {
				if v := r.Readings[0]; !v.At.Equal(rows(20)[i].At) || v.Value.Decimal != quantity.Decimal((12000+int64(i))*1000) {
					t.Errorf("reading %d is %+v", i, v)
				}
			}
		}
	}
}

// TestLossAndDamage: whatever gets lost on the way, all that is confirmed is kept, all comes in the end, and nothing is kept twice.
func TestLossAndDamage(t *testing.T) {
	b := newBureau()
	g := gateway(t, b, telemetry.Limits{})
	addr := listen(t, g)
	jpeg := bytes.Repeat([]byte("\xFF\xD8\x7E\x7E picture"), 100)
	var fleet []*station.Station
	for n := range 8 {
		cfg := simulated(b, n+1, addr)
		feed := rows(30)
		feed[10].Picture = jpeg
		cfg.Feed, cfg.Loss, cfg.Damage, cfg.Packet = station.Play(feed), 60, 60, 300
		fleet = append(fleet, station.New(cfg))
	}
	sum, err := station.Run(t.Context(), fleet)
	if err != nil || sum.Confirmed != 8*31 || sum.Lost == 0 || sum.Damaged == 0 || sum.Dropped != 0 {
		t.Errorf("%+v, %v", sum, err)
	}
	if n := len(b.of(sl651.TimedReport)); n != 8*30 {
		t.Errorf("%d timed reports kept", n)
	}
	pictures := b.of(sl651.PictureReport)
	if len(pictures) != 8 || slices.ContainsFunc(pictures, func(r session.Report) bool { return !bytes.Equal(r.Picture, jpeg) }) {
		t.Errorf("%d pictures", len(pictures))
	}
	for k, n := range b.kept {
		if n != 1 {
			t.Errorf("%v kept %d times", k, n)
		}
	}
	t.Logf("%+v; %+v", sum, g.Stats().Counters)
}

func TestHourlyAndBattery(t *testing.T) {
	b := newBureau()
	g := gateway(t, b, telemetry.Limits{})
	cfg := simulated(b, 1, listen(t, g))
	cfg.Feed, cfg.Hourly, cfg.Base, cfg.Battery, cfg.Fall = station.Play(rows(25)), true, 1000, 1120, 30
	cfg.Clock = station.NewClock(rows(25)[0].At, math.Inf(1))
	if _, err := station.Run(t.Context(), []*station.Station{station.New(cfg)}); err != nil {
		t.Fatal(err)
	}
	hours := b.of(sl651.HourlyReport)
	if len(hours) != 3 {
		t.Fatalf("%d hourly reports", len(hours))
	}
	last := hours[2]
	if n := len(last.Readings); n < 24 || !last.Readings[0].At.Equal(noon.Add(-55*time.Minute)) || !last.Readings[23].At.Equal(noon) || last.Readings[23].Value.String() != "12.02" {
		t.Errorf("%d readings: %+v", n, last.Readings)
	}
	low := b.of(sl651.AddedReport)
	if len(low) != 1 || !low[0].Status.Has(sl651.BatteryLow|sl651.DoorShut) || low[0].Readings[0].Value.Decimal >= quantity.Int(11) {
		t.Errorf("%+v", low)
	}
}

// TestReleased: a station that is confirmed with EOT goes, and dials again for what it has to say next.
func TestReleased(t *testing.T) {
	b := newBureau()
	g := gateway(t, b, telemetry.Limits{})
	cfg := simulated(b, 1, listen(t, g))
	b.set(func() { st := b.stations[cfg.Station]; st.Stay = false; b.stations[cfg.Station] = st })
	feed := rows(3)
	cfg.Feed, cfg.Clock = station.Play(feed), station.NewClock(feed[0].At.Add(-time.Minute), math.Inf(1))
	sum, err := station.Run(t.Context(), []*station.Station{station.New(cfg)})
	if err != nil || sum.Confirmed != 3 || sum.Dialled != 3 {
		t.Errorf("%+v, %v", sum, err)
	}
}

// TestGatewayAway: a gateway that goes and comes again has everything in the end.
func TestGatewayAway(t *testing.T) {
	b := newBureau()
	var mu sync.Mutex
	addr := ""
	cfg := simulated(b, 1, "")
	cfg.Dial = func(ctx context.Context) (net.Conn, error) {
		mu.Lock()
		defer mu.Unlock()
		if addr == "" {
			return nil, errors.New("there is nobody")
		}
		return dialler(addr)(ctx)
	}
	cfg.Feed = station.Play(rows(60))
	confirmed := make(chan struct{}, 100)
	cfg.Confirmed = func(time.Duration) { confirmed <- struct{}{} }
	done := make(chan error, 1)
	go func() {
		_, err := station.Run(t.Context(), []*station.Station{station.New(cfg)})
		done <- err
	}()
	for range 3 {
		g := gateway(t, b, telemetry.Limits{})
		at := listen(t, g)
		mu.Lock()
		addr = at
		mu.Unlock()
		for range 10 {
			<-confirmed
		}
		mu.Lock()
		addr = ""
		mu.Unlock()
		if err := g.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
	at := listen(t, gateway(t, b, telemetry.Limits{}))
	mu.Lock()
	addr = at
	mu.Unlock()
	if err := <-done; err != nil {
		t.Error(err)
	}
	kept := map[time.Time]bool{}
	for _, r := range b.reports {
		kept[r.Readings[0].At] = true
	}
	if len(kept) != 60 {
		t.Errorf("%d rows kept of 60", len(kept))
	}
}

// TestStationAnswers: a station that only answers is asked everything.
func TestStationAnswers(t *testing.T) {
	b := newBureau()
	g := gateway(t, b, telemetry.Limits{})
	cfg := simulated(b, 1, listen(t, g))
	feed := rows(600)
	feed[590].Picture = []byte("\xFF\xD8 picture")
	cfg.Mode, cfg.Feed, cfg.Drift, cfg.Base, cfg.Packet = station.M4, station.Play(feed), 48*time.Hour, 1000, 10
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- station.New(cfg).Run(ctx) }()
	await(t, func() bool { return len(g.Online()) == 1 })
	ask := func(r telemetry.Request) []session.Report {
		t.Helper()
		r.Station, r.Who = cfg.Station, "x"
		reports, err := g.Ask(t.Context(), r)
		if err != nil || len(reports) == 0 {
			t.Fatalf("%v: %v", r.Function, err)
		}
		return reports
	}
	await(t, func() bool {
		r := ask(telemetry.Request{Function: sl651.QueryNow})[0].Readings
		return len(r) > 0 && r[0].At.Equal(noon)
	})
	if r := ask(telemetry.Request{Function: sl651.QueryElements, Elements: []sl651.ID{0x39}})[0].Readings; len(r) != 1 || r[0].Value.String() != "12.599" {
		t.Errorf("%+v", r)
	}
	parts := ask(telemetry.Request{Function: sl651.QueryPeriod, Elements: []sl651.ID{0x39}, Step: sl651.Step{Minutes: 5}, From: noon.Add(-30 * time.Hour), To: noon})
	n := 0
	for _, p := range parts {
		n += len(p.Readings)
	}
	if last := parts[len(parts)-1].Readings; len(parts) != 2 || n != 361 || !last[len(last)-1].At.Equal(noon) || last[len(last)-1].Value.String() != "12.599" {
		t.Errorf("%d parts, %d values", len(parts), n)
	}
	if r := ask(telemetry.Request{Function: sl651.QueryPeriod, Elements: []sl651.ID{0xF4}, From: noon.Add(-time.Hour), To: noon})[0].Readings; len(r) != 24 || !r[23].At.Equal(noon) || r[0].Interval != 5*time.Minute {
		t.Errorf("%+v", r)
	}
	if r := ask(telemetry.Request{Function: sl651.PictureReport})[0]; !bytes.Equal(r.Picture, feed[590].Picture) {
		t.Errorf("%+v", r)
	}
	if r := ask(telemetry.Request{Function: sl651.QueryVersion})[0]; r.Text != station.Version {
		t.Errorf("%+v", r)
	}
	if r := ask(telemetry.Request{Function: sl651.QueryStatus})[0]; r.Status == nil || !r.Status.Has(sl651.DoorShut) {
		t.Errorf("%+v", r)
	}
	if r := ask(telemetry.Request{Function: sl651.QueryCounters})[0]; len(r.Counters) != 32 {
		t.Errorf("%+v", r)
	}
	ask(telemetry.Request{Function: sl651.WriteRunning, Settings: []telemetry.Setting{{ID: 0x28, Value: quantity.Some(quantity.Int(10))}}})
	if r := ask(telemetry.Request{Function: sl651.ReadRunning, Names: []sl651.ID{0x28, 0x29}})[0]; len(r.Parameters) != 1 || r.Parameters[0].Value != "10.000" {
		t.Errorf("%+v", r.Parameters)
	}
	if r := ask(telemetry.Request{Function: sl651.SetClock})[0]; time.Since(r.Sent).Abs() > time.Minute {
		t.Errorf("the clock was set to %v", r.Sent)
	}
	if r := ask(telemetry.Request{Function: sl651.QueryClock})[0]; time.Since(r.Sent).Abs() > time.Minute {
		t.Errorf("the clock is %v", r.Sent)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestDrift: a station's clock that is fast shows in its times of sending, and not where it obeys the centre.
func TestDrift(t *testing.T) {
	for _, obeys := range []bool{false, true} {
		b := newBureau()
		g := gateway(t, b, telemetry.Limits{})
		cfg := simulated(b, 1, listen(t, g))
		feed := rows(13)
		cfg.Feed, cfg.Clock, cfg.Drift, cfg.Obeys = station.Play(feed), station.NewClock(feed[0].At, math.Inf(1)), 24*time.Hour, obeys
		if _, err := station.Run(t.Context(), []*station.Station{station.New(cfg)}); err != nil {
			t.Fatal(err)
		}
		r := b.reports[12]
		if fast := r.Sent.Sub(r.Readings[0].At); !obeys && fast != time.Hour || obeys && fast < 24*time.Hour { // the gateway lives today
			t.Errorf("obeys %v: %v fast", obeys, fast)
		}
	}
}

// TestSpeed: stations follow a clock whose speed changes while they wait.
func TestSpeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBureau()
		g := gateway(t, b, telemetry.Limits{})
		var serve sync.WaitGroup
		defer serve.Wait()
		cfg := simulated(b, 1, "")
		cfg.Dial = func(context.Context) (net.Conn, error) {
			near, far := net.Pipe()
			serve.Go(func() {
				g.Serve(far)
				far.Close() //nolint:errcheck // as ServeTCP does
			})
			return near, nil
		}
		feed := rows(3)
		clock := station.NewClock(feed[0].At, 1)
		cfg.Clock, cfg.Feed, cfg.Answer = clock, station.Play(feed), time.Second
		done := make(chan error, 1)
		go func() { done <- station.New(cfg).Run(t.Context()) }()
		begin := time.Now()
		synctest.Wait()
		time.Sleep(2*time.Minute + 30*time.Second)
		if n, _ := b.counts(); n != 1 {
			t.Errorf("%d sent after half the time to the second", n)
		}
		clock.SetSpeed(0)
		time.Sleep(time.Hour)
		if n, _ := b.counts(); n != 1 {
			t.Errorf("%d sent while the clock stood", n)
		}
		clock.SetSpeed(60)
		if err := <-done; err != nil {
			t.Error(err)
		}
		if d := time.Since(begin) - time.Hour - 150*time.Second; d > 15*time.Second {
			t.Errorf("the rest took %v", d)
		}
		if n, _ := b.counts(); n != 3 {
			t.Errorf("%d sent", n)
		}
	})
}

func TestReadCSV(t *testing.T) {
	got, bad, err := station.ReadCSV(strings.NewReader("\uFEFFstation,time,Z,20,VT\n" +
		"0061200815,2026-07-02 08:05,12.3456,,12.6\n" +
		"0061200815,2026-07-02T00:00:00Z,12.3,M,\n" +
		"006120081,2026-07-02 08:05,1,1,1\n" +
		"0061200815,yesterday,1,1,1\n" +
		"0061200815,2026-07-02 08:10,1\n" +
		"0061200815,2026-07-02 08:10,1;2,1,1\n" +
		"0061200816,2026-07-02 08:10,,,\n"))
	if err != nil {
		t.Fatal(err)
	}
	a, _ := sl651.ParseAddress("0061200815")
	r := got[a]
	if len(got) != 2 || len(r) != 2 || !r[0].At.Equal(time.Date(2026, 7, 2, 0, 0, 0, 0, time.UTC)) || len(r[0].Values) != 2 || r[0].Values[1].Value.State != sl651.Missing ||
		r[1].Values[0].Value != sl651.Of(12346, 3) {
		t.Errorf("%+v", got)
	}
	if len(bad) != 4 || bad[0].Line != 4 || bad[3].Line != 7 {
		t.Errorf("%+v", bad)
	}
	for _, head := range []string{"", "station,time,time", "station,39", "station,time,colour", "station,time,PIC"} {
		if _, _, err := station.ReadCSV(strings.NewReader(head)); err == nil {
			t.Errorf("%q is read", head)
		}
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add("station,time,39\n0061200815,2026-07-02 08:05,12.3\n")
	f.Add("time,Z,station\n\"x\n")
	f.Fuzz(func(t *testing.T, text string) {
		got, bad, err := station.ReadCSV(strings.NewReader(text))
		n := len(bad)
		for _, r := range got {
			n += len(r)
		}
		if err == nil && n > strings.Count(text, "\n")+strings.Count(text, "\r")+1 {
			t.Errorf("%d rows of %q", n, text)
		}
	})
}
