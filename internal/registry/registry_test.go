package registry_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/registry"
	"anlan/internal/store"
	"anlan/internal/store/storetest"

	"github.com/google/go-cmp/cmp"
)

func city() []registry.NewDivision {
	d := func(code, zh, level, parent string) registry.NewDivision {
		return registry.NewDivision{Code: code, Name: fault.T(zh, zh), Kind: registry.Administrative, Level: level, Parent: parent}
	}
	area := d("330600-BH", "滨海新城", "county", "330600")
	area.Kind, area.Sort = registry.Functional, 9
	return []registry.NewDivision{
		d("330000", "浙江省", "province", ""), d("330600", "绍兴市", "city", "330000"),
		d("330602", "越城区", "county", "330600"), d("330603", "柯桥区", "county", "330600"), area,
	}
}

func add(t *testing.T, db *store.DB, s *registry.Service, list []registry.NewDivision) error {
	t.Helper()
	return db.Write(t.Context(), func(tx *store.Tx) error { return s.AddDivisions(t.Context(), tx, list) })
}

func TestRegistry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := registry.New(db, func() time.Time { return time.UnixMilli(1) })
		if err := add(t, db, s, city()); err != nil {
			t.Fatal(err)
		}
		tree, err := s.Tree(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		province, _ := tree.ByCode("330000")
		sx, _ := tree.ByCode("330600")
		bh, ok := tree.ByCode("330600-BH")
		if !ok || !tree.Within(province.ID, bh.ID) || tree.Within(bh.ID, sx.ID) {
			t.Error("the functional area lies below its explicit parent")
		}
		if n := len(tree.Filers(province.ID, "county", time.Now())); n != 3 {
			t.Errorf("%d filers with the functional area", n)
		}
		var depth int
		if err := db.QueryRowContext(t.Context(), `SELECT depth FROM division_closure WHERE ancestor_id = $1 AND descendant_id = $2`, province.ID, bh.ID).Scan(&depth); err != nil || depth != 2 {
			t.Errorf("closure depth %d, %v", depth, err)
		}
		testChange(t, db, s)
		testRefusals(t, db, s)
	})
}

func testChange(t *testing.T, db *store.DB, s *registry.Service) {
	change := func(code string, c registry.DivisionChange) error {
		return db.Write(t.Context(), func(tx *store.Tx) error { return s.ChangeDivision(t.Context(), tx, code, c) })
	}
	inside := "330602"
	if err := change("330600-BH", registry.DivisionChange{Inside: &inside}); err != nil {
		t.Fatal(err)
	}
	tree, err := s.Tree(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d, _ := tree.ByCode("330600-BH"); d.InsideID == nil {
		t.Error("the change is not seen")
	}
	neighbour := "330603"
	if err := change("330602", registry.DivisionChange{Inside: &neighbour}); !fault.Is(err, fault.Invalid) {
		t.Errorf("inside another while holding one: %v", err)
	}
	other := "330600-BH"
	if err := change("330603", registry.DivisionChange{Inside: &other}); !fault.Is(err, fault.Invalid) {
		t.Errorf("inside one that lies inside another: %v", err)
	}
}

func testRefusals(t *testing.T, db *store.DB, s *registry.Service) {
	f := func(kind fault.Kind, change func(*registry.NewDivision)) {
		t.Helper()
		d := registry.NewDivision{Code: "330604", Name: fault.T("上虞区", "Shangyu"), Kind: registry.Administrative, Level: "county", Parent: "330600"}
		change(&d)
		if err := add(t, db, s, []registry.NewDivision{d}); !fault.Is(err, kind) {
			t.Errorf("%+v: %v, want %s", d, err, kind)
		}
	}
	f(fault.Conflict, func(d *registry.NewDivision) { d.Code = "330602" })
	f(fault.Invalid, func(d *registry.NewDivision) { d.Code = "3306" })
	f(fault.Invalid, func(d *registry.NewDivision) { d.Parent = "999999" })
	f(fault.Invalid, func(d *registry.NewDivision) { d.Parent = "330603" }) // a county below a county
	f(fault.Invalid, func(d *registry.NewDivision) { d.Level = "region" })
	f(fault.Invalid, func(d *registry.NewDivision) { d.Inside = "330600" })
	f(fault.Invalid, func(d *registry.NewDivision) { d.Name.En = "" })
	f(fault.Invalid, func(d *registry.NewDivision) { d.Boundary = `{"type":"Point","coordinates":[120,30]}` })
	for _, geometry := range []string{
		`{"type":"Polygon","coordinates":[[[120,30],[121,30],[121,31],[120,31]]]}`,
		`{"type":"Polygon","coordinates":[[[120,30],[121],[121,31],[120,30]]]}`,
		`{"type":"Polygon","coordinates":[[[120,30],[121,91],[121,31],[120,30]]]}`,
		`{"type":"Polygon","coordinates":[]}`,
		`{"type":"MultiPolygon","coordinates":[[]]}`,
		`{"type":"Polygon","coordinates":[[` + strings.Repeat("[120,30],", 50_000) + `[120,30]]]}`,
		`not JSON`,
	} {
		f(fault.Invalid, func(d *registry.NewDivision) { d.Boundary = geometry })
	}
}

func TestParentByPrefix(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := registry.New(db, func() time.Time { return time.UnixMilli(1) })
		d := func(code, kind, level string) registry.NewDivision {
			return registry.NewDivision{Code: code, Name: fault.T(code, code), Kind: kind, Level: level}
		}
		err := add(t, db, s, []registry.NewDivision{
			d("330000", registry.Administrative, "province"), d("330600", registry.Administrative, "city"), d("330602", registry.Administrative, "county"),
			d("330602001", registry.Administrative, "town"), d("330602001002", registry.Administrative, "village"), d("330600-BH", registry.Functional, "county"),
		})
		if err != nil {
			t.Fatal(err)
		}
		tree, err := s.Tree(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		f := func(code string, want ...string) {
			t.Helper()
			at, _ := tree.ByCode(code)
			var got []string
			for _, a := range tree.Ancestors(at.ID) {
				got = append(got, a.Code)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("above %s: %s", code, diff)
			}
		}
		f("330602001002", "330602001", "330602", "330600", "330000")
		f("330600-BH", "330600", "330000")
	})
}

func TestAnotherProcessSeesTheChange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		at := time.UnixMilli(1)
		now := func() time.Time { return at }
		mine, theirs := registry.New(db, now), registry.New(db, now)
		if err := add(t, db, mine, city()); err != nil {
			t.Fatal(err)
		}
		at = at.Add(time.Second)
		name := fault.T("越城", "Yuecheng")
		err := db.Write(t.Context(), func(tx *store.Tx) error {
			return mine.ChangeDivision(t.Context(), tx, "330602", registry.DivisionChange{Name: &name})
		})
		if err != nil {
			t.Fatal(err)
		}
		tree, err := theirs.Tree(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if d, _ := tree.ByCode("330602"); d.NameZh != name.Zh {
			t.Errorf("the other service sees %q", d.NameZh)
		}
	})
}

func TestThousandsOfDivisionsInOneGo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := registry.New(db, func() time.Time { return time.UnixMilli(1) })
		list := []registry.NewDivision{{Code: "330000", Name: fault.T("省", "province"), Kind: registry.Administrative, Level: "province"}}
		for c := 1; c <= 11; c++ {
			code := fmt.Sprintf("33%02d00", c)
			list = append(list, registry.NewDivision{Code: code, Name: fault.T(code, code), Kind: registry.Administrative, Level: "city", Parent: "330000"})
			for k := range 99 {
				own := fmt.Sprintf("33%02d%02d", c, k+1)
				list = append(list, registry.NewDivision{Code: own, Name: fault.T(own, own), Kind: registry.Administrative, Level: "county", Parent: code})
			}
		}
		if err := add(t, db, s, list); err != nil {
			t.Fatal(err)
		}
		tree, err := s.Tree(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n := len(tree.Filers(tree.Roots()[0].ID, "county", time.Now())); n != 11*99 {
			t.Errorf("%d counties", n)
		}
		var closure int
		if err := db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM division_closure`).Scan(&closure); err != nil || closure != 1+11*2+11*99*3 {
			t.Errorf("closure of %d rows, %v", closure, err)
		}
	})
}

func BenchmarkWithin(b *testing.B) {
	var list []registry.Division
	for c := range int64(11) {
		list = append(list, registry.Division{ID: c + 1, Code: fmt.Sprint(c), Level: "city"})
		for k := range int64(100) {
			parent := c + 1
			list = append(list, registry.Division{ID: 100 + c*100 + k, Code: fmt.Sprintf("%d-%d", c, k), Level: "county", ParentID: &parent})
		}
	}
	tree := registry.NewTree(list)
	for b.Loop() {
		if !tree.Within(5, 100+4*100+50) {
			b.Fatal("not within")
		}
	}
}

func FuzzBoundary(f *testing.F) {
	for _, s := range []string{
		`{"type":"Polygon","coordinates":[[[120,30],[121,30],[121,31],[120,30]]]}`, `{"type":"MultiPolygon","coordinates":[[[[1,2]]]]}`, `{`, `{"type":"Polygon","coordinates":null}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, geometry string) {
		d := registry.NewDivision{Code: "330604", Name: fault.T("区", "d"), Kind: registry.Administrative, Level: "county", Parent: "330600", Boundary: geometry}
		if err := d.Check(); err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", geometry, err)
		}
		if d.Check() == nil && geometry != "" && !json.Valid([]byte(geometry)) {
			t.Errorf("taken: %q", geometry)
		}
	})
}
