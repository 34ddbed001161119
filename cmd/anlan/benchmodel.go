package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"anlan/internal/hydro/basin"
	"anlan/internal/hydro/calibrate"
	"anlan/internal/hydro/correct"
	"anlan/internal/hydro/flashflood"
	"anlan/internal/hydro/optimize"
	"anlan/internal/hydro/xaj"
)

// modelBench measures the models of internal/hydro on this machine, over weather that it makes up.
type modelBench struct {
	out    io.Writer
	random *rand.Rand
	runs   int
}

const benchVillages = 2168 // of one city, as its flash-flood survey counts them

func benchParams() xaj.Params {
	return xaj.Params{
		KC: 0.93, UM: 20, LM: 60, C: 0.18, WM: 120, B: 0.3, IM: 0.01, SM: 30, EX: 1.5, KI: 0.4, KG: 0.3, CS: 0.2, CI: 0.7, CG: 0.98, CR: 0.2,
	}
}

func runBenchModel(ctx context.Context, e env, args []string) error {
	set := flags("bench model")
	runs := set.Int("runs", 5, "")
	if asked(args) {
		fmt.Fprint(e.out, "anlan bench model [--runs N]\n\nMeasures the hydrological models on this machine over weather that it makes up, each so many times (5): median, slowest, what is wanted.\n")
		return nil
	}
	if err := set.Parse(args); err != nil || set.NArg() > 0 || *runs < 1 {
		return fmt.Errorf("%w: anlan bench model [--runs N]", errUsage)
	}
	b := &modelBench{out: e.out, random: rand.New(rand.NewPCG(1, 2)), runs: *runs}
	fmt.Fprintf(e.out, "%d processors, median (slowest) of %d runs, made-up weather\n", runtime.GOMAXPROCS(0), b.runs)
	for _, measure := range []func(context.Context) error{b.steps, b.sizes, b.villages, b.tables, b.search, b.filter} {
		if err := measure(ctx); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// time tells the median and the slowest of the runs.
func (b *modelBench) time(do func() error) (median, slowest time.Duration, err error) {
	took := make([]time.Duration, b.runs)
	for i := range took {
		began := time.Now()
		if err := do(); err != nil {
			return 0, 0, err
		}
		took[i] = time.Since(began)
	}
	slices.Sort(took)
	return took[len(took)/2], took[len(took)-1], nil
}

func (b *modelBench) row(what string, median, slowest time.Duration, wanted string) {
	fmt.Fprintf(b.out, "%-72s %9s (%s)  %s\n", what, median.Round(10*time.Microsecond), slowest.Round(10*time.Microsecond), wanted)
}

// weather is rain and evaporation of n steps, wet one day in three.
func (b *modelBench) weather(n int, dt float64) (rain, pet []float64) {
	rain, pet = make([]float64, n), make([]float64, n)
	for i := range rain {
		if pet[i] = 3 * dt / 24; b.random.Float64() < 0.35 {
			rain[i] = 40 * b.random.Float64() * b.random.Float64() * math.Sqrt(dt/24)
		}
	}
	return rain, pet
}

// steps is the speed of one unit on one core.
func (b *modelBench) steps(context.Context) error {
	for _, dt := range []float64{24, 1} {
		const n = 1_000_000
		u, err := xaj.NewUnit(benchParams(), xaj.Options{}, 290, dt)
		if err != nil {
			return err
		}
		rain, pet := b.weather(n, dt)
		flow := make([]float64, n)
		median, slowest, err := b.time(func() error {
			s := u.Start(10, 30, 20, 0, 0, 2)
			u.Run(&s, rain, pet, flow)
			return nil
		})
		if err != nil {
			return err
		}
		b.row(fmt.Sprintf("XAJ, %d steps of %g h on one core: %.1f million unit-steps/s", n, dt, n/median.Seconds()/1e6), median, slowest, "> 6 million/s")
	}
	return nil
}

// sizes is how the time grows with units and members.
func (b *modelBench) sizes(context.Context) error {
	const hours = 720
	rain, pet := b.weather(hours, 1)
	for _, size := range [][2]int{{10, 10}, {40, 25}, {100, 100}} {
		units := make([]*xaj.Unit, size[0])
		for i := range units {
			u, err := xaj.NewUnit(benchParams(), xaj.Options{}, 20+float64(i), 1)
			if err != nil {
				return err
			}
			units[i] = u
		}
		rows := size[0] * size[1]
		states, flow := make([]xaj.State, rows), make([][]float64, rows)
		for i := range flow {
			flow[i] = make([]float64, hours)
		}
		median, slowest, err := b.time(func() error {
			for i := range states {
				states[i] = units[i%len(units)].Start(10, 30, 20, 0, 0, 1)
			}
			return xaj.RunMany(units, states, [][]float64{rain}, [][]float64{pet}, flow)
		})
		if err != nil {
			return err
		}
		each := float64(median.Nanoseconds()) / float64(rows*hours)
		b.row(fmt.Sprintf("XAJ, %d units × %d members × %d h: %.1f ns a unit-step", size[0], size[1], hours, each), median, slowest, "the same at each size")
	}
	return nil
}

func benchVillage(i int) (*flashflood.Village, error) {
	rating, err := flashflood.NewRating([]float64{100, 101, 102, 103, 104}, []float64{0, 15, 60, 140, 260})
	if err != nil {
		return nil, err
	}
	return flashflood.NewVillage(benchParams(), xaj.Options{}, 10+float64(i%30), 1, 1, rating, 101.5, 102.5)
}

var benchWindows, benchWetness = [6]float64{1, 2, 3, 6, 12, 24}, [3]float64{0.3, 0.5, 0.8}

// shareOut gives the villages to all processors.
func shareOut(do func(i int) error) error {
	workers := runtime.GOMAXPROCS(0)
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < benchVillages && errs[w] == nil; i += workers {
				errs[w] = do(i)
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// villages is a forecast of three days for each, held against its critical rain at each hour.
func (b *modelBench) villages(context.Context) error {
	villages := make([]*flashflood.Village, benchVillages)
	for i := range villages {
		v, err := benchVillage(i)
		if err != nil {
			return err
		}
		villages[i] = v
	}
	tables := make([]*flashflood.Table, 30) // as many areas as there are among them
	for i := range tables {
		t, err := villages[i].Critical(benchWindows[:], benchWetness[:], nil)
		if err != nil {
			return err
		}
		tables[i] = t
	}
	rain, pet := b.weather(72, 1)
	median, slowest, err := b.time(func() error {
		return shareOut(func(i int) error {
			v, table := villages[i], tables[i%len(tables)]
			s, sums := v.Unit.Start(10, 30, 15, 0, 0, 0), [len(benchWindows)]float64{}
			var f xaj.Flux
			for h := range rain {
				v.Unit.Step(&s, rain[h], pet[h], &f)
				for i, w := range benchWindows {
					if sums[i] += rain[h]; h >= int(w) {
						sums[i] -= rain[h-int(w)]
					}
				}
				table.Check(sums[:], (s.WU+s.WL+s.WD)/120)
			}
			return nil
		})
	})
	b.row(fmt.Sprintf("%d villages × 72 h with the check of critical rain", benchVillages), median, slowest, "< 150 ms on two cores")
	return err
}

// tables is the critical rain of each village anew.
func (b *modelBench) tables(context.Context) error {
	began := time.Now()
	err := shareOut(func(i int) error {
		v, err := benchVillage(i)
		if err == nil {
			_, err = v.Critical(benchWindows[:], benchWetness[:], nil)
		}
		return err
	})
	took := time.Since(began)
	b.row(fmt.Sprintf("critical rain of %d villages, 6 windows × 2 grades × 3 wetnesses, once", benchVillages), took, took, "< 60 s")
	return err
}

// search is a calibration as the command does it.
func (b *modelBench) search(ctx context.Context) error {
	text := "name: made up\ndt_h: 24\narea_km2: 290\nparameters: {KC: 0.93, UM_mm: 20, LM_mm: 60, C: 0.18, WM_mm: 120, B: 0.3, IM: 0.01, SM_mm: 30, EX: 1.5, KI_per_d: 0.4, KG_per_d: 0.3, CS_per_d: 0.2, CI_per_d: 0.7, CG_per_d: 0.98}\ninitial: {WU_mm: 10, WL_mm: 30, WD_mm: 20}\n"
	f, err := basin.Read("bench", []byte(text))
	if err != nil {
		return err
	}
	made, err := f.Build()
	if err != nil {
		return err
	}
	rain, pet := b.weather(2922, 24)
	var csv strings.Builder
	csv.WriteString("time,p,pet\n")
	for i := range rain {
		fmt.Fprintf(&csv, "%s,%g,%g\n", time.Date(2018, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), rain[i], pet[i])
	}
	table, err := basin.ReadTable("bench", strings.NewReader(csv.String()))
	if err != nil {
		return err
	}
	in, err := made.Forcing(table)
	if err != nil {
		return err
	}
	flow, s := make([]float64, in.Steps()), made.Start()
	made.Run(&s, in, flow, nil)
	for i := range flow {
		flow[i] *= math.Exp(0.2 * b.random.NormFloat64()) // so that no search ends early
	}
	task := calibrate.Task{
		File: f, Forcing: in, Observed: flow, Free: calibrate.Frees(f), By: calibrate.Multi, Settings: optimize.Settings{Seed: 1, Evaluations: 5000, Loops: 1000, Narrow: 1e-12},
	}
	median, slowest, err := b.time(func() error {
		_, err := calibrate.Run(ctx, task)
		return err
	})
	b.row("5,000 evaluations of eight daily years, lumped, fifteen parameters", median, slowest, "< 5 s")
	return err
}

// filter is the ensemble Kalman filter over models, hour by hour.
func (b *modelBench) filter(context.Context) error {
	const units, members, hours, of = 40, 100, 72, 8
	u, err := xaj.NewUnit(benchParams(), xaj.Options{}, 30, 1)
	if err != nil {
		return err
	}
	rain, pet := b.weather(hours, 1)
	low, high := make([]float64, units*of), make([]float64, units*of)
	for i := range high {
		high[i] = []float64{20, 60, 40, 30, 1, 1e4, 1e4, 1e4}[i%of]
	}
	median, slowest, err := b.time(func() error {
		e := &correct.Ensemble{Low: low, High: high, Seed: 1}
		states, vectors, seen := make([]xaj.State, units*members), make([][]float64, members), make([]float64, members)
		for i := range states {
			states[i] = u.Start(5+10*b.random.Float64(), 30, 20, 1, 0.2, 1)
		}
		for m := range vectors {
			vectors[m] = make([]float64, units*of)
		}
		var f xaj.Flux
		for h := range hours {
			for m := range members {
				seen[m] = 0
				wet := rain[h] * math.Exp(0.25*b.random.NormFloat64())
				for k := range units {
					s := &states[m*units+k]
					u.Step(s, wet, pet[h], &f)
					seen[m] += f.Out
					copy(vectors[m][k*of:], []float64{s.WU, s.WL, s.WD, s.S, s.FR, s.QS, s.QI, s.QG})
				}
			}
			if err := e.Update(vectors, seen, 60, correct.ObservationVariance(60, 0.1, 1)); err != nil {
				return err
			}
			for i := range states {
				s, v := &states[i], vectors[i/units][i%units*of:]
				s.WU, s.WL, s.WD, s.S, s.FR, s.QS, s.QI, s.QG = v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]
			}
		}
		return nil
	})
	b.row(fmt.Sprintf("ensemble Kalman filter, %d members over %d units, %d h with their models", members, units, hours), median, slowest, "< 0.5 s")
	return err
}
