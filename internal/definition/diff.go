package definition

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"anlan/internal/fault"
)

// Change is one difference between two versions of a definition.
type Change struct {
	Place    string     `json:"place"`
	What     string     `json:"what" enum:"added,removed,changed"`
	Before   string     `json:"before,omitempty"`
	After    string     `json:"after,omitempty"`
	Breaking bool       `json:"breaking" doc:"The past could no longer be read the same way"`
	Text     fault.Text `json:"text"`
}

// Diff lists what changes from one version of a definition to the next; old is nil for the first, of which only its parts are told.
// Parts of a list are told apart by their key code or id, other things are held against each other whole. The file's own id and
// version are left out. Breaks says whether a change is breaking: list is the YAML key of the list that the changed part stands in,
// field is "" where the part itself is gone.
func Diff[T any](old, fresh *T, breaks func(list, field string) bool) []Change {
	d := differ{breaks: breaks, first: old == nil}
	if old == nil {
		old = new(T)
	}
	d.fields("", "", reflect.ValueOf(*old), reflect.ValueOf(*fresh))
	return d.out
}

type differ struct {
	breaks func(list, field string) bool
	first  bool
	out    []Change
}

func (d *differ) fields(place, list string, was, now reflect.Value) {
	for i := range was.NumField() {
		key, _ := Key(was.Type().Field(i))
		if key == "" || place == "" && (key == "id" || key == "version") || reflect.DeepEqual(was.Field(i).Interface(), now.Field(i).Interface()) {
			continue
		}
		at := key
		if place != "" {
			at = place + "." + key
		}
		if named, ok := nameOf(was.Field(i).Type()); ok {
			d.items(at, key, was.Field(i), now.Field(i), named)
		} else if place != "" || !d.first {
			d.changed(at, d.breaks(list, key), was.Field(i), now.Field(i))
		}
	}
}

func (d *differ) changed(at string, breaking bool, was, now reflect.Value) {
	before, after := show(was), show(now)
	d.out = append(d.out, Change{Place: at, What: "changed", Before: before, After: after, Breaking: breaking, Text: fault.Tf("%s 由 %s 改为 %s", "%s: %s became %s", at, before, after)})
}

// nameOf says in which field the parts of a list carry their name; ok is false for what is no such list.
func nameOf(t reflect.Type) (field int, ok bool) {
	if t.Kind() != reflect.Slice || t.Elem().Kind() != reflect.Struct {
		return 0, false
	}
	for i := range t.Elem().NumField() {
		if key, _ := Key(t.Elem().Field(i)); (key == "code" || key == "id") && t.Elem().Field(i).Type.Kind() == reflect.String {
			return i, true
		}
	}
	return 0, false
}

func (d *differ) items(place, list string, was, now reflect.Value, named int) {
	names := func(of reflect.Value) (out []string) {
		for i := range of.Len() {
			out = append(out, of.Index(i).Field(named).String())
		}
		return out
	}
	before, after := names(was), names(now)
	for _, name := range before {
		if !slices.Contains(after, name) {
			d.out = append(d.out, Change{Place: place + "." + name, What: "removed", Breaking: d.breaks(list, ""), Text: fault.Tf("删除 %s", "%s removed", name)})
		}
	}
	for i, name := range after {
		k := slices.Index(before, name)
		if k < 0 {
			d.out = append(d.out, Change{Place: place + "." + name, What: "added", Text: fault.Tf("新增 %s", "%s added", name)})
			continue
		}
		d.fields(place+"."+name, list, was.Index(k), now.Index(i))
	}
}

// show writes a value as a person reads it: both languages of a text, and what holds more as compact JSON.
func show(v reflect.Value) string {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return "—"
		}
		v = v.Elem()
	}
	switch x := v.Interface().(type) {
	case fault.Text:
		return x.Zh + " / " + x.En
	case fmt.Stringer:
		return x.String()
	}
	switch {
	case v.IsZero() && v.Kind() != reflect.Int && v.Kind() != reflect.Bool:
		return "—"
	case v.Kind() != reflect.Slice && v.Kind() != reflect.Struct && v.Kind() != reflect.Map:
		return fmt.Sprint(v.Interface())
	}
	b, err := json.Marshal(v.Interface())
	if err != nil {
		return fmt.Sprintf("%+v", v.Interface())
	}
	return string(b)
}
