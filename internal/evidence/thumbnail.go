package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"

	"anlan/internal/evidence/exif"
	"anlan/internal/evidence/media"
	"anlan/internal/fault"
)

// thumbnailSide is the longest side of a thumbnail in pixels.
const thumbnailSide = 320

// Thumbnail hands out a small upright JPEG of a picture, without the picture's EXIF. It is drawn once, from verified bytes, and
// kept beside the files. Types that this program does not decode, and pictures that would take too much memory, have none: a
// fault of kind NotFound. Who may see it has been decided by the caller.
func (s *Service) Thumbnail(ctx context.Context, h Hash) (*Content, error) {
	if !h.Valid() {
		return nil, Unknown(h)
	}
	f, err := s.File(ctx, s.db, h)
	if err != nil {
		return nil, err
	}
	if f.Media != media.JPEG && f.Media != media.PNG {
		return nil, noPreview(nil)
	}
	small, ok := s.keptThumbnail(h)
	if !ok {
		if small, err = s.drawThumbnail(ctx, f); err != nil {
			return nil, err
		}
	}
	sum := sha256.Sum256(small)
	t := File{
		Hash: Hash(hex.EncodeToString(sum[:])), Size: int64(len(small)), Media: media.JPEG, Name: string(h[:12]) + ".jpg",
		ByID: f.ByID, ByName: f.ByName, At: f.At,
	}
	return &Content{File: t, ReadSeeker: bytes.NewReader(small), closer: io.NopCloser(nil)}, nil
}

func noPreview(cause error) error {
	return fault.NotFoundf("evidence.preview", "这个附件没有缩略图", "this file has no thumbnail").Because(cause)
}

// keptThumbnail reads a drawn thumbnail. Its own hash stands at its end, so a damaged one is drawn anew.
func (s *Service) keptThumbnail(h Hash) ([]byte, bool) {
	b, err := os.ReadFile(s.folder.thumbnail(h))
	if err != nil || len(b) <= sha256.Size {
		return nil, false
	}
	small, sum := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	if got := sha256.Sum256(small); !bytes.Equal(got[:], sum) {
		return nil, false
	}
	return small, true
}

// keepThumbnail is no promise: where it fails, the thumbnail is drawn again.
func (s *Service) keepThumbnail(h Hash, small []byte) error {
	path := s.folder.thumbnail(h)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(s.folder.arriving(), "small-*")
	if err != nil {
		return err
	}
	sum := sha256.Sum256(small)
	_, err = f.Write(append(bytes.Clone(small), sum[:]...))
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name()) //nolint:errcheck // Sweep comes by
	}
	return err
}

func (s *Service) drawThumbnail(ctx context.Context, f File) ([]byte, error) {
	select {
	case s.draw <- struct{}{}:
		defer func() { <-s.draw }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if small, ok := s.keptThumbnail(f.Hash); ok { // somebody else wanted it too
		return small, nil
	}
	file, err := s.folder.open(ctx, f.Hash, f.Size)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	info, err := media.Identify(file, f.Size, s.limits.Bounds)
	if err != nil {
		return nil, noPreview(err)
	}
	if need := info.Memory + bandMemory(info.Width, info.Height); need > s.limits.Memory {
		return nil, noPreview(fmt.Errorf("drawing takes %d MB", need>>20))
	}
	picture, err := decode(info.Type, file)
	if err != nil {
		return nil, noPreview(err)
	}
	turn := 1
	if claims, err := exif.Parse(info.EXIF); err == nil && claims.Orientation > 0 {
		turn = claims.Orientation
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, turned(shrunk(picture, thumbnailSide), turn), &jpeg.Options{Quality: 82}); err != nil {
		return nil, fmt.Errorf("draw the thumbnail of %s: %w", f.Hash, err)
	}
	_ = s.keepThumbnail(f.Hash, b.Bytes()) // the one that was drawn is good all the same
	return b.Bytes(), nil
}

func decode(t media.Type, r io.Reader) (image.Image, error) {
	if t == media.PNG {
		return png.Decode(r)
	}
	return jpeg.Decode(r)
}

// bandMemory is what shrunk takes beside the picture.
func bandMemory(w, h int) int64 {
	th := max(1, h*thumbnailSide/max(w, h, thumbnailSide))
	return 4 * int64(w) * int64(h/th+1)
}

// shrunk averages a picture down until its longest side is so many pixels, over white where it is transparent. It goes band by
// band, so that beside the picture only one band of it is in memory.
func shrunk(src image.Image, side int) *image.RGBA {
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	tw, th := w, h
	if long := max(w, h); long > side {
		tw, th = max(1, w*side/long), max(1, h*side/long)
	}
	out := image.NewRGBA(image.Rect(0, 0, tw, th))
	for y := range th {
		from, to := y*h/th, (y+1)*h/th
		band := image.NewRGBA(image.Rect(0, 0, w, to-from))
		draw.Draw(band, band.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
		draw.Draw(band, band.Bounds(), src, image.Pt(b.Min.X, b.Min.Y+from), draw.Over)
		for x := range tw {
			out.SetRGBA(x, y, average(band, x*w/tw, (x+1)*w/tw))
		}
	}
	return out
}

// average is the mean colour of some columns of a band.
func average(band *image.RGBA, from, to int) color.RGBA {
	var r, g, b, n int
	for y := range band.Rect.Dy() {
		row := band.Pix[y*band.Stride:]
		for x := from; x < to; x++ {
			p := row[4*x : 4*x+3]
			r, g, b, n = r+int(p[0]), g+int(p[1]), b+int(p[2]), n+1
		}
	}
	return color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), 255}
}

// turned sets a picture upright by its EXIF orientation, 1 to 8 (CIPA DC-008, tag 274).
func turned(src *image.RGBA, orientation int) *image.RGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	tw, th := w, h
	if orientation >= 5 {
		tw, th = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, tw, th))
	for y := range th {
		for x := range tw {
			sx, sy := x, y
			switch orientation {
			case 2: // mirrored
				sx = w - 1 - x
			case 3: // upside down
				sx, sy = w-1-x, h-1-y
			case 4: // upside down and mirrored
				sy = h - 1 - y
			case 5: // on its side and mirrored
				sx, sy = y, x
			case 6: // to be turned a quarter to the right
				sx, sy = y, h-1-x
			case 7: // on its other side and mirrored
				sx, sy = w-1-y, h-1-x
			case 8: // to be turned a quarter to the left
				sx, sy = w-1-y, x
			}
			out.SetRGBA(x, y, src.RGBAAt(sx, sy))
		}
	}
	return out
}
