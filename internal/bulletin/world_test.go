package bulletin_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"anlan/internal/bulletin"
	"anlan/internal/bulletin/snapshot"
	"anlan/internal/fault"
	"anlan/internal/gb9704"
	"anlan/internal/identity"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
)

// shortTemplate is a kind with one figure that is always there, one that may be absent, and a table.
const shortTemplate = `id: short
version: 1
title: {zh: 短通报, en: Short notice}
order: 1
basis: {zh: 依据, en: basis}
cadence: month
levels: [city, county]
document: {mark: "{office}文件", number: 水短, title: "{scope}{period}通报", to: 各地}
sections:
- heading: 情况
  level: 1
  blocks:
  - say:
    - text: "截至{period_end}，完成投资{a.done.value}，完成率{a.done.completion}。"
  - table:
      caption: 各地
      of: divisions
      none: 无下级。
      columns: [{head: 地区, of: name}, {head: 完成, of: a.done.value}]
`

const correctionTemplate = `id: correction
version: 1
title: {zh: 更正, en: Correction}
order: 2
basis: {zh: 依据, en: basis}
cadence: month
levels: [city, county]
document: {number: 水更, title: "更正{period}通报"}
sections:
- blocks:
  - each: {of: original, say: [{text: "《{item.title}》（{item.name}）更正{list.corrections.count}项。"}]}
  - table: {caption: 更正, of: corrections, columns: [{head: 地区, of: name}, {head: 原数, of: then}, {head: 现数, of: now}]}
`

// world is a city of two counties with the people who write, approve and read.
type world struct {
	*testing.T
	db   *store.DB
	reg  *registry.Service
	svc  *bulletin.Service
	tree *registry.Tree

	mu      sync.Mutex // guards what follows
	at      time.Time
	figures map[string]string // value by division
	lists   []snapshot.List
}

func eachWorld(t *testing.T, f func(w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(newWorld(t, db)) })
}

func newWorld(t *testing.T, db *store.DB) *world {
	t.Helper()
	w := &world{T: t, db: db, at: time.Date(2026, 6, 8, 2, 0, 0, 0, time.UTC), figures: map[string]string{"330600": "30000", "330602": "20000", "330603": "10000"}}
	now := func() time.Time {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.at
	}
	w.reg = registry.New(db, now)
	w.svc = bulletin.New(bulletin.Options{
		Store: db, Registry: w.reg, Figures: w.freeze, Now: now,
		Measures: func(context.Context) (func(string) bool, error) {
			return func(key string) bool { return key == "a.done" }, nil
		},
		Lists: func(id string) bool { return id == "original" || id == "corrections" },
		Office: func(_ context.Context, division int64) (fault.Text, error) {
			d, _ := w.tree.ByID(division)
			return fault.T(d.NameZh+"水利局", d.NameEn+" bureau"), nil
		},
		PDF: func(d gb9704.Document) ([]byte, error) { return []byte("%PDF " + d.Subject), nil },
	})
	d := func(code, zh, level, parent string) registry.NewDivision {
		return registry.NewDivision{Code: code, Name: fault.T(zh, code), Short: zh[:6], Kind: registry.Administrative, Level: level, Parent: parent}
	}
	err := db.Write(t.Context(), func(tx *store.Tx) error {
		return w.reg.AddDivisions(t.Context(), tx, []registry.NewDivision{
			d("330000", "浙江省", "province", ""), d("330600", "绍兴市", "city", "330000"), d("330602", "越城区", "county", "330600"), d("330603", "柯桥区", "county", "330600"),
		})
	})
	if err == nil {
		w.tree, err = w.reg.Tree(t.Context())
	}
	if err == nil {
		_, err = w.svc.LoadTemplates(t.Context(), identity.Actor{Name: "test"}, map[string][]byte{"short.yaml": []byte(shortTemplate), "correction.yaml": []byte(correctionTemplate)})
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// freeze makes the snapshot of the world's figures: the scope's and those of the divisions below.
func (w *world) freeze(_ context.Context, _ *identity.Principal, a bulletin.Ask) (*snapshot.Snapshot, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	of := func(d registry.Division) snapshot.Division {
		return snapshot.Division{Code: d.Code, Name: fault.T(d.NameZh, d.NameEn), Short: d.ShortZh, Level: d.Level}
	}
	s := &snapshot.Snapshot{Scope: of(a.Scope), AsOf: w.at, Divisions: []snapshot.Division{}, Lists: append([]snapshot.List{}, w.lists...)}
	s.Measures = []snapshot.Measure{{Key: "a.done", Indicator: "a.done", Name: fault.T("完成投资", "Invested"), Judge: "completion", Unit: "wan_yuan", Show: "yi_yuan", Decimals: 2, Better: "more", Of: a.Month.String()}}
	add := func(d registry.Division) {
		c := snapshot.Cell{Measure: "a.done", Division: d.Code, State: snapshot.Unreported}
		if v := w.figures[d.Code]; v != "" {
			c.State, c.Value = snapshot.HasFigure, quantity.Some(quantity.MustParse(v))
			c.Completion = quantity.Some(quantity.MustParse(v) / 1000)
			if d.Level == "county" {
				c.Origin = &snapshot.Origin{Return: d.ID, Version: 1, Revision: 1, RecordedAt: w.at, By: "填报"}
			}
		}
		s.Cells = append(s.Cells, c)
	}
	add(a.Scope)
	for _, d := range w.tree.Children(a.Scope.ID) {
		s.Divisions = append(s.Divisions, of(d))
		add(d)
	}
	return s, nil
}

// as is a person with one role at one place.
func (w *world) as(name, role, division string) *identity.Principal {
	w.Helper()
	d, ok := w.tree.ByCode(division)
	if !ok {
		w.Fatalf("no division %s", division)
	}
	return identity.NewPrincipal(name, name, name, d.ID, []identity.Grant{{Role: role, Line: identity.AnyLine, Division: d.ID}}, w.tree)
}

func (w *world) planner() *identity.Principal  { return w.as("planner", "planner", "330600") }
func (w *world) director() *identity.Principal { return w.as("director", "director", "330600") }

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// refused wants a fault of a code.
func (w *world) refused(err error, code string) {
	w.Helper()
	f, ok := err.(*fault.Error) //nolint:errorlint // faults come bare
	if !ok || f.Code != code {
		w.Errorf("refused with %v, want %s", err, code)
	}
}

func (w *world) draft(by *identity.Principal, scope, period string) int64 {
	w.Helper()
	id, err := w.svc.Draft(w.Context(), by, bulletin.NewBulletin{Kind: "short", Scope: scope, Period: period})
	w.must(err)
	return id
}

// issue takes a draft at its first edit to its recipients.
func (w *world) issue(id int64, to ...string) {
	w.Helper()
	edit := w.get(w.planner(), id).Edit
	w.must(w.svc.Submit(w.Context(), w.planner(), id, edit))
	w.must(w.svc.Approve(w.Context(), w.director(), id, edit+1, true))
	in := bulletin.Issuing{Edit: edit + 2}
	for _, code := range to {
		in.Recipients = append(in.Recipients, bulletin.To{Division: code})
	}
	w.must(w.svc.Issue(w.Context(), w.director(), id, in))
}

func (w *world) get(p *identity.Principal, id int64) *bulletin.Detail {
	w.Helper()
	d, err := w.svc.Get(w.Context(), p, id)
	w.must(err)
	return d
}

func (w *world) ids(p *identity.Principal, q bulletin.Query) string {
	w.Helper()
	pg, err := w.svc.List(w.Context(), p, q)
	w.must(err)
	out := ""
	for _, b := range pg.Items {
		out += fmt.Sprintf("%d ", b.ID)
	}
	return out
}
