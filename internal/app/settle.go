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
	var seen int64 = -1
	var day time.Time
	told := false // a trouble is said once while it lasts
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		changed, today := a.figures.Load(), a.Clock.Now().Truncate(time.Hour)
		if changed == seen && today.Equal(day) {
			continue
		}
		// The register is long, so it is gone through once an hour, and soon after an inspection. What fails there keeps nothing else back.
		if a.inspected.Swap(false) || !today.Equal(day) {
			if err := a.Enrol(ctx); err != nil && ctx.Err() == nil {
				a.Log.Warn("ledgers do not follow the register", "err", err)
			}
		}
		if err := a.Settle(ctx); err != nil {
			if !told && ctx.Err() == nil {
				a.Log.Warn("matters do not follow the figures yet", "err", err)
			}
			told = true
			continue
		}
		seen, day, told = changed, today, false
	}
}
