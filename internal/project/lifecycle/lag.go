package lifecycle

import (
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
)

// MonthFigures are the plan and the work of one month (月度计划与完成). Investment is of the month alone, in 万元; progress is what
// stands at its end, in percent.
type MonthFigures struct {
	Plan, Actual            quantity.Null
	PlannedProgress         quantity.Null
	Progress                quantity.Null
	Due, Reported           int // of the parts summed: how many had to report investment, and how many did
	ProgressDue, ProgressIn int // the same of physical progress
}

// Year is the twelve months of a year, January first.
type Year [12]MonthFigures

// Settle says of a single part's year what was due: a month with a plan above zero, and none that is not planned.
func (y Year) Settle() Year {
	for i := range y {
		m := &y[i]
		m.Due, m.Reported, m.ProgressDue, m.ProgressIn = 0, 0, 0, 0
		if m.Actual.Valid || m.Plan.Valid && m.Plan.Decimal > 0 {
			m.Due = 1
		}
		if m.Actual.Valid {
			m.Reported = 1
		}
		if m.PlannedProgress.Valid || m.Progress.Valid {
			m.ProgressDue = 1
		}
		if m.Progress.Valid {
			m.ProgressIn = 1
		}
	}
	return y
}

// Weighed is the year of a part with what it weighs in the progress of a whole: its planned total investment, 万元.
type Weighed struct {
	Year   Year // settled
	Weight quantity.Null
}

// Sum lays the years of parts together: investment is added, progress is weighed by planned investment and never a mean of rates.
// Where a part with progress has no weight, the whole has no progress; a single part needs none.
func Sum(parts []Weighed) Year {
	var out Year
	for i := range out {
		m := &out[i]
		var progress, planned []weight
		for _, p := range parts {
			f := p.Year[i]
			m.Plan, m.Actual = plus(m.Plan, f.Plan), plus(m.Actual, f.Actual)
			m.Due, m.Reported = m.Due+f.Due, m.Reported+f.Reported
			m.ProgressDue, m.ProgressIn = m.ProgressDue+f.ProgressDue, m.ProgressIn+f.ProgressIn
			if f.ProgressDue > 0 {
				progress, planned = append(progress, weight{f.Progress, p.Weight}), append(planned, weight{f.PlannedProgress, p.Weight})
			}
		}
		m.Progress, m.PlannedProgress = mean(progress), mean(planned)
	}
	return out
}

type weight struct{ of, weight quantity.Null }

// mean weighs; it is absent where anything that goes into it is.
func mean(list []weight) quantity.Null {
	if len(list) == 1 {
		return list[0].of
	}
	var sum, all quantity.Decimal
	for _, w := range list {
		if !w.of.Valid || !w.weight.Valid || w.weight.Decimal <= 0 {
			return quantity.Null{}
		}
		n, ok := w.of.Mul(w.weight.Decimal)
		if !ok {
			return quantity.Null{}
		}
		sum, all = sum+n, all+w.weight.Decimal
	}
	n, ok := sum.Div(all)
	if !ok {
		return quantity.Null{}
	}
	return quantity.Some(n.Round(2))
}

func plus(a, b quantity.Null) quantity.Null {
	switch {
	case !a.Valid:
		return b
	case !b.Valid:
		return a
	}
	return quantity.Some(a.Decimal + b.Decimal)
}

// Pace is how something goes against its plan (进度评价).
type Pace string

// The paces, from none to the worst.
const (
	NoPlan     Pace = "no_plan"     // there is nothing to hold it against
	Unreported Pace = "unreported"  // what was due has not come: neither good nor bad
	Ended      Pace = "ended"       // in service, finished or accepted: no longer held against a schedule
	OnSchedule Pace = "on_schedule" // at its plan, or ahead
	Lagging    Pace = "lagging"
	Severe     Pace = "severe"
)

// Behind reports whether a pace is a lag.
func (p Pace) Behind() bool { return p == Lagging || p == Severe }

func (p Pace) rank() int {
	for i, q := range []Pace{NoPlan, Ended, Unreported, OnSchedule, Lagging, Severe} {
		if p == q {
			return i
		}
	}
	return 0
}

// Worse is the worse of two paces: a lag that is seen is not hidden by what is not known.
func Worse(a, b Pace) Pace {
	if b.rank() > a.rank() {
		return b
	}
	return a
}

// ProjectLag is how far something is behind its plan on a day (滞后评价), by money and by physical progress.
type ProjectLag struct {
	Pace     Pace           `json:"pace" enum:"no_plan,unreported,ended,on_schedule,lagging,severe" doc:"The worse of the two"`
	Money    LagMeasure     `json:"money"`
	Physical LagMeasure     `json:"physical"`
	YearRed  *bool          `json:"year_red" doc:"No month of the year so far lagged by money (全年红); absent where that is not known"`
	Months   []LagMonth     `json:"months" doc:"January to the last whole month, by money"`
	AsOf     hydrotime.Date `json:"as_of"`
}

// LagMeasure is one of the two measures. Of money: planned and done are sums of the year in 万元; of progress both are percent.
type LagMeasure struct {
	Pace     Pace             `json:"pace" enum:"no_plan,unreported,ended,on_schedule,lagging,severe"`
	Through  *hydrotime.Month `json:"through" doc:"The last month up to which everything due was reported"`
	Expected *hydrotime.Month `json:"expected" doc:"The last whole month"`
	Planned  quantity.Null    `json:"planned"`
	Done     quantity.Null    `json:"done"`
	Year     quantity.Null    `json:"year" doc:"Planned for the year, of money"`
	Rate     quantity.Null    `json:"rate" doc:"Done of the year's plan, percent, not clamped"`
	Gap      quantity.Null    `json:"gap" doc:"Percentage points ahead of the plan, negative behind"`
	Missing  int              `json:"missing" doc:"How many monthly figures that were due have not come"`
}

// LagMonth is a month of the year by money, cumulative.
type LagMonth struct {
	Month   hydrotime.Month `json:"month"`
	Planned quantity.Null   `json:"planned"`
	Done    quantity.Null   `json:"done"`
	Gap     quantity.Null   `json:"gap"`
	Pace    Pace            `json:"pace" enum:"no_plan,unreported,ended,on_schedule,lagging,severe"`
}

// whole is how many months of a year are over at the end of a day.
func whole(year int, day hydrotime.Date) int {
	switch {
	case day.Year > year:
		return 12
	case day.Year < year:
		return 0
	}
	n := int(day.Month) - 1
	if day.AddDays(1).Month != day.Month {
		n++
	}
	return n
}

// Judge holds a year against its plan at the end of a day. Ended says that it is no longer held against a schedule.
//
// Money is judged at the last month up to which everything due was reported, so that what is not told is never taken for zero:
// the gap is (done − planned so far) ÷ planned for the year. Progress is judged at the last month with both figures.
func (r LagRule) Judge(y Year, year int, day hydrotime.Date, ended bool) ProjectLag {
	out := ProjectLag{AsOf: day, Months: []LagMonth{}}
	n := whole(year, day)
	r.money(&out, y, year, n)
	r.physical(&out.Physical, y, year, n)
	if ended {
		out.Money.Pace, out.Physical.Pace = Ended, Ended
	}
	out.Pace = Worse(out.Money.Pace, out.Physical.Pace)
	return out
}

func (r LagRule) money(out *ProjectLag, y Year, year, n int) {
	m := &out.Money
	m.Pace = NoPlan
	for i := range y {
		m.Year = plus(m.Year, y[i].Plan)
	}
	if n > 0 {
		last := hydrotime.NewMonth(year, n)
		m.Expected = &last
	}
	if !m.Year.Valid || m.Year.Decimal <= 0 {
		for i := range n {
			m.Done = plus(m.Done, y[i].Actual)
		}
		return
	}
	var planned, done quantity.Null
	gone, red := false, true
	for i := range n {
		f := y[i]
		m.Missing += f.Due - f.Reported
		gone = gone || f.Reported < f.Due
		planned, done = plus(planned, f.Plan), plus(done, f.Actual)
		at := LagMonth{Month: hydrotime.NewMonth(year, i+1), Planned: planned, Done: done, Pace: Unreported}
		switch {
		case gone:
			red = false
		case !done.Valid && (!planned.Valid || planned.Decimal == 0):
			at.Pace = OnSchedule // nothing was due yet
		default:
			at.Gap = points(done, planned, m.Year)
			at.Pace = r.pace(at.Gap, r.Money)
			month := at.Month
			m.Through, m.Planned, m.Done, m.Gap, m.Pace = &month, planned, done, at.Gap, at.Pace
		}
		out.Months = append(out.Months, at)
	}
	if m.Through == nil && gone {
		m.Pace = Unreported
	}
	if m.Through == nil && !gone {
		m.Pace = OnSchedule
	}
	if m.Done.Valid {
		if rate, ok := m.Done.Percent(m.Year.Decimal); ok {
			m.Rate = quantity.Some(rate)
		}
	}
	out.YearRed = redOf(out.Months, red)
}

// redOf is whether no month lagged; one that lagged is known whatever is missing.
func redOf(months []LagMonth, known bool) *bool {
	yes := true
	for _, m := range months {
		yes = yes && !m.Pace.Behind()
	}
	if len(months) == 0 || yes && !known {
		return nil
	}
	return &yes
}

// points is (done − planned) ÷ year in percentage points.
func points(done, planned, year quantity.Null) quantity.Null {
	gap, ok := (done.Decimal - planned.Decimal).Percent(year.Decimal)
	if !ok {
		return quantity.Null{}
	}
	return quantity.Some(gap)
}

func (r LagRule) pace(gap quantity.Null, tolerance quantity.Decimal) Pace {
	switch {
	case !gap.Valid:
		return NoPlan
	case gap.Decimal < -r.Severe:
		return Severe
	case gap.Decimal < -tolerance:
		return Lagging
	}
	return OnSchedule
}

func (r LagRule) physical(m *LagMeasure, y Year, year, n int) {
	m.Pace = NoPlan
	planned := false
	for i := range n {
		f := y[i]
		month := hydrotime.NewMonth(year, i+1)
		m.Expected = &month
		planned = planned || f.PlannedProgress.Valid
		m.Missing += f.ProgressDue - f.ProgressIn
		if f.PlannedProgress.Valid && f.Progress.Valid {
			m.Through, m.Planned, m.Done = &month, f.PlannedProgress, f.Progress
			m.Gap = quantity.Some(f.Progress.Decimal - f.PlannedProgress.Decimal)
			m.Rate = f.Progress
			m.Pace = r.pace(m.Gap, r.Physical)
		}
	}
	if m.Through == nil && planned {
		m.Pace = Unreported
	}
}

// FundingSums are what was told of each step of money of one source, 万元.
type FundingSums map[string]quantity.Null // by step

// Exceed says that a step of money is above the one before it.
type Exceed struct {
	Source string           `json:"source"`
	Step   string           `json:"step"`
	Before string           `json:"before"`
	Amount quantity.Decimal `json:"amount_wan_yuan"`
	Limit  quantity.Decimal `json:"limit_wan_yuan"`
	Text   fault.Text       `json:"text"`
}

// Exceeds finds the steps of each source that exceed the step before: money cannot have been paid that was not allocated. It is told
// and nothing is refused, since the paper of the earlier step may only be late.
func (r *ProjectRules) Exceeds(sums map[string]FundingSums) []Exceed {
	out := []Exceed{}
	for _, source := range r.Funding.Sources {
		of, any := sums[source.ID]
		if !any {
			continue
		}
		for i, step := range r.Funding.Steps {
			if i == 0 || !of[step.ID].Valid {
				continue
			}
			before := r.Funding.Steps[i-1]
			limit := of[before.ID]
			if before.Plan && !limit.Valid || of[step.ID].Decimal <= limit.Decimal {
				continue
			}
			out = append(out, Exceed{
				Source: source.ID, Step: step.ID, Before: before.ID, Amount: of[step.ID].Decimal, Limit: limit.Decimal,
				Text: fault.T(source.Name.Zh+"："+step.Name.Zh+" "+of[step.ID].Decimal.String()+" 万元，超过"+before.Name.Zh+" "+limit.Decimal.String()+" 万元，请核对或补录"+before.Name.Zh,
					source.Name.En+": "+step.Name.En+" "+of[step.ID].Decimal.String()+" exceeds "+before.Name.En+" "+limit.Decimal.String()+" (CNY 10k); check it, or enter what was "+before.Name.En),
			})
		}
	}
	return out
}
