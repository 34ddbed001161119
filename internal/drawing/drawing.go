// Package drawing holds a picture as lines, areas and words on a sheet, and writes it as an Enhanced Metafile ([MS-EMF]), which
// office programs place in documents without a loss of sharpness, and as SVG for screens. Words stay words in a named font.
//
// Lengths are hundredths of a millimetre, from the upper left corner to the right and down; sizes of characters are the same unit. What
// is drawn is decided in chart; documents and PDF pages place a Sheet as they place a photograph. A Sheet gives the same bytes each time.
package drawing

// Sheet is a picture. Shapes are drawn in their order, later ones over earlier ones.
type Sheet struct {
	Width, Height int
	Shapes        []Shape
}

// Shape is a Line, a Polygon or a Text.
type Shape interface{ shape() }

// Point is a place on a sheet.
type Point struct{ X, Y int }

// Color is an ink as 0xRRGGBB; the zero value is black.
type Color uint32

// Line joins points with strokes.
type Line struct {
	Points []Point
	Thick  int
	Ink    Color
	// Dashes are the lengths of strokes and gaps by turns; nil: one stroke.
	Dashes []int
}

// Polygon is an area inside a closed line, without an edge of its own where Thick is 0.
type Polygon struct {
	Points []Point
	Fill   Color
	Hollow bool // not filled
	Edge   Color
	Thick  int
}

// Anchor is which end of a text stands at its place.
type Anchor int

// The anchors; the zero value is the beginning.
const (
	Start Anchor = iota
	Middle
	End
)

// Text is a line of words on a baseline.
type Text struct {
	At     Point // on the baseline
	Words  string
	Size   int // of a full-width character
	Ink    Color
	Anchor Anchor
	Bold   bool
}

func (Line) shape()    {}
func (Polygon) shape() {}
func (Text) shape()    {}

// Face is the font of all words on sheets.
const Face = "黑体"

// Rect is the polygon of an upright rectangle.
func Rect(x, y, width, height int, fill Color) Polygon {
	return Polygon{Points: []Point{{x, y}, {x + width, y}, {x + width, y + height}, {x, y + height}}, Fill: fill}
}

// Width is how wide words of a size are in Face: ASCII takes half a character, all else a whole one.
func Width(words string, size int) int {
	n := 0
	for _, r := range words {
		n += halves(r)
	}
	return n * size / 2
}

func halves(r rune) int {
	if r < 0x80 {
		return 1
	}
	return 2
}
