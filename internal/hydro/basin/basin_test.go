package basin_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anlan/internal/hydro/basin"
	"anlan/internal/hydro/xaj"
)

const parameters = `parameters: {KC: 0.93, UM_mm: 20, LM_mm: 60, C: 0.18, WM_mm: 120, B: 0.3, IM: 0.01, SM_mm: 30, EX: 1.5, KI_per_d: 0.57, KG_per_d: 0.13,
  CS_per_d: 0.2, CI_per_d: 0.76, CG_per_d: 0.98, CR_per_d: 0.21, KE_h: 24, XE: 0.4}
initial: {WU_mm: 10, WL_mm: 30, WD_mm: 20}
`

const lumped = "name: chengcun\ndt_h: 24\narea_km2: 290\n" + parameters

const week = `time,p,pet
2020-06-01,0,3
2020-06-02,42.5,1
2020-06-03,18,1.5
2020-06-04,0,3
2020-06-05,0,3.5
`

func build(t *testing.T, src string) *basin.Basin {
	t.Helper()
	f, err := basin.Read("basin.yaml", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	b, err := f.Build()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func forcing(t *testing.T, b *basin.Basin, csv string) *basin.Forcing {
	t.Helper()
	table, err := basin.ReadTable("forcing.csv", strings.NewReader(csv))
	if err != nil {
		t.Fatal(err)
	}
	in, err := b.Forcing(table)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func run(t *testing.T, b *basin.Basin, in *basin.Forcing) []float64 {
	t.Helper()
	flow := make([]float64, in.Steps())
	s := b.Start()
	b.Run(&s, in, flow, nil)
	return flow
}

// TestNetworkIsTheSumOfItsUnits holds that units without channels add up to the lumped basin, and that a chain delays.
func TestNetworkIsTheSumOfItsUnits(t *testing.T) {
	plain := strings.NewReplacer("KE_h: 24, XE: 0.4", "KE_h: 0").Replace
	whole := build(t, plain(lumped))
	parts := build(t, plain("name: two\ndt_h: 24\nunits:\n- {id: a, area_km2: 100, to: b}\n- {id: b, area_km2: 190}\n"+parameters))
	in := forcing(t, whole, week)
	a, b := run(t, whole, in), run(t, parts, forcing(t, parts, week))
	for i := range a {
		if math.Abs(a[i]-b[i]) > 1e-9 {
			t.Errorf("step %d: %g and %g", i, a[i], b[i])
		}
	}
	chain := build(t, "name: chain\ndt_h: 24\nunits:\n- {id: b, area_km2: 190}\n- {id: a, area_km2: 100, to: b}\n"+parameters)
	one := build(t, lumped)
	far, near := run(t, chain, forcing(t, chain, week)), run(t, one, in)
	if far[1] >= near[1] {
		t.Errorf("water of a comes through two channels and is not later: %v, %v", far, near)
	}
}

// TestGaugesAreWeighed holds that gauges count by their weights, and that all weights of one make the mean.
func TestGaugesAreWeighed(t *testing.T) {
	b := build(t, "name: g\ndt_h: 24\nunits:\n- {id: a, area_km2: 290, gauges: {east: 0.25, west: 0.75}}\n"+parameters)
	in := forcing(t, b, "time,east,west,pet\n2020-06-01,40,0,1\n2020-06-02,0,40,1\n")
	if in.Rain[0][0] != 10 || in.Rain[0][1] != 30 {
		t.Errorf("rain %v", in.Rain)
	}
}

// TestMeanIsByArea holds that the rain over a basin is that of its units by their areas.
func TestMeanIsByArea(t *testing.T) {
	b := build(t, "name: g\ndt_h: 24\nunits:\n- {id: a, area_km2: 100, gauges: {east: 1}, to: b}\n- {id: b, area_km2: 300, gauges: {west: 1}, pet: low}\n"+parameters)
	rain, pet := b.Mean(forcing(t, b, "time,east,west,pet,low\n2020-06-01,40,0,4,0\n2020-06-02,0,40,1,1\n"))
	if rain[0] != 10 || rain[1] != 30 || pet[0] != 1 || pet[1] != 1 || !b.Closed() {
		t.Errorf("rain %v, pet %v", rain, pet)
	}
}

// TestRunCutAndContinued holds that a basin's state takes a run up where it was cut.
func TestRunCutAndContinued(t *testing.T) {
	b := build(t, "name: chain\ndt_h: 24\nunits:\n- {id: b, area_km2: 190}\n- {id: a, area_km2: 100, to: b}\n"+parameters)
	in := forcing(t, b, week)
	whole := run(t, b, in)
	s := b.Start()
	first, second := forcing(t, b, strings.Join(strings.SplitAfter(week, "\n")[:4], "")), forcing(t, b, "time,p,pet\n2020-06-04,0,3\n2020-06-05,0,3.5\n")
	parts := make([]float64, 5)
	b.Run(&s, first, parts[:3], nil)
	s = s.Clone()
	b.Run(&s, second, parts[3:], nil)
	for i := range whole {
		if whole[i] != parts[i] {
			t.Errorf("step %d: %v and %v", i, whole[i], parts[i])
		}
	}
}

func TestRefusesWhatCannotBe(t *testing.T) {
	f := func(src, csv, want string) {
		t.Helper()
		file, err := basin.Read("basin.yaml", []byte(src))
		if err == nil {
			var table *basin.Table
			var b *basin.Basin
			if table, err = basin.ReadTable("forcing.csv", strings.NewReader(csv)); err == nil {
				if b, err = file.Build(); err == nil {
					_, err = b.Forcing(table)
				}
			}
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q: %v", want, err)
		}
	}
	two := "name: two\ndt_h: 24\nunits:\n- {id: a, area_km2: 100, to: b}\n- {id: b, area_km2: 190, to: a}\n" + parameters
	f(two, week, "basin.yaml line 4: basin.loop: units[0]: the units a, b flow in a circle")
	f(strings.Replace(two, "to: a", "to: c", 1), week, "there is no unit c")
	f(strings.Replace(two, "id: b", "id: a", 1), week, "stands twice")
	f(strings.Replace(lumped, "WM_mm", "WM", 1), week, "basin.yaml cannot be read: line 4: there is no key WM here")
	f(strings.Replace(lumped, "KC: 0.93", "KC: high", 1), week, "line 4: !!str `high` cannot stand here")
	f(strings.Replace(lumped, "KC: 0.93, ", "", 1), week, "basin.yaml line 4: missing, which is not zero: KC")
	f(strings.Replace(lumped, "IM: 0.01, SM_mm: 30, ", "", 1), week, "basin.yaml line 4: missing, which is not zero: IM, SM_mm")
	f(strings.Replace(lumped, "WL_mm: 30, ", "", 1), week, "basin.yaml line 6: missing, which is not zero: WL_mm")
	f(strings.Replace(lumped, "initial: {WU_mm: 10, WL_mm: 30, WD_mm: 20}", "initial:", 1), week, "basin.yaml line 1: missing, which is not zero: initial")
	f(strings.Replace(lumped, "name: chengcun\ndt_h: 24\n", "", 1), week, "basin.yaml line 1: missing, which is not zero: name, dt_h")
	f(strings.Replace(lumped, "area_km2: 290\n", "", 1), week, "basin.yaml line 1: basin.area: area_km2 is missing")
	f(strings.Replace(two, "dt_h", "area_km2: 300\ndt_h", 1), week, "basin.yaml line 2: basin.area: the units are 290 km² together, area_km2 says 300")
	f(strings.Replace(two, "id: b, area_km2: 190, ", "id: b, ", 1), week, "basin.yaml line 5: missing, which is not zero: area_km2")
	f(lumped+"---\nname: more\n", week, "a second document follows")
	f(strings.Replace(lumped, "WM_mm: 120", "WM_mm: 60", 1), week, "WM 60 is less than")
	f(strings.Replace(lumped, "KE_h: 24, XE: 0.4", "KE_h: 24, XE: 0.9", 1), week, "XE: 0.9 is not within")
	f(strings.Replace(lumped, "WU_mm: 10", "WU_mm: 30", 1), week, "WU: 30 is not within 0 and 20")
	f(strings.Replace(lumped, "area_km2: 290", "area_km2: -1", 1), week, "an area of -1")
	f(lumped+"options: {excess: keep}\n", week, `options.excess is "keep"`)
	f(strings.Replace(lumped, "dt_h: 24", "dt_h: 1", 1), week, "forcing.csv line 3: a step of 24 h, the basin file says 1")
	f(lumped, strings.Replace(week, "18,", ",", 1), "forcing.csv line 4: p is missing, which is not zero")
	f(lumped, strings.Replace(week, "18,", "NaN,", 1), "line 4: p is missing")
	f(lumped, strings.Replace(week, "18,", "-1,", 1), "line 4: p is below 0 (-1)")
	f(lumped, strings.Replace(week, "18,", "x,", 1), `line 4, column p: "x" is no number`)
	f(lumped, strings.Replace(week, "2020-06-04,0,3\n", "", 1), "line 5: 48h0m0s after the row before")
	f(lumped, strings.Replace(week, "2020-06-04", "2020-06-03", 1), "line 5: 2020-06-03 is not after")
	f(lumped, strings.Replace(week, "2020-06-04", "4 June", 1), `line 5: "4 June" is no time`)
	f(lumped, strings.Replace(week, "time,p,pet", "time,p,ep", 1), "forcing.csv line 1: there is no column pet (there are p, ep)")
	f(lumped, strings.Replace(week, "time,p,pet", "time,p,p", 1), "the column p stands twice")
	f(lumped, strings.Replace(week, "time,p,pet", "t,p,pet", 1), "the first column is time")
	f(lumped, "time,p,pet\n", "holds no rows")
	f(lumped, "time,p,pet\n2020-06-01,1,1\n\"2020-06-02,1,1\n", "forcing.csv: parse error on line 3")
	f(lumped, "", "forcing.csv is empty")
	f("", week, "basin.yaml is empty")
}

// TestFileIsWrittenAsRead holds that a basin that is written is the same basin.
func TestFileIsWrittenAsRead(t *testing.T) {
	f, err := basin.Read("basin.yaml", []byte("name: g\ndt_h: 24\nunits:\n- {id: a, area_km2: 290, gauges: {east: 0.25, west: 0.75}}\n"+parameters+"options: {conventions: reference, slice_mm: -1}\n"))
	if err != nil {
		t.Fatal(err)
	}
	once, err := f.Write()
	if err != nil {
		t.Fatal(err)
	}
	again, err := basin.Read("again.yaml", once)
	if err != nil {
		t.Fatal(err)
	}
	if twice, err := again.Write(); err != nil || string(twice) != string(once) {
		t.Errorf("%v\n%s\n%s", err, once, twice)
	}
}

// TestChengcunThroughTheFiles runs the twenty units of Chengcun as a user would and holds the flow at the outlet against the reference.
func TestChengcunThroughTheFiles(t *testing.T) {
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "hydro", name))
		if err != nil {
			t.Skipf("the reference tables are not here: %v", err)
		}
		return string(b)
	}
	b := build(t, lumped+"options: {conventions: reference}\n")
	table, err := basin.ReadTable("chengcun_daily.csv", strings.NewReader(strings.NewReplacer("P_mean_mm", "p", "pan_evap_mm", "pet").Replace(read("data/chengcun_daily.csv"))))
	if err != nil {
		t.Fatal(err)
	}
	in, err := b.Forcing(table)
	if err != nil {
		t.Fatal(err)
	}
	flow := run(t, b, in)
	reference, err := basin.ReadTable("reference", strings.NewReader(dated(read("reference/xaj_chengcun_lumped.csv"))))
	if err != nil {
		t.Fatal(err)
	}
	want, _ := reference.Column("Q_outlet")
	for i := range want {
		// The forcing's mean is written with four decimals, the reference used them all.
		if math.Abs(flow[i]-want[i]) > 0.02+0.001*want[i] {
			t.Fatalf("%s: %.4f, want %.4f", in.Stamp(i), flow[i], want[i])
		}
	}
}

// dated gives a table that counts its steps dates instead.
func dated(csv string) string {
	var b strings.Builder
	for i, line := range strings.Split(strings.TrimSpace(csv), "\n") {
		if i == 0 {
			b.WriteString("time" + strings.TrimPrefix(line, "t") + "\n")
			continue
		}
		_, rest, _ := strings.Cut(line, ",")
		fmt.Fprintf(&b, "%04d-01-01,%s\n", 1000+i, rest)
	}
	return b.String()
}

// TestStepsAreWholeMinutes holds that a step written with few digits fits the times of its forcing.
func TestStepsAreWholeMinutes(t *testing.T) {
	for written, minutes := range map[string]int{"0.0833": 5, "0.167": 10, "0.333": 20, "0.5": 30, "24": 1440} {
		b := build(t, strings.Replace(strings.Replace(lumped, "dt_h: 24", "dt_h: "+written, 1), "KE_h: 24", "KE_h: 0", 1))
		csv := fmt.Sprintf("time,p,pet\n2020-06-01T00:00,0,0\n2020-06-%02dT%02d:%02d,1,0\n", 1+minutes/1440, minutes%1440/60, minutes%60)
		if in := forcing(t, b, csv); in.Steps() != 2 || b.Step() != float64(minutes)/60 {
			t.Errorf("%s h is %g h", written, b.Step())
		}
	}
	if h := basin.WholeMinutes(0.09); h != 0.09 {
		t.Errorf("0.09 h is taken for %g", h)
	}
}

// TestSeen holds that what a run shows of its units adds up to its flow.
func TestSeen(t *testing.T) {
	b := build(t, lumped)
	in := forcing(t, b, week)
	flow := make([]float64, 5)
	s, sum := b.Start(), make([]float64, 5)
	b.Run(&s, in, flow, func(step, _ int, rain, _ float64, f *xaj.Flux, _ *xaj.State, out float64) {
		sum[step] += out
		if rain != in.Rain[0][step] || f.EP <= 0 {
			t.Errorf("step %d shows rain %g", step, rain)
		}
	})
	for i := range flow {
		if flow[i] != sum[i] {
			t.Errorf("step %d: %g and %g", i, flow[i], sum[i])
		}
	}
}

func FuzzReadTable(f *testing.F) {
	f.Add(week)
	f.Add("time,p\n2020-01-01T00:00:00+08:00,1\n")
	f.Add("\ufefftime,\"p\n")
	f.Add("time,p\n\"2020-01-01,1\n")
	f.Fuzz(func(t *testing.T, src string) {
		table, err := basin.ReadTable("f", strings.NewReader(src))
		if err != nil {
			return
		}
		for _, v := range table.Values {
			if len(v) != len(table.Times) {
				t.Fatalf("%d values, %d times", len(v), len(table.Times))
			}
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(lumped))
	f.Add([]byte("units: [{id: a, to: a}]"))
	f.Fuzz(func(t *testing.T, src []byte) {
		file, err := basin.Read("f", src)
		if err != nil {
			return
		}
		if _, err := file.Build(); err != nil {
			t.Fatalf("read and cannot be built: %v", err)
		}
	})
}

// TestOptionsReachTheModel holds that each choice of a basin file changes the flow.
func TestOptionsReachTheModel(t *testing.T) {
	lagged := strings.Replace(strings.Replace(lumped, "KE_h: 24", "L_h: 36, KE_h: 0", 1), "WD_mm: 20}", "WD_mm: 20, S_mm: 20, FR: 0.9, Q_m3s: 7}", 1)
	table, err := basin.ReadTable("forcing.csv", strings.NewReader(week))
	if err != nil {
		t.Fatal(err)
	}
	flow := func(options string) string {
		b := build(t, lagged+options)
		in, err := b.Forcing(table)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(run(t, b, in))
	}
	plain := flow("")
	if flow("options: {conventions: closed, excess: drain, free_water: curve, slice_mm: 5}\n") != plain {
		t.Error("the defaults, written out, are others")
	}
	for _, o := range []string{"conventions: reference", "excess: spill", "free_water: flat", "slice_mm: 2", "slice_mm: -1", "slice_runoff: true", "lag_from_zero: true", "network_km2: 300"} {
		if flow("options: {"+o+"}\n") == plain {
			t.Errorf("%s changes nothing", o)
		}
	}
}

// TestRainThatBeginsElsewhere holds that a day of rain from eight to eight is brought to the calendar's day, that the sum stays but for
// the step that is not known, and that what was read is not touched.
func TestRainThatBeginsElsewhere(t *testing.T) {
	src := func(begins string) string {
		return strings.Replace(lumped, "area_km2", "rain_begins_h: "+begins+"\narea_km2", 1)
	}
	table, err := basin.ReadTable("forcing.csv", strings.NewReader(week))
	if err != nil {
		t.Fatal(err)
	}
	later, err := build(t, src("8")).Forcing(table)
	if err != nil {
		t.Fatal(err)
	}
	if want := []float64{42.5 * 2 / 3, 18*2/3. + 42.5/3, 6, 0}; later.Steps() != 4 || later.Stamp(0) != "2020-06-02" || !near(later.Rain[0], want) {
		t.Errorf("rain from eight to eight: %v from %s, want %v", later.Rain[0], later.Stamp(0), want)
	}
	sooner, err := build(t, src("-6")).Forcing(table)
	if err != nil {
		t.Fatal(err)
	}
	if want := []float64{42.5 / 4, 42.5*3/4 + 18./4, 18 * 3 / 4., 0}; sooner.Steps() != 4 || sooner.Stamp(3) != "2020-06-04" || !near(sooner.Rain[0], want) || len(sooner.PET[0]) != 4 {
		t.Errorf("rain that began six hours sooner: %v to %s, want %v", sooner.Rain[0], sooner.Stamp(3), want)
	}
	if p, _ := table.Column("p"); p[1] != 42.5 || p[2] != 18 {
		t.Errorf("the table was changed to %v", p)
	}
}

func near(a, b []float64) bool {
	for i := range a {
		if len(a) != len(b) || math.Abs(a[i]-b[i]) > 1e-12 {
			return false
		}
	}
	return true
}

// TestFaultsNameTheLine holds that what cannot be is told with the line of its key, in the unit that it is of.
func TestFaultsNameTheLine(t *testing.T) {
	two := `name: two
dt_h: 24
units:
- {id: a, area_km2: 100, to: b}
- id: b
  area_km2: 190
  parameters:
    C: 0.1
    UM_mm: -4
parameters:
  KC: 0.9
` + strings.Join([]string{"UM_mm: 20", "LM_mm: 60", "C: 0.18", "WM_mm: 120", "B: 0.3", "IM: 0.01", "SM_mm: 30", "EX: 1.5", "KI_per_d: 0.57", "KG_per_d: 0.13", "CS_per_d: 0.2", "CI_per_d: 0.76", "CG_per_d: 0.98"}, "\n  ") + "\ninitial: {WU_mm: 1, WL_mm: 1, WD_mm: 1}\n"
	two = strings.Replace(two, "KC: 0.9\n", "KC: 0.9\n  ", 1)
	fine := strings.Replace(two, "UM_mm: -4", "UM_mm: 4", 1)
	for _, c := range []struct{ from, to, want string }{
		{"UM_mm: 4", "UM_mm: -4", "line 9: "},
		{"KC: 0.9", "KC: 9", "line 11: "},
		{"area_km2: 190", "area_km2: 0", "line 6"},
		{"dt_h: 24", "dt_h: 25", "line 2"},
		{"area_km2: 190", "area_km2: 190\n  gauges: {x: 0.4}", "line 7"},
		{"to: b", "to: c", "line 4"},
		{"dt_h: 24", "dt_h: 24\nrain_begins_h: -40", "line 3"},
		{"dt_h: 24", "dt_h: 24\noptions:\n  excess: gone", "line 4"},
		{"KC: 0.9", "KC: 0.9\n  KE_h: 1\n  XE: 0.5", "line 12"},
		{"WL_mm: 1", "WL_mm: 1000", "line 25: "},
	} {
		if !strings.Contains(fine, c.from) {
			t.Fatalf("%q is not in the file", c.from)
		}
		_, err := basin.Read("b.yaml", []byte(strings.Replace(fine, c.from, c.to, 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.to, err, c.want)
		}
	}
}
