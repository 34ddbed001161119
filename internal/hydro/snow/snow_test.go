package snow_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"anlan/internal/hydro/snow"
)

// TestByHand follows a pack through a week, worked out by hand: 4 mm a degree and day above 0, snow below 0, rain above 2.
func TestByHand(t *testing.T) {
	m, err := snow.New(snow.Params{Factor: 4, Rain: 2, Hold: 0.1, Freeze: 0.25}, 24)
	if err != nil {
		t.Fatal(err)
	}
	var s snow.State
	f := func(p, temperature, out, lies, water float64) {
		t.Helper()
		got := m.Step(&s, p, temperature)
		if math.Abs(got-out) > 1e-12 || math.Abs(s.Snow-lies) > 1e-12 || math.Abs(s.Water-water) > 1e-12 {
			t.Errorf("%g mm at %g °C: %g run, %+v; want %g, %g and %g", p, temperature, got, s, out, lies, water)
		}
	}
	f(20, -5, 0, 20, 0)
	f(10, 1, 1+4+4-2.1+0.1-0.1, 21, 2.1) // half snow, half rain; 4 mm melt: 25−4 = 21 lie, 9 mm are water, a tenth of 21 stays
	f(0, -1, 0, 22, 1.1)                 // a millimetre freezes
	f(0, 10, 22+1.1, 0, 0)               // all of it melts
	f(8, 5, 8, 0, 0)
}

// TestNothingIsLost closes the balance at any step and parameters.
func TestNothingIsLost(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 9))
	for trial := range 100 {
		m, err := snow.New(snow.Params{Factor: 8 * random.Float64(), Melt: random.Float64(), Snow: -random.Float64(), Rain: 2 * random.Float64(), Hold: 0.2 * random.Float64(), Freeze: 0.3 * random.Float64()}, []float64{1, 6, 24}[trial%3])
		if err != nil {
			t.Fatal(err)
		}
		var s snow.State
		in, out := 0.0, 0.0
		for i := range 1000 {
			p := 10 * random.Float64()
			in += p
			out += m.Step(&s, p, 12*math.Sin(float64(i)/50)+4*random.Float64()-2)
			if s.Snow < 0 || s.Water < -1e-12 {
				t.Fatalf("%+v", s)
			}
		}
		if off := math.Abs(in - out - s.Snow - s.Water); off > 1e-9*in {
			t.Errorf("trial %d: %g mm are lost", trial, off)
		}
	}
}

func TestRefusesWhatCannotBe(t *testing.T) {
	for _, p := range []snow.Params{{Factor: -1}, {Factor: math.NaN()}, {Snow: 3, Rain: 1}, {Hold: 0.9}} {
		if _, err := snow.New(p, 24); err == nil {
			t.Errorf("%+v is taken", p)
		}
	}
	if _, err := snow.New(snow.Params{Factor: 3, Rain: 1}, 48); err == nil {
		t.Error("a step of two days is taken")
	}
}
