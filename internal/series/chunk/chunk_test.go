package chunk_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"anlan/internal/quantity"
	"anlan/internal/series/chunk"
	"anlan/internal/series/reading"
)

var start = time.Date(2026, 7, 1, 0, 5, 0, 0, time.UTC)

func pack(t testing.TB, points []reading.Point) []byte {
	t.Helper()
	b, err := chunk.Encode(points)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func there(t *testing.T, points []reading.Point) {
	t.Helper()
	got, err := chunk.Decode(pack(t, points))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(points, got); d != "" && len(points)+len(got) > 0 {
		t.Error(d)
	}
}

func TestThereAndBack(t *testing.T) {
	there(t, nil)
	there(t, []reading.Point{{At: start}})
	there(t, []reading.Point{{At: start, Value: quantity.Some(0), Span: time.Hour, Flags: reading.Range | reading.Accepted, Source: 7}})
	extreme := []quantity.Decimal{math.MinInt64, math.MaxInt64, 0, math.MaxInt64, math.MinInt64, -1, 1, math.MinInt64 / 2, math.MaxInt64 / 3 * 2}
	var points []reading.Point
	for i, v := range extreme {
		points = append(points, reading.Point{At: start.Add(time.Duration(i*i+1) * time.Second), Value: quantity.Some(v), Source: int64(v)})
	}
	there(t, points)
}

// TestAnyReadings packs readings of every shape: regular and not, with gaps, flags, and figures from smooth to wild.
func TestAnyReadings(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		there(t, anyPoints(r))
	}
}

func anyPoints(r *rand.Rand) []reading.Point {
	at := start.Add(time.Duration(r.IntN(1e9)-5e8) * time.Second)
	step := []time.Duration{time.Second, time.Minute, 5 * time.Minute, time.Hour}[r.IntN(4)]
	size := []int64{1, 1000, 100_000, math.MaxInt64 / 2}[r.IntN(4)]
	unit := []int64{1, 1000, 100_000, 1}[r.IntN(4)]
	points := make([]reading.Point, r.IntN(300))
	v := r.Int64N(size)
	for i := range points {
		if r.IntN(10) == 0 {
			at = at.Add(time.Duration(r.IntN(10_000)) * time.Second)
		}
		at = at.Add(step)
		if r.IntN(3) == 0 {
			v += r.Int64N(size) - size/2
		}
		points[i] = reading.Point{At: at, Value: quantity.Some(quantity.Decimal(v / unit * unit)), Source: int64(r.IntN(2) * r.IntN(2))}
		if r.IntN(20) == 0 {
			points[i].Value, points[i].Flags = quantity.Null{}, reading.Absent
		}
		if r.IntN(20) == 0 {
			points[i].Flags |= reading.Flag(r.IntN(1 << 12))
		}
		if r.IntN(2) == 0 {
			points[i].Span = step
		}
	}
	return points
}

func TestRefused(t *testing.T) {
	twice := []reading.Point{{At: start}, {At: start}}
	if _, err := chunk.Encode(twice); !errors.Is(err, chunk.ErrOrder) {
		t.Errorf("one instant twice: %v", err)
	}
	if _, err := chunk.Encode([]reading.Point{{At: start.Add(1)}}); !errors.Is(err, chunk.ErrOrder) {
		t.Errorf("part of a second: %v", err)
	}
	whole := pack(t, day(5*time.Minute, levels(1)))
	for i := range whole {
		if _, err := chunk.Decode(whole[:i]); !errors.Is(err, chunk.ErrBroken) {
			t.Errorf("cut after %d bytes: %v", i, err)
		}
	}
	if _, err := chunk.Decode(append(whole, 0)); !errors.Is(err, chunk.ErrBroken) {
		t.Errorf("a byte too many: %v", err)
	}
}

func TestMerge(t *testing.T) {
	p := func(minutes, v int) reading.Point {
		return reading.Point{At: start.Add(time.Duration(minutes) * time.Minute), Value: quantity.Some(quantity.Int(int64(v)))}
	}
	b := pack(t, []reading.Point{p(0, 1), p(10, 1), p(20, 1)})
	b, all, err := chunk.Append(b, []reading.Point{p(5, 2), p(10, 2), p(30, 2)})
	if err != nil {
		t.Fatal(err)
	}
	want := []reading.Point{p(0, 1), p(5, 2), p(10, 2), p(20, 1), p(30, 2)}
	got, err := chunk.Decode(b)
	if d := cmp.Diff(want, got); d != "" || err != nil || cmp.Diff(want, all) != "" {
		t.Errorf("%v %s", err, d)
	}
}

// day makes a day of readings.
func day(step time.Duration, value func() int64) []reading.Point {
	var out []reading.Point
	for at := step; at <= 24*time.Hour; at += step {
		out = append(out, reading.Point{At: start.Add(at), Value: quantity.Some(quantity.Decimal(value())), Source: 1})
	}
	return out
}

// levels moves by some millimetres each time, as a river's level does.
func levels(seed uint64) func() int64 {
	r := rand.New(rand.NewPCG(seed, 9))
	v := int64(23_456)
	return func() int64 {
		v += int64(math.Round(r.NormFloat64() * 6))
		return v * 1000
	}
}

// rains is dry nineteen times of twenty, as a wet day's gauge is.
func rains(seed uint64) func() int64 {
	r := rand.New(rand.NewPCG(seed, 9))
	return func() int64 {
		if r.IntN(20) != 0 {
			return 0
		}
		return int64(1+r.IntN(40)) * 100_000
	}
}

// TestSize measures bytes a value; design.md hopes for 2.6.
func TestSize(t *testing.T) {
	f := func(name string, step time.Duration, most float64, make func(seed uint64) func() int64) {
		t.Helper()
		bytes, values := 0, 0
		for seed := range uint64(50) {
			points := day(step, make(seed))
			bytes, values = bytes+len(pack(t, points)), values+len(points)
		}
		each := float64(bytes) / float64(values)
		t.Logf("%s every %s: %.2f bytes a value", name, step, each)
		if each > most {
			t.Errorf("%s: %.2f bytes a value, more than %.1f", name, each, most)
		}
	}
	f("level", 5*time.Minute, 1.5, levels)
	f("level", time.Hour, 2.6, levels)
	f("rain", 5*time.Minute, 0.5, rains)
	f("rain", time.Hour, 2.0, rains)
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte{})
	f.Add(pack(f, nil))
	f.Add(pack(f, day(5*time.Minute, levels(1))))
	f.Add(pack(f, day(time.Hour, rains(1))))
	r := rand.New(rand.NewPCG(3, 4))
	for range 10 {
		f.Add(pack(f, anyPoints(r)))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		points, err := chunk.Decode(b)
		if err != nil {
			if !errors.Is(err, chunk.ErrBroken) {
				t.Fatal(err)
			}
			return
		}
		again, err := chunk.Decode(pack(t, points))
		if err != nil || cmp.Diff(points, again) != "" {
			t.Fatalf("%v %s", err, cmp.Diff(points, again))
		}
	})
}

func BenchmarkDecodeDay(b *testing.B) {
	whole := pack(b, day(5*time.Minute, levels(1)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := chunk.Decode(whole); err != nil {
			b.Fatal(err)
		}
	}
}
