package web

import (
	"context"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

func (s *Server) addPeopleRoutes() {
	route := func(method, path, id, summary string, perm identity.Permission) Route {
		return Route{Method: method, Path: path, ID: id, Summary: summary, Tag: "registry", Permission: perm}
	}
	reg := s.Registry
	add(s, route("GET", "/api/organisations", "listOrganisations", "Organisations in scope", identity.PeopleRead), listOf(s, reg.Organisations))
	add(s, route("GET", "/api/people", "listPeople", "People in scope, phones masked", identity.PeopleRead), listOf(s, reg.People))
	add(s, route("GET", "/api/posts", "listPosts", "Posts in scope and who holds them", identity.PeopleRead), listOf(s, reg.Posts))
	add(s, route("GET", "/api/organisations/{id}", "getOrganisation", "One organisation, retired ones too", identity.PeopleRead),
		oneOf(reg.Organisation, func(o registry.Organisation) int64 { return o.DivisionID }))
	add(s, route("GET", "/api/people/{id}", "getPerson", "One person with the posts held, phone masked", identity.PeopleRead),
		oneOf(reg.Person, func(n registry.Person) int64 { return n.DivisionID }))
	add(s, route("GET", "/api/posts/{id}", "getPost", "One post and who holds it", identity.PeopleRead),
		oneOf(reg.Post, func(n registry.Post) int64 { return n.DivisionID }))
	add(s, route("POST", "/api/organisations", "createOrganisation", "Add an organisation", identity.RegistryWrite), made(s, reg.AddOrganisation))
	add(s, route("POST", "/api/people", "createPerson", "Add a person", identity.RegistryWrite), made(s, reg.AddPerson))
	add(s, route("POST", "/api/posts", "createPost", "Add a post", identity.RegistryWrite), made(s, reg.AddPost))
	add(s, route("PATCH", "/api/organisations/{id}", "updateOrganisation", "Change, retire or bring back an organisation", identity.RegistryWrite), changed(s, reg.ChangeOrganisation))
	add(s, route("PATCH", "/api/people/{id}", "updatePerson", "Change, retire or bring back a person", identity.RegistryWrite), changed(s, reg.ChangePerson))
	add(s, route("PATCH", "/api/posts/{id}", "updatePost", "Change, retire or bring back a post", identity.RegistryWrite), changed(s, reg.ChangePost))
	add(s, route("POST", "/api/people/{id}/phone", "revealPhone", "A person's whole telephone number; who asks is written down", identity.PeoplePhone), s.revealPhone)
	add(s, route("POST", "/api/posts/{id}/holders", "appoint", "Let a person hold a post from now on", identity.RegistryWrite), s.appoint)
	add(s, route("DELETE", "/api/posts/{id}/holders/{person}", "relieve", "End a person's holding of a post now", identity.RegistryWrite), s.relieve)
}

type registryListInput struct {
	Q            string `query:"q" maxLength:"100"`
	Organisation string `query:"organisation" maxLength:"60"`
	Division     string `query:"division" maxLength:"20" doc:"Code of a division; what lies below it counts too"`
	Kind         string `query:"kind" maxLength:"20" doc:"Kind of organisation"`
	Line         string `query:"line" maxLength:"40" doc:"Posts of this line of work and of all lines"`
	Retired      bool   `query:"retired" doc:"Retired ones too"`
	Cursor       string `query:"cursor" maxLength:"400"`
	Limit        int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// listOf is the handler of a registry list: scope, search and paging are the registry's.
func listOf[T any](s *Server, list func(context.Context, registry.Query) (registry.Page[T], error)) func(context.Context, *identity.Principal, *registryListInput) (*registry.Page[T], error) {
	return func(ctx context.Context, p *identity.Principal, in *registryListInput) (*registry.Page[T], error) {
		q := registry.Query{
			Scopes: p.Scopes(identity.PeopleRead), Text: in.Q, Organisation: in.Organisation, Kind: in.Kind, Line: in.Line,
			Retired: in.Retired, After: in.Cursor, Limit: in.Limit,
		}
		if in.Division != "" {
			d, err := s.divisionOf(ctx, in.Division)
			if err != nil {
				return nil, err
			}
			q.Division = d.ID
		}
		page, err := list(ctx, q)
		return &page, err
	}
}

// oneOf is the handler that reads one thing of the registry; what lies outside the person's scope looks like nothing.
func oneOf[T any](read func(context.Context, string) (T, error), division func(T) int64) func(context.Context, *identity.Principal, *idInput) (*T, error) {
	return func(ctx context.Context, p *identity.Principal, in *idInput) (*T, error) {
		one, err := read(ctx, in.ID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		if err != nil || !p.Can(identity.PeopleRead, "", division(one)) {
			return nil, fault.NotFoundf("registry.unknown", "没有这一条，或不在您的权限范围内", "there is no such entry, or it is outside your scope").Because(err)
		}
		return &one, nil
	}
}

// Made is the identity of what was made.
type Made struct {
	ID string `json:"id"`
}

// made is the handler that adds one thing to the registry.
func made[T any](s *Server, add func(context.Context, *store.Tx, registry.Editor, T) (string, error)) func(context.Context, *identity.Principal, *struct{ Body T }) (*Made, error) {
	return func(ctx context.Context, p *identity.Principal, in *struct{ Body T }) (*Made, error) {
		out := &Made{}
		err := s.Store.Write(ctx, func(tx *store.Tx) (err error) {
			out.ID, err = add(ctx, tx, p.Editor(), in.Body)
			return err
		})
		return out, err
	}
}

type changeInput[T any] struct {
	ID   string `path:"id" maxLength:"60"`
	Body T
}

// changed is the handler that changes one thing of the registry.
func changed[T any](s *Server, change func(context.Context, *store.Tx, registry.Editor, string, T) error) func(context.Context, *identity.Principal, *changeInput[T]) (*none, error) {
	return func(ctx context.Context, p *identity.Principal, in *changeInput[T]) (*none, error) {
		return nil, s.Store.Write(ctx, func(tx *store.Tx) error { return change(ctx, tx, p.Editor(), in.ID, in.Body) })
	}
}

// WholePhone is a telephone number that is not masked.
type WholePhone struct {
	Phone string `json:"phone"`
}

func (s *Server) revealPhone(ctx context.Context, p *identity.Principal, in *idInput) (*WholePhone, error) {
	out := &WholePhone{}
	err := s.Store.Write(ctx, func(tx *store.Tx) (err error) {
		out.Phone, err = s.Registry.RevealPhone(ctx, tx, p.Caller(), in.ID)
		return err
	})
	return out, err
}

func (s *Server) appoint(ctx context.Context, p *identity.Principal, in *struct {
	ID   string `path:"id" maxLength:"60"`
	Body struct {
		Person string     `json:"person" maxLength:"36"`
		Since  *time.Time `json:"since,omitempty" doc:"Now where it is left out"`
	}
},
) (*none, error) {
	since := s.Now()
	if in.Body.Since != nil {
		since = *in.Body.Since
	}
	return nil, s.Store.Write(ctx, func(tx *store.Tx) error {
		return s.Registry.Appoint(ctx, tx, p.Editor(), in.ID, in.Body.Person, since)
	})
}

func (s *Server) relieve(ctx context.Context, p *identity.Principal, in *struct {
	ID     string `path:"id" maxLength:"60"`
	Person string `path:"person" maxLength:"60"`
},
) (*none, error) {
	return nil, s.Store.Write(ctx, func(tx *store.Tx) error {
		return s.Registry.Relieve(ctx, tx, p.Editor(), in.ID, in.Person, s.Now())
	})
}
