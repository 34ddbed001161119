package geodesy

import (
	"cmp"
	"math"
	"slices"

	"anlan/internal/fault"
)

// farthest is how far from a basin a station may lie; beyond, its coordinates are wrong.
const farthest = 1000e3

// same is how near to each other two stations are one place, in metres: two instruments on one site.
const same = 1.0

// Thiessen returns the share of an area that lies nearer to each station than to any other (泰森多边形权重, Thiessen 1911), in the
// order of the stations. Shares sum to 1 within rounding.
//
// The area is clipped on an equal-area plane by the perpendicular bisectors, so a share is exact but for the plane: parts in 1e5,
// more where edges are longer than 100 km, since they are straight there and not in degrees.
// A station outside takes part like any other, and gets 0 where none of the area is nearest to it. Stations within a metre of each
// other are one place and divide its share evenly. One station gets 1.
//
// It returns an Invalid fault where there is no station, the area is empty or crosses itself, or a place cannot be.
func Thiessen(area MultiPolygon, stations []Point) ([]float64, error) {
	b, err := checkThiessen(area, stations)
	if err != nil {
		return nil, err
	}
	e := newPlane(b)
	c := &clipper{rings: e.project(area)}
	for i, s := range stations {
		if GreatCircle(s, Point{(b.Min.Lon + b.Max.Lon) / 2, (b.Min.Lat + b.Max.Lat) / 2}) > farthest {
			return nil, fault.Invalidf("geodesy.thiessen", "第 %[1]d 个测站（%[2]g, %[3]g）离流域超过 1000 km，坐标有误",
				"station %[1]d at %[2]g, %[3]g lies more than 1000 km from the area: its coordinates are wrong", i+1, s.Lon, s.Lat)
		}
		c.add(e.at(s))
	}
	var total float64
	for _, r := range c.rings {
		total += r.sign * area2(r.corners)
	}
	// A line along a parallel bends on the plane, and goes round something there.
	if _, ok := area.Centroid(); !ok || !(total > 2) {
		return nil, fault.Invalidf("geodesy.thiessen", "流域面积为零", "the area is empty")
	}
	return c.shares(total)
}

func checkThiessen(area MultiPolygon, stations []Point) (Bounds, error) {
	if len(stations) == 0 {
		return Bounds{}, fault.Invalidf("geodesy.thiessen", "没有测站，无法计算权重", "without a station there are no weights")
	}
	for i, s := range stations {
		if !s.Valid() {
			return Bounds{}, fault.Invalidf("geodesy.thiessen", "第 %[1]d 个测站的坐标（%[2]g, %[3]g）无效", "station %[1]d is at %[2]g, %[3]g, which is no place", i+1, s.Lon, s.Lat)
		}
	}
	for _, p := range area {
		for _, r := range p {
			if i := slices.IndexFunc(r, func(q Point) bool { return !q.Valid() }); i >= 0 {
				return Bounds{}, fault.Invalidf("geodesy.thiessen", "流域边界含无效坐标（%g, %g）", "the boundary goes through %g, %g, which is no place", r[i].Lon, r[i].Lat)
			}
		}
	}
	b, ok := area.Bounds()
	if !ok {
		return b, fault.Invalidf("geodesy.thiessen", "流域没有边界", "the area has no boundary")
	}
	return b, nil
}

// clipper cuts rings on the plane into the cells of sites.
type clipper struct {
	rings []flat
	sites []xy
	site  []int // of each station
	count []int // stations at each site
	order []rival
	a, b  []xy // the ring before and after a cut
}

// rival is another site and how far it is.
type rival struct {
	site     int
	distance float64
}

// add takes a station to its site.
func (c *clipper) add(p xy) {
	i := slices.IndexFunc(c.sites, func(q xy) bool { return math.Hypot(p.x-q.x, p.y-q.y) < same })
	if i < 0 {
		i = len(c.sites)
		c.sites, c.count = append(c.sites, p), append(c.count, 0)
	}
	c.site = append(c.site, i)
	c.count[i]++
}

func (c *clipper) shares(total float64) ([]float64, error) {
	cells := make([]float64, len(c.sites))
	var sum float64
	for i := range cells {
		cells[i] = c.cell(i)
		if cells[i] < -1e-9*total {
			return nil, fault.Invalidf("geodesy.thiessen", "流域边界自相交", "the boundary of the area crosses itself")
		}
		cells[i] = max(cells[i], 0)
		sum += cells[i]
	}
	out := make([]float64, len(c.site))
	for i, s := range c.site {
		out[i] = cells[s] / sum / float64(c.count[s])
	}
	return out, nil
}

// cell returns twice the area that lies nearest to a site.
func (c *clipper) cell(site int) float64 {
	s := c.sites[site]
	c.order = c.order[:0]
	for j, q := range c.sites {
		if j != site {
			c.order = append(c.order, rival{j, math.Hypot(q.x-s.x, q.y-s.y)})
		}
	}
	slices.SortFunc(c.order, func(a, b rival) int { return cmp.Compare(a.distance, b.distance) })
	var sum float64
	for _, r := range c.rings {
		sum += r.sign * area2(c.clip(r.corners, s))
	}
	return sum
}

// clip cuts a ring by the bisector with each rival, the nearest first, until the next is too far to matter.
//
// Where a ring goes to and fro across a bisector, the pieces stay joined by edges on the bisector (Sutherland and Hodgman 1974). These
// go there and back and enclose nothing, so the area is right.
func (c *clipper) clip(ring []xy, s xy) []xy {
	for _, r := range c.order {
		if reach := radius(ring, s); r.distance > 2*reach {
			break
		}
		q := c.sites[r.site]
		middle := xy{(s.x + q.x) / 2, (s.y + q.y) / 2}
		c.b = cut(c.b[:0], ring, middle, xy{q.x - s.x, q.y - s.y})
		c.a, c.b = c.b, c.a
		ring = c.a
		if len(ring) < 3 {
			return nil
		}
	}
	return ring
}

// radius is how far the farthest corner lies from s.
func radius(ring []xy, s xy) float64 {
	var far float64
	for _, p := range ring {
		far = max(far, sq(p.x-s.x)+sq(p.y-s.y))
	}
	return math.Sqrt(far)
}

// cut appends to dst what of a ring lies behind the line through middle across the direction away.
func cut(dst, ring []xy, middle, away xy) []xy {
	beyond := func(p xy) float64 { return (p.x-middle.x)*away.x + (p.y-middle.y)*away.y }
	last := ring[len(ring)-1]
	dLast := beyond(last)
	for _, p := range ring {
		d := beyond(p)
		if (d > 0) != (dLast > 0) {
			t := dLast / (dLast - d)
			dst = append(dst, xy{last.x + t*(p.x-last.x), last.y + t*(p.y-last.y)})
		}
		if d <= 0 {
			dst = append(dst, p)
		}
		last, dLast = p, d
	}
	return dst
}
