package demo

import (
	"context"
	"fmt"
	"math"
	"net"
	"time"

	"anlan/internal/fault"
	"anlan/internal/geodesy"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/series/curve"
	"anlan/internal/series/reading"
	"anlan/internal/series/threshold"
	"anlan/internal/sl651"
	"anlan/internal/store"
	"anlan/internal/telemetry/book"
	"anlan/internal/telemetry/station"
)

const (
	historyDays = 14
	lately      = 3 * 24 * time.Hour // of which the history has every ten minutes; before it is told by the hour
	historyStep = 10 * time.Minute
	rainStep    = 5 * time.Minute
	// liveStep is how often a station reports, by the demo's clock; longer where that runs fast, so that the machine keeps its breath.
	liveStep = time.Minute
	fastStep = 5 * time.Minute
	brisk    = 10 // times as fast
)

// begins is when the demo's clock does, and history ends shortly before.
func begins() time.Time {
	day, _ := hydrotime.ParseDate(Today)
	return day.Start().Add(8*time.Hour + 40*time.Minute).UTC()
}

// front is how hard it rains at a station, 0 to 1, before the typhoon: two days before today a front crosses the city, and now and then
// there is a shower.
func front(k int, at time.Time) float64 {
	hours := at.Sub(frontBegins()).Hours() - float64(k%12)/3
	front := math.Max(0, math.Sin(math.Pi*hours/30))
	if hours < 0 || hours > 30 {
		front = 0
	}
	shower := math.Max(0, math.Sin(float64(at.Unix())/86_400*2.1+float64(k))-0.93) * 4
	if begins().Sub(at) < 36*time.Hour { // the typhoon finds rivers that have fallen
		shower = 0
	}
	return math.Min(1, front+shower)
}

func frontBegins() time.Time { return time.Date(2026, 6, 5, 12, 0, 0, 0, time.UTC) }

// The typhoon (演示台风) is made up: its outer bands arrive bandsBefore the demo begins, it is nearest heightAfter later, and it is gone
// at goneAfter. Some 200 to 400 mm fall, as in storms that passed this coast.
const (
	bandsBefore = 10 * time.Hour
	heightAfter = 14 * time.Hour
	goneAfter   = 30 * time.Hour
)

// typhoon is how hard it rains at a station, in millimetres an hour: more on the hills of the south than on the plain, in bands.
func typhoon(k int, hill bool, at time.Time) float64 {
	since := at.Sub(begins())
	u := float64(since+bandsBefore) / float64(goneAfter+bandsBefore)
	if u <= 0 || u >= 1 {
		return 0
	}
	most := 12 + 6*wobble("typhoon", k)
	if hill {
		most += 9
	}
	band := 0.75 + 0.35*math.Sin(since.Hours()*2.1+float64(k))
	return most * math.Pow(math.Sin(math.Pi*u), 1.4) * band
}

// swell is how far the typhoon's flood has come so long after the demo begins, 0 to 1: half of it has come when one looks first.
func swell(since time.Duration) float64 {
	u := float64(since+16*time.Hour) / float64(heightAfter+18*time.Hour)
	switch {
	case u <= 0:
		return 0
	case u < 1:
		return u * u * (3 - 2*u)
	}
	return math.Exp(-(u - 1) * 0.9)
}

// rainAt is what fell in a step that ends at an instant, in tenths of a millimetre.
func (p *post) rainAt(k int, at time.Time, step time.Duration) int64 {
	mm := front(k, at)*9 + typhoon(k, p.task != onRiver, at.Add(-step/2))
	return int64(math.Round(mm * 10 * step.Hours()))
}

// levelAt follows the rain by some hours, in millimetres.
func (p *post) levelAt(k int, at time.Time) int64 {
	first := 0.0
	for back := 2; back <= 24; back += 2 {
		first += front(k, at.Add(-time.Duration(back)*time.Hour)) / 12
	}
	if p.task == onDam {
		return p.base + int64(first*0.4*float64(p.limit-p.base)+swell(at.Sub(begins()))*p.rise)
	}
	tide := 8 * math.Sin(float64(at.Unix())/44_712*2*math.Pi)
	return p.base + int64(first*1.6*float64(p.limit-p.base)+tide+swell(at.Sub(begins()))*p.rise)
}

// The bed of a demo's reservoir lies so far below its flood limit, and the level at which it is full so far above, in millimetres.
const (
	belowLimit = 30_000
	aboveLimit = 5_000
)

// storedAt is what a reservoir holds, in 1,000 m³, for a level: its valley widens upward, and it is full some metres above its limit.
func (p *post) storedAt(level int64) int64 {
	depth := float64(level-p.limit+belowLimit) / (belowLimit + aboveLimit)
	return int64(math.Round(float64(p.storage) * math.Pow(math.Max(0, math.Min(1, depth)), 2.2)))
}

// curve is the level–storage curve of a reservoir, a point each metre; it is kept at the limit of the dry season.
func (p *post) curve() series.StorageCurve {
	c := curve.Curve{Normal: thousandths(p.limit + 2000), Dead: thousandths(p.limit - 20_000), Total: thousandths(p.storage), Surveyed: "演示数据 demonstration"}
	for mm := p.limit - belowLimit; mm <= p.limit+aboveLimit; mm += 1000 {
		c.Points = append(c.Points, curve.Point{Level: thousandths(mm).Decimal, Storage: thousandths(p.storedAt(mm)).Decimal})
	}
	return series.StorageCurve{Curve: c}
}

// measured is a figure in thousandths of its unit.
type measured struct {
	of      reading.ID
	element sl651.ID
	value   int64
}

// observe is what a station measures at an instant, but its rain.
func (p *post) observe(k int, at time.Time) []measured {
	if p.task == onHill {
		return nil
	}
	level := p.levelAt(k, at)
	if p.task == onRiver {
		return []measured{{reading.Level, 0x39, level}}
	}
	return []measured{{reading.UpperLevel, 0x3B, level}, {reading.Storage, storageElement, p.storedAt(level)}}
}

// gauges puts stations on record with policies, thresholds and two weeks of history.
func (f *filler) gauges(ctx context.Context) error {
	all, err := f.allPosts(ctx)
	if err != nil {
		return err
	}
	places := make([]geodesy.Point, len(all))
	for k := range all {
		if places[k], err = f.placeOf(ctx, &all[k]); err != nil {
			return fmt.Errorf("place of station %s: %w", all[k].en, err)
		}
	}
	objects := make([]int64, len(all))
	err = f.Store.Write(ctx, func(tx *store.Tx) (err error) {
		for k := range all {
			if objects[k], err = f.gauge(ctx, tx, &all[k], places[k]); err != nil {
				return fmt.Errorf("station %s: %w", all[k].en, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	source, err := f.Series.Source(ctx, series.FromGauge, "sl651")
	if err != nil {
		return err
	}
	end := begins().Add(-historyStep)
	var list []reading.Reading
	for at, step := end.Add(-historyDays*24*time.Hour).Truncate(time.Hour), time.Hour; !at.After(end); at = at.Add(step) {
		if end.Sub(at) < lately {
			step = historyStep
		}
		for k := range all {
			for _, m := range all[k].observe(k, at) {
				list = append(list, reading.Reading{Object: objects[k], Quantity: m.of, At: at, Value: thousandths(m.value), Source: source})
			}
			list = append(list, reading.Reading{Object: objects[k], Quantity: reading.Rain, At: at, Value: thousandths(all[k].rainAt(k, at, step) * 100), Span: step, Source: source})
		}
		if len(list) > 20_000 || at.Add(step).After(end) {
			if _, err := f.Series.Append(ctx, list); err != nil {
				return err
			}
			list = list[:0]
		}
	}
	f.fleet = all
	return nil
}

// allPosts are the stations of rivers and hills, and those of twenty reservoirs: the first of each county's.
func (f *filler) allPosts(ctx context.Context) ([]post, error) {
	all := posts()
	n := 0
	for _, c := range counties() {
		for i, id := range f.works[c.code] {
			if n == dams || i >= 4 {
				break
			}
			o, err := f.Registry.Object(ctx, id)
			if err != nil {
				return nil, err
			}
			all = append(all, damPost(n, c.code, o.Name.Zh, id, int64(o.StorageWanM3.Decimal/quantity.Scale)*10))
			n++
		}
	}
	return all, nil
}

const dams = 20

func thousandths(n int64) quantity.Null { return quantity.Some(quantity.Decimal(n * 1000)) }

// storageElement is an extension of the demo's own, since the standard has no element for what a reservoir holds.
const storageElement = 0xFF01

func (f *filler) gauge(ctx context.Context, tx *store.Tx, p *post, place geodesy.Point) (int64, error) {
	st := series.Station{Class: "PP", Quantities: []string{"rain", "voltage"}}
	elements := []book.Element{{Element: "22", Quantity: "rain"}, {Element: "38", Quantity: "voltage"}}
	limits := []limit{
		{reading.Rain, threshold.Threshold{Kind: threshold.Rain, Level: quantity.Some(quantity.Int(150)), Minutes: 24 * 60}},
		{reading.Rain, threshold.Threshold{Kind: threshold.Silence, Minutes: 60}},
	}
	level := func(kind threshold.Kind, at int64) limit {
		return limit{reading.Level, threshold.Threshold{Kind: kind, Level: thousandths(at), Fall: quantity.MustParse("0.1"), HoldMinutes: 30}}
	}
	switch p.task {
	case onRiver:
		st = series.Station{Class: "ZZ", Datum: "1985", Quantities: []string{"level", "rain", "voltage"}}
		elements = append(elements, book.Element{Element: "39", Quantity: "level"})
		limits = append(limits, level(threshold.Warning, p.limit), level(threshold.Guarantee, p.limit+(p.limit-p.base)*6/10))
	case onDam:
		st = series.Station{Class: "RR", Datum: "1985", Subject: p.dam, Quantities: []string{"upper_level", "storage", "rain", "voltage"}}
		elements = append(elements, book.Element{Element: "3B", Quantity: "upper_level"}, book.Element{Element: "FF01", Quantity: "storage"})
		limits = append(limits, p.floodLimit())
	}
	o := registry.NewWaterObject{Name: fault.T(p.zh, p.en), Division: p.county, Scheme: demoScheme, Code: "CZ" + p.address.String()}
	o.Place = &place
	id, err := f.Series.AddStation(ctx, tx, registry.Program(), o, st)
	if err != nil {
		return 0, err
	}
	for _, l := range limits {
		if _, err := f.Series.SetThreshold(ctx, tx, registry.Program(), id, l.of, l.is); err != nil {
			return 0, err
		}
	}
	if p.task == onDam && p.limit/1000%7 != 3 { // not every office has surveyed its valleys
		if err := f.Series.SetStorageCurve(ctx, tx, registry.Program(), id, p.curve()); err != nil {
			return 0, err
		}
	}
	return id, f.Book.SetStation(ctx, tx, registry.Program(), book.Policy{Station: p.address.String(), Object: id, Mode: 2, Stay: true, AnyPassword: true, Elements: elements, ReportMinutes: int(fastStep / time.Minute)})
}

type limit struct {
	of reading.ID
	is threshold.Threshold
}

// floodLimit is lower in the season of typhoons than in that of the plum rains, which the demo's day lies in.
func (p *post) floodLimit() limit {
	at := func(mm int64) quantity.Decimal { return thousandths(mm).Decimal }
	return limit{reading.UpperLevel, threshold.Threshold{Kind: threshold.FloodLimit, Fall: quantity.MustParse("0.05"), HoldMinutes: 30, Periods: []threshold.Period{
		{Begin: "0415", End: "0715", Level: at(p.limit), Name: fault.T("梅汛期", "plum rains")},
		{Begin: "0716", End: "1015", Level: at(p.limit - 500), Name: fault.T("台汛期", "typhoons")},
		{Begin: "1016", End: "0414", Level: at(p.limit + 2000), Name: fault.T("非汛期", "dry season")},
	}}}
}

// placeOf is where a station stands: at its dam, or somewhere in its county.
func (f *filler) placeOf(ctx context.Context, p *post) (geodesy.Point, error) {
	if p.dam != 0 {
		o, err := f.Registry.Object(ctx, p.dam)
		if err != nil {
			return geodesy.Point{}, err
		}
		if o.Place != nil {
			return *o.Place, nil
		}
	}
	area, err := outlineOf(p.county)
	if err != nil {
		return geodesy.Point{}, err
	}
	return inside(area, 1000+int(p.address[4])), nil
}

// PlayStations runs stations of the demo from an instant on until ctx ends: each reports its level every minute and its rain every five, in
// frames over TCP, and answers what it is asked. Their time runs speed times as fast as the machine's.
func PlayStations(ctx context.Context, fleet Fleet, from time.Time, speed float64, dial func(context.Context) (net.Conn, error)) error {
	clock := station.NewClock(from, speed)
	step := liveStep
	if speed >= brisk {
		step = fastStep
	}
	var list []*station.Station
	for k := range fleet {
		p := &fleet[k]
		list = append(list, station.New(station.Config{Station: p.address, Class: 'H', Clock: clock, Feed: p.feed(k, from, step), Dial: dial, Seed: uint64(k), Obeys: true}))
	}
	_, err := station.Run(ctx, list)
	return err
}

// Fleet is the stations of a demo city.
type Fleet []post

// feed has no end.
func (p *post) feed(k int, from time.Time, step time.Duration) station.Feed {
	at := from.Truncate(step).Add(-step) // the first is due at once
	seen := false                        // by its camera
	return func() (station.Row, bool) {
		at = at.Add(step)
		row := station.Row{At: at, Values: []sl651.Observation{{Element: 0x38, Value: sl651.Of(1260-int64(k%7)*9, 2)}}}
		for _, m := range p.observe(k, at) {
			row.Values = append(row.Values, sl651.Observation{Element: m.element, Value: sl651.Of(m.value, 3)})
		}
		if at.Equal(at.Truncate(rainStep)) {
			row.Values = append(row.Values, sl651.Observation{Element: 0x22, Value: sl651.Of(p.rainAt(k, at, rainStep), 1)})
		}
		if p.hasCamera(k) && (!seen || at.Equal(at.Truncate(time.Hour))) {
			row.Picture, seen = p.picture(k, at), true
		}
		return row, true
	}
}
