package series_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"anlan/internal/fault"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/series/threshold"
	"anlan/internal/store"
)

func TestExceedances(t *testing.T) {
	t.Run("levels", func(t *testing.T) { each(t, testLevels) })
	t.Run("judged again", func(t *testing.T) { each(t, testJudgedAgain) })
	t.Run("flash flood", func(t *testing.T) { each(t, testFlashFlood) })
	t.Run("backlog", func(t *testing.T) { each(t, testBacklog) })
	t.Run("held good", func(t *testing.T) { each(t, testHeldGood) })
	t.Run("windows", func(t *testing.T) { each(t, testJudgeWindows) })
	t.Run("exact windows", func(t *testing.T) { each(t, testExactWindow) })
	t.Run("pages", func(t *testing.T) { each(t, testExceedancePages) })
	t.Run("two processes", func(t *testing.T) { each(t, testTwoProcesses) })
}

func (w *world) limit(n int, id reading.ID, t threshold.Threshold) int64 {
	w.Helper()
	var out int64
	w.write(func(tx *store.Tx) (err error) {
		out, err = w.svc.SetThreshold(w.Context(), tx, registry.Program(), w.stations[n-1], id, t)
		return err
	})
	return out
}

// events tells what is on record, what stands first and the latest onset first.
func (w *world) events(q series.ExceedanceQuery) []string {
	w.Helper()
	list, err := w.svc.Exceedances(w.Context(), q)
	if err != nil {
		w.Fatal(err)
	}
	var out []string
	for _, e := range list {
		ago := func(s threshold.Sample) string {
			return fmt.Sprintf("%s at -%d", s.Value, int(w.at.Sub(s.At).Minutes()))
		}
		s := fmt.Sprintf("%s from %s, peak %s", e.Kind, ago(e.Onset), ago(e.Peak))
		if !e.Live {
			s += ", clear " + ago(e.Below) + e.Closed
		}
		out = append(out, s)
	}
	return out
}

func testLevels(w *world) {
	warn := w.limit(1, reading.Level, threshold.Threshold{Kind: threshold.Warning, Level: dec("10"), Fall: dec("0.1").Decimal, HoldMinutes: 10})
	w.limit(1, reading.Level, threshold.Threshold{Kind: threshold.Guarantee, Level: dec("11")})
	if again := w.limit(1, reading.Level, threshold.Threshold{Kind: threshold.Warning, Level: dec("10"), Fall: dec("0.1").Decimal, HoldMinutes: 10}); again != warn {
		w.Error("a second warning level of one station")
	}
	w.append(w.is(1, reading.Level, 60, "9.9"), w.is(1, reading.Level, 55, "10.2"))
	if d := cmp.Diff([]string{"warning from 10.2 at -55, peak 10.2 at -55"}, w.events(series.ExceedanceQuery{Live: true})); d != "" {
		w.Error(d)
	}
	w.append(w.is(1, reading.Level, 55, "10.2"), w.is(2, reading.Level, 50, "99"), w.is(1, reading.Level, 50, "11"), w.is(1, reading.Level, 45, "10.9"))
	w.svc = w.service() // the events that stand are in the store
	w.append(w.is(1, reading.Level, 30, "9.5"), w.is(1, reading.Level, 20, "9.4"))
	want := []string{"guarantee from 11 at -50, peak 11 at -50, clear 10.9 at -45", "warning from 10.2 at -55, peak 11 at -50, clear 9.5 at -30"}
	if d := cmp.Diff(want, w.events(series.ExceedanceQuery{})); d != "" {
		w.Error(d)
	}
	w.append(w.is(1, reading.Level, 55, "10.2")) // resent: nothing stands up again
	w.append(w.is(1, reading.Level, 19, "30"))   // a leap that nobody confirms
	w.append(w.is(1, reading.Level, 18, "9.4"))
	if d := cmp.Diff(want, w.events(series.ExceedanceQuery{})); d != "" {
		w.Error(d)
	}
	w.append(w.is(1, reading.Level, 10, "10.5"))
	retire := func(by registry.Editor) error {
		return w.db.Write(w.Context(), func(tx *store.Tx) error { return w.svc.RetireThreshold(w.Context(), tx, by, warn) })
	}
	if err := retire(registry.Editor{}); !fault.Is(err, fault.Forbidden) {
		w.Errorf("nobody: %v", err)
	}
	if err := retire(registry.Program()); err != nil {
		w.Fatal(err)
	}
	if got := w.events(series.ExceedanceQuery{Live: true}); got != nil {
		w.Errorf("an event without a threshold stands: %v", got)
	}
	w.append(w.is(1, reading.Level, 5, "10.6"))
	if got := w.events(series.ExceedanceQuery{}); len(got) != 3 || got[0] != "warning from 10.5 at -10, peak 10.5 at -10, clear — at -0retired" {
		w.Errorf("%q", got)
	}
	if limits, err := w.svc.Thresholds(w.Context(), w.stations[0]); err != nil || len(limits) != 1 || limits[0].Kind != threshold.Guarantee || limits[0].Quantity != "level" {
		w.Errorf("%+v, %v", limits, err)
	}
	if got := w.events(series.ExceedanceQuery{Scopes: []int64{999}}); got != nil {
		w.Errorf("out of scope: %v", got)
	}
}

// testExceedancePages reads events a page at a time: those that stand first, none twice and none left out, whatever narrows them.
func testExceedancePages(w *world) {
	for n := range 6 {
		w.limit(n+1, reading.Level, threshold.Threshold{Kind: threshold.Warning, Level: dec("10")})
		w.append(w.is(n+1, reading.Level, 60-n, "10.4"), w.is(n+1, reading.Level, 40-n, "9.9"))
	}
	w.append(w.is(2, reading.Level, 10, "10.2"), w.is(5, reading.Level, 9, "10.2"))
	at := map[int64]int{}
	for i, id := range w.stations {
		at[id] = i + 1
	}
	all := func(q series.ExceedanceQuery) (out string) {
		w.Helper()
		for range 20 {
			list, next, err := w.svc.ExceedancePage(w.Context(), q)
			if err != nil {
				w.Fatal(err)
			}
			for _, e := range list {
				out += fmt.Sprint(at[e.Object])
				if e.Live {
					out += "!"
				}
			}
			if q.After = next; next == "" {
				return out
			}
		}
		return out + " and no end"
	}
	f := func(q series.ExceedanceQuery, want string) {
		w.Helper()
		for _, q.Limit = range []int{1, 3, 100} {
			if got := all(q); got != want {
				w.Errorf("%+v: %s, want %s", q, got, want)
			}
		}
	}
	tree, err := w.reg.Tree(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	west, _ := tree.ByCode("330602")
	f(series.ExceedanceQuery{}, "5!2!654321")
	f(series.ExceedanceQuery{Live: true}, "5!2!")
	f(series.ExceedanceQuery{Ended: true}, "654321")
	f(series.ExceedanceQuery{Division: west.ID}, "5!531")
	f(series.ExceedanceQuery{Text: "5号"}, "5!5")
	f(series.ExceedanceQuery{Text: "63300002"}, "2!2")
	f(series.ExceedanceQuery{Text: "%"}, "")
	f(series.ExceedanceQuery{Kind: "rain"}, "")
	f(series.ExceedanceQuery{Kind: "warning", Until: w.at.Add(-58 * time.Minute)}, "321")
	f(series.ExceedanceQuery{Since: w.at.Add(-37 * time.Minute)}, "5!2!654")
	if n, err := w.svc.CountStanding(w.Context(), series.ExceedanceQuery{Division: west.ID}); n != 1 || err != nil {
		w.Errorf("%d stand, %v", n, err)
	}
	if _, _, err := w.svc.ExceedancePage(w.Context(), series.ExceedanceQuery{After: "7.x"}); !fault.Is(err, fault.Invalid) {
		w.Errorf("a cursor that is none: %v", err)
	}
}

// testFlashFlood: a river that rises faster than any limit of the checks alarms with the second reading above its limit.
func testFlashFlood(w *world) {
	w.limit(1, reading.Level, threshold.Threshold{Kind: threshold.Warning, Level: dec("10")})
	for i, level := range []string{"6", "6.1", "8.1", "10.2", "12.4", "14.8", "17", "17.1"} {
		w.append(w.is(1, reading.Level, 60-5*i, level))
		if got := w.events(series.ExceedanceQuery{Live: true}); i >= 4 && len(got) != 1 {
			w.Errorf("at %s: %q", level, got)
		}
	}
	if got := w.events(series.ExceedanceQuery{}); len(got) != 1 || got[0] != "warning from 10.2 at -45, peak 17.1 at -25" {
		w.Errorf("%q", got)
	}
	w.limit(2, reading.Level, threshold.Threshold{Kind: threshold.Warning, Level: dec("10")})
	w.append(w.is(2, reading.Level, 30, "8"), w.is(2, reading.Level, 25, "11"), w.is(2, reading.Level, 20, "11.1"), w.is(2, reading.Level, 15, "30"), w.is(2, reading.Level, 10, "9.9"))
	want := "warning from 11 at -25, peak 11.1 at -20, clear 9.9 at -10" // the onset is the leap that was confirmed; the spike is none
	if got := w.events(series.ExceedanceQuery{Ended: true}); len(got) != 1 || got[0] != want {
		w.Errorf("%q", got)
	}
}

// testBacklog: a station was cut off while the water rose; what it sends afterwards, in any order, makes the events that happened.
func testBacklog(w *world) {
	for n := range 5 {
		w.limit(n+1, reading.Level, threshold.Threshold{Kind: threshold.Warning, Level: dec("10"), HoldMinutes: 10})
	}
	want := func(n int, want ...string) {
		w.Helper()
		if d := cmp.Diff(want, w.events(series.ExceedanceQuery{Object: w.stations[n-1]})); d != "" {
			w.Errorf("station %d: %s", n, d)
		}
	}
	w.append(w.is(1, reading.Level, 60, "9.5"), w.is(1, reading.Level, 5, "9.4"))
	w.append(w.is(1, reading.Level, 40, "10.6"), w.is(1, reading.Level, 50, "10.2"), w.is(1, reading.Level, 20, "9.7"), w.is(1, reading.Level, 30, "9.9"))
	want(1, "warning from 10.2 at -50, peak 10.6 at -40, clear 9.9 at -30") // it came and went unseen

	w.append(w.is(2, reading.Level, 60, "9.5"), w.is(2, reading.Level, 10, "10.3"))
	w.append(w.is(2, reading.Level, 30, "11.2"))
	w.append(w.is(2, reading.Level, 40, "10.4"))
	want(2, "warning from 10.4 at -40, peak 11.2 at -30") // it stands, began sooner and was higher

	w.append(w.is(3, reading.Level, 60, "10.1"), w.is(3, reading.Level, 30, "9.5"), w.is(3, reading.Level, 15, "9.4"))
	w.append(w.is(3, reading.Level, 50, "10.9"))
	want(3, "warning from 10.1 at -60, peak 10.9 at -50, clear 9.5 at -30") // it has ended and was higher

	w.append(w.is(4, reading.Level, 60, "9.5"), w.is(4, reading.Level, 5, "9.4"))
	w.append(w.is(4, reading.Level, 40, "30")) // a broken sensor's leap is none in a backlog either
	w.append(w.is(4, reading.Level, 2000, "10.5"))
	want(4) // older than a day: a table of the past raises no alarm

	w.append(w.is(5, reading.Level, 60, "10.5"), w.is(5, reading.Level, 5, "10.5"))
	w.append(w.is(5, reading.Level, 40, "9.5"), w.is(5, reading.Level, 25, "9.6"))
	want(5, "warning from 10.5 at -5, peak 10.5 at -5") // it had gone down in between
	w.svc = w.service()
	w.append(w.is(5, reading.Level, 1, "10.6"))
	want(5, "warning from 10.5 at -5, peak 10.6 at -1")
}

// testHeldGood: a person holds good what the checks took for a broken sensor, and the alarm goes off; and takes it back.
func testHeldGood(w *world) {
	w.limit(1, reading.Level, threshold.Threshold{Kind: threshold.Warning, Level: dec("10")})
	leap := w.is(1, reading.Level, 10, "13")
	w.append(w.is(1, reading.Level, 15, "9"), leap)
	if got := w.events(series.ExceedanceQuery{}); got != nil {
		w.Fatalf("%q", got)
	}
	for _, f := range []struct {
		verdict series.Verdict
		want    string
	}{
		{series.Verdict{Act: series.Accept, Reason: "seen on the camera"}, "warning from 13 at -10, peak 13 at -10"},
		{series.Verdict{Act: series.Correct, Value: dec("12.5"), Reason: "staff gauge"}, "warning from 12.5 at -10, peak 12.5 at -10"},
		{series.Verdict{Act: series.Reject, Reason: "the wrong camera"}, "warning from 12.5 at -10, peak 12.5 at -10, clear — at -0revised"},
	} {
		if err := w.revise(leap, f.verdict); err != nil {
			w.Fatal(err)
		}
		if got := w.events(series.ExceedanceQuery{}); len(got) != 1 || got[0] != f.want {
			w.Errorf("%s: %q", f.verdict.Act, got)
		}
	}
	w.append(w.is(1, reading.Level, 5, "9.1"))
	if got := w.events(series.ExceedanceQuery{Live: true}); got != nil {
		w.Errorf("%q", got)
	}
}

// testJudgedAgain has a person deny the reading that raised an alarm, and correct the peak of another.
func testJudgedAgain(w *world) {
	for n := range 2 {
		w.limit(n+1, reading.Level, threshold.Threshold{Kind: threshold.Warning, Level: dec("10"), HoldMinutes: 60})
	}
	wrong := w.is(1, reading.Level, 20, "10.4")
	w.append(w.is(1, reading.Level, 30, "9.9"), wrong, w.is(1, reading.Level, 10, "9.9"))
	peak := w.is(2, reading.Level, 20, "10.9")
	w.append(w.is(2, reading.Level, 30, "10.1"), peak, w.is(2, reading.Level, 10, "10.2"))
	for r, v := range map[*reading.Reading]series.Verdict{
		&wrong: {Act: series.Reject, Reason: "x"}, &peak: {Act: series.Correct, Value: dec("10.3"), Reason: "x"},
	} {
		if err := w.revise(*r, v); err != nil {
			w.Fatal(err)
		}
	}
	want := []string{"warning from 10.1 at -30, peak 10.3 at -20", "warning from 10.4 at -20, peak 10.4 at -20, clear — at -0revised"}
	if d := cmp.Diff(want, w.events(series.ExceedanceQuery{})); d != "" {
		w.Error(d)
	}
	w.append(w.is(1, reading.Level, 5, "10.5"), w.is(2, reading.Level, 5, "10.25"))
	want = []string{"warning from 10.5 at -5, peak 10.5 at -5", "warning from 10.1 at -30, peak 10.3 at -20"}
	if d := cmp.Diff(want, w.events(series.ExceedanceQuery{Live: true})); d != "" {
		w.Error(d)
	}
}

func (w *world) judge() {
	w.Helper()
	if err := w.svc.JudgeWindows(w.Context()); err != nil {
		w.Fatal(err)
	}
}

func testJudgeWindows(w *world) {
	w.judge()
	w.limit(1, reading.Rain, threshold.Threshold{Kind: threshold.Rain, Level: dec("20"), Minutes: 60})
	w.limit(1, reading.Rain, threshold.Threshold{Kind: threshold.Rain, Level: dec("25"), Minutes: 180})
	w.limit(2, reading.Rain, threshold.Threshold{Kind: threshold.Silence, Minutes: 30})
	w.limit(3, reading.Rain, threshold.Threshold{Kind: threshold.Silence, Minutes: 30})
	w.append(w.is(1, reading.Rain, 50, "12"), w.is(1, reading.Rain, 20, "9"), w.is(2, reading.Rain, 29, "0"))
	w.judge()
	want := []string{"rain_60 from 21 at -0, peak 21 at -0"}
	if d := cmp.Diff(want, w.events(series.ExceedanceQuery{})); d != "" {
		w.Error(d)
	}
	w.svc = w.service() // as a process that took no reading in
	w.at = w.at.Add(15 * time.Minute)
	w.judge()
	want = []string{"no_data from — at -14, peak — at -0", "rain_60 from 21 at -15, peak 21 at -15, clear 9 at -0"}
	if d := cmp.Diff(want, w.events(series.ExceedanceQuery{})); d != "" {
		w.Error(d)
	}
	w.append(w.is(2, reading.Rain, 0, "0"))
	w.judge()
	if got := w.events(series.ExceedanceQuery{Live: true}); got != nil {
		w.Errorf("spoke again, and yet %v", got)
	}
	w.append(w.is(1, reading.Rain, 0, "30")) // and then its station dies
	w.judge()
	for range 7 {
		w.at = w.at.Add(10 * time.Minute)
		w.judge()
	}
	if got := w.events(series.ExceedanceQuery{Live: true, Kind: "rain"}); len(got) != 1 || got[0][:8] != "rain_180" {
		w.Errorf("an hour later: %q", got)
	}
	for range 24 {
		w.at = w.at.Add(10 * time.Minute)
		w.judge()
	}
	w.limit(4, reading.Rain, threshold.Threshold{Kind: threshold.Rain, Level: dec("20"), Minutes: 60})
	hour := w.is(4, reading.Rain, 0, "40")
	hour.Span = time.Hour
	w.append(hour)
	w.judge()
	w.at = w.at.Add(30 * time.Minute)
	w.judge() // the hour began before this window, and its station is not silent
	if got := w.events(series.ExceedanceQuery{Live: true, Object: w.stations[3]}); len(got) != 1 {
		w.Errorf("%q", got)
	}
	got := w.events(series.ExceedanceQuery{Kind: "rain", Object: w.stations[0]})
	if len(got) < 2 || !strings.HasSuffix(got[0], "silent") || !strings.HasSuffix(got[1], "silent") {
		w.Errorf("%q", got)
	}
}

// testExactWindow: rain that fell before the window is not judged with it, also where the window begins in an hour that is sealed.
func testExactWindow(w *world) {
	for n := range 2 {
		w.limit(n+1, reading.Rain, threshold.Threshold{Kind: threshold.Rain, Level: dec("50"), Minutes: 360})
	}
	// The window begins at half past an hour of long ago; the rain before it is of the same hour.
	w.append(w.is(1, reading.Rain, 375, "30"), w.is(1, reading.Rain, 350, "15"), w.is(1, reading.Rain, 5, "10"))
	w.append(w.is(2, reading.Rain, 375, "30"), w.is(2, reading.Rain, 350, "35"), w.is(2, reading.Rain, 5, "20"))
	w.seal()
	w.judge()
	if got := w.events(series.ExceedanceQuery{}); len(got) != 1 || got[0] != "rain_360 from 55 at -0, peak 55 at -0" {
		w.Errorf("%q", got)
	}
}

// testTwoProcesses has two services that know nothing of each other meet the same rise.
func testTwoProcesses(w *world) {
	w.limit(1, reading.Level, threshold.Threshold{Kind: threshold.Warning, Level: dec("10")})
	other := w.service()
	w.append(w.is(1, reading.Level, 30, "9"))
	if _, err := other.Append(w.Context(), []reading.Reading{w.is(1, reading.Level, 25, "9.1")}); err != nil {
		w.Fatal(err)
	}
	w.append(w.is(1, reading.Level, 20, "10.1"))
	for _, ago := range []int{15, 10} {
		if _, err := other.Append(w.Context(), []reading.Reading{w.is(1, reading.Level, ago, "10.5")}); err != nil {
			w.Fatal(err)
		}
	}
	if d := cmp.Diff([]string{"warning from 10.1 at -20, peak 10.5 at -10"}, w.events(series.ExceedanceQuery{})); d != "" {
		w.Error(d)
	}
}
