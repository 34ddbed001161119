package app

import (
	"sync/atomic"
	"time"

	"anlan/internal/fault"
)

// Clock is the wall clock, or in a demo one that runs from another day, and perhaps faster.
type Clock struct{ moved atomic.Pointer[pace] }

// pace is what a clock that was set says: from at the machine's instant of setting, and speed times as fast from there.
type pace struct {
	from, begun time.Time
	speed       float64
}

// fastest is a day in some fourteen minutes: beyond it a session would end while somebody reads.
const fastest = 100

// Now is the instant by this clock.
func (c *Clock) Now() time.Time {
	p := c.moved.Load()
	if p == nil {
		return time.Now().UTC()
	}
	return p.from.Add(time.Duration(float64(time.Since(p.begun)) * p.speed)).UTC()
}

// Speed is how many times as fast as the machine's it runs.
func (c *Clock) Speed() float64 {
	if p := c.moved.Load(); p != nil {
		return p.speed
	}
	return 1
}

// Set makes the clock read an instant and run on from there.
func (c *Clock) Set(at time.Time) error {
	if y := at.Year(); y < 2000 || y > 2100 {
		return fault.Invalidf("clock.year", "演示时间须在 2000–2100 年之间", "the demo's day lies between 2000 and 2100")
	}
	c.moved.Store(&pace{at, time.Now(), c.Speed()})
	return nil
}

// Run makes the clock run so many times as fast as the machine's from now on, 1 to 100.
func (c *Clock) Run(speed float64) error {
	if !(speed >= 1 && speed <= fastest) {
		return fault.Invalidf("clock.speed", "演示时间的快慢须在 1–%d 倍之间", "the demo's time runs 1 to %d times as fast as the clock", fastest)
	}
	c.moved.Store(&pace{c.Now(), time.Now(), speed})
	return nil
}
