package web

import (
	"context"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/quantity"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/series/threshold"
	"anlan/internal/sl651"
	"anlan/internal/store"
	"anlan/internal/telemetry/book"
)

func (s *Server) judgeReading(ctx context.Context, p *identity.Principal, in *struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Quantity string        `json:"quantity" maxLength:"40"`
		At       time.Time     `json:"at"`
		Act      series.Act    `json:"act" enum:"accept,reject,correct"`
		Value    quantity.Null `json:"value,omitempty" doc:"Of a correction"`
		Reason   string        `json:"reason" minLength:"1" maxLength:"400"`
	}
},
) (*GaugeReading, error) {
	o, err := s.getObject(ctx, p, &objectInput{in.ID})
	if err != nil {
		return nil, err
	}
	if !p.Can(identity.ObjectWrite, "", o.DivisionID) {
		return nil, fault.Forbiddenf("reading.forbidden", "您无权审核该区划的观测值", "you may not judge readings of this division")
	}
	b := in.Body
	id, err := quantityOf(b.Quantity)
	if err != nil {
		return nil, err
	}
	var after reading.Point
	err = s.Store.Write(ctx, func(tx *store.Tx) (err error) {
		after, err = s.Series.Revise(ctx, tx, p.Actor(), reading.Key{Object: in.ID, Quantity: id, At: b.At}, series.Verdict{Act: b.Act, Value: b.Value, Reason: b.Reason})
		return err
	})
	out := gaugeReading(id, after)
	return &out, err
}

// GaugeRevision is what a reading was once (观测值修订).
type GaugeRevision struct {
	Value  quantity.Null `json:"value"`
	Flags  []string      `json:"flags"`
	MadeAt time.Time     `json:"made_at"`
	By     string        `json:"by"`
	Reason string        `json:"reason"`
	Taken  bool          `json:"taken" doc:"Whether it came in force when it was made"`
}

func (s *Server) readingRevisions(ctx context.Context, p *identity.Principal, in *struct {
	ID       int64     `path:"id" minimum:"1"`
	Quantity string    `query:"quantity" maxLength:"40" required:"true"`
	At       time.Time `query:"at" required:"true"`
},
) (*Items[GaugeRevision], error) {
	if err := s.seen(ctx, p, in.ID); err != nil {
		return nil, err
	}
	id, err := quantityOf(in.Quantity)
	if err != nil {
		return nil, err
	}
	list, err := s.Series.History(ctx, reading.Key{Object: in.ID, Quantity: id, At: in.At})
	out := &Items[GaugeRevision]{Items: make([]GaugeRevision, 0, len(list))}
	for _, r := range list {
		out.Items = append(out.Items, GaugeRevision{r.Value, r.Flags.Codes(), r.MadeAt, r.By.Name, r.Reason, r.Taken})
	}
	return out, err
}

func (s *Server) setThreshold(ctx context.Context, p *identity.Principal, in *struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Quantity  string              `json:"quantity" maxLength:"40"`
		Threshold threshold.Threshold `json:"threshold"`
	}
},
) (*NumberMade, error) {
	if err := s.seen(ctx, p, in.ID); err != nil {
		return nil, err
	}
	id, err := quantityOf(in.Body.Quantity)
	if err != nil {
		return nil, err
	}
	out := &NumberMade{}
	err = s.Store.Write(ctx, func(tx *store.Tx) (err error) {
		out.ID, err = s.Series.SetThreshold(ctx, tx, p.ObjectEditor(), in.ID, id, in.Body.Threshold)
		return err
	})
	return out, err
}

func (s *Server) retireThreshold(ctx context.Context, p *identity.Principal, in *objectInput) (*none, error) {
	list, err := s.Series.Thresholds(ctx, 0)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].ID == in.ID && s.seen(ctx, p, list[i].Object) == nil {
			return nil, s.Store.Write(ctx, func(tx *store.Tx) error { return s.Series.RetireThreshold(ctx, tx, p.ObjectEditor(), in.ID) })
		}
	}
	return nil, fault.NotFoundf("threshold.unknown", "没有这个阈值，或不在您的权限范围内", "there is no such threshold, or it is outside your scope")
}

// GaugeEvent is an event of a threshold as lists show it.
type GaugeEvent struct {
	ID       int64         `json:"id"`
	Object   int64         `json:"object"`
	Name     fault.Text    `json:"name"`
	Code     string        `json:"code"`
	Division string        `json:"division"`
	Kind     string        `json:"kind" doc:"warning, guarantee, flood_limit, no_data, or rain_ with the minutes of its window"`
	Quantity string        `json:"quantity"`
	Live     bool          `json:"live"`
	Closed   string        `json:"closed,omitempty" doc:"Why it ended otherwise than by clearing: retired, revised, or silent where its station told nothing of the whole window"`
	Limit    quantity.Null `json:"limit" doc:"At its onset"`
	Onset    GaugeSample   `json:"onset"`
	Peak     GaugeSample   `json:"peak"`
	Last     GaugeSample   `json:"last"`
	ClearAt  *time.Time    `json:"clear_at,omitempty" doc:"When it cleared; while it stands, since when the figure is below the clearing level"`
}

// GaugeSample is a figure at an instant.
type GaugeSample struct {
	At    time.Time     `json:"at"`
	Value quantity.Null `json:"value"`
}

// GaugeEvents is a page of events.
type GaugeEvents struct {
	Items    []GaugeEvent `json:"items"`
	Next     string       `json:"next,omitempty" doc:"Cursor of the next page"`
	Standing int          `json:"standing" doc:"How many of those that were asked for stand, on all pages"`
}

func (s *Server) listExceedances(ctx context.Context, p *identity.Principal, in *struct {
	Object   int64     `query:"object" minimum:"0"`
	Division string    `query:"division" maxLength:"20" doc:"Code of a division; what lies below it counts too"`
	Q        string    `query:"q" maxLength:"100" doc:"Part of a station's name or code"`
	Kind     string    `query:"kind" enum:"warning,guarantee,flood_limit,rain,no_data"`
	Live     bool      `query:"live" doc:"Only those that stand"`
	Ended    bool      `query:"ended" doc:"Only those that are over"`
	Since    time.Time `query:"since" doc:"Those that stood at or after it"`
	Until    time.Time `query:"until" doc:"Those that began at or before it"`
	Cursor   string    `query:"cursor" maxLength:"100"`
	Limit    int       `query:"limit" minimum:"1" maximum:"1000" default:"200"`
},
) (*GaugeEvents, error) {
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	q := series.ExceedanceQuery{
		Scopes: gaugeScopes(p), Object: in.Object, Text: in.Q, Kind: in.Kind, Live: in.Live, Ended: in.Ended, Since: in.Since, Until: in.Until, After: in.Cursor, Limit: in.Limit,
	}
	if in.Division != "" {
		d, err := s.divisionOf(ctx, in.Division)
		if err != nil {
			return nil, err
		}
		q.Division = d.ID
	}
	list, next, err := s.Series.ExceedancePage(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &GaugeEvents{Items: make([]GaugeEvent, 0, len(list)), Next: next}
	for i := range list {
		e := &list[i]
		d, _ := tree.ByID(e.Division)
		one := GaugeEvent{
			ID: e.ID, Object: e.Object, Name: e.Name, Code: e.Code, Division: d.Code, Kind: e.Kind, Quantity: e.Quantity, Live: e.Live, Closed: e.Closed, Limit: e.Limit,
			Onset: GaugeSample(e.Onset), Peak: GaugeSample(e.Peak), Last: GaugeSample(e.Last),
		}
		if !e.Below.At.IsZero() {
			one.ClearAt = &e.Below.At
		}
		out.Items = append(out.Items, one)
	}
	if !in.Ended {
		out.Standing, err = s.Series.CountStanding(ctx, q)
	}
	return out, err
}

func (s *Server) setGaugePolicy(ctx context.Context, p *identity.Principal, in *struct {
	ID   int64 `path:"id" minimum:"1"`
	Body book.Policy
},
) (*Items[book.Policy], error) {
	if err := s.seen(ctx, p, in.ID); err != nil {
		return nil, err
	}
	policy := in.Body
	policy.Object = in.ID
	if err := s.Store.Write(ctx, func(tx *store.Tx) error { return s.Book.SetStation(ctx, tx, p.ObjectEditor(), policy) }); err != nil {
		return nil, err
	}
	list, err := s.Book.Policies(ctx, in.ID)
	return &Items[book.Policy]{Items: list}, err
}

func (s *Server) removeGaugePolicy(ctx context.Context, p *identity.Principal, in *struct {
	ID      int64  `path:"id" minimum:"1"`
	Address string `path:"address" maxLength:"10"`
	Edit    int64  `query:"edit" minimum:"0"`
},
) (*none, error) {
	a, err := s.addressOf(ctx, p, in.ID, in.Address)
	if err != nil {
		return nil, err
	}
	return nil, s.Store.Write(ctx, func(tx *store.Tx) error { return s.Book.RemoveStation(ctx, tx, p.ObjectEditor(), a, in.Edit) })
}

// addressOf is the address of a field station of an object that the person may see: the one that is named, or its only one.
func (s *Server) addressOf(ctx context.Context, p *identity.Principal, object int64, named string) (sl651.Address, error) {
	if err := s.seen(ctx, p, object); err != nil {
		return sl651.Address{}, err
	}
	list, err := s.Book.Policies(ctx, object)
	if err != nil {
		return sl651.Address{}, err
	}
	for i := range list {
		if list[i].Station == named || named == "" && len(list) == 1 {
			return sl651.ParseAddress(list[i].Station)
		}
	}
	return sl651.Address{}, fault.NotFoundf("telemetry.unknown", "该测站没有这个通信地址", "the station has no such address")
}

func (s *Server) listGaugeRequests(ctx context.Context, p *identity.Principal, in *struct {
	ID     int64  `path:"id" minimum:"1"`
	Before int64  `query:"before" minimum:"0" doc:"Those before this number"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	At     string `query:"address" maxLength:"10" doc:"Of the field station, where the object has several"`
},
) (*Items[book.Downlink], error) {
	a, err := s.addressOf(ctx, p, in.ID, in.At)
	if err != nil {
		return nil, err
	}
	list, err := s.Book.Downlinks(ctx, a, in.Before, in.Limit)
	return &Items[book.Downlink]{Items: list}, err
}
