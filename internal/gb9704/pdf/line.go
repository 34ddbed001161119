package pdf

import (
	"strings"
	"unicode"

	"anlan/internal/gb9704/flow"
)

// glyph is one character of a paragraph, or a tab or the end of a line.
type glyph struct {
	r     rune
	run   *flow.Run
	font  int
	width mil // with the track of its run
}

// line is a line of a paragraph as it will be painted.
type line struct {
	pieces []piece
	height mil
	base   mil // of the text under the upper edge
	pic    *flow.Picture
	picAt  mil
}

// piece is a stretch of characters with equal steps.
type piece struct {
	x      mil // from the left edge of the text area, or of the cell
	glyphs []glyph
	step   mil // between characters, besides their advances
}

// shape sets the characters of runs side by side.
func shape(runs []flow.Run) []glyph {
	var out []glyph
	for i := range runs {
		run := &runs[i]
		font, _ := typefaceOf(run.Face)
		for _, r := range run.Text {
			if ignorable(r) {
				continue
			}
			if r == '\n' || r == '\t' {
				out = append(out, glyph{r: r, run: run})
				continue
			}
			for _, r := range spelled(r) {
				g := glyph{r: r, run: run, font: font, width: mil(advance(r)*run.Size)/2 + mil(run.Track)*twip}
				if _, latin := latinGlyph(r); latin {
					g.font = latinFont
				}
				out = append(out, g)
			}
		}
	}
	return out
}

const (
	// closing marks do not begin a line, opening ones do not end one (GB/T 15834-2011, 5.1).
	closing = "，。、；：？！）〕】》〉」』”’］｝…—·％‰℃°,.;:?!)]}%²³>″′～"
	opening = "（〔【《〈「『“‘［｛￥$([{<№＜"
	// half are the closing marks whose right half is blank; at the end of a line it may lie outside.
	half = "，。、；：？！）〕】》〉」』”’］｝"
)

// joint reports whether two neighbours stay on one line.
func joint(a, b rune) bool {
	switch {
	case b == ' ':
		return true
	case a == ' ':
		return false
	case a == 0xA0 || b == 0xA0:
		return true
	case strings.ContainsRune(closing, b) || strings.ContainsRune(opening, a):
		return true
	case (a == '—' || a == '…') && a == b:
		return true
	}
	return latin(a) && latin(b)
}

// latin characters make words and figures, which are not split.
func latin(r rune) bool {
	return r > ' ' && r < 0x7F || r == 0x2212 || r >= 0xA1 && r <= 0x17F && unicode.IsLetter(r)
}

// measure is where a line of a paragraph may stand.
type measure struct {
	left, width mil // of the whole text area or cell
	p           *flow.Paragraph
}

// edges are where a line begins and ends.
func (m measure) edges(first bool) (from, to mil) {
	from = m.left + mil(m.p.Left)*twip
	if first {
		from += mil(m.p.First) * twip
	}
	return from, max(m.left+m.width-mil(m.p.Right)*twip, from+1)
}

// lines breaks a paragraph. There is always at least one line.
func lines(p *flow.Paragraph, left, width mil) []line {
	m := measure{left, width, p}
	if pic := pictureOf(p); pic != nil {
		return []line{m.picture(pic)}
	}
	glyphs := shape(p.Runs)
	height := mil(p.Height) * twip
	var out []line
	for at := 0; at < len(glyphs) || len(out) == 0; {
		end, next, hard := m.fill(glyphs, at, len(out) == 0)
		l := line{height: height, base: height * 4 / 5}
		l.pieces = m.place(glyphs[at:end], len(out) == 0, hard)
		out = append(out, l)
		at = next
		if hard && at == len(glyphs) && at > 0 && glyphs[at-1].r == '\n' {
			out = append(out, line{height: height, base: height * 4 / 5}) // a break at the end leaves an empty line
		}
	}
	return out
}

func pictureOf(p *flow.Paragraph) *flow.Picture {
	for i := range p.Runs {
		if p.Runs[i].Picture != nil {
			return p.Runs[i].Picture
		}
	}
	return nil
}

// picture is a line of one picture. A little is left under it, as the descent of the text is in office programs.
func (m measure) picture(pic *flow.Picture) line {
	from, to := m.edges(true)
	w := mil(pic.Width) * twip
	l := line{pic: pic, picAt: from, height: mil(pic.Height)*twip + 2200}
	switch m.p.Align {
	case flow.Center:
		l.picAt = from + (to-from-w)/2
	case flow.Right:
		l.picAt = to - w
	}
	return l
}

// fill finds the end of a line that begins at a glyph, where the next begins, and whether the text breaks there by itself.
func (m measure) fill(glyphs []glyph, at int, first bool) (end, next int, hard bool) {
	from, to := m.edges(first)
	x := from
	for i := at; i < len(glyphs); i++ {
		g := glyphs[i]
		switch g.r {
		case '\n':
			return i, i + 1, true
		case '\t':
			x += m.tab(glyphs, i, x)
			continue
		case ' ':
			x += g.width // blanks may stand outside
			continue
		}
		if i > at && x+g.width-mil(g.run.Track)*twip > to {
			return m.turn(glyphs, at, i, x, to)
		}
		x += g.width
	}
	return len(glyphs), len(glyphs), true
}

// turn breaks a line in front of glyph i, which does not fit any more, or nearby.
func (m measure) turn(glyphs []glyph, at, i int, x, to mil) (end, next int, hard bool) {
	if m.squeezable(glyphs, at, i, x, to) {
		end = i + 1
	} else {
		end = i
		for end > at && (joint(glyphs[end-1].r, glyphs[end].r) || glyphs[end-1].r == '\t') {
			end--
		}
		if end == at {
			end = i // a word longer than the line
		}
	}
	for next = end; next < len(glyphs) && glyphs[next].r == ' '; next++ {
	}
	if next == len(glyphs) {
		return end, next, true
	}
	if glyphs[next].r == '\n' {
		return end, next + 1, true
	}
	return end, next, false
}

// squeezable reports whether a closing mark may still end the line: the blank half of the mark lies outside, and the others move
// together by at most a fortieth of their size.
func (m measure) squeezable(glyphs []glyph, at, i int, x, to mil) bool {
	g := glyphs[i]
	if m.p.Align != flow.Justify { // in a cell the blank half would touch the border
		return false
	}
	if !strings.ContainsRune(half, g.r) || i+1 < len(glyphs) && glyphs[i+1].r != '\n' && joint(g.r, glyphs[i+1].r) {
		return false
	}
	return x+g.width/2-to <= mil(i-at)*mil(g.run.Size)*500/40
}

// tab is how far a tab moves: to a right tab less what follows, to the indent of a hanging line, or to the next of the usual stops.
func (m measure) tab(glyphs []glyph, i int, x mil) mil {
	if len(m.p.Tabs) > 0 {
		stop := m.left + mil(m.p.Tabs[len(m.p.Tabs)-1])*twip
		var follows, last mil
		for _, g := range glyphs[i+1:] {
			if g.r == '\t' || g.r == '\n' {
				break
			}
			follows += g.width
			last = mil(g.run.Track) * twip
		}
		return max(0, stop-x-follows+last)
	}
	if indent := m.left + mil(m.p.Left)*twip; m.p.First < 0 && x < indent {
		return indent - x
	}
	const usual = 420 * twip
	return usual - (x-m.left)%usual
}

// place gives each character of a line its place.
func (m measure) place(glyphs []glyph, first, hard bool) []piece {
	from, to := m.edges(first)
	for len(glyphs) > 0 && glyphs[len(glyphs)-1].r == ' ' {
		glyphs = glyphs[:len(glyphs)-1]
	}
	x, tabbed := from, 0
	for i, g := range glyphs {
		if g.r == '\t' {
			x += m.tab(glyphs, i, x)
			tabbed = i + 1
		}
		x += g.width
	}
	if n := len(glyphs); n > tabbed {
		x -= mil(glyphs[n-1].run.Track) * twip
	}
	rest, gaps := to-x, countGaps(glyphs[tabbed:])
	var step mil
	switch {
	case rest < 0 && len(glyphs) > 1 && strings.ContainsRune(half, glyphs[len(glyphs)-1].r):
		// Squeezed: half of the last mark may lie outside.
		if over := rest + glyphs[len(glyphs)-1].width/2; over < 0 && gaps > 0 {
			step = (over - mil(gaps) + 1) / mil(gaps) // rounded away from zero, so that the ink stays inside
		}
		rest = 0
	case rest <= 0:
		rest = 0
	case m.p.Align == flow.Center:
		from += rest / 2
	case m.p.Align == flow.Right:
		from += rest
	case m.p.Align == flow.Justify && !hard && gaps > 0:
		if s := rest / mil(gaps); s <= mil(glyphs[0].size())*500 {
			step = s
		}
	}
	return m.cut(glyphs, from, step, tabbed)
}

func (g glyph) size() int {
	if g.run == nil {
		return 0
	}
	return g.run.Size
}

// gap reports whether the space between two neighbours may grow: everywhere but inside words and figures.
func gap(a, b rune) bool { return !latin(a) || !latin(b) }

func countGaps(glyphs []glyph) int {
	n := 0
	for i := 1; i < len(glyphs); i++ {
		if gap(glyphs[i-1].r, glyphs[i].r) {
			n++
		}
	}
	return n
}

// cut makes pieces of characters with one look and one step; only what stands after the last tab has a step.
func (m measure) cut(glyphs []glyph, x, step mil, tabbed int) []piece {
	var out []piece
	open := false
	for i, g := range glyphs {
		if g.r == '\t' {
			x += m.tab(glyphs, i, x)
			open = false
			continue
		}
		s := mil(g.run.Track) * twip
		w := g.width
		if i >= tabbed && i+1 < len(glyphs) && gap(g.r, glyphs[i+1].r) {
			s += step
			w += step
		}
		if open {
			last := &out[len(out)-1]
			if q := last.glyphs[0]; q.run == g.run && q.font == g.font && last.step == s {
				last.glyphs = last.glyphs[:len(last.glyphs)+1] // the next of the same line
				x += w
				continue
			}
		}
		out = append(out, piece{x: x, glyphs: glyphs[i : i+1], step: s})
		open = true
		x += w
	}
	return out
}
