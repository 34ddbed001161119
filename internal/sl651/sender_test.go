package sl651_test

import (
	"bytes"
	"testing"

	"anlan/internal/sl651"
)

// TestSender: a day of a station, read back by a scanner: numbers that go up by one for each report and stay for a keep-alive, and what each
// report says.
func TestSender(t *testing.T) {
	for _, c := range []sl651.Coding{sl651.Hex, sl651.ASCII} {
		s := sl651.Sender{Coding: c, Centre: 1, Station: station, Class: sl651.River, Password: secret}
		var stream []byte
		grow := func(b []byte, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			stream = b
		}
		volts := []sl651.Observation{{Element: 0x38, Value: sl651.Of(1268, 2)}}
		five := sl651.Stamp{Year: 26, Month: 7, Day: 2, Hour: 7, Minute: 5}
		grow(s.KeepAlive(stream, sentAt))
		grow(s.Report(stream, sl651.TimedReport, sentAt, observed, volts))
		grow(s.KeepAlive(stream, sentAt))
		grow(s.Report(stream, sl651.AddedReport, sentAt, observed, volts))
		grow(s.Hourly(stream, sentAt, &sl651.Hour{First: five, End: observed, Rain: make([]sl651.Value, 12), Others: volts}))
		grow(s.Period(stream, sl651.PeriodReport, sentAt, five, sl651.Step{Minutes: 5}, 0x22, []sl651.Value{sl651.Of(1, 1), {}}))
		grow(s.Period(stream, sl651.QueryPeriod, sentAt, five, sl651.Step{}, 0xF4, make([]sl651.Value, 24)))
		grow(s.Text(stream, sentAt, []byte("P 25.0 ")))
		grow(s.Answer(stream, sl651.QueryPumps, sentAt, sl651.ETB, func(m *sl651.Message) { m.AddTime(observed) }))
		grow(s.Answer(stream, sl651.QueryClock, sentAt, sl651.ETX, nil))
		err := s.Picture(sentAt, observed, bytes.Repeat([]byte{0xD8}, 500), 220, func(p []byte) error {
			stream = append(stream, p...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		frames, errs := feed(sl651.NewScanner(0), stream)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		const head = "@0061200815H; 0702T"
		want := []struct {
			serial uint16
			said   string
		}{
			{0, ""},
			{1, head + "0800; 38=12.68"},
			{1, ""},
			{2, head + "0800; 38=12.68"},
			{3, head + "0705; F4=M M M M M M M M M M M M; 0702T0800; 38=12.68"},
			{4, head + "0705; step 5m0s; 22=0.1 M"},
			{5, head + "0705; step 0s; F4=M M M M M M M M M M M M M M M M M M M M M M M M"},
			{6, `"P 25.0 "`},
			{7, head + "0800"},
			{8, "@0061200815"},
		}
		a := sl651.NewAssembly(1 << 16)
		for i, b := range frames {
			f, m := decode(t, b)
			if i < len(want) {
				if got := told(m); got != want[i].said || m.Serial != want[i].serial {
					t.Errorf("%v frame %d: %d %s, want %d %s", c, i, m.Serial, got, want[i].serial, want[i].said)
				}
				continue
			}
			if err := a.Add(f); err != nil {
				t.Fatal(err)
			}
		}
		var f sl651.Frame
		var m sl651.Message
		if err := a.Join(&f); err != nil {
			t.Fatal(err)
		}
		if err := m.Decode(&f); err != nil || m.Serial != 9 || told(&m) != head+"0800; F3 500 bytes" {
			t.Errorf("%v %d %s", err, m.Serial, told(&m))
		}
		for s.Serial() != 65535 {
			if _, err := s.Text(nil, sentAt, nil); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Text(nil, sentAt, nil); err != nil || s.Serial() != 1 {
			t.Errorf("after 65535 comes %d", s.Serial())
		}
	}
}
