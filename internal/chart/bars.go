package chart

import (
	"strconv"

	"anlan/internal/drawing"
	"anlan/internal/quantity"
)

const (
	barPitch = 640 // from bar to bar
	barHigh  = 340
	markHigh = 500
	mostBars = 100
)

// Draw draws the bars, as high as their number asks; without bars the sheet says so. Past 100 bars only their number is told.
func (b Bars) Draw() *drawing.Sheet {
	bars := b.Bars[:min(len(b.Bars), mostBars)]
	if len(bars) == 0 {
		return empty()
	}
	var values []quantity.Null
	var grades []Grade
	names, figures := 0, 0
	for _, x := range bars {
		values = append(values, x.Value)
		if b.MarkName != "" {
			values = append(values, x.Mark)
		}
		grades = append(grades, x.Grade)
		names = max(names, drawing.Width(x.Name, words))
		figures = max(figures, drawing.Width(b.shown(x), words))
	}
	names = min(names, 5_000)
	const flags = 500 // for the shape of a grade
	s := spanOf(values)
	s.from = names + gap
	s.length = sheetWidth - s.from - figures - flags - gap
	top := 900
	bottom := top + len(bars)*barPitch
	c := canvas{drawing.Sheet{Width: sheetWidth, Height: bottom + 650}}
	c.legend(400, b.entries(&c, grades), b.Unit)
	c.grid(s, top, bottom)
	for i, x := range bars {
		middle := top + i*barPitch + barPitch/2
		base := middle + words*3/8
		c.text(s.from-gap, base, shortened(x.Name, words, names), words, ink, drawing.End)
		if x.Value.Valid {
			c.bar(s.at(0), middle-barHigh/2, s.at(x.Value.Decimal), middle+barHigh/2, x.Grade)
		}
		c.flag(x.Grade, s.from+s.length+gap+flags/2, middle, 150)
		color := ink
		if !x.Value.Valid {
			color = muted
		}
		c.text(sheetWidth, base, b.shown(x), words, color, drawing.End)
		if x.Mark.Valid && b.MarkName != "" {
			c.mark(s.at(x.Mark.Decimal), middle)
		}
	}
	c.line(s.at(0), top, s.at(0), bottom, 2*hairline, ink)
	if more := len(b.Bars) - len(bars); more > 0 {
		c.text(sheetWidth, bottom+small+100, "另有"+strconv.Itoa(more)+"项未绘出", small, muted, drawing.End)
	}
	return &c.Sheet
}

// grid draws the round values of a span that runs to the right.
func (c *canvas) grid(s span, top, bottom int) {
	for _, d := range s.ticks() {
		x := s.at(d)
		c.line(x, top, x, bottom, hairline, grid)
		c.text(x, bottom+small+100, tick(d), small, muted, drawing.Middle)
	}
}

// mark is the tick of a target over a bar, on a white ground so that it shows on a dark one.
func (c *canvas) mark(x, y int) {
	c.line(x, y-markHigh/2, x, y+markHigh/2, 130, white)
	c.line(x, y-markHigh/2, x, y+markHigh/2, 50, ink)
}

func (b Bars) entries(c *canvas, grades []Grade) []entry {
	var out []entry
	if b.MarkName != "" {
		out = append(out, entry{b.MarkName, func(x, y int) { c.line(x+signWidth/2, y-markHigh/3, x+signWidth/2, y+markHigh/3, 50, ink) }})
	}
	return append(out, c.grades(grades)...)
}

// shown is the figure of a bar, or the word for its absence.
func (b Bars) shown(x Bar) string {
	switch {
	case x.Value.Valid:
		return b.figure(x.Value.Decimal)
	case x.Absent != "":
		return x.Absent
	}
	return "未报"
}
