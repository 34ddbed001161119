package matter_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/registry"
	"anlan/internal/store"
	"anlan/internal/store/storetest"

	"github.com/google/go-cmp/cmp"
)

// world is a city of two counties with their bureaus, a person in each, ten reservoirs, and a kept file.
type world struct {
	*testing.T
	db   *store.DB
	reg  *registry.Service
	svc  *matter.Service
	tree *registry.Tree
	at   time.Time

	unit, person map[string]string
	mu           sync.Mutex // guards heard: two writers may tell at once
	heard        []matter.Change
	files        int
}

const file = "00000000000000000000000000000000000000000000000000000000000000aa"

func each(t *testing.T, f func(w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(newWorld(t, db)) })
}

func newWorld(t *testing.T, db *store.DB) *world {
	t.Helper()
	w := &world{T: t, db: db, at: time.Date(2026, 6, 8, 2, 0, 0, 0, time.UTC), unit: map[string]string{}, person: map[string]string{}}
	now := func() time.Time { return w.at }
	w.reg = registry.New(db, now)
	w.svc = matter.New(matter.Options{Store: db, Registry: w.reg, Now: now, Changed: w.hear})
	d := func(code, level, parent string) registry.NewDivision {
		return registry.NewDivision{Code: code, Name: fault.T(code, code), Kind: registry.Administrative, Level: level, Parent: parent}
	}
	w.write(func(tx *store.Tx) error {
		err := w.reg.AddDivisions(t.Context(), tx, []registry.NewDivision{d("330600", "city", ""), d("330602", "county", "330600"), d("330603", "county", "330600")})
		for _, code := range []string{"330600", "330602", "330603"} {
			if err == nil {
				w.unit[code], err = w.reg.AddOrganisation(t.Context(), tx, registry.Program(), registry.NewOrganisation{Name: fault.T(code+"水利局", code+" bureau"), Kind: "bureau", Division: code})
			}
			if err == nil {
				w.person[code], err = w.reg.AddPerson(t.Context(), tx, registry.Program(), registry.NewPerson{Name: "人" + code, Organisation: w.unit[code]})
			}
		}
		return err
	})
	var err error
	if w.tree, err = w.reg.Tree(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.write(func(tx *store.Tx) error {
		for i := range 10 {
			code := []string{"330602", "330603"}[i%2]
			_, err := tx.ExecContext(t.Context(), `INSERT INTO water_object (id, scheme, code, kind, name_zh, division_id, changed_at) VALUES ($1, 'own', $2, 'reservoir', $3, $4, 0)`,
				i+1, fmt.Sprint("R", i+1), fmt.Sprintf("水库%d", i+1), w.division(code))
			if err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(t.Context(), `INSERT INTO evidence_file (hash, size, media, name, by_id, by_name, at) VALUES ($1, 1, 'image/jpeg', 'a.jpg', '', '', 0)`, file)
		for _, who := range []string{"yue", "shen"} {
			if err == nil {
				_, err = tx.ExecContext(t.Context(), `INSERT INTO evidence_put (hash, by_id, by_name, name, at) VALUES ($1, $2, '', 'a.jpg', 0)`, file, who)
			}
		}
		return err
	})
	return w
}

func (w *world) hear(c matter.Change) {
	w.mu.Lock()
	defer w.mu.Unlock()
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

// as is a person with a role in a division.
func (w *world) as(id, role, division string) *identity.Principal {
	d := w.division(division)
	return identity.NewPrincipal(id, id, id, d, []identity.Grant{{Role: role, Line: "*", Division: d}}, w.tree).For(w.person[division])
}

func (w *world) county() *identity.Principal   { return w.as("yue", "county_leader", "330602") }
func (w *world) reviewer() *identity.Principal { return w.as("shen", "reviewer", "330600") }
func (w *world) director() *identity.Principal { return w.as("ju", "director", "330600") }

// finding is a problem at reservoir 1 in the first county, found by the city.
func (w *world) finding() matter.NewMatter {
	return matter.NewMatter{
		Kind: matter.Finding, Line: "reservoirs", Division: w.division("330602"), Keeper: w.division("330600"), Object: 1, Source: "hand", Item: "sr.dam.01",
		Title: fault.T("坝顶裂缝", "crack in the crest"), Basis: "4.1", Severity: matter.General, Origin: matter.City, Due: w.at.AddDate(0, 0, 7),
	}
}

func (w *world) open(n matter.NewMatter) *matter.Matter {
	w.Helper()
	var m *matter.Matter
	w.write(func(tx *store.Tx) (err error) {
		m, _, err = w.svc.Open(w.Context(), tx, identity.Actor{ID: "shen", Name: "shen"}, n)
		return err
	})
	return m
}

func (w *world) move(p *identity.Principal, id int64, a matter.Act) *matter.Matter {
	w.Helper()
	m, err := w.svc.Move(w.Context(), p, id, a)
	if err != nil {
		w.Fatalf("%s by %s: %v", a.Move, p.Name(), err)
	}
	if diff := cmp.Diff(m, &w.get(p, id).Matter); diff != "" {
		w.Fatalf("%s is not written as it was made (-made +read):\n%s", a.Move, diff)
	}
	return m
}

func (w *world) refused(p *identity.Principal, id int64, a matter.Act, kind fault.Kind) {
	w.Helper()
	if _, err := w.svc.Move(w.Context(), p, id, a); !fault.Is(err, kind) {
		w.Errorf("%s by %s: %v, want %s", a.Move, p.Name(), err, kind)
	}
}

func (w *world) due(days int) *time.Time {
	t := w.at.AddDate(0, 0, days)
	return &t
}

// toSubmitted walks a finding to where it waits for review.
func (w *world) toSubmitted(id int64) {
	w.Helper()
	w.move(w.county(), id, matter.Act{Move: matter.Confirm})
	w.move(w.reviewer(), id, matter.Act{Move: matter.Assign, Unit: w.unit["330602"], Person: w.person["330602"], Due: w.due(30)})
	w.move(w.county(), id, matter.Act{Move: matter.Plan, Measures: "灌浆"})
	w.attach(id)
	w.move(w.county(), id, matter.Act{Move: matter.Submit})
}

func (w *world) attach(id int64) {
	w.Helper()
	if err := w.show(w.county(), id, "after"); err != nil {
		w.Fatal(err)
	}
}

// show lets a file that was not there before speak for a matter.
func (w *world) show(p *identity.Principal, id int64, role string) error {
	w.Helper()
	var hash string
	w.write(func(tx *store.Tx) error {
		hash = w.file(tx, p)
		return nil
	})
	return w.svc.Attach(w.Context(), p, id, matter.Evidence{File: hash, Role: role})
}

// file is a new file that a person put in.
func (w *world) file(tx *store.Tx, p *identity.Principal) string {
	w.Helper()
	w.files++
	hash := fmt.Sprintf("f%063x", w.files)
	_, err := tx.ExecContext(w.Context(), `INSERT INTO evidence_file (hash, size, media, name, by_id, by_name, at) VALUES ($1, 1, 'image/jpeg', 'a.jpg', '', '', 0)`, hash)
	if err == nil {
		_, err = tx.ExecContext(w.Context(), `INSERT INTO evidence_put (hash, by_id, by_name, name, at) VALUES ($1, $2, '', 'a.jpg', 0)`, hash, p.Account())
	}
	if err != nil {
		w.Fatal(err)
	}
	return hash
}

func (w *world) get(p *identity.Principal, id int64) *matter.Detail {
	w.Helper()
	d, err := w.svc.Get(w.Context(), p, id)
	if err != nil {
		w.Fatal(err)
	}
	return d
}

func dateOf(t time.Time) hydrotime.Date { return hydrotime.DateOf(t) }
