package project

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/project/lifecycle"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// ProjectGaps are the projects that belong in the statistics library and have no number there (应统尽统).
type ProjectGaps struct {
	Items    []ProjectRow      `json:"items"`
	Counties []ProjectCoverage `json:"counties"`
	In       int               `json:"in" doc:"Projects that belong there and have a number"`
	Due      int               `json:"due" doc:"Projects that belong there"`
	AsOf     hydrotime.Date    `json:"as_of"`
}

// ProjectCoverage is a county's share of them. A project in two counties counts in both.
type ProjectCoverage struct {
	Division ProjectPlace  `json:"division"`
	In       int           `json:"in"`
	Due      int           `json:"due"`
	Rate     quantity.Null `json:"rate" doc:"Percent"`
}

// Gaps lists the gaps of a scope.
func (s *Service) Gaps(ctx context.Context, p *identity.Principal, q Query) (*ProjectGaps, error) {
	v, err := s.viewOf(ctx, p, q)
	if err != nil {
		return nil, err
	}
	q.Gap = false
	list, err := s.find(ctx, v, q)
	if err != nil {
		return nil, err
	}
	out := &ProjectGaps{Items: []ProjectRow{}, Counties: []ProjectCoverage{}, AsOf: v.day}
	for _, f := range list {
		if !f.row.Statistics.Due {
			continue
		}
		out.Due++
		if f.row.Statistics.Gap {
			f.row.Lag.Months = []lifecycle.LagMonth{}
			out.Items = append(out.Items, f.row)
		} else {
			out.In++
		}
		for _, c := range f.row.Counties {
			i := slices.IndexFunc(out.Counties, func(o ProjectCoverage) bool { return o.Division.Code == c.Code })
			if i < 0 {
				i = len(out.Counties)
				out.Counties = append(out.Counties, ProjectCoverage{Division: c})
			}
			out.Counties[i].Due++
			if !f.row.Statistics.Gap {
				out.Counties[i].In++
			}
		}
	}
	for i := range out.Counties {
		c := &out.Counties[i]
		if rate, ok := quantity.Int(int64(c.In)).Percent(quantity.Int(int64(c.Due))); ok {
			c.Rate = quantity.Some(rate.Round(2))
		}
	}
	slices.SortFunc(out.Counties, func(a, b ProjectCoverage) int { return strings.Compare(a.Division.Code, b.Division.Code) })
	return out, nil
}

// Figure is a count of a county, and what it is of.
type Figure struct{ N, Of quantity.Null }

// all reads every project that stands, for whoever draws up figures: it asks no permission.
func (s *Service) all(ctx context.Context, day hydrotime.Date) (*view, []found, error) {
	v, err := s.view(ctx, nil, day, 0) // what was told of the day by now, not by then
	if err != nil {
		return nil, nil, err
	}
	list, err := s.find(ctx, v, Query{})
	return v, list, err
}

// share is a project's parts in one county.
type share struct {
	found
	county registry.Division
	parts  []*part
	judged judged
}

// shares cuts projects by county: a part of the city itself is the city's.
func (v *view) shares(list []found) []share {
	var out []share
	for _, f := range list {
		var order []int64
		by := map[int64][]*part{}
		for _, x := range f.parts {
			if x.withdrawn != nil {
				continue
			}
			c := v.tree.CountyOf(x.division)
			if by[c.ID] == nil {
				order = append(order, c.ID)
			}
			by[c.ID] = append(by[c.ID], x)
		}
		for _, id := range order {
			c, _ := v.tree.ByID(id)
			out = append(out, share{f, c, by[id], v.judge(f.record, by[id])})
		}
	}
	return out
}

// Figures counts figures of projects by county at the end of a day: "investment", "investment/<programme>", "building", "started",
// "prepared", "reserve", "listed", "assessed", "lagging", "physical", "coverage", "fund/<step>" and "fund/<step>/<source>". What is not there is not in the
// answer. A project counts in each county in which a part of it does.
func (s *Service) Figures(ctx context.Context, names []string, asOf hydrotime.Date) (map[string]map[string]Figure, error) {
	out := map[string]map[string]Figure{}
	if len(names) == 0 {
		return out, nil
	}
	rules, err := s.rulesOf(ctx)
	if err != nil || rules == nil {
		return out, err
	}
	v, list, err := s.all(ctx, asOf)
	if err != nil {
		return nil, err
	}
	shares := v.shares(list)
	for _, name := range names {
		count, ok := v.counter(name)
		if !ok {
			continue
		}
		out[name] = map[string]Figure{}
		for _, sh := range shares {
			f := count(sh)
			if !f.N.Valid && !f.Of.Valid {
				continue
			}
			was := out[name][sh.county.Code]
			out[name][sh.county.Code] = Figure{plus(was.N, f.N), plus(was.Of, f.Of)}
		}
	}
	return out, nil
}

func plus(a, b quantity.Null) quantity.Null {
	switch {
	case !a.Valid:
		return b
	case !b.Valid:
		return a
	}
	return quantity.Some(a.Decimal + b.Decimal)
}

// one is 1 where something holds, else 0: a county with projects of which none is counted has none.
func one(yes bool) Figure {
	if yes {
		return Figure{N: quantity.Some(quantity.Int(1))}
	}
	return Figure{N: quantity.Some(0)}
}

func (v *view) counter(name string) (func(share) Figure, bool) {
	kind, of, _ := strings.Cut(name, "/")
	switch {
	case kind == "investment":
		if _, ok := lifecycle.WordOf(v.rules.Programmes, of); of != "" && !ok {
			return nil, false
		}
		return func(sh share) Figure {
			if of != "" && !slices.Contains(sh.programmes, of) {
				return Figure{}
			}
			return Figure{N: v.done(sh.parts)}
		}, true
	case kind == "fund":
		step, source, one := strings.Cut(of, "/")
		_, known := lifecycle.WordOf(v.rules.Funding.Sources, source)
		if _, i := v.rules.FundingStep(step); i < 0 || one && !known {
			return nil, false
		}
		return func(sh share) Figure { return v.fundFigure(sh.parts, step, source) }, true
	case of != "":
		return nil, false
	}
	f, ok := map[string]func(share) Figure{
		"building": func(sh share) Figure { return one(sh.judged.span.Building > 0) },
		"started": func(sh share) Figure {
			return one(v.first(sh, func(st lifecycle.Standing) *hydrotime.Date { return st.Started }))
		},
		"prepared": func(sh share) Figure {
			return one(v.first(sh, func(st lifecycle.Standing) *hydrotime.Date { return st.Prepared }))
		},
		"reserve":  func(sh share) Figure { return one(sh.judged.span.Parts > 0 && !v.begun(sh)) },
		"listed":   func(sh share) Figure { return one(!v.begun(sh) && onList(sh)) },
		"assessed": func(sh share) Figure { return one(sh.assessed) },
		"lagging":  func(sh share) Figure { return one(sh.assessed && namedHere(sh)) },
		"physical": v.physical,
		"coverage": func(sh share) Figure {
			st := v.statistics(sh.record, sh.parts, sh.judged)
			if !st.Due {
				return Figure{N: quantity.Some(0), Of: quantity.Some(0)}
			}
			return Figure{N: one(!st.Gap).N, Of: quantity.Some(quantity.Int(1))}
		},
	}[kind]
	return f, ok
}

// done is the work reported since January, up to the last whole month of the day; absent where nothing was reported.
func (v *view) done(parts []*part) quantity.Null {
	var out quantity.Null
	last := v.day.AddDays(1).InMonth().Add(-1)
	for _, x := range parts {
		for i := range x.year {
			if hydrotime.NewMonth(v.year, i+1) <= last {
				out = plus(out, x.year[i].Actual)
			}
		}
	}
	return out
}

// fundFigure is the year's money of a step over what was planned, of one source or of all.
func (v *view) fundFigure(parts []*part, step, source string) Figure {
	var out Figure
	for _, x := range parts {
		for _, f := range x.funds {
			if !f.standsAt(v.day) || f.on.Year != v.year || source != "" && f.source != source {
				continue
			}
			if f.step == step {
				out.N = plus(out.N, quantity.Some(f.amount))
			}
			if f.step == v.rules.Funding.Steps[0].ID {
				out.Of = plus(out.Of, quantity.Some(f.amount))
			}
		}
	}
	switch {
	case !out.Of.Valid: // a share of no plan is none
		return Figure{}
	case !out.N.Valid:
		out.N = quantity.Some(0) // planned, and nothing of it on record
	}
	return out
}

// first reports whether something of a project in a county happened for the first time in the view's year.
func (v *view) first(sh share, when func(lifecycle.Standing) *hydrotime.Date) bool {
	var first *hydrotime.Date
	for _, x := range sh.parts {
		if d := when(sh.judged.stands[x.id]); d != nil && (first == nil || d.DaysUntil(*first) > 0) {
			first = d
		}
	}
	return first != nil && first.Year == v.year
}

func (v *view) begun(sh share) bool {
	return slices.ContainsFunc(sh.parts, func(x *part) bool { return sh.judged.stands[x.id].Started != nil })
}

// onList reports whether a project stands on a list of the province or above.
func onList(sh share) bool {
	return slices.ContainsFunc(sh.row.Lists, func(l ProjectListed) bool {
		return l.Kind == listPlain && (l.Level == "province" || l.Level == "ministry")
	})
}

// namedHere reports whether the province's latest notice names the whole or a part in this county.
func namedHere(sh share) bool {
	n := sh.row.Named
	return n != nil && (n.Part == 0 || slices.ContainsFunc(sh.parts, func(x *part) bool { return x.id == n.Part }))
}

// physical counts a project under construction, and whether no part of it lags by physical progress.
func (v *view) physical(sh share) Figure {
	if sh.judged.span.Building == 0 {
		return Figure{N: quantity.Some(0), Of: quantity.Some(0)}
	}
	behind := false
	for _, x := range sh.parts {
		behind = behind || sh.judged.lags[x.id].Physical.Pace.Behind()
	}
	return Figure{N: one(!behind).N, Of: quantity.Some(quantity.Int(1))}
}

// Causes are the projects that lag now, each county's parts by themselves, and the plan documents past their day: each a matter by rule.
// Of the causes that stand already, by their keys, those that a new year would hide are looked at again, for time alone mends nothing: the
// plan documents of years gone by, and a lag while the new year tells nothing yet.
func (s *Service) Causes(ctx context.Context, scope string, standing ...string) ([]matter.Cause, error) {
	rules, err := s.rulesOf(ctx)
	if err != nil || rules == nil {
		return nil, err
	}
	v, list, err := s.all(ctx, hydrotime.Date{})
	if err != nil {
		return nil, err
	}
	root, ok := v.tree.ByCode(scope)
	if !ok {
		return nil, fault.NotFoundf("division.unknown", "没有代码为 %s 的区划", "there is no division %s", scope)
	}
	var out []matter.Cause
	for _, sh := range v.shares(list) {
		if !v.tree.Within(root.ID, sh.county.ID) {
			continue
		}
		switch c := v.cause(sh, root.ID); {
		case sh.judged.pace.Behind():
			out = append(out, c)
		case sh.judged.pace == lifecycle.NoPlan || sh.judged.pace == lifecycle.Unreported: // nothing to say that it was made up for
			if c.Past = true; slices.Contains(standing, c.Key) {
				out = append(out, c)
			}
		}
	}
	late, err := s.latePlans(ctx, v, root, v.year)
	if err != nil {
		return nil, err
	}
	out = append(out, late...)
	for _, year := range pastPlanYears(standing, v.year) {
		if late, err = s.latePlans(ctx, v, root, year); err != nil {
			return nil, err
		}
		for _, c := range late {
			if c.Past = true; slices.Contains(standing, c.Key) {
				out = append(out, c)
			}
		}
	}
	return out, nil
}

// planCause is the first word of the key of a plan document past its day.
const planCause = "project-plan"

// pastPlanYears are the years before one of which a plan document stands as a cause.
func pastPlanYears(standing []string, before int) []int {
	var out []int
	for _, key := range standing {
		parts := strings.Split(key, "/")
		if len(parts) != 4 || parts[0] != planCause {
			continue
		}
		if y, err := strconv.Atoi(parts[2]); err == nil && y < before && !slices.Contains(out, y) {
			out = append(out, y)
		}
	}
	slices.Sort(out)
	return out
}

func (v *view) cause(sh share, keeper int64) matter.Cause {
	severity := matter.General
	if sh.judged.pace == lifecycle.Severe {
		severity = matter.Serious
	}
	var zh, en []string
	say := func(name fault.Text, lag lifecycle.ProjectLag) {
		if m := lag.Money; m.Pace.Behind() {
			zh = append(zh, fmt.Sprintf("%s截至 %s 完成投资 %s 万元，计划 %s 万元，落后 %s 个百分点", name.Zh, m.Through, m.Done, m.Planned, (-m.Gap.Decimal).Round(1)))
			en = append(en, fmt.Sprintf("%s: invested %s of %s planned (CNY 10k) by %s, %s points behind", english(name), m.Done, m.Planned, m.Through, (-m.Gap.Decimal).Round(1)))
		}
		if m := lag.Physical; m.Pace.Behind() {
			zh = append(zh, fmt.Sprintf("%s截至 %s 形象进度 %s%%，计划 %s%%", name.Zh, m.Through, m.Done, m.Planned))
			en = append(en, fmt.Sprintf("%s: progress %s %% of %s %% planned by %s", english(name), m.Done, m.Planned, m.Through))
		}
	}
	for _, x := range sh.parts {
		if lag := sh.judged.lags[x.id]; lag.Pace.Behind() {
			say(x.name, lag)
		}
	}
	if len(zh) == 0 {
		say(fault.T("合计", "together"), sh.judged.whole)
	}
	return matter.Cause{
		Key: fmt.Sprintf("project/%d/%s", sh.id, sh.county.Code), Kind: matter.Lag, Line: v.rules.Line, Division: sh.county.ID, Keeper: keeper,
		Title:  fault.T(sh.name.Zh+"：进度滞后", english(sh.name)+": behind schedule"),
		Detail: strings.Join(zh, "；") + " / " + strings.Join(en, "; "), Basis: v.rules.Basis.Zh, Severity: severity,
	}
}

// latePlans are the plan documents of a year that are past their day.
func (s *Service) latePlans(ctx context.Context, v *view, root registry.Division, year int) ([]matter.Cause, error) {
	var kept map[string]map[int64][]CountyPlanStep
	err := s.db.Snapshot(ctx, func(q store.Querier) (err error) {
		kept, err = v.readPlans(ctx, q, year)
		return err
	})
	if err != nil {
		return nil, err
	}
	var out []matter.Cause
	for _, rule := range v.rules.Plans {
		due := dueOf(rule, year)
		for _, d := range v.tree.All() {
			steps := kept[rule.ID][d.ID]
			// A county that has never told of the plan this year is not asked for it by a matter: nobody has said that it is to draw one up.
			if d.Level != "county" || !v.tree.Within(root.ID, d.ID) || len(steps) == 0 || !v.countyPlan(due, steps).Overdue {
				continue
			}
			out = append(out, matter.Cause{
				Key: fmt.Sprintf("%s/%s/%d/%s", planCause, rule.ID, year, d.Code), Kind: matter.Overdue, Line: v.rules.Line, Division: d.ID, Keeper: root.ID,
				Title:  fault.T(rule.Title.Zh+"：逾期未批复", rule.Title.En+": not approved in time"),
				Detail: fmt.Sprintf("%s 到期 / due %s", due, due), Basis: v.rules.Basis.Zh, Severity: matter.General,
			})
		}
	}
	return out, nil
}
