package judge_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/programme/judge"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"

	"github.com/google/go-cmp/cmp"
)

// n reads a figure; "" is an absent one.
func n(s string) quantity.Null {
	if s == "" {
		return quantity.Null{}
	}
	return quantity.Some(quantity.MustParse(s))
}

func fixed(v quantity.Null) string {
	if !v.Valid {
		return ""
	}
	return v.Fixed(1)
}

func TestTrap01RateRollupIsSumOverSum(t *testing.T) {
	total := judge.RollUp(pack.Sum, []judge.Contribution{
		{Value: n("1"), Base: n("1"), Reported: 1},
		{Value: n("10"), Base: n("100"), Reported: 1},
	})
	if got := fixed(judge.Rate(total.Value, total.Base)); got != "10.9" { // the mean of the rates would be 55
		t.Errorf("got %s", got)
	}
}

func TestTrap02NullPlanIsNotApplicable(t *testing.T) {
	for _, plan := range []string{"", "0", "-1"} {
		if got := judge.Completion(n("5"), n(plan)); got.Valid {
			t.Errorf("plan %q: %v", plan, got)
		}
	}
	if got := fixed(judge.Completion(n("146"), n("100"))); got != "146.0" {
		t.Errorf("completion is never clamped, got %s", got)
	}
	if g := judge.GradeCompletion(n(""), n("50"), 0, 0, true); g != judge.Ungraded {
		t.Errorf("no completion is %s", g)
	}
}

func TestTrap03GrowthChangeIsInPoints(t *testing.T) {
	april, may := judge.Growth(n("130"), n("100")), judge.Growth(n("150"), n("125"))
	if got := fixed(judge.GrowthChange(may, april)); got != "-10.0" {
		t.Errorf("growth fell by %s points", got)
	}
	if got := fixed(judge.PeriodOnPeriod(n("20"), n("30"))); got != "-33.3" {
		t.Errorf("the true 环比 is %s %%", got)
	}
	if got := judge.Growth(n("5"), n("0")); got.Valid {
		t.Errorf("growth on nothing is %v", got)
	}
}

func TestTrap04TwoTargetsOnOneMeasure(t *testing.T) {
	at := hydrotime.Month(202606)
	f := func(due hydrotime.Month, plan, want string) {
		t.Helper()
		gap := judge.Gap(judge.Completion(n("60"), n(plan)), judge.Calendar(pack.Linear, nil, n(plan), 202601, due, at))
		if fixed(gap) != want {
			t.Errorf("due %s: gap %s, want %s", due, fixed(gap), want)
		}
	}
	f(202606, "60", "0.0")    // the province's, due on 30 June: done
	f(202609, "120", "-16.7") // the city's, due on 30 September: 50 % against 66.7 %
}

func TestTrap07InsideIsListedNotAdded(t *testing.T) {
	total := judge.RollUp(pack.Sum, []judge.Contribution{
		{Value: n("7"), Reported: 1}, {Value: n("2"), Reported: 1, Inside: true}, {},
	})
	if total.Value != n("7") || total.Reported != 2 {
		t.Errorf("got %+v", total)
	}
}

func TestTrap09TiesShareRankUnreportedLast(t *testing.T) {
	type row struct {
		value    string
		reported bool
	}
	rows := []row{{"5", true}, {"", false}, {"9", true}, {"5", true}, {"", true}, {"1", true}}
	got := judge.Rank(rows, func(r row) quantity.Null { return n(r.value) }, func(r row) bool { return r.reported }, pack.More)
	want := []judge.Place{{2, 1, false}, {0, 2, true}, {3, 2, true}, {5, 4, false}, {4, 0, false}, {1, 0, false}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestTrap18CollectedRateMayExceedFull(t *testing.T) {
	ind := pack.Indicator{Code: "rdw.collected", Ratio: &pack.Ratio{MayExceed: true}}
	f := func(may bool, want string) {
		t.Helper()
		ind.Ratio.MayExceed = may
		got := judge.CheckLine(judge.Line{Indicator: ind, Value: n("105"), Base: n("100")})
		if len(got) != 1 || got[0].Severity != want {
			t.Errorf("got %+v, want %s", got, want)
		}
	}
	f(true, judge.Hints)
	f(false, judge.Stops)
}

func TestCalendar(t *testing.T) {
	f := func(c pack.Curve, curve []quantity.Decimal, from, due, at hydrotime.Month, want string) {
		t.Helper()
		if got := fixed(judge.Calendar(c, curve, n("120"), from, due, at)); got != want {
			t.Errorf("%s to %s at %s = %s, want %s", c, due, at, got, want)
		}
	}
	f(pack.Linear, nil, 202601, 202612, 202605, "41.7")
	f(pack.Linear, nil, 202601, 202612, 202701, "100.0")
	f(pack.Linear, nil, 202401, 202612, 202512, "66.7") // a three-year plan
	f(pack.Linear, nil, 202601, 202612, 202512, "0.0")
	f(pack.AtDue, nil, 202601, 202611, 202610, "0.0")
	f(pack.AtDue, nil, 202601, 202611, 202611, "100.0")
	curve := make([]quantity.Decimal, 12)
	for i := range curve {
		curve[i] = quantity.Int(int64(i * i))
	}
	f(pack.ByMonth, curve, 202601, 202612, 202606, "20.8") // 25 of 120
	f(pack.ByMonth, nil, 202601, 202612, 202606, "50.0")
}

func TestGrades(t *testing.T) {
	f := func(completion, calendar string, late bool, want judge.Grade) {
		t.Helper()
		if got := judge.GradeCompletion(n(completion), n(calendar), quantity.Int(2), 0, late); got != want {
			t.Errorf("%s against %s: %s, want %s", completion, calendar, got, want)
		}
	}
	f("100", "50", false, judge.Done)
	f("49", "50", false, judge.OnTrack)
	f("47.9", "50", false, judge.Lag)
	f("40", "50", false, judge.Lag) // ten points behind are not more than ten
	f("39.999999", "50", false, judge.Serious)
	f("99.9", "100", true, judge.Overdue)
}

func TestParseDue(t *testing.T) {
	f := func(due, want string) {
		t.Helper()
		got, err := judge.ParseDue(due, 2026)
		if err != nil || got.String() != want {
			t.Errorf("ParseDue(%q) = %v, %v", due, got, err)
		}
	}
	f("06-30", "2026-06-30")
	f("+1 12-31", "2027-12-31")
	f("02-31", "2026-02-28")
	for _, bad := range []string{"", "6/30", "+x 06-30", "13-01", "+1"} {
		if d, err := judge.ParseDue(bad, 2026); err == nil {
			t.Errorf("ParseDue(%q) = %v", bad, d)
		}
	}
	if got := judge.FormDue(5, 202605); !got.Equal(time.Date(2026, 6, 6, 0, 0, 0, 0, hydrotime.Beijing)) {
		t.Errorf("FormDue = %v", got)
	}
}

func TestSplitCheck(t *testing.T) {
	f := func(parent string, children []string, state, difference string) {
		t.Helper()
		var list []quantity.Null
		for _, c := range children {
			list = append(list, n(c))
		}
		got := judge.SplitCheck(n(parent), list)
		if got.State != state || got.Difference.String() != difference {
			t.Errorf("%s over %v = %+v", parent, children, got)
		}
	}
	f("100", []string{"60", "45"}, "over", "5") // 加码
	f("100", []string{"60", "40"}, "equal", "0")
	f("100", []string{"60", "39"}, "short", "-1")
	f("100", []string{"60", ""}, "partial", "-40")
	f("", []string{"60"}, "unset", "—")
	f("100", []string{"", ""}, "unset", "—")
}

func TestChecksExplainThemselves(t *testing.T) {
	ten, hundred, twenty := quantity.Int(10), quantity.Int(100), quantity.Int(20)
	ind := pack.Indicator{Code: "x.y", Unit: "km", Kind: pack.Cumulative, Min: &ten, Max: &hundred, Jump: &twenty}
	f := func(l judge.Line, want ...string) {
		t.Helper()
		var got []string
		for _, x := range judge.CheckLine(l) {
			got = append(got, x.Check+":"+x.Severity)
			if x.Text.Zh == "" || x.Text.En == "" {
				t.Errorf("%s says nothing", x.Check)
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
	f(judge.Line{Indicator: ind}, "missing:error")
	f(judge.Line{Indicator: ind, Blank: "none"})
	f(judge.Line{Indicator: ind, Value: n("50"), Last: n("51"), LastSameYear: true}, "monotone:ask")
	f(judge.Line{Indicator: ind, Value: n("50"), Last: n("51")}) // last year's December
	f(judge.Line{Indicator: ind, Value: n("5")}, "range:error")
	f(judge.Line{Indicator: ind, Value: n("61"), Last: n("50"), LastSameYear: true}, "jump:ask")
	f(judge.Line{Indicator: ind, Value: n("60"), Last: n("50"), LastSameYear: true})
	f(judge.Line{Indicator: ind, Value: n("60"), Elsewhere: n("61")}, "differs:ask")
	count := pack.Indicator{Code: "x.n", Unit: "reservoir", Options: []pack.Option{{Value: 0}, {Value: 1}}}
	f(judge.Line{Indicator: count, Value: n("0.5")}, "whole:error", "option:error")
	if got := judge.CheckParts(ind, n("407.3"), []quantity.Null{n("113.1"), n("163.6"), n("124.4"), n("6.3")}, quantity.MustParse("0.1")); len(got) != 0 {
		t.Errorf("a rounding difference is tolerated (inconsistencies.csv I21): %+v", got)
	}
	if got := judge.CheckParts(ind, n("30253.3"), []quantity.Null{n("3053.3"), n("31477.3")}, 0); len(got) != 1 || got[0].Check != "part_above_total" {
		t.Errorf("a part above the total (I27): %+v", got)
	}
}

func TestCombine(t *testing.T) {
	f := func(want judge.State, list ...judge.State) {
		t.Helper()
		if got := judge.Combine(list); got != want {
			t.Errorf("%v = %s, want %s", list, got, want)
		}
	}
	f(judge.Met, judge.Met, judge.Met)
	f(judge.Unknown, judge.Met, judge.Unknown)
	f(judge.Missed, judge.Unknown, judge.Missed, judge.Met)
	f(judge.Pending, judge.Pending, judge.Unknown)
	f(judge.Unknown)
}

// TestRollUpOverAnyPartition sums a list whole and in parts.
func TestRollUpOverAnyPartition(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var all, left, right []judge.Contribution
		for range r.IntN(20) {
			c := judge.Contribution{Value: quantity.Some(quantity.Decimal(r.Int64N(1e12))), Base: quantity.Some(quantity.Decimal(r.Int64N(1e12))), Reported: 1}
			all = append(all, c)
			if r.IntN(2) == 0 {
				left = append(left, c)
			} else {
				right = append(right, c)
			}
		}
		part := func(list []judge.Contribution) judge.Contribution {
			s := judge.RollUp(pack.Sum, list)
			return judge.Contribution{Value: s.Value, Base: s.Base, Reported: s.Reported}
		}
		whole, parts := judge.RollUp(pack.Sum, all), judge.RollUp(pack.Sum, []judge.Contribution{part(left), part(right)})
		if d := cmp.Diff(whole, parts); d != "" {
			t.Fatal(d)
		}
	}
}
