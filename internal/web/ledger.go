package web

import (
	"context"
	"slices"
	"strconv"
	"time"

	"anlan/internal/evidence"
	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/ledger"
	"anlan/internal/ledger/acceptance"
	"anlan/internal/ledger/scheme"
	"anlan/internal/programme"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/workbook"
)

// LedgerCard is one ledger with what it comes to.
type LedgerCard struct {
	Rules scheme.Scheme `json:"rules"`
	Total scheme.Count  `json:"total"`
}

// LedgerBoard is a ledger counted by county.
type LedgerBoard struct {
	Rules    scheme.Scheme    `json:"rules"`
	Tree     *acceptance.Tree `json:"tree" doc:"What it is scored by, where it is"`
	AsOf     hydrotime.Date   `json:"as_of"`
	Counties []LedgerCounty   `json:"counties"`
	Total    scheme.Count     `json:"total"`
	Course   []LedgerPoint    `json:"course" doc:"The year by weeks, where there is a plan"`
	MayAdd   bool             `json:"may_add"`
}

// LedgerCounty is a county's share of a ledger.
type LedgerCounty struct {
	Division programme.DivisionRef `json:"division"`
	Count    scheme.Count          `json:"count"`
}

// LedgerPoint is how many were left at the end of a day, and how many should be.
type LedgerPoint struct {
	Day     hydrotime.Date `json:"day"`
	Left    *int           `json:"left" doc:"Absent for a day to come"`
	Planned quantity.Null  `json:"planned"`
}

// LedgerEntry is one object in a ledger as lists show it.
type LedgerEntry struct {
	ID        int64                 `json:"id"`
	Edit      int64                 `json:"edit"`
	Ledger    string                `json:"ledger"`
	Title     fault.Text            `json:"title" doc:"Of the ledger"`
	Line      string                `json:"line"`
	Object    LedgerObject          `json:"object"`
	Division  programme.DivisionRef `json:"division"`
	Round     string                `json:"round,omitempty"`
	Track     string                `json:"track,omitempty"`
	State     string                `json:"state"`
	StateName fault.Text            `json:"state_name"`
	Done      bool                  `json:"done"`
	Aside     bool                  `json:"aside"`
	Since     hydrotime.Date        `json:"since" doc:"When it came into its state"`
	Due       *hydrotime.Date       `json:"due"`
	DueFirst  *hydrotime.Date       `json:"due_first" doc:"Before anybody gave more time"`
	Overdue   bool                  `json:"overdue"`
	// OverdueFirst holds whatever time was given since.
	OverdueFirst bool            `json:"overdue_first" doc:"By the day before anybody gave more time"`
	ReviewDue    *hydrotime.Date `json:"review_due" doc:"When its title must be looked at again"`
	ReviewSoon   bool            `json:"review_soon" doc:"Within 90 days, or past"`
	ReviewLate   bool            `json:"review_late"`
	Marks        map[string]bool `json:"marks"`
	Listed       hydrotime.Date  `json:"listed"`
	Withdrawn    *time.Time      `json:"withdrawn"`
	Note         string          `json:"note,omitempty"`
}

// LedgerPage is one page of entries.
type LedgerPage struct {
	Items []LedgerEntry `json:"items"`
	Next  string        `json:"next,omitempty"`
	Total int           `json:"total"`
}

// LedgerObject names the object of an entry.
type LedgerObject struct {
	ID   int64      `json:"id"`
	Code string     `json:"code"`
	Kind string     `json:"kind"`
	Name fault.Text `json:"name"`
}

// LedgerDetail is an entry with its history and what the person may do with it.
type LedgerDetail struct {
	LedgerEntry
	By        string           `json:"by"`
	Steps     []LedgerStep     `json:"steps" doc:"In order of time, those taken back too"`
	Next      []LedgerNext     `json:"next" doc:"Steps that may follow"`
	MayMark   []string         `json:"may_mark"`
	MayScore  bool             `json:"may_score"`
	MayUndo   bool             `json:"may_undo" doc:"The last step that stands"`
	MayChange bool             `json:"may_change"`
	MayDecide bool             `json:"may_decide" doc:"Its track, its day and whether it stands in the ledger too"`
	Rules     scheme.Scheme    `json:"rules"`
	Tree      *acceptance.Tree `json:"tree"`
}

// LedgerNext is a step that may follow.
type LedgerNext struct {
	State string     `json:"state"`
	Name  fault.Text `json:"name"`
	By    string     `json:"by"`
	Needs []string   `json:"needs"`
	Done  bool       `json:"done"`
	May   bool       `json:"may" doc:"The person who asks may take it"`
	Why   fault.Text `json:"why" doc:"Why that person may not; empty where they may"`
}

// LedgerStep is what was done to an entry.
type LedgerStep struct {
	ID        int64          `json:"id"`
	On        hydrotime.Date `json:"on"`
	State     string         `json:"state,omitempty"`
	Mark      string         `json:"mark,omitempty"`
	Holds     bool           `json:"holds"`
	Document  string         `json:"document,omitempty"`
	Note      string         `json:"note,omitempty"`
	Judged    *ledger.Judged `json:"judged"`
	Files     []StepFile     `json:"files"`
	By        string         `json:"by"`
	WrittenAt time.Time      `json:"written_at"`
	UndoneAt  *time.Time     `json:"undone_at"`
	UndoneBy  string         `json:"undone_by,omitempty"`
	UndoneWhy string         `json:"undone_why,omitempty"`
}

// StepFile is a file that speaks for a step.
type StepFile struct {
	Hash  string `json:"hash"`
	Name  string `json:"name"`
	Media string `json:"media"`
	Size  int64  `json:"size"`
}

// LedgerFilter is which entries of a ledger.
type LedgerFilter struct {
	Ledger    string `path:"ledger" maxLength:"60"`
	Division  string `query:"division" maxLength:"20" doc:"Code of a division; what lies below it counts too"`
	AsOf      string `query:"as_of" maxLength:"10" doc:"A day; today where left out"`
	Q         string `query:"q" maxLength:"100" doc:"Part of an object's name or code"`
	Track     string `query:"track" maxLength:"40"`
	State     string `query:"state" maxLength:"40"`
	Lacks     string `query:"lacks" maxLength:"40" doc:"A mark that does not hold"`
	Standing  string `query:"standing" enum:"to_do,left,done,overdue,overdue_first,aside,review"`
	Withdrawn bool   `query:"withdrawn" doc:"Withdrawn ones too"`
	Sort      string `query:"sort" maxLength:"20" doc:"due, object, division, state, since or listed, with - before it for descending"`
}

func (s *Server) addLedgerRoutes() {
	route := func(method, path, id, summary string, perm identity.Permission) Route {
		return Route{Method: method, Path: path, ID: id, Summary: summary, Tag: "ledgers", Permission: perm}
	}
	add(s, route("GET", "/api/ledgers", "listLedgers", "Every ledger in scope with what it comes to on a day", identity.ObjectRead), s.listLedgers)
	add(s, route("GET", "/api/ledgers/{ledger}", "getLedger", "A ledger counted by county on a day", identity.ObjectRead), s.getLedger)
	add(s, route("GET", "/api/ledgers/{ledger}/entries", "listLedgerEntries", "Entries of a ledger as they stand on a day", identity.ObjectRead), s.listLedgerEntries)
	for _, f := range []struct{ end, id, what string }{{"xlsx", "exportLedgerEntries", "as a workbook"}, {"docx", "ledgerEntriesDocument", "as a document in office form"}} {
		addFile(s, route("GET", "/api/ledgers/{ledger}/entries."+f.end, f.id, "The entries that a list finds, "+f.what, identity.Export), func(ctx context.Context, p *identity.Principal, in *LedgerListFile) (*File, error) {
			return s.exportLedgerEntries(ctx, p, in, f.end)
		})
	}
	add(s, route("GET", "/api/objects/{id}/entries", "objectEntries", "The entries of an object in every ledger", identity.ObjectRead), s.objectEntries)
	add(s, route("POST", "/api/ledger-entries", "addLedgerEntry", "Put an object into a ledger", identity.ObjectWrite), func(ctx context.Context, p *identity.Principal, in *struct{ Body ledger.NewEntry }) (*Made64, error) {
		id, err := s.Ledger.Add(ctx, p, in.Body)
		return &Made64{id}, err
	})
	add(s, route("GET", "/api/ledger-entries/{id}", "getLedgerEntry", "An entry with its history", identity.ObjectRead), s.getLedgerEntry)
	add(s, route("POST", "/api/ledger-entries/{id}/steps", "takeLedgerStep", "Take an entry one step on, set a mark, or score it", identity.ObjectWrite), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body ledger.NewStep
	},
	) (*LedgerDetail, error) {
		if err := s.Ledger.Take(ctx, p, in.ID, in.Body); err != nil {
			return nil, err
		}
		return s.getLedgerEntry(ctx, p, &in.NumberPath)
	})
	add(s, route("POST", "/api/ledger-entries/{id}/undo", "undoLedgerStep", "Take the last step back, with a reason", identity.ObjectWrite), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body struct {
			Edit   int64  `json:"edit" minimum:"1"`
			Step   int64  `json:"step" minimum:"1"`
			Reason string `json:"reason" minLength:"1" maxLength:"2000"`
		}
	},
	) (*LedgerDetail, error) {
		if err := s.Ledger.Undo(ctx, p, in.ID, in.Body.Step, in.Body.Edit, in.Body.Reason); err != nil {
			return nil, err
		}
		return s.getLedgerEntry(ctx, p, &in.NumberPath)
	})
	add(s, route("PATCH", "/api/ledger-entries/{id}", "changeLedgerEntry", "Change an entry's track, day or note, or withdraw it, with a reason", identity.ObjectWrite), func(ctx context.Context, p *identity.Principal, in *struct {
		NumberPath
		Body ledger.EntryChange
	},
	) (*LedgerDetail, error) {
		if err := s.Ledger.Change(ctx, p, in.ID, in.Body); err != nil {
			return nil, err
		}
		return s.getLedgerEntry(ctx, p, &in.NumberPath)
	})
	addContent(s, route("GET", "/api/ledger-entries/{id}/files/{hash}", "getLedgerFile", "A file of a step, to whoever sees the entry", identity.ObjectRead), func(ctx context.Context, p *identity.Principal, in *MatterFilePath) (*evidence.Content, error) {
		return s.ledgerFile(ctx, p, in, s.Evidence.Open)
	})
	addContent(s, route("GET", "/api/ledger-entries/{id}/files/{hash}/thumbnail", "getLedgerThumbnail", "The thumbnail of a picture of a step", identity.ObjectRead), func(ctx context.Context, p *identity.Principal, in *MatterFilePath) (*evidence.Content, error) {
		return s.ledgerFile(ctx, p, in, s.Evidence.Thumbnail)
	})
}

// query reads a filter.
func (in *LedgerFilter) query(ctx context.Context, s *Server) (ledger.Query, error) {
	q := ledger.Query{
		Scheme: in.Ledger, Text: in.Q, Track: in.Track, State: in.State, Mark: in.Lacks, Standing: in.Standing, Withdrawn: in.Withdrawn, Sort: in.Sort,
	}
	if in.Division != "" {
		d, err := s.divisionOf(ctx, in.Division)
		if err != nil {
			return q, err
		}
		q.Division = d.ID
	}
	if in.AsOf != "" {
		day, err := hydrotime.ParseDate(in.AsOf)
		if err != nil {
			return q, fault.Invalidf("ledger.day", "日期格式应为 2026-06-30", "a day has the form 2026-06-30").At("as_of", fault.T("日期有误", "not a day"))
		}
		q.AsOf = day
	}
	return q, nil
}

func (s *Server) listLedgers(ctx context.Context, p *identity.Principal, in *struct {
	Division string `query:"division" maxLength:"20"`
	AsOf     string `query:"as_of" maxLength:"10"`
},
) (*[]LedgerCard, error) {
	list, err := s.Ledger.Schemes(ctx, p)
	if err != nil {
		return nil, err
	}
	out := []LedgerCard{}
	for _, k := range list {
		q, err := (&LedgerFilter{Ledger: k.ID, Division: in.Division, AsOf: in.AsOf}).query(ctx, s)
		if err != nil {
			return nil, err
		}
		b, err := s.Ledger.Summary(ctx, p, q)
		if err != nil {
			return nil, err
		}
		out = append(out, LedgerCard{*k, b.Total})
	}
	return &out, nil
}

func (s *Server) getLedger(ctx context.Context, p *identity.Principal, in *LedgerFilter) (*LedgerBoard, error) {
	q, err := in.query(ctx, s)
	if err != nil {
		return nil, err
	}
	b, err := s.Ledger.Board(ctx, p, q)
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := &LedgerBoard{Rules: *b.Scheme, AsOf: b.AsOf, Total: b.Total, Counties: []LedgerCounty{}, Course: []LedgerPoint{}}
	for _, at := range p.Scopes(identity.ObjectWrite) {
		out.MayAdd = out.MayAdd || p.Can(identity.ObjectWrite, b.Scheme.Line, at)
	}
	if out.Tree, err = s.scoreTree(ctx, b.Scheme); err != nil {
		return nil, err
	}
	for _, c := range b.Counties {
		d, _ := tree.ByCode(c.County)
		out.Counties = append(out.Counties, LedgerCounty{programme.RefOf(tree, d), c})
	}
	order := map[string]int64{}
	for _, d := range tree.All() {
		order[d.Code] = d.Sort
	}
	slices.SortStableFunc(out.Counties, func(a, b LedgerCounty) int { return int(order[a.Division.Code] - order[b.Division.Code]) })
	for _, c := range b.Course {
		point := LedgerPoint{Day: c.Day, Planned: c.Planned.Planned}
		if c.Left >= 0 {
			point.Left = &c.Left
		}
		out.Course = append(out.Course, point)
	}
	return out, nil
}

func (s *Server) scoreTree(ctx context.Context, k *scheme.Scheme) (*acceptance.Tree, error) {
	if k.Tree == "" {
		return nil, nil
	}
	book, err := s.Oversight.Book(ctx)
	if err != nil {
		return nil, err
	}
	return book.Tree(k.Tree, 0)
}

func (s *Server) listLedgerEntries(ctx context.Context, p *identity.Principal, in *struct {
	LedgerFilter
	After int64 `query:"after" minimum:"1"`
	Limit int   `query:"limit" minimum:"1" maximum:"500" default:"50"`
},
) (*LedgerPage, error) {
	q, err := in.query(ctx, s)
	if err != nil {
		return nil, err
	}
	q.After, q.Limit = in.After, in.Limit
	return s.ledgerPage(ctx, p, q)
}

func (s *Server) ledgerPage(ctx context.Context, p *identity.Principal, q ledger.Query) (*LedgerPage, error) {
	pg, err := s.Ledger.Entries(ctx, p, q)
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := &LedgerPage{Items: []LedgerEntry{}, Total: pg.Total}
	for _, e := range pg.Entries {
		out.Items = append(out.Items, ledgerEntry(tree, e))
	}
	if pg.Next != 0 {
		out.Next = strconv.FormatInt(pg.Next, 10)
	}
	return out, nil
}

func ledgerEntry(tree *registry.Tree, e *ledger.Entry) LedgerEntry {
	return LedgerEntry{
		ID: e.ID, Edit: e.Edit, Ledger: e.Scheme.ID, Title: e.Scheme.Title, Line: e.Scheme.Line,
		Object:   LedgerObject{e.Object, e.ObjectCode, string(e.ObjectKind), e.ObjectName},
		Division: programme.RefOf(tree, e.Division), Round: e.Round, Track: e.Track, State: e.Standing.State.ID, StateName: e.Standing.State.Name,
		Done: e.Standing.Done, Aside: e.Standing.Aside, Since: hydrotime.DateOf(e.Standing.Since), Due: e.Due, DueFirst: e.DueFirst, Overdue: e.Overdue, Marks: e.Standing.Marks,
		OverdueFirst: e.OverdueFirst, ReviewDue: e.ReviewDue, ReviewSoon: e.ReviewSoon, ReviewLate: e.ReviewLate,
		Listed: hydrotime.DateOf(e.Listed), Withdrawn: e.Withdrawn, Note: e.Note,
	}
}

func (s *Server) objectEntries(ctx context.Context, p *identity.Principal, in *NumberPath) (*LedgerPage, error) {
	if err := s.seen(ctx, p, in.ID); err != nil {
		return nil, err
	}
	return s.ledgerPage(ctx, p, ledger.Query{Object: in.ID, Withdrawn: true, Sort: "-listed", Limit: 500})
}

func (s *Server) getLedgerEntry(ctx context.Context, p *identity.Principal, in *NumberPath) (*LedgerDetail, error) {
	e, err := s.Ledger.Entry(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := &LedgerDetail{LedgerEntry: ledgerEntry(tree, e), By: e.By, Steps: []LedgerStep{}, Next: []LedgerNext{}, MayMark: []string{}, Rules: *e.Scheme}
	if out.Tree, err = s.scoreTree(ctx, e.Scheme); err != nil {
		return nil, err
	}
	for _, step := range e.Steps {
		shown, err := s.ledgerStep(ctx, &step)
		if err != nil {
			return nil, err
		}
		out.Steps = append(out.Steps, shown)
	}
	if e.Withdrawn == nil {
		for _, st := range e.Scheme.Next(e.Track, e.Standing.State.ID) {
			needs := st.Needs
			if needs == nil {
				needs = []string{}
			}
			next := LedgerNext{State: st.ID, Name: st.Name, By: st.By, Needs: needs, Done: st.Ends(e.Track), May: true}
			if no := e.Refusal(p, tree, st.ID, st.By); no != nil {
				next.May, next.Why = false, no.Text
			}
			out.Next = append(out.Next, next)
		}
		for _, m := range e.Scheme.Marks {
			if e.May(p, tree, m.By) {
				out.MayMark = append(out.MayMark, m.ID)
			}
		}
		out.MayScore = e.MayScore(p, tree)
		out.MayUndo = e.MayUndo(p, tree)
	}
	out.MayChange, out.MayDecide = e.May(p, tree, "county"), e.May(p, tree, "city")
	return out, nil
}

func (s *Server) ledgerStep(ctx context.Context, step *ledger.Step) (LedgerStep, error) {
	out := LedgerStep{
		ID: step.ID, On: hydrotime.DateOf(step.At), State: step.State, Mark: step.Mark, Holds: step.Holds, Document: step.Document, Note: step.Note, Judged: step.Judged,
		Files: []StepFile{}, By: step.By, WrittenAt: step.WrittenAt, UndoneAt: step.UndoneAt, UndoneBy: step.UndoneBy, UndoneWhy: step.UndoneWhy,
	}
	for _, hash := range step.Files {
		f, err := s.Evidence.File(ctx, s.Store, evidence.Hash(hash))
		if err != nil {
			return out, err
		}
		out.Files = append(out.Files, StepFile{hash, f.Name, string(f.Media), f.Size})
	}
	return out, nil
}

// ledgerFile hands out a file of a step to who sees its entry.
func (s *Server) ledgerFile(ctx context.Context, p *identity.Principal, in *MatterFilePath, open func(context.Context, evidence.Hash) (*evidence.Content, error)) (*evidence.Content, error) {
	e, err := s.Ledger.Entry(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(e.Steps, func(st ledger.Step) bool { return slices.Contains(st.Files, in.Hash) }) {
		return nil, evidence.Unknown(evidence.Hash(in.Hash))
	}
	return open(ctx, evidence.Hash(in.Hash))
}

// LedgerListFile is the entries that a list finds, to be saved as a file.
type LedgerListFile struct {
	LedgerFilter
	Lang string `query:"lang" enum:"zh,en" default:"zh"`
}

func (s *Server) exportLedgerEntries(ctx context.Context, p *identity.Principal, in *LedgerListFile, format string) (*File, error) {
	q, err := in.query(ctx, s)
	if err != nil {
		return nil, err
	}
	q.Limit = sheetMost
	pg, err := s.Ledger.Entries(ctx, p, q)
	if err != nil {
		return nil, err
	}
	if pg.Total > sheetMost {
		return nil, fault.New(fault.TooLarge, "ledger.export", fault.Tf("共 %d 项，超过 %d 项，请缩小范围", "%d entries, more than %d: choose fewer", pg.Total, sheetMost))
	}
	board, err := s.Ledger.Summary(ctx, p, q)
	if err != nil {
		return nil, err
	}
	say := func(t fault.Text) string {
		if in.Lang == "en" && t.En != "" {
			return t.En
		}
		return t.Zh
	}
	day := board.AsOf.String()
	table := workbook.Table{
		Title: say(board.Scheme.Title),
		Notes: []string{say(fault.Tf("截至 %s，共 %d 项", "as of %s, %d entries", day, pg.Total))},
	}
	for _, h := range ledgerHeads(board.Scheme) {
		table.Columns = append(table.Columns, workbook.Column{Head: []string{say(h)}})
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range pg.Entries {
		table.Rows = append(table.Rows, ledgerCells(tree, e, say))
	}
	return s.tableFile(ctx, p, table, table.Title+" "+day, format)
}

func ledgerHeads(k *scheme.Scheme) []fault.Text {
	heads := []fault.Text{fault.T("县（市、区）", "county"), fault.T("所在地", "place"), fault.T("对象", "object"), fault.T("代码", "code")}
	if k.Repeats != "" {
		heads = append(heads, fault.T("期次", "round"))
	}
	if len(k.Tracks) > 0 {
		heads = append(heads, fault.T("分类", "track"))
	}
	heads = append(heads, fault.T("状态", "state"), fault.T("到达日期", "since"), fault.T("到期", "due"), fault.T("原定到期", "first due"), fault.T("是否办结", "done"))
	if k.ReviewYears > 0 {
		heads = append(heads, fault.T("复核到期", "review due"))
	}
	for _, m := range k.Marks {
		heads = append(heads, m.Name)
	}
	return append(heads, fault.T("说明", "note"))
}

func ledgerCells(tree *registry.Tree, e *ledger.Entry, say func(fault.Text) string) []workbook.Value {
	text := workbook.TextValue
	county := tree.CountyOf(e.Division.ID)
	row := []workbook.Value{text(say(programme.RefOf(tree, county).Name)), text(say(programme.RefOf(tree, e.Division).Name)), text(say(e.ObjectName)), text(e.ObjectCode)}
	if e.Scheme.Repeats != "" {
		row = append(row, text(e.Round))
	}
	if len(e.Scheme.Tracks) > 0 {
		t, _ := e.Scheme.Track(e.Track)
		row = append(row, text(say(t.Name)))
	}
	day := func(d *hydrotime.Date) workbook.Value {
		if d == nil {
			return text("")
		}
		return text(d.String())
	}
	done := fault.T("否", "no")
	switch {
	case e.Standing.Aside:
		done = fault.T("不计", "not counted")
	case e.Standing.Done:
		done = fault.T("是", "yes")
	case e.Overdue:
		done = fault.T("逾期", "overdue")
	}
	row = append(row, text(say(e.Standing.State.Name)), text(hydrotime.DateOf(e.Standing.Since).String()), day(e.Due), day(e.DueFirst), text(say(done)))
	if e.Scheme.ReviewYears > 0 {
		row = append(row, day(e.ReviewDue))
	}
	for _, m := range e.Scheme.Marks {
		holds := fault.T("", "")
		if e.Standing.Marks[m.ID] {
			holds = fault.T("√", "√")
		}
		row = append(row, text(holds.Zh))
	}
	return append(row, text(e.Note))
}

// LedgerChanged tells open screens that an entry changed.
func (s *Server) LedgerChanged(c ledger.Change) {
	s.events.publish(Event{Kind: "ledger", Line: c.Line, Division: c.At, need: identity.ObjectRead, Thing: c.Scheme})
}
