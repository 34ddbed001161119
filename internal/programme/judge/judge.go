// Package judge holds figures against plans, calendars and each other: completion, gap, growth, rank, roll-up and deadlines.
//
// The formulas are those of a water bureau's monthly notice (F1 to F6 of the domain notes). Everything is a pure function of
// exact figures and months given as arguments, so a judgement can be replayed for any past date. A figure that cannot be
// formed is absent: never zero, never fine.
package judge

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
)

// Completion is F1 (完成率): the cumulated figure over the plan, in percent. It is absent where the plan is absent or not
// above zero, and may exceed 100.
func Completion(cumulated, plan quantity.Null) quantity.Null {
	if !plan.Valid || plan.Decimal <= 0 {
		return quantity.Null{}
	}
	return Rate(cumulated, plan)
}

// Rate is F5 (率): numerator over denominator in percent; absent where either is, or the denominator is zero.
func Rate(numerator, denominator quantity.Null) quantity.Null {
	if !numerator.Valid || !denominator.Valid {
		return quantity.Null{}
	}
	p, ok := numerator.Percent(denominator.Decimal)
	return quantity.Null{Decimal: p, Valid: ok}
}

// Calendar is the share of a plan, in percent, that is due by the end of month at (序时进度). From is the month in whose
// beginning the figure starts to cumulate. A monthly curve holds twelve amounts cumulated from January of the due year.
func Calendar(c pack.Curve, curve []quantity.Decimal, amount quantity.Null, from, due, at hydrotime.Month) quantity.Null {
	switch {
	case at >= due:
		return quantity.Some(quantity.Int(100))
	case at < from || c == pack.AtDue:
		return quantity.Some(0)
	case c == pack.ByMonth && len(curve) == 12 && at.Year() == due.Year():
		return Completion(quantity.Some(curve[at.Number()-1]), amount)
	}
	elapsed, whole := at.Sub(from)+1, due.Sub(from)+1
	return Rate(quantity.Some(quantity.Int(int64(elapsed))), quantity.Some(quantity.Int(int64(whole))))
}

// Gap is F2 (序时差): completion less calendar, in percentage points.
func Gap(completion, calendar quantity.Null) quantity.Null { return difference(completion, calendar) }

// Growth is F3 (同比): growth of a cumulated figure against the same period of last year, in percent.
func Growth(now, lastYear quantity.Null) quantity.Null { return change(now, lastYear) }

// PeriodOnPeriod is the true 环比: growth of one period's figure against the period before, in percent.
func PeriodOnPeriod(now, before quantity.Null) quantity.Null { return change(now, before) }

// GrowthChange is F4 (增速变化): growth less the growth a month before, in percentage points. The founding document's
// "环比下降 n 个点" is this, not a 环比.
func GrowthChange(now, before quantity.Null) quantity.Null { return difference(now, before) }

// MonthOfCumulative takes one month's figure out of two cumulated ones; the first month of a year is its own.
func MonthOfCumulative(now, before quantity.Null, first bool) quantity.Null {
	if first {
		return now
	}
	return difference(now, before)
}

func difference(a, b quantity.Null) quantity.Null {
	if !a.Valid || !b.Valid {
		return quantity.Null{}
	}
	d, ok := a.Sub(b.Decimal)
	return quantity.Null{Decimal: d, Valid: ok}
}

func change(now, before quantity.Null) quantity.Null {
	d := difference(now, before)
	if !d.Valid || before.Decimal == 0 {
		return quantity.Null{}
	}
	base := before.Decimal
	if base < 0 {
		base = -base
	}
	return Rate(d, quantity.Some(base))
}

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

// GradeCompletion grades a completion against its calendar. Tolerance and serious are percentage points behind the calendar.
func GradeCompletion(completion, calendar quantity.Null, tolerance, serious quantity.Decimal, pastDue bool) Grade {
	if serious == 0 {
		serious = seriousDefault
	}
	gap := Gap(completion, calendar)
	switch {
	case !gap.Valid:
		return Ungraded
	case completion.Decimal >= quantity.Int(100):
		return Done
	case pastDue:
		return Overdue
	case gap.Decimal < -serious:
		return Serious
	case gap.Decimal < -tolerance:
		return Lag
	}
	return OnTrack
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

// ParseDue reads a due date relative to a year: "06-30", or "+1 12-31" for the year after. A 31st of a shorter month is its last day.
func ParseDue(due string, year int) (hydrotime.Date, error) {
	rest := due
	if strings.HasPrefix(due, "+") {
		plus, day, ok := strings.Cut(due[1:], " ")
		n, err := strconv.Atoi(plus)
		if !ok || err != nil {
			return hydrotime.Date{}, fmt.Errorf("due date %q is not of the form 06-30 or +1 12-31", due)
		}
		year, rest = year+n, day
	}
	month, day, ok := strings.Cut(rest, "-")
	m, err1 := strconv.Atoi(month)
	d, err2 := strconv.Atoi(day)
	if !ok || err1 != nil || err2 != nil || m < 1 || m > 12 || d < 1 || d > 31 {
		return hydrotime.Date{}, fmt.Errorf("due date %q is not of the form 06-30 or +1 12-31", due)
	}
	last := hydrotime.DateOf(hydrotime.NewMonth(year, m).End().Add(-time.Hour)).Day
	return hydrotime.Date{Year: year, Month: time.Month(m), Day: min(d, last)}, nil
}

// FormDue is the first instant at which a return is late: after the due day of the month that follows its period.
func FormDue(dueDay int, period hydrotime.Month) time.Time {
	next := period.Add(1)
	return hydrotime.Date{Year: next.Year(), Month: time.Month(next.Number()), Day: dueDay}.End()
}

// Split is how the amounts of the divisions below add up to the one above.
type Split struct {
	State      string // unset, partial (some below have no amount yet), equal, over (加码), short
	Children   quantity.Null
	Difference quantity.Null // children less parent
	Percent    quantity.Null // of the parent
	Unset      int
}

// SplitCheck holds the children's sum against the parent's amount: more is allowed and shown as 加码, less is short.
func SplitCheck(parent quantity.Null, children []quantity.Null) Split {
	s := Split{State: "unset"}
	sum := quantity.Some(0)
	for _, c := range children {
		if !c.Valid {
			s.Unset++
			continue
		}
		d, ok := sum.Add(c.Decimal)
		sum = quantity.Null{Decimal: d, Valid: sum.Valid && ok}
	}
	if s.Unset == len(children) {
		return s
	}
	s.Children, s.Difference = sum, difference(sum, parent)
	s.Percent = Rate(s.Difference, parent)
	switch {
	case !parent.Valid:
		s.State = "unset"
	case s.Unset > 0 && s.Difference.Decimal < 0:
		s.State = "partial"
	case s.Difference.Decimal == 0:
		s.State = "equal"
	case s.Difference.Decimal > 0:
		s.State = "over"
	default:
		s.State = "short"
	}
	return s
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

// StateOf turns the grade of a target into the state of its deadline.
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

// Combine is the state of a deadline with several targets: met only when all are, missed when any is.
func Combine(list []State) State {
	out := Met
	weight := map[State]int{Met: 0, Unknown: 1, Pending: 2, Missed: 3}
	for _, s := range list {
		if weight[s] > weight[out] {
			out = s
		}
	}
	if len(list) == 0 {
		return Unknown
	}
	return out
}
