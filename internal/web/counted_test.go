package web_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"anlan/internal/identity"
	"anlan/internal/oversight"
	"anlan/internal/programme"
	"anlan/packs"
)

// TestEveryCountedSourceIsThere asks for each figure that a shipped pack says is counted elsewhere.
func TestEveryCountedSourceIsThere(t *testing.T) {
	s := newServer(t)
	course, milestones := packs.Lifecycle()
	_, err := s.app.Oversight.Load(t.Context(), identity.Actor{Name: "test"}, oversight.Definitions{
		Checklists: packs.Checklists(), Trees: packs.Acceptance(), Ledgers: packs.Ledgers(), Lifecycles: map[string][]byte{course: milestones},
	})
	if err != nil {
		t.Fatal(err)
	}
	status, body := s.call(s.browser("director"), "GET", "/api/counted?scope=330600&period=2020-01", nil)
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	var v programme.CountedView
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Rows) < 30 {
		t.Errorf("only %d figures are counted", len(v.Rows))
	}
	for _, row := range v.Rows {
		if row.Trouble.En != "" {
			t.Errorf("%s by %s: %s", row.Indicator, row.Source, row.Trouble.En)
		}
		for _, c := range row.Cells {
			if c.Counted.Valid && row.Ratio != c.CountedBase.Valid {
				t.Errorf("%s by %s has %v of %v", row.Indicator, row.Source, c.Counted, c.CountedBase)
			}
		}
	}
	if status, _ := s.call(s.browser("yue"), "GET", "/api/counted?scope=330603", nil); status != http.StatusNotFound {
		t.Errorf("another county's figures: %d", status)
	}
}
