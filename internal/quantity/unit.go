package quantity

import (
	"slices"

	"anlan/internal/fault"
)

// Dimension is what a unit measures; figures of different dimensions are never added.
type Dimension string

// The dimensions that returns use.
const (
	Money      Dimension = "money"
	Length     Dimension = "length"
	Area       Dimension = "area"
	Volume     Dimension = "volume"
	Count      Dimension = "count"
	People     Dimension = "people"
	Percentage Dimension = "percentage"
	Points     Dimension = "percentage_points"
	Pure       Dimension = "pure"
	Flow       Dimension = "flow"
	Duration   Dimension = "duration"
	Intensity  Dimension = "intensity"
)

// Unit is a unit of measure with its names and its factor to the dimension's base unit.
type Unit struct {
	Code      string     `json:"code"`
	Name      fault.Text `json:"name"` // as printed in a heading
	Dimension Dimension  `json:"dimension"`
	// Factor is how many base units one unit is: 10 000 for 万元 with base 元.
	Factor Decimal `json:"factor"`
	// Counted is what a Count counts, so that reservoirs and villages are not added.
	Counted string `json:"counted,omitempty"`
}

// Units returns every unit of the product.
func Units() []Unit { return slices.Clone(units) }

// units is made once and never changed.
var units = allUnits()

func allUnits() []Unit {
	u := func(code, zh, en string, d Dimension, factor string) Unit {
		return Unit{Code: code, Name: fault.T(zh, en), Dimension: d, Factor: MustParse(factor)}
	}
	n := func(code, zh, en string) Unit {
		return Unit{Code: code, Name: fault.T(zh, en), Dimension: Count, Factor: Int(1), Counted: code}
	}
	return []Unit{
		u("yuan", "元", "CNY", Money, "1"),
		u("wan_yuan", "万元", "CNY 10k", Money, "10000"),
		u("yi_yuan", "亿元", "CNY 100m", Money, "100000000"),
		u("mm", "毫米", "mm", Length, "0.001"),
		u("m", "米", "m", Length, "1"),
		u("km", "公里", "km", Length, "1000"),
		u("mu", "亩", "mu", Area, "1"),
		u("wan_mu", "万亩", "10k mu", Area, "10000"),
		u("m3", "立方米", "m³", Volume, "1"),
		u("wan_m3", "万方", "10k m³", Volume, "10000"),
		u("yi_m3", "亿立方米", "100m m³", Volume, "100000000"),
		u("person", "人", "people", People, "1"),
		u("wan_person", "万人", "10k people", People, "10000"),
		u("percent", "%", "%", Percentage, "1"),
		u("point", "个百分点", "pp", Points, "1"),
		u("one", "", "", Pure, "1"),
		u("score", "分", "points", Pure, "1"),
		u("m3s", "立方米/秒", "m³/s", Flow, "1"),
		u("minute", "分钟", "min", Duration, "1"),
		u("hour", "小时", "h", Duration, "60"),
		u("day", "天", "days", Duration, "1440"),
		u("m3_per_wan_yuan", "立方米/万元", "m³ per CNY 10k", Intensity, "1"),
		n("item", "项", "items"),
		n("piece", "个", "pcs"),
		n("works", "处", "works"),
		n("reservoir", "座", "structures"),
		n("river", "条", "rivers"),
		n("project", "个项目", "projects"),
		n("time", "次", "times"),
		n("rank", "位", "rank"),
		n("village", "个村", "villages"),
		n("document", "件", "documents"),
		n("section", "个断面", "sections"),
		n("county", "个县", "counties"),
		n("household", "户", "households"),
		n("team", "个组", "teams"),
		n("station", "站", "stations"),
	}
}

// UnitOf returns the unit with this code.
func UnitOf(code string) (Unit, bool) {
	for i := range units {
		if units[i].Code == code {
			return units[i], true
		}
	}
	return Unit{}, false
}

// Convert turns d from one unit into another of the same dimension; ok is false where they cannot be converted.
func Convert(d Decimal, from, to Unit) (Decimal, bool) {
	if from.Dimension != to.Dimension || from.Counted != to.Counted {
		return 0, false
	}
	return mulDiv(d, from.Factor, to.Factor)
}
