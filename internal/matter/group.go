package matter

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/identity"
)

// Group is how many matters share the values of one or two fields.
type Group struct {
	Keys    []string `json:"keys" doc:"The values, in the order of the fields asked for"`
	Count   int      `json:"count"`
	Live    int      `json:"live"`
	Overdue int      `json:"overdue"`
	Closed  int      `json:"closed"`
}

// Grouped is the counts by group, largest first, and over all.
type Grouped struct {
	Groups []Group `json:"groups"`
	Total  Group   `json:"total"`
}

// groupsMost bounds the answer; beyond it the smallest groups are left out and the total tells.
const groupsMost = 5000

// GroupFields lists the fields that matters can be counted by.
func GroupFields() []string {
	return []string{"state", "kind", "line", "division", "keeper", "origin", "severity", "unit", "person", "object", "item", "step", "due", "found"}
}

// field gives a row's value as text; dates as their month. No text is made anew for a row.
func (s *sheet) field(name string) func(*Row) string {
	return map[string]func(*Row) string{
		"state": func(r *Row) string { return string(r.State) }, "kind": func(r *Row) string { return string(r.Kind) }, "line": func(r *Row) string { return r.Line },
		"division": func(r *Row) string { return s.numbers[r.division] }, "keeper": func(r *Row) string { return s.numbers[r.keeper] },
		"origin": func(r *Row) string { return string(r.Origin) }, "severity": func(r *Row) string { return "01234"[r.severity : r.severity+1] },
		"unit": func(r *Row) string { return r.Unit }, "person": func(r *Row) string { return r.Person }, "object": func(r *Row) string { return r.object },
		"item": func(r *Row) string { return r.Item }, "step": func(r *Row) string { return r.Step },
		"due": func(r *Row) string { return r.dueMonth }, "found": func(r *Row) string { return r.foundMonth },
	}[name]
}

// Group counts what a query finds by one or two fields.
func (s *Service) Group(ctx context.Context, p *identity.Principal, q Query, by []string) (Grouped, error) {
	out := Grouped{Groups: []Group{}}
	if len(by) == 0 || len(by) > 2 {
		return out, fault.Invalidf("matter.group", "须按一个或两个字段统计", "count by one field or two")
	}
	sh, w, err := s.walk(ctx, p, q)
	if err != nil {
		return out, err
	}
	fields := make([]func(*Row) string, len(by))
	for i, name := range by {
		if fields[i] = sh.field(name); fields[i] == nil {
			return out, fault.Invalidf("matter.group", "不能按 %[1]s 统计，可按：%[2]s", "no counts by %[1]s; there are %[2]s", name, strings.Join(GroupFields(), ", "))
		}
	}
	groups := map[[2]string]*Group{}
	for r := range sh.rows.all {
		if !w.takes(r) {
			continue
		}
		var k [2]string
		for i, f := range fields {
			k[i] = f(r)
		}
		g := groups[k]
		if g == nil {
			g = &Group{Keys: slices.Clone(k[:len(by)])}
			groups[k] = g
		}
		g.add(r, w.now)
		out.Total.add(r, w.now)
	}
	out.Total.Keys = []string{}
	for _, g := range groups {
		out.Groups = append(out.Groups, *g)
	}
	slices.SortFunc(out.Groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), slices.Compare(a.Keys, b.Keys))
	})
	out.Groups = out.Groups[:min(len(out.Groups), groupsMost)]
	return out, nil
}

func (g *Group) add(r *Row, now int64) {
	g.Count++
	if r.Live() {
		g.Live++
	}
	if r.OverdueAt(now) {
		g.Overdue++
	}
	if r.State == Closed {
		g.Closed++
	}
}
