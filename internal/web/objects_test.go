package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// upload sends a file with its fields.
func (s *server) upload(c *http.Client, path, name string, content []byte, fields map[string]string) (int, string) {
	s.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range fields {
		if err := w.WriteField(k, v); err != nil {
			s.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		s.Fatal(err)
	}
	if _, err := part.Write(content); err != nil {
		s.Fatal(err)
	}
	if err := w.Close(); err != nil {
		s.Fatal(err)
	}
	req, err := http.NewRequestWithContext(s.Context(), "POST", s.url+path, &b)
	if err != nil {
		s.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	resp, err := c.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func (s *server) numbered(c *http.Client, path string, body any) int64 {
	s.Helper()
	status, text := s.call(c, "POST", path, body)
	var m struct{ ID int64 }
	if err := json.Unmarshal([]byte(text), &m); err != nil || status != 200 || m.ID == 0 {
		s.Fatalf("%s: %d %s", path, status, text)
	}
	return m.ID
}

// TestObjectsThroughTheDoor adds an object to each of two counties, names who answers, and asks as a county and as a viewer.
func TestObjectsThroughTheDoor(t *testing.T) {
	s := newServer(t)
	admin, yue, viewer := s.browser("administrator"), s.browser("yue"), s.browser("viewer")
	f := func(c *http.Client, method, path string, body any, want int, holds, lacks string) {
		t.Helper()
		status, got := s.call(c, method, path, body)
		if status != want || !strings.Contains(got, holds) || lacks != "" && strings.Contains(got, lacks) {
			t.Errorf("%s %s: %d %s", method, path, status, got)
		}
	}
	object := func(name, division string) map[string]any {
		return map[string]any{
			"kind": "reservoir", "name": map[string]string{"zh": name, "en": ""}, "division": division, "storage_wan_m3": 123.4,
			"commissioned_on": "1978-12-01", "place": map[string]float64{"lon": 120.58, "lat": 30},
		}
	}
	mine := s.numbered(yue, "/api/objects", object("甲水库", "330602"))
	other := s.numbered(admin, "/api/objects", object("乙水库", "330603"))
	f(yue, "POST", "/api/objects", object("丙水库", "330603"), 403, "object.forbidden", "")
	f(viewer, "POST", "/api/objects", object("丙水库", "330602"), 403, "permission.missing", "")
	wrong := object("丙水库", "330602")
	wrong["appraised_on"] = "1960-01-01"
	f(yue, "POST", "/api/objects", wrong, 400, "appraised_on", "")
	f(yue, "GET", "/api/objects", nil, 200, "甲水库", "乙水库")
	f(yue, "GET", "/api/objects?division=330603", nil, 200, `"items":[]`, "水库")
	f(viewer, "GET", "/api/objects?due=overdue&kind=reservoir&sort=due&limit=1", nil, 200, `"next":"`, "")
	f(viewer, "GET", "/api/objects?as_of=1980-01-01&due=ok", nil, 200, `"appraisal_due_on":"1983-12-01"`, "")
	f(viewer, "GET", "/api/objects?as_of=yesterday", nil, 400, "as_of", "")
	f(viewer, "GET", "/api/objects?kind=castle", nil, 400, "castle", "")
	f(viewer, "GET", "/api/objects/map", nil, 200, `"coordinates":[120.58,30]`, "")
	f(yue, "GET", "/api/objects/map", nil, 200, "甲水库", "乙水库")
	f(viewer, "GET", "/api/objects/tally", nil, 200, `"due":"overdue"`, "")
	f(viewer, "GET", "/api/objects/words", nil, 200, "小(1)型", "")
	f(viewer, "GET", "/api/objects/rules", nil, 200, `"first_appraisal_years":5`, "")

	at, far := fmt.Sprintf("/api/objects/%d", mine), fmt.Sprintf("/api/objects/%d", other)
	f(yue, "GET", far, nil, 404, "object.unknown", "乙水库")
	f(yue, "PATCH", far, map[string]any{"edit": 9}, 404, "object.unknown", "乙水库")
	f(yue, "GET", far+"/duties", nil, 404, "object.unknown", "")
	f(yue, "PATCH", at, map[string]any{"name": map[string]string{"zh": "甲", "en": ""}}, 400, "edit", "")
	f(yue, "PATCH", at, map[string]any{"edit": 1, "name": map[string]string{"zh": "新甲水库", "en": ""}}, 204, "", "")
	f(yue, "PATCH", at, map[string]any{"edit": 1, "name": map[string]string{"zh": "旧甲水库", "en": ""}}, 409, "新甲水库", "")
	f(viewer, "GET", at, nil, 200, `"storage_wan_m3":123.4`, "")

	org := s.made(admin, "/api/organisations", map[string]any{"name": map[string]string{"zh": "局", "en": "b"}, "kind": "bureau", "division": "330602"})
	person := s.made(admin, "/api/people", map[string]any{"name": "陈一", "phone": "13800138000", "organisation": org})
	duty := s.numbered(yue, at+"/duties", map[string]any{"role": "patrol", "person": person})
	f(yue, "POST", at+"/duties", map[string]any{"role": "patrol", "person": person}, 409, "duty.twice", "")
	f(viewer, "GET", at, nil, 200, "138****8000", "13800138000")
	f(yue, "POST", fmt.Sprintf("%s/duties/%d/phone", at, duty), map[string]any{}, 200, `"duties":1`, "")
	f(yue, "POST", fmt.Sprintf("%s/duties/%d/trained", at, duty), map[string]any{"at": "2020-01-01T00:00:00Z"}, 200, `"duties":1`, "")
	f(viewer, "POST", fmt.Sprintf("%s/duties/%d/phone", at, duty), map[string]any{}, 403, "permission.missing", "")
	f(yue, "POST", fmt.Sprintf("%s/duties/%d/end", at, duty), map[string]any{}, 204, "", "")
	f(viewer, "GET", at+"/duties", nil, 200, `"until":"`, "13800138000")
	f(yue, "PUT", "/api/objects/rules", map[string]any{}, 403, "permission.missing", "")
}

// TestObjectFiles imports a table in the two steps that a screen takes, and takes the export back.
func TestObjectFiles(t *testing.T) {
	s := newServer(t)
	yue, viewer := s.browser("yue"), s.browser("viewer")
	table := []byte("类别,名称,代码,区划代码,经度,纬度\n山塘,甲塘,P1,330602,120.5,30\n山塘,乙塘,P2,330603,120.5,30\n")
	status, body := s.upload(yue, "/api/objects/import", "a.csv", table, map[string]string{"system": "GCJ-02"})
	var e struct {
		Digest  string
		Applied bool
		Counts  struct{ Added, Refused, Same int }
	}
	if err := json.Unmarshal([]byte(body), &e); err != nil || status != 200 || e.Applied || e.Counts.Added != 1 || e.Counts.Refused != 1 {
		t.Fatalf("preview: %d %s", status, body)
	}
	if status, body := s.upload(viewer, "/api/objects/import", "a.csv", table, nil); status != 403 {
		t.Errorf("a viewer's: %d %s", status, body)
	}
	if status, body := s.upload(yue, "/api/objects/import", "a.csv", table, map[string]string{"system": "GCJ-02", "digest": strings.Repeat("0", 64)}); status != 409 || !strings.Contains(body, `"digest"`) {
		t.Errorf("another digest: %d %s", status, body)
	}
	if status, body := s.upload(yue, "/api/objects/import", "a.csv", table, map[string]string{"system": "GCJ-02", "digest": e.Digest}); status != 200 || !strings.Contains(body, `"applied":true`) {
		t.Errorf("taken: %d %s", status, body)
	}
	for _, format := range []string{"xlsx", "csv", "geojson"} {
		status, file := s.call(yue, "GET", "/api/objects/export?format="+format+"&lang=en&q="+url.QueryEscape("塘"), nil)
		if status != 200 {
			t.Fatalf("%s: %d %s", format, status, file)
		}
		status, body := s.upload(yue, "/api/objects/import", "b."+format, []byte(file), map[string]string{"system": "CGCS2000"})
		if err := json.Unmarshal([]byte(body), &e); err != nil || status != 200 || e.Counts.Same != 1 {
			t.Errorf("%s taken back: %d %s", format, status, body)
		}
	}
}

// TestObjectHistoryTellsWhoChangedWhat: names of parts and persons, no values, and nothing to whoever may not see the object.
func TestObjectHistoryTellsWhoChangedWhat(t *testing.T) {
	s := newServer(t)
	s.account("ke", "county_leader", "330603")
	admin, yue := s.browser("administrator"), s.browser("yue")
	id := s.numbered(admin, "/api/objects", map[string]any{"kind": "reservoir", "name": map[string]string{"zh": "甲水库", "en": ""}, "division": "330602"})
	path := fmt.Sprintf("/api/objects/%d", id)
	for i, change := range []map[string]any{{"name": map[string]string{"zh": "乙水库", "en": ""}, "code": "R-1"}, {"retired": true}, {"retired": false}} {
		change["edit"] = i + 1
		if status, body := s.call(admin, "PATCH", path, change); status != http.StatusNoContent {
			t.Fatalf("%v: %d %s", change, status, body)
		}
	}
	read := func(query string) (told []string, next int64) {
		t.Helper()
		status, body := s.call(yue, "GET", path+"/history"+query, nil)
		var page struct {
			Items []struct {
				Action, By string
				Changed    []string
			}
			Next int64
		}
		if err := json.Unmarshal([]byte(body), &page); err != nil || status != 200 || strings.Contains(body, "乙水库") {
			t.Fatalf("%s: %d %s", query, status, body)
		}
		for _, e := range page.Items {
			told = append(told, fmt.Sprint(e.Action, e.Changed, e.By))
		}
		return told, page.Next
	}
	want := []string{"restore[]administrator", "retire[]administrator", "change[code name]administrator", "create[]administrator"}
	if got, next := read(""); fmt.Sprint(got) != fmt.Sprint(want) || next != 0 {
		t.Errorf("history: %v, next %d", got, next)
	}
	first, next := read("?limit=3")
	rest, _ := read(fmt.Sprintf("?limit=3&before=%d", next))
	if fmt.Sprint(append(first, rest...)) != fmt.Sprint(want) {
		t.Errorf("in pages: %v and %v", first, rest)
	}
	if status, _ := s.call(s.browser("ke"), "GET", path+"/history", nil); status != http.StatusNotFound {
		t.Errorf("another county: %d", status)
	}
}
