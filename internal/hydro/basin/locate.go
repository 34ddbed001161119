package basin

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"anlan/internal/fault"

	"go.yaml.in/yaml/v3"
)

// Located says at which line of the YAML stands what a fault is about, as near as the source tells: the key, its unit or inflow, or its
// section. The fault's own words stay.
func Located(name string, src []byte, err error) error {
	var root yaml.Node
	if yaml.Unmarshal(src, &root) != nil || len(root.Content) == 0 {
		return fmt.Errorf("%s: %w", name, err)
	}
	at := root.Content[0]
	// The unit or the inflow that is named before the fault, if any.
	if m := listed.FindStringSubmatch(err.Error()); m != nil {
		if list := child(at, m[1]); list != nil && list.Kind == yaml.SequenceNode {
			if i, _ := strconv.Atoi(m[2]); i < len(list.Content) {
				at = list.Content[i]
			}
		}
	}
	var f *fault.Error
	if !errors.As(err, &f) {
		return fmt.Errorf("%s line %d: %w", name, at.Line, err)
	}
	keys := []string{keyOf[f.Code]}
	if m := option.FindStringSubmatch(f.Text.En); m != nil {
		keys = []string{m[1]}
	}
	for i, field := range f.Fields {
		keys = append(keys[:i], field.Place)
	}
	var lines []string
	for _, name := range keys {
		key := find(at, name)
		if key == nil { // a unit has the basin's where it has none of its own
			key = find(root.Content[0], name)
		}
		if key != nil {
			lines = append(lines, strconv.Itoa(key.Line))
		}
	}
	if len(lines) == 0 {
		lines = append(lines, strconv.Itoa(at.Line))
	}
	return fmt.Errorf("%s line %s: %w", name, strings.Join(lines, ", "), err)
}

var (
	listed = regexp.MustCompile(`\b(units|inflows)\[(\d+)\]`)
	option = regexp.MustCompile(`^options\.(\w+)`)
	// keyOf is the key that a fault without fields is about, by its code.
	keyOf = map[string]string{
		"xaj.area": "area_km2", "basin.area": "area_km2", "xaj.step": "dt_h", "snow.step": "dt_h", "muskingum.unstable": "KE_h", "muskingum.parameter": "KE_h",
		"basin.weight": "gauges", "basin.rain": "rain_begins_h", "basin.loop": "to",
		"flashflood.rating": "rating", "flashflood.section": "section", "flashflood.stage": "stages", "flashflood.window": "windows_h",
		"flashflood.wetness": "wetness",
	}
)

// child is what a mapping holds under a key.
func child(n *yaml.Node, key string) *yaml.Node {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// find is the first key of that name below a node, its unit of measure aside: UM finds UM_mm.
func find(n *yaml.Node, name string) *yaml.Node {
	if name == "" {
		return nil
	}
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			if base, _, _ := strings.Cut(c.Value, "_"); c.Value == name || base == name {
				return c
			}
			continue
		}
		if key := find(c, name); key != nil {
			return key
		}
	}
	return nil
}
