package xaj

import "math"

// power is x to the y for a share x from 0 to 1 and y above 0, to within 1e-13 of it: the model's curves take most of its time.
// Outside that range it is math.Pow, or 0 below it.
func power(x, y float64) float64 {
	if x <= 0 {
		return 0
	}
	if x >= 1 || x < 1e-300 || y <= 0 || y > 16 {
		return math.Pow(clip(x), y)
	}
	return exp2(y * log2(x))
}

const (
	logBits = 7 // the mantissa's first bits choose the point that the logarithm is expanded about
	expBits = 7
)

var (
	logPoints = logTable()
	expPoints = expTable()
)

// logPoint is 1/c and log2 c of a point c between 1 and 2.
type logPoint struct{ inverse, log float64 }

func logTable() (t [1 << logBits]logPoint) {
	for i := range t {
		c := 1 + (float64(i)+0.5)/float64(len(t))
		// The inverse is rounded so that m/c − 1 is nearly exact, and the logarithm is that of what it is rounded to.
		inverse := math.Round(1/c*(1<<20)) / (1 << 20)
		t[i] = logPoint{inverse, -math.Log2(inverse)}
	}
	return t
}

func expTable() (t [1 << expBits]float64) {
	for i := range t {
		t[i] = math.Exp2(float64(i) / float64(len(t)))
	}
	return t
}

// log2 is the logarithm of a normal number above 0.
func log2(x float64) float64 {
	bits := math.Float64bits(x)
	exponent := float64(int(bits>>52) - 1023)
	at := logPoints[bits>>(52-logBits)&(1<<logBits-1)]
	m := math.Float64frombits(bits&(1<<52-1) | 1023<<52)
	r := m*at.inverse - 1 // |r| < 2^-8
	// The series of log(1+r), in base 2.
	const e = math.Log2E
	r2 := r * r
	series := r*e - r2*(e/2) + r2*r*(e/3-r*(e/4)+r2*(e/5-r*(e/6)))
	return exponent + at.log + series
}

// exp2 is 2 to the v.
func exp2(v float64) float64 {
	if !(v > -1000 && v < 1000) {
		return math.Exp2(v)
	}
	scaled := v * (1 << expBits)
	whole := math.Floor(scaled)
	n := int(whole)
	r := (scaled - whole) * (math.Ln2 / (1 << expBits)) // 0 ≤ r < 0.0055
	series := 1 + r*(1+r*(1.0/2+r*(1.0/6+r*(1.0/24+r*(1.0/120)))))
	scale := math.Float64frombits(uint64(n>>expBits+1023) << 52)
	return expPoints[n&(1<<expBits-1)] * series * scale
}
