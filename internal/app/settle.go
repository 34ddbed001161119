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
	causes, err := a.Programme.Causes(ctx, a.Config.City)
	if fault.Is(err, fault.NotFound) { // the city is not on record yet
		return nil
	}
	if err != nil {
		return err
	}
	if made, moved, err := a.Ledger.Enrol(ctx); err != nil {
		return err
	} else if made+moved > 0 {
		a.Log.Info("ledgers follow the register", "listed", made, "moved", moved)
	}
	late, err := a.Ledger.Causes(ctx, a.Config.City)
	if err != nil {
		return err
	}
	causes = append(causes, late...)
	done, err := a.Matter.Settle(ctx, causes, programme.CauseKinds()...)
	if done.Opened+done.Cleared+done.Told > 0 {
		a.Log.Info("matters follow the figures", "opened", done.Opened, "cleared", done.Cleared, "told", done.Told, "left", done.Left)
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
