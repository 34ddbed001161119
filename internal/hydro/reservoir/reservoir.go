// Package reservoir routes a flood through a reservoir whose water is level (水库调洪演算, level-pool routing).
//
// Levels are in m, storages in million m³, flows in m³/s, times in hours. The balance of a step is V₂ = V₁ + Δt·((I₁+I₂) − (O₁+O₂))/2
// with straight lines between the points of the curves; a step is halved until halving it changes nothing that matters.
package reservoir

import (
	"math"
	"slices"
	"sort"

	"anlan/internal/fault"
)

// Curve is what a reservoir holds and can let out at a level (水位–库容–泄流能力曲线).
type Curve struct {
	level, storage, capacity []float64
}

// NewCurve makes a curve of points: level, storage and the most that all outlets together let out. Levels and storages rise, the
// capacity does not fall.
func NewCurve(level, storage, capacity []float64) (*Curve, error) {
	if len(level) < 2 || len(storage) != len(level) || len(capacity) != len(level) {
		return nil, fault.Invalidf("reservoir.curve", "曲线至少 2 个点，且水位、库容、泄流能力一一对应", "a curve has at least 2 points, each with level, storage and capacity")
	}
	for i := range level {
		if err := checkPoint(level, storage, capacity, i); err != nil {
			return nil, err
		}
	}
	return &Curve{slices.Clone(level), slices.Clone(storage), slices.Clone(capacity)}, nil
}

// checkPoint refuses a point that cannot be, or that does not rise from the one before.
func checkPoint(level, storage, capacity []float64, i int) error {
	switch {
	case math.IsNaN(level[i]+storage[i]+capacity[i]) || math.IsInf(level[i]+storage[i]+capacity[i], 0) || storage[i] < 0 || capacity[i] < 0:
		return fault.Invalidf("reservoir.curve", "曲线第 %d 点有误：%g m，%g 百万 m³，%g m³/s", "point %d of the curve cannot be: %g m, %g million m³, %g m³/s", i+1, level[i], storage[i], capacity[i])
	case i > 0 && (level[i] <= level[i-1] || storage[i] <= storage[i-1] || capacity[i] < capacity[i-1]):
		return fault.Invalidf("reservoir.curve", "曲线第 %d 点（%g m）未随水位上升", "the curve does not rise at point %d (%g m)", i+1, level[i])
	}
	return nil
}

// Reach is the levels that the curve knows.
func (c *Curve) Reach() (lowest, highest float64) { return c.level[0], c.level[len(c.level)-1] }

// StorageAt is the storage at a level, and whether the curve reaches it.
func (c *Curve) StorageAt(level float64) (float64, bool) {
	if !(level >= c.level[0] && level <= c.level[len(c.level)-1]) {
		return math.NaN(), false
	}
	return between(c.level, c.storage, level), true
}

// LevelAt is the level at a storage; beyond its ends the curve goes on straight.
func (c *Curve) LevelAt(storage float64) float64 { return between(c.storage, c.level, storage) }

// CapacityAt is the most that can be let out at a storage.
func (c *Curve) CapacityAt(storage float64) float64 {
	return math.Max(between(c.storage, c.capacity, storage), 0)
}

// between is y at x on the line through points whose x rise.
func between(xs, ys []float64, x float64) float64 {
	i, _ := slices.BinarySearch(xs, x)
	i = min(max(i, 1), len(xs)-1)
	return ys[i-1] + (ys[i]-ys[i-1])*(x-xs[i-1])/(xs[i]-xs[i-1])
}

// Moment is what a rule sees when it decides.
type Moment struct {
	Hours          float64 // since the start
	Level, Storage float64
	Inflow         float64
	Lateral        float64 // that joins below the dam before the place to be kept safe (区间入流)
	Capacity       float64
}

// Rule says how much is to be let out; what is more than the capacity or less than nothing is cut.
type Rule func(now Moment) float64

// Free opens everything (敞泄).
func Free() Rule { return func(now Moment) float64 { return now.Capacity } }

// Constant lets out the same all the time (固定泄量).
func Constant(q float64) Rule { return func(Moment) float64 { return q } }

// SafeFlow lets out what the river below still bears beside the lateral inflow (补偿调度).
func SafeFlow(q float64) Rule { return func(now Moment) float64 { return q - now.Lateral } }

// Schedule lets out what is written for each time (泄量计划); between two times it changes evenly, before the first and after the last it
// stays.
func Schedule(hours, q []float64) (Rule, error) {
	if !planned(hours, q) {
		return nil, fault.Invalidf("reservoir.schedule", "调度计划的时间须递增，且与泄量一一对应", "a schedule has rising times with a release each")
	}
	return func(now Moment) float64 {
		if len(hours) == 1 || now.Hours <= hours[0] {
			return q[0]
		}
		if last := len(hours) - 1; now.Hours >= hours[last] {
			return q[last]
		}
		return between(hours, q, now.Hours)
	}, nil
}

// Gates opens the gates as written (闸门启闭计划): from each time on they let through that share of what they could, until the next; before
// the first time they stand as at the first.
func Gates(hours, opening []float64) (Rule, error) {
	if !planned(hours, opening) {
		return nil, fault.Invalidf("reservoir.schedule", "闸门计划的时间须递增，且与开度一一对应", "a plan of gates has rising times with an opening each")
	}
	for i, v := range opening {
		if !(v >= 0 && v <= 1) {
			return nil, fault.Invalidf("reservoir.opening", "第 %d 个开度 %g 不在 0–1 之间", "opening %d is %g, it lies within 0 and 1", i+1, v)
		}
	}
	return func(now Moment) float64 {
		i := sort.Search(len(hours), func(i int) bool { return hours[i] > now.Hours })
		return opening[max(i-1, 0)] * now.Capacity
	}, nil
}

func planned(hours, values []float64) bool {
	return len(hours) > 0 && len(values) == len(hours) && slices.IsSorted(hours)
}

// Options of a routing.
type Options struct {
	Rule Rule
	// Limit is a level at which the inflow is let through, as far as the capacity reaches (出库等于入库), so that it is not exceeded;
	// 0 for none.
	Limit float64
	// Lateral is the inflow below the dam at each step; none where nil.
	Lateral []float64
}

// Result is the course of a flood, at the start and the end of each step: as many values as the inflow has.
type Result struct {
	Level, Storage, Outflow []float64
	Highest                 float64 // level
	HighestAt               int
	Most                    float64 // outflow
	MostAt                  int
	VolumeError             float64 // of the balance over the whole, as a share of the inflow's volume
	Steps                   int     // sub-steps taken
}

// Route takes an inflow with steps of dt hours through a reservoir that stands at a level. Inflows may not be missing or below 0.
func Route(c *Curve, inflow []float64, dt, start float64, o Options) (*Result, error) {
	if err := check(c, inflow, dt, o); err != nil {
		return nil, err
	}
	v, ok := c.StorageAt(start)
	if !ok {
		return nil, fault.Invalidf("reservoir.start", "起调水位 %g m 不在曲线 %g–%g m 之内", "the level to begin with, %g m, is not within the curve's %g to %g m", start, c.level[0], c.level[len(c.level)-1])
	}
	r := &router{c: c, Options: o, limit: math.Inf(1)}
	if o.Limit != 0 {
		if r.limit, ok = c.StorageAt(o.Limit); !ok {
			return nil, fault.Invalidf("reservoir.limit", "控制水位 %g m 不在曲线 %g–%g m 之内", "the limit of %g m is not within the curve's %g to %g m", o.Limit, c.level[0], c.level[len(c.level)-1])
		}
	}
	out := &Result{}
	at := point{v: v, i: inflow[0], lateral: r.lateral(0)}
	at.o = r.release(at, 0)
	out.add(c, at)
	var in, gone float64
	for k := 1; k < len(inflow); k++ {
		to := point{i: inflow[k], lateral: r.lateral(k)}
		next, let, n := r.step(at, to, float64(k-1)*dt, dt)
		in += (at.i + to.i) / 2 * dt
		gone += let
		out.Steps += n
		at = next
		out.add(c, at)
	}
	if in > 0 {
		out.VolumeError = math.Abs(at.v-v-(in-gone)*volume) / (in * volume)
	}
	return out, nil
}

// volume is million m³ of 1 m³/s in an hour.
const volume = 3600 / 1e6

func check(c *Curve, inflow []float64, dt float64, o Options) error {
	if c == nil || o.Rule == nil || !(dt > 0) || len(inflow) < 2 {
		return fault.Invalidf("reservoir.input", "须给出曲线、调度规则、步长与至少两个入流", "a curve, a rule, a step and at least two inflows are needed")
	}
	if o.Lateral != nil && len(o.Lateral) != len(inflow) {
		return fault.Invalidf("reservoir.input", "区间入流 %d 个、入库 %d 个，不等长", "%d lateral inflows and %d inflows", len(o.Lateral), len(inflow))
	}
	for i, q := range inflow {
		if !(q >= 0) || math.IsInf(q, 0) || o.Lateral != nil && !(o.Lateral[i] >= 0) {
			return fault.Invalidf("reservoir.gap", "第 %d 个入流缺测或为负", "inflow %d is missing or below 0", i+1)
		}
	}
	return nil
}

func (r *Result) add(c *Curve, at point) {
	level := c.LevelAt(at.v)
	k := len(r.Level)
	if k == 0 || level > r.Highest+1e-9 {
		r.Highest, r.HighestAt = level, k
	}
	if k == 0 || at.o > r.Most*(1+1e-9) { // the first of equals
		r.Most, r.MostAt = at.o, k
	}
	r.Level, r.Storage, r.Outflow = append(r.Level, level), append(r.Storage, at.v), append(r.Outflow, at.o)
}

// point is the state at one instant.
type point struct{ v, i, o, lateral float64 }

type router struct {
	c *Curve
	Options
	limit float64 // storage
}

func (r *router) lateral(k int) float64 {
	if r.Lateral == nil {
		return 0
	}
	return r.Lateral[k]
}

// release is what the rule lets out at an instant, as far as it can be.
func (r *router) release(at point, hours float64) float64 {
	capacity := r.c.CapacityAt(at.v)
	q := r.Rule(Moment{hours, r.c.LevelAt(at.v), at.v, at.i, at.lateral, capacity})
	if at.v >= r.limit {
		q = math.Max(q, at.i)
	}
	return math.Min(math.Max(q, 0), capacity)
}

const (
	mostParts = 256
	fine      = 1e-5 // m: a step is fine enough when halving it moves the level by less
)

// step takes one step in as many parts as it needs, and returns the state after it and what was let out, in m³/s·h.
func (r *router) step(at, to point, hours, dt float64) (next point, let float64, parts int) {
	next, let = r.parts(at, to, hours, dt, 1)
	for n := 2; n <= mostParts; n *= 2 {
		parts += n / 2
		finer, out := r.parts(at, to, hours, dt, n)
		off := math.Abs(r.c.LevelAt(finer.v) - r.c.LevelAt(next.v))
		if next, let = finer, out; off < fine {
			break
		}
	}
	return next, let, parts
}

func (r *router) parts(at, to point, hours, dt float64, n int) (point, float64) {
	var let float64
	h := dt / float64(n)
	from := at
	for k := 1; k <= n; k++ {
		share := float64(k) / float64(n)
		end := point{i: from.i + (to.i-from.i)*share, lateral: from.lateral + (to.lateral-from.lateral)*share}
		end = r.balance(at, end, hours+dt*share, h)
		let += (at.o + end.o) / 2 * h
		at = end
	}
	return at, let
}

// balance finds the storage at the end of a part at which what came in, went out and is held agree.
func (r *router) balance(at, end point, hours, h float64) point {
	in := at.v + ((at.i+end.i)/2-at.o/2)*h*volume // with nothing let out at the end
	over := func(v float64) float64 {
		end.v = v
		return v - in + r.release(end, hours)/2*h*volume
	}
	low, high := math.Min(0, in), in
	if most := r.c.capacity[len(r.c.capacity)-1]; over(low) > 0 {
		low = in - 2*most*h*volume
	}
	for range 100 {
		mid := (low + high) / 2
		if mid == low || mid == high {
			break
		}
		if over(mid) > 0 {
			high = mid
		} else {
			low = mid
		}
	}
	end.v = high
	// What the balance says was let out; at a limit it lies between what is let out below and above it.
	end.o = math.Min(math.Max((in-end.v)*2/(h*volume), 0), r.c.CapacityAt(end.v))
	end.v = in - end.o/2*h*volume
	return end
}
