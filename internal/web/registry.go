package web

import (
	"context"
	"encoding/json"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/programme"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// divisionOf finds a division by code, whoever asks.
func (s *Server) divisionOf(ctx context.Context, code string) (registry.Division, error) {
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return registry.Division{}, err
	}
	d, ok := tree.ByCode(code)
	if !ok {
		return d, fault.NotFoundf("division.unknown", "没有代码为 %s 的区划", "there is no division %s", code)
	}
	return d, nil
}

// Division is a division of the tree as a list item.
type Division struct {
	programme.DivisionRef
	Parent  string `json:"parent,omitempty"`
	Retired bool   `json:"retired"`
}

func (s *Server) addRegistryRoutes() {
	add(s, Route{Method: "GET", Path: "/api/divisions", ID: "listDivisions", Summary: "The division tree, parents first", Tag: "registry", Permission: identity.DivisionRead}, s.listDivisions)
	add(s, Route{Method: "GET", Path: "/api/divisions/boundaries", ID: "listBoundaries", Summary: "Outlines of the divisions below one, as GeoJSON", Tag: "registry", Permission: identity.DivisionRead}, s.listBoundaries)
	add(s, Route{Method: "POST", Path: "/api/divisions", ID: "createDivision", Summary: "Add a division", Tag: "registry", Permission: identity.RegistryWrite}, s.createDivision)
	add(s, Route{Method: "PATCH", Path: "/api/divisions/{code}", ID: "updateDivision", Summary: "Change or retire a division", Tag: "registry", Permission: identity.RegistryWrite}, s.updateDivision)
	add(s, Route{Method: "GET", Path: "/api/organisations", ID: "listOrganisations", Summary: "Organisations in scope", Tag: "registry", Permission: identity.PeopleRead}, listOf(s, s.Registry.Organisations))
	add(s, Route{Method: "GET", Path: "/api/people", ID: "listPeople", Summary: "People in scope, phones masked", Tag: "registry", Permission: identity.PeopleRead}, listOf(s, s.Registry.People))
	add(s, Route{Method: "GET", Path: "/api/posts", ID: "listPosts", Summary: "Posts in scope and who holds them", Tag: "registry", Permission: identity.PeopleRead}, listOf(s, s.Registry.Posts))
	add(s, Route{Method: "POST", Path: "/api/organisations", ID: "createOrganisation", Summary: "Add an organisation", Tag: "registry", Permission: identity.RegistryWrite}, made(s, s.Registry.AddOrganisation))
	add(s, Route{Method: "POST", Path: "/api/people", ID: "createPerson", Summary: "Add a person", Tag: "registry", Permission: identity.RegistryWrite}, made(s, s.Registry.AddPerson))
	add(s, Route{Method: "POST", Path: "/api/posts", ID: "createPost", Summary: "Add a post", Tag: "registry", Permission: identity.RegistryWrite}, made(s, s.Registry.AddPost))
}

type registryListInput struct {
	Q            string `query:"q" maxLength:"100"`
	Organisation string `query:"organisation" maxLength:"60"`
	Cursor       string `query:"cursor" maxLength:"400"`
	Limit        int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// listOf is the handler of a registry list: scope, search and paging are the registry's.
func listOf[T any](_ *Server, list func(context.Context, registry.Query) (registry.Page[T], error)) func(context.Context, *identity.Principal, *registryListInput) (*registry.Page[T], error) {
	return func(ctx context.Context, p *identity.Principal, in *registryListInput) (*registry.Page[T], error) {
		page, err := list(ctx, registry.Query{Scopes: p.Scopes(identity.PeopleRead), Text: in.Q, Organisation: in.Organisation, After: in.Cursor, Limit: in.Limit})
		return &page, err
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

func (s *Server) listDivisions(ctx context.Context, _ *identity.Principal, _ *struct{}) (*Items[Division], error) {
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := &Items[Division]{}
	for _, d := range tree.All() {
		item := Division{DivisionRef: programme.RefOf(tree, d), Retired: d.RetiredAt != nil}
		if parent, ok := tree.Parent(d.ID); ok {
			item.Parent = parent.Code
		}
		out.Items = append(out.Items, item)
	}
	return out, nil
}

// Boundaries is a GeoJSON collection with the note that belongs beside the map.
type Boundaries struct {
	Type     string            `json:"type"`
	Features []BoundaryFeature `json:"features"`
	Note     string            `json:"note"`
}

// BoundaryFeature is one outline.
type BoundaryFeature struct {
	Type       string                `json:"type"`
	Properties programme.DivisionRef `json:"properties"`
	Geometry   json.RawMessage       `json:"geometry"`
}

func (s *Server) listBoundaries(ctx context.Context, p *identity.Principal, in *struct {
	Scope string `query:"scope" maxLength:"20"`
},
) (*Boundaries, error) {
	d, err := s.divisionOf(ctx, in.Scope)
	if err != nil || !p.Can(identity.DivisionRead, "", d.ID) {
		return nil, fault.NotFoundf("division.unknown", "没有代码为 %s 的区划，或不在您的权限范围内", "there is no division %s, or it is outside your scope", in.Scope).Because(err)
	}
	list, err := s.Registry.Boundaries(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := &Boundaries{Type: "FeatureCollection", Features: []BoundaryFeature{}}
	for _, b := range list {
		out.Features = append(out.Features, BoundaryFeature{"Feature", programme.RefOf(tree, b.Division), json.RawMessage(b.Geometry)})
		if out.Note == "" {
			out.Note = b.Note
		}
	}
	return out, nil
}

func (s *Server) createDivision(ctx context.Context, p *identity.Principal, in *struct{ Body registry.NewDivision }) (*none, error) {
	return nil, s.Store.Write(ctx, func(tx *store.Tx) error { return s.Registry.CreateDivision(ctx, tx, p.Editor(), in.Body) })
}

func (s *Server) updateDivision(ctx context.Context, p *identity.Principal, in *struct {
	Code string `path:"code" maxLength:"20"`
	Body registry.DivisionChange
},
) (*none, error) {
	return nil, s.Store.Write(ctx, func(tx *store.Tx) error {
		return s.Registry.UpdateDivision(ctx, tx, p.Editor(), in.Code, in.Body)
	})
}
