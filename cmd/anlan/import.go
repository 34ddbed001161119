package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"

	"anlan/internal/app"
	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/programme"
	"anlan/internal/programme/table"
	"anlan/internal/registry"
)

// runImport says what a workbook holds and what became of each row; with --as it files what is taken.
func runImport(ctx context.Context, e env, args []string) error {
	var as, division, mode string
	var asJSON, published bool
	c, files, err := configure(e, "import", args, func(f *flag.FlagSet) {
		f.StringVar(&as, "as", "", "sign-in name of the person who files it; without it nothing is written")
		f.StringVar(&division, "division", "", "division that sends it")
		f.StringVar(&mode, "mode", "replace", "replace, fill or strict")
		f.BoolVar(&published, "published", false, "read published figures: check them against each other, file nothing")
		f.BoolVar(&asJSON, "json", false, "print JSON")
	})
	if err != nil {
		return err
	}
	if len(files) == 0 || published && as != "" {
		return fmt.Errorf("%w: anlan import [--as LOGIN --division CODE | --published] FILE", errUsage)
	}
	a, err := open(ctx, e, c, &app.Clock{}, false)
	if err != nil {
		return err
	}
	defer a.Close() //nolint:errcheck // nothing more is written
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if as == "" {
			err = describe(ctx, e, a, file, content, published, asJSON)
		} else {
			err = fileImport(ctx, e, a, as, division, file, content, programme.ImportMode(mode))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func describe(ctx context.Context, e env, a *app.App, file string, content []byte, published, asJSON bool) error {
	var cat table.Catalogue
	if !published {
		known, err := a.Programme.Catalogue(ctx)
		if err != nil {
			return err
		}
		cat = known
	}
	tree, err := a.Registry.Tree(ctx)
	if err != nil {
		return err
	}
	report, err := programme.DescribeFile(file, content, namesOf(tree), cat)
	if err != nil {
		return err
	}
	if asJSON {
		enc := json.NewEncoder(e.out)
		enc.SetIndent("", "  ")
		return enc.Encode(report)
	}
	fmt.Fprint(e.out, report.Text(false))
	return nil
}

func namesOf(tree *registry.Tree) *table.Names {
	var list []table.Division
	for _, d := range tree.All() {
		item := table.Division{Code: d.Code, Zh: d.NameZh, Short: d.ShortZh}
		if p, ok := tree.Parent(d.ID); ok {
			item.Parent = p.Code
		}
		list = append(list, item)
	}
	return table.NewNames(list)
}

func fileImport(ctx context.Context, e env, a *app.App, login, division, file string, content []byte, mode programme.ImportMode) error {
	p, err := personOf(ctx, a, login)
	if err != nil {
		return err
	}
	imp, err := a.Programme.Upload(ctx, p, division, file, content)
	if err != nil {
		return err
	}
	for _, sheet := range imp.Sheets {
		for _, q := range sheet.Questions {
			fmt.Fprintf(e.out, "%s!%s: %s\n", sheet.Name, q.Place, q.En)
		}
	}
	effect, err := a.Programme.ConfirmImport(ctx, p, imp.ID, nil, mode)
	if err != nil {
		return err
	}
	for _, r := range effect.Rows {
		if r.Outcome == "refused" || r.Outcome == "notice" {
			fmt.Fprintf(e.out, "%s row %d %s: %s: %s\n", r.Sheet, r.Row, r.Cell, r.Outcome, r.Reason.En)
		}
	}
	n := effect.Counts
	fmt.Fprintf(e.out, "%s: %d rows taken, %d refused, %d ignored; %d figures into %d returns\n", file, n.Taken, n.Refused, n.Ignored, n.Figures, n.Returns)
	return nil
}

// personOf is the person behind a sign-in name, for the operator at the machine.
func personOf(ctx context.Context, a *app.App, login string) (*identity.Principal, error) {
	tree, err := a.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	var roots []int64
	for _, d := range tree.Roots() {
		roots = append(roots, d.ID)
	}
	list, err := a.Identity.Accounts(ctx, identity.AccountQuery{Scopes: roots, Text: login, Limit: 100})
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(x identity.Account) bool { return x.Login == login && x.DisabledAt == nil })
	if i < 0 {
		return nil, fault.NotFoundf("account.unknown", "没有账号 %s", "there is no account %s", login)
	}
	return identity.NewPrincipal(list[i].ID, login, list[i].Name, list[i].Division, list[i].Grants, tree), nil
}
