// Package chunk packs the readings of one object and quantity into few bytes and back: columns of differences, equal ones as a run,
// numbers in as many bytes as they need.
//
// A chunk is the body of a sealed day; which day, whose and what sums it holds stands beside it. Times are whole seconds. The format
// is in the DESIGN.md of the series room; a chunk that contradicts itself is an error and never a panic.
package chunk

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"anlan/internal/quantity"
	"anlan/internal/series/reading"
)

// Most is how many readings a chunk may hold: one a second over a day, and an hour more.
const Most = 90_000

// ErrBroken says that bytes are no chunk.
var ErrBroken = errors.New("not a chunk of readings")

// ErrOrder says that readings were not in order, or two for one instant.
var ErrOrder = errors.New("readings are not in the order of time")

// version is the first byte of the format.
const version = 1

// The ways of writing the column of values; the shortest is taken.
const (
	plainValues = iota
	differences
	secondDifferences
	ways
)

// Encode packs readings that are in the order of time, each instant once.
func Encode(points []reading.Point) ([]byte, error) {
	if len(points) > Most {
		return nil, fmt.Errorf("pack %d readings, more than %d: %w", len(points), Most, ErrOrder)
	}
	n := len(points)
	times, spans, flags, sources, present := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	values := make([]int64, 0, n)
	for i, p := range points {
		if i > 0 && !p.At.After(points[i-1].At) || p.At.Nanosecond() != 0 {
			return nil, fmt.Errorf("pack the reading of %s: %w", p.At.UTC().Format(time.RFC3339Nano), ErrOrder)
		}
		times[i], spans[i], flags[i], sources[i] = p.At.Unix(), int64(p.Span/time.Second), int64(p.Flags), p.Source
		if p.Value.Valid {
			present[i] = 1
			values = append(values, int64(p.Value.Decimal))
		}
	}
	out := appendUvarint([]byte{version}, uint64(n))
	out = appendColumn(out, difference(difference(reduced(&out, times))))
	for _, c := range [][]int64{spans, flags, sources, present} {
		out = appendColumn(out, c)
	}
	return appendValues(out, values), nil
}

// reduced divides by 60 where every time is a whole minute, and writes which it was.
func reduced(out *[]byte, times []int64) []int64 {
	minutes := !slices.ContainsFunc(times, func(t int64) bool { return t%60 != 0 })
	if minutes {
		for i := range times {
			times[i] /= 60
		}
		*out = append(*out, 60)
	} else {
		*out = append(*out, 1)
	}
	return times
}

// appendValues writes the figures with the decimals they all need, in the shortest of the ways.
func appendValues(out []byte, values []int64) []byte {
	scale, power := int64(1), byte(0)
	for power < 6 && !slices.ContainsFunc(values, func(v int64) bool { return v%(scale*10) != 0 }) {
		scale, power = scale*10, power+1
	}
	for i := range values {
		values[i] /= scale
	}
	var best []byte
	var bestWay byte
	column := values
	for way := byte(plainValues); way < ways; way++ {
		if way > 0 {
			column = difference(column)
		}
		if b := appendColumn(nil, column); best == nil || len(b) < len(best) {
			best, bestWay = b, way
		}
	}
	return append(append(out, bestWay<<4|power), best...)
}

// Decode unpacks a chunk.
func Decode(b []byte) ([]reading.Point, error) { return new(Unpacker).Append(nil, b) }

// Unpacker unpacks many chunks, one after the other, and sets aside what that takes only once.
type Unpacker struct{ d decoder }

// Append unpacks a chunk behind what is in dst.
func (u *Unpacker) Append(dst []reading.Point, b []byte) ([]reading.Point, error) {
	d := &u.d
	d.b, d.failed, d.used = b, false, 0
	if d.byte() != version {
		return nil, fmt.Errorf("unpack: version: %w", ErrBroken)
	}
	count := d.uvarint()
	unit := int64(d.byte())
	if d.failed || count > Most || unit != 1 && unit != 60 {
		return nil, fmt.Errorf("unpack: head: %w", ErrBroken)
	}
	n := int(count)
	times := d.column(n)
	spans, flags, sources, present := d.column(n), d.column(n), d.column(n), d.column(n)
	values := d.values(present)
	if d.failed || len(d.b) != 0 {
		return nil, fmt.Errorf("unpack %d readings: %w", n, ErrBroken)
	}
	summed(times)
	summed(times)
	dst = slices.Grow(dst, n)
	points := dst[len(dst) : len(dst)+n]
	clear(points)
	v := 0
	for i := range points {
		p := &points[i]
		if times[i] > lastTime || times[i] < -lastTime || spans[i] < 0 || spans[i] > lastTime || flags[i] < 0 || flags[i] > 0xFFFF {
			return nil, fmt.Errorf("unpack reading %d: %w", i, ErrBroken)
		}
		p.At = time.Unix(times[i]*unit, 0).UTC()
		if i > 0 && !p.At.After(points[i-1].At) {
			return nil, fmt.Errorf("unpack reading %d: %w", i, ErrBroken)
		}
		p.Span, p.Flags, p.Source = time.Duration(spans[i])*time.Second, reading.Flag(flags[i]), sources[i]
		if present[i] == 1 {
			p.Value = quantity.Some(quantity.Decimal(values[v]))
			v++
		}
	}
	return dst[:len(dst)+n], nil
}

// lastTime bounds times and spans in a chunk: seconds of the year 9999, far from what time.Time cannot hold.
const lastTime = 253402300800

// Append unpacks a chunk and puts readings into it: of two for one instant, the one put in stands.
func Append(b []byte, points []reading.Point) ([]byte, []reading.Point, error) {
	var all []reading.Point
	if len(b) > 0 {
		var err error
		if all, err = Decode(b); err != nil {
			return nil, nil, err
		}
	}
	all = Merge(all, points)
	out, err := Encode(all)
	return out, all, err
}

// Merge joins two runs of readings in the order of time; of two for one instant, that of the second stands.
func Merge(a, b []reading.Point) []reading.Point {
	if len(a) == 0 || len(b) > 0 && b[0].At.After(a[len(a)-1].At) {
		return append(a, b...)
	}
	out := make([]reading.Point, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].At.Before(b[0].At):
			out, a = append(out, a[0]), a[1:]
		case a[0].At.Equal(b[0].At):
			a = a[1:]
		default:
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}
