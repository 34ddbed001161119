// Package reading holds what a station tells: the register of quantities, one reading with its instant, and the marks that checks
// and people leave on it.
//
// Instants are kept to the second in UTC. A reading is stamped with its instant, or a total with the END of its span (SL 323 TM).
// Figures are exact, in the unit of their quantity. Where readings are stored, and what follows from them, is left to others.
package reading

import (
	"time"

	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// Reading is one figure that a station told (观测值).
type Reading struct {
	Object   int64 // of the registry
	Quantity ID
	At       time.Time
	Value    quantity.Null // absent where the station says that it has none
	Span     time.Duration // of a total: how long it was gathered, to the second; zero for what holds at an instant
	Flags    Flag
	Source   int64 // of the series room's table of sources
}

// Key tells readings apart: there is one figure of a quantity for an object and an instant.
type Key struct {
	Object   int64
	Quantity ID
	At       time.Time
}

// Key is what tells the reading apart.
func (r Reading) Key() Key { return Key{r.Object, r.Quantity, r.At} }

// Point is a reading of one object and quantity as it stands in a series.
type Point struct {
	At     time.Time
	Value  quantity.Null
	Span   time.Duration
	Flags  Flag
	Source int64
}

// Point is the reading without whose it is.
func (r Reading) Point() Point { return Point{r.At, r.Value, r.Span, r.Flags, r.Source} }

// Of makes the point a reading again.
func (p Point) Of(object int64, id ID) Reading {
	return Reading{object, id, p.At, p.Value, p.Span, p.Flags, p.Source}
}

// Counts reports whether the figure may enter totals, means and judgements.
func (p Point) Counts() bool { return p.Value.Valid && p.Flags.Counts() }

// From is the instant at which what a total gathered began; that of the reading itself for anything else.
func (p Point) From() time.Time { return p.At.Add(-p.Span) }

// Overlaps reports whether both are totals that count and their spans have time in common.
func (p Point) Overlaps(o Point) bool {
	return p.Span > 0 && o.Span > 0 && p.Counts() && o.Counts() && p.From().Before(o.At) && o.From().Before(p.At)
}

// The years in which a reading can lie.
const (
	firstYear = 1850
	lastYear  = 2199
)

// Check refuses what cannot be a reading at all; a figure that is merely unlikely is kept and flagged.
func (r *Reading) Check() error {
	q, ok := ByID(r.Quantity)
	if !ok {
		return fault.Invalidf("reading.quantity", "没有编号为 %d 的观测量", "there is no quantity %d", r.Quantity)
	}
	if r.Object <= 0 {
		return fault.Invalidf("reading.object", "%s 的观测值未指明对象", "a reading of %s names no object", q.Code)
	}
	if y := r.At.UTC().Year(); y < firstYear || y > lastYear {
		return fault.Invalidf("reading.time", "%s 的观测时间 %s 不在 1850–2199 年之间", "the instant of a reading of %s, %s, is not of the years 1850 to 2199", q.Code, r.At.UTC().Format(time.RFC3339))
	}
	if r.Span < 0 || r.Span > 366*24*time.Hour || q.Kind != Total && r.Span != 0 {
		return fault.Invalidf("reading.span", "%s 的时段长 %s 有误", "%s cannot span %s", q.Code, r.Span)
	}
	r.At, r.Span = r.At.UTC().Truncate(time.Second), r.Span.Truncate(time.Second)
	if !r.Value.Valid {
		r.Value.Decimal, r.Flags = 0, r.Flags|Absent
	}
	return nil
}
