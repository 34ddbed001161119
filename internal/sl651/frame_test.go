package sl651_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"anlan/internal/sl651"
)

func TestCheckCode(t *testing.T) {
	// The check value of the code as MODBUS takes it, over "123456789" as the body of no frame, and then by itself over growing frames.
	if got := crc([]byte("123456789")); got != 0x4B37 {
		t.Fatalf("the test's own code gives %04X", got)
	}
	f := sl651.Frame{Start: sl651.STX, End: sl651.ETX, Function: sl651.KeepAlive}
	for n := range 70 {
		f.Body = bytes.Repeat([]byte{0x5A, byte(n)}, n)
		b, err := f.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		if sum := crc(b[:len(b)-2]); b[len(b)-2] != byte(sum>>8) || b[len(b)-1] != byte(sum) {
			t.Errorf("%d bytes: %X, want %04X, high byte first", n, b[len(b)-2:], sum)
		}
	}
}

// TestFrameErrors has a name and a place for each thing that can be wrong with a frame.
func TestFrameErrors(t *testing.T) {
	f := func(s string, want sl651.Reason, at int) {
		t.Helper()
		var frame sl651.Frame
		_, err := frame.Parse(bytesOf(t, s))
		var e *sl651.Error
		if !errors.As(err, &e) || e.Reason != want || e.At != at || !errors.Is(err, want) || !strings.HasPrefix(err.Error(), want.Error()+": byte ") {
			t.Errorf("%s: %v, want %v at %d", s, err, want, at)
		}
	}
	f("", sl651.Short, 0)
	f("7E", sl651.Short, 1)
	f("7E7E", sl651.Short, 2)
	f("7E7F", sl651.NoStart, 0)
	f("3412", sl651.NoStart, 0)
	f("7E7E 01 0012345678 1234 2F 00", sl651.Short, 12)
	f("7E7E 01 0012345678 1234 2F 40", sl651.BadDirection, 11) // refused before the rest is there
	f("7E7E 01 0012345678 1234 2F 0008 03", sl651.BadStart, 13)
	f("7E7E 01 0012345678 1234 36 0002 16", sl651.BadLength, 11)
	f("7E7E 01 0012345678 1234 2F 0008 02 0003 591011155111 03 6B", sl651.Short, 24)
	f("7E7E 01 0012345678 1234 2F 0008 02 0003 591011155111 05 6BCA", sl651.BadEnd, 22) // ENQ is the centre's
	f("7E7E 0012345678 01 1234 2F 8008 02 0003 591011155111 03 6BCA", sl651.BadEnd, 22) // ETX is the station's
	f("7E7E 01 0012345678 1234 2F 0008 02 0003 591011155111 03 6BCB", sl651.BadCRC, 23)
	packet := func(numbers string) string {
		b := seal(t, "7E7E 01 0012345678 1234 36 0005 16"+numbers+"FFD8 17 0000")
		return strings.ToUpper(string(hexed(b)))
	}
	f(packet("00D000"), sl651.BadPacket, 14) // 0 of 13
	f(packet("00200E"), sl651.BadPacket, 14) // 14 of 2

	f("01", sl651.Short, 1)
	f("01 30 31 30 30", sl651.Short, 5)
	f("01 30 31 47", sl651.BadHead, 3) // G
	ascii := asciiFrame(t)
	put := func(at int, c byte) string {
		b := bytes.Clone(ascii)
		b[at] = c
		return string(hexed(b))
	}
	f(put(19, '4'), sl651.BadDirection, 19)
	f(put(23, 'x'), sl651.BadStart, 23)
	f(put(len(ascii)-5, sl651.ENQ), sl651.BadEnd, len(ascii)-5)
	f(put(len(ascii)-1, 'x'), sl651.BadHead, len(ascii)-1)
	f(put(30, 'x'), sl651.BadCRC, len(ascii)-4)
	f(string(hexed(ascii[:40])), sl651.Short, 40)
}

func hexed(b []byte) []byte {
	const digits = "0123456789ABCDEF"
	var out []byte
	for _, c := range b {
		out = append(out, digits[c>>4], digits[c&15])
	}
	return out
}

// asciiFrame is a timed report in ASCII.
func asciiFrame(t testing.TB) []byte {
	t.Helper()
	f := sl651.Report(sl651.ASCII, 1, sl651.Address{0x50, 0x10, 0x12, 0x34, 0x56}, [2]byte{0xAB, 0xCD}, sl651.TimedReport)
	f.Body = []byte("00A1260909080000ST 5010123456 H TT 2609090800 Z 6.38 VT 12.50 ")
	b, err := f.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestASCIIFrame writes the example of 1.3 with another head: all is text but the control bytes.
func TestASCIIFrame(t *testing.T) {
	b := asciiFrame(t)
	if want := "\x01015010123456ABCD32003E\x0200A1260909080000ST 5010123456 H TT 2609090800 Z 6.38 VT 12.50 \x03"; string(b[:len(b)-4]) != want {
		t.Errorf("the frame is %q, want %q", b, want)
	}
	f, m := decode(t, b)
	if f.Centre != 1 || f.Station.String() != "5010123456" || m.Serial != 0xA1 {
		t.Errorf("%+v %+v", f, m)
	}
	for _, change := range []func([]byte) []byte{
		func(b []byte) []byte { return b },
		func(b []byte) []byte { // some of the head's digits as small letters
			b = bytes.Replace(b, []byte("ABCD"), []byte("aBcd"), 1)
			b = bytes.Replace(b, []byte("003E"), []byte("003e"), 1)
			return append(b[:len(b)-4], strings.ToLower(string(hexed(bigEndian(crc(b[:len(b)-4])))))...)
		},
	} {
		b := change(bytes.Clone(b))
		f, m := decode(t, b)
		if again, err := sl651.Encode(nil, f, m); err != nil || !bytes.Equal(again, b) {
			t.Errorf("written again %q, %v\ncame as      %q", again, err, b)
		}
	}
}

func bigEndian(v uint16) []byte { return []byte{byte(v >> 8), byte(v)} }

// TestLongPackets: table 22 lets the length of an uplink packet run to FFFF, which takes the place of the direction.
func TestLongPackets(t *testing.T) {
	f := sl651.Report(sl651.Hex, 1, sl651.Address{1, 2, 3, 4, 5}, [2]byte{}, sl651.PictureReport)
	f.Start, f.Total, f.Sequence, f.Long = sl651.SYN, 2, 1, true
	f.Body = bytes.Repeat([]byte{0xD8}, 20000)
	b, err := f.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	var got sl651.Frame
	if _, err := got.Parse(b); !errors.Is(err, sl651.BadDirection) {
		t.Errorf("without the option: %v", err)
	}
	if n, err := got.ParseLong(b); err != nil || n != len(b) || len(got.Body) != 20000 || got.Sequence != 1 || got.Direction != sl651.Up {
		t.Errorf("%d, %v, %+v", n, err, got)
	}
	if again, err := got.Append(nil); err != nil || !bytes.Equal(again, b) {
		t.Errorf("not the same again: %v", err)
	}
	f.Long = false
	if _, err := f.Append(nil); !errors.Is(err, sl651.BadLength) {
		t.Errorf("a body of 20000 bytes in twelve bits: %v", err)
	}
}

func TestAddress(t *testing.T) {
	f := func(in, display string, relay, broadcast bool) {
		t.Helper()
		a, err := sl651.ParseAddress(in)
		if err != nil || a.String() != strings.ToUpper(in) || a.Display() != display || a.Relay() != relay || a.Broadcast() != broadcast {
			t.Errorf("%s: %v %s %v %v %v", in, a, a.Display(), a.Relay(), a.Broadcast(), err)
		}
	}
	f("0012345678", "12345678", false, false)
	f("00303a9006", "303A9006", false, false) // a letter, as Beijing sends it
	f("3306020001", "330602-00001", false, false)
	f("330602EA61", "330602-60001", true, false)
	f("330602FFFF", "330602-65535", false, true)
	for _, bad := range []string{"", "001234567", "00123456789", "00123456G8"} {
		if _, err := sl651.ParseAddress(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
