package series

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/series/chunk"
	"anlan/internal/series/reading"
	"anlan/internal/store"
)

// Points reads a series from one instant to another, both included, sealed and not, as of one state of the store.
func (s *Service) Points(ctx context.Context, object int64, id reading.ID, from, to time.Time) ([]reading.Point, error) {
	var out []reading.Point
	err := s.db.Snapshot(ctx, func(q store.Querier) (err error) {
		out, err = points(ctx, q, object, id, from, to)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the series of object %d: %w", object, err)
	}
	return out, nil
}

// mostAhead bounds for how many readings room is made before they are read.
const mostAhead = 1 << 20

func points(ctx context.Context, q store.Querier, object int64, id reading.ID, from, to time.Time) ([]reading.Point, error) {
	days := []any{int64(id), object, hydrotime.PeriodDay(from).UnixMilli(), hydrotime.PeriodDay(to).UnixMilli()}
	const inDays = ` FROM observation_chunk WHERE quantity = $1 AND object_id = $2 AND day >= $3 AND day <= $4`
	var n int64
	if err := q.QueryRowContext(ctx, `SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT)`+inDays, days...).Scan(&n); err != nil {
		return nil, err
	}
	var unpack chunk.Unpacker
	out := make([]reading.Point, 0, min(n, mostAhead))
	err := store.Each(ctx, q, `SELECT body`+inDays+` ORDER BY day`, func(scan func(...any) error) (err error) {
		var body sql.RawBytes
		if err := scan(&body); err != nil {
			return err
		}
		before := len(out)
		if out, err = unpack.Append(out, body); err != nil {
			return err
		}
		if day := out[before:]; len(day) > 0 && (day[0].At.Before(from) || day[len(day)-1].At.After(to)) {
			day = slices.DeleteFunc(day, func(p reading.Point) bool { return p.At.Before(from) || p.At.After(to) })
			out = out[:before+len(day)]
		}
		return nil
	}, days...)
	if err != nil {
		return nil, err
	}
	var sealed int64
	if err := q.QueryRowContext(ctx, `SELECT sealed_at FROM observation_horizon WHERE bucket = $1`, object%buckets).Scan(&sealed); err != nil {
		return nil, err
	}
	if to.UnixMilli() <= sealed {
		return out, nil
	}
	err = store.Each(ctx, q, oneAmongAll, func(scan func(...any) error) error {
		p, err := scanPoint(scan)
		out = append(out, p)
		return err
	}, int64(id), max(sealed, from.UnixMilli()-1), to.UnixMilli(), object)
	return out, err
}

// oneAmongAll reads one station's rows out of those of all, which lie by time: it goes from one stamp to the next, of which there are few since
// stations stamp whole minutes, and looks there for the station. CROSS JOIN keeps SQLite to that order.
const oneAmongAll = `
	WITH RECURSIVE stamp (at) AS (
		SELECT (SELECT o.at FROM observation o WHERE o.quantity = $1 AND o.at > $2 AND o.at <= $3 ORDER BY o.quantity, o.at LIMIT 1)
		UNION ALL
		SELECT (SELECT o.at FROM observation o WHERE o.quantity = $1 AND o.at > stamp.at AND o.at <= $3 ORDER BY o.quantity, o.at LIMIT 1)
		FROM stamp WHERE stamp.at IS NOT NULL
	)
	SELECT o.at, o.value_e6, o.span_s, o.flags, o.source_id FROM stamp CROSS JOIN observation o
	WHERE o.quantity = $1 AND o.at = stamp.at AND o.object_id = $4 ORDER BY o.at`

// LatestQuery narrows Latest; zero fields do not.
type LatestQuery struct {
	Scopes   []int64 // divisions whose subtrees may be seen
	Object   int64
	Quantity reading.ID
}

// Latest reads the newest reading of every series, by object and quantity. A reading whose clock is wrong is never the newest.
func (s *Service) Latest(ctx context.Context, l LatestQuery) ([]reading.Reading, error) {
	out := []reading.Reading{}
	query := `SELECT v.object_id, v.quantity, v.at, v.value_e6, v.span_s, v.flags, v.source_id FROM observation_latest v`
	where, args := within(l.Scopes, nil)
	if where != "" {
		query += ` JOIN water_object o ON o.id = v.object_id`
	}
	query += ` WHERE 1 = 1` + where
	narrow := func(column string, v int64) {
		if v != 0 {
			args = append(args, v)
			query += fmt.Sprintf(" AND %s = $%d", column, len(args))
		}
	}
	narrow("v.object_id", l.Object)
	narrow("v.quantity", int64(l.Quantity))
	err := store.Each(ctx, s.db, query+` ORDER BY v.object_id, v.quantity`, func(scan func(...any) error) error {
		var object int64
		var id reading.ID
		p, err := scanPoint(scan, &object, &id)
		out = append(out, p.Of(object, id))
		return err
	}, args...)
	if err != nil {
		return nil, fmt.Errorf("read the newest readings: %w", err)
	}
	return out, nil
}
