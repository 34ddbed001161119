package oversight

import (
	"context"
	"fmt"
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

// Figures counts one figure of supervision by county, from the first of the year to the end of a day: "problems",
// "rectified/province"; of the findings of one checklist "closed/four-illegals", and of its hazards that are not mended
// "controlled/pre-flood". It asks no permission, and counts nothing of what an unannounced inspection still hides.
func (s *Service) Figures(ctx context.Context, name string, asOf hydrotime.Date) (map[string]Figure, error) {
	tree, err := s.reg.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string]Figure{}
	first := hydrotime.Date{Year: asOf.Year, Month: 1, Day: 1}
	word, list, _ := strings.Cut(name, "/")
	f, known := figures()[name]
	if !known && (word != "closed" && word != "controlled" || list == "") {
		return nil, fault.NotFoundf("supervision.figure", "监督统计没有数 %s", "supervision has no figure %s", name)
	}
	for _, root := range tree.Roots() {
		everybody := identity.NewPrincipal("program", "program", "anlan", root.ID, []identity.Grant{{Role: "viewer", Line: identity.AnyLine, Division: root.ID}}, tree)
		q := StatisticsQuery{Scope: root.ID, From: &first, AsOf: asOf}
		if known {
			st, err := s.Statistics(ctx, everybody, q)
			if err != nil {
				return nil, err
			}
			for _, d := range st.Counties {
				if v, ok := f(st.Stats[d.Code]); ok && (st.Stats[d.Code].Found > 0 || st.Stats[d.Code].Trips > 0) {
					out[d.Code] = v
				}
			}
			continue
		}
		records, err := s.records(ctx, everybody, tree, q)
		if err != nil {
			return nil, err
		}
		items, err := s.itemsOf(ctx, list)
		if err != nil {
			return nil, err
		}
		for county, fig := range countItems(records, items, word == "controlled", first, asOf) {
			out[county] = fig
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

// FigureNames lists the figures that Figures has, those of checklists as "closed/LIST" and "controlled/LIST".
func (s *Service) FigureNames(ctx context.Context) ([]string, error) {
	book, err := s.Book(ctx)
	if err != nil {
		return nil, err
	}
	var out []string
	for name := range figures() {
		out = append(out, name)
	}
	for _, c := range book.Checklists.Lists() {
		out = append(out, fmt.Sprintf("closed/%s", c.ID), fmt.Sprintf("controlled/%s", c.ID))
	}
	slices.Sort(out)
	return out, nil
}
