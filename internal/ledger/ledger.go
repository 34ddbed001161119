// Package ledger works down what the city has on its lists one by one: stations to be cleared, dams to be appraised and reinforced,
// waterworks that must charge, rivers to be accepted.
//
// Each ledger's rules are data (package scheme); here are its entries, who takes which step, and what they come to on a day. An
// entry belongs to an object of the register. Steps are written once and undone with a reason, never changed, so that a past day
// counts as it did. What is past its day becomes a matter, by rule, and is over when the entry is done.
package ledger

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"time"

	"anlan/internal/evidence"
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/ledger/acceptance"
	"anlan/internal/ledger/scheme"
	"anlan/internal/registry"
	"anlan/internal/registry/objectrule"
	"anlan/internal/store"
)

// Book is where the rules of ledgers and the score trees are kept.
type Book interface {
	Ledgers() []*scheme.Scheme // in force, in order of id
	Tree(id string, version int) (*acceptance.Tree, error)
}

// Options of New.
type Options struct {
	Store    *store.DB
	Registry *registry.Service
	Evidence *evidence.Service
	Book     func(context.Context, store.Querier) (Book, error)
	// Visits lists the inspections done by a checklist, the earliest first; nil where none are kept.
	Visits  func(ctx context.Context, checklist string) ([]Visit, error)
	Log     *slog.Logger
	Now     func() time.Time
	Changed func(Change)
}

// Visit is one inspection of an object that is done.
type Visit struct {
	Inspection, Object int64
	At                 time.Time
}

// Change says that an entry changed, and where.
type Change struct {
	ID     int64
	Scheme string
	Line   string
	At     int64 // its division
}

// Service is the room's door; its methods may be called from many goroutines.
type Service struct {
	db       *store.DB
	reg      *registry.Service
	evidence *evidence.Service
	book     func(context.Context, store.Querier) (Book, error)
	visits   func(context.Context, string) ([]Visit, error)
	log      *slog.Logger
	now      func() time.Time
	changed  func(Change)
}

// New makes the service.
func New(o Options) *Service {
	s := &Service{db: o.Store, reg: o.Registry, evidence: o.Evidence, book: o.Book, visits: o.Visits, log: o.Log, now: o.Now, changed: o.Changed}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.changed == nil {
		s.changed = func(Change) {}
	}
	return s
}

// Entry is one object in a ledger as lists show it (台账条目).
type Entry struct {
	ID         int64
	Edit       int64
	Scheme     *scheme.Scheme
	Object     int64
	ObjectCode string
	ObjectKind objectrule.Kind
	ObjectName fault.Text
	Division   registry.Division
	County     string // code of the county it lies in, or of its own division above that
	Round      string
	Due        *hydrotime.Date
	DueFirst   *hydrotime.Date // before anybody gave more time
	Note       string
	Listed     time.Time
	Withdrawn  *time.Time
	Track      string
	By         string
	ChangedAt  time.Time
	Standing   scheme.Standing // on the day asked
	Overdue    bool
	// OverdueFirst is by the day before anybody gave more time.
	OverdueFirst bool
	ReviewDue    *hydrotime.Date // when its title must be looked at again
	ReviewSoon   bool            // within 90 days, or past
	ReviewLate   bool
	Steps        []Step // all, the undone too, in order of time

	pure        scheme.Entry
	terms       []scheme.Term
	withdrawnBy string
}

// Step is what was done to an entry (办理步骤).
type Step struct {
	ID        int64
	At        time.Time
	State     string
	Mark      string
	Holds     bool
	Document  string
	Note      string
	Judged    *Judged
	Files     []string
	By        string
	WrittenAt time.Time
	UndoneAt  *time.Time
	UndoneBy  string
	UndoneWhy string

	byID   string
	client string
	// before and after are the facts of the object that it changed.
	before, after map[string]string
}

// Judged is what was answered under a score tree and what it came to.
type Judged struct {
	Tree    string             `json:"tree"`
	Version int                `json:"version"`
	Answers acceptance.Answers `json:"answers"`
	Result  acceptance.Result  `json:"result"`
}

// Sees reports whether a person may know of an entry.
func (e *Entry) Sees(p *identity.Principal) bool {
	return p.Can(identity.ObjectRead, e.Scheme.Line, e.Division.ID)
}

// May reports whether a person may take an entry on a step of a level: the unit's own by who writes objects there, a county's or a
// city's by who reviews for it. What a province or a ministry decides is put in by the city.
func (e *Entry) May(p *identity.Principal, tree *registry.Tree, by string) bool {
	if by == "" || by == "unit" {
		return p.Can(identity.ObjectWrite, e.Scheme.Line, e.Division.ID)
	}
	if by != "county" {
		by = "city"
	}
	for _, d := range append([]registry.Division{e.Division}, tree.Ancestors(e.Division.ID)...) {
		if d.Level == by {
			return p.Can(identity.MatterReview, e.Scheme.Line, d.ID)
		}
	}
	return p.Can(identity.MatterReview, e.Scheme.Line, e.Division.ID) // works of the city itself have no county
}

// begun reports whether a step stands.
func (e *Entry) begun() bool { return e.last() != nil }

func errUnknown() error {
	return fault.NotFoundf("ledger.unknown", "没有这个台账条目，或不在您的权限范围内", "there is no such entry, or it is outside your scope")
}

// scheme finds the rules of a ledger.
func (s *Service) scheme(ctx context.Context, id string) (*scheme.Scheme, error) {
	book, err := s.book(ctx, s.db)
	if err != nil {
		return nil, err
	}
	for _, k := range book.Ledgers() {
		if k.ID == id {
			return k, nil
		}
	}
	return nil, fault.NotFoundf("ledger.scheme", "没有台账 %s", "there is no ledger %s", id)
}

// Schemes lists the rules of every ledger whose line a person may read.
func (s *Service) Schemes(ctx context.Context, p *identity.Principal) ([]*scheme.Scheme, error) {
	book, err := s.book(ctx, s.db)
	if err != nil {
		return nil, err
	}
	out := []*scheme.Scheme{}
	for _, k := range book.Ledgers() {
		for _, at := range p.Scopes(identity.ObjectRead) {
			if p.Can(identity.ObjectRead, k.Line, at) {
				out = append(out, k)
				break
			}
		}
	}
	return out, nil
}

func (s *Service) note(ctx context.Context, tx *store.Tx, by identity.Actor, action string, e *Entry, detail any) error {
	tx.AfterCommit(func() { s.changed(Change{ID: e.ID, Scheme: e.Scheme.ID, Line: e.Scheme.Line, At: e.Division.ID}) })
	return audit.Append(ctx, tx, audit.Entry{
		At: s.now(), Actor: by, Action: action, ObjectKind: "ledger_entry", ObjectID: fmt.Sprint(e.ID), DivisionID: &e.Division.ID, Detail: detail,
	})
}

// subject is what the rules ask of an object.
func subject(o *registry.WaterObject) scheme.Subject {
	out := scheme.Subject{Kind: string(o.Kind), Words: map[string]string{"disposition": o.Disposition, "charging": o.Charging, "scale": string(o.Scale)}}
	out.Numbers = numbersOf(o)
	if o.Clock != nil {
		out.Appraisal, out.Reinforce = o.Clock.AppraisalDueOn, o.Clock.ReinforceDueOn
		out.AppraiseNow = o.Clock.Appraisal == objectrule.Overdue || o.Clock.Appraisal == objectrule.DueSoon
	}
	return out
}

// english is a name in English, the Chinese one where there is none.
func english(t fault.Text) string { return cmp.Or(t.En, t.Zh) }
