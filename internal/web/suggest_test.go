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

	"github.com/google/go-cmp/cmp"
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
	s.listsAgree(t, city, yue)
}

// listsAgree holds the list of what calls for a step, the filter by a step and the work of who may propose it against the page of every
// matter; a county is told of none.
func (s *server) listsAgree(t *testing.T, city, county *http.Client) {
	s.Helper()
	type row struct {
		ID    int64
		Calls *struct{ Step string }
	}
	type page struct{ Items []row }
	list := func(c *http.Client, query string) map[int64]string {
		var out page
		s.into(t, s.done(c, "GET", "/api/matters?limit=1000"+query, nil), &out)
		steps := map[int64]string{}
		for _, r := range out.Items {
			steps[r.ID] = ""
			if r.Calls != nil {
				steps[r.ID] = r.Calls.Step
			}
		}
		return steps
	}
	want := map[int64]string{}
	for id := range list(city, "") {
		var d struct{ Suggested *struct{ Step string } }
		if s.into(t, s.done(city, "GET", fmt.Sprint("/api/matters/", id), nil), &d); d.Suggested != nil {
			want[id] = d.Suggested.Step
		}
	}
	if diff := cmp.Diff(want, list(city, "&calls_for=any")); diff != "" || len(want) < 2 {
		s.Errorf("%d call for a step (-their pages +the list):\n%s", len(want), diff)
	}
	for _, step := range want {
		for id, of := range list(city, "&calls_for="+step) {
			if of != step || want[id] != step {
				s.Errorf("matter %d is listed for %s as %s, its page says %s", id, step, of, want[id])
			}
		}
	}
	var work struct {
		Items []struct {
			Why string
			page
		}
	}
	s.into(t, s.done(city, "GET", "/api/work?limit=500", nil), &work)
	got := map[int64]string{}
	for _, g := range work.Items {
		for _, r := range g.Items {
			if g.Why == "step" {
				got[r.ID] = r.Calls.Step
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.Errorf("my work (-the pages +the work):\n%s", diff)
	}
	if n := len(list(county, "&calls_for=any")); n != 0 || strings.Contains(s.done(county, "GET", "/api/work", nil), `"step"`) {
		s.Errorf("the county is told of %d steps", n)
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
