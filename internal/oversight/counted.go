package oversight

import (
	"context"
	"maps"
	"slices"
	"strings"

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
//
// A county without records has zeros where the city has any of that year, or any of that checklist; where there is none at all nobody
// has a figure, for then supervision is not kept here.
func (s *Service) Figures(ctx context.Context, names []string, asOf hydrotime.Date) (map[string]map[string]Figure, error) {
	tree, err := s.reg.Tree(ctx)
	if err != nil {
		return nil, err
	}
	book, err := s.Book(ctx)
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
			if items := book.codes(id); len(items) > 0 {
				lists[name], out[name] = items, map[string]Figure{}
			}
		}
	}
	q := StatisticsQuery{From: &hydrotime.Date{Year: asOf.Year, Month: 1, Day: 1}, AsOf: asOf, Told: true}
	for _, root := range tree.Roots() {
		q.Scope = root.ID
		everybody := identity.NewPrincipal("program", "program", "anlan", root.ID, []identity.Grant{{Role: "viewer", Line: identity.AnyLine, Division: root.ID}}, tree)
		st, err := s.Statistics(ctx, everybody, q)
		if err != nil {
			return nil, err
		}
		for county, stat := range st.Stats {
			for name, into := range out {
				if f := figures()[name]; f != nil && st.Total.Found+st.Total.Trips > 0 {
					if v, ok := f(stat); ok {
						into[county] = v
					}
				}
			}
		}
		counted := map[string]map[string]Figure{}
		for name := range lists {
			counted[name] = map[string]Figure{}
		}
		err = s.eachRecord(ctx, everybody, tree, q, func(r *compare.Record) {
			for name, items := range lists {
				if items[r.Item] {
					countItem(counted[name], r, strings.HasPrefix(name, "controlled"), *q.From, asOf)
				}
			}
		})
		if err != nil {
			return nil, err
		}
		for name, of := range counted {
			for _, d := range st.Counties {
				if _, has := of[d.Code]; !has && len(of) > 0 {
					of[d.Code] = Figure{Of: quantity.Some(0)}
				}
			}
			maps.Copy(out[name], of)
		}
	}
	return out, nil
}

// codes are the clauses of every kept version of a checklist, but for those that another list has by now; none where there is no such list.
func (b *Rulebook) codes(list string) map[string]bool {
	out := map[string]bool{}
	for _, c := range b.lists {
		if c.ID != list {
			continue
		}
		for _, section := range c.Sections {
			for _, clause := range section.Clauses {
				if now, _, in := b.Checklists.Clause(clause.Code); !in || now.ID == list {
					out[clause.Code] = true
				}
			}
		}
	}
	return out
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
