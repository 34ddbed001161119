package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"

	"anlan/internal/hydro/basin"
	"anlan/internal/hydro/doubt"
)

const checkHelp = `anlan check --basin B.yaml --forcing F.csv --observed Q.csv [--around DAYS] [--json]

Finds where measured rain and measured flow contradict each other, without a model: floods from which more water ran off than fell from
three days before them to a day after, and storms that left next to nothing where a storm of at most two thirds of their rain, no heavier
in any step and on ground no wetter, left five times as much. Either says that a gauge, a clock or a date is wrong, and not which: look,
and mend the record, or leave the steps out with --exclude, for which they are written; --around widens each by so many days on either
side, as where the clock of a recorder went wrong from one visit to the next. Of B.yaml the area, the weights of the gauges and
rain_begins_h count; basins with snow or inflows are refused, since more may leave them than falls.

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
2026-06-02,0,3.5
2026-06-03,1.5,2.8
2026-06-04,0,3.9
2026-06-05,0,3.2
2026-06-06,0,3.4
2026-06-07,0.5,3
2026-06-08,55,1.2
END
$ cat > observed.csv <<'END'
time,q_m3s
2026-06-01,2
2026-06-02,1.9
2026-06-03,1.9
2026-06-04,1.8
2026-06-05,46
2026-06-06,20
2026-06-07,8
2026-06-08,5
END
$ anlan check --basin basin.yaml --forcing forcing.csv --observed observed.csv
2026-06-05..2026-06-06  18.6 mm ran off, 2.0 mm fell
`

func runCheck(_ context.Context, e env, args []string) error {
	set := flags("check")
	basinFile, forcingFile, observed := set.String("basin", "", ""), set.String("forcing", "", ""), set.String("observed", "", "")
	around, asJSON := set.Int("around", 0, ""), set.Bool("json", false, "")
	if err := parse(e, set, checkHelp, args); err != nil {
		return err
	}
	if *basinFile == "" || *forcingFile == "" || *observed == "" || set.NArg() > 0 || *around < 0 || *around > 366 {
		return fmt.Errorf("%w: anlan check --basin B.yaml --forcing F.csv --observed Q.csv [--around DAYS] [--json]; --help shows an example", errUsage)
	}
	_, b, in, err := readBasin(*basinFile, *forcingFile)
	if err != nil {
		return err
	}
	if !b.Closed() {
		return fmt.Errorf("%s: a basin with snow or inflows cannot be checked: more may leave it than falls", *basinFile)
	}
	o, err := readObserved(*observed)
	if err != nil {
		return err
	}
	excesses, clashes, err := contradictions(b, in, o)
	if err != nil {
		return err
	}
	more := int(math.Round(float64(*around) * 24 / b.Step()))
	stamp := func(from, to int) (string, string) {
		return in.Stamp(max(from-more, 0)), in.Stamp(min(to+more, in.Steps()-1))
	}
	if *asJSON {
		return checkJSON(e, in, stamp, excesses, clashes)
	}
	for _, x := range excesses {
		from, to := stamp(x.From, x.To)
		fmt.Fprintf(e.out, "%s..%s  %.1f mm ran off, %.1f mm fell\n", from, to, x.Runoff, x.Rain)
	}
	for _, c := range clashes {
		s, l := c.Storm, c.Lesser
		from, to := stamp(s.From, s.To)
		fmt.Fprintf(e.out, "%s..%s  %.1f mm fell, %.1f mm ran off; from %s on, %.1f mm raised the flow by %.1f mm\n", from, to, s.Rain, s.Flow, in.Stamp(l.From), l.Rain, l.Rise)
	}
	if len(excesses)+len(clashes) == 0 {
		fmt.Fprintf(e.out, "no contradiction in %d steps\n", in.Steps())
	}
	return nil
}

// contradictions are the times at which more ran off than had fallen, and those at which much fell and nothing ran off.
func contradictions(b *basin.Basin, in *basin.Forcing, o *flow) ([]doubt.Excess, []doubt.Clash, error) {
	r := &doubt.Record{StepH: b.Step(), Runoff: observedAt(o, in, period{})}
	r.Rain, r.PET = b.Mean(in)
	for i := range r.Runoff {
		r.Runoff[i] *= 3.6 * b.Step() / b.Area()
	}
	excesses, err := doubt.MoreThanFell(r)
	if err != nil {
		return nil, nil, err
	}
	clashes, err := doubt.Clashes(r)
	return excesses, clashes, err
}

// doubtful are the spans of what contradicts itself in a period; none for a basin that more may leave than falls on it.
func doubtful(b *basin.Basin, in *basin.Forcing, o *flow, p period) (spans, error) {
	if !b.Closed() {
		return nil, nil
	}
	excesses, clashes, err := contradictions(b, in, o)
	if err != nil {
		return nil, err
	}
	var out spans
	add := func(from, to int) {
		if p.holds(in.Times[from]) || p.holds(in.Times[to]) {
			out = append(out, period{from: in.Times[from], to: in.Times[to]})
		}
	}
	for _, x := range excesses {
		add(x.From, x.To)
	}
	for _, c := range clashes {
		add(c.Storm.From, c.Storm.To)
	}
	return out, nil
}

func checkJSON(e env, in *basin.Forcing, stamp func(from, to int) (string, string), excesses []doubt.Excess, clashes []doubt.Clash) error {
	more, left := []map[string]any{}, []map[string]any{}
	for _, x := range excesses {
		from, to := stamp(x.From, x.To)
		more = append(more, map[string]any{"from": from, "to": to, "rain_mm": x.Rain, "runoff_mm": x.Runoff})
	}
	for _, c := range clashes {
		from, to := stamp(c.Storm.From, c.Storm.To)
		left = append(left, map[string]any{
			"from": from, "to": to, "rain_mm": c.Storm.Rain, "runoff_mm": c.Storm.Flow,
			"lesser_from": in.Stamp(c.Lesser.From), "lesser_rain_mm": c.Lesser.Rain, "lesser_rise_mm": c.Lesser.Rise,
		})
	}
	enc := json.NewEncoder(e.out)
	enc.SetIndent("", "  ")
	return enc.Encode(map[string]any{"steps": in.Steps(), "more_than_fell": more, "left_nothing": left})
}
