package web_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/store"
	"anlan/internal/telemetry/book"
	"anlan/internal/telemetry/session"
)

// gauge puts a station with a policy on record and gives it 24 readings of five minutes, the last of them now.
func (s *server) gauge(division, address string, rain string) int64 {
	s.Helper()
	ctx := s.Context()
	var id int64
	err := s.app.Store.Write(ctx, func(tx *store.Tx) (err error) {
		id, err = s.app.Series.AddStation(ctx, tx, registry.Program(), registry.NewWaterObject{Name: fault.T("站"+address, address), Division: division}, series.Station{Class: "ZZ", Quantities: []string{"level", "rain"}})
		if err != nil {
			return err
		}
		return s.app.Book.SetStation(ctx, tx, registry.Program(), book.Policy{Station: address, Object: id, Mode: 2, Password: "1234", Elements: []book.Element{{Element: "39", Quantity: "level"}}})
	})
	if err != nil {
		s.Fatal(err)
	}
	source, err := s.app.Series.Source(ctx, series.FromGauge, "test")
	if err != nil {
		s.Fatal(err)
	}
	now := s.app.Clock.Now().Truncate(5 * time.Minute)
	var list []reading.Reading
	for i := range 24 {
		at := now.Add(time.Duration(i-23) * 5 * time.Minute)
		list = append(list, reading.Reading{Object: id, Quantity: reading.Level, At: at, Value: quantity.Some(quantity.MustParse("12.3")), Source: source},
			reading.Reading{Object: id, Quantity: reading.Rain, At: at, Value: quantity.Some(quantity.MustParse(rain)), Span: 5 * time.Minute, Source: source})
	}
	if _, err := s.app.Series.Append(ctx, list); err != nil {
		s.Fatal(err)
	}
	return id
}

// read takes an answer that has to be 200.
func (s *server) read(c *http.Client, path string, into any) {
	s.Helper()
	status, body := s.call(c, "GET", path, nil)
	if status != 200 {
		s.Fatalf("%s: %d %s", path, status, body)
	}
	if err := json.Unmarshal([]byte(body), into); err != nil {
		s.Fatalf("%s: %v", path, err)
	}
}

// TestGaugesInScope: a county sees its own stations, readings, events and frames, and the city all; no password is told.
func TestGaugesInScope(t *testing.T) {
	s := newServer(t)
	ours, theirs := s.gauge("330602", "0061000001", "0.5"), s.gauge("330603", "0061000002", "1.0")
	held := session.Held{Reason: session.WrongPassword, At: time.Now(), Remote: "192.0.2.1"}
	for _, a := range [][5]byte{{0, 0x61, 0, 0, 1}, {0, 0x61, 0, 0, 2}, {0, 0x61, 0, 0, 9}} {
		held.Station = a
		if err := s.app.Book.Keep(t.Context(), []session.Held{held}); err != nil {
			t.Fatal(err)
		}
	}
	yue, city := s.browser("yue"), s.browser("reviewer")
	many := func(path string, county, all int) {
		t.Helper()
		for c, want := range map[*http.Client]int{yue: county, city: all} {
			var out struct{ Items []json.RawMessage }
			if s.read(c, path, &out); len(out.Items) != want {
				t.Errorf("%s: %d of %d", path, len(out.Items), want)
			}
		}
	}
	many("/api/gauges", 1, 2)
	many("/api/gauges?division=330603", 0, 1)
	many("/api/gauges/latest", 2, 4)
	many("/api/gauges/latest?quantity=level", 1, 2)
	many("/api/gauge-quarantine", 1, 3)
	many("/api/gauge-quarantine?open=true&station=0061000002", 0, 1)
	many("/api/gauge-quarantine?q=0061000001", 1, 1)
	many("/api/gauge-quarantine?q="+url.QueryEscape("站00610000"), 1, 2) // by the names of their stations
	many("/api/gauge-quarantine?q=192.0.2", 1, 3)
	many("/api/gauge-quarantine?reason=undecodable", 0, 0)
	many("/api/gauge-quarantine?until=2020-01-01T00:00:00Z", 0, 0)
	many("/api/gauge-quarantine?since=2020-01-01T00:00:00Z&limit=1", 1, 1)
	many("/api/gauges/events", 0, 0)
	for _, rest := range []string{"", "/series?quantity=level", "/requests"} {
		if status, body := s.call(yue, "GET", fmt.Sprintf("/api/gauges/%d%s", theirs, rest), nil); status != 404 {
			t.Errorf("the neighbour's station%s: %d %s", rest, status, body)
		}
		if status, body := s.call(yue, "GET", fmt.Sprintf("/api/gauges/%d%s", ours, rest), nil); status != 200 || strings.Contains(body, "1234") {
			t.Errorf("one's own station%s: %d %s", rest, status, body)
		}
	}
	if status, body := s.call(yue, "POST", "/api/gauge-quarantine/2/replay", nil); status != 404 {
		t.Errorf("replays the neighbour's frame: %d %s", status, body)
	}
	if status, body := s.call(city, "POST", "/api/gauge-quarantine/3/replay", nil); status != 409 {
		t.Errorf("replays a frame of a station that is not registered: %d %s", status, body)
	}
	status, body := s.call(yue, "POST", "/api/gauge-replays", map[string]any{"ids": []int64{3, 1, 2, 1}})
	var became struct {
		Items []struct {
			ID    int64
			Error *fault.Text
		}
	}
	if err := json.Unmarshal([]byte(body), &became); err != nil || status != 200 || len(became.Items) != 3 || became.Items[0].ID != 1 || became.Items[0].Error == nil || became.Items[2].Error == nil {
		t.Errorf("several: %d %s", status, body)
	}
	if status, body := s.call(yue, "POST", fmt.Sprintf("/api/gauges/%d/policies/0061000002/replay", theirs), nil); status != 404 {
		t.Errorf("replays all of the neighbour's frames: %d %s", status, body)
	}
	if status, body := s.call(yue, "POST", fmt.Sprintf("/api/gauges/%d/policies/0061000002/replay", ours), nil); status != 404 {
		t.Errorf("replays frames of another station than the object's: %d %s", status, body)
	}
	if status, body := s.call(yue, "POST", fmt.Sprintf("/api/gauges/%d/policies/0061000001/replay", ours), nil); status != 200 || !strings.Contains(body, `"taken":0,"left":1`) {
		t.Errorf("replays all frames of its own station: %d %s", status, body)
	}
	write := map[string]any{"what": "write_config", "settings": []map[string]any{{"parameter": "20", "value": "60"}}, "why": "加密"}
	if status, body := s.call(s.browser("clerk"), "POST", fmt.Sprintf("/api/gauges/%d/requests", ours), write); status != 403 {
		t.Errorf("a clerk writes parameters: %d %s", status, body)
	}
	if status, body := s.call(city, "POST", fmt.Sprintf("/api/gauges/%d/requests", ours), write); status != 409 {
		t.Errorf("a reviewer writes parameters of a station that is not connected: %d %s", status, body)
	}
	if status, body := s.call(yue, "POST", fmt.Sprintf("/api/gauges/%d/requests", theirs), map[string]any{"what": "now"}); status != 404 {
		t.Errorf("asks the neighbour's station: %d %s", status, body)
	}
	if status, body := s.call(yue, "POST", fmt.Sprintf("/api/gauges/%d/requests", ours), map[string]any{"what": "now"}); status != 409 {
		t.Errorf("asks a station that is not connected: %d %s", status, body)
	}
	var journal struct{ Items []struct{ Who, State string } }
	if s.read(yue, fmt.Sprintf("/api/gauges/%d/requests", ours), &journal); len(journal.Items) != 2 || journal.Items[1].Who != "reviewer" || journal.Items[0].Who != "yue" || journal.Items[0].State != "offline" {
		t.Errorf("the journal: %+v", journal)
	}
}

// TestRainSaysOnHowMany: a window's rain is ranked, and each total says how many of how many stations it rests on.
func TestRainSaysOnHowMany(t *testing.T) {
	s := newServer(t)
	s.gauge("330602", "0061000001", "0.5")
	s.gauge("330603", "0061000002", "1.0")
	err := s.app.Store.Write(t.Context(), func(tx *store.Tx) error {
		_, err := s.app.Series.AddStation(t.Context(), tx, registry.Program(), registry.NewWaterObject{Name: fault.T("哑站", "silent"), Division: "330603"}, series.Station{Class: "PP", Quantities: []string{"rain"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	type rain struct {
		Of, Reported int
		Stations     []struct {
			RainMM *float64 `json:"rain_mm"`
		}
		Divisions []struct {
			Division     string
			RainMM       *float64 `json:"rain_mm"`
			Of, Reported int
		}
	}
	var got rain
	s.read(s.browser("reviewer"), "/api/gauges/rain?minutes=60&division=330600&at="+s.app.Clock.Now().Truncate(5*time.Minute).Format(time.RFC3339), &got)
	if got.Of != 3 || got.Reported != 2 || len(got.Stations) != 3 || got.Stations[0].RainMM == nil || *got.Stations[0].RainMM != 12 || got.Stations[2].RainMM != nil {
		t.Errorf("%+v", got)
	}
	if len(got.Divisions) != 2 || *got.Divisions[0].RainMM != 6 || got.Divisions[1].Of != 2 || got.Divisions[1].Reported != 1 {
		t.Errorf("%+v", got.Divisions)
	}
	got = rain{}
	if s.read(s.browser("yue"), "/api/gauges/rain?minutes=60", &got); got.Of != 1 {
		t.Errorf("the county: %+v", got)
	}
}

// TestThresholdToEventToVerdict: a threshold makes an event, a person's verdict is shown with the point, and neither is the neighbour's to make.
func TestThresholdToEventToVerdict(t *testing.T) {
	s := newServer(t)
	id := s.gauge("330603", "0061000001", "0")
	city, yue := s.browser("reviewer"), s.browser("yue")
	path := fmt.Sprintf("/api/gauges/%d", id)
	limit := map[string]any{"quantity": "level", "threshold": map[string]any{"kind": "warning", "level": 12, "fall": 0.1, "hold_minutes": 0}}
	if status, body := s.call(yue, "POST", path+"/thresholds", limit); status != 404 {
		t.Errorf("the neighbour: %d %s", status, body)
	}
	status, body := s.call(city, "POST", path+"/thresholds", limit)
	if status != 200 {
		t.Fatalf("threshold: %d %s", status, body)
	}
	source, err := s.app.Series.Source(t.Context(), series.FromGauge, "test")
	if err != nil {
		t.Fatal(err)
	}
	at := s.app.Clock.Now().Truncate(5 * time.Minute).Add(time.Minute)
	if _, err := s.app.Series.Append(t.Context(), []reading.Reading{{Object: id, Quantity: reading.Level, At: at, Value: quantity.Some(quantity.MustParse("12.31")), Source: source}}); err != nil {
		t.Fatal(err)
	}
	var events struct {
		Items []struct {
			Kind string
			Live bool
			Peak struct{ Value float64 }
		}
	}
	if s.read(city, "/api/gauges/events?live=true", &events); len(events.Items) != 1 || events.Items[0].Kind != "warning" || events.Items[0].Peak.Value != 12.31 {
		t.Errorf("events: %+v", events)
	}
	verdict := map[string]any{"quantity": "level", "at": at.Format(time.RFC3339), "act": "reject", "reason": "spider in the tube"}
	if status, body := s.call(city, "POST", path+"/verdicts", verdict); status != 200 || !strings.Contains(body, "rejected") {
		t.Errorf("verdict: %d %s", status, body)
	}
	var versions struct{ Items []struct{ By, Reason string } }
	s.read(city, path+"/revisions?quantity=level&at="+at.Format(time.RFC3339), &versions)
	if n := len(versions.Items); n != 2 || versions.Items[1].By != "reviewer" || versions.Items[1].Reason != "spider in the tube" {
		t.Errorf("revisions: %+v", versions)
	}
	if status, _ := s.call(yue, "GET", path+"/revisions?quantity=level&at="+at.Format(time.RFC3339), nil); status != 404 {
		t.Errorf("the neighbour's revisions: %d", status)
	}
	var curve struct {
		Read   int
		Points []struct {
			Flags  []string
			Counts bool
		}
	}
	s.read(city, path+"/series?quantity=level", &curve)
	// Now is before the reading's minute at times, so the end is named.
	s.read(city, path+"/series?quantity=level&to="+at.Add(time.Hour).Format(time.RFC3339), &curve)
	if n := len(curve.Points); n != 25 || curve.Points[24].Counts || curve.Points[24].Flags[0] != "rejected" || !curve.Points[0].Counts {
		t.Errorf("%d points: %+v", n, curve)
	}
	if status, body := s.call(city, "GET", path+"/series?quantity=love", nil); status != 400 || !strings.Contains(body, `"place":"quantity"`) {
		t.Errorf("an unknown quantity: %d %s", status, body)
	}
	if status, body := s.call(yue, "DELETE", "/api/thresholds/1", nil); status != 404 {
		t.Errorf("the neighbour retires it: %d %s", status, body)
	}
	if status, body := s.call(city, "DELETE", "/api/thresholds/1", nil); status != 204 {
		t.Errorf("retire: %d %s", status, body)
	}
}

// TestScreensHearOfReadings: an open screen is told once of many readings.
func TestScreensHearOfReadings(t *testing.T) {
	s := newServer(t)
	req, err := http.NewRequestWithContext(t.Context(), "GET", s.url+"/api/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.browser("viewer").Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	s.gauge("330602", "0061000001", "0.5")
	for lines.Scan() {
		if lines.Text() == "event: gauge.changed" {
			return
		}
	}
	t.Error("nothing was told")
}
