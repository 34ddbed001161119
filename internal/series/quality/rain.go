package quality

import (
	"time"

	"anlan/internal/quantity"
	"anlan/internal/series/reading"
)

// Neighbourhood is how rain is held against that of the stations around (邻站比对). The figures are usage, for each bureau to set.
type Neighbourhood struct {
	WithinM float64          `json:"within_m" doc:"Who is a neighbour"`
	Fewest  int              `json:"fewest" doc:"With fewer neighbours nothing is said"`
	Wet     quantity.Decimal `json:"wet" doc:"mm in the hour: from here on a dry gauge, or a wet one, is out of place"`
	Share   quantity.Decimal `json:"share" doc:"Alone is who has Wet while no neighbour has this share of it"`
}

// DefaultNeighbourhood looks at stations within 15 km over an hour.
func DefaultNeighbourhood() Neighbourhood {
	return Neighbourhood{WithinM: 15_000, Fewest: 3, Wet: quantity.Int(20), Share: quantity.MustParse("0.1")}
}

// Unlike reports whether rain is unlike that of all the neighbours: a gauge that stayed dry where each of them is wet, or one that
// is wet where none of them has a tenth of it.
func (n Neighbourhood) Unlike(own quantity.Decimal, others []quantity.Decimal) bool {
	if len(others) < n.Fewest {
		return false
	}
	share, ok := own.Mul(n.Share)
	if !ok {
		return true
	}
	allWet, allDry := true, true
	for _, o := range others {
		allWet = allWet && o >= n.Wet
		allDry = allDry && o < share
	}
	return own == 0 && allWet || own >= n.Wet && allDry
}

// Balance is the rain of a station between two readings of its counter, told by both ways (累计与时段雨量核对).
type Balance struct {
	From, To time.Time
	Counter  quantity.Null // absent after a reset
	Interval quantity.Null // of the spans that lie between; absent where there are none
	Covered  time.Duration // by those spans
	Amount   quantity.Null // what to hold true: the spans where they leave no hole, else the counter, else what there is
	Unequal  bool
}

// Tolerance is by how much counter and spans may differ: one tip of the bucket, or a share of the larger. It is usage.
type Tolerance struct {
	Tip   quantity.Decimal `json:"tip"`
	Share quantity.Decimal `json:"share"`
}

// DefaultTolerance is a tip of 0.5 mm and 4 in 100.
func DefaultTolerance() Tolerance {
	return Tolerance{Tip: quantity.MustParse("0.5"), Share: quantity.MustParse("0.04")}
}

// Reconcile holds the spans of a station's rain against its counter, between each reading of the counter and the next. Both are in
// the order of time; figures that do not count are passed over.
func Reconcile(spans, counter []reading.Point, l Limits, t Tolerance) []Balance {
	var out []Balance
	var before State
	i := 0
	for _, c := range counter {
		if !c.Counts() {
			continue
		}
		r := c.Of(0, reading.RainCounter)
		if !before.GoodAt.IsZero() {
			b := Balance{From: before.since(r).GoodAt, To: c.At}
			amount, _, ok := Increment(r, before, l)
			if ok {
				b.Counter = quantity.Some(amount)
			} else {
				c.Flags |= reading.Reset
			}
			for ; i < len(spans) && !spans[i].At.After(c.At); i++ {
				if p := spans[i]; p.Counts() && !p.From().Before(b.From) {
					b.Interval, b.Covered = quantity.Some(b.Interval.Decimal+p.Value.Decimal), b.Covered+p.Span
				}
			}
			b.settle(t)
			out = append(out, b)
		}
		before.Last = c
		if c.Flags&reading.Reset == 0 || before.GoodAt.IsZero() {
			before.GoodAt, before.Good = c.At, c.Value.Decimal
		}
	}
	return out
}

func (b *Balance) settle(t Tolerance) {
	whole := b.Covered >= b.To.Sub(b.From)
	switch {
	case b.Interval.Valid && whole, !b.Counter.Valid:
		b.Amount = b.Interval
	default:
		b.Amount = b.Counter
	}
	if !b.Counter.Valid || !b.Interval.Valid {
		return
	}
	allowed := t.Tip
	if s, ok := max(b.Counter.Decimal, b.Interval.Decimal).Mul(t.Share); ok {
		allowed = max(allowed, s)
	}
	// With a hole in the spans the counter may well have more, and never less.
	b.Unequal = b.Interval.Decimal-b.Counter.Decimal > allowed || whole && b.Counter.Decimal-b.Interval.Decimal > allowed
}
