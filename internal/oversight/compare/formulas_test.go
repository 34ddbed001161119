package compare_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/oversight/compare"

	"github.com/google/go-cmp/cmp"
)

const two = `id: two
version: 1
title: {zh: 两比, en: Two}
basis: {zh: 依据, en: basis}
parts:
- id: amount
  name: {zh: 数量, en: Amount}
  weight: 30
  score: min(100, 20 * problems_per_object)
  shows: [problems]
- id: speed
  name: {zh: 速度, en: Speed}
  weight: 70
  score: 100 - overdue_rate
  shows: [overdue_rate, median_days]
`

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

// TestCompare scores the sheet at the end of May: 上虞 has 5 problems at 4 works and 2 of 4 overdue, 新昌 2 at 2 and 1 of 3.
func TestCompare(t *testing.T) {
	c, err := compare.Parse("two.yaml", []byte(two))
	if err != nil {
		t.Fatal(err)
	}
	records, visits := sheet(t)
	stats := compare.ByDivision(records, visits, asOf("2026-05-31"), func(string) string { return "" })
	stats["330681"], stats["330683"] = compare.Stat{}, compare.Stat{} // nothing inspected, nothing due
	scores, err := c.Compare(stats)
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Division, Amount, Speed, Total, Missing string
		Rank                                    int
	}
	var got []row
	for _, s := range scores {
		got = append(got, row{s.Division, s.Parts[0].String(), s.Parts[1].String(), s.Total.String(), strings.Join(s.Missing, " "), s.Rank})
	}
	want := []row{
		{"330624", "20", "66.666667", "52.666667", "", 1}, // 0.3 × 20 + 0.7 × 66⅔
		{"330604", "25", "50", "42.5", "", 2},             // 0.3 × 25 + 0.7 × 50
		{"330681", "—", "—", "—", "amount speed", 3},
		{"330683", "—", "—", "—", "amount speed", 3},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestTrap09TiesShareARank holds that equal totals share a rank, the next is skipped, and those without a total stand last.
func TestTrap09TiesShareARank(t *testing.T) {
	c, err := compare.Parse("two.yaml", []byte(two))
	if err != nil {
		t.Fatal(err)
	}
	stat := func(placed, overdue int64) compare.Stat {
		return compare.Stat{Placed: placed, Objects: 10, Overdue: overdue, OnTime: compare.Rate{Denominator: 10}}
	}
	scores, err := c.Compare(map[string]compare.Stat{"a": stat(20, 1), "b": stat(20, 1), "c": stat(20, 0), "d": stat(20, 5), "e": {}})
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, s := range scores {
		got += s.Division + string(rune('0'+s.Rank)) + " "
	}
	if got != "c1 a2 b2 d4 e5 " {
		t.Errorf("ranked %s", got)
	}
}

// TestScoresAreHeldBetween0And100 holds that a formula that runs out of its bounds does not carry the total with it.
func TestScoresAreHeldBetween0And100(t *testing.T) {
	c, err := compare.Parse("two.yaml", []byte(strings.Replace(two, "min(100, 20 * problems_per_object)", "1000 * problems - 3000", 1)))
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[int64]string{0: "0", 3: "0", 9: "100"} {
		s, err := c.Compare(map[string]compare.Stat{"x": {Tally: compare.Tally{Found: n}}})
		if err != nil || s[0].Parts[0].String() != want {
			t.Errorf("%d problems: %v, %v", n, s[0].Parts, err)
		}
	}
}

func TestUnsoundComparisonsAreTold(t *testing.T) {
	f := func(old, fresh, want string) {
		t.Helper()
		src := strings.Replace(two, old, fresh, 1)
		if src == two {
			t.Fatalf("%q does not stand in the file", old)
		}
		_, err := compare.Parse("t.yaml", []byte(src))
		if got := told(err); !strings.HasPrefix(got, want) {
			t.Errorf("%s → %s\n%s\nwant\n%s", old, fresh, got, want)
		}
	}
	f("100 - overdue_rate", "100 - overdu_rate", "t.yaml parts[1].score (line 14): at character 7: there is no indicator overdu_rate")
	f("100 - overdue_rate", "100 -", "t.yaml parts[1].score (line 14): at character 6: the formula cannot be read")
	f("100 - overdue_rate", "prev(overdue_rate)", "t.yaml parts[1].score (line 14): at character 1: there is no indicator overdue_rate")
	f("100 - overdue_rate", "numerator(problems)", "t.yaml parts[1].score (line 14): at character 1: problems has no numerator and denominator")
	f("100 - overdue_rate", "problems + overdue_rate", "t.yaml parts[1].score (line 14): at character 12: a plain number and “%” cannot be added")
	f("weight: 30", "weight: 0", "t.yaml parts[0].weight (line 8): the weight is more than 0 and at most 100")
	f("[problems]", "[problem]", `t.yaml parts[0].shows[0] (line 10): there is no measure "problem"`)
	f("- id: speed", "- id: amount", "t.yaml parts[1].id (line 11): amount stands twice")
	f("version: 1", "version: -1", "t.yaml version (line 2): versions begin with 1")
	f("zh: 速度, ", "", "t.yaml parts[1].name (line 12): both languages are required")
}

func FuzzParse(f *testing.F) {
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "packs", "oversight", "comparison.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(two))
	f.Add(b)
	f.Fuzz(func(t *testing.T, src []byte) {
		c, err := compare.Parse("f.yaml", src)
		if err != nil {
			if k := fault.KindOf(err); k != fault.Invalid && k != fault.TooLarge {
				t.Fatalf("refused as %s: %v", k, err)
			}
			return
		}
		out := compare.Format(c)
		again, err := compare.Parse("f.yaml", out)
		if err != nil {
			t.Fatalf("its own writing is refused: %v", err)
		}
		if diff := cmp.Diff(string(out), string(compare.Format(again))); diff != "" {
			t.Fatal(diff)
		}
	})
}
