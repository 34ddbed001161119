package session_test

import (
	"bytes"
	"reflect"
	"testing"

	"anlan/internal/sl651"
	"anlan/internal/telemetry/session"
)

// FuzzSession: whatever comes, in one piece or in small ones, comes to the same; nothing is answered that was not handed on; what is kept of
// a peer stays below its bounds.
func FuzzSession(f *testing.F) {
	s := sender()
	_, b := packets(f, s, 700, 200)
	f.Add(joined(b...), uint8(3))
	f.Add(joined(b[0], b[2], b[3], resent(f, b[1])), uint8(30))
	f.Add(joined(timed(f, s), hourly(f, at), report(f, s, sl651.QueryNow)), uint8(1))
	s.Coding = sl651.ASCII
	f.Add(joined(timed(f, s), timed(f, s)), uint8(7))
	f.Add([]byte("\x7E\x7E\x01\x00\x61\x20\x08\x15\x03\xE8\x32\x0F\xFF\x02"), uint8(0))
	f.Fuzz(func(t *testing.T, stream []byte, size uint8) {
		stream = mended(stream)
		used := 0
		make := func() *peer {
			p := newPeer(t)
			o := p.options()
			o.Room = func(n int) bool {
				used += n
				return true
			}
			p.s = session.New(o)
			return p
		}
		whole := make().hear(stream)
		pieces := make()
		for b := stream; len(b) > 0; {
			n := min(int(size)+1, len(b))
			pieces.hear(b[:n])
			b = b[n:]
		}
		if !reflect.DeepEqual(whole.reports, pieces.reports) || !reflect.DeepEqual(whole.replies, pieces.replies) || !reflect.DeepEqual(whole.held, pieces.held) {
			t.Fatalf("whole %d reports, %d set aside, %d replies; in pieces %d, %d, %d",
				len(whole.reports), len(whole.held), len(whole.replies), len(pieces.reports), len(pieces.held), len(pieces.replies))
		}
		if whole.s.Counters() != pieces.s.Counters() {
			t.Fatalf("whole %+v, in pieces %+v", whole.s.Counters(), pieces.s.Counters())
		}
		if places := int(whole.s.Counters().Frames+pieces.s.Counters().Frames) * session.PacketRoom; used > 2*len(stream)+places {
			t.Fatalf("%d bytes kept of %d", used, len(stream))
		}
		whole.settle(whole.s.Tick(now.Add(session.Patience)))
		whole.s.Close()
		pieces.s.Close()
		if used != 0 {
			t.Fatalf("%d bytes are not given back", used)
		}
		for _, r := range whole.replies {
			var f sl651.Frame
			if n, err := f.Parse(r); err != nil || n != len(r) || f.Direction != sl651.Down {
				t.Fatalf("reply %X: %v", r, err)
			}
		}
	})
}

// mended gives all frames in a stream the check code that they need, which a fuzzer does not guess.
func mended(b []byte) []byte {
	b = bytes.Clone(b)
	for i := range b {
		var f sl651.Frame
		n, err := f.Parse(b[i:])
		if n == 0 || err == nil || f.CRC&1 == 1 { // some are left as they are
			continue
		}
		if again, err := f.Append(nil); err == nil && len(again) == n {
			copy(b[i:], again)
		}
	}
	return b
}
