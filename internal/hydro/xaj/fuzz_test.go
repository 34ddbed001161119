package xaj_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"anlan/internal/hydro/xaj"
)

// FuzzStep holds that no rain and no evaporation, however absurd, ends the program or leaves a state that cannot be.
func FuzzStep(f *testing.F) {
	f.Add(uint64(1), 0.0, 0.0, uint8(0))
	f.Add(uint64(2), 1e300, 1.0, uint8(1))
	f.Add(uint64(3), 5e-6, 0.0, uint8(2))
	f.Add(uint64(4), 3e5, 1e5, uint8(3))
	f.Add(uint64(5), math.NaN(), math.Inf(1), uint8(4))
	f.Add(uint64(6), -4.0, -1e9, uint8(7))
	f.Fuzz(func(t *testing.T, seed uint64, rain, pet float64, kind uint8) {
		p := randomParams(rand.New(rand.NewPCG(seed, 1)))
		o := xaj.Options{SliceRunoff: kind&1 > 0, FlatFreeWater: kind&2 > 0, Excess: xaj.Excess(kind >> 2 & 1)}
		u, err := xaj.NewUnit(p, o, 50, 1)
		if err != nil {
			t.Fatal(err)
		}
		s := u.Start(0, 0, 0, 0, 0, 1)
		var x xaj.Flux
		u.Step(&s, 30, 1, &x)
		u.Step(&s, rain, pet, &x)
		u.Step(&s, 0, 1, &x)
		// Weather that a planet may have leaves a state that may be.
		if rain >= 0 && rain < 1e5 && pet >= 0 && pet < 1e4 {
			if err := u.Check(s); err != nil || !(x.Out >= 0) || math.IsInf(x.Out, 0) {
				t.Errorf("%g mm and %g mm leave %+v, %v: %+v", rain, pet, s, err, p)
			}
		}
	})
}
