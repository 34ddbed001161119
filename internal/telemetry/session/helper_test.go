package session_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"anlan/internal/quantity"
	"anlan/internal/sl651"
	"anlan/internal/telemetry/session"
)

var (
	gauge = address("0061200815")
	relay = address("0061200816")
	// now is 08:00:20 in the field.
	now  = time.Date(2026, 7, 2, 0, 0, 20, 0, time.UTC)
	sent = sl651.StampOf(now.Add(-3 * time.Second))
	at   = sl651.StampOf(now.Add(-20 * time.Second))
)

func address(s string) sl651.Address {
	a, err := sl651.ParseAddress(s)
	if err != nil {
		panic(err)
	}
	return a
}

// elements is what the gauge's elements mean.
func elements() map[sl651.ID]session.Element {
	base := quantity.Some(quantity.MustParse("12.5"))
	return map[sl651.ID]session.Element{
		0x39: {Quantity: "stage"}, 0x20: {Quantity: "rain_day"}, 0x26: {Quantity: "rain_total"}, 0x22: {Quantity: "rain"},
		0xF4: {Quantity: "rain"}, 0xF5: {Quantity: "stage", Base: base}, 0x38: {Quantity: "voltage"}, 0x1A: {Quantity: "rain_hour"},
	}
}

func policy() session.Station {
	return session.Station{Address: gauge, Object: "G1", Mode: session.M2, Stay: true, Password: session.Password{0x03, 0xE8}, Centre: 1, Elements: elements()}
}

// peer is a session with a policy for the gauge, and what becomes of its outcomes: all reports are kept, or none where away.
type peer struct {
	t       testing.TB
	station session.Station
	others  map[sl651.Address]session.Station
	memory  *session.Memory
	s       *session.Session
	away    bool // the store
	blind   bool // the registry
	trusted bool

	reports []session.Report
	held    []session.Held
	replies [][]byte
}

func newPeer(t testing.TB) *peer {
	return &peer{t: t, station: policy(), memory: session.NewMemory(0)}
}

func (p *peer) options() session.Options {
	return session.Options{Memory: p.memory, Remote: "192.0.2.1", Message: 1 << 16, Trusted: p.trusted, Stations: func(a sl651.Address) (session.Station, bool, error) {
		if p.blind {
			return session.Station{}, false, errors.New("away")
		}
		if a == p.station.Address {
			return p.station, true, nil
		}
		st, ok := p.others[a]
		return st, ok, nil
	}}
}

// hear gives the session bytes and does with the outcomes what a gateway does.
func (p *peer) hear(b ...[]byte) *peer {
	p.t.Helper()
	if p.s == nil {
		p.s = session.New(p.options())
	}
	for _, piece := range b {
		p.settle(p.s.Receive(piece, now))
	}
	return p
}

func (p *peer) settle(outcomes []session.Outcome) {
	for _, o := range outcomes {
		if o.Held != nil {
			p.held = append(p.held, *o.Held)
		}
		if !o.Duplicate {
			if !p.away {
				p.reports = append(p.reports, o.Reports...)
			}
			if o.Receipt != nil {
				o.Receipt.Finish(!p.away)
			}
		}
		answer := func(kept bool) {
			if !kept || !o.Reply.Due() {
				return
			}
			b, err := o.Reply.Append(nil, now)
			if err != nil {
				p.t.Errorf("reply: %v", err)
			}
			p.replies = append(p.replies, b)
		}
		if o.Receipt == nil {
			answer(true)
		} else {
			o.Receipt.Then(answer)
		}
	}
}

// told is a reply in words: function, end, serial, and the packet where there is one.
func told(t testing.TB, b []byte) string {
	t.Helper()
	var f sl651.Frame
	var m sl651.Message
	n, err := f.Parse(b)
	if err != nil || n != len(b) {
		t.Fatalf("reply %X: %v", b, err)
	}
	if err := m.Decode(&f); err != nil || f.Direction != sl651.Down || m.Sent != sl651.StampOf(now) {
		t.Fatalf("reply %X: %v, %v, sent %v", b, err, f.Direction, m.Sent)
	}
	s := f.Function.String() + " " + sl651.Control(f.End) + " " + string('0'+rune(m.Serial%10))
	if f.Several() {
		s += " " + string('0'+rune(f.Sequence)) + "/" + string('0'+rune(f.Total))
	}
	return s
}

// wants holds what happened against how many reports and frames set aside there should be, and the replies.
func (p *peer) wants(reports, held int, replies ...string) {
	p.t.Helper()
	if len(p.reports) != reports || len(p.held) != held {
		p.t.Errorf("%d reports, %d set aside, want %d, %d", len(p.reports), len(p.held), reports, held)
	}
	if len(p.replies) != len(replies) {
		p.t.Fatalf("%d replies, want %v", len(p.replies), replies)
	}
	for i, r := range p.replies {
		if got := told(p.t, r); got != replies[i] {
			p.t.Errorf("reply %d is %q, want %q", i, got, replies[i])
		}
	}
}

func sender() *sl651.Sender {
	return &sl651.Sender{Centre: 1, Station: gauge, Class: sl651.River, Password: [2]byte{0x03, 0xE8}}
}

// timed is a timed report with a stage of 12.345 m.
func timed(t testing.TB, s *sl651.Sender) []byte {
	t.Helper()
	return report(t, s, sl651.TimedReport)
}

func report(t testing.TB, s *sl651.Sender, fc sl651.Function) []byte {
	t.Helper()
	b, err := s.Report(nil, fc, sent, at, []sl651.Observation{
		{Element: 0x39, Value: sl651.Of(12345, 3)}, {Element: 0x26, Value: sl651.Of(1050, 1)}, {Element: 0x38, Value: sl651.Of(1260, 2)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// packets is a picture in packets.
func packets(t testing.TB, s *sl651.Sender, bytes, size int) (jpeg []byte, out [][]byte) {
	t.Helper()
	jpeg = make([]byte, bytes)
	for i := range jpeg {
		jpeg[i] = byte(i * 7)
	}
	copy(jpeg, "\xFF\xD8\x7E\x7E")
	err := s.Picture(sent, at, jpeg, size, func(p []byte) error {
		out = append(out, append([]byte(nil), p...))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return jpeg, out
}

func joined(b ...[]byte) []byte { return bytes.Join(b, nil) }

// broken is a frame whose check code does not hold.
func broken(b []byte) []byte {
	b = bytes.Clone(b)
	switch last := &b[len(b)-1]; {
	case b[0] != sl651.SOH:
		*last ^= 0x55
	case *last == '0':
		*last = '1'
	default:
		*last = '0'
	}
	return b
}

// encode writes an uplink of the gauge.
func encode(t testing.TB, fc sl651.Function, fill func(*sl651.Message)) []byte {
	t.Helper()
	f := sl651.Report(sl651.Hex, 1, gauge, [2]byte{0x03, 0xE8}, fc)
	var m sl651.Message
	m.Reset(7, sent)
	fill(&m)
	b, err := sl651.Encode(nil, &f, &m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
