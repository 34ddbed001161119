package pack

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// Catalogue is every pack in force, checked together and indexed. It never changes once made.
type Catalogue struct {
	packs      []*Pack
	indicators []Indicator
	forms      []Form
	targets    []Target
	deadlines  []Deadline

	indicator map[string]int
	form      map[string]int
	target    map[string]int
	pack      map[string]*Pack // by indicator code
	formPack  map[string]*Pack
	deadPack  map[string]*Pack
	owner     map[string]string // indicator code to the form that owns its figure
	targetsOf map[string][]Target
	peers     []PeerSet
}

// NewCatalogue checks packs as a whole and indexes them. Everything wrong is reported together.
func NewCatalogue(packs []*Pack) (*Catalogue, error) {
	c := &Catalogue{
		packs: slices.Clone(packs), indicator: map[string]int{}, form: map[string]int{}, target: map[string]int{}, pack: map[string]*Pack{},
		formPack: map[string]*Pack{}, deadPack: map[string]*Pack{}, owner: map[string]string{}, targetsOf: map[string][]Target{},
	}
	slices.SortFunc(c.packs, func(a, b *Pack) int { return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID)) })
	k := &checker{c: c, bad: fault.Invalidf("pack.invalid", "指标包有误", "the packs are not sound")}
	k.collect()
	for _, p := range c.packs {
		k.checkPack(p)
	}
	k.checkHeadlines()
	if len(k.bad.Fields) > 0 {
		return nil, k.bad
	}
	return c, nil
}

// Packs lists the packs in their order.
func (c *Catalogue) Packs() []*Pack { return c.packs }

// Indicators lists all indicators in the order of the packs.
func (c *Catalogue) Indicators() []Indicator { return c.indicators }

// Forms lists all forms in the order of the packs.
func (c *Catalogue) Forms() []Form { return c.forms }

// AllTargets lists all targets in the order of the packs.
func (c *Catalogue) AllTargets() []Target { return c.targets }

// Deadlines lists all deadlines in the order of the packs.
func (c *Catalogue) Deadlines() []Deadline { return c.deadlines }

// Peers lists all peer sets.
func (c *Catalogue) Peers() []PeerSet { return c.peers }

// Indicator finds an indicator by code.
func (c *Catalogue) Indicator(code string) (Indicator, bool) {
	return at(c.indicators, c.indicator, code)
}

// Form finds a form.
func (c *Catalogue) Form(id string) (Form, bool) { return at(c.forms, c.form, id) }

// Target finds a target.
func (c *Catalogue) Target(id string) (Target, bool) { return at(c.targets, c.target, id) }

// TargetsOf lists the targets on an indicator, the headline one first.
func (c *Catalogue) TargetsOf(code string) []Target { return c.targetsOf[code] }

// FormOf finds the form that owns an indicator's figure: the first to list it. Others hold check copies.
func (c *Catalogue) FormOf(code string) (Form, bool) { return c.Form(c.owner[code]) }

// LineOf is the line of work of an indicator, or "".
func (c *Catalogue) LineOf(code string) string {
	if p := c.pack[code]; p != nil {
		return p.Line
	}
	return ""
}

// PackOf is the pack of an indicator, or nil.
func (c *Catalogue) PackOf(code string) *Pack { return c.pack[code] }

// PlaceOf is where an indicator stands, as the checks name places: "rivers.indicators[2] river.km".
func (c *Catalogue) PlaceOf(code string) string {
	p := c.pack[code]
	if p == nil {
		return code
	}
	i := slices.IndexFunc(p.Indicators, func(ind Indicator) bool { return ind.Code == code })
	return fmt.Sprintf("%s.indicators[%d] %s", p.ID, i, code)
}

// LineOfForm is the line of work of a form, or "".
func (c *Catalogue) LineOfForm(id string) string {
	if p := c.formPack[id]; p != nil {
		return p.Line
	}
	return ""
}

// PackOfForm is the id of the pack of a form, or "".
func (c *Catalogue) PackOfForm(id string) string {
	if p := c.formPack[id]; p != nil {
		return p.ID
	}
	return ""
}

// PackOfDeadline is the pack of a deadline, or nil.
func (c *Catalogue) PackOfDeadline(id string) *Pack { return c.deadPack[id] }

func at[T any](list []T, index map[string]int, key string) (T, bool) {
	i, ok := index[key]
	if !ok {
		var zero T
		return zero, false
	}
	return list[i], true
}

// checker gathers everything wrong with a set of packs.
type checker struct {
	c   *Catalogue
	bad *fault.Error
}

func (k *checker) say(place, zh, en string, args ...any) { k.bad.At(place, fault.Tf(zh, en, args...)) }

var (
	packForm  = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	codeForm  = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*)+$`)
	countForm = regexp.MustCompile(`^[a-z]+(/[a-z][a-z0-9_.-]*)+$`)
	lineForm  = regexp.MustCompile(`^[a-z][a-z_]*$`)
	idForm    = regexp.MustCompile(`^[a-z][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*$`)
	dueForm   = regexp.MustCompile(`^(\+[1-9] )?(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`)
	maxTitles = 200
)

// collect indexes all packs and reports what is there twice.
func (k *checker) collect() {
	seen := map[string]string{}
	once := func(kind, id, place string) bool {
		if first, ok := seen[kind+id]; ok {
			k.say(place, "%s 与 %s 重复", "%s stands twice, first in %s", id, first)
			return false
		}
		seen[kind+id] = place
		return true
	}
	for _, p := range k.c.packs {
		once("pack ", p.ID, p.ID)
		for i, ind := range p.Indicators {
			if once("code ", ind.Code, fmt.Sprintf("%s.indicators[%d]", p.ID, i)) {
				k.c.indicator[ind.Code] = len(k.c.indicators)
				k.c.indicators = append(k.c.indicators, ind)
				k.c.pack[ind.Code] = p
			}
		}
		for i, f := range p.Forms {
			if once("form ", f.ID, fmt.Sprintf("%s.forms[%d]", p.ID, i)) {
				k.c.form[f.ID] = len(k.c.forms)
				k.c.forms = append(k.c.forms, f)
				k.c.formPack[f.ID] = p
			}
			for _, code := range f.Lines {
				if k.c.owner[code] == "" {
					k.c.owner[code] = f.ID
				}
			}
		}
		for i, t := range p.Targets {
			if once("target ", t.ID, fmt.Sprintf("%s.targets[%d]", p.ID, i)) {
				k.c.target[t.ID] = len(k.c.targets)
				k.c.targets = append(k.c.targets, t)
				k.c.targetsOf[t.Indicator] = append(k.c.targetsOf[t.Indicator], t)
			}
		}
		for i, d := range p.Deadlines {
			if once("deadline ", d.ID, fmt.Sprintf("%s.deadlines[%d]", p.ID, i)) {
				k.c.deadlines = append(k.c.deadlines, d)
				k.c.deadPack[d.ID] = p
			}
		}
		for i, s := range p.Peers {
			if once("peers ", s.ID, fmt.Sprintf("%s.peers[%d]", p.ID, i)) {
				k.c.peers = append(k.c.peers, s)
			}
		}
	}
	for code := range k.c.targetsOf {
		slices.SortStableFunc(k.c.targetsOf[code], func(a, b Target) int { return cmp.Compare(btoi(b.Headline), btoi(a.Headline)) })
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (k *checker) checkPack(p *Pack) {
	if !packForm.MatchString(p.ID) {
		k.say(p.ID+".id", "编号应为小写字母、数字和连字符", "an id is lower case letters, digits and hyphens")
	}
	if p.Version < 1 {
		k.say(p.ID+".version", "版本号从 1 开始", "versions count from 1")
	}
	if !lineForm.MatchString(p.Line) {
		k.say(p.ID+".line", "须指明业务线", "name the line of work")
	}
	k.text(p.ID+".title", p.Title)
	for i, ind := range p.Indicators {
		k.checkIndicator(fmt.Sprintf("%s.indicators[%d] %s", p.ID, i, ind.Code), ind)
	}
	for i, f := range p.Forms {
		k.checkForm(fmt.Sprintf("%s.forms[%d] %s", p.ID, i, f.ID), f)
	}
	for i, t := range p.Targets {
		k.checkTarget(fmt.Sprintf("%s.targets[%d] %s", p.ID, i, t.ID), t)
	}
	for i, d := range p.Deadlines {
		k.checkDeadline(fmt.Sprintf("%s.deadlines[%d] %s", p.ID, i, d.ID), d)
	}
	for i, s := range p.Peers {
		k.text(fmt.Sprintf("%s.peers[%d].name", p.ID, i), s.Name)
		k.checkPeers(fmt.Sprintf("%s.peers[%d]", p.ID, i), s)
	}
}

func (k *checker) text(place string, t fault.Text) {
	if strings.TrimSpace(t.Zh) == "" || strings.TrimSpace(t.En) == "" {
		k.say(place, "中英文均须填写", "both languages are required")
	}
	if len(t.Zh) > 10*maxTitles || len(t.En) > 10*maxTitles {
		k.say(place, "文字过长", "the text is too long")
	}
}

func oneOf[T comparable](v T, list ...T) bool { return slices.Contains(list, v) }

func (k *checker) checkIndicator(place string, ind Indicator) {
	if !codeForm.MatchString(ind.Code) {
		k.say(place+".code", "代码应为小写字母、数字、下划线，以点分隔", "a code is lower case words joined by dots")
	}
	k.text(place+".name", ind.Name)
	k.text(place+".office", ind.Office)
	k.text(place+".reader", ind.Reader)
	k.text(place+".definition", ind.Definition)
	if !oneOf(ind.Kind, Cumulative, Period, Stock) {
		k.say(place+".kind", "应为 cumulative、period 或 stock", "is cumulative, period or stock")
	}
	if !oneOf(ind.Better, More, Less, Neither) {
		k.say(place+".better", "应为 more、less 或 neither", "is more, less or neither")
	}
	if !oneOf(ind.Rollup, Sum, None, Max, Min) {
		k.say(place+".rollup", "应为 sum、none、max 或 min", "is sum, none, max or min")
	}
	if !oneOf(ind.Level, Province, City, County) || !oneOf(ind.Cadence, Monthly, Quarterly, HalfYear, Yearly) {
		k.say(place, "填报层级或频次有误", "the level or the cadence is not known")
	}
	if ind.Decimals < 0 || ind.Decimals > 6 {
		k.say(place+".decimals", "小数位为 0–6", "decimals are 0 to 6")
	}
	if ind.Min != nil && ind.Max != nil && *ind.Min > *ind.Max {
		k.say(place+".min", "下限大于上限", "the minimum is above the maximum")
	}
	k.checkUnits(place, ind)
	k.checkShape(place, ind)
	k.checkStages(place, ind)
	k.checkAliases(place, ind.Aliases)
	if ind.Jump != nil && *ind.Jump <= 0 {
		k.say(place+".jump", "突变阈值应大于 0", "the jump is above 0")
	}
	if ind.Counted != "" && (!countForm.MatchString(ind.Counted) || ind.Formula != "" || len(ind.Options) > 0) {
		k.say(place+".counted", "台账来源形如 ledger/small-hydropower/done，公式与阶段指标不能写", "a source is like ledger/small-hydropower/done; a formula or a stage has none")
	}
	if ind.Formula == "" && k.c.owner[ind.Code] == "" {
		k.say(place, "没有报表填报此指标", "no form asks for this indicator")
	}
}

func (k *checker) unit(place, code string) quantity.Unit {
	u, ok := quantity.UnitOf(code)
	switch {
	case code == "":
		k.say(place, "须选择单位", "name the unit")
	case !ok:
		k.say(place, "没有单位 %q", "there is no unit %q", code)
	}
	return u
}

func (k *checker) checkUnits(place string, ind Indicator) {
	u := k.unit(place+".unit", ind.Unit)
	if ind.Show != "" {
		if s := k.unit(place+".show", ind.Show); s.Dimension != u.Dimension || s.Counted != u.Counted {
			k.say(place+".show", "显示单位与单位不可换算", "the shown unit cannot be converted from the unit")
		}
	}
	if ind.Ratio == nil {
		return
	}
	k.text(place+".ratio.numerator.name", ind.Ratio.Numerator.Name)
	k.text(place+".ratio.denominator.name", ind.Ratio.Denominator.Name)
	n, d := k.unit(place+".ratio.numerator.unit", ind.Ratio.Numerator.Unit), k.unit(place+".ratio.denominator.unit", ind.Ratio.Denominator.Unit)
	if n.Code != d.Code {
		k.say(place+".ratio", "分子与分母的单位须相同", "numerator and denominator are in one unit")
	}
	if ind.Unit != "percent" {
		k.say(place+".unit", "比率的单位是 percent", "a ratio has the unit percent")
	}
}

// checkShape holds that exactly one of value, ratio and formula is meant, and that its parts exist.
func (k *checker) checkShape(place string, ind Indicator) {
	if ind.Ratio != nil && ind.Formula != "" {
		k.say(place, "比率与公式只能有其一", "a ratio and a formula exclude each other")
	}
	if ind.Ratio != nil && !oneOf(ind.Rollup, Sum, None) {
		k.say(place+".rollup", "比率只能按分子分母分别合计", "a ratio is only rolled up by its two sums")
	}
	for _, code := range ind.Parts {
		if part, ok := k.c.Indicator(code); !ok || part.Unit != ind.Unit {
			k.say(place+".parts", "分项 %s 不存在或单位不同", "part %s is unknown or has another unit", code)
		}
	}
	seen := map[int]bool{}
	for _, o := range ind.Options {
		k.text(place+".options", o.Name)
		if seen[o.Value] {
			k.say(place+".options", "选项值 %d 重复", "option %d stands twice", o.Value)
		}
		seen[o.Value] = true
	}
}

func (k *checker) checkForm(place string, f Form) {
	if !idForm.MatchString(f.ID) {
		k.say(place+".id", "编号格式有误", "the id is not well formed")
	}
	k.text(place+".title", f.Title)
	if f.DueDay < 1 || f.DueDay > 28 || f.Review < 0 || f.Review > 28 {
		k.say(place+".due_day", "截止日为 1–28", "the due day is 1 to 28")
	}
	if !oneOf(f.Level, Province, City, County) || !oneOf(f.Cadence, Monthly, Quarterly, HalfYear, Yearly) || len(f.Lines) == 0 {
		k.say(place, "层级、频次或填报项有误", "the level, the cadence or the lines are not right")
	}
	seen := map[string]bool{}
	for i, code := range f.Lines {
		at := fmt.Sprintf("%s.lines[%d]", place, i)
		ind, ok := k.c.Indicator(code)
		switch {
		case !ok:
			k.say(at, "没有指标 %s", "there is no indicator %s", code)
		case ind.Formula != "":
			k.say(at, "%s 由公式算出，不能填报", "%s is computed and cannot be filed", code)
		case ind.Level != f.Level:
			k.say(at, "%s 由%s填报", "%s is filed by the %s", code, ind.Level)
		case seen[code]:
			k.say(at, "%s 重复", "%s stands twice", code)
		}
		seen[code] = true
	}
}

func (k *checker) checkTarget(place string, t Target) {
	if !codeForm.MatchString(t.ID) {
		k.say(place+".id", "编号格式有误", "the id is not well formed")
	}
	k.text(place+".name", t.Name)
	ind, ok := k.c.Indicator(t.Indicator)
	if !ok {
		k.say(place+".indicator", "没有指标 %s", "there is no indicator %s", t.Indicator)
	}
	if !oneOf(t.Judge, ByCompletion, ByThreshold, ByGrowth, ByRate) || !oneOf(t.Curve, Linear, ByMonth, AtDue) || !oneOf(t.Issuer, Province, City, County) {
		k.say(place, "判定方式、曲线或下达层级有误", "the judgement, the curve or the issuer is not known")
	}
	if ok && t.Judge == ByCompletion && ind.Ratio != nil {
		k.say(place+".judge", "比率指标不能按完成率判定", "a ratio has no completion")
	}
	if !dueForm.MatchString(t.Due) {
		k.say(place+".due", "期限应如 06-30 或 +1 12-31", "a due date is like 06-30 or +1 12-31")
	}
	if t.Judge == ByRate {
		if of, ok := k.c.Target(t.Of); !ok || of.Judge != ByCompletion || of.Indicator != t.Indicator {
			k.say(place+".of", "须指向同一指标的完成率目标", "names a completion target on the same indicator")
		}
	}
	k.checkReached(place, t)
	k.checkAliases(place, t.Aliases)
	if t.Since < 0 || t.Since > 10 || t.Tolerance < 0 || t.Serious < 0 {
		k.say(place, "年数、容差不能为负", "years and tolerances are not negative")
	}
}

func (k *checker) checkDeadline(place string, d Deadline) {
	k.text(place+".title", d.Title)
	if !idForm.MatchString(d.ID) {
		k.say(place+".id", "编号格式有误", "the id is not well formed")
	}
	if !dueForm.MatchString(d.Due) {
		k.say(place+".due", "期限应如 06-30 或 +1 12-31", "a due date is like 06-30 or +1 12-31")
	}
	k.checkInTime(place, d)
	if len(d.Targets) == 0 {
		k.say(place+".targets", "时限须对应至少一个目标", "a deadline has at least one target")
	}
	for _, id := range d.Targets {
		if _, ok := k.c.Target(id); !ok {
			k.say(place+".targets", "没有目标 %s", "there is no target %s", id)
		}
	}
}
