package workbook_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"anlan/internal/fault"
	"anlan/internal/ooxmltest"
	"anlan/internal/quantity"
	"anlan/internal/workbook"
)

func texts(s workbook.Sheet) [][]string {
	var out [][]string
	for _, r := range s.Rows {
		row := []string{}
		for _, c := range r {
			row = append(row, c.Text)
		}
		out = append(out, row)
	}
	return out
}

func read(t *testing.T, data []byte) *workbook.Book {
	t.Helper()
	b, err := workbook.Read("test", data)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestCSVEncodingsAndDelimiters(t *testing.T) {
	plain := "地区,计划\r\n越城区,1\r\n"
	gb, _ := simplifiedchinese.GB18030.NewEncoder().String(plain)
	wide := func(order func(uint16) []byte) string {
		var b strings.Builder
		for _, u := range utf16.Encode([]rune(plain)) {
			b.Write(order(u))
		}
		return b.String()
	}
	little := func(u uint16) []byte { return []byte{byte(u), byte(u >> 8)} }
	big := func(u uint16) []byte { return []byte{byte(u >> 8), byte(u)} }
	want := [][]string{{"地区", "计划"}, {"越城区", "1"}}
	f := func(in, encoding string) {
		t.Helper()
		b := read(t, []byte(in))
		if b.Encoding != encoding || b.Format != workbook.CSV {
			t.Errorf("got %s %s, want %s", b.Format, b.Encoding, encoding)
		}
		if d := cmp.Diff(want, texts(b.Sheets[0])); d != "" {
			t.Errorf("%s: %s", encoding, d)
		}
	}
	f(plain, "utf-8")
	f("\xef\xbb\xbf"+plain, "utf-8 bom")
	f(gb, "gb18030")
	f("\xff\xfe"+wide(little), "utf-16le")
	f("\xfe\xff"+wide(big), "utf-16be")
	f(wide(little), "utf-16le")
	f(strings.ReplaceAll(plain, ",", "\t"), "utf-8")
	f(strings.ReplaceAll(plain, ",", ";"), "utf-8")
	f(strings.ReplaceAll(plain, ",", "\t,"), "utf-8") // padded with tabs, as a statistics office does
	f(strings.ReplaceAll(plain, "\r\n", "\r"), "utf-8")
}

func TestCSVQuotesAndRaggedRows(t *testing.T) {
	f := func(in string, want ...[]string) {
		t.Helper()
		if d := cmp.Diff(want, texts(read(t, []byte(in)).Sheets[0])); d != "" {
			t.Errorf("%q: %s", in, d)
		}
	}
	f("a,\"b\nc\",d\n\n\"x \"\"y\"\"\",,\n", []string{"a", "b\nc", "d"}, []string{}, []string{`x "y"`})
	f(`4(页面写"4万多"),3`, []string{`4(页面写"4万多")`, "3"})
	f("\"never closed,1\n2,3", []string{`"never closed`, "1"}, []string{"2", "3"})
	f("　甲　,\u00a01 \n", []string{"甲", "1"})
}

func makeXLSX(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestXLSXCellsAsStored(t *testing.T) {
	data := makeXLSX(t, func(f *excelize.File) {
		pct, err := f.NewStyle(&excelize.Style{NumFmt: 10})
		must(t, err)
		day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		must(t, err)
		one := "0.0"
		short, err := f.NewStyle(&excelize.Style{CustomNumFmt: &one})
		must(t, err)
		for ref, v := range map[string]any{
			"A1": "标题", "A3": "计划下达", "C3": "地区", "A4": "年度", "B4": "中央",
			"A5": 0.57, "B5": 45443, "C5": 61.4543252344, "D5": 1234.567, "E5": " 约12 ", "F5": 0.1 + 0.2,
		} {
			must(t, f.SetCellValue("Sheet1", ref, v))
		}
		must(t, f.MergeCell("Sheet1", "A1", "F1"))
		must(t, f.MergeCell("Sheet1", "A3", "B3"))
		must(t, f.MergeCell("Sheet1", "C3", "C4"))
		must(t, f.SetCellStyle("Sheet1", "A5", "A5", pct))
		must(t, f.SetCellStyle("Sheet1", "B5", "B5", day))
		must(t, f.SetCellStyle("Sheet1", "D5", "D5", short))
	})
	s := read(t, data).Sheets[0]
	want := [][]string{
		{"标题", "标题", "标题", "标题", "标题", "标题"},
		{},
		{"计划下达", "计划下达", "地区"},
		{"年度", "中央", "地区"},
		{"57%", "2024-05-31", "61.454325", "1234.567", "约12", "0.3"},
	}
	if d := cmp.Diff(want, texts(s)); d != "" {
		t.Error(d)
	}
	if c := s.At(4, 0); !c.Percent || c.Number != quantity.Some(quantity.Int(57)) {
		t.Errorf("percent cell: %+v", c)
	}
	if c := s.At(4, 2); !c.Rounded {
		t.Errorf("ten decimals are rounded aloud: %+v", c)
	}
	if c := s.At(4, 5); c.Rounded {
		t.Errorf("binary noise is no loss: %+v", c)
	}
	if !s.At(3, 2).Merged || s.At(3, 0).Merged {
		t.Error("merges are marked")
	}
	if workbook.Ref(6, 2) != "C7" || workbook.Ref(0, 701) != "ZZ1" || workbook.Ref(0, 702) != "AAA1" {
		t.Error("references")
	}
}

func shared(t testing.TB, parts ...string) []byte {
	t.Helper()
	path := filepath.Join(append([]string{"..", "..", "..", "shared"}, parts...)...)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("the published tables are not beside the repository: %v", err)
	}
	return data
}

func TestStatisticsOfficeFiles(t *testing.T) {
	f := func(name, encoding string, rows int, ref [2]int, want string) {
		t.Helper()
		b := read(t, shared(t, "statistics", "import", name))
		s := b.Sheets[0]
		if b.Encoding != encoding || len(s.Rows) != rows || s.At(ref[0], ref[1]).Text != want {
			t.Errorf("%s: %s, %d rows, %q; want %s, %d, %q", name, b.Encoding, len(s.Rows), s.At(ref[0], ref[1]).Text, encoding, rows, want)
		}
	}
	f("nbs_fsnd_budget_utf8bom_tabs.csv", "utf-8 bom", 26, [2]int{3, 9}, "6406.77")
	f("nbs_fsnd_fai_funds_growth_gb18030.csv", "gb18030", 36, [2]int{4, 2}, "-4.7")
	f("nbs_fsnd_gdp_gb18030.csv", "gb18030", 37, [2]int{14, 0}, "浙江省")
	f("nbs_fsnd_gdp_oldvintage_gb18030.csv", "gb18030", 33, [2]int{32, 0}, "数据来源：国家统计局")
	f("nbs_fsnd_private_employment_gb18030.csv", "gb18030", 39, [2]int{37, 0}, "3.2012年行业采用新的分类标准，与前期不可比。")
	f("nbs_fsnd_sample_population_gb18030.csv", "gb18030", 38, [2]int{14, 11}, "859773")
	f("nbs_fsnd_urban_employment_gb18030.csv", "gb18030", 39, [2]int{14, 2}, "1112.1")
	f("nbs_fsnd_rd_biff8.xls", "utf-16le", 32, [2]int{11, 1}, "82553.2")
}

func TestRefusals(t *testing.T) {
	f := func(data []byte, kind fault.Kind, word string) {
		t.Helper()
		_, err := workbook.Read("x", data)
		if fault.KindOf(err) != kind || !strings.Contains(err.Error(), word) {
			t.Errorf("got %v, want %s with %q", err, kind, word)
		}
	}
	f([]byte("%PDF-1.4"), fault.Invalid, "PDF")
	f([]byte("<html><table>"), fault.Invalid, "web page")
	f([]byte("PK\x03\x04rest"), fault.Invalid, "damaged")
	f([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), fault.Invalid, "damaged")
	f([]byte("a\x00\x00\x00b"), fault.Invalid, "no table")
	f([]byte(strings.Repeat("1,2\n", 200_001)), fault.TooLarge, "rows")
	f([]byte(strings.Repeat("1,", 1_001)), fault.TooLarge, "columns")
	small := workbook.DefaultLimits()
	small.Unpacked = 4 << 20
	if _, err := small.Read("bomb", bomb(t)); fault.KindOf(err) != fault.TooLarge {
		t.Errorf("a bomb: %v", err)
	}
}

// bomb is an XLSX of a few KB whose sheet unpacks to 8 MB.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	part := func(name, text string, times int) {
		w, err := z.Create(name)
		must(t, err)
		for range times {
			_, err = w.Write([]byte(text))
			must(t, err)
		}
	}
	part("xl/workbook.xml", `<workbook xmlns:r="x"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>`, 1)
	part("xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>`, 1)
	part("xl/worksheets/sheet1.xml", strings.Repeat(" ", 1<<20), 8)
	must(t, z.Close())
	return b.Bytes()
}

func TestWriteXLSXReadsBack(t *testing.T) {
	table := workbook.Table{
		Title: "月报", Notes: []string{"单位：万元"},
		Columns: []workbook.Column{
			{Head: []string{"地区"}},
			{Head: []string{"计划下达", "年度计划"}, Unit: "万元", Decimals: 2},
			{Head: []string{"计划下达", "中央资金"}, Unit: "万元", Decimals: 2},
			{Head: []string{"阶段"}, Options: []string{"编制中", "已批复"}},
		},
		Rows: [][]workbook.Value{
			{workbook.TextValue("越城区"), workbook.FigureValue(quantity.Some(quantity.MustParse("1234.56"))), workbook.FigureValue(quantity.Null{})},
			{workbook.TextValue("=1+1"), workbook.TextValue("+A1"), workbook.TextValue("-2"), workbook.TextValue("@x")},
		},
		Footer: []string{"注：测试"},
	}
	var b bytes.Buffer
	must(t, workbook.WriteXLSX(&b, table, table))
	for _, wrong := range ooxmltest.Check(b.Bytes()) {
		t.Error(wrong)
	}
	book := read(t, b.Bytes())
	want := [][]string{
		{"月报"},
		{"单位：万元"},
		{"地区", "计划下达", "计划下达", "阶段"},
		{"地区", "年度计划(万元)", "中央资金(万元)", "阶段"},
		{"越城区", "1234.56"},
		{"=1+1", "+A1", "-2", "@x"},
		{"注：测试"},
	}
	if d := cmp.Diff(want, texts(book.Sheets[0])); d != "" {
		t.Error(d)
	}
	if len(book.Sheets) != 2 || book.Sheets[1].Name != "月报 2" {
		t.Errorf("sheets %v", len(book.Sheets))
	}
	if c := book.Sheets[0].At(5, 0); c.Formula {
		t.Error("a text must never become a formula")
	}
	f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	must(t, err)
	list, err := f.GetDataValidations("月报")
	if err != nil || len(list) != 1 || list[0].Sqref != "D5:D6" {
		t.Errorf("drop-down lists: %v, %v", list, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("地区,计划\n越城,\"1\n2\"\n"))
	f.Add([]byte("\xef\xbb\xbfa;b\r\n1;2"))
	f.Add([]byte("\xff\xfea\x00,\x00"))
	f.Add([]byte("\xb5\xd8\xc7\xf8,1"))
	f.Add(makeXLSX(f, func(x *excelize.File) {
		_ = x.SetCellValue("Sheet1", "A1", "标题")
		_ = x.SetCellValue("Sheet1", "B2", 1.5)
		_ = x.MergeCell("Sheet1", "A1", "C1")
	}))
	if xls, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "statistics", "import", "nbs_fsnd_rd_biff8.xls")); err == nil {
		f.Add(xls)
	}
	limits := workbook.Limits{Bytes: 1 << 20, Unpacked: 4 << 20, Sheets: 10, Rows: 2000, Columns: 100, Cells: 20_000}
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := limits.Read("fuzz", data)
		if err != nil {
			if k := fault.KindOf(err); k != fault.Invalid && k != fault.TooLarge {
				t.Fatalf("%v is no fault of the input", err)
			}
			return
		}
		for _, s := range b.Sheets {
			if len(s.Rows) > limits.Rows || s.Width() > limits.Columns {
				t.Fatal("limits do not hold")
			}
		}
	})
}

// TestSameTablesSameBytes writes a book of many sheets again and again.
func TestSameTablesSameBytes(t *testing.T) {
	var tables []workbook.Table
	for range 8 {
		tables = append(tables, workbook.Table{Title: "表", Columns: []workbook.Column{{Head: []string{"数"}}}, Rows: [][]workbook.Value{{workbook.FigureValue(quantity.Some(1))}}})
	}
	var first []byte
	for range 10 {
		var b bytes.Buffer
		if err := workbook.WriteXLSX(&b, tables...); err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b.Bytes()
		}
		if !bytes.Equal(first, b.Bytes()) {
			t.Fatal("the same tables give other bytes")
		}
	}
}
