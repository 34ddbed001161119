package sl651_test

import (
	"bytes"
	"testing"

	"anlan/internal/sl651"
)

// TestElements holds table C.1 by samples of each form, and as a whole: every row has a symbol of its own, names in both languages, and a place
// by its identifier.
func TestElements(t *testing.T) {
	symbols := map[string]bool{}
	last := sl651.ID(0)
	for _, e := range sl651.Elements() {
		if e.Symbol == "" || symbols[e.Symbol] || e.Name.Zh == "" || e.Name.En == "" || e.ID <= last {
			t.Errorf("%+v", e)
		}
		symbols[e.Symbol], last = true, e.ID
		if got, ok := sl651.ElementOf(e.ID); !ok || got != e {
			t.Errorf("%s is %+v", e.ID, got)
		}
	}
	if n := len(sl651.Elements()); n != 14+0x75 { // F0 to FD and 01 to 75
		t.Errorf("%d rows", n)
	}
	f := func(id sl651.ID, symbol, unit string, def byte) {
		t.Helper()
		if e, ok := sl651.ElementOf(id); !ok || e.Symbol != symbol || e.Unit != unit || e.Def() != def {
			t.Errorf("%s: %+v %02X", id, e, e.Def())
		}
	}
	f(0x20, "PJ", "mm", 0x19) // 20 is rain of the day,
	f(0x26, "PT", "mm", 0x19) // 26 cumulative rain, and not the other way round
	f(0x39, "Z", "m", 0x23)
	f(0x38, "VT", "V", 0x12)
	f(0x27, "Q", "m³/s", 0x2B)
	f(0x01, "AC", "m²", 0x22)
	f(0x46, "pH", "", 0x12)
	f(0x52, "SE", "mg/L", 0x25)
	f(0x60, "SYL1", "m³", 0x33)
	f(0x04, "DRxnn", "", 0x18)
	f(0x05, "DT", "HH.mm", 0x10)
	f(0x45, "ZT", "", 0x20)
	f(0xF0, "TT", "", 0xF0)
	f(0xF1, "ST", "", 0xF1)
	f(0xF4, "DRP", "mm", 0x60)
	f(0xFC, "DRZ8", "m", 0xC0)
	f(0xFD, "DATA", "", 0xF6)
	for _, id := range []sl651.ID{0, 0x76, 0xEF, 0xFE, 0xFF, 0xFF11} {
		if e, ok := sl651.ElementOf(id); ok {
			t.Errorf("%s is %+v", id, e)
		}
	}
}

func TestParameters(t *testing.T) {
	last := sl651.ID(0)
	for _, p := range sl651.Parameters() {
		if p.Name.Zh == "" || p.Name.En == "" || p.ID <= last {
			t.Errorf("%+v", p)
		}
		last = p.ID
	}
	if n := len(sl651.Parameters()); n != 15+0xA8-0x1F {
		t.Errorf("%d rows", n)
	}
	f := func(id sl651.ID, unit string, def byte) {
		t.Helper()
		if p, ok := sl651.ParameterOf(id); !ok || p.Unit != unit || p.Def() != def {
			t.Errorf("%s: %+v %02X", id, p, p.Def())
		}
	}
	f(0x01, "", 0x20)
	f(0x02, "", 0x28)
	f(0x03, "", 0x10)
	f(0x04, "", 0x00)
	f(0x0C, "", 0x08)
	f(0x0D, "", 0x40)
	f(0x20, "h", 0x08)
	f(0x28, "m", 0x23)
	f(0x30, "m", 0x1B)
	f(0x40, "m", 0x12)
	f(0x59, "kPa", 0x22)
	f(0x97, "", 0x00)
	f(0xA8, "m³", 0x33)
	if _, ok := sl651.ParameterOf(0xA9); ok {
		t.Error("A9 is reserved")
	}
}

func TestChannels(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		c, err := sl651.ParseChannel(bytesOf(t, in))
		if err != nil || c.String() != want {
			t.Errorf("%s: %v, %v, want %s", in, c, err, want)
		}
		if b, err := c.Append(nil); err != nil || !bytes.Equal(b, bytesOf(t, in)) {
			t.Errorf("%s written again: %X, %v", in, b, err)
		}
	}
	f("02 218094153172 009708", "218.94.153.172:9708")
	f("01 A13012345678", "13012345678")
	f("01 1391234567", "1391234567")
	f("00", "disabled")
	for _, bad := range []string{"", "07", "02 218094", "02 256094153172 009708", "02 218094153172 065536", "02 2180941531F2 009708", "01 1A", "01 F1"} {
		if c, err := sl651.ParseChannel(bytesOf(t, bad)); err == nil {
			t.Errorf("%q is %v", bad, c)
		}
	}
	if _, err := (sl651.Channel{Kind: sl651.SMS, To: "12x"}).Append(nil); err == nil {
		t.Error("12x is no number")
	}
	served, err := sl651.ParseServed(bytesOf(t, "0061200815 02 0061200820 15"))
	if err != nil || len(served) != 2 || served[1].Count != 15 || served[1].First.String() != "0061200820" {
		t.Errorf("%v %v", served, err)
	}
	if _, err := sl651.ParseServed(make([]byte, 7)); err == nil {
		t.Error("seven bytes are taken")
	}
}

func TestBits(t *testing.T) {
	// 00000400, as a published dialogue has it: the door is open, the pump has stopped.
	if s := sl651.Status(0x400); s.Has(sl651.DoorShut) || !s.Has(sl651.PumpStopped) || s.Has(sl651.BatteryLow) {
		t.Errorf("%X", s)
	}
	bitmap := bytesOf(t, "8001000000000004")
	var on []string
	for m := range sl651.Measured(64) {
		if sl651.Monitored(bitmap, m) {
			on = append(on, m.Name().En)
		}
	}
	if len(on) != 3 || on[0] != "rain" || on[1] != "level 1" || on[2] != "chlorophyll a" {
		t.Errorf("%q", on)
	}
	if sl651.CounterName(0).En != "stored data erased" || sl651.CounterName(17).En != "messages that could not be sent" || sl651.CounterName(18).En != "" {
		t.Error("counters")
	}
	for fc := range sl651.Function(255) {
		if (fc.Name().Zh != "") != fc.Standard() {
			t.Errorf("%s: %q, standard %v", fc, fc.Name().Zh, fc.Standard())
		}
	}
}
