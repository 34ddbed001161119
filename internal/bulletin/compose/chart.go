package compose

import (
	"cmp"
	"slices"
	"strings"

	"anlan/internal/bulletin/snapshot"
	"anlan/internal/bulletin/template"
	"anlan/internal/quantity"
)

// chart is the chart of a figure by division, none where nobody has one.
func (c *composer) chart(t *template.Chart) []Block {
	if t.List != "" {
		return c.listChart(t)
	}
	r, _ := template.ReadRef(t.Of)
	out := &Chart{Caption: c.words(t.Caption), Bars: []Bar{}}
	var words []string
	var marks []snapshot.Figure
	for _, d := range c.Divisions {
		f, ok := c.Index.Figure(r.Name, d.Code, r.Part)
		if !ok {
			continue
		}
		out.Unit, out.Decimals = f.Unit, f.Decimals
		bar := Bar{Name: cmp.Or(d.Short, d.Name.Zh), Value: f.Value, Figure: f.Key, Grade: f.Cell.Grade}
		said := d.Name.Zh + f.Shown()
		if !f.Value.Valid {
			said, bar.Absent = d.Name.Zh+"无数据", dash
			if f.Cell.State == snapshot.Unreported {
				said, bar.Absent = d.Name.Zh+unreported, unreported
			}
		}
		if m, ok := c.Index.Figure(r.Name, d.Code, markOf(t, f)); ok && m.Value.Valid && m.Unit == f.Unit {
			out.MarkName, bar.Mark, bar.MarkFigure = markName(m), m.Value, m.Key
			marks = append(marks, m)
			said += "（" + markName(m) + m.Shown() + "）"
		}
		out.Bars = append(out.Bars, bar)
		words = append(words, said)
	}
	if !slices.ContainsFunc(out.Bars, func(b Bar) bool { return b.Value.Valid }) {
		return nil
	}
	sortBars(out.Bars)
	out.Alt = out.Caption + "：" + strings.Join(words, "，")
	if len(marks) == len(words) && len(marks) > 1 && !slices.ContainsFunc(marks, func(m snapshot.Figure) bool { return m.Value != marks[0].Value }) {
		each := markName(marks[0]) + marks[0].Shown()
		out.Alt = strings.ReplaceAll(out.Alt, "（"+each+"）", "") + "，" + markName(marks[0]) + "均为" + marks[0].Shown()
	}
	return []Block{{Kind: ChartOf, Chart: out}}
}

// markOf is the aspect that a bar is marked with.
func markOf(t *template.Chart, f snapshot.Figure) string {
	if t.Mark != "" {
		return t.Mark
	}
	switch f.Aspect.ID {
	case "completion":
		return "calendar"
	case "value":
		return "plan"
	case "growth":
		if f.Measure.Judge == "growth" {
			return "plan"
		}
	}
	return template.NoMark
}

// markName is what a mark is called: a plan is one for amounts, for rates and growths it is what they aim at.
func markName(m snapshot.Figure) string {
	if m.Aspect.ID == "plan" && m.Measure.Judge != "completion" {
		return "目标"
	}
	return m.Aspect.Name.Zh
}

// sortBars puts the greatest first and what is absent last.
func sortBars(bars []Bar) {
	slices.SortStableFunc(bars, func(a, b Bar) int {
		if a.Value.Valid != b.Value.Valid {
			return cmp.Compare(flag(b.Value.Valid), flag(a.Value.Valid))
		}
		return cmp.Compare(b.Value.Decimal, a.Value.Decimal)
	})
}

// listChart is the chart of a field by item, none where no item has it. An item without the figure has no bar: its table says why.
func (c *composer) listChart(t *template.Chart) []Block {
	things, _ := c.things(t.List)
	out := &Chart{Caption: c.words(t.Caption), Bars: []Bar{}}
	for _, th := range things {
		f := th.item.Fields[t.Of]
		if !f.Number.Valid || t.Unit != "" && f.Unit != t.Unit || out.Unit != "" && f.Unit != out.Unit {
			continue
		}
		bar := Bar{Name: th.item.Fields["name"].Text.Zh, Value: f.Number, Figure: snapshot.Key("item", th.item.ID, t.Of)}
		if t.Above != "" {
			from := th.item.Fields[t.Above]
			above, ok := f.Number.Sub(from.Number.Decimal)
			if !from.Number.Valid || from.Unit != f.Unit || !ok {
				continue
			}
			bar.Value, bar.MarkFigure = quantity.Some(above), snapshot.Key("item", th.item.ID, t.Above)
		}
		out.Unit, out.Decimals = f.Unit, f.Decimals
		out.Bars = append(out.Bars, bar)
	}
	if len(out.Bars) == 0 {
		return nil
	}
	sortBars(out.Bars)
	if t.Most > 0 {
		out.Bars = out.Bars[:min(len(out.Bars), t.Most)]
	}
	var words []string
	for _, b := range out.Bars {
		words = append(words, b.Name+snapshot.Write(b.Value.Decimal, out.Unit, out.Decimals))
	}
	out.Alt = out.Caption + "：" + strings.Join(words, "，")
	return []Block{{Kind: ChartOf, Chart: out}}
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
