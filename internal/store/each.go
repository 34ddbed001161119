package store

import (
	"context"
	"errors"
)

// ErrStop ends a walk of Each early, without an error.
var ErrStop = errors.New("enough")

// Each runs a query and hands every row's Scan to f, which ends the walk by an error, or quietly by ErrStop.
func Each(ctx context.Context, q Querier, query string, f func(scan func(...any) error) error, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			if errors.Is(err, ErrStop) {
				return nil
			}
			return err
		}
	}
	return rows.Err()
}
