package web_test

import (
	"encoding/json"
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
	f("original_to=2026-06-31", "original_to")
	f("original_from=2026-06-08&original_to=2026-06-07", "original_to")
	f("overdue=perhaps", "query.overdue")
	f("severity=0,4&state=found,closed&kind=finding&origin=rule&source=hand&step=talk&object_kind=reservoir&due_from=2026-06-08&due_to=2026-06-08&overdue=true&overdue_first=true", "")
	if status, body := s.call(c, "GET", "/api/matters/groups?by=county", nil); status != 400 || !strings.Contains(body, "division") {
		t.Errorf("it does not say what there is to count by: %d %s", status, body)
	}
	for path, want := range map[string]string{"/api/matters?nix=1": "没有这个查询参数", "/api/matters?state=nix": "应为以下之一：found", "/api/matters?limit=x": "不是有效的值", "/api/counted": "缺少必填的参数"} {
		if status, body := s.call(c, "GET", path, nil); status < 400 || !strings.Contains(body, want) {
			t.Errorf("%s says %s, not %s", path, body, want)
		}
	}
	for body, want := range map[string]string{`{}`: "缺少必填项", `{"ids":[1],"act":{"move":"assign","edit":-1,"x":1}}`: "没有这一项"} {
		if status, got := s.call(c, "POST", "/api/matters/moves", json.RawMessage(body)); status != 400 || !strings.Contains(got, want) {
			t.Errorf("%s: %d %s", body, status, got)
		}
	}
	if status, body := s.call(c, "GET", "/api/matters/calendar?from=2026-06-01&to=2026-05-01", nil); status != 400 || !strings.Contains(body, `"place":"to"`) {
		t.Errorf("a calendar that ends before it begins: %d %s", status, body)
	}
}
