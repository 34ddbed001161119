// Package ladder says which step of escalation a matter has come to: rules are data, and the answer is a suggestion with its reason.
//
// The steps, who approves them, whom they are aimed at and when a reply is due are read from YAML, and so is when each is
// suggested, by kind of matter. Steps are climbed one at a time unless a rule says that it may be taken at once. Nothing here acts,
// asks the clock or knows a store: facts go in, and a named person decides what to do with what comes out.
package ladder

import (
	"slices"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/oversight/checklist"
	"anlan/internal/quantity"
)

// Ladder is the steps of escalation with their rules (升级处置).
type Ladder struct {
	ID      string     `yaml:"id" json:"id"`
	Version int        `yaml:"version" json:"version"`
	Title   fault.Text `yaml:"title" json:"title"`
	Basis   fault.Text `yaml:"basis" json:"basis"`
	Sample  bool       `yaml:"sample,omitempty" json:"sample"`
	Terms   *Terms     `yaml:"terms,omitempty" json:"terms,omitempty"`
	Steps   []Step     `yaml:"steps" json:"steps"` // from light to heavy
	Rules   []Rule     `yaml:"rules" json:"rules"` // of each kind, from light to heavy
	// Liability is what a score leads to where a checklist has no bands of its own.
	Liability []checklist.Band `yaml:"liability,omitempty" json:"liability"`
	Tiers     []Tier           `yaml:"liability_counts,omitempty" json:"liability_counts"`
	Persons   []PersonsMeasure `yaml:"liability_persons,omitempty" json:"liability_persons"`
}

// Terms are the days of those who confirm, decide and review (办理时限), and what bounds the others, each of at least one; the program's own
// where 0. A checklist may have its own days to confirm.
type Terms struct {
	Confirm int  `yaml:"confirm_days,omitempty" json:"confirm_days"` // to confirm a finding and give it to somebody, or to dispute it
	Decide  int  `yaml:"decide_days,omitempty" json:"decide_days"`   // to decide on an objection
	Review  int  `yaml:"review_days,omitempty" json:"review_days"`   // to look at what was handed in
	Mend    Mend `yaml:"mend_days,omitempty" json:"mend_days"`       // the most that anybody but the keeper gives
	Longest int  `yaml:"longest_days,omitempty" json:"longest_days"` // the most that the keeper gives, counted from the day of giving
	Found   int  `yaml:"found_days,omitempty" json:"found_days"`     // how far back what is entered by hand may have been found
	Sweep   int  `yaml:"sweep_days,omitempty" json:"sweep_days"`     // to look at similar objects
	Rule    int  `yaml:"rule_days,omitempty" json:"rule_days"`       // to mend what a rule opened from the figures
}

// Mend is days to mend by severity.
type Mend struct {
	General int `yaml:"general,omitempty" json:"general"`
	Heavier int `yaml:"heavier,omitempty" json:"heavier"`
	Serious int `yaml:"serious,omitempty" json:"serious"`
	Grave   int `yaml:"grave,omitempty" json:"grave"`
}

// Target is whom a step is aimed at.
type Target string

// The targets.
const (
	Unit   Target = "unit"
	Person Target = "person"
	Both   Target = "both"
)

// Step is one rung, such as 提醒函, 通报, 约谈, 督办 or 考核扣分.
type Step struct {
	ID       string     `yaml:"id" json:"id"`
	Name     fault.Text `yaml:"name" json:"name"`
	Approver string     `yaml:"approver" json:"approver"` // role: "director"
	// Level is that of the division at which the role must be held (province, city, county); any where empty.
	Level     string  `yaml:"approver_level,omitempty" json:"approver_level,omitempty"`
	Target    Target  `yaml:"target" json:"target"`
	ReplyDays int     `yaml:"reply_days" json:"reply_days"`                           // by when the target answers; 0 asks for none
	EveryDays int     `yaml:"report_every_days,omitempty" json:"report_every"`        // how often progress is reported until it is lifted
	Deduct    *Points `yaml:"deduct_points,omitempty" json:"deduct_points,omitempty"` // from the yearly assessment
}

// Points is an exact amount of points.
type Points = quantity.Decimal

// Kind is what sort of matter is judged.
type Kind string

// The kinds of matter.
const (
	Lag           Kind = "lag"            // behind the calendar
	MissingReturn Kind = "missing_return" // a return that was not filed
	Overdue       Kind = "overdue"        // a matter past its original deadline
	Finding       Kind = "finding"        // a problem found
)

// Rule says when a step is suggested for a kind of matter: when any of its conditions holds.
type Rule struct {
	Kind Kind        `yaml:"kind" json:"kind"`
	Step string      `yaml:"step" json:"step"`
	When []Condition `yaml:"when" json:"when"`
	// Direct lets the step be suggested although lighter ones were not taken.
	Direct bool `yaml:"direct,omitempty" json:"direct"`
}

// Condition holds when all that it names is reached.
type Condition struct {
	MonthsLagging int                `yaml:"months_lagging,omitempty" json:"months_lagging,omitempty"` // in a row, at least
	PointsBehind  *quantity.Decimal  `yaml:"points_behind,omitempty" json:"points_behind,omitempty"`   // percentage points behind the calendar, more than
	Bottom        int                `yaml:"bottom,omitempty" json:"bottom,omitempty"`                 // among the last so many of its peers
	DaysOverdue   int                `yaml:"days_overdue,omitempty" json:"days_overdue,omitempty"`     // at least
	Reminders     int                `yaml:"reminders,omitempty" json:"reminders,omitempty"`           // at least
	Repeats       int                `yaml:"repeats,omitempty" json:"repeats,omitempty"`               // how often it came back within twelve months, at least
	Severity      checklist.Severity `yaml:"severity,omitempty" json:"severity,omitempty"`             // at least
	Unanswered    bool               `yaml:"unanswered,omitempty" json:"unanswered,omitempty"`         // the reply to the last step is past due
}

// Facts are what is known of one matter at an instant. What is zero or absent is not known and reaches nothing.
type Facts struct {
	Kind          Kind
	MonthsLagging int
	PointsBehind  quantity.Null
	Rank          int // 1 is best
	Peers         int // how many are ranked with it
	DaysOverdue   int // by the original deadline
	Reminders     int
	Repeats       int
	Severity      checklist.Severity
	Taken         []string // steps taken so far, in any order
	Unanswered    bool     // the reply to the last step is past due
	// Waiting says that a step is proposed and not decided, or that the reply to one is not due yet: then nothing is suggested.
	Waiting bool
}

// Suggest is the step that the facts call for and why; ok is false where they call for none beyond what was taken. Of what they
// call for, the heaviest that may be taken at once is suggested; otherwise the next rung above what was taken.
func Suggest(l *Ladder, f Facts) (step Step, reason fault.Text, ok bool) {
	if f.Waiting {
		return Step{}, fault.Text{}, false
	}
	next, chosen := -1, -1
	for i, r := range l.Rules {
		if r.Kind != f.Kind || l.index(r.Step) <= l.heaviest(f.Taken) {
			continue
		}
		if next < 0 {
			next = i
		}
		why, met := r.met(f)
		switch {
		case !met:
		case r.Direct || chosen < 0 && i == next:
			chosen, reason = i, why
		case chosen < 0: // a heavier one is called for: first the next rung, for that reason
			chosen, reason = next, why
		}
	}
	if chosen < 0 && f.Unanswered && next >= 0 { // a reply that does not come calls for the next rung, whatever the rules say
		chosen, reason = next, Condition{Unanswered: true}.reason(f)
	}
	if chosen < 0 {
		return Step{}, fault.Text{}, false
	}
	return l.Steps[l.index(l.Rules[chosen].Step)], reason, true
}

// index is where a step stands, from light to heavy.
func (l *Ladder) index(id string) int {
	return slices.IndexFunc(l.Steps, func(s Step) bool { return s.ID == id })
}

// heaviest is the index of the heaviest step taken, or -1.
func (l *Ladder) heaviest(taken []string) int {
	n := -1
	for _, id := range taken {
		n = max(n, l.index(id))
	}
	return n
}

// Step finds a step.
func (l *Ladder) Step(id string) (Step, bool) {
	i := l.index(id)
	if i < 0 {
		return Step{}, false
	}
	return l.Steps[i], true
}

// Follows is what a score leads to: by the checklist's own bands, or by the ladder's. Ok is false without a score.
func (l *Ladder) Follows(c *checklist.Checklist, score quantity.Null) (m checklist.Measure, ok bool) {
	if !score.Valid {
		return "", false
	}
	if c.Scoring != nil && len(c.Scoring.Bands) > 0 {
		return checklist.Follows(c.Scoring.Bands, score.Decimal)
	}
	return checklist.Follows(l.Liability, score.Decimal)
}

// met says whether any condition of a rule holds, with the reason of the first that does.
func (r Rule) met(f Facts) (fault.Text, bool) {
	for _, c := range r.When {
		if c.holds(f) {
			return c.reason(f), true
		}
	}
	return fault.Text{}, false
}

func (c Condition) holds(f Facts) bool {
	switch {
	case f.MonthsLagging < c.MonthsLagging,
		c.PointsBehind != nil && (!f.PointsBehind.Valid || f.PointsBehind.Decimal <= *c.PointsBehind),
		c.Bottom > 0 && (f.Rank < 1 || f.Rank > f.Peers || f.Rank <= f.Peers-c.Bottom),
		f.DaysOverdue < c.DaysOverdue, f.Reminders < c.Reminders, f.Repeats < c.Repeats,
		c.Severity.Rank() > f.Severity.Rank(), c.Unanswered && !f.Unanswered:
		return false
	}
	return true
}

// reason tells the facts that a condition looked at.
func (c Condition) reason(f Facts) fault.Text {
	var zh, en []string
	say := func(when bool, z, e string, args ...any) {
		if when {
			t := fault.Tf(z, e, args...)
			zh, en = append(zh, t.Zh), append(en, t.En)
		}
	}
	say(c.MonthsLagging > 0, "连续滞后 %d 个月", "months behind in a row: %d", f.MonthsLagging)
	say(c.PointsBehind != nil, "落后序时 %s 个百分点", "%s points behind the calendar", f.PointsBehind)
	say(c.Bottom > 0, "排名第 %d（共 %d）", "rank %d of %d", f.Rank, f.Peers)
	say(c.DaysOverdue > 0, "逾期 %d 天", "days overdue: %d", f.DaysOverdue)
	say(c.Reminders > 0, "已催报 %d 次", "reminders: %d", f.Reminders)
	say(c.Repeats > 0, "12 个月内重复 %d 次", "times back within 12 months: %d", f.Repeats)
	if c.Severity != "" {
		zh, en = append(zh, "问题等级为"+f.Severity.Name().Zh), append(en, "grade: "+f.Severity.Name().En)
	}
	say(c.Unanswered, "上一步处置逾期未反馈", "the last step was not answered in time")
	return fault.T(strings.Join(zh, "，"), strings.Join(en, ", "))
}
