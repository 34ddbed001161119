package oversight_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/matter"
	"anlan/internal/oversight"
	"anlan/internal/oversight/checklist"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// TestDrawingIsKeptAndChecksAgain: every county has its share, teams are filled, and the drawing comes out the same once more.
func TestDrawingIsKeptAndChecksAgain(t *testing.T) {
	eachWorld(t, func(w *world) {
		plan := w.plan(oversight.Announced, 5)
		if plan.State != oversight.Drawn || plan.Objects != 5 || plan.Drawing == nil || len(plan.Drawing.Result.Drawn) != 5 {
			t.Fatalf("%+v", plan)
		}
		if err := w.svc.CheckDrawing(t.Context(), w.city(), plan.ID); err != nil {
			t.Errorf("checked again: %v", err)
		}
		if err := w.svc.Draw(t.Context(), w.city(), plan.ID, plan.Edit, oversight.Ask{Count: 5}); !fault.Is(err, fault.Conflict) {
			t.Errorf("drawn twice: %v", err)
		}
		if err := w.svc.Draw(t.Context(), w.city(), w.bare(), 1, oversight.Ask{Count: 1, PerTeam: 2}); err == nil || !strings.Contains(err.Error(), "no team to draw from") {
			t.Errorf("people drawn from no team: %v", err)
		}
		for _, i := range w.inspections(w.city(), oversight.InspectionQuery{Plan: plan.ID}) {
			if len(i.Inspectors) != 2 || i.Veiled || i.Origin != matter.City {
				t.Errorf("%+v", i)
			}
		}
	})
}

// bare makes a plan without a team.
func (w *world) bare() int64 {
	w.Helper()
	today := hydrotime.DateOf(w.at)
	id, err := w.svc.AddPlan(w.Context(), w.city(), oversight.NewPlan{
		Client: "bare", Title: "无组", Mode: oversight.Announced, Checklist: list, ObjectKind: "reservoir", Scope: "330600", From: today, To: today.AddDays(20),
	})
	if err != nil {
		w.Fatal(err)
	}
	return id
}

// TestInspectionsAreFoundByWhatPeopleKnow: by a part of the name, the place, the kind of object, the way, and the days on which they were done.
func TestInspectionsAreFoundByWhatPeopleKnow(t *testing.T) {
	eachWorld(t, func(w *world) {
		all := w.inspections(w.city(), oversight.InspectionQuery{Plan: w.plan(oversight.Announced, 4).ID})
		inspector := w.as("cha", "inspector", "330600")
		if _, err := w.svc.Record(t.Context(), inspector, all[0].ID, oversight.Sheet{Answers: w.pass()}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.svc.Complete(t.Context(), inspector, all[0].ID); err != nil {
			t.Fatal(err)
		}
		o, err := w.reg.Object(t.Context(), all[0].Object)
		if err != nil {
			t.Fatal(err)
		}
		within := 0
		for _, i := range all {
			if i.Division == all[0].Division {
				within++
			}
		}
		day := hydrotime.DateOf(w.at)
		for _, f := range []struct {
			q    oversight.InspectionQuery
			want int
		}{
			{oversight.InspectionQuery{Text: o.Name.Zh}, 1},
			{oversight.InspectionQuery{Text: strings.ToLower(o.Code)}, 1},
			{oversight.InspectionQuery{Text: "%"}, 0},
			{oversight.InspectionQuery{Division: all[0].Division}, within},
			{oversight.InspectionQuery{Kind: "reservoir", Line: all[0].Line, Mode: string(oversight.Announced)}, 4},
			{oversight.InspectionQuery{Kind: "pond"}, 0},
			{oversight.InspectionQuery{Mode: string(oversight.Unannounced)}, 0},
			{oversight.InspectionQuery{Done: matter.Span{From: day.Start(), To: day.End()}}, 1},
			{oversight.InspectionQuery{Done: matter.Span{To: day.Start()}}, 0},
		} {
			if got := len(w.inspections(w.city(), f.q)); got != f.want {
				t.Errorf("%+v: %d, want %d", f.q, got, f.want)
			}
		}
	})
}

func TestInspectionFindsScoresAndIsSentTwice(t *testing.T) {
	eachWorld(t, func(w *world) {
		plan := w.plan(oversight.Announced, 2)
		i := w.inspections(w.city(), oversight.InspectionQuery{Plan: plan.ID})[0]
		inspector := w.as("cha", "inspector", "330600")
		sheet := oversight.Sheet{Answers: w.pass("sr.person.01"), Findings: []oversight.NewFinding{{Client: "f1", Clause: "sr.person.01", Severity: "serious", Detail: "无公示牌"}}}
		for range 2 {
			made, err := w.svc.Record(t.Context(), inspector, i.ID, sheet)
			if err != nil || len(made) != 1 {
				t.Fatalf("%v %v", made, err)
			}
		}
		if _, err := w.svc.Record(t.Context(), w.county(), i.ID, sheet); !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Forbidden) {
			t.Errorf("the inspected side writes: %v", err)
		}
		bad := sheet
		bad.Findings = []oversight.NewFinding{{Client: "f2", Clause: "sr.person.01", Severity: "grave"}}
		if _, err := w.svc.Record(t.Context(), inspector, i.ID, bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("a grade the clause does not allow: %v", err)
		}
		r, err := w.svc.Complete(t.Context(), inspector, i.ID)
		if err != nil || !r.Score.Valid || r.Score.Decimal != quantity.Int(90) {
			t.Fatalf("%+v %v", r, err)
		}
		page, err := w.matters.List(t.Context(), w.city(), matter.Query{Source: "inspection"})
		if err != nil || page.Total != 1 || page.Rows[0].Severity != matter.Serious || page.Rows[0].Object != i.Object || page.Rows[0].State != matter.Found {
			t.Errorf("%d matters %+v %v", page.Total, page.Rows, err)
		}
		found, err := w.svc.Found(t.Context(), i)
		if err != nil || len(found) != 1 || found[0].Matter != page.Rows[0].ID || found[0].Detail == "" {
			t.Errorf("found %+v %v", found, err)
		}
		if _, err := w.svc.Record(t.Context(), inspector, i.ID, sheet); !fault.Is(err, fault.Conflict) {
			t.Errorf("written on after it was done: %v", err)
		}
	})
}

func TestIncompleteSheetIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		plan := w.plan(oversight.Announced, 1)
		i := w.inspections(w.city(), oversight.InspectionQuery{Plan: plan.ID})[0]
		if _, err := w.svc.Record(t.Context(), w.city(), i.ID, oversight.Sheet{Answers: w.pass("sr.person.01", "sr.person.02")}); err != nil {
			t.Fatal(err)
		}
		_, err := w.svc.Complete(t.Context(), w.city(), i.ID)
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "sr.person.01") {
			t.Errorf("%v", err)
		}
	})
}

// TestPassOverAFindingIsRefused holds that two inspectors with two phones cannot leave a sheet that says both.
func TestPassOverAFindingIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		plan := w.plan(oversight.Announced, 1)
		i := w.inspections(w.city(), oversight.InspectionQuery{Plan: plan.ID})[0]
		finding := oversight.NewFinding{Client: "f", Clause: "sr.person.01", Severity: "serious"}
		if _, err := w.svc.Record(t.Context(), w.city(), i.ID, oversight.Sheet{Findings: []oversight.NewFinding{finding}}); err != nil {
			t.Fatal(err)
		}
		_, err := w.svc.Record(t.Context(), w.city(), i.ID, oversight.Sheet{Answers: map[string]checklist.Answer{"sr.person.01": checklist.Pass}})
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "sr.person.01") {
			t.Errorf("passed over its finding: %v", err)
		}
		after, err := w.svc.Inspection(t.Context(), w.city(), i.ID)
		if err == nil {
			_, err = w.svc.Result(t.Context(), after)
		}
		if err != nil || after.Answers["sr.person.01"] != checklist.Fail {
			t.Errorf("%v, answers %v", err, after.Answers)
		}
	})
}

// TestTrapUnannouncedIsHidden walks every surface of this room as the inspected side: the list, the search, the page, the drawing, the
// objects' inspections, what was found, the audit log, the events. The web test walks the same over HTTP.
func TestTrapUnannouncedIsHidden(t *testing.T) {
	eachWorld(t, func(w *world) {
		plan := w.plan(oversight.Unannounced, 4)
		i := w.inspections(w.city(), oversight.InspectionQuery{Plan: plan.ID})[0]
		if _, err := w.svc.Record(t.Context(), w.city(), i.ID, oversight.Sheet{Answers: w.pass("sr.person.01"), Findings: []oversight.NewFinding{{Client: "f", Clause: "sr.person.01", Severity: "serious"}}}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.svc.Complete(t.Context(), w.city(), i.ID); err != nil {
			t.Fatal(err)
		}
		for _, county := range []string{"330602", "330603"} {
			w.hidden(w.as("x"+county, "county_leader", county), county, plan, i)
			w.hidden(w.as("a"+county, "auditor", county), county, plan, i)
		}
		for _, c := range w.heard {
			if w.county().Can(identity.InspectionRead, c.Line, c.At) {
				t.Errorf("the inspected side hears of %+v", c)
			}
		}
		if err := w.svc.Finish(t.Context(), w.city(), plan.ID, w.get(plan.ID).Edit, oversight.Done); err != nil {
			t.Fatal(err)
		}
		county := "330602"
		if i.Division == w.division("330603") {
			county = "330603"
		}
		leader := w.as("x"+county, "county_leader", county)
		if n := len(w.inspections(leader, oversight.InspectionQuery{})); n != 1 {
			t.Errorf("after it was done the county sees %d inspections of its own", n)
		}
		if page, err := w.matters.List(t.Context(), leader, matter.Query{}); err != nil || page.Total != 1 {
			t.Errorf("and %d findings: %v", page.Total, err)
		}
		if _, err := w.svc.Plan(t.Context(), leader, plan.ID); err != nil {
			t.Errorf("and the plan: %v", err)
		}
	})
}

func (w *world) hidden(p *identity.Principal, county string, plan *oversight.Plan, i *oversight.Inspection) {
	w.Helper()
	plans, err := w.svc.Plans(w.Context(), p, "", "水库", 0, 100)
	if err != nil || len(plans) != 0 {
		w.Errorf("%s: %d plans found by search: %v", p.Name(), len(plans), err)
	}
	if n := len(w.inspections(p, oversight.InspectionQuery{})) + len(w.inspections(p, oversight.InspectionQuery{Object: i.Object})); n != 0 {
		w.Errorf("%s: %d inspections", p.Name(), n)
	}
	if _, err := w.svc.Plan(w.Context(), p, plan.ID); !fault.Is(err, fault.NotFound) {
		w.Errorf("%s: the plan: %v", p.Name(), err)
	}
	if _, err := w.svc.Inspection(w.Context(), p, i.ID); !fault.Is(err, fault.NotFound) {
		w.Errorf("%s: the inspection: %v", p.Name(), err)
	}
	if err := w.svc.CheckDrawing(w.Context(), p, plan.ID); !fault.Is(err, fault.NotFound) {
		w.Errorf("%s: the drawing: %v", p.Name(), err)
	}
	page, err := w.matters.List(w.Context(), p, matter.Query{})
	if err != nil || page.Total != 0 {
		w.Errorf("%s: %d matters: %v", p.Name(), page.Total, err)
	}
	entries, err := audit.List(w.Context(), w.db, audit.Query{Scopes: []int64{w.division(county)}})
	if err != nil {
		w.Fatal(err)
	}
	for _, e := range entries {
		if e.ObjectKind == "plan" || e.ObjectKind == "inspection" || e.ObjectKind == "matter" {
			w.Errorf("%s: audit entry %s", p.Name(), e.Action)
		}
	}
}

// look inspects the first reservoir, with a finding under a clause where one is named, and goes on an hour later. Where at is given, the
// inspection began then, and is sent only now.
func (w *world) look(p *identity.Principal, fail string, at *time.Time) {
	w.Helper()
	now := w.at
	if at != nil {
		w.at = *at
	}
	id, err := w.svc.Start(w.Context(), p, fmt.Sprint(p.Name(), w.at), list, 1, oversight.Announced)
	w.at = now
	sheet := oversight.Sheet{Answers: w.pass(fail)}
	if fail != "" {
		sheet.Findings = []oversight.NewFinding{{Client: "f", Clause: fail, Severity: "serious", At: at}}
	}
	if err == nil {
		_, err = w.svc.Record(w.Context(), p, id, sheet)
	}
	if err == nil {
		_, err = w.svc.Complete(w.Context(), p, id)
	}
	if err != nil {
		w.Fatal(err)
	}
	w.at = w.at.Add(time.Hour)
}

// missed says of each matter, in order, whether it was missed.
func (w *world) missed() []bool {
	w.Helper()
	page, err := w.matters.List(w.Context(), w.city(), matter.Query{Sort: "number"})
	if err != nil {
		w.Fatal(err)
	}
	var out []bool
	for _, row := range page.Rows {
		out = append(out, row.Missed)
	}
	return out
}

// TestMissedIsFoundByAHigherLevel: what the county looked at and did not find, and the city then finds, is missed (漏检).
func TestMissedIsFoundByAHigherLevel(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.look(w.city(), "sr.person.03", nil) // nobody had looked
		w.look(w.county(), "sr.person.02", nil)
		w.look(w.city(), "sr.person.01", nil) // the county had looked and not seen it
		if got := w.missed(); !slices.Equal(got, []bool{false, false, true}) {
			t.Errorf("missed: %v", got)
		}
	})
}

// TestKnownIsNotMissed: what a lower level has put down and not mended is known, however often it looked.
func TestKnownIsNotMissed(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.look(w.county(), "", nil)
		w.look(w.county(), "sr.person.01", nil)
		w.look(w.county(), "", nil)
		w.look(w.city(), "sr.person.01", nil)
		if got := w.missed(); !slices.Equal(got, []bool{false, false}) {
			t.Errorf("missed: %v", got)
		}
	})
}

// TestMissedIsJudgedByTheDayOfFinding: a look after the finding, or a year before it, tells nothing.
func TestMissedIsJudgedByTheDayOfFinding(t *testing.T) {
	eachWorld(t, func(w *world) {
		found := w.at
		w.at = w.at.AddDate(0, 0, 2)
		w.look(w.county(), "", nil)
		w.look(w.city(), "sr.person.01", &found) // written down two days later
		w.at = w.at.AddDate(0, 11, 20)
		early := w.at
		w.at = w.at.AddDate(0, 1, 0)
		w.look(w.city(), "sr.person.02", &early) // within the year on its day, not any more when written down
		w.look(w.city(), "sr.person.03", nil)
		if got := w.missed(); !slices.Equal(got, []bool{false, true, false}) {
			t.Errorf("missed: %v", got)
		}
	})
}

// TestTeamSentTwiceIsOne: a browser that got no answer sends again; another person's team is another one.
func TestTeamSentTwiceIsOne(t *testing.T) {
	eachWorld(t, func(w *world) {
		made := func(who *identity.Principal) string {
			t.Helper()
			id, err := w.svc.SaveTeam(t.Context(), who, w.division("330600"), "", 0, oversight.NewTeam{Client: "c1", Name: fault.T("二组", ""), Members: w.people[:1]})
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		a, b, c := made(w.city()), made(w.city()), made(w.as("ju", "director", "330600"))
		if a != b || a == c {
			t.Errorf("%s, again %s, by another %s", a, b, c)
		}
		if teams, err := w.svc.Teams(t.Context(), w.city()); err != nil || len(teams) != 3 {
			t.Errorf("%d teams: %v", len(teams), err)
		}
	})
}

// TestMembersAreOfTheHouse: a team takes people in use of its keeper's divisions, and says which one is not.
func TestMembersAreOfTheHouse(t *testing.T) {
	eachWorld(t, func(w *world) {
		_, err := w.svc.SaveTeam(t.Context(), w.city(), w.division("330602"), "", 0, oversight.NewTeam{Name: fault.T("二组", ""), Members: w.people[:1]})
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "members[0]") {
			t.Errorf("the city's person in a county's team: %v", err)
		}
		if teams, err := w.svc.Teams(t.Context(), w.city()); err != nil || len(teams) != 1 {
			t.Errorf("%d teams: %v", len(teams), err)
		}
	})
}

// TestWhoLeavesStandsInNoTeam: whoever retires or goes to another house is in no team from then on and is not drawn, and does not
// come back into it by coming back; the team has changed for whoever has it open.
func TestWhoLeavesStandsInNoTeam(t *testing.T) {
	eachWorld(t, func(w *world) {
		change := func(person string, c registry.PersonChange) {
			t.Helper()
			w.write(func(tx *store.Tx) error {
				return w.reg.ChangePerson(t.Context(), tx, registry.Program(), person, c)
			})
		}
		team := func() oversight.Team {
			t.Helper()
			teams, err := w.svc.Teams(t.Context(), w.city())
			if err != nil || len(teams) != 1 {
				t.Fatalf("%d teams: %v", len(teams), err)
			}
			return teams[0]
		}
		before := team()
		retired, name := true, "改名"
		change(w.people[2], registry.PersonChange{Name: &name})
		if got := team(); len(got.Members) != 3 || got.Edit != before.Edit {
			t.Errorf("a new name changed the team: %+v", got)
		}
		change(w.people[2], registry.PersonChange{Retired: &retired})
		retired = false
		change(w.people[2], registry.PersonChange{Retired: &retired})
		got := team()
		if len(got.Members) != 2 || got.Edit != before.Edit+1 {
			t.Errorf("after one retired and came back: %+v", got)
		}
		if err := w.svc.CheckDrawing(t.Context(), w.city(), w.plan(oversight.Announced, 4).ID); err != nil {
			t.Error(err)
		}
		for _, i := range w.inspections(w.city(), oversight.InspectionQuery{}) {
			if slices.Contains(i.Inspectors, w.people[2]) {
				t.Errorf("drawn after retiring: %v", i.Inspectors)
			}
		}
		_, err := w.svc.SaveTeam(t.Context(), w.city(), w.division("330600"), w.team, before.Edit, oversight.NewTeam{Name: before.Name, Members: w.people})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("saved over who left: %v", err)
		}
		var elsewhere string
		w.write(func(tx *store.Tx) (err error) {
			if err = w.reg.AddDivisions(t.Context(), tx, []registry.NewDivision{{Code: "330700", Name: fault.T("邻市", "next city"), Kind: registry.Administrative, Level: "city"}}); err == nil {
				elsewhere, err = w.reg.AddOrganisation(t.Context(), tx, registry.Program(), registry.NewOrganisation{Name: fault.T("邻市水利局", "its bureau"), Kind: "bureau", Division: "330700"})
			}
			return err
		})
		change(w.people[0], registry.PersonChange{Organisation: &elsewhere})
		if got := team(); len(got.Members) != 1 || got.Members[0].Person != w.people[1] {
			t.Errorf("after one went to another house: %+v", got.Members)
		}
	})
}

// TestADeadlineIsAWholeDay: what is found in the morning can be confirmed until the end of the last day.
func TestADeadlineIsAWholeDay(t *testing.T) {
	eachWorld(t, func(w *world) {
		plan := w.plan(oversight.Announced, 1)
		i := w.inspections(w.city(), oversight.InspectionQuery{Plan: plan.ID})[0]
		made, err := w.svc.Record(t.Context(), w.city(), i.ID, oversight.Sheet{Findings: []oversight.NewFinding{{Client: "f", Clause: "sr.person.01", Severity: "serious"}}})
		if err != nil {
			t.Fatal(err)
		}
		d, err := w.matters.Get(t.Context(), w.city(), made[0])
		if want := hydrotime.DateOf(w.at).AddDays(5).End(); err != nil || !d.Due.Equal(want) {
			t.Errorf("due %v, want %v: %v", d.Due, want, err)
		}
	})
}
