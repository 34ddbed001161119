package pack_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/programme/pack"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write golden files anew")

const shipped = "../../../packs"

// sources are the shipped packs, by file name.
func sources(t testing.TB) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(shipped, "*.yaml"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no packs in %s: %v", shipped, err)
	}
	out := map[string][]byte{}
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(n)] = b
	}
	return out
}

func parse(t testing.TB, src string) *pack.Pack {
	t.Helper()
	p, err := pack.Parse("t.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// told lists what a fault says, place and English reason.
func told(err error) string {
	var e *fault.Error
	if !errors.As(err, &e) {
		return ""
	}
	var b strings.Builder
	for _, f := range e.Fields {
		b.WriteString(f.Place + ": " + f.En + "\n")
	}
	return b.String()
}

const small = `id: rivers
version: 1
title: {zh: 河道, en: Rivers}
line: river
basis: {zh: 依据, en: basis}
order: 1
indicators:
- code: river.km
  name: {zh: 治理长度, en: Length regulated}
  unit: km
  decimals: 1
  kind: cumulative
  better: more
  rollup: sum
  level: county
  cadence: month
  office: {zh: 县级, en: county}
  reader: {zh: 市局, en: city}
  definition: {zh: 治理的河道长度, en: Length of rivers regulated}
- code: river.stage
  name: {zh: 方案阶段, en: Stage of the plan}
  unit: one
  decimals: 0
  kind: stock
  better: more
  rollup: min
  level: county
  cadence: month
  office: {zh: 县级, en: county}
  reader: {zh: 市局, en: city}
  definition: {zh: 方案编制阶段, en: How far the plan is}
  options:
  - {value: 0, name: {zh: 未编制, en: not drafted}}
  - {value: 3, name: {zh: 批复, en: approved}}
forms:
- id: rivers.month
  title: {zh: 月报, en: Monthly return}
  level: county
  cadence: month
  due_day: 5
  review_days: 3
  lines: [river.km, river.stage]
targets:
- id: river.km.annual
  name: {zh: 年度任务, en: Plan}
  indicator: river.km
  issuer: city
  judge: completion
  due: 12-31
  curve: linear
  split: true
- id: river.stage.approved
  name: {zh: 批复, en: Approved}
  indicator: river.stage
  issuer: city
  judge: threshold
  due: 07-31
  curve: at_due
  split: false
  fixed: 3
deadlines:
- id: plans
  title: {zh: 方案, en: Plans}
  due: 07-31
  targets: [river.stage.approved]
`

func TestParseTellsEverythingAtOnce(t *testing.T) {
	f := func(src, want string) {
		t.Helper()
		_, err := pack.Parse("t.yaml", []byte(src))
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%q was taken: %v", src, err)
		}
		if diff := cmp.Diff(want, told(err)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", src, diff)
		}
	}
	f("id: a\nid: b\nfoo: 1\nversion: x\norder: 1.5\nindicators:\n- code: c.d\n  min: abc\n  headline: 2\n  title: x\nforms: 3\ntargets: [1]\n", strings.Join([]string{
		"t.yaml id (line 2): the key stands twice",
		`t.yaml (line 3): there is no key "foo" here`,
		`t.yaml version (line 4): "x" is not a whole number`,
		`t.yaml order (line 5): "1.5" is not a whole number`,
		`t.yaml indicators[0].min (line 8): "abc" is not a number`,
		`t.yaml indicators[0].headline (line 9): "2" is not true or false`,
		`t.yaml indicators[0] (line 10): there is no key "title" here`,
		"t.yaml forms (line 11): a list is expected",
		"t.yaml targets[0] (line 12): keys with values are expected",
	}, "\n")+"\n")
	f("id: [a]\n", "t.yaml id (line 1): a single value is expected\n")
	f("title: 水利\n", "t.yaml title (line 1): keys with values are expected\n")
	f("", "t.yaml: the file is empty\n")
	f("null", "t.yaml (line 1): keys with values are expected\n")
	f("id: a\n---\nid: b\n", "t.yaml (line 2): a file holds one pack\n")
	f("a: &x [1]\nb: *x\n", "t.yaml (line 1): anchors and aliases are not supported\n")
	f("<<: {id: a}\n", "t.yaml (line 1): there is no key \"<<\" here\n")
}

func TestParseIsBounded(t *testing.T) {
	_, err := pack.Parse("t.yaml", make([]byte, pack.MaxSize+1))
	if !fault.Is(err, fault.TooLarge) {
		t.Errorf("a huge file gave %v", err)
	}
	_, err = pack.Parse("t.yaml", []byte(strings.Repeat("x: 1\n", 1000)))
	if n := strings.Count(told(err), "\n"); n != pack.MaxFaults {
		t.Errorf("%d places were named", n)
	}
}

func TestCatalogueRefuses(t *testing.T) {
	f := func(old, fresh, want string) {
		t.Helper()
		src := strings.Replace(small, old, fresh, 1)
		if src == small && old != "" {
			t.Fatalf("%q does not stand in the pack", old)
		}
		_, err := pack.NewCatalogue([]*pack.Pack{parse(t, src)})
		if got := told(err); !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%q for %q: got %q, want %q", fresh, old, got, want)
		}
	}
	f("", "", "")
	f("code: river.km", "code: River", "a code is lower case words")
	f("code: river.stage", "code: river.km", "stands twice")
	f("en: Length regulated", "en: ''", "both languages are required")
	f("unit: km", "unit: mile", `there is no unit "mile"`)
	f("kind: cumulative", "kind: total", "is cumulative, period or stock")
	f("unit: one", "unit: km", "a stage has the unit one")
	ratio := func(unit, over, under string) string {
		return "unit: " + unit + "\n  ratio: {numerator: {name: {zh: 子, en: part}, unit: " + over + "}, denominator: {name: {zh: 母, en: whole}, unit: " + under + "}}"
	}
	f("unit: km", ratio("percent", "wan_yuan", "yi_yuan"), "in one unit")
	f("unit: km", ratio("percent", "reservoir", "village"), "in one unit")
	f("unit: km", ratio("km", "km", "km"), "a ratio has the unit percent")
	f("value: 0", "value: -1", "option -1 is negative")
	f("value: 0", "value: 3", "option 3 stands twice")
	f("fixed: 3", "fixed: 2", "2 is not a stage of the indicator")
	f("  decimals: 1\n", "  decimals: 1\n  min: 3\n  max: 2\n", "the minimum is above the maximum")
	f("  decimals: 1\n", "  decimals: 1\n  jump: 0\n", "the jump is above 0")
	f("  decimals: 1\n", "  decimals: 1\n  aliases: ['']\n", "the alias is empty")
	f("  decimals: 1\n", "  decimals: 1\n  parts: [river.none]\n", "part river.none is unknown")
	f("  decimals: 1\n", "  decimals: 1\n  formula: river.stage\n", "is computed and cannot be filed")
	f("due_day: 5", "due_day: 29", "the due day is 1 to 28")
	f("lines: [river.km, ", "lines: [river.km, river.km, ", "stands twice")
	f("lines: [river.km, ", "lines: [", "no form asks for this indicator")
	f("level: county\n  cadence: month\n  due_day", "level: city\n  cadence: month\n  due_day", "is filed by the county")
	f("indicator: river.km", "indicator: river.x", "there is no indicator river.x")
	f("judge: completion", "judge: rate", "names a completion target")
	f("due: 12-31", "due: 13-01", "a due date is like 06-30")
	f("targets: [river.stage.approved]", "targets: [river.none]", "there is no target river.none")
	f("targets: [river.stage.approved]", "targets: [river.km.annual]", "after this deadline")
	f("targets: [river.stage.approved]", "targets: []", "at least one target")
}

// TestCatalogueTellsFaultsOfAllPacksTogether holds that what is twice, what points nowhere and what has no unit is told at once,
// also where the two sides stand in two packs.
func TestCatalogueTellsFaultsOfAllPacksTogether(t *testing.T) {
	one := strings.Replace(small, "unit: km", "unit: mile", 1)
	other := strings.NewReplacer("id: rivers\n", "id: others\n", "targets: [river.stage.approved]", "targets: [river.none]").Replace(small)
	_, err := pack.NewCatalogue([]*pack.Pack{parse(t, one), parse(t, other)})
	got := told(err)
	for _, want := range []string{`there is no unit "mile"`, "stands twice", "there is no target river.none"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not told:\n%s", want, got)
		}
	}
}

func TestCatalogueIndexes(t *testing.T) {
	c, err := pack.NewCatalogue([]*pack.Pack{parse(t, small)})
	if err != nil {
		t.Fatal(err)
	}
	form, ok := c.FormOf("river.km")
	if !ok || form.ID != "rivers.month" || c.LineOf("river.km") != "river" || c.PackOf("river.km").ID != "rivers" {
		t.Errorf("river.km is filed in %q, line %q", form.ID, c.LineOf("river.km"))
	}
	if got := c.TargetsOf("river.stage"); len(got) != 1 || got[0].ID != "river.stage.approved" {
		t.Errorf("the targets of river.stage are %v", got)
	}
	if _, ok := c.Indicator("river.none"); ok || c.LineOf("river.none") != "" || c.PackOf("river.none") != nil {
		t.Error("an unknown code was found")
	}
}

func TestFormatReadsBack(t *testing.T) {
	for name, src := range sources(t) {
		p, err := pack.Parse(name, src)
		if err != nil {
			t.Fatal(err)
		}
		out := pack.Format(p)
		again, err := pack.Parse(name, out)
		if err != nil {
			t.Fatalf("%s as written: %v", name, err)
		}
		if diff := cmp.Diff(p, again); diff != "" {
			t.Errorf("%s changed when written (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(string(out), string(pack.Format(again))); diff != "" {
			t.Errorf("%s is written in two ways:\n%s", name, diff)
		}
	}
}

func TestDiffMarksWhatBreaks(t *testing.T) {
	old := parse(t, small)
	f := func(was, is string, want ...string) {
		t.Helper()
		var got []string
		for _, c := range pack.Diff(old, parse(t, strings.Replace(small, was, is, 1))) {
			mark := ""
			if c.Breaking {
				mark = " !"
			}
			got = append(got, c.What+" "+c.Place+mark)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q to %q (-want +got):\n%s", was, is, diff)
		}
	}
	f("", "")
	f("unit: km", "unit: m", "changed indicators.river.km.unit !")
	f("kind: cumulative", "kind: period", "changed indicators.river.km.kind !")
	f("code: river.km", "code: river.length", "removed indicators.river.km !", "added indicators.river.length")
	f("due_day: 5", "due_day: 8", "changed forms.rivers.month.due_day")
	f("due: 12-31", "due: 11-30", "changed targets.river.km.annual.due")
	f("judge: completion", "judge: growth", "changed targets.river.km.annual.judge !")
	fresh := parse(t, strings.Replace(small, "zh: 治理长度", "zh: 治理河长", 1))
	if got := pack.Diff(old, fresh); len(got) != 1 || got[0].Before != "治理长度 / Length regulated" || got[0].After != "治理河长 / Length regulated" {
		t.Errorf("a new Chinese name is told as %+v", got)
	}
	if got := pack.Diff(nil, old); len(got) != 6 {
		t.Errorf("a new pack has %d changes", len(got))
	}
}

// TestSchemaIsWritten holds packs/schema.json against the types; -update writes it anew.
func TestSchemaIsWritten(t *testing.T) {
	file := filepath.Join(shipped, "schema.json")
	if *update {
		if err := os.WriteFile(file, pack.Schema(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(b), string(pack.Schema())); diff != "" {
		t.Errorf("packs/schema.json is out of date, run go test ./internal/programme/pack -update (-want +got):\n%s", diff)
	}
}

func FuzzParse(f *testing.F) {
	for _, src := range sources(f) {
		f.Add(src[:min(len(src), 1500)]) // short seeds, for the fuzzer mutates slowly what is long
	}
	f.Add([]byte(small))
	f.Add([]byte("a: &x [1]\nb: *x\n"))
	f.Add([]byte("id: !!binary aGk=\n"))
	f.Add([]byte("? [a]\n: b\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		p, err := pack.Parse("f.yaml", src)
		if err != nil {
			if k := fault.KindOf(err); k != fault.Invalid && k != fault.TooLarge {
				t.Fatalf("refused as %s: %v", k, err)
			}
			return
		}
		if _, err := pack.NewCatalogue([]*pack.Pack{p}); err != nil && !fault.Is(err, fault.Invalid) {
			t.Fatal(err)
		}
		again, err := pack.Parse("f.yaml", pack.Format(p))
		if err != nil {
			t.Fatalf("its own writing is refused: %v", err)
		}
		if diff := cmp.Diff(string(pack.Format(p)), string(pack.Format(again))); diff != "" {
			t.Fatal(diff)
		}
	})
}
