package definition

import (
	"encoding/json"
	"reflect"

	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// Hints are what a schema says beyond the types.
type Hints struct {
	Title    string
	Choices  map[reflect.Type][]any    // the values of each enumerated type
	Narrowed map[string]map[string]any // narrower forms of strings and numbers, by "Type.key"
}

// Schema returns the JSON Schema (2020-12) of the YAML of a type, for editors that complete and check while one types. What
// hangs together is not in it.
func Schema(t reflect.Type, h Hints) []byte {
	s := &schemer{hints: h, defs: map[string]any{}}
	root := s.object(t)
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = h.Title
	root["$defs"] = s.defs
	b, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic("definition: a schema is plain data: " + err.Error())
	}
	return append(b, '\n')
}

type schemer struct {
	hints Hints
	defs  map[string]any
}

func (s *schemer) object(t reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	for i := range t.NumField() {
		key, optional := Key(t.Field(i))
		if key == "-" { // made by the program, never written
			continue
		}
		p := s.of(t.Field(i).Type)
		for k, v := range s.hints.Narrowed[t.Name()+"."+key] {
			p[k] = v
		}
		properties[key] = p
		if !optional {
			required = append(required, key)
		}
	}
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

func (s *schemer) of(t reflect.Type) map[string]any {
	switch list := s.hints.Choices[t]; {
	case list != nil:
		return map[string]any{"enum": list}
	case t == reflect.TypeFor[quantity.Decimal]():
		return map[string]any{"type": []any{"number", "string"}}
	case t.Kind() == reflect.Pointer:
		return s.of(t.Elem())
	case t.Kind() == reflect.Slice:
		return map[string]any{"type": "array", "items": s.of(t.Elem())}
	case t.Kind() == reflect.Map:
		return map[string]any{"type": "object", "propertyNames": s.of(t.Key()), "additionalProperties": s.of(t.Elem())}
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
