package telemetry_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/quantity"
	"anlan/internal/sl651"
	"anlan/internal/telemetry"
	"anlan/internal/telemetry/session"
)

// answer writes an uplink of a function as a station answers with it.
func answer(t testing.TB, s *sl651.Sender, fc sl651.Function, end byte, serial uint16, fill func(*sl651.Message)) []byte {
	t.Helper()
	f := sl651.Report(s.Coding, 1, s.Station, s.Password, fc)
	f.End = end
	var m sl651.Message
	m.Reset(serial, sl651.StampOf(noon))
	m.AddAddress(s.Station, map[bool]sl651.Class{true: s.Class}[fc.HasClass()])
	if fill != nil {
		fill(&m)
	}
	b, err := sl651.Encode(nil, &f, &m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// online is a station that is connected, having sent one report.
func online(t testing.TB, b *bureau, g *telemetry.Gateway, n int) (*sl651.Sender, *wire) {
	t.Helper()
	s := b.register(n)
	w := dial(t, listen(t, g))
	w.say(timed(t, s))
	w.confirmed(sl651.TimedReport, 1)
	return s, w
}

func TestAsk(t *testing.T) {
	type request = telemetry.Request
	f := func(name string, r request, check func(*sl651.Message) bool, fill func(*sl651.Message), told func(session.Report) bool) {
		t.Run(name, func(t *testing.T) {
			t.Helper()
			b := newBureau()
			g := gateway(t, b, telemetry.Limits{})
			s, w := online(t, b, g, 1)
			done := make(chan struct{})
			go func() {
				defer close(done)
				q, m := w.hear()
				if q.Function != r.Function || q.Direction != sl651.Down || q.End != sl651.ENQ || q.Station != s.Station || q.Password != s.Password || q.Centre != 1 || m.Serial != 0 {
					t.Errorf("the query is %+v", q)
				}
				if check != nil && !check(&m) {
					t.Errorf("the query says %+v", m.Groups)
				}
				w.say(answer(t, s, r.Function, sl651.ETX, 9, fill))
				w.confirmed(r.Function, 9)
			}()
			r.Station, r.Who = s.Station, "duty officer"
			reports, err := g.Ask(t.Context(), r)
			<-done
			if err != nil || len(reports) != 1 || !reports[0].Flags.Has(session.Asked) || told != nil && !told(reports[0]) {
				t.Errorf("%+v, %v", reports, err)
			}
			if len(b.begun) != 1 || b.begun[0].Who != "duty officer" || b.ended[0].State != telemetry.Answered || b.ended[0].Tries != 1 {
				t.Errorf("noted %+v %+v", b.begun, b.ended)
			}
			if n, _ := b.counts(); n != 2 {
				t.Errorf("%d reports kept", n)
			}
		})
	}
	reading := func(m *sl651.Message) {
		m.AddTime(sl651.StampOf(noon))
		m.AddReading(0x39, sl651.Of(7, 0))
	}
	seven := func(r session.Report) bool { return len(r.Readings) == 1 && r.Readings[0].Value.String() == "7" }
	f("now", request{Function: sl651.QueryNow}, nil, reading, seven)
	f("elements", request{Function: sl651.QueryElements, Elements: []sl651.ID{0x39}}, func(m *sl651.Message) bool {
		return len(m.Groups) == 1 && m.Groups[0].Kind == sl651.NameGroup && m.Groups[0].ID == 0x39
	}, reading, seven)
	f("period", request{Function: sl651.QueryPeriod, Elements: []sl651.ID{0x39}, Step: sl651.Step{Hours: 1}, From: noon.Add(-3 * time.Hour), To: noon}, func(m *sl651.Message) bool {
		return len(m.Groups) == 3 && m.Groups[0].Time.Hour == 9 && m.Groups[0].To.Hour == 12 && m.Groups[1].Step.Hours == 1 && m.Groups[2].ID == 0x39
	}, func(m *sl651.Message) {
		m.AddTime(sl651.StampOf(noon.Add(-time.Hour)))
		m.AddStep(sl651.Step{Hours: 1})
		m.AddSeries(0x39, []sl651.Value{sl651.Of(6, 0), sl651.Of(7, 0)})
	}, func(r session.Report) bool { return len(r.Readings) == 2 && r.Readings[1].At.Equal(noon) })
	f("version", request{Function: sl651.QueryVersion}, nil, func(m *sl651.Message) { m.AddVersion([]byte("V1")) }, func(r session.Report) bool { return r.Text == "V1" })
	f("state", request{Function: sl651.QueryStatus}, nil, func(m *sl651.Message) { m.AddStatus(sl651.MainsLost) }, func(r session.Report) bool { return r.Status.Has(sl651.MainsLost) })
	f("clock", request{Function: sl651.QueryClock}, nil, nil, func(r session.Report) bool { return r.Sent.Equal(noon) })
	f("read running", request{Function: sl651.ReadRunning, Names: []sl651.ID{0x28}}, nil, func(m *sl651.Message) { m.AddParameter(0x28, sl651.Of(1, 3)) },
		func(r session.Report) bool { return r.Parameters[0].Value == "0.001" })
	f("write running", request{Function: sl651.WriteRunning, Settings: []telemetry.Setting{{ID: 0x28, Value: quantity.Some(quantity.MustParse("12.5"))}}}, func(m *sl651.Message) bool {
		return m.Groups[0].ID == 0x28 && m.Groups[0].Values[0].String() == "12.500"
	}, func(m *sl651.Message) { m.AddParameter(0x28, sl651.Of(12500, 3)) }, nil)
	f("write basic", request{Function: sl651.WriteBasic, Settings: []telemetry.Setting{{ID: 0x01, Data: []byte{1, 0, 0, 0}}, {ID: 0x0C, Value: quantity.Some(quantity.Int(2))}}}, func(m *sl651.Message) bool {
		return len(m.Groups) == 2
	}, nil, nil)
}

// TestAskInParts: an answer of several frames is whole with the one that ends with ETX.
func TestAskInParts(t *testing.T) {
	b := newBureau()
	g := gateway(t, b, telemetry.Limits{})
	s, w := online(t, b, g, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.hear()
		for i, end := range []byte{sl651.ETB, sl651.ETB, sl651.ETX} {
			w.say(answer(t, s, sl651.QueryNow, end, uint16(5+i), func(m *sl651.Message) {
				m.AddTime(sl651.StampOf(noon))
				m.AddReading(0x39, sl651.Of(int64(i), 0))
			}))
			w.confirmed(sl651.QueryNow, uint16(5+i))
		}
	}()
	reports, err := g.Ask(t.Context(), telemetry.Request{Station: s.Station, Function: sl651.QueryNow, Who: "x"})
	<-done
	if err != nil || len(reports) != 3 || reports[2].Readings[0].Value.String() != "2" {
		t.Errorf("%+v, %v", reports, err)
	}
}

func TestAskRefused(t *testing.T) {
	b := newBureau()
	g := gateway(t, b, telemetry.Limits{})
	s := b.register(1)
	f := func(r telemetry.Request, kind fault.Kind, noted int) {
		t.Helper()
		r.Station = s.Station
		if _, err := g.Ask(t.Context(), r); !fault.Is(err, kind) {
			t.Errorf("%+v: %v", r, err)
		}
		if len(b.begun) != noted {
			t.Errorf("%+v: %d noted", r, len(b.begun))
		}
	}
	f(telemetry.Request{Function: sl651.QueryNow}, fault.Invalid, 0) // nobody asks
	for _, fc := range []sl651.Function{sl651.EraseData, sl651.FactoryReset, sl651.ChangePassword, sl651.SwitchPumps, sl651.SwitchValves, sl651.MoveGates, sl651.SetQuota, sl651.SetCard, sl651.TimedReport, 0} {
		f(telemetry.Request{Function: fc, Who: "x"}, fault.Invalid, 0)
	}
	f(telemetry.Request{Function: sl651.QueryElements, Who: "x"}, fault.Invalid, 0)
	f(telemetry.Request{Function: sl651.QueryPeriod, Elements: []sl651.ID{0x39}, From: noon, To: noon, Who: "x"}, fault.Invalid, 0)
	f(telemetry.Request{Function: sl651.QueryPeriod, Elements: []sl651.ID{0x39}, Step: sl651.Step{Hours: 1}, From: noon, To: noon.Add(-1), Who: "x"}, fault.Invalid, 0)
	f(telemetry.Request{Function: sl651.ReadBasic, Names: []sl651.ID{sl651.PasswordParameter}, Who: "x"}, fault.Invalid, 0)
	f(telemetry.Request{Function: sl651.ReadRunning, Names: []sl651.ID{0x01}, Who: "x"}, fault.Invalid, 0)
	f(telemetry.Request{Function: sl651.WriteBasic, Settings: []telemetry.Setting{{ID: sl651.PasswordParameter, Data: []byte{1, 2}}}, Who: "x"}, fault.Invalid, 0)
	f(telemetry.Request{Function: sl651.WriteRunning, Settings: []telemetry.Setting{{ID: 0x28}}, Who: "x"}, fault.Invalid, 0)
	f(telemetry.Request{Function: sl651.QueryNow, Who: "x"}, fault.Conflict, 1) // it is not connected
	if b.ended[0].State != telemetry.Offline {
		t.Errorf("noted %+v", b.ended)
	}
}

func TestNoAnswer(t *testing.T) {
	b := newBureau()
	g := gateway(t, b, telemetry.Limits{Answer: 10 * time.Millisecond})
	s, w := online(t, b, g, 1)
	heard := make(chan int)
	go func() {
		n := 0
		for {
			if _, _, err := w.next(); err != nil {
				heard <- n
				return
			}
			n++
		}
	}()
	_, err := g.Ask(t.Context(), telemetry.Request{Station: s.Station, Function: sl651.QueryVersion, Who: "x"})
	w.Close() //nolint:errcheck // it is the test's
	if n := <-heard; !fault.Is(err, fault.Unavailable) || n != 3 || b.ended[0].State != telemetry.NoAnswer || b.ended[0].Tries != 3 {
		t.Errorf("sent %d times, %v, noted %+v", n, err, b.ended)
	}
}

// TestOneAtATime: the second request is sent when the first is answered; who does not want to wait goes away.
func TestOneAtATime(t *testing.T) {
	b := newBureau()
	g := gateway(t, b, telemetry.Limits{Waiting: 1})
	s, w := online(t, b, g, 1)
	results := make(chan error, 2)
	ask := func(ctx context.Context, fc sl651.Function) {
		_, err := g.Ask(ctx, telemetry.Request{Station: s.Station, Function: fc, Who: "x"})
		results <- err
	}
	go ask(t.Context(), sl651.QueryVersion)
	if q, _ := w.hear(); q.Function != sl651.QueryVersion {
		t.Fatalf("%v", q.Function)
	}
	impatient, cancel := context.WithCancel(t.Context())
	go ask(impatient, sl651.QueryClock)
	await(t, func() bool { return g.Stats().Asked == 2 })
	await(t, func() bool { // the third finds no place once the second waits
		_, err := g.Ask(t.Context(), telemetry.Request{Station: s.Station, Function: sl651.QueryStatus, Who: "x"})
		return fault.Is(err, fault.TooMany)
	})
	cancel()
	if err := <-results; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	w.say(answer(t, s, sl651.QueryVersion, sl651.ETX, 3, func(m *sl651.Message) { m.AddVersion([]byte("V")) }))
	w.confirmed(sl651.QueryVersion, 3)
	if err := <-results; err != nil {
		t.Error(err)
	}
}

// TestGaps: a station that comes is asked for what is missing, once, by the gateway's own name.
func TestGaps(t *testing.T) {
	b := newBureau()
	b.gaps = []telemetry.Gap{{Element: 0x39, Step: sl651.Step{Hours: 1}, From: noon.Add(-2 * time.Hour), To: noon}}
	g := gateway(t, b, telemetry.Limits{})
	s, w := online(t, b, g, 1)
	q, m := w.hear()
	if q.Function != sl651.QueryPeriod || m.Groups[0].Time.Hour != 10 || m.Groups[2].ID != 0x39 {
		t.Fatalf("%v %+v", q.Function, m.Groups)
	}
	w.say(answer(t, s, sl651.QueryPeriod, sl651.ETX, 2, func(m *sl651.Message) {
		m.AddTime(sl651.StampOf(noon.Add(-time.Hour)))
		m.AddStep(sl651.Step{Hours: 1})
		m.AddSeries(0x39, []sl651.Value{sl651.Of(6, 0), sl651.Of(7, 0)})
	}))
	w.confirmed(sl651.QueryPeriod, 2)
	await(t, func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return len(b.ended) == 1 && b.ended[0].State == telemetry.Answered
	})
	if b.begun[0].Who != "gateway" || g.Stats().Gaps != 1 {
		t.Errorf("%+v, %d", b.begun, g.Stats().Gaps)
	}
	w.Close() //nolint:errcheck // it is the test's
	await(t, func() bool { return g.Stats().Sessions == 0 })
	w = dial(t, listen(t, g)) // it comes again
	w.say(timed(t, s))
	w.confirmed(sl651.TimedReport, 2)
	w.say(timed(t, s))
	w.confirmed(sl651.TimedReport, 3)
	if n := g.Stats().Gaps; n != 1 {
		t.Errorf("asked for %d times", n)
	}
}

// TestNewestGapsFirst: of many gaps a station is asked for the newest, and for the others when those are answered for.
func TestNewestGapsFirst(t *testing.T) {
	b := newBureau()
	for back := 12; back > 0; back -= 2 {
		to := noon.Add(-time.Duration(back) * time.Hour)
		b.gaps = append(b.gaps, telemetry.Gap{Element: 0x39, Step: sl651.Step{Hours: 1}, From: to.Add(-time.Hour), To: to})
	}
	var later atomic.Int64
	g := telemetry.New(telemetry.Options{
		Sink: b, Stations: b, Quarantine: b, Journal: b, Gaps: b, Now: func() time.Time { return noon.Add(time.Duration(later.Load())) },
	})
	defer g.Close(context.Background()) //nolint:errcheck // what it says is not looked at here
	s := b.register(1)
	w := dial(t, listen(t, g))
	var asked []uint8
	come := func() { // it is looked after when it comes, and later again
		later.Add(int64(20 * time.Minute))
		w.say(timed(t, s))
	}
	come()
	for len(asked) < 6 {
		q, m := w.hear()
		if q.End != sl651.ENQ {
			continue
		}
		asked = append(asked, m.Groups[0].Time.Hour)
		w.say(answer(t, s, sl651.QueryPeriod, sl651.ETX, 100+uint16(len(asked)), func(m *sl651.Message) {
			m.AddTime(sl651.StampOf(noon))
			m.AddStep(sl651.Step{Hours: 1})
			m.AddSeries(0x39, []sl651.Value{sl651.Of(6, 0)})
		}))
		if len(asked) == 4 {
			w.confirmed(sl651.QueryPeriod, 104)
			come()
		}
	}
	if want := []uint8{9, 7, 5, 3, 1, 23}; !slices.Equal(asked, want) {
		t.Errorf("asked for the hours from %v, want %v", asked, want)
	}
}

// TestGapsOfStationsThatLeave: a station that is confirmed with EOT is not asked.
func TestGapsOfStationsThatLeave(t *testing.T) {
	b := newBureau()
	b.gaps = []telemetry.Gap{{Element: 0x39, Step: sl651.Step{Hours: 1}, From: noon, To: noon}}
	g := gateway(t, b, telemetry.Limits{})
	s := b.register(1)
	b.set(func() { st := b.stations[s.Station]; st.Stay = false; b.stations[s.Station] = st })
	w := dial(t, listen(t, g))
	for range 3 {
		w.say(timed(t, s))
		if f, _ := w.hear(); f.End != sl651.EOT || f.Function != sl651.TimedReport {
			t.Errorf("%v %s", f.Function, sl651.Control(f.End))
		}
	}
}

// TestClockSetTwice: a station whose clock was far off is told the time a second time, annex B.
func TestClockSetTwice(t *testing.T) {
	for _, far := range []bool{true, false} {
		b := newBureau()
		g := gateway(t, b, telemetry.Limits{})
		s, w := online(t, b, g, 1)
		told := make(chan int, 1)
		go func() {
			n := 0
			for {
				q, _, err := w.next()
				if err != nil {
					told <- n
					return
				}
				if q.End != sl651.ENQ {
					continue
				}
				n++
				at := time.Now()
				if far {
					at = noon
				}
				a, err := s.Answer(nil, sl651.SetClock, sl651.StampOf(at), sl651.ETX, nil)
				if err != nil {
					t.Error(err)
				}
				w.say(a)
			}
		}()
		if _, err := g.Ask(t.Context(), telemetry.Request{Station: s.Station, Function: sl651.SetClock, Who: "x"}); err != nil {
			t.Error(err)
		}
		w.Close() //nolint:errcheck // it is the test's
		if n := <-told; n != map[bool]int{true: 2, false: 1}[far] {
			t.Errorf("far %v: told %d times", far, n)
		}
	}
}

// TestGapNotAnswered: a gap that was not sent is asked for again, but not at once.
func TestGapNotAnswered(t *testing.T) {
	b := newBureau()
	b.gaps = []telemetry.Gap{{Element: 0x39, Step: sl651.Step{Hours: 1}, From: noon.Add(-2 * time.Hour), To: noon}}
	var mu sync.Mutex
	at := noon
	g := telemetry.New(telemetry.Options{Sink: b, Stations: b, Quarantine: b, Journal: b, Gaps: b, Limits: telemetry.Limits{Answer: time.Millisecond}, Now: func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return at
	}})
	defer g.Close(context.Background()) //nolint:errcheck // what it says is not looked at here
	s := b.register(1)
	w := dial(t, listen(t, g))
	asked := func() int {
		b.mu.Lock()
		defer b.mu.Unlock()
		return len(b.ended)
	}
	for i, later := range []time.Duration{0, 30 * time.Minute, 70 * time.Minute} {
		mu.Lock()
		at = noon.Add(later)
		mu.Unlock()
		w.say(timed(t, s))
		for { // beside what it is asked for
			if f, m := w.hear(); f.Function == sl651.TimedReport && m.Serial == uint16(i+1) {
				break
			}
		}
		if i != 1 {
			await(t, func() bool {
				b.mu.Lock()
				defer b.mu.Unlock()
				n := len(b.ended)
				return n > 0 && n == i/2+1 && b.ended[n-1].State == telemetry.NoAnswer
			})
		}
	}
	if n := asked(); n != 2 {
		t.Errorf("asked for %d times", n)
	}
}
