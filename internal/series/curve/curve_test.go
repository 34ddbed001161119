package curve_test

import (
	"errors"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/quantity"
	"anlan/internal/series/curve"
)

func dec(s string) quantity.Decimal { return quantity.MustParse(s) }

func some(s string) quantity.Null { return quantity.Some(dec(s)) }

func lake() curve.Curve {
	return curve.Curve{Points: []curve.Point{{dec("40"), 0}, {dec("45"), dec("2.5")}, {dec("50"), dec("10")}}, Normal: some("48"), Dead: some("42"), Total: some("12")}
}

func TestStorageAt(t *testing.T) {
	c := lake()
	f := func(level, want string) {
		t.Helper()
		got := "absent"
		if s, ok := c.StorageAt(dec(level)); ok {
			got = s.String()
		}
		if got != want {
			t.Errorf("%s m: %s, want %s", level, got, want)
		}
	}
	f("39.999", "absent") // below the curve is not empty
	f("40", "0")
	f("42.5", "1.25")
	f("45", "2.5")
	f("47.001", "5.5015")
	f("50", "10")
	f("50.001", "absent") // above it is not full
	if n := c.NormalStorage(); n.String() != "7" {
		t.Errorf("at its normal level it holds %s", n)
	}
	if c.Normal = (quantity.Null{}); c.NormalStorage().Valid {
		t.Error("without a normal level there is no normal storage")
	}
}

func TestCheck(t *testing.T) {
	f := func(place string, change func(c *curve.Curve)) {
		t.Helper()
		c := lake()
		change(&c)
		err := c.Check()
		var bad *fault.Error
		switch {
		case place == "" && err != nil:
			t.Error(err)
		case place != "" && (!errors.As(err, &bad) || bad.Fields[0].Place != place):
			t.Errorf("want a fault at %s, got %v", place, err)
		}
	}
	f("", func(*curve.Curve) {})
	f("points", func(c *curve.Curve) { c.Points = c.Points[:1]; c.Normal.Valid = false })
	f("points[1]", func(c *curve.Curve) { c.Points[1].Level = dec("40") })
	f("points[2]", func(c *curve.Curve) { c.Points[2].Storage = dec("2.4") })
	f("points[0]", func(c *curve.Curve) { c.Points[0].Storage = dec("-1") })
	f("normal_level_m", func(c *curve.Curve) { c.Normal = some("41") })
	f("normal_level_m", func(c *curve.Curve) { c.Normal = some("51") })
	f("total_storage_1e6m3", func(c *curve.Curve) { c.Total = some("0") })
}

func TestGain(t *testing.T) {
	f := func(from, to string, seconds int64, want string) {
		t.Helper()
		got := "absent"
		if q, ok := curve.Gain(dec(from), dec(to), seconds); ok {
			got = q.String()
		}
		if got != want {
			t.Errorf("%s to %s in %d s: %s, want %s", from, to, seconds, got, want)
		}
	}
	f("10", "10.36", 3600, "100")
	f("10.36", "10", 3600, "-100")
	f("10", "11", 0, "absent")
	f("10000", "50000", 3600, "11111111.111111")
}
