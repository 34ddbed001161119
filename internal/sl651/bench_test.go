package sl651_test

import (
	"testing"

	"anlan/internal/sl651"
)

// timed is a timed report of 60 bytes: rain of the day, cumulative rain, level and voltage of a river station.
const timed = "7E7E 01 0012345678 03E8 32 002B 02 0029 260702080015 F1F1 0012345678 48 F0F0 2607020800 2019 000125 2619 004017 3923 00010490 3812 1268 03 AE7E"

// BenchmarkDecode parses and decodes one 60-byte timed report after the other into memory used again.
func BenchmarkDecode(b *testing.B) {
	frame := seal(b, timed)
	if len(frame) != 60 {
		b.Fatalf("%d bytes", len(frame))
	}
	var f sl651.Frame
	var m sl651.Message
	b.SetBytes(int64(len(frame)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Parse(frame); err != nil {
			b.Fatal(err)
		}
		if err := m.Decode(&f); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "frames/s")
}

// BenchmarkEncode writes the same report.
func BenchmarkEncode(b *testing.B) {
	frame := seal(b, timed)
	var f sl651.Frame
	var m sl651.Message
	if _, err := f.Parse(frame); err != nil {
		b.Fatal(err)
	}
	if err := m.Decode(&f); err != nil {
		b.Fatal(err)
	}
	out := make([]byte, 0, 128)
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if out, err = sl651.Encode(out[:0], &f, &m); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "frames/s")
}
