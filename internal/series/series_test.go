package series_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"anlan/internal/fault"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/series/quality"
	"anlan/internal/series/reading"
	"anlan/internal/store"
)

// TestContract is what both engines keep of readings.
func TestContract(t *testing.T) {
	for _, c := range []struct {
		name string
		f    func(w *world)
	}{
		{"append", testAppend},
		{"revisions", testRevisions},
		{"people", testPeople},
		{"sealing", testSealing},
		{"checks", testChecks},
		{"derived rain", testDerivedRain},
		{"clock", testClock},
		{"overlap", testOverlap},
		{"an hour and its parts", testParts},
		{"rollback", testRollback},
		{"stations", testStations},
		{"limits", testLimits},
	} {
		t.Run(c.name, func(t *testing.T) { each(t, c.f) })
	}
}

func testAppend(w *world) {
	w.append(w.is(1, reading.Level, 10, "5.01"))
	list := []reading.Reading{w.is(2, reading.Level, 5, "3"), w.is(1, reading.Level, 5, "5.02"), w.is(1, reading.Level, 10, "5.01"), w.is(1, reading.Rain, 5, "0.5")}
	if d := cmp.Diff(series.Outcome{New: 3, Same: 1}, w.append(list...)); d != "" {
		w.Error(d)
	}
	if d := cmp.Diff(series.Outcome{Same: 4}, w.append(list...)); d != "" {
		w.Errorf("a second time: %s", d)
	}
	if d := cmp.Diff([]string{"5.01", "5.02"}, w.all(1, reading.Level)); d != "" {
		w.Error(d)
	}
	if got := w.latest(1, reading.Level); got.Value.String() != "5.02" || !got.At.Equal(w.at.Add(-5*time.Minute)) {
		w.Errorf("latest: %+v", got)
	}
	w.append(w.is(1, reading.Level, 20, "4.9"))
	if got := w.latest(1, reading.Level); got.Value.String() != "5.02" {
		w.Errorf("a late reading became the newest: %+v", got)
	}
	twice := []reading.Reading{w.is(3, reading.Level, 1, "1"), w.is(3, reading.Level, 1, "1"), w.is(3, reading.Level, 1, "1.5")}
	if d := cmp.Diff(series.Outcome{New: 1, Same: 1, Revised: 1}, w.append(twice...)); d != "" {
		w.Errorf("one key thrice in a batch: %s", d)
	}
	if got := w.latest(3, reading.Level); got.Value.String() != "1.5" {
		w.Errorf("latest after a revision in one batch: %+v", got)
	}
	if len(w.heard) != 1+4+4+1+1 {
		w.Errorf("heard of %d readings", len(w.heard))
	}
	none, err := w.svc.Latest(w.Context(), series.LatestQuery{Scopes: []int64{999}})
	all, err2 := w.svc.Latest(w.Context(), series.LatestQuery{Scopes: []int64{1}, Quantity: reading.Level})
	if err != nil || err2 != nil || len(none) != 0 || len(all) != 3 {
		w.Errorf("latest by scope: %d and %d, %v", len(none), len(all), errors.Join(err, err2))
	}
	bad := w.is(1, reading.Level, 0, "1")
	bad.Source = 99
	if _, err := w.svc.Append(w.Context(), []reading.Reading{bad}); !fault.Is(err, fault.Invalid) {
		w.Errorf("a source that nobody named: %v", err)
	}
}

// story tells the history of a reading.
func (w *world) story(r reading.Reading) []string {
	w.Helper()
	list, err := w.svc.History(w.Context(), r.Key())
	if err != nil {
		w.Fatal(err)
	}
	var out []string
	for _, v := range list {
		s := fmt.Sprintf("%d %s", v.Seq, v.Value)
		if v.By.Name != "" {
			s += " by " + v.By.Name + ": " + v.Reason
		}
		if !v.Taken {
			s += " (not taken)"
		}
		out = append(out, s)
	}
	return out
}

// old are readings on both sides of the horizon: the hot one and the sealed one must behave alike.
func (w *world) bothSides(f func(name string, ago int)) {
	w.append(w.is(6, reading.Level, 0, "1")) // sets the horizon
	f("hot", 30)
	f("sealed", 60*24*10)
}

func testRevisions(w *world) {
	w.bothSides(func(name string, ago int) {
		a, b, c := w.is(1, reading.Level, ago, "5"), w.is(1, reading.Level, ago, "6"), w.is(1, reading.Level, ago, "-")
		w.append(a)
		if d := cmp.Diff([]string(nil), w.story(a)); d != "" {
			w.Errorf("%s: a history of one: %s", name, d)
		}
		if out := w.append(b); out.Revised != 1 {
			w.Errorf("%s: %+v", name, out)
		}
		if out := w.append(a); out.Same != 1 {
			w.Errorf("%s: the first sent again: %+v", name, out)
		}
		if out := w.append(c); out.Kept != 1 {
			w.Errorf("%s: an absent value took the place of a figure: %+v", name, out)
		}
		if d := cmp.Diff([]string{"1 5", "2 6", "3 — (not taken)"}, w.story(a)); d != "" {
			w.Errorf("%s: %s", name, d)
		}
		got := w.points(1, reading.Level, a.At, a.At)
		if len(got) != 1 || got[0].Value.String() != "6" {
			w.Errorf("%s: stands %+v", name, got)
		}
		thrice := []reading.Reading{w.is(4, reading.Level, ago, "1"), w.is(4, reading.Level, ago, "2"), w.is(4, reading.Level, ago, "9999")}
		if out := w.append(thrice...); out.New != 1 || out.Revised != 2 || out.Flagged != 1 {
			w.Errorf("%s: three figures for one key in one batch: %+v", name, out)
		}
		if got = w.points(4, reading.Level, thrice[0].At, thrice[0].At); len(got) != 1 || got[0].Value.String() != "9999" || got[0].Flags != reading.Range {
			w.Errorf("%s: stands %+v", name, got)
		}
	})
}

func testPeople(w *world) {
	w.bothSides(func(name string, ago int) {
		r := w.is(2, reading.Level, ago, "9999")
		w.append(w.is(2, reading.Level, ago+5, "5"), r)
		flags := func(want ...string) {
			w.Helper()
			got := w.points(2, reading.Level, r.At, r.At)
			if len(got) != 1 || !slices.Equal(got[0].Flags.Codes(), want) {
				w.Errorf("%s: %+v, want %v", name, got, want)
			}
		}
		flags("range")
		if err := w.revise(r, series.Verdict{Act: series.Reject, Reason: "传感器故障"}); err != nil {
			w.Fatal(err)
		}
		flags("range", "rejected")
		if err := w.revise(r, series.Verdict{Act: series.Correct, Value: dec("5.05"), Reason: "人工观测"}); err != nil {
			w.Fatal(err)
		}
		flags("range", "corrected")
		other := r
		other.Value = dec("7")
		if out := w.append(other); out.Kept != 1 {
			w.Errorf("%s: a gauge overturned a person: %+v", name, out)
		}
		if got := w.points(2, reading.Level, r.At, r.At); got[0].Value.String() != "5.05" || !got[0].Counts() {
			w.Errorf("%s: %+v", name, got)
		}
		if d := cmp.Diff([]string{"1 9999", "2 9999 by 沈: 传感器故障", "3 5.05 by 沈: 人工观测", "4 7 (not taken)"}, w.story(r)); d != "" {
			w.Errorf("%s: %s", name, d)
		}
		for what, v := range map[string]series.Verdict{
			"no reason": {Act: series.Accept}, "no figure": {Act: series.Correct, Reason: "x"}, "a figure too many": {Act: series.Accept, Value: dec("1"), Reason: "x"},
			"no act": {Reason: "x"},
		} {
			if err := w.revise(r, v); !fault.Is(err, fault.Invalid) {
				w.Errorf("%s: %v", what, err)
			}
		}
		if err := w.revise(w.is(2, reading.Level, ago+1, "5"), series.Verdict{Act: series.Accept, Reason: "x"}); !fault.Is(err, fault.NotFound) {
			w.Errorf("%s: what is not there: %v", name, err)
		}
	})
	newest := w.is(2, reading.Level, 0, "5.1")
	w.append(newest)
	if err := w.revise(newest, series.Verdict{Act: series.Reject, Reason: "x"}); err != nil {
		w.Fatal(err)
	}
	if got := w.latest(2, reading.Level); got.Flags != reading.Rejected {
		w.Errorf("the newest does not know that it was rejected: %+v", got)
	}
	var n int
	if err := w.db.QueryRowContext(w.Context(), `SELECT COUNT(*) FROM audit_entry WHERE action LIKE 'reading.%'`).Scan(&n); err != nil || n != 5 {
		w.Errorf("%d entries of the audit, %v", n, err)
	}
}

// testSealing plays days of readings with gaps, late ones and resends, sealing now and then, and holds what is read against what was
// sent.
func testSealing(w *world) {
	r := rand.New(rand.NewPCG(7, 7))
	want := map[int64]map[int64]string{}
	for hour := range 60 {
		var batch []reading.Reading
		for n := range 6 {
			for m := range 12 {
				if r.IntN(10) == 0 {
					continue
				}
				ago := m * 5
				if r.IntN(30) == 0 {
					ago += r.IntN(60 * 40) // recovered from the station's memory
				}
				x := w.is(n+1, reading.Level, ago, fmt.Sprintf("%d.%03d", 5+n, r.IntN(1000)))
				batch = append(batch, x)
			}
		}
		w.append(batch...)
		for n, object := range w.stations {
			if want[object] == nil {
				want[object] = map[int64]string{}
			}
			for _, p := range w.points(n+1, reading.Level, w.at.Add(-42*time.Hour), w.at) {
				want[object][p.At.UnixMilli()] = p.Value.String()
			}
		}
		for _, x := range batch {
			if _, ok := want[x.Object][x.At.UnixMilli()]; !ok {
				w.Fatalf("hour %d: the reading of %s is not there", hour, x.At)
			}
		}
		w.at = w.at.Add(time.Hour)
		if r.IntN(5) == 0 {
			w.seal()
		}
	}
	w.seal()
	if n := w.seal(); n != 0 {
		w.Errorf("sealing again sealed %d", n)
	}
	for _, object := range w.stations {
		got := map[int64]string{}
		list, err := w.svc.Points(w.Context(), object, reading.Level, w.at.AddDate(0, 0, -10), w.at)
		if err != nil {
			w.Fatal(err)
		}
		for _, p := range list {
			got[p.At.UnixMilli()] = p.Value.String()
		}
		if len(list) != len(got) || !slices.IsSortedFunc(list, func(a, b reading.Point) int { return a.At.Compare(b.At) }) {
			w.Errorf("object %d: readings twice or out of order", object)
		}
		if d := cmp.Diff(want[object], got); d != "" {
			w.Errorf("object %d: %s", object, d)
		}
	}
	var hot, chunks int
	err := w.db.QueryRowContext(w.Context(), `SELECT (SELECT COUNT(*) FROM observation), (SELECT COUNT(*) FROM observation_chunk)`).Scan(&hot, &chunks)
	if err != nil || hot > 6*4*12 || chunks < 6*3 {
		w.Errorf("%d rows unsealed, %d chunks, %v", hot, chunks, err)
	}
}

func testChecks(w *world) {
	w.append(w.is(1, reading.Level, 20, "5"), w.is(1, reading.Level, 15, "5.01"))
	w.svc = w.service() // what is remembered lies in the store
	if out := w.append(w.is(1, reading.Level, 10, "15"), w.is(1, reading.Level, 5, "5.02"), w.is(2, reading.Level, 5, "9999"), w.is(2, reading.Level, 4, "-")); out.Flagged != 2 || out.New != 4 {
		w.Errorf("%+v", out)
	}
	if d := cmp.Diff([]string{"5", "5.01", "15 rate", "5.02"}, w.all(1, reading.Level)); d != "" {
		w.Error(d)
	}
	if d := cmp.Diff([]string{"9999 range", "— absent"}, w.all(2, reading.Level)); d != "" {
		w.Error(d)
	}
	w.svc = w.service()
	w.append(w.is(1, reading.Level, 1, "25"))
	w.svc = w.service()
	w.append(w.is(1, reading.Level, 0, "25.1")) // the second agrees with the first
	if d := cmp.Diff([]string{"5", "5.01", "15 rate", "5.02", "25 rate", "25.1"}, w.all(1, reading.Level)); d != "" {
		w.Error(d)
	}
}

func testDerivedRain(w *world) {
	if out := w.append(w.is(1, reading.RainCounter, 60, "100"), w.is(1, reading.RainCounter, 30, "102.5"), w.is(1, reading.RainCounter, 0, "102.5")); out.Derived != 2 || out.New != 5 {
		w.Errorf("%+v", out)
	}
	if d := cmp.Diff([]string{"2.5", "0"}, w.all(1, reading.Rain)); d != "" {
		w.Error(d)
	}
	if got := w.latest(1, reading.Rain); got.Span != 30*time.Minute {
		w.Errorf("span: %+v", got)
	}
	w.at = w.at.Add(time.Hour)
	w.svc = w.service()
	if out := w.append(w.is(1, reading.RainCounter, 30, "3"), w.is(1, reading.RainCounter, 0, "4")); out.Derived != 1 {
		w.Errorf("what fell before a reset is not known: %+v", out)
	}
	// What a counter grew by over a silent day is no cloudburst of the last hour.
	w.append(w.is(3, reading.RainCounter, 36*60, "10"), w.is(3, reading.RainCounter, 0, "90"))
	for width, want := range map[time.Duration]string{time.Hour: "—", 3 * time.Hour: "—", 24 * time.Hour: "—", 48 * time.Hour: "80"} {
		sums, _, err := w.svc.Sums(w.Context(), series.SumQuery{From: w.at.Add(-width), To: w.at})
		if err != nil || sums[w.stations[2]].Value.String() != want {
			w.Errorf("rain of %s: %s, want %s, %v", width, sums[w.stations[2]].Value, want, err)
		}
	}
	// A station that sends spans is told by them.
	w.append(w.is(2, reading.Rain, 10, "1"), w.is(2, reading.RainCounter, 10, "50"))
	w.svc = w.service()
	if out := w.append(w.is(2, reading.RainCounter, 0, "60")); out.Derived != 0 {
		w.Errorf("rain twice over: %+v", out)
	}
	w.at = w.at.Add(49 * time.Hour)
	if out := w.append(w.is(2, reading.RainCounter, 0, "61")); out.Derived != 1 {
		w.Errorf("spans stopped two days ago: %+v", out)
	}
	w.write(func(tx *store.Tx) error {
		return w.svc.SetStation(w.Context(), tx, registry.Program(), series.Station{Object: w.stations[1], Class: "PP", RainBasis: series.SpansOfRain, Edit: 1})
	})
	w.at = w.at.Add(time.Hour)
	if out := w.append(w.is(2, reading.RainCounter, 0, "62")); out.Derived != 0 {
		w.Errorf("the station is told by its spans: %+v", out)
	}
}

// testOverlap has a station tell an hour and its five minutes, and a file tell again what the gauge told.
func testOverlap(w *world) {
	hour := func(ago int, v string) reading.Reading {
		r := w.is(1, reading.Rain, ago, v)
		r.Span = time.Hour
		return r
	}
	w.bothSides(func(name string, ago int) {
		w.append(w.is(1, reading.Rain, ago+5, "1"), w.is(1, reading.Rain, ago, "2"))
		if out := w.append(hour(ago-3, "9")); out.Flagged != 1 {
			w.Errorf("%s: an hour told over its five minutes: %+v", name, out)
		}
		if out := w.append(hour(ago, "9")); out.Kept != 1 {
			w.Errorf("%s: an hour took the place of five minutes: %+v", name, out)
		}
		got := w.points(1, reading.Rain, w.at.Add(-time.Duration(ago+5)*time.Minute), w.at.Add(-time.Duration(ago-3)*time.Minute))
		if len(got) != 3 || !got[1].Counts() || got[1].Value.String() != "2" || got[2].Counts() {
			w.Errorf("%s: %+v", name, got)
		}
	})
}

// testParts tells an hour of rain and its twelve parts in every order: each millimetre counts once.
func testParts(w *world) {
	w.bothSides(func(name string, ago int) {
		hour := func(n int) reading.Reading {
			r := w.is(n, reading.Rain, ago, "12")
			r.Span = time.Hour
			return r
		}
		parts := func(n int) (out []reading.Reading) {
			for i := range 12 {
				out = append(out, w.is(n, reading.Rain, ago+55-5*i, "1"))
			}
			return out
		}
		f := func(n int, order string, batches ...[]reading.Reading) {
			w.Helper()
			for _, b := range batches {
				w.append(b...)
			}
			var sum quantity.Decimal
			for _, p := range w.points(n, reading.Rain, w.at.Add(-time.Duration(ago+60)*time.Minute), w.at.Add(-time.Duration(ago)*time.Minute)) {
				if p.Counts() {
					sum += p.Value.Decimal
				}
			}
			if sum != quantity.Int(12) {
				w.Errorf("%s, %s: %s mm: %q", name, order, sum, w.all(n, reading.Rain))
			}
		}
		f(1, "the hour first", []reading.Reading{hour(1)}, parts(1))
		f(2, "its parts first", parts(2), []reading.Reading{hour(2)})
		f(3, "together", append(parts(3), hour(3)))
		f(4, "together, the hour first", append([]reading.Reading{hour(4)}, parts(4)...))
		f(5, "the hour, and some of its parts", []reading.Reading{hour(5)}, parts(5)[4:])
		one := [][]reading.Reading{{hour(6)}}
		for _, p := range parts(6) {
			one = append(one, []reading.Reading{p})
		}
		f(6, "the hour, and its parts one by one", one...)
	})
}

func testClock(w *world) {
	w.append(w.is(1, reading.Level, 5, "5"))
	future := w.is(1, reading.Level, -60*24*365, "6")
	w.append(future)
	if got := w.latest(1, reading.Level); got.Value.String() != "5" {
		w.Errorf("a clock of next year made the newest: %+v", got)
	}
	if d := cmp.Diff([]string{"5", "6 clock"}, w.all(1, reading.Level)); d != "" {
		w.Error(d)
	}
	w.append(w.is(1, reading.Level, 0, "5.1"))
	if got := w.latest(1, reading.Level); got.Value.String() != "5.1" {
		w.Errorf("the newest stands still: %+v", got)
	}
}

func testRollback(w *world) {
	stop := errors.New("stop")
	w.append(w.is(1, reading.Level, 20, "5"))
	err := w.db.Write(w.Context(), func(tx *store.Tx) error {
		_, err := w.svc.AppendIn(w.Context(), tx, []reading.Reading{w.is(1, reading.Level, 10, "50"), w.is(1, reading.Level, 9, "50")})
		return errors.Join(err, stop)
	})
	if !errors.Is(err, stop) || len(w.heard) != 1 {
		w.Fatalf("%v, heard of %d", err, len(w.heard))
	}
	if out := w.append(w.is(1, reading.Level, 5, "5.1")); out.Flagged != 0 || out.New != 1 {
		w.Errorf("what was rolled back is remembered: %+v", out)
	}
}

func testStations(w *world) {
	list, err := w.svc.Stations(w.Context())
	if err != nil || len(list) != 6 || list[0].Code != "63300001" || list[0].Place == nil || len(list[0].Quantities) != 2 {
		w.Errorf("%+v, %v", list, err)
	}
	tree, err := w.reg.Tree(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	county, _ := tree.ByCode("330603")
	if list, err = w.svc.Stations(w.Context(), county.ID); err != nil || len(list) != 3 {
		w.Errorf("of a county: %d, %v", len(list), err)
	}
	set := func(by registry.Editor, st series.Station) error {
		return w.db.Write(w.Context(), func(tx *store.Tx) error { return w.svc.SetStation(w.Context(), tx, by, st) })
	}
	good := series.Station{Object: w.stations[0], Class: "ZZ", Datum: "1985国家高程基准", Edit: 1}
	f := func(name string, by registry.Editor, change func(st *series.Station), want fault.Kind) {
		w.Helper()
		st := good
		change(&st)
		if err := set(by, st); !fault.Is(err, want) {
			w.Errorf("%s: %v", name, err)
		}
	}
	f("stale", registry.Program(), func(st *series.Station) { st.Edit = 0 }, fault.Conflict)
	f("class", registry.Program(), func(st *series.Station) { st.Class = "XX" }, fault.Invalid)
	f("quantity", registry.Program(), func(st *series.Station) { st.Quantities = []string{"luck"} }, fault.Invalid)
	f("subject", registry.Program(), func(st *series.Station) { st.Subject = 999 }, fault.Invalid)
	f("nobody", registry.Editor{}, func(*series.Station) {}, fault.Forbidden)
	f("no station", registry.Program(), func(st *series.Station) { st.Object = 999 }, fault.NotFound)
	if err := set(registry.Program(), good); err != nil {
		w.Error(err)
	}
}

func testLimits(w *world) {
	limit := func(by registry.Editor, object int64, most string) error {
		return w.db.Write(w.Context(), func(tx *store.Tx) error {
			return w.svc.SetLimits(w.Context(), tx, by, object, reading.Level, quality.Limits{Most: dec(most)})
		})
	}
	if err := errors.Join(limit(registry.Program(), 0, "10"), limit(registry.Program(), w.stations[1], "20")); err != nil {
		w.Fatal(err)
	}
	w.append(w.is(1, reading.Level, 5, "15"), w.is(2, reading.Level, 5, "15"))
	if d := cmp.Diff([]string{"15 range", "15"}, append(w.all(1, reading.Level), w.all(2, reading.Level)...)); d != "" {
		w.Error(d)
	}
	rules := quality.DefaultRules()
	rules.AheadMinutes = 60
	set := func(by registry.Editor) error {
		return w.db.Write(w.Context(), func(tx *store.Tx) error { return w.svc.SetRules(w.Context(), tx, by, rules) })
	}
	if err := set(registry.Editor{}); !fault.Is(err, fault.Forbidden) {
		w.Errorf("rules by nobody: %v", err)
	}
	if err := set(registry.Program()); err != nil {
		w.Fatal(err)
	}
	if got, err := w.svc.Rules(w.Context()); err != nil || got != rules {
		w.Errorf("%+v, %v", got, err)
	}
	if out := w.append(w.is(6, reading.Level, -59, "5"), w.is(5, reading.Level, -61, "5")); out.Flagged != 1 {
		w.Errorf("an hour ahead is allowed now: %+v", out)
	}
	// Another process sees what was set after a while.
	other := w.service()
	late := func(ago int) []reading.Reading { return []reading.Reading{w.is(3, reading.Level, ago, "15")} }
	if out, err := other.Append(w.Context(), late(3)); err != nil || out.Flagged != 1 {
		w.Errorf("%+v, %v", out, err)
	}
	if err := limit(registry.Program(), w.stations[2], "20"); err != nil {
		w.Fatal(err)
	}
	w.at = w.at.Add(11 * time.Second)
	if out, err := other.Append(w.Context(), late(0)); err != nil || out.Flagged != 0 {
		w.Errorf("limits of another process: %+v, %v", out, err)
	}
	if err := limit(registry.Editor{}, w.stations[0], "1"); !fault.Is(err, fault.Forbidden) {
		w.Errorf("nobody: %v", err)
	}
	if err := limit(registry.Editor{}, 0, "1"); !fault.Is(err, fault.Forbidden) {
		w.Errorf("nobody, everywhere: %v", err)
	}
}

// TestTheStoreCountsAsTheRule holds the masks that SQL works by against the rule, over every set of flags.
func TestTheStoreCountsAsTheRule(t *testing.T) {
	for f := range reading.Flag(1 << 13) {
		sql := f&reading.NeverCounts == 0 && (f&reading.AlwaysCounts != 0 || f&reading.CountsNot == 0)
		if sql != f.Counts() || (f&reading.DoubtMask != 0 && f&reading.VerdictMask == 0) != f.Doubted() {
			t.Fatalf("%v", f.Codes())
		}
	}
}
