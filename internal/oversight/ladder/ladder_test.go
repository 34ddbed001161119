package ladder_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/oversight/checklist"
	"anlan/internal/oversight/ladder"
	"anlan/internal/quantity"

	"github.com/google/go-cmp/cmp"
)

func shipped(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "packs", "oversight", "ladder.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func parse(t testing.TB, src []byte) *ladder.Ladder {
	t.Helper()
	l, err := ladder.Parse("ladder.yaml", src)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func points(s string) quantity.Null { return quantity.Some(quantity.MustParse(s)) }

// TestSuggest walks the shipped ladder.
func TestSuggest(t *testing.T) {
	l := parse(t, shipped(t))
	f := func(facts ladder.Facts, step, reason string) {
		t.Helper()
		s, why, ok := ladder.Suggest(l, facts)
		if ok != (step != "") || s.ID != step || why.En != reason {
			t.Errorf("%+v: %q because %q, want %q because %q", facts, s.ID, why.En, step, reason)
		}
		if ok && (why.Zh == "" || s.Approver == "") {
			t.Errorf("%+v: %q without a Chinese reason or an approver", facts, s.ID)
		}
	}
	lag := func(months int, taken ...string) ladder.Facts {
		return ladder.Facts{Kind: ladder.Lag, MonthsLagging: months, Taken: taken}
	}
	f(lag(0), "", "")
	f(lag(1), "remind", "months behind in a row: 1")
	f(lag(2), "remind", "months behind in a row: 2") // one rung at a time
	f(lag(2, "remind"), "notice", "months behind in a row: 2")
	f(lag(1, "remind"), "", "")
	f(lag(3), "talk", "months behind in a row: 3") // a talk may be taken at once
	f(lag(3, "remind", "notice", "talk"), "", "")
	f(lag(4, "talk"), "supervise", "months behind in a row: 4") // what is lighter than a step taken is past
	f(lag(6, "talk"), "supervise", "months behind in a row: 6")
	f(lag(6, "supervise", "talk"), "deduct", "months behind in a row: 6")
	f(lag(9, "deduct"), "", "")

	bottom := lag(1, "remind")
	bottom.Rank, bottom.Peers = 6, 6
	f(bottom, "notice", "months behind in a row: 1, rank 6 of 6")
	bottom.Rank = 5
	f(bottom, "", "")
	far := lag(1)
	far.PointsBehind = points("20.5")
	f(far, "talk", "20.5 points behind the calendar")
	far.PointsBehind = points("20") // more than 20
	f(far, "remind", "months behind in a row: 1")
	silent := lag(1, "remind")
	silent.Unanswered = true
	f(silent, "notice", "months behind in a row: 1, the last step was not answered in time")

	f(ladder.Facts{Kind: ladder.MissingReturn, Reminders: 2}, "remind", "reminders: 2")
	f(ladder.Facts{Kind: ladder.MissingReturn, DaysOverdue: 7, Taken: []string{"remind"}}, "notice", "days overdue: 7")
	f(ladder.Facts{Kind: ladder.Overdue, DaysOverdue: 1, Severity: checklist.General}, "remind", "days overdue: 1")
	f(ladder.Facts{Kind: ladder.Overdue, DaysOverdue: 8, Severity: checklist.Grave}, "supervise", "days overdue: 8, grade: grave")
	f(ladder.Facts{Kind: ladder.Finding, Severity: checklist.General}, "", "")
	f(ladder.Facts{Kind: ladder.Finding, Severity: checklist.Serious, Repeats: 1}, "notice", "times back within 12 months: 1, grade: serious")
	f(ladder.Facts{Kind: ladder.Finding, Severity: checklist.Grave}, "talk", "grade: grave")
	f(ladder.Facts{Kind: "weather", MonthsLagging: 9}, "", "")
}

// TestNothingIsSuggestedWhileAStepIsOpen holds that the next rung waits for the decision on this one and for its reply.
func TestNothingIsSuggestedWhileAStepIsOpen(t *testing.T) {
	l := parse(t, shipped(t))
	if s, _, ok := ladder.Suggest(l, ladder.Facts{Kind: ladder.Lag, MonthsLagging: 6, Waiting: true}); ok {
		t.Errorf("suggests %s", s.ID)
	}
}

// TestAbsentIsNotReached holds that what is not known calls for nothing.
func TestAbsentIsNotReached(t *testing.T) {
	l := parse(t, shipped(t))
	for _, k := range []ladder.Kind{ladder.Lag, ladder.MissingReturn, ladder.Overdue, ladder.Finding} {
		if s, why, ok := ladder.Suggest(l, ladder.Facts{Kind: k}); ok {
			t.Errorf("nothing known of a %s: %s because %s", k, s.ID, why)
		}
	}
}

// TestMoreNeverSuggestsLess raises one fact at a time: the step suggested never becomes lighter.
func TestMoreNeverSuggestsLess(t *testing.T) {
	l := parse(t, shipped(t))
	rank := func(f ladder.Facts) int {
		s, _, ok := ladder.Suggest(l, f)
		if !ok {
			return -1
		}
		for i, x := range l.Steps {
			if x.ID == s.ID {
				return i
			}
		}
		return -1
	}
	for _, kind := range []ladder.Kind{ladder.Lag, ladder.MissingReturn, ladder.Overdue, ladder.Finding} {
		for months := range 8 {
			for days := 0; days < 100; days += 3 {
				for _, s := range append(checklist.Severities(), "") {
					for repeats := range 3 {
						f := ladder.Facts{Kind: kind, MonthsLagging: months, DaysOverdue: days, Severity: s, Repeats: repeats}
						was := rank(f)
						g, h, i := f, f, f
						g.MonthsLagging++
						h.DaysOverdue += 10
						i.Repeats++
						if rank(g) < was || rank(h) < was || rank(i) < was {
							t.Fatalf("%+v: %d, then %d, %d, %d", f, was, rank(g), rank(h), rank(i))
						}
					}
				}
			}
		}
	}
}

func TestFollows(t *testing.T) {
	l := parse(t, shipped(t))
	f := func(c *checklist.Checklist, score quantity.Null, want checklist.Measure) {
		t.Helper()
		if m, ok := l.Follows(c, score); m != want || ok != (want != "") {
			t.Errorf("%v leads to %s", score, m)
		}
	}
	plain := &checklist.Checklist{}
	f(plain, quantity.Null{}, "") // no score, no measure
	f(plain, points("100"), checklist.NoMeasure)
	f(plain, points("90"), checklist.NoMeasure)
	f(plain, points("89.999999"), checklist.Order)
	f(plain, points("74"), checklist.Talk)
	f(plain, points("59"), checklist.Circular)
	f(plain, points("44"), checklist.Stop)
	f(plain, points("0"), checklist.Sanction)
	own := &checklist.Checklist{Scoring: &checklist.Scoring{Bands: []checklist.Band{{From: 0, Measure: checklist.Talk}}}}
	f(own, points("100"), checklist.Talk)
}

const small = `id: l
version: 1
title: {zh: 办法, en: Ladder}
basis: {zh: 依据, en: basis}
steps:
- {id: letter, name: {zh: 函, en: letter}, approver: reviewer, target: unit, reply_days: 5}
- {id: talk, name: {zh: 谈, en: talk}, approver: director, target: person, reply_days: 5, deduct_points: 0.5}
rules:
- {kind: lag, step: letter, when: [{months_lagging: 1}]}
- {kind: lag, step: talk, when: [{months_lagging: 2}]}
liability:
- {from: 60, measure: none}
- {from: 0, measure: order}
liability_counts:
- {measure: order, severity: serious, findings: 2}
liability_persons:
- {measure: order, direct: talk}
- {measure: talk}
`

func TestUnsoundLaddersAreTold(t *testing.T) {
	f := func(old, fresh, want string) {
		t.Helper()
		src := strings.Replace(small, old, fresh, 1)
		if src == small {
			t.Fatalf("%q does not stand in the ladder", old)
		}
		_, err := ladder.Parse("t.yaml", []byte(src))
		var e *fault.Error
		got := ""
		if errors.As(err, &e) && len(e.Fields) > 0 {
			got = e.Fields[0].Place + ": " + e.Fields[0].En
		}
		if got != want {
			t.Errorf("%s → %s\n%s\nwant\n%s", old, fresh, got, want)
		}
	}
	f("target: unit", "target: boss", `t.yaml steps[0].target (line 6): there is no target "boss"`)
	f("reply_days: 5}", "reply_days: 400}", "t.yaml steps[0].reply_days (line 6): the days are 0 to 366")
	f("reply_days: 5}", "reply_days: 0, report_every_days: 7}", "t.yaml steps[0].report_every_days (line 6): without a reply there is no report after it")
	f("deduct_points: 0.5", "deduct_points: 0", "t.yaml steps[1].deduct_points (line 7): the points are more than 0 and at most 100")
	f("id: talk", "id: letter", "t.yaml steps[1].id (line 7): letter stands twice")
	f("kind: lag", "kind: weather", `t.yaml rules[0].kind (line 9): there is no kind "weather"`)
	f("step: talk", "step: prison", `t.yaml rules[1].step (line 10): there is no step "prison"`)
	f("step: talk", "step: letter", "t.yaml rules[1].step (line 10): the rules of a kind go from light to heavy, one for each step")
	f("{months_lagging: 2}", "{}", "t.yaml rules[1].when[0] (line 10): the condition is empty and would always hold")
	f("{months_lagging: 2}", "{months_lagging: 2, severity: grave}", "t.yaml rules[1].when[0].severity (line 10): a matter of the kind lag has no such fact")
	f("{months_lagging: 2}", "{months_lagging: -2}", "t.yaml rules[1].when[0] (line 10): a condition is not negative")
	f("[{months_lagging: 2}]", "[]", "t.yaml rules[1].when (line 10): there is no condition")
	f("kind: lag, step: letter, when: [{months_lagging: 1}]", "kind: finding, step: letter, when: [{severity: bad}]", `t.yaml rules[0].when[0].severity (line 9): there is no grade "bad"`)
	f("{from: 0, measure: order}", "{from: 5, measure: order}", "t.yaml liability[1].from (line 13): the last band begins at 0")
	f("{from: 0, measure: order}", "{from: 70, measure: order}", "t.yaml liability[1] (line 13): bands go from high to low scores, and from light to heavy measures")
	f("severity: serious", "severity: bad", `t.yaml liability_counts[0].severity (line 15): there is no grade "bad"`)
	f("findings: 2", "findings: 0", "t.yaml liability_counts[0].findings (line 15): the number of problems is 1 or more")
	f("direct: talk", "leading: prison", `t.yaml liability_persons[0].leading (line 17): there is no measure "prison"`)
	f("- {measure: talk}", "- {measure: order}", "t.yaml liability_persons[1].measure (line 18): order stands twice")
	f("measure: order", "measure: prison", `t.yaml liability[1].measure (line 13): there is no measure "prison"`)
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add(shipped(f))
	f.Fuzz(func(t *testing.T, src []byte) {
		l, err := ladder.Parse("f.yaml", src)
		if err != nil {
			if k := fault.KindOf(err); k != fault.Invalid && k != fault.TooLarge {
				t.Fatalf("refused as %s: %v", k, err)
			}
			return
		}
		out := ladder.Format(l)
		again, err := ladder.Parse("f.yaml", out)
		if err != nil {
			t.Fatalf("its own writing is refused: %v", err)
		}
		if diff := cmp.Diff(string(out), string(ladder.Format(again))); diff != "" {
			t.Fatal(diff)
		}
		for _, k := range []ladder.Kind{ladder.Lag, ladder.Finding} {
			if s, _, ok := ladder.Suggest(l, ladder.Facts{Kind: k}); ok {
				t.Fatalf("nothing known, and %s is suggested", s.ID)
			}
		}
	})
}
