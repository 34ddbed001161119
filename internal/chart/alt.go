package chart

import (
	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// Alt says the figures in a sentence, in both languages; names stay as they were given.
func (b Bars) Alt() fault.Text {
	var zh, en []string
	for _, x := range b.Bars {
		z, e := x.Name+b.shown(x), x.Name+" "+b.shown(x)
		if !x.Value.Valid && x.Absent == "" {
			e = x.Name + " not reported"
		}
		if x.Mark.Valid && b.MarkName != "" {
			m := b.figure(x.Mark.Decimal)
			z += "（" + b.MarkName + m + "）"
			e += " (" + b.MarkName + " " + m + ")"
		}
		z, e = graded(z, e, x.Grade)
		zh, en = append(zh, z), append(en, e)
	}
	return b.sentence(zh, en)
}

// Alt says the figures in a sentence, in both languages; names stay as they were given.
func (c Columns) Alt() fault.Text {
	var zh, en []string
	for _, x := range c.Columns {
		z, e := c.said(x.Label, x.Value)
		if x.Plan.Valid && c.PlanName != "" {
			m := c.figure(x.Plan.Decimal)
			z += "（" + c.PlanName + m + "）"
			e += " (" + c.PlanName + " " + m + ")"
		}
		z, e = graded(z, e, x.Grade)
		zh, en = append(zh, z), append(en, e)
	}
	return c.sentence(zh, en)
}

// Alt says the figures in a sentence, in both languages; names stay as they were given.
func (l Lines) Alt() fault.Text {
	var zh, en []string
	for _, x := range l.Lines {
		var z, e []string
		for i, label := range l.Labels {
			v := quantity.Null{}
			if i < len(x.Values) {
				v = x.Values[i]
			}
			a, b := l.said(label, v)
			z, e = append(z, a), append(e, b)
		}
		zh = append(zh, x.Name+"："+joined(z, "，", ""))
		en = append(en, x.Name+": "+joined(e, ", ", ""))
	}
	return l.sentence(zh, en)
}

// said is one value with its label, or that there is none.
func (s Scale) said(label string, v quantity.Null) (zh, en string) {
	if !v.Valid {
		return label + "无数据", label + " no figure"
	}
	return label + " " + s.figure(v.Decimal), label + " " + s.figure(v.Decimal)
}

func graded(zh, en string, g Grade) (string, string) {
	z, e := gradeName(g)
	if z == "" {
		return zh, en
	}
	return zh + "，" + z, en + ", " + e
}

// sentence puts the title and the unit before the parts.
func (s Scale) sentence(zh, en []string) fault.Text {
	headZh, headEn := s.Title, s.Title
	if s.Unit != "" {
		headZh += "（单位：" + s.Unit + "）"
		headEn += " (" + s.Unit + ")"
	}
	if headZh != "" {
		headZh += "："
		headEn += ": "
	}
	if len(zh) == 0 {
		return fault.T(headZh+"暂无数据。", headEn+"no figures.")
	}
	return fault.T(headZh+joined(zh, "；", "。"), headEn+joined(en, "; ", "."))
}
