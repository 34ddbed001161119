package sl651

import "bytes"

// ascii reads a body in ASCII, 6.6.2: number and time without anything between, then identifiers and data with a blank behind each.
func (d *decoder) ascii() {
	if !d.need(16, 0) {
		d.m.Headless = d.part // number and time go on in the next packet
		return
	}
	var head [2]byte
	if !unhex(head[:], d.b[:4]) {
		d.fail(BadDigits, 0, 0, 0)
	}
	d.m.Serial, d.m.prefix = uint16(head[0])<<8|uint16(head[1]), [4]byte(d.b[:4])
	ok := false
	if d.m.Sent, ok = textStamp(d.b[4:16]); !ok {
		d.fail(BadTime, 4, 0, 0)
	}
	d.at = 16
	if d.f.Function.User() {
		d.rest()
		return
	}
	for d.at < len(d.b) {
		from, first := d.at, len(d.m.Groups)
		more := d.textGroup()
		if d.split { // the group goes on in the next packet
			d.m.Groups, d.at = d.m.Groups[:first], from
			d.rest()
			return
		}
		if !more {
			return
		}
		d.spell(from, first)
	}
}

// spell compares what was read with what would be written, and keeps the text where another spelling was used: blanks, zeros in front, small
// letters.
func (d *decoder) spell(from, first int) {
	m, text := d.m, d.b[from:d.at]
	if first == len(m.Groups) {
		return
	}
	ok := false
	if g := &m.Groups[first]; g.Series {
		m.scratch, _, ok = m.appendRun(m.scratch[:0], first)
	} else {
		m.scratch, ok = g.appendText(m.scratch[:0], d.f)
	}
	if ok && bytes.Equal(m.scratch, text) {
		return
	}
	for i := first; i < len(m.Groups); i++ {
		m.Groups[i].verbatim = true
	}
	m.Groups[first].text = text // the names of unknown groups count from here too
}

// word is the next word, without blanks before and behind; nothing at the end of the body.
func (d *decoder) word() []byte {
	for d.at < len(d.b) && d.b[d.at] == ' ' {
		d.at++
	}
	from := d.at
	for d.at < len(d.b) && d.b[d.at] != ' ' {
		d.at++
	}
	return d.b[from:d.at:d.at]
}

// blanks passes over the blanks behind a group.
func (d *decoder) blanks() {
	for d.at < len(d.b) && d.b[d.at] == ' ' {
		d.at++
	}
}

// peek is the next word, which stays to be read.
func (d *decoder) peek() []byte {
	at := d.at
	w := d.word()
	d.at = at
	return w
}

// textGroup reads one group, or the series after a time step, with the blanks behind it, and says whether to go on.
func (d *decoder) textGroup() bool {
	if d.stepping {
		d.stepping = false
		return d.textSeries()
	}
	from, fc := d.at, d.f.Function
	name := d.word()
	if len(name) == 0 {
		d.at = from
		return d.rest() && false
	}
	at := d.at - len(name)
	step, isStep := textStep(name)
	if !bytes.Equal(name, symbolST) && !bytes.Equal(name, symbolTT) {
		if fc.tailed(d.f.Direction) {
			d.at = at
			return d.textTail(at)
		}
		if fc == QueryPeriod && d.f.Direction == Down && !d.stepped && !isStep {
			return d.textHours(name, at)
		}
	}
	if isStep && !fc.Parameters() {
		return d.textStepCode(step, at)
	}
	id := lookID(name, fc.Parameters())
	switch id {
	case idAddress:
		return d.textAddress(at)
	case idTime:
		return d.textTime(at)
	case idText:
		return d.textToEnd(TextGroup, id, at)
	case idPicture:
		return d.textToEnd(PictureGroup, id, at)
	case idBulk:
		return d.textToEnd(BulkGroup, id, at)
	}
	return d.textData(id, name, from, at)
}

// textStepCode keeps a time step; in the answers of functions 31 and 38 a series follows.
func (d *decoder) textStepCode(step Step, at int) bool {
	d.step, d.stepped = step, true
	d.stepping = d.f.Direction == Up && (d.f.Function == PeriodReport || d.f.Function == QueryPeriod)
	g := d.add(StepGroup, idStep, 0, at)
	if g == nil {
		return false
	}
	g.Step = step
	d.blanks()
	return true
}

var (
	symbolST = []byte("ST")
	symbolTT = []byte("TT")
)

// textStep reads DRDnn, DRHnn or DRNnn, table C.2.
func textStep(w []byte) (s Step, ok bool) {
	if len(w) != 5 || w[0] != 'D' || w[1] != 'R' || w[3] < '0' || w[3] > '9' || w[4] < '0' || w[4] > '9' {
		return s, false
	}
	n := (w[3]-'0')*10 + w[4] - '0'
	switch w[2] {
	case 'D':
		s.Days = n
	case 'H':
		s.Hours = n
	case 'N':
		s.Minutes = n
	default:
		return s, false
	}
	return s, true
}

// due is a word that has to be there.
func (d *decoder) due(n int) ([]byte, bool) {
	w := d.word()
	if d.part && d.at == len(d.b) { // the word may go on in the next packet
		d.split = true
		return nil, false
	}
	if len(w) == 0 {
		return nil, d.fail(Cut, len(d.b), 0, n)
	}
	return w, true
}

func (d *decoder) textAddress(at int) bool {
	w, ok := d.due(11)
	if !ok {
		return false
	}
	var station Address
	if len(w) != 10 || !unhex(station[:], w) {
		return d.fail(BadDigits, d.at-len(w), int(idAddress), 0)
	}
	d.station, d.class, d.classed = station, 0, false
	// The class is a letter between the address and what follows.
	if d.f.Direction == Up && d.f.Function.HasClass() {
		if w := d.peek(); len(w) == 1 {
			d.word()
			d.class, d.classed = Class(w[0]), true
		}
	}
	d.blanks()
	return d.add(AddressGroup, idAddress, 0, at) != nil
}

func (d *decoder) textTime(at int) bool {
	w, ok := d.due(11)
	if !ok {
		return false
	}
	if d.at0, ok = textStamp(w); !ok || len(w) != 10 {
		d.at0 = Stamp{}
		d.fail(BadTime, d.at-len(w), 0, 0)
	}
	d.blanks()
	return d.add(TimeGroup, idTime, 0, at) != nil
}

// textToEnd reads what takes all the rest of the body, in its own coding (6.4.1), behind one blank.
func (d *decoder) textToEnd(kind Kind, id ID, at int) bool {
	if d.at < len(d.b) {
		d.at++
	}
	g := d.add(kind, id, 0, at)
	if g == nil {
		return false
	}
	g.Raw, d.at = d.b[d.at:], len(d.b)
	return true
}

// textHours reads the first and the last hour of a query, table 44.
func (d *decoder) textHours(first []byte, at int) bool {
	last, ok := d.due(9)
	if !ok {
		return false
	}
	a, ok := textStamp(first)
	b, ok2 := textStamp(last)
	if !ok || !ok2 || len(first) != 8 || len(last) != 8 {
		a, b = Stamp{}, Stamp{}
		d.fail(BadTime, at, 0, 0)
	}
	d.stepped = true
	d.blanks()
	g := d.add(RangeGroup, 0, 0, at)
	if g != nil {
		g.Time, g.To = a, b
	}
	return g != nil
}

// textData reads the data of an identifier.
func (d *decoder) textData(id ID, name []byte, from, at int) bool {
	fc := d.f.Function
	var w []byte
	switch {
	case d.f.Direction == Down && fc.namesOnly():
	case (fc == EraseData || fc == FactoryReset) && len(d.peek()) == 0: // 97 and 98 have no data; some send 00
	default:
		ok := false
		if w, ok = d.due(2); !ok {
			return false
		}
	}
	d.blanks()
	if id == 0 {
		return d.textUnknown(name, w, from, at)
	}
	switch {
	case w == nil:
		return d.add(NameGroup, id, 0, at) != nil
	case fc.Parameters() && id < 0x20 && id != paramMode:
		if id.digitsInText() {
			w = d.textBytes(w)
		}
		return d.keep(id, 0, w, at)
	case id.block():
		return d.textBlock(id, w, at)
	case id == idStatus && !fc.Parameters():
		var raw [4]byte
		if len(w) > 8 || !unhex(raw[:], w) {
			return d.fail(BadDigits, at, int(id), 0)
		}
		return d.put(id, 0, hexValue(raw[:len(w)/2], 0, false), at)
	}
	v, ok := textValue(w)
	if !ok && own(id, fc) {
		return d.keep(id, 0, w, at)
	}
	if !ok {
		d.fail(BadDigits, at, int(id), 0)
	}
	return d.put(id, 0, v, at)
}

// textUnknown keeps a name that the tables do not know, with the figure or the text behind it.
func (d *decoder) textUnknown(name, w []byte, from, at int) bool {
	kind := NameGroup
	v, figure := textValue(w)
	switch {
	case len(d.b) > 0xFFFF: // further than the place of a name is kept
		return d.fail(BadElement, at, 0, 0)
	case figure:
		kind = ReadingGroup
	case w != nil:
		kind = DataGroup
	}
	g := d.add(kind, 0, 0, at)
	if g == nil {
		return false
	}
	if figure {
		if g.Values = d.values(1, at); g.Values == nil {
			return false
		}
		g.Values[0] = v
	}
	g.Raw, g.text = w, d.b[from:d.at]
	g.nameFrom, g.nameTo = uint16(at-from), uint16(at-from+len(name))
	return true
}

// textBytes are the bytes of hex digits. What is no hex stays as it came, and is written so again.
func (d *decoder) textBytes(w []byte) []byte {
	from := len(d.m.bytes)
	d.m.bytes = appendSame(d.m.bytes, 0, len(w)/2)
	if raw := d.m.bytes[from:len(d.m.bytes):len(d.m.bytes)]; unhex(raw, w) {
		return raw
	}
	return w
}

// textBlock reads an hourly block, two digits of binary for each byte of it.
func (d *decoder) textBlock(id ID, w []byte, at int) bool {
	size := blockSize(id) / 12
	if len(w)%(24*size) != 0 {
		return d.fail(BadSeries, at, len(w), 24*size)
	}
	room, g := d.values(len(w)/2/size, at), d.add(ReadingGroup, id, 0, at)
	if room == nil || g == nil {
		return false
	}
	for i := range room {
		room[i] = d.blockValue(w[2*size*i:2*size*(i+1)], id, at)
	}
	g.Values, g.Step = room, d.step
	return true
}

// blockValue reads one value of a block.
func (d *decoder) blockValue(w []byte, id ID, at int) Value {
	var raw [2]byte
	if size := len(w) / 2; unhex(raw[:], w) {
		return hexValue(raw[:size], uint8(size), true)
	}
	d.fail(BadDigits, at, int(id), 0)
	return Value{}
}

// textSeries reads what follows a time step: identifiers of one or more elements, then their values time by time, 6.6.4.4.
func (d *decoder) textSeries() bool {
	from, first := d.at, len(d.m.Groups)
	for len(d.b)-d.at > 0 {
		w := d.peek()
		id := lookID(w, false)
		if len(w) == 0 || id == 0 || id == idAddress || id == idTime || seriesWord(w) {
			break
		}
		d.word()
		g := d.add(ReadingGroup, id, 0, d.at-len(w))
		if g == nil {
			return false
		}
		g.Series, g.Step = true, d.step
	}
	d.blanks()
	run := d.m.Groups[first:]
	if len(run) == 0 {
		return true
	}
	if run[0].ID.block() {
		return d.textBlocks(run, from)
	}
	if d.step == (Step{}) {
		return d.fail(BadStep, from, int(run[0].ID), 0)
	}
	// Count first, so that the values of each element lie together.
	start, n := d.at, 0
	for w := d.peek(); len(w) > 0 && seriesWord(w); w = d.peek() {
		if _, ok := d.due(1); !ok {
			return false
		}
		n++
	}
	if n%len(run) != 0 {
		return d.fail(BadSeries, start, n, len(run))
	}
	room := d.values(n, start)
	if room == nil {
		return false
	}
	each := n / len(run)
	d.at = start
	for t := range each {
		for k := range run {
			w := d.word()
			v, ok := textValue(w)
			if !ok {
				d.fail(BadDigits, d.at-len(w), int(run[k].ID), 0)
			}
			room[k*each+t] = v
		}
	}
	for k := range run {
		run[k].Values = room[k*each : (k+1)*each : (k+1)*each]
	}
	d.blanks()
	return true
}

// seriesWord says whether a word is a value of a series and not the identifier of what follows it.
func seriesWord(w []byte) bool {
	_, ok := textValue(w)
	return ok
}

// textBlocks reads the hourly blocks that follow DRH00 and one identifier.
func (d *decoder) textBlocks(run []Group, from int) bool {
	id := run[0].ID
	if len(run) > 1 {
		return d.fail(BadSeries, from, len(run), 1)
	}
	start, n := d.at, 0
	for w := d.peek(); len(w) >= 24 && len(w)%(2*blockSize(id)) == 0; w = d.peek() {
		if _, ok := d.due(1); !ok {
			return false
		}
		n += len(w)
	}
	size := blockSize(id) / 12
	room := d.values(n/2/size, start)
	if room == nil {
		return false
	}
	d.at = start
	for i := 0; i < len(room); {
		for w := d.word(); len(w) > 0; w = w[2*size:] {
			room[i] = d.blockValue(w[:2*size], id, d.at-len(w))
			i++
		}
	}
	run[0].Values, run[0].Series = room, false
	d.blanks()
	return true
}

// textTail reads what has no identifier. The standard does not say how it is written in ASCII; it is taken as the hex digits of what stands
// in HEX/BCD, with or without blanks, and a version as its text.
func (d *decoder) textTail(at int) bool {
	if d.f.Function == QueryVersion {
		g := d.add(VersionGroup, 0, 0, at)
		if g == nil {
			return false
		}
		g.Raw, d.at = bytes.TrimRight(d.b[at:], " "), len(d.b)
		return true
	}
	if d.part { // it is read when the packets are joined
		d.split = true
		return false
	}
	from := len(d.m.bytes)
	for w := d.word(); len(w) > 0; w = d.word() {
		n := len(d.m.bytes)
		d.m.bytes = appendSame(d.m.bytes, 0, len(w)/2)
		if !unhex(d.m.bytes[n:], w) {
			return d.fail(BadDigits, d.at-len(w), 0, 0)
		}
	}
	raw := d.m.bytes[from:len(d.m.bytes):len(d.m.bytes)]
	inner := decoder{m: d.m, f: d.f, b: raw, station: d.station, class: d.class, at0: d.at0}
	before := len(d.m.Groups)
	inner.tail()
	if inner.err.Reason != 0 {
		return d.fail(inner.err.Reason, at, int(inner.err.Got), int(inner.err.Want))
	}
	for i := before; i < len(d.m.Groups); i++ {
		d.m.Groups[i].At = uint32(at)
	}
	return true
}

// appendPrefix writes number and time, as they came where the number was spelled in small letters.
func (m *Message) appendPrefix(dst []byte) []byte {
	number := [2]byte{byte(m.Serial >> 8), byte(m.Serial)}
	var came [2]byte
	if unhex(came[:], m.prefix[:]) && came == number {
		dst = append(dst, m.prefix[:]...)
	} else {
		dst = appendHex(dst, number[:])
	}
	return m.Sent.appendText(dst, 6)
}

// appendText writes the group in ASCII with a blank behind each word, and says whether it can be written.
func (g *Group) appendText(dst []byte, f *Frame) ([]byte, bool) {
	switch g.Kind {
	case RestGroup:
		return append(dst, g.Raw...), true
	case VersionGroup:
		return append(append(dst, g.Raw...), ' '), true
	case SwitchGroup, GateGroup, QuotaGroup, CounterGroup:
		return append(appendHex(dst, g.Raw), ' '), true
	case RangeGroup:
		dst = append(g.Time.appendText(dst, 4), ' ')
		return append(g.To.appendText(dst, 4), ' '), true
	case StepGroup:
		return g.Step.appendText(dst), true
	}
	dst = append(g.appendName(dst, f.Function), ' ')
	switch g.Kind {
	case AddressGroup:
		dst = append(appendHex(dst, g.Station[:]), ' ')
		if g.HasClass {
			dst = append(dst, byte(g.Class), ' ')
		}
	case TimeGroup:
		dst = append(g.Time.appendText(dst, 5), ' ')
	case ReadingGroup:
		return g.appendFigures(dst, f)
	case DataGroup:
		if f.Function.Parameters() && g.ID.digitsInText() {
			return append(appendHex(dst, g.Raw), ' '), true
		}
		dst = append(append(dst, g.Raw...), ' ')
	case TextGroup, PictureGroup, BulkGroup:
		dst = append(dst, g.Raw...)
	}
	return dst, true
}

// appendName writes the identifier: the symbol of table C.1, or the digits of a parameter's.
func (g *Group) appendName(dst []byte, fc Function) []byte {
	if g.ID == 0 {
		return append(dst, g.Name()...)
	}
	if e, ok := ElementOf(g.ID); ok && !fc.Parameters() {
		return append(dst, e.Symbol...)
	}
	if g.ID.extended() {
		dst = appendHex(dst, []byte{byte(g.ID >> 8)})
	}
	return appendHex(dst, []byte{byte(g.ID)})
}

// appendFigures writes the values of a reading.
func (g *Group) appendFigures(dst []byte, f *Frame) ([]byte, bool) {
	switch {
	case g.ID.block():
		size := blockSize(g.ID) / 12
		for i, v := range g.Values {
			raw, ok := appendHexValue(make([]byte, 0, 2), v, size, true)
			if !ok {
				return dst, false
			}
			if dst = appendHex(dst, raw); i%12 == 11 {
				dst = append(dst, ' ')
			}
		}
		return dst, len(g.Values)%12 == 0
	case len(g.Values) != 1:
		return dst, false
	case g.ID == idStatus && !f.Function.Parameters():
		raw, ok := appendHexValue(make([]byte, 0, 4), g.Values[0], 4, false)
		return append(appendHex(dst, raw), ' '), ok
	}
	return append(appendFigure(dst, g.Values[0]), ' '), true
}

func appendFigure(dst []byte, v Value) []byte {
	if v.State != Present {
		return append(dst, 'M')
	}
	return v.Append(dst)
}

// appendText writes DRDnn, DRHnn or DRNnn.
func (s Step) appendText(dst []byte) []byte {
	unit, n := byte('H'), s.Hours
	if s.Days > 0 {
		unit, n = 'D', s.Days
	} else if s.Minutes > 0 {
		unit, n = 'N', s.Minutes
	}
	return append(dst, 'D', 'R', unit, '0'+n/10%10, '0'+n%10, ' ')
}

// appendRun writes the series from group i on: the identifiers, then the values time by time. It says how many groups they are.
func (m *Message) appendRun(dst []byte, i int) (out []byte, n int, ok bool) {
	run := m.Groups[i:]
	for n < len(run) && run[n].Series {
		n++
	}
	run = run[:n]
	for k := range run {
		if len(run[k].Values) != len(run[0].Values) {
			return dst, n, false
		}
		dst = append(run[k].appendName(dst, PeriodReport), ' ')
	}
	for t := range run[0].Values {
		for k := range run {
			dst = append(appendFigure(dst, run[k].Values[t]), ' ')
		}
	}
	return dst, n, true
}
