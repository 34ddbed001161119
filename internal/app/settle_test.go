package app

import (
	"context"
	"errors"
	"testing"
	"time"
)

// TestFollowerTriesAgain: one stale entry does not keep all ledgers back for an hour, moves of matters are followed within a minute, and a
// trouble is told once.
func TestFollowerTriesAgain(t *testing.T) {
	var figures, moves, inspections int64
	var enrolled, settled, warned int
	var trouble error
	f := follower{
		figures: func() int64 { return figures }, moves: func() int64 { return moves }, inspections: func() int64 { return inspections },
		now:    func() time.Time { return time.Date(2026, 6, 8, 2, 0, 0, 0, time.UTC) },
		enrol:  func(context.Context) error { enrolled++; return trouble },
		settle: func(context.Context) error { settled++; return nil },
		warn:   func(string, error) { warned++ },
	}
	ticks := func(n, wantEnrolled, wantSettled int) {
		t.Helper()
		enrolled, settled = 0, 0
		for range n {
			f.tick(t.Context())
		}
		if enrolled != wantEnrolled || settled != wantSettled {
			t.Errorf("%d times enrolled and %d settled, want %d and %d", enrolled, settled, wantEnrolled, wantSettled)
		}
	}
	ticks(10, 1, 1)
	figures++
	ticks(10, 0, 1)
	moves++
	ticks(movesEvery, 0, 1)
	ticks(movesEvery, 0, 0)
	inspections, figures, trouble = inspections+1, figures+1, errors.New("stale")
	ticks(2*enrolAgain, 2, 2)
	trouble = nil
	ticks(enrolAgain, 1, 1)
	ticks(enrolAgain, 0, 0)
	if warned != 1 {
		t.Errorf("told %d times", warned)
	}
}
