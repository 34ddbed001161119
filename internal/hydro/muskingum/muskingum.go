// Package muskingum routes flow through a river reach by the Muskingum method, split into sub-reaches on which it is stable.
//
// Flows are in m³/s, times in hours. A reach is made once and never changes; its state goes in and comes out, so that a run can be
// cut and continued. The method follows the textbooks of hydrological forecasting (SL/GB practice: 分段马斯京根法): storage
// S = K·(x·I + (1−x)·O), discretised over one step.
package muskingum

import (
	"math"

	"anlan/internal/fault"
)

// Reach is a river reach (河段) between two points, for one time step.
type Reach struct {
	n          int
	kl, xl     float64 // of each sub-reach
	c0, c1, c2 float64
}

// New makes a reach with travel time k in hours and weight x for steps of dt hours. It is cut into sub-reaches of one step's travel
// time or nearly so, each with the weight xl = 0.5 − n·(1 − 2x)/2, so that attenuation stays that of the whole. Of the numbers of
// sub-reaches the one nearest to k/dt is taken at which no coefficient is below 0: then the flow is a mean of flows and never below
// 0 itself. Refused is a step at which there is none.
func New(k, x, dt float64) (*Reach, error) {
	if err := check(k, x, dt); err != nil {
		return nil, err
	}
	first := max(1, int(math.Round(k/dt)))
	for off := 0; off <= 2*first; off++ {
		for _, n := range [2]int{first - off, first + off} {
			if r := split(k, x, dt, n); n > 0 && r.stable() {
				return r, nil
			}
		}
	}
	return nil, fault.Invalidf("muskingum.unstable", "K=%g h、x=%g 在 Δt=%g h 下没有稳定的分段，请调整步长", "K=%g h and x=%g have no stable sub-reaches at Δt=%g h, choose another step", k, x, dt)
}

// Whole makes a reach that is not cut, whatever its stability: for textbook tables, and for fitting k and x to them. A steep rise
// may pull its outflow down first.
func Whole(k, x, dt float64) (*Reach, error) {
	if err := check(k, x, dt); err != nil {
		return nil, err
	}
	return split(k, x, dt, 1), nil
}

func check(k, x, dt float64) error {
	if k > 0 && dt > 0 && x <= 0.5 && !math.IsInf(k+dt, 0) && !math.IsInf(x, 0) {
		return nil
	}
	return fault.Invalidf("muskingum.parameter", "马斯京根参数有误：K=%g h，x=%g，Δt=%g h（K、Δt 须大于 0，x 不大于 0.5）", "the Muskingum parameters do not hold: K=%g h, x=%g, Δt=%g h (K and Δt above 0, x at most 0.5)", k, x, dt)
}

func split(k, x, dt float64, n int) *Reach {
	kl, xl := k/float64(n), 0.5-float64(n)*(1-2*x)/2
	d := kl - kl*xl + dt/2
	return &Reach{n: n, kl: kl, xl: xl, c0: (dt/2 - kl*xl) / d, c1: (dt/2 + kl*xl) / d, c2: (kl - kl*xl - dt/2) / d}
}

func (r *Reach) stable() bool {
	const slack = 1e-12
	return r.c0 >= -slack && r.c1 >= -slack && r.c2 >= -slack
}

// Reaches is the number of sub-reaches.
func (r *Reach) Reaches() int { return r.n }

// State is the flow at both ends of each sub-reach at the end of a step: the inflow of the first, then the outflow of each.
type State []float64

// Start is the state of a reach in which a steady flow runs.
func (r *Reach) Start(flow float64) State {
	s := make(State, r.n+1)
	for i := range s {
		s[i] = flow
	}
	return s
}

// Step takes the inflow at the end of a step and returns the outflow there; the state moves on.
func (r *Reach) Step(s State, inflow float64) float64 {
	before, now := s[0], inflow
	s[0] = inflow
	for i := 1; i < len(s); i++ {
		out := r.c0*now + r.c1*before + r.c2*s[i]
		before, now = s[i], out
		s[i] = out
	}
	return now
}

// Run routes a series into out, of the same length.
func (r *Reach) Run(s State, inflow, out []float64) {
	for i, q := range inflow {
		out[i] = r.Step(s, q)
	}
}

// Stored is the water in the reach in m³/s·h. A balance closes by it: what came in less what went out of a step, both as means of
// the flows at its ends, times its hours.
func (r *Reach) Stored(s State) float64 {
	var v float64
	for i := 1; i < len(s); i++ {
		v += r.kl * (r.xl*s[i-1] + (1-r.xl)*s[i])
	}
	return v
}
