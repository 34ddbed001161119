package objectrule_test

import (
	"testing"

	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/registry/objectrule"

	"github.com/google/go-cmp/cmp"
)

func figure(s string) quantity.Null {
	if s == "" {
		return quantity.Null{}
	}
	return quantity.Some(quantity.MustParse(s))
}

func day(s string) *hydrotime.Date {
	if s == "" {
		return nil
	}
	d, err := hydrotime.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return &d
}

func TestReservoirScale(t *testing.T) {
	f := func(wanM3 string, want objectrule.Scale) {
		t.Helper()
		got, ok := objectrule.ReservoirScale(figure(wanM3))
		if got != want || ok != (want != "") {
			t.Errorf("%s 万 m³: %q, %v", wanM3, got, ok)
		}
	}
	f("100000", objectrule.Large1)
	f("99999.999999", objectrule.Large2)
	f("10000", objectrule.Large2)
	f("9999.999999", objectrule.Medium)
	f("1000", objectrule.Medium)
	f("999.999999", objectrule.Small1)
	f("100", objectrule.Small1)
	f("99.999999", objectrule.Small2)
	f("10", objectrule.Small2)
	f("9.999999", "") // a hill pond
	f("0", "")
	f("", "") // nobody knows
	p := func(wanM3 string, want bool) {
		t.Helper()
		if got := objectrule.PondStorage(quantity.MustParse(wanM3)); got != want {
			t.Errorf("a pond of %s 万 m³: %v", wanM3, got)
		}
	}
	p("0.999999", false)
	p("1", true)
	p("9.999999", true)
	p("10", false)
}

func TestWaterworksScale(t *testing.T) {
	f := func(people, m3Day string, want objectrule.Scale) {
		t.Helper()
		if got, ok := objectrule.DefaultRules().WaterworksScale(figure(people), figure(m3Day)); got != want || ok != (want != "") {
			t.Errorf("%q people, %q m³/d: %q, %v", people, m3Day, got, ok)
		}
	}
	f("10000", "", objectrule.Over10000)
	f("9999", "", objectrule.Over1000)
	f("200", "1000", objectrule.Over10000)
	f("1000", "999", objectrule.Over1000)
	f("999", "", objectrule.Under1000)
	f("", "999", "") // could be either
	f("", "", "")
}

func TestCharges(t *testing.T) {
	f := func(s objectrule.Scale, charging string, ok, known bool) {
		t.Helper()
		if gotOK, gotKnown := objectrule.ChargesAsRequired(s, charging); gotOK != ok || gotKnown != known {
			t.Errorf("%s, %s: %v, %v", s, charging, gotOK, gotKnown)
		}
	}
	f(objectrule.Over1000, "metered", true, true)
	f(objectrule.Over1000, "flat", false, true)
	f(objectrule.Under1000, "flat", true, true)
	f(objectrule.Under1000, "none", false, true)
	f(objectrule.Under1000, "", false, false)
	f("", "metered", false, false)
}

func TestReviewAuthority(t *testing.T) {
	yes, no := true, false
	f := func(s objectrule.Scale, height string, town *bool, want objectrule.Authority) {
		t.Helper()
		if got := objectrule.DefaultRules().ReviewAuthority(s, figure(height), town); got != want {
			t.Errorf("%s, %q m: %q, want %q", s, height, got, want)
		}
	}
	f(objectrule.Large2, "", nil, objectrule.ByProvince)
	f(objectrule.Medium, "50", &no, objectrule.ByProvince)
	f(objectrule.Medium, "49.999999", &no, objectrule.ByCity)
	f(objectrule.Medium, "20", &yes, objectrule.ByProvince)
	f(objectrule.Small1, "30", &no, objectrule.ByCity)
	f(objectrule.Small1, "29.9", &yes, objectrule.ByCity)
	f(objectrule.Small2, "29.999999", &no, objectrule.ByCounty)
	f(objectrule.Small2, "60", nil, objectrule.ByCity) // the height decides alone
	f(objectrule.Small2, "12", nil, "")                // whether a town is threatened would decide
	f(objectrule.Small2, "", &no, "")
	f("", "12", &no, "")
}

// TestDamClock goes round the edges of each day: a day is kept on itself and missed on the next.
func TestDamClock(t *testing.T) {
	rules := objectrule.DefaultRules()
	f := func(name string, d objectrule.Dam, asOf string, appraisal objectrule.DueState, due string, reinforcement objectrule.DueState, reinforceDue string) {
		t.Helper()
		c := rules.DamClock(d, *day(asOf))
		if c.Appraisal != appraisal || c.Reinforcement != reinforcement {
			t.Errorf("%s, %s: appraisal %q, reinforcement %q", name, asOf, c.Appraisal, c.Reinforcement)
		}
		if d := cmp.Diff(day(due), c.AppraisalDueOn); d != "" {
			t.Errorf("%s, %s: %s", name, asOf, d)
		}
		if d := cmp.Diff(day(reinforceDue), c.ReinforceDueOn); d != "" {
			t.Errorf("%s, %s: %s", name, asOf, d)
		}
	}
	never := objectrule.Dam{CompletedOn: day("2021-06-08"), ImpoundedOn: day("2019-01-01")}
	f("first", never, "2025-06-07", objectrule.NotDue, "2026-06-08", "", "")
	f("first, 365 days before", never, "2025-06-08", objectrule.DueSoon, "2026-06-08", "", "")
	f("first, on the day", never, "2026-06-08", objectrule.DueSoon, "2026-06-08", "", "")
	f("first, the day after", never, "2026-06-09", objectrule.Overdue, "2026-06-08", "", "")
	f("impounded only", objectrule.Dam{ImpoundedOn: day("2019-01-01")}, "2026-06-08", objectrule.Overdue, "2024-01-01", "", "")
	f("nothing known", objectrule.Dam{}, "2026-06-08", objectrule.Unknown, "", "", "")

	own := objectrule.Dam{CompletedOn: day("1970-01-01"), AppraisedOn: day("2019-03-01"), Class: 1, PeriodYears: 8}
	f("own period", own, "2026-02-28", objectrule.NotDue, "2027-03-01", "", "")
	f("own period, soon", own, "2026-03-01", objectrule.DueSoon, "2027-03-01", "", "")
	f("own period, over", own, "2027-03-02", objectrule.Overdue, "2027-03-01", "", "")
	usual := objectrule.Dam{AppraisedOn: day("2018-05-10"), Class: 1}
	f("usual period", usual, "2024-05-09", objectrule.NotDue, "2028-05-10", "", "")
	f("usual period, warned from the sixth year", usual, "2024-05-10", objectrule.DueSoon, "2028-05-10", "", "")

	// The three years run from the approval of the appraisal, whatever the year of the list or of the field work.
	bad := objectrule.Dam{CompletedOn: day("1965-01-01"), AppraisedOn: day("2023-12-20"), Class: 3, PeriodYears: 6}
	f("class 3", bad, "2025-12-19", objectrule.NotDue, "2029-12-20", objectrule.NotDue, "2026-12-20")
	f("class 3, soon", bad, "2025-12-20", objectrule.NotDue, "2029-12-20", objectrule.DueSoon, "2026-12-20")
	f("class 3, on the day", bad, "2026-12-20", objectrule.NotDue, "2029-12-20", objectrule.DueSoon, "2026-12-20")
	f("class 3, over", bad, "2026-12-21", objectrule.NotDue, "2029-12-20", objectrule.Overdue, "2026-12-20")
	done := bad
	done.ReinforcedOn = day("2026-11-01")
	f("reinforced", done, "2026-12-21", objectrule.NotDue, "2029-12-20", "", "")
	f("reinforced, asked before", done, "2026-10-31", objectrule.NotDue, "2029-12-20", objectrule.DueSoon, "2026-12-20")
	old := bad
	old.ReinforcedOn = day("2012-07-01") // for an appraisal before
	f("reinforced long ago", old, "2026-12-21", objectrule.NotDue, "2029-12-20", objectrule.Overdue, "2026-12-20")
	f("class 2 without a day", objectrule.Dam{CompletedOn: day("2024-01-01"), Class: 2}, "2026-06-08", objectrule.NotDue, "2029-01-01", objectrule.Unknown, "")
	f("asked before the approval", bad, "2023-12-19", objectrule.Overdue, "1970-01-01", "", "")

	leap := objectrule.Dam{AppraisedOn: day("2020-02-29"), Class: 2, PeriodYears: 8}
	f("a leap day", leap, "2023-02-28", objectrule.NotDue, "2028-02-28", objectrule.DueSoon, "2023-02-28")
	f("a leap day, over", leap, "2023-03-01", objectrule.NotDue, "2028-02-28", objectrule.Overdue, "2023-02-28")
}

func TestMostPressing(t *testing.T) {
	d := objectrule.Dam{AppraisedOn: day("2023-01-10"), Class: 2, PeriodYears: 6}
	c := objectrule.DefaultRules().DamClock(d, *day("2026-06-08"))
	if c.Due() != objectrule.Overdue || *c.DueOn() != *day("2026-01-10") {
		t.Errorf("%s on %v", c.Due(), c.DueOn())
	}
}

// TestThreePersons leaves one thing wanting at a time.
func TestThreePersons(t *testing.T) {
	rules := objectrule.DefaultRules()
	full := func() []objectrule.Holder {
		var out []objectrule.Holder
		for i, r := range []objectrule.Role{objectrule.AdministrativeRole, objectrule.TechnicalRole, objectrule.PatrolRole} {
			out = append(out, objectrule.Holder{Role: r, Person: string(rune('a' + i)), HasPhone: true, PhoneVerifiedOn: day("2026-04-15"), TrainedOn: day("2026-05-01"), Objects: 1})
		}
		return out
	}
	f := func(name string, change func(h []objectrule.Holder) []objectrule.Holder, want ...objectrule.Gap) {
		t.Helper()
		got := rules.Gaps(objectrule.Reservoir, change(full()), *day("2026-04-15"))
		if d := cmp.Diff(append([]objectrule.Gap{}, want...), got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	gap := func(code objectrule.GapCode, role objectrule.Role, person string) objectrule.Gap {
		return objectrule.Gap{Code: code, Role: role, Person: person}
	}
	f("full", func(h []objectrule.Holder) []objectrule.Holder { return h })
	f("no patrol", func(h []objectrule.Holder) []objectrule.Holder { return h[:2] }, gap(objectrule.Unfilled, objectrule.PatrolRole, ""))
	f("one person twice", func(h []objectrule.Holder) []objectrule.Holder { h[2].Person = "a"; return h }, gap(objectrule.NotDistinct, objectrule.PatrolRole, "a"))
	f("no telephone", func(h []objectrule.Holder) []objectrule.Holder { h[0].HasPhone = false; return h }, gap(objectrule.NoPhone, objectrule.AdministrativeRole, "a"))
	f("rung last season", func(h []objectrule.Holder) []objectrule.Holder { h[1].PhoneVerifiedOn = day("2026-04-14"); return h }, gap(objectrule.Unverified, objectrule.TechnicalRole, "b"))
	f("never trained", func(h []objectrule.Holder) []objectrule.Holder { h[1].TrainedOn = nil; return h }, gap(objectrule.Untrained, objectrule.TechnicalRole, "b"))
	f("two reservoirs", func(h []objectrule.Holder) []objectrule.Holder { h[2].Objects = 2; return h })
	f("three reservoirs", func(h []objectrule.Holder) []objectrule.Holder { h[2].Objects = 3; return h }, gap(objectrule.TooMany, objectrule.PatrolRole, "c"))
	f("a second patroller is well", func(h []objectrule.Holder) []objectrule.Holder {
		second := h[2]
		second.Person = "d"
		return append(h, second)
	})
	if got := rules.Gaps(objectrule.Pond, nil, *day("2026-04-15")); len(got) != 0 {
		t.Errorf("of a pond nobody is demanded, and yet %v", got)
	}
}

func TestSeasonStart(t *testing.T) {
	f := func(asOf, want string) {
		t.Helper()
		if got := objectrule.DefaultRules().SeasonStart(*day(asOf)); got != *day(want) {
			t.Errorf("%s: %s", asOf, got)
		}
	}
	f("2026-06-08", "2026-04-15")
	f("2026-04-15", "2026-04-15")
	f("2026-04-14", "2025-04-15")
}

func TestRulesAreChecked(t *testing.T) {
	if err := objectrule.DefaultRules().Check(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*objectrule.Rules){
		"first":  func(r *objectrule.Rules) { r.FirstAppraisalYears = 0 },
		"warn":   func(r *objectrule.Rules) { r.WarnYears = 11 },
		"season": func(r *objectrule.Rules) { r.SeasonMonth, r.SeasonDay = 2, 30 },
		"kind":   func(r *objectrule.Rules) { r.Persons[0].Kind = "castle" },
		"role":   func(r *objectrule.Rules) { r.MostObjects[0].Role = "king" },
	} {
		r := objectrule.DefaultRules()
		change(&r)
		if r.Check() == nil {
			t.Errorf("%s passes", name)
		}
	}
}
