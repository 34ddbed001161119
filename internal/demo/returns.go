package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/programme"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
)

const (
	firstMonth   = hydrotime.Month(202501)
	presentMonth = hydrotime.Month(202605)
)

// due reports whether a cadence asks for a month.
func due(c pack.Cadence, m hydrotime.Month) bool {
	switch c {
	case pack.Quarterly:
		return m.Number()%3 == 0
	case pack.HalfYear:
		return m.Number()%6 == 0
	case pack.Yearly:
		return m.Number() == 12
	}
	return true
}

// filers are the divisions that file a form.
func filers(form pack.Form) []county {
	if form.Level == pack.City {
		return []county{{City, "绍兴市", "Shaoxing", "绍兴", 1, 1}}
	}
	return counties()
}

// count reads what ledgers and projects count of a month, which is what the counties file; two of them got a figure wrong in the month of the
// story, which the city sees.
func (f *filler) count(ctx context.Context, m hydrotime.Month) error {
	v, err := f.Programme.Counted(ctx, f.as("shenhe"), programme.CountedQuery{Scope: City, Period: m})
	if err != nil {
		return err
	}
	f.counted[m] = map[string]programme.CountedCell{}
	for _, row := range v.Rows {
		for _, c := range row.Cells {
			wrong := m == presentMonth && (row.Indicator == "hydro.rectify" && c.Division.Code == "330604" || row.Indicator == "insp.problems" && c.Division.Code == "330624")
			if row.Indicator == "inv.construction" && !entirely(c.Division.Code) {
				continue // small works stand beside the projects, and are no part of what those add up to
			}
			if wrong && c.Counted.Valid {
				c.Counted = quantity.Some(c.Counted.Decimal + quantity.Int(1))
			}
			if c.Counted.Valid {
				f.counted[m][row.Indicator+" "+c.Division.Code] = c
			}
		}
	}
	return nil
}

// sizes are how much each county has on its ledgers, so that the year's tasks are as large.
func (f *filler) sizes(ctx context.Context) error {
	f.todo, f.counted = map[string]float64{}, map[hydrotime.Month]map[string]programme.CountedCell{}
	day, err := hydrotime.ParseDate(Today)
	if err != nil {
		return err
	}
	for _, ind := range f.cat.Indicators() {
		room, name, _ := strings.Cut(ind.Counted, "/")
		if room == "project" && ind.Ratio == nil && ind.Code != "inv.construction" {
			for _, c := range counties() {
				f.todo[ind.Code+" "+c.code] = f.planned[ind.Code+" "+c.code]
			}
		}
		if room != "ledger" {
			continue
		}
		id, rest, _ := strings.Cut(name, "/")
		_, track, _ := strings.Cut(rest, "/")
		source := strings.TrimSuffix(id+"/done/"+track, "/")
		list, err := f.Ledger.Figures(ctx, []string{source}, day)
		if err != nil {
			return err
		}
		for county, n := range list[source] {
			f.todo[ind.Code+" "+county] = float64(n.Of)
		}
	}
	return nil
}

// past files every month before the present one, locked.
func (f *filler) past(ctx context.Context) error {
	var list []programme.PastReturn
	for m := firstMonth; m < presentMonth; m = m.Add(1) {
		if err := f.count(ctx, m); err != nil {
			return err
		}
		for _, form := range f.cat.Forms() {
			if !due(form.Cadence, m) {
				continue
			}
			for _, c := range filers(form) {
				list = append(list, programme.PastReturn{
					Form: form.ID, Division: f.division(c.code), Period: m, Lines: f.lines(form, c, m),
					By:          identity.Actor{ID: f.ids[loginOf(c.code)], Name: f.names[loginOf(c.code)]},
					SubmittedAt: m.End().Add(time.Duration(24*(1+4*wobble(c.code, m, form.ID))) * time.Hour),
				})
			}
		}
	}
	return f.Programme.LoadPast(ctx, list)
}

// lines makes up one return, always the same for the same county and month.
func (f *filler) lines(form pack.Form, c county, m hydrotime.Month) []programme.LineChange {
	var out []programme.LineChange
	for _, code := range form.Lines {
		ind, _ := f.cat.Indicator(code)
		l := programme.LineChange{Indicator: code}
		told, ok := f.counted[m][code+" "+c.code]
		switch {
		case ok:
			l.Value, l.Base = told.Counted, told.CountedBase
		case strings.HasPrefix(ind.Counted, "project/") && ind.Ratio == nil && ind.Code != "inv.construction":
			l.Value = whole(0) // the county has no such project
		case len(ind.Options) > 0:
			l.Value = stage(ind, c, m)
		case ind.Ratio != nil:
			l.Value, l.Base = f.ratio(ind, c, m)
		default:
			l.Value = f.value(ind, c, m)
		}
		out = append(out, l)
	}
	return out
}

// progress is how far into its year a county's work is by a month.
func progress(ind pack.Indicator, c county, m hydrotime.Month) float64 {
	season := []float64{0.06, 0.14, 0.24, 0.34, 0.44, 0.53, 0.60, 0.68, 0.76, 0.85, 0.93, 1.0}[m.Number()-1]
	pace := c.pace + 0.16*(wobble(ind.Code, c.code, m.Year())-0.5)
	return season * pace * (1 + 0.03*(wobble(ind.Code, c.code, m)-0.5))
}

func (f *filler) value(ind pack.Indicator, c county, m hydrotime.Month) quantity.Null {
	n := f.yearly(ind, c, m.Year()) * progress(ind, c, m)
	switch {
	case strings.HasPrefix(ind.Code, "goal."):
		return whole(0) // no dam fails and nobody is lost in the demo city
	case ind.Unit == "rank":
		return whole(1 + 4*wobble(ind.Code, m))
	case ind.Kind == pack.Stock && ind.Better == pack.Less:
		n = f.yearly(ind, c, m.Year()) * max(0, 1-progress(ind, c, m)) * 0.3
	case ind.Kind == pack.Stock:
		n = f.yearly(ind, c, m.Year()) * (0.6 + 0.4*progress(ind, c, m))
	case ind.Unit == "score":
		n = 93
	}
	if u, ok := quantity.UnitOf(ind.Unit); ok && (u.Dimension == quantity.Count || u.Dimension == quantity.People && u.Code == "person") {
		return whole(n)
	}
	d, err := quantity.FromFloat(float64(int64(n*100)) / 100)
	if err != nil {
		return quantity.Null{}
	}
	return quantity.Some(d)
}

func (f *filler) ratio(ind pack.Indicator, c county, m hydrotime.Month) (numerator, denominator quantity.Null) {
	if n, ok := f.todo[ind.Code+" "+c.code]; ok {
		return whole(n * min(1, 0.3+0.5*progress(ind, c, m))), whole(n)
	}
	base := float64(int(60 * c.size * (0.6 + wobble(ind.Code, c.code))))
	rate := min(1, 0.62+0.86*progress(ind, c, m))
	if ind.Better == pack.Less {
		rate = 0.12 * (2 - c.pace)
	}
	if ind.Ratio.MayExceed {
		rate = min(1.03, 0.9+0.12*c.pace*wobble(ind.Code, c.code))
		base *= 20
	}
	if ind.Ratio.Denominator.Unit == "day" {
		base = float64(30 * m.Number())
	}
	return whole(base * rate), whole(base)
}

func stage(ind pack.Indicator, c county, m hydrotime.Month) quantity.Null {
	step := int(float64(len(ind.Options)) * (0.3 + 0.9*progress(ind, c, m)))
	return quantity.Some(quantity.Int(int64(ind.Options[min(step, len(ind.Options)-1)].Value)))
}

// present plays the month of the founding document through the doors that people use: most have filed, 嵊州 is silent on two
// programmes, 新昌 has only begun, and some wait for review.
func (f *filler) present(ctx context.Context) error {
	if err := f.count(ctx, presentMonth); err != nil {
		return err
	}
	for _, form := range f.cat.Forms() {
		if !due(form.Cadence, presentMonth) {
			continue
		}
		for i, c := range filers(form) {
			if silent(form, c) {
				continue
			}
			if err := f.file(ctx, form, c, i); err != nil {
				return fmt.Errorf("%s of %s: %w", form.ID, c.code, err)
			}
		}
	}
	return nil
}

// remind calls for the return that is still missing.
func (f *filler) remind(ctx context.Context) error {
	_, err := f.Programme.Remind(ctx, f.as("shenhe"), []programme.ReturnKey{{Form: "rural-water.county.month", Division: "330683", Period: presentMonth}}, "phone", "请于今日报送农饮水月报。")
	return err
}

func silent(form pack.Form, c county) bool {
	return c.code == "330683" && slices.Contains([]string{"rural-water.county.month", "supervision.county.month"}, form.ID)
}

// file opens, fills and submits one return, and takes it as far as its turn says.
func (f *filler) file(ctx context.Context, form pack.Form, c county, turn int) error {
	who := f.as(loginOf(c.code))
	if form.Level == pack.City {
		who = f.as("guiji")
	}
	r, err := f.Programme.Open(ctx, who, programme.ReturnKey{Form: form.ID, Division: c.code, Period: presentMonth})
	if err != nil {
		return err
	}
	lines := f.lines(form, c, presentMonth)
	if c.code == "330624" && form.ID == "flash-flood.county.month" {
		lines = lines[:3] // begun and left
	}
	if r, err = f.Programme.SaveLines(ctx, who, r.ID, r.Edit, lines, "typed"); err != nil || len(lines) < len(form.Lines) {
		return err
	}
	if r, err = f.explain(ctx, who, r); err != nil {
		return err
	}
	moves := []programme.Move{programme.Submit}
	if turn%3 != 2 {
		moves = append(moves, programme.Review, programme.Accept)
	}
	for _, m := range moves {
		by := who
		if m != programme.Submit {
			by = f.as("shenhe")
		}
		if r, err = f.Programme.MoveReturn(ctx, by, r.ID, r.Edit, m, ""); err != nil {
			return err
		}
	}
	return nil
}

// explain writes a note wherever a check asks for one.
func (f *filler) explain(ctx context.Context, who *identity.Principal, r *programme.ReturnDetail) (*programme.ReturnDetail, error) {
	var notes []programme.LineChange
	for _, row := range r.Rows {
		asked := slices.ContainsFunc(r.Findings, func(x programme.Finding) bool {
			return x.Indicator == row.Indicator.Code && x.Severity == programme.Asks
		})
		if asked {
			notes = append(notes, programme.LineChange{Indicator: row.Indicator.Code, Value: row.Value, Base: row.Base, Note: "集中结算，已核实（演示）"})
		}
	}
	if len(notes) == 0 {
		return r, nil
	}
	return f.Programme.SaveLines(ctx, who, r.ID, r.Edit, notes, "typed")
}

// correct lets 诸暨 correct its investment of March by a second version.
func (f *filler) correct(ctx context.Context) error {
	key := programme.ReturnKey{Form: "investment.county.month", Division: "330681", Period: 202603}
	zhuji, boss := f.as("zhuji"), f.as("shenhe")
	r, err := f.Programme.Open(ctx, zhuji, key)
	if err != nil {
		return err
	}
	if r, err = f.Programme.MoveReturn(ctx, zhuji, r.ID, r.Edit, programme.Correct, "漏报浦阳江治理（二期）一笔结算"); err != nil {
		return err
	}
	row := r.Rows[0]
	more := quantity.Some(row.Value.Decimal + quantity.Int(680))
	if r, err = f.Programme.SaveLines(ctx, zhuji, r.ID, r.Edit, []programme.LineChange{{Indicator: row.Indicator.Code, Value: more, Note: "补报结算（演示）"}}, "typed"); err != nil {
		return err
	}
	if r, err = f.explain(ctx, zhuji, r); err != nil {
		return err
	}
	if r, err = f.Programme.MoveReturn(ctx, zhuji, r.ID, r.Edit, programme.Submit, ""); err != nil {
		return err
	}
	for _, m := range []programme.Move{programme.Review, programme.Accept, programme.Lock} {
		by := boss
		if m == programme.Lock {
			by = f.as("guiji")
		}
		if r, err = f.Programme.MoveReturn(ctx, by, r.ID, r.Edit, m, ""); err != nil {
			return err
		}
	}
	return nil
}

// outline is a division's own schematic outline: a handful of points drawn by hand, no survey.
func outline(code string) string {
	ring := map[string]string{
		"330602":    "[120.42,30.20],[120.62,30.22],[120.78,30.13],[120.76,29.98],[120.66,29.88],[120.50,29.92],[120.45,30.05],[120.42,30.20]",
		"330603":    "[120.22,30.08],[120.30,30.20],[120.42,30.20],[120.45,30.05],[120.50,29.92],[120.66,29.88],[120.66,29.74],[120.46,29.78],[120.36,29.92],[120.22,30.08]",
		"330604":    "[120.76,29.98],[120.78,30.13],[120.98,30.17],[121.06,30.02],[121.00,29.80],[120.86,29.72],[120.74,29.76],[120.66,29.74],[120.66,29.88],[120.76,29.98]",
		"330624":    "[120.76,29.52],[120.92,29.56],[121.14,29.52],[121.22,29.34],[121.02,29.20],[120.82,29.24],[120.70,29.36],[120.76,29.52]",
		"330681":    "[119.92,29.72],[120.06,29.90],[120.22,30.08],[120.36,29.92],[120.46,29.78],[120.48,29.58],[120.36,29.42],[120.14,29.46],[119.96,29.56],[119.92,29.72]",
		"330683":    "[120.46,29.78],[120.66,29.74],[120.74,29.76],[120.86,29.72],[120.98,29.66],[120.92,29.56],[120.76,29.52],[120.70,29.36],[120.52,29.40],[120.48,29.58],[120.46,29.78]",
		"330600-BH": "[120.62,30.22],[120.74,30.28],[120.94,30.26],[120.98,30.17],[120.78,30.13],[120.62,30.22]",
	}[code]
	return `{"type":"Polygon","coordinates":[[` + ring + `]]}`
}
