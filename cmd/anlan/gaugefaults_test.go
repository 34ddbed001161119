package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"anlan/internal/app"
	"anlan/internal/fault"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/sl651"
	"anlan/internal/store"
	"anlan/internal/telemetry/book"
	"anlan/internal/telemetry/station"
)

const (
	gaugeKills  = 20
	killStation = 30
	killFrames  = 240 // of each, a minute apart
)

// TestKillUnderFrames kills the server while stations send: every frame that was confirmed is in the store, the stations send the others
// again, and in the end everything is there once.
func TestKillUnderFrames(t *testing.T) {
	t.Parallel()
	dir, bin := t.TempDir(), build(t)
	objects := registerForKills(t, dir)
	doors := freePort(t)
	begin := time.Now().UTC().Add(-(killFrames + 10) * time.Minute).Truncate(time.Minute)
	clock := station.NewClock(begin, killFrames*60/16) // all frames in some sixteen seconds, were the server always there
	fleet := make([]*station.Station, killStation)
	for k := range fleet {
		var list []station.Row
		for i := range killFrames {
			list = append(list, station.Row{At: begin.Add(time.Duration(i) * time.Minute), Values: []sl651.Observation{{Element: 0x39, Value: sl651.Of(int64(12_000+i), 3)}}})
		}
		fleet[k] = station.New(station.Config{
			Station: benchAddress(k), Feed: station.Play(list), Clock: clock, Answer: 2 * time.Second, Retry: 50 * time.Millisecond, Dial: dialTo("tcp", doors), Seed: uint64(k),
		})
	}
	done := make(chan error, 1)
	go func() {
		_, err := station.Run(t.Context(), fleet)
		done <- err
	}()
	serving := func() *process {
		return start(t, exec.CommandContext(context.WithoutCancel(t.Context()), bin, "serve", "--listen", "127.0.0.1:0", "--gauges", doors, "--database", filepath.Join(dir, "demo.db")))
	}
	for round := range gaugeKills {
		p := serving()
		time.Sleep(time.Duration(100+rand.Int64N(500)) * time.Millisecond)
		p.kill(t)
		var all uint64
		db := direct(t, dir)
		for k, st := range fleet {
			confirmed := st.Stats().Confirmed
			all += confirmed
			if n := kept(t, db, objects[k]); n < int(confirmed) {
				t.Errorf("round %d: station %d had %d frames confirmed, %d are there", round, k, confirmed, n)
			}
		}
		db.Close()
		t.Logf("kill %d: %d frames confirmed so far", round+1, all)
	}
	p := serving()
	if err := <-done; err != nil {
		t.Error(err)
	}
	p.kill(t)
	db := direct(t, dir)
	defer db.Close()
	for k := range fleet {
		if n := kept(t, db, objects[k]); n != killFrames {
			t.Errorf("station %d: %d of %d frames are there in the end", k, n, killFrames)
		}
	}
	if found, err := series.Verify(t.Context(), db); err != nil || len(found) > 0 {
		t.Errorf("%d contradictions %v %v", len(found), found, err)
	}
}

// kept counts the readings of a station, those that are sealed by now among them.
func kept(t *testing.T, db *store.DB, object int64) int {
	t.Helper()
	now := time.Now()
	list, err := series.New(series.Options{Store: db, Now: time.Now}).Points(t.Context(), object, reading.Level, now.Add(-48*time.Hour), now)
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// freePort is an address that was free a moment ago, so that stations find the server again after each start.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// registerForKills makes a database with stations.
func registerForKills(t *testing.T, dir string) []int64 {
	t.Helper()
	return registerStations(t, filepath.Join(dir, "demo.db"))
}

// registerStations puts stations into a database.
func registerStations(t *testing.T, target string) []int64 {
	t.Helper()
	ctx := t.Context()
	c := app.DefaultConfig()
	c.Database, c.Evidence = target, t.TempDir()
	a, err := app.New(ctx, c, "test", &app.Clock{}, false, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	var objects []int64
	err = a.Store.Write(ctx, func(tx *store.Tx) error {
		if err := a.Registry.AddDivisions(ctx, tx, []registry.NewDivision{{Code: "330600", Name: fault.T("市", "city"), Kind: registry.Administrative, Level: "city"}}); err != nil {
			return err
		}
		for k := range killStation {
			id, err := a.Series.AddStation(ctx, tx, registry.Program(), registry.NewWaterObject{Name: fault.T(fmt.Sprint("站", k), fmt.Sprint(k)), Division: "330600"}, series.Station{Class: "ZZ", Quantities: []string{"level"}})
			if err != nil {
				return err
			}
			objects = append(objects, id)
			p := book.Policy{Station: benchAddress(k).String(), Object: id, Mode: 2, Stay: true, AnyPassword: true, Elements: []book.Element{{Element: "39", Quantity: "level"}}}
			if err := a.Book.SetStation(ctx, tx, registry.Program(), p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return objects
}
