package book

import (
	"context"
	"fmt"
	"time"

	"anlan/internal/store"
	"anlan/internal/telemetry/session"
)

// How much is set aside at most, for all stations and strangers together, where the options do not say.
const (
	mostHeld      = 200_000
	mostHeldBytes = 256 << 20
)

// fullFor is for how long the quarantine is said to be full after a frame had to make place.
const fullFor = time.Hour

// room is what the quarantine holds, as this process knows it.
type room struct {
	rows, bytes int64
	dropped     int64     // frames that made place, since the start
	last        time.Time // when one did
}

func readRoom(ctx context.Context, q store.Querier, r *room) error {
	return q.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(SUM(LENGTH(raw)), 0) FROM telemetry_held`).Scan(&r.rows, &r.bytes)
}

// makeRoom lets frames make place for others: those that were replayed first, then those of stations that nobody knows, which anybody can
// make up, and those of registered stations last; of each the oldest first. Some more go than have to, so that not each frame costs a search.
func (b *Book) makeRoom(ctx context.Context, tx *store.Tx, held []session.Held) (room, error) {
	b.mu.RLock()
	r := b.room
	b.mu.RUnlock()
	var rows, bytes int64
	for i := range held {
		rows, bytes = rows+1, bytes+int64(len(held[i].Raw))
	}
	over := func() bool { return r.rows+rows > b.opt.HeldRows || r.bytes+bytes > b.opt.HeldBytes }
	if !over() {
		r.rows, r.bytes = r.rows+rows, r.bytes+bytes
		return r, nil
	}
	if err := readRoom(ctx, tx, &r); err != nil { // another process may have made room, or taken it
		return r, fmt.Errorf("look how much is set aside: %w", err)
	}
	for r.rows > 0 && over() {
		before := r.rows
		step := max(r.rows+rows-b.opt.HeldRows, 0) + max(b.opt.HeldRows/100, 1)
		_, err := tx.ExecContext(ctx, `DELETE FROM telemetry_held WHERE id IN (SELECT id FROM telemetry_held
			ORDER BY CASE WHEN replayed_at IS NOT NULL THEN 0 WHEN reason = 'unknown_station' THEN 1 WHEN reason IN ('wrong_password', 'other_centre') THEN 2 ELSE 3 END, id
			LIMIT $1)`, step)
		if err != nil {
			return r, fmt.Errorf("make room for frames that are set aside: %w", err)
		}
		if err := readRoom(ctx, tx, &r); err != nil {
			return r, fmt.Errorf("look how much is set aside: %w", err)
		}
		r.dropped, r.last = r.dropped+before-r.rows, b.opt.Now()
	}
	r.rows, r.bytes = r.rows+rows, r.bytes+bytes
	return r, nil
}

// Full says whether frames that were set aside had to make place for others within the last hour, and how many had to since the start.
func (b *Book) Full() (dropped int64, full bool) {
	now := b.opt.Now()
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.room.dropped, b.room.dropped > 0 && now.Sub(b.room.last) < fullFor
}
