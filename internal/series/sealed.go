package series

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/series/chunk"
	"anlan/internal/series/reading"
	"anlan/internal/store"
)

// buckets is how many parts the objects are sealed in; the migration makes as many rows.
const buckets = 16

// horizon is up to when readings are sealed, by bucket.
type horizon [buckets]int64

func (h horizon) sealed(object int64, at time.Time) bool { return at.UnixMilli() <= h[object%buckets] }

// oldest is the instant of the oldest reading that goes into each bucket, in milliseconds; 0 where none does.
type oldest [buckets]int64

func (o *oldest) add(k reading.Key) {
	b, at := k.Object%buckets, k.At.UnixMilli()
	if at == 0 {
		at = -1 // 1970 is no instant of none
	}
	if o[b] == 0 || at < o[b] {
		o[b] = at
	}
}

// horizons reads up to when readings are sealed, and holds sealing up until the transaction ends, in the buckets that readings go
// into. In a fresh store everything up to first is held sealed, so that a file of old years goes to chunks at once; first is also up to
// where sealing has come by now at most.
func horizons(ctx context.Context, tx *store.Tx, first time.Time, into oldest) (horizon, error) {
	first = first.Truncate(time.Hour)
	h, err := readHorizon(ctx, tx, "")
	if err != nil {
		return h, err
	}
	fresh := h[0] <= yearOne
	if tx.Engine() == store.Postgres { // SQLite has one writer and needs no lock
		if err := holdHorizons(ctx, tx, &h, first, into, fresh); err != nil {
			return h, err
		}
	}
	if !fresh {
		return h, nil
	}
	_, err = tx.ExecContext(ctx, `UPDATE observation_horizon SET sealed_at = $1, edit = edit + 1 WHERE sealed_at = $2`, first.UnixMilli(), int64(yearOne))
	if err != nil {
		return h, fmt.Errorf("set the horizon of sealing: %w", err)
	}
	return readHorizon(ctx, tx, "")
}

// holdHorizons takes the rows of buckets in the order of their numbers, each once and as strongly as it will be needed: who takes one
// lightly and then strongly waits for another who does the same, for ever.
func holdHorizons(ctx context.Context, tx *store.Tx, h *horizon, first time.Time, into oldest, fresh bool) error {
	lock := func(b int) string {
		switch {
		case fresh || into[b] != 0 && into[b] <= max(h[b], first.UnixMilli()):
			return " FOR UPDATE" // its chunks will be written anew
		case into[b] != 0:
			return " FOR SHARE"
		}
		return ""
	}
	for from, to := 0, 0; from < buckets; from = to {
		how := lock(from)
		for to = from + 1; to < buckets && lock(to) == how; {
			to++
		}
		if how == "" {
			continue
		}
		held, err := readHorizon(ctx, tx, how, int64(from), int64(to-1))
		if err != nil {
			return err
		}
		copy(h[from:to], held[from:to])
	}
	return nil
}

// yearOne is where the migration sets the horizon.
const yearOne = -62135596800000

// readHorizon reads the horizons of all buckets or of those from a first to a last, with a lock on their rows.
func readHorizon(ctx context.Context, q store.Querier, lock string, between ...any) (horizon, error) {
	var h horizon
	where := ""
	if len(between) > 0 {
		where = ` WHERE bucket BETWEEN $1 AND $2`
	}
	err := store.Each(ctx, q, `SELECT bucket, sealed_at FROM observation_horizon`+where+` ORDER BY bucket`+lock, func(scan func(...any) error) error {
		var bucket, at int64
		if err := scan(&bucket, &at); err != nil {
			return err
		}
		h[bucket%buckets] = at
		return nil
	}, between...)
	if err != nil {
		return h, fmt.Errorf("read the horizon of sealing: %w", err)
	}
	return h, nil
}

// dayKey names a chunk.
type dayKey struct {
	quantity reading.ID
	object   int64
	day      int64 // milliseconds of its 08:00
}

func dayOf(r reading.Key) dayKey {
	return dayKey{r.Quantity, r.Object, hydrotime.PeriodDay(r.At).UnixMilli()}
}

// keepSealed puts readings of days that are sealed into their chunks.
func (in *intake) keepSealed(ctx context.Context, list []reading.Reading) error {
	days := map[dayKey][]reading.Reading{}
	for _, r := range list {
		k := dayOf(r.Key())
		days[k] = append(days[k], r)
	}
	keys := slices.SortedFunc(maps.Keys(days), func(a, b dayKey) int {
		return cmp.Or(cmp.Compare(a.object%buckets, b.object%buckets), cmp.Compare(a.quantity, b.quantity), cmp.Compare(a.object, b.object), cmp.Compare(a.day, b.day))
	})
	held := int64(-1)
	for _, k := range keys {
		if b := k.object % buckets; b != held {
			held = b
			if err := holdBucket(ctx, in.tx, b); err != nil {
				return err
			}
		}
		if err := in.keepDay(ctx, k, days[k]); err != nil {
			return err
		}
	}
	return nil
}

// holdBucket lets nobody else rewrite chunks of a bucket until the transaction ends, and says that its sums may have changed.
func holdBucket(ctx context.Context, tx *store.Tx, bucket int64) error {
	if _, err := tx.ExecContext(ctx, `UPDATE observation_horizon SET edit = edit + 1 WHERE bucket = $1`, bucket); err != nil {
		return fmt.Errorf("hold bucket %d of sealed readings: %w", bucket, err)
	}
	return nil
}

func (in *intake) keepDay(ctx context.Context, k dayKey, list []reading.Reading) error {
	all, err := readChunk(ctx, in.tx, k)
	if err != nil {
		return err
	}
	var changed []reading.Point
	var fresh []reading.Reading // after those whose stamp is taken: a total that stands may make room for its parts
	for _, r := range list {
		i, found := slices.BinarySearchFunc(all, r.At, byStamp)
		if !found {
			fresh = append(fresh, r)
			continue
		}
		p, err := in.differing(ctx, all[i], r)
		if err != nil {
			return err
		}
		if p != nil {
			all[i] = *p
			changed = append(changed, *p)
		}
	}
	for _, r := range fresh {
		i, _ := slices.BinarySearchFunc(all, r.At, byStamp)
		p := r.Point()
		if toldAlready(all, i, p) {
			p.Flags |= reading.Overlap
			in.out.Flagged++
		}
		in.out.New++
		all = slices.Insert(all, i, p)
		changed = append(changed, p)
	}
	if len(changed) == 0 {
		return nil
	}
	return writeChunk(ctx, in.tx, k, all, changed, in.now)
}

func byStamp(p reading.Point, at time.Time) int { return p.At.Compare(at) }

// toldAlready reports whether the span of a total that is to stand at place i has time in common with another of its day.
func toldAlready(all []reading.Point, i int, p reading.Point) bool {
	for j := i - 1; j >= 0 && all[j].At.After(p.From()); j-- {
		if p.Overlaps(all[j]) {
			return true
		}
	}
	return slices.ContainsFunc(all[i:], p.Overlaps)
}

// readChunk reads the sealed readings of a day; none where there is no chunk.
func readChunk(ctx context.Context, q store.Querier, k dayKey) ([]reading.Point, error) {
	var body []byte
	err := q.QueryRowContext(ctx, `SELECT body FROM observation_chunk WHERE quantity = $1 AND object_id = $2 AND day = $3`, int64(k.quantity), k.object, k.day).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the sealed day of object %d: %w", k.object, err)
	}
	points, err := chunk.Decode(body)
	if err != nil {
		return nil, fmt.Errorf("sealed day %s of object %d, quantity %d: %w", store.Time(k.day).Format(time.RFC3339), k.object, k.quantity, err)
	}
	return points, nil
}

// summary is what the readings of a chunk come to.
type summary struct {
	counted, doubted int
	sum              quantity.Decimal
	covered          time.Duration
	least, most      *reading.Point
}

func (s *summary) add(p reading.Point) {
	if p.Flags.Doubted() {
		s.doubted++
	}
	if !p.Counts() {
		return
	}
	s.counted++
	s.sum += p.Value.Decimal
	s.covered += p.Span
	if s.least == nil || p.Value.Decimal < s.least.Value.Decimal {
		s.least = &p
	}
	if s.most == nil || p.Value.Decimal > s.most.Value.Decimal {
		s.most = &p
	}
}

// writeChunk seals the readings of a day, and makes again what the hours of those that changed come to; sealing changes none.
func writeChunk(ctx context.Context, tx *store.Tx, k dayKey, all, changed []reading.Point, now time.Time) error {
	body, err := chunk.Encode(all)
	if err != nil {
		return fmt.Errorf("seal the day of object %d: %w", k.object, err)
	}
	var s summary
	for _, p := range all {
		s.add(p)
	}
	end := func(p *reading.Point) (v, at sql.NullInt64) {
		if p == nil {
			return v, at
		}
		return millionths(p.Value), sql.NullInt64{Int64: p.At.UnixMilli(), Valid: true}
	}
	least, leastAt := end(s.least)
	most, mostAt := end(s.most)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO observation_chunk (quantity, object_id, day, n, counted, doubted, sum_e6, covered_s, least_e6, least_at, most_e6, most_at, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (quantity, object_id, day) DO UPDATE SET n = excluded.n, counted = excluded.counted, doubted = excluded.doubted, sum_e6 = excluded.sum_e6,
			covered_s = excluded.covered_s, least_e6 = excluded.least_e6, least_at = excluded.least_at, most_e6 = excluded.most_e6, most_at = excluded.most_at, body = excluded.body`,
		int64(k.quantity), k.object, k.day, len(all), s.counted, s.doubted, int64(s.sum), int64(s.covered/time.Second), least, leastAt, most, mostAt, body)
	if err != nil {
		return fmt.Errorf("seal the day of object %d: %w", k.object, err)
	}
	if !isTotal(k.quantity) || len(changed) == 0 {
		return nil
	}
	return writeHours(ctx, tx, k, all, changed, now)
}

// Seal packs readings that are older than the time they stay unsealed, in small transactions, and returns how many. Server roles call
// it every few minutes; two at once do no harm.
func (s *Service) Seal(ctx context.Context) (int, error) {
	now := s.now()
	to := now.Add(-s.hot).Truncate(time.Hour)
	sealed := 0
	for b := range int64(buckets) {
		for {
			n, done, err := s.sealBucket(ctx, b, to, now)
			if err != nil {
				return sealed, fmt.Errorf("seal bucket %d up to %s: %w", b, to.Format(time.RFC3339), err)
			}
			if sealed += n; done {
				break
			}
		}
	}
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM observation_hour WHERE hour < $1`, now.Add(-hoursKept).UnixMilli())
		return err
	})
	if err != nil {
		return sealed, fmt.Errorf("drop sums of old hours: %w", err)
	}
	return sealed, nil
}

// sealStep bounds what one transaction seals of a backlog.
const sealStep = 6 * time.Hour

func (s *Service) sealBucket(ctx context.Context, bucket int64, to, now time.Time) (n int, done bool, err error) {
	// Where there is nothing to seal, the edit stays: what is remembered of sealed hours hangs on it.
	var at int64
	if err := s.db.QueryRowContext(ctx, `SELECT sealed_at FROM observation_horizon WHERE bucket = $1`, bucket).Scan(&at); err != nil || at >= to.UnixMilli() {
		return 0, true, s.db.Explain(err)
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		n, done = 0, true
		var from int64
		err := tx.QueryRowContext(ctx, `UPDATE observation_horizon SET edit = edit + 1 WHERE bucket = $1 RETURNING sealed_at`, bucket).Scan(&from)
		if err != nil || from >= to.UnixMilli() {
			return err
		}
		step := to
		if next := store.Time(from).Add(sealStep); from > yearOne && next.Before(to) {
			step, done = next, false
		}
		for _, q := range reading.All() {
			m, err := sealQuantity(ctx, tx, q.ID, bucket, step, now)
			if err != nil {
				return err
			}
			n += m
		}
		_, err = tx.ExecContext(ctx, `UPDATE observation_horizon SET sealed_at = $1 WHERE bucket = $2`, step.UnixMilli(), bucket)
		return err
	})
	return n, done, err
}

func sealQuantity(ctx context.Context, tx *store.Tx, id reading.ID, bucket int64, to, now time.Time) (int, error) {
	days := map[dayKey][]reading.Point{}
	n := 0
	err := store.Each(ctx, tx, `
		SELECT object_id, at, value_e6, span_s, flags, source_id FROM observation WHERE quantity = $1 AND at <= $2 AND object_id % 16 = $3 ORDER BY at, object_id`, func(scan func(...any) error) error {
		var object int64
		p, err := scanPoint(scan, &object)
		k := dayOf(reading.Key{Object: object, Quantity: id, At: p.At})
		days[k] = append(days[k], p)
		n++
		return err
	}, int64(id), to.UnixMilli(), bucket)
	if err != nil || n == 0 {
		return 0, err
	}
	keys := slices.SortedFunc(maps.Keys(days), func(a, b dayKey) int { return cmp.Or(cmp.Compare(a.object, b.object), cmp.Compare(a.day, b.day)) })
	for _, k := range keys {
		all, err := readChunk(ctx, tx, k)
		if err != nil {
			return 0, err
		}
		if err := writeChunk(ctx, tx, k, chunk.Merge(all, days[k]), nil, now); err != nil {
			return 0, err
		}
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM observation WHERE quantity = $1 AND at <= $2 AND object_id % 16 = $3`, int64(id), to.UnixMilli(), bucket)
	return n, err
}
