package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity/audit"
	"anlan/internal/registry"
	"anlan/internal/store"
)

const tokenPrefix = "anlan_"

// newToken makes a secret of 256 random bits.
func newToken(prefix string) string {
	b := make([]byte, 32)
	rand.Read(b) //nolint:errcheck // crypto/rand.Read never fails
	return prefix + base64.RawURLEncoding.EncodeToString(b)
}

// tokenHash is the stored form of a secret; a plain hash will do for 256 random bits.
func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Token is an API token without its secret.
type Token struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Permissions []Permission `json:"permissions"`
	Line        string       `json:"line"`
	Division    int64        `json:"-"`
	Code        string       `json:"division"`
	CreatedAt   time.Time    `json:"created_at"`
	ExpiresAt   time.Time    `json:"expires_at"`
	UsedAt      *time.Time   `json:"used_at,omitempty"`
	RevokedAt   *time.Time   `json:"revoked_at,omitempty"`
}

// NewToken is what a person asks of a token.
type NewToken struct {
	Name        string
	Permissions []Permission
	Line        string
	Division    int64
	Days        int
}

const tokenDaysMost = 730

func (n NewToken) check() error {
	bad := fault.Invalidf("token.invalid", "令牌信息有误", "the token is not valid")
	if strings.TrimSpace(n.Name) == "" || checkName(n.Name) != nil {
		bad.At("name", errName.Text)
	}
	if len(n.Permissions) == 0 {
		bad.At("permissions", fault.T("至少一项", "at least one"))
	}
	if !lineForm.MatchString(n.Line) {
		bad.At("line", errLine.Text)
	}
	if n.Days < 1 || n.Days > tokenDaysMost {
		bad.At("days", fault.Tf("1–%d 天", "1 to %d days", tokenDaysMost))
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// CreateToken makes a token that can do no more than its maker can; the secret is returned once and never stored.
func (s *Service) CreateToken(ctx context.Context, p *Principal, n NewToken) (Token, string, error) {
	if p.token != nil {
		return Token{}, "", fault.Forbiddenf("token.token", "令牌不能再造令牌", "a token cannot make tokens")
	}
	for _, perm := range n.Permissions {
		line := n.Line
		if line == AnyLine {
			line = ""
		}
		if perm == Own || perm == AccountWrite || perm == System || !p.Can(perm, line, n.Division) {
			return Token{}, "", fault.Forbiddenf("token.permission", "不能给令牌权限 %s", "a token cannot be given the permission %s", perm)
		}
	}
	if err := n.check(); err != nil {
		return Token{}, "", err
	}
	at := s.now()
	secret := newToken(tokenPrefix)
	t := Token{ID: store.NewID(), Name: n.Name, Permissions: n.Permissions, Line: n.Line, Division: n.Division, CreatedAt: at, ExpiresAt: at.AddDate(0, 0, n.Days)}
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO api_token (id, token_hash, account_id, name, permissions, line, division_id, created_at, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			t.ID, tokenHash(secret), p.account, t.Name, joinPermissions(t.Permissions), t.Line, t.Division, at.UnixMilli(), t.ExpiresAt.UnixMilli())
		if err != nil {
			return fmt.Errorf("store a token: %w", err)
		}
		return audit.Append(ctx, tx, audit.Entry{
			At: at, Actor: p.Actor(), Action: "token.create", ObjectKind: "account", ObjectID: p.account, DivisionID: &p.home,
			Detail: map[string]any{"token": t.ID, "name": t.Name, "permissions": t.Permissions, "expires": t.ExpiresAt},
		})
	})
	return t, secret, err
}

func joinPermissions(list []Permission) string {
	parts := make([]string, len(list))
	for i, p := range list {
		parts[i] = string(p)
	}
	return strings.Join(parts, " ")
}

func splitPermissions(text string) []Permission {
	var out []Permission
	for _, f := range strings.Fields(text) {
		out = append(out, Permission(f))
	}
	return out
}

// Tokens lists a person's tokens, newest first.
func (s *Service) Tokens(ctx context.Context, p *Principal) ([]Token, error) {
	rows, err := s.db.QueryContext(ctx, `
		SELECT id, name, permissions, line, division_id, created_at, expires_at, used_at, revoked_at
		FROM api_token WHERE account_id = $1 ORDER BY created_at DESC, id DESC LIMIT 200`, p.account)
	if err != nil {
		return nil, fmt.Errorf("read tokens: %w", err)
	}
	defer rows.Close()
	var out []Token
	for rows.Next() {
		var t Token
		var permissions string
		var created, expires int64
		var used, revoked sql.NullInt64
		if err := rows.Scan(&t.ID, &t.Name, &permissions, &t.Line, &t.Division, &created, &expires, &used, &revoked); err != nil {
			return nil, fmt.Errorf("read tokens: %w", err)
		}
		t.Permissions, t.CreatedAt, t.ExpiresAt, t.UsedAt, t.RevokedAt = splitPermissions(permissions), instant(created), instant(expires), optional(used), optional(revoked)
		if d, ok := p.tree.ByID(t.Division); ok {
			t.Code = d.Code
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

// RevokeToken ends one of a person's own tokens.
func (s *Service) RevokeToken(ctx context.Context, p *Principal, id string) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		at := s.now()
		res, err := tx.ExecContext(ctx, `UPDATE api_token SET revoked_at = $1 WHERE id = $2 AND account_id = $3 AND revoked_at IS NULL`, at.UnixMilli(), id, p.account)
		if err != nil {
			return fmt.Errorf("revoke a token: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fault.NotFoundf("token.unknown", "没有这个令牌", "there is no such token"))
		}
		tx.AfterCommit(s.cache.dropAll)
		return audit.Append(ctx, tx, audit.Entry{
			At: at, Actor: p.Actor(), Action: "token.revoke", ObjectKind: "account", ObjectID: p.account, DivisionID: &p.home, Detail: map[string]any{"token": id},
		})
	})
}

func (s *Service) byToken(ctx context.Context, key string, tree *registry.Tree, at time.Time) (*Principal, error) {
	var id, account, permissions string
	var l limits
	var expires int64
	var used, revoked sql.NullInt64
	err := s.db.QueryRowContext(ctx, `
		SELECT id, account_id, permissions, line, division_id, expires_at, used_at, revoked_at FROM api_token WHERE token_hash = $1`, key).
		Scan(&id, &account, &permissions, &l.line, &l.division, &expires, &used, &revoked)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errSession
	}
	if err != nil {
		return nil, fmt.Errorf("look for the token: %w", err)
	}
	if revoked.Valid || at.UnixMilli() >= expires {
		return nil, errSession
	}
	p, err := s.principal(ctx, account, tree)
	if err != nil {
		return nil, err
	}
	l.permissions = splitPermissions(permissions)
	p.token, p.mustChange = &l, false
	if !used.Valid || at.Sub(time.UnixMilli(used.Int64)) > seenEvery {
		err := s.db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE api_token SET used_at = $1 WHERE id = $2`, at.UnixMilli(), id)
			return err
		})
		if err != nil && !fault.Is(err, fault.Unavailable) {
			return nil, err
		}
	}
	return p, nil
}

// SessionInfo is one open session.
type SessionInfo struct {
	ID        string    `json:"id"`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
	Address   string    `json:"address"`
	Agent     string    `json:"agent"`
	Current   bool      `json:"current"`
}

// Sessions lists a person's open sessions, last used first.
func (s *Service) Sessions(ctx context.Context, p *Principal) ([]SessionInfo, error) {
	rows, err := s.db.QueryContext(ctx, `
		SELECT id, created_at, seen_at, address, agent FROM session WHERE account_id = $1 AND expires_at > $2 ORDER BY seen_at DESC, id LIMIT 200`,
		p.account, s.now().UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("read sessions: %w", err)
	}
	defer rows.Close()
	var out []SessionInfo
	for rows.Next() {
		var i SessionInfo
		var created, seen int64
		if err := rows.Scan(&i.ID, &created, &seen, &i.Address, &i.Agent); err != nil {
			return nil, fmt.Errorf("read sessions: %w", err)
		}
		i.CreatedAt, i.SeenAt, i.Current = instant(created), instant(seen), i.ID == p.session
		out = append(out, i)
	}
	return out, rows.Err()
}

// EndSessions ends one of a person's sessions, or with id "" all others than the current one.
func (s *Service) EndSessions(ctx context.Context, p *Principal, id string) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM session WHERE account_id = $1 AND ($2 = '' AND id <> $3 OR id = $2)`, p.account, id, p.session)
		if err != nil {
			return fmt.Errorf("end sessions: %w", err)
		}
		tx.AfterCommit(s.cache.dropAll)
		return audit.Append(ctx, tx, audit.Entry{
			At: s.now(), Actor: p.Actor(), Action: "session.end", ObjectKind: "account", ObjectID: p.account, DivisionID: &p.home, Detail: map[string]any{"session": id},
		})
	})
}

func instant(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

func optional(n sql.NullInt64) *time.Time {
	if !n.Valid {
		return nil
	}
	t := instant(n.Int64)
	return &t
}

// Permissions lists what the person may do: each permission with the lines and divisions it holds in.
func (p *Principal) Permissions() []Held {
	var out []Held
	for _, g := range p.grants {
		role, _ := RoleOf(g.Role)
		d, _ := p.tree.ByID(g.Division)
		perms := role.Permissions
		if t := p.token; t != nil {
			perms = slices.DeleteFunc(slices.Clone(perms), func(x Permission) bool { return !slices.Contains(t.permissions, x) })
		}
		out = append(out, Held{Role: g.Role, Line: g.Line, Division: d.Code, Permissions: perms})
	}
	return out
}

// Held is one grant spelled out.
type Held struct {
	Role        string       `json:"role"`
	Line        string       `json:"line" doc:"Line of work, or * for all"`
	Division    string       `json:"division"`
	Permissions []Permission `json:"permissions"`
}
