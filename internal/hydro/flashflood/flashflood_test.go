package flashflood_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"anlan/internal/hydro/flashflood"
	"anlan/internal/hydro/xaj"
)

func hills() xaj.Params {
	return xaj.Params{KC: 1, UM: 20, LM: 60, C: 0.15, WM: 110, B: 0.3, IM: 0.02, SM: 20, EX: 1.2, KI: 0.4, KG: 0.3, CS: 1e-4, CI: 0.6, CG: 0.98}
}

func village(t testing.TB, area float64, ready, move float64) *flashflood.Village {
	t.Helper()
	s, err := flashflood.NewSection([]float64{0, 2, 6, 14, 18, 20}, []float64{106, 102, 100, 100, 102, 106}, 0.006, 0.05)
	if err != nil {
		t.Fatal(err)
	}
	v, err := flashflood.NewVillage(hills(), xaj.Options{}, area, 1, 0.5, s, ready, move)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

var (
	windows = []float64{1, 2, 3, 6, 12, 24}
	wetness = []float64{0.3, 0.5, 0.8}
)

// TestCriticalRainIsOrdered holds what the standard's tables all show: more rain for a longer window, less on wet ground, and less to be
// ready than to move.
func TestCriticalRainIsOrdered(t *testing.T) {
	random := rand.New(rand.NewPCG(21, 22))
	for range 30 {
		v := village(t, 25+60*random.Float64(), 100.8+0.4*random.Float64(), 101.3+0.5*random.Float64())
		table, err := v.Critical(windows, wetness, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := range windows {
			for j := range wetness {
				ready, move := table.Ready[i][j], table.Move[i][j]
				if !(ready > 0 && ready <= move) {
					t.Errorf("%g h at %g: ready at %g mm, move at %g", windows[i], wetness[j], ready, move)
				}
				if i > 0 && (ready < table.Ready[i-1][j]-1e-2 || move < table.Move[i-1][j]-1e-2) {
					t.Errorf("%g h at %g takes less rain than %g h", windows[i], wetness[j], windows[i-1])
				}
				if j > 0 && (ready > table.Ready[i][j-1]+1e-2 || move > table.Move[i][j-1]+1e-2) {
					t.Errorf("%g h: wetter ground takes more rain", windows[i])
				}
			}
		}
	}
}

// TestCriticalRainBringsItsPeak holds that the rain of the table brings just the flow of its stage.
func TestCriticalRainBringsItsPeak(t *testing.T) {
	v := village(t, 25, 101.2, 101.8)
	table, err := v.Critical([]float64{3}, []float64{0.5}, nil)
	if err != nil {
		t.Fatal(err)
	}
	peak := func(amount float64) float64 {
		p := hills()
		s := v.Unit.Start(0.5*p.UM, 0.5*p.LM, 0.5*p.DM(), 0, 0, 0)
		rain, flow := make([]float64, 60), make([]float64, 60)
		for i := range 3 {
			rain[i] = amount / 3
		}
		v.Unit.Run(&s, rain, make([]float64, 60), flow)
		top := 0.0
		for _, q := range flow {
			top = math.Max(top, q)
		}
		return top + v.BaseFlow
	}
	for _, c := range [][2]float64{{table.Ready[0][0], v.Ready}, {table.Move[0][0], v.Move}} {
		if q := peak(c[0]); math.Abs(q-c[1]) > 0.01*c[1] {
			t.Errorf("%.1f mm bring %.2f m³/s, the stage has %.2f", c[0], q, c[1])
		}
	}
	t.Logf("3 h: ready at %.1f mm, move at %.1f mm", table.Ready[0][0], table.Move[0][0])
}

// TestSectionByHand holds Manning's flow of a rectangle, and that no flow falls with the level.
func TestSectionByHand(t *testing.T) {
	s, err := flashflood.NewSection([]float64{0, 0, 10, 10}, []float64{5, 0, 0, 5}, 0.0025, 0.03)
	if err != nil {
		t.Fatal(err)
	}
	if want, q := 20*math.Pow(20.0/14, 2.0/3)*0.05/0.03, s.Flow(2); math.Abs(q-want) > 1e-9 {
		t.Errorf("2 m deep it carries %.6f m³/s, by hand %.6f", q, want)
	}
	if q := s.Flow(0); q != 0 {
		t.Errorf("dry it carries %g", q)
	}
	flat, err := flashflood.NewSection([]float64{0, 1, 60, 65, 75, 80, 140, 141}, []float64{8, 3, 3, 0, 0, 3, 3, 8}, 0.004, 0.035)
	if err != nil {
		t.Fatal(err)
	}
	before := 0.0
	for z := 0.0; z < 10; z += 0.01 {
		q := flat.Flow(z)
		if q < before-1e-9 {
			t.Fatalf("at %.2f m the flow falls from %g to %g", z, before, q)
		}
		before = q
	}
}

func TestCheck(t *testing.T) {
	table := &flashflood.Table{Windows: []float64{1, 3}, Wetness: []float64{0.2, 0.8}, Ready: [][]float64{{40, 20}, {60, 40}}, Move: [][]float64{{60, 30}, {90, 60}}}
	f := func(wet float64, want flashflood.Danger, window int, sums ...float64) {
		t.Helper()
		if d, w := table.Check(sums, wet); d != want || d != flashflood.None && w != window {
			t.Errorf("%v at %g: %d by window %d", sums, wet, d, w)
		}
	}
	f(0.5, flashflood.None, 0, 29.9, 49.9)
	f(0.5, flashflood.BeReady, 0, 30, 40)
	f(0.5, flashflood.MoveNow, 1, 31, 75)
	f(0.1, flashflood.None, 0, 39, 59)
	f(0.9, flashflood.MoveNow, 0, 30, 50)
	f(0.5, flashflood.None, 0, math.NaN(), math.NaN())
	never := &flashflood.Table{Windows: []float64{1}, Wetness: []float64{0.5}, Ready: [][]float64{{math.NaN()}}, Move: [][]float64{{math.NaN()}}}
	if d, _ := never.Check([]float64{500}, 0.5); d != flashflood.None {
		t.Error("where no rain is critical, some was")
	}
}

func TestRefusesWhatCannotBe(t *testing.T) {
	v := village(t, 20, 101.2, 101.8)
	for _, c := range []struct{ windows, wetness []float64 }{{[]float64{1.5}, wetness}, {[]float64{0}, wetness}, {windows, []float64{1.2}}, {windows, []float64{0.8, 0.3}}, {windows, []float64{math.NaN()}}} {
		if _, err := v.Critical(c.windows, c.wetness, nil); err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
	if _, err := v.Critical(windows, wetness, func(int) []float64 { return []float64{1} }); err == nil {
		t.Error("a pattern of one step is taken for all")
	}
	if _, err := flashflood.NewRating([]float64{1, 2}, []float64{5, 4}); err == nil {
		t.Error("a rating that falls is taken")
	}
	r, err := flashflood.NewRating([]float64{1, 2}, []float64{5, 40})
	if err != nil {
		t.Fatal(err)
	}
	if q := r.Flow(1.5); q != 22.5 || r.Flow(0) != 0 || r.Flow(3) != 75 {
		t.Errorf("%g, %g, %g", q, r.Flow(0), r.Flow(3))
	}
	if _, err := flashflood.NewVillage(hills(), xaj.Options{}, 20, 1, 50, r, 1.2, 1.1); err == nil {
		t.Error("stages that fall are taken")
	}
}

// BenchmarkCriticalTable tells the time of one village's table: 6 windows, 2 grades, 3 wetnesses.
func BenchmarkCriticalTable(b *testing.B) {
	v := village(b, 25, 101.2, 101.8)
	for b.Loop() {
		if _, err := v.Critical(windows, wetness, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVillages tells the time of 2,168 villages over 72 hours with the check at each hour, on one core.
func BenchmarkVillages(b *testing.B) {
	v := village(b, 25, 101.2, 101.8)
	table, err := v.Critical(windows, wetness, nil)
	if err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	rain, pet := make([]float64, 72), make([]float64, 72)
	for i := range rain {
		rain[i], pet[i] = 12*random.Float64(), 0.1
	}
	warned := 0
	for b.Loop() {
		for range 2168 {
			s := v.Unit.Start(10, 30, 15, 0, 0, 0)
			var f xaj.Flux
			sums := make([]float64, len(windows))
			for h := range rain {
				v.Unit.Step(&s, rain[h], pet[h], &f)
				for i, w := range windows {
					sums[i] += rain[h]
					if h >= int(w) {
						sums[i] -= rain[h-int(w)]
					}
				}
				if d, _ := table.Check(sums, (s.WU+s.WL+s.WD)/110); d > flashflood.None {
					warned++
				}
			}
		}
	}
	b.ReportMetric(float64(warned)/float64(b.N), "warnings/op")
}
