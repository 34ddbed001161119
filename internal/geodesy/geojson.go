package geodesy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"anlan/internal/fault"
)

// Limits bound what a file may hold.
type Limits struct {
	Bytes    int
	Depth    int // how deep brackets may stand in brackets
	Features int
	Vertices int // over the whole file
}

// DefaultLimits are enough for every basin of a province.
func DefaultLimits() Limits {
	return Limits{Bytes: 64 << 20, Depth: 32, Features: 50_000, Vertices: 2_000_000}
}

// Feature is a thing with a place: a point, or an area.
type Feature struct {
	ID         string
	Properties map[string]any // as in the file; numbers are json.Number
	Point      *Point         // nil for an area
	Area       MultiPolygon   // nil for a point; rings are open
}

// Text returns the first of some properties that holds something, as text: "330602" for the number too.
func (f *Feature) Text(keys ...string) string {
	for _, k := range keys {
		switch v := f.Properties[k].(type) {
		case string:
			if s := strings.TrimSpace(v); s != "" {
				return s
			}
		case json.Number:
			return v.String()
		}
	}
	return ""
}

// ReadGeoJSON reads points and areas (RFC 7946) given in a system and returns them in CGCS2000.
//
// A feature that cannot be used does not stop the others: it is told in bad, with its place in the file and the reason. An error is
// returned where nothing of the file can be used: no JSON, another encoding than UTF-8, coordinates of a projection, or past a
// limit. Altitudes and foreign members are passed over.
func ReadGeoJSON(src []byte, from System, limits Limits) (features []Feature, bad []fault.Field, err error) {
	if !from.Valid() {
		_, err := ParseSystem("")
		return nil, nil, err
	}
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	if err := checkFile(src, limits); err != nil {
		return nil, nil, err
	}
	var head document
	if err := json.Unmarshal(src, &head); err != nil {
		return nil, nil, fault.Invalidf("geojson.syntax", "不是 GeoJSON：%v", "not GeoJSON: %v", err)
	}
	if err := head.checkCRS(); err != nil {
		return nil, nil, err
	}
	r := reader{from: from, left: limits.Vertices}
	switch head.Type {
	case "FeatureCollection":
		if len(head.Features) > limits.Features {
			return nil, nil, tooLarge("要素 %[1]d 个，超过上限 %[2]d", "%[1]d features are more than %[2]d", len(head.Features), limits.Features)
		}
		for i, raw := range head.Features {
			r.feature(fmt.Sprintf("features[%d]", i), raw)
		}
	case "Feature":
		r.feature("feature", src)
	case "Point", "Polygon", "MultiPolygon":
		r.bare(head.geometry)
	default:
		return nil, nil, fault.Invalidf("geojson.type", "类型 %q 不受支持；可用 FeatureCollection、Feature、Point、Polygon、MultiPolygon",
			"type %q is not read; FeatureCollection, Feature, Point, Polygon and MultiPolygon are", clip(head.Type))
	}
	if r.left < 0 {
		return nil, nil, tooLarge("顶点超过上限 %[1]d", "more than %[1]d vertices", limits.Vertices)
	}
	return r.features, r.bad, nil
}

func tooLarge(zh, en string, args ...any) error {
	return fault.New(fault.TooLarge, "geojson.large", fault.Tf(zh, en, args...))
}

// checkFile holds the bytes against the limits before anything is built from them.
func checkFile(src []byte, limits Limits) error {
	if len(src) > limits.Bytes {
		return tooLarge("文件 %[1]d 字节，超过上限 %[2]d", "%[1]d bytes are more than %[2]d", len(src), limits.Bytes)
	}
	if !utf8.Valid(src) {
		return fault.Invalidf("geojson.encoding", "文件不是 UTF-8 编码，请另存为 UTF-8", "the file is not UTF-8: save it as UTF-8")
	}
	depth, quoted := 0, false
	for i := 0; i < len(src); i++ {
		switch c := src[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > limits.Depth {
				return tooLarge("括号嵌套超过 %[1]d 层", "brackets stand deeper than %[1]d", limits.Depth)
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

// document is a file or a feature of it.
type document struct {
	geometry
	CRS      json.RawMessage   `json:"crs"`
	Features []json.RawMessage `json:"features"`
}

type geometry struct {
	Type        string          `json:"type"`
	Coordinates json.RawMessage `json:"coordinates"`
}

type feature struct {
	Type       string          `json:"type"`
	ID         any             `json:"id"`
	Properties json.RawMessage `json:"properties"`
	Geometry   *geometry       `json:"geometry"`
}

// checkCRS refuses projected coordinates. RFC 7946 has dropped the member crs, and programs still write it.
func (d *document) checkCRS() error {
	if len(d.CRS) == 0 || string(d.CRS) == "null" {
		return nil
	}
	var crs struct {
		Properties struct {
			Name string `json:"name"`
		} `json:"properties"`
	}
	if err := json.Unmarshal(d.CRS, &crs); err == nil {
		name := strings.ToUpper(crs.Properties.Name)
		for _, degrees := range []string{"CRS84", "4326", "4490", "4979", "4480"} {
			if strings.HasSuffix(name, ":"+degrees) {
				return nil
			}
		}
		return fault.Invalidf("geojson.crs", "文件注明坐标参照系 %q，须为经纬度（EPSG:4490 或 EPSG:4326）",
			"the file says that its coordinates are in %q; degrees are needed (EPSG:4490 or EPSG:4326)", clip(crs.Properties.Name))
	}
	return fault.Invalidf("geojson.crs", "无法识别文件的 crs", "the member crs of the file cannot be read")
}

// clip keeps a word of the file short enough to be shown.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// reader gathers features.
type reader struct {
	from     System
	left     int // vertices that may still come; below zero where there were too many
	features []Feature
	bad      []fault.Field
}

func (r *reader) refuse(place, zh, en string, args ...any) {
	r.bad = append(r.bad, fault.Field{Place: place, Text: fault.Tf(zh, en, args...)})
}

func (r *reader) feature(place string, raw []byte) {
	var in feature
	if r.left < 0 {
		return
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		r.refuse(place, "要素结构不符：%v", "no feature: %v", err)
		return
	}
	out := Feature{}
	switch {
	case in.Type != "Feature":
		r.refuse(place+".type", "应为 Feature，实为 %q", "should be Feature and is %q", clip(in.Type))
		return
	case in.Geometry == nil:
		r.refuse(place+".geometry", "没有几何信息", "there is no geometry")
		return
	case len(in.Properties) > 0:
		d := json.NewDecoder(bytes.NewReader(in.Properties))
		d.UseNumber()
		if err := d.Decode(&out.Properties); err != nil {
			r.refuse(place+".properties", "属性不是对象", "the properties are no object")
			return
		}
	}
	switch id := in.ID.(type) {
	case string:
		out.ID = id
	case float64:
		out.ID = fmt.Sprintf("%.0f", id)
	}
	if r.shape(place+".geometry", *in.Geometry, &out) {
		r.features = append(r.features, out)
	}
}

func (r *reader) bare(g geometry) {
	out := Feature{}
	if r.shape("geometry", g, &out) {
		r.features = append(r.features, out)
	}
}

// shape reads a geometry into f, or tells what is wrong.
func (r *reader) shape(place string, g geometry, f *Feature) bool {
	c := coordinates{src: g.Coordinates, from: r.from, left: &r.left}
	var wrong *fault.Field
	switch g.Type {
	case "Point":
		f.Point = new(Point)
		wrong = c.point(f.Point)
	case "Polygon":
		f.Area = make(MultiPolygon, 1)
		wrong = c.polygon(&f.Area[0])
	case "MultiPolygon":
		wrong = c.multi(&f.Area)
	default:
		r.refuse(place+".type", "几何类型 %q 不受支持；可用 Point、Polygon、MultiPolygon", "geometry %q is not read; Point, Polygon and MultiPolygon are", clip(g.Type))
		return false
	}
	if wrong != nil {
		r.bad = append(r.bad, fault.Field{Place: place + ".coordinates" + wrong.Place, Text: wrong.Text})
	}
	return wrong == nil
}
