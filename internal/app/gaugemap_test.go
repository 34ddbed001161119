package app_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"anlan/internal/app"
	"anlan/internal/fault"
	"anlan/internal/geodesy"
	"anlan/internal/identity"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/sl651"
	"anlan/internal/store"
	"anlan/internal/telemetry/book"
)

// sharedFrame is an uplink of the shared folder that tells levels or rain, with what it says of them.
type sharedFrame struct {
	raw     []byte
	sent    time.Time
	station sl651.Address
	says    map[string]map[time.Time]quantity.Decimal
}

// sharedFrames reads the shared file where it is, or skips aloud.
func sharedFrames(t *testing.T) []sharedFrame {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "telemetry", "vectors.json"))
	if err != nil {
		t.Skipf("the packets of the shared folder are not here: %v", err)
	}
	var file struct {
		Vectors []struct{ Protocol, Hex string }
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	var out []sharedFrame
	for _, v := range file.Vectors {
		raw, err := hex.DecodeString(strings.ReplaceAll(v.Hex, " ", ""))
		var f sl651.Frame
		var m sl651.Message
		if err != nil || !strings.HasPrefix(v.Protocol, "SL 651") {
			continue
		}
		// Answers to a question nobody asked are kept all the same; packets of pictures and test reports tell no levels.
		if _, err := f.Parse(raw); err != nil || f.Direction == sl651.Down || f.Several() || f.Function == sl651.TestReport || m.Decode(&f) != nil || m.Sent.IsZero() {
			continue
		}
		one := sharedFrame{raw: raw, sent: m.Sent.Time(), station: f.Station, says: map[string]map[time.Time]quantity.Decimal{}}
		for i := range m.Groups {
			g := &m.Groups[i]
			name := map[sl651.ID]string{0x39: "level", 0x22: "rain"}[g.ID]
			if name == "" || len(g.Values) != 1 || g.Series || g.Time.IsZero() || g.Station != f.Station {
				continue
			}
			if d, ok := g.Values[0].Decimal(); ok && (name == "level" || d >= 0) {
				if one.says[name] == nil {
					one.says[name] = map[time.Time]quantity.Decimal{}
				}
				one.says[name][g.Time.Time()] = d
			}
		}
		if len(one.says) > 0 {
			out = append(out, one)
		}
	}
	slices.SortStableFunc(out, func(a, b sharedFrame) int { return a.sent.Compare(b.sent) })
	return out
}

// TestSharedFramesOnTheMap replays the uplinks of the shared folder into a running server at the times at which they were sent: what they
// tell stands on the hydrographs, and each station on the map.
func TestSharedFramesOnTheMap(t *testing.T) {
	frames := sharedFrames(t)
	clock := &app.Clock{}
	c := app.DefaultConfig()
	c.Database, c.City, c.Listen, c.Gauges = filepath.Join(t.TempDir(), "a.db"), "330600", "127.0.0.1:0", "127.0.0.1:0"
	a, err := app.New(t.Context(), c, "test", clock, true, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	a.Store.WatchReads()
	t.Cleanup(func() { a.Close() })
	l, err := a.Listen()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	objects := standing(t, a, frames)
	said := map[sl651.Address]map[string]map[time.Time]quantity.Decimal{}
	for _, f := range frames {
		if err := clock.Set(f.sent.Add(time.Second)); err != nil {
			t.Fatal(err)
		}
		send(t, a.GaugeAddress().String(), f.raw)
		if said[f.station] == nil {
			said[f.station] = map[string]map[time.Time]quantity.Decimal{}
		}
		for name, at := range f.says {
			if said[f.station][name] == nil {
				said[f.station][name] = map[time.Time]quantity.Decimal{}
			}
			for when, d := range at {
				said[f.station][name][when] = d
			}
		}
	}
	get := signedIn(t, a, "http://"+l.Addr().String())
	shown := hydrographs(t, get, objects, said)
	var m struct {
		Stations []struct {
			Object      int64
			Place       *geodesy.Point
			Level, Rain *struct{ Value *float64 }
		}
	}
	get("/api/gauges/map", &m)
	drawn := 0
	for _, s := range m.Stations {
		if s.Place != nil && (s.Level != nil || s.Rain != nil) {
			drawn++
		}
	}
	if drawn != len(objects) {
		t.Errorf("%d of %d stations stand on the map with a figure", drawn, len(objects))
	}
	t.Logf("%d frames of %d stations, %d figures on their hydrographs", len(frames), len(objects), shown)
}

// standing puts the stations of frames on record, with a place.
func standing(t *testing.T, a *app.App, frames []sharedFrame) map[sl651.Address]int64 {
	t.Helper()
	out := map[sl651.Address]int64{}
	err := a.Store.Write(t.Context(), func(tx *store.Tx) error {
		if err := a.Registry.AddDivisions(t.Context(), tx, []registry.NewDivision{{Code: "330600", Name: fault.T("市", "city"), Kind: registry.Administrative, Level: "city"}}); err != nil {
			return err
		}
		for _, f := range frames {
			if out[f.station] != 0 {
				continue
			}
			o := registry.NewWaterObject{Name: fault.T("站"+f.station.String(), f.station.String()), Division: "330600"}
			o.Place = &geodesy.Point{Lon: 120.5 + float64(len(out))/100, Lat: 30}
			id, err := a.Series.AddStation(t.Context(), tx, registry.Program(), o, series.Station{Class: "ZZ", Quantities: []string{"level", "rain"}})
			if err != nil {
				return err
			}
			out[f.station] = id
			err = a.Book.SetStation(t.Context(), tx, registry.Program(), book.Policy{Station: f.station.String(), Object: id, Mode: 2, AnyPassword: true, Elements: []book.Element{
				{Element: "39", Quantity: "level"}, {Element: "22", Quantity: "rain"},
			}})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// send hands a frame to the gateway and waits until it has let go of the connection, when what it read is committed.
func send(t *testing.T, address string, raw []byte) {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil { //nolint:forcetypeassert // of a connection by tcp
		t.Fatal(err)
	}
	if _, err := io.ReadAll(conn); err != nil {
		t.Fatal(err)
	}
}

// signedIn reads answers as a director.
func signedIn(t *testing.T, a *app.App, base string) func(path string, into any) {
	t.Helper()
	tree, err := a.Registry.Tree(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	city, _ := tree.ByCode("330600")
	err = a.Store.Write(t.Context(), func(tx *store.Tx) error {
		_, _, err := a.Identity.CreateAccount(t.Context(), tx, identity.Actor{Name: "test"}, identity.NewAccount{
			Login: "duty", Name: "duty", Division: city.ID, Password: "Rain-2026-water", Grants: []identity.Grant{{Role: "director", Line: "*", Division: city.ID}},
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	call := func(method, path string, body []byte) []byte {
		req, err := http.NewRequestWithContext(t.Context(), method, base+path, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != 200 {
			t.Fatalf("%s: %d %s %v", path, resp.StatusCode, b, err)
		}
		return b
	}
	call("POST", "/api/session", []byte(`{"login":"duty","password":"Rain-2026-water"}`))
	return func(path string, into any) {
		if err := json.Unmarshal(call("GET", path, nil), into); err != nil {
			t.Fatal(err)
		}
	}
}

// hydrographs holds the curves to what the frames say, and counts the figures.
func hydrographs(t *testing.T, get func(string, any), objects map[sl651.Address]int64, said map[sl651.Address]map[string]map[time.Time]quantity.Decimal) int {
	t.Helper()
	n := 0
	for station, names := range said {
		for name, at := range names {
			for when, want := range at {
				var curve struct {
					Points []struct {
						At    time.Time
						Value *float64
					}
				}
				get(fmt.Sprintf("/api/gauges/%d/series?quantity=%s&from=%s&to=%s", objects[station], name, when.Add(-time.Second).UTC().Format(time.RFC3339), when.Add(time.Second).UTC().Format(time.RFC3339)), &curve)
				q, _ := reading.ByCode(name)
				if len(curve.Points) != 1 || curve.Points[0].Value == nil || !curve.Points[0].At.Equal(when) || quantity.Decimal(math.Round(*curve.Points[0].Value*quantity.Scale)) != want {
					t.Errorf("station %s, %s at %s is to be %s: %+v", station, q.Code, when, want, curve.Points)
				}
				n++
			}
		}
	}
	return n
}
