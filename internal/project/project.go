// Package project follows major water projects (重大项目) from reserve to acceptance: their phases and contracts, approvals, money,
// monthly plan and work, lists, and the plans that counties draw up.
//
// What judges is package lifecycle, whose rules are data; here are the tables, who may see and change which part, what is counted for
// indicators, and which lag becomes a matter. Money is in 万元, exact. Nothing is overwritten: steps are undone, money is voided,
// monthly figures are revised, each with who, when and why.
package project

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"anlan/internal/evidence"
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/project/lifecycle"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// Options of New.
type Options struct {
	Store    *store.DB
	Registry *registry.Service
	Evidence *evidence.Service
	// Rules are those in force; nil where none are.
	Rules func(context.Context) (*lifecycle.ProjectRules, error)
	// YearTarget is the year's target of investment below a division, for a reader; nil where none is kept.
	YearTarget func(ctx context.Context, p *identity.Principal, division string, year int) (*YearTarget, error)
	Log        *slog.Logger
	Now        func() time.Time
	Changed    func(Change)
}

// Change says that a project changed, and in which divisions.
type Change struct {
	ID   int64 // 0 for lists and plans
	Line string
	At   []int64
}

// Service is the room's door; its methods may be called from many goroutines.
type Service struct {
	db       *store.DB
	reg      *registry.Service
	evidence *evidence.Service
	rulesOf  func(context.Context) (*lifecycle.ProjectRules, error)
	log      *slog.Logger
	now      func() time.Time
	changed  func(Change)

	yearTarget func(context.Context, *identity.Principal, string, int) (*YearTarget, error)
}

// New makes the service.
func New(o Options) *Service {
	s := &Service{db: o.Store, reg: o.Registry, evidence: o.Evidence, rulesOf: o.Rules, log: o.Log, now: o.Now, changed: o.Changed, yearTarget: o.YearTarget}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.changed == nil {
		s.changed = func(Change) {}
	}
	return s
}

// Rules are the rules of projects in force.
func (s *Service) Rules(ctx context.Context) (*lifecycle.ProjectRules, error) {
	r, err := s.rulesOf(ctx)
	if err == nil && r == nil {
		err = fault.NotFoundf("project.rules", "尚未装载项目全过程规则", "no rules of projects are loaded")
	}
	return r, err
}

// PartKinds are the sorts of parts: whole is made with the project.
func PartKinds() []lifecycle.ProjectWord {
	w := func(id, zh, en string) lifecycle.ProjectWord {
		return lifecycle.ProjectWord{ID: id, Name: fault.T(zh, en)}
	}
	return []lifecycle.ProjectWord{
		w("whole", "整体", "whole"), w("phase", "期", "phase"), w("section", "段", "section"), w("lot", "标段", "lot"), w("works", "单项工程", "works"), w("contract", "合同", "contract"),
	}
}

// view is what one request works with: who asks, by which rules, over which tree, as of when.
type view struct {
	p     *identity.Principal
	rules *lifecycle.ProjectRules
	tree  *registry.Tree
	day   hydrotime.Date
	year  int
	at    int64     // only what lies in this division is counted; 0 is everything that the reader sees
	known time.Time // what was on record before it; the zero instant takes everything
}

func (s *Service) view(ctx context.Context, p *identity.Principal, day hydrotime.Date, year int) (*view, error) {
	rules, err := s.Rules(ctx)
	if err != nil {
		return nil, err
	}
	tree, err := s.reg.Tree(ctx)
	if err != nil {
		return nil, err
	}
	if day == (hydrotime.Date{}) {
		day = hydrotime.DateOf(s.now())
	}
	if year == 0 {
		year = day.Year
	}
	return &view{p: p, rules: rules, tree: tree, day: day, year: year}, nil
}

// viewOf is the view of a query.
func (s *Service) viewOf(ctx context.Context, p *identity.Principal, q Query) (*view, error) {
	v, err := s.view(ctx, p, q.AsOf, q.Year)
	if err == nil {
		v.at, v.known = q.Division, s.knownBy(q.AsOf, q.Known)
	}
	return v, err
}

func (v *view) sees(division int64) bool {
	return v.p == nil || v.p.Can(identity.ProjectRead, v.rules.Line, division)
}

func (v *view) writes(division int64) bool {
	return v.p != nil && v.p.Can(identity.ProjectWrite, v.rules.Line, division)
}

// city is the city that a division lies in, or the root above it.
func (v *view) city(division int64) registry.Division {
	d, _ := v.tree.ByID(division)
	for _, up := range append([]registry.Division{d}, v.tree.Ancestors(division)...) {
		d = up
		if up.Level == "city" {
			break
		}
	}
	return d
}

// keeps reports whether a person acts for the city over a division.
func (v *view) keeps(division int64) bool { return v.writes(v.city(division).ID) }

func errUnknown() error {
	return fault.NotFoundf("project.unknown", "没有这个项目，或不在您的权限范围内", "there is no such project, or it is outside your scope")
}

func errForbidden() *fault.Error {
	return fault.Forbiddenf("project.forbidden", "此处不由您填报", "it is not for you to change this")
}

func errStale(edit int64) error {
	return fault.New(fault.Conflict, "project.edit", fault.Tf("已被他人更新（第 %d 次修改），请刷新后再办", "somebody else has changed it (edit %d); look again", edit))
}

// note writes the audit entry of a change, lets the project be judged anew, and tells open screens once it is committed.
func (s *Service) note(ctx context.Context, tx *store.Tx, v *view, by identity.Actor, action string, project, division int64, detail any) error {
	tx.AfterCommit(func() { s.changed(Change{ID: project, Line: v.rules.Line, At: []int64{division}}) })
	if err := dropStandings(ctx, tx, store.Places(1, 1), project); err != nil {
		return err
	}
	return audit.Append(ctx, tx, audit.Entry{
		At: s.now(), Actor: by, Action: action, ObjectKind: "project", ObjectID: fmt.Sprint(project), DivisionID: &division, Detail: detail,
	})
}

// attach lets files that the sender has put in speak for something.
func (s *Service) attach(ctx context.Context, tx *store.Tx, by identity.Actor, what string, owner int64, files []string) error {
	for _, hash := range files {
		own, err := s.evidence.HasPut(ctx, tx, evidence.Hash(hash), by.ID)
		if err != nil {
			return err
		}
		if !own {
			return evidence.Unknown(evidence.Hash(hash))
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO project_file (what, owner_id, file_hash) VALUES ($1, $2, $3) ON CONFLICT (what, owner_id, file_hash) DO NOTHING`, what, owner, hash)
		if err != nil {
			return fmt.Errorf("attach file %s to %s %d: %w", hash, what, owner, err)
		}
	}
	return nil
}

// sent reports whether a table holds what a sender names by its own id already.
func sent(ctx context.Context, tx *store.Tx, table, client string) (bool, error) {
	var n int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM `+table+` WHERE client_id = $1`, client).Scan(&n)
	return n > 0, err
}

func number(d hydrotime.Date) int64 { return int64(d.Year*10000 + int(d.Month)*100 + d.Day) }

func dayOf(n int64) hydrotime.Date {
	return hydrotime.Date{Year: int(n / 10000), Month: time.Month(n / 100 % 100), Day: int(n % 100)}
}

func amountOf(n sql.NullInt64) quantity.Null {
	if !n.Valid {
		return quantity.Null{}
	}
	return quantity.Some(quantity.Decimal(n.Int64))
}

func amount(n quantity.Null) sql.NullInt64 {
	return sql.NullInt64{Int64: int64(n.Decimal), Valid: n.Valid}
}

func clean(s string) string { return strings.TrimSpace(s) }

// english is a name in English, the Chinese one where there is none.
func english(t fault.Text) string {
	if t.En == "" {
		return t.Zh
	}
	return t.En
}

// required marks a field that has to be filled.
func required() fault.Text { return fault.T("必填", "required") }

// wanYuanMost bounds an amount: ten trillion yuan is no water project.
const wanYuanMost = 1_000_000_000

// money refuses amounts that no project has.
func money(bad *fault.Error, at string, n quantity.Null, negative bool) {
	if n.Valid && (n.Decimal > quantity.Int(wanYuanMost) || n.Decimal < 0 && !negative || n.Decimal < -quantity.Int(wanYuanMost)) {
		bad.At(at, fault.T("金额不合理（单位：万元）", "no likely amount (CNY 10k)"))
	}
}

// wrong is the fault, or nil where no field is.
func wrong(bad *fault.Error) error {
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

func sorted(list []string) []string {
	out := slices.Clone(list)
	slices.Sort(out)
	return slices.Compact(out)
}
