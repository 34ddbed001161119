package matter_test

import (
	"fmt"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/matter"
	"anlan/internal/store"

	"github.com/google/go-cmp/cmp"
)

// TestThreeListsHaveNoHole holds what is missing in the lists of problems, responsibilities and rectifications, state by state.
func TestThreeListsHaveNoHole(t *testing.T) {
	due := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	whole := matter.Matter{Kind: matter.Finding, State: matter.Rectifying, Item: "sr.dam.01", Severity: matter.General, Unit: "u", Person: "p", Measures: "灌浆", Due: due}
	for _, c := range []struct {
		name   string
		change func(m *matter.Matter)
		want   []string
	}{
		{"whole", func(*matter.Matter) {}, nil},
		{"neither clause nor basis", func(m *matter.Matter) { m.Item = "" }, []string{"问题清单缺依据"}},
		{"a basis without a clause", func(m *matter.Matter) { m.Item, m.Basis = "", "4.1" }, nil},
		{"a task needs no basis", func(m *matter.Matter) { m.Kind, m.Item, m.Severity = matter.Task, "", matter.Ungraded }, nil},
		{"a hazard does", func(m *matter.Matter) { m.Kind, m.Item, m.Severity = matter.Hazard, "", matter.Ungraded }, []string{"问题清单缺依据", "问题清单缺等级"}},
		{"no unit", func(m *matter.Matter) { m.Unit = "" }, []string{"责任清单缺责任单位"}},
		{"nobody by name", func(m *matter.Matter) { m.Person = "" }, []string{"责任清单缺责任人"}},
		{"nobody by name yet", func(m *matter.Matter) { m.Person, m.State = "", matter.Found }, nil},
		{"confirmed and given to nobody", func(m *matter.Matter) { m.Person, m.State = "", matter.Confirmed }, []string{"责任清单缺责任人"}},
		{"closed by nobody", func(m *matter.Matter) { m.Person, m.State = "", matter.Closed }, []string{"责任清单缺责任人"}},
		{"no measures", func(m *matter.Matter) { m.Measures = "" }, []string{"整改清单缺措施"}},
		{"no measures yet", func(m *matter.Matter) { m.Measures, m.State = "", matter.Assigned }, nil},
		{"under control without measures", func(m *matter.Matter) { m.Measures, m.State = "", matter.Controlled }, []string{"整改清单缺措施"}},
		{"no deadline", func(m *matter.Matter) { m.Due = time.Time{} }, []string{"整改清单缺时限"}},
		{"at rest without one", func(m *matter.Matter) { m.Due, m.State = time.Time{}, matter.Dismissed }, nil},
	} {
		m := whole
		c.change(&m)
		var got []string
		for _, d := range m.Defects() {
			got = append(got, d.Zh)
			if d.En == "" {
				t.Errorf("%s: %s has no English", c.name, d.Zh)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}

// TestListOfTheIncomplete: the filter finds the matters that have a hole, and no other, and lets go of one that is filled.
func TestListOfTheIncomplete(t *testing.T) {
	each(t, func(w *world) {
		whole, ungraded, baseless := w.finding(), w.finding(), w.finding()
		ungraded.Severity = matter.Ungraded
		baseless.Item, baseless.Basis = "", ""
		open := w.open(whole)
		u, b := w.open(ungraded), w.open(baseless)
		hold := func(want ...int64) {
			t.Helper()
			page, err := w.svc.List(t.Context(), w.reviewer(), matter.Query{Defective: true, Sort: "number"})
			if err != nil {
				t.Fatal(err)
			}
			got := []int64{}
			for _, r := range page.Rows {
				got = append(got, r.ID)
				if len(w.get(w.reviewer(), r.ID).Defects()) == 0 {
					t.Errorf("matter %d is listed and has no hole", r.ID)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		}
		hold(u.ID, b.ID)
		w.move(w.county(), open.ID, matter.Act{Move: matter.Confirm})
		hold(open.ID, u.ID, b.ID) // confirmed, and nobody answers by name
		w.move(w.reviewer(), open.ID, matter.Act{Move: matter.Assign, Unit: w.unit["330602"], Person: w.person["330602"], Due: w.due(30)})
		hold(u.ID, b.ID)
	})
}

// TestRecheckIsKept: a recheck that is passed says when and how, leaves the matter closed, and may be made again.
func TestRecheckIsKept(t *testing.T) {
	each(t, func(w *world) {
		m := w.open(w.finding())
		w.refused(w.reviewer(), m.ID, matter.Act{Move: matter.RecheckPass, Way: "site"}, fault.Conflict)
		w.toSubmitted(m.ID)
		closed := w.move(w.reviewer(), m.ID, matter.Act{Move: matter.Close, Way: "paper"})
		w.at = w.at.AddDate(0, 3, 0)
		w.refused(w.county(), m.ID, matter.Act{Move: matter.RecheckPass, Way: "site"}, fault.Forbidden)
		w.refused(w.reviewer(), m.ID, matter.Act{Move: matter.RecheckPass}, fault.Invalid)
		n := w.move(w.reviewer(), m.ID, matter.Act{Move: matter.RecheckPass, Way: "site"})
		if n.State != matter.Closed || n.Rechecked == nil || !n.Rechecked.Equal(w.at) || !n.Closed.Equal(*closed.Closed) {
			t.Errorf("rechecked: %s, at %v, closed %v", n.State, n.Rechecked, n.Closed)
		}
		d := w.get(w.county(), m.ID)
		if last := d.Events[len(d.Events)-1]; last.Move != matter.RecheckPass || last.Said.Zh != "现场复核" || last.From != matter.Closed || last.To != matter.Closed {
			t.Errorf("%+v", last)
		}
		w.at = w.at.AddDate(0, 3, 0)
		if n := w.move(w.reviewer(), m.ID, matter.Act{Move: matter.RecheckPass, Way: "paper"}); !n.Rechecked.Equal(w.at) {
			t.Errorf("rechecked again at %v", n.Rechecked)
		}
	})
}

// TestInspectorLooksAgain: who only records inspections at the keeper goes there again, passes a recheck or reopens, shows a file of it,
// and neither closes, sends back nor extends.
func TestInspectorLooksAgain(t *testing.T) {
	each(t, func(w *world) {
		inspector, elsewhere := w.as("du", "inspector", "330600"), w.as("dc", "inspector", "330602")
		m := w.open(w.finding())
		w.toSubmitted(m.ID)
		w.refused(inspector, m.ID, matter.Act{Move: matter.Close, Way: "site"}, fault.Forbidden)
		w.refused(inspector, m.ID, matter.Act{Move: matter.SendBack, Way: "site", Reason: "r"}, fault.Forbidden)
		w.move(w.reviewer(), m.ID, matter.Act{Move: matter.Close, Way: "paper"})
		w.refused(elsewhere, m.ID, matter.Act{Move: matter.RecheckPass, Way: "site"}, fault.Forbidden)
		w.refused(elsewhere, m.ID, matter.Act{Move: matter.Reopen, Reason: "r", Due: w.due(10)}, fault.Forbidden)
		w.move(inspector, m.ID, matter.Act{Move: matter.RecheckPass, Way: "site"})
		n := w.move(inspector, m.ID, matter.Act{Move: matter.Reopen, Reason: "又裂", Due: w.due(10)})
		if n.State != matter.Rectifying || n.Reopened != 1 {
			t.Errorf("%s, reopened %d times", n.State, n.Reopened)
		}
		if moves := w.get(inspector, m.ID).Moves; len(moves) != 1 || moves[0].Move != matter.Note {
			t.Errorf("the inspector is offered %v while it is mended", moves)
		}
	})
}

// TestManyAssignedAtOnce: each is given to the unit and the person by the day, with its own event; one that cannot be is told and holds
// up no other.
func TestManyAssignedAtOnce(t *testing.T) {
	each(t, func(w *world) {
		var ids []int64
		for range 3 {
			m := w.open(w.finding())
			w.move(w.county(), m.ID, matter.Act{Move: matter.Confirm})
			ids = append(ids, m.ID)
		}
		unconfirmed := w.open(w.finding())
		ids = append(ids[:1], append([]int64{unconfirmed.ID, 999}, ids[1:]...)...)
		act := matter.Act{Move: matter.Assign, Unit: w.unit["330602"], Person: w.person["330602"], Due: w.due(30), Edit: 1} // the edit of one is not that of all
		out, err := w.svc.MoveMany(t.Context(), w.reviewer(), ids, act)
		if err != nil || len(out) != len(ids) {
			t.Fatalf("%+v %v", out, err)
		}
		for i, o := range out {
			refused := o.ID == unconfirmed.ID || o.ID == 999
			if o.ID != ids[i] || o.OK == refused || (o.Error != nil) != refused {
				t.Errorf("outcome %d: %+v", i, o)
			}
			if refused {
				continue
			}
			d := w.get(w.reviewer(), o.ID)
			if d.State != matter.Assigned || d.Unit != act.Unit || d.Person != act.Person || !d.Due.Equal(*act.Due) || !d.OriginalDue.Equal(*act.Due) {
				t.Errorf("matter %d: %+v", o.ID, d.Matter)
			}
			if last := d.Events[len(d.Events)-1]; last.Move != matter.Assign || last.By != "shen" {
				t.Errorf("matter %d: %+v", o.ID, last)
			}
		}
		if d := w.get(w.reviewer(), unconfirmed.ID); d.State != matter.Found || d.Edit != 1 {
			t.Errorf("what was refused: %+v", d.Matter)
		}
	})
}

// TestOldOnesAreNotCrowdedOut: however many letters and meetings other places have, a county finds its own old ones.
func TestOldOnesAreNotCrowdedOut(t *testing.T) {
	each(t, func(w *world) {
		m := w.open(w.finding())
		w.write(func(tx *store.Tx) error {
			for i := range 2100 {
				at := "330603"
				if i == 0 {
					at = "330602"
				}
				_, err := tx.ExecContext(t.Context(), `
					INSERT INTO escalation (id, edit, step, state, division_id, keeper_id, line, unit_id, reason, proposed_at, proposed_by, proposed_name, reply_due_at)
					VALUES ($1, 1, 'talk', 'issued', $2, $3, 'reservoirs', $4, '', $5, '', '', 0)`,
					fmt.Sprintf("e%05d", i), w.division(at), w.division("330600"), w.unit[at], i)
				if err == nil {
					_, err = tx.ExecContext(t.Context(), `INSERT INTO escalation_matter (escalation_id, matter_id) VALUES ($1, $2)`, fmt.Sprintf("e%05d", i), m.ID)
				}
				if err == nil && i < 1100 {
					_, err = tx.ExecContext(t.Context(), `
						INSERT INTO meeting (id, edit, title, held_on, division_id, line, chair, minutes, by_id, by_name, at) VALUES ($1, 1, '例会', $2, $3, '*', '', '', '', '', 0)`,
						fmt.Sprintf("m%05d", i), i, w.division(at))
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		letters, _, err := w.svc.Escalations(t.Context(), w.county(), matter.EscalationQuery{State: "issued", Limit: 10})
		if err != nil || len(letters) != 1 || letters[0].ID != "e00000" || len(letters[0].Matters) != 1 || letters[0].May != "reply" {
			t.Errorf("letters %+v %v", letters, err)
		}
		meetings, err := w.svc.Meetings(t.Context(), w.county(), "", 0, 10)
		if err != nil || meetings.Total != 1 || len(meetings.Items) != 1 || meetings.Items[0].ID != "m00000" {
			t.Errorf("meetings %+v %v", meetings, err)
		}
		if all, _, err := w.svc.Escalations(t.Context(), w.director(), matter.EscalationQuery{Limit: 10}); err != nil || len(all) != 10 || all[0].ID != "e02099" {
			t.Errorf("%d of all letters: %v", len(all), err)
		}
		for name, n := range map[string]int{"letters": 2100, "meetings": 1100, matter.Unanswered: 2100, "reply": 2100} {
			seen, at := 0, ""
			for seen < n {
				var ids []string
				var total int
				if name == "meetings" {
					page, err := w.svc.Meetings(t.Context(), w.director(), "", seen, 400)
					if err != nil {
						t.Fatal(err)
					}
					total = page.Total
					for _, m := range page.Items {
						ids = append(ids, m.ID)
					}
				} else {
					q := matter.EscalationQuery{Skip: seen, Limit: 400}
					who := w.director()
					switch name {
					case matter.Unanswered:
						q.State = name
					case "reply":
						q.May, who = name, w.as("yue", "county_leader", "330600")
					}
					page, all, err := w.svc.Escalations(t.Context(), who, q)
					if err != nil {
						t.Fatal(err)
					}
					total = all
					for _, e := range page {
						ids = append(ids, e.ID)
					}
				}
				if total != n || len(ids) != min(400, n-seen) || at != "" && ids[0] >= at {
					t.Fatalf("%s behind %d: %d of %d, want of %d", name, seen, len(ids), total, n)
				}
				seen, at = seen+len(ids), ids[len(ids)-1]
			}
		}
	})
}
