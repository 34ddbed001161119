// Package chart draws figures as official documents show them: horizontal bars of the counties with their target marks, columns by month
// with a plan line, and lines against last year. It also says them in a sentence, for those who cannot see a picture.
//
// It is pure: exact figures in, a drawing out. Absent is a gap with a word beside it, never a zero. Shapes and shades tell apart what
// colours tell apart, so that a print in black and white can be read. Which figures are shown is decided in the rooms above.
package chart

import "anlan/internal/quantity"

// Grade is how far something lags; only a lag has a colour.
type Grade string

// The grades; the zero value is nothing to warn of.
const (
	Fair    Grade = ""
	Lag     Grade = "lag"     // 滞后: yellow, a square
	Severe  Grade = "severe"  // 严重滞后: orange, a diamond
	Overdue Grade = "overdue" // 逾期: red, a triangle
)

// Scale is what the figures of a chart are: its subject, their unit and how many decimals are shown.
type Scale struct {
	Title    string // what is shown, such as 各县（市、区）投资完成率; told in Alt; on the page the caption of the picture says it
	Unit     string // such as % or 万元
	Decimals int    // 0 to 6
}

// Bars compares divisions (县区对比): one bar each, from the top down, with a mark where its target stands.
type Bars struct {
	Scale
	MarkName string // what the marks are, such as 序时进度; "": no marks
	Bars     []Bar
}

// Bar is one bar.
type Bar struct {
	Name   string
	Value  quantity.Null // absent: no bar, only Absent
	Mark   quantity.Null // absent: no mark
	Grade  Grade
	Absent string // why there is no value; "": 未报
}

// Columns shows months (按月), with a line of what was planned.
type Columns struct {
	Scale
	Name     string // of the columns, such as 累计完成
	PlanName string // of the line, such as 计划; "": no line
	Columns  []Column
}

// Column is one month.
type Column struct {
	Label string        // such as 5月
	Value quantity.Null // absent: a gap
	Plan  quantity.Null // absent: the line has a gap
	Grade Grade
}

// Lines follows a figure over months, beside last year and plan.
type Lines struct {
	Scale
	Labels []string // of the months
	Lines  []Line   // at most six are told apart
}

// Line is one series; a missing or absent value is a gap.
type Line struct {
	Name   string
	Values []quantity.Null // as many as Labels
}
