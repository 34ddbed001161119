package web

import (
	"context"
	"io"
	"strconv"

	"anlan/internal/evidence"
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/project"
	"anlan/internal/project/lifecycle"

	"github.com/danielgtaylor/huma/v2"
)

// ProjectWords are the rules of projects and the words that screens show.
type ProjectWords struct {
	Rules      lifecycle.ProjectRules  `json:"rules"`
	PartKinds  []lifecycle.ProjectWord `json:"part_kinds"`
	PlanStates []project.PlanState     `json:"plan_states"`
	Sorts      []string                `json:"sorts"`
}

// ProjectFilter is which projects, as judged when.
type ProjectFilter struct {
	Q         string `query:"q" maxLength:"100" doc:"Part of a name, code, legal person or contractor, of the project or a part"`
	Division  string `query:"division" maxLength:"20" doc:"Code of a division; what lies below it counts too"`
	Kind      string `query:"kind" maxLength:"40"`
	Programme string `query:"programme" maxLength:"40"`
	Stage     string `query:"stage" maxLength:"40" doc:"A part stands in it"`
	State     string `query:"state" enum:"waiting,building,commissioned,ended" doc:"Of some part; of all parts where waiting or ended"`
	Pace      string `query:"pace" enum:"no_plan,unreported,ended,on_schedule,lagging,severe,behind" doc:"behind is lagging or severe"`
	List      int64  `query:"list" minimum:"0" doc:"Stands in this list"`
	Named     bool   `query:"named" doc:"The province's latest notice names it as lagging"`
	Assessed  bool   `query:"assessed" doc:"Under provincial assessment"`
	Gap       bool   `query:"gap" doc:"Belongs in the statistics library and has no number there"`
	Awaits    bool   `query:"awaits" doc:"A milestone that was submitted awaits approval"`
	Withdrawn bool   `query:"withdrawn" doc:"Withdrawn ones too"`
	AsOf      string `query:"as_of" maxLength:"10" doc:"A day; today where left out"`
	Known     string `query:"known" maxLength:"10" doc:"Only what was on record by the end of this day; as_of where left out"`
	Year      int    `query:"year" minimum:"1990" maximum:"2100" doc:"Of the monthly plan; the day's own where left out"`
	Sort      string `query:"sort" maxLength:"20" doc:"name, code, division, stage, pace, gap, total, spent or changed, with - before it for descending; the worst pace first where left out"`
}

// ProjectMade is the number of what was made.
type ProjectMade struct {
	ID int64 `json:"id"`
}

// ProjectFigured says how many figures changed.
type ProjectFigured struct {
	Changed int `json:"changed" doc:"Figures that were not the same already"`
}

// ProjectReason is why something is taken back.
type ProjectReason struct {
	Reason string `json:"reason" minLength:"1" maxLength:"2000"`
}

// ProjectAsOf is a project as of a day.
type ProjectAsOf struct {
	ID    int64  `path:"id" minimum:"1"`
	AsOf  string `query:"as_of" maxLength:"10"`
	Known string `query:"known" maxLength:"10" doc:"Only what was on record by the end of this day; as_of where left out"`
	Year  int    `query:"year" minimum:"1990" maximum:"2100"`
}

func projectRoute(method, path, id, summary string, perm identity.Permission) Route {
	return Route{Method: method, Path: path, ID: id, Summary: summary, Tag: "projects", Permission: perm}
}

func (s *Server) addProjectRoutes() {
	read := func(method, path, id, summary string) Route {
		return projectRoute(method, path, id, summary, identity.ProjectRead)
	}
	add(s, read("GET", "/api/projects", "listProjects", "Projects in scope as they stand on a day"), s.listProjects)
	add(s, read("GET", "/api/projects/words", "projectWords", "The rules of projects in force, and the words of the room"), s.projectWords)
	add(s, read("GET", "/api/projects/map", "mapProjects", "Where the parts of the projects that a list finds lie, WGS84"), func(ctx context.Context, p *identity.Principal, in *ProjectFilter) (*project.ProjectMap, error) {
		q, err := in.query(ctx, s)
		if err != nil {
			return nil, err
		}
		return s.Project.Map(ctx, p, q)
	})
	add(s, read("GET", "/api/projects/gantt", "ganttProjects", "Stages of the parts over time, planned and in fact"), func(ctx context.Context, p *identity.Principal, in *struct {
		ProjectFilter
		Limit int `query:"limit" minimum:"1" maximum:"2000" default:"500" doc:"Projects"`
	},
	) (*project.ProjectGantt, error) {
		q, err := in.query(ctx, s)
		if err != nil {
			return nil, err
		}
		q.Limit = in.Limit
		return s.Project.Gantt(ctx, p, q)
	})
	add(s, read("GET", "/api/projects/funding", "fundProjects", "Money of the projects that a list finds, by source and step"), func(ctx context.Context, p *identity.Principal, in *ProjectFilter) (*project.ProjectFunding, error) {
		q, err := in.query(ctx, s)
		if err != nil {
			return nil, err
		}
		return s.Project.Funding(ctx, p, q)
	})
	add(s, read("GET", "/api/projects/gaps", "gapProjects", "Projects that belong in the statistics library and have no number there"), func(ctx context.Context, p *identity.Principal, in *ProjectFilter) (*project.ProjectGaps, error) {
		q, err := in.query(ctx, s)
		if err != nil {
			return nil, err
		}
		return s.Project.Gaps(ctx, p, q)
	})
	add(s, read("GET", "/api/projects/year", "yearProjects", "The months planned of all projects in scope against the year's target of investment, by county"), func(ctx context.Context, p *identity.Principal, in *ProjectFilter) (*project.ProjectYear, error) {
		q, err := in.query(ctx, s)
		if err != nil {
			return nil, err
		}
		return s.Project.YearPlan(ctx, p, q)
	})
	add(s, read("GET", "/api/projects/{id}", "getProject", "A project's page: its parts, approvals, months, money, lists, and what may follow"), s.getProject)
	add(s, read("GET", "/api/projects/{id}/history", "projectHistory", "Who changed what, the newest first"), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Before int64 `query:"before" minimum:"1"`
		Limit  int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
	},
	) (*project.ProjectHistory, error) {
		return s.Project.History(ctx, p, in.ID, in.Before, in.Limit)
	})
	addContent(s, read("GET", "/api/projects/{id}/files/{hash}", "getProjectFile", "A file of a project, to whoever sees what it speaks for"), func(ctx context.Context, p *identity.Principal, in *MatterFilePath) (*evidence.Content, error) {
		return s.projectFile(ctx, p, in, s.Evidence.Open)
	})
	addContent(s, read("GET", "/api/projects/{id}/files/{hash}/thumbnail", "getProjectThumbnail", "The thumbnail of a picture of a project"), func(ctx context.Context, p *identity.Principal, in *MatterFilePath) (*evidence.Content, error) {
		return s.projectFile(ctx, p, in, s.Evidence.Thumbnail)
	})
	s.addProjectWrites()
	s.addProjectPartRoutes()
	s.addProjectListRoutes()
	s.addProjectPlanRoutes()
	s.addProjectSheetRoutes()
}

func (s *Server) addProjectWrites() {
	write := func(method, path, id, summary string) Route {
		return projectRoute(method, path, id, summary, identity.ProjectWrite)
	}
	add(s, write("POST", "/api/projects", "addProject", "Add a project, with its whole"), func(ctx context.Context, p *identity.Principal, in *struct{ Body project.NewProject }) (*ProjectMade, error) {
		id, err := s.Project.Add(ctx, p, in.Body)
		return &ProjectMade{id}, err
	})
	add(s, write("PATCH", "/api/projects/{id}", "changeProject", "Change a project's record, or withdraw it with a reason"), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body project.ProjectChange
	},
	) (*none, error) {
		return nil, s.Project.Change(ctx, p, in.ID, in.Body)
	})
	add(s, write("POST", "/api/projects/{id}/parts", "addProjectPart", "Add a phase, section, lot, works or contract"), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body project.NewProjectPart
	},
	) (*ProjectMade, error) {
		id, err := s.Project.AddPart(ctx, p, in.ID, in.Body)
		return &ProjectMade{id}, err
	})
	figures := write("PUT", "/api/projects/{id}/figures", "setProjectFigures", "Tell or revise monthly plan, work and progress, all or none")
	figures.MaxBody = 4 << 20
	add(s, figures, func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body struct {
			Figures []project.FigureChange `json:"figures" minItems:"1" maxItems:"2000"`
		}
	},
	) (*ProjectFigured, error) {
		n, err := s.Project.SetFigures(ctx, p, in.ID, in.Body.Figures)
		return &ProjectFigured{n}, err
	})
	add(s, write("POST", "/api/project-steps/{id}/undo", "undoProjectStep", "Take a milestone back, with a reason"), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body ProjectReason
	},
	) (*none, error) {
		return nil, s.Project.Undo(ctx, p, in.ID, in.Body.Reason)
	})
	approve := projectRoute("POST", "/api/project-steps/{id}/approve", "approveProjectStep", "Let a milestone count that somebody else submitted", identity.ProjectApprove)
	add(s, approve, func(ctx context.Context, p *identity.Principal, in *NumberPath) (*project.ProjectWritten, error) {
		return s.Project.Approve(ctx, p, in.ID)
	})
	back := projectRoute("POST", "/api/project-steps/{id}/return", "returnProjectStep", "Send a milestone that was submitted back, with a reason", identity.ProjectApprove)
	add(s, back, func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body ProjectReason
	},
	) (*none, error) {
		return nil, s.Project.Undo(ctx, p, in.ID, in.Body.Reason)
	})
	add(s, write("POST", "/api/project-funds/{id}/void", "voidProjectFund", "Take an entry of money back, with a reason"), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body ProjectReason
	},
	) (*none, error) {
		return nil, s.Project.VoidFund(ctx, p, in.ID, in.Body.Reason)
	})
}

func (s *Server) addProjectPartRoutes() {
	write := func(method, path, id, summary string) Route {
		return projectRoute(method, path, id, summary, identity.ProjectWrite)
	}
	add(s, write("PATCH", "/api/project-parts/{id}", "changeProjectPart", "Change a part, or withdraw it with a reason"), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body project.ProjectPartChange
	},
	) (*none, error) {
		return nil, s.Project.ChangePart(ctx, p, in.ID, in.Body)
	})
	add(s, write("POST", "/api/project-parts/{id}/steps", "takeProjectStep", "Take a part on to a milestone; guards may refuse or warn"), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body project.NewProjectStep
	},
	) (*project.ProjectWritten, error) {
		return s.Project.Step(ctx, p, in.ID, in.Body)
	})
	add(s, write("PUT", "/api/project-parts/{id}/schedule", "scheduleProjectPart", "Plan when a part is to reach its milestones"), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body struct {
			Edit int64                `json:"edit,omitempty" minimum:"0" doc:"Of the part as it was read; an old one is refused, 0 is not held against it"`
			Days []project.ProjectDay `json:"days" minItems:"1" maxItems:"100"`
		}
	},
	) (*none, error) {
		return nil, s.Project.Schedule(ctx, p, in.ID, in.Body.Edit, in.Body.Days)
	})
	add(s, write("POST", "/api/project-parts/{id}/funds", "addProjectFund", "Enter money of a source at one of its steps; what exceeds the step before is kept and warned of"), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body project.NewFund
	},
	) (*project.ProjectWritten, error) {
		return s.Project.Fund(ctx, p, in.ID, in.Body)
	})
	add(s, projectRoute("GET", "/api/project-parts/{id}/figures", "listProjectFigures", "What the monthly figures of a part were, the newest first, with photographs", identity.ProjectRead), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Year  int    `query:"year" minimum:"1990" maximum:"2100"`
		Month string `query:"month" maxLength:"7" doc:"Only this one"`
		What  string `query:"what" enum:"plan,actual,planned_progress,progress"`
	},
	) (*Items[project.FigureRevision], error) {
		var month hydrotime.Month
		if in.Month != "" {
			var err error
			if month, err = monthOf(in.Month); err != nil {
				return nil, err
			}
		}
		list, err := s.Project.Revisions(ctx, p, in.ID, in.Year, project.What(in.What), month)
		return &Items[project.FigureRevision]{list}, err
	})
}

func (s *Server) addProjectListRoutes() {
	read := func(path, id, summary string) Route {
		return projectRoute("GET", path, id, summary, identity.ProjectRead)
	}
	write := func(method, path, id, summary string) Route {
		return projectRoute(method, path, id, summary, identity.ProjectWrite)
	}
	add(s, read("/api/project-lists", "listProjectLists", "Lists that authorities issued, the newest first"), func(ctx context.Context, p *identity.Principal, _ *struct{}) (*Items[project.ProjectList], error) {
		list, err := s.Project.Lists(ctx, p)
		return &Items[project.ProjectList]{list}, err
	})
	add(s, read("/api/project-lists/{id}", "getProjectList", "A list with the projects in it"), func(ctx context.Context, p *identity.Principal, in *NumberPath) (*project.ProjectList, error) {
		return s.Project.List(ctx, p, in.ID)
	})
	add(s, write("POST", "/api/project-lists", "addProjectList", "Keep a list that an authority issued"), func(ctx context.Context, p *identity.Principal, in *struct{ Body project.NewProjectList }) (*ProjectMade, error) {
		id, err := s.Project.AddList(ctx, p, in.Body)
		return &ProjectMade{id}, err
	})
	add(s, write("PATCH", "/api/project-lists/{id}", "changeProjectList", "Change a list, or withdraw it with a reason"), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body project.ProjectListChange
	},
	) (*none, error) {
		return nil, s.Project.ChangeList(ctx, p, in.ID, in.Body)
	})
	add(s, write("POST", "/api/project-lists/{id}/items", "putProjectItem", "Put a project, or a part of one, into a list"), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body project.NewProjectItem
	},
	) (*ProjectMade, error) {
		id, err := s.Project.PutItem(ctx, p, in.ID, in.Body)
		return &ProjectMade{id}, err
	})
	add(s, write("POST", "/api/project-list-items/{id}/remove", "dropProjectItem", "Take a project off a list, with a reason"), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body ProjectReason
	},
	) (*none, error) {
		return nil, s.Project.DropItem(ctx, p, in.ID, in.Body.Reason)
	})
}

func (s *Server) addProjectPlanRoutes() {
	read := func(path, id, summary string) Route {
		return projectRoute("GET", path, id, summary, identity.ProjectRead)
	}
	add(s, read("/api/project-plans", "listProjectPlans", "Plan documents by county (一县一方案), as of a day"), func(ctx context.Context, p *identity.Principal, in *struct {
		Division string `query:"division" maxLength:"20"`
		AsOf     string `query:"as_of" maxLength:"10"`
		Known    string `query:"known" maxLength:"10" doc:"Only what was on record by the end of this day; as_of where left out"`
		Year     int    `query:"year" minimum:"2000" maximum:"2100"`
	},
	) (*Items[project.CountyPlans], error) {
		q, err := (&ProjectFilter{Division: in.Division, AsOf: in.AsOf, Known: in.Known, Year: in.Year}).query(ctx, s)
		if err != nil {
			return nil, err
		}
		list, err := s.Project.Plans(ctx, p, q)
		return &Items[project.CountyPlans]{list}, err
	})
	add(s, projectRoute("POST", "/api/project-plans", "takePlanStep", "Take a county's plan document on, or back with a note", identity.ProjectWrite), func(ctx context.Context, p *identity.Principal, in *struct{ Body project.NewPlanStep }) (*ProjectMade, error) {
		id, err := s.Project.PlanStep(ctx, p, in.Body)
		return &ProjectMade{id}, err
	})
	add(s, projectRoute("POST", "/api/project-plans/review", "reviewPlan", "Record the approval of a county's plan that somebody else submitted, or send it back with a note", identity.ProjectApprove), func(ctx context.Context, p *identity.Principal, in *struct{ Body project.NewPlanStep }) (*ProjectMade, error) {
		id, err := s.Project.PlanStep(ctx, p, in.Body)
		return &ProjectMade{id}, err
	})
	add(s, projectRoute("POST", "/api/project-plan-steps/{id}/return", "returnPlanStep", "Take a step of a plan document back as who approves it, with a reason", identity.ProjectApprove), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body ProjectReason
	},
	) (*none, error) {
		return nil, s.Project.UndoPlanStep(ctx, p, in.ID, in.Body.Reason)
	})
	add(s, projectRoute("POST", "/api/project-plan-steps/{id}/undo", "undoPlanStep", "Take a step of a plan document back, with a reason", identity.ProjectWrite), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body ProjectReason
	},
	) (*none, error) {
		return nil, s.Project.UndoPlanStep(ctx, p, in.ID, in.Body.Reason)
	})
	addContent(s, read("/api/project-plan-steps/{id}/files/{hash}", "getPlanFile", "A file of a step of a plan document"), func(ctx context.Context, p *identity.Principal, in *MatterFilePath) (*evidence.Content, error) {
		h := evidence.Hash(in.Hash)
		if ok, err := s.Project.HasPlanFile(ctx, p, in.ID, h); err != nil || !ok {
			return nil, orUnknown(err, h)
		}
		return s.Evidence.Open(ctx, h)
	})
}

// ProjectUpload is a workbook of projects.
type ProjectUpload struct {
	RawBody huma.MultipartFormFiles[struct {
		File   huma.FormFile `form:"file" required:"true"`
		Digest string        `form:"digest" required:"false" maxLength:"64" doc:"Of the preview that was seen: take the file. Without it nothing is written"`
	}]
}

func (s *Server) addProjectSheetRoutes() {
	addFile(s, projectRoute("GET", "/api/projects/export.xlsx", "exportProjects", "The projects that a list finds, their parts and a year's months, as a workbook that the import takes", identity.Export), func(ctx context.Context, p *identity.Principal, in *struct {
		ProjectFilter
		Lang string `query:"lang" enum:"zh,en" default:"zh"`
	},
	) (*File, error) {
		q, err := in.query(ctx, s)
		if err != nil {
			return nil, err
		}
		name, content, err := s.Project.Export(ctx, p, q, in.Lang)
		return &File{Name: name, Type: typeXLSX, Content: content}, err
	})
	upload := projectRoute("POST", "/api/projects/import", "importProjects", "Hold a workbook against what is on record, row by row, and with the digest of that preview take it", identity.ProjectWrite)
	upload.MaxBody = project.ImportMost + 1<<20
	add(s, upload, func(ctx context.Context, p *identity.Principal, in *ProjectUpload) (*project.ProjectImport, error) {
		form := in.RawBody.Data()
		content, err := io.ReadAll(io.LimitReader(form.File, project.ImportMost+1))
		if err != nil {
			return nil, fault.Invalidf("import.read", "文件未传完", "the file did not arrive whole").Because(err)
		}
		return s.Project.Import(ctx, p, form.File.Filename, content, form.Digest)
	})
}

// query reads a filter.
func (in *ProjectFilter) query(ctx context.Context, s *Server) (project.Query, error) {
	q := project.Query{
		Text: in.Q, Kind: in.Kind, Programme: in.Programme, Stage: in.Stage, State: in.State, Pace: in.Pace, List: in.List, Named: in.Named, Assessed: in.Assessed, Gap: in.Gap,
		Awaits: in.Awaits, Withdrawn: in.Withdrawn, Year: in.Year, Sort: in.Sort,
	}
	if in.Division != "" {
		d, err := s.divisionOf(ctx, in.Division)
		if err != nil {
			return q, err
		}
		q.Division = d.ID
	}
	return q, projectDays(&q, in.AsOf, in.Known)
}

// projectDays reads the two days that a view of the past stands on.
func projectDays(q *project.Query, asOf, known string) (err error) {
	if q.AsOf, err = dayFrom(asOf); err != nil {
		return err
	}
	day, err := dayFrom(known)
	if err == nil && known != "" {
		q.Known = day.End()
	}
	return err
}

// dayFrom reads the day of a query; the zero day where it is left out.
func dayFrom(text string) (hydrotime.Date, error) {
	if text == "" {
		return hydrotime.Date{}, nil
	}
	day, err := hydrotime.ParseDate(text)
	if err != nil || day.Year < 1990 || day.Year > 2100 {
		return day, fault.Invalidf("project.day", "日期格式应为 2026-06-30", "a day has the form 2026-06-30").At("as_of", fault.T("日期有误", "not a day"))
	}
	return day, nil
}

func (s *Server) projectWords(ctx context.Context, _ *identity.Principal, _ *struct{}) (*ProjectWords, error) {
	r, err := s.Project.Rules(ctx)
	if err != nil {
		return nil, err
	}
	return &ProjectWords{*r, project.PartKinds(), project.PlanStates(), project.Sorts()}, nil
}

func (s *Server) listProjects(ctx context.Context, p *identity.Principal, in *struct {
	ProjectFilter
	After int64 `query:"after" minimum:"1"`
	Limit int   `query:"limit" minimum:"1" maximum:"500" default:"50"`
},
) (*project.ProjectPage, error) {
	q, err := in.query(ctx, s)
	if err != nil {
		return nil, err
	}
	q.After, q.Limit = in.After, in.Limit
	return s.Project.Projects(ctx, p, q)
}

func (s *Server) getProject(ctx context.Context, p *identity.Principal, in *ProjectAsOf) (*project.ProjectDetail, error) {
	q := project.Query{Year: in.Year}
	if err := projectDays(&q, in.AsOf, in.Known); err != nil {
		return nil, err
	}
	return s.Project.ProjectKnown(ctx, p, in.ID, q)
}

// projectFile hands out a file of a project to who sees what it speaks for.
func (s *Server) projectFile(ctx context.Context, p *identity.Principal, in *MatterFilePath, open func(context.Context, evidence.Hash) (*evidence.Content, error)) (*evidence.Content, error) {
	h := evidence.Hash(in.Hash)
	if ok, err := s.Project.HasFile(ctx, p, in.ID, in.Hash); err != nil || !ok {
		return nil, orUnknown(err, h)
	}
	return open(ctx, h)
}

func orUnknown(err error, h evidence.Hash) error {
	if err != nil {
		return err
	}
	return evidence.Unknown(h)
}

// ProjectChanged tells open screens that a project changed.
func (s *Server) ProjectChanged(c project.Change) {
	for _, at := range c.At {
		s.events.publish(Event{Kind: "project", Line: c.Line, Division: at, need: identity.ProjectRead, Thing: strconv.FormatInt(c.ID, 10)})
	}
}
