package app

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"anlan/internal/bulletin/snapshot"
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/programme"
	"anlan/internal/programme/pack"
	"anlan/internal/project"
	"anlan/internal/project/lifecycle"
	"anlan/internal/quantity"
)

// addProjects builds the room of projects, whose rules are in the rulebook.
func (a *App) addProjects() {
	a.Project = project.New(project.Options{
		Store: a.Store, Registry: a.Registry, Evidence: a.Evidence, Log: a.Log, Now: a.Clock.Now, Rules: a.projectRules, YearTarget: a.yearTarget,
		Changed: func(ch project.Change) {
			a.figures.Add(1)
			a.Web.ProjectChanged(ch)
		},
	})
}

func (a *App) projectRules(ctx context.Context) (*lifecycle.ProjectRules, error) {
	book, err := a.Oversight.Book(ctx)
	if err != nil {
		return nil, err
	}
	return book.Lifecycle, nil
}

// investment is the source by which an indicator is counted from the plan and work of projects.
const investment = "project/investment"

// yearTarget is the target that the investment of projects is held against: of the indicator that they count, of the projects' own line
// where that has one, due at the year's end.
func (a *App) yearTarget(ctx context.Context, p *identity.Principal, division string, year int) (*project.YearTarget, error) {
	cat, err := a.Programme.Catalogue(ctx)
	if err != nil {
		return nil, err
	}
	rules, err := a.projectRules(ctx)
	if err != nil || rules == nil {
		return nil, err
	}
	var found *pack.Target
	for _, t := range cat.AllTargets() {
		ind, _ := cat.Indicator(t.Indicator)
		if ind.Counted != investment || ind.Unit != "wan_yuan" || t.Judge != pack.ByCompletion || t.Due != "12-31" || t.Since != 0 {
			continue
		}
		if found == nil || cat.LineOf(t.Indicator) == rules.Line {
			found = &t
		}
	}
	if found == nil {
		return nil, nil
	}
	table, err := a.Programme.Targets(ctx, p, programme.TargetQuery{Target: found.ID, Year: year, Scope: division})
	if err != nil {
		if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) { // the reader sees projects there, and no targets
			return nil, nil
		}
		return nil, err
	}
	out := &project.YearTarget{Name: found.Name, Amounts: map[string]quantity.Null{}}
	for _, r := range table.Rows {
		out.Amounts[r.Division.Code] = r.Amount
	}
	return out, nil
}

// projectsFor is which projects a bulletin asks for; ok is false where none is registered or the person may see none:
// then nothing is said, which is not the same as that none lags.
func projectsFor(ctx context.Context, in *asking, into *snapshot.List) (q project.Query, ok bool, err error) {
	rules, err := in.a.projectRules(ctx)
	if err != nil {
		return q, false, err
	}
	none := func() (project.Query, bool, error) {
		into.Absent = &fault.Text{Zh: "重大项目库无数据", En: "the register of projects has no data"}
		return project.Query{}, false, nil
	}
	if rules == nil || !in.p.Can(identity.ProjectRead, rules.Line, in.Scope.ID) {
		return none()
	}
	q = project.Query{Division: in.Scope.ID, AsOf: hydrotime.DateOf(in.Month.End().Add(-time.Millisecond)), Known: in.AsOf}
	if q.Known.IsZero() { // a month is told in the days after it
		q.Known = in.a.Clock.Now()
	}
	one := q
	one.Limit = 1
	page, err := in.a.Project.Projects(ctx, in.p, one)
	if err != nil {
		return q, false, err
	}
	if page.Total == 0 {
		return none()
	}
	return q, true, nil
}

func listLaggingProjects(ctx context.Context, in *asking, into *snapshot.List) error {
	q, ok, err := projectsFor(ctx, in, into)
	if err != nil || !ok {
		return err
	}
	list, err := in.a.Project.Laggards(ctx, in.p, q)
	if err != nil {
		return err
	}
	for _, l := range list {
		money, physical := l.Lag.Money, l.Lag.Physical
		fields := map[string]snapshot.Field{"name": text(l.Name), "unit": text(l.Place), "stage": text(l.Stage), "reason": text(l.Named)}
		put := func(key string, v quantity.Null, unit string, decimals int) {
			if v.Valid {
				fields[key] = figure(v, unit, decimals)
			}
		}
		put("plan", money.Year, "wan_yuan", 0)
		put("invested", money.Done, "wan_yuan", 0)
		put("completion", money.Rate, "percent", 1)
		put("physical", physical.Done, "percent", 1)
		gap := money.Gap
		if !money.Pace.Behind() {
			gap = physical.Gap
		}
		if gap.Valid {
			gap.Decimal = -gap.Decimal
		}
		put("gap", gap, "point", 1)
		into.Items = append(into.Items, snapshot.Item{ID: fmt.Sprintf("%d/%d", l.Project, l.Part), Division: l.Division, Of: projectRecord(l.Project, l.Version), Fields: fields})
	}
	return nil
}

func listProjectGuards(ctx context.Context, in *asking, into *snapshot.List) error {
	q, ok, err := projectsFor(ctx, in, into)
	if err != nil || !ok {
		return err
	}
	list, err := in.a.Project.Failing(ctx, in.p, q)
	if err != nil {
		return err
	}
	for i, f := range list {
		into.Items = append(into.Items, snapshot.Item{
			ID: fmt.Sprintf("%d/%d/%s/%d", f.Project, f.Part, f.Guard, i), Division: f.Division, Of: projectRecord(f.Project, f.Version),
			Fields: map[string]snapshot.Field{"name": text(f.Name), "reason": text(f.Text)},
		})
	}
	return nil
}

func projectRecord(id, version int64) *snapshot.Record {
	return &snapshot.Record{Kind: "project", ID: strconv.FormatInt(id, 10), Version: version}
}
