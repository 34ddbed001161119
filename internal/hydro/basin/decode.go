package basin

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"anlan/internal/fault"

	"go.yaml.in/yaml/v3"
)

// MaxSize bounds the YAML of a basin, in bytes.
const MaxSize = 4 << 20

// Decode reads a YAML file of bounded size whose keys are all known, and in which none is missing that has no omitempty: what is missing
// is not zero.
func Decode(name string, src []byte, into any) error {
	if err := decode(name, src, into); err != nil {
		return err
	}
	var root yaml.Node
	if err := yaml.Unmarshal(src, &root); err != nil || len(root.Content) == 0 {
		return fault.Invalidf("basin.syntax", "%s 无法读取：%v", "%s cannot be read: %v", name, err)
	}
	if at, keys := missing(root.Content[0], reflect.TypeOf(into)); len(keys) > 0 {
		list := strings.Join(keys, ", ")
		return fault.Invalidf("basin.missing", "%s 第 %d 行：缺少 %s，不能当作 0", "%s line %d: missing, which is not zero: %s", name, at.Line, list)
	}
	return nil
}

// decode is Decode for what need not be whole.
func decode(name string, src []byte, into any) error {
	if len(src) > MaxSize {
		return fault.New(fault.TooLarge, "basin.size", fault.Tf("%s 超过 %d 字节", "%s is larger than %d bytes", name, MaxSize))
	}
	d := yaml.NewDecoder(bytes.NewReader(src))
	d.KnownFields(true)
	err := d.Decode(into)
	if errors.Is(err, io.EOF) {
		return fault.Invalidf("basin.empty", "%s 是空文件", "%s is empty", name)
	}
	if wrong := (&yaml.TypeError{}); errors.As(err, &wrong) {
		var list []string
		for _, w := range wrong.Errors {
			list = append(list, unknown.ReplaceAllString(mistyped.ReplaceAllString(w, "$1 cannot stand here"), "there is no key $1 here"))
		}
		err = errors.New(strings.Join(list, "; "))
	}
	if err == nil && !errors.Is(d.Decode(&yaml.Node{}), io.EOF) {
		err = errors.New("a second document follows")
	}
	if err != nil {
		return fault.Invalidf("basin.syntax", "%s 无法读取：%v", "%s cannot be read: %v", name, err)
	}
	return nil
}

// What the YAML library says of Go's types is put into words of the file.
var (
	unknown  = regexp.MustCompile(`field (\S+) not found in type \S+`)
	mistyped = regexp.MustCompile(`cannot unmarshal (.*) into \S+`)
)

// missing finds the first mapping that lacks keys of its type, and those.
func missing(n *yaml.Node, t reflect.Type) (at *yaml.Node, keys []string) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case n.Kind == yaml.AliasNode:
		return missing(n.Alias, t)
	case t.Kind() == reflect.Slice && n.Kind == yaml.SequenceNode:
		for _, c := range n.Content {
			if at, keys = missing(c, t.Elem()); len(keys) > 0 {
				return at, keys
			}
		}
	case t.Kind() == reflect.Struct && t != reflect.TypeFor[yaml.Node]() && n.Kind == yaml.MappingNode:
		for f := range t.Fields() {
			key, more, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			c := child(n, key)
			if c != nil && c.Tag == "!!null" {
				c = nil
			}
			switch {
			case c != nil && len(keys) == 0:
				if at, inner := missing(c, f.Type); len(inner) > 0 {
					return at, inner
				}
			case c == nil && !slices.Contains(strings.Split(more, ","), "omitempty"):
				keys = append(keys, key)
			}
		}
	}
	return n, keys
}
