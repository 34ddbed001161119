package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"anlan/internal/bulletin"
	"anlan/internal/bulletin/snapshot"
	"anlan/internal/fault"
	"anlan/internal/gb9704/pdf"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/oversight"
	"anlan/internal/oversight/compare"
	"anlan/internal/programme"
	"anlan/internal/programme/pack"
	"anlan/internal/quantity"
	"anlan/internal/registry"
)

// addBulletins builds the room of bulletins; it is handed what the other rooms know.
func (a *App) addBulletins() {
	a.Bulletin = bulletin.New(bulletin.Options{
		Store: a.Store, Registry: a.Registry, Figures: a.bulletinFigures, Office: a.Matter.Office, Log: a.Log, Now: a.Clock.Now,
		Draw: drawChart, PDF: pdf.Bytes,
		Measures: func(ctx context.Context) (func(string) bool, error) {
			cat, err := a.Programme.Catalogue(ctx)
			if err != nil {
				return nil, err
			}
			return func(key string) bool {
				_, target := cat.Target(key)
				_, indicator := cat.Indicator(key)
				return target || indicator
			}, nil
		},
		Lists: func(id string) bool {
			return slices.Contains([]string{"original", "corrections"}, id) || a.bulletinLists()[id].name.Zh != ""
		},
		Changed: func(ch bulletin.Change) { a.Web.BulletinChanged(ch) },
	})
}

const (
	archiveSoon  = 20 * time.Second
	archiveEvery = 5 * time.Minute
)

// archiveBulletins makes and keeps the files of issued bulletins behind the scenes, until the context ends: somebody who asks for one
// first is answered all the same.
func (a *App) archiveBulletins(ctx context.Context) {
	wait := time.NewTimer(archiveSoon)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-wait.C:
			n, err := a.Bulletin.ArchiveAll(ctx)
			if err != nil && ctx.Err() == nil {
				a.Log.Error("archive files of bulletins", "err", err)
			}
			if n > 0 {
				a.Log.Info("bulletins archived", "files", n)
			}
			wait.Reset(archiveEvery)
		}
	}
}

// bulletinFigures freezes what a bulletin asks for. A county is looked at among the others, where the person may see those: ranks and the
// city's own figures stand beside it then.
func (a *App) bulletinFigures(ctx context.Context, p *identity.Principal, ask bulletin.Ask) (*snapshot.Snapshot, error) {
	tree, err := a.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	at := ask.Scope
	if parent, ok := tree.Parent(at.ID); ok && at.Level == "county" && p.Can(identity.FigureRead, "", parent.ID) {
		at = parent
	}
	frozen, err := a.Programme.Freeze(ctx, p, programme.FreezeQuery{
		View: programme.View{Scope: at.Code, Period: ask.Month, AsOf: ask.AsOf}, Measures: ask.Measures, Peers: ask.Peers,
	})
	if err != nil {
		return nil, err
	}
	out := &snapshot.Snapshot{
		Scope: divisionOf(programme.RefOf(tree, ask.Scope)), AsOf: frozen.AsOf, Divisions: []snapshot.Division{}, Measures: []snapshot.Measure{}, Cells: []snapshot.Cell{}, Lists: []snapshot.List{},
	}
	alone := at.ID != ask.Scope.ID
	if alone {
		above := divisionOf(frozen.Scope)
		out.Above = &above
	} else {
		for _, d := range frozen.Divisions {
			out.Divisions = append(out.Divisions, divisionOf(d))
		}
	}
	for _, r := range frozen.Rows {
		out.Measures = append(out.Measures, measureOf(r))
		if r.Measure.Show == "percent" || len(r.Options) > 0 || r.Measure.Show == "rank" { // the growth of a rate, a stage or a place is none
			r.Total.Growth, r.Total.GrowthChange = quantity.Null{}, quantity.Null{}
			for i := range r.Cells {
				r.Cells[i].Growth, r.Cells[i].GrowthChange = quantity.Null{}, quantity.Null{}
			}
		}
		out.Cells = append(out.Cells, cellOf(r.Key, r.Total))
		for _, c := range r.Cells {
			if !alone || c.Division == ask.Scope.Code {
				out.Cells = append(out.Cells, cellOf(r.Key, c))
			}
		}
	}
	lists, asking := a.bulletinLists(), &asking{a: a, p: p, Ask: ask}
	for _, id := range ask.Lists {
		l := snapshot.List{ID: id, Name: lists[id].name, Source: lists[id].source, Items: []snapshot.Item{}}
		if fill := lists[id].fill; fill == nil {
			l.Absent = &fault.Text{Zh: cmp.Or(lists[id].absent.Zh, "暂未纳入通报"), En: cmp.Or(lists[id].absent.En, "not taken into bulletins yet")}
		} else if err := fill(ctx, asking, &l); err != nil {
			return nil, err
		}
		out.Lists = append(out.Lists, l)
	}
	return out, nil
}

func divisionOf(d programme.DivisionRef) snapshot.Division {
	return snapshot.Division{Code: d.Code, Name: d.Name, Short: d.Short, Level: d.Level, Functional: d.Functional}
}

func measureOf(r programme.FrozenRow) snapshot.Measure {
	m := r.Measure
	out := snapshot.Measure{
		Key: r.Key, Indicator: m.Indicator, Line: m.Line, Name: m.Name, Aim: m.Aim, Judge: string(m.Judge), Unit: m.Unit, Show: m.Show, Decimals: m.Decimals,
		Ratio: m.Ratio, Better: string(m.Better), Of: r.Of.String(),
	}
	if m.Due != nil {
		out.Due = m.Due.String()
	}
	for _, o := range r.Options {
		out.Options = append(out.Options, snapshot.Option{Value: o.Value, Name: o.Name})
	}
	return out
}

func cellOf(key string, c programme.FrozenCell) snapshot.Cell {
	out := snapshot.Cell{
		Measure: key, Division: c.Division, State: string(c.State), Value: c.Value, Numerator: c.Numerator, Denominator: c.Base, Plan: c.Plan, Completion: c.Completion,
		Calendar: c.Calendar, Gap: c.Gap, Growth: c.Growth, GrowthChange: c.GrowthChange, LastMonth: c.LastMonth, LastYear: c.LastYear,
		Rank: c.Rank, RankBefore: c.RankBefore, Peers: c.Peers, Grade: string(c.Grade), Reported: c.Reported, Expected: c.Expected, Pending: c.Pending,
	}
	if o := c.Origin; o != nil {
		out.Origin = &snapshot.Origin{Return: o.Return, Version: o.Version, Revision: o.Revision, RecordedAt: o.RecordedAt, By: o.By}
	}
	return out
}

// bulletinList is where a list of bulletins comes from; without fill there is none, and absent says why.
type bulletinList struct {
	name, source, absent fault.Text
	fill                 func(ctx context.Context, in *asking, into *snapshot.List) error
}

// asking is one question of a bulletin; what several of its lists are drawn from is read once.
type asking struct {
	bulletin.Ask
	a         *App
	p         *identity.Principal
	cockpit   *programme.Cockpit
	deadlines *programme.Deadlines
	flood     *flood
}

func (in *asking) view() programme.View {
	return programme.View{Scope: in.Scope.Code, Period: in.Month, AsOf: in.AsOf}
}

func (in *asking) readCockpit(ctx context.Context) (_ *programme.Cockpit, err error) {
	if in.cockpit == nil {
		in.cockpit, err = in.a.Programme.Cockpit(ctx, in.p, in.view())
	}
	return in.cockpit, err
}

func (in *asking) readDeadlines(ctx context.Context) (_ *programme.Deadlines, err error) {
	if in.deadlines == nil {
		in.deadlines, err = in.a.Programme.Deadlines(ctx, in.p, in.view())
	}
	return in.deadlines, err
}

// bulletinLists are the lists that bulletins may be written from, by the names that templates use.
func (a *App) bulletinLists() map[string]bulletinList {
	programmes, supervision := fault.T("指标数据", "figures of the programmes"), fault.T("监督检查台账", "records of supervision")
	projects, gauges := fault.T("重大项目库", "register of projects"), fault.T("水雨情监测", "gauges")
	noRivers, noDams := fault.T("没有登记江河水位站，无数据", "no river gauge is on record: no data"), fault.T("没有登记水库水位站，无数据", "no gauge of a reservoir is on record: no data")
	return map[string]bulletinList{
		"lagging":          {fault.T("滞后事项", "Behind the calendar"), programmes, fault.Text{}, listLagging},
		"silent":           {fault.T("未报报表", "Returns not filed"), programmes, fault.Text{}, listSilent},
		"missed":           {fault.T("逾期未达到的节点", "Deadlines missed"), programmes, fault.Text{}, listDeadlines(programme.Missed)},
		"tasks":            {fault.T("近期到期的节点", "Deadlines ahead"), programmes, fault.Text{}, listDeadlines(programme.Open)},
		"supervision":      {fault.T("监督检查情况", "Supervision by county"), supervision, fault.Text{}, listSupervision},
		"lagging_projects": {fault.T("滞后重大项目", "Projects that lag"), projects, fault.Text{}, listLaggingProjects},
		"project_guards":   {fault.T("程序不规范项目", "Projects out of order"), projects, fault.Text{}, listProjectGuards},
		"flood_day":        {fault.T("雨水情概况", "The day as a whole"), gauges, fault.Text{}, ofGauges(listFloodDay)},
		"rain":             {fault.T("雨情", "Rainfall"), gauges, fault.Text{}, ofGauges(listRain)},
		"rain_stations":    {fault.T("降雨量较大测站", "Stations with the most rain"), gauges, fault.Text{}, ofGauges(listRainStations)},
		"river_levels":     {fault.T("江河水情", "River levels"), gauges, fault.Text{}, listLevels(riversOf, false, noRivers)},
		"rivers_above":     {fault.T("超警戒江河", "Rivers above their limits"), gauges, fault.Text{}, listLevels(riversOf, true, noRivers)},
		"reservoir_levels": {fault.T("水库水情", "Reservoir levels"), gauges, fault.Text{}, listLevels(damsOf, false, noDams)},
		"reservoirs_above": {fault.T("超汛限水库", "Reservoirs above their flood limits"), gauges, fault.Text{}, listLevels(damsOf, true, noDams)},
		"warnings":         {fault.T("预警发布情况", "Warnings"), gauges, fault.Text{}, ofGauges(listWarnings)},
		"warning_counts":   {fault.T("预警统计", "Warnings by kind"), gauges, fault.Text{}, ofGauges(listWarningCounts)},
		"silences":         {fault.T("测站缺报情况", "Stations that fell silent"), gauges, fault.Text{}, ofGauges(listSilences)},
	}
}

func text(s fault.Text) snapshot.Field { return snapshot.Field{Text: s} }

func count(n int64) snapshot.Field { return snapshot.Field{Number: quantity.Some(quantity.Int(n))} }

func figure(v quantity.Null, unit string, decimals int) snapshot.Field {
	return snapshot.Field{Number: v, Unit: unit, Decimals: decimals}
}

func listLagging(ctx context.Context, in *asking, into *snapshot.List) error {
	cockpit, err := in.readCockpit(ctx)
	if err != nil {
		return err
	}
	origins, err := in.origins(ctx, cockpit.Lagging)
	if err != nil {
		return err
	}
	for _, l := range cockpit.Lagging {
		name := l.Measure.Aim
		if name.Zh == "" {
			name = l.Measure.Name
		}
		into.Items = append(into.Items, snapshot.Item{ID: l.Measure.Target + "@" + l.Division.Code, Division: l.Division.Code, Of: origins[[2]string{l.Measure.Target, l.Division.Code}], Fields: map[string]snapshot.Field{
			"name": text(l.Division.Name), "measure": text(name), "completion": figure(l.Cell.Completion, "percent", 1), "gap": gapOf(l), "grade": text(gradeName(l.Cell.Grade)),
		}})
	}
	return nil
}

// origins are the returns that the figures behind of a scope were filed in, by target and division. One that is computed from several has
// none, and is told to be a figure.
func (in *asking) origins(ctx context.Context, rows []programme.LagRow) (map[[2]string]*snapshot.Record, error) {
	out := map[[2]string]*snapshot.Record{}
	var targets []string
	for _, l := range rows {
		targets = append(targets, l.Measure.Target)
		out[[2]string{l.Measure.Target, l.Division.Code}] = &snapshot.Record{Kind: "figure", ID: l.Measure.Target + "@" + l.Division.Code}
	}
	slices.Sort(targets)
	if targets = slices.Compact(targets); len(targets) == 0 {
		return out, nil
	}
	frozen, err := in.a.Programme.Freeze(ctx, in.p, programme.FreezeQuery{View: in.view(), Measures: targets})
	if err != nil {
		return nil, err
	}
	for _, r := range frozen.Rows {
		for _, c := range append(r.Cells, r.Total) {
			if at := [2]string{r.Key, c.Division}; out[at] != nil && c.Origin != nil {
				out[at] = returnRecord(c.Origin.Return, c.Origin.Revision)
			}
		}
	}
	return out, nil
}

func returnRecord(id, version int64) *snapshot.Record {
	return &snapshot.Record{Kind: "return", ID: strconv.FormatInt(id, 10), Version: version}
}

// gapOf is how far a cell is from what is asked, without its sign, in points or in the unit of the indicator.
func gapOf(l programme.LagRow) snapshot.Field {
	gap := l.Cell.Gap
	if gap.Decimal < 0 {
		gap.Decimal = -gap.Decimal
	}
	if m := l.Measure; m.Judge == pack.ByThreshold && !m.Ratio && m.Show != "percent" {
		if from, ok := quantity.UnitOf(m.Unit); ok && gap.Valid {
			if to, ok := quantity.UnitOf(m.Show); ok {
				gap.Decimal, gap.Valid = quantity.Convert(gap.Decimal, from, to)
			}
		}
		return figure(gap, m.Show, m.Decimals)
	}
	return figure(gap, "point", 1)
}

func gradeName(g programme.Grade) fault.Text {
	switch g {
	case programme.Lag:
		return fault.T("滞后", "lags")
	case programme.Serious:
		return fault.T("严重滞后", "lags badly")
	case programme.Overdue:
		return fault.T("逾期", "overdue")
	case programme.Done:
		return fault.T("完成", "done")
	case programme.OnTrack:
		return fault.T("达到序时", "on track")
	}
	return fault.T("未评价", "not assessed")
}

func listSilent(ctx context.Context, in *asking, into *snapshot.List) error {
	cockpit, err := in.readCockpit(ctx)
	if err != nil {
		return err
	}
	for _, r := range cockpit.Silent {
		if r.Period != in.Month {
			continue
		}
		into.Items = append(into.Items, snapshot.Item{ID: r.Form + "@" + r.Division.Code, Division: r.Division.Code, Of: returnRecord(r.Return, 0), Fields: map[string]snapshot.Field{
			"name": text(r.Division.Name), "form": text(r.Title), "days_late": figure(quantity.Some(quantity.Int(int64(r.DaysLate))), "day", 0),
		}})
	}
	return nil
}

// listDeadlines are the deadlines of the year that stand in a state; of those that are open, the ones of the next three months.
func listDeadlines(state programme.DeadlineState) func(context.Context, *asking, *snapshot.List) error {
	const ahead = 92
	return func(ctx context.Context, in *asking, into *snapshot.List) error {
		all, err := in.readDeadlines(ctx)
		if err != nil {
			return err
		}
		cat, err := in.a.Programme.Catalogue(ctx)
		if err != nil {
			return err
		}
		for _, r := range all.Rows {
			if r.State != state || state == programme.Open && (r.DaysLeft > ahead || r.DaysLeft < 0) {
				continue
			}
			days := r.DaysLeft
			if days < 0 {
				days = -days
			}
			due := fmt.Sprintf("%d月%d日", r.Due.Month, r.Due.Day)
			into.Items = append(into.Items, snapshot.Item{ID: r.ID, Division: in.Scope.Code, Of: &snapshot.Record{Kind: "deadline", ID: r.ID, Version: packVersion(cat.PackOfDeadline(r.ID))}, Fields: map[string]snapshot.Field{
				"title": text(r.Title), "due": text(fault.T(due, r.Due.String())), "days": figure(quantity.Some(quantity.Int(int64(days))), "day", 0),
				"met": count(int64(r.MetCount)), "count": count(int64(r.Count)), "open": text(openOf(r, all.Divisions)),
			}})
		}
		return nil
	}
}

// packVersion is the version of the pack that a deadline stands in; 0 where it is in none any more.
func packVersion(p *pack.Pack) int64 {
	if p == nil {
		return 0
	}
	return int64(p.Version)
}

// openOf names the divisions that have not met a deadline yet.
func openOf(r programme.DeadlineRow, divisions []programme.DivisionRef) fault.Text {
	open := map[int]bool{}
	for _, item := range r.Items {
		for i, s := range item.States {
			open[i] = open[i] || s != programme.Met
		}
	}
	var out fault.Text
	for i, d := range divisions {
		if open[i] {
			if out.Zh != "" {
				out.Zh, out.En = out.Zh+"、", out.En+", "
			}
			out.Zh, out.En = out.Zh+d.Name.Zh, out.En+cmp.Or(d.Name.En, d.Name.Zh)
		}
	}
	return out
}

// everybody is who sees what all in the scope may see: a bulletin goes to the inspected too, so that nothing of it may come from an
// inspection that is still unannounced, whatever its drafter knows.
func (in *asking) everybody(ctx context.Context) (*identity.Principal, error) {
	tree, err := in.a.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	root := in.Scope
	for {
		above, ok := tree.Parent(root.ID)
		if !ok {
			break
		}
		root = above
	}
	return identity.NewPrincipal("program", "program", "anlan", root.ID, []identity.Grant{{Role: "viewer", Line: identity.AnyLine, Division: root.ID}}, tree), nil
}

// listSupervision is what supervision found by county since the first of the year, as it stood at the end of the month or at the instant asked for.
// Who drafts must be allowed to read it; counted is what everybody may see.
func listSupervision(ctx context.Context, in *asking, into *snapshot.List) error {
	from := hydrotime.Date{Year: in.Month.Year(), Month: time.January, Day: 1}
	asOf := hydrotime.DateOf(in.Month.End().Add(-time.Millisecond))
	if today := hydrotime.DateOf(in.a.Clock.Now()); asOf.DaysUntil(today) < 0 {
		asOf = today
	}
	if !in.p.Can(identity.MatterRead, "", in.Scope.ID) {
		into.Absent = &fault.Text{Zh: "无查看权限", En: "not to be seen"}
		return nil
	}
	everybody, err := in.everybody(ctx)
	if err != nil {
		return err
	}
	st, err := in.a.Oversight.Statistics(ctx, everybody, oversight.StatisticsQuery{Scope: in.Scope.ID, From: &from, AsOf: asOf})
	if err != nil {
		return err
	}
	row := func(d registry.Division, s compare.Stat) {
		fields := map[string]snapshot.Field{
			"name": text(fault.T(d.NameZh, d.NameEn)), "trips": figure(quantity.Some(quantity.Int(s.Trips)), "time", 0), "works": figure(quantity.Some(quantity.Int(s.Objects)), "works", 0),
			"found": figure(quantity.Some(quantity.Int(s.Found)), "piece", 0), "rectified": figure(quantity.Some(quantity.Int(s.Closed)), "piece", 0),
			"open": figure(quantity.Some(quantity.Int(s.Found-s.Closed)), "piece", 0), "overdue": figure(quantity.Some(quantity.Int(s.Overdue)), "piece", 0),
			"most": figure(quantity.Some(quantity.Int(s.Most)), "piece", 0),
		}
		if rate := s.Rectified(); rate.Denominator > 0 {
			if v, ok := quantity.Int(rate.Numerator).Percent(quantity.Int(rate.Denominator)); ok {
				fields["rate"] = figure(quantity.Some(v), "percent", 1)
			}
		}
		into.Items = append(into.Items, snapshot.Item{ID: "supervision-" + d.Code, Division: d.Code, Of: &snapshot.Record{Kind: "matters", ID: d.Code, Version: st.Edits[d.Code]}, Fields: fields})
	}
	for _, d := range st.Counties {
		row(d, st.Stats[d.Code])
	}
	return nil
}
