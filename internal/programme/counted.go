package programme

import (
	"context"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
	"anlan/internal/registry"
)

// Counted is a figure that a ledger or a register counts for one division by itself (台账数): the value, or the numerator with its
// denominator.
type Counted struct {
	Value quantity.Null
	Base  quantity.Null
}

// Counter counts sources by division, by code, at the end of a day. A division that a source knows nothing of, and a source that
// there is not, are not in the answer.
type Counter func(ctx context.Context, sources []string, asOf hydrotime.Date) (map[string]map[string]Counted, error)

// CountedQuery is which indicators are held against what is counted.
type CountedQuery struct {
	Scope     string
	Period    hydrotime.Month // the month before now where 0
	Form      string          // only the lines of this form
	Indicator string          // only this one
}

// CountedView holds what was filed against what is counted.
type CountedView struct {
	Scope  DivisionRef     `json:"scope"`
	Period hydrotime.Month `json:"period"`
	Day    hydrotime.Date  `json:"day" doc:"At whose end it is counted: the last of the month, or today"`
	Rows   []CountedRow    `json:"rows"`
}

// CountedRow is one indicator that is counted elsewhere.
type CountedRow struct {
	Indicator string        `json:"indicator"`
	Name      fault.Text    `json:"name"`
	Pack      string        `json:"pack"`
	Line      string        `json:"line"`
	Unit      string        `json:"unit"`
	Ratio     bool          `json:"ratio"`
	Source    string        `json:"source" doc:"What counts it: ledger/small-hydropower/done"`
	Trouble   fault.Text    `json:"trouble" doc:"Why it could not be counted; empty where it was"`
	Cells     []CountedCell `json:"cells"`
	Differing int           `json:"differing"`
}

// CountedCell is one division's figure, counted and filed.
type CountedCell struct {
	Division    DivisionRef   `json:"division"`
	Counted     quantity.Null `json:"counted" doc:"Absent where the source knows nothing of the division"`
	CountedBase quantity.Null `json:"counted_denominator"`
	Filed       quantity.Null `json:"filed" doc:"Absent where nothing was submitted"`
	FiledBase   quantity.Null `json:"filed_denominator"`
	Differs     bool          `json:"differs" doc:"Both are there and are not the same"`
}

// Counted holds the figures of a scope that are counted elsewhere against what was filed. Without a counter nothing is counted.
func (s *Service) Counted(ctx context.Context, p *identity.Principal, q CountedQuery) (*CountedView, error) {
	l, err := s.lens(ctx, viewer{p, identity.FigureRead}, View{Scope: q.Scope, Period: q.Period}, "")
	if err != nil {
		return nil, err
	}
	out := &CountedView{Scope: RefOf(l.tree, l.scope), Period: l.period, Day: lastDay(l.period, s.now()), Rows: []CountedRow{}}
	var lines map[string]bool
	if q.Form != "" {
		form, ok := l.cat.Form(q.Form)
		if !ok {
			return nil, fault.NotFoundf("form.unknown", "没有报表 %s", "there is no form %s", q.Form)
		}
		lines = map[string]bool{}
		for _, code := range form.Lines {
			lines[code] = true
		}
	}
	var sources []string
	for _, pk := range l.cat.Packs() {
		if !p.Can(identity.FigureRead, pk.Line, l.scope.ID) {
			continue
		}
		for _, ind := range pk.Indicators {
			if ind.Counted == "" || q.Indicator != "" && ind.Code != q.Indicator || lines != nil && !lines[ind.Code] {
				continue
			}
			sources = append(sources, ind.Counted)
			out.Rows = append(out.Rows, CountedRow{
				Indicator: ind.Code, Name: ind.Name, Pack: pk.ID, Line: pk.Line, Unit: ind.Unit, Ratio: ind.Ratio != nil, Source: ind.Counted, Cells: []CountedCell{},
			})
		}
	}
	counted := map[string]map[string]Counted{}
	if s.counter != nil && len(sources) > 0 {
		if counted, err = s.counter(ctx, sources, out.Day); err != nil {
			return nil, err
		}
	}
	for i := range out.Rows {
		row := &out.Rows[i]
		byCode, ok := counted[row.Source]
		if !ok {
			row.Trouble = fault.Tf("没有台账来源 %s", "there is no source %s", row.Source)
		}
		if err := s.holdAgainst(ctx, l, row, byCode); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// lastDay is the day at whose end a month is counted.
func lastDay(m hydrotime.Month, now time.Time) hydrotime.Date {
	day, today := hydrotime.DateOf(m.End().Add(-time.Millisecond)), hydrotime.DateOf(now)
	if day.DaysUntil(today) < 0 {
		return today
	}
	return day
}

// holdAgainst lays what was filed beside what is counted, division by division.
func (s *Service) holdAgainst(ctx context.Context, l *lens, row *CountedRow, byCode map[string]Counted) error {
	ind, _ := l.cat.Indicator(row.Indicator)
	filers := l.tree.Filers(l.scope.ID, string(ind.Level), l.period.End())
	w := want{indicators: []int64{l.cat.number[ind.Code]}, periods: []hydrotime.Month{l.period}, divisions: ids(filers)}
	filed, err := loadFigures(ctx, s.db, w, time.Time{})
	if err != nil {
		return err
	}
	for _, d := range filers {
		c := CountedCell{Division: RefOf(l.tree, d)}
		c.Counted, c.CountedBase = countedOf(l.tree, d, byCode, ind)
		f := filed[figureKey{l.cat.number[ind.Code], l.period, d.ID}]
		c.Filed, c.FiledBase = f.value, f.base
		if ind.Ratio == nil {
			c.CountedBase, c.FiledBase = quantity.Null{}, quantity.Null{}
		}
		c.Differs = c.Counted.Valid && c.Filed.Valid && (c.Counted != c.Filed || c.CountedBase != c.FiledBase)
		if c.Differs {
			row.Differing++
		}
		row.Cells = append(row.Cells, c)
	}
	return nil
}

// countedOf adds up what is counted for a division: its own, what lies in divisions that it holds inside, and for one above the
// counties all of them. What cannot be added, such as a median, is only there for whom it was counted.
func countedOf(tree *registry.Tree, d registry.Division, byCode map[string]Counted, ind pack.Indicator) (value, base quantity.Null) {
	sum := ind.Rollup == pack.Sum || ind.Rollup == ""
	for _, other := range tree.All() {
		c, ok := byCode[other.Code]
		inside := other.InsideID != nil && *other.InsideID == d.ID
		if !ok || other.ID != d.ID && !(sum && (inside || tree.Within(d.ID, other.ID))) {
			continue
		}
		value, base = plus(value, c.Value), plus(base, c.Base)
	}
	return value, base
}

func plus(a, b quantity.Null) quantity.Null {
	if !a.Valid || !b.Valid {
		if b.Valid {
			return b
		}
		return a
	}
	return quantity.Some(a.Decimal + b.Decimal)
}
