package formula

import (
	"math/big"

	"anlan/internal/quantity"
)

// unit is what a part of a formula is measured in: a dimension, what is counted, and the factor to the dimension's base.
type unit struct {
	name      string
	dimension quantity.Dimension
	counted   string
	factor    *big.Rat
	free      bool // a bare number: takes the unit of whatever it meets
}

func unitOf(u quantity.Unit) unit {
	return unit{name: u.Code, dimension: u.Dimension, counted: u.Counted, factor: big.NewRat(int64(u.Factor), quantity.Scale)}
}

func pureUnit() unit {
	return unit{name: "one", dimension: quantity.Pure, factor: big.NewRat(1, 1)}
}

func percentUnit() unit {
	return unit{name: "percent", dimension: quantity.Percentage, factor: big.NewRat(1, 1)}
}

// String names the unit in an error.
func (u unit) String() string {
	if u.free {
		return "a number"
	}
	return u.name
}

func (u unit) pure() bool  { return u.free || u.dimension == quantity.Pure }
func (u unit) count() bool { return u.dimension == quantity.Count }

func (u unit) alike(o unit) bool { return u.dimension == o.dimension && u.counted == o.counted }

// common is the unit in which two can be added; a bare number takes the other's.
func (u unit) common(o unit) (unit, bool) {
	switch {
	case u.free:
		return o, true
	case o.free, u.alike(o):
		return u, true
	}
	return unit{}, false
}

// into makes a part answer in another unit of the same kind.
func (u unit) into(to unit, n node) node {
	if u.free || u.factor.Cmp(to.factor) == 0 {
		return n
	}
	scale := new(big.Rat).Quo(u.factor, to.factor)
	return func(get func(Ref) quantity.Null) *big.Rat {
		v := n(get)
		if v == nil {
			return nil
		}
		return new(big.Rat).Mul(v, scale)
	}
}

// times allows a unit times a bare or pure number.
func (u unit) times(o unit) (unit, bool) {
	switch {
	case u.pure():
		return o, true
	case o.pure():
		return u, true
	}
	return unit{}, false
}

// over allows a unit over a bare or pure number, two alike (which leaves a pure number, scales and all), and volume over
// money, which is the intensity m³/万元.
func (u unit) over(o unit) (unit, bool) {
	switch {
	case o.pure():
		return u, true
	case u.alike(o):
		p := pureUnit()
		p.factor = new(big.Rat).Quo(u.factor, o.factor)
		return p, true
	case u.dimension == quantity.Volume && o.dimension == quantity.Money:
		perYuan := new(big.Rat).Quo(u.factor, o.factor)
		return unit{name: "m3_per_wan_yuan", dimension: quantity.Intensity, factor: perYuan.Mul(perYuan, big.NewRat(10000, 1))}, true
	}
	return unit{}, false
}
