package basin

import (
	"bytes"
	"fmt"
	"math"

	"anlan/internal/fault"
	"anlan/internal/hydro/band"
	"anlan/internal/hydro/xaj"

	"go.yaml.in/yaml/v3"
)

// File is a basin as it is written down. Units of measure stand in the keys; here and below, a key without omitempty must stand there.
type File struct {
	Name    string  `yaml:"name"`
	StepH   float64 `yaml:"dt_h"`
	AreaKM2 float64 `yaml:"area_km2,omitempty"` // of the one unit, where no units are listed
	// RainBegins is the hour, counted from the time that a row bears, at which its rain began to fall: 8 where a day of rain is that
	// from eight to eight of the next and the flow's is the calendar's, −17 where a gauge read at seven is written at the day of reading.
	RainBegins float64    `yaml:"rain_begins_h,omitempty"`
	Units      []UnitFile `yaml:"units,omitempty"`
	Inflows    []Inflow   `yaml:"inflows,omitempty"`
	Parameters Parameters `yaml:"parameters"`
	Snow       *Snow      `yaml:"snow,omitempty"`
	Initial    Initial    `yaml:"initial"`
	Options    Options    `yaml:"options,omitempty"`
	// Calibration is what a calibration did, written by it and read by people.
	Calibration yaml.Node `yaml:"calibration,omitempty"`
	// Ensemble is the parameter sets that do nearly as well, kept by a calibration.
	Ensemble *Ensemble `yaml:"ensemble,omitempty"`
}

// Ensemble is parameter sets and how their flows have been off; see internal/hydro/calibrate.
type Ensemble struct {
	Free    []string    `yaml:"free,flow"`    // what a member sets, by name
	Within  float64     `yaml:"within"`       // a member's objective is worse than the best by at most this share
	Members [][]float64 `yaml:"members,flow"` // the best first
	Errors  band.Law    `yaml:"errors"`
}

// UnitFile is one unit of a basin.
type UnitFile struct {
	ID      string             `yaml:"id"`
	AreaKM2 float64            `yaml:"area_km2"`
	Gauges  map[string]float64 `yaml:"gauges,omitempty"` // weights of rain gauges, 1 in all; the column p where there are none
	To      string             `yaml:"to,omitempty"`     // the unit at whose outlet its channel ends; the basin's outlet where absent
	KEH     *float64           `yaml:"KE_h,omitempty"`   // of its channel, where not that of the basin
	XE      *float64           `yaml:"XE,omitempty"`
	// Parameters are those that are not the basin's, by their keys there.
	Parameters yaml.Node `yaml:"parameters,omitempty"`
	PETColumn  string    `yaml:"pet,omitempty"` // columns of the forcing, where not pet and t_C
	AirColumn  string    `yaml:"t_C,omitempty"`
}

// Inflow is a flow that a gauge saw, or a reservoir let go, and that enters the basin: a column of the forcing in m³/s.
type Inflow struct {
	Column string  `yaml:"column"`
	To     string  `yaml:"to,omitempty"` // the unit at whose outlet its channel ends; the only one where absent
	KEH    float64 `yaml:"KE_h,omitempty"`
	XE     float64 `yaml:"XE,omitempty"`
}

// Snow are the parameters of snow.Params with their units in the keys.
type Snow struct {
	Factor float64 `yaml:"factor_mm_per_C_d"`
	Melt   float64 `yaml:"melt_C"`
	Snow   float64 `yaml:"snow_C"`
	Rain   float64 `yaml:"rain_C"`
	Hold   float64 `yaml:"hold"`
	Freeze float64 `yaml:"freeze"`
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
	NM float64 `yaml:"NM,omitempty"`
	NK float64 `yaml:"NK_h,omitempty"`
	KL float64 `yaml:"KL,omitempty"`
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

// Read reads a basin file. Unknown keys, wrong types and values that cannot be are told with the file's name and the line.
func Read(name string, src []byte) (*File, error) {
	f := &File{}
	if err := Decode(name, src, f); err != nil {
		return nil, err
	}
	f.StepH = WholeMinutes(f.StepH)
	if _, err := f.Build(); err != nil {
		return nil, Located(name, src, err)
	}
	return f, nil
}

// WholeMinutes is a step in hours, at whole minutes where it was written with three digits of them: 0.167 is ten minutes.
func WholeMinutes(h float64) float64 {
	if whole := math.Round(h * 60); math.Abs(h*60-whole) < 0.0025*whole {
		return whole / 60
	}
	return h
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
		KC: p.KC, UM: p.UM, LM: p.LM, C: p.C, WM: p.WM, B: p.B, IM: p.IM, SM: p.SM, EX: p.EX, KI: p.KI, KG: p.KG, CS: p.CS, CI: p.CI, CG: p.CG, CR: p.CR, L: p.L, NM: p.NM, NK: p.NK, KL: p.KL,
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
