// Package acceptance holds score trees as data, read from YAML, and judges what was answered under one: dimensions, weighted
// items, prerequisites that veto, a threshold, and the stages from the first listing to revocation.
//
// What is not answered is missing and never zero: a tree with gaps has no score, only what it has so far and what it can still
// reach. Points are exact. Who may take which step, and the evidence itself, are left to the rooms above.
package acceptance

import (
	"maps"
	"slices"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
)

// Tree is one scheme of acceptance (验收评分).
type Tree struct {
	ID        string     `yaml:"id" json:"id"`
	Version   int        `yaml:"version" json:"version"`
	Title     fault.Text `yaml:"title" json:"title"`
	Line      string     `yaml:"line" json:"line"`
	Basis     fault.Text `yaml:"basis" json:"basis"`
	Sample    bool       `yaml:"sample,omitempty" json:"sample"`
	Objects   []string   `yaml:"objects" json:"objects"`     // kinds of the registry
	Threshold Points     `yaml:"threshold" json:"threshold"` // of 100
	// ReviewYears is after how many years a title is looked at again; 0 for never.
	ReviewYears   int            `yaml:"review_years,omitempty" json:"review_years"`
	Stages        []Stage        `yaml:"stages" json:"stages"` // the first is where an object begins
	Prerequisites []Prerequisite `yaml:"prerequisites" json:"prerequisites"`
	Dimensions    []Dimension    `yaml:"dimensions" json:"dimensions"`
}

// Points is an exact amount of points.
type Points = quantity.Decimal

// Stage is a station on the way from listing to title, and out of it.
type Stage struct {
	ID   string     `yaml:"id" json:"id"`
	Name fault.Text `yaml:"name" json:"name"`
	By   string     `yaml:"by" json:"by"`                       // the level that takes the object into it: "county"
	Next []string   `yaml:"next,omitempty" json:"next"`         // where it may go on to, back included
	Pass bool       `yaml:"needs_pass,omitempty" json:"pass"`   // entered only with a passing result of the stage before
	Held bool       `yaml:"holds_title,omitempty" json:"title"` // the object carries the title here
}

// Prerequisite is a condition without which nothing else counts (一票否决).
type Prerequisite struct {
	Code string     `yaml:"code" json:"code"`
	Text fault.Text `yaml:"text" json:"text"` // worded as what must hold
}

// Dimension is a part of the tree.
type Dimension struct {
	ID    string     `yaml:"id" json:"id"`
	Name  fault.Text `yaml:"name" json:"name"`
	Items []Item     `yaml:"items" json:"items"`
}

// Item is one thing that earns points.
type Item struct {
	Code     string     `yaml:"code" json:"code"`
	Text     fault.Text `yaml:"text" json:"text"`
	Weight   Points     `yaml:"weight" json:"weight"`               // full points; all items make 100
	Evidence fault.Text `yaml:"evidence,omitempty" json:"evidence"` // what proves it
	MaySkip  bool       `yaml:"may_skip,omitempty" json:"may_skip"` // may not apply to an object; the rest is then scaled to 100
}

// Answer is what was found for an item.
type Answer struct {
	Points Points `json:"points"`
	Skip   bool   `json:"skip,omitempty"`                    // does not apply
	Reason string `json:"reason,omitempty" maxLength:"1000"` // why points were deducted, or why it does not apply; required for both
}

// Answers are those given so far, by code. What is not in a map was not answered.
type Answers struct {
	Items         map[string]Answer `json:"items"`
	Prerequisites map[string]bool   `json:"prerequisites"` // whether it holds
}

// Verdict is what answers come to.
type Verdict string

// The verdicts.
const (
	Open   Verdict = "open" // something is missing
	Passed Verdict = "passed"
	Failed Verdict = "failed"
)

// Result is a tree judged.
type Result struct {
	Score      quantity.Null `json:"score"`     // of 100; absent while anything is missing
	Reachable  quantity.Null `json:"reachable"` // what the score would be if all that is missing earned full points; absent where nothing applies
	Verdict    Verdict       `json:"verdict" enum:"open,passed,failed"`
	Dimensions []Share       `json:"dimensions"`
	Vetoes     []string      `json:"vetoes"`  // prerequisites that do not hold
	Missing    []string      `json:"missing"` // prerequisites and items without an answer, in the order of the tree
	// Unexplained are items with points deducted, or skipped, without a reason; they too keep the verdict open.
	Unexplained []string `json:"unexplained"`
}

// Share is a dimension judged.
type Share struct {
	ID       string        `json:"id"`
	Points   Points        `json:"points"`   // of the items answered
	Answered Points        `json:"answered"` // full points of the items answered
	Of       Points        `json:"of"`       // full points of all items that apply
	Score    quantity.Null `json:"score"`    // of 100; absent while an item is missing, or where none applies
	Missing  int           `json:"missing"`
}

// Judge holds answers against a tree. An error is a fault: an answer to nothing in the tree, points outside an item's weight, or
// an item skipped that may not be.
func Judge(t *Tree, a Answers) (Result, error) {
	if err := t.admits(a); err != nil {
		return Result{}, err
	}
	r := Result{}
	for _, p := range t.Prerequisites {
		switch holds, ok := a.Prerequisites[p.Code]; {
		case !ok:
			r.Missing = append(r.Missing, p.Code)
		case !holds:
			r.Vetoes = append(r.Vetoes, p.Code)
		}
	}
	var all Share
	for _, d := range t.Dimensions {
		part := r.dimension(d, a.Items)
		all.Points += part.Points
		all.Answered += part.Answered
		all.Of += part.Of
		all.Missing += part.Missing
		r.Dimensions = append(r.Dimensions, part)
	}
	r.Score = all.score()
	r.Reachable = percent(all.Points+all.Of-all.Answered, all.Of)
	r.Verdict = verdict(t, r, all)
	return r, nil
}

func (r *Result) dimension(d Dimension, answers map[string]Answer) Share {
	part := Share{ID: d.ID}
	for _, i := range d.Items {
		a, ok := answers[i.Code]
		if ok && (a.Skip || a.Points < i.Weight) && a.Reason == "" {
			r.Unexplained = append(r.Unexplained, i.Code)
		}
		switch {
		case !ok:
			part.Of += i.Weight
			part.Missing++
			r.Missing = append(r.Missing, i.Code)
		case !a.Skip:
			part.Of += i.Weight
			part.Answered += i.Weight
			part.Points += a.Points
		}
	}
	part.Score = part.score()
	return part
}

func (p Share) score() quantity.Null {
	if p.Missing > 0 {
		return quantity.Null{}
	}
	return percent(p.Points, p.Of)
}

func percent(n, of Points) quantity.Null {
	p, ok := n.Percent(of)
	return quantity.Null{Decimal: p, Valid: ok}
}

// verdict fails a veto at once, waits for what is missing, and then compares the exact points, not the rounded score.
func verdict(t *Tree, r Result, all Share) Verdict {
	switch {
	case len(r.Vetoes) > 0:
		return Failed
	case len(r.Missing)+len(r.Unexplained) > 0 || all.Of == 0:
		return Open
	case int64(all.Points)*int64(full) >= int64(t.Threshold)*int64(all.Of): // at most 10¹⁶ on each side
		return Passed
	}
	return Failed
}

func (t *Tree) admits(a Answers) error {
	items, prerequisites := map[string]Item{}, map[string]bool{}
	for _, p := range t.Prerequisites {
		prerequisites[p.Code] = true
	}
	for _, d := range t.Dimensions {
		for _, i := range d.Items {
			items[i.Code] = i
		}
	}
	bad := fault.Invalidf("acceptance.answer", "评分 %s 的填报有误", "the answers to %s are not sound", t.ID)
	for _, code := range slices.Sorted(maps.Keys(a.Prerequisites)) {
		if !prerequisites[code] {
			bad.At(code, fault.Tf("评分 %s 第 %d 版没有该前置条件", "version %[2]d of %[1]s has no such prerequisite", t.ID, t.Version))
		}
	}
	for _, code := range slices.Sorted(maps.Keys(a.Items)) {
		switch i, ok := items[code]; {
		case !ok:
			bad.At(code, fault.Tf("评分 %s 第 %d 版没有该项", "version %[2]d of %[1]s has no such item", t.ID, t.Version))
		case a.Items[code].Skip && !i.MaySkip:
			bad.At(code, fault.T("该项不可填“不适用”", "the item cannot be left out as not applicable"))
		case !a.Items[code].Skip && (a.Items[code].Points < 0 || a.Items[code].Points > i.Weight):
			bad.At(code, fault.Tf("得分应为 0–%s", "the points are 0 to %s", i.Weight))
		}
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// Begins is the stage in which an object is first listed.
func (t *Tree) Begins() Stage { return t.Stages[0] }

// Stage finds a stage.
func (t *Tree) Stage(id string) (Stage, bool) {
	i := slices.IndexFunc(t.Stages, func(s Stage) bool { return s.ID == id })
	if i < 0 {
		return Stage{}, false
	}
	return t.Stages[i], true
}

// Move says whether an object may go from one stage to another; last is the newest result, or nil. A refusal is a Conflict.
func (t *Tree) Move(from, to string, last *Result) error {
	a, known := t.Stage(from)
	b, found := t.Stage(to)
	switch {
	case !known || !found || !slices.Contains(a.Next, to):
		return fault.Conflictf("acceptance.move", "不能由 %s 转入 %s", "there is no way from %s to %s", from, to)
	case b.Pass && last == nil:
		return fault.Conflictf("acceptance.unjudged", "尚无评分，不能转入 %s", "without a result it does not go on to %s", to)
	case b.Pass && last.Verdict != Passed:
		return fault.Conflictf("acceptance.not_passed", "评分未通过（%s），不能转入 %s", "the result is %s, so it does not go on to %s", last.Verdict, to)
	}
	return nil
}

// ReviewDue is the day by which a title must be looked at again; ok is false where the scheme never does.
func (t *Tree) ReviewDue(published hydrotime.Date) (due hydrotime.Date, ok bool) {
	return ReviewAfter(published, t.ReviewYears)
}

// ReviewAfter is the day so many years after a title was conferred; ok is false for no years.
func ReviewAfter(conferred hydrotime.Date, years int) (due hydrotime.Date, ok bool) {
	if years == 0 {
		return hydrotime.Date{}, false
	}
	due = conferred
	due.Year += years
	return due.AddDays(0), true // 29 February becomes 1 March where the year has none
}
