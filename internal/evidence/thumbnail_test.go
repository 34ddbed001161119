package evidence_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"testing"

	"anlan/internal/evidence"
	"anlan/internal/fault"
	"anlan/internal/store/storetest"
)

func (k *keeper) small(h evidence.Hash) image.Image {
	k.Helper()
	c, err := k.Thumbnail(k.Context(), h)
	if err != nil {
		k.Fatal(err)
	}
	defer c.Close()
	b, err := io.ReadAll(c)
	if err != nil || int64(len(b)) != c.Size || hashOf(b) != c.Hash || c.Media != "image/jpeg" {
		k.Fatalf("%+v: %d bytes, %v", c.File, len(b), err)
	}
	m, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		k.Fatal(err)
	}
	return m
}

// oriented puts an EXIF block with an orientation into a JPEG.
func oriented(b []byte, orientation byte) []byte {
	tiff := append([]byte("MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), orientation, 0, 0, 0, 0, 0, 0)
	body := append([]byte("Exif\x00\x00"), tiff...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(body)+2))
	return append(append(head, body...), b[2:]...)
}

// corners is a picture whose left upper corner is red, right upper green, left lower blue and right lower white.
func corners(w, h int) []byte {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{255, 0, 0, 255}
			switch {
			case x >= w/2 && y >= h/2:
				c = color.RGBA{255, 255, 255, 255}
			case x >= w/2:
				c = color.RGBA{0, 255, 0, 255}
			case y >= h/2:
				c = color.RGBA{0, 0, 255, 255}
			}
			m.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// look names the colours of the corners: left upper, right upper, left lower, right lower.
func look(m image.Image) string {
	b := m.Bounds()
	out := ""
	for _, p := range []image.Point{{b.Dx() / 4, b.Dy() / 4}, {3 * b.Dx() / 4, b.Dy() / 4}, {b.Dx() / 4, 3 * b.Dy() / 4}, {3 * b.Dx() / 4, 3 * b.Dy() / 4}} {
		r, g, bl, _ := m.At(p.X, p.Y).RGBA()
		switch {
		case r > 0xc000 && g > 0xc000 && bl > 0xc000:
			out += "w"
		case r > 0xc000:
			out += "r"
		case g > 0xc000:
			out += "g"
		case bl > 0xc000:
			out += "b"
		default:
			out += "?"
		}
	}
	return out
}

func TestThumbnailStandsUpright(t *testing.T) {
	k := newKeeper(t, storetest.SQLite(t))
	body := corners(640, 400)
	// What stands in the file is seen through the camera's turning; the table is that of the standard.
	for orientation, want := range map[byte]string{1: "rgbw", 2: "grwb", 3: "wbgr", 4: "bwrg", 5: "rbgw", 6: "brwg", 7: "wgbr", 8: "gwrb", 9: "rgbw"} {
		f := k.put(wang, "a.jpg", oriented(body, orientation))
		m := k.small(f.Hash)
		w, h := 320, 200
		if orientation >= 5 && orientation <= 8 {
			w, h = h, w
		}
		if got := m.Bounds().Size(); got != image.Pt(w, h) || look(m) != want {
			t.Errorf("orientation %d: %v, %s; want %s", orientation, got, look(m), want)
		}
		if side := *f.Width; (side == 400) != (w == 200) {
			t.Errorf("orientation %d: shown as %d × %d", orientation, side, *f.Height)
		}
	}
}

func TestThumbnailSizes(t *testing.T) {
	k := newKeeper(t, storetest.SQLite(t))
	f := func(w, h, tw, th int) {
		t.Helper()
		if got := k.small(k.put(wang, "a.png", pngOf(w, h)).Hash).Bounds().Size(); got != image.Pt(tw, th) {
			t.Errorf("%d × %d: %v", w, h, got)
		}
	}
	f(1, 1, 1, 1)
	f(320, 100, 320, 100)
	f(321, 100, 320, 99)
	f(100, 1000, 32, 320)
	f(3000, 2, 320, 1)
	f(2, 3000, 1, 320)
}

func TestThumbnailOfATransparentPicture(t *testing.T) {
	k := newKeeper(t, storetest.SQLite(t))
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 9, 9))); err != nil {
		t.Fatal(err)
	}
	if got := look(k.small(k.put(wang, "a.png", b.Bytes()).Hash)); got != "wwww" {
		t.Errorf("got %s", got)
	}
}

func TestThumbnailIsKeptAndHealed(t *testing.T) {
	k := newKeeper(t, storetest.SQLite(t))
	f := k.put(wang, "a.jpg", corners(640, 400))
	k.small(f.Hash)
	kept := filepath.Join(k.folder, "small", string(f.Hash[:2]), string(f.Hash)+".jpg")
	b, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(kept, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := look(k.small(f.Hash)); got != "rgbw" {
		t.Errorf("a damaged one is shown: %s", got)
	}
	if err := os.Remove(k.path(f.Hash)); err != nil { // the kept one was drawn from verified bytes
		t.Fatal(err)
	}
	k.small(f.Hash)
}

func TestThumbnailRefused(t *testing.T) {
	db := storetest.SQLite(t)
	k := newKeeper(t, db)
	f := func(h evidence.Hash, want fault.Kind, code string) {
		t.Helper()
		_, err := k.Thumbnail(t.Context(), h)
		var e *fault.Error
		if !errors.As(err, &e) || e.Kind != want || e.Code != code {
			t.Errorf("got %v", err)
		}
	}
	f(k.put(wang, "a.pdf", []byte("%PDF-1.7\n%%EOF")).Hash, fault.NotFound, "evidence.preview")
	f(k.put(wang, "a.jpg", corners(64, 40)[:800]).Hash, fault.NotFound, "evidence.preview") // its head is sound, its picture is not
	f(hashOf(nil), fault.NotFound, "evidence.unknown")
	f("../x", fault.NotFound, "evidence.unknown")
	spoilt := k.put(wang, "b.jpg", corners(80, 40))
	if err := errors.Join(os.Chmod(k.path(spoilt.Hash), 0o600), os.WriteFile(k.path(spoilt.Hash), corners(80, 41), 0o600)); err != nil {
		t.Fatal(err)
	}
	f(spoilt.Hash, fault.Internal, "evidence.changed")
	limits := evidence.DefaultLimits()
	limits.Memory = 1000
	k.Service = evidence.New(evidence.Options{Store: db, Folder: k.folder, Now: clock, Limits: limits})
	f(k.put(wang, "c.png", pngOf(64, 40)).Hash, fault.NotFound, "evidence.preview")
}

func BenchmarkThumbnail12Megapixels(b *testing.B) {
	db := storetest.SQLite(b)
	folder := b.TempDir()
	body := jpegOf(4000, 3000)
	s := evidence.New(evidence.Options{Store: db, Folder: folder, Now: clock})
	f, err := s.Put(b.Context(), wang, "a.jpg", bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		os.RemoveAll(filepath.Join(folder, "small"))
		c, err := s.Thumbnail(b.Context(), f.Hash)
		if err != nil {
			b.Fatal(err)
		}
		c.Close()
	}
}

func BenchmarkPut5MB(b *testing.B) {
	s := evidence.New(evidence.Options{Store: storetest.SQLite(b), Folder: b.TempDir(), Now: clock})
	body := append(jpegOf(400, 300), make([]byte, 5<<20)...)
	b.SetBytes(int64(len(body)))
	for n := uint32(0); b.Loop(); n++ {
		binary.BigEndian.PutUint32(body[len(body)-4:], n)
		if _, err := s.Put(b.Context(), wang, "a.jpg", bytes.NewReader(body)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen5MB(b *testing.B) {
	s := evidence.New(evidence.Options{Store: storetest.SQLite(b), Folder: b.TempDir(), Now: clock})
	body := append(jpegOf(400, 300), make([]byte, 5<<20)...)
	f, err := s.Put(b.Context(), wang, "a.jpg", bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		c, err := s.Open(b.Context(), f.Hash)
		if err != nil {
			b.Fatal(err)
		}
		c.Close()
	}
}
