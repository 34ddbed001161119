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

// Numbers reads a column of whole numbers.
func Numbers(ctx context.Context, q Querier, query string, args ...any) ([]int64, error) {
	var out []int64
	err := Each(ctx, q, query, func(scan func(...any) error) error {
		var n int64
		err := scan(&n)
		out = append(out, n)
		return err
	}, args...)
	return out, err
}
