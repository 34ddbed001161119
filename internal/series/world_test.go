package series_test

import (
	"fmt"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/geodesy"
	"anlan/internal/identity/audit"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
)

// world is a city of two counties with six stations, three in each, and a gateway as the source of readings.
type world struct {
	*testing.T
	db    *store.DB
	reg   *registry.Service
	svc   *series.Service
	at    time.Time
	heard []reading.Reading

	gauge    int64 // source
	stations []int64
}

func each(t *testing.T, f func(w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		f(w)
		w.sound()
	})
}

func newWorld(t *testing.T, db *store.DB) *world {
	t.Helper()
	w := &world{T: t, db: db, at: time.Date(2026, 7, 1, 4, 30, 0, 0, time.UTC)}
	now := func() time.Time { return w.at }
	w.reg = registry.New(db, now)
	w.svc = w.service()
	d := func(code, level, parent string) registry.NewDivision {
		return registry.NewDivision{Code: code, Name: fault.T(code, code), Kind: registry.Administrative, Level: level, Parent: parent}
	}
	w.write(func(tx *store.Tx) error {
		err := w.reg.AddDivisions(t.Context(), tx, []registry.NewDivision{d("330600", "city", ""), d("330602", "county", "330600"), d("330603", "county", "330600")})
		for i := range 6 {
			if err != nil {
				break
			}
			var id int64
			o := registry.NewWaterObject{Scheme: "SL502", Code: fmt.Sprint(63300001 + i), Name: fault.T(fmt.Sprintf("%d号站", i+1), ""), Division: []string{"330602", "330603"}[i%2]}
			o.Place = &geodesy.Point{Lon: 120.5 + float64(i)*0.02, Lat: 30}
			id, err = w.svc.AddStation(t.Context(), tx, registry.Program(), o, series.Station{Class: "PP", Quantities: []string{"rain", "level"}})
			w.stations = append(w.stations, id)
		}
		return err
	})
	var err error
	if w.gauge, err = w.svc.Source(t.Context(), series.FromGauge, "sl651"); err != nil {
		t.Fatal(err)
	}
	return w
}

// service is another process over the same store: it remembers nothing.
func (w *world) service() *series.Service {
	return series.New(series.Options{Store: w.db, Registry: w.reg, Now: func() time.Time { return w.at }, Taken: func(l []reading.Reading) { w.heard = append(w.heard, l...) }})
}

func (w *world) write(f func(tx *store.Tx) error) {
	w.Helper()
	if err := w.db.Write(w.Context(), f); err != nil {
		w.Fatal(err)
	}
}

func dec(s string) quantity.Null {
	if s == "-" {
		return quantity.Null{}
	}
	return quantity.Some(quantity.MustParse(s))
}

// is makes a reading of station n (from 1), so many minutes before now.
func (w *world) is(n int, id reading.ID, ago int, v string) reading.Reading {
	r := reading.Reading{Object: w.stations[n-1], Quantity: id, At: w.at.Add(-time.Duration(ago) * time.Minute), Value: dec(v), Source: w.gauge}
	if id == reading.Rain {
		r.Span = 5 * time.Minute
	}
	return r
}

func (w *world) append(list ...reading.Reading) series.Outcome {
	w.Helper()
	out, err := w.svc.Append(w.Context(), list)
	if err != nil {
		w.Fatal(err)
	}
	return out
}

func (w *world) seal() int {
	w.Helper()
	n, err := w.svc.Seal(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return n
}

func (w *world) points(n int, id reading.ID, from, to time.Time) []reading.Point {
	w.Helper()
	list, err := w.svc.Points(w.Context(), w.stations[n-1], id, from, to)
	if err != nil {
		w.Fatal(err)
	}
	return list
}

// all is a whole series as "value flags" words.
func (w *world) all(n int, id reading.ID) []string {
	w.Helper()
	var out []string
	for _, p := range w.points(n, id, time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC), w.at.AddDate(1, 0, 0)) {
		s := p.Value.String()
		for _, c := range p.Flags.Codes() {
			s += " " + c
		}
		out = append(out, s)
	}
	return out
}

func (w *world) revise(r reading.Reading, v series.Verdict) error {
	return w.db.Write(w.Context(), func(tx *store.Tx) error {
		_, err := w.svc.Revise(w.Context(), tx, audit.Actor{ID: "shen", Name: "沈"}, r.Key(), v)
		return err
	})
}

func (w *world) latest(n int, id reading.ID) reading.Reading {
	w.Helper()
	list, err := w.svc.Latest(w.Context(), series.LatestQuery{Object: w.stations[n-1], Quantity: id})
	if err != nil || len(list) > 1 {
		w.Fatalf("latest: %v, %v", list, err)
	}
	if len(list) == 0 {
		return reading.Reading{}
	}
	return list[0]
}

// sound holds that nothing on record contradicts itself.
func (w *world) sound() {
	w.Helper()
	found, err := series.Verify(w.Context(), w.db)
	if err != nil || len(found) > 0 {
		w.Errorf("contradictions: %v, %v", found, err)
	}
}
