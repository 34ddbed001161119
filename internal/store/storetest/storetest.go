// Package storetest opens fresh stores for tests: SQLite always, and PostgreSQL where ANLAN_TEST_POSTGRES gives its address.
//
// Each PostgreSQL store is a database of its own, made for the test and dropped after it, so tests may run side by side.
// The schema is built once and copied from then on: on SQLite once a process, on PostgreSQL once a server, where the
// database it is copied from stays and bears the digest of the migrations in its name.
package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"anlan/internal/store"
)

// address is the environment variable that names the server.
const address = "ANLAN_TEST_POSTGRES"

// Each runs f as a subtest on every engine that is at hand; without PostgreSQL it says so.
func Each(t *testing.T, f func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, Postgres(t)) })
}

// SQLite opens a fresh SQLite store in the test's folder.
func SQLite(tb testing.TB) *store.DB {
	tb.Helper()
	return open(tb, SQLiteTarget(tb))
}

// SQLiteTarget makes a fresh database in a folder of the test's own and returns the path of its file.
func SQLiteTarget(tb testing.TB) string {
	tb.Helper()
	blank, err := blankSQLite()
	if err != nil {
		tb.Fatalf("make the database that the others are copied from: %v", err)
	}
	path := filepath.Join(tb.TempDir(), "anlan.db")
	if err := os.WriteFile(path, blank, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// blankSQLite is a database that holds the schema and nothing else.
var blankSQLite = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "anlan-blank")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "anlan.db")
	if err := build(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// build makes the schema at target.
func build(target string) error {
	db, err := store.Open(context.Background(), store.Options{Target: target, Readers: 1})
	if err != nil {
		return err
	}
	return db.Close()
}

// Postgres opens a fresh PostgreSQL store, or skips the test aloud where none is at hand.
func Postgres(tb testing.TB) *store.DB {
	tb.Helper()
	return open(tb, PostgresTarget(tb))
}

// PostgresTarget makes a fresh database and returns its address, or skips the test aloud.
func PostgresTarget(tb testing.TB) string {
	tb.Helper()
	admin := os.Getenv(address)
	if admin == "" {
		tb.Skip(address + " is not set: not run on PostgreSQL")
	}
	server, err := sql.Open("pgx", admin)
	if err != nil {
		tb.Fatal(err)
	}
	blank, err := blankPostgres()
	if err != nil {
		tb.Fatalf("make the database that the others are copied from: %v", err)
	}
	name := "t_" + strings.ReplaceAll(store.NewID(), "-", "")
	if _, err := server.Exec("CREATE DATABASE " + name + " TEMPLATE " + blank); err != nil {
		tb.Fatalf("make test database: %v", err)
	}
	tb.Cleanup(func() {
		if _, err := server.Exec(fmt.Sprintf("DROP DATABASE IF EXISTS %s WITH (FORCE)", name)); err != nil {
			tb.Logf("drop test database: %v", err)
		}
		server.Close()
	})
	return addressOf(admin, name)
}

// addressOf is the address of the database name beside the one that admin names.
func addressOf(admin, name string) string {
	u, err := url.Parse(admin)
	if err != nil {
		panic(err) // the driver has taken it
	}
	u.Path = "/" + name
	return u.String()
}

// blankPostgres returns the name of a database of the server that holds the schema and nothing else, and makes it where there
// is none. Processes that test side by side meet here: one builds under another name, and it is named when it is whole.
var blankPostgres = sync.OnceValues(func() (string, error) { return makeBlank(context.Background(), os.Getenv(address)) })

func makeBlank(ctx context.Context, admin string) (string, error) {
	server, err := sql.Open("pgx", admin)
	if err != nil {
		return "", err
	}
	defer server.Close()
	c, err := server.Conn(ctx) // a lock of a session needs one
	if err != nil {
		return "", err
	}
	defer c.Close()
	name := "blank_" + store.SchemaDigest()[:16]
	if _, err = c.ExecContext(ctx, `SELECT pg_advisory_lock(hashtext($1))`, name); err != nil {
		return "", err
	}
	defer c.ExecContext(ctx, `SELECT pg_advisory_unlock(hashtext($1))`, name)
	var have bool
	if err = c.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)`, name).Scan(&have); err != nil || have {
		return name, err
	}
	draft := name + "_draft" // left behind by a process that was cut off, or by nobody
	for _, do := range []func() error{
		func() error { return exec(ctx, c, "DROP DATABASE IF EXISTS "+draft+" WITH (FORCE)") },
		func() error { return exec(ctx, c, "CREATE DATABASE "+draft) },
		func() error { return build(addressOf(admin, draft)) },
		func() error { return exec(ctx, c, "ALTER DATABASE "+draft+" RENAME TO "+name) },
	} {
		if err = do(); err != nil {
			return "", err
		}
	}
	return name, nil
}

func exec(ctx context.Context, c *sql.Conn, statement string) error {
	_, err := c.ExecContext(ctx, statement)
	return err
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
