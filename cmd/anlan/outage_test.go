package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"anlan/internal/app"
	"anlan/internal/demo"
)

// smallDisk mounts a few megabytes of memory as a disk, or skips the test aloud where that is not permitted.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("no disk of our own can be mounted here (%v): a full disk is not tried", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Log(err)
		}
	})
	return dir
}

// fill takes the room that is left on a disk, but for less than a page.
func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, piece := range []int{1 << 16, 1 << 10} {
		for b := make([]byte, piece); err == nil; {
			_, err = f.Write(b)
		}
		err = nil
	}
}

// TestDiskFull fills the disk under a running server: a save is refused in words, reading goes on, and when there is room again
// a save works, all in one run of the server.
func TestDiskFull(t *testing.T) {
	disk := smallDisk(t, "64m")
	d := startDemo(t, build(t), "demo", disk)
	id, edit := d.draft(t)
	if !d.save(id, &edit, 1) {
		t.Fatal("an ordinary save failed")
	}
	screen := d.listen(t)
	ballast := filepath.Join(disk, "ballast")
	fill(t, ballast)
	var refused error
	for n := 2; refused == nil && n < 500; n++ { // the log still has some room of its own
		refused = d.trySave(id, &edit, n)
	}
	if refused == nil || !strings.Contains(refused.Error(), "503") || !strings.Contains(refused.Error(), "磁盘") || !strings.Contains(refused.Error(), "nothing was saved") {
		t.Fatalf("a save on a full disk: %v", refused)
	}
	if code, says := d.health(t); code != http.StatusServiceUnavailable || !strings.Contains(says, "the disk") || !strings.Contains(says, "since") {
		t.Errorf("healthz on a full disk: %d %s", code, says)
	}
	screen.hears(t, `"ok":false`)
	if _, e := d.read(t, id); e != edit {
		t.Errorf("edit %d is read, %d was confirmed", e, edit)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := d.trySave(id, &edit, 1000); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if code, says := d.health(t); code != http.StatusOK {
		t.Errorf("healthz with room again: %d %s", code, says)
	}
	screen.hears(t, `"ok":true`)
	d.kill(t)
	verifyAudit(t, disk)
}

func (p *process) trySave(id int64, edit *int64, n int) error {
	var r savedReturn
	err := p.call("PATCH", fmt.Sprintf("/api/returns/%d/lines", id), map[string]any{
		"edit": *edit, "lines": []map[string]any{{"indicator": savedLine, "value": n}},
	}, &r)
	if err == nil {
		*edit = r.Edit
	}
	return err
}

// screen is an open page that hears events.
type screen struct{ lines chan string }

func (p *process) listen(t *testing.T) screen {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+"/api/events", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&http.Client{Jar: p.client.Jar}).Do(req)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("open the events: %v %v", resp, err)
	}
	s := screen{make(chan string, 1000)}
	go func() {
		defer resp.Body.Close()
		for in := bufio.NewScanner(resp.Body); in.Scan(); {
			s.lines <- in.Text()
		}
	}()
	return s
}

// hears waits for the next event of the store's health and holds it against what it should say.
func (s screen) hears(t *testing.T, want string) {
	t.Helper()
	over := time.After(30 * time.Second)
	named := false
	for {
		select {
		case line := <-s.lines:
			if named && strings.Contains(line, want) {
				return
			}
			named = line == "event: store.health"
		case <-over:
			t.Errorf("the open screen did not hear of %s", want)
			return
		}
	}
}

// postgres is a database server of the test's own that can be stopped and started again.
type postgres struct{ dir, target string }

func ownPostgres(t *testing.T) *postgres {
	t.Helper()
	dir, err := os.MkdirTemp("", "anlan-outage-")
	if err != nil {
		t.Fatal(err)
	}
	pg := &postgres{dir: dir}
	t.Cleanup(func() {
		exec.Command("../../scripts/pg.sh", "stop", dir).Run() //nolint:errcheck // it may be stopped
		os.RemoveAll(dir)
	})
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // the server's user must enter it
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "../../scripts/pg.sh", "start", dir).Output()
	if err != nil {
		t.Skipf("no PostgreSQL can be started here (%v): its absence is not tried", err)
	}
	pg.target = strings.TrimSpace(string(out))
	return pg
}

// pid is the number of the server's first process.
func (pg *postgres) pid(t *testing.T) int {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(pg.dir, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	var pid int
	if _, err := fmt.Sscan(string(b), &pid); err != nil {
		t.Fatal(err)
	}
	return pid
}

func (pg *postgres) control(t *testing.T, args ...string) {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pg_ctl")
	if err != nil || len(found) == 0 {
		t.Skip("no pg_ctl at its usual place: the absence of PostgreSQL is not tried")
	}
	ctl := append([]string{found[len(found)-1], "-D", filepath.Join(pg.dir, "data"), "-w", "-t", "30"}, args...)
	cmd := exec.CommandContext(t.Context(), ctl[0], ctl[1:]...)
	if os.Getuid() == 0 {
		cmd = exec.CommandContext(t.Context(), "runuser", append([]string{"-u", "postgres", "--"}, ctl...)...)
	}
	cmd.Dir = "/"
	if err := cmd.Run(); err != nil {
		t.Fatalf("pg_ctl %v: %v", args, err)
	}
}

// TestPostgresOutage serves the demo's figures from a PostgreSQL that first answers nothing and then is away.
func TestPostgresOutage(t *testing.T) {
	pg := ownPostgres(t)
	d, id, edit := servePostgres(t, pg)
	if !testing.Short() { // it waits for what does not come
		edit = pg.isSilent(t, d, id, edit)
	}
	pg.isAway(t, d, id, edit)
}

// isAway stops PostgreSQL under a running server and starts it again: requests say so in words and do not hang,
// open screens hear of it, and afterwards everything works without a restart, sessions included.
func (pg *postgres) isAway(t *testing.T, d *process, id, edit int64) {
	t.Helper()
	screen := d.listen(t)
	since := time.Now().UTC().Add(-time.Second)
	pg.control(t, "stop", "-m", "fast") // this server keeps nothing safe from an immediate one
	screen.hears(t, `"ok":false`)       // by the probe alone, before anybody asks
	for _, path := range []string{"/api/returns?scope=330683&period=2026-05", fmt.Sprintf("/api/returns/%d", id), "/api/cockpit?scope=330683"} {
		d.refuses(t, "GET", path, nil)
	}
	d.refuses(t, "PATCH", fmt.Sprintf("/api/returns/%d/lines", id), map[string]any{"edit": edit, "lines": []map[string]any{{"indicator": savedLine, "value": 7}}})
	d.refuses(t, "POST", "/api/session", map[string]string{"login": "shengzhou", "password": "Demo-2026-water"})
	code, says := d.health(t)
	_, at, _ := strings.Cut(says, `"since":"`)
	at, _, _ = strings.Cut(at, `"`)
	began, err := time.Parse(time.RFC3339, at)
	if code != http.StatusServiceUnavailable || !strings.Contains(says, "the database") || err != nil || began.Before(since) {
		t.Errorf("healthz without PostgreSQL: %d %s", code, says)
	}
	pg.control(t, "restart", "-l", filepath.Join(pg.dir, "data", "server.log"))
	screen.hears(t, `"ok":true`)
	if err := d.trySave(id, &edit, 9); err != nil {
		t.Errorf("with PostgreSQL back: %v", err)
	}
	if code, says := d.health(t); code != http.StatusOK {
		t.Errorf("healthz with PostgreSQL back: %d %s", code, says)
	}
	d.signIn(t)
}

// isSilent freezes PostgreSQL, which then takes connections and never answers, and thaws it; it returns the draft's edit after that.
func (pg *postgres) isSilent(t *testing.T, d *process, id, edit int64) int64 {
	t.Helper()
	screen := d.listen(t)
	freeze := func(signal syscall.Signal) {
		out, _ := exec.CommandContext(t.Context(), "ps", "-o", "pid=", "--ppid", fmt.Sprint(pg.pid(t))).Output()
		for _, text := range append(strings.Fields(string(out)), fmt.Sprint(pg.pid(t))) {
			var pid int
			fmt.Sscan(text, &pid)     //nolint:errcheck // ps prints numbers
			syscall.Kill(pid, signal) //nolint:errcheck // it may have ended by itself
		}
	}
	freeze(syscall.SIGSTOP)
	thawed := false
	t.Cleanup(func() {
		if !thawed {
			freeze(syscall.SIGCONT)
		}
	})
	screen.hears(t, `"ok":false`)
	d.refuses(t, "GET", fmt.Sprintf("/api/returns/%d", id), nil)
	d.refuses(t, "PATCH", fmt.Sprintf("/api/returns/%d/lines", id), map[string]any{"edit": edit, "lines": []map[string]any{{"indicator": savedLine, "value": 7}}})
	freeze(syscall.SIGCONT)
	thawed = true
	screen.hears(t, `"ok":true`)
	if err := d.trySave(id, &edit, 9); err != nil {
		t.Errorf("with PostgreSQL back: %v", err)
	}
	return edit
}

// refuses says that a request is refused with 503 in both languages before the client's own patience (10 s) ends.
func (p *process) refuses(t *testing.T, method, path string, body any) {
	t.Helper()
	var out any
	err := p.call(method, path, body, &out)
	if err == nil || !strings.Contains(err.Error(), "503") || !strings.Contains(err.Error(), "数据库") || !strings.Contains(err.Error(), "the database") {
		t.Errorf("%s %s: %v", method, path, err)
	}
}

// servePostgres serves the demo's figures from PostgreSQL, with one county signed in and its draft open.
func servePostgres(t *testing.T, pg *postgres) (d *process, id, edit int64) {
	t.Helper()
	c := app.DefaultConfig()
	c.Database, c.Evidence, c.City, c.LogLevel = pg.target, filepath.Join(pg.dir, "evidence"), demo.City, "error"
	clock := &app.Clock{}
	a, err := open(t.Context(), env{err: io.Discard}, c, clock, true)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = demo.Fill(t.Context(), demoParts(a, clock))
	if err = errors.Join(err, a.Close()); err != nil {
		t.Fatal(err)
	}
	bin := build(t)
	d = start(t, exec.CommandContext(context.WithoutCancel(t.Context()), bin, "serve", "--listen", "127.0.0.1:0", "--database", pg.target, "--evidence", filepath.Join(pg.dir, "evidence")))
	id, edit = d.draft(t)
	if err := d.trySave(id, &edit, 3); err != nil {
		t.Fatal(err)
	}
	return d, id, edit
}
