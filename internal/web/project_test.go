package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/oversight"
	"anlan/internal/project"
	"anlan/internal/workbook"
	"anlan/packs"
)

// course puts the rules of projects into force, on a day in June.
func (s *server) course() {
	s.Helper()
	name, src := packs.Lifecycle()
	if _, err := s.app.Oversight.Load(s.Context(), identity.Actor{Name: "test"}, oversight.Definitions{Lifecycles: map[string][]byte{name: src}}); err != nil {
		s.Fatal(err)
	}
	if err := s.app.Clock.Set(time.Date(2026, 6, 8, 2, 0, 0, 0, time.UTC)); err != nil {
		s.Fatal(err)
	}
}

// done sends something that has to be taken.
func (s *server) done(c *http.Client, method, path string, body any) string {
	s.Helper()
	status, answer := s.call(c, method, path, body)
	if status != http.StatusOK && status != http.StatusNoContent {
		s.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
	return answer
}

type m map[string]any

// secretProject is a project of one county with something of everything.
func (s *server) secretProject(yue *http.Client) (id, whole int64, hash string) {
	s.Helper()
	id = s.numbered(yue, "/api/projects", m{"code": "YC-1", "name": m{"zh": "秘密工程", "en": ""}, "kind": "river", "division": "330602", "total_wan_yuan": 1000})
	var page project.ProjectDetail
	s.read(yue, fmt.Sprint("/api/projects/", id), &page)
	whole = page.List[0].ID
	hash = string(s.kept(s.send(yue, "file", "批复.pdf", []byte("%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"))).Hash)
	for i, st := range []m{
		{"milestone": "feasibility_approved", "on": "2024-01-10", "amount_wan_yuan": 1000},
		{"milestone": "design_approved", "on": "2024-06-10", "amount_wan_yuan": 1000, "files": []string{hash}},
		{"milestone": "tendered", "on": "2024-10-10"},
		{"milestone": "started", "on": "2024-11-10"},
	} {
		st["client_id"], st["document"] = fmt.Sprint("web-step-", i), "秘密文号"
		var written project.ProjectWritten
		if err := json.Unmarshal([]byte(s.done(yue, "POST", fmt.Sprintf("/api/project-parts/%d/steps", whole), st)), &written); err != nil {
			s.Fatal(err)
		}
		if written.Awaits {
			if status, body := s.call(yue, "POST", fmt.Sprintf("/api/project-steps/%d/approve", written.ID), nil); status != http.StatusForbidden {
				s.Fatalf("a county approves its own: %d %s", status, body)
			}
			s.done(s.browser("planner"), "POST", fmt.Sprintf("/api/project-steps/%d/approve", written.ID), nil)
		}
	}
	s.done(yue, "POST", fmt.Sprintf("/api/project-parts/%d/funds", whole), m{"client_id": "web-fund-1", "source": "bonds", "step": "assigned", "amount_wan_yuan": 77.7})
	s.done(yue, "PATCH", fmt.Sprintf("/api/project-parts/%d", whole), m{"edit": 1, "shape": m{"kind": "point", "points": [][2]float64{{120.5, 30.1}}}})
	s.figures(yue, id, whole, "plan", "20", 0)
	return id, whole, hash
}

// figures tells the same figure for January to May.
func (s *server) figures(c *http.Client, id, part int64, what, value string, revision int) {
	s.Helper()
	var list []m
	for k := 1; k <= 5; k++ {
		list = append(list, m{"part": part, "month": fmt.Sprintf("2026-%02d", k), "what": what, "value": json.Number(value), "revision": revision})
	}
	s.done(c, "PUT", fmt.Sprintf("/api/projects/%d/figures", id), m{"figures": list})
}

// TestProjectOfAnotherCountyLooksAbsent asks every surface as the neighbour, and on its stream of events.
func TestProjectOfAnotherCountyLooksAbsent(t *testing.T) {
	s := newServer(t)
	s.course()
	s.account("ke", "county_leader", "330603")
	s.account("ke-audit", "auditor", "330603")
	yue, ke, city := s.browser("yue"), s.browser("ke"), s.browser("planner")
	id, whole, hash := s.secretProject(yue)
	heard := s.listen(ke)
	s.figures(yue, id, whole, "planned_progress", "20", 0)
	if words := heard(); strings.Contains(words, "project.changed") {
		t.Errorf("the neighbour's screens hear: %s", words)
	}
	list := s.numbered(city, "/api/project-lists", m{"kind": "lagging", "name": m{"zh": "通报", "en": ""}, "issuer": "省水利厅", "level": "province", "document": "浙水〔2026〕1号", "on": "2026-05-28"})
	s.done(city, "POST", fmt.Sprintf("/api/project-lists/%d/items", list), m{"project": id})
	for _, path := range []string{
		"/api/projects", "/api/projects?q=秘密", "/api/projects?withdrawn=true", "/api/projects/map", "/api/projects/gantt", "/api/projects/funding", "/api/projects/gaps",
		"/api/project-lists", fmt.Sprint("/api/project-lists/", list), "/api/project-plans", "/api/counted?scope=330603&period=2026-05", "/api/projects?named=true",
	} {
		status, body := s.call(ke, "GET", path, nil)
		if status != http.StatusOK || strings.Contains(body, "秘密") || strings.Contains(body, "77.7") || strings.Contains(body, `"total":1`) || strings.Contains(body, "YC-1") {
			t.Errorf("%s tells the neighbour: %d %.300s", path, status, body)
		}
	}
	for _, path := range []string{
		fmt.Sprint("/api/projects/", id), fmt.Sprintf("/api/projects/%d/history", id), fmt.Sprintf("/api/projects/%d/files/%s", id, hash), fmt.Sprintf("/api/project-parts/%d/figures", whole),
		"/api/counted?scope=330602&period=2026-05",
	} {
		if status, body := s.call(ke, "GET", path, nil); status != http.StatusNotFound {
			t.Errorf("%s: %d %.200s", path, status, body)
		}
	}
	for path, body := range map[string]m{
		fmt.Sprintf("PATCH /api/projects/%d", id): {"edit": 1, "note": "x"}, fmt.Sprintf("POST /api/projects/%d/parts", id): {"kind": "lot", "code": "9", "name": m{"zh": "a", "en": ""}, "division": "330603"},
		fmt.Sprintf("PUT /api/projects/%d/figures", id):          {"figures": []m{{"part": whole, "month": "2026-01", "what": "plan", "value": 1, "revision": 1}}},
		fmt.Sprintf("POST /api/project-parts/%d/steps", whole):   {"client_id": "12345678", "milestone": "commissioned"},
		fmt.Sprintf("POST /api/project-parts/%d/funds", whole):   {"client_id": "12345678", "source": "bonds", "step": "paid", "amount_wan_yuan": 1},
		fmt.Sprintf("PUT /api/project-parts/%d/schedule", whole): {"days": []m{{"milestone": "finished", "on": "2027-01-01"}}},
		fmt.Sprintf("PATCH /api/project-parts/%d", whole):        {"edit": 2, "note": "x"},
		"POST /api/project-steps/1/undo":                         {"reason": "x"},
		"POST /api/project-steps/1/return":                       {"reason": "x"},
		"POST /api/project-steps/1/approve":                      nil,
		"POST /api/project-funds/1/void":                         {"reason": "x"},
	} {
		method, path, _ := strings.Cut(path, " ")
		if status, answer := s.call(ke, method, path, body); status != http.StatusNotFound {
			t.Errorf("%s %s: %d %.200s", method, path, status, answer)
		}
	}
	_, file := s.call(ke, "GET", "/api/projects/export.xlsx", nil)
	if book, err := workbook.Read("a.xlsx", []byte(file)); err != nil || len(book.Sheets) != 3 || strings.Contains(fmt.Sprint(book.Sheets), "秘密") {
		t.Errorf("the neighbour's workbook: %v", err)
	}
	if _, body := s.call(s.browser("ke-audit"), "GET", "/api/audit?limit=200", nil); strings.Contains(body, "秘密") {
		t.Errorf("the neighbour's audit log tells: %.300s", body)
	}
	if status, body := s.call(yue, "GET", fmt.Sprintf("/api/projects/%d/files/%s", id, hash), nil); status != http.StatusOK || !strings.HasPrefix(body, "%PDF") {
		t.Errorf("the county's own file: %d %.40s", status, body)
	}
	if status, _ := s.call(s.browser("viewer"), "PATCH", fmt.Sprint("/api/projects/", id), m{"edit": 1, "note": "x"}); status != http.StatusForbidden {
		t.Errorf("a viewer writes: %d", status)
	}
}

// TestProjectNoticeIsForTheCity: a county's clerk keeps no notice of the province, and another county's list looks absent.
func TestProjectNoticeIsForTheCity(t *testing.T) {
	s := newServer(t)
	s.course()
	s.account("ke", "clerk", "330603")
	yue, ke := s.browser("yue"), s.browser("ke")
	list := m{"kind": "lagging", "name": m{"zh": "通报", "en": ""}, "issuer": "省水利厅", "level": "province", "document": "浙水〔2026〕1号", "on": "2026-05-28", "division": "330602"}
	if status, body := s.call(yue, "POST", "/api/project-lists", list); status != http.StatusForbidden {
		t.Errorf("a county keeps the province's notice: %d %s", status, body)
	}
	list["level"] = "county"
	own := s.numbered(yue, "/api/project-lists", list)
	if status, body := s.call(ke, "PATCH", fmt.Sprint("/api/project-lists/", own), m{"edit": 1, "note": "x"}); status != http.StatusNotFound {
		t.Errorf("another county's list: %d %s", status, body)
	}
}

// TestProjectLagOpensOneMatter: a lag opens a matter once, more of it is told in the same, and what was caught up clears it.
func TestProjectLagOpensOneMatter(t *testing.T) {
	s := newServer(t)
	s.course()
	s.waterworks()
	yue := s.browser("yue")
	id, whole, _ := s.secretProject(yue)
	type row struct {
		Severity matter.Severity `json:"severity"`
		State    matter.State    `json:"state"`
	}
	matters := func() []row {
		t.Helper()
		if err := s.app.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		var page struct {
			Items []row `json:"items"`
		}
		_, body := s.call(yue, "GET", "/api/matters?scope=330602&q=秘密工程", nil)
		if err := json.Unmarshal([]byte(body), &page); err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		return page.Items
	}
	s.figures(yue, id, whole, "actual", "19", 0)
	first := matters()
	if again := matters(); len(first) != 1 || len(again) != 1 {
		t.Fatalf("%d matters, then %d", len(first), len(again))
	}
	s.figures(yue, id, whole, "actual", "10", 1)
	if worse := matters(); len(worse) != 1 || worse[0].Severity <= first[0].Severity {
		t.Errorf("worse: %+v", worse)
	}
	s.figures(yue, id, whole, "actual", "20", 2)
	if over := matters(); len(over) != 1 || over[0].State.Live() {
		t.Errorf("caught up: %+v", over)
	}
}

// TestProjectCountsBesideWhatWasFiled: the sum of its projects stands beside what a county files, and leads to no other county.
func TestProjectCountsBesideWhatWasFiled(t *testing.T) {
	s := newServer(t)
	s.course()
	yue := s.browser("yue")
	id, whole, _ := s.secretProject(yue)
	s.figures(yue, id, whole, "actual", "0.01", 0)
	_, body := s.call(yue, "GET", "/api/counted?scope=330602&period=2026-05&indicator=inv.construction", nil)
	if !strings.Contains(body, `"counted":0.05`) && !strings.Contains(body, `"counted":"0.05"`) {
		t.Errorf("%.600s", body)
	}
}

// TestProjectImportOverHTTP: a preview, then the same file with its digest.
func TestProjectImportOverHTTP(t *testing.T) {
	s := newServer(t)
	s.course()
	yue := s.browser("yue")
	s.secretProject(yue)
	_, file := s.call(yue, "GET", "/api/projects/export.xlsx?lang=en", nil)
	take := func(digest string) (out project.ProjectImport) {
		t.Helper()
		fields := map[string]string{}
		if digest != "" {
			fields["digest"] = digest
		}
		status, body := s.upload(yue, "/api/projects/import", "a.xlsx", []byte(file), fields)
		if err := json.Unmarshal([]byte(body), &out); err != nil || status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
		return out
	}
	preview := take("")
	if preview.Counts.Unchanged != 2 || preview.Counts.New+preview.Counts.Changed+preview.Counts.Bad != 0 || preview.Taken {
		t.Errorf("%+v %+v", preview.Counts, preview.Rows)
	}
	if taken := take(preview.Digest); !taken.Taken {
		t.Errorf("%+v", taken)
	}
	if status, body := s.upload(yue, "/api/projects/import", "a.xlsx", []byte("PK\x03\x04 broken"), nil); status != http.StatusBadRequest {
		t.Errorf("no workbook: %d %s", status, body)
	}
}

// TestProjectMonthsAgainstTheTarget: the months planned stand beside the year's target of the indicator that projects count.
func TestProjectMonthsAgainstTheTarget(t *testing.T) {
	s := newServer(t)
	s.course()
	yue, city := s.browser("yue"), s.browser("planner")
	s.secretProject(yue)
	s.done(city, "PUT", "/api/targets", m{"target": "proj.investment.annual", "year": 2026, "scope": "330600", "rows": []m{{"division": "330602", "amount": 120, "revision": 0, "document": "1号"}}})
	var year project.ProjectYear
	s.read(yue, "/api/projects/year?division=330602", &year)
	if year.Target.Zh == "" || year.Total.Target.String() != "120" || year.Total.Plan.String() != "100" || year.Total.Difference.String() != "-20" {
		t.Errorf("%+v", year)
	}
}
