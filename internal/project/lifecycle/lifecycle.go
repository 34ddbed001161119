// Package lifecycle says how a major water project goes from reserve to acceptance: its milestones, what guards them, when it lags, and
// how its money goes from assigned to paid.
//
// The rules are data, read from YAML. A project is its parts with their milestones, each on its day, so that any past day can be
// judged again. Amounts are in 万元, progress in percent, gaps in percentage points. Who may do what is left to the room above.
package lifecycle

import (
	"slices"

	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// ProjectRules is how projects of a city are followed (项目全过程规则).
type ProjectRules struct {
	ID         string             `yaml:"id" json:"id"`
	Version    int                `yaml:"version" json:"version"`
	Title      fault.Text         `yaml:"title" json:"title"`
	Line       string             `yaml:"line" json:"line"`
	Basis      fault.Text         `yaml:"basis" json:"basis"`
	Stages     []ProjectStage     `yaml:"stages" json:"stages"` // in order; a project begins in the first
	Milestones []ProjectMilestone `yaml:"milestones" json:"milestones"`
	Guards     []ProjectGuard     `yaml:"guards,omitempty" json:"guards"`
	Kinds      []ProjectWord      `yaml:"kinds" json:"kinds"`           // what is built
	Programmes []ProjectWord      `yaml:"programmes" json:"programmes"` // what projects are grouped by
	Lag        LagRule            `yaml:"lag" json:"lag"`
	Statistics StatisticsRule     `yaml:"statistics" json:"statistics"`
	Funding    FundingRule        `yaml:"funding" json:"funding"`
	Plans      []PlanRule         `yaml:"plans,omitempty" json:"plans"`
	Sample     bool               `yaml:"sample,omitempty" json:"sample"` // a figure in it is usage that nobody has confirmed
}

// ProjectStage is how far a project has come (建设阶段).
type ProjectStage struct {
	ID   string     `yaml:"id" json:"id"`
	Name fault.Text `yaml:"name" json:"name"`
}

// ProjectMilestone is an approval or an event on a day (审批与节点).
type ProjectMilestone struct {
	ID      string     `yaml:"id" json:"id"`
	Name    fault.Text `yaml:"name" json:"name"`
	Stage   string     `yaml:"stage" json:"stage"`               // the stage that it brings a part to
	Needs   []string   `yaml:"needs,omitempty" json:"needs"`     // document, amount, evidence, note
	Means   Meaning    `yaml:"means,omitempty" json:"means"`     // what figures take it for
	Repeats bool       `yaml:"repeats,omitempty" json:"repeats"` // it may come again, and later than its stage
	// Approval is the level from which up somebody else confirms it before it counts (核准层级); "" where telling it is enough.
	Approval string `yaml:"approval,omitempty" json:"approval"`
}

// Meaning is what figures take a milestone for (节点含义).
type Meaning string

// The meanings; "" is none.
const (
	MeansPrepared     Meaning = "prepared"     // ready to begin: tender and land are settled (完成施工准备)
	MeansStarted      Meaning = "started"      // ground is broken (开工)
	MeansCommissioned Meaning = "commissioned" // in service (投入运行)
	MeansFinished     Meaning = "finished"     // nothing is left to build (完工)
	MeansAccepted     Meaning = "accepted"     // accepted as a whole (竣工验收)
)

// Ends reports whether what bears the meaning is no longer held against a schedule.
func (m Meaning) Ends() bool {
	return m == MeansCommissioned || m == MeansFinished || m == MeansAccepted
}

// ProjectGuard is what must hold before a milestone, or before monthly figures (前置条件).
type ProjectGuard struct {
	ID       string     `yaml:"id" json:"id"`
	Name     fault.Text `yaml:"name" json:"name"`
	On       string     `yaml:"on" json:"on"`                       // a milestone, or "actual" for what is reported month by month
	Requires []string   `yaml:"requires,omitempty" json:"requires"` // any one of these milestones, on its day or before
	Over     *OverRule  `yaml:"over,omitempty" json:"over"`
	Does     Severity   `yaml:"does" json:"does"`
	Basis    fault.Text `yaml:"basis,omitempty" json:"basis"`
}

// OverRule is by how much the amount of a milestone may exceed what was approved before (超估算比例).
type OverRule struct {
	Of      []string         `yaml:"of" json:"of"`           // the milestones that approved it; the last of them speaks
	Percent quantity.Decimal `yaml:"percent" json:"percent"` // more than this is too much
}

// Severity is what a guard does.
type Severity string

// The severities.
const (
	Refuses Severity = "refuse"
	Warns   Severity = "warn"
)

// Actual is the On of guards over monthly figures.
const Actual = "actual"

// ProjectWord is a word of the rules with its names.
type ProjectWord struct {
	ID   string     `yaml:"id" json:"id"`
	Name fault.Text `yaml:"name" json:"name"`
}

// LagRule is when a project lags (滞后判定), in percentage points behind its plan.
type LagRule struct {
	Money    quantity.Decimal `yaml:"money" json:"money"`       // more than this behind by investment
	Physical quantity.Decimal `yaml:"physical" json:"physical"` // more than this behind by physical progress
	Severe   quantity.Decimal `yaml:"severe" json:"severe"`     // more than this by either is severe
}

// StatisticsRule is which projects belong in the statistics library (应统尽统).
type StatisticsRule struct {
	AtLeast quantity.Decimal `yaml:"at_least" json:"at_least_wan_yuan"` // planned total investment, 万元
}

// FundingRule is where money comes from and how it goes on (资金来源与环节).
type FundingRule struct {
	Sources []ProjectWord `yaml:"sources" json:"sources"`
	Steps   []FundingStep `yaml:"steps" json:"steps"` // in order: none may exceed the one before
}

// FundingStep is one step of money (资金环节).
type FundingStep struct {
	ID   string     `yaml:"id" json:"id"`
	Name fault.Text `yaml:"name" json:"name"`
	Plan bool       `yaml:"plan,omitempty" json:"plan"` // what is planned: holds the next only where it was told
}

// PlanRule is a document that each county draws up (一县一方案).
type PlanRule struct {
	ID        string     `yaml:"id" json:"id"`
	Title     fault.Text `yaml:"title" json:"title"`
	Programme string     `yaml:"programme,omitempty" json:"programme"`
	Due       string     `yaml:"due" json:"due"` // "07-31", of each year
	// Approval is the level from which up somebody other than who submitted it records its approval (批复登记层级); "" is any writer.
	Approval string `yaml:"approval,omitempty" json:"approval"`
}

// Levels lists the levels that an approval may ask for, the highest first.
func Levels() []string { return []string{"province", "city", "county"} }

// ApprovedAt reports whether an office of a level may confirm what asks for one.
func ApprovedAt(asked, office string) bool {
	i := slices.Index(Levels(), office)
	return i >= 0 && i <= slices.Index(Levels(), asked)
}

// Stage finds a stage and its place in the order; -1 where there is none.
func (r *ProjectRules) Stage(id string) (ProjectStage, int) {
	i := slices.IndexFunc(r.Stages, func(s ProjectStage) bool { return s.ID == id })
	if i < 0 {
		return ProjectStage{}, -1
	}
	return r.Stages[i], i
}

// Milestone finds a milestone.
func (r *ProjectRules) Milestone(id string) (ProjectMilestone, bool) {
	i := slices.IndexFunc(r.Milestones, func(m ProjectMilestone) bool { return m.ID == id })
	if i < 0 {
		return ProjectMilestone{}, false
	}
	return r.Milestones[i], true
}

// Plan finds a plan document.
func (r *ProjectRules) Plan(id string) (PlanRule, bool) {
	i := slices.IndexFunc(r.Plans, func(p PlanRule) bool { return p.ID == id })
	if i < 0 {
		return PlanRule{}, false
	}
	return r.Plans[i], true
}

// WordOf finds a word of a list.
func WordOf(list []ProjectWord, id string) (ProjectWord, bool) {
	i := slices.IndexFunc(list, func(w ProjectWord) bool { return w.ID == id })
	if i < 0 {
		return ProjectWord{}, false
	}
	return list[i], true
}

// FundingStep finds a step of money and its place in the order; -1 where there is none.
func (r *ProjectRules) FundingStep(id string) (FundingStep, int) {
	i := slices.IndexFunc(r.Funding.Steps, func(s FundingStep) bool { return s.ID == id })
	if i < 0 {
		return FundingStep{}, -1
	}
	return r.Funding.Steps[i], i
}
