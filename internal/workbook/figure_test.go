package workbook_test

import (
	"testing"

	"anlan/internal/quantity"
	"anlan/internal/workbook"
)

func TestParseFigure(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		g, err := workbook.ParseFigure(in)
		if err != nil || !g.Value.Valid || g.Value.String() != want {
			t.Errorf("ParseFigure(%q) = %v, %v, want %s", in, g.Value, err, want)
		}
	}
	f("12.30", "12.3")
	f("１２．５", "12.5")
	f("1,234.5", "1234.5")
	f("１，２３４", "1234")
	f("12\u00a0345", "12345")
	f("−4.7", "-4.7")
	f("–4.7", "-4.7")
	f("+26.7", "26.7")
	f("(1,234.50)", "-1234.5")
	f("12.3%", "12.3")
	f("12.3％", "12.3")
	f("约12", "12")
	f("6000多", "6000")
	f("4万多", "4")
	f("30余万", "30")
	f("1.2亿元", "1.2")
	f("9163万元", "9163")
	f("22.5亿m3", "22.5")
	f("61.4543252344", "61.454325")
	f("1.2E-3", "0.0012")
	f("4(13%)", "4")
	f(`4(页面写"4万多")`, "4")
	f("124/150", "124")
	f("1个", "1")
	f("1.8个百分点", "1.8")
	f("5.6万个", "5.6")
}

func TestParseFigureKeepsWhatWasWritten(t *testing.T) {
	p := func(in string) workbook.Figure {
		t.Helper()
		g, err := workbook.ParseFigure(in)
		if err != nil {
			t.Fatalf("ParseFigure(%q): %v", in, err)
		}
		return g
	}
	if g := p("4(13%)"); g.Second.String() != "13" || g.SecondStep != quantity.Scale {
		t.Errorf("two figures in one cell: %+v", g)
	}
	if g := p("124/150"); g.Over.String() != "150" {
		t.Errorf("fraction: %+v", g)
	}
	if g := p("12.30"); g.Step != quantity.Scale/100 {
		t.Errorf("trailing zeros are digits: %+v", g)
	}
	if g := p("约12"); !g.Approx {
		t.Errorf("approximate: %+v", g)
	}
	if g := p("6000多"); !g.Approx {
		t.Errorf("approximate: %+v", g)
	}
	if g := p("12.3%"); !g.Percent || g.Unit != "percent" {
		t.Errorf("percent: %+v", g)
	}
	if g := p("1.8个百分点"); g.Unit != "point" || g.Percent {
		t.Errorf("points are not percent: %+v", g)
	}
	if g := p("61.4543252344"); !g.Rounded {
		t.Errorf("rounded aloud: %+v", g)
	}
}

func TestAbsentFigures(t *testing.T) {
	f := func(in string, want workbook.Absence) {
		t.Helper()
		g, err := workbook.ParseFigure(in)
		if err != nil || g.Value.Valid || g.Absence != want {
			t.Errorf("ParseFigure(%q) = %+v, %v, want %q", in, g, err, want)
		}
	}
	f("", workbook.Empty)
	f("　", workbook.Empty)
	for _, m := range []string{"-", "—", "——", "–", "/", "／", "无", "…", "……", "---", "未报", "N/A"} {
		f(m, workbook.Marked)
	}
	f("**", workbook.Masked)
	f("＊＊", workbook.Masked)
}

func TestNoFigure(t *testing.T) {
	for _, in := range []string{"(13)", "(13%)", "1,23", "1,2345", "7,00", "1.234,5", "达标", "Ⅲ", "占35.4%", "#DIV/0!", "12‰", "1..2", "2024-05", "12元/吨", "--5", "99999999999999"} {
		if g, err := workbook.ParseFigure(in); err == nil {
			t.Errorf("ParseFigure(%q) = %+v, want an error", in, g)
		}
	}
}

func TestFigureInUnit(t *testing.T) {
	f := func(in, column, want, expect string) {
		t.Helper()
		g, err := workbook.ParseFigure(in)
		if err != nil {
			t.Fatal(err)
		}
		c, _ := quantity.UnitOf(column)
		w, _ := quantity.UnitOf(want)
		v, _, ok := g.In(c, w)
		if got := v.String(); !ok && expect != "" || ok && got != expect {
			t.Errorf("%q of a column in %s is %s, %v in %s, want %s", in, column, got, ok, want, expect)
		}
	}
	f("1.2亿元", "wan_yuan", "wan_yuan", "12000")
	f("12290", "wan_yuan", "yi_yuan", "1.229")
	f("4万", "wan_person", "wan_person", "4")
	f("4万", "person", "wan_person", "4")
	f("5.6万个", "piece", "piece", "56000")
	f("3公里", "wan_yuan", "wan_yuan", "")
}

func FuzzParseFigure(f *testing.F) {
	for _, s := range []string{"12.3", "4(13%)", "124/150", "约１，２３４．５万元", "(1,234.50)", "1e-9", "—", "**", "m3", "6000多"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		g, err := workbook.ParseFigure(s)
		if err != nil {
			return
		}
		if g.Value.Valid == (g.Absence != workbook.Present) {
			t.Fatalf("%q is present and absent: %+v", s, g)
		}
		if !g.Value.Valid || g.Approx || g.Over.Valid || g.Second.Valid {
			return
		}
		again, err := workbook.ParseFigure(g.Value.String())
		if err != nil || again.Value != g.Value {
			t.Fatalf("%q -> %v -> %+v, %v", s, g.Value, again, err)
		}
	})
}
