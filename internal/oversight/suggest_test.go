package oversight_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/oversight"
	"anlan/internal/quantity"
	"anlan/internal/store"
)

// opens puts a matter of the county on record.
func (w *world) opens(n matter.NewMatter) *matter.Matter {
	w.Helper()
	n.Division, n.Keeper, n.Title, n.Line = w.division("330602"), w.division("330600"), fault.T("事项", ""), "reservoir"
	if n.Source == "" {
		n.Source = "hand"
	}
	if n.Due.IsZero() {
		n.Due = w.at.AddDate(0, 0, 30)
	}
	var m *matter.Matter
	w.write(func(tx *store.Tx) (err error) {
		m, _, err = w.matters.Open(w.Context(), tx, identity.Actor{Name: "test"}, n)
		return err
	})
	return m
}

// suggests holds the step called for at a matter after those taken and answered, with its reason, against what it is to be.
func (w *world) suggests(m *matter.Matter, want string, taken ...string) {
	w.Helper()
	d, err := w.matters.Get(w.Context(), w.city(), m.ID)
	if err != nil {
		w.Fatal(err)
	}
	for _, step := range taken {
		d.Escalations = append(d.Escalations, matter.Escalation{Step: step, State: "replied"})
	}
	s, err := w.svc.Suggest(w.Context(), d)
	if err != nil {
		w.Fatal(err)
	}
	got := ""
	if s != nil {
		got = s.Step + ": " + s.Reason.En
	}
	if got != want {
		w.Errorf("%s %s after %v: %q, want %q", m.Kind, m.Cause, taken, got, want)
	}
}

// TestFiguresCallForAStep: how far behind, how low and how often called for reach the rules of the ladder that name them.
func TestFiguresCallForAStep(t *testing.T) {
	eachWorld(t, func(w *world) {
		known := map[string]oversight.Behind{}
		w.svc = oversight.New(oversight.Options{
			Store: w.db, Registry: w.reg, Matter: w.matters, Now: w.now,
			Behind: func(context.Context, []string) (map[string]oversight.Behind, error) { return known, nil },
		})
		lag := w.opens(matter.NewMatter{Kind: matter.Lag, Cause: "lag/a", Severity: matter.General, Origin: matter.Rule})
		w.suggests(lag, "remind: months behind in a row: 1")
		known["lag/a"] = oversight.Behind{Points: quantity.Some(quantity.MustParse("20.5"))}
		w.suggests(lag, "talk: 20.5 points behind the calendar")
		known["lag/a"] = oversight.Behind{Points: quantity.Some(quantity.Int(20)), Rank: 6, Peers: 6}
		w.suggests(lag, "notice: months behind in a row: 1, rank 6 of 6", "remind")
		known["lag/a"] = oversight.Behind{Rank: 5, Peers: 6}
		w.suggests(lag, "", "remind")

		missing := w.opens(matter.NewMatter{Kind: matter.Missing, Cause: "missing/f/330602/2026-05", Severity: matter.General, Origin: matter.Rule})
		w.suggests(missing, "")
		known[missing.Cause] = oversight.Behind{Reminders: 2}
		w.suggests(missing, "remind: reminders: 2")
		w.suggests(missing, "", "remind")
		known[missing.Cause] = oversight.Behind{Reminders: 3}
		w.suggests(missing, "notice: reminders: 3", "remind")
	})
}

// TestRepeatsCallForAStep counts what stands on record of the same item at the same works within twelve months before, and for a
// return the months in which the same form was not filed.
func TestRepeatsCallForAStep(t *testing.T) {
	eachWorld(t, func(w *world) {
		found := func(severity matter.Severity, change func(*matter.NewMatter)) *matter.Matter {
			n := matter.NewMatter{Kind: matter.Finding, Object: 1, Item: "sr.person.01", Severity: severity, Origin: matter.City}
			if change != nil {
				change(&n)
			}
			defer func() { w.at = w.at.AddDate(0, 0, 1) }()
			return w.opens(n)
		}
		found(matter.General, func(n *matter.NewMatter) { n.Found = w.at.AddDate(-1, 0, -1) }) // out of mind
		found(matter.General, func(n *matter.NewMatter) { n.Item = "sr.person.02" })
		found(matter.General, func(n *matter.NewMatter) { n.Object = 3 })
		found(matter.General, func(n *matter.NewMatter) { n.Veiled = true }) // nobody may learn of it by a count
		first := found(matter.Serious, nil)
		w.suggests(first, "")
		w.suggests(found(matter.Serious, nil), "notice: times back within 12 months: 1, grade: serious")
		w.suggests(found(matter.General, nil), "talk: times back within 12 months: 2")
		w.suggests(found(matter.Grave, nil), "supervise: times back within 12 months: 3, grade: grave")
		w.suggests(first, "")

		task := w.opens(matter.NewMatter{Kind: matter.Task, Object: 1, Item: "sr.person.01", Severity: matter.General, Origin: matter.City, Person: w.mender, Due: w.at})
		w.at = w.at.AddDate(0, 0, 1)
		w.suggests(task, "talk: days overdue: 1, times back within 12 months: 4", "remind", "notice")

		for month := range 5 {
			w.at = w.at.AddDate(0, 1, 0)
			m := w.opens(matter.NewMatter{Kind: matter.Missing, Cause: fmt.Sprintf("missing/f/330602/2026-0%d", month+1), Severity: matter.General, Origin: matter.Rule})
			w.opens(matter.NewMatter{Kind: matter.Missing, Cause: fmt.Sprintf("missing/f2/330602/2026-0%d", month+1), Severity: matter.General, Origin: matter.Rule})
			w.at = w.at.AddDate(0, 0, 1)
			switch month {
			case 1:
				w.suggests(m, "", "remind")
			case 2:
				w.suggests(m, "notice: days overdue: 1, times back within 12 months: 2", "remind")
			case 4:
				w.suggests(m, "talk: days overdue: 1, times back within 12 months: 4", "remind", "notice")
			}
		}
	})
}

// TestWhatIsOverdueClimbsThoughNobodyWasAssigned: a deadline of the figures that was missed is overdue from the day on which that
// came into the books, whoever answers for it and whatever more time was given to mend it.
func TestWhatIsOverdueClimbsThoughNobodyWasAssigned(t *testing.T) {
	eachWorld(t, func(w *world) {
		opened := w.at
		for _, person := range []string{"", w.mender} {
			w.at = opened
			m := w.opens(matter.NewMatter{Kind: matter.Overdue, Cause: "deadline/d/330602/2026" + person, Severity: matter.General, Origin: matter.Rule, Person: person})
			w.suggests(m, "")
			w.at = opened.AddDate(0, 0, 1)
			w.suggests(m, "remind: days overdue: 1")
			w.at = opened.AddDate(0, 0, 15)
			w.suggests(m, "notice: days overdue: 15", "remind")
			w.at = opened.AddDate(0, 0, 60)
			w.suggests(m, "supervise: days overdue: 60")
		}
	})
}

// TestCallsAgreeWithSuggest: what the list of calls says of a matter is what its own page does, for every matter, whatever its kind, its
// history and the letters over it, and at whichever instant; nothing is called for at what is veiled or at rest.
func TestCallsAgreeWithSuggest(t *testing.T) {
	eachWorld(t, func(w *world) {
		known := map[string]oversight.Behind{"lag/a/2026": {Points: quantity.Some(quantity.Int(21))}, "missing/f/d/1": {Reminders: 3}}
		w.svc = oversight.New(oversight.Options{
			Store: w.db, Registry: w.reg, Matter: w.matters, Now: w.now, Behind: func(context.Context, []string) (map[string]oversight.Behind, error) { return known, nil },
		})
		w.bound()
		rng := rand.New(rand.NewPCG(7, 7))
		director := w.as("ju", "director", "330600")
		kinds := []matter.Kind{matter.Finding, matter.Hazard, matter.Task, matter.Lag, matter.Missing, matter.Overdue}
		var ids []int64
		open := func() {
			n := matter.NewMatter{
				Kind: kinds[rng.IntN(len(kinds))], Severity: matter.Severity(rng.IntN(5)), Origin: matter.City, Basis: "b", Found: w.at.AddDate(0, 0, -rng.IntN(400)),
				Due: w.at.AddDate(0, 0, rng.IntN(40)-5), Veiled: rng.IntN(9) == 0,
			}
			switch {
			case n.Kind == matter.Lag || n.Kind == matter.Missing || n.Kind == matter.Overdue:
				n.Source, n.Cause = "rule", fmt.Sprintf("%s/f/d/%d", n.Kind, rng.IntN(4))
				if n.Kind == matter.Lag {
					n.Cause = []string{"lag/a/2026", "lag/b/2026"}[rng.IntN(2)]
				}
				n.SourceID, n.Veiled = n.Cause, false
			case rng.IntN(3) > 0:
				n.Object, n.Item = int64(1+2*rng.IntN(2)), "i"
			}
			if id := w.opens(n).ID; !slices.Contains(ids, id) { // a cause has one live matter
				ids = append(ids, id)
			}
		}
		for range 200 {
			switch k := rng.IntN(10); {
			case k < 4 || len(ids) == 0:
				open()
			case k < 7:
				step := matter.Steps()[rng.IntN(5)].ID
				id, err := w.matters.Propose(t.Context(), w.city(), matter.Proposal{Step: step, Matters: []int64{ids[rng.IntN(len(ids))]}, Reason: "r"})
				if err == nil && rng.IntN(4) > 0 {
					err = w.matters.Decide(t.Context(), director, id, 1, rng.IntN(4) > 0, "x")
				}
				if err == nil && rng.IntN(2) > 0 {
					_ = w.matters.Reply(t.Context(), w.county(), id, 2, "x") // where it was issued and asks for one
				}
			case k < 8:
				w.write(func(tx *store.Tx) error { // at rest, by hand or because its cause went
					_, err := tx.ExecContext(t.Context(), `UPDATE matter SET state = $1, live = 0, closed_at = $2, rev = (SELECT next FROM sequence WHERE name = 'matter.rev') WHERE id = $3`,
						[]string{"closed", "cleared"}[rng.IntN(2)], w.at.UnixMilli(), ids[rng.IntN(len(ids))])
					if err == nil {
						_, err = tx.Next(t.Context(), "matter.rev", 1)
					}
					return err
				})
			default:
				w.at = w.at.AddDate(0, 0, rng.IntN(12))
			}
			w.agrees(ids)
		}
	})
}

// agrees compares the list of calls with each matter's own suggestion.
func (w *world) agrees(ids []int64) {
	w.Helper()
	calls, err := w.svc.Calls(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	n := 0
	for _, id := range ids {
		d, err := w.matters.Get(w.Context(), w.city(), id)
		if err != nil {
			w.Fatal(err)
		}
		one, err := w.svc.Suggest(w.Context(), d)
		if err != nil {
			w.Fatal(err)
		}
		call, listed := calls[id]
		if listed {
			n++
		}
		if listed != (one != nil) || listed && (call.Suggestion != *one || call.Line != d.Line || call.Keeper != d.Keeper) {
			w.Fatalf("%s %s: listed %v %+v, its own page %+v", d.Kind, d.Cause, listed, call, one)
		}
	}
	if n != len(calls) {
		w.Fatalf("%d calls, %d of them at matters there are", len(calls), n)
	}
}
