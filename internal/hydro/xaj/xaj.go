// Package xaj is the Xinanjiang model (新安江模型) with three runoff sources: how much of the rain on a basin runs off, by which
// way, and when it reaches the outlet.
//
// Arrays go in and come out: no clock, no files, no logger. Depths are in mm, flows in m³/s, areas in km², steps in hours. A Unit is
// made once of parameters, options, area and step, and never changes; its State goes in and comes out, so that a run can be cut at any
// step and continued bit for bit. Equations follow Zhao Renjun (赵人俊, 流域水文模拟, 1984) and its textbook editions; where published
// programs differ, Options names the variants.
package xaj

import (
	"math"

	"anlan/internal/fault"
)

// Params are the model's parameters under their names in the literature. Those of time are per day, whatever the step.
type Params struct {
	KC float64 // evaporation of the basin over that of the pan (蒸散发折算系数)
	UM float64 // tension water of the upper layer (上层张力水容量), mm
	LM float64 // of the lower layer (下层), mm
	C  float64 // evaporation of the deep layer over the potential (深层蒸散发系数)
	WM float64 // tension water of all three layers (流域平均张力水容量), mm
	B  float64 // exponent of the tension water curve (张力水蓄水容量曲线方次)
	IM float64 // share of the area that is impervious (不透水面积比例)
	SM float64 // free water (表层自由水容量), mm
	EX float64 // exponent of the free water curve (自由水蓄水容量曲线方次)
	KI float64 // of the free water, what leaves as interflow in a day (壤中流出流系数)
	KG float64 // as groundwater in a day (地下水出流系数); KI + KG stays below 1
	CS float64 // recession of the surface flow in a day (地面径流消退系数); 0 lets it pass at once
	CI float64 // of the interflow (壤中流消退系数)
	CG float64 // of the groundwater flow (地下水消退系数)
	CR float64 // of the river network of the unit (河网水流消退系数); 0 lets it pass at once
	L  float64 // lag of the river network (滞时), h
	// NM and NK make the river network a non-linear store (非线性水库) instead of CR's: it holds NK·q^(1/NM) mm at a flow of q mm/h, so
	// that high water leaves sooner than low. NM 0 for the linear one.
	NM float64
	NK float64 // what it holds at 1 mm/h, h
	KL float64 // share of the runoff of the pervious area that leaves below the gauge (漏损系数); 0 for a tight basin
	KE float64 // travel time of the channel to the outlet (马斯京根 K), h; 0 for none
	XE float64 // its weight (马斯京根 x)
}

// DM is the tension water of the deep layer (深层张力水容量), mm.
func (p *Params) DM() float64 { return p.WM - p.UM - p.LM }

// Range is the values that a parameter may take.
type Range struct {
	Name      string
	Low, High float64
	Unit      string
	Of        func(*Params) *float64
}

// Ranges are the values outside which a parameter is refused; a calibration moves within narrower ones.
func Ranges() []Range {
	return []Range{
		{"KC", 0.05, 3, "", func(p *Params) *float64 { return &p.KC }},
		{"UM", 0, 500, "mm", func(p *Params) *float64 { return &p.UM }},
		{"LM", 0, 500, "mm", func(p *Params) *float64 { return &p.LM }},
		{"C", 0, 1, "", func(p *Params) *float64 { return &p.C }},
		{"WM", 1, 2000, "mm", func(p *Params) *float64 { return &p.WM }},
		{"B", 0.001, 3, "", func(p *Params) *float64 { return &p.B }},
		{"IM", 0, 0.99, "", func(p *Params) *float64 { return &p.IM }},
		{"SM", 0.1, 500, "mm", func(p *Params) *float64 { return &p.SM }},
		{"EX", 0.01, 4, "", func(p *Params) *float64 { return &p.EX }},
		{"KI", 0, 0.999, "1/d", func(p *Params) *float64 { return &p.KI }},
		{"KG", 0, 0.999, "1/d", func(p *Params) *float64 { return &p.KG }},
		{"CS", 0, 0.9999, "1/d", func(p *Params) *float64 { return &p.CS }},
		{"CI", 0, 0.9999, "1/d", func(p *Params) *float64 { return &p.CI }},
		{"CG", 0, 0.99999, "1/d", func(p *Params) *float64 { return &p.CG }},
		{"CR", 0, 0.9999, "1/d", func(p *Params) *float64 { return &p.CR }},
		{"L", 0, 240, "h", func(p *Params) *float64 { return &p.L }},
		{"NM", 0, 8, "", func(p *Params) *float64 { return &p.NM }},
		{"NK", 0, 500, "h", func(p *Params) *float64 { return &p.NK }},
		{"KL", 0, 0.95, "", func(p *Params) *float64 { return &p.KL }},
		{"KE", 0, 480, "h", func(p *Params) *float64 { return &p.KE }},
		{"XE", -1, 0.5, "", func(p *Params) *float64 { return &p.XE }},
	}
}

// Validate holds the parameters against their ranges and each other.
func (p Params) Validate() error {
	bad := fault.Invalidf("xaj.parameter", "新安江模型参数有误", "the parameters of the Xinanjiang model do not hold")
	for _, r := range Ranges() {
		if v := *r.Of(&p); !(v >= r.Low && v <= r.High) {
			unit := r.Unit
			if unit != "" {
				unit = " " + unit
			}
			bad.At(r.Name, fault.Tf("%g 不在 %g–%g%s 之间", "%g is not within %g to %g%s", v, r.Low, r.High, unit))
		}
	}
	if p.DM() < 0 {
		bad.At("WM", fault.Tf("WM %g 小于 UM %g 与 LM %g 之和", "WM %g is less than UM %g and LM %g together", p.WM, p.UM, p.LM))
	}
	if p.NM != 0 && (p.NM < 1 || p.NK <= 0) {
		bad.At("NM", fault.Tf("NM %g、NK %g h：NM 为 0 或不小于 1，其时 NK 须大于 0", "NM %g, NK %g h: NM is 0, or 1 and more with NK above 0", p.NM, p.NK))
	}
	if p.KI+p.KG >= 1 {
		bad.At("KI", fault.Tf("KI+KG 为 %g，须小于 1", "KI+KG is %g, it stays below 1", p.KI+p.KG))
	}
	if p.KI+p.KG <= 0 {
		bad.At("KI", fault.T("KI 与 KG 不能同为 0", "KI and KG cannot both be 0"))
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// Excess is what becomes of free water that no longer fits when the area that runs off shrinks.
type Excess int

// The ways of the excess.
const (
	Drain Excess = iota // leaves as interflow and groundwater, as KI to KG
	Spill               // runs off the surface
	Drop                // is lost, as in programs that clip it; the balance does not close
)

// Options are the conventions in which published programs differ. The zero value is the default: the balance closes.
//
// Two further points of difference need no option. A unit's flow is always taken from its area and step, never from a fixed 24 h; and
// whether rain is held against potential or actual evaporation changes no runoff, for the two differ only where neither leaves net rain.
type Options struct {
	// ActualNetRain reports the net rain of Flux as rain less actual evaporation, as some textbooks tabulate it; nothing else changes.
	ActualNetRain bool
	// Slice is the size of a slice of net rain in mm in which sources are parted; the rest of the division is one more. 5 where 0;
	// negative for no slices.
	Slice float64
	// SliceRunoff forms the runoff of each slice apart, so that the area that runs off grows from slice to slice (河海 program).
	SliceRunoff bool
	// FlatFreeWater takes SM as the free water of any runoff area (as in the 河海 handbook) instead of what the curve gives for it.
	FlatFreeWater bool
	Excess        Excess
	// FreeWaterPerStep takes KI and KG as of one step, as given, instead of turning them from a day's.
	FreeWaterPerStep bool
	// RecessionPerStep does so with CS, CI, CG and CR.
	RecessionPerStep bool
	// ImperviousInCurve widens the tension water curve by 1/(1−IM) as Zhao does, though runoff is also taken of the pervious share only.
	ImperviousInCurve bool
	// OpenDeepLayer lets the deep layer evaporate more than it holds.
	OpenDeepLayer bool
	// NetworkFrom is the area in km² from which a unit has a river network of its own (CR); every unit where 0.
	NetworkFrom float64
	// LagFromZero begins with an empty river network where there is a lag, instead of one that holds the flow of the start.
	LagFromZero bool
}

// Reference are the conventions of the independent C++ program whose tables the tests are held against.
func Reference() Options {
	return Options{Excess: Drop, ImperviousInCurve: true, OpenDeepLayer: true, NetworkFrom: 200}
}

// State is what a unit holds at the end of a step.
type State struct {
	WU, WL, WD float64 // tension water of the layers, mm over the pervious area
	S          float64 // free water, mm over the area that runs off
	FR         float64 // the share of the pervious area that runs off
	QS, QI, QG float64 // flow of the three sources, m³/s
	QU         float64 // flow out of the river network, before its lag, m³/s
	Lag        []float64
}

// Clone copies a state.
func (s State) Clone() State {
	s.Lag = append([]float64(nil), s.Lag...)
	return s
}

// Flux is what moves in one step. Depths of the pervious part are mm over the pervious area.
type Flux struct {
	EP         float64 // potential evaporation, mm
	EU, EL, ED float64 // evaporation of the layers, mm
	PE         float64 // rain less potential evaporation (see ActualNetRain), mm
	R          float64 // runoff of the pervious area, mm
	RIM        float64 // of the impervious, mm over the whole
	RS, RI, RG float64 // the three sources of R, as they leave the free water, mm
	RL         float64 // of R, what leaves below the gauge, mm
	Out        float64 // flow at the unit's outlet, after its lag, m³/s
}

// clip keeps a share within 0 and 1 against rounding.
func clip(v float64) float64 { return math.Min(math.Max(v, 0), 1) }
