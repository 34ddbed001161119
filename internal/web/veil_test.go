package web_test

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/oversight"
	"anlan/internal/registry"
	"anlan/internal/store"
	"anlan/packs"

	"github.com/google/go-cmp/cmp"
)

// hidden is an unannounced plan over one county, with one finding with a photograph at its only reservoir, done but for the plan.
type hidden struct {
	plan, inspection, matter, edit int64
	file                           string
}

// TestTrapUnannouncedOverHTTP asks every surface as the inspected county, as its auditor and on its stream of events: nothing of an
// unannounced plan is told until it is done, and then its own part is.
func TestTrapUnannouncedOverHTTP(t *testing.T) {
	s := newServer(t)
	s.account("yue-audit", "auditor", "330602")
	s.waterworks()
	county, auditor, city := s.browser("yue"), s.browser("yue-audit"), s.browser("reviewer")
	course, milestones := packs.Lifecycle()
	_, err := s.app.Oversight.Load(t.Context(), identity.Actor{Name: "test"}, oversight.Definitions{Ledgers: packs.Ledgers(), Lifecycles: map[string][]byte{course: milestones}})
	if err == nil {
		err = s.app.Enrol(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	before := map[string]string{}
	for _, path := range surfaces() {
		before[path] = s.said(county, path)
		if !strings.HasPrefix(before[path], "200 ") {
			t.Errorf("%s shows the county nothing: %.200s", path, before[path])
		}
	}
	heard := s.listen(county)
	h := s.unannounced(city)
	if err := s.app.Enrol(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, path := range surfaces() {
		after := s.said(county, path)
		if strings.Contains(after, "秘密") || strings.Contains(after, "sr.person.01") && !strings.Contains(before[path], "sr.person.01") {
			t.Errorf("%s tells the inspected: %.300s", path, after)
		}
		if diff := cmp.Diff(before[path], after); diff != "" {
			t.Errorf("%s says something else to the inspected (-before +after): %.1500s", path, diff)
		}
	}
	for _, path := range []string{
		fmt.Sprintf("/api/inspection-plans/%d", h.plan), fmt.Sprintf("/api/inspections/%d", h.inspection), fmt.Sprintf("/api/matters/%d", h.matter), fmt.Sprintf("/api/matters/%d/notice.docx", h.matter), fmt.Sprintf("/api/inspection-plans/%d/drawing/check", h.plan),
		fmt.Sprintf("/api/matters/%d/evidence/%s", h.matter, h.file), fmt.Sprintf("/api/matters/%d/evidence/%s/thumbnail", h.matter, h.file), "/api/evidence/" + h.file, "/api/evidence/" + h.file + "/thumbnail",
	} {
		if status, _ := s.call(county, "GET", path, nil); status != http.StatusNotFound {
			t.Errorf("%s: %d to the inspected", path, status)
		}
	}
	if _, body := s.call(auditor, "GET", "/api/audit?limit=200", nil); strings.Contains(body, `"plan`) || strings.Contains(body, `"inspection`) || strings.Contains(body, `"matter`) {
		t.Errorf("the county's audit log tells: %.300s", body)
	}
	if words := heard(); strings.Contains(words, "inspection.changed") || strings.Contains(words, "matter.changed") {
		t.Errorf("the county's screens hear: %s", words)
	}
	if status, body := s.call(city, "POST", fmt.Sprintf("/api/inspection-plans/%d/finish", h.plan), map[string]any{"edit": h.edit, "state": "done"}); status != http.StatusNoContent {
		t.Fatalf("finish: %d %s", status, body)
	}
	if status, body := s.call(county, "GET", "/api/matters?scope=330602", nil); status != 200 || !strings.Contains(body, `"total":1`) {
		t.Errorf("after it was done: %d %.200s", status, body)
	}
	for _, path := range []string{
		"/api/matters", "/api/matters/list.docx", "/api/matters/list.xlsx", "/api/inspections", "/api/inspection-plans", "/api/oversight/statistics?scope=330602", "/api/oversight/liability?scope=330602",
		"/api/counted?scope=330602&period=" + time.Now().Format("2006-01"),
	} {
		if s.said(county, path) == before[path] {
			t.Errorf("%s tells nothing after it was done either, so that it was asked in vain: %.300s", path, before[path])
		}
	}
	if status, _ := s.call(county, "GET", fmt.Sprintf("/api/matters/%d/evidence/%s", h.matter, h.file), nil); status != 200 {
		t.Errorf("after it was done the photograph is %d", status)
	}
	if status, _ := s.call(county, "GET", fmt.Sprintf("/api/inspections/%d", h.inspection), nil); status != 200 {
		t.Errorf("after it was done the inspection is %d", status)
	}
}

// surfaces are what the inspected county can ask where a count, a list or a file might tell. The plan is the first of its house.
func surfaces() []string {
	return []string{
		"/api/matters", "/api/matters?q=秘密", "/api/matters?object=1", "/api/matters?source=inspection", "/api/matters/groups?by=division&by=state", "/api/work", "/api/objects/1/history",
		"/api/matters/calendar?from=" + time.Now().AddDate(0, -6, 0).Format(time.DateOnly) + "&to=" + time.Now().AddDate(0, 6, 0).Format(time.DateOnly),
		"/api/matters/list.docx", "/api/matters/list.xlsx", "/api/escalations", "/api/meetings", "/api/inspection-plans", "/api/inspection-plans?q=秘密", "/api/inspections",
		"/api/inspections?object=1", "/api/inspections?plan=1", "/api/oversight/statistics?scope=330602", "/api/oversight/liability?scope=330602", "/api/counted?scope=330602&period=" + time.Now().Format("2006-01"),
		"/api/objects?kind=reservoir", "/api/objects/1", "/api/objects/map?kind=reservoir", "/api/objects/export?format=xlsx", "/api/inspection-teams", "/api/projects", "/api/projects/gaps",
		"/api/projects/export.xlsx", "/api/ledgers", "/api/objects/1/entries", "/api/bulletins", "/api/bulletins/list.xlsx", "/api/cockpit?scope=330602", "/api/organisations", "/api/people",
	}
}

// instants are what an answer tells of its own time, which passes.
var instants = regexp.MustCompile(`\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)|第?\d+时\d+分`)

// said is a whole answer to a person, a packed file unpacked, but for the instants in it.
func (s *server) said(c *http.Client, path string) string {
	s.Helper()
	status, body := s.call(c, "GET", path, nil)
	if status >= 500 || status == http.StatusBadRequest {
		s.Errorf("%s: %d %.300s", path, status, body)
	}
	if z, err := zip.NewReader(strings.NewReader(body), int64(len(body))); err == nil {
		var parts strings.Builder
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				s.Fatal(err)
			}
			part, err := io.ReadAll(r)
			if err != nil {
				s.Fatal(err)
			}
			fmt.Fprintf(&parts, "%s\n%s\n", f.Name, part)
		}
		body = parts.String()
	}
	return fmt.Sprint(status, " ", instants.ReplaceAllString(body, "T"))
}

// waterworks gives each division a bureau with people, one county a reservoir, and loads the checklists.
func (s *server) waterworks() {
	s.Helper()
	ctx := s.Context()
	err := s.app.Store.Write(ctx, func(tx *store.Tx) error {
		for _, code := range []string{"330600", "330602"} {
			unit, err := s.app.Registry.AddOrganisation(ctx, tx, registry.Program(), registry.NewOrganisation{Name: fault.T(code, code), Kind: "bureau", Division: code})
			if err != nil {
				return err
			}
			if _, err := s.app.Registry.AddPerson(ctx, tx, registry.Program(), registry.NewPerson{Name: "人" + code, Organisation: unit}); err != nil {
				return err
			}
		}
		_, err := s.app.Registry.AddObject(ctx, tx, registry.Program(), registry.NewWaterObject{Kind: "reservoir", Name: fault.T("甲水库", ""), Division: "330602"})
		return err
	})
	if err == nil {
		_, err = s.app.Oversight.Load(ctx, identity.Actor{Name: "test"}, oversight.Definitions{Checklists: packs.Checklists()})
	}
	if err != nil {
		s.Fatal(err)
	}
}

func (s *server) unannounced(city *http.Client) hidden {
	s.Helper()
	var h hidden
	send := func(path string, body any, into any) {
		s.Helper()
		status, text := s.call(city, "POST", path, body)
		if status >= 300 {
			s.Fatalf("%s: %d %s", path, status, text)
		}
		if into != nil {
			if err := json.Unmarshal([]byte(text), into); err != nil {
				s.Fatal(err)
			}
		}
	}
	var made struct{ ID int64 }
	send("/api/inspection-plans", map[string]any{"client": "1", "title": "秘密检查", "mode": "unannounced", "checklist": "small-reservoirs", "object_kind": "reservoir", "scope": "330602", "from": "2026-01-01", "to": "2026-12-31"}, &made)
	h.plan = made.ID
	send(fmt.Sprintf("/api/inspection-plans/%d/draw", h.plan), map[string]any{"edit": 1, "count": 1, "per_team": 0, "stratify": false}, nil)
	_, text := s.call(city, "GET", fmt.Sprintf("/api/inspection-plans/%d", h.plan), nil)
	var plan struct {
		Edit        int64
		Inspections []struct{ ID int64 }
	}
	if err := json.Unmarshal([]byte(text), &plan); err != nil || len(plan.Inspections) != 1 {
		s.Fatalf("plan: %s %v", text, err)
	}
	h.edit, h.inspection = plan.Edit, plan.Inspections[0].ID
	h.file = string(s.kept(s.send(city, "file", "坝顶.jpg", photo(s.TB.(*testing.T), 400))).Hash)
	book, err := s.app.Oversight.Book(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	list, err := book.Version("small-reservoirs", 0)
	if err != nil {
		s.Fatal(err)
	}
	answers := map[string]string{}
	for _, section := range list.Sections {
		for _, clause := range section.Clauses {
			answers[clause.Code] = "pass"
		}
	}
	delete(answers, "sr.person.01")
	finding := map[string]any{"client": "f", "clause": "sr.person.01", "severity": "serious", "detail": "秘密", "place": map[string]any{}, "files": []string{h.file}}
	send(fmt.Sprintf("/api/inspections/%d/sheet", h.inspection), map[string]any{"answers": answers, "findings": []any{finding}}, nil)
	send(fmt.Sprintf("/api/inspections/%d/done", h.inspection), nil, nil)
	_, text = s.call(city, "GET", "/api/matters?source=inspection", nil)
	var page struct{ Items []struct{ ID int64 } }
	if err := json.Unmarshal([]byte(text), &page); err != nil || len(page.Items) != 1 {
		s.Fatalf("matters of the city: %s %v", text, err)
	}
	h.matter = page.Items[0].ID
	return h
}

// listen opens a person's stream of events and returns what it has said so far once it is asked.
func (s *server) listen(c *http.Client) func() string {
	s.Helper()
	resp, err := c.Get(s.url + "/api/events")
	if err != nil || resp.StatusCode != http.StatusOK {
		s.Fatalf("events: %v %v", resp, err)
	}
	said := make(chan string, 1024)
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, err := resp.Body.Read(buffer)
			said <- string(buffer[:n])
			if err != nil {
				return
			}
		}
	}()
	return func() string {
		defer resp.Body.Close()
		var out strings.Builder
		deadline := time.After(300 * time.Millisecond)
		for {
			select {
			case words := <-said:
				out.WriteString(words)
			case <-deadline:
				return out.String()
			}
		}
	}
}
