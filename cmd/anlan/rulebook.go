package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"anlan/internal/app"
	"anlan/internal/oversight"
)

const rulebookUsage = "anlan rulebook list | check FILE... | put FILE... | show KIND ID [--version N]"

// runRulebook lists, checks, loads and shows checklists, score trees, the comparison and the ladder.
func runRulebook(ctx context.Context, e env, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("%w: %s", errUsage, rulebookUsage)
	}
	act, rest := args[0], args[1:]
	if act == "show" && len(rest) > 2 && !strings.HasPrefix(rest[0], "-") {
		rest = append(append([]string{}, rest[2:]...), rest[:2]...) // options may stand behind what they are for
	}
	var version int
	c, names, err := configure(e, "rulebook", rest, func(f *flag.FlagSet) {
		if act == "show" {
			f.IntVar(&version, "version", 0, "version to show; the one in force where absent")
		}
	})
	if err != nil {
		return err
	}
	wants := map[string]bool{"list": len(names) == 0, "check": len(names) > 0, "put": len(names) > 0, "show": len(names) == 2}
	if !wants[act] {
		return fmt.Errorf("%w: %s", errUsage, rulebookUsage)
	}
	if act == "check" && !strings.Contains(c.Database, "://") {
		if _, err := os.Stat(c.Database); errors.Is(err, os.ErrNotExist) { // held against what ships, and no database is left behind
			dir, err := os.MkdirTemp("", "anlan-check-")
			if err != nil {
				return err
			}
			defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
			c.Database = filepath.Join(dir, "check.db")
		}
	}
	a, err := open(ctx, e, c, &app.Clock{}, false)
	if err != nil {
		return err
	}
	switch act {
	case "list":
		err = listRulebooks(ctx, e, a)
	case "check":
		err = checkRulebooks(ctx, e, a, names)
	case "put":
		err = putRulebooks(ctx, e, a, names)
	case "show":
		var v *oversight.RulebookSource
		if v, err = a.Oversight.Rulebook(ctx, names[0], names[1], version); err == nil {
			fmt.Fprint(e.out, v.Source)
		}
	}
	return errors.Join(err, a.Close())
}

func listRulebooks(ctx context.Context, e env, a *app.App) error {
	list, err := a.Oversight.Rulebooks(ctx)
	for _, v := range list {
		mark := " "
		if v.InForce {
			mark = "*"
		}
		fmt.Fprintf(e.out, "%s %-10s %-20s %3d  %s  %s  %s\n", mark, v.Kind, v.ID, v.Version, v.LoadedAt.Format("2006-01-02"), v.LoadedBy, v.Title.Zh)
	}
	return err
}

func checkRulebooks(ctx context.Context, e env, a *app.App, names []string) error {
	wrong := 0
	for _, name := range names {
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		check, err := a.Oversight.CheckRulebook(ctx, name, src)
		if err != nil {
			return err
		}
		for _, f := range check.Fields {
			fmt.Fprintf(e.out, "%s: %s\n", f.Place, f.Text.En)
		}
		if !check.OK {
			wrong++
			continue
		}
		fmt.Fprintf(e.out, "%s: %s %s, version %d over %d: sound\n", name, check.Kind, check.ID, check.Version, check.Base)
		for _, ch := range check.Changes {
			mark := " "
			if ch.Breaking {
				mark = "!"
			}
			fmt.Fprintf(e.out, "%s %s\n", mark, ch.Text.En)
		}
	}
	if wrong > 0 {
		return fmt.Errorf("%d of %d files cannot be put into force", wrong, len(names))
	}
	return nil
}

func putRulebooks(ctx context.Context, e env, a *app.App, names []string) error {
	sources, err := packSources(names)
	if err != nil {
		return err
	}
	made, err := a.Oversight.PutRulebooks(ctx, program(), sources)
	for _, v := range made {
		fmt.Fprintf(e.out, "%s %s, version %d: in force\n", v.Kind, v.ID, v.Version)
	}
	if err == nil && len(made) == 0 {
		fmt.Fprintln(e.out, "nothing new")
	}
	return err
}
