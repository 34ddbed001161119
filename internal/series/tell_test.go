package series_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/series/threshold"
	"anlan/internal/series/window"
)

func TestTell(t *testing.T) {
	t.Run("events of a time", func(t *testing.T) { each(t, testEventsOfATime) })
	t.Run("versions", func(t *testing.T) { each(t, testVersions) })
	t.Run("whole", func(t *testing.T) { each(t, testWholeRain) })
}

// testEventsOfATime asks for events by when they stood: one that cleared before is not told, one that a person took back neither.
func testEventsOfATime(w *world) {
	for n := range 3 {
		w.limit(n+1, reading.Level, threshold.Threshold{Kind: threshold.Warning, Level: dec("10")})
	}
	wrong := w.is(3, reading.Level, 20, "12")
	w.append(w.is(1, reading.Level, 90, "10.5"), w.is(1, reading.Level, 60, "9"), w.is(2, reading.Level, 30, "11"), wrong)
	if err := w.revise(wrong, series.Verdict{Act: series.Reject, Reason: "浮子卡住"}); err != nil {
		w.Fatal(err)
	}
	f := func(from, to int, want ...string) {
		w.Helper()
		list, err := w.svc.ExceedancesBetween(w.Context(), w.at.Add(-time.Duration(from)*time.Minute), w.at.Add(-time.Duration(to)*time.Minute))
		if err != nil {
			w.Fatal(err)
		}
		var got []string
		for _, e := range list {
			got = append(got, e.Peak.Value.String())
		}
		if d := cmp.Diff(want, got); d != "" {
			w.Errorf("from -%d to -%d: %s", from, to, d)
		}
	}
	f(120, 0, "10.5", "11")
	f(120, 95)
	f(80, 70, "10.5")
	f(60, 0, "11") // it cleared at the first instant, which is not in the time
	if list, err := w.svc.ExceedancesBetween(w.Context(), w.at.Add(-2*time.Hour), w.at, 999); err != nil || len(list) > 0 {
		w.Errorf("out of scope: %v, %v", list, err)
	}
}

func testVersions(w *world) {
	r := w.is(1, reading.Level, 20, "12")
	w.append(r, w.is(2, reading.Level, 20, "12"))
	if err := w.revise(r, series.Verdict{Act: series.Correct, Value: dec("11"), Reason: "校核"}); err != nil {
		w.Fatal(err)
	}
	got, err := w.svc.Revisions(w.Context(), reading.Level, w.at.Add(-time.Hour), w.at)
	if err != nil {
		w.Fatal(err)
	}
	if d := cmp.Diff(map[int64]int64{w.stations[0]: 1}, got); d != "" {
		w.Error(d)
	}
	if got, err := w.svc.Revisions(w.Context(), reading.Rain, w.at.Add(-time.Hour), w.at); err != nil || len(got) > 0 {
		w.Errorf("%v, %v", got, err)
	}
}

// testWholeRain has no outlines, so that all stations weigh alike: three of six speak.
func testWholeRain(w *world) {
	sums := map[int64]window.Sum{}
	for i, mm := range []string{"3", "6", "12"} {
		sums[w.stations[i]] = window.Sum{From: w.at.Add(-time.Hour), To: w.at, Value: dec(mm), Covered: time.Hour}
	}
	tree, err := w.reg.Tree(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	city, _ := tree.ByCode("330600")
	got, err := w.svc.WholeRain(w.Context(), city, sums)
	if err != nil || got.Method != series.ByMean || got.Value.String() != "7" || got.Rested != 3 || got.Of != 6 {
		w.Errorf("%+v, %v", got, err)
	}
	county, _ := tree.ByCode("330603")
	if got, err := w.svc.WholeRain(w.Context(), county, sums); err != nil || got.Value.String() != "6" || got.Rested != 1 || got.Of != 3 {
		w.Errorf("%+v, %v", got, err)
	}
}
