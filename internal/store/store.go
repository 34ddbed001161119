// Package store opens the database, SQLite in a file or PostgreSQL, and gives the rooms above transactions, migrations and ids.
//
// SQL is written in the subset both engines share, with $N parameters, instants as milliseconds since 1970 UTC (BIGINT) and
// figures in millionths (BIGINT). SQLite has one writer and many readers (WAL, synchronous FULL); a write is acknowledged
// after its commit. What the tables mean is the business of the domain that names them.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	"modernc.org/sqlite"
)

// Engine names the database behind a store.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is an open store. Its methods may be called from many goroutines.
type DB struct {
	engine Engine
	path   string // the SQLite file; empty for PostgreSQL
	write  *sql.DB
	read   *sql.DB
	log    *slog.Logger
	state  atomic.Pointer[Health]
	told   func(Health)
	writes atomic.Int64
	watch  readWatch
}

// Querier reads: a DB, a read snapshot or a transaction.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Tx is a write transaction.
type Tx struct {
	*sql.Tx
	engine Engine
	after  []func()
}

// AfterCommit runs f once the transaction is committed, and never if it is not.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// Engine says which database the transaction runs on.
func (tx *Tx) Engine() Engine { return tx.engine }

// Options of Open.
type Options struct {
	// Target is a file path for SQLite or a postgres:// address.
	Target string
	Log    *slog.Logger
	// Told hears of every change of Health; nil where nobody listens. It must not block.
	Told func(Health)
	// Readers bounds the connections that read at once; 0 means four a core.
	Readers int
}

// Open opens the store and brings its schema up to date. A database newer than this binary is refused.
func Open(ctx context.Context, o Options) (*DB, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Readers <= 0 {
		o.Readers = 4 * runtime.GOMAXPROCS(0)
	}
	db := &DB{log: o.Log, told: o.Told}
	db.state.Store(&Health{OK: true})
	var err error
	if strings.HasPrefix(o.Target, "postgres://") || strings.HasPrefix(o.Target, "postgresql://") {
		err = db.openPostgres(o)
	} else {
		err = db.openSQLite(o)
	}
	if err != nil {
		return nil, err
	}
	if err := db.write.PingContext(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("reach the %s store: %w", db.engine, err)
	}
	if err := db.migrate(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("bring the schema up to date: %w", err)
	}
	return db, nil
}

func (db *DB) openPostgres(o Options) error {
	pool, err := sql.Open("pgx", impatient(o.Target))
	if err != nil {
		return fmt.Errorf("open PostgreSQL: %w", err)
	}
	pool.SetMaxOpenConns(o.Readers + 4)
	pool.SetMaxIdleConns(o.Readers)
	pool.SetConnMaxIdleTime(time.Minute)
	db.engine, db.write, db.read = Postgres, pool, pool
	return nil
}

func (db *DB) openSQLite(o Options) error {
	dsn := func(mode string) string {
		q := url.Values{}
		for _, p := range []string{ // 16 MiB of the log go into the file at once: pages that many commits change go there once
			"journal_mode(WAL)", "wal_autocheckpoint(4000)", "synchronous(FULL)", "foreign_keys(1)", "busy_timeout(10000)",
			"cache_size(-65536)", "mmap_size(1073741824)", "temp_store(MEMORY)",
		} {
			q.Add("_pragma", p)
		}
		if mode == "ro" {
			q.Add("_pragma", "query_only(1)")
		} else {
			q.Set("_txlock", "immediate")
		}
		return "file:" + (&url.URL{Path: o.Target}).EscapedPath() + "?" + q.Encode()
	}
	open := func(mode string) (*sql.DB, error) {
		c, err := sqlite.NewConnector(dsn(mode))
		if err != nil {
			return nil, fmt.Errorf("open SQLite file %s: %w", o.Target, err)
		}
		return sql.OpenDB(preparing{c}), nil
	}
	w, err := open("rw")
	if err != nil {
		return err
	}
	w.SetMaxOpenConns(1)
	r, err := open("ro")
	if err != nil {
		return errors.Join(err, w.Close())
	}
	r.SetMaxOpenConns(o.Readers)
	r.SetMaxIdleConns(o.Readers)
	db.engine, db.path, db.write, db.read = SQLite, o.Target, w, r
	return nil
}

// Engine says which database the store is.
func (db *DB) Engine() Engine { return db.engine }

// Path returns the SQLite file, or "".
func (db *DB) Path() string { return db.path }

// Close waits for running statements and closes the store.
func (db *DB) Close() error {
	err := db.write.Close()
	if db.read != nil && db.read != db.write {
		err = errors.Join(db.read.Close(), err)
	}
	return err
}

// QueryContext reads outside a transaction.
func (db *DB) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	db.Outside(query)
	rows, err := db.read.QueryContext(db.gate(ctx), query, args...)
	return rows, db.Explain(err)
}

// QueryRowContext reads one row outside a transaction.
func (db *DB) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	db.Outside(query)
	return db.read.QueryRowContext(db.gate(ctx), query, args...)
}

// Snapshot runs f over one unchanging state of the store.
func (db *DB) Snapshot(ctx context.Context, f func(q Querier) error) error {
	db.Outside("a snapshot")
	o := &sql.TxOptions{ReadOnly: true}
	if db.engine == Postgres {
		o.Isolation = sql.LevelRepeatableRead
	}
	tx, err := db.read.BeginTx(db.gate(ctx), o)
	if err != nil {
		return db.Explain(err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	return db.Explain(f(tx))
}

// Write runs f in a transaction and commits it, or rolls all of it back where f or the commit fails.
// On PostgreSQL a transaction that lost to another is tried again; f must not keep state of an earlier try.
func (db *DB) Write(ctx context.Context, f func(tx *Tx) error) error {
	db.Outside("a second write")
	for try := 0; ; try++ {
		err := db.writeOnce(ctx, f)
		if err == nil || try == 4 || !lostRace(err) {
			return db.Explain(err)
		}
	}
}

func (db *DB) writeOnce(ctx context.Context, f func(tx *Tx) error) error {
	sqlTx, err := db.write.BeginTx(db.gate(ctx), nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	// A panic in f must not keep the one connection that writes: nobody could write again.
	defer sqlTx.Rollback() //nolint:errcheck // nothing happens where it was committed or rolled back
	tx := &Tx{Tx: sqlTx, engine: db.engine}
	if err := db.run(tx, f); err != nil {
		if rb := sqlTx.Rollback(); rb != nil && !errors.Is(rb, sql.ErrTxDone) {
			db.log.Warn("rollback", "err", rb)
		}
		return err
	}
	if err := sqlTx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	db.writes.Add(1)
	for _, g := range tx.after {
		g()
	}
	return nil
}

func (db *DB) run(tx *Tx, f func(tx *Tx) error) error {
	defer db.watch.inside()()
	return f(tx)
}

// Writes returns how many transactions were committed since Open.
func (db *DB) Writes() int64 { return db.writes.Load() }
