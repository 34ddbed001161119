package sl651_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anlan/internal/sl651"
)

// vector is a packet of the shared file, with what its source states and what another decoder made of it.
type vector struct {
	ID       string          `json:"id"`
	Protocol string          `json:"protocol"`
	Hex      string          `json:"hex"`
	Expected json.RawMessage `json:"expected"`
	Computed json.RawMessage `json:"computed"`
	CRC      struct {
		OK bool `json:"ok"`
	} `json:"crc"`
}

// said is what is said of a packet by either.
type said struct {
	Fc, Dir, Station, Start, Class, Obs, Send, Text, CRC, Password string
	Center, Serial, Total, Seq, Len                                *int
	End                                                            any
	Elements                                                       any
	Range                                                          []string
	Trailing                                                       string
	FragmentBytes                                                  *int `json:"fragment_bytes"`
	NElements                                                      *int `json:"n_elements"`
}

// vectors reads the shared file where it is, or skips.
func vectors(t testing.TB) []vector {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "telemetry", "vectors.json"))
	if err != nil {
		t.Skipf("the packets of the shared folder are not here: %v", err)
	}
	var file struct{ Vectors []vector }
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	var out []vector
	for _, v := range file.Vectors {
		if strings.HasPrefix(v.Protocol, "SL 651") {
			out = append(out, v)
		}
	}
	if len(out) < 100 {
		t.Fatalf("only %d packets", len(out))
	}
	return out
}

func bytesOf(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestVectors holds every packet with a good check code to what is stated and to what was computed of it, and writes it back byte for byte;
// every other one gives an error with a name.
func TestVectors(t *testing.T) {
	good, bad := 0, 0
	for _, v := range vectors(t) {
		t.Run(v.ID, func(t *testing.T) {
			b := bytesOf(t, v.Hex)
			var f sl651.Frame
			n, err := f.Parse(b)
			if !v.CRC.OK {
				bad++
				var e *sl651.Error
				if !errors.As(err, &e) || e.Reason.Error() == "" || !strings.Contains(err.Error(), "byte ") {
					t.Errorf("the error is %v", err)
				}
				return
			}
			good++
			var m sl651.Message
			if err != nil {
				t.Fatal(err)
			}
			if err := m.Decode(&f); err != nil {
				t.Fatal(err)
			}
			for _, raw := range []json.RawMessage{v.Expected, v.Computed} {
				var s said
				if err := json.Unmarshal(raw, &s); err != nil {
					t.Fatal(err)
				}
				compare(t, &f, &m, &s)
			}
			again, err := sl651.Encode(nil, &f, &m)
			if err != nil || !bytes.Equal(again, b[:n]) {
				t.Errorf("written again: %X, %v\nit came as       %X", again, err, b[:n])
			}
		})
	}
	t.Logf("%d packets decoded and written again, %d refused by name", good, bad)
}

func compare(t *testing.T, f *sl651.Frame, m *sl651.Message, s *said) {
	t.Helper()
	is := func(what, got, want string) {
		t.Helper()
		if want != "" && !strings.EqualFold(got, want) {
			t.Errorf("%s is %s, said is %s", what, got, want)
		}
	}
	number := func(what string, got int, want *int) {
		t.Helper()
		if want != nil && *want != got {
			t.Errorf("%s is %d, said is %d", what, got, *want)
		}
	}
	is("function", f.Function.String(), s.Fc)
	is("direction", f.Direction.String(), s.Dir)
	is("station", f.Station.String(), s.Station)
	is("start", sl651.Control(f.Start), s.Start)
	is("check code", fmt.Sprintf("%04X", f.CRC), s.CRC)
	is("password", fmt.Sprintf("%X", f.Password), s.Password)
	number("centre", int(f.Centre), s.Center)
	number("serial", int(m.Serial), s.Serial)
	number("packets", int(f.Total), s.Total)
	number("packet", int(f.Sequence), s.Seq)
	number("length of the fragment", len(f.Body), s.FragmentBytes)
	switch end := s.End.(type) {
	case string:
		is("end", sl651.Control(f.End), end)
	case float64:
		number("end", int(f.End), ptr(int(end)))
	}
	is("time of sending", m.Sent.Time().Format("060102150405"), s.Send)
	_, class, _ := m.Address()
	is("class", class.String(), s.Class)
	if s.Obs != "" {
		found := false
		for i := range m.Groups {
			g := &m.Groups[i]
			found = found || g.Kind == sl651.TimeGroup && g.Time.Time().Format("0601021504") == s.Obs
		}
		if !found {
			t.Errorf("no time of observation %s", s.Obs)
		}
	}
	if f.Coding == sl651.ASCII {
		if s.Text != "" && string(f.Body[16:]) != s.Text {
			t.Errorf("the text is %q, said is %q", f.Body[16:], s.Text)
		}
	}
	if s.NElements != nil {
		n := 0
		for i := range m.Groups {
			if m.Groups[i].Kind == sl651.ReadingGroup {
				n++
			}
		}
		number("elements", n, s.NElements)
	}
	if len(s.Range) == 2 {
		for i := range m.Groups {
			if g := &m.Groups[i]; g.Kind == sl651.RangeGroup {
				is("first hour", g.Time.Time().Format("06010215"), s.Range[0])
				is("last hour", g.To.Time().Format("06010215"), s.Range[1])
			}
		}
	}
	compareElements(t, f, m, s.Elements)
}

func ptr[T any](v T) *T { return &v }

// compareElements holds groups against a list in the order of the body, as computed, or against a table by identifier, as stated.
func compareElements(t *testing.T, f *sl651.Frame, m *sl651.Message, elements any) {
	t.Helper()
	switch e := elements.(type) {
	case []any:
		at := 0
		for _, x := range e {
			want := x.(map[string]any)
			if counts, ok := want["counts"].([]any); ok && len(counts) == 0 { // a query of the counters
				continue
			}
			if at < len(m.Groups) && m.Groups[at].Kind == sl651.RangeGroup { // computed apart from the elements
				at++
			}
			if at >= len(m.Groups) {
				t.Fatalf("there is no group for %v", want)
			}
			compareGroup(t, &m.Groups[at], want)
			at++
		}
		for ; at < len(m.Groups); at++ {
			t.Errorf("group %d (%s) is said by nobody", at, m.Groups[at].ID)
		}
	case map[string]any:
		for id, want := range e {
			compareStated(t, f, m, id, want)
		}
	}
}

func compareGroup(t *testing.T, g *sl651.Group, want map[string]any) {
	t.Helper()
	id := want["id"].(string)
	if len(id) <= 4 && id != "gate" && id != "erc" && id != g.ID.String() {
		t.Errorf("the identifier is %s, computed is %s", g.ID, id)
	}
	if def, ok := want["def"].(string); ok && def != fmt.Sprintf("%02X", g.Def) {
		t.Errorf("%s: the definition is %02X, computed is %s", id, g.Def, def)
	}
	if class, ok := want["class"].(string); ok && class != g.Class.String() {
		t.Errorf("the class is %s, computed is %s", g.Class, class)
	}
	if station, ok := want["station"].(string); ok && station != g.Station.String() {
		t.Errorf("the station is %s, computed is %s", g.Station, station)
	}
	if obs, ok := want["obs"].(string); ok && obs != g.Time.Time().Format("0601021504") {
		t.Errorf("the time is %v, computed is %s", g.Time, obs)
	}
	if step, ok := want["step_dhm"].(string); ok && step != fmt.Sprintf("%02d%02d%02d", g.Step.Days, g.Step.Hours, g.Step.Minutes) {
		t.Errorf("the step is %v, computed is %s", g.Step, step)
	}
	if raw, ok := want["raw"].(string); ok && id != "gate" && len(g.Values) == 0 && raw != strings.ToUpper(hex.EncodeToString(g.Raw)) {
		t.Errorf("%s: the data is %X, computed is %s", id, g.Raw, raw)
	}
	if n, ok := want["jpg_bytes"].(float64); ok && int(n) != len(g.Raw) {
		t.Errorf("the picture has %d bytes, computed is %v", len(g.Raw), n)
	}
	if text, ok := want["text"].(string); ok && text != string(g.Raw) {
		t.Errorf("the text is %q, computed is %q", g.Raw, text)
	}
	if status, ok := want["status"].(string); ok && status != fmt.Sprintf("%08X", g.Values[0].Digits) {
		t.Errorf("the state is %X, computed is %s", g.Values[0].Digits, status)
	}
	if v, ok := want["value"]; ok {
		compareValue(t, id, g.Values[0], v, true)
	}
	for _, key := range []string{"values", "mm", "m", "counts"} {
		list, ok := want[key].([]any)
		if !ok {
			continue
		}
		if len(list) != len(g.Values) {
			t.Errorf("%s has %d values, computed are %d", id, len(g.Values), len(list))
			continue
		}
		for i, v := range list {
			compareValue(t, fmt.Sprintf("%s[%d]", id, i), g.Values[i], v, key == "values")
		}
	}
}

// compareValue holds a value against a figure, in its own spelling where exact says so, or against a gap.
func compareValue(t *testing.T, what string, got sl651.Value, want any, exact bool) {
	t.Helper()
	switch w := want.(type) {
	case nil:
		if got.State == sl651.Present {
			t.Errorf("%s is %v, said is nothing", what, got)
		}
	case map[string]any:
		state := map[string]sl651.State{"FF": sl651.Missing, "AA": sl651.MissingA}[w["missing"].(string)]
		if got.State != state {
			t.Errorf("%s is %v, said is missing %v", what, got, w)
		}
	case string:
		if w == "missing" {
			if got.State == sl651.Present {
				t.Errorf("%s is %v, said is missing", what, got)
			}
			return
		}
		if exact && got.String() != w || !exact && trimmed(got.String()) != trimmed(w) {
			t.Errorf("%s is %v, said is %s", what, got, w)
		}
	case float64:
		if trimmed(got.String()) != trimmed(fmt.Sprint(w)) {
			t.Errorf("%s is %v, said is %v", what, got, w)
		}
	default:
		t.Errorf("%s: what is %v?", what, want)
	}
}

func trimmed(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

func compareStated(t *testing.T, f *sl651.Frame, m *sl651.Message, id string, want any) {
	t.Helper()
	for i := range m.Groups {
		g := &m.Groups[i]
		switch {
		case id == "version" && g.Kind == sl651.VersionGroup, id == "F2" && g.Kind == sl651.TextGroup:
			if string(g.Raw) != want {
				t.Errorf("the text is %q, stated is %q", g.Raw, want)
			}
			return
		case g.ID.String() != id:
			continue
		case id == "04":
			return // compared as computed
		case id == "45" && !f.Function.Parameters():
			compareGroup(t, g, map[string]any{"id": id, "status": want})
			return
		case g.Kind == sl651.DataGroup:
			if strings.ToUpper(hex.EncodeToString(g.Raw)) != want {
				t.Errorf("%s is %X, stated is %v", id, g.Raw, want)
			}
			return
		}
		if list, ok := want.([]any); ok {
			for k, v := range list {
				compareValue(t, id, g.Values[k], v, false)
			}
			return
		}
		compareValue(t, id, g.Values[0], want, false)
		return
	}
	t.Errorf("element %s is stated and not there", id)
}
