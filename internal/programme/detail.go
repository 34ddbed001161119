package programme

import (
	"context"
	"slices"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/programme/judge"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

func dateOf(t time.Time) hydrotime.Date { return hydrotime.DateOf(t) }

// detail gives one version of a return with all that its form shows.
func (s *Service) detail(ctx context.Context, q store.Querier, cat *catalogue, tree *registry.Tree, p *identity.Principal, id int64) (*ReturnDetail, error) {
	o, err := s.find(ctx, q, cat, tree, p, identity.ReturnRead, id)
	if err != nil {
		return nil, err
	}
	if cat, o.form, err = s.formOfThen(ctx, cat, o); err != nil {
		return nil, err
	}
	out := &ReturnDetail{ReturnSummary: cat.summary(tree, o.form, o.div, o.filing, s.now())}
	if out.Rows, err = s.rows(ctx, q, cat, tree, o.form, o.div, o.period, o.id); err != nil {
		return nil, err
	}
	for _, r := range out.Rows {
		if r.Value.Valid || r.Base.Valid || r.Blank != "" {
			out.Filled++
		}
	}
	out.Findings = findings(cat, o, out.Rows)
	versions, err := versionsOf(ctx, q, o.form.ID, o.div.ID, o.period)
	if err != nil {
		return nil, err
	}
	for _, v := range versions {
		out.Versions = append(out.Versions, cat.summary(tree, o.form, o.div, v, s.now()))
	}
	if out.Events, err = eventsOf(ctx, q, versions); err != nil {
		return nil, err
	}
	first := versions[len(versions)-1]
	if out.Sent, err = remindersOf(ctx, q, o.form.ID, o.div.ID, o.period, first.submittedAt); err != nil {
		return nil, err
	}
	out.Reminders = len(out.Sent)
	out.Writable = o.state.writable() && p.Can(identity.ReturnWrite, o.line, o.div.ID)
	out.Moves = movesFor(p, o, versions)
	return out, nil
}

// formOfThen gives the definitions by which a return was submitted, so that what it says stays whole when its form changes; one
// that is being written follows those of now.
func (s *Service) formOfThen(ctx context.Context, cat *catalogue, o opened) (*catalogue, pack.Form, error) {
	if o.state.writable() || o.submittedAt == nil {
		return cat, o.form, nil
	}
	then, err := s.catalogueAt(ctx, *o.submittedAt)
	if err != nil {
		return nil, o.form, err
	}
	if form, ok := then.Form(o.form.ID); ok {
		return then, form, nil
	}
	return cat, o.form, nil
}

// movesFor lists what a person may do with a version now. Only the newest version of a return moves.
func movesFor(p *identity.Principal, o opened, versions []filing) []Move {
	var out []Move
	if versions[0].id != o.id {
		return out
	}
	for _, t := range transitions() {
		if slices.Contains(t.from, o.state) && p.Can(t.permission, o.line, o.div.ID) && !(t.another && p.Actor().ID == o.submitterID) {
			out = append(out, t.move)
		}
	}
	return out
}

// rows draws up the lines of a form: what was typed, and the plan, the last period and last year beside it.
func (s *Service) rows(ctx context.Context, q store.Querier, cat *catalogue, tree *registry.Tree, form pack.Form, d registry.Division, period hydrotime.Month, id int64) ([]ReturnRow, error) {
	lines, err := linesOf(ctx, q, id)
	if err != nil {
		return nil, err
	}
	l := &lens{cat: cat, tree: tree, scope: d, period: period, now: s.now()}
	var aims []aim
	for _, code := range form.Lines {
		ind, _ := cat.Indicator(code)
		a := aim{indicator: ind}
		if t := cat.TargetsOf(code); len(t) > 0 {
			a.target = &t[0]
		}
		aims = append(aims, a)
	}
	if err := l.read(ctx, q, aims); err != nil {
		return nil, err
	}
	last := before(form.Cadence, period)
	if err := l.readAlso(ctx, q, aims, last); err != nil {
		return nil, err
	}
	out := make([]ReturnRow, len(aims))
	for i, a := range aims {
		number := cat.number[a.indicator.Code]
		ln, ok := lines[number]
		was := l.figures.own[figureKey{number, last, d.ID}]
		owner, _ := cat.FormOf(a.indicator.Code)
		r := ReturnRow{
			Indicator: a.indicator, Copy: owner.ID != form.ID, Value: ln.value, Base: ln.base, Blank: ln.blank, Note: ln.note,
			Last: was.value, LastBase: was.base, LastYear: shown(a.indicator, l.figures.own[figureKey{number, period.Add(-12), d.ID}]), ChangedBy: ln.changedBy,
		}
		if ok {
			r.ChangedAt = &ln.changedAt
		}
		if a.target != nil && a.target.Judge == pack.ByCompletion {
			r.Plan = l.amount(a.target.ID, d)
		}
		if r.Copy {
			r.elsewhere, r.elsewhereForm = l.figures.own[figureKey{number, period, d.ID}].value, owner.Title
		}
		out[i] = r
	}
	return out, nil
}

// readAlso adds one month's own figures to a lens.
func (l *lens) readAlso(ctx context.Context, q store.Querier, aims []aim, m hydrotime.Month) error {
	more, err := loadFigures(ctx, q, want{l.needed(aims), []hydrotime.Month{m}, []int64{l.scope.ID}}, l.asOf)
	for k, f := range more {
		l.figures.own[k] = f
	}
	return err
}

// before is the period of the return before this one.
func before(c pack.Cadence, m hydrotime.Month) hydrotime.Month { return effective(c, m.Add(-1)) }

// findings runs every check on the lines as they stand.
func findings(cat *catalogue, o opened, rows []ReturnRow) []Finding {
	var out []Finding
	byCode := map[string]ReturnRow{}
	sameYear := before(o.form.Cadence, o.period).Year() == o.period.Year()
	for _, r := range rows {
		byCode[r.Indicator.Code] = r
		for _, f := range judge.CheckLine(judge.Line{
			Indicator: r.Indicator, Value: r.Value, Base: r.Base, Blank: r.Blank, Last: r.Last, LastBase: r.LastBase,
			LastSameYear: sameYear, LastYear: r.LastYear, Note: r.Note, Elsewhere: r.elsewhere, ElsewhereForm: r.elsewhereForm,
		}) {
			out = append(out, Finding{f.Check, Severity(f.Severity), f.Indicator, f.Text})
		}
	}
	for _, r := range rows {
		out = append(out, partsOf(r, byCode)...)
	}
	return out
}

func partsOf(r ReturnRow, rows map[string]ReturnRow) []Finding {
	if len(r.Indicator.Parts) == 0 || !r.Value.Valid {
		return nil
	}
	var parts []quantity.Null
	for _, code := range r.Indicator.Parts {
		part, ok := rows[code]
		if !ok {
			return nil
		}
		v := part.Value
		if !v.Valid && part.Blank != "" {
			v = quantity.Some(0)
		}
		parts = append(parts, v)
	}
	var out []Finding
	for _, f := range judge.CheckParts(r.Indicator, r.Value, parts, scaleOf(r.Indicator)) {
		out = append(out, Finding{f.Check, Severity(f.Severity), f.Indicator, f.Text})
	}
	return out
}

// History lists every revision of one figure, newest first.
func (s *Service) History(ctx context.Context, p *identity.Principal, indicator, code string, period hydrotime.Month) ([]FigureVersion, error) {
	cat, tree, err := s.context(ctx)
	if err != nil {
		return nil, err
	}
	if _, ok := cat.Indicator(indicator); !ok {
		return nil, errNoIndicator(indicator)
	}
	d, err := division(tree, p, identity.FigureRead, cat.LineOf(indicator), code)
	if err != nil {
		return nil, err
	}
	rows, err := s.db.QueryContext(ctx, `
		SELECT revision, value_e6, base_e6, accepted_at, recorded_at, CAST(NULL AS BIGINT) AS until FROM figure
		WHERE indicator_id = $1 AND period = $2 AND division_id = $3
		UNION ALL
		SELECT revision, value_e6, base_e6, accepted_at, recorded_at, superseded_at FROM figure_past
		WHERE indicator_id = $1 AND period = $2 AND division_id = $3
		ORDER BY 1 DESC`, cat.number[indicator], int64(period), d.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []FigureVersion{}
	for rows.Next() {
		var v FigureVersion
		var value, base nullMicros
		var from int64
		var accepted, until *int64
		if err := rows.Scan(&v.Revision, &value, &base, &accepted, &from, &until); err != nil {
			return nil, err
		}
		v.Value, v.Base, v.Accepted, v.From = value.Null, base.Null, accepted != nil, instant(from)
		if until != nil {
			at := instant(*until)
			v.Until = &at
		}
		out = append(out, v)
	}
	return out, rows.Err()
}
