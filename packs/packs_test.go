package packs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"anlan/internal/programme/formula"
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

// TestEveryIdOfTheNotesIsListed reads the notes themselves where they lie beside the repository.
func TestEveryIdOfTheNotesIsListed(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "shared", "domain.md"))
	if err != nil {
		t.Skipf("the domain notes are not here: %v", err)
	}
	_, text, _ := strings.Cut(string(b), "### 1.1 ")
	text, _, _ = strings.Cut(text, "#### 1.9.1")
	code := regexp.MustCompile("`([a-z]+(?:\\.[a-z0-9_]+)+(?:/[a-z]+)*|[a-z]+\\.\\*|drill)`")
	found := code.FindAllStringSubmatch(text, -1)
	if len(found) < 60 {
		t.Fatalf("only %d ids were found in the notes", len(found))
	}
	for _, m := range found {
		listed := false
		for row := range rows {
			_, name, _ := strings.Cut(row, " ")
			listed = listed || name == m[1]
		}
		if !listed {
			t.Errorf("the notes name %s, which the list does not", m[1])
		}
	}
}

// TestMaskedAmountsStayEmpty lists every amount that a pack states: only those that the rule itself says.
func TestMaskedAmountsStayEmpty(t *testing.T) {
	c := catalogue(t)
	counts := map[string]string{"save.organ.three": "3", "reform.demo_county.one": "1", "reform.demo_works.six": "6"}
	for _, x := range c.AllTargets() {
		if x.Fixed == nil {
			continue
		}
		ind, _ := c.Indicator(x.Indicator)
		stage := func(o pack.Option) bool { return x.Fixed.String() == strconv.Itoa(o.Value) }
		switch amount := x.Fixed.String(); {
		case amount == "100" && ind.Unit == "percent", amount == "0", counts[x.ID] == amount, slices.ContainsFunc(ind.Options, stage):
		default:
			t.Errorf("%s states %s, which no rule says", x.ID, amount)
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
