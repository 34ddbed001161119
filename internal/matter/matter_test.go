package matter_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/matter"
	"anlan/internal/store"

	"github.com/google/go-cmp/cmp"
)

func TestLoopThroughBothSides(t *testing.T) {
	each(t, func(w *world) {
		m := w.open(w.finding())
		if m.State != matter.Found || m.Unit != w.unit["330602"] || m.Number != "2026-000001" {
			t.Fatalf("opened as %s with %s, %s", m.State, m.Unit, m.Number)
		}
		w.refused(w.county(), m.ID, matter.Act{Move: matter.Dispute}, fault.Invalid)
		w.refused(w.county(), m.ID, matter.Act{Move: matter.Close, Way: "site"}, fault.Forbidden)
		w.refused(w.as("ke", "county_leader", "330603"), m.ID, matter.Act{Move: matter.Confirm}, fault.NotFound)
		w.toSubmitted(m.ID)
		w.refused(w.county(), m.ID, matter.Act{Move: matter.Close, Way: "site"}, fault.Forbidden)
		w.refused(w.reviewer(), m.ID, matter.Act{Move: matter.Close, Way: "site", Edit: 2}, fault.Conflict)
		w.move(w.reviewer(), m.ID, matter.Act{Move: matter.Close, Way: "site"})
		again := w.move(w.director(), m.ID, matter.Act{Move: matter.Reopen, Reason: "又渗水", Due: w.due(10)})
		if again.State != matter.Rectifying || again.Reopened != 1 || again.Closed != nil {
			t.Errorf("reopened: %+v", again)
		}
		w.refused(w.county(), m.ID, matter.Act{Move: matter.Submit}, fault.Invalid) // the evidence of the first round does not count
		d := w.get(w.county(), m.ID)
		if len(d.Events) != 8 || d.Events[0].Move != "open" || d.Events[7].Move != matter.Reopen || d.PersonName == "" {
			t.Errorf("%d events, person %q", len(d.Events), d.PersonName)
		}
		rep, err := audit.Verify(t.Context(), w.db)
		if err != nil || !rep.OK {
			t.Errorf("audit: %+v %v", rep, err)
		}
	})
}

// TestNobodyReviewsTheirOwn: the same account may hold both sides in a county's own inspection, and still cannot do both.
// TestHistoryTellsWhatChanged: who answers, by which last day, how it was looked at stand in words, not as ids and instants.
func TestHistoryTellsWhatChanged(t *testing.T) {
	each(t, func(w *world) {
		day := func(d int) *time.Time {
			end := hydrotime.Date{Year: 2026, Month: 7, Day: d}.End()
			return &end
		}
		m := w.open(w.finding())
		w.move(w.county(), m.ID, matter.Act{Move: matter.Confirm})
		w.move(w.reviewer(), m.ID, matter.Act{Move: matter.Assign, Unit: w.unit["330602"], Person: w.person["330602"], Due: day(10)})
		w.move(w.county(), m.ID, matter.Act{Move: matter.Plan, Measures: "灌浆"})
		w.move(w.county(), m.ID, matter.Act{Move: matter.AskMore, Due: day(20), Reason: "雨季"})
		w.move(w.reviewer(), m.ID, matter.Act{Move: matter.Extend})
		w.attach(m.ID)
		w.move(w.county(), m.ID, matter.Act{Move: matter.Submit})
		w.move(w.reviewer(), m.ID, matter.Act{Move: matter.Close, Way: "site"})
		var zh, en []string
		for _, e := range w.get(w.county(), m.ID).Events[2:] {
			zh, en = append(zh, e.Said.Zh), append(en, e.Said.En)
		}
		want := []string{"责任单位 330602水利局，责任人 人330602，时限 2026-07-10", "措施：灌浆", "申请延至 2026-07-20", "时限由 2026-07-10 改为 2026-07-20", "整改后", "", "现场复核"}
		if diff := cmp.Diff(want, zh); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if en[0] != "unit 330602 bureau, person 人330602, due 2026-07-10" || en[3] != "due 2026-07-10, now 2026-07-20" {
			t.Errorf("%q", en)
		}
	})
}

func TestNobodyReviewsTheirOwn(t *testing.T) {
	each(t, func(w *world) {
		n := w.finding()
		n.Keeper, n.Origin = n.Division, matter.Self
		m := w.open(n)
		w.move(w.county(), m.ID, matter.Act{Move: matter.Confirm})
		w.move(w.county(), m.ID, matter.Act{Move: matter.Assign, Unit: w.unit["330602"], Person: w.person["330602"], Due: w.due(30)})
		w.move(w.county(), m.ID, matter.Act{Move: matter.Plan, Measures: "灌浆"})
		w.attach(m.ID)
		w.move(w.county(), m.ID, matter.Act{Move: matter.Submit})
		w.refused(w.county(), m.ID, matter.Act{Move: matter.Close, Way: "site"}, fault.Forbidden)
		w.refused(w.as("yue2", "county_leader", "330602"), m.ID, matter.Act{Move: matter.Close, Way: "site"}, fault.Forbidden) // the person who answers
		w.move(w.as("yue3", "county_leader", "330602").For(""), m.ID, matter.Act{Move: matter.Close, Way: "site"})
	})
}

func TestSentTwiceIsOne(t *testing.T) {
	each(t, func(w *world) {
		n := w.finding()
		n.Client = "phone-1"
		a, b := w.open(n), w.open(n)
		if a.ID != b.ID {
			t.Errorf("%d and %d", a.ID, b.ID)
		}
	})
}

// TestTrapRecurrence: the same item at the same object within twelve months is recurrent, a year later it is not.
func TestTrapRecurrence(t *testing.T) {
	each(t, func(w *world) {
		first := w.open(w.finding())
		w.at = w.at.AddDate(0, 11, 0)
		second := w.open(w.finding())
		other := w.finding()
		other.Item = "sr.dam.02"
		third := w.open(other)
		w.at = w.at.AddDate(0, 12, 1)
		fourth := w.open(w.finding())
		if second.Recurs != first.ID || third.Recurs != 0 || fourth.Recurs != 0 {
			t.Errorf("recurs: %d (want %d), %d, %d", second.Recurs, first.ID, third.Recurs, fourth.Recurs)
		}
		if links := w.get(w.county(), first.ID).Links; len(links) != 1 || links[0].Kind != "recurred_by" || links[0].ID != second.ID {
			t.Errorf("links of the first: %+v", links)
		}
	})
}

// TestSeriousCloseOpensSweep: 举一反三 over the similar objects of the county, closed only when each has an answer.
func TestSeriousCloseOpensSweep(t *testing.T) {
	each(t, func(w *world) {
		n := w.finding()
		n.Severity = matter.Serious
		m := w.open(n)
		w.toSubmitted(m.ID)
		w.move(w.reviewer(), m.ID, matter.Act{Move: matter.Close, Way: "site"})
		page, err := w.svc.List(t.Context(), w.county(), matter.Query{Kinds: []matter.Kind{matter.Sweep}})
		if err != nil || page.Total != 1 {
			t.Fatalf("%d sweeps: %v", page.Total, err)
		}
		id := page.Rows[0].ID
		parts := w.get(w.county(), id).Parts
		if len(parts) != 4 { // five reservoirs in the county, less the one it began with
			t.Fatalf("%d parts", len(parts))
		}
		w.move(w.county(), id, matter.Act{Move: matter.Plan, Measures: "逐座排查"})
		w.refused(w.county(), id, matter.Act{Move: matter.Submit}, fault.Invalid) // "parts" names what is missing
		for i, part := range parts {
			answer := "none"
			if i == 0 {
				answer = "found"
			} else if i > 1 {
				break
			}
			if err := w.svc.Answer(t.Context(), w.county(), id, part.Object, answer, "看过"); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.svc.AnswerRest(t.Context(), w.county(), id, "found", "x"); !fault.Is(err, fault.Invalid) {
			t.Errorf("found in all the rest: %v", err)
		}
		if err := w.svc.AnswerRest(t.Context(), w.county(), id, "none", "已排查"); err != nil {
			t.Fatal(err)
		}
		w.move(w.county(), id, matter.Act{Move: matter.Submit})
		w.move(w.reviewer(), id, matter.Act{Move: matter.Close, Way: "paper"})
		found := w.get(w.county(), id).Parts[0].Finding
		if d := w.get(w.county(), found); d.Origin != matter.Self || d.Object != parts[0].Object || d.State != matter.Found {
			t.Errorf("what the sweep found: %+v", d.Matter)
		}
	})
}

// TestTrapVeil: what an unannounced inspection found is seen by nobody on the inspected side until it is done: not in the list, the
// search, the counts, the page, one's work, the files, the audit log, or the events.
func TestTrapVeil(t *testing.T) {
	each(t, func(w *world) {
		n := w.finding()
		n.Veiled, n.Source, n.SourceID = true, "inspection", "7"
		m := w.open(n)
		w.write(func(tx *store.Tx) error {
			return w.svc.AttachIn(t.Context(), tx, identity.Actor{ID: "shen"}, m, matter.Evidence{File: file, Role: "before"})
		})
		count := func(p *identity.Principal) (list, search, counted, work int, file bool) {
			d, err := w.svc.Get(t.Context(), p, m.ID)
			file = err == nil && len(d.Evidence) == 1
			page, err := w.svc.List(t.Context(), p, matter.Query{})
			if err != nil {
				t.Fatal(err)
			}
			found, err := w.svc.List(t.Context(), p, matter.Query{Text: "裂缝"})
			if err != nil {
				t.Fatal(err)
			}
			g, err := w.svc.Group(t.Context(), p, matter.Query{}, []string{"division", "state"})
			if err != nil {
				t.Fatal(err)
			}
			mine, err := w.svc.Mine(t.Context(), p, 10)
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range mine {
				work += k.Rows.Total
			}
			return page.Total, found.Total, g.Total.Count, work, file
		}
		if l, s, c, k, f := count(w.county()); l+s+c+k != 0 || f {
			t.Errorf("the inspected side sees %d in the list, %d in the search, %d counted, %d to do, the file %v", l, s, c, k, f)
		}
		if _, err := w.svc.Get(t.Context(), w.county(), m.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("the page: %v", err)
		}
		w.refused(w.county(), m.ID, matter.Act{Move: matter.Confirm}, fault.NotFound)
		if l, s, c, _, f := count(w.reviewer()); l != 1 || s != 1 || c != 1 || !f {
			t.Errorf("the keeper sees %d, %d, %d, %v", l, s, c, f)
		}
		entries, err := audit.List(t.Context(), w.db, audit.Query{Scopes: []int64{w.division("330602")}, ObjectKind: "matter"})
		if err != nil || len(entries) != 0 {
			t.Errorf("%d audit entries in the county: %v", len(entries), err)
		}
		for _, c := range w.heard {
			if w.county().Can(c.Permission, c.Line, c.At) {
				t.Errorf("the inspected side hears of %+v", c)
			}
		}
		w.write(func(tx *store.Tx) error {
			return w.svc.Unveil(t.Context(), tx, identity.Actor{ID: "shen"}, "inspection", "7")
		})
		if l, s, c, k, f := count(w.county()); l != 1 || s != 1 || c != 1 || k != 1 || !f {
			t.Errorf("after it: %d, %d, %d, %d, %v", l, s, c, k, f)
		}
	})
}

// TestRosterFollowsTheStore holds lists from memory against the rows of the store, through this service and another one.
func TestRosterFollowsTheStore(t *testing.T) {
	each(t, func(w *world) {
		other := matter.New(matter.Options{Store: w.db, Registry: w.reg, Now: func() time.Time { return w.at }})
		rng := rand.New(rand.NewPCG(1, 2))
		for i := range 60 {
			n := w.finding()
			county := rng.IntN(2)
			n.Object, n.Item = int64(1+county+2*rng.IntN(5)), fmt.Sprint("i", rng.IntN(3))
			n.Division = w.division([]string{"330602", "330603"}[county])
			n.Severity = matter.Severity(1 + rng.IntN(4))
			n.Due = w.at.AddDate(0, 0, rng.IntN(20)+1)
			n.Title = fault.T(fmt.Sprintf("问题%d", i), "")
			m := w.open(n)
			if rng.IntN(2) == 0 && n.Division == w.division("330602") {
				w.move(w.county(), m.ID, matter.Act{Move: matter.Confirm})
			}
			if i%10 != 0 {
				continue
			}
			for _, s := range []*matter.Service{w.svc, other} {
				w.holdList(s, w.reviewer(), i+1)
			}
		}
		w.pages("severity")
		w.pages("-due")
		w.pages("object")
		w.pages("person")
	})
}

// holdList compares the state of every row with the store's.
func (w *world) holdList(s *matter.Service, p *identity.Principal, want int) {
	w.Helper()
	page, err := s.List(w.Context(), p, matter.Query{Limit: 1000})
	if err != nil || page.Total != want || len(page.Rows) != want {
		w.Fatalf("%d of %d rows, want %d: %v", len(page.Rows), page.Total, want, err)
	}
	for _, r := range page.Rows {
		var state string
		if err := w.db.QueryRowContext(w.Context(), `SELECT state FROM matter WHERE id = $1`, r.ID).Scan(&state); err != nil || state != string(r.State) {
			w.Errorf("matter %d is %s in memory and %s in the store: %v", r.ID, r.State, state, err)
		}
	}
}

// pages reads a list in pages of seven and holds it against the whole.
func (w *world) pages(sort string) {
	w.Helper()
	whole, err := w.svc.List(w.Context(), w.reviewer(), matter.Query{Sort: sort, Limit: 1000})
	if err != nil {
		w.Fatal(err)
	}
	var ids, all []int64
	for _, r := range whole.Rows {
		all = append(all, r.ID)
	}
	for after := ""; ; {
		page, err := w.svc.List(w.Context(), w.reviewer(), matter.Query{Sort: sort, Limit: 7, After: after})
		if err != nil {
			w.Fatal(err)
		}
		for _, r := range page.Rows {
			ids = append(ids, r.ID)
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if !slices.Equal(ids, all) {
		w.Errorf("by %s: pages give %v, the whole %v", sort, ids, all)
	}
}

func TestLadder(t *testing.T) {
	each(t, func(w *world) {
		m := w.open(w.finding())
		id, err := w.svc.Propose(t.Context(), w.reviewer(), matter.Proposal{Step: "talk", Matters: []int64{m.ID}, Reason: "连续三月滞后", ReplyDue: *w.due(5)})
		if err != nil {
			t.Fatal(err)
		}
		if d := w.get(w.county(), m.ID); len(d.Escalations) != 0 || d.Step != "" {
			t.Errorf("the county sees what is only proposed: %+v", d.Escalations)
		}
		if _, err := w.svc.Propose(t.Context(), w.director(), matter.Proposal{Step: "deduct", Matters: []int64{m.ID}, Reason: "再提", ReplyDue: *w.due(5)}); !fault.Is(err, fault.Conflict) {
			t.Errorf("a second step beside one that waits: %v", err)
		}
		if d, r := w.get(w.director(), m.ID).Escalations[0], w.get(w.reviewer(), m.ID).Escalations[0]; d.May != "decide" || r.May != "" {
			t.Errorf("the director may %q, the proposer %q", d.May, r.May)
		}
		if err := w.svc.Decide(t.Context(), w.reviewer(), id, 1, true, ""); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the reviewer approves: %v", err)
		}
		if err := w.svc.Decide(t.Context(), w.director(), id, 1, true, "同意"); err != nil {
			t.Fatal(err)
		}
		if err := w.svc.Decide(t.Context(), w.director(), id, 1, true, "同意"); !fault.Is(err, fault.Conflict) {
			t.Errorf("approved twice: %v", err)
		}
		d := w.get(w.county(), m.ID)
		if len(d.Escalations) != 1 || d.Escalations[0].Number != "约谈〔2026〕1号" || d.Step != "talk" {
			t.Fatalf("issued: %+v", d.Escalations)
		}
		if d.Escalations[0].May != "reply" || d.Escalations[0].Late || w.get(w.director(), m.ID).Escalations[0].May != "" {
			t.Errorf("the county may %q", d.Escalations[0].May)
		}
		w.at = w.at.AddDate(0, 0, 6)
		if d := w.get(w.county(), m.ID); !d.Escalations[0].Late {
			t.Error("a letter past its day is not late")
		}
		if err := w.svc.Reply(t.Context(), w.county(), id, 2, "已部署"); err != nil {
			t.Fatal(err)
		}
		own, err := w.svc.Propose(t.Context(), w.director(), matter.Proposal{Step: "deduct", Matters: []int64{m.ID}, Reason: "屡催不改", ReplyDue: *w.due(5)})
		if err != nil {
			t.Fatalf("points off the assessment: %v", err)
		}
		if err := w.svc.Decide(t.Context(), w.director(), own, 1, true, ""); !fault.Is(err, fault.Forbidden) || w.get(w.director(), m.ID).Escalations[0].May != "" {
			t.Errorf("the director decides what the director proposed: %v", err)
		}
		list, _, err := w.svc.Escalations(t.Context(), w.director(), matter.EscalationQuery{State: "replied", Limit: 10})
		if err != nil || len(list) != 1 || list[0].Reply != "已部署" {
			t.Errorf("%+v %v", list, err)
		}
	})
}

// TestRulesOpenOnceAndClear: a cause opens one matter, grows worse in it, clears when it goes, and opens another when it returns.
func TestRulesOpenOnceAndClear(t *testing.T) {
	each(t, func(w *world) {
		cause := matter.Cause{
			Key: "lag/inv/330602/2026", Kind: matter.Lag, Line: "investment", Division: w.division("330602"), Keeper: w.division("330600"), Title: fault.T("投资滞后", "investment lags"),
			Detail: "-5.0 个百分点", Severity: matter.General, Due: w.at.AddDate(0, 0, 20),
		}
		settle := func(want matter.Settled, causes ...matter.Cause) {
			t.Helper()
			got, err := w.svc.Settle(t.Context(), causes, matter.Lag)
			if err != nil || got != want {
				t.Fatalf("%+v, want %+v: %v", got, want, err)
			}
		}
		settle(matter.Settled{Opened: 1}, cause)
		settle(matter.Settled{}, cause)
		worse := cause
		worse.Severity, worse.Detail, worse.Note = matter.Serious, "-12.0 个百分点", "6 月又退"
		settle(matter.Settled{Told: 1}, worse)
		settle(matter.Settled{Cleared: 1})
		settle(matter.Settled{})
		settle(matter.Settled{Opened: 1}, cause)
		page, err := w.svc.List(t.Context(), w.reviewer(), matter.Query{Sort: "number"})
		if err != nil || page.Total != 2 || page.Rows[0].State != matter.Cleared || page.Rows[0].Severity != matter.Serious || page.Rows[1].State != matter.Confirmed {
			t.Errorf("%+v %v", page, err)
		}
	})
}

func TestMeetingTasks(t *testing.T) {
	each(t, func(w *world) {
		n := matter.NewMeeting{Title: "调度会", Minutes: "议定事项……", Tasks: []matter.NewTask{
			{Title: "完成招标", Division: "330602", Line: "projects", Person: w.person["330602"]}, {Title: "补报值班记录", Division: "330603", Line: "flood"},
		}}
		n.HeldOn, n.Tasks[0].Due, n.Tasks[1].Due = dateOf(w.at), dateOf(w.at).AddDays(10), dateOf(w.at).AddDays(3)
		id, err := w.svc.AddMeeting(t.Context(), w.director(), w.division("330600"), n)
		if err != nil {
			t.Fatal(err)
		}
		page, err := w.svc.List(t.Context(), w.reviewer(), matter.Query{Source: "meeting", SourceID: id})
		if err != nil || page.Total != 2 || page.Rows[0].State != matter.Confirmed || page.Rows[1].State != matter.Assigned {
			t.Errorf("%+v %v", page.Rows, err)
		}
		m, err := w.svc.MeetingOf(t.Context(), w.director(), id)
		if err != nil || m.Tasks != 2 || m.Open != 2 {
			t.Errorf("%+v %v", m, err)
		}
		if _, err := w.svc.AddMeeting(t.Context(), w.county(), w.division("330600"), n); !fault.Is(err, fault.NotFound) {
			t.Errorf("the county keeps the city's meeting: %v", err)
		}
		n.Tasks[1].Division = "999999"
		if _, err := w.svc.AddMeeting(t.Context(), w.director(), w.division("330600"), n); !fault.Is(err, fault.Invalid) {
			t.Errorf("a task nowhere: %v", err)
		}
	})
}
