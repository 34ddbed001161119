package xaj_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"anlan/internal/hydro/xaj"
)

// run takes a unit of 100 km² through random weather and tells every flux and the state at the end.
func run(t *testing.T, p xaj.Params, o xaj.Options, dt float64) ([]xaj.Flux, xaj.State) {
	t.Helper()
	u, err := xaj.NewUnit(p, o, 100, dt)
	if err != nil {
		t.Fatal(err)
	}
	rain, pet := weather(rand.New(rand.NewPCG(21, 1)), 600, dt/24)
	s := u.Start(0, 0, 0.1, 1, 0.2, 3)
	out := make([]xaj.Flux, len(rain))
	for i := range rain {
		u.Step(&s, rain[i], pet[i], &out[i])
	}
	return out, s
}

// TestNetRainOfEitherKindRunsOffAlike holds, over random basins, that rain against potential or actual evaporation is a matter of the
// table only: wherever net rain is left, both are one.
func TestNetRainOfEitherKindRunsOffAlike(t *testing.T) {
	random := rand.New(rand.NewPCG(22, 1))
	for range 40 {
		p := randomParams(random)
		potential, one := run(t, p, xaj.Options{}, 24)
		actual, two := run(t, p, xaj.Options{ActualNetRain: true}, 24)
		for i, f := range actual {
			if f.PE < potential[i].PE-1e-12 || f.PE > 0 && math.Abs(f.PE-potential[i].PE) > 1e-12 {
				t.Fatalf("step %d: net rain %g and %g", i, f.PE, potential[i].PE)
			}
			if f.PE = potential[i].PE; f != potential[i] {
				t.Fatalf("step %d: %+v and %+v", i, f, potential[i])
			}
		}
		if !reflect.DeepEqual(one, two) {
			t.Fatal("the states differ")
		}
	}
}

// TestEachOptionTells holds that each option changes what it is named for, and leaves what comes before it in a step as it was.
func TestEachOptionTells(t *testing.T) {
	p := chengcun()
	p.L, p.C = 3, 0.3
	plain, _ := run(t, p, xaj.Options{}, 6)
	total := func(list []xaj.Flux, of func(xaj.Flux) float64) (sum float64) {
		for _, f := range list {
			sum += of(f)
		}
		return sum
	}
	runoff := func(f xaj.Flux) float64 { return f.R }
	surface := func(f xaj.Flux) float64 { return f.RS }
	outlet := func(f xaj.Flux) float64 { return f.Out }
	deep := func(f xaj.Flux) float64 { return f.ED }
	f := func(name string, o xaj.Options, same, other func(xaj.Flux) float64) {
		t.Helper()
		got, _ := run(t, p, o, 6)
		if a, b := total(got, other), total(plain, other); math.Abs(a-b) <= 1e-5*b {
			t.Errorf("%s changes nothing: %g", name, a)
		}
		if same == nil {
			return
		}
		if a, b := total(got, same), total(plain, same); a != b {
			t.Errorf("%s changes what it should not: %g, was %g", name, a, b)
		}
	}
	f("Slice", xaj.Options{Slice: 1}, runoff, surface)
	f("no slices", xaj.Options{Slice: -1}, runoff, surface)
	f("SliceRunoff", xaj.Options{SliceRunoff: true}, runoff, surface)
	f("FlatFreeWater", xaj.Options{FlatFreeWater: true}, runoff, surface)
	f("Spill", xaj.Options{Excess: xaj.Spill}, runoff, surface)
	f("FreeWaterPerStep", xaj.Options{FreeWaterPerStep: true}, runoff, surface)
	f("RecessionPerStep", xaj.Options{RecessionPerStep: true}, surface, outlet)
	f("ImperviousInCurve", xaj.Options{ImperviousInCurve: true}, nil, runoff)
	f("OpenDeepLayer", xaj.Options{OpenDeepLayer: true}, nil, deep)
	f("NetworkFrom", xaj.Options{NetworkFrom: 200}, surface, outlet)
	f("LagFromZero", xaj.Options{LagFromZero: true}, surface, outlet)
}

// TestFlowIsAtHomeWithAnyStep holds that steady rain gives, in the end, steady flow of the same depth at every step: the unit's flow
// is taken from its step.
func TestFlowIsAtHomeWithAnyStep(t *testing.T) {
	p := chengcun()
	for _, dt := range []float64{1.0 / 12, 0.25, 1, 3, 24} {
		u, err := xaj.NewUnit(p, xaj.Options{}, 100, dt)
		if err != nil {
			t.Fatal(err)
		}
		s := u.Start(20, 60, 40, 0, 0, 0)
		var f xaj.Flux
		for range int(1200 * 24 / dt) {
			u.Step(&s, 12*dt/24, 2*dt/24/p.KC, &f)
		}
		if want := 10.0 * 100 / 86.4; math.Abs(f.Out-want) > 1e-6 {
			t.Errorf("at %g h: %g m³/s, want %g", dt, f.Out, want)
		}
	}
}
