package web

import (
	"context"

	"anlan/internal/definition"
	"anlan/internal/identity"
	"anlan/internal/oversight"
)

// RulebookFile is a file of oversight's definitions on its way in.
type RulebookFile struct {
	Name   string `json:"name,omitempty" maxLength:"200" doc:"What the file is called, for the places of its faults"`
	Source string `json:"source" minLength:"1" maxLength:"1048576" doc:"YAML of a checklist, a score tree, a ledger, a comparison or a ladder"`
}

func (f RulebookFile) name() string {
	if f.Name == "" {
		return "rulebook.yaml"
	}
	return f.Name
}

// RulebookPath names a definition.
type RulebookPath struct {
	Kind string `path:"kind" enum:"checklist,tree,ledger,comparison,ladder,lifecycle"`
	ID   string `path:"id" maxLength:"60"`
}

func (s *Server) addRulebookRoutes() {
	route := func(method, path, id, summary string, perm identity.Permission) Route {
		r := Route{Method: method, Path: path, ID: id, Summary: summary, Tag: "oversight", Permission: perm}
		if perm == identity.PackWrite {
			r.MaxBody = definition.MaxSize + 4096
		}
		return r
	}
	add(s, route("GET", "/api/rulebooks", "listRulebooks", "Every version of checklists, score trees, comparison and ladder", identity.PackRead), func(ctx context.Context, _ *identity.Principal, _ *struct{}) (*Items[oversight.RulebookVersion], error) {
		list, err := s.Oversight.Rulebooks(ctx)
		return &Items[oversight.RulebookVersion]{list}, err
	})
	add(s, route("GET", "/api/rulebooks/{kind}/{id}", "getRulebook", "One version with its YAML", identity.PackRead), func(ctx context.Context, _ *identity.Principal, in *struct {
		RulebookPath
		Version int `query:"version" minimum:"0" doc:"The one in force where absent"`
	},
	) (*oversight.RulebookSource, error) {
		return s.Oversight.Rulebook(ctx, in.Kind, in.ID, in.Version)
	})
	add(s, route("POST", "/api/rulebooks/check", "checkRulebook", "Hold a file against what is in force and say what would change", identity.PackWrite), func(ctx context.Context, _ *identity.Principal, in *struct{ Body RulebookFile }) (*oversight.RulebookCheck, error) {
		return s.Oversight.CheckRulebook(ctx, in.Body.name(), []byte(in.Body.Source))
	})
	add(s, route("PUT", "/api/rulebooks/{kind}/{id}", "putRulebook", "Put a file into force as a new version; versions never change", identity.PackWrite), func(ctx context.Context, p *identity.Principal, in *struct {
		RulebookPath
		Body struct {
			RulebookFile
			Base int `json:"base" minimum:"0" doc:"Version in force that was checked against; 0 for the first"`
		}
	},
	) (*oversight.RulebookSource, error) {
		return s.Oversight.PutRulebook(ctx, p.Actor(), in.Kind, in.ID, in.Body.Base, in.Body.name(), []byte(in.Body.Source))
	})
}
