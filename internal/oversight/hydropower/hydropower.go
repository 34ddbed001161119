// Package hydropower follows the clearing of small hydropower stations county by county down to the day on which none may remain.
//
// A station is removed, mended or kept; it is done when it is closed or its removal is complete, and what is kept was never to be
// done. Each count is as of an instant, the first that is not counted, so that a station reopened today leaves last month's line as
// it was. The planned line falls evenly, or through points that the plan names. Who may take which step is left to the room above.
package hydropower

import (
	"cmp"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
)

// Disposition is what is to become of a station (清理整改分类).
type Disposition string

// The dispositions.
const (
	Exit    Disposition = "exit"    // 退出
	Rectify Disposition = "rectify" // 整改
	Keep    Disposition = "keep"    // 保留
)

// State is how far a station has come.
type State string

// The states, in their order.
const (
	NotStarted State = "not_started" // 未启动
	Planned    State = "planned"     // 方案
	Working    State = "working"     // 实施
	Awaiting   State = "awaiting"    // 待验收
	Closed     State = "closed"      // 已销号
	Exited     State = "exited"      // 退出完成
)

// States lists the states in their order.
func States() []State { return []State{NotStarted, Planned, Working, Awaiting, Closed, Exited} }

// Name is the state in words.
func (s State) Name() fault.Text {
	switch s {
	case NotStarted:
		return fault.T("未启动", "not started")
	case Planned:
		return fault.T("方案", "plan")
	case Working:
		return fault.T("实施", "under way")
	case Awaiting:
		return fault.T("待验收", "awaiting acceptance")
	case Closed:
		return fault.T("已销号", "closed")
	case Exited:
		return fault.T("退出完成", "removed")
	}
	return fault.T(string(s), string(s))
}

// Done reports whether nothing is left to do.
func (s State) Done() bool { return s == Closed || s == Exited }

// Next lists the states to which a station may go from here; back to work where acceptance refuses it or a later look finds fault.
func Next(d Disposition, from State) []State {
	end := Closed
	if d == Exit {
		end = Exited
	}
	switch {
	case d != Exit && d != Rectify:
		return nil
	case from == NotStarted:
		return []State{Planned}
	case from == Planned:
		return []State{Working}
	case from == Working:
		return []State{Awaiting}
	case from == Awaiting:
		return []State{end, Working}
	case from == end:
		return []State{Working}
	}
	return nil
}

// Station is one small hydropower station on the list.
type Station struct {
	ID          int64
	County      string
	Disposition Disposition
	Listed      time.Time // when it came onto the list
	Changes     []Change  // in order of time; before the first it is not started
}

// Change is a state reached.
type Change struct {
	At    time.Time
	State State
}

// StateAt is the state at an instant; ok is false where the station was not listed yet.
func (s Station) StateAt(at time.Time) (state State, ok bool) {
	if !s.Listed.Before(at) {
		return "", false
	}
	state = NotStarted
	for _, c := range s.Changes {
		if !c.At.Before(at) {
			break
		}
		state = c.State
	}
	return state, true
}

// Check refuses a history that is out of order, or that takes a step that there is not.
func (s Station) Check() error {
	state, last := NotStarted, s.Listed
	if s.Disposition != Exit && s.Disposition != Rectify && s.Disposition != Keep {
		return fault.Invalidf("hydropower.disposition", "电站 %d：没有分类 %q", "station %d: there is no disposition %q", s.ID, s.Disposition)
	}
	for _, c := range s.Changes {
		if c.At.Before(last) {
			return fault.Invalidf("hydropower.order", "电站 %d：转入 %s 的时间早于上一步", "station %d: %s is dated before the step before it", s.ID, c.State)
		}
		if !slices.Contains(Next(s.Disposition, state), c.State) {
			return fault.Invalidf("hydropower.step", "电站 %d（%s）不能由 %s 转入 %s", "station %d (%s) cannot go from %s to %s", s.ID, s.Disposition, state, c.State)
		}
		state, last = c.State, c.At
	}
	return nil
}

// Plan is the line along which the remaining stations should fall: from what remained at the end of From to none at the end of Due.
type Plan struct {
	From hydrotime.Date
	Due  hydrotime.Date
	// Shares say how much of the start may remain at the end of a day, in percent, where the fall is not even; in order of days.
	Shares []Share
}

// Share is one point of a plan.
type Share struct {
	Day       hydrotime.Date
	Remaining quantity.Decimal // percent
}

// Count is how a county stands at the end of a day.
type Count struct {
	County    string
	Kept      int
	ByState   map[State]int // of those to be done
	ToDo      int           // to be removed or mended
	Done      int
	Remaining int
	Planned   quantity.Null // what should remain; absent before the plan begins
	Behind    quantity.Null // Remaining less Planned: more than zero is behind
	PerWeek   quantity.Null // how many a week it takes from here; absent when the due day is over
	Late      bool          // the due day is over and stations remain
}

// Rate is done over to be done, in percent (销号率); absent where nothing was to be done.
func (c Count) Rate() quantity.Null {
	p, ok := quantity.Int(int64(c.Done)).Percent(quantity.Int(int64(c.ToDo)))
	return quantity.Null{Decimal: p, Valid: ok}
}

// Burn counts each county at the end of a day, by code, and all together.
func Burn(stations []Station, p Plan, day hydrotime.Date) (counties []Count, all Count) {
	byCounty := map[string][]Station{}
	for _, s := range stations {
		byCounty[s.County] = append(byCounty[s.County], s)
	}
	for county, list := range byCounty {
		c := count(list, p, day)
		c.County = county
		counties = append(counties, c)
	}
	slices.SortFunc(counties, func(a, b Count) int { return cmp.Compare(a.County, b.County) })
	return counties, count(stations, p, day)
}

// Line counts one set of stations at the end of every day from one to another, both included.
func Line(stations []Station, p Plan, from, to hydrotime.Date) []Count {
	var out []Count
	for d := from; !d.Start().After(to.Start()); d = d.AddDays(1) {
		out = append(out, count(stations, p, d))
	}
	return out
}

func count(stations []Station, p Plan, day hydrotime.Date) Count {
	c := Count{ByState: map[State]int{}}
	atStart := 0
	for _, s := range stations {
		state, listed := s.StateAt(day.End())
		switch {
		case !listed:
			continue
		case s.Disposition == Keep:
			c.Kept++
			continue
		}
		c.ByState[state]++
		c.ToDo++
		if state.Done() {
			c.Done++
		}
		if was, listed := s.StateAt(p.From.End()); listed && !was.Done() {
			atStart++
		}
	}
	c.Remaining = c.ToDo - c.Done
	c.Planned = p.remaining(atStart, day)
	if c.Planned.Valid {
		c.Behind = quantity.Some(quantity.Int(int64(c.Remaining)) - c.Planned.Decimal)
	}
	left := day.DaysUntil(p.Due)
	c.Late = left <= 0 && c.Remaining > 0
	if perWeek, ok := quantity.Int(int64(7 * c.Remaining)).Div(quantity.Int(int64(left))); ok && left > 0 {
		c.PerWeek = quantity.Some(perWeek)
	}
	return c
}

// remaining is how many of the start may remain at the end of a day: in proportion to the days between two points of the plan. What
// came onto the list after the plan began is not in it.
func (p Plan) remaining(start int, day hydrotime.Date) quantity.Null {
	if p.From.DaysUntil(day) < 0 {
		return quantity.Null{}
	}
	before := Share{p.From, quantity.Int(100)}
	for _, after := range append(slices.Clone(p.Shares), Share{Day: p.Due}) {
		if day.DaysUntil(after.Day) >= 0 {
			return between(start, before, after, day)
		}
		before = after
	}
	return quantity.Some(0)
}

func between(start int, a, b Share, day hydrotime.Date) quantity.Null {
	span, left := a.Day.DaysUntil(b.Day), day.DaysUntil(b.Day)
	if span <= 0 {
		return quantity.Null{}
	}
	// (a·left + b·(span−left)) / span percent of the start, rounded once.
	weighted := int64(a.Remaining)*int64(left) + int64(b.Remaining)*int64(span-left)
	v, ok := quantity.Decimal(weighted).Mul(quantity.Int(int64(start)))
	if !ok {
		return quantity.Null{}
	}
	v, ok = v.Div(quantity.Int(int64(100 * span)))
	return quantity.Null{Decimal: v, Valid: ok}
}

// Check refuses a plan that ends before it begins, or whose points are out of order or rise.
func (p Plan) Check() error {
	if p.From.DaysUntil(p.Due) <= 0 {
		return fault.Invalidf("hydropower.plan", "计划截止日 %s 不晚于起始日 %s", "the plan is due on %s, not after its beginning on %s", p.Due, p.From)
	}
	last := Share{p.From, quantity.Int(100)}
	for _, s := range p.Shares {
		if last.Day.DaysUntil(s.Day) <= 0 || s.Day.DaysUntil(p.Due) <= 0 {
			return fault.Invalidf("hydropower.plan", "计划节点 %s 不在起止日之间或次序有误", "the point of %s lies outside the plan or is out of order", s.Day)
		}
		if s.Remaining < 0 || s.Remaining > last.Remaining {
			return fault.Invalidf("hydropower.plan", "计划节点 %s 的剩余比例应为 0–%s", "what remains on %s is 0 to %s percent", s.Day, last.Remaining)
		}
		last = s
	}
	return nil
}
