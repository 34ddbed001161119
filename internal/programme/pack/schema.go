package pack

import (
	"encoding/json"
	"reflect"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// Schema returns the JSON Schema (2020-12) of a pack's YAML, for editors that complete and check while one types. It is made
// from the types, so it knows keys, enumerations and forms of codes; what hangs together is checked by NewCatalogue.
func Schema() []byte {
	s := &schemer{defs: map[string]any{}}
	root := s.object(reflect.TypeFor[Pack]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "Anlan programme pack (指标包)"
	root["$defs"] = s.defs
	b, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic("pack: the schema is plain data: " + err.Error())
	}
	return append(b, '\n')
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

type schemer struct{ defs map[string]any }

func (s *schemer) object(t reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	for i := range t.NumField() {
		key, optional := keyOf(t.Field(i))
		p := s.of(t.Field(i).Type)
		for k, v := range narrowed()[t.Name()+"."+key] {
			p[k] = v
		}
		properties[key] = p
		if !optional {
			required = append(required, key)
		}
	}
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

// keyOf is the YAML key of a field, and whether it may be left out.
func keyOf(f reflect.StructField) (key string, optional bool) {
	key, rest, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return key, strings.Contains(rest, "omitempty")
}

func (s *schemer) of(t reflect.Type) map[string]any {
	switch list := choices()[t]; {
	case list != nil:
		return map[string]any{"enum": list}
	case t == reflect.TypeFor[quantity.Decimal]():
		return map[string]any{"type": []any{"number", "string"}}
	case t.Kind() == reflect.Pointer:
		return s.of(t.Elem())
	case t.Kind() == reflect.Slice:
		return map[string]any{"type": "array", "items": s.of(t.Elem())}
	case t.Kind() == reflect.Struct:
		return s.ref(t)
	case t.Kind() == reflect.Bool:
		return map[string]any{"type": "boolean"}
	case t.Kind() == reflect.Int:
		return map[string]any{"type": "integer"}
	}
	return map[string]any{"type": "string"}
}

func (s *schemer) ref(t reflect.Type) map[string]any {
	if _, ok := s.defs[t.Name()]; !ok {
		s.defs[t.Name()] = true // a type that holds itself would come back here
		def := s.object(t)
		if t == reflect.TypeFor[fault.Text]() {
			def["description"] = "Both languages are required (中英文均须填写)"
		}
		s.defs[t.Name()] = def
	}
	return map[string]any{"$ref": "#/$defs/" + t.Name()}
}
