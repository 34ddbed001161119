package project_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"anlan/internal/evidence"
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/project"
	"anlan/internal/project/lifecycle"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
	"anlan/packs"

	"github.com/google/go-cmp/cmp"
)

// world is a city of two counties and a functional area.
type world struct {
	testing.TB
	db    *store.DB
	svc   *project.Service
	files *evidence.Service
	tree  *registry.Tree
	rules *lifecycle.ProjectRules
	at    time.Time
	sent  int
	goals *project.YearTarget // of investment, as the programme room would keep it
}

func eachWorld(t *testing.T, f func(w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(newWorld(t, db)) })
}

func newWorld(t testing.TB, db *store.DB) *world {
	t.Helper()
	w := &world{TB: t, db: db, at: time.Date(2026, 6, 8, 2, 0, 0, 0, time.UTC)}
	now := func() time.Time { return w.at }
	reg := registry.New(db, now)
	name, src := packs.Lifecycle()
	var err error
	if w.rules, err = lifecycle.Parse(name, src); err != nil {
		t.Fatal(err)
	}
	w.files = evidence.New(evidence.Options{Store: db, Folder: t.TempDir(), Now: now})
	w.svc = project.New(project.Options{Store: db, Registry: reg, Evidence: w.files, Now: now, Rules: func(context.Context) (*lifecycle.ProjectRules, error) { return w.rules, nil }, YearTarget: func(context.Context, *identity.Principal, string, int) (*project.YearTarget, error) {
		return w.goals, nil
	}})
	sort := int64(0)
	d := func(code, level, parent string) registry.NewDivision {
		kind := registry.Administrative
		if strings.Contains(code, "-") {
			kind = registry.Functional
		}
		sort++
		return registry.NewDivision{Code: code, Name: fault.T(code, code), Kind: kind, Level: level, Parent: parent, Sort: sort}
	}
	err = db.Write(t.Context(), func(tx *store.Tx) error {
		return reg.AddDivisions(t.Context(), tx, []registry.NewDivision{d("330600", "city", ""), d("330602", "county", "330600"), d("330603", "county", "330600"), d("330600-BH", "county", "330600"), d("330602101", "town", "330602")})
	})
	if err != nil {
		t.Fatal(err)
	}
	if w.tree, err = reg.Tree(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) as(id, role, division string) *identity.Principal {
	d, _ := w.tree.ByCode(division)
	return identity.NewPrincipal(id, id, id, d.ID, []identity.Grant{{Role: role, Line: "*", Division: d.ID}}, w.tree)
}

func (w *world) yue() *identity.Principal  { return w.as("yue", "clerk", "330602") }
func (w *world) ke() *identity.Principal   { return w.as("ke", "clerk", "330603") }
func (w *world) boss() *identity.Principal { return w.as("ju", "director", "330600") }
func (w *world) city() *identity.Principal { return w.as("gui", "planner", "330600") }

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatalf("%v", err)
	}
}

// is wants a fault of a code.
func (w *world) is(err error, code string) {
	w.Helper()
	var e *fault.Error
	if !errors.As(err, &e) || e.Code != code {
		w.Fatalf("%v, want %s", err, code)
	}
}

func (w *world) day(s string) hydrotime.Date {
	w.Helper()
	d, err := hydrotime.ParseDate(s)
	w.ok(err)
	return d
}

func some(s string) quantity.Null { return quantity.Some(quantity.MustParse(s)) }

func (w *world) add(p *identity.Principal, code, division string) (id, whole int64) {
	w.Helper()
	id, err := w.svc.Add(w.Context(), p, project.NewProject{Code: code, Name: fault.T("工程"+code, "works "+code), Kind: "flood-control", Division: division, Total: some("1000")})
	w.ok(err)
	return id, w.page(p, id).List[0].ID
}

func (w *world) page(p *identity.Principal, id int64) *project.ProjectDetail {
	w.Helper()
	out, err := w.svc.Project(w.Context(), p, id, hydrotime.Date{}, 0)
	w.ok(err)
	return out
}

func (w *world) part(p *identity.Principal, id int64, code, division string) int64 {
	w.Helper()
	made, err := w.svc.AddPart(w.Context(), p, id, project.NewProjectPart{Kind: "section", Code: code, Name: fault.T(code+"段", code), Division: division, Total: some("500")})
	w.ok(err)
	return made
}

func (w *world) step(p *identity.Principal, part int64, milestone, on, amount string) error {
	w.sent++
	d := w.day(on)
	n := project.NewProjectStep{Client: fmt.Sprintf("step-%04d", w.sent), Milestone: milestone, On: &d, Document: "绍水〔2024〕1号"}
	if amount != "" {
		n.Amount = some(amount)
	}
	return w.taken(p, part, n)
}

// taken sends a step, and lets the director approve what asks for it.
func (w *world) taken(p *identity.Principal, part int64, n project.NewProjectStep) error {
	got, err := w.svc.Step(w.Context(), p, part, n)
	if err != nil || !got.Awaits || got.ID == 0 {
		return err
	}
	return errOf(w.svc.Approve(w.Context(), w.boss(), got.ID))
}

// begun takes a part from feasibility to the start.
func (w *world) begun(p *identity.Principal, part int64) {
	w.Helper()
	w.ok(w.step(p, part, "feasibility_approved", "2024-01-10", "1000"))
	w.ok(w.step(p, part, "design_approved", "2024-06-10", "1000"))
	w.ok(w.step(p, part, "tendered", "2024-10-10", ""))
	w.ok(w.step(p, part, "started", "2024-11-10", ""))
}

func (w *world) tell(p *identity.Principal, id, part int64, what project.What, month hydrotime.Month, value string, revision int64) error {
	n := quantity.Null{}
	if value != "" {
		n = some(value)
	}
	_, err := w.svc.SetFigures(w.Context(), p, id, []project.FigureChange{{Part: part, Month: month, What: what, Value: n, Revision: revision}})
	return err
}

// TestStepsAndGuards: a guard refuses by name, sent twice is one step, undoing keeps what rests on it, and all stays in the history.
func TestStepsAndGuards(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.yue(), "A-1", "330602")
		err := w.step(w.yue(), whole, "started", "2026-01-01", "")
		w.is(err, "project.guard")
		var e *fault.Error
		errors.As(err, &e)
		if len(e.Fields) != 2 || e.Fields[0].Place != "start-without-design" || e.Fields[1].Place != "start-without-tender" {
			w.Fatalf("%+v", e.Fields)
		}
		w.is(w.step(w.yue(), whole, "feasibility_approved", "2024-01-10", ""), "project.needs")
		w.is(w.step(w.yue(), whole, "feasibility_approved", "2027-01-10", "1000"), "project.needs")
		w.ok(w.step(w.yue(), whole, "feasibility_approved", "2024-01-10", "1000"))
		w.is(w.step(w.yue(), whole, "design_approved", "2024-06-10", "1100.01"), "project.guard")
		w.ok(w.step(w.yue(), whole, "feasibility_reapproved", "2024-03-10", "1050"))
		w.ok(w.step(w.yue(), whole, "design_approved", "2024-06-10", "1100.01"))
		w.is(w.tell(w.yue(), id, whole, project.Actual, 202601, "5", 0), "project.guard")
		w.ok(w.tell(w.yue(), id, whole, project.Plan, 202601, "5", 0)) // a plan may come before the tender
		w.ok(w.step(w.yue(), whole, "tendered", "2024-10-10", ""))
		n := project.NewProjectStep{Client: "the-same-one", Milestone: "started", On: new(w.day("2024-11-10")), Document: "开〔2024〕1号"}
		for range 2 {
			_, err = w.svc.Step(w.Context(), w.yue(), whole, n)
			w.ok(err)
		}
		page := w.page(w.yue(), id)
		steps := page.List[0].Steps
		if len(steps) != 5 || page.List[0].Stage != "construction" || page.List[0].State != "building" {
			w.Fatalf("%d steps, %s %s", len(steps), page.List[0].Stage, page.List[0].State)
		}
		w.is(w.svc.Undo(w.Context(), w.yue(), steps[3].ID, "误填"), "project.guard") // the start rests on the tender
		w.is(w.svc.Undo(w.Context(), w.yue(), steps[4].ID, " "), "project.why")
		w.at = w.at.AddDate(0, 0, 1)
		w.ok(w.svc.Undo(w.Context(), w.yue(), steps[4].ID, "误填"))
		w.is(w.svc.Undo(w.Context(), w.yue(), steps[4].ID, "误填"), "project.undone")
		page = w.page(w.yue(), id)
		if last := page.List[0].Steps[4]; last.UndoneAt == nil || last.UndoneWhy != "误填" || page.List[0].Stage != "preparation" {
			w.Fatalf("%+v %s", last, page.List[0].Stage)
		}
		before, err := w.svc.Project(w.Context(), w.yue(), id, w.day("2026-06-08"), 0)
		w.ok(err)
		if before.List[0].Stage != "construction" {
			w.Fatalf("the day before the undoing it stood at %s", before.List[0].Stage)
		}
		history, err := w.svc.History(w.Context(), w.yue(), id, 0, 50)
		w.ok(err)
		if len(history.Items) != 11 || history.Items[0].Action != "project.undo" {
			w.Fatalf("%+v", history.Items)
		}
	})
}

// TestScopeIsByPart: of one project over two counties each sees and changes its own parts, and what is outside looks absent.
func TestScopeIsByPart(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.city(), "X-1", "330600")
		east, west := w.part(w.city(), id, "01", "330602"), w.part(w.city(), id, "02", "330603")
		w.ok(w.step(w.city(), whole, "feasibility_approved", "2024-01-10", "1000"))
		w.ok(w.step(w.yue(), east, "design_approved", "2024-06-10", "500"))
		w.is(w.step(w.ke(), east, "tendered", "2024-07-10", ""), "project.part")
		w.is(w.step(w.ke(), whole, "design_approved", "2024-07-10", "900"), "project.part") // seen as the whole, and not the county's
		w.is(w.svc.Change(w.Context(), w.ke(), id, project.ProjectChange{Edit: 1, Note: new("x")}), "project.forbidden")
		w.ok(w.step(w.yue(), east, "tendered", "2024-07-10", ""))
		w.ok(w.tell(w.yue(), id, east, project.Actual, 202601, "12.34", 0))
		_, err := w.svc.Fund(w.Context(), w.yue(), east, project.NewFund{Client: "fund-0001", Source: "province", Step: "assigned", Amount: quantity.MustParse("100")})
		w.ok(err)

		page := w.page(w.ke(), id)
		if len(page.List) != 2 || !page.List[0].Shared || page.List[1].ID != west || page.Elsewhere != 1 {
			w.Fatalf("%d parts, elsewhere %d, %+v", len(page.List), page.Elsewhere, page.List[0])
		}
		if len(page.List[0].Steps) != 1 || page.List[0].MayWrite || len(page.List[0].Months) != 0 || page.List[0].Total.Valid {
			w.Fatalf("of the whole a county learns %+v", page.List[0])
		}
		if page.Spent.Valid || len(page.Funding.Sources) != 0 || page.Parts != 1 || len(page.Counties) != 1 {
			w.Fatalf("the other county shows: spent %s, %+v, %d parts", page.Spent, page.Funding, page.Parts)
		}
		w.is(errOf(w.svc.Revisions(w.Context(), w.ke(), east, 2026, "", 0)), "project.part")
		if list, err := w.svc.Projects(w.Context(), w.ke(), project.Query{}); err != nil || list.Total != 1 || list.Items[0].Spent.Valid {
			w.Fatalf("%+v %v", list, err)
		}
		history, err := w.svc.History(w.Context(), w.ke(), id, 0, 50)
		w.ok(err)
		for _, e := range history.Items {
			if strings.Contains(e.Detail, "12.34") || e.Action == "project.fund" {
				w.Fatalf("the history tells %s", e.Detail)
			}
		}
		own, _ := w.add(w.yue(), "Y-1", "330602")
		w.is(errOf(w.svc.Project(w.Context(), w.ke(), own, hydrotime.Date{}, 0)), "project.unknown")
		w.is(errOf(w.svc.Add(w.Context(), w.ke(), project.NewProject{Code: "Z", Name: fault.T("甲", ""), Kind: "river", Division: "330602"})), "project.forbidden")
		w.is(errOf(w.svc.Add(w.Context(), w.ke(), project.NewProject{Code: "Z", Name: fault.T("甲", ""), Kind: "river", Division: "330603", Assessed: true})), "project.forbidden")
	})
}

func errOf[T any](_ T, err error) error { return err }

// TestFiguresKeepTheirRevisions: what was read before another's change is refused, sums are exact, absent is not zero.
func TestFiguresKeepTheirRevisions(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.yue(), "A-1", "330602")
		w.begun(w.yue(), whole)
		w.ok(w.tell(w.yue(), id, whole, project.Actual, 202601, "0.1", 0))
		w.ok(w.tell(w.yue(), id, whole, project.Actual, 202602, "0.2", 0))
		w.is(w.tell(w.yue(), id, whole, project.Actual, 202601, "7", 0), "project.edit")
		w.ok(w.tell(w.yue(), id, whole, project.Actual, 202601, "0.1", 0)) // the same again is no change
		w.at = w.at.Add(time.Hour)
		w.ok(w.tell(w.city(), id, whole, project.Actual, 202601, "0.100001", 1))
		if got := w.page(w.yue(), id).Spent.String(); got != "0.300001" {
			w.Fatalf("spent %s", got)
		}
		w.is(w.tell(w.yue(), id, whole, project.Actual, 202607, "1", 0), "project.figures") // not yet
		w.is(w.tell(w.yue(), id, whole, project.Actual, 202603, "-1", 0), "project.figures")
		w.is(w.tell(w.yue(), id, whole, project.Progress, 202601, "101", 0), "project.figures")
		w.ok(w.tell(w.yue(), id, whole, project.Progress, 202601, "40", 0))
		w.is(w.tell(w.yue(), id, whole, project.Progress, 202602, "39.9", 0), "project.figures") // it fell, and nobody says why
		w.ok(w.tell(w.yue(), id, whole, project.Actual, 202602, "", 1))
		list, err := w.svc.Revisions(w.Context(), w.yue(), whole, 2026, project.Actual, 202602)
		w.ok(err)
		if len(list) != 2 || list[0].Value.Valid || list[0].Revision != 2 || list[1].Value.String() != "0.2" || list[1].By != "yue" {
			w.Fatalf("%+v", list)
		}
	})
}

// TestTrap06ACommissionedPhaseBesideALag: the phase in service is told, and so is that the project lags; a matter is of the lag.
func TestTrap06ACommissionedPhaseBesideALag(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.yue(), "P-1", "330602")
		first, second := w.part(w.yue(), id, "01", "330602"), w.part(w.yue(), id, "02", "330602101")
		w.ok(w.step(w.yue(), whole, "feasibility_approved", "2024-01-10", "1000"))
		for _, p := range []int64{first, second} {
			w.ok(w.step(w.yue(), p, "design_approved", "2024-06-10", "500"))
			w.ok(w.step(w.yue(), p, "tendered", "2024-10-10", ""))
			w.ok(w.step(w.yue(), p, "started", "2024-11-10", ""))
			for m := hydrotime.Month(202601); m <= 202605; m++ {
				w.ok(w.tell(w.yue(), id, p, project.Plan, m, "20", 0))
			}
		}
		w.ok(w.step(w.yue(), first, "commissioned", "2026-04-01", ""))
		for m := hydrotime.Month(202601); m <= 202605; m++ {
			w.ok(w.tell(w.yue(), id, first, project.Actual, m, "60", 0)) // so far ahead that the sum is too
			w.ok(w.tell(w.yue(), id, second, project.Actual, m, "15", 0))
		}
		row := w.page(w.yue(), id)
		if row.Commissioned != 1 || row.Building != 1 || row.Pace != lifecycle.Severe || row.Lag.Pace != lifecycle.OnSchedule || row.Behind != 1 {
			w.Fatalf("commissioned %d building %d pace %s of the sum %s, behind %d", row.Commissioned, row.Building, row.Pace, row.Lag.Pace, row.Behind)
		}
		causes, err := w.svc.Causes(w.Context(), "330600")
		w.ok(err)
		if len(causes) != 1 || causes[0].Key != fmt.Sprintf("project/%d/330602", id) || !strings.Contains(causes[0].Detail, "02段") || strings.Contains(causes[0].Detail, "01段") {
			w.Fatalf("%+v", causes)
		}
		for m := hydrotime.Month(202601); m <= 202605; m++ {
			w.ok(w.tell(w.yue(), id, second, project.Actual, m, "20", 1))
		}
		if causes, err = w.svc.Causes(w.Context(), "330600"); err != nil || len(causes) != 0 {
			w.Fatalf("the cause did not go: %+v %v", causes, err)
		}
	})
}

// TestMoneyWarnsAndIsKept: what exceeds the step before is written and told; voided, it is gone from the sums and stays on record.
func TestMoneyWarnsAndIsKept(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.yue(), "A-1", "330602")
		n := 0
		put := func(step, amount, note string) (*project.ProjectWritten, error) {
			n++
			return w.svc.Fund(w.Context(), w.yue(), whole, project.NewFund{Client: fmt.Sprintf("fund-%04d", n), Source: "bonds", Step: step, Amount: quantity.MustParse(amount), Note: note})
		}
		for _, f := range [][2]string{{"planned", "300"}, {"assigned", "200.05"}, {"arrived", "100.01"}, {"arrived", "100.04"}} {
			got, err := put(f[0], f[1], "")
			w.ok(err)
			if len(got.Warnings) != 0 {
				w.Fatalf("%v: %+v", f, got.Warnings)
			}
		}
		got, err := put("allocated", "200.06", "")
		w.ok(err)
		if len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0].Zh, "拨付 200.06 万元，超过到位 200.05 万元") {
			w.Fatalf("%+v", got.Warnings)
		}
		w.is(errOf(put("paid", "-1", "")), "project.fund")
		page := w.page(w.yue(), id)
		if len(page.Funding.Exceeds) != 1 || len(page.Funding.Entries) != 5 || page.Funding.Total[2].Amount.String() != "200.05" || page.Funding.Total[4].Amount.Valid {
			w.Fatalf("%+v", page.Funding)
		}
		if rate := page.Funding.Total[1].Rate.String(); rate != "66.68" {
			w.Fatalf("assigned of planned: %s", rate)
		}
		w.ok(w.svc.VoidFund(w.Context(), w.yue(), got.ID, "重复登记"))
		w.is(w.svc.VoidFund(w.Context(), w.yue(), got.ID, "重复登记"), "project.voided")
		page = w.page(w.yue(), id)
		if len(page.Funding.Exceeds) != 0 || len(page.Funding.Entries) != 5 || page.Funding.Total[3].Amount.Valid {
			w.Fatalf("%+v", page.Funding)
		}
		w.is(w.svc.VoidFund(w.Context(), w.ke(), got.ID, "重复登记"), "project.part")
	})
}

// TestListsAndTheNotice: a project stands in many lists, a past day reads as it did, and the province's latest notice is what names.
func TestListsAndTheNotice(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, _ := w.add(w.yue(), "A-1", "330602")
		east := w.part(w.yue(), id, "01", "330602")
		list := func(kind, on, document string) int64 {
			made, err := w.svc.AddList(w.Context(), w.city(), project.NewProjectList{Kind: kind, Name: fault.T("清单", "list"), Issuer: "省水利厅", Level: "province", Document: document, On: w.day(on)})
			w.ok(err)
			return made
		}
		w.is(errOf(w.svc.AddList(w.Context(), w.yue(), project.NewProjectList{Kind: "list", Name: fault.T("甲", ""), Issuer: "乙", Level: "city", On: w.day("2026-01-01")})), "project.forbidden")
		w.is(errOf(w.svc.AddList(w.Context(), w.city(), project.NewProjectList{Kind: "lagging", Name: fault.T("甲", ""), Issuer: "乙", Level: "province", On: w.day("2026-01-01")})), "project.list_invalid")
		seize, april, may := list("list", "2026-04-15", ""), list("lagging", "2026-04-28", "18号"), list("lagging", "2026-05-28", "25号")
		put := func(l, part int64) int64 {
			made, err := w.svc.PutItem(w.Context(), w.city(), l, project.NewProjectItem{Project: id, Part: part})
			w.ok(err)
			return made
		}
		put(seize, 0)
		old := put(april, 0)
		if again := put(april, 0); again != old {
			w.Fatalf("twice in one list: %d, %d", old, again)
		}
		named := put(may, east)
		row := w.page(w.yue(), id)
		if len(row.Lists) != 3 || row.Named == nil || row.Named.Document != "25号" || row.Named.Part != east {
			w.Fatalf("%+v %+v", row.Lists, row.Named)
		}
		past, err := w.svc.ProjectKnown(w.Context(), w.yue(), id, project.Query{AsOf: w.day("2026-05-01"), Known: w.at})
		w.ok(err)
		if past.Named == nil || past.Named.Document != "18号" {
			w.Fatalf("in May it was named by %+v", past.Named)
		}
		w.is(w.svc.DropItem(w.Context(), w.yue(), named, "已赶上"), "project.forbidden")
		w.ok(w.svc.DropItem(w.Context(), w.city(), named, "已赶上"))
		if row = w.page(w.yue(), id); row.Named != nil || len(row.Lists) != 2 {
			w.Fatalf("the latest notice names it no more: %+v", row.Named)
		}
		got, err := w.svc.List(w.Context(), w.ke(), seize)
		w.ok(err)
		if got.Count != 0 || len(got.Items) != 0 { // the list is known, another county's project in it is not
			w.Fatalf("%+v", got)
		}
	})
}

// TestFigures: what indicators are held against, by county.
func TestFigures(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.city(), "X-1", "330600")
		east, west := w.part(w.city(), id, "01", "330602101"), w.part(w.city(), id, "02", "330603")
		w.ok(w.svc.Change(w.Context(), w.city(), id, project.ProjectChange{Edit: 1, Programmes: &[]string{"seawall"}, Assessed: new(true)}))
		w.ok(w.step(w.city(), whole, "feasibility_approved", "2024-01-10", "1000"))
		w.ok(w.step(w.city(), whole, "design_approved", "2024-06-10", "1000"))
		for _, p := range []int64{east, west} {
			w.ok(w.step(w.city(), p, "tendered", "2025-10-10", ""))
		}
		w.ok(w.step(w.city(), east, "started", "2026-02-10", ""))
		for m, n := range map[hydrotime.Month]string{202512: "99", 202601: "10.01", 202605: "0.02"} {
			w.ok(w.tell(w.city(), id, east, project.Actual, m, n, 0))
		}
		w.ok(w.tell(w.city(), id, west, project.Actual, 202603, "7", 0))
		w.add(w.ke(), "K-1", "330603")
		names := []string{"investment", "investment/seawall", "investment/flood-hundred", "building", "started", "reserve", "assessed", "coverage", "nothing", "fund/none"}
		got, err := w.svc.Figures(w.Context(), names, w.day("2026-05-31"))
		w.ok(err)
		flat := map[string]string{}
		for name, by := range got {
			for county, f := range by {
				flat[name+" "+county] = f.N.String() + "/" + f.Of.String()
			}
		}
		want := map[string]string{
			"investment 330602": "10.03/—", "investment 330603": "7/—", "investment/seawall 330602": "10.03/—", "investment/seawall 330603": "7/—",
			"building 330600": "0/—", "building 330602": "1/—", "building 330603": "0/—", "started 330600": "0/—", "started 330602": "1/—", "started 330603": "0/—",
			"reserve 330600": "1/—", "reserve 330602": "0/—", "reserve 330603": "2/—", "assessed 330600": "1/—", "assessed 330602": "1/—", "assessed 330603": "1/—",
			"coverage 330600": "0/0", "coverage 330602": "0/1", "coverage 330603": "0/1",
		}
		// The city's own part, the whole, has no milestones but approvals, and is counted where no county is.
		for k := range flat {
			if strings.HasSuffix(k, " 330600") {
				delete(flat, k)
			}
		}
		for k := range want {
			if strings.HasSuffix(k, " 330600") {
				delete(want, k)
			}
		}
		if diff := cmp.Diff(want, flat); diff != "" {
			w.Errorf("(-want +got):\n%s", diff)
		}
		if _, ok := got["nothing"]; ok {
			w.Error("a figure that there is not is in the answer")
		}
		march, err := w.svc.Figures(w.Context(), []string{"investment"}, w.day("2026-03-31"))
		w.ok(err)
		if n := march["investment"]["330602"].N.String(); n != "10.01" {
			w.Errorf("at the end of March: %s", n)
		}
		gaps, err := w.svc.Gaps(w.Context(), w.city(), project.Query{})
		w.ok(err)
		if gaps.Due != 1 || gaps.In != 0 || len(gaps.Items) != 1 || gaps.Items[0].ID != id {
			w.Errorf("%+v", gaps)
		}
	})
}

// TestPlanDocuments: forward with a number, back with a reason, late is told, and undone steps stay.
func TestPlanDocuments(t *testing.T) {
	eachWorld(t, func(w *world) {
		n := 0
		step := func(p *identity.Principal, division string, state project.PlanState, on, document, note string) error {
			n++
			_, err := w.svc.PlanStep(w.Context(), p, project.NewPlanStep{Client: fmt.Sprintf("plan-%04d", n), Plan: "seawall-county", Division: division, State: state, On: new(w.day(on)), Document: document, Note: note})
			return err
		}
		w.ok(step(w.yue(), "330602", project.PlanDrafting, "2026-02-01", "", ""))
		w.ok(step(w.yue(), "330602", project.PlanSubmitted, "2026-05-01", "", ""))
		w.is(step(w.yue(), "330602", project.PlanDrafting, "2026-05-20", "", ""), "project.plan")
		w.ok(step(w.yue(), "330602", project.PlanDrafting, "2026-05-20", "", "审查意见退回"))
		w.is(step(w.yue(), "330603", project.PlanDrafting, "2026-05-20", "", ""), "division.unknown")
		w.at = time.Date(2026, 8, 10, 2, 0, 0, 0, time.UTC)
		w.ok(step(w.yue(), "330602", project.PlanSubmitted, "2026-08-01", "", ""))
		w.is(step(w.boss(), "330602", project.PlanApproved, "2026-08-05", "", ""), "project.plan")
		causes, err := w.svc.Causes(w.Context(), "330600")
		w.ok(err)
		if len(causes) != 1 || causes[0].Key != "project-plan/seawall-county/2026/330602" {
			w.Fatalf("%+v", causes)
		}
		w.ok(step(w.boss(), "330602", project.PlanApproved, "2026-08-05", "府〔2026〕9号", ""))
		list, err := w.svc.Plans(w.Context(), w.city(), project.Query{})
		w.ok(err)
		if c := list[0]; c.Approved != 1 || c.Overdue != 2 || !c.Counties[0].Late || c.Due.String() != "2026-07-31" || len(c.Counties) != 3 {
			w.Fatalf("%+v", c)
		}
		if own, err := w.svc.Plans(w.Context(), w.yue(), project.Query{}); err != nil || len(own[0].Counties) != 1 {
			w.Fatalf("a county sees %+v %v", own, err)
		}
		steps := list[0].Counties[0].Steps
		w.ok(w.svc.UndoPlanStep(w.Context(), w.boss(), steps[len(steps)-1].ID, "文号有误"))
		past, err := w.svc.Plans(w.Context(), w.city(), project.Query{AsOf: w.day("2026-05-10"), Known: w.at})
		w.ok(err)
		if past[0].Counties[0].State != project.PlanSubmitted {
			w.Fatalf("in May it was %s", past[0].Counties[0].State)
		}
	})
}

// TestANewYearMendsNothing: a plan document past its day stays a cause of its own year until it is approved, and a project that lagged
// stays one until the new year's figures say otherwise; neither opens a matter where none stands.
func TestANewYearMendsNothing(t *testing.T) {
	eachWorld(t, func(w *world) {
		n := 0
		step := func(p *identity.Principal, state project.PlanState, on, document string) {
			t.Helper()
			n++
			_, err := w.svc.PlanStep(w.Context(), p, project.NewPlanStep{Client: fmt.Sprintf("plan-%04d", n), Plan: "seawall-county", Year: 2026, Division: "330602", State: state, On: new(w.day(on)), Document: document})
			w.ok(err)
		}
		causes := func(standing ...string) []string {
			t.Helper()
			list, err := w.svc.Causes(w.Context(), "330600", standing...)
			w.ok(err)
			out := []string{}
			for _, c := range list {
				out = append(out, fmt.Sprint(c.Key, " ", c.Past))
			}
			return out
		}
		is := func(what string, got []string, want ...string) {
			t.Helper()
			if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}
		id, whole := w.add(w.yue(), "P-1", "330602")
		w.ok(w.step(w.yue(), whole, "feasibility_approved", "2024-01-10", "1000"))
		w.ok(w.step(w.yue(), whole, "design_approved", "2024-06-10", "500"))
		w.ok(w.step(w.yue(), whole, "tendered", "2024-10-10", ""))
		w.ok(w.step(w.yue(), whole, "started", "2024-11-10", ""))
		for m := hydrotime.Month(202601); m <= 202605; m++ {
			w.ok(w.tell(w.yue(), id, whole, project.Plan, m, "20", 0))
			w.ok(w.tell(w.yue(), id, whole, project.Actual, m, "5", 0))
		}
		lag, plan := fmt.Sprintf("project/%d/330602", id), "project-plan/seawall-county/2026/330602"
		step(w.yue(), project.PlanDrafting, "2026-02-01", "")
		w.at = time.Date(2026, 8, 10, 2, 0, 0, 0, time.UTC)
		is("in August", causes(), lag+" false", plan+" false")

		w.at = time.Date(2027, 3, 20, 2, 0, 0, 0, time.UTC)
		is("in a new year, none stands", causes())
		is("in a new year", causes(lag, plan), lag+" true", plan+" true")
		step(w.yue(), project.PlanSubmitted, "2027-03-01", "")
		step(w.boss(), project.PlanApproved, "2027-03-10", "府〔2027〕3号")
		is("once the plan is approved", causes(lag, plan), lag+" true")
		for m := hydrotime.Month(202701); m <= 202702; m++ {
			w.ok(w.tell(w.yue(), id, whole, project.Plan, m, "20", 0))
			w.ok(w.tell(w.yue(), id, whole, project.Actual, m, "20", 0))
		}
		is("once the new year is on schedule", causes(lag, plan))
	})
}

// TestWithdrawnAndStale: two people change one record, one is told; what is withdrawn leaves the lists and takes nothing more.
func TestWithdrawnAndStale(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.yue(), "A-1", "330602")
		w.ok(w.svc.Change(w.Context(), w.yue(), id, project.ProjectChange{Edit: 1, StatsID: new("3306-1")}))
		w.is(w.svc.Change(w.Context(), w.city(), id, project.ProjectChange{Edit: 1, StatsID: new("3306-2")}), "project.edit")
		w.is(w.svc.Change(w.Context(), w.yue(), id, project.ProjectChange{Edit: 2, Withdrawn: new(true)}), "project.invalid")
		east := w.part(w.yue(), id, "01", "330602")
		w.is(errOf(w.svc.AddPart(w.Context(), w.yue(), id, project.NewProjectPart{Kind: "lot", Code: "01", Name: fault.T("又", ""), Division: "330602"})), "project.part_code")
		inner, err := w.svc.AddPart(w.Context(), w.yue(), id, project.NewProjectPart{Parent: east, Kind: "contract", Code: "01-1", Name: fault.T("合同", ""), Division: "330602"})
		w.ok(err)
		w.ok(w.svc.ChangePart(w.Context(), w.yue(), east, project.ProjectPartChange{Edit: 1, Withdrawn: new(true), Reason: "合并"}))
		page := w.page(w.yue(), id)
		if page.Parts != 1 || page.List[2].ID != inner || page.List[2].Withdrawn == nil {
			w.Fatalf("%d parts, %+v", page.Parts, page.List)
		}
		w.is(w.svc.ChangePart(w.Context(), w.yue(), whole, project.ProjectPartChange{Edit: 1, Withdrawn: new(true), Reason: "x"}), "project.part_invalid")
		w.ok(w.svc.Change(w.Context(), w.yue(), id, project.ProjectChange{Edit: 2, Withdrawn: new(true), Reason: "不再实施"}))
		w.is(w.step(w.yue(), whole, "listed", "2024-01-10", ""), "project.withdrawn")
		if list, err := w.svc.Projects(w.Context(), w.yue(), project.Query{}); err != nil || list.Total != 0 {
			w.Fatalf("%+v %v", list, err)
		}
	})
}

// TestGanttAndSchedule: planned and real spans, and what is late.
func TestGanttAndSchedule(t *testing.T) {
	eachWorld(t, func(w *world) {
		_, whole := w.add(w.yue(), "A-1", "330602")
		w.begun(w.yue(), whole)
		plan := func(days map[string]string) error {
			var list []project.ProjectDay
			for m, on := range days {
				list = append(list, project.ProjectDay{Milestone: m, On: new(w.day(on))})
			}
			return w.svc.Schedule(w.Context(), w.yue(), whole, 0, list)
		}
		w.is(plan(map[string]string{"tendered": "2024-12-01", "started": "2024-09-20"}), "project.schedule")
		w.ok(plan(map[string]string{"tendered": "2024-08-01", "started": "2024-09-20", "finished": "2026-05-01", "accepted": "2026-11-01"}))
		w.ok(plan(map[string]string{"finished": "2026-09-01"}))
		g, err := w.svc.Gantt(w.Context(), w.yue(), project.Query{})
		w.ok(err)
		bar := g.Items[0]
		var got []string
		for _, s := range bar.Spans {
			got = append(got, fmt.Sprint(s.Stage, " ", show(s.PlannedFrom), "–", show(s.PlannedTo), " ", show(s.From), "–", show(s.To)))
		}
		want := []string{
			"feasibility –– 2024-01-10–2024-06-10", "design –– 2024-06-10–2024-10-10", "preparation 2024-08-01–2024-09-20 2024-10-10–2024-11-10",
			"construction 2024-09-20–2026-11-01 2024-11-10––", "acceptance 2026-11-01–– ––",
		}
		for i := range want {
			want[i] = strings.ReplaceAll(want[i], "––", "–")
			got[i] = strings.ReplaceAll(got[i], "––", "–")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			w.Errorf("(-want +got):\n%s", diff)
		}
		for _, d := range bar.Dates {
			if d.Milestone == "finished" && (d.First.String() != "2026-05-01" || d.Planned.String() != "2026-09-01" || d.Late) || d.Milestone == "started" && !d.Late {
				w.Errorf("%+v", d)
			}
		}
		if g.From.String() != "2024-01-10" || g.To.String() != "2026-11-01" {
			w.Errorf("from %s to %s", g.From, g.To)
		}
	})
}

func show(d *hydrotime.Date) string {
	if d == nil {
		return ""
	}
	return d.String()
}
