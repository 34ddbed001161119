package xaj_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"anlan/internal/hydro/xaj"
)

// ensemble makes units with members, and hourly weather of each unit.
func ensemble(t testing.TB, units, members, steps int) (u []*xaj.Unit, states []xaj.State, rain, pet, flow [][]float64) {
	t.Helper()
	random := rand.New(rand.NewPCG(11, uint64(units)))
	for range units {
		p := randomParams(random)
		p.L = 2
		one, err := xaj.NewUnit(p, xaj.Options{}, 20, 1)
		if err != nil {
			t.Fatal(err)
		}
		r, e := weather(random, steps, 0.1)
		u, rain, pet = append(u, one), append(rain, r), append(pet, e)
	}
	for k := range units * members {
		states = append(states, u[k%units].Start(0, 0, float64(k/units)/float64(members), 0, 0, float64(k)))
		flow = append(flow, make([]float64, steps))
	}
	return u, states, rain, pet, flow
}

// TestManyIsEachAlone holds that members and units in one call give the bits that each gives alone.
func TestManyIsEachAlone(t *testing.T) {
	u, states, rain, pet, flow := ensemble(t, 7, 3, 200)
	alone := make([][]float64, len(states))
	after := make([]xaj.State, len(states))
	for k := range states {
		alone[k], after[k] = make([]float64, 200), states[k].Clone()
		u[k%7].Run(&after[k], rain[k%7], pet[0], alone[k])
	}
	if err := xaj.RunMany(u, states, rain, pet[:1], flow); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(alone, flow) || !reflect.DeepEqual(after, states) {
		t.Error("together they are not what they are alone")
	}
	if n := testing.AllocsPerRun(5, func() {
		if err := xaj.RunMany(u, states, rain, pet, flow); err != nil {
			t.Error(err)
		}
	}); n != 0 {
		t.Errorf("a call allocates %g times", n)
	}
}

func TestManyRefusesWhatDoesNotFit(t *testing.T) {
	u, states, rain, pet, flow := ensemble(t, 4, 2, 10)
	f := func(want string, err error) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q: %v", want, err)
		}
	}
	f("0 units", xaj.RunMany(nil, states, rain, pet, flow))
	f("7 states", xaj.RunMany(u, states[:7], rain, pet, flow[:7]))
	f("rain has 3 rows, it may have 1, 4 or 8", xaj.RunMany(u, states, rain[:3], pet, flow))
	f("pet has 0 rows", xaj.RunMany(u, states, rain, nil, flow))
	pet[2] = pet[2][:9]
	f("row 3 of pet has 9 steps, the flow 10", xaj.RunMany(u, states, rain, pet, flow))
}

// BenchmarkMany tells unit-steps a second at three sizes, 72 hours each, which stay alike.
func BenchmarkMany(b *testing.B) {
	for _, units := range []int{20, 200, 2000} {
		b.Run(fmt.Sprintf("%d_units", units), func(b *testing.B) {
			u, states, rain, pet, flow := ensemble(b, units, 1, 72)
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				if err := xaj.RunMany(u, states, rain, pet, flow); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*float64(units*72)/b.Elapsed().Seconds()/1e6, "Munit-steps/s")
		})
	}
}
