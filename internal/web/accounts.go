package web

import (
	"context"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/store"
)

// Account is an account as an administrator sees it.
type Account struct {
	ID         string     `json:"id"`
	Login      string     `json:"login"`
	Name       string     `json:"name"`
	Division   string     `json:"division"`
	MustChange bool       `json:"must_change"`
	Locked     bool       `json:"locked"`
	DisabledAt *time.Time `json:"disabled_at,omitempty"`
	CreatedAt  time.Time  `json:"created_at"`
	SeenAt     *time.Time `json:"seen_at,omitempty"`
	Grants     []Grant    `json:"grants"`
}

// Grant is a role in a line of work over a division.
type Grant struct {
	ID       string `json:"id,omitempty"`
	Role     string `json:"role" maxLength:"40"`
	Line     string `json:"line" maxLength:"40" doc:"* for every line of work"`
	Division string `json:"division" maxLength:"20"`
}

// AccountPage is a page of accounts.
type AccountPage struct {
	Items []Account `json:"items"`
	Next  string    `json:"next,omitempty"`
}

// FirstPassword is told to the administrator once.
type FirstPassword struct {
	ID       string `json:"id"`
	Password string `json:"password" doc:"Shown once; it must be changed at the first sign-in"`
}

func (s *Server) addAccountRoutes() {
	account := func(method, path, id, summary string, perm identity.Permission) Route {
		return Route{Method: method, Path: path, ID: id, Summary: summary, Tag: "accounts", Permission: perm}
	}
	add(s, account("GET", "/api/roles", "listRoles", "The roles and what each may do", identity.AccountRead), func(context.Context, *identity.Principal, *struct{}) (*Items[identity.Role], error) {
		return &Items[identity.Role]{identity.Roles()}, nil
	})
	add(s, account("GET", "/api/accounts", "listAccounts", "Accounts in scope", identity.AccountRead), s.listAccounts)
	add(s, account("POST", "/api/accounts", "createAccount", "Make an account", identity.AccountWrite), s.createAccount)
	add(s, account("PATCH", "/api/accounts/{id}", "updateAccount", "Rename, disable or reopen an account", identity.AccountWrite), s.updateAccount)
	add(s, account("POST", "/api/accounts/{id}/reset", "resetAccount", "Give a new first password", identity.AccountWrite), s.resetAccount)
	add(s, account("POST", "/api/accounts/{id}/grants", "grantRole", "Give a role", identity.AccountWrite), s.grantRole)
	add(s, account("DELETE", "/api/accounts/{id}/grants/{grant}", "revokeRole", "Take a role away", identity.AccountWrite), s.revokeRole)
	add(s, account("GET", "/api/audit", "listAudit", "The audit log in scope, newest first", identity.AuditRead), s.listAudit)
	add(s, account("GET", "/api/audit/verify", "verifyAudit", "Walk the whole hash chain", identity.AuditRead), func(ctx context.Context, _ *identity.Principal, _ *struct{}) (*audit.Report, error) {
		rep, err := audit.Verify(ctx, s.Store)
		return &rep, err
	})
}

func (s *Server) listAccounts(ctx context.Context, p *identity.Principal, in *struct {
	Q      string `query:"q" maxLength:"100"`
	Cursor string `query:"cursor" maxLength:"100"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
},
) (*AccountPage, error) {
	list, err := s.Identity.Accounts(ctx, identity.AccountQuery{Scopes: p.Scopes(identity.AccountRead), Text: in.Q, After: in.Cursor, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	out := &AccountPage{Items: []Account{}}
	for i, a := range list {
		if i == in.Limit {
			out.Next = list[i-1].Login
			break
		}
		item, err := s.accountOf(ctx, a)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, item)
	}
	return out, nil
}

func (s *Server) accountOf(ctx context.Context, a identity.Account) (Account, error) {
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return Account{}, err
	}
	home, _ := tree.ByID(a.Division)
	out := Account{
		ID: a.ID, Login: a.Login, Name: a.Name, Division: home.Code, MustChange: a.MustChange, Locked: a.Locked(s.Now()),
		DisabledAt: a.DisabledAt, CreatedAt: a.CreatedAt, SeenAt: a.SeenAt, Grants: []Grant{},
	}
	for _, g := range a.Grants {
		d, _ := tree.ByID(g.Division)
		out.Grants = append(out.Grants, Grant{g.ID, g.Role, g.Line, d.Code})
	}
	return out, nil
}

// grantsOf turns grants of a request into those of the domain.
func (s *Server) grantsOf(ctx context.Context, list []Grant) ([]identity.Grant, error) {
	var out []identity.Grant
	for _, g := range list {
		d, err := s.divisionOf(ctx, g.Division)
		if err != nil {
			return nil, err
		}
		out = append(out, identity.Grant{Role: g.Role, Line: g.Line, Division: d.ID})
	}
	return out, nil
}

func (s *Server) createAccount(ctx context.Context, p *identity.Principal, in *struct {
	Body struct {
		Login    string  `json:"login" maxLength:"40"`
		Name     string  `json:"name" maxLength:"80"`
		Division string  `json:"division" maxLength:"20"`
		Grants   []Grant `json:"grants" maxItems:"20"`
	}
},
) (*FirstPassword, error) {
	d, err := s.divisionOf(ctx, in.Body.Division)
	if err != nil {
		return nil, err
	}
	grants, err := s.grantsOf(ctx, in.Body.Grants)
	if err != nil {
		return nil, err
	}
	n := identity.NewAccount{Login: in.Body.Login, Name: in.Body.Name, Division: d.ID, Grants: grants}
	if err := p.MayCreate(n); err != nil {
		return nil, err
	}
	out := &FirstPassword{}
	err = s.Store.Write(ctx, func(tx *store.Tx) (err error) {
		out.ID, out.Password, err = s.Identity.CreateAccount(ctx, tx, p.Actor(), n)
		return err
	})
	return out, err
}

// managed reads an account that the person may manage; any other looks like one that does not exist.
func (s *Server) managed(ctx context.Context, p *identity.Principal, id string) (identity.Account, error) {
	a, err := s.Identity.AccountOf(ctx, id)
	if err != nil {
		return a, err
	}
	if !p.Can(identity.AccountRead, "", a.Division) {
		return a, fault.NotFoundf("account.unknown", "没有这个账号", "there is no such account")
	}
	return a, p.MayManage(a)
}

func (s *Server) updateAccount(ctx context.Context, p *identity.Principal, in *struct {
	ID   string `path:"id" maxLength:"60"`
	Body struct {
		Name     *string `json:"name,omitempty" maxLength:"80"`
		Disabled *bool   `json:"disabled,omitempty"`
	}
},
) (*Account, error) {
	if _, err := s.managed(ctx, p, in.ID); err != nil {
		return nil, err
	}
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		if in.Body.Name != nil {
			if err := s.Identity.ChangeAccount(ctx, tx, p.Actor(), in.ID, identity.AccountChange{Name: in.Body.Name}); err != nil {
				return err
			}
		}
		if in.Body.Disabled != nil {
			return s.Identity.SetDisabled(ctx, tx, p.Actor(), in.ID, *in.Body.Disabled)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.oneAccount(ctx, in.ID)
}

func (s *Server) oneAccount(ctx context.Context, id string) (*Account, error) {
	a, err := s.Identity.AccountOf(ctx, id)
	if err != nil {
		return nil, err
	}
	out, err := s.accountOf(ctx, a)
	return &out, err
}

func (s *Server) resetAccount(ctx context.Context, p *identity.Principal, in *idInput) (*FirstPassword, error) {
	if _, err := s.managed(ctx, p, in.ID); err != nil {
		return nil, err
	}
	out := &FirstPassword{ID: in.ID}
	err := s.Store.Write(ctx, func(tx *store.Tx) (err error) {
		out.Password, err = s.Identity.Reset(ctx, tx, p.Actor(), in.ID)
		return err
	})
	return out, err
}

func (s *Server) grantRole(ctx context.Context, p *identity.Principal, in *struct {
	ID   string `path:"id" maxLength:"60"`
	Body Grant
},
) (*Account, error) {
	if _, err := s.managed(ctx, p, in.ID); err != nil {
		return nil, err
	}
	grants, err := s.grantsOf(ctx, []Grant{in.Body})
	if err != nil {
		return nil, err
	}
	if err := p.MayGrant(in.ID, grants[0]); err != nil {
		return nil, err
	}
	err = s.Store.Write(ctx, func(tx *store.Tx) error { return s.Identity.Grant(ctx, tx, p.Actor(), in.ID, grants[0]) })
	if err != nil {
		return nil, err
	}
	return s.oneAccount(ctx, in.ID)
}

func (s *Server) revokeRole(ctx context.Context, p *identity.Principal, in *struct {
	ID    string `path:"id" maxLength:"60"`
	Grant string `path:"grant" maxLength:"60"`
},
) (*Account, error) {
	a, err := s.managed(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	for _, g := range a.Grants {
		if g.ID == in.Grant {
			if err := p.MayGrant(in.ID, g); err != nil {
				return nil, err
			}
		}
	}
	err = s.Store.Write(ctx, func(tx *store.Tx) error { return s.Identity.Revoke(ctx, tx, p.Actor(), in.ID, in.Grant) })
	if err != nil {
		return nil, err
	}
	return s.oneAccount(ctx, in.ID)
}

// AuditEntry is one change.
type AuditEntry struct {
	Seq        int64     `json:"seq"`
	At         time.Time `json:"at"`
	Actor      string    `json:"actor"`
	Action     string    `json:"action"`
	ObjectKind string    `json:"object_kind"`
	ObjectID   string    `json:"object_id"`
	Division   string    `json:"division,omitempty"`
	Detail     any       `json:"detail"`
	Hash       string    `json:"hash"`
}

// AuditPage is a page of the log.
type AuditPage struct {
	Items []AuditEntry `json:"items"`
	Next  int64        `json:"next,omitempty" doc:"Cursor of the next page"`
}

func (s *Server) listAudit(ctx context.Context, p *identity.Principal, in *struct {
	Q      string    `query:"q" maxLength:"100"`
	Actor  string    `query:"actor" maxLength:"80"`
	Action string    `query:"action" maxLength:"60"`
	Kind   string    `query:"object_kind" maxLength:"40"`
	Object string    `query:"object_id" maxLength:"120"`
	From   time.Time `query:"from"`
	To     time.Time `query:"to"`
	Cursor int64     `query:"cursor"`
	Limit  int       `query:"limit" minimum:"1" maximum:"500" default:"100"`
},
) (*AuditPage, error) {
	list, err := audit.List(ctx, s.Store, audit.Query{
		Scopes: p.Scopes(identity.AuditRead), All: p.Everywhere(identity.AuditRead), Text: in.Q, Actor: in.Actor, Action: in.Action,
		ObjectKind: in.Kind, ObjectID: in.Object, From: in.From, To: in.To, Before: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := &AuditPage{Items: []AuditEntry{}}
	for _, e := range list {
		item := AuditEntry{Seq: e.Seq, At: e.At, Actor: e.Actor.Name, Action: e.Action, ObjectKind: e.ObjectKind, ObjectID: e.ObjectID, Detail: e.Detail, Hash: e.Hash}
		if e.DivisionID != nil {
			if d, ok := tree.ByID(*e.DivisionID); ok {
				item.Division = d.Code
			}
		}
		out.Items = append(out.Items, item)
	}
	if len(list) == in.Limit {
		out.Next = list[len(list)-1].Seq
	}
	return out, nil
}
