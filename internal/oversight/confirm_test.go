package oversight_test

import (
	"fmt"
	"testing"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/oversight"
	"anlan/internal/oversight/checklist"
	"anlan/internal/oversight/compare"
	"anlan/internal/oversight/ladder"
)

// TestTrapUnconfirmedIsOverdue: a finding that the county never confirms is late from the end of the days to confirm it: it stands in the
// figures, in the list behind them and on the ladder. An objection stops the clock of the county; upheld, the days begin anew; and once it
// is assigned the deadline for mending counts, while the figure of a past day stays as it was.
func TestTrapUnconfirmedIsOverdue(t *testing.T) {
	eachWorld(t, func(w *world) {
		start := w.at
		on := func(day int) { w.at = start.AddDate(0, 0, day) }
		stat := func(day int) compare.Stat {
			t.Helper()
			st, err := w.svc.Statistics(t.Context(), w.city(), oversight.StatisticsQuery{Scope: w.division("330600"), AsOf: hydrotime.DateOf(start.AddDate(0, 0, day))})
			if err != nil {
				t.Fatal(err)
			}
			return st.Stats["330602"]
		}
		late := func(day int, overdue, of int64) {
			t.Helper()
			if s := stat(day); s.Overdue != overdue || s.OnTime.Denominator != of || s.OnTime.Numerator != 0 || s.NoDeadline != 0 {
				t.Errorf("as of day %d: %d overdue of %d, %d without a deadline; want %d of %d", day, s.Overdue, s.OnTime.Denominator, s.NoDeadline, overdue, of)
			}
		}
		listed := func(want int) {
			t.Helper()
			page, err := w.matters.List(t.Context(), w.city(), matter.Query{LateFirst: true})
			if err != nil || page.Total != want {
				t.Errorf("%s: %d listed as late, want %d: %v", w.at, page.Total, want, err)
			}
			if page, err = w.matters.List(t.Context(), w.city(), matter.Query{Original: matter.Span{To: w.at.Add(time.Millisecond)}}); err != nil || page.Total != want {
				t.Errorf("%s: %d listed whose first deadline has passed, want %d: %v", w.at, page.Total, want, err)
			}
		}
		move := func(role, at string, id int64, a matter.Act) {
			t.Helper()
			if _, err := w.matters.Move(t.Context(), w.as(role, role, at), id, a); err != nil {
				t.Fatal(err)
			}
		}
		terms, err := w.svc.Terms(t.Context(), w.db)
		if err != nil || terms.Confirm != 5 || terms.Review != 10 {
			t.Fatalf("%+v, %v", terms, err)
		}
		never := w.opens(matter.NewMatter{Kind: matter.Finding, Origin: matter.City, Severity: matter.General, Basis: "b", Due: terms.ConfirmBy(start)})
		silent := w.opens(matter.NewMatter{Kind: matter.Hazard, Origin: matter.City, Severity: matter.General, Basis: "b", Due: terms.ConfirmBy(start)})
		on(4)
		late(4, 0, 0)
		listed(0)
		w.suggests(never, "")
		on(6)
		late(6, 2, 2)
		late(5, 2, 2) // the last day is over
		listed(2)
		w.suggests(never, "remind: days overdue: 1")

		move("county_leader", "330602", never.ID, matter.Act{Move: matter.Dispute, Reason: "不属实"})
		move("county_leader", "330602", silent.ID, matter.Act{Move: matter.Confirm}) // confirmed and given to nobody is late still
		late(6, 1, 1)
		listed(1)
		w.suggests(never, "")
		w.suggests(silent, "remind: days overdue: 1")
		on(8)
		move("reviewer", "330600", never.ID, matter.Act{Move: matter.Uphold, Reason: "维持"})
		late(8, 1, 1)
		on(14)
		late(14, 2, 2)
		listed(2)
		due := start.AddDate(0, 0, 30)
		person := ""
		if err := w.db.QueryRowContext(t.Context(), `SELECT MIN(id) FROM person WHERE organisation_id = $1`, never.Unit).Scan(&person); err != nil {
			t.Fatal(err)
		}
		for _, id := range []int64{never.ID, silent.ID} {
			move("reviewer", "330600", id, matter.Act{Move: matter.Assign, Person: person, Due: &due})
		}
		late(14, 0, 0)
		listed(0)
		late(12, 1, 1) // as it stood then
		late(13, 2, 2)
		late(7, 1, 1)
		late(5, 2, 2)
		on(31)
		late(31, 2, 2)
		listed(2)
		w.suggests(never, "remind: days overdue: 1")
	})
}

// TestDaysToConfirmAreData: the days to confirm come from the ladder, or from the checklist where it has its own.
func TestDaysToConfirmAreData(t *testing.T) {
	eachWorld(t, func(w *world) {
		book, err := w.svc.Book(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		l := *book.Ladder
		l.Version, l.Terms = l.Version+1, &ladder.Terms{Confirm: 2, Decide: 9}
		c, err := book.Version(list, 0)
		if err != nil {
			t.Fatal(err)
		}
		for n, own := range []int{0, 7} {
			changed := *c
			changed.Version, changed.ConfirmDays = c.Version+1+n, own
			_, err := w.svc.Load(t.Context(), identity.Actor{Name: "test"}, oversight.Definitions{
				Ladders: map[string][]byte{"ladder.yaml": ladder.Format(&l)}, Checklists: map[string][]byte{list + ".yaml": checklist.Format(&changed)},
			})
			if err != nil {
				t.Fatal(err)
			}
			id, err := w.svc.Start(t.Context(), w.city(), fmt.Sprint(n), list, 1, oversight.Announced)
			if err != nil {
				t.Fatal(err)
			}
			finding := oversight.NewFinding{Client: "f", Clause: "sr.person.01", Severity: "serious"}
			made, err := w.svc.Record(t.Context(), w.city(), id, oversight.Sheet{Findings: []oversight.NewFinding{finding}})
			if err != nil {
				t.Fatal(err)
			}
			d, err := w.matters.Get(t.Context(), w.city(), made[0])
			if err != nil {
				t.Fatal(err)
			}
			if want := hydrotime.DateOf(w.at).AddDays(max(own, 2)).End(); !d.Due.Equal(want) || !d.ConfirmDue.Equal(want) {
				t.Errorf("%d days of the list's own: to confirm until %s, want %s", own, d.Due, want)
			}
		}
	})
}
