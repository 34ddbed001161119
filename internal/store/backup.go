package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"time"

	"anlan/internal/fault"
)

// Backup writes a consistent copy of a SQLite store into a new file while the store is in use.
func (db *DB) Backup(ctx context.Context, file string) error {
	if db.engine != SQLite {
		return fault.Invalidf("backup.engine", "PostgreSQL 请用 pg_dump 备份", "use pg_dump for PostgreSQL")
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

// Restore puts a backup in the place of a SQLite store that nobody has open, after looking the backup over. What was there
// before is kept under the name it returns.
func Restore(ctx context.Context, backup, target string) (kept string, err error) {
	if err := lookOver(ctx, backup); err != nil {
		return "", err
	}
	body, err := os.ReadFile(backup)
	if err != nil {
		return "", fmt.Errorf("read backup: %w", err)
	}
	fresh := target + ".restoring"
	if err := writeSynced(fresh, body); err != nil {
		return "", err
	}
	if _, err := os.Stat(target); err == nil {
		kept = target + ".before-" + time.Now().UTC().Format("20060102T150405")
		for _, suffix := range []string{"", "-wal", "-shm"} {
			if err := os.Rename(target+suffix, kept+suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
				return "", fmt.Errorf("put the present database aside: %w", err)
			}
		}
	}
	if err := os.Rename(fresh, target); err != nil {
		return kept, fmt.Errorf("put the backup in place: %w", err)
	}
	return kept, nil
}

func lookOver(ctx context.Context, file string) error {
	if _, err := os.Stat(file); err != nil {
		return fmt.Errorf("read backup: %w", err)
	}
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
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
