package registry_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity/audit"
	"anlan/internal/registry"
	"anlan/internal/store"
	"anlan/internal/store/storetest"

	"github.com/google/go-cmp/cmp"
)

// bureau is a registry with the water bureaus of a city and of two of its counties.
type bureau struct {
	*testing.T
	db     *store.DB
	s      *registry.Service
	at     time.Time
	tree   *registry.Tree
	city   string // organisations
	yue    string
	ke     string
	office string // below the city's
}

func newBureau(t *testing.T, db *store.DB) *bureau {
	b := &bureau{T: t, db: db, at: time.Date(2026, 6, 8, 0, 0, 0, 0, time.UTC)}
	b.s = registry.New(db, func() time.Time { return b.at })
	if err := add(t, db, b.s, city()); err != nil {
		t.Fatal(err)
	}
	b.tree, _ = b.s.Tree(t.Context())
	b.city = b.organisation("市水利局", "330600", "")
	b.office = b.organisation("规划计划处", "330600", b.city)
	b.yue = b.organisation("越城区水利局", "330602", b.city)
	b.ke = b.organisation("柯桥区水利局", "330603", "")
	return b
}

func (b *bureau) try(f func(tx *store.Tx) error) error { return b.db.Write(b.Context(), f) }

func (b *bureau) must(f func(tx *store.Tx) error) {
	b.Helper()
	if err := b.try(f); err != nil {
		b.Fatal(err)
	}
}

func (b *bureau) refused(kind fault.Kind, f func(tx *store.Tx) error) {
	b.Helper()
	if err := b.try(f); !fault.Is(err, kind) {
		b.Errorf("got %v, want %s", err, kind)
	}
}

func (b *bureau) organisation(zh, division, parent string) (id string) {
	b.Helper()
	b.must(func(tx *store.Tx) (err error) {
		id, err = b.s.AddOrganisation(b.Context(), tx, registry.Program(), registry.NewOrganisation{Name: fault.T(zh, zh), Kind: "bureau", Division: division, Parent: parent})
		return err
	})
	return id
}

func (b *bureau) person(name, organisation string) (id string) {
	b.Helper()
	b.must(func(tx *store.Tx) (err error) {
		id, err = b.s.AddPerson(b.Context(), tx, registry.Program(), registry.NewPerson{Name: name, Phone: "138 0013 8000", Organisation: organisation})
		return err
	})
	return id
}

func (b *bureau) post(zh, line, organisation string) (id string) {
	b.Helper()
	b.must(func(tx *store.Tx) (err error) {
		id, err = b.s.AddPost(b.Context(), tx, registry.Program(), registry.NewPost{Organisation: organisation, Title: fault.T(zh, zh), Line: line})
		return err
	})
	return id
}

func (b *bureau) division(code string) int64 {
	d, ok := b.tree.ByCode(code)
	if !ok {
		b.Fatalf("no division %s", code)
	}
	return d.ID
}

// editor may change one division with all below.
func (b *bureau) editor(code string) registry.Editor {
	top := b.division(code)
	return registry.Editor{Actor: audit.Actor{ID: "1", Name: "王"}, May: func(id int64) bool { return b.tree.Within(top, id) }}
}

func (b *bureau) names(code string, q registry.Query) []string {
	b.Helper()
	q.Scopes = []int64{b.division(code)}
	page, err := b.s.Organisations(b.Context(), q)
	if err != nil {
		b.Fatal(err)
	}
	names := []string{}
	for _, o := range page.Items {
		names = append(names, o.Name.Zh)
	}
	return names
}

func TestOrganisations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBureau(t, db)
		f := func(code string, q registry.Query, want ...string) {
			t.Helper()
			if d := cmp.Diff(want, b.names(code, q)); d != "" {
				t.Error(d)
			}
		}
		f("330600", registry.Query{}, "市水利局", "规划计划处", "越城区水利局", "柯桥区水利局")
		f("330602", registry.Query{}, "越城区水利局") // a county sees its own
		f("330600", registry.Query{Text: "水利局", Limit: 2}, "市水利局", "越城区水利局")
		f("330600", registry.Query{Text: "%"}, []string{}...) // no wildcard of the sender's
		if page, err := b.s.Organisations(t.Context(), registry.Query{}); err != nil || len(page.Items) != 0 {
			t.Errorf("without scopes: %+v, %v", page, err)
		}
		if o, err := b.s.Organisation(t.Context(), b.yue); err != nil || o.Division != "330602" || o.Parent != b.city {
			t.Errorf("%+v, %v", o, err)
		}
		testOrganisationChange(b)
	})
}

func testOrganisationChange(b *bureau) {
	change := func(by registry.Editor, id string, c registry.OrganisationChange) func(tx *store.Tx) error {
		return func(tx *store.Tx) error { return b.s.ChangeOrganisation(b.Context(), tx, by, id, c) }
	}
	yes, no, kind, nobody := true, false, "club", "nobody"
	all := registry.Program()
	b.refused(fault.Invalid, change(all, b.city, registry.OrganisationChange{Parent: &b.city}))
	b.refused(fault.Invalid, change(all, b.city, registry.OrganisationChange{Parent: &b.office})) // a circle
	b.refused(fault.Invalid, change(all, b.city, registry.OrganisationChange{Parent: &nobody}))
	b.refused(fault.Invalid, change(all, b.city, registry.OrganisationChange{Kind: &kind}))
	b.refused(fault.Invalid, change(all, b.city, registry.OrganisationChange{Name: &fault.Text{Zh: "局"}}))
	b.refused(fault.Conflict, change(all, b.city, registry.OrganisationChange{Retired: &yes})) // offices below
	b.refused(fault.NotFound, change(all, nobody, registry.OrganisationChange{}))

	county, neighbour := b.editor("330602"), "330603"
	b.refused(fault.Forbidden, change(county, b.city, registry.OrganisationChange{}))
	b.refused(fault.Forbidden, change(county, b.yue, registry.OrganisationChange{Division: &neighbour})) // out of its reach
	b.refused(fault.Forbidden, change(registry.Editor{}, b.yue, registry.OrganisationChange{}))

	b.must(change(all, b.office, registry.OrganisationChange{Retired: &yes}))
	if got := b.names("330600", registry.Query{Text: "规划"}); len(got) != 0 {
		b.Errorf("a retired office is listed: %v", got)
	}
	if got := b.names("330600", registry.Query{Text: "规划", Retired: true}); len(got) != 1 {
		b.Errorf("asked for, it is not: %v", got)
	}
	b.refused(fault.Invalid, func(tx *store.Tx) error {
		_, err := b.s.AddPerson(b.Context(), tx, all, registry.NewPerson{Name: "王", Organisation: b.office})
		return err
	})
	b.must(change(all, b.office, registry.OrganisationChange{Retired: &no}))
}

func TestPeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBureau(t, db)
		want := []string{}
		for i := range 7 {
			name := fmt.Sprintf("陈%d", i/2) // namesakes, so that the page breaks inside a name
			b.person(name, b.yue)
			want = append(want, name)
		}
		b.person("陈九", b.ke)
		var got []string
		q := registry.Query{Scopes: []int64{b.division("330602")}, Text: "陈", Limit: 2}
		for {
			page, err := b.s.People(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range page.Items {
				got = append(got, p.Name)
			}
			if q.After = page.Next; q.After == "" {
				break
			}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		q.After = "nonsense"
		if _, err := b.s.People(t.Context(), q); !fault.Is(err, fault.Invalid) {
			t.Errorf("a broken cursor: %v", err)
		}
		testPersonChange(b)
	})
}

func testPersonChange(b *bureau) {
	id := b.person("沈某", b.yue)
	county := b.editor("330602")
	change := func(c registry.PersonChange) func(tx *store.Tx) error {
		return func(tx *store.Tx) error { return b.s.ChangePerson(b.Context(), tx, county, id, c) }
	}
	bad, empty, phone := "12", "", "0575-85131234"
	b.refused(fault.Invalid, change(registry.PersonChange{Phone: &bad}))
	b.refused(fault.Invalid, change(registry.PersonChange{Name: &empty}))
	b.refused(fault.Forbidden, change(registry.PersonChange{Organisation: &b.ke}))
	b.must(change(registry.PersonChange{Phone: &phone}))
	if p, err := b.s.Person(b.Context(), id); err != nil || p.Phone.Reveal() != phone {
		b.Errorf("%+v, %v", p, err)
	}
	b.must(func(tx *store.Tx) error {
		whole, err := b.s.RevealPhone(b.Context(), tx, county, id)
		if whole != phone {
			b.Errorf("revealed %q", whole)
		}
		return err
	})
	b.refused(fault.NotFound, func(tx *store.Tx) error {
		_, err := b.s.RevealPhone(b.Context(), tx, b.editor("330603"), id)
		return err
	})
}

func TestChangesAreLoggedWithoutNumbers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBureau(t, db)
		id := b.person("沈某", b.yue)
		b.must(func(tx *store.Tx) error {
			_, err := b.s.RevealPhone(t.Context(), tx, b.editor("330602"), id)
			return err
		})
		entries, err := audit.List(t.Context(), db, audit.Query{All: true, Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		var actions []string
		for _, e := range slices.Backward(entries) {
			actions = append(actions, e.Action)
			if detail := fmt.Sprintf("%s", e.Detail); strings.Contains(detail, "0013") {
				t.Errorf("the number stands in the log: %s", detail)
			}
		}
		want := []string{"division.load", "organisation.create", "organisation.create", "organisation.create", "organisation.create", "person.create", "person.phone"}
		if d := cmp.Diff(want, actions); d != "" {
			t.Error(d)
		}
		if entries[0].Actor.Name != "王" || entries[0].ObjectID != id || *entries[0].DivisionID != b.division("330602") {
			t.Errorf("the entry names %+v", entries[0])
		}
		if rep, err := audit.Verify(t.Context(), db); err != nil || !rep.OK {
			t.Errorf("the chain: %+v, %v", rep, err)
		}
	})
}

func TestTenures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBureau(t, db)
		post := b.post("分管副局长", "rural_water", b.yue)
		first, second := b.person("陈一", b.yue), b.person("沈二", b.yue)
		day := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
		appoint := func(person string, since time.Time) func(tx *store.Tx) error {
			return func(tx *store.Tx) error { return b.s.Appoint(t.Context(), tx, b.editor("330602"), post, person, since) }
		}
		relieve := func(person string, until time.Time) func(tx *store.Tx) error {
			return func(tx *store.Tx) error {
				return b.s.Relieve(t.Context(), tx, b.editor("330602"), post, person, until)
			}
		}
		b.must(appoint(first, day(1)))
		b.refused(fault.Conflict, appoint(first, day(5)))
		b.refused(fault.Conflict, relieve(second, day(5)))
		b.refused(fault.Conflict, relieve(first, day(1))) // it would end where it begins
		b.must(relieve(first, day(10)))
		b.refused(fault.Conflict, appoint(first, day(9)))
		b.must(appoint(second, day(10)))
		b.must(appoint(first, day(20)))

		f := func(q registry.TenureQuery, want ...string) {
			t.Helper()
			q.Scopes = []int64{b.division("330600")}
			list, err := b.s.Tenures(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, h := range list {
				got = append(got, h.Name)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		}
		on := func(n int) *time.Time { at := day(n); return &at }
		f(registry.TenureQuery{Post: post}, "陈一", "沈二", "陈一")
		f(registry.TenureQuery{Post: post, At: on(9)}, "陈一")
		f(registry.TenureQuery{Post: post, At: on(10)}, "沈二") // the end does not belong
		f(registry.TenureQuery{Division: b.division("330602"), Line: "rural_water", At: on(25)}, "陈一", "沈二")
		f(registry.TenureQuery{Division: b.division("330602"), Line: "flood", At: on(25)})
		f(registry.TenureQuery{Division: b.division("330603"), At: on(25)})
		testRetireHolders(b, post, first)
	})
}

// testRetireHolders has two people hold a post: one leaves the service, then the post goes.
func testRetireHolders(b *bureau, post, person string) {
	yes := true
	holders := func() int {
		p, err := b.s.Post(b.Context(), post)
		if err != nil {
			b.Fatal(err)
		}
		return len(p.Holders)
	}
	if n := holders(); n != 2 {
		b.Errorf("%d holders", n)
	}
	if p, err := b.s.Person(b.Context(), person); err != nil || len(p.Posts) != 1 || p.Posts[0].Post != post {
		b.Errorf("%+v, %v", p, err)
	}
	b.must(func(tx *store.Tx) error {
		return b.s.ChangePerson(b.Context(), tx, registry.Program(), person, registry.PersonChange{Retired: &yes})
	})
	if n := holders(); n != 1 {
		b.Errorf("%d holders after one retired", n)
	}
	b.refused(fault.Conflict, func(tx *store.Tx) error { return b.s.Appoint(b.Context(), tx, registry.Program(), post, person, b.at) })
	b.refused(fault.Conflict, func(tx *store.Tx) error {
		return b.s.ChangeOrganisation(b.Context(), tx, registry.Program(), b.yue, registry.OrganisationChange{Retired: &yes})
	})
	b.must(func(tx *store.Tx) error {
		return b.s.ChangePost(b.Context(), tx, registry.Program(), post, registry.PostChange{Retired: &yes})
	})
	if n := holders(); n != 0 {
		b.Errorf("%d holders of a retired post", n)
	}
	if list, err := b.s.Tenures(b.Context(), registry.TenureQuery{Scopes: []int64{b.division("330600")}, Post: post}); err != nil || len(list) != 3 {
		b.Errorf("the past is lost: %+v, %v", list, err)
	}
}

func TestPosts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBureau(t, db)
		b.post("局长", "*", b.yue)
		b.post("科长", "flood", b.yue)
		b.post("局长", "", b.ke)
		q := registry.Query{Scopes: []int64{b.division("330600")}, Text: "长", Limit: 2}
		page, err := b.s.Posts(t.Context(), q)
		if err != nil || len(page.Items) != 2 || page.Next == "" {
			t.Fatalf("%+v, %v", page, err)
		}
		q.After = page.Next
		if page, err = b.s.Posts(t.Context(), q); err != nil || len(page.Items) != 1 || page.Next != "" || page.Items[0].Line != "*" {
			t.Errorf("%+v, %v", page, err)
		}
		b.refused(fault.Invalid, func(tx *store.Tx) error {
			_, err := b.s.AddPost(t.Context(), tx, registry.Program(), registry.NewPost{Organisation: b.yue, Title: fault.T("长", "head"), Line: "No Line"})
			return err
		})
		b.refused(fault.Forbidden, func(tx *store.Tx) error {
			_, err := b.s.AddPost(t.Context(), tx, b.editor("330603"), registry.NewPost{Organisation: b.yue, Title: fault.T("长", "head")})
			return err
		})
	})
}

func TestDivisionsAreChangedOnlyWhereAllowed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := newBureau(t, db)
		area := registry.NewDivision{Code: "330602-X", Name: fault.T("新区", "New Area"), Kind: registry.Functional, Level: "county", Parent: "330600"}
		create := func(by registry.Editor, d registry.NewDivision) func(tx *store.Tx) error {
			return func(tx *store.Tx) error { return b.s.CreateDivision(t.Context(), tx, by, d) }
		}
		b.refused(fault.Forbidden, create(b.editor("330602"), area))
		b.must(create(b.editor("330600"), area))
		root := registry.NewDivision{Code: "340000", Name: fault.T("省", "province"), Kind: registry.Administrative, Level: "province"}
		b.refused(fault.Forbidden, create(b.editor("330000"), root))
		short := "越城"
		update := func(by registry.Editor) func(tx *store.Tx) error {
			return func(tx *store.Tx) error {
				return b.s.UpdateDivision(t.Context(), tx, by, "330602", registry.DivisionChange{Short: &short})
			}
		}
		b.refused(fault.Forbidden, update(b.editor("330603")))
		b.must(update(b.editor("330602")))
		entries, err := audit.List(t.Context(), db, audit.Query{All: true, ObjectKind: "division", Limit: 9})
		if err != nil || len(entries) != 3 || entries[0].Action != "division.change" || entries[1].ObjectID != "330602-X" {
			t.Errorf("%+v, %v", entries, err)
		}
	})
}
