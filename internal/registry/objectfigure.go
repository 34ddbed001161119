package registry

import (
	"context"
	"fmt"
	"slices"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/registry/objectrule"
)

// ObjectFigure is what the register counts for a division: a number, or one of how many.
type ObjectFigure struct {
	N  int64
	Of int64 // -1 for a plain number
}

// ObjectFigures counts one figure of the register by the code of the county at the end of a day: "three_persons", small reservoirs whose three
// persons are all there, told apart and rung this season, of all; "published", objects whose demanded persons are all named, of all
// that demand some; "persons", people who answer for an object. It asks no permission.
func (s *Service) ObjectFigures(ctx context.Context, name string, asOf hydrotime.Date) (map[string]ObjectFigure, error) {
	tree, err := s.Tree(ctx)
	if err != nil {
		return nil, err
	}
	var scopes []int64
	for _, d := range tree.Roots() {
		scopes = append(scopes, d.ID)
	}
	q := ObjectQuery{Scopes: scopes, AsOf: asOf, Limit: 200}
	takes, meets := objectsOf(name)
	if takes == nil && name != "persons" {
		return nil, fault.NotFoundf("register.figure", "登记册没有数 %s", "the register has no figure %s", name)
	}
	if name == "three_persons" {
		q.Kinds = []objectrule.Kind{objectrule.Reservoir}
	}
	out, people := map[string]ObjectFigure{}, map[string]bool{}
	for {
		page, err := s.Objects(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("count the register: %w", err)
		}
		for _, o := range page.Items {
			county := tree.CountyOf(o.DivisionID).Code
			if name == "persons" {
				for _, t := range o.Duties {
					if key := county + " " + t.Person; !people[key] {
						people[key] = true
						out[county] = ObjectFigure{out[county].N + 1, -1}
					}
				}
			} else if takes(&o) {
				f := out[county]
				if meets(&o) {
					f.N++
				}
				f.Of++
				out[county] = f
			}
		}
		if page.Next == "" {
			return out, nil
		}
		q.After = page.Next
	}
}

// objectsOf are which objects a figure is of, and which of them meet it.
func objectsOf(name string) (takes, meets func(o *WaterObject) bool) {
	without := func(codes ...objectrule.GapCode) func(o *WaterObject) bool {
		return func(o *WaterObject) bool {
			return !slices.ContainsFunc(o.Gaps, func(g objectrule.Gap) bool { return slices.Contains(codes, g.Code) })
		}
	}
	switch name {
	case "three_persons":
		return func(o *WaterObject) bool {
				return o.Demanded && (o.Scale == objectrule.Small1 || o.Scale == objectrule.Small2)
			},
			without(objectrule.Unfilled, objectrule.NotDistinct, objectrule.NoPhone, objectrule.Unverified)
	case "published":
		return func(o *WaterObject) bool { return o.Demanded }, without(objectrule.Unfilled)
	}
	return nil, nil
}
