package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydro/calibrate"
	"anlan/internal/hydro/optimize"
)

const calibrateHelp = `anlan calibrate --basin B.yaml --forcing F.csv --observed Q.csv --out B2.yaml [--from D] [--to D]
                [--objective nse|kge|lognse|peak|multi] [--seed N] [--evaluations N] [--complexes N]
                [--bound NAME=LOW:HIGH …] [--exclude D..D|contradictions …] [--members N] [--within SHARE]

Finds the parameters with which the Xinanjiang model best gives an observed flow (SCE-UA), and writes the basin with them and with what
was done. What is not searched for (IM, KE_h, XE, the initial state, options) stays as it is in B.yaml. The run begins with the
forcing; only steps within the period count, so that whatever lies before it warms the model up. Ctrl-C ends the search and keeps the
best so far. The same seed gives the same basin again.

--bound gives a quantity other bounds than the usual ones, or one value (LOW equal to HIGH); what was searched and between which bounds
stands in the basin that is written. --exclude leaves steps out that are known to be wrong, such as a storm that a broken gauge made up;
"contradictions" are those that "anlan check" finds: calibrate warns of them where they are not left out.
--members keeps so many parameter sets that do nearly as well (worse by at most --within, 0.05 as a share of the objective) together
with the law of their errors; "anlan model xaj --band 0.9" then gives a band for each flow.

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
$ anlan calibrate --basin basin.yaml --forcing forcing.csv --observed observed.csv --from 2026-06-02 --objective nse --evaluations 2000 --seed 1 --out best.yaml
best.yaml: NSE 0.9901, KGE 0.9940, log NSE 0.9654 over 15 steps, after 2007 evaluations by nse (evaluations)
`

// bounds are those of a command line, by name.
type bounds []struct {
	name      string
	low, high float64
}

func (b *bounds) String() string { return "" }

// Set takes NAME=LOW:HIGH.
func (b *bounds) Set(text string) error {
	name, span, ok := strings.Cut(text, "=")
	low, high, both := strings.Cut(span, ":")
	l, errLow := strconv.ParseFloat(low, 64)
	h, errHigh := strconv.ParseFloat(high, 64)
	if !ok || !both || errors.Join(errLow, errHigh) != nil || !(l <= h) {
		return fmt.Errorf("%q is not NAME=LOW:HIGH", text)
	}
	*b = append(*b, struct {
		name      string
		low, high float64
	}{name, l, h})
	return nil
}

// calibration is what the command line asks for.
type calibration struct {
	basin, forcing, observed, out string
	from, to, objective           string
	seed                          uint64
	evaluations, complexes        int
	members                       int
	within                        float64
	bounds                        bounds
	exclude                       exclusion
}

// exclusion are the spans to leave out, and whether what contradicts itself is left out too.
type exclusion struct {
	spans
	contradictions bool
}

// Set takes FROM..TO, or the word contradictions.
func (x *exclusion) Set(text string) error {
	if text == "contradictions" {
		x.contradictions = true
		return nil
	}
	return x.spans.Set(text)
}

func calibrationOf(e env, args []string) (c calibration, err error) {
	set := flags("calibrate")
	set.StringVar(&c.basin, "basin", "", "")
	set.StringVar(&c.forcing, "forcing", "", "")
	set.StringVar(&c.observed, "observed", "", "")
	set.StringVar(&c.out, "out", "", "")
	set.StringVar(&c.from, "from", "", "")
	set.StringVar(&c.to, "to", "", "")
	set.StringVar(&c.objective, "objective", string(calibrate.Multi), "")
	set.Uint64Var(&c.seed, "seed", 1, "")
	set.IntVar(&c.evaluations, "evaluations", 10_000, "")
	set.IntVar(&c.complexes, "complexes", 0, "")
	set.IntVar(&c.members, "members", 0, "")
	set.Float64Var(&c.within, "within", 0.05, "")
	set.Var(&c.bounds, "bound", "")
	set.Var(&c.exclude, "exclude", "")
	if err := parse(e, set, calibrateHelp, args); err != nil {
		return c, err
	}
	if c.basin == "" || c.forcing == "" || c.observed == "" || c.out == "" || set.NArg() > 0 {
		return c, fmt.Errorf("%w: anlan calibrate --basin B.yaml --forcing F.csv --observed Q.csv --out B2.yaml; --help tells the rest", errUsage)
	}
	if !slices.Contains(calibrate.Objectives(), calibrate.Objective(c.objective)) {
		return c, fmt.Errorf("%w: --objective %s: there are %v", errUsage, c.objective, calibrate.Objectives())
	}
	if c.evaluations < 1 || c.complexes < 0 {
		return c, fmt.Errorf("%w: --evaluations %d, --complexes %d: a search asks at least once, in no less than no complexes", errUsage, c.evaluations, c.complexes)
	}
	if c.members < 0 || c.members > 500 || !(c.within > 0 && c.within <= 1) {
		return c, fmt.Errorf("%w: --members %d, --within %g: an ensemble has up to 500 members, worse by a share above 0 and up to 1", errUsage, c.members, c.within)
	}
	return c, nil
}

// task reads what a calibration works on.
func (c *calibration) task(e env) (t calibrate.Task, err error) {
	p, err := periodOf(c.from, c.to)
	if err != nil {
		return t, err
	}
	f, b, in, err := readBasin(c.basin, c.forcing)
	if err != nil {
		return t, err
	}
	o, err := readObserved(c.observed)
	if err != nil {
		return t, err
	}
	o.leaveOut(c.exclude.spans)
	found, err := doubtful(b, in, o, p)
	if err != nil {
		return t, err
	}
	if c.exclude.contradictions {
		c.exclude.spans = append(c.exclude.spans, found...)
		o.leaveOut(found)
	} else if len(found) > 0 {
		fmt.Fprintf(e.err, "rain and flow contradict each other in %s: \"anlan check\" says how, --exclude contradictions leaves them out\n", strings.Join(found.text(), ", "))
	}
	free := calibrate.Frees(f)
	for _, b := range c.bounds {
		if err := calibrate.Bound(free, b.name, b.low, b.high); err != nil {
			return t, err
		}
	}
	settings := optimize.Settings{Seed: c.seed, Evaluations: c.evaluations, Complexes: c.complexes, Progress: func(at optimize.Progress) {
		fmt.Fprintf(e.err, "\r%6d of %d evaluations, best %.5f", at.Evaluations, c.evaluations, at.Best.F)
	}}
	return calibrate.Task{
		File: f, Forcing: in, Observed: observedAt(o, in, p), Free: free, By: calibrate.Objective(c.objective), Settings: settings, Members: c.members, Within: c.within,
	}, nil
}

func runCalibrate(ctx context.Context, e env, args []string) error {
	c, err := calibrationOf(e, args)
	if err != nil {
		return err
	}
	if err := placed(c.out, c.forcing, c.observed); err != nil {
		return err
	}
	began := time.Now()
	task, err := c.task(e)
	if err != nil {
		return err
	}
	found, err := calibrate.Run(ctx, task)
	if f := (*fault.Error)(nil); errors.As(err, &f) && strings.HasSuffix(f.Code, ".short") {
		return fmt.Errorf("%s: %w", c.observed, err)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(e.err, "\n%s\n", time.Since(began).Round(10*time.Millisecond))
	searched := map[string][2]float64{}
	for _, q := range task.Free {
		searched[q.Name] = [2]float64{q.Low, q.High}
	}
	did := map[string]any{
		"objective": c.objective, "value": found.Best.F, "seed": c.seed, "evaluations": found.Evaluations, "ended_by": string(found.Reason), "from": c.from, "to": c.to, "bounds": searched,
		"nse": found.Score.NSE, "kge": found.Score.KGE, "log_nse": found.Score.LogNSE, "steps": found.Score.N,
	}
	if len(c.exclude.spans) > 0 {
		did["excluded"] = c.exclude.text()
	}
	if err := found.Basin.Calibration.Encode(did); err != nil {
		return err
	}
	var text []byte
	if text, err = found.Basin.Write(); err != nil {
		return err
	}
	if err := os.WriteFile(c.out, text, 0o644); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%s: NSE %.4f, KGE %.4f, log NSE %.4f over %d steps, after %d evaluations by %s (%s)\n",
		c.out, found.Score.NSE, found.Score.KGE, found.Score.LogNSE, found.Score.N, found.Evaluations, c.objective, found.Reason)
	return nil
}
