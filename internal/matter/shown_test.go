package matter_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
)

// hazard walks a hazard to where its measures are stated.
func (w *world) hazard() int64 {
	w.Helper()
	n := w.finding()
	n.Kind = matter.Hazard
	id := w.open(n).ID
	w.move(w.county(), id, matter.Act{Move: matter.Confirm})
	w.move(w.reviewer(), id, matter.Act{Move: matter.Assign, Unit: w.unit["330602"], Person: w.person["330602"], Due: w.due(30)})
	w.move(w.county(), id, matter.Act{Move: matter.Plan, Measures: "警戒"})
	return id
}

func (w *world) shown(p *identity.Principal, id int64, role string) {
	w.Helper()
	if err := w.show(p, id, role); err != nil {
		w.Fatal(err)
	}
}

// offered reports whether a move is offered to a person.
func (w *world) offered(p *identity.Principal, id int64, move matter.Move) bool {
	w.Helper()
	return slices.ContainsFunc(w.get(p, id).Moves, func(l matter.Legal) bool { return l.Move == move })
}

// TestTrapControlIsNotMended: the photograph of the measures of control brings a hazard under control and never closes it; handed in again,
// it needs a file of the state after the work that was not there before.
func TestTrapControlIsNotMended(t *testing.T) {
	each(t, func(w *world) {
		id := w.hazard()
		w.shown(w.county(), id, "control")
		w.move(w.county(), id, matter.Act{Move: matter.Submit})
		w.refused(w.reviewer(), id, matter.Act{Move: matter.Close, Way: "site"}, fault.Invalid)
		if w.offered(w.reviewer(), id, matter.Close) || !w.offered(w.reviewer(), id, matter.Control) {
			t.Error("close is offered on the photograph of control")
		}
		w.move(w.reviewer(), id, matter.Act{Move: matter.Control, Way: "site", Due: w.due(60)})
		w.refused(w.county(), id, matter.Act{Move: matter.Submit}, fault.Invalid)
		w.shown(w.county(), id, "control")
		w.refused(w.county(), id, matter.Act{Move: matter.Submit}, fault.Invalid)
		if d := w.get(w.county(), id); !d.NeedsFile() {
			t.Error("the page does not tell that a file is needed")
		}
		w.attach(id)
		w.move(w.county(), id, matter.Act{Move: matter.Submit})
		w.move(w.reviewer(), id, matter.Act{Move: matter.Close, Way: "site"})
	})
}

// TestWhatWasLookedAtIsNotNew: after it was sent back, what was shown before shows nothing more, and the same file is not taken again.
func TestWhatWasLookedAtIsNotNew(t *testing.T) {
	each(t, func(w *world) {
		id := w.open(w.finding()).ID
		w.toSubmitted(id)
		w.move(w.reviewer(), id, matter.Act{Move: matter.SendBack, Reason: "看不清", Way: "paper"})
		w.refused(w.county(), id, matter.Act{Move: matter.Submit}, fault.Invalid)
		old := w.get(w.county(), id).Evidence[0]
		if err := w.svc.Attach(t.Context(), w.county(), id, old); !fault.Is(err, fault.Conflict) {
			t.Errorf("the old file once more: %v", err)
		}
		w.attach(id)
		w.move(w.county(), id, matter.Act{Move: matter.Submit})
		w.move(w.county(), id, matter.Act{Move: matter.Withdraw, Reason: "漏页"})
		w.move(w.county(), id, matter.Act{Move: matter.Submit}) // nobody has looked at it meanwhile
		w.move(w.reviewer(), id, matter.Act{Move: matter.Close, Way: "paper"})
	})
}

// TestTrapTheLetterOfAnObjection: the letter that came with an objection shows no work, and no file of the work is taken before it is given
// to somebody.
func TestTrapTheLetterOfAnObjection(t *testing.T) {
	each(t, func(w *world) {
		id := w.open(w.finding()).ID
		w.shown(w.county(), id, "reply")
		if err := w.show(w.county(), id, "after"); !fault.Is(err, fault.Conflict) {
			t.Errorf("a file of the work before there is any: %v", err)
		}
		if m := w.get(w.county(), id).MayAttach(w.county()); !slices.Equal(m, []string{"reply"}) {
			t.Errorf("may attach %v", m)
		}
		w.move(w.county(), id, matter.Act{Move: matter.Dispute, Reason: "x"})
		w.move(w.as("other", "reviewer", "330600"), id, matter.Act{Move: matter.Uphold, Reason: "y"})
		w.move(w.reviewer(), id, matter.Act{Move: matter.Assign, Unit: w.unit["330602"], Person: w.person["330602"], Due: w.due(30)})
		w.move(w.county(), id, matter.Act{Move: matter.Plan, Measures: "m"})
		w.refused(w.county(), id, matter.Act{Move: matter.Submit}, fault.Invalid)
		w.attach(id)
		w.move(w.county(), id, matter.Act{Move: matter.Submit})
	})
}

// TestSweepIsHandedInWhole: no file stands for the answers of a sweep, and a county that hands it in too early is told how many wait.
func TestSweepIsHandedInWhole(t *testing.T) {
	each(t, func(w *world) {
		id, _ := w.sweep()
		w.move(w.county(), id, matter.Act{Move: matter.Plan, Measures: "逐座排查"})
		w.attach(id)
		w.refused(w.county(), id, matter.Act{Move: matter.Submit}, fault.Invalid)
		if err := w.svc.AnswerRest(t.Context(), w.county(), id, "none", "已排查"); err != nil {
			t.Fatal(err)
		}
		if !w.offered(w.county(), id, matter.Submit) {
			t.Error("not offered with every answer in")
		}
		w.move(w.county(), id, matter.Act{Move: matter.Submit})
		if !w.offered(w.reviewer(), id, matter.Close) {
			t.Error("the close is not offered")
		}
	})
}

// TestTrapSweepOutlivesItsPeople: a sweep opens though the person or the unit of the matter is no longer there.
func TestTrapSweepOutlivesItsPeople(t *testing.T) {
	each(t, func(w *world) {
		n := w.finding()
		n.Severity = matter.Serious
		id := w.open(n).ID
		w.toSubmitted(id)
		w.write(func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `UPDATE person SET retired_at = 1, edit = edit + 1 WHERE id = $1`, w.person["330602"])
			return err
		})
		w.move(w.reviewer(), id, matter.Act{Move: matter.Close, Way: "site"})
		page, err := w.svc.List(t.Context(), w.reviewer(), matter.Query{Kinds: []matter.Kind{matter.Sweep}})
		if err != nil || page.Total != 1 || page.Rows[0].Person != "" || page.Rows[0].Unit != w.unit["330602"] {
			t.Errorf("%+v %v", page.Rows, err)
		}
	})
}

// TestWhoWorkedDoesNotReview: who stated the measures or showed the work in this round does not close it, whoever handed it in.
func TestWhoWorkedDoesNotReview(t *testing.T) {
	each(t, func(w *world) {
		n := w.finding()
		n.Keeper = n.Division
		id := w.open(n).ID
		of := func(id string) *identity.Principal { return w.as(id, "county_leader", "330602").For("") }
		a, b, c, d := of("a"), of("b"), of("c"), of("d")
		w.move(a, id, matter.Act{Move: matter.Confirm})
		w.move(a, id, matter.Act{Move: matter.Assign, Unit: w.unit["330602"], Person: w.person["330602"], Due: w.due(30)})
		w.move(a, id, matter.Act{Move: matter.Plan, Measures: "m"})
		w.shown(b, id, "after")
		w.move(c, id, matter.Act{Move: matter.Submit})
		for _, p := range []*identity.Principal{a, b, c} {
			w.refused(p, id, matter.Act{Move: matter.Close, Way: "paper"}, fault.Forbidden)
			if w.offered(p, id, matter.Close) {
				t.Errorf("%s is offered the close", p.Name())
			}
		}
		w.refused(w.county(), id, matter.Act{Move: matter.Close, Way: "paper"}, fault.Forbidden) // the answering person
		w.move(d, id, matter.Act{Move: matter.Close, Way: "paper"})
		w.move(d, id, matter.Act{Move: matter.Reopen, Reason: "反弹", Due: w.due(10)})
		w.shown(b, id, "after")
		w.move(c, id, matter.Act{Move: matter.Submit})
		w.move(a, id, matter.Act{Move: matter.Close, Way: "paper"}) // stated the measures of the round before
	})
}

// TestTrapWhoAssigns: a county gives its work no longer than the most days of the severity and to nobody above it; the keeper may. A person
// of another county answers nowhere but there.
func TestTrapWhoAssigns(t *testing.T) {
	each(t, func(w *world) {
		id := w.open(w.finding()).ID
		w.move(w.county(), id, matter.Act{Move: matter.Confirm})
		assign := func(unit, person string, days int) matter.Act {
			return matter.Act{Move: matter.Assign, Unit: w.unit[unit], Person: w.person[person], Due: w.due(days)}
		}
		w.refused(w.county(), id, assign("330602", "330602", 400), fault.Invalid)
		w.refused(w.county(), id, assign("330602", "330602", 32), fault.Invalid)
		w.refused(w.county(), id, assign("330600", "330600", 20), fault.Invalid)
		w.refused(w.reviewer(), id, assign("330600", "330603", 20), fault.Invalid)
		if !w.offered(w.county(), id, matter.Assign) {
			t.Error("the county is not offered to assign")
		}
		w.move(w.reviewer(), id, assign("330600", "330600", 200))
		w.move(w.county(), id, matter.Act{Move: matter.Assign, Unit: w.unit["330602"], Person: w.person["330602"], Due: w.due(150)}) // not later than the keeper gave
	})
}

// TestMostDaysByRules: the most days are those of the rules in force.
func TestMostDaysByRules(t *testing.T) {
	at := store.Time(1_780_000_000_000)
	m := matter.Matter{Kind: matter.Finding, State: matter.Confirmed, Severity: matter.Serious}
	f := func(days int, terms matter.Terms) bool {
		due := at.AddDate(0, 0, days)
		_, err := m.Next(matter.Act{Move: matter.Assign, Unit: "u", Person: "p", Due: &due}, matter.Facts{At: at, Terms: terms})
		return err == nil
	}
	if !f(60, matter.Terms{}) || f(62, matter.Terms{}) || f(62, matter.Terms{Mend: matter.Mend{General: 100}}) || !f(62, matter.Terms{Mend: matter.Mend{Serious: 100}}) {
		t.Error("not the days of a serious one")
	}
}

// TestTrapKeeperGivesNoEndlessTime: whatever move names a deadline, and whoever makes it, it lies no further ahead than the terms say; a
// deadline with which the keeper opened it before stands.
func TestTrapKeeperGivesNoEndlessTime(t *testing.T) {
	at := store.Time(1_780_000_000_000)
	asked := at.AddDate(0, 0, 5)
	f := func(move matter.Move, state matter.State, days int, terms matter.Terms) error {
		due := dateOf(at).AddDays(days).End()
		m := matter.Matter{Kind: matter.Hazard, State: state, Severity: matter.Grave, Unit: "u", Person: "p", Due: asked, OriginalDue: dateOf(at).AddDays(2000).End(), SubmittedBy: "x"}
		if move != matter.Assign {
			m.OriginalDue = asked
		}
		_, err := m.Next(matter.Act{Move: move, Reason: "r", Way: "site", Due: &due}, matter.Facts{At: at, By: "y", Keeps: true, Terms: terms, Shown: matter.Shown{After: true, Control: true}})
		return err
	}
	for move, state := range map[matter.Move]matter.State{matter.Assign: matter.Confirmed, matter.Control: matter.Submitted, matter.AskMore: matter.Rectifying, matter.Reopen: matter.Closed} {
		most := 1096
		if move == matter.Assign {
			most = 2000 // as it was opened
		}
		if err := f(move, state, most, matter.Terms{}); err != nil {
			t.Errorf("%s, the most days: %v", move, err)
		}
		if err := f(move, state, 2001, matter.Terms{}); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "due") {
			t.Errorf("%s, a day more: %v", move, err)
		}
		if err := f(move, state, 2001, matter.Terms{Longest: 2001}); err != nil {
			t.Errorf("%s, as other rules have it: %v", move, err)
		}
	}
	if err := f(matter.Control, matter.Submitted, 1097, matter.Terms{}); err == nil || !strings.Contains(err.Error(), "1096") {
		t.Errorf("a day more than the most: %v", err)
	}
}

// TestTrapByHandIsOfOurTime: what is entered by hand was not found before anybody can look into it, and is not due beyond all terms.
func TestTrapByHandIsOfOurTime(t *testing.T) {
	each(t, func(w *world) {
		f := func(back, ahead int, want ...string) {
			t.Helper()
			n := w.finding()
			n.Found, n.Due = dateOf(w.at).AddDays(-back).Start(), dateOf(w.at).AddDays(ahead).End()
			err := w.svc.Said(t.Context(), &n)
			if (err == nil) != (len(want) == 0) {
				t.Errorf("found %d days ago, due in %d: %v", back, ahead, err)
			}
			for _, word := range want {
				if err != nil && !strings.Contains(err.Error(), word) {
					t.Errorf("found %d days ago, due in %d: %v, no word of %s", back, ahead, err, word)
				}
			}
		}
		f(0, 1)
		f(366, 1096)
		f(367, 1, "found", dateOf(w.at).AddDays(-366).String())
		f(20000, 1097, "found", "due", dateOf(w.at).AddDays(1096).String())
	})
}

// walk is one matter of a walk through the service, with what the walk itself remembers of it.
type walk struct {
	id      int64
	step    int
	since   int // step of the last look, of the first assignment, or of the last reopening
	round   int // step of the last reopening
	files   []walked
	planned map[string]int // step at which somebody last stated measures or handed in
}

type walked struct {
	step     int
	role, by string
}

// TestRandomWalkShowsWork walks moves and files of all kinds through the service, and holds each close to what the walk remembers: a file of
// the state after the work, newer than the assignment and the last look, and somebody who had no part in the round's work.
func TestRandomWalkShowsWork(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	rng := rand.New(rand.NewPCG(6, 7))
	people := []*identity.Principal{w.county().For(""), w.as("yue2", "county_leader", "330602").For(""), w.reviewer(), w.as("shen2", "reviewer", "330600"), w.as("yue3", "county_leader", "330602")}
	roles := []string{"after", "after", "after", "control", "reply", "before", "recheck"}
	closed, refused := 0, 0
	for n := range 45 {
		f := w.finding()
		f.Kind = []matter.Kind{matter.Finding, matter.Hazard, matter.Task}[n%3]
		f.Item = ""
		if n%2 == 0 {
			f.Keeper = f.Division
		}
		x := &walk{id: w.open(f).ID, planned: map[string]int{}, round: -1, since: -1}
		for x.step = range 40 {
			p := people[rng.IntN(len(people))]
			if rng.IntN(4) == 0 {
				role := roles[rng.IntN(len(roles))]
				if w.show(p, x.id, role) == nil {
					x.files = append(x.files, walked{x.step, role, p.Account()})
				}
				continue
			}
			w.at = w.at.Add(1)
			was := w.get(w.reviewer(), x.id)
			move := fitting(rng, was.State)
			if next := onward[was.State]; len(next) > 0 && rng.IntN(4) > 0 {
				move = next[rng.IntN(len(next))]
			}
			a := matter.Act{Move: move, Reason: "r", Unit: w.unit["330602"], Person: w.person["330602"], Measures: "m", Way: "site", Due: w.due(10)}
			if a.Move == matter.Assign && was.State != matter.Confirmed {
				a.Due = nil
			}
			if _, err := w.svc.Move(t.Context(), p, x.id, a); err != nil {
				if fault.KindOf(err) == fault.Internal {
					t.Fatal(err)
				}
				if a.Move == matter.Close {
					refused++
				}
				continue
			}
			if a.Move == matter.Close {
				closed++
				x.hold(t, was, p)
			}
			x.remember(a.Move, was.State, p.Account())
		}
	}
	if closed < 20 || refused < 20 {
		t.Errorf("%d closed and %d refused: the walks say little", closed, refused)
	}
}

// onward is how a walk goes on mostly, or few would come to a close.
var onward = map[matter.State][]matter.Move{
	matter.Found: {matter.Confirm}, matter.Disputed: {matter.Uphold}, matter.Confirmed: {matter.Assign}, matter.Assigned: {matter.Plan},
	matter.Rectifying: {matter.Submit}, matter.Returned: {matter.Submit}, matter.Controlled: {matter.Submit}, matter.Closed: {matter.Reopen},
	matter.Submitted: {matter.Close, matter.Close, matter.SendBack, matter.Control},
}

func (x *walk) remember(move matter.Move, from matter.State, by string) {
	switch {
	case move == matter.SendBack, move == matter.Control, move == matter.Reopen, move == matter.Assign && from == matter.Confirmed:
		x.since = x.step
	case move == matter.Plan, move == matter.Submit:
		x.planned[by] = x.step
	}
	if move == matter.Reopen {
		x.round = x.step
	}
}

func (x *walk) hold(t *testing.T, was *matter.Detail, p *identity.Principal) {
	t.Helper()
	proof := slices.ContainsFunc(x.files, func(f walked) bool {
		return f.step > x.since && (f.role == "after" || f.role == "reply" && was.Kind == matter.Task)
	})
	if !proof {
		t.Fatalf("a %s closed without new evidence: %+v, since %d", was.Kind, x.files, x.since)
	}
	part := slices.ContainsFunc(x.files, func(f walked) bool {
		return f.step > x.round && f.by == p.Account() && (f.role == "after" || f.role == "control" || f.role == "reply")
	})
	if last, ok := x.planned[p.Account()]; part || ok && last > x.round || was.Person == p.Person() {
		t.Fatalf("closed by %s, who had a part in the work", p.Name())
	}
}
