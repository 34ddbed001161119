package judge

import (
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
	Value, Base   quantity.Null
	Blank         string        // stated instead of a figure
	Last          quantity.Null // last period's value or numerator
	LastBase      quantity.Null
	LastSameYear  bool          // last period lies in the same year, so a cumulated figure must not fall
	Elsewhere     quantity.Null // the same figure as another return has it
	ElsewhereForm fault.Text
}

// Finding is what one check says of one line, with the figures in the sentence.
type Finding struct {
	Check     string
	Severity  string
	Indicator string
	Text      fault.Text
}

// CheckLine holds one line against its definition and what stands beside it.
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
	k.same()
	return k.found
}

type lineChecker struct {
	Line
	found []Finding
}

func (k *lineChecker) say(check, severity, zh, en string, args ...any) {
	k.found = append(k.found, Finding{check, severity, k.Indicator.Code, fault.Tf(zh, en, args...)})
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

func (k *lineChecker) whole() {
	check := func(v quantity.Null, unit string) {
		u, ok := quantity.UnitOf(unit)
		if ok && (u.Dimension == quantity.Count || unit == "person") && v.Valid && v.Decimal%quantity.Scale != 0 {
			k.say("whole", Stops, "%s 不是整数", "%s is not a whole number", v)
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
	switch {
	case k.Value.Valid != k.Base.Valid:
		k.say("both", Stops, "“%s”与“%s”须同时填写", "%s and %s go together", r.Numerator.Name.Zh, r.Denominator.Name.Zh)
		k.found[len(k.found)-1].Text.En = r.Numerator.Name.En + " and " + r.Denominator.Name.En + " go together"
	case k.Base.Decimal < 0 || k.Value.Decimal < 0:
		k.say("negative", Stops, "分子 %s、分母 %s 不能为负", "neither %s nor %s may be negative", k.Value, k.Base)
	case k.Base.Decimal == 0:
		k.say("no_base", Hints, "分母为 0，不计算比率", "the denominator is 0: no rate is formed")
	case k.Value.Decimal > k.Base.Decimal && r.MayExceed:
		k.say("above_full", Hints, "%s / %s 超过 100%%，请确认含往期", "%s / %s is above 100 %%: confirm that it holds arrears", k.Value, k.Base)
	case k.Value.Decimal > k.Base.Decimal:
		k.say("part_above_whole", Stops, "分子 %s 大于分母 %s", "the numerator %s is above the denominator %s", k.Value, k.Base)
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

// figure is what range, jump and rank look at: the rate of a ratio, else the value.
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
	if limit == nil {
		return
	}
	if k.Indicator.Kind == pack.Cumulative && !k.LastSameYear {
		return
	}
	now, before := k.figure(k.Value, k.Base), k.figure(k.Last, k.LastBase)
	growth := PeriodOnPeriod(now, before)
	if growth.Valid && (growth.Decimal > *limit || growth.Decimal < -*limit) {
		k.say("jump", Asks, "由上期 %s 变为 %s，变化 %s%%，超过 %s%%，请说明", "went from %s to %s, a change of %s %% beyond %s %%: say why", before, now, growth.Fixed(1), *limit)
	}
}

func (k *lineChecker) same() {
	if k.Value.Valid && k.Elsewhere.Valid && k.Value.Decimal != k.Elsewhere.Decimal {
		k.say("differs", Asks, "此处 %s，而《%s》中为 %s，请说明", "%s here, but %[3]s in the return %[2]s: say why", k.Value, k.ElsewhereForm.Zh, k.Elsewhere)
		k.found[len(k.found)-1].Text.En = k.Value.String() + " here, but " + k.Elsewhere.String() + " in the return " + k.ElsewhereForm.En + ": say why"
	}
}

// CheckParts holds a total against the sum of its parts. Tolerance is what rounding of the shown figures may cause, each.
func CheckParts(total pack.Indicator, value quantity.Null, parts []quantity.Null, tolerance quantity.Decimal) []Finding {
	sum := quantity.Decimal(0)
	for _, p := range parts {
		if !p.Valid {
			return nil
		}
		s, ok := sum.Add(p.Decimal)
		if !ok {
			return nil
		}
		sum = s
		if value.Valid && p.Decimal > value.Decimal+tolerance {
			return []Finding{{"part_above_total", Stops, total.Code, fault.Tf("分项 %s 大于合计 %s", "a part of %s is above the total %s", p, value)}}
		}
	}
	off, ok := value.Sub(sum)
	if !value.Valid || !ok {
		return nil
	}
	if off < 0 {
		off = -off
	}
	if off <= tolerance*quantity.Decimal(len(parts)+1)/2 {
		return nil
	}
	return []Finding{{"parts", Asks, total.Code, fault.Tf("分项之和 %s 与合计 %s 不符，差 %s", "the parts add up to %s, the total is %s, a difference of %s", sum, value, off)}}
}
