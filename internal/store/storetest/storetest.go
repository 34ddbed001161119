// Package storetest opens fresh stores for tests: SQLite always, and PostgreSQL where ANLAN_TEST_POSTGRES gives its address.
//
// Each PostgreSQL store is a database of its own, made for the test and dropped after it, so tests may run side by side.
package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anlan/internal/store"
)

// Each runs f as a subtest on every engine that is at hand; without PostgreSQL it says so.
func Each(t *testing.T, f func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, Postgres(t)) })
}

// SQLite opens a fresh SQLite store in the test's folder.
func SQLite(tb testing.TB) *store.DB {
	tb.Helper()
	return open(tb, filepath.Join(tb.TempDir(), "anlan.db"))
}

// Postgres opens a fresh PostgreSQL store, or skips the test aloud where none is at hand.
func Postgres(tb testing.TB) *store.DB {
	tb.Helper()
	return open(tb, PostgresTarget(tb))
}

// PostgresTarget makes a fresh database and returns its address, or skips the test aloud.
func PostgresTarget(tb testing.TB) string {
	tb.Helper()
	admin := os.Getenv("ANLAN_TEST_POSTGRES")
	if admin == "" {
		tb.Skip("ANLAN_TEST_POSTGRES is not set: not run on PostgreSQL")
	}
	server, err := sql.Open("pgx", admin)
	if err != nil {
		tb.Fatal(err)
	}
	name := "t_" + strings.ReplaceAll(store.NewID(), "-", "")
	if _, err := server.Exec("CREATE DATABASE " + name); err != nil {
		tb.Fatalf("make test database: %v", err)
	}
	tb.Cleanup(func() {
		if _, err := server.Exec(fmt.Sprintf("DROP DATABASE IF EXISTS %s WITH (FORCE)", name)); err != nil {
			tb.Logf("drop test database: %v", err)
		}
		server.Close()
	})
	u, err := url.Parse(admin)
	if err != nil {
		tb.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

func open(tb testing.TB, target string) *store.DB {
	tb.Helper()
	db, err := store.Open(context.Background(), store.Options{Target: target, Readers: 4})
	if err != nil {
		tb.Fatal(err)
	}
	db.WatchReads()
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Errorf("close store: %v", err)
		}
	})
	return db
}
