package sl651_test

import (
	"math/rand/v2"
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

// BenchmarkDecodeDifferent goes through 4096 reports of as many stations, no two alike, so that nothing is learnt by heart.
func BenchmarkDecodeDifferent(b *testing.B) {
	frames := make([][]byte, 4096)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range frames {
		s := sl651.Sender{Centre: byte(i), Station: sl651.Address{0, byte(i >> 8), byte(i)}, Class: sl651.River}
		at := sl651.Stamp{Year: 26, Month: uint8(1 + r.IntN(12)), Day: uint8(1 + r.IntN(28)), Hour: uint8(r.IntN(24)), Minute: uint8(r.IntN(60))}
		level := sl651.Of(r.Int64N(9999999), 3)
		if r.IntN(10) == 0 {
			level = sl651.Value{Decimals: 3}
		}
		var err error
		frames[i], err = s.Report(nil, sl651.TimedReport, at, at, []sl651.Observation{
			{Element: 0x20, Value: sl651.Of(r.Int64N(3000), 1)}, {Element: 0x26, Value: sl651.Of(r.Int64N(30000), 1)}, {Element: 0x39, Value: level}, {Element: 0x38, Value: sl651.Of(1100+r.Int64N(300), 2)},
		})
		if err != nil || len(frames[i]) != 60 {
			b.Fatalf("%d bytes, %v", len(frames[i]), err)
		}
	}
	var f sl651.Frame
	var m sl651.Message
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		i = (i + 1) % len(frames)
		if _, err := f.Parse(frames[i]); err != nil {
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
