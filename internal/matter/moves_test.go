package matter_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/matter"
)

// TestRandomWalk walks random moves, legal and illegal, with random things missing, and holds what must hold after every step: an
// owner and a deadline in every live state, a person by name once it is assigned, and no close without evidence and another's look.
func TestRandomWalk(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 651))
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	kinds := matter.Kinds()
	taken, been := map[matter.Move]int{}, map[matter.State]int{}
	for range 4000 {
		m := matter.Matter{Kind: kinds[rng.IntN(len(kinds))], State: matter.Found, Unit: "u", Due: start.AddDate(0, 0, 5), Opened: start}
		m.ConfirmDue = m.Due
		if rng.IntN(2) == 0 {
			m.State, m.ConfirmDue, m.OriginalDue = matter.Confirmed, time.Time{}, m.Due
		}
		at := start
		for range 25 {
			been[m.State]++
			at = at.Add(time.Duration(rng.IntN(96)) * time.Hour)
			a, f := randomAct(rng, at)
			if rng.IntN(3) > 0 { // mostly a move that the state knows, or the far ends would never be reached
				a.Move = fitting(rng, m.State)
			}
			n, err := m.Next(a, f)
			if err != nil {
				if fault.KindOf(err) == fault.Internal {
					t.Fatalf("%s from %s: %v", a.Move, m.State, err)
				}
				if n.State != m.State || n.Edit != m.Edit {
					t.Fatalf("a refused %s changed the record", a.Move)
				}
				continue
			}
			taken[a.Move]++
			hold(t, m, n, a, f)
			m = n
		}
	}
	for _, l := range matter.Legals() {
		if taken[l.Move] == 0 {
			t.Errorf("the walks never took %s", l.Move)
		}
	}
	for _, s := range matter.States() {
		if been[s] == 0 {
			t.Errorf("no walk came by %s", s)
		}
	}
}

func randomAct(rng *rand.Rand, at time.Time) (matter.Act, matter.Facts) {
	moves := matter.Legals()
	a := matter.Act{Move: moves[rng.IntN(len(moves))].Move}
	maybe := func() bool { return rng.IntN(5) > 0 }
	if maybe() {
		a.Reason = "r"
	}
	if maybe() {
		a.Unit = "u2"
	}
	if maybe() {
		a.Person = "p"
	}
	if maybe() {
		due := at.Add(time.Duration(rng.IntN(1200)-100) * time.Hour)
		a.Due = &due
	}
	if maybe() {
		a.Measures = "m"
	}
	if maybe() {
		a.Way = "site"
	}
	f := matter.Facts{By: string(rune('a' + rng.IntN(3))), At: at, Keeps: maybe(), Own: !maybe()}
	f.Shown = matter.Shown{After: maybe(), Control: maybe(), Reply: maybe(), Parts: 3, Open: rng.IntN(2) * rng.IntN(3)}
	return a, f
}

func fitting(rng *rand.Rand, s matter.State) matter.Move {
	var moves []matter.Move
	for _, l := range matter.Legals() {
		if slices.Contains(l.From, s) && l.Move != matter.Note {
			moves = append(moves, l.Move)
		}
	}
	if len(moves) == 0 {
		return matter.Note
	}
	return moves[rng.IntN(len(moves))]
}

func hold(t *testing.T, was, n matter.Matter, a matter.Act, f matter.Facts) {
	t.Helper()
	// What a move may change; the rest is not even written.
	rest := n
	rest.Edit, rest.Changed, rest.State, rest.Unit, rest.Person, rest.Measures = was.Edit, was.Changed, was.State, was.Unit, was.Person, was.Measures
	rest.Due, rest.OriginalDue, rest.Extended, rest.AskedDue, rest.AskedReason, rest.AskedBy = was.Due, was.OriginalDue, was.Extended, was.AskedDue, was.AskedReason, was.AskedBy
	rest.DisputedBy, rest.Submitted, rest.SubmittedBy, rest.Closed, rest.Rechecked, rest.Reopened = was.DisputedBy, was.Submitted, was.SubmittedBy, was.Closed, was.Rechecked, was.Reopened
	rest.Assigned = was.Assigned
	if rest != was {
		t.Fatalf("%s changed what never changes: %+v", a.Move, rest)
	}
	if n.State.Live() && (n.Unit == "" || n.Due.IsZero()) {
		t.Fatalf("%s leads to %s without owner or deadline", a.Move, n.State)
	}
	if side, due, ok := n.Awaits(f.Terms); ok != n.State.Live() || ok && (side == "" || due.IsZero() || n.State != was.State && n.State == matter.Disputed && !due.After(f.At)) {
		t.Fatalf("%s leads to %s, which waits for %q until %s, %v", a.Move, n.State, side, due, ok)
	}
	if (n.State == matter.Confirmed || n.State == matter.Found) && n.FirstDue().IsZero() {
		t.Fatalf("%s leads to %s, by which it is never late", a.Move, n.State)
	}
	if was.State == matter.Disputed && n.State == matter.Confirmed && !n.Due.After(f.At) {
		t.Fatalf("%s leaves no time to assign", a.Move)
	}
	if (n.Assigned == nil) != n.OriginalDue.IsZero() && n.ConfirmDue != (time.Time{}) {
		t.Fatalf("%s: assigned %v, original deadline %s", a.Move, n.Assigned, n.OriginalDue)
	}
	if n.State.Named() && n.State.Live() && n.Person == "" && was.State != matter.Found {
		t.Fatalf("%s leads to %s and nobody answers by name", a.Move, n.State)
	}
	if n.State == matter.Closed && was.State != matter.Closed {
		onSite, found := f.Shown.After, n.Kind == matter.Finding || n.Kind == matter.Hazard
		if f.By == was.SubmittedBy || f.Own || f.Shown.Open > 0 || found && !onSite || n.Kind != matter.Sweep && !onSite && !f.Shown.Reply {
			t.Fatalf("a %s closed by %s, own %v, with %+v, submitted by %s", n.Kind, f.By, f.Own, f.Shown, was.SubmittedBy)
		}
	}
	if a.Move == matter.Assign && was.State == matter.Confirmed && !f.Keeps && n.Due.After(was.OriginalDue) && n.Due.After(f.Terms.MendBy(f.At, n.Severity)) {
		t.Fatalf("given until %s by who does not keep it", n.Due)
	}
	if n.AskedDue != nil && !slices.Contains([]matter.State{matter.Assigned, matter.Rectifying, matter.Returned}, n.State) {
		t.Fatalf("%s leaves a request for more time in %s", a.Move, n.State)
	}
	if a.Move == matter.Extend && !n.Due.After(f.At) {
		t.Fatal("an extension to a day that has passed")
	}
	if n.State == matter.Controlled && (n.Kind != matter.Hazard || n.Closed != nil) {
		t.Fatalf("a %s came under control, closed %v", n.Kind, n.Closed)
	}
	if !was.OriginalDue.IsZero() && !n.OriginalDue.Equal(was.OriginalDue) {
		t.Fatalf("%s moved the original deadline", a.Move)
	}
	if n.Edit != was.Edit+1 {
		t.Fatalf("%s did not count its write", a.Move)
	}
	if (n.Closed != nil) != !n.State.Live() {
		t.Fatalf("%s: state %s, closed %v", a.Move, n.State, n.Closed)
	}
	if was.Extended != nil && a.Move == matter.Extend {
		t.Fatal("extended twice")
	}
}

// TestTrapExtensionKeepsOriginal: an extension moves the deadline that stands; overdue by the first deadline stays visible.
func TestTrapExtensionKeepsOriginal(t *testing.T) {
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	first, later := start.AddDate(0, 0, 10), start.AddDate(0, 0, 20)
	m := matter.Matter{Kind: matter.Finding, State: matter.Assigned, Unit: "u", Person: "p", Due: first, OriginalDue: first}
	m, err := m.Next(matter.Act{Move: matter.AskMore, Reason: "雨", Due: &later}, matter.Facts{By: "a", At: start})
	if err == nil {
		m, err = m.Next(matter.Act{Move: matter.Extend}, matter.Facts{By: "b", At: start})
	}
	if err != nil {
		t.Fatal(err)
	}
	between := start.AddDate(0, 0, 15)
	if !m.OverdueAt(between, true) || m.OverdueAt(between, false) {
		t.Errorf("between the two deadlines: by the original %v, by the one that stands %v", m.OverdueAt(between, true), m.OverdueAt(between, false))
	}
	if _, err := m.Next(matter.Act{Move: matter.AskMore, Reason: "雨", Due: &later}, matter.Facts{By: "a", At: start}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second extension: %v", err)
	}
}

// TestTrapControlledIsNotClosed: a hazard under control is an end that is not a close.
func TestTrapControlledIsNotClosed(t *testing.T) {
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	due := start.AddDate(0, 3, 0)
	m := matter.Matter{Kind: matter.Hazard, State: matter.Submitted, Unit: "u", Person: "p", Measures: "限水位", Due: start, OriginalDue: start, SubmittedBy: "a"}
	n, err := m.Next(matter.Act{Move: matter.Control, Way: "site", Due: &due}, matter.Facts{By: "b", At: start, Shown: matter.Shown{Control: true}})
	if err != nil || n.State != matter.Controlled || !n.State.Live() || n.Closed != nil {
		t.Fatalf("%v %s live %v closed %v", err, n.State, n.State.Live(), n.Closed)
	}
	m.Kind = matter.Finding
	if _, err := m.Next(matter.Act{Move: matter.Control, Way: "site", Due: &due}, matter.Facts{By: "b", At: start, Shown: matter.Shown{Control: true}}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a finding under control: %v", err)
	}
}
