// Package correct brings a forecast closer to what is being observed (实时校正): by the errors of the last steps.
//
// Flows are in m³/s. A missing observation is NaN: it teaches nothing, and is never zero.
package correct

import (
	"math"

	"anlan/internal/fault"
)

// AR corrects by an autoregression of the errors, e(t) = Σ φᵢ·e(t−i), whose coefficients are learnt as observations come, by recursive
// least squares that forgets (误差自回归, 递推最小二乘). Its state goes in and comes out with it.
type AR struct {
	Order  int
	Forget float64   // weight of a step's lesson at the next (遗忘因子), 0.9 to 1
	Phi    []float64 // what has been learnt
	P      []float64 // covariance, order × order
	Errors []float64 // the last errors, newest first; NaN where unknown
	Square float64   // mean square of the errors, by which they are scaled: brooks and rivers are learnt alike
}

// NewAR makes a correction that has learnt nothing yet: the last error goes on, half of it each step.
func NewAR(order int, forget float64) (*AR, error) {
	if order < 1 || order > 3 || !(forget >= 0.9 && forget <= 1) {
		return nil, fault.Invalidf("correct.ar", "自回归阶数 %d 应为 1–3，遗忘因子 %g 应为 0.9–1", "the order is %d (1 to 3), the forgetting factor %g (0.9 to 1)", order, forget)
	}
	a := &AR{Order: order, Forget: forget, Phi: make([]float64, order), P: make([]float64, order*order), Errors: make([]float64, order)}
	a.Phi[0] = 0.5
	for i := range order {
		a.P[i*order+i] = 1
		a.Errors[i] = math.NaN()
	}
	return a, nil
}

// Learn takes a step's simulated flow and what was observed.
func (a *AR) Learn(simulated, observed float64) {
	e := observed - simulated
	if !math.IsNaN(e) {
		if a.known() && a.Square > 0 {
			a.update(e)
		}
		if a.Square == 0 {
			a.Square = e * e
		}
		a.Square = a.Forget*a.Square + (1-a.Forget)*e*e
	}
	copy(a.Errors[1:], a.Errors)
	a.Errors[0] = e
}

func (a *AR) known() bool {
	size := 0.0
	for _, e := range a.Errors {
		if math.IsNaN(e) {
			return false
		}
		size += e * e
	}
	return size > 0
}

// update is one step of recursive least squares.
func (a *AR) update(e float64) {
	n := a.Order
	scale := math.Sqrt(a.Square)
	x, px := make([]float64, n), make([]float64, n)
	guess, spread := 0.0, a.Forget
	for i := range n {
		x[i] = a.Errors[i] / scale
		guess += a.Phi[i] * x[i]
	}
	for i := range n {
		for j := range n {
			px[i] += a.P[i*n+j] * x[j]
		}
		spread += x[i] * px[i]
	}
	phi := make([]float64, n)
	for i := range n {
		phi[i] = a.Phi[i] + px[i]/spread*(e/scale-guess)
		for j := range n {
			a.P[i*n+j] -= px[i] * px[j] / spread
		}
	}
	for i := range a.P {
		a.P[i] = math.Min(a.P[i]/a.Forget, 100) // what is not excited does not wind up
	}
	if stable(phi) {
		copy(a.Phi, phi)
	}
}

// stable reports whether errors die away: the roots of the autoregression lie within the unit circle (Schur and Cohn).
func stable(phi []float64) bool {
	c := append([]float64(nil), phi...)
	for n := len(c); n > 0; n-- {
		k := c[n-1]
		if !(math.Abs(k) < 0.999) {
			return false
		}
		next := make([]float64, n-1)
		for i := range next {
			next[i] = (c[i] + k*c[n-2-i]) / (1 - k*k)
		}
		c = next
	}
	return true
}

// Forecast corrects the simulated flows of the steps to come. Its correction dies away with the lead; no flow falls below 0, and where
// the last errors are not known the flows stay as they are.
func (a *AR) Forecast(simulated []float64) []float64 {
	out := append([]float64(nil), simulated...)
	if !a.known() {
		return out
	}
	errors := append([]float64(nil), a.Errors...)
	for i := range out {
		e := 0.0
		for k, phi := range a.Phi {
			e += phi * errors[k]
		}
		copy(errors[1:], errors)
		errors[0] = e
		out[i] = math.Max(out[i]+e, 0)
	}
	return out
}
