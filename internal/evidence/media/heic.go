package media

import (
	"bytes"
	"encoding/binary"
)

// heicEXIF finds the item of type Exif by the two lists of items, their kinds and their places (ISO/IEC 14496-12, 8.11.3 and
// 8.11.6; the block: ISO/IEC 23008-12, annex A). What it cannot follow is as good as absent.
func (in *input) heicEXIF(meta box) []byte {
	var kinds, places []byte
	meta.from += 4 // version and flags
	in.children(meta, func(b box) {
		switch b.kind {
		case "iinf":
			kinds = in.whole(b)
		case "iloc":
			places = in.whole(b)
		}
	})
	id, ok := itemOfKind(kinds, "Exif")
	if !ok {
		return nil
	}
	off, size, ok := placeOfItem(places, id)
	if !ok || size < 4 || size > exifMax {
		return nil
	}
	block, ok := in.at(int64(off), int(size))
	if !ok {
		return nil
	}
	skip := uint64(binary.BigEndian.Uint32(block)) + 4
	if skip > uint64(len(block)) {
		return nil
	}
	return bytes.TrimPrefix(block[skip:], []byte("Exif\x00\x00"))
}

// whole reads the content of a box of a size that lists have.
func (in *input) whole(b box) []byte {
	if b.end-b.from > exifMax {
		return nil
	}
	out, _ := in.at(b.from, int(b.end-b.from))
	return out
}

// cursor reads big-endian numbers one after another; past the end it gives zeros and remembers it.
type cursor struct {
	b     []byte
	short bool
}

func (c *cursor) number(n int) (v uint64) {
	if n > len(c.b) || n > 8 {
		c.b, c.short = nil, true
		return 0
	}
	for _, x := range c.b[:n] {
		v = v<<8 | uint64(x)
	}
	c.b = c.b[n:]
	return v
}

// itemOfKind looks through an item information box for the first item of a kind.
func itemOfKind(list []byte, kind string) (id uint64, ok bool) {
	c := &cursor{b: list}
	version := c.number(4) >> 24
	if version == 0 {
		c.number(2)
	} else {
		c.number(4)
	}
	for n := 0; n < segmentsMax && !c.short && len(c.b) > 0; n++ {
		size := c.number(4)
		if size < 8 || size-4 > uint64(len(c.b)) {
			return 0, false
		}
		e := &cursor{b: c.b[:size-4]}
		c.b = c.b[size-4:]
		if e.number(4) != uint64(binary.BigEndian.Uint32([]byte("infe"))) {
			continue
		}
		width := 2
		switch e.number(4) >> 24 {
		case 2:
		case 3:
			width = 4
		default:
			continue // older ones name no kind
		}
		id := e.number(width)
		e.number(2) // protection
		if e.number(4) == uint64(binary.BigEndian.Uint32([]byte(kind))) && !e.short {
			return id, true
		}
	}
	return 0, false
}

// placeOfItem looks through an item location box for an item that lies in the file in one piece.
func placeOfItem(list []byte, id uint64) (off, size uint64, ok bool) {
	c := &cursor{b: list}
	version := c.number(4) >> 24
	sizes := c.number(2)
	offsetSize, lengthSize, baseSize, indexSize := int(sizes>>12), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	wide := 2
	if version >= 2 {
		wide = 4
	}
	items := c.number(wide)
	for range min(items, segmentsMax) {
		item := c.number(wide)
		method := uint64(0)
		if version >= 1 {
			method = c.number(2) & 15
		}
		c.number(2) // which file: 0 is this one
		base := c.number(baseSize)
		extents := c.number(2)
		for range min(extents, segmentsMax) {
			if version >= 1 {
				c.number(indexSize)
			}
			off, size = base+c.number(offsetSize), c.number(lengthSize)
		}
		switch {
		case c.short:
			return 0, 0, false
		case item == id:
			return off, size, method == 0 && extents == 1 && off < 1<<62
		}
	}
	return 0, 0, false
}
