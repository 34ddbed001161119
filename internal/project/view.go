package project

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"anlan/internal/evidence"
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/project/lifecycle"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// ProjectPlace names a division.
type ProjectPlace struct {
	Code       string     `json:"code"`
	Name       fault.Text `json:"name"`
	Short      string     `json:"short"`
	Level      string     `json:"level"`
	Functional bool       `json:"functional"`
}

func placeOf(d registry.Division) ProjectPlace {
	return ProjectPlace{d.Code, fault.T(d.NameZh, d.NameEn), d.ShortZh, d.Level, d.Kind == registry.Functional}
}

// ProjectShape is a point or a line on the map, WGS84 degrees.
type ProjectShape struct {
	Kind   string       `json:"kind" enum:"point,line"`
	Points [][2]float64 `json:"points" minItems:"1" maxItems:"2000" doc:"Longitude and latitude of each vertex"`
}

// ProjectRow is a project as lists show it. Everything is told of the parts that the reader may see.
type ProjectRow struct {
	ID           int64                `json:"id"`
	Edit         int64                `json:"edit"`
	Code         string               `json:"code"`
	Name         fault.Text           `json:"name"`
	Kind         string               `json:"kind"`
	Division     ProjectPlace         `json:"division" doc:"Who keeps it: a county, or the city"`
	Counties     []ProjectPlace       `json:"counties" doc:"Where its parts lie"`
	LegalPerson  string               `json:"legal_person"`
	Programmes   []string             `json:"programmes"`
	Assessed     bool                 `json:"assessed" doc:"Under provincial assessment (省级考核)"`
	Total        quantity.Null        `json:"total_wan_yuan" doc:"Planned total investment"`
	Share        quantity.Null        `json:"share_wan_yuan" doc:"What of it the parts told of come to: those where the list is narrowed to"`
	Partial      bool                 `json:"partial" doc:"Parts of it lie elsewhere and are not told of"`
	Statistics   ProjectStatistics    `json:"statistics"`
	Slowest      string               `json:"slowest" doc:"Stage of the part that has come least far"`
	Furthest     string               `json:"furthest" doc:"Stage of the part that has come furthest"`
	Parts        int                  `json:"parts" doc:"Parts that hold no other"`
	Building     int                  `json:"building"`
	Commissioned int                  `json:"commissioned"`
	Ended        int                  `json:"ended" doc:"Commissioned, finished or accepted"`
	Pace         lifecycle.Pace       `json:"pace" enum:"no_plan,unreported,ended,on_schedule,lagging,severe" doc:"The worst of the whole and of its parts"`
	Lag          lifecycle.ProjectLag `json:"lag" doc:"Of all parts together"`
	Behind       int                  `json:"behind" doc:"Parts that lag"`
	Named        *ProjectNaming       `json:"named" doc:"The province's latest notice names it as lagging"`
	Lists        []ProjectListed      `json:"lists" doc:"Those it stands in on the day"`
	Spent        quantity.Null        `json:"spent_wan_yuan" doc:"Work done in all years up to the day's month"`
	Breaches     int                  `json:"breaches" doc:"Guards that do not hold"`
	Awaits       int                  `json:"awaits" doc:"Steps submitted that nobody has approved yet"`
	Withdrawn    *time.Time           `json:"withdrawn"`
	ChangedAt    time.Time            `json:"changed_at"`
}

// ProjectStatistics is how a project stands to the statistics library (应统尽统).
type ProjectStatistics struct {
	ID  string `json:"id" doc:"Its number there; empty for none"`
	Due bool   `json:"due" doc:"It belongs there: begun, or work is done, and of the least size"`
	Gap bool   `json:"gap" doc:"It belongs there and has no number"`
}

// ProjectNaming is a notice that names a project as lagging.
type ProjectNaming struct {
	List     int64          `json:"list"`
	Document string         `json:"document"`
	Issuer   string         `json:"issuer"`
	On       hydrotime.Date `json:"on"`
	Part     int64          `json:"part" doc:"0 for the whole"`
	Note     string         `json:"note"`
}

// ProjectListed is a list that a project stands in.
type ProjectListed struct {
	List     int64          `json:"list"`
	Item     int64          `json:"item"`
	Kind     string         `json:"kind" enum:"list,lagging"`
	Name     fault.Text     `json:"name"`
	Issuer   string         `json:"issuer"`
	Level    string         `json:"level"`
	Document string         `json:"document"`
	On       hydrotime.Date `json:"on"`
	Part     int64          `json:"part" doc:"0 for the whole"`
	Note     string         `json:"note"`
}

// ProjectDetail is a project's page.
type ProjectDetail struct {
	ProjectRow
	Library   string                    `json:"library" doc:"Plan or library it was entered in"`
	Note      string                    `json:"note"`
	AsOf      hydrotime.Date            `json:"as_of"`
	Year      int                       `json:"year"`
	List      []ProjectPart             `json:"parts_list" doc:"The whole first, each before what lies in it"`
	Months    []ProjectMonth            `json:"months" doc:"Of all parts together"`
	Funding   ProjectFunding            `json:"funding"`
	Failing   []lifecycle.ProjectBreach `json:"failing" doc:"Guards that do not hold"`
	MayWrite  bool                      `json:"may_write" doc:"The project's own record"`
	MayKeep   bool                      `json:"may_keep" doc:"What is the city's: assessment, lists"`
	Drift     quantity.Null             `json:"drift_wan_yuan" doc:"Parts together less the total; absent where they agree"`
	Elsewhere int                       `json:"elsewhere" doc:"Parts outside the reader's scope, of which nothing more is told"`
}

// ProjectPart is a part on the project's page.
type ProjectPart struct {
	ID         int64                `json:"id"`
	Edit       int64                `json:"edit"`
	Parent     int64                `json:"parent" doc:"0 for the whole"`
	Kind       string               `json:"kind"`
	Code       string               `json:"code"`
	Name       fault.Text           `json:"name"`
	Division   ProjectPlace         `json:"division"`
	Total      quantity.Null        `json:"total_wan_yuan"`
	Contractor string               `json:"contractor"`
	Note       string               `json:"note"`
	Shape      *ProjectShape        `json:"shape"`
	Leaf       bool                 `json:"leaf" doc:"No part lies in it"`
	Stage      string               `json:"stage"`
	Since      *hydrotime.Date      `json:"since"`
	State      string               `json:"state" enum:"waiting,building,commissioned,finished,accepted"`
	Steps      []ProjectStep        `json:"steps" doc:"Its own, the undone too"`
	Schedule   []ProjectDate        `json:"schedule"`
	Next       []ProjectNext        `json:"next" doc:"Milestones that may follow"`
	Lag        lifecycle.ProjectLag `json:"lag"`
	Months     []ProjectMonth       `json:"months" doc:"The twelve of the year; empty where only its approvals are told"`
	Spent      quantity.Null        `json:"spent_wan_yuan"`
	Own        quantity.Null        `json:"own_wan_yuan" doc:"What of the total lies in none of its parts"`
	Drift      quantity.Null        `json:"drift_wan_yuan" doc:"Parts in it together less its total; absent where they agree"`
	Shared     bool                 `json:"shared" doc:"It lies outside the reader's scope: only its approvals are told, which hold for the parts in it"`
	Withdrawn  *time.Time           `json:"withdrawn"`
	MayWrite   bool                 `json:"may_write"`
}

// ProjectStep is a milestone reached.
type ProjectStep struct {
	ID        int64           `json:"id"`
	Milestone string          `json:"milestone"`
	On        hydrotime.Date  `json:"on"`
	Amount    quantity.Null   `json:"amount_wan_yuan"`
	Document  string          `json:"document"`
	Note      string          `json:"note"`
	Files     []evidence.File `json:"files"`
	By        string          `json:"by"`
	WrittenAt time.Time       `json:"written_at"`
	UndoneAt  *time.Time      `json:"undone_at"`
	UndoneBy  string          `json:"undone_by"`
	UndoneWhy string          `json:"undone_why"`
	// What the rules let count by itself is approved when it is written, by nobody.
	ApprovedAt *time.Time `json:"approved_at" doc:"Absent while it awaits approval and does not count"`
	ApprovedBy string     `json:"approved_by" doc:"Empty where no approval is asked for"`
	MayApprove bool       `json:"may_approve" doc:"It awaits the reader's approval"`
	MayUndo    bool       `json:"may_undo"`
}

// ProjectDate is when a part is to reach a milestone, and did.
type ProjectDate struct {
	Milestone string          `json:"milestone"`
	Planned   *hydrotime.Date `json:"planned"`
	First     *hydrotime.Date `json:"first" doc:"As it was planned at first"`
	Reached   *hydrotime.Date `json:"reached"`
	Late      bool            `json:"late" doc:"Planned for a day that is past and not reached, or reached later"`
}

// ProjectNext is a milestone that may follow.
type ProjectNext struct {
	Milestone string       `json:"milestone"`
	Refused   []fault.Text `json:"refused" doc:"Guards that keep it back today; an amount may break others"`
	Warned    []fault.Text `json:"warned"`
}

// ProjectCell is one monthly figure.
type ProjectCell struct {
	Value    quantity.Null `json:"value"`
	Revision int64         `json:"revision" doc:"0 where it was never told; what a change has to name"`
}

// ProjectMonth is one month of a year.
type ProjectMonth struct {
	Month           hydrotime.Month `json:"month"`
	Plan            ProjectCell     `json:"plan" doc:"Investment planned in the month, 万元"`
	Actual          ProjectCell     `json:"actual" doc:"Investment done in the month, 万元"`
	PlannedProgress ProjectCell     `json:"planned_progress" doc:"At the month's end, percent"`
	Progress        ProjectCell     `json:"progress" doc:"At the month's end, percent"`
}

// words of a state of a part.
func stateOf(st lifecycle.Standing) string {
	switch {
	case st.Accepted != nil:
		return "accepted"
	case st.Finished != nil:
		return "finished"
	case st.Commissioned != nil:
		return "commissioned"
	case st.Started != nil:
		return "building"
	}
	return "waiting"
}

// settled is a part's year as it is judged: once it has ended, its progress stays where it was told last.
func (x *part) settled(st lifecycle.Standing) lifecycle.Year {
	y := x.year
	if st.Ended() {
		var progress, planned quantity.Null
		for i := range y {
			if y[i].Progress.Valid {
				progress = y[i].Progress
			}
			if y[i].PlannedProgress.Valid {
				planned = y[i].PlannedProgress
			}
			if progress.Valid {
				y[i].Progress, y[i].PlannedProgress = progress, planned
			}
		}
	}
	y = y.Settle()
	if st.Ended() { // nothing more is due of it
		for i := range y {
			y[i].Due = y[i].Reported
		}
	}
	return y
}

// judged is what some parts of a project come to.
type judged struct {
	stands map[int64]lifecycle.Standing
	lags   map[int64]lifecycle.ProjectLag
	span   lifecycle.Span
	whole  lifecycle.ProjectLag
	year   lifecycle.Year
	pace   lifecycle.Pace
	behind []int64
}

// judge holds parts of a project against its plan.
func (v *view) judge(r *record, list []*part) judged {
	pure := r.pure()
	leaves := pure.Leaves()
	out := judged{stands: map[int64]lifecycle.Standing{}, lags: map[int64]lifecycle.ProjectLag{}}
	in := map[int64]bool{}
	var all []lifecycle.Weighed
	for _, x := range list {
		in[x.id] = true
		st := v.rules.Stand(pure, x.id, v.day)
		y := x.settled(st)
		out.stands[x.id] = st
		lag := v.rules.Lag.Judge(y, v.year, v.day, st.Ended())
		out.lags[x.id] = lag
		all = append(all, lifecycle.Weighed{Year: y, Weight: x.total})
		if lag.Pace.Behind() {
			out.behind = append(out.behind, x.id)
		}
	}
	out.span = v.rules.Span(pure, v.day, func(id int64) bool { return in[id] && slices.Contains(leaves, id) })
	out.year = lifecycle.Sum(all)
	out.whole = v.rules.Lag.Judge(out.year, v.year, v.day, out.span.Parts > 0 && out.span.Ended == out.span.Parts)
	out.pace = out.whole.Pace
	for _, lag := range out.lags {
		if lag.Pace.Behind() { // a part that lags is not hidden by one that leads
			out.pace = lifecycle.Worse(out.pace, lag.Pace)
		}
	}
	return out
}

// row tells a project of the parts that the person may see.
func (v *view) row(r *record, lists map[int64]*list) ProjectRow {
	parts := r.counted(v)
	j := v.judge(r, parts)
	keeper, _ := v.tree.ByID(r.division)
	out := ProjectRow{
		ID: r.id, Edit: r.edit, Code: r.code, Name: r.name, Kind: r.kind, Division: placeOf(keeper), Counties: []ProjectPlace{}, LegalPerson: r.legalPerson,
		Programmes: append([]string{}, r.programmes...), Assessed: r.assessed, Total: r.total,
		Slowest: j.span.Slowest, Furthest: j.span.Furthest, Parts: j.span.Parts, Building: j.span.Building, Commissioned: j.span.Commissioned, Ended: j.span.Ended,
		Pace: j.pace, Lag: j.whole, Behind: len(j.behind), Lists: []ProjectListed{}, Withdrawn: r.withdrawn, ChangedAt: r.changed,
	}
	for _, x := range parts {
		d, _ := v.tree.ByID(x.division)
		if c := v.tree.CountyOf(x.division); c.Code != "" {
			d = c
		}
		if place := placeOf(d); d.Level != "city" && !slices.Contains(out.Counties, place) {
			out.Counties = append(out.Counties, place)
		}
		out.Awaits += x.awaiting()
		if x.spent.Valid {
			out.Spent = quantity.Some(out.Spent.Decimal + x.spent.Decimal)
		}
	}
	out.Share, out.Partial = r.share(parts)
	slices.SortStableFunc(out.Counties, func(a, b ProjectPlace) int { return strings.Compare(a.Code, b.Code) })
	out.Statistics = v.statistics(r, parts, j)
	for _, b := range v.rules.Breaches(r.pure()) {
		if x := r.part(b.Part); x != nil && v.counts(x.division) {
			out.Breaches++
		}
	}
	out.listed(v, r, lists)
	return out
}

// statistics says how a project stands to the statistics library.
func (v *view) statistics(r *record, parts []*part, j judged) ProjectStatistics {
	out := ProjectStatistics{ID: r.stats}
	begun := false
	for _, x := range parts {
		begun = begun || j.stands[x.id].Started != nil || x.spent.Valid && x.spent.Decimal > 0
	}
	big := !r.total.Valid || r.total.Decimal >= v.rules.Statistics.AtLeast // of one whose size nobody told, it is asked
	out.Due = begun && big && r.withdrawn == nil
	out.Gap = out.Due && r.stats == ""
	return out
}

// listed lays out the lists that a project stands in, and the province's latest notice where that names it.
func (out *ProjectRow) listed(v *view, r *record, lists map[int64]*list) {
	latest := v.latest(lists, v.city(r.division).ID)
	for _, i := range r.items {
		l := lists[i.list]
		if l == nil || l.withdrawn != nil || !i.standsAt(v.day) || l.on.DaysUntil(v.day) < 0 {
			continue
		}
		if x := r.part(i.part); i.part != 0 && (x == nil || !v.counts(x.division)) {
			continue
		}
		out.Lists = append(out.Lists, ProjectListed{l.id, i.id, l.kind, l.name, l.issuer, l.level, l.document, l.on, i.part, i.note})
		if latest != nil && l.id == latest.id && out.Named == nil {
			out.Named = &ProjectNaming{l.id, l.document, l.issuer, l.on, i.part, i.note}
		}
	}
	slices.SortStableFunc(out.Lists, func(a, b ProjectListed) int { return a.On.DaysUntil(b.On) })
}

func (i item) standsAt(day hydrotime.Date) bool {
	return i.removed == nil || !i.removed.Before(day.End())
}

// Project reads a project's page as of a day, with the figures of a year; the day's own where year is 0.
func (s *Service) Project(ctx context.Context, p *identity.Principal, id int64, day hydrotime.Date, year int) (*ProjectDetail, error) {
	return s.ProjectKnown(ctx, p, id, Query{AsOf: day, Year: year})
}

// ProjectKnown reads a project's page by the days of a query alone: as of one, of what was known at one.
func (s *Service) ProjectKnown(ctx context.Context, p *identity.Principal, id int64, days Query) (*ProjectDetail, error) {
	v, err := s.viewOf(ctx, p, days)
	if err != nil {
		return nil, err
	}
	var out *ProjectDetail
	err = s.db.Snapshot(ctx, func(q store.Querier) error {
		r, err := s.one(ctx, q, v, id)
		if err != nil {
			return err
		}
		lists, err := v.readLists(ctx, q)
		if err != nil {
			return err
		}
		files, err := s.files(ctx, q, r)
		if err != nil {
			return err
		}
		out = v.detail(r, lists, files)
		return nil
	})
	return out, err
}

func (v *view) detail(r *record, lists map[int64]*list, files map[owner][]evidence.File) *ProjectDetail {
	out := &ProjectDetail{
		ProjectRow: v.row(r, lists), Library: r.lib, Note: v.noteOf(r), AsOf: v.day, Year: v.year, List: []ProjectPart{}, Failing: []lifecycle.ProjectBreach{},
		MayWrite: v.writes(r.division), MayKeep: v.keeps(r.division),
	}
	pure := r.pure()
	seen := r.seen(v)
	j := v.judge(r, seen)
	for _, x := range r.order() {
		sees := v.sees(x.division)
		if !sees && !r.holds(v, pure, x) {
			if x.withdrawn == nil {
				out.Elsewhere++
			}
			continue
		}
		out.List = append(out.List, v.part(r, pure, x, j, files, sees))
	}
	for _, b := range v.rules.Breaches(pure) {
		if x := r.part(b.Part); v.sees(x.division) {
			out.Failing = append(out.Failing, b)
		}
	}
	for i := range 12 {
		m := j.year[i]
		out.Months = append(out.Months, ProjectMonth{
			Month: hydrotime.NewMonth(v.year, i+1), Plan: ProjectCell{Value: m.Plan}, Actual: ProjectCell{Value: m.Actual},
			PlannedProgress: ProjectCell{Value: m.PlannedProgress}, Progress: ProjectCell{Value: m.Progress},
		})
	}
	if whole := r.whole(); v.sees(whole.division) {
		out.Drift = r.drift(whole)
	}
	out.Funding = v.funding(r, seen, files)
	return out
}

// noteOf is the note of a project's record, for those who may read where it is kept.
func (v *view) noteOf(r *record) string {
	if !v.sees(r.division) {
		return ""
	}
	return r.note
}

// holds reports whether a part outside the reader's scope holds one inside it: then its approvals hold for that one, and are told.
func (r *record) holds(v *view, pure *lifecycle.Project, x *part) bool {
	return slices.ContainsFunc(r.parts, func(y *part) bool { return y.id != x.id && v.sees(y.division) && pure.Below(y.id, x.id) })
}

// order lists the parts so that each stands before what lies in it.
func (r *record) order() []*part {
	var out []*part
	var lay func(parent int64)
	lay = func(parent int64) {
		for _, x := range r.parts {
			if x.parent == parent && len(out) < len(r.parts) {
				out = append(out, x)
				lay(x.id)
			}
		}
	}
	lay(0)
	return out
}

func (v *view) part(r *record, pure *lifecycle.Project, x *part, j judged, files map[owner][]evidence.File, sees bool) ProjectPart {
	d, _ := v.tree.ByID(x.division)
	st, judged := j.stands[x.id]
	if !judged {
		st = v.rules.Stand(pure, x.id, v.day)
	}
	out := ProjectPart{
		ID: x.id, Edit: x.edit, Parent: x.parent, Kind: x.kind, Code: x.code, Name: x.name, Division: placeOf(d), Leaf: slices.Contains(pure.Leaves(), x.id),
		Stage: st.Stage, Since: st.Since, State: stateOf(st), Steps: []ProjectStep{}, Schedule: []ProjectDate{}, Next: []ProjectNext{}, Months: []ProjectMonth{},
		Shared: !sees, Withdrawn: x.withdrawn, MayWrite: v.writes(x.division) && x.withdrawn == nil && r.withdrawn == nil,
		Lag: lifecycle.ProjectLag{Pace: lifecycle.NoPlan, Money: lifecycle.LagMeasure{Pace: lifecycle.NoPlan}, Physical: lifecycle.LagMeasure{Pace: lifecycle.NoPlan}, Months: []lifecycle.LagMonth{}, AsOf: v.day},
	}
	for _, s := range x.steps {
		open := x.withdrawn == nil && r.withdrawn == nil && s.Undone == nil && sees
		out.Steps = append(out.Steps, ProjectStep{
			s.ID, s.Milestone, s.On, s.Amount, s.document, s.note, orNone(files[owner{"step", s.ID}]), s.by, s.written, s.Undone, s.undoneBy, s.undoneWhy,
			s.approved, s.approvedBy, open && s.awaits() && v.confirms(x, s) == nil, open && v.takesBack(x, s) == nil,
		})
	}
	if !sees {
		return out
	}
	out.Own, out.Drift = r.own(x), r.drift(x)
	out.Total, out.Contractor, out.Note, out.Shape, out.Spent = r.totalOf(x), x.contractor, x.note, x.shape, x.spent
	out.Schedule = v.dates(x, st)
	if judged {
		out.Lag = j.lags[x.id]
	}
	for i := range 12 {
		cell := func(w What) ProjectCell { return ProjectCell{*w.of(&x.year[i]), x.revisions[i][w]} }
		out.Months = append(out.Months, ProjectMonth{hydrotime.NewMonth(v.year, i+1), cell(Plan), cell(Actual), cell(PlannedProgress), cell(Progress)})
	}
	if out.MayWrite {
		out.Next = v.next(pure, x, st)
	}
	return out
}

func orNone(list []evidence.File) []evidence.File { return append([]evidence.File{}, list...) }

// dates lays the planned days of a part beside those on which it reached its milestones.
func (v *view) dates(x *part, st lifecycle.Standing) []ProjectDate {
	out := []ProjectDate{}
	for _, m := range v.rules.Milestones {
		d := ProjectDate{Milestone: m.ID}
		if on, ok := st.Reached[m.ID]; ok {
			d.Reached = &on
		}
		if i := slices.IndexFunc(x.planned, func(l schedule) bool { return l.milestone == m.ID }); i >= 0 {
			d.Planned, d.First = &x.planned[i].on, &x.planned[i].first
			d.Late = d.Reached == nil && d.Planned.DaysUntil(v.day) > 0 || d.Reached != nil && d.Planned.DaysUntil(*d.Reached) > 0
		}
		if d.Planned != nil || d.Reached != nil {
			out = append(out, d)
		}
	}
	return out
}

// next lists the milestones that a part may go on to, each with the guards that keep it back today.
func (v *view) next(pure *lifecycle.Project, x *part, st lifecycle.Standing) []ProjectNext {
	out := []ProjectNext{}
	_, here := v.rules.Stage(st.Stage)
	for _, m := range v.rules.Milestones {
		_, place := v.rules.Stage(m.Stage)
		if _, there := st.Reached[m.ID]; !m.Repeats && (there || place < here) || x.free(m.ID) != nil {
			continue
		}
		n := ProjectNext{Milestone: m.ID, Refused: []fault.Text{}, Warned: []fault.Text{}}
		for _, b := range v.rules.Try(pure, pure.With(x.id, lifecycle.Step{Milestone: m.ID, On: v.day})) {
			if b.Does == lifecycle.Warns {
				n.Warned = append(n.Warned, b.Text)
			} else {
				n.Refused = append(n.Refused, b.Text)
			}
		}
		out = append(out, n)
	}
	return out
}

// owner is what a file speaks for.
type owner struct {
	what string
	id   int64
}

// files reads the files of a project's steps and money.
func (s *Service) files(ctx context.Context, q store.Querier, r *record) (map[owner][]evidence.File, error) {
	hashes := map[owner][]string{}
	for what, table := range map[string]string{"step": "project_step", "fund": "project_fund", "figure": "project_figure_revision"} {
		err := store.Each(ctx, q, `
			SELECT f.owner_id, f.file_hash FROM project_file f JOIN `+table+` t ON t.id = f.owner_id JOIN project_part x ON x.id = t.part_id
			WHERE f.what = $1 AND x.project_id = $2 ORDER BY f.owner_id, f.file_hash`, func(scan func(...any) error) error {
			var id int64
			var hash string
			err := scan(&id, &hash)
			hashes[owner{what, id}] = append(hashes[owner{what, id}], hash)
			return err
		}, what, r.id)
		if err != nil {
			return nil, fmt.Errorf("read files of project %d: %w", r.id, err)
		}
	}
	out := map[owner][]evidence.File{}
	for o, list := range hashes {
		for _, h := range list {
			f, err := s.evidence.File(ctx, q, evidence.Hash(h))
			if err != nil {
				return nil, err
			}
			out[o] = append(out[o], f)
		}
	}
	return out, nil
}

// HasFile reports whether a file speaks for something of a project that the person may see.
func (s *Service) HasFile(ctx context.Context, p *identity.Principal, id int64, hash string) (bool, error) {
	v, err := s.view(ctx, p, hydrotime.Date{}, 0)
	if err != nil {
		return false, err
	}
	r, err := s.one(ctx, s.db, v, id)
	if err != nil {
		return false, err
	}
	pure := r.pure()
	found := false
	for what, table := range map[string]string{"step": "project_step", "fund": "project_fund", "figure": "project_figure_revision"} {
		err := store.Each(ctx, s.db, `SELECT t.part_id FROM project_file f JOIN `+table+` t ON t.id = f.owner_id JOIN project_part x ON x.id = t.part_id WHERE f.what = $1 AND x.project_id = $2 AND f.file_hash = $3`,
			func(scan func(...any) error) error {
				var id int64
				err := scan(&id)
				if x := r.part(id); x != nil {
					found = found || v.sees(x.division) || what == "step" && r.holds(v, pure, x)
				}
				return err
			}, what, r.id, hash)
		if err != nil {
			return false, fmt.Errorf("look for file %s of project %d: %w", hash, r.id, err)
		}
	}
	return found, nil
}

// ProjectEvent is one change in a project's history.
type ProjectEvent struct {
	Seq    int64     `json:"seq"`
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Action string    `json:"action"`
	Detail string    `json:"detail" doc:"JSON"`
}

// ProjectHistory is one page of a project's history.
type ProjectHistory struct {
	Items []ProjectEvent `json:"items"`
	Next  int64          `json:"next" doc:"Before of the next page; 0 for none"`
}

// History lists who changed what of a project, the newest first, of the divisions that the person may see.
func (s *Service) History(ctx context.Context, p *identity.Principal, id, before int64, limit int) (*ProjectHistory, error) {
	v, err := s.view(ctx, p, hydrotime.Date{}, 0)
	if err != nil {
		return nil, err
	}
	if _, err := s.one(ctx, s.db, v, id); err != nil {
		return nil, err
	}
	list, err := audit.List(ctx, s.db, audit.Query{All: true, ObjectKind: "project", ObjectID: fmt.Sprint(id), Before: before, Limit: limit})
	if err != nil {
		return nil, err
	}
	out := &ProjectHistory{Items: []ProjectEvent{}}
	for _, e := range list {
		if e.DivisionID == nil || v.sees(*e.DivisionID) {
			detail, _ := e.Detail.(string)
			out.Items = append(out.Items, ProjectEvent{e.Seq, e.At, e.Actor.Name, e.Action, detail})
		}
	}
	if len(list) > 0 && len(list) == limit {
		out.Next = list[len(list)-1].Seq
	}
	return out, nil
}
