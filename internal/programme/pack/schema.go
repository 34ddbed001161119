package pack

import (
	"reflect"

	"anlan/internal/definition"
	"anlan/internal/quantity"
)

// Schema returns the JSON Schema (2020-12) of a pack's YAML, for editors that complete and check while one types. It is made
// from the types, so it knows keys, enumerations and forms of codes; what hangs together is checked by NewCatalogue.
func Schema() []byte {
	return definition.Schema(reflect.TypeFor[Pack](), definition.Hints{
		Title: "Anlan programme pack (指标包)", Choices: choices(), Narrowed: narrowed(),
	})
}

// choices are the values of each enumerated type.
func choices() map[reflect.Type][]any {
	return map[reflect.Type][]any{
		reflect.TypeFor[Kind]():      {Cumulative, Period, Stock},
		reflect.TypeFor[Better]():    {More, Less, Neither},
		reflect.TypeFor[Rollup]():    {Sum, None, Max, Min},
		reflect.TypeFor[Level]():     {Province, City, County},
		reflect.TypeFor[Cadence]():   {Monthly, Quarterly, HalfYear, Yearly},
		reflect.TypeFor[Judgement](): {ByCompletion, ByThreshold, ByGrowth, ByRate},
		reflect.TypeFor[Curve]():     {Linear, ByMonth, AtDue},
	}
}

// narrowed are the keys whose strings and numbers have a narrower form, by type and key.
func narrowed() map[string]map[string]any {
	var units []any
	for _, u := range quantity.Units() {
		units = append(units, u.Code)
	}
	unit, due := map[string]any{"enum": units}, map[string]any{"pattern": dueForm.String()}
	return map[string]map[string]any{
		"Pack.id":           {"pattern": packForm.String()},
		"Pack.version":      {"minimum": 1},
		"Pack.line":         {"pattern": lineForm.String()},
		"Indicator.code":    {"pattern": codeForm.String()},
		"Indicator.unit":    unit,
		"Indicator.counted": {"pattern": countForm.String()},
		"Indicator.show":    unit,
		"Term.unit":         unit,
		"Indicator.formula": {"description": "One expression over other indicators; excludes ratio (公式)"},
		"Indicator.decimals": {
			"minimum": 0, "maximum": 6, "description": "Of the shown unit (小数位)",
		},
		"Indicator.covers":   {"description": "Rows of the founding document (对应条目)"},
		"Indicator.aliases":  {"description": "Headings under which offices send it (来表列名)"},
		"Indicator.headline": {"description": "Stands for its programme in the cockpit (驾驶舱指标)"},
		"Form.id":            {"pattern": idForm.String()},
		"Form.due_day":       {"minimum": 1, "maximum": 28},
		"Form.review_days":   {"minimum": 0, "maximum": 28},
		"Form.lines":         {"minItems": 1},
		"Target.id":          {"pattern": codeForm.String()},
		"Target.due":         due,
		"Target.since":       {"minimum": 0, "maximum": 10},
		"Target.fixed":       {"description": "Only where the rule itself states the amount (规则本身写明的数)"},
		"Deadline.id":        {"pattern": idForm.String()},
		"Deadline.due":       due,
		"Deadline.targets":   {"minItems": 1},
	}
}
