package gb9704

import (
	"strconv"
	"strings"
)

// composer turns a Document into the children of the body, collecting what is wrong with it on the way.
type composer struct {
	doc                        Document
	page                       page
	nodes                      []node
	numbers                    numbering
	pictures                   pictures
	problems                   problems
	titleText, subject, author string // properties of the file
	letterMark                 string // of a letter; it stands in the header
	shapes                     int    // drawings so far; each needs a number of its own
	broken                     bool   // the next block begins a page
	turned                     bool   // a section has ended
}

// compose makes a document for WordprocessingML, which can hold every character of XML.
func compose(d Document) (*composer, error) { return composeFor(d, nil) }

// composeFor walks the document from the head to the imprint. shown reports which characters can be shown; nil: all.
func composeFor(d Document, shown func(rune) bool) (*composer, error) {
	c := &composer{doc: d}
	c.problems.shown = shown
	c.lay(d.Landscape)
	c.problems.mend = d.Mend
	c.head()
	c.title()
	c.blocks("body", d.Body)
	c.annexList()
	c.signature()
	c.remark()
	c.annexes()
	c.imprint()
	c.subject, c.author = c.text("subject", d.Subject), c.text("author", d.Author)
	if err := c.problems.err(); err != nil {
		return nil, err
	}
	c.end()
	return c, nil
}

// text checks a text of the document and mends it where that is wanted.
func (c *composer) text(place, s string) string { return c.problems.check(place, s) }

// add appends a node, on a new page where one is due.
func (c *composer) add(n node) {
	if c.broken {
		c.broken = false
		if p, ok := n.(*paragraph); ok {
			p.breakBefore = true
		} else {
			c.nodes = append(c.nodes, &paragraph{style: styleHair, breakBefore: true})
		}
	}
	if _, text := n.(*paragraph); !text && c.afterTable() {
		c.nodes = append(c.nodes, &paragraph{style: styleHair}) // two tables that touch become one
	}
	c.nodes = append(c.nodes, n)
}

func (c *composer) title() {
	if len(c.doc.Title) > 0 {
		above := 0
		if c.doc.Head != nil {
			above = 2 * line // 7.3.1: two lines under the red rule
		}
		lines := c.lines("title", c.doc.Title)
		c.titleText = strings.Join(lines, "")
		c.heading(lines, above)
	}
	if c.doc.Subtitle != "" {
		c.add(&paragraph{style: styleSubtitle, keepNext: true, runs: plain(c.text("subtitle", c.doc.Subtitle))})
	}
	if c.doc.To != "" {
		c.add(&paragraph{style: styleTo, runs: plain(ended(c.text("to", c.doc.To), "：", ":"))})
	}
}

// heading writes the lines of a title and leaves one line free under them.
func (c *composer) heading(lines []string, above int) {
	p := &paragraph{style: styleTitle, keepNext: true, spaced: true, before: above, after: line}
	p.runs = plain(joined(lines))
	if c.doc.Subtitle != "" {
		p.after = 0
	}
	c.add(p)
}

// lines checks each line of a title.
func (c *composer) lines(place string, lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = c.text(place+"["+strconv.Itoa(i)+"]", l)
	}
	return out
}

// plain is a text in the face of its style.
func plain(s string) []run { return []run{{text: s}} }

// ended is s with a mark at its end unless one of some marks is there.
func ended(s, mark string, others ...string) string {
	s = strings.TrimRight(s, " \n\t")
	for _, o := range append(others, mark) {
		if strings.HasSuffix(s, o) {
			return s
		}
	}
	return s + mark
}

// blocks composes a body.
func (c *composer) blocks(place string, blocks []Block) {
	c.numbers = numbering{}
	c.problems.atMost(place, "blocks", len(blocks), maxBlocks)
	for i, b := range blocks {
		if c.problems.full() {
			return
		}
		at := place + "[" + strconv.Itoa(i) + "]"
		switch b := b.(type) {
		case Heading:
			c.headingBlock(at, b)
		case Paragraph:
			c.paragraphBlock(at, b)
		case Table:
			c.tableBlock(at, b)
		case Picture:
			c.pictureBlock(at, b)
		case PageBreak:
			c.broken = true
		default:
			c.problems.add(at, "这里没有内容", "there is no block here")
		}
	}
}

func (c *composer) headingBlock(at string, h Heading) {
	if h.Level < 1 || h.Level > 4 {
		c.problems.add(at+".level", "标题层次应为 1 至 4，不是 %d", "the level of a heading is 1 to 4, not %d", h.Level)
		return
	}
	text := c.text(at+".number", c.numbers.of(h)) + c.text(at+".text", h.Text)
	p := &paragraph{style: styleHeading(h.Level), keepNext: h.Run == "", runs: plain(text)}
	if h.Run != "" {
		p.runs = append(p.runs, run{text: c.text(at+".run", h.Run), face: FangSong})
	}
	c.add(p)
}

func (c *composer) paragraphBlock(at string, b Paragraph) {
	p := &paragraph{align: c.align(at, b.Align)}
	if b.Text != "" || len(b.Spans) == 0 {
		p.runs = plain(c.text(at+".text", b.Text))
	}
	for i, s := range b.Spans {
		place := at + ".spans[" + strconv.Itoa(i) + "]"
		p.runs = append(p.runs, run{text: c.text(place, s.Text), face: c.face(place, s.Face), bold: s.Bold})
	}
	p.indented = b.Flush || b.Align == Center || b.Align == Right
	c.add(p)
}

// align refuses an alignment that the format does not know.
func (c *composer) align(at string, a Align) Align {
	switch a {
	case "", Left, Center, Right, Justify:
		return a
	}
	c.problems.add(at+".align", "没有“%s”这种对齐方式", "there is no alignment %q", c.problems.quote(string(a)))
	return ""
}

// face refuses a face without an entry in the font table.
func (c *composer) face(at string, f Face) Face {
	switch f {
	case "", FangSong, KaiTi, HeiTi, BiaoSong, SongTi:
		return f
	}
	c.problems.add(at+".face", "没有“%s”这种字体", "there is no face %q", c.problems.quote(string(f)))
	return ""
}

// end closes the last section.
func (c *composer) end() {
	if len(c.nodes) == 0 {
		c.add(&paragraph{})
	}
	if c.afterTable() || c.broken {
		c.add(&paragraph{style: styleHair})
	}
}

// afterTable reports whether a table was the last node; a paragraph must follow it.
func (c *composer) afterTable() bool {
	_, ok := c.last()
	return !ok && len(c.nodes) > 0
}

// turn ends the section here, so that the next page may lie otherwise.
func (c *composer) turn() {
	s := c.section()
	c.turned = true
	if p, ok := c.last(); ok && p.section == nil {
		p.section = s
		return
	}
	c.add(&paragraph{style: styleHair, section: s})
}

// last is the last node where that is a paragraph.
func (c *composer) last() (*paragraph, bool) {
	if len(c.nodes) == 0 {
		return nil, false
	}
	p, ok := c.nodes[len(c.nodes)-1].(*paragraph)
	return p, ok
}

// section is the paper of the pages that end now. Only the first section of a letter has a first page of its own.
func (c *composer) section() *section {
	return &section{page: c.page, numbered: !c.doc.Unpaged, first: c.letter() && !c.turned}
}

// lay takes the paper for the pages that follow.
func (c *composer) lay(landscape bool) {
	c.page = pageOf(landscape)
	if c.letter() {
		c.page.header = letterHeaderAt
		c.page.footer -= letterLower
	}
}

func (c *composer) letter() bool { return c.doc.Head != nil && c.doc.Head.Letter }

// joined are lines as one text.
func joined(lines []string) string { return strings.Join(lines, "\n") }
