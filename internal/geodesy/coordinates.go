package geodesy

import (
	"fmt"
	"strconv"

	"anlan/internal/fault"
)

// coordinates walks over the brackets of a geometry, which is known to be JSON. What is wrong is told with its place: "[0][17]".
type coordinates struct {
	src  []byte
	at   int
	from System
	left *int // vertices that may still come
}

func wrong(zh, en string, args ...any) *fault.Field {
	return &fault.Field{Text: fault.Tf(zh, en, args...)}
}

// next skips white space and returns the next byte, 0 at the end.
func (c *coordinates) next() byte {
	for ; c.at < len(c.src); c.at++ {
		switch b := c.src[c.at]; b {
		case ' ', '\t', '\n', '\r':
		default:
			return b
		}
	}
	return 0
}

// list reads an array with a function for each item.
func (c *coordinates) list(what fault.Text, item func() *fault.Field) *fault.Field {
	if c.next() != '[' {
		return &fault.Field{Text: what}
	}
	c.at++
	for n := 0; ; n++ {
		if b := c.next(); b == ']' {
			c.at++
			return nil
		} else if b == ',' {
			c.at++
		}
		if w := item(); w != nil {
			w.Place = fmt.Sprintf("[%d]%s", n, w.Place)
			return w
		}
	}
}

func (c *coordinates) multi(out *MultiPolygon) *fault.Field {
	w := c.list(fault.T("应为面的列表", "a list of polygons is needed"), func() *fault.Field {
		*out = append(*out, nil)
		return c.polygon(&(*out)[len(*out)-1])
	})
	if w == nil && len(*out) == 0 {
		return wrong("没有面", "there is no polygon")
	}
	return w
}

func (c *coordinates) polygon(out *Polygon) *fault.Field {
	w := c.list(fault.T("应为环的列表", "a list of rings is needed"), func() *fault.Field {
		*out = append(*out, nil)
		return c.ring(&(*out)[len(*out)-1])
	})
	if w == nil && len(*out) == 0 {
		return wrong("面没有外环", "the polygon has no ring")
	}
	return w
}

// ring reads a closed ring and leaves away the repeated first point.
func (c *coordinates) ring(out *Ring) *fault.Field {
	w := c.list(fault.T("应为点的列表", "a list of points is needed"), func() *fault.Field {
		*out = append(*out, Point{})
		return c.point(&(*out)[len(*out)-1])
	})
	r := *out
	switch n := len(r); {
	case w != nil:
		return w
	case n < 4:
		return wrong("环只有 %d 个点，至少须 4 个（首尾相同）", "the ring has %d points; 4 are needed, the last like the first", n)
	case r[0] != r[n-1]:
		return wrong("环未闭合：首点与末点不同", "the ring is not closed: its last point is not its first")
	}
	*out = r[:len(r)-1]
	return nil
}

// point reads a position: east, north, and perhaps a height, which is passed over.
func (c *coordinates) point(out *Point) *fault.Field {
	if *c.left--; *c.left < 0 {
		return wrong("顶点过多", "too many vertices")
	}
	var at [2]float64
	n := 0
	w := c.list(fault.T("应为 [经度, 纬度]", "[longitude, latitude] is needed"), func() *fault.Field {
		v, w := c.number()
		if n < len(at) {
			at[n] = v
		}
		n++
		return w
	})
	p := Point{at[0], at[1]}
	switch {
	case w != nil:
		return w
	case n < 2:
		return wrong("坐标须有经度和纬度", "a place has a longitude and a latitude")
	case !p.Valid() && (Point{p.Lat, p.Lon}).Valid():
		return wrong("经度 %g、纬度 %g 超出范围：经纬度可能写反", "longitude %g, latitude %g cannot be: the two may be swapped", p.Lon, p.Lat)
	case !p.Valid():
		return wrong("经度 %g、纬度 %g 超出范围：须为度，不是投影坐标", "longitude %g, latitude %g cannot be: degrees are needed, not metres", p.Lon, p.Lat)
	}
	*out = Convert(p, c.from, CGCS2000)
	return nil
}

func (c *coordinates) number() (float64, *fault.Field) {
	c.next()
	start := c.at
	for ; c.at < len(c.src); c.at++ {
		if b := c.src[c.at]; (b < '0' || b > '9') && b != '-' && b != '+' && b != '.' && b != 'e' && b != 'E' {
			break
		}
	}
	v, err := strconv.ParseFloat(string(c.src[start:c.at]), 64)
	if err != nil {
		return 0, wrong("应为数字", "a number is needed")
	}
	return v, nil
}
