package station

import (
	"math"
	"sync"
	"time"
)

// Clock is the time in which stations live: the machine's, or one that begins another day and runs faster. It may be used by many.
type Clock struct {
	mu    sync.Mutex // guards what is below
	speed float64
	from  time.Time // what the clock said when its speed was set
	begun time.Time // and when that was by the machine
	at    time.Time // where the clock runs as fast as it can: the latest instant that was waited for
}

// glance is for how long a station at most waits without looking at the clock, whose speed may have changed.
const glance = 2 * time.Second

// NewClock makes a clock that begins at an instant and runs so many times as fast as the machine's; as fast as it can where speed is +Inf.
func NewClock(from time.Time, speed float64) *Clock {
	return &Clock{from: from, speed: speed, begun: wall(), at: from}
}

// Now is what the clock says.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	if math.IsInf(c.speed, 1) {
		return c.at
	}
	return c.from.Add(time.Duration(float64(wall().Sub(c.begun)) * c.speed))
}

// SetSpeed has the clock run so many times as fast as the machine's from now on; it stands still where speed is 0.
func (c *Clock) SetSpeed(speed float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.from = c.now()
	c.at, c.begun, c.speed = c.from, wall(), speed
}

// reach is a timer that ends when the clock says an instant, or some time before, when the clock is to be looked at again.
func (c *Clock) reach(at time.Time) *time.Timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	if math.IsInf(c.speed, 1) {
		if at.After(c.at) {
			c.at = at
		}
		return after(0)
	}
	wait := float64(at.Sub(c.now())) / c.speed
	if !(wait < float64(glance)) { // so long, or for ever
		return after(glance)
	}
	return after(time.Duration(wait))
}

// wall and after go by the machine's clock.
func wall() time.Time { return time.Now() }

func after(d time.Duration) *time.Timer { return time.NewTimer(max(d, 0)) }
