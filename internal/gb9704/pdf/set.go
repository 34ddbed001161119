package pdf

import (
	"strconv"
	"strings"

	"anlan/internal/gb9704"
	"anlan/internal/gb9704/flow"
)

// setter fills pages from the top down.
type setter struct {
	file      *file
	used      usage
	leaves    []*leaf
	root      *element
	bookmarks []bookmark
	images    images

	section     *flow.Section
	nodes       []set // of the section
	left, width mil
	y, bottom   mil
	bare        bool // nothing stands on the page yet
	carried     bool // the page began because the last was full
}

// set is a node with its lines.
type set struct {
	paragraph *flow.Paragraph
	lines     []line
	table     *grid
	imprint   *flow.Imprint
}

func (s *setter) page() *leaf { return s.leaves[len(s.leaves)-1] }

func (s *setter) number() int { return len(s.leaves) - 1 }

// body is the height of the text area of pages that are not the first.
func (s *setter) body() mil {
	p := s.section.Page
	return mil(p.Height-p.Top-p.Bottom) * twip
}

// turn begins a page.
func (s *setter) turn(carried bool) {
	p := s.section.Page
	l := &leaf{width: mil(p.Width) * twip, height: mil(p.Height) * twip}
	s.leaves = append(s.leaves, l)
	s.y, s.bottom = mil(p.Top)*twip, l.height-mil(p.Bottom)*twip
	s.bare, s.carried = true, carried
	if f := s.section.First; f != nil && !carried {
		s.first(f)
	}
}

// first paints what stands above and below the first page of a letter; the text begins under it.
func (s *setter) first(f *flow.First) {
	p := s.section.Page
	above := s.outside(f.Header, mil(p.Header)*twip)
	var high mil
	for _, q := range f.Footer {
		high += extent(q)
	}
	below := s.page().height - mil(p.Footer)*twip - high
	s.outside(f.Footer, below)
	s.y, s.bottom = max(s.y, above), min(s.bottom, below)
}

func extent(p *flow.Paragraph) mil {
	h := mil(p.Height) * twip
	if p.Rule != nil {
		h += mil(p.Rule.Eighths) * 125
	}
	return h
}

// outside paints paragraphs outside of the text from a height down.
func (s *setter) outside(all []*flow.Paragraph, y mil) mil {
	for _, p := range all {
		content := len(p.Runs) > 0
		var e *element
		if content {
			e = s.root.child("P")
		}
		s.page().begin(e, s.number())
		for _, l := range lines(p, s.left, s.width) {
			s.page().text(l.pieces, y+l.base, &s.used)
			y += l.height
		}
		s.page().finish()
		y = s.rule(p, y)
	}
	return y
}

// rule paints the rule under a paragraph and returns where it ends.
func (s *setter) rule(p *flow.Paragraph, y mil) mil {
	if p.Rule == nil {
		return y
	}
	thick := mil(p.Rule.Eighths) * 125
	from := s.left + mil(p.Left)*twip
	s.page().begin(nil, 0)
	s.page().rule(from, y, s.width-mil(p.Left+p.Right)*twip, thick, p.Rule.Color)
	s.page().finish()
	return y + thick
}

// lay sets a section.
func (s *setter) lay(section *flow.Section) error {
	s.section = section
	p := section.Page
	s.left, s.width = mil(p.Left)*twip, mil(p.Text())*twip
	start := len(s.leaves)
	s.nodes = s.nodes[:0]
	for _, n := range section.Nodes {
		switch n := n.(type) {
		case *flow.Paragraph:
			s.nodes = append(s.nodes, set{paragraph: n, lines: lines(n, s.left, s.width)})
		case *flow.Table:
			s.nodes = append(s.nodes, set{table: newGrid(n, s.left, s.width)})
		case *flow.Imprint:
			s.nodes = append(s.nodes, set{imprint: n})
		}
	}
	s.turn(false)
	for i := range s.nodes {
		switch n := &s.nodes[i]; {
		case n.paragraph != nil:
			if err := s.paragraph(i); err != nil {
				return err
			}
		case n.table != nil:
			s.table(n.table)
		default:
			s.imprint(n.imprint)
		}
	}
	if section.Numbered {
		for i := start; i < len(s.leaves); i++ {
			if i > start || section.First == nil {
				s.pageNumber(i)
			}
		}
	}
	return nil
}

// lead is how much of node i and what it keeps with must stand on one page, at most a page.
func (s *setter) lead(i int) mil {
	var h mil
	for ; i < len(s.nodes) && h < s.body(); i++ {
		n := s.nodes[i]
		switch {
		case n.table != nil:
			return h + n.table.lead(s.body())
		case n.paragraph == nil:
			return h
		}
		p := n.paragraph
		if p.Break {
			return h
		}
		h += mil(p.Before)*twip + n.lines[0].height
		if !p.KeepNext || len(n.lines) > 1 {
			return h
		}
		h += mil(p.After) * twip
	}
	return h
}

// paragraph sets node i line by line.
func (s *setter) paragraph(i int) error {
	n := s.nodes[i]
	p := n.paragraph
	if p.Break && !s.bare {
		s.turn(false)
	}
	if before := mil(p.Before) * twip; !s.bare || !s.carried {
		s.y += before
	}
	e := s.root.child(tagOf(p))
	for j := range n.lines {
		l := &n.lines[j]
		need := l.height
		if j == len(n.lines)-1 && p.KeepNext {
			if follow := mil(p.After)*twip + s.lead(i+1); need+follow <= s.body() {
				need += follow
			}
		}
		if s.y+need > s.bottom && !s.bare {
			s.turn(true)
		}
		if j == 0 {
			s.mark(p)
		}
		if err := s.line(e, l); err != nil {
			return err
		}
		s.y += l.height
		s.bare = false
	}
	s.y = s.rule(p, s.y)
	s.y += mil(p.After) * twip
	return nil
}

// tagOf is the tag of a paragraph: the title is the first level.
func tagOf(p *flow.Paragraph) string {
	switch {
	case p.Level > 0:
		return "H" + strconv.Itoa(min(p.Level+1, 6))
	case p.Role == flow.Title:
		return "H1"
	case p.Role == flow.Caption:
		return "Caption"
	}
	return "P"
}

// mark adds a title or a heading to the outline.
func (s *setter) mark(p *flow.Paragraph) {
	if p.Level == 0 && p.Role != flow.Title || len(p.Runs) == 0 {
		return
	}
	text := p.Runs[0].Text // without what runs in behind the heading
	text = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return -1
		}
		return r
	}, text)
	s.bookmarks = append(s.bookmarks, bookmark{level: p.Level, page: s.number(), y: s.page().height - s.y, text: text})
}

// line paints a line at the height that is reached.
func (s *setter) line(e *element, l *line) error {
	if l.pic != nil {
		return s.picture(e, l)
	}
	if len(l.pieces) > 0 {
		s.page().begin(e, s.number())
		s.page().text(l.pieces, s.y+l.base, &s.used)
		s.page().finish()
	}
	return nil
}

// picture paints a picture with its words for those who cannot see it.
func (s *setter) picture(e *element, l *line) error {
	f := e.child("Figure")
	f.alt = l.pic.Alt
	width, height := mil(l.pic.Width)*twip, mil(l.pic.Height)*twip
	page := s.page()
	low := page.height - s.y - height
	f.attrs = "/O /Layout /Placement /Block /BBox [" + l.picAt.String() + " " + low.String() + " " + (l.picAt + width).String() + " " + (low + height).String() + "]"
	page.begin(f, s.number())
	defer page.finish()
	if l.pic.Drawing != nil {
		page.sheet(l.pic.Drawing, l.picAt, s.y, width, &s.used)
		return nil
	}
	name, object, err := s.images.of(s.file, l.pic.PNG)
	if err != nil {
		return err
	}
	page.image(name, object, l.picAt, s.y, width, height)
	return nil
}

// imprint stands at the lower edge of the text area, on the next page where the text reaches too far down.
func (s *setter) imprint(i *flow.Imprint) {
	const outer, inner = mil(1000), mil(750)
	var rows [][]line
	high := outer
	for _, p := range i.Rows {
		ls := lines(p, s.left, s.width)
		rows = append(rows, ls)
		high += heightOf(ls) + 2*flow.CellAbove*twip + inner
	}
	if s.y+high > s.bottom && !s.bare {
		s.turn(true)
	}
	y := s.bottom - high
	rule := func(thick mil) {
		if i.Ruled {
			s.page().begin(nil, 0)
			s.page().rule(s.left, y, s.width, thick, "")
			s.page().finish()
		}
		y += thick
	}
	rule(outer)
	for n, ls := range rows {
		if n > 0 {
			rule(inner)
		}
		y += flow.CellAbove * twip
		e := s.root.child("P")
		for _, l := range ls {
			s.page().begin(e, s.number())
			s.page().text(l.pieces, y+l.base, &s.used)
			s.page().finish()
			y += l.height
		}
		y += flow.CellAbove * twip
	}
	y = s.bottom - outer
	rule(outer)
	s.bare = false
}

func heightOf(ls []line) mil {
	var h mil
	for _, l := range ls {
		h += l.height
	}
	return h
}

// pageNumber paints the number under the text: 四号 宋体 between dashes, at the right on odd pages and at the left on even ones, one
// character in (7.5).
func (s *setter) pageNumber(i int) {
	const high, indent = 320, 280
	p := &flow.Paragraph{Height: high, Align: flow.Left, Left: indent}
	if i%2 == 0 {
		p.Align, p.Left, p.Right = flow.Right, 0, indent
	}
	p.Runs = []flow.Run{{Text: "— " + strconv.Itoa(i+1) + " —", Face: string(gb9704.SongTi), Size: int(gb9704.SizeFour)}}
	l := lines(p, s.left, s.width)[0]
	page := s.leaves[i]
	y := page.height - mil(s.section.Page.Footer+s.section.Page.NumberAbove+high)*twip
	page.begin(nil, 0)
	page.text(l.pieces, y+l.base, &s.used)
	page.finish()
}
