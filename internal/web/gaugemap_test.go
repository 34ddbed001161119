package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/geodesy"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/store"
)

type mapped struct {
	Of       int
	Version  int64
	Stations []struct {
		Object   int64
		Division string
		Events   []string
		Level    *struct{ Value float64 }
	}
}

// TestTheMapTellsWhatChanged: a screen reads all stations once, then only those that have changed, and a county only its own.
func TestTheMapTellsWhatChanged(t *testing.T) {
	s := newServer(t)
	ours, theirs := s.gauge("330602", "0061000001", "0.5"), s.gauge("330603", "0061000002", "1.0")
	city, yue := s.browser("reviewer"), s.browser("yue")
	var all, own mapped
	s.read(city, "/api/gauges/map", &all)
	s.read(yue, "/api/gauges/map", &own)
	if all.Of != 2 || len(all.Stations) != 2 || all.Stations[0].Level == nil || all.Stations[0].Level.Value != 12.3 {
		t.Fatalf("all: %+v", all)
	}
	if own.Of != 1 || len(own.Stations) != 1 || own.Stations[0].Object != ours {
		t.Errorf("the county: %+v", own)
	}
	s.read(city, "/api/gauges/map?division=330603", &own)
	if own.Of != 1 || own.Stations[0].Object != theirs {
		t.Errorf("below a division: %+v", own)
	}
	limit := map[string]any{"quantity": "level", "threshold": map[string]any{"kind": "warning", "level": 12.5, "fall": 0.1, "hold_minutes": 0}}
	if status, body := s.call(city, "POST", fmt.Sprintf("/api/gauges/%d/thresholds", theirs), limit); status != 200 {
		t.Fatalf("threshold: %d %s", status, body)
	}
	source, err := s.app.Series.Source(t.Context(), series.FromGauge, "test")
	if err != nil {
		t.Fatal(err)
	}
	at := s.app.Clock.Now().Truncate(5 * time.Minute).Add(time.Minute)
	if _, err := s.app.Series.Append(t.Context(), []reading.Reading{{Object: theirs, Quantity: reading.Level, At: at, Value: quantity.Some(quantity.MustParse("12.55")), Source: source}}); err != nil {
		t.Fatal(err)
	}
	var news mapped
	for len(news.Stations) == 0 { // the board that all screens share is read again after a while
		s.read(city, fmt.Sprintf("/api/gauges/map?since=%d", all.Version), &news)
	}
	if news.Of != 2 || len(news.Stations) != 1 || news.Stations[0].Object != theirs || news.Stations[0].Level.Value != 12.55 || !slices.Equal(news.Stations[0].Events, []string{"warning"}) {
		t.Errorf("what changed: %+v", news)
	}
	own = mapped{}
	if s.read(yue, fmt.Sprintf("/api/gauges/map?since=%d", all.Version), &own); own.Of != 1 || len(own.Stations) != 0 {
		t.Errorf("the neighbour's change reaches the county: %+v", own)
	}
}

// tenThousand puts 10,000 stations with three quantities each on record.
func tenThousand(b testing.TB, s *server) {
	b.Helper()
	ctx := b.Context()
	source, err := s.app.Series.Source(ctx, series.FromGauge, "bench")
	if err != nil {
		b.Fatal(err)
	}
	var list []reading.Reading
	at := s.app.Clock.Now().Truncate(time.Minute)
	err = s.app.Store.Write(ctx, func(tx *store.Tx) error {
		for i := range 10_000 {
			o := registry.NewWaterObject{Name: fault.T(fmt.Sprintf("测站%05d", i), ""), Division: "330602"}
			o.Place = &geodesy.Point{Lon: 119.9 + float64(i%100)/80, Lat: 29.3 + float64(i/100)/80}
			id, err := s.app.Series.AddStation(ctx, tx, registry.Program(), o, series.Station{Class: "ZZ", Quantities: []string{"level", "rain", "voltage"}})
			if err != nil {
				return err
			}
			for _, q := range []reading.ID{reading.Level, reading.Rain, reading.Voltage} {
				r := reading.Reading{Object: id, Quantity: q, At: at, Value: quantity.Some(quantity.Int(12)), Source: source}
				if q == reading.Rain {
					r.Span = 5 * time.Minute
				}
				list = append(list, r)
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for part := range slices.Chunk(list, 5000) {
		if _, err := s.app.Series.Append(ctx, part); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkMap is the map of 10,000 stations.
func BenchmarkMap(b *testing.B) {
	s := newServer(b)
	tenThousand(b, s)
	c := s.browser("reviewer")
	var took []time.Duration
	b.ResetTimer()
	for b.Loop() {
		began := time.Now()
		status, body := s.call(c, http.MethodGet, "/api/gauges/map", nil)
		took = append(took, time.Since(began))
		if status != 200 || len(body) < 1_000_000 {
			b.Fatal(status, len(body))
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Milliseconds()), "p99-ms")
	b.ReportMetric(float64(took[len(took)-1].Milliseconds()), "max-ms")
}
