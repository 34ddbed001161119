// Package verify says how well a simulated series agrees with an observed one: scores of the whole series, of single floods, of
// warnings and of ensembles, and the grades of GB/T 22482-2008 (水文情报预报规范).
//
// Flows are in m³/s, times in steps. A missing value is NaN and leaves its step out of the count; it is never zero.
package verify

import (
	"math"
	"slices"

	"anlan/internal/fault"
)

// Score is the agreement of two series over the steps at which both have a value.
type Score struct {
	N      int     // steps compared
	NSE    float64 // Nash and Sutcliffe (确定性系数 DC): 1 − Σ(s−o)²/Σ(o−ō)²; 1 is perfect, NaN where the observed never changes
	LogNSE float64 // the same of logarithms, for low flows; each flow has a hundredth of the observed mean added
	KGE    float64 // Kling and Gupta (2009): 1 − √((r−1)² + (α−1)² + (β−1)²), with population standard deviations
	R      float64 // correlation
	Alpha  float64 // ratio of the standard deviations
	Beta   float64 // ratio of the means
	RMSE   float64 // m³/s
	MAE    float64 // m³/s
	Volume float64 // error of the volume, % of the observed
	Peak   float64 // error of the highest flow, % of the observed
	PeakAt int     // how many steps the highest flow comes later than the observed
}

// Compare scores a simulated series against an observed one of the same length.
func Compare(observed, simulated []float64) (Score, error) {
	if len(observed) != len(simulated) {
		return Score{}, fault.Invalidf("verify.length", "实测 %d 个、模拟 %d 个，不等长", "%d observed and %d simulated values", len(observed), len(simulated))
	}
	var o, s []float64
	var at []int
	for i := range observed {
		if !math.IsNaN(observed[i]) && !math.IsNaN(simulated[i]) {
			o, s, at = append(o, observed[i]), append(s, simulated[i]), append(at, i)
		}
	}
	if len(o) < 2 {
		return Score{}, fault.Invalidf("verify.empty", "实测与模拟同时有值的不足 2 个时段", "fewer than 2 steps have both an observed and a simulated value")
	}
	return score(o, s, at), nil
}

func score(o, s []float64, at []int) Score {
	mo, ms := mean(o), mean(s)
	so, ss := deviation(o, mo), deviation(s, ms)
	out := Score{N: len(o), NSE: nash(o, s), Alpha: ss / so, Beta: ms / mo, Volume: (ms/mo - 1) * 100}
	var covariance float64
	for i := range o {
		d := s[i] - o[i]
		out.RMSE += d * d
		out.MAE += math.Abs(d)
		covariance += (o[i] - mo) * (s[i] - ms)
	}
	n := float64(len(o))
	out.RMSE, out.MAE, out.R = math.Sqrt(out.RMSE/n), out.MAE/n, covariance/n/(so*ss)
	out.KGE = 1 - math.Sqrt(sq(out.R-1)+sq(out.Alpha-1)+sq(out.Beta-1))
	lo, ls := make([]float64, len(o)), make([]float64, len(o))
	for i := range o {
		lo[i], ls[i] = math.Log(math.Max(o[i], 0)+mo/100), math.Log(math.Max(s[i], 0)+mo/100)
	}
	out.LogNSE = nash(lo, ls)
	po, ps := highest(o), highest(s)
	out.Peak, out.PeakAt = (s[ps]/o[po]-1)*100, at[ps]-at[po]
	return out
}

func sq(v float64) float64 { return v * v }

func mean(list []float64) float64 {
	var sum float64
	for _, v := range list {
		sum += v
	}
	return sum / float64(len(list))
}

// deviation is the standard deviation of a population.
func deviation(list []float64, mean float64) float64 {
	var sum float64
	for _, v := range list {
		sum += sq(v - mean)
	}
	return math.Sqrt(sum / float64(len(list)))
}

func nash(o, s []float64) float64 {
	mo := mean(o)
	var off, spread float64
	for i := range o {
		off += sq(s[i] - o[i])
		spread += sq(o[i] - mo)
	}
	if spread == 0 {
		return math.NaN()
	}
	return 1 - off/spread
}

func highest(list []float64) int {
	at := 0
	for i, v := range list {
		if v > list[at] {
			at = i
		}
	}
	return at
}

// Rule is the permissible error of one item of a forecast (许可误差), and the grades by pass rate and by NSE. The numbers are data: an
// edition of the standard that changes them is another Rule.
type Rule struct {
	Peak        float64    // flood peak, share of the observed
	Runoff      float64    // runoff depth, share of the observed
	RunoffMost  float64    // but at most, mm
	RunoffLeast float64    // and at least, mm
	PeakTime    float64    // time of the peak, share of the time from the forecast's issue to the observed peak
	PeakTimeMin float64    // and at least, h (or one step, whichever is longer)
	PassGrades  [3]float64 // pass rate in % from which a scheme is 甲, 乙, 丙
	NSEGrades   [3]float64 // NSE from which it is 甲, 乙, 丙
}

// GBT22482 are the numbers of GB/T 22482-2008 as the literature quotes them; hold them against the text before claiming conformity.
func GBT22482() Rule {
	return Rule{Peak: 0.2, Runoff: 0.2, RunoffMost: 20, RunoffLeast: 3, PeakTime: 0.3, PeakTimeMin: 3, PassGrades: [3]float64{85, 70, 60}, NSEGrades: [3]float64{0.9, 0.7, 0.5}}
}

// Grade is the class of a forecasting scheme (精度等级).
type Grade string

// The grades; the first two may be issued, the third is for reference.
const (
	GradeA   Grade = "甲"
	GradeB   Grade = "乙"
	GradeC   Grade = "丙"
	Ungraded Grade = "不合格"
)

// ByPassRate grades a scheme by the rate of its forecasts within the permissible error, in percent.
func (r Rule) ByPassRate(percent float64) Grade { return grade(percent, r.PassGrades) }

// ByNSE grades a scheme by its Nash and Sutcliffe score.
func (r Rule) ByNSE(nse float64) Grade { return grade(nse, r.NSEGrades) }

func grade(v float64, from [3]float64) Grade {
	for i, g := range [3]Grade{GradeA, GradeB, GradeC} {
		if v >= from[i] {
			return g
		}
	}
	return Ungraded
}

// Flood is one flood as observed and as forecast.
type Flood struct {
	Peak, PeakSimulated     float64 // m³/s
	Runoff, RunoffSimulated float64 // mm
	// Hours from the issue of the forecast to the peak.
	PeakAfter, PeakAfterSimulated float64
	Step                          float64 // h
}

// Passes tells which items of a forecast flood are within the permissible error.
func (r Rule) Passes(f Flood) (peak, runoff, peakTime bool) {
	peak = math.Abs(f.PeakSimulated-f.Peak) <= r.Peak*f.Peak
	allowed := math.Max(math.Min(r.Runoff*f.Runoff, r.RunoffMost), r.RunoffLeast)
	runoff = math.Abs(f.RunoffSimulated-f.Runoff) <= allowed
	late := math.Max(r.PeakTime*f.PeakAfter, math.Max(r.PeakTimeMin, f.Step))
	peakTime = math.Abs(f.PeakAfterSimulated-f.PeakAfter) <= late
	return peak, runoff, peakTime
}

// Scheme is how a forecasting scheme did over its floods: the share of each item within the permissible error (合格率) and their mean, in
// percent, NaN without floods.
type Scheme struct {
	Floods                       int
	Peak, Runoff, PeakTime, Mean float64
	Grade                        Grade // by the mean, or by the peak, its main item, where that has the lower rate
}

// Assess holds the floods of a scheme against the rule.
func (r Rule) Assess(floods []Flood) Scheme {
	var peaks, runoffs, times int
	for _, f := range floods {
		peak, runoff, at := r.Passes(f)
		for n, passed := range map[*int]bool{&peaks: peak, &runoffs: runoff, &times: at} {
			if passed {
				*n++
			}
		}
	}
	n := len(floods)
	s := Scheme{Floods: n, Peak: 100 * share(peaks, n), Runoff: 100 * share(runoffs, n), PeakTime: 100 * share(times, n)}
	s.Mean = (s.Peak + s.Runoff + s.PeakTime) / 3
	s.Grade = r.ByPassRate(math.Min(s.Mean, s.Peak))
	return s
}

// Warnings counts how warnings met events: 命中, 漏报, 空报.
type Warnings struct{ Hits, Misses, FalseAlarms int }

// POD is the share of events that were warned of; NaN without any.
func (w Warnings) POD() float64 { return share(w.Hits, w.Hits+w.Misses) }

// FAR is the share of warnings that no event followed; NaN without any.
func (w Warnings) FAR() float64 { return share(w.FalseAlarms, w.Hits+w.FalseAlarms) }

// CSI is the share of hits among all that was warned of or happened; NaN without any.
func (w Warnings) CSI() float64 { return share(w.Hits, w.Hits+w.Misses+w.FalseAlarms) }

func share(a, of int) float64 {
	if of == 0 {
		return math.NaN()
	}
	return float64(a) / float64(of)
}

// Exceedances counts steps at which a threshold is reached, as observed and as simulated.
func Exceedances(observed, simulated []float64, threshold float64) Warnings {
	var w Warnings
	for i := range observed {
		if math.IsNaN(observed[i]) || math.IsNaN(simulated[i]) {
			continue
		}
		o, s := observed[i] >= threshold, simulated[i] >= threshold
		switch {
		case o && s:
			w.Hits++
		case o:
			w.Misses++
		case s:
			w.FalseAlarms++
		}
	}
	return w
}

// CRPS is the continuous ranked probability score of an ensemble against an observed value, in its unit; 0 is perfect, and of one member
// it is the absolute error. The members are sorted in place.
func CRPS(members []float64, observed float64) float64 {
	slices.Sort(members)
	n := float64(len(members))
	var near, spread float64
	for i, m := range members {
		near += math.Abs(m - observed)
		spread += m * (2*float64(i) + 1 - n)
	}
	return near/n - spread/(n*n)
}

// Reliability is how often the observed lay within the band of an ensemble that should hold it with a probability.
type Reliability struct {
	Nominal, Actual float64 // shares
	N               int     // steps
	Width           float64 // mean width of the band
}

// Cover holds an ensemble's central band of a nominal probability against the observed. Members come by step.
func Cover(observed []float64, members [][]float64, nominal float64) Reliability {
	out := Reliability{Nominal: nominal}
	inside := 0
	for i, o := range observed {
		if math.IsNaN(o) || len(members[i]) == 0 {
			continue
		}
		list := slices.Sorted(slices.Values(members[i]))
		low, high := Quantile(list, (1-nominal)/2), Quantile(list, (1+nominal)/2)
		out.N++
		out.Width += high - low
		if o >= low && o <= high {
			inside++
		}
	}
	if out.N == 0 {
		return Reliability{Nominal: nominal, Actual: math.NaN(), Width: math.NaN()}
	}
	out.Actual, out.Width = float64(inside)/float64(out.N), out.Width/float64(out.N)
	return out
}

// Quantile of a sorted list, between two of its values in proportion.
func Quantile(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	i := int(at)
	if i >= len(sorted)-1 {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
