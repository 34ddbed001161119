package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// migrations are forward only; a shipped one is never edited.
//
//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewer says that the database was written by a newer binary.
var ErrNewer = errors.New("the database was written by a newer version of this program")

func (db *DB) migrate(ctx context.Context) error {
	dialect := goose.DialectSQLite3
	var opts []goose.ProviderOption
	if db.engine == Postgres {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		opts = append(opts, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(dialect, db.write, dialectFS{db.engine}, opts...)
	if err != nil {
		return err
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return err
	}
	sources := p.ListSources()
	if newest := sources[len(sources)-1].Version; have > newest {
		return fmt.Errorf("%w: schema %d, known up to %d", ErrNewer, have, newest)
	}
	applied, err := p.Up(ctx)
	for _, r := range applied {
		db.log.Info("schema migrated", "version", r.Source.Version, "took", r.Duration.String())
	}
	return err
}

// SchemaDigest names the schema that this binary builds: a hexadecimal digest of all its migrations.
func SchemaDigest() string {
	sum := sha256.New()
	names, _ := fs.Glob(migrations, "migrations/*.sql") // the pattern is well formed, and it is sorted
	for _, name := range names {
		b, _ := migrations.ReadFile(name) // it is inside the binary
		fmt.Fprintf(sum, "%s %d\n%s", name, len(b), b)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// SchemaVersion returns the number of the newest migration that the database has.
func (db *DB) SchemaVersion(ctx context.Context) (int64, error) {
	var v sql.NullInt64
	err := db.QueryRowContext(ctx, `SELECT MAX(version_id) FROM goose_db_version WHERE is_applied`).Scan(&v)
	return v.Int64, err
}

// dialectFS serves the migrations with the few words that differ: a table marked /*clustered*/ is WITHOUT ROWID in SQLite, its rows lie in
// the order of its key and nowhere else.
type dialectFS struct{ engine Engine }

// Open implements fs.FS; this is how goose reads a migration.
func (d dialectFS) Open(name string) (fs.File, error) {
	f, err := migrations.Open(at(name))
	if err != nil || d.engine != SQLite {
		return f, err
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return f, err
	}
	defer f.Close() //nolint:errcheck // it is inside the binary
	b, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	b = bytes.ReplaceAll(b, []byte("/*clustered*/"), []byte("WITHOUT ROWID"))
	return &dialectFile{bytes.NewReader(b), info}, nil
}

// dialectFile is a migration in the words of an engine.
type dialectFile struct {
	*bytes.Reader
	info fs.FileInfo
}

func (f *dialectFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *dialectFile) Close() error               { return nil }

// ReadDir implements fs.ReadDirFS.
func (d dialectFS) ReadDir(name string) ([]fs.DirEntry, error) { return migrations.ReadDir(at(name)) }

func at(name string) string {
	if name == "." {
		return "migrations"
	}
	return "migrations/" + name
}
