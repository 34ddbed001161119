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
}

// The usual terms, for an operator who has none of their own.
const (
	usualConfirm = 5
	usualDecide  = 5
	usualReview  = 10
)

func (t Terms) confirm() int { return cmp.Or(t.Confirm, usualConfirm) }
func (t Terms) decide() int  { return cmp.Or(t.Decide, usualDecide) }
func (t Terms) review() int  { return cmp.Or(t.Review, usualReview) }

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
