package judge

import (
	"fmt"

	"anlan/internal/fault"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
)

// The severities of a finding.
const (
	Stops = "error" // cannot be submitted
	Asks  = "ask"   // can be submitted with a note that says why
	Hints = "hint"
)

// Line is one line of a return with what stands beside it.
type Line struct {
	Indicator     pack.Indicator
	Value, Base   quantity.Null // the value, or numerator and denominator
	Blank         string        // stated instead of a figure: why there is none
	Note          string        // what the filer says to the questions; it answers them, it does not change what is found
	Last          quantity.Null // last period's value or numerator
	LastBase      quantity.Null
	LastSameYear  bool          // last period lies in the same year, so a cumulated figure must not fall
	LastYear      quantity.Null // the same period of last year: the value, or the rate of a ratio
	Elsewhere     quantity.Null // the same figure as another return has it
	ElsewhereForm fault.Text
}

// Finding is what one check says of one line, with the figures in the sentence (校核意见).
type Finding struct {
	Check     string
	Severity  string
	Indicator string
	Text      fault.Text
}

// CheckLine holds one line against its definition and what stands beside it. The checks are: missing, both, negative,
// part_above_whole, no_base, above_full, whole, option, range, monotone, jump, scale and differs.
func CheckLine(l Line) []Finding {
	k := &lineChecker{Line: l}
	if !k.present() {
		return k.found
	}
	k.whole()
	k.ratio()
	k.option()
	k.inRange()
	k.monotone()
	k.jump()
	k.scale()
	k.same()
	return k.found
}

type lineChecker struct {
	Line
	found []Finding
}

func (k *lineChecker) say(check, severity, zh, en string, args ...any) {
	k.sayText(check, severity, fault.Tf(zh, en, args...))
}

func (k *lineChecker) sayText(check, severity string, text fault.Text) {
	k.found = append(k.found, Finding{check, severity, k.Indicator.Code, text})
}

// present reports whether there is a figure to check. A line that says nothing stops the return: absent is not zero.
func (k *lineChecker) present() bool {
	switch {
	case k.Value.Valid || k.Base.Valid:
		return true
	case k.Blank == "":
		k.say("missing", Stops, "未填：请填数，确无此项请选“无”", "nothing is filed: enter a figure, or state that there is none")
	}
	return false
}

// whole refuses halves of what is counted.
func (k *lineChecker) whole() {
	check := func(v quantity.Null, unit string) {
		u, ok := quantity.UnitOf(unit)
		if ok && (u.Dimension == quantity.Count || u.Code == "person") && v.Valid && v.Decimal%quantity.Scale != 0 {
			k.sayText("whole", Stops, fault.T(
				fmt.Sprintf("%s 不是整数，应为多少%s", v, u.Name.Zh), fmt.Sprintf("%s is not a whole number of %s", v, u.Name.En)))
		}
	}
	if r := k.Indicator.Ratio; r != nil {
		check(k.Value, r.Numerator.Unit)
		check(k.Base, r.Denominator.Unit)
		return
	}
	check(k.Value, k.Indicator.Unit)
}

func (k *lineChecker) ratio() {
	r := k.Indicator.Ratio
	if r == nil {
		return
	}
	n, d := r.Numerator.Name, r.Denominator.Name
	switch {
	case k.Value.Valid != k.Base.Valid:
		k.sayText("both", Stops, fault.T(
			fmt.Sprintf("“%s”与“%s”须同时填写", n.Zh, d.Zh), fmt.Sprintf("%s and %s go together: enter both or neither", n.En, d.En)))
	case k.Base.Decimal < 0 || k.Value.Decimal < 0:
		k.say("negative", Stops, "分子 %s、分母 %s 不能为负", "neither the numerator %s nor the denominator %s may be negative", k.Value, k.Base)
	case k.Value.Decimal > k.Base.Decimal && !r.MayExceed:
		k.sayText("part_above_whole", Stops, fault.T(
			fmt.Sprintf("“%s”%s 大于“%s”%s", n.Zh, k.Value, d.Zh, k.Base), fmt.Sprintf("%s, %s, is above %s, %s", n.En, k.Value, d.En, k.Base)))
	case k.Base.Decimal == 0:
		k.say("no_base", Hints, "分母为 0，不计算比率，不参与评价", "the denominator is 0: no rate is formed and none is assessed")
	case k.Value.Decimal > k.Base.Decimal:
		k.say("above_full", Hints, "%s / %s 为 %s%%，超过 100%%，请确认含往期", "%s / %s is %s %%, above 100 %%: confirm that it holds arrears",
			k.Value, k.Base, Rate(k.Value, k.Base).Fixed(1))
	}
}

func (k *lineChecker) option() {
	if len(k.Indicator.Options) == 0 || !k.Value.Valid {
		return
	}
	for _, o := range k.Indicator.Options {
		if k.Value.Decimal == quantity.Int(int64(o.Value)) {
			return
		}
	}
	k.say("option", Stops, "%s 不是可选的阶段", "%s is not one of the stages", k.Value)
}

// figure is what range and jump look at: the rate of a ratio, else the value.
func (k *lineChecker) figure(value, base quantity.Null) quantity.Null {
	if k.Indicator.Ratio != nil {
		return Rate(value, base)
	}
	return value
}

func (k *lineChecker) inRange() {
	v := k.figure(k.Value, k.Base)
	if !v.Valid {
		return
	}
	if m := k.Indicator.Min; m != nil && v.Decimal < *m {
		k.say("range", Stops, "%s 低于合理下限 %s", "%s is below the plausible minimum %s", v, *m)
	}
	if m := k.Indicator.Max; m != nil && v.Decimal > *m {
		k.say("range", Stops, "%s 高于合理上限 %s", "%s is above the plausible maximum %s", v, *m)
	}
}

// comparable reports whether last period's figure may stand beside this one: a cumulated one starts anew in January.
func (k *lineChecker) comparable() bool {
	return k.Indicator.Kind != pack.Cumulative || k.LastSameYear
}

func (k *lineChecker) monotone() {
	if k.Indicator.Kind != pack.Cumulative || !k.LastSameYear {
		return
	}
	if k.Value.Valid && k.Last.Valid && k.Value.Decimal < k.Last.Decimal {
		k.say("monotone", Asks, "本年累计 %s 小于上期累计 %s，请说明原因", "the year's total %s is below last period's %s: say why", k.Value, k.Last)
	}
}

func (k *lineChecker) jump() {
	limit := k.Indicator.Jump
	if limit == nil || !k.comparable() {
		return
	}
	now, before := k.figure(k.Value, k.Base), k.figure(k.Last, k.LastBase)
	growth := PeriodOnPeriod(now, before)
	if growth.Valid && (growth.Decimal > *limit || growth.Decimal < -*limit) {
		k.say("jump", Asks, "由上期 %s 变为 %s，变化 %s%%，超过 %s%%，请说明", "went from %s to %s, a change of %s %%, beyond %s %%: say why",
			before, now, growth.Fixed(1), *limit)
	}
}

// scale hints at a figure that may be written in 元 for 万元 or 万元 for 亿元: it is a thousand times larger or smaller than the
// one beside it.
func (k *lineChecker) scale() {
	if u, ok := quantity.UnitOf(k.Indicator.Unit); !ok || !scaled(u.Dimension) {
		return
	}
	before := k.LastYear
	if !before.Valid && k.comparable() {
		before = k.Last
	}
	if !k.Value.Valid || !before.Valid || k.Value.Decimal <= 0 || before.Decimal <= 0 {
		return
	}
	if small, large := min(k.Value.Decimal, before.Decimal), max(k.Value.Decimal, before.Decimal); large/1000 >= small {
		k.say("scale", Hints, "本期 %s 与对照期 %s 相差千倍以上，请核对单位", "%s stands beside %s, a thousandfold apart: check the unit", k.Value, before)
	}
}

// scaled reports whether offices write a dimension on several scales.
func scaled(d quantity.Dimension) bool {
	switch d {
	case quantity.Money, quantity.Length, quantity.Area, quantity.Volume, quantity.People:
		return true
	}
	return false
}

// same holds the figure against the one that another return has.
func (k *lineChecker) same() {
	if k.Value.Valid && k.Elsewhere.Valid && k.Value.Decimal != k.Elsewhere.Decimal {
		k.sayText("differs", Asks, fault.T(
			fmt.Sprintf("此处 %s，而《%s》中为 %s，请说明", k.Value, k.ElsewhereForm.Zh, k.Elsewhere),
			fmt.Sprintf("%s here, but %s in the return %s: say why", k.Value, k.Elsewhere, k.ElsewhereForm.En)))
	}
}

// CheckParts holds a total against its parts: part_above_total stops, parts asks. Tolerance is one step of the shown figures;
// each of them may be off by half of it. A part that is not filed leaves only the first check.
func CheckParts(total pack.Indicator, value quantity.Null, parts []quantity.Null, tolerance quantity.Decimal) []Finding {
	if !value.Valid {
		return nil
	}
	var sum wide
	complete := true
	for _, p := range parts {
		if !p.Valid {
			complete = false
			continue
		}
		sum.add(p.Decimal)
		if over := difference(p, value); over.Valid && over.Decimal > tolerance {
			return []Finding{{"part_above_total", Stops, total.Code, fault.Tf("分项 %s 大于合计 %s", "a part of %s is above the total %s", p, value)}}
		}
	}
	whole := sum.figure()
	off := difference(value, whole)
	if !complete || !off.Valid {
		return nil
	}
	if off.Decimal < 0 {
		off.Decimal = -off.Decimal
	}
	if allowed := tolerance * quantity.Decimal(len(parts)+1) / 2; off.Decimal <= allowed {
		return nil
	}
	return []Finding{{"parts", Asks, total.Code, fault.Tf(
		"分项之和 %s 与合计 %s 不符，差 %s，请说明", "the parts add up to %s, the total is %s, a difference of %s: say why", whole, value, off)}}
}
