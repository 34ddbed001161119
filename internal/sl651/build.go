package sl651

// group is a new group of the message under construction; one beyond MaxGroups is lost on AppendBody.
func (m *Message) group(kind Kind, id ID, def byte) *Group {
	g := m.next()
	if g == nil {
		m.overfull = true
		return new(Group)
	}
	g.Kind, g.ID, g.Def = kind, id, def
	if n := len(m.Groups); n > 1 {
		last := &m.Groups[n-2]
		g.Station, g.Class, g.HasClass, g.Time, g.Step = last.Station, last.Class, last.HasClass, last.Time, last.Step
		if last.Kind == RangeGroup {
			g.Time = Stamp{}
		}
	}
	return g
}

// AddAddress begins the groups of a station. The class is 0 where the function has none.
func (m *Message) AddAddress(a Address, c Class) {
	g := m.group(AddressGroup, idAddress, byte(idAddress))
	g.Station, g.Class, g.HasClass, g.Time, g.Step = a, c, c != 0, Stamp{}, Step{}
}

// AddTime gives the time of observation of what follows.
func (m *Message) AddTime(s Stamp) {
	s.Second = 0
	m.group(TimeGroup, idTime, byte(idTime)).Time = s
}

// AddReading adds the value of an element. It is defined as in table C.1, with the decimals of the value, and with more bytes where it needs
// them: for a negative one the byte FF in front, 6.6.3.3 a.
func (m *Message) AddReading(id ID, v Value) {
	e, _ := ElementOf(id)
	def := e.Def()
	if id != idStatus {
		def = define(def>>3, v)
	}
	m.one(id, def, v)
}

// AddParameter adds the value of a running parameter, or of the working mode, defined as in annex D.
func (m *Message) AddParameter(id ID, v Value) {
	p, _ := ParameterOf(id)
	m.one(id, define(p.Def()>>3, v), v)
}

// AddStatus adds the word of state and alarms.
func (m *Message) AddStatus(s Status) { m.AddReading(idStatus, Of(int64(s), 0)) }

func (m *Message) one(id ID, def byte, v Value) {
	g := m.group(ReadingGroup, id, def)
	if g.Values = m.room(1); g.Values == nil {
		m.overfull = true
		return
	}
	g.Values[0] = v
}

// define is a data definition byte for a value: at least so many bytes, and as many as its digits need.
func define(size byte, v Value) byte {
	need := byte(0)
	for d := v.Digits; d != 0; d /= 100 {
		need++
	}
	size = max(size, need, 1)
	if v.Digits < 0 || v.Minus {
		size++
	}
	return size<<3 | v.Decimals&7
}

// AddBlock adds the twelve values of five minutes of one hour or of several, elements F4 to FC: rain with one decimal, relative levels with
// two. The time before it is that of the first value.
func (m *Message) AddBlock(id ID, values []Value) {
	e, _ := ElementOf(id)
	m.many(m.group(ReadingGroup, id, e.Def()), values)
}

// AddSeries adds the values of one element in the step added before it, functions 31 and 38. The time before it is that of the first value.
// All values are written with as many bytes as the longest needs. In ASCII several may follow each other, with as many values each.
func (m *Message) AddSeries(id ID, values []Value) {
	e, _ := ElementOf(id)
	size, decimals, found := e.Def()>>3, e.Decimals, false
	for _, v := range values {
		if v.State != Present {
			continue
		}
		if size = max(size, define(e.Def()>>3, v)>>3); !found {
			decimals, found = v.Decimals, true
		}
	}
	g := m.group(ReadingGroup, id, size<<3|decimals)
	g.Series = true
	m.many(g, values)
}

// AddStep adds the time step of what follows.
func (m *Message) AddStep(step Step) { m.group(StepGroup, idStep, 3<<3).Step = step }

func (m *Message) many(g *Group, values []Value) {
	if g.Values = m.room(len(values)); g.Values == nil && len(values) > 0 {
		m.overfull = true
		return
	}
	copy(g.Values, values)
}

// AddRange adds the first and the last hour that a centre asks for, function 38.
func (m *Message) AddRange(first, last Stamp) {
	g := m.group(RangeGroup, 0, 0)
	g.Time, g.To = first, last
}

// AddName asks for an element, functions 38 and 3A.
func (m *Message) AddName(id ID) {
	e, _ := ElementOf(id)
	m.group(NameGroup, id, e.Def())
}

// AddParameterName asks for a parameter, functions 41 and 43, or commands 97 and 98: with its definition, or with 00 where its length varies.
func (m *Message) AddParameterName(id ID) {
	p, _ := ParameterOf(id)
	m.group(NameGroup, id, p.Def())
}

// AddData adds the data of a basic parameter as its bytes, which it keeps: at most 31, for 0E at most 255.
func (m *Message) AddData(id ID, data []byte) {
	def := byte(len(data) << 3)
	if id == paramRelay {
		def = byte(len(data))
	}
	m.group(DataGroup, id, def).Raw = data
}

// AddPassword adds a password to functions 40, 41 and 49: the old one first, then the new one.
func (m *Message) AddPassword(p [2]byte) { m.AddData(PasswordParameter, p[:]) }

// AddText adds text put in by hand, which it keeps: the last group of a body.
func (m *Message) AddText(text []byte) { m.group(TextGroup, idText, byte(idText)).Raw = text }

// AddPicture adds a JPEG file, which it keeps: the last group of a body.
func (m *Message) AddPicture(jpeg []byte) {
	m.group(PictureGroup, idPicture, byte(idPicture)).Raw = jpeg
}

// AddVersion adds a version of at most 255 bytes, which it keeps.
func (m *Message) AddVersion(text []byte) { m.group(VersionGroup, 0, 0).Raw = text }

// AddSwitches adds which pumps or valves are on, or are to be.
func (m *Message) AddSwitches(on []bool) {
	m.overfull = m.overfull || len(on) > 8*255
	m.group(SwitchGroup, 0, 0).Raw = bits([]byte{byte((len(on) + 7) / 8)}, on)
}

// AddGates adds which gates are open and by how many centimetres, or are to be. Both are as many as there are gates.
func (m *Message) AddGates(open []bool, cm []Value) {
	g := m.group(GateGroup, 0, 0)
	if len(open) > 255 || len(cm) != len(open) {
		m.overfull = true
		return
	}
	g.Raw = bits([]byte{byte(len(open))}, open)
	for i := range open {
		raw, ok := appendBCDValue(g.Raw, cm[i], 2)
		m.overfull = m.overfull || !ok
		g.Raw = raw
	}
	m.many(g, cm)
}

// bits appends a bit for each, the first in the lowest place.
func bits(dst []byte, on []bool) []byte {
	from := len(dst)
	dst = appendSame(dst, 0, (len(on)+7)/8)
	for i, o := range on {
		if o {
			dst[from+i/8] |= 1 << (i % 8)
		}
	}
	return dst
}

// AddQuota adds whether the quota is kept to, or is to be.
func (m *Message) AddQuota(on bool) {
	raw := []byte{0x00}
	if on {
		raw[0] = 0xFF
	}
	m.group(QuotaGroup, 0, 0).Raw = raw
}

// AddCounters adds the counters of events, in the order of table 82.
func (m *Message) AddCounters(counts *[32]uint16) {
	g := m.group(CounterGroup, 0, 0)
	values := make([]Value, len(counts))
	for i, n := range counts {
		g.Raw = append(g.Raw, byte(n>>8), byte(n))
		values[i] = Of(int64(n), 0)
	}
	m.many(g, values)
}

// Observation is a value of an element, for building reports.
type Observation struct {
	Element ID
	Value   Value
}

// AddReport adds what a station measured at one time: its address, its class, the time, the values in order. It is the body of functions 30,
// 32, 33 (what triggered it first), 37 and 3A.
func (m *Message) AddReport(a Address, c Class, at Stamp, values []Observation) {
	m.AddAddress(a, c)
	m.AddTime(at)
	for _, o := range values {
		m.AddReading(o.Element, o.Value)
	}
}

// Hour is what an hourly report tells, function 34.
type Hour struct {
	First  Stamp         // of the first values of five minutes: five past
	End    Stamp         // of the other values: the full hour
	Rain   []Value       // twelve, or none
	Level  []Value       // twelve relative levels, or none
	Total  Value         // cumulative rain; left out where it is missing
	Others []Observation // the voltage last
}

// AddHourly adds an hourly report, table 36, with the time before every group that has another one.
func (m *Message) AddHourly(a Address, c Class, h *Hour) {
	m.AddAddress(a, c)
	if len(h.Rain) > 0 {
		m.AddTime(h.First)
		m.AddBlock(idRain, h.Rain)
	}
	if h.Total.State == Present {
		m.AddTime(h.End)
		m.AddReading(0x26, h.Total)
	}
	if len(h.Level) > 0 {
		m.AddTime(h.First)
		m.AddBlock(0xF5, h.Level)
	}
	m.AddTime(h.End)
	for _, o := range h.Others {
		m.AddReading(o.Element, o.Value)
	}
}
