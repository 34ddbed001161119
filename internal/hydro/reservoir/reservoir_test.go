package reservoir_test

import (
	"encoding/csv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"anlan/internal/hydro/reservoir"
)

// columns reads the numbers of a table of the shared folder, or skips.
func columns(t *testing.T, name string) [][]float64 {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "..", "shared", "hydro", name))
	if err != nil {
		t.Skipf("the reference tables are not here: %v", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := make([][]float64, len(rows[0]))
	for _, row := range rows[1:] {
		for i, cell := range row {
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				t.Fatal(err)
			}
			out[i] = append(out[i], v)
		}
	}
	return out
}

// TestFreeOutflowEqualsTheReference routes a design flood of a large reservoir with all gates open, as an outside program did.
func TestFreeOutflowEqualsTheReference(t *testing.T) {
	table, want := columns(t, "data/reservoir_level_storage_outflow.csv"), columns(t, "reference/reservoir_levelpool_free.csv")
	for i := range table[1] {
		table[1][i] *= 100 // 10⁸ m³ in million m³
	}
	c, err := reservoir.NewCurve(table[0], table[1], table[2])
	if err != nil {
		t.Fatal(err)
	}
	r, err := reservoir.Route(c, want[1], 1, 214, reservoir.Options{Rule: reservoir.Free()})
	if err != nil {
		t.Fatal(err)
	}
	worst, flow := 0.0, 0.0
	for i := range r.Level {
		worst, flow = math.Max(worst, math.Abs(r.Level[i]-want[2][i])), math.Max(flow, math.Abs(r.Outflow[i]-want[4][i]))
	}
	if worst > 1e-3 || r.HighestAt != 64 || math.Abs(r.Highest-217.144) > 1e-3 || math.Abs(r.Most-3860.4) > 0.5 || r.VolumeError > 1e-12 {
		t.Errorf("at most %.2g m off, highest %.4f m at hour %d, most %.1f m³/s, volume error %.2g", worst, r.Highest, r.HighestAt, r.Most, r.VolumeError)
	}
	t.Logf("levels at most %.2g m off, outflows %.2g m³/s, %d sub-steps for %d hours", worst, flow, r.Steps, len(r.Level)-1)
}

func small(t *testing.T) *reservoir.Curve {
	t.Helper()
	c, err := reservoir.NewCurve([]float64{100, 105, 110, 115, 120}, []float64{2, 10, 25, 45, 70}, []float64{0, 120, 300, 700, 1500})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func flood(n int, base, peak float64) []float64 {
	q := make([]float64, n)
	for i := range q {
		x := float64(i) / float64(n) * 6
		q[i] = base + (peak-base)*x*math.Exp(1-x)
	}
	return q
}

// TestRules holds what each rule promises.
func TestRules(t *testing.T) {
	c, in := small(t), flood(72, 20, 900)
	route := func(o reservoir.Options) *reservoir.Result {
		t.Helper()
		r, err := reservoir.Route(c, in, 1, 106, o)
		if err != nil {
			t.Fatal(err)
		}
		if r.VolumeError > 1e-12 {
			t.Errorf("volume error %g", r.VolumeError)
		}
		return r
	}
	steady := route(reservoir.Options{Rule: reservoir.Constant(100)})
	for i, q := range steady.Outflow {
		if math.Abs(q-100) > 1e-6 {
			t.Errorf("hour %d: %g m³/s is let out, not 100", i, q)
		}
	}
	lateral := flood(72, 10, 250)
	safe := route(reservoir.Options{Rule: reservoir.SafeFlow(300), Lateral: lateral})
	for i, q := range safe.Outflow {
		if q+lateral[i] > 300+1e-6 {
			t.Errorf("hour %d: %g and %g m³/s below the dam", i, q, lateral[i])
		}
	}
	mild := flood(72, 20, 200)
	held, err := reservoir.Route(c, mild, 1, 106, reservoir.Options{Rule: reservoir.Constant(50), Limit: 108})
	if err != nil {
		t.Fatal(err)
	}
	reached := 0
	for i, z := range held.Level {
		if z > 108+1e-3 {
			t.Errorf("hour %d: %.4f m stands over the limit, %.1f of %.1f m³/s is let out", i, z, held.Outflow[i], mild[i])
		}
		if math.Abs(z-108) < 1e-3 {
			if reached++; reached > 1 && mild[i] > 60 && math.Abs(held.Outflow[i]-mild[i]) > 1 {
				t.Errorf("hour %d: %.1f m³/s come and %.1f go at the limit", i, mild[i], held.Outflow[i])
			}
		}
	}
	if reached < 5 {
		t.Errorf("the limit was held for %d hours", reached)
	}
	free := route(reservoir.Options{Rule: reservoir.Free()})
	if free.Highest >= safe.Highest || free.Most >= 900 {
		t.Errorf("open gates keep %g m, held ones %g", free.Highest, safe.Highest)
	}
	rule, err := reservoir.Schedule([]float64{10, 20}, []float64{0, 100})
	if err != nil {
		t.Fatal(err)
	}
	planned := route(reservoir.Options{Rule: rule})
	for hour, want := range map[int]float64{5: 0, 15: 50, 20: 100, 60: 100} {
		if math.Abs(planned.Outflow[hour]-want) > 1 {
			t.Errorf("hour %d: %g m³/s, planned were %g", hour, planned.Outflow[hour], want)
		}
	}
	rule, err = reservoir.Gates([]float64{10, 30}, []float64{0, 1})
	if err != nil {
		t.Fatal(err)
	}
	gates := route(reservoir.Options{Rule: rule})
	open := c.CapacityAt(gates.Storage[60])
	if gates.Outflow[5] != 0 || gates.Outflow[29] != 0 || math.Abs(gates.Outflow[60]-open) > 0.01*open {
		t.Errorf("closed gates let out %g and %g m³/s, open ones %g of %g", gates.Outflow[5], gates.Outflow[29], gates.Outflow[60], open)
	}
	if _, err := reservoir.Gates([]float64{0, 1}, []float64{0.5, 1.5}); err == nil {
		t.Error("a gate opens by more than the whole")
	}
}

// TestBalanceOfRandomFloods holds the volume and the bounds for random reservoirs, floods and steps.
func TestBalanceOfRandomFloods(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	for trial := range 200 {
		level, storage, capacity := []float64{50}, []float64{random.Float64()}, []float64{0.0}
		for range 2 + random.IntN(12) {
			level = append(level, level[len(level)-1]+0.5+5*random.Float64())
			storage = append(storage, storage[len(storage)-1]+0.1+20*random.Float64())
			capacity = append(capacity, capacity[len(capacity)-1]+400*random.Float64())
		}
		c, err := reservoir.NewCurve(level, storage, capacity)
		if err != nil {
			t.Fatal(err)
		}
		in := flood(40, 5*random.Float64(), 600*random.Float64()+6)
		o := reservoir.Options{Rule: []reservoir.Rule{reservoir.Free(), reservoir.Constant(80), reservoir.SafeFlow(150)}[trial%3]}
		if trial%2 == 0 {
			o.Limit = level[1]
		}
		r, err := reservoir.Route(c, in, []float64{0.25, 1, 3, 6}[trial%4], level[0]+0.3*(level[1]-level[0]), o)
		if err != nil {
			t.Fatal(err)
		}
		if r.VolumeError > 1e-9 {
			t.Errorf("trial %d: %g of the inflow is lost", trial, r.VolumeError)
		}
		for i, q := range r.Outflow {
			if q < 0 || math.IsNaN(r.Level[i]) || r.Storage[i] < -1e-9 {
				t.Fatalf("trial %d step %d: %g m³/s, %g m, %g million m³", trial, i, q, r.Level[i], r.Storage[i])
			}
		}
	}
}

func TestRefusesWhatCannotBe(t *testing.T) {
	c := small(t)
	free := reservoir.Options{Rule: reservoir.Free()}
	f := func(in []float64, dt, start float64, o reservoir.Options) {
		t.Helper()
		if _, err := reservoir.Route(c, in, dt, start, o); err == nil {
			t.Errorf("%v at %g from %g is taken", in, dt, start)
		}
	}
	f([]float64{1, math.NaN()}, 1, 106, free)
	f([]float64{1, -1}, 1, 106, free)
	f([]float64{1}, 1, 106, free)
	f([]float64{1, 1}, 0, 106, free)
	f([]float64{1, 1}, 1, 99, free)
	f([]float64{1, 1}, 1, 106, reservoir.Options{})
	f([]float64{1, 1}, 1, 106, reservoir.Options{Rule: reservoir.Free(), Limit: 200})
	f([]float64{1, 1}, 1, 106, reservoir.Options{Rule: reservoir.Free(), Lateral: []float64{1}})
	for _, bad := range [][3][]float64{{{1}, {1}, {1}}, {{1, 1}, {1, 2}, {0, 1}}, {{1, 2}, {2, 1}, {0, 1}}, {{1, 2}, {1, 2}, {1, 0}}, {{1, 2}, {1, math.NaN()}, {0, 1}}} {
		if _, err := reservoir.NewCurve(bad[0], bad[1], bad[2]); err == nil {
			t.Errorf("%v is taken", bad)
		}
	}
}
