package gb9704

import (
	"strconv"
	"strings"

	"anlan/internal/gb9704/flow"
)

// Flow resolves a document into paragraphs and tables with all that their styles say, for writers of other formats. The document is
// checked as Write checks it; shown reports which characters the other format can show, the rest are refused with their place, or become
// 〓 where Mend is set.
func Flow(d Document, shown func(rune) bool) (*flow.Document, error) {
	c, err := composeFor(d, shown)
	if err != nil {
		return nil, err
	}
	out := &flow.Document{Title: c.titleText, Subject: c.subject, Author: c.author, Created: d.Created}
	styles := map[string]style{}
	for _, s := range documentStyles() {
		styles[s.id] = s
	}
	r := resolver{composer: c, styles: styles}
	for _, n := range c.nodes {
		r.node(n)
	}
	r.close(c.section())
	out.Sections = r.sections
	return out, nil
}

// resolver turns nodes into those of a flow.
type resolver struct {
	*composer
	styles   map[string]style
	nodes    []flow.Node
	sections []flow.Section
}

func (r *resolver) node(n node) {
	switch n := n.(type) {
	case *paragraph:
		r.nodes = append(r.nodes, r.paragraph(n))
		if n.section != nil {
			r.close(n.section)
		}
	case *table:
		r.nodes = append(r.nodes, r.table(n))
	case *imprintTable:
		i := &flow.Imprint{Ruled: n.ruled}
		for _, p := range n.paragraphs() {
			i.Rows = append(i.Rows, r.paragraph(p))
		}
		r.nodes = append(r.nodes, i)
	}
}

// close ends a section with what has gathered.
func (r *resolver) close(s *section) {
	p := s.page
	out := flow.Section{
		Page:     flow.Page{Width: p.width, Height: p.height, Top: p.top, Right: p.right, Bottom: p.bottom, Left: p.left, Header: p.header, Footer: p.footer},
		Numbered: s.numbered, Nodes: r.nodes,
	}
	if r.letter() {
		out.Page.NumberAbove = letterLower
	}
	if s.first {
		out.First = &flow.First{}
		for _, p := range r.letterAbove() {
			out.First.Header = append(out.First.Header, r.paragraph(p))
		}
		for _, p := range letterBelow() {
			out.First.Footer = append(out.First.Footer, r.paragraph(p))
		}
	}
	r.sections = append(r.sections, out)
	r.nodes = nil
}

// paragraph resolves the style of a paragraph and what it says otherwise.
func (r *resolver) paragraph(p *paragraph) *flow.Paragraph {
	out := &flow.Paragraph{KeepNext: p.keepNext, Break: p.breakBefore, Height: line, First: 2 * character}
	s, styled := r.styles[p.style]
	if styled {
		out.KeepNext = out.KeepNext || s.keep
		out.After = s.after
		if s.height != 0 {
			out.Height = s.height
		}
		if s.flush {
			out.First, out.Left, out.Right = 0, s.left, s.right
		}
		if n, err := strconv.Atoi(s.outline); err == nil {
			out.Level = n + 1
		}
		switch p.style {
		case styleTitle:
			out.Role = flow.Title
		case styleCaption:
			out.Role = flow.Caption
		}
	}
	if p.spaced {
		out.Before, out.After = p.before, p.after
		if p.height != 0 {
			out.Height, out.Auto = p.height, p.rule == "auto"
		}
	}
	if p.indented {
		out.Left, out.Right, out.First = p.left, p.right, p.first
	}
	out.Align = aligned(p.align, s.align)
	if b := p.border; b != nil {
		out.Rule = &flow.Rule{Color: b.color, Eighths: b.eighths}
	}
	for _, t := range p.tabs {
		out.Tabs = append(out.Tabs, t.at)
	}
	for _, x := range p.runs {
		out.Runs = append(out.Runs, r.run(x, s))
	}
	return out
}

// aligned is the alignment of a paragraph, or else of its style.
func aligned(own, style Align) flow.Align {
	if own == "" {
		own = style
	}
	switch own {
	case Left:
		return flow.Left
	case Center:
		return flow.Center
	case Right:
		return flow.Right
	}
	return flow.Justify
}

// run resolves a run in a paragraph of a style; the zero style is the text.
func (r *resolver) run(x run, s style) flow.Run {
	out := flow.Run{Text: x.text, Face: string(FangSong), Size: int(SizeThree), Track: -5, Bold: x.bold, Color: s.color}
	if s.face != "" {
		out.Face = string(s.face)
	}
	if s.size != 0 {
		out.Size = int(s.size)
	}
	if s.loose {
		out.Track = 0
	}
	if x.face != "" {
		out.Face = string(x.face)
	}
	if x.size != 0 {
		out.Size = int(x.size)
	}
	if x.color != "" {
		out.Color = x.color
	}
	if d := x.drawing; d != nil {
		out.Picture = &flow.Picture{PNG: d.png, Drawing: d.sheet, Alt: d.alt, Width: d.width / emu, Height: d.height / emu}
	}
	return out
}

// table turns merges back into cells that cover rows.
func (r *resolver) table(t *table) *flow.Table {
	out := &flow.Table{Widths: t.widths, Split: t.split, Whole: t.whole}
	type place struct{ row, cell int }
	reach := make([]place, len(t.widths)) // the cell that reaches down into a column
	for i, row := range t.rows {
		fr := flow.Row{Head: row.head, Height: row.height}
		col := 0
		for _, c := range row.cells {
			if c.merge == "continue" {
				above := reach[col]
				out.Rows[above.row].Cells[above.cell].Down++
			} else {
				cell := flow.Cell{Column: col, Span: c.span, Down: 1, Top: c.top}
				for l := range strings.SplitSeq(c.run.text, "\n") {
					cell.Lines = append(cell.Lines, r.paragraph(c.paragraph(l, styleCell(t.size, row.head), t.size)))
				}
				reach[col] = place{i, len(fr.Cells)}
				fr.Cells = append(fr.Cells, cell)
			}
			col += c.span
		}
		out.Rows = append(out.Rows, fr)
	}
	return out
}
