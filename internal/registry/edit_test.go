package registry_test

import (
	"errors"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/registry"
	"anlan/internal/store"
	"anlan/internal/store/storetest"

	"github.com/google/go-cmp/cmp"
)

// TestTheLaterEditorSeesBoth changes each kind of row twice from one reading: the second is refused and handed the first's work.
func TestTheLaterEditorSeesBoth(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBureau(t, db)
		by := b.editor("330600")
		person, post := b.person("沈某", b.yue), b.post("科长", "flood", b.yue)
		f := func(kind string, change func(tx *store.Tx, edit int64, name string) error, nameOf func(current any) string) {
			t.Helper()
			b.must(func(tx *store.Tx) error { return change(tx, 1, "甲") })
			err := b.try(func(tx *store.Tx) error { return change(tx, 1, "乙") })
			var stale *fault.Error
			if !errors.As(err, &stale) || stale.Kind != fault.Conflict || stale.Code != "registry.stale" {
				t.Fatalf("%s: a stale change: %v", kind, err)
			}
			if got := nameOf(stale.Current); got != "甲" {
				t.Errorf("%s: the later editor is shown %q", kind, got)
			}
			b.must(func(tx *store.Tx) error { return change(tx, 2, "乙") })
			b.must(func(tx *store.Tx) error { return change(tx, 0, "丙") }) // the program itself
		}
		f("division", func(tx *store.Tx, edit int64, name string) error {
			return b.s.UpdateDivision(t.Context(), tx, by, "330602", registry.DivisionChange{Edit: edit, Short: &name})
		}, func(current any) string { return current.(registry.Division).ShortZh })
		f("organisation", func(tx *store.Tx, edit int64, name string) error {
			return b.s.ChangeOrganisation(t.Context(), tx, by, b.yue, registry.OrganisationChange{Edit: edit, Name: &fault.Text{Zh: name, En: name}})
		}, func(current any) string { return current.(registry.Organisation).Name.Zh })
		f("post", func(tx *store.Tx, edit int64, name string) error {
			return b.s.ChangePost(t.Context(), tx, by, post, registry.PostChange{Edit: edit, Title: &fault.Text{Zh: name, En: name}})
		}, func(current any) string { return current.(registry.Post).Title.Zh })
		f("person", func(tx *store.Tx, edit int64, name string) error {
			return b.s.ChangePerson(t.Context(), tx, by, person, registry.PersonChange{Edit: edit, Name: &name})
		}, func(current any) string { return current.(registry.Person).Name })
	})
}

// TestListsAreNarrowed asks for one division with what lies below it, one kind and one line of work.
func TestListsAreNarrowed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBureau(t, db)
		b.person("陈一", b.yue)
		b.person("沈二", b.ke)
		b.post("局长", "*", b.yue)
		b.post("科长", "flood", b.yue)
		b.post("科长", "rural_water", b.yue)
		if d := cmp.Diff([]string{"越城区水利局"}, b.names("330600", registry.Query{Division: b.division("330602")})); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff([]string{}, b.names("330600", registry.Query{Kind: "unit"})); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff([]string{}, b.names("330602", registry.Query{Division: b.division("330603")})); d != "" {
			t.Error("outside the scope: " + d)
		}
		q := registry.Query{Scopes: []int64{b.division("330600")}, Division: b.division("330603")}
		if page, err := b.s.People(t.Context(), q); err != nil || len(page.Items) != 1 || page.Items[0].Name != "沈二" {
			t.Errorf("%+v, %v", page, err)
		}
		q = registry.Query{Scopes: q.Scopes, Line: "flood"}
		if page, err := b.s.Posts(t.Context(), q); err != nil || len(page.Items) != 2 {
			t.Errorf("posts of a line and of all lines: %+v, %v", page, err)
		}
	})
}
