package series_test

import (
	"fmt"
	"testing"
	"time"

	"anlan/internal/fault"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/store"
	"anlan/internal/store/storetest"
)

// fleet is many stations with a history.
type fleet struct {
	testing.TB
	svc      *series.Service
	db       *store.DB
	at       time.Time
	stations []int64
	source   int64
}

func newFleet(tb testing.TB, n int) *fleet {
	tb.Helper()
	f := &fleet{TB: tb, db: storetest.SQLite(tb), at: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)}
	now := func() time.Time { return f.at }
	reg := registry.New(f.db, now)
	f.svc = series.New(series.Options{Store: f.db, Registry: reg, Now: now})
	err := f.db.Write(tb.Context(), func(tx *store.Tx) error {
		err := reg.AddDivisions(tb.Context(), tx, []registry.NewDivision{{Code: "330600", Name: fault.T("市", "city"), Kind: registry.Administrative, Level: "city"}})
		for i := range n {
			if err != nil {
				return err
			}
			id := int64(i + 1)
			f.stations = append(f.stations, id)
			_, err = tx.ExecContext(tb.Context(), `
				INSERT INTO water_object (id, scheme, code, kind, name_zh, division_id, lon_e7, lat_e7, changed_at) VALUES ($1, 'own', $2, 'station', $2, 1, $3, $4, 0)`,
				id, fmt.Sprint(id), 1200000000+id%100*100_000, 300000000+id/100*100_000)
			if err == nil {
				_, err = tx.ExecContext(tb.Context(), `INSERT INTO station (object_id, class, changed_at) VALUES ($1, 'PP', 0)`, id)
			}
		}
		return err
	})
	if err == nil {
		f.source, err = f.svc.Source(tb.Context(), series.FromGauge, "sl651")
	}
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

// tick makes one reading of every station.
func (f *fleet) tick(id reading.ID, at time.Time) []reading.Reading {
	list := make([]reading.Reading, len(f.stations))
	for i, s := range f.stations {
		list[i] = reading.Reading{Object: s, Quantity: id, At: at, Source: f.source}
		if id == reading.Rain {
			list[i].Span, list[i].Value = 5*time.Minute, quantity.Some(quantity.Decimal((s*7+at.Unix()/300*13)%20/19*500_000))
		} else {
			list[i].Value = quantity.Some(quantity.Decimal(5_000_000 + (s*7919+at.Unix()*104729)%50*1000))
		}
	}
	return list
}

func (f *fleet) append(list []reading.Reading) {
	if _, err := f.svc.Append(f.Context(), list); err != nil {
		f.Fatal(err)
	}
}

// play appends ticks of five minutes until an instant, sealing each hour.
func (f *fleet) play(until time.Time, ids ...reading.ID) {
	for f.at.Before(until) {
		f.at = f.at.Add(5 * time.Minute)
		for _, id := range ids {
			f.append(f.tick(id, f.at))
		}
		if f.at.Minute() == 0 {
			if _, err := f.svc.Seal(f.Context()); err != nil {
				f.Fatal(err)
			}
		}
	}
}

// BenchmarkAppend is 5,000 readings a commit on SQLite with synchronous FULL, checks and the newest included.
func BenchmarkAppend(b *testing.B) {
	f := newFleet(b, 5000)
	f.append(f.tick(reading.Level, f.at))
	b.ResetTimer()
	for b.Loop() {
		f.at = f.at.Add(time.Minute)
		f.append(f.tick(reading.Level, f.at))
	}
	b.ReportMetric(5000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkSeal is one bucket of an hour: what an append may have to wait for.
func BenchmarkSeal(b *testing.B) {
	f := newFleet(b, 5000)
	b.ResetTimer()
	var spent time.Duration
	hours := 0
	for b.Loop() {
		for range 12 {
			f.at = f.at.Add(5 * time.Minute)
			f.append(f.tick(reading.Rain, f.at))
			f.append(f.tick(reading.Level, f.at))
		}
		from := time.Now()
		if _, err := f.svc.Seal(b.Context()); err != nil {
			b.Fatal(err)
		}
		spent += time.Since(from)
		hours++
	}
	b.ReportMetric(spent.Seconds()*1000/float64(hours)/16, "ms/bucket")
}

// BenchmarkSums24h is the rain of 5,000 stations, one reading every five minutes, over 24 hours: sums of sealed hours and what is hot.
func BenchmarkSums24h(b *testing.B) {
	f := newFleet(b, 5000)
	f.play(f.at.Add(27*time.Hour+35*time.Minute), reading.Rain)
	b.ResetTimer()
	for b.Loop() {
		sums, _, err := f.svc.Sums(b.Context(), series.SumQuery{From: f.at.Add(-24 * time.Hour), To: f.at})
		if err != nil || len(sums) != 5000 {
			b.Fatal(len(sums), err)
		}
	}
}

// BenchmarkLatest is the newest reading of 5,000 stations with three quantities each.
func BenchmarkLatest(b *testing.B) {
	f := newFleet(b, 5000)
	for _, id := range []reading.ID{reading.Level, reading.Rain, reading.Voltage} {
		f.append(f.tick(id, f.at))
	}
	b.ResetTimer()
	for b.Loop() {
		list, err := f.svc.Latest(b.Context(), series.LatestQuery{})
		if err != nil || len(list) != 15000 {
			b.Fatal(len(list), err)
		}
	}
}

// BenchmarkYear is one station's year of five-minute levels as at most 4,000 points, in a store where 5,000 others have just reported.
func BenchmarkYear(b *testing.B) {
	f := newFleet(b, 5000)
	f.play(f.at.Add(3*time.Hour+55*time.Minute), reading.Level)
	year := make([]reading.Reading, 0, 365*288)
	for m := range 365 * 288 {
		at := f.at.Add(-4*time.Hour - time.Duration(m)*5*time.Minute)
		year = append(year, reading.Reading{Object: 7, Quantity: reading.Level, At: at, Source: f.source, Value: quantity.Some(quantity.Decimal(5_000_000 + m*7919%50*1000))})
	}
	f.append(year)
	b.ResetTimer()
	for b.Loop() {
		list, read, err := f.svc.Curve(b.Context(), 7, reading.Level, f.at.AddDate(-1, 0, 0), f.at, 0)
		if err != nil || len(list) > 4000 || read < 100_000 {
			b.Fatal(len(list), read, err)
		}
	}
}
