package xaj_test

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"

	"anlan/internal/hydro/xaj"
)

// TestShortStepsEqualAnOutsideProgram holds every state and flux at steps of a quarter of an hour, an hour and three hours against a table
// that another, open program made (testdata/hydromodel_steps.csv says which and how), to a millionth of a millimetre.
func TestShortStepsEqualAnOutsideProgram(t *testing.T) {
	file, err := os.Open("testdata/hydromodel_steps.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	p := xaj.Params{KC: 0.93, UM: 20, LM: 60, C: 0.18, WM: 170, B: 0.3, SM: 12, EX: 1.5, KI: 0.4, KG: 0.3, CI: 0.6, CG: 0.95, CR: 0.2}
	start := map[float64][3]float64{0.25: {12, 40, 25}, 1: {2, 8, 25}, 3: {0, 0.02, 60}}
	const area = 3.6 // km²: 1 mm/h is 1 m³/s
	var u *xaj.Unit
	var s xaj.State
	last, most := 0.0, 0.0
	for n, row := range rows[1:] {
		v := map[string]float64{}
		for i, cell := range row {
			if v[rows[0][i]], err = strconv.ParseFloat(cell, 64); err != nil {
				t.Fatal(err)
			}
		}
		dt := v["dt_h"]
		if dt != last {
			if u, err = xaj.NewUnit(p, xaj.Options{Excess: xaj.Drop, OpenDeepLayer: true}, area, dt); err != nil {
				t.Fatal(err)
			}
			w := start[dt]
			s, last = u.Start(w[0], w[1], w[2], 1, 0.3, 0), dt
		}
		var f xaj.Flux
		u.Step(&s, v["P"], v["EM"], &f)
		for name, got := range map[string]float64{
			"EU": f.EU, "EL": f.EL, "ED": f.ED, "PE": math.Max(f.PE, 0), "R": f.R, "RS": f.RS, "RI": f.RI, "RG": f.RG,
			"WU": s.WU, "WL": s.WL, "WD": s.WD, "S": s.S, "FR": s.FR, "QI": s.QI * dt, "QG": s.QG * dt, "Q": s.QU * dt,
		} {
			off := math.Abs(got - v[name])
			if most = math.Max(most, off); !(off < 1e-6) {
				t.Fatalf("row %d at %g h: %s is %.9g, the outside program has %.9g", n+1, dt, name, got, v[name])
			}
		}
	}
	if len(rows) != 661 {
		t.Errorf("%d rows", len(rows))
	}
	t.Logf("at most %.1e off", most)
}
