package web_test

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/ooxmltest"
	"anlan/internal/oversight"
	lists "anlan/internal/oversight/paper"
	"anlan/internal/registry"
	"anlan/internal/store"
	"anlan/internal/workbook"
	"anlan/packs"

	"github.com/google/go-cmp/cmp"
)

// sheetOf is a file of a list as people read it: what stands above the table, and the table with its heads.
type sheetOf struct {
	above string
	rows  [][]string
}

// opened reads the table of a document or a workbook.
func opened(t *testing.T, ending, file string) sheetOf {
	t.Helper()
	if ending == "docx" {
		return openedDocument(t, file)
	}
	for _, wrong := range ooxmltest.Check([]byte(file)) {
		t.Error(wrong)
	}
	book, err := workbook.Read("a.xlsx", []byte(file))
	if err != nil || len(book.Sheets) != 1 {
		t.Fatalf("%v", err)
	}
	var out sheetOf
	widest := 0
	for _, r := range book.Sheets[0].Rows {
		widest = max(widest, len(r))
	}
	for _, r := range book.Sheets[0].Rows {
		var cells []string
		for _, c := range r {
			cells = append(cells, c.Text)
		}
		if len(out.rows) == 0 && (len(cells) < widest || cells[1] == "") {
			out.above += strings.Join(cells, " ") + "\n"
			continue
		}
		out.rows = append(out.rows, cells)
	}
	return out
}

func openedDocument(t *testing.T, file string) sheetOf {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out sheetOf
	inTable := false
	d := xml.NewDecoder(f)
	for {
		token, err := d.Token()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		last := len(out.rows) - 1
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "tbl":
				inTable = true
			case "tr":
				out.rows = append(out.rows, nil)
			case "tc":
				out.rows[last] = append(out.rows[last], "")
			}
		case xml.EndElement:
			if e.Name.Local == "tbl" {
				inTable = false
			}
		case xml.CharData:
			if !inTable {
				out.above += string(e)
				continue
			}
			if last >= 0 && len(out.rows[last]) > 0 {
				out.rows[last][len(out.rows[last])-1] += string(e)
			}
		}
	}
}

// twoCounties gives a server two counties with a reservoir each, and an account of the second one beside yue.
func twoCounties(t *testing.T) (s *server, yue, ke, city *http.Client) {
	s = newServer(t)
	s.waterworks()
	ctx := t.Context()
	err := s.app.Store.Write(ctx, func(tx *store.Tx) error {
		if _, err := s.app.Registry.AddOrganisation(ctx, tx, registry.Program(), registry.NewOrganisation{Name: fault.T("330603", "330603"), Kind: "bureau", Division: "330603"}); err != nil {
			return err
		}
		_, err := s.app.Registry.AddObject(ctx, tx, registry.Program(), registry.NewWaterObject{Kind: "reservoir", Name: fault.T("乙水库", ""), Division: "330603"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s.account("ke", "county_leader", "330603")
	return s, s.browser("yue"), s.browser("ke"), s.browser("director")
}

// TestThreeListsAsFiles opens each of the three lists in both forms as the city, as two counties, and while an inspection is hidden from
// one of them: heading, heads, rows, and whose matters they are.
func TestThreeListsAsFiles(t *testing.T) {
	s, yue, ke, city := twoCounties(t)
	finding := func(client, division, title string, severity int) {
		t.Helper()
		s.numbered(city, "/api/matters", map[string]any{
			"client": client, "kind": "finding", "line": "reservoir", "division": division, "title": title, "severity": severity, "origin": "city", "due": time.Now().AddDate(0, 1, 0).Format(time.DateOnly), "basis": "办法第四条", "place": map[string]any{},
		})
	}
	finding("1", "330602", "坝坡渗漏", 3)
	finding("2", "330602", "无公示牌", 1)
	finding("3", "330603", "闸门不能启闭", 2)
	s.unannounced(city) // a fourth one, hidden from the first county

	const hidden = "未落实防汛行政责任人"
	f := func(who *http.Client, query, office string, want ...string) {
		t.Helper()
		for _, list := range []lists.List{lists.Problems, lists.Responsibility, lists.Rectification} {
			for _, ending := range []string{"docx", "xlsx"} {
				path := fmt.Sprintf("/api/matters/list.%s?list=%s&sort=number%s", ending, list, query)
				got := opened(t, ending, s.done(who, "GET", path, nil))
				if name := list.Title(office); !strings.Contains(got.above, name) {
					t.Errorf("%s is headed %q, not %s", path, got.above, name)
				}
				count := fmt.Sprintf("共 %d 项", len(want))
				if slices.Contains(want, hidden) {
					count += "（含对受检方保密 1 项）"
				}
				if len(want) > 0 && !strings.Contains(got.above, count+"，截至") {
					t.Errorf("%s says %q, not %s", path, got.above, count)
				}
				if len(want) == 0 && ending == "docx" {
					if len(got.rows) != 0 || !strings.Contains(got.above, "无。") {
						t.Errorf("%s of nothing: %+v", path, got)
					}
					continue
				}
				if len(got.rows) == 0 {
					t.Fatalf("%s has no table", path)
				}
				if diff := cmp.Diff(list.Heads("zh"), got.rows[0]); diff != "" {
					t.Errorf("%s, heads (-want +got):\n%s", path, diff)
				}
				var titles []string
				for _, row := range got.rows[1:] {
					titles = append(titles, row[3])
					if len(row) != len(got.rows[0]) || slices.Contains(row, "") {
						t.Errorf("%s has a hole: %q", path, row)
					}
				}
				if diff := cmp.Diff(want, titles); diff != "" {
					t.Errorf("%s (-want +got):\n%s", path, diff)
				}
			}
		}
	}
	if items := s.done(city, "GET", "/api/matters?source=inspection", nil); !strings.Contains(items, hidden) {
		t.Fatalf("the hidden one is another: %s", items)
	}
	f(city, "", "330600", "坝坡渗漏", "无公示牌", "闸门不能启闭", hidden)
	f(city, "&scope=330603", "330603", "闸门不能启闭")
	f(city, "&severity=3&scope=330602", "330602", "坝坡渗漏", hidden)
	f(city, "&state=closed", "330600")
	f(yue, "", "330602", "坝坡渗漏", "无公示牌")
	f(yue, "&severity=3", "330602", "坝坡渗漏")
	f(yue, "&scope=330600", "330602", "坝坡渗漏", "无公示牌") // a wider scope tells no more, and is not headed as the city's
	f(ke, "", "330603", "闸门不能启闭")
	for _, ending := range []string{"docx", "xlsx"} {
		if status, _ := s.call(ke, "GET", "/api/matters/list."+ending+"?scope=330602", nil); status == 200 {
			if got := opened(t, ending, s.done(ke, "GET", "/api/matters/list."+ending+"?scope=330602", nil)); len(got.rows) > 1 {
				t.Errorf("a county has another's list: %q", got.rows)
			}
		}
	}
}

// TestLedgersAsFiles opens the list of each ledger in both forms and languages: heading, heads, rows, and that a county has its own only.
func TestLedgersAsFiles(t *testing.T) {
	s, yue, ke, city := twoCounties(t)
	_, err := s.app.Oversight.Load(t.Context(), identity.Actor{Name: "test"}, oversight.Definitions{Checklists: packs.Checklists(), Trees: packs.Acceptance(), Ledgers: packs.Ledgers()})
	if err != nil {
		t.Fatal(err)
	}
	pond := func(who *http.Client, division, name string) {
		t.Helper()
		id := s.numbered(who, "/api/objects", map[string]any{"kind": "pond", "code": name, "name": map[string]string{"zh": name, "en": ""}, "division": division})
		s.numbered(who, "/api/ledger-entries", map[string]any{"ledger": "pond-rehab", "object": id})
	}
	pond(yue, "330602", "甲塘")
	pond(yue, "330602", "乙塘")
	pond(ke, "330603", "丙塘")
	f := func(who *http.Client, lang, query, title, count, heads string, want ...string) {
		t.Helper()
		for _, ending := range []string{"docx", "xlsx"} {
			path := "/api/ledgers/pond-rehab/entries." + ending + "?sort=object&lang=" + lang + query
			got := opened(t, ending, s.done(who, "GET", path, nil))
			if !strings.Contains(got.above, title) || len(want) > 0 && !strings.Contains(got.above, count) {
				t.Errorf("%s is headed %q, not %s and %s", path, got.above, title, count)
			}
			var names []string
			for i, row := range got.rows {
				if i == 0 {
					if diff := cmp.Diff(heads, strings.Join(row, " ")); diff != "" {
						t.Errorf("%s, heads (-want +got):\n%s", path, diff)
					}
					continue
				}
				names = append(names, row[2])
			}
			slices.Sort(names)
			if diff := cmp.Diff(want, names); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
		}
	}
	const heads = "县（市、区） 所在地 对象 代码 状态 到达日期 到期 原定到期 是否办结 说明"
	f(city, "zh", "", "山塘综合整治台账", "共 3 项", heads, "丙塘", "乙塘", "甲塘")
	f(city, "en", "", "Rehabilitation of hill ponds", "3 entries", "county place object code state since due first due done note", "丙塘", "乙塘", "甲塘")
	f(city, "zh", "&division=330603", "山塘综合整治台账", "共 1 项", heads, "丙塘")
	f(city, "zh", "&standing=done", "山塘综合整治台账", "", heads)
	f(yue, "zh", "", "山塘综合整治台账", "共 2 项", heads, "乙塘", "甲塘")
	f(yue, "zh", "&q=甲", "山塘综合整治台账", "共 1 项", heads, "甲塘")
	f(ke, "zh", "", "山塘综合整治台账", "共 1 项", heads, "丙塘")
	var shipped []struct{ Rules struct{ ID string } }
	s.read(city, "/api/ledgers", &shipped)
	if len(shipped) < 6 {
		t.Fatalf("%d ledgers", len(shipped))
	}
	for _, k := range shipped {
		for _, ending := range []string{"docx", "xlsx"} {
			path := "/api/ledgers/" + k.Rules.ID + "/entries." + ending
			if status, body := s.call(city, "GET", path, nil); status != 200 {
				t.Errorf("%s: %d %s", path, status, body)
			}
		}
	}
}
