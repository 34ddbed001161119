package quality_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"anlan/internal/quantity"
	"anlan/internal/series/quality"
	"anlan/internal/series/reading"
)

var start = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

// story plays "minutes figure" pairs through the checks, as they arrive, and gives what was found at each.
func story(t *testing.T, id reading.ID, l quality.Limits, span time.Duration, words string) string {
	t.Helper()
	var s quality.State
	var out []string
	for w := range strings.SplitSeq(words, ", ") {
		minutes, figure, _ := strings.Cut(w, " ")
		m, err := strconv.Atoi(minutes)
		if err != nil {
			t.Fatal(err)
		}
		r := reading.Reading{Object: 1, Quantity: id, At: start.Add(time.Duration(m) * time.Minute), Span: span}
		if figure != "-" {
			r.Value = quantity.Some(quantity.MustParse(figure))
		}
		if err := r.Check(); err != nil {
			t.Fatal(err)
		}
		var f reading.Flag
		f, s = quality.Check(r, s, l, quality.DefaultRules().Clock(), quality.Arrival{At: start.Add(time.Duration(m) * time.Minute), Live: true})
		found := strings.Join(f.Codes(), "+")
		if found == "" {
			found = "ok"
		}
		out = append(out, found)
	}
	return strings.Join(out, " ")
}

func TestStories(t *testing.T) {
	f := func(name string, id reading.ID, span time.Duration, words, want string) {
		t.Helper()
		l := quality.Defaults(id)
		if id == reading.RainCounter {
			l.Wrap = quantity.Some(quantity.MustParse("9999.9"))
		}
		if got := story(t, id, l, span, words); got != want {
			t.Errorf("%s: %s\nwant %s", name, got, want)
		}
	}
	f("a quiet river", reading.Level, 0, "0 5.00, 5 5.01, 10 5.02", "ok ok ok")
	f("a spike is alone", reading.Level, 0, "0 5, 5 15, 10 5.01, 15 5.02", "ok rate ok ok")
	f("a leap that stays is real", reading.Level, 0, "0 5, 5 15, 10 15.1, 15 15.2", "ok rate ok ok")
	f("a flood that goes on leaping", reading.Level, 0, "0 5, 5 7, 10 9, 15 11, 20 13, 25 13.2", "ok rate ok rate ok ok")
	f("a river that falls as fast", reading.Level, 0, "0 13, 5 11, 10 9, 15 9", "ok rate ok ok")
	f("a spike and its shoulder", reading.Level, 0, "0 5, 5 15, 10 12, 15 5", "ok rate rate ok")
	f("time gives grace", reading.Level, 0, "0 5, 600 15", "ok ok")
	f("a filler", reading.Level, 0, "0 5, 5 9999.999, 10 5", "ok range ok")
	f("no value", reading.Level, 0, "0 5, 5 -, 10 5", "ok absent ok")
	f("stuck after five days", reading.Level, 0, "0 5, 7199 5, 7200 5, 7205 5, 7210 5.001", "ok ok stuck stuck ok")
	f("late ones are not held against the newest", reading.Level, 0, "600 5, 0 20, 605 5", "ok ok ok")
	f("a tide that stands still", reading.Tide, 0, "0 1, 60 1, 180 1", "ok ok stuck")
	f("a cloudburst", reading.Rain, 5*time.Minute, "5 45, 10 46, 15 0", "ok rate ok")
	f("an hour of rain", reading.Rain, time.Hour, "60 200, 120 276, 180 800", "ok rate range+rate")
	f("rain is never negative", reading.Rain, time.Hour, "60 -0.5", "range")
	f("a dry month is not stuck", reading.Rain, time.Hour, "60 0, 44640 0", "ok ok")
	f("an hour that five minutes told already", reading.Rain, 10*time.Minute, "10 1, 15 2, 20 3, 19 1, 40 1", "ok overlap ok overlap ok")
	f("a counter", reading.RainCounter, 0, "0 9990, 60 9999.5, 120 2.1, 180 2.1", "ok ok rollover ok")
	f("a counter that was reset", reading.RainCounter, 0, "0 345, 60 0, 120 1.5", "ok reset ok")
	f("a counter that was reset and goes on", reading.RainCounter, 0, "0 345, 60 0, 120 0, 180 1.5, 240 0.5, 300 0.6", "ok reset ok ok reset ok")
	f("a counter that showed nought once", reading.RainCounter, 0, "0 345, 60 0, 120 345.5, 180 346", "ok reset ok ok")
	f("a counter that leaps", reading.RainCounter, 0, "0 345, 60 845, 120 846", "ok rate ok")
}

// TestLone: what arrives in any order is judged by its neighbours as what arrives in order is.
func TestLone(t *testing.T) {
	f := func(name, figures, want string) {
		t.Helper()
		var list []reading.Point
		for i, w := range strings.Fields(figures) {
			p := reading.Point{At: start.Add(time.Duration(i) * 5 * time.Minute)}
			figure, accepted := strings.CutSuffix(w, "!")
			if p.Value = quantity.Some(quantity.MustParse(figure)); accepted {
				p.Flags = reading.Rate | reading.Accepted
			}
			list = append(list, p)
		}
		got := ""
		for _, lone := range quality.Lone(list, quality.Defaults(reading.Level)) {
			got += map[bool]string{true: "x", false: "."}[lone]
		}
		if got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	f("quiet", "5 5.1 5.2", "...")
	f("a spike", "5 15 5.1 5.2", ".x..")
	f("a leap that stays", "5 15 15.1", "...")
	f("a flood", "5 7 9 11 13", ".....")
	f("a leap that nothing follows", "5 5 9", "..x")
	f("one that a person holds good", "5 15! 5.1", "..x")
	f("none", "", "")
}

func TestClock(t *testing.T) {
	f := func(ahead time.Duration, live bool, want reading.Flag) {
		t.Helper()
		r := reading.Reading{Object: 1, Quantity: reading.Level, At: start.Add(ahead), Value: quantity.Some(quantity.Int(5))}
		before := quality.State{Last: reading.Point{At: start.Add(-time.Hour)}}
		got, after := quality.Check(r, before, quality.Defaults(reading.Level), quality.DefaultRules().Clock(), quality.Arrival{At: start, Live: live})
		if got != want {
			t.Errorf("%s: %v, want %v", ahead, got.Codes(), want.Codes())
		}
		if want != 0 && !after.Last.At.Equal(before.Last.At) {
			t.Errorf("%s: a wrong clock moved the state", ahead)
		}
	}
	f(10*time.Minute, true, 0)
	f(10*time.Minute+time.Second, true, reading.Clock)
	f(-400*24*time.Hour, true, 0)
	f(-401*24*time.Hour, true, reading.Clock)
	f(-401*24*time.Hour, false, 0)
	f(time.Hour, false, reading.Clock)
}

func TestIncrement(t *testing.T) {
	l := quality.Limits{Wrap: quantity.Some(quantity.MustParse("999.9"))}
	f := func(before, now, want string) {
		t.Helper()
		s := quality.State{GoodAt: start, Good: quantity.MustParse(before)}
		r := reading.Reading{At: start.Add(time.Hour), Value: quantity.Some(quantity.MustParse(now))}
		amount, span, ok := quality.Increment(r, s, l)
		got := "unknown"
		if ok {
			got = amount.String()
		}
		if got != want || span != time.Hour {
			t.Errorf("%s to %s: %s in %s, want %s", before, now, got, span, want)
		}
	}
	f("10", "12.5", "2.5")
	f("10", "10", "0")
	f("999.9", "0", "0.1")
	f("999", "1.5", "2.5")
	f("500", "1", "unknown")
	f("999", "500", "unknown")
	if _, _, ok := quality.Increment(reading.Reading{At: start, Value: quantity.Some(1)}, quality.State{}, l); ok {
		t.Error("nothing before, and yet an increment")
	}
}

func TestNeighbours(t *testing.T) {
	n := quality.DefaultNeighbourhood()
	f := func(own string, want bool, others ...string) {
		t.Helper()
		var list []quantity.Decimal
		for _, o := range others {
			list = append(list, quantity.MustParse(o))
		}
		if got := n.Unlike(quantity.MustParse(own), list); got != want {
			t.Errorf("%s among %v: %v", own, others, got)
		}
	}
	f("0", true, "20", "35", "41")
	f("0", false, "20", "35", "19.9")
	f("0.5", false, "20", "35", "41")
	f("60", true, "5.9", "0", "0")
	f("60", false, "6", "0", "0")
	f("19", false, "0", "0", "0")
	f("60", false, "0", "0") // too few to say
}

func TestReconcile(t *testing.T) {
	at := func(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }
	counter := func(minutes int, v string) reading.Point {
		return reading.Point{At: at(minutes), Value: quantity.Some(quantity.MustParse(v))}
	}
	span := func(minutes int, v string) reading.Point {
		return reading.Point{At: at(minutes), Value: quantity.Some(quantity.MustParse(v)), Span: 30 * time.Minute}
	}
	f := func(name string, want []string, spans []reading.Point, counts ...reading.Point) {
		t.Helper()
		var got []string
		for _, b := range quality.Reconcile(spans, counts, quality.Limits{}, quality.DefaultTolerance()) {
			s := b.Counter.String() + " " + b.Interval.String() + " → " + b.Amount.String()
			if b.Unequal {
				s += " unequal"
			}
			got = append(got, s)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	f("agree", []string{"5 5 → 5"}, []reading.Point{span(30, "2"), span(60, "3")}, counter(0, "100"), counter(60, "105"))
	f("a tip more", []string{"5.5 5 → 5"}, []reading.Point{span(30, "2"), span(60, "3")}, counter(0, "100"), counter(60, "105.5"))
	f("the spans miss rain", []string{"9 5 → 5 unequal"}, []reading.Point{span(30, "2"), span(60, "3")}, counter(0, "100"), counter(60, "109"))
	f("a hole is filled by the counter", []string{"9 3 → 9"}, []reading.Point{span(60, "3")}, counter(0, "100"), counter(60, "109"))
	f("no counter can have less", []string{"1 3 → 1 unequal"}, []reading.Point{span(60, "3")}, counter(0, "100"), counter(60, "101"))
	f("after a reset the spans hold", []string{"— 3 → 3"}, []reading.Point{span(60, "3")}, counter(0, "100"), counter(60, "1"))
	f("a counter alone", []string{"2 — → 2", "0 — → 0"}, nil, counter(0, "100"), counter(60, "102"), counter(120, "102"))
	f("what does not count is passed over", []string{"2 — → 2"}, nil, counter(0, "100"), reading.Point{At: at(30), Flags: reading.Absent}, counter(60, "102"))
}

func TestLimitsAreChecked(t *testing.T) {
	for _, q := range reading.All() {
		if err := quality.Defaults(q.ID).Check(); err != nil {
			t.Errorf("%s: %v", q.Code, err)
		}
	}
	one := quantity.Some(quantity.Int(1))
	for name, l := range map[string]quality.Limits{
		"most":  {Least: one, Most: one},
		"step":  {Step: quantity.Some(-1)},
		"stuck": {StuckHours: -1},
	} {
		if l.Check() == nil {
			t.Errorf("%s passes", name)
		}
	}
	if err := quality.DefaultRules().Check(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(r *quality.Rules){
		"ahead": func(r *quality.Rules) { r.AheadMinutes = -1 }, "behind": func(r *quality.Rules) { r.BehindDays = 0 },
		"neighbours": func(r *quality.Rules) { r.Neighbourhood.Fewest = 0 }, "tolerance": func(r *quality.Rules) { r.Tolerance.Tip = -1 },
	} {
		r := quality.DefaultRules()
		change(&r)
		if r.Check() == nil {
			t.Errorf("%s passes", name)
		}
	}
}
