package muskingum_test

import (
	"encoding/csv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"anlan/internal/hydro/muskingum"
)

func TestSteadyFlowStaysSteady(t *testing.T) {
	for _, c := range [][3]float64{{24, 0.4, 24}, {12, 0.35, 3}, {6, 0.2, 6}, {30, 0.48, 1}} {
		r, err := muskingum.New(c[0], c[1], c[2])
		if err != nil {
			t.Fatal(err)
		}
		s := r.Start(100)
		for range 50 {
			if q := r.Step(s, 100); math.Abs(q-100) > 1e-10 {
				t.Fatalf("K %g x %g dt %g: %g", c[0], c[1], c[2], q)
			}
		}
	}
}

// TestVolumeIsKept routes random floods: what comes in comes out or is still in the reach, and no flow is below 0.
func TestVolumeIsKept(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	tried := 0
	for range 500 {
		k, x, dt := 1+40*random.Float64(), 0.5*random.Float64(), 1+12*random.Float64()
		r, err := muskingum.New(k, x, dt)
		if err != nil {
			continue
		}
		tried++
		s := r.Start(10)
		before, in, out, lastIn, lastOut := r.Stored(s), 0.0, 0.0, 10.0, 10.0
		for i := range 200 {
			q := 10 + 500*random.Float64()*math.Exp(-float64(i)/20)
			o := r.Step(s, q)
			if o < 0 {
				t.Fatalf("K %g x %g dt %g: flow %g", k, x, dt, o)
			}
			in, out = in+(q+lastIn)/2*dt, out+(o+lastOut)/2*dt
			lastIn, lastOut = q, o
		}
		if diff := math.Abs(in - out - (r.Stored(s) - before)); diff > 1e-9*in {
			t.Errorf("K %g x %g dt %g, %d reaches: %g of %g is lost", k, x, dt, r.Reaches(), diff, in)
		}
	}
	if tried < 100 {
		t.Errorf("only %d reaches were stable", tried)
	}
}

// TestRunCutAndContinued holds that a run that is cut and taken up again gives the same bits.
func TestRunCutAndContinued(t *testing.T) {
	r, err := muskingum.New(20, 0.4, 6)
	if err != nil {
		t.Fatal(err)
	}
	in := make([]float64, 60)
	for i := range in {
		in[i] = 50 + 40*math.Sin(float64(i)/5)
	}
	whole, parts := make([]float64, 60), make([]float64, 60)
	r.Run(r.Start(50), in, whole)
	s := r.Start(50)
	r.Run(s, in[:17], parts[:17])
	r.Run(append(muskingum.State(nil), s...), in[17:], parts[17:])
	for i := range whole {
		if whole[i] != parts[i] {
			t.Fatalf("step %d: %v and %v", i, whole[i], parts[i])
		}
	}
}

func TestRefusesWhatOscillates(t *testing.T) {
	for _, c := range [][3]float64{{0, 0.2, 1}, {math.NaN(), 0.2, 1}, {10, 0.6, 1}, {10, 0.2, 0}, {1, 0.45, 6}, {math.Inf(1), 0.2, 1}} {
		if _, err := muskingum.New(c[0], c[1], c[2]); err == nil {
			t.Errorf("K %g x %g dt %g is taken", c[0], c[1], c[2])
		}
	}
}

// TestWilsonsFlood fits the flood of Wilson's textbook and routes it, both as an outside program did.
func TestWilsonsFlood(t *testing.T) {
	f, err := os.Open(filepath.Join("..", "..", "..", "..", "shared", "hydro", "reference", "muskingum_wilson.csv"))
	if err != nil {
		t.Skipf("the reference tables are not here: %v", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	columns := make([][]float64, 4)
	for _, row := range rows[1:] {
		for i := range columns {
			v, err := strconv.ParseFloat(row[i], 64)
			if err != nil {
				t.Fatal(err)
			}
			columns[i] = append(columns[i], v)
		}
	}
	in, observed, want := columns[1], columns[2], columns[3]
	k, x, err := muskingum.Fit(in, observed, 6)
	if err != nil || math.Abs(k-29.1646) > 5e-4 || math.Abs(x-0.2211) > 5e-5 {
		t.Errorf("fitted K %.4f h, x %.5f, %v", k, x, err)
	}
	r, err := muskingum.Whole(k, x, 6)
	if err != nil {
		t.Fatal(err)
	}
	s := r.Start(in[0])
	for i := 1; i < len(in); i++ {
		if q := r.Step(s, in[i]); math.Abs(q-want[i]) > 2e-3 {
			t.Errorf("hour %g: %.4f, want %.4f", columns[0][i], q, want[i])
		}
	}
	cut, err := muskingum.New(k, x, 6)
	if err != nil || cut.Reaches() != 2 {
		t.Fatalf("%+v, %v", cut, err)
	}
}
