package basin_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"anlan/internal/hydro/basin"
	"anlan/internal/hydro/xaj"
)

const still = `initial: {WU_mm: 0, WL_mm: 0, WD_mm: 0}
parameters: {KC: 1, UM_mm: 20, LM_mm: 60, C: 0.18, WM_mm: 120, B: 0.3, IM: 0.01, SM_mm: 30, EX: 1.5, KI_per_d: 0.4, KG_per_d: 0.3, CS_per_d: 0.2, CI_per_d: 0.7, CG_per_d: 0.98}
`

// What a gauge upstream saw arrives below, late by its channel, and all of it.
func TestInflowRunsThrough(t *testing.T) {
	b := build(t, "name: below\ndt_h: 24\narea_km2: 100\ninflows:\n- {column: up_m3s, KE_h: 24, XE: 0.2}\n"+still)
	in := forcing(t, b, "time,p,pet,up_m3s\n2020-06-01,0,0,0\n2020-06-02,0,0,100\n2020-06-03,0,0,0\n2020-06-04,0,0,0\n2020-06-05,0,0,0\n2020-06-06,0,0,0\n2020-06-07,0,0,0\n2020-06-08,0,0,0\n")
	var sum float64
	flow := run(t, b, in)
	for _, q := range flow {
		sum += q
	}
	if math.Abs(sum-100) > 0.1 || flow[1] > flow[2] {
		t.Errorf("%v sums to %g", flow, sum)
	}
}

// Snow lies until it thaws; a unit may have an air of its own.
func TestSnowLies(t *testing.T) {
	b := build(t, "name: cold\ndt_h: 24\nunits:\n- {id: low, area_km2: 50}\n- {id: high, area_km2: 50, t_C: t_high}\n"+
		"snow: {factor_mm_per_C_d: 4, melt_C: 0, snow_C: 0, rain_C: 1, hold: 0, freeze: 0}\n"+still)
	in := forcing(t, b, "time,p,pet,t_C,t_high\n2020-01-01,30,0,5,-5\n2020-01-02,0,0,5,-5\n2020-01-03,0,0,5,2\n")
	ground := map[[2]int]float64{}
	s, flow := b.Start(), make([]float64, 3)
	b.Run(&s, in, flow, func(step, unit int, rain, _ float64, _ *xaj.Flux, _ *xaj.State, _ float64) {
		ground[[2]int{step, unit}] = rain
	})
	want := map[[2]int]float64{{0, 0}: 30, {1, 0}: 0, {2, 0}: 0, {0, 1}: 0, {1, 1}: 0, {2, 1}: 8}
	for at, v := range want {
		if ground[at] != v {
			t.Errorf("step %d of unit %d: %g mm reach the ground, not %g", at[0], at[1], ground[at], v)
		}
	}
	if s.Snow[1].Snow != 22 {
		t.Errorf("%g mm lie, not 22", s.Snow[1].Snow)
	}
	if c := s.Clone(); &c.Snow[0] == &s.Snow[0] {
		t.Error("a clone shares its snow")
	}
}

// A unit may have parameters of its own; the rest are the basin's.
func TestParametersOfAUnit(t *testing.T) {
	text := "name: two\ndt_h: 24\nunits:\n- {id: a, area_km2: 50}\n- {id: b, area_km2: 50%s}\n" + still
	f := func(over string) []float64 {
		t.Helper()
		b := build(t, fmt.Sprintf(text, over))
		return run(t, b, forcing(t, b, week))
	}
	same, paved := f(""), f(", parameters: {IM: 0.5}")
	if paved[2] <= same[2] {
		t.Errorf("a paved unit gives %v, an unpaved %v", paved, same)
	}
	if again := f(", parameters: {IM: 0.01}"); again[2] != same[2] {
		t.Errorf("the same parameter written again gives %v, not %v", again, same)
	}
}

func TestRefusesInflowsThatCannotBe(t *testing.T) {
	f := func(more, want string) {
		t.Helper()
		_, err := basin.Read("b.yaml", []byte("name: x\ndt_h: 24\n"+more+still))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, not %q", more, err, want)
		}
	}
	f("area_km2: 10\ninflows: [{to: x}]\n", "b.yaml line 4: missing, which is not zero: column")
	f("area_km2: 10\ninflows: [{column: '', to: x}]\n", "has no column")
	f("area_km2: 10\ninflows: [{column: q, to: y}]\n", `no unit "y"`)
	f("units: [{id: a, area_km2: 1}, {id: b, area_km2: 1, to: a}]\ninflows: [{column: q}]\n", `no unit ""`)
	f("area_km2: 10\ninflows: [{column: q, KE_h: -2}]\n", "inflows[0] q")
	f("units: [{id: a, area_km2: 1, parameters: {KX: 1}}]\n", "KX")
	f("units: [{id: a, area_km2: 1, parameters: {B: 9}}]\n", "units[0] a")
	f("area_km2: 10\nsnow: {factor_mm_per_C_d: -1}\n", "b.yaml line 4: missing, which is not zero: melt_C, snow_C, rain_C, hold, freeze")
	f("area_km2: 10\nsnow: {factor_mm_per_C_d: -1, melt_C: 0, snow_C: 0, rain_C: 1, hold: 0, freeze: 0}\n", "factor")
}
