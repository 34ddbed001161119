package lifecycle

import (
	"fmt"
	"reflect"

	"anlan/internal/definition"
	"anlan/internal/fault"
)

func needs() []string { return []string{"document", "amount", "evidence", "note"} }

func meanings() []string {
	return []string{string(MeansPrepared), string(MeansStarted), string(MeansCommissioned), string(MeansFinished), string(MeansAccepted)}
}

// Parse reads the rules and checks them as a whole. An error is a fault that names every place with its line.
func Parse(name string, src []byte) (*ProjectRules, error) {
	r, places, err := definition.Parse[ProjectRules](definition.Sort{Code: "lifecycle", Name: fault.T("项目全过程规则", "project rules")}, name, src)
	if err != nil {
		return nil, err
	}
	k := checker{r, places.Check(fault.Invalidf("lifecycle.invalid", "项目全过程规则 %s 有误", "the project rules %s are not sound", name))}
	k.head()
	k.milestones()
	k.guards()
	k.money()
	k.plans()
	if err := k.Err(); err != nil {
		return nil, err
	}
	return r, nil
}

// Schema returns the JSON Schema of the YAML of rules, for editors.
func Schema() []byte {
	word := map[string]any{"pattern": definition.Word.String()}
	return definition.Schema(reflect.TypeFor[ProjectRules](), definition.Hints{
		Title: "Anlan project rules (项目全过程规则)",
		Choices: map[reflect.Type][]any{
			reflect.TypeFor[Meaning]():  {string(MeansPrepared), string(MeansStarted), string(MeansCommissioned), string(MeansFinished), string(MeansAccepted)},
			reflect.TypeFor[Severity](): {string(Refuses), string(Warns)},
		},
		Narrowed: map[string]map[string]any{
			"ProjectRules.id": {"pattern": definition.ID.String()}, "ProjectRules.line": word, "ProjectRules.version": {"minimum": 1},
			"ProjectStage.id": word, "ProjectMilestone.id": word, "FundingStep.id": word, "PlanRule.due": {"pattern": definition.Day.String()},
			"ProjectMilestone.approval": {"enum": Levels()}, "PlanRule.approval": {"enum": Levels()},
		},
	})
}

type checker struct {
	r *ProjectRules
	*definition.Check
}

func (k checker) head() {
	k.Form("id", k.r.ID, definition.ID)
	k.Form("line", k.r.Line, definition.Word)
	k.Version(k.r.Version)
	k.Text("title", k.r.Title)
	k.Text("basis", k.r.Basis)
	if len(k.r.Stages) == 0 {
		k.Say("stages", "至少写一个阶段", "at least one stage is required")
	}
	seen := map[string]bool{}
	for i, s := range k.r.Stages {
		at := fmt.Sprintf("stages[%d]", i)
		k.Form(at+".id", s.ID, definition.Word)
		k.Once(at+".id", s.ID, seen)
		k.Text(at+".name", s.Name)
	}
	k.words("kinds", k.r.Kinds)
	k.words("programmes", k.r.Programmes)
}

func (k checker) words(list string, words []ProjectWord) {
	seen := map[string]bool{}
	for i, w := range words {
		at := fmt.Sprintf("%s[%d]", list, i)
		k.Form(at+".id", w.ID, definition.ID)
		k.Once(at+".id", w.ID, seen)
		k.Text(at+".name", w.Name)
	}
}

func (k checker) milestones() {
	seen := map[string]bool{Actual: true}
	meant := map[Meaning]bool{}
	last := 0
	for i, m := range k.r.Milestones {
		at := fmt.Sprintf("milestones[%d]", i)
		k.Form(at+".id", m.ID, definition.Word)
		k.Once(at+".id", m.ID, seen)
		k.Text(at+".name", m.Name)
		_, place := k.r.Stage(m.Stage)
		switch {
		case place < 0:
			k.Say(at+".stage", "没有阶段 %q", "there is no stage %q", m.Stage)
		case place < last:
			k.Say(at+".stage", "节点须按阶段先后排列", "milestones stand in the order of their stages")
		default:
			last = place
		}
		for j, n := range m.Needs {
			k.OneOf(fmt.Sprintf("%s.needs[%d]", at, j), n, needs())
		}
		if m.Means != "" {
			k.OneOf(at+".means", string(m.Means), meanings())
		}
		k.approval(at+".approval", m.Approval)
		meant[m.Means] = true
	}
	if !meant[MeansStarted] {
		k.Say("milestones", "须有一个节点表示开工（means: started）", "one milestone has to mean the start (means: started)")
	}
}

func (k checker) approval(at, level string) {
	if level != "" {
		k.OneOf(at, level, Levels())
	}
}

func (k checker) guards() {
	seen := map[string]bool{OrderGuard: true}
	for i, g := range k.r.Guards {
		at := fmt.Sprintf("guards[%d]", i)
		k.Form(at+".id", g.ID, definition.ID)
		k.Once(at+".id", g.ID, seen)
		k.Text(at+".name", g.Name)
		k.known(at+".on", g.On, true)
		for j, id := range g.Requires {
			k.known(fmt.Sprintf("%s.requires[%d]", at, j), id, false)
		}
		if g.Does != Refuses && g.Does != Warns {
			k.Say(at+".does", "应为 refuse 或 warn", "refuse or warn")
		}
		if (len(g.Requires) > 0) == (g.Over != nil) {
			k.Say(at, "requires 与 over 须写且只写一个", "either requires or over")
		}
		if g.Over == nil {
			continue
		}
		if g.On == Actual || len(g.Over.Of) == 0 {
			k.Say(at+".over", "over 须写在节点上，并写明以何为准", "over stands on a milestone and says of what")
		}
		if g.Over.Percent < 0 {
			k.Say(at+".over.percent", "不能为负", "not negative")
		}
		for j, id := range g.Over.Of {
			k.known(fmt.Sprintf("%s.over.of[%d]", at, j), id, false)
		}
	}
}

func (k checker) known(at, milestone string, actual bool) {
	if _, ok := k.r.Milestone(milestone); !ok && (!actual || milestone != Actual) {
		k.Say(at, "没有节点 %q", "there is no milestone %q", milestone)
	}
}

func (k checker) money() {
	l := k.r.Lag
	if l.Money < 0 || l.Physical < 0 || l.Severe < l.Money || l.Severe < l.Physical {
		k.Say("lag", "容许差不能为负，严重滞后不小于容许差", "tolerances are not negative, and severe is no less than either")
	}
	if k.r.Statistics.AtLeast < 0 {
		k.Say("statistics.at_least", "不能为负", "not negative")
	}
	k.words("funding.sources", k.r.Funding.Sources)
	if len(k.r.Funding.Steps) < 2 {
		k.Say("funding.steps", "至少两个环节", "at least two steps")
	}
	seen := map[string]bool{}
	for i, s := range k.r.Funding.Steps {
		at := fmt.Sprintf("funding.steps[%d]", i)
		k.Form(at+".id", s.ID, definition.Word)
		k.Once(at+".id", s.ID, seen)
		k.Text(at+".name", s.Name)
		if s.Plan && i > 0 {
			k.Say(at+".plan", "只有第一个环节可以是计划", "only the first step can be the plan")
		}
	}
}

func (k checker) plans() {
	seen := map[string]bool{}
	for i, p := range k.r.Plans {
		at := fmt.Sprintf("plans[%d]", i)
		k.Form(at+".id", p.ID, definition.ID)
		k.Once(at+".id", p.ID, seen)
		k.Text(at+".title", p.Title)
		k.Yearly(at+".due", p.Due)
		k.approval(at+".approval", p.Approval)
		if _, ok := WordOf(k.r.Programmes, p.Programme); p.Programme != "" && !ok {
			k.Say(at+".programme", "没有专项 %q", "there is no programme %q", p.Programme)
		}
	}
}
