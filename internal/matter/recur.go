package matter

import (
	"context"
	"fmt"

	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/store"
)

// Recalled is the first day whose findings are remembered on a day: twelve months to the day.
func Recalled(on hydrotime.Date) hydrotime.Date {
	day := on.Start()
	first := hydrotime.DateOf(day.AddDate(-1, 0, 0))
	if before := first.AddDays(-1); !before.Start().AddDate(1, 0, 0).Before(day) { // 29 February has no day of its own a year later
		return before
	}
	return first
}

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
		m.Object, m.Item, m.Found.UnixMilli(), Recalled(hydrotime.DateOf(m.Found)).Start().UnixMilli(), m.ID, inspection, hydrotime.DateOf(m.Found).Start().UnixMilli()).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("look for an earlier matter on item %s: %w", m.Item, err)
	}
	return id, nil
}

// recurAfter marks as recurrent what the lifted veil of a matter, or its entry after the day it was found, shows to have come back: the
// matter itself, and those found after it.
func (s *Service) recurAfter(ctx context.Context, tx *store.Tx, by identity.Actor, id int64) error {
	u, err := read(ctx, tx, id)
	if err != nil || u.Object == 0 || u.Item == "" {
		return err
	}
	ids, err := store.Numbers(ctx, tx, `
		SELECT id FROM matter WHERE object_id = $1 AND item = $2 AND found_at >= $3 AND found_at <= $4 AND recurs_id IS NULL ORDER BY found_at, id`,
		u.Object, u.Item, u.Found.UnixMilli(), u.Found.AddDate(1, 0, 2).UnixMilli())
	if err != nil {
		return fmt.Errorf("look for what came back after matter %d: %w", id, err)
	}
	return s.recurAnew(ctx, tx, by, ids)
}

// recurWithout takes the mark from what came back after a matter that is held to be no problem by now, unless it came back after
// another one.
func (s *Service) recurWithout(ctx context.Context, tx *store.Tx, by identity.Actor, id int64) error {
	ids, err := store.Numbers(ctx, tx, `SELECT id FROM matter WHERE recurs_id = $1 ORDER BY found_at, id`, id)
	if err != nil {
		return fmt.Errorf("look for what came back after matter %d: %w", id, err)
	}
	return s.recurAnew(ctx, tx, by, ids)
}

// recurAnew asks again of some matters what they came back after.
func (s *Service) recurAnew(ctx context.Context, tx *store.Tx, by identity.Actor, ids []int64) error {
	for _, id := range ids {
		m, err := read(ctx, tx, id)
		if err != nil {
			return err
		}
		was := m.Recurs
		if m.Recurs, err = earlier(ctx, tx, m); err != nil {
			return err
		}
		if m.Recurs == was {
			continue
		}
		if err := s.recur(ctx, tx, by, m, was); err != nil {
			return err
		}
	}
	return nil
}

// recur writes what a matter on record came back after; no other write sets that column after the opening.
func (s *Service) recur(ctx context.Context, tx *store.Tx, by identity.Actor, m *Matter, was int64) error {
	if _, err := tx.ExecContext(ctx, `UPDATE matter SET recurs_id = $1 WHERE id = $2`, store.MaybeNumber(m.Recurs), m.ID); err != nil {
		return fmt.Errorf("mark matter %d as recurrent: %w", m.ID, err)
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM matter_link WHERE from_id = $1 AND to_id = $2 AND kind = 'recurs'`, m.ID, was); err != nil {
		return fmt.Errorf("unlink matter %d: %w", m.ID, err)
	}
	said := "不再计为重复发生 / it no longer counts as recurrent"
	if m.Recurs != 0 {
		before, err := read(ctx, tx, m.Recurs)
		if err != nil {
			return err
		}
		if err := link(ctx, tx, m.ID, m.Recurs, "recurs", s.now()); err != nil {
			return err
		}
		said = fmt.Sprintf("与 %[1]s 为同一问题，属重复发生 / the same as %[1]s before: it recurs", before.Number)
	}
	m.Edit++
	return s.touch(ctx, tx, by, m, Note, said, map[string]any{"recurs": m.Recurs})
}

// occasion is a finding of an item at an object, as recurrence is judged by it.
type occasion struct {
	id, object, found, recurs int64
	item, inspection          string
	counts                    bool // neither veiled nor dismissed
}

// before reports whether an occasion is one that another came back after.
func (o *occasion) before(later *occasion) bool {
	day := hydrotime.DateOf(store.Time(later.found))
	switch {
	case !o.counts || o.found >= later.found || o.found < Recalled(day).Start().UnixMilli():
		return false
	case o.inspection != "" && later.inspection != "":
		return o.inspection != later.inspection
	}
	return o.found < day.Start().UnixMilli()
}

// MistakenRecurrence lists the matters whose mark of recurrence is not what the matters on record say: it is missing, or it names one that
// they did not come back after. Marks that were written by other rules once are among them.
func (s *Service) MistakenRecurrence(ctx context.Context) (mistaken []int64, checked int, err error) {
	var same []*occasion // of one item at one object, in order of time
	judge := func() {
		for i, o := range same {
			right, any := false, false
			for _, b := range same[:i] {
				is := b.before(o)
				right, any = right || is && b.id == o.recurs, any || is
			}
			if right != any || !any && o.recurs != 0 {
				mistaken = append(mistaken, o.id)
			}
		}
		same = nil
	}
	err = store.Each(ctx, s.db, `
		SELECT id, object_id, item, found_at, COALESCE(recurs_id, 0), CASE WHEN source = 'inspection' THEN source_id ELSE '' END, veiled, state FROM matter
		WHERE object_id IS NOT NULL AND item <> '' ORDER BY object_id, item, found_at, id`, func(scan func(...any) error) error {
		o := &occasion{}
		var veiled bool
		var state State
		if err := scan(&o.id, &o.object, &o.item, &o.found, &o.recurs, &o.inspection, &veiled, &state); err != nil {
			return err
		}
		o.counts = !veiled && state != Dismissed
		if len(same) > 0 && (same[0].object != o.object || same[0].item != o.item) {
			judge()
		}
		same = append(same, o)
		checked++
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read what recurs: %w", err)
	}
	judge()
	return mistaken, checked, nil
}

// MendRecurrence puts the marks right that MistakenRecurrence lists, each with an event in its matter's history.
func (s *Service) MendRecurrence(ctx context.Context, by identity.Actor, mistaken []int64) error {
	for _, id := range mistaken {
		err := s.db.Write(ctx, func(tx *store.Tx) error {
			if err := queue(ctx, tx); err != nil {
				return err
			}
			return s.recurAnew(ctx, tx, by, []int64{id})
		})
		if err != nil {
			return err
		}
	}
	return nil
}
