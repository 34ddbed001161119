// Package matter keeps whatever must be closed: a problem found, a lag, a missing return, a task of a meeting.
//
// One record is seen as three lists: problem, responsibility, rectification. States and legal moves are data (moves.go); what
// judges and what moves is pure, and the service around it writes record, event and audit entry in one transaction. Lists and
// counts come from a copy in memory that follows the store (roster.go). Inspections, rules and meetings are others' business:
// they open matters and read them.
package matter

import (
	"time"

	"anlan/internal/fault"
	"anlan/internal/quantity"
)

// Kind is what sort of thing must be closed.
type Kind string

// The kinds.
const (
	Finding Kind = "finding" // a problem found on site (问题)
	Hazard  Kind = "hazard"  // a danger that may be kept under control until it is mended (隐患)
	Lag     Kind = "lag"     // a county behind plan or calendar (滞后)
	Missing Kind = "missing" // a return that is due and not filed (未报)
	Overdue Kind = "overdue" // a deadline that was missed (逾期)
	Task    Kind = "task"    // what a meeting or a superior handed over (交办事项)
	Sweep   Kind = "sweep"   // looking for the same problem elsewhere (举一反三)
)

// Kinds lists the kinds, in the order of screens.
func Kinds() []Kind { return []Kind{Finding, Hazard, Lag, Missing, Overdue, Task, Sweep} }

// Severity grades a problem; 0 is not graded.
type Severity int

// The severities of the supervision rules.
const (
	Ungraded Severity = iota
	General           // 一般
	Heavier           // 较重
	Serious           // 严重
	Grave             // 特别严重
)

// Origin is who found it (发现层级).
type Origin string

// The origins, the highest first; Rule is the program itself, by a rule over figures.
const (
	Ministry Origin = "ministry"
	Province Origin = "province"
	City     Origin = "city"
	County   Origin = "county"
	Self     Origin = "self"
	Rule     Origin = "rule"
)

// Origins lists the origins, the highest first.
func Origins() []Origin { return []Origin{Ministry, Province, City, County, Self, Rule} }

// OriginAt is the origin of what the office of a division of some level finds or decides itself.
func OriginAt(level string) Origin {
	switch level {
	case "province":
		return Province
	case "city":
		return City
	}
	return County
}

// State is where a matter stands.
type State string

// The states. Controlled is a valid end of the work and not a close: the danger is watched, and not gone.
const (
	Found      State = "found"      // recorded; the other side has not said anything yet (待确认)
	Disputed   State = "disputed"   // the other side disagrees (有异议)
	Confirmed  State = "confirmed"  // to be given to somebody (待交办)
	Assigned   State = "assigned"   // a unit and a person answer for it (待整改)
	Rectifying State = "rectifying" // measures are stated and under way (整改中)
	Submitted  State = "submitted"  // evidence is in and waits to be looked at (待复核)
	Returned   State = "returned"   // looked at and sent back (退回)
	Controlled State = "controlled" // measures of control stand (管控措施落实)
	Closed     State = "closed"     // struck off (销号)
	Dismissed  State = "dismissed"  // held not to be a problem (不予认定)
	Cleared    State = "cleared"    // its cause went away by itself (原因消除)
)

// States lists the states in the order of the work.
func States() []State {
	return []State{Found, Disputed, Confirmed, Assigned, Rectifying, Returned, Submitted, Controlled, Closed, Dismissed, Cleared}
}

// Live reports whether somebody still has something to do. What is controlled is live: it must be mended one day.
func (s State) Live() bool { return s != Closed && s != Dismissed && s != Cleared }

// Named reports whether a state has a person who answers, by name.
func (s State) Named() bool {
	return s == Assigned || s == Rectifying || s == Submitted || s == Returned || s == Controlled || s == Closed
}

// Matter is one record. Owner and deadline are never absent while it lives.
type Matter struct {
	ID     int64
	Edit   int64  // how often it was written
	Client string // the sender's own id: sent twice, it is one matter
	Number string // 2026-000123
	Kind   Kind
	Line   string
	// Division is where it lies; Keeper is the division whose office keeps and reviews it.
	Division, Keeper int64
	// Veiled hides it from everybody who may not read inspections at the keeper, until the inspection is done.
	Veiled   bool
	Object   int64  // number of the water object, 0 for none
	Source   string // inspection, rule, meeting, sweep or hand
	SourceID string
	Cause    string // what a rule opened it for; at most one live matter a cause
	Item     string // clause of a checklist
	Title    fault.Text
	Detail   string
	Basis    string
	Severity Severity
	Origin   Origin
	Points   quantity.Null // points deducted, as the checklist of the day says
	Place    Place
	State    State

	Unit     string // the organisation that answers (责任单位)
	Person   string // the person who answers (责任人), "" until assigned
	Measures string

	Found, Opened time.Time
	Due           time.Time // as it stands, extensions counted
	// ConfirmDue is by when what was found had first to be confirmed and given to somebody; zero where nothing is to be confirmed.
	ConfirmDue  time.Time
	Assigned    *time.Time // when it was first given to somebody
	OriginalDue time.Time  // as first given for mending; an extension does not move it
	Extended    *time.Time
	AskedDue    *time.Time // an extension asked for and not yet decided
	AskedReason string
	AskedBy     string

	DisputedBy  string
	Submitted   *time.Time
	SubmittedBy string
	Closed      *time.Time // when it came to rest
	Rechecked   *time.Time
	Reopened    int
	Recurs      int64 // number of the earlier matter on the same item and object
	Missed      bool  // a lower level had looked and not found it (漏检)
	Step        string
	Changed     time.Time
}

// Place is where somebody says a thing is; the camera's own word is kept with the file.
type Place struct {
	Words string   `json:"words,omitempty" maxLength:"200"`
	Lon   *float64 `json:"lon,omitempty" minimum:"-180" maximum:"180"`
	Lat   *float64 `json:"lat,omitempty" minimum:"-90" maximum:"90"`
}

// OverdueAt reports whether a matter that is not yet in is past its deadline: the one first given, or the one that stands.
func (m *Matter) OverdueAt(at time.Time, original bool) bool {
	due := m.Due
	if original {
		due = m.OriginalDue
	}
	end := at
	if m.Closed != nil {
		end = *m.Closed
	}
	return !due.IsZero() && end.After(due)
}

// FirstDue is the deadline that counts before any extension, as Row.First tells it; zero for none.
func (m *Matter) FirstDue() time.Time {
	if m.OriginalDue.IsZero() && (m.State == Found || m.State == Confirmed) {
		return m.Due
	}
	return m.OriginalDue
}

// Defects says where one of the three lists has a hole (闭环缺项), in the order of the lists.
func (m *Matter) Defects() []fault.Text {
	var out []fault.Text
	add := func(broken bool, zh, en string) {
		if broken {
			out = append(out, fault.T(zh, en))
		}
	}
	checked := m.Kind == Finding || m.Kind == Hazard
	add(checked && m.Basis == "" && m.Item == "", "问题清单缺依据", "problem list: no basis")
	add(checked && m.Severity == Ungraded, "问题清单缺等级", "problem list: no severity")
	add(m.State.Live() && m.Unit == "", "责任清单缺责任单位", "responsibility list: no unit")
	add(m.Person == "" && (m.State.Named() || m.State == Confirmed), "责任清单缺责任人", "responsibility list: no person")
	working := m.State == Rectifying || m.State == Submitted || m.State == Controlled
	add(working && m.Measures == "", "整改清单缺措施", "rectification list: no measures")
	add(m.State.Live() && m.Due.IsZero(), "整改清单缺时限", "rectification list: no deadline")
	return out
}
