// Package checklist holds what inspectors look for as data: clauses by object kind, their severity, points and days to mend,
// read from YAML, and the score that an inspection comes to.
//
// A list is versioned, and a loaded version never changes; a clause keeps its code over all versions, for recurrence is told by
// it. What is found, by whom and what becomes of it is left to the rooms above. Points are exact.
package checklist

import (
	"slices"

	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// Checklist is one list of what to look for (检查清单).
type Checklist struct {
	ID      string     `yaml:"id" json:"id"`           // "small-reservoirs", unique
	Version int        `yaml:"version" json:"version"` // 1, 2, 3 …
	Title   fault.Text `yaml:"title" json:"title"`
	Line    string     `yaml:"line" json:"line"` // line of work that roles are given for: "reservoir"
	Basis   fault.Text `yaml:"basis" json:"basis"`
	// Sample says that the list waits for the operator's own, as a list without an official table behind it does.
	Sample     bool             `yaml:"sample,omitempty" json:"sample"`
	Objects    []string         `yaml:"objects" json:"objects"`       // kinds of the registry that it is held against: "reservoir"
	Severities []Severity       `yaml:"severities" json:"severities"` // which grades it knows, from light to grave
	Days       map[Severity]int `yaml:"days" json:"days"`             // days to mend, by severity; 0 is on the spot
	// ConfirmDays are for the inspected side to confirm a finding and give it to somebody, or to dispute it; those of the ladder where 0.
	ConfirmDays int       `yaml:"confirm_days,omitempty" json:"confirm_days,omitempty"`
	Scoring     *Scoring  `yaml:"scoring,omitempty" json:"scoring,omitempty"`
	Sections    []Section `yaml:"sections" json:"sections"`
}

// Section is a heading with its clauses.
type Section struct {
	ID      string     `yaml:"id" json:"id"` // "dam", unique in the list
	Title   fault.Text `yaml:"title" json:"title"`
	Clauses []Clause   `yaml:"clauses" json:"clauses"`
}

// Clause is one thing to look for, worded as the problem that it would be (检查条目).
type Clause struct {
	Code  string     `yaml:"code" json:"code"` // "sr.dam.03": unique over all lists, the same in every version
	Text  fault.Text `yaml:"text" json:"text"`
	Basis fault.Text `yaml:"basis,omitempty" json:"basis"` // the list's where empty
	// Sample says that grade and basis are proposals that nobody has confirmed.
	Sample   bool       `yaml:"sample,omitempty" json:"sample"`
	Severity Severity   `yaml:"severity" json:"severity"`         // what a finding has unless the inspector says otherwise
	Allowed  []Severity `yaml:"allowed,omitempty" json:"allowed"` // what it may be changed to; Severity alone where empty
	Points   *Points    `yaml:"points,omitempty" json:"points"`   // what is deducted; by severity where absent
	Persons  Persons    `yaml:"three_persons,omitempty" json:"three_persons,omitempty"`
	KeyLink  KeyLink    `yaml:"key_link,omitempty" json:"key_link,omitempty"`
	Days     Days       `yaml:"days,omitempty" json:"days,omitempty"` // days to mend where they differ from the list's
	Hazard   bool       `yaml:"hazard,omitempty" json:"hazard"`       // a finding may end with measures of control, which is not closed
}

// Points is an exact amount that a clause deducts.
type Points = quantity.Decimal

// Days are days to mend by severity.
type Days = map[Severity]int

// Severity is the grade of a finding (问题等级).
type Severity string

// The grades, from light to grave.
const (
	General Severity = "general" // 一般
	Heavier Severity = "heavier" // 较重
	Serious Severity = "serious" // 严重
	Grave   Severity = "grave"   // 特别严重
)

// Severities lists the grades from light to grave.
func Severities() []Severity { return []Severity{General, Heavier, Serious, Grave} }

// Rank is 1 for general to 4 for grave, and 0 for what is no grade.
func (s Severity) Rank() int { return slices.Index(Severities(), s) + 1 }

// Name is the grade in words.
func (s Severity) Name() fault.Text {
	switch s {
	case General:
		return fault.T("一般", "general")
	case Heavier:
		return fault.T("较重", "heavier")
	case Serious:
		return fault.T("严重", "serious")
	case Grave:
		return fault.T("特别严重", "grave")
	}
	return fault.T(string(s), string(s))
}

// Persons marks a clause about the three responsible persons of a reservoir (三个责任人).
type Persons string

// Whom such a clause is about.
const (
	Administrative Persons = "administrative" // 行政责任人
	Technical      Persons = "technical"      // 技术责任人
	Patrol         Persons = "patrol"         // 巡查责任人
	AllThree       Persons = "all"
)

// KeyLink marks a clause about one of the three key links (三个重点环节).
type KeyLink string

// The three key links.
const (
	Monitoring    KeyLink = "monitoring"     // 雨水情测报
	OperationPlan KeyLink = "operation_plan" // 调度运用方案
	EmergencyPlan KeyLink = "emergency_plan" // 应急预案
)

// Scoring is how findings make a score (赋分).
type Scoring struct {
	Start  quantity.Decimal              `yaml:"start" json:"start"`   // 100
	Floor  quantity.Decimal              `yaml:"floor" json:"floor"`   // the score falls no lower
	Points map[Severity]quantity.Decimal `yaml:"points" json:"points"` // deducted per finding
	Sample bool                          `yaml:"sample,omitempty" json:"sample"`
	Bands  []Band                        `yaml:"bands,omitempty" json:"bands"` // from the best score down; the last begins at the floor
}

// Band says what a score leads to: it holds from its own score up to the band above (责任追究).
type Band struct {
	From    quantity.Decimal `yaml:"from" json:"from"`
	Measure Measure          `yaml:"measure" json:"measure"`
}

// Measure is what follows for those responsible, from light to heavy.
type Measure string

// The measures.
const (
	NoMeasure Measure = "none"
	Order     Measure = "order"    // 责令整改
	Talk      Measure = "talk"     // 约谈
	Circular  Measure = "circular" // 情况通报
	Stop      Measure = "stop"     // 停工
	Sanction  Measure = "sanction" // 建议处分
)

// Measures lists the measures from light to heavy.
func Measures() []Measure { return []Measure{NoMeasure, Order, Talk, Circular, Stop, Sanction} }

// Name is the measure in words.
func (m Measure) Name() fault.Text {
	switch m {
	case NoMeasure:
		return fault.T("不追究", "none")
	case Order:
		return fault.T("责令整改", "order to mend")
	case Talk:
		return fault.T("约谈", "formal talk")
	case Circular:
		return fault.T("情况通报", "circular")
	case Stop:
		return fault.T("停工整改", "work stopped")
	case Sanction:
		return fault.T("建议处分", "sanction proposed")
	}
	return fault.T(string(m), string(m))
}

// Clause finds a clause by its code.
func (c *Checklist) Clause(code string) (Clause, bool) {
	for _, s := range c.Sections {
		for _, cl := range s.Clauses {
			if cl.Code == code {
				return cl, true
			}
		}
	}
	return Clause{}, false
}

// Count is how many clauses the list has.
func (c *Checklist) Count() int {
	n := 0
	for _, s := range c.Sections {
		n += len(s.Clauses)
	}
	return n
}

// May lists the grades that a finding under the clause may have, from light to grave.
func (cl Clause) May() []Severity {
	if len(cl.Allowed) == 0 {
		return []Severity{cl.Severity}
	}
	return cl.Allowed
}

// BasisOf is what a clause rests on: its own basis, or the list's.
func (c *Checklist) BasisOf(cl Clause) fault.Text {
	if cl.Basis.Zh != "" {
		return cl.Basis
	}
	return c.Basis
}

// DaysFor is how many days a finding has; ok is false where the list says nothing of this grade.
func (c *Checklist) DaysFor(cl Clause, s Severity) (days int, ok bool) {
	if days, ok = cl.Days[s]; ok {
		return days, true
	}
	days, ok = c.Days[s]
	return days, ok
}

// PointsFor is what a finding deducts; it is absent in a list without a score.
func (c *Checklist) PointsFor(cl Clause, s Severity) quantity.Null {
	switch {
	case c.Scoring == nil:
		return quantity.Null{}
	case cl.Points != nil:
		return quantity.Some(*cl.Points)
	}
	p, ok := c.Scoring.Points[s]
	return quantity.Null{Decimal: p, Valid: ok}
}
