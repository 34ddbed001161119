package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"anlan/internal/app"
	"anlan/internal/evidence"
	"anlan/internal/identity/audit"
)

// photo is a small picture with a tail of its own, so that no two are alike.
func photo(t *testing.T, tail int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 48)), nil); err != nil {
		t.Fatal(err)
	}
	noise := make([]byte, tail)
	for i := range noise {
		noise[i] = byte(rand.Uint32())
	}
	return append(b.Bytes(), noise...)
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// putEvidence uploads a file and returns the hash that the server confirmed.
func (p *process) putEvidence(content []byte) (string, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "a.jpg")
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		return "", err
	}
	req, err := http.NewRequest(http.MethodPost, p.url+"/api/evidence", &body)
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	var f struct{ Hash string }
	err = p.do(req, &f)
	return f.Hash, err
}

// readEvidence downloads a file.
func (p *process) readEvidence(hash string) ([]byte, error) {
	resp, err := p.client.Get(p.url + "/api/evidence/" + hash)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s", resp.Status, b)
	}
	return b, err
}

// uploads sends photos from some hands at once until the server is gone, and remembers what was confirmed.
type uploads struct {
	mu        sync.Mutex // guards the fields below
	confirmed map[string]bool
	refused   []error
}

func (u *uploads) send(p *process, photos [][]byte) {
	for _, content := range photos {
		hash, err := p.putEvidence(content)
		u.mu.Lock()
		switch {
		case err == nil && hash == hashOf(content):
			u.confirmed[hash] = true
		case err == nil:
			u.refused = append(u.refused, fmt.Errorf("the hash of %s is %s", hashOf(content), hash))
		case strings.Contains(err.Error(), "POST /api/evidence: "): // an answer, not a broken line
			u.refused = append(u.refused, err)
		}
		u.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// TestKillDuringUpload kills the server while four people send photos: each photo that was confirmed in any round is there
// after the last one, byte by byte, every row has its file, and the audit chain holds.
func TestKillDuringUpload(t *testing.T) {
	t.Parallel()
	bin, dir := build(t), cityFolder(t)
	d := startDemo(t, bin, "serve", dir)
	d.signInAs(t, "shengzhou")
	begun := time.Now()
	if _, err := d.putEvidence(photo(t, 200_000)); err != nil {
		t.Fatal(err)
	}
	usual := time.Since(begun)
	d.kill(t)
	all := &uploads{confirmed: map[string]bool{}}
	for round := range rounds() {
		d = startDemo(t, bin, "serve", dir)
		d.signInAs(t, "shengzhou")
		var sending sync.WaitGroup
		for range 4 {
			photos := [][]byte{photo(t, 200_000), photo(t, 2_000), photo(t, 400_000), photo(t, 20_000), photo(t, 200_000), photo(t, 100)}
			sending.Go(func() { all.send(d, photos) })
		}
		time.Sleep(time.Duration(rand.Int64N(int64(usual) * 12)))
		d.kill(t)
		sending.Wait()
		if len(all.refused) > 0 {
			t.Fatalf("round %d: %v", round, all.refused[0])
		}
	}
	if len(all.confirmed) == 0 {
		t.Fatal("nothing was ever confirmed")
	}
	d = startDemo(t, bin, "serve", dir)
	d.signInAs(t, "shengzhou")
	for hash := range all.confirmed {
		if b, err := d.readEvidence(hash); err != nil || hashOf(b) != hash {
			t.Errorf("confirmed and lost: %s: %d bytes, %v", hash, len(b), err)
		}
	}
	d.kill(t)
	code, out, errs := anlan(t, "doctor", "--database", filepath.Join(dir, "demo.db"))
	if code != 0 || !strings.Contains(out, "ok   evidence") {
		t.Errorf("doctor: %s %s", out, errs)
	}
	_, found, _ := strings.Cut(out, "evidence, ")
	t.Logf("%d confirmed, an upload takes %v; doctor: %s", len(all.confirmed), usual, strings.TrimSpace(found))
	verifyAudit(t, dir)
}

// city is a database with its evidence, opened in process for a moment at a time.
type city struct {
	*testing.T
	file string
}

func (c *city) with(f func(a *app.App)) {
	c.Helper()
	conf := app.DefaultConfig()
	conf.Database, conf.Listen = c.file, "127.0.0.1:0"
	a, err := app.New(c.Context(), conf, "test", &app.Clock{}, false, io.Discard)
	if err != nil {
		c.Fatal(err)
	}
	f(a)
	if err := a.Close(); err != nil {
		c.Fatal(err)
	}
}

func (c *city) put(content []byte) (h evidence.Hash) {
	c.Helper()
	c.with(func(a *app.App) {
		f, err := a.Evidence.Put(c.Context(), audit.Actor{ID: "w"}, "a.jpg", bytes.NewReader(content))
		if err != nil {
			c.Fatal(err)
		}
		h = f.Hash
	})
	return h
}

// opens says how reading a file goes: "", or the code of the fault.
func (c *city) opens(h evidence.Hash, want string) {
	c.Helper()
	c.with(func(a *app.App) {
		content, err := a.Evidence.Open(c.Context(), h)
		if err == nil {
			content.Close()
		}
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			c.Errorf("%s: %v, want %q", h, err, want)
		}
	})
}

func (c *city) path(h evidence.Hash) string {
	return filepath.Join(filepath.Dir(c.file), "evidence", string(h[:2]), string(h))
}

func (c *city) command(want int, says string, args ...string) string {
	c.Helper()
	args = append([]string{args[0], "--database", c.file}, args[1:]...)
	code, out, errs := anlan(c.T, args...)
	if code != want || !strings.Contains(out+errs, says) {
		c.Errorf("%v: exit %d, %q %q", args, code, out, errs)
	}
	return out
}

func TestBackupAndRestoreWithEvidence(t *testing.T) {
	c := &city{t, filepath.Join(t.TempDir(), "a.db")}
	first, second := photo(t, 100), photo(t, 200)
	h1 := c.put(first)
	h2 := c.put(second)
	backup := filepath.Join(t.TempDir(), "day.db")
	c.command(0, "2 evidence files", "backup", backup)
	c.command(1, "exists already", "backup", backup)
	h3 := c.put(photo(t, 300)) // after the backup

	elsewhere := &city{t, filepath.Join(t.TempDir(), "fresh.db")}
	elsewhere.with(func(a *app.App) { // a server that was started once, whose folder is its own
		if err := a.Evidence.Claim(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
	elsewhere.command(0, "restored", "restore", backup)
	elsewhere.opens(h1, "")
	elsewhere.opens(h2, "")
	elsewhere.opens(h3, "evidence.unknown")
	elsewhere.put(photo(t, 400)) // the folder is the restored database's

	out := c.command(0, "restored", "restore", backup)
	_, kept, _ := strings.Cut(out, "kept as ")
	kept = strings.TrimSpace(kept)
	c.opens(h1, "")
	c.opens(h3, "evidence.unknown")
	c.with(func(a *app.App) { // the new photo has no row any more and is swept
		swept, err := a.Evidence.Sweep(t.Context(), time.Now().Add(time.Hour))
		if err != nil || swept.Orphans != 1 {
			t.Errorf("%+v %v", swept, err)
		}
	})
	c.command(0, "restored", "restore", kept) // and yet the way back is open
	c.opens(h3, "")
}

func TestRestoreRefusesABackupWithoutItsFiles(t *testing.T) {
	c := &city{t, filepath.Join(t.TempDir(), "a.db")}
	h := c.put(photo(t, 100))
	backup := filepath.Join(t.TempDir(), "day.db")
	c.command(0, "1 evidence files", "backup", backup)
	if err := os.RemoveAll(backup + ".evidence"); err != nil {
		t.Fatal(err)
	}
	elsewhere := &city{t, filepath.Join(t.TempDir(), "b.db")}
	elsewhere.command(1, "--incomplete", "restore", backup)
	if _, err := os.Stat(elsewhere.file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the database was touched: %v", err)
	}
	elsewhere.command(0, "restored", "restore", "--incomplete", backup)
	elsewhere.opens(h, "evidence.missing")
	c.command(0, "restored", "restore", backup) // here the folder itself has the file
	c.opens(h, "")
}

func TestDoctorAndRepairOfEvidence(t *testing.T) {
	c := &city{t, filepath.Join(t.TempDir(), "a.db")}
	lost, spoilt, sound := c.put(photo(t, 100)), c.put(photo(t, 200)), c.put(photo(t, 300))
	c.command(0, "ok   evidence, 3 files", "doctor")
	copies := filepath.Join(t.TempDir(), "copies")
	c.command(0, "3 of them written now", "backup", "--files", copies)
	c.command(0, "0 of them written now", "backup", "--files", copies)
	if err := os.Remove(c.path(lost)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Chmod(c.path(spoilt), 0o600), os.WriteFile(c.path(spoilt), []byte("x"), 0o600)); err != nil {
		t.Fatal(err)
	}
	out := c.command(1, "BAD  evidence", "doctor")
	if !strings.Contains(out, "1 files missing, the first is "+string(lost)) || !strings.Contains(out, "1 files damaged or changed, the first is "+string(spoilt)) {
		t.Error(out)
	}
	c.command(1, "1 files damaged or changed", "doctor", "--quick")
	c.command(1, "2 evidence files are missing or damaged", "backup", "--files", filepath.Join(t.TempDir(), "other"))
	c.command(0, "3 evidence files", "restore", "--files", copies)
	c.command(0, "ok   evidence, 3 files", "doctor")
	c.command(0, "0 MB, not read", "doctor", "--quick")
	for _, h := range []evidence.Hash{lost, spoilt, sound} {
		c.opens(h, "")
	}
	c.command(2, "called wrongly", "backup", "--files", copies, "x")
	c.command(2, "called wrongly", "restore", "--files", copies, "x")
	c.command(2, "called wrongly", "restore")
}

func TestAnothersEvidenceFolderIsRefused(t *testing.T) {
	c := &city{t, filepath.Join(t.TempDir(), "a.db")}
	c.put(photo(t, 1))
	neighbour := &city{t, filepath.Join(filepath.Dir(c.file), "b.db")}
	neighbour.with(func(a *app.App) {
		l, err := a.Listen()
		if err == nil {
			err = a.Serve(t.Context(), l)
		}
		if err == nil || !strings.Contains(err.Error(), "another database") {
			t.Errorf("serves on another's folder: %v", err)
		}
	})
}

func TestEvidenceFolderIsNamedForPostgres(t *testing.T) {
	c := app.DefaultConfig()
	c.Database = "postgres://a/b"
	if err := c.Check(); err == nil || !strings.Contains(err.Error(), "evidence") {
		t.Errorf("got %v", err)
	}
	c.Evidence = "/var/lib/anlan/evidence"
	if err := c.Check(); err != nil {
		t.Error(err)
	}
}
