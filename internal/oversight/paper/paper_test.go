package paper_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"anlan/internal/gb9704"
	"anlan/internal/ooxmltest"
	"anlan/internal/oversight/paper"
)

func text(t *testing.T, d gb9704.Document) string {
	t.Helper()
	var b bytes.Buffer
	if err := gb9704.Write(&b, d); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range ooxmltest.Check(b.Bytes()) {
		t.Error(wrong)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestListsAndNotice(t *testing.T) {
	at := time.Date(2026, 6, 8, 1, 0, 0, 0, time.UTC)
	line := paper.Line{Number: "2026-000012", County: "上虞", Object: "演示水库", Title: "坝顶裂缝", Severity: "严重", Origin: "省", Unit: "上虞区水利局", Due: "2026-06-30", State: "整改中"}
	for _, l := range []paper.List{paper.Problems, paper.Responsibility, paper.Rectification} {
		if len(l.Heads("zh")) != len(l.Cells(line)) || len(l.Heads("en")) != len(l.Cells(line)) {
			t.Errorf("%s: heads and cells differ", l)
		}
		body := text(t, paper.Ledger(l, "绍兴市水利局", []paper.Line{line, {}}, at))
		for _, want := range append(l.Heads("zh"), "2026-000012", "坝顶裂缝", "—", "w:tblHeader") {
			if !strings.Contains(body, want) {
				t.Errorf("%s: %s is missing", l, want)
			}
		}
	}
	if body := text(t, paper.Ledger(paper.Problems, "绍兴市水利局", nil, at)); !strings.Contains(body, "无。") {
		t.Error("an empty list says nothing")
	}
	notice := text(t, paper.Notice{Line: line, Office: "绍兴市水利局", At: at}.Document())
	for _, want := range []string{"整改通知书", "上虞区水利局", "坝顶裂缝", "2026-06-30", "签收"} {
		if !strings.Contains(notice, want) {
			t.Errorf("the notice lacks %s", want)
		}
	}
	if strings.Contains(notice, "原时限") {
		t.Error("it tells of an extension that nobody gave")
	}
	line.OriginalDue, line.Extended = "2026-06-20", true
	if put := text(t, paper.Notice{Line: line, Office: "绍兴市水利局", At: at}.Document()); !strings.Contains(put, "原时限2026-06-20") {
		t.Error("the notice of what was put off does not name the first deadline")
	}
}
