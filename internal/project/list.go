package project

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/project/lifecycle"
	"anlan/internal/quantity"
	"anlan/internal/store"
)

// Query filters and orders projects; zero fields do not filter. What a person may not see is left out first.
type Query struct {
	Division  int64 // a part lies there or below
	Text      string
	Kind      string
	Programme string
	Stage     string // a part stands in it
	State     string // waiting, building, commissioned or ended: some part does, all parts do where ended
	Pace      string // one of the paces, or behind
	List      int64
	Named     bool // by the province's latest notice
	Assessed  bool
	Gap       bool // belongs in the statistics library and has no number
	Awaits    bool // a step of it awaits approval
	Withdrawn bool // withdrawn ones too
	AsOf      hydrotime.Date
	Known     time.Time // only what was on record before it; the end of AsOf where zero, everything where neither is given
	Year      int

	Sort  string // name, code, division, stage, pace, gap, total, spent or changed, with - before it for descending
	After int64
	Limit int

	anyList  int64 // stood in this list at any time; -1 for any list
	inMemory bool  // judge every project in memory: what the store's answer is held against
}

// most is how many projects a page has.
func (q *Query) most() int {
	if q.Limit <= 0 {
		return pageUsual
	}
	return min(q.Limit, pageMost)
}

// ProjectPage is one page of projects.
type ProjectPage struct {
	Items  []ProjectRow   `json:"items"`
	Next   string         `json:"next,omitempty"`
	Total  int            `json:"total"`
	AsOf   hydrotime.Date `json:"as_of"`
	Year   int            `json:"year"`
	Tally  ProjectTally   `json:"tally" doc:"Of everything that the filter finds, not of this page alone"`
	MayAdd bool           `json:"may_add"`
}

// ProjectTally is what some projects come to.
type ProjectTally struct {
	Stages       map[string]int       `json:"stages" doc:"By the stage of the part that has come furthest"`
	Paces        map[string]int       `json:"paces"`
	Building     int                  `json:"building" doc:"With a part under construction"`
	Commissioned int                  `json:"commissioned" doc:"With a part in service"`
	Behind       int                  `json:"behind"`
	Named        int                  `json:"named" doc:"By the province's latest notice"`
	Assessed     int                  `json:"assessed"`
	Gaps         int                  `json:"gaps"`
	Awaits       int                  `json:"awaits" doc:"With a step that awaits approval"`
	Partial      int                  `json:"partial" doc:"Counted by the parts that lie here alone"`
	Total        quantity.Null        `json:"total_wan_yuan" doc:"Each project once; of one over several counties what lies here"`
	Lag          lifecycle.ProjectLag `json:"lag" doc:"Investment of all together"`
	Counties     []ProjectCountySum   `json:"counties" doc:"By county, of a list over several; a project over several counts in each by its parts"`
}

const pageUsual, pageMost = 50, 20_000

// Sorts lists the keys that projects may be ordered by.
func Sorts() []string {
	return []string{"name", "code", "division", "stage", "pace", "gap", "total", "spent", "changed"}
}

func (q *Query) check(r *lifecycle.ProjectRules) error {
	bad := fault.Invalidf("project.query", "筛选条件有误", "the filter is not valid")
	if _, i := r.Stage(q.Stage); q.Stage != "" && i < 0 {
		bad.At("stage", fault.T("没有这个阶段", "no such stage"))
	}
	if _, ok := lifecycle.WordOf(r.Kinds, q.Kind); q.Kind != "" && !ok {
		bad.At("kind", fault.T("没有这类项目", "no such kind"))
	}
	if _, ok := lifecycle.WordOf(r.Programmes, q.Programme); q.Programme != "" && !ok {
		bad.At("programme", fault.T("没有这个专项", "no such programme"))
	}
	if by := strings.TrimPrefix(q.Sort, "-"); by != "" && !slices.Contains(Sorts(), by) {
		bad.At("sort", fault.Tf("应为 %s 之一", "one of %s", strings.Join(Sorts(), ", ")))
	}
	return wrong(bad)
}

// found is a project that a query finds, as it is kept and as it is told.
type found struct {
	*record
	row ProjectRow
}

// find reads the projects of a query that a person may see, in order: by their standings, or each judged in memory where those do not tell.
func (s *Service) find(ctx context.Context, v *view, q Query) ([]found, error) {
	if err := q.check(v.rules); err != nil {
		return nil, err
	}
	var out []found
	done, err := s.standings(ctx, v, &q, func(tx store.Querier, at int64) error {
		lists, err := v.readLists(ctx, tx)
		if err != nil {
			return err
		}
		se := v.searched(&q, at, lists)
		list, err := s.read(ctx, tx, v, se.from, se.args...)
		out = out[:0]
		for _, r := range list {
			out = append(out, found{r, v.row(r, lists)})
		}
		return err
	})
	if err == nil && !done {
		out, err = s.findInMemory(ctx, v, q)
	}
	sortFound(v, out, q.Sort)
	return out, err
}

// findInMemory reads what a person may see and judges it there. Scope and place are decided in the query.
func (s *Service) findInMemory(ctx context.Context, v *view, q Query) (out []found, err error) {
	where, args := ` WHERE 1 = 1`, []any{}
	within := func(divisions []int64) {
		for _, d := range divisions {
			args = append(args, d)
		}
		marks := store.Places(len(args)-len(divisions)+1, len(divisions))
		where += fmt.Sprintf(` AND (EXISTS (SELECT 1 FROM project_part y JOIN division_closure c ON c.descendant_id = y.division_id WHERE y.project_id = p.id AND c.ancestor_id IN (%[1]s))
			OR p.division_id IN (SELECT descendant_id FROM division_closure WHERE ancestor_id IN (%[1]s)))`, marks)
	}
	if v.p != nil {
		scopes := v.p.Scopes(identity.ProjectRead)
		if len(scopes) == 0 {
			return nil, nil
		}
		if !v.past() { // a part may have moved since: then it is told from what is read
			within(scopes)
		}
	}
	if q.Division != 0 && !v.past() {
		within([]int64{q.Division})
	}
	if !q.Withdrawn && !v.past() {
		where += ` AND p.withdrawn_at IS NULL`
	}
	err = s.db.Snapshot(ctx, func(tx store.Querier) error {
		list, err := s.read(ctx, tx, v, where, args...)
		if err != nil {
			return err
		}
		lists, err := v.readLists(ctx, tx)
		if err != nil {
			return err
		}
		out = out[:0]
		for _, r := range list {
			if !q.Withdrawn && r.withdrawn != nil || !r.visible(v) || q.Division != 0 && !r.visibleIn(v, q.Division) {
				continue
			}
			if f := (found{r, v.row(r, lists)}); q.takes(v, &f) {
				out = append(out, f)
			}
		}
		return nil
	})
	return out, err
}

func (q *Query) takes(v *view, f *found) bool {
	row := &f.row
	switch {
	case q.Kind != "" && row.Kind != q.Kind,
		q.Programme != "" && !slices.Contains(row.Programmes, q.Programme),
		q.Pace == "behind" && !row.Pace.Behind(),
		q.Pace != "" && q.Pace != "behind" && string(row.Pace) != q.Pace,
		q.anyList > 0 && !slices.ContainsFunc(f.items, func(i item) bool { return i.list == q.anyList }), q.anyList < 0 && len(f.items) == 0,
		q.List != 0 && !slices.ContainsFunc(row.Lists, func(l ProjectListed) bool { return l.List == q.List }),
		q.Named && row.Named == nil, q.Assessed && !row.Assessed, q.Gap && !row.Statistics.Gap, q.Awaits && row.Awaits == 0,
		q.State == "building" && row.Building == 0,
		q.State == "commissioned" && row.Commissioned == 0,
		q.State == "ended" && (row.Parts == 0 || row.Ended < row.Parts),
		q.State == "waiting" && row.Building+row.Ended > 0:
		return false
	case q.Stage != "" && !f.stands(v, q.Stage):
		return false
	}
	return q.Text == "" || f.mentions(q.Text, v)
}

// stands reports whether a part that the person sees stands in a stage.
func (f *found) stands(v *view, stage string) bool {
	pure := f.pure()
	return slices.ContainsFunc(pure.Leaves(), func(id int64) bool {
		return v.counts(f.part(id).division) && v.rules.Stand(pure, id, v.day).Stage == stage
	})
}

func (f *found) mentions(text string, v *view) bool {
	return strings.Contains(f.mentioned(f.counted(v)), strings.ToLower(clean(text)))
}

func sortFound(v *view, list []found, by string) {
	by, down := strings.CutPrefix(by, "-")
	null := func(n quantity.Null) int64 {
		if !n.Valid {
			return -1 << 62
		}
		return int64(n.Decimal)
	}
	place := func(stage string) int {
		_, i := v.rules.Stage(stage)
		return i
	}
	slices.SortStableFunc(list, func(a, b found) int {
		x, y := &a.row, &b.row
		c := 0
		switch by {
		case "name":
			c = strings.Compare(x.Name.Zh, y.Name.Zh)
		case "code":
			c = strings.Compare(x.Code, y.Code)
		case "division":
			c = strings.Compare(x.Division.Code, y.Division.Code)
		case "stage":
			c = cmp.Or(cmp.Compare(place(x.Furthest), place(y.Furthest)), cmp.Compare(place(x.Slowest), place(y.Slowest)))
		case "", "pace": // the worst first
			c = cmp.Or(cmp.Compare(worst(y.Pace), worst(x.Pace)), cmp.Compare(null(x.Lag.Money.Gap), null(y.Lag.Money.Gap)))
		case "gap":
			c = cmp.Compare(null(x.Lag.Money.Gap), null(y.Lag.Money.Gap))
		case "total":
			c = cmp.Compare(null(x.Share), null(y.Share))
		case "spent":
			c = cmp.Compare(null(x.Spent), null(y.Spent))
		case "changed":
			c = x.ChangedAt.Compare(y.ChangedAt)
		}
		if down {
			c = -c
		}
		return cmp.Or(c, strings.Compare(x.Division.Code, y.Division.Code), strings.Compare(x.Code, y.Code), cmp.Compare(x.ID, y.ID))
	})
}

// Projects reads one page of projects within what the person may see.
func (s *Service) Projects(ctx context.Context, p *identity.Principal, q Query) (*ProjectPage, error) {
	v, err := s.viewOf(ctx, p, q)
	if err != nil {
		return nil, err
	}
	if err := q.check(v.rules); err != nil {
		return nil, err
	}
	out := &ProjectPage{Items: []ProjectRow{}, AsOf: v.day, Year: v.year, Tally: v.tally(nil)}
	for _, at := range p.Scopes(identity.ProjectWrite) {
		out.MayAdd = out.MayAdd || v.writes(at)
	}
	done, err := s.searchPage(ctx, v, q, out)
	if err == nil && !done {
		err = s.pageInMemory(ctx, v, q, out)
	}
	for i := range out.Items {
		out.Items[i].Lag.Months = []lifecycle.LagMonth{} // a page of them is for the project's own page
	}
	return out, err
}

func errCursor() error {
	return fault.Invalidf("cursor.invalid", "列表已变动，请回到第一页", "the list has changed; go back to the first page")
}

// pageInMemory fills a page of projects that are judged in memory.
func (s *Service) pageInMemory(ctx context.Context, v *view, q Query, out *ProjectPage) error {
	list, err := s.find(ctx, v, q)
	if err != nil {
		return err
	}
	out.Total, out.Tally = len(list), v.tally(list)
	if q.After != 0 {
		i := slices.IndexFunc(list, func(f found) bool { return f.id == q.After })
		if i < 0 {
			return errCursor()
		}
		list = list[i+1:]
	}
	if len(list) > q.most() {
		list = list[:q.most()]
		out.Next = fmt.Sprint(list[len(list)-1].id)
	}
	for _, f := range list {
		out.Items = append(out.Items, f.row)
	}
	return nil
}

func (v *view) tally(list []found) ProjectTally {
	out := ProjectTally{Stages: map[string]int{}, Paces: map[string]int{}}
	var years []lifecycle.Weighed
	for _, f := range list {
		row := &f.row
		out.Stages[row.Furthest]++
		out.Paces[string(row.Pace)]++
		for n, yes := range map[*int]bool{
			&out.Building: row.Building > 0, &out.Commissioned: row.Commissioned > 0, &out.Behind: row.Pace.Behind(), &out.Named: row.Named != nil,
			&out.Assessed: row.Assessed, &out.Gaps: row.Statistics.Gap, &out.Awaits: row.Awaits > 0,
		} {
			if yes {
				*n++
			}
		}
		if row.Partial {
			out.Partial++
		}
		out.Total = plus(out.Total, row.Share)
		years = append(years, lifecycle.Weighed{Year: v.judge(f.record, f.counted(v)).year, Weight: row.Share})
	}
	if out.Counties = []ProjectCountySum{}; !v.inCounty() {
		out.Counties = v.countySums(list)
	}
	out.Lag = v.rules.Lag.Judge(lifecycle.Sum(years), v.year, v.day, false)
	return out
}

// ProjectMap is where parts lie.
type ProjectMap struct {
	Items   []ProjectMark `json:"items"`
	Unknown int           `json:"unknown" doc:"Parts that hold no other and have no place on record"`
}

// ProjectMark is a part on the map, WGS84.
type ProjectMark struct {
	Project  int64          `json:"project"`
	Part     int64          `json:"part"`
	Code     string         `json:"code"`
	Name     fault.Text     `json:"name" doc:"Of the project"`
	PartName fault.Text     `json:"part_name"`
	Whole    bool           `json:"whole"`
	Kind     string         `json:"kind"`
	Division ProjectPlace   `json:"division"`
	Stage    string         `json:"stage"`
	State    string         `json:"state" enum:"waiting,building,commissioned,finished,accepted"`
	Pace     lifecycle.Pace `json:"pace" enum:"no_plan,unreported,ended,on_schedule,lagging,severe" doc:"Of the part itself"`
	Shape    ProjectShape   `json:"shape"`
}

// Map lists the places of the parts of the projects that a query finds.
func (s *Service) Map(ctx context.Context, p *identity.Principal, q Query) (*ProjectMap, error) {
	v, err := s.viewOf(ctx, p, q)
	if err != nil {
		return nil, err
	}
	list, err := s.find(ctx, v, q)
	if err != nil {
		return nil, err
	}
	out := &ProjectMap{Items: []ProjectMark{}}
	for _, f := range list {
		seen := f.counted(v)
		j := v.judge(f.record, seen)
		leaves := f.pure().Leaves()
		for _, x := range seen {
			d, _ := v.tree.ByID(x.division)
			if x.shape == nil {
				if slices.Contains(leaves, x.id) {
					out.Unknown++
				}
				continue
			}
			st := j.stands[x.id]
			out.Items = append(out.Items, ProjectMark{f.id, x.id, f.code, f.name, x.name, x.parent == 0, f.kind, placeOf(d), st.Stage, stateOf(st), j.lags[x.id].Pace, *x.shape})
		}
	}
	return out, nil
}

// ProjectGantt is the stages of parts over time.
type ProjectGantt struct {
	Items []ProjectBar   `json:"items" doc:"Projects in order, each part before what lies in it"`
	From  hydrotime.Date `json:"from"`
	To    hydrotime.Date `json:"to"`
	AsOf  hydrotime.Date `json:"as_of"`
}

// ProjectBar is one line of the chart.
type ProjectBar struct {
	Project  int64          `json:"project"`
	Part     int64          `json:"part"`
	Depth    int            `json:"depth" doc:"0 for the whole"`
	Name     fault.Text     `json:"name"`
	Division ProjectPlace   `json:"division"`
	Stage    string         `json:"stage"`
	State    string         `json:"state" enum:"waiting,building,commissioned,finished,accepted"`
	Pace     lifecycle.Pace `json:"pace" enum:"no_plan,unreported,ended,on_schedule,lagging,severe"`
	Spans    []ProjectSpan  `json:"spans" doc:"One a stage that has any day, in order"`
	Dates    []ProjectDate  `json:"dates" doc:"Milestones, planned and reached"`
}

// ProjectSpan is when a part is in a stage, as planned and in fact. An open end is absent.
type ProjectSpan struct {
	Stage       string          `json:"stage"`
	PlannedFrom *hydrotime.Date `json:"planned_from"`
	PlannedTo   *hydrotime.Date `json:"planned_to"`
	From        *hydrotime.Date `json:"from"`
	To          *hydrotime.Date `json:"to"`
}

// Gantt lays out the stages of the parts of the projects that a query finds.
func (s *Service) Gantt(ctx context.Context, p *identity.Principal, q Query) (*ProjectGantt, error) {
	v, err := s.viewOf(ctx, p, q)
	if err != nil {
		return nil, err
	}
	list, err := s.find(ctx, v, q)
	if err != nil {
		return nil, err
	}
	out := &ProjectGantt{Items: []ProjectBar{}, From: v.day, To: v.day, AsOf: v.day}
	if q.Limit > 0 && len(list) > q.Limit {
		list = list[:q.Limit]
	}
	for _, f := range list {
		pure := f.pure()
		j := v.judge(f.record, f.seen(v))
		depth := map[int64]int{}
		for _, x := range f.order() {
			depth[x.id] = depth[x.parent]
			if x.parent != 0 {
				depth[x.id]++
			}
			sees := v.sees(x.division)
			if x.withdrawn != nil || !sees && !f.holds(v, pure, x) {
				continue
			}
			st := v.rules.Stand(pure, x.id, v.day)
			d, _ := v.tree.ByID(x.division)
			bar := ProjectBar{
				Project: f.id, Part: x.id, Depth: depth[x.id], Name: x.name, Division: placeOf(d), Stage: st.Stage, State: stateOf(st), Pace: lifecycle.NoPlan, Spans: []ProjectSpan{}, Dates: []ProjectDate{},
			}
			if sees {
				bar.Spans, bar.Dates = v.spans(x), v.dates(x, st)
			}
			if x.parent == 0 {
				bar.Name = f.name
			}
			if lag, ok := j.lags[x.id]; ok {
				bar.Pace = lag.Pace
			}
			out.widen(bar.Spans)
			out.Items = append(out.Items, bar)
		}
	}
	return out, nil
}

func (g *ProjectGantt) widen(spans []ProjectSpan) {
	for _, s := range spans {
		for _, d := range []*hydrotime.Date{s.PlannedFrom, s.PlannedTo, s.From, s.To} {
			if d == nil {
				continue
			}
			if g.From.DaysUntil(*d) < 0 {
				g.From = *d
			}
			if g.To.DaysUntil(*d) > 0 {
				g.To = *d
			}
		}
	}
}

// spans are a part's own stages: each from its first milestone to the first of a later stage.
func (v *view) spans(x *part) []ProjectSpan {
	out := []ProjectSpan{}
	planned, real := map[string]hydrotime.Date{}, map[string]hydrotime.Date{}
	first := func(into map[string]hydrotime.Date, milestone string, on hydrotime.Date) {
		m, ok := v.rules.Milestone(milestone)
		if was, there := into[m.Stage]; ok && !m.Repeats && (!there || on.DaysUntil(was) > 0) {
			into[m.Stage] = on
		}
	}
	for _, l := range x.planned {
		first(planned, l.milestone, l.on)
	}
	for _, s := range x.steps {
		if s.approved != nil && s.StandsAt(v.day) {
			first(real, s.Milestone, s.On)
		}
	}
	for i, stage := range v.rules.Stages {
		span := ProjectSpan{Stage: stage.ID}
		span.PlannedFrom, span.PlannedTo = between(planned, v.rules.Stages[i:])
		span.From, span.To = between(real, v.rules.Stages[i:])
		if span.PlannedFrom != nil || span.From != nil {
			out = append(out, span)
		}
	}
	return out
}

// between is the day of the first of some stages and the next day that a later one has.
func between(days map[string]hydrotime.Date, stages []lifecycle.ProjectStage) (from, to *hydrotime.Date) {
	d, ok := days[stages[0].ID]
	if !ok {
		return nil, nil
	}
	for _, later := range stages[1:] {
		if end, ok := days[later.ID]; ok {
			return &d, &end
		}
	}
	return &d, nil
}
