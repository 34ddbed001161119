package xaj_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"anlan/internal/hydro/xaj"
)

// weather is a made-up series of rain and evaporation in mm: wet spells and dry ones.
func weather(random *rand.Rand, n int, scale float64) (rain, pet []float64) {
	rain, pet = make([]float64, n), make([]float64, n)
	wet := false
	for i := range rain {
		if random.Float64() < 0.25 {
			wet = !wet
		}
		if wet {
			rain[i] = scale * 20 * -math.Log(1-random.Float64())
		}
		pet[i] = scale * 6 * random.Float64()
	}
	return rain, pet
}

func randomParams(random *rand.Rand) xaj.Params {
	in := func(a, b float64) float64 { return a + (b-a)*random.Float64() }
	both, share := in(0.1, 0.95), in(0, 1)
	p := xaj.Params{
		KC: in(0.5, 1.3), UM: in(0, 40), LM: in(0, 100), C: in(0, 0.3), B: in(0.05, 0.8), IM: in(0, 0.3), SM: in(1, 80), EX: in(0.2, 2), KI: both * share,
		KG: both * (1 - share), CS: in(0, 0.8), CI: in(0, 0.98), CG: in(0.5, 0.999), CR: in(0, 0.8), L: in(0, 30), KE: 0, XE: 0.3,
	}
	p.WM = p.UM + p.LM + in(5, 150)
	return p
}

// TestWaterBalance closes the balance of random basins at random steps to 1e-9 of the rain: what fell is evaporated, has run off, or is
// still there; and what ran off is in the flow or in the linear stores.
func TestWaterBalance(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for trial := range 300 {
		p := randomParams(random)
		dt := []float64{1.0 / 12, 0.5, 1, 3, 6, 24}[trial%6]
		// Every convention but the two that lose water.
		o := xaj.Options{
			Excess: xaj.Excess(trial / 6 % 2), FlatFreeWater: trial%5 == 0, SliceRunoff: trial%4 == 0, Slice: []float64{0, -1, 1}[trial%3],
			FreeWaterPerStep: trial%7 == 0, RecessionPerStep: trial%8 == 0, ImperviousInCurve: trial%11 == 0, ActualNetRain: trial%13 == 0,
		}
		p.L = 0
		if trial%9 == 0 {
			p.NM, p.NK, p.KL = 1+4*random.Float64(), 2+30*random.Float64(), 0.3*random.Float64()
		}
		u, err := xaj.NewUnit(p, o, 100, dt)
		if err != nil {
			t.Fatal(err)
		}
		rain, pet := weather(random, 800, dt/24)
		s := u.Start(p.UM*random.Float64(), p.LM*random.Float64(), p.DM()*random.Float64(), p.SM*random.Float64()*0.3, random.Float64(), 0)
		pervious := 1 - p.IM
		held := func() float64 { return pervious * (s.WU + s.WL + s.WD + s.S*s.FR) }
		mm := 3.6 * dt / 100
		share := dt / 24
		if o.RecessionPerStep {
			share = 1
		}
		store := func(q, c float64) float64 { c = math.Pow(c, share); return q * c / (1 - c) * mm }
		network := func(q float64) float64 {
			if p.NM > 0 {
				return p.NK * math.Pow(q*3.6/100, 1/p.NM)
			}
			return store(q, p.CR)
		}
		stored := func() float64 { return store(s.QS, p.CS) + store(s.QI, p.CI) + store(s.QG, p.CG) + network(s.QU) }
		before, beforeStored := held(), stored()
		var fell, gone, ran, lost, flowed float64
		for i := range rain {
			var f xaj.Flux
			u.Step(&s, rain[i], pet[i], &f)
			fell += rain[i]
			gone += pervious*(f.EU+f.EL+f.ED) + p.IM*math.Min(rain[i], f.EP)
			ran += pervious*(f.RS+f.RI+f.RG-f.RL) + f.RIM
			lost += pervious * f.RL
			flowed += f.Out * mm
			if f.Out < 0 || f.RS < 0 || f.RI < 0 || f.RG < 0 || f.ED < 0 || math.IsNaN(f.Out) {
				t.Fatalf("trial %d step %d: %+v of %+v", trial, i, f, p)
			}
			if err := u.Check(s); err != nil {
				t.Fatalf("trial %d step %d: %v", trial, i, err)
			}
		}
		if off := math.Abs(fell - gone - ran - lost - (held() - before)); off > 1e-9*fell {
			t.Errorf("trial %d at %g h: %g mm of %g are lost in the soil: %+v", trial, dt, off, fell, p)
		}
		if off := math.Abs(ran - flowed - (stored() - beforeStored)); off > 1e-9*fell {
			t.Errorf("trial %d at %g h: %g mm of %g are lost on the way: %+v", trial, dt, off, ran, p)
		}
	}
}

// TestRunCutAndContinued holds that a run cut anywhere and taken up from its state gives the same bits.
func TestRunCutAndContinued(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 50 {
		u, err := xaj.NewUnit(randomParams(random), xaj.Options{}, 250, 1)
		if err != nil {
			t.Fatal(err)
		}
		rain, pet := weather(random, 500, 0.2)
		cut := random.IntN(500)
		whole, parts := make([]float64, 500), make([]float64, 500)
		one, two := u.Start(5, 10, 5, 1, 0.2, 3), u.Start(5, 10, 5, 1, 0.2, 3)
		u.Run(&one, rain, pet, whole)
		u.Run(&two, rain[:cut], pet[:cut], parts[:cut])
		two = two.Clone()
		u.Run(&two, rain[cut:], pet[cut:], parts[cut:])
		if !reflect.DeepEqual(whole, parts) || !reflect.DeepEqual(one, two) {
			t.Fatalf("cut at %d, the run is another", cut)
		}
	}
}

// TestStepsTellTheSameStory holds that a day's rain, spread over shorter steps, runs off to nearly the same volume: the coefficients are
// turned from a day's.
func TestStepsTellTheSameStory(t *testing.T) {
	p := chengcun()
	volume := map[float64]float64{}
	for _, dt := range []float64{24, 6, 1, 1.0 / 12} {
		u, err := xaj.NewUnit(p, xaj.Options{}, 290, dt)
		if err != nil {
			t.Fatal(err)
		}
		s := u.Start(15, 50, 30, 5, 0.3, 2)
		n := int(24 / dt)
		for day := range 60 {
			rain := 0.0
			if day%6 == 0 {
				rain = 40
			}
			for range n {
				var f xaj.Flux
				u.Step(&s, rain/float64(n), 3/float64(n), &f)
				volume[dt] += f.Out * dt * 3.6 / 290
			}
		}
	}
	for dt, v := range volume {
		if math.Abs(v-volume[24]) > 0.06*volume[24] {
			t.Errorf("at %g h %.1f mm run off, at a day %.1f", dt, v, volume[24])
		}
	}
}

func TestLagDelays(t *testing.T) {
	p := chengcun()
	p.CS, p.CR, p.L = 0, 0, 36
	plain := p
	plain.L = 0
	late, err := xaj.NewUnit(p, xaj.Options{}, 100, 24)
	if err != nil {
		t.Fatal(err)
	}
	soon, err := xaj.NewUnit(plain, xaj.Options{}, 100, 24)
	if err != nil {
		t.Fatal(err)
	}
	rain, pet := weather(rand.New(rand.NewPCG(1, 1)), 100, 1)
	a, b := make([]float64, 100), make([]float64, 100)
	sa, sb := late.Start(10, 30, 20, 0, 0, 0), soon.Start(10, 30, 20, 0, 0, 0)
	late.Run(&sa, rain, pet, a)
	soon.Run(&sb, rain, pet, b)
	for i := 2; i < 100; i++ {
		if want := (b[i-1] + b[i-2]) / 2; math.Abs(a[i]-want) > 1e-9 {
			t.Fatalf("step %d: %g, a day and a half before it was %g", i, a[i], want)
		}
	}
}

func TestRefusesWhatCannotBe(t *testing.T) {
	f := func(change func(*xaj.Params), area, dt float64, want string) {
		t.Helper()
		p := chengcun()
		change(&p)
		_, err := xaj.NewUnit(p, xaj.Options{}, area, dt)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q: %v", want, err)
		}
	}
	f(func(p *xaj.Params) { p.KI, p.KG = 0.6, 0.5 }, 100, 24, "KI+KG is 1.1")
	f(func(p *xaj.Params) { p.WM = 50 }, 100, 24, "less than UM 20 and LM 60")
	f(func(p *xaj.Params) { p.B = math.NaN() }, 100, 24, "B: NaN is not within")
	f(func(p *xaj.Params) { p.SM = -1 }, 100, 24, "SM: -1 is not within")
	f(func(*xaj.Params) {}, 0, 24, "an area of 0")
	f(func(*xaj.Params) {}, 100, 48, "a step of 48 h")
	f(func(*xaj.Params) {}, 100, 0, "a step of 0 h")
}

func TestStepAllocatesNothing(t *testing.T) {
	u, s, rain, pet := lumped(t, 24)
	flow := make([]float64, len(rain))
	if n := testing.AllocsPerRun(10, func() { u.Run(&s, rain, pet, flow) }); n != 0 {
		t.Errorf("a run allocates %g times", n)
	}
}

func lumped(t testing.TB, dt float64) (u *xaj.Unit, s xaj.State, rain, pet []float64) {
	t.Helper()
	u, err := xaj.NewUnit(chengcun(), xaj.Options{}, 290, dt)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(9, 9))
	rain, pet = weather(random, 2922, dt/24)
	for i := range rain {
		rain[i] *= 0.63 // 6.3 mm a day
	}
	return u, u.Start(10, 30, 20, 0, 0, 0), rain, pet
}

// BenchmarkStep tells unit-steps a second with the default options, on rain like Chengcun's: 2,300 mm a year.
func BenchmarkStep(b *testing.B) {
	for _, dt := range []float64{24, 1} {
		b.Run(fmt.Sprintf("%gh", dt), func(b *testing.B) {
			u, s, rain, pet := lumped(b, dt)
			flow := make([]float64, len(rain))
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				u.Run(&s, rain, pet, flow)
			}
			b.ReportMetric(float64(b.N)*float64(len(rain))/b.Elapsed().Seconds()/1e6, "Munit-steps/s")
		})
	}
}

// BenchmarkNetwork is an hourly unit with a river network that is not linear.
func BenchmarkNetwork(b *testing.B) {
	p := chengcun()
	p.CR, p.NM, p.NK = 0, 2.7, 8
	u, err := xaj.NewUnit(p, xaj.Options{}, 290, 1)
	if err != nil {
		b.Fatal(err)
	}
	_, s, rain, pet := lumped(b, 1)
	flow := make([]float64, len(rain))
	for b.Loop() {
		u.Run(&s, rain, pet, flow)
	}
	b.ReportMetric(float64(b.N)*float64(len(rain))/b.Elapsed().Seconds()/1e6, "Munit-steps/s")
}
