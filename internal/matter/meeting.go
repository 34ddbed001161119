package matter

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/store"
)

// Meeting is a meeting with its minutes (会议纪要); what it decided are matters of kind task.
type Meeting struct {
	ID       string         `json:"id"`
	Edit     int64          `json:"edit"`
	Title    string         `json:"title"`
	HeldOn   hydrotime.Date `json:"held_on"`
	Division int64          `json:"-"`
	Line     string         `json:"line" doc:"Line of work, or * for all"`
	Chair    string         `json:"chair,omitempty"`
	Minutes  string         `json:"minutes"`
	Previous string         `json:"previous,omitempty" doc:"The meeting before, whose tasks this one looks at"`
	By       string         `json:"by"`
	At       time.Time      `json:"at"`
	Tasks    int            `json:"tasks"`
	Open     int            `json:"open" doc:"Tasks not at rest yet"`
}

// NewMeeting is what is said of a meeting.
type NewMeeting struct {
	Client   string         `json:"client" minLength:"1" maxLength:"60" doc:"An id made by the sender: sent twice, it is one meeting"`
	Title    string         `json:"title" minLength:"1" maxLength:"200"`
	HeldOn   hydrotime.Date `json:"held_on"`
	Line     string         `json:"line,omitempty" maxLength:"40" doc:"Line of work; all where empty"`
	Chair    string         `json:"chair,omitempty" maxLength:"100"`
	Minutes  string         `json:"minutes" maxLength:"60000"`
	Previous string         `json:"previous,omitempty" maxLength:"60"`
	Tasks    []NewTask      `json:"tasks" maxItems:"200"`
}

// NewTask is one decision of a meeting: what, where, by whom, by when (交办事项).
type NewTask struct {
	Title    string         `json:"title" minLength:"1" maxLength:"200"`
	Detail   string         `json:"detail,omitempty" maxLength:"4000"`
	Division string         `json:"division" maxLength:"20"`
	Line     string         `json:"line" maxLength:"40"`
	Unit     string         `json:"unit,omitempty" maxLength:"60"`
	Person   string         `json:"person,omitempty" maxLength:"60"`
	Due      hydrotime.Date `json:"due"`
}

// AddMeeting keeps a meeting and opens a task for each decision, all or none. Sent twice with one client id, it is kept once. Who keeps it
// and who hands out its tasks holds the lines of work that they are of.
func (s *Service) AddMeeting(ctx context.Context, p *identity.Principal, division int64, n NewMeeting) (string, error) {
	if n.Line == "" {
		n.Line = identity.AnyLine
	}
	if !p.Can(identity.MeetingWrite, n.Line, division) {
		return "", errUnknown()
	}
	id := store.NewID()
	tasks, err := s.tasks(ctx, p, division, id, &n)
	if err != nil {
		return "", err
	}
	if n.Client == "" {
		n.Client = id
	}
	n.Client = p.Account() + "/" + n.Client
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := queue(ctx, tx); err != nil { // two that are sent at once are one after the other
			return err
		}
		kept, err := meetingSent(ctx, tx, n.Client)
		if err != nil || kept != "" {
			id = kept
			return err
		}
		return s.keepMeeting(ctx, tx, p, division, id, n, tasks)
	})
	return id, err
}

// tasks are the matters that a meeting is to open, each checked at its place.
func (s *Service) tasks(ctx context.Context, p *identity.Principal, division int64, id string, n *NewMeeting) ([]NewMatter, error) {
	tree, err := s.reg.Tree(ctx)
	if err != nil {
		return nil, err
	}
	bad := fault.Invalidf("meeting.invalid", "会议内容有误", "the meeting is not valid")
	if strings.TrimSpace(n.Title) == "" {
		bad.At("title", fault.T("会议须有名称", "a meeting has a title"))
	}
	if utf8.RuneCountInString(n.Minutes) > 60_000 {
		bad.At("minutes", fault.T("纪要至多六万字", "minutes of at most 60,000 characters"))
	}
	if n.HeldOn.Start().After(s.now()) {
		bad.At("held_on", fault.T("会议日期不能晚于今天", "a meeting is kept once it was held"))
	}
	if n.Line != identity.AnyLine {
		if err := s.knows(ctx, n.Line, bad); err != nil {
			return nil, err
		}
	}
	of, _ := tree.ByID(division)
	out := make([]NewMatter, 0, len(n.Tasks))
	for i, t := range n.Tasks {
		at := fmt.Sprintf("tasks[%d]", i)
		d, ok := tree.ByCode(t.Division)
		if !ok || !tree.Within(division, d.ID) {
			bad.At(at+".division", fault.T("不在会议所属区划内", "outside the meeting's division"))
			continue
		}
		m := NewMatter{
			Client: fmt.Sprintf("%s/%d", id, i), Kind: Task, Line: t.Line, Division: d.ID, Keeper: division, Source: "meeting", SourceID: id,
			Title: fault.T(t.Title, ""), Detail: t.Detail, Basis: n.Title, Origin: OriginAt(of.Level), Unit: t.Unit, Person: t.Person, Due: t.Due.End(),
		}
		if err := s.Said(ctx, &m); err != nil {
			if err := under(bad, at, err); err != nil {
				return nil, err
			}
		} else if !p.Can(identity.MeetingWrite, t.Line, division) {
			bad.At(at+".line", fault.T("不是您负责的业务线", "not a line of work of yours"))
		}
		m.Found = n.HeldOn.Start()
		out = append(out, m)
	}
	return out, told(bad)
}

// under lays the places of a fault under one of another, and gives back what is no fault of the input.
func under(bad *fault.Error, place string, err error) error {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Invalid {
		return err
	}
	for _, at := range f.Fields {
		bad.At(place+"."+at.Place, at.Text)
	}
	if len(f.Fields) == 0 {
		bad.At(place, f.Text)
	}
	return nil
}

// meetingSent is the meeting that was kept with a client id, "" where none was.
func meetingSent(ctx context.Context, q store.Querier, client string) (string, error) {
	var id string
	err := q.QueryRowContext(ctx, `SELECT COALESCE(MAX(id), '') FROM meeting WHERE client_id = $1`, client).Scan(&id)
	if err != nil {
		return "", fmt.Errorf("look for a meeting that was sent before: %w", err)
	}
	return id, nil
}

func (s *Service) keepMeeting(ctx context.Context, tx *store.Tx, p *identity.Principal, division int64, id string, n NewMeeting, tasks []NewMatter) error {
	if n.Previous != "" {
		if _, err := s.meeting(ctx, tx, p, n.Previous); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO meeting (id, edit, title, held_on, division_id, line, chair, minutes, previous_id, by_id, by_name, at, client_id)
		VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		id, n.Title, n.HeldOn.Start().UnixMilli(), division, n.Line, n.Chair, n.Minutes, store.MaybeText(n.Previous), p.Account(), p.Name(), s.now().UnixMilli(), n.Client)
	if err != nil {
		return fmt.Errorf("keep meeting %s: %w", n.Title, err)
	}
	for i, t := range tasks {
		if _, _, err := s.Open(ctx, tx, p.Actor(), t); err != nil {
			bad := fault.Invalidf("meeting.invalid", "第 %d 项任务有误", "task %d is not valid", i+1)
			if err := under(bad, fmt.Sprintf("tasks[%d]", i), err); err != nil {
				return fmt.Errorf("task %d: %w", i+1, err)
			}
			return bad
		}
	}
	return audit.Append(ctx, tx, audit.Entry{
		At: s.now(), Actor: p.Actor(), Action: "meeting.add", ObjectKind: "meeting", ObjectID: id, DivisionID: &division, Detail: map[string]any{"title": n.Title, "tasks": len(n.Tasks)},
	})
}

const selectMeeting = `
	SELECT m.id, m.edit, m.title, m.held_on, m.division_id, m.line, m.chair, m.minutes, COALESCE(m.previous_id, ''), m.by_name, m.at,
		(SELECT COUNT(*) FROM matter t WHERE t.source = 'meeting' AND t.source_id = m.id),
		(SELECT COUNT(*) FROM matter t WHERE t.source = 'meeting' AND t.source_id = m.id AND t.live = 1)
	FROM meeting m`

func scanMeeting(scan func(...any) error) (Meeting, error) {
	var m Meeting
	var held, when int64
	err := scan(&m.ID, &m.Edit, &m.Title, &held, &m.Division, &m.Line, &m.Chair, &m.Minutes, &m.Previous, &m.By, &when, &m.Tasks, &m.Open)
	m.HeldOn, m.At = hydrotime.DateOf(store.Time(held)), store.Time(when)
	return m, err
}

// sees reports whether a person may read a meeting's minutes: who reads matters of its line of work over the whole division it was held
// for. A meeting on all lines is for each of them.
func (m *Meeting) sees(p *identity.Principal) bool {
	line := m.Line
	if line == identity.AnyLine {
		line = ""
	}
	return p.Can(identity.MatterRead, line, m.Division)
}

func (s *Service) meeting(ctx context.Context, q store.Querier, p *identity.Principal, id string) (Meeting, error) {
	m, err := scanMeeting(q.QueryRowContext(ctx, selectMeeting+` WHERE m.id = $1`, id).Scan)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return m, fmt.Errorf("read meeting %s: %w", id, err)
	}
	if err != nil || !m.sees(p) {
		return m, fault.NotFoundf("meeting.unknown", "没有这次会议，或不在您的权限范围内", "there is no such meeting, or it is outside your scope")
	}
	return m, nil
}

// MeetingOf reads one meeting.
func (s *Service) MeetingOf(ctx context.Context, p *identity.Principal, id string) (Meeting, error) {
	return s.meeting(ctx, s.db, p, id)
}

// MeetingPage is one page of meetings, with what all that were asked for come to.
type MeetingPage struct {
	Items       []Meeting
	Total       int
	Tasks, Open int
}

// Meetings lists the meetings that a person may see, the latest first, skipping those that were read before.
func (s *Service) Meetings(ctx context.Context, p *identity.Principal, words string, skip, limit int) (MeetingPage, error) {
	out := MeetingPage{Items: []Meeting{}}
	var ids []any
	err := store.Each(ctx, s.db, `
		SELECT m.id, m.division_id, m.line, (SELECT COUNT(*) FROM matter t WHERE t.source = 'meeting' AND t.source_id = m.id),
			(SELECT COUNT(*) FROM matter t WHERE t.source = 'meeting' AND t.source_id = m.id AND t.live = 1)
		FROM meeting m WHERE LOWER(m.title) LIKE $1 ESCAPE '\' OR LOWER(m.minutes) LIKE $1 ESCAPE '\' ORDER BY m.held_on DESC, m.id DESC`, func(scan func(...any) error) error {
		var m Meeting
		err := scan(&m.ID, &m.Division, &m.Line, &m.Tasks, &m.Open)
		if err == nil && m.sees(p) {
			ids = append(ids, m.ID)
			out.Tasks, out.Open = out.Tasks+m.Tasks, out.Open+m.Open
		}
		return err
	}, "%"+store.Literal(strings.TrimSpace(words))+"%")
	if err != nil {
		return out, fmt.Errorf("list meetings: %w", err)
	}
	out.Total = len(ids)
	if ids = pageOf(ids, skip, limit); len(ids) == 0 {
		return out, nil
	}
	err = store.Each(ctx, s.db, selectMeeting+` WHERE m.id IN (`+store.Places(1, len(ids))+`) ORDER BY m.held_on DESC, m.id DESC`, func(scan func(...any) error) error {
		m, err := scanMeeting(scan)
		m.Minutes = ""
		out.Items = append(out.Items, m)
		return err
	}, ids...)
	if err != nil {
		return out, fmt.Errorf("list meetings: %w", err)
	}
	return out, nil
}
