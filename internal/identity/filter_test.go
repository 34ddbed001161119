package identity_test

import (
	"fmt"
	"strings"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/store"
	"anlan/internal/store/storetest"

	"github.com/google/go-cmp/cmp"
)

func TestSavedFiltersAreOnesOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ctx := t.Context()
		for _, login := range []string{"yue", "ke"} {
			w.account(login, "clerk", "*", "330602")
		}
		yue, err := w.signIn("yue", "Rain-2026-water")
		if err != nil {
			t.Fatal(err)
		}
		ke, err := w.signIn("ke", "Rain-2026-water")
		if err != nil {
			t.Fatal(err)
		}
		save := func(p *identity.Principal, list, name, query string, standing bool) string {
			t.Helper()
			id, err := w.ids.SaveFilter(ctx, p, list, identity.SavedFilter{Name: name, Query: query, Default: standing})
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		holds := func(p *identity.Principal, list string, want ...identity.SavedFilter) {
			t.Helper()
			got, err := w.ids.Filters(ctx, p, list)
			if d := cmp.Diff(append([]identity.SavedFilter{}, want...), got); d != "" || err != nil {
				t.Errorf("%s: %v %s", list, err, d)
			}
		}
		refused := func(err error, kind fault.Kind) {
			t.Helper()
			if !fault.Is(err, kind) {
				t.Errorf("%v, want %s", err, kind)
			}
		}
		a := save(yue, "matters", " 逾期 ", "overdue=true", true)
		b := save(yue, "matters", "重复", "recurrent=true&line=flood", true)
		c := save(yue, "objects", "逾期", "due=overdue", false)
		holds(yue, "matters", identity.SavedFilter{ID: a, Name: "逾期", Query: "overdue=true"}, identity.SavedFilter{ID: b, Name: "重复", Query: "recurrent=true&line=flood", Default: true})
		holds(ke, "matters")
		text, no := "全部", false
		refused(w.ids.ChangeFilter(ctx, ke, a, identity.FilterChange{Name: &text}), fault.NotFound)
		refused(w.ids.DropFilter(ctx, ke, a), fault.NotFound)
		refused(w.ids.ChangeFilter(ctx, yue, a, identity.FilterChange{Name: &[]string{"重复"}[0]}), fault.Conflict)
		if err := w.ids.ChangeFilter(ctx, yue, b, identity.FilterChange{Name: &text, Default: &no}); err != nil {
			t.Fatal(err)
		}
		if err := w.ids.DropFilter(ctx, yue, a); err != nil {
			t.Fatal(err)
		}
		holds(yue, "matters", identity.SavedFilter{ID: b, Name: "全部", Query: "recurrent=true&line=flood"})
		holds(yue, "objects", identity.SavedFilter{ID: c, Name: "逾期", Query: "due=overdue"})
		f := func(list, name, query string, kind fault.Kind) {
			t.Helper()
			_, err := w.ids.SaveFilter(ctx, yue, list, identity.SavedFilter{Name: name, Query: query})
			refused(err, kind)
		}
		f("matters", "全部", "", fault.Conflict)
		f("matters", "", "", fault.Invalid)
		f("matters", strings.Repeat("长", 41), "", fault.Invalid)
		f("matters", "x", "a=%zz", fault.Invalid)
		f("matters", "x", strings.Repeat("a", 2001), fault.Invalid)
		f("No such list", "x", "", fault.Invalid)
		for i := range 29 {
			save(yue, "matters", fmt.Sprint(i), "", false)
		}
		f("matters", "one more", "", fault.Conflict)
	})
}
