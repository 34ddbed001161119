package pack

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"

	"anlan/internal/fault"
	"anlan/internal/quantity"

	"go.yaml.in/yaml/v3"
)

// MaxFaults bounds how many places one refusal names.
const MaxFaults = 100

// strict holds a tree of YAML against the types, so that everything wrong is told at once with its line and in both languages.
type strict struct {
	name string
	bad  *fault.Error
}

func (s *strict) say(n *yaml.Node, path, zh, en string, args ...any) {
	if len(s.bad.Fields) >= MaxFaults {
		return
	}
	place := fmt.Sprintf("%s %s (line %d)", s.name, path, n.Line)
	if path == "" {
		place = fmt.Sprintf("%s (line %d)", s.name, n.Line)
	}
	s.bad.At(place, fault.Tf(zh, en, args...))
}

func (s *strict) value(n *yaml.Node, t reflect.Type, path string) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[quantity.Decimal]():
		s.decimal(n, path)
	case t.Kind() == reflect.Struct:
		s.mapping(n, t, path)
	case t.Kind() == reflect.Slice:
		s.list(n, t, path)
	case n.Kind != yaml.ScalarNode:
		s.say(n, path, "应为单个值", "a single value is expected")
	case t.Kind() == reflect.Bool && n.Tag != "!!bool":
		s.say(n, path, "%q 应为 true 或 false", "%q is not true or false", shortened(n.Value))
	case t.Kind() == reflect.Int:
		if _, err := strconv.Atoi(n.Value); err != nil || n.Tag != "!!int" {
			s.say(n, path, "%q 不是整数", "%q is not a whole number", shortened(n.Value))
		}
	}
}

func (s *strict) decimal(n *yaml.Node, path string) {
	if _, err := quantity.Parse(n.Value); err != nil || n.Kind != yaml.ScalarNode {
		s.say(n, path, "%q 不是数", "%q is not a number", shortened(n.Value))
	}
}

func (s *strict) list(n *yaml.Node, t reflect.Type, path string) {
	if n.Kind != yaml.SequenceNode {
		s.say(n, path, "应为列表", "a list is expected")
		return
	}
	for i, c := range n.Content {
		s.value(c, t.Elem(), fmt.Sprintf("%s[%d]", path, i))
	}
}

func (s *strict) mapping(n *yaml.Node, t reflect.Type, path string) {
	if n.Kind != yaml.MappingNode {
		s.say(n, path, "应为键值对", "keys with values are expected")
		return
	}
	fields := map[string]reflect.Type{}
	for i := range t.NumField() {
		key, _ := keyOf(t.Field(i))
		fields[key] = t.Field(i).Type
	}
	var seen []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, at := n.Content[i], n.Content[i].Value
		if path != "" {
			at = path + "." + at
		}
		field, known := fields[k.Value]
		switch {
		case !known || k.Kind != yaml.ScalarNode:
			s.say(k, path, "没有 %q 这一项", "there is no key %q here", shortened(k.Value))
		case slices.Contains(seen, k.Value):
			s.say(k, at, "重复", "the key stands twice")
		default:
			seen = append(seen, k.Value)
			s.value(n.Content[i+1], field, at)
		}
	}
}

// shortened keeps a refused value readable in a sentence.
func shortened(v string) string {
	if r := []rune(v); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return v
}
