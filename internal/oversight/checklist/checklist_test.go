package checklist_test

import (
	"errors"
	"strings"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/oversight/checklist"
	"anlan/internal/quantity"

	"github.com/google/go-cmp/cmp"
)

const small = `id: dams
version: 2
title: {zh: 水库检查, en: Dams}
line: reservoir
basis: {zh: 依据, en: basis}
objects: [reservoir, pond]
severities: [general, heavier, serious]
days: {general: 15, heavier: 30, serious: 60}
scoring:
  start: 100
  floor: 0
  points: {general: 1, heavier: 5, serious: 10}
  bands:
  - {from: 90, measure: none}
  - {from: 60, measure: order}
  - {from: 0, measure: talk}
sections:
- id: dam
  title: {zh: 大坝, en: Dam}
  clauses:
  - code: d.dam.01
    text: {zh: 坝顶开裂, en: The crest is cracked}
    severity: heavier
    allowed: [general, heavier, serious]
    hazard: true
  - code: d.dam.02
    text: {zh: 坝坡长树, en: Trees on the slope}
    severity: general
    points: 2.5
    days: {general: 5}
- id: men
  title: {zh: 责任人, en: Persons}
  clauses:
  - code: d.men.01
    text: {zh: 巡查责任人不在岗, en: The patroller is not on duty}
    basis: {zh: 手册, en: handbook}
    severity: serious
    three_persons: patrol
    key_link: monitoring
`

func parse(t testing.TB, src string) *checklist.Checklist {
	t.Helper()
	c, err := checklist.Parse("t.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// told lists what a fault says, place and English reason.
func told(err error) string {
	var e *fault.Error
	if !errors.As(err, &e) {
		return ""
	}
	var list []string
	for _, f := range e.Fields {
		list = append(list, f.Place+": "+f.En)
	}
	return strings.Join(list, "\n")
}

func TestParse(t *testing.T) {
	c := parse(t, small)
	if c.ID != "dams" || c.Version != 2 || c.Count() != 3 || len(c.Objects) != 2 || c.Scoring.Bands[1].Measure != checklist.Order {
		t.Errorf("read as %+v", c)
	}
	cl, ok := c.Clause("d.men.01")
	if !ok || cl.Persons != checklist.Patrol || cl.KeyLink != checklist.Monitoring || c.BasisOf(cl).En != "handbook" {
		t.Errorf("read as %+v", cl)
	}
	first, _ := c.Clause("d.dam.01")
	if !first.Hazard || c.BasisOf(first).En != "basis" || len(first.May()) != 3 {
		t.Errorf("read as %+v", first)
	}
	second, _ := c.Clause("d.dam.02")
	if d, ok := c.DaysFor(second, checklist.General); !ok || d != 5 {
		t.Errorf("the clause's own days are %d, %v", d, ok)
	}
	if d, ok := c.DaysFor(first, checklist.Serious); !ok || d != 60 {
		t.Errorf("the list's days are %d, %v", d, ok)
	}
	if p := c.PointsFor(second, checklist.General); p != quantity.Some(quantity.MustParse("2.5")) {
		t.Errorf("the clause's own points are %v", p)
	}
	if diff := cmp.Diff(small2(t, c), small2(t, parse(t, string(checklist.Format(c))))); diff != "" {
		t.Error(diff)
	}
}

func small2(t *testing.T, c *checklist.Checklist) string {
	t.Helper()
	return string(checklist.Format(c))
}

// TestUnsoundListsAreTold changes the sound list in one place and expects what is told of it.
func TestUnsoundListsAreTold(t *testing.T) {
	f := func(old, fresh string, want ...string) {
		t.Helper()
		src := strings.Replace(small, old, fresh, 1)
		if src == small {
			t.Fatalf("%q does not stand in the list", old)
		}
		_, err := checklist.Parse("t.yaml", []byte(src))
		if diff := cmp.Diff(strings.Join(want, "\n"), told(err)); diff != "" {
			t.Errorf("%s → %s\n%s", old, fresh, diff)
		}
	}
	f("id: dams", "id: Dams", `t.yaml id (line 1): "Dams" is not well formed`)
	f("version: 2", "version: 0", "t.yaml version (line 2): versions begin with 1")
	f("zh: 水库检查, ", "", "t.yaml title (line 3): both languages are required")
	f("[reservoir, pond]", "[reservoir, reservoir]", "t.yaml objects[1] (line 6): it stands twice")
	f("[reservoir, pond]", "[]", "t.yaml objects (line 6): at least one kind of object is required")
	f("[general, heavier, serious]\ndays", "[general, serious, heavier]\ndays", "t.yaml severities[2] (line 7): grades go from light to grave, each once",
		"t.yaml scoring.points.heavier (line 12): a graver finding does not deduct less, and none more than there is")
	f("heavier: 30, ", "", "t.yaml days (line 8): the days for heavier are missing")
	f("serious: 60", "serious: 2000", "t.yaml days.serious (line 8): the days to mend are 0 to 1100")
	f("serious: 60", "serious: 60, grave: 1", `t.yaml days.grave (line 8): there is no grade "grave" here`)
	f("floor: 0", "floor: 100", "t.yaml scoring.floor (line 11): the floor lies between 0 and the start",
		"t.yaml scoring.bands[0].from (line 14): the band lies outside the score", "t.yaml scoring.bands[1].from (line 15): the band lies outside the score",
		"t.yaml scoring.bands[2].from (line 16): the band lies outside the score", "t.yaml scoring.bands[2].from (line 16): the last band begins at the floor 100")
	f("serious: 10}", "serious: 3}", "t.yaml scoring.points.serious (line 12): a graver finding does not deduct less, and none more than there is")
	f(", serious: 10}", "}", "t.yaml scoring.points (line 12): the points for serious are missing")
	f("{from: 60, measure: order}", "{from: 95, measure: order}", "t.yaml scoring.bands[1] (line 15): bands go from high to low scores, and from light to heavy measures")
	f("measure: talk", "measure: prison", `t.yaml scoring.bands[2].measure (line 16): there is no measure "prison"`)
	f("{from: 0, measure: talk}", "{from: 10, measure: talk}", "t.yaml scoring.bands[2].from (line 16): the last band begins at the floor 0")
	f("d.dam.02", "d.dam.01", "t.yaml sections[0].clauses[1].code (line 26): d.dam.01 stands twice")
	f("d.dam.02", "d-dam", `t.yaml sections[0].clauses[1].code (line 26): "d-dam" is not well formed`)
	f("severity: general", "severity: grave", `t.yaml sections[0].clauses[1].severity (line 28): the list has no grade "grave"`,
		`t.yaml sections[0].clauses[1].days.general (line 30): there is no grade "general" here`)
	f("    allowed: [general, heavier, serious]", "    allowed: [general, serious]", "t.yaml sections[0].clauses[0].allowed (line 24): the allowed grades leave out the default heavier")
	f("points: 2.5", "points: -1", "t.yaml sections[0].clauses[1].points (line 29): points are 0 to 10000")
	f("three_persons: patrol", "three_persons: cook", `t.yaml sections[1].clauses[0].three_persons (line 38): there is no such person: "cook"`)
	f("key_link: monitoring", "key_link: cooking", `t.yaml sections[1].clauses[0].key_link (line 39): there is no key link "cooking"`)
	f("hazard: true", "danger: true", `t.yaml sections[0].clauses[0] (line 25): there is no key "danger" here`)
	f("- id: men", "- id: dam", "t.yaml sections[1].id (line 31): dam stands twice")
}

func answers(pairs ...string) map[string]checklist.Answer {
	out := map[string]checklist.Answer{}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = checklist.Answer(pairs[i+1])
	}
	return out
}

func TestScore(t *testing.T) {
	c := parse(t, small)
	f := func(s checklist.Sheet, score, measure string, unanswered ...string) {
		t.Helper()
		r, err := checklist.Score(c, s)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if r.Measure != nil {
			got = string(*r.Measure)
		}
		if r.Score.String() != score || got != measure || !cmp.Equal(r.Unanswered, unanswered) {
			t.Errorf("%+v comes to %s, %q, without answer %v", s, r.Score, got, r.Unanswered)
		}
	}
	all := answers("d.dam.01", "pass", "d.dam.02", "pass", "d.men.01", "na")
	f(checklist.Sheet{Answers: all}, "100", "none")
	f(checklist.Sheet{Answers: answers("d.dam.01", "pass"), Findings: []checklist.Finding{{Clause: "d.dam.02", Severity: "general"}, {Clause: "d.men.01", Severity: "serious"}}}, "87.5", "order")
	// Two problems under one clause cost twice; one whose objection was upheld costs nothing.
	f(checklist.Sheet{Answers: answers("d.dam.02", "pass", "d.men.01", "pass"), Findings: []checklist.Finding{
		{Clause: "d.dam.01", Severity: "heavier"}, {Clause: "d.dam.01", Severity: "general"}, {Clause: "d.dam.01", Severity: "serious", Dismissed: true},
	}}, "94", "none")
	// The score falls to the floor and no lower.
	f(checklist.Sheet{Answers: answers("d.dam.02", "pass", "d.men.01", "pass"), Findings: slicesRepeat(checklist.Finding{Clause: "d.dam.01", Severity: "serious"}, 11)}, "0", "talk")
}

func slicesRepeat(f checklist.Finding, n int) []checklist.Finding {
	var out []checklist.Finding
	for range n {
		out = append(out, f)
	}
	return out
}

// TestAnUnlookedAtListHasNoScore holds that an empty sheet is no full score, and that a part of a sheet leads to no measure.
func TestAnUnlookedAtListHasNoScore(t *testing.T) {
	c := parse(t, small)
	r, err := checklist.Score(c, checklist.Sheet{})
	if err != nil || r.Score.Valid || r.Measure != nil || r.Complete() || r.Answered != 0 || r.Of != 3 {
		t.Errorf("an empty sheet: %+v, %v", r, err)
	}
	r, err = checklist.Score(c, checklist.Sheet{Answers: answers("d.dam.01", "pass", "d.dam.02", "fail")})
	if err != nil || r.Score.String() != "100" || r.Measure != nil || !cmp.Equal(r.Unanswered, []string{"d.dam.02", "d.men.01"}) {
		t.Errorf("a failed clause without its finding is not answered: %+v, %v", r, err)
	}
}

func TestScoreOfAListWithoutPoints(t *testing.T) {
	head, tail, _ := strings.Cut(small, "scoring:")
	_, sections, _ := strings.Cut(tail, "sections:")
	c := parse(t, strings.Replace(head+"sections:"+sections, "    points: 2.5\n", "", 1))
	r, err := checklist.Score(c, checklist.Sheet{Findings: []checklist.Finding{{Clause: "d.men.01", Severity: "serious"}}})
	if err != nil || r.Score.Valid || r.Severities[checklist.Serious] != 1 || r.Persons != 1 || r.KeyLinks[checklist.Monitoring] != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestScoreRefuses(t *testing.T) {
	c := parse(t, small)
	f := func(s checklist.Sheet, code string) {
		t.Helper()
		_, err := checklist.Score(c, s)
		var e *fault.Error
		if !errors.As(err, &e) || e.Code != code {
			t.Errorf("%+v: %v, want %s", s, err, code)
		}
	}
	f(checklist.Sheet{Answers: answers("d.x.01", "pass")}, "checklist.clause")
	f(checklist.Sheet{Findings: []checklist.Finding{{Clause: "d.x.01", Severity: "general"}}}, "checklist.clause")
	f(checklist.Sheet{Findings: []checklist.Finding{{Clause: "d.men.01", Severity: "general"}}}, "checklist.severity")
	f(checklist.Sheet{Answers: answers("d.men.01", "pass"), Findings: []checklist.Finding{{Clause: "d.men.01", Severity: "serious"}}}, "checklist.contradiction")
	_, err := checklist.Score(c, checklist.Sheet{Answers: answers("d.x.01", "pass")})
	if want := "version 2 of the list dams has no clause d.x.01"; !strings.Contains(err.Error(), want) {
		t.Errorf("told as %v", err)
	}
}

func TestLibrary(t *testing.T) {
	a := parse(t, small)
	b := parse(t, strings.NewReplacer("id: dams", "id: ponds", "d.dam", "p.dam", "d.men", "p.men", "[reservoir, pond]", "[pond]").Replace(small))
	l, err := checklist.NewLibrary([]*checklist.Checklist{b, a})
	if err != nil {
		t.Fatal(err)
	}
	if got := l.For("pond"); len(got) != 2 || got[0].ID != "dams" || len(l.For("river")) != 0 {
		t.Errorf("lists for ponds: %v", got)
	}
	if c, cl, ok := l.Clause("p.men.01"); !ok || c.ID != "ponds" || cl.Severity != checklist.Serious {
		t.Errorf("p.men.01 is in %v", c)
	}
	if _, ok := l.List("dams"); !ok {
		t.Error("a list is not found")
	}
	_, err = checklist.NewLibrary([]*checklist.Checklist{a, a, parse(t, strings.Replace(small, "id: dams", "id: ponds", 1))})
	if want := "dams: the list stands twice\nponds d.dam.01: the code is taken by the list dams\nponds d.dam.02: the code is taken by the list dams\nponds d.men.01: the code is taken by the list dams"; told(err) != want {
		t.Errorf("told as\n%s", told(err))
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("id: x\ndays: {grave: 1}\nscoring: {start: 1, floor: 0, points: {}}\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		c, err := checklist.Parse("f.yaml", src)
		if err != nil {
			if k := fault.KindOf(err); k != fault.Invalid && k != fault.TooLarge {
				t.Fatalf("refused as %s: %v", k, err)
			}
			return
		}
		out := checklist.Format(c)
		again, err := checklist.Parse("f.yaml", out)
		if err != nil {
			t.Fatalf("its own writing is refused: %v", err)
		}
		if diff := cmp.Diff(string(out), string(checklist.Format(again))); diff != "" {
			t.Fatal(diff)
		}
		if _, err := checklist.Score(c, checklist.Sheet{}); err != nil {
			t.Fatal(err)
		}
	})
}
