package sl651

import (
	"bytes"
	"slices"
)

// Assembly joins the packets of one message (多包传输), mode M3: they may come in any order, twice, and again after a NAK. It holds as many
// bytes as packets brought, and no more than it was made for, whatever number of packets they announce. It is for one goroutine.
type Assembly struct {
	limit  int
	head   Frame // the packet that came first, and packet 1 once it is there
	parts  []part
	buf    []byte
	joined []byte
}

// part is where a packet's bytes lie in buf.
type part struct {
	sequence uint16
	end      byte
	at, n    int
}

// NewAssembly makes an Assembly for messages of at most limit bytes of body.
func NewAssembly(limit int) *Assembly { return &Assembly{limit: limit} }

// Reset lets go of all packets, and keeps the memory.
func (a *Assembly) Reset() {
	a.parts, a.buf, a.head = a.parts[:0], a.buf[:0], Frame{}
}

// Started says whether there is a packet.
func (a *Assembly) Started() bool { return len(a.parts) > 0 }

// Fits says whether a packet belongs to the message that has begun: same coding, direction, station, function and number of packets.
func (a *Assembly) Fits(f *Frame) bool {
	h := &a.head
	return f.Several() && f.Total == h.Total && f.Station == h.Station && f.Function == h.Function && f.Coding == h.Coding && f.Direction == h.Direction
}

// Add takes a packet, whose bytes it copies. It refuses with BadPacket what is no packet or belongs to another message than the one that has
// begun, and with BadLength what would make the message longer than agreed. A packet that came before is replaced; another packet 1 than the
// one that is there begins the message anew, since it has another running number or time.
func (a *Assembly) Add(f *Frame) error {
	if !f.Several() || f.Sequence == 0 || f.Sequence > f.Total || a.Started() && !a.Fits(f) {
		return &Error{Reason: BadPacket, At: f.Offset(), Got: uint32(f.Sequence), Want: uint32(f.Total)}
	}
	i, found := slices.BinarySearchFunc(a.parts, f.Sequence, func(p part, s uint16) int { return int(p.sequence) - int(s) })
	if found {
		p := a.parts[i]
		switch have := a.buf[p.at : p.at+p.n]; {
		case bytes.Equal(have, f.Body):
			a.parts[i].end = f.End
			return nil
		case f.Sequence == 1:
			a.Reset()
			i, found = 0, false
		}
	}
	if len(a.buf)+len(f.Body) > a.limit {
		return &Error{Reason: BadLength, At: f.Offset(), Got: uint32(len(a.buf) + len(f.Body)), Want: uint32(a.limit)}
	}
	if !a.Started() || f.Sequence == 1 {
		a.head = *f
		a.head.Body = nil
	}
	p := part{f.Sequence, f.End, len(a.buf), len(f.Body)}
	a.buf = append(a.buf, f.Body...)
	if found {
		a.parts[i] = p
	} else {
		a.parts = slices.Insert(a.parts, i, p)
	}
	return nil
}

// Missing is the lowest number of a packet that is not there, for a NAK; 0 where all are.
func (a *Assembly) Missing() uint16 {
	for i, p := range a.parts {
		if int(p.sequence) != i+1 {
			return uint16(i + 1)
		}
	}
	if len(a.parts) == int(a.head.Total) {
		return 0
	}
	return uint16(len(a.parts) + 1)
}

// Done says whether all packets are there.
func (a *Assembly) Done() bool { return a.Started() && len(a.parts) == int(a.head.Total) }

// Head is the frame of packet 1, or of the one that came first, without its body: what a reply is made from.
func (a *Assembly) Head() Frame { return a.head }

// Join puts the whole message into f, as if it had come in one frame: STX before the body, the end byte of the last packet, no check code. The
// body aliases the Assembly until the next Add or Reset. The error is ErrMore where packets are missing.
func (a *Assembly) Join(f *Frame) error {
	if !a.Done() {
		return ErrMore
	}
	*f = a.head
	f.Start, f.Total, f.Sequence, f.CRC = STX, 0, 0, 0
	f.End = a.parts[len(a.parts)-1].end
	at := 0
	for _, p := range a.parts {
		if p.at != at {
			at = -1
			break
		}
		at += p.n
	}
	if at == len(a.buf) { // they came in order
		f.Body = a.buf[:at:at]
		return nil
	}
	a.joined = a.joined[:0]
	for _, p := range a.parts {
		a.joined = append(a.joined, a.buf[p.at:p.at+p.n]...)
	}
	f.Body = a.joined
	return nil
}

// Split cuts a body into packets of at most size bytes each, the packet's numbers not counted, and hands them to send one by one: ETB ends
// all but the last, ETX that one (table 10). It stops at the first error. A body too long for 4095 packets is refused.
func Split(f Frame, body []byte, size int, send func(*Frame) error) error {
	if size < 1 || size > MaxBody-f.numbers() {
		return &Error{Reason: BadLength, Got: uint32(size), Want: uint32(MaxBody - f.numbers())}
	}
	total := max(1, (len(body)+size-1)/size)
	if total > 4095 {
		return &Error{Reason: BadPacket, Got: uint32(total), Want: 4095}
	}
	f.Start, f.Total = SYN, uint16(total)
	for i := range total {
		f.Sequence, f.End = uint16(i+1), ETB
		if i == total-1 {
			f.End = ETX
		}
		f.Body = body[i*size : min(len(body), (i+1)*size)]
		if err := send(&f); err != nil {
			return err
		}
	}
	return nil
}
