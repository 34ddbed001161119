package drawing

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unicode/utf16"
)

// Bounds of a sheet.
const (
	maxSide   = 200_000 // 2 m
	maxShapes = 50_000
	maxPoints = 10_000 // of one shape
	maxWords  = 1_000  // bytes of one text
	maxPlace  = 1_000_000
)

// Kinds of records ([MS-EMF] 2.1.1).
const (
	emrHeader         = 1
	emrPolygon        = 3
	emrPolyline       = 4
	emrSetWindowExt   = 9
	emrSetWindowOrg   = 10
	emrSetViewportExt = 11
	emrSetViewportOrg = 12
	emrEOF            = 14
	emrSetMapMode     = 17
	emrSetBkMode      = 18
	emrSetPolyFill    = 19
	emrSetTextAlign   = 22
	emrSetTextColor   = 24
	emrSelectObject   = 37
	emrCreatePen      = 38
	emrCreateBrush    = 39
	emrCreateFont     = 82
	emrExtTextOutW    = 84
)

// Objects that every device has.
const (
	stockNullBrush = 0x80000005
	stockNullPen   = 0x80000008
)

// Check says what is wrong with a sheet: no size, or more than a drawing of a document holds.
func (s *Sheet) Check() error {
	if s.Width < 1 || s.Height < 1 || s.Width > maxSide || s.Height > maxSide {
		return fmt.Errorf("a sheet of %d × %d hundredths of a millimetre", s.Width, s.Height)
	}
	if len(s.Shapes) > maxShapes {
		return fmt.Errorf("%d shapes, more than %d", len(s.Shapes), maxShapes)
	}
	for i, shape := range s.Shapes {
		if err := check(shape); err != nil {
			return fmt.Errorf("shape %d: %w", i, err)
		}
	}
	return nil
}

func check(shape Shape) error {
	var points []Point
	size := 0
	switch s := shape.(type) {
	case Line:
		points, size = s.Points, s.Thick
		for _, d := range s.Dashes {
			if d < 1 || len(s.Dashes)%2 != 0 {
				return errors.New("dashes come in pairs of a stroke and a gap")
			}
		}
	case Polygon:
		points, size = s.Points, s.Thick
	case Text:
		points, size = []Point{s.At}, s.Size
		if len(s.Words) > maxWords {
			return fmt.Errorf("%d bytes of words, more than %d", len(s.Words), maxWords)
		}
		if s.Anchor < Start || s.Anchor > End {
			return errors.New("no anchor")
		}
	default:
		return errors.New("no shape")
	}
	if len(points) == 0 || len(points) > maxPoints {
		return fmt.Errorf("%d points", len(points))
	}
	for _, p := range append(points[:len(points):len(points)], Point{size, size}) {
		if p.X < -maxPlace || p.Y < -maxPlace || p.X > maxPlace || p.Y > maxPlace {
			return errors.New("a point far outside of the sheet")
		}
	}
	if size < 0 {
		return errors.New("a negative size")
	}
	return nil
}

// EMF is the sheet as an Enhanced Metafile whose device unit is a hundredth of a millimetre.
func (s *Sheet) EMF() ([]byte, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	m := metafile{}
	m.header(s)
	m.record(emrSetMapMode, 8) // anisotropic: readers scale the window to the viewport
	m.record(emrSetWindowOrg, 0, 0)
	m.record(emrSetWindowExt, u32(s.Width), u32(s.Height))
	m.record(emrSetViewportOrg, 0, 0)
	m.record(emrSetViewportExt, u32(s.Width), u32(s.Height))
	m.record(emrSetBkMode, 1)   // transparent
	m.record(emrSetPolyFill, 2) // winding
	for _, shape := range s.Shapes {
		switch x := shape.(type) {
		case Line:
			m.pen(x.Thick, x.Ink)
			for _, stroke := range x.Strokes() {
				m.poly(emrPolyline, stroke)
			}
		case Polygon:
			m.pen(x.Thick, x.Edge)
			m.brush(x)
			m.poly(emrPolygon, x.Points)
		case Text:
			m.text(x)
		}
	}
	m.record(emrEOF, 0, 16, 20)
	binary.LittleEndian.PutUint32(m.bytes[48:], u32(len(m.bytes)))
	binary.LittleEndian.PutUint32(m.bytes[52:], m.records)
	binary.LittleEndian.PutUint16(m.bytes[56:], uint16(m.handles+1))
	return m.bytes, nil
}

// object is a pen, brush or font by what tells it from others.
type object struct {
	kind  byte
	size  int
	color Color
	bold  bool
}

// metafile collects records. Objects are made once and selected by their handle.
type metafile struct {
	bytes    []byte
	records  uint32
	handles  uint32
	made     map[object]uint32
	selected map[byte]uint32
	ink      Color
	inked    bool
	anchor   Anchor
	anchored bool
}

func u32(n int) uint32 { return uint32(int32(n)) }

// record adds a record of 32-bit words.
func (m *metafile) record(kind uint32, words ...uint32) {
	m.records++
	m.words(kind, u32(8+4*len(words)))
	m.words(words...)
}

func (m *metafile) words(words ...uint32) {
	for _, w := range words {
		m.bytes = binary.LittleEndian.AppendUint32(m.bytes, w)
	}
}

// header is EMR_HEADER with its first and second extension ([MS-EMF] 2.3.4.2). Sizes and counts are filled in at the end.
func (m *metafile) header(s *Sheet) {
	const dots, mm = 32_000, 320 // a device of 100 dots a millimetre
	m.record(emrHeader,
		0, 0, u32(s.Width-1), u32(s.Height-1), // bounds, in dots
		0, 0, u32(s.Width), u32(s.Height), // frame, in 0.01 mm
		0x464D4520, 0x10000, 0, 0, 0, // signature, version; bytes, records, handles to be filled in
		0, 0, 0, dots, dots, mm, mm,
		0, 0, 0, mm*1000, mm*1000)
}

// use selects an object, made by make where it is new.
func (m *metafile) use(o object, make func(handle uint32)) {
	h, ok := m.made[o]
	if !ok {
		if m.made == nil {
			m.made, m.selected = map[object]uint32{}, map[byte]uint32{}
		}
		m.handles++
		h = m.handles
		m.made[o] = h
		make(h)
	}
	m.take(o.kind, h)
}

func (m *metafile) take(kind byte, handle uint32) {
	if m.selected[kind] == handle {
		return
	}
	if m.selected == nil {
		m.made, m.selected = map[object]uint32{}, map[byte]uint32{}
	}
	m.selected[kind] = handle
	m.record(emrSelectObject, handle)
}

// colorRef turns RRGGBB into the format's order.
func colorRef(c Color) uint32 {
	return uint32(c>>16&0xFF | c&0xFF00 | c&0xFF<<16)
}

func (m *metafile) pen(thick int, ink Color) {
	if thick == 0 {
		m.take('p', stockNullPen)
		return
	}
	m.use(object{kind: 'p', size: thick, color: ink}, func(h uint32) {
		m.record(emrCreatePen, h, 0, u32(thick), 0, colorRef(ink))
	})
}

func (m *metafile) brush(p Polygon) {
	if p.Hollow {
		m.take('b', stockNullBrush)
		return
	}
	m.use(object{kind: 'b', color: p.Fill}, func(h uint32) {
		m.record(emrCreateBrush, h, 0, colorRef(p.Fill), 0)
	})
}

func (m *metafile) poly(kind uint32, points []Point) {
	left, top, right, bottom := points[0].X, points[0].Y, points[0].X, points[0].Y
	for _, p := range points {
		left, right = min(left, p.X), max(right, p.X)
		top, bottom = min(top, p.Y), max(bottom, p.Y)
	}
	words := []uint32{u32(left), u32(top), u32(right), u32(bottom), u32(len(points))}
	for _, p := range points {
		words = append(words, u32(p.X), u32(p.Y))
	}
	m.record(kind, words...)
}

// text writes a line of words with the advance of each, so that a stand-in font does not move them.
func (m *metafile) text(t Text) {
	units, advances := measured(t)
	if len(units) == 0 {
		return
	}
	m.use(object{kind: 'f', size: t.Size, bold: t.Bold}, func(h uint32) { m.font(h, t) })
	if !m.inked || m.ink != t.Ink {
		m.ink, m.inked = t.Ink, true
		m.record(emrSetTextColor, colorRef(t.Ink))
	}
	if !m.anchored || m.anchor != t.Anchor {
		m.anchor, m.anchored = t.Anchor, true
		m.record(emrSetTextAlign, map[Anchor]uint32{Start: 24, Middle: 24 | 6, End: 24 | 2}[t.Anchor]) // on the baseline
	}
	const fixed = 76 // bytes before the string
	padded := (len(units)*2 + 3) / 4 * 4
	words := []uint32{
		0, 0, 0xFFFFFFFF, 0xFFFFFFFF, // bounds: none given
		1, math.Float32bits(1), math.Float32bits(1), // compatible mode: a logical unit is 0.01 mm
		u32(t.At.X), u32(t.At.Y), u32(len(units)), fixed, 0, 0, 0, 0xFFFFFFFF, 0xFFFFFFFF, u32(fixed + padded),
	}
	for i := 0; i < len(units); i += 2 {
		w := uint32(units[i])
		if i+1 < len(units) {
			w |= uint32(units[i+1]) << 16
		}
		words = append(words, w)
	}
	for _, a := range advances {
		words = append(words, u32(a))
	}
	m.record(emrExtTextOutW, words...)
}

// measured are the units of UTF-16 of words and how far each moves the pen.
func measured(t Text) (units []uint16, advances []int) {
	n, done := 0, 0
	for _, r := range t.Words {
		n += halves(r)
		at := n * t.Size / 2
		for j, u := range utf16.Encode([]rune{r}) {
			units, advances = append(units, u), append(advances, 0)
			if j == 0 {
				advances[len(advances)-1] = at - done
			}
		}
		done = at
	}
	return units, advances
}

// font is EMR_EXTCREATEFONTINDIRECTW: a LogFont, and the names and Panose numbers that only the size of the record asks for.
func (m *metafile) font(handle uint32, t Text) {
	weight := uint32(400)
	if t.Bold {
		weight = 700
	}
	const gb2312 = 134
	words := make([]uint32, 1+320/4)
	words[0] = handle
	words[1] = u32(-t.Size)
	words[5] = weight
	words[6] = gb2312 << 24
	for i, u := range utf16.Encode([]rune(Face)) {
		words[8+i/2] |= uint32(u) << (16 * (i % 2))
	}
	m.record(emrCreateFont, words...)
}

// Strokes are the strokes of a line, cut by its dashes.
func (l Line) Strokes() [][]Point {
	if len(l.Dashes) == 0 {
		return [][]Point{l.Points}
	}
	var out [][]Point
	stroke, on, rest, next := []Point{l.Points[0]}, true, float64(l.Dashes[0]), 0
	for i := 1; i < len(l.Points); i++ {
		from, to := l.Points[i-1], l.Points[i]
		dx, dy := float64(to.X-from.X), float64(to.Y-from.Y)
		length := math.Hypot(dx, dy)
		at := 0.0
		for at+rest < length {
			at += rest
			// The conversions keep a machine with fused steps from rounding otherwise.
			p := Point{from.X + int(math.Round(float64(dx*at)/length)), from.Y + int(math.Round(float64(dy*at)/length))}
			if on {
				out = append(out, append(stroke, p))
			}
			stroke, on = []Point{p}, !on
			next = (next + 1) % len(l.Dashes)
			rest = float64(l.Dashes[next])
		}
		rest -= length - at
		if on {
			stroke = append(stroke, to)
		}
	}
	if on && len(stroke) > 1 {
		out = append(out, stroke)
	}
	return out
}
