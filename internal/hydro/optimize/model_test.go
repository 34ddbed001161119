package optimize_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"anlan/internal/hydro/optimize"
	"anlan/internal/hydro/xaj"
)

// twin is the search for the parameters of a lumped basin whose flow over some days was made by the model itself: 1−NSE after the
// first year, over twelve parameters with KI+KG below 1.
func twin(t testing.TB, days int) optimize.Problem {
	t.Helper()
	truth := xaj.Params{KC: 0.9, UM: 20, LM: 70, C: 0.15, WM: 140, B: 0.3, IM: 0.01, SM: 25, EX: 1.2, KI: 0.4, KG: 0.3, CS: 0.2, CI: 0.7, CG: 0.98}
	random := rand.New(rand.NewPCG(5, 1))
	rain, pet := make([]float64, days), make([]float64, days)
	for i := range rain {
		if random.Float64() < 0.4 {
			rain[i] = -16 * math.Log(1-random.Float64())
		}
		pet[i] = 3 + 2*math.Sin(2*math.Pi*float64(i)/365)
	}
	run := func(p xaj.Params) []float64 {
		u, err := xaj.NewUnit(p, xaj.Options{}, 290, 24)
		if err != nil {
			return nil
		}
		s, flow := u.Start(p.UM, p.LM/2, 0, 0, 0, 1), make([]float64, days)
		u.Run(&s, rain, pet, flow)
		return flow[365:]
	}
	observed := run(truth)
	mean, spread := 0.0, 0.0
	for _, q := range observed {
		mean += q / float64(len(observed))
	}
	for _, q := range observed {
		spread += (q - mean) * (q - mean)
	}
	with := func(x []float64) xaj.Params {
		return xaj.Params{KC: x[0], UM: x[1], LM: x[2], C: x[3], WM: x[1] + x[2] + x[4], B: x[5], IM: 0.01, SM: x[6], EX: x[7], KI: x[8], KG: x[9], CS: 0.2, CI: x[10], CG: x[11]}
	}
	return optimize.Problem{
		Low:      []float64{0.5, 5, 50, 0.05, 20, 0.1, 5, 0.5, 0.05, 0.05, 0.3, 0.9},
		High:     []float64{1.3, 40, 100, 0.3, 100, 0.6, 80, 2, 0.9, 0.9, 0.95, 0.999},
		Feasible: func(x []float64) bool { return x[8]+x[9] < 1 },
		F: func(x []float64) float64 {
			flow := run(with(x))
			if flow == nil {
				return math.NaN()
			}
			off := 0.0
			for i, q := range flow {
				off += (q - observed[i]) * (q - observed[i])
			}
			return off / spread
		},
	}
}

// TestFindsTheModelAgain holds that the flow of a known basin is found again from any seed.
func TestFindsTheModelAgain(t *testing.T) {
	p := twin(t, 730)
	for seed := range uint64(3) {
		r, err := optimize.SCEUA(t.Context(), p, optimize.Settings{Seed: seed, Evaluations: 3000, Complexes: 4})
		if err != nil {
			t.Fatal(err)
		}
		// The sensitive ones are KC, SM, KI and CG; the flow says little of the depth of the layers.
		x := r.Best.X
		if r.Best.F > 1e-4 || math.Abs(x[0]-0.9) > 0.01 || math.Abs(x[6]-25) > 0.5 || math.Abs(x[8]-0.4) > 0.01 || math.Abs(x[11]-0.98) > 0.001 {
			t.Errorf("seed %d: NSE %.6f after %d evaluations (%s)", seed, 1-r.Best.F, r.Evaluations, r.Reason)
		}
		t.Logf("seed %d: 1−NSE %.3g at %.4g after %d evaluations (%s)", seed, r.Best.F, r.Best.X, r.Evaluations, r.Reason)
	}
}

// BenchmarkSearch tells how long 5,000 evaluations of eight daily years take.
func BenchmarkSearch(b *testing.B) {
	p := twin(b, 2922)
	evaluations := 0
	for range b.N {
		r, err := optimize.SCEUA(b.Context(), p, optimize.Settings{Seed: 1, Evaluations: 5000, Loops: 1000, Narrow: 1e-12})
		if err != nil {
			b.Fatal(err)
		}
		evaluations = r.Evaluations
	}
	b.ReportMetric(float64(evaluations), "evaluations")
}
