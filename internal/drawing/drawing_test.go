package drawing

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"io"
	"slices"
	"testing"
	"unicode/utf16"
)

func sample() *Sheet {
	return &Sheet{Width: 6000, Height: 3000, Shapes: []Shape{
		Rect(100, 100, 2000, 900, 0x0F5E9C),
		Polygon{Points: []Point{{10, 10}, {500, 20}, {90, 800}}, Edge: 0x14283A, Thick: 20, Hollow: true},
		Line{Points: []Point{{0, 3000}, {3000, 1500}, {6000, 2000}}, Thick: 30, Dashes: []int{200, 100}},
		Text{At: Point{3000, 1000}, Words: "亿m³ 62.4", Size: 350, Anchor: Middle},
		Text{At: Point{3000, 2000}, Words: "𠮷", Size: 350, Bold: true},
		Text{At: Point{3000, 2000}, Words: "", Size: 350},
	}}
}

// record is one record of a metafile.
type record struct {
	kind  uint32
	words []uint32
	bytes []byte
}

// records walks a metafile as a reader does.
func records(t *testing.T, emf []byte) []record {
	t.Helper()
	var out []record
	for rest := emf; len(rest) > 0; {
		if len(rest) < 8 {
			t.Fatal("a record is cut short")
		}
		size := binary.LittleEndian.Uint32(rest[4:])
		if size%4 != 0 || size < 8 || int(size) > len(rest) {
			t.Fatalf("a record of %d bytes", size)
		}
		r := record{kind: binary.LittleEndian.Uint32(rest), bytes: rest[:size]}
		for i := 8; i < int(size); i += 4 {
			r.words = append(r.words, binary.LittleEndian.Uint32(rest[i:]))
		}
		out = append(out, r)
		rest = rest[size:]
	}
	return out
}

// TestEMF walks the records as [MS-EMF] asks: a header that counts them, objects made before they are used, an end.
func TestEMF(t *testing.T) {
	emf, err := sample().EMF()
	if err != nil {
		t.Fatal(err)
	}
	all := records(t, emf)
	head, last := all[0], all[len(all)-1]
	if head.kind != 1 || !bytes.Equal(head.bytes[40:44], []byte(" EMF")) || last.kind != 14 || len(last.bytes) != 20 {
		t.Fatalf("the file begins with %v and ends with %v", head.kind, last)
	}
	if head.words[10] != uint32(len(emf)) || head.words[11] != uint32(len(all)) {
		t.Errorf("the header counts %d bytes and %d records of %d and %d", head.words[10], head.words[11], len(emf), len(all))
	}
	if !slices.Equal(head.words[4:8], []uint32{0, 0, 6000, 3000}) {
		t.Errorf("the frame is %d", head.words[4:8])
	}
	made := map[uint32]bool{}
	var said []string
	for _, r := range all {
		switch r.kind {
		case emrCreatePen, emrCreateBrush, emrCreateFont:
			if h := r.words[0]; made[h] || h == 0 || h >= head.words[12]&0xFFFF {
				t.Errorf("handle %d is made again or not counted", h)
			}
			made[r.words[0]] = true
		case emrSelectObject:
			if h := r.words[0]; h < 0x80000000 && !made[h] {
				t.Errorf("object %d is used and was not made", h)
			}
		case emrExtTextOutW:
			n := int(r.words[9])
			var units []uint16
			for i := range n {
				units = append(units, binary.LittleEndian.Uint16(r.bytes[76+2*i:]))
			}
			said = append(said, string(utf16.Decode(units)))
			at := int(r.words[16])
			if at+4*n != len(r.bytes) {
				t.Errorf("%d advances at %d of %d bytes", n, at, len(r.bytes))
			}
		}
	}
	if !slices.Equal(said, []string{"亿m³ 62.4", "𠮷"}) {
		t.Errorf("the words are %q", said)
	}
	if again, _ := sample().EMF(); !bytes.Equal(emf, again) {
		t.Error("two runs differ")
	}
}

func TestRefused(t *testing.T) {
	for name, s := range map[string]Shape{
		"nothing": nil, "no points": Line{}, "no anchor": Text{Anchor: 7}, "far away": Line{Points: []Point{{1 << 30, 0}}}, "negative": Text{Size: -1},
		"uneven dashes": Line{Points: []Point{{0, 0}, {9, 9}}, Dashes: []int{3}}, "no dash": Line{Points: []Point{{0, 0}, {9, 9}}, Dashes: []int{0, 0}},
		"too many": Polygon{Points: make([]Point, maxPoints+1)}, "long": Text{Words: string(make([]byte, maxWords+1))},
	} {
		if _, err := (&Sheet{Width: 10, Height: 10, Shapes: []Shape{s}}).EMF(); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	for _, s := range []Sheet{{}, {Width: -1, Height: 5}, {Width: 5, Height: maxSide + 1}} {
		if _, err := s.EMF(); err == nil {
			t.Errorf("%+v is taken", s)
		}
	}
}

func TestSVG(t *testing.T) {
	s := sample()
	s.Shapes = append(s.Shapes, Text{Words: "<a>&\x00", Size: 9, Anchor: End})
	b, err := s.SVG("图示 <1>")
	if err != nil {
		t.Fatal(err)
	}
	words := ""
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if c, ok := tok.(xml.CharData); ok {
			words += string(c) + "|"
		}
	}
	if want := "图示 <1>|亿m³ 62.4|𠮷|<a>&\ufffd|"; words != want {
		t.Errorf("the words are %q, want %q", words, want)
	}
}

func TestStrokes(t *testing.T) {
	l := Line{Points: []Point{{0, 0}, {100, 0}, {100, 100}}, Dashes: []int{60, 20}}
	want := [][]Point{{{0, 0}, {60, 0}}, {{80, 0}, {100, 0}, {100, 40}}, {{100, 60}, {100, 100}}}
	if got := l.Strokes(); !slices.EqualFunc(got, want, slices.Equal[[]Point]) {
		t.Errorf("the strokes are %v, want %v", got, want)
	}
}

func FuzzEMF(f *testing.F) {
	f.Add(100, 50, 3, 7, "水", 350)
	f.Add(0, -5, 1<<40, 7, "\xff", 1<<30)
	f.Fuzz(func(t *testing.T, width, height, x, y int, words string, size int) {
		s := Sheet{Width: width, Height: height, Shapes: []Shape{
			Text{At: Point{x, y}, Words: words, Size: size}, Line{Points: []Point{{x, y}, {y, x}}, Thick: size, Dashes: []int{max(1, x%500), 90}},
		}}
		emf, err := s.EMF()
		if err == nil {
			records(t, emf)
		}
	})
}

func BenchmarkEMF(b *testing.B) {
	s := sample()
	for b.Loop() {
		if _, err := s.EMF(); err != nil {
			b.Fatal(err)
		}
	}
}
