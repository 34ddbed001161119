package store

import (
	"context"
	"database/sql"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"anlan/internal/fault"
)

// TestFull takes the room from a SQLite file and gives it back: both are told once, reads go on, and a probe heals the store.
func TestFull(t *testing.T) {
	var told []Health
	db, err := Open(t.Context(), Options{Target: filepath.Join(t.TempDir(), "a.db"), Told: func(h Health) { told = append(told, h) }})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	limit := func(pages string) {
		t.Helper()
		if _, err := db.write.ExecContext(t.Context(), "PRAGMA max_page_count = "+pages); err != nil {
			t.Fatal(err)
		}
	}
	save := func() error {
		return db.Write(t.Context(), func(tx *Tx) error {
			_, err := tx.ExecContext(t.Context(), `CREATE TABLE IF NOT EXISTS bulk (x TEXT)`)
			if err == nil {
				_, err = tx.ExecContext(t.Context(), `INSERT INTO bulk (x) VALUES ($1)`, strings.Repeat("x", 100_000))
			}
			return err
		})
	}
	if err := save(); err != nil {
		t.Fatal(err)
	}
	limit("1") // SQLite takes the least it can: the pages in use
	for range 2 {
		if err := save(); !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "disk is full") {
			t.Fatalf("on a full disk: %v", err)
		}
	}
	var n int
	if err := db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM bulk`).Scan(&n); err != nil || n != 1 {
		t.Errorf("read beside it: %d, %v", n, err)
	}
	limit("1000000")
	if err := save(); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if h := db.Probe(t.Context(), time.Now()); !h.OK {
		t.Errorf("a probe with room again: %+v", h)
	}
	if len(told) != 2 || told[0].OK || told[0].Reason.Zh == "" || told[0].Since.IsZero() || !told[1].OK || !db.Health().OK {
		t.Errorf("told %+v", told)
	}
}

func TestSilentStoreRefusesAtOnce(t *testing.T) {
	db := &DB{engine: Postgres}
	db.state.Store(&Health{Since: time.Now(), silent: true})
	if ctx := db.gate(t.Context()); ctx.Err() == nil {
		t.Error("a request waits for a server that does not answer")
	}
	db.state.Store(&Health{OK: true})
	if ctx := db.gate(t.Context()); ctx.Err() != nil {
		t.Error("a request is refused although the server answers")
	}
}

func TestExplain(t *testing.T) {
	f := func(err error, want fault.Kind) {
		t.Helper()
		db := &DB{engine: Postgres, log: slog.New(slog.DiscardHandler)}
		db.state.Store(&Health{OK: true})
		if got := fault.KindOf(db.Explain(err)); got != want {
			t.Errorf("%v: %v, want %v", err, got, want)
		}
		if db.Health().OK == (want == fault.Unavailable) {
			t.Errorf("%v leaves the health %+v", err, db.Health())
		}
	}
	f(context.DeadlineExceeded, fault.Unavailable)
	f(context.Canceled, fault.Internal)
	f(sql.ErrNoRows, fault.Internal)
	f(fault.NotFoundf("x", "无", "none"), fault.NotFound)
}

func TestImpatient(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		if got := impatient(in); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
	f("postgres://a@h/db?sslmode=disable", "postgres://a@h/db?connect_timeout=3&sslmode=disable")
	f("postgres://a@h/db?connect_timeout=9", "postgres://a@h/db?connect_timeout=9")
}
