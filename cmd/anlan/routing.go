package main

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"anlan/internal/hydro/basin"
	"anlan/internal/hydro/muskingum"
	"anlan/internal/hydro/reservoir"
)

const modelMuskingumHelp = `anlan model muskingum --inflow I.csv --k H --x X --out O.csv

Routes a flow through a river reach by the Muskingum method. I.csv and O.csv have the columns time,q_m3s; H is the travel time in
hours and X the weight, at most 0.5. The reach is cut into sub-reaches on which the method is stable; a step at which there are none is
refused. The flow before the first row is taken as steady. A gap is refused with its line.

An example:

$ cat > inflow.csv <<'END'
time,q_m3s
2026-06-01T00:00,20
2026-06-01T06:00,20
2026-06-01T12:00,120
2026-06-01T18:00,90
2026-06-02T00:00,40
2026-06-02T06:00,20
END
$ anlan model muskingum --inflow inflow.csv --k 12 --x 0.3 --out outflow.csv
6 steps of 6 h, 2 sub-reaches; highest flow 76.4 m³/s at 2026-06-02T00:00, 12 h after the inflow's
$ cat outflow.csv
time,q_m3s
2026-06-01T00:00,20
2026-06-01T06:00,20
2026-06-01T12:00,28.163265
2026-06-01T18:00,54.868805
2026-06-02T00:00,76.401499
2026-06-02T06:00,67.138097
`

// wholeFlow reads a flow without gaps, and its step in hours.
func wholeFlow(name string) (*basin.Table, []float64, float64, error) {
	t, err := readTable(name)
	if err != nil {
		return nil, nil, 0, err
	}
	q, err := t.Whole("q_m3s")
	if err != nil {
		return nil, nil, 0, err
	}
	dt, err := t.StepHours()
	return t, q, dt, err
}

func modelMuskingum(e env, args []string) error {
	set := flags("model muskingum")
	inflow, out := set.String("inflow", "", ""), set.String("out", "", "")
	k, x := set.Float64("k", 0, ""), set.Float64("x", 0, "")
	if err := parse(e, set, modelMuskingumHelp, args); err != nil {
		return err
	}
	if *inflow == "" || *out == "" || *k == 0 || set.NArg() > 0 {
		return fmt.Errorf("%w: anlan model muskingum --inflow I.csv --k H --x X --out O.csv; --help shows an example", errUsage)
	}
	if err := placed(*out, *inflow); err != nil {
		return err
	}
	t, in, dt, err := wholeFlow(*inflow)
	if err != nil {
		return err
	}
	reach, err := muskingum.New(*k, *x, dt)
	if err != nil {
		return err
	}
	flow := make([]float64, len(in))
	reach.Run(reach.Start(in[0]), in, flow)
	if err := writeFile(*out, func(w *bufio.Writer) {
		fmt.Fprintln(w, "time,q_m3s")
		for i, q := range flow {
			fmt.Fprintf(w, "%s,%s\n", t.Stamp(i), figure(q))
		}
	}); err != nil {
		return err
	}
	top := highest(flow)
	fmt.Fprintf(e.out, "%d steps of %g h, %s; highest flow %.4g m³/s at %s, %g h after the inflow's\n", len(flow), dt, counted(reach.Reaches(), "sub-reach", "sub-reaches"), flow[top], t.Stamp(top), float64(top-highest(in))*dt)
	return nil
}

// counted is a number with its noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n) + " " + many
}

func highest(list []float64) int {
	return slices.Index(list, slices.Max(list))
}

const modelReservoirHelp = `anlan model reservoir --curve C.csv --inflow I.csv --start-level Z --rule RULE --out O.csv [--limit Z]

Routes a flood through a reservoir. C.csv has the columns level_m, outflow_m3s (the most that can be let out) and one of storage_m3,
storage_1e4m3, storage_1e6m3 and storage_1e8m3; I.csv has time,q_m3s, and lateral_m3s where more joins below the dam. RULE is one of

  free           all outlets open
  constant:Q     Q m³/s all the time
  safe:Q         what keeps the river below the dam, with the lateral inflow, at Q m³/s
  schedule:FILE  what a CSV of time,q_m3s says; between two of its times it changes evenly, before the first and after the last it stays
  gates:FILE     what the gates let through that a CSV of time,opening sets: from each time on that share (0 to 1) of the curve's outflow

each as far as the outlets reach. At the level of --limit the inflow is let through, so that the reservoir does not rise over it. O.csv
gets time,level_m,storage_1e6m3,outflow_m3s. A gap is refused with its line.

An example:

$ cat > curve.csv <<'END'
level_m,storage_1e6m3,outflow_m3s
100,2,0
105,10,120
110,25,300
115,45,700
END
$ cat > inflow.csv <<'END'
time,q_m3s
2026-06-01T00:00,50
2026-06-01T03:00,400
2026-06-01T06:00,900
2026-06-01T09:00,600
2026-06-01T12:00,300
2026-06-01T15:00,150
END
$ anlan model reservoir --curve curve.csv --inflow inflow.csv --start-level 106 --rule safe:250 --out flood.csv
highest level 110.33 m at 2026-06-01T12:00, most outflow 250 m³/s at 2026-06-01T09:00, volume error 0.000 %
$ cat flood.csv
time,level_m,storage_1e6m3,outflow_m3s
2026-06-01T00:00,106,13,156
2026-06-01T03:00,106.245734,13.737201,164.846409
2026-06-01T06:00,107.902072,18.706215,224.474578
2026-06-01T09:00,109.716318,24.148954,250
2026-06-01T12:00,110.327239,26.308954,250
2026-06-01T15:00,110.259739,26.038954,250
$ cat > gates.csv <<'END'
time,opening
2026-06-01T00:00,0.5
2026-06-01T05:00,1
2026-06-01T12:00,0.25
END
$ anlan model reservoir --curve curve.csv --inflow inflow.csv --start-level 106 --rule gates:gates.csv --out gated.csv
highest level 110.76 m at 2026-06-01T15:00, most outflow 303.8 m³/s at 2026-06-01T09:00, volume error 0.000 %
$ cat gated.csv
time,level_m,storage_1e6m3,outflow_m3s
2026-06-01T00:00,106,13,78
2026-06-01T03:00,106.519005,14.557014,87.342082
2026-06-01T06:00,108.354425,20.063274,240.75929
2026-06-01T09:00,110.047108,25.188434,303.768679
2026-06-01T12:00,110.39041,26.561641,82.808206
2026-06-01T15:00,110.762374,28.049497,90.247484
`

func modelReservoir(e env, args []string) error {
	set := flags("model reservoir")
	curveFile, inflow, out := set.String("curve", "", ""), set.String("inflow", "", ""), set.String("out", "", "")
	start, limit, rule := set.Float64("start-level", math.NaN(), ""), set.Float64("limit", 0, ""), set.String("rule", "", "")
	if err := parse(e, set, modelReservoirHelp, args); err != nil {
		return err
	}
	if *curveFile == "" || *inflow == "" || *out == "" || *rule == "" || math.IsNaN(*start) || set.NArg() > 0 {
		return fmt.Errorf("%w: anlan model reservoir --curve C.csv --inflow I.csv --start-level Z --rule free|constant:Q|safe:Q|schedule:FILE|gates:FILE --out O.csv; --help shows an example", errUsage)
	}
	if err := placed(*out, *curveFile, *inflow); err != nil {
		return err
	}
	o := reservoir.Options{Limit: *limit}
	curve, err := readCurve(*curveFile)
	if err != nil {
		return err
	}
	t, in, dt, err := wholeFlow(*inflow)
	if err != nil {
		return err
	}
	if o.Rule, err = ruleOf(*rule, t.Times[0]); err != nil {
		return err
	}
	if slices.Contains(t.Columns, "lateral_m3s") {
		if o.Lateral, err = t.Whole("lateral_m3s"); err != nil {
			return err
		}
	}
	r, err := reservoir.Route(curve, in, dt, *start, o)
	if err != nil {
		return err
	}
	low, high := curve.Reach()
	for i, z := range r.Level {
		if z < low-1e-6 || z > high+1e-6 {
			return fmt.Errorf("%s: the curve knows %g to %g m, and the level is %.2f m at %s: it is to reach further", *curveFile, low, high, z, t.Stamp(i))
		}
	}
	if err := writeFile(*out, func(w *bufio.Writer) {
		fmt.Fprintln(w, "time,level_m,storage_1e6m3,outflow_m3s")
		for i := range r.Level {
			fmt.Fprintf(w, "%s,%s,%s,%s\n", t.Stamp(i), figure(r.Level[i]), figure(r.Storage[i]), figure(r.Outflow[i]))
		}
	}); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "highest level %.2f m at %s, most outflow %.4g m³/s at %s, volume error %.3f %%\n", r.Highest, t.Stamp(r.HighestAt), r.Most, t.Stamp(r.MostAt), r.VolumeError*100)
	return nil
}

// ruleOf reads a rule; the times of a schedule count from the start of the flood.
func ruleOf(text string, start time.Time) (reservoir.Rule, error) {
	name, amount, has := strings.Cut(text, ":")
	switch {
	case name == "schedule" && amount != "":
		return planOf(amount, "q_m3s", start, reservoir.Schedule)
	case name == "gates" && amount != "":
		return planOf(amount, "opening", start, reservoir.Gates)
	}
	q, err := strconv.ParseFloat(amount, 64)
	if (name == "constant" || name == "safe") && has && (err != nil || !(q >= 0)) {
		return nil, fmt.Errorf("%w: --rule %s: %q is no flow", errUsage, text, amount)
	}
	switch {
	case name == "free" && !has:
		return reservoir.Free(), nil
	case name == "constant" && has:
		return reservoir.Constant(q), nil
	case name == "safe" && has:
		return reservoir.SafeFlow(q), nil
	}
	return nil, fmt.Errorf("%w: --rule %s: it is free, constant:Q, safe:Q, schedule:FILE or gates:FILE", errUsage, text)
}

// planOf reads a plan by time for a rule; its times need not keep a step.
func planOf(name, column string, start time.Time, rule func(hours, values []float64) (reservoir.Rule, error)) (reservoir.Rule, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	t, err := basin.ReadTable(name, file)
	if err != nil {
		return nil, err
	}
	values, err := t.Whole(column)
	if err != nil {
		return nil, err
	}
	hours := make([]float64, len(values))
	for i, at := range t.Times {
		hours[i] = at.Sub(start).Hours()
	}
	r, err := rule(hours, values)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

// readCurve reads a reservoir's curve from a CSV with units of measure in its header.
func readCurve(name string) (*reservoir.Curve, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return reservoir.ReadCurve(name, file)
}
