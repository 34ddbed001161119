package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

// NewID returns a new identity: a UUID of version 7, so that later ones sort later.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// Next takes n numbers of a named sequence and returns the first; numbers of a rolled-back transaction are given again.
func (tx *Tx) Next(ctx context.Context, sequence string, n int64) (int64, error) {
	var next int64
	err := tx.QueryRowContext(ctx, `
		INSERT INTO sequence (name, next) VALUES ($1, 1 + $2)
		ON CONFLICT (name) DO UPDATE SET next = sequence.next + $2
		RETURNING next`, sequence, n).Scan(&next)
	if err != nil {
		return 0, fmt.Errorf("take %d of sequence %s: %w", n, sequence, err)
	}
	return next - n, nil
}
