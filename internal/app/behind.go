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

// behind tells the ladder what the figures say of causes now: of a lag the points behind the calendar and the rank among the city's
// divisions, of a return not filed how often it was called for. Of other causes, and of what is no longer asked for, nothing is known.
func (a *App) behind(ctx context.Context, causes []string) (map[string]oversight.Behind, error) {
	tree, err := a.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	root, ok := tree.ByCode(a.Config.City)
	if !ok {
		return nil, nil
	}
	f := figuresBehind{a, identity.NewPrincipal("program", "program", "anlan", root.ID, []identity.Grant{{Role: "viewer", Line: identity.AnyLine, Division: root.ID}}, tree), map[[2]string]*programme.Ranking{}}
	out := map[string]oversight.Behind{}
	for _, cause := range causes {
		var known oversight.Behind
		switch key := strings.Split(cause, "/"); {
		case key[0] == "lag" && len(key) == 5:
			known, err = f.lagging(ctx, key[1], key[2], key[3], key[4])
		case key[0] == "missing" && len(key) == 4:
			known.Reminders, err = f.reminded(ctx, key[1], key[2], key[3])
		}
		if err != nil && !fault.Is(err, fault.NotFound) { // a measure or a form may have been dropped since
			return nil, err
		}
		if err == nil {
			out[cause] = known
		}
	}
	return out, nil
}

// figuresBehind reads figures for the ladder, each ranking once.
type figuresBehind struct {
	*App
	everything *identity.Principal
	ranked     map[[2]string]*programme.Ranking
}

func (f figuresBehind) lagging(ctx context.Context, indicator, target, division, year string) (out oversight.Behind, err error) {
	r := f.ranked[[2]string{indicator, target}]
	if r == nil {
		r, err = f.Programme.Ranking(ctx, f.everything, programme.RankingQuery{View: programme.View{Scope: f.Config.City}, Indicator: indicator, Target: target})
		if err != nil {
			return out, err
		}
		f.ranked[[2]string{indicator, target}] = r
	}
	if strconv.Itoa(r.Period.Year()) != year {
		return out, nil
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

func (f figuresBehind) reminded(ctx context.Context, form, division, period string) (int, error) {
	month, err := hydrotime.ParseMonth(period)
	if err != nil {
		return 0, nil
	}
	list, err := f.Programme.List(ctx, f.everything, programme.ReturnsQuery{Scope: division, From: month, To: month, Form: form, Limit: 100})
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
