package programme

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/programme/pack"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// opened is a return with what it belongs to, found within a person's scope.
type opened struct {
	filing
	form pack.Form
	line string
	div  registry.Division
}

// find reads one version if the person may do this to it; otherwise it looks like one that does not exist.
func (s *Service) find(ctx context.Context, q store.Querier, cat *catalogue, tree *registry.Tree, p *identity.Principal, permission identity.Permission, id int64) (opened, error) {
	f, err := filingByID(ctx, q, id)
	if err != nil {
		return opened{}, err
	}
	form, ok := cat.Form(f.form)
	d, known := tree.ByID(f.division)
	if !ok || !known {
		return opened{}, errNoReturn(id)
	}
	o := opened{filing: f, form: form, line: cat.LineOfForm(f.form), div: d}
	if !p.Can(identity.ReturnRead, o.line, d.ID) {
		return opened{}, errNoReturn(id)
	}
	if !p.Can(permission, o.line, d.ID) {
		return opened{}, fault.Forbiddenf("return.forbidden", "您没有对%s此报表的这项权限", "you may not do this to the return of %s", d.NameZh)
	}
	return o, nil
}

// ReturnKey names a return whether or not it was opened.
type ReturnKey struct {
	Form     string          `json:"form" maxLength:"80"`
	Division string          `json:"division" maxLength:"20"`
	Period   hydrotime.Month `json:"period"`
}

// Open gives the newest version of a return and makes its first draft where there is none.
func (s *Service) Open(ctx context.Context, p *identity.Principal, key ReturnKey) (*ReturnDetail, error) {
	cat, tree, err := s.context(ctx)
	if err != nil {
		return nil, err
	}
	form, d, err := s.expects(cat, tree, p, identity.ReturnRead, key)
	if err != nil {
		return nil, err
	}
	versions, err := versionsOf(ctx, s.db, form.ID, d.ID, key.Period)
	if err != nil {
		return nil, err
	}
	if len(versions) == 0 {
		if !p.Can(identity.ReturnWrite, cat.LineOfForm(form.ID), d.ID) {
			return nil, fault.NotFoundf("return.missing", "%s 尚未填报", "%s has not filed this return", d.NameZh)
		}
		var id int64
		err := s.db.Write(ctx, func(tx *store.Tx) error {
			id, err = s.openDraft(ctx, tx, p.Actor(), form, d, key.Period)
			return err
		})
		if err != nil && !fault.Is(err, fault.Conflict) {
			return nil, err
		}
		if versions, err = versionsOf(ctx, s.db, form.ID, d.ID, key.Period); err != nil || len(versions) == 0 {
			return nil, errors.Join(err, errNoReturn(id))
		}
	}
	return s.detail(ctx, s.db, cat, tree, p, versions[0].id)
}

func (s *Service) openDraft(ctx context.Context, tx *store.Tx, who identity.Actor, form pack.Form, d registry.Division, period hydrotime.Month) (int64, error) {
	at := s.now()
	id, err := insertFiling(ctx, tx, filing{
		form: form.ID, division: d.ID, period: period, version: 1, state: Draft, dueAt: dueOf(form, period), changedAt: at,
	}, who.Name)
	if err != nil {
		return 0, err
	}
	return id, s.record(ctx, tx, who, opened{filing: filing{id: id, version: 1, form: form.ID, period: period}, form: form, div: d}, "open", Missing, Draft, "", at)
}

// expects says whether this division files this form for this period, within a person's scope.
func (s *Service) expects(cat *catalogue, tree *registry.Tree, p *identity.Principal, permission identity.Permission, key ReturnKey) (pack.Form, registry.Division, error) {
	form, ok := cat.Form(key.Form)
	if !ok {
		return form, registry.Division{}, fault.NotFoundf("form.unknown", "没有报表 %s", "there is no form %s", key.Form)
	}
	d, err := division(tree, p, permission, cat.LineOfForm(form.ID), key.Division)
	if err != nil {
		return form, d, err
	}
	if d.Level != string(form.Level) {
		return form, d, fault.Invalidf("form.level", "%s 不填报此表", "%s does not file this form", d.NameZh)
	}
	if key.Period.Valid() && !d.StandsAt(key.Period.End()) {
		return form, d, fault.Invalidf("form.retired", "%s 在 %s 前已停用，不再填报", "%s was retired by the end of %s and files no more", d.NameZh, key.Period)
	}
	if !key.Period.Valid() || !due(form.Cadence, key.Period) {
		return form, d, fault.Invalidf("form.period", "%s 不是此表的报告期", "%s is not a period of this form", key.Period)
	}
	return form, d, nil
}

// due reports whether a cadence asks for a return for this month.
func due(c pack.Cadence, m hydrotime.Month) bool {
	switch c {
	case pack.Quarterly:
		return m.Number()%3 == 0
	case pack.HalfYear:
		return m.Number()%6 == 0
	case pack.Yearly:
		return m.Number() == 12
	default:
		return true
	}
}

// Return gives one version of a return with all that its form shows.
func (s *Service) Return(ctx context.Context, p *identity.Principal, id int64) (*ReturnDetail, error) {
	cat, tree, err := s.context(ctx)
	if err != nil {
		return nil, err
	}
	return s.detail(ctx, s.db, cat, tree, p, id)
}

// SaveLines writes lines of a draft as a person types. Edit is the count that the person saw: where somebody else has changed
// the return since, nothing is written and the return as it stands comes back with the conflict.
func (s *Service) SaveLines(ctx context.Context, p *identity.Principal, id, edit int64, changes []LineChange, source string) (*ReturnDetail, error) {
	cat, tree, err := s.context(ctx)
	if err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		o, err := s.find(ctx, tx, cat, tree, p, identity.ReturnWrite, id)
		if err != nil {
			return err
		}
		if !o.state.writable() {
			return errState(o.state, fault.T("再改", "change"))
		}
		return s.saveLines(ctx, tx, p.Actor(), cat, o, edit, changes, source)
	})
	if errors.Is(err, errStale) {
		current, again := s.detail(ctx, s.db, cat, tree, p, id)
		if again != nil {
			return nil, again
		}
		e := *errStale
		return nil, e.With(current)
	}
	if err != nil {
		return nil, err
	}
	return s.detail(ctx, s.db, cat, tree, p, id)
}

func (s *Service) saveLines(ctx context.Context, tx *store.Tx, who identity.Actor, cat *catalogue, o opened, edit int64, changes []LineChange, source string) error {
	bad := fault.Invalidf("return.line", "有填报项无法保存", "a line cannot be saved")
	for i, c := range changes {
		checkChange(bad, i, cat, o.form, c)
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	at := s.now()
	if err := touchFiling(ctx, tx, o.filing, edit, at, who.Name); err != nil {
		return err
	}
	for _, c := range changes {
		l := line{value: c.Value, base: c.Base, blank: c.Blank, note: c.Note, source: source, changedAt: at, changedBy: who.Name}
		if err := putLine(ctx, tx, o.id, cat.number[c.Indicator], l); err != nil {
			return err
		}
	}
	div := o.div.ID
	return audit.Append(ctx, tx, audit.Entry{
		At: at, Actor: who, Action: "return.save", ObjectKind: "return", ObjectID: fmt.Sprint(o.id), DivisionID: &div,
		Detail: map[string]any{"edit": edit + 1, "lines": changes},
	})
}

func checkChange(bad *fault.Error, i int, cat *catalogue, form pack.Form, c LineChange) {
	place := fmt.Sprintf("lines[%d]", i)
	ind, ok := cat.Indicator(c.Indicator)
	switch {
	case !ok || !slices.Contains(form.Lines, c.Indicator):
		bad.At(place+".indicator", fault.Tf("%s 不在此表中", "%s is not a line of this form", c.Indicator))
	case c.Base.Valid && ind.Ratio == nil:
		bad.At(place+".denominator", fault.Tf("%s 没有分母", "%s has no denominator", ind.Name))
	case c.Blank != "" && (c.Value.Valid || c.Base.Valid):
		bad.At(place+".blank", fault.T("既填了数又说明无此项", "a figure and a stated blank exclude each other"))
	}
}

// MoveReturn makes one move. The figures of a first version count from submission until it is sent back or withdrawn;
// those of a correction take the place of the locked ones once it is accepted.
func (s *Service) MoveReturn(ctx context.Context, p *identity.Principal, id, edit int64, move Move, reason string) (*ReturnDetail, error) {
	cat, tree, err := s.context(ctx)
	if err != nil {
		return nil, err
	}
	t, ok := transitionOf(move)
	if !ok {
		return nil, fault.Invalidf("return.move", "没有这个操作：%s", "there is no move %s", move)
	}
	if t.reason && reason == "" {
		return nil, fault.Invalidf("return.reason", "请说明理由", "say why").At("reason", fault.T("必填", "required"))
	}
	next := id
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		o, err := s.find(ctx, tx, cat, tree, p, t.permission, id)
		if err != nil {
			return err
		}
		next, err = s.move(ctx, tx, cat, tree, p, o, edit, t, reason)
		return err
	})
	if errors.Is(err, errStale) {
		current, again := s.detail(ctx, s.db, cat, tree, p, id)
		if again != nil {
			return nil, again
		}
		e := *errStale
		return nil, e.With(current)
	}
	if err != nil {
		return nil, err
	}
	return s.detail(ctx, s.db, cat, tree, p, next)
}

// move checks and makes a move within a transaction, and returns the version to go on with.
func (s *Service) move(ctx context.Context, tx *store.Tx, cat *catalogue, tree *registry.Tree, p *identity.Principal, o opened, edit int64, t transition, reason string) (int64, error) {
	if !slices.Contains(t.from, o.state) {
		return 0, errState(o.state, t.name)
	}
	if t.another && p.Actor().ID == o.submitterID {
		return 0, fault.Forbiddenf("return.own", "提交人不能审核自己的报表", "a return is reviewed by somebody other than who submitted it")
	}
	at, who := s.now(), p.Actor()
	if err := touchFiling(ctx, tx, o.filing, edit, at, who.Name); err != nil {
		return 0, err
	}
	if t.move == Correct {
		return s.openCorrection(ctx, tx, who, o, reason, at)
	}
	if t.move == Submit {
		if err := s.submit(ctx, tx, cat, tree, who, o, at); err != nil {
			return 0, err
		}
	}
	if err := s.applyFigures(ctx, tx, cat, tree, o, t, at); err != nil {
		return 0, err
	}
	if err := setState(ctx, tx, o.filing, t.to, reason, at); err != nil {
		return 0, err
	}
	return o.id, s.record(ctx, tx, who, o, string(t.move), o.state, t.to, reason, at)
}

// openCorrection copies a locked version into the next one, as a draft.
func (s *Service) openCorrection(ctx context.Context, tx *store.Tx, who identity.Actor, o opened, reason string, at time.Time) (int64, error) {
	next := o.filing
	next.version, next.state, next.changedAt, next.reason = o.version+1, Draft, at, reason
	id, err := insertFiling(ctx, tx, next, who.Name)
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO filing_line (filing_id, indicator_id, value_e6, base_e6, blank, note, source, changed_at, changed_by)
		SELECT CAST($1 AS BIGINT), indicator_id, value_e6, base_e6, blank, note, source, changed_at, changed_by
		FROM filing_line WHERE filing_id = $2`, id, o.id)
	if err != nil {
		return 0, fmt.Errorf("copy the lines of return %d: %w", o.id, err)
	}
	o.id, o.version = id, next.version
	return id, s.record(ctx, tx, who, o, string(Correct), Locked, Draft, reason, at)
}

// submit runs the checks and notes who submitted when.
func (s *Service) submit(ctx context.Context, tx *store.Tx, cat *catalogue, tree *registry.Tree, who identity.Actor, o opened, at time.Time) error {
	rows, err := s.rows(ctx, tx, cat, tree, o.form, o.div, o.period, o.id)
	if err != nil {
		return err
	}
	if err := refuse(findings(cat, o, rows), rows); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE filing SET submitted_at = COALESCE(submitted_at, $1), submitted_by = $2, submitter_id = $3 WHERE id = $4`, at.UnixMilli(), who.Name, who.ID, o.id)
	if err != nil {
		return fmt.Errorf("note who submitted return %d: %w", o.id, err)
	}
	return nil
}

// refuse turns findings that stop a submission into a fault that lists them all.
func refuse(list []Finding, rows []ReturnRow) error {
	noted := map[string]bool{}
	for _, r := range rows {
		noted[r.Indicator.Code] = r.Note != ""
	}
	bad := fault.Invalidf("return.checks", "有填报项未通过校核，未提交", "some lines do not pass the checks; nothing was submitted")
	for _, f := range list {
		if f.Severity == Stops || f.Severity == Asks && !noted[f.Indicator] {
			bad.At(f.Indicator, f.Text)
		}
	}
	if len(bad.Fields) == 0 {
		return nil
	}
	return bad
}

// applyFigures lets a move change which figures are in force, and brings the sums above up to date.
func (s *Service) applyFigures(ctx context.Context, tx *store.Tx, cat *catalogue, tree *registry.Tree, o opened, t transition, at time.Time) error {
	first := o.version == 1
	switch {
	case t.move == Submit && first:
		return s.putInForce(ctx, tx, cat, tree, o, false, at)
	case t.move == Accept:
		if !first {
			if err := s.replaceLocked(ctx, tx, o, at); err != nil {
				return err
			}
		}
		return s.putInForce(ctx, tx, cat, tree, o, true, at)
	case (t.move == Withdraw || t.move == SendBack) && first:
		numbers := cat.ownNumbers(o.form)
		if err := withdrawFigures(ctx, tx, o.div.ID, o.period, numbers, at); err != nil {
			return err
		}
		return cat.rollUp(ctx, tx, tree, o.div.ID, o.period, numbers)
	}
	return nil
}

func (s *Service) putInForce(ctx context.Context, tx *store.Tx, cat *catalogue, tree *registry.Tree, o opened, accepted bool, at time.Time) error {
	lines, err := linesOf(ctx, tx, o.id)
	if err != nil {
		return err
	}
	numbers := cat.ownNumbers(o.form)
	var list []newFigure
	var gone []int64
	for _, n := range numbers {
		if l, ok := lines[n]; ok && l.filled() {
			list = append(list, newFigure{n, l.value, l.base})
		} else {
			gone = append(gone, n)
		}
	}
	if err := withdrawFigures(ctx, tx, o.div.ID, o.period, gone, at); err != nil {
		return err
	}
	if err := recordFigures(ctx, tx, o.div.ID, o.period, list, accepted, at); err != nil {
		return err
	}
	return cat.rollUp(ctx, tx, tree, o.div.ID, o.period, numbers)
}

// replaceLocked marks the version before as corrected.
func (s *Service) replaceLocked(ctx context.Context, tx *store.Tx, o opened, at time.Time) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE filing SET state = $1, changed_at = $2
		WHERE form = $3 AND division_id = $4 AND period = $5 AND version < $6 AND state = $7`,
		string(Corrected), at.UnixMilli(), o.filing.form, o.div.ID, int64(o.period), o.version, string(Locked))
	if err != nil {
		return fmt.Errorf("mark the version before return %d as corrected: %w", o.id, err)
	}
	return nil
}

// record writes a move into the history and the audit chain, and tells open screens after the commit.
func (s *Service) record(ctx context.Context, tx *store.Tx, who identity.Actor, o opened, move string, from, to State, reason string, at time.Time) error {
	if err := addEvent(ctx, tx, o.id, ReturnEvent{At: at, By: who.Name, Move: move, From: from, To: to, Reason: reason}, who.ID); err != nil {
		return err
	}
	div := o.div.ID
	tx.AfterCommit(func() {
		s.changed(Change{Kind: "return", Line: o.line, Division: div, Code: o.div.Code, Period: o.period})
	})
	return audit.Append(ctx, tx, audit.Entry{
		At: at, Actor: who, Action: "return." + move, ObjectKind: "return", ObjectID: fmt.Sprint(o.id), DivisionID: &div,
		Detail: map[string]any{"form": o.form.ID, "period": o.period, "version": o.version, "from": from, "to": to, "reason": reason},
	})
}

// ownNumbers are the indicators whose figures a form owns, not its check copies.
func (c *catalogue) ownNumbers(form pack.Form) []int64 {
	var out []int64
	for _, code := range form.Lines {
		if owner, ok := c.FormOf(code); ok && owner.ID == form.ID {
			out = append(out, c.number[code])
		}
	}
	return out
}

// LockPeriod locks every accepted return of a month within a scope, all or none, and lists those that are not accepted. It looks
// only at the lines of work in which the person may lock.
func (s *Service) LockPeriod(ctx context.Context, p *identity.Principal, scope string, period hydrotime.Month) (locked int, left []ReturnSummary, err error) {
	cat, tree, err := s.context(ctx)
	if err != nil {
		return 0, nil, err
	}
	root, err := division(tree, p, identity.ReturnLock, anyLine, scope)
	if err != nil {
		return 0, nil, err
	}
	board, err := s.board(ctx, cat, tree, p, boardQuery{root: root, from: period, to: period})
	if err != nil {
		return 0, nil, err
	}
	lock, _ := transitionOf(Lock)
	board = slices.DeleteFunc(board, func(r ReturnSummary) bool {
		d, ok := tree.ByCode(r.Division.Code)
		return !ok || !p.Can(lock.permission, r.Line, d.ID)
	})
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		locked, left = 0, nil
		for _, r := range board {
			if r.State == Locked {
				continue
			}
			if r.State != Accepted {
				left = append(left, r)
				continue
			}
			o, err := s.find(ctx, tx, cat, tree, p, lock.permission, r.ID)
			if err == nil {
				_, err = s.move(ctx, tx, cat, tree, p, o, o.edit, lock, "")
			}
			if err != nil {
				return err
			}
			locked++
		}
		return nil
	})
	return locked, left, err
}
