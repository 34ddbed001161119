package chart

import (
	"anlan/internal/drawing"
	"anlan/internal/quantity"
)

const (
	plotTop    = 1_000
	plotBottom = 6_700
	plotHeight = 7_300
)

// Draw draws the columns; without any the sheet says so. Past 400 columns no more are drawn.
func (c Columns) Draw() *drawing.Sheet {
	columns := c.Columns[:min(len(c.Columns), most)]
	if len(columns) == 0 {
		return empty()
	}
	values := make([]quantity.Null, 0, 2*len(columns))
	labels, plans := make([]string, len(columns)), make([]quantity.Null, len(columns))
	var grades []Grade
	for i, x := range columns {
		labels[i] = x.Label
		values = append(values, x.Value)
		if c.PlanName != "" {
			plans[i] = x.Plan
			values = append(values, x.Plan)
		}
		grades = append(grades, x.Grade)
	}
	p := newPlot(values, labels)
	var entries []entry
	if c.Name != "" {
		entries = append(entries, entry{c.Name, func(x, y int) { p.bar(x+80, y-140, x+signWidth-80, y+140, Fair) }})
	}
	plan := pen{color: muted, thick: 45, dashes: []int{160, 110}, dot: 1}
	if c.PlanName != "" {
		entries = append(entries, entry{c.PlanName, func(x, y int) { p.sample(plan, x, y) }})
	}
	p.legend(400, append(entries, p.grades(grades)...), c.Unit)
	p.axes()
	wide := min(p.pitch()*6/10, 900)
	for i, x := range columns {
		middle := p.x(i)
		if x.Value.Valid {
			p.bar(middle-wide/2, p.at(0), middle+wide/2, p.at(x.Value.Decimal), x.Grade)
		} else {
			p.text(middle, p.at(0)-100, "—", small, muted, drawing.Middle)
		}
	}
	p.follow(plan, plans)
	c.labels(p, columns)
	p.zero()
	return &p.Sheet
}

// labels writes the figures over the columns where all of them have room, and the shapes of lags.
func (c Columns) labels(p *plot, columns []Column) {
	room := true
	for _, x := range columns {
		room = room && (!x.Value.Valid || drawing.Width(c.figure(x.Value.Decimal), small) < p.pitch()-40)
	}
	for i, x := range columns {
		if !x.Value.Valid {
			continue
		}
		y := min(p.at(x.Value.Decimal), p.at(0)) - 90
		if room {
			s := c.figure(x.Value.Decimal)
			half := drawing.Width(s, small)/2 + 30
			p.add(drawing.Rect(p.x(i)-half, y-small*9/10, 2*half, small*11/10, white)) // the plan line may pass here
			p.text(p.x(i), y, s, small, ink, drawing.Middle)
			y -= small + 60
		}
		p.flag(x.Grade, p.x(i), y-60, 130)
	}
}

// Draw draws the lines; without labels or lines the sheet says so. Past six lines no more are drawn, and past 400 points.
func (l Lines) Draw() *drawing.Sheet {
	labels := l.Labels[:min(len(l.Labels), most)]
	lines := l.Lines[:min(len(l.Lines), len(pens))]
	if len(labels) == 0 || len(lines) == 0 {
		return empty()
	}
	var values []quantity.Null
	for _, x := range lines {
		values = append(values, x.Values[:min(len(x.Values), len(labels))]...)
	}
	p := newPlot(values, labels)
	var entries []entry
	for i, x := range lines {
		entries = append(entries, entry{x.Name, func(x, y int) { p.sample(pens[i], x, y) }})
	}
	p.legend(400, entries, l.Unit)
	p.axes()
	for i := len(lines) - 1; i >= 0; i-- { // the first over all others
		p.follow(pens[i], lines[i].Values[:min(len(lines[i].Values), len(labels))])
	}
	p.zero()
	return &p.Sheet
}

// pen is how a line looks. Each differs from the others in black and white too.
type pen struct {
	color  drawing.Color
	thick  int
	dashes []int
	dot    int // 0 none, 1 round, 2 square, 3 diamond, 4 triangle
}

// pens are those of the lines in their order: this year, last year, plan, and three more.
var pens = [...]pen{
	{primary, 70, nil, 1},
	{pale, 45, nil, 2},
	{muted, 45, []int{160, 110}, 0},
	{ink, 45, nil, 4},
	{ink, 45, []int{60, 90}, 3},
	{muted, 30, nil, 2},
}

// plot is a canvas with values upward and places from left to right.
type plot struct {
	canvas
	span
	labels []string
	left   int
}

func newPlot(values []quantity.Null, labels []string) *plot {
	p := &plot{span: spanOf(values), labels: labels}
	p.Width, p.Height = sheetWidth, plotHeight
	p.from, p.length = plotBottom, plotTop-plotBottom
	for _, d := range p.ticks() {
		p.left = max(p.left, drawing.Width(tick(d), small))
	}
	p.left += gap
	return p
}

func (p *plot) pitch() int       { return (sheetWidth - p.left) / len(p.labels) }
func (p *plot) x(i int) int      { return p.left + i*p.pitch() + p.pitch()/2 }
func (p *plot) ends() (a, b int) { return p.left, sheetWidth }

// axes draws the round values and the labels, of which some are left out where they would touch.
func (p *plot) axes() {
	a, b := p.ends()
	for _, d := range p.ticks() {
		y := p.at(d)
		p.line(a, y, b, y, hairline, grid)
		p.text(a-gap/2, y+small*3/8, tick(d), small, muted, drawing.End)
	}
	widest := 1
	for _, l := range p.labels {
		widest = max(widest, drawing.Width(l, small)+100)
	}
	every := (widest + p.pitch() - 1) / max(1, p.pitch())
	for i := 0; i < len(p.labels); i += every {
		p.text(p.x(i), plotBottom+small+100, p.labels[i], small, ink, drawing.Middle)
	}
}

// zero draws the line of zero over all else.
func (p *plot) zero() {
	a, b := p.ends()
	p.line(a, p.at(0), b, p.at(0), 2*hairline, ink)
}

// follow draws a line through values, broken wherever one is absent; a value between two gaps is a dot.
func (p *plot) follow(n pen, values []quantity.Null) {
	var run []drawing.Point
	flush := func() {
		if len(run) > 1 {
			p.add(drawing.Line{Points: run, Thick: n.thick, Ink: n.color, Dashes: n.dashes})
		} else if len(run) == 1 && n.dot == 0 {
			p.dot(pen{color: n.color, dot: 1}, run[0])
		}
		run = nil
	}
	for i, v := range values {
		if !v.Valid {
			flush()
			continue
		}
		run = append(run, drawing.Point{X: p.x(i), Y: p.at(v.Decimal)})
	}
	flush()
	for i, v := range values {
		if v.Valid && p.pitch() > 300 {
			p.dot(n, drawing.Point{X: p.x(i), Y: p.at(v.Decimal)})
		}
	}
}

func (p *plot) sample(n pen, x, y int) {
	p.add(drawing.Line{Points: []drawing.Point{{X: x, Y: y}, {X: x + signWidth, Y: y}}, Thick: n.thick, Ink: n.color, Dashes: n.dashes})
	p.dot(n, drawing.Point{X: x + signWidth/2, Y: y})
}

// dot draws the shape of a pen around a point.
func (p *plot) dot(n pen, at drawing.Point) {
	const r, d = 90, 64 // d is r by the sine of 45°
	shapes := [...][]drawing.Point{
		nil,
		{{X: r}, {X: d, Y: d}, {Y: r}, {X: -d, Y: d}, {X: -r}, {X: -d, Y: -d}, {Y: -r}, {X: d, Y: -d}},
		{{X: -75, Y: -75}, {X: 75, Y: -75}, {X: 75, Y: 75}, {X: -75, Y: 75}},
		{{Y: -r}, {X: r}, {Y: r}, {X: -r}},
		{{Y: -r}, {X: r, Y: 75}, {X: -r, Y: 75}},
	}
	s := shapes[n.dot]
	if s == nil {
		return
	}
	points := make([]drawing.Point, len(s))
	for i, q := range s {
		points[i] = drawing.Point{X: at.X + q.X, Y: at.Y + q.Y}
	}
	p.add(drawing.Polygon{Points: points, Fill: n.color})
}
