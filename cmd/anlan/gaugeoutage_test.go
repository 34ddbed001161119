package main

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"anlan/internal/series"
	"anlan/internal/sl651"
	"anlan/internal/store"
	"anlan/internal/telemetry/station"
)

const (
	outageStations = 10
	outageFrames   = 120 // of each, a minute apart, which come in some twelve seconds
)

// outage is a server with field stations that go on sending while its store is taken away and given back.
type outage struct {
	*process
	remote *remote
	fleet  []*station.Station
	done   chan error
}

// sendThrough starts the stations of a database that registerForKills made.
func sendThrough(t *testing.T, p *process, token, doors string) *outage {
	t.Helper()
	r, err := newRemote(p.url, token)
	if err != nil {
		t.Fatal(err)
	}
	o := &outage{process: p, remote: r, done: make(chan error, 1)}
	begin := time.Now().UTC().Add(-(outageFrames + 10) * time.Minute).Truncate(time.Minute)
	clock := station.NewClock(begin, outageFrames*60/12)
	for k := range outageStations {
		var list []station.Row
		for i := range outageFrames {
			list = append(list, station.Row{At: begin.Add(time.Duration(i) * time.Minute), Values: []sl651.Observation{{Element: 0x39, Value: sl651.Of(int64(12_000+i), 3)}}})
		}
		o.fleet = append(o.fleet, station.New(station.Config{
			Station: benchAddress(k), Feed: station.Play(list), Clock: clock, Answer: 500 * time.Millisecond, Retry: 50 * time.Millisecond, Dial: dialTo("tcp", doors), Seed: uint64(k),
		}))
	}
	go func() {
		_, err := station.Run(t.Context(), o.fleet)
		o.done <- err
	}()
	for o.confirmed() < 3*outageStations {
		time.Sleep(20 * time.Millisecond)
	}
	return o
}

func (o *outage) confirmed() (n uint64) {
	for _, st := range o.fleet {
		n += st.Stats().Confirmed
	}
	return n
}

// failing waits until the server says that it confirms nobody, and holds it to that: by /healthz and by the API, where reasons are asked for.
func (o *outage) failing(t *testing.T, api bool) {
	t.Helper()
	var code int
	var says string
	for range 200 {
		if code, says = o.health(t); code == http.StatusServiceUnavailable && strings.Contains(says, `"failing":true`) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if code != http.StatusServiceUnavailable || !strings.Contains(says, `"failing":true`) || !strings.Contains(says, `"reason"`) {
		t.Errorf("healthz: %d %s", code, says)
	}
	before := o.confirmed()
	time.Sleep(time.Second)
	if after := o.confirmed(); after != before {
		t.Errorf("%d frames were confirmed while nothing could be kept", after-before)
	}
	var gateway struct {
		Failing       bool
		FailedCommits int    `json:"failed_commits"`
		LastFailure   string `json:"last_failure"`
	}
	err := o.remote.call(t.Context(), "GET", "/api/gauges/gateway", nil, &gateway)
	switch {
	case api && (err != nil || !gateway.Failing || gateway.FailedCommits == 0):
		t.Errorf("the API: %+v, %v", gateway, err)
	case !api && (err == nil || !strings.Contains(explain(err), "the database")): // who asks cannot be looked up either
		t.Errorf("the API: %v", err)
	}
}

// wholeAgain waits until the stations have sent all, and looks for it in the store.
func (o *outage) wholeAgain(t *testing.T, objects []int64, open func() *store.DB) {
	t.Helper()
	if err := <-o.done; err != nil {
		t.Error(err)
	}
	if n := o.confirmed(); n != outageStations*outageFrames {
		t.Errorf("%d of %d frames were confirmed in the end", n, outageStations*outageFrames)
	}
	if code, says := o.health(t); code != http.StatusOK || !strings.Contains(says, `"failing":false`) {
		t.Errorf("healthz afterwards: %d %s", code, says)
	}
	o.kill(t)
	db := open()
	defer db.Close()
	for k := range outageStations {
		if n := kept(t, db, objects[k]); n != outageFrames {
			t.Errorf("station %d: %d of %d frames are there", k, n, outageFrames)
		}
	}
	if found, err := series.Verify(t.Context(), db); err != nil || len(found) > 0 {
		t.Errorf("%d contradictions %v %v", len(found), found, err)
	}
}

// TestGaugesOnFullDisk fills the disk under a server that stations report to, and makes room again.
func TestGaugesOnFullDisk(t *testing.T) {
	disk := smallDisk(t, "48m")
	bin := build(t)
	objects := registerForKills(t, disk)
	token := operatorIn(t, disk, objects[0], nil, nil)
	doors := freePort(t)
	p := start(t, exec.CommandContext(context.WithoutCancel(t.Context()), bin, "serve", "--listen", "127.0.0.1:0", "--gauges", doors, "--database", filepath.Join(disk, "demo.db")))
	o := sendThrough(t, p, token, doors)
	ballast := filepath.Join(disk, "ballast")
	fill(t, ballast)
	o.failing(t, true)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	o.wholeAgain(t, objects, func() *store.DB { return direct(t, disk) })
}

// TestGaugesWithoutPostgres stops PostgreSQL under a server that stations report to, and starts it again.
func TestGaugesWithoutPostgres(t *testing.T) {
	pg := ownPostgres(t)
	bin := build(t)
	objects := registerStations(t, pg.target)
	token := operatorAt(t, pg.target, objects[0], nil, nil)
	doors := freePort(t)
	p := start(t, exec.CommandContext(context.WithoutCancel(t.Context()), bin, "serve", "--listen", "127.0.0.1:0", "--gauges", doors, "--database", pg.target, "--evidence", filepath.Join(pg.dir, "evidence")))
	o := sendThrough(t, p, token, doors)
	pg.control(t, "stop", "-m", "fast")
	o.failing(t, false)
	pg.control(t, "restart", "-l", filepath.Join(pg.dir, "data", "server.log"))
	o.wholeAgain(t, objects, func() *store.DB {
		db, err := store.Open(t.Context(), store.Options{Target: pg.target})
		if err != nil {
			t.Fatal(err)
		}
		return db
	})
}

// TestBackupCoversObservations copies a database with sealed and unsealed readings, puts it elsewhere, and has the doctor look both over, and find
// what somebody changed behind the program's back.
func TestBackupCoversObservations(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	objects := registerForKills(t, dir)
	now := time.Now().UTC().Truncate(5 * time.Minute)
	var rows []station.Row
	for at := now.Add(-30 * time.Hour); !at.After(now); at = at.Add(5 * time.Minute) {
		rows = append(rows, station.Row{At: at})
	}
	operatorIn(t, dir, objects[0], rows, func(time.Time) bool { return false })
	backup := filepath.Join(t.TempDir(), "day.db")
	f := func(want int, says string, args ...string) {
		t.Helper()
		if code, out, errs := anlan(t, args...); code != want || !strings.Contains(out+errs, says) {
			t.Errorf("%v: exit %d, %s %s", args, code, out, errs)
		}
	}
	f(0, "", "backup", "--database", filepath.Join(dir, "demo.db"), backup)
	f(0, "restored", "restore", "--database", filepath.Join(other, "demo.db"), backup)
	for _, d := range []string{dir, other} {
		f(0, "ok   observations", "doctor", "--database", filepath.Join(d, "demo.db"))
		db := direct(t, d)
		all := kept(t, db, objects[0])
		if all != len(rows) {
			t.Errorf("%d of %d readings are there", all, len(rows))
		}
		db.Close()
	}
	db := direct(t, other)
	err := db.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE observation_chunk SET sum_e6 = sum_e6 + 1000000 WHERE object_id = $1`, objects[0])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	f(1, "BAD  observations", "doctor", "--database", filepath.Join(other, "demo.db"))
	f(0, "ok   ", "doctor", "--quick", "--database", filepath.Join(other, "demo.db"))
}
