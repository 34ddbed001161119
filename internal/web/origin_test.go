package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestOriginByHand: a county enters what it found itself; what a higher level found is entered by the city, in whichever way it comes in.
func TestOriginByHand(t *testing.T) {
	s := newServer(t)
	s.waterworks()
	for _, login := range []string{"yue", "reviewer"} {
		c := s.browser(login)
		for n, origin := range []string{"ministry", "province", "city", "county", "self"} {
			want := http.StatusOK
			if login == "yue" && n < 3 {
				want = http.StatusForbidden
			}
			status, text := s.call(c, "POST", "/api/matters", map[string]any{
				"client": fmt.Sprint(n), "kind": "finding", "line": "reservoir", "division": "330602", "title": "检查发现", "severity": 2, "origin": origin,
				"place": map[string]any{}, "due": time.Now().AddDate(0, 1, 0).Format(time.DateOnly),
			})
			if status != want || want == http.StatusForbidden && !strings.Contains(text, "inspection.level") {
				t.Errorf("%s enters what the %s found: %d %s", login, origin, status, text)
			}
		}
		want := http.StatusOK
		if login == "yue" {
			want = http.StatusForbidden
		}
		status, text := s.call(c, "POST", "/api/inspections", map[string]any{"client": "p", "checklist": "small-reservoirs", "object": 1, "mode": "provincial"})
		if status != want {
			t.Errorf("%s starts a provincial inspection: %d %s", login, status, text)
		}
	}
}
