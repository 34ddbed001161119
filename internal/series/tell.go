package series

import (
	"context"
	"fmt"
	"time"

	"anlan/internal/fault"
	"anlan/internal/geodesy"
	"anlan/internal/registry"
	"anlan/internal/series/reading"
	"anlan/internal/series/window"
	"anlan/internal/store"
)

// ExceedancesBetween lists every event that stood at some time after one instant and up to another, the first onset first: a document tells
// of all of them. One that a person's judgement took back is none.
func (s *Service) ExceedancesBetween(ctx context.Context, from, to time.Time, scopes ...int64) ([]Exceedance, error) {
	where, args := within(scopes, []any{to.UnixMilli(), from.UnixMilli()})
	out := []Exceedance{}
	err := store.Each(ctx, s.db, `SELECT `+exceedanceColumns+` FROM exceedance e JOIN water_object o ON o.id = e.object_id
		WHERE e.onset_at <= $1 AND (e.live = 1 OR COALESCE(e.clear_at, e.last_at) > $2) AND e.closed <> 'revised'`+where+` ORDER BY e.onset_at, e.id`, func(scan func(...any) error) error {
		e, err := scanExceedance(scan)
		out = append(out, e)
		return err
	}, args...)
	if err != nil {
		return nil, fmt.Errorf("list the events of a time: %w", err)
	}
	return out, nil
}

// Revisions counts the versions of readings of a quantity stamped after one instant and up to another, by object; an object whose readings
// all are as they first came is not in the answer.
func (s *Service) Revisions(ctx context.Context, id reading.ID, from, to time.Time) (map[int64]int64, error) {
	out := map[int64]int64{}
	err := store.Each(ctx, s.db, `SELECT object_id, COUNT(*) FROM observation_revision WHERE quantity = $1 AND at > $2 AND at <= $3 AND seq > 1 GROUP BY object_id ORDER BY object_id`,
		func(scan func(...any) error) error {
			var object, n int64
			err := scan(&object, &n)
			out[object] = n
			return err
		}, int64(id), from.UnixMilli(), to.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("count the versions of readings: %w", err)
	}
	return out, nil
}

// WholeRain gives the areal rain of a division as a whole: by the outlines of its children together or, where they have none, by its own;
// the mean of its stations where neither is known.
func (s *Service) WholeRain(ctx context.Context, d registry.Division, sums map[int64]window.Sum) (DivisionRain, error) {
	out := DivisionRain{Division: d, Method: ByThiessen}
	outlines, err := s.reg.Boundaries(ctx, d.ID)
	if err != nil {
		return out, err
	}
	if len(outlines) == 0 && d.ParentID != nil {
		siblings, err := s.reg.Boundaries(ctx, *d.ParentID)
		if err != nil {
			return out, err
		}
		for _, b := range siblings {
			if b.Division.ID == d.ID {
				outlines = append(outlines, b)
			}
		}
	}
	area, err := areaOf(outlines)
	if err != nil {
		return out, err
	}
	if len(area) > 0 {
		if out.Areal, err = s.AreaRain(ctx, area, sums); err != nil || out.Of > 0 {
			return out, err
		}
	}
	gauges, err := s.gauges(ctx, d.ID)
	if err != nil {
		return out, err
	}
	out.Method, out.Areal = ByMean, window.ArealOf(alike(gauges, func(Station) bool { return true }), sums)
	return out, nil
}

// areaOf is the area of several outlines; a division that lies inside another adds none.
func areaOf(outlines []registry.Boundary) (geodesy.MultiPolygon, error) {
	var out geodesy.MultiPolygon
	for _, b := range outlines {
		if b.Division.InsideID != nil && len(outlines) > 1 {
			continue
		}
		features, bad, err := geodesy.ReadGeoJSON([]byte(b.Geometry), geodesy.CGCS2000, geodesy.DefaultLimits())
		if err != nil {
			return nil, fmt.Errorf("read the boundary of division %s: %w", b.Division.Code, err)
		}
		if len(bad) > 0 || len(features) != 1 || features[0].Area == nil {
			return nil, fault.Invalidf("division.boundary", "区划边界不是面", "the boundary of the division is no area")
		}
		out = append(out, features[0].Area...)
	}
	return out, nil
}
