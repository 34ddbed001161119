package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"anlan/internal/store"
)

// shop is where the program and a demo city are made, once for all tests.
var shop string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "anlan-shop")
	if err != nil {
		panic(err)
	}
	shop = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

var builtOnce = sync.OnceValues(func() (string, error) {
	bin := filepath.Join(shop, "anlan")
	if out, err := exec.CommandContext(context.Background(), "go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w %s", err, out)
	}
	return bin, nil
})

// build makes the program that a fault test starts and kills.
func build(t *testing.T) string {
	t.Helper()
	bin, err := builtOnce()
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

var cityOnce sync.Once

// cityFolder is a folder of its own with the demo city in it, which nobody serves.
func cityFolder(t *testing.T) string {
	t.Helper()
	origin := filepath.Join(shop, "city")
	cityOnce.Do(func() {
		p := startDemo(t, build(t), "demo", origin)
		p.stop(t)
	})
	dir := filepath.Join(t.TempDir(), "city")
	if err := os.CopyFS(dir, os.DirFS(origin)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "demo.db")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func rounds() int {
	if testing.Short() {
		return 3
	}
	return 20
}

// direct opens the database of a server that is not running.
func direct(t *testing.T, dir string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Target: filepath.Join(dir, "demo.db")})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func count(t *testing.T, db *store.DB, query string, args ...any) int {
	t.Helper()
	var n sql.NullInt64
	if err := db.QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return int(n.Int64)
}

func verifyAudit(t *testing.T, dir string) {
	t.Helper()
	if code, out, errs := anlan(t, "audit", "verify", "--database", filepath.Join(dir, "demo.db")); code != 0 {
		t.Errorf("the audit chain: %s %s", out, errs)
	}
}

// signInAs is signIn for any account of the demo.
func (p *process) signInAs(t *testing.T, login string) {
	t.Helper()
	var me any
	if err := p.call("POST", "/api/session", map[string]string{"login": login, "password": "Demo-2026-water"}, &me); err != nil {
		t.Fatal(err)
	}
}

// upload sends a file and returns the import's id.
func (p *process) upload(t *testing.T, division, name string, content []byte) string {
	t.Helper()
	return p.uploadTo(t, "/api/imports", name, content, map[string]string{"division": division})
}

// uploadTo sends a file with the fields of a form and returns the id of what was made of it.
func (p *process) uploadTo(t *testing.T, path, name string, content []byte, fields map[string]string) string {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	for k, v := range fields {
		if err == nil {
			err = form.WriteField(k, v)
		}
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, p.url+path, &body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	var made struct{ ID string }
	if err := p.do(req, &made); err != nil {
		t.Fatal(err)
	}
	return made.ID
}

const (
	importYears = 40
	importRows  = importYears * 12 * 6
)

// bigTable is a county's figures of every month of many years, as a city office keeps them.
func bigTable(value int) []byte {
	var b strings.Builder
	b.WriteString("历年投资情况表（万元）,,\n地区,年月,完成投资\n")
	for month := range importYears * 12 {
		for _, name := range []string{"越城区", "柯桥区", "上虞区", "新昌县", "诸暨市", "嵊州市"} {
			fmt.Fprintf(&b, "%s,%d年%d月,%d\n", name, 1984+month/12, month%12+1, value)
		}
	}
	return []byte(b.String())
}

// killWithin starts a request, kills the server at a random moment of one and a half times the usual time, and returns how the request ended.
func (p *process) killWithin(t *testing.T, usual time.Duration, request func() error) error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- request() }()
	time.Sleep(time.Duration(rand.Int64N(int64(usual) * 3 / 2)))
	p.kill(t)
	return <-done
}

type importState struct {
	State   string
	Counts  struct{ Taken int }
	Already bool
}

// TestKillDuringImport kills the server while it files an import: all figures are there afterwards or none, the import says
// which, and one that is not done can be confirmed again.
func TestKillDuringImport(t *testing.T) {
	t.Parallel()
	bin, dir := build(t), cityFolder(t)
	d := startDemo(t, bin, "serve", dir)
	d.signInAs(t, "guiji")
	confirm := func(d *process, id string) (out importState, err error) {
		err = d.call("POST", "/api/imports/"+id+"/confirm", map[string]any{"mappings": []any{}}, &out)
		return out, err
	}
	begun := time.Now()
	if out, err := confirm(d, d.upload(t, "330600", "first.csv", bigTable(1))); err != nil || out.Counts.Taken != importRows {
		t.Fatalf("unharmed: %+v %v", out, err)
	}
	usual := time.Since(begun)
	seen := map[string]int{}
	for round := range rounds() {
		id := d.upload(t, "330600", fmt.Sprintf("%d.csv", round), bigTable(round+2))
		err := d.killWithin(t, usual, func() error { _, err := confirm(d, id); return err })
		d = startDemo(t, bin, "serve", dir)
		d.signInAs(t, "guiji")
		var is importState
		if e := d.call("GET", "/api/imports/"+id, nil, &is); e != nil {
			t.Fatal(e)
		}
		seen[is.State]++
		db := direct(t, dir)
		filed := count(t, db, `SELECT COUNT(*) FROM filing_line WHERE source = $1 AND value_e6 = $2`, "import:"+id, (round+2)*1_000_000)
		rows := count(t, db, `SELECT COUNT(*) FROM import_row WHERE import_id = $1`, id)
		db.Close()
		want := map[string]int{"preview": 0, "done": importRows}[is.State]
		if filed != want || (rows > 0) != (want > 0) || err == nil && is.State != "done" {
			t.Fatalf("round %d: the import is %s, %d figures and %d rows are there; it had been answered %v", round, is.State, filed, rows, err)
		}
		if again, err := confirm(d, id); err != nil || again.State != "done" || again.Already != (is.State == "done") {
			t.Fatalf("round %d: confirmed again: %+v %v", round, again, err)
		}
	}
	t.Logf("after the kills: %v, an import takes %v", seen, usual)
	d.kill(t)
	verifyAudit(t, dir)
}

// TestKillDuringLock kills the server while a month is locked: every accepted return is locked afterwards, or none is.
func TestKillDuringLock(t *testing.T) {
	t.Parallel()
	bin, dir := build(t), cityFolder(t)
	lock := func(d *process) error {
		var out any
		return d.call("POST", "/api/periods/2026-04/lock", map[string]any{"scope": "330600"}, &out)
	}
	locked := `SELECT COUNT(*) FROM filing WHERE period = 202604 AND state = 'locked'`
	moves := `SELECT COUNT(*) FROM filing_event WHERE move = 'lock'`
	usual := time.Duration(0)
	seen := map[int]int{}
	for round := range rounds() + 1 {
		all, before := reopenMonth(t, dir, moves)
		d := startDemo(t, bin, "serve", dir)
		d.signInAs(t, "guiji")
		var err error
		if begun := time.Now(); round == 0 { // unharmed, to know how long it takes
			err = lock(d)
			usual = time.Since(begun)
			d.kill(t)
		} else {
			err = d.killWithin(t, usual, func() error { return lock(d) })
		}
		db := direct(t, dir)
		n := count(t, db, locked)
		events := count(t, db, moves) - before
		db.Close()
		if n != 0 && n != all || events != n || err == nil && n != all {
			t.Fatalf("round %d: %d of %d returns are locked (%d events); it had been answered %v", round, n, all, events, err)
		}
		seen[n]++
		verifyAudit(t, dir)
	}
	t.Logf("locked: %v (returns: rounds), a lock takes %v", seen, usual)
}

// reopenMonth makes every locked return of the month an accepted one again, past the program. It returns how many there are, and
// how often anything was locked so far.
func reopenMonth(t *testing.T, dir, moves string) (all, before int) {
	t.Helper()
	db := direct(t, dir)
	defer db.Close()
	err := db.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.ExecContext(t.Context(), `UPDATE filing SET state = 'accepted' WHERE period = 202604 AND state = 'locked'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	all = count(t, db, `SELECT COUNT(*) FROM filing WHERE period = 202604 AND state = 'accepted'`)
	if all < 20 {
		t.Fatalf("only %d returns of the month are there to lock", all)
	}
	return all, count(t, db, moves)
}

// health asks /healthz and returns the status and what it says.
func (p *process) health(t *testing.T) (int, string) {
	t.Helper()
	resp, err := p.client.Get(p.url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}
