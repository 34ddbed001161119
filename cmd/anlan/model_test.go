package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestHelpIsAWholeExample does what each help text shows: it writes its files, runs its commands, and gets what stands there.
func TestHelpIsAWholeExample(t *testing.T) {
	for name, help := range map[string][]string{
		"xaj": {"model", "xaj", "--help"}, "muskingum": {"model", "muskingum", "--help"}, "reservoir": {"model", "reservoir", "--help"}, "flashflood": {"model", "flashflood", "--help"}, "calibrate": {"calibrate", "--help"}, "verify": {"verify", "--help"},
		"check": {"check", "--help"}, "sl651": {"sl651", "--help"},
	} {
		t.Run(name, func(t *testing.T) {
			code, text, errs := anlan(t, help...)
			if code != 0 || !strings.Contains(text, "$ anlan ") {
				t.Fatalf("exit %d: %s%s", code, text, errs)
			}
			t.Chdir(t.TempDir())
			play(t, text)
		})
	}
}

// play follows the lines that begin with a dollar sign.
func play(t *testing.T, text string) {
	t.Helper()
	_, text, _ = strings.Cut(text, "An example:\n")
	for _, step := range strings.Split(text, "\n$ ")[1:] {
		line, rest, _ := strings.Cut(step, "\n")
		words := strings.Fields(line)
		switch {
		case strings.HasPrefix(line, "cat > "):
			body, _, ok := strings.Cut(rest, "END")
			if !ok {
				t.Fatalf("no END after %q", line)
			}
			if err := os.WriteFile(words[2], []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
		case words[0] == "cat":
			got, err := os.ReadFile(words[1])
			if err != nil || strings.TrimSpace(string(got)) != strings.TrimSpace(rest) {
				t.Errorf("%s holds\n%s\n%v, the help says\n%s", words[1], got, err, rest)
			}
		case words[0] == "anlan":
			var in []byte
			if n := len(words); words[n-2] == "<" {
				in, _ = os.ReadFile(words[n-1])
				words = words[:n-2]
			}
			code, out, errs := anlanReads(t, string(in), words[1:]...)
			if code != 0 || strings.TrimSpace(out) != strings.TrimSpace(rest) {
				t.Errorf("%s: exit %d\n%s%s, the help says\n%s", line, code, out, errs, rest)
			}
		default:
			t.Errorf("what is %q?", line)
		}
	}
}

// TestModelsTellWhatIsWrong holds that a refusal names the file and the reason, and that a mistyped flag is told and not drowned in help.
func TestModelsTellWhatIsWrong(t *testing.T) {
	basin := "name: b\ndt_h: 24\narea_km2: 1\nparameters: {KC: 1, UM_mm: 20, LM_mm: 60, C: 0.1, WM_mm: 50, B: 0.3, IM: 0, SM_mm: 20, EX: 1, KI_per_d: 0.3, KG_per_d: 0.3, CS_per_d: 0, CI_per_d: 0.5, CG_per_d: 0.9}\ninitial: {WU_mm: 0, WL_mm: 0, WD_mm: 0}\n"
	f := func(want int, says []string, args ...string) {
		t.Helper()
		code, out, errs := anlan(t, args...)
		for _, s := range says {
			if code != want || !strings.Contains(errs, s) || strings.Contains(errs, "!w(") || strings.Contains(out, "An example") {
				t.Errorf("%v: exit %d, %q %q, want %q", args, code, out, errs, s)
			}
		}
	}
	flow, empty := write(t, "time,q_m3s\n2026-01-01,1\n2026-01-02,2\n"), write(t, "")
	out := write(t, "")
	bad := write(t, basin)
	f(1, []string{bad, "WM 50 is less than UM 20 and LM 60"}, "model", "xaj", "--basin", bad, "--forcing", flow, "--out", out)
	f(1, []string{empty + " is empty"}, "model", "xaj", "--basin", empty, "--forcing", flow, "--out", out)
	f(1, []string{empty + " is empty"}, "model", "reservoir", "--curve", empty, "--inflow", flow, "--start-level", "1", "--rule", "free", "--out", out)
	f(1, []string{empty + " is empty"}, "model", "flashflood", "--village", empty, "--out", out)
	f(1, []string{empty + " is empty"}, "verify", "--observed", flow, "--simulated", empty)
	f(2, []string{"called wrongly", "-wrong"}, "verify", "--wrong")
	f(2, []string{"called wrongly", "--evaluations -5"}, "calibrate", "--basin", bad, "--forcing", flow, "--observed", flow, "--out", out, "--evaluations", "-5")
	f(2, []string{"called wrongly", "seed"}, "calibrate", "--seed", "x")
	f(2, []string{"called wrongly", "NAME=LOW:HIGH"}, "calibrate", "--bound", "SM_mm=9")
	f(2, []string{"called wrongly", "FROM..TO"}, "verify", "--exclude", "2026-02-01..2026-01-01")
	f(2, []string{"called wrongly", "--band 2"}, "model", "xaj", "--basin", bad, "--forcing", flow, "--out", out, "--band", "2")
	good := write(t, strings.Replace(basin, "WM_mm: 50", "WM_mm: 120", 1))
	rain := write(t, "time,p,pet\n2026-01-01,1,0\n2026-01-02,2,0\n")
	curve := write(t, "level_m,storage_1e6m3,outflow_m3s\n1,2,0\n2,3,4\n2,4,5\n")
	f(1, []string{curve + " line 4: the curve does not rise"}, "model", "reservoir", "--curve", curve, "--inflow", flow, "--start-level", "1", "--rule", "free", "--out", out)
	level := write(t, "level_m,storage_1e6m3,outflow_m3s\n1,2,0\n2,2.1,4\n")
	reservoir := func(rule string) []string {
		return []string{"model", "reservoir", "--curve", level, "--inflow", flow, "--start-level", "1", "--out", out, "--rule", rule}
	}
	gates := write(t, "time,opening\n2026-01-01,0.5\n2026-01-02,1.5\n")
	f(1, []string{gates + ": opening 2 is 1.5"}, reservoir("gates:"+gates)...)
	f(1, []string{flow + " line 1: there is no column opening"}, reservoir("gates:"+flow)...)
	f(2, []string{"called wrongly", "--rule open"}, reservoir("open")...)
	loop := write(t, strings.Replace(strings.Replace(basin, "area_km2: 1\n", "units:\n- {id: a, area_km2: 1, to: b}\n- {id: b, area_km2: 1, to: a}\n", 1), "WM_mm: 50", "WM_mm: 120", 1))
	f(1, []string{loop + " line 4", "units a, b flow in a circle"}, "model", "xaj", "--basin", loop, "--forcing", flow, "--out", out)
	snow := write(t, strings.Replace(basin, "WM_mm: 50", "WM_mm: 120", 1)+"snow: {factor_mm_per_C_d: 4, melt_C: 0, snow_C: 0, rain_C: 1, hold: 0, freeze: 0}\n")
	cold := write(t, "time,p,pet,t_C\n2026-01-01,1,0,3\n2026-01-02,2,0,3\n")
	f(1, []string{snow + ": a basin with snow"}, "check", "--basin", snow, "--forcing", cold, "--observed", flow)
	f(2, []string{"called wrongly", "--around"}, "check", "--basin", bad, "--forcing", flow, "--observed", flow, "--around", "-1")
	run := func(body, from, to string) []string {
		rows := write(t, strings.Replace(body, from, to, 1))
		return []string{rows, "model", "xaj", "--basin", good, "--forcing", rows, "--out", out}
	}
	for _, c := range []struct{ from, to, line, why string }{
		{"2,0", ",0", "line 3: ", "p is missing, which is not zero"},
		{"2,0", "NaN,0", "line 3: ", "p is missing, which is not zero"},
		{"2,0", "-9999,0", "line 3: ", "p is below 0 (-9999)"},
		{"01-03", "01-04", "line 4: ", "48h0m0s after the row before"},
		{"pet", "ep", "line 1: ", "there is no column pet"},
		{"2,0", "2", "line 3", "wrong number of fields"},
	} {
		args := run("time,p,pet\n2026-01-01,1,0\n2026-01-02,2,0\n2026-01-03,0,1\n", c.from, c.to)
		f(1, []string{args[0], c.line, c.why}, args[1:]...)
	}
	village := write(t, "name: v\ndt_h: 1\narea_km2: 25\nparameters: {KC: 1, UM_mm: 20, LM_mm: 60, C: 0.15, WM_mm: 110, B: 0.3, IM: 0, SM_mm: 20, EX: 1.2, KI_per_d: 0.4, KG_per_d: 0.3, CS_per_d: 0, CI_per_d: 0.6, CG_per_d: 0.98}\nbase_flow_m3s: 0.5\nrating: {level_m: [100, 103], flow_m3s: [0, 90]}\nstages: {ready_m: 101, move_m: 102}\nwindows_h: [1.5]\nwetness: [0.5]\n")
	f(1, []string{village + " line 8: a window of 1.5 h is not a whole number of steps"}, "model", "flashflood", "--village", village, "--out", out)
	part := write(t, strings.Replace(strings.Replace(basin, "IM: 0, ", "", 1), "WM_mm: 50", "WM_mm: 120", 1))
	f(1, []string{part + " line 4: missing, which is not zero: IM"}, "model", "xaj", "--basin", part, "--forcing", rain, "--out", out)
	calibrated := func(more ...string) []string {
		return append([]string{"calibrate", "--basin", good, "--forcing", rain, "--observed", flow, "--out", out}, more...)
	}
	f(1, []string{flow, "only 2 observed values lie in the period"}, calibrated()...)
	f(2, []string{"called wrongly", "--objective luck"}, calibrated("--objective", "luck")...)
	f(2, []string{"called wrongly", "--from 2026-02-01 is after --to 2026-01-01"}, calibrated("--from", "2026-02-01", "--to", "2026-01-01")...)
	f(1, []string{"/nowhere/b.yaml cannot be written"}, calibrated("--out", "/nowhere/b.yaml")...)
	for _, args := range [][]string{
		{"model", "xaj", "--basin", good, "--forcing", rain, "--out", rain},
		{"model", "muskingum", "--inflow", flow, "--k", "12", "--x", "0.2", "--out", flow},
		{"model", "reservoir", "--curve", level, "--inflow", flow, "--start-level", "1", "--rule", "free", "--out", level},
		{"model", "flashflood", "--village", village, "--out", village},
		calibrated("--out", flow),
	} {
		f(2, []string{"called wrongly", "would take the place of what is read"}, args...)
	}
	filler := write(t, "time,q_m3s\n2026-01-01,1\n2026-01-02,-9999\n")
	f(1, []string{filler + " line 3: a flow of -9999 m³/s"}, calibrated("--observed", filler)...)
	f(1, []string{filler + " line 3: a flow of -9999 m³/s"}, "verify", "--observed", filler, "--simulated", flow)
	f(1, []string{level + ": the curve knows 1 to 2 m, and the level is", "at 2026-01-02: it is to reach further"}, reservoir("constant:0")...)
	f(2, []string{"called wrongly", "--start-level Z"}, "model", "reservoir", "--curve", level, "--inflow", flow, "--rule", "free", "--out", out)
	f(1, []string{good, "--members"}, "model", "xaj", "--basin", good, "--forcing", rain, "--out", out, "--band", "0.9")
	f(1, []string{"SN_mm", "SM_mm"}, "calibrate", "--basin", good, "--forcing", rain, "--observed", flow, "--out", out, "--bound", "SN_mm=1:2")
}

// TestBandFromEndToEnd calibrates with an ensemble, leaves a span out, and finds the observed flows within the band.
func TestBandFromEndToEnd(t *testing.T) {
	text := "name: b\ndt_h: 24\narea_km2: 100\nparameters: {KC: 1, UM_mm: 20, LM_mm: 60, C: 0.1, WM_mm: 120, B: 0.3, IM: 0, SM_mm: 20, EX: 1, KI_per_d: 0.3, KG_per_d: 0.3, CS_per_d: 0, CI_per_d: 0.5, CG_per_d: 0.95%s}\ninitial: {WU_mm: 20, WL_mm: 60, WD_mm: 40}\n"
	file, truth, rain := write(t, fmt.Sprintf(text, "")), write(t, fmt.Sprintf(text, ", NM: 2, NK_h: 12, KL: 0.1")), write(t, madeUpForcing(400))
	observed, best, out := write(t, ""), write(t, ""), write(t, "")
	run := func(args ...string) string {
		t.Helper()
		code, said, errs := anlan(t, args...)
		if code != 0 {
			t.Fatalf("%v: exit %d, %s", args, code, errs)
		}
		return said
	}
	run("model", "xaj", "--basin", truth, "--forcing", rain, "--out", observed)
	run("calibrate", "--basin", file, "--forcing", rain, "--observed", observed, "--from", "2024-02-01", "--exclude", "2024-05-01..2024-05-31", "--bound", "KL=0:0.3",
		"--evaluations", "400", "--members", "5", "--within", "1", "--out", best)
	written, err := os.ReadFile(best)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"2024-05-01T00:00:00Z..2024-05-31T23:59:59Z", "ratios:"} {
		if !strings.Contains(string(written), s) {
			t.Errorf("%q is not in %s", s, written)
		}
	}
	run("model", "xaj", "--basin", best, "--forcing", rain, "--out", out, "--band", "0.9")
	said := run("verify", "--observed", observed, "--simulated", out, "--from", "2024-02-01", "--exclude", "2024-05-01..2024-05-31")
	if !strings.Contains(said, "within the band") || !strings.Contains(said, "of 338,") {
		t.Errorf("%s", said)
	}
}

// TestDatesAreOfTheFile holds that a date as a bound is a day of the zone in which a file writes its times, and an instant is one.
func TestDatesAreOfTheFile(t *testing.T) {
	flow := write(t, "time,q_m3s\n2026-06-01T00:00:00+08:00,1\n2026-06-01T23:00:00+08:00,2\n2026-06-02T00:00:00+08:00,3\n2026-06-02T07:00:00+08:00,4\n")
	f := func(want string, args ...string) {
		t.Helper()
		code, out, errs := anlan(t, append([]string{"verify", "--observed", flow, "--simulated", flow}, args...)...)
		if code != 0 || !strings.Contains(out, "steps compared           "+want+"\n") {
			t.Errorf("%v: exit %d, %s%s", args, code, out, errs)
		}
	}
	f("2 of 2", "--from", "2026-06-01", "--to", "2026-06-01")
	f("2 of 2", "--from", "2026-06-02")
	f("3 of 3", "--from", "2026-06-01T15:00:00Z")
	f("2 of 4", "--exclude", "2026-06-01..2026-06-01")
}

// TestHelpIsGivenWithoutBlame holds that what has no command of its own tells what there is.
func TestHelpIsGivenWithoutBlame(t *testing.T) {
	for _, args := range [][]string{{"model", "--help"}, {"bench", "-h"}, {"bench", "model", "--help"}} {
		if code, out, errs := anlan(t, args...); code != 0 || errs != "" || !strings.HasPrefix(out, "anlan "+args[0]) {
			t.Errorf("%v: exit %d, %q %q", args, code, out, errs)
		}
	}
}

func TestBenchModelTellsWhatIsWrong(t *testing.T) {
	for _, args := range [][]string{{"bench", "model", "--runs", "0"}, {"bench", "model", "x"}, {"bench"}} {
		if code, _, errs := anlan(t, args...); code != 2 || !strings.Contains(errs, "anlan bench") {
			t.Errorf("%v: exit %d, %q", args, code, errs)
		}
	}
}

// TestStatesAreWrittenByTheirNames holds that --states writes a row for each unit and step, under the reference's names, with the flow
// that a run without it gives.
func TestStatesAreWrittenByTheirNames(t *testing.T) {
	file := write(t, strings.Replace(madeUpBasin, "area_km2: 100\n", "units:\n- {id: above, area_km2: 60, to: below}\n- {id: below, area_km2: 40}\n", 1))
	rain, flow, states := write(t, madeUpForcing(30)), write(t, ""), write(t, "")
	for _, args := range [][]string{{"--out", flow}, {"--out", states, "--states"}} {
		if code, _, errs := anlan(t, append([]string{"model", "xaj", "--basin", file, "--forcing", rain}, args...)...); code != 0 {
			t.Fatal(errs)
		}
	}
	rows := func(name string) [][]string {
		t.Helper()
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var out [][]string
		for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
			out = append(out, strings.Split(line, ","))
		}
		return out
	}
	got, want := rows(states), rows(flow)
	const names = "time,unit,area_km2,P,EM,EP,EU,EL,ED,PE,R,RIM,WU,WL,WD,W,FR,S,RS,RI,RG,QS,QI,QG,QU,O2,q_m3s"
	if strings.Join(got[0], ",") != names || len(got) != 61 || len(want) != 31 {
		t.Fatalf("%d rows under %v", len(got), got[0])
	}
	for i, row := range want[1:] {
		a, b := got[1+2*i], got[2+2*i]
		q, errQ := strconv.ParseFloat(row[1], 64)
		whole, errWhole := strconv.ParseFloat(a[26], 64)
		if a[1] != "above" || b[1] != "below" || a[0] != row[0] || errors.Join(errQ, errWhole) != nil || math.Abs(q-whole) > 1e-6 || a[26] != b[26] {
			t.Errorf("%v and %v, the flow is %v", a, b, row)
		}
	}
}
