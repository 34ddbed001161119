package matter_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/store"
)

// cut is a context that ends after it has been asked a number of times: a client that leaves while its list is being read.
type cut struct {
	context.Context
	left atomic.Int64
	once sync.Once
	done chan struct{}
}

func (c *cut) Err() error {
	if c.left.Add(-1) > 0 {
		return nil
	}
	c.once.Do(func() { close(c.done) })
	return context.Canceled
}

func (c *cut) Done() <-chan struct{} { return c.done }

func (c *cut) Deadline() (time.Time, bool) { return time.Time{}, false }

// TestAClientThatLeavesDoesNotHarmTheList reads lists with contexts that end at every point, and then lists whole.
func TestAClientThatLeavesDoesNotHarmTheList(t *testing.T) {
	each(t, func(w *world) {
		for n := range 40 {
			f := w.finding()
			f.Object = int64(1 + 2*(n%5))
			w.open(f)
			ctx := &cut{Context: t.Context(), done: make(chan struct{})}
			ctx.left.Store(int64(1 + n%12))
			_, _ = w.svc.List(ctx, w.reviewer(), matter.Query{})
		}
		w.holdList(w.svc, w.reviewer(), 40)
	})
}

// TestWhatIsNotOnRecordIsRefused: a unit, a person or an object that the registry does not have is told by its place, and nothing opens.
func TestWhatIsNotOnRecordIsRefused(t *testing.T) {
	each(t, func(w *world) {
		f := func(change func(n *matter.NewMatter)) {
			t.Helper()
			n := w.finding()
			change(&n)
			err := w.db.Write(t.Context(), func(tx *store.Tx) error {
				_, _, err := w.svc.Open(t.Context(), tx, identity.Actor{}, n)
				return err
			})
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%v", err)
			}
		}
		f(func(n *matter.NewMatter) { n.Unit = "nobody" })
		f(func(n *matter.NewMatter) { n.Person = "nobody" })
		f(func(n *matter.NewMatter) { n.Object = 999 })
		f(func(n *matter.NewMatter) { n.Object = 2 }) // lies in the other county
		m := w.open(w.finding())
		_, err := w.svc.Propose(t.Context(), w.reviewer(), matter.Proposal{Step: "talk", Matters: []int64{m.ID}, Unit: "nobody", Reason: "r", ReplyDue: *w.due(5)})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("a step for a unit that is not there: %v", err)
		}
	})
}

// TestWhoAnswersIsOfThePlace: neither another county's bureau nor another unit's person is made to answer, one by one or in bulk; the
// office above and the unit that runs the object may be.
func TestWhoAnswersIsOfThePlace(t *testing.T) {
	each(t, func(w *world) {
		m := w.open(w.finding())
		w.move(w.county(), m.ID, matter.Act{Move: matter.Confirm})
		assign := func(unit, person string) matter.Act {
			return matter.Act{Move: matter.Assign, Unit: w.unit[unit], Person: w.person[person], Due: w.due(30)}
		}
		w.refused(w.reviewer(), m.ID, assign("330603", "330603"), fault.Invalid)
		w.refused(w.reviewer(), m.ID, assign("330602", "330603"), fault.Invalid)
		w.refused(w.reviewer(), m.ID, assign("330602", "330600"), fault.Invalid)
		out, err := w.svc.MoveMany(t.Context(), w.reviewer(), []int64{m.ID}, assign("330603", "330603"))
		if err != nil || out[0].OK {
			t.Errorf("assigned in bulk to another county: %+v %v", out, err)
		}
		w.move(w.reviewer(), m.ID, assign("330600", "330602"))
		w.write(func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `UPDATE water_object SET organisation_id = $1 WHERE id = 1`, w.unit["330603"])
			return err
		})
		w.move(w.reviewer(), m.ID, matter.Act{Move: matter.Assign, Unit: w.unit["330603"], Person: w.person["330603"]})
	})
}

// TestTheYearIsBeijings: what is found in the first hours of a year carries that year's number, though it is still the old one in UTC.
func TestTheYearIsBeijings(t *testing.T) {
	each(t, func(w *world) {
		w.at = time.Date(2026, 12, 31, 18, 0, 0, 0, time.UTC)
		if m := w.open(w.finding()); m.Number != "2027-000001" {
			t.Errorf("number %s", m.Number)
		}
	})
}
