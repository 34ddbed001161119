package session_test

import (
	"bytes"
	"runtime"
	"testing"
	"time"

	"anlan/internal/sl651"
	"anlan/internal/telemetry/session"
)

// resent is a packet as a station sends it after a NAK: it ends with ETX.
func resent(t testing.TB, packet []byte) []byte {
	t.Helper()
	var f sl651.Frame
	if _, err := f.Parse(packet); err != nil {
		t.Fatal(err)
	}
	f.End = sl651.ETX
	b, err := f.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestPackets(t *testing.T) {
	for _, c := range []sl651.Coding{sl651.Hex, sl651.ASCII} {
		s := sender()
		s.Coding = c
		jpeg, b := packets(t, s, 700, 200) // four packets
		f := func(name string, stream [][]byte, reports int, replies ...string) {
			t.Run(c.String()+" "+name, func(t *testing.T) {
				t.Helper()
				p := newPeer(t)
				p.hear(stream...).wants(reports, 0, replies...)
				for _, r := range p.reports {
					if !bytes.Equal(r.Picture, jpeg) || r.Function != sl651.PictureReport || r.Raw != nil {
						t.Errorf("the picture has %d bytes, function %v", len(r.Picture), r.Function)
					}
				}
			})
		}
		f("in order", [][]byte{b[0], b[1], b[2], b[3]}, 1, "36 ESC 1 4/4")
		f("not yet all", [][]byte{b[0], b[1], b[2]}, 0)
		f("one twice", [][]byte{b[0], b[1], b[1], b[2], b[3]}, 1, "36 ESC 1 4/4")
		f("one lost", [][]byte{b[0], b[2], b[3], resent(t, b[1])}, 1, "36 NAK 1 2/4", "36 ESC 1 4/4")
		f("first lost", [][]byte{b[1], b[2], b[3], resent(t, b[0])}, 1, "36 NAK 0 1/4", "36 ESC 1 4/4")
		f("two lost", [][]byte{b[0], b[3], resent(t, b[1]), resent(t, b[2])}, 1, "36 NAK 1 2/4", "36 NAK 1 3/4", "36 ESC 1 4/4")
		f("one damaged", [][]byte{b[0], broken(b[1]), b[2], b[3], resent(t, b[1])}, 1, "36 NAK 1 2/4", "36 ESC 1 4/4")
		f("last damaged", [][]byte{b[0], b[1], b[2], broken(b[3]), b[3]}, 1, "36 NAK 1 4/4", "36 ESC 1 4/4")
		f("resend damaged", [][]byte{b[0], b[2], b[3], broken(resent(t, b[1])), resent(t, b[1])}, 1, "36 NAK 1 2/4", "36 NAK 1 2/4", "36 ESC 1 4/4")
		f("resend never good", [][]byte{b[0], b[2], b[3], broken(resent(t, b[1])), broken(resent(t, b[1]))}, 0, "36 NAK 1 2/4", "36 NAK 1 2/4")
		f("confirmation lost, last again", [][]byte{b[0], b[1], b[2], b[3], b[3]}, 1, "36 ESC 1 4/4", "36 ESC 1 4/4")
		f("confirmation lost, all again", [][]byte{b[0], b[1], b[2], b[3], b[0], b[1], b[2], b[3]}, 1, "36 ESC 1 4/4", "36 ESC 1 4/4")
		f("a report between", [][]byte{b[0], b[1], b[2], b[3]}, 1, "36 ESC 1 4/4")
	}
}

// TestTwoPictures: a picture that was given up does not get mixed up with the next one, even with as many packets.
func TestTwoPictures(t *testing.T) {
	s := sender()
	_, old := packets(t, s, 700, 200)
	s.Class = sl651.Rainfall
	s.Station = gauge
	fresh := make([]byte, 700)
	copy(fresh, "\xFF\xD8other")
	var next [][]byte
	if err := s.Picture(sent, at, fresh, 200, func(p []byte) error {
		next = append(next, bytes.Clone(p))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for name, stream := range map[string][][]byte{
		"old half":  {old[0], old[1], next[0], next[1], next[2], next[3]},
		"old whole": {old[0], old[1], old[2], old[3], next[0], next[1], next[2], next[3]},
		"no start":  {old[0], old[1], old[2], old[3], next[1], next[2], next[3], resent(t, next[0])},
	} {
		p := newPeer(t).hear(stream...)
		if n := len(p.reports); n == 0 || !bytes.Equal(p.reports[n-1].Picture, fresh) {
			t.Errorf("%s: %d reports", name, n)
		}
	}
}

func TestQuietPackets(t *testing.T) {
	_, b := packets(t, sender(), 700, 200)
	p := newPeer(t).hear(b[0], b[2])
	tick := func(after time.Duration) {
		t.Helper()
		p.settle(p.s.Tick(now.Add(after)))
	}
	tick(session.Patience / 2)
	p.wants(0, 0)
	tick(session.Patience)
	p.wants(0, 0, "36 NAK 1 2/4")
	tick(2 * session.Patience)
	p.wants(0, 0, "36 NAK 1 2/4", "36 NAK 1 2/4")
	tick(3 * session.Patience)
	p.wants(0, 0, "36 NAK 1 2/4", "36 NAK 1 2/4")
	if c := p.s.Counters(); c.Abandoned != 1 || c.Again != 2 {
		t.Errorf("%+v", c)
	}
}

// TestQuietGarbage: a beginning that promises a long frame does not hide the frame behind it for ever.
func TestQuietGarbage(t *testing.T) {
	garbage := []byte("\x7E\x7E\x01\x00\x61\x20\x08\x15\x03\xE8\x32\x0F\xFF\x02")
	p := newPeer(t).hear(garbage, timed(t, sender()))
	p.wants(0, 0)
	p.settle(p.s.Tick(now.Add(5 * time.Second)))
	p.wants(1, 0, "32 ESC 1")
}

// TestRoom: packets are kept only as far as there is room, and what they took is given back.
func TestRoom(t *testing.T) {
	s := sender()
	_, b := packets(t, s, 700, 200)
	used, limit := 0, 500+2*session.PacketRoom
	p := newPeer(t)
	o := p.options()
	o.Room = func(n int) bool {
		if used+n > limit {
			return false
		}
		used += n
		return true
	}
	p.s = session.New(o)
	p.hear(b[0], b[1], b[2])
	if p.wants(0, 0); used != 0 || p.s.Counters().Abandoned != 1 {
		t.Errorf("%d bytes, %+v", used, p.s.Counters())
	}
	limit = 1000 + 4*session.PacketRoom
	p.hear(b...)
	p.wants(1, 0, "36 ESC 1 4/4")
	if used == 0 {
		t.Error("nothing is kept for a resend")
	}
	p.settle(p.s.Tick(now.Add(session.Keeping)))
	if used != 0 {
		t.Errorf("%d bytes are not given back", used)
	}
	p.hear(b[0])
	if p.s.Close(); used != 0 {
		t.Errorf("%d bytes are not given back at the end", used)
	}
}

// TestTooLong: packets beyond the longest message are set aside and not joined.
func TestTooLong(t *testing.T) {
	_, b := packets(t, sender(), 1<<17, 4000)
	p := newPeer(t).hear(b...)
	if len(p.reports) != 0 || len(p.held) == 0 || p.held[0].Reason != session.Undecodable {
		t.Errorf("%d reports, %d set aside", len(p.reports), len(p.held))
	}
}

// TestPacketsOfStrangers: who is not known is not answered, and holds no memory.
func TestPacketsOfStrangers(t *testing.T) {
	s := sender()
	s.Station = relay
	_, b := packets(t, s, 700, 200)
	newPeer(t).hear(b...).wants(0, 4)
	newPeer(t).hear(broken(b[3])).wants(0, 0)
	s = sender()
	s.Password = [2]byte{}
	_, b = packets(t, s, 700, 200)
	newPeer(t).hear(append(b, broken(b[3]))...).wants(0, 4)
}

// TestManyMessages: a peer has only so many messages under way.
func TestManyMessages(t *testing.T) {
	p := newPeer(t)
	p.others = map[sl651.Address]session.Station{}
	for i := range 10 {
		s := sender()
		s.Station[4] = byte(i)
		p.others[s.Station] = policy()
		_, b := packets(t, s, 700, 200)
		p.hear(b[0])
	}
	if c := p.s.Counters(); c.Abandoned != 6 {
		t.Errorf("%+v", c)
	}
}

// TestCloseWithSeveral: the bytes of all messages under way are given back.
func TestCloseWithSeveral(t *testing.T) {
	used := 0
	p := newPeer(t)
	p.others = map[sl651.Address]session.Station{relay: policy()}
	o := p.options()
	o.Room = func(n int) bool { used += n; return true }
	p.s = session.New(o)
	for _, a := range []sl651.Address{gauge, relay} {
		s := sender()
		s.Station = a
		_, b := packets(t, s, 700, 200)
		p.hear(b[0])
	}
	if p.s.Close(); used != 0 {
		t.Errorf("%d bytes are not given back", used)
	}
}

// TestResendsCostLittle: a peer that sends the last packet of a long message again and again has it answered, and neither joined nor read again.
func TestResendsCostLittle(t *testing.T) {
	_, b := packets(t, sender(), 60_000, 2_000)
	p := newPeer(t)
	p.hear(b...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 200 {
		p.hear(b[len(b)-1])
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 4<<20 {
		t.Errorf("200 resends of a packet of 2 kB took %d kB of memory", got>>10)
	}
	if len(p.reports) != 1 {
		t.Errorf("%d reports", len(p.reports))
	}
}
