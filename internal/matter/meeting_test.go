package matter_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/store/storetest"

	"github.com/google/go-cmp/cmp"
)

func (w *world) newMeeting(tasks ...matter.NewTask) matter.NewMeeting {
	return matter.NewMeeting{Client: "m1", Title: "例会", HeldOn: dateOf(w.at), Minutes: "议定", Tasks: tasks}
}

func (w *world) newTask() matter.NewTask {
	return matter.NewTask{Title: "办件事", Division: "330602", Line: "reservoirs", Due: dateOf(w.at).AddDays(9)}
}

func (w *world) total(q matter.Query) int {
	w.Helper()
	page, err := w.svc.List(w.Context(), w.reviewer(), q)
	if err != nil {
		w.Fatal(err)
	}
	return page.Total
}

// TestMeetingSentTwiceIsOne: a browser that got no answer sends again, and no task stands twice; another person's meeting is another one.
func TestMeetingSentTwiceIsOne(t *testing.T) {
	each(t, func(w *world) {
		keep := func(p *identity.Principal) string {
			id, err := w.svc.AddMeeting(t.Context(), p, w.division("330600"), w.newMeeting(w.newTask()))
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		a, b := keep(w.reviewer()), keep(w.reviewer())
		if n := w.total(matter.Query{Kinds: []matter.Kind{matter.Task}}); a != b || n != 1 {
			t.Errorf("%s and %s, %d tasks", a, b, n)
		}
		if c := keep(w.director()); c == a {
			t.Error("two people's meetings are one")
		}
	})
}

// TestTaskIsOfWhoMet: what a county's own meeting decided is the county's, and not the city's.
func TestTaskIsOfWhoMet(t *testing.T) {
	each(t, func(w *world) {
		for code, who := range map[string]*identity.Principal{"330600": w.reviewer(), "330602": w.as("gui", "planner", "330602")} {
			if _, err := w.svc.AddMeeting(t.Context(), who, w.division(code), w.newMeeting(w.newTask())); err != nil {
				t.Fatal(err)
			}
		}
		for _, origin := range []matter.Origin{matter.City, matter.County} {
			if n := w.total(matter.Query{Origins: []matter.Origin{origin}}); n != 1 {
				t.Errorf("%d tasks of the %s", n, origin)
			}
		}
	})
}

// TestMeetingIsHeldToLineOwnerAndTime: what a meeting says is refused at its place, and nothing of it is kept.
func TestMeetingIsHeldToLineOwnerAndTime(t *testing.T) {
	each(t, func(w *world) {
		d := w.division("330600")
		lines := matter.New(matter.Options{
			Store: w.db, Registry: w.reg, Now: func() time.Time { return w.at }, Lines: func(context.Context) ([]string, error) { return []string{"reservoirs", "rivers", "investment"}, nil },
		})
		f := func(change func(n *matter.NewMeeting, task *matter.NewTask), places ...string) {
			t.Helper()
			task := w.newTask()
			n := w.newMeeting()
			change(&n, &task)
			n.Tasks = []matter.NewTask{w.newTask(), task}
			_, err := lines.AddMeeting(t.Context(), w.reviewer(), d, n)
			var bad *fault.Error
			var got []string
			if errors.As(err, &bad) {
				for _, at := range bad.Fields {
					got = append(got, at.Place)
				}
			}
			if diff := cmp.Diff(places, got); diff != "" {
				t.Errorf("%v (-want +got)\n%s", err, diff)
			}
		}
		f(func(_ *matter.NewMeeting, task *matter.NewTask) {
			task.Unit, task.Person = w.unit["330603"], w.person["330603"]
		}, "tasks[1].unit")
		f(func(_ *matter.NewMeeting, task *matter.NewTask) { task.Person = w.person["330603"] }, "tasks[1].person")
		f(func(_ *matter.NewMeeting, task *matter.NewTask) { task.Line = "no-such-line" }, "tasks[1].line")
		f(func(n *matter.NewMeeting, task *matter.NewTask) {
			n.Line, n.HeldOn, task.Due = "no-such-line", dateOf(w.at).AddDays(1), dateOf(w.at).AddDays(-1)
		}, "held_on", "line", "tasks[1].due")
		f(func(n *matter.NewMeeting, task *matter.NewTask) { n.Title, task.Division = " ", "330100" }, "title", "tasks[1].division")
		f(func(_ *matter.NewMeeting, task *matter.NewTask) { task.Title = " " }, "tasks[1].title")
		if n := w.total(matter.Query{}); n != 0 {
			t.Errorf("%d tasks of meetings that were refused", n)
		}
		f(func(_ *matter.NewMeeting, task *matter.NewTask) {
			task.Unit, task.Person = w.unit["330602"], w.person["330602"]
		})
	})
}

// TestMeetingIsOfItsLine: who holds one line of work keeps meetings and hands out tasks of that line, and reads the minutes of no other.
func TestMeetingIsOfItsLine(t *testing.T) {
	each(t, func(w *world) {
		d := w.division("330600")
		rivers := identity.NewPrincipal("riv", "riv", "riv", d, []identity.Grant{{Role: "reviewer", Line: "rivers", Division: d}}, w.tree)
		n := w.newMeeting()
		n.Line = "investment"
		id, err := w.svc.AddMeeting(t.Context(), w.reviewer(), d, n)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.svc.MeetingOf(t.Context(), rivers, id); !fault.Is(err, fault.NotFound) {
			t.Errorf("the minutes of another line: %v", err)
		}
		for _, line := range []string{"investment", ""} {
			n.Line = line
			if _, err := w.svc.AddMeeting(t.Context(), rivers, d, n); !fault.Is(err, fault.NotFound) {
				t.Errorf("a meeting of %q by who holds rivers: %v", line, err)
			}
		}
		own := w.newMeeting(w.newTask())
		own.Line = "rivers"
		if _, err := w.svc.AddMeeting(t.Context(), rivers, d, own); !fault.Is(err, fault.Invalid) {
			t.Errorf("a task of reservoirs by who holds rivers: %v", err)
		}
		own.Tasks[0].Line = "rivers"
		if _, err := w.svc.AddMeeting(t.Context(), rivers, d, own); err != nil {
			t.Error(err)
		}
		all, err := w.svc.AddMeeting(t.Context(), w.director(), d, w.newMeeting())
		if err == nil {
			_, err = w.svc.MeetingOf(t.Context(), rivers, all)
		}
		list, err2 := w.svc.Meetings(t.Context(), rivers, "", 0, 10)
		if err != nil || err2 != nil || len(list.Items) != 2 {
			t.Errorf("a meeting on all lines, and the own one: %d, %v %v", len(list.Items), err, err2)
		}
	})
}

// TestDaysInMinutes: a day without a year is the next one, counted from the meeting.
func TestDaysInMinutes(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	of, _ := w.tree.ByCode("330600")
	f := func(minutes, want string) {
		t.Helper()
		got := ""
		for _, task := range matter.ReadMinutes(minutes, hydrotime.Date{Year: 2026, Month: 6, Day: 10}, of, w.tree) {
			got = task.Due.String()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", minutes, got, want)
		}
	}
	f("各县于6月5日前完成整改工作。", "2027-06-05")
	f("各县于6月10日前完成整改工作。", "2026-06-10")
	f("各县于6月底前完成整改工作。", "2026-06-30")
	f("各县于5月底前完成整改工作。", "2027-05-31")
	f("各县于2025年5月底前完成整改工作。", "2025-05-31")
	f("各县于12月31日前完成整改工作。", "2026-12-31")
	f("各县于6月0日前完成整改工作。", "")
	f("各县于2月30日前完成整改工作。", "")
}
