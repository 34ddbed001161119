package calibrate

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"anlan/internal/fault"
	"anlan/internal/hydro/band"
	"anlan/internal/hydro/basin"
	"anlan/internal/hydro/optimize"
)

// ensemble keeps parameter sets that do nearly as well as the best and are as far from each other as can be, and how their flows were off.
func (t Task) ensemble(found *optimize.Result) (*basin.Ensemble, error) {
	if t.Members < 1 {
		return nil, nil
	}
	within := t.Within
	if within == 0 {
		within = 0.05
	}
	e := &basin.Ensemble{Within: within}
	for _, q := range t.Free {
		e.Free = append(e.Free, q.Name)
	}
	var flows [][]float64
	for _, p := range t.apart(found.Near(within)) {
		x := t.lift(p.X)
		for i := range x {
			x[i] = figure(x[i])
		}
		flow, err := run(With(*t.File, t.Free, x), t.Forcing, t.Forcing.Steps())
		if err != nil {
			continue // a parameter at the edge of what may be, and over it once rounded
		}
		e.Members, flows = append(e.Members, x), append(flows, flow)
	}
	law, err := band.Fit(t.Observed, flows)
	if err != nil {
		return nil, err
	}
	e.Errors = *law
	return e, nil
}

// apart picks points, the best first and then always the one farthest from those picked, distances as shares of the bounds.
func (t Task) apart(near []optimize.Point) []optimize.Point {
	var width []float64
	for _, q := range t.Free {
		if q.Low < q.High {
			width = append(width, q.High-q.Low)
		}
	}
	out := near[:1:1]
	far := make([]float64, len(near))
	for i := range far {
		far[i] = math.Inf(1)
	}
	for len(out) < t.Members {
		last, at := out[len(out)-1], 0
		for i, p := range near {
			far[i] = math.Min(far[i], distance(p.X, last.X, width))
			if far[i] > far[at] {
				at = i
			}
		}
		if far[at] < 1e-9 {
			break
		}
		out = append(out, near[at])
	}
	return out
}

func distance(a, b, width []float64) (d float64) {
	for i, w := range width {
		d += (a[i] - b[i]) * (a[i] - b[i]) / (w * w)
	}
	return d
}

// figure keeps six digits of a parameter.
func figure(v float64) float64 {
	out, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
	if err != nil {
		return v
	}
	return out
}

// Members are the basins of a file's ensemble, none where it has none.
func Members(f *basin.File) ([]*basin.File, error) {
	e := f.Ensemble
	if e == nil {
		return nil, nil
	}
	if err := e.Errors.Check(); err != nil {
		return nil, fmt.Errorf("ensemble: %w", err)
	}
	var free []Free
	all := Frees(f)
	for _, name := range e.Free {
		at := slices.IndexFunc(all, func(q Free) bool { return q.Name == name })
		if at < 0 {
			return nil, fault.Invalidf("calibrate.ensemble", "ensemble.free：没有参数 %q", "ensemble.free: there is no parameter %q", name)
		}
		free = append(free, all[at])
	}
	var out []*basin.File
	for i, x := range e.Members {
		if len(x) != len(free) {
			return nil, fault.Invalidf("calibrate.ensemble", "ensemble.members[%d] 有 %d 个参数，应为 %d", "ensemble.members[%d] has %d parameters, not %d", i, len(x), len(free))
		}
		out = append(out, With(*f, free, x))
	}
	return out, nil
}

// run takes a basin from its start through the first steps of a forcing.
func run(f *basin.File, in *basin.Forcing, steps int) ([]float64, error) {
	b, err := f.Build()
	if err != nil {
		return nil, err
	}
	flow, s := make([]float64, steps), b.Start()
	b.Run(&s, in, flow, nil)
	return flow, nil
}

// Band runs a file's ensemble through a forcing and gives the band that holds the flow of each step with probability p.
func Band(f *basin.File, in *basin.Forcing, p float64) (low, high []float64, err error) {
	members, err := Members(f)
	if err != nil {
		return nil, nil, err
	}
	if len(members) == 0 {
		return nil, nil, fault.Invalidf("calibrate.ensemble", "%s 没有参数组（率定时以 --members 保留）", "%s has no ensemble (a calibration keeps one by --members)", f.Name)
	}
	var flows [][]float64
	for i, m := range members {
		flow, err := run(m, in, in.Steps())
		if err != nil {
			return nil, nil, fmt.Errorf("ensemble.members[%d]: %w", i, err)
		}
		flows = append(flows, flow)
	}
	at, room := make([]float64, len(flows)), []float64(nil)
	for t := range in.Steps() {
		for m := range flows {
			at[m] = flows[m][t]
		}
		var l, h float64
		l, h, room = f.Ensemble.Errors.Band(at, p, room)
		low, high = append(low, l), append(high, h)
	}
	return low, high, nil
}
