package lifecycle

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
)

// Step is a milestone that a part reached (已办节点).
type Step struct {
	ID        int64
	Milestone string
	On        hydrotime.Date
	Amount    quantity.Null // 万元
	Undone    *time.Time
}

// StandsAt reports whether a step holds at the end of a day. One that was undone was wrong, and held on no day; who asks what was known
// at an instant leaves out the undoing that came later.
func (s Step) StandsAt(day hydrotime.Date) bool { return s.On.DaysUntil(day) >= 0 && s.Undone == nil }

// Part is a phase, section, lot, works or contract of a project (期、段、标段、单项工程、合同), or the whole of it.
type Part struct {
	ID     int64
	Parent int64 // 0 for the whole
	Gone   bool  // withdrawn: neither counted nor judged
	Steps  []Step
	// FirstActual is the first month for which something was reported as done, by money or by progress.
	FirstActual *hydrotime.Month
}

// Project is the parts of one project; the whole is the one without a parent.
type Project struct {
	Parts []Part
}

func (p *Project) part(id int64) *Part {
	i := slices.IndexFunc(p.Parts, func(x Part) bool { return x.ID == id })
	if i < 0 {
		return nil
	}
	return &p.Parts[i]
}

// line is a part and what it lies in, itself first. A ring, which the room above refuses, ends where it began.
func (p *Project) line(id int64) []*Part {
	var out []*Part
	for x := p.part(id); x != nil && len(out) <= len(p.Parts); x = p.part(x.Parent) {
		out = append(out, x)
		if x.Parent == 0 {
			break
		}
	}
	return out
}

// Below reports whether a part lies in another, or is it.
func (p *Project) Below(id, above int64) bool {
	return slices.ContainsFunc(p.line(id), func(x *Part) bool { return x.ID == above })
}

// Leaves are the parts that stand and have no part in them that stands.
func (p *Project) Leaves() []int64 {
	var out []int64
	for _, x := range p.Parts {
		if !x.Gone && !slices.ContainsFunc(p.Parts, func(y Part) bool { return y.Parent == x.ID && !y.Gone }) {
			out = append(out, x.ID)
		}
	}
	return out
}

// Standing is where a part stands on a day.
type Standing struct {
	Stage   string
	Since   *hydrotime.Date // when it came to its stage; nil in the first, where nobody has said when
	Reached map[string]hydrotime.Date
	// What figures ask: the first day of each meaning.
	Prepared, Started, Commissioned, Finished, Accepted *hydrotime.Date
}

// Building reports whether it is begun and unfinished (在建).
func (s Standing) Building() bool { return s.Started != nil && !s.Ended() }

// Ended reports whether it is no longer held against a schedule.
func (s Standing) Ended() bool {
	return s.Commissioned != nil || s.Finished != nil || s.Accepted != nil
}

// Stand says where a part stands at the end of a day: what was approved for the whole holds for each part in it.
func (r *ProjectRules) Stand(p *Project, id int64, day hydrotime.Date) Standing {
	out := Standing{Reached: map[string]hydrotime.Date{}}
	if len(r.Stages) > 0 {
		out.Stage = r.Stages[0].ID
	}
	best := -1
	for _, m := range r.Milestones {
		var first *hydrotime.Date
		for _, x := range p.line(id) {
			for _, s := range x.Steps {
				if s.Milestone == m.ID && s.StandsAt(day) && (first == nil || s.On.DaysUntil(*first) > 0) {
					on := s.On
					first = &on
				}
			}
		}
		if first == nil {
			continue
		}
		out.Reached[m.ID] = *first
		out.mean(m.Means, first)
		_, place := r.Stage(m.Stage)
		switch {
		case m.Repeats && place <= best:
		case place > best:
			best, out.Stage, out.Since = place, m.Stage, first
		case place == best && out.Since != nil && first.DaysUntil(*out.Since) > 0:
			out.Since = first
		}
	}
	return out
}

func (s *Standing) mean(m Meaning, on *hydrotime.Date) {
	for _, x := range []struct {
		means Meaning
		into  **hydrotime.Date
	}{{MeansPrepared, &s.Prepared}, {MeansStarted, &s.Started}, {MeansCommissioned, &s.Commissioned}, {MeansFinished, &s.Finished}, {MeansAccepted, &s.Accepted}} {
		if m == x.means && (*x.into == nil || on.DaysUntil(**x.into) > 0) {
			*x.into = on
		}
	}
}

// Span is how far the parts of a project have come, from the slowest to the furthest: neither alone is the truth.
type Span struct {
	Slowest, Furthest string         // stages
	Stages            map[string]int // how many parts stand in each
	Building          int
	Commissioned      int
	Ended             int
	Parts             int
}

// Span lays together where the leaves of some parts stand; keep says which of them count.
func (r *ProjectRules) Span(p *Project, day hydrotime.Date, keep func(part int64) bool) Span {
	out := Span{Stages: map[string]int{}}
	low, high := len(r.Stages), -1
	for _, id := range p.Leaves() {
		if !keep(id) {
			continue
		}
		st := r.Stand(p, id, day)
		_, place := r.Stage(st.Stage)
		out.Parts++
		out.Stages[st.Stage]++
		if place < low {
			low, out.Slowest = place, st.Stage
		}
		if place > high {
			high, out.Furthest = place, st.Stage
		}
		if st.Building() {
			out.Building++
		}
		if st.Commissioned != nil {
			out.Commissioned++
		}
		if st.Ended() {
			out.Ended++
		}
	}
	return out
}

// ProjectBreach is a guard that does not hold (违反前置条件).
type ProjectBreach struct {
	Guard string     `json:"guard"`
	Part  int64      `json:"part"`
	On    string     `json:"on" doc:"The milestone, or actual"`
	Does  Severity   `json:"does" enum:"refuse,warn"`
	Text  fault.Text `json:"text"`
}

// OrderGuard is the guard that no file can drop: a part does not go back a stage, except by undoing.
const OrderGuard = "order"

// Breaches holds a whole project against the guards, in order of parts. Steps that were undone do not count.
func (r *ProjectRules) Breaches(p *Project) []ProjectBreach {
	var out []ProjectBreach
	for i := range p.Parts {
		x := &p.Parts[i]
		if x.Gone {
			continue
		}
		out = append(out, r.disorder(p, x)...)
		for _, g := range r.Guards {
			if g.On == Actual {
				if x.FirstActual != nil && !r.openFor(p, x, g) {
					out = append(out, g.breach(x.ID, g.Name))
				}
				continue
			}
			for _, s := range x.Steps {
				if s.Milestone != g.On || s.Undone != nil {
					continue
				}
				if b, bad := r.breaks(p, x, g, s); bad {
					out = append(out, b)
				}
			}
		}
	}
	return out
}

func (g ProjectGuard) breach(part int64, t fault.Text) ProjectBreach {
	return ProjectBreach{Guard: g.ID, Part: part, On: g.On, Does: g.Does, Text: t}
}

// openFor reports whether what a guard over figures requires was there by the end of the first month with figures, in the part, in
// what it lies in or in what lies in it.
func (r *ProjectRules) openFor(p *Project, x *Part, g ProjectGuard) bool {
	kin := p.line(x.ID)
	for i := range p.Parts {
		if y := &p.Parts[i]; y.ID != x.ID && !y.Gone && p.Below(y.ID, x.ID) {
			kin = append(kin, y)
		}
	}
	end := hydrotime.DateOf(x.FirstActual.End().Add(-time.Millisecond))
	return slices.ContainsFunc(kin, func(y *Part) bool {
		return slices.ContainsFunc(y.Steps, func(s Step) bool {
			return slices.Contains(g.Requires, s.Milestone) && s.Undone == nil && s.On.DaysUntil(end) >= 0
		})
	})
}

// breaks holds one step against one guard.
func (r *ProjectRules) breaks(p *Project, x *Part, g ProjectGuard, s Step) (ProjectBreach, bool) {
	standing := func(y *Part, of []string) bool {
		return slices.ContainsFunc(y.Steps, func(o Step) bool {
			return slices.Contains(of, o.Milestone) && o.Undone == nil && o.On.DaysUntil(s.On) >= 0
		})
	}
	if len(g.Requires) > 0 && !slices.ContainsFunc(p.line(x.ID), func(y *Part) bool { return standing(y, g.Requires) }) {
		return g.breach(x.ID, g.Name), true
	}
	if g.Over == nil || !s.Amount.Valid {
		return ProjectBreach{}, false
	}
	// The estimate may have been approved for the whole: then the amounts of all parts in it are held against it together.
	for _, above := range p.line(x.ID) {
		estimate := latest(above, g.Over.Of, s.On)
		if estimate == nil {
			continue
		}
		limit := estimate.Amount.Decimal
		sum := r.under(p, above, g, s.On)
		over, ok := overBy(sum, limit, g.Over.Percent)
		if !ok {
			return ProjectBreach{}, false
		}
		return g.breach(x.ID, fault.T(
			fmt.Sprintf("%s：%s 万元，比批复的 %s 万元超出 %s%%，限 %s%%", g.Name.Zh, sum, limit, over, g.Over.Percent),
			fmt.Sprintf("%s: %s against the approved %s (CNY 10k), %s %% over where %s %% is allowed", g.Name.En, sum, limit, over, g.Over.Percent))), true
	}
	return ProjectBreach{}, false
}

// latest is the last standing step with an amount among some milestones of a part, up to a day; nil where there is none.
func latest(x *Part, milestones []string, by hydrotime.Date) *Step {
	var last *Step
	for i := range x.Steps {
		s := &x.Steps[i]
		if s.Undone != nil || !s.Amount.Valid || !slices.Contains(milestones, s.Milestone) || s.On.DaysUntil(by) < 0 {
			continue
		}
		if last == nil || cmp.Or(-s.On.DaysUntil(last.On), cmp.Compare(s.ID, last.ID)) >= 0 {
			last = s
		}
	}
	return last
}

// under adds up the amounts that a guard's milestone has by a day in all parts whose nearest estimate, on their own day, is that of one
// part. What was approved later counts neither for nor against what came before it.
func (r *ProjectRules) under(p *Project, above *Part, g ProjectGuard, by hydrotime.Date) quantity.Decimal {
	var sum quantity.Decimal
	for i := range p.Parts {
		y := &p.Parts[i]
		own := latest(y, []string{g.On}, by)
		if y.Gone || own == nil {
			continue
		}
		for _, z := range p.line(y.ID) {
			if latest(z, g.Over.Of, own.On) == nil {
				continue
			}
			if z.ID == above.ID {
				sum += own.Amount.Decimal
			}
			break
		}
	}
	return sum
}

// overBy says by how many percent a sum exceeds an estimate, where that is more than allowed.
func overBy(sum, estimate, allowed quantity.Decimal) (over quantity.Decimal, bad bool) {
	over, ok := (sum - estimate).Percent(estimate)
	if !ok {
		return 0, sum > estimate // an estimate of nothing allows nothing
	}
	// Held exactly: a rounded percentage would let a few yuan through.
	most, fits := estimate.Mul(quantity.Int(100) + allowed)
	hundredfold, fits2 := sum.Mul(quantity.Int(100))
	if fits && fits2 {
		return over.Round(2), hundredfold > most
	}
	return over.Round(2), over > allowed
}

// disorder finds steps that go back a stage by their days, and milestones that stand twice.
func (r *ProjectRules) disorder(p *Project, x *Part) []ProjectBreach {
	var out []ProjectBreach
	type at struct {
		s     Step
		m     ProjectMilestone
		place int
		own   bool
	}
	var list []at
	for _, y := range p.line(x.ID) {
		for _, s := range y.Steps {
			m, ok := r.Milestone(s.Milestone)
			if s.Undone != nil || !ok || m.Repeats {
				continue
			}
			_, place := r.Stage(m.Stage)
			list = append(list, at{s, m, place, y.ID == x.ID})
		}
	}
	slices.SortStableFunc(list, func(a, b at) int { return cmp.Or(a.place-b.place, -a.s.On.DaysUntil(b.s.On)) })
	say := func(a at, zh, en string) {
		out = append(out, ProjectBreach{Guard: OrderGuard, Part: x.ID, On: a.m.ID, Does: Refuses, Text: fault.T(a.m.Name.Zh+zh, a.m.Name.En+en)})
	}
	for i, a := range list {
		for _, b := range list[:i] {
			if !a.own && !b.own {
				continue
			}
			if b.place < a.place && a.s.On.DaysUntil(b.s.On) > 0 {
				say(a, "的日期早于前一阶段的"+b.m.Name.Zh, " lies before "+b.m.Name.En+" of an earlier stage")
				break
			}
			if b.own && a.own && b.m.ID == a.m.ID {
				say(a, "已经办理", " stands already")
				break
			}
		}
	}
	return out
}

// Try says which guards a project would break that it does not break now, if it were changed.
func (r *ProjectRules) Try(now, changed *Project) []ProjectBreach {
	type key struct {
		guard, on string
		part      int64
	}
	had := map[key]int{}
	for _, b := range r.Breaches(now) {
		had[key{b.Guard, b.On, b.Part}]++
	}
	var out []ProjectBreach
	for _, b := range r.Breaches(changed) {
		k := key{b.Guard, b.On, b.Part}
		if had[k] > 0 {
			had[k]--
			continue
		}
		out = append(out, b)
	}
	return out
}

// With is a copy of a project with one more step in a part.
func (p *Project) With(part int64, s Step) *Project {
	out := &Project{Parts: slices.Clone(p.Parts)}
	if x := out.part(part); x != nil {
		x.Steps = append(slices.Clone(x.Steps), s)
	}
	return out
}

// Without is a copy of a project in which a step is undone.
func (p *Project) Without(part, step int64, at time.Time) *Project {
	out := &Project{Parts: slices.Clone(p.Parts)}
	if x := out.part(part); x != nil {
		x.Steps = slices.Clone(x.Steps)
		for i := range x.Steps {
			if x.Steps[i].ID == step {
				x.Steps[i].Undone = &at
			}
		}
	}
	return out
}

// Told is a copy of a project whose part has its first reported month not later than one.
func (p *Project) Told(part int64, m hydrotime.Month) *Project {
	out := &Project{Parts: slices.Clone(p.Parts)}
	if x := out.part(part); x != nil && (x.FirstActual == nil || *x.FirstActual > m) {
		x.FirstActual = &m
	}
	return out
}
