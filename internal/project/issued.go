package project

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/project/lifecycle"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// list is a list that an authority issued.
type list struct {
	id, edit       int64
	kind           string
	name           fault.Text
	issuer, level  string
	document, note string
	on             hydrotime.Date
	division       int64
	withdrawn      *time.Time
	changed, made  time.Time
}

// Kinds of lists: lagging is a notice that names who lags.
const (
	listPlain   = "list"
	listLagging = "lagging"
)

func (v *view) readLists(ctx context.Context, q store.Querier) (map[int64]*list, error) {
	out := map[int64]*list{}
	err := store.Each(ctx, q, `SELECT id, edit, kind, name_zh, name_en, issuer, level, document, issued_on, division_id, note, withdrawn_at, changed_at, made_at FROM project_list ORDER BY id`,
		func(scan func(...any) error) error {
			l := &list{}
			var on, changed, made int64
			var withdrawn sql.NullInt64
			err := scan(&l.id, &l.edit, &l.kind, &l.name.Zh, &l.name.En, &l.issuer, &l.level, &l.document, &on, &l.division, &l.note, &withdrawn, &changed, &made)
			l.on, l.withdrawn, l.changed, l.made = dayOf(on), store.MaybeTime(withdrawn), store.Time(changed), store.Time(made)
			out[l.id] = l
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read lists of projects: %w", err)
	}
	return out, v.listsKnown(ctx, q, out)
}

// ownLevel is the level of lists that a county issues and keeps itself.
const ownLevel = "county"

// latest is the province's last notice of who lags for a city, on the view's day; nil where there is none. Only what is kept at the city
// or above it speaks for the city.
func (v *view) latest(lists map[int64]*list, city int64) *list {
	var out *list
	for _, l := range lists {
		if l.kind != listLagging || l.level != "province" || l.withdrawn != nil || l.on.DaysUntil(v.day) < 0 || !v.tree.Within(l.division, city) {
			continue
		}
		if out == nil || out.on.DaysUntil(l.on) > 0 || out.on == l.on && l.id > out.id {
			out = l
		}
	}
	return out
}

// ProjectList is a list that an authority issued (重大项目清单、滞后通报).
type ProjectList struct {
	ID        int64          `json:"id"`
	Edit      int64          `json:"edit"`
	Kind      string         `json:"kind" enum:"list,lagging" doc:"lagging is a notice that names who lags"`
	Name      fault.Text     `json:"name"`
	Issuer    string         `json:"issuer"`
	Level     string         `json:"level" enum:"ministry,province,city,county"`
	Document  string         `json:"document"`
	On        hydrotime.Date `json:"on"`
	Division  ProjectPlace   `json:"division" doc:"Who keeps it"`
	Note      string         `json:"note"`
	Withdrawn *time.Time     `json:"withdrawn"`
	Items     []ProjectItem  `json:"items" doc:"Those that the reader may see; empty in a list of lists"`
	Count     int            `json:"count" doc:"Of projects that the reader may see, those taken off left out"`
	MayWrite  bool           `json:"may_write"`
	ChangedAt time.Time      `json:"changed_at"`
}

// ProjectItem is a project in a list.
type ProjectItem struct {
	ID        int64          `json:"id"`
	Project   int64          `json:"project"`
	Code      string         `json:"code"`
	Name      fault.Text     `json:"name"`
	Part      int64          `json:"part" doc:"0 for the whole"`
	PartName  fault.Text     `json:"part_name"`
	Division  ProjectPlace   `json:"division"`
	Stage     string         `json:"stage" doc:"Of the part that has come furthest"`
	Pace      lifecycle.Pace `json:"pace" enum:"no_plan,unreported,ended,on_schedule,lagging,severe" doc:"By our own figures, beside what the list says"`
	Note      string         `json:"note"`
	AddedAt   time.Time      `json:"added_at"`
	RemovedAt *time.Time     `json:"removed_at"`
}

// NewProjectList is a list to be kept.
type NewProjectList struct {
	Kind     string         `json:"kind" enum:"list,lagging"`
	Name     fault.Text     `json:"name"`
	Issuer   string         `json:"issuer" minLength:"1" maxLength:"100"`
	Level    string         `json:"level" enum:"ministry,province,city,county"`
	Document string         `json:"document,omitempty" maxLength:"200"`
	On       hydrotime.Date `json:"on"`
	Division string         `json:"division,omitempty" maxLength:"20" doc:"Who keeps it; the reader's city where left out"`
	Note     string         `json:"note,omitempty" maxLength:"2000"`
}

// ProjectListChange changes a list; nil leaves as it is.
type ProjectListChange struct {
	Edit      int64           `json:"edit" minimum:"1"`
	Name      *fault.Text     `json:"name,omitempty"`
	Issuer    *string         `json:"issuer,omitempty" minLength:"1" maxLength:"100"`
	Document  *string         `json:"document,omitempty" maxLength:"200"`
	On        *hydrotime.Date `json:"on,omitempty"`
	Note      *string         `json:"note,omitempty" maxLength:"2000"`
	Withdrawn *bool           `json:"withdrawn,omitempty"`
	Reason    string          `json:"reason,omitempty" maxLength:"2000"`
}

// NewProjectItem puts a project, or a part of one, into a list.
type NewProjectItem struct {
	Project int64  `json:"project" minimum:"1"`
	Part    int64  `json:"part,omitempty"`
	Note    string `json:"note,omitempty" maxLength:"500"`
}

// seesList reports whether a person may know of a list: it is kept where they may read, or above it.
func (v *view) seesList(l *list) bool {
	if v.sees(l.division) {
		return true
	}
	for _, at := range v.p.Scopes(identity.ProjectRead) {
		if v.tree.Within(l.division, at) && v.sees(at) {
			return true
		}
	}
	return false
}

// writesList reports whether a person may keep a list: above the county's own level that is for who writes at the city.
func (v *view) writesList(level string, division int64) bool {
	return v.writes(division) && (level == ownLevel || v.keeps(division))
}

func errNoList() error {
	return fault.NotFoundf("project.list", "没有这份清单，或不在您的权限范围内", "there is no such list, or it is outside your scope")
}

// Lists lists what authorities issued, the newest first, each with how many projects of it the person may see.
func (s *Service) Lists(ctx context.Context, p *identity.Principal) ([]ProjectList, error) {
	v, err := s.view(ctx, p, hydrotime.Date{}, 0)
	if err != nil {
		return nil, err
	}
	found, err := s.find(ctx, v, Query{Withdrawn: true, anyList: -1})
	if err != nil {
		return nil, err
	}
	lists, err := v.readLists(ctx, s.db)
	if err != nil {
		return nil, err
	}
	out := []ProjectList{}
	for _, l := range lists {
		if v.seesList(l) {
			one := v.listOf(l, found)
			one.Items = []ProjectItem{}
			out = append(out, one)
		}
	}
	slices.SortFunc(out, func(a, b ProjectList) int {
		if c := a.On.DaysUntil(b.On); c != 0 {
			return c
		}
		return int(b.ID - a.ID)
	})
	return out, nil
}

// List reads one list with what the person may see in it.
func (s *Service) List(ctx context.Context, p *identity.Principal, id int64) (*ProjectList, error) {
	v, err := s.view(ctx, p, hydrotime.Date{}, 0)
	if err != nil {
		return nil, err
	}
	lists, err := v.readLists(ctx, s.db)
	if err != nil {
		return nil, err
	}
	l := lists[id]
	if l == nil || !v.seesList(l) {
		return nil, errNoList()
	}
	found, err := s.find(ctx, v, Query{Withdrawn: true, anyList: id})
	if err != nil {
		return nil, err
	}
	out := v.listOf(l, found)
	return &out, nil
}

func (v *view) listOf(l *list, found []found) ProjectList {
	d, _ := v.tree.ByID(l.division)
	out := ProjectList{
		ID: l.id, Edit: l.edit, Kind: l.kind, Name: l.name, Issuer: l.issuer, Level: l.level, Document: l.document, On: l.on, Division: placeOf(d), Note: l.note, Withdrawn: l.withdrawn,
		Items: []ProjectItem{}, MayWrite: v.writesList(l.level, l.division), ChangedAt: l.changed,
	}
	for _, f := range found {
		if !slices.ContainsFunc(f.items, func(i item) bool { return i.list == l.id }) {
			continue
		}
		j := v.judge(f.record, f.seen(v))
		for _, i := range f.items {
			if i.list != l.id {
				continue
			}
			it := ProjectItem{
				ID: i.id, Project: f.id, Code: f.code, Name: f.name, Part: i.part, Division: f.row.Division, Stage: f.row.Furthest, Pace: f.row.Pace, Note: i.note, AddedAt: i.added, RemovedAt: i.removed,
			}
			if i.part != 0 {
				x := f.part(i.part)
				if x == nil || !v.sees(x.division) {
					continue
				}
				at, _ := v.tree.ByID(x.division)
				it.PartName, it.Division, it.Stage, it.Pace = x.name, placeOf(at), j.stands[x.id].Stage, j.lags[x.id].Pace
			}
			out.Items = append(out.Items, it)
			if i.removed == nil {
				out.Count++
			}
		}
	}
	return out
}

// keeper is the division of a list: where it was named, else the city of the first place where the person writes.
func (v *view) keeper(code string) (registry.Division, error) {
	if code != "" {
		d, ok := v.tree.ByCode(code)
		if !ok {
			return d, fault.NotFoundf("division.unknown", "没有代码为 %s 的区划", "there is no division %s", code)
		}
		return d, nil
	}
	for _, at := range v.p.Scopes(identity.ProjectWrite) {
		if v.writes(at) {
			return v.city(at), nil
		}
	}
	return registry.Division{}, errForbidden()
}

// AddList keeps a list.
func (s *Service) AddList(ctx context.Context, p *identity.Principal, n NewProjectList) (int64, error) {
	v, err := s.view(ctx, p, hydrotime.Date{}, 0)
	if err != nil {
		return 0, err
	}
	d, err := v.keeper(n.Division)
	if err != nil {
		return 0, err
	}
	bad := fault.Invalidf("project.list_invalid", "清单信息有误", "the list is not valid")
	if clean(n.Name.Zh) == "" || len(n.Name.Zh) > 300 || len(n.Name.En) > 300 {
		bad.At("name", fault.T("名称为空或过长", "the name is empty or too long"))
	}
	if n.Kind == listLagging && clean(n.Document) == "" {
		bad.At("document", fault.T("滞后通报须填文号", "a notice of who lags has a number"))
	}
	if v.day.DaysUntil(n.On) > 0 {
		bad.At("on", fault.T("晚于今天", "later than today"))
	}
	if !v.writesList(n.Level, d.ID) {
		return 0, errForbidden().At("level", fault.T("县级以上的清单由市级登记", "lists from above the county are for the city to keep"))
	}
	if n.Level != ownLevel && !v.tree.Within(d.ID, v.city(d.ID).ID) {
		bad.At("division", fault.T("县级以上的清单登记在市级", "a list from above the county is kept at the city"))
	}
	if err := wrong(bad); err != nil {
		return 0, err
	}
	var id int64
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if id, err = tx.Next(ctx, "project_list", 1); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO project_list (id, edit, kind, name_zh, name_en, issuer, level, document, issued_on, division_id, note, changed_at, made_at) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)`,
			id, n.Kind, clean(n.Name.Zh), clean(n.Name.En), clean(n.Issuer), n.Level, clean(n.Document), number(n.On), d.ID, clean(n.Note), s.now().UnixMilli())
		if err != nil {
			return fmt.Errorf("keep list %s: %w", n.Name.Zh, err)
		}
		return s.noteList(ctx, tx, v, "project_list.add", id, d.ID, n)
	})
	return id, err
}

func (s *Service) noteList(ctx context.Context, tx *store.Tx, v *view, action string, id, division int64, detail any) error {
	tx.AfterCommit(func() { s.changed(Change{Line: v.rules.Line, At: []int64{division}}) })
	return audit.Append(ctx, tx, audit.Entry{
		At: s.now(), Actor: v.p.Actor(), Action: action, ObjectKind: "project_list", ObjectID: fmt.Sprint(id), DivisionID: &division, Detail: detail,
	})
}

// writable finds a list that the person may change.
func (s *Service) writable(ctx context.Context, q store.Querier, v *view, id int64) (*list, error) {
	lists, err := v.readLists(ctx, q)
	if err != nil {
		return nil, err
	}
	l := lists[id]
	if l == nil || !v.seesList(l) {
		return nil, errNoList()
	}
	if !v.writesList(l.level, l.division) {
		return nil, errForbidden()
	}
	return l, nil
}

// ChangeList changes a list, or withdraws it with a reason.
func (s *Service) ChangeList(ctx context.Context, p *identity.Principal, id int64, c ProjectListChange) error {
	v, err := s.view(ctx, p, hydrotime.Date{}, 0)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		l, err := s.writable(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if c.Edit != l.edit {
			return errStale(l.edit)
		}
		was := l.state()
		set(&l.name, c.Name)
		set(&l.issuer, c.Issuer)
		set(&l.document, c.Document)
		set(&l.on, c.On)
		set(&l.note, c.Note)
		bad := fault.Invalidf("project.list_invalid", "清单信息有误", "the list is not valid")
		if clean(l.name.Zh) == "" || len(l.name.Zh) > 300 || len(l.name.En) > 300 {
			bad.At("name", fault.T("名称为空或过长", "the name is empty or too long"))
		}
		if l.kind == listLagging && clean(l.document) == "" {
			bad.At("document", fault.T("滞后通报须填文号", "a notice of who lags has a number"))
		}
		if v.day.DaysUntil(l.on) > 0 {
			bad.At("on", fault.T("晚于今天", "later than today"))
		}
		if c.Withdrawn != nil && *c.Withdrawn != (l.withdrawn != nil) {
			if clean(c.Reason) == "" {
				bad.At("reason", required())
			}
			l.withdrawn = nil
			if now := s.now(); *c.Withdrawn {
				l.withdrawn = &now
			}
		}
		if err := wrong(bad); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `
			UPDATE project_list SET edit = edit + 1, name_zh = $1, name_en = $2, issuer = $3, document = $4, issued_on = $5, note = $6, withdrawn_at = $7, changed_at = $8 WHERE id = $9 AND edit = $10`,
			clean(l.name.Zh), clean(l.name.En), clean(l.issuer), clean(l.document), number(l.on), clean(l.note), store.Millis(l.withdrawn), s.now().UnixMilli(), id, c.Edit)
		if err != nil {
			return fmt.Errorf("change list %d: %w", id, err)
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return errors.Join(err, errStale(l.edit))
		}
		if err := s.keepPast(ctx, tx, pastList, id, was); err != nil {
			return err
		}
		return s.noteList(ctx, tx, v, "project_list.change", id, l.division, c)
	})
}

// PutItem puts a project, or a part of one, into a list. What stands there already stays as it is.
func (s *Service) PutItem(ctx context.Context, p *identity.Principal, id int64, n NewProjectItem) (made int64, err error) {
	v, err := s.view(ctx, p, hydrotime.Date{}, 0)
	if err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		l, err := s.writable(ctx, tx, v, id)
		if err != nil {
			return err
		}
		r, err := s.taken(ctx, tx, v, n.Project)
		if err != nil {
			return err
		}
		if x := r.part(n.Part); n.Part != 0 && (x == nil || !v.sees(x.division)) {
			return fault.NotFoundf("project.part", "没有这个工程部分，或不在您的权限范围内", "there is no such part, or it is outside your scope")
		}
		for _, i := range r.items {
			if i.list == l.id && i.part == n.Part && i.removed == nil {
				made = i.id
				return nil
			}
		}
		if made, err = tx.Next(ctx, "project_list_item", 1); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO project_list_item (id, list_id, project_id, part_id, note, added_at, added_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			made, l.id, r.id, store.MaybeNumber(n.Part), clean(n.Note), s.now().UnixMilli(), p.Actor().Name)
		if err != nil {
			return fmt.Errorf("put project %d into list %d: %w", r.id, l.id, err)
		}
		return s.note(ctx, tx, v, p.Actor(), "project.listed", r.id, l.division, map[string]any{"list": l.id, "name": l.name.Zh, "part": n.Part, "note": n.Note})
	})
	return made, err
}

// DropItem takes a project off a list, with a reason; that it stood there stays on record.
func (s *Service) DropItem(ctx context.Context, p *identity.Principal, id int64, why string) error {
	if clean(why) == "" {
		return fault.Invalidf("project.why", "移出须写明原因", "say why it is taken off").At("reason", required())
	}
	v, err := s.view(ctx, p, hydrotime.Date{}, 0)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		var of, project int64
		err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(list_id), 0), COALESCE(MAX(project_id), 0) FROM project_list_item WHERE id = $1 AND removed_at IS NULL`, id).Scan(&of, &project)
		if err != nil {
			return fmt.Errorf("find item %d: %w", id, err)
		}
		if of == 0 {
			return errNoList()
		}
		l, err := s.writable(ctx, tx, v, of)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE project_list_item SET removed_at = $1, removed_by = $2, removed_why = $3 WHERE id = $4`, s.now().UnixMilli(), p.Actor().Name, clean(why), id)
		if err != nil {
			return fmt.Errorf("take item %d off its list: %w", id, err)
		}
		return s.note(ctx, tx, v, p.Actor(), "project.unlisted", project, l.division, map[string]any{"list": l.id, "name": l.name.Zh, "why": clean(why)})
	})
}
