package media_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"

	"anlan/internal/evidence/media"
	"anlan/internal/fault"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var bounds = media.Bounds{Pixels: 1_000_000, Unpacked: 4 << 20}

func identify(b []byte) (media.Info, error) {
	return media.Identify(bytes.NewReader(b), int64(len(b)), bounds)
}

func is(t *testing.T, name string, b []byte, want media.Info) {
	t.Helper()
	got, err := identify(b)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(media.Info{}, "Memory")); d != "" {
		t.Errorf("%s: %s", name, d)
	}
	if family, err := media.Guess(b[:min(len(b), media.HeadSize)]); err != nil || family != want.Type.Family() {
		t.Errorf("%s: guessed %s, %v", name, family, err)
	}
}

func refused(t *testing.T, name string, b []byte, code string) {
	t.Helper()
	got, err := identify(b)
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != code || f.Text.Zh == "" || f.Text.En == "" {
		t.Errorf("%s: %+v, %v", name, got, err)
	}
}

// chunk is one of a PNG, with its checksum.
func chunk(kind string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, kind...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func pngOf(w, h uint32, depth, colour, interlace byte, chunks ...[]byte) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	head = append(head, depth, colour, 0, 0, interlace)
	return append([]byte("\x89PNG\r\n\x1a\n"), bytes.Join(append([][]byte{chunk("IHDR", head)}, chunks...), nil)...)
}

// packed is so many zero bytes, deflated.
func packed(n int64) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	if _, err := io.CopyN(z, zeros{}, n); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// zeros never ends.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestPNG(t *testing.T) {
	end := chunk("IEND", nil)
	idat := func(n int64) []byte { return chunk("IDAT", packed(n)) }
	at := func(w, h int) media.Info { return media.Info{Type: media.PNG, Width: w, Height: h} }
	for name, m := range map[string]image.Image{
		"rgba": image.NewNRGBA(image.Rect(0, 0, 7, 5)), "grey": image.NewGray(image.Rect(0, 0, 7, 5)), "deep": image.NewNRGBA64(image.Rect(0, 0, 7, 5)),
		"palette": image.NewPaletted(image.Rect(0, 0, 7, 5), color.Palette{color.Black, color.White}),
	} {
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			t.Fatal(err)
		}
		is(t, name, b.Bytes(), at(7, 5))
	}
	is(t, "by hand", pngOf(3, 2, 8, 2, 0, idat(2*(1+9)), end), at(3, 2))
	is(t, "two pieces of data", pngOf(3, 2, 8, 2, 0, chunk("IDAT", packed(20)[:5]), chunk("IDAT", packed(20)[5:]), end), at(3, 2))
	is(t, "interlaced", pngOf(3, 3, 8, 0, 1, idat(2+2+3+2*2+4), end), at(3, 3))
	with := at(3, 2)
	with.EXIF = []byte("MM\x00\x2a")
	is(t, "with EXIF", pngOf(3, 2, 8, 2, 0, chunk("eXIf", with.EXIF), idat(20), end), with)

	refused(t, "65535 × 65535", pngOf(65535, 65535, 8, 6, 0, idat(10), end), "evidence.pixels")
	refused(t, "the largest size", pngOf(1<<31-1, 1<<31-1, 16, 6, 0, idat(10), end), "evidence.pixels")
	refused(t, "a size past the standard", pngOf(1<<31, 1, 8, 6, 0, idat(10), end), "evidence.damaged")
	refused(t, "no size", pngOf(0, 5, 8, 6, 0, idat(10), end), "evidence.damaged")
	refused(t, "more than may be unpacked", pngOf(1000, 1000, 16, 6, 0, idat(10), end), "evidence.unpacked")
	refused(t, "a bomb in the data", pngOf(3, 2, 8, 2, 0, idat(64<<20), end), "evidence.unpacked")
	refused(t, "one byte too many", pngOf(3, 2, 8, 2, 0, idat(21), end), "evidence.unpacked")
	refused(t, "one byte too few", pngOf(3, 2, 8, 2, 0, idat(19), end), "evidence.damaged")
	giant := pngOf(3, 2, 8, 2, 0, idat(20), end)
	binary.BigEndian.PutUint32(giant[33:], 1<<31-1)
	refused(t, "a giant piece of data", giant, "evidence.damaged")
	binary.BigEndian.PutUint32(giant[33:], 1<<32-1)
	refused(t, "the largest piece of data", giant, "evidence.damaged")
	turned := pngOf(3, 2, 8, 2, 0, idat(20), end)
	turned[45] ^= 1
	refused(t, "one bit", turned, "evidence.damaged")
	refused(t, "no end", pngOf(3, 2, 8, 2, 0, idat(20)), "evidence.damaged")
	refused(t, "no data", pngOf(3, 2, 8, 2, 0, end), "evidence.damaged")
	refused(t, "no zlib", pngOf(3, 2, 8, 2, 0, chunk("IDAT", []byte("rubbish")), end), "evidence.damaged")
	refused(t, "a colour type of 5", pngOf(3, 2, 8, 5, 0, idat(20), end), "evidence.damaged")
	refused(t, "a palette of 16 bits", pngOf(3, 2, 16, 3, 0, idat(20), end), "evidence.damaged")
	refused(t, "only the signature", []byte("\x89PNG\r\n\x1a\n"), "evidence.damaged")
}

func jpegOf(w, h int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, w, h)), nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// segment is one of a JPEG.
func segment(code byte, body string) string {
	return string([]byte{0xff, code, byte((len(body) + 2) >> 8), byte(len(body) + 2)}) + body
}

const (
	soi  = "\xff\xd8"
	size = "\x08\x00\x05\x00\x07\x01\x01\x11\x00" // 5 high, 7 wide, one component
)

func TestJPEG(t *testing.T) {
	want := media.Info{Type: media.JPEG, Width: 7, Height: 5}
	is(t, "as Go writes it", jpegOf(7, 5), want)
	sos := segment(0xda, "\x01\x01\x00\x00\x3f\x00")
	is(t, "by hand", []byte(soi+segment(0xc0, size)+sos), want)
	is(t, "with fill bytes", []byte(soi+"\xff\xff"+segment(0xc2, size)+sos), want)
	with := want
	with.EXIF = []byte("II\x2a\x00")
	is(t, "with EXIF", []byte(soi+segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00")+segment(0xe1, "Exif\x00\x00II\x2a\x00")+segment(0xc0, size)+sos), with)
	refused(t, "65535 × 65535", []byte(soi+segment(0xc0, "\x08\xff\xff\xff\xff\x01\x01\x11\x00")+sos), "evidence.pixels")
	refused(t, "no height", []byte(soi+segment(0xc0, "\x08\x00\x00\x00\x07\x01\x01\x11\x00")+sos), "evidence.damaged")
	refused(t, "two frames", []byte(soi+segment(0xc0, size)+segment(0xc0, size)+sos), "evidence.damaged")
	refused(t, "no frame", []byte(soi+sos), "evidence.damaged")
	refused(t, "cut off in a segment", []byte(soi+segment(0xc0, size)[:8]), "evidence.damaged")
	refused(t, "a length of 1", []byte(soi+"\xff\xe0\x00\x01"+sos), "evidence.damaged")
	refused(t, "ended at once", []byte(soi+"\xff\xd9"), "evidence.damaged")
	refused(t, "no marker", []byte(soi+"\xff\xe0\x00\x02zz"), "evidence.damaged")
	refused(t, "segments without end", []byte(soi+strings.Repeat(segment(0xfe, ""), 5000)), "evidence.damaged")
}

func riff(chunks ...string) []byte {
	body := "WEBP" + strings.Join(chunks, "")
	return []byte("RIFF" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))) + body)
}

func webpChunk(kind, body string) string {
	s := kind + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))) + body
	if len(body)%2 == 1 {
		s += "\x00"
	}
	return s
}

func TestWebP(t *testing.T) {
	want := media.Info{Type: media.WebP, Width: 7, Height: 5}
	lossy := webpChunk("VP8 ", "\x00\x00\x00\x9d\x01\x2a\x07\x00\x05\x00")
	lossless := webpChunk("VP8L", "\x2f"+string(binary.LittleEndian.AppendUint32(nil, 6|4<<14)))
	is(t, "lossy", riff(lossy), want)
	is(t, "lossless", riff(lossless), want)
	with := want
	with.EXIF = []byte("II\x2a\x00")
	extended := webpChunk("VP8X", "\x08\x00\x00\x00\x06\x00\x00\x04\x00\x00")
	is(t, "extended", riff(extended, lossy, webpChunk("EXIF", "II\x2a\x00")), with)
	is(t, "extended, with the head of a JPEG's", riff(extended, lossy, webpChunk("EXIF", "Exif\x00\x00II\x2a\x00")), with)
	refused(t, "16777216 × 16777216", riff(webpChunk("VP8X", "\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff")), "evidence.pixels")
	refused(t, "cut off", riff(lossy)[:20], "evidence.damaged")
	refused(t, "a sound first", riff(webpChunk("JUNK", "abcd")), "evidence.damaged")
	refused(t, "empty", riff(), "evidence.damaged")
}

func bmff(kind, body string) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))) + kind + body
}

func TestBoxes(t *testing.T) {
	ftyp := func(brands string) string { return bmff("ftyp", brands[:4]+"\x00\x00\x00\x00"+brands) }
	ispe := func(w, h uint32) string {
		return bmff("ispe", "\x00\x00\x00\x00"+string(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)))
	}
	meta := func(sizes ...string) string {
		return bmff("meta", "\x00\x00\x00\x00"+bmff("hdlr", "")+bmff("iprp", bmff("ipco", bmff("hvcC", "x")+strings.Join(sizes, ""))))
	}
	mdat := bmff("mdat", "data")
	heic := ftyp("heicmif1")
	is(t, "a photo in tiles", []byte(heic+meta(ispe(512, 512), ispe(900, 600), ispe(90, 60))+mdat), media.Info{Type: media.HEIC, Width: 900, Height: 600})
	is(t, "a photo of another main brand", []byte(ftyp("mif1heic")+meta(ispe(9, 6))+mdat), media.Info{Type: media.HEIC, Width: 9, Height: 6})
	is(t, "a video", []byte(ftyp("isommp42")+bmff("moov", "")+mdat), media.Info{Type: media.MP4})
	is(t, "a video of an iPhone", []byte(ftyp("qt  ")+mdat+bmff("moov", "")), media.Info{Type: media.QuickTime})
	is(t, "data of 64 bits", []byte(ftyp("isom")+bmff("moov", "")+"\x00\x00\x00\x01mdat\x00\x00\x00\x00\x00\x00\x00\x12xx"), media.Info{Type: media.MP4})
	is(t, "data to the end", []byte(ftyp("isom")+bmff("moov", "")+"\x00\x00\x00\x00mdatxxxx"), media.Info{Type: media.MP4})
	place := func(off uint32) string { // item 7 is Exif and lies at off
		be := binary.BigEndian
		infe := bmff("infe", "\x02\x00\x00\x00\x00\x07\x00\x00Exif\x00")
		tile := bmff("infe", "\x02\x00\x00\x00\x00\x01\x00\x00hvc1\x00")
		iloc := "\x00\x00\x00\x00\x44\x00\x00\x02" + "\x00\x01\x00\x00\x00\x01" + string(be.AppendUint32(be.AppendUint32(nil, 1), 1)) +
			"\x00\x07\x00\x00\x00\x01" + string(be.AppendUint32(be.AppendUint32(nil, off), 14))
		return bmff("meta", "\x00\x00\x00\x00"+bmff("iinf", "\x00\x00\x00\x00\x00\x02"+tile+infe)+bmff("iloc", iloc)+bmff("iprp", bmff("ipco", ispe(9, 6))))
	}
	exif := "\x00\x00\x00\x06Exif\x00\x00II\x2a\x00"
	at := uint32(len(heic) + len(place(0)) + 8)
	is(t, "a photo with EXIF", []byte(heic+place(at)+bmff("mdat", exif)), media.Info{Type: media.HEIC, Width: 9, Height: 6, EXIF: []byte("II\x2a\x00")})
	is(t, "a photo whose EXIF lies outside", []byte(heic+place(1<<30)+bmff("mdat", exif)), media.Info{Type: media.HEIC, Width: 9, Height: 6})
	refused(t, "a long length cut off", []byte("\x00\x00\x00\x01ftypheic"), "evidence.damaged")
	refused(t, "a huge photo", []byte(heic+meta(ispe(1<<31-1, 1<<31-1))+mdat), "evidence.pixels")
	refused(t, "a photo of no size", []byte(heic+meta()+mdat), "evidence.damaged")
	refused(t, "a photo without a directory", []byte(heic+mdat), "evidence.damaged")
	refused(t, "a video without an index", []byte(ftyp("isom")+mdat), "evidence.damaged")
	refused(t, "cut off", []byte(ftyp("isom")+bmff("moov", "")+mdat[:len(mdat)-1]), "evidence.damaged")
	refused(t, "a box that is smaller than its head", []byte(ftyp("isom")+"\x00\x00\x00\x04moov"), "evidence.damaged")
	refused(t, "a box of 2⁶⁴ bytes", []byte(ftyp("isom")+"\x00\x00\x00\x01moov\xff\xff\xff\xff\xff\xff\xff\xff"), "evidence.damaged")
	refused(t, "AVIF", []byte(ftyp("avif")+meta(ispe(9, 9))), "evidence.type")
}

func zipOf(t testing.TB, parts map[string]int64) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"[Content_Types].xml", "word/document.xml", "xl/workbook.xml", "big.bin", "../up", "word/vbaProject.bin", "/root"} {
		n, ok := parts[name]
		if !ok {
			continue
		}
		w, err := z.Create(name)
		if err == nil {
			_, err = io.CopyN(w, zeros{}, n)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestOffice(t *testing.T) {
	const types, doc, book = "[Content_Types].xml", "word/document.xml", "xl/workbook.xml"
	is(t, "docx", zipOf(t, map[string]int64{types: 5, doc: 1000}), media.Info{Type: media.DOCX})
	is(t, "xlsx", zipOf(t, map[string]int64{types: 5, book: 1000}), media.Info{Type: media.XLSX})
	refused(t, "any zip", zipOf(t, map[string]int64{"big.bin": 5}), "evidence.type")
	refused(t, "no types", zipOf(t, map[string]int64{doc: 5}), "evidence.type")
	refused(t, "macros", zipOf(t, map[string]int64{types: 5, doc: 5, "word/vbaProject.bin": 5}), "evidence.macros")
	refused(t, "a way up", zipOf(t, map[string]int64{types: 5, doc: 5, "../up": 5}), "evidence.damaged")
	refused(t, "a way to the root", zipOf(t, map[string]int64{types: 5, doc: 5, "/root": 5}), "evidence.damaged")
	refused(t, "a bomb", zipOf(t, map[string]int64{types: 5, doc: 5, "big.bin": 64 << 20}), "evidence.unpacked")
	sound := zipOf(t, map[string]int64{types: 5, doc: 1000})
	refused(t, "cut off", sound[:len(sound)-30], "evidence.damaged")
	refused(t, "something before it", append([]byte("PK\x03\x04"), sound...), "evidence.damaged")
	bent := bytes.Clone(sound)
	bent[60] ^= 0xff
	refused(t, "bent data", bent, "evidence.damaged")
	lying := bytes.Clone(sound) // says in the directory that there is less than there is
	i := bytes.LastIndex(lying, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(lying[i+24:], 10)
	refused(t, "a size that is not so", lying, "evidence.damaged")
}

func TestPapersAndOthers(t *testing.T) {
	is(t, "pdf", []byte("%PDF-1.7\nx\n%%EOF\n"), media.Info{Type: media.PDF})
	refused(t, "a pdf cut off", []byte("%PDF-1.7\nx\n"), "evidence.damaged")
	for _, s := range []string{"", "x", "GIF89a", "<html>", "<?xml version=\"1.0\"?><svg/>", "MZ", "\x7fELF", "BM", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "%!PS", "#!/bin/sh", " %PDF-1.7\n%%EOF"} {
		refused(t, s, []byte(s), "evidence.type")
	}
}

// TestAFailingDiskIsNoDamagedFile keeps an error of reading apart from a bad file.
func TestAFailingDiskIsNoDamagedFile(t *testing.T) {
	whole := jpegOf(7, 5)
	_, err := media.Identify(failing{bytes.NewReader(whole)}, int64(len(whole)), bounds)
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}

type failing struct{ io.ReaderAt }

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if off > 10 {
		return 0, io.ErrClosedPipe
	}
	return f.ReaderAt.ReadAt(p, off)
}

// FuzzIdentify holds that no bytes make it fail otherwise than by a fault, and that what it lets through keeps the bounds.
func FuzzIdentify(f *testing.F) {
	small := media.Bounds{Pixels: 10_000, Unpacked: 64 << 10}
	f.Add(jpegOf(7, 5))
	f.Add([]byte(soi + segment(0xe1, "Exif\x00\x00II\x2a\x00") + segment(0xc0, size) + segment(0xda, "")))
	f.Add(pngOf(3, 2, 8, 2, 0, chunk("IDAT", packed(20)), chunk("IEND", nil)))
	f.Add(pngOf(65535, 65535, 8, 6, 1, chunk("IDAT", packed(20)), chunk("IEND", nil)))
	f.Add(riff(webpChunk("VP8X", "\x08\x00\x00\x00\x06\x00\x00\x04\x00\x00"), webpChunk("EXIF", "II\x2a\x00")))
	f.Add([]byte(bmff("ftyp", "heic\x00\x00\x00\x00mif1") + bmff("meta", "\x00\x00\x00\x00"+bmff("iprp", bmff("ipco", bmff("ispe", "\x00\x00\x00\x00\x00\x00\x00\x09\x00\x00\x00\x09"))))))
	f.Add([]byte(bmff("ftyp", "isom\x00\x00\x00\x00") + bmff("moov", "") + "\x00\x00\x00\x00mdat"))
	f.Add([]byte("\x00\x00\x00\x01ftypheic"))
	f.Add([]byte(bmff("ftyp", "heic\x00\x00\x00\x00mif1") + bmff("meta", "\x00\x00\x00\x00"+
		bmff("iinf", "\x00\x00\x00\x00\x00\x01"+bmff("infe", "\x02\x00\x00\x00\x00\x07\x00\x00Exif\x00"))+
		bmff("iloc", "\x00\x00\x00\x00\x44\x00\x00\x01\x00\x07\x00\x00\x00\x01\x00\x00\x00\x10\x00\x00\x00\x10")+
		bmff("iprp", bmff("ipco", bmff("ispe", "\x00\x00\x00\x00\x00\x00\x00\x09\x00\x00\x00\x09"))))))
	f.Add([]byte("%PDF-1.7\n%%EOF"))
	f.Add(zipOf(f, map[string]int64{"[Content_Types].xml": 5, "word/document.xml": 100}))
	f.Fuzz(func(t *testing.T, b []byte) {
		info, err := media.Identify(bytes.NewReader(b), int64(len(b)), small)
		if err != nil {
			if fault.KindOf(err) == fault.Internal {
				t.Fatalf("an error that nobody can read: %v", err)
			}
			return
		}
		if int64(info.Width)*int64(info.Height) > small.Pixels || info.Type.Extension() == ".bin" || len(info.EXIF) > len(b) {
			t.Errorf("%+v", info)
		}
		if info.Type.Family() == media.Image && (info.Width <= 0 || info.Height <= 0) {
			t.Errorf("a picture of no size: %+v", info)
		}
		switch info.Type { // what was let through is decoded within its size
		case media.PNG:
			if c, err := png.DecodeConfig(bytes.NewReader(b)); err == nil && (c.Width != info.Width || c.Height != info.Height) {
				t.Errorf("%d×%d, decoded %d×%d", info.Width, info.Height, c.Width, c.Height)
			}
		case media.JPEG:
			if c, err := jpeg.DecodeConfig(bytes.NewReader(b)); err == nil && (c.Width != info.Width || c.Height != info.Height) {
				t.Errorf("%d×%d, decoded %d×%d", info.Width, info.Height, c.Width, c.Height)
			}
		}
	})
}
