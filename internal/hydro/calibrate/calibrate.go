// Package calibrate finds the parameters of a basin with which it best gives an observed flow.
//
// It searches with internal/hydro/optimize over a vector in which every constraint of the model is a plain bound: the deep layer's
// water instead of the whole (WM = UM + LM + DM), and KI and KG by their sum and share, so that KI + KG stays below 1.
package calibrate

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/hydro/band"
	"anlan/internal/hydro/basin"
	"anlan/internal/hydro/optimize"
	"anlan/internal/hydro/verify"
)

// Objective is what is made as small as it can be.
type Objective string

// The objectives.
const (
	NSE    Objective = "nse"
	KGE    Objective = "kge"
	LogNSE Objective = "lognse"
	Peak   Objective = "peak"  // squared errors, each weighed by the observed flow: high flows count most
	Multi  Objective = "multi" // 0.6·(1−NSE) + 0.3·(1−KGE) + 0.1·(1−LogNSE): floods, the volume, and low flows
)

// Objectives lists them.
func Objectives() []Objective { return []Objective{NSE, KGE, LogNSE, Peak, Multi} }

// Free is one quantity that the search moves, with its bounds.
type Free struct {
	Name      string
	Low, High float64
	set       func(f *basin.File, v float64)
}

// Frees are the quantities that a basin's search moves, and the bounds of humid and semi-humid basins in the literature. The lag
// reaches from none to three steps, or to a day where steps are shorter. Snow and the channels of inflows are moved where there are any.
func Frees(f *basin.File) []Free {
	of := func(set func(p *basin.Parameters, v float64)) func(*basin.File, float64) {
		return func(f *basin.File, v float64) { set(&f.Parameters, v) }
	}
	out := []Free{
		{"KC", 0.4, 2, of(func(p *basin.Parameters, v float64) { p.KC = v })},
		{"UM_mm", 5, 50, of(func(p *basin.Parameters, v float64) { p.UM = v })},
		{"LM_mm", 20, 100, of(func(p *basin.Parameters, v float64) { p.LM = v })},
		{"DM_mm", 5, 250, of(func(p *basin.Parameters, v float64) { p.WM = p.UM + p.LM + v })},
		{"C", 0.05, 0.25, of(func(p *basin.Parameters, v float64) { p.C = v })},
		{"B", 0.05, 1.5, of(func(p *basin.Parameters, v float64) { p.B = v })},
		{"SM_mm", 3, 100, of(func(p *basin.Parameters, v float64) { p.SM = v })},
		{"EX", 0.5, 2, of(func(p *basin.Parameters, v float64) { p.EX = v })},
		{"KI_plus_KG_per_d", 0.2, 0.95, of(func(p *basin.Parameters, v float64) { p.KI, p.KG = v, 0 })},
		{"KI_share", 0.05, 0.95, of(func(p *basin.Parameters, v float64) { p.KI, p.KG = p.KI*v, p.KI*(1-v) })},
		{"CS_per_d", 0, 0.8, of(func(p *basin.Parameters, v float64) { p.CS = v })},
		{"CI_per_d", 0.1, 0.97, of(func(p *basin.Parameters, v float64) { p.CI = v })},
		{"CG_per_d", 0.9, 0.999, of(func(p *basin.Parameters, v float64) { p.CG = v })},
		{"CR_per_d", 0, 0.7, of(func(p *basin.Parameters, v float64) { p.CR = v })},
		{"L_h", 0, math.Max(3*f.StepH, 24), of(func(p *basin.Parameters, v float64) { p.L = v })},
	}
	// Kept as the file has them, unless they are bound.
	p := f.Parameters
	out = append(
		out,
		Free{"NM", p.NM, p.NM, of(func(p *basin.Parameters, v float64) { p.NM = v })},
		Free{"NK_h", p.NK, p.NK, of(func(p *basin.Parameters, v float64) { p.NK = v })},
		Free{"KL", p.KL, p.KL, of(func(p *basin.Parameters, v float64) { p.KL = v })},
	)
	if f.Snow != nil {
		out = append(
			out,
			Free{"snow.factor_mm_per_C_d", 0.5, 8, func(f *basin.File, v float64) { f.Snow.Factor = v }},
			Free{"snow.melt_C", -1.5, 2, func(f *basin.File, v float64) { f.Snow.Melt = v }},
		)
	}
	for i, e := range f.Inflows {
		if e.KEH == 0 {
			continue // it enters where it was seen
		}
		at := fmt.Sprintf("inflows.%d.", i)
		out = append(
			out,
			Free{at + "KE_h", f.StepH / 12, 3 * f.StepH, func(f *basin.File, v float64) { f.Inflows[i].KEH = v }},
			Free{at + "XE", -0.2, 0.45, func(f *basin.File, v float64) { f.Inflows[i].XE = v }},
		)
	}
	return out
}

// Bound gives a quantity other bounds; a low equal to the high keeps it at that value. A name that is not among them is refused.
func Bound(free []Free, name string, low, high float64) error {
	for i := range free {
		if free[i].Name == name && low <= high {
			free[i].Low, free[i].High = low, high
			return nil
		}
	}
	var names []string
	for _, q := range free {
		names = append(names, q.Name)
	}
	return fault.Invalidf("calibrate.bound", "%s=%g:%g 不可用（可率定：%s）", "%s=%g:%g cannot be; what may be bound: %s", name, low, high, strings.Join(names, ", "))
}

// Task is a calibration.
type Task struct {
	File     *basin.File
	Forcing  *basin.Forcing
	Observed []float64 // m³/s at the steps of the forcing; NaN where it is not known or does not count
	Free     []Free
	By       Objective
	Settings optimize.Settings
	Members  int     // of the ensemble that is kept [none]
	Within   float64 // how much worse a member may be than the best, as a share of its value [0.05]
}

// With is the basin with the quantities of a vector; what is not free stays. The basin itself is not touched.
func With(f basin.File, free []Free, x []float64) *basin.File {
	f.Inflows = slices.Clone(f.Inflows)
	if f.Snow != nil {
		own := *f.Snow
		f.Snow = &own
	}
	for i, q := range free {
		q.set(&f, x[i])
	}
	p, s := &f.Parameters, &f.Initial
	s.WU, s.WL, s.WD = math.Min(s.WU, p.UM), math.Min(s.WL, p.LM), math.Min(s.WD, p.WM-p.UM-p.LM)
	return &f
}

// Found is what a calibration found.
type Found struct {
	*optimize.Result
	Basin *basin.File  // with the best parameters, and its ensemble where members were asked for
	Score verify.Score // of the best, over the steps that count
}

// Run searches. Stopped by the context, it returns the best so far.
func Run(ctx context.Context, t Task) (*Found, error) {
	if len(t.Observed) != t.Forcing.Steps() {
		return nil, fault.Invalidf("calibrate.length", "实测 %d 个、驱动 %d 个，不等长", "%d observed values and %d steps", len(t.Observed), t.Forcing.Steps())
	}
	loss, err := t.loss()
	if err != nil {
		return nil, err
	}
	for _, end := range []func(Free) float64{func(q Free) float64 { return q.Low }, func(q Free) float64 { return q.High }} {
		x := make([]float64, len(t.Free))
		for i, q := range t.Free {
			x[i] = end(q)
		}
		if err := With(*t.File, t.Free, x).Parameters.XAJ().Validate(); err != nil {
			return nil, fmt.Errorf("bounds of the search: %w", err)
		}
	}
	if t.Members > 0 {
		if err := band.Enough(t.Observed); err != nil {
			return nil, err // now, and not after a search whose result would be lost
		}
	}
	p := optimize.Problem{F: func(x []float64) float64 { return loss(t.lift(x)) }}
	for _, q := range t.Free {
		if q.Low < q.High {
			p.Low, p.High = append(p.Low, q.Low), append(p.High, q.High)
		}
	}
	t.Settings.Keep = t.Members > 0
	found, err := optimize.SCEUA(ctx, p, t.Settings)
	if err != nil {
		return nil, err
	}
	out := &Found{Result: found, Basin: With(*t.File, t.Free, t.lift(found.Best.X))}
	flow, err := run(out.Basin, t.Forcing, len(t.Observed))
	if err != nil {
		return nil, err
	}
	if out.Score, err = verify.Compare(t.Observed, flow); err != nil {
		return nil, err
	}
	out.Basin.Ensemble, err = t.ensemble(found)
	return out, err
}

// lift is the vector of all quantities, of those that move.
func (t Task) lift(moving []float64) []float64 {
	out := make([]float64, len(t.Free))
	for i, q := range t.Free {
		if out[i] = q.Low; q.Low < q.High {
			out[i], moving = moving[0], moving[1:]
		}
	}
	return out
}

// loss is the objective as a function of the vector. The steps that count are gathered once.
func (t Task) loss() (func(x []float64) float64, error) {
	var at []int
	for i, v := range t.Observed {
		if !math.IsNaN(v) {
			at = append(at, i)
		}
	}
	if len(at) < 10 {
		return nil, fault.Invalidf("calibrate.short", "率定期内只有 %d 个实测值", "only %d observed values lie in the period", len(at))
	}
	observed := make([]float64, len(at))
	for k, i := range at {
		observed[k] = t.Observed[i]
	}
	measure, err := t.By.measure()
	if err != nil {
		return nil, err
	}
	return func(x []float64) float64 {
		flow, err := run(With(*t.File, t.Free, x), t.Forcing, at[len(at)-1]+1)
		if err != nil {
			return math.Inf(1)
		}
		for k, i := range at {
			flow[k] = flow[i]
		}
		return measure(observed, flow[:len(at)])
	}, nil
}

func (o Objective) measure() (func(observed, simulated []float64) float64, error) {
	one := func(pick func(verify.Score) float64) func(o, s []float64) float64 {
		return func(o, s []float64) float64 {
			score, err := verify.Compare(o, s)
			if err != nil {
				return math.Inf(1)
			}
			return pick(score)
		}
	}
	switch o {
	case NSE:
		return one(func(s verify.Score) float64 { return 1 - s.NSE }), nil
	case KGE:
		return one(func(s verify.Score) float64 { return 1 - s.KGE }), nil
	case LogNSE:
		return one(func(s verify.Score) float64 { return 1 - s.LogNSE }), nil
	case Multi:
		return one(func(s verify.Score) float64 { return 0.6*(1-s.NSE) + 0.3*(1-s.KGE) + 0.1*(1-s.LogNSE) }), nil
	case Peak:
		return weighted, nil
	}
	return nil, fault.Invalidf("calibrate.objective", "没有目标函数 %q（有 %v）", "there is no objective %q (there are %v)", string(o), Objectives())
}

// weighted is 1−NSE with each step weighed by its observed flow.
func weighted(observed, simulated []float64) float64 {
	var mean, off, spread float64
	for _, o := range observed {
		mean += o
	}
	mean /= float64(len(observed))
	for i, o := range observed {
		off += o * (simulated[i] - o) * (simulated[i] - o)
		spread += o * (o - mean) * (o - mean)
	}
	return off / spread
}
