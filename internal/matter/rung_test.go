package matter_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// ruled gives the world a ladder: letters decided by any director with five days for the reply, supervision by a director of the city,
// and points off without any reply.
func (w *world) ruled() {
	rungs := []matter.Rung{
		{Step: "remind", Name: fault.T("提醒函", "letter of reminder"), Approver: "director", ReplyDays: 5},
		{Step: "supervise", Name: fault.T("督办", "supervised item"), Approver: "director", Level: "city", ReplyDays: 15},
		{Step: "talk", Name: fault.T("约谈", "formal talk"), Approver: "reviewer", ReplyDays: 10},
		{Step: "deduct", Name: fault.T("考核扣分", "points off"), Approver: "director", Points: quantity.Some(quantity.MustParse("0.5"))},
	}
	w.svc = matter.New(matter.Options{
		Store: w.db, Registry: w.reg, Now: func() time.Time { return w.at }, Rungs: func(context.Context) ([]matter.Rung, error) { return rungs, nil },
	})
}

// climb proposes a step as the reviewer and decides it as somebody else.
func (w *world) climb(step string, m *matter.Matter, asked time.Time, by *identity.Principal) (string, error) {
	w.Helper()
	id, err := w.svc.Propose(w.Context(), w.reviewer(), matter.Proposal{Step: step, Matters: []int64{m.ID}, Reason: "r", ReplyDue: asked})
	if err != nil {
		w.Fatal(err)
	}
	return id, w.svc.Decide(w.Context(), by, id, 1, true, "")
}

// TestTrapStepIsDecidedByWhomTheRulesName: a role or a level that the rules do not name is refused with a sentence that says who decides,
// is not offered the decision, and nothing is issued.
func TestTrapStepIsDecidedByWhomTheRulesName(t *testing.T) {
	each(t, func(w *world) {
		w.ruled()
		countyDirector := w.as("xian", "director", "330602")
		own := w.finding()
		own.Keeper, own.Item = own.Division, "own"
		for _, x := range []struct {
			step, want string
			n          matter.NewMatter
			by         *identity.Principal
		}{
			{"remind", "", own, countyDirector},
			{"supervise", "decided by a director of the city", own, countyDirector},
			{"supervise", "", own, w.director()},
			{"talk", "decided by a reviewer", own, w.director()},
		} {
			m := w.open(x.n)
			proposer := w.as("yue", "county_leader", "330602")
			id, err := w.svc.Propose(t.Context(), proposer, matter.Proposal{Step: x.step, Matters: []int64{m.ID}, Reason: "r"})
			if err != nil {
				t.Fatal(err)
			}
			offered := w.get(x.by, m.ID).Escalations[0].May == "decide"
			err = w.svc.Decide(t.Context(), x.by, id, 1, true, "")
			if offered != (err == nil) {
				t.Errorf("%s by %s: offered %v, then %v", x.step, x.by.Name(), offered, err)
			}
			if x.want == "" && err != nil || x.want != "" && (!fault.Is(err, fault.Forbidden) || !strings.Contains(err.Error(), x.want)) {
				t.Errorf("%s by %s: %v, want %q", x.step, x.by.Name(), err, x.want)
			}
			if state := w.get(x.by, m.ID).Escalations[0].State; state == "issued" != (err == nil) {
				t.Errorf("%s by %s is %s", x.step, x.by.Name(), state)
			}
		}
		if _, err := w.svc.Propose(t.Context(), w.reviewer(), matter.Proposal{Step: "notice", Matters: []int64{w.open(w.finding()).ID}, Reason: "r", ReplyDue: *w.due(3)}); !fault.Is(err, fault.Conflict) {
			t.Errorf("a step that the rules do not have: %v", err)
		}
	})
}

// TestTrapReplyIsDueByTheRules: the days run from the issue and not from the proposal, an earlier day that was asked for stands and a later
// one does not, and what is not answered in time is listed, counted in days, and stays late once it is answered.
func TestTrapReplyIsDueByTheRules(t *testing.T) {
	each(t, func(w *world) {
		w.ruled()
		m := w.open(w.finding())
		due := func() time.Time { return w.get(w.county(), m.ID).Escalations[0].ReplyDue }
		id, err := w.svc.Propose(t.Context(), w.reviewer(), matter.Proposal{Step: "remind", Matters: []int64{m.ID}, Reason: "r"})
		if err != nil {
			t.Fatal(err)
		}
		w.at = w.at.AddDate(0, 0, 4)
		if err := w.svc.Decide(t.Context(), w.director(), id, 1, true, ""); err != nil {
			t.Fatal(err)
		}
		if want := dateOf(w.at).AddDays(5).End(); !due().Equal(want) {
			t.Errorf("the reply is due %s, want %s", due(), want)
		}
		unanswered := func(want int) {
			t.Helper()
			list, _, err := w.svc.Escalations(t.Context(), w.county(), matter.EscalationQuery{State: matter.Unanswered, Limit: 10})
			if err != nil || len(list) != want {
				t.Errorf("%d unanswered, want %d: %v", len(list), want, err)
			}
		}
		w.at = hydrotime.DateOf(w.at).AddDays(5).End().Add(-time.Millisecond)
		unanswered(0)
		w.at = w.at.Add(time.Millisecond)
		unanswered(1)
		if e := w.get(w.county(), m.ID).Escalations[0]; !e.Late || e.DaysLate != 1 {
			t.Errorf("late %v, by %d days", e.Late, e.DaysLate)
		}
		w.at = w.at.AddDate(0, 0, 1)
		if err := w.svc.Reply(t.Context(), w.county(), id, 2, "已部署"); err != nil {
			t.Fatal(err)
		}
		w.at = w.at.AddDate(0, 1, 0)
		unanswered(0)
		if e := w.get(w.county(), m.ID).Escalations[0]; !e.Late || e.DaysLate != 2 {
			t.Errorf("answered late: late %v, by %d days", e.Late, e.DaysLate)
		}
		for _, x := range []struct{ asked, want int }{{2, 2}, {9, 5}} {
			if _, err := w.climb("remind", m, dateOf(w.at).AddDays(x.asked).End(), w.director()); err != nil {
				t.Fatal(err)
			}
			if want := dateOf(w.at).AddDays(x.want).End(); !due().Equal(want) {
				t.Errorf("asked for day %d the reply is due %s, want %s", x.asked, due(), want)
			}
			w.at = w.at.AddDate(0, 0, 1)
		}
	})
}

// TestTrapPointsAreRecorded: points off are kept with the step as the rules were when it was issued; it asks for no reply and is never late.
func TestTrapPointsAreRecorded(t *testing.T) {
	each(t, func(w *world) {
		w.ruled()
		m := w.open(w.finding())
		id, err := w.climb("deduct", m, time.Time{}, w.director())
		if err != nil {
			t.Fatal(err)
		}
		w.at = w.at.AddDate(0, 1, 0)
		d := w.get(w.county(), m.ID)
		e := d.Escalations[0]
		if e.Points != quantity.Some(quantity.MustParse("0.5")) || e.Asks || e.Late || e.May != "" {
			t.Errorf("%+v", e)
		}
		if said := d.Events[len(d.Events)-1].Said; !strings.Contains(said.Zh, "扣 0.5 分") || !strings.Contains(said.En, "0.5 points off") {
			t.Errorf("the history says %+v", said)
		}
		if err := w.svc.Reply(t.Context(), w.county(), id, 2, "x"); !fault.Is(err, fault.Conflict) {
			t.Errorf("a reply that nobody asked for: %v", err)
		}
	})
}

// TestTrapStepIsAimedAtAPerson: a talk goes to who answers for the matter, else to the holder of the unit's first post, and without either
// it is refused; a letter to the unit names nobody.
func TestTrapStepIsAimedAtAPerson(t *testing.T) {
	each(t, func(w *world) {
		rungs := []matter.Rung{
			{Step: "remind", Name: fault.T("提醒函", "letter"), Approver: "director", ReplyDays: 5},
			{Step: "talk", Name: fault.T("约谈", "formal talk"), Approver: "director", ReplyDays: 10, Personal: true},
		}
		w.svc = matter.New(matter.Options{
			Store: w.db, Registry: w.reg, Now: func() time.Time { return w.at }, Rungs: func(context.Context) ([]matter.Rung, error) { return rungs, nil },
		})
		target := func(m *matter.Matter, step string) (person, name string, err error) {
			t.Helper()
			if _, err := w.svc.Propose(t.Context(), w.reviewer(), matter.Proposal{Step: step, Matters: []int64{m.ID}, Reason: "r"}); err != nil {
				return "", "", err
			}
			e := w.get(w.reviewer(), m.ID).Escalations[0]
			return e.Person, e.PersonName, nil
		}
		bare := w.open(w.finding())
		if _, _, err := target(bare, "talk"); !fault.Is(err, fault.Invalid) {
			t.Errorf("a talk with nobody: %v", err)
		}
		if person, _, err := target(bare, "remind"); person != "" || err != nil {
			t.Errorf("a letter to the unit names %q: %v", person, err)
		}
		w.write(func(tx *store.Tx) error {
			post, err := w.reg.AddPost(t.Context(), tx, registry.Program(), registry.NewPost{Organisation: w.unit["330602"], Title: fault.T("局长", "Director"), Line: "*"})
			if err == nil {
				err = w.reg.Appoint(t.Context(), tx, registry.Program(), post, w.person["330602"], w.at.AddDate(-1, 0, 0))
			}
			return err
		})
		n := w.finding()
		n.Item = "sr.dam.02"
		if person, name, err := target(w.open(n), "talk"); person != w.person["330602"] || name != "人330602" || err != nil {
			t.Errorf("a talk with who leads the unit: %q, %v", name, err)
		}
	})
}

// TestTrapNoLetterAboutWhatIsAtRest: a matter that is closed while its step waits for the decision gets no letter; the step can be refused.
func TestTrapNoLetterAboutWhatIsAtRest(t *testing.T) {
	each(t, func(w *world) {
		m := w.open(w.finding())
		w.toSubmitted(m.ID)
		id, err := w.svc.Propose(t.Context(), w.reviewer(), matter.Proposal{Step: "remind", Matters: []int64{m.ID}, Reason: "r", ReplyDue: *w.due(5)})
		if err != nil {
			t.Fatal(err)
		}
		w.move(w.reviewer(), m.ID, matter.Act{Move: matter.Close, Way: "site"})
		if err := w.svc.Decide(t.Context(), w.director(), id, 1, true, ""); !fault.Is(err, fault.Conflict) {
			t.Errorf("a letter about what is closed: %v", err)
		}
		if d := w.get(w.director(), m.ID); d.Step != "" || d.Escalations[0].State != "proposed" {
			t.Errorf("%q, %s", d.Step, d.Escalations[0].State)
		}
		if err := w.svc.Decide(t.Context(), w.director(), id, 1, false, "已整改"); err != nil {
			t.Error(err)
		}
	})
}

// TestTrapSupervisedItemIsReportedOn: after the reply progress is reported every so many days; a report that does not come is listed, one
// that came moves the next, and it ends with the matter.
func TestTrapSupervisedItemIsReportedOn(t *testing.T) {
	each(t, func(w *world) {
		rungs := []matter.Rung{{Step: "supervise", Name: fault.T("督办", "supervised item"), Approver: "director", ReplyDays: 15, Every: 7}}
		w.svc = matter.New(matter.Options{
			Store: w.db, Registry: w.reg, Now: func() time.Time { return w.at }, Rungs: func(context.Context) ([]matter.Rung, error) { return rungs, nil },
		})
		m := w.open(w.finding())
		id, err := w.climb("supervise", m, time.Time{}, w.director())
		if err != nil {
			t.Fatal(err)
		}
		step := func() matter.Escalation { return w.get(w.county(), m.ID).Escalations[0] }
		unanswered := func(want int) {
			t.Helper()
			if list, _, err := w.svc.Escalations(t.Context(), w.county(), matter.EscalationQuery{State: matter.Unanswered, Limit: 10}); err != nil || len(list) != want {
				t.Errorf("%s: %d unanswered, want %d: %v", w.at, len(list), want, err)
			}
		}
		say := func(words string) {
			t.Helper()
			if e := step(); e.May != "reply" {
				t.Errorf("the county may %q", e.May)
			}
			if err := w.svc.Reply(t.Context(), w.county(), id, step().Edit, words); err != nil {
				t.Fatal(err)
			}
		}
		say("已部署")
		if e := step(); e.Reply != "已部署" || e.ReportDue == nil || !e.ReportDue.Equal(dateOf(w.at).AddDays(7).End()) || e.ReportLate {
			t.Fatalf("%+v", e)
		}
		w.at = w.at.AddDate(0, 0, 7)
		unanswered(0)
		w.at = w.at.AddDate(0, 0, 1)
		unanswered(1)
		say("完成一半")
		say("补充说明")
		unanswered(0)
		if e := step(); len(e.Reports) != 2 || e.Reports[0].Words != "完成一半" || e.Reply != "已部署" || !e.ReportDue.Equal(dateOf(w.at).AddDays(7).End()) {
			t.Errorf("%+v", e)
		}
		if err := w.svc.Reply(t.Context(), w.county(), id, 1, "x"); !fault.Is(err, fault.Conflict) {
			t.Errorf("by a page of before: %v", err)
		}
		w.toSubmitted(m.ID)
		w.move(w.reviewer(), m.ID, matter.Act{Move: matter.Close, Way: "site"})
		w.at = w.at.AddDate(0, 1, 0)
		unanswered(0)
		if e := step(); e.ReportDue != nil || e.May != "" {
			t.Errorf("after the close: %+v", e)
		}
		if err := w.svc.Reply(t.Context(), w.county(), id, step().Edit, "x"); !fault.Is(err, fault.Conflict) {
			t.Errorf("after the close: %v", err)
		}
	})
}
