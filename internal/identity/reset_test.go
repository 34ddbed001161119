package identity_test

import (
	"testing"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
)

// TestResetEndsEveryWayIn resets an account that may have been taken over: neither an open session nor a token outlives it.
func TestResetEndsEveryWayIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		id := w.account("yue", "clerk", "*", "330602")
		session, err := w.ids.SignIn(t.Context(), "yue", "Rain-2026-water", "127.0.0.1", "test")
		if err != nil {
			t.Fatal(err)
		}
		p, err := w.ids.Authenticate(t.Context(), session)
		if err != nil {
			t.Fatal(err)
		}
		_, secret, err := w.ids.CreateToken(t.Context(), p, identity.NewToken{
			Name: "scada", Permissions: []identity.Permission{identity.ReturnRead}, Line: "*", Division: w.division("330602"), Days: 30,
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.ids.Authenticate(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
		w.write(func(tx *store.Tx) error {
			_, err := w.ids.Reset(t.Context(), tx, identity.Actor{Name: "test"}, id)
			return err
		})
		for name, secret := range map[string]string{"session": session, "token": secret} {
			if _, err := w.ids.Authenticate(t.Context(), secret); !fault.Is(err, fault.Unauthenticated) {
				t.Errorf("the %s outlives the reset: %v", name, err)
			}
		}
	})
}
