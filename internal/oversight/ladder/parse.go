package ladder

import (
	"fmt"
	"reflect"
	"slices"

	"anlan/internal/definition"
	"anlan/internal/fault"
	"anlan/internal/oversight/checklist"
	"anlan/internal/quantity"
)

const (
	// MaxDays bounds days of replies and reports.
	MaxDays = 366
	// MaxAhead bounds how far from the day of writing a deadline or a day of finding may lie: ten years.
	MaxAhead = 3660
)

// Parse reads a ladder and checks it as a whole. An error is a fault that names every place with its line.
func Parse(name string, src []byte) (*Ladder, error) {
	l, places, err := definition.Parse[Ladder](definition.Sort{Code: "ladder", Name: fault.T("升级办法", "ladder")}, name, src)
	if err != nil {
		return nil, err
	}
	k := checker{l, places.Check(fault.Invalidf("ladder.invalid", "升级办法 %s 有误", "the ladder %s is not sound", name))}
	k.Form("id", l.ID, definition.ID)
	k.Version(l.Version)
	k.Text("title", l.Title)
	k.Text("basis", l.Basis)
	if t := l.Terms; t != nil {
		k.days("terms.confirm_days", t.Confirm)
		k.days("terms.decide_days", t.Decide)
		k.days("terms.review_days", t.Review)
		k.days("terms.mend_days.general", t.Mend.General)
		k.days("terms.mend_days.heavier", t.Mend.Heavier)
		k.days("terms.mend_days.serious", t.Mend.Serious)
		k.days("terms.mend_days.grave", t.Mend.Grave)
		k.within("terms.longest_days", t.Longest, MaxAhead)
		k.within("terms.found_days", t.Found, MaxAhead)
		k.days("terms.sweep_days", t.Sweep)
		k.days("terms.rule_days", t.Rule)
	}
	k.steps()
	k.rules()
	k.liability()
	k.tiers()
	k.persons()
	if err := k.Err(); err != nil {
		return nil, err
	}
	return l, nil
}

// Format writes a ladder as YAML, always the same for the same ladder.
func Format(l *Ladder) []byte { return definition.Format(l) }

// Schema returns the JSON Schema of a ladder's YAML, for editors.
func Schema() []byte {
	var measures []any
	for _, m := range checklist.Measures() {
		measures = append(measures, m)
	}
	return definition.Schema(reflect.TypeFor[Ladder](), definition.Hints{
		Title: "Anlan ladder of escalation (升级办法)",
		Choices: map[reflect.Type][]any{
			reflect.TypeFor[Target](): {Unit, Person, Both}, reflect.TypeFor[Kind](): {Lag, MissingReturn, Overdue, Finding},
			reflect.TypeFor[checklist.Severity](): {checklist.General, checklist.Heavier, checklist.Serious, checklist.Grave},
			reflect.TypeFor[checklist.Measure]():  measures,
		},
		Narrowed: map[string]map[string]any{
			"Ladder.id": {"pattern": definition.ID.String()}, "Ladder.version": {"minimum": 1}, "Ladder.steps": {"minItems": 1},
			"Step.id": {"pattern": definition.Word.String()}, "Step.approver": {"pattern": definition.Word.String()}, "Step.approver_level": {"enum": []any{"province", "city", "county"}},
			"Step.reply_days": {"minimum": 0, "maximum": MaxDays}, "Rule.when": {"minItems": 1},
		},
	})
}

// levels are where an approver may sit.
func levels() []string { return []string{"province", "city", "county"} }

// known are the conditions that make sense for a kind of matter; any other would never hold.
func known(k Kind) []string {
	switch k {
	case Lag:
		return []string{"months_lagging", "points_behind", "bottom", "unanswered"}
	case MissingReturn:
		return []string{"days_overdue", "reminders", "repeats", "unanswered"}
	case Overdue:
		return []string{"days_overdue", "reminders", "severity", "repeats", "unanswered"}
	case Finding:
		return []string{"severity", "repeats", "unanswered"}
	}
	return nil
}

// named are the keys that a condition sets.
func (c Condition) named() []string {
	var out []string
	set := func(key string, is bool) {
		if is {
			out = append(out, key)
		}
	}
	set("months_lagging", c.MonthsLagging != 0)
	set("points_behind", c.PointsBehind != nil)
	set("bottom", c.Bottom != 0)
	set("days_overdue", c.DaysOverdue != 0)
	set("reminders", c.Reminders != 0)
	set("repeats", c.Repeats != 0)
	set("severity", c.Severity != "")
	set("unanswered", c.Unanswered)
	return out
}

type checker struct {
	l *Ladder
	*definition.Check
}

func (k checker) steps() {
	if len(k.l.Steps) == 0 {
		k.Say("steps", "没有处置步骤", "there is no step")
	}
	seen := map[string]bool{}
	for i, s := range k.l.Steps {
		at := fmt.Sprintf("steps[%d]", i)
		k.Form(at+".id", s.ID, definition.Word)
		k.Once(at+".id", s.ID, seen)
		k.Text(at+".name", s.Name)
		k.Form(at+".approver", s.Approver, definition.Word)
		if !slices.Contains(append(levels(), ""), s.Level) {
			k.Say(at+".approver_level", "没有层级 %q", "there is no level %q", s.Level)
		}
		if s.Target != Unit && s.Target != Person && s.Target != Both {
			k.Say(at+".target", "没有对象 %q", "there is no target %q", s.Target)
		}
		k.days(at+".reply_days", s.ReplyDays)
		k.days(at+".report_every_days", s.EveryDays)
		if s.EveryDays > 0 && s.ReplyDays == 0 {
			k.Say(at+".report_every_days", "不要求答复，就没有后续报告", "without a reply there is no report after it")
		}
		if s.Deduct != nil && (*s.Deduct <= 0 || *s.Deduct > quantity.Int(100)) {
			k.Say(at+".deduct_points", "扣分应大于 0，不超过 100", "the points are more than 0 and at most 100")
		}
	}
}

func (k checker) days(at string, n int) { k.within(at, n, MaxDays) }

func (k checker) within(at string, n, most int) {
	if n < 0 || n > most {
		k.Say(at, "天数为 0–%d", "the days are 0 to %d", most)
	}
}

func (k checker) rules() {
	last := map[Kind]int{}
	for i, r := range k.l.Rules {
		at := fmt.Sprintf("rules[%d]", i)
		if known(r.Kind) == nil {
			k.Say(at+".kind", "没有事项类别 %q", "there is no kind %q", r.Kind)
		}
		step := k.l.index(r.Step)
		if step < 0 {
			k.Say(at+".step", "没有步骤 %q", "there is no step %q", r.Step)
		} else if before, any := last[r.Kind]; any && before >= step {
			k.Say(at+".step", "同类规则须由轻到重，每步一条", "the rules of a kind go from light to heavy, one for each step")
		}
		last[r.Kind] = step
		if len(r.When) == 0 {
			k.Say(at+".when", "没有条件", "there is no condition")
		}
		for j, c := range r.When {
			k.condition(fmt.Sprintf("%s.when[%d]", at, j), r.Kind, c)
		}
	}
}

func (k checker) condition(at string, kind Kind, c Condition) {
	named := c.named()
	if len(named) == 0 {
		k.Say(at, "条件为空，会一直成立", "the condition is empty and would always hold")
	}
	for _, key := range named {
		if list := known(kind); list != nil && !slices.Contains(list, key) {
			k.Say(at+"."+key, "事项类别 %s 没有这一条件", "a matter of the kind %s has no such fact", kind)
		}
	}
	if c.MonthsLagging < 0 || c.Bottom < 0 || c.DaysOverdue < 0 || c.Reminders < 0 || c.Repeats < 0 || c.PointsBehind != nil && *c.PointsBehind < 0 {
		k.Say(at, "条件不应为负", "a condition is not negative")
	}
	if c.Severity != "" && c.Severity.Rank() == 0 {
		k.Say(at+".severity", "没有等级 %q", "there is no grade %q", c.Severity)
	}
}

func (k checker) liability() {
	for i, b := range k.l.Liability {
		at := fmt.Sprintf("liability[%d]", i)
		rank := slices.Index(checklist.Measures(), b.Measure)
		switch {
		case rank < 0:
			k.Say(at+".measure", "没有措施 %q", "there is no measure %q", b.Measure)
		case b.From < 0:
			k.Say(at+".from", "分数不应为负", "a score is not negative")
		case i > 0 && (b.From >= k.l.Liability[i-1].From || rank <= slices.Index(checklist.Measures(), k.l.Liability[i-1].Measure)):
			k.Say(at, "分数段须由高到低，措施由轻到重", "bands go from high to low scores, and from light to heavy measures")
		}
	}
	if n := len(k.l.Liability); n > 0 && k.l.Liability[n-1].From != 0 {
		k.Say(fmt.Sprintf("liability[%d].from", n-1), "最后一段须从 0 分开始", "the last band begins at 0")
	}
}
