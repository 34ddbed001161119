package programme_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity/audit"
	"anlan/internal/programme"
	"anlan/internal/quantity"
)

const may = hydrotime.Month(202605)

func TestFiguresCountFromSubmission(t *testing.T) {
	each(t, func(w *world) {
		r := w.draft("330602", may, "100", "3", "4", "")
		if c := w.cockpit("330600", may, time.Time{}).Groups[0].Rows[0].Total; c.Reported != 0 || c.Value.Valid {
			t.Errorf("a draft counts: %+v", c)
		}
		r = w.move(w.clerk("330602"), r, programme.Submit, "")
		c := w.cockpit("330600", may, time.Time{}).Groups[0].Rows[0].Total
		if c.Value != n("100") || c.Reported != 1 || c.Expected != 3 || c.Pending != 1 {
			t.Errorf("after submission: %+v", c)
		}
		r = w.move(w.reviewer(), r, programme.SendBack, "数字有误")
		if c := w.cockpit("330600", may, time.Time{}).Groups[0].Rows[0].Total; c.Reported != 0 || c.Value.Valid {
			t.Errorf("a returned one counts: %+v", c)
		}
		r = w.move(w.clerk("330602"), r, programme.Submit, "")
		w.move(w.reviewer(), w.move(w.reviewer(), r, programme.Review, ""), programme.Accept, "")
		if c := w.cockpit("330000", may, time.Time{}).Groups[0].Rows[0].Total; c.Value != n("100") || c.Pending != 0 {
			t.Errorf("the province's sum: %+v", c)
		}
	})
}

func TestTrap01RateRollupOfTheStore(t *testing.T) {
	each(t, func(w *world) {
		w.file("330602", may, "1", "1", "1")
		w.file("330603", may, "1", "10", "100")
		r, err := w.svc.Ranking(t.Context(), w.reviewer(), programme.RankingQuery{View: programme.View{Scope: "330600", Period: may}, Indicator: "t.rate"})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Total.Value.Fixed(1); got != "10.9" {
			t.Errorf("rate of the city %s", got)
		}
		if r.Rows[2].Division.Code != "330600-BH" || r.Rows[2].Rank != nil || r.Rows[2].Cell.State != programme.NotDue || r.Reported != 2 || r.Expected != 3 {
			t.Errorf("unreported last: %+v", r.Rows[2])
		}
		left, err := w.svc.Indicator(t.Context(), w.reviewer(), programme.IndicatorQuery{View: programme.View{Scope: "330600", Period: may}, Indicator: "t.left"})
		if err != nil || left.Total.Value != n("90") {
			t.Errorf("a formula over the sums: %+v, %v", left.Total.Value, err)
		}
	})
}

func TestTrap04TwoTargetsHaveTheirOwnDueDates(t *testing.T) {
	each(t, func(w *world) {
		for _, target := range []string{"t.done.city", "t.done.province"} {
			_, err := w.svc.SetTargets(t.Context(), w.planner(), programme.TargetQuery{Target: target, Year: 2026, Scope: "330600"},
				[]programme.TargetChange{{Division: "330600", Amount: n("120")}})
			if err != nil {
				t.Fatal(err)
			}
		}
		w.file("330602", may, "100", "1", "1")
		f := func(target, calendar string, grade programme.Grade) {
			t.Helper()
			r, err := w.svc.Ranking(t.Context(), w.reviewer(), programme.RankingQuery{View: programme.View{Scope: "330600", Period: may}, Target: target})
			if err != nil || r.Total.Calendar.Fixed(1) != calendar || r.Total.Grade != grade {
				t.Errorf("%s: calendar %s, grade %s, %v", target, r.Total.Calendar, r.Total.Grade, err)
			}
		}
		f("t.done.city", "55.6", programme.OnTrack) // five of nine months
		f("t.done.province", "83.3", programme.OnTrack)
	})
}

func TestCorrectionKeepsHistoryAndPastDates(t *testing.T) {
	each(t, func(w *world) {
		r := w.file("330602", may, "100", "3", "4")
		before := w.at
		w.at = w.at.Add(time.Hour)
		c := w.move(w.clerk("330602"), r, programme.Correct, "漏报")
		if c.Version != 2 || c.State != programme.Draft {
			t.Fatalf("correction: version %d, %s", c.Version, c.State)
		}
		c, err := w.svc.SaveLines(t.Context(), w.clerk("330602"), c.ID, c.Edit, []programme.LineChange{{Indicator: "t.done", Value: n("130")}}, "typed")
		if err != nil {
			t.Fatal(err)
		}
		c = w.move(w.clerk("330602"), c, programme.Submit, "")
		if got := w.cockpit("330600", may, time.Time{}).Groups[0].Rows[0].Total.Value; got != n("100") {
			t.Errorf("a correction counts before it is accepted: %s", got)
		}
		w.move(w.reviewer(), w.move(w.reviewer(), c, programme.Review, ""), programme.Accept, "")
		if got := w.cockpit("330600", may, time.Time{}).Groups[0].Rows[0].Total.Value; got != n("130") {
			t.Errorf("after acceptance: %s", got)
		}
		if got := w.cockpit("330600", may, before).Groups[0].Rows[0].Total.Value; got != n("100") {
			t.Errorf("as of before: %s", got)
		}
		h, err := w.svc.History(t.Context(), w.reviewer(), "t.done", "330602", may)
		if err != nil || len(h) != 2 || h[0].Value != n("130") || h[1].Until == nil {
			t.Errorf("history %+v, %v", h, err)
		}
		old, err := w.svc.Return(t.Context(), w.reviewer(), r.ID)
		if err != nil || old.State != programme.Corrected || old.Rows[0].Value != n("100") {
			t.Errorf("the locked version changed: %+v, %v", old.State, err)
		}
	})
}

func TestTwoPeopleEditOneReturn(t *testing.T) {
	each(t, func(w *world) {
		r := w.draft("330602", may, "1", "1", "1", "")
		stale := r.Edit - 1
		_, err := w.svc.SaveLines(t.Context(), w.clerk("330602"), r.ID, stale, []programme.LineChange{{Indicator: "t.done", Value: n("2")}}, "typed")
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Conflict {
			t.Fatalf("got %v", err)
		}
		if current, ok := f.Current.(*programme.ReturnDetail); !ok || current.Rows[0].Value != n("1") {
			t.Errorf("the later does not see the other's work: %+v", f.Current)
		}
	})
}

func TestConcurrentSavesLoseNothing(t *testing.T) {
	each(t, func(w *world) {
		r := w.draft("330602", may, "0", "1", "1", "")
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 5 {
					for {
						cur, err := w.svc.Return(t.Context(), w.clerk("330602"), r.ID)
						if err != nil {
							t.Error(err)
							return
						}
						next := quantity.Some(cur.Rows[0].Value.Decimal + quantity.Int(1))
						_, err = w.svc.SaveLines(t.Context(), w.clerk("330602"), r.ID, cur.Edit, []programme.LineChange{{Indicator: "t.done", Value: next}}, "typed")
						if err == nil {
							break
						}
						if !fault.Is(err, fault.Conflict) {
							t.Error(err)
							return
						}
					}
				}
			})
		}
		wg.Wait()
		end, err := w.svc.Return(t.Context(), w.clerk("330602"), r.ID)
		if err != nil || end.Rows[0].Value != n("20") {
			t.Errorf("20 increments came to %v, %v", end.Rows[0].Value, err)
		}
	})
}

func TestChecksStopAndAsk(t *testing.T) {
	each(t, func(w *world) {
		w.file("330602", 202604, "50", "1", "1")
		submit := func(r *programme.ReturnDetail) error {
			_, err := w.svc.MoveReturn(t.Context(), w.clerk("330602"), r.ID, r.Edit, programme.Submit, "")
			return err
		}
		if err := submit(w.draft("330602", may, "40", "1", "1", "")); !fault.Is(err, fault.Invalid) {
			t.Errorf("a falling total without a note: %v", err)
		}
		if err := submit(w.draft("330602", may, "40", "1", "1", "核减")); err != nil {
			t.Errorf("with a note: %v", err)
		}
		if err := submit(w.draft("330603", may, "", "1", "1", "")); err == nil {
			t.Error("nothing filed is not zero")
		}
	})
}

func TestScopeAndRoles(t *testing.T) {
	each(t, func(w *world) {
		r := w.draft("330602", may, "1", "1", "1", "")
		if _, err := w.svc.Return(t.Context(), w.clerk("330603"), r.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("the neighbour sees it: %v", err)
		}
		if _, err := w.svc.SaveLines(t.Context(), w.reviewer(), r.ID, r.Edit, nil, ""); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a reviewer types: %v", err)
		}
		if _, err := w.svc.Cockpit(t.Context(), w.clerk("330602"), programme.View{Scope: "330600", Period: may}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a county sees the city: %v", err)
		}
		r = w.move(w.clerk("330602"), r, programme.Submit, "")
		both := w.person("clerk-330602", "planner", "330600") // the same account with a reviewer's rights
		if _, err := w.svc.MoveReturn(t.Context(), both, r.ID, r.Edit, programme.Review, ""); !fault.Is(err, fault.Forbidden) {
			t.Errorf("one reviews the own return: %v", err)
		}
	})
}

func TestRemindersAndSilence(t *testing.T) {
	each(t, func(w *world) {
		w.at = time.Date(2026, 6, 8, 1, 0, 0, 0, time.UTC) // due on the 5th
		key := programme.ReturnKey{Form: "test.month", Division: "330603", Period: may}
		if got, err := w.svc.Remind(t.Context(), w.reviewer(), []programme.ReturnKey{key}, "phone", "请报"); err != nil || got != 1 {
			t.Fatal(got, err)
		}
		c := w.cockpit("330600", may, time.Time{})
		if c.Counts.Expected != 3 || c.Counts.Reported != 0 || len(c.Silent) != 9 {
			t.Errorf("counts %+v, %d silent", c.Counts, len(c.Silent))
		}
		w.at = w.at.Add(5 * time.Hour)
		r := w.move(w.clerk("330603"), w.draft("330603", may, "1", "1", "1", ""), programme.Submit, "")
		if len(r.Sent) != 1 || r.Sent[0].HoursToFiling == nil || r.Sent[0].HoursToFiling.Fixed(0) != "5" || r.DaysLate != 3 {
			t.Errorf("time to filing %+v, late %d", r.Sent, r.DaysLate)
		}
		if got, err := w.svc.Remind(t.Context(), w.reviewer(), []programme.ReturnKey{key}, "phone", "请报"); err != nil || got != 0 {
			t.Errorf("a filed one is called for: %d, %v", got, err)
		}
	})
}

func TestRecomputeSaysTheSame(t *testing.T) {
	each(t, func(w *world) {
		w.file("330602", may, "7.25", "3", "4")
		w.file("330600-BH", may, "0.5", "1", "4")
		before := w.cockpit("330000", may, time.Time{}).Groups[0].Rows[0].Total.Value
		if _, err := w.svc.Recompute(t.Context(), may); err != nil {
			t.Fatal(err)
		}
		if after := w.cockpit("330000", may, time.Time{}).Groups[0].Rows[0].Total.Value; before != n("7.75") || after != before {
			t.Errorf("kept %s, recomputed %s", before, after)
		}
	})
}

func TestTargetsSplitAndConflict(t *testing.T) {
	each(t, func(w *world) {
		q := programme.TargetQuery{Target: "t.done.city", Year: 2026, Scope: "330600"}
		table, err := w.svc.SetTargets(t.Context(), w.planner(), q, []programme.TargetChange{
			{Division: "330600", Amount: n("100")}, {Division: "330602", Amount: n("60")}, {Division: "330603", Amount: n("30")}, {Division: "330600-BH", Amount: n("15")},
		})
		if err != nil || table.Check.State != "over" || table.Check.Difference != n("5") {
			t.Fatalf("check %+v, %v", table.Check, err)
		}
		_, err = w.svc.SetTargets(t.Context(), w.planner(), q, []programme.TargetChange{{Division: "330602", Amount: n("61"), Revision: 0}})
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Conflict || f.Current == nil {
			t.Errorf("a stale target: %v", err)
		}
		if _, err = w.svc.SetTargets(t.Context(), w.clerk("330602"), q, []programme.TargetChange{{Division: "330602", Amount: n("1"), Revision: 1}}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a county sets its own target: %v", err)
		}
	})
}

func TestEveryChangeIsAudited(t *testing.T) {
	each(t, func(w *world) {
		w.file("330602", may, "1", "1", "1")
		rep, err := audit.Verify(t.Context(), w.db)
		if err != nil || !rep.OK || rep.Entries < 7 {
			t.Errorf("%+v, %v", rep, err)
		}
	})
}

func TestLoadPastRollsUp(t *testing.T) {
	each(t, func(w *world) {
		d, _ := w.tree.ByCode("330602")
		err := w.svc.LoadPast(t.Context(), []programme.PastReturn{{
			Form: "test.month", Division: d.ID, Period: 202505, SubmittedAt: w.at.AddDate(-1, 0, 0),
			Lines: []programme.LineChange{{Indicator: "t.done", Value: n("80")}, {Indicator: "t.rate", Value: n("1"), Base: n("2")}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		w.file("330602", may, "100", "1", "1")
		if got := w.cockpit("330600", may, time.Time{}).Groups[0].Rows[0].Total.Growth.Fixed(1); got != "25.0" {
			t.Errorf("growth %s", got)
		}
	})
}

func TestPackVersionsNeverChange(t *testing.T) {
	each(t, func(w *world) {
		changed := []byte(testPack + "\n# another remark\n")
		if k, err := w.svc.LoadPacks(t.Context(), w.planner().Actor(), map[string][]byte{"test.yaml": changed}); err != nil || k != 0 {
			t.Errorf("the same content: %d, %v", k, err)
		}
		other := []byte(testPack + "peers:\n  - {id: p, name: {zh: 甲, en: a}, level: county, functional: true}\n")
		if _, err := w.svc.LoadPacks(t.Context(), w.planner().Actor(), map[string][]byte{"test.yaml": other}); !fault.Is(err, fault.Conflict) {
			t.Errorf("another content under the same version: %v", err)
		}
	})
}
