// Package media says what a file is by its bytes, never by its name or by what its sender calls it, and refuses files that
// would burst whoever opens them.
//
// It knows JPEG, PNG, WebP, HEIC, PDF, MP4, QuickTime, docx and xlsx. Headers are read before anything is decoded; what is
// packed is unpacked into nothing, up to a bound. It decodes no picture and keeps no file.
package media

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"anlan/internal/fault"
)

// Type is a media type that evidence may have.
type Type string

// The types.
const (
	JPEG      Type = "image/jpeg"
	PNG       Type = "image/png"
	WebP      Type = "image/webp"
	HEIC      Type = "image/heic"
	PDF       Type = "application/pdf"
	DOCX      Type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	XLSX      Type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	MP4       Type = "video/mp4"
	QuickTime Type = "video/quicktime"

	zipped Type = "application/zip" // a docx or an xlsx, or neither: the directory tells
)

// Family is what a type is used for; limits of size go by it.
type Family string

// The families.
const (
	Image    Family = "image"
	Document Family = "document"
	Video    Family = "video"
)

// Family is the family of a type.
func (t Type) Family() Family {
	switch t {
	case JPEG, PNG, WebP, HEIC:
		return Image
	case MP4, QuickTime:
		return Video
	}
	return Document
}

// Extension is the ending that a saved file of the type has, with its dot.
func (t Type) Extension() string {
	switch t {
	case JPEG:
		return ".jpg"
	case PNG:
		return ".png"
	case WebP:
		return ".webp"
	case HEIC:
		return ".heic"
	case PDF:
		return ".pdf"
	case DOCX:
		return ".docx"
	case XLSX:
		return ".xlsx"
	case MP4:
		return ".mp4"
	case QuickTime:
		return ".mov"
	}
	return ".bin"
}

// Ends reports whether a name has an ending that is usual for the type.
func (t Type) Ends(name string) bool {
	usual := []string{t.Extension()}
	switch t {
	case JPEG:
		usual = append(usual, ".jpeg", ".jfif")
	case HEIC:
		usual = append(usual, ".heif", ".hif")
	case MP4:
		usual = append(usual, ".m4v", ".3gp")
	case QuickTime:
		usual = append(usual, ".qt")
	}
	return slices.Contains(usual, strings.ToLower(path.Ext(name)))
}

// Bounds are what a file may ask of whoever opens it.
type Bounds struct {
	Pixels   int64 // width times height of a picture
	Unpacked int64 // bytes that a PNG or an office document unpacks to
}

// Info is what a file says of itself in its headers.
type Info struct {
	Type          Type
	Width, Height int    // as stored, before any turning; 0 where the type has none
	Memory        int64  // bytes that decoding the picture takes; 0 where this program decodes none
	EXIF          []byte // the TIFF structure of its EXIF block; nil where there is none
}

// HeadSize is how many first bytes Guess wants to see.
const HeadSize = 64

const exifMax = 1 << 20

// Guess tells the family by the first bytes, so that a limit holds before the rest has come.
func Guess(head []byte) (Family, error) {
	t := guess(head)
	if t == "" {
		return "", fault.Invalidf("evidence.type", "只接收照片（JPEG、PNG、WebP、HEIC）、视频（MP4、MOV）、PDF、docx 和 xlsx，这个文件不是其中之一",
			"photos (JPEG, PNG, WebP, HEIC), videos (MP4, MOV), PDF, docx and xlsx are taken; this file is none of them")
	}
	return t.Family(), nil
}

func guess(head []byte) Type {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return JPEG
	case bytes.HasPrefix(head, []byte(pngSignature)):
		return PNG
	case len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return WebP
	case bytes.HasPrefix(head, []byte("%PDF-1.")), bytes.HasPrefix(head, []byte("%PDF-2.")):
		return PDF
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return zipped
	case len(head) >= 12 && string(head[4:8]) == "ftyp":
		return brandType(head)
	}
	return ""
}

// Identify reads the headers of a whole file. What it refuses is a fault that names the place.
func Identify(r io.ReaderAt, size int64, b Bounds) (Info, error) {
	head := make([]byte, min(size, HeadSize))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return Info{}, fmt.Errorf("read the head: %w", err)
	}
	if _, err := Guess(head); err != nil {
		return Info{}, err
	}
	in := &input{r: r, size: size}
	var info Info
	var err error
	switch t := guess(head); t {
	case JPEG:
		info, err = in.jpeg()
	case PNG:
		info, err = in.png(b)
	case WebP:
		info, err = in.webp()
	case HEIC, MP4, QuickTime:
		info, err = in.boxes(t)
	case PDF:
		info, err = in.pdf()
	default:
		info, err = in.office(b)
	}
	if err == nil {
		err = checkPixels(info, b)
	}
	if in.err != nil {
		err = in.err // a file that cannot be read is not a damaged one
	}
	return info, err
}

func checkPixels(i Info, b Bounds) error {
	if n := int64(i.Width) * int64(i.Height); n > b.Pixels {
		return tooManyPixels(i.Width, i.Height, b)
	}
	return nil
}

func tooManyPixels(w, h int, b Bounds) error {
	return fault.New(fault.TooLarge, "evidence.pixels", fault.Tf("图片 %d×%d 像素，超过上限 %d", "the picture has %d×%d pixels, more than the limit of %d", w, h, b.Pixels))
}

func bursts(what string, b Bounds) error {
	return fault.New(fault.TooLarge, "evidence.unpacked", fault.Tf("%s 解压后超过其声明的大小或上限 %d MB，不予接收", "%s unpacks to more than it declares, or to more than %d MB", what, b.Unpacked>>20))
}

// damaged is the fault for a file whose structure does not hold at an offset.
func damaged(t Type, at int64, zh, en string) error {
	return fault.New(fault.Invalid, "evidence.damaged", fault.T(
		fmt.Sprintf("文件不完整或已损坏（%s，第 %d 字节）：%s", t, at, zh),
		fmt.Sprintf("the file is cut off or damaged (%s, byte %d): %s", t, at, en)))
}

// input reads pieces of a file. A failing disk is kept in err, so that it is never taken for a damaged file.
type input struct {
	r    io.ReaderAt
	size int64
	err  error
}

// at reads n bytes at an offset; ok is false where the file has not so many.
func (in *input) at(off int64, n int) (b []byte, ok bool) {
	if off < 0 || n < 0 || off > in.size-int64(n) {
		return nil, false
	}
	b = make([]byte, n)
	if m, _ := in.ReadAt(b, off); m < n {
		return nil, false
	}
	return b, true
}

// ReadAt implements io.ReaderAt for what unpacks the file.
func (in *input) ReadAt(p []byte, off int64) (int, error) {
	n, err := in.r.ReadAt(p, off)
	if err != nil && !errors.Is(err, io.EOF) && in.err == nil {
		in.err = fmt.Errorf("read byte %d: %w", off, err)
	}
	return n, err
}
