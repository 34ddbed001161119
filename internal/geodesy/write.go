package geodesy

import (
	"encoding/json"
	"slices"
	"strconv"

	"anlan/internal/fault"
)

// WriteGeoJSON writes features, which are in CGCS2000, as a FeatureCollection in a system: rings closed, outer rings against the
// clock and holes with it (RFC 7946, section 3.1.6), seven decimals, which is a centimetre.
func WriteGeoJSON(features []Feature, to System) ([]byte, error) {
	if !to.Valid() {
		_, err := ParseSystem("")
		return nil, err
	}
	out := []byte(`{"type":"FeatureCollection","features":[`)
	for i, f := range features {
		if i > 0 {
			out = append(out, ',')
		}
		var err error
		if out, err = appendFeature(out, f, to); err != nil {
			return nil, err
		}
	}
	return append(out, "]}\n"...), nil
}

func appendFeature(out []byte, f Feature, to System) ([]byte, error) {
	out = append(out, `{"type":"Feature",`...)
	if f.ID != "" {
		id, _ := json.Marshal(f.ID)
		out = append(append(append(out, `"id":`...), id...), ',')
	}
	properties, err := json.Marshal(f.Properties)
	if err != nil {
		return nil, fault.Invalidf("geojson.properties", "属性无法写成 JSON", "the properties cannot be written as JSON").Because(err)
	}
	out = append(append(out, `"properties":`...), properties...)
	switch {
	case f.Point != nil:
		out = appendPoint(append(out, `,"geometry":{"type":"Point","coordinates":`...), *f.Point, to)
	case len(f.Area) == 1:
		out = appendPolygon(append(out, `,"geometry":{"type":"Polygon","coordinates":`...), f.Area[0], to)
	case len(f.Area) > 1:
		out = append(out, `,"geometry":{"type":"MultiPolygon","coordinates":[`...)
		for i, p := range f.Area {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendPolygon(out, p, to)
		}
		out = append(out, ']')
	default:
		return append(out, `,"geometry":null}`...), nil
	}
	return append(out, "}}"...), nil
}

func appendPolygon(out []byte, p Polygon, to System) []byte {
	out = append(out, '[')
	for i, r := range p {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, '[')
		r = r.wound(i == 0)
		for _, q := range r {
			out = append(appendPoint(out, q, to), ',')
		}
		out = append(appendPoint(out, r[0], to), ']')
	}
	return append(out, ']')
}

// wound returns the ring against the clock, or with it.
func (r Ring) wound(against bool) Ring {
	if len(r) == 0 {
		return Ring{{}} // nothing closes to nothing; a reader refuses it
	}
	if _, _, a := r.moments(r[0]); (a < 0) == against && a != 0 {
		r = slices.Clone(r)
		slices.Reverse(r)
	}
	return r
}

func appendPoint(out []byte, p Point, to System) []byte {
	p = Convert(p, CGCS2000, to)
	out = appendDegrees(append(out, '['), p.Lon)
	return append(appendDegrees(append(out, ','), p.Lat), ']')
}

// appendDegrees writes at most seven decimals, without zeros at the end.
func appendDegrees(out []byte, v float64) []byte {
	n := len(out)
	out = strconv.AppendFloat(out, v, 'f', 7, 64)
	for len(out) > n+1 && out[len(out)-1] == '0' {
		out = out[:len(out)-1]
	}
	if out[len(out)-1] == '.' {
		out = out[:len(out)-1]
	}
	return out
}
