package workbook

import (
	"encoding/binary"
	"errors"
	"unicode/utf16"
)

// Sector numbers with a meaning of their own ([MS-CFB] 2.1); all others above maxSector are none.
const (
	maxSector  = 0xFFFFFFFA
	headerSize = 512
)

var errCompound = errors.New("the compound file contradicts itself")

// compound is a compound file (OLE2, [MS-CFB]). Every chain is followed for at most as many sectors as the file has,
// since a broken one may run in a circle.
type compound struct {
	data       []byte
	sector     int // bytes
	mini       int
	cutoff     uint32 // streams shorter than this lie in the mini stream
	fat        []uint32
	miniFAT    []uint32
	miniStream []byte
	entries    []compoundEntry
}

type compoundEntry struct {
	name   string
	stream bool
	root   bool
	start  uint32
	size   uint64
}

func openCompound(data []byte) (*compound, error) {
	if len(data) < headerSize {
		return nil, errCompound
	}
	u16 := func(at int) int { return int(binary.LittleEndian.Uint16(data[at:])) }
	u32 := func(at int) uint32 { return binary.LittleEndian.Uint32(data[at:]) }
	if s, m := u16(30), u16(32); s != 9 && s != 12 || m != 6 {
		return nil, errCompound
	}
	c := &compound{data: data, sector: 1 << u16(30), mini: 1 << u16(32), cutoff: u32(56)}
	if err := c.readFAT(u32(68)); err != nil {
		return nil, err
	}
	directory, err := c.chain(u32(48))
	if err != nil {
		return nil, err
	}
	c.readDirectory(directory)
	miniFAT, err := c.chain(u32(60))
	if err != nil {
		return nil, err
	}
	c.miniFAT = words(miniFAT)
	for _, e := range c.entries {
		if e.root {
			if c.miniStream, err = c.chain(e.start); err != nil {
				return nil, err
			}
			break
		}
	}
	return c, nil
}

func words(b []byte) []uint32 {
	w := make([]uint32, len(b)/4)
	for i := range w {
		w[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return w
}

// at returns sector n; the last one of a file may be cut short.
func (c *compound) at(n uint32) ([]byte, bool) {
	from := (int64(n) + 1) * int64(c.sector)
	if n >= maxSector || from >= int64(len(c.data)) {
		return nil, false
	}
	return c.data[from:min(from+int64(c.sector), int64(len(c.data)))], true
}

// readFAT gathers the sector table from the 109 places of the header and the chain of further ones.
func (c *compound) readFAT(next uint32) error {
	places := words(c.data[76:headerSize])
	for range len(c.data)/c.sector + 1 {
		if next >= maxSector {
			break
		}
		b, ok := c.at(next)
		if !ok || len(b) < c.sector {
			return errCompound
		}
		w := words(b)
		places, next = append(places, w[:len(w)-1]...), w[len(w)-1]
	}
	for _, p := range places {
		if p >= maxSector {
			continue
		}
		b, ok := c.at(p)
		if !ok || len(c.fat)*4 > len(c.data) {
			return errCompound
		}
		c.fat = append(c.fat, words(b)...)
	}
	return nil
}

// chain returns the bytes of a chain of sectors.
func (c *compound) chain(n uint32) ([]byte, error) {
	var out []byte
	for n < maxSector {
		b, ok := c.at(n)
		if !ok || int64(n) >= int64(len(c.fat)) || len(out) > len(c.data) {
			return nil, errCompound
		}
		out, n = append(out, b...), c.fat[n]
	}
	return out, nil
}

func (c *compound) readDirectory(b []byte) {
	for ; len(b) >= 128; b = b[128:] {
		n := int(binary.LittleEndian.Uint16(b[64:]))/2 - 1
		if n < 1 || n > 31 || b[66] == 0 {
			continue
		}
		u := make([]uint16, n)
		for i := range u {
			u[i] = binary.LittleEndian.Uint16(b[2*i:])
		}
		size := binary.LittleEndian.Uint64(b[120:])
		if c.sector == 512 { // version 3 leaves the high half undefined
			size &= 0xFFFFFFFF
		}
		c.entries = append(c.entries, compoundEntry{
			name: string(utf16.Decode(u)), stream: b[66] == 2, root: b[66] == 5,
			start: binary.LittleEndian.Uint32(b[116:]), size: size,
		})
	}
}

// stream returns the bytes of a stream.
func (c *compound) stream(e compoundEntry) ([]byte, error) {
	if e.size >= uint64(c.cutoff) {
		b, err := c.chain(e.start)
		if err != nil {
			return nil, err
		}
		return b[:min(uint64(len(b)), e.size)], nil
	}
	var out []byte
	for n := e.start; n < maxSector; n = c.miniFAT[n] {
		from := int64(n) * int64(c.mini)
		if int64(n) >= int64(len(c.miniFAT)) || from >= int64(len(c.miniStream)) || len(out) > len(c.miniStream) {
			return nil, errCompound
		}
		out = append(out, c.miniStream[from:min(from+int64(c.mini), int64(len(c.miniStream)))]...)
	}
	return out[:min(uint64(len(out)), e.size)], nil
}
