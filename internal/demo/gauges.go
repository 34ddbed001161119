package demo

import (
	"context"
	"fmt"
	"math"
	"net"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/series/threshold"
	"anlan/internal/sl651"
	"anlan/internal/store"
	"anlan/internal/telemetry/book"
	"anlan/internal/telemetry/station"
)

// post is a gauging station of the demo; levels are in millimetres.
type post struct {
	county, zh, en string
	river          bool // tells a level besides rain
	base, warning  int64
	address        sl651.Address
}

// posts are two stations for each county but the functional area and one other, on rivers and on hills.
func posts() []post {
	list := []post{
		{county: "330602", zh: "越城站", en: "Yuecheng station", river: true, base: 4_100, warning: 4_900},
		{county: "330603", zh: "平水站", en: "Pingshui station", river: true, base: 12_300, warning: 13_600},
		{county: "330603", zh: "王化雨量站", en: "Wanghua rain gauge"},
		{county: "330604", zh: "上虞东站", en: "Shangyu east station", river: true, base: 5_200, warning: 6_800},
		{county: "330604", zh: "汤浦雨量站", en: "Tangpu rain gauge"},
		{county: "330624", zh: "新昌站", en: "Xinchang station", river: true, base: 38_400, warning: 40_500},
		{county: "330624", zh: "巧英雨量站", en: "Qiaoying rain gauge"},
		{county: "330681", zh: "诸暨站", en: "Zhuji station", river: true, base: 7_000, warning: 10_600},
		{county: "330681", zh: "陈蔡雨量站", en: "Chencai rain gauge"},
		{county: "330683", zh: "嵊州站", en: "Shengzhou station", river: true, base: 13_900, warning: 15_800},
		{county: "330683", zh: "长乐雨量站", en: "Changle rain gauge"},
		{county: "330600-BH", zh: "滨海闸上站", en: "Binhai sluice station", river: true, base: 3_700, warning: 4_300},
	}
	for i := range list {
		list[i].address = sl651.Address{0, 0x61, 0, 0x20, byte(i + 1)}
	}
	return list
}

const (
	historyDays = 14
	historyStep = 10 * time.Minute
	rainStep    = 5 * time.Minute
	liveStep    = time.Minute
)

// storm is how hard it rains at a station, 0 to 1: two days before today a front crosses the city, and now and then there is a shower.
func storm(k int, at time.Time) float64 {
	hours := at.Sub(stormBegins()).Hours() - float64(k)/3
	front := math.Max(0, math.Sin(math.Pi*hours/30))
	if hours < 0 || hours > 30 {
		front = 0
	}
	shower := math.Max(0, math.Sin(float64(at.Unix())/86_400*2.1+float64(k))-0.93) * 4
	return math.Min(1, front+shower)
}

func stormBegins() time.Time { return time.Date(2026, 6, 5, 12, 0, 0, 0, time.UTC) }

// rainAt is what fell in a step that ends at an instant, in tenths of a millimetre.
func rainAt(k int, at time.Time, step time.Duration) int64 {
	return int64(math.Round(storm(k, at) * 90 * step.Hours())) // some 9 mm in an hour at the height of it
}

// levelAt follows the rain by some hours, in millimetres.
func (p *post) levelAt(k int, at time.Time) int64 {
	swell := 0.0
	for back := 2; back <= 24; back += 2 {
		swell += storm(k, at.Add(-time.Duration(back)*time.Hour)) / 12
	}
	tide := 20 * math.Sin(float64(at.Unix())/44_712*2*math.Pi)
	return p.base + int64(swell*1.6*float64(p.warning-p.base)+tide)
}

// gauges puts stations on record with policies, thresholds and two weeks of history.
func (f *filler) gauges(ctx context.Context) error {
	objects := map[int]int64{}
	err := f.Store.Write(ctx, func(tx *store.Tx) error {
		for k, p := range posts() {
			id, err := f.gauge(ctx, tx, &p)
			if err != nil {
				return fmt.Errorf("station %s: %w", p.en, err)
			}
			objects[k] = id
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
	day, err := hydrotime.ParseDate(Today)
	if err != nil {
		return err
	}
	end := day.Start().Add(8*time.Hour + 30*time.Minute).UTC()
	for at := end.Add(-historyDays * 24 * time.Hour); !at.After(end); {
		var list []reading.Reading
		for until := at.Add(24 * time.Hour); at.Before(until) && !at.After(end); at = at.Add(historyStep) {
			for k, p := range posts() {
				if p.river {
					list = append(list, reading.Reading{Object: objects[k], Quantity: reading.Level, At: at, Value: thousandths(p.levelAt(k, at)), Source: source})
				}
				list = append(list, reading.Reading{Object: objects[k], Quantity: reading.Rain, At: at, Value: thousandths(rainAt(k, at, historyStep) * 100), Span: historyStep, Source: source})
			}
		}
		if _, err := f.Series.Append(ctx, list); err != nil {
			return err
		}
	}
	return nil
}

func thousandths(n int64) quantity.Null { return quantity.Some(quantity.Decimal(n * 1000)) }

func (f *filler) gauge(ctx context.Context, tx *store.Tx, p *post) (int64, error) {
	st := series.Station{Class: "PP", Quantities: []string{"rain", "voltage"}}
	elements := []book.Element{{Element: "22", Quantity: "rain"}, {Element: "38", Quantity: "voltage"}}
	if p.river {
		st = series.Station{Class: "ZZ", Datum: "1985", Quantities: []string{"level", "rain", "voltage"}}
		elements = append(elements, book.Element{Element: "39", Quantity: "level"})
	}
	area, err := outlineOf(p.county)
	if err != nil {
		return 0, err
	}
	o := registry.NewWaterObject{Name: fault.T(p.zh+"（演示）", p.en+" (demo)"), Division: p.county, Scheme: demoScheme, Code: "CZ" + p.address.String()}
	place := inside(area, 1000+int(p.address[4]))
	o.Place = &place
	id, err := f.Series.AddStation(ctx, tx, registry.Program(), o, st)
	if err != nil {
		return 0, err
	}
	limits := []threshold.Threshold{{Kind: threshold.Rain, Level: quantity.Some(quantity.Int(50)), Minutes: 24 * 60}, {Kind: threshold.Silence, Minutes: 60}}
	ids := []reading.ID{reading.Rain, reading.Rain}
	if p.river {
		limits = append(limits, threshold.Threshold{Kind: threshold.Warning, Level: thousandths(p.warning), Fall: quantity.MustParse("0.1"), HoldMinutes: 30},
			threshold.Threshold{Kind: threshold.Guarantee, Level: thousandths(p.warning + 1000), Fall: quantity.MustParse("0.1"), HoldMinutes: 30})
		ids = append(ids, reading.Level, reading.Level)
	}
	for i, l := range limits {
		if _, err := f.Series.SetThreshold(ctx, tx, registry.Program(), id, ids[i], l); err != nil {
			return 0, err
		}
	}
	return id, f.Book.SetStation(ctx, tx, registry.Program(), book.Policy{Station: p.address.String(), Object: id, Mode: 2, Stay: true, AnyPassword: true, Elements: elements})
}

// PlayStations runs the demo's stations from an instant on until ctx ends: each reports its level every minute and its rain every five, in
// frames over TCP, and answers what it is asked.
func PlayStations(ctx context.Context, from time.Time, dial func(context.Context) (net.Conn, error)) error {
	clock := station.NewClock(from, 1)
	var fleet []*station.Station
	for k, p := range posts() {
		fleet = append(fleet, station.New(station.Config{Station: p.address, Class: 'H', Clock: clock, Feed: p.feed(k, from), Dial: dial, Seed: uint64(k), Obeys: true}))
	}
	_, err := station.Run(ctx, fleet)
	return err
}

// feed has no end.
func (p *post) feed(k int, from time.Time) station.Feed {
	at := from.Truncate(liveStep).Add(-liveStep) // the first is due at once
	return func() (station.Row, bool) {
		at = at.Add(liveStep)
		row := station.Row{At: at, Values: []sl651.Observation{{Element: 0x38, Value: sl651.Of(1260, 2)}}}
		if p.river {
			row.Values = append(row.Values, sl651.Observation{Element: 0x39, Value: sl651.Of(p.levelAt(k, at), 3)})
		}
		if at.Equal(at.Truncate(rainStep)) {
			row.Values = append(row.Values, sl651.Observation{Element: 0x22, Value: sl651.Of(rainAt(k, at, rainStep), 1)})
		}
		return row, true
	}
}
