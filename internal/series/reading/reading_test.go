package reading_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"anlan/internal/fault"
	"anlan/internal/quantity"
	"anlan/internal/series/reading"
	"anlan/internal/sl651"
)

// TestRegister holds the register together: numbers and codes once, each element one that SL 651 has, with its unit.
func TestRegister(t *testing.T) {
	codes, elements, columns := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i, q := range reading.All() {
		if int(q.ID) != i+1 || codes[q.Code] || q.Name.Zh == "" || q.Name.En == "" || q.Least >= q.Most {
			t.Errorf("row %d: %+v", i+1, q)
		}
		codes[q.Code] = true
		for _, c := range q.Columns {
			if columns[c] {
				t.Errorf("column %s stands twice", c)
			}
			columns[c] = true
		}
		if q.Element == "" {
			continue
		}
		if elements[q.Element] {
			t.Errorf("element %s stands twice", q.Element)
		}
		elements[q.Element] = true
		var id sl651.ID
		for _, e := range sl651.Elements() {
			if e.ID.String() == q.Element {
				id = e.ID
				if e.Unit != q.Unit || int(e.Decimals) != q.Decimals {
					t.Errorf("%s: %s with %d decimals, element %s has %s with %d", q.Code, q.Unit, q.Decimals, q.Element, e.Unit, e.Decimals)
				}
			}
		}
		if id == 0 {
			t.Errorf("%s: SL 651 has no element %s", q.Code, q.Element)
		}
	}
	for id, code := range map[reading.ID]string{
		reading.Level: "level", reading.Rain: "rain", reading.RainCounter: "rain_counter", reading.UpperLevel: "upper_level", reading.Storage: "storage",
		reading.Tide: "tide", reading.Voltage: "voltage", reading.GateOpening: "gate_opening", reading.Groundwater: "groundwater_depth",
		reading.Evaporation: "evaporation", reading.SoilMoisture: "soil_moisture", reading.RainDay: "rain_day", reading.RainSoFar: "rain_so_far",
		reading.LowerLevel: "lower_level", reading.Inflow: "inflow", reading.Outflow: "outflow", reading.Flow: "flow",
	} {
		if q, ok := reading.ByID(id); !ok || q.Code != code {
			t.Errorf("number %d is %q, want %q", id, q.Code, code)
		}
	}
	if q, ok := reading.ByElement("1f"); !ok || q.ID != reading.RainDay {
		t.Errorf("element 1f: %+v", q)
	}
	if q, ok := reading.ByColumn("st_rsvr_r", "rz"); !ok || q.ID != reading.UpperLevel {
		t.Errorf("column: %+v", q)
	}
	if _, ok := reading.ByID(0); ok {
		t.Error("there is no quantity 0")
	}
}

func TestWhatCounts(t *testing.T) {
	f := func(f reading.Flag, counts, doubted bool) {
		t.Helper()
		if f.Counts() != counts || f.Doubted() != doubted {
			t.Errorf("%v: counts %v, doubted %v", f.Codes(), f.Counts(), f.Doubted())
		}
	}
	f(0, true, false)
	f(reading.Absent, false, false)
	f(reading.Range, false, true)
	f(reading.Clock, false, true)
	f(reading.Overlap, false, true)
	f(reading.Rate, true, true)
	f(reading.Rollover, true, false)
	f(reading.Range|reading.Accepted, true, false)
	f(reading.Stuck|reading.Rejected, false, false)
	f(reading.Range|reading.Corrected, true, false)
	if d := cmp.Diff([]string{"rate", "accepted"}, (reading.Rate | reading.Accepted).Codes()); d != "" {
		t.Error(d)
	}
	if len(reading.FlagNames()) != 13 {
		t.Error("a flag has no name")
	}
}

func TestCheck(t *testing.T) {
	ok := reading.Reading{Object: 1, Quantity: reading.Rain, At: time.Date(2026, 7, 1, 8, 0, 0, 999, time.FixedZone("", 8*3600)), Span: time.Hour, Value: quantity.Some(1)}
	r := ok
	if err := r.Check(); err != nil || r.At != time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC) {
		t.Errorf("%v, %v", r.At, err)
	}
	f := func(name string, change func(r *reading.Reading)) {
		t.Helper()
		r := ok
		change(&r)
		if err := r.Check(); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f("object", func(r *reading.Reading) { r.Object = 0 })
	f("quantity", func(r *reading.Reading) { r.Quantity = 999 })
	f("year", func(r *reading.Reading) { r.At = time.Time{} })
	f("negative span", func(r *reading.Reading) { r.Span = -1 })
	f("span of an instant", func(r *reading.Reading) { r.Quantity = reading.Level })
	r = ok
	r.Value = quantity.Null{Decimal: 5}
	if err := r.Check(); err != nil || r.Flags != reading.Absent || r.Value.Decimal != 0 || r.Point().Counts() {
		t.Errorf("absent: %+v, %v", r, err)
	}
}
