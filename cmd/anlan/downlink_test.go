package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"anlan/internal/app"
	"anlan/internal/identity"
	"anlan/internal/quantity"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/sl651"
	"anlan/internal/store"
	"anlan/internal/telemetry/station"
)

// TestDownlinkCommand asks a simulated station through a running server, by a token, everything that can be asked, and looks for who asked in
// the journal. Of the station's readings an hour is missing at the server, part of it sealed, which the server asks for by itself.
func TestDownlinkCommand(t *testing.T) {
	dir := t.TempDir()
	bin := build(t)
	objects := registerForKills(t, dir)
	now := time.Now().UTC().Truncate(5 * time.Minute)
	var rows []station.Row
	for at := now.Add(-6 * time.Hour); !at.After(now); at = at.Add(5 * time.Minute) {
		rows = append(rows, station.Row{At: at, Values: []sl651.Observation{{Element: 0x39, Value: sl651.Of(12_000, 3)}}})
	}
	token := operatorIn(t, dir, objects[0], rows, func(at time.Time) bool { return now.Sub(at) > 150*time.Minute && now.Sub(at) < 210*time.Minute })
	doors := freePort(t)
	p := start(t, exec.CommandContext(context.WithoutCancel(t.Context()), bin, "serve", "--listen", "127.0.0.1:0", "--gauges", doors, "--database", filepath.Join(dir, "demo.db")))
	defer p.kill(t)
	st := station.New(station.Config{
		Station: benchAddress(0), Mode: station.M4, Feed: station.Play(rows), Clock: station.NewClock(time.Now(), 1), KeepAlive: 300 * time.Millisecond,
		Answer: 2 * time.Second, Retry: 50 * time.Millisecond, Dial: dialTo("tcp", doors),
	})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := station.Run(ctx, []*station.Station{st})
		done <- err
	}()
	defer func() {
		stop()
		<-done
	}()
	address := benchAddress(0).String()
	base := []string{"downlink", "--server", p.url, "--token-file", token, address}
	for range 100 { // until it is connected
		if code, _, _ := anlan(t, append(base, "clock")...); code == 0 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	f := func(want int, says string, args ...string) string {
		t.Helper()
		code, out, errs := anlan(t, append(base, args...)...)
		if code != want || !strings.Contains(out+errs, says) {
			t.Errorf("%v: exit %d, %q %q", args, code, out, errs)
		}
		return out
	}
	f(0, address+" answered after", "query-now", "--why", "drill")
	f(0, "level", "query-now", "39")
	f(0, "clock  20", "clock", "set")
	f(0, "text", "version")
	f(0, "answered", "status")
	f(0, "level                      12  20", "query-period", now.Add(-time.Hour).Format(time.RFC3339), now.Format(time.RFC3339), "--element", "39", "--step", "5m")
	f(1, "with a reason", "write-config", "28=7.5")
	f(0, "answered", "write-config", "28=7.5", "--why", "base of the new gauge")
	f(0, "28   7.5", "read-config", "28")
	if out := f(0, "{", "--json", "clock"); !json.Valid([]byte(out)) {
		t.Errorf("%q", out)
	}
	f(1, "no such parameter", "write-config", "03=1234", "--why", "x") // the password
	f(1, "no such parameter", "read-config", "03")
	f(2, "called wrongly", "dance")
	f(2, "called wrongly", "query-period", "yesterday", "today", "--element", "39")
	if code, _, errs := anlan(t, "downlink", "--server", p.url, "--token-file", token, "0099999999", "clock"); code != 1 || !strings.Contains(errs, "no station") {
		t.Errorf("%d %s", code, errs)
	}
	if code, _, errs := anlan(t, "downlink", "--server", p.url, "--token-file", token, benchAddress(1).String(), "clock"); code != 1 || !strings.Contains(errs, "not connected") {
		t.Errorf("%d %s", code, errs)
	}
	if code, _, errs := anlan(t, "downlink", "--server", p.url, "--token-file", write(t, "nonsense"), address, "clock"); code != 1 || strings.Contains(errs, "nonsense") {
		t.Errorf("%d %s", code, errs)
	}
	r, err := newRemote(p.url, token)
	if err != nil {
		t.Fatal(err)
	}
	journal := func() map[string]bool {
		t.Helper()
		var list struct {
			Items []struct{ Who, Why, State, Function string }
		}
		if err := r.call(t.Context(), "GET", fmt.Sprintf("/api/gauges/%d/requests?limit=200", objects[0]), nil, &list); err != nil {
			t.Fatal(err)
		}
		found := map[string]bool{}
		for _, j := range list.Items {
			found[j.Who+" "+j.Function+" "+j.State+" "+j.Why] = true
		}
		return found
	}
	const unasked = "gateway 38 answered missing values"
	for range 100 {
		if journal()[unasked] {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	found := journal()
	for _, want := range []string{unasked, "operator 37 answered drill", "operator 3A answered ", "operator 4A answered ", "operator 42 answered base of the new gauge", "operator 43 answered "} {
		if !found[want] {
			t.Errorf("not in the journal: %s; there is %v", want, found)
		}
	}
	var curve struct{ Read int }
	path := fmt.Sprintf("/api/gauges/%d/series?quantity=level&from=%s&to=%s", objects[0], rows[0].At.Format(time.RFC3339), now.Format(time.RFC3339))
	for range 100 { // the answer may have several frames
		if err = r.call(t.Context(), "GET", path, nil, &curve); err != nil || curve.Read == len(rows) {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if err != nil || curve.Read != len(rows) {
		t.Errorf("%d of %d readings are there after the gap was asked for, %v", curve.Read, len(rows), err)
	}
}

// operatorIn makes an account and a token of it in a database that nobody serves, and puts readings to an object but for those that are missing. It
// gives the file that holds the token.
func operatorIn(t *testing.T, dir string, object int64, rows []station.Row, missing func(time.Time) bool) (tokenFile string) {
	t.Helper()
	return operatorAt(t, filepath.Join(dir, "demo.db"), object, rows, missing)
}

// operatorAt is operatorIn for the database at an address.
func operatorAt(t *testing.T, target string, object int64, rows []station.Row, missing func(time.Time) bool) (tokenFile string) {
	t.Helper()
	ctx := t.Context()
	c := app.DefaultConfig()
	c.Database, c.Evidence = target, t.TempDir()
	a, err := app.New(ctx, c, "test", &app.Clock{}, false, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	tree, err := a.Registry.Tree(ctx)
	if err != nil {
		t.Fatal(err)
	}
	d, _ := tree.ByCode("330600")
	err = a.Store.Write(ctx, func(tx *store.Tx) error {
		_, _, err := a.Identity.CreateAccount(ctx, tx, program(), identity.NewAccount{
			Login: "operator", Name: "operator", Division: d.ID, Password: benchPassword, Grants: []identity.Grant{{Role: "reviewer", Line: identity.AnyLine, Division: d.ID}},
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	person, err := personOf(ctx, a, "operator")
	if err != nil {
		t.Fatal(err)
	}
	_, secret, err := a.Identity.CreateToken(ctx, person, identity.NewToken{
		Name: "duty", Permissions: []identity.Permission{identity.ObjectRead, identity.ObjectWrite, identity.GaugeConfigure}, Line: identity.AnyLine, Division: d.ID, Days: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	source, err := a.Series.Source(ctx, series.FromGauge, "sl651")
	if err != nil {
		t.Fatal(err)
	}
	var list []reading.Reading
	for _, r := range rows {
		if !missing(r.At) {
			list = append(list, reading.Reading{Object: object, Quantity: reading.Level, At: r.At, Value: quantity.Some(quantity.Int(12)), Source: source})
		}
	}
	if _, err := a.Series.Append(ctx, list); err != nil {
		t.Fatal(err)
	}
	return write(t, secret+"\n")
}
