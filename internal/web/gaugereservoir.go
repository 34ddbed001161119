package web

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/registry/objectrule"
	"anlan/internal/series"
	"anlan/internal/series/curve"
	"anlan/internal/series/reading"
	"anlan/internal/series/threshold"
	"anlan/internal/store"
)

func (s *Server) addReservoirRoutes() {
	route := func(method, path, id, summary string, perm identity.Permission) Route {
		return Route{Method: method, Path: path, ID: id, Summary: summary, Tag: "gauges", Permission: perm}
	}
	add(s, route("GET", "/api/gauges/reservoirs", "reservoirLevels", "Reservoirs in scope against their limits, the highest above first", identity.ObjectRead), s.reservoirLevels)
	add(s, route("GET", "/api/gauges/{id}/storage-curve", "getStorageCurve", "The level–storage curve of a station; not found where it has none", identity.ObjectRead), s.getStorageCurve)
	add(s, route("PUT", "/api/gauges/{id}/storage-curve", "setStorageCurve", "Set the level–storage curve of a station", identity.ObjectWrite), s.setStorageCurve)
	add(s, route("DELETE", "/api/gauges/{id}/storage-curve", "removeStorageCurve", "Forget the level–storage curve of a station", identity.ObjectWrite), s.removeStorageCurve)
}

// ReservoirLevel is a reservoir against its limits (水库水位与汛限).
type ReservoirLevel struct {
	Object     int64         `json:"object" doc:"The reservoir; the station where none is named"`
	Name       fault.Text    `json:"name"`
	Station    int64         `json:"station"`
	Division   string        `json:"division"`
	Level      *GaugeReading `json:"level,omitempty" doc:"The newest above the dam"`
	Storage    *GaugeReading `json:"storage,omitempty" doc:"As the station reports it"`
	Inflow     *GaugeReading `json:"inflow,omitempty"`
	Outflow    *GaugeReading `json:"outflow,omitempty"`
	FloodLimit quantity.Null `json:"flood_limit" doc:"That holds today; none where no period does"`
	Period     fault.Text    `json:"period" doc:"Name of the period whose limit holds"`
	Above      quantity.Null `json:"above" doc:"Level less flood limit, in metres; negative where below"`
	Warning    quantity.Null `json:"warning"`
	Guarantee  quantity.Null `json:"guarantee"`
	Since      *time.Time    `json:"since,omitempty" doc:"Since when it stands above the flood limit"`
	Events     []string      `json:"events" doc:"Kinds of its events that stand"`

	Curve   *ReservoirStorage `json:"curve,omitempty" doc:"By its level–storage curve; none where it has none"`
	Changes []LevelChange     `json:"changes" doc:"Over the last 1, 3 and 6 hours; one that readings do not reach back to is left out"`

	total quantity.Null // of the register, in 10⁶ m³
}

// ReservoirStorage is what a reservoir holds by its level–storage curve (库容曲线). What lies outside the curve is absent.
type ReservoirStorage struct {
	Storage       quantity.Null `json:"storage_1e6m3" doc:"At the newest level; none where that does not count or is off the curve"`
	Normal        quantity.Null `json:"normal_1e6m3" doc:"At the level that is kept outside the flood season"`
	Total         quantity.Null `json:"total_1e6m3" doc:"At the most: of the curve, or else of the register"`
	NormalPercent quantity.Null `json:"normal_percent"`
	TotalPercent  quantity.Null `json:"total_percent"`
}

// LevelChange is how far a level rose or fell (水位涨落), and what that says of the inflow.
type LevelChange struct {
	Hours  int           `json:"hours"`
	From   time.Time     `json:"from" doc:"Of the reading that the newest is held against"`
	Change quantity.Null `json:"change_m" doc:"Negative where it fell"`
	Gain   quantity.Null `json:"gain_m3s" doc:"Mean inflow less outflow, by the change of storage along the curve; none without a curve"`
	Inflow quantity.Null `json:"inflow_m3s" doc:"The gain and the newest outflow together: a hint, where the station reports its outflow"`
}

// addReading puts the newest reading of a station in its place.
func (r *ReservoirLevel) addReading(id reading.ID, one GaugeReading) {
	switch id {
	case reading.UpperLevel:
		r.Level = &one
	case reading.Level:
		if r.Level == nil {
			r.Level = &one
		}
	case reading.Storage:
		r.Storage = &one
	case reading.Inflow:
		r.Inflow = &one
	case reading.Outflow:
		r.Outflow = &one
	}
}

// addLimit puts a threshold in its place, as of an instant.
func (r *ReservoirLevel) addLimit(l *series.Limit, now time.Time) {
	level, ok := l.At(now)
	at := quantity.Null{Decimal: level, Valid: ok}
	switch l.Kind {
	case threshold.FloodLimit:
		if r.FloodLimit = at; ok {
			for _, period := range l.Periods {
				if period.Level == level && r.Period == (fault.Text{}) {
					r.Period = period.Name
				}
			}
		}
	case threshold.Warning:
		r.Warning = at
	case threshold.Guarantee:
		r.Guarantee = at
	}
}

func (s *Server) reservoirLevels(ctx context.Context, p *identity.Principal, in *struct {
	Division string `query:"division" maxLength:"20" doc:"Code of a division; what lies below it counts too"`
},
) (*Items[ReservoirLevel], error) {
	keep, err := s.below(ctx, in.Division)
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	scopes := gaugeScopes(p)
	stations, err := s.Series.Stations(ctx, scopes...)
	if err != nil {
		return nil, err
	}
	dams, err := s.reservoirsOf(ctx, scopes, stations)
	if err != nil {
		return nil, err
	}
	by := map[int64]*ReservoirLevel{} // by station
	for i := range stations {
		st := &stations[i]
		dam, isOne := dams[st.Subject]
		if !isOne && st.Class != "RR" || keep != nil && !keep(st) {
			continue
		}
		d, _ := tree.ByID(st.Division)
		one := &ReservoirLevel{Object: st.Object, Name: st.Name, Station: st.Object, Division: d.Code, Events: []string{}, Changes: []LevelChange{}}
		if isOne {
			one.Object, one.Name = st.Subject, dam.Name
			if one.total, isOne = dam.StorageWanM3, dam.StorageWanM3.Valid; isOne {
				one.total.Decimal /= 100 // 万 m³ in 10⁶ m³
			}
		}
		by[st.Object] = one
	}
	if err := s.fillReservoirs(ctx, scopes, by); err != nil {
		return nil, err
	}
	if err := s.fillStorages(ctx, by); err != nil {
		return nil, err
	}
	out := &Items[ReservoirLevel]{Items: make([]ReservoirLevel, 0, len(by))}
	for _, one := range by {
		if one.Level != nil && one.Level.Counts && one.FloodLimit.Valid {
			one.Above = quantity.Some(one.Level.Value.Decimal - one.FloodLimit.Decimal)
		}
		out.Items = append(out.Items, *one)
	}
	slices.SortFunc(out.Items, func(a, b ReservoirLevel) int {
		return cmp.Or(cmp.Compare(store.Flag(b.Above.Valid), store.Flag(a.Above.Valid)), cmp.Compare(b.Above.Decimal, a.Above.Decimal), cmp.Compare(a.Station, b.Station))
	})
	return out, nil
}

// reservoirsOf are the reservoirs that stations stand for.
func (s *Server) reservoirsOf(ctx context.Context, scopes []int64, stations []series.Station) (map[int64]registry.WaterObject, error) {
	subjects := map[int64]bool{}
	for i := range stations {
		if stations[i].Subject != 0 {
			subjects[stations[i].Subject] = true
		}
	}
	out := map[int64]registry.WaterObject{}
	for some := range slices.Chunk(slices.Sorted(maps.Keys(subjects)), 200) {
		q := registry.ObjectQuery{IDs: some, Kinds: []objectrule.Kind{objectrule.Reservoir, objectrule.Pond, objectrule.Hydropower}, Scopes: scopes}
		_, err := s.Registry.EachObject(ctx, q, len(some), func(o registry.WaterObject) error {
			out[o.ID] = o
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Server) fillReservoirs(ctx context.Context, scopes []int64, by map[int64]*ReservoirLevel) error {
	latest, err := s.Series.Latest(ctx, series.LatestQuery{Scopes: scopes})
	if err != nil {
		return err
	}
	for _, r := range latest {
		if one := by[r.Object]; one != nil {
			one.addReading(r.Quantity, gaugeReading(r.Quantity, r.Point()))
		}
	}
	limits, err := s.Series.Thresholds(ctx, 0)
	if err != nil {
		return err
	}
	now := s.Now()
	for i := range limits {
		if one := by[limits[i].Object]; one != nil {
			one.addLimit(&limits[i], now)
		}
	}
	events, err := s.Series.Exceedances(ctx, series.ExceedanceQuery{Scopes: scopes, Live: true, Limit: 1000})
	if err != nil {
		return err
	}
	for i := range events {
		e := &events[i]
		one := by[e.Object]
		if one == nil {
			continue
		}
		one.Events = append(one.Events, e.Kind)
		if e.Kind == string(threshold.FloodLimit) {
			one.Since = &e.Onset.At
		}
	}
	return nil
}

// changeHours are the times over which the rise and fall of reservoirs is told.
var changeHours = [...]int{1, 3, 6}

// changeSlack is how much older than wanted a reading may be that the newest is held against: stations that report each hour have none in
// between.
const changeSlack = time.Hour

// fillStorages tells of each reservoir what it holds by its curve, and how its level rose or fell.
func (s *Server) fillStorages(ctx context.Context, by map[int64]*ReservoirLevel) error {
	curves, err := s.Series.StorageCurves(ctx, 0)
	if err != nil {
		return err
	}
	now := s.Now()
	from := now.Add(-time.Duration(changeHours[len(changeHours)-1])*time.Hour - 3*changeSlack)
	for _, id := range []reading.ID{reading.UpperLevel, reading.Level} {
		q, _ := reading.ByID(id)
		levels, err := s.Series.Recent(ctx, id, from, now, func(object int64) bool {
			one := by[object]
			return one != nil && one.Level != nil && one.Level.Quantity == q.Code
		})
		if err != nil {
			return err
		}
		for object, points := range levels {
			by[object].addChanges(points, curves)
		}
	}
	for object, one := range by {
		if c, ok := curves[object]; ok {
			one.Curve = one.storageBy(&c.Curve)
		}
	}
	return nil
}

// storageBy reads the newest level off a curve.
func (r *ReservoirLevel) storageBy(c *curve.Curve) *ReservoirStorage {
	out := &ReservoirStorage{Normal: c.NormalStorage(), Total: c.Total}
	if !out.Total.Valid {
		out.Total = r.total
	}
	if r.Level == nil || !r.Level.Counts {
		return out
	}
	storage, ok := c.StorageAt(r.Level.Value.Decimal)
	out.Storage = quantity.Null{Decimal: storage, Valid: ok}
	share := func(of quantity.Null) quantity.Null {
		if !ok || !of.Valid {
			return quantity.Null{}
		}
		p, ok := storage.Percent(of.Decimal)
		return quantity.Null{Decimal: p, Valid: ok}
	}
	out.NormalPercent, out.TotalPercent = share(out.Normal), share(out.Total)
	return out
}

// addChanges holds the newest level against those of some hours before.
func (r *ReservoirLevel) addChanges(points []reading.Point, curves map[int64]series.StorageCurve) {
	if !r.Level.Counts {
		return
	}
	for _, hours := range changeHours {
		wanted := r.Level.At.Add(-time.Duration(hours) * time.Hour)
		i := len(points) - 1
		for i >= 0 && (points[i].At.After(wanted) || !points[i].Counts() || !points[i].Value.Valid) {
			i--
		}
		if i < 0 || wanted.Sub(points[i].At) > changeSlack {
			continue
		}
		was := points[i]
		one := LevelChange{Hours: hours, From: was.At, Change: quantity.Some(r.Level.Value.Decimal - was.Value.Decimal)}
		if c, ok := curves[r.Station]; ok {
			before, ok1 := c.StorageAt(was.Value.Decimal)
			after, ok2 := c.StorageAt(r.Level.Value.Decimal)
			gain, ok3 := curve.Gain(before, after, int64(r.Level.At.Sub(was.At)/time.Second))
			one.Gain = quantity.Null{Decimal: gain, Valid: ok1 && ok2 && ok3}
		}
		if one.Gain.Valid && r.Outflow != nil && r.Outflow.Counts {
			one.Inflow = quantity.Some(one.Gain.Decimal + r.Outflow.Value.Decimal)
		}
		r.Changes = append(r.Changes, one)
	}
}

func (s *Server) getStorageCurve(ctx context.Context, p *identity.Principal, in *objectInput) (*series.StorageCurve, error) {
	if err := s.seen(ctx, p, in.ID); err != nil {
		return nil, err
	}
	all, err := s.Series.StorageCurves(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	c, ok := all[in.ID]
	if !ok {
		return nil, fault.NotFoundf("curve.unknown", "该站没有库容曲线", "the station has no level–storage curve")
	}
	return &c, nil
}

func (s *Server) setStorageCurve(ctx context.Context, p *identity.Principal, in *struct {
	ID   int64 `path:"id" minimum:"1"`
	Body series.StorageCurve
},
) (*series.StorageCurve, error) {
	if err := s.seen(ctx, p, in.ID); err != nil {
		return nil, err
	}
	if err := s.Store.Write(ctx, func(tx *store.Tx) error { return s.Series.SetStorageCurve(ctx, tx, p.ObjectEditor(), in.ID, in.Body) }); err != nil {
		return nil, err
	}
	s.GaugesChanged()
	return s.getStorageCurve(ctx, p, &objectInput{in.ID})
}

func (s *Server) removeStorageCurve(ctx context.Context, p *identity.Principal, in *struct {
	ID   int64 `path:"id" minimum:"1"`
	Edit int64 `query:"edit" minimum:"0"`
},
) (*none, error) {
	if err := s.seen(ctx, p, in.ID); err != nil {
		return nil, err
	}
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		return s.Series.RemoveStorageCurve(ctx, tx, p.ObjectEditor(), in.ID, in.Edit)
	})
	if err == nil {
		s.GaugesChanged()
	}
	return nil, err
}
