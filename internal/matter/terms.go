package matter

import (
	"cmp"
	"time"

	"anlan/internal/hydrotime"
)

// Terms are how many days those have who do not mend (办理时限). A term that is 0 is the usual one.
type Terms struct {
	Confirm int // to confirm what was found and give it to somebody, or to dispute it
	Decide  int // to decide on an objection
	Review  int // to look at what was handed in
	Mend    Mend
	Longest int // the most days ahead that the keeper gives, in whichever move or opening a deadline is named
	Found   int // how many days back what is entered by hand may have been found
	Sweep   int // to look at the similar objects of a county
	Rule    int // to mend what a rule opened
}

// Mend is the most days to mend that anybody but the keeper may give, by severity; what is not graded has those of the mildest.
type Mend struct{ General, Heavier, Serious, Grave int }

// The usual terms, for an operator who has none of their own.
const (
	usualConfirm = 5
	usualDecide  = 5
	usualReview  = 10
	usualLongest = 1096 // a dam of the second or third class is reinforced within three years
	usualFound   = 366
	usualSweep   = 30
	usualRule    = 30
)

// usualMend are the longest days that the checklists of the supervision rules give, for an operator who has none of their own.
var usualMend = Mend{General: 30, Heavier: 30, Serious: 60, Grave: 90}

func (t Terms) confirm() int { return cmp.Or(t.Confirm, usualConfirm) }
func (t Terms) decide() int  { return cmp.Or(t.Decide, usualDecide) }
func (t Terms) review() int  { return cmp.Or(t.Review, usualReview) }

func (t Terms) longest() int { return cmp.Or(t.Longest, usualLongest) }
func (t Terms) sweep() int   { return cmp.Or(t.Sweep, usualSweep) }
func (t Terms) rule() int    { return cmp.Or(t.Rule, usualRule) }

// foundFrom is the first day that what is entered by hand at an instant may have been found on.
func (t Terms) foundFrom(at time.Time) hydrotime.Date {
	return hydrotime.DateOf(at).AddDays(-cmp.Or(t.Found, usualFound))
}

func (t Terms) mend(of Severity) int {
	switch of {
	case Heavier:
		return cmp.Or(t.Mend.Heavier, usualMend.Heavier)
	case Serious:
		return cmp.Or(t.Mend.Serious, usualMend.Serious)
	case Grave:
		return cmp.Or(t.Mend.Grave, usualMend.Grave)
	}
	return cmp.Or(t.Mend.General, usualMend.General)
}

// MendBy is the latest deadline that anybody but the keeper may give now for mending what is of a severity.
func (t Terms) MendBy(at time.Time, of Severity) time.Time {
	return hydrotime.DateOf(at).AddDays(t.mend(of)).End()
}

// after is the end of the day on which a term that begins now has passed.
func (t Terms) after(at time.Time, of func(Terms) int) time.Time {
	return hydrotime.DateOf(at).AddDays(of(t)).End()
}

// ConfirmBy is by when what is found at an instant has to be confirmed and given to somebody, or disputed.
func (t Terms) ConfirmBy(found time.Time) time.Time { return t.after(found, Terms.confirm) }

// Awaits says whose turn it is and by when; ok is false at rest. Every live state has both.
func (m *Matter) Awaits(t Terms) (side Side, due time.Time, ok bool) {
	switch m.State {
	case Disputed:
		return Keeps, m.Due, true
	case Confirmed:
		return Gives, m.Due, true
	case Submitted:
		return Keeps, t.after(*m.Submitted, Terms.review), true
	}
	return Answers, m.Due, m.State.Live()
}
