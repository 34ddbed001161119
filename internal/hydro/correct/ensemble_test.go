package correct_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"anlan/internal/hydro/correct"
)

func wide(n int) (low, high []float64) {
	for range n {
		low, high = append(low, -1e9), append(high, 1e9)
	}
	return low, high
}

// TestUpdateIsKalmans holds the mean and the variance of many members against the filter's formula for one state seen directly, and
// that a state which goes along moves, and one that does not stays.
func TestUpdateIsKalmans(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	low, high := wide(3)
	e := &correct.Ensemble{Low: low, High: high, Seed: 7}
	const n = 40_000
	states, seen := make([][]float64, n), make([]float64, n)
	for i := range states {
		x := 10 + 3*random.NormFloat64()
		states[i] = []float64{x, 2*x + 5, random.NormFloat64()}
		seen[i] = x
	}
	if err := e.Update(states, seen, 16, 4); err != nil {
		t.Fatal(err)
	}
	gain := 9.0 / (9 + 4)
	var mean, twin, apart, variance float64
	for _, s := range states {
		mean, twin, apart = mean+s[0]/n, twin+s[1]/n, apart+s[2]/n
	}
	for _, s := range states {
		variance += (s[0] - mean) * (s[0] - mean) / n
	}
	if want := 10 + gain*6; math.Abs(mean-want) > 0.06 || math.Abs(twin-2*want-5) > 0.12 {
		t.Errorf("means %.3f and %.3f, want %.3f and %.3f", mean, twin, want, 2*want+5)
	}
	if want := (1 - gain) * 9; math.Abs(variance-want) > 0.1 {
		t.Errorf("variance %.3f, want %.3f", variance, want)
	}
	if math.Abs(apart) > 0.05 {
		t.Errorf("what has nothing to do with it moved to %.3f", apart)
	}
}

// TestUpdateKeepsToBoundsAndSeed holds the bounds, that the same seed draws the same, and that a gap changes nothing.
func TestUpdateKeepsToBoundsAndSeed(t *testing.T) {
	run := func(observed float64) [][]float64 {
		e := &correct.Ensemble{Low: []float64{0}, High: []float64{20}, Seed: 3}
		states := [][]float64{{1}, {5}, {9}, {14}}
		if err := e.Update(states, []float64{10, 50, 90, 140}, observed, 1); err != nil {
			t.Fatal(err)
		}
		return states
	}
	if !reflect.DeepEqual(run(100), run(100)) {
		t.Error("the same seed drew otherwise")
	}
	for _, s := range append(run(1e6), run(-1e6)...) {
		if s[0] != 0 && s[0] != 20 {
			t.Errorf("%g lies beyond no bound and was pulled there", s[0])
		}
	}
	if got := run(math.NaN()); !reflect.DeepEqual(got, [][]float64{{1}, {5}, {9}, {14}}) {
		t.Errorf("a gap moved the members to %v", got)
	}
	e := &correct.Ensemble{Low: []float64{0}, High: []float64{1}}
	for _, err := range []error{
		e.Update([][]float64{{1}}, []float64{1}, 1, 1), e.Update([][]float64{{1}, {1}}, []float64{1}, 1, 1), e.Update([][]float64{{1}, {1}}, []float64{1, 1}, 1, 0),
		e.Update([][]float64{{1, 2}, {1, 2}}, []float64{1, 1}, 1, 1), e.Update([][]float64{{1}, {1}}, []float64{1, math.NaN()}, 1, 1),
	} {
		if err == nil {
			t.Error("what cannot be is taken")
		}
	}
}

// BenchmarkUpdate tells the time of 72 hours of 100 members over 40 units of nine states, one gauge.
func BenchmarkUpdate(b *testing.B) {
	low, high := wide(360)
	states, seen := make([][]float64, 100), make([]float64, 100)
	for i := range states {
		states[i] = make([]float64, 360)
		for k := range states[i] {
			states[i][k] = rand.NormFloat64()
		}
		seen[i] = 100 + states[i][0]
	}
	for b.Loop() {
		e := &correct.Ensemble{Low: low, High: high}
		for range 72 {
			if err := e.Update(states, seen, 100, 25); err != nil {
				b.Fatal(err)
			}
		}
	}
}
