package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

const madeUpBasin = "name: b\ndt_h: 24\narea_km2: 100\nparameters: {KC: 1, UM_mm: 20, LM_mm: 60, C: 0.1, WM_mm: 120, B: 0.3, IM: 0, SM_mm: 20, EX: 1, KI_per_d: 0.3, KG_per_d: 0.3, CS_per_d: 0, CI_per_d: 0.5, CG_per_d: 0.95}\ninitial: {WU_mm: 20, WL_mm: 60, WD_mm: 40}\n"

// madeUpForcing is some weather by the day, from the start of 2024 on.
func madeUpForcing(days int) string {
	var b strings.Builder
	b.WriteString("time,p,pet\n")
	day := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range days {
		rain := 0
		if i%9 == 0 {
			rain = 10 + i%50
		}
		fmt.Fprintf(&b, "%s,%d,2\n", day.AddDate(0, 0, i).Format(time.DateOnly), rain)
	}
	return b.String()
}

// stopper stops a command as soon as it has shown its progress so often.
type stopper struct {
	bytes.Buffer
	stop context.CancelFunc
	left int
}

func (s *stopper) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("evaluations, best")) {
		if s.left--; s.left == 0 {
			s.stop()
		}
	}
	return s.Buffer.Write(p)
}

// TestCalibrationIsStoppedAndKeepsItsBest holds that a search that is stopped after it has shown its progress twice writes the best so
// far, a basin that runs, and what was done.
func TestCalibrationIsStoppedAndKeepsItsBest(t *testing.T) {
	file, rain, observed, best := write(t, madeUpBasin), write(t, madeUpForcing(200)), write(t, ""), write(t, "")
	if code, _, errs := anlan(t, "model", "xaj", "--basin", file, "--forcing", rain, "--out", observed); code != 0 {
		t.Fatal(errs)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	progress, out := &stopper{stop: cancel, left: 2}, &bytes.Buffer{}
	args := []string{
		"calibrate", "--basin", file, "--forcing", rain, "--observed", observed, "--from", "2024-02-01", "--to", "2024-06-30", "--objective", "kge", "--seed", "7",
		"--evaluations", "100000000", "--bound", "SM_mm=5:50", "--out", best,
	}
	if code := run(ctx, env{strings.NewReader(""), out, progress, nil}, args); code != 0 || !strings.Contains(out.String(), "(stopped)") {
		t.Fatalf("exit %d: %s%s", code, out, progress)
	}
	text, err := os.ReadFile(best)
	if err != nil {
		t.Fatal(err)
	}
	var written struct {
		Calibration struct {
			Objective   string                `yaml:"objective"`
			Value       float64               `yaml:"value"`
			Seed        int                   `yaml:"seed"`
			Evaluations int                   `yaml:"evaluations"`
			EndedBy     string                `yaml:"ended_by"`
			From        string                `yaml:"from"`
			To          string                `yaml:"to"`
			Bounds      map[string][2]float64 `yaml:"bounds"`
		} `yaml:"calibration"`
	}
	if err := yaml.Unmarshal(text, &written); err != nil {
		t.Fatal(err)
	}
	c := written.Calibration
	if c.Objective != "kge" || c.Seed != 7 || c.Evaluations < 1 || c.Evaluations > 10_000_000 || c.EndedBy != "stopped" || c.From != "2024-02-01" || c.To != "2024-06-30" || !(c.Value > 0 && c.Value < 10) {
		t.Errorf("%+v", c)
	}
	if c.Bounds["SM_mm"] != [2]float64{5, 50} || c.Bounds["KC"] != [2]float64{0.4, 2} || len(c.Bounds) < 15 {
		t.Errorf("bounds %v", c.Bounds)
	}
	if code, _, errs := anlan(t, "model", "xaj", "--basin", best, "--forcing", rain, "--out", observed); code != 0 {
		t.Errorf("the basin that was written does not run: %s", errs)
	}
}

// TestCheckFromEndToEnd finds a flood whose rain is missing, widened by days, in words and in JSON.
func TestCheckFromEndToEnd(t *testing.T) {
	file, rain, observed := write(t, madeUpBasin), write(t, madeUpForcing(60)), write(t, "")
	if code, _, errs := anlan(t, "model", "xaj", "--basin", file, "--forcing", rain, "--out", observed); code != 0 {
		t.Fatal(errs)
	}
	f := func(want string, args ...string) {
		t.Helper()
		code, out, errs := anlan(t, append([]string{"check", "--basin", file, "--observed", observed}, args...)...)
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("%v: exit %d, %q %q, want %q", args, code, out, errs, want)
		}
	}
	f("no contradiction in 60 steps", "--forcing", rain)
	dry := write(t, strings.Replace(madeUpForcing(60), "2024-02-15,55,", "2024-02-15,0,", 1))
	f("2024-02-15..2024-02-19  ", "--forcing", dry)
	f("2024-02-12..2024-02-22  ", "--forcing", dry, "--around", "3")
	f(`"from": "2024-02-15"`, "--forcing", dry, "--json")

	best := filepath.Join(t.TempDir(), "best.yaml")
	search := func(more ...string) (out, errs string) {
		t.Helper()
		code, out, errs := anlan(t, append([]string{"calibrate", "--basin", file, "--forcing", dry, "--observed", observed, "--evaluations", "200", "--out", best}, more...)...)
		if code != 0 {
			t.Fatal(errs)
		}
		return out, errs
	}
	if out, errs := search(); !strings.Contains(errs, "contradict each other in 2024-02-15") || !strings.Contains(out, " over 60 steps") {
		t.Errorf("%q %q", out, errs)
	}
	if out, errs := search("--exclude", "contradictions"); strings.Contains(errs, "contradict each other") || !strings.Contains(out, " over 55 steps") {
		t.Errorf("%q %q", out, errs)
	}
	if b, err := os.ReadFile(best); err != nil || !strings.Contains(string(b), "2024-02-15T00:00:00") {
		t.Errorf("what was left out is not on record: %s, %v", b, err)
	}
	if _, errs := search("--from", "2024-02-20"); strings.Contains(errs, "contradict each other") {
		t.Errorf("of a time that does not count: %q", errs)
	}
}
