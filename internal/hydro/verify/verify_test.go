package verify_test

import (
	"math"
	"testing"

	"anlan/internal/hydro/verify"
)

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.IsNaN(want) != math.IsNaN(got) || math.Abs(got-want) > 1e-9 {
		t.Errorf("%s is %.10g, want %.10g", what, got, want)
	}
}

// TestScoresByHand holds the scores against figures worked out by hand for five steps.
func TestScoresByHand(t *testing.T) {
	o, s := []float64{1, 2, 6, 4, 2}, []float64{1, 3, 5, 5, 1}
	r, err := verify.Compare(o, s)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "NSE", r.NSE, 1-4/16.0) // mean 3: (4+1+9+1+1) = 16; errors 0 1 1 1 1
	near(t, "RMSE", r.RMSE, math.Sqrt(0.8))
	near(t, "MAE", r.MAE, 0.8)
	near(t, "beta", r.Beta, 1)
	near(t, "volume", r.Volume, 0)
	near(t, "alpha", r.Alpha, 1) // simulated: 4 0 4 4 4 = 16 too
	near(t, "r", r.R, (4+0+6+2+2)/16.0)
	near(t, "KGE", r.KGE, 1-(1-14/16.0))
	near(t, "peak", r.Peak, (5/6.0-1)*100)
	if r.PeakAt != 0 || r.N != 5 {
		t.Errorf("%+v", r)
	}
	perfect, err := verify.Compare(o, o)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "NSE of itself", perfect.NSE, 1)
	near(t, "KGE of itself", perfect.KGE, 1)
	near(t, "log NSE of itself", perfect.LogNSE, 1)
}

// TestMissingIsLeftOut holds that a gap counts neither as zero nor at all.
func TestMissingIsLeftOut(t *testing.T) {
	gap := math.NaN()
	r, err := verify.Compare([]float64{1, gap, 2, 6, 4, gap, 2}, []float64{1, 9, 3, 5, 5, gap, 1})
	if err != nil || r.N != 5 {
		t.Fatalf("%+v, %v", r, err)
	}
	near(t, "NSE", r.NSE, 0.75)
	if _, err := verify.Compare([]float64{gap, 1}, []float64{1, 1}); err == nil {
		t.Error("one step is a series")
	}
	if _, err := verify.Compare([]float64{1}, []float64{1, 1}); err == nil {
		t.Error("two lengths are one")
	}
	flat, err := verify.Compare([]float64{2, 2, 2}, []float64{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "NSE of what never changes", flat.NSE, math.NaN())
}

// TestGradesOfTheStandard holds the edges, each of which belongs to the better grade.
func TestGradesOfTheStandard(t *testing.T) {
	r := verify.GBT22482()
	for v, want := range map[float64]verify.Grade{100: verify.GradeA, 85: verify.GradeA, 84.9: verify.GradeB, 70: verify.GradeB, 60: verify.GradeC, 59.9: verify.Ungraded} {
		if g := r.ByPassRate(v); g != want {
			t.Errorf("%g %% is %s, want %s", v, g, want)
		}
	}
	for v, want := range map[float64]verify.Grade{0.9: verify.GradeA, 0.7: verify.GradeB, 0.5: verify.GradeC, 0.49: verify.Ungraded} {
		if g := r.ByNSE(v); g != want {
			t.Errorf("NSE %g is %s, want %s", v, g, want)
		}
	}
	if r.ByNSE(math.NaN()) != verify.Ungraded {
		t.Error("no score has a grade")
	}
	f := func(flood verify.Flood, peak, runoff, at bool) {
		t.Helper()
		if p, q, w := r.Passes(flood); p != peak || q != runoff || w != at {
			t.Errorf("%+v: %v %v %v", flood, p, q, w)
		}
	}
	f(verify.Flood{Peak: 1000, PeakSimulated: 1200, Runoff: 50, RunoffSimulated: 60, PeakAfter: 20, PeakAfterSimulated: 26, Step: 1}, true, true, true)
	f(verify.Flood{Peak: 1000, PeakSimulated: 799, Runoff: 200, RunoffSimulated: 221, PeakAfter: 4, PeakAfterSimulated: 7.5, Step: 1}, false, false, false)
	f(verify.Flood{Peak: 1000, PeakSimulated: 1000, Runoff: 5, RunoffSimulated: 8, PeakAfter: 4, PeakAfterSimulated: 9, Step: 6}, true, true, true)
}

// TestSchemeByHand holds rates and grade of four floods: the peak, which does worse than the mean, decides.
func TestSchemeByHand(t *testing.T) {
	good := verify.Flood{Peak: 1000, PeakSimulated: 1100, Runoff: 50, RunoffSimulated: 55, PeakAfter: 20, PeakAfterSimulated: 22, Step: 1}
	low, late := good, good
	low.PeakSimulated, late.PeakAfterSimulated = 500, 40
	s := verify.GBT22482().Assess([]verify.Flood{good, good, low, late})
	near(t, "peak", s.Peak, 75)
	near(t, "runoff", s.Runoff, 100)
	near(t, "peak time", s.PeakTime, 75)
	near(t, "mean", s.Mean, 250.0/3)
	if s.Floods != 4 || s.Grade != verify.GradeB {
		t.Errorf("%+v", s)
	}
	if s = verify.GBT22482().Assess([]verify.Flood{low, good}); s.Grade != verify.Ungraded {
		t.Errorf("half of the peaks are missed: %+v", s)
	}
	if s = verify.GBT22482().Assess(nil); s.Grade != verify.Ungraded || !math.IsNaN(s.Mean) {
		t.Errorf("no flood: %+v", s)
	}
}

func TestWarningsByTable(t *testing.T) {
	w := verify.Exceedances([]float64{5, 5, 1, 1, math.NaN(), 5}, []float64{6, 4, 6, 1, 9, 5}, 5)
	if w != (verify.Warnings{Hits: 2, Misses: 1, FalseAlarms: 1}) {
		t.Errorf("%+v", w)
	}
	near(t, "POD", w.POD(), 2/3.0)
	near(t, "FAR", w.FAR(), 1/3.0)
	near(t, "CSI", w.CSI(), 0.5)
	near(t, "POD of nothing", verify.Warnings{}.POD(), math.NaN())
}

func TestEnsembles(t *testing.T) {
	near(t, "one member", verify.CRPS([]float64{3}, 5), 2)
	near(t, "two members around", verify.CRPS([]float64{6, 4}, 5), 1-0.5)
	near(t, "all right", verify.CRPS([]float64{5, 5, 5}, 5), 0)
	c := verify.Cover([]float64{1, 5, 9, math.NaN()}, [][]float64{{0, 1, 2}, {6, 7, 8}, {8, 9, 10}, {1}}, 1)
	if c.N != 3 {
		t.Errorf("%+v", c)
	}
	near(t, "covered", c.Actual, 2/3.0)
	near(t, "width", c.Width, 2)
}
