package programme_test

import (
	"testing"

	"anlan/internal/fault"
	"anlan/internal/programme/table"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
)

// TestAPersonSaysWhereTheHeaderIs holds that the rows above a header named by a person are no data, and that the sheet can be
// asked for with its header elsewhere.
func TestAPersonSaysWhereTheHeaderIs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCity(t, db)
		p := c.person("planner", "330600")
		i := c.upload(p, "330600", "两表.csv", []byte("地区,年度计划\n越城区,1\n2026年5月,\n地区,完成投资(万元)\n越城区,70\n柯桥区,80\n"))
		if l := i.Sheets[0].Layout; l.HeaderTo == 4 {
			t.Skipf("the second header is found by itself: %+v", l)
		}
		sheet, err := c.s.ImportSheet(t.Context(), p, i.ID, "CSV", 4, 4, false)
		if err != nil || sheet.Layout.HeaderFrom != 4 || len(sheet.Mapping.Columns) != 2 || sheet.Mapping.Columns[1].Indicator != "inv.construction" {
			t.Fatalf("%+v, %v", sheet, err)
		}
		e, err := c.s.PreviewImport(t.Context(), p, i.ID, []table.Mapping{*sheet.Mapping})
		if err != nil || e.Counts.Taken != 2 || e.Counts.Figures != 2 || e.Counts.Ignored != 4 {
			t.Errorf("%+v, %v", e, err)
		}
		if sheet, err = c.s.ImportSheet(t.Context(), p, i.ID, "CSV", 4, 4, true); err != nil || !sheet.Mapping.Published || sheet.Mapping.Columns[1].Indicator != "" {
			t.Errorf("as published figures: %+v, %v", sheet, err)
		}
		for _, f := range []struct{ from, to int }{{0, 1}, {5, 4}, {4, 7}} {
			if _, err := c.s.ImportSheet(t.Context(), p, i.ID, "CSV", f.from, f.to, false); !fault.Is(err, fault.Invalid) {
				t.Errorf("header %v: %v", f, err)
			}
		}
		if _, err := c.s.ImportSheet(t.Context(), c.person("clerk", "330603"), i.ID, "CSV", 1, 1, false); !fault.Is(err, fault.NotFound) {
			t.Errorf("another county's clerk: %v", err)
		}
	})
}
