package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"anlan/internal/app"
	"anlan/internal/store"
)

// anlan runs one command in process.
func anlan(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	return anlanReads(t, "", args...)
}

// anlanReads runs one command in process, with something on its standard input.
func anlanReads(t *testing.T, in string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), env{strings.NewReader(in), &o, &e, nil}, args)
	return code, o.String(), e.String()
}

func TestCommands(t *testing.T) {
	db := filepath.Join(t.TempDir(), "a.db")
	f := func(want int, says string, args ...string) {
		t.Helper()
		code, out, errs := anlan(t, args...)
		if code != want || !strings.Contains(out+errs, says) {
			t.Errorf("%v: exit %d, %q %q", args, code, out, errs)
		}
	}
	f(0, "Commands", "help")
	f(2, "no command", "fly")
	f(0, "sound", "pack", "check")
	f(2, "called wrongly", "pack")
	f(0, `"openapi":"3.1.0"`, "openapi")
	f(0, "the chain holds", "audit", "verify", "--database", db)
	f(1, "colour", "serve", "--config", write(t, "colour: red\n"))
	f(1, "not_there", "import", "--database", db, "/not_there.xlsx")
	f(0, "ok   audit chain", "doctor", "--database", db)
	f(0, "ok   observations", "doctor", "--database", db)
	f(0, "ok   recurrence, 0 matters", "doctor", "--database", db)
	f(0, "ok   disclosure of inspections that are over", "doctor", "--quick", "--database", db)
	f(0, "backup written", "backup", "--database", db, db+".bak")
	f(1, "exists already", "backup", "--database", db, db+".bak")
	f(0, "restored", "restore", "--database", db, db+".bak")
	f(1, "no sound backup", "restore", "--database", db, write(t, "not a database"))
}

// TestDoctorLiftsVeils: findings that a plan hides although it has ended are told of, and disclosed where the operator says so.
func TestDoctorLiftsVeils(t *testing.T) {
	dir := cityFolder(t)
	name := filepath.Join(dir, "demo.db")
	db, err := store.Open(t.Context(), store.Options{Target: name})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE matter SET veiled = 1 WHERE id = (SELECT MIN(m.id) FROM matter m JOIN inspection i ON m.source = 'inspection' AND m.source_id = CAST(i.id AS TEXT) WHERE i.state = 'done' AND i.veiled = 0)`)
		return err
	})
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code int
		says string
		args []string
	}{
		{1, "BAD  disclosure of inspections that are over: 1 inspections hide 1 findings", []string{"doctor", "--quick"}},
		{0, "ok   disclosure", []string{"doctor", "--quick", "--lift-veils"}},
		{0, "ok   disclosure", []string{"doctor", "--quick"}},
	} {
		code, out, errs := anlan(t, append(c.args, "--database", name)...)
		if code != c.code || !strings.Contains(out, c.says) {
			t.Errorf("%v: exit %d, %q %q", c.args, code, out, errs)
		}
	}
}

func write(t *testing.T, body string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestConfiguration(t *testing.T) {
	c, err := app.LoadConfig(write(t, "listen: 127.0.0.1:1\ncity: \"330600\"\n"), []string{"ANLAN_LISTEN=127.0.0.1:2", "PATH=/"})
	if err != nil || c.Listen != "127.0.0.1:2" || c.City != "330600" {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := app.LoadConfig("", []string{"ANLAN_COLOUR=red"}); err == nil || !strings.Contains(err.Error(), "ANLAN_COLOUR") {
		t.Errorf("an unknown variable: %v", err)
	}
	if c := (app.Config{TLSKey: "x", LogLevel: "loud"}); c.Check() == nil {
		t.Error("a key without a certificate passes")
	}
}

// TestKillAtAnyMoment kills the server while a county saves its return, again and again: whatever was confirmed is there
// afterwards, and the audit chain holds.
func TestKillAtAnyMoment(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the program twenty times")
	}
	t.Parallel()
	bin, dir := build(t), cityFolder(t)
	d := startDemo(t, bin, "serve", dir)
	id, edit := d.draft(t)
	d.kill(t)
	confirmed := 0.0
	for round := range 20 {
		d = startDemo(t, bin, "serve", dir)
		d.signIn(t)
		value, e := d.read(t, id)
		if value < confirmed {
			t.Fatalf("round %d: %v was confirmed, %v is there", round, confirmed, value)
		}
		edit = e
		done := time.After(time.Duration(30+17*round) * time.Millisecond)
	saving:
		for n := value + 1; ; n++ {
			select {
			case <-done:
				break saving
			default:
			}
			if d.save(id, &edit, n) {
				confirmed = n
			}
		}
		d.kill(t)
	}
	if confirmed == 0 {
		t.Fatal("nothing was ever confirmed")
	}
	if code, out, errs := anlan(t, "audit", "verify", "--database", filepath.Join(dir, "demo.db")); code != 0 {
		t.Errorf("after twenty kills: %s %s", out, errs)
	}
}

// process is a server of its own with one browser.
type process struct {
	cmd    *exec.Cmd
	url    string
	client *http.Client
}

func startDemo(t *testing.T, bin, command, dir string) *process {
	t.Helper()
	args := []string{"demo", "--listen", "127.0.0.1:0", "--keep", dir}
	if command == "serve" {
		args = []string{"serve", "--listen", "127.0.0.1:0", "--database", filepath.Join(dir, "demo.db")}
	}
	return start(t, exec.CommandContext(context.WithoutCancel(t.Context()), bin, args...))
}

// start runs a server and waits until it says its address.
func start(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	jar, _ := cookiejar.New(nil)
	p := &process{cmd: cmd, client: &http.Client{Jar: jar, Timeout: 10 * time.Second}}
	lines := bufio.NewScanner(pipe)
	for lines.Scan() {
		text := lines.Text()
		if _, rest, ok := strings.Cut(text, "http://"); ok {
			p.url = "http://" + strings.TrimSpace(rest)
		} else if _, rest, ok := strings.Cut(text, "address="); ok {
			address, _, _ := strings.Cut(rest, " ")
			p.url = "http://" + address
		}
		if p.url != "" {
			break
		}
	}
	if p.url == "" {
		t.Fatal("the server said no address")
	}
	go func() {
		for lines.Scan() {
		}
	}()
	return p
}

// stop ends a server as its keeper would, and waits until it has.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}

func (p *process) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	p.cmd.Wait() //nolint:errcheck // it was killed
}

func (p *process) call(method, path string, body, into any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequest(method, p.url+path, bytes.NewReader(b))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	return p.do(req, into)
}

func (p *process) do(req *http.Request, into any) error {
	resp, err := p.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		said, _ := io.ReadAll(resp.Body)
		return fmt.Errorf("%s %s: %s %s", req.Method, req.URL.Path, resp.Status, said)
	}
	return json.NewDecoder(resp.Body).Decode(into)
}

func (p *process) signIn(t *testing.T) {
	t.Helper()
	var me any
	if err := p.call("POST", "/api/session", map[string]string{"login": "shengzhou", "password": "Demo-2026-water"}, &me); err != nil {
		t.Fatal(err)
	}
}

type savedReturn struct {
	ID, Edit int64
	Rows     []struct {
		Indicator struct{ Code string }
		Value     *float64
	}
}

const savedLine = "insp.trips"

func (p *process) draft(t *testing.T) (id, edit int64) {
	t.Helper()
	p.signIn(t)
	var r savedReturn
	err := p.call("POST", "/api/returns", map[string]any{"form": "supervision.county.month", "division": "330683", "period": "2026-05"}, &r)
	if err != nil {
		t.Fatal(err)
	}
	return r.ID, r.Edit
}

func (p *process) read(t *testing.T, id int64) (float64, int64) {
	t.Helper()
	var r savedReturn
	if err := p.call("GET", fmt.Sprintf("/api/returns/%d", id), nil, &r); err != nil {
		t.Fatal(err)
	}
	for _, row := range r.Rows {
		if row.Indicator.Code == savedLine && row.Value != nil {
			return *row.Value, r.Edit
		}
	}
	return 0, r.Edit
}

// save reports whether the server confirmed a figure.
func (p *process) save(id int64, edit *int64, n float64) bool {
	var r savedReturn
	err := p.call("PATCH", fmt.Sprintf("/api/returns/%d/lines", id), map[string]any{
		"edit": *edit, "lines": []map[string]any{{"indicator": savedLine, "value": n}},
	}, &r)
	*edit = r.Edit
	return err == nil
}
