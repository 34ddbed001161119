package scheme_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/ledger/scheme"
	"anlan/internal/quantity"

	"github.com/google/go-cmp/cmp"
)

func day(s string) hydrotime.Date {
	d, err := hydrotime.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func noon(s string) time.Time { return day(s).Start().Add(12 * time.Hour) }

// parse reads one of testdata's schemes.
func parse(t testing.TB, name string) *scheme.Scheme {
	t.Helper()
	src, err := os.ReadFile("testdata/" + name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := scheme.Parse(name+".yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// entry reads "planned 2026-05-01, working 2026-05-20, +task 2026-06-01, -task 2026-06-02".
func entry(id int64, county, track, steps string) scheme.Entry {
	e := scheme.Entry{ID: id, County: county, Track: track, Round: "2026", Listed: noon("2026-01-10")}
	for part := range strings.SplitSeq(steps, ", ") {
		word, date, ok := strings.Cut(part, " ")
		if !ok {
			continue
		}
		step := scheme.Step{At: noon(date), State: word}
		if mark, is := strings.CutPrefix(word, "+"); is {
			step = scheme.Step{At: noon(date), Mark: mark, Holds: true}
		} else if mark, is := strings.CutPrefix(word, "-"); is {
			step = scheme.Step{At: noon(date), Mark: mark}
		}
		e.Steps = append(e.Steps, step)
	}
	return e
}

func stations() []scheme.Entry {
	const done = "planned 2026-02-01, working 2026-03-01, awaiting 2026-04-01, closed 2026-04-10"
	late := entry(9, "330604", "rectify", "")
	late.Listed = noon("2026-07-15")
	return []scheme.Entry{
		entry(1, "330603", "rectify", done),
		entry(2, "330603", "rectify", "planned 2026-02-01, working 2026-06-01, awaiting 2026-07-01, closed 2026-07-31"),
		entry(3, "330603", "keep", ""),
		entry(4, "330604", "exit", "planned 2026-03-01, working 2026-04-01, awaiting 2026-06-20, exited 2026-06-30"),
		entry(5, "330604", "rectify", "planned 2026-03-01, working 2026-04-01, awaiting 2026-06-01, closed 2026-06-05, working 2026-07-20"),
		entry(6, "330604", "rectify", ""),
		entry(7, "330604", "rectify", "planned 2026-05-01"),
		late,
	}
}

func TestBurnDown(t *testing.T) {
	s := parse(t, "hydropower") // its plan runs from the end of April, 153 days before the end of September
	type row struct {
		County                         string
		Kept, ToDo, Done, Left         int
		Rate, Planned, Behind, PerWeek string
		Late                           bool
	}
	f := func(date string, want ...row) {
		t.Helper()
		counties, all := s.Tally(stations(), day(date))
		var got []row
		for _, c := range append(counties, all) {
			got = append(got, row{c.County, c.Aside, c.ToDo, c.Done, c.Left, c.Rate.String(), c.Planned.String(), c.Behind.String(), c.PerWeek.String(), c.Late})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", date, diff)
		}
	}
	// Before the plan: nothing is planned yet; 174 days are left on 9 April.
	f("2026-04-09",
		row{"330603", 1, 2, 0, 2, "0", "—", "—", "0.08046", false},
		row{"330604", 0, 4, 0, 4, "0", "—", "—", "0.16092", false},
		row{"", 1, 6, 0, 6, "0", "—", "—", "0.241379", false})
	// At its beginning 1 of 2 and 4 of 4 are left.
	f("2026-04-30",
		row{"330603", 1, 2, 1, 1, "50", "1", "0", "0.045752", false},
		row{"330604", 0, 4, 0, 4, "0", "4", "0", "0.183007", false},
		row{"", 1, 6, 1, 5, "16.666667", "5", "0", "0.228758", false})
	// 92 of 153 days are left: 92/153, 4 × 92/153 and 5 × 92/153.
	f("2026-06-30",
		row{"330603", 1, 2, 1, 1, "50", "0.601307", "0.398693", "0.076087", false},
		row{"330604", 0, 4, 2, 2, "50", "2.405229", "-0.405229", "0.152174", false},
		row{"", 1, 6, 3, 3, "50", "3.006536", "-0.006536", "0.228261", false})
	// Station 5 is back at work since 20 July, and station 9 came in, which the plan of April does not know.
	f("2026-09-30",
		row{"330603", 1, 2, 2, 0, "100", "0", "0", "—", false},
		row{"330604", 0, 5, 1, 4, "20", "0", "4", "—", false}, // the day itself is in time
		row{"", 1, 7, 3, 4, "42.857143", "0", "4", "—", false})
	f("2026-10-15",
		row{"330603", 1, 2, 2, 0, "100", "0", "0", "—", false},
		row{"330604", 0, 5, 1, 4, "20", "0", "4", "—", true},
		row{"", 1, 7, 3, 4, "42.857143", "0", "4", "—", true})
}

func TestStatesAreCounted(t *testing.T) {
	s := parse(t, "hydropower")
	_, all := s.Tally(stations(), day("2026-06-30"))
	want := map[string]int{"not_started": 1, "planned": 1, "working": 1, "closed": 2, "exited": 1}
	if diff := cmp.Diff(want, all.States); diff != "" {
		t.Error(diff)
	}
}

// TestTrap01RollUpIsSumOverSum holds that all together is the sum of the counties, and its rate no mean.
func TestTrap01RollUpIsSumOverSum(t *testing.T) {
	s := parse(t, "hydropower")
	for d := day("2026-01-01"); d != day("2026-10-31"); d = d.AddDays(1) {
		counties, all := s.Tally(stations(), d)
		done, todo := 0, 0
		for _, c := range counties {
			done, todo = done+c.Done, todo+c.ToDo
		}
		if done != all.Done || todo != all.ToDo || all.Left != todo-done {
			t.Fatalf("%s: %d of %d, together %+v", d, done, todo, all)
		}
	}
}

// TestTrap02NothingToDoHasNoRate holds that a county where every station is kept has no rate.
func TestTrap02NothingToDoHasNoRate(t *testing.T) {
	c := parse(t, "hydropower").Count([]scheme.Entry{entry(1, "330602", "keep", "")}, day("2026-06-30"))
	if c.Rate.Valid || c.Late || c.Aside != 1 {
		t.Errorf("%+v has a rate", c)
	}
}

// TestTrap21ReopeningLeavesThePastAlone holds that the line before 20 July is the same whether or not station 5 was reopened then.
func TestTrap21ReopeningLeavesThePastAlone(t *testing.T) {
	s := parse(t, "hydropower")
	with, without := stations(), stations()
	without[4].Steps = without[4].Steps[:4]
	from, to := day("2026-04-01"), day("2026-07-19")
	if diff := cmp.Diff(s.Course(without, from, to, 1), s.Course(with, from, to, 1)); diff != "" {
		t.Error(diff)
	}
	a, b := s.Count(with, day("2026-07-20")), s.Count(without, day("2026-07-20"))
	if a.Left != b.Left+1 {
		t.Errorf("reopened: %d are left, not one more than %d", a.Left, b.Left)
	}
}

func TestCourse(t *testing.T) {
	s := parse(t, "hydropower")
	f := func(days int, want ...int) {
		t.Helper()
		var got []int
		for _, c := range s.Course(stations(), day("2026-06-29"), day("2026-07-01"), days) {
			got = append(got, c.Left)
		}
		if diff := cmp.Diff(want, got); diff != "" { // 4 is removed on 30 June
			t.Error(diff)
		}
	}
	f(1, 4, 3, 3)
	f(7, 4, 3)
}

func TestPlanWithShares(t *testing.T) {
	s := parse(t, "hydropower")
	s.Plan.Shares = []scheme.Milestone{{Day: "05-30", Remaining: quantity.Int(90)}, {Day: "07-29", Remaining: quantity.Int(30)}}
	list := []scheme.Entry{}
	for i := range 10 {
		list = append(list, entry(int64(i), "330603", "rectify", ""))
	}
	f := func(date, want string) {
		t.Helper()
		if c := s.Count(list, day(date)); c.Planned.String() != want {
			t.Errorf("%s: %s, want %s", date, c.Planned, want)
		}
	}
	f("2026-04-29", "—")
	f("2026-04-30", "10")
	f("2026-05-15", "9.5") // half way to 90 percent
	f("2026-05-30", "9")
	f("2026-06-29", "6") // half way to 30 percent
	f("2026-07-29", "3")
	f("2026-09-30", "0")
	f("2026-12-31", "0")
}

// walk takes the steps of an entry one by one.
func walk(s *scheme.Scheme, e scheme.Entry) error {
	steps := e.Steps
	e.Steps = nil
	for _, step := range steps {
		if err := s.Allows(&e, step); err != nil {
			return err
		}
		e.Steps = append(e.Steps, step)
	}
	return nil
}

// TestUndoingLeavesThePastAlone holds that a step taken back stands on the days before.
func TestUndoingLeavesThePastAlone(t *testing.T) {
	s := parse(t, "hydropower")
	e := entry(1, "330603", "rectify", "planned 2026-02-01, working 2026-03-01")
	at := noon("2026-06-01")
	e.Steps[1].Undone = &at
	for date, want := range map[string]string{"2026-02-28": "planned", "2026-05-31": "working", "2026-06-01": "planned"} {
		if got := s.Stand(&e, day(date).End()).State.ID; got != want {
			t.Errorf("%s: %s, want %s", date, got, want)
		}
	}
	if err := s.Allows(&e, scheme.Step{At: noon("2026-06-02"), State: "working"}); err != nil {
		t.Error(err)
	}
}

// TestEachYearHasItsOwn holds that last year's round is not in this year's count.
func TestEachYearHasItsOwn(t *testing.T) {
	s := parse(t, "charging")
	old, now := entry(1, "330603", "small", "flat 2026-02-01"), entry(2, "330603", "small", "")
	old.Round, now.Round = "2026", "2027"
	list := []scheme.Entry{old, now}
	if c := s.Count(list, day("2027-03-01")); c.ToDo != 1 || c.Done != 0 {
		t.Errorf("%+v", c)
	}
	if c := s.Count(list, day("2026-12-31")); c.ToDo != 1 || c.Done != 1 {
		t.Errorf("%+v", c)
	}
}

// TestPlanNeedsABeginning holds that what was listed after the plan began is not behind it.
func TestPlanNeedsABeginning(t *testing.T) {
	s := parse(t, "hydropower")
	e := entry(1, "330603", "rectify", "")
	e.Listed = noon("2026-05-05")
	due := day("2027-09-30")
	e.Due = &due
	if c := s.Count([]scheme.Entry{e}, day("2026-12-01")); c.Late || c.Planned.String() != "0" {
		t.Errorf("%+v", c)
	}
	if c := s.Count([]scheme.Entry{e}, day("2026-05-05")); c.Planned.String() != "1" { // where it was drawn up later, the plan begins then
		t.Errorf("%+v", c)
	}
	e.Listed = noon("2026-10-10")
	if c := s.Count([]scheme.Entry{e}, day("2026-12-01")); c.Planned.Valid || c.Late {
		t.Errorf("%+v", c)
	}
}

func TestCheck(t *testing.T) {
	s := parse(t, "hydropower")
	for _, e := range stations() {
		if err := walk(s, e); err != nil {
			t.Error(err)
		}
	}
	f := func(track, steps, want string) {
		t.Helper()
		e := entry(7, "330603", track, steps)
		var bad *fault.Error
		if err := walk(s, e); !errors.As(err, &bad) || bad.Text.En != want {
			t.Errorf("%s %s: %v, want %s", track, steps, err, want)
		}
	}
	f("rectify", "working 2026-05-01", "it cannot go from not started to under way")
	f("keep", "planned 2026-05-01", "it cannot go from not started to plan approved")
	f("rectify", "planned 2026-05-01, working 2026-05-02, awaiting 2026-05-03, exited 2026-05-04", "it cannot go from awaiting acceptance to removed")
	f("exit", "planned 2026-05-01, working 2026-05-02, awaiting 2026-05-03, closed 2026-05-04", "it cannot go from awaiting acceptance to struck off")
	f("rectify", "planned 2026-05-02, working 2026-05-01", "the step is dated before the one before it (2026-05-02)")
	f("rectify", "sold 2026-05-01", `there is no step "sold"`)
	f("rectify", "+shiny 2026-05-01", `there is no mark "shiny"`)
	f("sell", "planned 2026-05-01", `there is no track "sell"`)
}

// TestChargingDependsOnTheClass holds that a flat rate is as required for small works only, and that what is exempt is in no rate.
func TestChargingDependsOnTheClass(t *testing.T) {
	s := parse(t, "charging")
	list := []scheme.Entry{
		entry(1, "330603", "large", "flat 2026-02-01"), entry(2, "330603", "large", "flat 2026-02-01, metered 2026-03-01"),
		entry(3, "330603", "small", "flat 2026-02-01"), entry(4, "330603", "small", "exempt 2026-02-01"), entry(5, "330603", "small", ""),
	}
	c := s.Count(list, day("2026-06-30"))
	if c.ToDo != 4 || c.Done != 2 || c.Aside != 1 || c.Rate.String() != "50" {
		t.Errorf("%+v", c)
	}
	if c := s.Count(list[:2], day("2026-06-30")); c.Done != 1 {
		t.Errorf("a flat rate of large works counts as done: %+v", c)
	}
}

func TestMarksAndFigures(t *testing.T) {
	s := parse(t, "charging")
	due := day("2026-06-30")
	late := entry(3, "330603", "small", "")
	late.Due = &due
	list := []scheme.Entry{
		entry(1, "330603", "large", "+task 2026-02-01, +platform 2026-03-01, metered 2026-04-01"),
		entry(2, "330603", "large", "+task 2026-02-01, +platform 2026-03-01, -platform 2026-05-01"),
		late,
	}
	f := func(date, name string, want scheme.Figure) {
		t.Helper()
		if got, ok := s.Count(list, day(date)).Figure(name); !ok || got != want {
			t.Errorf("%s of %s: %+v, want %+v", name, date, got, want)
		}
	}
	f("2026-04-30", "mark.task", scheme.Figure{2, 3})
	f("2026-04-30", "all_marks", scheme.Figure{2, 3})
	f("2026-05-31", "all_marks", scheme.Figure{1, 3})
	f("2026-05-31", "done", scheme.Figure{1, 3})
	f("2026-05-31", "state.metered", scheme.Figure{1, -1})
	f("2026-06-30", "overdue", scheme.Figure{0, -1}) // the day itself is in time
	f("2026-07-01", "overdue", scheme.Figure{1, -1})
	f("2026-12-31", "done_year", scheme.Figure{1, -1})
	f("2027-01-01", "left", scheme.Figure{0, -1}) // another year's round
	if _, ok := s.Count(list, day("2026-06-30")).Figure("beauty"); ok {
		t.Error("there is a figure of beauty")
	}
	for _, name := range s.Figures() {
		if _, ok := s.Count(list, due).Figure(name); !ok {
			t.Errorf("%s is listed and not there", name)
		}
	}
}

func TestWithdrawnIsNotThere(t *testing.T) {
	s := parse(t, "hydropower")
	gone := entry(1, "330603", "rectify", "planned 2026-02-01")
	at := noon("2026-03-01")
	gone.Withdrawn = &at
	if a, b := s.Count([]scheme.Entry{gone}, day("2026-02-28")), s.Count([]scheme.Entry{gone}, day("2026-03-01")); a.Listed != 1 || b.Listed != 0 {
		t.Errorf("%d before, %d after", a.Listed, b.Listed)
	}
}

func TestWants(t *testing.T) {
	hydro, charging := parse(t, "hydropower"), parse(t, "charging")
	f := func(s *scheme.Scheme, o scheme.Subject, on, want string) {
		t.Helper()
		got := "—"
		if l, ok := s.Wants(o, day(on)); ok {
			got = l.Track + "/" + l.Round
			if l.Due != nil {
				got += " by " + l.Due.String()
			}
		}
		if got != want {
			t.Errorf("%+v on %s: %s, want %s", o, on, got, want)
		}
	}
	exit := scheme.Subject{Kind: "hydropower", Words: map[string]string{"disposition": "exit"}}
	f(hydro, exit, "2026-03-01", "exit/ by 2026-09-30")
	f(hydro, exit, "2026-10-01", "exit/ by 2027-09-30")
	f(hydro, scheme.Subject{Kind: "hydropower"}, "2026-03-01", "—") // nobody has said what is to become of it
	f(hydro, scheme.Subject{Kind: "river"}, "2026-03-01", "—")
	people := func(n int64) scheme.Subject {
		return scheme.Subject{Kind: "waterworks", Numbers: map[string]quantity.Decimal{"population": quantity.Int(n)}}
	}
	f(charging, people(1000), "2026-03-01", "large/2026 by 2026-06-30")
	f(charging, people(999), "2026-11-01", "small/2026 by 2026-06-30") // of the year, though it is past
	f(charging, scheme.Subject{Kind: "waterworks"}, "2026-03-01", "—")

	dam := parse(t, "hydropower")
	dam.Objects, dam.Tracks, dam.Enrol, dam.Due, dam.Repeats = []string{"reservoir"}, nil, scheme.EnrolAppraisal, scheme.Due{Clock: scheme.EnrolAppraisal}, scheme.EachDue
	due := day("2026-08-01")
	f(dam, scheme.Subject{Kind: "reservoir", Appraisal: &due}, "2026-03-01", "—") // neither soon nor past
	f(dam, scheme.Subject{Kind: "reservoir", Appraisal: &due, AppraiseNow: true}, "2026-03-01", "/2026-08-01 by 2026-08-01")
}

func TestParseNamesEveryPlace(t *testing.T) {
	src, err := os.ReadFile("testdata/wrong.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, err = scheme.Parse("wrong.yaml", src)
	var bad *fault.Error
	if !errors.As(err, &bad) {
		t.Fatal(err)
	}
	var got []string
	for _, p := range bad.Fields {
		got = append(got, p.Place+": "+p.Text.En)
	}
	want := []string{
		"wrong.yaml due.day (line 8): \"31-09\" is not a day of the form 09-30",
		"wrong.yaml tracks[0].when (line 10): there is no condition",
		"wrong.yaml states[0].next[0] (line 12): it cannot go on to \"moon\"",
		"wrong.yaml states[1].by (line 13): \"king\" is not one of [unit county city province ministry ]",
		"wrong.yaml states[1].needs[0] (line 13): \"luck\" is not one of [document evidence note score marks]",
		"wrong.yaml states[1].needs[1] (line 13): there is no score_tree to judge by",
		"wrong.yaml states[1] (line 13): there is no track \"ghost\"",
		"wrong.yaml states[1].sets (line 13): \"colour\" is not one of [appraised_on appraisal_class reinforced_on impounded_on disposition charging]",
		"wrong.yaml states (line 12): no step is the end (done)",
		"wrong.yaml states[1] (line 13): no way leads here from the first",
		"wrong.yaml plan.due (line 14): the plan is due after its beginning",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"hydropower", "charging", "wrong"} {
		src, err := os.ReadFile("testdata/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := scheme.Parse("f.yaml", src)
		if err != nil {
			return
		}
		list := []scheme.Entry{entry(1, "330603", "", "")}
		s.Tally(list, day("2026-06-30"))
		s.Wants(scheme.Subject{Kind: s.Objects[0]}, day("2026-06-30"))
	})
}
