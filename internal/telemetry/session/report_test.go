package session_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"anlan/internal/quantity"
	"anlan/internal/sl651"
	"anlan/internal/telemetry/session"
)

// readings are the readings of one frame in words: quantity, field time, length of the period, value, flags.
func readings(t testing.TB, p *peer, frame []byte) []string {
	t.Helper()
	p.hear(frame)
	if len(p.reports) != 1 || len(p.replies) != 1 {
		t.Fatalf("%d reports, %d replies, set aside %+v", len(p.reports), len(p.replies), p.held)
	}
	var out []string
	for _, r := range p.reports[0].Readings {
		if r.At.Location() != time.UTC {
			t.Errorf("%s is at %v, not in UTC", r.Quantity, r.At)
		}
		s := fmt.Sprintf("%s %s %v %v", r.Quantity, r.At.Add(8*time.Hour).Format("02T15:04:05"), r.Interval, r.Value)
		if r.Flags != 0 {
			s += fmt.Sprintf(" flags %d", r.Flags)
		}
		out = append(out, s)
	}
	return out
}

func same(t testing.TB, got []string, want string) {
	t.Helper()
	if g := strings.Join(got, "; "); g != want {
		t.Errorf("the readings are\n%s, want\n%s", g, want)
	}
}

func TestReadings(t *testing.T) {
	same(t, readings(t, newPeer(t), timed(t, sender())), "stage 02T08:00:00 0s 12.345; rain_total 02T08:00:00 0s 105; voltage 02T08:00:00 0s 12.6")
	s := sender()
	b, err := s.Report(nil, sl651.TestReport, sent, at, []sl651.Observation{{Element: 0x39, Value: sl651.Value{}}, {Element: 0x20, Value: sl651.Value{State: sl651.MissingA}}, {Element: 0x1A, Value: sl651.Of(5, 1)}})
	if err != nil {
		t.Fatal(err)
	}
	same(t, readings(t, newPeer(t), b), "stage 02T08:00:00 0s — flags 1; rain_day 02T08:00:00 0s — flags 1; rain_hour 02T08:00:00 1h0m0s 0.5 flags 1")
	p := newPeer(t)
	same(t, readings(t, p, report(t, s, sl651.QueryNow)), "stage 02T08:00:00 0s 12.345 flags 2; rain_total 02T08:00:00 0s 105 flags 2; voltage 02T08:00:00 0s 12.6 flags 2")
	r := p.reports[0]
	if r.Object != "G1" || r.Class != sl651.River || r.Serial != 2 || !r.Sent.Equal(now.Add(-3*time.Second)) || !r.Received.Equal(now) || len(r.Raw) == 0 || len(r.Unmapped) != 0 {
		t.Errorf("%+v", r)
	}
}

func TestUnmapped(t *testing.T) {
	s := sender()
	b, err := s.Report(nil, sl651.TimedReport, sent, at, []sl651.Observation{{Element: 0x27, Value: sl651.Of(1, 3)}, {Element: 0x27, Value: sl651.Of(1, 3)}, {Element: 0x20, Value: sl651.Of(0, 1)}})
	if err != nil {
		t.Fatal(err)
	}
	p := newPeer(t)
	same(t, readings(t, p, b), "rain_day 02T08:00:00 0s 0")
	if u := p.reports[0].Unmapped; len(u) != 1 || u[0] != 0x27 {
		t.Errorf("unmapped %v", u)
	}
}

func TestNoTimeOfObservation(t *testing.T) {
	b := encode(t, sl651.TimedReport, func(m *sl651.Message) {
		m.AddAddress(gauge, sl651.River)
		m.AddReading(0x39, sl651.Of(1, 0))
	})
	same(t, readings(t, newPeer(t), b), "stage 02T08:00:17 0s 1 flags 8")
}

// hourly is the report of the hour from 07:00 to 08:00.
func hourly(t testing.TB, first sl651.Stamp) []byte {
	t.Helper()
	h := sl651.Hour{First: first, End: at, Total: sl651.Of(1050, 1), Others: []sl651.Observation{{Element: 0x38, Value: sl651.Of(1260, 2)}}}
	for k := range 12 {
		h.Rain, h.Level = append(h.Rain, sl651.Of(int64(k), 1)), append(h.Level, sl651.Of(int64(100+k), 2))
	}
	h.Rain[3], h.Level[4] = sl651.Value{}, sl651.Value{}
	b, err := sender().Hourly(nil, sent, &h)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestHour: value k of a block ends at hh:05 and k steps; the level base makes a level of a relative one; what is missing stays so.
func TestHour(t *testing.T) {
	five := sl651.StampOf(now.Add(-55*time.Minute - 20*time.Second)) // 07:05
	check := func(got []string) {
		t.Helper()
		if len(got) != 26 {
			t.Fatalf("%d readings: %v", len(got), got)
		}
		for i, want := range map[int]string{
			0: "rain 02T07:05:00 5m0s 0", 3: "rain 02T07:20:00 5m0s —", 11: "rain 02T08:00:00 5m0s 1.1",
		} {
			if got[i] != want {
				t.Errorf("reading %d is %q, want %q", i, got[i], want)
			}
		}
		all := strings.Join(got, "; ")
		for _, want := range []string{
			"stage 02T07:05:00 0s 13.5", "stage 02T07:25:00 0s —", "stage 02T08:00:00 0s 13.61", "rain_total 02T08:00:00 0s 105", "voltage 02T08:00:00 0s 12.6",
		} {
			if !strings.Contains(all, want) {
				t.Errorf("no %q in %s", want, all)
			}
		}
	}
	check(readings(t, newPeer(t), hourly(t, five)))
	p := newPeer(t)
	p.station.HourEnds = true
	check(readings(t, p, hourly(t, at)))
	p = newPeer(t)
	p.station.Elements[0xF5] = session.Element{Quantity: "stage"} // without a base
	got := readings(t, p, hourly(t, five))
	if len(got) != 14 || len(p.reports[0].Unmapped) != 1 || p.reports[0].Unmapped[0] != 0xF5 {
		t.Errorf("%d readings, unmapped %v", len(got), p.reports[0].Unmapped)
	}
}

func TestSeries(t *testing.T) {
	five := sl651.StampOf(now.Add(-10*time.Minute - 20*time.Second)) // 07:50
	b, err := sender().Period(nil, sl651.PeriodReport, sent, five, sl651.Step{Minutes: 5}, 0x22, []sl651.Value{sl651.Of(5, 1), {}, sl651.Of(10, 1)})
	if err != nil {
		t.Fatal(err)
	}
	p := newPeer(t)
	p.station.HourEnds = true // which is of blocks only
	same(t, readings(t, p, b), "rain 02T07:50:00 5m0s 0.5; rain 02T07:55:00 5m0s —; rain 02T08:00:00 5m0s 1")
	if b, err = sender().Period(nil, sl651.QueryPeriod, sent, five, sl651.Step{Hours: 1}, 0x39, []sl651.Value{sl651.Of(5000, 3), sl651.Of(6000, 3)}); err != nil {
		t.Fatal(err)
	}
	same(t, readings(t, newPeer(t), b), "stage 02T07:50:00 0s 5 flags 2; stage 02T08:50:00 0s 6 flags 2")
}

func TestBase(t *testing.T) {
	p := newPeer(t)
	p.station.Elements[0x39] = session.Element{Quantity: "stage", Base: quantity.Some(quantity.MustParse("-0.345"))}
	p.station.Elements[0x26] = session.Element{Quantity: "huge", Base: quantity.Some(quantity.Decimal(1<<63 - 1))}
	same(t, readings(t, p, timed(t, sender())), "stage 02T08:00:00 0s 12; huge 02T08:00:00 0s — flags 16; voltage 02T08:00:00 0s 12.6")
}

// TestAnswers: what a station says besides readings is in its report too, whatever is confirmed is told.
func TestAnswers(t *testing.T) {
	f := func(fc sl651.Function, fill func(*sl651.Message), check func(session.Report) bool) {
		t.Helper()
		p := newPeer(t).hear(encode(t, fc, func(m *sl651.Message) {
			m.AddAddress(gauge, 0)
			fill(m)
		}))
		p.wants(1, 0, fc.String()+" ESC 7")
		if r := p.reports[0]; !check(r) || r.Flags != session.Asked || len(r.Readings) != 0 {
			t.Errorf("%v: %+v", fc, r)
		}
	}
	f(sl651.QueryVersion, func(m *sl651.Message) { m.AddVersion([]byte("V1.2")) }, func(r session.Report) bool { return r.Text == "V1.2" })
	f(sl651.QueryStatus, func(m *sl651.Message) { m.AddStatus(sl651.BatteryLow | sl651.DoorShut) }, func(r session.Report) bool {
		return r.Status != nil && r.Status.Has(sl651.BatteryLow)
	})
	f(sl651.QueryClock, func(*sl651.Message) {}, func(r session.Report) bool { return r.Sent.Equal(now.Add(-3 * time.Second)) })
	f(sl651.QueryCounters, func(m *sl651.Message) { m.AddCounters(&[32]uint16{3, 4}) }, func(r session.Report) bool { return len(r.Counters) == 32 && r.Counters[1] == 4 })
	f(sl651.SwitchPumps, func(m *sl651.Message) { m.AddSwitches([]bool{true, false, true}) }, func(r session.Report) bool {
		return len(r.Switches) == 8 && r.Switches[0] && !r.Switches[1]
	})
	f(sl651.ReadRunning, func(m *sl651.Message) { m.AddParameter(0x28, sl651.Of(12500, 3)) }, func(r session.Report) bool {
		return len(r.Parameters) == 1 && r.Parameters[0] == session.Parameter{ID: 0x28, Value: "12.500"}
	})
	f(sl651.ReadBasic, func(m *sl651.Message) {
		m.AddPassword([2]byte{3, 0xE8})
		m.AddData(0x01, []byte{1, 2, 3, 4})
	}, func(r session.Report) bool {
		return len(r.Parameters) == 1 && r.Parameters[0] == session.Parameter{ID: 0x01, Value: "01020304"}
	})
}

func TestText(t *testing.T) {
	b, err := sender().Text(nil, sent, []byte("\xCB\xAE\xCE\xBB 50.5")) // GB 18030
	if err != nil {
		t.Fatal(err)
	}
	p := newPeer(t).hear(b)
	p.wants(1, 0, "35 ESC 1")
	if p.reports[0].Text != "水位 50.5" || p.reports[0].Station != gauge {
		t.Errorf("%+v", p.reports[0])
	}
}

// TestNothingConfirmedIsGone: what a confirmed frame tells beyond readings is set aside with the frame, once, whatever the policy lacks.
func TestNothingConfirmedIsGone(t *testing.T) {
	f := func(name string, frame []byte, change func(*session.Station), readings int, reason session.Reason, detail string) {
		t.Helper()
		p := newPeer(t)
		change(&p.station)
		p.hear(frame, frame)
		if len(p.reports) != 1 || len(p.reports[0].Readings) != readings || len(p.replies) != 2 {
			t.Errorf("%s: %d replies, reports %+v", name, len(p.replies), p.reports)
		}
		if len(p.held) != 1 || p.held[0].Reason != reason || p.held[0].Detail != detail || len(p.held[0].Raw) == 0 || p.held[0].Station != gauge {
			t.Errorf("%s: set aside %+v", name, p.held)
		}
	}
	frame := timed(t, sender())
	f("one element", frame, func(st *session.Station) { delete(st.Elements, 0x26) }, 2, session.Unmapped, "26")
	f("no element", frame, func(st *session.Station) { st.Elements = nil }, 0, session.Unmapped, "39 26 38")
	f("no base", hourly(t, at), func(st *session.Station) {
		st.Elements = map[sl651.ID]session.Element{0xF4: {Quantity: "rain"}, 0xF5: {Quantity: "stage"}}
	}, 12, session.Unmapped, "26 F5 38")
	f("test", report(t, sender(), sl651.TestReport), func(*session.Station) {}, 3, session.Tested, "")
}
