// Package table makes figures of the tables that offices send: it recognises the header, suggests what each column means,
// applies a confirmed mapping, and accounts for every row. It also checks published figures against themselves.
//
// The way is Recognise, Suggest, a person's confirmation, Apply. Nothing is stored and no clock is asked; a bad row is a
// result, not an error. Figures are exact decimals in the unit of their indicator, and a percentage is in percent.
package table

import (
	"anlan/internal/fault"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
	"anlan/internal/workbook"
)

// Role says what a column holds.
type Role string

// The roles.
const (
	Ignore      Role = "ignore"      // nothing to take: a serial number, a source
	Remark      Role = "remark"      // text kept for the reader
	Item        Role = "item"        // what the row is about where it is no division: a project, a river
	DivisionCol Role = "division"    // the name of the division
	PeriodCol   Role = "period"      // the period of the row
	MonthCol    Role = "month"       // the month, where the period column holds the year alone
	MeasureCol  Role = "measure"     // the name of the row's indicator
	UnitCol     Role = "unit"        // the unit of the row's figures
	Value       Role = "value"       // the figure of an indicator
	Numerator   Role = "numerator"   // of a ratio
	Denominator Role = "denominator" // of a ratio
	Plan        Role = "plan"        // the amount of a target
	Rate        Role = "rate"        // a published rate, checked against the recomputed one and not taken
	Growth      Role = "growth"      // a published growth, checked likewise
)

// Scale says how a percentage is written.
type Scale string

// The scales. An undecided one is asked about, never guessed.
const (
	Undecided Scale = ""
	Percent   Scale = "percent"  // 12.3 means 12.3 %
	Fraction  Scale = "fraction" // 0.123 means 12.3 %
)

// Column says what is taken from one column.
type Column struct {
	Index     int    `json:"column"` // from 0
	Head      string `json:"head"`   // as recognised, lines joined by "/"
	Role      Role   `json:"role"`
	Indicator string `json:"indicator,omitempty"`
	Target    string `json:"target,omitempty"` // for Plan
	Unit      string `json:"unit,omitempty"`   // code of quantity.Units in which the column is written
	Scale     Scale  `json:"scale,omitempty"`
	// Period is that of the column's figures where periods stand side by side.
	Period *Period `json:"period,omitempty"`
	// Over and Under are the columns whose quotient a Rate column states, or of which a Growth column states the growth of the
	// first over the second; -1 where unknown.
	Over  int `json:"over"`
	Under int `json:"under"`
	// Confidence is 0 to 1, and Reason says why the suggestion was made.
	Confidence float64    `json:"confidence"`
	Reason     fault.Text `json:"reason"`
}

// Line says which indicator a row is about, in tables that have indicators below each other.
type Line struct {
	Label      string     `json:"label"`
	Indicator  string     `json:"indicator,omitempty"` // "" leaves the row out
	Role       Role       `json:"role,omitempty"`      // Value where empty
	Target     string     `json:"target,omitempty"`
	Unit       string     `json:"unit,omitempty"` // in which the row is written; that of the column where empty
	Confidence float64    `json:"confidence"`
	Reason     fault.Text `json:"reason"`
}

// Mapping says what a table means (映射). It is plain JSON, is remembered by its Signature, and is fitted to the next
// table of the same header by Adapt.
type Mapping struct {
	Sheet      string   `json:"sheet"`
	HeaderFrom int      `json:"header_from"` // row numbers from 1, both ends included
	HeaderTo   int      `json:"header_to"`
	DataFrom   int      `json:"data_from"`
	DataTo     int      `json:"data_to"`
	Division   string   `json:"division,omitempty"` // code, where no column names one
	Period     *Period  `json:"period,omitempty"`   // where neither a column nor its head names one, or as the year of heads such as "5月"
	FillDown   bool     `json:"fill_down"`          // a blank division repeats the one above, as where a merge was lost
	Columns    []Column `json:"columns"`
	Lines      []Line   `json:"lines,omitempty"`
	// Published takes the table as published figures: measures are named by their headings where no indicator is, areas by
	// their names where no division is. Such figures serve checks and comparison; they are no returns.
	Published bool   `json:"published"`
	Signature string `json:"signature"`
}

// Catalogue is what a suggestion and an application need to know of the packs; *pack.Catalogue serves.
type Catalogue interface {
	Indicators() []pack.Indicator
	Indicator(code string) (pack.Indicator, bool)
	TargetsOf(code string) []pack.Target
}

// column returns the first column of a role, or -1.
func (m *Mapping) column(role Role) int {
	for _, c := range m.Columns {
		if c.Role == role {
			return c.Index
		}
	}
	return -1
}

// figures reports whether the role takes figures.
func (r Role) figures() bool {
	switch r {
	case Value, Numerator, Denominator, Plan, Rate, Growth:
		return true
	}
	return false
}

// checked reports whether the role's figures are held against others and not taken.
func (r Role) checked() bool { return r == Rate || r == Growth }

// additive reports whether figures of the unit may be summed over rows.
func additive(code string) bool {
	u, ok := quantity.UnitOf(code)
	if !ok {
		return code == ""
	}
	switch u.Dimension {
	case quantity.Money, quantity.Length, quantity.Area, quantity.Volume, quantity.Count, quantity.People:
		return u.Code != "rank"
	}
	return false
}

// Questions lists what must be settled before the mapping can be applied.
func (m *Mapping) Questions(cat Catalogue) []fault.Field {
	var out []fault.Field
	ask := func(place, zh, en string, args ...any) {
		out = append(out, fault.Field{Place: place, Text: fault.Tf(zh, en, args...)})
	}
	dated, mapped := m.column(PeriodCol) >= 0, len(m.Lines) > 0
	for _, c := range m.Columns {
		place := "columns[" + workbook.ColumnName(c.Index) + "]"
		if c.Role.figures() && c.isPercentage(cat) && c.Scale == Undecided {
			ask(place, "“%s”的数值都不超过 1，且没有百分号：0.12 是 0.12%% 还是 12%%？", "all figures of “%s” are 1 or less and no percent sign is shown: is 0.12 meant as 0.12%% or as 12%%?", c.Head)
		}
		if !m.Published && c.Role.figures() && !c.Role.checked() && c.Indicator == "" && len(m.Lines) == 0 && m.column(MeasureCol) < 0 {
			ask(place, "“%s”未指明指标", "no indicator is named for “%s”", c.Head)
		}
		dated = dated || c.Period != nil && c.Period.Year > 0
		mapped = mapped || c.Indicator != ""
	}
	if !dated && (m.Period == nil || m.Period.Year == 0) && !m.Published {
		ask("period", "表中没有写明年份月份，请指定期别", "the table does not say its year and month; name the period")
	}
	if !m.Published && m.Period != nil && m.Period.YearOnly && m.Period.Year > 0 && m.needsMonth(cat) {
		ask("period", "只写明了年份 %d，请指定月份", "only the year %d is named; name the month", m.Period.Year)
	}
	if m.Division == "" && m.column(DivisionCol) < 0 && !m.Published {
		ask("division", "表中没有地区列，请指定地区", "no column names the division; name it")
	}
	if !mapped && !m.Published {
		ask("columns", "没有一列对应到指标", "no column is mapped to an indicator")
	}
	return out
}

// isPercentage reports whether the column's figures are percentages.
func (c *Column) isPercentage(cat Catalogue) bool {
	if c.Role.checked() || c.Unit == "percent" {
		return true
	}
	if c.Role != Value || c.Indicator == "" || cat == nil || c.Unit != "" {
		return false
	}
	ind, ok := cat.Indicator(c.Indicator)
	return ok && ind.Unit == "percent"
}

// needsMonth reports whether figures would be filed under the mapping's own period that are due more often than yearly.
func (m *Mapping) needsMonth(cat Catalogue) bool {
	if m.column(PeriodCol) >= 0 {
		return false
	}
	for _, c := range m.Columns {
		if c.Role.figures() && !c.Role.checked() && c.Period == nil && (c.Indicator == "" || !yearly(cat, c.Indicator)) {
			return true
		}
	}
	return false
}

// yearly reports whether an indicator is filed once a year.
func yearly(cat Catalogue, code string) bool {
	if cat == nil {
		return false
	}
	ind, ok := cat.Indicator(code)
	return ok && ind.Cadence == pack.Yearly
}
