package series

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"anlan/internal/series/reading"
	"anlan/internal/store"
)

// hoursKept is how long the sums of hours are kept: the longest window, and a day.
const hoursKept = 96 * time.Hour

// hourOf is the end of the hour that a stamp lies in: 09:00 for 08:00:01 to 09:00:00.
func hourOf(at time.Time) time.Time { return at.Add(time.Hour - time.Nanosecond).Truncate(time.Hour) }

// countsSQL is Flag.Counts, and doubtedSQL Flag.Doubted, of a row of readings; totalsSQL is what such rows come to.
var (
	countsSQL = fmt.Sprintf(`(value_e6 IS NOT NULL AND flags & %d = 0 AND (flags & %d <> 0 OR flags & %d = 0))`,
		reading.NeverCounts, reading.AlwaysCounts, reading.CountsNot)
	doubtedSQL = fmt.Sprintf(`(flags & %d <> 0 AND flags & %d = 0)`, reading.DoubtMask, reading.VerdictMask)
	totalsSQL  = `CAST(SUM(CASE WHEN ` + countsSQL + ` THEN value_e6 END) AS BIGINT) AS total,
		CAST(SUM(CASE WHEN ` + countsSQL + ` THEN span_s ELSE 0 END) AS BIGINT) AS covered, CAST(SUM(CASE WHEN ` + doubtedSQL + ` THEN 1 ELSE 0 END) AS BIGINT) AS doubted`
)

// hourKey names the sum of an hour.
type hourKey struct {
	quantity reading.ID
	hour     int64 // milliseconds of its end
	object   int64
	since    int64 // its begin, or that of a span which begins before it
}

func inHourOrder(a, b hourKey) int {
	return cmp.Or(cmp.Compare(a.quantity, b.quantity), cmp.Compare(a.hour, b.hour), cmp.Compare(a.object, b.object), cmp.Compare(a.since, b.since))
}

// hourKeyOf is the key that a total adds to.
func hourKeyOf(object int64, id reading.ID, p reading.Point) hourKey {
	hour := hourOf(p.At)
	since := hour.Add(-time.Hour)
	if from := p.From(); from.Before(since) {
		since = from
	}
	return hourKey{id, hour.UnixMilli(), object, since.UnixMilli()}
}

// sinceSQL is the since of a row of readings whose hour is at a place of the statement.
func sinceSQL(hour string) string {
	return `(CASE WHEN at - span_s * 1000 < ` + hour + ` - 3600000 THEN at - span_s * 1000 ELSE ` + hour + ` - 3600000 END)`
}

func isTotal(id reading.ID) bool {
	q, _ := reading.ByID(id)
	return q.Kind == reading.Total
}

const insertHour = `INSERT INTO observation_hour (quantity, hour, object_id, since, sum_e6, covered_s, doubted) VALUES `

func hourRow(dst []cell, k hourKey, s *summary) []cell {
	return append(dst, whole(int64(k.quantity)), whole(k.hour), whole(k.object), whole(k.since), whole(int64(s.sum)), whole(int64(s.covered/time.Second)), whole(int64(s.doubted)))
}

// addHours adds totals that have just come in to the sums of their hours.
func addHours(ctx context.Context, tx *store.Tx, list []reading.Reading, now time.Time) error {
	parts := map[hourKey]*summary{}
	for i := range list {
		r := &list[i]
		if !isTotal(r.Quantity) || now.Sub(r.At) >= hoursKept {
			continue
		}
		k := hourKeyOf(r.Object, r.Quantity, r.Point())
		s := parts[k]
		if s == nil {
			s = &summary{}
			parts[k] = s
		}
		s.add(r.Point())
	}
	keys := slices.SortedFunc(maps.Keys(parts), inHourOrder)
	err := bulk(ctx, tx, insertHour, ` ON CONFLICT (quantity, hour, object_id, since) DO UPDATE SET sum_e6 = observation_hour.sum_e6 + excluded.sum_e6,
		covered_s = observation_hour.covered_s + excluded.covered_s, doubted = observation_hour.doubted + excluded.doubted`,
		len(keys), func(dst []cell, i int) []cell { return hourRow(dst, keys[i], parts[keys[i]]) }, nil)
	if err != nil {
		return fmt.Errorf("add to the sums of hours: %w", err)
	}
	return nil
}

// sumHours makes the sums of hours again from what is not sealed, for readings that may have been there or have changed.
func sumHours(ctx context.Context, tx *store.Tx, list []reading.Reading) error {
	objects := map[hourKey][]any{} // by quantity and hour
	for _, r := range list {
		if isTotal(r.Quantity) {
			k := hourKey{quantity: r.Quantity, hour: hourOf(r.At).UnixMilli()}
			if a := objects[k]; len(a) == 0 || a[len(a)-1] != r.Object {
				objects[k] = append(a, r.Object)
			}
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(objects), inHourOrder) {
		for some := range slices.Chunk(objects[k], rowsAtOnce) {
			args := append([]any{int64(k.quantity), k.hour}, some...)
			_, err := tx.ExecContext(ctx, `DELETE FROM observation_hour WHERE quantity = $1 AND hour = $2 AND object_id IN (`+store.Places(3, len(some))+`)`, args...)
			if err == nil {
				_, err = tx.ExecContext(ctx, `
				INSERT INTO observation_hour (quantity, hour, object_id, since, sum_e6, covered_s, doubted)
				SELECT t.quantity, CAST($2 AS BIGINT), t.object_id, t.since, COALESCE(t.total, 0), t.covered, t.doubted FROM (
					SELECT quantity, object_id, `+sinceSQL("CAST($2 AS BIGINT)")+` AS since, `+totalsSQL+` FROM observation
					WHERE quantity = $1 AND at > CAST($2 AS BIGINT) - 3600000 AND at <= $2 AND object_id IN (`+store.Places(3, len(some))+`)
					GROUP BY quantity, object_id, `+sinceSQL("CAST($2 AS BIGINT)")+`) t`, args...)
			}
			if err != nil {
				return fmt.Errorf("sum the hours of %d objects: %w", len(some), err)
			}
		}
	}
	return nil
}

// writeHours makes the sums of the hours of a sealed day again, in which some readings changed.
func writeHours(ctx context.Context, tx *store.Tx, k dayKey, all, changed []reading.Point, now time.Time) error {
	touched := map[int64]bool{}
	for _, p := range changed {
		if now.Sub(p.At) < hoursKept {
			touched[hourOf(p.At).UnixMilli()] = true
		}
	}
	sums := map[hourKey]*summary{}
	for _, p := range all {
		h := hourKeyOf(k.object, k.quantity, p)
		if !touched[h.hour] {
			continue
		}
		if sums[h] == nil {
			sums[h] = &summary{}
		}
		sums[h].add(p)
	}
	for _, hour := range slices.Sorted(maps.Keys(touched)) {
		_, err := tx.ExecContext(ctx, `DELETE FROM observation_hour WHERE quantity = $1 AND hour = $2 AND object_id = $3`, int64(k.quantity), hour, k.object)
		if err != nil {
			return fmt.Errorf("sum the hours of object %d: %w", k.object, err)
		}
	}
	keys := slices.SortedFunc(maps.Keys(sums), inHourOrder)
	err := bulk(ctx, tx, insertHour, ``, len(keys), func(dst []cell, i int) []cell { return hourRow(dst, keys[i], sums[keys[i]]) }, nil)
	if err != nil {
		return fmt.Errorf("sum the hours of object %d: %w", k.object, err)
	}
	return nil
}
