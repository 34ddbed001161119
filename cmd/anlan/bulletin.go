package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"anlan/internal/app"
	"anlan/internal/bulletin"
	"anlan/internal/bulletin/compose"
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/registry"
)

const bulletinUsage = "anlan bulletin kinds | list | make --kind K --period P [--out FILE] | check FILE... | put FILE...; --help shows an example"

const bulletinHelp = `anlan bulletin kinds
anlan bulletin list
anlan bulletin make --kind KIND --period PERIOD [--scope CODE] [--as-of INSTANT] [--out FILE]
anlan bulletin check FILE...
anlan bulletin put FILE...

kinds lists the kinds of bulletins, list those that were drafted or issued. make freezes figures, writes the text and makes a file of it
by its ending: .docx, .xlsx (the figures; .en.xlsx in English) or .pdf; without --out the text is printed. Nothing is kept in the
database. A period is a month, or a day for what is issued daily. --scope is the city of the configuration where it is left out.
check and put take templates of your own: see docs/bulletins.md.

An example, over a demo city that is kept in a folder:

  anlan demo --keep demo                                     # stop it with Ctrl-C
  anlan bulletin kinds --database demo/demo.db
  anlan bulletin make --database demo/demo.db --scope 330600 --kind monthly-notice --period 2026-04 --out notice.docx
  anlan bulletin make --database demo/demo.db --scope 330624 --kind director-briefing --period 2026-04

`

// runBulletin lists kinds and bulletins, makes files of them, and loads templates.
func runBulletin(ctx context.Context, e env, args []string) error {
	if asked(args) {
		fmt.Fprint(e.out, bulletinHelp)
		return nil
	}
	if len(args) == 0 {
		return fmt.Errorf("%w: %s", errUsage, bulletinUsage)
	}
	var m making
	c, files, err := configure(e, "bulletin", args[1:], func(f *flag.FlagSet) {
		withHelp(f, bulletinHelp)
		if args[0] == "make" {
			f.StringVar(&m.kind, "kind", "", "kind of bulletin, as kinds lists them")
			f.StringVar(&m.period, "period", "", "month such as 2026-05, or a day")
			f.StringVar(&m.scope, "scope", "", "code of the division that it is about")
			f.StringVar(&m.asOf, "as-of", "", "show what was known at this instant, such as 2026-05-08T09:00:00+08:00")
			f.StringVar(&m.out, "out", "", "file to write: .docx, .xlsx, .en.xlsx or .pdf")
		}
	})
	if err != nil {
		return err
	}
	does := map[string]func(context.Context, env, *app.App) error{
		"kinds": bulletinKinds, "list": bulletinList,
		"make":  func(ctx context.Context, e env, a *app.App) error { return m.run(ctx, e, a) },
		"check": func(ctx context.Context, e env, a *app.App) error { return checkTemplates(ctx, e, a, files) },
		"put":   func(ctx context.Context, e env, a *app.App) error { return putTemplates(ctx, e, a, files) },
	}[args[0]]
	takes := args[0] == "check" || args[0] == "put"
	if does == nil || takes != (len(files) > 0) || args[0] == "make" && (m.kind == "" || m.period == "") {
		return fmt.Errorf("%w: %s", errUsage, bulletinUsage)
	}
	a, err := open(ctx, e, c, &app.Clock{}, false)
	if err != nil {
		return err
	}
	return errors.Join(does(ctx, e, a), a.Close())
}

func bulletinKinds(ctx context.Context, e env, a *app.App) error {
	list, err := a.Bulletin.Templates(ctx)
	for _, t := range list {
		fmt.Fprintf(e.out, "%-20s %3d  %-5s  %-12s  %s  %s\n", t.ID, t.Version, t.Cadence, strings.Join(t.Levels, ","), t.Title.Zh, t.Title.En)
	}
	return err
}

func bulletinList(ctx context.Context, e env, a *app.App) error {
	p, err := operator(ctx, a, "")
	if err != nil {
		return err
	}
	q := bulletin.Query{Limit: 200}
	for {
		pg, err := a.Bulletin.List(ctx, p, q)
		if err != nil {
			return err
		}
		for _, b := range pg.Items {
			fmt.Fprintf(e.out, "%6d  %-10s  %-9s  %-22s  %s  %s\n", b.ID, b.Period, b.State, cmp.Or(b.Number, "-"), b.Scope.NameZh, b.Title)
		}
		if q.After = pg.Next; q.After == 0 {
			return nil
		}
	}
}

// operator is the person at the machine, who holds the database in hands: as the city of a scope, or over everything where there is none.
func operator(ctx context.Context, a *app.App, scope string) (*identity.Principal, error) {
	tree, err := a.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	places := tree.Roots()
	if d, ok := tree.ByCode(scope); ok {
		places = []registry.Division{d}
		for _, up := range tree.Ancestors(d.ID) {
			if up.Level == "city" {
				places = []registry.Division{up}
			}
		}
	}
	var grants []identity.Grant
	var home int64
	for _, d := range places {
		home = cmp.Or(home, d.ID)
		grants = append(grants, identity.Grant{Role: "director", Line: identity.AnyLine, Division: d.ID})
	}
	by := program()
	return identity.NewPrincipal(by.ID, by.Name, by.Name, home, grants, tree), nil
}

// making is what make is asked for.
type making struct{ kind, period, scope, asOf, out string }

func (m making) run(ctx context.Context, e env, a *app.App) error {
	n := bulletin.NewBulletin{Kind: m.kind, Period: m.period, Scope: cmp.Or(m.scope, a.Config.City)}
	p, err := operator(ctx, a, n.Scope)
	if err != nil {
		return err
	}
	if m.asOf != "" {
		at, err := time.Parse(time.RFC3339, m.asOf)
		if err != nil {
			return fault.Invalidf("bulletin.as_of", "时刻 %q 应如 2026-05-08T09:00:00+08:00", "%q is no instant such as 2026-05-08T09:00:00+08:00", m.asOf)
		}
		n.AsOf = &at
	}
	form, err := formOf(m.out)
	if err != nil {
		return err
	}
	c, err := a.Bulletin.Compose(ctx, p, n)
	if err != nil {
		return err
	}
	if m.out == "" {
		printText(e, c.Text)
		return nil
	}
	f, err := a.Bulletin.Render(c, form)
	if err != nil {
		return err
	}
	if err := os.WriteFile(m.out, f.Content, 0o644); err != nil { //nolint:gosec // a document for others to read
		return err
	}
	fmt.Fprintf(e.out, "%s: %d bytes, %d figures as known on %s\n", m.out, len(f.Content), len(c.Snapshot.Cells), c.Snapshot.AsOf.In(hydrotime.Beijing).Format("2006-01-02 15:04"))
	return nil
}

// formOf reads the form off a file's name.
func formOf(name string) (bulletin.Form, error) {
	low := strings.ToLower(name)
	switch filepath.Ext(low) {
	case "", ".docx":
		return bulletin.DOCX, nil
	case ".pdf":
		return bulletin.PDF, nil
	case ".xlsx":
		if strings.HasSuffix(low, ".en.xlsx") {
			return bulletin.SheetEn, nil
		}
		return bulletin.Sheet, nil
	}
	return "", fault.Invalidf("bulletin.form", "文件名 %s 应以 .docx、.xlsx 或 .pdf 结尾", "the name %s ends with .docx, .xlsx or .pdf", name)
}

// printText prints a bulletin for a look at a terminal.
func printText(e env, t *compose.Text) {
	fmt.Fprintln(e.out, t.Title)
	for _, b := range t.Blocks {
		switch b.Kind {
		case compose.TableOf:
			fmt.Fprintf(e.out, "    [%s]\n", b.Table.Caption)
			for _, row := range b.Table.Rows {
				var cells []string
				for _, c := range row {
					cells = append(cells, c.Text)
				}
				fmt.Fprintln(e.out, "    "+strings.Join(cells, "\t"))
			}
		case compose.ChartOf:
			fmt.Fprintf(e.out, "    [%s]\n", b.Chart.Alt)
		case compose.Heading:
			fmt.Fprintln(e.out, "\n"+strings.Repeat("#", b.Level)+" "+compose.Plain(b.Runs))
		case compose.Annex:
			fmt.Fprintln(e.out, "\n附件："+compose.Plain(b.Runs))
		default:
			fmt.Fprintln(e.out, compose.Plain(b.Runs))
		}
	}
}

func templateFiles(names []string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files[name] = b
	}
	return files, nil
}

func checkTemplates(ctx context.Context, e env, a *app.App, names []string) error {
	files, err := templateFiles(names)
	if err != nil {
		return err
	}
	for _, name := range names {
		t, err := a.Bulletin.CheckTemplate(ctx, name, files[name])
		if err != nil {
			return err
		}
		fmt.Fprintf(e.out, "%s: template %s, version %d: sound\n", name, t.ID, t.Version)
	}
	return nil
}

func putTemplates(ctx context.Context, e env, a *app.App, names []string) error {
	files, err := templateFiles(names)
	if err != nil {
		return err
	}
	n, err := a.Bulletin.LoadTemplates(ctx, commandLine(), files)
	if err == nil {
		fmt.Fprintf(e.out, "%d of %d templates are in force now that were not before\n", n, len(names))
	}
	return err
}
