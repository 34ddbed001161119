package programme_test

import (
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/programme"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// TestRetiredDivisionKeepsItsPast holds that the months which a division filed before it was retired stay in every sum, also when
// they are formed anew, and that it is expected to file no more.
func TestRetiredDivisionKeepsItsPast(t *testing.T) {
	each(t, func(w *world) {
		first := w.file("330602", may, "100", "1", "1")
		w.file("330603", may, "50", "1", "1")
		w.cockpit("330600", may, time.Time{})
		w.at = time.Date(2026, 6, 20, 1, 0, 0, 0, time.UTC)
		now := func() time.Time { return w.at }
		reg, yes := registry.New(w.db, now), true
		if err := w.db.Write(t.Context(), func(tx *store.Tx) error {
			return reg.ChangeDivision(t.Context(), tx, "330603", registry.DivisionChange{Retired: &yes})
		}); err != nil {
			t.Fatal(err)
		}
		var err error
		if w.tree, err = reg.Tree(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.svc = programme.New(programme.Options{Store: w.db, Registry: reg, Now: now})
		w.at = time.Date(2026, 7, 2, 1, 0, 0, 0, time.UTC)

		f := func(value string, reported, expected, shown int, month int) {
			t.Helper()
			c := w.cockpit("330600", may.Add(month), time.Time{})
			total := c.Groups[0].Rows[0].Total
			if total.Value != n(value) || total.Reported != reported || total.Expected != expected || len(c.Divisions) != shown {
				t.Errorf("month %+d: %s, %d of %d, %d shown", month, total.Value, total.Reported, total.Expected, len(c.Divisions))
			}
		}
		f("150", 2, 3, 3, 0)
		f("", 0, 2, 2, 1)
		if _, err := w.svc.Recompute(t.Context(), may); err != nil {
			t.Fatal(err)
		}
		f("150", 2, 3, 3, 0)
		r := w.move(w.clerk("330602"), first, programme.Correct, "更正")
		r, err = w.svc.SaveLines(t.Context(), w.clerk("330602"), r.ID, r.Edit, []programme.LineChange{{Indicator: "t.done", Value: n("110"), Note: "更正"}}, "typed")
		if err != nil {
			t.Fatal(err)
		}
		r = w.move(w.clerk("330602"), r, programme.Submit, "")
		w.move(w.reviewer(), w.move(w.reviewer(), r, programme.Review, ""), programme.Accept, "")
		f("160", 2, 3, 3, 0)

		_, err = w.svc.Open(t.Context(), w.clerk("330603"), programme.ReturnKey{Form: "test.month", Division: "330603", Period: may.Add(1)})
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("it may still file: %v", err)
		}
		board, err := w.svc.List(t.Context(), w.reviewer(), programme.ReturnsQuery{Scope: "330600", From: may, To: may.Add(1)})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range board.Items {
			if r.Division.Code == "330603" && r.Period > may {
				t.Errorf("it is asked for %s", r.Period)
			}
		}
	})
}
