package definition

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/quantity"

	"go.yaml.in/yaml/v3"
)

// strict holds a tree of YAML against a type, so that everything wrong is told at once with its line and in both languages.
type strict struct {
	file  string
	bad   *fault.Error
	lines map[string]int
}

func (s *strict) say(n *yaml.Node, path, zh, en string, args ...any) {
	if len(s.bad.Fields) < MaxFaults {
		s.bad.At(place(s.file, path, n.Line), fault.Tf(zh, en, args...))
	}
}

func (s *strict) value(n *yaml.Node, t reflect.Type, path string) {
	s.lines[path] = n.Line
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[quantity.Decimal]():
		s.decimal(n, path)
	case t.Kind() == reflect.Struct:
		s.mapping(n, t, path)
	case t.Kind() == reflect.Map:
		s.table(n, t, path)
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
	fields := map[string]reflect.Type{}
	for i := range t.NumField() {
		key, _ := Key(t.Field(i))
		if key == Unwritten {
			continue
		}
		fields[key] = t.Field(i).Type
	}
	s.pairs(n, path, func(key string) (reflect.Type, bool) { t, ok := fields[key]; return t, ok })
}

// table takes a map of which any key may stand; which keys mean something is the business of the type's owner.
func (s *strict) table(n *yaml.Node, t reflect.Type, path string) {
	s.pairs(n, path, func(key string) (reflect.Type, bool) { return t.Elem(), key != "" })
}

// pairs walks keys with values; typeOf says what a key holds, and whether it may stand here.
func (s *strict) pairs(n *yaml.Node, path string, typeOf func(key string) (reflect.Type, bool)) {
	if n.Kind != yaml.MappingNode {
		s.say(n, path, "应为键值对", "keys with values are expected")
		return
	}
	var seen []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, at := n.Content[i], n.Content[i].Value
		if path != "" {
			at = path + "." + at
		}
		held, known := typeOf(k.Value)
		switch {
		case !known || k.Kind != yaml.ScalarNode || k.Tag == "!!merge":
			s.say(k, path, "没有 %q 这一项", "there is no key %q here", shortened(k.Value))
		case slices.Contains(seen, k.Value):
			s.say(k, at, "重复", "the key stands twice")
		default:
			seen = append(seen, k.Value)
			s.value(n.Content[i+1], held, at)
		}
	}
}

// Unwritten is the key of a field that the program fills in and no file holds.
const Unwritten = "-"

// Key is the YAML key of a field, and whether it may be left out.
func Key(f reflect.StructField) (key string, optional bool) {
	key, rest, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return key, strings.Contains(rest, "omitempty")
}

// shortened keeps a refused value readable in a sentence.
func shortened(v string) string {
	if r := []rune(v); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return v
}
