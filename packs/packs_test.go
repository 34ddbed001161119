package packs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"anlan/internal/formula"
	"anlan/internal/programme/pack"
	"anlan/packs"
)

// rows lists every indicator, target and deadline row of the domain notes, 1.1 to 1.11, with the id of a pack that carries it.
// The first word is the section, the second the row's id there or, where it has none, a short name.
var rows = map[string][]string{
	"1.1 inv.construction":    {"inv.construction", "inv.construction.annual", "inv.rank"},
	"1.1 inv.construction.q2": {"inv.construction.q2", "inv.construction.q2_rate"},
	"1.1 inv.mgmt":            {"inv.mgmt", "inv.mgmt_difference"},
	"1.1 inv.coverage":        {"inv.coverage", "inv.coverage.full"},
	"1.1 inv.double_growth":   {"inv.construction.growth", "inv.mgmt.growth", "double-growth"},
	"1.1 fund.source": {
		"fund.assigned", "fund.arrived", "fund.paid",
		"fund.central_budget.arrived", "fund.central_water.arrived", "fund.province.arrived", "fund.local.arrived",
		"fund.bond.arrived", "fund.bank.arrived", "fund.private.arrived", "fund.enterprise.arrived",
		"fund.central_budget.paid", "fund.central_water.paid", "fund.province.paid", "fund.local.paid",
		"fund.bond.paid", "fund.bank.paid", "fund.private.paid", "fund.enterprise.paid",
		"fund.sources.allocated", "fund.sources.arrived", "fund.sources.disbursed", "fund.sources.paid",
	},

	"1.2 proj.building": {"proj.building", "proj.physical", "proj.investment"},
	"1.2 proj.new":      {"proj.new", "proj.prepared"},
	"1.2 proj.pipeline": {"proj.pipeline", "proj.listed"},
	"1.2 proj.assessed": {"proj.assessed"},
	"1.2 proj.lagging":  {"proj.lagging", "proj.lagging.zero"},
	"1.2 prog.*":        {"prog.seawall_plan", "prog.seawall_plan.approved", "prog.flood_investment", "prog.seawall_investment"},

	"1.3 rdw.pop_done":       {"rdw.pop_done", "rdw.pop_done.province", "rdw.pop_done.city", "rdw.pop_done.three_years", "rdw.pop_done.three_years.county"},
	"1.3 size class":         {"rdw.charging_rate.large", "rdw.charging_rate.small"},
	"1.3 rdw.charging_rate":  {"rdw.charging_rate.large", "rdw.charging_rate.small", "rdw.not_charging.large", "rdw.not_charging.small"},
	"1.3 rdw.collected_rate": {"rdw.collected_rate.large", "rdw.collected_rate.small"},
	"1.3 rdw.charging_full":  {"rdw.charging_full", "rdw.charging_full.all"},
	"1.3 milestone":          {"rdw.charging_full.large", "rdw.collected_rate.large.q2"},
	"1.3 rdw.old_well":       {"rdw.old_well", "rdw.old_well.done"},
	"1.3 rdw.five100":        {"rdw.five100", "rdw.five100.task", "rdw.five100.supervision", "rdw.five100.charging", "rdw.five100.platform", "rdw.five100.acceptance", "rdw.five100.full"},
	"1.3 rdw.county_unified": {"rdw.county_unified", "rdw.household_meter", "rdw.water_quality"},

	"1.4 river.hard_km":      {"river.hard_km", "river.hard_km.annual"},
	"1.4 river.beautiful":    {"river.beautiful", "river.beautiful.stage", "river.beautiful.annual"},
	"1.4 accept.village":     {"accept.village", "accept.village.annual"},
	"1.4 accept.town":        {"accept.town", "accept.town.annual"},
	"1.4 river.happy":        {"river.happy"},
	"1.4 river.dredge":       {"river.dredge", "river.dredge.annual"},
	"1.4 river.small_km":     {"river.small_km", "river.small_km.annual"},
	"1.4 dike.km":            {"dike.km", "dike.km.annual"},
	"1.4 river.four_illegal": {"river.four_illegal"},
	"1.4 gov.five_water":     {"gov.five_water"},

	"1.5 res.reinforce": {"res.reinforce", "res.reinforce_overdue"},
	"1.5 res.appraise":  {"res.appraise", "res.appraise_overdue"},
	"1.5 pond.rehab":    {"pond.rehab"},
	"1.5 hydro.rectify": {"hydro.rectify", "hydro.rectify_left", "hydro.rectify.full", "hydro.rectify_left.zero"},
	"1.5 agri.price_mu": {"agri.price_mu"},

	"1.6 insp.trips":                  {"insp.trips", "insp.works"},
	"1.6 insp.problems":               {"insp.problems"},
	"1.6 insp.mode":                   {"insp.unannounced"},
	"1.6 insp.rectify_rate":           {"insp.rectify_rate", "insp.rectify_rate.ministry", "insp.rectify_rate.province", "insp.rectify_rate.city", "insp.rectify_rate.county", "insp.on_time"},
	"1.6 insp.four_compare":           {"insp.per_works", "insp.serious_share", "insp.missed", "insp.median_days", "insp.on_time", "insp.recurrence"},
	"1.6 list.problem/resp/rectify":   {"list.problem", "list.resp", "list.rectify", "list.complete"},
	"1.6 three levels and task force": {"insp.task_force", "insp.teams"},
	"1.6 notices and lessons":         {"act.bulletin", "act.sweep"},
	"1.6 internet plus supervision":   {"digital.internet"},
	"1.6 benchmarks":                  {"insp.per_works", "insp.max_works"},

	"1.7 plan.*":         {"plan.emergency"},
	"1.7 resp.published": {"resp.published", "resp.persons"},
	"1.7 train.person":   {"train.person"},
	"1.7 drill":          {"drill.held"},
	"1.7 precheck.*":     {"precheck.closed", "precheck.controlled"},
	"1.7 plan.dispatch":  {"plan.dispatch"},
	"1.7 plan.overstd":   {"plan.overstd", "plan.overstd.drilled"},
	"1.7 duty.*":         {"duty.present", "duty.log_on_time", "duty.reminder_minutes"},
	"1.7 four goals":     {"goal.overstd_disorder", "goal.within_standard", "goal.dam_failure", "goal.flash_deaths"},
	"1.7 control plan":   {"plan.control", "plan.limit_kept"},
	"1.7 three persons":  {"resp.three", "resp.three.full"},

	"1.8 ff.village":     {"ff.village", "ff.village.general", "ff.village.zone"},
	"1.8 ff.section":     {"ff.section"},
	"1.8 ff.hist":        {"ff.hist"},
	"1.8 ff.danger_area": {"ff.danger_area"},
	"1.8 ff.roster":      {"ff.roster"},
	"1.8 ff.object_list": {"ff.object_list", "ff.object_list.full"},
	"1.8 ff.system":      {"ff.system", "ff.system.built"},
	"1.8 hydro.5plus1":   {"hydro.5plus1"},

	"1.9 wq.good_ratio": {"wq.good_ratio", "wq.good_ratio.target"},
	"1.9 wq.zone_rate":  {"wq.zone_rate", "wq.zone_method", "wq.zone_rate.target"},
	"1.9 wr.assessment": {"wr.assessment", "wr.assessment_rank", "wr.irrigation"},
	"1.9 wr.total":      {"wr.total", "wr.total.limit"},
	"1.9 wr.per_gdp":    {"wr.per_gdp", "wr.gdp", "wr.per_gdp_change"},
	"1.9 wr.alloc":      {"wr.alloc", "wr.alloc.limit"},
	"1.9 wr.ecoflow":    {"wr.ecoflow"},
	"1.9 save.*":        {"save.plan", "save.annual_plan", "save.county", "save.organ"},
	"1.9 two proposals": {"save.docs"},
	"1.9 pilot":         {"wr.pilot"},

	"1.10 network":             {"digital.network"},
	"1.10 provincial platform": {"digital.province_platform"},
	"1.10 Qiantang platform":   {"digital.qiantang"},
	"1.10 internet plus":       {"digital.internet"},
	"1.10 data store":          {"digital.datasets"},
	"1.10 reform.three":        {"reform.title", "reform.property", "reform.digital", "reform.demo_county", "reform.demo_works"},
	"1.10 save.organ":          {"save.organ", "save.organ.three"},

	"1.11 06-30 investment amount and rate":     {"investment-q2"},
	"1.11 06-30 rural water, provincial people": {"rural-water-province"},
	"1.11 06-30 old wells":                      {"old-wells"},
	"1.11 06-30 large works charging":           {"large-works-charging"},
	"1.11 07-31 seawall plans":                  {"seawall-plan"},
	"1.11 07-31 above-standard floods":          {"over-standard"},
	"1.11 09-30 rural water, city people":       {"rural-water-city"},
	"1.11 09-30 five hundred percent":           {"five-hundred-percent"},
	"1.11 09-30 small hydropower":               {"hydropower"},
	"1.11 11-30 beautiful rivers":               {"beautiful-rivers"},
	"1.11 12-31 double growth":                  {"double-growth"},
	"1.11 12-31 annual plan":                    {"annual-plan", "annual-plan-rivers", "annual-plan-reservoirs"},
	"1.11 12-31 water-saving offices":           {"water-saving-organs"},
	"1.11 12-31 demonstration county and works": {"reform-demonstration"},
	"1.11 12-31 water-saving plan":              {"water-saving-plan"},
	"1.11 next year, appraisals":                {"appraisals"},
	"1.11 three years, class II and III dams":   {"reinforcement"},
	"1.11 flood season":                         {"flood-season"},
}

func catalogue(t *testing.T) *pack.Catalogue {
	t.Helper()
	var list []*pack.Pack
	for name, src := range packs.All() {
		p, err := pack.Parse(name, src)
		if err != nil {
			t.Fatal(err)
		}
		if p.ID+".yaml" != name {
			t.Errorf("%s holds the pack %s", name, p.ID)
		}
		list = append(list, p)
	}
	c, err := pack.NewCatalogue(list)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// ids are all indicators, targets and deadlines of the packs.
func ids(c *pack.Catalogue) map[string]bool {
	out := map[string]bool{}
	for _, i := range c.Indicators() {
		out[i.Code] = true
	}
	for _, x := range c.AllTargets() {
		out[x.ID] = true
	}
	for _, d := range c.Deadlines() {
		out[d.ID] = true
	}
	return out
}

func TestEveryRowIsCarried(t *testing.T) {
	have := ids(catalogue(t))
	for row, carriers := range rows {
		if len(carriers) == 0 {
			t.Errorf("%s is carried by nothing", row)
		}
		for _, id := range carriers {
			if !have[id] {
				t.Errorf("%s: no pack holds %s", row, id)
			}
		}
	}
}

// notes reads the first section of the domain notes where they lie beside the repository.
func notes(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "shared", "domain.md"))
	if err != nil {
		t.Skipf("the domain notes are not here: %v", err)
	}
	_, text, found := strings.Cut(string(b), "### 1.1 ")
	if !found {
		t.Fatal("the notes have no section 1.1")
	}
	text, _, _ = strings.Cut(text, "\n## 2")
	return "### 1.1 " + text
}

// tableRows are the rows of the notes' tables of one section, such as "1.10", without their heads.
func tableRows(t *testing.T, section string) [][]string {
	t.Helper()
	_, text, _ := strings.Cut(notes(t), "### "+section+" ")
	text, _, _ = strings.Cut(text, "\n###")
	var out [][]string
	for line := range strings.Lines(text) {
		if cells := strings.Split(strings.TrimSpace(line), "|"); len(cells) > 3 {
			out = append(out, cells[1:len(cells)-1])
		}
	}
	if len(out) < 3 || !strings.HasPrefix(out[1][0], "---") {
		t.Fatalf("section %s has no table", section)
	}
	return out[2:]
}

// unnamed are the rows of the notes that have no id there, by how they begin, with the row of the list that carries them or, after
// a dash, why none does.
var unnamed = map[string]string{
	"千人以上/千人以下工程":     "1.3 rdw.charging_rate",
	"千人以上 全部实现收费":     "1.11 06-30 large works charging",
	"三级联动 省市县":        "1.6 three levels and task force",
	"发通报、督整改、严问责":     "1.6 notices and lessons",
	"互联网+监管":          "1.6 internet plus supervision",
	"水利部千人监督":         "1.6 benchmarks",
	"超标洪水不打乱仗":        "1.7 four goals",
	"控运计划, 三个责任人":     "1.7 control plan",
	"水资源综合利用建议方案":     "1.9 two proposals",
	"柯桥水资源强监管综合改革试点":  "1.9 pilot",
	"省市水利专网整合":        "1.10 network",
	"省水管理平台":          "1.10 provincial platform",
	"钱塘江流域防洪减灾数字化平台":  "1.10 Qiantang platform",
	"互联网+政务 / 互联网+监管": "1.10 internet plus",
	"共建共享 数据仓":        "1.10 data store",
	"事业单位改革后半篇":       "- the notes leave it out of scope",
}

// TestEveryRowOfTheNotesIsListed reads every row of the tables 1.1 to 1.10: its ids are in the list, or the row itself is.
func TestEveryRowOfTheNotesIsListed(t *testing.T) {
	id := regexp.MustCompile("`([a-z]+(?:\\.[a-z0-9_]+)+(?:/[a-z]+)*|[a-z]+\\.\\*|drill)`")
	n, met := 0, map[string]bool{}
	for _, section := range []string{"1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8", "1.9", "1.10"} {
		for _, cells := range tableRows(t, section) {
			n++
			found := id.FindAllStringSubmatch(cells[1], -1)
			for _, m := range found {
				if len(rows[section+" "+m[1]]) == 0 {
					t.Errorf("%s names %s, which the list does not", section, m[1])
				}
			}
			if len(found) > 0 {
				continue
			}
			carrier, listed := "", false
			for begins, row := range unnamed {
				if strings.HasPrefix(strings.TrimSpace(cells[0]), begins) {
					carrier, listed, met[begins] = row, true, true
				}
			}
			if !listed || (!strings.HasPrefix(carrier, "- ") && len(rows[carrier]) == 0) {
				t.Errorf("%s: %q is carried by nothing", section, cells[0])
			}
		}
	}
	if n < 70 {
		t.Errorf("the notes have only %d rows", n)
	}
	for begins := range unnamed {
		if !met[begins] {
			t.Errorf("the notes have no row that begins with %q", begins)
		}
	}
}

// calendar names the rows of the list that carry an item of the deadline calendar, by how the item begins.
var calendar = map[string]string{
	"Q2 investment amount & rate":      "1.11 06-30 investment amount and rate",
	"rural water provincial people":    "1.11 06-30 rural water, provincial people",
	"古井普查":                             "1.11 06-30 old wells",
	"≥1000-people works all charging":  "1.11 06-30 large works charging",
	"海塘安澜 一县一方案":                       "1.11 07-31 seawall plans",
	"county-city over-standard flood":  "1.11 07-31 above-standard floods",
	"rural water city people + 五个100%": "1.11 09-30 rural water, city people; 1.11 09-30 five hundred percent",
	"small hydropower all 销号":          "1.11 09-30 small hydropower",
	"美丽河湖 all":                         "1.11 11-30 beautiful rivers",
	"双增长":                              "1.11 12-31 double growth",
	"annual plan":                      "1.11 12-31 annual plan",
	"3 节水机关":                           "1.11 12-31 water-saving offices",
	"柯桥示范县+6":                          "1.11 12-31 demonstration county and works",
	"印发 节水行动方案":                        "1.11 12-31 water-saving plan",
	"remaining small-reservoir":        "1.11 next year, appraisals",
	"2/3类坝 reinforcement":              "1.11 three years, class II and III dams",
	"Zhejiang 汛期":                      "1.11 flood season",
	"入汛 date is a setting":             "1.11 flood season",
}

// TestDeadlineCalendarOfTheNotes holds that every item of the calendar is a deadline of a pack, due on the day that the notes say.
func TestDeadlineCalendarOfTheNotes(t *testing.T) {
	due := map[string]string{}
	for _, d := range catalogue(t).Deadlines() {
		due[d.ID] = d.Due
	}
	day := regexp.MustCompile(`^\d\d-\d\d$`)
	n := 0
	for _, cells := range tableRows(t, "1.11") {
		when := strings.TrimSpace(cells[0])
		for item := range strings.SplitSeq(strings.ReplaceAll(cells[1], "flood: measures", "flood, measures"), "; ") {
			n++
			item = strings.TrimSpace(item)
			var listed string
			for begins, row := range calendar {
				if strings.HasPrefix(item, begins) {
					listed = row
				}
			}
			if listed == "" {
				t.Errorf("%s: %q is no deadline of a pack", when, item)
				continue
			}
			for row := range strings.SplitSeq(listed, "; ") {
				for _, id := range rows[row] {
					if day.MatchString(when) && due[id] != when || due[id] == "" {
						t.Errorf("%s is due on %q, the notes say %s", id, due[id], when)
					}
				}
			}
		}
	}
	if n < 15 {
		t.Errorf("the calendar has only %d items", n)
	}
}

// stated are the amounts that packs carry, each with the words of the rule that says it; every other amount is set per year.
var stated = map[string]string{
	"inv.coverage.full":                   "100: 应统尽统、应纳尽纳",
	"proj.lagging.zero":                   "0: no project on the list of those that lag",
	"proj.physical.full":                  "100: the year's planned works are done",
	"prog.seawall_plan.approved":          "3: 一县一方案编制及批复, the stage approved",
	"rdw.old_well.done":                   "100: 古井普查 finished",
	"rdw.charging_full.large":             "100: 千人以上全部实现收费",
	"rdw.charging_full.small":             "100: 所有集中式供水工程收费全覆盖",
	"rdw.charging_full.all":               "100: 所有集中式供水工程收费全覆盖",
	"rdw.five100.full":                    "100: 五个100%",
	"river.four_illegal.full":             "100: 清四乱 销号",
	"res.appraise.two_years":              "0: 动态清零, none overdue",
	"res.reinforce.three_years":           "0: 动态清零, within three years of the appraisal",
	"hydro.rectify.full":                  "100: 9月底前全面完成",
	"hydro.rectify_left.zero":             "0: 全部销号",
	"insp.rectify_rate.full":              "100: 问题整改完成",
	"insp.rectify_rate.province.full":     "100: 问题整改完成",
	"insp.task_force.set_up":              "2: 工作专班, the stage set up",
	"list.complete.full":                  "100: 三张清单闭环, none missing",
	"plan.overstd.drilled":                "3: 编制、报批、演练, the last stage",
	"plan.control.approved":               "3: 控运计划 approved",
	"resp.three.full":                     "100: 三个责任人 at every reservoir",
	"resp.published.full":                 "100: 公布责任人",
	"precheck.closed.full":                "100: 汛前检查问题完成销号",
	"precheck.controlled.full":            "100: 隐患落实管控措施",
	"ff.object_list.full":                 "100: 防御对象清单编制",
	"ff.village.full":                     "100: every village surveyed",
	"ff.system.built":                     "4: 尽早建成预报预警系统, the stage built",
	"save.organ.three":                    "3: 3个节水机关",
	"save.plan.issued":                    "3: 印发节水行动方案, the stage issued",
	"save.docs.issued":                    "3: both proposals issued",
	"wr.alloc.limit":                      "100: use within the quota",
	"wr.pilot.accepted":                   "2: the pilot accepted",
	"digital.network.connected":           "2: 专网整合, the stage connected",
	"digital.province_platform.connected": "2: the stage connected",
	"digital.qiantang.connected":          "2: the stage connected",
	"reform.demo_county.one":              "1: 柯桥示范县",
	"reform.demo_works.six":               "6: 6 示范工程",
}

// TestMaskedAmountsStayEmpty holds that a pack states only the amounts that a rule itself says.
func TestMaskedAmountsStayEmpty(t *testing.T) {
	met := map[string]bool{}
	for _, x := range catalogue(t).AllTargets() {
		if x.Fixed == nil {
			continue
		}
		met[x.ID] = true
		if amount, _, _ := strings.Cut(stated[x.ID], ": "); amount != x.Fixed.String() {
			t.Errorf("%s states %s, which no rule says", x.ID, x.Fixed)
		}
	}
	for id := range stated {
		if !met[id] {
			t.Errorf("%s states no amount", id)
		}
	}
}

// TestRatesAreRatios holds that no rate is a mean of rates: it is filed as two counts, or computed from counts.
// The lowest of the five rates is a choice among them, and a change of an intensity is one figure against another.
func TestRatesAreRatios(t *testing.T) {
	c := catalogue(t)
	for _, ind := range c.Indicators() {
		if ind.Unit != "percent" || ind.Ratio != nil || ind.Code == "rdw.five100" {
			continue
		}
		p, err := formula.Compile(ind.Formula, func(r formula.Ref) (formula.Symbol, bool) { return symbol(c, r.Code) })
		if err != nil {
			t.Errorf("%s is a rate without two counts: %v", ind.Code, err)
			continue
		}
		for _, r := range p.Refs() {
			if of, _ := c.Indicator(r.Code); r.Part == formula.Value && of.Unit == "percent" {
				t.Errorf("%s is computed from the rate %s", ind.Code, r.Code)
			}
		}
	}
}

func symbol(c *pack.Catalogue, code string) (formula.Symbol, bool) {
	ind, ok := c.Indicator(code)
	s := formula.Symbol{Unit: ind.Unit}
	if ind.Ratio != nil {
		s.Numerator, s.Denominator = ind.Ratio.Numerator.Unit, ind.Ratio.Denominator.Unit
	}
	return s, ok
}

func TestFormulasYieldTheirUnits(t *testing.T) {
	c := catalogue(t)
	for _, ind := range c.Indicators() {
		if ind.Formula == "" {
			continue
		}
		p, err := formula.Compile(ind.Formula, func(r formula.Ref) (formula.Symbol, bool) { return symbol(c, r.Code) })
		if err == nil {
			err = p.Yields(ind.Unit)
		}
		if err != nil {
			t.Errorf("%s: %v", ind.Code, err)
		}
	}
}

// TestTextsSaySomething refuses a definition that only repeats the name, and names that two indicators share.
func TestTextsSaySomething(t *testing.T) {
	c := catalogue(t)
	zh, en := map[string]string{}, map[string]string{}
	for _, ind := range c.Indicators() {
		if len([]rune(ind.Definition.Zh)) < 10 || strings.TrimSuffix(ind.Definition.En, ".") == ind.Name.En {
			t.Errorf("%s is not defined", ind.Code)
		}
		if zh[ind.Name.Zh] != "" || en[ind.Name.En] != "" {
			t.Errorf("%s has the name of %s%s", ind.Code, zh[ind.Name.Zh], en[ind.Name.En])
		}
		zh[ind.Name.Zh], en[ind.Name.En] = ind.Code, ind.Code
		if len(ind.Covers) == 0 {
			t.Errorf("%s names no row of the notes", ind.Code)
		}
	}
}

// TestEachProgrammeHasItsHeadlines holds the cockpit to one to four columns a programme, and the ten programmes to their order.
func TestEachProgrammeHasItsHeadlines(t *testing.T) {
	c := catalogue(t)
	for i, p := range c.Packs() {
		if p.Order != i+1 {
			t.Errorf("%s stands at %d, not %d", p.ID, p.Order, i+1)
		}
		n := 0
		for _, ind := range p.Indicators {
			if ind.Headline {
				n++
			}
		}
		if n < 1 || n > 4 {
			t.Errorf("%s has %d headline indicators", p.ID, n)
		}
	}
	if len(c.Packs()) != 10 {
		t.Errorf("there are %d packs", len(c.Packs()))
	}
}

// TestHeadingsAreToldApart holds that no heading of an office's table means two figures of one form. A base may be shared:
// all findings are the base of several rates.
func TestHeadingsAreToldApart(t *testing.T) {
	c := catalogue(t)
	for _, f := range c.Forms() {
		seen := map[string]string{}
		once := func(code string, headings ...string) {
			for _, h := range headings {
				if first := seen[h]; first != "" {
					t.Errorf("%s: %s is both %s and %s", f.ID, h, first, code)
				}
				seen[h] = code
			}
		}
		for _, code := range f.Lines {
			ind, _ := c.Indicator(code)
			once(code, append([]string{ind.Name.Zh}, ind.Aliases...)...)
			if ind.Ratio != nil {
				n := ind.Ratio.Numerator
				once(code+", numerator", append([]string{n.Name.Zh}, n.Aliases...)...)
			}
		}
	}
}

// TestTrap05ControlledIsNotClosed holds that a hazard under control and a problem closed are two measures with bases of their own.
func TestTrap05ControlledIsNotClosed(t *testing.T) {
	c := catalogue(t)
	closed, _ := c.Indicator("precheck.closed")
	controlled, _ := c.Indicator("precheck.controlled")
	if closed.Ratio == nil || controlled.Ratio == nil {
		t.Fatal("one of the two is no rate of its own")
	}
	if closed.Ratio.Numerator.Name == controlled.Ratio.Numerator.Name || closed.Ratio.Denominator.Name == controlled.Ratio.Denominator.Name {
		t.Errorf("%+v and %+v share a side", closed.Ratio, controlled.Ratio)
	}
}
