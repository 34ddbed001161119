package matter_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/matter"
	"anlan/internal/store"
)

// TestTrapRecurrenceIsMendedAsMattersCome: what is put down late marks what was found after it, and what is dismissed takes its mark
// from what came back after it, unless another stands before.
func TestTrapRecurrenceIsMendedAsMattersCome(t *testing.T) {
	each(t, func(w *world) {
		found := func(daysAgo int) *matter.Matter {
			n := w.finding()
			n.Found = w.at.AddDate(0, 0, -daysAgo)
			return w.open(n)
		}
		of := func(m *matter.Matter) int64 { return w.get(w.reviewer(), m.ID).Recurs }
		last := found(1)
		middle, first := found(10), found(20)
		if of(last) != middle.ID || of(middle) != first.ID || of(first) != 0 {
			t.Fatalf("put down late: %d, %d, %d", of(last), of(middle), of(first))
		}
		dismiss := func(m *matter.Matter) {
			w.move(w.county(), m.ID, matter.Act{Move: matter.Dispute, Reason: "不属实"})
			w.move(w.reviewer(), m.ID, matter.Act{Move: matter.Dismiss, Reason: "申诉成立"})
		}
		dismiss(middle)
		if of(last) != first.ID {
			t.Errorf("the middle one dismissed: %d, want %d", of(last), first.ID)
		}
		dismiss(first)
		d := w.get(w.reviewer(), last.ID)
		if d.Recurs != 0 || len(d.Links) != 0 || d.Events[len(d.Events)-1].Reason == "" {
			t.Errorf("all before it dismissed: recurs %d, links %+v", d.Recurs, d.Links)
		}
	})
}

// TestMistakenRecurrenceIsFoundAndMended writes marks as older rules did, among many findings of any source and order: nothing else is
// called mistaken, all of it is put right once, with an event each.
func TestMistakenRecurrenceIsFoundAndMended(t *testing.T) {
	each(t, func(w *world) {
		rng := rand.New(rand.NewPCG(12, 82))
		var all []*matter.Matter
		for n := range 120 {
			f := w.finding()
			f.Object, f.Item = 1+2*rng.Int64N(2), fmt.Sprint("sr.", rng.IntN(3))
			f.Found = w.at.AddDate(0, 0, -rng.IntN(500)).Add(time.Duration(rng.IntN(600)) * -time.Minute)
			if rng.IntN(2) == 0 {
				f.Source, f.SourceID = "inspection", fmt.Sprint(rng.IntN(40))
			}
			if f.Veiled = n%17 == 0; f.Veiled {
				f.Source, f.SourceID = "inspection", fmt.Sprint(100+n)
			}
			all = append(all, w.open(f))
		}
		w.write(func(tx *store.Tx) error {
			return w.svc.Unveil(t.Context(), tx, identity.Actor{ID: "shen"}, "inspection", "100")
		})
		marks := func() map[int64]int64 {
			out := map[int64]int64{}
			for _, m := range all {
				out[m.ID] = w.get(w.reviewer(), m.ID).Recurs
			}
			return out
		}
		mistaken := func() []int64 {
			t.Helper()
			list, checked, err := w.svc.MistakenRecurrence(t.Context())
			if err != nil || checked != len(all) {
				t.Fatalf("%d checked: %v", checked, err)
			}
			slices.Sort(list)
			return list
		}
		if list := mistaken(); len(list) != 0 {
			t.Fatalf("%d of what the program wrote is mistaken: %v", len(list), list)
		}
		right := marks()
		var wrong []int64
		w.write(func(tx *store.Tx) error {
			for i, m := range all {
				to := store.MaybeNumber(0)
				switch {
				case i%5 == 0 && right[m.ID] != 0: // forgotten
				case i%7 == 0 && right[m.ID] == 0: // one that came later, or of another item
					to = store.MaybeNumber(all[(i+1)%len(all)].ID)
				default:
					continue
				}
				wrong = append(wrong, m.ID)
				if _, err := tx.ExecContext(t.Context(), `UPDATE matter SET recurs_id = $1 WHERE id = $2`, to, m.ID); err != nil {
					return err
				}
			}
			return nil
		})
		slices.Sort(wrong)
		list := mistaken()
		if len(wrong) < 10 || !slices.Equal(list, wrong) {
			t.Fatalf("mistaken are %v, want %v", list, wrong)
		}
		if err := w.svc.MendRecurrence(t.Context(), identity.Actor{ID: "program"}, list); err != nil {
			t.Fatal(err)
		}
		if again := mistaken(); len(again) != 0 {
			t.Errorf("after mending: %v", again)
		}
		for id, to := range marks() {
			if (to == 0) != (right[id] == 0) {
				t.Errorf("matter %d: %d, before %d", id, to, right[id])
			}
		}
		if rep, err := audit.Verify(t.Context(), w.db); err != nil || !rep.OK {
			t.Errorf("audit: %+v %v", rep, err)
		}
	})
}
