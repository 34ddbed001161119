package chart

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"anlan/internal/drawing"
	"anlan/internal/quantity"
)

// n is a figure, or none for "".
func n(s string) quantity.Null {
	if s == "" {
		return quantity.Null{}
	}
	return quantity.Some(quantity.MustParse(s))
}

func numbers(all ...string) []quantity.Null {
	var out []quantity.Null
	for _, s := range all {
		out = append(out, n(s))
	}
	return out
}

// The figures are invented.
func counties() Bars {
	return Bars{Scale{"各县（市、区）投资完成率", "%", 1}, "序时进度", []Bar{
		{"越城区", n("62.4"), n("58.3"), Fair, ""},
		{"柯桥区", n("55.1"), n("58.3"), Lag, ""},
		{"新昌县", n("44"), n("58.3"), Severe, ""},
		{"滨海新城江滨区管理委员会建设发展局", n("0"), n(""), Overdue, ""},
		{"诸暨市", n(""), n("58.3"), Fair, ""},
		{"嵊州市", n(""), n(""), Fair, "无任务"},
	}}
}

func months() Columns {
	c := Columns{Scale: Scale{"全市累计投资", "亿元", 2}, Name: "累计完成", PlanName: "计划"}
	for i, v := range []string{"1.2", "2.35", "", "6.8"} {
		c.Columns = append(c.Columns, Column{Label: []string{"1月", "2月", "3月", "4月"}[i], Value: n(v), Plan: quantity.Some(quantity.Int(int64(2 * i)))})
	}
	return c
}

func years() Lines {
	return Lines{Scale{"蓄水量", "亿m³", 1}, []string{"1月", "2月", "3月", "4月"}, []Line{
		{"本年", numbers("3", "4.2", "", "6")}, {"上年", numbers("2", "-1", "3", "5")}, {"计划", numbers("2.5")},
	}}
}

// said are the words on a sheet.
func said(s *drawing.Sheet) []string {
	var out []string
	for _, x := range s.Shapes {
		if t, ok := x.(drawing.Text); ok {
			out = append(out, t.Words)
		}
	}
	return out
}

// filled counts areas of an ink.
func filled(s *drawing.Sheet, c drawing.Color) int {
	k := 0
	for _, x := range s.Shapes {
		if p, ok := x.(drawing.Polygon); ok && p.Fill == c && !p.Hollow {
			k++
		}
	}
	return k
}

func TestBars(t *testing.T) {
	s := counties().Draw()
	for _, want := range []string{"越城区", "62.4", "未报", "无任务", "序时进度", "滞后", "严重滞后", "逾期", "单位：%"} {
		if !slices.Contains(said(s), want) {
			t.Errorf("%q is not on the chart: %q", want, said(s))
		}
	}
	// One bar and no other area is in the colour of a chart; each lag has its bar, its shape in the row and one in the legend.
	for color, want := range map[drawing.Color]int{primary: 1, yellow: 3, orange: 3, red: 3} {
		if got := filled(s, color); got != want {
			t.Errorf("%06X fills %d areas, want %d", color, got, want)
		}
	}
	want := "各县（市、区）投资完成率（单位：%）：越城区62.4（序时进度58.3）；柯桥区55.1（序时进度58.3），滞后；新昌县44.0（序时进度58.3），严重滞后；" +
		"滨海新城江滨区管理委员会建设发展局0.0，逾期；诸暨市未报（序时进度58.3）；嵊州市无任务。"
	if got := counties().Alt(); got.Zh != want || !strings.Contains(got.En, "诸暨市 not reported (序时进度 58.3)") {
		t.Errorf("the chart is told as %q and %q", got.Zh, got.En)
	}
}

// TestAbsentIsAGap holds that a month without a figure has neither a column nor a place on a line, and that zero has both.
func TestAbsentIsAGap(t *testing.T) {
	if got := filled(months().Draw(), primary); got != 4 { // three columns and the legend
		t.Errorf("%d areas are filled for three months", got)
	}
	zero := months()
	zero.Columns[2].Value = n("0")
	if got := filled(zero.Draw(), primary); got != 5 {
		t.Errorf("a month of zero is not drawn: %d areas", got)
	}
	if got := months().Alt().Zh; !strings.Contains(got, "3月无数据（计划4.00）") {
		t.Errorf("the gap is told as %q", got)
	}
	var strokes []int
	for _, x := range years().Draw().Shapes {
		if l, ok := x.(drawing.Line); ok && l.Ink == primary {
			strokes = append(strokes, len(l.Points))
		}
	}
	if !slices.Equal(strokes, []int{2, 2}) { // the legend, and the first two months; the fourth is a dot
		t.Errorf("the line of this year has strokes of %d points", strokes)
	}
	if got := years().Alt().Zh; !strings.Contains(got, "本年：1月 3.0，2月 4.2，3月无数据，4月 6.0；上年：") || !strings.Contains(got, "计划：1月 2.5，2月无数据") {
		t.Errorf("the lines are told as %q", got)
	}
}

// TestInsideTheSheet draws extreme figures: everything stays on the paper, and the same chart gives the same bytes.
func TestInsideTheSheet(t *testing.T) {
	huge := Columns{Scale: Scale{Decimals: 9}, PlanName: "计划"}
	for _, d := range []quantity.Decimal{0, 1, -1, math.MaxInt64, math.MinInt64, 999_999, -5_000_000} {
		huge.Columns = append(huge.Columns, Column{Label: "一个很长的月份名称", Value: quantity.Some(d), Plan: quantity.Some(-d), Grade: Overdue})
	}
	same := Bars{Bars: slices.Repeat([]Bar{{Name: "县", Value: n("100")}}, 500)}
	long := Lines{Labels: slices.Repeat([]string{"月"}, 500), Lines: slices.Repeat([]Line{{Values: numbers("1", "", "2")}}, 9)}
	for name, draw := range map[string]func() *drawing.Sheet{
		"counties": counties().Draw, "months": months().Draw, "years": years().Draw, "huge": huge.Draw, "same": same.Draw, "long": long.Draw,
		"nothing": Bars{}.Draw, "no months": Columns{}.Draw, "no lines": Lines{}.Draw, "all absent": Columns{Columns: make([]Column, 3)}.Draw,
	} {
		s := draw()
		emf, err := s.EMF()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if again, _ := draw().EMF(); !bytes.Equal(emf, again) {
			t.Errorf("%s: two runs differ", name)
		}
		for _, x := range s.Shapes {
			var points []drawing.Point
			switch x := x.(type) {
			case drawing.Line:
				points = x.Points
			case drawing.Polygon:
				points = x.Points
			case drawing.Text:
				points = []drawing.Point{x.At}
			}
			for _, p := range points {
				if p.X < -100 || p.Y < -100 || p.X > s.Width+100 || p.Y > s.Height+100 {
					t.Errorf("%s: %+v is outside of %d × %d", name, x, s.Width, s.Height)
					break
				}
			}
		}
	}
}

func BenchmarkBars(b *testing.B) {
	c := counties()
	for b.Loop() {
		if _, err := c.Draw().EMF(); err != nil {
			b.Fatal(err)
		}
	}
}
