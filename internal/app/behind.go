package app

import (
	"context"
	"strconv"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/oversight"
	"anlan/internal/programme"
	"anlan/internal/quantity"
)

// behind tells the ladder what the figures say of a cause now: of a lag the points behind the calendar and the rank among the city's
// divisions, of a return not filed how often it was called for. Of other causes, and of what is no longer asked for, nothing is known.
func (a *App) behind(ctx context.Context, cause string) (oversight.Behind, error) {
	tree, err := a.Registry.Tree(ctx)
	if err != nil {
		return oversight.Behind{}, err
	}
	root, ok := tree.ByCode(a.Config.City)
	if !ok {
		return oversight.Behind{}, nil
	}
	everything := identity.NewPrincipal("program", "program", "anlan", root.ID, []identity.Grant{{Role: "viewer", Line: identity.AnyLine, Division: root.ID}}, tree)
	var out oversight.Behind
	switch key := strings.Split(cause, "/"); {
	case key[0] == "lag" && len(key) == 5:
		out, err = a.lagging(ctx, everything, key[1], key[2], key[3], key[4])
	case key[0] == "missing" && len(key) == 4:
		out.Reminders, err = a.reminded(ctx, everything, key[1], key[2], key[3])
	}
	if fault.Is(err, fault.NotFound) { // a measure or a form that was dropped since
		return oversight.Behind{}, nil
	}
	return out, err
}

func (a *App) lagging(ctx context.Context, p *identity.Principal, indicator, target, division, year string) (oversight.Behind, error) {
	var out oversight.Behind
	r, err := a.Programme.Ranking(ctx, p, programme.RankingQuery{View: programme.View{Scope: a.Config.City}, Indicator: indicator, Target: target})
	if err != nil || strconv.Itoa(r.Period.Year()) != year {
		return out, err
	}
	for _, row := range r.Rows {
		if row.Rank != nil {
			out.Peers++
		}
		if row.Division.Code != division {
			continue
		}
		if row.Rank != nil {
			out.Rank = *row.Rank
		}
		// What is judged by its value has a gap in its own unit.
		if gap := row.Cell.Gap; r.By != "value" && gap.Valid && gap.Decimal < 0 {
			out.Points = quantity.Some(-gap.Decimal)
		}
	}
	return out, nil
}

func (a *App) reminded(ctx context.Context, p *identity.Principal, form, division, period string) (int, error) {
	month, err := hydrotime.ParseMonth(period)
	if err != nil {
		return 0, nil
	}
	list, err := a.Programme.List(ctx, p, programme.ReturnsQuery{Scope: division, From: month, To: month, Form: form, Limit: 100})
	if err != nil {
		return 0, err
	}
	for _, r := range list.Items {
		if r.Form == form && r.Division.Code == division {
			return r.Reminders, nil
		}
	}
	return 0, nil
}
