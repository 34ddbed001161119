package web_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"anlan/internal/app"
	"anlan/internal/identity"
	"anlan/internal/registry"
	"anlan/internal/store"
	"anlan/packs"
)

// server is a whole program on an empty city, with one account for every role.
type server struct {
	testing.TB
	app *app.App
	url string
}

const pass = "Rain-2026-water"

func newServer(t testing.TB) *server {
	t.Helper()
	c := app.DefaultConfig()
	c.Database, c.City = filepath.Join(t.TempDir(), "a.db"), "330600"
	a, err := app.New(t.Context(), c, "test", &app.Clock{}, true, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	a.Store.WatchReads()
	t.Cleanup(func() { a.Close() })
	_, err = a.Programme.LoadPacks(t.Context(), identity.Actor{Name: "test"}, packs.All())
	if err != nil {
		t.Fatal(err)
	}
	err = a.Store.Write(t.Context(), func(tx *store.Tx) error {
		var list []registry.NewDivision
		for _, d := range [][3]string{{"330600", "city", ""}, {"330602", "county", "330600"}, {"330603", "county", "330600"}} {
			n := registry.NewDivision{Code: d[0], Kind: registry.Administrative, Level: d[1], Parent: d[2]}
			n.Name.Zh, n.Name.En = d[0], d[0]
			list = append(list, n)
		}
		return a.Registry.AddDivisions(t.Context(), tx, list)
	})
	if err != nil {
		t.Fatal(err)
	}
	s := &server{TB: t, app: a}
	for _, r := range identity.Roles() {
		s.account(strings.ReplaceAll(r.ID, "_", "-"), r.ID, "330600")
	}
	s.account("yue", "county_leader", "330602")
	h := httptest.NewServer(a.Web.Handler())
	t.Cleanup(h.Close)
	s.url = h.URL
	return s
}

func (s *server) account(login, role, division string) {
	s.Helper()
	tree, err := s.app.Registry.Tree(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	d, _ := tree.ByCode(division)
	err = s.app.Store.Write(s.Context(), func(tx *store.Tx) error {
		_, _, err := s.app.Identity.CreateAccount(s.Context(), tx, identity.Actor{Name: "test"}, identity.NewAccount{
			Login: login, Name: login, Division: d.ID, Password: pass, Grants: []identity.Grant{{Role: role, Line: "*", Division: d.ID}},
		})
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
}

// browser is one person's client; "" signs nobody in.
func (s *server) browser(login string) *http.Client {
	s.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.Fatal(err)
	}
	c := &http.Client{Jar: jar}
	if login != "" {
		if status, body := s.call(c, "POST", "/api/session", map[string]string{"login": login, "password": pass}); status != 200 {
			s.Fatalf("sign in %s: %d %s", login, status, body)
		}
	}
	return c
}

func (s *server) call(c *http.Client, method, path string, body any) (int, string) {
	s.Helper()
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			s.Fatal(err)
		}
		r = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(s.Context(), method, s.url+path, r)
	if err != nil {
		s.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// concrete fills the parts of a path.
func concrete(path string) string {
	return strings.NewReplacer("{id}", "1", "{code}", "inv.construction", "{period}", "2026-05", "{grant}", "x", "{person}", "x", "{object}", "1", "{hash}", "aa", "{duty}", "1", "{ledger}", "small-hydropower", "{kind}", "checklist", "{address}", "0061000001", "{message}", "aa").Replace(path)
}

// TestEveryRouteWithEveryRole walks all routes: nobody signed in is told to sign in, a role without the permission is
// forbidden, and a role with it is not.
func TestEveryRouteWithEveryRole(t *testing.T) {
	s := newServer(t)
	anybody := s.browser("")
	seen := map[string]bool{}
	people := map[string]*http.Client{}
	for _, role := range identity.Roles() {
		people[role.ID] = s.browser(strings.ReplaceAll(role.ID, "_", "-"))
	}
	for _, r := range s.app.Web.Routes() {
		if seen[r.ID] {
			t.Errorf("operation %s stands twice", r.ID)
		}
		seen[r.ID] = true
		if r.Public {
			continue
		}
		if r.Permission == "" {
			t.Errorf("%s %s names no permission", r.Method, r.Path)
		}
		if status, _ := s.call(anybody, r.Method, concrete(r.Path), nil); status != http.StatusUnauthorized {
			t.Errorf("%s %s answers %d to nobody", r.Method, r.Path, status)
		}
		if r.ID == "signOut" || r.ID == "endOtherSessions" || r.ID == "setDemoClock" {
			continue
		}
		for _, role := range identity.Roles() {
			may := false
			for _, p := range role.Permissions {
				may = may || p == r.Permission
			}
			status, body := s.call(people[role.ID], r.Method, concrete(r.Path), nil)
			if may && status == http.StatusForbidden && strings.Contains(body, "permission.missing") || !may && status != http.StatusForbidden {
				t.Errorf("%s %s as %s: %d %s", r.Method, r.Path, role.ID, status, body)
			}
			if status >= 500 {
				t.Errorf("%s %s as %s: %d %s", r.Method, r.Path, role.ID, status, body)
			}
		}
	}
}

func TestCountyIsKeptToItsCounty(t *testing.T) {
	s := newServer(t)
	yue := s.browser("yue")
	f := func(path string, want int) {
		t.Helper()
		if status, body := s.call(yue, "GET", path, nil); status != want {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	f("/api/cockpit?scope=330602", 200)
	f("/api/cockpit?scope=330600", 404)
	f("/api/cockpit?scope=330603", 404)
	f("/api/returns?scope=330603", 404)
	f("/api/targets?target=inv.construction.annual&year=2026&scope=330600", 404)
	f("/api/cockpit?scope=330602&period=2026-13", 400)
	f("/api/indicators/inv.construction/history?division=330602&period=2026-05", 200)
	f("/api/forms/investment.county.month/template.xlsx?scope=330602&period=2026-05", 200)
	f("/api/cockpit?scope=330602&colour=red", 400)
	if status, body := s.call(yue, "POST", "/api/returns", map[string]any{"form": "investment.county.month", "division": "330603", "period": "2026-05"}); status != 404 {
		t.Errorf("opens the neighbour's return: %d %s", status, body)
	}
}

func TestOneReturnThroughTheDoor(t *testing.T) {
	s := newServer(t)
	yue := s.browser("yue")
	status, body := s.call(yue, "POST", "/api/returns", map[string]any{"form": "projects.county.month", "division": "330602", "period": "2026-05"})
	var r struct {
		ID, Edit int64
		Rows     []struct {
			Indicator struct {
				Code  string
				Ratio *struct{}
			}
		}
	}
	if err := json.Unmarshal([]byte(body), &r); err != nil || status != 200 || len(r.Rows) == 0 {
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
	status, body = s.call(yue, "PATCH", "/api/returns/1/lines", map[string]any{"edit": r.Edit, "lines": lines})
	if status != 200 {
		t.Fatalf("save: %d %s", status, body)
	}
	if status, body = s.call(yue, "PATCH", "/api/returns/1/lines", map[string]any{"edit": r.Edit, "lines": lines}); status != 409 || !strings.Contains(body, `"current"`) {
		t.Errorf("a stale save: %d %s", status, body)
	}
	status, body = s.call(yue, "POST", "/api/returns/1/moves", map[string]any{"move": "submit", "edit": r.Edit + 1})
	if status != 200 || !strings.Contains(body, `"state":"submitted"`) {
		t.Errorf("submit: %d %s", status, body)
	}
	director := s.browser("director")
	if status, body = s.call(director, "GET", "/api/cockpit?scope=330600&period=2026-05", nil); status != 200 || !strings.Contains(body, `"reported":1`) {
		t.Errorf("the city's cockpit: %d %.200s", status, body)
	}
}

func TestHealthAndHeaders(t *testing.T) {
	s := newServer(t)
	c := s.browser("")
	if status, body := s.call(c, "GET", "/healthz", nil); status != 200 || !strings.Contains(body, `"ok":true`) {
		t.Errorf("healthz: %d %s", status, body)
	}
	if status, body := s.call(c, "GET", "/metrics", nil); status != 200 || !strings.Contains(body, "anlan_store_writes_total") {
		t.Errorf("metrics: %d", status)
	}
	if status, body := s.call(c, "GET", "/api/openapi.json", nil); status != 200 || !strings.Contains(body, `"openapi":"3.1.0"`) {
		t.Errorf("openapi: %d %.80s", status, body)
	}
	if status, body := s.call(c, "GET", "/api/nowhere", nil); status != 404 || !strings.Contains(body, "route.unknown") {
		t.Errorf("an unknown route: %d %s", status, body)
	}
	req, err := http.NewRequestWithContext(t.Context(), "POST", s.url+"/api/session", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden || !strings.Contains(resp.Header.Get("Content-Security-Policy"), "default-src 'self'") {
		t.Errorf("another site's request: %d, policy %q", resp.StatusCode, resp.Header.Get("Content-Security-Policy"))
	}
}
