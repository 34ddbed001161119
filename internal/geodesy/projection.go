package geodesy

import "math"

// xy is a place on a plane in metres, east and north of its centre.
type xy struct{ x, y float64 }

// equalArea is Lambert's azimuthal equal-area projection of the ellipsoid (Snyder 1987, USGS Professional Paper 1395, chapter 24):
// areas are exact, and within 100 km of the centre lengths are off by less than 1 in 30,000.
type equalArea struct {
	lon0         float64 // degrees
	sinB1, cosB1 float64 // authalic latitude of the centre
	rq, d        float64 // radius of the sphere of the same area; makes the scale true in all directions at the centre
}

func newEqualArea(centre Point) equalArea {
	sin, cos := math.Sincos(centre.Lat * radian)
	p := equalArea{lon0: centre.Lon, rq: semiMajor * math.Sqrt(authalicQ(1)/2), d: 1}
	p.sinB1, p.cosB1 = authalic(sin)
	if p.cosB1 > 1e-6 { // at the pole d is 0/0, and tends to 1
		p.d = semiMajor * cos / math.Sqrt(1-eccentric2*sin*sin) / (p.rq * p.cosB1)
	}
	return p
}

// at projects a point that is not opposite the centre.
func (e *equalArea) at(p Point) xy {
	sinB, cosB := authalic(math.Sin(p.Lat * radian))
	sinL, cosL := math.Sincos((p.Lon - e.lon0) * radian)
	b := e.rq * math.Sqrt(2/(1+e.sinB1*sinB+e.cosB1*cosB*cosL))
	return xy{b * e.d * cosB * sinL, b / e.d * (e.cosB1*sinB - e.sinB1*cosB*cosL)}
}

// authalic returns sine and cosine of the latitude on the sphere of the same area.
func authalic(sinLat float64) (sin, cos float64) {
	sin = max(-1, min(1, authalicQ(sinLat)/authalicQ(1)))
	return sin, math.Sqrt(1 - sin*sin)
}

func authalicQ(sinLat float64) float64 {
	e := math.Sqrt(eccentric2)
	return (1 - eccentric2) * (sinLat/(1-eccentric2*sinLat*sinLat) + math.Atanh(e*sinLat)/e)
}

// area2 is twice the area that a ring goes round, positive where it goes against the clock. It is taken about the first corner, so
// that a small ring far from the centre keeps its digits.
func area2(ring []xy) float64 {
	var sum float64
	for i := 2; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		sum += (a.x-ring[0].x)*(b.y-ring[0].y) - (b.x-ring[0].x)*(a.y-ring[0].y)
	}
	return sum
}
