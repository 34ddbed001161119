package evidence_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"anlan/internal/evidence"
	"anlan/internal/evidence/media"
	"anlan/internal/fault"
	"anlan/internal/identity/audit"
	"anlan/internal/store"
	"anlan/internal/store/storetest"

	"github.com/google/go-cmp/cmp"
)

// keeper is a service with its folder.
type keeper struct {
	*evidence.Service
	*testing.T
	db     *store.DB
	folder string
}

var noon = time.Date(2026, 5, 17, 4, 0, 0, 0, time.UTC)

func each(t *testing.T, f func(k *keeper)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB) { f(newKeeper(t, db)) })
}

func newKeeper(t *testing.T, db *store.DB) *keeper {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "evidence")
	return &keeper{evidence.New(evidence.Options{Store: db, Folder: folder, Now: clock}), t, db, folder}
}

func clock() time.Time { return noon }

var wang = audit.Actor{ID: "w", Name: "王"}

func (k *keeper) put(by audit.Actor, name string, body []byte) evidence.File {
	k.Helper()
	f, err := k.Put(k.Context(), by, name, bytes.NewReader(body))
	if err != nil {
		k.Fatal(err)
	}
	return f
}

func (k *keeper) path(h evidence.Hash) string {
	return filepath.Join(k.folder, string(h[:2]), string(h))
}

// files lists what lies in the folder, without folders and the mark of its owner.
func (k *keeper) files() []string {
	k.Helper()
	var out []string
	err := fs.WalkDir(os.DirFS(k.folder), ".", func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil && d.Type().IsRegular() && name != "store" {
			out = append(out, name)
		}
		return err
	})
	if err != nil {
		k.Fatal(err)
	}
	return out
}

func (k *keeper) count(query string) int {
	k.Helper()
	var n int
	if err := k.db.QueryRowContext(k.Context(), query).Scan(&n); err != nil {
		k.Fatal(err)
	}
	return n
}

func hashOf(b []byte) evidence.Hash {
	sum := sha256.Sum256(b)
	return evidence.Hash(hex.EncodeToString(sum[:]))
}

// picture is a gradient, so that turning it can be seen.
func picture(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.RGBA{uint8(255 * x / w), uint8(255 * y / h), 90, 255})
		}
	}
	return m
}

func pngOf(w, h int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, picture(w, h)); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func jpegOf(w, h int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(w, h), nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func TestPutAndOpen(t *testing.T) {
	each(t, func(k *keeper) {
		body := jpegOf(40, 30)
		f := k.put(wang, `C:\照片\坝顶.jpg`, body)
		w, h := int64(40), int64(30)
		want := evidence.File{Hash: hashOf(body), Size: int64(len(body)), Media: media.JPEG, Name: "坝顶.jpg", Width: &w, Height: &h, ByID: "w", ByName: "王", At: noon}
		if d := cmp.Diff(want, f); d != "" {
			k.Error(d)
		}
		c, err := k.Open(k.Context(), f.Hash)
		if err != nil {
			k.Fatal(err)
		}
		defer c.Close()
		got, err := io.ReadAll(c)
		if err != nil || !bytes.Equal(got, body) {
			k.Errorf("read %d bytes, %v", len(got), err)
		}
		if d := cmp.Diff(want, c.File); d != "" {
			k.Error(d)
		}
		if n := k.count(`SELECT COUNT(*) FROM audit_entry WHERE action = 'evidence.put'`); n != 1 {
			k.Errorf("%d audit entries", n)
		}
	})
}

func TestNames(t *testing.T) {
	k := newKeeper(t, storetest.SQLite(t))
	side := 8
	f := func(name, want string) {
		t.Helper()
		side++ // another content each time: the first name of a content stays
		if got := k.put(wang, name, jpegOf(side, 8)).Name; got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	f("坝顶.JPG", "坝顶.JPG")
	f("IMG_1.jpeg", "IMG_1.jpeg")
	f("", "file.jpg")
	f("..", "file.jpg")
	f("../../etc/passwd", "passwd.jpg")
	f(`C:\photos\a.jpg`, "a.jpg")
	f("page.html", "page.html.jpg")
	f("a\u202egpj.exe", "agpj.exe.jpg")
	f("a\x00\r\nb.jpg", "ab.jpg")
	f("\xff\xfe.jpg", ".jpg")
	f(strings.Repeat("长", 300)+".jpg", strings.Repeat("长", 116)+".jpg")
}

func TestSameContentIsKeptOnce(t *testing.T) {
	each(t, func(k *keeper) {
		body := pngOf(20, 20)
		first := k.put(wang, "a.png", body)
		again := k.put(wang, "b.png", body)
		li := audit.Actor{ID: "l", Name: "李"}
		other := k.put(li, "c.png", body)
		if d := cmp.Diff(first, again) + cmp.Diff(first, other); d != "" {
			k.Error(d)
		}
		if got := k.files(); len(got) != 1 {
			k.Errorf("files %v", got)
		}
		if n := k.count(`SELECT COUNT(*) FROM audit_entry WHERE action = 'evidence.put'`); n != 2 {
			k.Errorf("%d audit entries for two people", n)
		}
		for who, want := range map[string]bool{"w": true, "l": true, "z": false} {
			if got, err := k.HasPut(k.Context(), k.db, first.Hash, who); err != nil || got != want {
				k.Errorf("has %s put it in: %v, %v", who, got, err)
			}
		}
	})
}

func TestPutAtOnce(t *testing.T) {
	each(t, func(k *keeper) {
		body := pngOf(30, 30)
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				if _, err := k.Put(k.Context(), audit.Actor{ID: string(rune('a' + i/2))}, "x", bytes.NewReader(body)); err != nil {
					k.Error(err)
				}
			})
		}
		wg.Wait()
		if files, rows := len(k.files()), k.count(`SELECT COUNT(*) FROM evidence_file`); files != 1 || rows != 1 {
			k.Errorf("%d files, %d rows", files, rows)
		}
		if n := k.count(`SELECT COUNT(*) FROM evidence_put`); n != 4 {
			k.Errorf("%d people", n)
		}
	})
}

func TestRefusedLeavesNothing(t *testing.T) {
	limits := evidence.DefaultLimits()
	limits.Image, limits.Document = 10_000, 1000
	photo := jpegOf(40, 30)
	f := func(name string, body io.Reader, kind fault.Kind, code string) {
		t.Run(name, func(t *testing.T) {
			k := newKeeper(t, storetest.SQLite(t))
			s := evidence.New(evidence.Options{Store: k.db, Folder: k.folder, Now: clock, Limits: limits})
			_, err := s.Put(t.Context(), wang, name, body)
			var e *fault.Error
			if !errors.As(err, &e) || e.Kind != kind || e.Code != code {
				t.Errorf("got %v", err)
			}
			if got := k.files(); got != nil {
				t.Errorf("files %v", got)
			}
			if n := k.count(`SELECT COUNT(*) FROM evidence_file`); n != 0 {
				t.Errorf("%d rows", n)
			}
		})
	}
	f("empty", strings.NewReader(""), fault.Invalid, "evidence.type")
	f("page.jpg", strings.NewReader("<html><script>"), fault.Invalid, "evidence.type")
	f("drawing.svg", strings.NewReader(`<svg xmlns="http://www.w3.org/2000/svg"/>`), fault.Invalid, "evidence.type")
	f("program.jpg", strings.NewReader("MZ\x90\x00"), fault.Invalid, "evidence.type")
	f("large", io.MultiReader(bytes.NewReader(photo), strings.NewReader(strings.Repeat("x", 10_000))), fault.TooLarge, "evidence.size")
	f("long paper", io.MultiReader(strings.NewReader("%PDF-1.7\n"), strings.NewReader(strings.Repeat("x", 1000))), fault.TooLarge, "evidence.size")
	f("cut off on the way", io.MultiReader(bytes.NewReader(photo), iotest.ErrReader(io.ErrUnexpectedEOF)), fault.Invalid, "evidence.cut")
	f("cut off at once", iotest.ErrReader(io.ErrUnexpectedEOF), fault.Invalid, "evidence.type")
	f("half a photo's head", bytes.NewReader(photo[:200]), fault.Invalid, "evidence.damaged")
}

func TestGivenUpByTheSender(t *testing.T) {
	k := newKeeper(t, storetest.SQLite(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := k.Put(ctx, wang, "a", bytes.NewReader(jpegOf(9, 9))); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if got := k.files(); got != nil {
		t.Errorf("files %v", got)
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	each(t, func(k *keeper) {
		body := jpegOf(40, 30)
		f := k.put(wang, "a.jpg", body)
		path := k.path(f.Hash)
		opens := func(code string) {
			k.Helper()
			c, err := k.Open(k.Context(), f.Hash)
			if code == "" && err == nil {
				c.Close()
				return
			}
			var e *fault.Error
			if !errors.As(err, &e) || e.Code != code {
				k.Errorf("want %q, got %v", code, err)
			}
		}
		spoil := func(b []byte) {
			k.Helper()
			if err := errors.Join(os.Chmod(path, 0o600), os.WriteFile(path, b, 0o600)); err != nil {
				k.Fatal(err)
			}
		}
		opens("")
		turned := bytes.Clone(body)
		turned[len(turned)/2] ^= 1
		spoil(turned)
		opens("evidence.changed")
		spoil(body[:len(body)-1])
		opens("evidence.changed")
		spoil(append(bytes.Clone(body), 0))
		opens("evidence.changed")
		k.put(wang, "a.jpg", body) // sent again, it is whole again
		opens("")
		if err := os.Remove(path); err != nil {
			k.Fatal(err)
		}
		opens("evidence.missing")
		k.put(wang, "a.jpg", body)
		opens("")
		for _, h := range []evidence.Hash{"", "../../etc/passwd", hashOf(nil), evidence.Hash(strings.ToUpper(string(f.Hash)))} {
			if _, err := k.Open(k.Context(), h); !fault.Is(err, fault.NotFound) {
				k.Errorf("%q: %v", h, err)
			}
		}
	})
}

func TestUnwritableFolder(t *testing.T) {
	k := newKeeper(t, storetest.SQLite(t))
	if err := os.WriteFile(k.folder, nil, 0o600); err != nil { // a file stands where the folder should be
		t.Fatal(err)
	}
	if _, err := k.Put(t.Context(), wang, "a", bytes.NewReader(jpegOf(9, 9))); !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v", err)
	}
}
