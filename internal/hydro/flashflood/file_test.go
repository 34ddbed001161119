package flashflood_test

import (
	"strings"
	"testing"

	"anlan/internal/hydro/flashflood"
)

const villageFile = `name: made up
dt_h: 1
area_km2: 25
parameters: {KC: 1, UM_mm: 20, LM_mm: 60, C: 0.15, WM_mm: 110, B: 0.3, IM: 0.02, SM_mm: 20, EX: 1.2, KI_per_d: 0.4, KG_per_d: 0.3, CS_per_d: 0.0001, CI_per_d: 0.6, CG_per_d: 0.98}
base_flow_m3s: 0.5
rating: {level_m: [100, 101, 103], flow_m3s: [0, 20, 90]}
stages: {ready_m: 101, move_m: 102}
windows_h: [1, 3]
wetness: [0.5]
`

func TestReadRefusesWithThePlace(t *testing.T) {
	if _, v, err := flashflood.Read("v.yaml", []byte(villageFile)); err != nil || v.Ready != 20 || v.Move != 55 {
		t.Fatalf("%+v, %v", v, err)
	}
	f := func(from, to, want string) {
		t.Helper()
		_, _, err := flashflood.Read("v.yaml", []byte(strings.Replace(villageFile, from, to, 1)))
		if err == nil || !strings.Contains(err.Error(), "v.yaml") || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q: %v", want, err)
		}
	}
	f("wetness:", "wet:", "line 9: there is no key wet here")
	f("rating: {level_m: [100, 101, 103], flow_m3s: [0, 20, 90]}\n", "", "one of the two")
	f("[0, 20, 90]", "[0, 20, 10]", "v.yaml line 6: flashflood.rating: point 3 of the rating")
	f("move_m: 102", "move_m: 100.5", "v.yaml line 7: flashflood.stage: the flows of the stages do not rise")
	f("windows_h: [1, 3]\n", "", "v.yaml line 1: missing, which is not zero: windows_h")
	f("move_m: 102", "move_m: 104", "v.yaml line 7: flashflood.stage: a stage of 104 m is above the highest point that is known, 103 m")
	f("rating: {level_m: [100, 101, 103], flow_m3s: [0, 20, 90]}", "section: {x_m: [0, 5], z_m: [104, 100, 104], slope: 0.01, manning_n: 0.04}", "v.yaml line 6: flashflood.section: 2 distances and 3 heights")
	f("windows_h: [1, 3]", "windows_h: []", "are needed")
	f("ready_m: 101, ", "", "v.yaml line 7: missing, which is not zero: ready_m")
	f("SM_mm: 20", "SM_mm: -2", "v.yaml line 4: xaj.parameter: the parameters of the Xinanjiang model do not hold; SM: -2 is not within")
	f("dt_h: 1", "dt_h: soon", "cannot be read")
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(villageFile))
	f.Add([]byte(strings.Replace(villageFile, "rating: {level_m: [100, 101, 103], flow_m3s: [0, 20, 90]}", "section: {x_m: [0, 5, 10], z_m: [104, 100, 104], slope: 0.01, manning_n: 0.04}", 1)))
	f.Add([]byte("windows_h: [.nan]"))
	f.Fuzz(func(t *testing.T, src []byte) {
		file, v, err := flashflood.Read("f", src)
		if err == nil && (file == nil || !(v.Move >= v.Ready)) {
			t.Fatalf("taken with stages %+v", v)
		}
	})
}
