package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"anlan/internal/demo"
	"anlan/packs"
)

// TestBulletinCommand makes files of the demo city by the command, and looks at each refusal.
func TestBulletinCommand(t *testing.T) {
	dir := t.TempDir()
	db := filepath.Join(cityFolder(t), "demo.db")
	f := func(want int, says string, args ...string) {
		t.Helper()
		at := args[:1:1]
		at = append(at, "--database", db)
		code, out, errs := anlan(t, append([]string{"bulletin"}, append(at, args[1:]...)...)...)
		if code != want || !strings.Contains(out+errs, says) {
			t.Errorf("%v: exit %d, %.600q %.300q", args, code, out, errs)
		}
	}
	if code, out, _ := anlan(t, "bulletin", "--help"); code != 0 || !strings.Contains(out, "An example") {
		t.Errorf("help: exit %d, %q", code, out)
	}
	if code, _, errs := anlan(t, "bulletin"); code != 2 || !strings.Contains(errs, "called wrongly") {
		t.Errorf("without a word: exit %d, %q", code, errs)
	}
	f(2, "called wrongly", "make", "--kind", "monthly-notice")
	f(2, "called wrongly", "check")
	f(2, "called wrongly", "fly")
	f(0, "monthly-notice", "kinds")
	f(0, "绍水通〔2026〕5号", "list")
	f(1, "there is no kind of bulletin", "make", "--kind", "no-such", "--period", "2026-04", "--scope", demo.City)
	f(1, "the period is like 2026-05", "make", "--kind", "monthly-notice", "--period", "April", "--scope", demo.City)
	f(1, "there is no division 999999", "make", "--kind", "monthly-notice", "--period", "2026-04", "--scope", "999999")
	f(1, "ends with .docx, .xlsx or .pdf", "make", "--kind", "monthly-notice", "--period", "2026-04", "--scope", demo.City, "--out", "a.odt")
	f(1, "is no instant such as", "make", "--kind", "monthly-notice", "--period", "2026-04", "--scope", demo.City, "--as-of", "yesterday")
	f(0, "快于序时进度", "make", "--kind", "monthly-notice", "--period", "2026-04", "--scope", demo.City)
	f(0, "各站均无8时水位，无数据", "make", "--kind", "flood-daily", "--period", "2026-04-20", "--scope", demo.City)
	f(0, "列全市第", "make", "--kind", "director-briefing", "--period", "2026-04", "--scope", "330624")
	starts := map[string]string{"n.docx": "PK", "n.xlsx": "PK", "n.en.xlsx": "PK", "n.pdf": "%PDF"}
	for name, begins := range starts {
		file := filepath.Join(dir, name)
		f(0, "figures as known on", "make", "--kind", "monthly-notice", "--period", "2026-04", "--as-of", "2026-05-10T09:00:00+08:00", "--scope", demo.City, "--out", file)
		if b, err := os.ReadFile(file); err != nil || !strings.HasPrefix(string(b), begins) {
			t.Errorf("%s: %d bytes, %v", name, len(b), err)
		}
	}
	shipped := string(packs.Bulletins()["flood-daily.yaml"])
	newer, bad := write(t, regexp.MustCompile(`(?m)^version: \d+$`).ReplaceAllString(shipped, "version: 99")), write(t, strings.Replace(shipped, "duty.present.value", "duty.absent.value", 1))
	f(0, "template flood-daily, version 99: sound", "check", newer)
	f(1, `no indicator or target "duty.absent"`, "check", bad)
	f(0, "1 of 1", "put", newer)
	f(0, "0 of 1", "put", newer)
}
