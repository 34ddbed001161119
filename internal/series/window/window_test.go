package window_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/series/reading"
	"anlan/internal/series/window"
)

var start = time.Date(2026, 7, 1, 8, 0, 0, 0, hydrotime.Beijing).UTC()

func at(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }

// rain is the rain of five minutes that end so many minutes after the start; "-" is none, "!" before a figure one out of range.
func rain(minutes int, v string) reading.Point {
	p := reading.Point{At: at(minutes), Span: 5 * time.Minute}
	if v == "-" {
		p.Flags = reading.Absent
		return p
	}
	if v[0] == '!' {
		p.Flags, v = reading.Range, v[1:]
	}
	p.Value = quantity.Some(quantity.MustParse(v))
	return p
}

func level(minutes int, v string) reading.Point {
	p := rain(minutes, v)
	p.Span = 0
	return p
}

func say(s window.Sum) string { return fmt.Sprintf("%s in %s, %d", s.Value, s.Covered, s.Doubted) }

func TestSum(t *testing.T) {
	f := func(from, to int, want string, points ...reading.Point) {
		t.Helper()
		if got := say(window.SumOf(points, at(from), at(to))); got != want {
			t.Errorf("%d to %d: %s, want %s", from, to, got, want)
		}
	}
	f(0, 60, "— in 0s, 0")
	f(0, 60, "0 in 5m0s, 0", rain(5, "0"))
	f(0, 10, "3 in 10m0s, 0", rain(0, "9"), rain(5, "1"), rain(10, "2"), rain(15, "9"))
	f(2, 10, "2 in 5m0s, 0", rain(5, "1"), rain(10, "2")) // a span that begins before is not in it
	f(0, 15, "1 in 5m0s, 1", rain(5, "1"), rain(10, "-"), rain(15, "!900"))
	if s := window.SumOf([]reading.Point{rain(5, "1"), rain(10, "0")}, at(0), at(10)); !s.Whole() {
		t.Error("ten of ten minutes are not whole")
	}
	if s := window.SumOf([]reading.Point{rain(5, "1")}, at(0), at(10)); s.Whole() {
		t.Error("five of ten minutes are whole")
	}
}

func TestDay(t *testing.T) {
	hour := func(minutes int, v string) reading.Point {
		p := rain(minutes, v)
		p.Span = time.Hour
		return p
	}
	points := []reading.Point{hour(0, "100"), hour(60, "1"), hour(24*60, "2"), hour(25*60, "100")}
	s := window.DayOf(points, hydrotime.DateOf(start))
	if say(s) != "3 in 2h0m0s, 0" {
		t.Errorf("a total stamped 08:00 belongs to the day that ends: %s", say(s))
	}
	testStraddling(t)
}

// testStraddling has a span that begins before its day and hour.
func testStraddling(t *testing.T) {
	p := rain(30, "4")
	p.Span = time.Hour // 07:30 to 08:30
	if s := window.DayOf([]reading.Point{p}, hydrotime.DateOf(start)); say(s) != "4 in 1h0m0s, 0" {
		t.Errorf("a span over 08:00 is in no day: %s", say(s))
	}
	if b := window.Buckets([]reading.Point{p}, reading.Total, window.Hourly); len(b) != 1 || b[0].Sum.String() != "4" {
		t.Errorf("a span over the hour is in no hour: %+v", b)
	}
	if s := window.SumOf([]reading.Point{p}, at(0), at(60)); s.Value.Valid {
		t.Errorf("a span that began before the window is in it: %s", say(s))
	}
}

// TestGreatest holds the sliding window against every window.
func TestGreatest(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 50 {
		var points []reading.Point
		for m := 5; m < 600; m += 5 {
			if r.IntN(8) != 0 {
				points = append(points, rain(m, fmt.Sprintf("%s%d", []string{"", "", "", "!"}[r.IntN(4)], r.IntN(50))))
			}
		}
		for _, width := range []time.Duration{5 * time.Minute, 30 * time.Minute, 3 * time.Hour} {
			best, ok := window.Greatest(points, width)
			var want quantity.Decimal = -1
			for _, p := range points {
				if s := window.SumOf(points, p.At.Add(-width), p.At); p.Counts() && s.Value.Valid {
					want = max(want, s.Value.Decimal)
				}
			}
			if !ok || best.Value.Decimal != want || window.SumOf(points, best.From, best.To).Value != best.Value {
				t.Fatalf("%s: %+v, want %s", width, best, want)
			}
		}
	}
	if _, ok := window.Greatest(nil, time.Hour); ok {
		t.Error("of nothing there is no greatest")
	}
	if _, ok := window.Greatest([]reading.Point{{At: start, Span: 2 * time.Hour, Value: quantity.Some(1)}}, time.Hour); ok {
		t.Error("two hours do not tell an hour")
	}
}

func TestExtremes(t *testing.T) {
	e, ok := window.ExtremesOf([]reading.Point{level(0, "5"), level(5, "!99"), level(10, "7"), level(15, "7"), level(20, "4"), level(25, "-")})
	if !ok || !e.Most.At.Equal(at(10)) || !e.Least.At.Equal(at(20)) || e.Counted != 4 || e.Doubted != 1 {
		t.Errorf("%+v", e)
	}
	if _, ok := window.ExtremesOf([]reading.Point{level(0, "-")}); ok {
		t.Error("extremes of what is absent")
	}
}

func TestBuckets(t *testing.T) {
	f := func(kind reading.Kind, step window.Step, want []string, points ...reading.Point) {
		t.Helper()
		var got []string
		for _, b := range window.Buckets(points, kind, step) {
			got = append(got, fmt.Sprintf("%s mean %s sum %s", b.To.In(hydrotime.Beijing).Format("02 15:04"), b.Mean, b.Sum))
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
	f(reading.Instant, window.Hourly, []string{"01 09:00 mean 5.5 sum —", "01 11:00 mean 8 sum —"}, level(30, "5"), level(60, "6"), level(150, "8"), level(160, "-"))
	f(reading.Instant, window.Hourly, []string{"01 09:00 mean 3.75 sum —"}, level(20, "0"), level(40, "5"), level(60, "5")) // by time, not by count
	f(reading.Instant, window.Hourly, []string{"01 09:00 mean — sum —"}, level(20, "-"))
	f(reading.Total, window.Daily, []string{"01 08:00 mean — sum 9", "02 08:00 mean — sum 3"}, rain(0, "9"), rain(5, "1"), rain(24*60, "2"))
}

// TestThin walks a river of a year: its highest and lowest levels and the whole of its rain are still there.
func TestThin(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	var levels, rains []reading.Point
	for m := 5; m <= 365*24*60; m += 5 {
		levels = append(levels, level(m, fmt.Sprint(1000+r.IntN(100))))
		rains = append(rains, rain(m, fmt.Sprint(r.IntN(2))))
	}
	levels[77_777].Value = quantity.Some(quantity.Int(2000))
	levels[11_111].Value = quantity.Some(quantity.Int(1))
	thin := window.Thin(levels, reading.Instant, window.MostPoints)
	e, _ := window.ExtremesOf(thin)
	if len(thin) > window.MostPoints || len(thin) < window.MostPoints/2 || e.Most != levels[77_777] || e.Least != levels[11_111] || thin[0] != levels[0] || thin[len(thin)-1] != levels[len(levels)-1] {
		t.Errorf("%d points, %+v", len(thin), e)
	}
	for i := 1; i < len(thin); i++ {
		if !thin[i].At.After(thin[i-1].At) {
			t.Fatal("out of order")
		}
	}
	few := window.Thin(rains, reading.Total, window.MostPoints)
	whole, now := window.SumOf(rains, at(-60), at(366*24*60)), window.Sum{}
	for _, p := range few {
		now.Value.Decimal += p.Value.Decimal
		now.Covered += p.Span
	}
	if len(few) > window.MostPoints || whole.Value.Decimal != now.Value.Decimal || whole.Covered != now.Covered {
		t.Errorf("%d points, %s in %s of %s in %s", len(few), now.Value.Decimal, now.Covered, whole.Value, whole.Covered)
	}
	for most := range 12 {
		if n := len(window.Thin(levels[:100], reading.Instant, most)); n > max(most, 1) && most > 0 {
			t.Errorf("at most %d: %d", most, n)
		}
	}
	if d := cmp.Diff(levels[:7], window.Thin(levels[:7], reading.Instant, 7)); d != "" {
		t.Error(d)
	}
}

func TestAreal(t *testing.T) {
	sum := func(v string, covered time.Duration, doubted int) window.Sum {
		s := window.Sum{From: at(0), To: at(60), Covered: covered, Doubted: doubted}
		if v != "-" {
			s.Value = quantity.Some(quantity.MustParse(v))
		}
		return s
	}
	weights := []window.Weight{{1, 0.5}, {2, 0.25}, {3, 0.25}, {4, 0}}
	f := func(want string, sums map[int64]window.Sum) {
		t.Helper()
		a := window.ArealOf(weights, sums)
		if got := fmt.Sprintf("%s from %d of %d, %d partial, %d doubted, %.2f", a.Value, a.Rested, a.Of, a.Partial, a.Doubted, a.Share); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	f("15 from 3 of 3, 0 partial, 0 doubted, 1.00", map[int64]window.Sum{1: sum("10", time.Hour, 0), 2: sum("20", time.Hour, 0), 3: sum("20", time.Hour, 0), 4: sum("99", time.Hour, 0)})
	f("20 from 2 of 3, 1 partial, 1 doubted, 0.50", map[int64]window.Sum{1: sum("-", 0, 0), 2: sum("20", time.Hour, 1), 3: sum("20", time.Minute, 0)})
	f("— from 0 of 3, 0 partial, 0 doubted, 0.00", nil)
	f("0 from 1 of 3, 0 partial, 0 doubted, 0.50", map[int64]window.Sum{1: sum("0", time.Hour, 0)})
	if d := cmp.Diff([]int64{3, 1, 2, 4}, window.Ranked(map[int64]window.Sum{1: sum("5", 0, 0), 2: sum("5", 0, 0), 3: sum("9", 0, 0), 4: sum("-", 0, 0)})); d != "" {
		t.Error(d)
	}
	if math.Signbit(window.ArealOf(weights, nil).Share) || len(window.Widths()) != 10 {
		t.Error("widths")
	}
}
