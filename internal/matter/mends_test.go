package matter_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/matter"
	"anlan/internal/store"

	"github.com/google/go-cmp/cmp"
)

// TestTrapLadderUnderTheVeil: a letter about what is still hidden would tell of it, so none is proposed before the veil is lifted; what
// was refused stays with the keeper in the audit log too.
func TestTrapLadderUnderTheVeil(t *testing.T) {
	each(t, func(w *world) {
		n := w.finding()
		n.Veiled, n.Source, n.SourceID = true, "inspection", "7"
		hidden, plain := w.open(n), w.open(w.finding())
		propose := func(ids ...int64) (string, error) {
			return w.svc.Propose(t.Context(), w.reviewer(), matter.Proposal{Step: "notice", Matters: ids, Reason: "屡查屡犯", ReplyDue: *w.due(5)})
		}
		for _, ids := range [][]int64{{hidden.ID}, {plain.ID, hidden.ID}} {
			if _, err := propose(ids...); !fault.Is(err, fault.Conflict) {
				t.Errorf("a step over what is hidden: %v", err)
			}
		}
		id, err := propose(plain.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.svc.Decide(t.Context(), w.director(), id, 1, false, "先口头提醒"); err != nil {
			t.Fatal(err)
		}
		entries, err := audit.List(t.Context(), w.db, audit.Query{Scopes: []int64{w.division("330602")}, ObjectKind: "escalation"})
		if err != nil || len(entries) != 0 {
			t.Errorf("the inspected side reads %d entries of a step that was refused: %v", len(entries), err)
		}
	})
}

// TestTrapRecurrenceIsAnotherOccasion: what one inspection finds twice, or one day finds twice without an inspection, has not come
// back; what another inspection finds has, on the same day too.
func TestTrapRecurrenceIsAnotherOccasion(t *testing.T) {
	each(t, func(w *world) {
		found := func(source, id string) *matter.Matter {
			n := w.finding()
			n.Source, n.SourceID = source, id
			m := w.open(n)
			w.at = w.at.Add(5 * time.Minute)
			return m
		}
		first, twice := found("inspection", "7"), found("inspection", "7")
		other := found("inspection", "8")
		hand := found("hand", "")
		w.at = w.at.AddDate(0, 0, 1)
		next, sameAgain := found("hand", ""), found("inspection", "7")
		got := []int64{first.Recurs, twice.Recurs, other.Recurs, hand.Recurs, next.Recurs, sameAgain.Recurs}
		want := []int64{0, 0, twice.ID, 0, hand.ID, hand.ID}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("recurs (-want +got)\n%s", diff)
		}
	})
}

// TestTrapRecurrenceUnderTheVeil: that a county's own finding came back would tell the county of what is hidden, so it is said when the
// veil is lifted, and from then on.
func TestTrapRecurrenceUnderTheVeil(t *testing.T) {
	each(t, func(w *world) {
		hidden := w.finding()
		hidden.Veiled, hidden.Source, hidden.SourceID = true, "inspection", "7"
		h := w.open(hidden)
		twice := w.open(hidden)
		w.at = w.at.AddDate(0, 0, 3)
		hidden.SourceID = "8"
		h2 := w.open(hidden)
		w.at = w.at.AddDate(0, 0, 3)
		own := w.open(w.finding())
		far := w.finding()
		far.Found = w.at.AddDate(1, 1, 0)
		late := w.open(far)
		if own.Recurs != 0 || h2.Recurs != 0 {
			t.Errorf("recurs of what is hidden: %d, %d", own.Recurs, h2.Recurs)
		}
		recurrent := func() (out []int64) {
			page, err := w.svc.List(t.Context(), w.reviewer(), matter.Query{Recurrent: true, Sort: "-number"})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range page.Rows {
				out = append(out, r.ID)
			}
			return out
		}
		unveil := func(id string) {
			w.write(func(tx *store.Tx) error {
				return w.svc.Unveil(t.Context(), tx, identity.Actor{ID: "shen"}, "inspection", id)
			})
		}
		unveil("8")
		if got := recurrent(); !slices.Equal(got, []int64{own.ID}) || w.get(w.county(), own.ID).Recurs != h2.ID {
			t.Errorf("after the second: %v recur", got)
		}
		unveil("7")
		if got := recurrent(); !slices.Equal(got, []int64{own.ID, h2.ID}) || w.get(w.county(), h2.ID).Recurs != twice.ID {
			t.Errorf("after the first: %v recur", got)
		}
		for _, id := range []int64{h.ID, twice.ID, late.ID} {
			if w.get(w.reviewer(), id).Recurs != 0 {
				t.Errorf("matter %d recurs", id)
			}
		}
		d := w.get(w.county(), own.ID)
		if last := d.Events[len(d.Events)-1]; len(d.Links) != 1 || d.Links[0].ID != h2.ID || last.Move != matter.Note || last.Reason == "" {
			t.Errorf("links %+v, last event %+v", d.Links, last)
		}
	})
}

// swept answers a sweep with one finding, and gives the finding.
func (w *world) swept(id int64, object int64) int64 {
	w.Helper()
	if err := w.svc.Answer(w.Context(), w.county(), id, object, "found", "也有"); err != nil {
		w.Fatal(err)
	}
	for _, part := range w.get(w.county(), id).Parts {
		if part.Object == object {
			return part.Finding
		}
	}
	w.Fatalf("no part for object %d", object)
	return 0
}

func (w *world) sweeps() int {
	w.Helper()
	page, err := w.svc.List(w.Context(), w.county(), matter.Query{Kinds: []matter.Kind{matter.Sweep}})
	if err != nil {
		w.Fatal(err)
	}
	return page.Total
}

// TestTrapSweepOfVeiledIsVeiled: what an unannounced inspection found is closed before it is disclosed; the county hears of the sweep with
// the rest, has its days for it from then on, and sees what was found meanwhile.
func TestTrapSweepOfVeiledIsVeiled(t *testing.T) {
	each(t, func(w *world) {
		w.svc = matter.New(matter.Options{Store: w.db, Registry: w.reg, Now: func() time.Time { return w.at }, Changed: w.hear, Terms: func(context.Context, store.Querier) (matter.Terms, error) {
			return matter.Terms{Sweep: 9}, nil
		}})
		city := w.division("330600")
		both := identity.NewPrincipal("yue", "yue", "yue", city, []identity.Grant{{Role: "reviewer", Line: "*", Division: city}, {Role: "county_leader", Line: "*", Division: city}}, w.tree)
		n := w.finding()
		n.Severity, n.Veiled, n.Source, n.SourceID = matter.Serious, true, "inspection", "7"
		m := w.open(n)
		w.move(both, m.ID, matter.Act{Move: matter.Confirm})
		w.move(w.reviewer(), m.ID, matter.Act{Move: matter.Assign, Unit: w.unit["330602"], Person: w.person["330602"], Due: w.due(30)})
		w.move(both, m.ID, matter.Act{Move: matter.Plan, Measures: "灌浆"})
		if err := w.show(both, m.ID, "after"); err != nil {
			t.Fatal(err)
		}
		w.move(both, m.ID, matter.Act{Move: matter.Submit})
		w.move(w.reviewer(), m.ID, matter.Act{Move: matter.Close, Way: "site"})
		page, err := w.svc.List(t.Context(), w.reviewer(), matter.Query{Kinds: []matter.Kind{matter.Sweep}})
		if err != nil || len(page.Rows) != 1 {
			t.Fatalf("%d sweeps of the keeper: %v", page.Total, err)
		}
		sweep := w.get(w.reviewer(), page.Rows[0].ID)
		if want := dateOf(w.at).AddDays(9).End(); !sweep.Due.Equal(want) {
			t.Errorf("due %s, want %s", sweep.Due, want)
		}
		if err := w.svc.Answer(t.Context(), both, sweep.ID, sweep.Parts[0].Object, "found", "也有"); err != nil {
			t.Fatal(err)
		}
		sees := func(want int) {
			t.Helper()
			page, err := w.svc.List(t.Context(), w.county(), matter.Query{})
			if err != nil || page.Total != want || w.sweeps() != want/3 {
				t.Errorf("the county sees %d, %d sweeps, want %d: %v", page.Total, w.sweeps(), want, err)
			}
			for _, c := range w.heard {
				if want == 0 && w.county().Can(c.Permission, c.Line, c.At) {
					t.Errorf("the county hears of %+v", c)
				}
			}
		}
		sees(0)
		w.at = w.at.AddDate(0, 0, 20)
		w.write(func(tx *store.Tx) error {
			return w.svc.Unveil(t.Context(), tx, identity.Actor{ID: "shen"}, "inspection", "7")
		})
		sees(3)
		if got, want := w.get(w.county(), sweep.ID), dateOf(w.at).AddDays(9).End(); !got.Due.Equal(want) || !got.OriginalDue.Equal(want) {
			t.Errorf("disclosed and due %s, first %s, want %s", got.Due, got.OriginalDue, want)
		}
	})
}

// TestTrapSecondCloseSweepsOnce: a serious finding that was opened again and is closed once more has its sweep already, at work or at rest.
func TestTrapSecondCloseSweepsOnce(t *testing.T) {
	each(t, func(w *world) {
		sweep, _ := w.sweep()
		m := w.get(w.county(), sweep).Links[0].ID
		again := func() {
			t.Helper()
			w.move(w.reviewer(), m, matter.Act{Move: matter.Reopen, Reason: "还在渗", Due: w.due(10)})
			w.attach(m)
			w.move(w.county(), m, matter.Act{Move: matter.Submit})
			w.move(w.reviewer(), m, matter.Act{Move: matter.Close, Way: "site"})
			if n := w.sweeps(); n != 1 {
				t.Errorf("%d sweeps", n)
			}
		}
		again()
		if err := w.svc.AnswerRest(t.Context(), w.county(), sweep, "none", ""); err != nil {
			t.Fatal(err)
		}
		w.move(w.reviewer(), sweep, matter.Act{Move: matter.Assign, Person: w.person["330602"], Due: w.due(9)})
		w.move(w.county(), sweep, matter.Act{Move: matter.Plan, Measures: "逐座排查"})
		w.move(w.county(), sweep, matter.Act{Move: matter.Submit})
		w.move(w.reviewer(), sweep, matter.Act{Move: matter.Close, Way: "paper"})
		again()
	})
}

// TestTrapSweepsDoNotChain: what a sweep found opens no second sweep over the same county and item when it is closed.
func TestTrapSweepsDoNotChain(t *testing.T) {
	each(t, func(w *world) {
		id, parts := w.sweep()
		found := w.swept(id, parts[0].Object)
		w.toSubmitted(found)
		w.move(w.reviewer(), found, matter.Act{Move: matter.Close, Way: "site"})
		if n := w.sweeps(); n != 1 {
			t.Errorf("%d sweeps, want 1", n)
		}
	})
}

// controlled walks a new hazard to where it is under control, to be mended for good within thirty days.
func (w *world) controlled(severity matter.Severity) int64 {
	w.Helper()
	n := w.finding()
	n.Kind, n.Severity = matter.Hazard, severity
	m := w.open(n)
	w.toSubmitted(m.ID)
	w.move(w.reviewer(), m.ID, matter.Act{Move: matter.Control, Way: "site", Due: w.due(30)})
	return m.ID
}

// TestTrapControlledHasADeadline: a hazard under control that is not mended for good by its day is overdue, and the work of who answers.
func TestTrapControlledHasADeadline(t *testing.T) {
	each(t, func(w *world) {
		id := w.controlled(matter.General)
		count := func() (overdue, counted, mine int) {
			page, err := w.svc.List(t.Context(), w.reviewer(), matter.Query{Overdue: true})
			if err != nil {
				t.Fatal(err)
			}
			g, err := w.svc.Group(t.Context(), w.reviewer(), matter.Query{}, []string{"state"})
			if err != nil {
				t.Fatal(err)
			}
			work, err := w.svc.Mine(t.Context(), w.county(), 10)
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range work {
				if k.Why == "mine" {
					mine += k.Rows.Total
				}
			}
			return page.Total, g.Total.Overdue, mine
		}
		w.at = w.at.AddDate(0, 0, 29)
		if o, g, m := count(); o+g+m != 0 {
			t.Errorf("before its day: %d overdue, %d counted, %d to do", o, g, m)
		}
		w.at = w.at.AddDate(0, 0, 1)
		if o, g, m := count(); o != 1 || g != 1 || m != 1 {
			t.Errorf("from its day on: %d overdue, %d counted, %d to do", o, g, m)
		}
		w.attach(id)
		w.move(w.county(), id, matter.Act{Move: matter.Submit})
		if o, g, m := count(); o+g+m != 0 {
			t.Errorf("handed in: %d overdue, %d counted, %d to do", o, g, m)
		}
	})
}

// TestTrapWithdrawalEndsControl: who withdraws what was handed in from under control works on it again, and no span of control goes on.
func TestTrapWithdrawalEndsControl(t *testing.T) {
	each(t, func(w *world) {
		id := w.controlled(matter.General)
		w.attach(id)
		w.move(w.county(), id, matter.Act{Move: matter.Submit})
		turns := func() (out []matter.Move) {
			survey, err := w.svc.Survey(t.Context(), w.reviewer(), matter.Query{})
			if err != nil || survey.Len() != 1 {
				t.Fatal(survey.Len(), err)
			}
			for _, turn := range survey.At(0).Turns() {
				out = append(out, turn.Move)
			}
			return out
		}
		if got := turns(); !slices.Equal(got, []matter.Move{matter.Control}) {
			t.Errorf("handed in: %v", got)
		}
		w.move(w.county(), id, matter.Act{Move: matter.Withdraw, Reason: "材料有误"})
		if got := turns(); !slices.Equal(got, []matter.Move{matter.Control, matter.SendBack}) {
			t.Errorf("withdrawn: %v", got)
		}
	})
}

// TestTrapReopenBesideANewer: a rule's matter is not reopened while its cause has a newer one; the refusal names that.
func TestTrapReopenBesideANewer(t *testing.T) {
	each(t, func(w *world) {
		cause := matter.Cause{
			Key: "lag/inv/330602/2026", Kind: matter.Lag, Line: "investment", Division: w.division("330602"), Keeper: w.division("330600"), Title: fault.T("投资滞后", ""),
			Detail: "-5", Severity: matter.General, Due: w.at.AddDate(0, 0, 20),
		}
		settle := func(causes ...matter.Cause) *matter.Row {
			if _, err := w.svc.Settle(t.Context(), causes, matter.Lag); err != nil {
				t.Fatal(err)
			}
			page, err := w.svc.List(t.Context(), w.reviewer(), matter.Query{Sort: "-number"})
			if err != nil {
				t.Fatal(err)
			}
			return page.Rows[0]
		}
		old := settle(cause).ID
		w.move(w.reviewer(), old, matter.Act{Move: matter.Assign, Unit: w.unit["330602"], Person: w.person["330602"], Due: w.due(30)})
		w.move(w.county(), old, matter.Act{Move: matter.Plan, Measures: "赶工"})
		w.attach(old)
		w.move(w.county(), old, matter.Act{Move: matter.Submit})
		w.move(w.reviewer(), old, matter.Act{Move: matter.Close, Way: "paper"})
		newer := settle(cause)
		_, err := w.svc.Move(t.Context(), w.director(), old, matter.Act{Move: matter.Reopen, Reason: "又滞后", Due: w.due(10)})
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Conflict || !strings.Contains(f.Text.Zh, newer.Number) || !strings.Contains(f.Text.En, newer.Number) {
			t.Errorf("reopened beside %s: %v", newer.Number, err)
		}
		settle()
		w.move(w.director(), old, matter.Act{Move: matter.Reopen, Reason: "又滞后", Due: w.due(10)})
	})
}

// TestTrapHazardOpensSweep: a serious hazard closed makes the county look elsewhere as a finding does, and one under control does not;
// what is found there is a hazard too.
func TestTrapHazardOpensSweep(t *testing.T) {
	each(t, func(w *world) {
		id := w.controlled(matter.Serious)
		if n := w.sweeps(); n != 0 {
			t.Errorf("%d sweeps for a hazard under control", n)
		}
		w.attach(id)
		w.move(w.county(), id, matter.Act{Move: matter.Submit})
		w.move(w.reviewer(), id, matter.Act{Move: matter.Close, Way: "site"})
		page, err := w.svc.List(t.Context(), w.county(), matter.Query{Kinds: []matter.Kind{matter.Sweep}})
		if err != nil || page.Total != 1 {
			t.Fatalf("%d sweeps: %v", page.Total, err)
		}
		found := w.swept(page.Rows[0].ID, 3)
		if d := w.get(w.county(), found); d.Kind != matter.Hazard {
			t.Errorf("the sweep of a hazard found a %s", d.Kind)
		}
	})
}

// TestTrapRecurrenceIsByDay: twelve months are counted to the day in Beijing, whatever the hour, and 29 February is remembered on 1 March.
// What stands open and is found again by another occasion recurs, too.
func TestTrapRecurrenceIsByDay(t *testing.T) {
	each(t, func(w *world) {
		n := 0
		f := func(earlier, later string, want bool) {
			t.Helper()
			n++
			found := func(at string) *matter.Matter {
				when, err := time.ParseInLocation("2006-01-02 15:04", at, hydrotime.Beijing)
				if err != nil {
					t.Fatal(err)
				}
				m := w.finding()
				m.Found, m.Item = when, fmt.Sprint("sr.", n)
				return w.open(m)
			}
			first, second := found(earlier), found(later)
			if got := second.Recurs == first.ID; got != want || first.Recurs != 0 {
				t.Errorf("%s, then %s: recurs %v, want %v", earlier, later, got, want)
			}
		}
		f("2025-06-08 10:00", "2026-06-08 09:00", true)
		f("2025-06-08 10:00", "2026-06-08 23:59", true)
		f("2025-06-08 23:59", "2026-06-09 00:01", false)
		f("2025-06-08 00:01", "2025-06-09 00:01", true)
		f("2025-06-08 00:01", "2025-06-08 23:59", false)
		f("2024-02-29 10:00", "2025-03-01 18:00", true)
		f("2024-02-28 10:00", "2025-03-01 18:00", false)
		f("2023-03-01 10:00", "2024-02-29 18:00", true)
		f("2023-02-28 10:00", "2024-02-29 18:00", false)
	})
}
