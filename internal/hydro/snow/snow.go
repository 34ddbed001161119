// Package snow turns precipitation into rain and melt by the degree-day method (度日因子法), for basins where snow lies.
//
// Depths are in mm a step, temperatures in °C, times in hours.
package snow

import (
	"math"

	"anlan/internal/fault"
)

// Params of the method.
type Params struct {
	Factor float64 // melt of a day for each degree above Melt (度日因子), mm/(°C·d); 1 to 8 in the literature
	Melt   float64 // temperature above which snow melts, °C
	Snow   float64 // temperature below which all that falls is snow, °C
	Rain   float64 // temperature above which all of it is rain; between the two in proportion
	Hold   float64 // water that the pack holds before it runs out, as a share of its snow; 0 to 0.2
	Freeze float64 // what freezes again below Melt, as a share of Factor; 0 to 0.3
}

// State is what lies: snow and the water held in it, mm of water.
type State struct{ Snow, Water float64 }

// Model is the method for steps of one length.
type Model struct {
	p     Params
	share float64 // of a day
}

// New makes a model for steps of dt hours.
func New(p Params, dt float64) (*Model, error) {
	bad := fault.Invalidf("snow.parameter", "融雪参数有误", "the parameters of snow do not hold")
	f := func(name string, v, low, high float64) {
		if !(v >= low && v <= high) {
			bad.At(name, fault.Tf("%g 不在 %g–%g 之间", "%g is not within %g and %g", v, low, high))
		}
	}
	f("factor", p.Factor, 0, 20)
	f("melt", p.Melt, -5, 5)
	f("snow", p.Snow, -10, 10)
	f("rain", p.Rain, p.Snow, 15)
	f("hold", p.Hold, 0, 0.5)
	f("freeze", p.Freeze, 0, 1)
	f("dt", dt, 1.0/12, 24)
	if len(bad.Fields) > 0 {
		return nil, bad
	}
	return &Model{p, dt / 24}, nil
}

// Step takes one step's precipitation and mean temperature and returns the water that reaches the ground.
func (m *Model) Step(s *State, precipitation, temperature float64) float64 {
	p := &m.p
	liquid := 1.0
	switch {
	case temperature <= p.Snow:
		liquid = 0
	case temperature < p.Rain:
		liquid = (temperature - p.Snow) / (p.Rain - p.Snow)
	}
	s.Snow += precipitation * (1 - liquid)
	s.Water += precipitation * liquid
	if over := temperature - p.Melt; over > 0 {
		melt := math.Min(p.Factor*over*m.share, s.Snow)
		s.Snow -= melt
		s.Water += melt
	} else {
		frozen := math.Min(-over*p.Factor*p.Freeze*m.share, math.Min(s.Water, s.Snow*p.Hold))
		s.Water -= frozen
		s.Snow += frozen
	}
	out := math.Max(s.Water-p.Hold*s.Snow, 0)
	s.Water -= out
	return out
}

// Run takes series of one length through the model into out.
func (m *Model) Run(s *State, precipitation, temperature, out []float64) {
	for i, p := range precipitation {
		out[i] = m.Step(s, p, temperature[i])
	}
}
