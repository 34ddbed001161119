package web

import (
	"context"
	"slices"
	"time"

	"anlan/internal/evidence"
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/oversight"
	"anlan/internal/programme"
	"anlan/internal/quantity"
	"anlan/internal/registry"
)

// MatterDetail is one matter with all that hangs on it.
type MatterDetail struct {
	ID          int64                 `json:"id"`
	Edit        int64                 `json:"edit"`
	Number      string                `json:"number"`
	Kind        matter.Kind           `json:"kind" enum:"finding,hazard,lag,missing,overdue,task,sweep"`
	Line        string                `json:"line"`
	Division    programme.DivisionRef `json:"division"`
	Keeper      programme.DivisionRef `json:"keeper" doc:"The division whose office keeps and reviews it"`
	Veiled      bool                  `json:"veiled"`
	Source      string                `json:"source" enum:"inspection,rule,meeting,sweep,hand"`
	SourceID    string                `json:"source_id,omitempty"`
	Item        string                `json:"item,omitempty"`
	Title       fault.Text            `json:"title"`
	Detail      string                `json:"detail,omitempty"`
	Basis       string                `json:"basis,omitempty"`
	Severity    int                   `json:"severity" minimum:"0" maximum:"4"`
	Origin      matter.Origin         `json:"origin" enum:"ministry,province,city,county,self,rule"`
	Points      quantity.Null         `json:"points"`
	Place       matter.Place          `json:"place"`
	State       matter.State          `json:"state" enum:"found,disputed,confirmed,assigned,rectifying,returned,submitted,controlled,closed,dismissed,cleared"`
	Live        bool                  `json:"live"`
	Unit        matter.Named          `json:"unit"`
	Person      *matter.Named         `json:"person"`
	Object      *matter.ObjectName    `json:"object"`
	Measures    string                `json:"measures,omitempty"`
	Found       time.Time             `json:"found"`
	Opened      time.Time             `json:"opened"`
	Due         hydrotime.Date        `json:"due"`
	Original    *hydrotime.Date       `json:"original_due"`
	DaysLeft    int                   `json:"days_left"`
	Overdue     bool                  `json:"overdue" doc:"By the deadline that stands"`
	LateFirst   bool                  `json:"late_by_original" doc:"By the deadline first given"`
	Extended    *time.Time            `json:"extended"`
	AskedDue    *hydrotime.Date       `json:"asked_due" doc:"An extension asked for and not decided"`
	AskedReason string                `json:"asked_reason,omitempty"`
	Submitted   *time.Time            `json:"submitted"`
	Closed      *time.Time            `json:"closed"`
	Rechecked   *time.Time            `json:"rechecked"`
	Reopened    int                   `json:"reopened"`
	Missed      bool                  `json:"missed"`
	Step        string                `json:"step,omitempty"`
	Defects     []fault.Text          `json:"defects" doc:"Where one of the three lists has a hole"`
	Events      []matter.Event        `json:"events"`
	Evidence    []MatterFile          `json:"evidence"`
	Links       []matter.Link         `json:"links"`
	Parts       []MatterPart          `json:"parts"`
	Escalations []matter.Escalation   `json:"escalations"`
	Moves       []matter.Legal        `json:"moves" doc:"What the person who asks may do now"`
	MayAttach   []string              `json:"may_attach" doc:"Roles of evidence that the person may add now"`
	NeedsFile   bool                  `json:"needs_file" doc:"It cannot be handed in before a file of the work is added"`
	MayEscalate bool                  `json:"may_escalate"`
	Awaits      *MatterTurn           `json:"awaits" doc:"Whose turn it is, and by when; null at rest"`
	Suggested   *oversight.Suggestion `json:"suggested" doc:"The step of the ladder that the rules call for, to who may propose it"`
}

// MatterTurn is whose turn it is.
type MatterTurn struct {
	Side matter.Side    `json:"side" enum:"answers,keeps,gives" doc:"The answering side, the keeping side, or who may assign"`
	Due  hydrotime.Date `json:"due" doc:"The last day"`
	Late bool           `json:"late"`
}

// MatterFile is a file that speaks for a matter, with what the camera wrote into it apart from what a person claims.
type MatterFile struct {
	matter.Evidence
	Media    string     `json:"media"`
	Name     string     `json:"name"`
	Size     int64      `json:"size"`
	Width    int        `json:"width,omitempty"`
	Height   int        `json:"height,omitempty"`
	TakenAt  *time.Time `json:"taken_at,omitempty" doc:"By the camera"`
	TakenLon *float64   `json:"taken_lon,omitempty" doc:"By the camera"`
	TakenLat *float64   `json:"taken_lat,omitempty"`
	Camera   string     `json:"camera,omitempty"`
}

// MatterPart is one object of a sweep by name.
type MatterPart struct {
	matter.Part
	Name fault.Text `json:"name"`
}

func (s *Server) getMatter(ctx context.Context, p *identity.Principal, in *MatterPath) (*MatterDetail, error) {
	return s.matterDetail(ctx, p, in.ID)
}

func (s *Server) matterDetail(ctx context.Context, p *identity.Principal, id int64) (*MatterDetail, error) {
	d, err := s.Matter.Get(ctx, p, id)
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := s.detailOf(tree, p, d)
	if out.Evidence, err = s.matterFiles(ctx, d.Evidence); err != nil {
		return nil, err
	}
	if out.MayEscalate {
		if out.Suggested, err = s.Oversight.Suggest(ctx, d); err != nil {
			return nil, err
		}
	}
	terms, err := s.Oversight.Terms(ctx, s.Store)
	if err != nil {
		return nil, err
	}
	if side, due, ok := d.Awaits(terms); ok {
		out.Awaits = &MatterTurn{side, lastDay(due), !s.Now().Before(due)}
	}
	names, err := s.Matter.Names(ctx)
	if err != nil {
		return nil, err
	}
	for _, part := range d.Parts {
		out.Parts = append(out.Parts, MatterPart{part, names.Object(part.Object).Name})
	}
	return out, nil
}

func (s *Server) detailOf(tree *registry.Tree, p *identity.Principal, d *matter.Detail) *MatterDetail {
	now := s.Now()
	m := &d.Matter
	place, _ := tree.ByID(m.Division)
	keeper, _ := tree.ByID(m.Keeper)
	due := lastDay(m.Due)
	out := &MatterDetail{
		ID: m.ID, Edit: m.Edit, Number: m.Number, Kind: m.Kind, Line: m.Line, Division: programme.RefOf(tree, place), Keeper: programme.RefOf(tree, keeper), Veiled: m.Veiled,
		Source: m.Source, SourceID: m.SourceID, Item: m.Item, Title: m.Title, Detail: m.Detail, Basis: m.Basis, Severity: int(m.Severity), Origin: m.Origin, Points: m.Points,
		Place: m.Place, State: m.State, Live: m.State.Live(), Unit: matter.Named{ID: m.Unit, Name: d.UnitName}, Object: d.ObjectName, Measures: m.Measures, Found: m.Found,
		Opened: m.Opened, Due: due, DaysLeft: hydrotime.DateOf(now).DaysUntil(due), Extended: m.Extended, AskedReason: m.AskedReason, Submitted: m.Submitted, Closed: m.Closed,
		Rechecked: m.Rechecked, Reopened: m.Reopened, Missed: m.Missed, Step: m.Step, Defects: m.Defects(), Events: d.Events, Links: d.Links, Parts: []MatterPart{},
		Escalations: d.Escalations, Moves: d.Moves, MayAttach: m.MayAttach(p), NeedsFile: d.NeedsFile(), MayEscalate: m.State.Live() && !m.Veiled && p.Can(identity.MatterRaise, m.Line, m.Keeper),
	}
	out.Overdue = m.State.Live() && m.OverdueAt(now, false)
	out.LateFirst = m.OverdueAt(now, true)
	if out.Defects == nil {
		out.Defects = []fault.Text{}
	}
	if m.Person != "" {
		out.Person = &matter.Named{ID: m.Person, Name: fault.T(d.PersonName, d.PersonName)}
	}
	if !m.OriginalDue.IsZero() {
		original := lastDay(m.OriginalDue)
		out.Original = &original
	}
	if m.AskedDue != nil {
		asked := lastDay(*m.AskedDue)
		out.AskedDue = &asked
	}
	return out
}

// matterFiles adds to each file what the store of evidence knows of it.
func (s *Server) matterFiles(ctx context.Context, list []matter.Evidence) ([]MatterFile, error) {
	out := []MatterFile{}
	for _, e := range list {
		f, err := s.Evidence.File(ctx, s.Store, evidence.Hash(e.File))
		if err != nil {
			return nil, err
		}
		m := MatterFile{Evidence: e, Media: string(f.Media), Name: f.Name, Size: f.Size, TakenAt: f.Camera.TakenAt, Camera: f.Camera.Model}
		if f.Width != nil && f.Height != nil {
			m.Width, m.Height = int(*f.Width), int(*f.Height)
		}
		if at := f.Camera.Place; at != nil {
			lon, lat := float64(at.LonE7)/1e7, float64(at.LatE7)/1e7
			m.TakenLon, m.TakenLat = &lon, &lat
		}
		out = append(out, m)
	}
	return out, nil
}

// MatterFilePath names a file of a matter.
type MatterFilePath struct {
	ID   int64  `path:"id" minimum:"1"`
	Hash string `path:"hash" maxLength:"64"`
}

func (s *Server) addMatterFileRoutes() {
	route := func(path, id, summary string) Route {
		return Route{Method: "GET", Path: path, ID: id, Summary: summary, Tag: "matters", Permission: identity.MatterRead}
	}
	addContent(s, route("/api/matters/{id}/evidence/{hash}", "getMatterFile", "A file of a matter, to whoever sees the matter"), func(ctx context.Context, p *identity.Principal, in *MatterFilePath) (*evidence.Content, error) {
		return s.matterFile(ctx, p, in, s.Evidence.Open)
	})
	addContent(s, route("/api/matters/{id}/evidence/{hash}/thumbnail", "getMatterThumbnail", "The thumbnail of a picture of a matter"), func(ctx context.Context, p *identity.Principal, in *MatterFilePath) (*evidence.Content, error) {
		return s.matterFile(ctx, p, in, s.Evidence.Thumbnail)
	})
}

// matterFile hands out a file only through a matter that the person sees and that it hangs on.
func (s *Server) matterFile(ctx context.Context, p *identity.Principal, in *MatterFilePath, open func(context.Context, evidence.Hash) (*evidence.Content, error)) (*evidence.Content, error) {
	d, err := s.Matter.Get(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(d.Evidence, func(e matter.Evidence) bool { return e.File == in.Hash }) {
		return nil, evidence.Unknown(evidence.Hash(in.Hash))
	}
	return open(ctx, evidence.Hash(in.Hash))
}

func (s *Server) addLadderRoutes() {
	route := func(method, path, id, summary string, perm identity.Permission) Route {
		return Route{Method: method, Path: path, ID: id, Summary: summary, Tag: "ladder", Permission: perm}
	}
	add(s, route("GET", "/api/escalations", "listEscalations", "Steps of the ladder in scope, newest first", identity.MatterRead), func(ctx context.Context, p *identity.Principal, in *struct {
		State string `query:"state" enum:"proposed,issued,refused,replied,unanswered" doc:"Unanswered are those issued whose reply did not come in time"`
		May   string `query:"may" enum:"decide,reply" doc:"Only those with which the person who asks may do so, the one whose reply is due first at the top"`
		PageInput
	},
	) (*Paged[EscalationRow], error) {
		list, total, err := s.Matter.Escalations(ctx, p, matter.EscalationQuery{State: in.State, May: in.May, Skip: in.Offset, Limit: in.Limit})
		if err != nil {
			return nil, err
		}
		tree, err := s.Registry.Tree(ctx)
		if err != nil {
			return nil, err
		}
		out := &Paged[EscalationRow]{Items: []EscalationRow{}, Total: total, Next: in.next(len(list), total)}
		for _, e := range list {
			d, _ := tree.ByID(e.Division)
			out.Items = append(out.Items, EscalationRow{e, programme.RefOf(tree, d)})
		}
		return out, nil
	})
	add(s, route("POST", "/api/escalations", "proposeEscalation", "Propose a step of the ladder", identity.MatterRaise), func(ctx context.Context, p *identity.Principal, in *struct{ Body matter.Proposal }) (*Made, error) {
		id, err := s.Matter.Propose(ctx, p, in.Body)
		return &Made{id}, err
	})
	add(s, route("POST", "/api/escalations/{id}/decision", "decideEscalation", "Approve or refuse a proposed step", identity.MatterApprove), func(ctx context.Context, p *identity.Principal, in *struct {
		ID   string `path:"id" maxLength:"60"`
		Body struct {
			Edit    int64  `json:"edit" minimum:"1"`
			Approve bool   `json:"approve"`
			Words   string `json:"words,omitempty" maxLength:"2000"`
		}
	},
	) (*none, error) {
		return nil, s.Matter.Decide(ctx, p, in.ID, in.Body.Edit, in.Body.Approve, in.Body.Words)
	})
	add(s, route("POST", "/api/escalations/{id}/reply", "replyEscalation", "Answer an issued step", identity.MatterAnswer), func(ctx context.Context, p *identity.Principal, in *struct {
		ID   string `path:"id" maxLength:"60"`
		Body struct {
			Edit  int64  `json:"edit" minimum:"1"`
			Words string `json:"words" minLength:"1" maxLength:"4000"`
		}
	},
	) (*none, error) {
		return nil, s.Matter.Reply(ctx, p, in.ID, in.Body.Edit, in.Body.Words)
	})
}

// EscalationRow is a step of the ladder with its place.
type EscalationRow struct {
	matter.Escalation
	Division programme.DivisionRef `json:"division"`
}

// MeetingRow is a meeting with its place.
type MeetingRow struct {
	matter.Meeting
	Division programme.DivisionRef `json:"division"`
}

// MeetingRows is a page of meetings with what the tasks of all of them come to.
type MeetingRows struct {
	Paged[MeetingRow]
	Tasks int `json:"tasks"`
	Open  int `json:"open" doc:"Tasks not at rest yet"`
}

// MeetingDetail is a meeting with its tasks, and with what became of the tasks of the meeting before.
type MeetingDetail struct {
	MeetingRow
	Tasks    []MatterRow `json:"task_list"`
	Before   *MeetingRow `json:"before"`
	OldTasks []MatterRow `json:"before_tasks"`
}

func (s *Server) addMeetingRoutes() {
	route := func(method, path, id, summary string, perm identity.Permission) Route {
		return Route{Method: method, Path: path, ID: id, Summary: summary, Tag: "meetings", Permission: perm}
	}
	add(s, route("GET", "/api/meetings", "listMeetings", "Meetings in scope, the latest first", identity.MatterRead), func(ctx context.Context, p *identity.Principal, in *struct {
		Q string `query:"q" maxLength:"100"`
		PageInput
	},
	) (*MeetingRows, error) {
		list, err := s.Matter.Meetings(ctx, p, in.Q, in.Offset, in.Limit)
		if err != nil {
			return nil, err
		}
		tree, err := s.Registry.Tree(ctx)
		if err != nil {
			return nil, err
		}
		out := &MeetingRows{Paged[MeetingRow]{[]MeetingRow{}, list.Total, in.next(len(list.Items), list.Total)}, list.Tasks, list.Open}
		for _, m := range list.Items {
			out.Items = append(out.Items, meetingRow(tree, m))
		}
		return out, nil
	})
	add(s, route("POST", "/api/meetings", "addMeeting", "Keep a meeting; each decision becomes a task", identity.MeetingWrite), func(ctx context.Context, p *identity.Principal, in *struct {
		Body struct {
			Division string `json:"division" maxLength:"20"`
			matter.NewMeeting
		}
	},
	) (*Made, error) {
		d, err := s.divisionOf(ctx, in.Body.Division)
		if err != nil {
			return nil, err
		}
		id, err := s.Matter.AddMeeting(ctx, p, d.ID, in.Body.NewMeeting)
		return &Made{id}, err
	})
	add(s, route("GET", "/api/meetings/{id}", "getMeeting", "One meeting with its tasks and those of the meeting before", identity.MatterRead), s.getMeeting)
	draft := route("POST", "/api/meetings/draft", "draftTasks", "Tasks as they can be read out of minutes, for a person to check", identity.MeetingWrite)
	add(s, draft, s.draftTasks)
}

func meetingRow(tree *registry.Tree, m matter.Meeting) MeetingRow {
	d, _ := tree.ByID(m.Division)
	return MeetingRow{m, programme.RefOf(tree, d)}
}

func (s *Server) getMeeting(ctx context.Context, p *identity.Principal, in *idInput) (*MeetingDetail, error) {
	m, err := s.Matter.MeetingOf(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := &MeetingDetail{MeetingRow: meetingRow(tree, m), OldTasks: []MatterRow{}}
	if out.Tasks, err = s.tasksOf(ctx, p, tree, m.ID); err != nil {
		return nil, err
	}
	if m.Previous == "" {
		return out, nil
	}
	before, err := s.Matter.MeetingOf(ctx, p, m.Previous)
	if err != nil {
		return nil, err
	}
	row := meetingRow(tree, before)
	out.Before = &row
	out.OldTasks, err = s.tasksOf(ctx, p, tree, before.ID)
	return out, err
}

func (s *Server) tasksOf(ctx context.Context, p *identity.Principal, tree *registry.Tree, meeting string) ([]MatterRow, error) {
	pg, err := s.Matter.List(ctx, p, matter.Query{Source: "meeting", SourceID: meeting, Limit: 500})
	if err != nil {
		return nil, err
	}
	return s.matterPage(tree, pg).Items, nil
}

func (s *Server) draftTasks(ctx context.Context, p *identity.Principal, in *struct {
	Body struct {
		Division string         `json:"division" maxLength:"20"`
		HeldOn   hydrotime.Date `json:"held_on"`
		Minutes  string         `json:"minutes" maxLength:"60000"`
	}
},
) (*Items[matter.NewTask], error) {
	d, err := s.divisionOf(ctx, in.Body.Division)
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	return &Items[matter.NewTask]{matter.ReadMinutes(in.Body.Minutes, in.Body.HeldOn, d, tree)}, nil
}
