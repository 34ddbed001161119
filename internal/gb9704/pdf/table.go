package pdf

import (
	"slices"
	"strconv"

	"anlan/internal/gb9704/flow"
)

const (
	side  = flow.CellSide * twip
	above = flow.CellAbove * twip
)

// grid is a table with the lines of its cells.
type grid struct {
	table *flow.Table
	at    []mil // left edges of the columns, and the right edge of the last
	rows  []gridRow
	head  int // rows that are repeated
}

type gridRow struct {
	head   bool
	least  mil
	height mil
	cells  []*box
}

// box is a cell with what of it is still to be painted.
type box struct {
	row, down   int
	left, right mil
	top         bool
	lines       []line
	element     *element
	rest        *box // what a split moved to the next row
	started     bool
}

// newGrid breaks the texts of a table and gives its rows their heights.
func newGrid(t *flow.Table, left, width mil) *grid {
	total := 0
	for _, w := range t.Widths {
		total += w
	}
	g := &grid{table: t, at: make([]mil, len(t.Widths)+1)}
	g.at[0] = left + (width-mil(total)*twip)/2
	for i, w := range t.Widths {
		g.at[i+1] = g.at[i] + mil(w)*twip
	}
	for i, r := range t.Rows {
		row := gridRow{head: r.Head, least: mil(r.Height) * twip}
		if r.Head && i == g.head {
			g.head++
		}
		for _, c := range r.Cells {
			b := &box{row: i, down: c.Down, left: g.at[c.Column], right: g.at[c.Column+c.Span], top: c.Top}
			for _, p := range c.Lines {
				b.lines = append(b.lines, lines(p, b.left+side, max(b.right-b.left-2*side, 1))...)
			}
			row.cells = append(row.cells, b)
		}
		g.rows = append(g.rows, row)
	}
	g.measure(0)
	return g
}

// measure gives rows their heights from row i on: as the text of cells of one row needs, then more for cells that reach further down.
func (g *grid) measure(i int) {
	for j := i; j < len(g.rows); j++ {
		r := &g.rows[j]
		r.height = max(r.least, 2*above)
		for _, b := range r.cells {
			if b.down == 1 {
				r.height = max(r.height, heightOf(b.lines)+2*above)
			}
		}
	}
	for j := i; j < len(g.rows); j++ {
		for _, b := range g.rows[j].cells {
			if b.down == 1 {
				continue
			}
			var have mil
			for k := j; k < j+b.down; k++ {
				have += g.rows[k].height
			}
			if want := heightOf(b.lines) + 2*above; want > have {
				g.rows[j+b.down-1].height += want - have
			}
		}
	}
}

// height is that of rows from a to before b.
func (g *grid) height(a, b int) mil {
	var h mil
	for _, r := range g.rows[a:b] {
		h += r.height
	}
	return h
}

// lead is how much of the table must stand on the page where it begins: the head and the first row with the rows that its cells reach
// into, or all of one that keeps together and fits on a page of a height.
func (g *grid) lead(body mil) mil {
	if h := g.height(0, len(g.rows)); g.table.Whole && h <= body {
		return h
	}
	return g.height(0, g.group(min(g.head, len(g.rows)-1)))
}

// group is the end of the rows that hang together with row i through cells that reach down.
func (g *grid) group(i int) int {
	end := i + 1
	for ; i < end; i++ {
		for _, b := range g.rows[i].cells {
			end = max(end, i+b.down)
		}
	}
	return end
}

// table sets a table, row by row; where a page ends the head is repeated on the next.
func (s *setter) table(g *grid) {
	e := s.root.child("Table")
	var reaching []*box // cells from earlier pages that still reach down
	from := 0           // first row on this page
	top := s.y
	flush := func(to int) {
		if to > from {
			s.fragment(e, g, from, to, top, &reaching)
		}
		from = to
	}
	next := func(to int) {
		flush(to)
		s.turn(true)
		if to > g.head && g.head > 0 && g.height(0, g.head) < s.body()/2 {
			s.repeat(g)
		}
		top = s.y
	}
	if g.table.Whole && !s.bare && s.y+g.lead(s.body()) > s.bottom {
		next(0)
	}
	for i := 0; i < len(g.rows); i++ {
		room := s.bottom - s.y
		need := g.rows[i].height
		if end := g.group(i); end > i+1 {
			if h := g.height(i, end); h < s.body()/3 {
				need = h // short groups stay together
			}
		}
		switch whole := s.body() - g.repeated(i, s.body()); {
		case need <= room:
		case g.rows[i].height > whole || g.table.Split && !g.rows[i].head:
			if g.split(i, room-2*above, s.bare || s.y == top && from == i) {
				s.y += g.rows[i].height
				s.bare = false
				next(i + 1)
				continue
			}
			fallthrough
		default:
			if !s.bare && (i > from || !s.bareTable(top)) {
				next(i)
				i--
				continue
			}
		}
		s.y += g.rows[i].height
		s.bare = false
	}
	flush(len(g.rows))
}

// bareTable reports whether the table begins at the top of the page, where nothing is won by another page.
func (s *setter) bareTable(top mil) bool {
	return top <= mil(s.section.Page.Top)*twip
}

// repeated is how high the repeated head is above row i.
func (g *grid) repeated(i int, body mil) mil {
	if h := g.height(0, g.head); i >= g.head && h < body/2 {
		return h
	}
	return 0
}

// split cuts row i so that its first part has at most so much room for lines, and the rest becomes a row of its own. It reports whether
// it did; forced takes at least a line of each cell.
func (g *grid) split(i int, room mil, forced bool) bool {
	counts, whole, ok := g.rows[i].fitting(room, forced)
	if !ok {
		return false
	}
	high := g.rows[i].height
	first, rest := max(room, 0)+2*above, gridRow{head: g.rows[i].head, height: 2 * above}
	if !whole {
		first = 2 * above
	}
	for k, b := range g.rows[i].cells {
		if b.down > 1 || whole {
			b.down++ // its text goes on with the pages, or nothing of it is left
			continue
		}
		below := &box{row: i + 1, down: 1, left: b.left, right: b.right, top: true, lines: b.lines[counts[k]:], started: true}
		rest.cells = append(rest.cells, below)
		rest.height = max(rest.height, heightOf(below.lines)+2*above)
		b.lines, b.top = b.lines[:counts[k]], true
		first = max(first, heightOf(b.lines)+2*above)
		b.rest = below
	}
	for j := range i {
		for _, b := range g.rows[j].cells {
			if j+b.down > i {
				b.down++
			}
		}
	}
	g.rows[i].height = first
	rest.height = max(rest.height, high-first)
	g.rows = slices.Insert(g.rows, i+1, rest)
	for j := i + 2; j < len(g.rows); j++ {
		for _, b := range g.rows[j].cells {
			b.row = j
		}
	}
	return true
}

// fitting counts the lines of each cell that have room, and tells whether all of them do. It is not ok where a cell would have no line on
// this side.
func (r *gridRow) fitting(room mil, forced bool) (counts []int, whole, ok bool) {
	whole = true
	for _, b := range r.cells {
		n, h := 0, mil(0)
		for n < len(b.lines) && h+b.lines[n].height <= room {
			h += b.lines[n].height
			n++
		}
		if n == 0 && len(b.lines) > 0 && forced {
			n = 1
		}
		if b.down == 1 && n == 0 && len(b.lines) > 0 {
			return nil, false, false
		}
		whole = whole && (b.down > 1 || n == len(b.lines))
		counts = append(counts, n)
	}
	return counts, whole, forced || room > 0
}

// fragment paints the rows of one page.
func (s *setter) fragment(e *element, g *grid, from, to int, top mil, reaching *[]*box) {
	ys := make([]mil, to-from+1)
	ys[0] = top
	for i := from; i < to; i++ {
		ys[i-from+1] = ys[i-from] + g.rows[i].height
	}
	var still []*box
	paint := func(b *box, part *element) {
		a, z := max(b.row, from), min(b.row+b.down, to)
		s.box(b, ys[a-from], ys[z-from], part, b.row+b.down > to)
		if b.rest != nil {
			b.rest.element = b.element
		}
		if b.row+b.down > to {
			still = append(still, b)
			// Pages cut a cell at whole lines; what that loses the last of its rows makes good.
			if want, have := heightOf(b.lines)+2*above, g.height(to, b.row+b.down); want > have {
				g.rows[b.row+b.down-1].height += want - have
			}
		}
	}
	for _, b := range *reaching {
		paint(b, b.element)
	}
	for i := from; i < to; i++ {
		row := e.child("TR")
		for _, b := range g.rows[i].cells {
			if b.element == nil {
				b.element = row.child("TD")
				b.element.attrs = g.attributes(b)
				if g.rows[i].head {
					b.element.tag = "TH"
					b.element.attrs += " /Scope /Column"
				}
			}
			paint(b, b.element)
		}
	}
	*reaching = still
	s.edges(g, from, to, ys)
}

// attributes are the spans of a cell.
func (g *grid) attributes(b *box) string {
	span := 0
	for _, x := range g.at {
		if x >= b.left && x < b.right {
			span++
		}
	}
	out := "/O /Table"
	if span > 1 {
		out += " /ColSpan " + strconv.Itoa(span)
	}
	if b.down > 1 {
		out += " /RowSpan " + strconv.Itoa(b.down)
	}
	return out
}

// box paints what fits of a cell between two heights; what does not waits for the next page where the cell reaches there.
func (s *setter) box(b *box, y1, y2 mil, e *element, continues bool) {
	n := len(b.lines)
	if continues {
		room := y2 - y1 - 2*above
		n = 0
		for h := mil(0); n < len(b.lines) && h+b.lines[n].height <= room; n++ {
			h += b.lines[n].height
		}
	}
	now := b.lines[:n]
	y := y1 + above
	if !b.top && !b.started {
		y = max(y, y1+(y2-y1-heightOf(now))/2)
	}
	for _, l := range now {
		if len(l.pieces) > 0 {
			s.page().begin(e, s.number())
			s.page().text(l.pieces, y+l.base, &s.used)
			s.page().finish()
		}
		y += l.height
	}
	b.lines = b.lines[n:]
	b.started = b.started || n > 0
}

// edges paints the borders of the cells of a fragment, half a point thick.
func (s *setter) edges(g *grid, from, to int, ys []mil) {
	page := s.page()
	page.begin(nil, 0)
	page.plainly(func() {
		page.op("w", 500)
		rect := func(b *box) {
			a, z := max(b.row, from), min(b.row+b.down, to)
			if z > a {
				page.op("re", b.left, page.height-ys[z-from], b.right-b.left, ys[z-from]-ys[a-from])
			}
		}
		for i := max(0, from-g.reach()); i < to; i++ {
			for _, b := range g.rows[i].cells {
				rect(b)
			}
		}
		page.op("S")
	})
	page.finish()
}

// reach is how far down a cell of the table goes at most.
func (g *grid) reach() int {
	most := 1
	for _, r := range g.rows {
		for _, b := range r.cells {
			most = max(most, b.down)
		}
	}
	return most
}

// repeat paints the head once more; it is no content of the document.
func (s *setter) repeat(g *grid) {
	ys := []mil{s.y}
	for i := range g.head {
		ys = append(ys, ys[i]+g.rows[i].height)
	}
	for i := range g.head {
		for _, b := range g.rows[i].cells {
			again := *b
			again.lines = g.headLines(i, b)
			again.started = false
			y1, y2 := ys[b.row], ys[min(b.row+b.down, g.head)]
			s.box(&again, y1, y2, nil, false)
		}
	}
	s.edges(g, 0, g.head, ys)
	s.y = ys[g.head]
}

// headLines are the lines of a head cell, which its first painting took.
func (g *grid) headLines(row int, b *box) []line {
	var out []line
	for _, c := range g.table.Rows[row].Cells {
		if g.at[c.Column] == b.left {
			for _, p := range c.Lines {
				out = append(out, lines(p, b.left+side, max(b.right-b.left-2*side, 1))...)
			}
		}
	}
	return out
}
