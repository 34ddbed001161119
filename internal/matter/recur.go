package matter

import (
	"context"
	"fmt"

	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/store"
)

// earlier finds the last matter on the same item and object within twelve months before, from another occasion: another inspection or,
// where one of the two comes from none, another day. The new one is recurrent (重复发生). What is veiled does not count: the flag would
// tell the inspected side of it.
func earlier(ctx context.Context, q store.Querier, m *Matter) (int64, error) {
	inspection := ""
	if m.Source == "inspection" {
		inspection = m.SourceID
	}
	var id int64
	err := q.QueryRowContext(ctx, `
		SELECT COALESCE((SELECT id FROM matter WHERE object_id = $1 AND item = $2 AND found_at < $3 AND found_at >= $4 AND state <> 'dismissed' AND veiled = 0 AND id <> $5
			AND CASE WHEN source = 'inspection' AND CAST($6 AS TEXT) <> '' THEN source_id <> $6 ELSE found_at < $7 END
		ORDER BY found_at DESC, id DESC LIMIT 1), 0)`,
		m.Object, m.Item, m.Found.UnixMilli(), m.Found.AddDate(-1, 0, 0).UnixMilli(), m.ID, inspection, hydrotime.DateOf(m.Found).Start().UnixMilli()).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("look for an earlier matter on item %s: %w", m.Item, err)
	}
	return id, nil
}

// recurAfter marks as recurrent what a matter that comes to be known shows to have come back: the matter itself, and those found after it.
// It comes to be known when its veil is lifted, or when it is sent late.
func (s *Service) recurAfter(ctx context.Context, tx *store.Tx, by identity.Actor, u *Matter) error {
	if u.Object == 0 || u.Item == "" {
		return nil
	}
	var ids []int64
	err := store.Each(ctx, tx, `
		SELECT id FROM matter WHERE object_id = $1 AND item = $2 AND found_at >= $3 AND found_at <= $4 AND recurs_id IS NULL ORDER BY found_at, id`, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, u.Object, u.Item, u.Found.UnixMilli(), u.Found.AddDate(1, 0, 1).UnixMilli())
	if err != nil {
		return fmt.Errorf("look for what came back after matter %d: %w", u.ID, err)
	}
	for _, id := range ids {
		m, err := read(ctx, tx, id)
		if err != nil {
			return err
		}
		if m.Recurs, err = earlier(ctx, tx, m); err != nil {
			return err
		}
		if m.Recurs == 0 {
			continue
		}
		if err := s.recur(ctx, tx, by, m); err != nil {
			return err
		}
	}
	return nil
}

// recur writes that a matter on record is recurrent; no other write sets that column after the opening.
func (s *Service) recur(ctx context.Context, tx *store.Tx, by identity.Actor, m *Matter) error {
	before, err := read(ctx, tx, m.Recurs)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE matter SET recurs_id = $1 WHERE id = $2`, m.Recurs, m.ID); err != nil {
		return fmt.Errorf("mark matter %d as recurrent: %w", m.ID, err)
	}
	if err := link(ctx, tx, m.ID, m.Recurs, "recurs", s.now()); err != nil {
		return err
	}
	m.Edit++
	return s.touch(ctx, tx, by, m, Note, fmt.Sprintf("与 %[1]s 为同一问题，属重复发生 / the same as %[1]s before: it recurs", before.Number), map[string]any{"recurs": m.Recurs})
}
