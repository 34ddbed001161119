package basin

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"anlan/internal/fault"
	"anlan/internal/hydro/muskingum"
	"anlan/internal/hydro/xaj"

	"go.yaml.in/yaml/v3"
)

// File is a basin as it is written down. Units of measure stand in the keys.
type File struct {
	Name       string     `yaml:"name"`
	StepH      float64    `yaml:"dt_h"`
	AreaKM2    float64    `yaml:"area_km2,omitempty"` // of the one unit, where no units are listed
	Units      []UnitFile `yaml:"units,omitempty"`
	Parameters Parameters `yaml:"parameters"`
	Initial    Initial    `yaml:"initial"`
	Options    Options    `yaml:"options,omitempty"`
	// Calibration is what a calibration did, written by it and read by people.
	Calibration yaml.Node `yaml:"calibration,omitempty"`
}

// UnitFile is one unit of a basin.
type UnitFile struct {
	ID      string             `yaml:"id"`
	AreaKM2 float64            `yaml:"area_km2"`
	Gauges  map[string]float64 `yaml:"gauges,omitempty"` // weights of rain gauges, 1 in all; the column p where there are none
	To      string             `yaml:"to,omitempty"`     // the unit at whose outlet its channel ends; the basin's outlet where absent
	KEH     *float64           `yaml:"KE_h,omitempty"`   // of its channel, where not that of the basin
	XE      *float64           `yaml:"XE,omitempty"`
}

// Parameters are those of xaj.Params with their units in the keys.
type Parameters struct {
	KC float64 `yaml:"KC"`
	UM float64 `yaml:"UM_mm"`
	LM float64 `yaml:"LM_mm"`
	C  float64 `yaml:"C"`
	WM float64 `yaml:"WM_mm"`
	B  float64 `yaml:"B"`
	IM float64 `yaml:"IM"`
	SM float64 `yaml:"SM_mm"`
	EX float64 `yaml:"EX"`
	KI float64 `yaml:"KI_per_d"`
	KG float64 `yaml:"KG_per_d"`
	CS float64 `yaml:"CS_per_d"`
	CI float64 `yaml:"CI_per_d"`
	CG float64 `yaml:"CG_per_d"`
	CR float64 `yaml:"CR_per_d,omitempty"`
	L  float64 `yaml:"L_h,omitempty"`
	KE float64 `yaml:"KE_h,omitempty"`
	XE float64 `yaml:"XE,omitempty"`
}

// Initial is the state to begin with, the same in all units; the flow is the basin's.
type Initial struct {
	WU float64 `yaml:"WU_mm"`
	WL float64 `yaml:"WL_mm"`
	WD float64 `yaml:"WD_mm"`
	S  float64 `yaml:"S_mm,omitempty"`
	FR float64 `yaml:"FR,omitempty"`
	Q  float64 `yaml:"Q_m3s,omitempty"`
}

// Options choose conventions by name; see xaj.Options.
type Options struct {
	Conventions string  `yaml:"conventions,omitempty"` // "closed" (default) or "reference"
	Excess      string  `yaml:"excess,omitempty"`      // "drain" (default), "spill" or "drop"
	SliceMM     float64 `yaml:"slice_mm,omitempty"`
	SliceRunoff bool    `yaml:"slice_runoff,omitempty"` // each slice forms its own runoff
	FreeWater   string  `yaml:"free_water,omitempty"`   // "curve" (default) or "flat"
	PerStep     bool    `yaml:"per_step,omitempty"`     // coefficients are of a step, not of a day
	LagFromZero bool    `yaml:"lag_from_zero,omitempty"`
	NetworkFrom float64 `yaml:"network_km2,omitempty"` // area from which a unit has a river network of its own
}

// MaxSize bounds the YAML of a basin, in bytes.
const MaxSize = 4 << 20

// Read reads a basin file. Unknown keys, wrong types and values that cannot be are told with the file's name and the line.
func Read(name string, src []byte) (*File, error) {
	f := &File{}
	if err := Decode(name, src, f); err != nil {
		return nil, err
	}
	if _, err := f.Build(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

// Decode reads a YAML file of bounded size whose keys are all known.
func Decode(name string, src []byte, into any) error {
	if len(src) > MaxSize {
		return fault.New(fault.TooLarge, "basin.size", fault.Tf("%s 超过 %d 字节", "%s is larger than %d bytes", name, MaxSize))
	}
	d := yaml.NewDecoder(bytes.NewReader(src))
	d.KnownFields(true)
	err := d.Decode(into)
	if errors.Is(err, io.EOF) {
		return fault.Invalidf("basin.empty", "%s 是空文件", "%s is empty", name)
	}
	if err != nil {
		return fault.Invalidf("basin.syntax", "%s 无法读取：%v", "%s cannot be read: %v", name, err)
	}
	return nil
}

// Write writes a basin file, always the same for the same basin.
func (f *File) Write() ([]byte, error) {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(f); err != nil {
		return nil, fmt.Errorf("write basin %s: %w", f.Name, err)
	}
	return b.Bytes(), nil
}

// XAJ are the parameters as the model takes them.
func (p Parameters) XAJ() xaj.Params {
	return xaj.Params{
		KC: p.KC, UM: p.UM, LM: p.LM, C: p.C, WM: p.WM, B: p.B, IM: p.IM, SM: p.SM, EX: p.EX, KI: p.KI, KG: p.KG, CS: p.CS, CI: p.CI, CG: p.CG, CR: p.CR, L: p.L,
		KE: p.KE, XE: p.XE,
	}
}

// XAJ are the options as the model takes them.
func (o Options) XAJ() (xaj.Options, error) {
	out := xaj.Options{}
	switch o.Conventions {
	case "", "closed":
	case "reference":
		out = xaj.Reference()
	default:
		return out, badOption("conventions", o.Conventions, "closed, reference")
	}
	switch o.Excess {
	case "":
	case "drain":
		out.Excess = xaj.Drain
	case "spill":
		out.Excess = xaj.Spill
	case "drop":
		out.Excess = xaj.Drop
	default:
		return out, badOption("excess", o.Excess, "drain, spill, drop")
	}
	switch o.FreeWater {
	case "", "curve":
	case "flat":
		out.FlatFreeWater = true
	default:
		return out, badOption("free_water", o.FreeWater, "curve, flat")
	}
	if o.SliceMM != 0 {
		out.Slice = o.SliceMM
	}
	if o.NetworkFrom != 0 {
		out.NetworkFrom = o.NetworkFrom
	}
	out.FreeWaterPerStep, out.RecessionPerStep = o.PerStep, o.PerStep
	out.SliceRunoff, out.LagFromZero = o.SliceRunoff, o.LagFromZero
	return out, nil
}

func badOption(key, value, may string) error {
	return fault.Invalidf("basin.option", "options.%s 为 %q，应为 %s", "options.%s is %q, it may be %s", key, value, may)
}

// Build makes the basin ready to run.
func (f *File) Build() (*Basin, error) {
	o, err := f.Options.XAJ()
	if err != nil {
		return nil, err
	}
	units := f.Units
	if len(units) == 0 {
		units = []UnitFile{{ID: f.Name, AreaKM2: f.AreaKM2}}
	}
	b := &Basin{dt: f.StepH}
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
			return nil, fmt.Errorf("units[%d] %s: %w", i, u.ID, err)
		}
		if n.to = -1; u.To != "" {
			if n.to = slices.Index(ids, u.To); n.to < 0 {
				return nil, fault.Invalidf("basin.unit", "units[%d] %s：没有单元 %s", "units[%d] %s: there is no unit %s", i, u.ID, u.To)
			}
		}
		b.nodes = append(b.nodes, n)
	}
	return b, b.connect(ids)
}

func (f *File) node(u UnitFile, o xaj.Options, whole float64) (node, error) {
	p := f.Parameters.XAJ()
	unit, err := xaj.NewUnit(p, o, u.AreaKM2, f.StepH)
	if err != nil {
		return node{}, err
	}
	var sum float64
	for gauge, w := range u.Gauges {
		if !(w >= 0) {
			return node{}, fault.Invalidf("basin.weight", "雨量站 %s 的权重 %g 有误", "the weight %[2]g of gauge %[1]s cannot be", gauge, w)
		}
		sum += w
	}
	if len(u.Gauges) > 0 && math.Abs(sum-1) > 0.001 {
		return node{}, fault.Invalidf("basin.weight", "雨量站权重之和为 %g，应为 1", "the weights of the gauges are %g together, not 1", sum)
	}
	n := node{id: u.ID, unit: unit, area: u.AreaKM2, weights: u.Gauges}
	k, x := p.KE, p.XE
	if u.KEH != nil {
		k = *u.KEH
	}
	if u.XE != nil {
		x = *u.XE
	}
	if k > 0 {
		if n.reach, err = muskingum.New(k, x, f.StepH); err != nil {
			return node{}, err
		}
	}
	i := f.Initial
	n.flow = i.Q * u.AreaKM2 / whole
	n.start = unit.Start(i.WU, i.WL, i.WD, i.S, i.FR, n.flow)
	return n, unit.Check(n.start)
}
