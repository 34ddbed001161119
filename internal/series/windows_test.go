package series_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"anlan/internal/fault"
	"anlan/internal/geodesy"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/series/window"
	"anlan/internal/store"
)

func TestWindows(t *testing.T) {
	t.Run("sums", func(t *testing.T) { each(t, testSums) })
	t.Run("areal", func(t *testing.T) { each(t, testAreal) })
	t.Run("neighbours", func(t *testing.T) { each(t, testNeighbours) })
}

// testSums plays a week of rain with gaps, flags, late and corrected readings, and holds every kind of window against a sum over the
// points of each station.
func testSums(w *world) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 5 * 24 {
		w.at = w.at.Add(time.Hour)
		var batch []reading.Reading
		for n := range 4 { // the sixth never says anything
			for m := 0; m < 60; m += 5 {
				switch r.IntN(12) {
				case 0:
				case 1:
					batch = append(batch, w.is(n+1, reading.Rain, m+60*r.IntN(30), "-"))
				case 2:
					batch = append(batch, w.is(n+1, reading.Rain, m, "999"))
				default:
					batch = append(batch, w.is(n+1, reading.Rain, m, fmt.Sprintf("%d.5", r.IntN(9))))
				}
			}
		}
		w.append(batch...)
		// The fifth is told by a counter that speaks at odd times, and now and then not for hours.
		if r.IntN(6) != 0 {
			c := w.is(5, reading.RainCounter, r.IntN(55), fmt.Sprint(1000+int(w.at.Sub(time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)).Hours())*r.IntN(3)))
			c.At = c.At.Add(time.Duration(r.IntN(60)) * time.Second)
			batch = append(batch, c)
			w.append(c)
		}
		if x := batch[0]; r.IntN(5) == 0 {
			if err := w.revise(x, series.Verdict{Act: series.Correct, Value: dec("3"), Reason: "x"}); err != nil {
				w.Fatal(err)
			}
		}
		if r.IntN(5) == 0 {
			w.seal()
		}
	}
	now := w.at
	for _, exact := range []bool{false, true} {
		for i, width := range append(window.Widths(), 110*time.Hour, 26*time.Hour+7*time.Minute) {
			for j, ago := range []time.Duration{0, 7 * time.Minute, 4*time.Hour + 30*time.Minute, 50*time.Hour + 3*time.Second} {
				if (i+j)%2 == 0 {
					w.holdSums(series.SumQuery{From: now.Add(-ago - width), To: now.Add(-ago), Exact: exact})
				}
			}
		}
	}
	day := time.Date(2026, 7, 3, 0, 0, 0, 0, time.UTC) // 08:00 in the field
	w.holdSums(series.SumQuery{From: day, To: day.Add(24 * time.Hour), Exact: true})
	w.holdSums(series.SumQuery{From: day.AddDate(0, 0, -2), To: day.Add(24 * time.Hour)})
	_, q, err := w.svc.Sums(w.Context(), series.SumQuery{From: now.Add(-30 * time.Minute), To: now})
	if err != nil || q.To.Sub(q.From) != 30*time.Minute {
		w.Errorf("a short window was widened to %s, %v", q.To.Sub(q.From), err)
	}
	for _, from := range []time.Time{now.Add(-90 * time.Minute), now.Add(-30 * time.Hour), day, day.Add(time.Second)} {
		for _, to := range []time.Time{now, now.Add(-10 * time.Hour), day.AddDate(0, 0, 2)} {
			if to.After(from) {
				w.holdExtremes(from, to)
			}
		}
	}
	for name, q := range map[string]series.SumQuery{
		"levels": {Quantity: reading.Level, From: now.Add(-time.Hour), To: now}, "backwards": {From: now, To: now.Add(-time.Hour)}, "long": {From: now.AddDate(-2, 0, 0), To: now},
	} {
		if _, _, err := w.svc.Sums(w.Context(), q); !fault.Is(err, fault.Invalid) {
			w.Errorf("%s: %v", name, err)
		}
	}
}

func (w *world) holdSums(q series.SumQuery) {
	w.Helper()
	got, is, err := w.svc.Sums(w.Context(), q)
	if err != nil {
		w.Fatal(err)
	}
	if is.From.After(q.From) || is.To.Before(q.To) || q.Exact && (!is.From.Equal(q.From.UTC().Truncate(time.Second)) || !is.To.Equal(q.To.UTC().Truncate(time.Second))) || is.To.Sub(is.From) > q.To.Sub(q.From)+2*time.Hour {
		w.Fatalf("asked for %s to %s, was told of %s to %s", q.From, q.To, is.From, is.To)
	}
	for n, object := range w.stations {
		want := window.SumOf(w.points(n+1, reading.Rain, is.From, is.To), is.From, is.To)
		if g := got[object]; g.Value != want.Value || g.Covered != want.Covered || g.Doubted != want.Doubted {
			w.Errorf("station %d, %s to %s (exact %v): %s in %s, %d doubted; want %s in %s, %d", n+1, is.From, is.To, q.Exact,
				g.Value, g.Covered, g.Doubted, want.Value, want.Covered, want.Doubted)
		}
	}
	if _, ok := got[w.stations[5]]; ok {
		w.Error("a station that said nothing has a sum")
	}
}

func (w *world) holdExtremes(from, to time.Time) {
	w.Helper()
	got, err := w.svc.Extremes(w.Context(), reading.Rain, from, to)
	if err != nil {
		w.Fatal(err)
	}
	for n, object := range w.stations {
		want, _ := window.ExtremesOf(w.points(n+1, reading.Rain, from, to))
		g := got[object]
		if g.Counted != want.Counted || g.Doubted != want.Doubted || g.Most.Value != want.Most.Value || !g.Most.At.Equal(want.Most.At) || !g.Least.At.Equal(want.Least.At) {
			w.Errorf("station %d, %s to %s: %+v, want %+v", n+1, from, to, g, want)
		}
	}
}

func testAreal(w *world) {
	tree, err := w.reg.Tree(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	city, _ := tree.ByCode("330600")
	w.append(w.is(1, reading.Rain, 5, "10"), w.is(2, reading.Rain, 5, "20"), w.is(3, reading.Rain, 5, "30"))
	sums, _, err := w.svc.Sums(w.Context(), series.SumQuery{From: w.at.Add(-10 * time.Minute), To: w.at.Add(-5 * time.Minute)})
	if err != nil {
		w.Fatal(err)
	}
	say := func() (out []string) {
		w.Helper()
		list, err := w.svc.DivisionsRain(w.Context(), city.ID, sums)
		if err != nil {
			w.Fatal(err)
		}
		for _, d := range list {
			out = append(out, fmt.Sprintf("%s %s %s, %d of %d", d.Division.Code, d.Method, d.Value.Round(3), d.Rested, d.Of))
		}
		return out
	}
	if d := cmp.Diff([]string{"330602 mean 20, 2 of 3", "330603 mean 20, 1 of 3"}, say()); d != "" {
		w.Error(d)
	}
	// An area with a boundary, over the places of stations 1 to 3: 120.50, 120.52 and 120.54.
	w.write(func(tx *store.Tx) error {
		return w.reg.AddDivisions(w.Context(), tx, []registry.NewDivision{{
			Code: "330604", Name: fault.T("边", "bounded"), Kind: registry.Administrative, Level: "county", Parent: "330600",
			Boundary: `{"type":"Polygon","coordinates":[[[120.51,29.9],[120.55,29.9],[120.55,30.1],[120.51,30.1],[120.51,29.9]]]}`,
		}})
	})
	for range 2 { // weighed, and then remembered
		if d := cmp.Diff([]string{"330602 mean 20, 2 of 3", "330603 mean 20, 1 of 3", "330604 thiessen 25, 2 of 2"}, say()); d != "" {
			w.Error(d)
		}
	}
	area := geodesy.MultiPolygon{{{{Lon: 120.49, Lat: 29.99}, {Lon: 120.51, Lat: 29.99}, {Lon: 120.51, Lat: 30.01}, {Lon: 120.49, Lat: 30.01}}}}
	a, err := w.svc.AreaRain(w.Context(), area, sums)
	if err != nil || a.Value.String() != "10" || a.Of != 1 {
		w.Errorf("a basin of one station: %+v, %v", a, err)
	}
	if a, err = w.svc.AreaRain(w.Context(), area, nil); err != nil || a.Value.Valid || a.Of != 1 || a.Rested != 0 {
		w.Errorf("a basin without a figure: %+v, %v", a, err)
	}
}

// testNeighbours has a storm that one gauge of six did not feel.
func testNeighbours(w *world) {
	hour := w.at.Truncate(time.Hour)
	w.at = hour
	var batch []reading.Reading
	for n := range 6 {
		for m := 0; m < 60; m += 5 {
			v := "3"
			if n == 2 {
				v = "0"
			}
			batch = append(batch, w.is(n+1, reading.Rain, m, v))
		}
	}
	w.append(batch...)
	found, err := w.svc.CheckNeighbours(w.Context(), hour)
	if err != nil || !slices.Equal(found, []int64{w.stations[2]}) {
		w.Fatalf("unlike their neighbours: %v, %v", found, err)
	}
	for _, p := range w.points(3, reading.Rain, hour.Add(-time.Hour), hour) {
		if p.Flags != reading.Neighbour || !p.Counts() {
			w.Errorf("%+v", p)
		}
	}
	if p := w.points(2, reading.Rain, hour, hour); p[0].Flags != 0 {
		w.Errorf("a neighbour is flagged: %+v", p)
	}
	sums, _, err := w.svc.Sums(w.Context(), series.SumQuery{From: hour.Add(-time.Hour), To: hour})
	if err != nil || sums[w.stations[2]].Doubted != 12 || sums[w.stations[2]].Value != quantity.Some(0) {
		w.Errorf("%+v, %v", sums[w.stations[2]], err)
	}
	if again, err := w.svc.CheckNeighbours(w.Context(), hour); err != nil || len(again) != 1 {
		w.Errorf("a second time: %v, %v", again, err)
	}
}

// TestSumsHearOfOthers: what one process remembers of sealed hours ends with what another puts there.
func TestSumsHearOfOthers(t *testing.T) {
	each(t, func(w *world) {
		w.append(w.is(1, reading.Rain, 0, "1"))
		w.at = w.at.Add(12 * time.Hour)
		w.append(w.is(1, reading.Rain, 60, "1"), w.is(1, reading.Rain, 11*60+55, "2"))
		w.seal()
		now := w.at
		other := series.New(series.Options{Store: w.db, Registry: w.reg, Now: func() time.Time { return now }})
		query := series.SumQuery{From: w.at.Add(-12 * time.Hour), To: w.at}
		sums := func(want string) {
			w.Helper()
			for range 2 {
				got, _, err := w.svc.Sums(w.Context(), query)
				if err != nil || got[w.stations[0]].Value.String() != want {
					w.Errorf("%v, want %s, %v", got[w.stations[0]].Value, want, err)
				}
			}
			w.holdSums(query)
		}
		sums("4")
		if _, err := other.Append(w.Context(), []reading.Reading{w.is(1, reading.Rain, 120, "4")}); err != nil { // in a sealed hour
			w.Fatal(err)
		}
		sums("8")
		if _, err := other.Append(w.Context(), []reading.Reading{w.is(1, reading.Rain, 30, "0.5")}); err != nil { // in one that is not
			w.Fatal(err)
		}
		sums("8.5")
		w.at = w.at.Add(2 * time.Hour)
		now = w.at
		query.From, query.To = query.From.Add(time.Hour), query.To.Add(time.Hour)
		sums("5.5")
		w.seal()
		sums("5.5")
	})
}
