package gb9704

import (
	"strconv"
)

// annexList names the enclosures one line under the text (7.3.4): 附件 two characters in, wrapped lines under the first character of
// the name, no mark after a name.
func (c *composer) annexList() {
	all := c.doc.Annexes
	c.problems.atMost("annexes", "enclosures", len(all), maxBlocks)
	for i, a := range all {
		if c.problems.full() {
			return
		}
		lead, number := "", ""
		at := 5 * character // 附件： is three characters wide and stands two in
		hang := 0
		if i == 0 {
			lead, hang = "附件：", 3*character
		}
		if len(all) > 1 {
			number = strconv.Itoa(i+1) + ".\t"
			wide := (2 + len(strconv.Itoa(len(all)))) * character / 2
			at, hang = at+wide, hang+wide
		}
		p := &paragraph{style: styleAnnexList, indented: true, left: at, first: -hang, spaced: true}
		if i == 0 {
			p.before = line
		}
		p.runs = plain(lead + number + c.text("annexes["+strconv.Itoa(i)+"].name", a.Name))
		c.add(p)
	}
}

// signature writes who and when at the right (7.3.5), never alone on a page.
func (c *composer) signature() {
	s := c.doc.Sign
	if s == nil {
		return
	}
	if p, ok := c.last(); ok {
		p.keepNext = true
	}
	date := c.text("sign.date", s.Date)
	who := make([]string, len(s.Organisations))
	wide := 0
	for i, o := range s.Organisations {
		who[i] = c.text("sign.organisations["+strconv.Itoa(i)+"]", o)
		wide = max(wide, halves(who[i]))
	}
	above := 2 * line // room for the head of the seal
	if s.Unsealed {
		above = line
	}
	right, dateRight := placed(s.Unsealed, wide, halves(date))
	for i, o := range who {
		p := &paragraph{style: styleSign, keepNext: date != "" || i+1 < len(who), indented: true, spaced: true}
		p.right = max(0, right+(wide-halves(o))*character/4) // the shorter are centred on the longest
		if i == 0 {
			p.before = above
		}
		p.runs = plain(o)
		c.add(p)
	}
	if date != "" {
		p := &paragraph{style: styleSign, indented: true, right: dateRight, spaced: true, runs: plain(date)}
		if len(who) == 0 {
			p.before = above
		}
		c.add(p)
	}
}

// placed are the right indents of the organisation and the date, of widths in halves.
func placed(unsealed bool, who, date int) (organisation, day int) {
	const half = character / 2
	if unsealed {
		// 7.3.5.2: the date begins two characters right of the organisation; the one that reaches further stands two in.
		organisation = 2 * character
		day = organisation + (who-date)*half - 2*character
		if day < 2*character {
			organisation += 2*character - day
			day = 2 * character
		}
		return organisation, day
	}
	// 7.3.5.1: the date four in, the organisation centred on it, but inside the text area.
	day = 4 * character
	if organisation = day + (date-who)*half/2; organisation < 0 {
		day -= organisation
		organisation = 0
	}
	return organisation, day
}

// remark writes a remark in brackets on the line after the date (7.3.6).
func (c *composer) remark() {
	if c.doc.Remark != "" {
		c.add(&paragraph{runs: plain("（" + c.text("remark", c.doc.Remark) + "）")})
	}
}

// annexes writes the enclosures on their own pages, before the imprint (7.3.7).
func (c *composer) annexes() {
	for i, a := range c.doc.Annexes {
		if a.Body == nil || c.problems.full() {
			continue
		}
		place := "annexes[" + strconv.Itoa(i) + "]"
		if a.Landscape != c.page.landscape {
			c.turn()
			c.lay(a.Landscape)
		} else {
			c.broken = true
		}
		name := "附件"
		if len(c.doc.Annexes) > 1 {
			name += strconv.Itoa(i + 1)
		}
		c.add(&paragraph{style: styleTo, keepNext: true, runs: []run{{text: name, face: HeiTi}}})
		lines := a.Title
		if lines == nil {
			lines = BreakTitle(a.Name)
		}
		// The title stands on the third line.
		c.add(&paragraph{style: styleTitle, keepNext: true, spaced: true, before: line, after: line, runs: plain(joined(c.lines(place+".title", lines)))})
		c.blocks(place+".body", a.Body)
	}
}

// imprint writes the block at the foot of the last page (7.4) as a table that floats at the lower edge of the text area.
func (c *composer) imprint() {
	i := c.doc.Imprint
	if i == nil {
		return
	}
	t := &imprintTable{left: c.page.left, width: c.page.text(), ruled: !c.letter()}
	if c.letter() && (i.Office != "" || i.Date != "") {
		c.problems.add("imprint", "信函格式的版记不加印发机关和印发日期", "the imprint of a letter names no printer and no day")
	}
	if i.CopyTo != "" {
		t.copyTo = ended(c.text("imprint.copy_to", i.CopyTo), "。")
	}
	t.office = c.text("imprint.office", i.Office)
	if date := c.text("imprint.date", i.Date); date != "" {
		t.date = date + "印发"
	}
	if t.copyTo == "" && t.office == "" && t.date == "" {
		return
	}
	c.add(t)
}
