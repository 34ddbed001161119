package correct

import (
	"math"
	"math/rand/v2"

	"anlan/internal/fault"
)

// Ensemble is the ensemble Kalman filter (集合卡尔曼滤波) in its stochastic form (Burgers, van Leeuwen and Evensen 1998): members that each
// carry a state are drawn toward an observation as far as what they predicted of it goes along with their states.
type Ensemble struct {
	// Low and High are the bounds of each state; a state that the filter would push beyond is set to the bound.
	Low, High []float64
	Seed      uint64
	step      uint64
}

// ObservationVariance is the error of an observed flow as the literature takes it: a share of the flow, and a floor in m³/s.
func ObservationVariance(flow, share, floor float64) float64 {
	return share*share*flow*flow + floor*floor
}

// Update brings the states of all members to an observation, in place. Predicted is what each member said would be observed. The draw
// is the same for the same seed and number of updates before. Observations at several places are taken one after another, their
// predictions made anew.
func (e *Ensemble) Update(states [][]float64, predicted []float64, observed, variance float64) error {
	n := len(states)
	if n < 2 || len(predicted) != n || !(variance > 0) || math.IsInf(variance, 0) {
		return fault.Invalidf("correct.ensemble", "集合成员 %d 个、预测 %d 个、观测误差方差 %g：成员至少 2 个且一一对应，方差大于 0", "%d members, %d predictions, an error variance of %g: 2 members at least, a prediction each, and a variance above 0", n, len(predicted), variance)
	}
	for _, s := range states {
		if len(s) != len(e.Low) || len(s) != len(e.High) {
			return fault.Invalidf("correct.ensemble", "状态 %d 个、上下限 %d、%d 个", "%d states with %d and %d bounds", len(s), len(e.Low), len(e.High))
		}
	}
	e.step++
	if math.IsNaN(observed) {
		return nil
	}
	mean, spread := moments(predicted)
	if math.IsNaN(mean) || math.IsInf(mean, 0) {
		return fault.Invalidf("correct.ensemble", "集合预测中有缺测或无穷大", "a member predicted nothing, or without end")
	}
	random := rand.New(rand.NewPCG(e.Seed, e.step))
	pull := make([]float64, n)
	for i := range pull {
		pull[i] = (observed + math.Sqrt(variance)*random.NormFloat64() - predicted[i]) / (spread + variance)
	}
	for k := range e.Low {
		gain := along(states, k, predicted, mean)
		if gain == 0 {
			continue
		}
		for i := range states {
			states[i][k] = math.Min(math.Max(states[i][k]+gain*pull[i], e.Low[k]), e.High[k])
		}
	}
	return nil
}

// moments are the mean and the variance of members.
func moments(list []float64) (mean, variance float64) {
	for _, v := range list {
		mean += v / float64(len(list))
	}
	for _, v := range list {
		variance += (v - mean) * (v - mean) / float64(len(list)-1)
	}
	return mean, variance
}

// along is the covariance of a state with what was predicted.
func along(states [][]float64, k int, predicted []float64, mean float64) (c float64) {
	centre := 0.0
	for _, s := range states {
		centre += s[k] / float64(len(states))
	}
	for i, s := range states {
		c += (s[k] - centre) * (predicted[i] - mean) / float64(len(states)-1)
	}
	return c
}
