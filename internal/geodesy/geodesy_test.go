package geodesy_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/geodesy"
)

type pt = geodesy.Point

func near(a, b pt, tolerance float64) bool {
	return math.Abs(a.Lon-b.Lon) <= tolerance && math.Abs(a.Lat-b.Lat) <= tolerance
}

// Figures in wide use as examples of the three shifts (the README of coordtransform, MIT).
func TestConvertKnown(t *testing.T) {
	f := func(from, to geodesy.System, p, want pt, tolerance float64) {
		t.Helper()
		if got := geodesy.Convert(p, from, to); !near(got, want, tolerance) {
			t.Errorf("%v %v → %v = %.9f, want %.9f", p, from, to, got, want)
		}
	}
	p := pt{116.404, 39.915}
	f(geodesy.WGS84, geodesy.GCJ02, p, pt{116.41024449916938, 39.91640428150164}, 1e-9)
	f(geodesy.GCJ02, geodesy.BD09, p, pt{116.41036949371029, 39.92133699351021}, 1e-9)
	f(geodesy.BD09, geodesy.GCJ02, p, pt{116.39762729119315, 39.90865673957631}, 2e-6) // the published inverse is only near
	f(geodesy.CGCS2000, geodesy.WGS84, p, p, 0)
	f(geodesy.GCJ02, geodesy.GCJ02, p, p, 0)
}

// In Shaoxing the shift is about 394 m to the east and 292 m to the south.
func TestShiftAtShaoxing(t *testing.T) {
	p := pt{120.58, 30.0}
	q := geodesy.Convert(p, geodesy.CGCS2000, geodesy.GCJ02)
	east := geodesy.Distance(p, pt{q.Lon, p.Lat})
	south := geodesy.Distance(p, pt{p.Lon, q.Lat})
	if math.Abs(east-394) > 60 || math.Abs(south-292) > 60 || q.Lon < p.Lon || q.Lat > p.Lat {
		t.Errorf("shift %.0f m east, %.0f m south", east, south)
	}
}

func TestConvertThereAndBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	systems := geodesy.Systems()
	worst := 0.0
	for range 20000 {
		p := pt{72.1 + 65.6*r.Float64(), 0.9 + 54.8*r.Float64()}
		if r.IntN(10) == 0 { // where the root of the shift bends most
			p.Lon = 105 + math.Pow(10, -12*r.Float64())*(r.Float64()-0.5)
		}
		a, b := systems[r.IntN(4)], systems[r.IntN(4)]
		q := geodesy.Convert(geodesy.Convert(p, a, b), b, a)
		worst = max(worst, math.Abs(q.Lon-p.Lon), math.Abs(q.Lat-p.Lat))
	}
	if worst > 1e-9 {
		t.Errorf("there and back differ by %g degree", worst)
	}
	t.Logf("worst %g degree", worst)
}

func TestConvertOutside(t *testing.T) {
	for _, p := range []pt{{-0.13, 51.5}, {151.2, -33.9}, {139.7, 35.7}, {0, 0}, {180, 90}, {-180, -90}} {
		for _, s := range geodesy.Systems() {
			if a, b := geodesy.Convert(p, geodesy.WGS84, s), geodesy.Convert(p, s, geodesy.WGS84); a != p || b != p {
				t.Errorf("%v in %v: %v, %v", p, s, a, b)
			}
		}
	}
	if p := geodesy.Convert(pt{120, 30}, 0, geodesy.WGS84); p.Valid() {
		t.Errorf("from no system: %v", p)
	}
}

func TestParseSystem(t *testing.T) {
	for _, s := range geodesy.Systems() {
		b, err := json.Marshal(s)
		var back geodesy.System
		if err != nil || json.Unmarshal(b, &back) != nil || back != s {
			t.Errorf("%v: %s, %v, %v", s, b, err, back)
		}
	}
	for name, want := range map[string]geodesy.System{"gcj02": geodesy.GCJ02, "bd-09": geodesy.BD09, "WGS 84": geodesy.WGS84, "EPSG:4490": geodesy.CGCS2000, "cgcs2000": geodesy.CGCS2000} {
		if got, err := geodesy.ParseSystem(name); err != nil || got != want {
			t.Errorf("%q: %v, %v", name, got, err)
		}
	}
	for _, name := range []string{"", "北京54", "EPSG:3857"} {
		if got, err := geodesy.ParseSystem(name); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v, %v", name, got, err)
		}
	}
	if _, err := json.Marshal(geodesy.System(0)); err == nil {
		t.Error("no system is written")
	}
}

func TestDistance(t *testing.T) {
	dms := func(d, m, s float64) float64 { return math.Copysign(math.Abs(d)+m/60+s/3600, d) }
	f := func(a, b pt, want, tolerance float64) {
		t.Helper()
		if got := geodesy.Distance(a, b); math.Abs(got-want) > tolerance {
			t.Errorf("%v to %v: %.4f m, want %.4f", a, b, got, want)
		}
		if got, back := geodesy.Distance(a, b), geodesy.Distance(b, a); math.Abs(got-back) > 1e-6 {
			t.Errorf("%v to %v: %g there and %g back", a, b, got, back)
		}
	}
	// Flinders Peak to Buninyong, the example of the Australian survey (GDA Technical Manual), on GRS80.
	f(pt{dms(144, 25, 29.52440), dms(-37, 57, 3.72030)}, pt{dms(143, 55, 35.38390), dms(-37, 39, 10.15610)}, 54972.271, 1e-3)
	f(pt{0, 0}, pt{1, 0}, 111319.4908, 1e-3)    // along the equator: a·π/180
	f(pt{0, 0}, pt{0, 90}, 10001965.7293, 1e-3) // a quarter of the meridian
	f(pt{120, 30}, pt{120, 30}, 0, 0)
	f(pt{179.999, 0}, pt{-179.999, 0}, 222.639, 1e-3)
	f(pt{0, 0}, pt{180, 0}, 20015115, 1e3)       // opposite: the sphere's half circle
	f(pt{0, 0}, pt{179.7, 0.2}, 19.98e6, 0.05e6) // nearly opposite: does not settle
}

// The sphere and the ellipsoid agree to 0.6 %.
func TestGreatCircle(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		a, b := pt{360*r.Float64() - 180, 180*r.Float64() - 90}, pt{360*r.Float64() - 180, 180*r.Float64() - 90}
		if d, s := geodesy.Distance(a, b), geodesy.GreatCircle(a, b); math.Abs(d-s) > 0.006*d {
			t.Errorf("%v to %v: %.0f m, on the sphere %.0f", a, b, d, s)
		}
	}
}
