package app

import (
	"context"
	"maps"
	"slices"
	"time"

	"anlan/internal/series/reading"
	"anlan/internal/sl651"
	"anlan/internal/telemetry"
	"anlan/internal/telemetry/session"
)

// GapsOf is what the gateway is told to be missing of a station.
func GapsOf(ctx context.Context, a *App, station sl651.Address, at time.Time) ([]telemetry.Gap, error) {
	return (&gauges{series: a.Series, book: a.Book}).Gaps(ctx, station, at)
}

// Askable are the elements by which a station is asked whose readings come at a usual step.
func Askable(st session.Station, step time.Duration) []sl651.ID {
	return slices.Sorted(maps.Keys(askable(st, func(reading.ID) time.Duration { return step })))
}
