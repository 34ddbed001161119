package scheme

import (
	"cmp"
	"slices"
	"strings"

	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
)

// Count is how the entries of a county stand at the end of a day.
type Count struct {
	County string `json:"county"`
	Listed int    `json:"listed"`
	// Withdrawn are told beside those listed: an entry that is taken out is not done.
	Withdrawn int `json:"withdrawn" doc:"Were listed and are taken out"`
	Aside     int `json:"aside" doc:"Nothing is to be done of them"`
	ToDo      int `json:"to_do" doc:"All that were to be done, the done ones too"`
	Done      int `json:"done"`
	Left      int `json:"left"`
	Overdue   int `json:"overdue" doc:"Of those left, the day is past"`
	// OverdueFirst counts by the day before anybody gave more time.
	OverdueFirst int            `json:"overdue_first" doc:"Of those left, the first day given is past, whatever was given since"`
	Reviews      int            `json:"reviews" doc:"Titles to be looked at again within 90 days, or past their day"`
	ReviewsLate  int            `json:"reviews_late" doc:"Of those, past their day"`
	DoneYear     int            `json:"done_year" doc:"Of those done, became so this calendar year"`
	Titles       int            `json:"titles"`
	States       map[string]int `json:"states" doc:"Of those to do, by state"`
	Marks        map[string]int `json:"marks" doc:"Of those to do, for how many each mark holds"`
	AllMarks     int            `json:"all_marks" doc:"For how many all marks hold"`
	Rate         quantity.Null  `json:"rate" doc:"Done of to do in percent; absent where nothing is to do"`
	Planned      quantity.Null  `json:"planned" doc:"What should be left; absent without a plan and outside of it"`
	Behind       quantity.Null  `json:"behind" doc:"Left less planned: more than zero is behind"`
	PerWeek      quantity.Null  `json:"per_week" doc:"How many a week it takes from here; absent when the plan's day is over"`
	Late         bool           `json:"late" doc:"The plan's day is over and some are left"`
}

// Tally counts each county at the end of a day, by code, and all together.
func (s *Scheme) Tally(entries []Entry, day hydrotime.Date) (counties []Count, all Count) {
	byCounty := map[string][]Entry{}
	for _, e := range entries {
		byCounty[e.County] = append(byCounty[e.County], e)
	}
	for county, list := range byCounty {
		c := s.Count(list, day)
		c.County = county
		counties = append(counties, c)
	}
	slices.SortFunc(counties, func(a, b Count) int { return cmp.Compare(a.County, b.County) })
	return counties, s.Count(entries, day)
}

// Course counts one set of entries at the end of every step of days from one to another; the last day is always there.
func (s *Scheme) Course(entries []Entry, from, to hydrotime.Date, days int) []Count {
	var out []Count
	for d := from; d.DaysUntil(to) > 0; d = d.AddDays(days) {
		out = append(out, s.Count(entries, d))
	}
	return append(out, s.Count(entries, to))
}

// Of reports whether an entry is of the round that a day looks at: each year has its own.
func (s *Scheme) Of(e *Entry, day hydrotime.Date) bool {
	return s.Repeats != EachYear || e.Round == roundOf(day)
}

func roundOf(day hydrotime.Date) string { return day.String()[:4] }

// Count counts one set of entries at the end of a day.
func (s *Scheme) Count(entries []Entry, day hydrotime.Date) Count {
	c := Count{States: map[string]int{}, Marks: map[string]int{}}
	start, past := 0, 0
	from, due := s.span(entries, day)
	for i := range entries {
		e := &entries[i]
		if !s.Of(e, day) {
			continue
		}
		if !e.In(day.End()) {
			c.Withdrawn += one(e.Listed.Before(day.End()))
			continue
		}
		c.Listed++
		now := s.Stand(e, day.End())
		if now.State.Title {
			c.Titles++
		}
		soon, late := s.ReviewStands(now, day)
		c.Reviews, c.ReviewsLate = c.Reviews+one(soon), c.ReviewsLate+one(late)
		if now.Aside {
			c.Aside++
			continue
		}
		c.add(s, e, now, day)
		if due := e.Term(day.End()).Due; !now.Done && (due == nil || Past(due, day)) {
			past++
		}
		if s.Plan == nil || !e.In(from.End()) {
			continue
		}
		if was := s.Stand(e, from.End()); !was.Done && !was.Aside {
			start++
		}
	}
	c.Left = c.ToDo - c.Done
	c.Rate = rate(c.Done, c.ToDo)
	if s.Plan != nil {
		c.follow(s.Plan, start, past, from, due, day)
	}
	return c
}

func (c *Count) add(s *Scheme, e *Entry, now Standing, day hydrotime.Date) {
	c.ToDo++
	c.States[now.State.ID]++
	hold := 0
	for _, m := range s.Marks {
		if now.Marks[m.ID] {
			c.Marks[m.ID]++
			hold++
		}
	}
	if len(s.Marks) > 0 && hold == len(s.Marks) {
		c.AllMarks++
	}
	if now.Done {
		c.Done++
		c.DoneYear += one(hydrotime.DateOf(now.DoneSince).Year == day.Year)
		return
	}
	c.Overdue += one(Past(e.Term(day.End()).Due, day))
	c.OverdueFirst += one(Past(e.DueFirst, day))
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// Past reports whether a day is over at the end of another; none never is.
func Past(due *hydrotime.Date, day hydrotime.Date) bool { return due != nil && due.DaysUntil(day) > 0 }

func rate(n, of int) quantity.Null {
	p, ok := quantity.Int(int64(n)).Percent(quantity.Int(int64(of)))
	return quantity.Null{Decimal: p, Valid: ok}
}

// Span is the plan's first and last day in the year of a day; zero days without a plan.
func (s *Scheme) Span(day hydrotime.Date) (from, due hydrotime.Date) {
	if s.Plan == nil {
		return from, due
	}
	return dayOf(s.Plan.From, day.Year), dayOf(s.Plan.Due, day.Year)
}

// span is the plan's first and last day in the year of a day. A ledger that was drawn up later than the plan begins then.
func (s *Scheme) span(entries []Entry, day hydrotime.Date) (from, due hydrotime.Date) {
	from, due = s.Span(day)
	if s.Plan == nil {
		return from, due
	}
	var first *hydrotime.Date
	for i := range entries {
		if e := &entries[i]; s.Of(e, day) {
			if d := hydrotime.DateOf(e.Listed); first == nil || d.DaysUntil(*first) > 0 {
				first = &d
			}
		}
	}
	if first != nil && from.DaysUntil(*first) > 0 {
		from = *first
	}
	return from, due
}

// follow holds what is left against the plan. Where nothing was there to do when it began, or it began when it was over, there is none:
// what came in since is no part of it.
func (c *Count) follow(p *Plan, start, past int, from, due, day hydrotime.Date) {
	if start > 0 && from.DaysUntil(due) > 0 {
		c.Planned = p.left(start, from, due, day)
	}
	if c.Planned.Valid {
		c.Behind = quantity.Some(quantity.Int(int64(c.Left)) - c.Planned.Decimal)
	}
	days := day.DaysUntil(due)
	c.Late = days < 0 && past > 0 // what was listed for a later day is not late
	if perWeek, ok := quantity.Int(int64(7 * c.Left)).Div(quantity.Int(int64(days))); ok && days > 0 {
		c.PerWeek = quantity.Some(perWeek)
	}
}

// left is how many of the start may be left at the end of a day: in proportion to the days between two points of the plan. What
// came into the ledger after the plan began is not in it.
func (p *Plan) left(start int, from, due, day hydrotime.Date) quantity.Null {
	if from.DaysUntil(day) < 0 {
		return quantity.Null{}
	}
	type point struct {
		day  hydrotime.Date
		left quantity.Decimal
	}
	points := []point{{from, quantity.Int(100)}}
	for _, s := range p.Shares {
		if d := dayOf(s.Day, day.Year); from.DaysUntil(d) > 0 {
			points = append(points, point{d, s.Remaining})
		}
	}
	points = append(points, point{due, 0})
	for i, b := range points[1:] {
		a := points[i]
		span, to := a.day.DaysUntil(b.day), day.DaysUntil(b.day)
		if to < 0 {
			continue
		}
		// (a·to + b·(span−to)) / span percent of the start, rounded once.
		weighted := quantity.Decimal(int64(a.left)*int64(to) + int64(b.left)*int64(span-to))
		v, ok := weighted.Mul(quantity.Int(int64(start)))
		if ok {
			v, ok = v.Div(quantity.Int(int64(100 * span)))
		}
		return quantity.Null{Decimal: v, Valid: ok}
	}
	return quantity.Some(0)
}

// Figure is what a count says under a name: a number, or one of how many.
type Figure struct {
	N  int
	Of int // of a rate; -1 for a plain number
}

// Figure finds a figure of a count by name: done, left, overdue, done_year, listed, titles, all_marks, mark.ID, state.ID. done,
// all_marks and marks are of what is to do.
func (c Count) Figure(name string) (Figure, bool) {
	kind, id, _ := strings.Cut(name, ".")
	switch kind {
	case "done":
		return Figure{c.Done, c.ToDo}, true
	case "all_marks":
		return Figure{c.AllMarks, c.ToDo}, true
	case "mark":
		return Figure{c.Marks[id], c.ToDo}, true
	case "state":
		return Figure{c.States[id], -1}, true
	case "left":
		return Figure{c.Left, -1}, true
	case "overdue":
		return Figure{c.Overdue, -1}, true
	case "done_year":
		return Figure{c.DoneYear, -1}, true
	case "listed":
		return Figure{c.Listed, -1}, true
	case "titles":
		return Figure{c.Titles, -1}, true
	}
	return Figure{}, false
}

// Figures lists the names of figures that a scheme has.
func (s *Scheme) Figures() []string {
	out := []string{"done", "left", "overdue", "done_year", "listed", "titles"}
	for _, st := range s.States {
		out = append(out, "state."+st.ID)
	}
	for _, m := range s.Marks {
		out = append(out, "mark."+m.ID)
	}
	if len(s.Marks) > 0 {
		out = append(out, "all_marks")
	}
	return out
}
