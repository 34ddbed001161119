package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/ledger"
	"anlan/internal/ledger/acceptance"
	"anlan/internal/ledger/scheme"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/registry/objectrule"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
	"anlan/packs"

	"github.com/google/go-cmp/cmp"
)

// shelf is the shipped book.
type shelf struct {
	list  []*scheme.Scheme
	trees map[string]*acceptance.Tree
}

func (b *shelf) Ledgers() []*scheme.Scheme { return b.list }

func (b *shelf) Tree(id string, _ int) (*acceptance.Tree, error) { return b.trees[id], nil }

// world is a city of two counties with stations, works, dams and a river.
type world struct {
	*testing.T
	db      *store.DB
	reg     *registry.Service
	svc     *ledger.Service
	tree    *registry.Tree
	at      time.Time
	objects map[string]int64
	visits  []ledger.Visit
	steps   int
}

func eachWorld(t *testing.T, f func(w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(newWorld(t, db)) })
}

func newWorld(t *testing.T, db *store.DB) *world {
	t.Helper()
	w := &world{T: t, db: db, at: time.Date(2026, 1, 10, 2, 0, 0, 0, time.UTC), objects: map[string]int64{}}
	now := func() time.Time { return w.at }
	w.reg = registry.New(db, now)
	book := readShelf(t)
	w.svc = ledger.New(ledger.Options{
		Store: db, Registry: w.reg, Now: now, Book: func(context.Context, store.Querier) (ledger.Book, error) { return book, nil },
		Visits: func(context.Context, string) ([]ledger.Visit, error) { return w.visits, nil },
	})
	d := func(code, level, parent string) registry.NewDivision {
		return registry.NewDivision{Code: code, Name: fault.T(code, code), Kind: registry.Administrative, Level: level, Parent: parent}
	}
	date := func(s string) *hydrotime.Date {
		d, err := hydrotime.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return &d
	}
	w.write(func(tx *store.Tx) error {
		err := w.reg.AddDivisions(t.Context(), tx, []registry.NewDivision{d("330600", "city", ""), d("330602", "county", "330600"), d("330603", "county", "330600"), d("330602101", "town", "330602")})
		add := func(name, kind, division string, facts registry.ObjectFacts) {
			if err == nil {
				w.objects[name], err = w.reg.AddObject(t.Context(), tx, registry.Program(), registry.NewWaterObject{Kind: objectrule.Kind(kind), Name: fault.T(name, ""), Division: division, ObjectFacts: facts})
			}
		}
		people := func(n int64) registry.ObjectFacts {
			return registry.ObjectFacts{Population: quantity.Some(quantity.Int(n))}
		}
		add("青山电站", "hydropower", "330602101", registry.ObjectFacts{Disposition: "rectify"})
		add("碧水电站", "hydropower", "330602", registry.ObjectFacts{Disposition: "exit"})
		add("龙潭电站", "hydropower", "330603", registry.ObjectFacts{Disposition: "keep"})
		add("大水厂", "waterworks", "330602", people(3000))
		add("小水厂", "waterworks", "330603", people(300))
		add("旧坝", "reservoir", "330602", registry.ObjectFacts{CommissionedOn: date("2015-05-01")})
		add("病坝", "reservoir", "330603", registry.ObjectFacts{CommissionedOn: date("1990-05-01"), AppraisedOn: date("2022-03-01"), AppraisalClass: new(int64(3))})
		add("清河", "river", "330602", registry.ObjectFacts{})
		return err
	})
	var err error
	if w.tree, err = w.reg.Tree(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

func readShelf(t *testing.T) *shelf {
	t.Helper()
	b := &shelf{trees: map[string]*acceptance.Tree{}}
	for name, src := range packs.Ledgers() {
		s, err := scheme.Parse(name, src)
		if err != nil {
			t.Fatal(err)
		}
		b.list = append(b.list, s)
	}
	for name, src := range packs.Acceptance() {
		tree, err := acceptance.Parse(name, src)
		if err != nil {
			t.Fatal(err)
		}
		b.trees[tree.ID] = tree
		b.list = append(b.list, scheme.FromTree(tree))
	}
	return b
}

func (w *world) write(f func(tx *store.Tx) error) {
	w.Helper()
	if err := w.db.Write(w.Context(), f); err != nil {
		w.Fatal(err)
	}
}

func (w *world) as(id, role, division string) *identity.Principal {
	d, _ := w.tree.ByCode(division)
	return identity.NewPrincipal(id, id, id, d.ID, []identity.Grant{{Role: role, Line: "*", Division: d.ID}}, w.tree)
}

func (w *world) clerk() *identity.Principal  { return w.as("clerk", "clerk", "330602") }
func (w *world) county() *identity.Principal { return w.as("yue", "county_leader", "330602") }
func (w *world) city() *identity.Principal   { return w.as("shen", "reviewer", "330600") }

func (w *world) enrol() (made, moved int) {
	w.Helper()
	made, moved, err := w.svc.Enrol(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return made, moved
}

// entry finds an object's entry in a ledger.
func (w *world) entry(p *identity.Principal, id, object string) *ledger.Entry {
	w.Helper()
	pg, err := w.svc.Entries(w.Context(), p, ledger.Query{Scheme: id, Object: w.objects[object]})
	if err != nil {
		w.Fatal(err)
	}
	if len(pg.Entries) != 1 {
		w.Fatalf("%s has %d entries in %s", object, len(pg.Entries), id)
	}
	return pg.Entries[0]
}

func (w *world) take(p *identity.Principal, id, object string, n ledger.NewStep) error {
	w.Helper()
	e := w.entry(w.city(), id, object)
	w.steps++
	n.Client, n.Edit = fmt.Sprintf("step-%04d", w.steps), e.Edit
	w.at = w.at.Add(time.Hour)
	return w.svc.Take(w.Context(), p, e.ID, n)
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// refused holds an error to a code.
func (w *world) refused(err error, code string) {
	w.Helper()
	var bad *fault.Error
	if !errors.As(err, &bad) || bad.Code != code {
		w.Errorf("%v, want %s", err, code)
	}
}

func (w *world) figure(name, day string) map[string]scheme.Figure {
	w.Helper()
	d, err := hydrotime.ParseDate(day)
	w.must(err)
	f, err := w.svc.Figures(w.Context(), []string{name}, d)
	w.must(err)
	return f[name]
}

func TestObjectsComeInByThemselvesOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		made, _ := w.enrol()
		// Three stations, two works in two ledgers, two dams before the flood, one dam to appraise and one to reinforce.
		if again, _ := w.enrol(); made != 3+4+2+1+1 || again != 0 {
			w.Errorf("%d made, then %d", made, again)
		}
		if e := w.entry(w.city(), "rural-charging", "大水厂"); e.Track != "large" || e.Due.String() != "2026-06-30" {
			w.Errorf("%+v", e)
		}
		if e := w.entry(w.city(), "dam-appraisal", "旧坝"); e.Due.String() != "2020-05-01" || !e.Overdue {
			w.Errorf("due %s, overdue %v", e.Due, e.Overdue)
		}
		// Trap 22: three years from the approval of the appraisal.
		if e := w.entry(w.city(), "dam-reinforcement", "病坝"); e.Due.String() != "2025-03-01" {
			w.Errorf("due %s", e.Due)
		}
	})
}

// TestStationIsStruckOff walks one station from its plan to the city's word, and one who may not take each step.
func TestStationIsStruckOff(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.enrol()
		const id, object = "small-hydropower", "青山电站"
		w.refused(w.take(w.clerk(), id, object, ledger.NewStep{State: "planned", Document: "虞水〔2026〕1号"}), "ledger.level") // the county approves
		w.refused(w.take(w.county(), id, object, ledger.NewStep{State: "planned"}), "ledger.needs")
		w.refused(w.take(w.county(), id, object, ledger.NewStep{State: "working"}), "ledger.step")
		w.must(w.take(w.county(), id, object, ledger.NewStep{State: "planned", Document: "虞水〔2026〕1号"}))
		w.must(w.take(w.clerk(), id, object, ledger.NewStep{State: "working"}))
		w.refused(w.take(w.clerk(), id, object, ledger.NewStep{State: "awaiting"}), "ledger.needs") // without a photograph
		w.refused(w.take(w.as("else", "clerk", "330603"), id, object, ledger.NewStep{State: "working"}), "ledger.unknown")
		e := w.entry(w.county(), id, object)
		if e.County != "330602" || e.Standing.State.ID != "working" || len(e.Steps) != 2 {
			w.Errorf("%+v", e)
		}
	})
}

// TestNobodyAcceptsTheirOwn holds that who finished a pond is not the one to accept it.
func TestNobodyAcceptsTheirOwn(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.enrol()
		const id, object = "dam-appraisal", "旧坝"
		w.must(w.take(w.clerk(), id, object, ledger.NewStep{State: "commissioned", Document: "合同 1"}))
		w.must(w.take(w.clerk(), id, object, ledger.NewStep{State: "inspected"}))
		w.must(w.take(w.county(), id, object, ledger.NewStep{State: "submitted", Document: "报告"}))
		w.refused(w.take(w.county(), id, object, ledger.NewStep{State: "class_3", Document: "审定书"}), "ledger.own")
		if bad := w.entry(w.city(), id, object).Refusal(w.county(), w.tree, "class_3", "county"); bad == nil || bad.Code != "ledger.own" {
			w.Errorf("foretold: %v", bad)
		}
		w.must(w.take(w.as("other", "county_leader", "330602"), id, object, ledger.NewStep{State: "class_3", Document: "审定书"}))
		// The register follows, and the dam comes into the ledger of reinforcement by itself.
		o, err := w.reg.Object(w.Context(), w.objects[object])
		w.must(err)
		if o.AppraisalClass == nil || *o.AppraisalClass != 3 || o.AppraisedOn.String() != "2026-01-10" {
			w.Errorf("class %v on %v", o.AppraisalClass, o.AppraisedOn)
		}
		w.enrol()
		if e := w.entry(w.city(), "dam-reinforcement", object); e.Due.String() != "2029-01-10" {
			w.Errorf("due %s", e.Due)
		}
		// Taken back, the register stands as it did.
		e := w.entry(w.city(), id, object)
		w.refused(w.svc.Undo(w.Context(), w.county(), e.ID, e.Steps[0].ID, e.Edit, "错了"), "ledger.undo_order")
		w.refused(w.svc.Undo(w.Context(), w.county(), e.ID, e.Steps[3].ID, e.Edit, " "), "ledger.why")
		w.must(w.svc.Undo(w.Context(), w.county(), e.ID, e.Steps[3].ID, e.Edit, "坝号填错"))
		if o, err = w.reg.Object(w.Context(), w.objects[object]); err != nil || o.AppraisalClass != nil || o.AppraisedOn != nil {
			w.Errorf("class %v on %v, %v", o.AppraisalClass, o.AppraisedOn, err)
		}
		if e = w.entry(w.city(), id, object); e.Standing.State.ID != "submitted" || e.Steps[3].UndoneWhy != "坝号填错" {
			w.Errorf("%s, %+v", e.Standing.State.ID, e.Steps[3])
		}
	})
}

func TestSentTwiceIsOneStep(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.enrol()
		e := w.entry(w.city(), "rural-charging", "大水厂")
		n := ledger.NewStep{Client: "the-same-0", Edit: e.Edit, State: "metered", Document: "物价批文"}
		w.must(w.svc.Take(w.Context(), w.clerk(), e.ID, n))
		w.must(w.svc.Take(w.Context(), w.clerk(), e.ID, n))
		if e = w.entry(w.city(), "rural-charging", "大水厂"); len(e.Steps) != 1 || !e.Standing.Done {
			w.Errorf("%d steps, done %v", len(e.Steps), e.Standing.Done)
		}
		n.Client, n.State = "another-00", "none"
		w.refused(w.svc.Take(w.Context(), w.clerk(), e.ID, n), "ledger.edit") // it read what stood before
		o, err := w.reg.Object(w.Context(), w.objects["大水厂"])
		w.must(err)
		if o.Charging != "metered" {
			w.Errorf("the register says %q", o.Charging)
		}
	})
}

func TestDays(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.enrol()
		on := func(s string) *hydrotime.Date { d, _ := hydrotime.ParseDate(s); return &d }
		const id, object = "rural-charging", "大水厂"
		w.at = w.at.AddDate(0, 3, 0)
		w.refused(w.take(w.clerk(), id, object, ledger.NewStep{State: "metered", Document: "文", On: on("2026-09-01")}), "ledger.future")
		w.must(w.take(w.clerk(), id, object, ledger.NewStep{State: "flat", Document: "文", On: on("2026-02-01")}))
		w.refused(w.take(w.clerk(), id, object, ledger.NewStep{State: "metered", Document: "文", On: on("2026-01-31")}), "ledger.order")
		w.must(w.take(w.clerk(), id, object, ledger.NewStep{State: "metered", Document: "文", On: on("2026-02-01")}))
		// Told in April, it counts from February on.
		if f := w.figure("rural-charging/done/large", "2026-02-01"); f["330602"] != (scheme.Figure{N: 1, Of: 1}) {
			w.Errorf("%+v", f)
		}
		if f := w.figure("rural-charging/done/large", "2026-01-31"); f["330602"] != (scheme.Figure{N: 0, Of: 1}) {
			w.Errorf("%+v", f)
		}
		if f := w.figure("rural-charging/done/small", "2026-02-01"); f["330603"] != (scheme.Figure{N: 0, Of: 1}) || len(f) != 1 {
			w.Errorf("%+v", f)
		}
		if f := w.figure("rural-charging/beauty", "2026-02-01"); f != nil {
			w.Errorf("%+v", f)
		}
	})
}

// TestRiverIsAccepted walks a river through its score: no pass, no title; revoked, it has none.
func TestRiverIsAccepted(t *testing.T) {
	eachWorld(t, func(w *world) {
		const id, object = "beautiful-rivers", "清河"
		tree := readShelf(w.T).trees[id]
		if _, err := w.svc.Add(w.Context(), w.clerk(), ledger.NewEntry{Scheme: id, Object: w.objects["旧坝"]}); !fault.Is(err, fault.Invalid) {
			w.Error(err)
		}
		_, err := w.svc.Add(w.Context(), w.clerk(), ledger.NewEntry{Scheme: id, Object: w.objects[object]})
		w.must(err)
		_, err = w.svc.Add(w.Context(), w.clerk(), ledger.NewEntry{Scheme: id, Object: w.objects[object]})
		w.refused(err, "ledger.twice")
		w.must(w.take(w.clerk(), id, object, ledger.NewStep{State: "self"}))
		w.refused(w.take(w.county(), id, object, ledger.NewStep{State: "county"}), "ledger.needs") // nobody has scored it
		answers := &acceptance.Answers{Items: map[string]acceptance.Answer{}, Prerequisites: map[string]bool{}}
		for _, p := range tree.Prerequisites {
			answers.Prerequisites[p.Code] = true
		}
		for _, d := range tree.Dimensions {
			for _, i := range d.Items {
				answers.Items[i.Code] = acceptance.Answer{Points: i.Weight}
			}
		}
		veto := tree.Prerequisites[0].Code
		w.refused(w.take(w.clerk(), id, object, ledger.NewStep{Answers: answers}), "ledger.level") // the county scores what the county accepts
		answers.Prerequisites[veto] = false
		w.must(w.take(w.county(), id, object, ledger.NewStep{Answers: answers}))
		w.refused(w.take(w.county(), id, object, ledger.NewStep{State: "county"}), "ledger.needs") // vetoed
		answers.Prerequisites[veto] = true
		w.must(w.take(w.county(), id, object, ledger.NewStep{Answers: answers}))
		w.must(w.take(w.county(), id, object, ledger.NewStep{State: "county"}))
		w.must(w.take(w.city(), id, object, ledger.NewStep{State: "city", Answers: answers}))
		w.must(w.take(w.city(), id, object, ledger.NewStep{State: "province", Answers: answers}))
		w.refused(w.take(w.city(), id, object, ledger.NewStep{State: "published", Answers: answers}), "ledger.own")
		w.must(w.take(w.as("zhang", "reviewer", "330600"), id, object, ledger.NewStep{State: "published", Answers: answers}))
		if f := w.figure(id+"/titles", "2026-01-31"); f["330602"].N != 1 {
			w.Errorf("%+v", f)
		}
		w.reviewed(id, object, answers)
		w.at = w.at.AddDate(0, 1, 0)
		w.must(w.take(w.city(), id, object, ledger.NewStep{State: "revoked", Note: "复核未通过"}))
		if f, before := w.figure(id+"/titles", hydrotime.DateOf(w.at).String()), w.figure(id+"/titles", "2026-01-31"); f["330602"].N != 0 || before["330602"].N != 1 {
			w.Errorf("%+v, before %+v", f, before)
		}
	})
}

// reviewed lets three years pass over a title: its review is seen beforehand, past its day it is a cause, being looked at does not end
// that, and a new passing score begins the years anew.
func (w *world) reviewed(id, object string, answers *acceptance.Answers) {
	w.Helper()
	causes := func() (out []string) {
		list, err := w.svc.Causes(w.Context(), "330600")
		w.must(err)
		for _, c := range list {
			if strings.Contains(c.Key, "/review/") {
				out = append(out, c.Title.Zh)
			}
		}
		return out
	}
	count := func() string {
		b, err := w.svc.Summary(w.Context(), w.city(), ledger.Query{Scheme: id})
		w.must(err)
		pg, err := w.svc.Entries(w.Context(), w.city(), ledger.Query{Scheme: id, Standing: "review"})
		w.must(err)
		return fmt.Sprint(b.Total.Reviews, b.Total.ReviewsLate, pg.Total, w.entry(w.city(), id, object).ReviewDue)
	}
	due := hydrotime.DateOf(w.at)
	due.Year += 3
	for _, step := range []struct {
		days int
		want string
	}{{-91, "0 0 0 "}, {-90, "1 0 1 "}, {0, "1 0 1 "}, {1, "1 1 1 "}} {
		w.at = due.AddDays(step.days).Start().Add(9 * time.Hour)
		if got := count(); got != step.want+due.String() || len(causes()) != max(step.days, 0) {
			w.Errorf("%d days from the review: %q, causes %q", step.days, got, causes())
		}
	}
	if diff := cmp.Diff([]string{"清河：美丽河湖验收称号期满未复核"}, causes()); diff != "" {
		w.Error(diff)
	}
	w.must(w.take(w.city(), id, object, ledger.NewStep{State: "review"}))
	if len(causes()) != 1 {
		w.Error("looking at it ended the review")
	}
	w.must(w.take(w.as("zhang", "reviewer", "330600"), id, object, ledger.NewStep{State: "published", Answers: answers}))
	if len(causes()) != 0 || count() != "0 0 0 "+yearsOn(hydrotime.DateOf(w.at), 3) {
		w.Errorf("scored anew: %s, causes %q", count(), causes())
	}
}

func yearsOn(d hydrotime.Date, n int) string {
	d.Year += n
	return d.String()
}

func TestMarks(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.enrol()
		const id, object = "rural-five-100", "大水厂"
		w.must(w.take(w.clerk(), id, object, ledger.NewStep{Mark: "task", Holds: true}))
		w.refused(w.take(w.clerk(), id, object, ledger.NewStep{Mark: "acceptance", Holds: true}), "ledger.level")
		w.refused(w.take(w.clerk(), id, object, ledger.NewStep{Mark: "task", State: "met"}), "ledger.step_two")
		w.refused(w.take(w.clerk(), id, object, ledger.NewStep{}), "ledger.empty")
		if f := w.figure(id+"/mark.task", "2026-01-31"); f["330602"] != (scheme.Figure{N: 1, Of: 1}) {
			w.Errorf("%+v", f)
		}
		pg, err := w.svc.Entries(w.Context(), w.city(), ledger.Query{Scheme: id, Mark: "task"})
		if err != nil || pg.Total != 1 || pg.Entries[0].ObjectName.Zh != "小水厂" {
			w.Errorf("%+v, %v", pg, err)
		}
	})
}

// TestInspectionTakesTheFirstStep holds that a check before the flood counts by itself, and not one before the works were listed.
func TestInspectionTakesTheFirstStep(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.visits = []ledger.Visit{{7, w.objects["旧坝"], w.at.AddDate(0, -1, 0)}}
		w.enrol()
		if _, moved := w.enrol(); moved != 0 {
			w.Errorf("%d moved by an inspection of last year", moved)
		}
		w.visits = append(w.visits, ledger.Visit{8, w.objects["旧坝"], w.at.AddDate(0, 1, 0)})
		w.at = w.at.AddDate(0, 2, 0)
		_, moved := w.enrol()
		_, again := w.enrol()
		e := w.entry(w.city(), "pre-flood", "旧坝")
		if moved != 1 || again != 0 || !e.Standing.Done || hydrotime.DateOf(e.Standing.Since).String() != "2026-02-10" {
			w.Errorf("%d moved, then %d: %+v", moved, again, e.Standing)
		}
		w.at = w.at.AddDate(1, 0, 0)
		if made, _ := w.enrol(); made < 2 {
			w.Errorf("%d listed in the next year", made)
		}
	})
}

// TestLedgersFollowTheRegister holds what becomes of entries when their objects are retired, move, are told more, or are re-decided.
func TestLedgersFollowTheRegister(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.enrol()
		change := func(object string, c registry.WaterObjectChange) {
			w.Helper()
			w.write(func(tx *store.Tx) error {
				return w.reg.ChangeObject(w.Context(), tx, registry.Program(), w.objects[object], c)
			})
			w.enrol()
		}
		facts := func(object string) *registry.ObjectFacts {
			o, err := w.reg.Object(w.Context(), w.objects[object])
			w.must(err)
			return &o.ObjectFacts
		}
		gone := func(id, object string) bool {
			w.Helper()
			pg, err := w.svc.Entries(w.Context(), w.city(), ledger.Query{Scheme: id, Object: w.objects[object], Withdrawn: true})
			w.must(err)
			return len(pg.Entries) == 1 && pg.Entries[0].Withdrawn != nil
		}
		// It moves with its object: the county that has it now sees it, the other no longer.
		change("碧水电站", registry.WaterObjectChange{Division: new("330603")})
		pg, err := w.svc.Entries(w.Context(), w.clerk(), ledger.Query{Scheme: "small-hydropower"})
		w.must(err)
		if pg.Total != 1 {
			w.Errorf("the county that lost a station sees %d", pg.Total)
		}
		// Re-decided before anybody began.
		f := facts("碧水电站")
		f.Disposition = "keep"
		change("碧水电站", registry.WaterObjectChange{Facts: f})
		if e := w.entry(w.city(), "small-hydropower", "碧水电站"); e.Track != "keep" {
			w.Errorf("track %s", e.Track)
		}
		// The register is told that a works charges.
		f = facts("大水厂")
		f.Charging = "metered"
		change("大水厂", registry.WaterObjectChange{Facts: f})
		if e := w.entry(w.city(), "rural-charging", "大水厂"); !e.Standing.Done {
			w.Errorf("%+v", e.Standing)
		}
		// Another period moves the day of the same entry, and makes no second one.
		f = facts("病坝")
		f.AppraisedOn = func() *hydrotime.Date { d, _ := hydrotime.ParseDate("2023-06-01"); return &d }()
		change("病坝", registry.WaterObjectChange{Facts: f})
		if e := w.entry(w.city(), "dam-reinforcement", "病坝"); e.Due.String() != "2026-06-01" || e.DueFirst.String() != "2025-03-01" {
			w.Errorf("due %s, at first %s", e.Due, e.DueFirst)
		}
		// What the clock asks no longer goes out, and comes back when it asks again.
		f.AppraisalClass = new(int64(1))
		change("病坝", registry.WaterObjectChange{Facts: f})
		if !gone("dam-reinforcement", "病坝") {
			w.Error("a dam of class one is still to be reinforced")
		}
		f.AppraisalClass = new(int64(2))
		change("病坝", registry.WaterObjectChange{Facts: f})
		if gone("dam-reinforcement", "病坝") {
			w.Error("a dam of class two is not to be reinforced")
		}
		change("旧坝", registry.WaterObjectChange{Retired: new(true)})
		if !gone("dam-appraisal", "旧坝") || !gone("pre-flood", "旧坝") {
			w.Error("a retired dam is still on a list")
		}
	})
}

// TestUndoneInspectionStaysUndone holds that a step taken back is not taken again by the same inspection, and stops nothing.
func TestUndoneInspectionStaysUndone(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.enrol()
		w.at = w.at.AddDate(0, 1, 0)
		w.visits = []ledger.Visit{{Inspection: 7, Object: w.objects["旧坝"], At: w.at.Add(-time.Hour)}}
		if _, moved := w.enrol(); moved != 1 {
			w.Fatalf("%d moved", moved)
		}
		e := w.entry(w.city(), "pre-flood", "旧坝")
		w.must(w.svc.Undo(w.Context(), w.clerk(), e.ID, e.Steps[0].ID, e.Edit, "查错了"))
		if _, moved := w.enrol(); moved != 0 || w.entry(w.city(), "pre-flood", "旧坝").Standing.Done {
			w.Errorf("%d moved again", moved)
		}
		w.visits = append(w.visits, ledger.Visit{Inspection: 8, Object: w.objects["旧坝"], At: w.at.Add(time.Hour)})
		w.at = w.at.Add(2 * time.Hour)
		if _, moved := w.enrol(); moved != 1 {
			w.Errorf("%d moved by another inspection", moved)
		}
	})
}

// TestWorksOfTheCity holds that what lies in no county is approved by the city.
func TestWorksOfTheCity(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.write(func(tx *store.Tx) (err error) {
			facts := registry.ObjectFacts{CommissionedOn: func() *hydrotime.Date { d, _ := hydrotime.ParseDate("2015-05-01"); return &d }()}
			w.objects["市管坝"], err = w.reg.AddObject(w.Context(), tx, registry.Program(), registry.NewWaterObject{Kind: "reservoir", Name: fault.T("市管坝", ""), Division: "330600", ObjectFacts: facts})
			return err
		})
		w.enrol()
		const id, object = "dam-appraisal", "市管坝"
		w.must(w.take(w.city(), id, object, ledger.NewStep{State: "commissioned", Document: "合同"}))
		w.must(w.take(w.city(), id, object, ledger.NewStep{State: "inspected"}))
		w.must(w.take(w.city(), id, object, ledger.NewStep{State: "submitted", Document: "报告"}))
		w.must(w.take(w.as("zhang", "reviewer", "330600"), id, object, ledger.NewStep{State: "class_1", Document: "审定书"}))
	})
}

func TestOverdueIsACause(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.enrol()
		causes, err := w.svc.Causes(w.Context(), "330600")
		w.must(err)
		var got []string
		for _, c := range causes {
			got = append(got, c.Title.Zh+" "+c.Detail)
		}
		if diff := cmp.Diff([]string{"旧坝：水库大坝安全鉴定逾期 2020-05-01；应鉴定 / due", "病坝：病险水库除险加固逾期 2025-03-01；待立项 / to be begun"}, got); diff != "" {
			w.Error(diff)
		}
		w.must(w.take(w.clerk(), "dam-appraisal", "旧坝", ledger.NewStep{State: "commissioned", Document: "合同"}))
		e := w.entry(w.city(), "dam-appraisal", "旧坝")
		on := hydrotime.DateOf(w.at).AddDays(90)
		w.refused(w.svc.Change(w.Context(), w.clerk(), e.ID, ledger.EntryChange{Edit: e.Edit, Due: &on, Reason: "已委托"}), "ledger.level")
		w.must(w.svc.Change(w.Context(), w.county(), e.ID, ledger.EntryChange{Edit: e.Edit, Due: &on, Reason: "已委托"}))
		if causes, err = w.svc.Causes(w.Context(), "330600"); err != nil || len(causes) != 1 {
			w.Errorf("%d causes, %v", len(causes), err)
		}
		// Both days are told: by the one given since it is in time, by the first it is not.
		b, err := w.svc.Summary(w.Context(), w.city(), ledger.Query{Scheme: "dam-appraisal"})
		w.must(err)
		pg, err := w.svc.Entries(w.Context(), w.city(), ledger.Query{Scheme: "dam-appraisal", Standing: "overdue_first"})
		w.must(err)
		if e = w.entry(w.city(), "dam-appraisal", "旧坝"); e.Overdue || !e.OverdueFirst || b.Total.Overdue != 0 || b.Total.OverdueFirst != 1 || pg.Total != 1 {
			w.Errorf("overdue %t, by the first day %t; counted %d and %d, listed %d", e.Overdue, e.OverdueFirst, b.Total.Overdue, b.Total.OverdueFirst, pg.Total)
		}
	})
}

func TestListsAndScope(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.enrol()
		names := func(p *identity.Principal, q ledger.Query) []string {
			q.Scheme = "small-hydropower"
			pg, err := w.svc.Entries(w.Context(), p, q)
			w.must(err)
			out := []string{}
			for _, e := range pg.Entries {
				out = append(out, e.ObjectName.Zh)
			}
			return out
		}
		f := func(p *identity.Principal, q ledger.Query, want ...string) {
			w.Helper()
			if diff := cmp.Diff(want, names(p, q)); diff != "" {
				w.Errorf("%+v: %s", q, diff)
			}
		}
		f(w.city(), ledger.Query{Sort: "object"}, "碧水电站", "青山电站", "龙潭电站")
		f(w.city(), ledger.Query{Sort: "-object"}, "龙潭电站", "青山电站", "碧水电站")
		f(w.clerk(), ledger.Query{Sort: "object"}, "碧水电站", "青山电站")
		f(w.city(), ledger.Query{Standing: "aside"}, "龙潭电站")
		f(w.city(), ledger.Query{Standing: "to_do", Sort: "object"}, "碧水电站", "青山电站")
		f(w.city(), ledger.Query{Track: "exit"}, "碧水电站")
		f(w.city(), ledger.Query{Text: "青山"}, "青山电站")
		d, _ := w.tree.ByCode("330603")
		f(w.city(), ledger.Query{Division: d.ID}, "龙潭电站")
		pg, err := w.svc.Entries(w.Context(), w.city(), ledger.Query{Scheme: "small-hydropower", Sort: "object", Limit: 2})
		w.must(err)
		f(w.city(), ledger.Query{Sort: "object", After: pg.Next}, "龙潭电站")
		// By day, what is done comes after what is left.
		w.must(w.take(w.clerk(), "rural-charging", "大水厂", ledger.NewStep{State: "metered", Document: "价格批复"}))
		if pg, err = w.svc.Entries(w.Context(), w.city(), ledger.Query{Scheme: "rural-charging", Sort: "due"}); err != nil || pg.Entries[0].ObjectName.Zh != "小水厂" {
			w.Errorf("%+v, %v", pg, err)
		}
		for _, q := range []ledger.Query{{State: "moon"}, {Track: "moon"}, {Mark: "moon"}, {Standing: "moon"}, {Sort: "moon"}} {
			q.Scheme = "small-hydropower"
			if _, err := w.svc.Entries(w.Context(), w.city(), q); !fault.Is(err, fault.Invalid) {
				w.Errorf("%+v: %v", q, err)
			}
		}
		b, err := w.svc.Board(w.Context(), w.clerk(), ledger.Query{Scheme: "small-hydropower"})
		w.must(err)
		if len(b.Counties) != 1 || b.Total.ToDo != 2 || len(b.Course) != 55 {
			w.Errorf("%+v", b)
		}
		// The day asked is a point of the course, and so is the plan's last.
		if p := b.Course[2]; p.Day.String() != "2026-01-10" || p.Left != 2 || b.Course[3].Left != -1 {
			w.Errorf("%+v", p)
		}
		if p := b.Course[40]; p.Day.String() != "2026-09-30" || !p.Planned.Planned.Valid || p.Planned.Planned.Decimal != 0 {
			w.Errorf("%+v", p)
		}
	})
}

// TestANewYearMendsNothing: an entry of last year that was past its day and never done stays a cause while its matter stands, and opens
// none where there is none.
func TestANewYearMendsNothing(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.enrol()
		w.at = time.Date(2026, 6, 1, 2, 0, 0, 0, time.UTC)
		key := fmt.Sprintf("ledger/%d", w.entry(w.city(), "pre-flood", "旧坝").ID)
		of := func(standing ...string) (past bool, n int) {
			t.Helper()
			causes, err := w.svc.Causes(t.Context(), "330600", standing...)
			w.must(err)
			for _, c := range causes {
				if c.Key == key {
					past, n = c.Past, n+1
				}
			}
			return past, n
		}
		if past, n := of(); past || n != 1 {
			t.Fatalf("in June: past %v, %d", past, n)
		}
		w.at = time.Date(2027, 1, 10, 2, 0, 0, 0, time.UTC)
		w.enrol()
		if _, n := of(); n != 0 {
			t.Errorf("of last year %d new", n)
		}
		if past, n := of(key); !past || n != 1 {
			t.Errorf("while it stands: past %v, %d", past, n)
		}
	})
}
