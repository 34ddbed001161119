package sl651_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"anlan/internal/sl651"
)

// seeds are frames of this package's own tests, and those of the shared folder where it is.
func seeds(f *testing.F) [][]byte {
	out := [][]byte{
		seal(f, timed), asciiFrame(f),
		body(f, sl651.Hex, sl651.Up, sl651.HourlyReport, "F1F1 0061200815 48 F0F0 2607020705 F460 000102030405060708FE00FF"),
		body(f, sl651.Hex, sl651.Up, sl651.PeriodReport, "F1F1 0061200815 48 F0F0 2607020705 0418 000005 2219 000001 FFFFFF"),
		body(f, sl651.Hex, sl651.Down, sl651.QueryPeriod, "26070108 26070208 0418 000100 1A19"),
		body(f, sl651.Hex, sl651.Up, sl651.ReadBasic, "F1F1 0061200815 0120 05000000 0E06 006120081502"),
		body(f, sl651.Hex, sl651.Up, sl651.MoveGates, "F1F1 0061200815 02 01 0012 0000"),
		body(f, sl651.ASCII, sl651.Up, sl651.PeriodReport, "ST 0061200815 H TT 2607020800 DRN05 Z Q 6.3 12.5 M 12.6 "),
		body(f, sl651.ASCII, sl651.Up, sl651.HourlyReport, "ST 0061200815 H TT 2607020705 DRP 000102030405060708FE00FF XYZ 1 "),
	}
	for _, c := range []sl651.Coding{sl651.Hex, sl651.ASCII} {
		_, packets := picture(f, c, 100, 60)
		out = append(out, packets...)
	}
	return out
}

// FuzzFrame: a frame that can be read is written again byte for byte, its body too where that can be read.
func FuzzFrame(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s, false)
	}
	var m sl651.Message
	f.Fuzz(func(t *testing.T, b []byte, long bool) {
		var frame sl651.Frame
		parse := frame.Parse
		if long {
			parse = frame.ParseLong
		}
		n, err := parse(b)
		if errors.Is(err, sl651.BadCRC) { // which a fuzzer does not guess
			b = bytes.Clone(b)
			if frame.Coding == sl651.ASCII {
				copy(b[n-4:], hexed(bigEndian(crc(b[:n-4]))))
			} else {
				copy(b[n-2:], bigEndian(crc(b[:n-2])))
			}
			n, err = parse(b)
		}
		if err != nil {
			var e *sl651.Error
			if !errors.As(err, &e) || e.At > len(b) || err.Error() == "" {
				t.Fatalf("%v", err)
			}
			return
		}
		if again, err := frame.Append(nil); err != nil || !bytes.Equal(again, b[:n]) {
			t.Errorf("written again %X, %v\ncame as      %X", again, err, b[:n])
		}
		if m.Decode(&frame) == nil {
			if again, err := sl651.Encode(nil, &frame, &m); err != nil || !bytes.Equal(again, b[:n]) {
				t.Errorf("decoded and written again %X, %v\nbut came as               %X", again, err, b[:n])
			}
		}
	})
}

// FuzzBody: a body that can be read is written again byte for byte, and takes no more memory than its length warrants.
func FuzzBody(f *testing.F) {
	for _, s := range seeds(f) {
		var frame sl651.Frame
		if _, err := frame.Parse(s); err != nil {
			f.Fatal(err)
		}
		f.Add(byte(frame.Function), frame.Coding == sl651.ASCII, frame.Direction == sl651.Down, frame.Several(), frame.Body)
	}
	m := new(sl651.Message)
	f.Fuzz(func(t *testing.T, fc byte, ascii, down, several bool, b []byte) {
		frame := sl651.Report(sl651.Hex, 1, station, secret, sl651.Function(fc))
		if ascii {
			frame.Coding = sl651.ASCII
		}
		if down {
			frame.Direction, frame.End = sl651.Down, sl651.ENQ
		}
		if several {
			frame.Start, frame.Total, frame.Sequence = sl651.SYN, 2, 1
		}
		frame.Body = b
		err := m.Decode(&frame)
		values, raw := 0, 0
		for i := range m.Groups {
			g := &m.Groups[i]
			values, raw = values+len(g.Values), raw+len(g.Raw)
			_, _, _ = g.Instant(0, true), g.On(3), g.Name()
		}
		if len(m.Groups) > len(b)/2+1 || values > len(b) || raw > len(b) {
			t.Errorf("%d groups, %d values, %d bytes kept of a body of %d", len(m.Groups), values, raw, len(b))
		}
		if err != nil {
			var e *sl651.Error
			if !errors.As(err, &e) || !e.Body || e.At > len(b) || err.Error() == "" {
				t.Fatalf("%v", err)
			}
			return
		}
		again, err := m.AppendBody(nil, &frame)
		if err != nil || !bytes.Equal(again, b) {
			t.Fatalf("written again %q, %v\ncame as      %q: %s", again, err, b, told(m))
		}
		first := told(m)
		frame.Body = again
		if err := m.Decode(&frame); err != nil || told(m) != first {
			t.Errorf("read again %s, %v\nfirst was  %s", told(m), err, first)
		}
	})
}

// FuzzScanner: however a stream is cut, the same frames are found in it, and every byte is in a frame, skipped or waiting.
func FuzzScanner(f *testing.F) {
	all := bytes.Join(seeds(f), []byte{0x7E})
	f.Add(all, uint8(7))
	f.Add(append(bytes.Clone(all[:50]), all...), uint8(60))
	f.Fuzz(func(t *testing.T, stream []byte, size uint8) {
		whole, pieces := sl651.NewScanner(0), sl651.NewScanner(0)
		want, _ := feed(whole, stream)
		got, _ := feed(pieces, cut(stream, max(1, int(size)))...)
		if len(want) != len(got) || whole.Skipped != pieces.Skipped {
			t.Fatalf("%d frames and %d bytes skipped at once, %d and %d in pieces of %d", len(want), whole.Skipped, len(got), pieces.Skipped, size)
		}
		length := 0
		for i := range want {
			if length += len(want[i]); !bytes.Equal(want[i], got[i]) {
				t.Errorf("frame %d is %X or %X", i, want[i], got[i])
			}
		}
		if uint64(length)+whole.Skipped+uint64(whole.Buffered()) != uint64(len(stream)) {
			t.Errorf("%d in frames, %d skipped, %d waiting of %d", length, whole.Skipped, whole.Buffered(), len(stream))
		}
		var frame sl651.Frame
		for range len(stream) + 1 {
			whole.Quiet()
			if _, err := whole.Next(&frame); err == sl651.ErrMore {
				return
			}
		}
		t.Error("no end of frames")
	})
}

// FuzzAssembly: packets of any numbers and lengths, in any order, never make it hold more than agreed, and what it joins is what they brought.
func FuzzAssembly(f *testing.F) {
	f.Add([]byte{3, 1, 5, 3, 3, 2, 3, 2, 9}, uint16(100))
	f.Fuzz(func(t *testing.T, script []byte, limit uint16) {
		a := sl651.NewAssembly(int(limit))
		for ; len(script) >= 3; script = script[3:] {
			frame := sl651.Report(sl651.Hex, 1, station, secret, sl651.PictureReport)
			frame.Start, frame.Total, frame.Sequence = sl651.SYN, uint16(script[0]), uint16(script[1])
			frame.Body = bytes.Repeat([]byte{script[1]}, int(script[2]))
			err := a.Add(&frame)
			switch {
			case err == nil:
			case errors.Is(err, sl651.BadPacket):
				if a.Started() && frame.Sequence > 0 && frame.Sequence <= frame.Total && a.Fits(&frame) {
					t.Errorf("%v", err)
				}
			case errors.Is(err, sl651.BadLength):
			default:
				t.Errorf("%v", err)
			}
			if !a.Started() {
				continue
			}
			missing := a.Missing()
			if (missing == 0) != a.Done() || int(missing) > int(a.Head().Total) {
				t.Errorf("missing %d, done %v", missing, a.Done())
			}
			if err := a.Join(&frame); (err == nil) != a.Done() {
				t.Errorf("%v", err)
			}
			if a.Done() && len(frame.Body) > int(limit) {
				t.Errorf("%d bytes", len(frame.Body))
			}
			if last := byte(0); a.Done() {
				for _, c := range frame.Body {
					if c < last {
						t.Fatalf("out of order: %X", frame.Body)
					}
					last = c
				}
			}
		}
	})
}

// FuzzChannel: what is read as a channel is written again as it came, but for the case that many spellings mean the same.
func FuzzChannel(f *testing.F) {
	f.Add("02218094153172009708")
	f.Add("01A13012345678")
	f.Add("0000") // disabled, with an address left over
	f.Fuzz(func(t *testing.T, s string) {
		b, err := hex.DecodeString(s)
		if err != nil {
			return
		}
		c, err := sl651.ParseChannel(b)
		if err != nil {
			return
		}
		again, err := c.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		back, err := sl651.ParseChannel(again)
		if err != nil || back != c || strings.ContainsAny(c.To, "ABCDEF") {
			t.Errorf("%v %v %v", back, c, err)
		}
	})
}
