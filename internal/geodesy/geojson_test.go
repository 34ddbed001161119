package geodesy_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"anlan/internal/fault"
	"anlan/internal/geodesy"
)

func TestReadGeoJSON(t *testing.T) {
	const src = "\ufeff" + `{"type": "FeatureCollection", "name": "x", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
	"features": [
		{"type": "Feature", "id": 7, "properties": {"code": 330602, "名称": " 越城 ", "none": null}, "geometry": {"type": "Point", "coordinates": [120.5, 30.25, 12.5]}},
		{"type": "Feature", "id": "b", "properties": null, "geometry": {"type": "Polygon", "coordinates": [[[120,30],[121,30],[121,31],[120,30]]]}},
		{"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": [ [ [ [120,30] , [121,30],[121,31],[120,30]],[[120.5,30.1],[120.6,30.1],[120.6,30.2],[120.5,30.1]]], [[[1,1],[2,1],[2,2],[1,1]]] ]}}
	]}`
	got, bad, err := geodesy.ReadGeoJSON([]byte(src), geodesy.WGS84, geodesy.DefaultLimits())
	if err != nil || len(bad) > 0 {
		t.Fatal(err, bad)
	}
	triangle := geodesy.Ring{{120, 30}, {121, 30}, {121, 31}}
	want := []geodesy.Feature{
		{ID: "7", Point: &pt{120.5, 30.25}},
		{ID: "b", Area: geodesy.MultiPolygon{{triangle}}},
		{Area: geodesy.MultiPolygon{{triangle, {{120.5, 30.1}, {120.6, 30.1}, {120.6, 30.2}}}, {{{1, 1}, {2, 1}, {2, 2}}}}},
	}
	if a, b := got[0].Text("none", "code"), got[0].Text("名称"); a != "330602" || b != "越城" {
		t.Errorf("properties %q, %q", a, b)
	}
	for i := range got {
		got[i].Properties = nil
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Points are kept in CGCS2000 whatever the file is in, and a bare geometry is enough.
func TestReadGeoJSONConverts(t *testing.T) {
	p := pt{120.58, 30.01}
	for _, s := range geodesy.Systems() {
		b, err := geodesy.WriteGeoJSON([]geodesy.Feature{{Point: &p}}, s)
		if err != nil {
			t.Fatal(err)
		}
		got, bad, err := geodesy.ReadGeoJSON(b, s, geodesy.DefaultLimits())
		if err != nil || len(bad) > 0 || !near(*got[0].Point, p, 1e-7) {
			t.Errorf("%v: %s gives %v, %v, %v", s, b, got, bad, err)
		}
	}
	got, bad, err := geodesy.ReadGeoJSON([]byte(`{"type":"Point","coordinates":[120,30]}`), geodesy.CGCS2000, geodesy.DefaultLimits())
	if err != nil || len(bad) > 0 || len(got) != 1 || *got[0].Point != (pt{120, 30}) {
		t.Errorf("a bare point: %v, %v, %v", got, bad, err)
	}
}

// What is wrong with one feature is told with its place, and the next is read.
func TestReadGeoJSONTellsPlace(t *testing.T) {
	f := func(feature, place, text string) {
		t.Helper()
		src := `{"type":"FeatureCollection","features":[` + feature + `,{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]}}]}`
		good, bad, err := geodesy.ReadGeoJSON([]byte(src), geodesy.WGS84, geodesy.DefaultLimits())
		if err != nil || len(good) != 1 || len(bad) != 1 || bad[0].Place != place || !strings.Contains(bad[0].En, text) || bad[0].Zh == "" {
			t.Errorf("%s: %v, %d good, %v", feature, err, len(good), bad)
		}
	}
	shape := func(kind, coordinates, place, text string) {
		t.Helper()
		f(`{"type":"Feature","geometry":{"type":"`+kind+`","coordinates":`+coordinates+`}}`, "features[0].geometry."+place, text)
	}
	shape("Polygon", `[[[120,30],[121,30],[121,31],[120,30.1]]]`, "coordinates[0]", "not closed")
	shape("Polygon", `[[[120,30],[121,30],[120,30]]]`, "coordinates[0]", "3 points")
	shape("Polygon", `[[[120,30],[30,121],[121,31],[120,30]]]`, "coordinates[0][1]", "swapped")
	shape("Polygon", `[[[120,30],[340000,3300000],[121,31],[120,30]]]`, "coordinates[0][1]", "degrees are needed")
	shape("Polygon", `[[[120,30],["121",30],[121,31],[120,30]]]`, "coordinates[0][1][0]", "number")
	shape("Polygon", `[[[120,30],[1e999,30],[121,31],[120,30]]]`, "coordinates[0][1][0]", "number")
	shape("Polygon", `[[[120,30],[121],[121,31],[120,30]]]`, "coordinates[0][1]", "longitude")
	shape("Polygon", `[[120,30],[121,30],[121,31],[120,30]]`, "coordinates[0][0]", "[longitude, latitude]")
	shape("Polygon", `[]`, "coordinates", "no ring")
	shape("Polygon", `[[]]`, "coordinates[0]", "0 points")
	shape("Polygon", `{}`, "coordinates", "list of rings")
	shape("Polygon", `null`, "coordinates", "list of rings")
	shape("MultiPolygon", `[]`, "coordinates", "no polygon")
	shape("MultiPolygon", `[[[[1,1],[2,2],[3,3],[1,1]]],[]]`, "coordinates[1]", "no ring")
	shape("Point", `[]`, "coordinates", "longitude")
	shape("Point", `[null,null]`, "coordinates[0]", "number")
	shape("LineString", `[[1,1],[2,2]]`, "type", "LineString")
	f(`{"type":"Feature","geometry":null}`, "features[0].geometry", "no geometry")
	f(`{"type":"Thing"}`, "features[0].type", "Thing")
	f(`7`, "features[0]", "no feature")
	f(`{"type":"Feature","properties":[1],"geometry":{"type":"Point","coordinates":[1,2]}}`, "features[0].properties", "no object")
}

func TestReadGeoJSONRefuses(t *testing.T) {
	limits := geodesy.Limits{Bytes: 400, Depth: 8, Features: 2, Vertices: 5}
	f := func(src string, s geodesy.System, kind fault.Kind, text string) {
		t.Helper()
		good, bad, err := geodesy.ReadGeoJSON([]byte(src), s, limits)
		if !fault.Is(err, kind) || !strings.Contains(err.Error(), text) || good != nil || bad != nil {
			t.Errorf("%.60s: %v, %v, %v", src, err, good, bad)
		}
	}
	f(`{}`, 0, fault.Invalid, "say the reference system")
	f(`{`, geodesy.WGS84, fault.Invalid, "not GeoJSON")
	f(``, geodesy.WGS84, fault.Invalid, "not GeoJSON")
	f("{\"type\":\"Point\",\"name\":\"\xd4\xbd\xb3\xc7\"}", geodesy.WGS84, fault.Invalid, "UTF-8") // GB 18030
	f(`{"type":"Topology"}`, geodesy.WGS84, fault.Invalid, "Topology")
	f(`{"type":"Point","coordinates":[1,2],"crs":{"type":"name","properties":{"name":"EPSG:3857"}}}`, geodesy.WGS84, fault.Invalid, "3857")
	f(`{"type":"Point","coordinates":[1,2],"crs":7}`, geodesy.WGS84, fault.Invalid, "crs")
	f(strings.Repeat(" ", 500), geodesy.WGS84, fault.TooLarge, "bytes")
	f(strings.Repeat("[", 9), geodesy.WGS84, fault.TooLarge, "deeper")
	f(`{"type":"FeatureCollection","features":[1,2,3]}`, geodesy.WGS84, fault.TooLarge, "features")
	f(`{"type":"Polygon","coordinates":[[[1,1],[2,1],[3,3],[2,4],[1,2],[1,1]]]}`, geodesy.WGS84, fault.TooLarge, "vertices")
}

func FuzzReadGeoJSON(f *testing.F) {
	for _, s := range []string{
		`{"type":"Point","coordinates":[120,30]}`,
		`{"type":"FeatureCollection","features":[{"type":"Feature","id":"a","properties":{"n":1e3},"geometry":{"type":"Polygon","coordinates":[[[120,30],[121,30],[121,31],[120,30]]]}}]}`,
		`{"type":"MultiPolygon","coordinates":[[[[120,30],[121,30],[121,31],[120,30]],[[120.5,30.1],[120.6,30.1],[120.6,30.2],[120.5,30.1]]]]}`,
		`{"type":"Feature","geometry":{"type":"Point","coordinates":[1e999,"2",[3]]}}`,
		`{"type":"Point","coordinates":[1,2],"crs":{"properties":{"name":"EPSG:4490"}}}`,
	} {
		f.Add([]byte(s), uint8(geodesy.GCJ02))
	}
	limits := geodesy.Limits{Bytes: 1 << 16, Depth: 20, Features: 100, Vertices: 1000}
	f.Fuzz(func(t *testing.T, src []byte, system uint8) {
		good, bad, err := geodesy.ReadGeoJSON(src, geodesy.System(system), limits)
		if err != nil {
			if good != nil || bad != nil || fault.KindOf(err) == fault.Internal {
				t.Fatalf("%v with %v, %v", err, good, bad)
			}
			return
		}
		for _, b := range bad {
			if b.Zh == "" || b.En == "" || b.Place == "" {
				t.Fatalf("a refusal without place or words: %+v", b)
			}
		}
		holdFeatures(t, good, limits)
	})
}

// holdFeatures holds that what was read can be computed with, and that writing and reading again changes nothing.
func holdFeatures(t *testing.T, good []geodesy.Feature, limits geodesy.Limits) {
	t.Helper()
	limits.Bytes, limits.Vertices = limits.Bytes*100, limits.Vertices*2
	b, err := geodesy.WriteGeoJSON(good, geodesy.CGCS2000)
	if err != nil {
		t.Fatal(err)
	}
	again, bad, err := geodesy.ReadGeoJSON(b, geodesy.CGCS2000, limits)
	if err != nil || len(bad) > 0 || len(again) != len(good) {
		t.Fatalf("%s: %v, %v", b, err, bad)
	}
	for i, f := range good {
		if f.Point != nil && !near(*f.Point, *again[i].Point, 1e-7) {
			t.Fatalf("%v became %v", *f.Point, *again[i].Point)
		}
		if a := f.Area.Area(); math.IsNaN(a) {
			t.Fatalf("%v has no area", f.Area)
		}
		f.Area.Contains(pt{120, 30})
		f.Area.Centroid()
		w, err := geodesy.Thiessen(f.Area, []pt{{120, 30}, {120.1, 30.1}, {120, 30.2}})
		for _, x := range w {
			if !(x >= 0 && x <= 1) || err != nil {
				t.Fatalf("shares %v, %v", w, err)
			}
		}
	}
}

// The files of the demo city are read whole.
func TestReadSharedFiles(t *testing.T) {
	names, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "geo", "*.geojson"))
	if len(names) == 0 {
		t.Skipf("no shared files to read")
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		good, bad, err := geodesy.ReadGeoJSON(b, geodesy.CGCS2000, geodesy.DefaultLimits())
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(name), err)
		}
		for _, w := range bad {
			if !strings.Contains(w.En, "LineString") {
				t.Errorf("%s: %s: %s", filepath.Base(name), w.Place, w.En)
			}
		}
		t.Logf("%s: %d read, %d refused", filepath.Base(name), len(good), len(bad))
	}
}
