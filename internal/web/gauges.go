package web

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"anlan/internal/fault"
	"anlan/internal/geodesy"
	"anlan/internal/identity"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/series/window"
	"anlan/internal/sl651"
	"anlan/internal/store"
	"anlan/internal/telemetry/book"
)

// GaugeState is how the gateway of field stations is, for whoever watches the server. What failed in words is in the log and behind a sign-in.
type GaugeState struct {
	Listening   bool   `json:"listening"`
	Stations    int    `json:"stations" doc:"Connected now"`
	Frames      uint64 `json:"frames"`
	Reports     uint64 `json:"reports"`
	Quarantined uint64 `json:"quarantined"`
	Failing     bool   `json:"failing" doc:"What stations send cannot be kept, so they are not confirmed"`
	HeldFull    bool   `json:"quarantine_full,omitempty" doc:"Frames that were set aside had to make place for others within the last hour"`
	ClockLeapS  int64  `json:"clock_leap_s,omitempty" doc:"Seconds by which the server's clock leapt, while that is in doubt: stations are not confirmed"`
}

func (s *Server) gaugeState() GaugeState {
	if s.Gateway == nil {
		return GaugeState{}
	}
	st := s.Gateway.Stats()
	out := GaugeState{
		Listening: s.Settings.Gauges, Stations: st.Stations, Frames: st.Frames, Reports: st.Reports, Quarantined: st.Held, Failing: st.LastFailure != "",
	}
	if s.Book != nil {
		_, out.HeldFull = s.Book.Full()
	}
	if s.Leap != nil {
		out.ClockLeapS = int64(s.Leap() / time.Second)
	}
	return out
}

// gaugesAtMost is how often screens hear of new readings: a thousand stations report in the same second.
const gaugesAtMost = 500 * time.Millisecond

// bell rings once for all that is told within a while.
type bell struct {
	mu   sync.Mutex // guards rung
	rung bool
}

// GaugesChanged tells open screens, a little later and once for many, that there are new readings or events of stations.
func (s *Server) GaugesChanged() {
	s.gauges.mu.Lock()
	defer s.gauges.mu.Unlock()
	if s.gauges.rung {
		return
	}
	s.gauges.rung = true
	time.AfterFunc(gaugesAtMost, func() {
		s.gauges.mu.Lock()
		s.gauges.rung = false
		s.gauges.mu.Unlock()
		s.renewBoard()
		s.events.publish(Event{Kind: "gauge"})
	})
}

func (s *Server) addGaugeRoutes() {
	route := func(method, path, id, summary string, perm identity.Permission) Route {
		return Route{Method: method, Path: path, ID: id, Summary: summary, Tag: "gauges", Permission: perm}
	}
	add(s, route("GET", "/api/gauges", "listGauges", "Gauging stations in scope with their newest readings and how they are", identity.ObjectRead), s.listGauges)
	add(s, route("GET", "/api/gauges/words", "gaugeWords", "Quantities, flags and classes of stations", identity.ObjectRead), gaugeWords)
	add(s, route("GET", "/api/gauges/gateway", "getGateway", "What the gateway of field stations has seen", identity.ObjectRead), s.getGateway)
	add(s, route("GET", "/api/gauges/map", "gaugeMap", "Stations in scope as a map draws them, all or those that have changed", identity.ObjectRead), s.gaugeMap)
	add(s, route("GET", "/api/gauges/latest", "latestReadings", "The newest reading of every series in scope", identity.ObjectRead), s.latestReadings)
	add(s, route("GET", "/api/gauges/rain", "rainSums", "Rain in a window by station and by division, and how many stations it rests on", identity.ObjectRead), s.rainSums)
	add(s, route("GET", "/api/gauges/events", "listExceedances", "Events of thresholds in scope, those that stand first, and the latest onset first", identity.ObjectRead), s.listExceedances)
	add(s, route("GET", "/api/gauges/{id}", "getGauge", "One station with its policies and thresholds", identity.ObjectRead), s.getGauge)
	add(s, route("PUT", "/api/gauges/{id}", "setGauge", "Say what a station is", identity.ObjectWrite), s.setGauge)
	add(s, route("GET", "/api/gauges/{id}/series", "gaugeSeries", "A station's series as at most 4,000 points that keep its peaks", identity.ObjectRead), s.gaugeSeries)
	add(s, route("GET", "/api/gauges/{id}/buckets", "gaugeBuckets", "A station's series by hours or hydrological days: means or sums, and extremes with their time", identity.ObjectRead), s.gaugeBuckets)
	add(s, route("GET", "/api/gauges/{id}/revisions", "readingRevisions", "All that a reading was, the first first; none where it was never changed", identity.ObjectRead), s.readingRevisions)
	add(s, route("POST", "/api/gauges/{id}/verdicts", "judgeReading", "Accept, reject or correct a reading, with a reason", identity.ObjectWrite), s.judgeReading)
	add(s, route("POST", "/api/gauges/{id}/thresholds", "setThreshold", "Set a threshold of a station", identity.ObjectWrite), s.setThreshold)
	add(s, route("DELETE", "/api/thresholds/{id}", "retireThreshold", "Take a threshold out of use", identity.ObjectWrite), s.retireThreshold)
	add(s, route("PUT", "/api/gauges/{id}/policies", "setGaugePolicy", "Say how a field station is answered", identity.ObjectWrite), s.setGaugePolicy)
	add(s, route("DELETE", "/api/gauges/{id}/policies/{address}", "removeGaugePolicy", "Forget how a field station is answered", identity.ObjectWrite), s.removeGaugePolicy)
	add(s, route("GET", "/api/gauges/{id}/requests", "listGaugeRequests", "What a station was asked, by whom, and what became of it", identity.ObjectRead), s.listGaugeRequests)
	add(s, route("POST", "/api/gauges/{id}/requests", "askGauge", "Ask a connected station, and wait for its answer", identity.ObjectWrite), s.askGauge)
}

// GaugeReading is a reading as lists show it.
type GaugeReading struct {
	Quantity string        `json:"quantity"`
	At       time.Time     `json:"at"`
	Value    quantity.Null `json:"value"`
	SpanS    int64         `json:"span_s,omitempty" doc:"Of a total: the seconds it was gathered in"`
	Flags    []string      `json:"flags"`
	Counts   bool          `json:"counts" doc:"It enters totals and judgements"`
}

func gaugeReading(id reading.ID, p reading.Point) GaugeReading {
	q, _ := reading.ByID(id)
	return GaugeReading{q.Code, p.At, p.Value, int64(p.Span / time.Second), p.Flags.Codes(), p.Counts()}
}

// GaugeContact is how a field station is, by its last message.
type GaugeContact struct {
	Station  string     `json:"station" doc:"Its address, ten hex digits"`
	Online   bool       `json:"online" doc:"Connected now, so that it can be asked"`
	Received *time.Time `json:"received,omitempty"`
	Sent     *time.Time `json:"sent,omitempty" doc:"By its own clock"`
	Messages int64      `json:"messages"`
	Alarms   []string   `json:"alarms" doc:"By the word of state of its last message that has one"`
	Unmapped []string   `json:"unmapped" doc:"Elements that its policy does not name, or lacks a level base for"`
}

// gaugeAlarms are the bits of a station's state that say something is wrong.
var gaugeAlarms = []struct {
	bit  sl651.Status
	code string
}{
	{sl651.MainsLost, "mains_lost"},
	{sl651.BatteryLow, "battery_low"},
	{sl651.LevelAlarm, "level"},
	{sl651.FlowAlarm, "flow"},
	{sl651.QualityAlarm, "quality"},
	{sl651.FlowMeterBad, "flow_meter"},
	{sl651.LevelMeterBad, "level_meter"},
	{sl651.MemoryBad, "memory"},
}

func gaugeContact(h *book.Health, online bool) GaugeContact {
	out := GaugeContact{Station: h.Station, Online: online, Sent: h.Sent, Messages: h.Messages, Alarms: []string{}, Unmapped: append([]string{}, h.Unmapped...)}
	if !h.Received.IsZero() {
		out.Received = &h.Received
	}
	for _, a := range gaugeAlarms {
		if h.Status != nil && h.Status.Has(a.bit) {
			out.Alarms = append(out.Alarms, a.code)
		}
	}
	return out
}

// Gauge is a gauging station as lists show it.
type Gauge struct {
	Object     int64          `json:"object"`
	Name       fault.Text     `json:"name"`
	Scheme     string         `json:"scheme"`
	Code       string         `json:"code"`
	Division   string         `json:"division"`
	Class      string         `json:"class"`
	Datum      string         `json:"datum,omitempty"`
	Subject    int64          `json:"subject,omitempty" doc:"The reservoir, river or works it stands for"`
	RainBasis  string         `json:"rain_basis" enum:"auto,interval,counter"`
	Quantities []string       `json:"quantities"`
	Place      *geodesy.Point `json:"place,omitempty"`
	Edit       int64          `json:"edit"`
	Latest     []GaugeReading `json:"latest"`
	Contacts   []GaugeContact `json:"contacts" doc:"Field stations that report for it"`
	Events     []string       `json:"events" doc:"Kinds of its events that stand"`
}

// gaugeScopes are the divisions whose stations a person may see; one that does not exist where there are none, since no division at all
// would mean every station.
func gaugeScopes(p *identity.Principal) []int64 {
	if list := p.Scopes(identity.ObjectRead); len(list) > 0 {
		return list
	}
	return []int64{0}
}

// gaugesOf lists stations in scope, or one of them, with what is known of each.
func (s *Server) gaugesOf(ctx context.Context, p *identity.Principal, keep func(st *series.Station) bool, object int64) ([]Gauge, error) {
	scopes := gaugeScopes(p)
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	stations, err := s.Series.Stations(ctx, scopes...)
	if err != nil {
		return nil, err
	}
	latest, err := s.Series.Latest(ctx, series.LatestQuery{Scopes: scopes, Object: object})
	if err != nil {
		return nil, err
	}
	events, err := s.Series.Exceedances(ctx, series.ExceedanceQuery{Scopes: scopes, Object: object, Live: true, Limit: 1000})
	if err != nil {
		return nil, err
	}
	readings, contacts, kinds := map[int64][]GaugeReading{}, s.contacts(), map[int64][]string{}
	for _, r := range latest {
		readings[r.Object] = append(readings[r.Object], gaugeReading(r.Quantity, r.Point()))
	}
	for i := range events {
		kinds[events[i].Object] = append(kinds[events[i].Object], events[i].Kind)
	}
	out := []Gauge{}
	for i := range stations {
		st := &stations[i]
		if object != 0 && st.Object != object || keep != nil && !keep(st) {
			continue
		}
		d, _ := tree.ByID(st.Division)
		out = append(out, Gauge{
			st.Object, st.Name, st.Scheme, st.Code, d.Code, st.Class, st.Datum, st.Subject, string(st.RainBasis), st.Quantities, st.Place, st.Edit,
			append([]GaugeReading{}, readings[st.Object]...), append([]GaugeContact{}, contacts[st.Object]...), append([]string{}, kinds[st.Object]...),
		})
	}
	return out, nil
}

// contacts are the field stations of each object.
func (s *Server) contacts() map[int64][]GaugeContact {
	online := s.online()
	out := map[int64][]GaugeContact{}
	for _, h := range s.Book.Health() {
		out[h.Object] = append(out[h.Object], gaugeContact(&h, online[h.Station]))
	}
	return out
}

func (s *Server) listGauges(ctx context.Context, p *identity.Principal, in *struct {
	Division string `query:"division" maxLength:"20" doc:"Code of a division; what lies below it counts too"`
},
) (*Items[Gauge], error) {
	keep, err := s.below(ctx, in.Division)
	if err != nil {
		return nil, err
	}
	list, err := s.gaugesOf(ctx, p, keep, 0)
	return &Items[Gauge]{Items: list}, err
}

// below keeps stations of a division and of all that lie in it; all where the code is empty.
func (s *Server) below(ctx context.Context, code string) (func(*series.Station) bool, error) {
	if code == "" {
		return nil, nil //nolint:nilnil // every station is kept
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	d, err := s.divisionOf(ctx, code)
	return func(st *series.Station) bool { return tree.Within(d.ID, st.Division) }, err
}

// GaugeWords are the lists of words by which screens show stations and readings.
type GaugeWords struct {
	Quantities []reading.Quantity `json:"quantities"`
	Flags      []reading.FlagName `json:"flags"`
	Classes    []series.Class     `json:"classes"`
	Windows    []int64            `json:"windows" doc:"Minutes of the windows in which rain is watched"`
	Parameters []GaugeSetting     `json:"parameters" doc:"That can be read of a station and written"`
}

func gaugeWords(context.Context, *identity.Principal, *struct{}) (*GaugeWords, error) {
	out := &GaugeWords{Quantities: reading.All(), Flags: reading.FlagNames(), Classes: series.Classes(), Parameters: gaugeParameters()}
	for _, w := range window.Widths() {
		out.Windows = append(out.Windows, int64(w/time.Minute))
	}
	return out, nil
}

// Gateway is what the gateway has seen since the server started.
type Gateway struct {
	GaugeState
	Sessions      int    `json:"sessions"`
	BadFrames     uint64 `json:"bad_frames" doc:"With a wrong check code"`
	Duplicates    uint64 `json:"duplicates"`
	Rows          uint64 `json:"rows"`
	FailedCommits uint64 `json:"failed_commits"`
	Dropped       uint64 `json:"dropped"`
	LastFailure   string `json:"last_failure,omitempty" doc:"Told to those who may change every station"`
}

func (s *Server) getGateway(_ context.Context, p *identity.Principal, _ *struct{}) (*Gateway, error) {
	st := s.Gateway.Stats()
	out := &Gateway{
		GaugeState: s.gaugeState(), Sessions: st.Sessions, BadFrames: st.BadCRC, Duplicates: st.Duplicates, Rows: st.Rows, FailedCommits: st.FailedCommits, Dropped: st.Dropped,
	}
	if p.Everywhere(identity.ObjectWrite) {
		out.LastFailure = st.LastFailure
	}
	return out, nil
}

// ObjectReading is a reading with whose it is.
type ObjectReading struct {
	Object int64 `json:"object"`
	GaugeReading
}

// quantityOf finds a quantity by its code; none where that is empty.
func quantityOf(code string) (reading.ID, error) {
	if code == "" {
		return 0, nil
	}
	q, ok := reading.ByCode(code)
	if !ok {
		return 0, fault.Invalidf("gauge.quantity", "没有观测量 %q", "there is no quantity %q", code).At("quantity", fault.T("无效", "not valid"))
	}
	return q.ID, nil
}

func (s *Server) latestReadings(ctx context.Context, p *identity.Principal, in *struct {
	Quantity string `query:"quantity" maxLength:"40"`
},
) (*Items[ObjectReading], error) {
	id, err := quantityOf(in.Quantity)
	if err != nil {
		return nil, err
	}
	list, err := s.Series.Latest(ctx, series.LatestQuery{Scopes: gaugeScopes(p), Quantity: id})
	out := &Items[ObjectReading]{Items: make([]ObjectReading, 0, len(list))}
	for _, r := range list {
		out.Items = append(out.Items, ObjectReading{r.Object, gaugeReading(r.Quantity, r.Point())})
	}
	return out, err
}

// GaugeDetail is a station with all that is said of it.
type GaugeDetail struct {
	Gauge
	Policies     []book.Policy  `json:"policies"`
	Thresholds   []series.Limit `json:"thresholds"`
	MayChange    bool           `json:"may_change"`
	MayConfigure bool           `json:"may_configure" doc:"Parameters of its field stations may be written"`
}

func (s *Server) getGauge(ctx context.Context, p *identity.Principal, in *objectInput) (*GaugeDetail, error) {
	o, err := s.getObject(ctx, p, in)
	if err != nil {
		return nil, err
	}
	list, err := s.gaugesOf(ctx, p, nil, in.ID)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fault.NotFoundf("station.unknown", "没有这个测站", "there is no such station")
	}
	out := &GaugeDetail{Gauge: list[0], MayChange: p.Can(identity.ObjectWrite, "", o.DivisionID), MayConfigure: p.Can(identity.GaugeConfigure, "", o.DivisionID)}
	if out.Policies, err = s.Book.Policies(ctx, in.ID); err != nil {
		return nil, err
	}
	out.Thresholds, err = s.Series.Thresholds(ctx, in.ID)
	if out.Thresholds == nil {
		out.Thresholds = []series.Limit{}
	}
	return out, err
}

// NewGauge is what an editor says a station is.
type NewGauge struct {
	Class      string   `json:"class" maxLength:"2" doc:"SL 323 STTP: PP, ZZ, ZQ, RR and others"`
	Datum      string   `json:"datum,omitempty" maxLength:"40"`
	Subject    int64    `json:"subject,omitempty"`
	RainBasis  string   `json:"rain_basis,omitempty" enum:"auto,interval,counter"`
	Quantities []string `json:"quantities" maxItems:"40"`
	Edit       int64    `json:"edit" doc:"0 where nothing was said before"`
}

func (s *Server) setGauge(ctx context.Context, p *identity.Principal, in *struct {
	ID   int64 `path:"id" minimum:"1"`
	Body NewGauge
},
) (*GaugeDetail, error) {
	if err := s.seen(ctx, p, in.ID); err != nil {
		return nil, err
	}
	b := in.Body
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		return s.Series.SetStation(ctx, tx, p.ObjectEditor(), series.Station{
			Object: in.ID, Class: b.Class, Datum: b.Datum, Subject: b.Subject, RainBasis: series.RainBasis(b.RainBasis), Quantities: b.Quantities, Edit: b.Edit,
		})
	})
	if err != nil {
		return nil, err
	}
	return s.getGauge(ctx, p, &objectInput{in.ID})
}

// GaugeSeries is a station's series in a time.
type GaugeSeries struct {
	Quantity reading.Quantity `json:"quantity"`
	From     time.Time        `json:"from"`
	To       time.Time        `json:"to"`
	Points   []GaugePoint     `json:"points"`
	Read     int              `json:"read" doc:"How many readings there are; more than points where the curve was thinned"`
}

// GaugePoint is one point of a curve.
type GaugePoint struct {
	At     time.Time     `json:"at"`
	Value  quantity.Null `json:"value"`
	SpanS  int64         `json:"span_s,omitempty"`
	Flags  []string      `json:"flags,omitempty"`
	Counts bool          `json:"counts"`
}

// longestSeries is how much of a series one request reads.
const longestSeries = 400 * 24 * time.Hour

func (s *Server) gaugeSeries(ctx context.Context, p *identity.Principal, in *struct {
	ID       int64     `path:"id" minimum:"1"`
	Quantity string    `query:"quantity" maxLength:"40" required:"true"`
	From     time.Time `query:"from" doc:"Three days before the end where it is left out"`
	To       time.Time `query:"to" doc:"Now where it is left out"`
	Most     int       `query:"most" minimum:"10" maximum:"4000" default:"4000"`
},
) (*GaugeSeries, error) {
	if err := s.seen(ctx, p, in.ID); err != nil {
		return nil, err
	}
	id, err := quantityOf(in.Quantity)
	if err != nil {
		return nil, err
	}
	q, _ := reading.ByID(id)
	out := &GaugeSeries{Quantity: q, From: in.From, To: in.To, Points: []GaugePoint{}}
	if out.From, out.To, err = s.seriesWindow(in.From, in.To); err != nil {
		return nil, err
	}
	points, read, err := s.Series.Curve(ctx, in.ID, id, out.From, out.To, in.Most)
	out.Read = read
	for _, pt := range points {
		one := GaugePoint{At: pt.At, Value: pt.Value, SpanS: int64(pt.Span / time.Second), Counts: pt.Counts()}
		if pt.Flags != 0 {
			one.Flags = pt.Flags.Codes()
		}
		out.Points = append(out.Points, one)
	}
	return out, err
}

// RainSums is the rain of a window.
type RainSums struct {
	From      time.Time      `json:"from" doc:"Of the window as it was taken: one whose ends lie in hours that are sealed is widened to whole hours"`
	To        time.Time      `json:"to"`
	Of        int            `json:"of" doc:"Stations in scope that measure rain"`
	Reported  int            `json:"reported" doc:"How many of them have a figure"`
	Stations  []StationRain  `json:"stations" doc:"The most rain first; those without a figure come last"`
	Divisions []DivisionRain `json:"divisions"`
}

// StationRain is what a station gathered in a window.
type StationRain struct {
	Object   int64         `json:"object"`
	Name     fault.Text    `json:"name"`
	Division string        `json:"division"`
	RainMM   quantity.Null `json:"rain_mm"`
	CoveredS int64         `json:"covered_s" doc:"Seconds of the window that readings tell of"`
	Whole    bool          `json:"whole" doc:"No part of the window is without a reading"`
	Doubted  int           `json:"doubted"`
}

// DivisionRain is the areal rain of a division.
type DivisionRain struct {
	Division string        `json:"division"`
	Name     fault.Text    `json:"name"`
	Method   string        `json:"method" enum:"thiessen,mean"`
	RainMM   quantity.Null `json:"rain_mm"`
	Of       int           `json:"of" doc:"Stations that stand for some of the area"`
	Reported int           `json:"reported"`
	Partial  int           `json:"partial" doc:"How many of those do not cover the whole window"`
	Share    float64       `json:"share" doc:"Of the area, that those with a figure stand for"`
}

func (s *Server) rainSums(ctx context.Context, p *identity.Principal, in *struct {
	Minutes  int64     `query:"minutes" minimum:"5" maximum:"10080" default:"1440"`
	At       time.Time `query:"at" doc:"End of the window; now where it is left out"`
	Division string    `query:"division" maxLength:"20" doc:"Code of a division: its stations and its parts"`
},
) (*RainSums, error) {
	at := in.At
	if at.IsZero() {
		at = s.Now()
	}
	at = at.Truncate(time.Minute)
	keep, err := s.below(ctx, in.Division)
	if err != nil {
		return nil, err
	}
	sums, taken, err := s.Series.Sums(ctx, series.SumQuery{From: at.Add(-time.Duration(in.Minutes) * time.Minute), To: at})
	if err != nil {
		return nil, err
	}
	stations, err := s.Series.Stations(ctx, gaugeScopes(p)...)
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := &RainSums{From: taken.From, To: taken.To, Stations: []StationRain{}, Divisions: []DivisionRain{}}
	for i := range stations {
		if st := &stations[i]; slices.Contains(st.Quantities, "rain") && (keep == nil || keep(st)) {
			out.add(st, tree, sums[st.Object])
		}
	}
	slices.SortStableFunc(out.Stations, func(a, b StationRain) int {
		if a.RainMM.Valid && b.RainMM.Valid {
			return cmp.Compare(b.RainMM.Decimal, a.RainMM.Decimal)
		}
		return cmp.Compare(store.Flag(b.RainMM.Valid), store.Flag(a.RainMM.Valid))
	})
	return out, s.divisionsRain(ctx, p, tree, in.Division, sums, out)
}

func (r *RainSums) add(st *series.Station, tree *registry.Tree, sum window.Sum) {
	r.Of++
	if sum.Value.Valid {
		r.Reported++
	}
	d, _ := tree.ByID(st.Division)
	r.Stations = append(r.Stations, StationRain{st.Object, st.Name, d.Code, sum.Value, int64(sum.Covered / time.Second), sum.Whole(), sum.Doubted})
}

// divisionsRain adds the parts of a division, or of where the person may see most, as far as the person may see them.
func (s *Server) divisionsRain(ctx context.Context, p *identity.Principal, tree *registry.Tree, code string, sums map[int64]window.Sum, out *RainSums) error {
	parent := gaugeScopes(p)[0]
	if code != "" {
		d, _ := tree.ByCode(code)
		parent = d.ID
	}
	list, err := s.Series.DivisionsRain(ctx, parent, sums)
	for _, d := range list {
		if p.Can(identity.ObjectRead, "", d.Division.ID) {
			out.Divisions = append(out.Divisions, DivisionRain{d.Division.Code, fault.T(d.Division.NameZh, d.Division.NameEn), string(d.Method), d.Value, d.Of, d.Rested, d.Partial, d.Share})
		}
	}
	return err
}
