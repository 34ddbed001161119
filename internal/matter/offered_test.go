package matter_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/store"
)

var errBack = errors.New("taken back")

// takes reports whether a move is taken from a person who brings everything along that it wants. Nothing of it stays.
func (w *world) takes(p *identity.Principal, m *matter.Matter, l matter.Legal) bool {
	w.Helper()
	var refused error
	err := w.db.Write(w.Context(), func(tx *store.Tx) error {
		if l.Side == matter.Answers && l.Evidence {
			copied := *m
			if err := w.svc.AttachIn(w.Context(), tx, p.Actor(), &copied, matter.Evidence{File: w.file(tx, p), Role: "after"}); err != nil {
				return err
			}
		}
		_, refused = w.svc.MoveIn(w.Context(), tx, p, m.ID, w.whole(l, m))
		return errBack
	})
	if !errors.Is(err, errBack) {
		w.Fatal(err)
	}
	if refused != nil && fault.KindOf(refused) == fault.Internal {
		w.Fatalf("%s from %s: %v", l.Move, m.State, refused)
	}
	return refused == nil
}

// whole is a move with everything that it may want.
func (w *world) whole(l matter.Legal, m *matter.Matter) matter.Act {
	later := w.at.AddDate(0, 0, 1)
	if l.Move == matter.AskMore && !later.After(m.Due) {
		later = m.Due.AddDate(0, 0, 1)
	}
	a := matter.Act{Move: l.Move, Reason: "r", Unit: w.unit["330602"], Person: w.person["330602"], Measures: "m", Way: "site", Due: &later}
	if l.Move == matter.Assign && m.State != matter.Confirmed {
		a.Due = nil
	}
	return a
}

// offers holds that exactly the moves are offered to each person that are taken from them.
func (w *world) offers(people []*identity.Principal, id int64) {
	w.Helper()
	for _, p := range people {
		d, err := w.svc.Get(w.Context(), p, id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			w.Fatal(err)
		}
		for _, l := range matter.Legals() {
			offered := slices.ContainsFunc(d.Moves, func(o matter.Legal) bool { return o.Move == l.Move })
			if taken := w.takes(p, &d.Matter, l); taken != offered {
				w.Errorf("%s of a %s %s %s, by %s: offered %v, taken %v", l.Move, d.State, d.Kind, d.Number, p.Name(), offered, taken)
			}
		}
	}
}

// TestOfferedIsTaken walks matters of every kind through the loop by several people's hands: at each step each person is offered exactly
// what would be taken from them. A matter whose cause has a newer one is not offered to be reopened, nor a sweep with open parts to be
// closed.
func TestOfferedIsTaken(t *testing.T) {
	each(t, func(w *world) {
		rng := rand.New(rand.NewPCG(3, 14))
		county, city := w.division("330602"), w.division("330600")
		both := identity.NewPrincipal("both", "both", "both", county, []identity.Grant{{Role: "county_leader", Line: "*", Division: county}, {Role: "reviewer", Line: "*", Division: city}}, w.tree).For(w.person["330602"])
		people := []*identity.Principal{w.county(), w.as("li", "clerk", "330602"), w.reviewer(), both, w.as("cha", "inspector", "330600"), w.as("ke", "county_leader", "330603")}
		serious := w.finding()
		serious.Severity = matter.Serious
		hazard := w.finding()
		hazard.Kind, hazard.Item, hazard.Severity = matter.Hazard, "sr.dam.02", matter.General
		task := w.finding()
		task.Kind, task.Item, task.Object, task.Person = matter.Task, "", 0, w.person["330602"]
		seen := map[matter.State]bool{}
		step := func(id int64) {
			w.offers(people, id)
			p := people[rng.IntN(4)]
			d := w.get(p, id)
			seen[d.State] = true
			var moves []matter.Legal
			for _, l := range d.Moves {
				if l.Move != matter.Note {
					moves = append(moves, l)
				}
			}
			if len(moves) == 0 {
				return
			}
			l := moves[rng.IntN(len(moves))]
			if l.Evidence && l.Side == matter.Answers {
				w.shown(p, id, "after")
			}
			if _, err := w.svc.Move(t.Context(), p, id, w.whole(l, &d.Matter)); err != nil {
				t.Fatal(err)
			}
			w.at = w.at.AddDate(0, 0, rng.IntN(20))
		}
		for _, n := range []matter.NewMatter{serious, hazard, task, serious, hazard} {
			n.Due = w.at.AddDate(0, 0, 7)
			m := w.open(n)
			for range 10 {
				step(m.ID)
			}
		}
		w.sweepOffers(people, serious)
		w.causeOffers(people)
		for _, s := range []matter.State{matter.Found, matter.Confirmed, matter.Assigned, matter.Rectifying, matter.Submitted, matter.Closed} {
			if !seen[s] {
				t.Errorf("the walks never came by %s", s)
			}
		}
	})
}

// sweepOffers hands a sweep in, which is neither offered nor taken before every object has its answer.
func (w *world) sweepOffers(people []*identity.Principal, n matter.NewMatter) {
	w.Helper()
	n.Item, n.Due = "sr.dam.09", w.at.AddDate(0, 0, 7)
	m := w.open(n)
	w.toSubmitted(m.ID)
	w.move(w.reviewer(), m.ID, matter.Act{Move: matter.Close, Way: "site"})
	page, err := w.svc.List(w.Context(), w.reviewer(), matter.Query{Kinds: []matter.Kind{matter.Sweep}, Item: n.Item})
	if err != nil || page.Total != 1 {
		w.Fatalf("%d sweeps: %v", page.Total, err)
	}
	id := page.Rows[0].ID
	w.offers(people, id)
	w.move(w.county(), id, matter.Act{Move: matter.Plan, Measures: "逐座排查"})
	w.attach(id)
	w.offers(people, id)
	if err := w.svc.AnswerRest(w.Context(), w.county(), id, "none", "已排查"); err != nil {
		w.Fatal(err)
	}
	w.offers(people, id)
	w.move(w.county(), id, matter.Act{Move: matter.Submit})
	w.offers(people, id)
}

// causeOffers closes what a rule opened while its cause lasts, and lets the rule open it anew.
func (w *world) causeOffers(people []*identity.Principal) {
	w.Helper()
	cause := matter.Cause{
		Key: "lag/inv/330602/2026", Kind: matter.Lag, Line: "reservoirs", Division: w.division("330602"), Keeper: w.division("330600"), Title: fault.T("投资滞后", "investment lags"),
		Severity: matter.General, Due: w.at.AddDate(0, 0, 20),
	}
	settle := func() int64 {
		w.Helper()
		if _, err := w.svc.Settle(context.WithoutCancel(w.Context()), []matter.Cause{cause}, matter.Lag); err != nil {
			w.Fatal(err)
		}
		page, err := w.svc.List(w.Context(), w.reviewer(), matter.Query{Kinds: []matter.Kind{matter.Lag}, Live: true})
		if err != nil || page.Total != 1 {
			w.Fatalf("%d lags: %v", page.Total, err)
		}
		return page.Rows[0].ID
	}
	first := settle()
	w.offers(people, first)
	w.move(w.reviewer(), first, matter.Act{Move: matter.Assign, Unit: w.unit["330602"], Person: w.person["330602"], Due: w.due(30)})
	w.move(w.county(), first, matter.Act{Move: matter.Plan, Measures: "赶工"})
	w.attach(first)
	w.move(w.county(), first, matter.Act{Move: matter.Submit})
	w.move(w.reviewer(), first, matter.Act{Move: matter.Close, Way: "paper"})
	w.offers(people, first)
	if settle() == first {
		w.Fatal("the rule did not open it anew")
	}
	w.offers(people, first)
}
