package matter

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
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

// field gives a row's value as text; dates as their month.
func field(name string) func(*Row) string {
	switch name {
	case "state":
		return func(r *Row) string { return string(r.State) }
	case "kind":
		return func(r *Row) string { return string(r.Kind) }
	case "line":
		return func(r *Row) string { return r.Line }
	case "division":
		return func(r *Row) string { return fmt.Sprint(r.Division) }
	case "keeper":
		return func(r *Row) string { return fmt.Sprint(r.Keeper) }
	case "origin":
		return func(r *Row) string { return string(r.Origin) }
	case "severity":
		return func(r *Row) string { return fmt.Sprint(int(r.Severity)) }
	case "unit":
		return func(r *Row) string { return r.Unit }
	case "person":
		return func(r *Row) string { return r.Person }
	case "object":
		return func(r *Row) string { return fmt.Sprint(r.Object) }
	case "item":
		return func(r *Row) string { return r.Item }
	case "step":
		return func(r *Row) string { return r.Step }
	case "due":
		return func(r *Row) string { return at(r.Due).In(hydrotime.Beijing).Format("2006-01") }
	case "found":
		return func(r *Row) string { return at(r.Found).In(hydrotime.Beijing).Format("2006-01") }
	}
	return nil
}

// Group counts what a query finds by one or two fields.
func (s *Service) Group(ctx context.Context, p *identity.Principal, q Query, by []string) (Grouped, error) {
	out := Grouped{Groups: []Group{}}
	if len(by) == 0 || len(by) > 2 {
		return out, fault.Invalidf("matter.group", "须按一个或两个字段统计", "count by one field or two")
	}
	fields := make([]func(*Row) string, len(by))
	for i, name := range by {
		if fields[i] = field(name); fields[i] == nil {
			return out, fault.Invalidf("matter.group", "不能按 %s 统计", "no counts by %s", name)
		}
	}
	sh, w, err := s.walk(ctx, p, q)
	if err != nil {
		return out, err
	}
	groups := map[[2]string]*Group{}
	for _, r := range sh.rows {
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
