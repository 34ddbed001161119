package judge_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"anlan/internal/fault"
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
	if s := judge.StateOf(judge.Ungraded, true); s != judge.Unknown {
		t.Errorf("what cannot be graded is %s past its date", s)
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

// TestTrap13ThousandfoldIsHintedAt and TestTrap23 guard against 万 and 亿 mixed up: the figures stand a thousandfold apart.
func TestTrap13ThousandfoldIsHintedAt(t *testing.T) {
	f := func(unit, value, last, lastYear string, want int) {
		t.Helper()
		ind := pack.Indicator{Code: "x.y", Unit: unit, Kind: pack.Stock}
		got := judge.CheckLine(judge.Line{Indicator: ind, Value: n(value), Last: n(last), LastYear: n(lastYear)})
		if len(got) != want || want == 1 && (got[0].Check != "scale" || got[0].Severity != judge.Hints) {
			t.Errorf("%s %s beside %s and %s: %+v", unit, value, last, lastYear, got)
		}
	}
	f("wan_m3", "85000000", "8500", "", 1) // m³ for 万方
	f("wan_m3", "85", "85000", "", 1)      // 10⁶ m³ as telemetry writes it
	f("wan_m3", "8400", "8500", "", 0)
	f("wan_m3", "8400", "", "", 0)
	f("wan_m3", "8400", "0", "", 0)
	f("piece", "5000", "2", "", 0) // counts have one scale
}

func TestTrap23YuanTypedForWanYuan(t *testing.T) {
	ind := pack.Indicator{Code: "inv.construction", Unit: "wan_yuan", Kind: pack.Cumulative}
	got := judge.CheckLine(judge.Line{Indicator: ind, Value: n("122900000"), LastYear: n("12100")})
	if len(got) != 1 || got[0].Check != "scale" {
		t.Errorf("got %+v", got)
	}
	// a cumulated January does not stand beside December
	if got := judge.CheckLine(judge.Line{Indicator: ind, Value: n("5"), Last: n("122900")}); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

// TestTrap21ReopenedFindingLowersTheCurrentRate: a closed count may fall; it is asked about, and earlier months keep theirs.
func TestTrap21ReopenedFindingLowersTheCurrentRate(t *testing.T) {
	ind := pack.Indicator{Code: "insp.rectify", Unit: "percent", Kind: pack.Cumulative, Ratio: &pack.Ratio{Numerator: pack.Term{Unit: "piece"}, Denominator: pack.Term{Unit: "piece"}}}
	got := judge.CheckLine(judge.Line{Indicator: ind, Value: n("18"), Base: n("20"), Last: n("19"), LastBase: n("20"), LastSameYear: true})
	if len(got) != 1 || got[0].Check != "monotone" || got[0].Severity != judge.Asks {
		t.Errorf("got %+v", got)
	}
	if may, june := judge.Rate(n("19"), n("20")), judge.Rate(n("18"), n("20")); may != n("95") || june != n("90") {
		t.Errorf("got %v, %v", may, june)
	}
}

// TestNeverRoundedToFull: the last 分 of a plan of fifty billion is missing until it is there.
func TestNeverRoundedToFull(t *testing.T) {
	f := func(cum, plan, want string, grade judge.Grade) {
		t.Helper()
		c := judge.Completion(n(cum), n(plan))
		if c != n(want) {
			t.Errorf("%s of %s = %v, want %s", cum, plan, c, want)
		}
		if got := judge.GradeCompletion(c, n("100"), 0, 0, true); got != grade {
			t.Errorf("%s of %s is %s, want %s", cum, plan, got, grade)
		}
	}
	f("4999999.99", "5000000", "99.999999", judge.Overdue) // 99.9999998 to a millionth would be 100
	f("4999999.999999", "5000000", "99.999999", judge.Overdue)
	f("5000000", "5000000", "100", judge.Done)
	f("5000000.000001", "5000000", "100.000001", judge.Done)
}

func TestGrowth(t *testing.T) {
	f := func(now, before, want string) {
		t.Helper()
		if got := fixed(judge.Growth(n(now), n(before))); got != want {
			t.Errorf("from %s to %s = %q, want %q", before, now, got, want)
		}
	}
	f("0", "10", "-100.0")
	f("4449", "2790", "59.5")
	f("", "10", "")
	f("10", "", "")
	f("5", "-10", "150.0") // a rise is above zero
	f("-15", "-10", "-50.0")
}

func TestMonthOfCumulative(t *testing.T) {
	if got := judge.MonthOfCumulative(n("30"), n("20"), false); got != n("10") {
		t.Errorf("got %v", got)
	}
	if got := judge.MonthOfCumulative(n("30"), n("200"), true); got != n("30") { // January does not follow December
		t.Errorf("got %v", got)
	}
	if got := judge.MonthOfCumulative(n("30"), n(""), false); got.Valid { // February without January is not known
		t.Errorf("got %v", got)
	}
}

func TestGradeThreshold(t *testing.T) {
	f := func(value, amount string, better pack.Better, late bool, want judge.Grade) {
		t.Helper()
		if got := judge.GradeThreshold(n(value), n(amount), better, late); got != want {
			t.Errorf("%s against %s: %s, want %s", value, amount, got, want)
		}
	}
	f("95", "95", pack.More, true, judge.Done)
	f("94.999999", "95", pack.More, false, judge.Open)
	f("94.999999", "95", pack.More, true, judge.Overdue)
	f("0", "0", pack.Less, true, judge.Done) // 动态清零
	f("1", "0", pack.Less, true, judge.Overdue)
	f("", "0", pack.Less, true, judge.Ungraded)
	f("5", "", pack.More, true, judge.Ungraded)
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
	f(pack.ByMonth, curve, 202601, 202606, 202606, "100.0")
	f(pack.ByMonth, curve, 202601, 202712, 202606, "20.8") // due next year, with amounts for this one
	f(pack.ByMonth, curve, 202401, 202612, 202512, "66.7") // the curve is not that year's
	f(pack.Linear, nil, 202601, 202606, 202603, "50.0")
	if got := judge.Calendar(pack.ByMonth, curve, n(""), 202601, 202612, 202606); got.Valid {
		t.Errorf("no plan has no curve: %v", got)
	}
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
	if got := judge.GradeCompletion(n("38"), n("50"), quantity.Int(15), 0, false); got != judge.OnTrack {
		t.Errorf("within a wide tolerance it is %s", got)
	}
	if got := judge.GradeCompletion(n("46"), n("50"), 0, quantity.Int(3), false); got != judge.Serious {
		t.Errorf("beyond its own limit it is %s", got)
	}
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
	for _, bad := range []string{"", "6/30", "+x 06-30", "13-01", "+1", "+0 06-30", "+1  6-30", "6-30", "+1 +6-30", "06-00", "06-3０", "-1 06-30", "06-30 "} {
		if d, err := judge.ParseDue(bad, 2026); err == nil {
			t.Errorf("ParseDue(%q) = %v", bad, d)
		}
	}
	if got := judge.FormDue(5, 202605); !got.Equal(time.Date(2026, 6, 6, 0, 0, 0, 0, hydrotime.Beijing)) {
		t.Errorf("FormDue = %v", got)
	}
	if got := judge.FormDue(31, 202601); !got.Equal(time.Date(2026, 3, 1, 0, 0, 0, 0, hydrotime.Beijing)) {
		t.Errorf("FormDue after January = %v", got) // February has no 31st
	}
	if got := judge.FormDue(10, 202612); !got.Equal(time.Date(2027, 1, 11, 0, 0, 0, 0, hydrotime.Beijing)) {
		t.Errorf("FormDue after December = %v", got)
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
	f("100", []string{"100", ""}, "partial", "0")
	f("100", []string{"101", ""}, "over", "1")
	f("100", nil, "unset", "—")
	f("100", []string{"9223372036854", "9223372036854"}, "unset", "—") // a sum that does not fit is no sum
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

func TestRatioChecks(t *testing.T) {
	name := func(s string) pack.Term { return pack.Term{Name: fault.T(s, s), Unit: "works"} }
	f := func(value, base string, mayExceed bool, want ...string) {
		t.Helper()
		ind := pack.Indicator{Code: "x.rate", Unit: "percent", Ratio: &pack.Ratio{Numerator: name("closed"), Denominator: name("found"), MayExceed: mayExceed}}
		var got []string
		for _, x := range judge.CheckLine(judge.Line{Indicator: ind, Value: n(value), Base: n(base)}) {
			got = append(got, x.Check+":"+x.Severity)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
	f("4", "5", false)
	f("", "5", false, "both:error")
	f("5", "", false, "both:error")
	f("0", "0", false, "no_base:hint")
	f("1", "0", false, "part_above_whole:error") // one closed of none found
	f("1", "0", true, "no_base:hint")
	f("6", "5", false, "part_above_whole:error")
	f("6", "5", true, "above_full:hint")
	f("-1", "5", true, "negative:error")
	f("1.5", "5", false, "whole:error")
}

// TestFindingsNameTheFigures: who reads a finding need not look the figures up.
func TestFindingsNameTheFigures(t *testing.T) {
	ind := pack.Indicator{Code: "river.km", Unit: "km", Kind: pack.Cumulative}
	got := judge.CheckLine(judge.Line{
		Indicator: ind, Value: n("41.5"), Last: n("43"), LastSameYear: true, Elsewhere: n("42"), ElsewhereForm: fault.T("河湖月报", "rivers, monthly"),
	})
	want := []judge.Finding{
		{Check: "monotone", Severity: "ask", Indicator: "river.km", Text: fault.T("本年累计 41.5 小于上期累计 43，请说明原因", "the year's total 41.5 is below last period's 43: say why")},
		{Check: "differs", Severity: "ask", Indicator: "river.km", Text: fault.T("此处 41.5，而《河湖月报》中为 42，请说明", "41.5 here, but 42 in the return rivers, monthly: say why")},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestCheckParts(t *testing.T) {
	f := func(want, total string, tolerance string, parts ...string) {
		t.Helper()
		var list []quantity.Null
		for _, p := range parts {
			list = append(list, n(p))
		}
		got := ""
		for _, x := range judge.CheckParts(pack.Indicator{Code: "x.y"}, n(total), list, n(tolerance).Decimal) {
			got += x.Check + ":" + x.Severity
		}
		if got != want {
			t.Errorf("%v of %s: %q, want %q", parts, total, got, want)
		}
	}
	f("", "100", "0", "60", "40")
	f("parts:ask", "100", "0", "60", "39")
	f("", "", "0", "60", "40")
	f("", "100", "0", "60", "") // not all are filed
	f("part_above_total:error", "100", "0", "", "101")
	f("", "28.31", "0.01", "26.60", "1.72")                  // inconsistencies.csv I18
	f("parts:ask", "465839", "1", "8709", "161632", "29548") // I26: a digit is missing
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

func TestRollUp(t *testing.T) {
	f := func(r pack.Rollup, want judge.Total, list ...judge.Contribution) {
		t.Helper()
		if d := cmp.Diff(want, judge.RollUp(r, list)); d != "" {
			t.Errorf("%s: %s", r, d)
		}
	}
	one := func(value, base string) judge.Contribution {
		return judge.Contribution{Value: n(value), Base: n(base), Expected: 1, Reported: 1}
	}
	f(pack.Sum, judge.Total{})
	f(pack.Sum, judge.Total{Expected: 1, Reported: 1}, one("", "")) // reported none: absent, not zero
	f(pack.Sum, judge.Total{Value: n("5"), Expected: 2, Reported: 2}, one("5", ""), one("0", ""))
	f(pack.Sum, judge.Total{Value: n("1"), Base: n("2"), Expected: 2, Reported: 2}, one("1", "2"), one("7", "")) // half a ratio adds nothing
	f(pack.Max, judge.Total{Value: n("-2"), Expected: 3, Reported: 3}, one("-3", ""), one("", ""), one("-2", ""))
	f(pack.Min, judge.Total{Value: n("-3"), Expected: 2, Reported: 2}, one("-3", ""), one("-2", ""))
	f(pack.None, judge.Total{Expected: 1, Reported: 1}, one("5", ""))
	f(pack.Sum, judge.Total{Overflow: true, Expected: 2, Reported: 2}, one("9223372036854", ""), one("9223372036854", ""))
	f(pack.Sum, judge.Total{Value: n("-1"), Expected: 3, Reported: 3}, one("9223372036854", ""), one("-9223372036854", ""), one("-1", "")) // only the end must fit
}

// TestRollUpInAnyOrder shuffles a list whose sums go out of range on the way.
func TestRollUpInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		var list []judge.Contribution
		for range r.IntN(12) {
			c := judge.Contribution{Value: quantity.Some(quantity.Decimal(r.Uint64())), Reported: r.IntN(3), Pending: r.IntN(2), Inside: r.IntN(5) == 0}
			if r.IntN(6) == 0 {
				c.Value = quantity.Null{}
			}
			list = append(list, c)
		}
		for _, rule := range []pack.Rollup{pack.Sum, pack.Max, pack.Min, pack.None} {
			want := judge.RollUp(rule, list)
			r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			if d := cmp.Diff(want, judge.RollUp(rule, list)); d != "" {
				t.Fatal(rule, d)
			}
		}
	}
}

// TestRankInAnyOrder shuffles the items: whoever stands where, each keeps its rank.
func TestRankInAnyOrder(t *testing.T) {
	type item struct {
		name     int
		value    quantity.Null
		reported bool
	}
	value := func(i item) quantity.Null { return i.value }
	reported := func(i item) bool { return i.reported }
	r := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		items := make([]item, r.IntN(15))
		for i := range items {
			items[i] = item{name: i, value: quantity.Null{Decimal: quantity.Decimal(r.IntN(6) - 3), Valid: r.IntN(4) > 0}, reported: r.IntN(2) == 0}
		}
		for _, better := range []pack.Better{pack.More, pack.Less} {
			ranks := func() map[int]int {
				out := map[int]int{}
				for _, p := range judge.Rank(items, value, reported, better) {
					out[items[p.Index].name] = p.Rank
				}
				return out
			}
			want := ranks()
			r.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
			if d := cmp.Diff(want, ranks()); d != "" {
				t.Fatal(d)
			}
		}
	}
}

// BenchmarkCockpit judges and ranks 25 measures of 100 counties.
func BenchmarkCockpit(b *testing.B) {
	figures := make([]quantity.Null, 100)
	for i := range figures {
		figures[i] = quantity.Some(quantity.Int(int64(i * 37 % 101)))
	}
	plan := n("120")
	list := make([]judge.Contribution, len(figures))
	b.ReportAllocs()
	for b.Loop() {
		for range 25 {
			for i, v := range figures {
				c := judge.Completion(v, plan)
				calendar := judge.Calendar(pack.Linear, nil, plan, 202601, 202612, 202605)
				if g := judge.GradeCompletion(c, calendar, 0, 0, false); g == judge.Ungraded {
					b.Fatal(g)
				}
				list[i] = judge.Contribution{Value: v, Reported: 1}
			}
			judge.RollUp(pack.Sum, list)
			judge.Rank(figures, func(v quantity.Null) quantity.Null { return v }, func(quantity.Null) bool { return true }, pack.More)
		}
	}
}
