package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// matterBench measures lists, counts and moves of matters over HTTP, as the reviewer of one city and as a clerk of one county.
type matterBench struct {
	*bench
	matters int

	counties []registry.Division
	units    map[int64]string
	people   map[int64][]string
	objects  map[int64][]int64
	moving   []int64 // matters left in a state from which the bench moves them
}

const (
	benchCity     = "350100"
	benchCounties = 11
	benchBatch    = 2000
)

func runBenchMatter(ctx context.Context, e env, args []string) error {
	b := &matterBench{units: map[int64]string{}, people: map[int64][]string{}, objects: map[int64][]int64{}}
	size := benchSize{together: 3 * time.Second}
	var keep string
	_, _, err := configure(e, "bench", args, func(f *flag.FlagSet) {
		f.StringVar(&keep, "keep", "", "folder to keep the database in, so that the next run need not load it; a temporary one where absent")
		f.IntVar(&b.matters, "matters", 200_000, "matters to load")
		f.IntVar(&size.requests, "requests", 200, "requests of each kind")
	})
	if err != nil {
		return err
	}
	if keep == "" {
		if keep, err = os.MkdirTemp("", "anlan-bench-"); err != nil {
			return err
		}
		defer os.RemoveAll(keep) //nolint:errcheck // a temporary folder
	}
	b.bench = newBench(e.out, size, keep)
	return b.serve(ctx, "", b.load, b.measure)
}

func (b *matterBench) load(ctx context.Context) error {
	if kept, err := b.recall(ctx); err != nil || kept {
		return err
	}
	if err := b.city(ctx); err != nil {
		return err
	}
	start := time.Now()
	// The same program fills the store as serves it: every matter, move and audit entry is what the screens would have made.
	rng := rand.New(rand.NewPCG(1, 2026))
	reviewer, county, err := b.sides(ctx)
	if err != nil {
		return err
	}
	for done := 0; done < b.matters; done += benchBatch {
		err := b.app.Store.Write(ctx, func(tx *store.Tx) error {
			for range min(benchBatch, b.matters-done) {
				if err := b.one(ctx, tx, rng, reviewer, county); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	fmt.Fprintf(b.out, "%-52s %d matters in %s, %d MiB with the log\n", "loaded", b.matters, round(time.Since(start)), sizeOf(b.file)>>20)
	return nil
}

// recall finds in a kept database what measuring needs to know of it.
func (b *matterBench) recall(ctx context.Context) (bool, error) {
	db := b.app.Store
	var kept int
	if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM matter`).Scan(&kept); err != nil || kept == 0 {
		return false, err
	}
	tree, err := b.app.Registry.Tree(ctx)
	if err != nil {
		return false, err
	}
	for _, d := range tree.All() {
		if d.Level == "county" {
			b.counties = append(b.counties, d)
		}
	}
	err = errors.Join(
		store.Each(ctx, db, `SELECT o.division_id, o.id, p.id FROM organisation o JOIN person p ON p.organisation_id = o.id ORDER BY p.id`, func(scan func(...any) error) error {
			var division int64
			var unit, person string
			err := scan(&division, &unit, &person)
			b.units[division], b.people[division] = unit, append(b.people[division], person)
			return err
		}),
		store.Each(ctx, db, `SELECT id FROM matter WHERE state = 'rectifying' ORDER BY id LIMIT 2000`, func(scan func(...any) error) error {
			var id int64
			err := scan(&id)
			b.moving = append(b.moving, id)
			return err
		}))
	fmt.Fprintf(b.out, "%-52s %d matters\n", "kept", kept)
	return true, err
}

func (b *matterBench) city(ctx context.Context) error {
	a := b.app
	list := []registry.NewDivision{{Code: benchCity, Name: fault.T("城", "City"), Kind: registry.Administrative, Level: "city"}}
	for k := range benchCounties {
		list = append(list, registry.NewDivision{Code: fmt.Sprintf("3501%02d", k+1), Name: fault.Tf("县%d", "County %d", k+1), Kind: registry.Administrative, Level: "county", Parent: benchCity, Sort: int64(k)})
	}
	if err := a.Store.Write(ctx, func(tx *store.Tx) error { return a.Registry.AddDivisions(ctx, tx, list) }); err != nil {
		return err
	}
	tree, err := a.Registry.Tree(ctx)
	if err != nil {
		return err
	}
	return a.Store.Write(ctx, func(tx *store.Tx) error {
		for _, d := range tree.All() {
			if err := b.bureau(ctx, tx, d); err != nil {
				return err
			}
			if d.Level == "county" {
				b.counties = append(b.counties, d)
			}
		}
		return nil
	})
}

// bureau gives a division its bureau with twenty people, a hundred reservoirs, and an account.
func (b *matterBench) bureau(ctx context.Context, tx *store.Tx, d registry.Division) error {
	a := b.app
	unit, err := a.Registry.AddOrganisation(ctx, tx, registry.Program(), registry.NewOrganisation{Name: fault.T(d.NameZh+"水利局", d.NameEn+" bureau"), Kind: "bureau", Division: d.Code})
	if err != nil {
		return err
	}
	b.units[d.ID] = unit
	for k := range 20 {
		id, err := a.Registry.AddPerson(ctx, tx, registry.Program(), registry.NewPerson{Name: fmt.Sprintf("人%s%02d", d.Code, k), Organisation: unit})
		if err != nil {
			return err
		}
		b.people[d.ID] = append(b.people[d.ID], id)
	}
	role := "reviewer"
	if d.Level == "county" {
		role = "county_leader"
		for k := range 100 {
			id, err := a.Registry.AddObject(ctx, tx, registry.Program(), registry.NewWaterObject{Kind: "reservoir", Name: fault.T(fmt.Sprintf("%s水库%02d", d.NameZh, k), ""), Division: d.Code})
			if err != nil {
				return err
			}
			b.objects[d.ID] = append(b.objects[d.ID], id)
		}
	}
	_, _, err = a.Identity.CreateAccount(ctx, tx, program(), identity.NewAccount{
		Login: "u" + d.Code, Name: d.Code, Division: d.ID, Password: benchPassword, Grants: []identity.Grant{{Role: role, Line: "reservoir", Division: d.ID}},
	})
	return err
}

// sides are the city's reviewer and, for each county, who answers.
func (b *matterBench) sides(ctx context.Context) (*identity.Principal, map[int64]*identity.Principal, error) {
	reviewer, err := personOf(ctx, b.app, "u"+benchCity)
	if err != nil {
		return nil, nil, err
	}
	answers := map[int64]*identity.Principal{}
	for _, d := range b.counties {
		if answers[d.ID], err = personOf(ctx, b.app, "u"+d.Code); err != nil {
			return nil, nil, err
		}
	}
	return reviewer, answers, nil
}

// one opens a matter and walks it some way.
func (b *matterBench) one(ctx context.Context, tx *store.Tx, rng *rand.Rand, reviewer *identity.Principal, answers map[int64]*identity.Principal) error {
	d := b.counties[rng.IntN(len(b.counties))]
	now := b.clock.Now()
	origins := []matter.Origin{matter.Province, matter.City, matter.City, matter.County, matter.Self}
	m, _, err := b.app.Matter.Open(ctx, tx, reviewer.Actor(), matter.NewMatter{
		Kind: matter.Finding, Line: "reservoir", Division: d.ID, Keeper: reviewer.Home(), Object: b.objects[d.ID][rng.IntN(100)], Source: "hand", Item: fmt.Sprintf("sr.%02d.%02d", rng.IntN(8), rng.IntN(6)),
		Title: fault.T(fmt.Sprintf("坝体渗漏未处理%d", rng.IntN(1_000_000)), "seepage not treated"), Basis: "4.1", Severity: matter.Severity(1 + rng.IntN(3)),
		Origin: origins[rng.IntN(len(origins))], Found: now.AddDate(0, 0, -rng.IntN(700)), Due: now.AddDate(0, 0, rng.IntN(90)-30),
	})
	if err != nil {
		return err
	}
	far := rng.IntN(10)
	due := now.AddDate(0, 0, 5+rng.IntN(60))
	steps := []struct {
		by  *identity.Principal
		act matter.Act
	}{
		{answers[d.ID], matter.Act{Move: matter.Confirm}},
		{reviewer, matter.Act{Move: matter.Assign, Unit: b.units[d.ID], Person: b.people[d.ID][rng.IntN(20)], Due: &due}},
		{answers[d.ID], matter.Act{Move: matter.Plan, Measures: "灌浆防渗"}},
	}
	for i, s := range steps {
		if far < 2*(i+1) {
			return nil
		}
		if _, err := b.app.Matter.MoveIn(ctx, tx, s.by, m.ID, s.act); err != nil {
			return err
		}
	}
	if len(b.moving) < 2000 {
		b.moving = append(b.moving, m.ID)
	}
	return nil
}

// lists are filters and orders over every field that a list shows.
func (b *matterBench) lists() []string {
	person, county := b.people[b.counties[3].ID][7], b.counties[3].Code
	var out []string
	for _, by := range matter.Sorts() {
		out = append(out, "sort="+by, "sort=-"+by)
	}
	for _, f := range []string{
		"state=assigned", "severity=3", "origin=province", "scope=" + county, "person=" + person, "item=sr.03.02", "overdue=true", "q=99", "q=渗漏未处理4321", "recurrent=true",
		"due_from=2026-06-01&due_to=2026-06-30", "found_from=2025-01-01&found_to=2025-03-31", "object=17", "live=true", "incomplete=true", "unit=" + b.units[b.counties[3].ID],
	} {
		out = append(out, f+"&sort=severity", f+"&sort=-due", f+"&severity=2&sort=person")
	}
	return out
}

func (b *matterBench) measure(ctx context.Context) error {
	start := time.Now()
	if err := b.app.Matter.Warm(ctx); err != nil { // waits for the reading that the start began
		return err
	}
	fmt.Fprintf(b.out, "%-52s %s\n", "all in memory after a start, nobody waiting", round(time.Since(start)))
	city, err := b.signIn(ctx, "u"+benchCity)
	if err != nil {
		return err
	}
	clerk, err := b.signIn(ctx, "u"+b.counties[3].Code)
	if err != nil {
		return err
	}
	start = time.Now()
	if err := b.ask(ctx, city, http.MethodGet, "/api/matters", nil, nil); err != nil {
		return err
	}
	fmt.Fprintf(b.out, "%-52s %s\n", "the first list then", round(time.Since(start)))
	var memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&memory)
	fmt.Fprintf(b.out, "%-52s %d MiB\n", "memory in use after it", memory.HeapInuse>>20)
	for _, who := range []struct {
		name   string
		client *http.Client
	}{{"a city's reviewer", city}, {"a county's clerk", clerk}} {
		if err := b.anyList(ctx, who.name, who.client); err != nil {
			return err
		}
	}
	if err := b.timed(ctx, city, "counts by county and state", "/api/matters/groups?by=division&by=state"); err != nil {
		return err
	}
	if err := b.deepPage(ctx, city); err != nil {
		return err
	}
	if err := b.oneMove(ctx, clerk, city); err != nil {
		return err
	}
	if err := b.together(ctx, city, "8 clients listing at once", "/api/matters?state=assigned&sort=-due"); err != nil {
		return err
	}
	return b.timed(ctx, city, "statistics as of a day, all counties", "/api/oversight/statistics?scope="+benchCity+"&as_of="+hydrotime.DateOf(b.clock.Now()).String())
}

func (b *matterBench) timed(ctx context.Context, c *http.Client, name, path string) error {
	requests := b.size.requests
	if strings.Contains(path, "statistics") {
		b.size.requests = min(requests, 5)
	}
	times, err := b.repeat(ctx, c, path)
	b.size.requests = requests
	if err == nil {
		fmt.Fprintf(b.out, "%-52s p50 %s  p99 %s\n", name, at(times, 50), at(times, 99))
	}
	return err
}

// anyList asks for every filter and order in turn and tells the worst of them too.
func (b *matterBench) anyList(ctx context.Context, name string, c *http.Client) error {
	var all []time.Duration
	var slowest string
	var worst time.Duration
	lists := b.lists()
	for range max(1, b.size.requests*5/len(lists)) {
		for _, q := range lists {
			start := time.Now()
			if err := b.ask(ctx, c, http.MethodGet, "/api/matters?limit=50&"+q, nil, nil); err != nil {
				return fmt.Errorf("%s: %w", q, err)
			}
			took := time.Since(start)
			if all = append(all, took); took > worst {
				worst, slowest = took, q
			}
		}
	}
	slices.Sort(all)
	fmt.Fprintf(b.out, "%-52s p50 %s  p99 %s  max %s (%s)\n", fmt.Sprintf("any of %d filters and orders, %s", len(lists), name), at(all, 50), at(all, 99), round(worst), slowest)
	return nil
}

// deepPage follows the cursor a hundred pages down and times the last one.
func (b *matterBench) deepPage(ctx context.Context, c *http.Client) error {
	cursor := ""
	for range 100 {
		var page struct{ Next string }
		if err := b.ask(ctx, c, http.MethodGet, "/api/matters?limit=50&sort=-found&cursor="+cursor, nil, &page); err != nil {
			return err
		}
		cursor = page.Next
	}
	return b.timed(ctx, c, "page 101 by cursor", "/api/matters?limit=50&sort=-found&cursor="+cursor)
}

// oneMove asks for extensions as the county: each answers with the whole matter, and the list right after it shows the move.
func (b *matterBench) oneMove(ctx context.Context, clerk, city *http.Client) error {
	var moves, seen []time.Duration
	own := b.counties[3].ID
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, id := range b.moving {
		if len(moves) == b.size.requests {
			break
		}
		var m struct{ Edit int64 }
		if err := b.ask(ctx, clerk, http.MethodGet, fmt.Sprintf("/api/matters/%d", id), nil, &m); err != nil {
			continue // of another county
		}
		start := time.Now()
		body := map[string]any{"move": "note", "edit": m.Edit, "reason": "已联系施工单位"}
		if err := b.ask(ctx, clerk, http.MethodPost, fmt.Sprintf("/api/matters/%d/moves", id), body, nil); err != nil {
			return err
		}
		moves = append(moves, time.Since(start))
		start = time.Now()
		if err := b.ask(ctx, city, http.MethodGet, "/api/matters?sort=-changed&limit=1", nil, nil); err != nil {
			return err
		}
		seen = append(seen, time.Since(start))
	}
	if len(moves) == 0 {
		return fmt.Errorf("no matter of county %d to move", own)
	}
	runtime.ReadMemStats(&after)
	slices.Sort(moves)
	slices.Sort(seen)
	fmt.Fprintf(b.out, "%-52s %d KiB, %d collections of garbage in %d\n", "memory taken by one move and the list after it", (after.TotalAlloc-before.TotalAlloc)/uint64(len(moves))>>10, after.NumGC-before.NumGC, len(moves))
	fmt.Fprintf(b.out, "%-52s p50 %s  p99 %s\n", "one move, answered with the whole matter", at(moves, 50), at(moves, 99))
	fmt.Fprintf(b.out, "%-52s p50 %s  p99 %s\n", "the first list after a move", at(seen, 50), at(seen, 99))
	return nil
}
