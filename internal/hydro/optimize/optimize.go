// Package optimize finds the parameters at which a function is lowest: the shuffled complex evolution (SCE-UA, Duan, Sorooshian and
// Gupta 1992), for functions of a few to a few dozen parameters that have many hollows and no slopes, such as a model's error.
//
// The same seed gives the same answer on any number of workers: complexes evolve apart, each with a random sequence of its own.
package optimize

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"anlan/internal/fault"
)

// Problem is what is sought: the lowest F within bounds. F is asked from many goroutines at once; NaN counts as worst.
type Problem struct {
	Low, High []float64
	F         func(x []float64) float64
	// Feasible, where set, tells which points within the bounds may be; F is never asked for another.
	Feasible func(x []float64) bool
}

// Settings of a search; the zero value of each takes the default in brackets.
type Settings struct {
	Seed        uint64
	Complexes   int       // [a third of the parameters, 2 to 20: more of them spend ten thousand evaluations without coming to rest]
	Evaluations int       // at most, and a few of those under way [10 000]
	Loops       int       // shuffles over which too little improvement ends the search [10]
	Improvement float64   // which is too little, as a share of the value [0.001]
	Narrow      float64   // mean range of the points, as a share of the bounds, that ends the search [0.001]
	Workers     int       // [as many as processors]
	Start       []float64 // a point to begin with, among others
	Keep        bool      // whether every point asked for is kept, for Result.Near
	// Progress is called after each shuffle.
	Progress func(Progress)
}

// Progress tells how far a search is.
type Progress struct {
	Evaluations, Shuffles int
	Best                  Point
}

// Point is parameters and the value there.
type Point struct {
	X []float64
	F float64
}

// Reason is why a search ended.
type Reason string

// The reasons.
const (
	Spent     Reason = "evaluations" // as many as were allowed
	Settled   Reason = "settled"     // no better for a while
	Converged Reason = "converged"   // all points are close together
	Stopped   Reason = "stopped"     // by the context; the best so far is kept
)

// Result is the best point, and all points at the end, best first.
type Result struct {
	Best                  Point
	Points                []Point
	Evaluations, Shuffles int
	Reason                Reason
	asked                 []Point
}

// Near are the points asked for whose value is worse than the best by at most a share of it, the best first: the same ones on any number
// of workers. Settings.Keep keeps them.
func (r *Result) Near(share float64) []Point {
	var out []Point
	for _, p := range r.asked {
		if p.F <= r.Best.F+share*math.Abs(r.Best.F) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b Point) int { return cmp.Or(cmp.Compare(a.F, b.F), slices.Compare(a.X, b.X)) })
	return out
}

// SCEUA searches. It fails only where no search can begin; stopped by the context it returns what it has.
func SCEUA(ctx context.Context, p Problem, s Settings) (*Result, error) {
	e, err := newSearch(p, s)
	if err != nil {
		return nil, err
	}
	if err := e.begin(ctx); err != nil {
		return nil, err
	}
	var bests []float64
	for {
		slices.SortStableFunc(e.points, func(a, b Point) int { return cmp.Compare(a.F, b.F) })
		bests = append(bests, e.points[0].F)
		if e.Progress != nil {
			e.Progress(Progress{e.evaluations, e.shuffles, e.points[0].clone()})
		}
		if why := e.ended(ctx, bests); why != "" {
			return &Result{e.points[0], e.points, e.evaluations, e.shuffles, why, e.asked}, nil
		}
		e.evolve(ctx)
		e.shuffles++
	}
}

type search struct {
	Problem
	Settings
	n, size               int // parameters, points of a complex
	points                []Point
	evaluations, shuffles int
	mu                    sync.Mutex // guards asked
	asked                 []Point
}

func newSearch(p Problem, s Settings) (*search, error) {
	n := len(p.Low)
	if n == 0 || len(p.High) != n || s.Start != nil && len(s.Start) != n {
		return nil, fault.Invalidf("optimize.bounds", "上下限须成对给出", "there is one lower and one upper bound for each parameter, and one start where any")
	}
	for i := range n {
		if !(p.Low[i] < p.High[i]) || math.IsInf(p.High[i]-p.Low[i], 0) {
			return nil, fault.Invalidf("optimize.bounds", "第 %d 个参数的范围 %g–%g 有误", "the bounds of parameter %d, %g to %g, cannot be", i+1, p.Low[i], p.High[i])
		}
	}
	or := func(v *int, fallback int) {
		if *v <= 0 {
			*v = fallback
		}
	}
	or(&s.Complexes, min(max(2, n/3), 20))
	or(&s.Evaluations, 10_000)
	or(&s.Loops, 10)
	or(&s.Workers, runtime.GOMAXPROCS(0))
	if s.Improvement <= 0 {
		s.Improvement = 0.001
	}
	if s.Narrow <= 0 {
		s.Narrow = 0.001
	}
	return &search{Problem: p, Settings: s, n: n, size: 2*n + 1}, nil
}

// source is the random sequence of one complex at one shuffle, whatever worker takes it.
func (e *search) source(shuffle, complex int) *rand.Rand {
	return rand.New(rand.NewPCG(e.Seed, uint64(shuffle)<<32|uint64(complex)))
}

func (e *search) value(x []float64) float64 {
	f := e.F(x)
	if math.IsNaN(f) {
		f = math.Inf(1)
	}
	if e.Keep {
		e.mu.Lock()
		e.asked = append(e.asked, Point{slices.Clone(x), f})
		e.mu.Unlock()
	}
	return f
}

func (e *search) within(x []float64) bool {
	for i, v := range x {
		if !(v >= e.Low[i] && v <= e.High[i]) {
			return false
		}
	}
	return e.Feasible == nil || e.Feasible(x)
}

// tries bounds how often a feasible point is drawn for.
const tries = 10_000

// draw makes a random feasible point within a box.
func (e *search) draw(r *rand.Rand, low, high []float64) ([]float64, bool) {
	x := make([]float64, e.n)
	for range tries {
		for i := range x {
			x[i] = low[i] + (high[i]-low[i])*r.Float64()
		}
		if e.within(x) {
			return x, true
		}
	}
	return nil, false
}

// begin draws the first points and asks for their values.
func (e *search) begin(ctx context.Context) error {
	r := e.source(0, 1<<20)
	e.points = make([]Point, e.Complexes*e.size)
	for i := range e.points {
		x, ok := e.draw(r, e.Low, e.High)
		if !ok {
			return fault.Invalidf("optimize.feasible", "在范围内找不到满足约束的点", "no point within the bounds meets the constraint")
		}
		e.points[i].X, e.points[i].F = x, math.Inf(1)
	}
	if e.Start != nil {
		if !e.within(e.Start) {
			return fault.Invalidf("optimize.start", "起始点不在范围内或不满足约束", "the start lies outside the bounds or does not meet the constraint")
		}
		e.points[0].X = slices.Clone(e.Start)
	}
	asked := make([]bool, len(e.points))
	e.each(ctx, len(e.points), func(i int) { e.points[i].F, asked[i] = e.value(e.points[i].X), true })
	for _, was := range asked {
		if was {
			e.evaluations++
		}
	}
	if e.evaluations == 0 {
		return fmt.Errorf("begin the search: %w", ctx.Err())
	}
	return nil
}

// each does n pieces of work on the workers; what has not begun when the context ends is left out.
func (e *search) each(ctx context.Context, n int, do func(i int)) {
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(e.Workers, n) {
		wg.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	wg.Wait()
}

// ended tells why the search is over, if it is.
func (e *search) ended(ctx context.Context, bests []float64) Reason {
	switch {
	case ctx.Err() != nil:
		return Stopped
	case e.evaluations >= e.Evaluations:
		return Spent
	case e.width() < e.Narrow:
		return Converged
	}
	if n := len(bests); n > e.Loops {
		was, sum := bests[n-1-e.Loops], 0.0
		for _, b := range bests[n-e.Loops:] {
			sum += math.Abs(b)
		}
		if mean := sum / float64(e.Loops); was-bests[n-1] <= e.Improvement*mean {
			return Settled
		}
	}
	return ""
}

// width is the geometric mean of the points' range in each parameter, as a share of its bounds.
func (e *search) width() float64 {
	var sum float64
	for i := range e.n {
		low, high := math.Inf(1), math.Inf(-1)
		for _, p := range e.points {
			low, high = math.Min(low, p.X[i]), math.Max(high, p.X[i])
		}
		sum += math.Log(math.Max(high-low, 1e-300) / (e.High[i] - e.Low[i]))
	}
	return math.Exp(sum / float64(e.n))
}

// evolve deals the sorted points to the complexes, lets each evolve, and gathers them.
func (e *search) evolve(ctx context.Context) {
	complexes, asked := make([][]Point, e.Complexes), make([]int, e.Complexes)
	for c := range complexes {
		for i := c; i < len(e.points); i += e.Complexes {
			complexes[c] = append(complexes[c], e.points[i])
		}
	}
	budget := (e.Evaluations - e.evaluations + e.Complexes - 1) / e.Complexes
	e.each(ctx, e.Complexes, func(c int) { asked[c] = e.compete(ctx, complexes[c], e.source(e.shuffles+1, c), budget) })
	for c, list := range complexes {
		for i, p := range list {
			e.points[c+i*e.Complexes] = p
		}
		e.evaluations += asked[c]
	}
}

// compete lets a complex evolve as often as it has points (competitive complex evolution), within a budget of evaluations, and
// returns how often F was asked.
func (e *search) compete(ctx context.Context, points []Point, r *rand.Rand, budget int) int {
	asked := 0
	for range len(points) {
		if asked >= budget || ctx.Err() != nil {
			break
		}
		parents := e.parents(r, len(points))
		worst := parents[len(parents)-1]
		next, n := e.offspring(points, parents, r)
		asked += n
		points[worst] = next
		slices.SortStableFunc(points, func(a, b Point) int { return cmp.Compare(a.F, b.F) })
	}
	return asked
}

// parents chooses n+1 different points of a complex, the better ones more often, and returns their places, best first.
func (e *search) parents(r *rand.Rand, m int) []int {
	chosen := make([]int, 0, e.n+1)
	for len(chosen) < e.n+1 {
		// Triangular: the chance of place i falls in proportion to m − i.
		i := int(float64(m) + 0.5 - math.Sqrt((float64(m)+0.5)*(float64(m)+0.5)-float64(m)*float64(m+1)*r.Float64()))
		if i = min(max(i, 0), m-1); !slices.Contains(chosen, i) {
			chosen = append(chosen, i)
		}
	}
	slices.Sort(chosen)
	return chosen
}

// offspring is what takes the place of the worst parent: its reflection, else a contraction, else a random point of the complex's box.
func (e *search) offspring(points []Point, parents []int, r *rand.Rand) (next Point, asked int) {
	worst := points[parents[len(parents)-1]]
	centre := make([]float64, e.n)
	for _, i := range parents[:len(parents)-1] {
		for k, v := range points[i].X {
			centre[k] += v / float64(len(parents)-1)
		}
	}
	toward := func(share float64) []float64 {
		x := make([]float64, e.n)
		for k := range x {
			x[k] = centre[k] + share*(centre[k]-worst.X[k])
		}
		return x
	}
	for _, share := range [2]float64{1, -0.5} {
		x := toward(share)
		if !e.within(x) {
			if share < 0 {
				continue
			}
			var ok bool
			if x, ok = e.mutation(points, r); !ok {
				continue
			}
		}
		asked++
		if f := e.value(x); f < worst.F {
			return Point{x, f}, asked
		}
	}
	x, ok := e.mutation(points, r)
	if !ok {
		return worst, asked
	}
	return Point{x, e.value(x)}, asked + 1
}

// mutation draws a point within the smallest box that holds the complex.
func (e *search) mutation(points []Point, r *rand.Rand) ([]float64, bool) {
	low, high := slices.Clone(points[0].X), slices.Clone(points[0].X)
	for _, p := range points[1:] {
		for k, v := range p.X {
			low[k], high[k] = math.Min(low[k], v), math.Max(high[k], v)
		}
	}
	return e.draw(r, low, high)
}

func (p Point) clone() Point { return Point{slices.Clone(p.X), p.F} }
