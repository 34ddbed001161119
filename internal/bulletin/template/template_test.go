package template_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anlan/internal/bulletin/template"
	"anlan/internal/fault"

	"github.com/google/go-cmp/cmp"
)

const sound = `id: x
version: 1
title: {zh: 题, en: Title}
order: 1
basis: {zh: 依据, en: basis}
cadence: month
levels: [city]
figures: [b.more]
document: {number: 水, title: "{office}通报"}
sections:
- heading: 情况
  level: 1
  blocks:
  - say:
    - text: "完成{a.b.value}[，{a.b.c.pace}]，{list.tasks.count}项。"
      when: {figure: d.e.gap, below: -1}
  - table: {caption: 表, of: measures, rows: [f.g], columns: [{head: 值, of: value}]}
  - each: {of: projects, say: [{text: "{item.name}"}]}
  - chart: {caption: 图, of: h.i.completion}
`

func TestWhatATemplateNames(t *testing.T) {
	tm, err := template.Parse("x.yaml", []byte(sound))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"b.more", "a.b", "a.b.c", "d.e", "h.i", "f.g"}, tm.Measures()); diff != "" {
		t.Errorf("measures (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"tasks", "projects"}, tm.Lists()); diff != "" {
		t.Errorf("lists (-want +got):\n%s", diff)
	}
}

// TestRefusals changes one place of a sound template and looks for the path and the line that are named.
func TestRefusals(t *testing.T) {
	f := func(old, with string, says ...string) {
		t.Helper()
		if !strings.Contains(sound, old) {
			t.Fatalf("%q is not in the template", old)
		}
		_, err := template.Parse("x.yaml", []byte(strings.Replace(sound, old, with, 1)))
		var bad *fault.Error
		if !errors.As(err, &bad) {
			t.Errorf("%q is taken", with)
			return
		}
		for _, s := range says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%q: %v, without %q", with, err, s)
			}
		}
		for _, field := range bad.Fields {
			if field.Zh == "" || field.En == "" {
				t.Errorf("%q is refused in one language: %+v", with, field)
			}
		}
	}
	f("id: x", "id: X!", "id (line 1)")
	f("version: 1", "version: 0", "version (line 2)")
	f("en: Title", "en: ''", "title (line 3)")
	f("cadence: month", "cadence: week", "cadence (line 6)")
	f("levels: [city]", "levels: [village]", "levels[0] (line 7)")
	f("levels: [city]", "levels: [city, city]", "levels[1] (line 7)")
	f("figures: [b.more]", "figures: [more]", "figures[0] (line 8)")
	f("number: 水,", "number: '',", "document.number (line 9)")
	f("{office}", "{bureau}", "document.title (line 9)", `"bureau"`)
	f("level: 1", "level: 3", "sections[0].level (line 12)")
	f("{a.b.value}", "{a.b.colour}", "sections[0].blocks[0].say[0].text (line 15)")
	f("{a.b.value}", "{a.b.value", "(line 15)")
	f("{a.b.value}", "a.b.value}", "(line 15)")
	f("[，", "[[，", "(line 15)")
	f("]，{list", "，{list", "(line 15)")
	f("[，", "，", "(line 15)")
	f("{list.tasks.count}", "{item.name}", "only inside each")
	f("{list.tasks.count}", "{above:period}", "(line 15)")
	f("below: -1", "at_leest: 1", `no key "at_leest"`)
	f("figure: d.e.gap, below: -1", "figure: d.e.gap", "below or at_least")
	f("figure: d.e.gap", "figure: d.e.pace", "d.e.pace")
	f("{figure: d.e.gap, below: -1}", "{}", "no condition")
	f("{figure: d.e.gap, below: -1}", "{month: [13]}", "month[0]")
	f("of: value", "of: colour", "table.columns[0].of")
	f("rows: [f.g]", "rows: []", "there is no measure")
	f("of: measures, rows", "of: divisions, rows", "only where of is measures")
	f("columns: [{head: 值, of: value}]", "columns: []", "1 to 20")
	f("of: h.i.completion", "of: h.i.leaders", "chart.of")
	f("caption: 图", "caption: ''", "chart.caption")
	f("caption: 图", "caption: 图, above: limit", "chart")
	f("caption: 图, of: h.i.completion", "caption: 图, list: levels, of: h.i.completion", "chart.of")
	f("caption: 图, of: h.i.completion", "caption: 图, list: levels, of: level, unit: no_such", "chart.unit")
	f("caption: 图, of: h.i.completion", "caption: 图, list: levels, of: level, most: 31", "chart.most")
	f("caption: 图, of: h.i.completion", "caption: 图, list: levels, of: level, mark: plan", "chart.mark")
	f("- chart:", "- say: [{text: x}]\n    chart:", "exactly one of")
	f("say: [{text: \"{item.name}\"}]", "say: []", "there is no sentence")
	f("text: \"{item.name}\"", "text: x, drop: true, absent: y", "either drop or absent")
	f("heading: 情况\n  level: 1", "wide: true", "crosswise")
	_, err := template.ParseKnowing("x.yaml", []byte(sound), func(key string) bool { return key != "h.i" }, func(id string) bool { return id != "projects" })
	if err == nil || !strings.Contains(err.Error(), `"h.i"`) || !strings.Contains(err.Error(), "(line 19)") || !strings.Contains(err.Error(), `"projects"`) || !strings.Contains(err.Error(), "(line 18)") {
		t.Errorf("what nobody knows: %v", err)
	}
}

// FuzzParse reads any bytes; what is taken can be walked.
func FuzzParse(f *testing.F) {
	f.Add([]byte(sound))
	shipped, err := filepath.Glob("../../../packs/bulletins/*.yaml")
	if err != nil || len(shipped) == 0 {
		f.Fatalf("%d shipped templates, %v", len(shipped), err)
	}
	for _, name := range shipped {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(_ *testing.T, src []byte) {
		if t, err := template.Parse("x.yaml", src); err == nil {
			t.Measures()
			t.Lists()
		}
	})
}

// FuzzParts takes any sentence apart; put together again it is the sentence.
func FuzzParts(f *testing.F) {
	for _, s := range []string{"完成{a.b.value}[，{a.b.pace}]。", "[", "}", "{}", "{above:a.b.value}", "[[]]", "{item.x}{list.y.count}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parts, wrong := template.Parts(text)
		if wrong != "" {
			return
		}
		var write func([]template.Part) string
		write = func(list []template.Part) string {
			var b strings.Builder
			for _, p := range list {
				switch {
				case p.Ref != nil:
					b.WriteString("{ref}")
				case p.Text != "":
					b.WriteString(p.Text)
				default:
					b.WriteString("[" + write(p.Group) + "]")
				}
			}
			return b.String()
		}
		if got := write(parts); strings.Count(got, "[") != strings.Count(text, "[") || strings.Count(got, "{ref}") != strings.Count(text, "{") {
			t.Errorf("%q became %q", text, got)
		}
	})
}
