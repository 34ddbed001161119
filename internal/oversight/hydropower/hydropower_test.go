package hydropower_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/oversight/hydropower"
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

// station reads "planned 2026-05-01, working 2026-05-20".
func station(id int64, county string, d hydropower.Disposition, changes string) hydropower.Station {
	s := hydropower.Station{ID: id, County: county, Disposition: d, Listed: noon("2026-01-10")}
	for part := range strings.SplitSeq(changes, ", ") {
		if state, date, ok := strings.Cut(part, " "); ok {
			s.Changes = append(s.Changes, hydropower.Change{At: noon(date), State: hydropower.State(state)})
		}
	}
	return s
}

func stations() []hydropower.Station {
	const done = "planned 2026-02-01, working 2026-03-01, awaiting 2026-04-01, closed 2026-04-10"
	late := station(9, "330604", hydropower.Rectify, "")
	late.Listed = noon("2026-07-15")
	return []hydropower.Station{
		station(1, "330603", hydropower.Rectify, done),
		station(2, "330603", hydropower.Rectify, "planned 2026-02-01, working 2026-06-01, awaiting 2026-07-01, closed 2026-07-31"),
		station(3, "330603", hydropower.Keep, ""),
		station(4, "330604", hydropower.Exit, "planned 2026-03-01, working 2026-04-01, awaiting 2026-06-20, exited 2026-06-30"),
		station(5, "330604", hydropower.Rectify, "planned 2026-03-01, working 2026-04-01, awaiting 2026-06-01, closed 2026-06-05, working 2026-07-20"),
		station(6, "330604", hydropower.Rectify, ""),
		station(7, "330604", hydropower.Rectify, "planned 2026-05-01"),
		late,
	}
}

// plan runs from the end of April, 153 days before the end of September.
func plan() hydropower.Plan {
	return hydropower.Plan{From: day("2026-04-30"), Due: day("2026-09-30")}
}

func TestBurn(t *testing.T) {
	type row struct {
		County                         string
		Kept, ToDo, Done, Remaining    int
		Rate, Planned, Behind, PerWeek string
		Late                           bool
	}
	f := func(date string, want ...row) {
		t.Helper()
		counties, all := hydropower.Burn(stations(), plan(), day(date))
		var got []row
		for _, c := range append(counties, all) {
			got = append(got, row{c.County, c.Kept, c.ToDo, c.Done, c.Remaining, c.Rate().String(), c.Planned.String(), c.Behind.String(), c.PerWeek.String(), c.Late})
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
	// At its beginning 1 of 2 and 4 of 4 remain.
	f("2026-04-30",
		row{"330603", 1, 2, 1, 1, "50", "1", "0", "0.045752", false},
		row{"330604", 0, 4, 0, 4, "0", "4", "0", "0.183007", false},
		row{"", 1, 6, 1, 5, "16.666667", "5", "0", "0.228758", false})
	// 92 of 153 days are left: 92/153, 4 × 92/153 and 5 × 92/153.
	f("2026-06-30",
		row{"330603", 1, 2, 1, 1, "50", "0.601307", "0.398693", "0.076087", false},
		row{"330604", 0, 4, 2, 2, "50", "2.405229", "-0.405229", "0.152174", false},
		row{"", 1, 6, 3, 3, "50", "3.006536", "-0.006536", "0.228261", false})
	// Station 5 is back at work since 20 July, and station 9 came onto the list, which the plan of April does not know.
	f("2026-09-30",
		row{"330603", 1, 2, 2, 0, "100", "0", "0", "—", false},
		row{"330604", 0, 5, 1, 4, "20", "0", "4", "—", true},
		row{"", 1, 7, 3, 4, "42.857143", "0", "4", "—", true})
	f("2026-10-15",
		row{"330603", 1, 2, 2, 0, "100", "0", "0", "—", false},
		row{"330604", 0, 5, 1, 4, "20", "0", "4", "—", true},
		row{"", 1, 7, 3, 4, "42.857143", "0", "4", "—", true})
}

func TestStatesAreCounted(t *testing.T) {
	_, all := hydropower.Burn(stations(), plan(), day("2026-06-30"))
	want := map[hydropower.State]int{hydropower.NotStarted: 1, hydropower.Planned: 1, hydropower.Working: 1, hydropower.Closed: 2, hydropower.Exited: 1}
	if diff := cmp.Diff(want, all.ByState); diff != "" {
		t.Error(diff)
	}
	for _, s := range hydropower.States() {
		if s.Name().Zh == string(s) {
			t.Errorf("%s has no name", s)
		}
	}
}

// TestTrap01RollUpIsSumOverSum holds that all together is the sum of the counties, and its rate no mean.
func TestTrap01RollUpIsSumOverSum(t *testing.T) {
	for d := day("2026-01-01"); d != day("2026-10-31"); d = d.AddDays(1) {
		counties, all := hydropower.Burn(stations(), plan(), d)
		done, todo := 0, 0
		for _, c := range counties {
			done, todo = done+c.Done, todo+c.ToDo
		}
		if done != all.Done || todo != all.ToDo || all.Remaining != todo-done {
			t.Fatalf("%s: %d of %d, together %+v", d, done, todo, all)
		}
	}
}

// TestTrap02NothingToDoHasNoRate holds that a county where every station is kept has no rate.
func TestTrap02NothingToDoHasNoRate(t *testing.T) {
	counties, _ := hydropower.Burn([]hydropower.Station{station(1, "330602", hydropower.Keep, "")}, plan(), day("2026-06-30"))
	if c := counties[0]; c.Rate().Valid || c.Late || c.Kept != 1 {
		t.Errorf("%+v has a rate", c)
	}
}

// TestTrap21ReopeningLeavesThePastAlone holds that the line before 20 July is the same whether or not station 5 was reopened then.
func TestTrap21ReopeningLeavesThePastAlone(t *testing.T) {
	with, without := stations(), stations()
	without[4].Changes = without[4].Changes[:4]
	if diff := cmp.Diff(hydropower.Line(without, plan(), day("2026-04-01"), day("2026-07-19")), hydropower.Line(with, plan(), day("2026-04-01"), day("2026-07-19"))); diff != "" {
		t.Error(diff)
	}
	_, a := hydropower.Burn(with, plan(), day("2026-07-20"))
	_, b := hydropower.Burn(without, plan(), day("2026-07-20"))
	if a.Remaining != b.Remaining+1 {
		t.Errorf("reopened: %d remain, not one more than %d", a.Remaining, b.Remaining)
	}
}

func TestLine(t *testing.T) {
	line := hydropower.Line(stations(), plan(), day("2026-06-29"), day("2026-07-01"))
	var got []int
	for _, c := range line {
		got = append(got, c.Remaining)
	}
	if diff := cmp.Diff([]int{4, 3, 3}, got); diff != "" { // 4 is removed on 30 June
		t.Error(diff)
	}
}

func TestPlanWithShares(t *testing.T) {
	p := plan()
	p.Shares = []hydropower.Share{{Day: day("2026-05-30"), Remaining: quantity.Int(90)}, {Day: day("2026-07-29"), Remaining: quantity.Int(30)}}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	f := func(date, want string) {
		t.Helper()
		list := []hydropower.Station{}
		for i := range 10 {
			list = append(list, station(int64(i), "330603", hydropower.Rectify, ""))
		}
		if _, all := hydropower.Burn(list, p, day(date)); all.Planned.String() != want {
			t.Errorf("%s: %s, want %s", date, all.Planned, want)
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

func TestPlanCheck(t *testing.T) {
	f := func(change func(*hydropower.Plan), want string) {
		t.Helper()
		p := plan()
		p.Shares = []hydropower.Share{{Day: day("2026-06-30"), Remaining: quantity.Int(60)}}
		change(&p)
		var e *fault.Error
		if err := p.Check(); !errors.As(err, &e) || e.Text.En != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	f(func(p *hydropower.Plan) { p.Due = p.From }, "the plan is due on 2026-04-30, not after its beginning on 2026-04-30")
	f(func(p *hydropower.Plan) { p.Shares[0].Day = day("2026-10-01") }, "the point of 2026-10-01 lies outside the plan or is out of order")
	f(func(p *hydropower.Plan) { p.Shares[0].Remaining = quantity.Int(101) }, "what remains on 2026-06-30 is 0 to 100 percent")
}

func TestStationCheck(t *testing.T) {
	for _, s := range stations() {
		if err := s.Check(); err != nil {
			t.Error(err)
		}
	}
	f := func(d hydropower.Disposition, changes, want string) {
		t.Helper()
		s := station(7, "330603", d, changes)
		var e *fault.Error
		if err := s.Check(); !errors.As(err, &e) || e.Text.En != want {
			t.Errorf("%s %s: %v, want %s", d, changes, err, want)
		}
	}
	f(hydropower.Rectify, "working 2026-05-01", "station 7 (rectify) cannot go from not_started to working")
	f(hydropower.Keep, "planned 2026-05-01", "station 7 (keep) cannot go from not_started to planned")
	f(hydropower.Rectify, "planned 2026-05-01, working 2026-05-02, awaiting 2026-05-03, exited 2026-05-04", "station 7 (rectify) cannot go from awaiting to exited")
	f(hydropower.Exit, "planned 2026-05-01, working 2026-05-02, awaiting 2026-05-03, closed 2026-05-04", "station 7 (exit) cannot go from awaiting to closed")
	f(hydropower.Rectify, "planned 2026-05-02, working 2026-05-01", "station 7: working is dated before the step before it")
	f(hydropower.Rectify, "planned 2026-01-01", "station 7: planned is dated before the step before it")
	f("sell", "", `station 7: there is no disposition "sell"`)
}
