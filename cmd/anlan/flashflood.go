package main

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"strconv"

	"anlan/internal/hydro/basin"
	"anlan/internal/hydro/flashflood"
)

const modelFlashFloodHelp = `anlan model flashflood --village V.yaml --out O.csv

Works out the critical rain of a village: how much rain in how long brings the river to its two danger stages, on ground of some
wetness. V.yaml holds the basin above the village (parameters as for anlan model xaj), a surveyed section or a rating, the stages, the
windows and the wetnesses. O.csv gets window_h,wetness,ready_mm,move_mm; what even 1000 mm do not bring about is empty.

An example:

$ cat > village.yaml <<'END'
name: made up
dt_h: 1
area_km2: 25
parameters: {KC: 1, UM_mm: 20, LM_mm: 60, C: 0.15, WM_mm: 110, B: 0.3, IM: 0.02, SM_mm: 20, EX: 1.2, KI_per_d: 0.4, KG_per_d: 0.3, CS_per_d: 0.0001, CI_per_d: 0.6, CG_per_d: 0.98}
base_flow_m3s: 0.5
section: {x_m: [0, 2, 6, 14, 18, 20], z_m: [106, 102, 100, 100, 102, 106], slope: 0.006, manning_n: 0.05}
stages: {ready_m: 101.2, move_m: 101.8}
windows_h: [1, 3, 6]
wetness: [0.3, 0.8]
END
$ anlan model flashflood --village village.yaml --out critical.csv
made up: ready at 18.5 m³/s, move at 38.5 m³/s
$ cat critical.csv
window_h,wetness,ready_mm,move_mm
1,0.3,50.4,80.1
1,0.8,26.8,43.0
3,0.3,61.4,94.1
3,0.8,35.6,61.9
6,0.3,75.9,115.2
6,0.8,51.2,71.8
`

func modelFlashFlood(e env, args []string) error {
	set := flags("model flashflood")
	file, out := set.String("village", "", ""), set.String("out", "", "")
	if err := parse(e, set, modelFlashFloodHelp, args); err != nil {
		return err
	}
	if *file == "" || *out == "" || set.NArg() > 0 {
		return fmt.Errorf("%w: anlan model flashflood --village V.yaml --out O.csv; --help shows an example", errUsage)
	}
	if err := placed(*out, *file); err != nil {
		return err
	}
	src, err := os.ReadFile(*file)
	if err != nil {
		return err
	}
	f, v, err := flashflood.Read(*file, src)
	if err != nil {
		return err
	}
	t, err := v.Critical(f.Windows, f.Wetness, nil)
	if err != nil {
		return basin.Located(*file, src, err)
	}
	mm := func(v float64) string {
		if math.IsNaN(v) {
			return ""
		}
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	if err := writeFile(*out, func(w *bufio.Writer) {
		fmt.Fprintln(w, "window_h,wetness,ready_mm,move_mm")
		for i, window := range t.Windows {
			for j, wet := range t.Wetness {
				fmt.Fprintf(w, "%g,%g,%s,%s\n", window, wet, mm(t.Ready[i][j]), mm(t.Move[i][j]))
			}
		}
	}); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%s: ready at %.1f m³/s, move at %.1f m³/s\n", f.Name, v.Ready, v.Move)
	return nil
}
