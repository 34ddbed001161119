package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"unicode/utf16"
)

// file is a PDF as it grows: streams one after another, other objects packed together in streams of objects (7.5.7), then the table of
// their places, which is a stream itself (7.5.8).
type file struct {
	buf     bytes.Buffer
	places  []place // of object i+1
	waiting []int   // objects that no stream holds yet
	bodies  bytes.Buffer
	offsets []int // of the waiting ones in bodies
	packer  *zlib.Writer
}

// place is where an object is: in the file, or as one of a stream of objects. The zero value is promised and not written.
type place struct{ at, stream, index int }

// together is how many objects stand in one stream.
const together = 200

func newFile() *file {
	f := &file{}
	f.buf.WriteString("%PDF-1.7\n%\xE5\xAE\x89\xE6\xBE\x9C\n") // bytes past 127 tell that the file is binary
	return f
}

// promise takes a number for an object that is written later.
func (f *file) promise() int {
	f.places = append(f.places, place{})
	return len(f.places)
}

// put writes a promised object.
func (f *file) put(n int, body string) {
	f.waiting = append(f.waiting, n)
	f.offsets = append(f.offsets, f.bodies.Len())
	f.bodies.WriteString(body)
	f.bodies.WriteByte('\n')
	if len(f.waiting) == together {
		f.gather()
	}
}

// gather packs the waiting objects.
func (f *file) gather() {
	if len(f.waiting) == 0 {
		return
	}
	var head []byte
	for i, n := range f.waiting {
		head = strconv.AppendInt(head, int64(n), 10)
		head = append(head, ' ')
		head = strconv.AppendInt(head, int64(f.offsets[i]), 10)
		head = append(head, ' ')
	}
	count, first := len(f.waiting), len(head)
	waiting := f.waiting
	f.waiting, f.offsets = nil, nil
	n := f.stream(fmt.Sprintf(" /Type /ObjStm /N %d /First %d", count, first), append(head, f.bodies.Bytes()...))
	f.bodies.Reset()
	for i, w := range waiting {
		f.places[w-1] = place{stream: n, index: i}
	}
}

// add writes an object and returns its number.
func (f *file) add(body string) int {
	n := f.promise()
	f.put(n, body)
	return n
}

// stream writes a packed stream with more entries of its dictionary.
func (f *file) stream(entries string, data []byte) int {
	return f.raw(entries+" /Filter /FlateDecode", f.packed(data))
}

// raw writes a stream as it is.
func (f *file) raw(entries string, data []byte) int {
	n := f.promise()
	f.places[n-1].at = f.buf.Len()
	fmt.Fprintf(&f.buf, "%d 0 obj\n<< /Length %d%s >>\nstream\n", n, len(data), entries)
	f.buf.Write(data)
	f.buf.WriteString("\nendstream\nendobj\n")
	return n
}

// end writes the table and the trailer. The identity of the file is the sum of its bytes, since no clock is asked.
func (f *file) end(root, info int) []byte {
	f.gather()
	sum := sha256.Sum256(f.buf.Bytes())
	at := f.buf.Len()
	n := f.promise()
	f.places[n-1].at = at
	table := []byte{0, 0, 0, 0, 0, 0xFF, 0xFF} // the head of the list of free numbers
	for _, p := range f.places {
		if p.stream != 0 {
			table = binary.BigEndian.AppendUint32(append(table, 2), uint32(p.stream))
		} else {
			table = binary.BigEndian.AppendUint32(append(table, 1), uint32(p.at))
		}
		table = binary.BigEndian.AppendUint16(table, uint16(p.index))
	}
	data := f.packed(table)
	fmt.Fprintf(&f.buf, "%d 0 obj\n<< /Type /XRef /Size %d /W [1 4 2] /Root %d 0 R /Info %d 0 R /ID [<%X> <%X>] /Length %d /Filter /FlateDecode >>\nstream\n",
		n, len(f.places)+1, root, info, sum[:16], sum[:16], len(data))
	f.buf.Write(data)
	fmt.Fprintf(&f.buf, "\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n", at)
	return f.buf.Bytes()
}

// packed is data deflated; the packer is large and serves for all streams.
func (f *file) packed(data []byte) []byte {
	var b bytes.Buffer
	if f.packer == nil {
		f.packer = zlib.NewWriter(&b)
	} else {
		f.packer.Reset(&b)
	}
	_, _ = f.packer.Write(data) // a buffer takes everything
	_ = f.packer.Close()
	return b.Bytes()
}

// words is a text string (7.9.2.2): UTF-16 with a mark in front.
func words(s string) string {
	b := []byte("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		b = hex16(b, u)
	}
	return string(append(b, '>'))
}

func hex16(b []byte, u uint16) []byte {
	const digits = "0123456789ABCDEF"
	return append(b, digits[u>>12], digits[u>>8&15], digits[u>>4&15], digits[u&15])
}

// mil is a thousandth of a point; whole numbers keep the bytes of all machines alike.
type mil int

const twip mil = 50

// number writes a length in points.
func (m mil) number(b []byte) []byte {
	if m < 0 {
		b = append(b, '-')
		m = -m
	}
	b = strconv.AppendInt(b, int64(m/1000), 10)
	if frac := m % 1000; frac != 0 {
		b = append(b, '.', byte('0'+frac/100))
		if frac %= 100; frac != 0 {
			b = append(b, byte('0'+frac/10))
			if frac %= 10; frac != 0 {
				b = append(b, byte('0'+frac))
			}
		}
	}
	return b
}

func (m mil) String() string { return string(m.number(nil)) }
