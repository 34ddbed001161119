package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/series/reading"
	"anlan/internal/store"
)

// queryBench measures what is read of observations over HTTP, as a person who sees all stations of a city.
type queryBench struct {
	*bench
	stations, days int
	loading        time.Duration
	objects        []int64
}

// queryStep is how often the stations of the bench tell their rain.
const queryStep = 5 * time.Minute

func runBenchQuery(ctx context.Context, e env, args []string) error {
	b := &queryBench{}
	var size benchSize
	var minutes int
	var keep string
	_, _, err := configure(e, "bench", args, func(f *flag.FlagSet) {
		f.StringVar(&keep, "keep", "", "folder to keep the database in, so that the next run need not load it; a temporary one where absent")
		f.IntVar(&b.stations, "stations", 5000, "stations, at most 60,000")
		f.IntVar(&b.days, "days", 365, "days of rain of five minutes of each, at most 366; fewer where they do not load in time")
		f.IntVar(&minutes, "minutes", 10, "minutes of loading at most")
		f.IntVar(&size.requests, "requests", 200, "requests of each kind")
	})
	if err != nil {
		return err
	}
	if b.stations < 1 || b.stations > 60_000 || b.days < 2 || b.days > 366 || minutes < 1 || size.requests < 1 {
		return fmt.Errorf("%w: 1 to 60,000 stations, 2 to 366 days", errUsage)
	}
	b.loading = time.Duration(minutes) * time.Minute
	if keep == "" {
		if keep, err = os.MkdirTemp("", "anlan-bench-"); err != nil {
			return err
		}
		defer os.RemoveAll(keep) //nolint:errcheck // a temporary folder
	}
	b.bench = newBench(e.out, size, keep)
	return b.serve(ctx, benchCity, b.load, b.measure)
}

func (b *queryBench) load(ctx context.Context) error {
	db := b.app.Store
	err := store.Each(ctx, db, `SELECT object_id FROM station ORDER BY object_id`, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		b.objects = append(b.objects, id)
		return err
	})
	if err != nil {
		return err
	}
	if len(b.objects) > 0 {
		return b.told(ctx, "kept")
	}
	if err := b.register(ctx); err != nil {
		return err
	}
	source, err := b.app.Series.Source(ctx, series.FromGauge, "sl651")
	if err != nil {
		return err
	}
	// Rain goes through the room as a file of old years does. The last day comes first, of all stations: it makes the newest readings.
	now, start := b.clock.Now().Truncate(time.Hour), time.Now()
	day := now.Add(-24 * time.Hour)
	for some := range slices.Chunk(b.objects, 20) {
		var list []reading.Reading
		for _, object := range some {
			list = b.shower(list, object, source, day, now)
		}
		if _, err := b.app.Series.Append(ctx, list); err != nil {
			return err
		}
	}
	long := time.Now()
	for k, object := range b.objects {
		if k == 10 { // by which it is known how many days fit
			each := time.Since(long) / 10
			fit := float64(b.loading-time.Since(start)) / float64(each) / float64(len(b.objects)-10)
			b.days = max(2, min(b.days, int(fit*float64(b.days))))
		}
		if _, err := b.app.Series.Append(ctx, b.shower(nil, object, source, now.Add(-time.Duration(b.days)*24*time.Hour), day)); err != nil {
			return err
		}
	}
	return b.told(ctx, "loaded in "+round(time.Since(start)).String())
}

// told says what there is to be asked for.
func (b *queryBench) told(ctx context.Context, how string) error {
	var chunks, sealed, hot int64
	err := errors.Join(
		b.app.Store.QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(SUM(n), 0) FROM observation_chunk`).Scan(&chunks, &sealed),
		b.app.Store.QueryRowContext(ctx, `SELECT COUNT(*) FROM observation`).Scan(&hot))
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "%-44s %d stations, %d readings (%.0f days of each), %d MiB\n", how, len(b.objects), sealed+hot,
		float64(sealed+hot)/float64(len(b.objects))/float64(24*time.Hour/queryStep), sizeOf(b.file)>>20)
	return nil
}

// register puts the stations on record, in twenty counties, and who asks.
func (b *queryBench) register(ctx context.Context) error {
	const counties = 20
	list := []registry.NewDivision{{Code: benchCity, Name: fault.T("量测市", "measured city"), Kind: registry.Administrative, Level: "city"}}
	for k := range counties {
		name := fmt.Sprint("县", k)
		list = append(list, registry.NewDivision{Code: queryCounty(k), Parent: benchCity, Name: fault.T(name, fmt.Sprint("county ", k)), Kind: registry.Administrative, Level: "county"})
	}
	if err := b.app.Store.Write(ctx, func(tx *store.Tx) error { return b.app.Registry.AddDivisions(ctx, tx, list) }); err != nil {
		return err
	}
	for from := 0; from < b.stations; from += benchBatch {
		err := b.app.Store.Write(ctx, func(tx *store.Tx) error {
			for k := from; k < min(from+benchBatch, b.stations); k++ {
				o := registry.NewWaterObject{Name: fault.T(fmt.Sprintf("站%d", k), fmt.Sprintf("station %d", k)), Division: queryCounty(k % counties)}
				id, err := b.app.Series.AddStation(ctx, tx, registry.Program(), o, series.Station{Class: "PP", Quantities: []string{"rain"}})
				if err != nil {
					return err
				}
				b.objects = append(b.objects, id)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	tree, err := b.app.Registry.Tree(ctx)
	if err != nil {
		return err
	}
	d, _ := tree.ByCode(benchCity)
	return b.app.Store.Write(ctx, func(tx *store.Tx) error {
		_, _, err := b.app.Identity.CreateAccount(ctx, tx, program(), identity.NewAccount{
			Login: "reader", Name: "reader", Division: d.ID, Password: benchPassword, Grants: []identity.Grant{{Role: "director", Line: identity.AnyLine, Division: d.ID}},
		})
		return err
	})
}

func queryCounty(k int) string { return fmt.Sprintf("3501%02d", k+1) }

// shower adds the rain of a station after an instant up to another: dry four days of five, and tenths of millimetres on the fifth.
func (b *queryBench) shower(list []reading.Reading, object, source int64, after, to time.Time) []reading.Reading {
	rng := rand.New(rand.NewPCG(uint64(object), uint64(after.Unix())))
	for at := after.Add(queryStep); !at.After(to); at = at.Add(queryStep) {
		r := reading.Reading{Object: object, Quantity: reading.Rain, At: at, Span: queryStep, Source: source, Value: quantity.Some(0)}
		if (at.Unix()/86400+object)%5 == 0 {
			r.Value = quantity.Some(quantity.Decimal(rng.Int64N(4) * 500_000))
		}
		list = append(list, r)
	}
	return list
}

func (b *queryBench) measure(ctx context.Context) error {
	user, err := b.signIn(ctx, "reader")
	if err != nil {
		return err
	}
	now := b.clock.Now().Truncate(time.Hour)
	rng := rand.New(rand.NewPCG(1, 2026))
	year := func() string {
		return fmt.Sprintf("/api/gauges/%d/series?quantity=rain&from=%s&to=%s&most=4000", b.objects[rng.IntN(len(b.objects))],
			now.Add(-366*24*time.Hour).Format(time.RFC3339), now.Format(time.RFC3339))
	}
	fixed := func(path string) func() string { return func() string { return path } }
	for _, q := range []struct {
		name string
		path func() string
	}{
		{"latest of all stations", fixed("/api/gauges/latest?quantity=rain")},
		{"one station's year as at most 4,000 points", year},
		{"rain of 24 h of all stations, by division", fixed("/api/gauges/rain?minutes=1440")},
		{"the same as of two days ago", fixed("/api/gauges/rain?minutes=1440&at=" + now.Add(-48*time.Hour).Format(time.RFC3339))},
		{"all stations with all that is known of them", fixed("/api/gauges")},
	} {
		times, err := b.timed(ctx, user, q.path)
		if err != nil {
			return err
		}
		fmt.Fprintf(b.out, "%-44s p50 %s  p99 %s  max %s\n", q.name, at(times, 50), at(times, 99), at(times, 100))
	}
	return nil
}

// timed asks one after the other, and says how long each took.
func (b *queryBench) timed(ctx context.Context, c *http.Client, path func() string) ([]time.Duration, error) {
	var times []time.Duration
	for range b.size.requests {
		p, start := path(), time.Now()
		if err := b.ask(ctx, c, http.MethodGet, p, nil, nil); err != nil {
			return nil, err
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	return times, nil
}
