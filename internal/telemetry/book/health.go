package book

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"anlan/internal/sl651"
	"anlan/internal/store"
)

type nullInt = sql.NullInt64

// flushedAtOnce is how many stations one transaction writes down, so that no report waits long behind it.
const flushedAtOnce = 500

// Flush writes down how stations are, now and then and at the end. What a crash loses of it the next messages tell again.
func (b *Book) Flush(ctx context.Context) error {
	b.mu.Lock()
	list := make([]Health, 0, len(b.dirty))
	for a := range b.dirty {
		list = append(list, *b.health[a])
	}
	dirty := b.dirty
	b.dirty = map[sl651.Address]bool{}
	b.mu.Unlock()
	if len(list) == 0 {
		return nil
	}
	var err error
	for some := range slices.Chunk(list, flushedAtOnce) {
		err = b.opt.Store.Write(ctx, func(tx *store.Tx) error {
			for i := range some {
				if err := writeHealth(ctx, tx, &some[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			break
		}
	}
	if err != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		for a := range dirty {
			b.dirty[a] = true
		}
		return fmt.Errorf("write down how %d stations are: %w", len(list), err)
	}
	return nil
}

func writeHealth(ctx context.Context, tx *store.Tx, h *Health) error {
	var status nullInt
	if h.Status != nil {
		status = nullInt{Int64: int64(*h.Status), Valid: true}
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO telemetry_health (address, received_at, sent_at, remote, messages, status, unmapped, day, day_reports, day_hours, before_reports, before_hours)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (address) DO UPDATE SET received_at = excluded.received_at, sent_at = excluded.sent_at, remote = excluded.remote,
			messages = excluded.messages, status = excluded.status, unmapped = excluded.unmapped, day = excluded.day, day_reports = excluded.day_reports,
			day_hours = excluded.day_hours, before_reports = excluded.before_reports, before_hours = excluded.before_hours`,
		h.Station, h.Received.UnixMilli(), store.Millis(h.Sent), h.Remote, h.Messages, status, strings.Join(h.Unmapped, " "),
		h.Day.UnixMilli(), int64(h.Today.Reports), int64(h.Today.Hours), int64(h.Before.Reports), int64(h.Before.Hours))
	return err
}

func readHealth(ctx context.Context, q store.Querier, into map[sl651.Address]*Health) error {
	return store.Each(ctx, q, `SELECT address, received_at, sent_at, remote, messages, status, unmapped, day, day_reports, day_hours, before_reports, before_hours
		FROM telemetry_health ORDER BY address`,
		func(scan func(...any) error) error {
			h := &Health{}
			var received, day int64
			var sent, status nullInt
			var unmapped string
			if err := scan(&h.Station, &received, &sent, &h.Remote, &h.Messages, &status, &unmapped, &day, &h.Today.Reports, &h.Today.Hours, &h.Before.Reports, &h.Before.Hours); err != nil {
				return err
			}
			a, err := sl651.ParseAddress(h.Station)
			if err != nil {
				return err
			}
			h.Day = store.Time(day)
			h.Received, h.Sent, h.Unmapped = store.Time(received), store.MaybeTime(sent), strings.Fields(unmapped)
			if status.Valid {
				s := sl651.Status(status.Int64)
				h.Status = &s
			}
			into[a] = h
			return nil
		})
}
