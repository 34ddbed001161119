package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/sl651"
	"anlan/internal/store"
	"anlan/internal/telemetry/session"
)

// TestHealthOfStations: what a station sent is counted by hydrological day, and the rate says of how much.
func TestHealthOfStations(t *testing.T) {
	s := newServer(t)
	id := s.gauge("330602", "0061000001", "0.5")
	s.gauge("330603", "0061000002", "0.5")
	now := s.app.Clock.Now()
	a := sl651.Address{0, 0x61, 0, 0, 1}
	low := sl651.BatteryLow
	report := session.Report{Station: a, Object: fmt.Sprint(id), Function: sl651.TimedReport, Received: now, Sent: now.Add(-90 * time.Second), Status: &low}
	keepAlive := report
	keepAlive.Function = sl651.AddedReport
	if err := s.app.Book.Accept(t.Context(), []session.Report{report, keepAlive}); err != nil {
		t.Fatal(err)
	}
	if err := s.app.Book.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	type health struct {
		Items []struct {
			Station       string
			Object        int64
			Alarms        []string
			ClockS        *int64 `json:"clock_s"`
			ReportMinutes int    `json:"report_minutes"`
			Today, Before struct {
				Reports, Expected, Hours, Of int
				Rate                         *float64
			}
		}
	}
	var all, county health
	s.read(s.browser("reviewer"), "/api/gauges/health", &all)
	if s.read(s.browser("yue"), "/api/gauges/health?division=330602", &county); len(all.Items) != 2 || len(county.Items) != 1 {
		t.Fatalf("%d of the city, %d of the county", len(all.Items), len(county.Items))
	}
	h := county.Items[0]
	if h.Object != id || h.ReportMinutes != 60 || h.Today.Reports != 1 || h.Today.Hours != 1 || h.Today.Of < 1 || h.ClockS == nil || *h.ClockS != -90 || len(h.Alarms) != 1 {
		t.Errorf("%+v", h)
	}
	if h.Before.Reports != 0 || h.Before.Expected != 0 || h.Before.Rate != nil || h.Today.Expected > 1 {
		t.Errorf("something was due before it was first heard: %+v, %+v", h.Before, h.Today)
	}
	for _, other := range all.Items {
		if b := other.Before; other.Object != id && (b.Expected != 24 || b.Rate == nil || *b.Rate != 0) {
			t.Errorf("of one that was never heard: %+v", b)
		}
	}
}

// TestReservoirsAgainstLimits: the highest above its flood limit comes first, what is not known is absent, and scope holds.
func TestReservoirsAgainstLimits(t *testing.T) {
	s := newServer(t)
	city, yue := s.browser("reviewer"), s.browser("yue")
	source, err := s.app.Series.Source(t.Context(), series.FromGauge, "test")
	if err != nil {
		t.Fatal(err)
	}
	at := s.app.Clock.Now().Truncate(time.Minute)
	reservoir := func(division, name, level string) int64 {
		var id int64
		err := s.app.Store.Write(t.Context(), func(tx *store.Tx) (err error) {
			id, err = s.app.Series.AddStation(t.Context(), tx, registry.Program(), registry.NewWaterObject{Name: fault.T(name, name), Division: division}, series.Station{Class: "RR", Quantities: []string{"upper_level", "storage"}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		limit := map[string]any{"quantity": "upper_level", "threshold": map[string]any{
			"kind": "flood_limit", "level": nil, "fall": 0.05, "hold_minutes": 0, "periods": []map[string]any{{"begin": "0101", "end": "1231", "level": 50, "name": map[string]string{"zh": "汛期", "en": "flood season"}}},
		}}
		if status, body := s.call(city, "POST", fmt.Sprintf("/api/gauges/%d/thresholds", id), limit); status != 200 {
			t.Fatalf("threshold: %d %s", status, body)
		}
		if level == "" {
			return id
		}
		_, err = s.app.Series.Append(t.Context(), []reading.Reading{
			{Object: id, Quantity: reading.UpperLevel, At: at, Value: quantity.Some(quantity.MustParse(level)), Source: source},
			{Object: id, Quantity: reading.Storage, At: at, Value: quantity.Some(quantity.MustParse("12")), Source: source},
		})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	low, high, silent := reservoir("330602", "低", "49.5"), reservoir("330603", "高", "50.8"), reservoir("330603", "哑", "")
	s.gauge("330602", "0061000001", "0.5") // no reservoir
	type level struct {
		Station    int64
		Above      *float64
		FloodLimit *float64 `json:"flood_limit"`
		Period     fault.Text
		Since      *time.Time
		Storage    *struct{ Value float64 }
		Events     []string
	}
	var got struct{ Items []level }
	s.read(city, "/api/gauges/reservoirs", &got)
	if len(got.Items) != 3 || got.Items[0].Station != high || got.Items[1].Station != low || got.Items[2].Station != silent {
		t.Fatalf("%+v", got.Items)
	}
	if g := got.Items[0]; *g.Above != 0.8 || *g.FloodLimit != 50 || g.Since == nil || len(g.Events) != 1 || g.Storage.Value != 12 || g.Period.En != "flood season" {
		t.Errorf("%+v", g)
	}
	if g := got.Items[2]; g.Above != nil || *g.FloodLimit != 50 {
		t.Errorf("%+v", g)
	}
	if *got.Items[1].Above != -0.5 {
		t.Errorf("%v", *got.Items[1].Above)
	}
	got.Items = nil
	if s.read(yue, "/api/gauges/reservoirs", &got); len(got.Items) != 1 || got.Items[0].Station != low {
		t.Errorf("the county: %+v", got.Items)
	}
}

// TestAreaRain is the areal rain of a drawn area, by what lies in the person's scope.
func TestAreaRain(t *testing.T) {
	s := newServer(t)
	s.gauge("330602", "0061000001", "0.5")
	ask := func(area string) (int, string) {
		return s.call(s.browser("reviewer"), "POST", "/api/gauges/area-rain", map[string]any{"minutes": 60, "area": json.RawMessage(area)})
	}
	status, body := ask(`{"type":"Polygon","coordinates":[[[120,30],[121,30],[121,31],[120,31],[120,30]]]}`)
	if status != 200 || !strings.Contains(body, `"of":0`) || !strings.Contains(body, `"rain_mm":null`) { // no station has a place
		t.Errorf("%d %s", status, body)
	}
	if status, body := ask(`{"type":"Point","coordinates":[120,30]}`); status != 400 {
		t.Errorf("%d %s", status, body)
	}
}

// TestLimitsOfReadings are read and set, by those who may, and say whose they are.
func TestLimitsOfReadings(t *testing.T) {
	s := newServer(t)
	id := s.gauge("330603", "0061000002", "0.5")
	city, yue := s.browser("reviewer"), s.browser("yue")
	path := fmt.Sprintf("/api/gauges/%d/limits", id)
	own := map[string]any{"quantity": "level", "limits": map[string]any{"least": 1, "most": 20, "step": 0.5, "per_hour": 2, "stuck_hours": 48, "wrap": nil}}
	for c, want := range map[*http.Client]int{yue: 404, city: 200} {
		if status, body := s.call(c, "PUT", path, own); status != want {
			t.Errorf("%d %s", status, body)
		}
	}
	var got struct {
		Items []struct {
			Quantity string
			Own      bool
			Limits   struct{ Most *float64 }
		}
	}
	if s.read(city, path, &got); got.Items[0].Quantity != "level" || !got.Items[0].Own || *got.Items[0].Limits.Most != 20 || got.Items[1].Own {
		t.Errorf("%+v", got.Items[:2])
	}
	own["limits"] = map[string]any{"least": 30, "most": 20, "step": nil, "per_hour": nil, "stuck_hours": 0, "wrap": nil}
	if status, body := s.call(city, "PUT", path, own); status != 400 || !strings.Contains(body, `"place":"most"`) {
		t.Errorf("%d %s", status, body)
	}
	var rules map[string]any
	s.read(city, "/api/gauges/rules", &rules)
	rules["ahead_minutes"] = 20
	if status, body := s.call(yue, "PUT", "/api/gauges/rules", rules); status != 403 {
		t.Errorf("a county sets rules of all: %d %s", status, body)
	}
	if status, body := s.call(city, "PUT", "/api/gauges/rules", rules); status != 200 || !strings.Contains(body, `"ahead_minutes":20`) {
		t.Errorf("%d %s", status, body)
	}
}

// TestPapersOfStations: a picture that a station sent is listed and can be had, by those who see the station.
func TestPapersOfStations(t *testing.T) {
	s := newServer(t)
	id := s.gauge("330603", "0061000002", "0.5")
	a := sl651.Address{0, 0x61, 0, 0, 2}
	jpeg := []byte("\xff\xd8\xff\xe0 a picture")
	err := s.app.Book.Accept(t.Context(), []session.Report{{Station: a, Object: fmt.Sprint(id), Function: sl651.PictureReport, Received: s.app.Clock.Now(), Picture: jpeg}})
	if err != nil {
		t.Fatal(err)
	}
	city, yue := s.browser("reviewer"), s.browser("yue")
	path := fmt.Sprintf("/api/gauges/%d/papers", id)
	var got struct {
		Items []struct{ Message, Media string }
	}
	if s.read(city, path, &got); len(got.Items) != 1 || got.Items[0].Media != "image/jpeg" {
		t.Fatalf("%+v", got)
	}
	if status, body := s.call(city, "GET", path+"/"+got.Items[0].Message, nil); status != 200 || body != string(jpeg) {
		t.Errorf("%d %q", status, body)
	}
	for _, rest := range []string{"", "/" + got.Items[0].Message} {
		if status, _ := s.call(yue, "GET", path+rest, nil); status != 404 {
			t.Errorf("the neighbour%s: %d", rest, status)
		}
	}
}
