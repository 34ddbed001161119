package web_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"anlan/internal/matter"

	"github.com/google/go-cmp/cmp"
)

// TestFromMinutesToTheNextMeeting reads tasks out of minutes, opens them with the meeting, and finds what became of them at the next.
func TestFromMinutesToTheNextMeeting(t *testing.T) {
	s := newServer(t)
	s.waterworks()
	if err := s.app.Clock.Set(time.Date(2026, 6, 8, 2, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	city, county := s.browser("reviewer"), s.browser("yue")
	minutes := "会议听取了汇报。\n一、330602要在7月15日前完成甲水库除险加固；\n（二）各地于2027年1月底前报送总结。3、330602、330603尽快开展排查。\n四、2月30日前完成。五、330603在3月1日前完成验收"
	var draft struct{ Items []matter.NewTask }
	s.into(t, s.done(city, "POST", "/api/meetings/draft", map[string]any{"division": "330600", "held_on": "2026-06-08", "minutes": minutes}), &draft)
	var got []string
	for _, task := range draft.Items {
		got = append(got, fmt.Sprint(task.Division, " ", task.Due, " ", task.Title))
	}
	want := []string{
		"330602 2026-07-15 330602要在7月15日前完成甲水库除险加固",
		"330600 2027-01-31 各地于2027年1月底前报送总结",
		"330602 2026-07-08 330602、330603尽快开展排查",
		"330603 2026-07-08 330602、330603尽快开展排查",
		"330603 2027-03-01 330603在3月1日前完成验收",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read out of the minutes (-want +got):\n%s", diff)
	}
	if status, _ := s.call(county, "POST", "/api/meetings/draft", map[string]any{"division": "330600", "held_on": "2026-06-08", "minutes": minutes}); status != 403 {
		t.Errorf("the county drafts the city's tasks: %d", status)
	}

	var tasks []map[string]any
	for _, task := range draft.Items[:1] {
		tasks = append(tasks, map[string]any{"title": task.Title, "division": task.Division, "line": "reservoir", "due": task.Due})
	}
	meeting := func(title, held, previous string, tasks []map[string]any) string {
		t.Helper()
		var made struct{ ID string }
		s.into(t, s.done(city, "POST", "/api/meetings", map[string]any{"client": title, "division": "330600", "title": title, "held_on": held, "minutes": minutes, "previous": previous, "tasks": tasks}), &made)
		return made.ID
	}
	first := meeting("六月例会", "2026-06-01", "", tasks)
	if again := meeting("六月例会", "2026-06-01", "", tasks); again != first {
		t.Errorf("sent twice it is %s and %s", first, again)
	}
	second := meeting("迎汛例会", "2026-06-08", first, []map[string]any{})
	type row struct {
		ID    int64
		Title struct{ Zh string }
		State string
	}
	var d struct {
		Tasks  []row `json:"task_list"`
		Before *struct {
			ID          string
			Tasks, Open int
		}
		Old []row `json:"before_tasks"`
	}
	s.into(t, s.done(city, "GET", "/api/meetings/"+second, nil), &d)
	if len(d.Tasks) != 0 || d.Before == nil || d.Before.ID != first || d.Before.Tasks != 1 || d.Before.Open != 1 || len(d.Old) != 1 || d.Old[0].Title.Zh != draft.Items[0].Title {
		t.Fatalf("the next meeting has %+v", d)
	}
	status, text := s.call(city, "POST", "/api/matters", map[string]any{
		"client": "late", "kind": "task", "line": "no-such-line", "division": "330602", "title": "迟到的任务", "severity": 0, "origin": "city", "place": map[string]any{}, "due": "2026-05-31",
	})
	if status != 400 || !strings.Contains(text, `"due"`) || !strings.Contains(text, `"line"`) {
		t.Errorf("a task of no line that is late when it is given: %d %s", status, text)
	}
	var task struct{ Edit int64 }
	path := fmt.Sprintf("/api/matters/%d", d.Old[0].ID)
	s.into(t, s.done(county, "GET", path, nil), &task)
	var people struct{ Items []struct{ ID string } }
	s.into(t, s.done(city, "GET", "/api/people?division=330602", nil), &people)
	if len(people.Items) != 1 {
		t.Fatalf("people of the county: %+v", people)
	}
	s.done(city, "POST", path+"/moves", map[string]any{"move": "assign", "edit": task.Edit, "person": people.Items[0].ID, "due": "2026-07-15"})
	if s.into(t, s.done(city, "GET", "/api/meetings/"+second, nil), &d); len(d.Old) != 1 || d.Old[0].State != "assigned" {
		t.Errorf("the next meeting looks at %+v", d.Old)
	}
	for _, id := range []string{first, second} {
		if status, _ := s.call(county, "GET", "/api/meetings/"+id, nil); status != 404 {
			t.Errorf("the county reads the city's minutes: %d", status)
		}
	}
	status, body := s.call(city, "POST", "/api/meetings", map[string]any{"client": "x1", "division": "330600", "title": "x", "held_on": "2026-06-08", "minutes": "", "previous": "none", "tasks": []any{}})
	if status != 404 || !strings.Contains(body, "meeting.unknown") {
		t.Errorf("after a meeting that there is not: %d %s", status, body)
	}
	tasks[0]["division"] = "330700"
	status, body = s.call(city, "POST", "/api/meetings", map[string]any{"client": "x2", "division": "330600", "title": "x", "held_on": "2026-06-08", "minutes": "", "tasks": tasks})
	if status != 400 || !strings.Contains(body, "tasks[0].division") {
		t.Errorf("a task elsewhere: %d %s", status, body)
	}
	if list := s.done(city, "GET", "/api/meetings?q=迎汛", nil); !strings.Contains(list, second) || strings.Contains(list, `"id":"`+first) {
		t.Errorf("found by a word: %s", list)
	}
}

func (s *server) into(t *testing.T, text string, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), v); err != nil {
		t.Fatalf("%v: %.300s", err, text)
	}
}
