package session

import (
	"slices"
	"time"

	"anlan/internal/sl651"
)

// parts are the packets of one message under way (多包传输), M3.
type parts struct {
	assembly *sl651.Assembly
	head     sl651.Frame // of a packet, without its body
	seen     map[uint16]uint16
	room     int
	last     time.Time
	serial   uint16 // of the message, once packet 1 is there
	asked    uint16 // the packet that was asked for last, and how often
	times    int
	told     *Outcome // of the whole message, without what it told: a resend is answered by it, and not joined again
}

// PacketRoom is what, in bytes, the place of a packet takes beside its bytes.
const PacketRoom = 128

// about says whether the packets are of the message that a frame belongs to, as far as its head tells.
func (p *parts) about(f *sl651.Frame) bool {
	return p.head.Station == f.Station && p.head.Function == f.Function && p.head.Coding == f.Coding
}

// waits says whether the sender of a packet now waits for a reply: it was the last one, or one sent again.
func waits(f *sl651.Frame) bool { return f.End == sl651.ETX || f.Sequence == f.Total }

func (s *Session) partsOf(f *sl651.Frame) *parts {
	if i := slices.IndexFunc(s.parts, func(p *parts) bool { return p.about(f) }); i >= 0 {
		return s.parts[i]
	}
	return nil
}

// begin makes place for the packets of a message, if need be in that of the one that has been silent longest.
func (s *Session) begin(f *sl651.Frame, now time.Time) *parts {
	if len(s.parts) >= maxParts {
		oldest := slices.MinFunc(s.parts, func(a, b *parts) int { return a.last.Compare(b.last) })
		s.abandon(oldest)
	}
	p := &parts{assembly: sl651.NewAssembly(s.opt.Message), head: *f, seen: map[uint16]uint16{}, last: now}
	p.head.Body = nil
	s.parts = append(s.parts, p)
	return p
}

func (s *Session) release(p *parts) {
	if s.opt.Room != nil && p.room > 0 {
		s.opt.Room(-p.room)
	}
	p.room = 0
	s.parts = slices.DeleteFunc(s.parts, func(q *parts) bool { return q == p })
}

// abandon lets go of packets, and counts it where they were not joined.
func (s *Session) abandon(p *parts) {
	if !p.assembly.Done() {
		s.counts.Abandoned++
	}
	s.release(p)
}

// packet takes one of several packets.
func (s *Session) packet(f *sl651.Frame, st *Station, now time.Time) {
	p := s.partsOf(f)
	if p != nil && p.begunAnew(f) {
		s.abandon(p)
		p = nil
	}
	if p == nil {
		p = s.begin(f, now)
	}
	p.last = now
	if _, again := p.seen[f.Sequence]; !again {
		room := len(f.Body) + PacketRoom
		if s.opt.Room != nil && !s.opt.Room(room) {
			s.abandon(p)
			return
		}
		p.room += room
		if err := p.assembly.Add(f); err != nil {
			o := outcomeOf(f)
			o.Known = true
			s.hold(&o, s.held(f, f.Station, Undecodable, err, now))
			s.out = append(s.out, o)
			s.abandon(p)
			return
		}
		p.seen[f.Sequence] = f.CRC
		if f.Sequence == 1 && s.message.Decode(f) == nil {
			p.serial = s.message.Serial
		}
	}
	switch {
	case !waits(f):
	case p.assembly.Done():
		s.joined(p, st, now)
	default:
		s.again(p, p.assembly.Missing())
	}
}

// begunAnew says whether a packet belongs to another message than those that are there: another number of packets, or other bytes in the place
// of one. Packet 1 after the end is a resend of all.
func (p *parts) begunAnew(f *sl651.Frame) bool {
	crc, there := p.seen[f.Sequence]
	return p.assembly.Started() && !p.assembly.Fits(f) || there && crc != f.CRC && !p.resent(f)
}

// resent says whether a packet is one sent again after a NAK: it ends with ETX where it may have ended with ETB (table 10), so that its check
// code is another one.
func (p *parts) resent(f *sl651.Frame) bool { return f.End == sl651.ETX && f.Sequence < f.Total }

// joined takes a message that is whole. One that was taken before is answered by what it came to then, unless it was not kept.
func (s *Session) joined(p *parts, st *Station, now time.Time) {
	if p.told != nil && !p.told.Receipt.Lost() {
		s.counts.Duplicates++
		s.out = append(s.out, *p.told)
		return
	}
	var f sl651.Frame
	if err := p.assembly.Join(&f); err != nil {
		return
	}
	head := p.assembly.Head()
	before := len(s.out)
	s.accept(&f, &head, st, now)
	if len(s.out) > before && s.out[before].Receipt != nil {
		o := s.out[before]
		o.Reports, o.Held, o.Duplicate = nil, nil, true
		p.told = &o
	}
}

// again asks for a packet, at most twice for the same one (6.3.1.2 c).
func (s *Session) again(p *parts, sequence uint16) {
	if p.asked != sequence {
		p.asked, p.times = sequence, 0
	}
	if p.times++; p.times > maxAgain {
		s.abandon(p)
		return
	}
	head := p.head
	if p.assembly.Started() {
		head = p.assembly.Head()
	}
	s.counts.Again++
	o := outcomeOf(&head)
	o.Known, o.More, o.Reply = true, true, again(&head, p.serial, sequence)
	s.out = append(s.out, o)
}

// damaged looks at a frame whose check code does not hold. A single one is not answered (M2); the sender of one of several is told once it
// waits (M3). Nothing of the frame is sure, so that it counts only where all its head is as it should be.
func (s *Session) damaged(f *sl651.Frame, now time.Time) {
	if !f.Several() || f.Direction != sl651.Up || f.Sequence == 0 || f.Sequence > f.Total {
		return
	}
	st, known, err := s.opt.Stations(f.Station)
	if err != nil || !known || !s.admits(f, &st, now) || !f.Function.Standard() {
		return
	}
	p := s.partsOf(f)
	switch {
	case p == nil:
		p = s.begin(f, now)
	case p.assembly.Started() && !p.assembly.Fits(f) || p.assembly.Done():
		return
	}
	p.last = now
	switch {
	case !waits(f):
	case p.assembly.Started():
		s.again(p, p.assembly.Missing())
	default:
		s.again(p, 1)
	}
}

// tickParts asks the sender of a message that has gone quiet for what is missing, and lets go of messages that were joined long ago.
func (s *Session) tickParts(now time.Time) {
	for _, p := range slices.Clone(s.parts) {
		switch silent := now.Sub(p.last); {
		case p.assembly.Done() && silent >= Keeping:
			s.release(p)
		case !p.assembly.Done() && silent >= Patience:
			p.last = now
			missing := uint16(1)
			if p.assembly.Started() {
				missing = p.assembly.Missing()
			}
			s.again(p, missing)
		}
	}
}
