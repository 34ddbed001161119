package evidence

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity/audit"
	"anlan/internal/store"
)

// Claim makes the folder this store's own: a mark in the folder repeats an id that the store keeps. A folder of another store is
// refused, since Sweep would take that store's files for leftovers. Put and Sweep claim it themselves.
func (s *Service) Claim(ctx context.Context) error {
	s.claiming.Lock() // held over the disk, once in a process
	defer s.claiming.Unlock()
	if s.claimed {
		return nil
	}
	id, err := s.storeID(ctx)
	if err != nil {
		return err
	}
	if err := makeFolder(s.folder.arriving()); err != nil {
		return unwritable(err)
	}
	mark, err := os.ReadFile(s.folder.mark())
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(mark) == 0 {
		if err := s.writeMark(id); err != nil {
			return unwritable(err)
		}
		mark, err = []byte(id), nil
	}
	if err != nil {
		return unwritable(err)
	}
	if strings.TrimSpace(string(mark)) != id {
		return fault.Conflictf("evidence.folder", "附件目录 %s 属于另一个数据库；请在配置 evidence 中另选目录（确属本库时，删去其中的 store 文件）",
			"the evidence folder %s belongs to another database; choose another with the key evidence (if it is this one's, remove the file store in it)", s.folder)
	}
	s.claimed = true
	return nil
}

func (s *Service) storeID(ctx context.Context) (string, error) {
	const name = "evidence.store"
	read := func(q store.Querier) (id string, err error) {
		err = q.QueryRowContext(ctx, `SELECT COALESCE(MAX(body), '') FROM setting WHERE name = $1`, name).Scan(&id)
		return id, err
	}
	id, err := read(s.db)
	if err == nil && id == "" {
		err = s.db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO setting (name, body, changed_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING`,
				name, rand.Text(), s.now().UnixMilli())
			if err == nil {
				id, err = read(tx)
			}
			return err
		})
	}
	if err != nil {
		return "", fmt.Errorf("read whose evidence folder it is: %w", err)
	}
	return id, nil
}

func (s *Service) writeMark(id string) error {
	f, err := os.CreateTemp(s.folder.arriving(), "mark-*")
	if err != nil {
		return err
	}
	_, err = f.WriteString(id)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), s.folder.mark())
	}
	if err == nil {
		err = syncFolder(string(s.folder))
	}
	return err
}

// Release lets the next store that comes claim a folder: the one which was put in the place of its owner.
func Release(path string) error {
	if err := os.Remove(folder(path).mark()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unwritable(err)
	}
	return nil
}

// Swept is what Sweep removed.
type Swept struct {
	Unfinished int // files that never arrived whole
	Orphans    int // whole files that no row knows
	Thumbnails int
}

// Sweep removes what a crash has left behind and nobody was told of: unfinished and rowless files last written before an
// instant of the machine's clock, a day ago for caution. It may run beside Put, in this process or another one.
func (s *Service) Sweep(ctx context.Context, before time.Time) (Swept, error) {
	var out Swept
	if _, err := os.Stat(string(s.folder)); errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err := s.Claim(ctx); err != nil {
		return out, err
	}
	out.Unfinished = removeOlder(s.folder.arriving(), before)
	rows, err := Rows(ctx, s.db)
	if err != nil {
		return out, err
	}
	var orphans []Hash
	err = s.folder.walk(func(h Hash, info fs.FileInfo) {
		if _, known := rows[h]; !known && info.ModTime().Before(before) {
			orphans = append(orphans, h)
		}
	})
	if err != nil {
		return out, err
	}
	for batch := range slices.Chunk(orphans, 200) {
		n, err := s.removeOrphans(ctx, batch, before)
		out.Orphans += n
		if err != nil {
			return out, err
		}
	}
	out.Thumbnails = s.folder.dropThumbnails(rows)
	return out, nil
}

// removeOrphans looks at each file again behind the head of the audit chain, where no Put can be about to write its row.
func (s *Service) removeOrphans(ctx context.Context, batch []Hash, before time.Time) (n int, err error) {
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		n = 0
		err := audit.Append(ctx, tx, audit.Entry{
			At: s.now(), Action: "evidence.sweep", ObjectKind: "evidence", Detail: map[string]any{"files_without_row": batch},
		})
		if err != nil {
			return err
		}
		for _, h := range batch {
			var rows int64
			if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM evidence_file WHERE hash = $1`, string(h)).Scan(&rows); err != nil {
				return fmt.Errorf("look for the row of %s: %w", h, err)
			}
			info, err := os.Stat(s.folder.path(h))
			if rows > 0 || err != nil || !info.ModTime().Before(before) {
				continue
			}
			if err := os.Remove(s.folder.path(h)); err != nil {
				return unwritable(err)
			}
			n++
		}
		return nil
	})
	return n, err
}

func removeOlder(folder string, before time.Time) (n int) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return 0
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && info.Mode().IsRegular() && info.ModTime().Before(before) && os.Remove(filepath.Join(folder, e.Name())) == nil {
			n++
		}
	}
	return n
}

// walk calls f with each file that has the name of a hash and lies where it should.
func (f folder) walk(each func(h Hash, info fs.FileInfo)) error {
	folders, err := os.ReadDir(string(f))
	if err != nil {
		return unreadable("", err)
	}
	for _, d := range folders {
		if !d.IsDir() || len(d.Name()) != 2 {
			continue
		}
		entries, err := os.ReadDir(filepath.Join(string(f), d.Name()))
		if err != nil {
			return unreadable("", err)
		}
		for _, e := range entries {
			h := Hash(e.Name())
			if info, err := e.Info(); err == nil && h.Valid() && info.Mode().IsRegular() && string(h[:2]) == d.Name() {
				each(h, info)
			}
		}
	}
	return nil
}

// dropThumbnails removes those whose file is gone.
func (f folder) dropThumbnails(rows map[Hash]int64) (n int) {
	names, err := filepath.Glob(filepath.Join(string(f), "small", "*", "*.jpg"))
	if err != nil {
		return 0
	}
	for _, name := range names {
		h := Hash(strings.TrimSuffix(filepath.Base(name), ".jpg"))
		if _, known := rows[h]; !known && os.Remove(name) == nil {
			n++
		}
	}
	return n
}

// Rows are the sizes of all files that have a row.
func Rows(ctx context.Context, q store.Querier) (map[Hash]int64, error) {
	rows, err := q.QueryContext(ctx, `SELECT hash, size FROM evidence_file ORDER BY hash`)
	if err != nil {
		return nil, fmt.Errorf("list evidence files: %w", err)
	}
	defer rows.Close()
	out := map[Hash]int64{}
	for rows.Next() {
		var h Hash
		var size int64
		if err := rows.Scan(&h, &size); err != nil {
			return nil, fmt.Errorf("list evidence files: %w", err)
		}
		if !h.Valid() {
			return nil, fmt.Errorf("list evidence files: %q is no hash", h)
		}
		out[h] = size
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list evidence files: %w", err)
	}
	return out, nil
}

// Report is what Check found.
type Report struct {
	Files      int
	Bytes      int64
	Missing    []Hash // rows without a file
	Changed    []Hash // files that are not what was put in, or cannot be read
	Orphans    int    // files without a row: a crash left them, Sweep removes them
	Unfinished int    // files that never arrived whole, or are arriving now
}

// Check reads every file and holds it against its hash, or, where it is to be quick, looks only whether it is there in its size.
// Nothing is changed.
func (s *Service) Check(ctx context.Context, quick bool) (Report, error) {
	var rep Report
	// Files are looked at after the rows were read, so that one which is put in meanwhile is never held to be missing.
	rows, err := Rows(ctx, s.db)
	if err != nil {
		return rep, err
	}
	for _, h := range slices.Sorted(maps.Keys(rows)) {
		rep.Files++
		rep.Bytes += rows[h]
		err := s.folder.look(ctx, h, rows[h], quick)
		switch {
		case err == nil:
		case ctx.Err() != nil:
			return rep, ctx.Err()
		case isMissing(err):
			rep.Missing = append(rep.Missing, h)
		default:
			rep.Changed = append(rep.Changed, h)
		}
	}
	entries, err := os.ReadDir(s.folder.arriving())
	if err != nil {
		return rep, nil // no folder yet: nothing was ever put in, or the rows above are missing
	}
	rep.Unfinished = len(entries)
	if rows, err = Rows(ctx, s.db); err != nil {
		return rep, err
	}
	return rep, s.folder.walk(func(h Hash, _ fs.FileInfo) {
		if _, known := rows[h]; !known {
			rep.Orphans++
		}
	})
}

// look says what is wrong with a file.
func (f folder) look(ctx context.Context, h Hash, size int64, quick bool) error {
	if !quick {
		file, err := f.open(ctx, h, size)
		if err != nil {
			return err
		}
		return file.Close()
	}
	info, err := os.Stat(f.path(h))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return missing(h)
	case err != nil:
		return unreadable(h, err)
	case info.Size() != size:
		return changed(h, fmt.Errorf("%d bytes are there, %d were kept", info.Size(), size))
	}
	return nil
}

func isMissing(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Code == codeMissing
}
