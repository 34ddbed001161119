package threshold_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/series/reading"
	"anlan/internal/series/threshold"
)

var start = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

func dec(s string) quantity.Decimal { return quantity.MustParse(s) }

func some(s string) quantity.Null { return quantity.Some(dec(s)) }

// story plays "minute figure" pairs and tells what happened at which.
func story(t *testing.T, limit threshold.Threshold, words string) string {
	t.Helper()
	var live *threshold.Event
	var out []string
	for w := range strings.SplitSeq(words, ", ") {
		var minute int
		var figure string
		if _, err := fmt.Sscan(w, &minute, &figure); err != nil {
			t.Fatal(err)
		}
		s := threshold.Sample{At: start.Add(time.Duration(minute) * time.Minute)}
		if figure != "-" {
			s.Value = some(figure)
		}
		e, outcome := limit.Judge(live, s)
		switch outcome {
		case threshold.Begun:
			out = append(out, fmt.Sprintf("begins at %d", minute))
		case threshold.Cleared:
			out = append(out, fmt.Sprintf("clears at %d as of %s, peak %s at %s", minute, ago(e.Below.At), e.Peak.Value, ago(e.Peak.At)))
			e = nil
		}
		live = e
	}
	return strings.Join(out, "; ")
}

func ago(at time.Time) string { return fmt.Sprint(int(at.Sub(start).Minutes())) }

func TestStories(t *testing.T) {
	f := func(name, words, want string) {
		t.Helper()
		limit := threshold.Threshold{Kind: threshold.Warning, Level: some("10"), Fall: dec("0.1"), HoldMinutes: 30}
		if err := limit.Check(reading.Level); err != nil {
			t.Fatal(err)
		}
		if got := story(t, limit, words); got != want {
			t.Errorf("%s: %s\nwant %s", name, got, want)
		}
	}
	f("never", "0 9.999, 5 9.99", "")
	f("on the limit", "0 9.999, 5 10, 10 10.5, 15 9, 45 9", "begins at 5; clears at 45 as of 15, peak 10.5 at 10")
	f("trembling is one event", "0 10, 5 9.95, 10 10, 15 9.91, 20 10.01, 25 9.9, 30 9.9", "begins at 0")
	f("a dip is not over", "0 10, 5 9, 30 9, 34 10, 40 9, 69 9, 70 9", "begins at 0; clears at 70 as of 40, peak 10 at 0")
	f("absent says nothing", "0 10, 5 -, 60 -, 65 9, 95 9", "begins at 0; clears at 95 as of 65, peak 10 at 0")
	f("a late one raises the peak", "0 10, 10 10.2, 5 12, 20 9, 50 9", "begins at 0; clears at 50 as of 20, peak 12 at 5")
	f("a late one clears nothing", "0 10, 60 10.2, 5 8, 50 8", "begins at 0")
	f("twice", "0 10, 5 9, 35 9, 40 11, 45 8, 75 8", "begins at 0; clears at 35 as of 5, peak 10 at 0; begins at 40; clears at 75 as of 45, peak 11 at 40")
}

// TestPeriods is trap 10: open ends, periods over the new year, and days on which no limit holds.
func TestPeriods(t *testing.T) {
	limit := func(periods ...string) threshold.Threshold {
		out := threshold.Threshold{Kind: threshold.FloodLimit}
		for _, p := range periods {
			w := strings.Fields(p)
			end := w[1]
			if end == "-" {
				end = ""
			}
			out.Periods = append(out.Periods, threshold.Period{Begin: w[0], End: end, Level: dec(w[2])})
		}
		if err := out.Check(reading.UpperLevel); err != nil {
			t.Fatal(err)
		}
		return out
	}
	f := func(l threshold.Threshold, day, want string) {
		t.Helper()
		d, err := hydrotime.ParseDate(day)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []time.Time{d.Start(), d.End().Add(-time.Second)} {
			v, ok := l.At(at)
			got := "none"
			if ok {
				got = v.String()
			}
			if got != want {
				t.Errorf("%s: %s, want %s", at, got, want)
			}
		}
	}
	two := limit("0415 0715 40", "0716 1015 38") // 梅汛期, 台汛期
	f(two, "2026-04-14", "none")
	f(two, "2026-04-15", "40")
	f(two, "2026-07-15", "40")
	f(two, "2026-07-16", "38")
	f(two, "2026-10-15", "38")
	f(two, "2026-10-16", "none")
	wrap := limit("1016 0414 42", "0415 1015 40")
	f(wrap, "2026-12-31", "42")
	f(wrap, "2027-01-01", "42")
	f(wrap, "2028-02-29", "42")
	f(wrap, "2027-04-15", "40")
	open := limit("0415 - 40", "0716 - 38", "1016 - 42")
	f(open, "2026-07-15", "40")
	f(open, "2026-07-16", "38")
	f(open, "2026-12-01", "42")
	f(open, "2026-04-14", "42")
	f(limit("0415 - 40"), "2026-01-01", "40")
	over := limit("0415 1015 40", "0716 0815 38")
	f(over, "2026-07-20", "38")
	f(over, "2026-08-16", "40")
}

// TestNoLimitAnyMore ends an event with the period that it began in.
func TestNoLimitAnyMore(t *testing.T) {
	limit := threshold.Threshold{Kind: threshold.FloodLimit, Periods: []threshold.Period{{Begin: "0415", End: "0701", Level: dec("40")}}}
	e, o := limit.Judge(nil, threshold.Sample{At: start, Value: some("41")}) // 08:00 on 1 July in the field
	if o != threshold.Begun {
		t.Fatal(o)
	}
	if _, o = limit.Judge(e, threshold.Sample{At: start.Add(17 * time.Hour), Value: some("41")}); o != threshold.Cleared {
		t.Errorf("on 2 July no limit holds, and yet %v", o)
	}
	if _, o = limit.Judge(nil, threshold.Sample{At: start.Add(17 * time.Hour), Value: some("41")}); o != threshold.Nothing {
		t.Errorf("exceeds no limit: %v", o)
	}
}

func TestSilence(t *testing.T) {
	limit := threshold.Threshold{Kind: threshold.Silence, Minutes: 60}
	if err := limit.Check(reading.Rain); err != nil {
		t.Fatal(err)
	}
	newest := threshold.Sample{At: start, Value: some("1")}
	at := func(m int) time.Time { return start.Add(time.Duration(m) * time.Minute) }
	if _, o := limit.JudgeSilence(nil, threshold.Sample{}, at(1000)); o != threshold.Nothing {
		t.Error("what never spoke is silent")
	}
	if _, o := limit.JudgeSilence(nil, newest, at(60)); o != threshold.Nothing {
		t.Error("silent on the minute")
	}
	e, o := limit.JudgeSilence(nil, newest, at(61))
	if o != threshold.Begun || !e.Onset.At.Equal(at(60)) {
		t.Errorf("%v, %+v", o, e)
	}
	if e, o = limit.JudgeSilence(e, newest, at(200)); o != threshold.Moved || !e.Peak.At.Equal(at(200)) {
		t.Errorf("%v, %+v", o, e)
	}
	if e, o = limit.JudgeSilence(e, threshold.Sample{At: at(199)}, at(201)); o != threshold.Cleared || !e.Below.At.Equal(at(199)) {
		t.Errorf("%v, %+v", o, e)
	}
}

func TestCheck(t *testing.T) {
	f := func(name string, id reading.ID, l threshold.Threshold) {
		t.Helper()
		if err := l.Check(id); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f("kind", reading.Level, threshold.Threshold{Kind: "luck", Level: some("1")})
	f("no level", reading.Level, threshold.Threshold{Kind: threshold.Warning})
	f("no window", reading.Rain, threshold.Threshold{Kind: threshold.Rain, Level: some("50")})
	f("rain of a level", reading.Level, threshold.Threshold{Kind: threshold.Rain, Level: some("50"), Minutes: 60})
	f("warning of rain", reading.Rain, threshold.Threshold{Kind: threshold.Warning, Level: some("50")})
	f("no period", reading.UpperLevel, threshold.Threshold{Kind: threshold.FloodLimit})
	f("a day that is none", reading.UpperLevel, threshold.Threshold{Kind: threshold.FloodLimit, Periods: []threshold.Period{{Begin: "1301"}}})
	f("twice", reading.UpperLevel, threshold.Threshold{Kind: threshold.FloodLimit, Periods: []threshold.Period{{Begin: "0401"}, {Begin: "0401"}}})
	f("negative", reading.Level, threshold.Threshold{Kind: threshold.Warning, Level: some("1"), Fall: -1})
	rain := threshold.Threshold{Kind: threshold.Rain, Level: some("50"), Minutes: 180}
	if rain.Check(reading.Rain) != nil || rain.Key() != "rain_180" {
		t.Errorf("%v, %s", rain.Check(reading.Rain), rain.Key())
	}
	leap := reading.Point{Value: some("1"), Flags: reading.Rate}
	if threshold.Speaks(leap) || !threshold.Speaks(reading.Point{Value: some("1"), Flags: reading.Stuck}) || threshold.Speaks(reading.Point{}) {
		t.Error("who speaks")
	}
}
