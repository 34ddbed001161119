package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/programme"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

func cityCode(c int) string      { return fmt.Sprintf("35%02d00", c+1) }
func countyCode(c, k int) string { return fmt.Sprintf("35%02d00%03d", c+1, k+1) }

// load makes the province, its programmes, targets and figures; months are loaded newest last until the time is up.
func (b *bench) load(ctx context.Context) (int64, error) {
	if err := b.app.Store.Write(ctx, func(tx *store.Tx) error { return b.app.Registry.AddDivisions(ctx, tx, b.province()) }); err != nil {
		return 0, err
	}
	if _, err := b.app.Programme.LoadPacks(ctx, program(), map[string][]byte{"bench.yaml": pack.Format(b.pack())}); err != nil {
		return 0, err
	}
	if err := b.users(ctx); err != nil {
		return 0, err
	}
	if err := b.targets(ctx); err != nil {
		return 0, err
	}
	return b.figures(ctx)
}

func (b *bench) province() []registry.NewDivision {
	list := []registry.NewDivision{{Code: "350000", Name: fault.T("测试省", "Bench Province"), Kind: registry.Administrative, Level: "province"}}
	for c := range b.size.cities {
		list = append(list, registry.NewDivision{Code: cityCode(c), Name: fault.Tf("测试市%d", "City %d", c), Kind: registry.Administrative, Level: "city", Parent: "350000", Sort: int64(c)})
		for k := range b.size.counties {
			list = append(list, registry.NewDivision{
				Code: countyCode(c, k), Name: fault.Tf("测试县%d", "County %d", c*1000+k), Kind: registry.Administrative, Level: "county", Parent: cityCode(c), Sort: int64(k),
			})
		}
	}
	return list
}

const (
	benchLines    = 40 // lines of a form
	benchHeadline = 25 // measures of the cockpit
)

func (b *bench) pack() *pack.Pack {
	text := fault.T("测试", "bench")
	p := &pack.Pack{ID: "bench", Version: 1, Title: text, Line: "bench", Basis: text, Order: 1}
	for i := range b.size.indicators {
		code := fmt.Sprintf("b.i%03d", i)
		p.Indicators = append(p.Indicators, pack.Indicator{
			Code: code, Name: fault.Tf("指标%d", "Indicator %d", i), Unit: "wan_yuan", Decimals: 2, Kind: pack.Cumulative, Better: pack.More,
			Rollup: pack.Sum, Level: pack.County, Cadence: pack.Monthly, Office: text, Reader: text, Definition: text,
		})
		if i%benchLines == 0 {
			p.Forms = append(p.Forms, pack.Form{ID: fmt.Sprintf("bench.f%02d", i/benchLines), Title: text, Level: pack.County, Cadence: pack.Monthly, DueDay: 5, Review: 3})
		}
		f := &p.Forms[len(p.Forms)-1]
		f.Lines = append(f.Lines, code)
		if i < benchHeadline {
			p.Targets = append(p.Targets, pack.Target{
				ID: code + ".plan", Name: text, Indicator: code, Issuer: pack.City, Judge: pack.ByCompletion, Due: "12-31", Curve: pack.Linear, Split: true, Headline: true,
			})
		}
	}
	return p
}

// clerks is how many counties file while it is measured.
func (b *bench) clerks() int { return min(10, b.size.counties) }

func clerkLogin(k int) string { return fmt.Sprintf("clerk%d", k) }

// users makes the people that the bench asks as: a planner and a director of one city, and clerks of its counties.
func (b *bench) users(ctx context.Context) error {
	tree, err := b.app.Registry.Tree(ctx)
	if err != nil {
		return err
	}
	return b.app.Store.Write(ctx, func(tx *store.Tx) error {
		add := func(login, role, code string) error {
			d, _ := tree.ByCode(code)
			_, _, err := b.app.Identity.CreateAccount(ctx, tx, program(), identity.NewAccount{
				Login: login, Name: login, Division: d.ID, Password: benchPassword, Grants: []identity.Grant{{Role: role, Line: "bench", Division: d.ID}},
			})
			return err
		}
		err := errors.Join(add("bench", "planner", cityCode(0)), add("reader", "director", cityCode(0)))
		for k := range b.clerks() {
			err = errors.Join(err, add(clerkLogin(k), "county_leader", countyCode(0, k)))
		}
		return err
	})
}

func (b *bench) targets(ctx context.Context) error {
	p, err := personOf(ctx, b.app, "bench")
	if err != nil {
		return err
	}
	for i := range min(benchHeadline, b.size.indicators) {
		rows := []programme.TargetChange{{Division: cityCode(0), Amount: quantity.Some(quantity.Int(100 * int64(b.size.counties)))}}
		for k := range b.size.counties {
			rows = append(rows, programme.TargetChange{Division: countyCode(0, k), Amount: quantity.Some(quantity.Int(100))})
		}
		q := programme.TargetQuery{Target: fmt.Sprintf("b.i%03d.plan", i), Year: 2026, Scope: cityCode(0)}
		if _, err := b.app.Programme.SetTargets(ctx, p, q, rows); err != nil {
			return err
		}
	}
	return nil
}

// figures writes months of figures straight into the tables, the newest years last, and forms their sums as the program does.
func (b *bench) figures(ctx context.Context) (int64, error) {
	counties, err := b.countyIDs(ctx)
	if err != nil {
		return 0, err
	}
	newest := hydrotime.Month(202604)
	began, rows := time.Now(), int64(0)
	for m := newest.Add(1 - 12*b.size.years); m <= newest; m = m.Add(1) {
		// What no longer fits into the time is left out at the old end: the last fourteen months are always loaded.
		if time.Since(began) > b.size.loading && newest.Sub(m) >= 14 {
			m = newest.Add(-14)
			continue
		}
		n, err := b.month(ctx, m, counties)
		if err != nil {
			return rows, err
		}
		rows += n
		b.last = m
		if m.Number() == 12 || m == newest {
			fmt.Fprintf(b.out, "  %s: %d figures, %.0f/s\n", m, rows, float64(rows)/time.Since(began).Seconds())
		}
	}
	return rows, nil
}

func (b *bench) countyIDs(ctx context.Context) ([]int64, error) {
	tree, err := b.app.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	var out []int64
	for _, d := range tree.All() {
		if d.Level == "county" {
			out = append(out, d.ID)
		}
	}
	return out, nil
}

func (b *bench) month(ctx context.Context, m hydrotime.Month, counties []int64) (int64, error) {
	n := int64(0)
	err := b.app.Store.Write(ctx, func(tx *store.Tx) error {
		for i := 1; i <= b.size.indicators; i++ {
			for start := 0; start < len(counties); start += 500 {
				part := counties[start:min(start+500, len(counties))]
				if err := insertFigures(ctx, tx, i, m, part); err != nil {
					return err
				}
				n += int64(len(part))
			}
		}
		return nil
	})
	if err != nil {
		return n, err
	}
	_, err = b.app.Programme.Recompute(ctx, m)
	return n, err
}

func insertFigures(ctx context.Context, tx *store.Tx, indicator int, m hydrotime.Month, divisions []int64) error {
	var text strings.Builder
	text.WriteString(`INSERT INTO figure (indicator_id, period, division_id, value_e6, base_e6, revision, recorded_at, accepted_at) VALUES `)
	for i, d := range divisions {
		if i > 0 {
			text.WriteByte(',')
		}
		value := int64(m.Number())*8_000_000 + int64(indicator)*1000 + d
		fmt.Fprintf(&text, "(%d,%d,%d,%d,NULL,1,%d,%[5]d)", indicator, int(m), d, value, m.End().UnixMilli())
	}
	_, err := tx.ExecContext(ctx, text.String())
	return err
}
