package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"anlan/internal/app"
	"anlan/internal/demo"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/oversight"
	"anlan/internal/store"
	"anlan/packs"
)

// program is who does what nobody signed in for.
func program() identity.Actor { return identity.Actor{ID: "program", Name: "anlan"} }

// commandLine is who put something into force by the command line: a later release does not put its own in that place.
func commandLine() identity.Actor {
	return identity.Actor{ID: "program", Name: "anlan, by the command line"}
}

// open builds the parts with the shipped packs in force.
func open(ctx context.Context, e env, c app.Config, clock *app.Clock, movable bool) (*app.App, error) {
	a, err := app.New(ctx, c, app.Version(version), clock, movable, e.err)
	if err != nil {
		return nil, err
	}
	known, err := a.Programme.PackVersions(ctx)
	if err == nil && len(known) == 0 {
		_, err = a.Programme.LoadPacks(ctx, program(), packs.All())
	}
	if err == nil {
		err = a.Oversight.LoadFirst(ctx, program(), definitions())
	}
	if err == nil {
		var kept []string
		if kept, err = a.Bulletin.LoadShipped(ctx, program(), packs.Bulletins()); len(kept) > 0 {
			a.Log.Info("templates of your own stay in force; this release has newer ones", "templates", kept)
		}
	}
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// definitions are what supervision ships with.
func definitions() oversight.Definitions {
	comparison, formulas := packs.Comparison()
	steps, rungs := packs.Ladder()
	course, milestones := packs.Lifecycle()
	return oversight.Definitions{
		Checklists: packs.Checklists(), Trees: packs.Acceptance(), Ledgers: packs.Ledgers(), Comparisons: map[string][]byte{comparison: formulas}, Ladders: map[string][]byte{steps: rungs}, Lifecycles: map[string][]byte{course: milestones},
	}
}

func serve(ctx context.Context, e env, args []string) error {
	c, _, err := configure(e, "serve", args, nil)
	if err != nil {
		return err
	}
	a, err := open(ctx, e, c, &app.Clock{}, false)
	if err != nil {
		return err
	}
	defer a.Close() //nolint:errcheck // the server has stopped
	l, err := a.Listen()
	if err != nil {
		return err
	}
	a.Log.Info("serving", "address", l.Addr().String(), "database", string(a.Store.Engine()))
	return a.Serve(ctx, l)
}

// demoParts hands the demo what it fills.
func demoParts(a *app.App, clock *app.Clock) demo.Parts {
	return demo.Parts{Store: a.Store, Registry: a.Registry, Identity: a.Identity, Programme: a.Programme, Matter: a.Matter, Oversight: a.Oversight, Evidence: a.Evidence, Ledger: a.Ledger, Project: a.Project, Bulletin: a.Bulletin, Series: a.Series, Book: a.Book, Clock: clock}
}

// runDemo serves the demo city. Its database is made anew each time, unless --keep names a folder to keep it in.
func runDemo(ctx context.Context, e env, args []string) error {
	var keep, today string
	var speed float64
	c, _, err := configure(e, "demo", args, func(f *flag.FlagSet) {
		f.StringVar(&keep, "keep", "", "folder to keep the demo's database in; a new temporary one where absent")
		f.StringVar(&today, "today", demo.Today, "day that the demo's clock begins at")
		f.Float64Var(&speed, "typhoon-speed", 1, "how many times as fast as the clock the demo's time runs, 1 to 100: at 60 its typhoon passes in 45 minutes")
	})
	if err != nil {
		return err
	}
	day, err := hydrotime.ParseDate(today)
	if err != nil {
		return err
	}
	founded, err := hydrotime.ParseDate(demo.Founded)
	if err != nil {
		return err
	}
	clock := &app.Clock{}
	if err := clock.Set(founded.Start().Add(9 * time.Hour)); err != nil { // the packs come into force on that day
		return err
	}
	if keep == "" {
		if keep, err = os.MkdirTemp("", "anlan-demo-"); err != nil {
			return err
		}
		defer os.RemoveAll(keep) //nolint:errcheck // a temporary folder
	}
	c.Database, c.Evidence, c.City, c.MapNote, c.MapNoteEn = filepath.Join(keep, "demo.db"), "", demo.City, demo.MapNote, demo.MapNoteEn
	if c.Gauges == "" {
		c.Gauges = "127.0.0.1:0" // for the demo's own stations
	}
	a, err := open(ctx, e, c, clock, true)
	if err != nil {
		return err
	}
	defer a.Close() //nolint:errcheck // the server has stopped
	l, err := a.Listen()
	if err != nil {
		return err
	}
	accounts, fleet, err := demo.Fill(ctx, demoParts(a, clock))
	if err == nil {
		err = clock.Set(day.Start().Add(8*time.Hour + 40*time.Minute))
	}
	if err == nil {
		err = clock.Run(speed)
	}
	if err != nil {
		return errors.Join(err, l.Close())
	}
	fmt.Fprintf(e.out, "\n  安澜 Anlan demo city · 演示城市   http://%s\n\n", l.Addr())
	for _, acc := range accounts {
		fmt.Fprintf(e.out, "  %-12s %-18s %s\n", acc.Login, acc.Password, acc.Who)
	}
	fmt.Fprintln(e.out, "\n  All figures are made up (演示数据). Ctrl-C stops it.")
	return serveDemo(ctx, a, l, fleet)
}

// serveDemo serves, and has the demo's stations report to it.
func serveDemo(ctx context.Context, a *app.App, l net.Listener, fleet demo.Fleet) error {
	ctx, stop := context.WithCancel(ctx)
	var stations sync.WaitGroup
	defer stations.Wait()
	defer stop()
	dial := dialTo("tcp", a.GaugeAddress().String())
	stations.Go(func() {
		if err := demo.PlayStations(ctx, fleet, a.Clock.Now(), a.Clock.Speed(), dial); err != nil && ctx.Err() == nil {
			a.Log.Error("the demo's stations", "err", err)
		}
	})
	return a.Serve(ctx, l)
}

func runAccount(ctx context.Context, e env, args []string) error {
	c, rest, err := configure(e, "account", args, nil)
	if err != nil {
		return err
	}
	if len(rest) != 4 || rest[0] != "create" {
		return fmt.Errorf("%w: anlan account create LOGIN NAME DIVISION", errUsage)
	}
	a, err := open(ctx, e, c, &app.Clock{}, false)
	if err != nil {
		return err
	}
	defer a.Close() //nolint:errcheck // nothing more is written
	tree, err := a.Registry.Tree(ctx)
	if err != nil {
		return err
	}
	d, ok := tree.ByCode(rest[3])
	if !ok {
		return fmt.Errorf("there is no division %s yet", rest[3])
	}
	var password string
	err = a.Store.Write(ctx, func(tx *store.Tx) (err error) {
		_, password, err = a.Identity.CreateAccount(ctx, tx, program(), identity.NewAccount{
			Login: rest[1], Name: rest[2], Division: d.ID, Grants: []identity.Grant{{Role: "administrator", Line: identity.AnyLine, Division: d.ID}},
		})
		return err
	})
	if err == nil {
		fmt.Fprintf(e.out, "%s %s\n", rest[1], password)
	}
	return err
}
