// Package oversight plans inspections, draws who goes where, holds what was found against checklists, and compares counties.
//
// What is found becomes a matter, whose loop is that room's business. An unannounced plan (四不两直) is known only to who may read
// inspections at the division that keeps it, until it is done. Checklists, score trees, ladders and comparisons are data, kept by
// version; what judges by them is pure, in the rooms below this one.
package oversight

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/matter"
	"anlan/internal/oversight/checklist"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// Mode is how an inspection comes to the inspected (检查方式).
type Mode string

// The modes.
const (
	Unannounced Mode = "unannounced" // 四不两直
	Announced   Mode = "open"        // 明查
	SelfCheck   Mode = "self"        // 自查
	Provincial  Mode = "provincial"  // 省级检查
	Ministerial Mode = "ministerial" // 部级检查
)

// Modes lists the modes.
func Modes() []Mode { return []Mode{Unannounced, Announced, SelfCheck, Provincial, Ministerial} }

// PlanState is where a plan stands.
type PlanState string

// The states of a plan.
const (
	Draft     PlanState = "draft"
	Drawn     PlanState = "drawn"
	Done      PlanState = "done"
	Cancelled PlanState = "cancelled"
)

// Plan is what is to be inspected, how, and by whom (检查计划).
type Plan struct {
	ID         int64
	Edit       int64
	Title      string
	Line       string
	Mode       Mode
	Origin     matter.Origin
	Checklist  string
	Version    int
	ObjectKind string
	Keeper     int64
	Scope      int64
	From, To   hydrotime.Date
	Teams      []string
	State      PlanState
	Drawing    *Drawing
	DrawnAt    *time.Time
	By         string
	At         time.Time
	DoneAt     *time.Time

	Objects int // inspections of the plan
	Looked  int // of those, done
	Found   int // matters that came of it
}

// veiled reports whether the plan is still hidden from the inspected.
func (p *Plan) veiled() bool { return p.Mode == Unannounced && p.State != Done }

// ended reports whether nothing is inspected under the plan any more.
func (p *Plan) ended() bool { return p.State == Done || p.State == Cancelled }

// Change says that a plan or an inspection changed, and who may hear of it.
type Change struct {
	ID   int64
	Line string
	At   int64 // the division in which inspections must be readable
}

// Options of New.
type Options struct {
	Store    *store.DB
	Registry *registry.Service
	Matter   *matter.Service
	Log      *slog.Logger
	Now      func() time.Time
	// Seed makes the seed of a drawing; nobody who draws may choose it.
	Seed    func() string
	Changed func(Change)
	// Behind tells what the figures say of the causes of matters that rules opened; nothing is known of any where absent.
	Behind func(ctx context.Context, causes []string) (map[string]Behind, error)
}

// Behind is what the figures say of the cause of a matter. What is zero or absent is not known.
type Behind struct {
	Points    quantity.Null // percentage points behind the calendar, above 0
	Rank      int           // 1 is best
	Peers     int           // how many are ranked with it
	Reminders int           // how often a return was called for (催报)
}

// Service is the room's door; its methods may be called from many goroutines.
type Service struct {
	db      *store.DB
	reg     *registry.Service
	matter  *matter.Service
	log     *slog.Logger
	now     func() time.Time
	seed    func() string
	changed func(Change)
	behind  func(ctx context.Context, causes []string) (map[string]Behind, error)

	calling   sync.Mutex // held while it is asked what the ladder calls for
	mu        sync.Mutex // guards all below
	book      *Rulebook
	bookAsked time.Time
	order     []at // of all matters, for the tree of orderOf
	orderOf   *registry.Tree
	called    called
}

// New makes the service.
func New(o Options) *Service {
	s := &Service{db: o.Store, reg: o.Registry, matter: o.Matter, log: o.Log, now: o.Now, seed: o.Seed, changed: o.Changed, behind: o.Behind}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.changed == nil {
		s.changed = func(Change) {}
	}
	if s.behind == nil {
		s.behind = func(context.Context, []string) (map[string]Behind, error) { return nil, nil }
	}
	s.reg.WhenMoved(s.leaveTeams)
	return s
}

// Inspection is one object looked at once (一次检查).
type Inspection struct {
	ID         int64
	Edit       int64
	Plan       int64 // 0 for one of its own
	Team       string
	Object     int64
	Division   int64
	Keeper     int64
	Line       string
	Origin     matter.Origin
	Mode       Mode
	Veiled     bool
	Checklist  string
	Version    int
	State      string // planned, under_way, done
	Inspectors []string
	Answers    map[string]checklist.Answer
	Score      quantity.Null
	Note       string
	StartedAt  *time.Time
	DoneAt     *time.Time

	clocks []string // what senders' clocks said that cannot be, for the audit log
}

// Sees reports whether a person may know of an inspection.
func (i *Inspection) Sees(p *identity.Principal) bool {
	if i.Veiled {
		return p.Can(identity.InspectionRead, i.Line, i.Keeper)
	}
	return p.Can(identity.InspectionRead, i.Line, i.Division) || p.Can(identity.InspectionRead, i.Line, i.Keeper)
}

// sees reports whether a person may know of a plan: one that is open is known to whoever may read inspections somewhere in it.
func (p *Plan) sees(who *identity.Principal, tree *registry.Tree) bool {
	if who.Can(identity.InspectionRead, p.Line, p.Keeper) {
		return true
	}
	if p.veiled() {
		return false
	}
	for _, at := range who.Scopes(identity.InspectionRead) {
		if tree.Within(p.Scope, at) || tree.Within(at, p.Scope) {
			return true
		}
	}
	return false
}

func errUnknown() error {
	return fault.NotFoundf("inspection.unknown", "没有这项检查，或不在您的权限范围内", "there is no such inspection, or it is outside your scope")
}

// note writes an audit entry with the keeper, so that no auditor of the inspected side meets a plan before its time.
func (s *Service) note(ctx context.Context, tx *store.Tx, by identity.Actor, action, kind, id string, keeper int64, detail any) error {
	return audit.Append(ctx, tx, audit.Entry{At: s.now(), Actor: by, Action: action, ObjectKind: kind, ObjectID: id, DivisionID: &keeper, Detail: detail})
}
