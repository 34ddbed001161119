package store

import (
	"context"
	"fmt"
)

// Take waits for whoever else writes the rows that a query finds, and keeps others waiting until the transaction ends. What is judged
// before a write is read after it: at PostgreSQL's level of isolation two could else each build on the same past, and the later one
// write over what the earlier one was told is saved. The query names its order, so that two that take many do not wait for each other.
// SQLite has one writer at a time, and nothing to wait for.
func (tx *Tx) Take(ctx context.Context, query string, args ...any) error {
	if tx.engine != Postgres {
		return nil
	}
	err := Each(ctx, tx, query+` FOR UPDATE`, func(func(...any) error) error { return nil }, args...)
	if err != nil {
		return fmt.Errorf("take rows: %w", err)
	}
	return nil
}
