package programme

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/programme/pack"
	"anlan/internal/programme/table"
	"anlan/internal/quantity"
	"anlan/internal/store"
)

// load reads what stands in the store for every place that the file has figures for.
func (k *intake) load(ctx context.Context, q store.Querier) error {
	if len(k.returns) > 0 {
		from, to := k.returns[0].key.Period, k.returns[0].key.Period
		for _, r := range k.returns {
			from, to = min(from, r.key.Period), max(to, r.key.Period)
		}
		newest, err := newestFilings(ctx, q, boardQuery{root: k.div, from: from, to: to})
		if err != nil {
			return err
		}
		byID := map[int64]*intakeReturn{}
		for _, r := range k.returns {
			f, ok := newest[boardKey{r.form.ID, r.div.ID, r.key.Period}]
			if !ok {
				r.filing.state = Missing
				continue
			}
			r.filing, r.lines = f, map[int64]line{}
			byID[f.id] = r
		}
		if err := loadLines(ctx, q, byID); err != nil {
			return err
		}
	}
	var targets []string
	var years []int
	var divisions []int64
	for _, p := range k.planned {
		targets, years, divisions = append(targets, p.target.ID), append(years, p.year), append(divisions, p.div.ID)
	}
	plans, err := loadPlans(ctx, q, distinct(targets), distinct(years), distinct(divisions), time.Time{})
	for _, p := range k.planned {
		p.was = plans[planKey{p.target.ID, p.year, p.div.ID}]
	}
	return err
}

func distinct[T cmp.Ordered](list []T) []T {
	slices.Sort(list)
	return slices.Compact(list)
}

// loadLines reads the lines of many returns.
func loadLines(ctx context.Context, q store.Querier, byID map[int64]*intakeReturn) error {
	for part := range slices.Chunk(slices.Sorted(maps.Keys(byID)), 500) {
		if err := loadLinesOf(ctx, q, byID, part); err != nil {
			return fmt.Errorf("read what stands in the returns: %w", err)
		}
	}
	return nil
}

func loadLinesOf(ctx context.Context, q store.Querier, byID map[int64]*intakeReturn, ids []int64) error {
	var b strings.Builder
	writeInts(&b, ids)
	rows, err := q.QueryContext(ctx, `SELECT filing_id, indicator_id, value_e6, base_e6, blank, note FROM filing_line WHERE filing_id IN (`+b.String()+`)`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, indicator int64
		var value, base nullMicros
		var l line
		if err := rows.Scan(&id, &indicator, &value, &base, &l.blank, &l.note); err != nil {
			return err
		}
		l.value, l.base = value.Null, base.Null
		byID[id].lines[indicator] = l
	}
	return rows.Err()
}

// settle decides on every figure against what stands, and gives each row its outcome.
func (k *intake) settle() {
	for _, r := range k.returns {
		k.settleReturn(r)
	}
	for _, p := range k.planned {
		k.settlePlan(p)
	}
	for _, row := range k.rows {
		k.settleRow(row)
	}
}

func (k *intake) settleReturn(r *intakeReturn) {
	closed := r.filing.id != 0 && !r.filing.state.writable()
	changes := map[string]*LineChange{}
	var order []string
	for _, part := range r.order {
		cells := r.parts[part]
		if closed {
			name := stateName(r.filing.state)
			refuseAll(cells, fault.T("该地区 "+r.key.Period.String()+" 的报表"+name.Zh+"，不能写入", "the return of "+r.key.Period.String()+" is "+name.En+" and cannot be written"))
			continue
		}
		was := r.lines[k.cat.number[part.indicator]]
		old := was.value
		if part.base {
			old = was.base
		}
		if !k.accept(cells, old, was.filled() && old.Valid || was.blank != "") {
			continue
		}
		ind, _ := k.cat.Indicator(part.indicator)
		if !k.change(cells, old, r.describe(k, ind, part)) {
			continue
		}
		c := changes[part.indicator]
		if c == nil {
			c = &LineChange{Indicator: part.indicator, Value: was.value, Base: was.base, Note: was.note}
			changes[part.indicator] = c
			order = append(order, part.indicator)
		}
		if part.base {
			c.Base = quantity.Some(cells[0].value)
		} else {
			c.Value = quantity.Some(cells[0].value)
		}
	}
	for _, code := range order {
		r.write = append(r.write, *changes[code])
	}
	if len(r.write) > 0 {
		k.counts.Returns++
		if r.filing.id == 0 {
			k.counts.Opened++
		}
	}
}

func (r *intakeReturn) describe(k *intake, ind pack.Indicator, part intakePart) ImportChange {
	c := ImportChange{
		Part: "value", Indicator: ind.Code, Name: ind.Name, Unit: ind.Unit, Form: r.form.ID, Division: RefOf(k.tree, r.div), Period: r.key.Period, State: r.filing.state,
	}
	if ind.Ratio != nil {
		term, name := ind.Ratio.Numerator, "numerator"
		if part.base {
			term, name = ind.Ratio.Denominator, "denominator"
		}
		c.Part, c.Name, c.Unit = name, term.Name, term.Unit
	}
	return c
}

func refuseAll(cells []intakeCell, t fault.Text) {
	for _, c := range cells {
		c.row.refuse(c.ref, t)
	}
}

// accept says whether the cells agree and may be written over what stands; it refuses them where not.
func (k *intake) accept(cells []intakeCell, old quantity.Null, stands bool) bool {
	if cells[0].rival {
		other := cells[len(cells)-1]
		for _, c := range cells {
			o := cells[0]
			if c.ref == o.ref && c.row == o.row {
				o = other
			}
			c.row.refuse(c.ref, fault.Tf("与 %s!%s 是同一地区、期别、指标，数值不同，均未取", "%s!%s is of the same division, period and indicator and differs: neither is taken", o.row.Sheet, o.ref))
		}
		return false
	}
	if k.mode == ImportFill && stands && (!old.Valid || old.Decimal != cells[0].value) {
		refuseAll(cells, fault.Tf("已填 %s，按“只补空缺”未改", "%s stands there; only empty places are filled", old))
		return false
	}
	return true
}

// change counts an accepted figure and lists it where it differs from what stands.
func (k *intake) change(cells []intakeCell, old quantity.Null, c ImportChange) bool {
	cell := cells[0]
	for _, same := range cells {
		same.row.placed++
	}
	k.counts.Figures++
	if old.Valid && old.Decimal == cell.value {
		k.counts.Same++
		return false
	}
	k.counts.Changed++
	if len(k.changes) < previewChanges {
		c.Sheet, c.Cell, c.Old, c.New = cell.row.Sheet, cell.ref, old, quantity.Some(cell.value)
		k.changes = append(k.changes, c)
	}
	return true
}

func (k *intake) settlePlan(p *intakePlan) {
	amount := quantity.Some(p.cells[0].value)
	same := p.was.amount == amount
	bad := fault.Invalidf("target.invalid", "", "")
	checkTarget(bad, 0, p.target, p.change())
	switch {
	case !k.accept(p.cells, p.was.amount, p.was.amount.Valid):
		return
	case !same && !k.p.Can(identity.TargetWrite, p.line, p.div.ID):
		refuseAll(p.cells, fault.Tf("计划数与现行目标 %s 不同，您没有设置目标的权限", "the plan differs from the target in force, %s, and you may not set targets", p.was.amount))
		return
	case !same && p.target.Fixed != nil:
		refuseAll(p.cells, fault.T("此目标由规则规定，不按表设置", "a rule fixes this target; it is not set from a table"))
		return
	case !same && len(bad.Fields) > 0:
		refuseAll(p.cells, bad.Fields[0].Text)
		return
	}
	ind, _ := k.cat.Indicator(p.target.Indicator)
	unit := ind.Unit
	if p.target.Judge == pack.ByGrowth || p.target.Judge == pack.ByRate {
		unit = "percent"
	}
	p.write = k.change(p.cells, p.was.amount, ImportChange{
		Part: "plan", Indicator: ind.Code, Target: p.target.ID, Name: p.target.Name, Unit: unit, Division: RefOf(k.tree, p.div), Year: p.year,
	})
	if p.write {
		k.counts.Targets++
	}
}

// change is the amount as a person would set it: the curve and the document stay.
func (p *intakePlan) change() TargetChange {
	return TargetChange{
		Division: p.div.Code, Amount: quantity.Some(p.cells[0].value), Curve: p.was.curve, Document: p.was.document, Note: p.was.note, Revision: p.was.revision,
	}
}

func (k *intake) settleRow(row *intakeRow) {
	k.counts.Cells += len(row.refused)
	if row.Outcome == string(table.Taken) && row.placed == 0 {
		row.Outcome = string(table.Ignored)
		row.Reason = fault.T("没有可取的数", "there is no figure to take")
		if len(row.refused) > 0 {
			row.Outcome, row.Reason = string(table.Refused), row.refused[0].Reason
		}
	}
	if row.Outcome == string(table.Refused) && len(row.refused) > 0 {
		row.Cell, row.refused = row.refused[0].Cell, row.refused[1:]
	}
	switch row.Outcome {
	case string(table.Taken):
		k.counts.Taken++
	case string(table.Refused):
		k.counts.Refused++
	default:
		k.counts.Ignored++
	}
}

// records lists all rows, each followed by the remarks on its cells, and after them what the checks found.
func (k *intake) records() []ImportRow {
	out := make([]ImportRow, 0, len(k.rows)+len(k.findings))
	put := func(r ImportRow) {
		r.Seq = int64(len(out) + 1)
		r.Sheet, r.Content = cleanText(r.Sheet, 100), cleanText(r.Content, contentRunes)
		r.Reason = fault.T(cleanText(r.Reason.Zh, 500), cleanText(r.Reason.En, 500))
		out = append(out, r)
	}
	for _, row := range k.rows {
		put(row.ImportRow)
		for _, r := range row.refused {
			put(r)
		}
		for _, r := range row.notes {
			put(r)
		}
	}
	for _, f := range k.findings {
		put(ImportRow{Sheet: f.Sheet, Row: f.Row, Cell: f.Cell, Outcome: "notice", Reason: f.Text})
	}
	return out
}

// effect makes the view of what was decided.
func (k *intake) effect(id string, state ImportState) *ImportEffect {
	return &ImportEffect{
		Import: id, State: state, Counts: k.counts, Rows: firstRows(k.records()), Findings: k.findings, Changes: k.changes,
	}
}

// firstRows keeps as many rows as a screen takes, refused rows and notices before others, in order.
func firstRows(all []ImportRow) []ImportRow {
	if len(all) <= previewRows {
		return all
	}
	weighty := func(r ImportRow) bool {
		return r.Outcome == string(table.Refused) || r.Outcome == "notice"
	}
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b ImportRow) int {
		return cmp.Compare(strconv.FormatBool(weighty(b)), strconv.FormatBool(weighty(a)))
	})
	out = out[:previewRows]
	slices.SortFunc(out, func(a, b ImportRow) int { return cmp.Compare(a.Seq, b.Seq) })
	return out
}
