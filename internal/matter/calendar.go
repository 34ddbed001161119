package matter

import (
	"context"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
)

// DueDay is how many matters at work have their standing deadline on one day.
type DueDay struct {
	Day      hydrotime.Date      `json:"day"`
	Count    int                 `json:"count"`
	Overdue  int                 `json:"overdue"`
	Severity [int(Grave) + 1]int `json:"severity" minItems:"5" maxItems:"5" doc:"How many of each severity, 0 to 4"`
}

// Calendar is the matters at work by standing deadline (到期日历): the days of a stretch that have any, and what lies outside it.
type Calendar struct {
	Days    []DueDay `json:"days" doc:"In order; days without matters are left out"`
	Total   Group    `json:"total" doc:"Within the stretch"`
	Earlier Group    `json:"earlier" doc:"Due before its first day and still at work"`
	Later   Group    `json:"later"`
}

// calendarMost bounds the days of one calendar: a year, and the weeks that it begins and ends in.
const calendarMost = 380

// Due counts what a query finds at work by the day of the standing deadline, from the first to the last day.
func (s *Service) Due(ctx context.Context, p *identity.Principal, q Query, first, last hydrotime.Date) (Calendar, error) {
	out := Calendar{Days: []DueDay{}, Total: Group{Keys: []string{}}, Earlier: Group{Keys: []string{}}, Later: Group{Keys: []string{}}}
	n := first.DaysUntil(last) + 1
	if n < 1 || n > calendarMost {
		return out, fault.Invalidf("matter.calendar", "日历须为 1 至 %d 天", "a calendar has 1 to %d days", calendarMost).At("to", fault.T("无效", "not valid"))
	}
	q.Live = true
	sh, w, err := s.walk(ctx, p, q)
	if err != nil {
		return out, err
	}
	from, to := first.Start().UnixMilli(), last.End().UnixMilli()
	days := make([]DueDay, n)
	for r := range sh.rows.all {
		if !w.takes(r) {
			continue
		}
		switch {
		case r.Due <= from: // a deadline is the end of its day
			out.Earlier.add(r, w.now)
		case r.Due > to:
			out.Later.add(r, w.now)
		default:
			out.Total.add(r, w.now)
			d := &days[first.DaysUntil(hydrotime.DateOf(time.UnixMilli(r.Due-1)))]
			d.Count++
			d.Severity[r.Severity]++
			if r.OverdueAt(w.now) {
				d.Overdue++
			}
		}
	}
	for i, d := range days {
		if d.Count > 0 {
			d.Day = first.AddDays(i)
			out.Days = append(out.Days, d)
		}
	}
	return out, nil
}
