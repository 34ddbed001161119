package series_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"anlan/internal/fault"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/series/reading"
)

func TestImport(t *testing.T) { each(t, testImport) }

func testImport(w *world) {
	w.append(w.is(6, reading.Level, 0, "1"))
	file := "测站编码,时间,水位(m),雨量(mm)\n63300001,2026-07-01 12:00,5.1,2\n2号站,2020-07-01 12:00,5.2,—\n63300001,2026-07-01 12:05,/,3\n63399999,2026-07-01 12:00,5,1\n63300001,2026-07-01 12:10,坏,\n"
	o := series.ImportOptions{Span: 5 * time.Minute}
	load := func(o series.ImportOptions) series.ImportReport {
		w.Helper()
		r, err := w.svc.Import(w.Context(), registry.Program(), "a.csv", []byte(file), o)
		if err != nil {
			w.Fatal(err)
		}
		return r
	}
	dry := o
	dry.DryRun = true
	if r := load(dry); r.Readings != 4 || len(r.Refused) != 2 || r.New != 0 || len(w.all(1, reading.Level)) != 0 {
		w.Errorf("a look stored something: %+v", r)
	}
	var told []int
	o.Progress = func(done, all int) { told = append(told, done, all) }
	if d := cmp.Diff(series.Outcome{New: 4}, load(o).Outcome); d != "" {
		w.Error(d)
	}
	if d := cmp.Diff([]int{4, 4}, told); d != "" {
		w.Error(d)
	}
	if d := cmp.Diff(series.Outcome{Same: 4}, load(o).Outcome); d != "" {
		w.Errorf("the same file: %s", d)
	}
	// A person corrects; the same file still changes nothing.
	r := w.is(1, reading.Level, 30, "5.1")
	if err := w.revise(r, series.Verdict{Act: series.Correct, Value: dec("5.15"), Reason: "x"}); err != nil {
		w.Fatal(err)
	}
	if d := cmp.Diff(series.Outcome{Same: 4}, load(o).Outcome); d != "" {
		w.Errorf("the same file after a correction: %s", d)
	}
	if d := cmp.Diff([]string{"5.15 corrected", "2", "3", "5.2"}, append(append(w.all(1, reading.Level), w.all(1, reading.Rain)...), w.all(2, reading.Level)...)); d != "" {
		w.Error(d)
	}
	sources, err := w.svc.Sources(w.Context())
	if err != nil || !strings.HasPrefix(sources[1].Name, "a.csv ") {
		w.Errorf("%+v, %v", sources, err)
	}
	tree, err := w.reg.Tree(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	county, _ := tree.ByCode("330603")
	report, err := w.svc.Import(w.Context(), registry.Editor{May: func(d int64) bool { return d == county.ID }}, "a.csv", []byte(file), o)
	if err != nil || report.Readings != 1 || len(report.Refused) != 4 {
		w.Errorf("a county's clerk: %+v, %v", report, err)
	}
	if _, err = w.svc.Import(w.Context(), registry.Editor{}, "a.csv", []byte("时间,水位\n2026-07-01 12:00,1\n"), series.ImportOptions{Object: w.stations[0]}); !fault.Is(err, fault.Forbidden) {
		w.Errorf("nobody: %v", err)
	}
	if _, err = w.svc.Import(w.Context(), registry.Program(), "a.csv", []byte("x"), o); !fault.Is(err, fault.Invalid) {
		w.Errorf("no table: %v", err)
	}
}
