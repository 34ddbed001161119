// Package band says between which flows the true one lies, with a stated probability: around every member of an ensemble of parameter
// sets as many errors as the past showed at such a flow.
//
// Errors are ratios (observed + offset)/(simulated + offset), whose quantiles are kept by classes of simulated flow; nothing is assumed
// of their form. What a band promises is checked on years it has not seen (verify.Cover). Flows are in m³/s.
package band

import (
	"math"
	"slices"

	"anlan/internal/fault"
	"anlan/internal/hydro/verify"
)

// Law is how a model's flows have been off (误差分布).
type Law struct {
	Offset  float64 `yaml:"offset_m3s"` // keeps the ratios of low flows finite
	Classes []Class `yaml:"classes"`    // by rising flow
}

// Class is the law near one flow: the quantiles of the ratio at Levels.
type Class struct {
	Flow   float64   `yaml:"q_m3s"`
	Ratios []float64 `yaml:"ratios,flow"`
}

const (
	levels    = 39 // quantiles at 0.025, 0.05 … 0.975
	perClass  = 60 // steps that a class rests on, at least
	mostClass = 12
)

// Level is the probability of a quantile.
func Level(i int) float64 { return float64(i+1) / (levels + 1) }

// Enough refuses observations that are too few for a law; NaN is none.
func Enough(observed []float64) error {
	known := 0
	for _, o := range observed {
		if !math.IsNaN(o) {
			known++
		}
	}
	if known < perClass {
		return fault.Invalidf("band.short", "实测 %d 个时段不足以得出误差分布，至少 %d 个", "%d observed steps are too few for a law of errors, %d are needed", known, perClass)
	}
	return nil
}

// Fit learns the law from what was observed and what each member simulated; steps where nothing was observed (NaN) are left out.
func Fit(observed []float64, members [][]float64) (*Law, error) {
	type pair struct{ sim, obs float64 }
	var all []pair
	var sum float64
	known := 0
	for t, o := range observed {
		if math.IsNaN(o) {
			continue
		}
		known++
		sum += o
		for _, m := range members {
			all = append(all, pair{m[t], o})
		}
	}
	if err := Enough(observed); err != nil {
		return nil, err
	}
	if len(members) == 0 {
		return nil, fault.Invalidf("band.members", "没有可用的参数组", "there is no member to learn from")
	}
	n := min(known/perClass, mostClass)
	l := &Law{Offset: round(sum / float64(known) / 100)}
	slices.SortFunc(all, func(a, b pair) int {
		switch {
		case a.sim < b.sim:
			return -1
		case a.sim > b.sim:
			return 1
		}
		return 0
	})
	for _, at := range cuts(len(all), n) {
		part := all[at[0]:at[1]]
		ratios := make([]float64, len(part))
		for i, p := range part {
			ratios[i] = (p.obs + l.Offset) / (p.sim + l.Offset)
		}
		slices.Sort(ratios)
		c := Class{Flow: round(part[len(part)/2].sim), Ratios: make([]float64, levels)}
		for i := range c.Ratios {
			c.Ratios[i] = round(verify.Quantile(ratios, Level(i)))
		}
		l.Classes = append(l.Classes, c)
	}
	return l, nil
}

// cuts parts a sorted list so that each class holds two thirds of what is left, and the last, of the highest flows, few: floods are
// rare, and their errors are not those of the many days of low water.
func cuts(n, classes int) [][2]int {
	var out [][2]int
	from := 0
	for k := range classes {
		size := (n - from) / (classes - k)
		if k < classes-1 {
			size = max(size, (n-from)*2/5)
			if rest := n - from - size; rest < n/100 {
				break
			}
		}
		out = append(out, [2]int{from, from + size})
		if from += size; from >= n {
			return out
		}
	}
	if from < n {
		out = append(out, [2]int{from, n})
	}
	return out
}

// Check refuses a law that cannot be, such as one that was edited.
func (l *Law) Check() error {
	ok := l.Offset >= 0 && len(l.Classes) > 0
	for i, c := range l.Classes {
		ok = ok && len(c.Ratios) == levels && slices.IsSorted(c.Ratios) && c.Ratios[0] >= 0 && (i == 0 || c.Flow >= l.Classes[i-1].Flow)
	}
	if !ok {
		return fault.Invalidf("band.law", "误差分布有误：各级流量须递增，各有 %d 个递增的比值", "the law of errors does not hold: classes rise in flow and have %d rising ratios each", levels)
	}
	return nil
}

// Spread appends to out every flow that may be, given what the members simulate: each member by each error of the law.
func (l *Law) Spread(out, members []float64) []float64 {
	for _, q := range members {
		a, b, share := l.near(q)
		for i := range levels {
			ratio := a.Ratios[i] + share*(b.Ratios[i]-a.Ratios[i])
			out = append(out, math.Max((q+l.Offset)*ratio-l.Offset, 0))
		}
	}
	return out
}

// Band is the central band that holds the flow with probability p. The room is used and returned, so that a run allocates once.
func (l *Law) Band(members []float64, p float64, room []float64) (low, high float64, _ []float64) {
	room = l.Spread(room[:0], members)
	slices.Sort(room)
	// A member's quantiles leave a fortieth of its errors beyond each end: the first value of the spread stands at that probability, and
	// not at 0.
	at := func(p float64) float64 {
		place := p*float64((levels+1)*len(members)) - float64(len(members)+1)/2
		return verify.Quantile(room, math.Min(math.Max(place/float64(len(room)-1), 0), 1))
	}
	return at((1 - p) / 2), at((1 + p) / 2), room
}

// near are the classes on both sides of a flow, and how far it is from the first to the second, by the logarithm.
func (l *Law) near(q float64) (a, b *Class, share float64) {
	i, _ := slices.BinarySearchFunc(l.Classes, q, func(c Class, q float64) int {
		if c.Flow < q {
			return -1
		}
		return 1
	})
	switch {
	case i == 0:
		return &l.Classes[0], &l.Classes[0], 0
	case i == len(l.Classes):
		return &l.Classes[i-1], &l.Classes[i-1], 0
	}
	a, b = &l.Classes[i-1], &l.Classes[i]
	from, to := math.Log(a.Flow+l.Offset+1e-9), math.Log(b.Flow+l.Offset+1e-9)
	if to-from < 1e-9 {
		return a, b, 0
	}
	return a, b, (math.Log(q+l.Offset+1e-9) - from) / (to - from)
}

// round keeps four digits, which is what a quantile of some hundred errors is worth.
func round(v float64) float64 {
	if v == 0 {
		return 0
	}
	scale := math.Pow(10, 3-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}
