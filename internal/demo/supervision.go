package demo

import (
	"context"
	"fmt"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/matter"
	"anlan/internal/oversight"
	"anlan/internal/oversight/checklist"
)

// day is an instant of the demo's last months, so many days before its today.
func (w *watch) day(before, hour int) time.Time {
	return w.until.AddDate(0, 0, -before).Add(time.Duration(hour) * time.Hour)
}

// plans are three: one drawn over all counties and done without a problem, one that the inspectors are at, and one without notice that
// the inspected county does not know of.
func (w *watch) plans() {
	type plan struct {
		title, scope, list, kind string
		mode                     oversight.Mode
		before, days             int
		teams                    func() []string
		ask                      oversight.Ask
	}
	of := func(teams ...int) func() []string {
		return func() (ids []string) {
			for _, i := range teams {
				ids = append(ids, w.teamIDs[i])
			}
			return ids
		}
	}
	add := func(n plan) {
		w.do(w.day(n.before, 9), func(ctx context.Context) error {
			p := w.as("shenhe")
			from := hydrotime.DateOf(w.day(n.before, 9))
			id, err := w.Oversight.AddPlan(ctx, p, oversight.NewPlan{
				Client: "demo-" + n.title, Title: n.title, Mode: n.mode, Checklist: n.list, ObjectKind: n.kind, Scope: n.scope, From: from, To: from.AddDays(n.days), Teams: n.teams(),
			})
			if err == nil {
				err = w.Oversight.Draw(ctx, p, id, 1, n.ask)
			}
			if err != nil {
				return fmt.Errorf("plan %s: %w", n.title, err)
			}
			w.numbers[n.title] = id
			return nil
		})
	}
	const spring = "春季河道“清四乱”双随机检查"
	add(plan{title: spring, scope: City, list: "four-illegals", kind: "river", mode: oversight.Announced, before: 54, days: 20, teams: of(0, 1, 2, 3, 4, 5), ask: oversight.Ask{Count: 6, PerTeam: 2, Stratify: true}})
	add(plan{title: "汛期小型水库安全运行检查", scope: "330602", list: "small-reservoirs", kind: "reservoir", mode: oversight.Announced, before: 3, days: 20, teams: of(0), ask: oversight.Ask{Count: 3, PerTeam: 3}})
	add(plan{title: "农村供水工程暗访", scope: "330683", list: "rural-water", kind: "waterworks", mode: oversight.Unannounced, before: 2, days: 15, teams: of(0, 3), ask: oversight.Ask{Count: 3, PerTeam: 2}})
	w.do(w.day(45, 15), func(ctx context.Context) error { return w.lookClean(ctx, w.numbers[spring]) })
}

// lookClean does every inspection of a plan without a problem and ends the plan.
func (w *watch) lookClean(ctx context.Context, plan int64) error {
	p := w.as("shenhe")
	list, err := w.Oversight.Inspections(ctx, p, oversight.InspectionQuery{Plan: plan, Limit: 100})
	if err != nil {
		return err
	}
	book, err := w.Oversight.Book(ctx)
	if err != nil {
		return err
	}
	for _, i := range list {
		c, err := book.Version(i.Checklist, i.Version)
		if err != nil {
			return err
		}
		sheet := oversight.Sheet{Answers: map[string]checklist.Answer{}}
		for _, s := range c.Sections {
			for _, cl := range s.Clauses {
				sheet.Answers[cl.Code] = checklist.Pass
			}
		}
		if _, err := w.Oversight.Record(ctx, p, i.ID, sheet); err != nil {
			return err
		}
		if _, err := w.Oversight.Complete(ctx, p, i.ID); err != nil {
			return err
		}
	}
	now, err := w.Oversight.Plan(ctx, p, plan)
	if err != nil {
		return err
	}
	return w.Oversight.Finish(ctx, p, plan, now.Edit, oversight.Done)
}

// climb takes the province's findings up the ladder: a reminder went out to 新昌 and waits for its reply, one to 上虞 was answered and the
// next step waits for the director.
func (w *watch) climb() {
	propose := func(before int, step, reason string, reply int, name string, findings ...string) {
		w.do(w.day(before, 10), func(ctx context.Context) error {
			n := matter.Proposal{Step: step, Reason: reason, ReplyDue: hydrotime.DateOf(w.day(before, 10)).AddDays(reply).End()}
			for _, f := range findings {
				n.Matters = append(n.Matters, w.numbers[f])
			}
			id, err := w.Matter.Propose(ctx, w.as("shenhe"), n)
			w.kept[name] = id
			return err
		})
	}
	approve := func(before int, name string) {
		w.do(w.day(before, 11), func(ctx context.Context) error {
			return w.Matter.Decide(ctx, w.as("juzhang"), w.kept[name], 1, true, "同意")
		})
	}
	propose(20, "remind", "省级暗访发现的问题一个月仍未整改", 7, "letter/330604", "9000/0", "9001/0")
	approve(19, "letter/330604")
	w.do(w.day(14, 16), func(ctx context.Context) error {
		return w.Matter.Reply(ctx, w.as("shangyu"), w.kept["letter/330604"], 2, "已落实责任人，正在办理公示")
	})
	propose(6, "remind", "省级暗访发现的问题一个月仍未整改", 9, "letter/330624", "9002/0", "9003/0")
	approve(5, "letter/330624")
	propose(1, "notice", "提醒后仍未完成整改，建议全市通报", 10, "notice/330604", "9000/0", "9001/0")
}

// meetings are two: what the first decided is in part done when the second looks at it.
func (w *watch) meetings() {
	task := func(title, county, line string, due int) matter.NewTask {
		return matter.NewTask{Title: title, Division: county, Line: line, Unit: w.unitOf[county], Person: w.personOf[county], Due: hydrotime.DateOf(w.until).AddDays(due)}
	}
	hold := func(before int, name, title, previous, minutes string, tasks func() []matter.NewTask) {
		w.do(w.day(before, 15), func(ctx context.Context) error {
			id, err := w.Matter.AddMeeting(ctx, w.as("juzhang"), w.division(City), matter.NewMeeting{
				Title: title, HeldOn: hydrotime.DateOf(w.day(before, 15)), Chair: "陈局长", Minutes: minutes, Previous: w.kept[previous], Tasks: tasks(),
			})
			w.kept[name] = id
			return err
		})
	}
	hold(32, "meeting/1", "全市水利工作推进会", "", "会议议定：\n一、新昌县6月15日前完成省级暗访问题整改。\n二、诸暨市5月31日前报送小水电清理整改销号计划。\n三、嵊州市6月12日前补齐水库“三个责任人”。", func() []matter.NewTask {
		return []matter.NewTask{task("完成省级暗访问题整改", "330624", "reservoir", 7), task("报送小水电清理整改销号计划", "330681", "reservoir", -8), task("补齐水库“三个责任人”", "330683", "reservoir", 4)}
	})
	done := func(ctx context.Context) (int64, error) {
		page, err := w.Matter.List(ctx, w.as("shenhe"), matter.Query{Source: "meeting", Kinds: []matter.Kind{matter.Task}, Text: "销号计划"})
		if err != nil || page.Total != 1 {
			return 0, fmt.Errorf("%d tasks of the meeting: %w", page.Total, err)
		}
		return page.Rows[0].ID, nil
	}
	w.do(w.day(12, 10), func(ctx context.Context) error {
		id, err := done(ctx)
		if err != nil {
			return err
		}
		p := w.as("zhuji")
		if _, err := w.Matter.Move(ctx, p, id, matter.Act{Move: matter.Plan, Measures: "逐站核定销号时间，报县政府同意后报送"}); err != nil {
			return err
		}
		if err := w.Matter.Attach(ctx, p, id, matter.Evidence{File: w.photos["zhuji"], Role: "after", Note: "销号计划"}); err != nil {
			return err
		}
		_, err = w.Matter.Move(ctx, p, id, matter.Act{Move: matter.Submit})
		return err
	})
	w.do(w.day(9, 10), func(ctx context.Context) error {
		id, err := done(ctx)
		if err != nil {
			return err
		}
		_, err = w.Matter.Move(ctx, w.as("shenhe"), id, matter.Act{Move: matter.Close, Way: "paper"})
		return err
	})
	hold(4, "meeting/2", "迎汛工作调度会", "meeting/1", "会议听取上次会议任务落实情况，议定：\n一、各地6月20日前完成汛期小型水库隐患复查，由越城区先行。\n二、上虞区6月18日前核实水库巡查责任人电话。", func() []matter.NewTask {
		return []matter.NewTask{task("完成汛期小型水库隐患复查", "330602", "reservoir", 12), task("核实水库巡查责任人电话", "330604", "reservoir", 10)}
	})
}
