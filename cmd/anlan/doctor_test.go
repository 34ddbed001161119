package main

import (
	"path/filepath"
	"strings"
	"testing"

	"anlan/internal/store"
)

// TestDoctorPutsRecurrenceRight: in a whole city no mark is mistaken; one that was written wrong is found, put right once where that is
// asked for, and the audit chain holds.
func TestDoctorPutsRecurrenceRight(t *testing.T) {
	t.Parallel()
	dir := cityFolder(t)
	doctor := func(want int, says string, args ...string) {
		t.Helper()
		code, out, errs := anlan(t, append([]string{"doctor", "--database", filepath.Join(dir, "demo.db"), "--quick"}, args...)...)
		if code != want || !strings.Contains(out, says) {
			t.Errorf("%v: exit %d, want %d and %q: %s %s", args, code, want, says, out, errs)
		}
	}
	doctor(0, "ok   recurrence, ")
	db := direct(t, dir)
	err := db.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE matter SET recurs_id = NULL WHERE id = (SELECT MIN(id) FROM matter WHERE recurs_id IS NOT NULL)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	doctor(1, "1 marks are wrong")
	doctor(0, "1 marks put right", "--repair")
	doctor(0, "ok   recurrence, ")
	verifyAudit(t, dir)
}
