package web

import (
	"context"
	"net/http"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/programme"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
)

// Catalogue is every definition in force, for screens to name and show figures by.
type Catalogue struct {
	Programmes []*pack.Pack    `json:"programmes"`
	Units      []quantity.Unit `json:"units"`
}

func (s *Server) addPackRoutes() {
	add(s, Route{Method: "GET", Path: "/api/catalogue", ID: "getCatalogue", Summary: "Programmes, indicators, forms, targets, deadlines and units in force", Tag: "packs", Permission: identity.PackRead}, func(ctx context.Context, _ *identity.Principal, _ *struct{}) (*Catalogue, error) {
		cat, err := s.Programme.Catalogue(ctx)
		if err != nil {
			return nil, err
		}
		return &Catalogue{cat.Packs(), quantity.Units()}, nil
	})
	add(s, Route{Method: "GET", Path: "/api/packs", ID: "listPacks", Summary: "Every version of every pack", Tag: "packs", Permission: identity.PackRead}, func(ctx context.Context, _ *identity.Principal, _ *struct{}) (*Items[programme.PackVersion], error) {
		list, err := s.Programme.PackVersions(ctx)
		return &Items[programme.PackVersion]{list}, err
	})
	add(s, Route{Method: "GET", Path: "/api/packs/{id}", ID: "getPack", Summary: "One version of a pack with its source", Tag: "packs", Permission: identity.PackRead}, func(ctx context.Context, _ *identity.Principal, in *struct {
		ID      string `path:"id" maxLength:"60"`
		Version int    `query:"version" minimum:"0"`
	},
	) (*programme.PackSource, error) {
		return s.Programme.PackSource(ctx, in.ID, in.Version)
	})
	add(s, Route{Method: "POST", Path: "/api/packs/check", ID: "checkPack", Summary: "Hold a pack against all others and say what would change", Tag: "packs", Permission: identity.PackWrite, MaxBody: pack.MaxSize + 4096}, func(ctx context.Context, _ *identity.Principal, in *PackInput) (*programme.PackCheck, error) {
		return s.Programme.CheckPack(ctx, in.Body.draft())
	})
	add(s, Route{Method: "PUT", Path: "/api/packs/{id}", ID: "putPack", Summary: "Put a new version of a pack into force", Tag: "packs", Permission: identity.PackWrite, MaxBody: pack.MaxSize + 4096}, func(ctx context.Context, p *identity.Principal, in *struct {
		ID string `path:"id" maxLength:"60"`
		PackInput
	},
	) (*programme.PackSource, error) {
		return s.Programme.SavePack(ctx, p.Actor(), in.ID, in.Body.Base, in.Body.draft())
	})
	add(s, Route{Method: "GET", Path: "/api/packs/{id}/changes", ID: "comparePacks", Summary: "What one version of a pack changed against another", Tag: "packs", Permission: identity.PackRead}, func(ctx context.Context, _ *identity.Principal, in *struct {
		ID   string `path:"id" maxLength:"60"`
		From int    `query:"from" required:"true" minimum:"1"`
		To   int    `query:"to" minimum:"0" doc:"The one in force where absent"`
	},
	) (*Items[pack.Change], error) {
		list, err := s.Programme.ComparePacks(ctx, in.ID, in.From, in.To)
		return &Items[pack.Change]{list}, err
	})
}

// PackInput is a pack as text, or as a form left it.
type PackInput struct {
	Body PackBody
}

// PackBody is a draft of a pack.
type PackBody struct {
	Source string     `json:"source,omitempty" maxLength:"1048576" doc:"YAML of the pack; counts where it is given"`
	Pack   *pack.Pack `json:"pack,omitempty" doc:"The pack as an object, where there is no text"`
	Base   int        `json:"base,omitempty" minimum:"0" doc:"Version in force that the draft rests on; absent for a new pack. The draft becomes the version after it"`
}

func (b PackBody) draft() programme.PackDraft {
	return programme.PackDraft{Source: b.Source, Pack: b.Pack}
}

// ViewInput is whose figures a view shows, for when and as known when. It is exported because huma reads no embedded struct that is not.
type ViewInput struct {
	Scope  string    `query:"scope" required:"true" maxLength:"20" doc:"Division code"`
	Period string    `query:"period" maxLength:"7" doc:"Month such as 2026-05; the month before now where absent"`
	AsOf   time.Time `query:"as_of" doc:"Show what was known at this instant"`
	Line   string    `query:"line" maxLength:"40" doc:"Only this line of work"`
}

func (in ViewInput) view() (programme.View, error) {
	v := programme.View{Scope: in.Scope, AsOf: in.AsOf, Line: in.Line}
	if in.Period == "" {
		return v, nil
	}
	var err error
	v.Period, err = monthOf(in.Period)
	return v, err
}

// monthOf reads a month of a path or a query; huma reads a parameter by the kind of its type, and a month is a number.
func monthOf(text string) (hydrotime.Month, error) {
	m, err := hydrotime.ParseMonth(text)
	if err != nil {
		return 0, fault.Invalidf("view.period", "月份 %q 应如 2026-05", "month %q is not of the form 2026-05", text)
	}
	return m, nil
}

func (s *Server) addViewRoutes() {
	view := func(path, id, summary string) Route {
		return Route{Method: "GET", Path: path, ID: id, Summary: summary, Tag: "views", Permission: identity.FigureRead}
	}
	add(s, view("/api/cockpit", "getCockpit", "Programmes by divisions, what is due, silent and lagging"), func(ctx context.Context, p *identity.Principal, in *ViewInput) (*programme.Cockpit, error) {
		v, err := in.view()
		if err != nil {
			return nil, err
		}
		return s.Programme.Cockpit(ctx, p, v)
	})
	add(s, view("/api/deadlines", "getDeadlines", "The deadline calendar"), func(ctx context.Context, p *identity.Principal, in *ViewInput) (*programme.Deadlines, error) {
		v, err := in.view()
		if err != nil {
			return nil, err
		}
		return s.Programme.Deadlines(ctx, p, v)
	})
	add(s, view("/api/ranking", "getRanking", "A peer set ranked on one measure"), func(ctx context.Context, p *identity.Principal, in *struct {
		ViewInput
		Indicator string `query:"indicator" maxLength:"80"`
		Target    string `query:"target" maxLength:"80"`
		By        string `query:"by" enum:"completion,value,growth,gap"`
		Peers     string `query:"peers" maxLength:"80"`
	},
	) (*programme.Ranking, error) {
		v, err := in.view()
		if err != nil {
			return nil, err
		}
		return s.Programme.Ranking(ctx, p, programme.RankingQuery{View: v, Indicator: in.Indicator, Target: in.Target, By: in.By, Peers: in.Peers})
	})
	add(s, view("/api/indicators/{code}", "getIndicator", "One indicator: series, plan, last year, divisions below"), func(ctx context.Context, p *identity.Principal, in *struct {
		Code string `path:"code" maxLength:"80"`
		ViewInput
		Target string `query:"target" maxLength:"80"`
	},
	) (*programme.IndicatorPage, error) {
		v, err := in.view()
		if err != nil {
			return nil, err
		}
		return s.Programme.Indicator(ctx, p, programme.IndicatorQuery{View: v, Indicator: in.Code, Target: in.Target})
	})
	add(s, view("/api/indicators/{code}/history", "getFigureHistory", "Every revision of one figure"), func(ctx context.Context, p *identity.Principal, in *struct {
		Code     string `path:"code" maxLength:"80"`
		Division string `query:"division" required:"true" maxLength:"20"`
		Period   string `query:"period" required:"true" maxLength:"7"`
	},
	) (*Items[programme.FigureVersion], error) {
		month, err := monthOf(in.Period)
		if err != nil {
			return nil, err
		}
		list, err := s.Programme.History(ctx, p, in.Code, in.Division, month)
		return &Items[programme.FigureVersion]{list}, err
	})
}

func (s *Server) addReturnRoutes() {
	route := func(method, path, id, summary string, perm identity.Permission) Route {
		return Route{Method: method, Path: path, ID: id, Summary: summary, Tag: "returns", Permission: perm}
	}
	add(s, route("GET", "/api/returns", "listReturns", "Returns in scope, those never filed included", identity.ReturnRead), s.listReturns)
	add(s, route("POST", "/api/returns", "openReturn", "Open a return, or get the one that is open", identity.ReturnRead), func(ctx context.Context, p *identity.Principal, in *struct{ Body programme.ReturnKey }) (*programme.ReturnDetail, error) {
		return s.Programme.Open(ctx, p, in.Body)
	})
	add(s, route("GET", "/api/returns/{id}", "getReturn", "One version of a return", identity.ReturnRead), func(ctx context.Context, p *identity.Principal, in *NumberInput) (*programme.ReturnDetail, error) {
		return s.Programme.Return(ctx, p, in.ID)
	})
	add(s, route("PATCH", "/api/returns/{id}/lines", "saveLines", "Save lines as they are typed; a stale edit is refused with the return as it stands", identity.ReturnWrite), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberInput
		Body struct {
			Edit  int64                  `json:"edit"`
			Lines []programme.LineChange `json:"lines" maxItems:"500"`
		}
	},
	) (*programme.ReturnDetail, error) {
		return s.Programme.SaveLines(ctx, p, in.ID, in.Body.Edit, in.Body.Lines, "typed")
	})
	add(s, route("POST", "/api/returns/{id}/moves", "moveReturn", "Submit, review, accept, send back, lock or correct", identity.ReturnRead), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberInput
		Body struct {
			Move   programme.Move `json:"move" enum:"submit,withdraw,review,accept,send_back,lock,correct"`
			Edit   int64          `json:"edit"`
			Reason string         `json:"reason,omitempty" maxLength:"500"`
		}
	},
	) (*programme.ReturnDetail, error) {
		return s.Programme.MoveReturn(ctx, p, in.ID, in.Body.Edit, in.Body.Move, in.Body.Reason)
	})
	add(s, route("POST", "/api/periods/{period}/lock", "lockPeriod", "Lock every accepted return of a month", identity.ReturnLock), func(ctx context.Context, p *identity.Principal, in *struct {
		Period string `path:"period" maxLength:"7"`
		Body   struct {
			Scope string `json:"scope" maxLength:"20"`
		}
	},
	) (*LockedPeriod, error) {
		month, err := monthOf(in.Period)
		if err != nil {
			return nil, err
		}
		n, left, err := s.Programme.LockPeriod(ctx, p, in.Body.Scope, month)
		return &LockedPeriod{n, left}, err
	})
	add(s, route("POST", "/api/reminders", "remind", "Call for returns that are not filed", identity.ReminderWrite), func(ctx context.Context, p *identity.Principal, in *struct {
		Body struct {
			Items   []programme.ReturnKey `json:"items" minItems:"1" maxItems:"500"`
			Channel string                `json:"channel" enum:"in_app,phone,message,letter"`
			Text    string                `json:"text" maxLength:"500"`
		}
	},
	) (*Sent, error) {
		n, err := s.Programme.Remind(ctx, p, in.Body.Items, in.Body.Channel, in.Body.Text)
		return &Sent{n}, err
	})
}

// LockedPeriod is what locking a month did.
type LockedPeriod struct {
	Locked int                       `json:"locked"`
	Left   []programme.ReturnSummary `json:"left" doc:"Returns that are not accepted and stay open"`
}

// Sent is how many were sent.
type Sent struct {
	Sent int `json:"sent"`
}

// NumberInput is the number of a return in the path.
type NumberInput struct {
	ID int64 `path:"id" minimum:"1"`
}

func (s *Server) listReturns(ctx context.Context, p *identity.Principal, in *struct {
	Scope  string   `query:"scope" required:"true" maxLength:"20"`
	Period string   `query:"period" maxLength:"7"`
	From   string   `query:"from" maxLength:"7"`
	To     string   `query:"to" maxLength:"7"`
	Form   string   `query:"form" maxLength:"80"`
	Line   string   `query:"line" maxLength:"40"`
	State  []string `query:"state" maxItems:"8"`
	Q      string   `query:"q" maxLength:"100"`
	Cursor string   `query:"cursor" maxLength:"200"`
	Limit  int      `query:"limit" minimum:"1" maximum:"500" default:"50"`
},
) (*programme.Returns, error) {
	q := programme.ReturnsQuery{Scope: in.Scope, Form: in.Form, Line: in.Line, Text: in.Q, Cursor: in.Cursor, Limit: in.Limit}
	last := hydrotime.MonthOf(s.Now()).Add(-1)
	q.From, q.To = last, last
	for _, f := range []struct {
		text string
		to   []*hydrotime.Month
	}{{in.Period, []*hydrotime.Month{&q.From, &q.To}}, {in.From, []*hydrotime.Month{&q.From}}, {in.To, []*hydrotime.Month{&q.To}}} {
		if f.text == "" {
			continue
		}
		m, err := monthOf(f.text)
		if err != nil {
			return nil, err
		}
		for _, t := range f.to {
			*t = m
		}
	}
	for _, st := range in.State {
		q.States = append(q.States, programme.State(st))
	}
	return s.Programme.List(ctx, p, q)
}

func (s *Server) addTargetRoutes() {
	add(s, Route{Method: "GET", Path: "/api/targets", ID: "getTargets", Summary: "One target's year over a scope", Tag: "targets", Permission: identity.TargetRead}, func(ctx context.Context, p *identity.Principal, in *struct {
		Target string `query:"target" required:"true" maxLength:"80"`
		Year   int    `query:"year" required:"true" minimum:"2000" maximum:"2100"`
		Scope  string `query:"scope" required:"true" maxLength:"20"`
	},
	) (*programme.TargetTable, error) {
		return s.Programme.Targets(ctx, p, programme.TargetQuery{Target: in.Target, Year: in.Year, Scope: in.Scope})
	})
	add(s, Route{Method: http.MethodPut, Path: "/api/targets", ID: "setTargets", Summary: "Set amounts; a stale revision is refused with the table as it stands", Tag: "targets", Permission: identity.TargetWrite}, func(ctx context.Context, p *identity.Principal, in *struct {
		Body struct {
			Target string                   `json:"target" maxLength:"80"`
			Year   int                      `json:"year" minimum:"2000" maximum:"2100"`
			Scope  string                   `json:"scope" maxLength:"20"`
			Rows   []programme.TargetChange `json:"rows" maxItems:"2000"`
		}
	},
	) (*programme.TargetTable, error) {
		return s.Programme.SetTargets(ctx, p, programme.TargetQuery{Target: in.Body.Target, Year: in.Body.Year, Scope: in.Body.Scope}, in.Body.Rows)
	})
}
