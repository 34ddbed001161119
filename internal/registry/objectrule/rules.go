package objectrule

import (
	"fmt"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
)

// Rules are the figures that judgements use, with the defaults of DefaultRules. A bureau may set its own.
type Rules struct {
	FirstAppraisalYears int `json:"first_appraisal_years" minimum:"1" maximum:"50" doc:"From completion acceptance to the first appraisal"`
	AppraisalYears      int `json:"appraisal_years" minimum:"1" maximum:"50" doc:"Between appraisals, where a dam has no period of its own"`
	WarnYears           int `json:"warn_years" minimum:"0" maximum:"50" doc:"Where that usual period is taken, from this year on it is due soon; 0 never"`
	ReinforceYears      int `json:"reinforce_years" minimum:"1" maximum:"50" doc:"From the approval of an appraisal of class 2 or 3 to the end of reinforcement"`
	SoonDays            int `json:"soon_days" minimum:"0" maximum:"3650" doc:"Due soon, so many days before"`

	ProvinceDamM int64 `json:"province_dam_m" minimum:"1" maximum:"1000" doc:"From this height the province reviews medium dams"`
	CityDamM     int64 `json:"city_dam_m" minimum:"1" maximum:"1000" doc:"From this height the city reviews small dams"`

	LargeWorksPeople int64 `json:"large_works_people" minimum:"1" maximum:"100000000"`
	LargeWorksM3Day  int64 `json:"large_works_m3_day" minimum:"1" maximum:"100000000"`
	SmallWorksPeople int64 `json:"small_works_people" minimum:"1" maximum:"100000000" doc:"Below, a waterworks is a small one"`

	SeasonMonth int `json:"season_month" minimum:"1" maximum:"12" doc:"The flood season begins in this month"`
	SeasonDay   int `json:"season_day" minimum:"1" maximum:"31"`

	Persons     []Demand `json:"persons" maxItems:"50" doc:"Which kinds must name whom"`
	MostObjects []Most   `json:"most_objects" maxItems:"50" doc:"How many objects one person may answer for"`
}

// Demand is who must be named for a kind of object.
type Demand struct {
	Kind     Kind   `json:"kind" maxLength:"40"`
	Roles    []Role `json:"roles" maxItems:"20"`
	Distinct bool   `json:"distinct" doc:"Different persons"`
}

// Most is how many objects one person may answer for in a role.
type Most struct {
	Role Role `json:"role" maxLength:"40"`
	N    int  `json:"n" minimum:"1" maximum:"1000"`
}

// DefaultRules are what holds where a bureau sets nothing else. First appraisal, reinforcement and review follow the appraisal rules
// for reservoir dams and the season the province's; the usual period, the warning year, 365 days, the class limits of 千吨万人 and
// how many objects one person may answer for are usage, to be set by each bureau.
func DefaultRules() Rules {
	return Rules{
		FirstAppraisalYears: 5, AppraisalYears: 10, WarnYears: 6, ReinforceYears: 3, SoonDays: 365,
		ProvinceDamM: 50, CityDamM: 30,
		LargeWorksPeople: 10_000, LargeWorksM3Day: 1_000, SmallWorksPeople: 1_000,
		SeasonMonth: 4, SeasonDay: 15,
		Persons:     []Demand{{Reservoir, []Role{AdministrativeRole, TechnicalRole, PatrolRole}, true}},
		MostObjects: []Most{{AdministrativeRole, 5}, {TechnicalRole, 5}, {PatrolRole, 2}},
	}
}

// Check says what is wrong with rules.
func (r Rules) Check() error {
	bad := fault.Invalidf("object_rules.invalid", "规则有误", "the rules are not valid")
	positive := func(place string, n int64) {
		if n < 1 {
			bad.At(place, fault.T("须为正整数", "must be a positive whole number"))
		}
	}
	positive("first_appraisal_years", int64(r.FirstAppraisalYears))
	positive("appraisal_years", int64(r.AppraisalYears))
	positive("reinforce_years", int64(r.ReinforceYears))
	positive("province_dam_m", r.ProvinceDamM)
	positive("city_dam_m", r.CityDamM)
	positive("large_works_people", r.LargeWorksPeople)
	positive("large_works_m3_day", r.LargeWorksM3Day)
	positive("small_works_people", r.SmallWorksPeople)
	if r.WarnYears < 0 || r.WarnYears > r.AppraisalYears {
		bad.At("warn_years", fault.T("须在 0 与常用周期之间", "lies between 0 and the usual period"))
	}
	if r.SoonDays < 0 {
		bad.At("soon_days", fault.T("不能为负数", "cannot be negative"))
	}
	// A leap year, so that every day that a season may begin on passes.
	if t := time.Date(2024, time.Month(r.SeasonMonth), r.SeasonDay, 0, 0, 0, 0, hydrotime.Beijing); int(t.Month()) != r.SeasonMonth || t.Day() != r.SeasonDay {
		bad.At("season_day", fault.T("没有这一天", "there is no such day"))
	}
	for i, d := range r.Persons {
		if !d.Kind.Valid() {
			bad.At(fmt.Sprintf("persons[%d].kind", i), fault.T("没有这种对象", "no such kind of object"))
		}
		if slices.ContainsFunc(d.Roles, func(role Role) bool { return !role.Valid() }) {
			bad.At(fmt.Sprintf("persons[%d].roles", i), fault.T("没有这种责任人", "no such role"))
		}
	}
	for i, m := range r.MostObjects {
		if !m.Role.Valid() || m.N < 1 {
			bad.At(fmt.Sprintf("most_objects[%d]", i), fault.T("责任人类别或数量无效", "the role or the number is not valid"))
		}
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// SeasonStart is the day on which the flood season that a day belongs to began: the last such day not after it.
func (r Rules) SeasonStart(asOf hydrotime.Date) hydrotime.Date {
	start := hydrotime.Date{Year: asOf.Year, Month: time.Month(r.SeasonMonth), Day: r.SeasonDay}
	if Before(asOf, start) {
		start.Year--
	}
	return start
}

// DemandOf is who must be named for a kind; ok is false where nobody must.
func (r Rules) DemandOf(k Kind) (d Demand, ok bool) {
	for _, d := range r.Persons {
		if d.Kind == k {
			return d, true
		}
	}
	return Demand{}, false
}
