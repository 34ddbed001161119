package app

import (
	"context"
	"slices"
	"time"

	"anlan/internal/bulletin/snapshot"
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/project"
	"anlan/internal/project/lifecycle"
)

// mostProjects bounds what a bulletin names of projects.
const mostProjects = 60

// projectQuery asks for the projects of a bulletin as they stood at the end of its month, or today; ok is false where they are not to be told,
// and the list says why.
func projectQuery(ctx context.Context, in *asking, into *snapshot.List) (q project.Query, rules *lifecycle.ProjectRules, ok bool, err error) {
	rules, err = in.a.projectRules(ctx)
	switch {
	case err != nil:
		return q, nil, false, err
	case rules == nil:
		into.Absent = &fault.Text{Zh: "重大项目库尚未启用，无数据", En: "no register of projects is kept: no data"}
		return q, nil, false, nil
	case !in.p.Can(identity.ProjectRead, rules.Line, in.Scope.ID):
		into.Absent = &fault.Text{Zh: "无查看权限", En: "not to be seen"}
		return q, nil, false, nil
	}
	day := hydrotime.DateOf(in.Month.End().Add(-time.Millisecond))
	if today := hydrotime.DateOf(in.a.Clock.Now()); day.DaysUntil(today) < 0 {
		day = today
	}
	return project.Query{Division: in.Scope.ID, AsOf: day, Year: in.Month.Year(), Limit: mostProjects}, rules, true, nil
}

// listLaggingProjects names the projects that lag by money or by physical progress, the worst first.
func listLaggingProjects(ctx context.Context, in *asking, into *snapshot.List) error {
	q, rules, ok, err := projectQuery(ctx, in, into)
	if err != nil || !ok {
		return err
	}
	q.Pace, q.Sort = "behind", "gap"
	pg, err := in.a.Project.Projects(ctx, in.p, q)
	if err != nil {
		return err
	}
	if pg.Total == 0 && nobodyKeepsProjects(ctx, in, q) {
		into.Absent = &fault.Text{Zh: "重大项目库中尚无项目，无数据", En: "there is no project in the register: no data"}
		return nil
	}
	for _, r := range pg.Items {
		stage, _ := rules.Stage(r.Slowest)
		fields := map[string]snapshot.Field{
			"name": text(r.Name), "unit": text(fault.T(r.LegalPerson, r.LegalPerson)), "stage": text(stage.Name), "completion": figure(r.Lag.Money.Rate, "percent", 1),
			"plan": figure(r.Lag.Money.Year, "wan_yuan", 0), "invested": figure(r.Lag.Money.Done, "wan_yuan", 0), "physical": figure(r.Lag.Physical.Done, "percent", 1),
		}
		if gap := r.Lag.Money.Gap; gap.Valid && gap.Decimal < 0 {
			gap.Decimal = -gap.Decimal
			fields["gap"] = figure(gap, "point", 1)
		}
		if r.Named != nil {
			fields["reason"] = text(fault.T(r.Named.Note, r.Named.Note))
		}
		into.Items = append(into.Items, snapshot.Item{ID: r.Code, Division: r.Division.Code, Fields: fields})
	}
	return nil
}

// nobodyKeepsProjects reports whether there is no project at all: that none lags would be no news then.
func nobodyKeepsProjects(ctx context.Context, in *asking, q project.Query) bool {
	q.Pace, q.Limit = "", 1
	pg, err := in.a.Project.Projects(ctx, in.p, q)
	return err == nil && pg.Total == 0
}

// listProjectGuards names the projects that were taken a step on before what has to come first.
func listProjectGuards(ctx context.Context, in *asking, into *snapshot.List) error {
	q, _, ok, err := projectQuery(ctx, in, into)
	if err != nil || !ok {
		return err
	}
	q.Limit = 5_000
	pg, err := in.a.Project.Projects(ctx, in.p, q)
	if err != nil {
		return err
	}
	if pg.Total == 0 {
		into.Absent = &fault.Text{Zh: "重大项目库中尚无项目，无数据", En: "there is no project in the register: no data"}
		return nil
	}
	broken := slices.DeleteFunc(pg.Items, func(r project.ProjectRow) bool { return r.Breaches == 0 })
	for _, r := range broken[:min(len(broken), mostProjects)] {
		d, err := in.a.Project.Project(ctx, in.p, r.ID, q.AsOf, q.Year)
		if err != nil {
			return err
		}
		var why fault.Text
		for i, b := range d.Failing {
			if i > 0 {
				why.Zh, why.En = why.Zh+"；", why.En+"; "
			}
			why.Zh, why.En = why.Zh+b.Text.Zh, why.En+b.Text.En
		}
		into.Items = append(into.Items, snapshot.Item{ID: r.Code, Division: r.Division.Code, Fields: map[string]snapshot.Field{"name": text(r.Name), "reason": text(why)}})
	}
	return nil
}
