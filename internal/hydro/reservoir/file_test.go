package reservoir_test

import (
	"strings"
	"testing"

	"anlan/internal/hydro/reservoir"
)

const curveFile = "level_m,note,storage_1e8m3,outflow_m3s\n100,a,0.02,0\n105,b,0.1,120\n110,c,0.25,300\n"

func TestReadCurve(t *testing.T) {
	c, err := reservoir.ReadCurve("c.csv", strings.NewReader("\ufeff"+curveFile))
	if err != nil {
		t.Fatal(err)
	}
	if v, ok := c.StorageAt(105); !ok || v != 10 {
		t.Errorf("%g million m³ at 105 m", v)
	}
	f := func(from, to, want string) {
		t.Helper()
		_, err := reservoir.ReadCurve("c.csv", strings.NewReader(strings.Replace(curveFile, from, to, 1)))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", to, err, want)
		}
	}
	f(curveFile, "", "c.csv is empty")
	f("storage_1e8m3", "storage", "c.csv line 1: level_m, outflow_m3s and one of")
	f("note", "storage_m3", "line 1: the columns storage_m3 and storage_1e8m3 stand for the same")
	f("120", "much", `c.csv line 3, column outflow_m3s: "much" is no number`)
	f("120", "", `line 3, column outflow_m3s: "" is no number`)
	f("105,", "NaN,", "c.csv line 3: reservoir.curve: point 2 of the curve cannot be")
	f("0.25", "0.05", "c.csv line 4: reservoir.curve: the curve does not rise at point 3")
	f("110,c,0.25,300\n", "110,c,0.25\n", "line 4")
	f("105,b,0.1,120\n110,c,0.25,300\n", "", "at least 2 points")
}

func FuzzReadCurve(f *testing.F) {
	f.Add(curveFile)
	f.Add("level_m,storage_m3,outflow_m3s\n\"1\n\",2,3\n")
	f.Fuzz(func(t *testing.T, src string) {
		c, err := reservoir.ReadCurve("f", strings.NewReader(src))
		if err == nil && c == nil {
			t.Fatal("neither a curve nor an error")
		}
	})
}
