package web_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestMissedIsJudgedOfWhatIsEnteredByHand: the county looked at its reservoir and saw nothing; what the province then found there comes
// in by hand and is missed (漏检), unless the sheet did not ask for it or it was found before the county came.
func TestMissedIsJudgedOfWhatIsEnteredByHand(t *testing.T) {
	s := newServer(t)
	s.waterworks()
	county, city := s.browser("yue"), s.browser("reviewer")
	made := func(path string, body any) int64 {
		t.Helper()
		c := city
		if strings.HasPrefix(path, "/api/inspections") {
			c = county
		}
		status, text := s.call(c, "POST", path, body)
		var out struct{ ID int64 }
		if status >= 300 {
			t.Fatalf("%s: %d %s", path, status, text)
		}
		_ = json.Unmarshal([]byte(text), &out) // some answer nothing
		return out.ID
	}
	before := time.Now().Add(-time.Hour)
	id := made("/api/inspections", map[string]any{"client": "1", "checklist": "small-reservoirs", "object": 1, "mode": "self"})
	answers := map[string]string{}
	book, err := s.app.Oversight.Book(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list, err := book.Version("small-reservoirs", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, section := range list.Sections {
		for _, clause := range section.Clauses {
			answers[clause.Code] = "pass"
		}
	}
	made(fmt.Sprintf("/api/inspections/%d/sheet", id), map[string]any{"answers": answers, "findings": []any{}})
	made(fmt.Sprintf("/api/inspections/%d/done", id), nil)
	time.Sleep(2 * time.Millisecond) // the store keeps whole milliseconds
	for k, f := range []struct {
		item  string
		found *time.Time
		want  bool
	}{{"sr.person.01", nil, true}, {"other.01", nil, false}, {"sr.person.02", &before, false}} {
		body := map[string]any{
			"client": fmt.Sprint(k), "kind": "finding", "line": list.Line, "division": "330602", "object": 1, "item": f.item, "title": "省级检查发现", "severity": 2, "origin": "province",
			"place": map[string]any{}, "due": time.Now().AddDate(0, 1, 0).Format(time.DateOnly),
		}
		if f.found != nil {
			body["found"] = f.found.Format(time.RFC3339)
		}
		_, text := s.call(city, "GET", fmt.Sprintf("/api/matters/%d", made("/api/matters", body)), nil)
		if got := strings.Contains(text, `"missed":true`); got != f.want {
			t.Errorf("%s: missed %v: %.300s", f.item, got, text)
		}
	}
}
