package programme_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"anlan/internal/identity/audit"
	"anlan/internal/programme"
	"anlan/internal/programme/table"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
)

// marks counts the rows of every table that an import writes.
func (c *city) marks() map[string]int {
	c.Helper()
	out := map[string]int{}
	for _, t := range []string{"filing", "filing_line", "filing_event", "target", "import_mapping", "audit_entry"} {
		out[t] = c.count(t)
	}
	return out
}

func TestImportBreaksOffWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCity(t, db)
		p := c.person("planner", "330600")
		i := c.upload(p, "330600", "a.xlsx", monthly(t))
		rename := func(from, to string) {
			t.Helper()
			err := db.Write(t.Context(), func(tx *store.Tx) error {
				_, err := tx.ExecContext(t.Context(), `ALTER TABLE `+from+` RENAME TO `+to)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		before := c.marks()
		rename("import_row", "import_row_away") // returns and targets are written before the store fails
		if _, err := c.s.ConfirmImport(t.Context(), p, i.ID, nil, ""); err == nil {
			t.Fatal("the store failed and nobody was told")
		}
		rename("import_row_away", "import_row")
		if d := cmp.Diff(before, c.marks()); d != "" {
			t.Errorf("something was left half done: %s", d)
		}
		if done := c.confirm(p, i.ID); done.Already || done.Counts.Taken != 3 {
			t.Errorf("tried again: %+v", done.Counts)
		}
	})
}

func TestImportConfirmedByTwoAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCity(t, db)
		p := c.person("planner", "330600")
		i := c.upload(p, "330600", "a.xlsx", monthly(t))
		var all sync.WaitGroup
		effects := make([]*programme.ImportEffect, 4)
		for n := range effects {
			all.Go(func() {
				var err error
				if effects[n], err = c.s.ConfirmImport(t.Context(), p, i.ID, nil, ""); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		first := 0
		for _, e := range effects {
			if e != nil && !e.Already {
				first++
			}
			if e != nil && e.Counts.Taken != 3 {
				t.Errorf("%+v", e.Counts)
			}
		}
		if first != 1 || c.count("filing") != 3 || c.count("target") != 3 {
			t.Errorf("%d confirmations wrote, %d returns", first, c.count("filing"))
		}
		if r, err := audit.Verify(t.Context(), db); err != nil || !r.OK {
			t.Errorf("audit: %+v, %v", r, err)
		}
	})
}

func TestImportGuessesNothing(t *testing.T) {
	c := newCity(t, storetest.SQLite(t))
	p := c.person("planner", "330600")
	refusals := func(name, text string) []string {
		t.Helper()
		i := c.upload(p, "330600", name, []byte(text))
		e, err := c.s.PreviewImport(t.Context(), p, i.ID, nil)
		if err != nil {
			t.Fatalf("%v: %+v", err, i.Sheets[0].Mapping)
		}
		var out []string
		for _, r := range e.Rows {
			if r.Outcome == "refused" || r.Outcome == "notice" && r.Row > 0 && r.Cell != "" {
				out = append(out, r.Cell+" "+r.Reason.Zh)
			}
		}
		return out
	}
	f := func(name, text, want string) {
		t.Helper()
		if got := strings.Join(refusals(name, text), "\n"); !strings.Contains(got, want) {
			t.Errorf("%s: got\n%s\nwant %s", name, got, want)
		}
	}
	f("约.csv", "2026年5月投资情况表（万元）,\n地区,完成投资\n越城区,约5\n柯桥区,6\n", "B3 “约5”是约数")
	f("项目.csv", "2026年5月项目投资表（万元）,,\n地区,项目名称,完成投资\n越城区,一号水库,5\n越城区,二号水库,5\n", "不是整个地区的数")
	f("季度.csv", "2026年4—5月投资情况表（万元）,\n地区,完成投资\n越城区,5\n柯桥区,6\n", "年初累计，表中是 4—5 月")
	f("全市.csv", "2026年5月投资情况表（万元）,\n地区,完成投资\n越城区,5\n柯桥区,7\n全市,13\n", "B5 ")
}

func FuzzImportMapping(f *testing.F) {
	c := newCity(f, storetest.SQLite(f))
	p := c.person("planner", "330600")
	imp := c.upload(p, "330600", "a.xlsx", monthly(f))
	for _, seed := range []string{`[{"sheet":"投资"}]`, `[]`, `null`, `[{"sheet":"投资","period":{"year":99999999,"from":-1,"to":99},"division":"x","columns":[{"column":-1,"role":"value"}]}]`} {
		f.Add(seed)
	}
	m, err := json.Marshal([]table.Mapping{*imp.Sheets[0].Mapping})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(m))
	f.Fuzz(func(t *testing.T, text string) {
		var list []table.Mapping
		if json.Unmarshal([]byte(text), &list) != nil {
			return
		}
		e, err := c.s.PreviewImport(t.Context(), p, imp.ID, list)
		if err != nil {
			return
		}
		if n := e.Counts.Taken + e.Counts.Refused + e.Counts.Ignored; n != imp.Sheets[0].Total {
			t.Errorf("%d rows are accounted for, the sheet has %d: %s", n, imp.Sheets[0].Total, text)
		}
	})
}
