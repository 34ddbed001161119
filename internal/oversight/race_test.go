package oversight_test

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/matter"
	"anlan/internal/oversight"
	"anlan/internal/oversight/checklist"
	"anlan/internal/store"
)

// TestTwoAtOnceLoseNothing holds a write back before its commit while another one comes to the same row: the later one builds on what the
// first wrote, or is refused by it, and does not write over it what it had read before.
func TestTwoAtOnceLoseNothing(t *testing.T) {
	eachWorld(t, func(w *world) {
		inspector := w.as("cha", "inspector", "330600")
		plan := w.plan(oversight.Unannounced, 5)
		open := w.inspections(w.city(), oversight.InspectionQuery{Plan: plan.ID})
		pass := map[string]checklist.Answer{"sr.person.02": checklist.Pass}
		sheet := func(id int64, s oversight.Sheet) func() error {
			return func() error {
				_, err := w.svc.Record(t.Context(), inspector, id, s)
				return err
			}
		}
		err := w.during(`UPDATE inspection SET edit = edit + 1, state = 'under_way', answers = '{"sr.person.01":"pass"}' WHERE id = $1`, open[0].ID, sheet(open[0].ID, oversight.Sheet{Answers: pass}))
		if i, got := w.svc.Inspection(t.Context(), inspector, open[0].ID); err != nil || got != nil || len(i.Answers) != 2 {
			t.Errorf("two sheets: %v %v, answers %v", err, got, i.Answers)
		}
		err = w.during(`UPDATE inspection SET edit = edit + 1, state = 'done' WHERE id = $1`, open[1].ID, sheet(open[1].ID, oversight.Sheet{Answers: pass}))
		if i, got := w.svc.Inspection(t.Context(), inspector, open[1].ID); !fault.Is(err, fault.Conflict) || got != nil || i.State != "done" {
			t.Errorf("a sheet beside the end of its inspection: %v %v, state %s", err, got, i.State)
		}
		err = w.during(`UPDATE inspection SET edit = edit + 1, veiled = 0 WHERE id = $1`, open[2].ID, sheet(open[2].ID, oversight.Sheet{Findings: []oversight.NewFinding{serious("f")}}))
		page, got := w.matters.List(t.Context(), w.city(), matter.Query{Source: "inspection"})
		if err != nil || got != nil || page.Total != 1 || page.Rows[0].Veiled {
			t.Errorf("a finding beside the end of its plan: %v %v, %+v", err, got, page.Rows)
		}
		finish := func(state oversight.PlanState) func() error {
			return func() error { return w.svc.Finish(t.Context(), w.city(), plan.ID, plan.Edit, state) }
		}
		other := w.bare()
		two := w.inspections(w.city(), oversight.InspectionQuery{Plan: plan.ID, State: "planned"})
		if err := w.during(`UPDATE inspection SET edit = edit + 1, state = 'under_way' WHERE id = $1`, two[0].ID, finish(oversight.Cancelled)); !fault.Is(err, fault.Conflict) {
			t.Errorf("called off beside the first sheet: %v", err)
		}
		if err := w.during(`UPDATE inspection_plan SET edit = edit + 1 WHERE id = $1`, plan.ID, finish(oversight.Done)); !fault.Is(err, fault.Conflict) {
			t.Errorf("ended beside another change: %v", err)
		}
		add := func() error { return w.svc.AddObjects(t.Context(), w.city(), other, 1, []int64{1}, "") }
		if err := w.during(`UPDATE inspection_plan SET edit = edit + 1, state = 'done' WHERE id = $1`, other, add); !fault.Is(err, fault.Conflict) {
			t.Errorf("objects put on a plan beside its end: %v", err)
		}
	})
}

// TestWhoLeavesMeanwhileComesIntoNoTeam: a team is saved while one of its new members retires.
func TestWhoLeavesMeanwhileComesIntoNoTeam(t *testing.T) {
	eachWorld(t, func(w *world) {
		err := w.during(`UPDATE person SET retired_at = 1 WHERE id = $1`, w.people[2], func() error {
			_, err := w.svc.SaveTeam(t.Context(), w.city(), w.division("330600"), "", 0, oversight.NewTeam{Name: fault.T("二组", ""), Members: w.people[2:]})
			return err
		})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("a member who retires: %v", err)
		}
	})
}

// during starts a write while a statement on the same row is made and not committed yet. On PostgreSQL it waits until the write stands at
// a lock; SQLite has one writer at a time anyway.
func (w *world) during(statement string, id any, f func() error) error {
	w.Helper()
	done := make(chan error, 1)
	w.write(func(tx *store.Tx) error {
		if _, err := tx.ExecContext(w.Context(), statement, id); err != nil {
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
	return <-done
}

// TestEightPhonesOnOneSheet: each confirmed answer of eight that come at once stands.
func TestEightPhonesOnOneSheet(t *testing.T) {
	eachWorld(t, func(w *world) {
		inspector := w.as("cha", "inspector", "330600")
		id, err := w.svc.Start(t.Context(), inspector, "c", list, 1, oversight.Announced)
		if err != nil {
			t.Fatal(err)
		}
		atOnce(slices.Sorted(maps.Keys(w.pass()))[:8], func(code string) {
			if _, err := w.svc.Record(t.Context(), inspector, id, oversight.Sheet{Answers: map[string]checklist.Answer{code: checklist.Pass}}); err != nil {
				t.Errorf("%s: %v", code, err)
			}
		})
		if i, err := w.svc.Inspection(t.Context(), inspector, id); err != nil || len(i.Answers) != 8 {
			t.Errorf("%v: %d of 8 answers stand", err, len(i.Answers))
		}
	})
}

// TestSentTwiceAtOnce: a start and a plan that are sent twice at the same time are one.
func TestSentTwiceAtOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		inspector := w.as("cha", "inspector", "330600")
		for round := range 3 {
			client := fmt.Sprint(round)
			atOnce([]int{1, 2, 3, 4}, func(int) {
				if _, err := w.svc.Start(t.Context(), inspector, client, list, 1, oversight.Announced); err != nil {
					t.Error(err)
				}
				w.bare()
			})
		}
		plans, err := w.svc.Plans(t.Context(), w.city(), "", "", 0, 100)
		if n := len(w.inspections(inspector, oversight.InspectionQuery{})); err != nil || n != 3 || len(plans) != 1 {
			t.Errorf("%d inspections and %d plans: %v", n, len(plans), err)
		}
	})
}

// atOnce does something for each of a list at the same time, and waits for all.
func atOnce[T any](list []T, do func(T)) {
	var all sync.WaitGroup
	for _, v := range list {
		all.Go(func() { do(v) })
	}
	all.Wait()
}
