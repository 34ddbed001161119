// Package app builds the parts of a server, starts and stops them; tests start the whole program in process.
//
// It reads the configuration, opens the store, wires the domains to the web by hand, and holds the clock. What the parts do
// is theirs.
package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"anlan/internal/bulletin"
	"anlan/internal/evidence"
	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/ledger"
	"anlan/internal/matter"
	"anlan/internal/oversight"
	"anlan/internal/programme"
	"anlan/internal/project"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/store"
	"anlan/internal/telemetry"
	"anlan/internal/telemetry/book"
	"anlan/internal/web"
	"anlan/ui"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// App is the parts of a server.
type App struct {
	Config    Config
	Log       *slog.Logger
	Clock     *Clock
	Store     *store.DB
	Registry  *registry.Service
	Identity  *identity.Service
	Programme *programme.Service
	Matter    *matter.Service
	Oversight *oversight.Service
	Evidence  *evidence.Service
	Ledger    *ledger.Service
	Project   *project.Service
	Bulletin  *bulletin.Service
	Series    *series.Service
	Book      *book.Book
	Gateway   *telemetry.Gateway
	Web       *web.Server

	movable bool
	figures atomic.Int64 // how often figures changed since the start
	moves   atomic.Int64 // how often matters were opened or moved
	// inspected is how often an inspection changed.
	inspected atomic.Int64
	http      *http.Server
	doors     doors
	watch     *clockWatch
}

// Version is the program's version, set by the build.
type Version string

// New opens the store and builds the parts. A movable clock is the demo's.
func New(ctx context.Context, c Config, v Version, clock *Clock, movable bool, logTo io.Writer) (*App, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	a := &App{Config: c, Log: newLog(c, logTo), Clock: clock, movable: movable}
	if err := makeFolder(c.Database); err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, store.Options{Target: c.Database, Log: a.Log, Told: a.storeChanged})
	if err != nil {
		return nil, err
	}
	a.Store = db
	a.Registry = registry.New(db, clock.Now)
	policy := identity.DefaultPolicy()
	policy.Tries, policy.Lock, policy.Idle = c.SignInTries, time.Duration(c.SignInLock)*time.Minute, time.Duration(c.SessionHours)*time.Hour
	a.Identity = identity.New(db, a.Registry, clock.Now, policy)
	a.Programme = programme.New(programme.Options{Store: db, Registry: a.Registry, Log: a.Log, Now: clock.Now, Changed: a.figuresChanged, Count: a.count})
	a.Matter = matter.New(matter.Options{
		Store: db, Registry: a.Registry, Log: a.Log, Now: clock.Now, Changed: a.matterChanged,
		Terms: func(ctx context.Context, q store.Querier) (matter.Terms, error) { return a.Oversight.Terms(ctx, q) },
		Lines: func(ctx context.Context) ([]string, error) { return a.lines(ctx) },
		Rungs: func(ctx context.Context) ([]matter.Rung, error) { return a.Oversight.Rungs(ctx) },
	})
	a.Oversight = oversight.New(oversight.Options{
		Store: db, Registry: a.Registry, Matter: a.Matter, Log: a.Log, Now: clock.Now, Seed: rand.Text, Changed: a.inspectionChanged, Behind: a.behind,
	})
	a.Evidence = evidence.New(evidence.Options{Store: db, Folder: c.EvidenceFolder(), Now: clock.Now})
	a.Ledger = ledger.New(ledger.Options{
		Store: db, Registry: a.Registry, Evidence: a.Evidence, Log: a.Log, Now: clock.Now, Visits: a.visits,
		Book:    func(ctx context.Context, q store.Querier) (ledger.Book, error) { return a.Oversight.BookIn(ctx, q) },
		Changed: a.ledgerChanged,
	})
	a.addProjects()
	a.addBulletins()
	if err := a.addGauges(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	a.Web = web.New(a.deps(v))
	return a, nil
}

func (a *App) inspectionChanged(ch oversight.Change) {
	a.inspected.Add(1)
	a.figures.Add(1)
	a.Oversight.FiguresChanged()
	a.Web.InspectionChanged(ch)
}

// matterChanged: figures of supervision are counted from matters.
func (a *App) matterChanged(ch matter.Change) {
	a.moves.Add(1)
	a.Web.MatterChanged(ch)
}

func (a *App) ledgerChanged(ch ledger.Change) {
	a.figures.Add(1)
	a.Web.LedgerChanged(ch)
}

// visits tells the ledgers of inspections.
func (a *App) visits(ctx context.Context, checklist string) ([]ledger.Visit, error) {
	list, err := a.Oversight.Visits(ctx, checklist)
	out := make([]ledger.Visit, len(list))
	for i, v := range list {
		out[i] = ledger.Visit(v)
	}
	return out, err
}

func (a *App) figuresChanged(ch programme.Change) {
	a.figures.Add(1)
	a.Web.Changed(ch)
}

// storeChanged passes the store's health on; while the parts are being built nobody is there to hear of it.
func (a *App) storeChanged(h store.Health) {
	if a.Web != nil {
		a.Web.StoreChanged(h)
	}
}

func (a *App) deps(v Version) web.Deps {
	metrics := prometheus.NewRegistry()
	metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "anlan_store_writes_total", Help: "Committed transactions."}, func() float64 { return float64(a.Store.Writes()) }))
	metrics.MustRegister(a.gaugeMetrics()...)
	d := web.Deps{
		Store: a.Store, Registry: a.Registry, Identity: a.Identity, Programme: a.Programme, Matter: a.Matter, Oversight: a.Oversight, Evidence: a.Evidence, Ledger: a.Ledger, Project: a.Project, Bulletin: a.Bulletin, Series: a.Series, Book: a.Book, Gateway: a.Gateway,
		Log: a.Log, Metrics: metrics,
		UI: ui.Files(), UIBuilt: ui.Built(), Now: a.Clock.Now, Leap: a.watch.Leap,
		Settings: web.Settings{Version: string(v), City: a.Config.City, Demo: a.movable, MapNote: a.Config.mapNote(), Secure: a.Config.TLSCertificate != "", Gauges: a.Config.Gauges != ""},
	}
	if a.movable {
		d.Clock = a.Clock
	}
	return d
}

func newLog(c Config, to io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	o := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(to, o))
	}
	return slog.New(slog.NewTextHandler(to, o))
}

func makeFolder(database string) error {
	if strings.Contains(database, "://") {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(database), 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	return nil
}

// Listen takes the addresses, that of field stations too, so that a taken port is told before anything else is done.
func (a *App) Listen() (net.Listener, error) {
	l, err := net.Listen("tcp", a.Config.Listen)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "listen.taken", fault.Tf("地址 %s 不可用（可能已被占用）", "address %s cannot be used (it may be taken)", a.Config.Listen)).Because(err)
	}
	if a.Config.Gauges == "" {
		return l, nil
	}
	if err := a.doors.open(a.Config.Gauges); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

const (
	probeEvery = 5 * time.Second
	stopWithin = 10 * time.Second
	sweepEvery = 6 * time.Hour
	sweepAfter = 24 * time.Hour
)

// Serve answers on a listener until the context ends, then lets running requests finish.
func (a *App) Serve(ctx context.Context, l net.Listener) error {
	if err := a.claimEvidence(ctx); err != nil {
		return errors.Join(err, l.Close())
	}
	ctx, stop := context.WithCancel(ctx)
	var behind sync.WaitGroup
	defer behind.Wait()
	defer stop()
	behind.Go(func() { a.sweepEvidence(ctx) })
	behind.Go(func() { a.warm(ctx) })
	behind.Go(func() { a.archiveBulletins(ctx) })
	a.serveGauges(ctx, &behind)
	defer func() {
		if err := a.closeGauges(); err != nil {
			a.Log.Error("close the gateway of field stations", "err", err)
		}
	}()
	a.http = &http.Server{
		Handler: a.Web.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ReadTimeout: 3 * time.Minute, WriteTimeout: 3 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(a.Log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- a.answer(l) }()
	following, leave := context.WithCancel(ctx)
	var followers sync.WaitGroup
	followers.Go(func() { a.settle(following) })
	defer followers.Wait()
	defer leave()
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	for {
		select {
		case err := <-failed:
			return err
		case <-tick.C:
			probe, cancel := context.WithTimeout(ctx, probeEvery)
			a.Store.Probe(probe, a.Clock.Now())
			cancel()
			a.watch.look()
		case <-ctx.Done():
			stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
			defer cancel()
			if err := a.http.Shutdown(stop); err != nil {
				return errors.Join(a.http.Close(), <-failed)
			}
			return <-failed
		}
	}
}

// claimEvidence refuses another database's evidence folder before anybody is answered. A folder that cannot be written is told and
// does not keep the rest of the house from opening.
func (a *App) claimEvidence(ctx context.Context) error {
	err := a.Evidence.Claim(ctx)
	if err != nil && !fault.Is(err, fault.Conflict) {
		a.Log.Error("evidence folder", "err", err)
		return nil
	}
	return err
}

// warm reads what lists are made of while nobody waits for it yet. What goes wrong here goes wrong for the first reader too, who is told.
func (a *App) warm(ctx context.Context) {
	if err := a.Matter.Warm(ctx); err != nil && ctx.Err() == nil {
		a.Log.Warn("read matters ahead", "err", err)
	}
}

// sweepEvidence removes leftovers of crashes now and then, by the machine's clock, which a demo's does not move.
func (a *App) sweepEvidence(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		swept, err := a.Evidence.Sweep(ctx, time.Now().Add(-sweepAfter))
		if err != nil && ctx.Err() == nil {
			a.Log.Error("sweep evidence", "err", err)
		}
		if swept != (evidence.Swept{}) {
			a.Log.Info("evidence swept", "unfinished", swept.Unfinished, "orphans", swept.Orphans, "thumbnails", swept.Thumbnails)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (a *App) answer(l net.Listener) error {
	var err error
	if a.Config.TLSCertificate != "" {
		err = a.http.ServeTLS(l, a.Config.TLSCertificate, a.Config.TLSKey)
	} else {
		err = a.http.Serve(l)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// Close closes the gateway and the store.
func (a *App) Close() error { return errors.Join(a.closeGauges(), a.Store.Close()) }
