package project

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/project/lifecycle"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// NewProject is a project to be followed.
type NewProject struct {
	Code        string        `json:"code" minLength:"1" maxLength:"60" doc:"Its code, the same in every file"`
	Name        fault.Text    `json:"name"`
	Kind        string        `json:"kind" maxLength:"40"`
	Division    string        `json:"division" maxLength:"20" doc:"Who keeps it: a county, or the city where it lies in several"`
	LegalPerson string        `json:"legal_person,omitempty" maxLength:"100"`
	Total       quantity.Null `json:"total_wan_yuan,omitempty"`
	StatsID     string        `json:"stats_id,omitempty" maxLength:"60"`
	Library     string        `json:"library,omitempty" maxLength:"200"`
	Note        string        `json:"note,omitempty" maxLength:"2000"`
	Programmes  []string      `json:"programmes,omitempty" maxItems:"20"`
	Assessed    bool          `json:"assessed,omitempty" doc:"For the city to say"`
	Shape       *ProjectShape `json:"shape,omitempty" doc:"Of the whole"`
}

// ProjectChange changes a project's record; nil leaves as it is.
type ProjectChange struct {
	Edit        int64          `json:"edit" minimum:"1"`
	Name        *fault.Text    `json:"name,omitempty"`
	Kind        *string        `json:"kind,omitempty" maxLength:"40"`
	LegalPerson *string        `json:"legal_person,omitempty" maxLength:"100"`
	Total       *quantity.Null `json:"total_wan_yuan,omitempty"`
	StatsID     *string        `json:"stats_id,omitempty" maxLength:"60"`
	Library     *string        `json:"library,omitempty" maxLength:"200"`
	Note        *string        `json:"note,omitempty" maxLength:"2000"`
	Programmes  *[]string      `json:"programmes,omitempty" maxItems:"20"`
	Assessed    *bool          `json:"assessed,omitempty" doc:"For the city to say"`
	Withdrawn   *bool          `json:"withdrawn,omitempty" doc:"Take it out of the lists, or back in; with a reason"`
	Reason      string         `json:"reason,omitempty" maxLength:"2000"`
}

// NewProjectPart is a part of a project.
type NewProjectPart struct {
	Parent     int64         `json:"parent,omitempty" doc:"The whole where left out"`
	Kind       string        `json:"kind" enum:"phase,section,lot,works,contract"`
	Code       string        `json:"code" minLength:"1" maxLength:"60" doc:"Its own within the project"`
	Name       fault.Text    `json:"name"`
	Division   string        `json:"division" maxLength:"20"`
	Total      quantity.Null `json:"total_wan_yuan,omitempty" doc:"What it weighs in the progress of the whole"`
	Contractor string        `json:"contractor,omitempty" maxLength:"100"`
	Note       string        `json:"note,omitempty" maxLength:"2000"`
	Shape      *ProjectShape `json:"shape,omitempty"`
	Sort       int64         `json:"sort,omitempty" minimum:"0" maximum:"1000000"`
}

// ProjectPartChange changes a part; nil leaves as it is.
type ProjectPartChange struct {
	Edit       int64          `json:"edit" minimum:"1"`
	Kind       *string        `json:"kind,omitempty" enum:"whole,phase,section,lot,works,contract"`
	Name       *fault.Text    `json:"name,omitempty"`
	Division   *string        `json:"division,omitempty" maxLength:"20"`
	Total      *quantity.Null `json:"total_wan_yuan,omitempty"`
	Contractor *string        `json:"contractor,omitempty" maxLength:"100"`
	Note       *string        `json:"note,omitempty" maxLength:"2000"`
	Shape      *ProjectShape  `json:"shape,omitempty"`
	Sort       *int64         `json:"sort,omitempty" minimum:"0" maximum:"1000000"`
	Withdrawn  *bool          `json:"withdrawn,omitempty" doc:"With a reason; what lies in it goes along"`
	Reason     string         `json:"reason,omitempty" maxLength:"2000"`
}

const shapeMost = 2000

var codeForm = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._/()（）-]{0,59}$`)

func (sh *ProjectShape) check(bad *fault.Error, at string) {
	if sh == nil {
		return
	}
	if sh.Kind == "point" && len(sh.Points) != 1 || sh.Kind == "line" && len(sh.Points) < 2 || len(sh.Points) > shapeMost || sh.Kind != "point" && sh.Kind != "line" {
		bad.At(at, fault.Tf("点须有一个坐标，线须有 2 至 %d 个", "a point has one place, a line 2 to %d", shapeMost))
		return
	}
	for _, c := range sh.Points {
		if !(c[0] >= -180 && c[0] <= 180 && c[1] >= -90 && c[1] <= 90) {
			bad.At(at, fault.T("不是有效的经纬度", "no longitude and latitude"))
			return
		}
	}
}

func (sh *ProjectShape) text() (sql.NullString, error) {
	if sh == nil {
		return sql.NullString{}, nil
	}
	b, err := json.Marshal(sh)
	return store.MaybeText(string(b)), err
}

func (v *view) words(bad *fault.Error, kind string, programmes []string) {
	if _, ok := lifecycle.WordOf(v.rules.Kinds, kind); !ok {
		bad.At("kind", fault.T("没有这类项目", "no such kind"))
	}
	for _, g := range programmes {
		if _, ok := lifecycle.WordOf(v.rules.Programmes, g); !ok {
			bad.At("programmes", fault.Tf("没有专项“%s”", "there is no programme %q", g))
		}
	}
}

// Add makes a project and its whole.
func (s *Service) Add(ctx context.Context, p *identity.Principal, n NewProject) (id int64, err error) {
	v, err := s.view(ctx, p, hydrotime.Date{}, 0)
	if err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		id, err = s.add(ctx, tx, v, n)
		return err
	})
	return id, err
}

// newProject tidies a project to be followed and says what is wrong with it.
func (v *view) newProject(n *NewProject) (registry.Division, error) {
	n.Code, n.Name.Zh, n.Name.En = clean(n.Code), clean(n.Name.Zh), clean(n.Name.En)
	bad := fault.Invalidf("project.invalid", "项目信息有误", "the project is not valid")
	d, ok := v.tree.ByCode(n.Division)
	if !ok || d.RetiredAt != nil {
		bad.At("division", fault.T("没有这个区划", "no such division"))
	}
	if !codeForm.MatchString(n.Code) {
		bad.At("code", fault.T("代码为空、过长或含特殊字符", "the code is empty, too long or holds odd characters"))
	}
	if n.Name.Zh == "" || len(n.Name.Zh) > 300 || len(n.Name.En) > 300 {
		bad.At("name", fault.T("名称为空或过长", "the name is empty or too long"))
	}
	v.words(bad, n.Kind, n.Programmes)
	money(bad, "total_wan_yuan", n.Total, false)
	n.Shape.check(bad, "shape")
	switch err := wrong(bad); {
	case err != nil:
		return d, err
	case !v.writes(d.ID):
		return d, errForbidden().At("division", fault.T("不在您的填报范围内", "outside your scope"))
	case n.Assessed && !v.keeps(d.ID):
		return d, errForbidden().At("assessed", fault.T("省级考核由市级标注", "it is for the city to say what the province assesses"))
	}
	return d, nil
}

func (s *Service) add(ctx context.Context, tx *store.Tx, v *view, n NewProject) (int64, error) {
	d, err := v.newProject(&n)
	if err != nil {
		return 0, err
	}
	id, err := tx.Next(ctx, "project", 1)
	if err != nil {
		return 0, err
	}
	now := s.now().UnixMilli()
	_, err = tx.ExecContext(ctx, `
		INSERT INTO project (id, edit, code, name_zh, name_en, kind, division_id, legal_person, total, assessed, stats_id, library, note, made_at, changed_at)
		VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)`,
		id, n.Code, n.Name.Zh, n.Name.En, n.Kind, d.ID, clean(n.LegalPerson), amount(n.Total), store.Flag(n.Assessed), clean(n.StatsID), clean(n.Library), clean(n.Note), now)
	if store.IsUnique(err) {
		return 0, fault.Conflictf("project.code", "项目代码 %s 已被使用", "the code %s is taken", n.Code).At("code", fault.T("已被使用", "taken"))
	}
	if err != nil {
		return 0, fmt.Errorf("add project %s: %w", n.Code, err)
	}
	if err := writeProgrammes(ctx, tx, id, n.Programmes); err != nil {
		return 0, err
	}
	whole := n.whole()
	if _, err := s.insertPart(ctx, tx, id, 0, d.ID, whole); err != nil {
		return 0, err
	}
	return id, s.note(ctx, tx, v, v.p.Actor(), "project.add", id, d.ID, n)
}

// wholeCode is the code of the part that is the whole.
const wholeCode = "00"

// whole is the part that comes with a project.
func (n NewProject) whole() NewProjectPart {
	return NewProjectPart{Kind: "whole", Code: wholeCode, Name: fault.T("整体", "whole"), Total: n.Total, Shape: n.Shape}
}

func writeProgrammes(ctx context.Context, tx *store.Tx, id int64, list []string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM project_programme WHERE project_id = $1`, id); err != nil {
		return fmt.Errorf("clear programmes of project %d: %w", id, err)
	}
	for _, g := range sorted(list) {
		if _, err := tx.ExecContext(ctx, `INSERT INTO project_programme (project_id, programme) VALUES ($1, $2)`, id, g); err != nil {
			return fmt.Errorf("put project %d into programme %s: %w", id, g, err)
		}
	}
	return nil
}

func (s *Service) insertPart(ctx context.Context, tx *store.Tx, project, parent, division int64, n NewProjectPart) (int64, error) {
	id, err := tx.Next(ctx, "project_part", 1)
	if err != nil {
		return 0, err
	}
	shape, err := n.Shape.text()
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO project_part (id, edit, project_id, parent_id, kind, code, name_zh, name_en, division_id, total, contractor, shape, sort, note, changed_at, made_at)
		VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)`,
		id, project, store.MaybeNumber(parent), n.Kind, n.Code, n.Name.Zh, n.Name.En, division, amount(n.Total), clean(n.Contractor), shape, n.Sort, clean(n.Note), s.now().UnixMilli())
	if store.IsUnique(err) {
		return 0, fault.Conflictf("project.part_code", "该项目已有代码为 %s 的部分", "the project has a part %s already", n.Code).At("code", fault.T("已被使用", "taken"))
	}
	if err != nil {
		return 0, fmt.Errorf("add part %s of project %d: %w", n.Code, project, err)
	}
	return id, nil
}

// Change changes a project's record.
func (s *Service) Change(ctx context.Context, p *identity.Principal, id int64, c ProjectChange) error {
	v, err := s.view(ctx, p, hydrotime.Date{}, 0)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		r, err := s.taken(ctx, tx, v, id)
		if err != nil {
			return err
		}
		return s.change(ctx, tx, v, r, c)
	})
}

// changed changes a record as it is read, and says what is wrong with that; what is refused may leave it half changed.
func (v *view) changed(r *record, c ProjectChange, now time.Time) error {
	if !v.writes(r.division) {
		return errForbidden()
	}
	if c.Edit != r.edit {
		return errStale(r.edit)
	}
	if c.Assessed != nil && *c.Assessed != r.assessed && !v.keeps(r.division) {
		return errForbidden().At("assessed", fault.T("省级考核由市级标注", "it is for the city to say what the province assesses"))
	}
	bad := fault.Invalidf("project.invalid", "项目信息有误", "the project is not valid")
	set(&r.name, c.Name)
	set(&r.kind, c.Kind)
	set(&r.legalPerson, c.LegalPerson)
	set(&r.total, c.Total)
	set(&r.stats, c.StatsID)
	set(&r.lib, c.Library)
	set(&r.note, c.Note)
	set(&r.assessed, c.Assessed)
	set(&r.programmes, c.Programmes)
	r.name.Zh, r.name.En = clean(r.name.Zh), clean(r.name.En)
	if r.name.Zh == "" || len(r.name.Zh) > 300 || len(r.name.En) > 300 {
		bad.At("name", fault.T("名称为空或过长", "the name is empty or too long"))
	}
	v.words(bad, r.kind, r.programmes)
	money(bad, "total_wan_yuan", r.total, false)
	if c.Withdrawn != nil && *c.Withdrawn != (r.withdrawn != nil) {
		if clean(c.Reason) == "" {
			bad.At("reason", required())
		}
		r.withdrawn = nil
		if *c.Withdrawn {
			r.withdrawn = &now
		}
	}
	return wrong(bad)
}

func (s *Service) change(ctx context.Context, tx *store.Tx, v *view, r *record, c ProjectChange) error {
	was := r.state()
	if err := v.changed(r, c, s.now()); err != nil {
		return err
	}
	res, err := tx.ExecContext(ctx, `
		UPDATE project SET edit = edit + 1, name_zh = $1, name_en = $2, kind = $3, legal_person = $4, total = $5, assessed = $6, stats_id = $7, library = $8, note = $9, withdrawn_at = $10, changed_at = $11
		WHERE id = $12 AND edit = $13`,
		r.name.Zh, r.name.En, r.kind, clean(r.legalPerson), amount(r.total), store.Flag(r.assessed), clean(r.stats), clean(r.lib), clean(r.note), store.Millis(r.withdrawn), s.now().UnixMilli(), r.id, c.Edit)
	if err != nil {
		return fmt.Errorf("change project %d: %w", r.id, err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, errStale(r.edit))
	}
	if err := s.keepPast(ctx, tx, pastProject, r.id, was); err != nil {
		return err
	}
	if err := s.sameTotal(ctx, tx, r, r.whole(), c.Total); err != nil {
		return err
	}
	if c.Programmes != nil {
		if err := writeProgrammes(ctx, tx, r.id, r.programmes); err != nil {
			return err
		}
	}
	return s.note(ctx, tx, v, v.p.Actor(), "project.change", r.id, r.division, c)
}

// sameTotal lets the whole have the total of its project: there is one figure, whichever of the two forms it was entered in.
func (s *Service) sameTotal(ctx context.Context, tx *store.Tx, r *record, whole *part, total *quantity.Null) error {
	if total == nil || whole.total == *total {
		return nil
	}
	if err := s.keepPast(ctx, tx, pastPart, whole.id, whole.state()); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE project_part SET edit = edit + 1, total = $1, changed_at = $2 WHERE id = $3`, amount(*total), s.now().UnixMilli(), whole.id)
	if err != nil {
		return fmt.Errorf("give the whole of project %d its total: %w", r.id, err)
	}
	return nil
}

// setTotal lets a project have the total of its whole.
func (s *Service) setTotal(ctx context.Context, tx *store.Tx, r *record, total quantity.Null) error {
	if r.total == total {
		return nil
	}
	if err := s.keepPast(ctx, tx, pastProject, r.id, r.state()); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE project SET edit = edit + 1, total = $1, changed_at = $2 WHERE id = $3`, amount(total), s.now().UnixMilli(), r.id)
	if err != nil {
		return fmt.Errorf("give project %d the total of its whole: %w", r.id, err)
	}
	return nil
}

func set[T any](into, from *T) {
	if from != nil {
		*into = *from
	}
}

// AddPart adds a part to a project.
func (s *Service) AddPart(ctx context.Context, p *identity.Principal, id int64, n NewProjectPart) (made int64, err error) {
	v, err := s.view(ctx, p, hydrotime.Date{}, 0)
	if err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		r, err := s.taken(ctx, tx, v, id)
		if err == nil {
			made, err = s.addPart(ctx, tx, v, r, n)
		}
		return err
	})
	return made, err
}

// newPart tidies a part to be added and says what is wrong with it: where it lies, and in which part.
func (v *view) newPart(r *record, n *NewProjectPart) (registry.Division, *part, error) {
	if err := r.closed(r.whole()); err != nil {
		return registry.Division{}, nil, err
	}
	n.Code, n.Name.Zh, n.Name.En = clean(n.Code), clean(n.Name.Zh), clean(n.Name.En)
	bad := fault.Invalidf("project.part_invalid", "工程部分信息有误", "the part is not valid")
	d, ok := v.tree.ByCode(n.Division)
	if !ok || d.RetiredAt != nil {
		bad.At("division", fault.T("没有这个区划", "no such division"))
	}
	if !codeForm.MatchString(n.Code) {
		bad.At("code", fault.T("代码为空、过长或含特殊字符", "the code is empty, too long or holds odd characters"))
	}
	if n.Name.Zh == "" || len(n.Name.Zh) > 300 || len(n.Name.En) > 300 {
		bad.At("name", fault.T("名称为空或过长", "the name is empty or too long"))
	}
	if n.Kind == "whole" || !slices.ContainsFunc(PartKinds(), func(w lifecycle.ProjectWord) bool { return w.ID == n.Kind }) {
		bad.At("kind", fault.T("没有这类部分", "no such kind of part"))
	}
	parent := r.whole()
	if n.Parent != 0 {
		if parent = r.part(n.Parent); parent == nil || parent.withdrawn != nil {
			bad.At("parent", fault.T("没有这个上级部分", "no such part"))
		}
	}
	money(bad, "total_wan_yuan", n.Total, false)
	n.Shape.check(bad, "shape")
	switch err := wrong(bad); {
	case err != nil:
		return d, nil, err
	case !v.writes(d.ID) || !v.writes(r.division) && !v.writes(parent.division) && parent.parent != 0:
		return d, nil, errForbidden().At("division", fault.T("不在您的填报范围内", "outside your scope"))
	case len(r.parts) >= partsMost:
		return d, nil, fault.Invalidf("project.parts", "一个项目最多 %d 个部分", "a project has at most %d parts", partsMost)
	}
	return d, parent, nil
}

func (s *Service) addPart(ctx context.Context, tx *store.Tx, v *view, r *record, n NewProjectPart) (int64, error) {
	d, parent, err := v.newPart(r, &n)
	if err != nil {
		return 0, err
	}
	id, err := s.insertPart(ctx, tx, r.id, parent.id, d.ID, n)
	if err != nil {
		return 0, err
	}
	return id, s.note(ctx, tx, v, v.p.Actor(), "project.part_add", r.id, d.ID, n)
}

// partsMost bounds the parts of one project.
const partsMost = 500

// ChangePart changes a part.
func (s *Service) ChangePart(ctx context.Context, p *identity.Principal, id int64, c ProjectPartChange) error {
	v, err := s.view(ctx, p, hydrotime.Date{}, 0)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		r, x, err := s.takenByPart(ctx, tx, v, id)
		if err != nil {
			return err
		}
		return s.changePart(ctx, tx, v, r, x, c)
	})
}

// partChanged changes a part as it is read, and says what is wrong with that; gone says that it is taken out. What is refused may leave
// the part half changed.
func (v *view) partChanged(r *record, x *part, c ProjectPartChange, now time.Time) (gone bool, err error) {
	if !v.writes(x.division) {
		return false, errForbidden()
	}
	if back := c.Withdrawn != nil && !*c.Withdrawn; !back || r.withdrawn != nil {
		if err := r.closed(x); err != nil {
			return false, err
		}
	}
	if c.Edit != x.edit {
		return false, errStale(x.edit)
	}
	before, was := r.pure(), x.state()
	bad := fault.Invalidf("project.part_invalid", "工程部分信息有误", "the part is not valid")
	set(&x.name, c.Name)
	set(&x.total, c.Total)
	set(&x.contractor, c.Contractor)
	set(&x.note, c.Note)
	set(&x.sort, c.Sort)
	if c.Kind != nil && *c.Kind != x.kind {
		if x.parent == 0 || *c.Kind == "whole" || !slices.ContainsFunc(PartKinds(), func(w lifecycle.ProjectWord) bool { return w.ID == *c.Kind }) {
			bad.At("kind", fault.T("不能改为这类", "it cannot be of that kind"))
		}
		x.kind = *c.Kind
	}
	if c.Division != nil {
		d, ok := v.tree.ByCode(*c.Division)
		if !ok || d.RetiredAt != nil {
			bad.At("division", fault.T("没有这个区划", "no such division"))
		}
		x.division = d.ID
	}
	if c.Shape != nil {
		c.Shape.check(bad, "shape")
		x.shape = c.Shape
	}
	x.name.Zh, x.name.En = clean(x.name.Zh), clean(x.name.En)
	if x.name.Zh == "" || len(x.name.Zh) > 300 || len(x.name.En) > 300 {
		bad.At("name", fault.T("名称为空或过长", "the name is empty or too long"))
	}
	money(bad, "total_wan_yuan", x.total, false)
	if c.Withdrawn != nil && *c.Withdrawn != (x.withdrawn != nil) {
		switch {
		case x.parent == 0:
			bad.At("withdrawn", fault.T("整体不能撤出", "the whole cannot be withdrawn"))
		case clean(c.Reason) == "":
			bad.At("reason", required())
		}
		x.withdrawn = nil
		if *c.Withdrawn {
			x.withdrawn, gone = &now, true
		}
	}
	if err := wrong(bad); err != nil {
		return gone, err
	}
	if x.division != was.Division && (!v.writes(x.division) || x.parent == 0 && x.division != r.division) {
		return gone, errForbidden().At("division", fault.T("不在您的填报范围内", "outside your scope"))
	}
	return gone, v.keepsGuards(before, r, x)
}

func (s *Service) changePart(ctx context.Context, tx *store.Tx, v *view, r *record, x *part, c ProjectPartChange) error {
	was := x.state()
	gone, err := v.partChanged(r, x, c, s.now())
	if err != nil {
		return err
	}
	shape, err := x.shape.text()
	if err != nil {
		return err
	}
	res, err := tx.ExecContext(ctx, `
		UPDATE project_part SET edit = edit + 1, kind = $1, name_zh = $2, name_en = $3, division_id = $4, total = $5, contractor = $6, shape = $7, sort = $8, note = $9, withdrawn_at = $10, changed_at = $11
		WHERE id = $12 AND edit = $13`,
		x.kind, x.name.Zh, x.name.En, x.division, amount(x.total), clean(x.contractor), shape, x.sort, clean(x.note), store.Millis(x.withdrawn), s.now().UnixMilli(), x.id, c.Edit)
	if err != nil {
		return fmt.Errorf("change part %d: %w", x.id, err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, errStale(x.edit))
	}
	if err := s.keepPast(ctx, tx, pastPart, x.id, was); err != nil {
		return err
	}
	if x.parent == 0 && c.Total != nil {
		if err := s.setTotal(ctx, tx, r, x.total); err != nil {
			return err
		}
	}
	if gone {
		if err := s.withdrawBelow(ctx, tx, v, r, x); err != nil {
			return err
		}
	}
	return s.note(ctx, tx, v, v.p.Actor(), "project.part_change", r.id, x.division, map[string]any{"part": x.id, "change": c})
}

// keepsGuards refuses to take a part out where something rests on it, and to bring one back into a part that is out or against a guard.
func (v *view) keepsGuards(before *lifecycle.Project, r *record, x *part) error {
	if up := r.part(x.parent); x.withdrawn == nil && up != nil && up.withdrawn != nil {
		return r.closed(up)
	}
	after := r.pure()
	for i := range after.Parts {
		y := &after.Parts[i]
		y.Gone = y.Gone || x.withdrawn != nil && after.Below(y.ID, x.id)
	}
	_, err := v.guard(before, after)
	return err
}

// withdrawBelow takes what lies in a part out with it.
func (s *Service) withdrawBelow(ctx context.Context, tx *store.Tx, v *view, r *record, x *part) error {
	pure := r.pure()
	for _, y := range r.parts {
		if y.id == x.id || y.withdrawn != nil || !pure.Below(y.id, x.id) {
			continue
		}
		if !v.writes(y.division) {
			return errForbidden()
		}
		if err := s.keepPast(ctx, tx, pastPart, y.id, y.state()); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE project_part SET edit = edit + 1, withdrawn_at = $1, changed_at = $1 WHERE id = $2`, s.now().UnixMilli(), y.id); err != nil {
			return fmt.Errorf("withdraw part %d: %w", y.id, err)
		}
	}
	return nil
}
