// Package doubt finds where measured rain and measured flow contradict each other, without any model of the basin.
//
// Two things cannot be, whatever lies between rain and gauge: that more water leaves than fell, and that a storm leaves next to nothing
// where a lesser and gentler one on drier ground left much. Either says that a gauge, a clock or a date is wrong, and not which; a person
// looks, and leaves such steps out or mends them. Depths are in mm over the basin, absent flows NaN. Basins with snow, and what a
// reservoir holds back, are outside its sight.
package doubt

import (
	"cmp"
	"math"
	"slices"

	"anlan/internal/fault"
)

// Record is what was measured, at steps of one length.
type Record struct {
	StepH     float64
	Rain, PET []float64 // mm a step, without gaps
	Runoff    []float64 // the flow at the gauge as mm a step; NaN where it is not known
}

func (r *Record) check() error {
	if !(r.StepH > 0 && r.StepH <= 24) || len(r.PET) != len(r.Rain) || len(r.Runoff) != len(r.Rain) {
		return fault.Invalidf("doubt.record", "步长 %g h，雨量、蒸发、流量为 %d、%d、%d 个", "steps of %g h with %d of rain, %d of evaporation and %d of flow", r.StepH, len(r.Rain), len(r.PET), len(r.Runoff))
	}
	return nil
}

// steps is how many make so many days, at least one.
func (r *Record) steps(days int) int { return max(int(math.Round(float64(days)*24/r.StepH)), 1) }

// Excess is a rise of the flow from which more water ran off than fell.
type Excess struct {
	From, To     int     // steps, both within
	Rain, Runoff float64 // mm; the runoff without what ran before the rise
}

const (
	riseDays  = 5 // a rise is looked at over so many days
	aheadDays = 3 // rain may have fallen so long before it,
	lateDays  = 1 // or be written so much later
	least     = 1 // mm of runoff below which nothing is said
)

// MoreThanFell finds the rises within five days from which more ran off, beyond the flow before them, than fell from three days before
// to a day after. Rises that touch are told as one, by its worst.
func MoreThanFell(r *Record) ([]Excess, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	rain := sums(r.Rain)
	var out []Excess
	ahead, late, rise := r.steps(aheadDays), r.steps(lateDays), r.steps(riseDays)
	for i := ahead; i < len(r.Runoff); i++ {
		base, ran := r.Runoff[i-1], 0.0
		if !(r.Runoff[i] > base) {
			continue
		}
		for j := i; j < min(i+rise, len(r.Runoff)); j++ {
			if ran += r.Runoff[j] - base; math.IsNaN(ran) {
				break
			}
			fell := rain[min(j+late+1, len(r.Rain))] - rain[i-ahead]
			if r.Runoff[j] > base && ran > least && ran > fell {
				out = join(out, Excess{From: i, To: j, Rain: fell, Runoff: ran})
			}
		}
	}
	return out, nil
}

// join adds a rise to those before it, which begin no later.
func join(list []Excess, e Excess) []Excess {
	if len(list) == 0 || e.From > list[len(list)-1].To+1 {
		return append(list, e)
	}
	last := &list[len(list)-1]
	if e.Runoff-e.Rain > last.Runoff-last.Rain {
		last.Rain, last.Runoff = e.Rain, e.Runoff
	}
	last.To = max(last.To, e.To)
	return list
}

// sums are of all values before each, so that sums[j]−sums[i] is that of i to j−1.
func sums(list []float64) []float64 {
	out := make([]float64, len(list)+1)
	for i, v := range list {
		out[i+1] = out[i] + v
	}
	return out
}

// Storm is rain of three days and the six days that carry it away.
type Storm struct {
	From, To int     // steps, both within: the six days
	Rain     float64 // of the three days, mm
	Highest  float64 // in one step, mm
	// Flow is all that ran off in the six days, Rise what did so beyond the flow before them, mm. The storm left more than the one less
	// what ran before, and no more than the other.
	Flow, Rise float64
	// Wetness is rain less potential evaporation over the 10, 30, 60, 90 and 120 days before it, mm.
	Wetness [5]float64

	around, highest, before float64 // rain of the six days and the day before them, and its highest; the flow before
}

// Clash is a storm that left next to nothing, and a lesser one that left much.
type Clash struct{ Storm, Lesser Storm }

const (
	stormDays  = 3
	leaveDays  = 6
	muchLess   = 2.0 / 3 // of a storm's rain is what a lesser one has at most
	many       = 5       // times as much left the lesser one, at least
	leastStorm = 5       // mm that the lesser one left, at least
)

var wetDays = [5]int{10, 30, 60, 90, 120}

// Storms finds the heaviest spells of three days, none within the six days of another, in the order of time. Those whose flow is not
// known throughout, or that fell before the wetness can be told, are left out.
func Storms(r *Record) ([]Storm, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	rain, pet := sums(r.Rain), sums(r.PET)
	spell, leave, day := r.steps(stormDays), r.steps(leaveDays), r.steps(1)
	var starts []int
	for i := r.steps(wetDays[len(wetDays)-1]); i+leave <= len(r.Rain); i++ {
		if r.Rain[i] > 0 {
			starts = append(starts, i)
		}
	}
	fell := func(i int) float64 { return rain[i+spell] - rain[i] }
	slices.SortStableFunc(starts, func(a, b int) int { return cmp.Compare(fell(b), fell(a)) })
	taken := make([]bool, len(r.Rain))
	var out []Storm
	for _, i := range starts {
		if taken[i] || taken[i+leave-1] {
			continue
		}
		end := i + leave
		for k := i; k < end; k++ {
			taken[k] = true
		}
		s := Storm{From: i, To: end - 1, Rain: fell(i), Highest: slices.Max(r.Rain[i : i+spell]), before: r.Runoff[i-1]}
		s.around, s.highest = rain[end]-rain[i-day], slices.Max(r.Rain[i-day:end])
		for _, q := range r.Runoff[i:end] {
			s.Flow += q
			s.Rise += math.Max(q-s.before, 0)
		}
		for k, days := range wetDays {
			from := i - r.steps(days)
			s.Wetness[k] = rain[i] - rain[from] - pet[i] + pet[from]
		}
		if !math.IsNaN(s.Rise) {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b Storm) int { return cmp.Compare(a.From, b.From) })
	return out, nil
}

// Clashes finds the storms in whose six days less than a fifth of the water ran off by which another one raised the flow, though that
// one had no more than two thirds of the rain, even with what fell the day before and after, was no heavier in any step, and fell on no
// higher flow. Where its ground was the wetter by any measure, so much of the greater storm's rain does not count. Of several such the
// one that left most is told.
func Clashes(r *Record) ([]Clash, error) {
	storms, err := Storms(r)
	if err != nil {
		return nil, err
	}
	var out []Clash
	for _, s := range storms {
		var worst *Storm
		for i := range storms {
			o := &storms[i]
			if o.Rise >= leastStorm && o.Rise > many*s.Flow && o.lesser(&s) && (worst == nil || o.Rise > worst.Rise) {
				worst = o
			}
		}
		if worst != nil {
			out = append(out, Clash{s, *worst})
		}
	}
	return out, nil
}

// lesser tells whether a storm should have left less than another, what that spends to make its ground as wet taken off.
func (s *Storm) lesser(than *Storm) bool {
	var drier float64
	for i, w := range s.Wetness {
		drier = math.Max(drier, w-than.Wetness[i])
	}
	return s.around <= muchLess*(than.Rain-drier) && s.highest <= than.Highest && s.before <= than.before
}
