package pack

import (
	"fmt"
	"strings"

	"anlan/internal/quantity"
)

// checkStages holds that a stage indicator is a bare number that somebody chooses.
func (k *checker) checkStages(place string, ind Indicator) {
	if len(ind.Options) == 0 {
		return
	}
	if ind.Unit != "one" || ind.Ratio != nil || ind.Formula != "" {
		k.say(place+".options", "阶段指标的单位应为 one，且不带比率或公式", "a stage has the unit one, and neither ratio nor formula")
	}
	for _, o := range ind.Options {
		if o.Value < 0 {
			k.say(place+".options", "选项值 %d 为负", "option %d is negative", o.Value)
		}
	}
}

func (k *checker) checkAliases(place string, aliases []string) {
	for i, a := range aliases {
		if strings.TrimSpace(a) == "" {
			k.say(fmt.Sprintf("%s.aliases[%d]", place, i), "别名为空", "the alias is empty")
		}
	}
}

// checkReached holds that a stated amount can be reached: it is one of the stages, and of a rate it is 0 to 100.
func (k *checker) checkReached(place string, t Target) {
	ind, ok := k.c.Indicator(t.Indicator)
	if !ok || t.Fixed == nil || t.Judge != ByThreshold {
		return
	}
	if len(ind.Options) > 0 && !isStage(ind, *t.Fixed) {
		k.say(place+".fixed", "%s 不是指标的阶段", "%s is not a stage of the indicator", *t.Fixed)
	}
	if ind.Ratio != nil && !ind.Ratio.MayExceed && (*t.Fixed < 0 || *t.Fixed > quantity.Int(100)) {
		k.say(place+".fixed", "比率目标应在 0–100 之间", "the amount of a rate is 0 to 100")
	}
}

func isStage(ind Indicator, amount quantity.Decimal) bool {
	for _, o := range ind.Options {
		if quantity.Int(int64(o.Value)) == amount {
			return true
		}
	}
	return false
}

// checkHeadlines holds that a cockpit cell has one target to show.
func (k *checker) checkHeadlines() {
	seen := map[string]string{}
	for _, t := range k.c.targets {
		if !t.Headline {
			continue
		}
		if first := seen[t.Indicator]; first != "" {
			k.say(t.ID+".headline", "%s 已是 %s 的首要目标", "%s is already the headline target of %s", first, t.Indicator)
		}
		seen[t.Indicator] = t.ID
	}
}

// checkInTime holds that a deadline does not pass before its targets are due, and that its reminders come before it.
func (k *checker) checkInTime(place string, d Deadline) {
	for _, id := range d.Targets {
		if t, ok := k.c.Target(id); ok && dueForm.MatchString(t.Due) && dueForm.MatchString(d.Due) && dueOrder(t.Due) > dueOrder(d.Due) {
			k.say(place+".targets", "目标 %s 的期限 %s 晚于本时限", "target %s is due on %s, after this deadline", id, t.Due)
		}
	}
	for i, days := range d.Remind {
		if days < 0 || days > 366 {
			k.say(fmt.Sprintf("%s.remind[%d]", place, i), "提醒天数为 0–366", "reminders come 0 to 366 days before")
		}
	}
}

// dueOrder makes due dates comparable: "06-30" before "12-31" before "+1 06-30".
func dueOrder(due string) string {
	if strings.HasPrefix(due, "+") {
		return due[1:]
	}
	return "0 " + due
}

func (k *checker) checkPeers(place string, s PeerSet) {
	if !idForm.MatchString(s.ID) {
		k.say(place+".id", "编号格式有误", "the id is not well formed")
	}
	if !oneOf(s.Level, Province, City, County) {
		k.say(place+".level", "排名范围的层级有误", "the level is not known")
	}
}
