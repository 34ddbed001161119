package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"anlan/internal/bulletin"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/programme"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
	"anlan/internal/store"
	"anlan/packs"
)

// bulletinBench measures how fast bulletins of a large city come about: frozen, composed and made into files.
type bulletinBench struct {
	*bench
	months int
}

const benchBulletinMonth = hydrotime.Month(202605)

func runBenchBulletin(ctx context.Context, e env, args []string) error {
	size := benchSize{cities: 1}
	var months int
	_, _, err := configure(e, "bench", args, func(f *flag.FlagSet) {
		f.IntVar(&size.counties, "counties", 100, "counties of the city")
		f.IntVar(&months, "months", 17, "months of figures of the shipped programmes")
	})
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "anlan-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	return (&bulletinBench{newBench(e.out, size, dir), months}).run(ctx)
}

func (b *bulletinBench) run(ctx context.Context) error {
	return b.serve(ctx, cityCode(0), b.load, b.measure)
}

// load files the shipped programmes of every county, with made-up figures.
func (b *bulletinBench) load(ctx context.Context) error {
	start := time.Now()
	if err := b.app.Store.Write(ctx, func(tx *store.Tx) error { return b.app.Registry.AddDivisions(ctx, tx, b.province()) }); err != nil {
		return err
	}
	if err := b.clock.Set(time.Date(2025, 1, 1, 1, 0, 0, 0, time.UTC)); err != nil { // the packs are in force before the figures
		return err
	}
	_, err := b.app.Programme.LoadPacks(ctx, program(), packs.All())
	if err == nil {
		_, err = b.app.Bulletin.LoadTemplates(ctx, program(), packs.Bulletins())
	}
	if err == nil {
		err = b.app.Oversight.LoadFirst(ctx, program(), definitions())
	}
	if err == nil {
		err = b.clock.Set(time.Date(2026, 6, 8, 1, 0, 0, 0, time.UTC))
	}
	if err != nil {
		return err
	}
	boss, err := b.person(ctx)
	if err != nil {
		return err
	}
	lines, err := b.fill(ctx, boss)
	if err == nil {
		fmt.Fprintf(b.out, "%-44s %d counties, %d months, %d lines of returns, in %s\n", "loaded", b.size.counties, b.months, lines, time.Since(start).Round(time.Second))
	}
	return err
}

// person may do all that bulletins ask for, over the city.
func (b *bulletinBench) person(ctx context.Context) (*identity.Principal, error) {
	tree, err := b.app.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	city, _ := tree.ByCode(cityCode(0))
	grants := []identity.Grant{{Role: "director", Line: identity.AnyLine, Division: city.ID}, {Role: "planner", Line: identity.AnyLine, Division: city.ID}}
	return identity.NewPrincipal("bench", "bench", "bench", city.ID, grants, tree), nil
}

func (b *bulletinBench) fill(ctx context.Context, boss *identity.Principal) (lines int, err error) {
	cat, err := b.app.Programme.Catalogue(ctx)
	if err != nil {
		return 0, err
	}
	tree, err := b.app.Registry.Tree(ctx)
	if err != nil {
		return 0, err
	}
	counties := tree.Filers(boss.Home(), "county", b.clock.Now())
	for _, t := range cat.AllTargets() {
		if t.Fixed != nil {
			continue
		}
		var rows []programme.TargetChange
		for _, d := range counties {
			rows = append(rows, programme.TargetChange{Division: d.Code, Amount: quantity.Some(quantity.Int(10_000))})
		}
		if _, err := b.app.Programme.SetTargets(ctx, boss, programme.TargetQuery{Target: t.ID, Year: benchBulletinMonth.Year(), Scope: cityCode(0)}, rows); err != nil {
			return 0, fmt.Errorf("target %s: %w", t.ID, err)
		}
	}
	for m := benchBulletinMonth.Add(1 - b.months); m <= benchBulletinMonth; m = m.Add(1) {
		var list []programme.PastReturn
		for _, form := range cat.Forms() {
			if form.Level != pack.County || form.Cadence != pack.Monthly {
				continue
			}
			for k, d := range counties {
				r := programme.PastReturn{Form: form.ID, Division: d.ID, Period: m, SubmittedAt: m.End().Add(48 * time.Hour)}
				for i, code := range form.Lines {
					ind, _ := cat.Indicator(code)
					l := programme.LineChange{Indicator: code, Value: quantity.Some(quantity.Int(int64(m.Number()*700 + k*13%900 + i)))}
					switch {
					case len(ind.Options) > 0:
						l.Value = quantity.Some(quantity.Int(int64(ind.Options[k%len(ind.Options)].Value)))
					case ind.Ratio != nil:
						l.Value, l.Base = quantity.Some(quantity.Int(int64(50+k*7%50))), quantity.Some(quantity.Int(100))
					}
					r.Lines = append(r.Lines, l)
					lines++
				}
				list = append(list, r)
			}
		}
		if err := b.app.Programme.LoadPast(ctx, list); err != nil {
			return 0, err
		}
	}
	return lines, nil
}

func (b *bulletinBench) measure(ctx context.Context) error {
	boss, err := b.person(ctx)
	if err != nil {
		return err
	}
	n := bulletin.NewBulletin{Kind: "monthly-notice", Scope: cityCode(0), Period: benchBulletinMonth.String()}
	for _, name := range []string{"city bulletin, the first after the start", "city bulletin, again"} {
		start := time.Now()
		c, err := b.app.Bulletin.Compose(ctx, boss, n)
		if err != nil {
			return err
		}
		composed := time.Since(start)
		line := fmt.Sprintf("%-44s frozen and composed %s", name, composed.Round(time.Millisecond))
		whole := composed
		for _, form := range b.app.Bulletin.Forms() {
			start = time.Now()
			if _, err := b.app.Bulletin.Render(c, form); err != nil {
				return err
			}
			took := time.Since(start)
			whole += took
			line += fmt.Sprintf(", %s %s", form, took.Round(time.Millisecond))
		}
		fmt.Fprintf(b.out, "%s; all %s, %d cells\n", line, whole.Round(time.Millisecond), len(c.Snapshot.Cells))
	}
	return b.sheets(ctx, boss)
}

// sheets drafts a briefing for every county and makes its document.
func (b *bulletinBench) sheets(ctx context.Context, boss *identity.Principal) error {
	start := time.Now()
	for k := range b.size.counties {
		id, err := b.app.Bulletin.Draft(ctx, boss, bulletin.NewBulletin{Kind: "director-briefing", Scope: countyCode(0, k), Period: benchBulletinMonth.String()})
		if err == nil {
			_, err = b.app.Bulletin.File(ctx, boss, id, bulletin.DOCX)
		}
		if err != nil {
			return err
		}
	}
	took := time.Since(start)
	fmt.Fprintf(b.out, "%-44s %s, %s each\n", fmt.Sprintf("%d county sheets, drafted, kept and made", b.size.counties), took.Round(10*time.Millisecond), (took / time.Duration(max(b.size.counties, 1))).Round(time.Millisecond))
	return nil
}
