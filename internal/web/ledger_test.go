package web_test

import (
	"fmt"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/oversight"
	"anlan/internal/registry"
	"anlan/internal/store"
	"anlan/internal/web"
	"anlan/internal/workbook"
	"anlan/packs"

	"github.com/google/go-cmp/cmp"
)

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
		book, err := workbook.Read("a.xlsx", []byte(body))
		if status != 200 || err != nil {
			t.Fatalf("%s: %d %v", ledger, status, err)
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
