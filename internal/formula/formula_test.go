package formula_test

import (
	"errors"
	"strings"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/formula"
	"anlan/internal/quantity"

	"github.com/google/go-cmp/cmp"
)

func lookup(r formula.Ref) (formula.Symbol, bool) {
	s, ok := map[string]formula.Symbol{
		"inv.done":     {Unit: "wan_yuan"},
		"inv.plan":     {Unit: "yi_yuan"},
		"river.km":     {Unit: "km"},
		"river.m":      {Unit: "m"},
		"pond.n":       {Unit: "reservoir"},
		"village.n":    {Unit: "village"},
		"fee.rate":     {Unit: "percent", Numerator: "wan_yuan", Denominator: "wan_yuan"},
		"wr.use":       {Unit: "yi_m3"},
		"wr.gdp":       {Unit: "yi_yuan"},
		"inv.target":   {Unit: "wan_yuan"},
		"works.rate":   {Unit: "percent"},
		"growth.delta": {Unit: "point"},
		"hydro.5plus1": {Unit: "reservoir"},
		"proj.type":    {Unit: "reservoir"},
		"res.w":        {Unit: "wan_m3"},
		"no.unit":      {Unit: "furlong"},
	}[r.Code]
	return s, ok
}

var figures = map[string]string{
	"works.rate": "90", "growth.delta": "-2.5", "hydro.5plus1": "6", "proj.type": "8", "res.w": "35000",
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
	f("fee.rate - works.rate", "point", "5.5") // the difference of two rates is in points
	f("works.rate + growth.delta", "percent", "87.5")
	f("100 - works.rate", "percent", "10")                               // what is left of the whole
	f(`"hydro.5plus1" + "proj.type"`, "reservoir", "14")                 // codes that Go cannot read
	f("pond.n / village.n", "one", "0.571429")                           // a mean of one thing per other
	f("(pond.n > 3) + (village.n > 9) + (river.km >= 3)", "county", "2") // how many hold
	f("2 * (inv.done / inv.plan)", "one", "1.229")
	f("1 / (inv.done / inv.plan)", "one", "1.627339")
	f("round(0.0000005, 6) == 0.000001", "one", "1")
	f("-1 / 3", "one", "-0.333333")
	f("-0.5 / 1000000", "one", "-0.000001") // half away from zero
	f("0.4 / 1000000", "one", "0")
	f("min(prev(pond.n), pond.n)", "reservoir", "—")
	f("prev(numerator(fee.rate)) + 1", "wan_yuan", "—")
	f("numerator(lastyear(fee.rate))", "wan_yuan", "—")
	f("coalesce(prev(inv.done), lastyear(inv.done), inv.plan)", "wan_yuan", "20000")
	f("percent(0, pond.n - 4)", "percent", "—")
	f("010", "one", "10") // decimal whatever it looks like
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
	f("2 * (inv.done / inv.plan)", "wan_yuan") // a share times a number is still a share
	f("1 / (inv.done / inv.plan)", "wan_yuan")
	f("fee.rate - works.rate", "percent") // points are not percent
	f("growth.delta - works.rate", "point")
	f("works.rate > growth.delta", "one")
	f("percent(pond.n, village.n)", "percent")
	f("inv.done && pond.n", "one") // money is no truth
	f("!inv.done", "one")
	f("inv.done * inv.plan", "yi_yuan")
	f("river.km / pond.n", "km")
	f("no.unit", "one")
	f("inv.done", "furlong")
	f("prev(prev(inv.done))", "wan_yuan")
	f("numerator(denominator(fee.rate))", "wan_yuan")
	f("prev(inv.done + 1)", "wan_yuan")
	f("prev(plan(\"inv.target\"))", "wan_yuan")
	f("\"sum\"(pond.n)", "reservoir")
	f("sum(pond.n...)", "reservoir")
	f("sum()", "reservoir")
	f("coalesce(pond.n)", "reservoir")
	f("round(pond.n, 7)", "reservoir")
	f("round(pond.n, village.n)", "reservoir")
	f("0x10", "one")
	f("1_000", "one")
	f("1e3", "one")
	f("2i", "one")
	f("'a'", "one")
	f("<-pond.n", "one")
	f("[]int{1}", "one")
	f("(pond).n", "one")
	f("", "one")
	f("1 // and a remark that is too long"+strings.Repeat("!", 2000), "one")
	f(strings.Repeat("(", 60)+"1"+strings.Repeat(")", 60), "one")
	f(strings.Repeat("-", 60)+"1", "one")
	f("1"+strings.Repeat("+1", 600), "one")
}

func TestErrorsNamePositionAndReason(t *testing.T) {
	f := func(source, unit, zh, en string) {
		t.Helper()
		p, err := formula.Compile(source, lookup)
		if err == nil {
			err = p.Yields(unit)
		}
		var got *fault.Error
		if !errors.As(err, &got) {
			t.Fatalf("%s: %v", source, err)
		}
		if d := cmp.Diff(fault.T(zh, en), got.Text); d != "" {
			t.Error(d)
		}
	}
	f("inv.done + river.km", "", "第 12 字符：“万元”与“公里”不能相加减", "at character 12: “CNY 10k” and “km” cannot be added")
	f(`"投资" + x.y`, "", "第 1 字符：没有指标 投资", "at character 1: there is no indicator 投资")
	f(`inv.done + "投资"`, "", "第 12 字符：没有指标 投资", "at character 12: there is no indicator 投资")
	f(`plan("inv.target") + "投" + `, "", "第 28 字符：写法有误，公式无法读取", "at character 28: the formula cannot be read: expected operand, found 'EOF'")
	f("inv.done", "km", "公式得出的是“万元”，指标单位是“公里”", "the formula yields “CNY 10k”, the indicator is in “km”")
	f("inv.done / inv.plan", "percent", "公式得出的是“无单位数”，指标单位是“%”", "the formula yields a plain number, the indicator is in “%”")
}

func TestRefs(t *testing.T) {
	p, err := formula.Compile(`prev(numerator(fee.rate)) + plan("inv.target") + lastyear(inv.done) + inv.done + inv.done`, lookup)
	if err != nil {
		t.Fatal(err)
	}
	want := []formula.Ref{
		{Code: "fee.rate", Shift: formula.Prev, Part: formula.Numerator},
		{Code: "inv.target", Part: formula.Plan},
		{Code: "inv.done", Shift: formula.LastYear},
		{Code: "inv.done"},
	}
	if d := cmp.Diff(want, p.Refs()); d != "" {
		t.Error(d)
	}
}

// TestOverflowIsAnError multiplies the largest figure until it does not fit.
func TestOverflowIsAnError(t *testing.T) {
	p, err := formula.Compile("inv.done * 9223372036854 * 9223372036854", lookup)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := p.Eval(get); !errors.Is(err, quantity.ErrRange) || v.Valid {
		t.Errorf("got %v, %v", v, err)
	}
	p, err = formula.Compile("inv.done * 9223372036854 / 9223372036854", lookup)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := p.Eval(get); err != nil || v.String() != "12290" { // only the result must fit
		t.Errorf("got %v, %v", v, err)
	}
}

// TestTrap13VolumesOfDifferentScale adds 万方 to 亿立方米: telemetry and project tables write volumes on different scales.
func TestTrap13VolumesOfDifferentScale(t *testing.T) {
	p, err := formula.Compile("wr.use + res.w", lookup)
	if err == nil {
		err = p.Yields("wan_m3")
	}
	if err != nil {
		t.Fatal(err)
	}
	if v, err := p.Eval(get); err != nil || v.String() != "55000" {
		t.Errorf("got %v, %v", v, err)
	}
}

// TestEachPartIsEvaluatedOnce would not end if a nested call were evaluated more than once by the one above.
func TestEachPartIsEvaluatedOnce(t *testing.T) {
	for _, name := range []string{"abs(%s)", "round(%s, 6)", "-(%s)", "coalesce(prev(pond.n), %s)", "max(%s, 1)"} {
		source := "pond.n"
		for range 45 {
			if next := strings.Replace(name, "%s", source, 1); len(next) <= formula.MaxLength {
				source = next
			}
		}
		p, err := formula.Compile(source, lookup)
		if err != nil {
			if strings.HasPrefix(name, "-") {
				continue // a sign and a bracket are two levels
			}
			t.Fatal(name, err)
		}
		calls := 0
		v, err := p.Eval(func(r formula.Ref) quantity.Null {
			calls++
			return get(r)
		})
		if err != nil || v.String() != "4" || calls > 50 {
			t.Errorf("%s: %v, %v, %d calls", name, v, err, calls)
		}
	}
}

func TestOrder(t *testing.T) {
	compile := func(source string) *formula.Program {
		p, err := formula.Compile(source, func(formula.Ref) (formula.Symbol, bool) { return formula.Symbol{Unit: "one"}, true })
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
	_, err = formula.Order(map[string]*formula.Program{"a.a": compile("prev(a.a) + 1")})
	if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "a.a → a.a") { // its past has no beginning
		t.Errorf("got %v", err)
	}
	got, err = formula.Order(map[string]*formula.Program{"a.a": compile(`plan("a.a") + b.b`)})
	if d := cmp.Diff([]string{"a.a"}, got); d != "" || err != nil { // a target of its own is no figure
		t.Error(d, err)
	}
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{
		"percent(inv.done, inv.plan)", "1 / 3", `plan("inv.target")`, "((((", "a.b.c", "!!-pond.n && 1 || 0", "abs(abs(abs(river.km)))",
		"round(inv.done / 7, 2)", "coalesce(prev(numerator(fee.rate)), 0)", "func() { for {} }()", "[...]int{}", `"投资`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := formula.Compile(s, lookup)
		if err != nil {
			var known *fault.Error
			if !errors.As(err, &known) || known.Text.Zh == "" || known.Text.En == "" {
				t.Fatalf("%q: %v tells nobody anything", s, err)
			}
			return
		}
		if again, err := formula.Compile(p.String(), lookup); err != nil || !cmp.Equal(again.Refs(), p.Refs()) {
			t.Fatalf("%q compiles differently a second time: %v", s, err)
		}
		calls := 0
		_, err = p.Eval(func(r formula.Ref) quantity.Null {
			calls++
			return get(r)
		})
		if err != nil && !errors.Is(err, quantity.ErrRange) {
			t.Fatalf("%q: %v", s, err)
		}
		if calls > formula.MaxNodes {
			t.Fatalf("%q asks for %d figures", s, calls)
		}
	})
}

func BenchmarkEval(b *testing.B) {
	p, err := formula.Compile("percent(inv.done, inv.plan)", lookup)
	if err == nil {
		err = p.Yields("percent")
	}
	if err != nil {
		b.Fatal(err)
	}
	done, plan := quantity.Some(quantity.Int(12290)), quantity.Some(quantity.Int(2))
	b.ReportAllocs()
	for b.Loop() {
		v, err := p.Eval(func(r formula.Ref) quantity.Null {
			if r.Code == "inv.done" {
				return done
			}
			return plan
		})
		if err != nil || !v.Valid {
			b.Fatal(v, err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := formula.Compile("percent(inv.done, inv.plan) >= 50 && coalesce(prev(pond.n), 0) <= pond.n", lookup); err != nil {
			b.Fatal(err)
		}
	}
}
