package formula_test

import (
	"strings"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/programme/formula"
	"anlan/internal/quantity"

	"github.com/google/go-cmp/cmp"
)

func lookup(code string) (formula.Symbol, bool) {
	s, ok := map[string]formula.Symbol{
		"inv.done":   {Unit: "wan_yuan"},
		"inv.plan":   {Unit: "yi_yuan"},
		"river.km":   {Unit: "km"},
		"river.m":    {Unit: "m"},
		"pond.n":     {Unit: "reservoir"},
		"village.n":  {Unit: "village"},
		"fee.rate":   {Unit: "percent", Numerator: "wan_yuan", Denominator: "wan_yuan"},
		"wr.use":     {Unit: "yi_m3"},
		"wr.gdp":     {Unit: "yi_yuan"},
		"inv.target": {Unit: "wan_yuan"},
	}[code]
	return s, ok
}

var figures = map[string]string{
	"inv.done": "12290", "inv.plan": "2", "river.km": "3", "river.m": "500", "pond.n": "4", "village.n": "7", "fee.rate": "95.5", "wr.use": "2", "wr.gdp": "500", "inv.target": "20000",
}

func get(r formula.Ref) quantity.Null {
	if r.Shift != formula.Now {
		return quantity.Null{}
	}
	switch r.Part {
	case formula.Numerator:
		return quantity.Some(quantity.Int(19))
	case formula.Denominator:
		return quantity.Some(quantity.Int(20))
	}
	return quantity.Some(quantity.MustParse(figures[r.Code]))
}

func TestEval(t *testing.T) {
	f := func(source, unit, want string) {
		t.Helper()
		p, err := formula.Compile(source, lookup)
		if err == nil {
			err = p.Yields(unit)
		}
		if err != nil {
			t.Errorf("%s: %v", source, err)
			return
		}
		got, err := p.Eval(get)
		if err != nil || got.String() != want {
			t.Errorf("%s = %v, %v, want %s", source, got, err, want)
		}
	}
	f("percent(inv.done, inv.plan)", "percent", "61.45") // 万元 over 亿元, exactly
	f("inv.done + inv.plan", "wan_yuan", "32290")
	f("inv.done + inv.plan", "yi_yuan", "3.229")
	f("river.km + river.m", "m", "3500")
	f("1 / 3 * 3", "one", "1") // rounded once, at the end
	f("inv.done / inv.plan > 0.6 && pond.n == 4", "one", "1")
	f("wr.use / wr.gdp", "m3_per_wan_yuan", "40") // 2e8 m³ over 5e10 元
	f("prev(inv.done) + 1", "wan_yuan", "—")
	f("coalesce(prev(inv.done), 0)", "wan_yuan", "0")
	f("pond.n / 0", "reservoir", "—")
	f("percent(numerator(fee.rate), denominator(fee.rate))", "percent", "95")
	f(`plan("inv.target") - inv.done`, "wan_yuan", "7710")
	f("prev(pond.n) > 0 || pond.n > 0", "one", "1") // one side settles it
	f("prev(pond.n) > 0 && pond.n > 9", "one", "0") // likewise
	f("prev(pond.n) > 0 && pond.n > 0", "one", "—") // not known
	f("!(pond.n > 9)", "one", "1")
	f("max(river.km, river.m)", "km", "3")
	f("sum(pond.n, 1, 2)", "reservoir", "7")
	f("round(inv.done / inv.plan, 2)", "one", "0.61")
	f("abs(-river.km)", "km", "3")
}

func TestRefusals(t *testing.T) {
	f := func(source, unit string) {
		t.Helper()
		p, err := formula.Compile(source, lookup)
		if err == nil {
			err = p.Yields(unit)
		}
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", source, err)
		}
	}
	f("inv.done + river.km", "wan_yuan")
	f("pond.n + village.n", "reservoir") // counts of different things
	f("inv.done", "km")
	f("inv.done / inv.plan", "percent") // a share is not a percentage: say percent()
	f("no.such", "one")
	f("inv.done[0]", "one")
	f(`"text"`, "one")
	f("func() {}", "one")
	f("os.Exit(1)", "one")
	f("1e400", "one")
	f("inv.done %", "one")
	f("inv.done % 2", "one")
	f("prev(1)", "one")
	f("numerator(inv.done)", "one")
	f("plan(inv.target)", "one")
	f(strings.Repeat("(", 60)+"1"+strings.Repeat(")", 60), "one")
	f(strings.Repeat("-", 60)+"1", "one")
	f("1"+strings.Repeat("+1", 600), "one")
}

func TestOrder(t *testing.T) {
	compile := func(source string) *formula.Program {
		p, err := formula.Compile(source, func(string) (formula.Symbol, bool) { return formula.Symbol{Unit: "one"}, true })
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	got, err := formula.Order(map[string]*formula.Program{"a.a": compile("b.b + c.c"), "b.b": compile("c.c"), "d.d": compile("x.x")})
	if d := cmp.Diff([]string{"b.b", "a.a", "d.d"}, got); d != "" || err != nil {
		t.Error(d, err)
	}
	_, err = formula.Order(map[string]*formula.Program{"a.a": compile("b.b"), "b.b": compile("c.c"), "c.c": compile("a.a")})
	if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "a.a → b.b → c.c → a.a") {
		t.Errorf("got %v", err)
	}
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{"percent(inv.done, inv.plan)", "1 / 3", `plan("inv.target")`, "((((", "a.b.c"} {
		f.Add(s)
	}
	f.Fuzz(func(_ *testing.T, s string) {
		if p, err := formula.Compile(s, lookup); err == nil {
			p.Eval(get) //nolint:errcheck // only that it returns
		}
	})
}

func BenchmarkEval(b *testing.B) {
	p, err := formula.Compile("percent(inv.done, inv.plan)", lookup)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := p.Eval(get); err != nil {
			b.Fatal(err)
		}
	}
}
