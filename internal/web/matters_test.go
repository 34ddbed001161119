package web_test

import (
	"strings"
	"testing"
)

// TestImpossibleFiltersAreRefused: a value that no matter can have is named, not answered with an empty list.
func TestImpossibleFiltersAreRefused(t *testing.T) {
	s := newServer(t)
	c := s.browser("reviewer")
	f := func(query, place string) {
		t.Helper()
		for _, path := range []string{"/api/matters?", "/api/matters/groups?by=state&", "/api/matters/calendar?from=2026-06-01&to=2026-06-30&"} {
			status, body := s.call(c, "GET", path+query, nil)
			if place == "" && status != 200 || place != "" && (status != 400 || !strings.Contains(body, `"place":"`+place)) {
				t.Errorf("%s%s: %d %s", path, query, status, body)
			}
		}
	}
	f("severity=9", "severity")
	f("severity=1,9", "severity")
	f("severity=-1", "severity")
	f("state=nix", "query.state")
	f("kind=finding,nix", "query.kind")
	f("origin=nix", "query.origin")
	f("source=nix", "query.source")
	f("step=nix", "query.step")
	f("object_kind=nix", "object_kind")
	f("due_from=2026-06-31", "due_from")
	f("due_from=2026-06-08&due_to=2026-06-07", "due_to")
	f("overdue=perhaps", "query.overdue")
	f("severity=0,4&state=found,closed&kind=finding&origin=rule&source=hand&step=talk&object_kind=reservoir&due_from=2026-06-08&due_to=2026-06-08&overdue=true&overdue_first=true", "")
	if status, body := s.call(c, "GET", "/api/matters/calendar?from=2026-06-01&to=2026-05-01", nil); status != 400 || !strings.Contains(body, `"place":"to"`) {
		t.Errorf("a calendar that ends before it begins: %d %s", status, body)
	}
}
