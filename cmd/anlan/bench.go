package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"anlan/internal/app"
	"anlan/internal/hydrotime"
)

// benchSize is how much is loaded before anything is measured.
type benchSize struct {
	cities, counties, indicators, years int
	loading                             time.Duration
	requests                            int
	together                            time.Duration // of eight clients reading
}

const benchPassword = "Measure-2026-water"

// runBench measures the models, or the programmes over HTTP as an ordinary scoped user, on a database made for it.
func runBench(ctx context.Context, e env, args []string) error {
	if len(args) > 0 && args[0] == "model" {
		return runBenchModel(ctx, e, args[1:])
	}
	if len(args) > 0 && args[0] == "matter" {
		return runBenchMatter(ctx, e, args[1:])
	}
	if len(args) > 0 && args[0] == "bulletin" {
		return runBenchBulletin(ctx, e, args[1:])
	}
	if len(args) > 0 && args[0] == "ingest" {
		return runBenchIngest(ctx, e, args[1:])
	}
	if len(args) > 0 && args[0] == "query" {
		return runBenchQuery(ctx, e, args[1:])
	}
	if asked(args) {
		fmt.Fprint(e.out, "anlan bench programme|matter|bulletin|ingest|query|model\n\nMeasures this machine. --help after each tells its flags.\n")
		return nil
	}
	if len(args) == 0 || args[0] != "programme" {
		return fmt.Errorf("%w: anlan bench programme|matter|bulletin|ingest|query|model", errUsage)
	}
	size := benchSize{together: 3 * time.Second}
	var minutes int
	_, _, err := configure(e, "bench", args[1:], func(f *flag.FlagSet) {
		f.IntVar(&size.cities, "cities", 11, "cities of the province")
		f.IntVar(&size.counties, "counties", 100, "counties of each city")
		f.IntVar(&size.indicators, "indicators", 400, "indicators that each county files monthly")
		f.IntVar(&size.years, "years", 10, "years of monthly figures")
		f.IntVar(&minutes, "minutes", 10, "minutes of loading at most")
		f.IntVar(&size.requests, "requests", 200, "requests of each kind")
	})
	if err != nil {
		return err
	}
	size.loading = time.Duration(minutes) * time.Minute
	dir, err := os.MkdirTemp("", "anlan-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	return newBench(e.out, size, dir).run(ctx)
}

func newBench(out io.Writer, size benchSize, dir string) *bench {
	return &bench{out: out, size: size, file: filepath.Join(dir, "bench.db"), clock: &app.Clock{}}
}

type bench struct {
	out   io.Writer
	size  benchSize
	file  string
	clock *app.Clock
	app   *app.App
	url   string
	last  hydrotime.Month // the newest month loaded
	// gauges is where field stations are listened to; nowhere where it is empty.
	gauges string
}

func (b *bench) run(ctx context.Context) error {
	return b.serve(ctx, "350100", func(ctx context.Context) error {
		rows, err := b.load(ctx)
		if err == nil {
			fmt.Fprintf(b.out, "%-44s %d figures to %s, %d MiB with the log\n", "loaded", rows, b.last, sizeOf(b.file)>>20)
		}
		return err
	}, b.measure)
}

// serve makes a database, loads it, serves it and measures.
func (b *bench) serve(ctx context.Context, city string, load, measure func(context.Context) error) error {
	if err := b.clock.Set(time.Date(2026, 6, 8, 1, 0, 0, 0, time.UTC)); err != nil {
		return err
	}
	c := app.DefaultConfig()
	c.Database, c.City, c.Listen, c.LogLevel = b.file, city, "127.0.0.1:0", "error"
	c.Gauges = b.gauges
	a, err := app.New(ctx, c, app.Version(version), b.clock, true, io.Discard)
	if err != nil {
		return err
	}
	defer a.Close() //nolint:errcheck // a temporary database
	b.app = a
	fmt.Fprintf(b.out, "%d cores, %s, %s, SQLite with synchronous FULL\n", runtime.NumCPU(), runtime.Version(), runtime.GOARCH)
	if err := load(ctx); err != nil {
		return err
	}
	l, err := a.Listen()
	if err != nil {
		return err
	}
	b.url = "http://" + l.Addr().String()
	serving, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- a.Serve(serving, l) }()
	err = measure(ctx)
	stop()
	return errors.Join(err, <-done)
}

// sizeOf is what a database takes on disk, its write-ahead log counted.
func sizeOf(file string) (n int64) {
	for _, end := range []string{"", "-wal"} {
		if info, err := os.Stat(file + end); err == nil {
			n += info.Size()
		}
	}
	return n
}

// measure reads as the director of one city, files as the clerks of its counties and imports as its planner.
func (b *bench) measure(ctx context.Context) error {
	user, err := b.signIn(ctx, "reader")
	if err != nil {
		return err
	}
	month := b.last.String()
	cockpit := "/api/cockpit?scope=350100&period=" + month
	ranking := "/api/ranking?scope=350100&target=b.i000.plan&period=" + month
	for _, q := range []struct{ name, path string }{
		{"cockpit of a city", cockpit},
		{"ranking of a city", ranking},
		{"returns, one state, first page", "/api/returns?scope=350100&state=missing&period=" + month},
		{"indicator page", "/api/indicators/b.i000?scope=350100&period=" + month},
	} {
		times, err := b.repeat(ctx, user, q.path)
		if err != nil {
			return err
		}
		fmt.Fprintf(b.out, "%-44s p50 %s  p99 %s\n", q.name, at(times, 50), at(times, 99))
	}
	for _, q := range []struct{ name, path string }{{"8 clients reading a ranking at once", ranking}, {"8 clients reading the cockpit at once", cockpit}} {
		if err := b.together(ctx, user, q.name, q.path); err != nil {
			return err
		}
	}
	if err := b.oneReturn(ctx, user); err != nil {
		return err
	}
	start := time.Now()
	n, err := b.app.Programme.Recompute(ctx, b.last)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "%-44s %s (%d sums)\n", "a whole month recomputed", round(time.Since(start)), n)
	if err := b.importTable(ctx, "an import of %d rows, a month", b.monthTable); err != nil {
		return err
	}
	return b.importTable(ctx, "an import of %d rows, a return each", b.scatteredTable)
}

func at(times []time.Duration, percent int) time.Duration {
	return round(times[min(len(times)-1, len(times)*percent/100)])
}

func round(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }

func (b *bench) repeat(ctx context.Context, c *http.Client, path string) ([]time.Duration, error) {
	var times []time.Duration
	for range b.size.requests {
		start := time.Now()
		if err := b.ask(ctx, c, http.MethodGet, path, nil, nil); err != nil {
			return nil, err
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	return times, nil
}

// together lets eight clients read at once.
func (b *bench) together(ctx context.Context, c *http.Client, name, path string) error {
	var mu sync.Mutex
	var times []time.Duration
	var failed error
	var wg sync.WaitGroup
	start := time.Now()
	for range 8 {
		wg.Go(func() {
			for time.Since(start) < b.size.together {
				began := time.Now()
				err := b.ask(ctx, c, http.MethodGet, path, nil, nil)
				mu.Lock()
				times, failed = append(times, time.Since(began)), errors.Join(failed, err)
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	if failed != nil {
		return failed
	}
	took := time.Since(start)
	slices.Sort(times)
	fmt.Fprintf(b.out, "%-44s %.0f/s  p50 %s  p99 %s\n", name, float64(len(times))/took.Seconds(), at(times, 50), at(times, 99))
	return nil
}

// oneReturn changes and submits the newest month of counties as their clerks; then the ranking and the cockpit of the city must
// show the new figure of that county.
func (b *bench) oneReturn(ctx context.Context, reader *http.Client) error {
	var saved, submitted, ranked, shown []time.Duration
	period := b.last.Add(1).String()
	for k := range b.clerks() {
		clerk, err := b.signIn(ctx, clerkLogin(k))
		if err != nil {
			return err
		}
		var r struct {
			ID, Edit int64
			Rows     []struct{ Indicator struct{ Code string } }
		}
		key := map[string]any{"form": "bench.f00", "division": countyCode(0, k), "period": period}
		if err := b.ask(ctx, clerk, http.MethodPost, "/api/returns", key, &r); err != nil {
			return err
		}
		value := int64(1_000_000 + k)
		var lines []map[string]any
		for _, row := range r.Rows {
			lines = append(lines, map[string]any{"indicator": row.Indicator.Code, "value": value, "note": "measured"})
		}
		start := time.Now()
		if err := b.ask(ctx, clerk, http.MethodPatch, fmt.Sprintf("/api/returns/%d/lines", r.ID), map[string]any{"edit": r.Edit, "lines": lines}, &r); err != nil {
			return err
		}
		saved, start = append(saved, time.Since(start)), time.Now()
		if err := b.ask(ctx, clerk, http.MethodPost, fmt.Sprintf("/api/returns/%d/moves", r.ID), map[string]any{"move": "submit", "edit": r.Edit}, &r); err != nil {
			return err
		}
		submitted = append(submitted, time.Since(start))
		if err := b.rankingShows(ctx, reader, period, countyCode(0, k), value); err != nil {
			return err
		}
		ranked = append(ranked, time.Since(start))
		if err := b.cockpitShows(ctx, reader, period, countyCode(0, k), value); err != nil {
			return err
		}
		shown = append(shown, time.Since(start)-(ranked[len(ranked)-1]-submitted[len(submitted)-1]))
	}
	for _, l := range []struct {
		name  string
		times []time.Duration
	}{
		{"40 lines of one return saved", saved},
		{"  submitted, summed and committed", submitted},
		{"  submitted, then the figure in the ranking", ranked},
		{"  submitted, then the figure in the cockpit", shown},
	} {
		slices.Sort(l.times)
		fmt.Fprintf(b.out, "%-44s p50 %s  max %s\n", l.name, at(l.times, 50), at(l.times, 100))
	}
	return nil
}

// benchCell is what the bench reads of a cell: whose, and the figure.
type benchCell struct {
	Division string
	Value    *float64
}

func (c benchCell) holds(county string, value int64) bool {
	return c.Division == county && c.Value != nil && *c.Value == float64(value)
}

func (b *bench) rankingShows(ctx context.Context, reader *http.Client, period, county string, value int64) error {
	var out struct{ Rows []struct{ Cell benchCell } }
	if err := b.ask(ctx, reader, http.MethodGet, "/api/ranking?scope=350100&target=b.i000.plan&period="+period, nil, &out); err != nil {
		return err
	}
	for _, row := range out.Rows {
		if row.Cell.holds(county, value) {
			return nil
		}
	}
	return fmt.Errorf("the ranking of %s does not show %d of %s", period, value, county)
}

func (b *bench) cockpitShows(ctx context.Context, reader *http.Client, period, county string, value int64) error {
	var out struct {
		Groups []struct{ Rows []struct{ Cells []benchCell } }
	}
	if err := b.ask(ctx, reader, http.MethodGet, "/api/cockpit?scope=350100&period="+period, nil, &out); err != nil {
		return err
	}
	for _, group := range out.Groups {
		for _, row := range group.Rows {
			if slices.ContainsFunc(row.Cells, func(c benchCell) bool { return c.holds(county, value) }) {
				return nil
			}
		}
	}
	return fmt.Errorf("the cockpit of %s does not show %d of %s", period, value, county)
}

func (b *bench) signIn(ctx context.Context, login string) (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	c := &http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	return c, b.ask(ctx, c, http.MethodPost, "/api/session", map[string]string{"login": login, "password": benchPassword}, nil)
}

func (b *bench) ask(ctx context.Context, c *http.Client, method, path string, body, into any) error {
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		reader = strings.NewReader(string(text))
	}
	req, err := http.NewRequestWithContext(ctx, method, b.url+path, reader)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	return b.send(c, req, into)
}

// send makes one request and reads its answer; any other than 200 is an error with its words.
func (b *bench) send(c *http.Client, req *http.Request, into any) error {
	resp, err := c.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s %.300s", req.Method, req.URL.Path, resp.Status, text)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(text, into)
}
