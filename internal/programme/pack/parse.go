package pack

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"

	"anlan/internal/fault"

	"go.yaml.in/yaml/v3"
)

// MaxSize bounds the YAML of one pack, in bytes.
const MaxSize = 1 << 20

// Parse reads one pack. Unknown keys, keys that stand twice and wrong types are reported together, each with its path and
// line; what the keys say is the business of NewCatalogue. Anchors and aliases are refused, so that a small file cannot stand for a large one.
func Parse(name string, src []byte) (*Pack, error) {
	if len(src) > MaxSize {
		return nil, fault.New(fault.TooLarge, "pack.size", fault.Tf("%s 超过 %d 字节", "%s is larger than %d bytes", name, MaxSize))
	}
	bad := fault.Invalidf("pack.syntax", "%s 无法读取", "%s cannot be read", name)
	var node yaml.Node
	if err := yaml.Unmarshal(src, &node); err != nil {
		return nil, bad.At(name, fault.T(err.Error(), err.Error()))
	}
	if at := firstAlias(&node); at != nil {
		return nil, bad.At(lineOf(name, at), fault.T("不支持锚点与别名", "anchors and aliases are not supported"))
	}
	if len(node.Content) == 0 {
		return nil, bad.At(name, fault.T("文件为空", "the file is empty"))
	}
	(&strict{name, bad}).value(node.Content[0], reflect.TypeFor[Pack](), "")
	if len(bad.Fields) > 0 {
		return nil, bad
	}
	d := yaml.NewDecoder(bytes.NewReader(src))
	d.KnownFields(true)
	p := &Pack{}
	if err := d.Decode(p); err != nil {
		return nil, bad.At(name, fault.T(err.Error(), err.Error()))
	}
	var second yaml.Node
	if err := d.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, bad.At(lineOf(name, &second), fault.T("一个文件只能有一个指标包", "a file holds one pack"))
	}
	return p, nil
}

// lineOf names the line of a node; one that could not be read has none.
func lineOf(name string, n *yaml.Node) string {
	if n.Line == 0 {
		return name
	}
	return fmt.Sprintf("%s (line %d)", name, n.Line)
}

// firstAlias finds the first anchor or alias in the order of the file.
func firstAlias(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		return n
	}
	for _, c := range n.Content {
		if at := firstAlias(c); at != nil {
			return at
		}
	}
	return nil
}

// Format writes a pack as YAML, always the same for the same pack.
func Format(p *Pack) []byte {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(p); err != nil {
		panic("pack: a pack can always be written: " + err.Error())
	}
	return b.Bytes()
}
