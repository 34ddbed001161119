package series

import (
	"context"
	"fmt"
	"time"

	"anlan/internal/quantity"
	"anlan/internal/series/reading"
	"anlan/internal/series/window"
	"anlan/internal/store"
)

// sealedHours keeps what the totals of sealed hours come to. They change only together with the edit of a bucket, whichever process changes
// them, so the sum of the edits says whether they still hold. The service's lock guards it.
type sealedHours map[reading.ID]*keptHours

type keptHours struct {
	edits int64
	hours map[int64][]hourPart // by the milliseconds of their end
}

// hourPart is a row of observation_hour.
type hourPart struct {
	object, since int64
	sum           quantity.Decimal
	covered       int32 // seconds
	doubted       int32
}

// hourSums adds up whole hours: those that are sealed from memory, the others from the store.
func (s *Service) hourSums(ctx context.Context, q store.Querier, sq SumQuery, from, to time.Time, out map[int64]window.Sum) error {
	var edits, sealed int64
	err := q.QueryRowContext(ctx, `SELECT CAST(SUM(edit) AS BIGINT), MIN(sealed_at) FROM observation_horizon`).Scan(&edits, &sealed)
	if err != nil {
		return err
	}
	cut := store.Time(sealed)
	if cut.After(to) {
		cut = to
	}
	if cut.After(from) {
		parts, err := s.partsOf(ctx, q, sq.Quantity, edits, from, cut)
		if err != nil {
			return err
		}
		addParts(parts, sq, out)
		from = cut
	}
	if !from.Before(to) {
		return nil
	}
	return store.Each(ctx, q, `
		SELECT object_id, CAST(SUM(CASE WHEN covered_s > 0 THEN sum_e6 END) AS BIGINT), CAST(SUM(covered_s) AS BIGINT), CAST(SUM(doubted) AS BIGINT)
		FROM observation_hour WHERE quantity = $1 AND hour > $2 AND hour <= $3 AND since >= $4 GROUP BY object_id`, func(scan func(...any) error) error {
		return scanSum(scan, sq, out)
	}, int64(sq.Quantity), from.UnixMilli(), to.UnixMilli(), sq.From.UnixMilli())
}

// addParts adds hours up by object.
func addParts(hours [][]hourPart, sq SumQuery, out map[int64]window.Sum) {
	type total struct {
		object  int64
		told    bool
		sum     quantity.Decimal
		covered int64
		doubted int64
	}
	var all []total
	at := map[int64]int{}
	least := sq.From.UnixMilli()
	for _, parts := range hours {
		for i := range parts {
			p := &parts[i]
			if p.since < least {
				continue
			}
			n, ok := at[p.object]
			if !ok {
				n = len(all)
				all, at[p.object] = append(all, total{object: p.object}), n
			}
			t := &all[n]
			if p.covered > 0 {
				t.told, t.sum = true, t.sum+p.sum
			}
			t.covered += int64(p.covered)
			t.doubted += int64(p.doubted)
		}
	}
	for i := range all {
		t := &all[i]
		put(out, sq, t.object, window.Sum{Value: quantity.Null{Decimal: t.sum, Valid: t.told}, Covered: time.Duration(t.covered) * time.Second, Doubted: int(t.doubted)})
	}
}

// partsOf are the sealed hours that end after one instant and not after another, as of a state of the store with so many edits.
func (s *Service) partsOf(ctx context.Context, q store.Querier, id reading.ID, edits int64, from, to time.Time) ([][]hourPart, error) {
	s.mu.Lock()
	kept := s.hours[id]
	if kept == nil || kept.edits != edits {
		kept = &keptHours{edits: edits, hours: map[int64][]hourPart{}}
	}
	var missing []time.Time
	for h := from.Add(time.Hour); !h.After(to); h = h.Add(time.Hour) {
		if _, ok := kept.hours[h.UnixMilli()]; !ok {
			missing = append(missing, h)
		}
	}
	s.mu.Unlock()
	read := map[int64][]hourPart{}
	if len(missing) > 0 {
		if err := readParts(ctx, q, id, missing[0].Add(-time.Hour), missing[len(missing)-1], read); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range missing {
		kept.hours[h.UnixMilli()] = read[h.UnixMilli()] // nil where nothing came in that hour
	}
	for h := range kept.hours {
		if h < to.Add(-hoursKept).UnixMilli() {
			delete(kept.hours, h)
		}
	}
	if s.hours == nil {
		s.hours = sealedHours{}
	}
	s.hours[id] = kept
	var out [][]hourPart
	for h := from.Add(time.Hour); !h.After(to); h = h.Add(time.Hour) {
		out = append(out, kept.hours[h.UnixMilli()])
	}
	return out, nil
}

func readParts(ctx context.Context, q store.Querier, id reading.ID, from, to time.Time, into map[int64][]hourPart) error {
	rows, err := q.QueryContext(ctx, `
		SELECT hour, object_id, since, sum_e6, covered_s, doubted FROM observation_hour WHERE quantity = $1 AND hour > $2 AND hour <= $3 ORDER BY quantity, hour, object_id, since`,
		int64(id), from.UnixMilli(), to.UnixMilli())
	if err != nil {
		return fmt.Errorf("read the sums of hours: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var hour int64
		var p hourPart
		if err := rows.Scan(&hour, &p.object, &p.since, (*int64)(&p.sum), &p.covered, &p.doubted); err != nil {
			return fmt.Errorf("read the sums of hours: %w", err)
		}
		into[hour] = append(into[hour], p)
	}
	return rows.Err()
}
