package oversight_test

import (
	"strings"
	"testing"

	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/oversight"
	"anlan/internal/quantity"
	"anlan/packs"
)

// bound lets the matters go by the ladder in force, as the server does.
func (w *world) bound() {
	w.matters = matter.New(matter.Options{Store: w.db, Registry: w.reg, Now: w.now, Terms: w.svc.Terms, Rungs: w.svc.Rungs})
}

// TestTrapUnansweredStepClimbs: while a reply is not due nothing is suggested; past its day the next rung is, whatever the kind of
// matter, and a step that asks for no reply holds nothing up.
func TestTrapUnansweredStepClimbs(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.bound()
		m := w.opens(matter.NewMatter{Kind: matter.Finding, Origin: matter.City, Severity: matter.General, Basis: "b", Due: w.at.AddDate(1, 0, 0)})
		issue := func(step string) {
			t.Helper()
			id, err := w.matters.Propose(t.Context(), w.city(), matter.Proposal{Step: step, Matters: []int64{m.ID}, Reason: "r"})
			if err == nil {
				err = w.matters.Decide(t.Context(), w.as("ju", "director", "330600"), id, 1, true, "")
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		issue("remind") // five days
		w.suggests(m, "")
		w.at = w.at.AddDate(0, 0, 5)
		w.suggests(m, "")
		w.at = w.at.AddDate(0, 0, 1)
		w.suggests(m, "notice: the last step was not answered in time")
		issue("notice") // ten
		w.suggests(m, "")
		w.at = w.at.AddDate(0, 0, 11)
		w.suggests(m, "talk: the last step was not answered in time")
		issue("deduct") // asks for none, and is the last
		w.suggests(m, "")
	})
}

// TestPointsOffAreCounted: the points of an issued step count for its county from the day of issue on, for the city as their sum, and a
// formula of a comparison may name them; what is only proposed or was refused counts nothing.
func TestPointsOffAreCounted(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.bound()
		name, formulas := packs.Comparison()
		own := strings.NewReplacer("version: 2", "version: 3", "score: min(100, 20 * problems_per_object)", "score: 100 - 10 * points_deducted").Replace(string(formulas))
		if _, err := w.svc.Load(t.Context(), identity.Actor{Name: "test"}, oversight.Definitions{Comparisons: map[string][]byte{name: []byte(own)}}); err != nil {
			t.Fatal(err)
		}
		start := hydrotime.DateOf(w.at)
		m := w.opens(matter.NewMatter{Kind: matter.Finding, Origin: matter.City, Severity: matter.General, Basis: "b", Due: w.at.AddDate(1, 0, 0)})
		step := func(decide bool, approve bool) {
			t.Helper()
			id, err := w.matters.Propose(t.Context(), w.city(), matter.Proposal{Step: "deduct", Matters: []int64{m.ID}, Reason: "r"})
			if err == nil && decide {
				err = w.matters.Decide(t.Context(), w.as("ju", "director", "330600"), id, 1, approve, "x")
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		counted := func(day hydrotime.Date, want int64) {
			t.Helper()
			st, err := w.svc.Statistics(t.Context(), w.city(), oversight.StatisticsQuery{Scope: w.division("330600"), AsOf: day})
			if err != nil {
				t.Fatal(err)
			}
			if got := st.Stats["330602"].Deducted; got != quantity.Int(want) || st.Total.Deducted != got || st.Stats["330603"].Deducted != 0 {
				t.Errorf("as of %s: %s off, in all %s; want %d", day, got, st.Total.Deducted, want)
			}
			for _, sc := range st.Scores {
				if want := quantity.Int(100 - 10*want); sc.Division == "330602" && sc.Parts[0] != quantity.Some(want) {
					t.Errorf("as of %s the part that names them is %v, want %s", day, sc.Parts[0], want)
				}
			}
		}
		step(true, false)
		counted(start, 0)
		w.at = w.at.AddDate(0, 0, 1)
		step(true, true)
		w.at = w.at.AddDate(0, 0, 1)
		step(true, true)
		step(false, false)
		counted(start, 0)
		counted(start.AddDays(1), 1)
		counted(start.AddDays(2), 2)
	})
}
