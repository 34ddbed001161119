// Package definition reads what people define in YAML: programmes, checklists, score trees, ladders, one file each.
//
// Everything wrong with a file is told at once, in both languages, each with its path and line. Unknown keys, keys that stand
// twice, anchors, aliases and second documents are refused. What the keys mean is left to the room that owns the type; it asks
// Places for the line of a part. A JSON Schema for editors is made from the same type.
package definition

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"anlan/internal/fault"

	"go.yaml.in/yaml/v3"
)

// MaxSize bounds one file, in bytes.
const MaxSize = 1 << 20

// MaxFaults bounds how many places one refusal names.
const MaxFaults = 100

// Sort is one sort of file.
type Sort struct {
	Code string     // begins the codes of its faults: "pack" makes pack.size and pack.syntax
	Name fault.Text // one of them: "指标包", "pack"
}

// Places knows on which line of a file each part stands.
type Places struct {
	file  string
	lines map[string]int
}

// At names a part for a fault: "dam.yaml clauses[3].points (line 41)". A part that is not written has the line of what should hold it.
func (p *Places) At(path string) string {
	line := 0
	for at := path; line == 0; at = parent(at) {
		line = p.lines[at]
		if at == "" {
			break
		}
	}
	return place(p.file, path, line)
}

// parent cuts the last step off a path: "a[1].b", "a[1]", "a", "".
func parent(path string) string {
	for i := len(path) - 1; i > 0; i-- {
		if path[i] == '.' || path[i] == '[' {
			return path[:i]
		}
	}
	return ""
}

func place(file, path string, line int) string {
	switch {
	case line == 0:
		return file
	case path == "":
		return fmt.Sprintf("%s (line %d)", file, line)
	}
	return fmt.Sprintf("%s %s (line %d)", file, path, line)
}

// Parse reads one file into a T, whose exported fields all carry a yaml key. An error is a fault, Invalid or TooLarge.
func Parse[T any](s Sort, file string, src []byte) (*T, *Places, error) {
	if len(src) > MaxSize {
		return nil, nil, fault.New(fault.TooLarge, s.Code+".size", fault.Tf("%s 超过 %d 字节", "%s is larger than %d bytes", file, MaxSize))
	}
	bad := fault.Invalidf(s.Code+".syntax", "%s 无法读取", "%s cannot be read", file)
	var node yaml.Node
	if err := yaml.Unmarshal(src, &node); err != nil {
		line, why := syntax(err)
		return nil, nil, bad.At(place(file, "", line), fault.T("YAML 写法有误："+why, "not YAML: "+why))
	}
	if at := firstAlias(&node); at != nil {
		return nil, nil, bad.At(place(file, "", at.Line), fault.T("不支持锚点与别名", "anchors and aliases are not supported"))
	}
	if len(node.Content) == 0 {
		return nil, nil, bad.At(file, fault.T("文件为空", "the file is empty"))
	}
	held := &strict{file, bad, map[string]int{}}
	held.value(node.Content[0], reflect.TypeFor[T](), "")
	if len(bad.Fields) > 0 {
		return nil, nil, bad
	}
	d := yaml.NewDecoder(bytes.NewReader(src))
	d.KnownFields(true)
	out := new(T)
	if err := d.Decode(out); err != nil {
		return nil, nil, bad.At(file, fault.T(err.Error(), err.Error()))
	}
	var second yaml.Node
	if err := d.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, nil, bad.At(place(file, "", second.Line), fault.T("一个文件只能有一个"+s.Name.Zh, "a file holds one "+s.Name.En))
	}
	return out, &Places{file, held.lines}, nil
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// syntax takes the line out of what the reader of YAML says; 0 where it names none.
func syntax(err error) (line int, why string) {
	m := yamlLine.FindStringSubmatch(err.Error())
	if m == nil {
		return 0, err.Error()
	}
	if m[1] != "" {
		line, _ = strconv.Atoi(m[1])
	}
	return line, strings.TrimPrefix(err.Error(), m[0])
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

// Format writes a definition as YAML, always the same for the same one.
func Format(v any) []byte {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(v); err != nil {
		panic("definition: plain data can always be written: " + err.Error())
	}
	return b.Bytes()
}
