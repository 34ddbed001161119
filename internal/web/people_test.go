package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"anlan/internal/identity"
)

// TestNoAddressWithANul puts a NUL, plain or percent-encoded, and bytes that are no UTF-8 into the path and the query of every
// route: PostgreSQL refuses them with an error of its own, which a person would meet as a fault of the program.
func TestNoAddressWithANul(t *testing.T) {
	s := newServer(t)
	people := map[string]*http.Client{}
	for _, r := range s.app.Web.Routes() {
		var c *http.Client
		for _, role := range identity.Roles() {
			if r.Public || has(role, r.Permission) {
				if people[role.ID] == nil {
					people[role.ID] = s.browser(strings.ReplaceAll(role.ID, "_", "-"))
				}
				c = people[role.ID]
			}
		}
		for _, bad := range []string{"%00", "a%00b", "%ff", "%c3%28"} {
			paths := []string{concrete(r.Path) + "?q=" + bad, concrete(r.Path) + "?" + bad + "=1"}
			if strings.Contains(r.Path, "{") {
				paths = append(paths, strings.NewReplacer("{id}", bad, "{code}", bad, "{period}", bad, "{grant}", bad, "{person}", bad, "{hash}", bad, "{ledger}", bad).Replace(r.Path))
			}
			for _, path := range paths {
				if status, body := s.call(c, r.Method, path, nil); status != http.StatusBadRequest || !strings.Contains(body, "request.text") {
					t.Errorf("%s %s: %d %.200s", r.Method, path, status, body)
				}
			}
		}
	}
}

func has(role identity.Role, perm identity.Permission) bool {
	for _, p := range role.Permissions {
		if p == perm {
			return true
		}
	}
	return false
}

func (s *server) made(c *http.Client, path string, body any) string {
	s.Helper()
	status, text := s.call(c, "POST", path, body)
	var m struct{ ID string }
	if err := json.Unmarshal([]byte(text), &m); err != nil || status != 200 || m.ID == "" {
		s.Fatalf("%s: %d %s", path, status, text)
	}
	return m.ID
}

// TestPeopleThroughTheDoor adds an organisation with two people, changes one twice from one reading, and asks for telephone
// numbers with and without the permission, inside and outside the county.
func TestPeopleThroughTheDoor(t *testing.T) {
	s := newServer(t)
	admin, yue, auditor := s.browser("administrator"), s.browser("yue"), s.browser("auditor")
	text := func(s string) map[string]string { return map[string]string{"zh": s, "en": s} }
	f := func(c *http.Client, method, path string, body any, want int, holds, lacks string) {
		t.Helper()
		status, got := s.call(c, method, path, body)
		if status != want || !strings.Contains(got, holds) || lacks != "" && strings.Contains(got, lacks) {
			t.Errorf("%s %s: %d %s", method, path, status, got)
		}
	}
	var people []string
	for _, division := range []string{"330602", "330603"} {
		org := s.made(admin, "/api/organisations", map[string]any{"name": text("局" + division), "kind": "bureau", "division": division})
		people = append(people, s.made(admin, "/api/people", map[string]any{"name": "人" + division, "phone": "13800138000", "organisation": org}))
		if division == "330602" {
			post := s.made(admin, "/api/posts", map[string]any{"organisation": org, "title": text("科长"), "line": "*"})
			f(admin, "POST", "/api/posts/"+post+"/holders", map[string]any{"person": people[0]}, 204, "", "")
			f(yue, "GET", "/api/posts", nil, 200, "人330602", "")
			f(yue, "DELETE", "/api/posts/"+post+"/holders/"+people[0], nil, 403, "permission.missing", "")
		}
	}
	f(admin, "GET", "/api/people?division=330603", nil, 200, "138****8000", "人330602")
	f(yue, "GET", "/api/people", nil, 200, "人330602", "人330603")
	f(yue, "GET", "/api/people?division=330603", nil, 200, `"items":[]`, "人")
	f(yue, "GET", "/api/people/"+people[0], nil, 200, "138****8000", "13800138000")
	f(yue, "GET", "/api/people/"+people[1], nil, 404, "registry.unknown", "人330603")
	f(yue, "POST", "/api/people/"+people[0]+"/phone", nil, 200, "13800138000", "")
	f(yue, "POST", "/api/people/"+people[1]+"/phone", nil, 404, "person.unknown", "13800138000")
	f(auditor, "POST", "/api/people/"+people[0]+"/phone", nil, 403, "permission.missing", "13800138000")
	f(auditor, "GET", "/api/audit?action=person.phone", nil, 200, people[0], people[1])

	at := "/api/people/" + people[0]
	f(admin, "PATCH", at, map[string]any{"name": "甲"}, 400, "edit", "")
	f(admin, "PATCH", at, map[string]any{"edit": 1, "name": "甲"}, 204, "", "")
	f(admin, "PATCH", at, map[string]any{"edit": 1, "name": "乙"}, 409, `"name":"甲"`, "13800138000")
	f(admin, "PATCH", "/api/divisions/330602", map[string]any{"edit": 1, "short": "越城"}, 204, "", "")
	f(admin, "PATCH", "/api/divisions/330602", map[string]any{"edit": 1, "short": "山阴"}, 409, `"short":"越城"`, "")
	f(admin, "GET", "/api/divisions", nil, 200, `"edit":2`, "")
}
