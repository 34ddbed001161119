package session

import (
	"crypto/sha256"
	"strings"
	"time"

	"anlan/internal/sl651"
)

// Reason is why a frame is set aside.
type Reason string

// The reasons.
const (
	UnknownStation Reason = "unknown_station"
	WrongPassword  Reason = "wrong_password"
	OtherCentre    Reason = "other_centre"
	Undecodable    Reason = "undecodable"
	Refused        Reason = "refused"  // by whoever keeps reports, as invalid
	Unmapped       Reason = "unmapped" // it was taken, but for elements that the policy does not name
	Tested         Reason = "test"     // a test report: its figures are kept here and nowhere else (6.6.4.3)
)

// Held is a frame that was set aside, to be looked at and replayed.
type Held struct {
	Reason   Reason
	Detail   string // what could not be read, and where
	Station  sl651.Address
	Function sl651.Function
	Remote   string
	At       time.Time
	// Raw is the frame with zeros for its password and the check code that fits; several frames where packets were joined.
	Raw []byte
}

// OfStation says whether what is set aside is of a registered station that showed its password: it is bounded by station and not by whom it
// came from.
func (h *Held) OfStation() bool { return h.Reason == Unmapped || h.Reason == Tested }

// aside is what is set aside of a message that was read and is confirmed, so that nothing of it is lost: nothing, where readings tell all.
func (s *Session) aside(f *sl651.Frame, reports []Report, now time.Time) *Held {
	if f.Function == sl651.TestReport {
		return s.held(f, f.Station, Tested, nil, now)
	}
	for i := range reports {
		if p := &reports[i]; len(p.Unmapped) > 0 {
			h := s.held(f, p.Station, Unmapped, nil, now)
			h.Detail = listed(p.Unmapped)
			return h
		}
	}
	return nil
}

// listed are elements in words, as many as a line holds.
func listed(ids []sl651.ID) string {
	var b strings.Builder
	for i, id := range ids[:min(len(ids), 32)] {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(id.String())
	}
	return b.String()
}

func (s *Session) held(f *sl651.Frame, a sl651.Address, why Reason, err error, now time.Time) *Held {
	h := &Held{Reason: why, Station: a, Function: f.Function, Remote: s.opt.Remote, At: now.UTC(), Raw: masked(f)}
	if err != nil {
		h.Detail = err.Error()
	}
	return h
}

// prefix is how long number and time of sending are.
func prefix(c sl651.Coding) int {
	if c == sl651.ASCII {
		return 16
	}
	return 8
}

// disclosed is the body, without what may hold a password: in functions 40, 41 and 49 all behind number and time.
func disclosed(f *sl651.Frame) []byte {
	switch f.Function {
	case sl651.WriteBasic, sl651.ReadBasic, sl651.ChangePassword:
		if f.Several() { // a packet that was not joined may begin anywhere
			return nil
		}
		return f.Body[:min(len(f.Body), prefix(f.Coding))]
	}
	return f.Body
}

// packetSize is into how much a joined body is cut when it is written down again.
const packetSize = 1024

// masked is the frame with zeros for its password, and a check code of that: the one it came with would give the password away.
func masked(f *sl651.Frame) []byte {
	g := *f
	g.Password = [2]byte{}
	g.Body = disclosed(f)
	b, err := g.Append(nil)
	if err == nil {
		return b
	}
	b = nil
	if err := sl651.Split(g, g.Body, packetSize, func(p *sl651.Frame) error {
		b, err = p.Append(b)
		return err
	}); err != nil {
		return nil
	}
	return b
}

// keyOf is what a message is known by.
func (s *Session) keyOf(f *sl651.Frame) Key {
	b := append(s.scratch[:0], byte(f.Coding), f.Centre, byte(f.Function), f.End)
	b = append(append(b, f.Station[:]...), disclosed(f)...)
	s.scratch = b[:0]
	sum := sha256.Sum256(b)
	return Key(sum[:])
}
