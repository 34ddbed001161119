package geodesy

import (
	"math"
	"strings"

	"anlan/internal/fault"
)

// System is the reference system that coordinates are given in (坐标系). The zero value is none: a file's system is asked for, never
// guessed.
type System uint8

// The systems. CGCS2000 and WGS84 are one for every purpose of this product.
const (
	CGCS2000 System = iota + 1 // 2000 国家大地坐标系, GB 22021; Tianditu
	WGS84                      // GPS
	GCJ02                      // 国测局坐标, shifted for publication; AMap, Tencent
	BD09                       // 百度坐标, shifted once more; Baidu
)

var systemNames = [...]string{CGCS2000: "CGCS2000", WGS84: "WGS84", GCJ02: "GCJ-02", BD09: "BD-09"}

// Systems lists the systems in the order in which they are offered.
func Systems() []System { return []System{CGCS2000, WGS84, GCJ02, BD09} }

// ParseSystem reads the name of a system; case, spaces and hyphens do not matter, and EPSG:4490 and EPSG:4326 are names too.
func ParseSystem(s string) (System, error) {
	switch strings.NewReplacer("-", "", " ", "", "_", "").Replace(strings.ToUpper(s)) {
	case "CGCS2000", "EPSG:4490":
		return CGCS2000, nil
	case "WGS84", "EPSG:4326":
		return WGS84, nil
	case "GCJ02":
		return GCJ02, nil
	case "BD09", "BD09LL":
		return BD09, nil
	case "":
		return 0, fault.Invalidf("geodesy.system", "须说明坐标系：CGCS2000、WGS84、GCJ-02 或 BD-09", "say the reference system: CGCS2000, WGS84, GCJ-02 or BD-09")
	}
	return 0, fault.Invalidf("geodesy.system", "未知坐标系 %q；可用 CGCS2000、WGS84、GCJ-02、BD-09", "unknown reference system %q; known are CGCS2000, WGS84, GCJ-02 and BD-09", s)
}

// Valid reports whether s is one of the systems.
func (s System) Valid() bool { return s >= CGCS2000 && s <= BD09 }

// String returns the name as it is written in reports: "GCJ-02".
func (s System) String() string {
	if !s.Valid() {
		return "none"
	}
	return systemNames[s]
}

// MarshalText writes the name.
func (s System) MarshalText() ([]byte, error) {
	if !s.Valid() {
		_, err := ParseSystem("")
		return nil, err
	}
	return []byte(s.String()), nil
}

// UnmarshalText reads what ParseSystem reads.
func (s *System) UnmarshalText(b []byte) error {
	v, err := ParseSystem(string(b))
	if err == nil {
		*s = v
	}
	return err
}

// Convert returns the place p, given in one system, in another; an unknown system gives a point of NaN.
//
// Outside China coordinates are unchanged. As in the maps themselves, China is a box of latitude and longitude, and whether a place
// lies in it is asked of the coordinates given: a strip of a kilometre along the edge of the box, at sea or abroad, does not
// convert back to itself. Elsewhere there and back agree to 1e-9 degree; the published formulas themselves claim no accuracy.
func Convert(p Point, from, to System) Point {
	if !from.Valid() || !to.Valid() {
		return Point{math.NaN(), math.NaN()}
	}
	if !inChinaBox(p) {
		return p
	}
	level := [...]int{CGCS2000: 0, WGS84: 0, GCJ02: 1, BD09: 2} // how often a system has been shifted
	for n := level[from]; n > level[to]; n-- {
		p = unshift(p, n)
	}
	for n := level[from]; n < level[to]; n++ {
		p = shift(p, n+1)
	}
	return p
}

// inChinaBox is the box outside which nothing is shifted.
func inChinaBox(p Point) bool {
	return p.Lon >= 72.004 && p.Lon <= 137.8347 && p.Lat >= 0.8293 && p.Lat <= 55.8271
}

// shift takes a point to the first shifted system from WGS84, to the second from the first.
func shift(p Point, n int) Point {
	if n == 1 {
		return toGCJ(p)
	}
	return toBD(p)
}

// unshift finds the point that shift takes to p. Neither shift can be solved for its argument, but both change so little from place
// to place (less than 0.03 of a step) that putting the shift of the last guess back closes in by two digits or more each time.
func unshift(p Point, n int) Point {
	guess := p
	for range 30 {
		q := shift(guess, n)
		next := Point{guess.Lon + p.Lon - q.Lon, guess.Lat + p.Lat - q.Lat}
		if math.Abs(next.Lon-guess.Lon) < 1e-12 && math.Abs(next.Lat-guess.Lat) < 1e-12 {
			return next
		}
		guess = next
	}
	return guess
}

// toGCJ is the shift of GCJ-02 as it has been known since 2013: a polynomial and waves about 105° E 35° N, in metres, made into
// degrees on the Krasovsky ellipsoid.
func toGCJ(p Point) Point {
	const (
		a  = 6378245.0
		e2 = 0.00669342162296594323
	)
	x, y := p.Lon-105, p.Lat-35
	wave := func(size, turns float64) float64 { return 2.0 / 3 * size * math.Sin(turns*math.Pi) }
	both := wave(20, 6*x) + wave(20, 2*x)
	north := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*math.Sqrt(math.Abs(x)) +
		both + wave(20, y) + wave(40, y/3) + wave(160, y/12) + wave(320, y/30)
	east := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*math.Sqrt(math.Abs(x)) +
		both + wave(20, x) + wave(40, x/3) + wave(150, x/12) + wave(300, x/30)
	sin, cos := math.Sincos(p.Lat * radian)
	m := 1 - e2*sin*sin
	return Point{
		Lon: p.Lon + east/(a/math.Sqrt(m)*cos)/radian,
		Lat: p.Lat + north/(a*(1-e2)/(m*math.Sqrt(m)))/radian,
	}
}

// toBD is what BD-09 adds to GCJ-02: the degrees as a vector, lengthened and turned by small waves, and moved.
func toBD(p Point) Point {
	const turns = 3000 * radian
	r := math.Hypot(p.Lon, p.Lat) + 0.00002*math.Sin(p.Lat*turns)
	sin, cos := math.Sincos(math.Atan2(p.Lat, p.Lon) + 0.000003*math.Cos(p.Lon*turns))
	return Point{Lon: r*cos + 0.0065, Lat: r*sin + 0.006}
}
