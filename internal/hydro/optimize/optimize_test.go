package optimize_test

import (
	"context"
	"math"
	"reflect"
	"sync/atomic"
	"testing"

	"anlan/internal/hydro/optimize"
)

func box(n int, low, high float64) (l, h []float64) {
	for range n {
		l, h = append(l, low), append(h, high)
	}
	return l, h
}

func rosenbrock(x []float64) float64 {
	return 100*math.Pow(x[1]-x[0]*x[0], 2) + math.Pow(1-x[0], 2)
}

func goldsteinPrice(x []float64) float64 {
	a, b := x[0], x[1]
	return (1 + math.Pow(a+b+1, 2)*(19-14*a+3*a*a-14*b+6*a*b+3*b*b)) * (30 + math.Pow(2*a-3*b, 2)*(18-32*a+12*a*a+48*b-36*a*b+27*b*b))
}

func griewank(x []float64) float64 {
	sum, product := 0.0, 1.0
	for i, v := range x {
		sum += v * v / 4000
		product *= math.Cos(v / math.Sqrt(float64(i+1)))
	}
	return 1 + sum - product
}

// TestFindsTheLowestOfKnownFunctions holds ten seeds each on functions with one and with many hollows.
func TestFindsTheLowestOfKnownFunctions(t *testing.T) {
	f := func(name string, n int, low, high float64, value func([]float64) float64, want, slack float64, least int) {
		t.Helper()
		l, h := box(n, low, high)
		found := 0
		for seed := range uint64(10) {
			r, err := optimize.SCEUA(t.Context(), optimize.Problem{Low: l, High: h, F: value}, optimize.Settings{Seed: seed, Evaluations: 20_000, Narrow: 1e-6, Improvement: 1e-9, Complexes: 2 + n})
			if err != nil {
				t.Fatal(err)
			}
			if r.Best.F <= want+slack {
				found++
			}
		}
		if found < least {
			t.Errorf("%s: found with %d of 10 seeds, at least %d are wanted", name, found, least)
		}
	}
	f("Rosenbrock", 2, -5, 5, rosenbrock, 0, 1e-4, 10)
	f("Goldstein and Price", 2, -2, 2, goldsteinPrice, 3, 1e-4, 10)
	f("Griewank in 10", 10, -600, 600, griewank, 0, 1e-3, 9)
	f("sphere in 8", 8, -10, 10, func(x []float64) float64 {
		sum := 0.0
		for i, v := range x {
			sum += math.Pow(v-float64(i), 2)
		}
		return sum
	}, 0, 1e-3, 10)
}

// TestSameSeedSameAnswer holds that the number of workers changes nothing, and that another seed does.
func TestSameSeedSameAnswer(t *testing.T) {
	l, h := box(5, -10, 10)
	run := func(seed uint64, workers int) *optimize.Result {
		r, err := optimize.SCEUA(t.Context(), optimize.Problem{Low: l, High: h, F: griewank}, optimize.Settings{Seed: seed, Workers: workers, Evaluations: 3000})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	one := run(7, 1)
	for _, workers := range []int{2, 3, 8} {
		if r := run(7, workers); !reflect.DeepEqual(one, r) {
			t.Errorf("%d workers found %v, one %v", workers, r.Best, one.Best)
		}
	}
	if reflect.DeepEqual(one.Best, run(8, 1).Best) {
		t.Error("another seed went the same way")
	}
}

// TestConstraintIsNeverBroken holds that F is asked only where it may be.
func TestConstraintIsNeverBroken(t *testing.T) {
	l, h := box(2, 0, 1)
	var broken atomic.Int64
	p := optimize.Problem{
		Low: l, High: h, Feasible: func(x []float64) bool { return x[0]+x[1] < 1 },
		F: func(x []float64) float64 {
			if x[0]+x[1] >= 1 || x[0] < 0 || x[1] > 1 {
				broken.Add(1)
			}
			return math.Pow(x[0]-0.9, 2) + math.Pow(x[1]-0.9, 2)
		},
	}
	r, err := optimize.SCEUA(t.Context(), p, optimize.Settings{Seed: 1, Narrow: 1e-5, Improvement: 1e-8})
	if err != nil || broken.Load() > 0 || math.Abs(r.Best.X[0]-0.5) > 0.02 || math.Abs(r.Best.X[1]-0.5) > 0.02 {
		t.Errorf("%+v, broken %d times, %v", r.Best, broken.Load(), err)
	}
	p.Feasible = func([]float64) bool { return false }
	if _, err := optimize.SCEUA(t.Context(), p, optimize.Settings{}); err == nil {
		t.Error("a search began where nothing may be")
	}
}

// TestStoppedKeepsTheBest holds that a search that is stopped gives what it found, and told how it went.
func TestStoppedKeepsTheBest(t *testing.T) {
	l, h := box(4, -5, 5)
	ctx, stop := context.WithCancel(t.Context())
	var told []optimize.Progress
	r, err := optimize.SCEUA(ctx, optimize.Problem{Low: l, High: h, F: griewank}, optimize.Settings{Seed: 3, Narrow: 1e-12, Improvement: 1e-15, Progress: func(p optimize.Progress) {
		told = append(told, p)
		if len(told) == 4 {
			stop()
		}
	}})
	if err != nil || r.Reason != optimize.Stopped || len(told) < 4 {
		t.Fatalf("%+v, %v, told %d times", r, err, len(told))
	}
	for i := 1; i < len(told); i++ {
		if told[i].Best.F > told[i-1].Best.F || told[i].Evaluations < told[i-1].Evaluations {
			t.Errorf("it got worse: %+v", told)
		}
	}
	if r.Best.F > told[0].Best.F {
		t.Errorf("the best is lost: %g, was %g", r.Best.F, told[0].Best.F)
	}
}

// TestStoppedAmongTheFirstPoints holds that a search stopped before its first shuffle keeps what it has asked for, too.
func TestStoppedAmongTheFirstPoints(t *testing.T) {
	l, h := box(4, -5, 5)
	ctx, stop := context.WithCancel(t.Context())
	asked, best := 0, math.Inf(1)
	r, err := optimize.SCEUA(ctx, optimize.Problem{Low: l, High: h, F: func(x []float64) float64 {
		if asked++; asked == 5 {
			stop()
		}
		f := griewank(x)
		best = math.Min(best, f)
		return f
	}}, optimize.Settings{Seed: 3, Workers: 1})
	if err != nil || r.Reason != optimize.Stopped || r.Best.F != best || r.Evaluations != asked {
		t.Errorf("%+v, %v, want %g of %d", r, err, best, asked)
	}
	if _, err := optimize.SCEUA(ctx, optimize.Problem{Low: l, High: h, F: griewank}, optimize.Settings{}); err == nil {
		t.Error("a search that had not begun has an answer")
	}
}

func TestStartAndStrangeValues(t *testing.T) {
	l, h := box(2, -5, 5)
	p := optimize.Problem{Low: l, High: h, F: func(x []float64) float64 {
		if x[0] < 0 {
			return math.NaN()
		}
		return rosenbrock(x)
	}}
	r, err := optimize.SCEUA(t.Context(), p, optimize.Settings{Start: []float64{1, 1}, Evaluations: 100})
	if err != nil || r.Best.F != 0 || r.Best.X[0] != 1 {
		t.Errorf("the start is lost: %+v, %v", r, err)
	}
	for _, bad := range []optimize.Problem{{}, {Low: []float64{0}, High: []float64{0}}, {Low: []float64{0}, High: []float64{math.Inf(1)}}, {Low: []float64{0}, High: []float64{1, 2}}} {
		if _, err := optimize.SCEUA(t.Context(), bad, optimize.Settings{}); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
	if _, err := optimize.SCEUA(t.Context(), p, optimize.Settings{Start: []float64{9, 9}}); err == nil {
		t.Error("a start outside the bounds is taken")
	}
}

// What was asked for near the best is the same on one worker and on four.
func TestNearIsTheSameOnAnyNumberOfWorkers(t *testing.T) {
	bowl := optimize.Problem{Low: []float64{-3, -3}, High: []float64{3, 3}, F: func(x []float64) float64 { return 1 + x[0]*x[0] + 3*x[1]*x[1] }}
	f := func(workers int) []optimize.Point {
		t.Helper()
		r, err := optimize.SCEUA(t.Context(), bowl, optimize.Settings{Seed: 3, Complexes: 4, Evaluations: 300, Workers: workers, Keep: true})
		if err != nil {
			t.Fatal(err)
		}
		return r.Near(0.1)
	}
	one, four := f(1), f(4)
	if len(one) < 20 || one[0].F > one[1].F || one[len(one)-1].F > 1.1*one[0].F+1e-12 {
		t.Errorf("%d points near the best", len(one))
	}
	if !reflect.DeepEqual(one, four) {
		t.Errorf("%d points on one worker, %d on four, or others", len(one), len(four))
	}
}
