package app

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"anlan/internal/bulletin/snapshot"
	"anlan/internal/fault"
	"anlan/internal/quantity"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/series/threshold"
)

// readLevels reads how high rivers and reservoirs stood, those farthest above their limit first.
func (f *flood) readLevels(ctx context.Context) error {
	if f.levelled {
		return nil
	}
	if err := f.reservoirs(ctx); err != nil {
		return err
	}
	for i := range f.stations {
		st := &f.stations[i]
		_, dam := f.reservoir[st.Subject]
		var err error
		switch {
		case (dam || st.Class == "RR") && measures(st, reading.UpperLevel, reading.Level):
			err = f.addDam(ctx, st)
		case measures(st, reading.Level, reading.Tide):
			err = f.addRiver(ctx, st)
		}
		if err != nil {
			return err
		}
	}
	for _, list := range [][]snapshot.Item{f.rivers, f.dams} {
		slices.SortStableFunc(list, func(a, b snapshot.Item) int {
			x, y := a.Fields["above"].Number, b.Fields["above"].Number
			if x.Valid != y.Valid {
				if x.Valid {
					return -1
				}
				return 1
			}
			return cmp.Or(cmp.Compare(y.Decimal, x.Decimal), cmp.Compare(a.Division, b.Division))
		})
	}
	f.levelled = true
	return nil
}

// level puts the level at the end of the time into the fields of an item, with its change within the day and its highest.
func (f *flood) level(ctx context.Context, object int64, id reading.ID, into map[string]snapshot.Field) (quantity.Null, error) {
	points, err := f.a.Series.Points(ctx, object, id, f.from.Add(-fresh), f.to)
	if err != nil {
		return quantity.Null{}, err
	}
	var was, is, most *reading.Point
	for i := range points {
		p := &points[i]
		if !p.Counts() {
			continue
		}
		if !p.At.After(f.from) {
			was = p
		} else if most == nil || p.Value.Decimal > most.Value.Decimal {
			most = p
		}
		if p.At.After(f.to.Add(-fresh)) {
			is = p
		}
	}
	if most != nil {
		into["highest"], into["highest_on"] = metres(most.Value), text(dayText(most.At))
	}
	if is == nil {
		into["quality"], into["state"] = text(fault.T("缺测", "no data")), text(fault.T("缺测", "no data"))
		return quantity.Null{}, nil
	}
	into["level"], into["at"], into["quality"] = metres(is.Value), text(hourText(is.At)), text(levelQuality(is.Flags))
	if is.Flags != 0 {
		into["note"] = into["quality"]
	}
	if was != nil {
		change := is.Value.Decimal - was.Value.Decimal
		word := fault.T("持平", "steady")
		if change.Round(2) > 0 {
			word = fault.T("涨", "rose by")
		} else if change.Round(2) < 0 {
			word, change = fault.T("落", "fell by"), -change
		}
		into["trend"] = text(word)
		if change.Round(2) != 0 {
			into["change"] = metres(quantity.Some(change))
		}
	}
	return is.Value, nil
}

func levelQuality(flags reading.Flag) fault.Text {
	var zh, en []string
	for _, n := range reading.FlagNames() {
		if flags&n.Flag != 0 {
			zh, en = append(zh, n.Name.Zh), append(en, n.Name.En)
		}
	}
	if len(zh) == 0 {
		return fault.T("正常", "good")
	}
	return fault.T(strings.Join(zh, "、"), strings.Join(en, ", "))
}

func (f *flood) addRiver(ctx context.Context, st *series.Station) error {
	id := reading.Level
	if !measures(st, id) {
		id = reading.Tide
	}
	d := f.place(st)
	fields := map[string]snapshot.Field{"name": text(st.Name), "place": text(nameOf(d))}
	v, err := f.level(ctx, st.Object, id, fields)
	if err != nil {
		return err
	}
	warning, guarantee := f.limit(st.Object, threshold.Warning), f.limit(st.Object, threshold.Guarantee)
	put(fields, "warning", metres(warning))
	put(fields, "guarantee", metres(guarantee))
	switch {
	case v.Valid && guarantee.Valid && v.Decimal >= guarantee.Decimal:
		fields["state"], fields["above"] = text(fault.T("超保证水位", "above the guaranteed level by")), metres(quantity.Some(v.Decimal-guarantee.Decimal))
	case v.Valid && warning.Valid && v.Decimal >= warning.Decimal:
		fields["state"], fields["above"] = text(fault.T("超警戒水位", "above the warning level by")), metres(quantity.Some(v.Decimal-warning.Decimal))
	}
	version, err := f.version(ctx, id, st.Object)
	f.rivers = append(f.rivers, snapshot.Item{ID: stationKey("level", st.Object), Division: d.Code, Of: readings(st.Object, version), Fields: fields})
	return err
}

func (f *flood) addDam(ctx context.Context, st *series.Station) error {
	id := reading.UpperLevel
	if !measures(st, id) {
		id = reading.Level
	}
	d := f.place(st)
	name := st.Name
	if o, ok := f.reservoir[st.Subject]; ok {
		name = o.Name
	}
	fields := map[string]snapshot.Field{"name": text(name), "place": text(nameOf(d))}
	v, err := f.level(ctx, st.Object, id, fields)
	if err != nil {
		return err
	}
	limit := f.limit(st.Object, threshold.FloodLimit)
	put(fields, "flood_limit", metres(limit))
	if v.Valid && limit.Valid && v.Decimal >= limit.Decimal {
		fields["state"], fields["above"] = text(fault.T("超汛限水位", "above the flood limit by")), metres(quantity.Some(v.Decimal-limit.Decimal))
	}
	if measures(st, reading.Storage) {
		held, err := f.a.Series.Points(ctx, st.Object, reading.Storage, f.to.Add(-fresh), f.to)
		if err != nil {
			return err
		}
		for _, p := range slices.Backward(held) {
			if p.Counts() { // in 10⁶ m³
				fields["storage"] = figure(quantity.Some(p.Value.Decimal*100), "wan_m3", 0)
				break
			}
		}
	}
	version, err := f.version(ctx, id, st.Object)
	f.dams = append(f.dams, snapshot.Item{ID: stationKey("dam", st.Object), Division: d.Code, Of: readings(st.Object, version), Fields: fields})
	return err
}

// listLevels are the levels of rivers or of reservoirs: all of them, or those above their limit.
func listLevels(of func(*flood) []snapshot.Item, above bool, absent fault.Text) func(context.Context, *asking, *snapshot.List) error {
	return ofGauges(func(ctx context.Context, f *flood, into *snapshot.List) error {
		if err := f.readLevels(ctx); err != nil {
			return err
		}
		all := of(f)
		if len(all) == 0 {
			into.Absent = &absent
			return nil
		}
		if above && spokeOf(all) == 0 { // that none is above would say more than is known
			into.Absent = none("各站均无8时水位，无数据", "no station has a level at 08:00: no data")
			return nil
		}
		for _, it := range all {
			if !above {
				into.Items = append(into.Items, it)
			} else if it.Fields["above"].Number.Valid {
				it.ID = "above-" + it.ID // it stands in the list of all, too
				into.Items = append(into.Items, it)
			}
		}
		return nil
	})
}

func riversOf(f *flood) []snapshot.Item { return f.rivers }

func damsOf(f *flood) []snapshot.Item { return f.dams }

// listFloodDay is the scope as a whole, as a list of one: rain, and how many rivers and reservoirs stand above their limits.
func listFloodDay(ctx context.Context, f *flood, into *snapshot.List) error {
	fields := map[string]snapshot.Field{"name": text(nameOf(f.scope))}
	if gauges := rainStations(f.stations); len(gauges) > 0 {
		sums, err := f.rainOf(ctx)
		if err != nil {
			return err
		}
		f.spoke(gauges, sums, fields)
		whole, err := f.a.Series.WholeRain(ctx, f.scope, sums)
		if err != nil {
			return err
		}
		if err := f.wettestOf(ctx, gauges, sums, fields); err != nil {
			return err
		}
		if whole.Rested > 0 {
			fields["rain"] = millimetres(whole.Value)
			if _, rained := fields["rain_most"]; !rained {
				fields["dry"] = text(fault.T("有资料的雨量站均未测得降雨", "no station measured rain"))
			}
		}
	}
	if err := f.readLevels(ctx); err != nil {
		return err
	}
	warned, guaranteed := 0, 0
	for _, it := range f.rivers {
		if above := it.Fields["state"].Text.Zh; above == "超保证水位" {
			guaranteed++
		} else if above == "超警戒水位" {
			warned++
		}
	}
	if n := len(f.rivers); n > 0 {
		fields["rivers"], fields["rivers_reported"] = stations(n), stations(spokeOf(f.rivers))
		put(fields, "above_warning", maybe(warned))
		put(fields, "above_guarantee", maybe(guaranteed))
	}
	if n := len(f.dams); n > 0 {
		dams := func(n int) snapshot.Field { return figure(quantity.Some(quantity.Int(int64(n))), "reservoir", 0) }
		fields["dams"], fields["dams_reported"] = dams(n), dams(spokeOf(f.dams))
		above, storing, held := 0, 0, quantity.Decimal(0)
		for _, it := range f.dams {
			if it.Fields["above"].Number.Valid {
				above++
			}
			if s := it.Fields["storage"].Number; s.Valid {
				storing, held = storing+1, held+s.Decimal
			}
		}
		if above > 0 {
			fields["above_limit"] = dams(above)
		}
		if storing > 0 {
			fields["storing"], fields["storage"] = dams(storing), figure(quantity.Some(held), "wan_m3", 0)
		}
	}
	version := int64(1)
	for _, id := range []reading.ID{reading.Rain, reading.Level, reading.UpperLevel, reading.Tide} {
		n, err := f.version(ctx, id, objectsOf(f.stations)...)
		if err != nil {
			return err
		}
		version += n - 1
	}
	into.Items = append(into.Items, snapshot.Item{ID: "flood-" + f.scope.Code, Division: f.scope.Code, Of: &snapshot.Record{Kind: "readings", ID: f.scope.Code, Version: version}, Fields: fields})
	return nil
}

func spokeOf(list []snapshot.Item) int {
	n := 0
	for _, it := range list {
		if it.Fields["level"].Number.Valid {
			n++
		}
	}
	return n
}

// kindName is what an event is called in a document, and in which unit and with how many decimals its figures stand.
func kindName(e *series.Exceedance) (name fault.Text, unit string, decimals int) {
	switch threshold.Kind(e.Kind) {
	case threshold.Warning:
		return fault.T("超警戒水位", "above the warning level"), "m", 2
	case threshold.Guarantee:
		return fault.T("超保证水位", "above the guaranteed level"), "m", 2
	case threshold.FloodLimit:
		return fault.T("超汛限水位", "above the flood limit"), "m", 2
	}
	minutes, _ := strconv.Atoi(strings.TrimPrefix(e.Kind, string(threshold.Rain)+"_"))
	span := fault.T(strconv.Itoa(minutes)+"分钟", strconv.Itoa(minutes)+" min")
	if minutes%60 == 0 && minutes > 0 {
		span = fault.T(strconv.Itoa(minutes/60)+"小时", strconv.Itoa(minutes/60)+" h")
	}
	return fault.T(span.Zh+"降雨超阈值", "rain of "+span.En+" beyond its limit"), "mm", 1
}

// heard reports whether any station of the scope told anything in the time: where none did, that there was no event says nothing.
func (f *flood) heard(ctx context.Context) (bool, error) {
	if f.asked || len(f.events) > 0 {
		return f.told || len(f.events) > 0, nil
	}
	in := map[int64]bool{}
	for i := range f.stations {
		in[f.stations[i].Object] = true
	}
	sums, err := f.rainOf(ctx)
	if err != nil {
		return false, err
	}
	for object, s := range sums {
		f.told = f.told || in[object] && s.Value.Valid
	}
	for _, id := range []reading.ID{reading.Level, reading.UpperLevel, reading.Tide} {
		if f.told {
			break
		}
		found, err := f.a.Series.Extremes(ctx, id, f.from.Add(time.Second), f.to)
		if err != nil {
			return false, err
		}
		for object := range found {
			f.told = f.told || in[object]
		}
	}
	f.asked = true
	return f.told, nil
}

func silent(e *series.Exceedance) bool { return e.Kind == string(threshold.Silence) }

// stands reports whether an event had not cleared by the end of the time.
func (f *flood) stands(e *series.Exceedance) bool { return e.Live || e.Below.At.After(f.to) }

// listWarnings are the events of levels and rain within the time, the first first. A level is told by its highest within the time, which
// no later reading moves; rain by what set the event off.
func listWarnings(ctx context.Context, f *flood, into *snapshot.List) error {
	if heard, err := f.heard(ctx); err != nil || !heard {
		into.Absent = none("各站均无资料，无数据", "no station told anything: no data")
		return err
	}
	of := map[int64]*series.Station{}
	for i := range f.stations {
		of[f.stations[i].Object] = &f.stations[i]
	}
	for i := range f.events {
		e := &f.events[i]
		st := of[e.Object]
		if st == nil || silent(e) {
			continue
		}
		d := f.place(st)
		kind, unit, decimals := kindName(e)
		peak, cleared, end := e.Onset, fault.T("未解除", "stands"), f.to
		if !f.stands(e) {
			cleared, end = dayText(e.Below.At), e.Below.At
		}
		if unit == "m" {
			q, _ := reading.ByCode(e.Quantity)
			points, err := f.a.Series.Points(ctx, e.Object, q.ID, later(e.Onset.At, f.from), end)
			if err != nil {
				return err
			}
			for _, p := range points {
				if p.Counts() && (p.Value.Decimal > peak.Value.Decimal || peak.At.Before(f.from)) {
					peak = threshold.Sample{At: p.At, Value: p.Value}
				}
			}
		}
		fields := map[string]snapshot.Field{
			"name": text(st.Name), "place": text(nameOf(d)), "kind": text(kind), "on": text(dayText(e.Onset.At)), "highest_on": text(dayText(peak.At)), "cleared": text(cleared),
		}
		put(fields, "limit", figure(e.Limit, unit, decimals))
		put(fields, "highest", figure(peak.Value, unit, decimals))
		into.Items = append(into.Items, snapshot.Item{
			ID: "event-" + strconv.FormatInt(e.ID, 10), Division: d.Code, Of: &snapshot.Record{Kind: "exceedance", ID: strconv.FormatInt(e.ID, 10), Version: e.Changed.UnixMilli()}, Fields: fields,
		})
	}
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// listSilences are the divisions whose stations fell silent within the time.
func listSilences(ctx context.Context, f *flood, into *snapshot.List) error {
	if heard, err := f.heard(ctx); err != nil || !heard {
		into.Absent = none("各站均无资料，无数据", "no station told anything: no data")
		return err
	}
	type silence struct {
		events  int64
		names   []fault.Text
		objects map[int64]bool
		longest time.Duration
		changed int64
	}
	of := map[int64]*series.Station{}
	for i := range f.stations {
		of[f.stations[i].Object] = &f.stations[i]
	}
	by := map[string]*silence{}
	var order []snapshot.Item
	for i := range f.events {
		e := &f.events[i]
		st := of[e.Object]
		if st == nil || !silent(e) {
			continue
		}
		d := f.place(st)
		s := by[d.Code]
		if s == nil {
			s = &silence{objects: map[int64]bool{}}
			by[d.Code] = s
			order = append(order, snapshot.Item{ID: "silent-" + d.Code, Division: d.Code, Fields: map[string]snapshot.Field{"name": text(nameOf(d))}})
		}
		end := f.to
		if !f.stands(e) {
			end = e.Below.At
		}
		s.events, s.longest, s.changed = s.events+1, max(s.longest, end.Sub(later(e.Onset.At, f.from))), max(s.changed, e.Changed.UnixMilli())
		if !s.objects[e.Object] {
			s.objects[e.Object] = true
			s.names = append(s.names, st.Name)
		}
	}
	for i := range order {
		it := &order[i]
		s := by[it.Division]
		it.Of = &snapshot.Record{Kind: "exceedance", ID: it.Division, Version: s.changed}
		it.Fields["silent_stations"], it.Fields["events"] = stations(len(s.objects)), figure(quantity.Some(quantity.Int(s.events)), "time", 0)
		it.Fields["longest"] = figure(quantity.Some(quantity.Int(int64(s.longest/time.Minute))), "minute", 0)
		it.Fields["stations"] = text(namesOf(s.names))
	}
	into.Items = append(into.Items, order...)
	return nil
}

// namesOf writes the first few of some names.
func namesOf(names []fault.Text) fault.Text {
	const most = 5
	var zh, en []string
	for _, n := range names[:min(len(names), most)] {
		zh, en = append(zh, n.Zh), append(en, cmp.Or(n.En, n.Zh))
	}
	out := fault.T(strings.Join(zh, "、"), strings.Join(en, ", "))
	if len(names) > most {
		out.Zh, out.En = out.Zh+"等", out.En+" and others"
	}
	return out
}

// listWarningCounts is how many events there were of each kind, as a list of one; nothing where there was none.
func listWarningCounts(ctx context.Context, f *flood, into *snapshot.List) error {
	if heard, err := f.heard(ctx); err != nil || !heard {
		into.Absent = none("各站均无资料，无数据", "no station told anything: no data")
		return err
	}
	n := map[string]int64{}
	at := map[int64]bool{}
	changed := int64(0)
	for i := range f.events {
		e := &f.events[i]
		changed = max(changed, e.Changed.UnixMilli())
		if silent(e) {
			n["silent"]++
			continue
		}
		n["exceedances"]++
		kind := e.Kind
		if strings.HasPrefix(kind, string(threshold.Rain)) {
			kind = "rain"
		}
		n[kind]++
		at[e.Object] = true
		if f.stands(e) {
			n["standing"]++
		}
	}
	if len(n) == 0 {
		return nil
	}
	fields := map[string]snapshot.Field{"name": text(nameOf(f.scope))}
	for key, v := range n {
		fields[key] = figure(quantity.Some(quantity.Int(v)), "time", 0)
	}
	put(fields, "stations", maybe(len(at)))
	into.Items = append(into.Items, snapshot.Item{ID: "events-" + f.scope.Code, Division: f.scope.Code, Of: &snapshot.Record{Kind: "exceedance", ID: f.scope.Code, Version: changed}, Fields: fields})
	return nil
}
