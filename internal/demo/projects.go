package demo

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/project"
	"anlan/internal/quantity"
)

// bit is a part of a demo project: how far it is, and what it weighs in 万元. Where a project has none, it is one bit itself.
type bit struct {
	kind, name, en, county string
	stage                  string // the last milestone of the course that it reached
	started                string // when it broke ground, "2024-11-20" where empty
	total                  float64
	lags                   bool
}

// undertaking is a demo project. Names are of works that the founding document or the city's plans speak of; every figure is invented.
type undertaking struct {
	name, en, kind, county string // county is the keeper: the city's where the bits lie in several
	programmes             []string
	assessed, outside      bool // outside: begun and not in the statistics library
	bits                   []bit
}

// mark is a milestone and how many days after the start it is reached, before it where negative.
type mark struct {
	id   string
	days int
}

// courseOf is the way of a part.
func courseOf() []mark {
	return []mark{
		{"listed", -1500},
		{"proposal_approved", -1150},
		{"feasibility_approved", -800},
		{"design_approved", -430},
		{"tendered", -75},
		{"prepared", -30},
		{"started", 0},
		{"commissioned", 515},
		{"finished", 560},
		{"accepted", 700},
	}
}

func undertakings() []undertaking {
	one := func(stage string, total float64) []bit { return []bit{{stage: stage, total: total}} }
	new26 := func(day string, total float64) []bit { return []bit{{stage: "started", started: day, total: total}} }
	flood, wall := []string{"flood-hundred"}, []string{"seawall"}
	return []undertaking{
		{"诸暨浦阳江治理（二期）工程", "Puyang River works at Zhuji, phase 2", "flood-control", "330681", flood, true, false, []bit{
			{kind: "section", name: "城区段", en: "town reach", stage: "started", total: 68_000}, {kind: "section", name: "下游段", en: "lower reach", stage: "started", total: 52_000},
		}},
		{"虞东河湖综合整治工程", "Rivers and lakes of eastern Shangyu", "river", "330604", flood, true, false, one("started", 98_000)},
		{"袍江片东入曹娥江排涝工程", "Drainage of Paojiang eastward to the Cao'e River", "drainage", "330602", flood, true, false, []bit{
			{kind: "phase", name: "一期（马海闸站）", en: "phase 1 (Mahai sluice station)", stage: "commissioned", started: "2024-11-20", total: 42_000},
			{kind: "phase", name: "二期（河道拓浚）", en: "phase 2 (river dredging)", stage: "started", started: "2025-09-10", total: 61_000, lags: true},
		}},
		{"曹娥江综合整治工程", "Works along the Cao'e River", "flood-control", City, flood, true, false, []bit{
			{kind: "section", name: "上虞段", en: "Shangyu reach", county: "330604", stage: "started", started: "2025-03-15", total: 120_000, lags: true},
			{kind: "section", name: "滨海新城段", en: "Binhai reach", county: "330600-BH", stage: "prepared", started: "2026-06-28", total: 76_000, lags: true},
		}},
		{"新三江闸排涝及配套河道拓浚工程（越城片）", "New Sanjiang sluice and its rivers, Yuecheng", "drainage", "330602", flood, true, false, []bit{{stage: "started", started: "2025-06-18", total: 88_000, lags: true}}},
		{"马山闸强排及配套河道工程", "Mashan pumping station and its rivers", "drainage", "330602", flood, true, false, []bit{{stage: "started", started: "2025-08-01", total: 46_000, lags: true}}},
		{"浙东运河文化园（浙东运河博物馆）", "East Zhejiang Canal museum", "river", "330602", nil, false, false, new26("2026-03-01", 36_000)},
		{"越城区城区河道水系连通工程", "Linking the rivers of Yuecheng", "river", "330602", nil, false, false, one("started", 24_000)},
		{"柯桥区平水江水库除险提升工程", "Pingshuijiang reservoir works", "reservoir", "330603", nil, true, false, one("started", 31_000)},
		{"柯桥区海塘安澜工程（滨海段）", "Keqiao seawall, Binhai reach", "seawall", "330603", wall, true, false, one("started", 92_000)},
		{"柯桥区杭甬运河治理工程", "Hangyong canal works at Keqiao", "flood-control", "330603", flood, false, false, new26("2026-02-26", 28_000)},
		{"上虞区海塘安澜工程", "Shangyu seawall", "seawall", "330604", wall, true, false, one("started", 135_000)},
		{"上虞区永和片排涝工程", "Drainage of Yonghe", "drainage", "330604", nil, false, true, one("started", 18_000)},
		{"新昌县钦寸水库引水配套工程", "Water from Qincun reservoir", "water-supply", "330624", nil, true, false, one("started", 54_000)},
		{"新昌江综合治理工程", "Xinchang River works", "flood-control", "330624", flood, false, false, one("started", 38_000)},
		{"澄潭江防洪能力提升工程", "Flood defence of the Chengtan River", "flood-control", "330624", flood, false, false, new26("2026-04-18", 22_000)},
		{"诸暨市高湖蓄滞洪区改造工程", "Gaohu detention basin", "flood-control", "330681", flood, true, false, one("started", 110_000)},
		{"诸暨市陈蔡水库加固改造工程", "Chencai reservoir works", "reservoir", "330681", nil, false, false, one("started", 26_000)},
		{"诸暨市山洪灾害防御能力提升项目", "Flash flood defence of Zhuji", "digital", "330681", []string{"flash-flood"}, false, false, one("design_approved", 2_600)},
		{"嵊州市澄潭江（苍岩段）防洪工程", "Chengtan River at Cangyan", "flood-control", "330683", flood, true, false, one("started", 41_000)},
		{"嵊州市南山水库提标工程", "Nanshan reservoir works", "reservoir", "330683", nil, false, false, one("started", 33_000)},
		{"嵊州市湛头滞洪区改造工程", "Zhantou detention basin", "flood-control", "330683", flood, false, false, new26("2026-05-12", 45_000)},
		{"滨海新城海塘安澜工程", "Binhai seawall", "seawall", "330600-BH", wall, true, false, one("started", 102_000)},
		{"滨海新城片区排涝工程", "Drainage of Binhai", "drainage", "330600-BH", flood, false, false, one("started", 29_000)},
		{"杭州湾南翼平原排涝及配套工程", "Drainage of the plain south of Hangzhou Bay", "drainage", City, flood, false, false, []bit{
			{kind: "section", name: "越城片", en: "Yuecheng", county: "330602", stage: "feasibility_approved", total: 210_000},
			{kind: "section", name: "柯桥片", en: "Keqiao", county: "330603", stage: "proposal_approved", total: 160_000},
		}},
		{"汤浦水库扩容工程", "Enlarging Tangpu reservoir", "reservoir", "330604", nil, false, false, one("proposal_approved", 185_000)},
		{"崧北河综合整治工程", "Songbei River works", "river", "330604", nil, false, false, one("feasibility_approved", 62_000)},
		{"越城区海塘安澜工程（镜湖段）", "Yuecheng seawall, Jinghu reach", "seawall", "330602", wall, false, false, one("design_approved", 58_000)},
		{"柯桥区夏履江治理工程", "Xialü River works", "flood-control", "330603", nil, false, false, one("tendered", 16_000)},
		{"新昌县黄泽江流域治理工程", "Huangze River works", "river", "330624", nil, false, false, one("feasibility_approved", 47_000)},
		{"新昌县巧英水库除险加固工程", "Qiaoying reservoir reinforcement", "reservoir", "330624", nil, false, false, one("accepted", 9_800)},
		{"诸暨市永宁水库工程", "Yongning reservoir", "reservoir", "330681", nil, false, false, one("design_approved", 96_000)},
		{"诸暨市石壁水库灌区改造工程", "Shibi irrigation district", "irrigation", "330681", nil, false, false, one("finished", 14_500)},
		{"嵊州市长乐江综合治理工程", "Changle River works", "river", "330683", nil, false, false, one("proposal_approved", 52_000)},
		{"嵊州市三界片排涝工程", "Drainage of Sanjie", "drainage", "330683", flood, false, false, one("prepared", 19_000)},
		{"嵊州市水文“5+1”工程", "Hydrology 5+1 at Shengzhou", "digital", "330683", []string{"hydrology-5plus1"}, false, false, one("listed", 3_200)},
		{"绍兴市引曹南线延伸工程", "Southern water transfer, extension", "water-supply", City, nil, false, false, []bit{
			{kind: "works", name: "柯桥支线", en: "Keqiao branch", county: "330603", stage: "listed", total: 88_000}, {kind: "works", name: "越城支线", en: "Yuecheng branch", county: "330602", stage: "listed", total: 64_000},
		}},
		{"越城区鉴湖水环境提升工程", "Jianhu water environment", "river", "330602", nil, false, false, one("listed", 27_000)},
		{"上虞区小舜江引水工程", "Water from the Xiaoshun River", "water-supply", "330604", nil, false, false, one("listed", 73_000)},
		{"新昌县长诏水库清淤扩容工程", "Zhangzhao reservoir desilting", "reservoir", "330624", nil, false, false, one("listed", 36_000)},
	}
}

// entirely are the counties whose projects are all their investment; the others have small works beside.
func entirely(county string) bool { return county == "330603" || county == "330624" }

// placed is a bit that was put in.
type placed struct {
	bit
	project, part int64
	start         hydrotime.Date
	clerk         string
	codes         []string // indicators that count its investment
}

// diary is what is done in the projects, day by day.
type diary struct {
	*filler
	acts  []act
	parts []placed
	ids   map[string]int64 // of projects, by the first runes of the name
}

// projects puts the projects in and plays their story: approvals, money, plan and work of every month, lists and plan documents.
func (f *filler) projects(ctx context.Context) error {
	d := &diary{filler: f, ids: map[string]int64{}}
	f.planned = map[string]float64{}
	for i, u := range undertakings() {
		if err := d.found(ctx, i, u); err != nil {
			return fmt.Errorf("%s: %w", u.name, err)
		}
	}
	for year := firstMonth.Year(); year <= presentMonth.Year(); year++ {
		for _, c := range counties() {
			if err := d.year(c, year); err != nil {
				return err
			}
		}
	}
	d.money()
	d.lists()
	d.documents()
	slices.SortStableFunc(d.acts, func(a, b act) int { return a.at.Compare(b.at) })
	today, err := hydrotime.ParseDate(Today)
	if err != nil {
		return err
	}
	for _, a := range d.acts {
		if !a.at.Before(today.Start()) {
			continue
		}
		if err := f.Clock.Set(a.at); err != nil {
			return err
		}
		if err := a.do(ctx); err != nil {
			return err
		}
	}
	return nil
}

// on is when something of a day is written down: then, or when the bureau took Anlan up.
func (d *diary) on(day hydrotime.Date, f func(ctx context.Context) error) {
	at := day.Start().Add(15 * time.Hour)
	if founded, err := hydrotime.ParseDate(Founded); err == nil && at.Before(founded.AddDays(2).Start()) {
		at = founded.AddDays(2).Start().Add(10 * time.Hour)
	}
	d.acts = append(d.acts, act{at, f})
}

func clerkOf(county string) string {
	if county == City {
		return "guiji"
	}
	return loginOf(county)
}

func (d *diary) found(ctx context.Context, i int, u undertaking) error {
	founded, err := hydrotime.ParseDate(Founded)
	if err != nil {
		return err
	}
	if err := d.Clock.Set(founded.AddDays(1).Start().Add(9 * time.Hour)); err != nil {
		return err
	}
	var total float64
	for _, b := range u.bits {
		total += b.total
	}
	n := project.NewProject{
		Code: fmt.Sprintf("SX-%03d", i+1), Name: fault.T(u.name, u.en), Kind: u.kind, Division: u.county, Total: whole(total), Programmes: u.programmes, Assessed: u.assessed,
		LegalPerson: "水利工程建设管理中心（演示）", Library: "“十五五”水利发展规划项目库（演示）", Shape: shapeOf(u.kind, u.bits[0].county, u.county, u.name),
	}
	if begun := slices.ContainsFunc(u.bits, func(b bit) bool { return place(b.stage) >= place("started") }); begun && !u.outside {
		n.StatsID = fmt.Sprintf("3306-76-%04d", 100+i)
	}
	id, err := d.Project.Add(ctx, d.as("guiji"), n)
	if err != nil {
		return err
	}
	d.ids[u.name] = id
	detail, err := d.Project.Project(ctx, d.as("guiji"), id, hydrotime.Date{}, 0)
	if err != nil {
		return err
	}
	whole0 := detail.List[0].ID
	for k, b := range u.bits {
		p := placed{bit: b, project: id, part: whole0}
		for _, g := range u.programmes {
			if code := map[string]string{"flood-hundred": "prog.flood_investment", "seawall": "prog.seawall_investment"}[g]; code != "" {
				p.codes = append(p.codes, code)
			}
		}
		if p.county == "" {
			p.county = u.county
		}
		p.clerk = clerkOf(p.county)
		if len(u.bits) > 1 {
			p.part, err = d.Project.AddPart(ctx, d.as("guiji"), id, project.NewProjectPart{
				Kind: b.kind, Code: fmt.Sprintf("%02d", k+1), Name: fault.T(b.name, b.en), Division: p.county, Total: whole(b.total), Sort: int64(k), Shape: shapeOf(u.kind, p.county, p.county, u.name+b.name),
			})
			if err != nil {
				return err
			}
		}
		if p.start, err = startOf(b); err != nil {
			return err
		}
		d.course(p, u, total, whole0, k == 0 && len(u.bits) > 1)
		if p.start.Year == presentMonth.Year() {
			d.filler.planned["proj.new "+p.county]++
		}
		d.parts = append(d.parts, p)
	}
	return nil
}

// startOf is when a part broke ground or is to.
func startOf(b bit) (hydrotime.Date, error) {
	text := b.started
	switch {
	case text != "":
	case b.stage == "accepted":
		text = "2023-09-10"
	case b.stage == "finished":
		text = "2024-08-20"
	case place(b.stage) >= place("started"):
		text = "2024-11-20"
	case b.stage == "prepared" || b.stage == "tendered":
		text = "2026-07-10"
	case b.stage == "design_approved":
		text = "2026-11-20"
	default:
		text = "2027-10-15"
	}
	return hydrotime.ParseDate(text)
}

func place(milestone string) int {
	for i, m := range courseOf() {
		if m.id == milestone {
			return i
		}
	}
	return -1
}

// course writes the milestones of a part; what is approved for all parts together is the whole's.
func (d *diary) course(p placed, u undertaking, total float64, whole0 int64, first bool) {
	var days []project.ProjectDay
	for i, m := range courseOf() {
		planned := p.start.AddDays(m.days)
		if i >= place("tendered") && !(p.stage == "accepted") {
			on := planned.AddDays(-10)
			if m.id == "commissioned" || m.id == "finished" || m.id == "accepted" {
				on = planned.AddDays(int(p.total / 500))
			}
			days = append(days, project.ProjectDay{Milestone: m.id, On: &on})
		}
		part, who, amount := p.part, p.clerk, p.total
		if len(u.bits) > 1 && i <= place("feasibility_approved") {
			// The whole goes as far as its furthest part.
			far := 0
			for _, b := range u.bits {
				far = max(far, place(b.stage))
			}
			if !first || i > far {
				continue
			}
			part, who, amount = whole0, clerkOf(u.county), total
		} else if i > place(p.stage) {
			continue
		}
		n := project.NewProjectStep{Client: fmt.Sprintf("demo-%d-%s", part, m.id), Milestone: m.id, On: &planned, Document: fmt.Sprintf("绍水建〔%d〕%d号（演示）", planned.Year, 10+int(part*7)%90)}
		switch m.id {
		case "feasibility_approved":
			n.Amount = whole(amount * 0.97)
		case "design_approved":
			n.Amount = whole(amount)
		}
		d.on(planned, func(ctx context.Context) error {
			got, err := d.Project.Step(ctx, d.as(who), part, n)
			if err == nil && got.Awaits {
				_, err = d.Project.Approve(ctx, d.as("shenhe"), got.ID)
			}
			if err != nil {
				return fmt.Errorf("%s of %s: %w", n.Milestone, u.name, err)
			}
			return nil
		})
	}
	if founded, err := hydrotime.ParseDate(Founded); err == nil && len(days) > 0 {
		d.on(founded, func(ctx context.Context) error { return d.Project.Schedule(ctx, d.as(p.clerk), p.part, 0, days) })
	}
}

// works reports whether a part works in a month: from the tender to some months after its end.
func (p placed) works(m hydrotime.Month) bool {
	tendered := p.start.AddDays(-75)
	end := p.start.AddDays(620)
	return place(p.stage) >= place("prepared") && tendered.DaysUntil(lastDay(m)) >= 0 && (place(p.stage) < place("commissioned") || end.DaysUntil(lastDay(m)) < 0) && p.stage != "accepted" &&
		!(p.stage == "prepared" && !p.lags)
}

func lastDay(m hydrotime.Month) hydrotime.Date { return hydrotime.DateOf(m.End().Add(-time.Hour)) }

// year writes the plan and the work of a county's parts in a year. Where projects are all of its investment, they add up to what it
// files, to the cent.
func (d *diary) year(c county, year int) error {
	ind, _ := d.cat.Indicator("inv.construction")
	share := 0.62 + 0.2*wobble("projects", c.code)
	if entirely(c.code) {
		share = 1
	}
	var mine []placed
	for _, p := range d.parts {
		if p.county == c.code {
			mine = append(mine, p)
		}
	}
	plans := map[int64][]project.FigureChange{}
	before := quantity.Decimal(0)
	for k := 1; k <= 12; k++ {
		m := hydrotime.NewMonth(year, k)
		total := d.value(ind, c, m).Decimal
		if share < 1 {
			total, _ = quantity.FromFloat(math.Round(total.Float()*share*100) / 100)
		}
		month := total - before
		before = total
		var on []placed
		for _, p := range mine {
			if p.works(m) {
				on = append(on, p)
			}
		}
		split := divide(month, on)
		for i, p := range on {
			late := p.start.Year < year || p.started == ""
			plan := split[i].Float() * (0.9 + 0.06*wobble("plan", p.part, m))
			if p.lags {
				plan = split[i].Float() * (1.25 + 0.2*wobble("lag", p.part))
			}
			if p.lags && year == 2025 && late {
				plan = split[i].Float() * 0.97
			}
			amount, err := quantity.FromFloat(math.Round(plan*100) / 100)
			if err != nil {
				return err
			}
			if m.Year() == presentMonth.Year() {
				d.counts(p, c, amount)
			}
			plans[p.part] = append(plans[p.part], project.FigureChange{Part: p.part, Month: m, What: project.Plan, Value: quantity.Some(amount)},
				project.FigureChange{Part: p.part, Month: m, What: project.PlannedProgress, Value: p.planned(m)})
			if m <= presentMonth {
				d.told(p, m, split[i])
			}
		}
	}
	for _, p := range mine {
		if list := plans[p.part]; len(list) > 0 {
			january := hydrotime.Date{Year: year, Month: 1, Day: 12}
			d.on(january, func(ctx context.Context) error { return d.set(ctx, p, list) })
		}
	}
	return nil
}

// counts notes what a county plans for the year, so that its tasks are as large.
func (d *diary) counts(p placed, c county, plan quantity.Decimal) {
	for _, code := range append([]string{"proj.investment"}, p.codes...) {
		d.filler.planned[code+" "+c.code] += plan.Float()
	}
}

func (d *diary) set(ctx context.Context, p placed, list []project.FigureChange) error {
	if _, err := d.Project.SetFigures(ctx, d.as(p.clerk), p.project, list); err != nil {
		return fmt.Errorf("figures of project %d, part %d: %w", p.project, p.part, err)
	}
	return nil
}

// told writes the work and the progress of one month, some days after it.
func (d *diary) told(p placed, m hydrotime.Month, done quantity.Decimal) {
	list := []project.FigureChange{{Part: p.part, Month: m, What: project.Actual, Value: quantity.Some(done)}}
	progress := p.planned(m)
	behind := 0.0
	if p.lags {
		behind = 1.1 * float64(max(0, m.Sub(hydrotime.NewMonth(2025, 9))))
	}
	switch {
	case place(p.stage) >= place("commissioned") && p.start.AddDays(515).DaysUntil(lastDay(m)) >= 0:
		progress = whole(100)
	default:
		n := max(0, progress.Float()-behind+1.5*wobble("ahead", p.part))
		progress, _ = rounded(n)
	}
	list = append(list, project.FigureChange{Part: p.part, Month: m, What: project.Progress, Value: progress, Note: "监理确认（演示）"})
	d.on(lastDay(m).AddDays(3), func(ctx context.Context) error { return d.set(ctx, p, list) })
}

// planned is the progress that a part is to have at the end of a month.
func (p placed) planned(m hydrotime.Month) quantity.Null {
	months := 16 + p.total/5000
	gone := float64(p.start.DaysUntil(lastDay(m))) / 30.4
	n, _ := rounded(max(0, min(99, 100*gone/months)))
	return n
}

func rounded(n float64) (quantity.Null, error) {
	d, err := quantity.FromFloat(math.Round(n*10) / 10)
	return quantity.Some(d), err
}

// divide splits an amount among parts by what they weigh, to the cent; the last takes what is left.
func divide(amount quantity.Decimal, parts []placed) []quantity.Decimal {
	weight := func(p placed) float64 {
		switch {
		case p.stage == "prepared":
			return p.total * 0.06
		case place(p.stage) >= place("commissioned"):
			return p.total * 0.3
		case p.lags:
			return p.total * 0.5
		}
		return p.total
	}
	var sum float64
	for _, p := range parts {
		sum += weight(p)
	}
	out := make([]quantity.Decimal, len(parts))
	left := amount
	for i, p := range parts {
		if i == len(parts)-1 {
			out[i] = left
			break
		}
		out[i], _ = quantity.FromFloat(math.Floor(amount.Float()*weight(p)/sum*100) / 100)
		left -= out[i]
	}
	return out
}

// money lets the money of a year flow: each source a step behind the one before; one has paid what no paper says was allocated.
func (d *diary) money() {
	sources := []string{"central-water", "province", "local", "bonds", "credit"}
	for i, p := range d.parts {
		if place(p.stage) < place("prepared") || p.stage == "accepted" {
			continue
		}
		for k, source := range sources {
			if (i+k)%5 > 2 {
				continue
			}
			planned := math.Round(p.total * (0.08 + 0.05*wobble("money", p.part, source)))
			flow := []struct {
				step  string
				share float64
				day   hydrotime.Date
			}{
				{"planned", 1, hydrotime.Date{Year: 2026, Month: 1, Day: 15}},
				{"assigned", 0.9, hydrotime.Date{Year: 2026, Month: 2, Day: 10}},
				{"arrived", 0.4, hydrotime.Date{Year: 2026, Month: 2, Day: 26}},
				{"allocated", 0.3, hydrotime.Date{Year: 2026, Month: 3, Day: 5}},
				{"arrived", 0.3, hydrotime.Date{Year: 2026, Month: 3, Day: 12}},
				{"paid", 0.12, hydrotime.Date{Year: 2026, Month: 3, Day: 26}},
				{"allocated", 0.25, hydrotime.Date{Year: 2026, Month: 4, Day: 9}},
				{"paid", 0.15, hydrotime.Date{Year: 2026, Month: 4, Day: 23}},
				{"paid", 0.18, hydrotime.Date{Year: 2026, Month: 5, Day: 14}},
			}
			for _, st := range flow {
				share := st.share * (0.9 + 0.1*wobble(st.step, p.part))
				if i == 4 && st.step == "paid" && st.day.Month == 5 {
					share = 0.45
				}
				amount := math.Round(planned * share)
				n := project.NewFund{
					Client: fmt.Sprintf("demo-%d-%s-%s-%s", p.part, source, st.step, st.day), Source: source, Step: st.step, On: &st.day, Amount: whole(amount).Decimal,
					Document: fmt.Sprintf("绍财农〔2026〕%d号（演示）", 20+i),
				}
				d.on(st.day, func(ctx context.Context) error {
					_, err := d.Project.Fund(ctx, d.as(p.clerk), p.part, n)
					return err
				})
			}
		}
	}
}

// lists are the province's list of projects to seize the window for, and its notices of who lags, which name parts.
func (d *diary) lists() {
	add := func(day string, n project.NewProjectList, names []string, lagging bool) {
		on, err := hydrotime.ParseDate(day)
		if err != nil {
			return
		}
		n.On = on
		d.on(on.AddDays(1), func(ctx context.Context) error {
			id, err := d.Project.AddList(ctx, d.as("guiji"), n)
			if err != nil {
				return err
			}
			for _, name := range names {
				if !lagging {
					if _, err := d.Project.PutItem(ctx, d.as("guiji"), id, project.NewProjectItem{Project: d.ids[name]}); err != nil {
						return err
					}
					continue
				}
				for _, p := range d.parts {
					if p.project != d.ids[name] || !p.lags {
						continue
					}
					if _, err := d.Project.PutItem(ctx, d.as("guiji"), id, project.NewProjectItem{Project: p.project, Part: p.part, Note: "进展滞后"}); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	seize := fault.T("抢抓窗口期争取国家支持重大项目清单", "projects to seize the window for")
	add("2026-04-15", project.NewProjectList{Kind: "list", Name: seize, Issuer: "省发展和改革委员会", Level: "province", Document: "浙发改农经〔2026〕41号（演示）"},
		[]string{"杭州湾南翼平原排涝及配套工程", "汤浦水库扩容工程", "崧北河综合整治工程"}, false)
	add("2026-01-20", project.NewProjectList{Kind: "list", Name: fault.T("2026年市重大水利项目清单", "the city's major water projects, 2026"), Issuer: "市水利局", Level: "city", Document: "绍水规〔2026〕2号（演示）"},
		[]string{"诸暨浦阳江治理（二期）工程", "虞东河湖综合整治工程", "曹娥江综合整治工程", "袍江片东入曹娥江排涝工程", "上虞区海塘安澜工程", "柯桥区海塘安澜工程（滨海段）", "滨海新城海塘安澜工程"}, false)
	four := []string{"新三江闸排涝及配套河道拓浚工程（越城片）", "曹娥江综合整治工程", "袍江片东入曹娥江排涝工程", "马山闸强排及配套河道工程"}
	notice := func(m int) fault.Text {
		return fault.T(fmt.Sprintf("关于全省重大水利项目%d月进展情况的通报", m), fmt.Sprintf("notice of major water projects, month %d", m))
	}
	add("2026-04-28", project.NewProjectList{Kind: "lagging", Name: notice(3), Issuer: "省水利厅", Level: "province", Document: "浙水建〔2026〕18号（演示）"}, four[:2], true)
	add("2026-05-28", project.NewProjectList{Kind: "lagging", Name: notice(4), Issuer: "省水利厅", Level: "province", Document: "浙水建〔2026〕25号（演示）"}, four, true)
}

// documents are the seawall plans of the counties: two approved, others on their way, one not begun.
func (d *diary) documents() {
	states := []project.PlanState{project.PlanDrafting, project.PlanSubmitted, project.PlanApproved}
	far := map[string]int{"330602": 2, "330603": 3, "330604": 3, "330624": 1, "330681": 1, "330683": 0, "330600-BH": 2}
	for i, c := range counties() {
		for k := range far[c.code] {
			on := hydrotime.Date{Year: 2026, Month: time.Month(2 + 2*k - k/2), Day: 6 + 2*i}
			n := project.NewPlanStep{Client: fmt.Sprintf("demo-plan-%s-%d", c.code, k), Plan: "seawall-county", Division: c.code, State: states[k], On: &on}
			who := loginOf(c.code)
			if states[k] == project.PlanApproved {
				who = "shenhe"
				n.Document = fmt.Sprintf("%s政函〔2026〕%d号（演示）", c.short, 6+i)
			}
			d.on(on, func(ctx context.Context) error {
				_, err := d.Project.PlanStep(ctx, d.as(who), n)
				return err
			})
		}
	}
}

// shapeOf draws a part within its county: works at a point, rivers and seawalls as a line. No survey.
func shapeOf(kind, county, keeper, name string) *project.ProjectShape {
	if county == "" {
		county = keeper
	}
	at, ok := map[string][2]float64{
		"330602": {120.62, 30.05}, "330603": {120.46, 30.02}, "330604": {120.90, 29.95}, "330624": {120.95, 29.38}, "330681": {120.22, 29.70}, "330683": {120.72, 29.57}, "330600-BH": {120.82, 30.22},
	}[county]
	if !ok {
		at = [2]float64{120.74, 30.02}
	}
	round := func(f float64) float64 { return math.Round(f*1e5) / 1e5 }
	x, y := at[0]+0.14*(wobble("x", name)-0.5), at[1]+0.08*(wobble("y", name)-0.5)
	if kind != "flood-control" && kind != "river" && kind != "seawall" {
		return &project.ProjectShape{Kind: "point", Points: [][2]float64{{round(x), round(y)}}}
	}
	line := &project.ProjectShape{Kind: "line"}
	for i := range 5 {
		line.Points = append(line.Points, [2]float64{round(x + 0.012*float64(i)), round(y + 0.01*math.Sin(float64(i)*1.3+6*wobble(name)))})
	}
	return line
}
