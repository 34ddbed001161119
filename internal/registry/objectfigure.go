package registry

import (
	"context"
	"fmt"
	"slices"

	"anlan/internal/hydrotime"
	"anlan/internal/registry/objectrule"
)

// ObjectFigure is what the register counts for a division: a number, or one of how many.
type ObjectFigure struct {
	N  int64
	Of int64 // -1 for a plain number
}

// ObjectTallies are a figure's counties, by code.
type ObjectTallies map[string]ObjectFigure

func (into ObjectTallies) add(name, county string, o *WaterObject, people map[string]bool) {
	f := into[county]
	takes, meets := objectsOf(name)
	switch {
	case takes == nil:
		f.Of = -1
		for _, t := range o.Duties {
			if key := county + " " + t.Person; !people[key] {
				people[key] = true
				f.N++
			}
		}
	case !takes(o):
		return
	case meets(o):
		f.N++
		fallthrough
	default:
		f.Of++
	}
	into[county] = f
}

// ObjectFigures counts figures of the register by the code of the county at the end of a day: "three_persons", small reservoirs whose
// three persons are all there, told apart, rung and trained this season, of all; "published", objects whose demanded persons are all named,
// of all that demand some; "persons", people who answer for an object. It asks no permission; a name that there is not is not in the answer.
//
// Of the day are who answered, what was wanting there, and which objects were not yet retired. Of today are an object's facts, its county
// and the rules, and an object that came into the register after the day counts too, for the register does not keep when one came.
func (s *Service) ObjectFigures(ctx context.Context, names []string, asOf hydrotime.Date) (map[string]ObjectTallies, error) {
	out := map[string]ObjectTallies{}
	for _, name := range names {
		if takes, _ := objectsOf(name); takes != nil || name == "persons" {
			out[name] = ObjectTallies{}
		}
	}
	if len(out) == 0 {
		return out, nil
	}
	tree, err := s.Tree(ctx)
	if err != nil {
		return nil, err
	}
	rules, err := s.ObjectRules(ctx)
	if err != nil {
		return nil, err
	}
	q := ObjectQuery{AsOf: asOf, Retired: true}
	for _, d := range tree.Roots() {
		q.Scopes = append(q.Scopes, d.ID)
	}
	people := map[string]bool{}
	for {
		list, next, err := s.listObjects(ctx, q, rules, 200)
		if err != nil {
			return nil, fmt.Errorf("count the register: %w", err)
		}
		list = slices.DeleteFunc(list, func(o WaterObject) bool { return o.RetiredAt != nil && o.RetiredAt.Before(asOf.End()) })
		for i := range list {
			list[i].RetiredAt = nil // it stood on the day, so what was wanting there is asked
		}
		if err := s.judgeObjects(ctx, rules, asOf, list); err != nil {
			return nil, fmt.Errorf("count the register: %w", err)
		}
		for _, o := range list {
			county := tree.CountyOf(o.DivisionID).Code
			for name, into := range out {
				into.add(name, county, &o, people)
			}
		}
		if next == "" {
			return out, nil
		}
		q.After = next
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
			without(objectrule.Unfilled, objectrule.NotDistinct, objectrule.NoPhone, objectrule.Unverified, objectrule.Untrained)
	case "published":
		return func(o *WaterObject) bool { return o.Demanded }, without(objectrule.Unfilled)
	}
	return nil, nil
}
