package checklist

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"anlan/internal/definition"
	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// MaxDays bounds the days to mend.
const MaxDays = 1100

// maxScore bounds scores and points, so that sums of them fit.
const maxScore = quantity.Decimal(10000 * quantity.Scale)

// Parse reads one list and checks it as a whole. An error is a fault that names every place with its line.
func Parse(name string, src []byte) (*Checklist, error) {
	c, places, err := definition.Parse[Checklist](definition.Sort{Code: "checklist", Name: fault.T("检查清单", "checklist")}, name, src)
	if err != nil {
		return nil, err
	}
	k := checker{c, places.Check(fault.Invalidf("checklist.invalid", "检查清单 %s 有误", "the checklist %s is not sound", name))}
	k.head()
	k.scoring()
	k.sections()
	if err := k.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// Format writes a list as YAML, always the same for the same list.
func Format(c *Checklist) []byte { return definition.Format(c) }

// Schema returns the JSON Schema of a list's YAML, for editors.
func Schema() []byte {
	severities, persons := []any{General, Heavier, Serious, Grave}, []any{Administrative, Technical, Patrol, AllThree}
	measures := []any{}
	for _, m := range Measures() {
		measures = append(measures, m)
	}
	return definition.Schema(reflect.TypeFor[Checklist](), definition.Hints{
		Title: "Anlan checklist (检查清单)",
		Choices: map[reflect.Type][]any{
			reflect.TypeFor[Severity](): severities, reflect.TypeFor[Persons](): persons, reflect.TypeFor[Measure](): measures,
			reflect.TypeFor[KeyLink](): {Monitoring, OperationPlan, EmergencyPlan},
		},
		Narrowed: map[string]map[string]any{
			"Checklist.id":       {"pattern": definition.ID.String()},
			"Checklist.version":  {"minimum": 1},
			"Checklist.line":     {"pattern": definition.Word.String()},
			"Checklist.objects":  {"minItems": 1},
			"Checklist.sections": {"minItems": 1},
			"Section.id":         {"pattern": definition.Word.String()},
			"Section.clauses":    {"minItems": 1},
			"Clause.code":        {"pattern": definition.Code.String(), "description": "Stable over all versions (条目代码)"},
			"Clause.sample":      {"description": "Grade and basis are not confirmed (示例，待核)"},
			"Clause.hazard":      {"description": "May end with measures of control (管控措施落实)"},
		},
	})
}

type checker struct {
	c *Checklist
	*definition.Check
}

func (k checker) head() {
	k.Form("id", k.c.ID, definition.ID)
	k.Form("line", k.c.Line, definition.Word)
	k.Text("title", k.c.Title)
	k.Text("basis", k.c.Basis)
	k.Version(k.c.Version)
	if len(k.c.Objects) == 0 {
		k.Say("objects", "至少写一类对象", "at least one kind of object is required")
	}
	for i, o := range k.c.Objects {
		at := fmt.Sprintf("objects[%d]", i)
		k.Form(at, o, definition.Word)
		if slices.Index(k.c.Objects, o) < i {
			k.Say(at, "重复", "it stands twice")
		}
	}
	k.grades("severities", k.c.Severities)
	if len(k.c.Severities) == 0 {
		k.Say("severities", "至少写一个等级", "at least one grade is required")
	}
	k.days("days", k.c.Days, k.c.Severities)
	if k.c.ConfirmDays < 0 || k.c.ConfirmDays > MaxDays {
		k.Say("confirm_days", "确认天数为 0–%d", "the days to confirm are 0 to %d", MaxDays)
	}
	for _, s := range k.c.Severities {
		if _, ok := k.c.Days[s]; !ok {
			k.Say("days", "缺少等级 %s 的整改天数", "the days for %s are missing", s)
		}
	}
}

// grades holds a list of grades to known ones, from light to grave.
func (k checker) grades(path string, list []Severity) {
	for i, s := range list {
		at := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case s.Rank() == 0:
			k.Say(at, "没有等级 %q", "there is no grade %q", s)
		case i > 0 && list[i-1].Rank() >= s.Rank():
			k.Say(at, "等级须由轻到重、不重复", "grades go from light to grave, each once")
		}
	}
}

func (k checker) days(path string, days map[Severity]int, known []Severity) {
	for _, s := range slices.Sorted(maps.Keys(days)) {
		n := days[s]
		at := path + "." + string(s)
		if !slices.Contains(known, s) {
			k.Say(at, "此处没有等级 %q", "there is no grade %q here", s)
		}
		if n < 0 || n > MaxDays {
			k.Say(at, "整改天数为 0–%d", "the days to mend are 0 to %d", MaxDays)
		}
	}
}

func (k checker) scoring() {
	s := k.c.Scoring
	if s == nil {
		return
	}
	if s.Start <= 0 || s.Start > maxScore {
		k.Say("scoring.start", "起始分应大于 0，不超过 %s", "the start is more than 0 and at most %s", maxScore)
	}
	if s.Floor < 0 || s.Floor >= s.Start {
		k.Say("scoring.floor", "下限应在 0 与起始分之间", "the floor lies between 0 and the start")
	}
	last := quantity.Decimal(0)
	for _, g := range k.c.Severities {
		p, ok := s.Points[g]
		switch {
		case !ok:
			k.Say("scoring.points", "缺少等级 %s 的扣分", "the points for %s are missing", g)
		case p < last || p > maxScore:
			k.Say("scoring.points."+string(g), "重的等级扣分不应少于轻的，也不应超过满分", "a graver finding does not deduct less, and none more than there is")
		default:
			last = p
		}
	}
	for _, g := range slices.Sorted(maps.Keys(s.Points)) {
		if !slices.Contains(k.c.Severities, g) {
			k.Say("scoring.points."+string(g), "本清单没有等级 %q", "the list has no grade %q", g)
		}
	}
	k.bands(*s)
}

func (k checker) bands(s Scoring) {
	for i, b := range s.Bands {
		at := fmt.Sprintf("scoring.bands[%d]", i)
		rank := slices.Index(Measures(), b.Measure)
		switch {
		case rank < 0:
			k.Say(at+".measure", "没有措施 %q", "there is no measure %q", b.Measure)
		case i > 0 && (b.From >= s.Bands[i-1].From || rank < slices.Index(Measures(), s.Bands[i-1].Measure)):
			k.Say(at, "分数段须由高到低，措施由轻到重", "bands go from high to low scores, and from light to heavy measures")
		case b.From < s.Floor || b.From > s.Start:
			k.Say(at+".from", "分数段超出计分范围", "the band lies outside the score")
		}
	}
	if n := len(s.Bands); n > 0 && s.Bands[n-1].From != s.Floor {
		k.Say(fmt.Sprintf("scoring.bands[%d].from", n-1), "最后一段须从下限 %s 开始", "the last band begins at the floor %s", s.Floor)
	}
}

func (k checker) sections() {
	if len(k.c.Sections) == 0 {
		k.Say("sections", "清单没有内容", "the list is empty")
	}
	ids, codes := map[string]bool{}, map[string]bool{}
	for i, s := range k.c.Sections {
		at := fmt.Sprintf("sections[%d]", i)
		k.Form(at+".id", s.ID, definition.Word)
		k.Text(at+".title", s.Title)
		k.Once(at+".id", s.ID, ids)
		if len(s.Clauses) == 0 {
			k.Say(at+".clauses", "本节没有条目", "the section has no clause")
		}
		for j, cl := range s.Clauses {
			place := fmt.Sprintf("%s.clauses[%d]", at, j)
			k.Once(place+".code", cl.Code, codes)
			k.clause(place, cl)
		}
	}
}

func (k checker) clause(at string, cl Clause) {
	k.Form(at+".code", cl.Code, definition.Code)
	k.Text(at+".text", cl.Text)
	if (cl.Basis.Zh == "") != (cl.Basis.En == "") {
		k.Text(at+".basis", cl.Basis)
	}
	if !slices.Contains(k.c.Severities, cl.Severity) {
		k.Say(at+".severity", "本清单没有等级 %q", "the list has no grade %q", cl.Severity)
	}
	k.grades(at+".allowed", cl.Allowed)
	for i, s := range cl.Allowed {
		if s.Rank() > 0 && !slices.Contains(k.c.Severities, s) {
			k.Say(fmt.Sprintf("%s.allowed[%d]", at, i), "本清单没有等级 %q", "the list has no grade %q", s)
		}
	}
	if !slices.Contains(cl.May(), cl.Severity) {
		k.Say(at+".allowed", "可选等级不含默认等级 %s", "the allowed grades leave out the default %s", cl.Severity)
	}
	k.days(at+".days", cl.Days, cl.May())
	if cl.Points != nil && k.c.Scoring == nil {
		k.Say(at+".points", "本清单不计分", "the list has no score")
	}
	if cl.Points != nil && (*cl.Points < 0 || *cl.Points > maxScore) {
		k.Say(at+".points", "扣分应为 0–%s", "points are 0 to %s", maxScore)
	}
	switch cl.Persons {
	case "", Administrative, Technical, Patrol, AllThree:
	default:
		k.Say(at+".three_persons", "没有责任人类别 %q", "there is no such person: %q", cl.Persons)
	}
	switch cl.KeyLink {
	case "", Monitoring, OperationPlan, EmergencyPlan:
	default:
		k.Say(at+".key_link", "没有重点环节 %q", "there is no key link %q", cl.KeyLink)
	}
}
