package sl651_test

import (
	"testing"

	"anlan/internal/sl651"
)

// seal gives a frame written in hex the check code that its bytes need, in the place of the one it has. HEX/BCD only; ASCII frames are made
// by the encoder.
func seal(t testing.TB, s string) []byte {
	t.Helper()
	b := bytesOf(t, s)
	n := len(b) - 2
	sum := crc(b[:n])
	b[n], b[n+1] = byte(sum>>8), byte(sum)
	return b
}

// crc is the check code bit by bit, as the polynomial is printed, for holding the table-driven one against.
func crc(b []byte) uint16 {
	sum := uint16(0xFFFF)
	for _, c := range b {
		sum ^= uint16(c)
		for range 8 {
			odd := sum&1 == 1
			if sum >>= 1; odd {
				sum ^= 0xA001
			}
		}
	}
	return sum
}

// decode parses and decodes one frame.
func decode(t testing.TB, b []byte) (*sl651.Frame, *sl651.Message) {
	t.Helper()
	f, m := new(sl651.Frame), new(sl651.Message)
	n, err := f.Parse(b)
	if err != nil || n != len(b) {
		t.Fatalf("parse %X: %d, %v", b, n, err)
	}
	if err := m.Decode(f); err != nil {
		t.Fatalf("decode %X: %v", b, err)
	}
	return f, m
}
