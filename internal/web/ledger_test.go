package web_test

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/ooxmltest"
	"anlan/internal/oversight"
	"anlan/internal/registry"
	"anlan/internal/store"
	"anlan/internal/web"
	"anlan/internal/workbook"
	"anlan/packs"

	"github.com/google/go-cmp/cmp"
)

// wordsOf is what a document says.
func wordsOf(t *testing.T, document string) string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(document), int64(len(document)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// TestAnyTableInOfficeForm: what a screen shows is set as a document too, with shared headings in one cell and what is absent as a dash.
func TestAnyTableInOfficeForm(t *testing.T) {
	s := newServer(t)
	table := map[string]any{
		"title": "检查计划", "subtitle": "截至 2026-06-08", "format": "docx",
		"columns": []any{map[string]any{"head": []string{"名称"}}, map[string]any{"head": []string{"整改", "件数"}, "unit": "件"}, map[string]any{"head": []string{"整改", "率"}, "unit": "%", "decimals": 1}},
		"rows":    [][]any{{"暗访", 3, 33.333}, {"双随机", nil, nil}},
	}
	status, document := s.call(s.browser("director"), "POST", "/api/export", table)
	if status != 200 {
		t.Fatalf("%d %s", status, document)
	}
	body := wordsOf(t, document)
	for _, want := range []string{"检查计划", "截至 2026-06-08", "件数（件）", "率（%）", "33.3", "—", `w:gridSpan w:val="2"`, "w:vMerge", "w:tblHeader"} {
		if !strings.Contains(body, want) {
			t.Errorf("it lacks %s", want)
		}
	}
	table["rows"] = [][]any{}
	if _, document = s.call(s.browser("director"), "POST", "/api/export", table); !strings.Contains(wordsOf(t, document), "无。") {
		t.Error("an empty table says nothing")
	}
	table["format"] = "pdf"
	if status, _ = s.call(s.browser("director"), "POST", "/api/export", table); status != 422 && status != 400 {
		t.Errorf("another format: %d", status)
	}
}

// TestLedgerWorkbookTellsCountyPlaceAndRound: an object of a town stands under its county with the town beside it, and a ledger that
// repeats says which round an entry is of.
func TestLedgerWorkbookTellsCountyPlaceAndRound(t *testing.T) {
	s := newServer(t)
	_, err := s.app.Oversight.Load(t.Context(), identity.Actor{Name: "test"}, oversight.Definitions{
		Checklists: packs.Checklists(), Trees: packs.Acceptance(), Ledgers: packs.Ledgers(),
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.app.Store.Write(t.Context(), func(tx *store.Tx) error {
		return s.app.Registry.AddDivisions(t.Context(), tx, []registry.NewDivision{
			{Code: "330602101", Kind: registry.Administrative, Level: "town", Parent: "330602", Name: fault.T("富盛镇", "Fusheng")},
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	yue, viewer := s.browser("yue"), s.browser("director")
	pond := s.numbered(yue, "/api/objects", map[string]any{"kind": "pond", "code": "P1", "name": map[string]string{"zh": "甲塘", "en": ""}, "division": "330602101"})
	f := func(ledger string, want ...string) {
		t.Helper()
		entry := s.numbered(yue, "/api/ledger-entries", map[string]any{"ledger": ledger, "object": pond})
		var e web.LedgerDetail
		s.read(viewer, fmt.Sprint("/api/ledger-entries/", entry), &e)
		status, body := s.call(viewer, "GET", "/api/ledgers/"+ledger+"/entries.xlsx?lang=en", nil)
		for _, wrong := range ooxmltest.Check([]byte(body)) {
			t.Error(wrong)
		}
		book, err := workbook.Read("a.xlsx", []byte(body))
		if status != 200 || err != nil {
			t.Fatalf("%s: %d %v", ledger, status, err)
		}
		status, document := s.call(viewer, "GET", "/api/ledgers/"+ledger+"/entries.docx?lang=en", nil)
		if body := wordsOf(t, document); status != 200 || !strings.Contains(body, "甲塘") || !strings.Contains(body, "Fusheng") || !strings.Contains(body, "first due") {
			t.Errorf("%s in office form: %d %s", ledger, status, body)
		}
		sheet := book.Sheets[0]
		var got []string
		for c := range len(want) {
			got = append(got, sheet.At(len(sheet.Rows)-2, c).Text+": "+sheet.At(len(sheet.Rows)-1, c).Text)
		}
		want = append(want[:len(want)-1], want[len(want)-1]+e.Round)
		if diff := cmp.Diff(want, got); diff != "" || (e.Round == "") != (ledger == "pond-rehab") {
			t.Errorf("%s, round %q (-want +got):\n%s", ledger, e.Round, diff)
		}
	}
	f("pond-rehab", "county: 330602", "place: Fusheng", "object: 甲塘", "code: P1", "state: in the plan")
	f("pre-flood", "county: 330602", "place: Fusheng", "object: 甲塘", "code: P1", "round: ")
}
