package template

import (
	"fmt"
	"reflect"
	"slices"

	"anlan/internal/bulletin/snapshot"
	"anlan/internal/definition"
	"anlan/internal/fault"
	"anlan/internal/quantity"
)

var (
	word = definition.Word
	code = definition.Code
)

// levels are those whose bulletins are written.
func levels() []string { return []string{"province", "city", "county"} }

func isAspect(s string) bool {
	_, ok := snapshot.AspectOf(s)
	return ok
}

func at(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// Parse reads one template and checks it as a whole. An error is a fault that names every place with its line.
func Parse(name string, src []byte) (*Template, error) {
	t, _, err := parse(name, src, nil)
	return t, err
}

// ParseKnowing is Parse that also refuses measures and lists which nobody knows.
func ParseKnowing(name string, src []byte, measure, list func(string) bool) (*Template, error) {
	t, _, err := parse(name, src, func(k checker) {
		t := k.t
		t.eachMeasure(func(path, key string) { k.known(path, key, measure) })
		each := func(path string, r Ref) {
			switch r.Kind {
			case Figure, Word:
				k.known(path, r.Name, measure)
			case ListCount:
				k.knownList(path, r.Name, list)
			}
		}
		t.eachText(func(path, text string) {
			parts, wrong := Parts(text)
			if wrong == "" {
				walk(parts, func(r Ref) { each(path, r) })
			}
		})
		t.eachBare(func(path, text string, _ bool) {
			if r, wrong := ReadRef(text); wrong == "" {
				each(path, r)
			}
		})
		t.eachBlock(func(path string, b Block) {
			if b.Each != nil && b.Each.Of != Divisions {
				k.knownList(path+".each.of", b.Each.Of, list)
			}
			if b.Table != nil && b.Table.Of != Divisions && b.Table.Of != Measures {
				k.knownList(path+".table.of", b.Table.Of, list)
			}
			if b.Chart != nil && b.Chart.List != "" {
				k.knownList(path+".chart.list", b.Chart.List, list)
			}
		})
	})
	return t, err
}

func parse(name string, src []byte, more func(checker)) (*Template, *definition.Places, error) {
	t, places, err := definition.Parse[Template](definition.Sort{Code: "bulletin.template", Name: fault.T("通报模板", "bulletin template")}, name, src)
	if err != nil {
		return nil, nil, err
	}
	k := checker{t, places.Check(fault.Invalidf("bulletin.template", "通报模板 %s 有误", "the bulletin template %s is not sound", name))}
	k.head()
	k.sections()
	k.texts()
	if more != nil {
		more(k)
	}
	if err := k.Err(); err != nil {
		return nil, nil, err
	}
	return t, places, nil
}

// Schema returns the JSON Schema of a template's YAML, for editors.
func Schema() []byte {
	return definition.Schema(reflect.TypeFor[Template](), definition.Hints{
		Title:   "Anlan bulletin (通报模板)",
		Choices: map[reflect.Type][]any{reflect.TypeFor[Cadence](): {Monthly, Daily}},
		Narrowed: map[string]map[string]any{
			"Template.id": {"pattern": definition.ID.String()}, "Template.version": {"minimum": 1}, "Template.line": {"pattern": definition.Word.String()},
			"Template.levels": {"minItems": 1}, "Template.sections": {"minItems": 1}, "Section.level": {"minimum": 1, "maximum": 2},
		},
	})
}

type checker struct {
	t *Template
	*definition.Check
}

func (k checker) known(path, key string, is func(string) bool) {
	if !is(key) {
		k.Say(path, "没有指标或目标 %q", "there is no indicator or target %q", key)
	}
}

func (k checker) knownList(path, id string, is func(string) bool) {
	if !is(id) {
		k.Say(path, "没有清单 %q", "there is no list %q", id)
	}
}

func (k checker) head() {
	t := k.t
	k.Form("id", t.ID, definition.ID)
	k.Version(t.Version)
	k.Text("title", t.Title)
	k.Text("basis", t.Basis)
	if t.Line != "" {
		k.Form("line", t.Line, definition.Word)
	}
	if t.Cadence != Monthly && t.Cadence != Daily {
		k.Say("cadence", "%q 应为 month 或 day", "%q is not month or day", string(t.Cadence))
	}
	if len(t.Levels) == 0 {
		k.Say("levels", "至少写一级", "at least one level is required")
	}
	seen := map[string]bool{}
	for i, l := range t.Levels {
		k.OneOf(at("levels", i), l, levels())
		k.Once(at("levels", i), l, seen)
	}
	t.eachMeasure(func(path, key string) { k.Form(path, key, code) })
	if t.Document.Title == "" {
		k.Say("document.title", "必填", "required")
	}
	if n := t.Document.Number; n == "" || len([]rune(n)) > 20 {
		k.Say("document.number", "发文代字为 1–20 字", "the letters of the number are 1 to 20 characters")
	}
}

const mostBlocks = 2_000

func (k checker) sections() {
	if len(k.t.Sections) == 0 {
		k.Say("sections", "没有内容", "there is no section")
	}
	n := 0
	for i, s := range k.t.Sections {
		path := at("sections", i)
		switch {
		case s.Heading == "" && (s.Level != 0 || s.Annex):
			k.Say(path, "没有标题", "there is no heading")
		case s.Heading != "" && !s.Annex && (s.Level < 1 || s.Level > 2):
			k.Say(path+".level", "标题层次应为 1 或 2", "the level of a heading is 1 or 2")
		case s.Annex && s.Level != 0:
			k.Say(path+".level", "附件没有层次", "an enclosure has no level")
		case s.Wide && !s.Annex:
			k.Say(path+".wide", "只有附件可以横排", "only an enclosure lies crosswise")
		}
		k.when(path+".when", s.When)
		for j, b := range s.Blocks {
			n++
			k.block(at(path+".blocks", j), b)
		}
	}
	if n > mostBlocks {
		k.Say("sections", "超过 %d 段", "there are more than %d blocks", mostBlocks)
	}
}

func (k checker) block(path string, b Block) {
	k.when(path+".when", b.When)
	kinds := 0
	if len(b.Say) > 0 {
		kinds++
		k.sentences(path+".say", b.Say, false)
	}
	if b.Each != nil {
		kinds++
		k.each(path+".each", b.Each)
	}
	if b.Table != nil {
		kinds++
		k.table(path+".table", b.Table)
	}
	if b.Chart != nil {
		kinds++
		k.chart(path+".chart", b.Chart)
	}
	if kinds != 1 {
		k.Say(path, "say、each、table、chart 应有且只有一项", "exactly one of say, each, table and chart is expected")
	}
}

// mostBars is how many bars of a list a chart may ask for: more do not stand on a page.
const mostBars = 30

func (k checker) chart(path string, c *Chart) {
	if c.Caption == "" {
		k.Say(path+".caption", "必填", "required")
	}
	if c.Mark != "" {
		k.OneOf(path+".mark", c.Mark, Marks())
	}
	if c.List == "" {
		if r, wrong := ReadRef(c.Of); wrong != "" || r.Kind != Figure || r.Above {
			k.Say(path+".of", "应为一个指标的数", "one figure of a measure is expected")
		}
		if c.Above != "" || c.Unit != "" || c.Most != 0 {
			k.Say(path, "above、unit、most 只用于清单", "above, unit and most are for lists")
		}
		return
	}
	k.Form(path+".list", c.List, definition.Word)
	k.Form(path+".of", c.Of, definition.Word)
	if c.Above != "" {
		k.Form(path+".above", c.Above, definition.Word)
	}
	if _, ok := quantity.UnitOf(c.Unit); c.Unit != "" && !ok {
		k.Say(path+".unit", "没有 %q 这个单位", "there is no unit %q", c.Unit)
	}
	if c.Most < 0 || c.Most > mostBars {
		k.Say(path+".most", "应为 0–%d", "0 to %d is expected", mostBars)
	}
	if c.Mark != "" {
		k.Say(path+".mark", "只用于指标", "only for measures")
	}
}

func (k checker) sentences(path string, list []Sentence, item bool) {
	for i, s := range list {
		here := at(path, i)
		k.when(here+".when", s.When)
		if s.Text == "" {
			k.Say(here+".text", "必填", "required")
		}
		if s.Drop && s.Absent != "" {
			k.Say(here+".drop", "drop 与 absent 只能选一", "either drop or absent")
		}
		parts, wrong := Parts(s.Text)
		if wrong != "" || item {
			continue
		}
		walk(parts, func(r Ref) {
			if r.Kind == ItemField {
				k.Say(here+".text", "{item.%s} 只能用在清单的 each 或 table 中", "{item.%s} stands only inside each or table of a list", r.Name)
			}
		})
	}
}

func (k checker) of(path, of string) {
	if of != Divisions && of != Measures {
		k.Form(path, of, definition.Word)
	}
}

func (k checker) each(path string, e *Each) {
	k.of(path+".of", e.Of)
	if e.Of == Measures {
		k.Say(path+".of", "不能逐个指标叙述", "each goes over divisions or a list")
	}
	if len(e.Say) == 0 {
		k.Say(path+".say", "没有句子", "there is no sentence")
	}
	if e.Most < 0 {
		k.Say(path+".most", "不能为负", "it cannot be negative")
	}
	k.when(path+".when", e.When)
	k.sentences(path+".say", e.Say, e.Of != Divisions)
}

// mostColumns is what a page holds.
const mostColumns = 20

func (k checker) table(path string, t *Table) {
	k.of(path+".of", t.Of)
	if n := len(t.Columns); n == 0 || n > mostColumns {
		k.Say(path+".columns", "表格应为 1–%d 列", "a table has 1 to %d columns", mostColumns)
	}
	if t.Of == Measures && len(t.Rows) == 0 {
		k.Say(path+".rows", "没有指标", "there is no measure")
	}
	if t.Of != Measures && len(t.Rows) > 0 {
		k.Say(path+".rows", "只用于 of: measures", "only where of is measures")
	}
	if t.Of != Divisions && (t.Sort != "" || t.Total != "") {
		k.Say(path, "排序与合计只用于 of: divisions", "sort and total are for of: divisions")
	}
	for i, c := range t.Columns {
		here := at(path+".columns", i)
		if c.Head == "" {
			k.Say(here+".head", "必填", "required")
		}
		if c.Weight < 0 || c.Weight > 100 {
			k.Say(here+".weight", "宽度应为 0–100", "a weight is 0 to 100")
		}
		k.column(here+".of", t.Of, c.Of)
	}
}

// column checks what a column may show: an aspect alone in a table of measures, a field in one of a list.
func (k checker) column(path, table, of string) {
	switch {
	case of == "name" || of == "order":
	case table == Measures:
		if !isAspect(of) && !slices.Contains(Words(), of) {
			k.Say(path, "没有 %q 这个数", "there is no figure %q", of)
		}
	case table == Divisions:
		if r, wrong := ReadRef(of); wrong != "" || r.Kind != Figure && r.Kind != Word {
			k.Say(path, "%q 应为指标的数", "%q is not a figure of a measure", of)
		}
	default:
		k.Form(path, of, definition.Word)
	}
}

func (k checker) when(path string, w *When) {
	if w == nil {
		return
	}
	if w.Has == "" && w.Lacks == "" && w.Figure == "" && w.Level == "" && len(w.Month) == 0 {
		k.Say(path, "没有条件", "there is no condition")
	}
	if (w.Figure == "") != (w.Below == nil && w.AtLeast == nil) {
		k.Say(path, "figure 与 below、at_least 一起写", "figure goes with below or at_least")
	}
	if w.Level != "" {
		k.OneOf(path+".level", w.Level, levels())
	}
	for i, m := range w.Month {
		if m < 1 || m > 12 {
			k.Say(at(path+".month", i), "月份应为 1–12", "a month is 1 to 12")
		}
	}
}

// texts checks every sentence and reference.
func (k checker) texts() {
	k.t.eachText(func(path, text string) {
		if len(text) > 4_000 {
			k.Say(path, "过长", "it is too long")
			return
		}
		if _, wrong := Parts(text); wrong != "" {
			k.Say(path, "%q 处有误：括号须成对，引用须为变量或“指标.数”", "wrong at %q: brackets go in pairs, and a reference is a variable or measure.figure", cut(wrong))
		}
	})
	k.t.eachBare(func(path, text string, countable bool) {
		r, wrong := ReadRef(text)
		if wrong != "" || r.Kind == Variable || r.Kind == ItemField || !countable && r.Kind != Figure {
			k.Say(path, "引用 %q 有误", "the reference %q is not sound", cut(text))
		}
	})
}

func cut(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

func (t *Template) eachBlock(f func(path string, b Block)) {
	for i, s := range t.Sections {
		for j, b := range s.Blocks {
			f(at(at("sections", i)+".blocks", j), b)
		}
	}
}

// eachText walks every text that may hold references.
func (t *Template) eachText(f func(path, text string)) {
	say := func(path, text string) {
		if text != "" {
			f(path, text)
		}
	}
	d := t.Document
	say("document.mark", d.Mark)
	say("document.title", d.Title)
	say("document.subtitle", d.Subtitle)
	say("document.to", d.To)
	say("document.copy_to", d.CopyTo)
	sentences := func(path string, list []Sentence) {
		for i, s := range list {
			say(at(path, i)+".text", s.Text)
			say(at(path, i)+".absent", s.Absent)
			say(at(path, i)+".none", s.None)
		}
	}
	for i, s := range t.Sections {
		say(at("sections", i)+".heading", s.Heading)
		say(at("sections", i)+".empty", s.Empty)
	}
	t.eachBlock(func(path string, b Block) {
		sentences(path+".say", b.Say)
		if e := b.Each; e != nil {
			say(path+".each.lead", e.Lead)
			sentences(path+".each.say", e.Say)
			say(path+".each.none", e.None)
			say(path+".each.absent", e.Absent)
		}
		if b.Table != nil {
			say(path+".table.caption", b.Table.Caption)
			say(path+".table.note", b.Table.Note)
			say(path+".table.none", b.Table.None)
			say(path+".table.absent", b.Table.Absent)
		}
		if b.Chart != nil {
			say(path+".chart.caption", b.Chart.Caption)
		}
	})
}

// eachBare walks the references that stand without braces; countable ones may also be words and lists.
func (t *Template) eachBare(f func(path, ref string, countable bool)) {
	when := func(path string, w *When) {
		if w == nil {
			return
		}
		for _, p := range [][2]string{{".has", w.Has}, {".lacks", w.Lacks}} {
			if p[1] != "" {
				f(path+p[0], p[1], true)
			}
		}
		if w.Figure != "" {
			f(path+".figure", w.Figure, false)
		}
	}
	sentences := func(path string, list []Sentence) {
		for i, s := range list {
			when(at(path, i)+".when", s.When)
		}
	}
	for i, s := range t.Sections {
		when(at("sections", i)+".when", s.When)
	}
	t.eachBlock(func(path string, b Block) {
		when(path+".when", b.When)
		sentences(path+".say", b.Say)
		if b.Each != nil {
			when(path+".each.when", b.Each.When)
			sentences(path+".each.say", b.Each.Say)
		}
		if b.Table != nil && b.Table.Of == Divisions {
			for i, c := range b.Table.Columns {
				if c.Of != "name" && c.Of != "order" {
					f(at(path+".table.columns", i)+".of", c.Of, true)
				}
			}
		}
		if b.Chart != nil && b.Chart.List == "" {
			f(path+".chart.of", b.Chart.Of, false)
		}
	})
}
