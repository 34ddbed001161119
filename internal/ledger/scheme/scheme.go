// Package scheme says how a ledger is worked down: which objects stand in it, by which steps each is done, by when, and what its
// entries come to on a day.
//
// Schemes are data, read from YAML; an entry is the steps that were taken, each at its instant, so that any past day can be counted
// again. Each count is as of an instant, the first that is not counted. Who may take which step is left to the room above.
package scheme

import (
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/ledger/acceptance"
	"anlan/internal/quantity"
)

// Scheme is one ledger's rules (台账规则).
type Scheme struct {
	ID      string     `yaml:"id" json:"id"`
	Version int        `yaml:"version" json:"version"`
	Title   fault.Text `yaml:"title" json:"title"`
	Line    string     `yaml:"line" json:"line"`
	Basis   fault.Text `yaml:"basis" json:"basis"`
	Objects []string   `yaml:"objects" json:"objects"`           // kinds of the registry
	Enrol   Enrol      `yaml:"enrol,omitempty" json:"enrol"`     // how an object comes in
	Repeats Repeats    `yaml:"repeats,omitempty" json:"repeats"` // whether it comes in again
	Follows string     `yaml:"follows,omitempty" json:"follows"` // a checklist: an inspection by it takes the first step
	Due     Due        `yaml:"due,omitempty" json:"due"`         // by when an entry is to be done
	Tracks  []Track    `yaml:"tracks,omitempty" json:"tracks"`   // one that has no name where there are none
	States  []State    `yaml:"states" json:"states"`             // the first is where an entry begins
	Marks   []Mark     `yaml:"marks,omitempty" json:"marks"`     // what holds or not beside the state
	Plan    *Plan      `yaml:"plan,omitempty" json:"plan"`       // the line along which what remains should fall in a year
	Tree    string     `yaml:"score_tree,omitempty" json:"tree"` // what a step that needs a score is judged by
	Sample  bool       `yaml:"sample,omitempty" json:"sample"`   // a figure in it is usage that nobody has confirmed
	// ReviewYears is after how many years a title is looked at again, as the score tree has it; 0 for never.
	ReviewYears int `yaml:"-" json:"review_years"`
}

// Enrol is how objects come into a ledger (收录方式).
type Enrol string

// The ways; "" is by hand.
const (
	EnrolAll       Enrol = "all"           // every object of the kinds that stands and has a track
	EnrolAppraisal Enrol = "appraisal"     // a dam whose appraisal is due soon or overdue
	EnrolReinforce Enrol = "reinforcement" // a dam whose last appraisal asks for reinforcement
)

// Repeats is whether an object that was done comes in again.
type Repeats string

// The ways; "" is once.
const (
	EachYear Repeats = "year" // each calendar year
	EachDue  Repeats = "due"  // for each day on which it is due
)

// Due is by when an entry is to be done; the zero value is by no day.
type Due struct {
	Day   string `yaml:"day,omitempty" json:"day,omitempty"`     // "09-30": of the year of listing, of the next where that is past
	Clock Enrol  `yaml:"clock,omitempty" json:"clock,omitempty"` // as the dam's clock says
}

// Track is a class of entries that go different ways (分类).
type Track struct {
	ID    string     `yaml:"id" json:"id"`
	Name  fault.Text `yaml:"name" json:"name"`
	Aside bool       `yaml:"aside,omitempty" json:"aside"` // nothing is to be done of it
	When  *When      `yaml:"when,omitempty" json:"when"`   // which objects take it by themselves; the first that holds, and one without a condition takes the rest
}

// When is a condition on a fact of the register. A fact that is not known meets none.
type When struct {
	Fact    string            `yaml:"fact" json:"fact"` // a key of Subject
	Is      string            `yaml:"is,omitempty" json:"is,omitempty"`
	AtLeast *quantity.Decimal `yaml:"at_least,omitempty" json:"at_least,omitempty"`
	Below   *quantity.Decimal `yaml:"below,omitempty" json:"below,omitempty"`
}

// State is how far an entry has come.
type State struct {
	ID      string            `yaml:"id" json:"id"`
	Name    fault.Text        `yaml:"name" json:"name"`
	By      string            `yaml:"by,omitempty" json:"by"`             // the level that takes an entry into it; unit where empty
	Next    []string          `yaml:"next,omitempty" json:"next"`         // where it may go on to, back included
	Tracks  []string          `yaml:"tracks,omitempty" json:"tracks"`     // open to these only
	Needs   []string          `yaml:"needs,omitempty" json:"needs"`       // document, evidence, note, score, marks
	Done    bool              `yaml:"done,omitempty" json:"done"`         // nothing is left to do
	DoneFor []string          `yaml:"done_for,omitempty" json:"done_for"` // of these tracks only
	Aside   bool              `yaml:"aside,omitempty" json:"aside"`       // what stands here is not to be done: exempt, given up
	Title   bool              `yaml:"title,omitempty" json:"title"`       // the object carries a title here
	When    *When             `yaml:"when,omitempty" json:"when"`         // an object of which it holds is here already when it comes in
	Sets    map[string]string `yaml:"sets,omitempty" json:"sets"`         // facts of the object that follow: "date" is the step's day
}

// Mark is something that holds of an entry or not, beside its state (分项).
type Mark struct {
	ID   string     `yaml:"id" json:"id"`
	Name fault.Text `yaml:"name" json:"name"`
	By   string     `yaml:"by,omitempty" json:"by"`
}

// Plan is the line along which what remains should fall: from what remained at the end of From to none at the end of Due.
type Plan struct {
	From string `yaml:"from" json:"from"` // "01-01"
	Due  string `yaml:"due" json:"due"`   // "09-30"
	// Shares say how much of the start may remain at the end of a day, in percent, where the fall is not even; in order of days.
	Shares []Milestone `yaml:"shares,omitempty" json:"shares"`
}

// Milestone is one point of a plan.
type Milestone struct {
	Day       string           `yaml:"day" json:"day"`
	Remaining quantity.Decimal `yaml:"remaining" json:"remaining"` // percent
}

// Subject is what the register knows of an object: what is not there is not known.
type Subject struct {
	Kind        string
	Words       map[string]string           // disposition, charging, scale
	Numbers     map[string]quantity.Decimal // population, installed_kw, supply_m3_day, storage_wan_m3, length_m
	Appraisal   *hydrotime.Date             // by when the dam is to be appraised
	AppraiseNow bool                        // and whether that is soon or past
	Reinforce   *hydrotime.Date             // by when it is to be reinforced
}

// Begins is the state in which an entry is listed.
func (s *Scheme) Begins() State { return s.States[0] }

// State finds a state.
func (s *Scheme) State(id string) (State, bool) {
	i := slices.IndexFunc(s.States, func(st State) bool { return st.ID == id })
	if i < 0 {
		return State{}, false
	}
	return s.States[i], true
}

// Track finds a track; that of a scheme without tracks is "".
func (s *Scheme) Track(id string) (Track, bool) {
	i := slices.IndexFunc(s.Tracks, func(t Track) bool { return t.ID == id })
	if i < 0 {
		return Track{}, id == "" && len(s.Tracks) == 0
	}
	return s.Tracks[i], true
}

// Mark finds a mark.
func (s *Scheme) Mark(id string) (Mark, bool) {
	i := slices.IndexFunc(s.Marks, func(m Mark) bool { return m.ID == id })
	if i < 0 {
		return Mark{}, false
	}
	return s.Marks[i], true
}

// Ends reports whether a state is the end for a track.
func (st State) Ends(track string) bool { return st.Done || slices.Contains(st.DoneFor, track) }

// Open reports whether a track may enter a state.
func (st State) Open(track string) bool {
	return len(st.Tracks) == 0 || slices.Contains(st.Tracks, track)
}

// Next lists the states to which an entry may go from one.
func (s *Scheme) Next(track, from string) []State {
	var out []State
	if t, _ := s.Track(track); t.Aside {
		return out
	}
	at, _ := s.State(from)
	for _, id := range at.Next {
		if st, ok := s.State(id); ok && st.Open(track) {
			out = append(out, st)
		}
	}
	return out
}

// TrackOf is the track that an object takes by itself; ok is false where it meets none.
func (s *Scheme) TrackOf(o Subject) (track string, ok bool) {
	if len(s.Tracks) == 0 {
		return "", true
	}
	for _, t := range s.Tracks {
		if t.When == nil || t.When.holds(o) {
			return t.ID, true
		}
	}
	return "", false
}

func (w *When) holds(o Subject) bool {
	if w.Is != "" {
		return o.Words[w.Fact] == w.Is
	}
	n, known := o.Numbers[w.Fact]
	return known && (w.AtLeast == nil || n >= *w.AtLeast) && (w.Below == nil || n < *w.Below)
}

// Listing is an entry that an object ought to have.
type Listing struct {
	Track string
	Round string // tells entries of one object apart: the year, the day it is due, "" where it comes in once
	Due   *hydrotime.Date
	State string // where it is already; the first where empty
}

// Wants says which entry an object ought to have on a day by itself; ok is false where none.
func (s *Scheme) Wants(o Subject, day hydrotime.Date) (l Listing, ok bool) {
	if !slices.Contains(s.Objects, o.Kind) {
		return l, false
	}
	switch s.Enrol {
	case EnrolAll:
	case EnrolAppraisal:
		ok = o.Appraisal != nil && o.AppraiseNow
		if !ok {
			return l, false
		}
	case EnrolReinforce:
		if o.Reinforce == nil {
			return l, false
		}
	default:
		return l, false
	}
	track, ok := s.TrackOf(o)
	if !ok {
		return l, false
	}
	return s.Listing(o, track, day), true
}

// Listing is the entry of an object that is listed on a day in a track.
func (s *Scheme) Listing(o Subject, track string, day hydrotime.Date) Listing {
	l := Listing{Track: track, Due: s.due(o, day)}
	for _, st := range s.Next(track, s.Begins().ID) {
		if st.When != nil && st.When.holds(o) {
			l.State = st.ID
			break
		}
	}
	switch {
	case s.Repeats == EachYear:
		l.Round = roundOf(day)
	case s.Repeats == EachDue && l.Due != nil:
		l.Round = l.Due.String()
	}
	return l
}

func (s *Scheme) due(o Subject, day hydrotime.Date) *hydrotime.Date {
	switch {
	case s.Due.Clock == EnrolAppraisal:
		return o.Appraisal
	case s.Due.Clock == EnrolReinforce:
		return o.Reinforce
	case s.Due.Day != "":
		d := dayOf(s.Due.Day, day.Year)
		if d.DaysUntil(day) > 0 && s.Repeats != EachYear {
			d = dayOf(s.Due.Day, day.Year+1)
		}
		return &d
	}
	return nil
}

// dayOf is a day of the form "09-30" in a year; Parse has seen that it is one.
func dayOf(s string, year int) hydrotime.Date {
	return hydrotime.Date{Year: year, Month: time.Month(s[0]-'0')*10 + time.Month(s[1]-'0'), Day: int(s[3]-'0')*10 + int(s[4]-'0')}
}

// FromTree makes the ledger of a score tree: its stages are the states, and holding the title is the end.
func FromTree(t *acceptance.Tree) *Scheme {
	s := &Scheme{ID: t.ID, Version: t.Version, Title: t.Title, Line: t.Line, Basis: t.Basis, Sample: t.Sample, Objects: t.Objects, Tree: t.ID, ReviewYears: t.ReviewYears}
	for _, g := range t.Stages {
		st := State{ID: g.ID, Name: g.Name, By: g.By, Next: g.Next, Done: g.Held, Title: g.Held}
		if g.Pass {
			st.Needs = []string{"score"}
		}
		s.States = append(s.States, st)
	}
	return s
}
