package correct_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"anlan/internal/hydro/correct"
)

// TestLearnsTheErrors makes errors of a known autoregression and holds what is learnt, and that forecasts are nearer than without.
func TestLearnsTheErrors(t *testing.T) {
	for _, phi := range [][]float64{{0.9}, {1.2, -0.4}, {0.6, 0.2, 0.1}} {
		a, err := correct.NewAR(len(phi), 0.995)
		if err != nil {
			t.Fatal(err)
		}
		random := rand.New(rand.NewPCG(4, uint64(len(phi))))
		past := make([]float64, 3)
		var raw, corrected [4]float64
		truth, sim := make([]float64, 3000), make([]float64, 3000)
		for i := range truth {
			e := random.NormFloat64()
			for k, p := range phi {
				e += p * past[k]
			}
			copy(past[1:], past)
			past[0] = e
			sim[i] = 200 + 50*math.Sin(float64(i)/30)
			truth[i] = sim[i] + e
		}
		for i := 0; i < 2990; i++ {
			a.Learn(sim[i], truth[i])
			if i < 500 {
				continue
			}
			for lead, q := range a.Forecast(sim[i+1 : i+5]) {
				raw[lead] += math.Pow(truth[i+1+lead]-sim[i+1+lead], 2)
				corrected[lead] += math.Pow(truth[i+1+lead]-q, 2)
			}
		}
		for k, p := range phi {
			if math.Abs(a.Phi[k]-p) > 0.15 {
				t.Errorf("φ%d of %v is learnt as %.3f", k+1, phi, a.Phi[k])
			}
		}
		for lead := range raw {
			if corrected[lead] > 1.01*raw[lead] || lead > 0 && corrected[lead] < corrected[lead-1] {
				t.Errorf("%v: squared errors %v, corrected %v", phi, raw, corrected)
			}
		}
	}
}

// TestStaysCalm holds that gaps teach nothing, that nothing wild is learnt, and that no flow falls below 0.
func TestStaysCalm(t *testing.T) {
	a, err := correct.NewAR(2, 0.98)
	if err != nil {
		t.Fatal(err)
	}
	if q := a.Forecast([]float64{5, 6}); q[0] != 5 || q[1] != 6 {
		t.Errorf("nothing is known and the forecast is %v", q)
	}
	random := rand.New(rand.NewPCG(8, 8))
	for i := range 5000 {
		o := 100 * random.Float64() * random.Float64()
		if i%7 == 0 {
			o = math.NaN()
		}
		if i%500 == 0 {
			o = 1e6
		}
		a.Learn(50*random.Float64(), o)
		for lead, q := range a.Forecast([]float64{1, 1, 1, 1, 1, 1, 1, 1}) {
			if !(q >= 0) || math.IsInf(q, 0) {
				t.Fatalf("step %d lead %d: %g", i, lead, q)
			}
		}
	}
	far := a.Forecast(make([]float64, 2000))
	if last := far[len(far)-1]; last > 1 {
		t.Errorf("the correction does not die away: %g", last)
	}
	for _, bad := range []struct {
		order  int
		forget float64
	}{{0, 0.98}, {4, 0.98}, {2, 0.5}, {2, math.NaN()}} {
		if _, err := correct.NewAR(bad.order, bad.forget); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}
