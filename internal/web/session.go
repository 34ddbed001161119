package web

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

const sessionCookie = "anlan_session"

type principalKey struct{}

// principalOf is the person that the middleware found; nil on public routes.
func principalOf(ctx context.Context) *identity.Principal {
	p, _ := ctx.Value(principalKey{}).(*identity.Principal)
	return p
}

// authenticate finds the person behind a request's bearer token or cookie.
func (s *Server) authenticate(r *http.Request) (*identity.Principal, error) {
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !bearer {
		c, err := r.Cookie(sessionCookie)
		if err != nil {
			return nil, fault.New(fault.Unauthenticated, "session.none", fault.T("请先登录", "sign in first"))
		}
		token = c.Value
	}
	return s.Identity.Authenticate(r.Context(), token)
}

// require is the middleware of a route: who it is, whether the first password was changed, and the permission.
func (s *Server) require(perm identity.Permission) func(ctx huma.Context, next func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(ctx)
		p, err := s.authenticate(r)
		switch {
		case err != nil:
		case p.MustChange() && perm != identity.Own:
			err = fault.Forbiddenf("password.change", "请先修改初始密码", "change the first password before anything else")
		case !p.CanSomewhere(perm):
			err = fault.Forbiddenf("permission.missing", "您没有这项权限（%s），可请系统管理员授予", "you lack the permission %s; an administrator can grant it", perm)
		}
		if err != nil {
			err = s.Store.Explain(err)
			if fault.KindOf(err) == fault.Internal {
				s.Log.Error("authenticate", "err", err)
			}
			writeProblem(w, problemOf(err))
			return
		}
		next(huma.WithValue(ctx, principalKey{}, p))
	}
}

// Me is the person signed in, what that person may do, and facts of the server that screens show.
type Me struct {
	Account     MeAccount   `json:"account"`
	Permissions []MeMay     `json:"permissions"`
	Roles       []string    `json:"roles"`
	Server      ServerFacts `json:"server"`
}

// MeAccount is the account signed in.
type MeAccount struct {
	ID         string `json:"id"`
	Login      string `json:"login"`
	Name       string `json:"name"`
	Division   string `json:"division"`
	MustChange bool   `json:"must_change"`
}

// MeMay is one permission in one line of work over one division and all below it.
type MeMay struct {
	Permission identity.Permission `json:"permission"`
	Line       string              `json:"line" doc:"* for every line of work"`
	Division   string              `json:"division"`
}

// ServerFacts are facts of the installation.
type ServerFacts struct {
	Version string         `json:"version"`
	Demo    bool           `json:"demo"`
	Now     time.Time      `json:"now"`
	Today   hydrotime.Date `json:"today"`
	MapNote fault.Text     `json:"map_note" doc:"Attribution and review number shown on every map"`
	City    string         `json:"city" doc:"Division that screens open with"`
	Speed   float64        `json:"speed" doc:"How many times as fast as the clock a demo's time runs; 1 elsewhere"`
}

func (s *Server) me(ctx context.Context, p *identity.Principal) (*Me, error) {
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	home, _ := tree.ByID(p.Home())
	now := s.Now()
	out := &Me{
		Account: MeAccount{p.Account(), p.Login(), p.Name(), home.Code, p.MustChange()},
		Server:  ServerFacts{s.Settings.Version, s.Settings.Demo, now, hydrotime.DateOf(now), s.Settings.MapNote, s.Settings.City, 1},
	}
	if s.Clock != nil {
		out.Server.Speed = s.Clock.Speed()
	}
	if city, ok := tree.ByCode(s.Settings.City); !ok || !p.Can(identity.FigureRead, "", city.ID) {
		out.Server.City = home.Code
	}
	for _, held := range p.Permissions() {
		out.Roles = append(out.Roles, held.Role)
		for _, perm := range held.Permissions {
			out.Permissions = append(out.Permissions, MeMay{perm, held.Line, held.Division})
		}
	}
	return out, nil
}

type signInInput struct {
	Agent string `header:"User-Agent"`
	Body  struct {
		Login    string `json:"login" maxLength:"80"`
		Password string `json:"password" maxLength:"200"`
	}
	address string
}

// Resolve implements huma.Resolver: it takes the address of the connection.
func (in *signInInput) Resolve(ctx huma.Context) []error {
	in.address = ctx.RemoteAddr()
	if host, _, err := net.SplitHostPort(in.address); err == nil {
		in.address = host
	}
	return nil
}

type cookieOutput struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      *Me
}

var registerRefusal = sync.OnceFunc(func() { huma.NewError = refusal })

func (s *Server) addSessionRoutes() {
	registerRefusal()
	signIn := Route{Method: http.MethodPost, Path: "/api/session", ID: "signIn", Summary: "Sign in", Tag: "session", Public: true, MaxBody: 4096}
	s.describe(&signIn)
	huma.Register(s.api, s.operation(signIn), func(ctx context.Context, in *signInInput) (*cookieOutput, error) {
		token, err := s.Identity.SignIn(ctx, in.Body.Login, in.Body.Password, in.address, in.Agent)
		if err != nil {
			return nil, s.answer(ctx, signIn, err)
		}
		p, err := s.Identity.Authenticate(ctx, token)
		if err != nil {
			return nil, s.answer(ctx, signIn, err)
		}
		me, err := s.me(ctx, p)
		return &cookieOutput{SetCookie: s.cookie(token, 0), Body: me}, s.answer(ctx, signIn, err)
	})
	signOut := Route{Method: http.MethodDelete, Path: "/api/session", ID: "signOut", Summary: "Sign out", Tag: "session", Permission: identity.Own, Status: http.StatusNoContent}
	s.describe(&signOut)
	type out struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
	}
	huma.Register(s.api, s.operation(signOut), func(ctx context.Context, in *struct {
		Session string `cookie:"anlan_session"`
	},
	) (*out, error) {
		return &out{s.cookie("", -1)}, s.answer(ctx, signOut, s.Identity.SignOut(ctx, in.Session))
	})
	s.addOwnRoutes()
	s.addFilterRoutes()
}

func (s *Server) cookie(token string, age int) http.Cookie {
	return http.Cookie{Name: sessionCookie, Value: token, Path: "/", MaxAge: age, HttpOnly: true, Secure: s.Settings.Secure, SameSite: http.SameSiteLaxMode}
}

// Items is a list that is short by nature.
type Items[T any] struct {
	Items []T `json:"items"`
}

// Paged is one page of a list, with how many there are in all.
type Paged[T any] struct {
	Items []T `json:"items"`
	Total int `json:"total"`
	Next  int `json:"next,omitempty" doc:"Offset of the next page; 0 where this is the last"`
}

// PageInput asks for a page.
type PageInput struct {
	Offset int `query:"offset" minimum:"0" doc:"How many were read before"`
	Limit  int `query:"limit" minimum:"1" maximum:"1000" default:"200"`
}

// next is the offset of the page behind one of n items, 0 where that was the last.
func (in PageInput) next(n, total int) int {
	if behind := in.Offset + n; n > 0 && behind < total {
		return behind
	}
	return 0
}

func (s *Server) addOwnRoutes() {
	own := func(method, path, id, summary string) Route {
		return Route{Method: method, Path: path, ID: id, Summary: summary, Tag: "session", Permission: identity.Own}
	}
	add(s, own("GET", "/api/me", "getMe", "Who is signed in"), func(ctx context.Context, p *identity.Principal, _ *struct{}) (*Me, error) {
		return s.me(ctx, p)
	})
	add(s, own("PUT", "/api/me/password", "changePassword", "Change the own password"), func(ctx context.Context, p *identity.Principal, in *struct {
		Body struct {
			Old string `json:"old" maxLength:"200"`
			New string `json:"new" maxLength:"200"`
		}
	},
	) (*none, error) {
		return nil, s.Identity.ChangePassword(ctx, p, in.Body.Old, in.Body.New)
	})
	add(s, own("GET", "/api/me/sessions", "listSessions", "Own open sessions"), func(ctx context.Context, p *identity.Principal, _ *struct{}) (*Items[identity.SessionInfo], error) {
		list, err := s.Identity.Sessions(ctx, p)
		return &Items[identity.SessionInfo]{list}, err
	})
	add(s, own("DELETE", "/api/me/sessions", "endOtherSessions", "End all other sessions"), func(ctx context.Context, p *identity.Principal, _ *struct{}) (*none, error) {
		return nil, s.Identity.EndSessions(ctx, p, "")
	})
	add(s, own("DELETE", "/api/me/sessions/{id}", "endSession", "End one session"), func(ctx context.Context, p *identity.Principal, in *idInput) (*none, error) {
		return nil, s.Identity.EndSessions(ctx, p, in.ID)
	})
	add(s, own("GET", "/api/me/tokens", "listTokens", "Own API tokens"), func(ctx context.Context, p *identity.Principal, _ *struct{}) (*Items[identity.Token], error) {
		list, err := s.Identity.Tokens(ctx, p)
		return &Items[identity.Token]{list}, err
	})
	add(s, own("POST", "/api/me/tokens", "createToken", "Make an API token; its secret is shown once"), s.createToken)
	add(s, own("DELETE", "/api/me/tokens/{id}", "revokeToken", "Revoke an API token"), func(ctx context.Context, p *identity.Principal, in *idInput) (*none, error) {
		return nil, s.Identity.RevokeToken(ctx, p, in.ID)
	})
}

type idInput struct {
	ID string `path:"id" maxLength:"60"`
}

// TokenMade is a new token with its secret.
type TokenMade struct {
	Token  identity.Token `json:"token"`
	Secret string         `json:"secret" doc:"Shown once, never stored"`
}

func (s *Server) createToken(ctx context.Context, p *identity.Principal, in *struct {
	Body struct {
		Name        string                `json:"name" maxLength:"80"`
		Permissions []identity.Permission `json:"permissions" maxItems:"40"`
		Line        string                `json:"line" maxLength:"40"`
		Division    string                `json:"division" maxLength:"20"`
		Days        int                   `json:"days" minimum:"1" maximum:"730"`
	}
},
) (*TokenMade, error) {
	d, err := s.divisionOf(ctx, in.Body.Division)
	if err != nil {
		return nil, err
	}
	t, secret, err := s.Identity.CreateToken(ctx, p, identity.NewToken{Name: in.Body.Name, Permissions: in.Body.Permissions, Line: in.Body.Line, Division: d.ID, Days: in.Body.Days})
	t.Code = d.Code
	return &TokenMade{t, secret}, err
}
