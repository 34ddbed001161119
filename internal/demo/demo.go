// Package demo makes the demo city: its divisions with own schematic outlines, accounts, targets, two years of returns, and the
// register of some 300 objects with who answers for them, and gauging stations that report.
//
// The city is modelled on the founding document: six counties and one functional area, some of which lag, one of which has
// not reported, one of which has corrected a figure. Every amount is made up (演示数据), by a fixed rule, so that each demo
// is the same.
package demo

import (
	"context"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"anlan/internal/bulletin"
	"anlan/internal/evidence"
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/ledger"
	"anlan/internal/matter"
	"anlan/internal/oversight"
	"anlan/internal/programme"
	"anlan/internal/programme/pack"
	"anlan/internal/project"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/store"
	"anlan/internal/telemetry/book"
)

// Facts of the demo.
const (
	Founded = "2025-01-06" // the day its bureau took Anlan up
	Today   = "2026-06-08" // the day its clock begins at
	City    = "330600"
	// MapNote and MapNoteEn say on every map that its outlines are none to go by.
	MapNote   = "示意图，仅供演示，不作为边界依据"
	MapNoteEn = "Schematic, for demonstration only: no boundary to go by"
	password  = "Demo-2026-water"
)

// Parts are what the demo is put into.
type Parts struct {
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
	// Clock lets the demo act on the days its story tells of.
	Clock interface{ Set(at time.Time) error }
}

// Account is a way into the demo.
type Account struct {
	Login, Password, Who string
}

// Fill puts the demo city into an empty store, and tells its accounts and its stations.
func Fill(ctx context.Context, p Parts) ([]Account, Fleet, error) {
	f := &filler{Parts: p}
	for _, step := range []struct {
		day string
		do  func(context.Context) error
	}{
		{Founded, f.divisions},
		{Founded, f.people},
		{Founded, f.accounts},
		{Founded, f.personal},
		{"2025-12-22", f.objects},
		{"2026-04-20", f.rollCall},
		{"2026-06-07", f.oversight},
		{"2026-06-07", f.projects},
		{"2026-06-07", f.sizes},
		{"2025-01-08", func(ctx context.Context) error { return f.targets(ctx, 2025) }},
		{"2026-01-08", func(ctx context.Context) error { return f.targets(ctx, 2026) }},
		{"2026-05-06", f.past},
		{"2026-05-07", f.bulletins},
		{"2026-05-20", f.correct},
		{"2026-06-04", f.present},
		{"2026-06-07", f.remind},
		{Today, f.drafts},
		{Today, f.gauges},
		{Today, f.floodBulletins},
	} {
		day, err := hydrotime.ParseDate(step.day)
		if err == nil {
			err = f.Clock.Set(day.Start().Add(10 * time.Hour))
		}
		if err == nil {
			err = step.do(ctx)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("fill the demo city: %w", err)
		}
	}
	return f.made, f.fleet, nil
}

type filler struct {
	Parts
	tree  *registry.Tree
	cat   *pack.Catalogue
	made  []Account
	fleet Fleet
	ids   map[string]string
	names map[string]string
	grant map[string]identity.Grant
	// works are the reservoirs of each county; duties are an object and a duty of each person named for one.
	works  map[string][]int64
	duties [][2]int64
	named  map[string]bool
	// numbers are matters by their name in the story; inspectors are people of the city's teams.
	numbers          map[string]int64
	inspectors       []string
	standsFor        map[string]string // person by login
	unitOf, personOf map[string]string // by county
	// counted are the figures that ledgers count, by month, then by indicator and county.
	counted map[hydrotime.Month]map[string]programme.CountedCell
	// todo is how much a county has on the ledger that counts an indicator, by "hydro.rectify 330624"; planned the same of projects.
	todo, planned map[string]float64
}

// county is a division with how far it is with its work: 1 is in step with the calendar.
type county struct {
	code, zh, en, short string
	pace                float64
	size                float64
}

func counties() []county {
	return []county{
		{"330602", "越城区", "Yuecheng District", "越城", 1.04, 1.3},
		{"330603", "柯桥区", "Keqiao District", "柯桥", 1.12, 1.4},
		{"330604", "上虞区", "Shangyu District", "上虞", 0.86, 1.5},
		{"330624", "新昌县", "Xinchang County", "新昌", 0.70, 0.8},
		{"330681", "诸暨市", "Zhuji City", "诸暨", 1.08, 1.6},
		{"330683", "嵊州市", "Shengzhou City", "嵊州", 0.93, 1.0},
		{"330600-BH", "滨海新城", "Binhai New Area", "滨海", 0.78, 0.6},
	}
}

func (f *filler) divisions(ctx context.Context) error {
	list := []registry.NewDivision{
		{Code: "330000", Name: fault.T("浙江省", "Zhejiang Province"), Short: "浙江", Kind: registry.Administrative, Level: "province"},
		{Code: City, Name: fault.T("绍兴市（演示）", "Shaoxing City (demo)"), Short: "绍兴", Kind: registry.Administrative, Level: "city", Parent: "330000"},
	}
	for i, c := range counties() {
		d := registry.NewDivision{
			Code: c.code, Name: fault.T(c.zh, c.en), Short: c.short, Kind: registry.Administrative, Level: "county", Parent: City, Sort: int64(i + 1),
			Boundary: outline(c.code),
		}
		if c.code == "330600-BH" {
			d.Kind = registry.Functional
		}
		list = append(list, d)
	}
	err := f.Store.Write(ctx, func(tx *store.Tx) error { return f.Registry.AddDivisions(ctx, tx, list) })
	if err != nil {
		return err
	}
	if f.tree, err = f.Registry.Tree(ctx); err != nil {
		return err
	}
	f.cat, err = f.Programme.Catalogue(ctx)
	return err
}

func (f *filler) division(code string) int64 {
	d, _ := f.tree.ByCode(code)
	return d.ID
}

func (f *filler) accounts(ctx context.Context) error {
	f.ids, f.names, f.grant = map[string]string{}, map[string]string{}, map[string]identity.Grant{}
	add := func(tx *store.Tx, login, name, role, line, division, who string) error {
		g := identity.Grant{Role: role, Line: line, Division: f.division(division)}
		id, _, err := f.Identity.CreateAccount(ctx, tx, identity.Actor{ID: "program", Name: "anlan"}, identity.NewAccount{
			Login: login, Name: name, Division: f.division(division), Password: password, Grants: []identity.Grant{g},
		})
		f.ids[login], f.names[login], f.grant[login] = id, name, g
		f.made = append(f.made, Account{login, password, who})
		return err
	}
	return f.Store.Write(ctx, func(tx *store.Tx) error {
		f.made = nil
		for _, a := range [][6]string{
			{"juzhang", "陈局长", "director", "*", City, "局领导 · director"},
			{"guiji", "沈规划", "planner", "*", City, "规划计划处 · planner: targets, review, lock"},
			{"shenhe", "王审核", "reviewer", "*", City, "业务处室 · reviewer"},
			{"admin", "系统管理员", "administrator", "*", City, "系统管理员 · administrator"},
			{inspector, "赵督查", "inspector", "*", City, "督查员 · inspector: records on site"},
			{"shenji", "李审计", "auditor", "*", City, "审计员 · auditor"},
			{"yuecheng", "越城填报", "county_leader", "*", "330602", "越城区 · county: files and submits"},
			{"keqiao", "柯桥填报", "county_leader", "*", "330603", "柯桥区 · county"},
			{"shangyu", "上虞填报", "county_leader", "*", "330604", "上虞区 · county"},
			{"xinchang", "新昌填报", "county_leader", "*", "330624", "新昌县 · county"},
			{"zhuji", "诸暨填报", "county_leader", "*", "330681", "诸暨市 · county"},
			{"shengzhou", "嵊州填报", "county_leader", "*", "330683", "嵊州市 · county"},
			{"binhai", "滨海填报", "county_leader", "*", "330600-BH", "滨海新城 · functional area"},
		} {
			if err := add(tx, a[0], a[1], a[2], a[3], a[4], a[5]); err != nil {
				return err
			}
		}
		return nil
	})
}

// as is a person of the demo.
func (f *filler) as(login string) *identity.Principal {
	g := f.grant[login]
	return identity.NewPrincipal(f.ids[login], login, f.names[login], g.Division, []identity.Grant{g}, f.tree).For(f.standsFor[login])
}

func loginOf(code string) string {
	return map[string]string{
		"330602": "yuecheng", "330603": "keqiao", "330604": "shangyu", "330624": "xinchang", "330681": "zhuji", "330683": "shengzhou", "330600-BH": "binhai",
	}[code]
}

// wobble is a fixed fraction in [0, 1) for a name.
func wobble(parts ...any) float64 {
	h := fnv.New32a()
	fmt.Fprint(h, parts...)
	return float64(h.Sum32()%1000) / 1000
}

// yearly is a county's plan for an indicator in a year, in whole units.
func (f *filler) yearly(ind pack.Indicator, c county, year int) float64 {
	if n, ok := f.todo[ind.Code+" "+c.code]; ok {
		return max(1, n)
	}
	base := map[string]float64{"wan_yuan": 90_000, "km": 42, "wan_m3": 120, "wan_person": 5, "wan_mu": 4, "person": 600, "reservoir": 8, "village": 36, "works": 14, "project": 9, "time": 60, "piece": 24, "yi_m3": 2}[ind.Unit]
	if base == 0 {
		base = 10
	}
	if smallCampaign(ind.Code) {
		base = 1
	}
	n := base * c.size * (0.8 + 0.4*wobble(ind.Code, c.code)) * (1 + 0.07*float64(year-2025))
	return max(1, float64(int(n)))
}

// smallCampaign reports whether an indicator counts a handful of things over the whole city.
func smallCampaign(code string) bool {
	return strings.HasPrefix(code, "reform.demo_") || strings.HasPrefix(code, "save.")
}

func (f *filler) targets(ctx context.Context, year int) error {
	boss := f.as("guiji")
	for _, t := range f.cat.AllTargets() {
		if t.Fixed != nil {
			continue
		}
		if err := f.setTarget(ctx, boss, t, year); err != nil {
			return fmt.Errorf("target %s: %w", t.ID, err)
		}
	}
	return nil
}

func (f *filler) setTarget(ctx context.Context, boss *identity.Principal, t pack.Target, year int) error {
	ind, _ := f.cat.Indicator(t.Indicator)
	var rows []programme.TargetChange
	amount := func(c county) quantity.Null {
		switch t.Judge {
		case pack.ByGrowth:
			return quantity.Some(quantity.Int(8))
		case pack.ByRate:
			return quantity.Some(quantity.Int(50))
		case pack.ByThreshold:
			if ind.Better == pack.Less {
				return whole(f.yearly(ind, c, year))
			}
			if t.ID == "wr.per_gdp.fall" {
				return quantity.Some(quantity.Int(2))
			}
			return quantity.Some(quantity.Int(88))
		}
		share := map[string]float64{"inv.construction.q2": 0.5, "rdw.pop_done.province": 0.55, "rdw.pop_done.three_years": 2.6, "rdw.pop_done.three_years.county": 2.7}[t.ID]
		if share == 0 {
			share = 1
		}
		return whole(f.yearly(ind, c, year) * share)
	}
	total := quantity.Decimal(0)
	for _, c := range counties() {
		a := amount(c)
		total += a.Decimal
		rows = append(rows, programme.TargetChange{Division: c.code, Amount: a, Document: fmt.Sprintf("绍水计〔%d〕%d号（演示）", year, 3)})
	}
	city := quantity.Some((total - total/25).Round(0)) // the city took on a little less than it handed down: 加码
	if t.Judge != pack.ByCompletion && t.Indicator != "wr.total" {
		city = rows[0].Amount
	}
	rows = append(rows, programme.TargetChange{Division: City, Amount: city, Document: fmt.Sprintf("浙水计〔%d〕%d号（演示）", year, 7)})
	if !t.Split {
		rows = rows[len(rows)-1:]
		for _, c := range counties() {
			rows = append(rows, programme.TargetChange{Division: c.code, Amount: amount(c)})
		}
	}
	_, err := f.Programme.SetTargets(ctx, boss, programme.TargetQuery{Target: t.ID, Year: year, Scope: City}, rows)
	return err
}

func whole(n float64) quantity.Null { return quantity.Some(quantity.Int(int64(n))) }
