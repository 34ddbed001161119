package basin

import (
	"fmt"
	"math"
	"slices"

	"anlan/internal/fault"
	"anlan/internal/hydro/muskingum"
	"anlan/internal/hydro/snow"
	"anlan/internal/hydro/xaj"

	"go.yaml.in/yaml/v3"
)

// Build makes the basin ready to run.
func (f *File) Build() (*Basin, error) {
	o, err := f.Options.XAJ()
	if err != nil {
		return nil, err
	}
	units, err := f.units()
	if err != nil {
		return nil, err
	}
	b := &Basin{dt: f.StepH, rainBegins: f.RainBegins}
	if !(math.Abs(f.RainBegins) <= f.StepH) {
		return nil, fault.Invalidf("basin.rain", "rain_begins_h 为 %g，应在正负一个步长（%g h）之内", "rain_begins_h is %g, it lies within one step (%g h) of the time of the row", f.RainBegins, f.StepH)
	}
	ids := make([]string, len(units))
	for i, u := range units {
		if u.ID == "" || slices.Contains(ids[:i], u.ID) {
			return nil, fault.Invalidf("basin.unit", "units[%d]：单元编号 %q 缺失或重复", "units[%d]: the id %q is missing or stands twice", i, u.ID)
		}
		ids[i] = u.ID
		b.area += u.AreaKM2
	}
	for i, u := range units {
		n, err := f.node(u, o, b.area)
		if err != nil {
			if len(f.Units) > 0 {
				err = fmt.Errorf("units[%d] %s: %w", i, u.ID, err)
			}
			return nil, err
		}
		if n.to = -1; u.To != "" {
			if n.to = slices.Index(ids, u.To); n.to < 0 {
				return nil, fault.Invalidf("basin.unit", "units[%d] %s：没有单元 %s", "units[%d] %s: there is no unit %s", i, u.ID, u.To)
			}
		}
		b.nodes = append(b.nodes, n)
	}
	if err := f.enter(b, ids); err != nil {
		return nil, err
	}
	if s := f.Snow; s != nil {
		if b.snow, err = snow.New(snow.Params(*s), f.StepH); err != nil {
			return nil, err
		}
	}
	return b, b.connect(ids)
}

// units are those listed, or the one that the basin is.
func (f *File) units() ([]UnitFile, error) {
	if len(f.Units) == 0 {
		if f.AreaKM2 == 0 {
			return nil, fault.Invalidf("basin.area", "缺少 area_km2", "area_km2 is missing")
		}
		return []UnitFile{{ID: f.Name, AreaKM2: f.AreaKM2}}, nil
	}
	var sum float64
	for _, u := range f.Units {
		sum += u.AreaKM2
	}
	if f.AreaKM2 != 0 && math.Abs(sum-f.AreaKM2) > 0.01*f.AreaKM2 {
		return nil, fault.Invalidf("basin.area", "各单元面积共 %g km²，area_km2 为 %g", "the units are %g km² together, area_km2 says %g", sum, f.AreaKM2)
	}
	return f.Units, nil
}

func (f *File) node(u UnitFile, o xaj.Options, whole float64) (node, error) {
	params, err := f.Parameters.but(u.Parameters)
	if err != nil {
		return node{}, err
	}
	p := params.XAJ()
	unit, err := xaj.NewUnit(p, o, u.AreaKM2, f.StepH)
	if err != nil {
		return node{}, err
	}
	if err := weigh(u.Gauges); err != nil {
		return node{}, err
	}
	n := node{id: u.ID, unit: unit, area: u.AreaKM2, weights: u.Gauges, pet: or(u.PETColumn, "pet"), air: or(u.AirColumn, "t_C")}
	k, x := p.KE, p.XE
	if u.KEH != nil {
		k = *u.KEH
	}
	if u.XE != nil {
		x = *u.XE
	}
	if n.reach, err = channel(k, x, f.StepH); err != nil {
		return node{}, err
	}
	i := f.Initial
	n.flow = i.Q * u.AreaKM2 / whole
	// A unit of smaller layers than the basin's begins with them full.
	wu, wl, wd := i.WU, i.WL, i.WD
	if !u.Parameters.IsZero() {
		wu, wl, wd = math.Min(wu, p.UM), math.Min(wl, p.LM), math.Min(wd, p.DM())
	}
	n.start = unit.Start(wu, wl, wd, i.S, i.FR, n.flow)
	return n, unit.Check(n.start)
}

// enter connects the inflows.
func (f *File) enter(b *Basin, ids []string) error {
	for i, e := range f.Inflows {
		to := 0
		switch {
		case e.Column == "":
			return fault.Invalidf("basin.inflow", "inflows[%d] 没有 column", "inflows[%d] has no column", i)
		case e.To != "":
			to = slices.Index(ids, e.To)
		case len(ids) > 1:
			to = -1
		}
		if to < 0 {
			return fault.Invalidf("basin.inflow", "inflows[%d] %s：没有单元 %q", "inflows[%d] %s: there is no unit %q", i, e.Column, e.To)
		}
		reach, err := channel(e.KEH, e.XE, f.StepH)
		if err != nil {
			return fmt.Errorf("inflows[%d] %s: %w", i, e.Column, err)
		}
		b.inflows = append(b.inflows, inflow{column: e.Column, to: to, reach: reach})
	}
	return nil
}

// channel is the reach of a travel time, or none where that is 0.
func channel(k, x, dt float64) (*muskingum.Reach, error) {
	if k == 0 {
		return nil, nil
	}
	return muskingum.New(k, x, dt)
}

// but are the parameters with some of them written anew.
func (p Parameters) but(over yaml.Node) (Parameters, error) {
	if over.IsZero() {
		return p, nil
	}
	src, err := yaml.Marshal(&over)
	if err != nil {
		return p, fmt.Errorf("parameters: %w", err)
	}
	return p, decode("parameters", src, &p)
}

// weigh refuses weights of gauges that are not shares of a whole.
func weigh(gauges map[string]float64) error {
	var sum float64
	for gauge, w := range gauges {
		if !(w >= 0) {
			return fault.Invalidf("basin.weight", "雨量站 %s 的权重 %g 有误", "the weight %[2]g of gauge %[1]s cannot be", gauge, w)
		}
		sum += w
	}
	if len(gauges) > 0 && math.Abs(sum-1) > 0.001 {
		return fault.Invalidf("basin.weight", "雨量站权重之和为 %g，应为 1", "the weights of the gauges are %g together, not 1", sum)
	}
	return nil
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}
