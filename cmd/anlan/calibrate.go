package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"anlan/internal/hydro/calibrate"
	"anlan/internal/hydro/optimize"
)

const calibrateHelp = `anlan calibrate --basin B.yaml --forcing F.csv --observed Q.csv --out B2.yaml [--from D] [--to D]
                [--objective nse|kge|lognse|peak|multi] [--seed N] [--evaluations N] [--complexes N]

Finds the parameters with which the Xinanjiang model best gives an observed flow (SCE-UA), and writes the basin with them and with what
was done. What is not searched for (IM, KE_h, XE, the initial state, options) stays as it is in B.yaml. The run begins with the
forcing; only steps within the period count, so that whatever lies before it warms the model up. Ctrl-C ends the search and keeps the
best so far. The same seed gives the same basin again.

An example:

$ cat > basin.yaml <<'END'
name: made up
dt_h: 24
area_km2: 290
parameters: {KC: 0.9, UM_mm: 20, LM_mm: 60, C: 0.18, WM_mm: 120, B: 0.3, IM: 0.01, SM_mm: 30, EX: 1.5, KI_per_d: 0.4, KG_per_d: 0.3, CS_per_d: 0.2, CI_per_d: 0.7, CG_per_d: 0.98}
initial: {WU_mm: 10, WL_mm: 50, WD_mm: 40, Q_m3s: 2}
END
$ cat > forcing.csv <<'END'
time,p,pet
2026-06-01,0,3.1
2026-06-02,12.5,1.5
2026-06-03,38,0.8
2026-06-04,6,1.9
2026-06-05,0,3.2
2026-06-06,0,3.4
2026-06-07,55.5,1
2026-06-08,20,1.2
2026-06-09,0,2.8
2026-06-10,0,3.3
2026-06-11,3.5,2.4
2026-06-12,0,3.1
2026-06-13,0,3.3
2026-06-14,24,1.4
2026-06-15,8,2
2026-06-16,0,3
END
$ cat > observed.csv <<'END'
time,q_m3s
2026-06-01,2
2026-06-02,2.6
2026-06-03,21
2026-06-04,46
2026-06-05,19
2026-06-06,9.5
2026-06-07,38
2026-06-08,88
2026-06-09,45
2026-06-10,21
2026-06-11,12.5
2026-06-12,8.6
2026-06-13,6.5
2026-06-14,12
2026-06-15,22
2026-06-16,13
END
$ anlan calibrate --basin basin.yaml --forcing forcing.csv --observed observed.csv --from 2026-06-02 --objective nse --evaluations 600 --seed 1 --out best.yaml
best.yaml: nse 0.09203 after 601 evaluations (evaluations)
`

func runCalibrate(ctx context.Context, e env, args []string) error {
	set := flags("calibrate")
	basinFile, forcingFile := set.String("basin", "", ""), set.String("forcing", "", "")
	observedFile, out := set.String("observed", "", ""), set.String("out", "", "")
	from, to := set.String("from", "", ""), set.String("to", "", "")
	objective, seed := set.String("objective", string(calibrate.Multi), ""), set.Uint64("seed", 1, "")
	evaluations, complexes := set.Int("evaluations", 5000, ""), set.Int("complexes", 0, "")
	if err := parse(e, set, calibrateHelp, args); err != nil {
		return err
	}
	if *basinFile == "" || *forcingFile == "" || *observedFile == "" || *out == "" || set.NArg() > 0 {
		return fmt.Errorf("%w: anlan calibrate --basin B.yaml --forcing F.csv --observed Q.csv --out B2.yaml; --help tells the rest", errUsage)
	}
	if *evaluations < 1 || *complexes < 0 {
		return fmt.Errorf("%w: --evaluations %d, --complexes %d: a search asks at least once, in no less than no complexes", errUsage, *evaluations, *complexes)
	}
	p, err := periodOf(*from, *to)
	if err != nil {
		return err
	}
	f, _, in, err := readBasin(*basinFile, *forcingFile)
	if err != nil {
		return err
	}
	o, err := readFlow(*observedFile)
	if err != nil {
		return err
	}
	began := time.Now()
	task := calibrate.Task{
		File: f, Forcing: in, Observed: observedAt(o, in, p), Free: calibrate.Frees(f.StepH), By: calibrate.Objective(*objective),
		Settings: optimize.Settings{Seed: *seed, Evaluations: *evaluations, Complexes: *complexes, Progress: func(at optimize.Progress) {
			fmt.Fprintf(e.err, "\r%6d of %d evaluations, best %.5f", at.Evaluations, *evaluations, at.Best.F)
		}},
	}
	best, found, err := calibrate.Run(ctx, task)
	fmt.Fprintf(e.err, "\n%s\n", time.Since(began).Round(10*time.Millisecond))
	if err != nil {
		return err
	}
	bounds := map[string][2]float64{}
	for _, q := range task.Free {
		bounds[q.Name] = [2]float64{q.Low, q.High}
	}
	err = best.Calibration.Encode(map[string]any{
		"objective": *objective, "value": found.Best.F, "seed": *seed, "evaluations": found.Evaluations, "ended_by": string(found.Reason), "from": *from, "to": *to, "bounds": bounds,
	})
	if err != nil {
		return err
	}
	var text []byte
	if text, err = best.Write(); err != nil {
		return err
	}
	if err := os.WriteFile(*out, text, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%s: %s %.5f after %d evaluations (%s)\n", *out, *objective, found.Best.F, found.Evaluations, found.Reason)
	return nil
}
