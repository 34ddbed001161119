package evidence_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"anlan/internal/evidence"
	"anlan/internal/fault"
	"anlan/internal/store/storetest"

	"github.com/google/go-cmp/cmp"
)

// leave puts a file into the folder as a crash leaves it, last written at an instant.
func (k *keeper) leave(path string, b []byte, at time.Time) {
	k.Helper()
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = os.WriteFile(path, b, 0o600)
	}
	if err == nil {
		err = os.Chtimes(path, at, at)
	}
	if err != nil {
		k.Fatal(err)
	}
}

func TestSweep(t *testing.T) {
	each(t, func(k *keeper) {
		if got, err := k.Sweep(k.Context(), noon); err != nil || got != (evidence.Swept{}) {
			k.Errorf("no folder yet: %+v %v", got, err)
		}
		kept := k.put(wang, "a.jpg", jpegOf(10, 10))
		k.small(kept.Hash)
		yesterday, today := noon.Add(-25*time.Hour), noon.Add(-23*time.Hour)
		if err := os.Chtimes(k.path(kept.Hash), yesterday, yesterday); err != nil {
			k.Fatal(err)
		}
		k.leave(k.path(hashOf([]byte("old"))), []byte("old"), yesterday)
		k.leave(k.path(hashOf([]byte("new"))), []byte("new"), today)
		k.leave(filepath.Join(k.folder, "new", "put-1"), []byte("x"), yesterday)
		k.leave(filepath.Join(k.folder, "new", "put-2"), []byte("x"), today)
		gone := hashOf([]byte("gone"))
		k.leave(filepath.Join(k.folder, "small", string(gone[:2]), string(gone)+".jpg"), []byte("x"), today)
		k.leave(filepath.Join(k.folder, "ab", "notes.txt"), []byte("a stranger's file"), yesterday)
		rep, err := k.Check(k.Context(), false)
		want := evidence.Report{Files: 1, Bytes: kept.Size, Orphans: 2, Unfinished: 2}
		if d := cmp.Diff(want, rep); err != nil || d != "" {
			k.Errorf("%v %s", err, d)
		}
		got, err := k.Sweep(k.Context(), noon.Add(-24*time.Hour))
		if d := cmp.Diff(evidence.Swept{Unfinished: 1, Orphans: 1, Thumbnails: 1}, got); err != nil || d != "" {
			k.Errorf("%v %s", err, d)
		}
		fresh := hashOf([]byte("new"))
		left := map[string]bool{
			"ab/notes.txt": true, "new/put-2": true, string(kept.Hash[:2] + "/" + kept.Hash): true, string(fresh[:2] + "/" + fresh): true,
			"small/" + string(kept.Hash[:2]) + "/" + string(kept.Hash) + ".jpg": true,
		}
		for _, name := range k.files() {
			if !left[name] {
				k.Errorf("%s was left", name)
			}
			delete(left, name)
		}
		if len(left) > 0 {
			k.Errorf("gone: %v", left)
		}
		if n := k.count(`SELECT COUNT(*) FROM audit_entry WHERE action = 'evidence.sweep'`); n != 1 {
			k.Errorf("%d audit entries", n)
		}
	})
}

// TestSweepBesidePut sweeps everything it may, all the time, while the very files that a crash left are put in again: what was
// answered is there afterwards.
func TestSweepBesidePut(t *testing.T) {
	each(t, func(k *keeper) {
		// Two services are two processes on one folder.
		other := evidence.New(evidence.Options{Store: k.db, Folder: k.folder, Now: clock})
		var photos [][]byte
		for i := range 40 {
			b := jpegOf(20+i, 20)
			photos = append(photos, b)
			k.leave(k.path(hashOf(b)), b, noon.Add(-48*time.Hour))
		}
		done := make(chan struct{})
		var sweeping sync.WaitGroup
		sweeping.Go(func() {
			for {
				if _, err := other.Sweep(k.Context(), noon.Add(-24*time.Hour)); err != nil {
					k.Error(err)
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
		for _, b := range photos {
			_, err := k.Put(k.Context(), wang, "a.jpg", bytes.NewReader(b))
			if fault.Is(err, fault.Unavailable) { // it says so, and sent again it is kept
				_, err = k.Put(k.Context(), wang, "a.jpg", bytes.NewReader(b))
			}
			if err != nil {
				k.Error(err)
			}
		}
		close(done)
		sweeping.Wait()
		for _, b := range photos {
			c, err := k.Open(k.Context(), hashOf(b))
			if err != nil {
				k.Error(err)
				continue
			}
			c.Close()
		}
	})
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	each(t, func(k *keeper) {
		if rep, err := k.Check(k.Context(), false); err != nil || !cmp.Equal(rep, evidence.Report{}) {
			k.Errorf("nothing yet: %+v %v", rep, err)
		}
		sound, lost, spoilt := k.put(wang, "a", jpegOf(8, 8)), k.put(wang, "b", jpegOf(9, 9)), k.put(wang, "c", jpegOf(10, 10))
		err := errors.Join(os.Remove(k.path(lost.Hash)), os.Chmod(k.path(spoilt.Hash), 0o600), os.WriteFile(k.path(spoilt.Hash), nil, 0o600))
		if err != nil {
			k.Fatal(err)
		}
		rep, err := k.Check(k.Context(), false)
		want := evidence.Report{Files: 3, Bytes: sound.Size + lost.Size + spoilt.Size, Missing: []evidence.Hash{lost.Hash}, Changed: []evidence.Hash{spoilt.Hash}}
		if d := cmp.Diff(want, rep); err != nil || d != "" {
			k.Errorf("%v %s", err, d)
		}
		if rep, err = k.Check(k.Context(), true); err != nil || !cmp.Equal(rep, want) {
			k.Errorf("quickly: %+v %v", rep, err)
		}
		if err := os.RemoveAll(k.folder); err != nil {
			k.Fatal(err)
		}
		if rep, err = k.Check(k.Context(), false); err != nil || len(rep.Missing) != 3 {
			k.Errorf("the whole folder is gone: %+v %v", rep, err)
		}
	})
}

func TestClaim(t *testing.T) {
	k := newKeeper(t, storetest.SQLite(t))
	k.put(wang, "a", jpegOf(8, 8))
	neighbour := storetest.SQLite(t)
	theirs := evidence.New(evidence.Options{Store: neighbour, Folder: k.folder, Now: clock})
	for range 2 {
		if err := theirs.Claim(t.Context()); !fault.Is(err, fault.Conflict) {
			t.Errorf("claims another's folder: %v", err)
		}
	}
	if _, err := theirs.Put(t.Context(), wang, "a", bytes.NewReader(jpegOf(9, 9))); !fault.Is(err, fault.Conflict) {
		t.Errorf("puts into another's folder: %v", err)
	}
	if _, err := theirs.Sweep(t.Context(), noon.Add(48*time.Hour)); !fault.Is(err, fault.Conflict) {
		t.Errorf("sweeps another's folder: %v", err)
	}
	if n := len(k.files()); n != 1 {
		t.Errorf("%d files", n)
	}
	if err := evidence.Release(k.folder); err != nil {
		t.Fatal(err)
	}
	if err := theirs.Claim(t.Context()); err != nil {
		t.Errorf("a released folder: %v", err)
	}
	again := evidence.New(evidence.Options{Store: k.db, Folder: k.folder, Now: clock})
	if err := again.Claim(t.Context()); !fault.Is(err, fault.Conflict) {
		t.Errorf("it is the neighbour's now: %v", err)
	}
	if err := os.WriteFile(filepath.Join(k.folder, "store"), nil, 0o600); err != nil { // a crash while it was marked
		t.Fatal(err)
	}
	if err := again.Claim(t.Context()); err != nil {
		t.Errorf("an empty mark: %v", err)
	}
}

func TestCopyFiles(t *testing.T) {
	k := newKeeper(t, storetest.SQLite(t))
	a, b := k.put(wang, "a", jpegOf(8, 8)), k.put(wang, "b", jpegOf(9, 9))
	rows, err := evidence.Rows(t.Context(), k.db)
	if err != nil || len(rows) != 2 {
		t.Fatal(rows, err)
	}
	into := filepath.Join(t.TempDir(), "copies")
	f := func(want evidence.Copied, sources ...string) {
		t.Helper()
		got, err := evidence.CopyFiles(t.Context(), rows, into, sources...)
		if d := cmp.Diff(want, got); err != nil || d != "" {
			t.Errorf("%v %s", err, d)
		}
	}
	f(evidence.Copied{Files: 2, Written: 2}, k.folder)
	f(evidence.Copied{Files: 2}, k.folder)
	spoil := func(folder string, h evidence.Hash) {
		t.Helper()
		name := filepath.Join(folder, string(h[:2]), string(h))
		if err := errors.Join(os.Chmod(name, 0o600), os.WriteFile(name, []byte("x"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	spoil(into, a.Hash)
	f(evidence.Copied{Files: 2, Written: 1}, filepath.Join(t.TempDir(), "none"), k.folder)
	spoil(into, b.Hash)
	spoil(k.folder, b.Hash)
	f(evidence.Copied{Files: 1, Lacking: []evidence.Hash{b.Hash}}, k.folder)
}
