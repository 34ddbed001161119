package series_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"anlan/internal/fault"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/series/reading"
)

// zipped packs files as a ZIP, by pairs of name and content.
func zipped(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := z.Create(files[i])
		if err == nil {
			_, err = f.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestImportFolder(t *testing.T) { each(t, testImportFolder) }

// testImportFolder takes a folder in: each table says how it was read, one of another kind is left out and said to be, places name the table,
// and the same folder changes nothing.
func testImportFolder(w *world) {
	data := zipped(w.T, "导出/ST_RIVER_R.csv", "STCD,TM,Z\n63300001,2026-07-01 12:00,5.1\n63300099,2026-07-01 12:00,5\n", "导出/雨量.csv", "站码,时间,雨量(mm),备注\n63300002,2026-07-01 12:00,1.5,\n",
		"导出/说明.csv", "a,b\n1,2\n", "导出/readme.md", "x", "__MACOSX/导出/._雨量.csv", "x")
	o := series.ImportOptions{Span: time.Hour}
	preview, rows, err := w.svc.Preview(w.Context(), registry.Program(), "导出.zip", data, o)
	if err != nil {
		w.Fatal(err)
	}
	if preview.New != 2 || len(rows) != 2 || rows[0].Sheet != "导出/ST_RIVER_R.csv" {
		w.Errorf("foreseen: %+v, %+v", preview.Outcome, rows)
	}
	load := func() series.ImportReport {
		w.Helper()
		r, err := w.svc.Import(w.Context(), registry.Program(), "导出.zip", data, o)
		if err != nil {
			w.Fatal(err)
		}
		return r
	}
	r := load()
	if d := cmp.Diff(series.Outcome{New: 2}, r.Outcome); d != "" {
		w.Error(d)
	}
	var files []string
	for _, f := range r.Files {
		why := ""
		if f.Failure != nil {
			why = f.Failure.En[:16]
		}
		files = append(files, fmt.Sprintf("%s %s %d %d %s", f.Name, f.Encoding, f.Readings, f.Refused, why))
	}
	if d := cmp.Diff([]string{"导出/ST_RIVER_R.csv utf-8 1 1 ", "导出/说明.csv utf-8 0 0 no head was foun", "导出/雨量.csv utf-8 1 0 "}, files); d != "" {
		w.Error(d)
	}
	if len(r.Refused) != 1 || r.Refused[0].Sheet != "导出/ST_RIVER_R.csv" || r.Refused[0].Place != "A3" || len(r.Columns) != 6 || len(r.Ignored) != 1 {
		w.Errorf("%+v, %+v, %v", r.Refused, r.Columns, r.Ignored)
	}
	if d := cmp.Diff(series.Outcome{Same: 2}, load().Outcome); d != "" {
		w.Errorf("the same folder: %s", d)
	}
	for name, data := range map[string][]byte{"空.zip": zipped(w.T, "a.md", "x"), "坏.zip": []byte("PK\x03\x04junk"), "无表.zip": zipped(w.T, "a.csv", "a,b\n1,2\n")} {
		if _, err := w.svc.Import(w.Context(), registry.Program(), name, data, o); !fault.Is(err, fault.Invalid) {
			w.Errorf("%s: %v", name, err)
		}
	}
}

func TestImportJob(t *testing.T) { each(t, testImportJob) }

// testImportJob cuts an import off in its middle: the upload is still there for another process, and taken up again every row is in once.
func testImportJob(w *world) {
	ctx := w.Context()
	var text strings.Builder
	text.WriteString("站码,时间,水位\n")
	const rows = 12_000
	begin := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	for i := range rows {
		fmt.Fprintf(&text, "63300001,%s,5.%d\n", begin.Add(time.Duration(i)*time.Minute).Format(time.RFC3339), i%10)
	}
	data := []byte(text.String())
	job := series.ImportJob{ID: "1", Account: "yue", By: "越", Name: "a.csv", State: series.ImportWaits, Uploaded: w.at, Said: series.ImportSaid{Minutes: 5}}
	if err := w.svc.KeepImport(ctx, &job, data); err != nil {
		w.Fatal(err)
	}
	if _, err := w.svc.ImportJob(ctx, "keqiao", "1"); !fault.Is(err, fault.NotFound) {
		w.Errorf("another's import: %v", err)
	}
	if err := w.svc.StartImport(ctx, &job, "first"); err != nil {
		w.Fatal(err)
	}
	if stale := (series.ImportJob{ID: "1", State: series.ImportWaits}); !fault.Is(w.svc.StartImport(ctx, &stale, "other"), fault.Conflict) {
		w.Error("it was started twice")
	}
	func() {
		defer func() { _ = recover() }() // the process dies after its first batch
		_, _ = w.svc.Import(ctx, registry.Program(), job.Name, data, series.ImportOptions{Progress: func(done, _ int) {
			if err := w.svc.BeatImport(ctx, &job, done); err != nil {
				w.Error(err)
			}
			panic("killed")
		}})
	}()

	again := w.service()
	seen, err := again.ImportJob(ctx, "yue", "1")
	if err != nil || seen.State != series.ImportRunning || seen.Done != 5000 || seen.Said.Minutes != 5 || seen.Runner != "first" {
		w.Fatalf("%+v, %v", seen, err)
	}
	seen.State = series.ImportInterrupted
	if err := again.StartImport(ctx, &seen, "second"); err != nil {
		w.Fatal(err)
	}
	if err := w.svc.BeatImport(ctx, &job, 9); !fault.Is(err, fault.Conflict) {
		w.Errorf("the process that was held to be dead goes on: %v", err)
	}
	kept, err := again.ImportData(ctx, "1")
	if err != nil {
		w.Fatal(err)
	}
	seen.Report, err = again.Import(ctx, registry.Program(), seen.Name, kept, seen.Said.Options())
	if err != nil {
		w.Fatal(err)
	}
	if d := cmp.Diff(series.Outcome{New: rows - 5000, Same: 5000}, seen.Report.Outcome); d != "" {
		w.Error(d)
	}
	seen.State, seen.Done = series.ImportDone, rows
	if err := again.EndImport(ctx, &seen); err != nil {
		w.Fatal(err)
	}
	if n := len(w.points(1, reading.Level, begin, begin.Add(rows*time.Minute))); n != rows {
		w.Errorf("%d of %d rows", n, rows)
	}
	list, err := w.svc.ImportJobs(ctx, "yue", 10)
	if err != nil || len(list) != 1 || list[0].State != series.ImportDone || list[0].Report.New != rows-5000 || list[0].Ended == nil {
		w.Errorf("%+v, %v", list, err)
	}
	if _, err := w.svc.ImportData(ctx, "1"); !fault.Is(err, fault.Conflict) {
		w.Errorf("the file of what is done: %v", err)
	}
}

func TestImportJobsBounded(t *testing.T) { each(t, testImportJobsBounded) }

// testImportJobsBounded keeps a few uploads of each account, lets a failed one be tried again, and forgets what nobody confirms.
func testImportJobsBounded(w *world) {
	ctx := w.Context()
	keep := func(id string) series.ImportJob {
		job := series.ImportJob{ID: id, Account: "yue", Name: id, State: series.ImportWaits, Uploaded: w.at}
		if err := w.svc.KeepImport(ctx, &job, []byte("x")); err != nil {
			w.Fatal(err)
		}
		return job
	}
	ids := func() (out []string) {
		list, err := w.svc.ImportJobs(ctx, "yue", 100)
		if err != nil {
			w.Fatal(err)
		}
		for _, job := range list {
			out = append(out, job.ID)
		}
		return out
	}
	for i := range 7 {
		keep(fmt.Sprint(i))
	}
	if d := cmp.Diff([]string{"6", "5", "4", "3", "2"}, ids()); d != "" {
		w.Error(d)
	}
	job, err := w.svc.ImportJob(ctx, "yue", "6")
	if err == nil {
		err = w.svc.StartImport(ctx, &job, "r")
	}
	if err == nil {
		job.State, job.Failure = series.ImportFailed, &fault.Text{Zh: "磁盘满", En: "disk full"}
		err = w.svc.EndImport(ctx, &job)
	}
	if err == nil {
		job, err = w.svc.ImportJob(ctx, "yue", "6")
	}
	if err != nil || job.State != series.ImportFailed || job.Failure.En != "disk full" {
		w.Fatalf("%+v, %v", job, err)
	}
	if err := errors.Join(w.svc.ForeseeImport(ctx, &job), w.svc.StartImport(ctx, &job, "r")); err != nil {
		w.Errorf("it is not tried again: %v", err)
	}
	if err := w.svc.DropImport(ctx, &job); err != nil {
		w.Error(err)
	}
	w.at = w.at.Add(8 * 24 * time.Hour)
	keep("9")
	if d := cmp.Diff([]string{"9"}, ids()); d != "" {
		w.Error(d)
	}
}
