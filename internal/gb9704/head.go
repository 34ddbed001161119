package gb9704

import (
	"strconv"
	"strings"
)

const (
	red = "FF0000"

	// headSpace is from the top of the text area to the top of the mark, 35 mm (7.2.4).
	headSpace = 1984

	// ruleGap is from the document number to the red rule, 4 mm (7.2.7).
	ruleGap = 227

	markMost  = 100 // half points: the largest mark
	markLeast = 44
)

// head writes the part above the red rule (7.2).
func (c *composer) head() {
	h := c.doc.Head
	if h == nil {
		return
	}
	if h.Letter {
		c.letterHead()
		return
	}
	lines := c.headLines()
	for _, runs := range lines {
		c.add(&paragraph{style: styleTo, runs: runs})
	}
	if h.Mark != "" {
		c.mark(max(headSpace-len(lines)*line, 0))
	}
	c.number()
	if h.Mark != "" {
		c.add(&paragraph{style: styleHair, spaced: true, height: ruleGap, border: &border{"bottom", "single", red, 18}})
	}
}

// headLines are the number of the copy, the secrecy and the urgency, each at the left edge of a line (7.2.1 to 7.2.3).
func (c *composer) headLines() [][]run {
	h := c.doc.Head
	var out [][]run
	for _, l := range []struct {
		name, text string
		face       Face
	}{{"copy", h.Copy, FangSong}, {"secrecy", h.Secrecy, HeiTi}, {"urgency", h.Urgency, HeiTi}} {
		if l.text != "" {
			out = append(out, []run{{text: c.text("head."+l.name, l.text), face: l.face}})
		}
	}
	return out
}

// mark writes the name of the organisation in red.
func (c *composer) mark(above int) {
	text := c.text("head.mark", c.doc.Head.Mark)
	size := markSize(text, c.page.text())
	c.add(&paragraph{
		style: styleMark, spaced: true, before: above, height: size * 12, // 1.2 of the size
		runs: []run{{text: text, size: Size(size)}},
	})
}

// markSize is as large as one line of a width in twips allows, in half points: two halves of a character are as wide as it is high.
func markSize(text string, width int) int {
	size := markMost
	if n := halves(text); n > 0 {
		size = min(size, width/10*2/n)
	}
	return max(size, markLeast)
}

// number writes the document number two lines under the mark: in the middle, or at the left with the signers at the right (7.2.5, 7.2.6).
func (c *composer) number() {
	h := c.doc.Head
	number := c.text("head.number", h.Number)
	above := 2 * line
	if h.Mark == "" {
		above = 0
	}
	if len(h.Signers) == 0 {
		if number != "" {
			c.add(&paragraph{style: styleNumber, spaced: true, before: above, runs: plain(number)})
		}
		return
	}
	rows := c.signers()
	for i, r := range rows {
		p := &paragraph{
			style: styleNumber, spaced: true, align: Left,
			indented: true, left: character, right: character, tabs: []tab{{"right", c.page.text() - character}},
		}
		if i == 0 {
			p.before = above
		}
		first := "\t"
		if i == len(rows)-1 {
			first = number + "\t" // on the line of the last signer
		}
		p.runs = append([]run{{text: first}}, r...)
		c.add(p)
	}
}

// signers are the lines of names, two each, the second line under the names of the first.
func (c *composer) signers() [][]run {
	names := make([]string, len(c.doc.Head.Signers))
	width := 0
	for i, s := range c.doc.Head.Signers {
		names[i] = spread(c.text("head.signers["+strconv.Itoa(i)+"]", s))
		width = max(width, halves(names[i]))
	}
	var rows [][]run
	for i := 0; i < len(names); i += 2 {
		lead := "签发人："
		if i > 0 {
			lead = "　　　　"
		}
		pair := names[i]
		if i+1 < len(names) {
			pair = padded(pair, width) + "　" + names[i+1]
		} else if i > 0 {
			pair = padded(pair, 2*width+2)
		}
		rows = append(rows, []run{{text: lead}, {text: pair, face: KaiTi}})
	}
	return rows
}

// spread sets a name of two characters as wide as one of three.
func spread(name string) string {
	if r := []rune(name); len(r) == 2 && halves(name) == 4 {
		return string(r[0]) + "　" + string(r[1])
	}
	return name
}

// padded is s with wide blanks up to a width in halves.
func padded(s string, width int) string {
	return s + strings.Repeat("　", max(0, (width-halves(s)+1)/2))
}
