package formula

import (
	"math/big"

	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// unit is what a part of a formula is measured in: a dimension, what is counted, and the factor to the dimension's base.
type unit struct {
	name      fault.Text
	dimension quantity.Dimension
	counted   string
	factor    *big.Rat
	free      bool // a bare number: takes the unit of whatever it meets
}

func unitOf(u quantity.Unit) unit {
	return unit{name: u.Name, dimension: u.Dimension, counted: u.Counted, factor: big.NewRat(int64(u.Factor), quantity.Scale)}
}

func pureNumber() unit { return unit{dimension: quantity.Pure, factor: big.NewRat(1, 1)} }

func bareNumber() unit { return unit{factor: big.NewRat(1, 1), free: true} }

func percentage() unit {
	return unit{name: fault.T("%", "%"), dimension: quantity.Percentage, factor: big.NewRat(1, 1)}
}

func points() unit {
	return unit{name: fault.T("个百分点", "pp"), dimension: quantity.Points, factor: big.NewRat(1, 1)}
}

// text names the unit in an error.
func (u unit) text() fault.Text {
	if u.name.Zh == "" {
		return fault.T("“无单位数”", "a plain number")
	}
	return fault.T("“"+u.name.Zh+"”", "“"+u.name.En+"”")
}

// pure reports whether u has no unit; what compares and counts truths may stand for one.
func (u unit) pure() bool { return u.free || u.dimension == quantity.Pure }

// truth reports whether u may stand where a truth belongs: 1 or 0, or a count of which more than none is true.
func (u unit) truth() bool { return u.pure() || u.dimension == quantity.Count }

func (u unit) alike(o unit) bool { return u.dimension == o.dimension && u.counted == o.counted }

// per is what a figure in u is multiplied by to stand in to; nil for one.
func (u unit) per(to unit) *big.Rat {
	if u.factor.Cmp(to.factor) == 0 {
		return nil
	}
	return new(big.Rat).Quo(u.factor, to.factor)
}

// common is the unit in which two can be compared or added; a bare number takes the other's.
func (u unit) common(o unit) (unit, bool) {
	switch {
	case u.free:
		return o, true
	case o.free:
		return u, true
	}
	return u, u.alike(o)
}

// plusPoints is the unit of sums and differences of percentages and percentage points: the difference of two percentages is
// in points, and a percentage moved by points stays one. Ok is false for everything else.
func (u unit) plusPoints(o unit, minus bool) (unit, bool) {
	if u.dimension != quantity.Percentage && u.dimension != quantity.Points || u.free || o.free {
		return unit{}, false
	}
	switch {
	case minus && u.dimension == quantity.Percentage && o.dimension == quantity.Percentage:
		return points(), true
	case u.dimension == quantity.Percentage && o.dimension == quantity.Points:
		return percentage(), true
	case !minus && u.dimension == quantity.Points && o.dimension == quantity.Percentage:
		return percentage(), true
	}
	return unit{}, false
}

// into makes a part answer in another unit of the same kind.
func (u unit) into(to unit, n node) node {
	scale := u.per(to)
	if u.free || scale == nil {
		return n
	}
	return one(n, func(a *big.Rat) *big.Rat { return new(big.Rat).Mul(a, scale) })
}

// times allows a unit times a bare or pure number; only two bare numbers leave a bare one.
func (u unit) times(o unit) (unit, bool) {
	switch {
	case u.free, u.pure() && !o.free:
		return o, true
	case o.pure():
		return u, true
	}
	return unit{}, false
}

// over allows a unit over a bare or pure number; two alike, which leaves a pure number; a count over another count, which is
// a mean such as problems per reservoir; and volume over money, which is the intensity m³/万元.
func (u unit) over(o unit) (unit, bool) {
	switch {
	case o.free, o.pure() && !u.free:
		return u, true
	case o.pure(): // one over a share
		return o, true
	case u.alike(o), u.dimension == quantity.Count && o.dimension == quantity.Count:
		p := pureNumber()
		p.factor = new(big.Rat).Quo(u.factor, o.factor)
		return p, true
	case u.dimension == quantity.Volume && o.dimension == quantity.Money:
		perYuan := new(big.Rat).Quo(u.factor, o.factor)
		return unit{name: fault.T("立方米/万元", "m³/CNY 10k"), dimension: quantity.Intensity, factor: perYuan.Mul(perYuan, big.NewRat(10000, 1))}, true
	}
	return unit{}, false
}
