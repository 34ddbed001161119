// Package bulletin keeps the documents that a bureau issues from frozen figures: notices, rankings, briefings (通报、简报).
//
// A bulletin is composed from a template over a snapshot (packages template, snapshot, compose), changed by a person, approved by another,
// issued with a number and read by those it is addressed to. Its snapshot never changes: what is corrected later is listed
// against it. Where figures come from is told by app; the room knows no programme and no project.
package bulletin

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"anlan/internal/bulletin/compose"
	"anlan/internal/bulletin/snapshot"
	"anlan/internal/bulletin/template"
	"anlan/internal/fault"
	"anlan/internal/gb9704"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// Ask is which figures are wanted, of whom, for when, and as known when.
type Ask struct {
	Scope registry.Division
	Month hydrotime.Month
	Day   *hydrotime.Date // of a daily bulletin
	AsOf  time.Time       // now where zero
	// Until bounds what happened, not what is known of it: an event of later is not told. AsOf, or now, where zero.
	Until    time.Time
	Peers    string
	Measures []string // targets' ids or indicators' codes
	Lists    []string
}

// Figures freezes figures within what a person may see. The snapshot it returns has divisions, measures, cells and lists; the rest is this
// room's. A list that nobody keeps is there and says why it is absent.
type Figures func(ctx context.Context, p *identity.Principal, a Ask) (*snapshot.Snapshot, error)

// Options of New.
type Options struct {
	Store    *store.DB
	Registry *registry.Service
	Figures  Figures
	// Measures says which measures there are, and Lists which lists.
	Measures func(ctx context.Context) (func(key string) bool, error)
	Lists    func(id string) bool
	// Office names the office of a division.
	Office func(ctx context.Context, division int64) (fault.Text, error)
	Draw   compose.Picture                       // nil: charts are told in words
	PDF    func(gb9704.Document) ([]byte, error) // nil: no PDF is made
	Log    *slog.Logger
	Now    func() time.Time
	// Changed is called after a commit; it must not block.
	Changed func(Change)
}

// Change says that a bulletin changed, and whose office keeps it.
type Change struct {
	ID     int64
	Line   string
	Keeper int64
	Issued bool
}

// Service is the room's door; its methods may be called from many goroutines.
type Service struct {
	Options

	mu    sync.Mutex // guards what follows
	book  []*template.Template
	stamp string // of the versions that book was read from
}

// New makes the service.
func New(o Options) *Service {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Changed == nil {
		o.Changed = func(Change) {}
	}
	return &Service{Options: o}
}

// State is where a bulletin stands (通报状态).
type State string

// The states.
const (
	Draft     State = "draft"     // 草稿
	Submitted State = "submitted" // 送审
	Approved  State = "approved"  // 已审定
	Issued    State = "issued"    // 已印发
	Withdrawn State = "withdrawn" // 撤回：never issued
)

// Move is a step from one state to the next.
type Move string

// The moves.
const (
	Make     Move = "make"
	EditText Move = "edit"
	Freeze   Move = "freeze"
	Submit   Move = "submit"
	SendBack Move = "send_back"
	Approve  Move = "approve"
	Issue    Move = "issue"
	Withdraw Move = "withdraw"
)

// Bulletin is one bulletin (通报).
type Bulletin struct {
	ID              int64
	Edit            int64
	Kind            string
	TemplateVersion int
	Line            string
	Title           string
	Scope           registry.Division
	Keeper          registry.Division // whose office makes it
	Office          fault.Text
	Period          string
	State           State
	Corrects        int64
	SnapshotHash    string
	Number          string // 绍水通〔2026〕5号; empty before issue
	IssuedOn        *hydrotime.Date
	Drafter         string
	DraftedAt       time.Time
	SubmittedAt     *time.Time
	Approver        string
	ApprovedAt      *time.Time
	Issuer          string
	IssuedAt        *time.Time
	ChangedAt       time.Time
	Recipients      []Recipient
	Read            int // recipients that have read it

	drafterID string
	editors   []string // accounts that changed the draft; read with one bulletin, not with a list
}

// Recipient is a division or an organisation that a bulletin is addressed to.
type Recipient struct {
	Division     registry.Division
	Organisation string // id; empty for the division as such
	Name         fault.Text
	ReadAt       *time.Time
	ReadBy       string
}

// Event is one step in the history of a bulletin.
type Event struct {
	At     time.Time
	By     string
	Move   Move
	From   State
	To     State
	Reason string
}

// Detail is a bulletin with its text, figures and history.
type Detail struct {
	*Bulletin
	Body     *compose.Body
	Snapshot *snapshot.Index
	Flags    []compose.Flag
	Events   []Event
	Moves    []Move // that the person who asks may take
	// CorrectedBy are the later bulletins that put this one right, those that the person may see.
	CorrectedBy []*Bulletin
}

// errUnknown is what hides as well as what is not there.
func errUnknown() error {
	return fault.NotFoundf("bulletin.unknown", "没有这份通报，或不在您的权限范围内", "there is no such bulletin, or it is outside your scope")
}

// stale refuses a change that rests on an earlier one.
func stale(b *Bulletin) error {
	return fault.Conflictf("bulletin.stale", "通报已被他人修改，请刷新后再改", "somebody else has changed the bulletin; look at it again").With(map[string]any{"id": b.ID, "edit": b.Edit, "state": b.State})
}

// makes reports whether a person has a hand in a bulletin before it is issued.
func (b *Bulletin) makes(p *identity.Principal) bool {
	return p.Can(identity.BulletinWrite, b.Line, b.Keeper.ID) || p.Can(identity.BulletinIssue, b.Line, b.Keeper.ID)
}

// Sees reports whether a person may know of a bulletin: who makes it always; everybody else once it is issued, where it comes from their
// own scope, is about it, or is addressed to it.
func (b *Bulletin) Sees(p *identity.Principal) bool {
	if b.makes(p) {
		return true
	}
	if b.State != Issued {
		return false
	}
	if p.Can(identity.BulletinRead, b.Line, b.Keeper.ID) || p.Can(identity.BulletinRead, b.Line, b.Scope.ID) {
		return true
	}
	for _, r := range b.Recipients {
		if p.Can(identity.BulletinRead, b.Line, r.Division.ID) {
			return true
		}
	}
	return false
}

func (s *Service) note(ctx context.Context, tx *store.Tx, by identity.Actor, b *Bulletin, move Move, from State, reason string, detail map[string]any) error {
	now := s.Now()
	_, err := tx.ExecContext(ctx, `
		INSERT INTO bulletin_event (bulletin_id, seq, at, actor_id, actor_name, move, from_state, to_state, reason)
		SELECT CAST($1 AS BIGINT), 1 + COALESCE(MAX(seq), 0), CAST($2 AS BIGINT), $3, $4, $5, $6, $7, $8 FROM bulletin_event WHERE bulletin_id = CAST($1 AS BIGINT)`,
		b.ID, now.UnixMilli(), by.ID, by.Name, string(move), string(from), string(b.State), reason)
	if err != nil {
		return fmt.Errorf("write the history of bulletin %d: %w", b.ID, err)
	}
	return s.audit(ctx, tx, by, b, "bulletin."+string(move), reason, detail)
}

func (s *Service) audit(ctx context.Context, tx *store.Tx, by identity.Actor, b *Bulletin, action, reason string, detail map[string]any) error {
	told := map[string]any{"title": b.Title, "period": b.Period, "state": b.State}
	if reason != "" {
		told["reason"] = reason
	}
	for k, v := range detail {
		told[k] = v
	}
	tx.AfterCommit(func() { s.Changed(Change{ID: b.ID, Line: b.Line, Keeper: b.Keeper.ID, Issued: b.State == Issued}) })
	return audit.Append(ctx, tx, audit.Entry{
		At: s.Now(), Actor: by, Action: action, ObjectKind: "bulletin", ObjectID: fmt.Sprint(b.ID), DivisionID: &b.Keeper.ID, Detail: told,
	})
}
