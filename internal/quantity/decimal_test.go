package quantity

import (
	"encoding/json"
	"errors"
	"testing"
)

func TestParseAndString(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		d, err := Parse(in)
		if err != nil || d.String() != want {
			t.Errorf("Parse(%q) = %v, %v, want %s", in, d, err, want)
		}
	}
	f("0", "0")
	f("-0.5", "-0.5")
	f("+12.300", "12.3")
	f(".5", "0.5")
	f("00012", "12")
	f("9223372036854.775807", "9223372036854.775807")
	for _, bad := range []string{"", "-", ".", "1.", "1,000", "1e3", "一", "9223372036854.775808", "１"} {
		if d, err := Parse(bad); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", bad, d)
		}
	}
	if _, err := Parse("0.1234567"); !errors.Is(err, ErrPrecision) {
		t.Errorf("seven decimals: %v", err)
	}
}

func TestRoundHalfAwayFromZero(t *testing.T) {
	f := func(in string, places int, want string) {
		t.Helper()
		if got := MustParse(in).Fixed(places); got != want {
			t.Errorf("Fixed(%s, %d) = %s, want %s", in, places, got, want)
		}
	}
	f("61.45", 1, "61.5") // inconsistencies.csv I16: half goes up, not to even
	f("-61.45", 1, "-61.5")
	f("65.1499", 1, "65.1") // I04: rounding once, never 65.15 then 65.2
	f("0.5", 0, "1")
	f("1234", 2, "1234.00")
}

func TestPercentOfExactFigures(t *testing.T) {
	f := func(num, den, want string) {
		t.Helper()
		p, ok := MustParse(num).Percent(MustParse(den))
		if !ok || p.Fixed(1) != want {
			t.Errorf("%s/%s = %s, %v, want %s", num, den, p.Fixed(1), ok, want)
		}
	}
	f("241684", "370111", "65.3") // I03, from 万元, not from the rounded 亿元
	f("72656", "98826", "73.5")
	f("568.9", "500", "113.8") // never clamped
	f("-1", "3", "-33.3")
	if _, ok := Int(1).Percent(0); ok {
		t.Error("percent of nothing must not be a figure")
	}
}

func TestFromFloat(t *testing.T) {
	f := func(in float64, want string) {
		t.Helper()
		d, err := FromFloat(in)
		if err != nil || d.String() != want {
			t.Errorf("FromFloat(%v) = %v, %v, want %s", in, d, err, want)
		}
	}
	f(0.1+0.2, "0.3")
	f(12290, "12290")
	f(1.005, "1.005")
}

func TestNullJSON(t *testing.T) {
	var n Null
	if err := json.Unmarshal([]byte("1.5e3"), &n); err != nil || n.String() != "1500" {
		t.Errorf("got %v, %v", n, err)
	}
	if err := json.Unmarshal([]byte("null"), &n); err != nil || n.Valid {
		t.Errorf("got %v, %v", n, err)
	}
	if b, _ := json.Marshal(Null{}); string(b) != "null" {
		t.Errorf("got %s", b)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("-12.5")
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Parse(s)
		if err != nil {
			return
		}
		if again, err := Parse(d.String()); err != nil || again != d {
			t.Errorf("%q -> %v -> %v, %v", s, d, again, err)
		}
	})
}
