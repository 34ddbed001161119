package gb9704

// Lengths are twips, 1/20 point, as the format counts them; 1 mm is 56.69 twips.

// character is the advance of one character of the text: 16 pt less the 0.25 pt that let 28 of them into 156 mm (5.2.3).
const character = 315

// line is the height of a line of the text: 22 of them fill 225 mm (5.2.3).
const line = 579

// hair is the least height that a paragraph can have in Word. 22 lines and a hair still fit on a page.
const hair = 14

// apart is above a picture, and between it and a table that follows.
const apart = 160

// page is the paper and its margins.
type page struct {
	width, height, top, right, bottom, left, header, footer int
	landscape                                               bool
}

// portrait is A4 with the text area of 5.2.1: 37 mm above, 28 mm at the left, 156 × 225 mm.
func portrait() page {
	return page{width: 11906, height: 16838, top: 2098, right: 1474, bottom: 1984, left: 1587, header: 851, footer: 1304}
}

// crosswise is the same text area turned, so that the binding edge is above (clause 8).
func crosswise() page {
	return page{width: 16838, height: 11906, top: 1587, right: 2098, bottom: 1474, left: 1984, header: 851, footer: 794, landscape: true}
}

func pageOf(landscape bool) page {
	if landscape {
		return crosswise()
	}
	return portrait()
}

// text is the width of the text area.
func (p page) text() int { return p.width - p.left - p.right }

// body is the height of the text area.
func (p page) body() int { return p.height - p.top - p.bottom }

// millimetres turns mm into twips.
func millimetres(mm int) int { return (mm*14400 + 127) / 254 }

// halves is the width of a text in half characters: ASCII takes one, all else two.
func halves(s string) int {
	n := 0
	for _, r := range s {
		if r < 0x80 {
			n++
		} else {
			n += 2
		}
	}
	return n
}
