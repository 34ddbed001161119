package programme

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// Change tells what a committed transaction changed, so that open screens ask again.
type Change struct {
	Kind     string // "return", "target", "pack"
	Line     string
	Division int64
	Code     string
	Period   hydrotime.Month
}

// Options of New.
type Options struct {
	Store    *store.DB
	Registry *registry.Service
	Log      *slog.Logger
	Now      func() time.Time
	// Changed is called after a commit; it must not block.
	Changed func(Change)
	// Count counts what ledgers and registers hold; nil where there are none.
	Count Counter
}

// Service does what the programmes need; its methods may be called from many goroutines.
type Service struct {
	db      *store.DB
	reg     *registry.Service
	log     *slog.Logger
	now     func() time.Time
	changed func(Change)
	counter Counter
	shelf   shelf

	mu    sync.Mutex // guards what follows
	cat   *catalogue // in force now
	past  *catalogue // the one that a past instant was last seen by
	asked time.Time  // when the packs in the store were last compared with cat
}

// New makes the service.
func New(o Options) *Service {
	s := &Service{db: o.Store, reg: o.Registry, log: o.Log, now: o.Now, changed: o.Changed, counter: o.Count}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.changed == nil {
		s.changed = func(Change) {}
	}
	return s
}

// context gives what nearly every call needs: the definitions and the division tree as they stand.
func (s *Service) context(ctx context.Context) (*catalogue, *registry.Tree, error) {
	return s.contextAt(ctx, time.Time{})
}

// contextAt is context with the definitions of a past instant, or of now where it is zero.
func (s *Service) contextAt(ctx context.Context, asOf time.Time) (*catalogue, *registry.Tree, error) {
	cat, err := s.catalogueAt(ctx, asOf)
	if err != nil {
		return nil, nil, err
	}
	tree, err := s.reg.Tree(ctx)
	return cat, tree, err
}

// division finds a division by code within a person's scope; one outside it looks like one that does not exist.
func division(tree *registry.Tree, p *identity.Principal, permission identity.Permission, line, code string) (registry.Division, error) {
	d, ok := tree.ByCode(code)
	if !ok || !p.Can(permission, line, d.ID) {
		return registry.Division{}, fault.NotFoundf("division.unknown", "没有代码为 %s 的区划，或不在您的权限范围内", "there is no division %s, or it is outside your scope", code)
	}
	return d, nil
}

// anyLine asks for a permission in some line of work.
const anyLine = ""

// RefOf is a division as views name it.
func RefOf(tree *registry.Tree, d registry.Division) DivisionRef {
	r := DivisionRef{Code: d.Code, Name: fault.T(d.NameZh, d.NameEn), Short: d.ShortZh, Level: d.Level, Functional: d.Kind == registry.Functional}
	if d.InsideID != nil {
		if in, ok := tree.ByID(*d.InsideID); ok {
			r.Inside = in.Code
		}
	}
	return r
}
