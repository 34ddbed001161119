package identity_test

import (
	"strings"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/registry"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
)

type world struct {
	*testing.T
	db   *store.DB
	reg  *registry.Service
	ids  *identity.Service
	at   time.Time
	tree *registry.Tree
}

func newWorld(t *testing.T, db *store.DB) *world {
	w := &world{T: t, db: db, at: time.Date(2026, 6, 8, 0, 0, 0, 0, time.UTC)}
	now := func() time.Time { return w.at }
	w.reg = registry.New(db, now)
	w.ids = identity.New(db, w.reg, now, identity.Policy{Tries: 3, Lock: 15 * time.Minute, Idle: time.Hour, Absolute: 24 * time.Hour, PerMinute: 100})
	w.write(func(tx *store.Tx) error {
		d := func(code, level, parent string) registry.NewDivision {
			return registry.NewDivision{Code: code, Name: fault.T(code, code), Kind: registry.Administrative, Level: level, Parent: parent}
		}
		return w.reg.AddDivisions(t.Context(), tx, []registry.NewDivision{d("330600", "city", ""), d("330602", "county", "330600"), d("330603", "county", "330600")})
	})
	w.tree, _ = w.reg.Tree(t.Context())
	return w
}

func (w *world) write(f func(tx *store.Tx) error) {
	w.Helper()
	if err := w.db.Write(w.Context(), f); err != nil {
		w.Fatal(err)
	}
}

func (w *world) division(code string) int64 {
	d, _ := w.tree.ByCode(code)
	return d.ID
}

func (w *world) account(login, role, line, division string) string {
	w.Helper()
	var id string
	w.write(func(tx *store.Tx) (err error) {
		id, _, err = w.ids.CreateAccount(w.Context(), tx, identity.Actor{Name: "test"}, identity.NewAccount{
			Login: login, Name: login, Division: w.division(division), Password: "Rain-2026-water",
			Grants: []identity.Grant{{Role: role, Line: line, Division: w.division(division)}},
		})
		return err
	})
	return id
}

func (w *world) signIn(login, password string) (*identity.Principal, error) {
	token, err := w.ids.SignIn(w.Context(), login, password, "127.0.0.1", "test")
	if err != nil {
		return nil, err
	}
	return w.ids.Authenticate(w.Context(), token)
}

func TestCountyUserReadsItsCounty(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.account("yue", "clerk", "rural_water", "330602")
		p, err := w.signIn("YUE ", "Rain-2026-water")
		if err != nil {
			t.Fatal(err)
		}
		f := func(perm identity.Permission, line, division string, want bool) {
			t.Helper()
			if got := p.Can(perm, line, w.division(division)); got != want {
				t.Errorf("Can(%s, %q, %s) = %v", perm, line, division, got)
			}
		}
		f(identity.ReturnWrite, "rural_water", "330602", true)
		f(identity.ReturnWrite, "rural_water", "330603", false) // the neighbour
		f(identity.ReturnRead, "rural_water", "330600", false)  // the city above
		f(identity.ReturnWrite, "flood", "330602", false)       // another line of work
		f(identity.ReturnReview, "rural_water", "330602", false)
		f(identity.FigureRead, "", "330602", true)
	})
}

func TestLockout(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.account("yue", "clerk", "*", "330602")
		for range 3 {
			if _, err := w.signIn("yue", "wrong"); !fault.Is(err, fault.Unauthenticated) {
				t.Fatal(err)
			}
		}
		if _, err := w.signIn("yue", "Rain-2026-water"); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("a locked account lets in: %v", err)
		}
		w.at = w.at.Add(16 * time.Minute)
		if _, err := w.signIn("yue", "Rain-2026-water"); err != nil {
			t.Errorf("after the lock: %v", err)
		}
		if _, err := w.signIn("nobody", "x"); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("an unknown name: %v", err)
		}
	})
}

func TestSessionsEnd(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	id := w.account("yue", "clerk", "*", "330602")
	token, err := w.ids.SignIn(t.Context(), "yue", "Rain-2026-water", "", "")
	if err != nil {
		t.Fatal(err)
	}
	ended := func(why string) {
		t.Helper()
		if _, err := w.ids.Authenticate(t.Context(), token); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: the session lives on: %v", why, err)
		}
	}
	w.at = w.at.Add(61 * time.Minute)
	ended("idle")
	if token, err = w.ids.SignIn(t.Context(), "yue", "Rain-2026-water", "", ""); err != nil {
		t.Fatal(err)
	}
	w.account("boss", "administrator", "*", "330600")
	w.write(func(tx *store.Tx) error { return w.ids.SetDisabled(t.Context(), tx, identity.Actor{}, id, true) })
	ended("disabled")
}

func TestTokenCanDoNoMoreThanItsMaker(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.account("ping", "reviewer", "*", "330600")
		p, err := w.signIn("ping", "Rain-2026-water")
		if err != nil {
			t.Fatal(err)
		}
		_, secret, err := w.ids.CreateToken(t.Context(), p, identity.NewToken{Name: "x", Permissions: []identity.Permission{identity.ReturnRead}, Line: "flood", Division: w.division("330603"), Days: 30})
		if err != nil {
			t.Fatal(err)
		}
		bot, err := w.ids.Authenticate(t.Context(), secret)
		if err != nil {
			t.Fatal(err)
		}
		if !bot.Can(identity.ReturnRead, "flood", w.division("330603")) || bot.Can(identity.ReturnRead, "flood", w.division("330602")) ||
			bot.Can(identity.ReturnReview, "flood", w.division("330603")) || bot.Can(identity.ReturnRead, "river", w.division("330603")) {
			t.Error("the token is not held to its limits")
		}
		if s := bot.Scopes(identity.ReturnRead); len(s) != 1 || s[0] != w.division("330603") {
			t.Errorf("scopes %v", s)
		}
		if _, _, err := w.ids.CreateToken(t.Context(), p, identity.NewToken{Permissions: []identity.Permission{identity.TargetWrite}, Line: "*", Division: w.division("330600"), Days: 1}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a token with more than its maker has: %v", err)
		}
		w.at = w.at.AddDate(0, 0, 31)
		if _, err := w.ids.Authenticate(t.Context(), secret); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("an expired token: %v", err)
		}
	})
}

func TestLastAdministratorStays(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	id := w.account("boss", "administrator", "*", "330600")
	a, err := w.ids.AccountOf(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	err = w.db.Write(t.Context(), func(tx *store.Tx) error { return w.ids.Revoke(t.Context(), tx, identity.Actor{}, id, a.Grants[0].ID) })
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("got %v", err)
	}
}

func TestPasswordRules(t *testing.T) {
	f := func(password string, ok bool) {
		t.Helper()
		if err := identity.CheckPassword(password, "zhang"); (err == nil) != ok {
			t.Errorf("%q: %v", password, err)
		}
	}
	f("short-1", false)
	f("onlyletters", false)
	f("zhang-2026-x", false)
	f("password123", false)
	f("aaaaaaa1111", false)
	f("江河安澜-2026-汛", true)
	f("Rain-2026-water", true)
	f(strings.Repeat("ab1-", 40), false)
	f(identity.NewPassword(), true)
}
