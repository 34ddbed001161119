package session_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"anlan/internal/sl651"
	"anlan/internal/telemetry/session"
)

func TestSingleFrames(t *testing.T) {
	frame := timed(t, sender())
	f := func(name string, set func(*peer), reports, held int, replies ...string) {
		t.Run(name, func(t *testing.T) {
			t.Helper()
			p := newPeer(t)
			if set != nil {
				set(p)
			}
			p.hear(frame).wants(reports, held, replies...)
		})
	}
	f("M2 and stay", nil, 1, 0, "32 ESC 1")
	f("M2 and leave", func(p *peer) { p.station.Stay = false }, 1, 0, "32 EOT 1")
	f("M1", func(p *peer) { p.station.Mode = session.M1 }, 1, 0)
	f("M4", func(p *peer) { p.station.Mode = session.M4 }, 1, 0, "32 ESC 1")
	f("any centre", func(p *peer) { p.station.Centre = 0 }, 1, 0, "32 ESC 1")
	f("other centre", func(p *peer) { p.station.Centre = 2 }, 0, 1)
	f("other password", func(p *peer) { p.station.Password = session.Password{1, 2} }, 0, 1)
	f("any password", func(p *peer) { p.station.Password, p.station.AnyPassword = session.Password{1, 2}, true }, 1, 0, "32 ESC 1")
	f("replayed by a person", func(p *peer) { p.station.Password, p.trusted = session.Password{1, 2}, true }, 1, 0, "32 ESC 1")
	f("unknown station", func(p *peer) { p.station.Address = relay }, 0, 1)
	f("store away", func(p *peer) { p.away = true }, 0, 0)
	f("registry away", func(p *peer) { p.blind = true }, 0, 0)
}

func TestSilence(t *testing.T) {
	s := sender()
	alive, err := s.KeepAlive(nil, sent)
	if err != nil {
		t.Fatal(err)
	}
	p := newPeer(t).hear(alive)
	p.wants(0, 0)
	if c := p.s.Counters(); c.KeepAlives != 1 {
		t.Errorf("%+v", c)
	}
	p = newPeer(t).hear(broken(timed(t, s)))
	p.wants(0, 0)
	if c := p.s.Counters(); c.BadCRC != 1 || c.Skipped == 0 {
		t.Errorf("%+v", c)
	}
	down := sl651.Ask(sl651.Hex, 1, gauge, [2]byte{3, 0xE8}, sl651.QueryNow)
	var m sl651.Message
	m.Reset(0, sent)
	echo, err := sl651.Encode(nil, &down, &m)
	if err != nil {
		t.Fatal(err)
	}
	p = newPeer(t).hear(echo)
	p.wants(0, 0)
	if c := p.s.Counters(); c.Echoes != 1 {
		t.Errorf("%+v", c)
	}
}

// TestMoreToCome: an uplink that ends with ETB is told to go on, table 10.
func TestMoreToCome(t *testing.T) {
	f := sl651.Report(sl651.Hex, 1, gauge, [2]byte{0x03, 0xE8}, sl651.TimedReport)
	f.End = sl651.ETB
	var m sl651.Message
	m.Reset(9, sent)
	m.AddReport(gauge, sl651.River, at, nil)
	b, err := sl651.Encode(nil, &f, &m)
	if err != nil {
		t.Fatal(err)
	}
	newPeer(t).hear(b).wants(1, 0, "32 ACK 9")
}

func TestDuplicates(t *testing.T) {
	s := sender()
	frame := timed(t, s)
	p := newPeer(t).hear(frame, frame)
	p.wants(1, 0, "32 ESC 1", "32 ESC 1")
	p.s = nil // on another connection
	p.hear(frame)
	p.wants(1, 0, "32 ESC 1", "32 ESC 1", "32 ESC 1")
	p.hear(timed(t, s)) // the same figures with another number
	p.wants(2, 0, "32 ESC 1", "32 ESC 1", "32 ESC 1", "32 ESC 2")

	p = newPeer(t)
	p.away = true
	p.hear(frame)
	p.away = false
	p.hear(frame) // what was not kept is new when it comes again
	p.wants(1, 0, "32 ESC 1")
}

// TestDuplicateUnderWay: the second of two is answered when the first is kept, and not when that fails.
func TestDuplicateUnderWay(t *testing.T) {
	for _, kept := range []bool{true, false} {
		p := newPeer(t)
		frame := timed(t, sender())
		a, b := session.New(p.options()), session.New(p.options())
		first, second := a.Receive(frame, now)[0], b.Receive(frame, now)[0]
		if first.Duplicate || !second.Duplicate || first.Receipt != second.Receipt {
			t.Fatalf("%+v %+v", first, second)
		}
		answered := 0
		second.Receipt.Then(func(k bool) {
			if k {
				answered++
			}
		})
		first.Receipt.Finish(kept)
		first.Receipt.Finish(!kept) // only the first call counts
		if answered != map[bool]int{true: 1, false: 0}[kept] {
			t.Errorf("kept %v: %d answers", kept, answered)
		}
		if o := b.Receive(frame, now)[0]; o.Duplicate != kept {
			t.Errorf("kept %v: again a duplicate: %v", kept, o.Duplicate)
		}
	}
}

func TestMemoryIsBounded(t *testing.T) {
	m := session.NewMemory(4)
	for i := range 10 {
		r, first := m.Begin(gauge, session.Key{byte(i + 1)})
		if !first {
			t.Fatalf("key %d is not new", i)
		}
		r.Finish(true)
	}
	for i := range 10 {
		if _, first := m.Begin(relay, session.Key{byte(i + 1)}); !first {
			t.Errorf("another station's key %d is not new", i)
		}
	}
	for i := 9; i >= 0; i-- {
		if _, first := m.Begin(gauge, session.Key{byte(i + 1)}); first != (i < 6) {
			t.Errorf("key %d: new is %v", i, first)
		}
	}
}

func TestRefusedBodies(t *testing.T) {
	good := timed(t, sender())
	cut := bytes.Clone(good[:len(good)-3-4])        // without the voltage
	cut = append(cut, 0x38, 0x12, 0x1A, 0xB0, 0x03) // which has a digit that is none
	p := newPeer(t).hear(sealed(t, cut))
	p.wants(1, 1, "32 ESC 1")
	if r := p.reports[0]; !r.Flags.Has(session.Partial) || len(r.Readings) != 3 || r.Readings[2].Value.Valid {
		t.Errorf("%+v", r)
	}
	if h := p.held[0]; h.Reason != session.Undecodable || !strings.Contains(h.Detail, "38") {
		t.Errorf("%+v", h)
	}
	p = newPeer(t).hear(encode(t, 0x52, func(*sl651.Message) {})) // a function the standard reserves
	p.wants(0, 1)
}

// sealed ends a frame with its length and check code.
func sealed(t testing.TB, b []byte) []byte {
	t.Helper()
	n := len(b) - 14 - 1
	b[11], b[12] = byte(n>>8), byte(n)
	b = append(b, 0, 0)
	var f sl651.Frame
	if _, err := f.Parse(b); f.Body == nil {
		t.Fatal(err)
	}
	out, err := f.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestRelay: a frame may tell of other stations than its sender, by their own policies.
func TestRelay(t *testing.T) {
	frame := encode(t, sl651.TimedReport, func(m *sl651.Message) {
		m.AddReport(gauge, sl651.River, at, []sl651.Observation{{Element: 0x39, Value: sl651.Of(1, 0)}})
		m.AddReport(relay, sl651.Rainfall, at, []sl651.Observation{{Element: 0x39, Value: sl651.Of(2, 0)}})
	})
	p := newPeer(t)
	p.others = map[sl651.Address]session.Station{relay: {Address: relay, Object: "R", Elements: map[sl651.ID]session.Element{0x39: {Quantity: "depth"}}}}
	p.hear(frame).wants(2, 0, "32 ESC 7")
	if a, b := p.reports[0], p.reports[1]; a.Object != "G1" || b.Object != "R" || b.Readings[0].Quantity != "depth" || b.Class != sl651.Rainfall || a.Key != b.Key {
		t.Errorf("%+v", p.reports)
	}
	p = newPeer(t).hear(frame) // the second is known to nobody
	p.wants(1, 1, "32 ESC 7")
	if p.held[0].Station != relay || !p.reports[0].Flags.Has(session.Partial) {
		t.Errorf("%+v %+v", p.held, p.reports)
	}
}

// TestAnyCut: however a stream is cut, the same comes out of it.
func TestAnyCut(t *testing.T) {
	s := sender()
	_, picture := packets(t, s, 700, 200)
	one := timed(t, s)
	stream := joined(one, []byte("garbage \x7E\x7E"), one, picture[0], picture[2], broken(timed(t, s)), picture[3], picture[1], report(t, s, sl651.AddedReport), []byte{0x7E})
	whole := newPeer(t).hear(stream)
	if len(whole.reports) < 2 || len(whole.replies) < 4 {
		t.Fatalf("%d reports, %d replies", len(whole.reports), len(whole.replies))
	}
	same := func(name string, pieces [][]byte) {
		t.Helper()
		p := newPeer(t).hear(pieces...)
		if !reflect.DeepEqual(p.reports, whole.reports) || !reflect.DeepEqual(p.replies, whole.replies) || !reflect.DeepEqual(p.held, whole.held) {
			t.Errorf("%s: %d reports, %d replies", name, len(p.reports), len(p.replies))
		}
		if p.s.Counters() != whole.s.Counters() {
			t.Errorf("%s: %+v, whole %+v", name, p.s.Counters(), whole.s.Counters())
		}
	}
	for size := 1; size < 300; size++ {
		var pieces [][]byte
		for b := stream; len(b) > 0; {
			n := min(size, len(b))
			pieces = append(pieces, b[:n])
			b = b[n:]
		}
		same(fmt.Sprintf("pieces of %d", size), pieces)
	}
	for cut := range stream {
		same(fmt.Sprintf("cut at %d", cut), [][]byte{stream[:cut], stream[cut:]})
	}
}

// TestNoPassword looks for the password in all that leaves the room, frames that hold it in their bodies too.
func TestNoPassword(t *testing.T) {
	secret := []byte{0xC7, 0x5A}
	p := newPeer(t)
	p.station.Password = session.Password(secret)
	s := sender()
	s.Password = [2]byte(secret)
	stranger := *s
	stranger.Station = relay
	settings := func(fc sl651.Function, c sl651.Coding) []byte {
		f := sl651.Report(c, 1, gauge, [2]byte(secret), fc)
		var m sl651.Message
		m.Reset(3, sent)
		m.AddAddress(gauge, 0)
		m.AddPassword([2]byte(secret))
		b, err := sl651.Encode(nil, &f, &m)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	p.hear(timed(t, s), timed(t, &stranger))
	s.Coding = sl651.ASCII
	p.hear(timed(t, s))
	for _, fc := range []sl651.Function{sl651.ReadBasic, sl651.WriteBasic, sl651.ChangePassword} {
		p.hear(settings(fc, sl651.Hex), settings(fc, sl651.ASCII))
	}
	if len(p.reports) != 8 || len(p.held) != 1 {
		t.Fatalf("%d reports, %d set aside", len(p.reports), len(p.held))
	}
	shown := func(raw []byte, more string) {
		t.Helper()
		if bytes.Contains(raw, secret) || bytes.Contains(raw, []byte("C75A")) || strings.Contains(more, "C75A") || strings.Contains(more, "199 90") {
			t.Errorf("the password shows in %X %s", raw, more)
		}
		var f sl651.Frame
		if _, err := f.Parse(raw); err != nil {
			t.Errorf("%X cannot be read: %v", raw, err)
		}
	}
	for _, r := range p.reports {
		shown(r.Raw, fmt.Sprintf("%+v", r.Parameters))
	}
	shown(p.held[0].Raw, fmt.Sprintf("%+v", p.held[0].Detail))
	if s := fmt.Sprintf("%v %+v %#v", p.station, p.station, p.station.Password); strings.Contains(s, "199 90") || strings.Contains(strings.ToUpper(s), "C75A") {
		t.Errorf("the policy prints as %s", s)
	}
}
