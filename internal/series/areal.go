package series

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"slices"

	"anlan/internal/fault"
	"anlan/internal/geodesy"
	"anlan/internal/registry"
	"anlan/internal/series/reading"
	"anlan/internal/series/window"
)

// Method is how a mean over an area was made.
type Method string

// The methods.
const (
	ByThiessen Method = "thiessen" // by the share of the area that lies nearest to each station (泰森多边形法)
	ByMean     Method = "mean"     // of the stations in it, all alike (算术平均法), where no boundary or no place is known
)

// DivisionRain is the areal rain of a division (分区面雨量).
type DivisionRain struct {
	Division registry.Division
	Method   Method
	window.Areal
}

// arealCache keeps weights until a station or a boundary changes.
type arealCache map[int64]struct {
	stamp   uint64
	weights []window.Weight
}

// DivisionsRain gives the areal rain of each child of a division, by the weights of all stations that measure it.
func (s *Service) DivisionsRain(ctx context.Context, parent int64, sums map[int64]window.Sum) ([]DivisionRain, error) {
	tree, err := s.reg.Tree(ctx)
	if err != nil {
		return nil, err
	}
	gauges, err := s.gauges(ctx)
	if err != nil {
		return nil, err
	}
	outlines, err := s.reg.Boundaries(ctx, parent)
	if err != nil {
		return nil, err
	}
	var out []DivisionRain
	for _, d := range tree.Children(parent) {
		if d.RetiredAt != nil {
			continue
		}
		r := DivisionRain{Division: d, Method: ByMean}
		var weights []window.Weight
		i := slices.IndexFunc(outlines, func(b registry.Boundary) bool { return b.Division.ID == d.ID })
		if i >= 0 {
			if weights, err = s.divisionWeights(d.ID, outlines[i].Geometry, gauges); err != nil {
				return nil, fmt.Errorf("weigh the stations of division %s: %w", d.Code, err)
			}
			r.Method = ByThiessen
		}
		if len(weights) == 0 {
			r.Method = ByMean
			weights = alike(gauges, func(g Station) bool { return tree.Within(d.ID, g.Division) })
		}
		r.Areal = window.ArealOf(weights, sums)
		out = append(out, r)
	}
	return out, nil
}

// AreaRain gives the areal rain of an area, such as a basin, by the stations that measure rain and lie in some divisions; by all where
// none is named.
func (s *Service) AreaRain(ctx context.Context, area geodesy.MultiPolygon, sums map[int64]window.Sum, scopes ...int64) (window.Areal, error) {
	gauges, err := s.gauges(ctx, scopes...)
	if err != nil {
		return window.Areal{}, err
	}
	weights, err := thiessen(area, gauges)
	if err != nil {
		return window.Areal{}, err
	}
	return window.ArealOf(weights, sums), nil
}

// gauges are the stations that measure rain.
func (s *Service) gauges(ctx context.Context, scopes ...int64) ([]Station, error) {
	all, err := s.Stations(ctx, scopes...)
	if err != nil {
		return nil, err
	}
	rain, _ := reading.ByID(reading.Rain)
	counter, _ := reading.ByID(reading.RainCounter)
	return slices.DeleteFunc(all, func(st Station) bool {
		return !slices.Contains(st.Quantities, rain.Code) && !slices.Contains(st.Quantities, counter.Code)
	}), nil
}

// alike gives stations one weight each.
func alike(gauges []Station, in func(Station) bool) []window.Weight {
	var out []window.Weight
	for _, g := range gauges {
		if in(g) {
			out = append(out, window.Weight{Object: g.Object})
		}
	}
	for i := range out {
		out[i].Share = 1 / float64(len(out))
	}
	return out
}

func (s *Service) divisionWeights(id int64, geometry string, gauges []Station) ([]window.Weight, error) {
	stamp := stampOf(geometry, gauges)
	s.mu.Lock()
	kept, ok := s.weights[id]
	s.mu.Unlock()
	if ok && kept.stamp == stamp {
		return kept.weights, nil
	}
	features, bad, err := geodesy.ReadGeoJSON([]byte(geometry), geodesy.CGCS2000, geodesy.DefaultLimits())
	if err != nil {
		return nil, err
	}
	if len(bad) > 0 || len(features) != 1 || features[0].Area == nil {
		return nil, fault.Invalidf("division.boundary", "区划边界不是面", "the boundary of the division is no area")
	}
	weights, err := thiessen(features[0].Area, gauges)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.weights == nil {
		s.weights = arealCache{}
	}
	kept.stamp, kept.weights = stamp, weights
	s.weights[id] = kept
	return weights, nil
}

// stampOf tells apart what weights hang on.
func stampOf(geometry string, gauges []Station) uint64 {
	h := fnv.New64a()
	fmt.Fprint(h, geometry)
	for _, g := range gauges {
		if g.Place != nil {
			fmt.Fprint(h, g.Object, g.Place.Lon, g.Place.Lat, ";")
		}
	}
	return h.Sum64()
}

// thiessen weighs the stations that can matter to an area; none where no station has a place.
func thiessen(area geodesy.MultiPolygon, gauges []Station) ([]window.Weight, error) {
	placed := slices.DeleteFunc(slices.Clone(gauges), func(g Station) bool { return g.Place == nil })
	near := placed
	if b, ok := area.Bounds(); ok {
		near = nearby(placed, b)
	}
	if len(near) == 0 {
		return nil, nil
	}
	places := make([]geodesy.Point, len(near))
	for i, g := range near {
		places[i] = *g.Place
	}
	shares, err := geodesy.Thiessen(area, places)
	if err != nil {
		return nil, err
	}
	var out []window.Weight
	var sum float64
	for i, share := range shares {
		if share >= min(sliver, 10*sliver/float64(len(near))) {
			out = append(out, window.Weight{Object: near[i].Object, Share: share})
			sum += share
		}
	}
	for i := range out {
		out[i].Share /= sum
	}
	return out, nil
}

// sliver is a share that no boundary is drawn well enough to tell: a station with less stands for none of the area.
const sliver = 0.001

// nearby leaves out stations that are nearest to no place of a box: those farther from all of it than its farthest corner from the
// station nearest to its middle.
func nearby(placed []Station, b geodesy.Bounds) []Station {
	if len(placed) == 0 {
		return nil
	}
	middle := geodesy.Point{Lon: (b.Min.Lon + b.Max.Lon) / 2, Lat: (b.Min.Lat + b.Max.Lat) / 2}
	half := max(geodesy.GreatCircle(middle, b.Min), geodesy.GreatCircle(middle, b.Max), geodesy.GreatCircle(middle, geodesy.Point{Lon: b.Min.Lon, Lat: b.Max.Lat}))
	nearest := math.Inf(1)
	for _, g := range placed {
		nearest = min(nearest, geodesy.GreatCircle(middle, *g.Place))
	}
	// No place of the box is farther from that station than nearest+half, and none nearer to another than its distance less half.
	reach := (nearest + 2*half) * 1.01
	return slices.DeleteFunc(slices.Clone(placed), func(g Station) bool { return geodesy.GreatCircle(middle, *g.Place) > reach })
}
