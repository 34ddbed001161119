package matter_test

import (
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/store"
)

// TestTwoAtOnceLoseNothing holds a move back before its commit while another write comes to the same matter: the later one builds on
// what the move wrote, and does not write over it what it had read before.
func TestTwoAtOnceLoseNothing(t *testing.T) {
	each(t, func(w *world) {
		person := w.reviewer()
		veiled := w.finding()
		veiled.Veiled, veiled.Source, veiled.SourceID = true, "inspection", "7"
		lag := matter.Cause{
			Key: "lag", Kind: matter.Lag, Line: "investment", Division: w.division("330602"), Keeper: w.division("330600"), Title: fault.T("投资滞后", ""), Detail: "-5", Severity: matter.General, Due: *w.due(20),
		}
		if _, err := w.svc.Settle(t.Context(), []matter.Cause{lag}, matter.Lag); err != nil {
			t.Fatal(err)
		}
		ruled, err := w.svc.List(t.Context(), person, matter.Query{Kinds: []matter.Kind{matter.Lag}})
		if err != nil || len(ruled.Rows) != 1 {
			t.Fatal(ruled.Rows, err)
		}
		lag.Detail = "-12"
		plain, raised := w.open(w.finding()), w.open(w.finding())
		hidden := w.open(veiled)
		step, err := w.svc.Propose(t.Context(), person, matter.Proposal{Step: "talk", Matters: []int64{raised.ID}, Reason: "r", ReplyDue: *w.due(5)})
		if err != nil {
			t.Fatal(err)
		}
		sweep, parts := w.sweep()
		for _, c := range []struct {
			name string
			id   int64
			do   func() error
		}{
			{"attach", plain.ID, func() error {
				return w.svc.Attach(t.Context(), person, plain.ID, matter.Evidence{File: file, Role: "before"})
			}},
			{"answer", sweep, func() error { return w.svc.Answer(t.Context(), w.county(), sweep, parts[0].Object, "none", "") }},
			{"answer the rest", sweep, func() error { return w.svc.AnswerRest(t.Context(), w.county(), sweep, "none", "") }},
			{"escalate", raised.ID, func() error { return w.svc.Decide(t.Context(), w.director(), step, 1, true, "") }},
			{"unveil", hidden.ID, func() error {
				return w.db.Write(t.Context(), func(tx *store.Tx) error { return w.svc.Unveil(t.Context(), tx, identity.Actor{}, "inspection", "7") })
			}},
			{"cause", ruled.Rows[0].ID, func() error {
				_, err := w.svc.Settle(t.Context(), []matter.Cause{lag}, matter.Lag)
				return err
			}},
		} {
			before := w.get(person, c.id).Edit
			w.during(person, c.id, c.do)
			d := w.get(person, c.id)
			if want := before + 2; d.Edit != want {
				t.Errorf("%s beside a move: edit %d, want %d", c.name, d.Edit, want)
			}
		}
	})
}

// during starts a write while a move of the same matter is made and not committed yet. On PostgreSQL it waits until the write stands
// at a lock; SQLite has one writer at a time anyway.
func (w *world) during(p *identity.Principal, id int64, f func() error) {
	w.Helper()
	done := make(chan error, 1)
	w.write(func(tx *store.Tx) error {
		if _, err := w.svc.MoveIn(w.Context(), tx, p, id, matter.Act{Move: matter.Note, Reason: "看过"}); err != nil {
			return err
		}
		go func() { done <- f() }()
		if w.db.Engine() != store.Postgres {
			return nil
		}
		for range 1000 {
			if _, err := tx.ExecContext(w.Context(), `SELECT pg_stat_clear_snapshot()`); err != nil { // a transaction sees activity as of its first look
				return err
			}
			var waiting int
			err := tx.QueryRowContext(w.Context(), `SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&waiting)
			if err != nil || waiting > 0 {
				return err
			}
			time.Sleep(5 * time.Millisecond)
		}
		w.Error("the other write never came to the lock")
		return nil
	})
	if err := <-done; err != nil {
		w.Error(err)
	}
}

// sweep opens a sweep by closing a serious finding, and gives its parts.
func (w *world) sweep() (int64, []matter.Part) {
	w.Helper()
	n := w.finding()
	n.Severity, n.Item = matter.Serious, "sr.dam.09"
	m := w.open(n)
	w.toSubmitted(m.ID)
	w.move(w.reviewer(), m.ID, matter.Act{Move: matter.Close, Way: "site"})
	page, err := w.svc.List(w.Context(), w.county(), matter.Query{Kinds: []matter.Kind{matter.Sweep}})
	if err != nil || len(page.Rows) != 1 {
		w.Fatalf("%d sweeps: %v", len(page.Rows), err)
	}
	return page.Rows[0].ID, w.get(w.county(), page.Rows[0].ID).Parts
}
