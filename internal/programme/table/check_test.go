package table_test

import (
	"strings"
	"testing"

	"anlan/internal/hydrotime"
	"anlan/internal/programme/table"
	"anlan/internal/quantity"
	"anlan/internal/workbook"
)

// published reads the shared list of inconsistencies, by id.
func published(t *testing.T) map[string]string {
	t.Helper()
	book, err := workbook.Read("inconsistencies.csv", shared(t, "statistics", "inconsistencies.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for _, r := range book.Sheets[0].Rows[1:] {
		rows[r[0].Text] = r[2].Text
	}
	return rows
}

// finding is what a check says of one published inconsistency.
type finding struct {
	id   string
	want table.Verdict
	got  func() table.Verdict
}

func rate(over, under, published string) func() table.Verdict {
	return func() table.Verdict {
		return table.RateCheck(table.ShownAs(over), table.ShownAs(under), table.ShownAs(published)).Verdict
	}
}

func growth(now, before, published string) func() table.Verdict {
	return func() table.Verdict {
		return table.GrowthCheck(table.ShownAs(now), table.ShownAs(before), table.ShownAs(published)).Verdict
	}
}

func figures(texts string) []table.Shown {
	var out []table.Shown
	for _, s := range strings.Fields(texts) {
		out = append(out, table.ShownAs(s))
	}
	return out
}

func sum(total, parts string) func() table.Verdict {
	return func() table.Verdict { return table.SumCheck(table.ShownAs(total), figures(parts)...).Verdict }
}

func shares(parts string) func() table.Verdict {
	return func() table.Verdict { return table.ShareCheck(figures(parts)...).Verdict }
}

func same(a, b string) func() table.Verdict {
	return func() table.Verdict { return table.SameFigure(table.ShownAs(a), table.ShownAs(b)).Verdict }
}

func part(whole, part string) func() table.Verdict {
	return func() table.Verdict {
		return table.PartCheck(table.ShownAs(whole), table.ShownAs(part)).Verdict
	}
}

func series(before, after string, limit int64) func() table.Verdict {
	return func() table.Verdict {
		return table.BreakCheck(table.ShownAs(before), table.ShownAs(after), quantity.Int(limit)).Verdict
	}
}

func monotone(earlier, later string) func() table.Verdict {
	return func() table.Verdict {
		return table.MonotoneCheck(table.ShownAs(earlier), table.ShownAs(later)).Verdict
	}
}

// holds turns a yes or no into a verdict.
func holds(f func() bool) func() table.Verdict {
	return func() table.Verdict {
		if f() {
			return table.Agrees
		}
		return table.Differs
	}
}

func unit(ofRate bool, unit string) func() table.Verdict {
	return holds(func() bool { _, ok := table.UnitCheck(ofRate, unit); return ok })
}

// noticed names, for each published inconsistency, the check that says what it is, with the figures as published. Several
// lines of one id show the contradiction and the figures that resolve it.
func noticed(t *testing.T) []finding {
	day := func(text string) bool {
		from, to, ok := table.FindDays(text)
		if !ok {
			t.Errorf("no two days in %q", text)
		}
		return table.PeriodOrder(from, to)
	}
	convert := func(text, to string) table.Shown {
		f, err := workbook.ParseFigure(text)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := quantity.UnitOf(to)
		v, step, ok := f.In(want, want)
		if !ok {
			t.Fatalf("%s in %s", text, to)
		}
		return table.Shown{Value: v, Step: step}
	}
	const agrees, rounding, differs, approx, twice = table.Agrees, table.Rounding, table.Differs, table.Approx, table.TwoSteps
	return []finding{
		{"I01", differs, same("32.9", "6.7")},
		{"I01", agrees, rate("6.7", "32.9", "20.4")},
		{"I02", differs, unit(true, "%")},
		{"I03", rounding, rate("24.2", "37.0", "65.3")},
		{"I03", rounding, rate("7.3", "9.9", "73.5")},
		{"I03", agrees, rate("241684", "370111", "65.3")},
		{"I03", agrees, rate("72656", "98826", "73.5")},
		{"I04", twice, rate("3150", "4835", "65.2")},
		{"I05", rounding, rate("37.6", "62.4", "60.2")},
		{"I05", rounding, rate("9.3", "15.0", "61.9")},
		{"I06", rounding, rate("15.7", "16.1", "97.3")},
		{"I07", rounding, rate("3.1", "9.4", "32.6")},
		{"I08", rounding, rate("65.6", "70.8", "92.6")},
		{"I08", agrees, rate("655920", "708033", "92.6")},
		{"I09", differs, same("62.4", "64.0")},
		{"I09", differs, same("15.0", "16.1")},
		{"I10", rounding, rate("237.63", "400", "59.40")},
		{"I10", rounding, rate("327.74", "400", "81.93")},
		{"I11", rounding, rate("41.02", "42.50", "96.53")},
		{"I12", rounding, rate("255.37", "580", "44.02")},
		{"I12", agrees, rate("255.37", "580.07", "44.02")},
		{"I13", differs, rate("198.87", "570", "34.84")},
		{"I14", differs, rate("32.12", "50.2", "61.77")},
		{"I14", agrees, sum("50.2", "39.26 10.95")},
		{"I15", differs, monotone("32.12", "31.76")},
		{"I15", agrees, sum("31.76", "25.15 6.61")},
		{"I15", differs, holds(func() bool {
			half, ok1 := table.ParsePeriod("2019年上半年")
			july, ok2 := table.ParsePeriod("2019年1-7月")
			return ok1 && ok2 && table.SamePeriod(half, july)
		})},
		{"I16", agrees, rate("12290", "20000", "61.5")}, // half goes up; to even it were 61.4
		{"I16", rounding, rate("12290", "20000", "61.4")},
		{"I17", agrees, func() table.Verdict {
			return table.SumCheck(convert("2.97亿元", "yi_yuan"), convert("12290万元", "yi_yuan"), convert("2380万元", "yi_yuan"), convert("15000万元", "yi_yuan")).Verdict
		}},
		{"I17", agrees, func() table.Verdict {
			return table.SumCheck(convert("4.87亿元", "yi_yuan"), convert("20000万元", "yi_yuan"), convert("4000万元", "yi_yuan"), convert("24742万元", "yi_yuan")).Verdict
		}},
		{"I18", rounding, sum("28.31", "26.60 1.72")},
		{"I19", rounding, rate("17.2", "30.1", "57.0")},
		{"I20", twice, rate("598.0", "618.1", "96.8")},
		{"I21", rounding, sum("407.3", "113.1 163.6 124.4 6.3")},
		{"I22", differs, growth("1933", "1898", "4.4")},
		{"I22", agrees, growth("1933", "1851.5", "4.4")},
		{"I23", differs, growth("7787", "4071", "93.3")},
		{"I24", differs, holds(func() bool { return !table.Transposed(quantity.Int(10938), quantity.Int(10893)) })},
		{"I26", differs, sum("465839", "8709 161632 29548")},
		{"I26", agrees, sum("465839", "8709 161632 295498")},
		{"I27", differs, part("3053.3", "17477.3")},
		{"I27", agrees, part("30253.3", "17477.3")},
		{"I28", rounding, shares("47.4 21.2 31.5")},
		{"I28", differs, rate("4.6894", "22.2157", "21.2")},
		{"I29", differs, shares("35.4 6.6 31.6 26.4 26.4 26.4")}, // 26.4 apiece
		{"I29", agrees, shares("35.4 6.6 31.6 26.4")},            // 26.4 for the three together
		{"I30", differs, series("22.5273", "19.0444", 10)},
		{"I31", differs, same("235", "229.2")},
		{"I33", rounding, sum("163.01", "161.31 31.52 -29.83")},
		{"I33", rounding, rate("0.17", "37.14", "0.45")},
		{"I34", rounding, same("166.42", "166.4")},
		{"I36", differs, func() table.Verdict {
			return table.RateCheck(table.Exactly(quantity.Int(25)), table.Exactly(quantity.Int(30)), table.ShownAs("84")).Verdict
		}},
		{"I36", agrees, shares("13 84 3")},
		{"I37", differs, holds(func() bool { return day("2018年10月15日至2017年10月21日") })},
		{"I37", agrees, holds(func() bool { return day("2018年10月15日至2018年10月21日") })},
		{"I38", differs, unit(true, "%")},
		{"I39", rounding, rate("5.58", "5.6", "99.7")},
		{"I39", rounding, rate("1.33", "1.35", "98.1")},
		{"I40", agrees, sum("1707", "248 509 804 146")},
		{"I41", agrees, rate("4219", "4430", "95")},
		{"I42", agrees, sum("80", "50 30")},
		{"I42", approx, sum("约470", "206 270")},
		{"I42", differs, sum("470", "206 270")}, // why a rough figure must carry its mark
		{"I42", differs, sum("18800", "13000 6100")},
		{"I43", differs, holds(func() bool {
			p, _ := table.ParsePeriod("1-9月")
			_, dated := p.Month()
			return dated
		})},
		{"I44", differs, same("41540.9", "45222.4")},
		{"I45", differs, series("46831", "859773", 100)},
		{"I46", differs, same("76.78", "10.15")}, // taken for one rate, they contradict each other
		{"I47", differs, unit(true, "%")},
		{"I47", agrees, sum("112", "55 50 7")},
		{"I48", agrees, part("85", "71")},
		{"I48", agrees, part("85", "14")},
		{"I50", rounding, shares("13.1 34.8 28.1 17.6 6.3")},
		{"I50", agrees, rate("29", "221", "13.1")},
	}
}

// beyond says why no check of figures can notice the rest, and what keeps the product from the mistake.
func beyond() map[string]string {
	return map[string]string{
		"I25": "a wrong date beside the text: every figure is sound; the period is taken from table and title, never from when a page was fetched",
		"I32": "two scopes of one area, each sound in itself: an indicator carries its scope, so the two are two indicators",
		"I35": "two ranking schemes: there is no figure in common; a ranking carries the name of its scheme",
		"I49": "eight provinces and a third place among them: nothing is computed, and nothing disagrees",
	}
}

func TestPublishedInconsistencies(t *testing.T) {
	rows := published(t)
	shown := map[string]bool{}
	for _, f := range noticed(t) {
		shown[f.id] = true
		if _, ok := rows[f.id]; !ok {
			t.Errorf("%s is not in the list", f.id)
		}
		if got := f.got(); got != f.want {
			t.Errorf("%s %q: %s, want %s", f.id, rows[f.id], got, f.want)
		}
	}
	for id, why := range beyond() {
		if shown[id] || why == "" {
			t.Errorf("%s is both noticed and beyond figures", id)
		}
		shown[id] = true
	}
	for id := range rows {
		if !shown[id] {
			t.Errorf("%s is not dealt with: %q", id, rows[id])
		}
	}
	if len(rows) != 50 {
		t.Errorf("%d inconsistencies, want 50", len(rows))
	}
}

func TestRateCheckInterval(t *testing.T) {
	f := func(over, under, published, low, high string) {
		t.Helper()
		c := table.RateCheck(table.ShownAs(over), table.ShownAs(under), table.ShownAs(published))
		if c.Low.Fixed(2) != low || c.High.Fixed(2) != high {
			t.Errorf("%s/%s: %s to %s, want %s to %s", over, under, c.Low.Fixed(2), c.High.Fixed(2), low, high)
		}
	}
	f("15.7", "16.1", "97.3", "96.90", "98.13") // I06
	f("3.1", "9.4", "32.6", "32.28", "33.69")   // I07
	f("17.2", "30.1", "57.0", "56.88", "57.40") // I19
	f("598.0", "618.1", "96.8", "96.73", "96.76")
	if c := table.RateCheck(table.ShownAs("5"), table.ShownAs("0"), table.ShownAs("100")); c.Verdict != table.Unchecked {
		t.Errorf("a rate over nothing is not judged: %v", c.Verdict)
	}
}

func TestPeriodOrder(t *testing.T) {
	a, _ := hydrotime.ParseDate("2026-06-30")
	if !table.PeriodOrder(a, a) || table.PeriodOrder(a, a.AddDays(-1)) {
		t.Error("one day is a span, an end before the start is none")
	}
}

func TestParsePeriod(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		got := ""
		if p, ok := table.ParsePeriod(in); ok {
			got = p.String()
		}
		if got != want {
			t.Errorf("ParsePeriod(%q) = %q, want %q", in, got, want)
		}
	}
	f("2024年", "2024-01..2024-12")
	f("2024年5月", "2024-05")
	f("２０２４年１—５月", "2024-01..2024-05")
	f("2024年1月至5月", "2024-01..2024-05")
	f("1-5月", "?-01..?-05")
	f("5月", "?-05")
	f("2016-02", "2016-02")
	f("202605", "2026-05")
	f("2016-Q2", "2016-04..2016-06")
	f("2024年第三季度", "2024-07..2024-09")
	f("2024年上半年", "2024-01..2024-06")
	f("前三季度", "?-01..?-09")
	f("截至2024年5月底", "2024-05")
	f("2009", "2009-01..2009-12")
	f("2020-2021", "")
	f("多年平均", "")
	f("9月水质", "")
	f("12", "")
}
