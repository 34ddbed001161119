package web

import (
	"context"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/oversight"
	"anlan/internal/oversight/compare"
	"anlan/internal/programme"
	"anlan/internal/quantity"
)

// OversightStatistics is what problems came to as of a day, by county and over all.
type OversightStatistics struct {
	Scope      programme.DivisionRef `json:"scope"`
	From       *hydrotime.Date       `json:"from"`
	AsOf       hydrotime.Date        `json:"as_of"`
	Measures   []MeasureHead         `json:"measures"`
	Rows       []StatisticsRow       `json:"rows"`
	Total      StatisticsRow         `json:"total"`
	Comparison *ComparisonView       `json:"comparison"`
}

// MeasureHead is a measure as the head of a column.
type MeasureHead struct {
	Code   string     `json:"code"`
	Name   fault.Text `json:"name"`
	Unit   string     `json:"unit" enum:"one,percent"`
	Sides  bool       `json:"sides" doc:"It has a numerator and a denominator"`
	Better string     `json:"better" enum:"more,less,neither"`
}

// StatisticsRow is the measures of one division, in the order of the heads.
type StatisticsRow struct {
	Division programme.DivisionRef `json:"division"`
	Values   []StatisticsValue     `json:"values"`
	Origins  []OriginTally         `json:"origins"`
	Severity map[string]int64      `json:"severities"`
}

// StatisticsValue is one measure, with its two sides where it has them.
type StatisticsValue struct {
	Value       quantity.Null `json:"value"`
	Numerator   *int64        `json:"numerator"`
	Denominator *int64        `json:"denominator"`
}

// OriginTally is how the problems found by one level stand.
type OriginTally struct {
	Origin     compare.Origin `json:"origin" enum:"ministry,province,city,county,self"`
	Found      int64          `json:"found"`
	Closed     int64          `json:"closed"`
	Controlled int64          `json:"controlled"`
	Open       int64          `json:"open"`
	Rate       quantity.Null  `json:"rate" doc:"Closed over found, in percent"`
}

// ComparisonView is the four comparisons with scores.
type ComparisonView struct {
	Title  fault.Text       `json:"title"`
	Basis  fault.Text       `json:"basis"`
	Sample bool             `json:"sample" doc:"The formulas wait for the operator's own"`
	Parts  []compare.Part   `json:"parts"`
	Scores []ComparisonLine `json:"scores" doc:"Best first"`
}

// ComparisonLine is one county compared.
type ComparisonLine struct {
	Division programme.DivisionRef `json:"division"`
	Rank     *int                  `json:"rank" doc:"Null where a part has no score"`
	Total    quantity.Null         `json:"total"`
	Parts    []quantity.Null       `json:"parts"`
}

func (s *Server) addStatisticsRoutes() {
	add(s, Route{Method: "GET", Path: "/api/oversight/statistics", ID: "oversightStatistics", Summary: "Problems, rates and the four comparisons as of any day", Tag: "oversight", Permission: identity.MatterRead}, s.oversightStatistics)
}

func (s *Server) oversightStatistics(ctx context.Context, p *identity.Principal, in *struct {
	Scope string   `query:"scope" required:"true" maxLength:"20"`
	Line  []string `query:"line" maxItems:"20"`
	From  string   `query:"from" maxLength:"10" doc:"Found from this day on; ever where absent"`
	AsOf  string   `query:"as_of" maxLength:"10" doc:"The last day that counts; today where absent"`
},
) (*OversightStatistics, error) {
	scope, err := s.divisionOf(ctx, in.Scope)
	if err != nil {
		return nil, err
	}
	q := oversight.StatisticsQuery{Scope: scope.ID, Lines: in.Line, AsOf: hydrotime.DateOf(s.Now())}
	if in.AsOf != "" {
		if q.AsOf, err = hydrotime.ParseDate(in.AsOf); err != nil {
			return nil, badDay("as_of", err)
		}
	}
	if in.From != "" {
		from, err := hydrotime.ParseDate(in.From)
		if err != nil {
			return nil, badDay("from", err)
		}
		q.From = &from
	}
	st, err := s.Oversight.Statistics(ctx, p, q)
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := &OversightStatistics{Scope: programme.RefOf(tree, scope), From: q.From, AsOf: q.AsOf, Rows: []StatisticsRow{}}
	for _, m := range compare.Measures() {
		out.Measures = append(out.Measures, MeasureHead{m.Code, m.Name, m.Unit, m.Sides, m.Better})
	}
	out.Total = statisticsRow(out.Scope, st.Total)
	refs := map[string]programme.DivisionRef{}
	for _, d := range st.Counties {
		refs[d.Code] = programme.RefOf(tree, d)
		out.Rows = append(out.Rows, statisticsRow(refs[d.Code], st.Stats[d.Code]))
	}
	if c := st.Comparison; c != nil {
		out.Comparison = &ComparisonView{Title: c.Title, Basis: c.Basis, Sample: c.Sample, Parts: c.Parts, Scores: []ComparisonLine{}}
		for _, sc := range st.Scores {
			line := ComparisonLine{Division: refs[sc.Division], Total: sc.Total, Parts: sc.Parts}
			if sc.Total.Valid {
				line.Rank = &sc.Rank
			}
			out.Comparison.Scores = append(out.Comparison.Scores, line)
		}
	}
	return out, nil
}

func statisticsRow(ref programme.DivisionRef, st compare.Stat) StatisticsRow {
	row := StatisticsRow{Division: ref, Severity: map[string]int64{}, Origins: []OriginTally{}}
	for _, m := range compare.Measures() {
		v := StatisticsValue{Value: m.Value(st)}
		if r, ok := m.Rate(st); ok {
			v.Numerator, v.Denominator = &r.Numerator, &r.Denominator
		}
		row.Values = append(row.Values, v)
	}
	for _, o := range compare.Origins() {
		t := st.ByOrigin[o]
		row.Origins = append(row.Origins, OriginTally{o, t.Found, t.Closed, t.Controlled, t.Open, t.Rectified().Percent()})
	}
	for sev, n := range st.BySeverity {
		if sev != "" {
			row.Severity[string(sev)] = n
		}
	}
	return row
}
