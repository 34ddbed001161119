package app

import (
	"context"
	"time"

	"anlan/internal/sl651"
	"anlan/internal/telemetry"
)

// GapsOf is what the gateway is told to be missing of a station.
func GapsOf(ctx context.Context, a *App, station sl651.Address, at time.Time) ([]telemetry.Gap, error) {
	return (&gauges{series: a.Series, book: a.Book}).Gaps(ctx, station, at)
}
