package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"anlan/internal/sl651"
	"anlan/internal/telemetry"
	"anlan/internal/telemetry/session"
)

// centre is what is behind a gateway for these tests: all stations are known, with any password.
type centre struct {
	mu      sync.Mutex // guards what is below
	reports []session.Report
	held    []session.Held
}

func (c *centre) Accept(_ context.Context, batch []session.Report) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reports = append(c.reports, batch...)
	return nil
}

func (c *centre) Keep(_ context.Context, held []session.Held) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = append(c.held, held...)
	return nil
}

func (c *centre) Station(_ context.Context, a sl651.Address) (session.Station, bool, error) {
	return session.Station{
		Address: a, Mode: session.M2, Stay: true, AnyPassword: true, Elements: map[sl651.ID]session.Element{0x39: {Quantity: "stage"}, 0x22: {Quantity: "rain"}},
	}, a != sl651.Address{}, nil
}

// answering is a gateway on this machine, over TCP and UDP, and their addresses.
func answering(t *testing.T) (c *centre, tcp, udp string) {
	t.Helper()
	c = &centre{}
	g := telemetry.New(telemetry.Options{Sink: c, Stations: c, Quarantine: c, Now: time.Now})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	var serve sync.WaitGroup
	serve.Go(func() { g.ServeTCP(l) }) //nolint:errcheck // it ends with the test
	serve.Go(func() { g.ServeUDP(u) }) //nolint:errcheck // it ends with the test
	t.Cleanup(func() {
		if err := g.Close(context.Background()); err != nil {
			t.Error(err)
		}
		serve.Wait()
	})
	return c, l.Addr().String(), u.LocalAddr().String()
}

const twoReadings = "station,time,39,22\n0061200815,2026-07-02 08:00,12.345,0.5\n0061200815,2026-07-02 08:05,12.361,1.5\nx,y,z\n"

func TestStationCommand(t *testing.T) {
	c, to, _ := answering(t)
	csv := write(t, twoReadings)
	code, out, errs := anlan(t, "station", "--to", to, "--csv", csv, "--copies", "3", "--speed", "max", "--hourly")
	if code != 0 || !strings.HasPrefix(out, "3 stations: 9 sent, 9 confirmed") || !strings.Contains(out, "\nfrom first byte to confirmation: p50 ") || !strings.Contains(errs, ":4: left out") {
		t.Errorf("exit %d, %s %s", code, out, errs)
	}
	if len(c.reports) != 9 || c.reports[0].Readings[0].Value.String() != "12.345" {
		t.Errorf("%d reports", len(c.reports))
	}
	code, out, _ = anlan(t, "station", "--to", to, "--generate", "5", "--for", "1h", "--speed", "max", "--ascii", "--mode", "m2")
	if code != 0 || !strings.HasPrefix(out, "5 stations: 60 sent, 60 confirmed") {
		t.Errorf("exit %d, %s", code, out)
	}
	f := func(want int, says string, args ...string) {
		t.Helper()
		if code, out, errs := anlan(t, args...); code != want || !strings.Contains(out+errs, says) {
			t.Errorf("%v: exit %d, %q %q", args, code, out, errs)
		}
	}
	f(0, "An example", "station", "--help")
	f(2, "called wrongly", "station")
	f(2, "called wrongly", "station", "--to", to)
	f(2, "--mode m9", "station", "--to", to, "--csv", csv, "--mode", "m9")
	f(2, "four hex digits", "station", "--to", to, "--csv", csv, "--password", "hello")
	f(2, "--speed 0", "station", "--to", to, "--csv", csv, "--speed", "0")
	f(2, "--centre 0", "station", "--to", to, "--csv", csv, "--centre", "0")
	f(1, "no reading", "station", "--to", to, "--csv", write(t, "station,time,39\n"))
	f(1, "no element", "station", "--to", to, "--csv", write(t, "station,time,colour\n"))
	f(1, "not_there", "station", "--to", to, "--csv", "/not_there.csv")
}

func TestReplayCommand(t *testing.T) {
	c, tcp, udp := answering(t)
	good := reported(t, sl651.Hex, sl651.Up, sl651.TimedReport, "F1F1 0061200815 48 F0F0 2607020800 3923 00012345")
	down := reported(t, sl651.Hex, sl651.Down, sl651.QueryNow, "")
	alive := reported(t, sl651.Hex, sl651.Up, sl651.KeepAlive, "")
	file := write(t, good+"\n\n"+down+"\n"+alive+"\nxyz\n"+good[:40]+"\n")
	for _, args := range [][]string{{"replay", file, "--to", tcp}, {"replay", "--to", udp, "--udp", file}} {
		code, out, errs := anlan(t, args...)
		lines := strings.Split(strings.TrimSpace(out), "\n")
		if code != 0 || len(lines) != 4 {
			t.Fatalf("%v: exit %d, %q %s", args, code, lines, errs)
		}
		var told replayTold
		if err := json.Unmarshal([]byte(lines[0]), &told); err != nil {
			t.Fatal(err)
		}
		if len(told.Replies) != 1 || told.Replies[0].End != "ESC" || *told.Replies[0].Serial != 0x29 || told.Station != "0061200815" || told.Line != 1 {
			t.Errorf("%s", lines[0])
		}
		for i, want := range []string{`"line":4,"station":"0061200815","function":"2F","replies":[]`, `"line":5,"error":"the line is not hex`, `"line":6,"error":"short frame`} {
			if !strings.Contains(lines[i+1], want) {
				t.Errorf("%s, want %s", lines[i+1], want)
			}
		}
	}
	if len(c.reports) != 1 { // the second time it was known
		t.Errorf("%d reports", len(c.reports))
	}
	code, out, errs := anlanReads(t, twoReadings, "replay", "-", "--to", tcp)
	if code != 0 || !strings.HasPrefix(out, "1 stations: 2 sent, 2 confirmed") {
		t.Errorf("exit %d, %s %s", code, out, errs)
	}
	for _, args := range [][]string{{"replay"}, {"replay", file}, {"replay", file, "--to", tcp, "more"}} {
		if code, _, _ := anlan(t, args...); code != 2 {
			t.Errorf("%v: exit %d", args, code)
		}
	}
}

// TestReplayOfSharedPackets sends the uplinks of the shared folder to a gateway that knows all stations: each that can be read is kept or is a
// keep-alive, a packet of many, or a repetition.
func TestReplayOfSharedPackets(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "telemetry", "vectors.json"))
	if err != nil {
		t.Skipf("the packets of the shared folder are not here: %v", err)
	}
	var file struct {
		Vectors []struct{ ID, Protocol, Hex string }
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	c, tcp, _ := answering(t)
	var frames strings.Builder
	want := map[string]bool{}
	for _, v := range file.Vectors {
		var f sl651.Frame
		var raw []byte
		if _, err := fmt.Sscanf(v.Hex, "%x", &raw); err != nil || !strings.HasPrefix(v.Protocol, "SL 651") {
			continue
		}
		if n, err := f.Parse(raw); err != nil || n != len(raw) || f.Direction == sl651.Down {
			continue
		}
		frames.WriteString(v.Hex + "\n")
		if f.Function.Answered() && !f.Several() {
			want[string(raw)] = true
		}
	}
	code, out, errs := anlanReads(t, frames.String(), "replay", "-", "--to", tcp, "--wait", "300ms")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	pictures := 0
	for _, r := range c.reports {
		if r.Picture != nil {
			pictures++
		}
	}
	// What the stations' policies do not map is kept beside the report; nothing is refused.
	refused := slices.DeleteFunc(slices.Clone(c.held), func(h session.Held) bool { return h.OfStation() })
	if got := len(c.reports) - pictures; got != len(want) || len(refused) > 0 {
		t.Errorf("%d reports of %d frames, %d set aside %+v", got, len(want), len(refused), refused)
	}
	t.Logf("%d frames, %d reports, %d pictures, %d replies", strings.Count(frames.String(), "\n"), len(c.reports), pictures, strings.Count(out, `"end":"ESC"`))
}
