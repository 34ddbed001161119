package scheme

import (
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/ledger/acceptance"
)

// Entry is one object in a ledger (台账条目).
type Entry struct {
	ID        int64
	County    string
	Track     string
	Round     string // of an entry that comes in again: the year, or the day it was due
	Due       *hydrotime.Date
	DueFirst  *hydrotime.Date // before anybody gave more time
	Listed    time.Time
	Withdrawn *time.Time // from here on it is not in the ledger
	Terms     []Term     // what held of it since when, in order of time; where there are none, the fields above since it was listed
	Steps     []Step     // in order of time, those taken back too
}

// Term is what was said of an entry beside its steps, from an instant on (条目条件). What is said later does not change what held before.
type Term struct {
	At        time.Time
	Track     string
	Due       *hydrotime.Date
	Withdrawn bool
}

// Same reports whether two terms say the same, whenever they were said.
func (t Term) Same(o Term) bool {
	return t.Track == o.Track && t.Withdrawn == o.Withdrawn && (t.Due == nil) == (o.Due == nil) && (t.Due == nil || *t.Due == *o.Due)
}

// Term is what held of an entry at an instant.
func (e *Entry) Term(at time.Time) Term {
	if len(e.Terms) == 0 {
		return Term{At: e.Listed, Track: e.Track, Due: e.Due, Withdrawn: e.Withdrawn != nil && e.Withdrawn.Before(at)}
	}
	now := e.Terms[0]
	for _, t := range e.Terms[1:] {
		if t.At.Before(at) {
			now = t
		}
	}
	return now
}

// Step is a state reached, or a mark that holds or holds no longer.
type Step struct {
	At    time.Time
	Told  time.Time // when it was written down; the zero time where that is not known
	State string
	Mark  string
	Holds bool // of the mark
	// Undone is when it was taken back; until then it stood, and past days keep it.
	Undone *time.Time
}

// tellWithin is how late a step may be written down and still count from its own day: a county closes a month's books in the first
// ten days of the next (default; the document names no figure).
const tellWithin = 10 * 24 * time.Hour

// counts is from when on a step counts: its own time, or when it was told of where that was too late. Figures of a day therefore stand
// still once the days for telling are over.
func (s Step) counts() time.Time {
	if s.Told.Sub(s.At) > tellWithin {
		return s.Told
	}
	return s.At
}

// stands reports whether a step counts at an instant.
func (s Step) stands(at time.Time) bool {
	return s.counts().Before(at) && (s.Undone == nil || !s.Undone.Before(at))
}

// In reports whether an entry stands in the ledger at an instant.
func (e *Entry) In(at time.Time) bool { return e.Listed.Before(at) && !e.Term(at).Withdrawn }

// Standing is how an entry stands at an instant.
type Standing struct {
	State State
	Done  bool
	Aside bool
	Since time.Time // when it came into its state
	// DoneSince is when it last became done, the zero time where it is not.
	DoneSince time.Time
	// Conferred is when it last took the title that it carries: by a passing score, or by coming into its first state with a title.
	// Looking at it again does not begin the years anew, a new passing score does. The zero time where it carries none.
	Conferred time.Time
	Marks     map[string]bool
}

// reviewAhead is how many days before its day a review is due soon.
const reviewAhead = 90

// ReviewDue is the day by which the title of an entry must be looked at again; ok is false where it carries none, or for good.
func (s *Scheme) ReviewDue(now Standing) (due hydrotime.Date, ok bool) {
	if now.Conferred.IsZero() {
		return hydrotime.Date{}, false
	}
	return acceptance.ReviewAfter(hydrotime.DateOf(now.Conferred), s.ReviewYears)
}

// ReviewStands tells of a title on a day whether its review is due soon or past, and whether it is past.
func (s *Scheme) ReviewStands(now Standing, day hydrotime.Date) (soon, late bool) {
	due, ok := s.ReviewDue(now)
	if !ok {
		return false, false
	}
	left := day.DaysUntil(due)
	return left <= reviewAhead, left < 0
}

// Stand is how an entry stands at an instant; it is to be In the ledger there.
func (s *Scheme) Stand(e *Entry, at time.Time) Standing {
	track, _ := s.Track(e.Term(at).Track)
	out := Standing{State: s.Begins(), Since: e.Listed, Marks: map[string]bool{}}
	enter := func(st State, when time.Time) {
		out.State, out.Since = st, when
		switch {
		case !st.Title:
			out.Conferred = time.Time{}
		case out.Conferred.IsZero() || slices.Contains(st.Needs, "score"):
			out.Conferred = when
		}
		done := st.Ends(track.ID)
		switch {
		case !done:
			out.DoneSince = time.Time{}
		case !out.Done:
			out.DoneSince = when
		}
		out.Done, out.Aside = done, track.Aside || st.Aside
	}
	enter(s.Begins(), e.Listed)
	for _, step := range e.Steps {
		if !step.stands(at) {
			continue
		}
		if step.Mark != "" {
			out.Marks[step.Mark] = step.Holds
		} else if st, ok := s.State(step.State); ok {
			enter(st, step.At)
		}
	}
	return out
}

// Allows refuses a step that the rules do not have from where the entry stands, or one dated before the last. What was done under
// earlier rules is not asked again.
func (s *Scheme) Allows(e *Entry, step Step) error {
	if _, ok := s.Track(e.Track); !ok {
		return fault.Invalidf("ledger.track", "没有分类 %q", "there is no track %q", e.Track).At("track", fault.T("没有这个分类", "no such track"))
	}
	var last time.Time
	for _, old := range e.Steps {
		if old.Undone == nil && old.At.After(last) {
			last = old.At
		}
	}
	if step.At.Before(last) {
		return fault.Invalidf("ledger.order", "该步骤的日期早于上一步（%s）", "the step is dated before the one before it (%s)", hydrotime.DateOf(last)).
			At("on", fault.T("早于上一步", "before the last step"))
	}
	if step.Mark != "" {
		if _, ok := s.Mark(step.Mark); !ok {
			return fault.Invalidf("ledger.mark", "没有分项 %q", "there is no mark %q", step.Mark).At("mark", fault.T("没有这个分项", "no such mark"))
		}
		return nil
	}
	now := s.Stand(e, distant).State.ID
	if !slices.ContainsFunc(s.Next(e.Track, now), func(st State) bool { return st.ID == step.State }) {
		return s.noWay(now, step.State)
	}
	return nil
}

// distant is after every step.
var distant = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

func (s *Scheme) noWay(from, to string) error {
	a, _ := s.State(from)
	b, ok := s.State(to)
	if !ok {
		return fault.Invalidf("ledger.state", "没有步骤 %q", "there is no step %q", to).At("state", fault.T("没有这个步骤", "no such step"))
	}
	return fault.New(fault.Conflict, "ledger.step", fault.T("不能由“"+a.Name.Zh+"”转入“"+b.Name.Zh+"”", "it cannot go from "+a.Name.En+" to "+b.Name.En))
}
