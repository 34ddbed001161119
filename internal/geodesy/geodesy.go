// Package geodesy holds places on the earth: points and areas in the reference systems that Chinese maps use, conversion
// between them, distances, which area a point lies in, the share of a basin that each station stands for, and GeoJSON.
//
// Points are degrees east and north; everything is kept in CGCS2000, which agrees with WGS84 to centimetres, far below what a
// gauge's position is known to. Lengths are metres, areas square metres. Edges are straight in degrees (RFC 7946, section 3.1.1).
// Areas that cross 180° are not meant. Heights, map projections for drawing, and who owns a boundary are left to others.
package geodesy

import "math"

// The ellipsoid of WGS84. That of CGCS2000 is flatter in the ninth digit: 0.1 mm at the pole.
const (
	semiMajor  = 6378137.0
	flattening = 1 / 298.257223563
	eccentric2 = flattening * (2 - flattening)
	meanRadius = 6371008.8 // (2a+b)/3, IUGG
)

const radian = math.Pi / 180

// Point is a place in degrees, east of Greenwich and north of the equator.
type Point struct {
	Lon float64 `json:"lon"`
	Lat float64 `json:"lat"`
}

// Valid reports whether p is a place on the earth: finite, and within ±180 and ±90 degrees.
func (p Point) Valid() bool {
	return math.Abs(p.Lon) <= 180 && math.Abs(p.Lat) <= 90
}

// GreatCircle returns the distance on a sphere of the earth's mean radius; it differs by up to 0.6 % from Distance.
func GreatCircle(a, b Point) float64 {
	s := sq(math.Sin((b.Lat-a.Lat)*radian/2)) + math.Cos(a.Lat*radian)*math.Cos(b.Lat*radian)*sq(math.Sin((b.Lon-a.Lon)*radian/2))
	return 2 * meanRadius * math.Asin(math.Sqrt(min(s, 1)))
}

// Distance returns the length of the shortest line on the ellipsoid (Vincenty 1975, inverse formula), to a millimetre.
//
// Between places almost opposite each other on the globe the formula does not settle; they get GreatCircle.
func Distance(a, b Point) float64 {
	const polar = semiMajor * (1 - flattening)
	sin1, cos1 := reduced(a.Lat)
	sin2, cos2 := reduced(b.Lat)
	apart := (b.Lon - a.Lon) * radian
	for lambda, n := apart, 0; n < 100; n++ {
		sinL, cosL := math.Sincos(lambda)
		sinS := math.Hypot(cos2*sinL, cos1*sin2-sin1*cos2*cosL)
		cosS := sin1*sin2 + cos1*cos2*cosL
		if sinS == 0 {
			if cosS < 0 {
				break // exactly opposite
			}
			return 0
		}
		sigma := math.Atan2(sinS, cosS)
		sinA := cos1 * cos2 * sinL / sinS // azimuth of the line where it crosses the equator
		cosA2 := 1 - sinA*sinA
		middle := 0.0 // cos 2σm; a line along the equator has none
		if cosA2 > 0 {
			middle = cosS - 2*sin1*sin2/cosA2
		}
		c := flattening / 16 * cosA2 * (4 + flattening*(4-3*cosA2))
		next := apart + (1-c)*flattening*sinA*(sigma+c*sinS*(middle+c*cosS*(2*middle*middle-1)))
		if math.Abs(next-lambda) > 1e-12 {
			lambda = next
			continue
		}
		u2 := cosA2 * (sq(semiMajor) - sq(polar)) / sq(polar)
		ka := 1 + u2/16384*(4096+u2*(-768+u2*(320-175*u2)))
		kb := u2 / 1024 * (256 + u2*(-128+u2*(74-47*u2)))
		m2 := middle * middle
		bend := kb * sinS * (middle + kb/4*(cosS*(2*m2-1)-kb/6*middle*(4*sinS*sinS-3)*(4*m2-3)))
		return polar * ka * (sigma - bend)
	}
	return GreatCircle(a, b)
}

// reduced returns sine and cosine of the latitude on the sphere that the ellipsoid is pressed from.
func reduced(lat float64) (sin, cos float64) {
	s, c := math.Sincos(lat * radian)
	s *= 1 - flattening
	h := math.Hypot(s, c)
	return s / h, c / h
}

func sq(x float64) float64 { return x * x }
