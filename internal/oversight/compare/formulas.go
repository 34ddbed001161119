package compare

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"anlan/internal/definition"
	"anlan/internal/fault"
	"anlan/internal/formula"
	"anlan/internal/quantity"
)

// Measure is a figure that the formulas of a comparison may name.
type Measure struct {
	Code string
	Name fault.Text
	Unit string // how it is shown, a code of quantity.Units
	// Sides says that numerator(code) and denominator(code) can be taken.
	Sides  bool
	Better string // "more", "less" or "neither"
	rate   func(Stat) Rate
	value  func(Stat) quantity.Null
}

// Value is the measure of a stat; absent where it cannot be formed.
func (m Measure) Value(s Stat) quantity.Null {
	switch {
	case m.rate == nil:
		return m.value(s)
	case m.Unit == "percent":
		return m.rate(s).Percent()
	}
	return m.rate(s).Mean()
}

// Rate is the two sides of the measure; ok is false where it has none.
func (m Measure) Rate(s Stat) (r Rate, ok bool) {
	if m.rate == nil {
		return Rate{}, false
	}
	return m.rate(s), true
}

// Measures lists what formulas may name.
func Measures() []Measure {
	count := func(code, zh, en string, f func(Stat) int64) Measure {
		return Measure{Code: code, Name: fault.T(zh, en), Unit: "one", Better: "neither", value: func(s Stat) quantity.Null { return quantity.Some(quantity.Int(f(s))) }}
	}
	rate := func(code, zh, en, better string, f func(Stat) Rate) Measure {
		return Measure{Code: code, Name: fault.T(zh, en), Unit: "percent", Sides: true, Better: better, rate: f}
	}
	return []Measure{
		count("problems", "发现问题", "problems found", func(s Stat) int64 { return s.Found }),
		count("trips", "检查次数", "inspections", func(s Stat) int64 { return s.Trips }),
		count("objects_inspected", "检查工程", "works inspected", func(s Stat) int64 { return s.Objects }),
		{Code: "problems_per_object", Name: fault.T("平均每处问题", "problems per works"), Unit: "one", Sides: true, Better: "neither", rate: Stat.PerObject},
		count("problems_most", "单处最多问题", "most problems at one works", func(s Stat) int64 { return s.Most }),
		rate("heavier_share", "较重以上占比", "share heavier than general", "neither", Stat.HeavierShare),
		rate("upheld_rate", "问题认定率", "share upheld", "more", Stat.Upheld),
		rate("miss_rate", "漏检率", "missed by the lower level", "less", Stat.MissRate),
		rate("rectification_rate", "整改率", "rectified", "more", func(s Stat) Rate { return s.Rectified() }),
		rate("controlled_rate", "管控措施落实率", "under control", "neither", func(s Stat) Rate { return s.UnderControl() }),
		rate("on_time_rate", "按期整改率", "closed by the original deadline", "more", func(s Stat) Rate { return s.OnTime }),
		rate("on_time_extended_rate", "按延期后期限整改率", "closed by the extended deadline", "more", func(s Stat) Rate { return s.OnTimeExtended }),
		rate("overdue_rate", "原时限逾期率", "overdue by the original deadline", "less", Stat.OverdueRate),
		count("overdue", "原时限逾期未销号", "past the original deadline", func(s Stat) int64 { return s.Overdue }),
		{Code: "median_days", Name: fault.T("整改天数中位数", "median days to close"), Unit: "one", Better: "less", value: Stat.MedianDays},
		rate("recurrence_rate", "同一对象重复率", "back at the same works", "less", Stat.RecurrenceRate),
		{
			Code: "points_deducted", Name: fault.T("考核扣分", "points off the assessment"), Unit: "one", Better: "less",
			value: func(s Stat) quantity.Null { return quantity.Some(s.Deducted) },
		},
		rate("repeat_rate", "同县重复率", "seen in the county before", "less", Stat.RepeatRate),
	}
}

// Comparison is how counties are set side by side (四比): parts with a formula for a score of 0 to 100 and a weight.
type Comparison struct {
	ID      string     `yaml:"id" json:"id"`
	Version int        `yaml:"version" json:"version"`
	Title   fault.Text `yaml:"title" json:"title"`
	Basis   fault.Text `yaml:"basis" json:"basis"`
	Sample  bool       `yaml:"sample,omitempty" json:"sample"`
	Parts   []Part     `yaml:"parts" json:"parts"`

	programs []*formula.Program
}

// Part is one of the comparisons.
type Part struct {
	ID     string           `yaml:"id" json:"id"`
	Name   fault.Text       `yaml:"name" json:"name"`
	Weight quantity.Decimal `yaml:"weight" json:"weight"`
	Score  string           `yaml:"score" json:"score"` // over measures; held between 0 and 100
	Shows  []string         `yaml:"shows" json:"shows"` // measures to stand beside the score
}

// wire is a Comparison as written; the compiled formulas are no part of the file.
type wire struct {
	ID      string     `yaml:"id"`
	Version int        `yaml:"version"`
	Title   fault.Text `yaml:"title"`
	Basis   fault.Text `yaml:"basis"`
	Sample  bool       `yaml:"sample,omitempty"`
	Parts   []Part     `yaml:"parts"`
}

// Parse reads the comparisons, with their formulas compiled. An error is a fault that names every place with its line.
func Parse(name string, src []byte) (*Comparison, error) {
	w, places, err := definition.Parse[wire](definition.Sort{Code: "comparison", Name: fault.T("比较办法", "comparison")}, name, src)
	if err != nil {
		return nil, err
	}
	k := places.Check(fault.Invalidf("comparison.invalid", "比较办法 %s 有误", "the comparison %s is not sound", name))
	k.Form("id", w.ID, definition.ID)
	k.Version(w.Version)
	k.Text("title", w.Title)
	k.Text("basis", w.Basis)
	if len(w.Parts) == 0 {
		k.Say("parts", "没有比较项", "there is nothing to compare by")
	}
	c := &Comparison{ID: w.ID, Version: w.Version, Title: w.Title, Basis: w.Basis, Sample: w.Sample, Parts: w.Parts}
	seen := map[string]bool{}
	for i, p := range w.Parts {
		at := fmt.Sprintf("parts[%d]", i)
		k.Form(at+".id", p.ID, definition.Word)
		k.Once(at+".id", p.ID, seen)
		c.programs = append(c.programs, checkPart(k, at, p))
	}
	if err := k.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

func checkPart(k *definition.Check, at string, p Part) *formula.Program {
	k.Text(at+".name", p.Name)
	if p.Weight <= 0 || p.Weight > quantity.Int(100) {
		k.Say(at+".weight", "权重应大于 0，不超过 100", "the weight is more than 0 and at most 100")
	}
	for i, code := range p.Shows {
		if _, ok := measureOf(code); !ok {
			k.Say(fmt.Sprintf("%s.shows[%d]", at, i), "没有指标 %q", "there is no measure %q", code)
		}
	}
	program, err := formula.Compile(p.Score, symbol)
	if err == nil && program.Yields("score") != nil {
		err = program.Yields("percent") // 100 - miss_rate is as good a score
	}
	if err != nil {
		k.Tell(at+".score", sentence(err))
	}
	return program
}

// sentence is what a fault says, in both languages.
func sentence(err error) fault.Text {
	var e *fault.Error
	if errors.As(err, &e) {
		return e.Text
	}
	return fault.T(err.Error(), err.Error())
}

// symbol says what a code of a formula stands for: this month's figure, or one of its sides.
func symbol(r formula.Ref) (formula.Symbol, bool) {
	m, ok := measureOf(r.Code)
	if !ok || r.Shift != formula.Now || r.Part == formula.Plan {
		return formula.Symbol{}, false
	}
	s := formula.Symbol{Unit: m.Unit}
	if m.Sides {
		s.Numerator, s.Denominator = "one", "one"
	}
	return s, true
}

func measureOf(code string) (Measure, bool) {
	list := Measures()
	i := slices.IndexFunc(list, func(m Measure) bool { return m.Code == code })
	if i < 0 {
		return Measure{}, false
	}
	return list[i], true
}

// Format writes a comparison as YAML, always the same for the same one.
func Format(c *Comparison) []byte {
	return definition.Format(wire{c.ID, c.Version, c.Title, c.Basis, c.Sample, c.Parts})
}

// Schema returns the JSON Schema of a comparison's YAML, for editors.
func Schema() []byte {
	var codes []any
	for _, m := range Measures() {
		codes = append(codes, m.Code)
	}
	return definition.Schema(reflect.TypeFor[wire](), definition.Hints{
		Title: "Anlan comparison of counties (四比)",
		Narrowed: map[string]map[string]any{
			"wire.id": {"pattern": definition.ID.String()}, "wire.version": {"minimum": 1}, "wire.parts": {"minItems": 1},
			"Part.id":    {"pattern": definition.Word.String()},
			"Part.score": {"description": "A formula over measures that yields 0 to 100 (公式)"},
			"Part.shows": {"items": map[string]any{"enum": codes}},
		},
	})
}

// Score is one division compared.
type Score struct {
	Division string
	Parts    []quantity.Null // in the order of the comparison's parts
	Total    quantity.Null   // weighted; absent while a part is
	Missing  []string        // parts without a score
	Rank     int             // from 1; those of one total share it, and those without one stand last
}

// Compare scores divisions against each other and ranks them, best first; those without a total come last, by code.
func (c *Comparison) Compare(stats map[string]Stat) ([]Score, error) {
	var out []Score
	for division, s := range stats {
		score, err := c.score(division, s)
		if err != nil {
			return nil, err
		}
		out = append(out, score)
	}
	slices.SortFunc(out, func(a, b Score) int {
		switch {
		case a.Total.Valid != b.Total.Valid && a.Total.Valid:
			return -1
		case a.Total.Valid != b.Total.Valid:
			return 1
		}
		return cmp.Or(cmp.Compare(b.Total.Decimal, a.Total.Decimal), cmp.Compare(a.Division, b.Division))
	})
	for i := range out {
		out[i].Rank = i + 1
		if i > 0 && out[i].Total == out[i-1].Total {
			out[i].Rank = out[i-1].Rank
		}
	}
	return out, nil
}

func (c *Comparison) score(division string, s Stat) (Score, error) {
	out := Score{Division: division}
	var sum, weights quantity.Decimal
	for i, p := range c.Parts {
		v, err := c.programs[i].Eval(func(r formula.Ref) quantity.Null { return figure(s, r) })
		if err != nil {
			return Score{}, fmt.Errorf("compare %s by %s: %w", division, p.ID, err)
		}
		if v.Valid {
			v.Decimal = min(max(v.Decimal, 0), quantity.Int(100))
		} else {
			out.Missing = append(out.Missing, p.ID)
		}
		out.Parts = append(out.Parts, v)
		weighted, _ := v.Mul(p.Weight) // at most 100 × 100
		sum += weighted
		weights += p.Weight
	}
	if len(out.Missing) == 0 {
		total, ok := sum.Div(weights)
		out.Total = quantity.Null{Decimal: total, Valid: ok}
	}
	return out, nil
}

func figure(s Stat, r formula.Ref) quantity.Null {
	m, _ := measureOf(r.Code)
	rate, _ := m.Rate(s)
	switch r.Part {
	case formula.Numerator:
		return quantity.Some(quantity.Int(rate.Numerator))
	case formula.Denominator:
		return quantity.Some(quantity.Int(rate.Denominator))
	}
	return m.Value(s)
}
