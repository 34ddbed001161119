package quality

import (
	"time"

	"anlan/internal/fault"
)

// Rules are what the checks go by besides the limits of each quantity (质控规则). A bureau may set its own.
type Rules struct {
	AheadMinutes  int           `json:"ahead_minutes" minimum:"0" maximum:"1440" doc:"How far ahead of its arrival a stamp may lie"`
	BehindDays    int           `json:"behind_days" minimum:"1" maximum:"3650" doc:"How old a reading of a gauge may be on its arrival"`
	Neighbourhood Neighbourhood `json:"neighbourhood"`
	Tolerance     Tolerance     `json:"tolerance"`
}

// DefaultRules are what holds where a bureau sets nothing else; they are usage, not a standard.
func DefaultRules() Rules {
	return Rules{AheadMinutes: 10, BehindDays: 400, Neighbourhood: DefaultNeighbourhood(), Tolerance: DefaultTolerance()}
}

// Clock is what the rules say of clocks.
func (r Rules) Clock() Clock {
	return Clock{Ahead: time.Duration(r.AheadMinutes) * time.Minute, Behind: time.Duration(r.BehindDays) * 24 * time.Hour}
}

// Check says what is wrong with rules.
func (r Rules) Check() error {
	bad := fault.Invalidf("rules.invalid", "质控规则有误", "the rules of the checks are not valid")
	within := func(place string, ok bool) {
		if !ok {
			bad.At(place, fault.T("超出允许范围", "out of what is allowed"))
		}
	}
	within("ahead_minutes", r.AheadMinutes >= 0 && r.AheadMinutes <= 1440)
	within("behind_days", r.BehindDays >= 1 && r.BehindDays <= 3650)
	n := r.Neighbourhood
	within("neighbourhood", n.WithinM > 0 && n.WithinM <= 200_000 && n.Fewest >= 1 && n.Wet > 0 && n.Share >= 0)
	within("tolerance", r.Tolerance.Tip >= 0 && r.Tolerance.Share >= 0)
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}
