package unithydrograph_test

import (
	"math"
	"testing"

	"anlan/internal/hydro/unithydrograph"
)

func sum(list []float64) (s float64) {
	for _, v := range list {
		s += v
	}
	return s
}

// TestNash holds the shape of one store, which is known, and that all shapes sum to 1, rise once and fall.
func TestNash(t *testing.T) {
	one, err := unithydrograph.Nash(1, 5, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		if want := math.Exp(-float64(i)/5) - math.Exp(-float64(i+1)/5); math.Abs(one[i]-want) > 2e-6 {
			t.Errorf("ordinate %d of one store is %.8f, want %.8f", i, one[i], want)
		}
	}
	for _, c := range [][3]float64{{3, 4, 1}, {2.5, 10, 6}, {0.7, 2, 0.5}, {8, 1.5, 1}, {3, 20, 24}} {
		s, err := unithydrograph.Nash(c[0], c[1], c[2])
		if err != nil {
			t.Fatal(err)
		}
		falls := 0
		for i := 1; i < len(s); i++ {
			if s[i] < 0 || falls > 0 && s[i] > s[i-1]+1e-12 {
				t.Errorf("%v: ordinate %d is %g after %g", c, i, s[i], s[i-1])
			}
			if s[i] < s[i-1] {
				falls++
			}
		}
		// The mean time of travel is n·k; net rain falls at the middle of its step and flow is told at the end.
		mean := 0.0
		for i, v := range s {
			mean += v * (float64(i) + 0.5) * c[2]
		}
		if math.Abs(sum(s)-1) > 1e-12 || math.Abs(mean-c[0]*c[1]-c[2]/2) > 0.51*c[2] {
			t.Errorf("%v: sums to %g, travels %g h, n·k is %g", c, sum(s), mean, c[0]*c[1])
		}
	}
}

// TestLagAndRoute holds a pure lag, half a step of it, and a recession.
func TestLagAndRoute(t *testing.T) {
	f := func(hours, cs float64, want ...float64) {
		t.Helper()
		s, err := unithydrograph.Lag(hours, cs, 6)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(sum(s)-1) > 1e-12 {
			t.Errorf("sums to %g", sum(s))
		}
		for i, v := range want {
			if math.Abs(s[i]-v) > 1e-6 {
				t.Errorf("lag %g recession %g: ordinate %d is %g, want %g", hours, cs, i, s[i], v)
			}
		}
	}
	f(0, 0, 1)
	f(12, 0, 0, 0, 1)
	f(15, 0, 0, 0, 0.5, 0.5)
	f(6, 0.5, 0, 0.5, 0.25, 0.125)
}

// TestEmpiricalKeepsItsVolume resamples a table to shorter and longer steps: the same volume, and the same curve where they meet.
func TestEmpiricalKeepsItsVolume(t *testing.T) {
	table := []float64{20, 85, 120, 80, 45, 20, 8, 2}
	for _, dt := range []float64{1, 2, 3, 6, 24} {
		s, depth, err := unithydrograph.Empirical(table, 3, dt, 410.4)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(sum(s)-1) > 1e-12 || math.Abs(depth-10) > 0.01 {
			t.Errorf("at %g h it sums to %g, of %g mm", dt, sum(s), depth)
		}
	}
	same, _, err := unithydrograph.Empirical(table, 3, 3, 410.4)
	if err != nil {
		t.Fatal(err)
	}
	for i, q := range table {
		if math.Abs(same[i]-q/380) > 1e-12 {
			t.Errorf("ordinate %d is %g, want %g", i, same[i], q/380)
		}
	}
}

// TestFlow holds the volume, and that taking steps one by one, cut anywhere, gives the same.
func TestFlow(t *testing.T) {
	s, err := unithydrograph.Nash(3, 4, 1)
	if err != nil {
		t.Fatal(err)
	}
	net := make([]float64, 300)
	net[3], net[4], net[10] = 10, 25, 4
	flow := s.Flow(net, 360, 1)
	if v := sum(flow) * 3.6 / 360; math.Abs(v-39) > 1e-9 {
		t.Errorf("%g mm leave, 39 fell", v)
	}
	p := make(unithydrograph.Pending, len(s))
	for i, r := range net {
		if i == 6 {
			p = append(unithydrograph.Pending(nil), p...)
		}
		if q := s.Step(p, r, 360, 1); math.Abs(q-flow[i]) > 1e-9 {
			t.Fatalf("step %d: %g and %g", i, q, flow[i])
		}
	}
}

func TestRefusesWhatCannotBe(t *testing.T) {
	for _, c := range [][3]float64{{0, 1, 1}, {3, 0, 1}, {3, 1, 0}, {3, math.NaN(), 1}, {3, 1e9, 1}} {
		if _, err := unithydrograph.Nash(c[0], c[1], c[2]); err == nil {
			t.Errorf("Nash %v is taken", c)
		}
		if c[1] != 1e9 {
			continue
		}
		if _, err := unithydrograph.Lag(c[1], 0, 1); err == nil {
			t.Errorf("a lag of %g h is taken", c[1])
		}
	}
	if _, err := unithydrograph.Lag(1, 1, 1); err == nil {
		t.Error("a store that never drains is taken")
	}
	for _, table := range [][]float64{nil, {0, 0}, {1, -1}, {1, math.NaN()}} {
		if _, _, err := unithydrograph.Empirical(table, 1, 1, 100); err == nil {
			t.Errorf("%v is taken", table)
		}
	}
}
