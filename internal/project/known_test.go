package project_test

import (
	"encoding/json"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/project"
	"anlan/internal/quantity"

	"github.com/google/go-cmp/cmp"
)

// report is everything that a report of projects is made of, as of a day and of what was known at one.
func (w *world) report(id int64, days project.Query) string {
	w.Helper()
	days.Withdrawn = true
	page, err := w.svc.ProjectKnown(w.Context(), w.city(), id, days)
	w.ok(err)
	list, err := w.svc.Projects(w.Context(), w.city(), days)
	w.ok(err)
	money, err := w.svc.Funding(w.Context(), w.city(), days)
	w.ok(err)
	gantt, err := w.svc.Gantt(w.Context(), w.city(), days)
	w.ok(err)
	plans, err := w.svc.Plans(w.Context(), w.city(), days)
	w.ok(err)
	// Who may do what now, and when a record was changed last, are of now.
	page.Edit, page.ChangedAt, page.MayWrite, page.MayKeep = 0, time.Time{}, false, false
	for i := range page.List {
		page.List[i].Edit, page.List[i].Next, page.List[i].MayWrite = 0, nil, false
		for k := range page.List[i].Steps {
			page.List[i].Steps[k].MayUndo, page.List[i].Steps[k].MayApprove = false, false
		}
	}
	for i := range list.Items {
		list.Items[i].Edit, list.Items[i].ChangedAt = 0, time.Time{}
	}
	for i := range plans {
		for k := range plans[i].Counties {
			c := &plans[i].Counties[k]
			c.MayWrite, c.MayApprove, c.MayUndo = false, false, false
		}
	}
	text, err := json.MarshalIndent([]any{page, list, money, gantt, plans}, "", " ")
	w.ok(err)
	return string(text)
}

// TestAnOldReportIsMadeAgain: what is told later of an earlier day, and what is corrected or withdrawn since, does not change a report as
// it was known; what is known by now does tell it.
func TestAnOldReportIsMadeAgain(t *testing.T) {
	eachWorld(t, func(w *world) {
		id, whole := w.add(w.city(), "X-1", "330600")
		east := w.part(w.city(), id, "01", "330602")
		w.begun(w.city(), whole)
		w.ok(w.tell(w.city(), id, east, project.Plan, 202605, "20", 0))
		w.ok(w.tell(w.city(), id, east, project.Actual, 202605, "15", 0))
		w.ok(w.svc.Schedule(w.Context(), w.city(), east, 0, []project.ProjectDay{{Milestone: "finished", On: new(w.day("2027-01-01"))}}))
		fund := func(client, amount string, on string) int64 {
			got, err := w.svc.Fund(w.Context(), w.city(), east, project.NewFund{Client: client, Source: "bonds", Step: "assigned", On: new(w.day(on)), Amount: quantity.MustParse(amount)})
			w.ok(err)
			return got.ID
		}
		first := fund("fund-0001", "100", "2026-05-20")
		notice, err := w.svc.AddList(w.Context(), w.city(), project.NewProjectList{Kind: "lagging", Name: fault.T("通报", "notice"), Issuer: "省水利厅", Level: "province", Document: "18号", On: w.day("2026-05-28")})
		w.ok(err)
		item, err := w.svc.PutItem(w.Context(), w.city(), notice, project.NewProjectItem{Project: id})
		w.ok(err)
		_, err = w.svc.PlanStep(w.Context(), w.city(), project.NewPlanStep{Client: "plan-0001", Plan: "seawall-county", Division: "330602", State: project.PlanDrafting, On: new(w.day("2026-05-01"))})
		w.ok(err)

		then := project.Query{AsOf: w.day("2026-06-08")} // what was recorded on the day, of the day
		may := project.Query{AsOf: w.day("2026-05-31"), Known: w.day("2026-06-08").End()}
		before := [2]string{w.report(id, then), w.report(id, may)}

		// A month later: back-dated entries and corrections of every sort.
		w.at = w.at.AddDate(0, 1, 0)
		w.ok(w.tell(w.city(), id, east, project.Actual, 202605, "20", 1))
		w.ok(w.tell(w.city(), id, east, project.Progress, 202604, "30", 0))
		w.ok(w.step(w.city(), east, "commissioned", "2026-05-15", ""))
		fund("fund-0002", "40", "2026-05-21")
		w.ok(w.svc.VoidFund(w.Context(), w.city(), first, "重复"))
		w.ok(w.svc.DropItem(w.Context(), w.city(), item, "误列"))
		w.ok(w.svc.ChangeList(w.Context(), w.city(), notice, project.ProjectListChange{Edit: 1, On: new(w.day("2026-05-29"))}))
		earlier, err := w.svc.AddList(w.Context(), w.city(), project.NewProjectList{Kind: "lagging", Name: fault.T("又一份", "another"), Issuer: "省水利厅", Level: "province", Document: "19号", On: w.day("2026-05-30")})
		w.ok(err)
		_, err = w.svc.PutItem(w.Context(), w.city(), earlier, project.NewProjectItem{Project: id})
		w.ok(err)
		page := w.page(w.city(), id)
		w.ok(w.svc.ChangePart(w.Context(), w.city(), east, project.ProjectPartChange{Edit: page.List[1].Edit, Total: new(some("700")), Division: new("330603"), Name: new(fault.T("东段", "east"))}))
		w.ok(w.svc.Schedule(w.Context(), w.city(), east, 0, []project.ProjectDay{{Milestone: "finished", On: new(w.day("2028-01-01"))}}))
		w.part(w.city(), id, "02", "330603")
		w.add(w.city(), "X-2", "330600")
		_, err = w.svc.PlanStep(w.Context(), w.city(), project.NewPlanStep{Client: "plan-0002", Plan: "seawall-county", Division: "330602", State: project.PlanSubmitted, On: new(w.day("2026-05-20"))})
		w.ok(err)
		w.ok(w.svc.Change(w.Context(), w.city(), id, project.ProjectChange{Edit: 1, Total: new(some("2000")), Programmes: &[]string{"seawall"}, StatsID: new("3306"), Withdrawn: new(true), Reason: "合并"}))

		for i, q := range []project.Query{then, may} {
			if diff := cmp.Diff(before[i], w.report(id, q)); diff != "" {
				t.Errorf("a report of %s was made otherwise (-then +now):\n%s", q.AsOf, diff)
			}
		}
		now := project.Query{AsOf: w.day("2026-05-31"), Known: w.at}
		got, err := w.svc.ProjectKnown(w.Context(), w.city(), id, now)
		w.ok(err)
		if got.Lag.Money.Done.String() != "20" || got.Commissioned != 1 || got.Named.Document != "19号" || got.Funding.Total[1].Amount.String() != "40" || got.Total.String() != "2000" {
			t.Errorf("as known by now: done %s, %d in service, named by %+v, %+v", got.Lag.Money.Done, got.Commissioned, got.Named, got.Funding.Total)
		}
		// Before it was put on record there was nothing to tell.
		w.is(errOf(w.svc.Project(w.Context(), w.city(), id, w.day("2026-06-01"), 0)), "project.unknown")
	})
}
