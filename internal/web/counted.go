package web

import (
	"context"

	"anlan/internal/identity"
	"anlan/internal/programme"
)

func (s *Server) addCountedRoutes() {
	add(s, Route{
		Method: "GET", Path: "/api/counted", ID: "getCounted", Summary: "Figures that ledgers and registers count by themselves, held against what was filed", Tag: "views", Permission: identity.FigureRead,
	}, func(ctx context.Context, p *identity.Principal, in *struct {
		Scope     string `query:"scope" required:"true" maxLength:"20" doc:"Code of a division"`
		Period    string `query:"period" maxLength:"7" doc:"2026-05; the month before now where left out"`
		Form      string `query:"form" maxLength:"80" doc:"Only the lines of this form"`
		Indicator string `query:"indicator" maxLength:"80" doc:"Only this one"`
	},
	) (*programme.CountedView, error) {
		q := programme.CountedQuery{Scope: in.Scope, Form: in.Form, Indicator: in.Indicator}
		if in.Period != "" {
			month, err := monthOf(in.Period)
			if err != nil {
				return nil, err
			}
			q.Period = month
		}
		return s.Programme.Counted(ctx, p, q)
	})
}
