package gb9704

// The form of a letter (10.1): the mark 30 mm under the edge of the paper and a double rule 4 mm under it, both in the header of the
// first page; another double rule 20 mm above the lower edge, in its footer; rules of 170 mm; no number on that page.
const (
	letterHeaderAt = 1701 // 30 mm
	letterLower    = 170  // how much lower than other footers: 20 mm above the edge, not 23

	// The rules are longer than the lines of text, 20 mm from either edge of the paper.
	letterLeft  = -454
	letterRight = -340

	// letterGap is between a rule and the text next to it, 7/8 of the height of a 三号 character.
	letterGap = 280

	thick, thin = 18, 6 // eighths of a point
)

// letterHead begins the text under the first rule: what stands at the left edge, and the document number at the right one.
func (c *composer) letterHead() {
	h := c.doc.Head
	if c.doc.Landscape {
		c.problems.add("head.letter", "信函格式不能横排", "the form of a letter is upright")
	}
	if h.Mark == "" {
		c.problems.add("head.mark", "信函格式须有发文机关标志", "a letter has the mark of who issues it")
	}
	if len(h.Signers) > 0 {
		c.problems.add("head.signers", "信函格式没有签发人", "a letter names no signers")
	}
	c.letterMark = c.text("head.mark", h.Mark)
	number := c.text("head.number", h.Number)
	lines := c.headLines()
	if len(lines) == 0 {
		lines = [][]run{nil}
	}
	for i, runs := range lines {
		p := &paragraph{style: styleTo, spaced: true, runs: runs}
		if i == 0 {
			p.before = letterGap
			p.tabs = []tab{{"right", c.page.text()}}
			p.runs = append(p.runs, run{text: "\t" + number})
		}
		c.add(p)
	}
}

// letterHeader is the header of the first page. A thick and a thin rule are borders of two paragraphs: programs disagree on which
// line of a double border lies above.
func (c *composer) letterHeader() part {
	p := part{name: "word/header1.xml", kind: wordType + "header+xml", id: idLetterHeader, role: "header"}
	return xmlPart(p, "w:hdr", wordAttrs(), func(m *markup) {
		for _, q := range c.letterAbove() {
			q.write(m)
		}
	})
}

// letterAbove is the mark and the rules under it.
func (c *composer) letterAbove() []*paragraph {
	size := markSize(c.letterMark, portrait().text()) // a letter is upright, whatever its last enclosure is
	return []*paragraph{
		{style: styleMark, spaced: true, height: size * 12, runs: []run{{text: c.letterMark, size: Size(size)}}},
		letterRule(thick, ruleGap),
		letterRule(thin, 30),
	}
}

// letterBelow are the rules at the foot of the first page.
func letterBelow() []*paragraph {
	return []*paragraph{letterRule(thin, hair), letterRule(thick, 30)}
}

// letterFooter is the footer of the first page.
func (c *composer) letterFooter() part {
	p := part{name: "word/footer3.xml", kind: wordType + "footer+xml", id: idLetterFooter, role: "footer"}
	return xmlPart(p, "w:ftr", wordAttrs(), func(m *markup) {
		for _, q := range letterBelow() {
			q.write(m)
		}
	})
}

func letterRule(eighths, height int) *paragraph {
	return &paragraph{
		style: styleHair, spaced: true, height: height, border: &border{"bottom", "single", red, eighths},
		indented: true, left: letterLeft, right: letterRight,
	}
}
