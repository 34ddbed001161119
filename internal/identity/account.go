package identity

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"anlan/internal/fault"
	"anlan/internal/identity/audit"
	"anlan/internal/store"
)

// Account is a person's way in.
type Account struct {
	ID         string
	Login      string
	Name       string
	Person     string // id of the registry's person behind it, "" where none is named
	Division   int64
	MustChange bool
	DisabledAt *time.Time
	CreatedAt  time.Time
	SeenAt     *time.Time
	Grants     []Grant

	hash        string
	lockedUntil *time.Time
}

// Locked reports whether the account is locked after wrong passwords.
func (a Account) Locked(at time.Time) bool { return a.lockedUntil != nil && a.lockedUntil.After(at) }

const accountColumns = `id, login, name, COALESCE(person_id, ''), division_id, password_hash, must_change, locked_until, disabled_at, created_at, seen_at`

func scanAccount(row interface{ Scan(...any) error }) (Account, error) {
	var a Account
	var created int64
	var locked, disabled, seen sql.NullInt64
	err := row.Scan(&a.ID, &a.Login, &a.Name, &a.Person, &a.Division, &a.hash, &a.MustChange, &locked, &disabled, &created, &seen)
	a.lockedUntil, a.DisabledAt, a.CreatedAt, a.SeenAt = optional(locked), optional(disabled), instant(created), optional(seen)
	return a, err
}

// accountBy reads an account by "id" or "login".
func (s *Service) accountBy(ctx context.Context, q store.Querier, column, value string) (Account, error) {
	a, err := scanAccount(q.QueryRowContext(ctx, `SELECT `+accountColumns+` FROM account WHERE `+column+` = $1`, value))
	if errors.Is(err, sql.ErrNoRows) {
		return a, fault.NotFoundf("account.unknown", "没有这个账号", "there is no such account")
	}
	if err != nil {
		return a, fmt.Errorf("read account: %w", err)
	}
	return a, nil
}

func grantsOf(ctx context.Context, q store.Querier, account string) ([]Grant, error) {
	rows, err := q.QueryContext(ctx, `SELECT id, role, line, division_id FROM role_grant WHERE account_id = $1 ORDER BY granted_at, id`, account)
	if err != nil {
		return nil, fmt.Errorf("read grants: %w", err)
	}
	defer rows.Close()
	var out []Grant
	for rows.Next() {
		var g Grant
		if err := rows.Scan(&g.ID, &g.Role, &g.Line, &g.Division); err != nil {
			return nil, fmt.Errorf("read grants: %w", err)
		}
		out = append(out, g)
	}
	return out, rows.Err()
}

// NewAccount is what an administrator says of an account.
type NewAccount struct {
	Login    string
	Name     string
	Person   string // id of the registry's person, "" where none is named
	Division int64
	Password string // generated where empty, and then to be changed at the first sign-in
	Grants   []Grant
}

var loginForm = regexp.MustCompile(`^[a-z][a-z0-9._-]{1,39}$`)

// CreateAccount makes an account with its first grants, within the caller's transaction, and returns its id and password.
func (s *Service) CreateAccount(ctx context.Context, tx *store.Tx, by Actor, n NewAccount) (id, password string, err error) {
	n.Login = strings.ToLower(strings.TrimSpace(n.Login))
	if n.Name = strings.TrimSpace(n.Name); checkName(n.Name) != nil {
		return "", "", errName
	}
	if !loginForm.MatchString(n.Login) {
		return "", "", fault.Invalidf("account.invalid", "登录名由小写字母开头，2–40 位字母、数字或 ._-", "a sign-in name starts with a letter and has 2 to 40 letters, digits or ._-")
	}
	password = n.Password
	mustChange := 0
	if password == "" {
		password, mustChange = NewPassword(), 1
	} else if err := CheckPassword(password, n.Login); err != nil {
		return "", "", err
	}
	id, at := store.NewID(), s.now()
	_, err = tx.ExecContext(ctx, `
		INSERT INTO account (id, login, name, division_id, password_hash, password_changed_at, must_change, created_at, person_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $6, $8)`,
		id, n.Login, n.Name, n.Division, s.hash.hash(password), at.UnixMilli(), mustChange, sql.NullString{String: n.Person, Valid: n.Person != ""})
	if store.IsUnique(err) {
		return "", "", fault.Conflictf("account.login", "登录名 %s 已被使用", "the sign-in name %s is taken", n.Login)
	}
	if err != nil {
		return "", "", fmt.Errorf("create account %s: %w", n.Login, err)
	}
	err = s.note(ctx, tx, by, "account.create", id, n.Division, map[string]any{"login": n.Login, "name": n.Name})
	for _, g := range n.Grants {
		if err == nil {
			err = s.Grant(ctx, tx, by, id, g)
		}
	}
	return id, password, err
}

func (s *Service) note(ctx context.Context, tx *store.Tx, by Actor, action, account string, division int64, detail map[string]any) error {
	tx.AfterCommit(s.cache.dropAll)
	return audit.Append(ctx, tx, audit.Entry{At: s.now(), Actor: by, Action: action, ObjectKind: "account", ObjectID: account, DivisionID: &division, Detail: detail})
}

// lineForm is a line of work's id, or AnyLine. An empty line would hold nowhere.
var lineForm = regexp.MustCompile(`^(\*|[a-z][a-z0-9_]{0,39})$`)

var errLine = fault.New(fault.Invalid, "grant.line", fault.T("业务线无效", "not a line of work"))

// Grant gives a role. Whether the giver may is said by Principal.MayGrant.
func (s *Service) Grant(ctx context.Context, tx *store.Tx, by Actor, account string, g Grant) error {
	if _, ok := RoleOf(g.Role); !ok {
		return fault.Invalidf("grant.role", "没有角色 %s", "there is no role %s", g.Role)
	}
	if !lineForm.MatchString(g.Line) {
		return errLine
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO role_grant (id, account_id, role, line, division_id, granted_by, granted_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		store.NewID(), account, g.Role, g.Line, g.Division, by.Name, s.now().UnixMilli())
	if store.IsUnique(err) {
		return fault.Conflictf("grant.twice", "已有此授权", "the grant is there already")
	}
	if err != nil {
		return fmt.Errorf("grant %s: %w", g.Role, err)
	}
	return s.note(ctx, tx, by, "account.grant", account, g.Division, map[string]any{"role": g.Role, "line": g.Line})
}

// Revoke takes a grant away; the last administrator's is kept.
func (s *Service) Revoke(ctx context.Context, tx *store.Tx, by Actor, account, grant string) error {
	var role string
	var division int64
	err := tx.QueryRowContext(ctx, `DELETE FROM role_grant WHERE id = $1 AND account_id = $2 RETURNING role, division_id`, grant, account).Scan(&role, &division)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.NotFoundf("grant.unknown", "没有这项授权", "there is no such grant")
	}
	if err != nil {
		return fmt.Errorf("revoke a grant: %w", err)
	}
	if err := s.note(ctx, tx, by, "account.revoke", account, division, map[string]any{"role": role}); err != nil {
		return err
	}
	return keepAdministrator(ctx, tx)
}

// keepAdministrator counts the administrators left. It comes after the audit entry: taking the head of the chain makes writers
// queue on PostgreSQL too, so that of two administrators who remove each other the second is refused.
func keepAdministrator(ctx context.Context, tx *store.Tx) error {
	var n int
	err := tx.QueryRowContext(ctx, `
		SELECT COUNT(*) FROM role_grant g JOIN account a ON a.id = g.account_id WHERE g.role = 'administrator' AND a.disabled_at IS NULL`).Scan(&n)
	if err != nil {
		return fmt.Errorf("count administrators: %w", err)
	}
	if n == 0 {
		return fault.Conflictf("account.last", "不能去掉最后一个系统管理员", "the last administrator cannot go")
	}
	return nil
}

// SetDisabled closes or reopens an account; closing ends its sessions and tokens.
func (s *Service) SetDisabled(ctx context.Context, tx *store.Tx, by Actor, account string, disabled bool) error {
	var at any
	if disabled {
		at = s.now().UnixMilli()
	}
	var division int64
	err := tx.QueryRowContext(ctx, `UPDATE account SET disabled_at = $1 WHERE id = $2 RETURNING division_id`, at, account).Scan(&division)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.NotFoundf("account.unknown", "没有这个账号", "there is no such account")
	}
	if err == nil && disabled {
		_, err = tx.ExecContext(ctx, `DELETE FROM session WHERE account_id = $1`, account)
	}
	if err == nil && disabled {
		_, err = tx.ExecContext(ctx, `UPDATE api_token SET revoked_at = $1 WHERE account_id = $2 AND revoked_at IS NULL`, at, account)
	}
	if err != nil {
		return fmt.Errorf("close or reopen account %s: %w", account, err)
	}
	if err := s.note(ctx, tx, by, "account.disable", account, division, map[string]any{"disabled": disabled}); err != nil || !disabled {
		return err
	}
	return keepAdministrator(ctx, tx)
}

// AccountChange is what may be changed of an account; nil leaves it as it is.
type AccountChange struct {
	Name     *string
	Person   *string // id of the registry's person, "" for nobody
	Division *int64
}

// ChangeAccount changes an account within the caller's transaction.
func (s *Service) ChangeAccount(ctx context.Context, tx *store.Tx, by Actor, account string, c AccountChange) error {
	a, err := s.accountBy(ctx, tx, "id", account)
	if err != nil {
		return err
	}
	if c.Name != nil {
		a.Name = strings.TrimSpace(*c.Name)
	}
	if c.Division != nil {
		a.Division = *c.Division
	}
	if c.Person != nil {
		a.Person = *c.Person
	}
	if err := checkName(a.Name); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE account SET name = $1, division_id = $2, person_id = $3 WHERE id = $4`,
		a.Name, a.Division, sql.NullString{String: a.Person, Valid: a.Person != ""}, account)
	if err != nil {
		return fmt.Errorf("change account %s: %w", a.Login, err)
	}
	return s.note(ctx, tx, by, "account.change", account, a.Division, map[string]any{"name": a.Name})
}

const nameMost = 100

var errName = fault.New(fault.Invalid, "account.name", fault.T("姓名必填，至多 100 字，不含不可见字符", "a name is required, of at most 100 characters that can be seen"))

func checkName(name string) error {
	if name == "" || utf8.RuneCountInString(name) > nameMost || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return errName
	}
	return nil
}

// Reset gives a new first password, unlocks the account and ends its sessions and tokens: whoever held the old password could
// have made tokens with it.
func (s *Service) Reset(ctx context.Context, tx *store.Tx, by Actor, account string) (string, error) {
	password, at := NewPassword(), s.now().UnixMilli()
	var division int64
	err := tx.QueryRowContext(ctx, `
		UPDATE account SET password_hash = $1, must_change = 1, failed_count = 0, locked_until = NULL WHERE id = $2 RETURNING division_id`,
		s.hash.hash(password), account).Scan(&division)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fault.NotFoundf("account.unknown", "没有这个账号", "there is no such account")
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, `DELETE FROM session WHERE account_id = $1`, account)
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE api_token SET revoked_at = $1 WHERE account_id = $2 AND revoked_at IS NULL`, at, account)
	}
	if err != nil {
		return "", fmt.Errorf("reset an account: %w", err)
	}
	return password, s.note(ctx, tx, by, "account.reset", account, division, nil)
}

// ChangePassword lets a person change the own password; other sessions end.
func (s *Service) ChangePassword(ctx context.Context, p *Principal, old, fresh string) error {
	if !s.gate.pass("password of "+p.account, s.now()) {
		return errFlood
	}
	a, err := s.accountBy(ctx, s.db, "id", p.account)
	if err != nil {
		return err
	}
	if !s.hash.matches(old, a.hash) {
		return fault.Invalidf("password.old", "原密码不正确", "the old password is wrong").At("old", fault.T("不正确", "wrong"))
	}
	if err := CheckPassword(fresh, a.Login); err != nil {
		return err
	}
	if old == fresh {
		return fault.Invalidf("password.same", "新密码与原密码相同", "the new password is the old one")
	}
	phc := s.hash.hash(fresh)
	return s.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE account SET password_hash = $1, must_change = 0, password_changed_at = $2 WHERE id = $3`, phc, s.now().UnixMilli(), p.account)
		if err == nil {
			_, err = tx.ExecContext(ctx, `DELETE FROM session WHERE account_id = $1 AND id <> $2`, p.account, p.session)
		}
		if err != nil {
			return fmt.Errorf("change the password: %w", err)
		}
		return s.note(ctx, tx, p.Actor(), "account.password", p.account, p.home, nil)
	})
}

// AccountQuery filters the list of accounts.
type AccountQuery struct {
	Scopes []int64 // divisions whose subtrees may be seen
	Text   string
	After  string // keyset: logins after this
	Limit  int
}

// Accounts lists accounts by sign-in name, with their grants.
func (s *Service) Accounts(ctx context.Context, f AccountQuery) ([]Account, error) {
	var b strings.Builder
	args := []any{f.After}
	b.WriteString(`SELECT ` + accountColumns + ` FROM account WHERE login > $1 AND division_id IN (SELECT descendant_id FROM division_closure WHERE ancestor_id IN (-1`)
	for _, id := range f.Scopes {
		fmt.Fprintf(&b, ",%d", id)
	}
	b.WriteString("))")
	if f.Text != "" {
		args = append(args, "%"+store.Literal(f.Text)+"%")
		b.WriteString(` AND (login LIKE $2 ESCAPE '\' OR LOWER(name) LIKE $2 ESCAPE '\')`)
	}
	args = append(args, f.Limit)
	fmt.Fprintf(&b, ` ORDER BY login LIMIT $%d`, len(args))
	rows, err := s.db.QueryContext(ctx, b.String(), args...)
	if err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	defer rows.Close()
	var out []Account
	for rows.Next() {
		a, err := scanAccount(rows)
		if err != nil {
			return nil, fmt.Errorf("read accounts: %w", err)
		}
		out = append(out, a)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range out {
		if out[i].Grants, err = grantsOf(ctx, s.db, out[i].ID); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// AccountOf reads one account with its grants.
func (s *Service) AccountOf(ctx context.Context, id string) (Account, error) {
	a, err := s.accountBy(ctx, s.db, "id", id)
	if err != nil {
		return a, err
	}
	a.Grants, err = grantsOf(ctx, s.db, id)
	return a, err
}
