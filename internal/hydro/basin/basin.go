// Package basin puts units and channels together to a basin, read from a file, and takes it through time.
//
// It knows the forms of files (YAML for a basin, CSV for series) but opens none: bytes and readers come in, and what is wrong is told
// with file, line and reason. A gap in a forcing is refused and never taken for zero.
package basin

import (
	"slices"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/hydro/muskingum"
	"anlan/internal/hydro/snow"
	"anlan/internal/hydro/xaj"
)

// Basin is a network of units, ready to run. It never changes, and may be used from many goroutines.
type Basin struct {
	nodes   []node
	inflows []inflow
	order   []int // upstream before downstream
	dt      float64
	area    float64
	// rainBegins is when the rain of a row began, in hours from the row's time.
	rainBegins float64
	snow       *snow.Model // nil where none is modelled
}

// node is a unit, and the channel from its outlet to where it flows.
type node struct {
	id      string
	unit    *xaj.Unit
	area    float64
	reach   *muskingum.Reach // nil where nothing delays
	to      int              // -1 for the outlet of the basin
	weights map[string]float64
	pet     string // columns of the forcing
	air     string
	start   xaj.State
	flow    float64 // at the start
}

// inflow is water that a gauge saw and that enters the basin, and the channel from there.
type inflow struct {
	column string
	to     int
	reach  *muskingum.Reach // nil where nothing delays
}

// State is a basin's at the end of a step.
type State struct {
	Units   []xaj.State
	Snow    []snow.State // empty where none is modelled
	Reaches []muskingum.State
	Inflows []muskingum.State // empty until the first step: the channels begin with what enters then
	arrived []float64
}

// Units is how many units there are.
func (b *Basin) Units() int { return len(b.nodes) }

// Unit is the id and the area in km² of a unit.
func (b *Basin) Unit(i int) (id string, area float64) { return b.nodes[i].id, b.nodes[i].area }

// Area is that of all units, in km².
func (b *Basin) Area() float64 { return b.area }

// Step is the length of a step in hours.
func (b *Basin) Step() float64 { return b.dt }

// Start is the state that the file gives.
func (b *Basin) Start() State {
	s := State{arrived: make([]float64, len(b.nodes))}
	for _, n := range b.nodes {
		s.Units = append(s.Units, n.start.Clone())
		var r muskingum.State
		if n.reach != nil {
			r = n.reach.Start(n.flow)
		}
		s.Reaches = append(s.Reaches, r)
	}
	if b.snow != nil {
		s.Snow = make([]snow.State, len(b.nodes))
	}
	return s
}

// Clone copies a state.
func (s State) Clone() State {
	out := State{arrived: make([]float64, len(s.arrived)), Snow: slices.Clone(s.Snow)}
	for _, r := range s.Inflows {
		out.Inflows = append(out.Inflows, slices.Clone(r))
	}
	for i, u := range s.Units {
		out.Units = append(out.Units, u.Clone())
		out.Reaches = append(out.Reaches, slices.Clone(s.Reaches[i]))
	}
	return out
}

// Seen is called for each unit and step of a run: the water that reached the ground and the potential evaporation, what moved, the
// state after it, and the flow that leaves the unit's channel.
type Seen func(step, unit int, rain, pet float64, f *xaj.Flux, s *xaj.State, out float64)

// Run takes the basin through the steps of a forcing and writes the flow at its outlet in m³/s. See may be nil.
func (b *Basin) Run(s *State, in *Forcing, flow []float64, see Seen) {
	var f xaj.Flux
	for t := range flow {
		clear(s.arrived)
		flow[t] = 0
		b.enter(s, in, t)
		for _, i := range b.order {
			n := &b.nodes[i]
			rain, pet := in.Rain[in.rainOf[i]][t], in.PET[in.petOf[i]][t]
			if b.snow != nil {
				rain = b.snow.Step(&s.Snow[i], rain, in.Air[in.airOf[i]][t])
			}
			n.unit.Step(&s.Units[i], rain, pet, &f)
			q := f.Out + s.arrived[i]
			if n.reach != nil {
				q = n.reach.Step(s.Reaches[i], q)
			}
			if n.to < 0 {
				flow[t] += q
			} else {
				s.arrived[n.to] += q
			}
			if see != nil {
				see(t, i, rain, pet, &f, &s.Units[i], q)
			}
		}
	}
}

// enter brings what gauges saw to the units that their channels end at.
func (b *Basin) enter(s *State, in *Forcing, t int) {
	if s.Inflows == nil && len(b.inflows) > 0 {
		s.Inflows = make([]muskingum.State, len(b.inflows))
		for i, e := range b.inflows {
			if e.reach != nil {
				s.Inflows[i] = e.reach.Start(in.Inflow[i][t])
			}
		}
	}
	for i, e := range b.inflows {
		q := in.Inflow[i][t]
		if e.reach != nil {
			q = e.reach.Step(s.Inflows[i], q)
		}
		s.arrived[e.to] += q
	}
}

// connect orders the nodes from the springs to the outlet, and refuses a loop.
func (b *Basin) connect(ids []string) error {
	left := make([]int, len(b.nodes)) // how many flow into it and are not in order yet
	for _, n := range b.nodes {
		if n.to >= 0 {
			left[n.to]++
		}
	}
	for i := range b.nodes {
		if left[i] == 0 {
			b.order = append(b.order, i)
		}
	}
	for k := 0; k < len(b.order); k++ {
		if to := b.nodes[b.order[k]].to; to >= 0 {
			if left[to]--; left[to] == 0 {
				b.order = append(b.order, to)
			}
		}
	}
	if len(b.order) == len(b.nodes) {
		return nil
	}
	var loop []string
	first := -1
	for i, n := range left {
		if n > 0 {
			loop = append(loop, ids[i])
			if first < 0 {
				first = i
			}
		}
	}
	return fault.Invalidf("basin.loop", "units[%d]：单元 %s 的流向成环", "units[%d]: the units %s flow in a circle", first, strings.Join(loop, ", "))
}
