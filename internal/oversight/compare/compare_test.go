package compare_test

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/oversight/checklist"
	"anlan/internal/oversight/compare"
	"anlan/internal/quantity"

	"github.com/google/go-cmp/cmp"
)

// rows reads a file of the sheet as maps by heading.
func rows(t testing.TB, name string) []map[string]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(string(b))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, h := range lines[0] {
			row[h] = line[i]
		}
		out = append(out, row)
	}
	return out
}

func day(s string) hydrotime.Date {
	d, err := hydrotime.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// noon is when something dated happens; "" is never.
func noon(s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	return day(s).Start().Add(12 * time.Hour)
}

func until(s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	return day(s).End()
}

func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64) // "" is 0
	return n
}

// spans reads "closed 2026-05-08 2026-06-12; controlled 2026-06-20".
func spans(s string) []compare.Span {
	var out []compare.Span
	for part := range strings.SplitSeq(s, ";") {
		if f := strings.Fields(part); len(f) > 1 {
			span := compare.Span{Kind: compare.Kind(f[0]), From: noon(f[1])}
			if len(f) > 2 {
				span.Until = noon(f[2])
			}
			out = append(out, span)
		}
	}
	return out
}

func sheet(t testing.TB) ([]compare.Record, []compare.Visit) {
	t.Helper()
	var records []compare.Record
	for _, r := range rows(t, "records.csv") {
		records = append(records, compare.Record{
			ID: number(r["id"]), Division: r["division"], Object: number(r["object"]), Team: r["team"], Item: r["item"],
			Origin: compare.Origin(r["origin"]), Severity: checklist.Severity(r["severity"]), Found: noon(r["found"]), Opened: noon(r["opened"]),
			OriginalDue: until(r["original_due"]), Extended: noon(r["extended"]), Due: until(r["due"]), Spans: spans(r["spans"]),
			Dismissed: noon(r["dismissed"]), RecurrentOf: number(r["recurrent_of"]), Missed: r["missed"] == "yes",
		})
	}
	var visits []compare.Visit
	for _, v := range rows(t, "visits.csv") {
		visits = append(visits, compare.Visit{Division: v["division"], Object: number(v["object"]), Team: v["team"], Origin: compare.Origin(v["origin"]), At: noon(v["at"])})
	}
	return records, visits
}

func up(d string) string {
	if d == "330600" {
		return ""
	}
	return "330600"
}

func asOf(date string) compare.Query {
	return compare.Query{From: day("2026-01-01").Start(), At: day(date).End()}
}

func measure(t testing.TB, code string) compare.Measure {
	t.Helper()
	for _, m := range compare.Measures() {
		if m.Code == code {
			return m
		}
	}
	t.Fatalf("there is no measure %s", code)
	return compare.Measure{}
}

// counted counts the whole sheet, the points taken off among it.
func counted(t testing.TB, records []compare.Record, visits []compare.Visit, q compare.Query) map[string]compare.Stat {
	t.Helper()
	count := compare.NewCount(q, up)
	sorted := slices.Clone(records)
	slices.SortFunc(sorted, func(a, b compare.Record) int { return compare.InOrder(&a, &b) })
	for i := range sorted {
		count.Record(&sorted[i])
	}
	for _, v := range visits {
		count.Visit(v)
	}
	for _, r := range rows(t, "deductions.csv") {
		count.Deduct(compare.Deduction{Division: r["division"], Points: quantity.MustParse(r["points"]), At: noon(r["at"])})
	}
	return count.Done()
}

// TestHandComputedSheet holds every figure of the sheet, and that the sheet has a row for every measure of every division.
func TestHandComputedSheet(t *testing.T) {
	records, visits := sheet(t)
	covered := map[string]bool{}
	for _, row := range rows(t, "expected.csv") {
		stat, ok := counted(t, records, visits, asOf(row["as_of"]))[row["division"]]
		if !ok {
			t.Fatalf("nothing is counted for %s", row["division"])
		}
		code, origin, cut := strings.Cut(row["measure"], "@")
		if cut {
			stat = compare.Stat{Tally: stat.ByOrigin[compare.Origin(origin)]}
		}
		m := measure(t, code)
		value := ""
		if v := m.Value(stat); v.Valid {
			value = v.String()
		}
		rate, has := m.Rate(stat)
		sides := [2]string{}
		if has {
			sides = [2]string{fmt.Sprint(rate.Numerator), fmt.Sprint(rate.Denominator)}
		}
		if value != row["value"] || sides != [2]string{row["numerator"], row["denominator"]} {
			t.Errorf("%s %s %s: %s of %v, by hand %s of %s/%s (%s)", row["as_of"], row["division"], row["measure"], value, sides,
				row["value"], row["numerator"], row["denominator"], row["by_hand"])
		}
		if row["by_hand"] == "" {
			t.Errorf("%s %s %s is not explained", row["as_of"], row["division"], row["measure"])
		}
		covered[row["as_of"]+row["division"]+row["measure"]] = true
	}
	for _, date := range []string{"2026-05-31", "2026-06-30"} {
		for _, d := range []string{"330604", "330624", "330600"} {
			for _, m := range compare.Measures() {
				if !covered[date+d+m.Code] {
					t.Errorf("the sheet has no %s of %s at %s", m.Code, d, date)
				}
			}
		}
	}
}

func one(r compare.Record, date string) compare.Stat {
	return compare.Compute([]compare.Record{r}, nil, compare.Query{At: day(date).End()})
}

func record() compare.Record {
	return compare.Record{
		ID: 1, Division: "330604", Object: 7, Item: "x.y", Origin: compare.City, Severity: checklist.General,
		Found: noon("2026-04-01"), Opened: noon("2026-04-01"), OriginalDue: until("2026-04-30"),
	}
}

// TestTrap01RollUpIsSumOverSum holds that a city's rate is no mean of its counties' rates.
func TestTrap01RollUpIsSumOverSum(t *testing.T) {
	var records []compare.Record
	for i := range 10 { // nine of ten closed in one county, none of one in the other
		r := record()
		r.ID, r.Division = int64(i), "330604"
		if i > 0 {
			r.Spans = spans("closed 2026-04-20")
		}
		records = append(records, r)
	}
	lone := record()
	lone.ID, lone.Division = 99, "330624"
	stats := compare.ByDivision(append(records, lone), nil, compare.Query{At: day("2026-04-30").End()}, up)
	if got := stats["330600"].Rectified(); got != (compare.Rate{Numerator: 9, Denominator: 11}) {
		t.Errorf("the city's rate is %v, not 9 of 11", got)
	}
}

// TestTrap02NoDenominatorNoRate holds that nothing over nothing is absent.
func TestTrap02NoDenominatorNoRate(t *testing.T) {
	s := compare.Compute(nil, nil, compare.Query{At: day("2026-04-30").End()})
	for _, m := range compare.Measures() {
		if v := m.Value(s); m.Sides && v.Valid {
			t.Errorf("%s of nothing is %s", m.Code, v)
		}
	}
	if s.MedianDays().Valid {
		t.Error("the median of nothing is a figure")
	}
}

// TestTrap05ControlledIsNotClosed holds that measures of control close nothing, end no deadline and have no days to close.
func TestTrap05ControlledIsNotClosed(t *testing.T) {
	r := record()
	r.Spans = spans("controlled 2026-04-10")
	s := one(r, "2026-05-31")
	if s.Closed != 0 || s.Controlled != 1 || s.Open != 0 || s.Rectified() != (compare.Rate{Denominator: 1}) || s.UnderControl().Numerator != 1 {
		t.Errorf("under control: %+v", s.Tally)
	}
	if s.Overdue != 1 || s.OverdueHeld != 1 || s.OnTime != (compare.Rate{Denominator: 1}) || len(s.Days) != 0 {
		t.Errorf("under control past its deadline: %+v", s)
	}
	r.Spans = spans("controlled 2026-04-10 2026-04-20; closed 2026-04-20")
	if s := one(r, "2026-05-31"); s.Closed != 1 || s.Controlled != 0 || s.OnTime.Numerator != 1 {
		t.Errorf("closed after control: %+v", s)
	}
	if s := one(r, "2026-04-15"); s.Closed != 0 || s.Controlled != 1 {
		t.Errorf("the same while under control: %+v", s.Tally)
	}
}

// TestTrap17ExtensionKeepsTheOriginalDueDate holds that the rate uses the original deadline, and that both are shown.
func TestTrap17ExtensionKeepsTheOriginalDueDate(t *testing.T) {
	r := record()
	r.Extended, r.Due, r.Spans = noon("2026-04-28"), until("2026-05-31"), spans("closed 2026-05-20")
	s := one(r, "2026-06-30")
	if s.OnTime != (compare.Rate{Denominator: 1}) || s.OnTimeExtended != (compare.Rate{Numerator: 1, Denominator: 1}) {
		t.Errorf("closed after the original and before the extended deadline: %v, %v", s.OnTime, s.OnTimeExtended)
	}
	if s := one(r, "2026-05-10"); s.Overdue != 1 || s.OverdueExtended != 0 {
		t.Errorf("between the two deadlines: %d by the original, %d by the extended", s.Overdue, s.OverdueExtended)
	}
	// Before it was given, the extension was not known.
	r.Extended = noon("2026-05-08")
	if s := one(r, "2026-05-05"); s.Overdue != 1 || s.OverdueExtended != 1 {
		t.Errorf("before the extension: %d by the original, %d by the extended", s.Overdue, s.OverdueExtended)
	}
}

// TestTrap21ReopeningLeavesThePastAlone holds that a reopened problem lowers the rate from then on, and not of the month before.
func TestTrap21ReopeningLeavesThePastAlone(t *testing.T) {
	r := record()
	r.Spans = spans("closed 2026-04-20")
	may := one(r, "2026-05-31")
	r.Spans = spans("closed 2026-04-20 2026-06-12")
	if diff := cmp.Diff(may, one(r, "2026-05-31")); diff != "" {
		t.Errorf("reopening in June changes May: %s", diff)
	}
	if s := one(r, "2026-06-30"); s.Closed != 0 || s.OnTime.Numerator != 0 || s.Overdue != 1 {
		t.Errorf("reopened: %+v", s)
	}
	r.Spans = spans("closed 2026-04-20 2026-06-12; closed 2026-07-02")
	if s := one(r, "2026-07-31"); s.Closed != 1 || s.OnTime.Numerator != 0 || !cmp.Equal(s.Days, []int{92}) {
		t.Errorf("closed again, late: %+v", s)
	}
}

func TestDismissedIsNoProblem(t *testing.T) {
	r := record()
	r.Dismissed = noon("2026-04-10")
	if s := one(r, "2026-04-05"); s.Found != 1 || s.Dismissed != 0 {
		t.Errorf("before: %+v", s)
	}
	if s := one(r, "2026-05-31"); s.Found != 0 || s.Dismissed != 1 || s.Overdue != 0 || s.Upheld() != (compare.Rate{Denominator: 1}) {
		t.Errorf("after: %+v", s)
	}
}

// TestDayBoundaries holds that a deadline is kept until its day is over in Beijing, and that a day counts what happened on it.
func TestDayBoundaries(t *testing.T) {
	r := record()
	r.Spans = []compare.Span{{Kind: compare.Closed, From: until("2026-04-30").Add(-time.Second)}}
	if s := one(r, "2026-04-30"); s.OnTime != (compare.Rate{Numerator: 1, Denominator: 1}) {
		t.Errorf("closed in the last second: %v", s.OnTime)
	}
	r.Spans[0].From = until("2026-04-30")
	if s := one(r, "2026-04-30"); s.Overdue != 1 || s.Closed != 0 {
		t.Errorf("not closed when the day was over: %+v", s)
	}
	if s := one(r, "2026-05-01"); s.OnTime != (compare.Rate{Denominator: 1}) || s.Closed != 1 {
		t.Errorf("closed a second late: %+v", s)
	}
	if s := one(r, "2026-04-29"); s.OnTime.Denominator != 0 {
		t.Errorf("not due yet: %v", s.OnTime)
	}
}

func TestOverlooked(t *testing.T) {
	visit := func(origin compare.Origin, at string) compare.Visit {
		return compare.Visit{Object: 7, Origin: origin, At: noon(at)}
	}
	f := func(want bool, origin compare.Origin, visits []compare.Visit, others ...compare.Record) {
		t.Helper()
		r := record()
		r.Origin = origin
		if got := compare.Overlooked(r, visits, append(others, r), 180); got != want {
			t.Errorf("%s after %v: %v", origin, visits, got)
		}
	}
	known := record()
	known.ID, known.Origin, known.Found, known.Opened = 2, compare.County, noon("2026-02-01"), noon("2026-02-01")
	closed := known
	closed.Spans = spans("closed 2026-03-01")
	f(true, compare.Province, []compare.Visit{visit(compare.County, "2026-02-01")})
	f(true, compare.County, []compare.Visit{visit(compare.Self, "2026-02-01")})
	f(false, compare.Province, nil)
	f(false, compare.Province, []compare.Visit{visit(compare.Province, "2026-02-01")}) // its own level
	f(false, compare.County, []compare.Visit{visit(compare.City, "2026-02-01")})       // a higher one
	f(false, compare.Province, []compare.Visit{visit(compare.County, "2025-09-01")})   // too long ago
	f(false, compare.Province, []compare.Visit{visit(compare.County, "2026-04-02")})   // afterwards
	f(false, compare.Province, []compare.Visit{{Object: 8, Origin: compare.County, At: noon("2026-02-01")}})
	f(false, compare.Province, []compare.Visit{visit(compare.County, "2026-02-01")}, known) // they knew it
	f(true, compare.Province, []compare.Visit{visit(compare.County, "2026-02-01")}, closed) // and said that it was mended
}

// TestAnyPastInstantIsUnmovedByWhatFollows makes random histories and cuts off what came after an instant: the figures stay.
func TestAnyPastInstantIsUnmovedByWhatFollows(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		at := day("2026-01-01").AddDays(r.IntN(400)).End()
		var whole, cut []compare.Record
		for i := range 1 + r.IntN(20) {
			rec := history(r, int64(i+1))
			whole = append(whole, rec)
			if was, ok := before(rec, at); ok {
				cut = append(cut, was)
			}
		}
		q := compare.Query{At: at}
		if diff := cmp.Diff(compare.ByDivision(cut, nil, q, up), compare.ByDivision(whole, nil, q, up)); diff != "" {
			t.Fatal(diff)
		}
	}
}

// history is a random record of 2026 with closings and reopenings in order.
func history(r *rand.Rand, id int64) compare.Record {
	at := func(from time.Time, days int) time.Time {
		return from.Add(time.Duration(1+r.IntN(days*24)) * time.Hour)
	}
	rec := record()
	rec.ID, rec.Division, rec.Object, rec.Item = id, []string{"330604", "330624"}[r.IntN(2)], int64(r.IntN(4)), fmt.Sprint("x.", r.IntN(3))
	rec.Found = at(day("2026-01-01").Start(), 300)
	rec.Opened = at(rec.Found, 5)
	rec.OriginalDue = at(rec.Opened, 60)
	if r.IntN(3) == 0 {
		rec.Extended = at(rec.Opened, 30)
		rec.Due = at(rec.OriginalDue, 60)
	}
	if r.IntN(8) == 0 {
		rec.Dismissed = at(rec.Opened, 10)
	}
	last := rec.Opened
	for range r.IntN(4) {
		s := compare.Span{Kind: []compare.Kind{compare.Closed, compare.Controlled}[r.IntN(2)], From: at(last, 60)}
		s.Until = at(s.From, 60)
		last = s.Until
		rec.Spans = append(rec.Spans, s)
	}
	return rec
}

// before is a record as it was known just before an instant.
func before(r compare.Record, at time.Time) (compare.Record, bool) {
	if !r.Opened.Before(at) {
		return r, false
	}
	if !r.Extended.Before(at) {
		r.Extended, r.Due = time.Time{}, time.Time{}
	}
	if !r.Dismissed.Before(at) {
		r.Dismissed = time.Time{}
	}
	var list []compare.Span
	for _, s := range r.Spans {
		if !s.From.Before(at) {
			break
		}
		if !s.Until.Before(at) {
			s.Until = time.Time{}
		}
		list = append(list, s)
	}
	r.Spans = list
	return r, true
}

func TestMedian(t *testing.T) {
	f := func(want string, days ...int) {
		t.Helper()
		if got := (compare.Stat{Days: days}).MedianDays().String(); got != want {
			t.Errorf("the median of %v is %s", days, got)
		}
	}
	f("—")
	f("0", 0)
	f("1.5", 1, 2)
	f("2", 1, 2, 90)
	f("2.5", 1, 2, 3, 90)
}

func TestRate(t *testing.T) {
	if got := (compare.Rate{Numerator: 1, Denominator: 3}).Percent(); got != quantity.Some(quantity.MustParse("33.333333")) {
		t.Errorf("a third is %v", got)
	}
	if (compare.Rate{}).Percent().Valid || (compare.Rate{Numerator: 1}).Mean().Valid {
		t.Error("a rate over nothing is a figure")
	}
}

// BenchmarkByDivision counts 200,000 problems of six counties with their city.
func BenchmarkByDivision(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	var records []compare.Record
	for i := range 200_000 {
		rec := history(r, int64(i+1))
		rec.Division, rec.Object, rec.Item = fmt.Sprint("33060", i%6), int64(r.IntN(3000)), fmt.Sprint("x.", r.IntN(167))
		records = append(records, rec)
	}
	q := compare.Query{From: day("2026-01-01").Start(), At: day("2026-12-31").End()}
	for b.Loop() {
		compare.ByDivision(records, nil, q, up)
	}
}
