package programme

import (
	"cmp"
	"context"
	"slices"

	"anlan/internal/identity"
	"anlan/internal/programme/judge"
	"anlan/internal/programme/pack"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// viewer is a person asking for a view, with the permission that the view needs.
type viewer struct {
	*identity.Principal
	permission identity.Permission
}

const (
	trendMonths = 12
	listMost    = 50 // rows of the cockpit's short lists
	dueWithin   = 30 // days
)

// Cockpit is the first screen.
func (s *Service) Cockpit(ctx context.Context, p *identity.Principal, v View) (*Cockpit, error) {
	l, err := s.lens(ctx, viewer{p, identity.FigureRead}, v, v.Line)
	if err != nil {
		return nil, err
	}
	l.months = trendMonths
	out := &Cockpit{Groups: []CockpitGroup{}, Silent: []SilentRow{}}
	err = s.db.Snapshot(ctx, func(q store.Querier) error {
		aims := l.headlines(p, v.Line)
		if err := l.read(ctx, q, aims); err != nil {
			return err
		}
		out.Standing, out.Divisions = l.standing(), l.refs()
		out.Groups = l.groups(aims)
		return nil
	})
	if err != nil {
		return nil, err
	}
	out.Lagging = l.lagging(out.Groups)
	if out.Due, err = s.dueSoon(ctx, p, l, v); err != nil {
		return nil, err
	}
	if err := s.silent(ctx, p, l, v, out); err != nil {
		return nil, err
	}
	out.count()
	return out, nil
}

// headlines are the measures that stand for their programmes, each with its headline target.
func (l *lens) headlines(p *identity.Principal, line string) []aim {
	var out []aim
	for _, ind := range l.cat.Indicators() {
		own := l.cat.LineOf(ind.Code)
		if line != "" && own != line || !p.Can(identity.FigureRead, own, l.scope.ID) {
			continue
		}
		targets := l.cat.TargetsOf(ind.Code)
		found := false
		for i := range targets {
			if targets[i].Headline {
				out, found = append(out, aim{ind, &targets[i]}), true
			}
		}
		if ind.Headline && !found {
			a := aim{indicator: ind}
			if len(targets) > 0 {
				a.target = &targets[0]
			}
			out = append(out, a)
		}
	}
	return out
}

func (l *lens) groups(aims []aim) []CockpitGroup {
	out := []CockpitGroup{}
	for _, a := range aims {
		pk := l.cat.PackOf(a.indicator.Code)
		if len(out) == 0 || out[len(out)-1].Pack != pk.ID {
			out = append(out, CockpitGroup{Pack: pk.ID, Title: pk.Title, Line: pk.Line})
		}
		row := CockpitRow{Measure: l.cat.measureOf(a, l.period.Year()), Total: l.cell(a, l.scope)}
		for _, d := range l.below {
			row.Cells = append(row.Cells, l.cell(a, d))
		}
		g := &out[len(out)-1]
		g.Rows = append(g.Rows, row)
	}
	return out
}

// lagging lists what is behind, worst grade and gap first.
func (l *lens) lagging(groups []CockpitGroup) []LagRow {
	weight := map[Grade]int{Overdue: 3, Serious: 2, Lag: 1}
	type place struct {
		row  *CockpitRow
		cell *Cell
		of   registry.Division
	}
	var behind []place
	for g := range groups {
		for r := range groups[g].Rows {
			row := &groups[g].Rows[r]
			for i := range row.Cells {
				if weight[row.Cells[i].Grade] > 0 {
					behind = append(behind, place{row, &row.Cells[i], l.below[i]})
				}
			}
			if len(l.below) == 0 && weight[row.Total.Grade] > 0 {
				behind = append(behind, place{row, &row.Total, l.scope})
			}
		}
	}
	slices.SortStableFunc(behind, func(a, b place) int {
		return cmp.Or(cmp.Compare(weight[b.cell.Grade], weight[a.cell.Grade]), cmp.Compare(a.cell.Gap.Decimal, b.cell.Gap.Decimal))
	})
	out := []LagRow{}
	for _, p := range behind[:min(len(behind), listMost)] {
		row := LagRow{Measure: p.row.Measure, Division: RefOf(l.tree, p.of), Cell: *p.cell}
		row.Cell.Trend = nil
		out = append(out, row)
	}
	return out
}

// silent lists the returns of the last three months that are due and not filed, and counts those of the month shown.
func (s *Service) silent(ctx context.Context, p *identity.Principal, l *lens, v View, out *Cockpit) error {
	rows, err := s.board(ctx, l.cat, l.tree, p, boardQuery{root: l.scope, from: l.period.Add(-2), to: l.period, line: v.Line})
	if err != nil {
		return err
	}
	var late []ReturnSummary
	for _, r := range rows {
		filed := r.State.filed()
		if r.Period == l.period {
			out.Counts.Expected++
			if filed {
				out.Counts.Reported++
			}
			if r.State == Submitted || r.State == Reviewed {
				out.Counts.Pending++
			}
		}
		if !filed && !l.now.Before(r.DueAt) {
			late = append(late, r)
		}
	}
	slices.SortStableFunc(late, func(a, b ReturnSummary) int { return cmp.Compare(b.DaysLate, a.DaysLate) })
	late = late[:min(len(late), listMost)]
	sent, err := countReminders(ctx, s.db, l.tree, late)
	if err != nil {
		return err
	}
	for _, r := range late {
		row := SilentRow{Form: r.Form, Title: r.Title, Line: r.Line, Division: r.Division, Period: r.Period, DueAt: r.DueAt, DaysLate: r.DaysLate, State: r.State, Return: r.ID}
		if d, ok := l.tree.ByCode(r.Division.Code); ok {
			if n := sent[boardKey{r.Form, d.ID, r.Period}]; n.count > 0 {
				row.Reminders, row.LastReminder = n.count, &n.last
			}
		}
		out.Silent = append(out.Silent, row)
	}
	return nil
}

// count draws the state line's numbers from the lists.
func (c *Cockpit) count() {
	lag := map[string]bool{}
	for _, r := range c.Lagging {
		lag[r.Division.Code] = true
	}
	c.Counts.Lagging = len(lag)
	for _, d := range c.Due {
		switch {
		case d.State == Missed:
			c.Counts.Missed++
		case d.State != Met:
			c.Counts.DueSoon++
		}
	}
}

// dueSoon are the deadlines of the next 30 days and those missed this year.
func (s *Service) dueSoon(ctx context.Context, p *identity.Principal, l *lens, v View) ([]DeadlineRow, error) {
	all, err := s.Deadlines(ctx, p, v)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all.Rows, func(r DeadlineRow) bool {
		return r.State == Met || r.DaysLeft > dueWithin || r.DaysLeft < -366
	}), nil
}

// Deadlines is the calendar of a scope for the year of the month shown, nearest first.
func (s *Service) Deadlines(ctx context.Context, p *identity.Principal, v View) (*Deadlines, error) {
	l, err := s.lens(ctx, viewer{p, identity.FigureRead}, v, v.Line)
	if err != nil {
		return nil, err
	}
	out := &Deadlines{Rows: []DeadlineRow{}}
	err = s.db.Snapshot(ctx, func(q store.Querier) error {
		var aims []aim
		for _, d := range l.cat.Deadlines() {
			if l.seesDeadline(p, d, v.Line) {
				aims = append(aims, l.aimsOf(d)...)
			}
		}
		return l.read(ctx, q, aims)
	})
	if err != nil {
		return nil, err
	}
	out.Standing, out.Divisions = l.standing(), l.refs()
	for _, d := range l.cat.Deadlines() {
		if !l.seesDeadline(p, d, v.Line) {
			continue
		}
		row, err := l.deadline(d)
		if err != nil {
			return nil, err
		}
		out.Rows = append(out.Rows, row)
	}
	slices.SortStableFunc(out.Rows, func(a, b DeadlineRow) int { return cmp.Compare(a.DaysLeft, b.DaysLeft) })
	return out, nil
}

func (l *lens) seesDeadline(p *identity.Principal, d pack.Deadline, line string) bool {
	pk := l.cat.PackOfDeadline(d.ID)
	return pk != nil && (line == "" || pk.Line == line) && p.Can(identity.FigureRead, pk.Line, l.scope.ID)
}

func (l *lens) aimsOf(d pack.Deadline) []aim {
	var out []aim
	for _, id := range d.Targets {
		if t, ok := l.cat.Target(id); ok {
			ind, _ := l.cat.Indicator(t.Indicator)
			out = append(out, aim{ind, &t})
		}
	}
	return out
}

// deadline judges one deadline for the scope and each division below.
func (l *lens) deadline(d pack.Deadline) (DeadlineRow, error) {
	pk := l.cat.PackOfDeadline(d.ID)
	due, err := judge.ParseDue(d.Due, l.period.Year())
	if err != nil {
		return DeadlineRow{}, err
	}
	row := DeadlineRow{ID: d.ID, Title: d.Title, Pack: pk.ID, Line: pk.Line, Due: due, DaysLeft: dateOf(l.instant()).DaysUntil(due)}
	pastDue := !l.instant().Before(due.End())
	var totals []judge.State
	each := make([][]judge.State, len(l.below))
	for _, a := range l.aimsOf(d) {
		item := DeadlineItem{Measure: l.cat.measureOf(a, l.period.Year()), Total: l.cell(a, l.scope)}
		total := judge.StateOf(judge.Grade(item.Total.Grade), pastDue)
		totals, item.State = append(totals, total), DeadlineState(total)
		if a.indicator.Level == pack.County {
			for i, div := range l.below {
				c := l.cell(a, div)
				state := judge.StateOf(judge.Grade(c.Grade), pastDue)
				each[i] = append(each[i], state)
				item.Cells, item.States = append(item.Cells, c), append(item.States, DeadlineState(state))
			}
		}
		row.Items = append(row.Items, item)
	}
	row.State = DeadlineState(judge.Combine(totals))
	if len(l.below) == 0 {
		each = [][]judge.State{totals}
	}
	for _, list := range each {
		if len(list) > 0 {
			row.Count++
			if judge.Combine(list) == judge.Met {
				row.MetCount++
			}
		}
	}
	return row, nil
}
