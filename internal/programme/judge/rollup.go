package judge

import (
	"cmp"
	"slices"

	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
)

// Contribution is what one division brings to the sum of the division above.
type Contribution struct {
	Value, Base quantity.Null // the value, or numerator and denominator
	Reported    int           // divisions that stand behind it; 1 for one that files itself, 0 for one that has not
	Blank       int           // of these, how many filed that they have none
	Pending     int           // of these, how many are not accepted yet
	Inside      bool          // its figure lies inside another contribution's: counted as reported, not added
}

// Total is the sum over divisions.
type Total struct {
	Value, Base              quantity.Null
	Reported, Blank, Pending int
	Overflow                 bool // the sum does not fit; Value is absent
}

// RollUp forms a parent's figure from its children's. Numerators and denominators are summed apart, never the rates; what is
// absent adds nothing and is told by Reported.
func RollUp(r pack.Rollup, list []Contribution) Total {
	var t Total
	for _, c := range list {
		t.Reported += c.Reported
		t.Blank += c.Blank
		t.Pending += c.Pending
		if c.Inside {
			continue
		}
		t.Value = t.combine(r, t.Value, c.Value)
		t.Base = t.combine(r, t.Base, c.Base)
	}
	if t.Overflow {
		t.Value, t.Base = quantity.Null{}, quantity.Null{}
	}
	return t
}

func (t *Total) combine(r pack.Rollup, a, b quantity.Null) quantity.Null {
	switch {
	case r == pack.None:
		return quantity.Null{}
	case !b.Valid:
		return a
	case !a.Valid:
		return b
	case r == pack.Max:
		return quantity.Some(max(a.Decimal, b.Decimal))
	case r == pack.Min:
		return quantity.Some(min(a.Decimal, b.Decimal))
	}
	d, ok := a.Add(b.Decimal)
	t.Overflow = t.Overflow || !ok
	return quantity.Some(d)
}

// Place is one item's place in a ranking.
type Place struct {
	Index int  // of the item in the list that was ranked
	Rank  int  // from 1; ties share it (1, 2, 2, 4); 0 where nothing can be ranked
	Tied  bool // shares its rank
}

// Rank is F6 (排名): best first by the exact value, then those whose value cannot be formed, then those that have not
// reported. Ties keep the order of the list.
func Rank[T any](items []T, value func(T) quantity.Null, reported func(T) bool, better pack.Better) []Place {
	out := make([]Place, len(items))
	for i := range items {
		out[i].Index = i
	}
	class := func(i int) int {
		switch {
		case value(items[i]).Valid:
			return 0
		case reported(items[i]):
			return 1
		}
		return 2
	}
	slices.SortStableFunc(out, func(a, b Place) int {
		if c := cmp.Compare(class(a.Index), class(b.Index)); c != 0 || class(a.Index) != 0 {
			return c
		}
		x, y := value(items[a.Index]).Decimal, value(items[b.Index]).Decimal
		if better == pack.Less {
			return cmp.Compare(x, y)
		}
		return cmp.Compare(y, x)
	})
	for i := range out {
		if class(out[i].Index) != 0 {
			break
		}
		out[i].Rank = i + 1
		if i > 0 && value(items[out[i].Index]).Decimal == value(items[out[i-1].Index]).Decimal {
			out[i].Rank, out[i].Tied, out[i-1].Tied = out[i-1].Rank, true, true
		}
	}
	return out
}
