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
	"anlan/internal/matter"
	"anlan/internal/oversight"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// serious is a finding as an inspector's telephone sends it.
func serious(client string) oversight.NewFinding {
	return oversight.NewFinding{Client: client, Clause: "sr.person.01", Severity: "serious", Detail: "无公示牌"}
}

// TestTrapSheetOutlivesItsPlan: a sheet that was begun on site while its plan went on is taken after the plan has ended, once, with its
// findings, and open to the county as the plan is; one that was begun after the end is not, and says why. Nobody but the keeper's people
// meets what was taken off a plan.
func TestTrapSheetOutlivesItsPlan(t *testing.T) {
	for _, state := range []oversight.PlanState{oversight.Done, oversight.Cancelled} {
		eachWorld(t, func(w *world) {
			plan := w.plan(oversight.Unannounced, 3)
			sheets := w.inspections(w.city(), oversight.InspectionQuery{Plan: plan.ID})
			w.at = w.at.AddDate(0, 0, 2)
			begun := w.at.Add(-time.Hour)
			ended := w.at
			if err := w.svc.Finish(t.Context(), w.city(), plan.ID, plan.Edit, state); err != nil {
				t.Fatal(err)
			}
			w.at = w.at.AddDate(0, 0, 1)
			late, unset := ended.Add(time.Minute), time.Unix(0, 0)
			if got := w.inspections(w.city(), oversight.InspectionQuery{Plan: plan.ID}); len(got) != 0 {
				t.Errorf("%d are on the plan that ended", len(got))
			}
			record := func(p *identity.Principal, id int64, begun *time.Time) ([]int64, error) {
				return w.svc.Record(t.Context(), p, id, oversight.Sheet{
					Begun: begun, Answers: w.pass("sr.person.01"), Findings: []oversight.NewFinding{{Client: "f", Clause: "sr.person.01", Severity: "serious", At: begun}},
				})
			}
			if _, err := record(w.county(), sheets[0].ID, &begun); !fault.Is(err, fault.NotFound) {
				t.Errorf("by the county: %v", err)
			}
			for _, at := range []*time.Time{&late, nil} {
				if _, err := record(w.city(), sheets[1].ID, at); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "ended at") {
					t.Errorf("begun after the end: %v", err)
				}
			}
			for n, at := range []*time.Time{&begun, &unset} {
				id := sheets[n*2].ID
				a, err := record(w.city(), id, at)
				if err != nil {
					t.Fatal(err)
				}
				if b, err := record(w.city(), id, at); err != nil || len(a) != 1 || len(b) != 1 || a[0] != b[0] {
					t.Errorf("sent twice: %v, %v: %v", a, b, err)
				}
				i, err := w.svc.Inspection(t.Context(), w.city(), id)
				if err != nil {
					t.Fatal(err)
				}
				if started := *i.StartedAt; n == 0 && !started.Equal(begun) || n == 1 && !started.Equal(plan.From.Start()) {
					t.Errorf("started at %s", started)
				}
				if i.Object != sheets[n*2].Object || i.Team != sheets[n*2].Team || !slices.Equal(i.Inspectors, sheets[n*2].Inspectors) || i.Veiled != (state == oversight.Cancelled) {
					t.Errorf("taken up as %+v", i)
				}
				if _, err := w.svc.Complete(t.Context(), w.city(), id); err != nil {
					t.Fatal(err)
				}
			}
			if got := w.inspections(w.city(), oversight.InspectionQuery{Plan: plan.ID}); len(got) != 2 || got[0].Veiled || got[1].Veiled {
				t.Errorf("%d are on the plan, hidden %v", len(got), got)
			}
		})
	}
}

// TestBegunIsNotCalledOff: what stands on a sheet of an unannounced plan would be hidden for ever.
func TestBegunIsNotCalledOff(t *testing.T) {
	eachWorld(t, func(w *world) {
		plan := w.plan(oversight.Unannounced, 2)
		i := w.inspections(w.city(), oversight.InspectionQuery{Plan: plan.ID})[0]
		inspector := w.as("cha", "inspector", "330600")
		made, err := w.svc.Record(t.Context(), inspector, i.ID, oversight.Sheet{Answers: w.pass("sr.person.01"), Findings: []oversight.NewFinding{serious("f")}})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.svc.Finish(t.Context(), w.city(), plan.ID, plan.Edit, oversight.Cancelled); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "1 objects were begun") {
			t.Errorf("called off with a finding on record: %v", err)
		}
		if err := w.svc.Finish(t.Context(), w.city(), plan.ID, plan.Edit, oversight.Done); err != nil {
			t.Fatal(err)
		}
		if d, err := w.matters.Get(t.Context(), w.leaderOf(i.Division), made[0]); err != nil || d.Veiled {
			t.Errorf("after it was done: %v", err)
		}
		other := w.plan(oversight.Announced, 1)
		if err := w.svc.Finish(t.Context(), w.city(), other.ID, other.Edit, oversight.Cancelled); err != nil {
			t.Errorf("called off before anybody went: %v", err)
		}
	})
}

func (w *world) leaderOf(division int64) *identity.Principal {
	d, _ := w.tree.ByID(division)
	return w.as("x"+d.Code, "county_leader", d.Code)
}

// TestVeilOfAnEndedPlan: what an earlier version of the program left hidden under a plan that has ended is found, and lifted by whoever ends
// the inspection or by the operator; what goes on stays hidden.
func TestVeilOfAnEndedPlan(t *testing.T) {
	eachWorld(t, func(w *world) {
		plan := w.plan(oversight.Unannounced, 3)
		all := w.inspections(w.city(), oversight.InspectionQuery{Plan: plan.ID})
		inspector := w.as("cha", "inspector", "330600")
		var made []int64
		for _, i := range all {
			m, err := w.svc.Record(t.Context(), inspector, i.ID, oversight.Sheet{Answers: w.pass("sr.person.01"), Findings: []oversight.NewFinding{serious("f")}})
			if err != nil {
				t.Fatal(err)
			}
			made = append(made, m...)
		}
		if stuck, err := w.svc.StuckVeils(t.Context()); err != nil || len(stuck) != 0 {
			t.Errorf("of a plan that goes on: %+v %v", stuck, err)
		}
		w.write(func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `UPDATE inspection_plan SET state = 'cancelled' WHERE id = $1`, plan.ID)
			if err == nil {
				_, err = tx.ExecContext(t.Context(), `UPDATE inspection SET veiled = 0 WHERE id = $1`, all[2].ID) // lifted beside a finding that came then
			}
			return err
		})
		if _, err := w.svc.Complete(t.Context(), inspector, all[0].ID); err != nil {
			t.Fatal(err)
		}
		stuck, err := w.svc.StuckVeils(t.Context())
		if err != nil || len(stuck) != 2 || stuck[0].Inspection != all[2].ID || stuck[0].Matters != 1 || stuck[1].Inspection != all[1].ID {
			t.Errorf("%+v %v", stuck, err)
		}
		if n, err := w.svc.LiftStuckVeils(t.Context(), identity.Actor{}); err != nil || n != 2 {
			t.Errorf("lifted %d: %v", n, err)
		}
		for n, i := range all {
			if d, err := w.matters.Get(t.Context(), w.leaderOf(i.Division), made[n]); err != nil || d.Veiled {
				t.Errorf("finding %d is hidden from its county: %v", n, err)
			}
		}
		if stuck, err := w.svc.StuckVeils(t.Context()); err != nil || len(stuck) != 0 {
			t.Errorf("after the lift: %+v %v", stuck, err)
		}
	})
}

// TestTownWorks: a works that lies in a town answers through the nearest unit above it, and a serious finding there makes the whole county
// look elsewhere.
func TestTownWorks(t *testing.T) {
	eachWorld(t, func(w *world) {
		works := w.town("330602101")
		inspector := w.as("cha", "inspector", "330600")
		id, err := w.svc.Start(t.Context(), inspector, "c", list, works, oversight.Announced)
		if err != nil {
			t.Fatal(err)
		}
		made, err := w.svc.Record(t.Context(), inspector, id, oversight.Sheet{Answers: w.pass("sr.person.01"), Findings: []oversight.NewFinding{serious("f")}})
		if err != nil {
			t.Fatalf("a finding in a town without an organisation: %v", err)
		}
		if d, err := w.matters.Get(t.Context(), w.county(), made[0]); err != nil || d.UnitName.Zh != "330602水利局" {
			t.Errorf("who answers: %v %v", d.UnitName, err)
		}
		w.mend(made[0])
		page, err := w.matters.List(t.Context(), w.city(), matter.Query{Kinds: []matter.Kind{matter.Sweep}})
		if err != nil || page.Total != 1 || page.Rows[0].Division != w.division("330602") {
			t.Fatalf("sweeps %+v: %v", page.Rows, err)
		}
		if d, err := w.matters.Get(t.Context(), w.county(), page.Rows[0].ID); err != nil || len(d.Parts) != 6 {
			t.Errorf("the county looks at %d of its 6 other reservoirs: %v", len(d.Parts), err)
		}
	})
}

// town makes a town of a county with one reservoir and no organisation, and gives the reservoir.
func (w *world) town(code string) (works int64) {
	w.Helper()
	w.write(func(tx *store.Tx) error {
		err := w.reg.AddDivisions(w.Context(), tx, []registry.NewDivision{{Code: code, Name: fault.T("甲镇", "a town"), Kind: registry.Administrative, Level: "town", Parent: code[:6]}})
		if err == nil {
			works, err = w.reg.AddObject(w.Context(), tx, registry.Program(), registry.NewWaterObject{Kind: "reservoir", Name: fault.T("镇库", ""), Division: code})
		}
		return err
	})
	w.tree, _ = w.reg.Tree(w.Context())
	return works
}

// mend walks a finding of the first county to its close.
func (w *world) mend(id int64) {
	w.Helper()
	const hash = "00000000000000000000000000000000000000000000000000000000000000aa"
	var unit, person string
	w.write(func(tx *store.Tx) error {
		err := tx.QueryRowContext(w.Context(), `SELECT o.id, p.id FROM organisation o JOIN person p ON p.organisation_id = o.id WHERE o.division_id = $1 LIMIT 1`, w.division("330602")).Scan(&unit, &person)
		if err == nil {
			_, err = tx.ExecContext(w.Context(), `INSERT INTO evidence_file (hash, size, media, name, by_id, by_name, at) VALUES ($1, 1, 'image/jpeg', 'a.jpg', '', '', 0)`, hash)
		}
		if err == nil {
			_, err = tx.ExecContext(w.Context(), `INSERT INTO evidence_put (hash, by_id, by_name, name, at) VALUES ($1, 'yue', '', 'a.jpg', 0)`, hash)
		}
		return err
	})
	due := w.at.AddDate(0, 0, 30)
	move := func(p *identity.Principal, a matter.Act) {
		w.Helper()
		if _, err := w.matters.Move(w.Context(), p, id, a); err != nil {
			w.Fatalf("%s: %v", a.Move, err)
		}
	}
	move(w.county(), matter.Act{Move: matter.Confirm})
	move(w.county(), matter.Act{Move: matter.Assign, Unit: unit, Person: person, Due: &due})
	move(w.county(), matter.Act{Move: matter.Plan, Measures: "设公示牌"})
	if err := w.matters.Attach(w.Context(), w.county(), id, matter.Evidence{File: hash, Role: "after"}); err != nil {
		w.Fatal(err)
	}
	move(w.county(), matter.Act{Move: matter.Submit})
	move(w.city(), matter.Act{Move: matter.Close, Way: "paper"})
}

// TestOriginIsTheKeepers: a county puts its own inspections on record; what the province or the ministry found is written down by the city.
func TestOriginIsTheKeepers(t *testing.T) {
	eachWorld(t, func(w *world) {
		today := hydrotime.DateOf(w.at)
		for n, mode := range oversight.Modes() {
			mayCounty := mode != oversight.Provincial && mode != oversight.Ministerial
			for _, p := range []*identity.Principal{w.city(), w.county()} {
				want := mayCounty || p.Account() == "shen"
				_, err := w.svc.Start(t.Context(), p, fmt.Sprint(n), list, 1, mode)
				if (err == nil) != want || err != nil && !fault.Is(err, fault.Forbidden) {
					t.Errorf("%s starts %s: %v", p.Account(), mode, err)
				}
				_, err = w.svc.AddPlan(t.Context(), p, oversight.NewPlan{Client: fmt.Sprint(n), Title: "t", Mode: mode, Checklist: list, ObjectKind: "reservoir", Scope: "330602", From: today, To: today})
				if (err == nil) != want || err != nil && !fault.Is(err, fault.Forbidden) {
					t.Errorf("%s plans %s: %v", p.Account(), mode, err)
				}
			}
			county, _ := w.tree.ByCode("330602")
			if got := slices.Contains(oversight.ModesOf(county), mode); got != mayCounty {
				t.Errorf("%s is offered to a county: %t", mode, got)
			}
		}
	})
}

// TestClockThatWasNeverSet: a telephone that says 1970 loses nothing; its finding is of the day on which the inspection began, and says so.
func TestClockThatWasNeverSet(t *testing.T) {
	eachWorld(t, func(w *world) {
		inspector := w.as("cha", "inspector", "330600")
		own, err := w.svc.Start(t.Context(), inspector, "c", list, 1, oversight.Announced)
		if err != nil {
			t.Fatal(err)
		}
		planned := w.inspections(w.city(), oversight.InspectionQuery{Plan: w.plan(oversight.Announced, 1).ID})[0]
		began := w.at
		w.at = w.at.Add(50 * time.Hour) // sent two days after
		for _, c := range []struct {
			id        int64
			at, found time.Time
			told      bool
		}{
			{own, time.Date(1970, 1, 2, 0, 0, 0, 0, time.UTC), began, true},
			{own, began.Add(-time.Minute), began, false}, // a clock that is a little slow
			{own, began.Add(time.Hour), began.Add(time.Hour), false},
			{own, w.at.AddDate(1, 0, 0), w.at, false},
			{planned.ID, time.Date(1970, 1, 2, 0, 0, 0, 0, time.UTC), w.at, true},
			{planned.ID, began.Add(time.Hour), began.Add(time.Hour), false},
		} {
			f := serious(fmt.Sprint(c.at.Unix()))
			f.At = &c.at
			made, err := w.svc.Record(t.Context(), inspector, c.id, oversight.Sheet{Findings: []oversight.NewFinding{f}})
			if err != nil {
				t.Fatalf("found at %v: %v", c.at, err)
			}
			d, err := w.matters.Get(t.Context(), inspector, made[0])
			if err != nil || !d.Found.Equal(c.found) || !strings.HasPrefix(d.Number, "2026-") || !strings.HasPrefix(d.Detail, f.Detail) {
				t.Errorf("found at %v: %s of %v, want %v, %q: %v", c.at, d.Number, d.Found, c.found, d.Detail, err)
			}
			if told := strings.Contains(d.Detail, "设备记录的发现时间 "+c.at.In(hydrotime.Beijing).Format("2006-01-02")); told != c.told {
				t.Errorf("found at %v: told %t: %q", c.at, told, d.Detail)
			}
		}
	})
}

// TestTeamsStayWithTheirHouse: nobody takes over a team of another line, and a plan draws from its own division's teams.
func TestTeamsStayWithTheirHouse(t *testing.T) {
	eachWorld(t, func(w *world) {
		city := w.division("330600")
		rivers, err := w.svc.SaveTeam(t.Context(), w.city(), city, "", 0, oversight.NewTeam{Name: fault.T("河道组", ""), Line: "rivers", Members: []string{w.people[0], w.people[1], w.people[0]}})
		if err != nil {
			t.Fatal(err)
		}
		other := identity.NewPrincipal("r", "r", "r", city, []identity.Grant{{Role: "reviewer", Line: "reservoirs", Division: city}}, w.tree)
		for _, id := range []string{rivers, w.team, "nonsense"} { // w.team is for all lines
			_, err := w.svc.SaveTeam(t.Context(), other, city, id, 1, oversight.NewTeam{Name: fault.T("改名", ""), Line: "reservoirs", Members: w.people[1:2]})
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("a planner of reservoirs takes over %s: %v", id, err)
			}
		}
		teams, err := w.svc.Teams(t.Context(), w.city())
		if err != nil || len(teams) != 2 {
			t.Fatal(teams, err)
		}
		for _, team := range teams {
			if team.ID == rivers && (len(team.Members) != 2 || !team.Members[0].Leads || team.Members[0].Person != w.people[0]) {
				t.Errorf("a person named twice: %+v", team.Members)
			}
		}
		today := hydrotime.DateOf(w.at)
		plan := oversight.NewPlan{Client: "x", Title: "县查", Mode: oversight.Announced, Checklist: list, ObjectKind: "reservoir", Scope: "330602", From: today, To: today, Teams: []string{w.team, "nonsense"}}
		if _, err := w.svc.AddPlan(t.Context(), w.county(), plan); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "teams[0]") || !strings.Contains(err.Error(), "teams[1]") {
			t.Errorf("a county's plan with the city's team: %v", err)
		}
		plan.Teams = nil
		id, err := w.svc.AddPlan(t.Context(), w.county(), plan)
		if err != nil {
			t.Fatal(err)
		}
		w.write(func(tx *store.Tx) error { // as an earlier version of the program kept it
			_, err := tx.ExecContext(t.Context(), `UPDATE inspection_plan SET teams = $1 WHERE id = $2`, `["`+w.team+`"]`, id)
			return err
		})
		if err := w.svc.Draw(t.Context(), w.county(), id, 1, oversight.Ask{Count: 2, PerTeam: 1}); err == nil {
			t.Error("the city's inspectors were drawn for a county's plan")
		}
	})
}

// TestObjectNamedTwice is put on the plan once, with the people of the team that goes; a drawing leaves out what is there by hand.
func TestObjectNamedTwice(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.bare()
		if err := w.svc.AddObjects(t.Context(), w.city(), id, 1, []int64{3, 3, 4}, w.team); err != nil {
			t.Fatal(err)
		}
		got := w.inspections(w.city(), oversight.InspectionQuery{Plan: id})
		if len(got) != 2 || len(got[0].Inspectors) != 3 {
			t.Errorf("%d objects: %+v", len(got), got)
		}
		if err := w.svc.Draw(t.Context(), w.city(), id, 2, oversight.Ask{Count: 10}); err != nil {
			t.Errorf("the ten others are drawn: %v", err)
		}
		if got := w.inspections(w.city(), oversight.InspectionQuery{Plan: id}); len(got) != 12 {
			t.Errorf("%d of 12 on the plan", len(got))
		}
		if err := w.svc.AddObjects(t.Context(), w.city(), id, 3, []int64{3}, w.team); !fault.Is(err, fault.Conflict) {
			t.Errorf("put there a second time: %v", err)
		}
	})
}
