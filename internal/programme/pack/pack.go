// Package pack holds the definitions of the programmes as data: indicators, forms, targets, peer sets and deadlines, read from YAML.
//
// A pack is versioned and checked whole before it is used; what the programmes are is decided here, what they amount to is
// decided in the room above. Amounts that a document masks stay empty and are filled in per year and division as targets.
package pack

import (
	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// Pack is one programme's definitions (指标包).
type Pack struct {
	ID      string     `yaml:"id" json:"id"`           // "rural-water", unique
	Version int        `yaml:"version" json:"version"` // 1, 2, 3 …; a loaded version never changes
	Title   fault.Text `yaml:"title" json:"title"`
	Line    string     `yaml:"line" json:"line"`   // line of work (业务线) that roles are given for: "rural_water"
	Basis   fault.Text `yaml:"basis" json:"basis"` // document or standard the pack rests on
	Order   int        `yaml:"order" json:"order"` // place in the cockpit, from 1

	Peers      []PeerSet   `yaml:"peers,omitempty" json:"peers"`
	Indicators []Indicator `yaml:"indicators,omitempty" json:"indicators"`
	Forms      []Form      `yaml:"forms,omitempty" json:"forms"`
	Targets    []Target    `yaml:"targets,omitempty" json:"targets"`
	Deadlines  []Deadline  `yaml:"deadlines,omitempty" json:"deadlines"`
}

// Kind says how a figure of one month relates to the months before.
type Kind string

// The kinds of figure.
const (
	Cumulative Kind = "cumulative" // since 1 January (年初累计), never falls without a reason
	Period     Kind = "period"     // this month alone (当期)
	Stock      Kind = "stock"      // as it stands on the last day (时点)
)

// Better says which direction is better.
type Better string

// The directions.
const (
	More    Better = "more"
	Less    Better = "less"
	Neither Better = "neither"
)

// Rollup says how a parent's figure is formed from its children's.
type Rollup string

// The roll-ups. A ratio always sums numerators and denominators apart, never the rates.
const (
	Sum  Rollup = "sum"
	None Rollup = "none" // filed at its own level only, such as the city's rank in the province
	Max  Rollup = "max"
	Min  Rollup = "min"
)

// Level is a rank of the division tree.
type Level string

// The levels that file returns.
const (
	Province Level = "province"
	City     Level = "city"
	County   Level = "county" // counties and functional areas
)

// Cadence says for which months a return is due.
type Cadence string

// The cadences; a longer one is filed for the last month of its span.
const (
	Monthly   Cadence = "month"
	Quarterly Cadence = "quarter"
	HalfYear  Cadence = "half"
	Yearly    Cadence = "year"
)

// Indicator is one measure (指标). Exactly one of three holds: it has a Ratio (numerator and denominator are filed),
// a Formula (nothing is filed), or neither (one value is filed).
type Indicator struct {
	Code       string            `yaml:"code" json:"code"` // "inv.construction": lower case, dots between words, unique over all packs
	Name       fault.Text        `yaml:"name" json:"name"`
	Unit       string            `yaml:"unit" json:"unit"`                     // code of quantity.Units: "wan_yuan", "percent", "km"
	Show       string            `yaml:"show,omitempty" json:"show,omitempty"` // unit to show it in where it differs: "yi_yuan"
	Decimals   int               `yaml:"decimals" json:"decimals"`             // of the shown unit
	Ratio      *Ratio            `yaml:"ratio,omitempty" json:"ratio,omitempty"`
	Formula    string            `yaml:"formula,omitempty" json:"formula,omitempty"`
	Kind       Kind              `yaml:"kind" json:"kind"`
	Better     Better            `yaml:"better" json:"better"`
	Rollup     Rollup            `yaml:"rollup" json:"rollup"`
	Level      Level             `yaml:"level" json:"level"` // who files it
	Cadence    Cadence           `yaml:"cadence" json:"cadence"`
	Office     fault.Text        `yaml:"office" json:"office"` // source office (填报单位)
	Reader     fault.Text        `yaml:"reader" json:"reader"` // who reads it
	Definition fault.Text        `yaml:"definition" json:"definition"`
	Min        *quantity.Decimal `yaml:"min,omitempty" json:"min,omitempty"` // plausible range, in Unit; of the rate in percent for a ratio
	Max        *quantity.Decimal `yaml:"max,omitempty" json:"max,omitempty"`
	Jump       *quantity.Decimal `yaml:"jump,omitempty" json:"jump,omitempty"`       // change against last period, in percent, above which a note is asked for
	Parts      []string          `yaml:"parts,omitempty" json:"parts,omitempty"`     // indicators that add up to this one
	Options    []Option          `yaml:"options,omitempty" json:"options,omitempty"` // a stage indicator: its value is one of these
	Aliases    []string          `yaml:"aliases,omitempty" json:"aliases,omitempty"` // headings under which offices send it
	Counted    string            `yaml:"counted,omitempty" json:"counted,omitempty"` // what counts it by itself, and is held against what is filed: "ledger/small-hydropower/done"
	Headline   bool              `yaml:"headline,omitempty" json:"headline"`         // stands for its programme in the cockpit
	Covers     []string          `yaml:"covers,omitempty" json:"covers,omitempty"`   // rows of the founding document: "1.1 inv.construction"
}

// Ratio names the two counts or amounts of which an indicator is the rate in percent.
type Ratio struct {
	Numerator   Term `yaml:"numerator" json:"numerator"`
	Denominator Term `yaml:"denominator" json:"denominator"`
	// MayExceed allows a rate above 100 %, such as a collected rate with arrears paid; it is flagged, not refused.
	MayExceed bool `yaml:"may_exceed,omitempty" json:"may_exceed"`
}

// Term is one side of a ratio.
type Term struct {
	Name    fault.Text `yaml:"name" json:"name"`
	Unit    string     `yaml:"unit" json:"unit"`
	Aliases []string   `yaml:"aliases,omitempty" json:"aliases,omitempty"`
}

// Option is one stage of a stage indicator, such as 编制中 with value 1.
type Option struct {
	Value int        `yaml:"value" json:"value"`
	Name  fault.Text `yaml:"name" json:"name"`
}

// Form is a return (报表): the lines that one division files together.
type Form struct {
	ID      string     `yaml:"id" json:"id"` // "rural-water.month"
	Title   fault.Text `yaml:"title" json:"title"`
	Level   Level      `yaml:"level" json:"level"`
	Cadence Cadence    `yaml:"cadence" json:"cadence"`
	DueDay  int        `yaml:"due_day" json:"due_day"`         // day of the month after the period by whose end it is due
	Review  int        `yaml:"review_days" json:"review_days"` // days for the review after that
	Lines   []string   `yaml:"lines" json:"lines"`             // indicator codes in order; a line may repeat another form's as a check copy
}

// Judgement says what a target is held against.
type Judgement string

// The judgements.
const (
	ByCompletion Judgement = "completion" // F1: the cumulated figure over the plan amount; done at 100 %
	ByThreshold  Judgement = "threshold"  // the figure itself reaches the amount
	ByGrowth     Judgement = "growth"     // F3: growth against the same period of last year reaches the amount, in percent
	ByRate       Judgement = "rate"       // F1 reaches the amount, in percent: "completion of 50 % by 30 June" over the target Of
)

// Curve says how much of a plan is due at a month.
type Curve string

// The curves.
const (
	Linear  Curve = "linear" // in proportion to the months until due (序时进度)
	ByMonth Curve = "month"  // monthly amounts set with the target, linear where none are set
	AtDue   Curve = "at_due" // nothing is due before the due date
)

// Target is something to be reached by a date (目标). Its amount is set per year and division, never in the pack.
type Target struct {
	ID        string            `yaml:"id" json:"id"` // "rdw.pop_done.province"
	Name      fault.Text        `yaml:"name" json:"name"`
	Indicator string            `yaml:"indicator" json:"indicator"`
	Issuer    Level             `yaml:"issuer" json:"issuer"` // who set it: two targets on one measure are told apart by this and by Due
	Judge     Judgement         `yaml:"judge" json:"judge"`
	Of        string            `yaml:"of,omitempty" json:"of,omitempty"`       // for ByRate: the target whose completion is judged
	Due       string            `yaml:"due" json:"due"`                         // "06-30", relative to the year; "+1 12-31" is the next year's
	Since     int               `yaml:"since,omitempty" json:"since,omitempty"` // years before the target's year from which the figure is cumulated: 2 for a three-year plan
	Curve     Curve             `yaml:"curve" json:"curve"`
	Split     bool              `yaml:"split" json:"split"`                         // split to the divisions below, with the sum check (加码)
	Fixed     *quantity.Decimal `yaml:"fixed,omitempty" json:"fixed,omitempty"`     // only where the rule itself states the amount, such as 100 %
	Tolerance quantity.Decimal  `yaml:"tolerance,omitempty" json:"tolerance"`       // percentage points behind the calendar that are no lag
	Serious   quantity.Decimal  `yaml:"serious,omitempty" json:"serious"`           // percentage points beyond which a lag is serious; 10 where absent
	Headline  bool              `yaml:"headline,omitempty" json:"headline"`         // the one that the cockpit cell shows for its indicator
	Aliases   []string          `yaml:"aliases,omitempty" json:"aliases,omitempty"` // headings under which offices send the plan amount
	Covers    []string          `yaml:"covers,omitempty" json:"covers,omitempty"`
}

// Deadline is a row of the deadline calendar (时限): it is met when all its targets are.
type Deadline struct {
	ID      string     `yaml:"id" json:"id"`
	Title   fault.Text `yaml:"title" json:"title"`
	Due     string     `yaml:"due" json:"due"`
	Targets []string   `yaml:"targets" json:"targets"`
	Remind  []int      `yaml:"remind,omitempty" json:"remind,omitempty"` // days before at which to remind
	Covers  []string   `yaml:"covers,omitempty" json:"covers,omitempty"`
}

// PeerSet is a set of divisions ranked against each other (排名范围).
type PeerSet struct {
	ID    string     `yaml:"id" json:"id"`
	Name  fault.Text `yaml:"name" json:"name"`
	Level Level      `yaml:"level" json:"level"`
	// Functional includes functional areas such as 滨海新城.
	Functional bool `yaml:"functional" json:"functional"`
	// Except lists division codes left out.
	Except []string `yaml:"except,omitempty" json:"except,omitempty"`
}
