package oversight

import (
	"context"
	"maps"
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
		records, err := s.records(ctx, everybody, tree, q)
		if err != nil {
			return nil, err
		}
		visits, err := s.visits(ctx, everybody, tree, q)
		if err != nil {
			return nil, err
		}
		for county, st := range compare.ByDivision(records, visits, compare.Query{From: q.From.Start(), At: asOf.End()}, func(string) string { return "" }) {
			for name, into := range out {
				if f := figures()[name]; f != nil && st.Found+st.Trips > 0 {
					if v, ok := f(st); ok {
						into[county] = v
					}
				}
			}
		}
		for name, items := range lists {
			maps.Copy(out[name], countItems(records, items, strings.HasPrefix(name, "controlled"), *q.From, asOf))
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

// countItems counts by county what became of the findings of some clauses: closed over found this year, or under control over not
// mended.
func countItems(records []compare.Record, items map[string]bool, controlled bool, from, asOf hydrotime.Date) map[string]Figure {
	n, of := map[string]int64{}, map[string]int64{}
	at := asOf.End()
	for _, r := range records {
		dismissed := !r.Dismissed.IsZero() && r.Dismissed.Before(at)
		if !items[r.Item] || dismissed || !r.Opened.Before(at) || !controlled && r.Found.Before(from.Start()) {
			continue
		}
		rests := func(k compare.Kind) bool {
			return slices.ContainsFunc(r.Spans, func(sp compare.Span) bool {
				return sp.Kind == k && sp.From.Before(at) && (sp.Until.IsZero() || !sp.Until.Before(at))
			})
		}
		switch {
		case controlled && rests(compare.Closed):
			continue
		case controlled && rests(compare.Controlled), !controlled && rests(compare.Closed):
			n[r.Division]++
		}
		of[r.Division]++
	}
	out := map[string]Figure{}
	for county, all := range of {
		out[county] = Figure{N: quantity.Int(n[county]), Of: quantity.Some(quantity.Int(all))}
	}
	return out
}
