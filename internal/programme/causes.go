package programme

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/registry"
)

// CauseKinds are the kinds of matter that figures open and clear.
func CauseKinds() []matter.Kind { return []matter.Kind{matter.Lag, matter.Missing, matter.Overdue} }

// Causes lists what is wrong in the figures of a scope now: counties behind the calendar on a headline target, returns due and not
// filed, deadlines missed. The keys last as long as the cause, so that each opens one matter. Of the causes that stand already, by their
// keys, those of months and years gone by are looked at again: time alone mends nothing.
func (s *Service) Causes(ctx context.Context, scope string, standing ...string) ([]matter.Cause, error) {
	tree, err := s.reg.Tree(ctx)
	if err != nil {
		return nil, err
	}
	root, ok := tree.ByCode(scope)
	if !ok {
		return nil, fault.NotFoundf("division.unknown", "没有代码为 %s 的区划", "there is no division %s", scope)
	}
	everything := identity.NewPrincipal("program", "program", "anlan", root.ID, []identity.Grant{{Role: "viewer", Line: identity.AnyLine, Division: root.ID}}, tree)
	cockpit, err := s.Cockpit(ctx, everything, View{Scope: scope})
	if err != nil {
		return nil, err
	}
	c := causes{tree: tree, keeper: root.ID, now: s.now()}
	c.lags(cockpit)
	if err := c.silent(ctx, s, everything, root, cockpit.Period.Add(-2), cockpit.Period); err != nil {
		return nil, err
	}
	deadlines, err := s.Deadlines(ctx, everything, View{Scope: scope})
	if err != nil {
		return nil, err
	}
	c.missed(deadlines)
	past, err := s.pastCauses(ctx, tree, everything, root, cockpit.Period, standing)
	return append(c.list, past...), err
}

// pastCauses are those that stand, are older than what is looked at for new ones, and are still not mended.
func (s *Service) pastCauses(ctx context.Context, tree *registry.Tree, everything *identity.Principal, root registry.Division, period hydrotime.Month, standing []string) ([]matter.Cause, error) {
	c := causes{tree: tree, keeper: root.ID, now: s.now()}
	stands := map[string]bool{}
	years := map[int]bool{}
	oldest := period.Add(-2)
	for _, key := range standing {
		stands[key] = true
		word, rest, _ := strings.Cut(key, "/")
		last := rest[strings.LastIndex(rest, "/")+1:]
		switch word {
		case "missing":
			if m, err := hydrotime.ParseMonth(last); err == nil && m < oldest {
				oldest = m
			}
		case "lag", "deadline":
			if y, err := strconv.Atoi(last); err == nil && y < period.Year() {
				years[y] = true
			}
		}
	}
	if oldest < period.Add(-2) {
		if err := c.silent(ctx, s, everything, root, oldest, period.Add(-3)); err != nil {
			return nil, err
		}
	}
	for y := range years {
		view := View{Scope: root.Code, Period: hydrotime.NewMonth(y, 12)}
		cockpit, err := s.Cockpit(ctx, everything, view)
		if err != nil {
			return nil, err
		}
		c.lags(cockpit)
		deadlines, err := s.Deadlines(ctx, everything, view)
		if err != nil {
			return nil, err
		}
		c.missed(deadlines)
	}
	list := slices.DeleteFunc(c.list, func(x matter.Cause) bool { return !stands[x.Key] })
	for i := range list {
		list[i].Past = true
	}
	return list, nil
}

type causes struct {
	tree   *registry.Tree
	keeper int64
	now    time.Time
	list   []matter.Cause
}

func (c *causes) add(kind matter.Kind, key, line, division string, title fault.Text, detail, note string, severity matter.Severity) {
	d, ok := c.tree.ByCode(division)
	if !ok {
		return
	}
	c.list = append(c.list, matter.Cause{
		Key: key, Kind: kind, Line: line, Division: d.ID, Keeper: c.keeper, Title: title, Detail: detail, Note: note, Severity: severity,
	})
}

// lags are counties behind on headline measures. The month stands in the detail, which is written again as it moves on.
func (c *causes) lags(v *Cockpit) {
	severity := map[Grade]matter.Severity{Lag: matter.General, Serious: matter.Heavier, Overdue: matter.Serious}
	word := map[Grade]fault.Text{Lag: fault.T("滞后", "behind"), Serious: fault.T("严重滞后", "far behind"), Overdue: fault.T("逾期未完成", "overdue")}
	for _, g := range v.Groups {
		for _, row := range g.Rows {
			for _, cell := range row.Cells {
				grade, behind := severity[cell.Grade]
				if !behind {
					continue
				}
				d, _ := c.tree.ByCode(cell.Division)
				gap := ""
				if cell.Gap.Valid {
					gap = "，" + cell.Gap.Decimal.Round(1).String()
				}
				name := row.Measure.Name
				if row.Measure.Aim.Zh != "" {
					name = fault.T(name.Zh+"（"+row.Measure.Aim.Zh+"）", name.En+" ("+row.Measure.Aim.En+")")
				}
				w := word[cell.Grade]
				key := fmt.Sprintf("lag/%s/%s/%s/%d", row.Measure.Indicator, row.Measure.Target, cell.Division, v.Period.Year())
				detail := fmt.Sprintf("%s：%s%s", v.Period, w.Zh, gap)
				c.add(matter.Lag, key, g.Line, cell.Division, fault.T(d.ShortZh+" "+name.Zh+w.Zh, d.NameEn+": "+name.En+" "+w.En), detail, detail, grade)
			}
		}
	}
}

// silent are returns due and not filed of some months.
func (c *causes) silent(ctx context.Context, s *Service, p *identity.Principal, root registry.Division, from, to hydrotime.Month) error {
	cat, tree, err := s.context(ctx)
	if err != nil {
		return err
	}
	rows, err := s.board(ctx, cat, tree, p, boardQuery{root: root, from: from, to: to})
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.State.filed() || c.now.Before(r.DueAt) {
			continue
		}
		d, _ := c.tree.ByCode(r.Division.Code)
		title := fault.T(fmt.Sprintf("%s 未报《%s》%s", d.ShortZh, r.Title.Zh, r.Period), fmt.Sprintf("%s has not filed %s of %s", d.NameEn, r.Title.En, r.Period))
		severity := matter.General
		if r.DaysLate >= 15 {
			severity = matter.Heavier
		}
		c.add(matter.Missing, fmt.Sprintf("missing/%s/%s/%s", r.Form, r.Division.Code, r.Period), r.Line, r.Division.Code, title, "", "", severity)
	}
	return nil
}

// missed are deadlines past, in each county that has not met them.
func (c *causes) missed(v *Deadlines) {
	for _, row := range v.Rows {
		missed := map[string]bool{}
		for _, item := range row.Items {
			for i, state := range item.States {
				if state == Missed && i < len(v.Divisions) {
					missed[v.Divisions[i].Code] = true
				}
			}
		}
		for _, ref := range v.Divisions {
			if !missed[ref.Code] {
				continue
			}
			title := fault.T(fmt.Sprintf("%s %s 逾期", ref.Short, row.Title.Zh), fmt.Sprintf("%s: %s missed", ref.Name.En, row.Title.En))
			c.add(matter.Overdue, fmt.Sprintf("deadline/%s/%s/%d", row.ID, ref.Code, v.Period.Year()), row.Line, ref.Code, title, row.Due.String(), "", matter.Serious)
		}
	}
}
