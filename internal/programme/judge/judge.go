// Package judge holds figures against plans, calendars and each other: completion, gap, growth, rank, roll-up and deadlines.
//
// The formulas are those of a water bureau's monthly notice (F1 to F6 of the domain notes). Everything is a pure function of
// exact figures and months given as arguments, so a judgement can be replayed for any past date. A figure that cannot be
// formed is absent: never zero, never fine.
package judge

import (
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

// hundred is the whole, in percent.
const hundred = quantity.Decimal(100 * quantity.Scale)

// Rate is F5 (率): numerator over denominator in percent; absent where either is, or the denominator is zero. It is rounded to
// a millionth of a percent, but never to 100 where the two differ: the last yuan of a plan is missing until it is there.
func Rate(numerator, denominator quantity.Null) quantity.Null {
	if !numerator.Valid || !denominator.Valid {
		return quantity.Null{}
	}
	p, ok := numerator.Percent(denominator.Decimal)
	if p == hundred && numerator.Decimal != denominator.Decimal {
		if (numerator.Decimal < denominator.Decimal) == (denominator.Decimal > 0) {
			p--
		} else {
			p++
		}
	}
	return quantity.Null{Decimal: p, Valid: ok}
}

// Calendar is the share of a plan, in percent, that is due by the end of month at (序时进度). From is the month in whose
// beginning the figure starts to cumulate; amount is the whole plan. A monthly curve holds twelve cumulated amounts, January to
// December of the target's year, which is the year it is due in or, for one due in a later year, the year it starts in; in
// other years, and where no curve is set, the plan falls due in proportion to the months. At the due month all of it is due.
func Calendar(c pack.Curve, curve []quantity.Decimal, amount quantity.Null, from, due, at hydrotime.Month) quantity.Null {
	switch {
	case at >= due:
		return quantity.Some(hundred)
	case at < from || c == pack.AtDue:
		return quantity.Some(0)
	case c == pack.ByMonth && len(curve) == 12 && (at.Year() == due.Year() || at.Year() == from.Year()):
		return Completion(quantity.Some(curve[at.Number()-1]), amount)
	}
	elapsed, whole := at.Sub(from)+1, due.Sub(from)+1
	return Rate(quantity.Some(quantity.Int(int64(elapsed))), quantity.Some(quantity.Int(int64(whole))))
}

// Gap is F2 (序时差): completion less calendar, in percentage points.
func Gap(completion, calendar quantity.Null) quantity.Null { return difference(completion, calendar) }

// Growth is F3 (同比): growth of a cumulated figure against the same period of last year, in percent; absent where last year's
// is absent or zero. Against a figure below zero it is taken of that figure's size, so that a rise is above zero.
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

// difference is a less b, absent where either is.
func difference(a, b quantity.Null) quantity.Null {
	if !a.Valid || !b.Valid {
		return quantity.Null{}
	}
	d, ok := a.Sub(b.Decimal)
	return quantity.Null{Decimal: d, Valid: ok}
}

// change is the growth from before to now in percent.
func change(now, before quantity.Null) quantity.Null {
	d := difference(now, before)
	if !d.Valid || before.Decimal == 0 {
		return quantity.Null{}
	}
	if before.Decimal < 0 {
		d.Decimal = -d.Decimal // over a base below zero this is the change over its size
	}
	p, ok := d.Percent(before.Decimal)
	return quantity.Null{Decimal: p, Valid: ok}
}
