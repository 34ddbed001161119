package identity_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/registry"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
)

const password = "Rain-2026-water"

// province is a tree of one province, 11 cities and 1,100 counties.
func province() *registry.Tree {
	list := []registry.Division{{ID: 1, Code: "330000", Level: "province"}}
	root := int64(1)
	for c := range int64(11) {
		city := 10 + c
		list = append(list, registry.Division{ID: city, Code: fmt.Sprint("c", c), Level: "city", ParentID: &root})
		for k := range int64(100) {
			list = append(list, registry.Division{ID: 1000 + c*100 + k, Code: fmt.Sprint("k", c, "-", k), Level: "county", ParentID: &city})
		}
	}
	return registry.NewTree(list)
}

func TestRolesAreWhatTheyAreCalled(t *testing.T) {
	figures := []identity.Permission{
		identity.FigureRead, identity.TargetWrite, identity.ReturnRead, identity.ReturnWrite, identity.ReturnSubmit,
		identity.ReturnReview, identity.ReturnLock, identity.ReturnCorrect, identity.ImportWrite, identity.ReminderWrite,
	}
	writes := []identity.Permission{identity.AccountWrite, identity.PackWrite, identity.RegistryWrite, identity.System}
	for _, r := range identity.Roles() {
		if r.Name.Zh == "" || r.Name.En == "" || !slices.Contains(r.Permissions, identity.Own) {
			t.Errorf("%+v lacks a name or its own account", r)
		}
		for _, perm := range r.Permissions {
			if r.ID == "administrator" && slices.Contains(figures, perm) {
				t.Errorf("an administrator has a hand in figures: %s", perm)
			}
			if r.ID != "administrator" && slices.Contains(writes, perm) {
				t.Errorf("%s has %s", r.ID, perm)
			}
			if (r.ID == "viewer" || r.ID == "auditor") && strings.HasSuffix(string(perm), ".write") {
				t.Errorf("%s has %s", r.ID, perm)
			}
		}
	}
	if _, ok := identity.RoleOf("emperor"); ok {
		t.Error("there is no such role")
	}
}

// TestScopesAgreeWithCan draws grants at random and compares the two ways to ask.
func TestScopesAgreeWithCan(t *testing.T) {
	tree := province()
	all, roles, lines := tree.All(), identity.Roles(), []string{"*", "flood", "rural_water"}
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var grants []identity.Grant
		for range 1 + r.IntN(3) {
			grants = append(grants, identity.Grant{Role: roles[r.IntN(len(roles))].ID, Line: lines[r.IntN(3)], Division: all[r.IntN(len(all))].ID})
		}
		p := identity.NewPrincipal("1", "p", "P", 1, grants, tree)
		for _, perm := range []identity.Permission{identity.ReturnRead, identity.ReturnReview, identity.AccountWrite} {
			scopes := p.Scopes(perm)
			for range 20 {
				d := all[r.IntN(len(all))].ID
				within := slices.ContainsFunc(scopes, func(s int64) bool { return tree.Within(s, d) })
				if p.Can(perm, "", d) != within {
					t.Fatalf("%+v: Can(%s, %d) is not %v", grants, perm, d, within)
				}
			}
			if p.CanSomewhere(perm) != (len(scopes) > 0) {
				t.Fatalf("%+v: CanSomewhere(%s)", grants, perm)
			}
		}
	}
}

func TestGrantsStayWithinReach(t *testing.T) {
	tree := province()
	city, county, neighbour := int64(10), int64(1000), int64(1100)
	admin := func(line string, division int64) *identity.Principal {
		return identity.NewPrincipal("1", "a", "A", division, []identity.Grant{{Role: "administrator", Line: line, Division: division}}, tree)
	}
	f := func(p *identity.Principal, account, line string, division int64, want fault.Kind) {
		t.Helper()
		if err := p.MayGrant(account, identity.Grant{Role: "clerk", Line: line, Division: division}); fault.KindOf(err) != want {
			t.Errorf("grant of %s in %d: %v", line, division, err)
		}
	}
	f(admin("*", city), "2", "*", city, "")
	f(admin("*", city), "2", "flood", county, "")
	f(admin("*", city), "2", "*", neighbour, fault.Forbidden)
	f(admin("*", city), "2", "*", 1, fault.Forbidden) // the province above
	f(admin("flood", city), "2", "flood", county, "")
	f(admin("flood", city), "2", "*", county, fault.Forbidden) // all lines are more than one
	f(admin("*", city), "2", "", county, fault.Invalid)
	f(admin("*", city), "1", "flood", county, fault.Forbidden) // to oneself
	clerk := identity.NewPrincipal("3", "c", "C", city, []identity.Grant{{Role: "clerk", Line: "*", Division: city}}, tree)
	f(clerk, "2", "*", county, fault.Forbidden)

	manage := func(home, granted int64, want fault.Kind) {
		t.Helper()
		a := identity.Account{ID: "2", Division: home, Grants: []identity.Grant{{Role: "viewer", Line: "*", Division: granted}}}
		if err := admin("*", county).MayManage(a); fault.KindOf(err) != want {
			t.Errorf("account of %d with a grant in %d: %v", home, granted, err)
		}
	}
	manage(county, county, "")
	manage(neighbour, county, fault.Forbidden)
	manage(county, city, fault.Forbidden) // whose password it could reset to become more
	if e := admin("*", city).Editor(); !e.May(county) || e.May(neighbour) || e.Actor.ID != "1" {
		t.Error("the editor's reach is not the person's")
	}
}

func TestTwoAdministratorsCannotRemoveEachOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		for round := range 5 {
			names := []string{fmt.Sprint("a", round), fmt.Sprint("b", round)}
			ids := []string{w.account(names[0], "administrator", "*", "330600"), w.account(names[1], "administrator", "*", "330600")}
			var wg sync.WaitGroup
			errs := make([]error, 2)
			for i, id := range ids {
				wg.Go(func() {
					errs[i] = db.Write(t.Context(), func(tx *store.Tx) error {
						return w.ids.SetDisabled(t.Context(), tx, identity.Actor{Name: "test"}, id, true)
					})
				})
			}
			wg.Wait()
			var left int
			if err := db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM account WHERE disabled_at IS NULL`).Scan(&left); err != nil || left != 1 {
				t.Fatalf("%d administrators left: %v, %v", left, errs, err)
			}
			// The next round's pair has to be the last one.
			w.write(func(tx *store.Tx) error {
				_, err := tx.ExecContext(t.Context(), `UPDATE account SET disabled_at = 1`)
				return err
			})
		}
	})
}

func TestAccountsAreListedByScope(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.account("cheng", "planner", "*", "330600")
		w.account("ke", "clerk", "*", "330603")
		id := w.account("yue", "clerk", "*", "330602")
		f := func(q identity.AccountQuery, want string) {
			t.Helper()
			list, err := w.ids.Accounts(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, a := range list {
				got = append(got, a.Login)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%+v: %v", q, got)
			}
		}
		city, county := []int64{w.division("330600")}, []int64{w.division("330602")}
		f(identity.AccountQuery{Scopes: city, Limit: 9}, "cheng ke yue")
		f(identity.AccountQuery{Scopes: city, Limit: 2}, "cheng ke")
		f(identity.AccountQuery{Scopes: city, Limit: 2, After: "ke"}, "yue")
		f(identity.AccountQuery{Scopes: county, Limit: 9}, "yue")
		f(identity.AccountQuery{Scopes: city, Text: "E", Limit: 9}, "cheng ke yue")
		f(identity.AccountQuery{Scopes: city, Text: "%", Limit: 9}, "")
		f(identity.AccountQuery{Scopes: city, Text: "k\x00e\xff", Limit: 9}, "ke")
		f(identity.AccountQuery{Limit: 9}, "")

		name, home := "沈某", w.division("330603")
		w.write(func(tx *store.Tx) error {
			return w.ids.ChangeAccount(t.Context(), tx, identity.Actor{}, id, identity.AccountChange{Name: &name, Division: &home})
		})
		if a, err := w.ids.AccountOf(t.Context(), id); err != nil || a.Name != name || a.Division != home || len(a.Grants) != 1 {
			t.Errorf("%+v, %v", a, err)
		}
		blank := " "
		w.refused(fault.Invalid, func(tx *store.Tx) error {
			return w.ids.ChangeAccount(t.Context(), tx, identity.Actor{}, id, identity.AccountChange{Name: &blank})
		})
		w.refused(fault.Conflict, func(tx *store.Tx) error {
			_, _, err := w.ids.CreateAccount(t.Context(), tx, identity.Actor{}, identity.NewAccount{Login: "YUE", Name: "x", Division: home})
			return err
		})
		w.refused(fault.Conflict, func(tx *store.Tx) error {
			return w.ids.Grant(t.Context(), tx, identity.Actor{}, id, identity.Grant{Role: "clerk", Line: "*", Division: w.division("330602")})
		})
	})
}

func (w *world) refused(kind fault.Kind, f func(tx *store.Tx) error) {
	w.Helper()
	if err := w.db.Write(w.Context(), f); !fault.Is(err, kind) {
		w.Errorf("got %v, want %s", err, kind)
	}
}

func TestFirstPasswordMustBeChanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		var first, id string
		w.write(func(tx *store.Tx) (err error) {
			id, first, err = w.ids.CreateAccount(t.Context(), tx, identity.Actor{}, identity.NewAccount{Login: "yue", Name: "沈", Division: w.division("330602")})
			return err
		})
		p, err := w.signIn("yue", first)
		if err != nil || !p.MustChange() {
			t.Fatalf("%+v, %v", p, err)
		}
		f := func(old, fresh string, kind fault.Kind) {
			t.Helper()
			if err := w.ids.ChangePassword(t.Context(), p, old, fresh); fault.KindOf(err) != kind {
				t.Errorf("from %q to %q: %v", old, fresh, err)
			}
		}
		f("wrong", password, fault.Invalid)
		f(first, "weak", fault.Invalid)
		f(first, first, fault.Invalid)
		f(first, password, "")
		if p, err = w.signIn("yue", password); err != nil || p.MustChange() {
			t.Errorf("%+v, %v", p, err)
		}
		var again string
		w.write(func(tx *store.Tx) (err error) {
			again, err = w.ids.Reset(t.Context(), tx, identity.Actor{}, id)
			return err
		})
		if _, err := w.signIn("yue", password); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("after a reset the old password: %v", err)
		}
		if p, err = w.signIn("yue", again); err != nil || !p.MustChange() {
			t.Errorf("after a reset: %+v, %v", p, err)
		}
	})
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.account("yue", "clerk", "*", "330602")
		w.account("ke", "clerk", "*", "330603")
		var tokens []string
		for i := range 4 {
			w.at = w.at.Add(time.Second)
			token, err := w.ids.SignIn(t.Context(), "yue", password, "10.0.0.1", fmt.Sprintf("browser %d \xff", i))
			if err != nil {
				t.Fatal(err)
			}
			tokens = append(tokens, token)
		}
		p, err := w.ids.Authenticate(t.Context(), tokens[0])
		if err != nil {
			t.Fatal(err)
		}
		open := func() []identity.SessionInfo {
			t.Helper()
			list, err := w.ids.Sessions(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		list := open()
		if len(list) != 4 || !list[3].Current || list[0].Current || list[0].Address != "10.0.0.1" {
			t.Fatalf("%+v", list)
		}
		stranger, err := w.signIn("ke", password)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.ids.EndSessions(t.Context(), stranger, list[0].ID); err != nil || len(open()) != 4 {
			t.Errorf("somebody else's session ends: %v", err)
		}
		if err := w.ids.EndSessions(t.Context(), p, list[0].ID); err != nil || len(open()) != 3 {
			t.Errorf("one: %v", err)
		}
		if err := w.ids.SignOut(t.Context(), tokens[1]); err != nil || len(open()) != 2 {
			t.Errorf("signed out: %v", err)
		}
		if err := w.ids.SignOut(t.Context(), tokens[1]); err != nil {
			t.Errorf("signed out twice: %v", err)
		}
		if err := w.ids.EndSessions(t.Context(), p, ""); err != nil || len(open()) != 1 {
			t.Errorf("all others: %v", err)
		}
		for i, token := range tokens {
			if _, err := w.ids.Authenticate(t.Context(), token); (err == nil) != (i == 0) {
				t.Errorf("token %d: %v", i, err)
			}
		}
		w.at = w.at.Add(25 * time.Hour) // past the absolute end
		if _, err := w.ids.Authenticate(t.Context(), tokens[0]); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("an old session: %v", err)
		}
	})
}

// TestSessionEndsWhateverIsDone keeps a session busy past its absolute end.
func TestSessionEndsWhateverIsDone(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.account("yue", "clerk", "*", "330602")
	start := w.at
	token, err := w.ids.SignIn(t.Context(), "yue", password, "", "")
	if err != nil {
		t.Fatal(err)
	}
	for w.at.Sub(start) < 24*time.Hour {
		if _, err := w.ids.Authenticate(t.Context(), token); err != nil {
			t.Fatalf("after %s: %v", w.at.Sub(start), err)
		}
		w.at = w.at.Add(30 * time.Minute)
	}
	if _, err := w.ids.Authenticate(t.Context(), token); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("got %v", err)
	}
}

func TestTokens(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.account("boss", "administrator", "*", "330600")
		id := w.account("ping", "reviewer", "flood", "330600")
		p, err := w.signIn("ping", password)
		if err != nil {
			t.Fatal(err)
		}
		good := identity.NewToken{Name: "feed", Permissions: []identity.Permission{identity.ReturnRead}, Line: "*", Division: w.division("330600"), Days: 30}
		f := func(kind fault.Kind, change func(n *identity.NewToken)) {
			t.Helper()
			n := good
			change(&n)
			if _, _, err := w.ids.CreateToken(t.Context(), p, n); !fault.Is(err, kind) {
				t.Errorf("%+v: %v", n, err)
			}
		}
		f(fault.Invalid, func(n *identity.NewToken) { n.Name = " " })
		f(fault.Invalid, func(n *identity.NewToken) { n.Days = 0 })
		f(fault.Invalid, func(n *identity.NewToken) { n.Days = 100_000 })
		f(fault.Invalid, func(n *identity.NewToken) { n.Permissions = nil })
		f(fault.Invalid, func(n *identity.NewToken) { n.Line = "" })
		f(fault.Forbidden, func(n *identity.NewToken) { n.Line = "river" })
		f(fault.Forbidden, func(n *identity.NewToken) { n.Permissions = []identity.Permission{identity.Own} })

		first, secret, err := w.ids.CreateToken(t.Context(), p, good)
		if err != nil {
			t.Fatal(err)
		}
		bot, err := w.ids.Authenticate(t.Context(), secret)
		if err != nil {
			t.Fatal(err)
		}
		if bot.Can(identity.ReturnRead, "river", w.division("330602")) || !bot.Can(identity.ReturnRead, "flood", w.division("330602")) {
			t.Error("a token for all lines is more than its maker")
		}
		if _, _, err := w.ids.CreateToken(t.Context(), bot, good); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a token makes a token: %v", err)
		}
		if list, err := w.ids.Tokens(t.Context(), p); err != nil || len(list) != 1 || list[0].UsedAt == nil {
			t.Errorf("%+v, %v", list, err)
		}
		if err := w.ids.RevokeToken(t.Context(), p, first.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.ids.RevokeToken(t.Context(), p, first.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("revoked twice: %v", err)
		}
		if _, err := w.ids.Authenticate(t.Context(), secret); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("a revoked token: %v", err)
		}
		testDisabledTokens(w, p, id, good)
	})
}

func testDisabledTokens(w *world, p *identity.Principal, id string, n identity.NewToken) {
	_, secret, err := w.ids.CreateToken(w.Context(), p, n)
	if err != nil {
		w.Fatal(err)
	}
	for _, disabled := range []bool{true, false} {
		w.write(func(tx *store.Tx) error { return w.ids.SetDisabled(w.Context(), tx, identity.Actor{}, id, disabled) })
		if _, err := w.ids.Authenticate(w.Context(), secret); !fault.Is(err, fault.Unauthenticated) {
			w.Errorf("disabled %v: a token of then still works: %v", disabled, err)
		}
	}
}

// TestSignInTellsNothing asks in every way that must fail; the answers are alike.
func TestSignInTellsNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.account("boss", "administrator", "*", "330600")
		w.account("yue", "clerk", "*", "330602")
		shut := w.account("shut", "clerk", "*", "330602")
		w.write(func(tx *store.Tx) error { return w.ids.SetDisabled(t.Context(), tx, identity.Actor{}, shut, true) })
		_, want := w.signIn("nobody", password)
		for _, try := range [][2]string{{"yue", "wrong"}, {"shut", password}, {"shut", "wrong"}, {"", ""}, {"yue\x00", password}, {"\xff", password}, {"' OR 1=1 --", "x"}} {
			if _, err := w.signIn(try[0], try[1]); err == nil || err.Error() != want.Error() || !fault.Is(err, fault.Unauthenticated) {
				t.Errorf("%q: %v, want %v", try, err, want)
			}
		}
	})
}

func TestOneAddressCannotTryForever(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.account("yue", "clerk", "*", "330602")
	ids := identity.New(w.db, w.reg, func() time.Time { return w.at }, identity.Policy{Tries: 100, Lock: time.Minute, Idle: time.Hour, Absolute: time.Hour, PerMinute: 3})
	f := func(address string, kind fault.Kind) {
		t.Helper()
		if _, err := ids.SignIn(t.Context(), "yue", password, address, ""); fault.KindOf(err) != kind {
			t.Errorf("%s: %v", address, err)
		}
	}
	for range 3 {
		f("10.0.0.1", "")
	}
	f("10.0.0.1", fault.TooMany)
	f("10.0.0.2", "")
	w.at = w.at.Add(time.Minute)
	f("10.0.0.1", "")
}

// TestSecretsAreNotStored looks through all that was written for the secrets themselves.
func TestSecretsAreNotStored(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.account("ping", "reviewer", "*", "330600")
	session, err := w.ids.SignIn(t.Context(), "ping", password, "", "")
	if err != nil {
		t.Fatal(err)
	}
	p, err := w.ids.Authenticate(t.Context(), session)
	if err != nil {
		t.Fatal(err)
	}
	_, secret, err := w.ids.CreateToken(t.Context(), p, identity.NewToken{
		Name: "x", Permissions: []identity.Permission{identity.ReturnRead}, Line: "*", Division: w.division("330600"), Days: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	var stored string
	err = w.db.QueryRowContext(t.Context(), `
		SELECT (SELECT group_concat(password_hash) FROM account) || (SELECT group_concat(token_hash || id) FROM session)
			|| (SELECT group_concat(token_hash || id) FROM api_token) || (SELECT group_concat(detail) FROM audit_entry)`).Scan(&stored)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{password, session, secret} {
		if strings.Contains(stored, s) {
			t.Errorf("%q is stored", s)
		}
	}
	if !strings.Contains(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Error("the password is no argon2id hash with its costs")
	}
	if rep, err := audit.Verify(t.Context(), w.db); err != nil || !rep.OK || rep.Entries == 0 {
		t.Errorf("%+v, %v", rep, err)
	}
}

// TestUseIsSeldomWritten signs in once and asks often: the last use is written once a minute at most.
func TestUseIsSeldomWritten(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.account("yue", "clerk", "*", "330602")
	token, err := w.ids.SignIn(t.Context(), "yue", password, "", "")
	if err != nil {
		t.Fatal(err)
	}
	before := w.db.Writes()
	for range 40 {
		w.at = w.at.Add(3 * time.Second)
		if _, err := w.ids.Authenticate(context.WithoutCancel(t.Context()), token); err != nil {
			t.Fatal(err)
		}
	}
	if n := w.db.Writes() - before; n > 2 {
		t.Errorf("%d writes in two minutes", n)
	}
}

func BenchmarkCan(b *testing.B) {
	p := identity.NewPrincipal("1", "p", "P", 12, []identity.Grant{
		{Role: "viewer", Line: "*", Division: 12}, {Role: "reviewer", Line: "flood", Division: 12}, {Role: "reviewer", Line: "rural_water", Division: 12},
	}, province())
	for b.Loop() {
		if !p.Can(identity.ReturnReview, "rural_water", 1250) {
			b.Fatal("refused")
		}
	}
}
