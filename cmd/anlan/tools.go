package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"anlan/internal/app"
	"anlan/internal/evidence"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/programme"
	"anlan/internal/programme/pack"
	"anlan/internal/registry"
	"anlan/internal/store"
	"anlan/internal/web"
	"anlan/packs"
	"anlan/ui"
)

func runPack(ctx context.Context, e env, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("%w: anlan pack check|load|diff FILE", errUsage)
	}
	c, files, err := configure(e, "pack", args[1:], nil)
	if err != nil {
		return err
	}
	sources, err := packSources(files)
	if err != nil {
		return err
	}
	switch args[0] {
	case "check":
		return checkPacks(e, sources)
	case "diff":
		return diffPacks(e, files, sources)
	case "load":
		a, err := open(ctx, e, c, &app.Clock{}, false)
		if err != nil {
			return err
		}
		n, err := a.Programme.LoadPacks(ctx, program(), sources)
		fmt.Fprintf(e.out, "%d new of %d\n", n, len(sources))
		return errors.Join(err, a.Close())
	}
	return fmt.Errorf("%w: anlan pack check|load|diff FILE", errUsage)
}

// packSources reads files; without any it gives the shipped packs.
func packSources(files []string) (map[string][]byte, error) {
	if len(files) == 0 {
		return packs.All(), nil
	}
	out := map[string][]byte{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		out[f] = b
	}
	return out, nil
}

func checkPacks(e env, sources map[string][]byte) error {
	var list []*pack.Pack
	for name, src := range sources {
		p, err := pack.Parse(name, src)
		if err != nil {
			return err
		}
		list = append(list, p)
	}
	if err := programme.CheckPacks(list); err != nil {
		return err
	}
	n := 0
	for _, p := range list {
		n += len(p.Indicators)
	}
	fmt.Fprintf(e.out, "%d packs, %d indicators: sound\n", len(list), n)
	return nil
}

func diffPacks(e env, files []string, sources map[string][]byte) error {
	if len(files) != 2 {
		return fmt.Errorf("%w: anlan pack diff OLD NEW", errUsage)
	}
	old, err := pack.Parse(files[0], sources[files[0]])
	if err != nil {
		return err
	}
	fresh, err := pack.Parse(files[1], sources[files[1]])
	if err != nil {
		return err
	}
	for _, ch := range pack.Diff(old, fresh) {
		mark := " "
		if ch.Breaking {
			mark = "!"
		}
		fmt.Fprintf(e.out, "%s %s\n", mark, ch.Text.En)
	}
	return nil
}

func runAudit(ctx context.Context, e env, args []string) error {
	if len(args) == 0 || args[0] != "verify" {
		return fmt.Errorf("%w: anlan audit verify", errUsage)
	}
	c, _, err := configure(e, "audit", args[1:], nil)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, store.Options{Target: c.Database})
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // only read
	rep, err := audit.Verify(ctx, db)
	if err != nil {
		return err
	}
	for _, b := range rep.Broken {
		fmt.Fprintf(e.out, "entry %d: %s\n", b.Seq, b.Reason)
	}
	if !rep.OK {
		return errors.New("the audit chain does not hold")
	}
	fmt.Fprintf(e.out, "%d entries: the chain holds\n", rep.Entries)
	return nil
}

// runOpenAPI prints the document from the routes alone; no store is opened.
func runOpenAPI(_ context.Context, e env, _ []string) error {
	clock := &app.Clock{}
	var db store.DB
	reg := registry.New(&db, clock.Now)
	s := web.New(web.Deps{
		Store: &db, Registry: reg, Identity: identity.New(&db, reg, clock.Now, identity.DefaultPolicy()),
		Programme: programme.New(programme.Options{Store: &db, Registry: reg, Now: clock.Now}),
		Evidence:  evidence.New(evidence.Options{Store: &db, Now: clock.Now}), Log: slog.New(slog.DiscardHandler),
		UI: ui.Files(), Clock: clock, Now: clock.Now, Settings: web.Settings{Version: version},
	})
	b, err := s.OpenAPI()
	if err != nil {
		return err
	}
	_, err = e.out.Write(append(b, '\n'))
	return err
}
