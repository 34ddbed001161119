package chart

import (
	"math"
	"strings"

	"anlan/internal/drawing"
	"anlan/internal/quantity"
)

// Inks of charts. Only a lag has a colour of warning.
const (
	ink     drawing.Color = 0x14283A
	muted   drawing.Color = 0x52677A
	grid    drawing.Color = 0xD7E0E8
	primary drawing.Color = 0x0F5E9C
	pale    drawing.Color = 0x9DB4C8
	white   drawing.Color = 0xFFFFFF
	yellow  drawing.Color = 0xF2C200
	orange  drawing.Color = 0xE8710A
	red     drawing.Color = 0xC81E1E
)

// Measures in hundredths of a millimetre.
const (
	sheetWidth = 15_600 // the text area of GB/T 9704-2012
	words      = 350    // size of characters, about 10 pt
	small      = 300
	hairline   = 12
	gap        = 200
	most       = 400 // columns or points that are drawn
)

// canvas is a sheet while it is drawn.
type canvas struct{ drawing.Sheet }

func (c *canvas) add(s ...drawing.Shape) { c.Shapes = append(c.Shapes, s...) }

func (c *canvas) line(x1, y1, x2, y2, thick int, color drawing.Color, dashes ...int) {
	c.add(drawing.Line{Points: []drawing.Point{{X: x1, Y: y1}, {X: x2, Y: y2}}, Thick: thick, Ink: color, Dashes: dashes})
}

func (c *canvas) text(x, y int, s string, size int, color drawing.Color, a drawing.Anchor) {
	if s != "" {
		c.add(drawing.Text{At: drawing.Point{X: x, Y: y}, Words: s, Size: size, Ink: color, Anchor: a})
	}
}

// empty is a sheet that says that there is nothing to show.
func empty() *drawing.Sheet {
	c := canvas{drawing.Sheet{Width: sheetWidth, Height: 2_000}}
	c.text(sheetWidth/2, 1_100, "暂无数据", words, muted, drawing.Middle)
	return &c.Sheet
}

// span is a range of values over a length of the sheet.
type span struct {
	low, high, step quantity.Decimal
	from, length    int // where low is, and how far high is from there
}

// spanOf covers values and zero with four to ten round steps.
func spanOf(values []quantity.Null) span {
	var low, high quantity.Decimal
	for _, v := range values {
		if v.Valid {
			low, high = min(low, v.Decimal), max(high, v.Decimal)
		}
	}
	if low == high {
		high = quantity.Int(1)
	}
	width := float64(high) - float64(low)
	step := quantity.Decimal(1)
	for grow := 0; width/float64(step) > 5 && step < math.MaxInt64/10; grow++ {
		switch grow % 3 {
		case 0, 2:
			step *= 2
		default:
			step = step / 2 * 5
		}
	}
	s := span{step: step}
	s.low = -((-low + step - 1) / step) * step
	s.high = (high + step - 1) / step * step
	if low < -math.MaxInt64/2 || high > math.MaxInt64/2 { // room for no rounding up
		s.low, s.high, s.step = low, high, high/2-low/2
	}
	return s
}

// at is where a value stands.
func (s span) at(d quantity.Decimal) int {
	part := (float64(d) - float64(s.low)) / (float64(s.high) - float64(s.low))
	return s.from + int(math.Round(part*float64(s.length)))
}

// ticks are the round values of the span.
func (s span) ticks() []quantity.Decimal {
	var out []quantity.Decimal
	for d := s.low; d <= s.high && len(out) < 12; d += s.step {
		out = append(out, d)
	}
	return out
}

// tick writes a round value without decimals that say nothing.
func tick(d quantity.Decimal) string { return d.String() }

// figure writes a value with the decimals of the chart.
func (s Scale) figure(d quantity.Decimal) string { return d.Fixed(min(max(s.Decimals, 0), 6)) }

// shortened is s cut to a width, with a mark where something is missing.
func shortened(s string, size, width int) string {
	if drawing.Width(s, size) <= width {
		return s
	}
	r := []rune(s)
	for len(r) > 0 && drawing.Width(string(r), size)+size > width {
		r = r[:len(r)-1]
	}
	return string(r) + "…"
}

// flag draws the shape of a grade around a centre: yellow square, orange diamond, red triangle, each with an edge for black and white.
func (c *canvas) flag(g Grade, x, y, half int) {
	p := drawing.Polygon{Fill: gradeColor(g), Edge: ink, Thick: hairline}
	switch g {
	case Lag:
		half = half * 4 / 5
		p.Points = []drawing.Point{{X: x - half, Y: y - half}, {X: x + half, Y: y - half}, {X: x + half, Y: y + half}, {X: x - half, Y: y + half}}
	case Severe:
		p.Points = []drawing.Point{{X: x, Y: y - half}, {X: x + half, Y: y}, {X: x, Y: y + half}, {X: x - half, Y: y}}
	case Overdue:
		p.Points = []drawing.Point{{X: x, Y: y - half}, {X: x + half, Y: y + half}, {X: x - half, Y: y + half}}
	default:
		return
	}
	c.add(p)
}

func gradeColor(g Grade) drawing.Color {
	switch g {
	case Lag:
		return yellow
	case Severe:
		return orange
	case Overdue:
		return red
	}
	return primary
}

func gradeName(g Grade) (zh, en string) {
	switch g {
	case Lag:
		return "滞后", "lags"
	case Severe:
		return "严重滞后", "lags badly"
	case Overdue:
		return "逾期", "overdue"
	}
	return "", ""
}

// entry is one name of a legend with what draws its sign left of x.
type entry struct {
	name string
	sign func(x, y int) // in a box of signWidth from x, centred on y
}

const signWidth = 600

// legend writes entries from the left at the height y, and the unit at the right.
func (c *canvas) legend(y int, entries []entry, unit string) {
	x := 0
	for _, e := range entries {
		e.sign(x, y-words*3/8)
		x += signWidth + words/3
		c.text(x, y, e.name, words, ink, drawing.Start)
		x += drawing.Width(e.name, words) + words
	}
	if unit != "" {
		c.text(sheetWidth, y, "单位："+unit, words, muted, drawing.End)
	}
}

// grades are the legend entries of the lags that occur.
func (c *canvas) grades(all []Grade) []entry {
	var out []entry
	for _, g := range []Grade{Lag, Severe, Overdue} {
		for _, has := range all {
			if has == g {
				zh, _ := gradeName(g)
				out = append(out, entry{zh, func(x, y int) { c.flag(g, x+signWidth/2, y, 140) }})
				break
			}
		}
	}
	return out
}

// bar is an upright rectangle between two corners in the colour of a grade; a lag has an edge.
func (c *canvas) bar(x1, y1, x2, y2 int, g Grade) {
	r := drawing.Rect(min(x1, x2), min(y1, y2), max(x1, x2)-min(x1, x2), max(y1, y2)-min(y1, y2), gradeColor(g))
	if g != Fair {
		r.Edge, r.Thick = ink, hairline
	}
	c.add(r)
}

// joined is a list as a sentence of either language.
func joined(parts []string, sep, end string) string { return strings.Join(parts, sep) + end }
