package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"anlan/internal/store"
	"anlan/internal/store/storetest"
)

// TestPreparedAgain runs the same statements again and again in all ways they are run: nested in themselves, left half read, rolled back,
// cancelled, beside others, and after the schema changed.
func TestPreparedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		const insert = `INSERT INTO setting (name, body, changed_at) VALUES ($1, $2, $3)`
		for i := range 20 {
			err := db.Write(ctx, func(tx *store.Tx) error {
				_, err := tx.ExecContext(ctx, insert, fmt.Sprint("k", i), fmt.Sprint("v", i), int64(i))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		const list = `SELECT name FROM setting WHERE name LIKE 'k%' AND changed_at < $1 ORDER BY changed_at`
		count := func(q store.Querier, below int64) int {
			n := 0
			err := store.Each(ctx, q, list, func(scan func(...any) error) error {
				n++
				var name string
				return scan(&name)
			}, below)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if err := db.Snapshot(ctx, func(q store.Querier) error {
			if db.Engine() == store.Postgres { // one connection reads one thing at a time there
				return nil
			}
			for range 3 {
				err := store.Each(ctx, q, list, func(scan func(...any) error) error {
					if n := count(q, 7); n != 7 { // in itself, with another figure
						t.Errorf("%d, want 7", n)
					}
					return store.ErrStop // and left half read
				}, int64(20))
				if err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for range 3 { // what fails leaves the statement as good as before
			err := db.Write(ctx, func(tx *store.Tx) error {
				_, err := tx.ExecContext(ctx, insert, "k1", "again", int64(1))
				return err
			})
			if !store.IsUnique(err) {
				t.Errorf("%v", err)
			}
			err = db.Write(ctx, func(tx *store.Tx) error {
				if _, err := tx.ExecContext(ctx, insert, "rolled back", "", int64(0)); err != nil {
					return err
				}
				return errors.New("no")
			})
			if err == nil || count(db, 100) != 20 {
				t.Errorf("%v, %d rows", err, count(db, 100))
			}
			ended, end := context.WithCancel(ctx)
			end()
			if _, err := db.QueryContext(ended, list, int64(5)); !errors.Is(err, context.Canceled) {
				t.Errorf("%v", err)
			}
		}
		var all sync.WaitGroup
		for k := range 8 {
			all.Go(func() {
				for range 20 {
					if n := count(db, int64(k)); n != k {
						t.Errorf("%d, want %d", n, k)
					}
				}
			})
		}
		all.Wait()
		for i := range 600 { // more texts than are kept
			var n int
			if err := db.QueryRowContext(ctx, fmt.Sprintf(`SELECT COUNT(*) + %d FROM setting WHERE changed_at < $1`, i%300), int64(-1)).Scan(&n); err != nil || n != i%300 {
				t.Fatalf("%d: %d, %v", i, n, err)
			}
		}
	})
}

// TestPreparedAndSchema has the schema change under a statement that is kept.
func TestPreparedAndSchema(t *testing.T) {
	db := storetest.SQLite(t)
	ctx := t.Context()
	exec := func(text string) {
		t.Helper()
		if err := db.Write(ctx, func(tx *store.Tx) error { _, err := tx.ExecContext(ctx, text); return err }); err != nil {
			t.Fatal(err)
		}
	}
	exec(`CREATE TABLE a (n BIGINT)`)
	for i := range 6 {
		exec(`INSERT INTO a (n) VALUES (1)`)
		var n int
		if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM a`).Scan(&n); err != nil || n != 1 {
			t.Fatalf("%d: %d, %v", i, n, err)
		}
		exec(`DROP TABLE a`)
		exec(`CREATE TABLE a (n BIGINT, other TEXT)`)
	}
	if err := db.Backup(ctx, filepath.Join(t.TempDir(), "copy.db")); err != nil {
		t.Error(err)
	}
}
