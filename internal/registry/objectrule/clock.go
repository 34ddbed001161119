package objectrule

import (
	"time"

	"anlan/internal/hydrotime"
)

// DueState is how a duty with a day stands (到期状态).
type DueState string

// The states; "" where there is no such duty.
const (
	Overdue DueState = "overdue" // the day is past and the duty not done
	DueSoon DueState = "due_soon"
	NotDue  DueState = "ok"
	Unknown DueState = "unknown" // what would set the day is not known; that is not well
)

// Dam is what the clock of a dam asks. Nil is not known; Class is 0 where it never was appraised or nobody has told.
type Dam struct {
	CompletedOn  *hydrotime.Date // completion acceptance (竣工验收)
	ImpoundedOn  *hydrotime.Date // impoundment acceptance (蓄水验收)
	AppraisedOn  *hydrotime.Date // approval of the last appraisal
	Class        int             // 1 to 3
	PeriodYears  int             // of this dam, 6 to 10; 0 where nobody has set one
	ReinforcedOn *hydrotime.Date // completion acceptance of the last reinforcement
}

// Clock is when a dam is due (鉴定与加固时钟), as judged on a day.
type Clock struct {
	AppraisalDueOn *hydrotime.Date `json:"appraisal_due_on,omitempty"`
	Appraisal      DueState        `json:"appraisal" enum:"overdue,due_soon,ok,unknown"`
	First          bool            `json:"first" doc:"It is the first appraisal that is due"`
	PeriodYears    int             `json:"period_years,omitempty" doc:"Years from the last appraisal to the next"`
	Assumed        bool            `json:"assumed" doc:"Nobody has set this dam's period; the usual one is taken"`
	// ReinforceDueOn is nil for a dam of class 1, one that has been reinforced since, and one never appraised.
	ReinforceDueOn *hydrotime.Date `json:"reinforce_due_on,omitempty"`
	Reinforcement  DueState        `json:"reinforcement,omitempty" enum:"overdue,due_soon,ok,unknown" doc:"Absent where nothing is to be reinforced"`
	ReinforcedOn   *hydrotime.Date `json:"reinforced_on,omitempty" doc:"Where the last appraisal asked for it and it is done"`
}

// Due is the more pressing of the two states.
func (c Clock) Due() DueState {
	for _, s := range []DueState{Overdue, DueSoon, Unknown} {
		if c.Appraisal == s || c.Reinforcement == s {
			return s
		}
	}
	return NotDue
}

// DueOn is the earlier of the days that are open, nil where neither is known.
func (c Clock) DueOn() *hydrotime.Date {
	if c.ReinforceDueOn != nil && (c.AppraisalDueOn == nil || Before(*c.ReinforceDueOn, *c.AppraisalDueOn)) {
		return c.ReinforceDueOn
	}
	return c.AppraisalDueOn
}

// DamClock judges a dam on a day: what was done after that day is not done yet.
//
// The first appraisal is due within five years of completion acceptance, or of impoundment acceptance where there was none; each
// further one after the dam's own period. A dam of class 2 or 3 is to be reinforced within three years of the approval of that
// appraisal, not of its field work nor of the year's list.
func (r Rules) DamClock(d Dam, asOf hydrotime.Date) Clock {
	past := func(day *hydrotime.Date) *hydrotime.Date {
		if day == nil || Before(asOf, *day) {
			return nil
		}
		return day
	}
	appraised := past(d.AppraisedOn)
	c := Clock{Appraisal: Unknown}
	base, years := d.CompletedOn, r.FirstAppraisalYears
	if base == nil {
		base = d.ImpoundedOn
	}
	warn := 0
	if appraised != nil {
		base, years = appraised, d.PeriodYears
		if years == 0 {
			years, c.Assumed, warn = r.AppraisalYears, true, r.WarnYears
		}
		c.PeriodYears = years
	} else {
		c.First = true
	}
	if base != nil {
		due := AddYears(*base, years)
		c.AppraisalDueOn, c.Appraisal = &due, r.stateOf(due, asOf)
		if c.Appraisal == NotDue && warn > 0 && !Before(asOf, AddYears(*base, warn)) {
			c.Appraisal = DueSoon
		}
	}
	r.reinforce(&c, d, appraised, past(d.ReinforcedOn), asOf)
	return c
}

func (r Rules) reinforce(c *Clock, d Dam, appraised, reinforced *hydrotime.Date, asOf hydrotime.Date) {
	switch {
	case d.Class < 2:
	case d.AppraisedOn == nil:
		c.Reinforcement = Unknown // the clock starts with an approval that nobody has dated
	case appraised == nil: // the class comes from an appraisal that was not approved on that day
	case reinforced != nil && !Before(*reinforced, *appraised):
		c.ReinforcedOn = reinforced
	default:
		due := AddYears(*appraised, r.ReinforceYears)
		c.ReinforceDueOn, c.Reinforcement = &due, r.stateOf(due, asOf)
	}
}

// stateOf judges a day that is to be kept: the day itself is still in time.
func (r Rules) stateOf(due, asOf hydrotime.Date) DueState {
	switch left := asOf.DaysUntil(due); {
	case left < 0:
		return Overdue
	case left <= r.SoonDays:
		return DueSoon
	}
	return NotDue
}

// AddYears is the same day some years later; the 29th of February becomes the 28th, in leap years too, so that days keep their order
// and the store can reckon as this does.
func AddYears(d hydrotime.Date, years int) hydrotime.Date {
	if d.Month == 2 && d.Day == 29 {
		d.Day = 28
	}
	d.Year += years
	return d
}

// Before reports whether a is an earlier day than b.
func Before(a, b hydrotime.Date) bool { return Number(a) < Number(b) }

// Number is a day as the number YYYYMMDD, as the store keeps it.
func Number(d hydrotime.Date) int64 { return int64(d.Year)*10_000 + int64(d.Month)*100 + int64(d.Day) }

// Day is the day of such a number.
func Day(n int64) hydrotime.Date {
	return hydrotime.Date{Year: int(n / 10_000), Month: time.Month(n / 100 % 100), Day: int(n % 100)}
}
