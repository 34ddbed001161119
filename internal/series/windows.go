package series

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/series/chunk"
	"anlan/internal/series/reading"
	"anlan/internal/series/window"
	"anlan/internal/store"
)

// SumQuery asks what totals of all stations come to in a window.
type SumQuery struct {
	Quantity reading.ID // reading.Rain where 0
	From, To time.Time
	// Exact takes the window as it is even where it begins or ends within an hour that is sealed; that unpacks a day of every station.
	// Otherwise such a window is widened to whole hours.
	Exact bool
}

// longest bounds a window over all stations: a year, and a leap day.
const longest = 367 * 24 * time.Hour

// Sums adds up the totals of every station that has any in a window, and says which window it was. A station without a reading is not
// in the answer: what it gathered is not known, and not zero.
func (s *Service) Sums(ctx context.Context, sq SumQuery) (map[int64]window.Sum, SumQuery, error) {
	if sq.Quantity == 0 {
		sq.Quantity = reading.Rain
	}
	if q, ok := reading.ByID(sq.Quantity); !ok || q.Kind != reading.Total {
		return nil, sq, fault.Invalidf("sums.quantity", "该观测量不可累计", "readings of this quantity do not add up")
	}
	sq.From, sq.To = sq.From.UTC().Truncate(time.Second), sq.To.UTC().Truncate(time.Second)
	if !sq.To.After(sq.From) || sq.To.Sub(sq.From) > longest {
		return nil, sq, fault.Invalidf("sums.window", "时段须大于零且不超过一年", "a window is longer than nothing and at most a year")
	}
	out := map[int64]window.Sum{}
	err := s.db.Snapshot(ctx, func(q store.Querier) error {
		h, err := readHorizon(ctx, q, "")
		if err != nil {
			return err
		}
		sealed := store.Time(slices.Max(h[:]))
		sq = s.fit(sq, sealed)
		from, to := hourOf(sq.From), sq.To.Truncate(time.Hour)
		if !sq.To.Before(s.now()) {
			to = hourOf(sq.To) // nothing that counts lies behind
		}
		inHours := s.now().Sub(sq.From) < hoursKept-time.Hour && from.Before(to) &&
			(from.Equal(sq.From) || !sq.From.Before(sealed)) && (!to.Before(sq.To) || !to.Before(sealed))
		switch {
		case inHours:
			if err := partSums(ctx, q, sq, sq.From, from, out); err != nil {
				return err
			}
			if err := s.hourSums(ctx, q, sq, from, to, out); err != nil {
				return err
			}
			return partSums(ctx, q, sq, to, sq.To, out)
		case sq.From.Before(sealed):
			if err := chunkSums(ctx, q, sq, out); err != nil {
				return err
			}
		}
		return partSums(ctx, q, sq, sq.From, sq.To, out)
	})
	if err != nil {
		return nil, sq, fmt.Errorf("add up readings of all stations: %w", err)
	}
	return out, sq, nil
}

// fit widens a window that need not be exact to whole hours where it begins or ends in what is sealed.
func (s *Service) fit(sq SumQuery, sealed time.Time) SumQuery {
	if sq.Exact {
		return sq
	}
	if sq.From.Before(sealed) {
		sq.From = sq.From.Truncate(time.Hour)
	}
	if !sq.To.After(sealed) {
		sq.To = hourOf(sq.To)
	}
	return sq
}

// put adds a part to the sum of an object; the window of the whole is that of the query.
func put(out map[int64]window.Sum, sq SumQuery, object int64, part window.Sum) {
	sum, ok := out[object]
	if !ok {
		sum = window.Sum{From: sq.From, To: sq.To}
	}
	if part.Value.Valid {
		sum.Value = quantity.Some(sum.Value.Decimal + part.Value.Decimal)
	}
	sum.Covered += part.Covered
	sum.Doubted += part.Doubted
	out[object] = sum
}

// partSums adds up what is not sealed between two instants of a window. A span that begins before the window is not in it.
func partSums(ctx context.Context, q store.Querier, sq SumQuery, from, to time.Time, out map[int64]window.Sum) error {
	if !from.Before(to) {
		return nil
	}
	return store.Each(ctx, q, `SELECT object_id, `+totalsSQL+` FROM observation
		WHERE quantity = $1 AND at > $2 AND at <= $3 AND at - span_s * 1000 >= $4 GROUP BY object_id`, func(scan func(...any) error) error {
		return scanSum(scan, sq, out)
	}, int64(sq.Quantity), from.UnixMilli(), to.UnixMilli(), sq.From.UnixMilli())
}

func scanSum(scan func(...any) error, sq SumQuery, out map[int64]window.Sum) error {
	var object, covered int64
	var v sql.NullInt64
	var part window.Sum
	if err := scan(&object, &v, &covered, &part.Doubted); err != nil {
		return err
	}
	part.Value, part.Covered = figure(v), time.Duration(covered)*time.Second
	put(out, sq, object, part)
	return nil
}

// chunkSums adds up what is sealed: days that lie wholly in the window by what stands beside their chunks, the others by unpacking.
func chunkSums(ctx context.Context, q store.Querier, sq SumQuery, out map[int64]window.Sum) error {
	first, last := hydrotime.PeriodDay(sq.From.Add(time.Second)), hydrotime.PeriodDay(sq.To)
	inner := first.Add(reading.HydrologicalDay) // of the first day, spans that begin before the window must be told apart
	outer := last
	if last.Add(reading.HydrologicalDay).Equal(sq.To) {
		outer = sq.To
	}
	err := store.Each(ctx, q, `
		SELECT object_id, CAST(SUM(CASE WHEN counted > 0 THEN sum_e6 END) AS BIGINT), CAST(SUM(covered_s) AS BIGINT), CAST(SUM(doubted) AS BIGINT)
		FROM observation_chunk WHERE quantity = $1 AND day >= $2 AND day < $3 GROUP BY object_id`, func(scan func(...any) error) error {
		return scanSum(scan, sq, out)
	}, int64(sq.Quantity), inner.UnixMilli(), outer.UnixMilli())
	if err != nil {
		return err
	}
	return store.Each(ctx, q, `
		SELECT object_id, body FROM observation_chunk WHERE quantity = $1 AND (day = $2 OR day = $3) AND NOT (day >= $4 AND day < $5)`, func(scan func(...any) error) error {
		var object int64
		var body sql.RawBytes
		if err := scan(&object, &body); err != nil {
			return err
		}
		points, err := chunk.Decode(body)
		if err != nil {
			return fmt.Errorf("object %d: %w", object, err)
		}
		if part := window.SumOf(points, sq.From, sq.To); part.Value.Valid || part.Doubted > 0 {
			put(out, sq, object, part)
		}
		return nil
	}, int64(sq.Quantity), first.UnixMilli(), last.UnixMilli(), inner.UnixMilli(), outer.UnixMilli())
}

// Extremes gives the least and the greatest figure of every station between two instants, both included, with when they came first. It
// reads every unsealed row and, of days that the time cuts, every chunk.
func (s *Service) Extremes(ctx context.Context, id reading.ID, from, to time.Time) (map[int64]window.Extremes, error) {
	if !to.After(from) || to.Sub(from) > longest {
		return nil, fault.Invalidf("extremes.window", "时段须大于零且不超过一年", "a time is longer than nothing and at most a year")
	}
	all := map[int64]*window.Extremes{}
	of := func(object int64) *window.Extremes {
		if all[object] == nil {
			all[object] = &window.Extremes{}
		}
		return all[object]
	}
	err := s.db.Snapshot(ctx, func(q store.Querier) error {
		err := store.Each(ctx, q, `
			SELECT object_id, at, value_e6, span_s, flags, source_id FROM observation WHERE quantity = $1 AND at >= $2 AND at <= $3 ORDER BY at, object_id`, func(scan func(...any) error) error {
			var object int64
			p, err := scanPoint(scan, &object)
			of(object).Add(p)
			return err
		}, int64(id), from.UnixMilli(), to.UnixMilli())
		if err != nil {
			return err
		}
		// A day holds what comes after its 08:00: one that begins at from or later, and ends at to or earlier, lies wholly within.
		first, last := hydrotime.PeriodDay(from), hydrotime.PeriodDay(to)
		return store.Each(ctx, q, `
			SELECT object_id, day, counted, doubted, least_e6, least_at, most_e6, most_at, body FROM observation_chunk
			WHERE quantity = $1 AND day >= $2 AND day <= $3 ORDER BY object_id, day`, func(scan func(...any) error) error {
			return extremesOfDay(scan, from, to, of)
		}, int64(id), first.UnixMilli(), last.UnixMilli())
	})
	if err != nil {
		return nil, fmt.Errorf("read the extremes of all stations: %w", err)
	}
	out := make(map[int64]window.Extremes, len(all))
	for object, e := range all {
		if e.Counted > 0 || e.Doubted > 0 {
			out[object] = *e
		}
	}
	return out, nil
}

// extremesOfDay takes a chunk by what stands beside it where its day lies wholly between two instants, else by unpacking.
func extremesOfDay(scan func(...any) error, from, to time.Time, of func(int64) *window.Extremes) error {
	var object, day int64
	var e window.Extremes
	var least, leastAt, most, mostAt sql.NullInt64
	var body sql.RawBytes
	if err := scan(&object, &day, &e.Counted, &e.Doubted, &least, &leastAt, &most, &mostAt, &body); err != nil {
		return err
	}
	begin := store.Time(day)
	if !begin.Before(from) && !begin.Add(reading.HydrologicalDay).After(to) {
		e.Least = reading.Point{At: store.Time(leastAt.Int64), Value: figure(least)}
		e.Most = reading.Point{At: store.Time(mostAt.Int64), Value: figure(most)}
		of(object).Join(e)
		return nil
	}
	points, err := chunk.Decode(body)
	if err != nil {
		return fmt.Errorf("object %d: %w", object, err)
	}
	for _, p := range points {
		if !p.At.Before(from) && !p.At.After(to) {
			of(object).Add(p)
		}
	}
	return nil
}

// Curve reads a series as a curve of at most so many points, window.MostPoints where most is 0, that keeps its peaks.
func (s *Service) Curve(ctx context.Context, object int64, id reading.ID, from, to time.Time, most int) (list []reading.Point, read int, err error) {
	if most <= 0 || most > window.MostPoints {
		most = window.MostPoints
	}
	list, err = s.Points(ctx, object, id, from, to)
	if err != nil {
		return nil, 0, err
	}
	q, _ := reading.ByID(id)
	return window.Thin(list, q.Kind, most), len(list), nil
}

// Buckets gathers a series into hours or hydrological days with their means, sums and extremes.
func (s *Service) Buckets(ctx context.Context, object int64, id reading.ID, from, to time.Time, step window.Step) ([]window.Bucket, error) {
	if step != window.Hourly && step != window.Daily {
		return nil, fault.Invalidf("buckets.step", "步长须为 hour 或 day", "a step is hour or day")
	}
	list, err := s.Points(ctx, object, id, from, to)
	if err != nil {
		return nil, err
	}
	q, _ := reading.ByID(id)
	return window.Buckets(list, q.Kind, step), nil
}
