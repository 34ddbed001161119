package station

import (
	"math"
	"sync"
	"time"
)

// Clock is the time in which stations live: the machine's, or one that begins another day and runs faster. It may be used by many.
type Clock struct {
	from  time.Time
	speed float64
	begun time.Time

	mu sync.Mutex // guards what is below
	at time.Time  // where the clock runs as fast as it can: the latest instant that was waited for
}

// NewClock makes a clock that begins at an instant and runs so many times as fast as the machine's; as fast as it can where speed is +Inf.
func NewClock(from time.Time, speed float64) *Clock {
	return &Clock{from: from, speed: speed, begun: wall(), at: from}
}

// Now is what the clock says.
func (c *Clock) Now() time.Time {
	if math.IsInf(c.speed, 1) {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.at
	}
	return c.from.Add(time.Duration(float64(wall().Sub(c.begun)) * c.speed))
}

// reach is a timer that ends when the clock says an instant, or later.
func (c *Clock) reach(at time.Time) *time.Timer {
	if math.IsInf(c.speed, 1) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if at.After(c.at) {
			c.at = at
		}
		return after(0)
	}
	return after(time.Duration(float64(at.Sub(c.Now())) / c.speed))
}

// wall and after go by the machine's clock.
func wall() time.Time { return time.Now() }

func after(d time.Duration) *time.Timer { return time.NewTimer(max(d, 0)) }
