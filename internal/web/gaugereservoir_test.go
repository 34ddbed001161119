package web_test

import (
	"fmt"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/store"
)

// TestReservoirStorage: a level becomes a storage by the curve of its station, shares of the normal and the total storage come of it, and of
// the last hours the rise of the level and the gain of water; without a curve there is no storage and no gain, and what lies off the
// curve is absent.
func TestReservoirStorage(t *testing.T) {
	s := newServer(t)
	city, yue := s.browser("reviewer"), s.browser("yue")
	source, err := s.app.Series.Source(t.Context(), series.FromGauge, "test")
	if err != nil {
		t.Fatal(err)
	}
	now := s.app.Clock.Now().Truncate(time.Minute)
	dam := func(division, name string, levels map[int]string) int64 { // by hours ago
		var id int64
		err := s.app.Store.Write(t.Context(), func(tx *store.Tx) (err error) {
			id, err = s.app.Series.AddStation(t.Context(), tx, registry.Program(), registry.NewWaterObject{Name: fault.T(name, name), Division: division}, series.Station{Class: "RR", Quantities: []string{"upper_level", "outflow"}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		list := []reading.Reading{{Object: id, Quantity: reading.Outflow, At: now, Value: quantity.Some(quantity.Int(5)), Source: source}}
		for _, ago := range []int{9, 6, 3, 0} {
			if v, ok := levels[ago]; ok {
				list = append(list, reading.Reading{Object: id, Quantity: reading.UpperLevel, At: now.Add(-time.Duration(ago) * time.Hour), Value: quantity.Some(quantity.MustParse(v)), Source: source})
			}
		}
		if _, err := s.app.Series.Append(t.Context(), list); err != nil {
			t.Fatal(err)
		}
		return id
	}
	known := dam("330602", "有", map[int]string{9: "46", 6: "47", 3: "48", 0: "49"})
	bare := dam("330602", "无", map[int]string{6: "47", 0: "46.5"})
	above := dam("330602", "漫", map[int]string{0: "51"})
	for _, id := range []int64{known, above} {
		body := map[string]any{
			"points":         []map[string]any{{"level_m": 40, "storage_1e6m3": 0}, {"level_m": 50, "storage_1e6m3": 10}},
			"normal_level_m": 50, "dead_level_m": nil, "total_storage_1e6m3": 12, "edit": 0,
		}
		if status, text := s.call(yue, "PUT", fmt.Sprintf("/api/gauges/%d/storage-curve", id), body); status != 200 {
			t.Fatalf("%d %s", status, text)
		}
		if status, text := s.call(yue, "PUT", fmt.Sprintf("/api/gauges/%d/storage-curve", id), body); status != 409 {
			t.Errorf("over what another wrote: %d %s", status, text)
		}
	}
	if status, _ := s.call(yue, "GET", fmt.Sprintf("/api/gauges/%d/storage-curve", bare), nil); status != 404 {
		t.Errorf("a curve of nobody's: %d", status)
	}
	if status, _ := s.call(s.browser("auditor"), "PUT", fmt.Sprintf("/api/gauges/%d/storage-curve", bare), map[string]any{}); status != 403 {
		t.Errorf("an auditor writes: %d", status)
	}
	if _, err := s.app.Series.Seal(t.Context()); err != nil { // what is older than three hours lies in chunks
		t.Fatal(err)
	}
	var got struct {
		Items []struct {
			Station int64
			Curve   *struct {
				Storage       *float64 `json:"storage_1e6m3"`
				Normal        *float64 `json:"normal_1e6m3"`
				NormalPercent *float64 `json:"normal_percent"`
				TotalPercent  *float64 `json:"total_percent"`
			}
			Changes []struct {
				Hours  int
				Change float64  `json:"change_m"`
				Gain   *float64 `json:"gain_m3s"`
				Inflow *float64 `json:"inflow_m3s"`
			}
		}
	}
	s.read(city, "/api/gauges/reservoirs", &got)
	seen := 0
	for _, r := range got.Items {
		switch r.Station {
		case known:
			seen++
			if c := r.Curve; c == nil || *c.Storage != 9 || *c.Normal != 10 || *c.NormalPercent != 90 || *c.TotalPercent != 75 {
				t.Errorf("%+v", r.Curve)
			}
			if len(r.Changes) != 2 || r.Changes[0].Hours != 3 || r.Changes[0].Change != 1 || r.Changes[1].Change != 2 {
				t.Fatalf("an hour ago nothing was read, three and six hours ago it was: %+v", r.Changes)
			}
			if g := r.Changes[0].Gain; *g < 92.5 || *g > 92.6 { // 10⁶ m³ in 10,800 s
				t.Errorf("a gain of %v m³/s", *g)
			}
			if in := r.Changes[0].Inflow; *in < 97.5 || *in > 97.6 {
				t.Errorf("an inflow of %v m³/s", *in)
			}
		case bare:
			seen++
			if r.Curve != nil || len(r.Changes) != 1 || r.Changes[0].Change != -0.5 || r.Changes[0].Gain != nil || r.Changes[0].Inflow != nil {
				t.Errorf("without a curve: %+v", r)
			}
		case above:
			seen++
			if c := r.Curve; c == nil || c.Storage != nil || c.TotalPercent != nil || *c.Normal != 10 || len(r.Changes) != 0 {
				t.Errorf("above its curve: %+v", r.Curve)
			}
		}
	}
	if seen != 3 {
		t.Errorf("%d of 3 reservoirs", seen)
	}
	if status, _ := s.call(yue, "DELETE", fmt.Sprintf("/api/gauges/%d/storage-curve?edit=1", known), nil); status != 204 {
		t.Errorf("removed: %d", status)
	}
}

// TestBucketsOfAStation: hours and hydrological days have means or sums, the extremes have their time, and what nobody may see is not told.
func TestBucketsOfAStation(t *testing.T) {
	s := newServer(t)
	id := s.gauge("330602", "0061000001", "0.5") // 24 readings of five minutes, the last of them now
	source, err := s.app.Series.Source(t.Context(), series.FromGauge, "test")
	if err != nil {
		t.Fatal(err)
	}
	peak := s.app.Clock.Now().Truncate(5 * time.Minute).Add(-31 * time.Minute)
	if _, err := s.app.Series.Append(t.Context(), []reading.Reading{{Object: id, Quantity: reading.Level, At: peak, Value: quantity.Some(quantity.MustParse("12.5")), Source: source}}); err != nil {
		t.Fatal(err)
	}
	type buckets struct {
		Most  *struct{ At time.Time }
		Items []struct {
			Mean, Sum *float64
			Counted   int
		}
	}
	sum := func(b buckets) (n int, rain float64) {
		for _, one := range b.Items {
			n += one.Counted
			if one.Sum != nil {
				rain += *one.Sum
			}
		}
		return n, rain
	}
	path := fmt.Sprintf("/api/gauges/%d/buckets?quantity=", id)
	for _, step := range []string{"hour", "day"} {
		var level, rain buckets
		s.read(s.browser("yue"), path+"level&step="+step, &level)
		if n, _ := sum(level); n != 25 || level.Most == nil || !level.Most.At.Equal(peak) || level.Items[0].Mean == nil || level.Items[0].Sum != nil {
			t.Errorf("%s: %+v", step, level)
		}
		s.read(s.browser("yue"), path+"rain&step="+step, &rain)
		if n, mm := sum(rain); n != 24 || mm != 12 || rain.Items[0].Mean != nil {
			t.Errorf("%s: %d readings, %v mm", step, n, mm)
		}
	}
	if status, _ := s.call(s.browser("yue"), "GET", path+"level&step=week", nil); status != 422 && status != 400 {
		t.Errorf("a step that is none: %d", status)
	}
	theirs := s.gauge("330603", "0061000002", "0.5")
	if status, _ := s.call(s.browser("yue"), "GET", fmt.Sprintf("/api/gauges/%d/buckets?quantity=level", theirs), nil); status != 404 {
		t.Errorf("the neighbour's: %d", status)
	}
}
