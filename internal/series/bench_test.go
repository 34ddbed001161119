package series_test

import (
	"fmt"
	"math"
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
			list[i].Value = quantity.Some(level(s, at))
		}
	}
	return list
}

// level wanders by some millimetres about a slow wave, as a river does.
func level(station int64, at time.Time) quantity.Decimal {
	n := uint64(station)*0x9E3779B97F4A7C15 + uint64(at.Unix()/300)*0xD1B54A32D192ED03
	n ^= n >> 29
	n *= 0xBF58476D1CE4E5B9
	n ^= n >> 32
	wave := math.Sin(float64(at.Unix())/9e4+float64(station)) * 800
	return quantity.Decimal(5_000+int64(wave)+int64(n%13)) * 1000
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

// BenchmarkSeal is an hour of 5,000 stations, two quantities every five minutes each, and what one of its 16 transactions takes on the
// mean: so long an append may have to wait.
func BenchmarkSeal(b *testing.B) {
	f := newFleet(b, 5000)
	f.play(f.at.Add(4*time.Hour), reading.Rain, reading.Level)
	b.ResetTimer()
	var spent time.Duration
	hours := 0
	for b.Loop() {
		b.StopTimer()
		for range 12 {
			f.at = f.at.Add(5 * time.Minute)
			f.append(f.tick(reading.Rain, f.at))
			f.append(f.tick(reading.Level, f.at))
		}
		b.StartTimer()
		from := time.Now()
		if n, err := f.svc.Seal(b.Context()); err != nil || n != 120_000 {
			b.Fatal(n, err)
		}
		spent += time.Since(from)
		hours++
	}
	b.ReportMetric(spent.Seconds()*1000/float64(hours)/16, "ms/bucket")
}

// TestBytesOnDisk says what a reading takes in a SQLite file, hot and sealed, with its row around it.
func TestBytesOnDisk(t *testing.T) {
	f := newFleet(t, 10)
	size := func(table string) (pages int64) {
		err := f.db.QueryRowContext(t.Context(), `SELECT COALESCE(SUM(pgsize), 0) FROM dbstat WHERE name = $1`, table).Scan(&pages)
		if err != nil {
			t.Skipf("the size of tables is not told: %v", err)
		}
		return pages
	}
	f.append(f.tick(reading.Level, f.at)) // sets the horizon
	for day := range 4 {
		var list []reading.Reading
		for range 288 {
			f.at = f.at.Add(5 * time.Minute)
			list = append(list, f.tick(reading.Level, f.at)...)
		}
		f.append(list)
		if day == 0 {
			t.Logf("hot: %.1f bytes a value", float64(size("observation"))/float64(len(list)))
		}
		if _, err := f.svc.Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	var n int64
	if err := f.db.QueryRowContext(t.Context(), `SELECT SUM(n) FROM observation_chunk`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	each := float64(size("observation_chunk")) / float64(n)
	t.Logf("sealed: %.2f bytes a value", each)
	if each > 3 {
		t.Errorf("%.2f bytes a value", each)
	}
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
		year = append(year, reading.Reading{Object: 7, Quantity: reading.Level, At: at, Source: f.source, Value: quantity.Some(level(7, at))})
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
