package sl651_test

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"anlan/internal/sl651"
)

var (
	station  = sl651.Address{0x00, 0x61, 0x20, 0x08, 0x15}
	secret   = [2]byte{0x12, 0x34}
	sentAt   = sl651.Stamp{Year: 26, Month: 7, Day: 2, Hour: 8, Minute: 0, Second: 17}
	observed = sl651.Stamp{Year: 26, Month: 7, Day: 2, Hour: 8}
)

// body wraps the bytes of a body behind number and time into a frame with a good check code.
func body(t testing.TB, c sl651.Coding, d sl651.Direction, fc sl651.Function, text string) []byte {
	t.Helper()
	f := sl651.Report(c, 1, station, secret, fc)
	if d == sl651.Down {
		f = sl651.Ask(c, 1, station, secret, fc)
	}
	if c == sl651.ASCII {
		f.Body = []byte("0029260702080017" + text)
	} else {
		f.Body = bytesOf(t, "0029 260702080017"+text)
	}
	b, err := f.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// told writes the groups of a message in a line, for comparing.
func told(m *sl651.Message) string {
	var out []string
	for i := range m.Groups {
		g := &m.Groups[i]
		s := g.ID.String()
		switch g.Kind {
		case sl651.AddressGroup:
			s = "@" + g.Station.String()
			if g.HasClass {
				s += g.Class.String()
			}
		case sl651.TimeGroup:
			s = g.Time.Time().Format("0102T1504")
		case sl651.StepGroup:
			s = "step " + g.Step.Duration().String()
		case sl651.RangeGroup:
			s = g.Time.Time().Format("0102T15") + ".." + g.To.Time().Format("0102T15")
		case sl651.ReadingGroup:
			if g.ID == 0 {
				s = string(g.Name())
			}
			s += "=" + strings.Trim(fmt.Sprint(g.Values), "[]")
		case sl651.NameGroup:
			s += "?"
		case sl651.DataGroup:
			if g.ID == 0 {
				s = string(g.Name())
			}
			s += fmt.Sprintf("=x%X", g.Raw)
		case sl651.TextGroup, sl651.VersionGroup:
			s = fmt.Sprintf("%q", g.Raw)
		case sl651.PictureGroup, sl651.BulkGroup:
			s += fmt.Sprintf(" %d bytes", len(g.Raw))
		case sl651.SwitchGroup, sl651.GateGroup:
			s = ""
			for k := range g.Count() {
				if g.On(k) {
					s += fmt.Sprintf("%d on ", k+1)
				}
			}
			s += fmt.Sprintf("of %d", g.Count())
			if len(g.Values) > 0 {
				s += " " + fmt.Sprint(g.Values)
			}
		case sl651.QuotaGroup:
			s = fmt.Sprintf("quota %X", g.Raw)
		case sl651.CounterGroup:
			s = strings.TrimSuffix(strings.Trim(fmt.Sprint(g.Values), "[]"), " 0")
		case sl651.RestGroup:
			s = fmt.Sprintf("rest %X", g.Raw)
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

// TestBodies reads bodies of every function in HEX/BCD, up and down, and writes each back byte for byte.
func TestBodies(t *testing.T) {
	f := func(d sl651.Direction, fc sl651.Function, text, want string) {
		t.Helper()
		b := body(t, sl651.Hex, d, fc, text)
		frame, m := decode(t, b)
		if got := told(m); got != want || m.Serial != 41 || m.Sent != sentAt {
			t.Errorf("%s: %s says\n%s, want\n%s", fc, text, got, want)
		}
		if again, err := sl651.Encode(nil, frame, m); err != nil || !bytes.Equal(again, b) {
			t.Errorf("%s: written again %X, %v\n          came as %X", fc, again, err, b)
		}
	}
	const at, plain = "F1F1 0061200815 50 F0F0 2607020800", "F1F1 0061200815"
	const head, who = "@0061200815P; 0702T0800; ", "@0061200815"
	up, down := sl651.Up, sl651.Down
	f(up, sl651.KeepAlive, "", "")
	f(up, sl651.TestReport, at+"2019 000125 2619 004017 3923 00010490 3812 1268", head+"20=12.5; 26=401.7; 39=10.490; 38=12.68")
	f(up, sl651.PeriodReport, at+"0418 000005 2219 000001 FFFFFF AAAAAA 000012", head+"step 5m0s; 22=0.1 M M 1.2")
	f(up, sl651.PeriodReport, at+"0418 000100 391B FF0120 001050", head+"step 1h0m0s; 39=-0.120 1.050")
	f(up, sl651.PeriodReport, at+"0418 010000 1F19 000001", head+"step 24h0m0s; 1F=0.1")
	f(up, sl651.PeriodReport, at+"0418 000005 2219 000001", head+"step 5m0s; 22=0.1")
	f(up, sl651.PeriodReport, at+"0418 000000 F460 000102030405060708FE00FF 000000000000000000000000", head+"step 0s; F4=0.0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 25.4 0.0 M 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0")
	f(up, sl651.TimedReport, at+"0211 FF56 7020 FF000012 051B 012345", head+"02=-5.6; 70=-12; 05=12.345")
	f(up, sl651.AddedReport, at+"2219 000055 45 20 00000083", head+"22=5.5; 45=131")
	f(up, sl651.HourlyReport, "F1F1 0061200815 48 F0F0 2607020705 F460 000102030405060708FE00FF F0F0 2607020800 2619 004017 F0F0 2607020705 F5C0 000A FFFF AAAA"+strings.Repeat("0014", 9)+"F0F0 2607020800 3923 00010490 3812 1268",
		"@0061200815H; 0702T0705; F4=0.0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 25.4 0.0 M; 0702T0800; 26=401.7; 0702T0705; F5=0.10 M 436.90 0.20 0.20 0.20 0.20 0.20 0.20 0.20 0.20 0.20; 0702T0800; 39=10.490; 38=12.68")
	f(up, sl651.TextReport, "F2F2 51 20 31 2E 32 33 34", `"Q 1.234"`)
	f(up, sl651.PictureReport, at+"F3F3 FFD8FFE0 7E7E", head+"F3 6 bytes")
	f(up, sl651.QueryNow, at+"2019 000125", head+"20=12.5")
	f(up, sl651.QueryPeriod, at+"0418 000000 F460 000000000000000000000000", head+"step 0s; F4=0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0")
	f(up, sl651.QueryText, "F2F2 4E", `"N"`)
	f(up, sl651.QueryElements, at+"FF11 23 00000008 FDF6 0102", head+"FF11=0.008; FD 2 bytes")
	f(up, sl651.WriteBasic, plain+"0120 05000000 0228 0061200815 0310 1234 0450 02 218094153172 009708 0538 01 A13012345678 0C08 02 0D40 8001000000000000 0E0C 0061200815 02 0061200820 01 0F10 3131",
		who+"; 01=x05000000; 02=x0061200815; 03=x1234; 04=x02218094153172009708; 05=x01A13012345678; 0C=2; 0D=x8001000000000000; 0E=x006120081502006120082001; 0F=x3131")
	f(up, sl651.ReadBasic, plain+"0C08 02", who+"; 0C=2")
	f(up, sl651.WriteRunning, plain+"2008 01 2823 00010000 301B FF0200", who+"; 20=1; 28=10.000; 30=-0.200")
	f(up, sl651.ReadRunning, plain+"A133 000000012345", who+"; A1=12.345")
	f(up, sl651.QueryPumps, at+"7011 3801 7511 FFFF", head+"70=380.1; 75=M")
	f(up, sl651.QueryVersion, plain+"03 563132", who+`; "V12"`)
	f(up, sl651.QueryStatus, plain+"4520 FFFFFFFF", who+"; 45=4294967295") // a word of bits has no filler
	f(up, sl651.EraseData, plain, who)
	f(up, sl651.FactoryReset, plain, who)
	f(up, sl651.ChangePassword, plain+"0310 5678", who+"; 03=x5678")
	f(up, sl651.SetClock, plain, who)
	f(up, sl651.SetCard, plain+"4520 00000200", who+"; 45=512")
	f(up, sl651.SwitchPumps, plain+"02 8101", who+"; 1 on 8 on 9 on of 16")
	f(up, sl651.SwitchValves, plain+"01 03", who+"; 1 on 2 on of 8")
	f(up, sl651.MoveGates, plain+"03 05 0120 0000 0035", who+"; 1 on 3 on of 3 [120 0 35]")
	f(up, sl651.SetQuota, plain+"FF", who+"; quota FF")
	f(up, sl651.QueryCounters, plain+"0000 0002 FFFF"+strings.Repeat("0000", 29), who+"; 0 2 65535"+strings.Repeat(" 0", 28))
	f(up, sl651.QueryClock, plain, who)
	f(up, 0xE5, "0102 F1", "rest 0102F1") // for users to define

	for _, fc := range []sl651.Function{0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3A, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E, 0x4F, 0x50, 0x51} {
		f(down, fc, "", "") // confirmations, and queries that need no more
	}
	f(down, sl651.QueryPeriod, "26070108 26070208 0418 000100 1A19", "0701T08..0702T08; step 1h0m0s; 1A?")
	f(down, sl651.QueryElements, "F460 2019 FF11 23", "F4?; 20?; FF11?")
	f(down, sl651.WriteBasic, "0C08 02", "0C=2")
	f(down, sl651.ReadBasic, "0120 0228 0310 0400 0C08 0F00", "01?; 02?; 03?; 04?; 0C?; 0F?")
	f(down, sl651.WriteRunning, "2008 01", "20=1")
	f(down, sl651.ReadRunning, "2008 2823", "20?; 28?")
	f(down, sl651.EraseData, "9700", "97?")
	f(down, sl651.EraseData, "4700", "47?") // as the rule of one province has it
	f(down, sl651.FactoryReset, "9800", "98?")
	f(down, sl651.ChangePassword, "0310 1234 0310 5678", "03=x1234; 03=x5678")
	f(down, sl651.SetCard, "4520 00000200", "45=512")
	f(down, sl651.SwitchPumps, "01 01", "1 on of 8")
	f(down, sl651.MoveGates, "01 00 0000", "of 1 [0]")
	f(down, sl651.SetQuota, "00", "quota 00")
}

// TestHabits reads what makers send against the standard, and writes each back as it came.
func TestHabits(t *testing.T) {
	f := func(fc sl651.Function, text, want string) {
		t.Helper()
		b := body(t, sl651.Hex, sl651.Up, fc, text)
		frame, m := decode(t, b)
		if got := told(m); got != want {
			t.Errorf("%s says\n%s, want\n%s", text, got, want)
		}
		if again, err := sl651.Encode(nil, frame, m); err != nil || !bytes.Equal(again, b) {
			t.Errorf("written again %X, %v\n      came as %X", again, err, b)
		}
	}
	f(sl651.TimedReport, "F128 0061200815 48 F028 2607020800 2611 0040", "@0061200815H; 0702T0800; 26=4.0")                                                                    // F128 and F028
	f(sl651.PictureReport, "F0F0 2607020800 F1F1 0061200815 48 F3F3 FFD8", "0702T0800; @0061200815H; F3 2 bytes")                                                              // the time before the address
	f(sl651.HourlyReport, "F1F1 0061200815 48 F0F0 2607020705 F55C"+strings.Repeat("0010", 12), "@0061200815H; 0702T0705; F5="+strings.TrimSpace(strings.Repeat("0.16 ", 12))) // F5 5C, and 24 bytes all the same
	f(sl651.TimedReport, "F1F1 0061200815 48 F0F0 2607020800 391A 001049 3922 00009836", "@0061200815H; 0702T0800; 39=10.49; 39=98.36")                                        // the frame's definition, not the table's
	f(sl651.TimedReport, "F1F1 0061200815 48 F0F0 2607020800 3923 AAAAAAAA 3923 FFFFFFFF 1908 FF 0B08 FF", "@0061200815H; 0702T0800; 39=M; 39=M; 19=M; 0B=M")
	f(sl651.TimedReport, "F1F1 0061200815 48 F0F0 2607020800 3923 09999999", "@0061200815H; 0702T0800; 39=9999.999") // no sensor, says one maker: a figure like any other here
	f(sl651.TimedReport, "F1F1 0061200815 48 F0F0 2607020800 762A FF00000172", "@0061200815H; 0702T0800; 76=-1.72")
	f(sl651.TimedReport, "F1F1 0061200815 48 F0F0 2607020800 7610 0C3F FF33 10 ABCD 0528 31322E3330", "@0061200815H; 0702T0800; 76=x0C3F; FF33=xABCD; 05=x31322E3330")                             // no figures in elements of a maker's own, a duration in ASCII
	f(sl651.TimedReport, "F1F1 0061200815 48 F0F0 2607020800 3923 00000001 F1F1 0061200816 50 F0F0 2607020805 2019 000001", "@0061200815H; 0702T0800; 39=0.001; @0061200816P; 0702T0805; 20=0.1")  // several stations
	f(sl651.QueryPeriod, "F1F1 0061200815 48 F0F0 2607020805 0418 000005 F460 000000000000000000000005", "@0061200815H; 0702T0805; step 5m0s; F4=0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.5") // a step of five minutes before a block
	f(sl651.QueryPeriod, "F1F1 0061200815 48 F0F0 2607020805 F460 000000000000000000000005 3812 1268", "@0061200815H; 0702T0805; F4=0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.5; 38=12.68")    // goes on after the block
	f(sl651.PeriodReport, "F1F1 0061200815 48 F0F0 2607020805 0418 000005 2219 000001 000002 F0F0 2607020900 2219 000003", "@0061200815H; 0702T0805; step 5m0s; 22=0.1 0.2; 0702T0900; 22=0.3")    // another time within a series
	f(sl651.TimedReport, "F1F1 0061200815 48 F0F0 2607020800 4540 0000000000000400", "@0061200815H; 0702T0800; 45=x0000000000000400")                                                              // a longer word
	for _, text := range []string{"", "0102", "0029 26070208001A F1"} {                                                                                                                            // without number and time in a user's function
		frame := sl651.Report(sl651.Hex, 1, station, secret, 0xE0)
		frame.Body = bytesOf(t, text)
		b, err := frame.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		got, m := decode(t, b)
		again, err := sl651.Encode(nil, got, m)
		if err != nil || !m.Headless || !bytes.Equal(again, b) {
			t.Errorf("%s: %v %v %X", text, err, m.Headless, again)
		}
	}
	f(sl651.TimedReport, "F1F1 0061200815 48 F0F0 2607020800 3823 FF000000", "@0061200815H; 0702T0800; 38=-0.000") // a zero with a sign
}

// TestBodyErrors has a name and a place for each thing that can be wrong with a body. Where the place of the next group is known, the others
// are read all the same.
func TestBodyErrors(t *testing.T) {
	f := func(fc sl651.Function, text string, want sl651.Reason, at int, rest string) {
		t.Helper()
		var frame sl651.Frame
		var m sl651.Message
		if _, err := frame.Parse(body(t, sl651.Hex, sl651.Up, fc, text)); err != nil {
			t.Fatal(err)
		}
		err := m.Decode(&frame)
		var e *sl651.Error
		if !errors.As(err, &e) || e.Reason != want || e.At != at || !e.Body || !strings.Contains(err.Error(), "of the body: ") {
			t.Errorf("%s: %v, want %v at %d", text, err, want, at)
		}
		if got := told(&m); got != rest {
			t.Errorf("%s: read is\n%s, want\n%s", text, got, rest)
		}
	}
	const at, head = "F1F1 0061200815 48 F0F0 2607020800", "@0061200815H; 0702T0800"
	f(0x00, "", sl651.BadFunction, 0, "")
	f(0x3B, "", sl651.BadFunction, 0, "")
	f(0x52, "", sl651.BadFunction, 0, "")
	f(0xDF, "", sl651.BadFunction, 0, "")
	f(sl651.TimedReport, "F1F1 0061200815", sl651.Cut, 15, "")
	f(sl651.TimedReport, at+"3923 000104", sl651.Cut, 28, head)
	f(sl651.TimedReport, at+"39", sl651.Cut, 24, head)
	f(sl651.TimedReport, at+"FF11", sl651.Cut, 25, head)
	f(sl651.TimedReport, at+"0000", sl651.BadElement, 23, head)
	f(sl651.TimedReport, "F1F2 0061200815 48", sl651.BadElement, 8, "")
	f(sl651.TimedReport, "F1F1 0061200815 48 F018", sl651.BadElement, 16, "@0061200815H")
	f(sl651.TimedReport, at+"3923 0001049C 3812 1268", sl651.BadDigits, 25, head+"; 39=M; 38=12.68")
	f(sl651.TimedReport, at+"3923 FFFFFF12 3812 1268", sl651.BadDigits, 25, head+"; 39=M; 38=12.68")
	f(sl651.TimedReport, at+"3923 AAAAAA12 3812 1268", sl651.BadDigits, 25, head+"; 39=M; 38=12.68")
	f(sl651.TimedReport, "F1F1 0061200815 48 F0F0 2613020800 3812 1268", sl651.BadTime, 18, "@0061200815H; 0101T0000; 38=12.68")
	f(sl651.TimedReport, "F1F1 0061200815 48 F0F0 2607020860 3812 1268", sl651.BadTime, 18, "@0061200815H; 0101T0000; 38=12.68")
	f(sl651.PeriodReport, at+"0418 00000A 2219 000001", sl651.BadDigits, 25, head)
	f(sl651.PeriodReport, at+"0418 000000 2219 000001", sl651.BadStep, 28, head+"; step 0s")
	f(sl651.PeriodReport, at+"0418 000005 2219 000001 0000", sl651.BadSeries, 30, head+"; step 5m0s")
	f(sl651.PeriodReport, at+"0418 000000 F460 0000", sl651.Cut, 32, head+"; step 0s")
	f(sl651.QueryVersion, "F1F1 0061200815 11 41", sl651.Cut, 17, "@0061200815")
	f(sl651.MoveGates, "F1F1 0061200815 01 01 00A0", sl651.BadDigits, 17, "@0061200815; 1 on of 1 [M]")
}

// TestManyGroups: the shortest groups in the longest frame are read, and no more of them than a message may hold are written.
func TestManyGroups(t *testing.T) {
	b := body(t, sl651.Hex, sl651.Up, sl651.TimedReport, strings.Repeat("3900", 2043))
	f, m := decode(t, b)
	if len(m.Groups) != 2043 {
		t.Errorf("%d groups", len(m.Groups))
	}
	for range 10 {
		m.AddName(0x39)
	}
	if _, err := m.AppendBody(nil, f); !errors.Is(err, sl651.TooMany) {
		t.Errorf("%v", err)
	}
	joined := *f
	joined.Body = bytes.Repeat([]byte{0x39, 0x00}, 3000)
	copy(joined.Body, f.Body[:8])
	if err := m.Decode(&joined); !errors.Is(err, sl651.TooMany) {
		t.Errorf("%v", err)
	}
	values := *f
	values.Function = sl651.PeriodReport
	values.Body = append(bytesOf(t, "0029 260702080017 0418 000005 2208"), make([]byte, 20000)...)
	if err := m.Decode(&values); !errors.Is(err, sl651.TooMany) {
		t.Errorf("%v", err)
	}
}

// TestMemoryFollowsLength: a fresh message takes memory in proportion to the body, whatever is in it, and a frame that claims to be long takes
// none.
func TestMemoryFollowsLength(t *testing.T) {
	took := func(decode func()) int {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		decode()
		runtime.ReadMemStats(&after)
		return int(after.TotalAlloc - before.TotalAlloc)
	}
	for _, unit := range []string{"3900", "1908 03", "FF11 08 03", "F0F0 2607020800", "F460 000102030405060708090A0B"} {
		for _, n := range []int{10, 100, 4000} {
			b := bytesOf(t, strings.Repeat(unit, 1+n/len(bytesOf(t, unit))))
			f := sl651.Report(sl651.Hex, 1, station, secret, sl651.TimedReport)
			f.Body = append(bytesOf(t, "0029 260702080017"), b...)
			if got := took(func() {
				var m sl651.Message
				_ = m.Decode(&f)
			}); got > 300*len(f.Body)+8192 {
				t.Errorf("%s for %d bytes of body: %d bytes", unit, len(f.Body), got)
			}
		}
	}
	claim := bytesOf(t, "7E7E 01 0012345678 1234 36 0FFF 16")
	if got := took(func() {
		s := sl651.NewScanner(0)
		s.Feed(claim)
		var f sl651.Frame
		_, _ = s.Next(&f)
	}); got > 4096 {
		t.Errorf("%d bytes for a claim", got)
	}
}

// TestTimes: the instants of values, by the standard and by the habit of some that send the end.
func TestTimes(t *testing.T) {
	b := body(t, sl651.Hex, sl651.Up, sl651.HourlyReport, "F1F1 0061200815 48 F0F0 2607020705 F460 000000000000000000000000 F0F0 2607020800 3812 1268")
	_, m := decode(t, b)
	rain, volts := &m.Groups[2], &m.Groups[4]
	f := func(got time.Time, want string) {
		t.Helper()
		if got.Format(time.RFC3339) != want {
			t.Errorf("%v, want %s", got, want)
		}
	}
	f(rain.Instant(0, false), "2026-07-02T07:05:00+08:00")
	f(rain.Instant(11, false), "2026-07-02T08:00:00+08:00")
	f(rain.Instant(11, true), "2026-07-02T07:05:00+08:00")
	f(rain.Instant(0, true), "2026-07-02T06:10:00+08:00")
	f(volts.Instant(0, true), "2026-07-02T08:00:00+08:00")
	for in, ok := range map[sl651.Stamp]bool{
		{Year: 24, Month: 2, Day: 29}: true, {Year: 26, Month: 2, Day: 29}: false, {Year: 59, Month: 10, Day: 11, Hour: 23, Minute: 59, Second: 59}: true,
		{Month: 4, Day: 31}: false, {Month: 1, Day: 0}: false, {Month: 0, Day: 1}: false, {Month: 1, Day: 1, Hour: 24}: false, {Month: 1, Day: 1, Second: 60}: false,
	} {
		frame := sl651.Report(sl651.Hex, 1, station, secret, sl651.KeepAlive)
		var m sl651.Message
		m.Reset(1, in)
		b, err := sl651.Encode(nil, &frame, &m)
		if err != nil {
			t.Fatal(err)
		}
		var got sl651.Frame
		if _, err := got.Parse(b); err != nil {
			t.Fatal(err)
		}
		if err := m.Decode(&got); (err == nil) != ok || ok && m.Sent != in {
			t.Errorf("%v: %v %v", in, m.Sent, err)
		}
	}
	shanghai := time.FixedZone("", 9*3600) // the summers of 1986 to 1991
	if got := sl651.StampOf(time.Date(2026, 7, 2, 9, 0, 17, 999, shanghai)); got != sentAt {
		t.Errorf("%v, want %v", got, sentAt)
	}
}
