package web_test

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"anlan/internal/identity"
	"anlan/packs"
)

type paper struct {
	ID, Edit  int64
	State     string
	Number    string
	Moves     []string
	Flags     []map[string]any
	Blocks    []struct{ ID, Kind, Composed string }
	Forms     []string
	Suggested []struct{ Division struct{ Code string } }
}

// TestBulletinThroughTheDoor takes a notice from draft to receipt over HTTP, with what a county may and may not see on the way.
func TestBulletinThroughTheDoor(t *testing.T) {
	s := newServer(t)
	if _, err := s.app.Bulletin.LoadTemplates(t.Context(), identity.Actor{Name: "test"}, packs.Bulletins()); err != nil {
		t.Fatal(err)
	}
	planner, director, yue := s.browser("planner"), s.browser("director"), s.browser("yue")
	do := func(c *http.Client, want int, method, path string, body any) string {
		t.Helper()
		status, text := s.call(c, method, path, body)
		if status != want {
			t.Errorf("%s %s: %d, want %d: %.300s", method, path, status, want, text)
		}
		return text
	}
	read := func(text string) (p paper) {
		t.Helper()
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Fatalf("%v: %.200s", err, text)
		}
		return p
	}
	if kinds := do(yue, 200, "GET", "/api/bulletins/kinds", nil); strings.Count(kinds, `"id":`) != len(packs.Bulletins()) {
		t.Errorf("kinds: %s", kinds)
	}
	do(planner, 400, "POST", "/api/bulletins", map[string]any{"kind": "monthly-notice", "scope": "330600", "period": "2026-13"})
	do(planner, 400, "POST", "/api/bulletins", map[string]any{"kind": "monthly-notice", "scope": "330602", "period": "2026-05"})
	do(planner, 404, "POST", "/api/bulletins", map[string]any{"kind": "no-such", "scope": "330600", "period": "2026-05"})
	do(yue, 404, "POST", "/api/bulletins", map[string]any{"kind": "director-briefing", "scope": "330603", "period": "2026-05"})
	made := read(do(planner, 200, "POST", "/api/bulletins", map[string]any{"kind": "monthly-notice", "scope": "330600", "period": "2026-05"}))
	path := fmt.Sprintf("/api/bulletins/%d", made.ID)
	for _, under := range []string{"", "/figures", "/corrections", "/compare", "/files", "/document.docx", "/document.pdf", "/figures.xlsx", "/figures.en.xlsx"} {
		do(yue, 404, "GET", path+under, nil)
	}
	for _, under := range []string{"/submit", "/corrections", "/receipt"} {
		do(yue, 404, "POST", path+under, map[string]any{"edit": 1})
	}
	do(yue, 404, "PATCH", path, map[string]any{"edit": 1, "changes": []any{}})
	do(yue, 404, "POST", path+"/issue", map[string]any{"edit": 1, "recipients": []any{}})
	if list := do(yue, 200, "GET", "/api/bulletins", nil); !strings.Contains(list, `"total":0`) {
		t.Errorf("the county finds %s", list)
	}
	p := read(do(planner, 200, "GET", path, nil))
	if p.Blocks[3].Composed != "截至5月底，全域水利建设投资尚无上报数据。水利管理业固定资产投资尚无上报数据。" {
		t.Errorf("without figures it says %q", p.Blocks[3].Composed)
	}
	do(planner, 200, "PATCH", path, map[string]any{"edit": 1, "changes": []any{map[string]any{"op": "set", "block": p.Blocks[3].ID, "text": "完成投资12亿元。"}}})
	if text := do(planner, 409, "PATCH", path, map[string]any{"edit": 1, "changes": []any{}}); !strings.Contains(text, `"current"`) {
		t.Errorf("a stale edit is told nothing: %s", text)
	}
	do(planner, 200, "POST", path+"/submit", map[string]any{"edit": 2})
	do(planner, 403, "POST", path+"/approve", map[string]any{"edit": 3})
	if text := do(director, 409, "POST", path+"/approve", map[string]any{"edit": 3}); !strings.Contains(text, `"unlinked"`) {
		t.Errorf("flags are not told: %s", text)
	}
	p = read(do(director, 200, "POST", path+"/approve", map[string]any{"edit": 3, "confirmed": true}))
	if len(p.Flags) != 1 || len(p.Suggested) != 2 {
		t.Errorf("flags %v, suggested %v", p.Flags, p.Suggested)
	}
	p = read(do(director, 200, "POST", path+"/issue", map[string]any{"edit": 4, "recipients": []any{map[string]any{"division": "330602"}}}))
	if p.State != "issued" || !strings.HasSuffix(p.Number, "1号") {
		t.Errorf("issued as %+v", p)
	}
	do(s.browser("viewer"), 200, "GET", path, nil)
	do(director, 403, "POST", path+"/receipt", nil)
	if text := do(yue, 200, "POST", path+"/receipt", nil); !strings.Contains(text, `"signed":true`) {
		t.Errorf("signed: %.300s", text)
	}
	for _, form := range []string{"/document.docx", "/document.pdf", "/figures.xlsx", "/figures.en.xlsx"} {
		do(yue, 200, "GET", path+form, nil)
	}
	if files := do(yue, 200, "GET", path+"/files", nil); strings.Count(files, `"hash"`) != 4 {
		t.Errorf("archived: %s", files)
	}
	do(planner, 409, "POST", path+"/corrections", nil)
	do(planner, 404, "GET", path+"/compare", nil)
	do(director, 200, "GET", "/api/bulletins/list.xlsx?kind=monthly-notice", nil)
	do(director, 400, "GET", "/api/bulletins?sort=colour", nil)
}

// TestNoProjectsIsNotNoneThatLags holds that a register with nothing in it is told as such.
func TestNoProjectsIsNotNoneThatLags(t *testing.T) {
	s := newServer(t)
	s.course()
	if _, err := s.app.Bulletin.LoadTemplates(t.Context(), identity.Actor{Name: "test"}, packs.Bulletins()); err != nil {
		t.Fatal(err)
	}
	planner := s.browser("planner")
	var made paper
	if err := json.Unmarshal([]byte(s.done(planner, "POST", "/api/bulletins", map[string]any{"kind": "project-lag", "scope": "330600", "period": "2026-05"})), &made); err != nil {
		t.Fatal(err)
	}
	text := s.done(planner, "GET", fmt.Sprintf("/api/bulletins/%d", made.ID), nil)
	if !strings.Contains(text, "项目清单无数据") || strings.Contains(text, "没有滞后的重大项目") {
		t.Errorf("%.2000s", text)
	}
}

// TestTrapBulletinTellsNoUnannouncedPlan drafts the same bulletin before and after a finding that is still hidden from the county: the
// two say the same, on the screen and on paper, though who drafts may see the finding.
func TestTrapBulletinTellsNoUnannouncedPlan(t *testing.T) {
	s := newServer(t)
	s.waterworks()
	if _, err := s.app.Bulletin.LoadTemplates(t.Context(), identity.Actor{Name: "test"}, packs.Bulletins()); err != nil {
		t.Fatal(err)
	}
	director := s.browser("director")
	says := func() (string, string) {
		t.Helper()
		var made struct {
			ID     int64
			Blocks []json.RawMessage
		}
		if err := json.Unmarshal([]byte(s.done(director, "POST", "/api/bulletins", map[string]any{"kind": "supervision-notice", "scope": "330600", "period": time.Now().Format("2006-01")})), &made); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(s.done(director, "GET", fmt.Sprintf("/api/bulletins/%d", made.ID), nil)), &made); err != nil {
			t.Fatal(err)
		}
		docx := s.done(director, "GET", fmt.Sprintf("/api/bulletins/%d/document.docx", made.ID), nil)
		z, err := zip.NewReader(strings.NewReader(docx), int64(len(docx)))
		if err != nil {
			t.Fatal(err)
		}
		f, err := z.Open("word/document.xml")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		page, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%s", made.Blocks), string(page)
	}
	screen, paper := says()
	s.unannounced(s.browser("reviewer"))
	if text := s.done(director, "GET", "/api/matters?source=inspection", nil); !strings.Contains(text, `"total":1`) {
		t.Fatalf("who drafts does not see the finding: the test tests nothing: %.200s", text)
	}
	screenAfter, paperAfter := says()
	if screen != screenAfter {
		t.Errorf("the bulletin tells of the plan:\n%s\n%s", screen, screenAfter)
	}
	if paper != paperAfter {
		t.Error("the document tells of the plan")
	}
	if !strings.Contains(screen, "supervision-330602") {
		t.Errorf("the table of counties is not in it: %.500s", screen)
	}
}
