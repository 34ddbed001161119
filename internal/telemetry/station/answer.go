package station

import (
	"bytes"
	"slices"
	"time"

	"anlan/internal/sl651"
)

// Version is what a simulated station says that it is.
const Version = "ANLAN-SIM-1"

// seriesSize is how many values of a period go into one frame of an answer: so many hours of five minutes, below the length of a frame.
const seriesSize = 240

// answer does what the centre asks or orders, tables 43 to 84. What it does not know it leaves unanswered, as stations do.
func (s *Station) answer(f *sl651.Frame, q *sl651.Message) error {
	if f.Function == sl651.QueryPeriod {
		return s.period(f.Function, q)
	}
	var fill func(*sl651.Message)
	switch f.Function {
	case sl651.QueryNow, sl651.QueryElements:
		fill = func(m *sl651.Message) { s.latest(m, q) }
	case sl651.PictureReport:
		if s.camera.Picture != nil {
			s.picture(s.camera.Picture, sl651.StampOf(s.clock()), sl651.StampOf(s.camera.At))
		}
		return nil
	case sl651.QueryVersion:
		fill = func(m *sl651.Message) { m.AddVersion([]byte(Version)) }
	case sl651.QueryStatus:
		fill = func(m *sl651.Message) { m.AddStatus(s.status()) }
	case sl651.QueryCounters:
		st := s.Stats()
		fill = func(m *sl651.Message) { m.AddCounters(&[32]uint16{15: uint16(st.Sent), 16: uint16(st.Queries)}) }
	case sl651.WriteBasic, sl651.WriteRunning:
		fill = func(m *sl651.Message) { s.configure(m, q) }
	case sl651.ReadBasic, sl651.ReadRunning:
		fill = func(m *sl651.Message) { s.configuration(m, q) }
	case sl651.SetClock:
		s.adjust(q.Sent.Time())
	case sl651.QueryClock:
	default:
		return nil
	}
	return s.say(f.Function, sl651.ETX, fill)
}

func (s *Station) say(fc sl651.Function, end byte, fill func(*sl651.Message)) error {
	b, err := s.sender.Answer(nil, fc, sl651.StampOf(s.clock()), end, fill)
	if err != nil {
		return nil //nolint:nilerr // what cannot be written is not answered
	}
	return s.write(b)
}

// latest adds the last values of the elements that were asked for, or of all.
func (s *Station) latest(m, q *sl651.Message) {
	if len(s.past) == 0 {
		m.AddTime(sl651.StampOf(s.clock()))
		return
	}
	last := s.past[len(s.past)-1]
	m.AddTime(sl651.StampOf(last.At))
	if len(q.Groups) == 0 {
		for _, v := range last.Values {
			m.AddReading(v.Element, v.Value)
		}
		return
	}
	for i := range q.Groups {
		if g := &q.Groups[i]; g.Kind == sl651.NameGroup {
			m.AddReading(g.ID, last.value(g.ID))
		}
	}
}

// period sends the values of a past period, in as many frames as it takes.
func (s *Station) period(fc sl651.Function, q *sl651.Message) error {
	var from, to time.Time
	var step sl651.Step
	var id sl651.ID
	for i := range q.Groups {
		switch g := &q.Groups[i]; g.Kind {
		case sl651.RangeGroup:
			from, to = g.Time.Time().UTC(), g.To.Time().UTC()
		case sl651.StepGroup:
			step = g.Step
		case sl651.NameGroup:
			id = g.ID
		}
	}
	block := step == sl651.Step{}
	every := step.Duration()
	if block {
		every = 5 * time.Minute
		from = from.Add(-55 * time.Minute) // an hour's block begins at five past the hour before
	}
	if from.IsZero() || to.Before(from) || to.Sub(from)/every > 4*keptRows {
		return nil
	}
	var values []sl651.Value
	for t := from; !t.After(to); t = t.Add(every) {
		values = append(values, s.recalled(id, t))
	}
	for first := from; len(values) > 0; {
		n := min(seriesSize, len(values))
		end := sl651.ETX
		if n < len(values) {
			end = sl651.ETB
		}
		if err := s.say(fc, end, func(m *sl651.Message) {
			m.AddTime(sl651.StampOf(first))
			m.AddStep(step)
			if block {
				m.AddBlock(id, values[:n])
			} else {
				m.AddSeries(id, values[:n])
			}
		}); err != nil {
			return err
		}
		values, first = values[n:], first.Add(time.Duration(n)*every)
	}
	return nil
}

// recalled is a value of the past with the decimals of its element, as a series has them.
func (s *Station) recalled(id sl651.ID, t time.Time) sl651.Value {
	switch id {
	case 0xF4:
		return s.at(idRain5, t)
	case 0xF5:
		return s.relative(s.at(idLevel, t))
	}
	v := s.at(id, t)
	d, ok := v.Decimal()
	if !ok {
		return sl651.Value{}
	}
	e, _ := sl651.ElementOf(id)
	return sl651.OfDecimal(d, e.Decimals)
}

// configure takes parameters and says what they are now.
func (s *Station) configure(m, q *sl651.Message) {
	for i := range q.Groups {
		g := q.Groups[i]
		if g.Kind != sl651.ReadingGroup && g.Kind != sl651.DataGroup || g.ID == sl651.PasswordParameter {
			continue
		}
		g.Values, g.Raw = slices.Clone(g.Values), bytes.Clone(g.Raw)
		s.settings[g.ID] = g
		tell(m, &g)
	}
}

// delivered are the parameters that a station comes with.
func delivered(mode Mode) map[sl651.ID]sl651.Group {
	out := map[sl651.ID]sl651.Group{}
	number := map[Mode]int64{M1: 1, M2: 2, M4: 4}[mode]
	for id, figure := range map[sl651.ID]int64{0x0C: number, 0x20: 1, 0x21: 5, 0x22: 8, 0x23: 300, 0x24: 5, 0x25: 5, 0x26: 10, 0x27: 1} {
		row, _ := sl651.ParameterOf(id)
		out[id] = sl651.Group{Kind: sl651.ReadingGroup, ID: id, Values: []sl651.Value{sl651.Of(figure, row.Decimals)}}
	}
	return out
}

// configuration says what the parameters are that were asked for, as far as it has them.
func (s *Station) configuration(m, q *sl651.Message) {
	for i := range q.Groups {
		if g, ok := s.settings[q.Groups[i].ID]; ok && q.Groups[i].Kind == sl651.NameGroup {
			tell(m, &g)
		}
	}
}

func tell(m *sl651.Message, g *sl651.Group) {
	if g.Kind == sl651.DataGroup {
		m.AddData(g.ID, g.Raw)
	} else if len(g.Values) > 0 {
		m.AddParameter(g.ID, g.Values[0])
	}
}
