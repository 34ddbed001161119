package series

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"anlan/internal/fault"
	"anlan/internal/geodesy"
	"anlan/internal/identity/audit"
	"anlan/internal/registry"
	"anlan/internal/registry/objectrule"
	"anlan/internal/series/reading"
	"anlan/internal/store"
)

// RainBasis says what the rain of a station is made of (雨量依据).
type RainBasis string

// The ways. By itself, a counter makes rain unless the station has sent spans within two days.
const (
	AutoRain    RainBasis = "auto"
	SpansOfRain RainBasis = "interval"
	CounterRain RainBasis = "counter"
)

// Station is what is said of a gauging station (测站) beside its row of the registry, which has its code, name, place and division.
type Station struct {
	Object     int64     `json:"object"`
	Class      string    `json:"class" maxLength:"2" doc:"SL 323 STTP: PP, ZZ, ZQ, RR and others"`
	Datum      string    `json:"datum,omitempty" maxLength:"40" doc:"Of its levels"`
	Subject    int64     `json:"subject,omitempty" doc:"The reservoir, river or works it stands for"`
	RainBasis  RainBasis `json:"rain_basis" enum:"auto,interval,counter"`
	Quantities []string  `json:"quantities" doc:"Codes of what it measures"`
	Edit       int64     `json:"edit"`

	Scheme   string         `json:"scheme"`
	Code     string         `json:"code"`
	Name     fault.Text     `json:"name"`
	Division int64          `json:"-"`
	Place    *geodesy.Point `json:"place,omitempty"`
}

// Class is a class of station with its names.
type Class = objectrule.Named

// Classes lists the classes of SL 323 (STTP).
func Classes() []Class {
	c := func(code, zh, en string) Class { return Class{Code: code, Name: fault.T(zh, en)} }
	return []Class{
		c("MM", "气象站", "weather"), c("PP", "雨量站", "rain"), c("BB", "蒸发站", "evaporation"), c("ZZ", "河道水位站", "river level"),
		c("ZQ", "河道水文站", "river level and flow"), c("DD", "堰闸水文站", "weir or sluice"), c("TT", "潮位站", "tide"),
		c("RR", "水库水文站", "reservoir"), c("DP", "泵站", "pumping station"), c("ZG", "地下水站", "groundwater"), c("SS", "墒情站", "soil moisture"),
		c("ZB", "分洪水位站", "flood diversion level"), c("WQ", "水质站", "water quality"), c("DC", "地面沉降站", "land subsidence"), c("EL", "其他", "other"),
	}
}

func (st *Station) check() error {
	bad := fault.Invalidf("station.invalid", "测站信息有误", "the station is not valid")
	if st.RainBasis == "" {
		st.RainBasis = AutoRain
	}
	if !slices.ContainsFunc(Classes(), func(c Class) bool { return c.Code == st.Class }) {
		bad.At("class", fault.T("没有这种站类", "no such class of station"))
	}
	if !slices.Contains([]RainBasis{AutoRain, SpansOfRain, CounterRain}, st.RainBasis) {
		bad.At("rain_basis", fault.T("须为 auto、interval 或 counter", "must be auto, interval or counter"))
	}
	for i, code := range st.Quantities {
		if _, ok := reading.ByCode(code); !ok {
			bad.At(fmt.Sprintf("quantities[%d]", i), fault.T("没有这个观测量", "no such quantity"))
		}
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// AddStation enters an object of kind station with what is said of it, within the caller's transaction, and returns its object.
func (s *Service) AddStation(ctx context.Context, tx *store.Tx, by registry.Editor, o registry.NewWaterObject, st Station) (int64, error) {
	o.Kind = objectrule.Station
	if err := st.check(); err != nil {
		return 0, err
	}
	id, err := s.reg.AddObject(ctx, tx, by, o)
	if err != nil {
		return 0, err
	}
	st.Object, st.Edit = id, 0
	return id, s.SetStation(ctx, tx, by, st)
}

// SetStation says what a station is, within the caller's transaction: of an object that is on record, edit 0 where nothing was said
// before.
func (s *Service) SetStation(ctx context.Context, tx *store.Tx, by registry.Editor, st Station) error {
	if err := st.check(); err != nil {
		return err
	}
	var division, edit int64
	err := tx.QueryRowContext(ctx, `
		SELECT o.division_id, COALESCE(t.edit, 0) FROM water_object o LEFT JOIN station t ON t.object_id = o.id
		WHERE o.id = $1 AND o.kind = 'station'`, st.Object).Scan(&division, &edit)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.NotFoundf("station.unknown", "没有这个测站", "there is no such station")
	}
	if err != nil {
		return fmt.Errorf("look for station %d: %w", st.Object, err)
	}
	if by.May == nil || !by.May(division) {
		return fault.Forbiddenf("station.forbidden", "您无权修改该区划的测站", "you may not change stations of this division")
	}
	if st.Edit != edit {
		return fault.Conflictf("station.stale", "已被他人修改，未保存", "somebody else changed it meanwhile; nothing was saved")
	}
	if st.Subject != 0 {
		var n int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM water_object WHERE id = $1`, st.Subject).Scan(&n); err != nil {
			return fmt.Errorf("look for what station %d stands for: %w", st.Object, err)
		}
		if n == 0 {
			return fault.Invalidf("station.subject", "所测对象不存在", "what the station stands for is not on record").At("subject", fault.T("没有这个对象", "no such object"))
		}
	}
	return s.writeStation(ctx, tx, by, st, division)
}

func (s *Service) writeStation(ctx context.Context, tx *store.Tx, by registry.Editor, st Station, division int64) error {
	now := s.now()
	_, err := tx.ExecContext(ctx, `
		INSERT INTO station (object_id, class, datum, subject_id, rain_basis, edit, changed_at) VALUES ($1, $2, $3, $4, $5, 1, $6)
		ON CONFLICT (object_id) DO UPDATE SET class = excluded.class, datum = excluded.datum, subject_id = excluded.subject_id,
			rain_basis = excluded.rain_basis, edit = station.edit + 1, changed_at = excluded.changed_at`,
		st.Object, st.Class, st.Datum, store.MaybeNumber(st.Subject), string(st.RainBasis), now.UnixMilli())
	if err == nil {
		_, err = tx.ExecContext(ctx, `DELETE FROM station_quantity WHERE object_id = $1`, st.Object)
	}
	for _, code := range st.Quantities {
		q, _ := reading.ByCode(code)
		if err == nil {
			_, err = tx.ExecContext(ctx, `INSERT INTO station_quantity (object_id, quantity) VALUES ($1, $2) ON CONFLICT (object_id, quantity) DO NOTHING`, st.Object, int64(q.ID))
		}
	}
	if err != nil {
		return fmt.Errorf("write station %d: %w", st.Object, err)
	}
	tx.AfterCommit(s.forget)
	return audit.Append(ctx, tx, audit.Entry{
		At: now, Actor: by.Actor, Action: "station.set", ObjectKind: "object", ObjectID: fmt.Sprint(st.Object), DivisionID: &division, Detail: st,
	})
}

// Stations lists the stations in use that lie in or below some divisions; all where none is named.
func (s *Service) Stations(ctx context.Context, scopes ...int64) ([]Station, error) {
	var all []Station
	err := s.db.Snapshot(ctx, func(q store.Querier) (err error) {
		all, err = s.allStations(ctx, q)
		return err
	})
	if err != nil || len(scopes) == 0 {
		return all, err
	}
	tree, err := s.reg.Tree(ctx)
	if err != nil {
		return nil, err
	}
	seen := map[int64]bool{} // by division
	return slices.DeleteFunc(all, func(st Station) bool {
		in, known := seen[st.Division]
		if !known {
			in = slices.ContainsFunc(scopes, func(scope int64) bool { return tree.Within(scope, st.Division) })
			seen[st.Division] = in
		}
		return !in
	}), nil
}

// stationStamp tells apart states of what is on record of stations: every change of one counts its edit up.
type stationStamp struct{ n, edits, changed int64 }

// allStations are the stations in use, from memory as long as nobody changed one. The slice is the caller's, what it leads to is not.
func (s *Service) allStations(ctx context.Context, q store.Querier) ([]Station, error) {
	var stamp stationStamp
	err := q.QueryRowContext(ctx, `
		SELECT COUNT(*), CAST(COALESCE(SUM(t.edit + o.edit), 0) AS BIGINT), COALESCE(MAX(o.changed_at), 0) FROM station t JOIN water_object o ON o.id = t.object_id`).
		Scan(&stamp.n, &stamp.edits, &stamp.changed)
	if err != nil {
		return nil, fmt.Errorf("look whether stations changed: %w", err)
	}
	s.mu.Lock()
	kept, same := s.stations, s.stationsAt == stamp && s.stations != nil
	s.mu.Unlock()
	if same {
		return slices.Clone(kept), nil
	}
	list, err := readStations(ctx, q)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stations, s.stationsAt = list, stamp
	return slices.Clone(list), nil
}

func readStations(ctx context.Context, q store.Querier) ([]Station, error) {
	measured := map[int64][]string{}
	err := store.Each(ctx, q, `SELECT object_id, quantity FROM station_quantity ORDER BY object_id, quantity`, func(scan func(...any) error) error {
		var object int64
		var id reading.ID
		if err := scan(&object, &id); err != nil {
			return err
		}
		if q, ok := reading.ByID(id); ok {
			measured[object] = append(measured[object], q.Code)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read what stations measure: %w", err)
	}
	out := []Station{}
	err = store.Each(ctx, q, `
		SELECT t.object_id, t.class, t.datum, COALESCE(t.subject_id, 0), t.rain_basis, t.edit, o.scheme, o.code, o.name_zh, o.name_en, o.division_id, o.lon_e7, o.lat_e7
		FROM station t JOIN water_object o ON o.id = t.object_id WHERE o.retired_at IS NULL ORDER BY t.object_id`, func(scan func(...any) error) error {
		st := Station{Quantities: []string{}}
		var lon, lat sql.NullInt64
		if err := scan(&st.Object, &st.Class, &st.Datum, &st.Subject, &st.RainBasis, &st.Edit, &st.Scheme, &st.Code, &st.Name.Zh, &st.Name.En, &st.Division, &lon, &lat); err != nil {
			return err
		}
		if lon.Valid && lat.Valid {
			st.Place = &geodesy.Point{Lon: float64(lon.Int64) / 1e7, Lat: float64(lat.Int64) / 1e7}
		}
		if m := measured[st.Object]; m != nil {
			st.Quantities = m
		}
		out = append(out, st)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list stations: %w", err)
	}
	return out, nil
}

// within narrows a statement over water_object o to divisions and all below them; args are those that stand before.
func within(scopes []int64, args []any) (string, []any) {
	if len(scopes) == 0 {
		return "", args
	}
	list := store.Places(len(args)+1, len(scopes))
	for _, id := range scopes {
		args = append(args, id)
	}
	return " AND o.division_id IN (SELECT descendant_id FROM division_closure WHERE ancestor_id IN (" + list + "))", args
}

func readBasis(ctx context.Context, q store.Querier) (map[int64]RainBasis, error) {
	out := map[int64]RainBasis{}
	err := store.Each(ctx, q, `SELECT object_id, rain_basis FROM station ORDER BY object_id`, func(scan func(...any) error) error {
		var id int64
		var b RainBasis
		err := scan(&id, &b)
		out[id] = b
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what the rain of stations is made of: %w", err)
	}
	return out, nil
}
