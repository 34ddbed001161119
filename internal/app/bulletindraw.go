package app

import (
	"cmp"

	"anlan/internal/bulletin/compose"
	"anlan/internal/chart"
	"anlan/internal/gb9704"
	"anlan/internal/quantity"
)

// drawChart draws a chart of a bulletin. Its words for those who cannot see it are those that the text was composed with.
func drawChart(c *compose.Chart) (gb9704.Picture, bool) {
	bars := chart.Bars{MarkName: c.MarkName, Scale: chart.Scale{Title: c.Caption, Decimals: max(c.Decimals, 0)}}
	if u, ok := quantity.UnitOf(c.Unit); ok {
		bars.Unit = u.Name.Zh
	}
	for _, b := range c.Bars {
		bars.Bars = append(bars.Bars, chart.Bar{Name: b.Name, Value: b.Value, Mark: b.Mark, Grade: gradeOf(b.Grade), Absent: b.Absent})
	}
	return gb9704.Picture{Drawing: bars.Draw(), Alt: cmp.Or(c.Alt, bars.Alt().Zh), Caption: c.Caption}, true
}

// gradeOf is the grade of a chart for one of a judged figure; what is fine, done or not judged has no colour.
func gradeOf(grade string) chart.Grade {
	switch grade {
	case "lag":
		return chart.Lag
	case "serious":
		return chart.Severe
	case "overdue":
		return chart.Overdue
	}
	return chart.Fair
}
