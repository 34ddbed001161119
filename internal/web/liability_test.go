package web_test

import (
	"fmt"
	"testing"
	"time"
)

// TestLiabilityIsTold: a county sees its own units and objects with band, measure and names, and not another's.
func TestLiabilityIsTold(t *testing.T) {
	s := newServer(t)
	s.waterworks()
	city, yue := s.browser("reviewer"), s.browser("yue")
	for k := range 2 {
		s.numbered(city, "/api/matters", map[string]any{
			"client": fmt.Sprint(k), "kind": "finding", "line": "reservoir", "division": "330602", "object": 1, "title": "坝顶裂缝", "severity": 3, "origin": "city",
			"basis": "b", "place": map[string]any{}, "due": time.Now().AddDate(0, 1, 0).Format(time.DateOnly),
		})
	}
	var told struct {
		Total int
		Units []struct {
			Unit     struct{ ID string }
			Findings int
			Measure  string
			Direct   struct {
				Measure string
				Persons []any
			}
		}
		Objects []struct {
			Object   struct{ ID int64 }
			Score    *string
			Unscored int
			Tier     struct{ Measure string }
		}
	}
	s.read(yue, "/api/oversight/liability?scope=330602", &told)
	if told.Total != 1 || len(told.Units) != 1 || told.Units[0].Findings != 2 || told.Objects[0].Object.ID != 1 || told.Objects[0].Score != nil || told.Objects[0].Unscored != 2 {
		t.Errorf("%+v", told)
	}
	if status, body := s.call(yue, "GET", "/api/oversight/liability?scope=330603", nil); status != 404 && status != 403 {
		t.Errorf("another county: %d %s", status, body)
	}
	if status, body := s.call(yue, "GET", "/api/oversight/liability?scope=330602&from=soon", nil); status != 422 && status != 400 {
		t.Errorf("a day that is none: %d %s", status, body)
	}
}
