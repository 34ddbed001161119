package geodesy

import "math"

// Ring is a closed line; the edge from the last point to the first is understood, and the first point need not be repeated.
type Ring []Point

// Polygon is an outer ring and the holes in it, whatever way round they run.
type Polygon []Ring

// MultiPolygon is an area of several parts that do not overlap: a county with an exclave, a basin with an island.
type MultiPolygon []Polygon

// Bounds is a box of longitude and latitude.
type Bounds struct{ Min, Max Point }

// Bounds returns the box around m; ok is false where m has no point.
func (m MultiPolygon) Bounds() (b Bounds, ok bool) {
	b = Bounds{Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}}
	for _, p := range m {
		for _, r := range p {
			for _, q := range r {
				b.Min = Point{min(b.Min.Lon, q.Lon), min(b.Min.Lat, q.Lat)}
				b.Max = Point{max(b.Max.Lon, q.Lon), max(b.Max.Lat, q.Lat)}
				ok = true
			}
		}
	}
	return b, ok
}

// Contains reports whether p lies in m; the boundary belongs to the area, that of a hole too. A place on the border of two counties
// lies in both.
func (m MultiPolygon) Contains(p Point) bool {
	for _, part := range m {
		if part.Contains(p) {
			return true
		}
	}
	return false
}

// Contains reports whether q lies in the outer ring and in no hole; boundaries belong to the polygon.
func (p Polygon) Contains(q Point) bool {
	if len(p) == 0 || p[0].side(q) < 0 {
		return false
	}
	for _, hole := range p[1:] {
		if hole.side(q) > 0 {
			return false
		}
	}
	return true
}

// side returns 1 where p lies within the ring, 0 on it, -1 outside. It counts the edges that a line eastward from p crosses.
func (r Ring) side(p Point) int {
	in := -1
	for i, b := range r {
		a := r[(i+len(r)-1)%len(r)]
		if (a.Lat > p.Lat) == (b.Lat > p.Lat) {
			// Neither end above, or both: the edge matters only where p lies on it.
			if p == a || a.Lat == p.Lat && b.Lat == p.Lat && (a.Lon > p.Lon) != (b.Lon > p.Lon) {
				return 0
			}
			continue
		}
		cross := (b.Lon-a.Lon)*(p.Lat-a.Lat) - (p.Lon-a.Lon)*(b.Lat-a.Lat)
		if cross == 0 {
			return 0
		}
		if (cross > 0) == (b.Lat > a.Lat) {
			in = -in
		}
	}
	return in
}

// Area returns the area on the ellipsoid in square metres. Parts that overlap count twice.
func (m MultiPolygon) Area() float64 {
	b, ok := m.Bounds()
	if !ok {
		return 0
	}
	var sum float64
	for _, r := range newPlane(b).project(m) {
		sum += r.sign * area2(r.corners)
	}
	return sum / 2
}

// Centroid returns the centre of gravity on the plane of longitude and latitude, which is where a label goes; ok is false where m
// has no area. It may lie outside.
func (m MultiPolygon) Centroid() (c Point, ok bool) {
	b, ok := m.Bounds()
	if !ok {
		return c, false
	}
	var lon, lat, sum float64
	for _, p := range m {
		for i, r := range p {
			x, y, a := r.moments(b.Min)
			if (a < 0) == (i == 0) { // an outer ring counts for, a hole against
				x, y, a = -x, -y, -a
			}
			lon, lat, sum = lon+x, lat+y, sum+a
		}
	}
	return Point{b.Min.Lon + lon/sum/3, b.Min.Lat + lat/sum/3}, sum > 0
}

// moments returns six times the first moments and twice the area of a ring about an origin near it.
func (r Ring) moments(o Point) (x, y, a float64) {
	for i, q := range r {
		p := r[(i+len(r)-1)%len(r)]
		x1, y1, x2, y2 := p.Lon-o.Lon, p.Lat-o.Lat, q.Lon-o.Lon, q.Lat-o.Lat
		w := x1*y2 - x2*y1
		x, y, a = x+(x1+x2)*w, y+(y1+y2)*w, a+w
	}
	return x, y, a
}

// flat is a ring on the plane; sign makes its area2 positive for an outer ring and negative for a hole.
type flat struct {
	corners []xy
	sign    float64
}

// newPlane is the projection about the middle of a box.
func newPlane(b Bounds) *equalArea {
	e := newEqualArea(Point{(b.Min.Lon + b.Max.Lon) / 2, (b.Min.Lat + b.Max.Lat) / 2})
	return &e
}

func (e *equalArea) project(m MultiPolygon) []flat {
	var out []flat
	for _, p := range m {
		for i, r := range p {
			f := flat{corners: make([]xy, len(r)), sign: 1}
			for j, q := range r {
				f.corners[j] = e.at(q)
			}
			if (area2(f.corners) < 0) == (i == 0) {
				f.sign = -1
			}
			out = append(out, f)
		}
	}
	return out
}
