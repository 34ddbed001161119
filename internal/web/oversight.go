package web

import (
	"context"
	"slices"
	"strconv"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/oversight"
	"anlan/internal/oversight/checklist"
	"anlan/internal/oversight/draw"
	"anlan/internal/programme"
	"anlan/internal/quantity"
	"anlan/internal/registry"
)

// PlanRow is an inspection plan as lists show it.
type PlanRow struct {
	ID         int64                 `json:"id"`
	Edit       int64                 `json:"edit"`
	Title      string                `json:"title"`
	Line       string                `json:"line"`
	Mode       oversight.Mode        `json:"mode" enum:"unannounced,open,self,provincial,ministerial"`
	Origin     matter.Origin         `json:"origin" enum:"ministry,province,city,county,self"`
	Checklist  string                `json:"checklist"`
	Version    int                   `json:"checklist_version"`
	ListTitle  fault.Text            `json:"checklist_title"`
	ObjectKind string                `json:"object_kind"`
	Keeper     programme.DivisionRef `json:"keeper"`
	Scope      programme.DivisionRef `json:"scope"`
	From       hydrotime.Date        `json:"from"`
	To         hydrotime.Date        `json:"to"`
	Teams      []string              `json:"teams"`
	State      oversight.PlanState   `json:"state" enum:"draft,drawn,done,cancelled"`
	DrawnAt    *time.Time            `json:"drawn_at"`
	By         string                `json:"by"`
	At         time.Time             `json:"at"`
	DoneAt     *time.Time            `json:"done_at"`
	Objects    int                   `json:"objects"`
	Looked     int                   `json:"looked"`
	Found      int                   `json:"found"`
	MayPlan    bool                  `json:"may_plan" doc:"The person who asks may change it"`
}

// PlanDetail is a plan with its drawing and its inspections.
type PlanDetail struct {
	PlanRow
	Drawing     *DrawingView    `json:"drawing"`
	Inspections []InspectionRow `json:"inspections"`
}

// DrawingView is a drawing as it can be done again by anybody.
type DrawingView struct {
	Algorithm  string       `json:"algorithm"`
	Seed       string       `json:"seed"`
	Pool       string       `json:"pool" doc:"SHA-256 over all candidates"`
	Candidates int          `json:"candidates"`
	Inspectors int          `json:"inspectors"`
	Quotas     []draw.Quota `json:"quotas"`
	Drawn      []draw.Drawn `json:"drawn"`
}

// InspectionRow is one object looked at once.
type InspectionRow struct {
	ID         int64                 `json:"id"`
	Edit       int64                 `json:"edit"`
	Plan       int64                 `json:"plan,omitempty"`
	Team       string                `json:"team,omitempty"`
	Object     matter.ObjectName     `json:"object"`
	Division   programme.DivisionRef `json:"division"`
	Line       string                `json:"line"`
	Origin     matter.Origin         `json:"origin" enum:"ministry,province,city,county,self"`
	Mode       oversight.Mode        `json:"mode" enum:"unannounced,open,self,provincial,ministerial"`
	Veiled     bool                  `json:"veiled"`
	Checklist  string                `json:"checklist"`
	Version    int                   `json:"checklist_version"`
	State      string                `json:"state" enum:"planned,under_way,done"`
	Inspectors []matter.Named        `json:"inspectors"`
	Score      quantity.Null         `json:"score"`
	StartedAt  *time.Time            `json:"started_at"`
	DoneAt     *time.Time            `json:"done_at"`
	MayRecord  bool                  `json:"may_record"`
}

// InspectionDetail is an inspection with its checklist, what was answered, what was found, and what it comes to.
type InspectionDetail struct {
	InspectionRow
	List     *checklist.Checklist        `json:"list"`
	Answers  map[string]checklist.Answer `json:"answers"`
	Note     string                      `json:"note"`
	Result   SheetResult                 `json:"result"`
	Findings []MatterRow                 `json:"findings"`
	Found    []oversight.Found           `json:"found" doc:"What was written of each of these findings"`
}

// SheetSaved is an inspection after a sheet was saved, with the receipt for its findings.
type SheetSaved struct {
	InspectionDetail
	Made []int64 `json:"made" doc:"The matter of each finding that was sent, in their order"`
}

// SheetResult is what a sheet comes to as it stands.
type SheetResult struct {
	Score      quantity.Null              `json:"score"`
	Deducted   quantity.Decimal           `json:"deducted"`
	Answered   int                        `json:"answered"`
	Of         int                        `json:"of"`
	Unanswered []string                   `json:"unanswered"`
	Measure    *checklist.Measure         `json:"measure" enum:"none,order,talk,circular,stop,sanction"`
	MeasureIn  fault.Text                 `json:"measure_name"`
	Sections   []SheetSection             `json:"sections"`
	Severities map[checklist.Severity]int `json:"severities"`
	KeyLinks   map[checklist.KeyLink]int  `json:"key_links"`
	Persons    int                        `json:"persons"`
}

// SheetSection is a section's part in a result.
type SheetSection struct {
	ID       string           `json:"id"`
	Findings int              `json:"findings"`
	Deducted quantity.Decimal `json:"deducted"`
}

// TeamRow is a team with its place and areas.
type TeamRow struct {
	oversight.Team
	Keeper programme.DivisionRef   `json:"keeper"`
	Areas  []programme.DivisionRef `json:"areas"`
}

func (s *Server) addOversightRoutes() {
	route := func(method, path, id, summary string, perm identity.Permission) Route {
		return Route{Method: method, Path: path, ID: id, Summary: summary, Tag: "oversight", Permission: perm}
	}
	add(s, route("GET", "/api/checklists", "listChecklists", "The checklists in force", identity.MatterRead), s.listChecklists)
	add(s, route("GET", "/api/checklists/{id}", "getChecklist", "One version of a checklist", identity.MatterRead), s.getChecklist)
	add(s, route("GET", "/api/inspection-teams", "listTeams", "Teams with areas and members", identity.InspectionRead), s.listTeams)
	add(s, route("PUT", "/api/inspection-teams/{id}", "saveTeam", "Make a team (id new) or change one", identity.InspectionPlan), s.saveTeam)
	add(s, route("GET", "/api/inspection-plans", "listPlans", "Plans that the person may know of, the latest first", identity.InspectionRead), s.listPlans)
	add(s, route("POST", "/api/inspection-plans", "addPlan", "Make a plan", identity.InspectionPlan), s.addPlan)
	add(s, route("GET", "/api/inspection-plans/{id}", "getPlan", "One plan with its drawing and inspections", identity.InspectionRead), s.getPlan)
	add(s, route("POST", "/api/inspection-plans/{id}/draw", "drawPlan", "Draw objects and inspectors, once", identity.InspectionPlan), s.drawPlan)
	add(s, route("GET", "/api/inspection-plans/{id}/drawing/check", "checkDrawing", "Do the drawing again and say whether it comes out the same", identity.InspectionRead), s.checkDrawing)
	add(s, route("POST", "/api/inspection-plans/{id}/objects", "addPlanObjects", "Put objects on a plan by hand", identity.InspectionPlan), s.addPlanObjects)
	add(s, route("POST", "/api/inspection-plans/{id}/finish", "finishPlan", "End a plan; what an unannounced one found is seen from then on", identity.InspectionPlan), s.finishPlan)
	add(s, route("GET", "/api/inspections", "listInspections", "Inspections that the person may know of, the latest first", identity.InspectionRead), s.listInspections)
	add(s, route("POST", "/api/inspections", "startInspection", "Begin an inspection that is on no plan", identity.InspectionRecord), s.startInspection)
	add(s, route("GET", "/api/inspections/{id}", "getInspection", "One inspection with checklist, answers and findings", identity.InspectionRead), s.getInspection)
	record := route("POST", "/api/inspections/{id}/sheet", "recordInspection", "Save answers and findings; sent twice they are saved once", identity.InspectionRecord)
	record.MaxBody = 4 << 20
	add(s, record, s.recordInspection)
	add(s, route("POST", "/api/inspections/{id}/done", "completeInspection", "End an inspection; every clause needs its answer", identity.InspectionRecord), s.completeInspection)
}

func (s *Server) listChecklists(ctx context.Context, _ *identity.Principal, _ *struct{}) (*Items[*checklist.Checklist], error) {
	book, err := s.Oversight.Book(ctx)
	if err != nil {
		return nil, err
	}
	return &Items[*checklist.Checklist]{book.Checklists.Lists()}, nil
}

func (s *Server) getChecklist(ctx context.Context, _ *identity.Principal, in *struct {
	ID      string `path:"id" maxLength:"60"`
	Version int    `query:"version" minimum:"0" doc:"The one in force where absent"`
},
) (*checklist.Checklist, error) {
	book, err := s.Oversight.Book(ctx)
	if err != nil {
		return nil, err
	}
	return book.Version(in.ID, in.Version)
}

func (s *Server) listTeams(ctx context.Context, p *identity.Principal, _ *struct{}) (*Items[TeamRow], error) {
	list, err := s.Oversight.Teams(ctx, p)
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := &Items[TeamRow]{Items: []TeamRow{}}
	for _, t := range list {
		keeper, _ := tree.ByID(t.Keeper)
		row := TeamRow{Team: t, Keeper: programme.RefOf(tree, keeper), Areas: []programme.DivisionRef{}}
		for _, id := range t.Areas {
			d, _ := tree.ByID(id)
			row.Areas = append(row.Areas, programme.RefOf(tree, d))
		}
		out.Items = append(out.Items, row)
	}
	return out, nil
}

func (s *Server) saveTeam(ctx context.Context, p *identity.Principal, in *struct {
	ID   string `path:"id" maxLength:"60"`
	Body struct {
		Keeper string `json:"keeper" maxLength:"20" doc:"Code of the division that keeps it"`
		Edit   int64  `json:"edit" minimum:"0"`
		oversight.NewTeam
	}
},
) (*Made, error) {
	d, err := s.divisionOf(ctx, in.Body.Keeper)
	if err != nil {
		return nil, err
	}
	id := in.ID
	if id == "new" {
		id = ""
	}
	made, err := s.Oversight.SaveTeam(ctx, p, d.ID, id, in.Body.Edit, in.Body.NewTeam)
	return &Made{made}, err
}

func (s *Server) planRow(ctx context.Context, p *identity.Principal, tree *registry.Tree, plan *oversight.Plan) PlanRow {
	keeper, _ := tree.ByID(plan.Keeper)
	scope, _ := tree.ByID(plan.Scope)
	row := PlanRow{
		ID: plan.ID, Edit: plan.Edit, Title: plan.Title, Line: plan.Line, Mode: plan.Mode, Origin: plan.Origin, Checklist: plan.Checklist, Version: plan.Version,
		ObjectKind: plan.ObjectKind, Keeper: programme.RefOf(tree, keeper), Scope: programme.RefOf(tree, scope), From: plan.From, To: plan.To, Teams: plan.Teams, State: plan.State,
		DrawnAt: plan.DrawnAt, By: plan.By, At: plan.At, DoneAt: plan.DoneAt, Objects: plan.Objects, Looked: plan.Looked, Found: plan.Found,
		MayPlan: p.Can(identity.InspectionPlan, plan.Line, plan.Keeper),
	}
	if book, err := s.Oversight.Book(ctx); err == nil {
		if c, err := book.Version(plan.Checklist, plan.Version); err == nil {
			row.ListTitle = c.Title
		}
	}
	if row.Teams == nil {
		row.Teams = []string{}
	}
	return row
}

// PlanPage is one page of plans.
type PlanPage struct {
	Items []PlanRow `json:"items"`
	Next  int64     `json:"next,omitempty" doc:"Cursor of the page after"`
}

func (s *Server) listPlans(ctx context.Context, p *identity.Principal, in *struct {
	Q      string              `query:"q" maxLength:"100"`
	State  oversight.PlanState `query:"state" enum:"draft,drawn,done,cancelled"`
	Cursor int64               `query:"cursor" minimum:"0"`
	Limit  int                 `query:"limit" minimum:"1" maximum:"200" default:"50"`
},
) (*PlanPage, error) {
	list, err := s.Oversight.Plans(ctx, p, in.State, in.Q, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := &PlanPage{Items: []PlanRow{}}
	for i, plan := range list {
		if i == in.Limit {
			out.Next = list[i-1].ID
			break
		}
		out.Items = append(out.Items, s.planRow(ctx, p, tree, plan))
	}
	return out, nil
}

func (s *Server) addPlan(ctx context.Context, p *identity.Principal, in *struct{ Body oversight.NewPlan }) (*Made64, error) {
	id, err := s.Oversight.AddPlan(ctx, p, in.Body)
	return &Made64{id}, err
}

// NumberPath names a thing by its number in a path.
type NumberPath struct {
	ID int64 `path:"id" minimum:"1"`
}

func (s *Server) getPlan(ctx context.Context, p *identity.Principal, in *NumberPath) (*PlanDetail, error) {
	plan, err := s.Oversight.Plan(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := &PlanDetail{PlanRow: s.planRow(ctx, p, tree, plan)}
	if d := plan.Drawing; d != nil && (out.MayPlan || plan.Mode != oversight.Unannounced || plan.State == oversight.Done) {
		out.Drawing = &DrawingView{
			Algorithm: d.Result.Algorithm, Seed: d.Result.Seed, Pool: d.Result.Pool, Candidates: len(d.Request.Objects), Inspectors: len(d.Request.Inspectors),
			Quotas: d.Result.Quotas, Drawn: d.Result.Drawn,
		}
	}
	out.Inspections, err = s.inspectionRows(ctx, p, oversight.InspectionQuery{Plan: plan.ID, Limit: 2000})
	return out, err
}

func (s *Server) drawPlan(ctx context.Context, p *identity.Principal, in *struct {
	NumberPath
	Body struct {
		Edit int64 `json:"edit" minimum:"1"`
		oversight.Ask
	}
},
) (*none, error) {
	return nil, s.Oversight.Draw(ctx, p, in.ID, in.Body.Edit, in.Body.Ask)
}

// DrawingCheck says whether a drawing comes out the same once more.
type DrawingCheck struct {
	OK     bool       `json:"ok"`
	Reason fault.Text `json:"reason"`
}

func (s *Server) checkDrawing(ctx context.Context, p *identity.Principal, in *NumberPath) (*DrawingCheck, error) {
	err := s.Oversight.CheckDrawing(ctx, p, in.ID)
	if f := problemOf(err); err != nil && f.Code == "draw.differs" {
		return &DrawingCheck{Reason: f.Message}, nil
	}
	return &DrawingCheck{OK: err == nil}, err
}

func (s *Server) addPlanObjects(ctx context.Context, p *identity.Principal, in *struct {
	NumberPath
	Body struct {
		Edit    int64   `json:"edit" minimum:"1"`
		Objects []int64 `json:"objects" minItems:"1" maxItems:"200"`
		Team    string  `json:"team,omitempty" maxLength:"60"`
	}
},
) (*none, error) {
	return nil, s.Oversight.AddObjects(ctx, p, in.ID, in.Body.Edit, in.Body.Objects, in.Body.Team)
}

func (s *Server) finishPlan(ctx context.Context, p *identity.Principal, in *struct {
	NumberPath
	Body struct {
		Edit  int64               `json:"edit" minimum:"1"`
		State oversight.PlanState `json:"state" enum:"done,cancelled"`
	}
},
) (*none, error) {
	return nil, s.Oversight.Finish(ctx, p, in.ID, in.Body.Edit, in.Body.State)
}

// InspectionPage is one page of inspections.
type InspectionPage struct {
	Items []InspectionRow `json:"items"`
	Next  int64           `json:"next,omitempty"`
}

func (s *Server) listInspections(ctx context.Context, p *identity.Principal, in *struct {
	Plan   int64  `query:"plan" minimum:"0"`
	Object int64  `query:"object" minimum:"0"`
	State  string `query:"state" enum:"planned,under_way,done"`
	Mine   bool   `query:"mine" doc:"Only those for which the person is an inspector"`
	Q      string `query:"q" maxLength:"100" doc:"Part of the object's name or code"`
	Scope  string `query:"scope" maxLength:"20" doc:"Code of a division, with all below it"`
	Kind   string `query:"object_kind" maxLength:"40"`
	Line   string `query:"line" maxLength:"40"`
	Mode   string `query:"mode" enum:"unannounced,open,self,provincial,ministerial"`
	From   string `query:"done_from" maxLength:"10" doc:"First day, 2026-06-01"`
	To     string `query:"done_to" maxLength:"10" doc:"Last day"`
	Cursor int64  `query:"cursor" minimum:"0"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
},
) (*InspectionPage, error) {
	q := oversight.InspectionQuery{
		Plan: in.Plan, Object: in.Object, State: in.State, Mine: in.Mine, Text: in.Q, Kind: in.Kind, Line: in.Line, Mode: in.Mode, Before: in.Cursor, Limit: in.Limit + 1,
	}
	if in.Scope != "" {
		d, err := s.divisionOf(ctx, in.Scope)
		if err != nil {
			return nil, err
		}
		q.Division = d.ID
	}
	var err error
	if q.Done, err = days("done", in.From, in.To); err != nil {
		return nil, err
	}
	rows, err := s.inspectionRows(ctx, p, q)
	if err != nil {
		return nil, err
	}
	out := &InspectionPage{Items: rows}
	if len(rows) > in.Limit {
		out.Items, out.Next = rows[:in.Limit], rows[in.Limit-1].ID
	}
	return out, nil
}

func (s *Server) inspectionRows(ctx context.Context, p *identity.Principal, q oversight.InspectionQuery) ([]InspectionRow, error) {
	list, err := s.Oversight.Inspections(ctx, p, q)
	if err != nil {
		return nil, err
	}
	out := []InspectionRow{}
	for _, i := range list {
		row, err := s.inspectionRow(ctx, p, i)
		if err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, nil
}

func (s *Server) inspectionRow(ctx context.Context, p *identity.Principal, i *oversight.Inspection) (InspectionRow, error) {
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return InspectionRow{}, err
	}
	names, err := s.Matter.Names(ctx)
	if err != nil {
		return InspectionRow{}, err
	}
	d, _ := tree.ByID(i.Division)
	row := InspectionRow{
		ID: i.ID, Edit: i.Edit, Plan: i.Plan, Team: i.Team, Object: names.Object(i.Object), Division: programme.RefOf(tree, d), Line: i.Line, Origin: i.Origin, Mode: i.Mode,
		Veiled: i.Veiled, Checklist: i.Checklist, Version: i.Version, State: i.State, Inspectors: []matter.Named{}, Score: i.Score, StartedAt: i.StartedAt, DoneAt: i.DoneAt,
		MayRecord: i.State != "done" && p.Can(identity.InspectionRecord, i.Line, i.Keeper),
	}
	for _, person := range i.Inspectors {
		row.Inspectors = append(row.Inspectors, names.Person(person))
	}
	return row, nil
}

func (s *Server) startInspection(ctx context.Context, p *identity.Principal, in *struct {
	Body struct {
		Client    string         `json:"client" minLength:"1" maxLength:"60"`
		Checklist string         `json:"checklist" maxLength:"60"`
		Object    int64          `json:"object" minimum:"1"`
		Mode      oversight.Mode `json:"mode" enum:"unannounced,open,self,provincial,ministerial"`
	}
},
) (*Made64, error) {
	id, err := s.Oversight.Start(ctx, p, in.Body.Client, in.Body.Checklist, in.Body.Object, in.Body.Mode)
	return &Made64{id}, err
}

func (s *Server) getInspection(ctx context.Context, p *identity.Principal, in *NumberPath) (*InspectionDetail, error) {
	i, err := s.Oversight.Inspection(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	book, err := s.Oversight.Book(ctx)
	if err != nil {
		return nil, err
	}
	out := &InspectionDetail{Answers: i.Answers, Note: i.Note}
	if out.InspectionRow, err = s.inspectionRow(ctx, p, i); err != nil {
		return nil, err
	}
	if out.List, err = book.Version(i.Checklist, i.Version); err != nil {
		return nil, err
	}
	r, err := s.Oversight.Result(ctx, i)
	if err != nil {
		return nil, err
	}
	out.Result = sheetResult(r)
	pg, err := s.Matter.List(ctx, p, matter.Query{Source: "inspection", SourceID: strconv.FormatInt(i.ID, 10), Sort: "number", Limit: 500})
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out.Findings = s.matterPage(tree, pg).Items
	found, err := s.Oversight.Found(ctx, i)
	if err != nil {
		return nil, err
	}
	out.Found = slices.DeleteFunc(found, func(f oversight.Found) bool {
		return !slices.ContainsFunc(out.Findings, func(m MatterRow) bool { return m.ID == f.Matter })
	})
	return out, nil
}

func sheetResult(r *checklist.Result) SheetResult {
	out := SheetResult{
		Score: r.Score, Deducted: r.Deducted, Answered: r.Answered, Of: r.Of, Unanswered: r.Unanswered, Measure: r.Measure, Sections: []SheetSection{},
		Severities: r.Severities, KeyLinks: r.KeyLinks, Persons: r.Persons,
	}
	if out.Unanswered == nil {
		out.Unanswered = []string{}
	}
	if r.Measure != nil {
		out.MeasureIn = r.Measure.Name()
	}
	for _, sec := range r.Sections {
		out.Sections = append(out.Sections, SheetSection{sec.ID, sec.Findings, sec.Deducted})
	}
	return out
}

func (s *Server) recordInspection(ctx context.Context, p *identity.Principal, in *struct {
	NumberPath
	Body oversight.Sheet
},
) (*SheetSaved, error) {
	made, err := s.Oversight.Record(ctx, p, in.ID, in.Body)
	if err != nil {
		return nil, err
	}
	after, err := s.getInspection(ctx, p, &in.NumberPath)
	if err != nil {
		return nil, err
	}
	return &SheetSaved{*after, append([]int64{}, made...)}, nil
}

func (s *Server) completeInspection(ctx context.Context, p *identity.Principal, in *NumberPath) (*InspectionDetail, error) {
	if _, err := s.Oversight.Complete(ctx, p, in.ID); err != nil {
		return nil, err
	}
	return s.getInspection(ctx, p, in)
}

// InspectionChanged tells open screens that a plan or an inspection changed.
func (s *Server) InspectionChanged(c oversight.Change) {
	s.events.publish(Event{Kind: "inspection", Line: c.Line, Division: c.At, need: identity.InspectionRead, Thing: strconv.FormatInt(c.ID, 10)})
}
