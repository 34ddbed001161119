package pack

import (
	"encoding/json"
	"fmt"
	"reflect"

	"anlan/internal/definition"
	"anlan/internal/fault"
)

// Change is one difference between two versions of a pack.
type Change struct {
	Place    string     `json:"place"`
	What     string     `json:"what" enum:"added,removed,changed"`
	Before   string     `json:"before,omitempty"`
	After    string     `json:"after,omitempty"`
	Breaking bool       `json:"breaking" doc:"Past figures could no longer be read the same way"`
	Text     fault.Text `json:"text"`
}

// Diff lists what changes from one version of a pack to the next.
func Diff(old, fresh *Pack) []Change {
	var out []Change
	if old == nil {
		old = &Pack{}
	} else {
		out = append(out, diffFields("", reflect.ValueOf(headOf(old)), reflect.ValueOf(headOf(fresh)), func(string) bool { return false })...)
	}
	out = append(out, diffItems("indicators", byKey(old.Indicators, func(i Indicator) string { return i.Code }), byKey(fresh.Indicators, func(i Indicator) string { return i.Code }), breakingIndicator)...)
	out = append(out, diffItems("forms", byKey(old.Forms, func(f Form) string { return f.ID }), byKey(fresh.Forms, func(f Form) string { return f.ID }), func(string) bool { return false })...)
	out = append(out, diffItems("targets", byKey(old.Targets, func(t Target) string { return t.ID }), byKey(fresh.Targets, func(t Target) string { return t.ID }), breakingTarget)...)
	out = append(out, diffItems("deadlines", byKey(old.Deadlines, func(d Deadline) string { return d.ID }), byKey(fresh.Deadlines, func(d Deadline) string { return d.ID }), func(string) bool { return false })...)
	out = append(out, diffItems("peers", byKey(old.Peers, func(s PeerSet) string { return s.ID }), byKey(fresh.Peers, func(s PeerSet) string { return s.ID }), func(string) bool { return false })...)
	return out
}

// head is what a pack says of itself as a whole.
type head struct {
	Title fault.Text `yaml:"title"`
	Line  string     `yaml:"line"`
	Basis fault.Text `yaml:"basis"`
	Order int        `yaml:"order"`
}

func headOf(p *Pack) head { return head{p.Title, p.Line, p.Basis, p.Order} }

func breakingIndicator(field string) bool {
	return oneOf(field, "Unit", "Kind", "Ratio", "Formula", "Rollup", "Level")
}

func breakingTarget(field string) bool { return oneOf(field, "Indicator", "Judge") }

type keyed[T any] struct {
	order []string
	items map[string]T
}

func byKey[T any](list []T, key func(T) string) keyed[T] {
	k := keyed[T]{items: map[string]T{}}
	for _, v := range list {
		k.order = append(k.order, key(v))
		k.items[key(v)] = v
	}
	return k
}

func diffItems[T any](kind string, old, fresh keyed[T], breaking func(field string) bool) []Change {
	var out []Change
	for _, key := range old.order {
		if _, ok := fresh.items[key]; !ok {
			out = append(out, Change{Place: kind + "." + key, What: "removed", Breaking: kind == "indicators" || kind == "forms", Text: fault.Tf("删除 %s", "%s removed", key)})
		}
	}
	for _, key := range fresh.order {
		was, ok := old.items[key]
		if !ok {
			out = append(out, Change{Place: kind + "." + key, What: "added", Text: fault.Tf("新增 %s", "%s added", key)})
			continue
		}
		out = append(out, diffFields(kind+"."+key, reflect.ValueOf(was), reflect.ValueOf(fresh.items[key]), breaking)...)
	}
	return out
}

func diffFields(place string, was, now reflect.Value, breaking func(field string) bool) []Change {
	var out []Change
	for i := range was.NumField() {
		name := was.Type().Field(i).Name
		if reflect.DeepEqual(was.Field(i).Interface(), now.Field(i).Interface()) {
			continue
		}
		at, _ := definition.Key(was.Type().Field(i))
		if place != "" {
			at = place + "." + at
		}
		before, after := show(was.Field(i)), show(now.Field(i))
		out = append(out, Change{
			Place: at, What: "changed", Before: before, After: after, Breaking: breaking(name),
			Text: fault.Tf("%s 由 %s 改为 %s", "%s: %s became %s", at, before, after),
		})
	}
	return out
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
	case v.Kind() != reflect.Slice && v.Kind() != reflect.Struct:
		return fmt.Sprint(v.Interface())
	}
	b, err := json.Marshal(v.Interface())
	if err != nil {
		return fmt.Sprintf("%+v", v.Interface())
	}
	return string(b)
}
