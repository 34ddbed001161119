package identity

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity/audit"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// Policy is what an installation decides about signing in.
type Policy struct {
	Tries     int           // wrong passwords before the account is locked
	Lock      time.Duration // how long it stays locked
	Idle      time.Duration // a session unused for so long ends
	Absolute  time.Duration // a session ends after so long whatever is done
	PerMinute int           // tries from one address in a minute
}

// DefaultPolicy is what holds where nothing is said.
func DefaultPolicy() Policy {
	return Policy{Tries: 5, Lock: 15 * time.Minute, Idle: 12 * time.Hour, Absolute: 7 * 24 * time.Hour, PerMinute: 30}
}

// Service signs people in and keeps accounts; its methods may be called from many goroutines.
type Service struct {
	db     *store.DB
	reg    *registry.Service
	now    func() time.Time
	policy Policy
	hash   hasher
	decoy  string // hash checked for unknown names, so that they take as long as known ones
	gate   *gate
	cache  *principals
}

// New makes the service.
func New(db *store.DB, reg *registry.Service, now func() time.Time, policy Policy) *Service {
	h := newHasher(2)
	return &Service{
		db: db, reg: reg, now: now, policy: policy, hash: h, decoy: h.hash(NewPassword()),
		gate: &gate{perMinute: policy.PerMinute, seen: map[string]*window{}}, cache: newPrincipals(),
	}
}

// gate counts tries by address.
type gate struct {
	perMinute int
	mu        sync.Mutex // guards seen
	seen      map[string]*window
}

type window struct {
	start time.Time
	n     int
}

const gateSize = 10_000

func (g *gate) pass(address string, at time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	w := g.seen[address]
	if w == nil || at.Sub(w.start) >= time.Minute {
		if len(g.seen) >= gateSize {
			maps.DeleteFunc(g.seen, func(_ string, w *window) bool { return at.Sub(w.start) >= time.Minute })
		}
		if len(g.seen) >= gateSize {
			clear(g.seen)
		}
		w = &window{start: at}
		g.seen[address] = w
	}
	w.n++
	return g.perMinute == 0 || w.n <= g.perMinute
}

var errFlood = fault.New(fault.TooMany, "signin.flood", fault.T("尝试过于频繁，请稍后再试", "too many tries; wait a minute"))

var errSignIn = fault.New(fault.Unauthenticated, "signin.wrong", fault.T("登录名或密码不正确", "the sign-in name or the password is wrong"))

// SignIn checks a password and opens a session; the token is shown to the browser once. An unknown name, a wrong password, a
// locked and a disabled account all look alike and take alike long.
func (s *Service) SignIn(ctx context.Context, login, password, address, agent string) (token string, err error) {
	at := s.now()
	if !s.gate.pass(address, at) {
		return "", errFlood
	}
	a, err := s.accountForSignIn(ctx, login)
	if fault.Is(err, fault.NotFound) {
		s.hash.matches(password, s.decoy)
		s.pretend(ctx, at)
		return "", errSignIn
	}
	if err != nil {
		return "", err
	}
	right := s.hash.matches(password, a.hash)
	if a.DisabledAt != nil || a.Locked(at) {
		s.pretend(ctx, at)
		return "", errSignIn
	}
	if !right {
		return "", errors.Join(s.countFailure(ctx, a, address, at), errSignIn)
	}
	token = newToken("")
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		return s.openSession(ctx, tx, a, token, address, agent, at)
	})
	return token, err
}

func (s *Service) accountForSignIn(ctx context.Context, login string) (Account, error) {
	login = strings.ToLower(strings.TrimSpace(login))
	if !loginForm.MatchString(login) {
		return Account{}, fault.NotFoundf("account.unknown", "没有这个账号", "there is no such account")
	}
	return s.accountBy(ctx, s.db, "login", login)
}

// pretend commits a write as a counted failure would, so that the answer to an unknown, locked or disabled name comes no sooner.
func (s *Service) pretend(ctx context.Context, at time.Time) { s.db.Probe(ctx, at) }

func (s *Service) countFailure(ctx context.Context, a Account, address string, at time.Time) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		var n int
		err := tx.QueryRowContext(ctx, `UPDATE account SET failed_count = failed_count + 1 WHERE id = $1 RETURNING failed_count`, a.ID).Scan(&n)
		if err != nil || n < s.policy.Tries {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE account SET failed_count = 0, locked_until = $1 WHERE id = $2`, at.Add(s.policy.Lock).UnixMilli(), a.ID)
		if err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{
			At: at, Action: "account.lock", ObjectKind: "account", ObjectID: a.ID, DivisionID: &a.Division,
			Detail: map[string]any{"tries": n, "address": address},
		})
	})
}

func (s *Service) openSession(ctx context.Context, tx *store.Tx, a Account, token, address, agent string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO session (token_hash, id, account_id, created_at, seen_at, expires_at, address, agent) VALUES ($1, $2, $3, $4, $4, $5, $6, $7)`,
		tokenHash(token), store.NewID(), a.ID, at.UnixMilli(), at.Add(s.policy.Absolute).UnixMilli(), address, cut(strings.ToValidUTF8(agent, "?"), 200))
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE account SET failed_count = 0, locked_until = NULL, seen_at = $1 WHERE id = $2`, at.UnixMilli(), a.ID)
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, `DELETE FROM session WHERE expires_at < $1`, at.UnixMilli())
	}
	if err != nil {
		return fmt.Errorf("open a session: %w", err)
	}
	return audit.Append(ctx, tx, audit.Entry{
		At: at, Actor: Actor{ID: a.ID, Name: a.Name}, Action: "session.open", ObjectKind: "account", ObjectID: a.ID, DivisionID: &a.Division,
		Detail: map[string]any{"address": address},
	})
}

func cut(s string, n int) string {
	r := []rune(s)
	return string(r[:min(n, len(r))])
}

// SignOut ends a session; one that is gone already is no error.
func (s *Service) SignOut(ctx context.Context, token string) error {
	key := tokenHash(token)
	return s.db.Write(ctx, func(tx *store.Tx) error {
		tx.AfterCommit(func() { s.cache.drop(key) })
		var account string
		err := tx.QueryRowContext(ctx, `DELETE FROM session WHERE token_hash = $1 RETURNING account_id`, key).Scan(&account)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("end a session: %w", err)
		}
		a, err := s.accountBy(ctx, tx, "id", account)
		if err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{
			At: s.now(), Actor: Actor{ID: a.ID, Name: a.Name}, Action: "session.close", ObjectKind: "account", ObjectID: a.ID, DivisionID: &a.Division,
		})
	})
}

var errSession = fault.New(fault.Unauthenticated, "session.none", fault.T("请先登录", "sign in first"))

// seenEvery is how often the last use of a session or token is written down.
const seenEvery = time.Minute

// Authenticate finds the person behind a session's or an API token's secret.
func (s *Service) Authenticate(ctx context.Context, token string) (*Principal, error) {
	tree, err := s.reg.Tree(ctx)
	if err != nil {
		return nil, err
	}
	at, key := s.now(), tokenHash(token)
	if p, ok := s.cache.get(key, tree, at); ok {
		return p, nil
	}
	var p *Principal
	if strings.HasPrefix(token, tokenPrefix) {
		p, err = s.byToken(ctx, key, tree, at)
	} else {
		p, err = s.bySession(ctx, key, tree, at)
	}
	if err != nil {
		return nil, err
	}
	s.cache.put(key, p, at)
	return p, nil
}

func (s *Service) bySession(ctx context.Context, key string, tree *registry.Tree, at time.Time) (*Principal, error) {
	var id, account string
	var seen, expires int64
	err := s.db.QueryRowContext(ctx, `SELECT id, account_id, seen_at, expires_at FROM session WHERE token_hash = $1`, key).Scan(&id, &account, &seen, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errSession
	}
	if err != nil {
		return nil, fmt.Errorf("look for the session: %w", err)
	}
	if at.UnixMilli() >= expires || at.Sub(time.UnixMilli(seen)) > s.policy.Idle {
		return nil, errSession
	}
	if at.Sub(time.UnixMilli(seen)) > seenEvery {
		err := s.db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE session SET seen_at = $1 WHERE token_hash = $2`, at.UnixMilli(), key)
			return err
		})
		if err != nil && !fault.Is(err, fault.Unavailable) {
			return nil, err
		}
	}
	p, err := s.principal(ctx, account, tree)
	if err != nil {
		return nil, err
	}
	p.session = id
	return p, nil
}

// principal reads an account with its grants.
func (s *Service) principal(ctx context.Context, account string, tree *registry.Tree) (*Principal, error) {
	a, err := s.accountBy(ctx, s.db, "id", account)
	if err != nil {
		return nil, err
	}
	if a.DisabledAt != nil {
		return nil, errSession
	}
	grants, err := grantsOf(ctx, s.db, account)
	if err != nil {
		return nil, err
	}
	p := NewPrincipal(a.ID, a.Login, a.Name, a.Division, grants, tree)
	p.mustChange, p.person = a.MustChange, a.Person
	return p, nil
}

// principals remembers who is behind a secret for a few seconds, so that a burst of requests asks the store once.
type principals struct {
	mu   sync.Mutex // guards held
	held map[string]held
}

type held struct {
	p     *Principal
	until time.Time
}

const (
	holdFor  = 2 * time.Second
	holdMost = 5_000
)

func newPrincipals() *principals { return &principals{held: map[string]held{}} }

func (c *principals) get(key string, tree *registry.Tree, at time.Time) (*Principal, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	h, ok := c.held[key]
	if !ok || h.p.tree != tree || at.After(h.until) || at.Before(h.until.Add(-holdFor)) {
		return nil, false
	}
	return h.p, true
}

func (c *principals) put(key string, p *Principal, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.held) >= holdMost {
		clear(c.held)
	}
	c.held[key] = held{p, at.Add(holdFor)}
}

func (c *principals) drop(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.held, key)
}

// dropAll forgets everybody, after accounts or grants changed.
func (c *principals) dropAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.held)
}
