package pdf

import (
	"strconv"

	"anlan/internal/drawing"
	"anlan/internal/gb9704/flow"
)

// leaf is one page as it is painted. Lengths come from the upper left corner and are turned over here.
type leaf struct {
	width, height mil
	ops           []byte
	marks         []*element // of the marked contents, by their number
	pictures      map[string]int
	look          look
	looked        bool
}

// look is the state of text on a page.
type look struct {
	font, size int
	step       mil
	bold       bool
	color      string
}

func (l *leaf) op(name string, args ...mil) {
	for _, a := range args {
		l.ops = append(a.number(l.ops), ' ')
	}
	l.ops = append(append(l.ops, name...), '\n')
}

// begin marks what follows as content of an element, or as no content of the document where e is nil.
func (l *leaf) begin(e *element, page int) {
	if e == nil {
		l.ops = append(l.ops, "/Artifact BMC\n"...)
		return
	}
	n := len(l.marks)
	l.marks = append(l.marks, e)
	e.kids = append(e.kids, kid{page: page, mark: n})
	l.ops = append(l.ops, "/"+e.tag+" <</MCID "+strconv.Itoa(n)+">> BDC\n"...)
}

func (l *leaf) finish() { l.ops = append(l.ops, "EMC\n"...) }

// text paints the pieces of a line; x is added to their places, base is the height of the baseline.
func (l *leaf) text(pieces []piece, base mil, used *usage) {
	if len(pieces) == 0 {
		return
	}
	l.ops = append(l.ops, "BT\n"...)
	for _, p := range pieces {
		g := p.glyphs[0]
		l.dress(look{g.font, g.run.Size, p.step, g.run.Bold, g.run.Color})
		l.op("Tm", 1000, 0, 0, 1000, p.x, l.height-base)
		l.ops = append(l.ops, '<')
		for _, g := range p.glyphs {
			l.ops = used.code(l.ops, g.font, g.r)
		}
		l.ops = append(l.ops, "> Tj\n"...)
	}
	l.ops = append(l.ops, "ET\n"...)
}

// dress sets what differs from the text before.
func (l *leaf) dress(n look) {
	o := l.look
	fresh := !l.looked
	if fresh || o.font != n.font || o.size != n.size {
		l.ops = append(l.ops, "/F"+strconv.Itoa(n.font)+" "...)
		l.op("Tf", mil(n.size)*500)
	}
	if fresh || o.step != n.step {
		l.op("Tc", n.step)
	}
	if fresh || o.color != n.color {
		l.color(n.color, "rg")
		l.color(n.color, "RG")
	}
	if fresh || o.bold != n.bold || n.bold && o.size != n.size {
		if n.bold {
			l.op("w", mil(n.size)*500/36) // a stroke around each character makes it bold in every font
			l.op("Tr", 2000)
		} else {
			l.op("Tr", 0)
		}
	}
	l.look, l.looked = n, true
}

// color sets RRGGBB for fills or strokes.
func (l *leaf) color(rgb, op string) {
	n, err := strconv.ParseUint(rgb, 16, 32)
	if err != nil {
		n = 0 // none given: black
	}
	l.op(op, mil(n>>16&255)*1000/255, mil(n>>8&255)*1000/255, mil(n&255)*1000/255)
}

// plainly paints outside of the state of text.
func (l *leaf) plainly(paint func()) {
	l.ops = append(l.ops, "q\n"...)
	paint()
	l.ops = append(l.ops, "Q\n"...)
}

// rule paints an upright rectangle.
func (l *leaf) rule(x, y, width, height mil, rgb string) {
	l.plainly(func() {
		l.color(rgb, "rg")
		l.op("re", x, l.height-y-height, width, height)
		l.op("f")
	})
}

// image paints a picture by its name.
func (l *leaf) image(name string, object int, x, y, width, height mil) {
	if l.pictures == nil {
		l.pictures = map[string]int{}
	}
	l.pictures[name] = object
	l.plainly(func() {
		l.op("cm", width, 0, 0, height, x, l.height-y-height)
		l.ops = append(l.ops, "/"+name+" Do\n"...)
	})
}

// sheet paints a drawing, its upper left corner at x and y.
func (l *leaf) sheet(s *drawing.Sheet, x, y, width mil, used *usage) {
	// A hundredth of a millimetre is 28.346 mil where the sheet is as large as on the page.
	at := func(p drawing.Point) (mil, mil) {
		return x + mil(p.X)*width/mil(s.Width), l.height - y - mil(p.Y)*width/mil(s.Width)
	}
	long := func(n int) mil { return mil(n) * width / mil(s.Width) }
	path := func(points []drawing.Point) {
		for i, p := range points {
			px, py := at(p)
			if i == 0 {
				l.op("m", px, py)
			} else {
				l.op("l", px, py)
			}
		}
	}
	inside := false // of a state for strokes
	for _, shape := range s.Shapes {
		t, text := shape.(drawing.Text)
		if text == inside {
			l.ops = append(l.ops, map[bool]string{true: "Q\n", false: "q\n1 J 1 j\n"}[inside]...)
			inside = !inside
		}
		switch v := shape.(type) {
		case drawing.Text:
			px, py := at(t.At)
			l.words(t, px, l.height-py, long(t.Size), used)
		case drawing.Line:
			l.color(rgb(v.Ink), "RG")
			l.op("w", long(v.Thick))
			for _, stroke := range v.Strokes() {
				path(stroke)
				l.op("S")
			}
		case drawing.Polygon:
			l.color(rgb(v.Fill), "rg")
			l.color(rgb(v.Edge), "RG")
			l.op("w", long(v.Thick))
			path(v.Points)
			l.op(closed(v))
		}
	}
	if inside {
		l.ops = append(l.ops, "Q\n"...)
	}
}

// closed is how a polygon is painted.
func closed(p drawing.Polygon) string {
	switch {
	case p.Hollow && p.Thick > 0:
		return "s"
	case p.Hollow:
		return "n"
	case p.Thick > 0:
		return "b"
	}
	return "f"
}

// words paints a text of a drawing. Its size is no whole half point, so the matrix of the text scales it.
func (l *leaf) words(t drawing.Text, x, base, size mil, used *usage) {
	run := &flow.Run{Text: t.Words, Face: drawing.Face, Size: 2, Bold: t.Bold, Color: rgb(t.Ink)}
	glyphs := shape([]flow.Run{*run})
	var width mil
	for _, g := range glyphs {
		width += g.width * size / 1000
	}
	switch t.Anchor {
	case drawing.Middle:
		x -= width / 2
	case drawing.End:
		x -= width
	}
	l.ops = append(l.ops, "BT\n"...)
	for i := 0; i < len(glyphs); {
		j := i
		var w mil
		for j < len(glyphs) && glyphs[j].font == glyphs[i].font {
			w += glyphs[j].width * size / 1000
			j++
		}
		l.dress(look{glyphs[i].font, 2, 0, t.Bold, rgb(t.Ink)})
		l.op("Tm", size, 0, 0, size, x, l.height-base)
		l.ops = append(l.ops, '<')
		for _, g := range glyphs[i:j] {
			if g.r != '\n' && g.r != '\t' {
				l.ops = used.code(l.ops, g.font, g.r)
			}
		}
		l.ops = append(l.ops, "> Tj\n"...)
		x, i = x+w, j
	}
	l.ops = append(l.ops, "ET\n"...)
}

func rgb(c drawing.Color) string {
	s := strconv.FormatUint(uint64(c&0xFFFFFF), 16)
	return "000000"[len(s):] + s
}

// usage is which fonts and characters a file uses.
type usage struct {
	fonts [latinFont + 1]bool
	pages [latinFont + 1][256]bool // high bytes of the characters by font
}

// code writes the code of a character: UTF-16 in the composite fonts, a place in the list in that of Latin letters.
func (u *usage) code(b []byte, font int, r rune) []byte {
	u.fonts[font] = true
	if font == latinFont {
		i, _ := latinGlyph(r)
		const digits = "0123456789ABCDEF"
		n := latinFirst + i
		return append(b, digits[n>>4], digits[n&15])
	}
	if r > 0xFFFF {
		r = '〓' // refused before
	}
	u.pages[font][r>>8] = true
	return hex16(b, uint16(r))
}
