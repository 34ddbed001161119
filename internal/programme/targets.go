package programme

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// plan is a target's amount for one year and division.
type plan struct {
	amount   quantity.Null
	curve    []quantity.Decimal
	document string
	note     string
	revision int64
	setAt    time.Time
	setBy    string
}

type planKey struct {
	target   string
	year     int
	division int64
}

// loadPlans reads amounts in bulk, as of an instant, or as of now where it is zero.
func loadPlans(ctx context.Context, q store.Querier, targets []string, years []int, divisions []int64, asOf time.Time) (map[planKey]plan, error) {
	out := map[planKey]plan{}
	if len(targets) == 0 || len(years) == 0 || len(divisions) == 0 {
		return out, nil
	}
	text, args := planQuery(targets, years, divisions, asOf)
	rows, err := q.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, fmt.Errorf("read targets: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var k planKey
		var p plan
		var amount nullMicros
		var curve string
		var at int64
		if err := rows.Scan(&k.target, &k.year, &k.division, &amount, &curve, &p.document, &p.note, &p.revision, &at, &p.setBy); err != nil {
			return nil, fmt.Errorf("read targets: %w", err)
		}
		p.amount, p.setAt = amount.Null, instant(at)
		if curve != "" {
			if err := json.Unmarshal([]byte(curve), &p.curve); err != nil {
				return nil, fmt.Errorf("read the curve of target %s: %w", k.target, err)
			}
		}
		out[k] = p
	}
	return out, rows.Err()
}

func planQuery(targets []string, years []int, divisions []int64, asOf time.Time) (string, []any) {
	var b strings.Builder
	var args []any
	b.WriteString(`SELECT target, year, division_id, amount_e6, curve, document, note, revision, set_at, set_by FROM target WHERE year IN (`)
	for i, y := range years {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprint(&b, y)
	}
	b.WriteString(`) AND target IN (`)
	for i, t := range targets {
		if i > 0 {
			b.WriteByte(',')
		}
		args = append(args, t)
		fmt.Fprintf(&b, "$%d", len(args))
	}
	b.WriteString(`) AND division_id IN (`)
	writeInts(&b, divisions)
	b.WriteString(`)`)
	if asOf.IsZero() {
		b.WriteString(` AND superseded_at IS NULL`)
		return b.String(), args
	}
	args = append(args, asOf.UnixMilli())
	fmt.Fprintf(&b, ` AND set_at <= $%[1]d AND (superseded_at IS NULL OR superseded_at > $%[1]d)`, len(args))
	return b.String(), args
}

// TargetQuery asks for one target's year over a division and those below it.
type TargetQuery struct {
	Target string
	Year   int
	Scope  string
}

// Targets returns the splitting table of a target.
func (s *Service) Targets(ctx context.Context, p *identity.Principal, q TargetQuery) (*TargetTable, error) {
	cat, tree, err := s.context(ctx)
	if err != nil {
		return nil, err
	}
	t, ok := cat.Target(q.Target)
	if !ok {
		return nil, errNoTarget(q.Target)
	}
	line := cat.LineOf(t.Indicator)
	scope, err := division(tree, p, identity.TargetRead, line, q.Scope)
	if err != nil {
		return nil, err
	}
	rows := append([]registry.Division{scope}, below(tree, scope, hydrotime.NewMonth(q.Year, 1).Start())...)
	plans, err := loadPlans(ctx, s.db, []string{t.ID}, []int{q.Year, q.Year - 1}, ids(rows), time.Time{})
	if err != nil {
		return nil, err
	}
	out := &TargetTable{Measure: cat.measure(t, q.Year), Target: t, Year: q.Year, Scope: RefOf(tree, scope)}
	achieved, err := s.achieved(ctx, cat, tree, t, q.Year-1, rows)
	if err != nil {
		return nil, err
	}
	for i, d := range rows {
		now, last := plans[planKey{t.ID, q.Year, d.ID}], plans[planKey{t.ID, q.Year - 1, d.ID}]
		r := TargetRow{
			Division: RefOf(tree, d), Amount: now.amount, Curve: now.curve, Document: now.document, Note: now.note,
			Revision: now.revision, SetBy: now.setBy, LastYear: last.amount, Achieved: achieved[i], Writable: p.Can(identity.TargetWrite, line, d.ID),
		}
		if now.revision > 0 {
			r.SetAt = &now.setAt
		}
		out.Rows = append(out.Rows, r)
	}
	out.Check = checkSplit(t, rows, out.Rows)
	return out, nil
}

func errNoTarget(id string) error {
	return fault.NotFoundf("target.unknown", "没有目标 %s", "there is no target %s", id)
}

// below lists the children that a plan is split to or a view shows, towns left out: those that stand at an instant.
func below(tree *registry.Tree, d registry.Division, at time.Time) []registry.Division {
	var out []registry.Division
	for _, c := range tree.Children(d.ID) {
		if c.StandsAt(at) && above(c.Level, "town") {
			out = append(out, c)
		}
	}
	return out
}

// SetTargets sets amounts. Each row names the revision that the person saw; where one has moved on, nothing is set and the
// table as it stands comes back with the conflict.
func (s *Service) SetTargets(ctx context.Context, p *identity.Principal, q TargetQuery, changes []TargetChange) (*TargetTable, error) {
	cat, tree, err := s.context(ctx)
	if err != nil {
		return nil, err
	}
	t, ok := cat.Target(q.Target)
	if !ok {
		return nil, errNoTarget(q.Target)
	}
	line := cat.LineOf(t.Indicator)
	bad := fault.Invalidf("target.invalid", "目标设置有误，未保存", "a target is not valid; nothing was saved")
	for i, c := range changes {
		checkTarget(bad, i, t, c)
	}
	if len(bad.Fields) > 0 {
		return nil, bad
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		for _, c := range changes {
			d, err := division(tree, p, identity.TargetWrite, line, c.Division)
			if err != nil {
				return err
			}
			if err := s.setTarget(ctx, tx, p.Actor(), t, q.Year, d, c); err != nil {
				return err
			}
			tx.AfterCommit(func() {
				s.changed(Change{Kind: "target", Line: line, Division: d.ID, Code: d.Code})
			})
		}
		return nil
	})
	if fault.Is(err, fault.Conflict) {
		current, again := s.Targets(ctx, p, q)
		if again != nil {
			return nil, again
		}
		return nil, errTargetStale().With(current)
	}
	if err != nil {
		return nil, err
	}
	return s.Targets(ctx, p, q)
}

func errTargetStale() *fault.Error {
	return fault.Conflictf("target.stale", "他人已修改目标，您的改动尚未保存，请对照后再存", "somebody changed the target; yours is not saved yet, compare and save again")
}

func checkTarget(bad *fault.Error, i int, t pack.Target, c TargetChange) {
	place := fmt.Sprintf("rows[%d]", i)
	if c.Amount.Valid && c.Amount.Decimal < 0 && t.Judge != pack.ByGrowth {
		bad.At(place+".amount", fault.T("目标不能为负", "a target cannot be negative"))
	}
	if len(c.Curve) == 0 {
		return
	}
	if len(c.Curve) != 12 {
		bad.At(place+".curve", fault.T("月度计划应为 12 个累计数", "a monthly curve is twelve cumulated amounts"))
		return
	}
	for m := 1; m < 12; m++ {
		if c.Curve[m] < c.Curve[m-1] {
			bad.At(fmt.Sprintf("%s.curve[%d]", place, m), fault.Tf("%d 月累计计划小于上月", "the cumulated plan of month %d is below the month before", m+1))
		}
	}
	if c.Amount.Valid && c.Curve[11] != c.Amount.Decimal {
		bad.At(place+".curve[11]", fault.Tf("12 月累计计划 %s 与年度计划 %s 不一致", "December's cumulated plan %s is not the year's %s", c.Curve[11], c.Amount))
	}
}

func (s *Service) setTarget(ctx context.Context, tx *store.Tx, who identity.Actor, t pack.Target, year int, d registry.Division, c TargetChange) error {
	at := s.now()
	res, err := tx.ExecContext(ctx, `
		UPDATE target SET superseded_at = $1 WHERE target = $2 AND year = $3 AND division_id = $4 AND revision = $5 AND superseded_at IS NULL`,
		at.UnixMilli(), t.ID, year, d.ID, c.Revision)
	if err != nil {
		return fmt.Errorf("supersede target %s of %s: %w", t.ID, d.Code, err)
	}
	if n, err := res.RowsAffected(); err != nil || (c.Revision > 0 && n != 1) {
		return errTargetStale().Because(err)
	}
	curve := ""
	if len(c.Curve) > 0 {
		b, err := json.Marshal(c.Curve)
		if err != nil {
			return err
		}
		curve = string(b)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO target (target, year, division_id, revision, amount_e6, curve, document, note, set_at, set_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		t.ID, year, d.ID, c.Revision+1, micros(c.Amount), curve, c.Document, c.Note, at.UnixMilli(), who.Name)
	if store.IsUnique(err) {
		return errTargetStale().Because(err)
	}
	if err != nil {
		return fmt.Errorf("set target %s of %s: %w", t.ID, d.Code, err)
	}
	if err := touch(ctx, tx, ofTargets, year); err != nil {
		return err
	}
	id := d.ID
	return audit.Append(ctx, tx, audit.Entry{
		At: at, Actor: who, Action: "target.set", ObjectKind: "target", ObjectID: fmt.Sprintf("%s/%d/%s", t.ID, year, d.Code), DivisionID: &id,
		Detail: map[string]any{"amount": c.Amount, "revision": c.Revision + 1, "document": c.Document, "note": c.Note},
	})
}
