package web

import (
	"context"
	"encoding/json"
	"math/bits"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/geodesy"
	"anlan/internal/identity"
	"anlan/internal/quantity"
	"anlan/internal/series"
	"anlan/internal/series/quality"
	"anlan/internal/series/reading"
	"anlan/internal/sl651"
	"anlan/internal/store"
	"anlan/internal/telemetry/book"
)

// addGaugeBoardRoutes adds what the duty officer's screens read, and how readings are checked.
func (s *Server) addGaugeBoardRoutes() {
	route := func(method, path, id, summary string, perm identity.Permission) Route {
		return Route{Method: method, Path: path, ID: id, Summary: summary, Tag: "gauges", Permission: perm}
	}
	add(s, route("GET", "/api/gauges/health", "gaugeHealth", "How field stations in scope are: last message, clock, voltage, arrival rate", identity.ObjectRead), s.gaugeHealth)
	add(s, route("POST", "/api/gauges/area-rain", "areaRain", "Areal rain of any area in a window, by the stations in scope", identity.ObjectRead), s.areaRain)
	add(s, route("GET", "/api/gauges/rules", "gaugeRules", "By what readings are checked on arrival", identity.ObjectRead), s.gaugeRules)
	add(s, route("PUT", "/api/gauges/rules", "setGaugeRules", "Say by what readings of all stations are checked", identity.ObjectWrite), s.setGaugeRules)
	add(s, route("GET", "/api/gauges/{id}/limits", "gaugeLimits", "The limits by which readings of a station are checked", identity.ObjectRead), s.gaugeLimits)
	add(s, route("PUT", "/api/gauges/{id}/limits", "setGaugeLimits", "Set the limits of one quantity at a station", identity.ObjectWrite), s.setGaugeLimits)
	add(s, route("GET", "/api/gauges/{id}/papers", "listGaugePapers", "Pictures and texts that a station sent, the newest first", identity.ObjectRead), s.listGaugePapers)
	addFile(s, route("GET", "/api/gauges/{id}/papers/{message}", "getGaugePaper", "A picture or a text that a station sent", identity.ObjectRead), s.getGaugePaper)
}

// GaugeHealth is how a field station is (测站工况).
type GaugeHealth struct {
	GaugeContact
	Object        int64         `json:"object"`
	Name          fault.Text    `json:"name"`
	Division      string        `json:"division"`
	Class         string        `json:"class"`
	ClockS        *int64        `json:"clock_s,omitempty" doc:"Seconds by which its last message was stamped ahead of its arrival; negative where behind"`
	Voltage       *GaugeReading `json:"voltage,omitempty"`
	ReportMinutes int           `json:"report_minutes" doc:"How often it is to report"`
	Today         GaugeArrival  `json:"today" doc:"Of the hydrological day that began at 08:00, as far as it has gone"`
	Before        GaugeArrival  `json:"before" doc:"Of the day before"`
}

// GaugeArrival is how much came of what a station is to report (到报率).
type GaugeArrival struct {
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	Reports  int       `json:"reports" doc:"That came of those due at certain times: functions 31, 32 and 34"`
	Expected int       `json:"expected" doc:"By how often it is to report"`
	Rate     *float64  `json:"rate,omitempty" doc:"Between 0 and 1; none where nothing was due yet"`
	Hours    int       `json:"hours" doc:"In which it was heard at all"`
	Of       int       `json:"of" doc:"Hours that began"`
}

// arrival is what came between two instants of a day, which began at the first. Before a station was first heard nothing was due.
func arrival(a book.Arrival, from, to time.Time, first *time.Time, every int) GaugeArrival {
	own := 0 // the report by which it was first heard
	if first != nil && first.After(from) {
		from, own = *first, 1
		if from.After(to) {
			from, own = to, 0
		}
	}
	out := GaugeArrival{
		From: from, To: to, Reports: a.Reports, Expected: int(to.Sub(from).Minutes())/max(every, 1) + own,
		Hours: bits.OnesCount32(a.Hours), Of: int((to.Sub(from) + time.Hour - 1) / time.Hour),
	}
	if out.Expected > 0 {
		rate := min(1, float64(out.Reports)/float64(out.Expected))
		out.Rate = &rate
	}
	return out
}

func (s *Server) gaugeHealth(ctx context.Context, p *identity.Principal, in *struct {
	Division string `query:"division" maxLength:"20" doc:"Code of a division; what lies below it counts too"`
	Station  string `query:"station" maxLength:"10" doc:"Only the one with this address"`
},
) (*Items[GaugeHealth], error) {
	keep, err := s.below(ctx, in.Division)
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	stations, err := s.Series.Stations(ctx, gaugeScopes(p)...)
	if err != nil {
		return nil, err
	}
	volts, err := s.Series.Latest(ctx, series.LatestQuery{Scopes: gaugeScopes(p), Quantity: reading.Voltage})
	if err != nil {
		return nil, err
	}
	voltage := map[int64]*GaugeReading{}
	for _, r := range volts {
		one := gaugeReading(r.Quantity, r.Point())
		voltage[r.Object] = &one
	}
	of := map[int64]*series.Station{}
	for i := range stations {
		if st := &stations[i]; keep == nil || keep(st) {
			of[st.Object] = st
		}
	}
	online := s.online()
	now, out := s.Now(), &Items[GaugeHealth]{Items: []GaugeHealth{}}
	for _, h := range s.Book.Health() {
		st := of[h.Object]
		if st == nil || in.Station != "" && !strings.EqualFold(h.Station, in.Station) {
			continue
		}
		d, _ := tree.ByID(st.Division)
		one := GaugeHealth{
			GaugeContact: gaugeContact(&h, online[h.Station]), Object: h.Object, Name: st.Name, Division: d.Code, Class: st.Class, Voltage: voltage[h.Object], ReportMinutes: h.ReportMinutes,
			Today: arrival(h.Today, h.Day, now, h.First, h.ReportMinutes), Before: arrival(h.Before, h.Day.AddDate(0, 0, -1), h.Day, h.First, h.ReportMinutes),
		}
		if h.Sent != nil {
			ahead := int64(h.Sent.Sub(h.Received) / time.Second)
			one.ClockS = &ahead
		}
		out.Items = append(out.Items, one)
	}
	return out, nil
}

// online are the addresses of the field stations that are connected.
func (s *Server) online() map[string]bool {
	out := map[string]bool{}
	for _, o := range s.Gateway.Online() {
		out[o.Station.String()] = true
	}
	return out
}

// AreaRain is the areal rain of an area (面雨量).
type AreaRain struct {
	From     time.Time     `json:"from" doc:"Of the window as it was taken"`
	To       time.Time     `json:"to"`
	RainMM   quantity.Null `json:"rain_mm"`
	Of       int           `json:"of" doc:"Stations that stand for some of the area"`
	Reported int           `json:"reported"`
	Partial  int           `json:"partial" doc:"How many of those do not cover the whole window"`
	Share    float64       `json:"share" doc:"Of the area, that those with a figure stand for"`
}

func (s *Server) areaRain(ctx context.Context, p *identity.Principal, in *struct {
	Body struct {
		Minutes int64           `json:"minutes" minimum:"5" maximum:"10080"`
		At      time.Time       `json:"at,omitempty" doc:"End of the window; now where it is left out"`
		Area    json.RawMessage `json:"area" doc:"One GeoJSON geometry or feature that is an area, in CGCS2000"`
	}
},
) (*AreaRain, error) {
	features, bad, err := geodesy.ReadGeoJSON(in.Body.Area, geodesy.CGCS2000, geodesy.DefaultLimits())
	if err != nil {
		return nil, err
	}
	if len(bad) > 0 || len(features) != 1 || features[0].Area == nil {
		return nil, fault.Invalidf("area.invalid", "须为一个面的 GeoJSON", "one area as GeoJSON is needed").At("area", fault.T("不是一个面", "it is no area"))
	}
	at := in.Body.At
	if at.IsZero() {
		at = s.Now()
	}
	at = at.Truncate(time.Minute)
	sums, taken, err := s.Series.Sums(ctx, series.SumQuery{From: at.Add(-time.Duration(in.Body.Minutes) * time.Minute), To: at})
	if err != nil {
		return nil, err
	}
	a, err := s.Series.AreaRain(ctx, features[0].Area, sums, gaugeScopes(p)...)
	return &AreaRain{taken.From, taken.To, a.Value, a.Of, a.Rested, a.Partial, a.Share}, err
}

func (s *Server) gaugeRules(ctx context.Context, _ *identity.Principal, _ *struct{}) (*quality.Rules, error) {
	rules, err := s.Series.Rules(ctx)
	return &rules, err
}

func (s *Server) setGaugeRules(ctx context.Context, p *identity.Principal, in *struct{ Body quality.Rules }) (*quality.Rules, error) {
	err := s.Store.Write(ctx, func(tx *store.Tx) error { return s.Series.SetRules(ctx, tx, p.ObjectEditor(), in.Body) })
	return &in.Body, err
}

// GaugeLimits are the limits of one quantity at a station.
type GaugeLimits struct {
	Quantity string         `json:"quantity" maxLength:"40"`
	Own      bool           `json:"own" doc:"They were set for this station; else those of everywhere, or the defaults, hold" readOnly:"true"`
	Limits   quality.Limits `json:"limits"`
}

func (s *Server) gaugeLimits(ctx context.Context, p *identity.Principal, in *objectInput) (*Items[GaugeLimits], error) {
	if err := s.seen(ctx, p, in.ID); err != nil {
		return nil, err
	}
	list, err := s.Series.Limits(ctx, in.ID)
	out := &Items[GaugeLimits]{Items: make([]GaugeLimits, 0, len(list))}
	for _, l := range list {
		q, _ := reading.ByID(l.Quantity)
		out.Items = append(out.Items, GaugeLimits{q.Code, l.Own, l.Limits})
	}
	return out, err
}

func (s *Server) setGaugeLimits(ctx context.Context, p *identity.Principal, in *struct {
	ID   int64 `path:"id" minimum:"1"`
	Body GaugeLimits
},
) (*Items[GaugeLimits], error) {
	if err := s.seen(ctx, p, in.ID); err != nil {
		return nil, err
	}
	id, err := quantityOf(in.Body.Quantity)
	if err != nil {
		return nil, err
	}
	if err := s.Store.Write(ctx, func(tx *store.Tx) error {
		return s.Series.SetLimits(ctx, tx, p.ObjectEditor(), in.ID, id, in.Body.Limits)
	}); err != nil {
		return nil, err
	}
	return s.gaugeLimits(ctx, p, &objectInput{in.ID})
}

func (s *Server) listGaugePapers(ctx context.Context, p *identity.Principal, in *struct {
	ID     int64     `path:"id" minimum:"1"`
	At     string    `query:"address" maxLength:"10" doc:"Of the field station, where the object has several"`
	Before time.Time `query:"before" doc:"Those that were received before it"`
	Limit  int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
},
) (*Items[book.Paper], error) {
	a, err := s.addressOf(ctx, p, in.ID, in.At)
	if err != nil {
		return nil, err
	}
	list, err := s.Book.Papers(ctx, a, in.Before, in.Limit)
	return &Items[book.Paper]{Items: append([]book.Paper{}, list...)}, err
}

func (s *Server) getGaugePaper(ctx context.Context, p *identity.Principal, in *struct {
	ID      int64  `path:"id" minimum:"1"`
	Message string `path:"message" maxLength:"80"`
	At      string `query:"address" maxLength:"10" doc:"Of the field station, where the object has several"`
},
) (*File, error) {
	var a sl651.Address
	a, err := s.addressOf(ctx, p, in.ID, in.At)
	if err != nil {
		return nil, err
	}
	body, media, err := s.Book.PaperBody(ctx, a, in.Message)
	if err != nil {
		return nil, err
	}
	name := a.String() + "-" + in.Message
	switch media {
	case "image/jpeg":
		name += ".jpg"
	default:
		media, name = "text/plain; charset=utf-8", name+".txt"
	}
	return &File{Name: name, Type: media, Content: body}, nil
}
