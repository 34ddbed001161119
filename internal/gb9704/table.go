package gb9704

import (
	"strconv"
	"strings"
)

// cellMargin is between the rule and the text of a cell, 1 mm.
const cellMargin = 57

// wholeRows is how many rows a table may have, its head included, to stand on one page as a whole.
const wholeRows = 12

// tableSizes are the sizes that styles.xml has a cell style for.
func tableSizes() []Size {
	return []Size{SizeSmallFive, SizeFive, SizeSmallFour, SizeFour, SizeThree}
}

// table is a w:tbl, checked and with every cell in its place of the grid.
type table struct {
	widths []int
	rows   []tableRow
	size   Size
	split  bool
	whole  bool // its rows keep together, as far as a page allows
}

type tableRow struct {
	cells  []tableCell
	height int
	head   bool
}

type tableCell struct {
	span   int
	merge  string // "restart" for the top of a merge, "continue" below it
	width  int
	top    bool
	align  Align
	indent bool
	run    run // its text is one paragraph a line
}

func (c *composer) tableBlock(at string, b Table) {
	if c.problems.tooLarge {
		return
	}
	if b.Size == 0 {
		b.Size = SizeSmallFour
	}
	b.Face = c.face(at, b.Face)
	if !c.tableFits(at, b) {
		return
	}
	if b.Caption != "" {
		p := &paragraph{style: styleCaption, keepNext: true, runs: plain(c.text(at+".caption", b.Caption))}
		if before, ok := c.last(); ok && before.style == styleCaption {
			p.spaced, p.before = true, apart // a picture's caption stands above
		}
		c.add(p)
	}
	if b.Note != "" {
		c.add(&paragraph{style: styleNote, keepNext: true, runs: plain(c.text(at+".note", b.Note))})
	}
	t := &table{widths: c.widths(at, b.Columns), size: b.Size, split: b.Split}
	t.rows = append(c.rows(at+".head", b, b.Head, true, t.widths), c.rows(at+".rows", b, b.Rows, false, t.widths)...)
	if len(t.rows) == 0 {
		c.problems.add(at, "表格没有行", "the table has no rows")
		return
	}
	t.whole = !b.Split && len(t.rows) <= wholeRows
	c.add(t)
}

func (c *composer) tableFits(at string, b Table) bool {
	known := false
	for _, s := range tableSizes() {
		known = known || s == b.Size
	}
	if !known {
		c.problems.add(at+".size", "表格没有 %d 半磅的字号", "a table has no size of %d half points", int(b.Size))
		return false
	}
	if len(b.Columns) == 0 {
		c.problems.add(at+".columns", "表格没有列", "the table has no columns")
		return false
	}
	c.problems.cells += len(b.Columns) * (len(b.Rows) + len(b.Head))
	return c.problems.atMost(at, "columns", len(b.Columns), maxColumns) &&
		c.problems.atMost(at, "rows", len(b.Rows)+len(b.Head), maxRows) &&
		c.problems.atMost(at, "cells", c.problems.cells, maxCells)
}

// widths shares the text area: first what is given in mm, then the rest by weight, so that the sum is exact.
func (c *composer) widths(at string, columns []Column) []int {
	out := make([]int, len(columns))
	rest, weights := c.page.text(), 0
	for i, col := range columns {
		place := at + ".columns[" + strconv.Itoa(i) + "]"
		c.align(place, col.Align)
		if col.Width < 0 || col.Width > 1000 || col.Weight < 0 || col.Weight > 10_000 {
			c.problems.add(place, "列宽 %d 毫米、权重 %d 不成立", "a width of %d mm and a weight of %d make no column", col.Width, col.Weight)
			return out
		}
		if col.Width > 0 {
			out[i] = millimetres(col.Width)
			rest -= out[i]
		} else {
			weights += max(1, col.Weight)
		}
	}
	// 5 mm is one character with its margins; the text area may be exceeded by what rounding adds.
	if least := millimetres(5); rest < -len(columns) || weights > 0 && rest < least {
		c.problems.add(at+".columns", "各列合计比版心宽", "the columns are wider than the text area together")
		return out
	}
	for i, col := range columns {
		if col.Width == 0 {
			w := max(1, col.Weight)
			out[i] = rest * w / weights
			rest -= out[i]
			weights -= w
		}
	}
	return out
}

// reach is a cell that covers rows below its own.
type reach struct {
	rows int // still to cover
	cell tableCell
}

// rows puts the cells of rows into the grid, with an empty cell wherever one from above reaches down.
func (c *composer) rows(at string, b Table, rows []Row, head bool, widths []int) []tableRow {
	reaches := make([]reach, len(widths))
	out := make([]tableRow, 0, len(rows))
	for i, r := range rows {
		if c.problems.full() {
			return out
		}
		place := at + "[" + strconv.Itoa(i) + "]"
		if r.Height < 0 || r.Height > 1000 {
			c.problems.add(place+".height", "行高 %d 毫米不成立", "a height of %d mm makes no row", r.Height)
		}
		row := tableRow{height: millimetres(r.Height), head: head}
		next := 0
		for col := 0; col < len(widths); {
			if up := &reaches[col]; up.rows > 0 {
				up.rows--
				row.cells = append(row.cells, up.cell)
				col += up.cell.span
				continue
			}
			if next == len(r.Cells) {
				c.problems.add(place, "本行只到第 %d 列，表格有 %d 列", "the row ends at column %d of %d", col, len(widths))
				return out
			}
			cell, down, ok := c.cell(place+".cells["+strconv.Itoa(next)+"]", b, r.Cells[next], head, col, reaches, widths)
			if !ok {
				return out
			}
			cell.run.bold = cell.run.bold || r.Bold
			if down > 1 {
				below := cell
				below.merge, below.run = "continue", run{}
				reaches[col] = reach{down - 1, below}
			}
			row.cells = append(row.cells, cell)
			next++
			col += cell.span
		}
		if next < len(r.Cells) {
			c.problems.add(place, "本行多出 %d 格，表格有 %d 列", "the row has %d cells too many for %d columns", len(r.Cells)-next, len(widths))
			return out
		}
		out = append(out, row)
	}
	for col, up := range reaches {
		if up.rows > 0 {
			c.problems.add(at, "第 %d 列的合并格超出最后一行", "a merged cell in column %d reaches below the last row", col+1)
		}
	}
	return out
}

// cell checks one cell that begins in column col.
func (c *composer) cell(at string, b Table, in Cell, head bool, col int, reaches []reach, widths []int) (out tableCell, down int, ok bool) {
	span, down := max(1, in.Span), max(1, in.Down)
	if in.Span < 0 || in.Down < 0 || span > len(widths)-col {
		c.problems.add(at, "合并 %d 列 %d 行超出表格", "a cell of %d columns and %d rows does not fit", in.Span, in.Down)
		return out, 0, false
	}
	width := 0
	for i := col; i < col+span; i++ {
		if reaches[i].rows > 0 {
			c.problems.add(at, "与上方的合并格重叠", "the cell overlaps one that reaches down from above")
			return out, 0, false
		}
		width += widths[i]
	}
	out = tableCell{span: span, width: width, top: in.Top, align: c.align(at, in.Align), indent: in.Indent}
	out.run = run{text: c.text(at, in.Text), face: c.face(at, in.Face), bold: in.Bold}
	if down > 1 {
		out.merge = "restart"
	}
	if !head {
		if out.align == "" {
			out.align = b.Columns[col].Align
		}
		if out.run.face == "" {
			out.run.face = b.Face
		}
	}
	return out, down, true
}

func (t *table) write(m *markup) {
	m.open("w:tbl")
	m.open("w:tblPr")
	total := 0
	for _, w := range t.widths {
		total += w
	}
	m.leaf("w:tblW", "w:w", number(total), "w:type", "dxa")
	m.leaf("w:jc", "w:val", "center") // a table at the left edge sticks out by its margin in some versions of Word
	m.open("w:tblBorders")
	for _, side := range [...]string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		m.leaf("w:"+side, "w:val", "single", "w:sz", "4", "w:space", "0", "w:color", "auto")
	}
	m.close("w:tblBorders")
	m.leaf("w:tblLayout", "w:type", "fixed")
	cellMargins(m, 28, cellMargin)
	m.close("w:tblPr")
	m.open("w:tblGrid")
	for _, w := range t.widths {
		m.leaf("w:gridCol", "w:w", number(w))
	}
	m.close("w:tblGrid")
	for i, r := range t.rows {
		t.row(m, r, t.whole && i < len(t.rows)-1)
	}
	m.close("w:tbl")
}

func cellMargins(m *markup, high, wide int) {
	m.open("w:tblCellMar")
	for _, s := range [...]struct {
		side  string
		width int
	}{{"top", high}, {"left", wide}, {"bottom", high}, {"right", wide}} {
		m.leaf("w:"+s.side, "w:w", number(s.width), "w:type", "dxa")
	}
	m.close("w:tblCellMar")
}

// row writes a row; one that keeps with the next does so by its paragraphs, as Word has it.
func (t *table) row(m *markup, r tableRow, keep bool) {
	m.open("w:tr")
	if !t.split || r.head || r.height > 0 {
		m.open("w:trPr")
		if !t.split || r.head {
			m.leaf("w:cantSplit")
		}
		if r.height > 0 {
			m.leaf("w:trHeight", "w:val", number(r.height), "w:hRule", "atLeast")
		}
		if r.head {
			m.leaf("w:tblHeader")
		}
		m.close("w:trPr")
	}
	style := styleCell(t.size, r.head)
	for _, c := range r.cells {
		c.write(m, style, t.size, keep)
	}
	m.close("w:tr")
}

func (c tableCell) write(m *markup, style string, size Size, keep bool) {
	m.open("w:tc")
	m.open("w:tcPr")
	m.leaf("w:tcW", "w:w", number(c.width), "w:type", "dxa")
	if c.span > 1 {
		m.leaf("w:gridSpan", "w:val", number(c.span))
	}
	if c.merge != "" {
		m.leaf("w:vMerge", "w:val", c.merge)
	}
	if !c.top {
		m.leaf("w:vAlign", "w:val", "center")
	}
	m.close("w:tcPr")
	for l := range strings.SplitSeq(c.run.text, "\n") {
		p := c.paragraph(l, style, size)
		p.keepNext = keep
		p.write(m)
	}
	m.close("w:tc")
}

// paragraph is one line of the text of a cell.
func (c tableCell) paragraph(text, style string, size Size) *paragraph {
	p := &paragraph{style: style, align: c.align}
	if c.indent {
		p.indented, p.first = true, int(size)*20 // two characters
	}
	if text != "" {
		p.runs = []run{c.run}
		p.runs[0].text = text
	}
	return p
}

// imprintTable is the block at the foot of the last page: thick rules above and below, thin ones between (7.4.1).
type imprintTable struct {
	left, width          int
	ruled                bool // a letter's has no rules (10.1)
	copyTo, office, date string
}

func (t *imprintTable) write(m *markup) {
	m.open("w:tbl")
	m.open("w:tblPr")
	// The last rule lies on the lower edge of the text area. Sideways the page is the measure, since LibreOffice lets no table float
	// that is as wide as the text and measured from it.
	m.leaf("w:tblpPr", "w:leftFromText", "0", "w:rightFromText", "0", "w:topFromText", "0", "w:bottomFromText", "0",
		"w:vertAnchor", "margin", "w:horzAnchor", "page", "w:tblpX", number(t.left), "w:tblpYSpec", "bottom")
	m.leaf("w:tblOverlap", "w:val", "never")
	m.leaf("w:tblW", "w:w", number(t.width), "w:type", "dxa")
	if t.ruled {
		m.open("w:tblBorders")
		m.leaf("w:top", "w:val", "single", "w:sz", "8", "w:space", "0", "w:color", "auto") // 0.35 mm
		m.leaf("w:bottom", "w:val", "single", "w:sz", "8", "w:space", "0", "w:color", "auto")
		m.leaf("w:insideH", "w:val", "single", "w:sz", "6", "w:space", "0", "w:color", "auto") // 0.25 mm
		m.close("w:tblBorders")
	}
	m.leaf("w:tblLayout", "w:type", "fixed")
	cellMargins(m, 28, 0)
	m.close("w:tblPr")
	m.open("w:tblGrid")
	m.leaf("w:gridCol", "w:w", number(t.width))
	m.close("w:tblGrid")
	for _, p := range t.paragraphs() {
		t.row(m, p)
	}
	m.close("w:tbl")
}

// paragraphs are the lines of the imprint, one a row.
func (t *imprintTable) paragraphs() []*paragraph {
	const sign = 14 * 20 // one character of 四号
	var out []*paragraph
	if t.copyTo != "" {
		// Wrapped lines stand under the first character after the colon.
		out = append(out, &paragraph{style: styleImprint, indented: true, left: 4 * sign, right: sign, first: -3 * sign, runs: plain("抄送：" + t.copyTo)})
	}
	if t.office != "" || t.date != "" {
		p := &paragraph{style: styleImprint, indented: true, left: sign, right: sign, tabs: []tab{{"right", t.width - sign}}}
		p.runs = plain(t.office + "\t" + t.date)
		out = append(out, p)
	}
	return out
}

func (t *imprintTable) row(m *markup, p *paragraph) {
	m.open("w:tr")
	m.open("w:trPr")
	m.leaf("w:cantSplit")
	m.close("w:trPr")
	m.open("w:tc")
	m.open("w:tcPr")
	m.leaf("w:tcW", "w:w", number(t.width), "w:type", "dxa")
	m.close("w:tcPr")
	p.write(m)
	m.close("w:tc")
	m.close("w:tr")
}
