package store

import "context"

// Each runs a query and hands every row's Scan to f, which ends the walk by an error.
func Each(ctx context.Context, q Querier, query string, f func(scan func(...any) error) error, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
