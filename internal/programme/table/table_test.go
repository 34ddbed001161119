package table_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"anlan/internal/fault"
	"anlan/internal/programme/pack"
	"anlan/internal/programme/table"
	"anlan/internal/quantity"
	"anlan/internal/workbook"
)

// packs is a small catalogue.
type packs []pack.Indicator

func (p packs) Indicators() []pack.Indicator { return p }

func (p packs) Indicator(code string) (pack.Indicator, bool) {
	for _, i := range p {
		if i.Code == code {
			return i, true
		}
	}
	return pack.Indicator{}, false
}

func (p packs) TargetsOf(code string) []pack.Target {
	if code != "inv.construction" {
		return nil
	}
	return []pack.Target{{
		ID: "inv.construction.city", Name: fault.T("水利建设投资年度计划", "Annual investment plan"), Indicator: code,
		Judge: pack.ByCompletion, Aliases: []string{"年度计划"},
	}}
}

func catalogue() packs {
	return packs{
		{Code: "inv.construction", Name: fault.T("水利建设投资", "Construction investment"), Unit: "wan_yuan", Kind: pack.Cumulative, Aliases: []string{"完成投资", "累计完成投资"}},
		{Code: "rdw.people", Name: fault.T("达标提标受益人口", "People served"), Unit: "wan_person"},
		{
			Code: "rdw.fee", Name: fault.T("水费收缴率", "Fee collection rate"), Unit: "percent",
			Ratio: &pack.Ratio{
				Numerator:   pack.Term{Name: fault.T("实收水费", "Fees collected"), Unit: "wan_yuan"},
				Denominator: pack.Term{Name: fault.T("应收水费", "Fees due"), Unit: "wan_yuan"},
			},
		},
		{Code: "rdw.cover", Name: fault.T("规模化供水覆盖率", "Coverage"), Unit: "percent"},
		{Code: "water.use", Name: fault.T("农业用水总量", "Water used"), Unit: "yi_m3", Cadence: pack.Yearly},
		{Code: "river.done", Name: fault.T("美丽河湖", "Beautiful rivers"), Unit: "river"},
		{
			Code: "cap.stage", Name: fault.T("取水方案编制进度", "Stage of the plan"), Unit: "one",
			Options: []pack.Option{{Value: 1, Name: fault.T("编制中", "drafting")}, {Value: 2, Name: fault.T("已批复", "approved")}},
		},
	}
}

// open reads, recognises and maps a table of text.
func open(t testing.TB, file, text string) (workbook.Sheet, *table.Layout, *table.Mapping) {
	t.Helper()
	book, err := workbook.Read(file, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	s := book.Sheets[0]
	l := table.Recognise(file, s, shaoxing())
	return s, l, table.Suggest(s, l, catalogue())
}

func apply(t testing.TB, s workbook.Sheet, l *table.Layout, m *table.Mapping) *table.Result {
	t.Helper()
	r, err := table.Apply(s, l, m, shaoxing(), catalogue())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// say writes the figures of a result, one a line.
func say(r *table.Result) []string {
	var out []string
	for _, row := range r.Rows {
		for _, f := range row.Figures {
			s := fmt.Sprintf("%s %s %s %s %s %s", f.Ref, f.Indicator, f.Role, f.Division, f.Month, f.Value)
			if f.Approx {
				s += " approx"
			}
			if f.Mark != "" {
				s += " mark " + f.Mark
			}
			out = append(out, s)
		}
	}
	return out
}

const monthly = `附件2,,,,,,,
2026年5月水利建设投资完成情况表,,,,,,,
,,,,,,,单位：万元
序号,地区,投资情况,,,水费,,备注
,,年度计划,完成投资,完成率(%),实收水费,应收水费,
1,越 城 区,"10,000","4,567.5",45.7,１２０,124,
2,柯桥,2亿元,9000,45.0,—,,
3,绍兴市上虞区,8000,约4千,50.0,**,100,
4,新昌县,5000,2500,55.0,10,12,
4,新昌县,5000,2600,52.0,10,12,
5,某某县,1,1,100.0,,,
,合计,"48,000","18,667.5",38.9,130,236,
,其中：山区,"60,000",,,,,
注：1.完成投资为年初累计。,,,,,,,
2.数据截至5月25日。,,,,,,,
填表人：张三,,审核：李四,,,,,
`

func TestMonthlyTable(t *testing.T) {
	s, l, m := open(t, "月报.csv", monthly)
	if l.HeaderFrom != 4 || l.HeaderTo != 5 || l.Unit != "wan_yuan" || l.Period.String() != "2026-05" || l.Title != "附件2" {
		t.Errorf("header %d–%d, unit %s, period %v, title %q", l.HeaderFrom, l.HeaderTo, l.Unit, l.Period, l.Title)
	}
	roles := map[string]string{}
	for _, c := range m.Columns {
		roles[c.Head] = fmt.Sprintf("%s %s %s %s", c.Role, c.Indicator, c.Unit, c.Scale)
		if c.Reason.Zh == "" || c.Reason.En == "" {
			t.Errorf("%s: a suggestion gives its reason", c.Head)
		}
	}
	want := map[string]string{
		"序号": "ignore   ", "地区": "division   ", "投资情况/年度计划": "plan inv.construction wan_yuan ",
		"投资情况/完成投资": "value inv.construction wan_yuan ", "投资情况/完成率(%)": "rate  percent percent",
		"水费/实收水费": "numerator rdw.fee wan_yuan ", "水费/应收水费": "denominator rdw.fee wan_yuan ", "备注": "ignore   ",
	}
	if d := cmp.Diff(want, roles); d != "" {
		t.Error(d)
	}
	r := apply(t, s, l, m)
	wantFigures := []string{
		"C6 inv.construction plan 330602 2026-05 10000", "D6 inv.construction value 330602 2026-05 4567.5",
		"F6 rdw.fee numerator 330602 2026-05 120", "G6 rdw.fee denominator 330602 2026-05 124",
		"C7 inv.construction plan 330603 2026-05 20000", "D7 inv.construction value 330603 2026-05 9000",
		"F7 rdw.fee numerator 330603 2026-05 — mark —",
		"C8 inv.construction plan 330604 2026-05 8000",
		"F8 rdw.fee numerator 330604 2026-05 — mark **", "G8 rdw.fee denominator 330604 2026-05 100",
		"C9 inv.construction plan 330624 2026-05 5000", "D9 inv.construction value 330624 2026-05 2500",
		"F9 rdw.fee numerator 330624 2026-05 10", "G9 rdw.fee denominator 330624 2026-05 12",
	}
	if d := cmp.Diff(wantFigures, say(r)); d != "" {
		t.Error(d)
	}
	outcome := ""
	for _, row := range r.Rows {
		outcome += string(row.Outcome[:1])
	}
	if outcome != "iiiiittttrriiiii" {
		t.Errorf("outcomes %s", outcome)
	}
	if p := r.Rows[7].Refused[0].Place; p != "CSV!D8" { // 4千 is no unit of ours
		t.Errorf("a refusal names sheet and cell: %s", p)
	}
	if x := r.Rows[9].Refused[0].En; !strings.Contains(x, "repeats C9") {
		t.Errorf("a second row of one county: %s", x)
	}
	if x := r.Rows[10].Reason.En; !strings.Contains(x, "某某县") {
		t.Errorf("an unknown county: %s", x)
	}
	kinds := map[string]table.Verdict{}
	for _, f := range r.Findings {
		kinds[f.Kind+" "+f.Ref] = f.Check.Verdict
	}
	if kinds["rate E9"] != table.Differs || kinds["part C13"] != table.Differs || kinds["total C12"] != table.Rounding || kinds["total F12"] != table.Differs {
		t.Errorf("findings %v", kinds)
	}
}

func TestMappingIsPlainJSON(t *testing.T) {
	s, l, m := open(t, "月报.csv", monthly)
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var again table.Mapping
	if err := json.Unmarshal(b, &again); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(say(apply(t, s, l, m)), say(apply(t, s, l, &again))); d != "" {
		t.Error(d)
	}
}

func TestRememberedMappingFitsTheNextMonth(t *testing.T) {
	_, old, m := open(t, "五月.csv", monthly)
	for i := range m.Columns {
		if m.Columns[i].Head == "备注" {
			m.Columns[i].Role = table.Remark
		}
	}
	next := strings.Replace(monthly, "2026年5月", "2026年6月", 1)
	next = strings.Replace(next, "附件2,,,,,,,\n", "", 1)
	s, l, _ := open(t, "六月.csv", next)
	if l.Signature != old.Signature {
		t.Fatal("one header has one signature")
	}
	fitted := m.Adapt(s, l, catalogue())
	if fitted.HeaderFrom != 3 || fitted.Period.String() != "2026-06" || fitted.Columns[7].Role != table.Remark {
		t.Errorf("header %d, period %v, last column %s", fitted.HeaderFrom, fitted.Period, fitted.Columns[7].Role)
	}
	if got := say(apply(t, s, l, fitted)); len(got) != 14 || got[0] != "C5 inv.construction plan 330602 2026-06 10000" {
		t.Errorf("%v", got)
	}
	undated := strings.Replace(next, "2026年6月", "", 1)
	s, l, _ = open(t, "无期.csv", undated)
	fitted = m.Adapt(s, l, catalogue())
	if _, err := table.Apply(s, l, fitted, shaoxing(), catalogue()); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a table without a period is never filed under the month before: %v", err)
	}
}

func TestPercentIsNeverGuessed(t *testing.T) {
	const text = "2026年5月\n地区,规模化供水覆盖率\n越城区,0.93\n柯桥区,0.5\n"
	s, l, m := open(t, "a.csv", text)
	if m.Columns[1].Scale != table.Undecided {
		t.Fatalf("scale %q", m.Columns[1].Scale)
	}
	_, err := table.Apply(s, l, m, shaoxing(), catalogue())
	if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "percent sign") {
		t.Errorf("an open question stops the import: %v", err)
	}
	f := func(scale table.Scale, want string) {
		t.Helper()
		m.Columns[1].Scale = scale
		if got := apply(t, s, l, m).Rows[2].Figures[0].Value.String(); got != want {
			t.Errorf("%s: %s, want %s", scale, got, want)
		}
	}
	f(table.Fraction, "93")
	f(table.Percent, "0.93")
	g := func(text, want string) {
		t.Helper()
		s, l, m := open(t, "a.csv", text)
		if got := apply(t, s, l, m).Rows[2].Figures[0].Value.String(); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	g("2026年5月\n地区,规模化供水覆盖率(%)\n越城区,0.93\n柯桥区,50\n", "0.93")
	g("2026年5月\n地区,规模化供水覆盖率\n越城区,93.75\n柯桥区,50\n", "93.75")
	g("2026年5月\n地区,规模化供水覆盖率\n越城区,0.5%\n柯桥区,0.7%\n", "0.5")
}

func TestShapesOfTables(t *testing.T) {
	f := func(name, text string, want ...string) {
		t.Helper()
		s, l, m := open(t, "a.csv", text)
		if m.Division == "" && l.DivisionColumn < 0 {
			m.Division = "330602"
		}
		r, err := table.Apply(s, l, m, shaoxing(), catalogue())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		if d := cmp.Diff(want, say(r)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	f("periods side by side", "2026年水利建设投资（万元）\n地区,1-4月,1-5月\n越城,10,20\n诸暨,30,\n",
		"B3 inv.construction value 330602 2026-04 10", "C3 inv.construction value 330602 2026-05 20", "B4 inv.construction value 330681 2026-04 30")
	f("long", "地区,月份,指标,数值,单位\n越城,2026-05,水利建设投资,1.5,亿元\n诸暨,2026年5月,美丽河湖,3,条\n",
		"D2 inv.construction value 330602 2026-05 15000", "D3 river.done value 330681 2026-05 3")
	f("indicators below each other", "2026年5月\n指标,单位,本月止累计\n水利建设投资,亿元,1.5\n美丽河湖,条,3\n",
		"C3 inv.construction value 330602 2026-05 15000", "C4 river.done value 330602 2026-05 3")
	f("English second line", "2026年5月,,\n地区,水利建设投资(亿元),美丽河湖\narea,investment,rivers\n越城,1.2,3\n",
		"B4 inv.construction value 330602 2026-05 12000", "C4 river.done value 330602 2026-05 3")
	f("a ratio as a fraction", "2026年5月\n地区,水费收缴率\n越城,120/124\n",
		"B3 rdw.fee numerator 330602 2026-05 120", "B3 rdw.fee denominator 330602 2026-05 124")
	f("stages by name", "2026年5月\n地区,取水方案编制进度\n越城,编制中\n诸暨,已批复\n",
		"B3 cap.stage value 330602 2026-05 1", "B4 cap.stage value 330681 2026-05 2")
	f("the city among its counties is a total", "2026年5月\n地区,水利建设投资(万元)\n绍兴市,30\n越城,10\n诸暨,20\n",
		"B4 inv.construction value 330602 2026-05 10", "B5 inv.construction value 330681 2026-05 20")
	f("long decimals are rounded", "2026年5月\n地区,水利建设投资(万元)\n越城,61.4543252344\n",
		"B3 inv.construction value 330602 2026-05 61.454325")
	f("year and month in two columns", "地区,年份,月份,水利建设投资(万元)\n越城,2026,5,10\n诸暨,2026,1-5月,20\n",
		"D2 inv.construction value 330602 2026-05 10", "D3 inv.construction value 330681 2026-05 20")
	f("a bare month under a dated title", "2026年投资表\n地区,月份,水利建设投资(万元)\n越城,5,10\n",
		"C3 inv.construction value 330602 2026-05 10")
	f("a date for a month", "地区,月份,水利建设投资(万元)\n越城,2026-05-01,10\n",
		"C2 inv.construction value 330602 2026-05 10")
	f("the division in the title", "填报单位：绍兴市诸暨市水利局\n2026年5月\n指标,数值,单位\n水利建设投资,10,万元\n",
		"B4 inv.construction value 330681 2026-05 10")
	f("people in cells of 万", "2026年5月\n地区,达标提标受益人口(万人)\n越城,4万多\n诸暨,30000人\n",
		"B3 rdw.people value 330602 2026-05 4 approx", "B4 rdw.people value 330681 2026-05 3")
}

// TestHeadingsOfAnotherScope holds that figures of last year, since the start of the works, or of the month alone are not
// proposed for the indicator cumulated since January.
func TestHeadingsOfAnotherScope(t *testing.T) {
	const text = "2026年5月,,,,,\n地区,完成投资(万元),上年同期完成投资(万元),开工以来累计完成投资(万元),本月完成投资(万元),完成投资排名\n越城,10,9,80,2,1\n"
	_, _, m := open(t, "a.csv", text)
	for i, c := range m.Columns[1:] {
		if (c.Indicator == "inv.construction" && c.Role == table.Value) != (i == 0) {
			t.Errorf("%s: %s %s", c.Head, c.Role, c.Indicator)
		}
	}
	_, _, m = open(t, "a.csv", "2026年5月,,\n地区,水利建设投资(万元),完成投资(万元)\n越城,10,9\n")
	if m.Columns[1].Indicator != "inv.construction" || m.Columns[2].Indicator != "" {
		t.Errorf("one indicator is proposed for one column: %+v", m.Columns[1:])
	}
}

func TestOpenQuestions(t *testing.T) {
	f := func(text, word string) {
		t.Helper()
		_, _, m := open(t, "a.csv", text)
		for _, q := range m.Questions(catalogue()) {
			if strings.Contains(q.En, word) {
				return
			}
		}
		t.Errorf("%q: no question about %s in %v", text, word, m.Questions(catalogue()))
	}
	f("地区,水利建设投资(万元)\n越城,1\n", "year and month")
	f("5月\n地区,水利建设投资(万元)\n越城,1\n", "year and month")
	f("2026年水利投资表\n地区,水利建设投资(万元)\n越城,1\n", "only the year 2026")
	f("地区,水利建设投资比2015年增加(万元),完成投资(万元)\n越城,1,2\n", "year and month")
	f("2026年5月\n指标,数值\n水利建设投资,1\n", "division")
	f("2026年5月\n地区,水利建设投资(万元),神秘数\n越城,1,2\n", "no indicator")
}

func TestYearsAreNotFiledUnderDecember(t *testing.T) {
	s, l, m := open(t, "a.csv", "地区,年份,水利建设投资(万元),农业用水总量(亿m3)\n越城,2025,10,3\n")
	r := apply(t, s, l, m)
	if d := cmp.Diff([]string{"D2 water.use value 330602 2025-12 3"}, say(r)); d != "" {
		t.Error(d)
	}
	if refused := r.Rows[1].Refused; len(refused) != 1 || refused[0].Place != "CSV!C2" {
		t.Errorf("%+v", refused)
	}
}

func TestMergedFiguresBelongToNobody(t *testing.T) {
	x := excelize.NewFile()
	for ref, v := range map[string]any{
		"A1": "2026年5月", "A2": "地区", "B2": "水利建设投资(万元)", "A3": "越城区", "A4": "诸暨市", "A5": "新昌县", "B3": 100, "B5": 7,
	} {
		if err := x.SetCellValue("Sheet1", ref, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.MergeCell("Sheet1", "B3", "B4"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	s, l, m := open(t, "a.xlsx", b.String())
	r := apply(t, s, l, m)
	if d := cmp.Diff([]string{"B5 inv.construction value 330624 2026-05 7"}, say(r)); d != "" {
		t.Error(d)
	}
	if r.Counts.Refused != 2 || !strings.Contains(r.Rows[2].Reason.En, "merged") {
		t.Errorf("%+v", r.Counts)
	}
}

func TestBlankDivisionsWhereAMergeWasLost(t *testing.T) {
	const text = "2026年5月\n地区,月份,水利建设投资(万元)\n越城区,2026年4月,1\n,2026年5月,2\n诸暨市,2026年4月,3\n"
	s, l, m := open(t, "a.csv", text)
	if !m.FillDown {
		t.Fatal("gaps below a name are proposed to be filled")
	}
	r := apply(t, s, l, m)
	if r.Counts.Taken != 3 || r.Rows[3].Figures[0].Division != "330602" || len(r.Rows[3].Notes) != 1 {
		t.Errorf("%+v", r.Rows[3])
	}
	m.FillDown = false
	if r := apply(t, s, l, m); r.Counts.Refused != 1 {
		t.Errorf("%+v", r.Counts)
	}
}

func TestPublishedGrowthIsRecomputed(t *testing.T) {
	const text = "2026年5月\n地区,水利建设投资(万元),上年同期(万元),同比(%)\n越城,1150,1000,15.0\n诸暨,900,1000,-10.0\n新昌,500,400,26.0\n柯桥,300,200,50\n"
	s, l, m := open(t, "a.csv", text)
	c := m.Columns[3]
	if c.Role != table.Growth || c.Over != 1 || c.Under != 2 {
		t.Fatalf("%+v", c)
	}
	if m.Columns[2].Role != table.Ignore {
		t.Errorf("last year's figures are not filed again: %+v", m.Columns[2])
	}
	r := apply(t, s, l, m)
	if r.Counts.Taken != 4 || r.Counts.Figures != 4 || r.Counts.Checked != 4 || len(r.Findings) != 1 || r.Findings[0].Ref != "D5" || r.Findings[0].Kind != "growth" {
		t.Errorf("%+v %+v", r.Counts, r.Findings)
	}
}

func TestAPersonSaysWhereTheHeaderIs(t *testing.T) {
	const text = "2026年5月,甲,乙\n项目,说明,附注\n地区,水利建设投资(万元)\n越城,10\n"
	book, err := workbook.Read("a.csv", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	s := book.Sheets[0]
	if l := table.Recognise("a.csv", s, shaoxing()); l.HeaderFrom == 3 {
		t.Skip("found without help")
	}
	l := table.RecogniseAt("a.csv", s, shaoxing(), 3, 3)
	got := say(apply(t, s, l, table.Suggest(s, l, catalogue())))
	if d := cmp.Diff([]string{"B4 inv.construction value 330602 2026-05 10"}, got); d != "" {
		t.Error(d)
	}
	if l := table.RecogniseAt("a.csv", s, shaoxing(), 5, 9); l.HeaderFrom != 0 {
		t.Errorf("rows that are not there are no header: %+v", l)
	}
}

func TestSheetWithoutATable(t *testing.T) {
	s, l, m := open(t, "a.csv", "一段说明\n\n另一段\n")
	if l.HeaderFrom != 0 || len(l.Problems) != 1 {
		t.Errorf("%+v", l)
	}
	r := apply(t, s, l, m)
	if r.Counts.Ignored != 3 {
		t.Errorf("%+v", r.Counts)
	}
}

func FuzzTable(f *testing.F) {
	f.Add(monthly)
	f.Add("地区,月份,指标,数值,单位\n越城,2026-05,水利建设投资,1.5,亿元\n")
	f.Add("2026年水利建设投资（万元）\n地区,1-4月,1-5月\n越城,10,20\n合计,1,2\n")
	f.Fuzz(func(t *testing.T, text string) {
		limits := workbook.Limits{Bytes: 1 << 16, Sheets: 1, Rows: 300, Columns: 50, Cells: 5000}
		book, err := limits.Read("fuzz.csv", []byte(text))
		if err != nil || len(book.Sheets) == 0 {
			return
		}
		s := book.Sheets[0]
		l := table.Recognise("fuzz.csv", s, shaoxing())
		m := table.Suggest(s, l, catalogue())
		m.Adapt(s, l, catalogue())
		r, err := table.Apply(s, l, m, shaoxing(), catalogue())
		if err != nil {
			return
		}
		if r.Counts.Taken+r.Counts.Refused+r.Counts.Ignored != len(s.Rows) {
			t.Fatalf("%d rows, %+v", len(s.Rows), r.Counts)
		}
	})
}

// large is a workbook of 20,000 rows of eight columns.
func large(b *testing.B) []byte {
	b.Helper()
	counties := []string{"越城区", "柯桥区", "上虞区", "新昌县", "诸暨市", "嵊州市"}
	t := workbook.Table{Title: "水利建设投资明细", Columns: []workbook.Column{
		{Head: []string{"序号"}},
		{Head: []string{"地区"}},
		{Head: []string{"月份"}},
		{Head: []string{"项目名称"}},
		{Head: []string{"年度计划"}, Unit: "万元"},
		{Head: []string{"完成投资"}, Unit: "万元"},
		{Head: []string{"完成率"}, Unit: "%"},
		{Head: []string{"备注"}},
	}}
	figure := func(n int) workbook.Value { return workbook.FigureValue(quantity.Some(quantity.Decimal(n))) }
	for i := range 20_000 {
		plan, done := 1_000_000*(1000+i), 1_000_000*(1000+i)/2
		t.Rows = append(t.Rows, []workbook.Value{
			figure(1_000_000 * (i + 1)), workbook.TextValue(counties[i%6]), workbook.TextValue("2026年5月"), workbook.TextValue(fmt.Sprintf("工程%d", i)),
			figure(plan), figure(done), figure(50_000_000), workbook.TextValue("无"),
		})
	}
	var out bytes.Buffer
	if err := workbook.WriteXLSX(&out, t); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

func BenchmarkImport20000Rows(b *testing.B) {
	data := large(b)
	for b.Loop() {
		book, err := workbook.Read("a.xlsx", data)
		if err != nil {
			b.Fatal(err)
		}
		s := book.Sheets[0]
		l := table.Recognise("a.xlsx", s, shaoxing())
		m := table.Suggest(s, l, catalogue())
		r, err := table.Apply(s, l, m, shaoxing(), catalogue())
		if err != nil {
			b.Fatal(err)
		}
		if r.Counts.Taken != 20_000 || r.Counts.Disagree != 0 {
			b.Fatalf("%+v", r.Counts)
		}
	}
}

// TestChecksReadACellInItsOwnUnit holds that a rate and a total are recomputed from what a cell means, not from its digits.
func TestChecksReadACellInItsOwnUnit(t *testing.T) {
	s, l, m := open(t, "a.csv", "2026年6月,,,\n单位：万元,,,\n地区,年度计划,完成投资,完成率\n越城区,100000,5亿,50.0%\n柯桥区,2亿元,10000,50.0%\n合计,120000,60000,50.0%\n")
	r := apply(t, s, l, m)
	if r.Counts.Checked != 5 || r.Counts.Disagree != 0 || len(r.Findings) != 0 {
		t.Errorf("%d checked, %d disagree: %+v", r.Counts.Checked, r.Counts.Disagree, r.Findings)
	}
}
