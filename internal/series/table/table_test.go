package table_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/series/reading"
	"anlan/internal/series/table"
	"anlan/internal/workbook"
)

func find(word string) (int64, *fault.Text) {
	switch word {
	case "63300001", "诸暨站":
		return 1, nil
	case "63300002":
		return 2, nil
	}
	why := fault.T("没有这个测站", "no such station")
	return 0, &why
}

func read(t testing.TB, name string, data []byte, o table.Options) table.Result {
	t.Helper()
	book, err := workbook.Read(name, data)
	if err != nil {
		t.Fatal(err)
	}
	o.Find = find
	r, err := table.Read(book, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// lines tells readings as "object quantity time figure span".
func lines(r table.Result) []string {
	var out []string
	for _, l := range r.Lines {
		q, _ := reading.ByID(l.Quantity)
		s := fmt.Sprintf("%d %s %s %s", l.Object, q.Code, l.At.In(hydrotime.Beijing).Format("01-02 15:04:05"), l.Value)
		if l.Span > 0 {
			s += " " + l.Span.String()
		}
		out = append(out, s)
	}
	return out
}

func refusals(r table.Result) []string {
	var out []string
	for _, x := range r.Refused {
		out = append(out, fmt.Sprintf("%s %s: %s", x.Place, x.Content, x.En))
	}
	return out
}

const wide = `某县水文资料
测站编码,站名,时间,水位（m）,时段雨量(mm),时段长,备注
63300001,诸暨站,2026-07-01 08:00,１２．３４,0.5,60,好
63300001,诸暨站,2026/7/1 9:00,—,／,60,
63300002,,2026年7月1日9时30分,"-1.5",,,
63300009,,2026-07-01 08:00,5,,,
63300001,,昨天,5,,,
63300001,,2026-07-01 10:00,约5,1.5,60,
63300001,,2026-07-01 11:00,5.5,1.5,,
63300001,,2026-07-01 24:00,"5,5",,,
`

// columns tells what was understood as "A station, B level".
func columns(r table.Result) string {
	var out []string
	for _, c := range r.Columns {
		is := c.Quantity
		if c.Role != table.OfFigures {
			is = string(c.Role)
		}
		out = append(out, workbook.ColumnName(c.Column)+" "+is)
	}
	return strings.Join(out, ", ")
}

func TestWide(t *testing.T) {
	gbk, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(wide))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"utf-8": []byte(wide), "gb18030": gbk} {
		r := read(t, "a.csv", data, table.Options{})
		if d := cmp.Diff([]string{
			"1 level 07-01 08:00:00 12.34", "1 rain 07-01 08:00:00 0.5 1h0m0s", "2 level 07-01 09:30:00 -1.5", "1 rain 07-01 10:00:00 1.5 1h0m0s", "1 level 07-01 11:00:00 5.5",
		}, lines(r)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if d := cmp.Diff([]string{
			"A6 63300009: no such station",
			"C7 昨天: no time that can be read; write it as 2026-07-01 08:00",
			"D8 约5: one exact figure is wanted, its unit in the head",
			"E9 1.5: no span: give the table a column of spans, or state it with the import",
			"D10 5,5: “5,5”: the digits are not grouped by threes",
		}, refusals(r)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if r.Empty != 1 || !slices.Equal(r.Ignored, []string{"备注"}) || columns(r) != "A station, C time, D level, E rain, F span" || r.Lines[0].Row != 3 {
			t.Errorf("%s: %d empty, ignored %v, columns %s", name, r.Empty, r.Ignored, columns(r))
		}
	}
	r := read(t, "a.csv", []byte(wide), table.Options{Span: 5 * time.Minute})
	if !slices.Contains(lines(r), "1 rain 07-01 11:00:00 1.5 5m0s") {
		t.Error("the span of the file is not taken where a row has none")
	}
}

// TestSaid takes columns for what a person says they are, with the unit of their heads, and leaves out what is to be left out.
func TestSaid(t *testing.T) {
	text := "站码,时间,老水尺(cm),水位\n63300001,2026-07-01 08:00,512,9\n"
	r := read(t, "a.csv", []byte(text), table.Options{Heads: map[string]string{"老水尺（cm）": "level", "水位": table.LeftOut}})
	if d := cmp.Diff([]string{"1 level 07-01 08:00:00 5.12"}, lines(r)); d != "" || columns(r) != "A station, B time, C level" || !slices.Equal(r.Ignored, []string{"水位"}) {
		t.Errorf("%s, %s, ignored %v", d, columns(r), r.Ignored)
	}
	book, err := workbook.Read("a.csv", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := table.Read(book, table.Options{Find: find, Heads: map[string]string{"水位": "luck"}}); !fault.Is(err, fault.Invalid) {
		t.Errorf("no such quantity: %v", err)
	}
}

func TestLong(t *testing.T) {
	r := read(t, "a.csv", []byte("station,time,quantity,value\n诸暨站,2026-07-01T00:00:00Z,level,5\n诸暨站,202607010805,雨量,1\n诸暨站,20260701080510,luck,1\n"), table.Options{Span: time.Hour})
	if d := cmp.Diff([]string{"1 level 07-01 08:00:00 5", "1 rain 07-01 08:05:00 1 1h0m0s"}, lines(r)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"D4 1: no such quantity"}, refusals(r)); d != "" {
		t.Error(d)
	}
	r = read(t, "a.csv", []byte("时间,Z\n2026-07-01 08:00,5\n"), table.Options{Object: 7})
	if d := cmp.Diff([]string{"7 level 07-01 08:00:00 5"}, lines(r)); d != "" {
		t.Errorf("a table of one station: %s", d)
	}
}

// TestTrapSL323 is traps 11 to 13: HH.NN, the day that ends at 08:00, and 10⁶ m³ against 万 m³.
func TestTrapSL323(t *testing.T) {
	r := read(t, "ST_PPTN_R.csv", []byte("STCD,TM,DRP,INTV,PDR,DYP,WTH\n63300001 ,2026-07-01 08:00:00,3.5,1.30,0.40,55.5,7\n63300001 ,2026-07-01 09:00:00,1,1,,,7\n63300001,2026-07-01 10:00:00,1,1.75,,,\n"), table.Options{})
	if d := cmp.Diff([]string{"1 rain 07-01 08:00:00 3.5 1h30m0s", "1 rain_day 07-01 08:00:00 55.5 24h0m0s", "1 rain 07-01 09:00:00 1 1h0m0s"}, lines(r)); d != "" {
		t.Error(d)
	}
	if len(r.Refused) != 1 || r.Refused[0].Place != "C4" {
		t.Errorf("75 minutes of an hour: %v", refusals(r))
	}
	r = read(t, "st_rsvr_r.csv", []byte("stcd,tm,rz,w,otq,rwptn\n63300001,2026-07-01 08:00:00.0,35.12,1.25,,4\n"), table.Options{})
	if d := cmp.Diff([]string{"1 upper_level 07-01 08:00:00 35.12", "1 storage 07-01 08:00:00 1.25"}, lines(r)); d != "" {
		t.Error(d)
	}
	r = read(t, "a.csv", []byte("站码,时间,蓄水量(万m³),水位(cm),流量(吨)\n63300001,2026-07-01 8:00,125,3512,9\n"), table.Options{})
	if d := cmp.Diff([]string{"1 storage 07-01 08:00:00 1.25", "1 level 07-01 08:00:00 35.12"}, lines(r)); d != "" {
		t.Error(d)
	}
	if !slices.Equal(r.Ignored, []string{"流量(吨)"}) {
		t.Errorf("flow is no weight: %v", r.Ignored)
	}
}

func TestXLSX(t *testing.T) {
	var b bytes.Buffer
	err := workbook.WriteXLSX(&b, workbook.Table{Sheet: "水位", Columns: []workbook.Column{{Head: []string{"站码"}}, {Head: []string{"时间"}}, {Head: []string{"水位"}, Unit: "m", Decimals: 3}}, Rows: [][]workbook.Value{
		{workbook.TextValue("63300001"), workbook.TextValue("2026-07-01 08:00"), workbook.FigureValue(quantity.Some(quantity.MustParse("5.123")))},
		{workbook.TextValue("63300001"), workbook.TextValue("2026-07-01 09:00"), workbook.TextValue("—")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	r := read(t, "a.xlsx", b.Bytes(), table.Options{})
	if d := cmp.Diff([]string{"1 level 07-01 08:00:00 5.123"}, lines(r)); d != "" || r.Empty != 1 {
		t.Errorf("%s, %d empty", d, r.Empty)
	}
}

func TestTimes(t *testing.T) {
	f := func(in, want string) {
		t.Helper()
		at, ok := table.ParseTime(workbook.Cell{Text: in})
		got := "none"
		if ok {
			got = at.Format("2006-01-02T15:04:05")
		}
		if got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
	f("2026-07-01 08:00", "2026-07-01T00:00:00")
	f("1988-07-02 08:00", "1988-07-02T00:00:00") // a summer in which Shanghai was at +09:00
	f("2026.7.1 8:5:09", "2026-07-01T00:05:09")
	f("2026年12月31日24时", "2026-12-31T16:00:00")
	f("２０２６－０７－０１　０８：００", "2026-07-01T00:00:00")
	f("2026-07-01T08:00:00+08:00", "2026-07-01T00:00:00")
	f("20260701080000", "2026-07-01T00:00:00")
	for _, bad := range []string{"", "2026-07-01", "2026-02-30 08:00", "2026-13-01 08:00", "2026-07-01 25:00", "2026-07-01 24:01", "08:00", "1/7/2026 08:00", "2026-07-01 08:005", "2026-07-018:00"} {
		f(bad, "none")
	}
	if at, ok := table.ParseTime(workbook.Cell{Text: "2026-07-01", Date: true}); !ok || at.Hour() != 16 {
		t.Errorf("midnight of a workbook: %v", at)
	}
}

func TestNoHead(t *testing.T) {
	book, err := workbook.Read("a.csv", []byte("a,b\n1,2\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := table.Read(book, table.Options{Find: find}); !fault.Is(err, fault.Invalid) {
		t.Errorf("got %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(wide)
	f.Add("station,time,quantity,value\n63300001,2026-07-01T00:00:00Z,level,5\n")
	f.Add("STCD,TM,DRP,INTV\n63300001,2026-07-01 08:00,1,1.30\n")
	f.Fuzz(func(t *testing.T, text string) {
		book, err := workbook.Read("ST_PPTN_R.csv", []byte(text))
		if err != nil {
			return
		}
		r, err := table.Read(book, table.Options{Find: find, Object: 1})
		if err != nil {
			return
		}
		for _, l := range r.Lines {
			if err := l.Check(); err != nil || !l.Value.Valid {
				t.Fatalf("%+v: %v", l, err)
			}
		}
		if n := strings.Count(text, "\n") + strings.Count(text, "\r"); len(r.Lines) > 0 && r.Empty > n+1 {
			t.Fatal("more empty rows than rows")
		}
	})
}

// TestContradictions: two figures of one series, instant and span are not both taken, nor is the first written over in silence; the same
// figure twice is one, and rain of several spans that end together stands beside each other.
func TestContradictions(t *testing.T) {
	r := read(t, "a.csv", []byte(`站码,时间,水位,雨量,时段长
63300001,2026-07-01 08:00,5,1,60
63300001,2026-07-01 08:00,5.00,9,1440
63300001,2026-07-01 08:00,6,,
63300002,2026-07-01 08:00,6,,
`), table.Options{})
	want := []string{"1 level 07-01 08:00:00 5", "1 rain 07-01 08:00:00 1 1h0m0s", "1 level 07-01 08:00:00 5", "1 rain 07-01 08:00:00 9 24h0m0s", "2 level 07-01 08:00:00 6"}
	if d := cmp.Diff(want, lines(r)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"C4 6: another figure, 5, stands for this station and time (row 2)"}, refusals(r)); d != "" {
		t.Error(d)
	}
	gates := read(t, "ST_GATE_R.csv", []byte("STCD,TM,EXKEY,GTOPNUM,GTOPHGT,GTQ\n63300001,2026-07-01 08:00,1,2,1.5,20\n63300001,2026-07-01 08:00,2,3,1.5,30\n"), table.Options{})
	if len(gates.Lines) != 3 || len(gates.Refused) != 1 || gates.Refused[0].Place != "D3" {
		t.Errorf("several gates: %v, %v", lines(gates), gates.Refused)
	}
}
