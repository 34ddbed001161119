// Package programme keeps what the programmes of a water bureau promise and achieve: targets, returns, figures, roll-ups and rankings.
//
// A return's figures count from submission and roll up to every division above in the same transaction. A figure that was
// replaced stays with the instants between which it was in force, so every view can be asked as of a past date. How figures
// are judged is the business of the judge room; what is asked for is the business of the packs.
package programme

import (
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
)

// State is where a return stands (报表状态).
type State string

// The states of a return. A missing return is one that is due and was never opened.
const (
	Missing   State = "missing"   // 未报: nothing was opened
	Draft     State = "draft"     // 草稿
	Submitted State = "submitted" // 已提交
	Reviewed  State = "reviewed"  // 已审核
	Accepted  State = "accepted"  // 已接收
	SentBack  State = "returned"  // 退回
	Locked    State = "locked"    // 月结
	Corrected State = "corrected" // 已更正: a later version was accepted in its place
)

// Move is a step of a return from one state to the next.
type Move string

// The moves.
const (
	Submit   Move = "submit"
	Withdraw Move = "withdraw" // the county takes a submitted return back before anybody reviewed it
	Review   Move = "review"
	Accept   Move = "accept"
	SendBack Move = "send_back"
	Lock     Move = "lock"
	Correct  Move = "correct" // opens the next version of a locked return
)

// DivisionRef names a division in a view.
type DivisionRef struct {
	Code       string     `json:"code"`
	Name       fault.Text `json:"name"`
	Short      string     `json:"short" doc:"Short Chinese name, such as 越城"`
	Level      string     `json:"level" enum:"province,city,county,town,village"`
	Functional bool       `json:"functional" doc:"A functional area that files returns and has no GB/T 2260 code"`
	Inside     string     `json:"inside,omitempty" doc:"Code of the division whose figures already hold this one's"`
}

// CellState says what stands in a cell: a figure, or why there is none.
type CellState string

// The states of a cell. None of the last three is ever shown as fine.
const (
	HasFigure  CellState = "figure"
	Unreported CellState = "unreported" // 未报: due and not filed
	Blank      CellState = "blank"      // filed as having none
	NotDue     CellState = "not_due"    // the period's return is not due yet and not filed
	NoFigure   CellState = "na"         // cannot be formed, such as a rate with no denominator
)

// Grade is how a figure stands against its target and the calendar.
type Grade string

// The grades.
const (
	Done      Grade = "done"
	OnTrack   Grade = "on_track"
	Lag       Grade = "lag"     // 滞后
	Serious   Grade = "serious" // 严重滞后
	Overdue   Grade = "overdue" // 逾期
	Ungraded  Grade = "none"    // no plan, or no figure
	Unreached Grade = "open"    // a threshold not reached and not yet due
)

// Cell is one figure of one division in one month, judged against one target.
type Cell struct {
	Division   string          `json:"division"`
	State      CellState       `json:"state" enum:"figure,unreported,blank,not_due,na"`
	Value      quantity.Null   `json:"value" doc:"In the indicator's unit; the rate in percent for a ratio"`
	Numerator  quantity.Null   `json:"numerator"`
	Base       quantity.Null   `json:"denominator"`
	Cumulated  quantity.Null   `json:"cumulated" doc:"Cumulated from the target's start, for completion"`
	Plan       quantity.Null   `json:"plan"`
	Completion quantity.Null   `json:"completion" doc:"F1 in percent, never clamped"`
	Calendar   quantity.Null   `json:"calendar" doc:"Percent due by now"`
	Gap        quantity.Null   `json:"gap" doc:"What is judged less what it is held against: completion less calendar (F2), a rate or a growth less its target, in percentage points; a figure less its threshold in the unit of the indicator"`
	Growth     quantity.Null   `json:"growth" doc:"F3 in percent against the same period of last year"`
	Grade      Grade           `json:"grade" enum:"done,on_track,lag,serious,overdue,open,none"`
	Reported   int             `json:"reported" doc:"Divisions below that reported"`
	Expected   int             `json:"expected" doc:"Divisions below that must report"`
	Pending    int             `json:"pending" doc:"Of those reported, how many are not accepted yet"`
	Trend      []quantity.Null `json:"trend,omitempty" doc:"The last twelve months, oldest first"`
}

// Measure is an indicator with the target it is judged by, as a row of a matrix or the head of a page.
type Measure struct {
	Indicator string          `json:"indicator"`
	Target    string          `json:"target,omitempty"`
	Pack      string          `json:"pack"`
	Line      string          `json:"line"`
	Name      fault.Text      `json:"name"`
	Aim       fault.Text      `json:"aim" doc:"Name of the target"`
	Judge     pack.Judgement  `json:"judge,omitempty"`
	Unit      string          `json:"unit"`
	Show      string          `json:"show" doc:"Unit to show amounts in"`
	Decimals  int             `json:"decimals"`
	Ratio     bool            `json:"ratio"`
	Kind      pack.Kind       `json:"kind"`
	Better    pack.Better     `json:"better"`
	Due       *hydrotime.Date `json:"due,omitempty"`
}

// Standing is the head of every view: of whom, for when, known when.
type Standing struct {
	Scope  DivisionRef     `json:"scope"`
	Period hydrotime.Month `json:"period"`
	AsOf   time.Time       `json:"as_of" doc:"The instant whose knowledge the figures show"`
	Past   bool            `json:"past" doc:"The view was asked as of a past instant"`
}

// Cockpit is the first screen: programmes by counties, what is due, who is silent, who lags.
type Cockpit struct {
	Standing
	Divisions []DivisionRef  `json:"divisions"`
	Groups    []CockpitGroup `json:"groups"`
	Due       []DeadlineRow  `json:"due" doc:"Deadlines of the next 30 days and those missed, nearest first"`
	Silent    []SilentRow    `json:"silent" doc:"Returns due and not filed, longest silent first"`
	Lagging   []LagRow       `json:"lagging" doc:"Worst gap first"`
	Counts    CockpitCounts  `json:"counts"`
}

// CockpitGroup is one programme's rows of the matrix.
type CockpitGroup struct {
	Pack  string       `json:"pack"`
	Title fault.Text   `json:"title"`
	Line  string       `json:"line"`
	Rows  []CockpitRow `json:"rows"`
}

// CockpitRow is one measure over the scope and its divisions.
type CockpitRow struct {
	Measure
	Total Cell   `json:"total"`
	Cells []Cell `json:"cells" doc:"In the order of divisions"`
}

// CockpitCounts is the state line in numbers.
type CockpitCounts struct {
	Expected int `json:"expected" doc:"Returns due for the period"`
	Reported int `json:"reported"`
	Pending  int `json:"pending" doc:"Submitted and not accepted yet"`
	Lagging  int `json:"lagging" doc:"Divisions with at least one lag"`
	DueSoon  int `json:"due_soon"`
	Missed   int `json:"missed"`
}

// SilentRow is a return that is due and was not filed.
type SilentRow struct {
	Form         string          `json:"form"`
	Title        fault.Text      `json:"title"`
	Line         string          `json:"line"`
	Division     DivisionRef     `json:"division"`
	Period       hydrotime.Month `json:"period"`
	DueAt        time.Time       `json:"due_at"`
	DaysLate     int             `json:"days_late"`
	Reminders    int             `json:"reminders"`
	LastReminder *time.Time      `json:"last_reminder,omitempty"`
	State        State           `json:"state" enum:"missing,draft,returned"`
	Return       int64           `json:"return,omitempty" doc:"Number of the return, where one was opened"`
}

// LagRow is a division behind the calendar on one measure.
type LagRow struct {
	Measure  Measure     `json:"measure"`
	Division DivisionRef `json:"division"`
	Cell     Cell        `json:"cell"`
}

// Ranking is an ordered peer set on one measure.
type Ranking struct {
	Standing
	Measure   Measure         `json:"measure"`
	By        string          `json:"by" enum:"completion,value,growth,gap"`
	Peers     string          `json:"peers"`
	PeersName fault.Text      `json:"peers_name"`
	Previous  hydrotime.Month `json:"previous" doc:"The period that movement is told against"`
	Rows      []RankRow       `json:"rows"`
	Reported  int             `json:"reported"`
	Expected  int             `json:"expected"`
	Total     Cell            `json:"total"`
}

// RankRow is one division's place.
type RankRow struct {
	Rank         *int          `json:"rank" doc:"Shared by ties; null where nothing can be ranked"`
	Previous     *int          `json:"previous"`
	Move         *int          `json:"move" doc:"Places gained since the previous period"`
	Tied         bool          `json:"tied"`
	Division     DivisionRef   `json:"division"`
	Cell         Cell          `json:"cell"`
	GrowthChange quantity.Null `json:"growth_change" doc:"F4 in percentage points: growth less growth of the month before"`
}

// IndicatorPage is one indicator in one scope: series, plan curve, last year, the divisions below.
type IndicatorPage struct {
	Standing
	Measure     Measure        `json:"measure"`
	Definition  pack.Indicator `json:"definition"`
	PackVersion int            `json:"pack_version"`
	Targets     []Measure      `json:"targets" doc:"Every target on this indicator, to choose from"`
	Total       Cell           `json:"total"`
	Series      Series         `json:"series"`
	Divisions   []Series       `json:"divisions"`
	Cells       []CellOf       `json:"cells"`
}

// CellOf is a cell with its division.
type CellOf struct {
	Division DivisionRef `json:"division"`
	Cell     Cell        `json:"cell"`
}

// Series is one division's figures of this year and last, and its plan curve.
type Series struct {
	Division DivisionRef `json:"division"`
	Points   []Point     `json:"points"`
}

// Point is one month of a series.
type Point struct {
	Period   hydrotime.Month `json:"period"`
	Value    quantity.Null   `json:"value"`
	LastYear quantity.Null   `json:"last_year"`
	Plan     quantity.Null   `json:"plan" doc:"What the plan curve asks for by the end of the month"`
	Reported int             `json:"reported"`
	Expected int             `json:"expected"`
	Pending  bool            `json:"pending"`
}

// DeadlineState is where a deadline stands for one division.
type DeadlineState string

// The states of a deadline.
const (
	Met     DeadlineState = "met"
	Open    DeadlineState = "open"
	Missed  DeadlineState = "missed"
	Unknown DeadlineState = "unknown" // no plan or no figure: cannot be told
)

// DeadlineRow is one deadline in one scope.
type DeadlineRow struct {
	ID       string         `json:"id"`
	Title    fault.Text     `json:"title"`
	Pack     string         `json:"pack"`
	Line     string         `json:"line"`
	Due      hydrotime.Date `json:"due"`
	DaysLeft int            `json:"days_left" doc:"Negative when past"`
	State    DeadlineState  `json:"state" enum:"met,open,missed,unknown"`
	MetCount int            `json:"met_count" doc:"Divisions that met it"`
	Count    int            `json:"count" doc:"Divisions that must meet it"`
	Items    []DeadlineItem `json:"items"`
}

// DeadlineItem is one target of a deadline, over the scope and its divisions.
type DeadlineItem struct {
	Measure Measure         `json:"measure"`
	Total   Cell            `json:"total"`
	State   DeadlineState   `json:"state" enum:"met,open,missed,unknown"`
	Cells   []Cell          `json:"cells"`
	States  []DeadlineState `json:"states"`
}

// Deadlines is the calendar of a scope.
type Deadlines struct {
	Standing
	Divisions []DivisionRef `json:"divisions"`
	Rows      []DeadlineRow `json:"rows"`
}
