package acceptance_test

import (
	"errors"
	"strings"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/ledger/acceptance"
	"anlan/internal/quantity"

	"github.com/google/go-cmp/cmp"
)

const small = `id: rivers
version: 1
title: {zh: 河道验收, en: Rivers}
line: river
basis: {zh: 依据, en: basis}
objects: [river]
threshold: 85
review_years: 3
stages:
- {id: listed, name: {zh: 列入, en: listed}, by: county, next: [judged]}
- {id: judged, name: {zh: 市验, en: judged}, by: city, next: [title, listed]}
- {id: title, name: {zh: 公布, en: published}, by: city, next: [gone], needs_pass: true, holds_title: true}
- {id: gone, name: {zh: 撤销, en: revoked}, by: city}
prerequisites:
- {code: r.veto.flood, text: {zh: 达标, en: standard met}}
- {code: r.veto.clean, text: {zh: 无劣五类, en: not worse than V}}
dimensions:
- id: safe
  name: {zh: 安全, en: Safe}
  items:
  - {code: r.safe.dike, weight: 30, text: {zh: 堤防, en: dikes}}
  - {code: r.safe.weir, weight: 10, may_skip: true, text: {zh: 堰坝, en: weirs}}
- id: clear
  name: {zh: 清洁, en: Clear}
  items:
  - {code: r.clear.water, weight: 60, text: {zh: 水质, en: quality}, evidence: {zh: 报告, en: report}}
`

func parse(t testing.TB, src string) *acceptance.Tree {
	t.Helper()
	tree, err := acceptance.Parse("t.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

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

func points(s string) acceptance.Answer {
	return acceptance.Answer{Points: quantity.MustParse(s), Reason: "seen on site"}
}

func holds() map[string]bool { return map[string]bool{"r.veto.flood": true, "r.veto.clean": true} }

// judged is what a judgement says in one line: score, reachable, verdict.
func judged(t *testing.T, a acceptance.Answers) (string, acceptance.Result) {
	t.Helper()
	r, err := acceptance.Judge(parse(t, small), a)
	if err != nil {
		t.Fatal(err)
	}
	return r.Score.String() + " " + r.Reachable.String() + " " + string(r.Verdict), r
}

func TestJudge(t *testing.T) {
	f := func(dike, weir, water, want string) {
		t.Helper()
		a := acceptance.Answers{Prerequisites: holds(), Items: map[string]acceptance.Answer{"r.safe.dike": points(dike), "r.clear.water": points(water)}}
		if weir == "skip" {
			a.Items["r.safe.weir"] = acceptance.Answer{Skip: true, Reason: "no weir"}
		} else {
			a.Items["r.safe.weir"] = points(weir)
		}
		if got, _ := judged(t, a); got != want {
			t.Errorf("%s, %s, %s: %s, want %s", dike, weir, water, got, want)
		}
	}
	f("30", "10", "60", "100 100 passed")
	f("25", "10", "50", "85 85 passed") // the threshold itself passes
	f("25", "10", "49.999999", "84.999999 84.999999 failed")
	f("0", "0", "0", "0 0 failed")
	f("26.5", "skip", "50", "85 85 passed")                    // 76.5 of 90
	f("26.499999", "skip", "50", "84.999999 84.999999 failed") // 76.499999 of 90 is 84.99999888…
}

// TestAbsentIsMissingNotZero holds that a gap leaves the score open and says how far it can still reach.
func TestAbsentIsMissingNotZero(t *testing.T) {
	got, r := judged(t, acceptance.Answers{Prerequisites: map[string]bool{"r.veto.flood": true}, Items: map[string]acceptance.Answer{"r.safe.dike": points("20")}})
	if got != "— 90 open" {
		t.Errorf("judged as %s", got)
	}
	if diff := cmp.Diff([]string{"r.veto.clean", "r.safe.weir", "r.clear.water"}, r.Missing); diff != "" {
		t.Error(diff)
	}
	want := []acceptance.Share{
		{ID: "safe", Points: quantity.Int(20), Answered: quantity.Int(30), Of: quantity.Int(40), Missing: 1},
		{ID: "clear", Of: quantity.Int(60), Missing: 1},
	}
	if diff := cmp.Diff(want, r.Dimensions); diff != "" {
		t.Error(diff)
	}
	if got, _ := judged(t, acceptance.Answers{}); got != "— 100 open" {
		t.Errorf("nothing answered: %s", got)
	}
}

func TestAVetoFailsWhateverTheScore(t *testing.T) {
	a := acceptance.Answers{
		Prerequisites: map[string]bool{"r.veto.flood": false, "r.veto.clean": true},
		Items:         map[string]acceptance.Answer{"r.safe.dike": points("30"), "r.safe.weir": points("10"), "r.clear.water": points("60")},
	}
	got, r := judged(t, a)
	if got != "100 100 failed" || !cmp.Equal(r.Vetoes, []string{"r.veto.flood"}) {
		t.Errorf("judged as %s, vetoes %v", got, r.Vetoes)
	}
	if got, _ := judged(t, acceptance.Answers{Prerequisites: map[string]bool{"r.veto.clean": false}}); got != "— 100 failed" {
		t.Errorf("a veto before anything else is answered: %s", got)
	}
}

func TestDeductionsAreExplained(t *testing.T) {
	a := acceptance.Answers{Prerequisites: holds(), Items: map[string]acceptance.Answer{
		"r.safe.dike": {Points: quantity.Int(29)}, "r.safe.weir": {Skip: true}, "r.clear.water": {Points: quantity.Int(60)},
	}}
	got, r := judged(t, a)
	if !strings.HasSuffix(got, "open") || !cmp.Equal(r.Unexplained, []string{"r.safe.dike", "r.safe.weir"}) {
		t.Errorf("judged as %s, without a reason %v", got, r.Unexplained)
	}
}

func TestJudgeRefuses(t *testing.T) {
	f := func(a acceptance.Answers, want string) {
		t.Helper()
		_, err := acceptance.Judge(parse(t, small), a)
		if got := told(err); got != want {
			t.Errorf("told as %q, want %q", got, want)
		}
	}
	items := func(code string, a acceptance.Answer) acceptance.Answers {
		return acceptance.Answers{Items: map[string]acceptance.Answer{code: a}}
	}
	f(items("r.x.y", points("1")), "r.x.y: version 1 of rivers has no such item")
	f(items("r.safe.dike", points("30.1")), "r.safe.dike: the points are 0 to 30")
	f(items("r.safe.dike", points("-1")), "r.safe.dike: the points are 0 to 30")
	f(items("r.safe.dike", acceptance.Answer{Skip: true}), "r.safe.dike: the item cannot be left out as not applicable")
	f(acceptance.Answers{Prerequisites: map[string]bool{"r.safe.dike": true}}, "r.safe.dike: version 1 of rivers has no such prerequisite")
}

func TestMove(t *testing.T) {
	tree := parse(t, small)
	passed, failed := &acceptance.Result{Verdict: acceptance.Passed}, &acceptance.Result{Verdict: acceptance.Failed}
	f := func(from, to string, last *acceptance.Result, code string) {
		t.Helper()
		err := tree.Move(from, to, last)
		var e *fault.Error
		if errors.As(err, &e) != (code != "") || code != "" && (e.Code != code || e.Kind != fault.Conflict) {
			t.Errorf("%s → %s: %v, want %q", from, to, err, code)
		}
	}
	f("listed", "judged", nil, "")
	f("judged", "title", passed, "")
	f("judged", "title", nil, "acceptance.unjudged")
	f("judged", "title", failed, "acceptance.not_passed")
	f("judged", "listed", failed, "")
	f("listed", "title", passed, "acceptance.move")
	f("title", "gone", nil, "")
	f("gone", "listed", nil, "acceptance.move")
	f("nowhere", "listed", nil, "acceptance.move")
	if tree.Begins().ID != "listed" {
		t.Errorf("begins with %s", tree.Begins().ID)
	}
}

func TestReviewDue(t *testing.T) {
	tree := parse(t, small)
	f := func(published, want string) {
		t.Helper()
		d, err := hydrotime.ParseDate(published)
		if err != nil {
			t.Fatal(err)
		}
		if due, ok := tree.ReviewDue(d); !ok || due.String() != want {
			t.Errorf("published %s: due %s", published, due)
		}
	}
	f("2023-11-30", "2026-11-30")
	f("2024-02-29", "2027-03-01")
	tree.ReviewYears = 0
	if _, ok := tree.ReviewDue(hydrotime.Date{Year: 2026, Month: 1, Day: 1}); ok {
		t.Error("a title without review has a due date")
	}
}

func TestUnsoundTreesAreTold(t *testing.T) {
	f := func(old, fresh, want string) {
		t.Helper()
		src := strings.Replace(small, old, fresh, 1)
		if src == small {
			t.Fatalf("%q does not stand in the tree", old)
		}
		_, err := acceptance.Parse("t.yaml", []byte(src))
		if got := told(err); got != want {
			t.Errorf("%s → %s\n%s\nwant\n%s", old, fresh, got, want)
		}
	}
	f("weight: 30", "weight: 29", "t.yaml dimensions (line 18): the items make 99 points, not 100")
	f("weight: 30", "weight: 0", "t.yaml dimensions[0].items[0].weight (line 21): the weight is more than 0 and at most 100\nt.yaml dimensions (line 18): the items make 70 points, not 100")
	f("threshold: 85", "threshold: 101", "t.yaml threshold (line 7): the threshold is more than 0 and at most 100")
	f("next: [judged]", "next: [jugded]", `t.yaml stages[0].next[0] (line 10): it cannot go on to "jugded"`+
		"\nt.yaml stages[1] (line 11): no way leads here from the first stage\nt.yaml stages[2] (line 12): no way leads here from the first stage\nt.yaml stages[3] (line 13): no way leads here from the first stage")
	f(", holds_title: true", "", "t.yaml stages (line 10): no stage holds the title")
	f("by: county", "by: village", `t.yaml stages[0].by (line 10): there is no level "village"`)
	f("code: r.veto.clean", "code: r.veto.flood", "t.yaml prerequisites[1].code (line 16): r.veto.flood stands twice")
	f("code: r.safe.weir", "code: r.veto.flood", "t.yaml dimensions[0].items[1].code (line 22): r.veto.flood stands twice")
	f("- id: clear", "- id: safe", "t.yaml dimensions[1].id (line 23): safe stands twice")
	f("review_years: 3", "review_years: 30", "t.yaml review_years (line 8): the years to the review are 0 to 20")
	f("zh: 水质, ", "", "t.yaml dimensions[1].items[0].text (line 26): both languages are required")
	f("zh: 报告, ", "", "t.yaml dimensions[1].items[0].evidence (line 26): both languages are required")
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Fuzz(func(t *testing.T, src []byte) {
		tree, err := acceptance.Parse("f.yaml", src)
		if err != nil {
			if k := fault.KindOf(err); k != fault.Invalid && k != fault.TooLarge {
				t.Fatalf("refused as %s: %v", k, err)
			}
			return
		}
		out := acceptance.Format(tree)
		again, err := acceptance.Parse("f.yaml", out)
		if err != nil {
			t.Fatalf("its own writing is refused: %v", err)
		}
		if diff := cmp.Diff(string(out), string(acceptance.Format(again))); diff != "" {
			t.Fatal(diff)
		}
		r, err := acceptance.Judge(tree, acceptance.Answers{})
		if err != nil || r.Verdict != acceptance.Open || r.Score.Valid {
			t.Fatalf("nothing answered: %+v, %v", r, err)
		}
	})
}
