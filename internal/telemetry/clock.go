package telemetry

import (
	"sync"
	"time"
)

// Sockets and waiting run by the machine's clock, which a drill does not move; no judgement hangs on it.

func now() time.Time { return time.Now() }

// past is a deadline that is over.
func past() time.Time { return time.Unix(1, 0) }

// timer ends at an instant of the machine.
func timer(at time.Time) *time.Timer { return time.NewTimer(at.Sub(now())) }

// throttle lets something be said every ten seconds, and counts what was not.
type throttle struct {
	mu     sync.Mutex // guards what is below
	last   time.Time
	silent int
}

func (t *throttle) say(at time.Time) (notTold int, say bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.last.IsZero() && at.Sub(t.last) < 10*time.Second {
		t.silent++
		return 0, false
	}
	notTold, t.silent, t.last = t.silent, 0, at
	return notTold, true
}
