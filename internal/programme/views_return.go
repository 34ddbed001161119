package programme

import (
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
)

// ReturnSummary is one return as a row of a list; a missing one has number 0.
type ReturnSummary struct {
	ID          int64           `json:"id"`
	Form        string          `json:"form"`
	Title       fault.Text      `json:"title"`
	Pack        string          `json:"pack"`
	Line        string          `json:"line"`
	Division    DivisionRef     `json:"division"`
	Period      hydrotime.Month `json:"period"`
	Version     int             `json:"version"`
	State       State           `json:"state" enum:"missing,draft,submitted,reviewed,accepted,returned,locked,corrected"`
	Edit        int64           `json:"edit" doc:"Counts the changes; sent back with a change so that nobody overwrites unseen work"`
	DueAt       time.Time       `json:"due_at"`
	DaysLate    int             `json:"days_late" doc:"Days from due to submission, or to now; negative while there is time"`
	SubmittedAt *time.Time      `json:"submitted_at,omitempty"`
	SubmittedBy string          `json:"submitted_by,omitempty"`
	ChangedAt   *time.Time      `json:"changed_at,omitempty"`
	Filled      int             `json:"filled" doc:"Lines with a figure or a stated blank"`
	Lines       int             `json:"lines"`
	Reminders   int             `json:"reminders"`
	Reason      string          `json:"reason,omitempty" doc:"Why it was sent back or corrected"`
}

// ReturnDetail is one version of a return with all that its form shows.
type ReturnDetail struct {
	ReturnSummary
	Rows     []ReturnRow     `json:"rows"`
	Findings []Finding       `json:"findings" doc:"What the checks say of the return as it stands"`
	Moves    []Move          `json:"moves" doc:"What this person may do now"`
	Writable bool            `json:"writable"`
	Events   []ReturnEvent   `json:"events" doc:"Newest first"`
	Versions []ReturnSummary `json:"versions" doc:"Every version, newest first"`
	Sent     []Reminder      `json:"sent_reminders"`
}

// ReturnRow is one line of a return with what stands beside it.
type ReturnRow struct {
	Indicator pack.Indicator `json:"indicator"`
	Copy      bool           `json:"copy" doc:"The figure belongs to another return and is only held against it"`
	Value     quantity.Null  `json:"value" doc:"The value, or the numerator of a ratio"`
	Base      quantity.Null  `json:"denominator"`
	Blank     string         `json:"blank" enum:",none,not_applicable" doc:"Stated instead of a figure"`
	Note      string         `json:"note"`
	Plan      quantity.Null  `json:"plan"`
	Last      quantity.Null  `json:"last" doc:"Last period's value or numerator"`
	LastBase  quantity.Null  `json:"last_denominator"`
	LastYear  quantity.Null  `json:"last_year"`
	ChangedAt *time.Time     `json:"changed_at,omitempty"`
	ChangedBy string         `json:"changed_by,omitempty"`

	elsewhere     quantity.Null // the same figure as the return that owns it has it
	elsewhereForm fault.Text
}

// Severity says what a finding of a check asks for.
type Severity string

// The severities.
const (
	Stops Severity = "error" // cannot be submitted
	Asks  Severity = "ask"   // can be submitted with a note that says why
	Hints Severity = "hint"
)

// Finding is what one check says of one line, with the figures in the sentence.
type Finding struct {
	Check     string     `json:"check"`
	Severity  Severity   `json:"severity" enum:"error,ask,hint"`
	Indicator string     `json:"indicator"`
	Text      fault.Text `json:"text"`
}

// ReturnEvent is one step in a return's history.
type ReturnEvent struct {
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	Move    string    `json:"move"`
	From    State     `json:"from"`
	To      State     `json:"to"`
	Reason  string    `json:"reason,omitempty"`
	Version int       `json:"version"`
}

// Reminder is one call to file (催报).
type Reminder struct {
	At            time.Time         `json:"at"`
	By            string            `json:"by"`
	Channel       string            `json:"channel" enum:"in_app,phone,message,letter"`
	Text          string            `json:"text"`
	HoursToFiling *quantity.Decimal `json:"hours_to_filing,omitempty" doc:"From this reminder to the submission that followed"`
}

// LineChange is what a person typed in one line.
type LineChange struct {
	Indicator string        `json:"indicator" maxLength:"80"`
	Value     quantity.Null `json:"value"`
	Base      quantity.Null `json:"denominator,omitempty"`
	Blank     string        `json:"blank,omitempty" enum:",none,not_applicable"`
	Note      string        `json:"note,omitempty" maxLength:"500"`
}

// FigureVersion is one revision of one figure.
type FigureVersion struct {
	Revision int64         `json:"revision"`
	Value    quantity.Null `json:"value"`
	Base     quantity.Null `json:"denominator"`
	Accepted bool          `json:"accepted"`
	From     time.Time     `json:"from"`
	Until    *time.Time    `json:"until,omitempty" doc:"Absent while in force"`
}

// TargetTable is one target's year over a scope: the splitting of a plan.
type TargetTable struct {
	Measure Measure     `json:"measure"`
	Target  pack.Target `json:"target"`
	Year    int         `json:"year"`
	Scope   DivisionRef `json:"scope"`
	Rows    []TargetRow `json:"rows" doc:"The scope first, then its divisions"`
	Check   SplitCheck  `json:"check"`
}

// TargetRow is one division's amount.
type TargetRow struct {
	Division DivisionRef        `json:"division"`
	Amount   quantity.Null      `json:"amount"`
	Curve    []quantity.Decimal `json:"curve,omitempty" doc:"Twelve cumulated amounts, or none for in proportion to time"`
	Document string             `json:"document"`
	Note     string             `json:"note"`
	Revision int64              `json:"revision" doc:"0 where nothing was set"`
	SetAt    *time.Time         `json:"set_at,omitempty"`
	SetBy    string             `json:"set_by,omitempty"`
	LastYear quantity.Null      `json:"last_year" doc:"The amount of the year before"`
	Achieved quantity.Null      `json:"achieved" doc:"What the division achieved in the year before"`
	Writable bool               `json:"writable"`
}

// SplitCheck holds the children's sum against the parent's amount.
type SplitCheck struct {
	State      string        `json:"state" enum:"unset,equal,over,short,partial"`
	Parent     quantity.Null `json:"parent"`
	Children   quantity.Null `json:"children"`
	Difference quantity.Null `json:"difference" doc:"Positive where more was put on (加码)"`
	Percent    quantity.Null `json:"percent"`
	Unset      int           `json:"unset" doc:"Divisions with no amount yet"`
}

// TargetChange is what a person set for one division.
type TargetChange struct {
	Division string             `json:"division" maxLength:"20"`
	Amount   quantity.Null      `json:"amount"`
	Curve    []quantity.Decimal `json:"curve,omitempty" maxItems:"12"`
	Document string             `json:"document,omitempty" maxLength:"200"`
	Note     string             `json:"note,omitempty" maxLength:"500"`
	Revision int64              `json:"revision" doc:"The revision that the person saw"`
}
