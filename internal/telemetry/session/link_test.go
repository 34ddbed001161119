package session_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"anlan/internal/sl651"
	"anlan/internal/telemetry/session"
)

// TestBadLinks: over links that lose, damage and double packets, a picture that is confirmed is one that was sent, as it was sent, and a
// station that goes on trying gets it through.
func TestBadLinks(t *testing.T) {
	confirmed, wrong, tried := 0, 0, 0
	for seed := range uint64(3000) {
		rng := rand.New(rand.NewPCG(seed, 651))
		p := newPeer(t)
		p.s = session.New(p.options())
		s := sender()
		clock := now
		sent := map[string]bool{}
		for range 3 {
			jpeg := make([]byte, 300+rng.IntN(300))
			for i := range jpeg {
				jpeg[i] = byte(rng.Uint32())
			}
			sent[string(jpeg)] = true
			var b [][]byte
			if err := s.Picture(sl651.StampOf(clock), at, jpeg, 120, func(p []byte) error {
				b = append(b, bytes.Clone(p))
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			tried++
			say := func(packet []byte) {
				for range 1 + rng.IntN(10)/9 {
					switch rng.IntN(10) {
					case 0: // lost
					case 1:
						p.hear(broken(packet))
					default:
						p.hear(packet)
					}
				}
			}
			told := func() (confirmed bool) {
				replies := p.replies
				p.replies = nil
				for _, r := range replies {
					var f sl651.Frame
					if _, err := f.Parse(r); err != nil {
						t.Fatal(err)
					}
					if f.End == sl651.ESC {
						return true
					}
					say(resent(t, b[f.Sequence-1]))
				}
				return false
			}
			done := false
			for round := 0; round < 3 && !done; round++ {
				for _, packet := range b {
					say(packet)
				}
				for range 12 {
					if done = told(); done {
						break
					}
					if len(p.replies) == 0 {
						clock = clock.Add(session.Patience)
						p.settle(p.s.Tick(clock))
					}
				}
			}
			if done {
				confirmed++
			}
		}
		for _, r := range p.reports {
			if !sent[string(r.Picture)] {
				wrong++
			}
		}
	}
	if wrong > 0 || confirmed < tried*95/100 {
		t.Errorf("%d of %d confirmed, %d that nobody sent", confirmed, tried, wrong)
	}
	t.Logf("%d of %d confirmed", confirmed, tried)
}
