package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"strconv"
	"unicode/utf16"
)

// file is a PDF as it grows: objects one after another, then the table of their places (ISO 32000-1, 7.5).
type file struct {
	buf    bytes.Buffer
	places []int // of object i+1; 0: promised, not written
}

func newFile() *file {
	f := &file{}
	f.buf.WriteString("%PDF-1.7\n%\xE5\xAE\x89\xE6\xBE\x9C\n") // bytes past 127 tell that the file is binary
	return f
}

// promise takes a number for an object that is written later.
func (f *file) promise() int {
	f.places = append(f.places, 0)
	return len(f.places)
}

// put writes a promised object.
func (f *file) put(n int, body string) {
	f.places[n-1] = f.buf.Len()
	fmt.Fprintf(&f.buf, "%d 0 obj\n%s\nendobj\n", n, body)
}

// add writes an object and returns its number.
func (f *file) add(body string) int {
	n := f.promise()
	f.put(n, body)
	return n
}

// stream writes a packed stream with more entries of its dictionary.
func (f *file) stream(entries string, data []byte) int {
	return f.raw(entries+" /Filter /FlateDecode", packed(data))
}

// raw writes a stream as it is.
func (f *file) raw(entries string, data []byte) int {
	n := f.promise()
	f.places[n-1] = f.buf.Len()
	fmt.Fprintf(&f.buf, "%d 0 obj\n<< /Length %d%s >>\nstream\n", n, len(data), entries)
	f.buf.Write(data)
	f.buf.WriteString("\nendstream\nendobj\n")
	return n
}

// end writes the table and the trailer. The identity of the file is the sum of its bytes, since no clock is asked.
func (f *file) end(root, info int) []byte {
	sum := sha256.Sum256(f.buf.Bytes())
	at := f.buf.Len()
	fmt.Fprintf(&f.buf, "xref\n0 %d\n0000000000 65535 f \n", len(f.places)+1)
	for _, p := range f.places {
		fmt.Fprintf(&f.buf, "%010d 00000 n \n", p)
	}
	fmt.Fprintf(&f.buf, "trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%X> <%X>] >>\nstartxref\n%d\n%%%%EOF\n",
		len(f.places)+1, root, info, sum[:16], sum[:16], at)
	return f.buf.Bytes()
}

func packed(data []byte) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write(data) // a buffer takes everything
	_ = z.Close()
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
