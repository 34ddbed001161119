package xaj

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestPowerIsWithinItsBound holds the fast power against math.Pow over all shares and exponents that the curves use.
func TestPowerIsWithinItsBound(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	worst := 0.0
	f := func(x, y float64) {
		want := math.Pow(x, y)
		if want == 0 {
			return
		}
		if e := math.Abs(power(x, y)-want) / want; e > worst {
			worst = e
			if e > 1e-13 {
				t.Fatalf("%g to the %g: %g off", x, y, e)
			}
		}
	}
	for range 400_000 {
		y := 0.2 + 4*random.Float64()
		f(random.Float64(), y)
		f(math.Exp(-20*random.Float64()), y)
		f(1-math.Exp(-30*random.Float64()), y)
	}
	for i := range 1 << 12 {
		f(float64(i+1)/(1<<12), 1.3)
		f(math.Nextafter(float64(i+1)/(1<<12), 0), 2.5)
	}
	t.Logf("at most %.2g of it off", worst)
	for _, c := range [][3]float64{{0, 2, 0}, {-1, 2, 0}, {1, 0.3, 1}, {2, 0.3, 1}, {0.5, 100, math.Pow(0.5, 100)}, {1e-310, 1, 1e-310}, {1e-200, 10, 0}} {
		if got := power(c[0], c[1]); got != c[2] {
			t.Errorf("power(%g, %g) = %g, want %g", c[0], c[1], got, c[2])
		}
	}
}

// TestRaiseIsWithinItsBound holds the power of the river network against math.Pow, from trickles of 1e-20 mm/h to a metre an hour.
func TestRaiseIsWithinItsBound(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	worst := 0.0
	for range 400_000 {
		x, a := math.Exp(-46+53*random.Float64()), 8*random.Float64()
		worst = math.Max(worst, math.Abs(raise(x, a)/math.Pow(x, a)-1))
	}
	if t.Logf("at most %.2g of it off", worst); worst > 2e-13 {
		t.Errorf("%g of it off", worst)
	}
}

func BenchmarkPower(b *testing.B) {
	xs := make([]float64, 1024)
	for i := range xs {
		xs[i] = rand.Float64()
	}
	for _, c := range []struct {
		name string
		f    func(x, y float64) float64
	}{{"table", power}, {"math.Pow", math.Pow}} {
		b.Run(c.name, func(b *testing.B) {
			sum := 0.0
			for i := range b.N {
				sum += c.f(xs[i&1023], 0.4)
			}
			if sum == 0 {
				b.Fatal("nothing was computed")
			}
		})
	}
}
