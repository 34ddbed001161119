package oversight

import (
	"context"
	"slices"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/oversight/compare"
	"anlan/internal/quantity"
)

// Figure is what supervision counts for a county: a number, or a rate as its two sides.
type Figure struct {
	N  quantity.Decimal
	Of quantity.Null
}

// figures are what can be counted of a county's statistics, by name.
func figures() map[string]func(s compare.Stat) (Figure, bool) {
	number := func(of func(s compare.Stat) int64) func(s compare.Stat) (Figure, bool) {
		return func(s compare.Stat) (Figure, bool) { return Figure{N: quantity.Int(of(s))}, true }
	}
	rate := func(of func(s compare.Stat) compare.Rate) func(s compare.Stat) (Figure, bool) {
		return func(s compare.Stat) (Figure, bool) {
			r := of(s)
			return Figure{N: quantity.Int(r.Numerator), Of: quantity.Some(quantity.Int(r.Denominator))}, true
		}
	}
	origin := func(list ...compare.Origin) func(s compare.Stat) (Figure, bool) {
		return rate(func(s compare.Stat) compare.Rate {
			var r compare.Rate
			for _, o := range list {
				t := s.ByOrigin[o].Rectified()
				r.Numerator, r.Denominator = r.Numerator+t.Numerator, r.Denominator+t.Denominator
			}
			return r
		})
	}
	return map[string]func(s compare.Stat) (Figure, bool){
		"trips":              number(func(s compare.Stat) int64 { return s.Trips }),
		"works":              number(func(s compare.Stat) int64 { return s.Objects }),
		"problems":           number(func(s compare.Stat) int64 { return s.Found }),
		"most":               number(func(s compare.Stat) int64 { return s.Most }),
		"rectified":          rate(func(s compare.Stat) compare.Rate { return s.Rectified() }),
		"rectified/ministry": origin(compare.Origin(matter.Ministry)),
		"rectified/province": origin(compare.Origin(matter.Province)),
		"rectified/city":     origin(compare.Origin(matter.City)),
		"rectified/county":   origin(compare.Origin(matter.County), compare.Origin(matter.Self)),
		"on_time":            rate(func(s compare.Stat) compare.Rate { return s.OnTime }),
		"heavier":            rate(compare.Stat.HeavierShare),
		"repeated":           rate(compare.Stat.RepeatRate),
		"median_days": func(s compare.Stat) (Figure, bool) {
			m := s.MedianDays()
			return Figure{N: m.Decimal}, m.Valid
		},
	}
}

// Figures counts figures of supervision by county, from the first of the year to the end of a day: "problems",
// "rectified/province"; of the findings of one checklist "closed/four-illegals", and of its hazards that are not mended
// "controlled/pre-flood". It asks no permission, and counts nothing of what an unannounced inspection still hides. A name that there is
// not is not in the answer.
func (s *Service) Figures(ctx context.Context, names []string, asOf hydrotime.Date) (map[string]map[string]Figure, error) {
	tree, err := s.reg.Tree(ctx)
	if err != nil {
		return nil, err
	}
	lists := map[string]map[string]bool{}
	out := map[string]map[string]Figure{}
	for _, name := range names {
		word, id, _ := strings.Cut(name, "/")
		switch {
		case figures()[name] != nil:
			out[name] = map[string]Figure{}
		case word == "closed" || word == "controlled":
			items, err := s.itemsOf(ctx, id)
			if fault.Is(err, fault.NotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			lists[name], out[name] = items, map[string]Figure{}
		}
	}
	q := StatisticsQuery{From: &hydrotime.Date{Year: asOf.Year, Month: 1, Day: 1}, AsOf: asOf}
	for _, root := range tree.Roots() {
		q.Scope = root.ID
		everybody := identity.NewPrincipal("program", "program", "anlan", root.ID, []identity.Grant{{Role: "viewer", Line: identity.AnyLine, Division: root.ID}}, tree)
		st, err := s.Statistics(ctx, everybody, q)
		if err != nil {
			return nil, err
		}
		for county, stat := range st.Stats {
			for name, into := range out {
				if f := figures()[name]; f != nil && stat.Found+stat.Trips > 0 {
					if v, ok := f(stat); ok {
						into[county] = v
					}
				}
			}
		}
		err = s.eachRecord(ctx, everybody, tree, q, func(r *compare.Record) {
			for name, items := range lists {
				if items[r.Item] {
					countItem(out[name], r, strings.HasPrefix(name, "controlled"), *q.From, asOf)
				}
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// itemsOf are the clauses of a checklist as it is in force.
func (s *Service) itemsOf(ctx context.Context, list string) (map[string]bool, error) {
	book, err := s.Book(ctx)
	if err != nil {
		return nil, err
	}
	c, err := book.Version(list, 0)
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, section := range c.Sections {
		for _, clause := range section.Clauses {
			out[clause.Code] = true
		}
	}
	return out, nil
}

// countItem counts what became of one finding: closed over found this year, or under control over not mended.
func countItem(into map[string]Figure, r *compare.Record, controlled bool, from, asOf hydrotime.Date) {
	at := asOf.End()
	dismissed := !r.Dismissed.IsZero() && r.Dismissed.Before(at)
	if dismissed || !r.Opened.Before(at) || !controlled && r.Found.Before(from.Start()) {
		return
	}
	rests := func(k compare.Kind) bool {
		return slices.ContainsFunc(r.Spans, func(sp compare.Span) bool {
			return sp.Kind == k && sp.From.Before(at) && (sp.Until.IsZero() || !sp.Until.Before(at))
		})
	}
	f := into[r.Division]
	switch {
	case controlled && rests(compare.Closed):
		return
	case controlled && rests(compare.Controlled), !controlled && rests(compare.Closed):
		f.N += quantity.Int(1)
	}
	f.Of = quantity.Some(f.Of.Decimal + quantity.Int(1))
	into[r.Division] = f
}
