package judge

import (
	"math/bits"

	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
)

// Contribution is what one division brings to the sum of the division above.
type Contribution struct {
	Value, Base quantity.Null // the value, or numerator and denominator
	Expected    int           // divisions that must stand behind it; summed as given
	Reported    int           // divisions that stand behind it; 1 for one that files itself, 0 for one that has not
	Blank       int           // of these, how many filed that they have none
	Pending     int           // of these, how many are not accepted yet
	Inside      bool          // its figure lies inside another contribution's: counted as reported, not added
}

// Total is the sum over divisions.
type Total struct {
	Value, Base                        quantity.Null
	Expected, Reported, Blank, Pending int
	Overflow                           bool // the sum does not fit; Value and Base are absent
}

// RollUp forms a parent's figure from its children's. Numerators and denominators are summed apart, never the rates, and one
// without the other adds nothing. What is absent adds nothing and is told by Reported. The order of the list does not matter.
func RollUp(r pack.Rollup, list []Contribution) Total {
	var t Total
	ratio := false
	for i := range list {
		c := &list[i]
		t.Expected += c.Expected
		t.Reported += c.Reported
		t.Blank += c.Blank
		t.Pending += c.Pending
		ratio = ratio || c.Base.Valid && !c.Inside
	}
	switch {
	case r == pack.None:
	case r == pack.Max && !ratio:
		t.Value = extreme(list, 1)
	case r == pack.Min && !ratio:
		t.Value = extreme(list, -1)
	default:
		t.sum(list, ratio)
	}
	return t
}

func (t *Total) sum(list []Contribution, ratio bool) {
	var value, base wide
	some := false
	for i := range list {
		c := &list[i]
		if c.Inside || !c.Value.Valid || ratio && !c.Base.Valid {
			continue
		}
		some = true
		value.add(c.Value.Decimal)
		base.add(c.Base.Decimal)
	}
	if !some {
		return
	}
	v, b := value.figure(), base.figure()
	if t.Overflow = !v.Valid || !b.Valid; t.Overflow {
		return
	}
	t.Value = v
	if ratio {
		t.Base = b
	}
}

// extreme is the largest figure for sign 1 and the smallest for sign -1.
func extreme(list []Contribution, sign int) quantity.Null {
	var out quantity.Null
	for i := range list {
		v := list[i].Value
		if list[i].Inside || !v.Valid {
			continue
		}
		if !out.Valid || sign > 0 && v.Decimal > out.Decimal || sign < 0 && v.Decimal < out.Decimal {
			out = v
		}
	}
	return out
}

// wide is a sum in 128 bits, so that only the end of a sum can be out of range and the order of its terms does not matter.
type wide struct {
	hi int64
	lo uint64
}

func (w *wide) add(d quantity.Decimal) {
	lo, carry := bits.Add64(w.lo, uint64(d), 0)
	w.lo = lo
	w.hi += int64(d)>>63 + int64(carry)
}

// figure is the sum, absent where it does not fit a figure.
func (w *wide) figure() quantity.Null {
	if w.hi != int64(w.lo)>>63 {
		return quantity.Null{}
	}
	return quantity.Some(quantity.Decimal(w.lo))
}
