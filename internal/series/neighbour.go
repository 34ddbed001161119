package series

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"anlan/internal/geodesy"
	"anlan/internal/quantity"
	"anlan/internal/series/quality"
	"anlan/internal/series/reading"
	"anlan/internal/series/window"
)

// CheckNeighbours holds the rain of every station in the hour that ends at an instant against that of the stations around, flags the
// readings of those that are unlike, and returns their objects. Who has not told the whole hour is neither judged nor a judge.
// It is asked once the hour's reports are in; asked again it changes nothing.
func (s *Service) CheckNeighbours(ctx context.Context, hourEnd time.Time) ([]int64, error) {
	hourEnd = hourEnd.UTC().Truncate(time.Hour)
	gauges, err := s.gauges(ctx)
	if err != nil {
		return nil, err
	}
	sums, _, err := s.Sums(ctx, SumQuery{From: hourEnd.Add(-time.Hour), To: hourEnd})
	if err != nil {
		return nil, err
	}
	rules, err := readRules(ctx, s.db)
	if err != nil {
		return nil, err
	}
	unlike := unlikely(gauges, sums, rules.Neighbourhood)
	for _, object := range unlike {
		if err := s.flag(ctx, object, reading.Rain, hourEnd.Add(-time.Hour+time.Second), hourEnd, reading.Neighbour); err != nil {
			return nil, fmt.Errorf("flag the rain of object %d: %w", object, err)
		}
	}
	return unlike, nil
}

// unlikely finds stations whose rain is unlike that of those around. Stations are looked at from west to east, so that each is held
// only against those of its own meridians.
func unlikely(gauges []Station, sums map[int64]window.Sum, n quality.Neighbourhood) []int64 {
	told := slices.DeleteFunc(slices.Clone(gauges), func(g Station) bool { return g.Place == nil || !sums[g.Object].Whole() })
	slices.SortFunc(told, func(a, b Station) int { return cmp.Compare(a.Place.Lon, b.Place.Lon) })
	const degreeM = 111_000 // of latitude; of longitude it is less
	var out []int64
	first := 0
	for _, g := range told {
		// At 60° a degree of longitude is half as long.
		for g.Place.Lon-told[first].Place.Lon > 2*n.WithinM/degreeM {
			first++
		}
		var others []quantity.Decimal
		for _, o := range told[first:] {
			if o.Place.Lon-g.Place.Lon > 2*n.WithinM/degreeM {
				break
			}
			if o.Object != g.Object && geodesy.GreatCircle(*g.Place, *o.Place) <= n.WithinM {
				others = append(others, sums[o.Object].Value.Decimal)
			}
		}
		if n.Unlike(sums[g.Object].Value.Decimal, others) {
			out = append(out, g.Object)
		}
	}
	slices.Sort(out)
	return out
}
