package band_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"anlan/internal/hydro/band"
	"anlan/internal/hydro/verify"
)

// years makes a flow, members around it, and observations whose errors grow where the flow is high.
func years(seed uint64, n int) (observed []float64, members [][]float64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	members = make([][]float64, 5)
	for t := range n {
		q := math.Exp(3 + 2*math.Sin(float64(t)/40))
		sd := 0.05 + 0.1*math.Log(q)/5
		observed = append(observed, q*math.Exp(sd*rng.NormFloat64()))
		for m := range members {
			members[m] = append(members[m], q*(1+0.02*float64(m-2)))
		}
	}
	return observed, members
}

// A band learned from some years holds as many of other years' flows as it says, low and high alike.
func TestBandHoldsWhatItSays(t *testing.T) {
	learned, members := years(1, 4000)
	law, err := band.Fit(learned, members)
	if err != nil {
		t.Fatal(err)
	}
	if err := law.Check(); err != nil {
		t.Fatal(err)
	}
	unseen, members := years(2, 4000)
	for _, p := range []float64{0.5, 0.8, 0.9} {
		for _, high := range []bool{false, true} {
			o, spread := []float64{}, [][]float64{}
			for s, q := range unseen {
				if (q > 50) != high {
					continue
				}
				var at []float64
				for _, m := range members {
					at = append(at, m[s])
				}
				o, spread = append(o, q), append(spread, law.Spread(nil, at))
			}
			if got := verify.Cover(o, spread, p); math.Abs(got.Actual-p) > 0.04 {
				t.Errorf("high %v: a band of %g holds %.3f", high, p, got.Actual)
			}
		}
	}
}

// A band around one member, or around several that agree, holds what it says too, and no less: the spread stands for the errors beyond
// its outermost quantiles as well.
func TestBandOfMembersThatAgree(t *testing.T) {
	learned, members := years(4, 8_000)
	unseen, now := years(5, 8_000)
	for _, n := range []int{1, 4} {
		same, at := make([][]float64, n), make([]float64, n)
		for i := range same {
			same[i] = members[2]
		}
		law, err := band.Fit(learned, same)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []float64{0.5, 0.9, 0.95} {
			inside := 0
			for s, q := range unseen {
				for i := range at {
					at[i] = now[2][s]
				}
				if low, high, _ := law.Band(at, p, nil); low <= q && q <= high {
					inside++
				}
			}
			if got := float64(inside) / float64(len(unseen)); math.Abs(got-p) > 0.02 {
				t.Errorf("%d members: a band of %g holds %.3f", n, p, got)
			}
		}
	}
}

func TestBandIsBetweenItsMembers(t *testing.T) {
	observed, members := years(3, 2000)
	law, err := band.Fit(observed, members)
	if err != nil {
		t.Fatal(err)
	}
	low, high, room := law.Band([]float64{20, 21}, 0.9, nil)
	wideLow, wideHigh, _ := law.Band([]float64{20, 21}, 0.95, room)
	if !(wideLow <= low && low < 20 && 21 < high && high <= wideHigh) {
		t.Errorf("bands %g–%g and %g–%g of flows 20 and 21", low, high, wideLow, wideHigh)
	}
	if low, _, _ = law.Band([]float64{0}, 0.9, nil); low < 0 {
		t.Errorf("a flow of %g", low)
	}
}

func TestFitRefusesTooFew(t *testing.T) {
	gaps := make([]float64, 500)
	for i := range gaps {
		gaps[i] = math.NaN()
	}
	if _, err := band.Fit(gaps, [][]float64{gaps}); err == nil {
		t.Error("a law of nothing")
	}
	if err := (&band.Law{Classes: []band.Class{{Ratios: []float64{1}}}}).Check(); err == nil {
		t.Error("a law of one ratio")
	}
}

func BenchmarkBand(b *testing.B) {
	observed, members := years(4, 2000)
	law, err := band.Fit(observed, members)
	if err != nil {
		b.Fatal(err)
	}
	at, room := make([]float64, 20), []float64(nil)
	for i := range at {
		at[i] = float64(i + 5)
	}
	b.ReportAllocs()
	for b.Loop() {
		_, _, room = law.Band(at, 0.9, room)
	}
}
