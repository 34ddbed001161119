package acceptance

import (
	"fmt"
	"reflect"
	"slices"

	"anlan/internal/definition"
	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// full is what the items of a tree add up to.
const full = Points(100 * quantity.Scale)

// levels are who takes an object into a stage.
func levels() []string { return []string{"unit", "county", "city", "province"} }

// Parse reads one tree and checks it as a whole. An error is a fault that names every place with its line.
func Parse(name string, src []byte) (*Tree, error) {
	t, places, err := definition.Parse[Tree](definition.Sort{Code: "acceptance", Name: fault.T("评分表", "score tree")}, name, src)
	if err != nil {
		return nil, err
	}
	k := checker{t, places.Check(fault.Invalidf("acceptance.invalid", "评分表 %s 有误", "the score tree %s is not sound", name))}
	k.head()
	k.stages()
	k.items()
	if err := k.Err(); err != nil {
		return nil, err
	}
	return t, nil
}

// Format writes a tree as YAML, always the same for the same tree.
func Format(t *Tree) []byte { return definition.Format(t) }

// Schema returns the JSON Schema of a tree's YAML, for editors.
func Schema() []byte {
	by := []any{}
	for _, l := range levels() {
		by = append(by, l)
	}
	return definition.Schema(reflect.TypeFor[Tree](), definition.Hints{
		Title: "Anlan score tree (验收评分表)",
		Narrowed: map[string]map[string]any{
			"Tree.id": {"pattern": definition.ID.String()}, "Tree.line": {"pattern": definition.Word.String()}, "Tree.version": {"minimum": 1},
			"Tree.review_years": {"minimum": 0, "maximum": 20}, "Tree.stages": {"minItems": 1}, "Tree.dimensions": {"minItems": 1},
			"Stage.id": {"pattern": definition.Word.String()}, "Stage.by": {"enum": by}, "Dimension.id": {"pattern": definition.Word.String()},
			"Item.code": {"pattern": definition.Code.String()}, "Prerequisite.code": {"pattern": definition.Code.String()},
		},
	})
}

type checker struct {
	t *Tree
	*definition.Check
}

func (k checker) head() {
	k.Form("id", k.t.ID, definition.ID)
	k.Form("line", k.t.Line, definition.Word)
	k.Version(k.t.Version)
	k.Text("title", k.t.Title)
	k.Text("basis", k.t.Basis)
	if k.t.Threshold <= 0 || k.t.Threshold > full {
		k.Say("threshold", "通过线应大于 0，不超过 100", "the threshold is more than 0 and at most 100")
	}
	if k.t.ReviewYears < 0 || k.t.ReviewYears > 20 {
		k.Say("review_years", "复核年限为 0–20", "the years to the review are 0 to 20")
	}
	if len(k.t.Objects) == 0 {
		k.Say("objects", "至少写一类对象", "at least one kind of object is required")
	}
	seen := map[string]bool{}
	for i, o := range k.t.Objects {
		k.Form(fmt.Sprintf("objects[%d]", i), o, definition.Word)
		k.Once(fmt.Sprintf("objects[%d]", i), o, seen)
	}
}

func (k checker) stages() {
	if len(k.t.Stages) == 0 {
		k.Say("stages", "没有阶段", "there is no stage")
		return
	}
	seen, title := map[string]bool{}, false
	for i, s := range k.t.Stages {
		at := fmt.Sprintf("stages[%d]", i)
		k.Form(at+".id", s.ID, definition.Word)
		k.Once(at+".id", s.ID, seen)
		k.Text(at+".name", s.Name)
		title = title || s.Held
		if !slices.Contains(levels(), s.By) {
			k.Say(at+".by", "没有层级 %q", "there is no level %q", s.By)
		}
		for j, n := range s.Next {
			if _, ok := k.t.Stage(n); !ok || n == s.ID {
				k.Say(fmt.Sprintf("%s.next[%d]", at, j), "不能转入 %q", "it cannot go on to %q", n)
			}
		}
	}
	if !title {
		k.Say("stages", "没有授予称号的阶段", "no stage holds the title")
	}
	reached := k.reached()
	for i, s := range k.t.Stages {
		if !reached[s.ID] {
			k.Say(fmt.Sprintf("stages[%d]", i), "从第一阶段无法到达", "no way leads here from the first stage")
		}
	}
}

// reached are the stages to which a way leads from the first.
func (k checker) reached() map[string]bool {
	out, next := map[string]bool{k.t.Stages[0].ID: true}, []string{k.t.Stages[0].ID}
	for len(next) > 0 {
		s, _ := k.t.Stage(next[0])
		next = next[1:]
		for _, n := range s.Next {
			if !out[n] {
				out[n] = true
				next = append(next, n)
			}
		}
	}
	return out
}

func (k checker) items() {
	codes, ids := map[string]bool{}, map[string]bool{}
	for i, p := range k.t.Prerequisites {
		at := fmt.Sprintf("prerequisites[%d]", i)
		k.Form(at+".code", p.Code, definition.Code)
		k.Once(at+".code", p.Code, codes)
		k.Text(at+".text", p.Text)
	}
	var total Points
	for i, d := range k.t.Dimensions {
		at := fmt.Sprintf("dimensions[%d]", i)
		k.Form(at+".id", d.ID, definition.Word)
		k.Once(at+".id", d.ID, ids)
		k.Text(at+".name", d.Name)
		if len(d.Items) == 0 {
			k.Say(at+".items", "本维度没有评分项", "the dimension has no item")
		}
		for j, it := range d.Items {
			total += k.item(fmt.Sprintf("%s.items[%d]", at, j), it, codes)
		}
	}
	if total != full {
		k.Say("dimensions", "各项分值合计为 %s，应为 100", "the items make %s points, not 100", total)
	}
}

// item checks one item and returns what it adds to the total.
func (k checker) item(at string, it Item, codes map[string]bool) Points {
	k.Form(at+".code", it.Code, definition.Code)
	k.Once(at+".code", it.Code, codes)
	k.Text(at+".text", it.Text)
	if it.Evidence != (fault.Text{}) {
		k.Text(at+".evidence", it.Evidence)
	}
	if it.Weight <= 0 || it.Weight > full {
		k.Say(at+".weight", "分值应大于 0，不超过 100", "the weight is more than 0 and at most 100")
		return 0
	}
	return it.Weight
}
