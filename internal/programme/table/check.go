package table

import (
	"math"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/workbook"
)

// Shown is a figure as it was published: it stands for anything that rounds to it. Step is one unit in its last place,
// 0 for an exact count.
type Shown struct {
	Value  quantity.Decimal
	Step   quantity.Decimal
	Approx bool // 约, 多: the last place says nothing
}

// Exactly makes a Shown that stands for itself alone.
func Exactly(d quantity.Decimal) Shown { return Shown{Value: d} }

// ShownAs reads a published figure such as "37.6" with the last place it shows; it panics on a bad one and serves
// figures written in the program.
func ShownAs(text string) Shown {
	f, err := workbook.ParseFigure(text)
	if err != nil || !f.Value.Valid {
		panic("no figure: " + text)
	}
	return Shown{Value: f.Value.Decimal, Step: f.Step, Approx: f.Approx}
}

// low and high are the ends of what the figure stands for.
func (s Shown) low() float64  { return (s.Value.Float() - s.Step.Float()/2) }
func (s Shown) high() float64 { return (s.Value.Float() + s.Step.Float()/2) }

// places is how many decimals the figure shows.
func (s Shown) places() int {
	n := 6
	for step := s.Step; step > 1 && n > 0; step /= 10 {
		n--
	}
	return n
}

// Verdict says how a published figure stands to the recomputed one.
type Verdict string

// The verdicts.
const (
	Agrees    Verdict = "agrees"
	Rounding  Verdict = "rounding"  // differs by no more than the rounding of the shown figures can explain
	TwoSteps  Verdict = "two_steps" // agrees only if rounded twice
	Approx    Verdict = "approx"    // a figure is marked as a rough one; no difference can be stated
	Differs   Verdict = "differs"
	Unchecked Verdict = "unchecked" // nothing to compare
)

// Check is the outcome of one comparison, in the unit of the published figure.
type Check struct {
	Verdict    Verdict          `json:"verdict"`
	Published  quantity.Decimal `json:"published"`
	Recomputed quantity.Decimal `json:"recomputed"`
	Low        quantity.Decimal `json:"low"` // what the shown figures allow
	High       quantity.Decimal `json:"high"`
}

// fromFloat rounds an interval's end for display; the verdict itself is formed before.
func fromFloat(f float64) quantity.Decimal {
	if math.IsNaN(f) || math.Abs(f) > 9e12 {
		return 0
	}
	return quantity.Decimal(math.Round(f * quantity.Scale))
}

// judge compares a published figure with a recomputed one and the interval that its inputs allow.
func judge(published Shown, recomputed quantity.Decimal, low, high float64, rough bool) Check {
	c := Check{Published: published.Value, Recomputed: recomputed, Low: fromFloat(low), High: fromFloat(high)}
	const noise = 1e-9 // of binary arithmetic, far below the millionth that figures are kept to
	places := published.places()
	switch {
	case recomputed.Round(places) == published.Value:
		c.Verdict = Agrees
	case rough || published.Approx:
		c.Verdict = Approx
	case published.Step > 1 && recomputed.Round(places+1).Round(places) == published.Value:
		c.Verdict = TwoSteps
	case high+noise >= published.low() && low-noise <= published.high():
		c.Verdict = Rounding
	default:
		c.Verdict = Differs
	}
	return c
}

// RateCheck recomputes the rate 100 × over ÷ under. Where the published one differs, the interval says whether the
// rounding of the two shown figures can explain it.
func RateCheck(over, under, published Shown) Check {
	rate, ok := over.Value.Percent(under.Value)
	if !ok || under.low() <= 0 {
		return Check{Verdict: Unchecked, Published: published.Value}
	}
	ends := [4]float64{
		100 * over.low() / under.low(), 100 * over.low() / under.high(),
		100 * over.high() / under.low(), 100 * over.high() / under.high(),
	}
	low, high := ends[0], ends[0]
	for _, e := range ends {
		low, high = min(low, e), max(high, e)
	}
	return judge(published, rate, low, high, over.Approx || under.Approx)
}

// GrowthCheck recomputes the growth 100 × (now − before) ÷ before.
func GrowthCheck(now, before, published Shown) Check {
	shifted := published
	shifted.Value += quantity.Int(100)
	c := RateCheck(now, before, shifted)
	if c.Verdict == Unchecked {
		c.Published = published.Value
		return c
	}
	const hundred = 100 * quantity.Scale
	c.Published, c.Recomputed, c.Low, c.High = c.Published-hundred, c.Recomputed-hundred, c.Low-hundred, c.High-hundred
	return c
}

// SumCheck adds parts and compares them with a total. Each term may be off by half a unit in its last place.
func SumCheck(total Shown, parts ...Shown) Check {
	sum, slack, rough := quantity.Decimal(0), 0.0, false
	for _, p := range parts {
		var ok bool
		if sum, ok = sum.Add(p.Value); !ok {
			return Check{Verdict: Unchecked, Published: total.Value}
		}
		slack += p.Step.Float() / 2
		rough = rough || p.Approx
	}
	if len(parts) == 0 {
		return Check{Verdict: Unchecked, Published: total.Value}
	}
	c := judge(total, sum, sum.Float()-slack, sum.Float()+slack, rough)
	if c.Verdict == Agrees && sum != total.Value && total.Step == 0 || c.Verdict == TwoSteps {
		c.Verdict = Rounding
	}
	return c
}

// ShareCheck adds shares in percent and compares them with 100: 99.9 and 100.1 are ordinary.
func ShareCheck(shares ...Shown) Check {
	return SumCheck(Exactly(quantity.Int(100)), shares...)
}

// PartCheck holds that a part is no larger than its whole.
func PartCheck(whole, part Shown) Check {
	c := Check{Verdict: Agrees, Published: part.Value, Recomputed: whole.Value, Low: 0, High: fromFloat(whole.high())}
	switch {
	case part.Value <= whole.Value:
	case part.Approx || whole.Approx:
		c.Verdict = Approx
	case part.low() <= whole.high():
		c.Verdict = Rounding
	default:
		c.Verdict = Differs
	}
	return c
}

// SameFigure compares one figure as two places state it: 166.42 and 166.4 are the same at different precision.
func SameFigure(a, b Shown) Check {
	c := Check{Verdict: Differs, Published: a.Value, Recomputed: b.Value, Low: fromFloat(b.low()), High: fromFloat(b.high())}
	switch {
	case a.Value == b.Value:
		c.Verdict = Agrees
	case a.Approx || b.Approx:
		c.Verdict = Approx
	case a.low() <= b.high() && b.low() <= a.high():
		c.Verdict = Rounding
	}
	return c
}

// MonotoneCheck holds that a figure cumulated since January does not fall within the year.
func MonotoneCheck(earlier, later Shown) Check {
	c := Check{Verdict: Agrees, Published: later.Value, Recomputed: earlier.Value, Low: fromFloat(earlier.low())}
	switch {
	case later.Value >= earlier.Value:
	case later.high() >= earlier.low():
		c.Verdict = Rounding
	default:
		c.Verdict = Differs
	}
	return c
}

// BreakCheck says whether a series moves by more than limit percent between neighbours, as where its scope has changed.
func BreakCheck(before, after Shown, limit quantity.Decimal) Check {
	p, ok := after.Value.Percent(before.Value)
	if !ok {
		return Check{Verdict: Unchecked, Published: after.Value}
	}
	c := Check{Verdict: Agrees, Published: after.Value, Recomputed: p - quantity.Int(100), Low: -limit, High: limit}
	if c.Recomputed > limit || c.Recomputed < -limit {
		c.Verdict = Differs
	}
	return c
}

// PeriodOrder holds that a span does not end before it begins.
func PeriodOrder(from, to hydrotime.Date) bool { return from.DaysUntil(to) >= 0 }

// SamePeriod holds that two figures are for the same months, so that one may be taken from the other or divided by it.
func SamePeriod(a, b Period) bool { return a == b && a.Year > 0 }

// Transposed reports whether two figures differ only by digits that have changed places, as a slip of the hand makes
// them. Both may be true; a person should look.
func Transposed(a, b quantity.Decimal) bool {
	x, y := a.String(), b.String()
	if len(x) != len(y) || x == y || len(x) < 3 {
		return false
	}
	var count [256]int
	differing := 0
	for i := range len(x) {
		count[x[i]]++
		count[y[i]]--
		if x[i] != y[i] {
			differing++
		}
	}
	return count == [256]int{} && differing <= 3
}

// UnitCheck reads how a change is worded. The change of a rate is in percentage points; where it is written with a
// percent sign, or without any, the text may mean either and must be asked about.
func UnitCheck(ofRate bool, unit string) (fault.Text, bool) {
	u, ok := workbook.UnitOfWord(unit)
	switch {
	case !ok || u.Dimension != quantity.Points && u.Dimension != quantity.Percentage:
		return fault.Tf("变动没有写明是 %% 还是个百分点", "the change does not say whether it is in %% or in percentage points"), false
	case ofRate && u.Dimension == quantity.Percentage:
		return fault.Tf("率的变动写作 %%，应为个百分点，或说明是相对变动", "the change of a rate is written in %%; percentage points are meant, or else say that it is relative"), false
	case !ofRate && u.Dimension == quantity.Points:
		return fault.Tf("数量的变动写作个百分点，应为 %%", "the change of an amount is written in percentage points; %% is meant"), false
	}
	return fault.Text{}, true
}
