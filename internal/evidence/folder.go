package evidence

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// folder is the place of the files: ab/abcdef… for each, new/ for what is still arriving, small/ for thumbnails.
type folder string

func (f folder) path(h Hash) string { return filepath.Join(string(f), string(h[:2]), string(h)) }

func (f folder) arriving() string { return filepath.Join(string(f), "new") }

func (f folder) thumbnail(h Hash) string {
	return filepath.Join(string(f), "small", string(h[:2]), string(h)+".jpg")
}

// mark is the file that says whose folder it is.
func (f folder) mark() string { return filepath.Join(string(f), "store") }

// makeFolder makes a folder with those above it, each written down on the disk in the one above.
func makeFolder(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	above := filepath.Dir(path)
	if above != path {
		if err := makeFolder(above); err != nil {
			return err
		}
	}
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make folder: %w", err)
	}
	return syncFolder(above)
}

// syncFolder writes a folder's names to the disk.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("write folder down: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("write folder %s down: %w", path, err)
	}
	return nil
}
