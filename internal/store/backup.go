package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"anlan/internal/fault"
)

// Backup writes a consistent copy of a SQLite store into a new file while the store is in use.
func (db *DB) Backup(ctx context.Context, file string) error {
	if db.engine != SQLite {
		return fault.Invalidf("backup.engine", "PostgreSQL 请用 pg_dump 备份，之后用 anlan backup --files 备份附件", "use pg_dump for PostgreSQL, and after it anlan backup --files for the evidence files")
	}
	if _, err := os.Stat(file); err == nil {
		return fault.Conflictf("backup.exists", "%s 已存在", "%s exists already", file)
	}
	if _, err := db.write.ExecContext(ctx, `VACUUM INTO $1`, file); err != nil {
		return fmt.Errorf("write backup %s: %w", file, err)
	}
	return nil
}

// CheckIntegrity asks the engine to look its file over; PostgreSQL is only asked whether it answers.
func (db *DB) CheckIntegrity(ctx context.Context) error {
	if db.engine != SQLite {
		return db.read.PingContext(ctx)
	}
	var answer string
	if err := db.read.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&answer); err != nil {
		return err
	}
	if answer != "ok" {
		return errors.New(answer)
	}
	return nil
}

// AsideName is under which name Restore may keep the database that was there.
func AsideName(target string, at time.Time) string {
	return target + ".before-" + at.UTC().Format("20060102T150405")
}

// Restore puts a backup in the place of a SQLite store that nobody has open, after looking the backup over. What was there
// before is kept under a name of the caller's; found is false where nothing was there.
func Restore(ctx context.Context, backup, target, kept string) (found bool, err error) {
	if err := lookOver(ctx, backup); err != nil {
		return false, err
	}
	body, err := os.ReadFile(backup)
	if err != nil {
		return false, fmt.Errorf("read backup: %w", err)
	}
	fresh := target + ".restoring"
	if err := writeSynced(fresh, body); err != nil {
		return false, err
	}
	if _, err := os.Stat(target); err == nil {
		found = true
		for _, suffix := range []string{"", "-wal", "-shm"} {
			if err := os.Rename(target+suffix, kept+suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
				return found, fmt.Errorf("put the present database aside: %w", err)
			}
		}
	}
	if err := os.Rename(fresh, target); err != nil {
		return found, fmt.Errorf("put the backup in place: %w", err)
	}
	return found, nil
}

// LookInto reads a backup of SQLite in its place, unless its schema is older than since, where there is nothing to read.
func LookInto(ctx context.Context, file string, since int64, f func(q Querier) error) error {
	if err := lookOver(ctx, file); err != nil {
		return err
	}
	db, err := openReadOnly(file)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // only read
	var version sql.NullInt64
	if err := db.QueryRowContext(ctx, `SELECT MAX(version_id) FROM goose_db_version WHERE is_applied`).Scan(&version); err != nil {
		return fmt.Errorf("read the schema of %s: %w", file, err)
	}
	if version.Int64 < since {
		return nil
	}
	return f(db)
}

// openReadOnly opens a SQLite file whose name may hold any letter.
func openReadOnly(file string) (*sql.DB, error) {
	return sql.Open("sqlite", "file:"+(&url.URL{Path: file}).EscapedPath()+"?mode=ro")
}

func lookOver(ctx context.Context, file string) error {
	if _, err := os.Stat(file); err != nil {
		return fmt.Errorf("read backup: %w", err)
	}
	db, err := openReadOnly(file)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // only read
	var answer string
	err = db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&answer)
	if err == nil && answer == "ok" {
		var n int
		err = db.QueryRowContext(ctx, `SELECT COUNT(*) FROM goose_db_version`).Scan(&n)
	}
	if err != nil || answer != "ok" {
		return fault.Invalidf("backup.damaged", "%s 不是完好的备份：%s", "%s is no sound backup: %s", file, answer).Because(err)
	}
	return nil
}

func writeSynced(file string, body []byte) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	_, err = f.Write(body)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	return nil
}
