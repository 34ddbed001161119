package series

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/series/chunk"
	"anlan/internal/series/reading"
	"anlan/internal/store"
)

// verifyMost is how many contradictions are told.
const verifyMost = 50

// Verify looks all observations over, and says what contradicts itself: a chunk that cannot be unpacked or is not what stands beside
// it, a reading on the wrong side of the horizon, a newest reading that is not there, a sum of an hour that is not that of its readings.
// Nothing is said where all is well. It reads everything and takes its time.
func Verify(ctx context.Context, q store.Querier) ([]fault.Text, error) {
	v := &verifier{q: q}
	h, err := readHorizon(ctx, q, "")
	if err != nil {
		return nil, err
	}
	for _, f := range []func(context.Context, horizon) error{v.chunks, v.sides, v.newest, v.hours} {
		if err := f(ctx, h); err != nil {
			return v.found, fmt.Errorf("look the observations over: %w", err)
		}
	}
	return v.found, nil
}

type verifier struct {
	q     store.Querier
	found []fault.Text
}

func (v *verifier) say(zh, en string, args ...any) error {
	v.found = append(v.found, fault.Tf(zh, en, args...))
	if len(v.found) >= verifyMost {
		return store.ErrStop
	}
	return nil
}

// chunks unpacks every sealed day and holds it against what stands beside it.
func (v *verifier) chunks(ctx context.Context, h horizon) error {
	return store.Each(ctx, v.q, `
		SELECT quantity, object_id, day, n, counted, doubted, sum_e6, covered_s, body FROM observation_chunk ORDER BY quantity, object_id, day`, func(scan func(...any) error) error {
		var k dayKey
		var n int
		var is summary
		var sum, covered int64
		var body sql.RawBytes
		if err := scan(&k.quantity, &k.object, &k.day, &n, &is.counted, &is.doubted, &sum, &covered, &body); err != nil {
			return err
		}
		day := hydrotime.DateOf(store.Time(k.day))
		points, err := chunk.Decode(body)
		if err != nil {
			return v.say("对象 %d 观测量 %d 在 %s 的封存数据无法解读", "object %d, quantity %d: the sealed day %s cannot be unpacked", k.object, k.quantity, day)
		}
		var want summary
		for _, p := range points {
			want.add(p)
			if dayOf(reading.Key{Object: k.object, Quantity: k.quantity, At: p.At}) != k || !h.sealed(k.object, p.At) {
				return v.say("对象 %d 观测量 %d 的封存日 %s 含有他日的数据", "object %d, quantity %d: the sealed day %s holds readings of another", k.object, k.quantity, day)
			}
		}
		if n != len(points) || is.counted != want.counted || is.doubted != want.doubted || sum != int64(want.sum) || covered != int64(want.covered/time.Second) {
			return v.say("对象 %d 观测量 %d 在 %s 的合计与数据不符", "object %d, quantity %d: the sums of the sealed day %s are not those of its readings", k.object, k.quantity, day)
		}
		return nil
	})
}

// sides finds readings that lie unsealed where they should be sealed.
func (v *verifier) sides(ctx context.Context, _ horizon) error {
	var n int
	err := v.q.QueryRowContext(ctx, `
		SELECT COUNT(*) FROM observation o JOIN observation_horizon h ON h.bucket = o.object_id % 16 WHERE o.at <= h.sealed_at`).Scan(&n)
	if err == nil && n > 0 {
		_ = v.say("有 %d 条未封存的观测值早于封存时刻", "%d readings lie unsealed before the horizon", n)
	}
	return err
}

// newest finds newest readings that are not among the unsealed ones though they should be, or differ from them.
func (v *verifier) newest(ctx context.Context, _ horizon) error {
	return store.Each(ctx, v.q, `
		SELECT l.object_id, l.quantity FROM observation_latest l JOIN observation_horizon h ON h.bucket = l.object_id % 16
			LEFT JOIN observation o ON o.quantity = l.quantity AND o.at = l.at AND o.object_id = l.object_id
		WHERE l.at > h.sealed_at AND (o.at IS NULL OR COALESCE(o.value_e6, 0) <> COALESCE(l.value_e6, 0) OR o.flags <> l.flags)
		ORDER BY l.object_id, l.quantity`, func(scan func(...any) error) error {
		var object, id int64
		if err := scan(&object, &id); err != nil {
			return err
		}
		return v.say("对象 %d 观测量 %d 的最新值与观测值不符", "object %d, quantity %d: the newest reading is not the one on record", object, id)
	})
}

// hours holds the sums of hours against the unsealed readings they are of. Those of sealed hours go with their chunks.
func (v *verifier) hours(ctx context.Context, _ horizon) error {
	const hour = `(at + 3599999) / 3600000 * 3600000`
	for _, q := range reading.All() {
		if q.Kind != reading.Total {
			continue
		}
		err := store.Each(ctx, v.q, `
			SELECT t.object_id, t.hour FROM (
				SELECT object_id, `+hour+` AS hour, `+sinceSQL(hour)+` AS since, `+totalsSQL+` FROM observation WHERE quantity = $1
				GROUP BY object_id, `+hour+`, `+sinceSQL(hour)+`) t
			LEFT JOIN observation_hour h ON h.quantity = $1 AND h.hour = t.hour AND h.object_id = t.object_id AND h.since = t.since
			WHERE h.hour IS NULL OR h.sum_e6 <> COALESCE(t.total, 0) OR h.covered_s <> t.covered OR h.doubted <> t.doubted
			ORDER BY t.object_id, t.hour`, func(scan func(...any) error) error {
			var object, hour int64
			if err := scan(&object, &hour); err != nil {
				return err
			}
			return v.say("对象 %d %s 截至 %s 的小时合计与观测值不符", "object %d, %s: the sum of the hour to %s is not that of its readings", object, q.Code, store.Time(hour).Format(time.RFC3339))
		}, int64(q.ID))
		if err != nil {
			return err
		}
	}
	return nil
}
