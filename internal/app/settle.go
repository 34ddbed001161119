package app

import (
	"context"
	"time"

	"anlan/internal/fault"
	"anlan/internal/programme"
)

// settleAfter is how long figures are left to come in before the matters that rest on them follow.
const settleAfter = 2 * time.Second

// Settle brings the matters that rules opened into step with the figures of the city, once.
func (a *App) Settle(ctx context.Context) error {
	if a.Config.City == "" {
		return nil
	}
	standing, err := a.Matter.Standing(ctx, programme.CauseKinds()...)
	if err != nil {
		return err
	}
	causes, err := a.Programme.Causes(ctx, a.Config.City, standing...)
	if fault.Is(err, fault.NotFound) { // the city is not on record yet
		return nil
	}
	if err != nil {
		return err
	}
	late, err := a.Ledger.Causes(ctx, a.Config.City, standing...)
	if err != nil {
		return err
	}
	behind, err := a.Project.Causes(ctx, a.Config.City, standing...)
	if err != nil {
		return err
	}
	causes = append(append(causes, late...), behind...)
	done, err := a.Matter.Settle(ctx, causes, programme.CauseKinds()...)
	if done.Opened+done.Cleared+done.Told > 0 {
		a.Log.Info("matters follow the figures", "opened", done.Opened, "cleared", done.Cleared, "told", done.Told, "left", done.Left)
	}
	return err
}

// Enrol brings the ledgers into step with the register and with what was inspected, once.
func (a *App) Enrol(ctx context.Context) error {
	made, moved, err := a.Ledger.Enrol(ctx)
	if made+moved > 0 {
		a.Log.Info("ledgers follow the register", "listed", made, "moved", moved)
	}
	return err
}

// settle follows the figures: soon after they changed, and as days pass without any change.
func (a *App) settle(ctx context.Context) {
	tick := time.NewTicker(settleAfter)
	defer tick.Stop()
	f := follower{
		figures: a.figures.Load, moves: a.moves.Load, inspections: a.inspected.Load, now: a.Clock.Now, enrol: a.Enrol, settle: a.Settle,
		warn: func(what string, err error) { a.Log.Warn(what, "err", err) },
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		f.tick(ctx)
	}
}

const (
	// movesEvery is after how many ticks the figures that are counted from matters are looked at, where matters moved: moves are many.
	movesEvery = 30
	// enrolAgain is after how many ticks a register that could not be followed is gone through again: it is long.
	enrolAgain = 5
)

// follower brings ledgers and the matters of rules into step with what changed, tick by tick. What fails is tried again, and is told once
// while the trouble lasts; what fails there keeps nothing else back.
type follower struct {
	figures, moves, inspections func() int64 // how often each changed
	now                         func() time.Time
	enrol, settle               func(ctx context.Context) error
	warn                        func(what string, err error)

	begun                  bool
	ticks                  int
	seen, moved, inspected int64
	hour, enrolled         time.Time
	enrolFrom              int // tick from which the register is gone through again, after trouble; 0 for none
	tired, told            bool
}

func (f *follower) tick(ctx context.Context) {
	f.ticks++
	figures, moves, inspections, hour := f.figures(), f.moves(), f.inspections(), f.now().Truncate(time.Hour)
	again := f.begun && hour.Equal(f.hour)
	retry := f.enrolFrom > 0 && f.ticks >= f.enrolFrom
	if again && figures == f.seen && !retry && (moves == f.moved || f.ticks%movesEvery != 0) {
		return
	}
	// The register is long, so it is gone through once an hour, and soon after an inspection.
	if !hour.Equal(f.enrolled) || inspections != f.inspected || retry {
		err := f.enrol(ctx)
		f.enrolFrom = 0
		if err != nil {
			f.enrolFrom = f.ticks + enrolAgain
			if !f.tired && ctx.Err() == nil {
				f.warn("ledgers do not follow the register", err)
			}
		}
		f.tired, f.inspected, f.enrolled = err != nil, inspections, hour
	}
	if err := f.settle(ctx); err != nil {
		if !f.told && ctx.Err() == nil {
			f.warn("matters do not follow the figures yet", err)
		}
		f.told = true
		return
	}
	f.begun, f.seen, f.moved, f.hour, f.told = true, figures, moves, hour, false
}
