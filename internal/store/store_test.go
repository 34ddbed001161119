package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
)

// TestContract is the contract that both engines keep.
func TestContract(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		t.Run("commit and rollback", func(t *testing.T) { testCommit(t, db) })
		t.Run("sequence", func(t *testing.T) { testSequence(t, db) })
		t.Run("unique", func(t *testing.T) { testUnique(t, db) })
		t.Run("snapshot", func(t *testing.T) { testSnapshot(t, db) })
		t.Run("exact sums", func(t *testing.T) { testSums(t, db) })
		t.Run("probe", func(t *testing.T) {
			if h := db.Probe(t.Context(), time.UnixMilli(1)); !h.OK {
				t.Errorf("health: %+v", h)
			}
		})
		t.Run("schema version", func(t *testing.T) {
			if v, err := db.SchemaVersion(t.Context()); err != nil || v < 2 {
				t.Errorf("version %d, %v", v, err)
			}
		})
	})
}

func setting(t *testing.T, q store.Querier, name string) string {
	t.Helper()
	var body string
	if err := q.QueryRowContext(t.Context(), `SELECT COALESCE(MAX(body), '') FROM setting WHERE name = $1`, name).Scan(&body); err != nil {
		t.Fatal(err)
	}
	return body
}

func put(ctx context.Context, tx *store.Tx, name, body string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO setting (name, body, changed_at) VALUES ($1, $2, 0)
		ON CONFLICT (name) DO UPDATE SET body = excluded.body`, name, body)
	return err
}

func testCommit(t *testing.T, db *store.DB) {
	told := 0
	err := db.Write(t.Context(), func(tx *store.Tx) error {
		tx.AfterCommit(func() { told++ })
		return put(t.Context(), tx, "a", "1")
	})
	if err != nil || setting(t, db, "a") != "1" || told != 1 {
		t.Errorf("commit: %v, %q, told %d", err, setting(t, db, "a"), told)
	}
	stop := errors.New("stop")
	err = db.Write(t.Context(), func(tx *store.Tx) error {
		tx.AfterCommit(func() { told++ })
		return errors.Join(put(t.Context(), tx, "a", "2"), stop)
	})
	if !errors.Is(err, stop) || setting(t, db, "a") != "1" || told != 1 {
		t.Errorf("rollback: %v, %q, told %d", err, setting(t, db, "a"), told)
	}
}

func testSequence(t *testing.T, db *store.DB) {
	next := func(n int64) (first int64) {
		err := db.Write(t.Context(), func(tx *store.Tx) (err error) {
			first, err = tx.Next(t.Context(), "s", n)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return first
	}
	if a, b, c := next(1), next(10), next(1); a != 1 || b != 2 || c != 12 {
		t.Errorf("got %d, %d, %d", a, b, c)
	}
}

func testUnique(t *testing.T, db *store.DB) {
	err := db.Write(t.Context(), func(tx *store.Tx) error {
		for range 2 {
			if _, err := tx.ExecContext(t.Context(), `INSERT INTO setting (name, body, changed_at) VALUES ('u', '', 0)`); err != nil {
				return err
			}
		}
		return nil
	})
	if !store.IsUnique(err) {
		t.Errorf("got %v", err)
	}
	if fault.Is(err, fault.Unavailable) {
		t.Error("a taken key is no unavailable store")
	}
}

func testSnapshot(t *testing.T, db *store.DB) {
	write := func(body string) {
		if err := db.Write(t.Context(), func(tx *store.Tx) error { return put(t.Context(), tx, "snap", body) }); err != nil {
			t.Fatal(err)
		}
	}
	write("before")
	err := db.Snapshot(t.Context(), func(q store.Querier) error {
		first := setting(t, q, "snap")
		write("after")
		if again := setting(t, q, "snap"); first != "before" || again != first {
			t.Errorf("the snapshot moved from %q to %q", first, again)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func testSums(t *testing.T, db *store.DB) {
	err := db.Write(t.Context(), func(tx *store.Tx) error {
		for division := range int64(3) {
			if _, err := tx.ExecContext(t.Context(), `
				INSERT INTO figure (indicator_id, period, division_id, value_e6, revision, recorded_at)
				VALUES (1, 202605, $1, 100000001, 1, 0)`, division); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var sum int64
	err = db.QueryRowContext(t.Context(), `SELECT CAST(SUM(value_e6) AS BIGINT) FROM figure WHERE indicator_id = 1`).Scan(&sum)
	if err != nil || sum != 300000003 {
		t.Errorf("sum = %d, %v", sum, err)
	}
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	dir := t.TempDir() + "/newer.db"
	db, err := store.Open(t.Context(), store.Options{Target: dir})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
		return err
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err = store.Open(t.Context(), store.Options{Target: dir}); !errors.Is(err, store.ErrNewer) {
		t.Errorf("got %v", err)
	}
}

// TestTextThatPostgreSQLRefuses writes a NUL: kept by one engine, and by the other refused as the sender's mistake.
func TestTextThatPostgreSQLRefuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		err := db.Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `INSERT INTO setting (name, body, changed_at) VALUES ($1, $2, 0)`, "x", "a\x00b")
			return err
		})
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("a NUL is told as %v", err)
		}
		if h := db.Health(); !h.OK {
			t.Errorf("the store counts as away: %+v", h)
		}
	})
}

// TestLookInto reads a backup in its place, and nothing of one whose schema is too old to hold it.
func TestLookInto(t *testing.T) {
	db := storetest.SQLite(t)
	if err := db.Write(t.Context(), func(tx *store.Tx) error { return put(t.Context(), tx, "a", "1") }); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "copy #1?.db")
	if err := db.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	version, err := db.SchemaVersion(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for since, want := range map[int64]int{version: 1, version + 1: 0} {
		n := 0
		err := store.LookInto(t.Context(), file, since, func(q store.Querier) error {
			n++
			if got := setting(t, q, "a"); got != "1" {
				t.Errorf("reads %q", got)
			}
			return nil
		})
		if err != nil || n != want {
			t.Errorf("since %d: looked %d times, %v", since, n, err)
		}
	}
	if _, err := os.Stat(file + "-wal"); !os.IsNotExist(err) {
		t.Errorf("looking left a log: %v", err)
	}
}

// TestPanicInWrite holds that a write that panics changes nothing and hinders nobody.
func TestPanicInWrite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		write := func(name string, after func()) error {
			// Not bounded: an end of its context would roll back what a panic left open.
			return db.Write(t.Context(), func(tx *store.Tx) error {
				_, err := tx.ExecContext(t.Context(), `INSERT INTO setting (name, body, changed_at) VALUES ($1, 'x', 0)`, name)
				after()
				return err
			})
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic went unseen")
				}
			}()
			write("broken", func() { panic("in the middle") }) //nolint:errcheck // it panics
		}()
		if err := write("whole", func() {}); err != nil {
			t.Fatalf("the next write: %v", err)
		}
		if got := setting(t, db, "broken"); got != "" {
			t.Errorf("half a write stands: %q", got)
		}
	})
}

func TestWatchReads(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { // storetest switches the watch on
		one := func(q store.Querier) error {
			var n int
			return q.QueryRowContext(t.Context(), `SELECT 1`).Scan(&n)
		}
		caught := func(what string, f func()) {
			t.Helper()
			defer func() {
				if recover() == nil {
					t.Errorf("%s inside a write went unseen", what)
				}
			}()
			f()
		}
		if err := db.Write(t.Context(), func(tx *store.Tx) error {
			caught("a read of the pool", func() { one(db) })
			caught("a snapshot", func() { db.Snapshot(t.Context(), one) })
			caught("a second write", func() { db.Write(t.Context(), func(tx *store.Tx) error { return nil }) })
			done := make(chan error, 1)
			go func() { done <- one(db) }() // somebody else reads meanwhile
			tx.AfterCommit(func() {
				if err := one(db); err != nil {
					t.Error(err)
				}
			})
			return errors.Join(one(tx), <-done)
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// TestClusteredTables: what a migration marks as clustered lies in the order of its key, and the hot table above all.
func TestClusteredTables(t *testing.T) {
	db := storetest.SQLite(t)
	var n int
	if err := db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND sql LIKE '%WITHOUT ROWID'`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	marked := 0
	files, err := filepath.Glob("migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		marked += strings.Count(string(b), ") /*clustered*/;")
	}
	if marked == 0 || n != marked {
		t.Errorf("%d tables are WITHOUT ROWID, %d are marked", n, marked)
	}
	if _, err := db.QueryContext(t.Context(), `SELECT rowid FROM observation`); err == nil { //nolint:rowserrcheck,sqlclosecheck // it fails
		t.Error("observation has row numbers beside its key")
	}
}
