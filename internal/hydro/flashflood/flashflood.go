// Package flashflood finds how much rain in how long brings the water at a village to its danger stages (临界雨量), and holds rain that
// fell or is forecast against it.
//
// Rain is in mm, flows in m³/s, times in hours. The rain of a window falls evenly, or by a given pattern, on a basin that is as wet as
// stated; the Xinanjiang model and its routing give the peak, and the rain is halved in upon until the peak is the flow of the stage
// (山洪灾害分析评价技术要求: 水位流量反推法).
package flashflood

import (
	"math"

	"anlan/internal/fault"
	"anlan/internal/hydro/xaj"
)

// Village is a place to be warned, with the basin above it. The flows are those of its stages: be ready (准备转移), move (立即转移).
type Village struct {
	Unit     *xaj.Unit
	Params   xaj.Params
	Step     float64 // h, that of the unit
	BaseFlow float64
	Ready    float64
	Move     float64
}

// NewVillage makes a village from its basin, its stages and what its river carries at them.
func NewVillage(p xaj.Params, o xaj.Options, area, dt, baseFlow float64, stage Stage, ready, move float64) (*Village, error) {
	u, err := xaj.NewUnit(p, o, area, dt)
	if err != nil {
		return nil, err
	}
	v := &Village{Unit: u, Params: p, Step: dt, BaseFlow: baseFlow, Ready: stage.Flow(ready), Move: stage.Flow(move)}
	if !(baseFlow >= 0 && v.Ready > baseFlow && v.Move >= v.Ready) {
		return nil, fault.Invalidf("flashflood.stage", "预警流量有误：基流 %.3g、准备转移 %.3g、立即转移 %.3g m³/s，应依次增大", "the flows of the stages do not rise: base %.3g, ready %.3g, move %.3g m³/s", baseFlow, v.Ready, v.Move)
	}
	return v, nil
}

// Most is the rain in mm beyond which none is looked for; a stage that it does not reach has no critical rain.
const Most = 1000

// Table is the critical rain of a village in mm, by window and wetness; NaN where even Most brings no danger.
type Table struct {
	Windows []float64 // h
	Wetness []float64 // share of the tension water that is full
	Ready   [][]float64
	Move    [][]float64
}

// Pattern is how the rain of a window falls: shares of it by step, 1 in all. Nil is evenly.
type Pattern func(steps int) []float64

// Critical works out the table of a village. Windows are whole steps of its unit, wetness rises and lies from 0 to 1.
func (v *Village) Critical(windows, wetness []float64, pattern Pattern) (*Table, error) {
	t := &Table{Windows: windows, Wetness: wetness}
	for i, wet := range wetness {
		if !(wet >= 0 && wet <= 1) || i > 0 && wet <= wetness[i-1] {
			return nil, fault.Invalidf("flashflood.wetness", "前期含水量 %g 不在 0–1 之间，或未递增", "a wetness of %g is not within 0 and 1, or does not rise", wet)
		}
	}
	for _, w := range windows {
		steps := int(math.Round(w / v.Step))
		if steps < 1 || math.Abs(float64(steps)*v.Step-w) > 1e-6*w {
			return nil, fault.Invalidf("flashflood.window", "时段 %g h 不是步长 %g h 的整数倍", "a window of %g h is not a whole number of steps of %g h", w, v.Step)
		}
		shares, err := sharesOf(steps, pattern)
		if err != nil {
			return nil, err
		}
		r := newRun(v, shares)
		ready, move := make([]float64, len(wetness)), make([]float64, len(wetness))
		for i, wet := range wetness {
			ready[i] = r.critical(wet, v.Ready, 0)
			move[i] = r.critical(wet, v.Move, ready[i])
		}
		t.Ready, t.Move = append(t.Ready, ready), append(t.Move, move)
	}
	return t, nil
}

func sharesOf(steps int, pattern Pattern) ([]float64, error) {
	if pattern == nil {
		out := make([]float64, steps)
		for i := range out {
			out[i] = 1 / float64(steps)
		}
		return out, nil
	}
	out, sum := pattern(steps), 0.0
	for _, s := range out {
		sum += s
	}
	if len(out) != steps || math.Abs(sum-1) > 1e-6 {
		return nil, fault.Invalidf("flashflood.pattern", "雨型有 %d 段、合计 %g，应为 %d 段、合计 1", "the pattern has %d steps and sums to %g, it should have %d and sum to 1", len(out), sum, steps)
	}
	return out, nil
}

// run holds the arrays of one village and window, so that halving in allocates nothing.
type run struct {
	v               *Village
	shares          []float64
	rain, pet, flow []float64
	lag             []float64
}

// after is how long a flood is followed once its rain is over, in h; a peak comes well before.
const after = 48

func newRun(v *Village, shares []float64) *run {
	n := len(shares) + int(math.Ceil(after/v.Step))
	return &run{v: v, shares: shares, rain: make([]float64, n), pet: make([]float64, n), flow: make([]float64, n), lag: v.Unit.Start(0, 0, 0, 0, 0, 0).Lag}
}

// peak is the highest flow that an amount of rain brings on a basin of some wetness.
func (r *run) peak(wet, amount float64) float64 {
	for i, s := range r.shares {
		r.rain[i] = amount * s
	}
	p := &r.v.Params
	clear(r.lag)
	s := xaj.State{WU: wet * p.UM, WL: wet * p.LM, WD: wet * p.DM(), Lag: r.lag}
	r.v.Unit.Run(&s, r.rain, r.pet, r.flow)
	top := 0.0
	for _, q := range r.flow {
		top = max(top, q)
	}
	return top + r.v.BaseFlow
}

// critical halves in on the rain whose peak is the target, from an amount that is known to be too little.
func (r *run) critical(wet, target, low float64) float64 {
	if math.IsNaN(low) || r.peak(wet, Most) < target {
		return math.NaN()
	}
	high := float64(Most)
	for range 40 {
		if mid := (low + high) / 2; r.peak(wet, mid) < target {
			low = mid
		} else {
			high = mid
		}
		if high-low < 1e-3 {
			break
		}
	}
	return high
}

// At is the critical rain of a window at a live wetness, between two columns of the table in proportion; beyond its ends that of the end.
func (t *Table) At(window int, wetness float64) (ready, move float64) {
	i := 0
	for i < len(t.Wetness)-2 && wetness > t.Wetness[i+1] {
		i++
	}
	pick := func(row []float64) float64 {
		if len(row) == 1 {
			return row[0]
		}
		share := math.Min(math.Max((wetness-t.Wetness[i])/(t.Wetness[i+1]-t.Wetness[i]), 0), 1)
		return row[i] + share*(row[i+1]-row[i])
	}
	return pick(t.Ready[window]), pick(t.Move[window])
}

// Danger is how far rain has brought a village.
type Danger int

// The dangers, the later the worse.
const (
	None Danger = iota
	BeReady
	MoveNow
)

// Check holds the sums of rain over the table's windows that end now against its critical rain; the worst counts, and which window
// it was. A sum that is not known is NaN and says nothing.
func (t *Table) Check(sums []float64, wetness float64) (worst Danger, window int) {
	for i, sum := range sums {
		ready, move := t.At(i, wetness)
		d := None
		switch {
		case sum >= move:
			d = MoveNow
		case sum >= ready:
			d = BeReady
		}
		if d > worst {
			worst, window = d, i
		}
	}
	return worst, window
}
