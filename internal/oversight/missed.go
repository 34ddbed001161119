package oversight

import (
	"context"
	"fmt"

	"anlan/internal/hydrotime"
	"anlan/internal/matter"
	"anlan/internal/oversight/compare"
	"anlan/internal/store"
)

// Missed reports whether what is about to be put down was missed by a lower level (漏检), as compare.Overlooked judges it within
// compare.Memory before the day of finding, or now where none is named. Only a look whose sheet asked for the item counts; what
// names no object or no item is not judged.
func (s *Service) Missed(ctx context.Context, q store.Querier, n matter.NewMatter) (bool, error) {
	if n.Object == 0 || n.Item == "" || n.Kind != matter.Finding && n.Kind != matter.Hazard {
		return false, nil
	}
	r := compare.Record{Object: n.Object, Item: n.Item, Origin: compare.Origin(n.Origin), Found: n.Found}
	if r.Found.IsZero() {
		r.Found = s.now()
	}
	since := r.Found.AddDate(0, -compare.Memory, 0)
	visits, err := s.looked(ctx, q, r, since.UnixMilli())
	if err != nil || len(visits) == 0 {
		return false, err
	}
	known, err := putDown(ctx, q, r)
	if err != nil {
		return false, err
	}
	return compare.Overlooked(r, visits, known, hydrotime.DateOf(since).DaysUntil(hydrotime.DateOf(r.Found))), nil
}

// looked lists the inspections of a record's object that were done in time and whose sheet has its item.
func (s *Service) looked(ctx context.Context, q store.Querier, r compare.Record, since int64) ([]compare.Visit, error) {
	book, err := s.BookIn(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []compare.Visit
	err = store.Each(ctx, q, `
		SELECT checklist_id, checklist_version, origin, done_at FROM inspection
		WHERE object_id = $1 AND state = 'done' AND done_at >= $2 AND done_at < $3 ORDER BY done_at, id`, func(scan func(...any) error) error {
		v := compare.Visit{Object: r.Object}
		var list string
		var version int
		var done int64
		if err := scan(&list, &version, &v.Origin, &done); err != nil {
			return err
		}
		c, err := book.Version(list, version)
		if err != nil {
			return err
		}
		v.At = store.Time(done)
		if _, asked := c.Clause(r.Item); asked {
			out = append(out, v)
		}
		return nil
	}, r.Object, since, r.Found.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("look for earlier inspections of object %d: %w", r.Object, err)
	}
	return out, nil
}

// putDown lists the matters on a record's item at its object, as they stand: one that was taken up again counts as never closed.
func putDown(ctx context.Context, q store.Querier, r compare.Record) ([]compare.Record, error) {
	var out []compare.Record
	err := store.Each(ctx, q, `
		SELECT id, origin, state, found_at, opened_at, COALESCE(closed_at, changed_at) FROM matter WHERE object_id = $1 AND item = $2 ORDER BY id`, func(scan func(...any) error) error {
		o := compare.Record{Object: r.Object, Item: r.Item}
		var state matter.State
		var found, opened, rest int64
		err := scan(&o.ID, &o.Origin, &state, &found, &opened, &rest)
		o.Found, o.Opened = store.Time(found), store.Time(opened)
		switch state {
		case matter.Closed, matter.Cleared:
			o.Spans = []compare.Span{{Kind: compare.Closed, From: store.Time(rest)}}
		case matter.Dismissed:
			o.Dismissed = store.Time(rest)
		}
		out = append(out, o)
		return err
	}, r.Object, r.Item)
	if err != nil {
		return nil, fmt.Errorf("look for earlier matters on item %s of object %d: %w", r.Item, r.Object, err)
	}
	return out, nil
}
