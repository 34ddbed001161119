package matter

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"anlan/internal/identity"
	"anlan/internal/store"
)

// Turn is a move that decides how a matter stood at past instants: it came to rest, was taken up again, was disputed, or its deadline moved. A withdrawal
// is told as a sending back: either way what was handed in is at work again.
type Turn struct {
	Move Move
	From State
	At   time.Time
	Due  time.Time // the deadline after it, zero where it did not move
}

// Turns are the turns of a matter in their order, in a row that came from Survey.
func (r *Row) Turns() []Turn { return r.turns }

// Survey is every matter as it stands with its turns. A matter keeps its place for as long as the program runs, and new ones come at
// the end; nothing in it is ever changed.
type Survey struct {
	rows  pile
	Takes func(r *Row) bool // whether the person may see the row and the query asks for it
}

// Len is how many matters there are.
func (s Survey) Len() int { return s.rows.n }

// At is the matter at a place, from 0.
func (s Survey) At(i int) *Row { return s.rows.at(i) }

// Survey hands out all matters, for counts over the past; sort and paging of the query do not count.
func (s *Service) Survey(ctx context.Context, p *identity.Principal, q Query) (Survey, error) {
	if err := s.roster.followTurns(ctx, s.now()); err != nil {
		return Survey{}, err
	}
	sh, w, err := s.walk(ctx, p, q)
	if err != nil {
		return Survey{}, err
	}
	return Survey{sh.rows, w.takes}, nil
}

// Warm reads all matters with their turns into memory, so that the first list after a start does not wait for them.
func (s *Service) Warm(ctx context.Context) error {
	start := s.now()
	sh, err := s.roster.sheet(ctx, start)
	if err == nil {
		s.log.Info("matters in memory", "rows", sh.rows.n, "took", s.now().Sub(start).Round(time.Millisecond).String())
		err = s.roster.followTurns(ctx, s.now())
	}
	return err
}

// followTurns makes rows carry their turns from now on: they are read once for all, and then with each row that changes.
func (r *roster) followTurns(ctx context.Context, now time.Time) error {
	if _, err := r.sheet(ctx, now); err != nil {
		return err
	}
	r.fill.Lock()
	defer r.fill.Unlock()
	if r.turning {
		return nil
	}
	s := r.seen.Load()
	ids := make([]int64, 0, s.rows.n)
	for row := range s.rows.all {
		ids = append(ids, row.ID)
	}
	turns, err := turnsOf(ctx, r.db, ids)
	if err != nil {
		return err
	}
	w := s.rows.rewrite()
	for i := range w.n {
		if row := w.at(i); turns[row.ID] != nil {
			with := *row
			with.turns = turns[row.ID]
			w.put(i, &with)
		}
	}
	n := *s
	n.rows = w.pile
	r.turning = true
	r.seen.Store(&n)
	return nil
}

// turnsOfMany is from how many matters on the turns of all are read at once.
const turnsOfMany = 500

// turnsOf reads the turns of matters, and of all where they are many.
func turnsOf(ctx context.Context, q store.Querier, matters []int64) (map[int64][]Turn, error) {
	out := map[int64][]Turn{}
	if len(matters) == 0 { // an empty list of IN is no SQL to PostgreSQL
		return out, nil
	}
	query := `
		SELECT matter_id, CASE WHEN move = 'withdraw' THEN 'send_back' ELSE move END, from_state, at, CASE WHEN move IN ('extend', 'uphold', 'confirm') THEN detail ELSE '' END FROM matter_event
		WHERE (move IN ('close', 'control', 'dismiss', 'clear', 'reopen', 'send_back', 'withdraw', 'extend', 'dispute', 'uphold') OR move = 'confirm' AND from_state = 'disputed')`
	if len(matters) < turnsOfMany {
		list := make([]string, len(matters))
		for i, id := range matters {
			list[i] = strconv.FormatInt(id, 10)
		}
		query += ` AND matter_id IN (` + strings.Join(list, ", ") + `)`
	}
	err := store.Each(ctx, q, query+` ORDER BY matter_id, seq`, func(scan func(...any) error) error {
		var id, ms int64
		var t Turn
		var detail string
		if err := scan(&id, &t.Move, &t.From, &ms, &detail); err != nil {
			return err
		}
		t.At = store.Time(ms)
		if detail != "" {
			var d struct {
				Due time.Time `json:"due"`
			}
			if err := json.Unmarshal([]byte(detail), &d); err != nil {
				return err
			}
			t.Due = d.Due
		}
		out[id] = append(out[id], t)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the turns of matters: %w", err)
	}
	return out, nil
}
