package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"anlan/internal/hydro/basin"
	"anlan/internal/hydro/calibrate"
	"anlan/internal/hydro/xaj"
)

func runModel(_ context.Context, e env, args []string) error {
	models := map[string]func(env, []string) error{"xaj": modelXAJ, "muskingum": modelMuskingum, "reservoir": modelReservoir, "flashflood": modelFlashFlood}
	if len(args) > 0 && models[args[0]] != nil {
		return models[args[0]](e, args[1:])
	}
	if asked(args) {
		fmt.Fprint(e.out, modelHelp)
		return nil
	}
	return fmt.Errorf("%w: anlan model xaj|muskingum|reservoir|flashflood; --help after it shows an example", errUsage)
}

const modelHelp = `anlan model xaj|muskingum|reservoir|flashflood

  xaj         rain and evaporation of a basin to the flow at its outlet (Xinanjiang)
  muskingum   a flow through a river reach
  reservoir   a flood through a reservoir, by rule
  flashflood  the critical rain of a village

--help after each tells its files and shows a whole example.
`

// asked tells whether nothing but help is asked for.
func asked(args []string) bool {
	return len(args) == 1 && slices.Contains([]string{"help", "-h", "-help", "--help"}, args[0])
}

const modelXAJHelp = `anlan model xaj --basin B.yaml --forcing F.csv --out O.csv [--states | --band P]

Runs the Xinanjiang model over a basin. B.yaml holds the basin, with units of measure in its keys; F.csv has the columns time (a
date, or an instant as of RFC 3339), p (mm a step) or one column for each gauge that a unit weighs, and pet (mm a step). O.csv gets
time,q_m3s; with --states also every state and flux, one row for each unit and step; with --band 0.9 also low_m3s,high_m3s, between
which the flow lies nine times in ten, of the ensemble that a calibration kept. A gap is refused with its line. Where rain is of other
hours than the flow (a day of rain from eight to eight, or of another zone), rain_begins_h in B.yaml says at which hour of a row's own
step its rain began; the one step whose rain is not known whole is left out.

An example:

$ cat > basin.yaml <<'END'
name: Chengcun
dt_h: 24
area_km2: 290
parameters:
  KC: 0.93
  UM_mm: 20
  LM_mm: 60
  C: 0.18
  WM_mm: 120
  B: 0.3
  IM: 0.01
  SM_mm: 30
  EX: 1.5
  KI_per_d: 0.57
  KG_per_d: 0.13
  CS_per_d: 0.2
  CI_per_d: 0.76
  CG_per_d: 0.98
  CR_per_d: 0.21
  KE_h: 24
  XE: 0.4
initial: {WU_mm: 10, WL_mm: 30, WD_mm: 20, Q_m3s: 2}
END
$ cat > forcing.csv <<'END'
time,p,pet
2026-06-01,0,3.1
2026-06-02,42.5,1.2
2026-06-03,88,0.8
2026-06-04,3.5,2
2026-06-05,0,3.3
END
$ anlan model xaj --basin basin.yaml --forcing forcing.csv --out flow.csv
5 steps of 24 h over 290 km², 1 unit; highest flow 86.16 m³/s at 2026-06-04
$ cat flow.csv
time,q_m3s
2026-06-01,1.997127
2026-06-02,3.369325
2026-06-03,23.352833
2026-06-04,86.15688
2026-06-05,49.235655
`

// flags makes the flag set of a command; what is wrong is told by parse alone.
func flags(name string) *flag.FlagSet {
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	return set
}

// parse reads the flags of a command whose help is a whole text, which is printed when it is asked for and not otherwise.
func parse(e env, set *flag.FlagSet, help string, args []string) error {
	err := set.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(e.out, help)
		return err
	}
	if err != nil {
		return fmt.Errorf("%w: %v", errUsage, err)
	}
	return nil
}

func modelXAJ(e env, args []string) error {
	set := flags("model xaj")
	basinFile, forcingFile, out := set.String("basin", "", ""), set.String("forcing", "", ""), set.String("out", "", "")
	states, probability := set.Bool("states", false, ""), set.Float64("band", 0, "")
	if err := parse(e, set, modelXAJHelp, args); err != nil {
		return err
	}
	if *basinFile == "" || *forcingFile == "" || *out == "" || set.NArg() > 0 || *probability != 0 && *states {
		return fmt.Errorf("%w: anlan model xaj --basin B.yaml --forcing F.csv --out O.csv [--states | --band P]; --help shows an example", errUsage)
	}
	if p := *probability; !(p >= 0 && p <= 0.95) {
		return fmt.Errorf("%w: --band %g: a band holds up to 0.95", errUsage, p)
	}
	if err := placed(*out, *basinFile, *forcingFile); err != nil {
		return err
	}
	f, b, in, err := readBasin(*basinFile, *forcingFile)
	if err != nil {
		return err
	}
	flow := make([]float64, in.Steps())
	s := b.Start()
	var low, high []float64
	if *probability > 0 {
		if low, high, err = calibrate.Band(f, in, *probability); err != nil {
			return fmt.Errorf("%s: %w", *basinFile, err)
		}
	}
	err = writeFile(*out, func(w *bufio.Writer) {
		if *states {
			writeStates(w, b, in, &s, flow)
			return
		}
		b.Run(&s, in, flow, nil)
		writeFlow(w, in, flow, low, high)
	})
	if err != nil {
		return err
	}
	top := highest(flow)
	fmt.Fprintf(e.out, "%d steps of %g h over %g km², %s; highest flow %.4g m³/s at %s\n", len(flow), b.Step(), b.Area(), counted(b.Units(), "unit", "units"), flow[top], in.Stamp(top))
	return nil
}

// writeFlow writes a flow, and its band where there is one.
func writeFlow(w io.Writer, in *basin.Forcing, flow, low, high []float64) {
	if low == nil {
		fmt.Fprintln(w, "time,q_m3s")
		for i, q := range flow {
			fmt.Fprintf(w, "%s,%s\n", in.Stamp(i), figure(q))
		}
		return
	}
	fmt.Fprintln(w, "time,q_m3s,low_m3s,high_m3s")
	for i, q := range flow {
		fmt.Fprintf(w, "%s,%s,%s,%s\n", in.Stamp(i), figure(q), figure(low[i]), figure(high[i]))
	}
}

// figure writes a value to its sixth decimal, one below 1 with seven digits, and an absent one as nothing.
func figure(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	digits := 7
	if a := math.Abs(v); a >= 1 && a < 1e9 {
		digits += int(math.Log10(a))
	}
	return strconv.FormatFloat(v, 'g', digits, 64)
}

// readBasin reads a basin and what falls on it.
func readBasin(basinFile, forcingFile string) (*basin.File, *basin.Basin, *basin.Forcing, error) {
	src, err := os.ReadFile(basinFile)
	if err != nil {
		return nil, nil, nil, err
	}
	f, err := basin.Read(basinFile, src)
	if err != nil {
		return nil, nil, nil, err
	}
	b, err := f.Build()
	if err != nil {
		return nil, nil, nil, fmt.Errorf("%s: %w", basinFile, err)
	}
	t, err := readTable(forcingFile)
	if err != nil {
		return nil, nil, nil, err
	}
	in, err := b.Forcing(t)
	return f, b, in, err
}

func readTable(name string) (*basin.Table, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return basin.ReadTable(name, file)
}

// placed refuses a file to write that could not be, or that would take the place of what is read, before the work that it is for.
func placed(out string, read ...string) error {
	if in, err := os.Stat(filepath.Dir(out)); err != nil || !in.IsDir() {
		return fmt.Errorf("%s cannot be written: there is no folder %s", out, filepath.Dir(out))
	}
	at, err := os.Stat(out)
	if err != nil {
		return nil
	}
	if at.IsDir() {
		return fmt.Errorf("%s cannot be written: it is a folder", out)
	}
	for _, name := range read {
		if other, err := os.Stat(name); err == nil && os.SameFile(at, other) {
			return fmt.Errorf("%w: --out %s would take the place of what is read", errUsage, out)
		}
	}
	return nil
}

// writeFile writes a file whole, or leaves none behind.
func writeFile(name string, write func(w *bufio.Writer)) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(file, 1<<16)
	write(w)
	if err := errors.Join(w.Flush(), file.Close()); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", name, err), os.Remove(name))
	}
	return nil
}

// writeStates runs the basin and writes every state and flux under the names of the literature.
func writeStates(w io.Writer, b *basin.Basin, in *basin.Forcing, s *basin.State, flow []float64) {
	fmt.Fprintln(w, "time,unit,area_km2,P,EM,EP,EU,EL,ED,PE,R,RIM,WU,WL,WD,W,FR,S,RS,RI,RG,QS,QI,QG,QU,O2,q_m3s")
	var rows []string
	b.Run(s, in, flow, func(step, unit int, rain, pet float64, f *xaj.Flux, st *xaj.State, out float64) {
		id, area := b.Unit(unit)
		row := in.Stamp(step) + "," + id
		for _, v := range []float64{
			area, rain, pet, f.EP, f.EU, f.EL, f.ED, f.PE, f.R, f.RIM, st.WU, st.WL, st.WD, st.WU + st.WL + st.WD, st.FR, st.S, f.RS, f.RI, f.RG, st.QS, st.QI, st.QG, st.QU, out,
		} {
			row += "," + strconv.FormatFloat(v, 'g', 10, 64)
		}
		if rows = append(rows, row); len(rows) < b.Units() {
			return
		}
		for _, r := range rows {
			fmt.Fprintf(w, "%s,%s\n", r, strconv.FormatFloat(flow[step], 'g', 10, 64))
		}
		rows = rows[:0]
	})
}

// day reads a bound of a period: a date or an instant.
func day(name, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{time.DateOnly, time.RFC3339, "2006-01-02T15:04"} {
		if at, err := time.Parse(form, s); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("%w: --%s %q is neither a date nor an instant", errUsage, name, s)
}
