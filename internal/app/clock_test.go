package app_test

import (
	"testing"
	"time"

	"anlan/internal/app"
)

// TestClockRunsFaster: a demo's clock runs on from where it was set, as fast as it was told, and refuses what no screen could follow.
func TestClockRunsFaster(t *testing.T) {
	var c app.Clock
	if d := time.Since(c.Now()); d < 0 || d > time.Minute || c.Speed() != 1 {
		t.Errorf("the wall clock is %v away, speed %v", d, c.Speed())
	}
	at := time.Date(2026, 6, 8, 0, 40, 0, 0, time.UTC)
	if err := c.Set(at); err != nil {
		t.Fatal(err)
	}
	if err := c.Run(60); err != nil {
		t.Fatal(err)
	}
	for c.Now().Sub(at) < 2*time.Second { // some thirty milliseconds
		time.Sleep(time.Millisecond)
	}
	if err := c.Set(at); err != nil || c.Speed() != 60 || c.Now().Before(at) {
		t.Errorf("set again: speed %v, %v, %v", c.Speed(), c.Now(), err)
	}
	for _, bad := range []float64{0, -1, 101} {
		if c.Run(bad) == nil {
			t.Errorf("runs %v times as fast", bad)
		}
	}
}
