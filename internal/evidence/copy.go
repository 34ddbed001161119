package evidence

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// Copied is what CopyFiles did.
type Copied struct {
	Files   int    // now in the folder
	Written int    // of these, written by this call
	Lacking []Hash // sound in none of the sources
}

// CopyFiles brings the files of some rows into a folder, each from the first source that has it sound, and verified on its way.
// A file that is in the folder already stays if it is sound and is replaced if it is not; nothing is ever taken out, so it can be
// repeated. The copy of a store's files is taken after the copy of its rows: rows never come before files.
func CopyFiles(ctx context.Context, rows map[Hash]int64, into string, sources ...string) (Copied, error) {
	var out Copied
	to := folder(into)
	for _, h := range slices.Sorted(maps.Keys(rows)) {
		if f, err := to.open(ctx, h, rows[h]); err == nil {
			out.Files++
			if err := f.Close(); err != nil {
				return out, err
			}
			continue
		}
		written, err := copyOne(ctx, to, h, rows[h], sources)
		if err != nil {
			return out, err
		}
		if !written {
			out.Lacking = append(out.Lacking, h)
			continue
		}
		out.Files++
		out.Written++
	}
	return out, nil
}

func copyOne(ctx context.Context, to folder, h Hash, size int64, sources []string) (bool, error) {
	for _, from := range sources {
		src, err := folder(from).open(ctx, h, size)
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		if err != nil {
			continue // another source may have it; if none has, it is counted as lacking
		}
		a, err := receiveInto(ctx, to, src, size)
		if err = errors.Join(err, src.Close()); err != nil {
			return false, fmt.Errorf("copy evidence %s: %w", h, err)
		}
		if a.hash() != h {
			a.discard()
			continue
		}
		err = a.settle(to.path(h))
		a.discard()
		if err != nil {
			return false, fmt.Errorf("copy evidence %s: %w", h, err)
		}
		return true, nil
	}
	return false, nil
}

// Aside keeps a second name for every file of a folder in another folder, without copying where the disk allows it, so that
// what belongs to a database that is put aside stays with it.
func Aside(ctx context.Context, from, to string) error {
	if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	rows := map[Hash]int64{}
	err := folder(from).walk(func(h Hash, info fs.FileInfo) { rows[h] = info.Size() })
	if err != nil || len(rows) == 0 {
		return err
	}
	for h := range rows {
		target := folder(to).path(h)
		if err := makeFolder(filepath.Dir(target)); err != nil {
			return unwritable(err)
		}
		if os.Link(folder(from).path(h), target) == nil {
			delete(rows, h)
		}
	}
	_, err = CopyFiles(ctx, rows, to, from)
	return err
}
