package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

const killReadings = 40_000

// TestKillDuringReadingsImport kills the server while it stores a table of readings: afterwards the import says that it was interrupted, its
// file is still there, and taken up again every row is in once.
func TestKillDuringReadingsImport(t *testing.T) {
	t.Parallel()
	bin, dir := build(t), cityFolder(t)
	begin := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	d := startDemo(t, bin, "serve", dir)
	d.signInAs(t, "yuecheng")
	for round := range min(rounds(), 3) {
		var text strings.Builder
		text.WriteString("测站,时间,闸下水位\n")
		for i := range killReadings {
			fmt.Fprintf(&text, "东湖站,%s,5.%d\n", begin.AddDate(0, 0, 100*round).Add(time.Duration(i)*time.Minute).Format(time.RFC3339), i%10)
		}
		path := "/api/gauge-imports/" + d.uploadTo(t, "/api/gauge-imports", "a.csv", []byte(text.String()), nil)
		var is struct {
			State  string
			Done   int
			Report struct{ New, Same, Readings int }
		}
		call := func(method, path, want string) {
			t.Helper()
			if err := d.call(method, path, map[string]any{}, &is); err != nil {
				t.Fatal(err)
			}
			if want != "" && is.State != want {
				t.Fatalf("round %d: %s, want %s", round, is.State, want)
			}
		}
		if call("GET", path, "preview"); is.Report.New != killReadings {
			t.Fatalf("round %d: %+v", round, is)
		}
		call("POST", path+"/confirm", "running")
		for is.Done == 0 {
			call("GET", path, "running")
		}
		d.kill(t)
		d = startDemo(t, bin, "serve", dir)
		d.signInAs(t, "yuecheng")
		call("GET", path, "interrupted")
		call("POST", path+"/confirm", "running")
		for is.State == "running" {
			time.Sleep(50 * time.Millisecond)
			call("GET", path, "")
		}
		if is.State != "done" || is.Report.Same == 0 || is.Report.New == 0 || is.Report.New+is.Report.Same != killReadings {
			t.Fatalf("round %d: %+v", round, is)
		}
		t.Logf("round %d: %d were in before the kill, %d came after it", round, is.Report.Same, is.Report.New)
	}
	d.kill(t)
	verifyAudit(t, dir)
}
