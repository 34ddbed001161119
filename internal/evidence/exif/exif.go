// Package exif reads from a photo's EXIF block what a camera claims: when and where it was taken, how it was held, and which
// camera it was (CIPA DC-008, Exif 3.0; the frame is TIFF 6.0).
//
// All of it can be set by anybody and proves nothing. Instants without an offset are taken as Beijing time and say so; places
// are in ten-millionths of a degree, by the standard in WGS 84. A broken entry is left out; it does not spoil the others.
package exif

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"anlan/internal/hydrotime"
)

// Claims is what the camera wrote. What is absent or unreadable is nil, 0 or "".
type Claims struct {
	Taken       *time.Time
	ZoneAssumed bool   // Taken came without an offset and was read as Beijing time
	Place       *Place // nil also for exactly 0°, 0°, which cameras write before their first fix
	Orientation int    // 1 to 8 as in the standard: 1 is upright, 5 and above lie on their side
	Camera      string // maker and model
}

// Place is where the camera says it was, in 1e-7 degrees, east and north positive.
type Place struct {
	LonE7, LatE7 int64
}

// ErrFormat says that a block is no TIFF structure.
var ErrFormat = errors.New("the EXIF block is no TIFF structure")

// The tags that are read.
const (
	tagMake        = 0x010f
	tagModel       = 0x0110
	tagOrientation = 0x0112
	tagDateTime    = 0x0132
	tagExif        = 0x8769
	tagGPS         = 0x8825
	tagOriginal    = 0x9003 // DateTimeOriginal
	tagOffset      = 0x9010 // OffsetTime, of DateTime
	tagOffsetOrig  = 0x9011 // OffsetTimeOriginal
	tagLatRef      = 1
	tagLat         = 2
	tagLonRef      = 3
	tagLon         = 4
)

// The field types that are read (TIFF 6.0, section 2).
const (
	typeASCII    = 2
	typeShort    = 3
	typeLong     = 4
	typeRational = 5
	typeUTF8     = 129 // since Exif 3.0
)

const (
	entriesMax = 512 // of one directory
	textMax    = 256
)

// Parse reads the TIFF structure of an EXIF block. Only a block that is no such structure is an error.
func Parse(block []byte) (Claims, error) {
	r := reader{data: block}
	switch {
	case bytes.HasPrefix(block, []byte("II\x2a\x00")):
		r.order = binary.LittleEndian
	case bytes.HasPrefix(block, []byte("MM\x00\x2a")):
		r.order = binary.BigEndian
	default:
		return Claims{}, ErrFormat
	}
	first, ok := r.u32(4)
	if !ok {
		return Claims{}, ErrFormat
	}
	main := r.directory(first)
	sub := r.directory(r.long(main[tagExif]))
	gps := r.directory(r.long(main[tagGPS]))
	c := Claims{Camera: camera(r.text(main[tagMake]), r.text(main[tagModel])), Place: r.place(gps)}
	if o := r.short(main[tagOrientation]); o >= 1 && o <= 8 {
		c.Orientation = int(o)
	}
	stamp, offset := r.text(sub[tagOriginal]), r.text(sub[tagOffsetOrig])
	if strings.Trim(stamp, " :0") == "" {
		stamp, offset = r.text(main[tagDateTime]), r.text(sub[tagOffset])
	}
	c.Taken, c.ZoneAssumed = instant(stamp, offset)
	return c, nil
}

// entry is one field of a directory; its zero value is an absent one.
type entry struct {
	kind  uint16
	count uint32
	at    uint32 // where its value begins
}

// reader looks into the block; every offset in it is foreign and is held against its length.
type reader struct {
	data  []byte
	order binary.ByteOrder
}

func (r reader) slice(at, n uint32) ([]byte, bool) {
	if uint64(at)+uint64(n) > uint64(len(r.data)) {
		return nil, false
	}
	return r.data[at : at+n], true
}

func (r reader) u16(at uint32) (uint16, bool) {
	b, ok := r.slice(at, 2)
	if !ok {
		return 0, false
	}
	return r.order.Uint16(b), true
}

func (r reader) u32(at uint32) (uint32, bool) {
	b, ok := r.slice(at, 4)
	if !ok {
		return 0, false
	}
	return r.order.Uint32(b), true
}

// directory reads the entries of one directory; 0 is no directory. Of a tag that stands twice the first counts.
func (r reader) directory(at uint32) map[uint16]entry {
	out := map[uint16]entry{}
	n, ok := r.u16(at)
	if at < 8 || !ok {
		return out
	}
	for i := range min(uint32(n), entriesMax) {
		b, ok := r.slice(at+2+12*i, 12)
		if !ok || at+2+12*i < at {
			break
		}
		e := entry{kind: r.order.Uint16(b[2:]), count: r.order.Uint32(b[4:]), at: at + 2 + 12*i + 8}
		width := map[uint16]uint64{1: 1, typeASCII: 1, typeShort: 2, typeLong: 4, typeRational: 8, typeUTF8: 1}[e.kind]
		if width == 0 {
			continue
		}
		if width*uint64(e.count) > 4 {
			e.at = r.order.Uint32(b[8:])
		}
		tag := r.order.Uint16(b)
		if _, again := out[tag]; !again {
			out[tag] = e
		}
	}
	return out
}

func (r reader) short(e entry) uint16 {
	if e.kind != typeShort || e.count < 1 {
		return 0
	}
	v, _ := r.u16(e.at)
	return v
}

func (r reader) long(e entry) uint32 {
	if e.kind != typeLong || e.count < 1 {
		return 0
	}
	v, _ := r.u32(e.at)
	return v
}

// text reads a string up to its NUL, without what cannot be shown.
func (r reader) text(e entry) string {
	if e.kind != typeASCII && e.kind != typeUTF8 {
		return ""
	}
	b, ok := r.slice(e.at, min(e.count, textMax))
	if !ok {
		return ""
	}
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	if !utf8.Valid(b) {
		return ""
	}
	return strings.TrimSpace(strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return -1
		}
		return c
	}, string(b)))
}

func camera(maker, model string) string {
	if maker == "" || strings.HasPrefix(strings.ToLower(model), strings.ToLower(maker)) {
		return model
	}
	return strings.TrimSpace(maker + " " + model)
}

// place reads degrees, minutes and seconds with their hemispheres; half a place is none.
func (r reader) place(gps map[uint16]entry) *Place {
	lat, ok := r.angle(gps[tagLat], gps[tagLatRef], "N", "S", 90)
	if !ok {
		return nil
	}
	lon, ok := r.angle(gps[tagLon], gps[tagLonRef], "E", "W", 180)
	if !ok || lat == 0 && lon == 0 {
		return nil
	}
	return &Place{LonE7: lon, LatE7: lat}
}

// angle turns three rationals into 1e-7 degrees. Nano-degrees of 32-bit fractions fit 64 bits.
func (r reader) angle(e, ref entry, plus, minus string, limit int64) (int64, bool) {
	const nano = 1_000_000_000
	if e.kind != typeRational || e.count != 3 {
		return 0, false
	}
	b, ok := r.slice(e.at, 24)
	if !ok {
		return 0, false
	}
	sum := int64(0)
	for i, per := range []int64{1, 60, 3600} {
		num, den := int64(r.order.Uint32(b[8*i:])), int64(r.order.Uint32(b[8*i+4:]))
		if den == 0 && i == 2 && num == 0 {
			continue // 0/0 seconds stand for none where the minutes have decimals
		}
		if den == 0 || num/den > 360*3600 {
			return 0, false
		}
		sum += num * nano / (den * per)
	}
	if sum > limit*nano {
		return 0, false
	}
	v := (sum + 50) / 100
	switch strings.ToUpper(r.text(ref)) {
	case plus:
		return v, true
	case minus:
		return -v, true
	}
	return 0, false
}

// instant reads "2026:05:17 09:30:00" with an offset "+08:00"; without one it is Beijing time, and assumed tells.
func instant(stamp, offset string) (at *time.Time, assumed bool) {
	zone := hydrotime.Beijing
	assumed = true
	if z, err := time.Parse("-07:00", offset); err == nil {
		_, seconds := z.Zone()
		zone, assumed = time.FixedZone(offset, seconds), false
	}
	t, err := time.ParseInLocation("2006:01:02 15:04:05", stamp, zone)
	if err != nil || t.Year() < 1990 || t.Year() > 2199 {
		return nil, false
	}
	t = t.UTC()
	return &t, assumed
}
