package matter

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"anlan/internal/identity"
	"anlan/internal/store"
)

// Chronicle is a matter with the moves that decide how it stood at any past instant.
type Chronicle struct {
	*Row
	Turns []Turn
}

// Turn is one such move: it came to rest, or was taken up again, or its deadline moved.
type Turn struct {
	Move Move
	From State
	At   time.Time
	Due  time.Time // the deadline after it, zero where it did not move
}

// Chronicles lists what a person may see of a query with its turns, in order of time; sort and paging of the query do not count.
func (s *Service) Chronicles(ctx context.Context, p *identity.Principal, q Query) ([]Chronicle, error) {
	sh, w, err := s.walk(ctx, p, q)
	if err != nil {
		return nil, err
	}
	var out []Chronicle
	at := map[int64]int{}
	for _, r := range sh.rows {
		if w.takes(r) {
			at[r.ID] = len(out)
			out = append(out, Chronicle{Row: r})
		}
	}
	err = store.Each(ctx, s.db, `
		SELECT matter_id, move, from_state, at, CASE WHEN move = 'extend' THEN detail ELSE '' END FROM matter_event
		WHERE move IN ('close', 'control', 'dismiss', 'clear', 'reopen', 'send_back', 'extend') ORDER BY matter_id, seq`, func(scan func(...any) error) error {
		var id, ms int64
		var t Turn
		var detail string
		if err := scan(&id, &t.Move, &t.From, &ms, &detail); err != nil {
			return err
		}
		i, ok := at[id]
		if !ok {
			return nil
		}
		t.At = time.UnixMilli(ms).UTC()
		if detail != "" {
			var d struct {
				Due time.Time `json:"due"`
			}
			if err := json.Unmarshal([]byte(detail), &d); err != nil {
				return err
			}
			t.Due = d.Due
		}
		out[i].Turns = append(out[i].Turns, t)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the turns of matters: %w", err)
	}
	return out, nil
}
