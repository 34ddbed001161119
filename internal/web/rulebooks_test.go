package web_test

import (
	"encoding/json"
	"strings"
	"testing"

	"anlan/internal/identity"
	"anlan/internal/oversight"
	"anlan/packs"
)

// TestRulebooksThroughTheDoor: an administrator checks a file and puts it into force, a reader reads both versions, nobody else writes.
func TestRulebooksThroughTheDoor(t *testing.T) {
	s := newServer(t)
	if _, err := s.app.Oversight.Load(t.Context(), identity.Actor{Name: "test"}, oversight.Definitions{Checklists: packs.Checklists()}); err != nil {
		t.Fatal(err)
	}
	admin, yue := s.browser("administrator"), s.browser("yue")
	first := string(packs.Checklists()["duty.yaml"])
	second := strings.Replace(first, "version: 1", "version: 2", 1)
	var check oversight.RulebookCheck
	status, body := s.call(admin, "POST", "/api/rulebooks/check", map[string]any{"name": "duty.yaml", "source": strings.Replace(first, "line: flood", "lyne: flood", 1)})
	if err := json.Unmarshal([]byte(body), &check); err != nil || status != 200 || check.OK || len(check.Fields) == 0 || check.Fields[0].Place != "duty.yaml (line 8)" {
		t.Errorf("a bad file: %d %s", status, body)
	}
	if status, body = s.call(admin, "POST", "/api/rulebooks/check", map[string]any{"source": second}); status != 200 || !strings.Contains(body, `"base":1`) || !strings.Contains(body, `"ok":true`) {
		t.Errorf("a good file: %d %s", status, body)
	}
	put := map[string]any{"source": second, "base": 1}
	if status, body = s.call(yue, "PUT", "/api/rulebooks/checklist/duty", put); status != 403 {
		t.Errorf("a county writes: %d %s", status, body)
	}
	if status, body = s.call(admin, "PUT", "/api/rulebooks/checklist/duty", put); status != 200 || !strings.Contains(body, `"in_force":true`) {
		t.Fatalf("put: %d %s", status, body)
	}
	if status, body = s.call(admin, "PUT", "/api/rulebooks/checklist/duty", put); status != 409 {
		t.Errorf("put twice over the same base: %d %s", status, body)
	}
	var v oversight.RulebookSource
	if status, body = s.call(yue, "GET", "/api/rulebooks/checklist/duty?version=1", nil); status != 200 || json.Unmarshal([]byte(body), &v) != nil || v.Source != first || v.InForce {
		t.Errorf("the first version: %d %s", status, body)
	}
	if status, body = s.call(yue, "GET", "/api/rulebooks", nil); status != 200 || strings.Count(body, `"id":"duty"`) != 2 {
		t.Errorf("the list: %d %s", status, body)
	}
	if status, _ = s.call(yue, "GET", "/api/rulebooks/checklist/none", nil); status != 404 {
		t.Errorf("one that is not there: %d", status)
	}
	if status, body = s.call(yue, "GET", "/api/checklists/duty", nil); status != 200 || !strings.Contains(body, `"version":2`) {
		t.Errorf("in force: %d %.200s", status, body)
	}
}
