// Package threshold judges figures against limits: warning and guaranteed level (警戒水位, 保证水位), the flood limit of a reservoir by
// period (汛限水位), rain in a window, and silence of a station. It says when an event begins, peaks and clears, with hysteresis, so that
// a level that trembles about its limit makes one event.
//
// It only computes: limit, event, figure and instant in, event out, so that a past flood can be judged again. Limits are in the unit
// of their quantity; periods are days of the office calendar.
package threshold

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/series/reading"
)

// Kind is what a limit is of. An object has one live event of a kind.
type Kind string

// The kinds.
const (
	Warning    Kind = "warning"
	Guarantee  Kind = "guarantee"
	FloodLimit Kind = "flood_limit"
	Rain       Kind = "rain"
	Silence    Kind = "no_data"
)

// Threshold is one limit of an object.
type Threshold struct {
	Kind Kind `json:"kind" enum:"warning,guarantee,flood_limit,rain,no_data"`
	// Level is the limit: an event begins at or above it. A flood limit has periods instead, silence has neither.
	Level quantity.Null `json:"level"`
	// Fall is how far below the limit a figure must be before the event may clear.
	Fall quantity.Decimal `json:"fall"`
	// HoldMinutes is for how long it must stay there; it clears as of the first figure below.
	HoldMinutes int      `json:"hold_minutes" minimum:"0" maximum:"10080"`
	Periods     []Period `json:"periods,omitempty" maxItems:"20"`
	// Minutes is the window of rain, or for how long a station may be silent.
	Minutes int `json:"minutes,omitempty" minimum:"0" maximum:"10080"`
}

// Period is one row of a flood limit by period (ST_RSVRFSR_B): days of the year as MMDD, both included. A period may run over the
// new year, and one without an end lasts until the next begins.
type Period struct {
	Begin string           `json:"begin" maxLength:"4"`
	End   string           `json:"end,omitempty" maxLength:"4"`
	Level quantity.Decimal `json:"level"`
	Name  fault.Text       `json:"name"`
}

var dayForm = regexp.MustCompile(`^(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$`)

// Check says what is wrong with a threshold on a quantity.
func (t *Threshold) Check(id reading.ID) error {
	bad := fault.Invalidf("threshold.invalid", "阈值有误", "the threshold is not valid")
	needs := func(place string, has, want bool, zh, en string) {
		if has != want {
			bad.At(place, fault.T(zh, en))
		}
	}
	if !slices.Contains([]Kind{Warning, Guarantee, FloodLimit, Rain, Silence}, t.Kind) {
		bad.At("kind", fault.T("没有这种阈值", "no such kind of threshold"))
	}
	q, known := reading.ByID(id)
	switch {
	case !known:
		bad.At("quantity", fault.T("没有这个观测量", "no such quantity"))
	case t.Kind == Rain && id != reading.Rain:
		bad.At("quantity", fault.T("雨量阈值只用于时段降水量", "a window of rain is of the quantity rain"))
	case t.Kind != Rain && t.Kind != Silence && q.Kind != reading.Instant:
		bad.At("quantity", fault.T("此阈值只用于瞬时量", "this limit is of what holds at an instant"))
	}
	needs("level", t.Level.Valid, t.Kind != FloodLimit && t.Kind != Silence, "除汛限（按时段）与缺测外须给出限值", "a limit is required, but for a flood limit by period and for silence")
	needs("periods", len(t.Periods) > 0, t.Kind == FloodLimit, "汛限按时段给出，其他不给", "a flood limit has periods, and nothing else has")
	needs("minutes", t.Minutes > 0, t.Kind == Rain || t.Kind == Silence, "雨量须给出时段、缺测须给出时长（分钟）", "rain has a window and silence a time in minutes, and nothing else has")
	if t.Fall < 0 || t.HoldMinutes < 0 || t.HoldMinutes > 10080 || t.Minutes < 0 || t.Minutes > 10080 {
		bad.At("fall", fault.T("不能为负或过长", "cannot be negative or too long"))
	}
	for i, p := range t.Periods {
		if !dayForm.MatchString(p.Begin) || p.End != "" && !dayForm.MatchString(p.End) {
			bad.At(fmt.Sprintf("periods[%d]", i), fault.T("起止日期须为月日四位，如 0415", "days are four digits of month and day, such as 0415"))
		}
		if slices.ContainsFunc(t.Periods[:i], func(o Period) bool { return o.Begin == p.Begin }) {
			bad.At(fmt.Sprintf("periods[%d]", i), fault.T("与另一时段同日开始", "another period begins on the same day"))
		}
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// Key tells events of an object apart: the kind, and of rain the window too.
func (t *Threshold) Key() string {
	if t.Kind == Rain {
		return string(Rain) + "_" + strconv.Itoa(t.Minutes)
	}
	return string(t.Kind)
}

// At is the limit at an instant; ok is false where no period of a flood limit holds then, which is no limit and not a limit of zero.
// Of periods that overlap, the one that began last holds.
func (t *Threshold) At(at time.Time) (limit quantity.Decimal, ok bool) {
	if len(t.Periods) == 0 {
		return t.Level.Decimal, t.Level.Valid
	}
	d := hydrotime.DateOf(at)
	day := int(d.Month)*100 + d.Day
	best := 10_000
	for i := range t.Periods {
		p := &t.Periods[i]
		begin := monthDay(p.Begin)
		ago := day - begin // in days of the year as numbers: only the order matters
		if ago < 0 {
			ago += 1300
		}
		if ago < best && t.holds(p, day) {
			best, limit, ok = ago, p.Level, true
		}
	}
	return limit, ok
}

func (t *Threshold) holds(p *Period, day int) bool {
	begin, end := monthDay(p.Begin), monthDay(p.End)
	if p.End == "" {
		// Until the day before the next begins; alone it holds all the year.
		next := 0
		for i := range t.Periods {
			if o := &t.Periods[i]; o != p {
				if b := after(begin, monthDay(o.Begin)); next == 0 || b < after(begin, next) {
					next = monthDay(o.Begin)
				}
			}
		}
		return next == 0 || after(begin, day) < after(begin, next)
	}
	if begin <= end {
		return begin <= day && day <= end
	}
	return day >= begin || day <= end
}

// after orders days of the year from one on.
func after(begin, day int) int {
	if day < begin {
		return day + 1300
	}
	return day
}

func monthDay(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0 // only what Check refuses, or no end
	}
	return n
}

// Sample is a figure at an instant: a level, or rain in the window that ends there. Of silence it is the last reading.
type Sample struct {
	At    time.Time
	Value quantity.Null
}

// Event is an exceedance (超限), or a silence, that has begun.
type Event struct {
	Limit quantity.Null // at its onset
	Onset Sample
	Peak  Sample
	Last  Sample
	Below Sample // the first figure under the clearing level, where it is there now; its At is zero elsewhere
}

// Outcome is what a judgement came to.
type Outcome int

// The outcomes.
const (
	Nothing Outcome = iota
	Begun
	Moved
	Cleared
)

// Judge takes a figure. live is the event that stands, nil where there is none; what is returned stands after it, and is the event
// that ended where it cleared. A figure not newer than the last one may raise the peak and does nothing else.
func (t *Threshold) Judge(live *Event, s Sample) (*Event, Outcome) {
	limit, ok := t.At(s.At)
	if !s.Value.Valid {
		return live, Nothing
	}
	if live == nil {
		if !ok || s.Value.Decimal < limit {
			return nil, Nothing
		}
		return &Event{Limit: quantity.Some(limit), Onset: s, Peak: s, Last: s}, Begun
	}
	e := *live
	if s.Value.Decimal > e.Peak.Value.Decimal {
		e.Peak = s
	}
	if !s.At.After(e.Last.At) {
		if e.Peak == live.Peak {
			return live, Nothing
		}
		return &e, Moved
	}
	e.Last = s
	if ok && s.Value.Decimal >= limit-t.Fall {
		e.Below = Sample{}
		return &e, Moved
	}
	if e.Below.At.IsZero() {
		e.Below = s
	}
	if s.At.Sub(e.Below.At) >= time.Duration(t.HoldMinutes)*time.Minute {
		return &e, Cleared
	}
	return &e, Moved
}

// Played is an event as a series of figures tells it; Below is when it ended, where it did.
type Played struct {
	Event
	Live bool
}

// Play judges figures one after the other, in the order of time, and gives the events that they make.
func (t *Threshold) Play(list []Sample) []Played {
	var out []Played
	var live *Event
	for _, s := range list {
		is, outcome := t.Judge(live, s)
		if live = is; outcome == Cleared {
			out, live = append(out, Played{Event: *is}), nil
		}
	}
	if live != nil {
		out = append(out, Played{Event: *live, Live: true})
	}
	return out
}

// Overlaps reports whether two events have an instant in common; one that is live has no end.
func (p Played) Overlaps(o Played) bool {
	return (p.Live || !p.Below.At.Before(o.Onset.At)) && (o.Live || !o.Below.At.Before(p.Onset.At))
}

// JudgeSilence takes the newest reading of a series as of an instant. Its peak is the instant at which it was last looked at: how long
// the silence has lasted. What never spoke is not silent.
func (t *Threshold) JudgeSilence(live *Event, newest Sample, now time.Time) (*Event, Outcome) {
	if newest.At.IsZero() {
		return live, Nothing
	}
	silent := now.Sub(newest.At) > time.Duration(t.Minutes)*time.Minute
	switch {
	case live == nil && silent:
		at := Sample{At: newest.At.Add(time.Duration(t.Minutes) * time.Minute)}
		return &Event{Onset: at, Peak: Sample{At: now}, Last: newest}, Begun
	case live == nil:
		return nil, Nothing
	case silent:
		e := *live
		e.Peak.At, e.Last = now, newest
		return &e, Moved
	}
	e := *live
	e.Below, e.Last = newest, newest
	return &e, Cleared
}

// Speaks reports whether a reading may begin or end an event: it counts, and is no lone leap that the next reading may deny.
func Speaks(p reading.Point) bool {
	return p.Counts() && (p.Flags&reading.Rate == 0 || p.Flags.Judged())
}
