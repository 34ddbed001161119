package programme_test

import (
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/programme"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
)

// testPack is a small programme: an amount with two targets, a rate, and a computed rate.
const testPack = `
id: test
version: 1
title: {zh: 试验, en: Test}
line: rural_water
basis: {zh: 试验, en: test}
order: 1
indicators:
  - {code: t.done, name: {zh: 完成, en: Done}, unit: wan_yuan, show: yi_yuan, decimals: 2, kind: cumulative, better: more, rollup: sum, level: county, cadence: month, office: {zh: 科, en: office}, reader: {zh: 处, en: reader}, definition: {zh: 定义, en: definition}, headline: true}
  - {code: t.rate, name: {zh: 率, en: Rate}, unit: percent, decimals: 1, ratio: {numerator: {name: {zh: 分子, en: part}, unit: works}, denominator: {name: {zh: 分母, en: whole}, unit: works}}, kind: stock, better: more, rollup: sum, level: county, cadence: month, office: {zh: 科, en: office}, reader: {zh: 处, en: reader}, definition: {zh: 定义, en: definition}}
  - {code: t.left, name: {zh: 剩余, en: Left}, unit: works, decimals: 0, formula: denominator(t.rate) - numerator(t.rate), kind: stock, better: less, rollup: sum, level: county, cadence: month, office: {zh: 科, en: office}, reader: {zh: 处, en: reader}, definition: {zh: 定义, en: definition}}
forms:
  - {id: test.month, title: {zh: 月报, en: Monthly}, level: county, cadence: month, due_day: 5, review_days: 3, lines: [t.done, t.rate]}
targets:
  - {id: t.done.city, name: {zh: 市级, en: City}, indicator: t.done, issuer: city, judge: completion, due: 09-30, curve: linear, split: true, headline: true}
  - {id: t.done.province, name: {zh: 省级, en: Province}, indicator: t.done, issuer: province, judge: completion, due: 06-30, curve: linear, split: true}
deadlines:
  - {id: test.june, title: {zh: 六月, en: June}, due: 06-30, targets: [t.done.province]}
`

// world is a city of two counties and a functional area, with people.
type world struct {
	*testing.T
	db   *store.DB
	svc  *programme.Service
	reg  *registry.Service
	tree *registry.Tree
	at   time.Time
}

func newWorld(t *testing.T, db *store.DB) *world {
	t.Helper()
	w := &world{T: t, db: db, at: time.Date(2026, 6, 2, 1, 0, 0, 0, time.UTC)}
	now := func() time.Time { return w.at }
	reg := registry.New(db, now)
	w.reg = reg
	d := func(code, kind, level, parent string) registry.NewDivision {
		return registry.NewDivision{Code: code, Name: fault.T(code, code), Kind: kind, Level: level, Parent: parent}
	}
	err := db.Write(t.Context(), func(tx *store.Tx) error {
		return reg.AddDivisions(t.Context(), tx, []registry.NewDivision{
			d("330000", registry.Administrative, "province", ""), d("330600", registry.Administrative, "city", "330000"),
			d("330602", registry.Administrative, "county", "330600"), d("330603", registry.Administrative, "county", "330600"),
			d("330600-BH", registry.Functional, "county", "330600"),
		})
	})
	if err == nil {
		w.tree, err = reg.Tree(t.Context())
	}
	w.svc = programme.New(programme.Options{Store: db, Registry: reg, Now: now})
	if err == nil {
		_, err = w.svc.LoadPacks(t.Context(), identity.Actor{Name: "test"}, map[string][]byte{"test.yaml": []byte(testPack)})
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// bureaus gives every division an organisation that answers for it.
func (w *world) bureaus() {
	w.Helper()
	err := w.db.Write(w.Context(), func(tx *store.Tx) error {
		for _, d := range w.tree.All() {
			if _, err := w.reg.AddOrganisation(w.Context(), tx, registry.Program(), registry.NewOrganisation{Name: fault.T(d.Code, d.Code), Kind: "bureau", Division: d.Code}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) person(id, role, division string) *identity.Principal {
	d, _ := w.tree.ByCode(division)
	return identity.NewPrincipal(id, id, id, d.ID, []identity.Grant{{Role: role, Line: "*", Division: d.ID}}, w.tree)
}

func (w *world) clerk(division string) *identity.Principal {
	return w.person("clerk-"+division, "county_leader", division)
}
func (w *world) reviewer() *identity.Principal { return w.person("reviewer", "reviewer", "330600") }
func (w *world) planner() *identity.Principal  { return w.person("planner", "planner", "330600") }

func n(s string) quantity.Null {
	if s == "" {
		return quantity.Null{}
	}
	return quantity.Some(quantity.MustParse(s))
}

// draft opens a return and types it.
func (w *world) draft(division string, m hydrotime.Month, done, part, whole, note string) *programme.ReturnDetail {
	w.Helper()
	r, err := w.svc.Open(w.Context(), w.clerk(division), programme.ReturnKey{Form: "test.month", Division: division, Period: m})
	if err != nil {
		w.Fatal(err)
	}
	r, err = w.svc.SaveLines(w.Context(), w.clerk(division), r.ID, r.Edit, []programme.LineChange{
		{Indicator: "t.done", Value: n(done), Note: note}, {Indicator: "t.rate", Value: n(part), Base: n(whole)},
	}, "typed")
	if err != nil {
		w.Fatal(err)
	}
	return r
}

func (w *world) move(p *identity.Principal, r *programme.ReturnDetail, m programme.Move, reason string) *programme.ReturnDetail {
	w.Helper()
	w.at = w.at.Add(time.Minute)
	out, err := w.svc.MoveReturn(w.Context(), p, r.ID, r.Edit, m, reason)
	if err != nil {
		w.Fatalf("%s: %v", m, err)
	}
	return out
}

// file takes a return from a draft to locked.
func (w *world) file(division string, m hydrotime.Month, done, part, whole string) *programme.ReturnDetail {
	w.Helper()
	r := w.move(w.clerk(division), w.draft(division, m, done, part, whole, ""), programme.Submit, "")
	r = w.move(w.reviewer(), r, programme.Review, "")
	r = w.move(w.reviewer(), r, programme.Accept, "")
	return w.move(w.planner(), r, programme.Lock, "")
}

func (w *world) cockpit(scope string, m hydrotime.Month, asOf time.Time) *programme.Cockpit {
	w.Helper()
	c, err := w.svc.Cockpit(w.Context(), w.person("boss", "director", "330000"), programme.View{Scope: scope, Period: m, AsOf: asOf})
	if err != nil {
		w.Fatal(err)
	}
	return c
}

func each(t *testing.T, f func(w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(newWorld(t, db)) })
}
