package gb9704

import "strings"

// node is a child of the body: a paragraph or a table.
type node interface{ write(m *markup) }

// paragraph is a w:p. Its properties are written in the order of CT_PPr, which Word insists on.
type paragraph struct {
	style       string
	keepNext    bool
	breakBefore bool
	border      *border
	tabs        []tab
	spaced      bool // before, after, height and rule override the style
	before      int
	after       int
	height      int    // of a line; 0: as the style says
	rule        string // lineRule of height: "exact" where empty
	indented    bool   // left, right and first override the style
	left        int
	right       int
	first       int // of the first line; negative: hanging
	align       Align
	runs        []run
	section     *section // ends with this paragraph
}

type tab struct {
	kind string
	at   int
}

// border is one rule above or below a paragraph.
type border struct {
	side, kind, color string
	eighths           int // of a point
}

// run is a piece of text in one face, a picture or the number of the page.
type run struct {
	text    string
	face    Face
	size    Size
	bold    bool
	color   string
	page    bool
	drawing *figure
}

func (p *paragraph) write(m *markup) {
	m.open("w:p")
	p.properties(m)
	for _, r := range p.runs {
		r.write(m)
	}
	m.close("w:p")
}

func (p *paragraph) properties(m *markup) {
	m.open("w:pPr")
	if p.style != "" {
		m.leaf("w:pStyle", "w:val", p.style)
	}
	if p.keepNext {
		m.leaf("w:keepNext")
	}
	if p.breakBefore {
		m.leaf("w:pageBreakBefore")
	}
	if b := p.border; b != nil {
		m.open("w:pBdr")
		m.leaf("w:"+b.side, "w:val", b.kind, "w:sz", number(b.eighths), "w:space", "0", "w:color", b.color)
		m.close("w:pBdr")
	}
	if p.tabs != nil {
		m.open("w:tabs")
		for _, t := range p.tabs {
			m.leaf("w:tab", "w:val", t.kind, "w:pos", number(t.at))
		}
		m.close("w:tabs")
	}
	if p.spaced {
		p.spacing(m)
	}
	if p.indented {
		p.indent(m)
	}
	if p.align != "" {
		m.leaf("w:jc", "w:val", string(p.align))
	}
	if p.section != nil {
		p.section.write(m)
	}
	m.close("w:pPr")
}

func (p *paragraph) spacing(m *markup) {
	rule := ""
	if p.height != 0 {
		rule = p.rule
		if rule == "" {
			rule = "exact"
		}
	}
	m.leaf("w:spacing", "w:before", number(p.before), "w:after", number(p.after), "w:line", nonzero(p.height), "w:lineRule", rule)
}

// indent writes zeros too, and zero characters: in Word an indent in characters that a style gives wins over one in twips.
func (p *paragraph) indent(m *markup) {
	attrs := []string{"w:left", number(p.left), "w:right", number(p.right)}
	if p.first < 0 {
		attrs = append(attrs, "w:hangingChars", "0", "w:hanging", number(-p.first))
	} else {
		attrs = append(attrs, "w:firstLineChars", "0", "w:firstLine", number(p.first))
	}
	m.leaf("w:ind", attrs...)
}

func (r run) write(m *markup) {
	if r.page {
		r.number(m)
		return
	}
	m.open("w:r")
	r.properties(m)
	switch {
	case r.drawing != nil:
		r.drawing.write(m)
	default:
		pieces(m, r.text)
	}
	m.close("w:r")
}

// number writes the PAGE field in its long form, which keeps the face of the digits.
func (r run) number(m *markup) {
	part := func(content func()) {
		m.open("w:r")
		r.properties(m)
		content()
		m.close("w:r")
	}
	part(func() { m.leaf("w:fldChar", "w:fldCharType", "begin") })
	part(func() { m.element("w:instrText", " PAGE ", "xml:space", "preserve") })
	part(func() { m.leaf("w:fldChar", "w:fldCharType", "separate") })
	part(func() { m.element("w:t", "1") })
	part(func() { m.leaf("w:fldChar", "w:fldCharType", "end") })
}

// pieces writes a text with its line feeds and tabs as elements.
func pieces(m *markup, s string) {
	for s != "" {
		i := strings.IndexAny(s, "\n\t")
		if i < 0 {
			i = len(s)
		}
		if i > 0 {
			m.element("w:t", s[:i], "xml:space", "preserve")
		}
		if i == len(s) {
			return
		}
		if s[i] == '\n' {
			m.leaf("w:br")
		} else {
			m.leaf("w:tab")
		}
		s = s[i+1:]
	}
}

// properties writes w:rPr in the order of CT_RPr; nothing where the style says all.
func (r run) properties(m *markup) {
	if r.face == "" && !r.bold && r.color == "" && r.size == 0 {
		return
	}
	m.open("w:rPr")
	if r.face != "" {
		fonts(m, r.face)
	}
	if r.bold {
		m.leaf("w:b")
		m.leaf("w:bCs")
	}
	if r.color != "" {
		m.leaf("w:color", "w:val", r.color)
	}
	if r.size != 0 {
		m.leaf("w:sz", "w:val", number(int(r.size)))
		m.leaf("w:szCs", "w:val", number(int(r.size)))
	}
	m.close("w:rPr")
}

// fonts names one face for every kind of script: what is left out falls back to the program's own, and digits change their look.
func fonts(m *markup, f Face) {
	s := string(f)
	m.leaf("w:rFonts", "w:ascii", s, "w:hAnsi", s, "w:eastAsia", s, "w:cs", s, "w:hint", "eastAsia")
}

// section is the paper from the end of the last section to here.
type section struct {
	page
	numbered bool
	first    bool // the first page has its own header and no number: the letter
}

func (s *section) write(m *markup) {
	m.open("w:sectPr")
	if s.first {
		m.leaf("w:headerReference", "w:type", "first", "r:id", idLetterHeader)
		m.leaf("w:footerReference", "w:type", "first", "r:id", idLetterFooter)
	}
	if s.numbered {
		m.leaf("w:footerReference", "w:type", "default", "r:id", idFooterOdd)
		m.leaf("w:footerReference", "w:type", "even", "r:id", idFooterEven)
	}
	m.leaf("w:type", "w:val", "nextPage")
	orient := ""
	if s.landscape {
		orient = "landscape"
	}
	m.leaf("w:pgSz", "w:w", number(s.width), "w:h", number(s.height), "w:orient", orient)
	m.leaf("w:pgMar", "w:top", number(s.top), "w:right", number(s.right), "w:bottom", number(s.bottom), "w:left", number(s.left),
		"w:header", number(s.header), "w:footer", number(s.footer), "w:gutter", "0")
	m.leaf("w:cols", "w:space", "425")
	if s.first {
		m.leaf("w:titlePg")
	}
	m.leaf("w:docGrid", "w:type", "lines", "w:linePitch", number(line), "w:charSpace", "0")
	m.close("w:sectPr")
}
