package web

import (
	"context"
	"encoding/json"
	"errors"

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
	Sort    int64  `json:"sort"`
	Edit    int64  `json:"edit" doc:"How often it was written; sent back with a change"`
}

func divisionItem(tree *registry.Tree, d registry.Division) Division {
	item := Division{DivisionRef: programme.RefOf(tree, d), Retired: d.RetiredAt != nil, Sort: d.Sort, Edit: d.Edit}
	if parent, ok := tree.Parent(d.ID); ok {
		item.Parent = parent.Code
	}
	return item
}

func (s *Server) addRegistryRoutes() {
	add(s, Route{Method: "GET", Path: "/api/divisions", ID: "listDivisions", Summary: "The division tree, parents first", Tag: "registry", Permission: identity.DivisionRead}, s.listDivisions)
	add(s, Route{Method: "GET", Path: "/api/divisions/boundaries", ID: "listBoundaries", Summary: "Outlines of the divisions below one, as GeoJSON", Tag: "registry", Permission: identity.DivisionRead}, s.listBoundaries)
	add(s, Route{Method: "POST", Path: "/api/divisions", ID: "createDivision", Summary: "Add a division", Tag: "registry", Permission: identity.RegistryWrite}, s.createDivision)
	add(s, Route{Method: "PATCH", Path: "/api/divisions/{code}", ID: "updateDivision", Summary: "Change or retire a division", Tag: "registry", Permission: identity.RegistryWrite}, s.updateDivision)
	s.addPeopleRoutes()
}

func (s *Server) listDivisions(ctx context.Context, _ *identity.Principal, _ *struct{}) (*Items[Division], error) {
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := &Items[Division]{}
	for _, d := range tree.All() {
		out.Items = append(out.Items, divisionItem(tree, d))
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
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		return s.Registry.UpdateDivision(ctx, tx, p.Editor(), in.Code, in.Body)
	})
	var f *fault.Error
	if errors.As(err, &f) {
		if now, ok := f.Current.(registry.Division); ok {
			tree, treeErr := s.Registry.Tree(ctx)
			if treeErr != nil {
				return nil, treeErr
			}
			return nil, f.With(divisionItem(tree, now))
		}
	}
	return nil, err
}
