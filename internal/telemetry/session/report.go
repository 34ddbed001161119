package session

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"anlan/internal/quantity"
	"anlan/internal/sl651"
)

// Flags say what has to be known of a report or a reading besides its figures.
type Flags uint8

// The flags.
const (
	Test     Flags = 1 << iota // function 30: to be kept apart from what is measured
	Asked                      // functions 37 to 51: the centre asked for it
	Partial                    // part of the frame could not be read, or tells of an unknown station
	BySent                     // there was no time of observation: the instant is that of sending
	Unfit                      // the figure is too large to be one, and left out
	Replayed                   // it was set aside, and a person has it taken: it does not tell how the station is now
)

// Has says whether all flags of o are set.
func (f Flags) Has(o Flags) bool { return f&o == o }

// Report is what a message tells of one station.
type Report struct {
	Key      Key // of the message
	Station  sl651.Address
	Object   string // as the station's policy has it
	Remote   string
	Function sl651.Function
	Class    sl651.Class // 0 where the function has none
	Serial   uint16
	Sent     time.Time // by the station's clock; zero where there is none
	Received time.Time
	Flags    Flags
	Readings []Reading
	Unmapped []sl651.ID // elements that the policy does not name, and relative levels without a base

	Status     *sl651.Status
	Text       string // functions 35, 39 and 45
	Picture    []byte // JPEG
	Parameters []Parameter
	Counters   []int64 // function 50
	Switches   []bool  // functions 4C to 4E
	// Raw is the frame with zeros for its password, and nil for a picture. Reports of one message share it.
	Raw []byte
}

// Reading is one value of one quantity.
type Reading struct {
	Quantity string
	Element  sl651.ID
	At       time.Time     // of the observation, or the end of the period
	Interval time.Duration // the length of the period; 0 for a value of an instant, and for totals that count on
	Value    quantity.Null // absent where the station says so
	Flags    Flags
}

// Parameter is a parameter of the station as it told it, functions 40 to 43; never the password.
type Parameter struct {
	ID    sl651.ID
	Value string // the figure, or hex digits where it is none
}

// periods are the lengths of what elements measure over a period, table C.1. The day's rain and evaporation (1F, 06) are sent while the
// day lasts too, and have none.
var periods = map[sl651.ID]time.Duration{
	0x1A: time.Hour, 0x1B: 2 * time.Hour, 0x1C: 3 * time.Hour, 0x1D: 6 * time.Hour, 0x1E: 12 * time.Hour,
	0x21: time.Minute, 0x22: 5 * time.Minute, 0x23: 10 * time.Minute, 0x24: 30 * time.Minute, 0xF4: 5 * time.Minute,
}

// PeriodOf is how long a time the figure of an element gathers; 0 where it holds at an instant, or goes on growing.
func PeriodOf(id sl651.ID) time.Duration { return periods[id] }

// The identifiers that mean more than a figure.
const (
	idStatus     sl651.ID = 0x45
	idRain       sl651.ID = 0xF4
	idFirstLevel sl651.ID = 0xF5
	idLastLevel  sl651.ID = 0xFC
)

// reports are what the message in s.message tells, one for each station, and the stations in it that nobody knows. Where the body could not
// be read whole they hold what could, and there are none where that is nothing. The error is that a policy could not be asked.
func (s *Session) reports(f *sl651.Frame, st *Station, broken error, now time.Time) ([]Report, []sl651.Address, error) {
	r := reporter{s: s, f: f, now: now.UTC(), key: s.keyOf(f), first: st}
	if broken != nil {
		r.flags |= Partial
		r.badTime = errors.Is(broken, sl651.BadTime)
	}
	if s.opt.Trusted {
		r.flags |= Replayed
	}
	switch {
	case f.Function == sl651.TestReport:
		r.flags |= Test
	case f.Function >= sl651.QueryNow:
		r.flags |= Asked
	}
	for i := range s.message.Groups {
		r.group(&s.message.Groups[i])
	}
	if len(r.list) == 0 && broken == nil && len(r.strangers) == 0 { // a body without any group is told too: it will be confirmed
		r.of(f.Station)
	}
	if broken != nil || len(r.strangers) > 0 {
		r.list = slices.DeleteFunc(r.list, func(p Report) bool { return p.empty() })
	}
	var raw []byte
	for i := range r.list {
		p := &r.list[i]
		if len(r.strangers) > 0 {
			p.Flags |= Partial
		}
		if f.Function == sl651.PictureReport {
			continue
		}
		if raw == nil {
			raw = masked(f)
		}
		p.Raw = raw
	}
	return r.list, r.strangers, r.failed
}

func (p *Report) empty() bool {
	return len(p.Readings) == 0 && p.Status == nil && p.Text == "" && p.Picture == nil && p.Parameters == nil && p.Counters == nil && p.Switches == nil
}

// reporter makes the reports of one message.
type reporter struct {
	s         *Session
	f         *sl651.Frame
	now       time.Time
	key       Key
	flags     Flags
	badTime   bool
	list      []Report
	first     *Station  // the policy of the frame's station
	others    []Station // and of those it tells of besides
	strangers []sl651.Address
	failed    error // a policy could not be asked
}

// of is the report of a station and its policy, or nothing where nobody knows the station. The zero address is that of the frame.
func (r *reporter) of(a sl651.Address) (*Report, *Station) {
	if a == (sl651.Address{}) {
		a = r.f.Station
	}
	for i := range r.list {
		if r.list[i].Station == a {
			return &r.list[i], r.policy(a)
		}
	}
	if slices.Contains(r.strangers, a) {
		return nil, nil
	}
	st := r.policy(a)
	if st == nil {
		found, known, err := r.s.opt.Stations(a)
		if err != nil {
			r.failed = err
			return nil, nil
		}
		if !known {
			r.strangers = append(r.strangers, a)
			return nil, nil
		}
		r.others = append(r.others, found)
		st = &r.others[len(r.others)-1]
		st.Address = a
	}
	m := &r.s.message
	p := Report{
		Key: r.key, Station: a, Object: st.Object, Remote: r.s.opt.Remote, Function: r.f.Function, Serial: m.Serial, Received: r.now, Flags: r.flags,
	}
	if !m.Sent.IsZero() {
		p.Sent = m.Sent.Time().UTC()
	}
	r.list = append(r.list, p)
	return &r.list[len(r.list)-1], st
}

func (r *reporter) policy(a sl651.Address) *Station {
	if a == r.f.Station {
		return r.first
	}
	if i := slices.IndexFunc(r.others, func(st Station) bool { return st.Address == a }); i >= 0 {
		return &r.others[i]
	}
	return nil
}

func (r *reporter) group(g *sl651.Group) {
	if g.Kind == sl651.TimeGroup || g.Kind == sl651.StepGroup {
		return
	}
	p, st := r.of(g.Station)
	if p == nil {
		return
	}
	switch g.Kind {
	case sl651.AddressGroup:
		if g.HasClass {
			p.Class = g.Class
		}
	case sl651.ReadingGroup:
		switch {
		case r.f.Function.Parameters():
			r.parameter(p, g)
		case g.ID == idStatus:
			if v := g.Values[0]; v.State == sl651.Present {
				status := sl651.Status(v.Digits)
				p.Status = &status
			}
		default:
			r.readings(p, st, g)
		}
	case sl651.DataGroup:
		if r.f.Function.Parameters() {
			r.parameter(p, g)
		} else {
			p.unmapped(g.ID)
		}
	case sl651.TextGroup, sl651.VersionGroup:
		p.Text = sl651.Text(g.Raw)
	case sl651.PictureGroup:
		p.Picture = bytes.Clone(g.Raw)
	case sl651.CounterGroup:
		for _, v := range g.Values {
			p.Counters = append(p.Counters, v.Digits)
		}
	case sl651.SwitchGroup, sl651.GateGroup:
		for k := range g.Count() {
			p.Switches = append(p.Switches, g.On(k))
		}
	}
}

func (p *Report) unmapped(id sl651.ID) {
	if !slices.Contains(p.Unmapped, id) {
		p.Unmapped = append(p.Unmapped, id)
	}
}

// parameter tells a parameter, but for what is or may be a password: who knows under what other name a maker sends it.
func (r *reporter) parameter(p *Report, g *sl651.Group) {
	if _, standard := sl651.ParameterOf(g.ID); !standard || g.ID == sl651.PasswordParameter || r.f.Function == sl651.ChangePassword {
		return
	}
	t := Parameter{ID: g.ID}
	if g.Kind == sl651.DataGroup {
		t.Value = strings.ToUpper(hex.EncodeToString(g.Raw))
	} else if len(g.Values) > 0 && g.Values[0].State == sl651.Present {
		t.Value = g.Values[0].String()
	}
	p.Parameters = append(p.Parameters, t)
}

// readings turns the values of an element into readings of its quantity.
func (r *reporter) readings(p *Report, st *Station, g *sl651.Group) {
	e, mapped := st.Elements[g.ID]
	relative := g.ID >= idFirstLevel && g.ID <= idLastLevel
	if e.Quantity == Ignored {
		return
	}
	if !mapped || relative && !e.Base.Valid {
		p.unmapped(g.ID)
		return
	}
	block := relative || g.ID == idRain
	flags, sent := p.Flags, time.Time{}
	if g.Time.IsZero() {
		if r.badTime || p.Sent.IsZero() || len(g.Values) > 1 {
			p.Flags |= Partial
			return
		}
		flags, sent = flags|BySent, p.Sent
	}
	if p.Readings == nil {
		p.Readings = make([]Reading, 0, max(len(g.Values), min(len(r.s.message.Groups), 16)))
	}
	for k, v := range g.Values {
		d := Reading{Quantity: e.Quantity, Element: g.ID, At: sent, Interval: periods[g.ID], Flags: flags}
		if sent.IsZero() {
			d.At = g.Instant(k, st.HourEnds && block).UTC()
		}
		if v.State == sl651.Present {
			fits := false
			if d.Value.Decimal, fits = v.Decimal(); fits && e.Base.Valid {
				d.Value.Decimal, fits = d.Value.Add(e.Base.Decimal)
			}
			if d.Value.Valid = fits; !fits {
				d.Value.Decimal, d.Flags = 0, d.Flags|Unfit
			}
		}
		p.Readings = append(p.Readings, d)
	}
}
