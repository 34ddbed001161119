package muskingum

import (
	"math"

	"anlan/internal/fault"
)

// Fit finds the k in hours and x of a reach that is not cut, by the least squares of its outflow against an observed one. Both series
// have steps of dt hours and no gaps; the first flows are taken as steady.
func Fit(inflow, outflow []float64, dt float64) (k, x float64, err error) {
	if len(inflow) != len(outflow) || len(inflow) < 4 {
		return 0, 0, fault.Invalidf("muskingum.series", "入流 %d 个、出流 %d 个：须等长且不少于 4 个", "%d inflows and %d outflows: as many of each, and 4 at least", len(inflow), len(outflow))
	}
	for i := range inflow {
		if v := inflow[i] + outflow[i]; math.IsNaN(v) || math.IsInf(v, 0) {
			return 0, 0, fault.Invalidf("muskingum.gap", "第 %d 个数缺测", "value %d is missing", i+1)
		}
	}
	error2 := func(k, x float64) float64 {
		r, err := Whole(k, x, dt)
		if err != nil {
			return math.Inf(1)
		}
		s, sum := r.Start(outflow[0]), 0.0
		s[0] = inflow[0]
		for i := 1; i < len(inflow); i++ {
			d := r.Step(s, inflow[i]) - outflow[i]
			sum += d * d
		}
		return sum
	}
	bestX := func(k float64) float64 { return golden(-1, 0.5, func(x float64) float64 { return error2(k, x) }) }
	k = golden(dt/4, 40*dt, func(k float64) float64 { return error2(k, bestX(k)) })
	return k, bestX(k), nil
}

// golden finds the lowest place of a function that falls and then rises.
func golden(low, high float64, f func(float64) float64) float64 {
	const ratio = 0.6180339887498949
	a, b := high-ratio*(high-low), low+ratio*(high-low)
	fa, fb := f(a), f(b)
	for high-low > 1e-10*(1+math.Abs(high)) {
		if fa < fb {
			high, b, fb = b, a, fa
			a = high - ratio*(high-low)
			fa = f(a)
		} else {
			low, a, fa = a, b, fb
			b = low + ratio*(high-low)
			fb = f(b)
		}
	}
	return (low + high) / 2
}
