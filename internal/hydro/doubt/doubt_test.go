package doubt_test

import (
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anlan/internal/hydro/basin"
	"anlan/internal/hydro/doubt"
)

// quiet is a record of days without rain whose flow is steady.
func quiet(days int) *doubt.Record {
	r := &doubt.Record{StepH: 24, Rain: make([]float64, days), PET: make([]float64, days), Runoff: make([]float64, days)}
	for i := range days {
		r.PET[i], r.Runoff[i] = 2, 0.1
	}
	return r
}

func excesses(t *testing.T, r *doubt.Record) []doubt.Excess {
	t.Helper()
	out, err := doubt.MoreThanFell(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func clashes(t *testing.T, r *doubt.Record) []doubt.Clash {
	t.Helper()
	out, err := doubt.Clashes(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestMoreThanFell holds that a flood without its rain is told, once, and that one with it is not, even where it is dated a day off.
func TestMoreThanFell(t *testing.T) {
	r := quiet(60)
	r.Runoff[30], r.Runoff[31] = 12, 9
	r.Rain[30] = 40
	if got := excesses(t, r); got != nil {
		t.Errorf("40 mm leave 21: %+v", got)
	}
	r.Rain[30], r.Rain[32] = 0, 40 // a day after the flood's last
	if got := excesses(t, r); len(got) != 1 || got[0].From != 30 || got[0].To != 30 {
		t.Errorf("a flood that begins two days before its rain: %+v", got)
	}
	r.Rain[32] = 0
	got := excesses(t, r)
	if len(got) != 1 || got[0].From != 30 || got[0].To != 31 || math.Abs(got[0].Runoff-20.8) > 1e-9 || got[0].Rain != 0 {
		t.Errorf("a flood without rain: %+v", got)
	}
	r.Runoff[31] = math.NaN()
	if got := excesses(t, r); len(got) != 1 || got[0].To != 30 {
		t.Errorf("a flood that is known in part: %+v", got)
	}
}

// TestClashes holds that a storm that left nothing is told by a lesser one that left much, and only where the lesser one is that.
func TestClashes(t *testing.T) {
	two := func(change func(r *doubt.Record)) []doubt.Clash {
		t.Helper()
		r := quiet(600)
		r.Rain[200], r.Rain[201] = 150, 60
		r.Rain[500] = 90
		r.Runoff[500], r.Runoff[501], r.Runoff[502] = 10, 12, 3
		change(r)
		return clashes(t, r)
	}
	got := two(func(*doubt.Record) {})
	if len(got) != 1 || got[0].Storm.From != 200 || got[0].Lesser.From != 500 || got[0].Storm.Rain != 210 || math.Abs(got[0].Lesser.Rise-24.7) > 1e-9 {
		t.Errorf("%+v", got)
	}
	for what, change := range map[string]func(r *doubt.Record){
		"a wet month before the lesser one": func(r *doubt.Record) {
			for i := 440; i < 500; i += 2 {
				r.Rain[i] = 9
			}
		},
		"a gentler storm":                       func(r *doubt.Record) { r.Rain[200], r.Rain[201], r.Rain[202] = 70, 70, 70 },
		"a storm that is not much greater":      func(r *doubt.Record) { r.Rain[201] = 0; r.Rain[500] = 110 },
		"a storm that left a fifth":             func(r *doubt.Record) { r.Runoff[201] = 6 },
		"a storm whose flow is not known":       func(r *doubt.Record) { r.Runoff[203] = math.NaN() },
		"a higher flow before the lesser one":   func(r *doubt.Record) { r.Runoff[499] = 0.2 },
		"rain on the day before the lesser one": func(r *doubt.Record) { r.Rain[499] = 80 },
	} {
		if got := two(change); got != nil {
			t.Errorf("%s: %+v", what, got)
		}
	}
}

func TestRefusesWhatCannotBe(t *testing.T) {
	for _, r := range []*doubt.Record{{StepH: 0}, {StepH: 24, Rain: []float64{1}}, {StepH: 48}} {
		if _, err := doubt.MoreThanFell(r); err == nil {
			t.Errorf("%+v is taken", r)
		}
		if _, err := doubt.Clashes(r); err == nil {
			t.Errorf("%+v is taken", r)
		}
	}
	if got := excesses(t, quiet(2)); got != nil {
		t.Errorf("%+v", got)
	}
}

// TestRealRecords holds what is found in four measured basins: nothing in Chengcun; the storm of October 2004 by the hour; and in the
// creek floods that came before their rain, from 1995 on and never before. The Lahn's are melting snow, which the check does not know.
func TestRealRecords(t *testing.T) {
	f := func(name, rain, pet, flow string, area, stepH float64, years, storms string) {
		t.Helper()
		file, err := os.Open(filepath.Join("..", "..", "..", "..", "shared", "hydro", "data", name))
		if err != nil {
			t.Skipf("the basins are not here: %v", err)
		}
		defer file.Close()
		src, err := io.ReadAll(file)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(src), ",") // whatever the first column is called there
		table, err := basin.ReadTable(name, strings.NewReader("time,"+rest))
		if err != nil {
			t.Fatal(err)
		}
		r := &doubt.Record{StepH: stepH}
		r.Rain, _ = table.Column(rain)
		r.PET, _ = table.Column(pet)
		q, _ := table.Column(flow)
		for _, v := range q {
			r.Runoff = append(r.Runoff, v*3.6*stepH/area)
		}
		var in, of []string
		for _, e := range excesses(t, r) {
			if y := table.Stamp(e.From)[:4]; len(in) == 0 || in[len(in)-1] != y {
				in = append(in, y)
			}
		}
		for _, c := range clashes(t, r) {
			of = append(of, table.Stamp(c.Storm.From)[:10])
		}
		if got := strings.Join(in, " "); got != years {
			t.Errorf("%s: more ran off than fell in %q, want %q", name, got, years)
		}
		if got := strings.Join(of, " "); got != storms {
			t.Errorf("%s: storms that left nothing: %q, want %q", name, got, storms)
		}
	}
	f("chengcun_daily.csv", "P_mean_mm", "pan_evap_mm", "Q_obs_m3s", 290, 24, "", "")
	f("hourly_920km2.csv", "P_mm", "PET_mm", "Q_m3s", 920, 1, "", "2004-10-19")
	f("usgs_02430680_daily.csv", "P_mm", "PET_mm", "Q_m3s", 339, 24, "1995 1996 1997", "")
	f("lahn_daily.csv", "P_lahn_marb_mm", "PETn_lahn_marb_mm", "Q_lahn_marb_m3s", 1666, 24, "1991 1996 2002 2005", "")
}
