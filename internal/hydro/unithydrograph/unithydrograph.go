// Package unithydrograph turns net rain into flow by a unit hydrograph (单位线): a shape that each step's net rain takes on its way to the
// outlet.
//
// A shape is ordinates per step that sum to 1. Net rain is in mm a step, areas in km², flows in m³/s, times in hours.
package unithydrograph

import (
	"math"

	"anlan/internal/fault"
)

// Shape is the share of a step's net rain that leaves in that step and each after it. It sums to 1 and never changes.
type Shape []float64

// tail is the share at which a shape that has no end is cut off.
const tail = 1e-6

// mostSteps bounds a shape.
const mostSteps = 20_000

// Nash is the shape of n equal linear stores in a row (纳希瞬时单位线), each of k hours, over steps of dt hours:
// the difference of two S-curves, which are incomplete gamma functions.
func Nash(n, k, dt float64) (Shape, error) {
	if !(n >= 0.1 && n <= 50 && k > 0 && dt > 0) || math.IsInf(k+dt, 0) {
		return nil, fault.Invalidf("unithydrograph.nash", "纳希单位线参数有误：n=%g，k=%g h，Δt=%g h", "the Nash parameters do not hold: n=%g, k=%g h, Δt=%g h", n, k, dt)
	}
	if 60*n*k/dt > mostSteps {
		return nil, fault.Invalidf("unithydrograph.long", "n=%g、k=%g h 在 Δt=%g h 下过长", "n=%g and k=%g h are too long for steps of %g h", n, k, dt)
	}
	return between(func(hours float64) float64 { return gammaP(n, hours/k) }, dt), nil
}

// between takes the steps of an S-curve until what is left is nothing.
func between(s func(hours float64) float64, dt float64) Shape {
	var out Shape
	before := 0.0
	for i := 1; before < 1-tail && i <= mostSteps; i++ {
		now := s(float64(i) * dt)
		out = append(out, now-before)
		before = now
	}
	for i := range out {
		out[i] /= before
	}
	return out
}

// Lag is a shape that comes all at once after a time, between two steps in proportion (滞后演算), then drains from one linear store with a
// recession cs of a step (0 to below 1).
func Lag(hours, cs, dt float64) (Shape, error) {
	if !(hours >= 0 && cs >= 0 && cs < 0.99999 && dt > 0) || hours/dt > mostSteps/2 {
		return nil, fault.Invalidf("unithydrograph.lag", "滞时演算参数有误：%g h，消退系数 %g，Δt=%g h", "the lag and route parameters do not hold: %g h, recession %g, Δt=%g h", hours, cs, dt)
	}
	whole := int(hours / dt)
	part := hours/dt - float64(whole)
	out := make(Shape, whole, whole+64)
	store, left := 0.0, 1.0
	for i := 0; left > tail && i < mostSteps; i++ {
		in := 0.0
		switch i {
		case 0:
			in = 1 - part
		case 1:
			in = part
		}
		store = cs*store + (1-cs)*in
		out = append(out, store)
		left -= store
	}
	for i := range out {
		out[i] /= 1 - left
	}
	return out, nil
}

// Empirical is a shape from the ordinates of a unit hydrograph that was derived from floods, in m³/s every `of` hours beginning after
// the first, for steps of dt hours: resampled by its S-curve, which keeps its volume. Ordinates are scaled to 1, whatever their
// volume; what they amount to for 10 mm over an area in km² is told beside it, so that a table for another area is noticed.
func Empirical(ordinates []float64, of, dt, area float64) (s Shape, depth float64, err error) {
	sum := 0.0
	for i, q := range ordinates {
		if !(q >= 0) || math.IsInf(q, 0) {
			return nil, 0, fault.Invalidf("unithydrograph.ordinate", "第 %d 个纵坐标 %g 有误", "ordinate %d, %g, cannot be", i+1, q)
		}
		sum += q
	}
	if !(sum > 0 && of > 0 && dt > 0 && area > 0) || float64(len(ordinates))*of/dt > mostSteps {
		return nil, 0, fault.Invalidf("unithydrograph.empirical", "经验单位线有误：%d 个纵坐标，间隔 %g h，Δt=%g h，面积 %g km²", "the unit hydrograph cannot be: %d ordinates every %g h, Δt=%g h, %g km²", len(ordinates), of, dt, area)
	}
	curve := make([]float64, len(ordinates)+1) // S at 0, of, 2·of …
	for i, q := range ordinates {
		curve[i+1] = curve[i] + q/sum
	}
	at := func(hours float64) float64 {
		x := hours / of
		i := int(x)
		if i >= len(curve)-1 {
			return 1
		}
		return curve[i] + (x-float64(i))*(curve[i+1]-curve[i])
	}
	return between(at, dt), sum * of * 3.6 / area, nil
}

// Flow is the flow in m³/s that a series of net rain in mm gives over an area, from the first step on; what leaves after its end is cut.
func (s Shape) Flow(net []float64, area, dt float64) []float64 {
	out := make([]float64, len(net))
	unit := area / (3.6 * dt)
	for i, r := range net {
		if r == 0 {
			continue
		}
		for k, share := range s[:min(len(s), len(out)-i)] {
			out[i+k] += r * share * unit
		}
	}
	return out
}

// Pending is what earlier net rain still sends, so that a run can be cut and continued: the flow of the steps to come.
type Pending []float64

// Step takes one step's net rain and returns the flow; the pending flow moves on. It has the length of the shape, and is made by
// make(Pending, len(shape)).
func (s Shape) Step(p Pending, net, area, dt float64) float64 {
	if net != 0 {
		unit := net * area / (3.6 * dt)
		for k, share := range s {
			p[k] += share * unit
		}
	}
	q := p[0]
	copy(p, p[1:])
	p[len(p)-1] = 0
	return q
}

// gammaP is the regularised lower incomplete gamma function P(a, x): by its series below a+1, by its continued fraction above.
func gammaP(a, x float64) float64 {
	if x <= 0 {
		return 0
	}
	lg, _ := math.Lgamma(a)
	front := math.Exp(a*math.Log(x) - x - lg)
	if x < a+1 {
		term, sum := 1/a, 1/a
		for n := a + 1; term > sum*1e-16; n++ {
			term *= x / n
			sum += term
		}
		return math.Min(front*sum, 1)
	}
	// Lentz's method.
	const tiny = 1e-300
	b := x + 1 - a
	c, d := 1/tiny, 1/b
	h := d
	for i := 1.0; i < 1000; i++ {
		an := -i * (i - a)
		b += 2
		if d = an*d + b; math.Abs(d) < tiny {
			d = tiny
		}
		if c = b + an/c; math.Abs(c) < tiny {
			c = tiny
		}
		d = 1 / d
		h *= d * c
		if math.Abs(d*c-1) < 1e-16 {
			break
		}
	}
	return 1 - front*h
}
