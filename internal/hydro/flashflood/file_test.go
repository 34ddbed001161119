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
	f("wetness:", "wet:", "field wet not found")
	f("rating: {level_m: [100, 101, 103], flow_m3s: [0, 20, 90]}\n", "", "one of the two")
	f("[0, 20, 90]", "[0, 20, 10]", "point 3 of the rating")
	f("move_m: 102", "move_m: 100.5", "do not rise")
	f("windows_h: [1, 3]\n", "", "are needed")
	f("SM_mm: 20", "SM_mm: -2", "SM: -2 is not within")
	f("dt_h: 1", "dt_h: soon", "cannot be read")
}
