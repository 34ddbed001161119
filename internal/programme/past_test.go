package programme_test

import (
	"strings"
	"testing"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/programme"
)

// TestAsOfTellsWhatWasAccepted holds that acceptance later than the instant asked for is not known at it.
func TestAsOfTellsWhatWasAccepted(t *testing.T) {
	each(t, func(w *world) {
		r := w.move(w.clerk("330602"), w.draft("330602", may, "100", "3", "4", ""), programme.Submit, "")
		submitted := w.at
		r = w.move(w.reviewer(), r, programme.Review, "")
		w.move(w.reviewer(), r, programme.Accept, "")
		accepted := w.at
		f := func(at time.Time, pending int) {
			t.Helper()
			c := w.cockpit("330600", may, at).Groups[0].Rows[0].Total
			if c.Value != n("100") || c.Pending != pending {
				t.Errorf("as of %s: %s with %d pending, want %d", at, c.Value, c.Pending, pending)
			}
		}
		f(submitted, 1)
		f(accepted, 0)
		w.at = w.at.Add(time.Minute)
		f(time.Time{}, 0)
	})
}

// TestAsOfUsesTheDefinitionsOfThen holds that a view of a past day judges by the pack of that day, and that a day before the
// first pack is read by the first.
func TestAsOfUsesTheDefinitionsOfThen(t *testing.T) {
	each(t, func(w *world) {
		loaded := w.at
		w.move(w.clerk("330602"), w.draft("330602", may, "100", "3", "4", ""), programme.Submit, "")
		before := w.at
		w.at = w.at.Add(time.Hour)
		second := strings.NewReplacer("version: 1\n", "version: 2\n", "zh: 完成, en: Done", "zh: 完成投资, en: Invested").Replace(testPack)
		if _, err := w.svc.LoadPacks(t.Context(), identity.Actor{Name: "test"}, map[string][]byte{"test.yaml": []byte(second)}); err != nil {
			t.Fatal(err)
		}
		f := func(at time.Time, want string) {
			t.Helper()
			c := w.cockpit("330600", may, at)
			if got := c.Groups[0].Rows[0].Measure.Name.En; got != want {
				t.Errorf("as of %v the measure is %q, want %q", at, got, want)
			}
		}
		f(time.Time{}, "Invested")
		f(before, "Done")
		f(loaded.AddDate(0, -1, 0), "Done")
		f(w.at, "Invested")
		f(before, "Done")
	})
}

// quarterPack has a figure filed each quarter, and what it is more than the quarter before.
const quarterPack = `
id: quarter
version: 1
title: {zh: 季度, en: Quarter}
line: rural_water
basis: {zh: 试验, en: test}
order: 2
indicators:
  - {code: t.quarter, name: {zh: 季度数, en: Quarterly}, unit: works, decimals: 0, kind: stock, better: more, rollup: sum, level: county, cadence: quarter, office: {zh: 科, en: office}, reader: {zh: 处, en: reader}, definition: {zh: 定义, en: definition}}
  - {code: t.more, name: {zh: 比上季增加, en: More than the quarter before}, unit: works, decimals: 0, formula: t.quarter - prev(t.quarter), kind: stock, better: more, rollup: sum, level: county, cadence: quarter, office: {zh: 科, en: office}, reader: {zh: 处, en: reader}, definition: {zh: 定义, en: definition}}
forms:
  - {id: test.quarter, title: {zh: 季报, en: Quarterly}, level: county, cadence: quarter, due_day: 5, review_days: 3, lines: [t.quarter]}
`

// TestPrevIsThePeriodBefore holds that prev of a quarterly figure is the quarter before, not the month.
func TestPrevIsThePeriodBefore(t *testing.T) {
	each(t, func(w *world) {
		if _, err := w.svc.LoadPacks(t.Context(), identity.Actor{Name: "test"}, map[string][]byte{"quarter.yaml": []byte(quarterPack)}); err != nil {
			t.Fatal(err)
		}
		for m, v := range map[hydrotime.Month]string{202603: "5", 202512: "3"} {
			r, err := w.svc.Open(t.Context(), w.clerk("330602"), programme.ReturnKey{Form: "test.quarter", Division: "330602", Period: m})
			if err == nil {
				r, err = w.svc.SaveLines(t.Context(), w.clerk("330602"), r.ID, r.Edit, []programme.LineChange{{Indicator: "t.quarter", Value: n(v)}}, "typed")
			}
			if err != nil {
				t.Fatal(err)
			}
			w.move(w.clerk("330602"), r, programme.Submit, "")
		}
		page, err := w.svc.Indicator(t.Context(), w.reviewer(), programme.IndicatorQuery{View: programme.View{Scope: "330600", Period: may}, Indicator: "t.more"})
		if err != nil || page.Total.Value != n("2") {
			t.Errorf("more than the quarter before: %s, %v", page.Total.Value, err)
		}
	})
}

// TestFormulaTellsTargetsFromIndicators holds that plan() takes targets only, in the unit they are judged in.
func TestFormulaTellsTargetsFromIndicators(t *testing.T) {
	each(t, func(w *world) {
		f := func(formula, want string) {
			t.Helper()
			src := strings.NewReplacer("version: 1\n", "version: 2\n", "denominator(t.rate) - numerator(t.rate)", formula).Replace(testPack)
			check, err := w.svc.CheckPack(t.Context(), programme.PackDraft{Source: src})
			if err != nil || check.OK || len(check.Fields) != 1 || !strings.Contains(check.Fields[0].Text.En, want) {
				t.Errorf("%s: %+v, %v", formula, check, err)
			}
		}
		f(`plan("t.done")`, "there is no target t.done")
		f(`t.done.city`, "there is no indicator t.done.city")
	})
}

// TestTrap08WhatWasReadOutStays holds that a correction changes neither what was known before it nor the version that was locked.
func TestTrap08WhatWasReadOutStays(t *testing.T) {
	each(t, func(w *world) {
		locked := w.file("330602", may, "100", "3", "4")
		read := w.at
		r := w.move(w.clerk("330602"), locked, programme.Correct, "重复计算")
		r, err := w.svc.SaveLines(t.Context(), w.clerk("330602"), r.ID, r.Edit, []programme.LineChange{{Indicator: "t.done", Value: n("90"), Note: "更正"}}, "typed")
		if err != nil {
			t.Fatal(err)
		}
		r = w.move(w.clerk("330602"), r, programme.Submit, "")
		w.move(w.reviewer(), w.move(w.reviewer(), r, programme.Review, ""), programme.Accept, "")
		w.at = w.at.Add(time.Minute)
		f := func(at time.Time, want string) {
			t.Helper()
			if c := w.cockpit("330600", may, at).Groups[0].Rows[0].Total; c.Value != n(want) {
				t.Errorf("as of %v: %s, want %s", at, c.Value, want)
			}
		}
		f(read, "100")
		f(time.Time{}, "90")
		first, err := w.svc.Return(t.Context(), w.reviewer(), locked.ID)
		if err != nil || first.Version != 1 || first.Rows[0].Value != n("100") {
			t.Errorf("the locked version: %+v, %v", first, err)
		}
	})
}

// TestLockTakesOneLineOfWork holds that who locks one line leaves the others, though seeing them.
func TestLockTakesOneLineOfWork(t *testing.T) {
	each(t, func(w *world) {
		other := strings.NewReplacer("id: test\n", "id: other\n", "line: rural_water", "line: river", "order: 1", "order: 2", "t.", "o.", "test.", "other.").Replace(testPack)
		if _, err := w.svc.LoadPacks(t.Context(), identity.Actor{Name: "test"}, map[string][]byte{"other.yaml": []byte(other)}); err != nil {
			t.Fatal(err)
		}
		for _, form := range []string{"test.month", "other.month"} {
			r, err := w.svc.Open(t.Context(), w.clerk("330602"), programme.ReturnKey{Form: form, Division: "330602", Period: may})
			if err == nil {
				code := strings.TrimSuffix(form, "est.month")[:1] // t or o
				r, err = w.svc.SaveLines(t.Context(), w.clerk("330602"), r.ID, r.Edit, []programme.LineChange{
					{Indicator: code + ".done", Value: n("1")}, {Indicator: code + ".rate", Value: n("1"), Base: n("1")},
				}, "typed")
			}
			if err != nil {
				t.Fatal(err)
			}
			r = w.move(w.clerk("330602"), r, programme.Submit, "")
			w.move(w.reviewer(), w.move(w.reviewer(), r, programme.Review, ""), programme.Accept, "")
		}
		city, _ := w.tree.ByCode("330600")
		of := func(role, line string) identity.Grant {
			return identity.Grant{Role: role, Line: line, Division: city.ID}
		}
		p := identity.NewPrincipal("p", "p", "p", city.ID, []identity.Grant{of("planner", "rural_water"), of("viewer", "*")}, w.tree)
		locked, left, err := w.svc.LockPeriod(t.Context(), p, "330600", may)
		if err != nil || locked != 1 {
			t.Fatalf("locked %d, %v", locked, err)
		}
		for _, r := range left {
			if r.Line != "rural_water" {
				t.Errorf("%s of another line is asked for", r.Form)
			}
		}
	})
}
