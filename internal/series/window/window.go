// Package window makes of readings what people ask for: rain in a window, the rain of a hydrological day, extremes with their time,
// hourly and daily means, the mean over an area, and a curve of few points that keeps its peaks.
//
// It only computes. A total belongs to a window where its whole span lies in it; how much of the window is covered is said, and
// absent is not zero. Windows are open at their start and closed at their end, as stamps are the END of spans.
package window

import (
	"cmp"
	"slices"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/series/reading"
)

// Widths lists the windows of rain that are watched (雨量时段), the shortest first.
func Widths() []time.Duration {
	return []time.Duration{
		5 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 48 * time.Hour, 72 * time.Hour,
	}
}

// Sum is a total over a window, with what it rests on (时段累计).
type Sum struct {
	From    time.Time
	To      time.Time
	Value   quantity.Null // absent where nothing counts
	Covered time.Duration // by the spans that count
	Doubted int           // how many readings in it a check doubts, whether they count or not
}

// Whole reports whether no part of the window is without a reading that counts.
func (s Sum) Whole() bool { return s.Value.Valid && s.Covered >= s.To.Sub(s.From) }

// Add takes a total into the sum where its span lies in the window.
func (s *Sum) Add(p reading.Point) {
	if p.At.After(s.To) || !p.At.After(s.From) || p.From().Before(s.From) {
		return
	}
	if p.Flags.Doubted() {
		s.Doubted++
	}
	if p.Counts() {
		s.Value = quantity.Some(s.Value.Decimal + p.Value.Decimal)
		s.Covered += p.Span
	}
}

// SumOf adds up the totals of a window.
func SumOf(points []reading.Point, from, to time.Time) Sum {
	s := Sum{From: from, To: to}
	for _, p := range points {
		s.Add(p)
	}
	return s
}

// DayOf adds up the hydrological day that begins at 08:00 of a date.
func DayOf(points []reading.Point, day hydrotime.Date) Sum {
	from := day.Start().Add(8 * time.Hour)
	return SumOf(points, from, from.Add(reading.HydrologicalDay))
}

// Greatest finds the window of a width that gathered the most, ending at a reading: the densest hour of a storm. Of two alike the
// first is taken. Points are totals in the order of time.
func Greatest(points []reading.Point, width time.Duration) (best Sum, ok bool) {
	var sum quantity.Decimal
	var covered time.Duration
	first := 0
	for _, p := range points {
		if !p.Counts() || p.Span > width {
			continue
		}
		sum, covered = sum+p.Value.Decimal, covered+p.Span
		from := p.At.Add(-width)
		for ; points[first].From().Before(from); first++ {
			if q := points[first]; q.Counts() && q.Span <= width {
				sum, covered = sum-q.Value.Decimal, covered-q.Span
			}
		}
		if !ok || sum > best.Value.Decimal {
			best, ok = Sum{From: from, To: p.At, Value: quantity.Some(sum), Covered: covered}, true
		}
	}
	return best, ok
}

// Extremes are the least and the greatest figure with when they came first (极值).
type Extremes struct {
	Least, Most reading.Point
	Counted     int
	Doubted     int
}

// ExtremesOf finds the extremes; ok is false where nothing counts.
func ExtremesOf(points []reading.Point) (e Extremes, ok bool) {
	for _, p := range points {
		e.Add(p)
	}
	return e, e.Counted > 0
}

// Add takes a reading into the extremes.
func (e *Extremes) Add(p reading.Point) {
	one := Extremes{Least: p, Most: p}
	if p.Flags.Doubted() {
		one.Doubted = 1
	}
	if p.Counts() {
		one.Counted = 1
	}
	e.Join(one)
}

// Join takes other extremes into these, such as those of another day. Of figures alike the earlier stands.
func (e *Extremes) Join(o Extremes) {
	e.Doubted += o.Doubted
	if o.Counted == 0 {
		return
	}
	first := e.Counted == 0
	e.Counted += o.Counted
	lower := func(a, b reading.Point) bool {
		return a.Value.Decimal < b.Value.Decimal || a.Value == b.Value && a.At.Before(b.At)
	}
	if first || lower(o.Least, e.Least) {
		e.Least = o.Least
	}
	if first || o.Most.Value.Decimal > e.Most.Value.Decimal || o.Most.Value == e.Most.Value && o.Most.At.Before(e.Most.At) {
		e.Most = o.Most
	}
}

// Bucket is what the readings of an hour or a day come to.
type Bucket struct {
	From, To time.Time
	Mean     quantity.Null // of what holds at an instant: weighted by time where readings are apart, from the first to the last in it
	Sum      quantity.Null // of totals
	Covered  time.Duration
	Extremes Extremes // none where Counted is 0
}

// Step is the width of buckets.
type Step string

// The steps: hours of the clock, and hydrological days.
const (
	Hourly Step = "hour"
	Daily  Step = "day"
)

// start is the instant behind which the bucket of a stamp begins.
func (s Step) start(at time.Time) time.Time {
	if s == Daily {
		return hydrotime.PeriodDay(at).UTC()
	}
	return at.Add(-time.Nanosecond).Truncate(time.Hour)
}

func (s Step) width() time.Duration {
	if s == Daily {
		return reading.HydrologicalDay
	}
	return time.Hour
}

// Buckets gathers readings in the order of time into hours or days; an hour without a reading is left out.
func Buckets(points []reading.Point, kind reading.Kind, step Step) []Bucket {
	var out []Bucket
	for len(points) > 0 {
		from := step.start(points[0].At)
		n := 1
		for n < len(points) && step.start(points[n].At).Equal(from) {
			n++
		}
		b := Bucket{From: from, To: from.Add(step.width())}
		b.Extremes, _ = ExtremesOf(points[:n])
		if kind == reading.Total {
			s := SumOf(points[:n], b.From, b.To)
			b.Sum, b.Covered = s.Value, s.Covered
		} else if kind == reading.Instant {
			b.Mean = mean(points[:n])
		}
		out, points = append(out, b), points[n:]
	}
	return out
}

// mean is the mean of figures over time, by the trapezoidal rule between readings; of one reading it is that.
func mean(points []reading.Point) quantity.Null {
	counted := slices.DeleteFunc(slices.Clone(points), func(p reading.Point) bool { return !p.Counts() })
	if len(counted) == 0 {
		return quantity.Null{}
	}
	if len(counted) == 1 {
		return counted[0].Value
	}
	// Seconds from the first reading weigh figures above the first: both are small, so that no sum runs over.
	base := counted[0].Value.Decimal
	var area quantity.Decimal
	for i := 1; i < len(counted); i++ {
		seconds := int64(counted[i].At.Sub(counted[i-1].At) / time.Second)
		twice := counted[i].Value.Decimal - base + counted[i-1].Value.Decimal - base
		part, ok := twice.Mul(quantity.Int(seconds))
		if !ok {
			return quantity.Null{}
		}
		area += part
	}
	whole := quantity.Int(2 * int64(counted[len(counted)-1].At.Sub(counted[0].At)/time.Second))
	above, ok := area.Div(whole)
	if !ok {
		return quantity.Null{}
	}
	return quantity.Some(base + above)
}

// MostPoints is how many points a curve has at the most.
const MostPoints = 4000

// Thin leaves at most so many points of a series in the order of time, and keeps its peaks: of each bucket of equal time the first,
// the least, the greatest and the last that count, and one that does not. Of totals it adds up, so that no rain is lost. A series
// that is short enough comes back as it is.
func Thin(points []reading.Point, kind reading.Kind, most int) []reading.Point {
	if len(points) <= most || len(points) == 0 || most < 1 {
		return points
	}
	each := 5
	if kind == reading.Total {
		each = 1
	}
	buckets := max(most/each, 1)
	from := points[0].At
	width := points[len(points)-1].At.Sub(from)/time.Duration(buckets) + 1
	out := make([]reading.Point, 0, most)
	for len(points) > 0 {
		end := from.Add((points[0].At.Sub(from)/width + 1) * width)
		n := 1
		for n < len(points) && points[n].At.Before(end) {
			n++
		}
		if kind == reading.Total {
			out = append(out, together(points[:n]))
		} else {
			out = append(out, telling(points[:n], most)...)
		}
		points = points[n:]
	}
	return out
}

// together is one total of many: its span is the time covered, so that what is not covered still shows.
func together(points []reading.Point) reading.Point {
	p := reading.Point{At: points[len(points)-1].At, Source: points[len(points)-1].Source}
	for _, q := range points {
		if q.Counts() {
			p.Value = quantity.Some(p.Value.Decimal + q.Value.Decimal)
			p.Span += q.Span
		}
		p.Flags |= q.Flags &^ (reading.Absent | reading.NeverCounts | reading.CountsNot)
	}
	if !p.Value.Valid {
		p.Flags |= reading.Absent
	}
	return p
}

func telling(points []reading.Point, most int) []reading.Point {
	keep := map[int]bool{}
	first, last, least, greatest, odd := -1, -1, -1, -1, -1
	for i, p := range points {
		if !p.Counts() {
			if odd < 0 {
				odd = i
			}
			continue
		}
		if first < 0 {
			first, least, greatest = i, i, i
		}
		last = i
		if p.Value.Decimal < points[least].Value.Decimal {
			least = i
		}
		if p.Value.Decimal > points[greatest].Value.Decimal {
			greatest = i
		}
	}
	for _, i := range []int{greatest, least, first, last, odd} {
		if i >= 0 && len(keep) < most {
			keep[i] = true
		}
	}
	var out []reading.Point
	for i := range points {
		if keep[i] {
			out = append(out, points[i])
		}
	}
	return out
}

// Weight is the share of an area that a station stands for.
type Weight struct {
	Object int64
	Share  float64
}

// Areal is a mean over an area, with what it rests on (面雨量).
type Areal struct {
	Value   quantity.Null
	Of      int     // stations that stand for some of the area
	Rested  int     // how many of them had a figure
	Partial int     // how many of those do not cover the whole window
	Doubted int     // how many of those rest on readings that a check doubts
	Share   float64 // of the area, that those with a figure stand for by the weights of all
}

// ArealOf is the weighted mean of sums: the weights of stations without a figure fall to the others in proportion.
func ArealOf(weights []Weight, sums map[int64]Sum) Areal {
	var a Areal
	var whole, share quantity.Decimal
	for _, w := range weights {
		if w.Share <= 0 {
			continue
		}
		a.Of++
		s, ok := sums[w.Object]
		if !ok || !s.Value.Valid {
			continue
		}
		a.Rested++
		a.Share += w.Share
		if !s.Whole() {
			a.Partial++
		}
		if s.Doubted > 0 {
			a.Doubted++
		}
		part := quantity.Decimal(w.Share*quantity.Scale + 0.5)
		product, ok := s.Value.Mul(part)
		if !ok {
			return a
		}
		whole, share = whole+product, share+part
	}
	if v, ok := whole.Div(share); ok {
		a.Value = quantity.Some(v)
	}
	return a
}

// Ranked puts sums in order, the greatest first; those without a figure come last. Of two alike the lower object comes first.
func Ranked(sums map[int64]Sum) []int64 {
	out := make([]int64, 0, len(sums))
	for id := range sums {
		out = append(out, id)
	}
	slices.SortFunc(out, func(x, y int64) int {
		a, b := sums[x].Value, sums[y].Value
		if a.Valid != b.Valid {
			if a.Valid {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.Decimal, a.Decimal), cmp.Compare(x, y))
	})
	return out
}
