package snapshot

import (
	"strconv"

	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// Aspect is one figure of a cell: how it is called, in which unit it stands, and how it is taken.
type Aspect struct {
	ID   string
	Name fault.Text
	// Unit is "" where the aspect has the unit of its measure.
	Unit string
	// Judged marks what follows from other figures, not from a return of its own.
	Judged bool
	of     func(*Cell) quantity.Null
}

// whole is a count that 0 means none of.
func whole(n int) quantity.Null {
	if n == 0 {
		return quantity.Null{}
	}
	return quantity.Some(quantity.Int(int64(n)))
}

// aspects never change.
var aspects = []Aspect{
	{"value", fault.T("完成值", "Value"), "", false, func(c *Cell) quantity.Null { return c.Value }},
	{"numerator", fault.T("分子", "Numerator"), "numerator", false, func(c *Cell) quantity.Null { return c.Numerator }},
	{"denominator", fault.T("分母", "Denominator"), "denominator", false, func(c *Cell) quantity.Null { return c.Denominator }},
	{"remaining", fault.T("剩余", "Remaining"), "denominator", true, func(c *Cell) quantity.Null { return minus(c.Denominator, c.Numerator) }},
	{"plan", fault.T("计划", "Plan"), "plan", false, func(c *Cell) quantity.Null { return c.Plan }},
	{"completion", fault.T("完成率", "Completion"), "percent", true, func(c *Cell) quantity.Null { return c.Completion }},
	{"calendar", fault.T("序时进度", "Calendar progress"), "percent", true, func(c *Cell) quantity.Null { return c.Calendar }},
	{"gap", fault.T("与要求之差", "Gap"), "gap", true, func(c *Cell) quantity.Null { return c.Gap }},
	{"growth", fault.T("同比增长", "Growth on last year"), "percent", true, func(c *Cell) quantity.Null { return c.Growth }},
	{"growth_change", fault.T("增速变化", "Change of growth"), "point", true, func(c *Cell) quantity.Null { return c.GrowthChange }},
	{"last_month", fault.T("上期", "Period before"), "", false, func(c *Cell) quantity.Null { return c.LastMonth }},
	{"last_year", fault.T("上年同期", "Same period of last year"), "", false, func(c *Cell) quantity.Null { return c.LastYear }},
	{"rank", fault.T("排名", "Rank"), "rank", true, func(c *Cell) quantity.Null { return whole(c.Rank) }},
	{"rank_before", fault.T("上期排名", "Rank before"), "rank", true, func(c *Cell) quantity.Null { return whole(c.RankBefore) }},
	{"reported", fault.T("已报", "Reported"), "one", true, func(c *Cell) quantity.Null { return whole(c.Reported) }},
	{"expected", fault.T("应报", "Expected"), "one", true, func(c *Cell) quantity.Null { return whole(c.Expected) }},
}

func minus(a, b quantity.Null) quantity.Null {
	if !a.Valid || !b.Valid {
		return quantity.Null{}
	}
	v, ok := a.Sub(b.Decimal)
	return quantity.Null{Decimal: v, Valid: ok}
}

// Aspects lists what can be told of a cell.
func Aspects() []Aspect { return append([]Aspect{}, aspects...) }

// AspectOf finds an aspect.
func AspectOf(id string) (Aspect, bool) {
	for _, a := range aspects {
		if a.ID == id {
			return a, true
		}
	}
	return Aspect{}, false
}

// Of takes the aspect of a cell, in the unit of its measure where Unit is "".
func (a Aspect) Of(c *Cell) quantity.Null { return a.of(c) }

// Figure is one frozen figure as people read it.
type Figure struct {
	Key      string
	Measure  *Measure
	Division Division
	Aspect   Aspect
	Cell     *Cell
	Value    quantity.Null // in Unit
	Unit     string
	Decimals int
}

// Figure reads a figure by its parts; ok is false where the snapshot has no such cell.
func (x *Index) Figure(measure, division, aspect string) (Figure, bool) {
	c, m := x.Cell(measure, division), x.Measure(measure)
	a, known := AspectOf(aspect)
	if c == nil || m == nil || !known {
		return Figure{}, false
	}
	d, _ := x.Division(division)
	f := Figure{Key: Key(measure, division, aspect), Measure: m, Division: d, Aspect: a, Cell: c, Value: a.of(c)}
	f.Unit, f.Decimals = m.unitOf(a)
	if from := m.storedIn(a); from != f.Unit {
		f.Value = converted(f.Value, from, f.Unit)
	}
	return f, true
}

// Lookup reads a figure by its key.
func (x *Index) Lookup(key string) (Figure, bool) {
	m, d, a, ok := Split(key)
	if !ok {
		return Figure{}, false
	}
	return x.Figure(m, d, a)
}

func converted(v quantity.Null, from, to string) quantity.Null {
	if !v.Valid {
		return v
	}
	f, ok1 := quantity.UnitOf(from)
	t, ok2 := quantity.UnitOf(to)
	if !ok1 || !ok2 {
		return quantity.Null{}
	}
	d, ok := quantity.Convert(v.Decimal, f, t)
	return quantity.Null{Decimal: d, Valid: ok}
}

// storedIn is the unit in which a cell holds an aspect.
func (m *Measure) storedIn(a Aspect) string {
	u, _ := m.unitOf(a)
	if u == m.Show {
		return m.Unit
	}
	return u
}

// unitOf is the unit in which an aspect is shown, and with how many decimals.
func (m *Measure) unitOf(a Aspect) (unit string, decimals int) {
	switch a.Unit {
	case "":
		return m.Show, m.Decimals
	case "plan": // a growth or a rate is held against percent, an amount against its own unit
		if m.Judge == "growth" || m.Judge == "rate" {
			return "percent", 1
		}
		return m.Show, m.Decimals
	case "gap":
		if m.Judge == "threshold" && !m.Ratio && m.Show != "percent" {
			return m.Show, m.Decimals
		}
		return "point", 1
	case "percent", "point":
		return a.Unit, 1
	case "numerator", "denominator":
		return "one", -1
	}
	return a.Unit, 0
}

// Shown writes a figure as notices do, with its unit: 12.60亿元, 85.3%, 第2位.
func (f Figure) Shown() string {
	if !f.Value.Valid {
		return ""
	}
	if len(f.Measure.Options) > 0 && f.Aspect.Unit == "" {
		if n, ok := f.Measure.option(f.Value.Decimal); ok {
			return n.Zh
		}
	}
	return Write(f.Value.Decimal, f.Unit, f.Decimals)
}

func (m *Measure) option(v quantity.Decimal) (fault.Text, bool) {
	for _, o := range m.Options {
		if v == quantity.Int(int64(o.Value)) {
			return o.Name, true
		}
	}
	return fault.Text{}, false
}

// OptionName is the name of a chosen value, where the measure is chosen from a list.
func (m *Measure) OptionName(v quantity.Null) (fault.Text, bool) {
	if !v.Valid {
		return fault.Text{}, false
	}
	return m.option(v.Decimal)
}

// Write writes a figure with its unit in Chinese; negative decimals write it as it is.
func Write(v quantity.Decimal, unit string, decimals int) string {
	if unit == "rank" {
		return "第" + strconv.FormatInt(int64(v/quantity.Scale), 10) + "位"
	}
	return number(v, decimals) + Word(unit)
}

// Word is a unit as sentences write it. Projects are named by their measure, so that their unit is 个 and not 个项目.
func Word(unit string) string {
	if unit == "project" {
		return "个"
	}
	return unitName(unit).Zh
}

func number(v quantity.Decimal, decimals int) string {
	if decimals < 0 {
		return v.String()
	}
	s := v.Fixed(decimals)
	if v.Round(decimals) == 0 && len(s) > 0 && s[0] == '-' {
		s = s[1:]
	}
	return s
}

func unitName(code string) fault.Text {
	u, ok := quantity.UnitOf(code)
	if !ok {
		return fault.T(code, code)
	}
	return u.Name
}
