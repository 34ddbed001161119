package definition_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"anlan/internal/definition"
	"anlan/internal/fault"
	"anlan/internal/quantity"

	"github.com/google/go-cmp/cmp"
)

type rule struct {
	ID     string                      `yaml:"id"`
	Points map[string]quantity.Decimal `yaml:"points,omitempty"`
	Steps  []step                      `yaml:"steps,omitempty"`
	On     bool                        `yaml:"on,omitempty"`
}

type step struct {
	Name fault.Text `yaml:"name"`
	Days *int       `yaml:"days,omitempty"`
}

var sort = definition.Sort{Code: "rule", Name: fault.T("规则", "rule")}

func parse(src string) (*rule, *definition.Places, error) {
	return definition.Parse[rule](sort, "r.yaml", []byte(src))
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

const sound = `id: a
points: {low: 1, high: 2.5}
steps:
- name: {zh: 甲, en: first}
  days: 3
- name: {zh: 乙, en: second}
`

func TestParse(t *testing.T) {
	r, _, err := parse(sound)
	if err != nil {
		t.Fatal(err)
	}
	three := 3
	want := &rule{
		ID: "a", Points: map[string]quantity.Decimal{"low": quantity.Int(1), "high": quantity.MustParse("2.5")},
		Steps: []step{{fault.T("甲", "first"), &three}, {fault.T("乙", "second"), nil}},
	}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Error(diff)
	}
}

func TestEverythingWrongIsToldWithItsLine(t *testing.T) {
	f := func(src string, want ...string) {
		t.Helper()
		_, _, err := parse(src)
		if diff := cmp.Diff(strings.Join(want, "\n"), told(err)); diff != "" {
			t.Errorf("%s\n%s", src, diff)
		}
	}
	f("id: a\nx: 1\nid: b", `r.yaml (line 2): there is no key "x" here`, "r.yaml id (line 3): the key stands twice")
	f("id: a\npoints:\n  low: many\n  low: 1", `r.yaml points.low (line 3): "many" is not a number`, "r.yaml points.low (line 4): the key stands twice")
	f("id: a\npoints: [1]", "r.yaml points (line 2): keys with values are expected")
	f("id: a\npoints: {'': 1}", `r.yaml points (line 2): there is no key "" here`)
	f("id: a\nsteps:\n- name: {zh: 甲}\n  days: soon", `r.yaml steps[0].days (line 4): "soon" is not a whole number`)
	f("id: a\non: maybe", `r.yaml on (line 2): "maybe" is not true or false`)
	f("id: &x a", "r.yaml (line 1): anchors and aliases are not supported")
	f("", "r.yaml: the file is empty")
	f("id: a\n---\nid: b", "r.yaml (line 2): a file holds one rule")
	f("- a", "r.yaml (line 1): keys with values are expected")
}

func TestPlaces(t *testing.T) {
	_, p, err := parse(sound)
	if err != nil {
		t.Fatal(err)
	}
	f := func(path, want string) {
		t.Helper()
		if got := p.At(path); got != want {
			t.Errorf("At(%q) = %q, want %q", path, got, want)
		}
	}
	f("", "r.yaml (line 1)")
	f("points.high", "r.yaml points.high (line 2)")
	f("steps[1].name.en", "r.yaml steps[1].name.en (line 6)")
	f("steps[1].days", "r.yaml steps[1].days (line 6)") // not written: the line of the step
	f("on", "r.yaml on (line 1)")
}

func TestTooLarge(t *testing.T) {
	_, _, err := definition.Parse[rule](sort, "r.yaml", make([]byte, definition.MaxSize+1))
	if !fault.Is(err, fault.TooLarge) {
		t.Errorf("a file past the bound: %v", err)
	}
	_, _, err = parse(strings.Repeat("x: 1\n", 1000))
	if n := strings.Count(told(err), "\n") + 1; n != definition.MaxFaults {
		t.Errorf("%d places are named", n)
	}
}

func TestSchemaOfMaps(t *testing.T) {
	s := string(definition.Schema(reflect.TypeFor[rule](), definition.Hints{Title: "rule"}))
	for _, want := range []string{`"propertyNames"`, `"#/$defs/step"`, `"title": "rule"`} {
		if !strings.Contains(s, want) {
			t.Errorf("the schema has no %s:\n%s", want, s)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, src := range []string{sound, "a: &x [1]\nb: *x\n", "id: !!binary aGk=\n", "? [a]\n: b\n", "points: {<<: {a: 1}}\n", "points: {1: 2, null: 3}"} {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		r, p, err := definition.Parse[rule](sort, "f.yaml", src)
		if err != nil {
			if k := fault.KindOf(err); k != fault.Invalid && k != fault.TooLarge {
				t.Fatalf("refused as %s: %v", k, err)
			}
			return
		}
		if !strings.HasPrefix(p.At("steps[0].name"), "f.yaml") {
			t.Fatal("a place without its file")
		}
		out := definition.Format(r)
		again, _, err := definition.Parse[rule](sort, "f.yaml", out)
		if err != nil {
			t.Fatalf("its own writing is refused: %v\n%s", err, out)
		}
		if diff := cmp.Diff(string(out), string(definition.Format(again))); diff != "" {
			t.Fatal(diff)
		}
	})
}
