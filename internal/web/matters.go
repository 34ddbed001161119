package web

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/oversight"
	"anlan/internal/programme"
	"anlan/internal/registry"
	"anlan/internal/registry/objectrule"
	"anlan/internal/store"
)

// MatterRow is a matter as lists show it.
type MatterRow struct {
	ID         int64                 `json:"id"`
	Edit       int64                 `json:"edit"`
	Number     string                `json:"number"`
	Kind       matter.Kind           `json:"kind" enum:"finding,hazard,lag,missing,overdue,task,sweep"`
	Line       string                `json:"line"`
	Division   programme.DivisionRef `json:"division"`
	Keeper     programme.DivisionRef `json:"keeper" doc:"The division whose office keeps and reviews it"`
	Title      fault.Text            `json:"title"`
	Item       string                `json:"item,omitempty" doc:"Clause of a checklist"`
	Severity   int                   `json:"severity" minimum:"0" maximum:"4" doc:"0 not graded, 1 general, 2 heavier, 3 serious, 4 grave"`
	Origin     matter.Origin         `json:"origin" enum:"ministry,province,city,county,self,rule"`
	State      matter.State          `json:"state" enum:"found,disputed,confirmed,assigned,rectifying,returned,submitted,controlled,closed,dismissed,cleared"`
	Live       bool                  `json:"live"`
	Unit       matter.Named          `json:"unit"`
	Person     *matter.Named         `json:"person"`
	Object     *matter.ObjectName    `json:"object"`
	Measures   string                `json:"measures,omitempty"`
	Found      time.Time             `json:"found"`
	Opened     time.Time             `json:"opened"`
	Due        hydrotime.Date        `json:"due" doc:"The last day of the deadline that stands"`
	Original   *hydrotime.Date       `json:"original_due" doc:"The last day of the deadline first given for mending"`
	Overdue    bool                  `json:"overdue"`
	DaysLeft   int                   `json:"days_left" doc:"Negative when past"`
	Closed     *time.Time            `json:"closed"`
	Extended   bool                  `json:"extended"`
	Asked      bool                  `json:"extension_asked"`
	Recurrent  bool                  `json:"recurrent"`
	Missed     bool                  `json:"missed" doc:"A lower level had looked and not found it"`
	Reopened   int                   `json:"reopened"`
	Incomplete bool                  `json:"incomplete" doc:"One of the three lists has a hole"`
	Veiled     bool                  `json:"veiled" doc:"Of an unannounced inspection that is not done yet"`
	Step       string                `json:"step,omitempty" doc:"The furthest step of the ladder"`
	Calls      *CalledStep           `json:"calls,omitempty" doc:"In a list that was asked for by calls_for: the step that the ladder calls for"`
	Source     string                `json:"source"`
	SourceID   string                `json:"source_id,omitempty"`
}

// MatterPage is one page of matters.
type MatterPage struct {
	Items []MatterRow `json:"items"`
	Next  string      `json:"next,omitempty"`
	Total int         `json:"total"`
}

// lastDay is the day that a deadline ends with: the instant itself belongs to the next one.
func lastDay(t time.Time) hydrotime.Date { return hydrotime.DateOf(t.Add(-time.Millisecond)) }

func (s *Server) matterPage(tree *registry.Tree, pg matter.Page) MatterPage {
	out := MatterPage{Items: make([]MatterRow, 0, len(pg.Rows)), Next: pg.Next, Total: pg.Total}
	now := s.Now()
	today := hydrotime.DateOf(now)
	for _, r := range pg.Rows {
		d, _ := tree.ByID(r.Division)
		keeper, _ := tree.ByID(r.Keeper)
		due := lastDay(time.UnixMilli(r.Due))
		row := MatterRow{
			ID: r.ID, Edit: r.Edit, Number: r.Number, Kind: r.Kind, Line: r.Line, Division: programme.RefOf(tree, d), Keeper: programme.RefOf(tree, keeper),
			Title: r.Title, Item: r.Item, Severity: int(r.Severity), Origin: r.Origin, State: r.State, Live: r.Live(), Unit: pg.Unit(r), Person: pg.Person(r), Object: pg.Object(r), Measures: r.Measures,
			Found: time.UnixMilli(r.Found).UTC(), Opened: time.UnixMilli(r.Opened).UTC(), Due: due, DaysLeft: today.DaysUntil(due),
			Overdue: r.OverdueAt(now.UnixMilli()), Extended: r.Extended, Asked: r.Asked, Recurrent: r.Recurs != 0, Missed: r.Missed, Reopened: r.Reopened,
			Incomplete: r.Defective, Veiled: r.Veiled, Step: r.Step, Source: r.Source, SourceID: r.SourceID,
		}
		if r.Original != 0 {
			original := lastDay(time.UnixMilli(r.Original))
			row.Original = &original
		}
		if r.Closed != 0 {
			closed := time.UnixMilli(r.Closed).UTC()
			row.Closed = &closed
		}
		out.Items = append(out.Items, row)
	}
	return out
}

// MatterFilter is how lists, counts and exports of matters are asked for.
type MatterFilter struct {
	Q         string          `query:"q" maxLength:"100"`
	Kind      []matter.Kind   `query:"kind" maxItems:"7" enum:"finding,hazard,lag,missing,overdue,task,sweep"`
	Line      []string        `query:"line" maxItems:"30"`
	State     []matter.State  `query:"state" maxItems:"11" enum:"found,disputed,confirmed,assigned,rectifying,returned,submitted,controlled,closed,dismissed,cleared"`
	Live      bool            `query:"live" doc:"Only those at which something is still to do"`
	Severity  []int           `query:"severity" maxItems:"5" doc:"0 to 4"`
	Origin    []matter.Origin `query:"origin" maxItems:"6" enum:"ministry,province,city,county,self,rule"`
	Scope     string          `query:"scope" maxLength:"20" doc:"Code of a division, with all below it"`
	Object    int64           `query:"object" minimum:"0"`
	ObjectOf  string          `query:"object_kind" maxLength:"40"`
	Unit      string          `query:"unit" maxLength:"60"`
	Person    string          `query:"person" maxLength:"60"`
	Source    string          `query:"source" enum:"inspection,rule,meeting,sweep,hand"`
	SourceID  string          `query:"source_id" maxLength:"120"`
	Item      string          `query:"item" maxLength:"60"`
	Step      string          `query:"step" enum:"remind,notice,talk,supervise,deduct"`
	CallsFor  string          `query:"calls_for" enum:"any,remind,notice,talk,supervise,deduct" doc:"The step of the ladder that the rules call for now and that the person who asks may propose; any for whichever"`
	DueFrom   string          `query:"due_from" maxLength:"10" doc:"First day, 2026-06-01"`
	DueTo     string          `query:"due_to" maxLength:"10" doc:"Last day"`
	OrigFrom  string          `query:"original_from" maxLength:"10" doc:"By the deadline first given for mending"`
	OrigTo    string          `query:"original_to" maxLength:"10"`
	FoundFrom string          `query:"found_from" maxLength:"10"`
	FoundTo   string          `query:"found_to" maxLength:"10"`
	ShutFrom  string          `query:"closed_from" maxLength:"10"`
	ShutTo    string          `query:"closed_to" maxLength:"10"`
	Overdue   bool            `query:"overdue" doc:"By the deadline that stands, and not handed in"`
	LateFirst bool            `query:"overdue_first" doc:"By the deadline first given, and not closed: what the statistics of supervision count as overdue"`
	Recurrent bool            `query:"recurrent"`
	Missed    bool            `query:"missed"`
	Reopened  bool            `query:"reopened"`
	Extended  bool            `query:"extended"`
	Asked     bool            `query:"extension_asked"`
	Defective bool            `query:"incomplete" doc:"One of the three lists has a hole"`
}

func (s *Server) matterQuery(ctx context.Context, p *identity.Principal, f *MatterFilter) (matter.Query, error) {
	q := matter.Query{
		Text: f.Q, Kinds: f.Kind, Lines: f.Line, States: f.State, Live: f.Live, Origins: f.Origin, Object: f.Object, ObjectOf: f.ObjectOf, Unit: f.Unit, Person: f.Person,
		Source: f.Source, SourceID: f.SourceID, Item: f.Item, Step: f.Step, Overdue: f.Overdue, LateFirst: f.LateFirst, Recurrent: f.Recurrent, Missed: f.Missed, Reopened: f.Reopened,
		Extended: f.Extended, Asked: f.Asked, Defective: f.Defective,
	}
	if f.CallsFor != "" {
		calls, err := s.stepCalls(ctx, p)
		if err != nil {
			return q, err
		}
		q.Among = calls.among(f.CallsFor)
	}
	if kind := objectrule.Kind(f.ObjectOf); kind != "" && !kind.Valid() {
		return q, fault.Invalidf("object.kind", "没有“%s”这类对象", "there is no kind of object %q", kind).At("object_kind", fault.T("无效", "not valid"))
	}
	for _, n := range f.Severity {
		if n < int(matter.Ungraded) || n > int(matter.Grave) {
			return q, fault.Invalidf("matter.severity", "等级为 0 至 4，没有 %d", "severities are 0 to 4: there is no %d", n).At("severity", fault.T("无效", "not valid"))
		}
		q.Severity = append(q.Severity, matter.Severity(n))
	}
	if f.Scope != "" {
		d, err := s.divisionOf(ctx, f.Scope)
		if err != nil {
			return q, err
		}
		q.Division = d.ID
	}
	for _, span := range []struct {
		to          *matter.Span
		place       string
		first, last string
	}{{&q.Due, "due", f.DueFrom, f.DueTo}, {&q.Original, "original", f.OrigFrom, f.OrigTo}, {&q.Found, "found", f.FoundFrom, f.FoundTo}, {&q.Closed, "closed", f.ShutFrom, f.ShutTo}} {
		var err error
		if *span.to, err = days(span.place, span.first, span.last); err != nil {
			return q, err
		}
	}
	for _, span := range []*matter.Span{&q.Due, &q.Original} { // a deadline is the end of its day
		for _, end := range []*time.Time{&span.From, &span.To} {
			if !end.IsZero() {
				*end = end.Add(time.Millisecond)
			}
		}
	}
	return q, nil
}

// days reads the first and the last day of a stretch; either may be absent.
func days(place, first, last string) (span matter.Span, err error) {
	if first != "" {
		d, err := hydrotime.ParseDate(first)
		if err != nil {
			return span, badDay(place+"_from", err)
		}
		span.From = d.Start()
	}
	if last != "" {
		d, err := hydrotime.ParseDate(last)
		if err != nil {
			return span, badDay(place+"_to", err)
		}
		span.To = d.End()
		if !span.From.Before(span.To) {
			return span, fault.Invalidf("request.days", "末日不能早于首日", "the last day lies before the first").At(place+"_to", fault.T("早于首日", "before the first day"))
		}
	}
	return span, nil
}

func badDay(place string, err error) error {
	return fault.Invalidf("request.day", "日期应写作 2026-06-30", "a day is written 2026-06-30").At(place, fault.T("不是日期", "not a day")).Because(err)
}

func (s *Server) addMatterRoutes() {
	route := func(method, path, id, summary string, perm identity.Permission) Route {
		return Route{Method: method, Path: path, ID: id, Summary: summary, Tag: "matters", Permission: perm}
	}
	add(s, route("GET", "/api/matters", "listMatters", "Matters in scope, filtered, ordered, paged", identity.MatterRead), s.listMatters)
	add(s, route("GET", "/api/matters/groups", "groupMatters", "Matters counted by one field or two", identity.MatterRead), s.groupMatters)
	add(s, route("GET", "/api/matters/calendar", "matterCalendar", "Matters at work counted by the day that their deadline ends with", identity.MatterRead), s.matterCalendar)
	add(s, route("GET", "/api/matters/rules", "listMatterMoves", "The legal moves as data, and the states, kinds and steps", identity.MatterRead), matterRules)
	add(s, route("POST", "/api/matters", "openMatter", "Open a matter by hand", identity.MatterOpen), s.openMatter)
	add(s, route("POST", "/api/matters/moves", "moveMatters", "Make one move on many matters, each on its own", identity.MatterRead), s.moveMatters)
	add(s, route("GET", "/api/matters/{id}", "getMatter", "One matter with its history, files, links, and what may be done now", identity.MatterRead), s.getMatter)
	add(s, route("POST", "/api/matters/{id}/moves", "moveMatter", "Make one move; the permission it needs depends on the move", identity.MatterRead), s.moveMatter)
	add(s, route("POST", "/api/matters/{id}/evidence", "attachEvidence", "Let an uploaded file speak for a matter", identity.MatterRead), s.attachEvidence)
	add(s, route("POST", "/api/matters/{id}/parts/{object}", "answerPart", "Answer for one object of a sweep", identity.MatterAnswer), s.answerPart)
	add(s, route("POST", "/api/matters/{id}/parts", "answerRest", "Answer for every object of a sweep that has no answer yet", identity.MatterAnswer), s.answerRest)
	add(s, route("GET", "/api/work", "listWork", "What waits for the person who asks, by deadline", identity.MatterRead), s.listWork)
	s.addMatterPaperRoutes()
	s.addMatterFileRoutes()
	s.addLadderRoutes()
	s.addMeetingRoutes()
}

type matterListInput struct {
	MatterFilter
	Sort   string `query:"sort" maxLength:"20" doc:"standing (what is at work by its deadline, then what is at rest), due, original, found, opened, closed, changed, severity, number, title, state, kind, line, division, origin, unit, person, object, item, step, reopened; - before it for descending"`
	Cursor string `query:"cursor" maxLength:"1000"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"50"`
}

func (s *Server) listMatters(ctx context.Context, p *identity.Principal, in *matterListInput) (*MatterPage, error) {
	q, err := s.matterQuery(ctx, p, &in.MatterFilter)
	if err != nil {
		return nil, err
	}
	q.Sort, q.After, q.Limit = in.Sort, in.Cursor, in.Limit
	pg, err := s.Matter.List(ctx, p, q)
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := s.matterPage(tree, pg)
	if in.CallsFor == "" {
		return &out, nil
	}
	calls, err := s.stepCalls(ctx, p)
	out = calls.lay(out)
	return &out, err
}

func (s *Server) matterCalendar(ctx context.Context, p *identity.Principal, in *struct {
	MatterFilter
	From string `query:"from" required:"true" maxLength:"10" doc:"First day of the calendar"`
	To   string `query:"to" required:"true" maxLength:"10" doc:"Last day of the calendar"`
},
) (*matter.Calendar, error) {
	q, err := s.matterQuery(ctx, p, &in.MatterFilter)
	if err != nil {
		return nil, err
	}
	first, err := hydrotime.ParseDate(in.From)
	if err != nil {
		return nil, badDay("from", err)
	}
	last, err := hydrotime.ParseDate(in.To)
	if err != nil {
		return nil, badDay("to", err)
	}
	c, err := s.Matter.Due(ctx, p, q, first, last)
	return &c, err
}

func (s *Server) groupMatters(ctx context.Context, p *identity.Principal, in *struct {
	MatterFilter
	By []string `query:"by" required:"true" minItems:"1" maxItems:"2" doc:"state, kind, line, division, keeper, origin, severity, unit, person, object, item, step, due (month), found (month)"`
},
) (*matter.Grouped, error) {
	q, err := s.matterQuery(ctx, p, &in.MatterFilter)
	if err != nil {
		return nil, err
	}
	g, err := s.Matter.Group(ctx, p, q, in.By)
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	for i, by := range in.By {
		if by != "division" && by != "keeper" {
			continue
		}
		for j := range g.Groups {
			if id, err := strconv.ParseInt(g.Groups[j].Keys[i], 10, 64); err == nil {
				d, _ := tree.ByID(id)
				g.Groups[j].Keys[i] = d.Code
			}
		}
	}
	return &g, nil
}

// MatterRules is what screens need to know of the loop.
type MatterRules struct {
	Moves  []matter.Legal `json:"moves"`
	States []NamedWord    `json:"states"`
	Steps  []NamedWord    `json:"steps"`
}

// NamedWord is a code with the word that people read.
type NamedWord struct {
	Code string     `json:"code"`
	Name fault.Text `json:"name"`
}

func matterRules(context.Context, *identity.Principal, *struct{}) (*MatterRules, error) {
	out := &MatterRules{Moves: matter.Legals()}
	for _, st := range matter.States() {
		out.States = append(out.States, NamedWord{string(st), matter.StateName(st)})
	}
	for _, st := range matter.Steps() {
		out.Steps = append(out.Steps, NamedWord{st.ID, st.Name})
	}
	return out, nil
}

type openMatterInput struct {
	Body struct {
		Client   string         `json:"client" minLength:"1" maxLength:"60" doc:"An id made by the sender: sent twice, it is one matter"`
		Kind     matter.Kind    `json:"kind" enum:"finding,hazard,task"`
		Line     string         `json:"line" minLength:"1" maxLength:"40"`
		Division string         `json:"division" maxLength:"20"`
		Object   int64          `json:"object,omitempty" minimum:"0"`
		Item     string         `json:"item,omitempty" maxLength:"60"`
		Title    string         `json:"title" minLength:"1" maxLength:"200"`
		Detail   string         `json:"detail,omitempty" maxLength:"4000"`
		Basis    string         `json:"basis,omitempty" maxLength:"500"`
		Severity int            `json:"severity" minimum:"0" maximum:"4"`
		Origin   matter.Origin  `json:"origin" enum:"ministry,province,city,county,self"`
		Place    matter.Place   `json:"place"`
		Unit     string         `json:"unit,omitempty" maxLength:"60"`
		Person   string         `json:"person,omitempty" maxLength:"60"`
		Found    *time.Time     `json:"found,omitempty"`
		Due      hydrotime.Date `json:"due" doc:"Last day: to confirm what was found, or to do a task"`
	}
}

func (s *Server) openMatter(ctx context.Context, p *identity.Principal, in *openMatterInput) (*Made64, error) {
	b := &in.Body
	d, err := s.divisionOf(ctx, b.Division)
	if err != nil {
		return nil, err
	}
	keeper, ok := p.Highest(identity.MatterOpen, b.Line, d.ID)
	if !ok {
		return nil, fault.NotFoundf("division.unknown", "没有代码为 %s 的区划，或不在您的权限范围内", "there is no division %s, or it is outside your scope", b.Division)
	}
	if err := oversight.Claims(b.Origin, keeper); err != nil {
		return nil, err
	}
	n := matter.NewMatter{
		Client: p.Account() + "/" + b.Client, Kind: b.Kind, Line: b.Line, Division: d.ID, Keeper: keeper.ID, Object: b.Object, Source: "hand", Item: b.Item, Title: fault.T(b.Title, ""),
		Detail: b.Detail, Basis: b.Basis, Severity: matter.Severity(b.Severity), Origin: b.Origin, Place: b.Place, Unit: b.Unit, Person: b.Person, Due: b.Due.End(),
	}
	if b.Found != nil {
		n.Found = *b.Found
	}
	if err := s.Matter.Said(ctx, &n); err != nil {
		return nil, err
	}
	out := &Made64{}
	err = s.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if n.Missed, err = s.Oversight.Missed(ctx, tx, n); err != nil {
			return err
		}
		m, _, err := s.Matter.Open(ctx, tx, p.Actor(), n)
		if m != nil {
			out.ID = m.ID
		}
		return err
	})
	return out, err
}

// Made64 is the number of what was made.
type Made64 struct {
	ID int64 `json:"id"`
}

// MatterAct is one move as a screen sends it; deadlines are days, kept until their end.
type MatterAct struct {
	Move     matter.Move     `json:"move" enum:"confirm,dispute,uphold,dismiss,assign,plan,submit,withdraw,send_back,close,control,ask_extension,extend,refuse_extension,recheck,reopen,note"`
	Edit     int64           `json:"edit" minimum:"0" doc:"The edit number that was read"`
	Reason   string          `json:"reason,omitempty" maxLength:"2000"`
	Unit     string          `json:"unit,omitempty" maxLength:"60"`
	Person   string          `json:"person,omitempty" maxLength:"60"`
	Due      *hydrotime.Date `json:"due,omitempty"`
	Measures string          `json:"measures,omitempty" maxLength:"4000"`
	Way      string          `json:"way,omitempty" enum:"site,paper"`
}

func (a *MatterAct) act() matter.Act {
	out := matter.Act{Move: a.Move, Edit: a.Edit, Reason: a.Reason, Unit: a.Unit, Person: a.Person, Measures: a.Measures, Way: a.Way}
	if a.Due != nil {
		end := a.Due.End()
		out.Due = &end
	}
	return out
}

// MatterPath names a matter in a path.
type MatterPath struct {
	ID int64 `path:"id" minimum:"1"`
}

func (s *Server) moveMatter(ctx context.Context, p *identity.Principal, in *struct {
	MatterPath
	Body MatterAct
},
) (*MatterDetail, error) {
	if _, err := s.Matter.Move(ctx, p, in.ID, in.Body.act()); err != nil {
		return nil, err
	}
	return s.matterDetail(ctx, p, in.ID)
}

func (s *Server) moveMatters(ctx context.Context, p *identity.Principal, in *struct {
	Body struct {
		IDs []int64   `json:"ids" minItems:"1" maxItems:"500"`
		Act MatterAct `json:"act"`
	}
},
) (*Items[matter.Outcome], error) {
	list, err := s.Matter.MoveMany(ctx, p, in.Body.IDs, in.Body.Act.act())
	return &Items[matter.Outcome]{list}, err
}

func (s *Server) attachEvidence(ctx context.Context, p *identity.Principal, in *struct {
	MatterPath
	Body struct {
		File  string       `json:"file" minLength:"64" maxLength:"64" doc:"Hash of an uploaded file"`
		Role  string       `json:"role" enum:"before,after,control,reply,recheck,basis"`
		Note  string       `json:"note,omitempty" maxLength:"500"`
		Place matter.Place `json:"place"`
	}
},
) (*MatterDetail, error) {
	b := in.Body
	if err := s.Matter.Attach(ctx, p, in.ID, matter.Evidence{File: b.File, Role: b.Role, Note: b.Note, Place: b.Place}); err != nil {
		return nil, err
	}
	return s.matterDetail(ctx, p, in.ID)
}

func (s *Server) answerPart(ctx context.Context, p *identity.Principal, in *struct {
	MatterPath
	Object int64 `path:"object" minimum:"1"`
	Body   struct {
		Answer string `json:"answer" enum:"none,found,not_applicable"`
		Note   string `json:"note,omitempty" maxLength:"2000"`
	}
},
) (*MatterDetail, error) {
	if err := s.Matter.Answer(ctx, p, in.ID, in.Object, in.Body.Answer, in.Body.Note); err != nil {
		return nil, err
	}
	return s.matterDetail(ctx, p, in.ID)
}

func (s *Server) answerRest(ctx context.Context, p *identity.Principal, in *struct {
	MatterPath
	Body struct {
		Answer string `json:"answer" enum:"none,not_applicable"`
		Note   string `json:"note,omitempty" maxLength:"2000"`
	}
},
) (*MatterDetail, error) {
	if err := s.Matter.AnswerRest(ctx, p, in.ID, in.Body.Answer, in.Body.Note); err != nil {
		return nil, err
	}
	return s.matterDetail(ctx, p, in.ID)
}

// WorkGroup is what waits for a person for one reason.
type WorkGroup struct {
	Why string `json:"why" enum:"mine,confirm,assign,review,dispute,extension,step"`
	MatterPage
}

func (s *Server) listWork(ctx context.Context, p *identity.Principal, in *struct {
	Limit int `query:"limit" minimum:"1" maximum:"500" default:"100"`
},
) (*Items[WorkGroup], error) {
	list, err := s.Matter.Mine(ctx, p, in.Limit)
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := &Items[WorkGroup]{Items: []WorkGroup{}}
	for _, w := range list {
		out.Items = append(out.Items, WorkGroup{Why: w.Why, MatterPage: s.matterPage(tree, w.Rows)})
	}
	step, err := s.callsWork(ctx, p, tree, in.Limit)
	if step != nil {
		out.Items = append(out.Items, *step)
	}
	return out, err
}

// MatterChanged tells open screens that a matter was opened or moved.
func (s *Server) MatterChanged(c matter.Change) {
	s.events.publish(Event{Kind: "matter", Line: c.Line, Division: c.At, need: c.Permission, Thing: fmt.Sprint(c.ID)})
}
