package scheme

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"

	"anlan/internal/definition"
	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// Levels are who takes an entry into a state.
func Levels() []string { return []string{"unit", "county", "city", "province", "ministry"} }

// needs are what a step may ask for.
func needs() []string { return []string{"document", "evidence", "note", "score", "marks"} }

// words and numbers are the facts that conditions may ask of an object; sets are those that a step may set.
func words() []string { return []string{"disposition", "charging", "scale"} }

func numbers() []string {
	return []string{"population", "supply_m3_day", "installed_kw", "storage_wan_m3", "length_m", "dam_height_m"}
}

func sets() []string {
	return []string{"appraised_on", "appraisal_class", "reinforced_on", "impounded_on", "disposition", "charging"}
}

var factForm = regexp.MustCompile(`^([a-z][a-z_]*|[1-9])$`) // "date", "metered", "3"

// Parse reads one scheme and checks it as a whole. An error is a fault that names every place with its line.
func Parse(name string, src []byte) (*Scheme, error) {
	s, places, err := definition.Parse[Scheme](definition.Sort{Code: "ledger", Name: fault.T("台账规则", "ledger")}, name, src)
	if err != nil {
		return nil, err
	}
	k := checker{s, places.Check(fault.Invalidf("ledger.invalid", "台账规则 %s 有误", "the ledger %s is not sound", name))}
	k.head()
	k.tracks()
	k.states()
	k.marks()
	k.plan()
	if err := k.Err(); err != nil {
		return nil, err
	}
	return s, nil
}

// Schema returns the JSON Schema of a scheme's YAML, for editors.
func Schema() []byte {
	levels := []any{}
	for _, l := range Levels() {
		levels = append(levels, l)
	}
	return definition.Schema(reflect.TypeFor[Scheme](), definition.Hints{
		Title: "Anlan ledger (台账规则)",
		Choices: map[reflect.Type][]any{
			reflect.TypeFor[Enrol]():   {EnrolAll, EnrolAppraisal, EnrolReinforce},
			reflect.TypeFor[Repeats](): {EachYear, EachDue},
		},
		Narrowed: map[string]map[string]any{
			"Scheme.id": {"pattern": definition.ID.String()}, "Scheme.line": {"pattern": definition.Word.String()}, "Scheme.version": {"minimum": 1},
			"Scheme.states": {"minItems": 1}, "Scheme.objects": {"minItems": 1}, "State.id": {"pattern": definition.Word.String()},
			"State.by": {"enum": levels}, "Track.id": {"pattern": definition.Word.String()}, "Mark.id": {"pattern": definition.Word.String()},
			"Due.day": {"pattern": definition.Day.String()}, "Plan.from": {"pattern": definition.Day.String()}, "Plan.due": {"pattern": definition.Day.String()},
			"Milestone.day": {"pattern": definition.Day.String()},
		},
	})
}

type checker struct {
	s *Scheme
	*definition.Check
}

func (k checker) head() {
	k.Form("id", k.s.ID, definition.ID)
	k.Form("line", k.s.Line, definition.Word)
	k.Version(k.s.Version)
	k.Text("title", k.s.Title)
	k.Text("basis", k.s.Basis)
	if len(k.s.Objects) == 0 {
		k.Say("objects", "至少写一类对象", "at least one kind of object is required")
	}
	seen := map[string]bool{}
	for i, o := range k.s.Objects {
		k.Form(fmt.Sprintf("objects[%d]", i), o, definition.Word)
		k.Once(fmt.Sprintf("objects[%d]", i), o, seen)
	}
	k.OneOf("enrol", string(k.s.Enrol), []string{"", string(EnrolAll), string(EnrolAppraisal), string(EnrolReinforce)})
	k.OneOf("repeats", string(k.s.Repeats), []string{"", string(EachYear), string(EachDue)})
	k.OneOf("due.clock", string(k.s.Due.Clock), []string{"", string(EnrolAppraisal), string(EnrolReinforce)})
	if k.s.Due.Day != "" {
		k.Yearly("due.day", k.s.Due.Day)
		if k.s.Due.Clock != "" {
			k.Say("due", "日期与时钟只能选一", "either a day or a clock")
		}
	}
	if k.s.Repeats == EachDue && k.s.Due == (Due{}) {
		k.Say("repeats", "按到期日重复须写到期日", "what repeats by its day has one")
	}
	if k.s.Follows != "" {
		k.Form("follows", k.s.Follows, definition.ID)
	}
}

func (k checker) tracks() {
	seen := map[string]bool{}
	for i, t := range k.s.Tracks {
		at := fmt.Sprintf("tracks[%d]", i)
		k.Form(at+".id", t.ID, definition.Word)
		k.Once(at+".id", t.ID, seen)
		k.Text(at+".name", t.Name)
		k.when(at+".when", t.When)
	}
}

func (k checker) when(at string, w *When) {
	switch {
	case w == nil:
	case w.Is != "":
		k.OneOf(at+".fact", w.Fact, words())
		if w.AtLeast != nil || w.Below != nil {
			k.Say(at, "文字与数值条件只能选一", "either a word or bounds")
		}
	case w.AtLeast == nil && w.Below == nil:
		k.Say(at, "没有条件", "there is no condition")
	default:
		k.OneOf(at+".fact", w.Fact, numbers())
	}
}

func (k checker) states() {
	if len(k.s.States) == 0 {
		k.Say("states", "没有步骤", "there is no step")
		return
	}
	seen, done := map[string]bool{}, false
	for i, st := range k.s.States {
		at := fmt.Sprintf("states[%d]", i)
		k.Form(at+".id", st.ID, definition.Word)
		k.Once(at+".id", st.ID, seen)
		k.Text(at+".name", st.Name)
		k.OneOf(at+".by", st.By, append(Levels(), ""))
		done = done || st.Done || len(st.DoneFor) > 0
		for j, n := range st.Next {
			if _, ok := k.s.State(n); !ok || n == st.ID {
				k.Say(fmt.Sprintf("%s.next[%d]", at, j), "不能转入 %q", "it cannot go on to %q", n)
			}
		}
		for j, n := range st.Needs {
			k.OneOf(fmt.Sprintf("%s.needs[%d]", at, j), n, needs())
			if n == "score" && k.s.Tree == "" {
				k.Say(fmt.Sprintf("%s.needs[%d]", at, j), "没有评分表（score_tree）", "there is no score_tree to judge by")
			}
		}
		for _, t := range append(slices.Clone(st.Tracks), st.DoneFor...) {
			if _, ok := k.s.Track(t); !ok {
				k.Say(at, "没有分类 %q", "there is no track %q", t)
			}
		}
		k.when(at+".when", st.When)
		for fact, v := range st.Sets {
			k.OneOf(at+".sets", fact, sets())
			k.Form(at+".sets."+fact, v, factForm)
		}
	}
	if !done {
		k.Say("states", "没有办结的步骤（done）", "no step is the end (done)")
	}
	reached := k.reached()
	for i, st := range k.s.States {
		if !reached[st.ID] {
			k.Say(fmt.Sprintf("states[%d]", i), "从第一步无法到达", "no way leads here from the first")
		}
	}
}

// reached are the states to which a way leads from the first.
func (k checker) reached() map[string]bool {
	out, next := map[string]bool{k.s.States[0].ID: true}, []string{k.s.States[0].ID}
	for len(next) > 0 {
		st, _ := k.s.State(next[0])
		next = next[1:]
		for _, n := range st.Next {
			if !out[n] {
				out[n] = true
				next = append(next, n)
			}
		}
	}
	return out
}

func (k checker) marks() {
	seen := map[string]bool{}
	for i, m := range k.s.Marks {
		at := fmt.Sprintf("marks[%d]", i)
		k.Form(at+".id", m.ID, definition.Word)
		k.Once(at+".id", m.ID, seen)
		k.Text(at+".name", m.Name)
		k.OneOf(at+".by", m.By, append(Levels(), ""))
	}
}

func (k checker) plan() {
	p := k.s.Plan
	if p == nil {
		return
	}
	k.Yearly("plan.from", p.From)
	k.Yearly("plan.due", p.Due)
	last, left := p.From, quantity.Int(100)
	for i, s := range p.Shares {
		at := fmt.Sprintf("plan.shares[%d]", i)
		k.Yearly(at+".day", s.Day)
		if s.Day <= last || s.Day >= p.Due { // days of one year compare as they are written
			k.Say(at+".day", "节点不在起止日之间或次序有误", "the point lies outside the plan or is out of order")
		}
		if s.Remaining < 0 || s.Remaining > left {
			k.Say(at+".remaining", "剩余比例应为 0–%s", "what remains is 0 to %s percent", left)
		}
		last, left = s.Day, s.Remaining
	}
	if p.From >= p.Due {
		k.Say("plan.due", "截止日应晚于起始日", "the plan is due after its beginning")
	}
}
