package web

import (
	"context"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/sl651"
	"anlan/internal/telemetry/book"
	"anlan/internal/telemetry/session"
)

func (s *Server) addQuarantineRoutes() {
	route := func(method, path, id, summary string, perm identity.Permission) Route {
		return Route{Method: method, Path: path, ID: id, Summary: summary, Tag: "gauges", Permission: perm}
	}
	add(s, route("GET", "/api/gauge-quarantine", "listQuarantine", "Frames that were set aside, the newest first", identity.ObjectRead), s.listQuarantine)
	add(s, route("POST", "/api/gauge-quarantine/{id}/replay", "replayFrame", "Take a frame that was set aside, now that what it lacked is there", identity.ObjectWrite), s.replayFrame)
	add(s, route("POST", "/api/gauges/{id}/policies/{address}/replay", "replayStation", "Take all frames of a field station that were set aside, the oldest first", identity.ObjectWrite), s.replayStation)
	add(s, route("POST", "/api/gauge-replays", "replayFrames", "Take several frames that were set aside, the oldest first, and say what became of each", identity.ObjectWrite), s.replayFrames)
}

// HeldFrame is a frame that was set aside, with the object of its station where that is registered.
type HeldFrame struct {
	book.Held
	Object int64 `json:"object,omitempty"`
}

// HeldFrames is a page of frames that were set aside.
type HeldFrames struct {
	Items []HeldFrame `json:"items"`
	Next  int64       `json:"next,omitempty" doc:"Before of the next page; 0 where this is the last"`
	Of    int         `json:"of" doc:"How many there are on all pages"`
	Open  int         `json:"open" doc:"How many of those were not replayed"`
}

func (s *Server) listQuarantine(ctx context.Context, p *identity.Principal, in *struct {
	Station string    `query:"station" maxLength:"10"`
	Q       string    `query:"q" maxLength:"100" doc:"Part of an address, of whom it came from, or of the name or code of the station"`
	Reason  string    `query:"reason" enum:"unknown_station,wrong_password,other_centre,undecodable,refused,unmapped,test"`
	Open    bool      `query:"open" doc:"Not replayed yet"`
	Since   time.Time `query:"since"`
	Until   time.Time `query:"until"`
	Before  int64     `query:"before" minimum:"0"`
	Limit   int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
},
) (*HeldFrames, error) {
	q := book.HeldQuery{
		Text: in.Q, Reason: session.Reason(in.Reason), Open: in.Open, Since: in.Since, Until: in.Until, Before: in.Before, Limit: in.Limit + 1,
	}
	if err := s.narrowHeld(ctx, p, &q); err != nil {
		return nil, err
	}
	if in.Station != "" {
		a, err := sl651.ParseAddress(in.Station)
		if err != nil {
			return nil, fault.Invalidf("telemetry.address", "测站地址 %q 须为十位十六进制数", "station %q is not ten hex digits", in.Station).At("station", fault.T("无效", "not valid"))
		}
		q.Station = a
	}
	list, err := s.Book.Quarantine(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &HeldFrames{Items: make([]HeldFrame, 0, len(list))}
	if len(list) > in.Limit {
		list = list[:in.Limit]
		out.Next = list[in.Limit-1].ID
	}
	for _, h := range list {
		one := HeldFrame{Held: h}
		if a, err := sl651.ParseAddress(h.Station); err == nil {
			one.Object, _ = s.Book.Object(a)
		}
		out.Items = append(out.Items, one)
	}
	out.Of, out.Open, err = s.Book.CountHeld(ctx, q)
	return out, err
}

// narrowHeld narrows frames that were set aside to those of stations that the person may see. A frame of an unknown station belongs to no
// division, and is shown to those who see all, or the whole city that this installation is of.
func (s *Server) narrowHeld(ctx context.Context, p *identity.Principal, q *book.HeldQuery) error {
	if p.Everywhere(identity.ObjectRead) {
		return nil
	}
	q.Scopes = gaugeScopes(p)
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return err
	}
	city, ok := tree.ByCode(s.Settings.City)
	q.Strays = ok && p.Can(identity.ObjectRead, "", city.ID)
	return nil
}

func (s *Server) replayFrame(ctx context.Context, p *identity.Principal, in *objectInput) (*none, error) {
	return nil, s.replay(ctx, p, in.ID)
}

func (s *Server) replay(ctx context.Context, p *identity.Principal, id int64) error {
	unknown := fault.NotFoundf("telemetry.held", "没有这条隔离报文，或不在您的权限范围内", "there is no such frame, or it is outside your scope")
	q := book.HeldQuery{Before: id + 1, Limit: 1}
	if err := s.narrowHeld(ctx, p, &q); err != nil {
		return err
	}
	list, err := s.Book.Quarantine(ctx, q)
	if err != nil {
		return err
	}
	if len(list) == 0 || list[0].ID != id {
		return unknown
	}
	// Who may not change the station its frame is of may not put readings to it.
	a, err := sl651.ParseAddress(list[0].Station)
	if err != nil {
		return unknown
	}
	object, ok := s.Book.Object(a)
	if !ok {
		return fault.Conflictf("telemetry.unknown_station", "测站 %s 尚未登记，请先登记再重放", "station %s is not registered; register it first", a)
	}
	o, err := s.getObject(ctx, p, &objectInput{object})
	if err != nil {
		return err
	}
	if !p.Can(identity.ObjectWrite, "", o.DivisionID) {
		return mayNotReplay()
	}
	return s.Book.Replay(ctx, p.Actor(), id, s.Gateway.Replay)
}

func (s *Server) replayStation(ctx context.Context, p *identity.Principal, in *struct {
	ID      int64  `path:"id" minimum:"1"`
	Address string `path:"address" maxLength:"10"`
},
) (*book.Replayed, error) {
	a, err := s.addressOf(ctx, p, in.ID, in.Address)
	if err != nil {
		return nil, err
	}
	o, err := s.getObject(ctx, p, &objectInput{in.ID})
	if err != nil {
		return nil, err
	}
	if !p.Can(identity.ObjectWrite, "", o.DivisionID) {
		return nil, mayNotReplay()
	}
	out, err := s.Book.ReplayStation(ctx, p.Actor(), a, s.Gateway.Replay)
	return &out, err
}

func mayNotReplay() error {
	return fault.Forbiddenf("telemetry.forbidden", "您无权重放该区划测站的报文", "you may not replay frames of stations of this division")
}

// ReplayOutcome is what became of one frame of several.
type ReplayOutcome struct {
	ID    int64       `json:"id"`
	Error *fault.Text `json:"error,omitempty" doc:"Why it was not taken; none where it was"`
}

func (s *Server) replayFrames(ctx context.Context, p *identity.Principal, in *struct {
	Body struct {
		IDs []int64 `json:"ids" minItems:"1" maxItems:"200"`
	}
},
) (*Items[ReplayOutcome], error) {
	ids := slices.Compact(slices.Sorted(slices.Values(in.Body.IDs)))
	out := &Items[ReplayOutcome]{Items: make([]ReplayOutcome, 0, len(ids))}
	for _, id := range ids {
		one := ReplayOutcome{ID: id}
		if err := s.replay(ctx, p, id); err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			problem := problemOf(s.Store.Explain(err))
			one.Error = &problem.Message
			if problem.status >= 500 {
				s.Log.Error("a frame was not replayed", "id", id, "err", err)
			}
		}
		out.Items = append(out.Items, one)
	}
	return out, nil
}
