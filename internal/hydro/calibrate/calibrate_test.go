package calibrate_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"anlan/internal/hydro/basin"
	"anlan/internal/hydro/calibrate"
	"anlan/internal/hydro/optimize"
	"anlan/internal/hydro/verify"
)

const truth = `name: made up
dt_h: 24
area_km2: 300
parameters: {KC: 0.9, UM_mm: 18, LM_mm: 65, C: 0.15, WM_mm: 130, B: 0.35, IM: 0.01, SM_mm: 25, EX: 1.2, KI_per_d: 0.4, KG_per_d: 0.3,
  CS_per_d: 0.1, CI_per_d: 0.6, CG_per_d: 0.98, CR_per_d: 0.1, L_h: 12}
initial: {WU_mm: 10, WL_mm: 40, WD_mm: 30, Q_m3s: 3}
`

// made is a basin with two years of made-up weather and the flow that the truth gives, the first months not counted.
func made(t *testing.T) (*basin.File, *basin.Forcing, []float64) {
	t.Helper()
	f, err := basin.Read("truth.yaml", []byte(truth))
	if err != nil {
		t.Fatal(err)
	}
	b, err := f.Build()
	if err != nil {
		t.Fatal(err)
	}
	var csv strings.Builder
	csv.WriteString("time,p,pet\n")
	random, day := rand.New(rand.NewPCG(1, 1)), time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 730 {
		p := "0"
		if random.Float64() < 0.35 {
			p = strconv.FormatFloat(40*random.Float64()*random.Float64(), 'f', 1, 64)
		}
		csv.WriteString(day.AddDate(0, 0, i).Format(time.DateOnly) + "," + p + ",2.5\n")
	}
	table, err := basin.ReadTable("made.csv", strings.NewReader(csv.String()))
	if err != nil {
		t.Fatal(err)
	}
	in, err := b.Forcing(table)
	if err != nil {
		t.Fatal(err)
	}
	flow, s := make([]float64, 730), b.Start()
	b.Run(&s, in, flow, nil)
	for i := range 60 {
		flow[i] = math.NaN()
	}
	return f, in, flow
}

// TestFindsTheTruth begins elsewhere and finds parameters that give the same flow, by each objective and the same with each seed.
func TestFindsTheTruth(t *testing.T) {
	f, in, observed := made(t)
	for _, by := range calibrate.Objectives() {
		task := calibrate.Task{File: f, Forcing: in, Observed: observed, Free: calibrate.Frees(f), By: by, Settings: optimize.Settings{Seed: 5, Complexes: 4, Evaluations: 2500}}
		r, err := calibrate.Run(t.Context(), task)
		if err != nil {
			t.Fatal(err)
		}
		b, err := r.Basin.Build()
		if err != nil {
			t.Fatal(err)
		}
		flow, s := make([]float64, len(observed)), b.Start()
		b.Run(&s, in, flow, nil)
		score, err := verify.Compare(observed, flow)
		if err != nil {
			t.Fatal(err)
		}
		if score.KGE < 0.8 || score.NSE < 0.7 {
			t.Errorf("%s: NSE %.3f, KGE %.3f after %d evaluations (%s)", by, score.NSE, score.KGE, r.Evaluations, r.Reason)
		}
		if p := r.Basin.Parameters; p.KI+p.KG >= 1 || p.WM < p.UM+p.LM {
			t.Errorf("%s: %+v", by, p)
		}
	}
}

func TestRefusesWhatCannotBe(t *testing.T) {
	f, in, observed := made(t)
	task := calibrate.Task{File: f, Forcing: in, Observed: observed[:5], Free: calibrate.Frees(f), By: calibrate.NSE}
	if _, err := calibrate.Run(t.Context(), task); err == nil {
		t.Error("two lengths are taken")
	}
	task.Observed = observed
	task.By = "luck"
	if _, err := calibrate.Run(t.Context(), task); err == nil || !strings.Contains(err.Error(), `no objective "luck"`) {
		t.Errorf("%v", err)
	}
	task.By = calibrate.NSE
	if err := calibrate.Bound(task.Free, "SM_mm", -5, 50); err != nil {
		t.Fatal(err)
	}
	if _, err := calibrate.Run(t.Context(), task); err == nil || !strings.Contains(err.Error(), "SM: -5 is not within 0.1 to 500 mm") {
		t.Errorf("%v", err)
	}
	task.Free = calibrate.Frees(f)
	gaps := make([]float64, len(observed))
	for i := range gaps {
		gaps[i] = math.NaN()
	}
	task.By, task.Observed = calibrate.NSE, gaps
	if _, err := calibrate.Run(t.Context(), task); err == nil || !strings.Contains(err.Error(), "only 0 observed") {
		t.Errorf("%v", err)
	}
}

// TestBoundsAndMembers holds that a fixed quantity stays, and that the ensemble is near the best, apart, written, and a band.
func TestBoundsAndMembers(t *testing.T) {
	f, in, observed := made(t)
	free := calibrate.Frees(f)
	if err := calibrate.Bound(free, "SM_mm", 25, 25); err != nil {
		t.Fatal(err)
	}
	if err := calibrate.Bound(free, "SN_mm", 1, 2); err == nil || !strings.Contains(err.Error(), "SM_mm") {
		t.Errorf("%v", err)
	}
	task := calibrate.Task{File: f, Forcing: in, Observed: observed, Free: free, By: calibrate.Multi, Members: 8, Within: 0.5, Settings: optimize.Settings{Seed: 2, Complexes: 4, Evaluations: 2000}}
	r, err := calibrate.Run(t.Context(), task)
	if err != nil {
		t.Fatal(err)
	}
	if sm := r.Basin.Parameters.SM; sm != 25 {
		t.Errorf("SM moved to %g", sm)
	}
	text, err := r.Basin.Write()
	if err != nil {
		t.Fatal(err)
	}
	again, err := basin.Read("best.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	members, err := calibrate.Members(again)
	if err != nil || len(members) != 8 {
		t.Fatalf("%d members, %v", len(members), err)
	}
	low, high, err := calibrate.Band(again, in, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	inside, of := 0, 0
	for i, o := range observed {
		if !math.IsNaN(o) {
			of++
			if low[i] <= o && o <= high[i] {
				inside++
			}
		}
	}
	if share := float64(inside) / float64(of); share < 0.85 {
		t.Errorf("the band of 0.9 holds %.2f of the flows it was made of", share)
	}
	again.Ensemble.Members[3] = again.Ensemble.Members[3][:2]
	if _, err := calibrate.Members(again); err == nil || !strings.Contains(err.Error(), "members[3]") {
		t.Errorf("%v", err)
	}
	if _, _, err := calibrate.Band(f, in, 0.9); err == nil {
		t.Error("a band of no ensemble")
	}
	few := make([]float64, len(observed))
	for i := range few {
		if few[i] = math.NaN(); i >= 100 && i < 130 {
			few[i] = observed[i]
		}
	}
	task.Observed = few
	task.Settings.Progress = func(optimize.Progress) { t.Error("a search began whose ensemble could not be kept") }
	if _, err := calibrate.Run(t.Context(), task); err == nil || !strings.Contains(err.Error(), "30 observed steps") {
		t.Errorf("%v", err)
	}
}
