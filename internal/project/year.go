package project

import (
	"context"
	"slices"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/project/lifecycle"
	"anlan/internal/quantity"
)

// YearTarget is what is to be invested in a year by county (年度投资目标), as the programme room keeps it: the target of the indicator
// that projects count by themselves. Amounts are in 万元 by code of the division; one that is not set is absent.
type YearTarget struct {
	Name    fault.Text
	Amounts map[string]quantity.Null
}

// ProjectYear is the plan of months of all projects against the year's target.
type ProjectYear struct {
	Year      int              `json:"year"`
	Target    fault.Text       `json:"target" doc:"Name of the target; empty where none is kept"`
	Total     ProjectYearRow   `json:"total"`
	Counties  []ProjectYearRow `json:"counties" doc:"Of a list over several"`
	Unplanned []ProjectRow     `json:"unplanned" doc:"Under construction without a plan of months"`
}

// ProjectYearRow is one division. A difference is of two figures that are both there: what is not set or not planned is absent.
type ProjectYearRow struct {
	Division   ProjectPlace  `json:"division"`
	Target     quantity.Null `json:"target_wan_yuan"`
	Plan       quantity.Null `json:"plan_wan_yuan" doc:"Twelve months of all projects together"`
	Done       quantity.Null `json:"done_wan_yuan" doc:"Since January"`
	Difference quantity.Null `json:"difference_wan_yuan" doc:"Plan less target"`
}

func (r ProjectYearRow) held() ProjectYearRow {
	if r.Target.Valid && r.Plan.Valid {
		r.Difference = quantity.Some(r.Plan.Decimal - r.Target.Decimal)
	}
	return r
}

// YearPlan holds the months planned of a scope's projects against the year's target of investment.
func (s *Service) YearPlan(ctx context.Context, p *identity.Principal, q Query) (*ProjectYear, error) {
	q = Query{Division: q.Division, AsOf: q.AsOf, Known: q.Known, Year: q.Year, Limit: 1}
	v, err := s.viewOf(ctx, p, q)
	if err != nil {
		return nil, err
	}
	if at, none, ok := v.standFrom(); v.at == 0 && ok && !none { // a county's own reader asks of the county
		v.at, q.Division = at, at
	}
	page, err := s.Projects(ctx, p, q)
	if err != nil {
		return nil, err
	}
	q.State, q.Pace = "building", string(lifecycle.NoPlan)
	unplanned, err := s.find(ctx, v, q)
	if err != nil {
		return nil, err
	}
	scope, _ := v.tree.ByID(v.top())
	out := &ProjectYear{Year: v.year, Counties: []ProjectYearRow{}, Unplanned: []ProjectRow{}}
	var amounts map[string]quantity.Null
	if s.yearTarget != nil {
		target, err := s.yearTarget(ctx, p, scope.Code, v.year)
		if err != nil {
			return nil, err
		}
		if target != nil {
			out.Target, amounts = target.Name, target.Amounts
		}
	}
	money := page.Tally.Lag.Money
	out.Total = ProjectYearRow{Division: placeOf(scope), Target: amounts[scope.Code], Plan: money.Year, Done: money.Done}.held()
	told := map[string]bool{}
	for _, c := range page.Tally.Counties {
		told[c.Division.Code] = true
		row := ProjectYearRow{Division: c.Division, Plan: c.Plan, Done: c.Done}
		if c.Division.Level == "county" {
			row.Target = amounts[c.Division.Code]
		}
		out.Counties = append(out.Counties, row.held())
	}
	for code, amount := range amounts {
		if d, ok := v.tree.ByCode(code); ok && amount.Valid && d.Level == "county" && d.ID != scope.ID && v.tree.Within(scope.ID, d.ID) && !told[code] && v.sees(d.ID) {
			out.Counties = append(out.Counties, ProjectYearRow{Division: placeOf(d), Target: amount})
		}
	}
	slices.SortFunc(out.Counties, func(a, b ProjectYearRow) int { return strings.Compare(a.Division.Code, b.Division.Code) })
	for _, f := range unplanned {
		f.row.Lag.Months = []lifecycle.LagMonth{}
		out.Unplanned = append(out.Unplanned, f.row)
	}
	return out, nil
}
