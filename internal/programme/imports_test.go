package programme_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/programme"
	"anlan/internal/programme/table"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
	"anlan/internal/workbook"
)

const importPack = `
id: water
version: 1
title: {zh: 水利投资, en: Water investment}
line: planning
basis: {zh: 测试, en: test}
order: 1
indicators:
  - code: inv.construction
    name: {zh: 水利建设投资, en: Construction investment}
    unit: wan_yuan
    decimals: 2
    kind: cumulative
    better: more
    rollup: sum
    level: county
    cadence: month
    office: {zh: 市水利局, en: bureau}
    reader: {zh: 市水利局, en: bureau}
    definition: {zh: 年初累计完成的水利建设投资, en: Investment completed since January}
    aliases: [完成投资]
  - code: rdw.fee
    name: {zh: 水费收缴率, en: Fee collection rate}
    unit: percent
    decimals: 1
    ratio:
      numerator: {name: {zh: 实收水费, en: Fees collected}, unit: wan_yuan}
      denominator: {name: {zh: 应收水费, en: Fees due}, unit: wan_yuan}
    kind: cumulative
    better: more
    rollup: sum
    level: county
    cadence: month
    office: {zh: 市水利局, en: bureau}
    reader: {zh: 市水利局, en: bureau}
    definition: {zh: 实收比应收, en: collected over due}
forms:
  - id: water.month
    title: {zh: 水利月报, en: Monthly water return}
    level: county
    cadence: month
    due_day: 5
    review_days: 3
    lines: [inv.construction, rdw.fee]
targets:
  - id: inv.construction.city
    name: {zh: 年度投资计划, en: Annual investment plan}
    indicator: inv.construction
    issuer: city
    judge: completion
    due: "12-31"
    curve: linear
    split: true
    headline: true
    aliases: [年度计划]
`

// city is a store with a city, three counties and the pack of the tests.
type city struct {
	testing.TB
	db   *store.DB
	s    *programme.Service
	tree *registry.Tree
	at   time.Time
}

func newCity(t testing.TB, db *store.DB) *city {
	c := &city{TB: t, db: db, at: time.Date(2026, 6, 8, 2, 0, 0, 0, time.UTC)}
	now := func() time.Time { return c.at }
	reg := registry.New(db, now)
	err := db.Write(t.Context(), func(tx *store.Tx) error {
		d := func(code, name, short, level, parent string) registry.NewDivision {
			return registry.NewDivision{Code: code, Name: fault.T(name, name), Short: short, Kind: registry.Administrative, Level: level, Parent: parent}
		}
		return reg.AddDivisions(t.Context(), tx, []registry.NewDivision{
			d("330600", "绍兴市", "绍兴", "city", ""), d("330602", "越城区", "越城", "county", "330600"),
			d("330603", "柯桥区", "柯桥", "county", "330600"), d("330604", "上虞区", "上虞", "county", "330600"),
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.tree, err = reg.Tree(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.s = programme.New(programme.Options{Store: db, Registry: reg, Now: now})
	if _, err := c.s.LoadPacks(t.Context(), identity.Actor{Name: "test"}, map[string][]byte{"water.yaml": []byte(importPack)}); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *city) person(role, code string) *identity.Principal {
	d, _ := c.tree.ByCode(code)
	return identity.NewPrincipal(role+code, role, role, d.ID, []identity.Grant{{Role: role, Line: identity.AnyLine, Division: d.ID}}, c.tree)
}

func (c *city) upload(p *identity.Principal, division, name string, content []byte) *programme.Import {
	c.Helper()
	i, err := c.s.Upload(c.Context(), p, division, name, content)
	if err != nil {
		c.Fatal(err)
	}
	return i
}

func (c *city) confirm(p *identity.Principal, id string) *programme.ImportEffect {
	c.Helper()
	e, err := c.s.ConfirmImport(c.Context(), p, id, nil, "")
	if err != nil {
		c.Fatal(err)
	}
	return e
}

// count counts the rows of a table.
func (c *city) count(table string) (n int) {
	c.Helper()
	if err := c.db.QueryRowContext(c.Context(), `SELECT COUNT(*) FROM `+table).Scan(&n); err != nil {
		c.Fatal(err)
	}
	return n
}

// draft writes what a return of May 2026 holds.
func (c *city) draft(p *identity.Principal, division string) string {
	c.Helper()
	r, err := c.s.Open(c.Context(), p, programme.ReturnKey{Form: "water.month", Division: division, Period: 202605})
	if err != nil {
		return string(fault.KindOf(err))
	}
	var out []string
	for _, row := range r.Rows {
		out = append(out, fmt.Sprintf("%s %s/%s", row.Indicator.Code, row.Value, row.Base))
	}
	return string(r.State) + ": " + strings.Join(out, ", ")
}

func figures(texts ...string) (out []workbook.Value) {
	for _, t := range texts {
		if d, err := quantity.Parse(t); err == nil {
			out = append(out, workbook.FigureValue(quantity.Some(d)))
		} else {
			out = append(out, workbook.TextValue(t))
		}
	}
	return out
}

// monthly is the table of May, whose total of the plans is wrong by a thousand.
func monthly(t testing.TB, rows ...[]workbook.Value) []byte {
	t.Helper()
	if rows == nil {
		rows = [][]workbook.Value{
			figures("越城区", "10000", "4567.5", "120", "124"),
			figures("柯桥区", "20000", "9000", "—", "**"),
			figures("某某县", "1", "1", "1", "1"),
			figures("上虞区", "8000", "4000", "50", "100"),
			figures("合计", "39000", "17568.5", "171", "225"),
		}
	}
	var b bytes.Buffer
	err := workbook.WriteXLSX(&b, workbook.Table{
		Sheet: "投资", Title: "2026年5月水利投资完成情况表", Notes: []string{"单位：万元"},
		Columns: []workbook.Column{{Head: []string{"地区"}}, {Head: []string{"年度计划"}}, {Head: []string{"完成投资"}}, {Head: []string{"实收水费"}}, {Head: []string{"应收水费"}}},
		Rows:    rows,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestImportOfTheCity(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCity(t, db)
		p := c.person("planner", "330600")
		i := c.upload(p, "330600", `C:\上报\5月.xlsx`, monthly(t))
		if i.FileName != "5月.xlsx" || i.State != programme.ImportPreview || len(i.Sheets) != 1 || len(i.Sheets[0].Questions) != 0 || i.Sheets[0].Remembered {
			t.Fatalf("%+v", i)
		}
		before, err := c.s.PreviewImport(t.Context(), p, i.ID, nil)
		if err != nil {
			t.Fatal(err)
		}
		if n := c.count("filing") + c.count("target") + c.count("import_row"); n != 0 {
			t.Errorf("a preview wrote %d rows", n)
		}
		done := c.confirm(p, i.ID)
		if d := cmp.Diff(before.Counts, done.Counts); d != "" {
			t.Errorf("the preview promised something else: %s", d)
		}
		want := programme.ImportCounts{
			Taken: 3, Refused: 1, Ignored: done.Counts.Ignored, Figures: 10, Cells: 1, Changed: 10, Returns: 3, Opened: 3, Targets: 3,
			Checked: done.Counts.Checked, Disagreed: 1,
		}
		if d := cmp.Diff(want, done.Counts); d != "" {
			t.Error(d)
		}
		if len(done.Findings) != 1 || done.Findings[0].Kind != "total" {
			t.Errorf("the wrong total is found: %v", done.Findings)
		}
		f := func(division, want string) {
			t.Helper()
			if got := c.draft(p, division); got != want {
				t.Errorf("%s: %s, want %s", division, got, want)
			}
		}
		f("330602", "draft: inv.construction 4567.5/—, rdw.fee 120/124")
		f("330603", "draft: inv.construction 9000/—, rdw.fee —/—") // a mark and a mask are no figures, and no zeros
		f("330604", "draft: inv.construction 4000/—, rdw.fee 50/100")
		targets, err := c.s.Targets(t.Context(), p, programme.TargetQuery{Target: "inv.construction.city", Year: 2026, Scope: "330600"})
		if err != nil || targets.Check.Children.String() != "38000" {
			t.Errorf("targets: %v %v", targets.Check, err)
		}
		c.repeat(p, i.ID)
	})
}

// repeat confirms and uploads again, which must change nothing.
func (c *city) repeat(p *identity.Principal, id string) {
	c.Helper()
	writes := c.db.Writes()
	again := c.confirm(p, id)
	if !again.Already || again.Counts.Taken != 3 || c.db.Writes() != writes {
		c.Errorf("the second confirmation: %+v, %d writes", again, c.db.Writes()-writes)
	}
	same := c.upload(p, "330600", "again.xlsx", monthly(c))
	if same.ID != id || same.Notice == nil || same.State != programme.ImportDone || c.count("import") != 1 {
		c.Errorf("the same file gives the import that is there: %+v", same)
	}
	if err := c.s.DropImport(c.Context(), p, id); !fault.Is(err, fault.Conflict) {
		c.Errorf("a done import is not dropped: %v", err)
	}
	refused, err := c.s.ImportRows(c.Context(), p, id, "refused", 0, 10)
	if err != nil || len(refused.Items) != 1 || !strings.Contains(refused.Items[0].Reason.Zh, "某某县") || refused.Items[0].Cell != "A6" {
		c.Errorf("refused rows: %+v, %v", refused, err)
	}
	page, err := c.s.ImportRows(c.Context(), p, id, "", 0, 4)
	if err != nil || len(page.Items) != 4 || page.Next == 0 {
		c.Errorf("a page of rows: %+v, %v", page, err)
	}
	if r, err := audit.Verify(c.Context(), c.db); err != nil || !r.OK {
		c.Errorf("audit: %+v, %v", r, err)
	}
}

func TestImportOutsideTheScope(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCity(t, db)
		p := c.person("clerk", "330602")
		if _, err := c.s.Upload(t.Context(), p, "330600", "a.xlsx", monthly(t)); !fault.Is(err, fault.NotFound) {
			t.Errorf("a county uploads for the city: %v", err)
		}
		i := c.upload(p, "330602", "a.xlsx", monthly(t))
		done := c.confirm(p, i.ID)
		if done.Counts.Taken != 1 || done.Counts.Refused != 3 || done.Counts.Returns != 1 || done.Counts.Targets != 0 {
			t.Errorf("%+v", done.Counts)
		}
		var reasons []string
		for _, r := range done.Rows {
			if r.Outcome == "refused" && r.Reason.En == "" {
				t.Errorf("%s!%s has no reason", r.Sheet, r.Cell)
			}
			if strings.Contains(r.Reason.Zh, "您没有设置目标的权限") {
				reasons = append(reasons, r.Cell)
			}
		}
		if d := cmp.Diff([]string{"B4"}, reasons); d != "" {
			t.Errorf("a clerk sets no targets: %s", d)
		}
		if got := c.draft(c.person("planner", "330600"), "330603"); !strings.Contains(got, "inv.construction —") {
			t.Errorf("the neighbour's return: %s", got)
		}
		if _, err := c.s.Import(t.Context(), c.person("clerk", "330603"), i.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("the neighbour sees the import: %v", err)
		}
		if list, err := c.s.Imports(t.Context(), c.person("clerk", "330603"), programme.ImportsQuery{}); err != nil || len(list.Items) != 0 {
			t.Errorf("the neighbour lists %v, %v", list, err)
		}
	})
}

func TestImportIntoAClosedReturn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCity(t, db)
		p := c.person("planner", "330600")
		r, err := c.s.Open(t.Context(), p, programme.ReturnKey{Form: "water.month", Division: "330603", Period: 202605})
		if err != nil {
			t.Fatal(err)
		}
		one := quantity.Some(quantity.Int(1))
		r, err = c.s.SaveLines(t.Context(), p, r.ID, r.Edit, []programme.LineChange{{Indicator: "inv.construction", Value: one}, {Indicator: "rdw.fee", Value: one, Base: one}}, "")
		if err == nil {
			_, err = c.s.MoveReturn(t.Context(), p, r.ID, r.Edit, programme.Submit, "")
		}
		if err != nil {
			t.Fatal(err)
		}
		i := c.upload(p, "330600", "a.xlsx", monthly(t, figures("越城区", "1", "10", "1", "2"), figures("柯桥区", "", "20", "3", "4"), figures("上虞区", "1", "30", "5", "6")))
		marks := []int{c.count("filing"), c.count("filing_line"), c.count("target"), c.count("import_row"), c.count("import_mapping"), c.count("audit_entry")}
		if _, err := c.s.ConfirmImport(t.Context(), p, i.ID, nil, programme.ImportStrict); !fault.Is(err, fault.Invalid) {
			t.Fatalf("all or nothing took something: %v", err)
		}
		after := []int{c.count("filing"), c.count("filing_line"), c.count("target"), c.count("import_row"), c.count("import_mapping"), c.count("audit_entry")}
		if d := cmp.Diff(marks, after); d != "" {
			t.Errorf("something was left half done: %s", d)
		}
		if again, err := c.s.Import(t.Context(), p, i.ID); err != nil || again.State != programme.ImportPreview {
			t.Errorf("the import can be tried again: %+v, %v", again, err)
		}
		done := c.confirm(p, i.ID)
		if done.Counts.Taken != 2 || done.Counts.Refused != 1 || done.Counts.Returns != 2 {
			t.Errorf("%+v", done.Counts)
		}
		if got := c.draft(p, "330603"); got != "submitted: inv.construction 1/—, rdw.fee 1/1" {
			t.Errorf("the submitted return: %s", got)
		}
		rows, err := c.s.ImportRows(t.Context(), p, i.ID, "refused", 0, 10)
		if err != nil || len(rows.Items) != 1 || !strings.Contains(rows.Items[0].Reason.Zh, "已提交") || !strings.Contains(rows.Items[0].Reason.En, "submitted") {
			t.Errorf("%+v, %v", rows, err)
		}
	})
}

const csvJune = "2026年%d月水费收缴情况表,,\n单位：万元,,\n地区,收来的水费,应收水费\n越城区,%d,10\n柯桥区,5,20\n"

func TestImportRemembersAMapping(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCity(t, db)
		p := c.person("planner", "330600")
		text := func(month, fee int) []byte {
			b, err := simplifiedchinese.GB18030.NewEncoder().Bytes(fmt.Appendf(nil, csvJune, month, fee))
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		i := c.upload(p, "330600", "水费.csv", text(4, 8))
		if i.Encoding != "gb18030" || i.Sheets[0].Remembered {
			t.Errorf("%s, remembered %v", i.Encoding, i.Sheets[0].Remembered)
		}
		m := *i.Sheets[0].Mapping
		m.Columns[1].Role, m.Columns[1].Indicator, m.Columns[1].Unit = table.Numerator, "rdw.fee", "wan_yuan"
		if _, err := c.s.ConfirmImport(t.Context(), p, i.ID, []table.Mapping{m}, programme.ImportFill); err != nil {
			t.Fatal(err)
		}
		next := c.upload(p, "330600", "水费.csv", text(5, 9))
		col := next.Sheets[0].Mapping.Columns[1]
		if !next.Sheets[0].Remembered || col.Role != table.Numerator || col.Indicator != "rdw.fee" || next.Sheets[0].Mapping.Period.String() != "2026-05" {
			t.Errorf("the mapping is offered again for the new month: %+v, period %v", col, next.Sheets[0].Mapping.Period)
		}
		c.confirm(p, next.ID)
		if got := c.draft(p, "330602"); got != "draft: inv.construction —/—, rdw.fee 9/10" {
			t.Errorf("%s", got)
		}
		fill := c.upload(p, "330600", "水费.csv", text(5, 7))
		e, err := c.s.ConfirmImport(t.Context(), p, fill.ID, nil, programme.ImportFill)
		if err != nil || e.Counts.Changed != 0 || e.Counts.Same != 3 || e.Counts.Cells != 1 {
			t.Errorf("what stands is not replaced: %+v, %v", e, err)
		}
		other := c.upload(c.person("clerk", "330602"), "330602", "水费.csv", text(3, 8))
		if other.Sheets[0].Remembered {
			t.Error("a mapping of one sender is offered to another")
		}
		list, err := c.s.Imports(t.Context(), p, programme.ImportsQuery{Limit: 2})
		if err != nil || len(list.Items) != 2 || list.Next == "" {
			t.Fatalf("%+v, %v", list, err)
		}
		rest, err := c.s.Imports(t.Context(), p, programme.ImportsQuery{Limit: 2, Cursor: list.Next})
		if err != nil || len(rest.Items) != 2 || rest.Next != "" {
			t.Errorf("%+v, %v", rest, err)
		}
	})
}

func TestImportKeepsWhatItCannotPlace(t *testing.T) {
	c := newCity(t, storetest.SQLite(t))
	p := c.person("planner", "330600")
	if _, err := c.s.Upload(t.Context(), p, "330600", "a.xlsx", []byte("PK\x03\x04 not a workbook")); err == nil || c.count("import") != 0 {
		t.Errorf("a broken file is refused and not kept: %v", err)
	}
	if _, err := c.s.Upload(t.Context(), p, "330600", "a.csv", make([]byte, programme.MaxImport+1)); !fault.Is(err, fault.TooLarge) {
		t.Errorf("too large: %v", err)
	}
	i := c.upload(p, "330600", "a.csv", []byte("2026年9月投资情况表（万元）,\n地区,完成投资\n越城区,1\n绍兴市,2\n"))
	e, err := c.s.PreviewImport(t.Context(), p, i.ID, nil)
	if err != nil || e.Counts.Figures != 0 || e.Counts.Refused == 0 {
		t.Errorf("September is not filed in June: %+v, %v", e, err)
	}
	m := *i.Sheets[0].Mapping
	m.Sheet = "nowhere"
	if _, err := c.s.PreviewImport(t.Context(), p, i.ID, []table.Mapping{m}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a mapping for no sheet: %v", err)
	}
	if err := c.s.DropImport(t.Context(), p, i.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := c.s.ConfirmImport(t.Context(), p, i.ID, nil, ""); !fault.Is(err, fault.Conflict) {
		t.Errorf("a dropped import is confirmed: %v", err)
	}
	if again := c.upload(p, "330600", "a.csv", []byte("2026年9月投资情况表（万元）,\n地区,完成投资\n越城区,1\n绍兴市,2\n")); again.ID == i.ID {
		t.Error("a dropped import comes back")
	}
}

func TestDescribeFile(t *testing.T) {
	cat, err := newCity(t, storetest.SQLite(t)).s.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	names := table.NewNames([]table.Division{{Code: "330602", Zh: "越城区", Short: "越城"}, {Code: "330603", Zh: "柯桥区", Short: "柯桥"}, {Code: "330604", Zh: "上虞区", Short: "上虞"}})
	r, err := programme.DescribeFile("5月.xlsx", monthly(t), names, cat)
	if err != nil {
		t.Fatal(err)
	}
	if r.Counts.Taken != 3 || r.Counts.Refused != 1 || r.Counts.Disagree != 1 || r.Sheets[0].Rows[3].Figures[0].Month != hydrotime.Month(202605) {
		t.Errorf("%+v", r.Counts)
	}
	for _, want := range []string{"✗ 6 某某县", "≠ ", "取 3 行，拒 1 行"} {
		if !strings.Contains(r.Text(true), want) {
			t.Errorf("the report lacks %q:\n%s", want, r.Text(true))
		}
	}
	if !strings.Contains(r.Text(false), "3 rows taken, 1 refused") {
		t.Error(r.Text(false))
	}
}
