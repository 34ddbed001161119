package lifecycle_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/project/lifecycle"
	"anlan/internal/quantity"
)

func rules(t testing.TB) *lifecycle.ProjectRules {
	t.Helper()
	src, err := os.ReadFile("../../../packs/lifecycle/water-projects.yaml")
	if err != nil {
		t.Fatal(err)
	}
	r, err := lifecycle.Parse("water-projects.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func day(t testing.TB, s string) hydrotime.Date {
	t.Helper()
	d, err := hydrotime.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func some(s string) quantity.Null { return quantity.Some(quantity.MustParse(s)) }

// history reads "design_approved 2024-05-01 1200" lines into the parts of a project: the whole (1) and what "2:" or "3:" begin.
func history(t testing.TB, lines ...string) *lifecycle.Project {
	t.Helper()
	p := &lifecycle.Project{Parts: []lifecycle.Part{{ID: 1}, {ID: 2, Parent: 1}, {ID: 3, Parent: 1}}}
	for i, l := range lines {
		part := int64(1)
		if head, rest, ok := strings.Cut(l, ":"); ok {
			if _, err := fmt.Sscan(head, &part); err != nil {
				t.Fatal(err)
			}
			l = rest
		}
		f := strings.Fields(l)
		if f[0] == "actual" {
			m, err := hydrotime.ParseMonth(f[1])
			if err != nil {
				t.Fatal(err)
			}
			p = p.Told(part, m)
			continue
		}
		s := lifecycle.Step{ID: int64(i + 1), Milestone: f[0], On: day(t, f[1])}
		if len(f) > 2 {
			s.Amount = some(f[2])
		}
		p = p.With(part, s)
	}
	return p
}

// TestGuards: each guard by name, kept and broken.
func TestGuards(t *testing.T) {
	r := rules(t)
	f := func(want string, lines ...string) {
		t.Helper()
		var got []string
		for _, b := range r.Breaches(history(t, lines...)) {
			got = append(got, b.Guard)
			if b.Text.Zh == "" || b.Text.En == "" {
				t.Errorf("%v: %s has no words", lines, b.Guard)
			}
		}
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%v: %q, want %q", lines, g, want)
		}
	}
	way := func(more ...string) []string {
		return append([]string{"feasibility_approved 2023-01-10 1000", "design_approved 2023-06-01 1100", "tendered 2023-09-01"}, more...)
	}
	f("", way("started 2023-10-01")...)
	f("start-without-design start-without-tender", "started 2023-10-01")
	f("start-without-tender", "feasibility_approved 2023-01-10 1000", "design_approved 2023-06-01 1100", "started 2023-10-01")
	f("start-without-design", "tendered 2023-09-01", "started 2023-10-01")
	f("order start-without-design start-without-tender", "feasibility_approved 2023-01-10 1000", "design_approved 2023-12-01 1100", "tendered 2023-12-05", "started 2023-11-01", "actual 2024-01")
	f("", "2:started 2023-10-01", "feasibility_approved 2023-01-10 1000", "design_approved 2023-06-01 1100", "2:tendered 2023-09-01") // approved for the whole
	f("start-without-tender", "2:started 2023-10-01", "feasibility_approved 2023-01-10 1000", "design_approved 2023-06-01 1100", "3:tendered 2023-09-01")

	f("", "feasibility_approved 2023-01-10 1000", "design_approved 2023-06-01 1100") // ten percent to the yuan
	f("design-over-estimate", "feasibility_approved 2023-01-10 1000", "design_approved 2023-06-01 1100.0001")
	f("", "feasibility_approved 2023-01-10 1000", "feasibility_reapproved 2023-05-01 1050", "design_approved 2023-06-01 1150")
	f("design-over-estimate", "feasibility_approved 2023-01-10 1000", "2:design_approved 2023-06-01 600", "3:design_approved 2023-06-02 501")      // together, from the one that goes over
	f("design-over-estimate", "feasibility_approved 2023-01-10 1000", "design_approved 2023-06-01 1150", "feasibility_reapproved 2023-06-02 1150") // approved anew after the fact
	f("", "feasibility_approved 2023-01-10 1000", "2:design_approved 2023-06-01 600", "feasibility_reapproved 2023-06-02 1500", "3:design_approved 2023-06-03 900")
	f("", "feasibility_approved 2023-01-10 1000", "2:design_approved 2023-06-01 600", "3:design_approved 2023-06-02 500")
	f("", "feasibility_approved 2023-01-10 1000", "2:feasibility_approved 2023-02-10 700", "2:design_approved 2023-06-01 770", "3:design_approved 2023-06-02 1100") // each against its own
	f("design-without-feasibility", "design_approved 2023-06-01 1100")

	f("figures-before-tender", "feasibility_approved 2023-01-10 1000", "design_approved 2023-06-01 1100", "actual 2023-07")
	f("figures-before-tender", way("actual 2023-08")...)
	f("", way("actual 2023-09")...) // tendered within the month
	f("", "feasibility_approved 2023-01-10 1000", "design_approved 2023-06-01 1100", "2:tendered 2023-09-01", "actual 2023-10")
	f("acceptance-before-finish", way("started 2023-10-01", "accepted 2025-10-01")...)
	f("", way("started 2023-10-01", "finished 2025-09-01", "accepted 2025-10-01")...)

	f("order", "proposal_approved 2023-02-01", "feasibility_approved 2023-01-10 1000")
	f("order", "feasibility_approved 2023-01-10 1000", "feasibility_approved 2023-01-12 1000")
	f("", "feasibility_approved 2023-01-10 1000", "proposal_approved 2022-12-01") // told late, on its own day
}

// TestWarnings: a guard that only warns refuses nothing.
func TestWarnings(t *testing.T) {
	r := rules(t)
	i := slices.IndexFunc(r.Guards, func(g lifecycle.ProjectGuard) bool { return g.ID == "start-without-tender" })
	r.Guards[i].Does = lifecycle.Warns
	now := history(t, "feasibility_approved 2023-01-10 1000", "design_approved 2023-06-01 1100")
	got := r.Try(now, now.With(1, lifecycle.Step{Milestone: "started", On: day(t, "2023-10-01")}))
	if len(got) != 1 || got[0].Guard != "start-without-tender" || got[0].Does != lifecycle.Warns {
		t.Errorf("%+v", got)
	}
}

// TestTryTellsOnlyWhatIsNew: what was wrong before, after newer rules say, does not keep anybody from going on.
func TestTryTellsOnlyWhatIsNew(t *testing.T) {
	r := rules(t)
	now := history(t, "started 2023-10-01")
	if got := r.Try(now, now.With(1, lifecycle.Step{Milestone: "commissioned", On: day(t, "2025-10-01")})); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// TestNoWayPastTheGuards takes steps at random, forward and back, and finds that nothing that was let through breaks a guard.
func TestNoWayPastTheGuards(t *testing.T) {
	r := rules(t)
	rnd := rand.New(rand.NewPCG(7, 1))
	first := day(t, "2020-01-01")
	for range 150 {
		p := history(t)
		id := int64(0)
		for range 60 {
			part := int64(1 + rnd.IntN(3))
			var next *lifecycle.Project
			switch k := rnd.IntN(10); {
			case k < 7:
				id++
				m := r.Milestones[rnd.IntN(len(r.Milestones))]
				next = p.With(part, lifecycle.Step{ID: id, Milestone: m.ID, On: first.AddDays(rnd.IntN(1500)), Amount: quantity.Some(quantity.Int(int64(900 + rnd.IntN(400))))})
			case k < 9 && id > 0:
				next = p.Without(part, 1+rnd.Int64N(id), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
			default:
				next = p.Told(part, hydrotime.NewMonth(2020+rnd.IntN(5), 1+rnd.IntN(12)))
			}
			if len(r.Try(p, next)) == 0 {
				p = next
			}
		}
		if got := r.Breaches(p); len(got) > 0 {
			t.Fatalf("let through: %+v", got)
		}
	}
}

// TestStand: where parts stand on a day, what was undone later standing until then.
func TestStand(t *testing.T) {
	r := rules(t)
	p := history(t, "feasibility_approved 2023-01-10 1000", "design_approved 2023-06-01 1100", "2:tendered 2023-09-01", "2:started 2023-10-01", "2:commissioned 2025-05-01", "feasibility_reapproved 2024-01-10 1100")
	f := func(part int64, on, stage, since string) {
		t.Helper()
		st := r.Stand(p, part, day(t, on))
		got := ""
		if st.Since != nil {
			got = st.Since.String()
		}
		if st.Stage != stage || got != since {
			t.Errorf("part %d on %s: %s since %s, want %s since %s", part, on, st.Stage, got, stage, since)
		}
	}
	f(1, "2022-12-31", "reserve", "")
	f(1, "2023-01-10", "feasibility", "2023-01-10")
	f(1, "2024-06-01", "design", "2023-06-01") // approving anew does not lead back
	f(2, "2023-05-31", "feasibility", "2023-01-10")
	f(2, "2023-10-01", "construction", "2023-10-01")
	f(3, "2025-06-01", "design", "2023-06-01")
	st := r.Stand(p, 2, day(t, "2025-06-01"))
	if st.Building() || !st.Ended() || st.Commissioned.String() != "2025-05-01" {
		t.Errorf("%+v", st)
	}
	undone := p.Without(2, 4, day(t, "2024-03-01").Start())
	for _, on := range []string{"2024-02-29", "2024-03-01"} { // it was wrong, and held on no day
		if got := r.Stand(undone, 2, day(t, on)).Stage; got != "preparation" {
			t.Errorf("on %s: %s", on, got)
		}
	}
}

// TestTrap06PhasesInOppositeStates: a phase in service and one that waits are both told.
func TestTrap06PhasesInOppositeStates(t *testing.T) {
	r := rules(t)
	p := history(t, "feasibility_approved 2023-01-10 1000", "2:design_approved 2023-06-01 500", "2:tendered 2023-09-01", "2:started 2023-10-01", "2:commissioned 2025-05-01")
	got := r.Span(p, day(t, "2025-06-01"), func(int64) bool { return true })
	if got.Slowest != "feasibility" || got.Furthest != "construction" || got.Commissioned != 1 || got.Building != 0 || got.Parts != 2 || got.Ended != 1 {
		t.Errorf("%+v", got)
	}
}

// year reads "plan actual" of each month, "-" for nothing.
func year(months ...string) lifecycle.Year {
	var y lifecycle.Year
	for i, m := range months {
		f := strings.Fields(m)
		into := []*quantity.Null{&y[i].Plan, &y[i].Actual, &y[i].PlannedProgress, &y[i].Progress}
		for k, word := range f {
			if word != "-" {
				*into[k] = some(word)
			}
		}
	}
	return y.Settle()
}

func TestLag(t *testing.T) {
	r := lifecycle.LagRule{Severe: quantity.Int(10)}
	f := func(name, on string, y lifecycle.Year, pace lifecycle.Pace, gap, through string, missing int, red string) {
		t.Helper()
		got := r.Judge(y, 2026, day(t, on), false)
		m := got.Money
		at, told := "", "unknown"
		if m.Through != nil {
			at = m.Through.String()
		}
		if got.YearRed != nil {
			told = fmt.Sprint(*got.YearRed)
		}
		if m.Pace != pace || m.Gap.String() != gap || at != through || m.Missing != missing || told != red {
			t.Errorf("%s: %s gap %s through %q missing %d red %s; want %s %s %q %d %s", name, m.Pace, m.Gap, at, m.Missing, told, pace, gap, through, missing, red)
		}
	}
	even := year("25 25", "25 25", "25 20", "25 30")
	f("at its plan", "2026-04-30", even, lifecycle.OnSchedule, "0", "2026-04", 0, "false")
	f("behind within the year", "2026-03-31", even, lifecycle.Lagging, "-5", "2026-03", 0, "false")
	f("a month that is not over does not count", "2026-03-30", even, lifecycle.OnSchedule, "0", "2026-02", 0, "true")
	f("far behind", "2026-02-28", year("50 39", "50 50"), lifecycle.Severe, "-11", "2026-02", 0, "false")
	f("just ten points is not far", "2026-01-31", year("50 40", "50 -"), lifecycle.Lagging, "-10", "2026-01", 0, "false")
	f("nothing planned", "2026-03-31", year("- 5", "- -"), lifecycle.NoPlan, "—", "", 0, "unknown")
	f("planned and not told is no zero", "2026-03-31", year("10 -", "10 -", "10 -"), lifecycle.Unreported, "—", "", 3, "unknown")
	f("judged as far as told", "2026-03-31", year("10 10", "10 -", "80 -"), lifecycle.OnSchedule, "0", "2026-01", 2, "unknown")
	f("a gap in the middle stops it", "2026-03-31", year("10 10", "10 -", "80 90"), lifecycle.OnSchedule, "0", "2026-01", 1, "unknown")
	f("a month that lagged is known", "2026-03-31", year("10 5", "10 -", "80 90"), lifecycle.Lagging, "-5", "2026-01", 1, "false")
	f("not clamped", "2026-02-28", year("10 146", "90 -"), lifecycle.OnSchedule, "136", "2026-01", 1, "unknown")
	f("the year's start", "2026-01-15", even, lifecycle.OnSchedule, "—", "", 0, "unknown")
	f("after the year", "2027-02-01", year("50 50", "- -", "- -", "- -", "- -", "- -", "- -", "- -", "- -", "- -", "- -", "50 50"), lifecycle.OnSchedule, "0", "2026-12", 0, "true")
	f("a third is exact to six places", "2026-01-31", year("1 0", "2 -"), lifecycle.Severe, "-33.333333", "2026-01", 0, "false")

	r.Money = quantity.Int(5)
	f("tolerated", "2026-03-31", even, lifecycle.OnSchedule, "-5", "2026-03", 0, "true")
}

func TestPhysicalLag(t *testing.T) {
	r := lifecycle.LagRule{Physical: quantity.Int(2), Severe: quantity.Int(10)}
	f := func(pace lifecycle.Pace, gap string, months ...string) {
		t.Helper()
		got := r.Judge(year(months...), 2026, day(t, "2026-03-31"), false).Physical
		if got.Pace != pace || got.Gap.String() != gap {
			t.Errorf("%v: %s %s, want %s %s", months, got.Pace, got.Gap, pace, gap)
		}
	}
	f(lifecycle.OnSchedule, "-2", "- - 10 8")
	f(lifecycle.Lagging, "-2.1", "- - 10 7.9")
	f(lifecycle.Severe, "-12", "- - 10 8", "- - 20 8")
	f(lifecycle.OnSchedule, "1", "- - 10 1", "- - 20 -", "- - 30 31")
	f(lifecycle.Unreported, "—", "- - 10 -", "- - 20 -")
	f(lifecycle.NoPlan, "—", "- - - 10")
	if got := r.Judge(year("10 0 10 0"), 2026, day(t, "2026-03-31"), true); got.Pace != lifecycle.Ended || got.Money.Gap.String() != "-100" {
		t.Errorf("what has ended is told and not held against: %+v", got)
	}
}

// TestTrap01SumsAndWeights: money is added to the cent, progress is weighed by investment and never a mean of rates.
func TestTrap01SumsAndWeights(t *testing.T) {
	parts := []lifecycle.Weighed{
		{Year: year("10.01 3.33 20 10"), Weight: some("900")}, {Year: year("0.02 3.34 40 100"), Weight: some("100")}, {Year: year("5 -")},
	}
	got := lifecycle.Sum(parts)[0]
	if got.Plan.String() != "15.03" || got.Actual.String() != "6.67" || got.Due != 3 || got.Reported != 2 {
		t.Errorf("%+v", got)
	}
	if got.PlannedProgress.String() != "22" || got.Progress.String() != "19" {
		t.Errorf("planned %s done %s", got.PlannedProgress, got.Progress)
	}
	parts[1].Weight = quantity.Null{}
	if got := lifecycle.Sum(parts)[0]; got.Progress.Valid {
		t.Errorf("a part without weight: %s", got.Progress)
	}
	if got := lifecycle.Sum(parts[:1])[0]; got.Progress.String() != "10" {
		t.Errorf("one part alone: %s", got.Progress)
	}
}

// TestSumsAreExact: whatever way money is cut into parts and months, it adds up to the cent.
func TestSumsAreExact(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 9))
	for range 200 {
		var want quantity.Decimal
		var parts []lifecycle.Weighed
		for range 1 + rnd.IntN(9) {
			var y lifecycle.Year
			for m := range y {
				n := quantity.Decimal(rnd.Int64N(9_000_000_000_000))
				y[m].Actual, want = quantity.Some(n), want+n
			}
			parts = append(parts, lifecycle.Weighed{Year: y.Settle()})
		}
		var got quantity.Decimal
		for _, m := range lifecycle.Sum(parts) {
			got += m.Actual.Decimal
		}
		if got != want {
			t.Fatalf("%s, want %s", got, want)
		}
	}
}

func TestExceeds(t *testing.T) {
	r := rules(t)
	f := func(want string, sums map[string]string) {
		t.Helper()
		of := lifecycle.FundingSums{}
		for step, n := range sums {
			of[step] = some(n)
		}
		var got []string
		for _, e := range r.Exceeds(map[string]lifecycle.FundingSums{"province": of}) {
			got = append(got, e.Step+">"+e.Before)
			if !strings.Contains(e.Text.Zh, "省补助") || e.Text.En == "" {
				t.Errorf("words %+v", e.Text)
			}
		}
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%v: %q, want %q", sums, g, want)
		}
	}
	f("", map[string]string{"planned": "100", "assigned": "100", "arrived": "80", "allocated": "80", "paid": "79.99"})
	f("assigned>planned", map[string]string{"planned": "100", "assigned": "100.01"})
	f("", map[string]string{"assigned": "100"}) // no plan was told
	f("paid>allocated", map[string]string{"assigned": "100", "arrived": "80", "paid": "1"})
	f("arrived>assigned paid>allocated", map[string]string{"assigned": "10", "arrived": "80", "allocated": "80", "paid": "90"})
}

// TestParse: what is wrong with rules is told, each with its line.
func TestParse(t *testing.T) {
	src, err := os.ReadFile("../../../packs/lifecycle/water-projects.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f := func(old, fresh, place string) {
		t.Helper()
		text := strings.Replace(string(src), old, fresh, 1)
		if text == string(src) {
			t.Fatalf("%q does not stand in the rules", old)
		}
		_, err := lifecycle.Parse("a.yaml", []byte(text))
		var bad *fault.Error
		if e, ok := err.(*fault.Error); ok {
			bad = e
		}
		if bad == nil || !slices.ContainsFunc(bad.Fields, func(x fault.Field) bool { return strings.Contains(x.Place, place) && strings.Contains(x.Place, "line") }) {
			t.Errorf("%q for %q: %v", fresh, old, err)
		}
	}
	f("requires: [design_approved]", "requires: [nothing]", "guards[0].requires[0]")
	f("stage: feasibility, name: {zh: 可研批复", "stage: nowhere, name: {zh: 可研批复", "milestones[2].stage")
	f("stage: proposal, name", "stage: acceptance, name", "milestones[2].stage")
	f("means: started", "means: prepared", "milestones")
	f("percent: 10}", "percent: -1}", "over.percent")
	f("does: refuse", "does: shout", "guards[0].does")
	f("severe: 10", "severe: -1", "lag")
	f("due: 07-31", "due: 02-30", "plans[0].due")
	f("programme: seawall", "programme: none", "plans[0].programme")
	f("{id: paid,", "{id: arrived,", "funding.steps[4].id")
	f("needs: [document, amount]", "needs: [stamp]", "needs[0]")
	f("needs: [document], approval: city}", "needs: [document], approval: town}", "milestones[1].approval")
}
