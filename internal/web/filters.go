package web

import (
	"context"

	"anlan/internal/identity"
)

// addFilterRoutes adds what a person keeps of narrowed lists; the list's page writes and reads the query.
func (s *Server) addFilterRoutes() {
	own := func(method, path, id, summary string) Route {
		return Route{Method: method, Path: path, ID: id, Summary: summary, Tag: "session", Permission: identity.Own}
	}
	add(s, own("GET", "/api/me/filters", "listFilters", "Own saved filters of a list"), func(ctx context.Context, p *identity.Principal, in *struct {
		List string `query:"list" required:"true" maxLength:"40"`
	},
	) (*Items[identity.SavedFilter], error) {
		list, err := s.Identity.Filters(ctx, p, in.List)
		return &Items[identity.SavedFilter]{list}, err
	})
	add(s, own("POST", "/api/me/filters", "saveFilter", "Keep a filter of a list under a name"), func(ctx context.Context, p *identity.Principal, in *struct {
		Body struct {
			List    string `json:"list" maxLength:"40"`
			Name    string `json:"name" minLength:"1" maxLength:"40"`
			Query   string `json:"query" maxLength:"2000"`
			Default bool   `json:"default,omitempty"`
		}
	},
	) (*Made, error) {
		b := in.Body
		id, err := s.Identity.SaveFilter(ctx, p, b.List, identity.SavedFilter{Name: b.Name, Query: b.Query, Default: b.Default})
		return &Made{id}, err
	})
	add(s, own("PATCH", "/api/me/filters/{id}", "changeFilter", "Rename a saved filter, lay another query into it, or make it the default"), func(ctx context.Context, p *identity.Principal, in *struct {
		ID   string `path:"id" maxLength:"60"`
		Body identity.FilterChange
	},
	) (*none, error) {
		return nil, s.Identity.ChangeFilter(ctx, p, in.ID, in.Body)
	})
	add(s, own("DELETE", "/api/me/filters/{id}", "dropFilter", "Delete a saved filter"), func(ctx context.Context, p *identity.Principal, in *idInput) (*none, error) {
		return nil, s.Identity.DropFilter(ctx, p, in.ID)
	})
}
