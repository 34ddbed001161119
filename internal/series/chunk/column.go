package chunk

import (
	"encoding/binary"
	"math"
	"slices"
)

// A column is a row of numbers as tokens: an even token is one number (zigzag, shifted), an odd one says how often the number behind
// it stands. Numbers wrap as int64 does, so that differences of any two go there and back.

func appendUvarint(b []byte, u uint64) []byte { return binary.AppendUvarint(b, u) }

func zigzag(v int64) uint64 { return uint64(v)<<1 ^ uint64(v>>63) }

func unzigzag(u uint64) int64 { return int64(u>>1) ^ -int64(u&1) }

// worth is from how many equal numbers on a run is shorter than they are.
const worth = 3

func appendColumn(b []byte, column []int64) []byte {
	for i := 0; i < len(column); {
		j := i + 1
		for j < len(column) && column[j] == column[i] {
			j++
		}
		z := zigzag(column[i])
		if j-i >= worth || z > math.MaxUint64>>1 {
			b = appendUvarint(appendUvarint(b, uint64(j-i)<<1|1), z)
			i = j
			continue
		}
		for ; i < j; i++ {
			b = appendUvarint(b, z<<1)
		}
	}
	return b
}

// difference is each number less the one before; the first stays.
func difference(column []int64) []int64 {
	out := slices.Clone(column)
	for i := len(out) - 1; i > 0; i-- {
		out[i] -= out[i-1]
	}
	return out
}

// summed undoes difference in place.
func summed(column []int64) {
	for i := 1; i < len(column); i++ {
		column[i] += column[i-1]
	}
}

// decoder reads a chunk from the front; the first thing that is wrong ends it.
type decoder struct {
	b       []byte
	failed  bool
	columns [6][]int64 // set aside once and used again
	used    int
}

func (d *decoder) byte() byte {
	if len(d.b) == 0 {
		d.failed = true
		return 0
	}
	c := d.b[0]
	d.b = d.b[1:]
	return c
}

func (d *decoder) uvarint() uint64 {
	u, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.failed, d.b = true, nil
		return 0
	}
	d.b = d.b[n:]
	return u
}

// column reads n numbers. Nothing is set aside for numbers that the bytes do not announce, and never for more than Most.
func (d *decoder) column(n int) []int64 {
	if d.failed {
		return nil
	}
	out := slices.Grow(d.columns[d.used][:0], min(n, 4*len(d.b)))
	for len(out) < n && !d.failed {
		token := d.uvarint()
		if token&1 == 0 {
			out = append(out, unzigzag(token>>1))
			continue
		}
		run, v := token>>1, unzigzag(d.uvarint())
		if run == 0 || run > uint64(n-len(out)) {
			d.failed = true
			break
		}
		out = slices.Grow(out, int(run))
		for range run {
			out = append(out, v)
		}
	}
	if len(out) != n {
		d.failed = true
		return nil
	}
	d.columns[d.used] = out
	d.used++
	return out
}

// values reads the figures of the readings that have one.
func (d *decoder) values(present []int64) []int64 {
	n := 0
	for _, p := range present {
		if p != 0 && p != 1 {
			d.failed = true
			return nil
		}
		n += int(p)
	}
	head := d.byte()
	way, power := head>>4, head&0xF
	if way >= ways || power > 6 {
		d.failed = true
		return nil
	}
	out := d.column(n)
	for range way {
		summed(out)
	}
	scale := int64(1)
	for range power {
		scale *= 10
	}
	for i, v := range out {
		if v > math.MaxInt64/scale || v < math.MinInt64/scale {
			d.failed = true
			return nil
		}
		out[i] = v * scale
	}
	return out
}
