package sl651_test

import (
	"bytes"
	"strings"
	"testing"

	"anlan/internal/quantity"
	"anlan/internal/sl651"
)

// TestBuilding builds a message of every kind of group, writes it in both codings, and reads it again.
func TestBuilding(t *testing.T) {
	of := sl651.Of
	rain := []sl651.Value{of(0, 1), of(5, 1), of(254, 1), {}, of(0, 1), of(0, 1), of(0, 1), of(0, 1), of(0, 1), of(0, 1), of(0, 1), of(1, 1)}
	level := []sl651.Value{of(12, 2), of(65534, 2), {}, of(0, 2), of(0, 2), of(0, 2), of(0, 2), of(0, 2), of(0, 2), of(0, 2), of(0, 2), of(31, 2)}
	const rains, levels = "0.0 0.5 25.4 M 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.1", "0.12 655.34 M 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.31"
	first := sl651.Stamp{Year: 26, Month: 7, Day: 2, Hour: 7, Minute: 5}
	f := func(d sl651.Direction, fc sl651.Function, build func(m *sl651.Message), want string) {
		t.Helper()
		for _, c := range []sl651.Coding{sl651.Hex, sl651.ASCII} {
			frame := sl651.Report(c, 1, station, secret, fc)
			if d == sl651.Down {
				frame = sl651.Ask(c, 1, station, secret, fc)
			}
			var m sl651.Message
			m.Reset(41, sentAt)
			build(&m)
			b, err := sl651.Encode([]byte("kept"), &frame, &m)
			if err != nil {
				t.Errorf("%s %v: %v", fc, c, err)
				continue
			}
			if !bytes.HasPrefix(b, []byte("kept")) {
				t.Errorf("what stood before is gone: %q", b)
			}
			got, back := decode(t, b[4:])
			if s := told(back); s != want {
				t.Errorf("%s %v says\n%s, want\n%s", fc, c, s, want)
			}
			again, err := sl651.Encode(nil, got, back)
			if err != nil || !bytes.Equal(again, b[4:]) {
				t.Errorf("%s %v written again %X, %v", fc, c, again, err)
			}
		}
	}
	up, down := sl651.Up, sl651.Down
	f(up, sl651.KeepAlive, func(*sl651.Message) {}, "")
	f(up, sl651.TimedReport, func(m *sl651.Message) {
		m.AddReport(station, sl651.River, observed, []sl651.Observation{{0x20, of(125, 1)}, {0x26, of(4017, 1)}, {0x39, of(-1720, 3)}, {0x39, sl651.Value{}}, {0x38, of(1268, 2)}, {0xFF11, of(8, 3)}, {0x27, of(123456789012, 3)}})
		m.AddStatus(sl651.MainsLost | sl651.DoorShut)
	}, "@0061200815H; 0702T0800; 20=12.5; 26=401.7; 39=-1.720; 39=M; 38=12.68; FF11=0.008; 27=123456789.012; 45=129")
	f(up, sl651.HourlyReport, func(m *sl651.Message) {
		m.AddHourly(station, sl651.River, &sl651.Hour{First: first, End: observed, Rain: rain, Level: level, Total: of(4017, 1), Others: []sl651.Observation{{0x39, of(10490, 3)}, {0x38, of(1268, 2)}}})
	}, "@0061200815H; 0702T0705; F4="+rains+"; 0702T0800; 26=401.7; 0702T0705; F5="+levels+"; 0702T0800; 39=10.490; 38=12.68")
	f(up, sl651.PeriodReport, func(m *sl651.Message) {
		m.AddAddress(station, sl651.Rainfall)
		m.AddTime(first)
		m.AddStep(sl651.Step{Minutes: 5})
		m.AddSeries(0x22, []sl651.Value{of(5, 1), {}, of(12, 1)})
	}, "@0061200815P; 0702T0705; step 5m0s; 22=0.5 M 1.2")
	f(up, sl651.PeriodReport, func(m *sl651.Message) {
		m.AddAddress(station, sl651.River)
		m.AddTime(first)
		m.AddStep(sl651.Step{Hours: 1})
		m.AddSeries(0x39, []sl651.Value{of(-5, 2), of(1234567, 2)})
	}, "@0061200815H; 0702T0705; step 1h0m0s; 39=-0.05 12345.67")
	f(up, sl651.QueryPeriod, func(m *sl651.Message) {
		m.AddAddress(station, sl651.Rainfall)
		m.AddTime(first)
		m.AddStep(sl651.Step{})
		m.AddBlock(0xF4, append(append([]sl651.Value{}, rain...), rain...))
	}, "@0061200815P; 0702T0705; step 0s; F4="+rains+" "+rains)
	f(up, sl651.TextReport, func(m *sl651.Message) { m.AddText([]byte("P 0815 25.0 ")) }, `"P 0815 25.0 "`)
	f(up, sl651.PictureReport, func(m *sl651.Message) {
		m.AddAddress(station, sl651.River)
		m.AddTime(observed)
		m.AddPicture([]byte{0xFF, 0xD8, 0x7E, 0x7E, 0x20})
	}, "@0061200815H; 0702T0800; F3 5 bytes")
	f(up, sl651.QueryVersion, func(m *sl651.Message) {
		m.AddAddress(station, 0)
		m.AddVersion([]byte("V1.2(H)"))
	}, `@0061200815; "V1.2(H)"`)
	f(up, sl651.SwitchPumps, func(m *sl651.Message) {
		m.AddAddress(station, 0)
		m.AddSwitches([]bool{true, false, false, false, false, false, false, false, true})
	}, "@0061200815; 1 on 9 on of 16")
	f(down, sl651.MoveGates, func(m *sl651.Message) { m.AddGates([]bool{true, false}, []sl651.Value{of(120, 0), of(0, 0)}) }, "1 on of 2 [120 0]")
	f(down, sl651.SetQuota, func(m *sl651.Message) { m.AddQuota(true) }, "quota FF")
	f(up, sl651.QueryCounters, func(m *sl651.Message) {
		m.AddAddress(station, 0)
		m.AddCounters(&[32]uint16{1: 2, 31: 9})
	}, "@0061200815; 0 2"+strings.Repeat(" 0", 29)+" 9")
	f(down, sl651.QueryPeriod, func(m *sl651.Message) {
		m.AddRange(sl651.Stamp{Year: 26, Month: 7, Day: 1, Hour: 8}, observed)
		m.AddStep(sl651.Step{Hours: 1})
		m.AddName(0x1A)
	}, "0701T08..0702T08; step 1h0m0s; 1A?")
	f(down, sl651.QueryElements, func(m *sl651.Message) { m.AddName(0xF4); m.AddName(0x39) }, "F4?; 39?")
	f(down, sl651.ReadBasic, func(m *sl651.Message) { m.AddParameterName(0x01); m.AddParameterName(0x04) }, "01?; 04?")
	f(down, sl651.WriteRunning, func(m *sl651.Message) { m.AddParameter(0x20, of(1, 0)); m.AddParameter(0x28, of(-200, 3)) }, "20=1; 28=-0.200")
	f(down, sl651.ChangePassword, func(m *sl651.Message) { m.AddPassword(secret); m.AddPassword([2]byte{0x56, 0x78}) }, "03=x1234; 03=x5678")
	f(down, sl651.EraseData, func(m *sl651.Message) { m.AddParameterName(0x97) }, "97?")
	f(down, sl651.WriteBasic, func(m *sl651.Message) { m.AddData(0x01, []byte{1, 0, 0, 0}); m.AddParameter(0x0C, of(2, 0)) }, "01=x01000000; 0C=2")
}

// TestDefinitions: the definition byte that a built reading gets is the table's, and longer where the figure needs it.
func TestDefinitions(t *testing.T) {
	f := func(id sl651.ID, v sl651.Value, want string) {
		t.Helper()
		var m sl651.Message
		m.Reset(0, sentAt)
		m.AddReading(id, v)
		frame := sl651.Report(sl651.Hex, 1, station, secret, sl651.TimedReport)
		b, err := m.AppendBody(nil, &frame)
		if got := string(hexed(b[8:])); err != nil || got != want {
			t.Errorf("%s %v: %s, %v, want %s", id, v, got, err, want)
		}
	}
	f(0x39, sl651.Of(10490, 3), "392300010490")
	f(0x39, sl651.Of(1049, 2), "392200001049")
	f(0x39, sl651.Of(-1720, 3), "392BFF00001720") // 6.6.3.3 a: seven digits, FF0 in front
	f(0x02, sl651.Of(-55, 1), "0219FF0055")
	f(0x38, sl651.Of(123456, 2), "381A123456")
	f(0x39, sl651.Value{}, "3920FFFFFFFF")
	f(0x39, sl651.Value{State: sl651.MissingA, Decimals: 3}, "3923AAAAAAAA")
	f(0x19, sl651.Of(3, 0), "190803")
	f(0x45, sl651.Of(0x400, 0), "452000000400")
}

func TestValues(t *testing.T) {
	f := func(v sl651.Value, text, exact string) {
		t.Helper()
		d, ok := v.Decimal()
		if got := v.String(); got != text || ok != (exact != "") || ok && d.String() != exact {
			t.Errorf("%+v: %s %v %v, want %s %s", v, got, d, ok, text, exact)
		}
	}
	f(sl651.Of(0, 0), "0", "0")
	f(sl651.Of(5, 1), "0.5", "0.5")
	f(sl651.Of(5, 3), "0.005", "0.005")
	f(sl651.Of(12345, 3), "12.345", "12.345")
	f(sl651.Of(12345, 0), "12345", "12345")
	f(sl651.Of(-172, 2), "-1.72", "-1.72")
	f(sl651.Of(10, 7), "0.0000010", "0.000001")
	f(sl651.Of(1, 7), "0.0000001", "") // a quantity.Decimal ends at millionths
	f(sl651.Of(999999999999999999, 0), "999999999999999999", "")
	f(sl651.Value{State: sl651.Present, Decimals: 2, Minus: true}, "-0.00", "0")
	f(sl651.Value{}, "M", "")
	f(sl651.Value{State: sl651.MissingA}, "M", "")
	for in, want := range map[string]string{"10.4949": "10.49", "-1.725": "-1.73", "0": "0.00"} {
		if got := sl651.OfDecimal(quantity.MustParse(in), 2).String(); got != want {
			t.Errorf("%s in two decimals is %s, want %s", in, got, want)
		}
	}
}

// TestWhatCannotBeWritten is refused and not written wrong.
func TestWhatCannotBeWritten(t *testing.T) {
	f := func(name string, build func(m *sl651.Message)) {
		t.Helper()
		var m sl651.Message
		m.Reset(0, sentAt)
		build(&m)
		frame := sl651.Report(sl651.Hex, 1, station, secret, sl651.TimedReport)
		if b, err := sl651.Encode(nil, &frame, &m); err == nil {
			t.Errorf("%s: %X", name, b)
		}
	}
	f("rain of 25.5 mm in 5 minutes", func(m *sl651.Message) { m.AddBlock(0xF4, []sl651.Value{sl651.Of(255, 1), 11: {}}) })
	f("rain in hundredths", func(m *sl651.Message) { m.AddBlock(0xF4, []sl651.Value{sl651.Of(10, 2), 11: {}}) })
	f("eleven values", func(m *sl651.Message) { m.AddBlock(0xF4, make([]sl651.Value, 11)) })
	f("two numbers of decimals in a series", func(m *sl651.Message) { m.AddSeries(0x39, []sl651.Value{sl651.Of(1, 2), sl651.Of(1, 3)}) })
	f("a gate opened by more than 9999 cm", func(m *sl651.Message) { m.AddGates([]bool{true}, []sl651.Value{sl651.Of(10000, 0)}) })
	f("gates without openings", func(m *sl651.Message) { m.AddGates([]bool{true, true}, []sl651.Value{sl651.Of(1, 0)}) })
	f("256 gates", func(m *sl651.Message) { m.AddGates(make([]bool, 256), make([]sl651.Value, 256)) })
	f("2041 switches", func(m *sl651.Message) { m.AddSwitches(make([]bool, 2041)) })
	f("a parameter of 32 bytes", func(m *sl651.Message) { m.AddData(0x0F, make([]byte, 32)) })
	f("a version of 256 bytes", func(m *sl651.Message) { m.AddVersion(make([]byte, 256)) })
	f("eight decimals", func(m *sl651.Message) { m.AddReading(0x39, sl651.Of(1, 8)) })
	f("20,000 values", func(m *sl651.Message) { m.AddSeries(0x39, make([]sl651.Value, 20000)) })
	f("a body too long", func(m *sl651.Message) { m.AddText(make([]byte, 4096)) })
}

func TestDialogue(t *testing.T) {
	up := seal(t, timed)
	var f sl651.Frame
	var m sl651.Message
	if _, err := f.Parse(up); err != nil {
		t.Fatal(err)
	}
	if err := m.Decode(&f); err != nil {
		t.Fatal(err)
	}
	reply := sl651.Confirm(&f, sl651.ESC)
	serial := m.Serial
	m.Reset(serial, sl651.Stamp{Year: 26, Month: 7, Day: 2, Hour: 8, Minute: 0, Second: 16})
	b, err := sl651.Encode(nil, &reply, &m)
	if want := seal(t, "7E7E 0012345678 01 03E8 32 8008 02 0029 260702080016 1B 0000"); err != nil || !bytes.Equal(b, want) {
		t.Errorf("%X, %v, want %X", b, err, want)
	}
	// A demand for a packet has the number of that packet, and a body of its own.
	f.Start, f.Total, f.Sequence = sl651.SYN, 13, 1
	nak := sl651.Again(&f, 7)
	b, err = sl651.Encode(nil, &nak, &m)
	if want := seal(t, "7E7E 0012345678 01 03E8 32 800B 16 00D007 0029 260702080016 15 0000"); err != nil || !bytes.Equal(b, want) {
		t.Errorf("%X, %v, want %X", b, err, want)
	}
	if got, back := decode(t, b); back.Serial != serial || back.Headless || got.Sequence != 7 || got.End != sl651.NAK {
		t.Errorf("%+v", back)
	}
	if sl651.KeepAlive.Answered() || !sl651.TimedReport.Answered() {
		t.Error("who is answered?")
	}
}
