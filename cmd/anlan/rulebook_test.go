package main

import (
	"path/filepath"
	"strings"
	"testing"

	"anlan/packs"
)

// TestRulebookCommand walks a checklist from the file to being in force, and each refusal.
func TestRulebookCommand(t *testing.T) {
	db := filepath.Join(t.TempDir(), "a.db")
	f := func(want int, says string, args ...string) {
		t.Helper()
		code, out, errs := anlan(t, append([]string{"rulebook"}, args...)...)
		if code != want || !strings.Contains(out+errs, says) {
			t.Errorf("%v: exit %d, %q %q", args, code, out, errs)
		}
	}
	first := string(packs.Checklists()["duty.yaml"])
	second := write(t, strings.NewReplacer("version: 1", "version: 2", "general: 3, heavier: 3", "general: 5, heavier: 3").Replace(first))
	bad := write(t, "id: duty\nversion: 2\nsections: [\n")
	f(2, "called wrongly")
	f(2, "called wrongly", "check")
	f(2, "called wrongly", "show", "checklist")
	f(2, "called wrongly", "fly", "x")
	f(0, "version 2 over 1: sound", "check", "--database", filepath.Join(t.TempDir(), "none.db"), second)
	f(0, "days: ", "check", "--database", db, second)
	f(1, "(line 3): not YAML", "check", "--database", db, bad)
	f(1, "(line 3): not YAML", "put", "--database", db, second, bad)
	f(0, "checklist  duty                   1", "list", "--database", db)
	f(0, "checklist duty, version 2: in force", "put", "--database", db, second)
	f(0, "nothing new", "put", "--database", db, second)
	f(0, "* checklist  duty                   2", "list", "--database", db)
	f(0, "version: 2", "show", "--database", db, "checklist", "duty")
	f(0, "version: 1", "show", "checklist", "duty", "--version", "1", "--database", db)
	f(1, "no such version", "show", "checklist", "duty", "--version", "9", "--database", db)
}
