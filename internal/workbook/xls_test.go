package workbook_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"anlan/internal/fault"
	"anlan/internal/workbook"
)

// biff writes the records of a BIFF8 stream ([MS-XLS]).
type biff struct{ bytes.Buffer }

// record writes one record; its parts are little-endian numbers or bytes.
func (b *biff) record(kind uint16, parts ...any) {
	var body bytes.Buffer
	for _, p := range parts {
		_ = binary.Write(&body, binary.LittleEndian, p)
	}
	_ = binary.Write(b, binary.LittleEndian, []uint16{kind, uint16(body.Len())})
	b.Write(body.Bytes())
}

func wide(s string) []uint16 { return utf16.Encode([]rune(s)) }

// sampleXLS is a stream with one sheet that uses every record the reader knows.
func sampleXLS() []byte {
	var b biff
	bof := func(kind uint16) { b.record(0x0809, uint16(0x0600), kind, uint32(0), uint64(0)) }
	bof(5)
	b.record(0x0042, uint16(936))
	b.record(0x041E, uint16(164), uint16(5), []byte("\x000.00%"))
	b.record(0x00E0, uint16(0), uint16(0), make([]byte, 16))   // 0: general
	b.record(0x00E0, uint16(0), uint16(164), make([]byte, 16)) // 1: percent
	b.record(0x00E0, uint16(0), uint16(14), make([]byte, 16))  // 2: date
	at := b.Len() + 4
	b.record(0x0085, uint32(0), []byte{0, 0, 2, 1}, wide("表一"))
	// Three shared strings; the second runs over into a CONTINUE record in the middle, from one byte a character to two.
	b.record(0x00FC, uint32(3), uint32(3),
		uint16(2), uint8(1), wide("地区"),
		uint16(6), uint8(0), []byte("plan"))
	b.record(0x003C, uint8(1), wide("计划"), uint16(4), uint8(8), uint16(1), []byte("rich"), make([]byte, 4))
	b.record(0x000A)
	binary.LittleEndian.PutUint32(b.Bytes()[at:], uint32(b.Len()))
	bof(0x10)
	b.record(0x00FD, uint16(0), uint16(0), uint16(0), uint32(0))
	b.record(0x00FD, uint16(0), uint16(1), uint16(0), uint32(1))
	b.record(0x00FD, uint16(0), uint16(2), uint16(0), uint32(2))
	b.record(0x0204, uint16(1), uint16(0), uint16(0), uint16(4), uint8(0), []byte("\xd4\xbd\xb3\xc7")) // 越城 in code page 936
	b.record(0x0203, uint16(1), uint16(1), uint16(0), 1234.5)
	b.record(0x0203, uint16(1), uint16(2), uint16(1), 0.123)
	b.record(0x027E, uint16(2), uint16(0), uint16(0), uint32(12345<<2|3)) // 123.45
	b.record(0x00BD, uint16(2), uint16(1), uint16(0), uint32(7<<2|2), uint16(2), rkDate(45443), uint16(2))
	b.record(0x0006, uint16(3), uint16(0), uint16(0), 42.0, uint16(0), uint32(0), uint16(0))
	b.record(0x0006, uint16(3), uint16(1), uint16(0), []byte{0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, uint16(0), uint32(0), uint16(0))
	b.record(0x0207, uint16(2), uint8(1), wide("文字"))
	b.record(0x0006, uint16(3), uint16(2), uint16(0), []byte{2, 0, 0x07, 0, 0, 0, 0xFF, 0xFF}, uint16(0), uint32(0), uint16(0))
	b.record(0x00FD, uint16(4), uint16(0), uint16(0), uint32(0))
	b.record(0x0203, uint16(5), uint16(0), uint16(0), 1.0)
	b.record(0x00E5, uint16(1), uint16(4), uint16(4), uint16(0), uint16(1))
	b.record(0x000A)
	return b.Bytes()
}

func rkDate(days int32) uint32 { return uint32(days)<<2 | 2 }

// compoundFile wraps a stream in the smallest compound file that holds it ([MS-CFB]): sector table, directory, stream.
func compoundFile(name string, stream []byte) []byte {
	const sector = 512
	for len(stream) < 4096 || len(stream)%sector != 0 {
		stream = append(stream, 0)
	}
	n := len(stream) / sector
	var b bytes.Buffer
	put := func(parts ...any) {
		for _, p := range parts {
			_ = binary.Write(&b, binary.LittleEndian, p)
		}
	}
	put([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 16), uint16(0x3E), uint16(3), uint16(0xFFFE), uint16(9), uint16(6), make([]byte, 6))
	put(uint32(0), uint32(1), uint32(1), uint32(0), uint32(4096), uint32(0xFFFFFFFE), uint32(0), uint32(0xFFFFFFFE), uint32(0), uint32(0))
	for range 108 {
		put(uint32(0xFFFFFFFF))
	}
	put(uint32(0xFFFFFFFD), uint32(0xFFFFFFFE)) // sector 0 is the table itself, 1 the directory
	for i := range 126 {
		switch {
		case i < n-1:
			put(uint32(i + 3))
		case i == n-1:
			put(uint32(0xFFFFFFFE))
		default:
			put(uint32(0xFFFFFFFF))
		}
	}
	entry := func(name string, kind uint8, start, size uint32) {
		u := make([]uint16, 32)
		copy(u, wide(name))
		put(u, uint16(2*len(name)+2), kind, uint8(1), int32(-1), int32(-1), int32(-1), make([]byte, 36), start, size, uint32(0))
	}
	entry("Root Entry", 5, 0xFFFFFFFE, 0)
	entry(name, 2, 2, uint32(len(stream)))
	put(make([]byte, 256))
	put(stream)
	return b.Bytes()
}

func TestXLSRecords(t *testing.T) {
	book := read(t, compoundFile("Workbook", sampleXLS()))
	if book.Format != workbook.XLS || book.Encoding != "cp936" || book.Sheets[0].Name != "表一" {
		t.Errorf("%s %s %q", book.Format, book.Encoding, book.Sheets[0].Name)
	}
	s := book.Sheets[0]
	want := [][]string{
		{"地区", "plan计划", "rich"},
		{"越城", "1234.5", "12.3%"},
		{"123.45", "7", "2024-05-31"},
		{"42", "文字", "#DIV/0!"},
		{"地区", "地区"},
		{"1"},
	}
	if d := cmp.Diff(want, texts(s)); d != "" {
		t.Error(d)
	}
	if !s.At(1, 2).Percent || !s.At(3, 0).Formula || !s.At(3, 1).Formula || !s.At(4, 1).Merged || !s.At(2, 2).Date {
		t.Errorf("%+v", s.Rows)
	}
}

func TestXLSRefusals(t *testing.T) {
	f := func(data []byte, word string) {
		t.Helper()
		_, err := workbook.Read("x.xls", data)
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), word) {
			t.Errorf("got %v, want %q", err, word)
		}
	}
	f(compoundFile("Book", []byte{1}), "Excel 95")
	f(compoundFile("WordDocument", []byte{1}), "no Excel workbook")
	f(compoundFile("EncryptedPackage", []byte{1}), "password")
	f(compoundFile("Workbook", []byte{1}), "damaged")
	var locked biff
	locked.record(0x0809, uint16(0x0600), uint16(5), uint32(0), uint64(0))
	locked.record(0x002F, uint16(1))
	f(compoundFile("Workbook", locked.Bytes()), "password")
	var old biff
	old.record(0x0809, uint16(0x0500), uint16(5), uint32(0))
	f(compoundFile("Workbook", old.Bytes()), "Excel 95")
}

// TestBrokenXLSIsNoPanic cuts and flips a sound file at every place.
func TestBrokenXLSIsNoPanic(t *testing.T) {
	sound := compoundFile("Workbook", sampleXLS())
	for i := 0; i < len(sound); i += 3 {
		if _, err := workbook.Read("cut", sound[:i]); err != nil && strings.Contains(err.Error(), "panic") {
			t.Fatalf("cut at %d: %v", i, err)
		}
		bent := bytes.Clone(sound)
		bent[i] ^= 0xFF
		if _, err := workbook.Read("bent", bent); err != nil && strings.Contains(err.Error(), "panic") {
			t.Fatalf("bent at %d: %v", i, err)
		}
	}
}

func FuzzXLS(f *testing.F) {
	f.Add(sampleXLS())
	limits := workbook.Limits{Bytes: 1 << 20, Unpacked: 1 << 20, Sheets: 10, Rows: 2000, Columns: 100, Cells: 20_000}
	f.Fuzz(func(t *testing.T, stream []byte) {
		if len(stream) > 60_000 {
			return
		}
		if _, err := limits.Read("fuzz", compoundFile("Workbook", stream)); err != nil && strings.Contains(err.Error(), "panic") {
			t.Fatal(err)
		}
	})
}
