package matter_test

import (
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/matter"

	"github.com/google/go-cmp/cmp"
)

func TestDueCalendarCountsWhatTheListShows(t *testing.T) {
	each(t, func(w *world) {
		at := func(day string, severity matter.Severity) *matter.Matter {
			n := w.finding()
			d, err := hydrotime.ParseDate(day)
			if err != nil {
				t.Fatal(err)
			}
			n.Due, n.Severity, n.Item = d.End(), severity, ""
			return w.open(n)
		}
		at("2026-05-31", matter.General)
		at("2026-06-01", matter.General)
		at("2026-06-07", matter.Grave)
		at("2026-06-08", matter.Serious) // today: not late before the day is over
		at("2026-06-08", matter.General)
		at("2026-07-01", matter.General)
		done := at("2026-06-20", matter.General)
		w.move(w.county(), done.ID, matter.Act{Move: matter.Dispute, Reason: "不是"})
		w.move(w.reviewer(), done.ID, matter.Act{Move: matter.Dismiss, Reason: "确实不是"})
		june := func(q matter.Query) matter.Calendar {
			t.Helper()
			c, err := w.svc.Due(t.Context(), w.county(), q, hydrotime.Date{Year: 2026, Month: 6, Day: 1}, hydrotime.Date{Year: 2026, Month: 6, Day: 30})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		day := func(n, count, overdue int, severity [5]int) matter.DueDay {
			return matter.DueDay{Day: hydrotime.Date{Year: 2026, Month: 6, Day: n}, Count: count, Overdue: overdue, Severity: severity}
		}
		group := func(count, overdue int) matter.Group {
			return matter.Group{Keys: []string{}, Count: count, Live: count, Overdue: overdue}
		}
		want := matter.Calendar{
			Days:  []matter.DueDay{day(1, 1, 1, [5]int{1: 1}), day(7, 1, 1, [5]int{4: 1}), day(8, 2, 0, [5]int{1: 1, 3: 1})},
			Total: group(4, 2), Earlier: group(1, 1), Later: group(1, 0),
		}
		if d := cmp.Diff(want, june(matter.Query{})); d != "" {
			t.Error(d)
		}
		if c := june(matter.Query{Severity: []matter.Severity{matter.Grave}}); c.Total.Count != 1 || len(c.Days) != 1 || c.Earlier.Count != 0 {
			t.Errorf("grave ones only: %+v", c)
		}
		hidden := w.finding()
		hidden.Veiled, hidden.Item = true, ""
		w.open(hidden)
		if c := june(matter.Query{}); c.Total.Count != 4 {
			t.Errorf("the inspected county counts what is veiled: %+v", c)
		}
		for _, year := range []int{2025, 2028} { // before it begins, and longer than a calendar is
			_, err := w.svc.Due(t.Context(), w.county(), matter.Query{}, hydrotime.Date{Year: 2026, Month: 6, Day: 6}, hydrotime.Date{Year: year, Month: 6, Day: 5})
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("until %d: %v", year, err)
			}
		}
	})
}

// TestLateByEitherDeadline: an extension takes a matter from one list of overdue ones and leaves it on the other.
func TestLateByEitherDeadline(t *testing.T) {
	each(t, func(w *world) {
		m := w.open(w.finding())
		w.move(w.county(), m.ID, matter.Act{Move: matter.Confirm})
		w.move(w.reviewer(), m.ID, matter.Act{Move: matter.Assign, Unit: w.unit["330602"], Person: w.person["330602"], Due: w.due(5)})
		w.move(w.county(), m.ID, matter.Act{Move: matter.AskMore, Reason: "汛期", Due: w.due(30)})
		w.move(w.reviewer(), m.ID, matter.Act{Move: matter.Extend})
		f := func(q matter.Query, want int) {
			t.Helper()
			if pg, err := w.svc.List(t.Context(), w.county(), q); err != nil || pg.Total != want {
				t.Errorf("%+v at %s: %d, %v", q, w.at, pg.Total, err)
			}
		}
		w.at = w.at.Add(4 * 24 * time.Hour)
		f(matter.Query{LateFirst: true}, 0)
		w.at = w.at.Add(2 * 24 * time.Hour)
		f(matter.Query{LateFirst: true}, 1)
		f(matter.Query{Overdue: true}, 0)
		w.move(w.county(), m.ID, matter.Act{Move: matter.Plan, Measures: "灌浆"})
		w.attach(m.ID)
		w.move(w.county(), m.ID, matter.Act{Move: matter.Submit})
		w.at = w.at.Add(60 * 24 * time.Hour)
		f(matter.Query{LateFirst: true}, 1) // handed in is not closed
		f(matter.Query{Overdue: true}, 0)
		w.move(w.reviewer(), m.ID, matter.Act{Move: matter.Close, Way: "site"})
		f(matter.Query{LateFirst: true}, 0)
	})
}
