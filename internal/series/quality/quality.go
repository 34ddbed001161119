// Package quality holds an arriving reading against what a station can tell: plausible range, pace of change, a figure that no
// longer moves, counters that fall, clocks that err, rain that no neighbour saw, counters and interval rain that differ.
//
// It finds and never drops: what is found becomes a flag, and a person decides. It only computes; limits, the state before and the
// instant of arrival are arguments. Limits that are usage and no standard are defaults, for each bureau to set.
package quality

import (
	"fmt"
	"time"

	"anlan/internal/fault"
	"anlan/internal/quantity"
	"anlan/internal/series/reading"
)

// Limits are what a quantity may do at a station (质控阈值); what is absent is not checked.
type Limits struct {
	Least quantity.Null `json:"least"`
	Most  quantity.Null `json:"most"`
	// Step and PerHour bound a change: Step at once, and PerHour for each hour gone by. Of a total they bound the figure by its span.
	Step    quantity.Null `json:"step"`
	PerHour quantity.Null `json:"per_hour"`
	// StuckHours is for how long a figure may stay the same; 0 for ever.
	StuckHours int `json:"stuck_hours" minimum:"0" maximum:"8760"`
	// Wrap is the highest figure of a counter, behind which it begins again at zero.
	Wrap quantity.Null `json:"wrap"`
}

// Defaults are the limits of a quantity where nobody has set others: the range of the register, and paces that no river, tide or
// cloudburst of ordinary record goes beyond. They are usage, not a standard.
func Defaults(id reading.ID) Limits {
	if id < 1 || int(id) > len(defaults) {
		return Limits{}
	}
	return defaults[id-1]
}

// defaults are made once and never changed.
var defaults = func() (out []Limits) {
	for _, q := range reading.All() {
		out = append(out, defaultsOf(q))
	}
	return out
}()

func defaultsOf(q reading.Quantity) Limits {
	l := Limits{Least: quantity.Some(q.Least), Most: quantity.Some(q.Most)}
	pace := func(step, perHour string, stuckHours int) {
		l.Step, l.PerHour, l.StuckHours = quantity.Some(quantity.MustParse(step)), quantity.Some(quantity.MustParse(perHour)), stuckHours
	}
	switch q.ID {
	case reading.Level, reading.LowerLevel:
		pace("1", "3", 120)
	case reading.UpperLevel:
		pace("0.5", "2", 240)
	case reading.Tide:
		pace("0.5", "3", 3)
	case reading.Groundwater:
		pace("0.5", "0.5", 0)
	case reading.Rain:
		pace("25", "250", 0) // the highest hour on record in China is near 200 mm; a few minutes may be denser
	case reading.RainCounter:
		pace("25", "250", 0)
		l.Wrap = quantity.Some(quantity.MustParse("99999.9")) // N(6,1) of the standard; many gauges wrap at 9999.9 and have limits of their own
	case reading.Voltage:
		pace("6", "6", 0)
	case reading.SoilMoisture:
		pace("40", "40", 0)
	}
	return l
}

// Check says what is wrong with limits.
func (l Limits) Check() error {
	bad := fault.Invalidf("limits.invalid", "质控阈值有误", "the limits are not valid")
	if l.Least.Valid && l.Most.Valid && l.Least.Decimal >= l.Most.Decimal {
		bad.At("most", fault.T("上限须大于下限", "must lie above the least"))
	}
	for place, n := range map[string]quantity.Null{"step": l.Step, "per_hour": l.PerHour, "wrap": l.Wrap} {
		if n.Valid && n.Decimal < 0 {
			bad.At(place, fault.T("不能为负", "cannot be negative"))
		}
	}
	if l.StuckHours < 0 || l.StuckHours > 8760 {
		bad.At("stuck_hours", fault.T("须在 0 与 8760 之间", "lies between 0 and 8760"))
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// Clock bounds how far the stamp of a reading may lie from its arrival.
type Clock struct {
	Ahead  time.Duration
	Behind time.Duration // of what a gauge sends by itself; a file may be as old as it likes
}

// State is what is remembered of a series between readings.
type State struct {
	Last   reading.Point // the newest reading, whatever was found; none where its At is zero
	GoodAt time.Time     // of the newest figure that counts and fits those before it; zero where there is none
	Good   quantity.Decimal
	Steady time.Time // since when the good figure is the same
}

// Arrival is how a reading came.
type Arrival struct {
	At   time.Time
	Live bool // from a gauge, not from a file or a person
}

// Check finds what is wrong with a reading and gives the state after it. A reading older than the state is checked for what it is,
// not for how it changed, and leaves the state as it was.
func Check(r reading.Reading, s State, l Limits, c Clock, a Arrival) (reading.Flag, State) {
	q, _ := reading.ByID(r.Quantity)
	f := r.Flags
	if r.At.Sub(a.At) > c.Ahead || a.Live && a.At.Sub(r.At) > c.Behind {
		f |= reading.Clock
	}
	if r.Value.Valid && (l.Least.Valid && r.Value.Decimal < l.Least.Decimal || l.Most.Valid && r.Value.Decimal > l.Most.Decimal) {
		f |= reading.Range
	}
	if q.Kind == reading.Total && r.Value.Valid && !within(r.Value.Decimal, r.Span, l) {
		f |= reading.Rate
	}
	p := r.Point()
	if p.Flags = f; q.Kind == reading.Total && !r.At.Equal(s.Last.At) && p.Overlaps(s.Last) {
		return f | reading.Overlap, s
	}
	if f&reading.Clock != 0 || !r.At.After(s.Last.At) {
		return f, s
	}
	if !r.Value.Valid || f&reading.Range != 0 || q.Kind == reading.Total {
		p.Flags = f
		s.Last = p
		return f, s
	}
	if q.Kind == reading.Counter {
		f |= counted(r, s, l)
	} else {
		f |= moved(r, s, l)
	}
	p.Flags = f
	before := s.Last
	s.Last = p
	if f&reading.Rate != 0 && q.Kind != reading.Counter || f&reading.Reset != 0 {
		return f, s // until a second one agrees, the figure before stays what others are held against
	}
	if s.GoodAt.IsZero() || s.Good != r.Value.Decimal || before.Flags&reading.Rate != 0 {
		s.Steady = r.At
	}
	s.GoodAt, s.Good = r.At, r.Value.Decimal
	if l.StuckHours > 0 && r.At.Sub(s.Steady) >= time.Duration(l.StuckHours)*time.Hour {
		f |= reading.Stuck
		s.Last.Flags = f
	}
	return f, s
}

// moved finds a change that is too fast; a second figure may make a leap real.
func moved(r reading.Reading, s State, l Limits) reading.Flag {
	if s.GoodAt.IsZero() || within(change(r.Value.Decimal, s.Good), r.At.Sub(s.GoodAt), l) || Confirms(r.Point(), s, l) {
		return 0
	}
	return reading.Rate
}

// Confirms reports whether a figure makes the one before it, a leap that stood alone, real: it fits that one, or goes on in the same
// direction, as a flood does that rises faster than any limit expects. One that is back where the leap began denies it.
func Confirms(p reading.Point, s State, l Limits) bool {
	last := s.Last
	if last.Flags&reading.Rate == 0 || !last.Counts() || !p.Value.Valid || s.GoodAt.IsZero() || within(change(p.Value.Decimal, s.Good), p.At.Sub(s.GoodAt), l) {
		return false
	}
	up, before := p.Value.Decimal > last.Value.Decimal, last.Value.Decimal > s.Good
	return within(change(p.Value.Decimal, last.Value.Decimal), p.At.Sub(last.At), l) || up == before && p.Value.Decimal != last.Value.Decimal
}

// Lone finds, in a series of what holds at an instant in the order of time, the leaps that no second figure makes real: what the checks on
// arrival find of readings that come in order, of those that did not. What a person judged is none.
func Lone(list []reading.Point, l Limits) []bool {
	out := make([]bool, len(list))
	var s State
	leap := -1
	for i, p := range list {
		if !p.Counts() {
			continue
		}
		p.Flags &^= reading.Rate
		switch {
		case p.Flags.Judged() || s.GoodAt.IsZero() || within(change(p.Value.Decimal, s.Good), p.At.Sub(s.GoodAt), l):
		case Confirms(p, s, l):
			out[leap] = false
		default:
			p.Flags |= reading.Rate
			out[i], leap, s.Last = true, i, p
			continue
		}
		s.Last, s.GoodAt, s.Good = p, p.At, p.Value.Decimal
	}
	return out
}

// counted finds a counter that fell, or grew faster than it can.
func counted(r reading.Reading, s State, l Limits) reading.Flag {
	if s.GoodAt.IsZero() {
		return 0
	}
	s = s.since(r)
	amount, rolled, ok := grown(r, s, l)
	switch {
	case !ok:
		return reading.Reset
	case rolled:
		return reading.Rollover
	case !within(amount, r.At.Sub(s.GoodAt), l):
		return reading.Rate
	}
	return 0
}

// Increment is what a counter grew by between the state before and a reading; ok is false where that is not known: after a reset, or
// without a figure before.
func Increment(r reading.Reading, before State, l Limits) (amount quantity.Decimal, span time.Duration, ok bool) {
	if before.GoodAt.IsZero() || !r.Value.Valid || !r.At.After(before.GoodAt) {
		return 0, 0, false
	}
	before = before.since(r)
	amount, _, ok = grown(r, before, l)
	return amount, r.At.Sub(before.GoodAt), ok
}

// since is the state that a counter is reckoned from. A counter that fell was reset where it goes on from below; where it is back at once, it only
// showed a wrong figure.
func (s State) since(r reading.Reading) State {
	if s.Last.Flags&reading.Reset != 0 && s.Last.Counts() && s.Last.At.After(s.GoodAt) && r.Value.Decimal < s.Good {
		s.GoodAt, s.Good = s.Last.At, s.Last.Value.Decimal
	}
	return s
}

// grown is how much a counter grew. It rolled over where it stood in the last tenth before its end and now stands in the first.
func grown(r reading.Reading, s State, l Limits) (amount quantity.Decimal, rolled, ok bool) {
	if r.Value.Decimal >= s.Good {
		return r.Value.Decimal - s.Good, false, true
	}
	if w := l.Wrap; w.Valid && s.Good <= w.Decimal && s.Good > w.Decimal-w.Decimal/10 && r.Value.Decimal >= 0 && r.Value.Decimal < w.Decimal/10 {
		step := stepOf(w.Decimal)
		return w.Decimal + step - s.Good + r.Value.Decimal, true, true
	}
	return 0, false, false
}

// stepOf is one unit in the last place of a figure: behind 9999.9 comes 10000.0, which shows as 0.
func stepOf(d quantity.Decimal) quantity.Decimal {
	s := quantity.Decimal(1)
	for s < quantity.Scale && d%(s*10) == 0 {
		s *= 10
	}
	return s
}

func change(a, b quantity.Decimal) quantity.Decimal {
	if a < b {
		a, b = b, a
	}
	d, ok := a.Sub(b)
	if !ok {
		return 1<<63 - 1
	}
	return d
}

// within reports whether an amount may come about in a time.
func within(amount quantity.Decimal, d time.Duration, l Limits) bool {
	if !l.Step.Valid || !l.PerHour.Valid {
		return true
	}
	grace, ok := l.PerHour.Decimal.Mul(quantity.Int(int64(d / time.Second)))
	if !ok {
		return true
	}
	return amount <= l.Step.Decimal+grace/3600
}

// String says in words what limits hold, for logs.
func (l Limits) String() string {
	return fmt.Sprintf("%s to %s, %s at once and %s an hour, same for %d h", l.Least, l.Most, l.Step, l.PerHour, l.StuckHours)
}
