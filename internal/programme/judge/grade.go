package judge

import (
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
)

// Grade is how a figure stands against its target and the calendar.
type Grade string

// The grades.
const (
	Done     Grade = "done"
	OnTrack  Grade = "on_track"
	Lag      Grade = "lag"     // 滞后
	Serious  Grade = "serious" // 严重滞后
	Overdue  Grade = "overdue" // 逾期
	Open     Grade = "open"    // a threshold that is not reached and not yet due
	Ungraded Grade = "none"    // no plan, or no figure
)

// seriousDefault is the gap in percentage points beyond which a lag is serious where a target says nothing.
const seriousDefault = quantity.Decimal(10 * quantity.Scale)

// GradeCompletion grades a completion against its calendar. Tolerance and serious are percentage points behind the calendar;
// a gap of exactly so many points is still within them. A serious of 0 means 10.
func GradeCompletion(completion, calendar quantity.Null, tolerance, serious quantity.Decimal, pastDue bool) Grade {
	if serious == 0 {
		serious = seriousDefault
	}
	gap := Gap(completion, calendar)
	switch {
	case !gap.Valid:
		return Ungraded
	case completion.Decimal >= hundred:
		return Done
	case pastDue:
		return Overdue
	case gap.Decimal >= -tolerance: // first, since a tolerance may be wider than the limit for serious
		return OnTrack
	case gap.Decimal < -serious:
		return Serious
	}
	return Lag
}

// GradeThreshold grades a figure that must reach an amount, or stay at or below it where less is better.
func GradeThreshold(value, amount quantity.Null, better pack.Better, pastDue bool) Grade {
	switch {
	case !value.Valid || !amount.Valid:
		return Ungraded
	case better == pack.Less && value.Decimal <= amount.Decimal, better != pack.Less && value.Decimal >= amount.Decimal:
		return Done
	case pastDue:
		return Overdue
	}
	return Open
}

// State is where a deadline stands.
type State string

// The states of a deadline.
const (
	Met     State = "met"
	Pending State = "open"
	Missed  State = "missed"
	Unknown State = "unknown"
)

// StateOf turns the grade of a target into the state of its deadline. What cannot be graded is unknown, also when past due.
func StateOf(g Grade, pastDue bool) State {
	switch {
	case g == Done:
		return Met
	case g == Ungraded:
		return Unknown
	case pastDue:
		return Missed
	}
	return Pending
}

// Combine is the state of a deadline with several targets: met when all are, missed when any is, else open when any is, else
// unknown. A deadline with no targets is unknown.
func Combine(list []State) State {
	if len(list) == 0 {
		return Unknown
	}
	out := Met
	for _, s := range list {
		if s.weight() > out.weight() {
			out = s
		}
	}
	return out
}

// weight orders the states by what they mean for a deadline of which they are a part.
func (s State) weight() int {
	switch s {
	case Met:
		return 0
	case Pending:
		return 2
	case Missed:
		return 3
	}
	return 1
}
