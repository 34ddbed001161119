package geodesy_test

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/geodesy"
)

func square(west, south, side float64) geodesy.Ring {
	return geodesy.Ring{{west, south}, {west + side, south}, {west + side, south + side}, {west, south + side}}
}

func TestContains(t *testing.T) {
	lake := geodesy.MultiPolygon{
		{square(120, 30, 1), square(120.25, 30.25, 0.5)},
		{square(120.4, 30.4, 0.1)}, // an island
	}
	f := func(lon, lat float64, want bool) {
		t.Helper()
		if got := lake.Contains(pt{lon, lat}); got != want {
			t.Errorf("%g, %g: %v", lon, lat, got)
		}
	}
	f(120.1, 30.1, true)
	f(120.3, 30.3, false) // the hole
	f(120.45, 30.45, true)
	f(119.9, 30.5, false)
	f(121.1, 30.25, false)
	f(120, 30, true)      // a corner
	f(120.5, 30, true)    // an edge
	f(120, 30.5, true)    // an upright edge
	f(120.25, 30.5, true) // the edge of a hole
	f(120.5, 30.25, true)
	f(119.5, 30, false) // in line with an edge
	f(119.5, 31, false)
	if (geodesy.MultiPolygon{}).Contains(pt{}) || (geodesy.MultiPolygon{{}}).Contains(pt{}) || (geodesy.MultiPolygon{{{}}}).Contains(pt{}) {
		t.Error("nothing contains something")
	}
}

// star is a random ring that sees its middle from everywhere.
func star(r *rand.Rand, lon, lat, size float64, n int) geodesy.Ring {
	out := make(geodesy.Ring, n)
	for i := range out {
		sin, cos := math.Sincos(2 * math.Pi * (float64(i) + 0.8*r.Float64()) / float64(n))
		s := size * (0.4 + 0.6*r.Float64())
		out[i] = pt{lon + s*cos, lat + s*sin}
	}
	return out
}

// Held against the winding number by angles.
func TestContainsNaive(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		ring := star(r, 120, 30, 1, 3+r.IntN(20))
		for range 50 {
			p := pt{118.9 + 2.2*r.Float64(), 28.9 + 2.2*r.Float64()}
			var turn float64
			for i, b := range ring {
				a := ring[(i+len(ring)-1)%len(ring)]
				ax, ay, bx, by := a.Lon-p.Lon, a.Lat-p.Lat, b.Lon-p.Lon, b.Lat-p.Lat
				turn += math.Atan2(ax*by-ay*bx, ax*bx+ay*by)
			}
			if got, want := (geodesy.Polygon{ring}).Contains(p), math.Abs(turn) > math.Pi; got != want {
				t.Fatalf("%v in %v: %v", p, ring, got)
			}
		}
	}
}

// A box between parallels, against the integral over the ellipsoid.
func TestArea(t *testing.T) {
	const n = 1000
	var box geodesy.Ring
	for i := range n + 1 {
		box = append(box, pt{120 + float64(i)/n, 30})
	}
	for i := range n {
		box = append(box, pt{121, 30 + float64(i)/n})
	}
	for i := range n + 1 {
		box = append(box, pt{121 - float64(i)/n, 31})
	}
	for i := range n {
		box = append(box, pt{120, 31 - float64(i)/n})
	}
	const a, e2 = 6378137.0, 0.00669437999014
	var want float64
	for i := range n {
		phi := (30 + (float64(i)+0.5)/n) * math.Pi / 180
		w := 1 - e2*math.Sin(phi)*math.Sin(phi)
		want += a * a * (1 - e2) / (w * w) * math.Cos(phi) * math.Pi / 180 * math.Pi / 180 / n
	}
	if got := (geodesy.MultiPolygon{{box}}).Area(); math.Abs(got/want-1) > 1e-6 {
		t.Errorf("%.0f m², want %.0f", got, want)
	}
	hole := geodesy.MultiPolygon{{box, square(120.2, 30.2, 0.1)}}
	if got := hole.Area() + (geodesy.MultiPolygon{{square(120.2, 30.2, 0.1)}}).Area(); math.Abs(got/want-1) > 1e-6 {
		t.Errorf("with the hole put back: %.0f m², want %.0f", got, want)
	}
	if c, ok := (geodesy.MultiPolygon{{square(120, 30, 1)}}).Centroid(); !ok || !near(c, pt{120.5, 30.5}, 1e-9) {
		t.Errorf("centroid %v, %v", c, ok)
	}
	if c, ok := (geodesy.MultiPolygon{{square(120, 30, 1), square(120.5, 30, 0.5)}}).Centroid(); !ok || c.Lon > 120.49 || c.Lat < 30.51 {
		t.Errorf("centroid with a hole at the lower right: %v, %v", c, ok)
	}
}

func weights(t *testing.T, area geodesy.MultiPolygon, stations ...pt) []float64 {
	t.Helper()
	w, err := geodesy.Thiessen(area, stations)
	if err != nil {
		t.Fatal(err)
	}
	var sum float64
	for _, x := range w {
		sum += x
	}
	if len(w) != len(stations) || math.Abs(sum-1) > 1e-12 {
		t.Fatalf("%v sums to %v", w, sum)
	}
	return w
}

func TestThiessen(t *testing.T) {
	area := geodesy.MultiPolygon{{square(120, 30, 0.5)}}
	f := func(tolerance float64, stations []pt, want ...float64) {
		t.Helper()
		got := weights(t, area, stations...)
		for i := range got {
			if math.Abs(got[i]-want[i]) > tolerance {
				t.Errorf("%v: %v, want %v", stations, got, want)
				return
			}
		}
	}
	west, east := pt{120.125, 30.25}, pt{120.375, 30.25}
	f(0, []pt{west}, 1)
	f(0, []pt{{113, 29}}, 1) // one, far away
	f(1e-9, []pt{west, east}, 0.5, 0.5)
	f(1e-9, []pt{west, west, east}, 0.25, 0.25, 0.5) // two instruments on one site
	f(1e-9, []pt{west, {west.Lon + 1e-6, west.Lat}, east}, 0.25, 0.25, 0.5)
	f(1e-9, []pt{west, east, {122, 30.25}}, 0.5, 0.5, 0) // outside and never nearest
	f(1e-9, []pt{{119.9, 30.25}, {120.6, 30.25}}, 0.5, 0.5)
	f(1e-3, []pt{{120.125, 30.125}, {120.375, 30.125}, {120.125, 30.375}, {120.375, 30.375}}, 0.25, 0.25, 0.25, 0.25)
	f(1e-3, []pt{{120.25, 30.25}, {120.25, 30.5}}, 0.75, 0.25) // one on the boundary
	two := geodesy.MultiPolygon{{square(120, 30, 0.1)}, {square(120.9, 30, 0.1), square(120.92, 30.02, 0.05)}}
	if w := weights(t, two, pt{120, 30}, pt{121, 30}); math.Abs(w[0]/w[1]-1/0.75) > 1e-3 {
		t.Errorf("two parts, one with a hole: %v", w)
	}
}

func TestThiessenRefuses(t *testing.T) {
	area := geodesy.MultiPolygon{{square(120, 30, 0.5)}}
	f := func(what string, area geodesy.MultiPolygon, stations ...pt) {
		t.Helper()
		if w, err := geodesy.Thiessen(area, stations); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, %v", what, w, err)
		}
	}
	f("no station", area)
	f("no place", area, pt{math.NaN(), 30})
	f("swapped", area, pt{30, 120})
	f("another country", area, pt{30, 12})
	f("no area", nil, pt{120, 30})
	f("a line", geodesy.MultiPolygon{{{{120, 30}, {121, 30}, {120.5, 30}}}}, pt{120, 30})
	f("a point", geodesy.MultiPolygon{{{{120, 30}}}}, pt{120, 30})
	f("a boundary that is nowhere", geodesy.MultiPolygon{{{{120, 30}, {math.Inf(1), 30}, {120.5, 31}}}}, pt{120, 30})
	f("crossed", geodesy.MultiPolygon{{{{120, 30}, {121, 30.99}, {121, 30}, {120, 31}}}}, pt{120.1, 30.5}, pt{120.9, 30.5})
}

// raster finds shares by asking for each of many places which station is nearest on the ellipsoid.
func raster(area geodesy.MultiPolygon, stations []pt, n int) []float64 {
	b, _ := area.Bounds()
	out := make([]float64, len(stations))
	var sum float64
	for j := range n {
		lat := b.Min.Lat + (float64(j)+0.5)/float64(n)*(b.Max.Lat-b.Min.Lat)
		for i := range n {
			p := pt{b.Min.Lon + (float64(i)+0.5)/float64(n)*(b.Max.Lon-b.Min.Lon), lat}
			if !area.Contains(p) {
				continue
			}
			best, at := math.Inf(1), 0
			for k, s := range stations {
				if d := geodesy.Distance(p, s); d < best {
					best, at = d, k
				}
			}
			w := math.Cos(lat * math.Pi / 180)
			out[at] += w
			sum += w
		}
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}

func TestThiessenRaster(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	worst := 0.0
	for range 12 {
		size := 0.1 + r.Float64()
		area := geodesy.MultiPolygon{{star(r, 120, 30, size, 5+r.IntN(30)), star(r, 120, 30, size*0.2, 7)}}
		if r.IntN(2) == 0 {
			area = append(area, geodesy.Polygon{star(r, 120+2.2*size, 30, size, 9)})
		}
		stations := make([]pt, 2+r.IntN(10))
		for i := range stations {
			stations[i] = pt{120 + 2*size*(2*r.Float64()-0.7), 30 + 1.5*size*(2*r.Float64()-1)}
		}
		got, want := weights(t, area, stations...), raster(area, stations, 150)
		for i := range got {
			worst = max(worst, math.Abs(got[i]-want[i]))
		}
	}
	t.Logf("worst difference %.5f of the area", worst)
	if worst > 0.005 {
		t.Errorf("shares differ from a raster's by %.4f", worst)
	}
}

// districts reads a file of the shared folder, or skips.
func districts(t testing.TB) []geodesy.Feature {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "geo", "shaoxing_districts_tianditu.geojson"))
	if err != nil {
		t.Skipf("no real boundaries to look at: %v", err)
	}
	features, bad, err := geodesy.ReadGeoJSON(b, geodesy.CGCS2000, geodesy.DefaultLimits())
	if err != nil || len(bad) > 0 {
		t.Fatal(err, bad)
	}
	return features
}

// Real boundaries: areas as their source has them, and shares of a district against a raster.
func TestRealDistricts(t *testing.T) {
	all := districts(t)
	var seats []pt
	for _, f := range all {
		want := f.Text("area_km2_calc")
		got := f.Area.Area() / 1e6
		var km2 float64
		if n, ok := f.Properties["area_km2_calc"].(interface{ Float64() (float64, error) }); ok {
			km2, _ = n.Float64()
		}
		if math.Abs(got/km2-1) > 0.005 {
			t.Errorf("%s: %.1f km², its file says %s", f.Text("name"), got, want)
		}
		c, _ := f.Area.Centroid()
		seats = append(seats, c)
		inside := 0
		for _, g := range all {
			if g.Area.Contains(c) {
				inside++
			}
		}
		if inside != 1 {
			t.Errorf("the middle of %s lies in %d districts", f.Text("name"), inside)
		}
	}
	for _, f := range all {
		got, want := weights(t, f.Area, seats...), raster(f.Area, seats, 120)
		for i := range got {
			if math.Abs(got[i]-want[i]) > 0.005 {
				t.Errorf("%s: station %d has %.4f, by raster %.4f", f.Text("name"), i, got[i], want[i])
			}
		}
	}
}

func BenchmarkThiessen(b *testing.B) {
	r := rand.New(rand.NewPCG(9, 10))
	area := geodesy.MultiPolygon{{star(r, 120, 30, 1, 5000)}}
	stations := make([]pt, 60)
	for i := range stations {
		stations[i] = pt{119.3 + 1.4*r.Float64(), 29.3 + 1.4*r.Float64()}
	}
	for b.Loop() {
		if _, err := geodesy.Thiessen(area, stations); err != nil {
			b.Fatal(err)
		}
	}
}
