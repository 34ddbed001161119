package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"anlan/internal/hydro/basin"
	"anlan/internal/hydro/verify"
)

const verifyHelp = `anlan verify --observed Q.csv --simulated O.csv [--from D] [--to D] [--exclude D..D …] [--json]

Scores a simulated flow against an observed one. Both files have the columns time,q_m3s; steps at which either has none are left out,
and said. D is a date or an instant; both bounds count. --exclude leaves steps out. Where the simulated file has the columns
low_m3s,high_m3s of a band, it is said how many observed flows lie within.

An example:

$ cat > observed.csv <<'END'
time,q_m3s
2026-06-01,2.1
2026-06-02,5.5
2026-06-03,60.2
2026-06-04,
2026-06-05,41
END
$ cat > simulated.csv <<'END'
time,q_m3s
2026-06-01,2
2026-06-02,4
2026-06-03,48.3
2026-06-04,112.4
2026-06-05,37.8
END
$ anlan verify --observed observed.csv --simulated simulated.csv
steps compared           4 of 5
NSE (DC)                 0.9353
log NSE                  0.9797
KGE                      0.7749
correlation              0.9950
ratio of deviations      0.8354
ratio of means           0.8465
RMSE                     6.207 m³/s
MAE                      4.175 m³/s
error of the volume      -15.3 %
error of the peak        -19.8 %
the peak comes           0 steps later
grade by DC              甲 (GB/T 22482-2008)
`

func runVerify(_ context.Context, e env, args []string) error {
	set := flags("verify")
	observed, simulated := set.String("observed", "", ""), set.String("simulated", "", "")
	from, to := set.String("from", "", ""), set.String("to", "", "")
	asJSON := set.Bool("json", false, "")
	var exclude spans
	set.Var(&exclude, "exclude", "")
	if err := parse(e, set, verifyHelp, args); err != nil {
		return err
	}
	if *observed == "" || *simulated == "" || set.NArg() > 0 {
		return fmt.Errorf("%w: anlan verify --observed Q.csv --simulated O.csv [--from D --to D] [--json]; --help shows an example", errUsage)
	}
	p, err := periodOf(*from, *to)
	if err != nil {
		return err
	}
	o, err := readObserved(*observed)
	if err != nil {
		return err
	}
	s, err := readFlow(*simulated)
	if err != nil {
		return err
	}
	o.leaveOut(exclude)
	pairs, total := p.match(o, s)
	score, err := verify.Compare(pairs[0], pairs[1])
	if err != nil {
		return fmt.Errorf("%s and %s: %w", *observed, *simulated, err)
	}
	held := p.held(o, s)
	if *asJSON {
		return printScoreJSON(e, score, held, total)
	}
	printScore(e, score, total)
	if held != nil {
		fmt.Fprintf(e.out, "%-24s %.1f %% of %d, %.3f m³/s wide\n", "within the band", 100*held.Actual, held.N, held.Width)
	}
	return nil
}

// spans are times to leave out.
type spans []period

func (s *spans) String() string { return "" }

// Set takes FROM..TO.
func (s *spans) Set(text string) error {
	from, to, ok := strings.Cut(text, "..")
	p, err := periodOf(from, to)
	if !ok || err != nil || p.from.IsZero() || p.to.IsZero() || p.to.Before(p.from) {
		return fmt.Errorf("%q is not FROM..TO", text)
	}
	*s = append(*s, p)
	return nil
}

func (s spans) text() []string {
	var out []string
	for _, p := range s {
		out = append(out, p.from.Format(time.RFC3339)+".."+p.to.Format(time.RFC3339))
	}
	return out
}

func (s spans) hold(at time.Time) bool {
	return slices.ContainsFunc(s, func(p period) bool { return p.holds(at) })
}

// leaveOut makes the flow absent within spans.
func (f *flow) leaveOut(s spans) {
	for i, at := range f.times {
		if s.hold(at) {
			f.q[i] = math.NaN()
		}
	}
}

// held is how many observed flows lie within the simulated band, nil where there is none.
func (p period) held(o, s *flow) *verify.Reliability {
	if s.low == nil || s.high == nil {
		return nil
	}
	low, high := (&flow{times: s.times, q: s.low}).at(), (&flow{times: s.times, q: s.high}).at()
	var out verify.Reliability
	inside := 0
	for i, when := range o.times {
		l, ok := low[when.Unix()]
		h := high[when.Unix()]
		if !ok || !p.holds(when) || math.IsNaN(o.q[i]+l+h) {
			continue
		}
		out.N++
		out.Width += h - l
		if l <= o.q[i] && o.q[i] <= h {
			inside++
		}
	}
	if out.N == 0 {
		return nil
	}
	out.Actual, out.Width = float64(inside)/float64(out.N), out.Width/float64(out.N)
	return &out
}

// period is a span of time, both ends counted; a zero end is open. A bound that is a date is one of the calendar by which a file writes
// its times, whatever zone that is.
type period struct {
	from, to         time.Time
	fromDate, toDate bool
}

func periodOf(from, to string) (p period, err error) {
	if p.from, err = day("from", from); err != nil {
		return p, err
	}
	if p.to, err = day("to", to); err != nil {
		return p, err
	}
	p.fromDate, p.toDate = len(from) == len(time.DateOnly), len(to) == len(time.DateOnly)
	if p.toDate {
		p.to = p.to.Add(24*time.Hour - 1)
	}
	if !p.from.IsZero() && !p.to.IsZero() && p.to.Before(p.from) {
		return p, fmt.Errorf("%w: --from %s is after --to %s", errUsage, from, to)
	}
	return p, nil
}

func (p period) holds(at time.Time) bool {
	_, offset := at.Zone()
	wall := at.Add(time.Duration(offset) * time.Second)
	from, to := at, at
	if p.fromDate {
		from = wall
	}
	if p.toDate {
		to = wall
	}
	return (p.from.IsZero() || !from.Before(p.from)) && (p.to.IsZero() || !to.After(p.to))
}

// flow is a table's flow by its times.
type flow struct {
	times     []time.Time
	lines     []int
	q         []float64
	low, high []float64 // of a band, where there is one
}

func readFlow(name string) (*flow, error) {
	t, err := readTable(name)
	if err != nil {
		return nil, err
	}
	q, ok := t.Column("q_m3s")
	if !ok {
		return nil, fmt.Errorf("%s line 1: there is no column q_m3s (there are %s)", name, strings.Join(t.Columns, ", "))
	}
	f := &flow{times: t.Times, lines: t.Lines, q: q}
	f.low, _ = t.Column("low_m3s")
	f.high, _ = t.Column("high_m3s")
	return f, nil
}

// readObserved is readFlow for what was measured, where a flow below 0 is what an archive writes for none, and would be taken for one.
func readObserved(name string) (*flow, error) {
	f, err := readFlow(name)
	if err != nil {
		return nil, err
	}
	for i, q := range f.q {
		if q < 0 {
			return nil, fmt.Errorf("%s line %d: a flow of %g m³/s; one that is missing is left empty", name, f.lines[i], q)
		}
	}
	return f, nil
}

// at is the flow by the second.
func (f *flow) at() map[int64]float64 {
	out := make(map[int64]float64, len(f.q))
	for i, when := range f.times {
		out[when.Unix()] = f.q[i]
	}
	return out
}

// match brings two flows to the same times within a period; the first says which times there are.
func (p period) match(a, b *flow) (pairs [2][]float64, total int) {
	at := b.at()
	for i, when := range a.times {
		if !p.holds(when) {
			continue
		}
		total++
		other, ok := at[when.Unix()]
		if !ok {
			other = math.NaN()
		}
		pairs[0], pairs[1] = append(pairs[0], a.q[i]), append(pairs[1], other)
	}
	return pairs, total
}

func printScore(e env, s verify.Score, total int) {
	row := func(name, format string, args ...any) {
		fmt.Fprintf(e.out, "%-24s %s\n", name, fmt.Sprintf(format, args...))
	}
	row("steps compared", "%d of %d", s.N, total)
	row("NSE (DC)", "%.4f", s.NSE)
	row("log NSE", "%.4f", s.LogNSE)
	row("KGE", "%.4f", s.KGE)
	row("correlation", "%.4f", s.R)
	row("ratio of deviations", "%.4f", s.Alpha)
	row("ratio of means", "%.4f", s.Beta)
	row("RMSE", "%.3f m³/s", s.RMSE)
	row("MAE", "%.3f m³/s", s.MAE)
	row("error of the volume", "%+.1f %%", s.Volume)
	row("error of the peak", "%+.1f %%", s.Peak)
	row("the peak comes", "%d steps later", s.PeakAt)
	row("grade by DC", "%s (GB/T 22482-2008)", verify.GBT22482().ByNSE(s.NSE))
}

func printScoreJSON(e env, s verify.Score, held *verify.Reliability, total int) error {
	number := func(v float64) any {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		return v
	}
	enc := json.NewEncoder(e.out)
	enc.SetIndent("", "  ")
	out := map[string]any{
		"steps": s.N, "of": total, "nse": number(s.NSE), "lognse": number(s.LogNSE), "kge": number(s.KGE), "r": number(s.R), "alpha": number(s.Alpha), "beta": number(s.Beta),
		"rmse_m3s": number(s.RMSE), "mae_m3s": number(s.MAE), "volume_error_percent": number(s.Volume), "peak_error_percent": number(s.Peak), "peak_later_steps": s.PeakAt,
		"grade_by_nse": verify.GBT22482().ByNSE(s.NSE),
	}
	if held != nil {
		out["band"] = map[string]any{"within": held.Actual, "steps": held.N, "width_m3s": held.Width}
	}
	return enc.Encode(out)
}

// observedAt brings an observed flow to the steps of a forcing; what lies outside the period does not count.
func observedAt(o *flow, in *basin.Forcing, p period) []float64 {
	at := o.at()
	out := make([]float64, len(in.Times))
	for i, when := range in.Times {
		q, ok := at[when.Unix()]
		if !ok || !p.holds(when) {
			q = math.NaN()
		}
		out[i] = q
	}
	return out
}
