package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"anlan/internal/identity"
	"anlan/internal/oversight"
	"anlan/internal/programme"
	"anlan/internal/quantity"
	"anlan/packs"
)

// TestFiguresReachTheLadder follows two causes from the figures to the step suggested: a county far behind the calendar is called in
// at once, though nobody wrote before, and a return that was called for three times calls for a letter on its first day.
func TestFiguresReachTheLadder(t *testing.T) {
	s := newServer(t)
	if err := s.app.Clock.Set(time.Date(2026, 6, 8, 2, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	s.waterworks()
	steps, rungs := packs.Ladder()
	if _, err := s.app.Oversight.Load(t.Context(), identity.Actor{Name: "test"}, oversight.Definitions{Ladders: map[string][]byte{steps: rungs}}); err != nil {
		t.Fatal(err)
	}
	city, yue := s.browser("reviewer"), s.browser("yue")
	s.annual(quantity.Int(1000))
	status, body := s.call(yue, "POST", "/api/returns", map[string]any{"form": "investment.county.month", "division": "330602", "period": "2026-05"})
	var r struct {
		ID, Edit int64
		Rows     []struct {
			Indicator struct {
				Code  string
				Ratio *struct{}
			}
		}
	}
	if err := json.Unmarshal([]byte(body), &r); err != nil || status != 200 {
		t.Fatalf("open: %d %s", status, body)
	}
	var lines []map[string]any
	for _, row := range r.Rows {
		line := map[string]any{"indicator": row.Indicator.Code, "value": 1}
		if row.Indicator.Ratio != nil {
			line["denominator"] = 1
		}
		lines = append(lines, line)
	}
	if status, body = s.call(yue, "PATCH", fmt.Sprintf("/api/returns/%d/lines", r.ID), map[string]any{"edit": r.Edit, "lines": lines}); status != 200 {
		t.Fatalf("save: %d %s", status, body)
	}
	if status, body = s.call(yue, "POST", fmt.Sprintf("/api/returns/%d/moves", r.ID), map[string]any{"move": "submit", "edit": r.Edit + 1}); status != 200 {
		t.Fatalf("submit: %d %s", status, body)
	}
	for range 3 {
		key := map[string]any{"form": "projects.county.month", "division": "330602", "period": "2026-05"}
		if status, body = s.call(city, "POST", "/api/reminders", map[string]any{"items": []any{key}, "channel": "phone", "text": "请尽快报送"}); status != 200 {
			t.Fatalf("remind: %d %s", status, body)
		}
	}
	if err := s.app.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, f := range []struct{ kind, title, step, reason string }{
		{"lag", "", "talk", "points behind the calendar"},
		{"missing", "projects.county.month", "remind", "reminders: 3"},
	} {
		if got := s.suggested(city, f.kind, f.title); !strings.HasPrefix(got, f.step+":") || !strings.Contains(got, f.reason) {
			t.Errorf("%s %s: %q, want %s because of %s", f.kind, f.title, got, f.step, f.reason)
		}
	}
}

// annual sets the county's target of the year.
func (s *server) annual(amount quantity.Decimal) {
	s.Helper()
	tree, err := s.app.Registry.Tree(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	root, _ := tree.ByCode("330600")
	p := identity.NewPrincipal("p", "p", "p", root.ID, []identity.Grant{{Role: "planner", Line: identity.AnyLine, Division: root.ID}}, tree)
	q := programme.TargetQuery{Target: "inv.construction.annual", Year: 2026, Scope: "330600"}
	if _, err := s.app.Programme.SetTargets(s.Context(), p, q, []programme.TargetChange{{Division: "330602", Amount: quantity.Some(amount)}}); err != nil {
		s.Fatal(err)
	}
}

// suggested is the step called for at the matter of a kind whose cause speaks of something.
func (s *server) suggested(c *http.Client, kind, of string) string {
	s.Helper()
	_, text := s.call(c, "GET", "/api/matters?kind="+kind+"&limit=200", nil)
	var page struct{ Items []struct{ ID int64 } }
	if err := json.Unmarshal([]byte(text), &page); err != nil {
		s.Fatalf("%v: %s", err, text)
	}
	for _, row := range page.Items {
		_, text = s.call(c, "GET", fmt.Sprintf("/api/matters/%d", row.ID), nil)
		var d struct {
			Source    string `json:"source_id"`
			Suggested *struct {
				Step   string
				Reason struct{ En string }
			}
		}
		if err := json.Unmarshal([]byte(text), &d); err != nil {
			s.Fatalf("%v: %s", err, text)
		}
		if strings.Contains(text, of) {
			if d.Suggested == nil {
				return "nothing"
			}
			return d.Suggested.Step + ": " + d.Suggested.Reason.En
		}
	}
	return fmt.Sprintf("none of %d", len(page.Items))
}
