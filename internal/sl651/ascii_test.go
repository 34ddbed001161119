package sl651_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"anlan/internal/sl651"
)

// TestTextBodies reads bodies in ASCII and writes each back byte for byte, ours and other spellings of the same.
func TestTextBodies(t *testing.T) {
	f := func(d sl651.Direction, fc sl651.Function, text, want string) {
		t.Helper()
		b := body(t, sl651.ASCII, d, fc, text)
		frame, m := decode(t, b)
		if got := told(m); got != want || m.Serial != 41 || m.Sent != sentAt {
			t.Errorf("%s: %q says\n%s, want\n%s", fc, text, got, want)
		}
		if again, err := sl651.Encode(nil, frame, m); err != nil || !bytes.Equal(again, b) {
			t.Errorf("%s: written again %q, %v\n          came as %q", fc, again, err, b)
		}
	}
	const at, plain = "ST 0061200815 H TT 2607020800 ", "ST 0061200815 "
	const head, who = "@0061200815H; 0702T0800; ", "@0061200815"
	up, down := sl651.Up, sl651.Down
	f(up, sl651.KeepAlive, "", "")
	f(up, sl651.TimedReport, at+"Z 6.38 VT 12.50 ", head+"39=6.38; 38=12.50")
	f(up, sl651.TimedReport, at+"PJ 12.5 pH 7.10 M10 M ZT 00000083 ", head+"20=12.5; 46=7.10; 10=M; 45=131")
	f(up, sl651.TimedReport, at+"Z -1.720 AI -0.5 ", head+"39=-1.720; 02=-0.5")
	f(up, sl651.TimedReport, at+"FF11 0.008 76 3.10 XYZ 5 ABC x1 ", head+"FF11=0.008; 76=3.10; XYZ=5; ABC=x7831")
	f(up, sl651.HourlyReport, "ST 0061200815 H TT 2607020705 DRP 000102030405060708FE00FF TT 2607020800 PT 401.7 TT 2607020705 DRZ1 000AFFFF"+strings.Repeat("0014", 10)+" ",
		"@0061200815H; 0702T0705; F4=0.0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 25.4 0.0 M; 0702T0800; 26=401.7; 0702T0705; F5=0.10 M"+strings.Repeat(" 0.20", 10))
	f(up, sl651.PeriodReport, at+"DRN05 Z Q 6.3 12.5 6.35 12.6 M 12.7 ", head+"step 5m0s; 39=6.3 6.35 M; 27=12.5 12.6 12.7")
	f(up, sl651.PeriodReport, at+"DRH01 PN05 0.1 0.2 TT 2607020900 Z 6.38 ", head+"step 1h0m0s; 22=0.1 0.2; 0702T0900; 39=6.38")
	f(up, sl651.PeriodReport, at+"DRD01 PD 12.5 ", head+"step 24h0m0s; 1F=12.5")
	f(up, sl651.QueryPeriod, at+"DRH00 DRP 000000000000000000000001 000000000000000000000002 ", head+"step 0s; F4="+strings.Repeat("0.0 ", 11)+"0.1 "+strings.Repeat("0.0 ", 11)+"0.2")
	f(up, sl651.TextReport, "RGZS P 0815 08 25.0 ", `"P 0815 08 25.0 "`)
	f(up, sl651.PictureReport, at+"PIC \xFF\xD8 \x01", head+"F3 4 bytes")
	f(up, sl651.ReadBasic, plain+"01 05000000 02 0061200815 03 1234 04 02218094153172009708 0C 2 ", who+"; 01=x05000000; 02=x0061200815; 03=x1234; 04=x02218094153172009708; 0C=2")
	f(up, sl651.ReadRunning, plain+"28 10.000 A1 12.345 ", who+"; 28=10.000; A1=12.345")
	f(up, sl651.QueryVersion, plain+"V1.2 (H) ", who+`; "V1.2 (H)"`)
	f(up, sl651.QueryStatus, plain+"ZT 00000400 ", who+"; 45=1024")
	f(up, sl651.SwitchPumps, plain+"0103 ", who+"; 1 on 2 on of 8")
	f(up, sl651.MoveGates, plain+"02030120FFFF ", who+"; 1 on 2 on of 2 [120 M]")
	f(up, sl651.SetQuota, plain+"FF ", who+"; quota FF")
	f(down, sl651.QueryPeriod, "26070108 26070208 DRH01 P1 Z ", "0701T08..0702T08; step 1h0m0s; 1A?; 39?")
	f(down, sl651.QueryElements, "DRP Z FF11 ", "F4?; 39?; FF11?")
	f(down, sl651.ReadRunning, "20 28 ", "20?; 28?")
	f(down, sl651.WriteRunning, "20 1 28 10.000 ", "20=1; 28=10.000")
	f(down, sl651.ChangePassword, "03 1234 03 5678 ", "03=x1234; 03=x5678")
	f(down, sl651.EraseData, "97 ", "97?")
	f(down, sl651.FactoryReset, "98 00 ", "98=0")
	f(up, 0xE5, "what users will", "rest 7768617420757365727320"+"77696C6C")

	// Other spellings: blanks before, behind and between, none at the end, small letters, zeros in front, a plus sign, F for missing.
	f(up, sl651.TimedReport, "  ST 0061200815  H   TT 2607020800 Z  6.38 VT 12.50   ", head+"39=6.38; 38=12.50")
	f(up, sl651.TimedReport, at+"Z 06.38 VT +12.50 Q .5 C FFFF", head+"39=6.38; 38=12.50; 27=0.5; 03=M")
	f(up, sl651.TimedReport, "ST 0030303a9006 H TT 2607020800 "[:0]+"ST 00303a9006 H TT 2607020800 ZT 0000040a ", "@00303A9006H; 0702T0800; 45=1034")
	f(up, sl651.PeriodReport, at+"DRN05  Z Q 6.3 12.5  06.35 12.6", head+"step 5m0s; 39=6.3 6.35; 27=12.5 12.6")
	f(up, sl651.QueryPeriod, at+"DRH00 DRP 000000000000000000000001000000000000000000000002", head+"step 0s; F4="+strings.Repeat("0.0 ", 11)+"0.1 "+strings.Repeat("0.0 ", 11)+"0.2")
	f(up, sl651.ReadBasic, plain+"03 12ab 04 013 0F 1898 ", who+"; 03=x12AB; 04=x303133; 0F=x31383938")
	f(up, sl651.SwitchPumps, plain+"02 01 03", who+"; 1 on 9 on 10 on of 16")
	f(up, sl651.TimedReport, at+"W 5  ", head+"W=5")
	f(up, sl651.KeepAlive, "  ", "rest 2020")
}

func TestTextBodyErrors(t *testing.T) {
	f := func(fc sl651.Function, text string, want sl651.Reason, at int, rest string) {
		t.Helper()
		var frame sl651.Frame
		var m sl651.Message
		if _, err := frame.Parse(body(t, sl651.ASCII, sl651.Up, fc, text)); err != nil {
			t.Fatal(err)
		}
		err := m.Decode(&frame)
		var e *sl651.Error
		if !errors.As(err, &e) || e.Reason != want || e.At != at || !e.Body {
			t.Errorf("%s: %v, want %v at %d", text, err, want, at)
		}
		if got := told(&m); got != rest {
			t.Errorf("%s: read is\n%s, want\n%s", text, got, rest)
		}
	}
	const at, head = "ST 0061200815 H TT 2607020800 ", "@0061200815H; 0702T0800"
	f(sl651.TimedReport, "ST 006120081 H ", sl651.BadDigits, 19, "")
	f(sl651.TimedReport, "ST", sl651.Cut, 18, "")
	f(sl651.TimedReport, "ST 0061200815 H TT 2613020800 VT 12.50 ", sl651.BadTime, 35, "@0061200815H; 0101T0000; 38=12.50")
	f(sl651.TimedReport, at+"Z 6,38 VT 12.50 ", sl651.BadDigits, 46, head+"; 39=M; 38=12.50")
	f(sl651.TimedReport, at+"Z ", sl651.Cut, 48, head)
	f(sl651.TimedReport, at+"DRP 0001 ", sl651.BadSeries, 46, head)
	f(sl651.PeriodReport, at+"DRN05 Z Q 6.3 12.5 6.35 ", sl651.BadSeries, 56, head+"; step 5m0s; 39=; 27=")
	f(sl651.PeriodReport, at+"DRH00 Z 6.3 ", sl651.BadStep, 52, head+"; step 0s; 39=")
	f(sl651.TimedReport, at+"ZT 0000040 ", sl651.BadDigits, 46, head)
	f(sl651.HourlyReport, at+"DRP 00000000000000000000000G VT 12.50 ", sl651.BadDigits, 46, head+"; F4=0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 M; 38=12.50")
	f(sl651.TimedReport, at+"Z - VT 12.50 ", sl651.BadDigits, 46, head+"; 39=M; 38=12.50")
	f(sl651.SwitchPumps, "ST 0061200815 0X ", sl651.BadDigits, 30, "@0061200815")
	f(sl651.SwitchPumps, "ST 0061200815 02 ", sl651.Cut, 30, "@0061200815")
}

// TestTextQueries: what is wrong with the hours of a query, in both codings, and what else of it is read.
func TestTextQueries(t *testing.T) {
	f := func(c sl651.Coding, text string, want sl651.Reason, rest string) {
		t.Helper()
		var frame sl651.Frame
		var m sl651.Message
		if _, err := frame.Parse(body(t, c, sl651.Down, sl651.QueryPeriod, text)); err != nil {
			t.Fatal(err)
		}
		if err := m.Decode(&frame); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", text, err, want)
		}
		if got := told(&m); got != rest {
			t.Errorf("%s: read is %s, want %s", text, got, rest)
		}
	}
	const none = "0101T00..0101T00"
	f(sl651.ASCII, "26130108 26070208 DRH01 Z ", sl651.BadTime, none+"; step 1h0m0s; 39?")
	f(sl651.ASCII, "26070108 260702 DRH01 Z ", sl651.BadTime, none+"; step 1h0m0s; 39?")
	f(sl651.ASCII, "26070108 ", sl651.Cut, "")
	f(sl651.Hex, "26130108 26070208 0418 000100 3923", sl651.BadTime, "0101T00..0702T08; step 1h0m0s; 39?")
	f(sl651.Hex, "26070108 260702", sl651.Cut, "")
}

func TestTextOfAMessage(t *testing.T) {
	_, m := decode(t, body(t, sl651.Hex, sl651.Up, sl651.TextReport, "F2F2 51"))
	if text, ok := m.Text(); !ok || string(text) != "Q" {
		t.Errorf("%q %v", text, ok)
	}
	if _, ok := m.Picture(); ok {
		t.Error("a picture in a text")
	}
}
