package flashflood

import (
	"math"
	"slices"

	"anlan/internal/fault"
)

// Stage turns a water level in m into the flow in m³/s that has it (水位流量关系). Flow never falls with the level.
type Stage interface {
	Flow(level float64) float64
}

// Rating is a table of levels and flows, straight between its points.
type Rating struct{ level, flow []float64 }

// NewRating makes a rating of at least two points with rising levels and flows.
func NewRating(level, flow []float64) (*Rating, error) {
	if len(level) < 2 || len(flow) != len(level) {
		return nil, fault.Invalidf("flashflood.rating", "水位流量关系至少 2 点，且一一对应", "a rating has at least two points, each with level and flow")
	}
	for i := range level {
		if v := level[i] + flow[i]; math.IsNaN(v) || math.IsInf(v, 0) || flow[i] < 0 || i > 0 && (level[i] <= level[i-1] || flow[i] <= flow[i-1]) {
			return nil, fault.Invalidf("flashflood.rating", "水位流量关系第 %d 点（%g m，%g m³/s）有误或未上升", "point %d of the rating (%g m, %g m³/s) cannot be, or does not rise", i+1, level[i], flow[i])
		}
	}
	return &Rating{slices.Clone(level), slices.Clone(flow)}, nil
}

// Flow is 0 below the table; above it the last piece goes on.
func (r *Rating) Flow(level float64) float64 {
	if level < r.level[0] {
		return 0
	}
	i, _ := slices.BinarySearch(r.level, level)
	i = min(max(i, 1), len(r.level)-1)
	return r.flow[i-1] + (r.flow[i]-r.flow[i-1])*(level-r.level[i-1])/(r.level[i]-r.level[i-1])
}

// Section is a surveyed cross-section (控制断面) at which flow is uniform: Manning's formula Q = A·R^(2/3)·√J / n.
type Section struct {
	x, z     []float64
	slope, n float64
}

// NewSection makes a section of points from bank to bank, x in m across and z in m of height, with a bed slope and Manning's n.
func NewSection(x, z []float64, slope, n float64) (*Section, error) {
	if len(z) != len(x) {
		return nil, fault.Invalidf("flashflood.section", "断面起点距 %d 个、高程 %d 个，不等长", "%d distances and %d heights of a section", len(x), len(z))
	}
	if len(x) < 3 || !(slope > 0 && slope < 1) || !(n >= 0.005 && n <= 0.5) {
		return nil, fault.Invalidf("flashflood.section", "断面至少 3 点；比降 %g 应在 0–1，糙率 %g 应在 0.005–0.5", "a section has at least 3 points; its slope is %g (0 to 1), its roughness %g (0.005 to 0.5)", slope, n)
	}
	for i := range x {
		if v := x[i] + z[i]; math.IsNaN(v) || math.IsInf(v, 0) || i > 0 && x[i] < x[i-1] {
			return nil, fault.Invalidf("flashflood.section", "断面第 %d 点（%g，%g）有误或起点距倒退", "point %d of the section (%g, %g) cannot be, or goes back", i+1, x[i], z[i])
		}
	}
	return &Section{slices.Clone(x), slices.Clone(z), slope, n}, nil
}

// Flow is what the section carries below a level. Above its lower bank the banks are taken to go on upright. To keep it rising with
// the level, as water that spreads over a flat bank first has a longer wetted edge than it gains area, the flow of a lower level counts
// where it is more.
func (s *Section) Flow(level float64) float64 {
	q := s.manning(level)
	for _, z := range s.z {
		if z < level {
			q = math.Max(q, s.manning(z))
		}
	}
	return q
}

func (s *Section) manning(level float64) float64 {
	var area, wetted float64
	for i := 1; i < len(s.x); i++ {
		a, b := level-s.z[i-1], level-s.z[i]
		width := s.x[i] - s.x[i-1]
		switch {
		case a <= 0 && b <= 0:
			continue
		case a > 0 && b > 0:
			area += (a + b) / 2 * width
			wetted += math.Hypot(width, a-b)
		default:
			deep := math.Max(a, b)
			share := deep / (math.Abs(a) + math.Abs(b))
			area += deep / 2 * width * share
			wetted += math.Hypot(width*share, deep)
		}
	}
	last := len(s.z) - 1
	wetted += math.Max(level-s.z[0], 0) + math.Max(level-s.z[last], 0)
	if area <= 0 {
		return 0
	}
	return area * math.Pow(area/wetted, 2.0/3) * math.Sqrt(s.slope) / s.n
}
