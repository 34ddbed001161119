package sl651

import (
	"fmt"
	"time"
)

// ID is an identifier (标识符引导符): 0x39 for element 39, 0xFF11 for the extension FF11. 0 stands for a name in ASCII that the tables do not
// know.
type ID uint16

// String is the identifier as two hex digits, or four where it is extended.
func (id ID) String() string {
	if id > 0xFF {
		return fmt.Sprintf("%04X", uint16(id))
	}
	return fmt.Sprintf("%02X", uint16(id))
}

// extended says whether the identifier is FF and a byte more, table 26.
func (id ID) extended() bool { return id > 0xFF }

// block says whether the identifier names an hourly block of twelve values of five minutes in binary: F4 to FC.
func (id ID) block() bool { return id >= 0xF4 && id <= 0xFC }

// PasswordParameter is the password in the basic configuration (table D.1) and in function 49. What stands behind it is never to be shown.
const PasswordParameter ID = 0x03

// digitsInText says whether the data of a parameter is bytes, which stand in ASCII as their hex digits (6.6.2.2); that of 0F is text anyway.
func (id ID) digitsInText() bool { return id > 0 && id < 0x0F }

// The identifiers that the layout of a body hangs on.
const (
	idStep      ID = 0x04
	idLastTime  ID = 0x05 // the duration HH.mm, which some write in ASCII
	idStatus    ID = 0x45
	idTime      ID = 0xF0
	idAddress   ID = 0xF1
	idText      ID = 0xF2
	idPicture   ID = 0xF3
	idRain      ID = 0xF4
	idBulk      ID = 0xFD
	idExtension ID = 0xFF

	paramMode  ID = 0x0C
	paramRelay ID = 0x0E
)

// Kind is what a group of a body is.
type Kind uint8

// The kinds.
const (
	AddressGroup Kind = iota + 1 // a station's address, with its class where the function has one
	TimeGroup                    // the time of observation of what follows
	StepGroup                    // the step of the series that follows
	RangeGroup                   // the hours a centre asks for, function 38
	ReadingGroup                 // values of an element or a running parameter
	NameGroup                    // an identifier without data, as a centre asks for it
	DataGroup                    // data kept as its bytes: a basic parameter, or an element of a maker's own that is no figure
	TextGroup                    // text put in by hand (人工置数), function 35 and 39, to the end of the body
	PictureGroup                 // a JPEG file, function 36, to the end of the body
	BulkGroup                    // batches of flow velocities, to the end of the body
	VersionGroup                 // the software's version, function 45
	SwitchGroup                  // pumps or valves, functions 4C and 4D
	GateGroup                    // gates and their openings, function 4E
	QuotaGroup                   // whether the quota is kept to, function 4F
	CounterGroup                 // counters of events, function 50
	RestGroup                    // bytes with no meaning here: a later packet, a group that goes on in one, what a user's function carries
)

// Group is one group of a body, in the order of the body.
type Group struct {
	Kind     Kind
	ID       ID
	Def      byte    // the data definition byte as it was sent, 6.6.3.2; 0 in ASCII
	Class    Class   // of the station; only where HasClass
	HasClass bool    // the function has a class, and the latest address group carried one
	Series   bool    // one of several values in step, functions 31 and 38
	Station  Address // of the latest address group; zero where none came yet
	Time     Stamp   // of the latest time group; of the first value for a series and a block
	To       Stamp   // the last hour of a range, which begins at Time
	Step     Step    // of a series
	Values   []Value // of a reading: one, or twelve an hour of a block, or a series; the openings of gates in cm; counters
	Raw      []byte  // of what is kept as bytes: aliases the body or the message
	At       uint32  // byte of the body where the group begins

	verbatim         bool   // ASCII: another spelling than ours, so that text is what to write
	nameFrom, nameTo uint16 // ASCII: the identifier in text, where the tables do not know it
	text             []byte // ASCII: the group as it came
}

// Name is the identifier of an ASCII group that the tables do not know, else nothing.
func (g *Group) Name() []byte { return g.text[g.nameFrom:g.nameTo] }

// Interval is the time from one value to the next: five minutes in a block, the step in a series, else 0.
func (g *Group) Interval() time.Duration {
	if g.ID.block() && g.Kind == ReadingGroup {
		return blockStep
	}
	if g.Series {
		return g.Step.Duration()
	}
	return 0
}

// Instant is the time of the k-th value. By the standard the time of a series and of a block is that of its first value. Some stations of
// the field send that of the last one: for them endsAt is set.
func (g *Group) Instant(k int, endsAt bool) time.Time {
	t := g.Time.Time()
	if t.IsZero() {
		return t
	}
	if endsAt {
		k -= len(g.Values) - 1
	}
	return t.Add(time.Duration(k) * g.Interval())
}

// On says whether pump, valve or gate k (from 0) of a SwitchGroup or a GateGroup is on or open, tables 71, 74 and 77.
func (g *Group) On(k int) bool {
	return 1+k/8 < len(g.Raw) && k >= 0 && g.Raw[1+k/8]>>(k%8)&1 == 1
}

// Count is how many switches a SwitchGroup has places for, or how many gates a GateGroup has.
func (g *Group) Count() int {
	switch {
	case len(g.Raw) == 0:
		return 0
	case g.Kind == SwitchGroup:
		return 8 * (len(g.Raw) - 1)
	}
	return int(g.Raw[0])
}

// The most that one message may hold. A frame of twelve bits' length stays below, whatever is in it.
const (
	MaxGroups = 2048
	MaxValues = 1 << 14
)

// Message is what a body says. It is made by Decode or by its owner, and its memory is used again. What it hands out aliases its own memory
// and the body, until the next Decode or Reset.
type Message struct {
	Serial uint16 // the running number (流水号), 6.6.2.4; 0 in what a centre begins
	Sent   Stamp  // the time of sending (发报时间)
	// Headless marks what has neither number nor time: a packet after the first one, and some bodies of users' functions.
	Headless bool
	Groups   []Group

	values  []Value
	count   int // of values, in this array and those before it
	scratch []byte
	bytes   []byte  // ASCII: data that came as hex digits
	prefix  [4]byte // ASCII: the running number as it was spelled
	// overfull is that more was added than a message may have, or than fits.
	overfull bool
}

// Reset empties the message and gives it a number and a time of sending.
func (m *Message) Reset(serial uint16, sent Stamp) {
	m.Groups, m.values, m.count = m.Groups[:0], m.values[:0], 0
	m.bytes = m.bytes[:0]
	m.Serial, m.Sent, m.Headless, m.prefix, m.overfull = serial, sent, false, [4]byte{}, false
}

// Address is the first address group's station and class, and whether there is an address group.
func (m *Message) Address() (a Address, c Class, ok bool) {
	for i := range m.Groups {
		if g := &m.Groups[i]; g.Kind == AddressGroup {
			return g.Station, g.Class, true
		}
	}
	return a, 0, false
}

// Text is the text of a TextGroup or a VersionGroup, as bytes of the station's own coding, often GB 18030.
func (m *Message) Text() ([]byte, bool) { return m.raw(TextGroup, VersionGroup) }

// Picture is the JPEG file, or as much of it as this packet has.
func (m *Message) Picture() ([]byte, bool) { return m.raw(PictureGroup, PictureGroup) }

func (m *Message) raw(a, b Kind) ([]byte, bool) {
	for i := range m.Groups {
		if g := &m.Groups[i]; g.Kind == a || g.Kind == b {
			return g.Raw, true
		}
	}
	return nil, false
}

// room makes place for n values and returns them, or nil where the message has too many.
func (m *Message) room(n int) []Value {
	from := len(m.values)
	if m.count += n; n > MaxValues || m.count > MaxValues {
		return nil
	}
	if from+n > cap(m.values) {
		// The groups so far keep the old array, which nobody writes to any more.
		m.values = make([]Value, 0, max(64, 2*cap(m.values), n))
		from = 0
	}
	m.values = m.values[: from+n : cap(m.values)]
	return m.values[from : from+n : from+n]
}

// next is a new group at the end, or nil where the message has too many.
func (m *Message) next() *Group {
	n := len(m.Groups)
	if n == MaxGroups {
		return nil
	}
	m.Groups = append(m.Groups, Group{})
	return &m.Groups[n]
}
