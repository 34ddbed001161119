package xaj_test

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"anlan/internal/hydro/muskingum"
	"anlan/internal/hydro/xaj"
)

// chengcun are the parameters of the reference tables.
func chengcun() xaj.Params {
	return xaj.Params{
		KC: 0.93, UM: 20, LM: 60, C: 0.18, WM: 120, B: 0.3, IM: 0.01, SM: 30, EX: 1.5, KG: 0.13, KI: 0.57, CS: 0.2, CI: 0.76, CG: 0.98, CR: 0.21, KE: 24, XE: 0.4,
	}
}

// table opens a table of the shared folder and gives its rows one by one as numbers by column; it skips the test where there is none.
func table(t testing.TB, name string) (next func() (map[string]float64, bool)) {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "..", "..", "shared", "hydro", name))
	if err != nil {
		t.Skipf("the reference tables are not here: %v", err)
	}
	t.Cleanup(func() { file.Close() })
	var in io.Reader = file
	if strings.HasSuffix(name, ".gz") {
		if in, err = gzip.NewReader(file); err != nil {
			t.Fatal(err)
		}
	}
	r := csv.NewReader(in)
	head, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	row := make(map[string]float64, len(head))
	return func() (map[string]float64, bool) {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil, false
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range cells {
			v, err := strconv.ParseFloat(c, 64)
			if err != nil {
				v = math.NaN()
			}
			row[head[i]] = v
		}
		return row, true
	}
}

// worst keeps the largest difference of each column.
type worst map[string]float64

func (w worst) hold(t *testing.T, row map[string]float64, got map[string]float64) {
	t.Helper()
	for name, v := range got {
		want, ok := row[name]
		if !ok {
			t.Fatalf("the table has no column %s", name)
		}
		d := math.Abs(v - want)
		if !(d <= 1e-6) && w[name] <= 1e-6 {
			t.Errorf("step %g unit %g: %s is %.9g, want %.9g", row["t"], row["unit"], name, v, want)
		}
		w[name] = math.Max(w[name], d)
	}
}

func values(f xaj.Flux, s xaj.State, out float64) map[string]float64 {
	return map[string]float64{
		"EP": f.EP, "EU": f.EU, "EL": f.EL, "ED": f.ED, "PE": f.PE, "R": f.R, "RIM": f.RIM, "WU": s.WU, "WL": s.WL, "WD": s.WD, "W": s.WU + s.WL + s.WD,
		"FR": s.FR, "S": s.S, "RS": f.RS, "RI": f.RI, "RG": f.RG, "QS": s.QS, "QI": s.QI, "QG": s.QG, "QU": s.QU, "O2": out,
	}
}

// TestEqualsTheReference holds every state and flux of both tables: the lumped basin and its twenty units.
func TestEqualsTheReference(t *testing.T) {
	for _, name := range []string{"xaj_chengcun_lumped.csv", "xaj_chengcun_units.csv.gz"} {
		t.Run(name, func(t *testing.T) {
			next := table(t, filepath.Join("reference", name))
			type unit struct {
				*xaj.Unit
				state xaj.State
				reach *muskingum.Reach
				flow  muskingum.State
			}
			units := map[float64]*unit{}
			p, diff, steps := chengcun(), worst{}, 0
			last, sum, outlet := -1.0, 0.0, 0.0
			for {
				row, ok := next()
				if !ok || row["t"] != last {
					if last >= 0 {
						diff.hold(t, map[string]float64{"t": last, "Q_outlet": outlet}, map[string]float64{"Q_outlet": sum})
					}
					if !ok {
						break
					}
					last, sum = row["t"], 0
				}
				u := units[row["unit"]]
				if u == nil {
					made, err := xaj.NewUnit(p, xaj.Reference(), row["area_km2"], 24)
					if err != nil {
						t.Fatal(err)
					}
					reach, err := muskingum.New(p.KE, p.XE, 24)
					if err != nil {
						t.Fatal(err)
					}
					u = &unit{made, made.Start(10, 30, 20, 0, 0, 0), reach, reach.Start(0)}
					units[row["unit"]] = u
				}
				var f xaj.Flux
				u.Step(&u.state, row["P"], row["EM"], &f)
				out := u.reach.Step(u.flow, f.Out)
				diff.hold(t, row, values(f, u.state, out))
				sum, outlet = sum+out, row["Q_outlet"]
				steps++
			}
			if steps < 2900 {
				t.Errorf("only %d steps", steps)
			}
			t.Logf("%d unit-steps, at most %v off", steps, diff)
		})
	}
}

// TestTextbookTable holds sixteen days of a worked example, which is rounded to a tenth: three-layer evaporation and runoff.
func TestTextbookTable(t *testing.T) {
	next := table(t, filepath.Join("data", "xaj_evaporation_runoff_table.csv"))
	p := chengcun()
	p.UM, p.LM, p.WM, p.B, p.KC, p.C, p.IM = 15, 85, 120, 0.3, 0.95, 0.14, 0
	u, err := xaj.NewUnit(p, xaj.Options{ActualNetRain: true}, 1, 24)
	if err != nil {
		t.Fatal(err)
	}
	n := func(v float64) float64 {
		if math.IsNaN(v) {
			return 0
		}
		return v
	}
	row, _ := next()
	s := u.Start(n(row["WU"]), n(row["WL"]), n(row["WD"]), 0, 0, 0)
	days := 0
	for ; ; days++ {
		was := map[string]float64{"R": row["R"], "E": row["E"], "PE": row["PE"]}
		p, eo := n(row["P"]), n(row["Eo"])
		following, ok := next()
		if !ok {
			break
		}
		var f xaj.Flux
		u.Step(&s, p, eo, &f)
		if d := math.Abs(f.R - n(was["R"])); d > 0.35 {
			t.Errorf("day %d: runoff %.2f, want %.1f", days, f.R, n(was["R"]))
		}
		if d := math.Abs(f.PE - n(was["PE"])); d > 0.15 {
			t.Errorf("day %d: net rain %.2f, want %.1f", days, f.PE, n(was["PE"]))
		}
		if d := math.Abs(f.EU + f.EL + f.ED - n(was["E"])); d > 0.15 {
			t.Errorf("day %d: evaporation %.2f, want %.1f", days, f.EU+f.EL+f.ED, n(was["E"]))
		}
		if w := n(following["W"]); math.Abs(s.WU+s.WL+s.WD-w) > 0.7 {
			t.Errorf("day %d: %.2f mm after it, want %.1f", days, s.WU+s.WL+s.WD, w)
		}
	}
	if days < 14 {
		t.Errorf("only %d days", days)
	}
}

// BenchmarkBasins tells unit-steps a second with the default options on the rain of two real basins, one by days and one by hours.
func BenchmarkBasins(b *testing.B) {
	f := func(name, file, rainColumn, petColumn string, area, dt float64) {
		b.Run(name, func(b *testing.B) {
			next := table(b, filepath.Join("data", file))
			var rain, pet []float64
			for row, ok := next(); ok; row, ok = next() {
				rain, pet = append(rain, row[rainColumn]), append(pet, row[petColumn])
			}
			u, err := xaj.NewUnit(chengcun(), xaj.Options{}, area, dt)
			if err != nil {
				b.Fatal(err)
			}
			s, flow := u.Start(10, 30, 20, 0, 0, 0), make([]float64, len(rain))
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				u.Run(&s, rain, pet, flow)
			}
			if q := flow[len(flow)-1]; math.IsNaN(q) {
				b.Fatal("there is a gap in the rain")
			}
			b.ReportMetric(float64(b.N)*float64(len(rain))/b.Elapsed().Seconds()/1e6, "Munit-steps/s")
		})
	}
	f("Chengcun_daily", "chengcun_daily.csv", "P_mean_mm", "pan_evap_mm", 290, 24)
	f("hourly_920km2", "hourly_920km2.csv", "P_mm", "PET_mm", 920, 1)
}
