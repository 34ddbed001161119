package sl651

// decoder reads one body. It lives on the stack of Decode.
type decoder struct {
	m       *Message
	f       *Frame
	b       []byte
	at      int
	station Address
	class   Class
	classed bool
	at0     Stamp // the time of observation of what follows
	step    Step
	stepped bool
	// stepping is that in ASCII a time step has just been read, so that a series follows.
	stepping bool
	part     bool // the body goes on in another packet
	split    bool // a group of an ASCII body does so
	err      Error
}

// Decode reads the body of a frame, or of the message that an Assembly joined. What it hands out aliases the body.
//
// The error is an *Error whose place counts from the start of the body. Where a figure or a time is wrong and the place of the next group is
// known, reading goes on and the first such error is returned: the other groups are there, the wrong one has no value or no time.
//
// The first of several packets is read as far as it goes, and what goes on in the next one is kept as a RestGroup, as is all of a later one.
func (m *Message) Decode(f *Frame) error {
	m.Reset(0, Stamp{})
	if !f.Function.Standard() && !f.Function.User() {
		return &Error{Reason: BadFunction, Body: true, Got: uint32(f.Function)}
	}
	// The numbers of a downlink are those of the packets it answers (table 23), and its own body is whole.
	packet := f.Several() && f.Direction == Up
	d := decoder{m: m, f: f, b: f.Body, part: packet && f.Total > 1}
	switch {
	case packet && f.Sequence > 1, f.Function.User() && !d.headed():
		m.Headless = true
		d.rest()
	case f.Coding == ASCII:
		d.ascii()
	default:
		d.hex()
	}
	return d.err.or()
}

// headed says whether the body begins with a number and a time. What a user's function carries need not.
func (d *decoder) headed() bool {
	if d.f.Coding == ASCII {
		_, ok := textStamp(d.b[min(4, len(d.b)):min(16, len(d.b))])
		var head [2]byte
		return ok && len(d.b) >= 16 && unhex(head[:], d.b[:4])
	}
	if len(d.b) < 8 {
		return false
	}
	_, ok := bcdStamp(d.b[2:8])
	return ok
}

// fail keeps the first thing that is wrong, and says no.
func (d *decoder) fail(r Reason, at int, got, want int) bool {
	if d.err.Reason == 0 {
		d.err = Error{Reason: r, Body: true, At: at, Got: uint32(got), Want: uint32(want)}
	}
	return false
}

// add begins a group at a place, or returns nil where there are too many.
func (d *decoder) add(kind Kind, id ID, def byte, at int) *Group {
	g := d.m.next()
	if g == nil {
		d.fail(TooMany, at, 0, MaxGroups)
		return nil
	}
	g.Kind, g.ID, g.Def, g.At = kind, id, def, uint32(at)
	g.Station, g.Class, g.HasClass, g.Time = d.station, d.class, d.classed, d.at0
	return g
}

// rest keeps all that is left.
func (d *decoder) rest() bool {
	if d.at == len(d.b) {
		return true
	}
	g := d.add(RestGroup, 0, 0, d.at)
	if g == nil {
		return false
	}
	g.Raw, d.at = d.b[d.at:], len(d.b)
	return true
}

// need says whether n bytes are left. Where the body goes on in the next packet, what is left from a place on is kept.
func (d *decoder) need(n, from int) bool {
	if len(d.b)-d.at >= n {
		return true
	}
	if d.part {
		d.at = from
		d.rest()
		return false
	}
	return d.fail(Cut, len(d.b), 0, d.at+n-len(d.b))
}

// hex reads a body in HEX/BCD, 6.6.3.
func (d *decoder) hex() {
	if !d.need(8, 0) {
		d.m.Headless = d.part // number and time go on in the next packet
		return
	}
	d.m.Serial = uint16(d.b[0])<<8 | uint16(d.b[1])
	ok := false
	if d.m.Sent, ok = bcdStamp(d.b[2:8]); !ok {
		d.fail(BadTime, 2, 0, 0)
	}
	d.at = 8
	if d.f.Function.User() {
		d.rest()
		return
	}
	for d.at < len(d.b) && d.group() {
	}
}

// group reads one group and says whether to go on.
func (d *decoder) group() bool {
	from, fc := d.at, d.f.Function
	id := ID(d.b[from])
	if id != idAddress && id != idTime {
		if fc.tailed(d.f.Direction) {
			return d.tail()
		}
		if fc == QueryPeriod && d.f.Direction == Down && !d.stepped && id != idStep {
			return d.hours() // table 44: the first thing after the number and the time
		}
	}
	if !d.need(2, from) {
		return false
	}
	d.at += 2
	if id == idExtension { // table 26
		if !d.need(1, from) {
			return false
		}
		id = idExtension<<8 | ID(d.b[from+1])
		d.at++
	}
	def := d.b[d.at-1]
	switch id {
	case 0:
		return d.fail(BadElement, from, 0, 0)
	case idAddress:
		return d.address(def, from)
	case idTime:
		return d.time(def, from)
	case idText:
		return d.toEnd(TextGroup, id, def, from)
	case idPicture:
		return d.toEnd(PictureGroup, id, def, from)
	case idBulk:
		return d.toEnd(BulkGroup, id, def, from)
	case idStep:
		if !fc.Parameters() && def>>3 == 3 && (fc == QueryPeriod || d.f.Direction == Up || !fc.namesOnly()) {
			return d.stepCode(def, from)
		}
	}
	return d.data(id, def, from)
}

// address reads what follows F1F1: five bytes and, where the function has one, a class without an identifier. Some makers send F128, five
// bytes without decimals.
func (d *decoder) address(def byte, from int) bool {
	if def != byte(idAddress) && def != 5<<3 {
		return d.fail(BadElement, from, int(idAddress), 0)
	}
	n := 5
	if d.f.Direction == Up && d.f.Function.HasClass() {
		n = 6
	}
	if !d.need(n, from) {
		return false
	}
	d.station = Address(d.b[d.at : d.at+5])
	d.class, d.classed = 0, n == 6
	if d.classed {
		d.class = Class(d.b[d.at+5])
	}
	d.at += n
	return d.add(AddressGroup, idAddress, def, from) != nil
}

// time reads what follows F0F0, or F028 as with addresses. It may stand before the address: the field does not keep to the order.
func (d *decoder) time(def byte, from int) bool {
	if def != byte(idTime) && def != 5<<3 {
		return d.fail(BadElement, from, int(idTime), 0)
	}
	if !d.need(5, from) {
		return false
	}
	ok := false
	if d.at0, ok = bcdStamp(d.b[d.at : d.at+5]); !ok {
		d.fail(BadTime, d.at, 0, 0)
	}
	d.at += 5
	return d.add(TimeGroup, idTime, def, from) != nil
}

// toEnd reads what takes all the rest of the body, notes c, d and f of table C.1.
func (d *decoder) toEnd(kind Kind, id ID, def byte, from int) bool {
	g := d.add(kind, id, def, from)
	if g == nil {
		return false
	}
	g.Raw, d.at = d.b[d.at:], len(d.b)
	return false
}

// stepCode reads days, hours and minutes, table C.3.
func (d *decoder) stepCode(def byte, from int) bool {
	if !d.need(3, from) {
		return false
	}
	days, hours, minutes := bcd[d.b[d.at]], bcd[d.b[d.at+1]], bcd[d.b[d.at+2]]
	if days > 99 || hours > 99 || minutes > 99 {
		return d.fail(BadDigits, d.at, int(idStep), 0)
	}
	d.step, d.stepped = Step{days, hours, minutes}, true
	d.at += 3
	g := d.add(StepGroup, idStep, def, from)
	if g != nil {
		g.Step = d.step
	}
	return g != nil
}

// hours reads the first and the last hour of a query, table 44.
func (d *decoder) hours() bool {
	from := d.at
	if !d.need(8, from) {
		return false
	}
	first, ok := bcdStamp(d.b[from : from+4])
	last, ok2 := bcdStamp(d.b[from+4 : from+8])
	if !ok || !ok2 {
		d.fail(BadTime, from, 0, 0)
	}
	d.at, d.stepped = from+8, true
	g := d.add(RangeGroup, 0, 0, from)
	if g != nil {
		g.Time, g.To = first, last
	}
	return g != nil
}

// data reads what follows an identifier and its definition: table 26 says how many bytes and how many decimals.
func (d *decoder) data(id ID, def byte, from int) bool {
	fc := d.f.Function
	n := int(def >> 3)
	switch {
	case id.block(): // notes e and f: fixed, whatever the definition says; one maker sends F5 5C
		n = blockSize(id)
	case id == paramRelay && fc.Parameters(): // table D.1: all eight bits are the length
		n = int(def)
	}
	if n == 0 || d.f.Direction == Down && fc.namesOnly() {
		return d.add(NameGroup, id, def, from) != nil
	}
	if d.f.Direction == Up && (fc == PeriodReport || fc == QueryPeriod) {
		if id.block() && !fc.Parameters() {
			return d.blocks(id, def, n, from)
		}
		if d.stepped {
			return d.series(id, def, n, from)
		}
	}
	if !d.need(n, from) {
		return false
	}
	raw := d.b[d.at : d.at+n]
	d.at += n
	switch {
	case fc.Parameters() && id < 0x20 && id != paramMode:
		return d.keep(id, def, raw, from)
	case id.block():
		return d.oneBlock(id, def, raw, from)
	}
	v, ok := d.figure(raw, id, def)
	if !ok && (own(id, fc) || id == idLastTime || id == idStatus) {
		return d.keep(id, def, raw, from)
	}
	if !ok {
		d.fail(BadDigits, d.at-n, int(id), 0)
	}
	return d.put(id, def, v, from)
}

// figure reads a figure: in binary for the status word, in BCD for all others.
func (d *decoder) figure(raw []byte, id ID, def byte) (Value, bool) {
	if id == idStatus && !d.f.Function.Parameters() {
		if len(raw) > 7 {
			return Value{}, false
		}
		return hexValue(raw, 0, false), true
	}
	return bcdValue(raw, def&7)
}

// own says whether the standard leaves the element to its maker, so that its data need not be a figure.
func own(id ID, fc Function) bool {
	if fc.Parameters() {
		return id > 0xA8
	}
	return id > 0x75
}

func (d *decoder) keep(id ID, def byte, raw []byte, from int) bool {
	g := d.add(DataGroup, id, def, from)
	if g != nil {
		g.Raw = raw
	}
	return g != nil
}

func (d *decoder) put(id ID, def byte, v Value, from int) bool {
	room, g := d.values(1, from), d.add(ReadingGroup, id, def, from)
	if room == nil || g == nil {
		return false
	}
	room[0] = v
	g.Values = room
	return true
}

// values makes room for n values.
func (d *decoder) values(n, at int) []Value {
	if n == 0 {
		return []Value{}
	}
	room := d.m.room(n)
	if room == nil {
		d.fail(TooMany, at, 0, MaxValues)
	}
	return room
}

// blockSize is how many bytes an hourly block has: twelve values of one byte for rain, of two for levels.
func blockSize(id ID) int {
	if id == idRain {
		return 12
	}
	return 24
}

// oneBlock reads the blocks of one or more hours that follow each other, rain in tenths of a millimetre, levels in centimetres.
func (d *decoder) oneBlock(id ID, def byte, raw []byte, from int) bool {
	size := blockSize(id) / 12 // and as many decimals
	room, g := d.values(len(raw)/size, from), d.add(ReadingGroup, id, def, from)
	if room == nil || g == nil {
		return false
	}
	for i := range room {
		room[i] = hexValue(raw[i*size:i*size+size], uint8(size), true)
	}
	g.Values = room
	return true
}

// blocks reads the hourly blocks of functions 31 and 38, one after the other to the end of the body (note g of table C.1). Where the rest
// does not share out into blocks, the station has sent one and goes on with other elements.
func (d *decoder) blocks(id ID, def byte, size, from int) bool {
	left := len(d.b) - d.at
	n := left / size * size
	if !d.part && left%size != 0 {
		n = min(n, size)
	}
	if n == 0 {
		return d.need(size, from)
	}
	raw := d.b[d.at : d.at+n]
	d.at += n
	if !d.oneBlock(id, def, raw, from) {
		return false
	}
	d.m.Groups[len(d.m.Groups)-1].Step = d.step
	return !d.part || d.rest() && false
}

// series reads the values of one element in step, 6.6.4.4: the identifier stands once, the values have all the same length and go on to the
// end of the body. F0F0 and F1F1 are no values, so that another time or another station ends the series too.
func (d *decoder) series(id ID, def byte, size, from int) bool {
	if d.step == (Step{}) { // note g of table C.1
		return d.fail(BadStep, from, int(id), 0)
	}
	left := d.b[d.at:]
	n := 0
	for ; (n+1)*size <= len(left); n++ {
		if v := left[n*size:]; size > 1 && (v[0] == byte(idTime) || v[0] == byte(idAddress)) && (v[1] == v[0] || v[1] == 5<<3) {
			break
		}
	}
	ended := (n+1)*size <= len(left)
	if !ended && !d.part && n*size != len(left) {
		return d.fail(BadSeries, d.at, len(left), size)
	}
	room, g := d.values(n, from), d.add(ReadingGroup, id, def, from)
	if room == nil || g == nil {
		return false
	}
	for i := range room {
		v, ok := d.figure(left[i*size:(i+1)*size], id, def)
		if !ok {
			d.fail(BadDigits, d.at+i*size, int(id), 0)
		}
		room[i] = v
	}
	g.Values, g.Series, g.Step = room, true, d.step
	if d.at += n * size; d.part && !ended {
		return d.rest() && false
	}
	return true
}

// tail reads what has no identifier, tables 57 and 71 to 84.
func (d *decoder) tail() bool {
	from := d.at
	n, kind := len(d.b)-from, RestGroup
	switch d.f.Function {
	case QueryVersion: // table 57: a length and so much text
		n, kind = 1+int(d.b[from]), VersionGroup
	case SwitchPumps, SwitchValves: // tables 71 and 74: a length and so many bytes, a bit for each
		n, kind = 1+int(d.b[from]), SwitchGroup
	case MoveGates: // table 77: the number of gates, a bit for each, two bytes of centimetres for each
		gates := int(d.b[from])
		n, kind = 1+(gates+7)/8+2*gates, GateGroup
	case SetQuota: // table 80
		n, kind = 1, QuotaGroup
	case QueryCounters: // table 84: two bytes each, 32 of them
		n, kind = n/2*2, CounterGroup
	}
	if !d.need(n, from) {
		return false
	}
	raw := d.b[from : from+n]
	d.at += n
	g := d.add(kind, 0, 0, from)
	if g == nil {
		return false
	}
	g.Raw = raw
	if kind == VersionGroup {
		g.Raw = raw[1:]
	}
	return d.tailValues(g, from) && d.rest() && false
}

// tailValues reads the figures within a tail.
func (d *decoder) tailValues(g *Group, from int) bool {
	first, n := 0, 0
	switch g.Kind {
	case GateGroup:
		n = int(g.Raw[0])
		first = len(g.Raw) - 2*n
	case CounterGroup:
		n = len(g.Raw) / 2
	}
	if n == 0 {
		return true
	}
	room := d.values(n, from)
	if room == nil {
		return false
	}
	for i := range room {
		raw := g.Raw[first+2*i : first+2*i+2]
		if g.Kind == CounterGroup {
			room[i] = hexValue(raw, 0, false)
			continue
		}
		v, ok := bcdValue(raw, 0)
		if !ok {
			d.fail(BadDigits, from+first+2*i, 0, 0)
		}
		room[i] = v
	}
	g.Values = room
	return true
}
