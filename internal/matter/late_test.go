package matter_test

import (
	"context"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/matter"
)

// TestTrapLagClosedByHand: a lag that is closed by hand while its cause stands is opened anew, and its months run on from the first; once
// the cause had gone they begin anew.
func TestTrapLagClosedByHand(t *testing.T) {
	each(t, func(w *world) {
		cause := matter.Cause{
			Key: "lag/inv/330602/2026", Kind: matter.Lag, Line: "investment", Division: w.division("330602"), Keeper: w.division("330600"), Title: fault.T("投资滞后", ""),
			Severity: matter.General,
		}
		settle := func(causes ...matter.Cause) *matter.Detail {
			t.Helper()
			for i := range causes {
				causes[i].Due = *w.due(30)
			}
			if _, err := w.svc.Settle(t.Context(), causes, matter.Lag); err != nil {
				t.Fatal(err)
			}
			page, err := w.svc.List(t.Context(), w.reviewer(), matter.Query{Sort: "-number"})
			if err != nil {
				t.Fatal(err)
			}
			return w.get(w.reviewer(), page.Rows[0].ID)
		}
		byHand := func(id int64) {
			t.Helper()
			w.move(w.reviewer(), id, matter.Act{Move: matter.Assign, Unit: w.unit["330602"], Person: w.person["330602"], Due: w.due(30)})
			w.move(w.county(), id, matter.Act{Move: matter.Plan, Measures: "赶工"})
			w.attach(id)
			w.move(w.county(), id, matter.Act{Move: matter.Submit})
			w.move(w.reviewer(), id, matter.Act{Move: matter.Close, Way: "paper"})
		}
		first := settle(cause)
		w.at = w.at.AddDate(0, 3, 0)
		byHand(first.ID)
		second := settle(cause)
		if second.ID == first.ID || !second.Since.Equal(first.Opened) {
			t.Errorf("since %s, the first was opened at %s", second.Since, first.Opened)
		}
		w.at = w.at.AddDate(0, 1, 0)
		byHand(second.ID)
		if third := settle(cause); !third.Since.Equal(first.Opened) {
			t.Errorf("the third since %s", third.Since)
		}
		settle()
		w.at = w.at.AddDate(0, 0, 1)
		fourth := settle(cause)
		if !fourth.Since.Equal(fourth.Opened) {
			t.Errorf("after it had gone: since %s, opened at %s", fourth.Since, fourth.Opened)
		}
		byHand(fourth.ID)
		w.at = w.at.AddDate(0, 2, 0)
		if fifth := settle(cause); !fifth.Since.Equal(fifth.Opened) {
			t.Errorf("two months later: since %s, opened at %s", fifth.Since, fifth.Opened)
		}
	})
}

// TestTrapExtensionOfTheLastDay: a day that has passed is granted to nobody, and what was asked does not outlive a new assignment or the
// handing in.
func TestTrapExtensionOfTheLastDay(t *testing.T) {
	each(t, func(w *world) {
		id := w.open(w.finding()).ID
		w.move(w.county(), id, matter.Act{Move: matter.Confirm})
		w.move(w.reviewer(), id, matter.Act{Move: matter.Assign, Unit: w.unit["330602"], Person: w.person["330602"], Due: w.due(30)})
		ask := func(days int) {
			w.move(w.county(), id, matter.Act{Move: matter.AskMore, Reason: "雨", Due: w.due(days)})
		}
		ask(45)
		w.move(w.reviewer(), id, matter.Act{Move: matter.Assign, Unit: w.unit["330602"], Person: w.person["330602"], Due: w.due(20)})
		if d := w.get(w.reviewer(), id); d.AskedDue != nil || d.AskedBy != "" {
			t.Error("the request outlives the assignment")
		}
		ask(45)
		w.at = w.at.AddDate(0, 0, 60)
		w.refused(w.reviewer(), id, matter.Act{Move: matter.Extend}, fault.Conflict)
		if w.offered(w.reviewer(), id, matter.Extend) || !w.offered(w.reviewer(), id, matter.RefuseMore) {
			t.Error("an extension to a day that has passed is offered")
		}
		ask(10)
		if m := w.move(w.reviewer(), id, matter.Act{Move: matter.Extend}); !m.Due.Equal(*w.due(10)) {
			t.Errorf("extended to %s", m.Due)
		}
	})
}

// TestTrapRecurrenceSentLate: a finding of an earlier day that comes later makes the later one recurrent, once.
func TestTrapRecurrenceSentLate(t *testing.T) {
	each(t, func(w *world) {
		later := w.open(w.finding())
		n := w.finding()
		n.Found = w.at.AddDate(0, 0, -3)
		early := w.open(n)
		d := w.get(w.reviewer(), later.ID)
		if early.Recurs != 0 || d.Recurs != early.ID || len(d.Links) != 1 || d.Links[0].Kind != "recurs" {
			t.Errorf("the early one recurs %d, the later %d, links %+v", early.Recurs, d.Recurs, d.Links)
		}
		n.Found = w.at.AddDate(0, 0, -5)
		w.open(n)
		if d := w.get(w.reviewer(), later.ID); d.Recurs != early.ID || w.get(w.reviewer(), early.ID).Recurs == 0 {
			t.Errorf("the later one recurs %d now", d.Recurs)
		}
	})
}

// TestBulkMoveTellsWhatItMade: trouble of the program's own in the middle of many moves hides none that was made.
func TestBulkMoveTellsWhatItMade(t *testing.T) {
	each(t, func(w *world) {
		var ids []int64
		for range 4 {
			ids = append(ids, w.open(w.finding()).ID)
		}
		made := 0
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		svc := matter.New(matter.Options{Store: w.db, Registry: w.reg, Now: func() time.Time { return w.at }, Changed: func(matter.Change) {
			if made++; made == 2 {
				stop()
			}
		}})
		out, err := svc.MoveMany(ctx, w.county(), ids, matter.Act{Move: matter.Confirm})
		if err != nil || len(out) != 4 {
			t.Fatalf("%+v %v", out, err)
		}
		for i, o := range out {
			confirmed := w.get(w.reviewer(), ids[i]).State == matter.Confirmed
			if o.ID != ids[i] || o.OK != (i < 2) || o.OK != confirmed || (o.Error == nil) != o.OK {
				t.Errorf("%d: %+v, confirmed %v", i, o, confirmed)
			}
		}
		if _, err := svc.MoveMany(ctx, w.county(), ids[2:], matter.Act{Move: matter.Confirm}); err == nil {
			t.Error("nothing was made and no trouble told")
		}
	})
}
