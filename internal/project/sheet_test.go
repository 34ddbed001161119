package project_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/project"
	"anlan/internal/quantity"
	"anlan/internal/store"
	"anlan/internal/workbook"

	"github.com/google/go-cmp/cmp"
)

// sheet writes a table whose head is the first row; figures are what reads as one.
func sheet(name, head string, rows ...string) workbook.Table {
	t := workbook.Table{Title: name}
	for _, h := range strings.Split(head, "|") {
		t.Columns = append(t.Columns, workbook.Column{Head: []string{h}, Decimals: -1})
	}
	for _, r := range rows {
		var cells []workbook.Value
		for _, c := range strings.Split(r, "|") {
			if d, err := quantity.Parse(c); err == nil {
				cells = append(cells, workbook.FigureValue(quantity.Some(d)))
				continue
			}
			cells = append(cells, workbook.TextValue(c))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func (w *world) file(tables ...workbook.Table) []byte {
	w.Helper()
	var b bytes.Buffer
	w.ok(workbook.WriteXLSX(&b, tables...))
	return b.Bytes()
}

func (w *world) lots(p *identity.Principal, content []byte, digest string) *project.ProjectImport {
	w.Helper()
	out, err := w.svc.Import(w.Context(), p, "项目.xlsx", content, digest)
	w.ok(err)
	return out
}

// told lists each row's lot as "part A-1/01 bad 工程部分!G4 …".
func told(out *project.ProjectImport) []string {
	var list []string
	for _, r := range out.Rows {
		line := fmt.Sprint(r.What, " ", r.Code, " ", r.Lot)
		for _, c := range r.Changes {
			line += fmt.Sprint(" [", c.Column.Zh, " ", c.Before, "→", c.After, "]")
		}
		for _, f := range r.Reasons {
			line += fmt.Sprint(" ", f.Place, " ", f.En)
		}
		list = append(list, line)
	}
	return list
}

const (
	projectHead = "项目代码|项目名称|项目类别|管理地区|总投资（万元）|专项|省级考核"
	partHead    = "项目代码|部分代码|部分名称|部分类别|所在地区|部分投资（万元）|坐标"
	monthHead   = "项目代码|部分代码|年份|数据项|1月|2月|3月"
)

// TestImportTellsEveryRowsLot: new, changed, unchanged and bad with cell and reason; a preview writes nothing; taken twice changes nothing.
func TestImportTellsEveryRowsLot(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.add(w.ke(), "K-1", "330603")
		id, whole := w.add(w.yue(), "A-1", "330602")
		w.begun(w.yue(), whole)
		w.ok(w.tell(w.yue(), id, whole, project.Actual, 202601, "1.5", 0))
		content := w.file(
			sheet("月度", monthHead, "A-1|00|2026|完成投资|1.50|2.25亿|—", "A-1|00|2026|形象进度|10|20|15", "A-1|01|2026|计划投资|5|5|5", "A-1|01|2026|完成投资|5||", "A-1|00|2026|工期|1||", "A-1|09|2026|计划投资|1||"),
			sheet("项目", projectHead, "A-1|工程A-1|防洪治理|330602|1,200|海塘安澜千亿工程|", "B-2|新工程|flood-control|330602|3亿||否", "K-1|别人的|排涝|330602|1||", "B-3||排涝|330602|1||", "B-4|又一|排水|330602|多||", "B-2|重复|排涝|330602|1||"),
			sheet("说明", "随便|写写", "a|b"),
			sheet("部分", partHead, "A-1|01|一期|期|330602101|600|120.61 30.02; 120.62 30.03", "A-1|02|二期|期|330603|600|", "A-1|03|三期|期|330602|600|120"),
		)
		preview := w.lots(w.yue(), content, "")
		want := []string{
			"project A-1 changed [总投资 1000→1200] [专项 →seawall]",
			"project B-2 new",
			"project K-1 bad 项目!A5 taken",
			"project B-3 bad 项目!B6 the name is empty or too long",
			`project B-4 bad 项目!C7 there is no "排水" 项目!E7 “多” is not a figure`,
			"project B-2 bad 项目!8 it stands above already",
			"part A-1/1 new",
			"part A-1/2 bad 部分!E4 outside your scope",
			"part A-1/3 bad 部分!G5 coordinates are like 120.61 30.02; 120.62 30.03",
			"figures A-1/0 changed [2月 —→22500]",
			"figures A-1/0 bad 月度!4 less than the 20 % of 2026-02: say why",
			"figures A-1/1 new [1月 —→5] [2月 —→5] [3月 —→5]",
			"figures A-1/1 new [1月 —→5]", // tendered as a whole
			`figures A-1/0 bad 月度!D7 there is no "工期"`,
			"figures A-1/9 bad 月度!B8 there is no part 9 (the whole is 00)",
		}
		got := told(preview)
		if diff := cmp.Diff(want, got); diff != "" {
			w.Errorf("(-want +got):\n%s", diff)
		}
		if len(got) != len(want) || len(preview.Notes) != 1 || preview.Taken {
			w.Fatalf("%d rows, notes %v", len(got), preview.Notes)
		}
		if page := w.page(w.yue(), id); page.Total.String() != "1000" || len(page.List) != 1 {
			w.Fatalf("the preview wrote: %s, %d parts", page.Total, len(page.List))
		}
		taken := w.lots(w.yue(), content, preview.Digest)
		if !taken.Taken || taken.Counts != preview.Counts {
			w.Fatalf("%+v %+v", taken.Counts, preview.Counts)
		}
		page := w.page(w.yue(), id)
		if page.Total.String() != "1200" || len(page.List) != 2 || page.Spent.String() != "22506.5" || page.List[1].Shape.Kind != "line" {
			w.Fatalf("%s, %d parts, spent %s", page.Total, len(page.List), page.Spent)
		}
		_, err := w.svc.Import(w.Context(), w.yue(), "项目.xlsx", content, preview.Digest)
		w.is(err, "project.import_stale")
		again := w.lots(w.yue(), content, "")
		if again.Counts.New+again.Counts.Changed != 0 || again.Counts.Unchanged != preview.Counts.New+preview.Counts.Changed {
			w.Fatalf("the same file again: %+v\n%s", again.Counts, strings.Join(told(again), "\n"))
		}
	})
}

// TestExportComesBackUnchanged: what is written is read as nothing new, in both languages, and a county's file holds its own parts.
func TestExportComesBackUnchanged(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.city(), "X-1", "330600")
		w.ok(w.svc.Change(w.Context(), w.city(), id, project.ProjectChange{Edit: 1, Programmes: &[]string{"seawall", "flood-hundred"}, Assessed: new(true), Note: new("说明")}))
		east, err := w.svc.AddPart(w.Context(), w.city(), id, project.NewProjectPart{
			Kind: "phase", Code: "01", Name: fault.T("一期", "phase 1"), Division: "330602", Total: some("333.333333"), Shape: &project.ProjectShape{Kind: "line", Points: [][2]float64{{120.61234, 30.5}, {120.7, 30.000001}}},
		})
		w.ok(err)
		inner, err := w.svc.AddPart(w.Context(), w.city(), id, project.NewProjectPart{Parent: east, Kind: "contract", Code: "01-1", Name: fault.T("合同", "contract"), Division: "330602", Shape: &project.ProjectShape{Kind: "point", Points: [][2]float64{{120.5, 30.5}}}})
		w.ok(err)
		w.part(w.city(), id, "02", "330603")
		w.begun(w.city(), whole)
		for i, part := range []int64{whole, east, inner} {
			w.ok(w.tell(w.city(), id, part, project.Actual, 202601, fmt.Sprintf("%d.000001", i), 0))
			w.ok(w.tell(w.city(), id, part, project.PlannedProgress, 202612, "99.5", 0))
		}
		for _, lang := range []string{"zh", "en"} {
			_, content, err := w.svc.Export(w.Context(), w.city(), project.Query{}, lang)
			w.ok(err)
			got := w.lots(w.city(), content, "")
			if got.Counts != (project.ProjectImportCounts{Unchanged: 10}) || len(got.Notes) != 0 {
				w.Errorf("%s: %+v %v\n%s", lang, got.Counts, got.Notes, strings.Join(told(got), "\n"))
			}
		}
		_, content, err := w.svc.Export(w.Context(), w.yue(), project.Query{}, "zh")
		w.ok(err)
		book, err := workbook.Read("a.xlsx", content)
		w.ok(err)
		text, err := json.Marshal(book)
		w.ok(err)
		if strings.Contains(string(text), "02段") || !strings.Contains(string(text), "一期") {
			w.Error("a county's file tells of another's part, or not of its own")
		}
	})
}

// TestPreviewKeepsNobodyFromWriting: a preview runs beside a transaction that writes, tells what rests on rows above it, and taking the
// file comes to the same; what was written in between is told.
func TestPreviewKeepsNobodyFromWriting(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.yue(), "A-1", "330602")
		content := w.file(
			sheet("项目", projectHead, "N-1|新项目|排涝|330602|800||", "A-1|工程A-1|防洪治理|330602|1500||", "N-2|又一个|排涝|330603|5||"),
			sheet("部分", partHead, "N-1|01|一期|期|330602101|500|", "N-1|02|二期|期|330602|300|", "A-1|01|东段|段|330602|700|"),
			sheet("月度", monthHead, "N-1|01|2026|计划投资|5|6|7", "N-1|02|2026|形象进度|10|9|", "N-1|01|2026|完成投资|5||", "A-1|01|2026|计划投资|1|1|1", "N-1|03|2026|计划投资|1|1|1"),
		)
		var preview *project.ProjectImport
		w.ok(w.db.Write(w.Context(), func(tx *store.Tx) error {
			if _, err := tx.ExecContext(w.Context(), `UPDATE project SET note = note WHERE id = $1`, id); err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(w.Context(), 20*time.Second)
			defer cancel()
			done := make(chan error, 1)
			go func() (err error) { // somebody else, beside the transaction
				defer func() { done <- err }()
				preview, err = w.svc.Import(ctx, w.yue(), "项目.xlsx", content, "")
				return err
			}() //nolint:errcheck // told through done
			return <-done
		}))
		want := []string{
			"project N-1 new", "project A-1 changed [总投资 1000→1500]", "project N-2 bad 项目!D5 outside your scope",
			"part N-1/1 new", "part N-1/2 new", "part A-1/1 new",
			"figures N-1/1 new [1月 —→5] [2月 —→6] [3月 —→7]",
			"figures N-1/2 bad 月度!4 less than the 10 % of 2026-01: say why",
			"figures N-1/1 bad 月度!5 no figures of work done before the tender is completed",
			"figures A-1/1 new [1月 —→1] [2月 —→1] [3月 —→1]",
			"figures N-1/3 bad 月度!B7 there is no part 3 (the whole is 00)",
		}
		if diff := cmp.Diff(want, told(preview)); diff != "" {
			w.Fatalf("(-want +got):\n%s", diff)
		}
		w.ok(w.tell(w.yue(), id, whole, project.Plan, 202601, "5", 0)) // of another part: the file does the same as before
		if taken := w.lots(w.yue(), content, preview.Digest); !taken.Taken || cmp.Diff(told(preview), told(taken)) != "" {
			w.Fatalf("taken otherwise than seen (-seen +taken):\n%s", cmp.Diff(told(preview), told(taken)))
		}
	})
}
