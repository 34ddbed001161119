package oversight_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/oversight"
	"anlan/internal/oversight/checklist"
	"anlan/internal/registry"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
	"anlan/packs"
)

// world is a city of two counties, six reservoirs in each, a team of three, and the shipped checklists.
type world struct {
	*testing.T
	db      *store.DB
	reg     *registry.Service
	matters *matter.Service
	svc     *oversight.Service
	tree    *registry.Tree
	at      time.Time
	team    string
	people  []string
	mender  string     // works in the bureau of 330602
	ears    sync.Mutex // of heard
	heard   []oversight.Change
}

const list = "small-reservoirs"

func eachWorld(t *testing.T, f func(w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(newWorld(t, db)) })
}

func newWorld(t *testing.T, db *store.DB) *world {
	t.Helper()
	w := &world{T: t, db: db, at: time.Date(2026, 6, 8, 2, 0, 0, 0, time.UTC)}
	now := w.now
	w.reg = registry.New(db, now)
	w.matters = matter.New(matter.Options{Store: db, Registry: w.reg, Now: now})
	w.svc = oversight.New(oversight.Options{
		Store: db, Registry: w.reg, Matter: w.matters, Now: now, Seed: func() string { return "seed-1" }, Changed: w.hear,
	})
	d := func(code, level, parent string) registry.NewDivision {
		return registry.NewDivision{Code: code, Name: fault.T(code, code), Kind: registry.Administrative, Level: level, Parent: parent}
	}
	w.write(func(tx *store.Tx) error {
		err := w.reg.AddDivisions(t.Context(), tx, []registry.NewDivision{d("330600", "city", ""), d("330602", "county", "330600"), d("330603", "county", "330600")})
		for _, code := range []string{"330600", "330602", "330603"} {
			if err != nil {
				return err
			}
			var unit string
			unit, err = w.reg.AddOrganisation(t.Context(), tx, registry.Program(), registry.NewOrganisation{Name: fault.T(code+"水利局", code+" bureau"), Kind: "bureau", Division: code})
			for k := range 3 {
				if err != nil {
					return err
				}
				var id string
				id, err = w.reg.AddPerson(t.Context(), tx, registry.Program(), registry.NewPerson{Name: fmt.Sprintf("人%s%d", code, k), Organisation: unit})
				switch code {
				case "330600":
					w.people = append(w.people, id)
				case "330602":
					w.mender = id
				}
			}
		}
		for i := range 12 {
			if err != nil {
				return err
			}
			_, err = w.reg.AddObject(t.Context(), tx, registry.Program(), registry.NewWaterObject{Kind: "reservoir", Name: fault.T(fmt.Sprintf("水库%02d", i+1), ""), Division: []string{"330602", "330603"}[i%2]})
		}
		return err
	})
	var err error
	if w.tree, err = w.reg.Tree(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.svc.Load(t.Context(), identity.Actor{Name: "test"}, definitions()); err != nil {
		t.Fatal(err)
	}
	w.team, err = w.svc.SaveTeam(t.Context(), w.city(), w.division("330600"), "", 0, oversight.NewTeam{Name: fault.T("一组", "team one"), Areas: []string{"330602", "330603"}, Members: w.people})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) now() time.Time { return w.at }

// hear keeps what the service says has changed; phones answer at once, so it is said by several at once.
func (w *world) hear(c oversight.Change) {
	w.ears.Lock()
	defer w.ears.Unlock()
	w.heard = append(w.heard, c)
}

func (w *world) write(f func(tx *store.Tx) error) {
	w.Helper()
	if err := w.db.Write(w.Context(), f); err != nil {
		w.Fatal(err)
	}
}

func (w *world) division(code string) int64 {
	d, ok := w.tree.ByCode(code)
	if !ok {
		w.Fatalf("no division %s", code)
	}
	return d.ID
}

func (w *world) as(id, role, division string) *identity.Principal {
	d := w.division(division)
	return identity.NewPrincipal(id, id, id, d, []identity.Grant{{Role: role, Line: "*", Division: d}}, w.tree)
}

func (w *world) city() *identity.Principal   { return w.as("shen", "reviewer", "330600") }
func (w *world) county() *identity.Principal { return w.as("yue", "county_leader", "330602") }

// plan makes a plan with its drawing of n objects.
func (w *world) plan(mode oversight.Mode, n int) *oversight.Plan {
	w.Helper()
	today := hydrotime.DateOf(w.at)
	id, err := w.svc.AddPlan(w.Context(), w.city(), oversight.NewPlan{
		Client: string(mode), Title: "小型水库检查", Mode: mode, Checklist: list, ObjectKind: "reservoir", Scope: "330600", From: today, To: today.AddDays(20), Teams: []string{w.team},
	})
	if err == nil {
		err = w.svc.Draw(w.Context(), w.city(), id, 1, oversight.Ask{Count: n, PerTeam: 2, Stratify: true})
	}
	if err != nil {
		w.Fatal(err)
	}
	return w.get(id)
}

func (w *world) get(id int64) *oversight.Plan {
	w.Helper()
	p, err := w.svc.Plan(w.Context(), w.city(), id)
	if err != nil {
		w.Fatal(err)
	}
	return p
}

func (w *world) inspections(p *identity.Principal, q oversight.InspectionQuery) []*oversight.Inspection {
	w.Helper()
	q.Limit = 1000
	out, err := w.svc.Inspections(w.Context(), p, q)
	if err != nil {
		w.Fatal(err)
	}
	return out
}

// pass answers every clause of the list with pass, but for those that fail.
func (w *world) pass(fail ...string) map[string]checklist.Answer {
	w.Helper()
	book, err := w.svc.Book(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	c, err := book.Version(list, 0)
	if err != nil {
		w.Fatal(err)
	}
	out := map[string]checklist.Answer{}
	for _, s := range c.Sections {
		for _, cl := range s.Clauses {
			out[cl.Code] = checklist.Pass
		}
	}
	for _, code := range fail {
		delete(out, code)
	}
	return out
}

func definitions() oversight.Definitions {
	comparison, formulas := packs.Comparison()
	steps, rungs := packs.Ladder()
	return oversight.Definitions{
		Checklists: packs.Checklists(), Trees: packs.Acceptance(), Comparisons: map[string][]byte{comparison: formulas}, Ladders: map[string][]byte{steps: rungs},
	}
}
