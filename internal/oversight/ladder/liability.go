package ladder

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"anlan/internal/oversight/checklist"
	"anlan/internal/quantity"
)

// Tier says what problems lead to that cost no points: so many of a grade or a heavier one at one object (按问题数追究).
type Tier struct {
	Measure  checklist.Measure  `yaml:"measure" json:"measure"`
	Severity checklist.Severity `yaml:"severity" json:"severity"` // at least
	Findings int                `yaml:"findings" json:"findings"` // at least
}

// PersonsMeasure says what a measure against the unit brings upon those who answer for it in person. What is left out says nothing of
// that person.
type PersonsMeasure struct {
	Measure checklist.Measure `yaml:"measure" json:"measure"`
	Direct  checklist.Measure `yaml:"direct,omitempty" json:"direct,omitempty"`   // the person who answers for the object (直接责任人)
	Leading checklist.Measure `yaml:"leading,omitempty" json:"leading,omitempty"` // who leads the unit (领导责任人)
}

// Fault is a problem as liability is decided by it. It was not dismissed, and no objection waits.
type Fault struct {
	List     *checklist.Checklist // by which it was found; nil for none
	Severity checklist.Severity   // "" where it is not graded
	Points   quantity.Null        // deducted by the list of its day
}

// Charge is what the problems at one object come to for those who answer for it (责任追究).
type Charge struct {
	Findings   int
	Severities map[checklist.Severity]int
	Unscored   int             // of Findings, those without points: they are judged by number and grade
	Score      quantity.Null   // the worst of the lists it was held against; absent where nothing was scored
	Band       *checklist.Band // in which Score lies
	Tier       *Tier           // the heaviest that those without points reach
	// Measure is against the unit: the heavier of what Band and Tier lead to, "" where neither says anything. Direct and Leading are
	// what it brings upon persons.
	Measure, Direct, Leading checklist.Measure
}

// Charge decides what the problems at one object lead to. Each list is a score of its own, and the worst result counts.
func (l *Ladder) Charge(faults []Fault) Charge {
	c := Charge{Findings: len(faults), Severities: map[checklist.Severity]int{}}
	deducted := map[*checklist.Checklist]quantity.Decimal{}
	var plain []checklist.Severity
	for _, f := range faults {
		if f.Severity != "" {
			c.Severities[f.Severity]++
		}
		if f.List == nil || f.List.Scoring == nil || !f.Points.Valid {
			plain = append(plain, f.Severity)
			continue
		}
		deducted[f.List] += f.Points.Decimal
	}
	c.Unscored = len(plain)
	lists := slices.SortedFunc(maps.Keys(deducted), func(a, b *checklist.Checklist) int { return cmp.Compare(a.ID, b.ID) })
	for _, list := range lists {
		l.scored(&c, list, deducted[list])
	}
	for _, t := range l.Tiers {
		if c.Tier == nil || Heavier(t.Measure, c.Tier.Measure) {
			if t.reached(plain) {
				c.Tier = &t
			}
		}
	}
	if c.Band != nil {
		c.Measure = c.Band.Measure
	}
	if c.Tier != nil && (c.Measure == "" || Heavier(c.Tier.Measure, c.Measure)) {
		c.Measure = c.Tier.Measure
	}
	c.Direct, c.Leading = l.persons(c.Measure)
	return c
}

// scored lays the score of one list over a charge, if it is worse than what stands there.
func (l *Ladder) scored(c *Charge, list *checklist.Checklist, points quantity.Decimal) {
	bands := list.Scoring.Bands
	if len(bands) == 0 {
		bands = l.Liability
	}
	score := quantity.Some(max(list.Scoring.Start-points, list.Scoring.Floor))
	i := slices.IndexFunc(bands, func(b checklist.Band) bool { return score.Decimal >= b.From })
	switch {
	case i < 0: // the rules say nothing of such a score
		if !c.Score.Valid {
			c.Score = score
		}
	case c.Band == nil || Heavier(bands[i].Measure, c.Band.Measure) || bands[i].Measure == c.Band.Measure && score.Decimal < c.Score.Decimal:
		c.Score, c.Band = score, &bands[i]
	}
}

func (t Tier) reached(grades []checklist.Severity) bool {
	n := 0
	for _, g := range grades {
		if g.Rank() >= t.Severity.Rank() {
			n++
		}
	}
	return n >= t.Findings
}

func (l *Ladder) persons(unit checklist.Measure) (direct, leading checklist.Measure) {
	for _, p := range l.Persons {
		if p.Measure == unit {
			return p.Direct, p.Leading
		}
	}
	return "", ""
}

// Heavier reports whether a measure is heavier than another; "" is lighter than all.
func Heavier(a, b checklist.Measure) bool {
	return cmp.Compare(slices.Index(checklist.Measures(), a), slices.Index(checklist.Measures(), b)) > 0
}

func (k checker) tiers() {
	for i, t := range k.l.Tiers {
		at := fmt.Sprintf("liability_counts[%d]", i)
		k.measure(at+".measure", t.Measure)
		if t.Severity.Rank() == 0 {
			k.Say(at+".severity", "没有等级 %q", "there is no grade %q", t.Severity)
		}
		if t.Findings < 1 {
			k.Say(at+".findings", "问题数从 1 开始", "the number of problems is 1 or more")
		}
	}
}

func (k checker) persons() {
	seen := map[string]bool{}
	for i, p := range k.l.Persons {
		at := fmt.Sprintf("liability_persons[%d]", i)
		k.measure(at+".measure", p.Measure)
		k.Once(at+".measure", string(p.Measure), seen)
		for key, m := range map[string]checklist.Measure{"direct": p.Direct, "leading": p.Leading} {
			if m != "" {
				k.measure(at+"."+key, m)
			}
		}
	}
}

func (k checker) measure(at string, m checklist.Measure) {
	if !slices.Contains(checklist.Measures(), m) {
		k.Say(at, "没有措施 %q", "there is no measure %q", m)
	}
}
