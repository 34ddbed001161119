package objectfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/geodesy"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/registry/objectfile"
	"anlan/internal/registry/objectrule"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
	"anlan/internal/workbook"

	"github.com/google/go-cmp/cmp"
)

type world struct {
	*testing.T
	db   *store.DB
	s    *registry.Service
	tree *registry.Tree
}

func newWorld(t *testing.T, db *store.DB) *world {
	t.Helper()
	w := &world{T: t, db: db, s: registry.New(db, func() time.Time { return time.Date(2026, 6, 8, 0, 0, 0, 0, time.UTC) })}
	var list []registry.NewDivision
	for _, d := range [][4]string{{"330600", "city", "绍兴市", "绍兴"}, {"330602", "county", "越城区", "越城"}, {"330603", "county", "柯桥区", "柯桥"}, {"330600-BH", "county", "滨海新城", "滨海"}} {
		n := registry.NewDivision{Code: d[0], Kind: registry.Administrative, Level: d[1], Short: d[3], Name: fault.T(d[2], d[0])}
		if d[0] != "330600" {
			n.Parent = "330600"
		}
		if d[0] == "330600-BH" {
			n.Kind = registry.Functional
		}
		list = append(list, n)
	}
	err := db.Write(t.Context(), func(tx *store.Tx) error {
		if err := w.s.AddDivisions(t.Context(), tx, list); err != nil {
			return err
		}
		_, err := w.s.AddOrganisation(t.Context(), tx, registry.Program(), registry.NewOrganisation{Name: fault.T("越城区水库所", "office"), Kind: "unit", Division: "330602"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if w.tree, err = w.s.Tree(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) division(code string) int64 {
	d, _ := w.tree.ByCode(code)
	return d.ID
}

func (w *world) preview(by registry.Editor, name, data string, o objectfile.Options) *objectfile.Effect {
	w.Helper()
	e, err := objectfile.Preview(w.Context(), w.s, by, name, []byte(data), o)
	if err != nil {
		w.Fatal(err)
	}
	return e
}

func (w *world) apply(name, data string, o objectfile.Options) *objectfile.Effect {
	w.Helper()
	e := w.preview(registry.Program(), name, data, o)
	done, err := objectfile.Apply(w.Context(), w.db, w.s, registry.Program(), name, []byte(data), o, e.Digest)
	if err != nil {
		w.Fatal(err)
	}
	return done
}

func (w *world) all() []registry.WaterObject {
	w.Helper()
	var out []registry.WaterObject
	_, err := w.s.EachObject(w.Context(), registry.ObjectQuery{Scopes: []int64{w.division("330600")}, Sort: "code"}, 1000, func(o registry.WaterObject) error {
		out = append(out, o)
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	return out
}

var cgcs = objectfile.Options{System: geodesy.CGCS2000}

// TestOfficeTable takes a table as an office keeps it, twice, and then with a figure changed.
func TestOfficeTable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		table := "小型水库名录,,,,,,,,,\n" +
			"序号,水库名称,编号,县(市、区),总库容(万m³),坝高(m),竣工时间,安全鉴定结论,坝型,管理单位\n" +
			"1,甲水库,K1,越城区,123.5,28,1978年12月,二类坝,土坝,越城区水库所\n" +
			"2,乙水库,K2,绍兴市柯桥区,１２.5,—,1980,,心墙坝,某镇人民政府\n" +
			"3,丙水库,K3,330600-BH,0.01亿m³,12,2001.7.15,,,\n" +
			"4,丁水库,K4,杭州市,20,12,2001,,,\n" +
			"5,戊水库,K5,越城区,约20,12,2001,,,\n" +
			"6,己水库,K1,越城区,20,12,2001,,,\n" +
			"7,庚水库,K7,越城区,2,12,2001-13-01,,,\n" +
			"合计,,,,178,,,,,\n"
		o := objectfile.Options{Kind: objectrule.Reservoir}
		e := w.preview(registry.Program(), "水库.csv", table, o)
		if d := cmp.Diff(objectfile.Counts{Added: 3, Refused: 4, Ignored: 1}, e.Counts); d != "" {
			t.Fatalf("%s\n%+v", d, e.Rows)
		}
		refused := map[string]string{}
		for _, r := range e.Rows {
			if r.Outcome == objectfile.Refused {
				refused[r.Cell] = r.Reason.En
			}
		}
		for cell, reason := range map[string]string{"D6": "no division", "E7": "not one certain figure", "B8": "same object as in row 3", "G9": "no date"} {
			if !strings.Contains(refused[cell], reason) {
				t.Errorf("%s: %q", cell, refused[cell])
			}
		}
		if len(w.all()) != 0 {
			t.Error("a preview wrote something")
		}
		if _, err := objectfile.Apply(t.Context(), db, w.s, registry.Program(), "水库.csv", []byte(table), o, "x"); !fault.Is(err, fault.Conflict) {
			t.Errorf("another digest: %v", err)
		}
		w.apply("水库.csv", table, o)
		all := w.all()
		if len(all) != 3 {
			t.Fatalf("%d objects", len(all))
		}
		a := all[0]
		if a.Scale != objectrule.Small1 || a.StorageWanM3.String() != "123.5" || a.CommissionedOn.String() != "1978-12-31" || *a.AppraisalClass != 2 ||
			a.Ext["坝型"] != "土坝" || a.OrganisationName.Zh != "越城区水库所" || a.Division != "330602" || a.Scheme != registry.OwnScheme {
			t.Errorf("%+v", a)
		}
		if b := all[1]; b.Division != "330603" || b.StorageWanM3.String() != "12.5" || b.DamHeightM.Valid || b.CommissionedOn.String() != "1980-12-31" || b.Ext["管理单位"] != "某镇人民政府" {
			t.Errorf("%+v", b)
		}
		if c := all[2]; c.Division != "330600-BH" || c.StorageWanM3.String() != "100" {
			t.Errorf("%+v", c)
		}
		if d := cmp.Diff(objectfile.Counts{Same: 3, Refused: 4, Ignored: 1}, w.apply("水库.csv", table, o).Counts); d != "" {
			t.Error("the same file twice: " + d)
		}
		if all[0].Edit != w.all()[0].Edit {
			t.Error("the same file wrote again")
		}
		again := w.preview(registry.Program(), "水库.csv", strings.Replace(table, "123.5", "99", 1), o)
		want := []objectfile.FieldChange{
			{Field: "scale", Name: fault.T("规模", "scale"), Old: "小(1)型", New: "小(2)型"},
			{Field: "storage_wan_m3", Name: fault.T("总库容", "total storage"), Old: "123.5", New: "99"},
		}
		for _, r := range again.Rows {
			if r.Outcome == objectfile.Changed {
				if d := cmp.Diff(want, r.Changes); d != "" {
					t.Error(d)
				}
			}
		}
	})
}

// TestStandardHeads reads a table of SL/T 809, whose heads also say the kind, in the coordinates of a public map.
func TestStandardHeads(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	place := geodesy.Point{Lon: 120.62, Lat: 29.91}
	shifted := geodesy.Convert(place, geodesy.CGCS2000, geodesy.GCJ02)
	table := fmt.Sprintf("RES_CODE,RES_NAME,ADCD,LGTD,LTTD,TOT_CAP,ENG_SCAL,DEL_FLAG,NORM_WAT_LEV\nR1,甲水库,330602000000,%.7f,%.7f,1500,中型,0,45.2\nR2,乙水库,330603101001,120°37′30″,29°30′,20,,1,\n", shifted.Lon, shifted.Lat)
	e := w.preview(registry.Program(), "att_res_base.csv", table, objectfile.Options{})
	if e.Counts.Refused != 1 || e.Counts.Ignored != 1 || !strings.Contains(e.Rows[0].Reason.En, "reference system") {
		t.Errorf("without a system: %+v", e.Rows)
	}
	e = w.apply("att_res_base.csv", table, objectfile.Options{System: geodesy.GCJ02, Scheme: "SL213"})
	if d := cmp.Diff(objectfile.Counts{Added: 1, Ignored: 1}, e.Counts); d != "" {
		t.Fatal(d)
	}
	o := w.all()[0]
	if o.Kind != objectrule.Reservoir || o.Scheme != "SL213" || o.Division != "330602" || o.Ext["NORM_WAT_LEV"] != "45.2" ||
		math.Abs(o.Place.Lon-place.Lon) > 2e-7 || math.Abs(o.Place.Lat-place.Lat) > 2e-7 {
		t.Errorf("%+v at %v", o, o.Place)
	}
	if c := w.apply("att_res_base.csv", table, objectfile.Options{System: geodesy.GCJ02, Scheme: "SL213"}).Counts; c.Same != 1 || c.Changed != 0 {
		t.Errorf("twice: %+v", c)
	}
}

// TestScopeOfImport refuses rows of other counties, those that stand there and those that would.
func TestScopeOfImport(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.apply("a.csv", "类别,名称,代码,所在区划\n山塘,甲塘,P1,柯桥区\n", objectfile.Options{})
	yue := w.division("330602")
	by := registry.Editor{May: func(id int64) bool { return id == yue }}
	if e := w.preview(by, "c.csv", "类别,名称,代码\n山塘,,P1\n", objectfile.Options{}); e.Counts.Refused != 1 || e.Rows[0].Name != "" || e.Rows[0].Object != 0 {
		t.Errorf("the neighbour's object is told of: %+v", e.Rows)
	}
	e := w.preview(by, "b.csv", "类别,名称,代码,所在区划\n山塘,甲塘,P1,越城区\n山塘,乙塘,P2,柯桥\n山塘,丙塘,P3,越城\n", objectfile.Options{})
	if d := cmp.Diff(objectfile.Counts{Added: 1, Refused: 2}, e.Counts); d != "" {
		t.Errorf("%s\n%+v", d, e.Rows)
	}
	for _, r := range e.Rows {
		if r.Outcome == objectfile.Refused && r.Cell != fmt.Sprintf("D%d", r.Row) {
			t.Errorf("row %d is refused at %q", r.Row, r.Cell)
		}
	}
}

// TestRoundTrip writes the register in each form and reads it back: nothing changes.
func TestRoundTrip(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	class, period, yes := int64(3), int64(6), true
	w.add(registry.NewWaterObject{
		Scheme: "SL213", Code: "R-1", Kind: objectrule.Reservoir, Name: fault.T("=甲水库", "Jia"), Division: "330602",
		ObjectFacts: registry.ObjectFacts{
			River: "小溪", Place: &geodesy.Point{Lon: 120.5821234, Lat: 30.0000001}, StorageWanM3: some("1234.567891"), DamHeightM: some("28.5"),
			CommissionedOn: day("1978-12-01"), ImpoundedOn: day("1978-01-01"), AppraisedOn: day("2022-03-04"), AppraisalClass: &class, AppraisalPeriodYears: &period,
			ReinforcedOn: day("2024-05-06"), AffectsCountyTown: &yes,
		},
		Ext: map[string]string{"坝型": "-土坝", "备注": "无"},
	})
	w.add(registry.NewWaterObject{Kind: objectrule.Hydropower, Name: fault.T("乙电站", ""), Division: "330603", ObjectFacts: registry.ObjectFacts{InstalledKW: some("1250"), Disposition: "rectify", Place: &geodesy.Point{Lon: 120.4, Lat: 29.7}}})
	w.add(registry.NewWaterObject{Kind: objectrule.Waterworks, Name: fault.T("丙水厂", ""), Division: "330600-BH", ObjectFacts: registry.ObjectFacts{Population: some("820"), SupplyM3Day: some("120"), Scale: objectrule.Under1000, Charging: "flat", Place: &geodesy.Point{Lon: 120.7, Lat: 30.1}}})
	w.add(registry.NewWaterObject{Kind: objectrule.River, Name: fault.T("丁江", ""), Division: "330602", ObjectFacts: registry.ObjectFacts{LengthM: some("12300"), Scale: "county", Place: &geodesy.Point{Lon: 120.6, Lat: 29.9}}})
	list := w.all()
	same := func(name string, data []byte, o objectfile.Options) {
		t.Helper()
		e := w.preview(registry.Program(), name, string(data), o)
		if d := cmp.Diff(objectfile.Counts{Same: len(list)}, e.Counts); d != "" {
			t.Errorf("%s: %s\n%+v", name, d, e.Rows)
		}
	}
	for _, en := range []bool{false, true} {
		sheet := objectfile.Sheet{Title: fault.T("水利对象", "Objects"), Notes: []fault.Text{fault.T("截至今日", "as of today")}, Tree: w.tree, En: en}
		x, err := objectfile.WriteXLSX(sheet, list)
		if err != nil {
			t.Fatal(err)
		}
		same("a.xlsx", x, cgcs)
		c, err := objectfile.WriteCSV(sheet, list)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(c, []byte(",=")) || bytes.Contains(c, []byte(",-")) {
			t.Error("a formula in the CSV")
		}
		same("a.csv", c, cgcs)
	}
	for _, system := range geodesy.Systems() {
		g, left, err := objectfile.WriteGeoJSON(list, system)
		if err != nil || left != 0 {
			t.Fatal(left, err)
		}
		if system == geodesy.GCJ02 || system == geodesy.BD09 {
			continue // seven decimals of a shifted place are not those of the place
		}
		same("a.geojson", g, objectfile.Options{System: system})
	}
}

func (w *world) add(n registry.NewWaterObject) {
	w.Helper()
	err := w.db.Write(w.Context(), func(tx *store.Tx) error {
		_, err := w.s.AddObject(w.Context(), tx, registry.Program(), n)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
}

func some(s string) quantity.Null { return quantity.Some(quantity.MustParse(s)) }

func day(s string) *hydrotime.Date {
	d, err := hydrotime.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return &d
}

// TestGeoJSONRefusals tells the feature that cannot be read, by its number in the file.
func TestGeoJSONRefusals(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	src := `{"type":"FeatureCollection","features":[
		{"type":"Feature","properties":{"name":"甲塘","kind":"pond","ADCD":330602},"geometry":{"type":"Point","coordinates":[120.5,30]}},
		{"type":"Feature","properties":{"name":"乙江"},"geometry":{"type":"LineString","coordinates":[[120,30],[121,30]]}},
		{"type":"Feature","properties":{"name":"丙塘","kind":"castle","division":"330602"},"geometry":{"type":"Point","coordinates":[120.5,30]}}]}`
	e := w.preview(registry.Program(), "a.geojson", src, cgcs)
	if d := cmp.Diff(objectfile.Counts{Added: 1, Refused: 2}, e.Counts); d != "" {
		t.Fatalf("%s\n%+v", d, e.Rows)
	}
	rows := map[int]string{}
	for _, r := range e.Rows {
		rows[r.Row] = r.Cell
	}
	if rows[2] != "features[1].geometry.type" || rows[3] != "features[2].properties.kind" {
		t.Errorf("%v", rows)
	}
	if _, err := objectfile.Preview(t.Context(), w.s, registry.Program(), "a.geojson", []byte(src), objectfile.Options{}); !fault.Is(err, fault.Invalid) {
		t.Errorf("without a system: %v", err)
	}
}

func TestNoHead(t *testing.T) {
	_, err := objectfile.Read("a.csv", []byte("a,b\n1,2\n"), objectfile.Options{})
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != "objects.head" {
		t.Errorf("%v", err)
	}
}

// FuzzRead reads anything and holds what it reads against the bounds that the register sets.
func FuzzRead(f *testing.F) {
	f.Add([]byte("类别,名称,代码,总库容(亿m³),经度,纬度,竣工时间\n水库,甲,K1,0.5,120.5,30°12′,1978年\n"))
	f.Add([]byte("RES_NAME,RES_CODE\n甲,1\n"))
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"甲","kind":"pond","x":[1]},"geometry":{"type":"Point","coordinates":[120,30]}}]}`))
	var b bytes.Buffer
	err := workbook.WriteXLSX(&b, workbook.Table{Title: "a", Columns: []workbook.Column{{Head: []string{"名称"}}, {Head: []string{"代码"}}}, Rows: [][]workbook.Value{{workbook.TextValue("甲"), workbook.TextValue("1")}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := objectfile.Read("a", data, objectfile.Options{System: geodesy.BD09, Kind: objectrule.Pond})
		if err != nil {
			if fault.KindOf(err) == fault.Internal {
				t.Errorf("not told as a fault: %v", err)
			}
			return
		}
		for _, r := range file.Rows {
			if len(r.Problems) == 0 && r.Object.Place != nil && math.IsNaN(r.Object.Place.Lon) {
				t.Error("a place that is none")
			}
		}
	})
}
