// Package compare counts what became of problems as of any instant, and sets counties side by side by the four comparisons.
//
// It is handed records and visits and returns counts: a past instant gives the past figure, whatever happened since, because only
// what lies before the instant is looked at. Every rate keeps its numerator and denominator, is absent where nothing stands
// below, and rolls up by summing both sides. Measures of control are counted apart and never as closed. An instant is the first
// that is not counted any more: as of 31 May is 1 June 00:00 in Beijing, hydrotime.Date.End.
package compare

import (
	"slices"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/oversight/checklist"
	"anlan/internal/quantity"
)

// Origin is who found a problem (发现层级).
type Origin string

// The origins, from above to below.
const (
	Ministry Origin = "ministry" // 部
	Province Origin = "province" // 省
	City     Origin = "city"     // 市
	County   Origin = "county"   // 县
	Self     Origin = "self"     // 自查
)

// Origins lists the origins from above to below.
func Origins() []Origin { return []Origin{Ministry, Province, City, County, Self} }

// Record is one problem with what became of it. A time that is zero has not come.
type Record struct {
	ID       int64
	Division string // the lowest division that it is counted in: a county
	Object   int64  // 0 where it is about no object
	Team     string
	Item     string // clause code
	Origin   Origin
	Severity checklist.Severity
	Found    time.Time // when it was seen on site
	Opened   time.Time // when it came into the books; before that no figure knows it
	// Waits are the deadlines before it was assigned: to confirm it and give it to somebody, from the opening on and anew after each
	// objection that was not upheld. In order of time.
	Waits    []Wait
	Assigned time.Time // when it was first given to somebody; zero where that is not known
	// OriginalDue is the first instant at which it was late when it was assigned. It never changes.
	OriginalDue time.Time
	Extended    time.Time // when more time was given
	Due         time.Time // the first instant at which it is late since then; not read where Extended is zero
	Spans       []Span    // when it was closed or under control, in order of time
	Dismissed   time.Time // when an objection was upheld: from then on it is no problem
	RecurrentOf int64     // the earlier record of the same item at the same object
	Missed      bool      // found by a higher level where a lower one had looked and not seen it
}

// Wait is a time during which a problem was given to nobody. While an objection waits for its decision there is no deadline: it is not
// the inspected side's turn.
type Wait struct {
	From     time.Time
	Due      time.Time // the first instant at which it is late
	Disputed bool
}

// Kind says in which way a problem is at rest.
type Kind string

// The kinds of span.
const (
	Closed     Kind = "closed"     // mended, looked at and closed (销号)
	Controlled Kind = "controlled" // held by measures until it is mended (管控措施落实)
)

// Span is a time at rest, ended by reopening. A zero Until has no end.
type Span struct {
	Kind  Kind
	From  time.Time
	Until time.Time
}

// Visit is one inspection of one object, whether or not anything was found.
type Visit struct {
	Division string
	Object   int64
	Team     string
	Origin   Origin
	At       time.Time
}

// Deduction is points that a step of the ladder took off the assessment of a division (考核扣分).
type Deduction struct {
	Division string
	Points   quantity.Decimal
	At       time.Time
}

// Query is what to count: problems and visits of a time, as they stood at an instant.
type Query struct {
	From time.Time // found or visited from here on; zero for ever
	At   time.Time // the first instant that is not counted; for a day, its End
}

// Standing is how a record stands at an instant.
type Standing string

// The standings.
const (
	Unknown   Standing = "unknown" // not in the books yet
	Void      Standing = "void"    // an objection was upheld
	StillOpen Standing = "open"    // neither closed nor under control
	InControl Standing = "controlled"
	IsClosed  Standing = "closed"
)

// StandingAt is how the record stands at an instant, and the span that makes it so.
func (r *Record) StandingAt(at time.Time) (Standing, Span) {
	switch {
	case !r.Opened.Before(at):
		return Unknown, Span{}
	case !r.Dismissed.IsZero() && r.Dismissed.Before(at):
		return Void, Span{}
	}
	for _, s := range slices.Backward(r.Spans) {
		if !s.From.Before(at) || !s.Until.IsZero() && s.Until.Before(at) {
			continue
		}
		if s.Kind == Closed {
			return IsClosed, s
		}
		return InControl, s
	}
	return StillOpen, Span{}
}

// FirstDueAt is the deadline that counts before any extension, as it was known at an instant: for mending once it was assigned, to
// confirm it before. Disputed says that an objection waited, and there was none.
func (r *Record) FirstDueAt(at time.Time) (due time.Time, disputed bool) {
	if r.OriginalDue.IsZero() || !r.Assigned.IsZero() && !r.Assigned.Before(at) {
		for _, w := range slices.Backward(r.Waits) {
			if w.From.Before(at) {
				return w.Due, w.Disputed
			}
		}
	}
	return r.OriginalDue, false
}

// DueAt is the deadline as it was known at an instant.
func (r *Record) DueAt(at time.Time) time.Time {
	if !r.Extended.IsZero() && r.Extended.Before(at) {
		return r.Due
	}
	due, _ := r.FirstDueAt(at)
	return due
}

// Rate is an exact share or mean.
type Rate struct {
	Numerator   int64 `json:"numerator"`
	Denominator int64 `json:"denominator"`
}

// Percent is the rate in percent; absent where the denominator is zero.
func (r Rate) Percent() quantity.Null {
	p, ok := quantity.Int(r.Numerator).Percent(quantity.Int(r.Denominator))
	return quantity.Null{Decimal: p, Valid: ok}
}

// Mean is numerator over denominator; absent where the denominator is zero.
func (r Rate) Mean() quantity.Null {
	d, ok := quantity.Int(r.Numerator).Div(quantity.Int(r.Denominator))
	return quantity.Null{Decimal: d, Valid: ok}
}

// Tally is how the problems of one origin stand.
type Tally struct {
	Found      int64
	Closed     int64
	Controlled int64
	Open       int64
}

// Stat is what a set of records comes to at an instant. Dismissed problems are in none of its counts but Upheld.
type Stat struct {
	Tally
	ByOrigin   map[Origin]Tally
	BySeverity map[checklist.Severity]int64
	Dismissed  int64

	Trips   int64 // visits
	Objects int64 // objects visited, or found to have a problem
	Placed  int64 // problems at an object
	Most    int64 // the most problems at one object

	OnTime         Rate // closed before the first deadline, of those whose first deadline has passed
	OnTimeExtended Rate // the same by the deadline as extended
	// Overdue is what is neither closed nor dismissed past its deadline. What is under control is in it: it is not mended.
	Overdue         int64 // by the first deadline: for mending, or to confirm it where nobody was given it yet
	OverdueExtended int64 // by the deadline as extended
	OverdueHeld     int64 // of Overdue, under control
	NoDeadline      int64 // problems without one: the loop is broken there

	Days      []int // calendar days from finding to closing of what is closed, from few to many
	Missed    int64
	Recurrent int64 // same item, same object
	Repeated  int64 // same item in the same county within 12 months before, at whatever object

	Deducted quantity.Decimal // points off by steps of the ladder
}

// Rectified is closed over found (整改率).
func (t Tally) Rectified() Rate { return Rate{t.Closed, t.Found} }

// UnderControl is controlled over found; it is no part of Rectified.
func (t Tally) UnderControl() Rate { return Rate{t.Controlled, t.Found} }

// PerObject is problems at objects over objects inspected.
func (s Stat) PerObject() Rate { return Rate{s.Placed, s.Objects} }

// HeavierShare is the share of what is heavier than general.
func (s Stat) HeavierShare() Rate { return Rate{s.Found - s.BySeverity[checklist.General], s.Found} }

// Upheld is the share of what stood after objections, of all that was put down.
func (s Stat) Upheld() Rate { return Rate{s.Found, s.Found + s.Dismissed} }

// MissRate is the share found by a higher level after a lower one had looked (漏检率).
func (s Stat) MissRate() Rate { return Rate{s.Missed, s.Found} }

// RecurrenceRate is the share that came back at the same object.
func (s Stat) RecurrenceRate() Rate { return Rate{s.Recurrent, s.Found} }

// RepeatRate is the share that the county had seen before, at whatever object (举一反三).
func (s Stat) RepeatRate() Rate { return Rate{s.Repeated, s.Found} }

// OverdueRate is what is past its original deadline and not closed, of all whose original deadline has passed.
func (s Stat) OverdueRate() Rate { return Rate{s.Overdue, s.OnTime.Denominator} }

// MedianDays is the middle of Days, or the mean of the middle two; absent where nothing is closed.
func (s Stat) MedianDays() quantity.Null {
	n := len(s.Days)
	if n == 0 {
		return quantity.Null{}
	}
	return Rate{int64(s.Days[(n-1)/2] + s.Days[n/2]), 2}.Mean()
}

// Compute counts everything together.
func Compute(records []Record, visits []Visit, q Query) Stat {
	all := func(string) []string { return []string{""} }
	return grouped(records, visits, q, all)[""]
}

// ByDivision counts for each division and for all above it; up names the division above one, or "". A parent's figures are counted
// over the records below it, so that every rate of it is the sum of the numerators over the sum of the denominators.
func ByDivision(records []Record, visits []Visit, q Query, up func(division string) string) map[string]Stat {
	return grouped(records, visits, q, chainOf(up))
}

func chainOf(up func(division string) string) func(string) []string {
	return func(d string) []string {
		chain := []string{d}
		for p := up(d); p != "" && !slices.Contains(chain, p); p = up(p) {
			chain = append(chain, p)
		}
		return chain
	}
}

func grouped(records []Record, visits []Visit, q Query, groups func(division string) []string) map[string]Stat {
	order := make([]*Record, len(records))
	for i := range records {
		order[i] = &records[i]
	}
	slices.SortFunc(order, InOrder)
	c := newCount(q, groups)
	for _, r := range order {
		c.Record(r)
	}
	for _, v := range visits {
		c.Visit(v)
	}
	return c.Done()
}

// Count counts records and visits one by one, each into the group of its division and of all above it. It is for one goroutine.
type Count struct {
	q        Query
	groups   func(division string) []string
	counters map[string]*counter
	chains   map[string][]*counter
	division string     // of the last record or visit
	chain    []*counter // of that division
	last     sighting
}

// NewCount begins a count; up names the division above one, or "".
func NewCount(q Query, up func(division string) string) *Count { return newCount(q, chainOf(up)) }

func newCount(q Query, groups func(division string) []string) *Count {
	return &Count{q: q, groups: groups, counters: map[string]*counter{}, chains: map[string][]*counter{}}
}

// Record counts one record; they come in the order of InOrder. Nothing of it is kept.
func (c *Count) Record(r *Record) {
	repeated := c.last.before(r)
	standing, span := r.StandingAt(c.q.At)
	if standing == Unknown {
		return
	}
	if standing != Void && r.Item != "" {
		c.last = sighting{r.Division, r.Item, r.Found}
	}
	if r.Found.Before(c.q.From) {
		return
	}
	for _, g := range c.of(r.Division) {
		g.record(r, c.q.At, standing, span, repeated)
	}
}

// Visit counts one visit.
func (c *Count) Visit(v Visit) {
	if v.At.Before(c.q.From) || !v.At.Before(c.q.At) {
		return
	}
	for _, g := range c.of(v.Division) {
		g.visit(v)
	}
}

// Deduct counts points taken off.
func (c *Count) Deduct(d Deduction) {
	if d.At.Before(c.q.From) || !d.At.Before(c.q.At) {
		return
	}
	for _, g := range c.of(d.Division) {
		g.s.Deducted += d.Points
	}
}

// Done gives what each group came to.
func (c *Count) Done() map[string]Stat {
	out := map[string]Stat{}
	for g, k := range c.counters {
		out[g] = k.done()
	}
	return out
}

func (c *Count) of(division string) []*counter {
	if c.chain != nil && c.division == division {
		return c.chain
	}
	chain := c.chains[division]
	if chain == nil {
		for _, g := range c.groups(division) {
			if c.counters[g] == nil {
				c.counters[g] = newCounter()
			}
			chain = append(chain, c.counters[g])
		}
		c.chains[division] = chain
	}
	c.division, c.chain = division, chain
	return chain
}

// counter counts one group.
type counter struct {
	s       Stat
	objects map[int64]int64 // problems by object visited or found wanting
}

func newCounter() *counter {
	return &counter{Stat{ByOrigin: map[Origin]Tally{}, BySeverity: map[checklist.Severity]int64{}}, map[int64]int64{}}
}

func (c *counter) visit(v Visit) {
	c.s.Trips++
	if v.Object != 0 {
		c.objects[v.Object] += 0
	}
}

func (c *counter) record(r *Record, at time.Time, standing Standing, span Span, repeated bool) {
	if standing == Void {
		c.s.Dismissed++
		return
	}
	c.s.Tally = c.s.plus(standing)
	c.s.ByOrigin[r.Origin] = c.s.ByOrigin[r.Origin].plus(standing)
	c.s.BySeverity[r.Severity]++
	if r.Object != 0 {
		c.objects[r.Object]++
	}
	c.s.Missed += one(r.Missed)
	c.s.Recurrent += one(r.RecurrentOf != 0)
	c.s.Repeated += one(repeated)
	if standing == IsClosed {
		c.s.Days = append(c.s.Days, hydrotime.DateOf(r.Found).DaysUntil(hydrotime.DateOf(span.From)))
	}
	c.deadline(r, at, standing, span)
}

// deadline judges by the first deadline and, beside it, by the one as extended. Only a closing that still holds is in time.
func (c *counter) deadline(r *Record, at time.Time, standing Standing, span Span) {
	first, disputed := r.FirstDueAt(at)
	switch {
	case disputed:
		return
	case first.IsZero():
		c.s.NoDeadline++
		return
	}
	passed := func(due time.Time) bool { return !due.After(at) }
	inTime := func(due time.Time) bool { return standing == IsClosed && span.From.Before(due) }
	if passed(first) {
		c.s.OnTime.Denominator++
		c.s.OnTime.Numerator += one(inTime(first))
		c.s.Overdue += one(standing != IsClosed)
		c.s.OverdueHeld += one(standing == InControl)
	}
	if due := r.DueAt(at); passed(due) {
		c.s.OnTimeExtended.Denominator++
		c.s.OnTimeExtended.Numerator += one(inTime(due))
		c.s.OverdueExtended += one(standing != IsClosed)
	}
}

func (t Tally) plus(s Standing) Tally {
	t.Found++
	t.Closed += one(s == IsClosed)
	t.Controlled += one(s == InControl)
	t.Open += one(s == StillOpen)
	return t
}

func (c *counter) done() Stat {
	for _, n := range c.objects {
		c.s.Placed += n
		c.s.Most = max(c.s.Most, n)
	}
	c.s.Objects = int64(len(c.objects))
	slices.Sort(c.s.Days)
	return c.s
}

func one(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
