package exif_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"anlan/internal/evidence/exif"

	"github.com/google/go-cmp/cmp"
)

// field is one entry that the tests write: its type and its values as bytes.
type field struct {
	tag, kind uint16
	count     uint32
	value     []byte
}

// writer builds TIFF structures in one byte order.
type writer struct{ order binary.ByteOrder }

func (w writer) ascii(tag uint16, s string) field {
	return field{tag, 2, uint32(len(s) + 1), append([]byte(s), 0)}
}

func (w writer) short(tag, v uint16) field {
	b := make([]byte, 2)
	w.order.PutUint16(b, v)
	return field{tag, 3, 1, b}
}

func (w writer) long(tag uint16, v uint32) field {
	b := make([]byte, 4)
	w.order.PutUint32(b, v)
	return field{tag, 4, 1, b}
}

// angle writes degrees, minutes and seconds as numerators and denominators.
func (w writer) angle(tag uint16, parts ...uint32) field {
	b := make([]byte, 4*len(parts))
	for i, p := range parts {
		w.order.PutUint32(b[4*i:], p)
	}
	return field{tag, 5, uint32(len(parts) / 2), b}
}

// directory lays fields out at an offset, with the values that do not fit behind them.
func (w writer) directory(at uint32, fields []field) []byte {
	head := make([]byte, 2+12*len(fields)+4)
	w.order.PutUint16(head, uint16(len(fields)))
	var tail []byte
	for i, f := range fields {
		e := head[2+12*i:]
		w.order.PutUint16(e, f.tag)
		w.order.PutUint16(e[2:], f.kind)
		w.order.PutUint32(e[4:], f.count)
		if len(f.value) <= 4 {
			copy(e[8:12], f.value)
			continue
		}
		w.order.PutUint32(e[8:], at+uint32(len(head)+len(tail)))
		tail = append(tail, f.value...)
	}
	return append(head, tail...)
}

// block puts the three directories together.
func (w writer) block(main, sub, gps []field) []byte {
	mark := map[binary.ByteOrder]string{binary.LittleEndian: "II\x2a\x00", binary.BigEndian: "MM\x00\x2a"}[w.order]
	first := make([]byte, 4)
	w.order.PutUint32(first, 8)
	size := func(fields []field) uint32 { return uint32(len(w.directory(0, fields))) }
	subAt := 8 + size(append(main, w.long(0, 0), w.long(0, 0)))
	gpsAt := subAt + size(sub)
	out := append([]byte(mark), first...)
	out = append(out, w.directory(8, append(main, w.long(0x8769, subAt), w.long(0x8825, gpsAt)))...)
	out = append(out, w.directory(subAt, sub)...)
	return append(out, w.directory(gpsAt, gps)...)
}

// phone is what a phone writes at 30°00'11.25"N 120°34'48.5"E.
func phone(w writer) []byte {
	return w.block(
		[]field{w.ascii(0x010f, "HUAWEI"), w.ascii(0x0110, "ALN-AL00"), w.short(0x0112, 6), w.ascii(0x0132, "2026:05:18 00:00:00")},
		[]field{w.ascii(0x9003, "2026:05:17 09:30:15"), w.ascii(0x9011, "+08:00")},
		[]field{
			w.ascii(1, "N"), w.angle(2, 30, 1, 0, 1, 1125, 100), w.ascii(3, "E"), w.angle(4, 120, 1, 34, 1, 485, 10),
		},
	)
}

func both(t *testing.T, f func(t *testing.T, w writer)) {
	t.Helper()
	t.Run("little endian", func(t *testing.T) { f(t, writer{binary.LittleEndian}) })
	t.Run("big endian", func(t *testing.T) { f(t, writer{binary.BigEndian}) })
}

func TestPhone(t *testing.T) {
	both(t, func(t *testing.T, w writer) {
		got, err := exif.Parse(phone(w))
		if err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 5, 17, 1, 30, 15, 0, time.UTC)
		want := exif.Claims{Taken: &at, Place: &exif.Place{LonE7: 1205801389, LatE7: 300031250}, Orientation: 6, Camera: "HUAWEI ALN-AL00"}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	})
}

func TestPlaces(t *testing.T) {
	both(t, func(t *testing.T, w writer) {
		f := func(name string, want *exif.Place, gps ...field) {
			t.Helper()
			got, err := exif.Parse(w.block(nil, nil, gps))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got.Place); d != "" {
				t.Errorf("%s: %s", name, d)
			}
		}
		n, e := w.ascii(1, "N"), w.ascii(3, "E")
		lat, lon := w.angle(2, 30, 1, 0, 1, 0, 1), w.angle(4, 120, 1, 0, 1, 0, 1)
		f("whole degrees", &exif.Place{LonE7: 1200000000, LatE7: 300000000}, n, lat, e, lon)
		f("south and west", &exif.Place{LonE7: -1200000000, LatE7: -300000000}, w.ascii(1, "S"), lat, w.ascii(3, "W"), lon)
		f("minutes with decimals, seconds 0/0", &exif.Place{LonE7: 1200000000, LatE7: 302083333}, n, w.angle(2, 30, 1, 125, 10, 0, 0), e, lon)
		f("one ten-millionth", &exif.Place{LonE7: 1200000001, LatE7: 300000000}, n, lat, e, w.angle(4, 120, 1, 0, 1, 36, 100000))
		f("the largest fractions", &exif.Place{LonE7: 10000000, LatE7: 10000000}, n, w.angle(2, 4294967295, 4294967295, 0, 4294967295, 0, 1), e, w.angle(4, 4294967295, 4294967295, 0, 1, 0, 1))
		f("without a hemisphere", nil, lat, e, lon)
		f("a strange hemisphere", nil, w.ascii(1, "Q"), lat, e, lon)
		f("no longitude", nil, n, lat, e)
		f("past the pole", nil, n, w.angle(2, 90, 1, 0, 1, 1, 1), e, lon)
		f("past the date line", nil, n, lat, e, w.angle(4, 180, 1, 1, 1, 0, 1))
		f("divided by zero", nil, n, w.angle(2, 30, 0, 0, 1, 0, 1), e, lon)
		f("two parts", nil, n, w.angle(2, 30, 1, 0, 1), e, lon)
		f("before the first fix", nil, n, w.angle(2, 0, 1, 0, 1, 0, 1), e, w.angle(4, 0, 1, 0, 1, 0, 1))
		f("huge", nil, n, w.angle(2, 4294967295, 1, 4294967295, 1, 4294967295, 1), e, lon)
		f("not rational", nil, n, w.short(2, 30), e, lon)
	})
}

func TestInstants(t *testing.T) {
	w := writer{binary.BigEndian}
	f := func(main, sub []field, want string, assumed bool) {
		t.Helper()
		got, err := exif.Parse(w.block(main, sub, nil))
		if err != nil {
			t.Fatal(err)
		}
		said := ""
		if got.Taken != nil {
			said = got.Taken.Format(time.RFC3339)
		}
		if said != want || got.ZoneAssumed != assumed {
			t.Errorf("got %s, assumed %v; want %s, %v", said, got.ZoneAssumed, want, assumed)
		}
	}
	taken := func(s string) field { return w.ascii(0x9003, s) }
	f(nil, []field{taken("2026:05:17 09:30:15")}, "2026-05-17T01:30:15Z", true)
	f(nil, []field{taken("2026:05:17 09:30:15"), w.ascii(0x9011, "+09:00")}, "2026-05-17T00:30:15Z", false)
	f(nil, []field{taken("2026:05:17 09:30:15"), w.ascii(0x9011, "-03:30")}, "2026-05-17T13:00:15Z", false)
	f(nil, []field{taken("2026:05:17 09:30:15"), w.ascii(0x9011, "   :  ")}, "2026-05-17T01:30:15Z", true)
	f([]field{w.ascii(0x0132, "2026:05:18 08:00:00")}, nil, "2026-05-18T00:00:00Z", true)
	f([]field{w.ascii(0x0132, "2026:05:18 08:00:00")}, []field{w.ascii(0x9010, "+00:00")}, "2026-05-18T08:00:00Z", false)
	f([]field{w.ascii(0x0132, "2026:05:18 08:00:00")}, []field{taken("0000:00:00 00:00:00")}, "2026-05-18T00:00:00Z", true)
	f(nil, []field{taken("    :  :     :  :  ")}, "", false)
	f(nil, []field{taken("2026:13:17 09:30:15")}, "", false)
	f(nil, []field{taken("2026-05-17 09:30:15")}, "", false)
	f(nil, []field{taken("1970:01:01 08:00:00")}, "", false)
	f(nil, nil, "", false)
}

func TestCameras(t *testing.T) {
	w := writer{binary.LittleEndian}
	f := func(maker, model, want string) {
		t.Helper()
		got, err := exif.Parse(w.block([]field{w.ascii(0x010f, maker), w.ascii(0x0110, model)}, nil, nil))
		if err != nil || got.Camera != want {
			t.Errorf("%q %q: %q, %v", maker, model, got.Camera, err)
		}
	}
	f("Apple", "iPhone 15", "Apple iPhone 15")
	f("HUAWEI", "HUAWEI P40", "HUAWEI P40")
	f("", "D90", "D90")
	f("NIKON", "", "NIKON")
	f("小米\x07", "14", "小米 14")
	f("\xff\xfe", "x", "x")
}

// TestBroken cuts and bends a sound block: nothing but what is broken is left out, and nothing is read twice.
func TestBroken(t *testing.T) {
	both(t, func(t *testing.T, w writer) {
		whole := phone(w)
		for n := range len(whole) {
			if _, err := exif.Parse(whole[:n]); n < 8 && !errors.Is(err, exif.ErrFormat) {
				t.Errorf("%d bytes: %v", n, err)
			}
		}
		f := func(name string, block []byte, want exif.Claims) {
			t.Helper()
			got, err := exif.Parse(block)
			if d := cmp.Diff(want, got); err != nil || d != "" {
				t.Errorf("%s: %v %s", name, err, d)
			}
		}
		mark := whole[:4]
		at := func(v uint32) []byte {
			b := make([]byte, 4)
			w.order.PutUint32(b, v)
			return append(bytes.Clone(mark), b...)
		}
		f("a directory far outside", at(1<<31), exif.Claims{})
		f("a directory at the very end", at(0xffffffff), exif.Claims{})
		f("a directory in the head", at(0), exif.Claims{})
		f("a directory that holds itself", append(at(8), w.directory(8, []field{w.long(0x8769, 8), w.long(0x8825, 8), w.short(0x0112, 3)})...), exif.Claims{Orientation: 3})
		f("more entries than there are", append(at(8), func() []byte {
			d := w.directory(8, []field{w.short(0x0112, 3)})
			w.order.PutUint16(d, 65535)
			return d
		}()...), exif.Claims{Orientation: 3})
		f("a text longer than the block", append(at(8), w.directory(8, []field{{0x0110, 2, 1 << 30, []byte("abcd")}})...), exif.Claims{})
		f("an unknown type", append(at(8), w.directory(8, []field{{0x0112, 99, 1, []byte{0, 3, 0, 3}}})...), exif.Claims{})
		f("an orientation of 9", append(at(8), w.directory(8, []field{w.short(0x0112, 9)})...), exif.Claims{})
		f("a tag that stands twice", append(at(8), w.directory(8, []field{w.short(0x0112, 3), w.short(0x0112, 6)})...), exif.Claims{Orientation: 3})
	})
	if _, err := exif.Parse(nil); !errors.Is(err, exif.ErrFormat) {
		t.Errorf("nothing: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(phone(writer{binary.LittleEndian}))
	f.Add(phone(writer{binary.BigEndian}))
	f.Add([]byte("II\x2a\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, block []byte) {
		c, err := exif.Parse(block)
		if err != nil && c != (exif.Claims{}) {
			t.Errorf("claims beside an error: %+v", c)
		}
		if p := c.Place; p != nil && (p.LonE7 < -1800000000 || p.LonE7 > 1800000000 || p.LatE7 < -900000000 || p.LatE7 > 900000000) {
			t.Errorf("a place off the globe: %+v", p)
		}
		if c.Orientation < 0 || c.Orientation > 8 || c.Taken != nil && (c.Taken.Year() < 1989 || c.Taken.Year() > 2200) {
			t.Errorf("%+v", c)
		}
	})
}
