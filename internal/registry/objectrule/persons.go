package objectrule

import (
	"slices"

	"anlan/internal/hydrotime"
)

// Holder is a person who answers for the object that is judged.
type Holder struct {
	Role            Role
	Person          string
	HasPhone        bool
	PhoneVerifiedOn *hydrotime.Date // nil where nobody ever rang
	TrainedOn       *hydrotime.Date
	Objects         int // how many objects the person answers for in this role, this one too
}

// GapCode is what is wanting of the persons who must answer for an object (责任人缺项).
type GapCode string

// The gaps.
const (
	Unfilled    GapCode = "unfilled"
	NotDistinct GapCode = "not_distinct"
	NoPhone     GapCode = "no_phone"
	Unverified  GapCode = "unverified" // the telephone has not been rung this season
	Untrained   GapCode = "untrained"
	TooMany     GapCode = "too_many" // objects for one person
)

// Gap is one thing that is wanting.
type Gap struct {
	Code   GapCode `json:"code" enum:"unfilled,not_distinct,no_phone,unverified,untrained,too_many"`
	Role   Role    `json:"role"`
	Person string  `json:"person,omitempty" doc:"Id"`
}

// Gaps says what is wanting of the persons who must be named for a kind of object: each demanded role filled, by different persons
// where that is demanded, with a telephone that has been rung and training since the season's start, and not more objects than one
// person may have. An answer of no gaps for a kind that demands nobody says nothing; ask DemandOf.
func (r Rules) Gaps(k Kind, holders []Holder, seasonStart hydrotime.Date) []Gap {
	gaps := []Gap{}
	demand, _ := r.DemandOf(k)
	since := func(day *hydrotime.Date) bool { return day != nil && !Before(*day, seasonStart) }
	seen := map[string]bool{}
	for _, role := range demand.Roles {
		filled := false
		var here []string
		for _, h := range holders {
			if h.Role != role {
				continue
			}
			filled = true
			here = append(here, h.Person)
			gap := func(code GapCode, is bool) {
				if is {
					gaps = append(gaps, Gap{code, role, h.Person})
				}
			}
			gap(NotDistinct, demand.Distinct && seen[h.Person])
			gap(NoPhone, !h.HasPhone)
			gap(Unverified, h.HasPhone && !since(h.PhoneVerifiedOn))
			gap(Untrained, !since(h.TrainedOn))
			gap(TooMany, h.Objects > r.most(role))
		}
		for _, p := range here {
			seen[p] = true
		}
		if !filled {
			gaps = append(gaps, Gap{Code: Unfilled, Role: role})
		}
	}
	return gaps
}

// most is how many objects one person may answer for in a role.
func (r Rules) most(role Role) int {
	if i := slices.IndexFunc(r.MostObjects, func(m Most) bool { return m.Role == role }); i >= 0 {
		return r.MostObjects[i].N
	}
	return int(^uint(0) >> 1)
}
