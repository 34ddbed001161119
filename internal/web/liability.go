package web

import (
	"context"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/oversight"
	"anlan/internal/oversight/checklist"
	"anlan/internal/oversight/ladder"
	"anlan/internal/programme"
	"anlan/internal/quantity"
)

// LiabilityView is what the problems found in a period lead to for those who answer for them (责任追究), by the rules in force.
type LiabilityView struct {
	Scope   programme.DivisionRef `json:"scope"`
	From    *hydrotime.Date       `json:"from"`
	To      hydrotime.Date        `json:"to"`
	Basis   fault.Text            `json:"basis"`
	Sample  bool                  `json:"sample" doc:"The rules wait for the operator's own"`
	Units   []LiabilityUnit       `json:"units" doc:"The heaviest first"`
	Objects []LiabilityObject     `json:"objects" doc:"The heaviest first, at most as many as were asked for"`
	Total   int                   `json:"total" doc:"How many objects there are"`
}

// LiabilityMeasure is a measure with those it falls upon.
type LiabilityMeasure struct {
	Measure *checklist.Measure `json:"measure" enum:"none,order,talk,circular,stop,sanction" doc:"Null where the rules say nothing"`
	Name    fault.Text         `json:"name"`
	Persons []matter.Named     `json:"persons" doc:"Empty where nobody is named on record"`
}

// LiabilityUnit is a unit with the heaviest of what its objects lead to.
type LiabilityUnit struct {
	Unit       matter.Named               `json:"unit"`
	Objects    int                        `json:"objects"`
	Findings   int                        `json:"findings"`
	Disputed   int                        `json:"disputed" doc:"Problems that wait for a decision on an objection; they are not counted"`
	Severities map[checklist.Severity]int `json:"severities"`
	Measure    *checklist.Measure         `json:"measure" enum:"none,order,talk,circular,stop,sanction"`
	Name       fault.Text                 `json:"measure_name"`
	Direct     LiabilityMeasure           `json:"direct"`
	Leading    LiabilityMeasure           `json:"leading"`
}

// LiabilityObject is one object for which a unit answers.
type LiabilityObject struct {
	Unit       matter.Named               `json:"unit"`
	Object     *matter.ObjectName         `json:"object" doc:"Null for problems at no object"`
	Division   programme.DivisionRef      `json:"division"`
	Findings   int                        `json:"findings"`
	Disputed   int                        `json:"disputed"`
	Severities map[checklist.Severity]int `json:"severities"`
	Unscored   int                        `json:"unscored" doc:"Of the findings, those that cost no points: they are judged by number and grade"`
	Score      quantity.Null              `json:"score" doc:"The worst of the lists; null where nothing was scored"`
	Band       *checklist.Band            `json:"band" doc:"In which the score lies"`
	Tier       *ladder.Tier               `json:"tier" doc:"The heaviest rule by number and grade that is reached"`
	Measure    *checklist.Measure         `json:"measure" enum:"none,order,talk,circular,stop,sanction"`
	Name       fault.Text                 `json:"measure_name"`
	Direct     LiabilityMeasure           `json:"direct"`
	Leading    LiabilityMeasure           `json:"leading"`
}

func (s *Server) addLiabilityRoutes() {
	add(s, Route{Method: "GET", Path: "/api/oversight/liability", ID: "liability", Summary: "What problems lead to for unit, direct and leading persons", Tag: "oversight", Permission: identity.MatterRead}, s.liability)
}

func (s *Server) liability(ctx context.Context, p *identity.Principal, in *struct {
	Scope  string   `query:"scope" required:"true" maxLength:"20"`
	Line   []string `query:"line" maxItems:"20"`
	Unit   string   `query:"unit" maxLength:"36"`
	Object int64    `query:"object" minimum:"0"`
	From   string   `query:"from" maxLength:"10" doc:"Found from this day on; ever where absent"`
	To     string   `query:"to" maxLength:"10" doc:"The last day that counts; today where absent"`
	Limit  int      `query:"limit" minimum:"1" maximum:"1000" default:"200"`
},
) (*LiabilityView, error) {
	scope, err := s.divisionOf(ctx, in.Scope)
	if err != nil {
		return nil, err
	}
	q := oversight.LiabilityQuery{Scope: scope.ID, Lines: in.Line, Unit: in.Unit, Object: in.Object, To: hydrotime.DateOf(s.Now())}
	if in.To != "" {
		if q.To, err = hydrotime.ParseDate(in.To); err != nil {
			return nil, badDay("to", err)
		}
	}
	if in.From != "" {
		from, err := hydrotime.ParseDate(in.From)
		if err != nil {
			return nil, badDay("from", err)
		}
		q.From = &from
	}
	found, err := s.Oversight.Liability(ctx, p, q)
	if err != nil {
		return nil, err
	}
	names, err := s.Matter.Names(ctx)
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := &LiabilityView{
		Scope: programme.RefOf(tree, scope), From: q.From, To: q.To, Units: []LiabilityUnit{}, Objects: []LiabilityObject{}, Total: len(found.Objects),
	}
	if l := found.Ladder; l != nil {
		out.Basis, out.Sample = l.Basis, l.Sample
	}
	for _, u := range found.Units {
		v := LiabilityUnit{Unit: names.Unit(u.Unit), Objects: u.Objects, Findings: u.Findings, Disputed: u.Disputed, Severities: u.Severities}
		v.Measure, v.Name = measureOf(u.Measure)
		v.Direct, v.Leading = onPersons(names, u.Direct, u.DirectPersons), onPersons(names, u.Leading, leading(u.LeadingPerson))
		out.Units = append(out.Units, v)
	}
	for _, o := range found.Objects[:min(in.Limit, len(found.Objects))] {
		place, _ := tree.ByID(o.Division)
		v := LiabilityObject{
			Unit: names.Unit(o.Unit), Division: programme.RefOf(tree, place), Findings: o.Findings, Disputed: o.Disputed, Severities: o.Severities,
			Unscored: o.Unscored, Score: o.Score, Band: o.Band, Tier: o.Tier,
		}
		if o.Object != 0 {
			object := names.Object(o.Object)
			v.Object = &object
		}
		v.Measure, v.Name = measureOf(o.Measure)
		v.Direct, v.Leading = onPersons(names, o.Direct, o.Persons), onPersons(names, o.Leading, leading(o.LeadingPerson))
		out.Objects = append(out.Objects, v)
	}
	return out, nil
}

// measureOf is a measure with its name; nothing of both where the rules say nothing.
func measureOf(m checklist.Measure) (*checklist.Measure, fault.Text) {
	if m == "" {
		return nil, fault.Text{}
	}
	return &m, m.Name()
}

func leading(person string) []string {
	if person == "" {
		return nil
	}
	return []string{person}
}

func onPersons(names matter.Names, m checklist.Measure, persons []string) LiabilityMeasure {
	out := LiabilityMeasure{Persons: []matter.Named{}}
	out.Measure, out.Name = measureOf(m)
	for _, person := range persons {
		out.Persons = append(out.Persons, names.Person(person))
	}
	return out
}
