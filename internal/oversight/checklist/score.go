package checklist

import (
	"slices"

	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// Answer is what an inspector ticks at a clause.
type Answer string

// The answers.
const (
	Pass          Answer = "pass"
	Fail          Answer = "fail"
	NotApplicable Answer = "na"
)

// Finding is a problem under a clause. Several may stand under one: each costs its points.
type Finding struct {
	Clause   string
	Severity Severity
	// Dismissed says that the objection of the inspected side was upheld: it costs nothing, and the clause was looked at.
	Dismissed bool
}

// Sheet is a list as filled in.
type Sheet struct {
	Answers  map[string]Answer // by clause code; what was not looked at is not in it
	Findings []Finding
}

// Result is what a sheet comes to.
type Result struct {
	// Score is absent where the list has none, or where nothing was looked at. While clauses are unanswered it can only fall.
	Score    quantity.Null
	Deducted quantity.Decimal // what the findings cost, also beyond the floor
	Answered int
	Of       int
	// Unanswered are the clauses not looked at, and those ticked as failed whose finding is not written yet.
	Unanswered []string
	Measure    *Measure // by the bands; only once everything is answered
	Sections   []SectionResult
	Severities map[Severity]int
	Persons    int // findings about the three responsible persons
	KeyLinks   map[KeyLink]int
}

// Complete reports whether every clause has its answer.
func (r Result) Complete() bool { return len(r.Unanswered) == 0 }

// SectionResult is a section's part in a result.
type SectionResult struct {
	ID       string
	Findings int
	Deducted quantity.Decimal
}

// Score adds up a sheet. An error is a fault: a clause that the list does not have, a grade that the clause does not allow, or
// a finding under a clause that was ticked as passed.
func Score(c *Checklist, sheet Sheet) (Result, error) {
	r := Result{Of: c.Count(), Severities: map[Severity]int{}, KeyLinks: map[KeyLink]int{}}
	for code := range sheet.Answers {
		if _, ok := c.Clause(code); !ok {
			return Result{}, unknown(c, code)
		}
	}
	found := map[string][]Finding{}
	for _, f := range sheet.Findings {
		if err := c.admits(sheet, f); err != nil {
			return Result{}, err
		}
		found[f.Clause] = append(found[f.Clause], f)
	}
	for _, s := range c.Sections {
		part := SectionResult{ID: s.ID}
		for _, cl := range s.Clauses {
			answer, ticked := sheet.Answers[cl.Code]
			if len(found[cl.Code]) == 0 && (!ticked || answer == Fail) {
				r.Unanswered = append(r.Unanswered, cl.Code)
				continue
			}
			r.Answered++
			for _, f := range found[cl.Code] {
				if !f.Dismissed {
					r.count(c, cl, f, &part)
				}
			}
		}
		r.Deducted += part.Deducted
		r.Sections = append(r.Sections, part)
	}
	r.settle(c)
	return r, nil
}

func unknown(c *Checklist, code string) error {
	return fault.Invalidf("checklist.clause", "清单 %s 第 %d 版没有条目 %s", "version %[2]d of the list %[1]s has no clause %[3]s", c.ID, c.Version, code)
}

func (c *Checklist) admits(sheet Sheet, f Finding) error {
	cl, ok := c.Clause(f.Clause)
	if !ok {
		return unknown(c, f.Clause)
	}
	if !slices.Contains(cl.May(), f.Severity) {
		return fault.Invalidf("checklist.severity", "条目 %s 不能定为 %s", "a finding under %s cannot be %s", cl.Code, f.Severity)
	}
	if a := sheet.Answers[cl.Code]; a == Pass || a == NotApplicable {
		return fault.Invalidf("checklist.contradiction", "条目 %s 填为 %s，却有问题记录", "%s is ticked as %s and has a finding", cl.Code, a)
	}
	return nil
}

func (r *Result) count(c *Checklist, cl Clause, f Finding, part *SectionResult) {
	part.Findings++
	part.Deducted += c.PointsFor(cl, f.Severity).Decimal // zero in a list without a score
	r.Severities[f.Severity]++
	if cl.Persons != "" {
		r.Persons++
	}
	if cl.KeyLink != "" {
		r.KeyLinks[cl.KeyLink]++
	}
}

func (r *Result) settle(c *Checklist) {
	if c.Scoring == nil || r.Answered == 0 {
		return
	}
	r.Score = quantity.Some(max(c.Scoring.Start-r.Deducted, c.Scoring.Floor))
	if !r.Complete() {
		return
	}
	if m, ok := Follows(c.Scoring.Bands, r.Score.Decimal); ok {
		r.Measure = &m
	}
}

// Follows is the measure of the band in which a score lies; ok is false below the last band.
func Follows(bands []Band, score quantity.Decimal) (m Measure, ok bool) {
	for _, b := range bands {
		if score >= b.From {
			return b.Measure, true
		}
	}
	return "", false
}
