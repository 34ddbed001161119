package app

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"anlan/internal/bulletin/snapshot"
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/registry/objectrule"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/series/threshold"
	"anlan/internal/series/window"
)

const (
	eight = 8 * time.Hour
	// fresh is how old a level may be that is told as that of 08:00.
	fresh = 2 * time.Hour
	// wettest is how many stations are named with their rain.
	wettest = 10
)

// flood is what the gauges of a scope tell for the time of a bulletin: of a daily one the hydrological day that ends at 08:00 of its date, of
// a monthly one the month. It is read once for all the lists of a bulletin.
type flood struct {
	a        *App
	scope    registry.Division
	from, to time.Time
	absent   *fault.Text // why nothing can be told
	stations []series.Station
	tree     *registry.Tree
	limits   map[int64][]series.Limit // by station
	events   []series.Exceedance

	sums      map[int64]window.Sum // of rain, by station
	versions  map[reading.ID]map[int64]int64
	rivers    []snapshot.Item
	dams      []snapshot.Item
	levelled  bool
	asked     bool // whether a station told anything, and the answer
	told      bool
	reservoir map[int64]registry.WaterObject // by subject
}

func (in *asking) readFlood(ctx context.Context) (*flood, error) {
	if in.flood != nil {
		return in.flood, nil
	}
	f := &flood{a: in.a, scope: in.Scope, limits: map[int64][]series.Limit{}, versions: map[reading.ID]map[int64]int64{}}
	until := in.Until
	if until.IsZero() {
		until = in.AsOf
	}
	if now := in.a.Clock.Now(); until.IsZero() || until.After(now) {
		until = now
	}
	if in.Day != nil {
		f.to = in.Day.Start().Add(eight)
		f.from = f.to.Add(-reading.HydrologicalDay)
	} else {
		f.from, f.to = in.Month.Start(), in.Month.End()
		if until.Before(f.to) {
			f.to = until
		}
	}
	in.flood = f
	switch {
	case !in.p.Can(identity.ObjectRead, "", in.Scope.ID):
		f.absent = &fault.Text{Zh: "无查看权限", En: "not to be seen"}
	case until.Before(f.to) || !f.from.Before(f.to):
		end := hourText(f.to)
		f.absent = &fault.Text{Zh: "统计时段至" + end.Zh + "，尚未结束，无数据", En: "the time that it tells of ends at " + end.En + ": no data yet"}
	}
	if f.absent != nil {
		return f, nil
	}
	return f, f.read(ctx)
}

func (f *flood) read(ctx context.Context) (err error) {
	if f.tree, err = f.a.Registry.Tree(ctx); err != nil {
		return err
	}
	if f.stations, err = f.a.Series.Stations(ctx, f.scope.ID); err != nil {
		return err
	}
	if len(f.stations) == 0 {
		f.absent = &fault.Text{Zh: "没有登记水雨情测站，无数据", En: "no gauging station is on record: no data"}
		return nil
	}
	limits, err := f.a.Series.Thresholds(ctx, 0)
	if err != nil {
		return err
	}
	for _, l := range limits {
		f.limits[l.Object] = append(f.limits[l.Object], l)
	}
	f.events, err = f.a.Series.ExceedancesBetween(ctx, f.from, f.to, f.scope.ID)
	return err
}

// of makes a list filler of what the gauges tell.
func ofGauges(fill func(ctx context.Context, f *flood, into *snapshot.List) error) func(context.Context, *asking, *snapshot.List) error {
	return func(ctx context.Context, in *asking, into *snapshot.List) error {
		f, err := in.readFlood(ctx)
		if err != nil {
			return err
		}
		if f.absent != nil {
			into.Absent = f.absent
			return nil
		}
		return fill(ctx, f, into)
	}
}

func none(zh, en string) *fault.Text { return &fault.Text{Zh: zh, En: en} }

func measures(st *series.Station, ids ...reading.ID) bool {
	return slices.ContainsFunc(ids, func(id reading.ID) bool {
		q, _ := reading.ByID(id)
		return slices.Contains(st.Quantities, q.Code)
	})
}

// version of the readings of a station in the time: 1 where all are as they first came.
func (f *flood) version(ctx context.Context, id reading.ID, objects ...int64) (int64, error) {
	if f.versions[id] == nil {
		got, err := f.a.Series.Revisions(ctx, id, f.from.Add(-fresh), f.to)
		if err != nil {
			return 0, err
		}
		f.versions[id] = got
	}
	n := int64(1)
	for _, o := range objects {
		n += f.versions[id][o]
	}
	return n, nil
}

func (f *flood) place(st *series.Station) registry.Division { return f.tree.CountyOf(st.Division) }

func nameOf(d registry.Division) fault.Text { return fault.T(d.NameZh, d.NameEn) }

func stationKey(prefix string, object int64) string {
	return prefix + "-" + strconv.FormatInt(object, 10)
}

func readings(object int64, version int64) *snapshot.Record {
	return &snapshot.Record{Kind: "readings", ID: strconv.FormatInt(object, 10), Version: version}
}

// hourText is an instant as documents write it: 6月8日8时, 6月8日7时40分.
func hourText(t time.Time) fault.Text {
	t = t.In(hydrotime.Beijing)
	zh := fmt.Sprintf("%d月%d日%d时", t.Month(), t.Day(), t.Hour())
	if t.Minute() > 0 {
		zh += fmt.Sprintf("%d分", t.Minute())
	}
	return fault.T(zh, t.Format("2006-01-02 15:04"))
}

// dayText is an instant of a known month as tables have room for it: 8日8:00.
func dayText(t time.Time) fault.Text {
	t = t.In(hydrotime.Beijing)
	return fault.T(fmt.Sprintf("%d日%d:%02d", t.Day(), t.Hour(), t.Minute()), t.Format("01-02 15:04"))
}

func stations(n int) snapshot.Field {
	return figure(quantity.Some(quantity.Int(int64(n))), "station", 0)
}

func millimetres(v quantity.Null) snapshot.Field { return figure(v, "mm", 1) }

func metres(v quantity.Null) snapshot.Field { return figure(v, "m", 2) }

func put(fields map[string]snapshot.Field, key string, f snapshot.Field) {
	if f.Number.Valid || f.Text.Zh != "" {
		fields[key] = f
	}
}

// rainOf is what every station of the scope gathered.
func (f *flood) rainOf(ctx context.Context) (map[int64]window.Sum, error) {
	if f.sums != nil {
		return f.sums, nil
	}
	all, _, err := f.a.Series.Sums(ctx, series.SumQuery{From: f.from, To: f.to, Exact: true})
	if err != nil {
		return nil, err
	}
	f.sums = all
	return f.sums, nil
}

// rainStations are those of some stations that measure rain.
func rainStations(list []series.Station) []series.Station {
	return slices.DeleteFunc(slices.Clone(list), func(st series.Station) bool { return !measures(&st, reading.Rain, reading.RainCounter) })
}

func rainQuality(s window.Sum) fault.Text {
	switch {
	case !s.Value.Valid:
		return fault.T("缺测", "no data")
	case s.Doubted > 0:
		return fault.T("含存疑", "some doubted")
	case !s.Whole():
		return fault.T("资料不全", "incomplete")
	}
	return fault.T("正常", "good")
}

// wettestOf puts the station with the most rain among some into the fields of an item, with its greatest hour.
func (f *flood) wettestOf(ctx context.Context, list []series.Station, sums map[int64]window.Sum, into map[string]snapshot.Field) error {
	at := -1
	for i := range list {
		if s := sums[list[i].Object]; s.Value.Valid && (at < 0 || s.Value.Decimal > sums[list[at].Object].Value.Decimal) {
			at = i
		}
	}
	if at < 0 || sums[list[at].Object].Value.Decimal <= 0 {
		return nil
	}
	into["station"], into["place"] = text(list[at].Name), text(nameOf(f.place(&list[at])))
	into["rain_most"] = millimetres(sums[list[at].Object].Value)
	return f.greatestHour(ctx, list[at].Object, into)
}

// greatestHour puts the hour with the most rain at a station into the fields of an item, and when it ended.
func (f *flood) greatestHour(ctx context.Context, object int64, into map[string]snapshot.Field) error {
	points, err := f.a.Series.Points(ctx, object, reading.Rain, f.from.Add(time.Second), f.to)
	if err != nil {
		return err
	}
	if best, ok := window.Greatest(points, time.Hour); ok && best.Value.Valid && best.Value.Decimal > 0 {
		into["hour"], into["at"], into["on"] = millimetres(best.Value), text(hourText(best.To)), text(dayText(best.To))
	}
	return nil
}

// listRain is the areal rain by division.
func listRain(ctx context.Context, f *flood, into *snapshot.List) error {
	sums, err := f.rainOf(ctx)
	if err != nil {
		return err
	}
	gauges := rainStations(f.stations)
	if len(gauges) == 0 {
		into.Absent = none("没有登记雨量站，无数据", "no rain gauge is on record: no data")
		return nil
	}
	var list []series.DivisionRain
	if f.scope.Level == "county" {
		one, err := f.a.Series.WholeRain(ctx, f.scope, sums)
		if err != nil {
			return err
		}
		list = []series.DivisionRain{one}
	} else if list, err = f.a.Series.DivisionsRain(ctx, f.scope.ID, sums); err != nil {
		return err
	}
	for _, d := range list {
		mine := slices.DeleteFunc(slices.Clone(gauges), func(st series.Station) bool { return !f.tree.Within(d.Division.ID, st.Division) })
		if len(mine) == 0 && d.Of == 0 {
			continue
		}
		fields := map[string]snapshot.Field{"name": text(nameOf(d.Division))}
		f.spoke(mine, sums, fields)
		if d.Rested > 0 {
			fields["rain"] = millimetres(d.Value)
		}
		if err := f.wettestOf(ctx, mine, sums, fields); err != nil {
			return err
		}
		version, err := f.version(ctx, reading.Rain, objectsOf(mine)...)
		if err != nil {
			return err
		}
		into.Items = append(into.Items, snapshot.Item{
			ID: "rain-" + d.Division.Code, Division: d.Division.Code, Of: &snapshot.Record{Kind: "readings", ID: d.Division.Code, Version: version}, Fields: fields,
		})
	}
	return nil
}

func objectsOf(list []series.Station) []int64 {
	out := make([]int64, len(list))
	for i := range list {
		out[i] = list[i].Object
	}
	return out
}

// spoke tells how many of some stations have rain on record, and how it is.
func (f *flood) spoke(list []series.Station, sums map[int64]window.Sum, into map[string]snapshot.Field) {
	reported, partial, doubted := 0, 0, 0
	for i := range list {
		s := sums[list[i].Object]
		if !s.Value.Valid {
			continue
		}
		reported++
		if !s.Whole() {
			partial++
		}
		if s.Doubted > 0 {
			doubted++
		}
	}
	into["reported"], into["expected"] = stations(reported), stations(len(list))
	put(into, "partial", maybe(partial))
	put(into, "doubted", maybe(doubted))
	switch {
	case reported == 0:
		into["quality"] = text(fault.T("缺测", "no data"))
	case doubted > 0:
		into["quality"] = text(fault.T("含存疑", "some doubted"))
	case partial > 0 || reported < len(list):
		into["quality"] = text(fault.T("资料不全", "incomplete"))
	default:
		into["quality"] = text(fault.T("正常", "good"))
	}
}

// maybe is a number of stations where there are any.
func maybe(n int) snapshot.Field {
	if n == 0 {
		return snapshot.Field{}
	}
	return stations(n)
}

// listRainStations are the stations with the most rain.
func listRainStations(ctx context.Context, f *flood, into *snapshot.List) error {
	sums, err := f.rainOf(ctx)
	if err != nil {
		return err
	}
	of := map[int64]*series.Station{}
	for i := range f.stations {
		of[f.stations[i].Object] = &f.stations[i]
	}
	for _, object := range window.Ranked(sums) {
		st, s := of[object], sums[object]
		if st == nil {
			continue
		}
		if !s.Value.Valid || s.Value.Decimal <= 0 || len(into.Items) == wettest {
			break
		}
		d := f.place(st)
		fields := map[string]snapshot.Field{"name": text(st.Name), "place": text(nameOf(d)), "rain": millimetres(s.Value), "quality": text(rainQuality(s))}
		if s.Doubted > 0 || !s.Whole() {
			fields["quality_note"] = fields["quality"]
		}
		if err := f.greatestHour(ctx, object, fields); err != nil {
			return err
		}
		version, err := f.version(ctx, reading.Rain, object)
		if err != nil {
			return err
		}
		into.Items = append(into.Items, snapshot.Item{ID: stationKey("rainfall", object), Division: d.Code, Of: readings(object, version), Fields: fields})
	}
	return nil
}

// reservoirs are the reservoirs that stations stand for.
func (f *flood) reservoirs(ctx context.Context) error {
	f.reservoir = map[int64]registry.WaterObject{}
	var subjects []int64
	for i := range f.stations {
		if f.stations[i].Subject != 0 {
			subjects = append(subjects, f.stations[i].Subject)
		}
	}
	var everywhere []int64 // a reservoir may lie beyond the border of its station's division
	for _, root := range f.tree.Roots() {
		everywhere = append(everywhere, root.ID)
	}
	slices.Sort(subjects)
	for some := range slices.Chunk(slices.Compact(subjects), 200) {
		_, err := f.a.Registry.EachObject(ctx, registry.ObjectQuery{IDs: some, Scopes: everywhere, Kinds: []objectrule.Kind{objectrule.Reservoir, objectrule.Pond, objectrule.Hydropower}}, len(some), func(o registry.WaterObject) error {
			f.reservoir[o.ID] = o
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// limit is the limit of a kind that holds at a station at the end of the time.
func (f *flood) limit(object int64, kind threshold.Kind) quantity.Null {
	for i := range f.limits[object] {
		if l := &f.limits[object][i]; l.Kind == kind {
			if v, ok := l.At(f.to); ok {
				return quantity.Some(v)
			}
		}
	}
	return quantity.Null{}
}
