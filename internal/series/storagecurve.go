package series

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity/audit"
	"anlan/internal/registry"
	"anlan/internal/series/chunk"
	"anlan/internal/series/curve"
	"anlan/internal/series/reading"
	"anlan/internal/store"
)

// StorageCurve is the level–storage curve of a station at a reservoir as it is on record.
type StorageCurve struct {
	curve.Curve
	Edit int64 `json:"edit" doc:"0 where there was none before"`
}

// SetStorageCurve sets the curve by which a station's level becomes a storage, within the caller's transaction.
func (s *Service) SetStorageCurve(ctx context.Context, tx *store.Tx, by registry.Editor, object int64, c StorageCurve) error {
	if err := c.Check(); err != nil {
		return err
	}
	division, err := s.mayChange(ctx, tx, by, object)
	if err != nil {
		return err
	}
	body, err := json.Marshal(c.Curve)
	if err != nil {
		return fmt.Errorf("encode a storage curve: %w", err)
	}
	if c.Edit > 0 { // one that is gone meanwhile is not made anew
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM storage_curve WHERE object_id = $1`, object).Scan(&n); err != nil {
			return fmt.Errorf("look for the storage curve of object %d: %w", object, err)
		} else if n == 0 {
			return staleCurve()
		}
	}
	res, err := tx.ExecContext(ctx, `
		INSERT INTO storage_curve (object_id, body, edit, changed_at) VALUES ($1, $2, 1, $3)
		ON CONFLICT (object_id) DO UPDATE SET body = excluded.body, edit = storage_curve.edit + 1, changed_at = excluded.changed_at WHERE storage_curve.edit = $4`,
		object, string(body), s.now().UnixMilli(), c.Edit)
	return s.curveWritten(ctx, tx, by, res, err, audit.Entry{Action: "storage_curve.set", ObjectID: fmt.Sprint(object), DivisionID: &division, Detail: c.Curve})
}

// RemoveStorageCurve forgets the curve of a station, within the caller's transaction.
func (s *Service) RemoveStorageCurve(ctx context.Context, tx *store.Tx, by registry.Editor, object, edit int64) error {
	division, err := s.mayChange(ctx, tx, by, object)
	if err != nil {
		return err
	}
	res, err := tx.ExecContext(ctx, `DELETE FROM storage_curve WHERE object_id = $1 AND edit = $2`, object, edit)
	return s.curveWritten(ctx, tx, by, res, err, audit.Entry{Action: "storage_curve.remove", ObjectID: fmt.Sprint(object), DivisionID: &division})
}

// curveWritten ends a change of a curve: a conflict where somebody else was faster.
func (s *Service) curveWritten(ctx context.Context, tx *store.Tx, by registry.Editor, res sql.Result, err error, entry audit.Entry) error {
	if err != nil {
		return fmt.Errorf("write the storage curve of object %s: %w", entry.ObjectID, err)
	}
	if n, err := res.RowsAffected(); err != nil {
		return fmt.Errorf("write the storage curve of object %s: %w", entry.ObjectID, err)
	} else if n == 0 {
		return staleCurve()
	}
	entry.At, entry.Actor, entry.ObjectKind = s.now(), by.Actor, "object"
	return audit.Append(ctx, tx, entry)
}

func staleCurve() error {
	return fault.Conflictf("curve.stale", "已被他人修改，未保存", "somebody else changed it meanwhile; nothing was saved")
}

// StorageCurves are the curves on record by station; of one station where object is not 0.
func (s *Service) StorageCurves(ctx context.Context, object int64) (map[int64]StorageCurve, error) {
	where, args := "", []any{}
	if object != 0 {
		where, args = ` WHERE object_id = $1`, []any{object}
	}
	out := map[int64]StorageCurve{}
	err := store.Each(ctx, s.db, `SELECT object_id, body, edit FROM storage_curve`+where+` ORDER BY object_id`, func(scan func(...any) error) error {
		var id int64
		var body string
		var c StorageCurve
		if err := scan(&id, &body, &c.Edit); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(body), &c.Curve); err != nil {
			return fmt.Errorf("curve of object %d: %w", id, err)
		}
		out[id] = c
		return nil
	}, args...)
	if err != nil {
		return nil, fmt.Errorf("read storage curves: %w", err)
	}
	return out, nil
}

// Recent reads a series of many stations between two instants, both included, in the order of time. It reads every unsealed row of the
// quantity and unpacks the days that the time touches, so it is for hours and not for years.
func (s *Service) Recent(ctx context.Context, id reading.ID, from, to time.Time, keep func(object int64) bool) (map[int64][]reading.Point, error) {
	out := map[int64][]reading.Point{}
	add := func(object int64, p reading.Point) {
		if !p.At.Before(from) && !p.At.After(to) {
			out[object] = append(out[object], p)
		}
	}
	err := s.db.Snapshot(ctx, func(q store.Querier) error {
		err := store.Each(ctx, q, `SELECT object_id, body FROM observation_chunk WHERE quantity = $1 AND day >= $2 AND day <= $3 ORDER BY object_id, day`, func(scan func(...any) error) error {
			var object int64
			var body sql.RawBytes
			if err := scan(&object, &body); err != nil || !keep(object) {
				return err
			}
			points, err := chunk.Decode(body)
			if err != nil {
				return fmt.Errorf("object %d: %w", object, err)
			}
			for _, p := range points {
				add(object, p)
			}
			return nil
		}, int64(id), hydrotime.PeriodDay(from).UnixMilli(), hydrotime.PeriodDay(to).UnixMilli())
		if err != nil {
			return err
		}
		return store.Each(ctx, q, `
			SELECT object_id, at, value_e6, span_s, flags, source_id FROM observation WHERE quantity = $1 AND at >= $2 AND at <= $3 ORDER BY at, object_id`, func(scan func(...any) error) error {
			var object int64
			p, err := scanPoint(scan, &object)
			if err == nil && keep(object) {
				add(object, p)
			}
			return err
		}, int64(id), from.UnixMilli(), to.UnixMilli())
	})
	if err != nil {
		return nil, fmt.Errorf("read the last readings of many stations: %w", err)
	}
	return out, nil
}
