package registry

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/store"
)

// Organisation is a bureau, an office of one, or another body (机构) of a division.
type Organisation struct {
	ID         string     `json:"id"`
	Name       fault.Text `json:"name"`
	Kind       string     `json:"kind" enum:"bureau,office,unit,government,other"`
	DivisionID int64      `json:"-"`
	Division   string     `json:"division" doc:"Code of the division"`
	Parent     string     `json:"parent,omitempty" doc:"Id of the organisation above"`
	Sort       int64      `json:"sort"`
	RetiredAt  *time.Time `json:"retired_at,omitempty"`
	Edit       int64      `json:"edit"`
}

// NewOrganisation is what a person says of an organisation.
type NewOrganisation struct {
	Name     fault.Text `json:"name"`
	Kind     string     `json:"kind" enum:"bureau,office,unit,government,other"`
	Division string     `json:"division" maxLength:"20" doc:"Code of the division"`
	Parent   string     `json:"parent,omitempty" maxLength:"36"`
	Sort     int64      `json:"sort,omitempty"`
}

// OrganisationChange is what may be changed of an organisation; nil leaves it as it is.
type OrganisationChange struct {
	Edit     int64       `json:"edit" minimum:"1" doc:"The edit number that was read"` // 0, from the program itself, changes whatever stands
	Name     *fault.Text `json:"name,omitempty"`
	Kind     *string     `json:"kind,omitempty" enum:"bureau,office,unit,government,other"`
	Division *string     `json:"division,omitempty" maxLength:"20"`
	Parent   *string     `json:"parent,omitempty" maxLength:"36"`
	Sort     *int64      `json:"sort,omitempty"`
	Retired  *bool       `json:"retired,omitempty"`
}

const selectOrganisation = `
	SELECT o.id, o.name_zh, o.name_en, o.kind, o.division_id, d.code, COALESCE(o.parent_id, ''), o.sort, o.retired_at, o.edit
	FROM organisation o JOIN division d ON d.id = o.division_id`

func scanOrganisation(row interface{ Scan(...any) error }) (Organisation, error) {
	var o Organisation
	var retired *int64
	err := row.Scan(&o.ID, &o.Name.Zh, &o.Name.En, &o.Kind, &o.DivisionID, &o.Division, &o.Parent, &o.Sort, &retired, &o.Edit)
	o.RetiredAt = instant(retired)
	return o, err
}

func organisationBy(ctx context.Context, q store.Querier, id string) (Organisation, error) {
	o, err := scanOrganisation(q.QueryRowContext(ctx, selectOrganisation+` WHERE o.id = $1`, id))
	return found(o, err, fault.NotFoundf("organisation.unknown", "没有这个机构", "there is no such organisation"), "organisation", id)
}

// Organisation reads one organisation.
func (s *Service) Organisation(ctx context.Context, id string) (Organisation, error) {
	return organisationBy(ctx, s.db, id)
}

// Organisations lists organisations by division, then in their own order.
func (s *Service) Organisations(ctx context.Context, q Query) (Page[Organisation], error) {
	var c condition
	c.within("o.division_id", q.Scopes)
	c.like(q.Text, "o.name_zh", "o.name_en")
	if q.Organisation != "" {
		c.add(" AND (o.id = ? OR o.parent_id = ?)", q.Organisation, q.Organisation)
	}
	if q.Kind != "" {
		c.add(" AND o.kind = ?", q.Kind)
	}
	c.narrow(q, "o.division_id", "o.retired_at")
	if q.After != "" {
		var division, sort int64
		var id string
		if err := readCursor(q.After, &division, &sort, &id); err != nil {
			return Page[Organisation]{}, err
		}
		c.add(" AND (o.division_id, o.sort, o.id) > (?, ?, ?)", division, sort, id)
	}
	c.add(" ORDER BY o.division_id, o.sort, o.id LIMIT ?", q.limit()+1)
	return pageOf(ctx, s.db, "organisations", q, selectOrganisation, &c, scanOrganisation, func(o Organisation) string { return cursor(o.DivisionID, o.Sort, o.ID) })
}

// gather reads all rows of a statement.
func gather[T any, R func(interface{ Scan(...any) error }) (T, error)](ctx context.Context, q store.Querier, text string, args []any, scan R) ([]T, error) {
	rows, err := q.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []T{}
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

func (o *Organisation) check() error {
	bad := fault.Invalidf("organisation.invalid", "机构信息有误", "the organisation is not valid")
	checkName(bad, "name.zh", o.Name.Zh)
	checkName(bad, "name.en", o.Name.En)
	if !slices.Contains([]string{"bureau", "office", "unit", "government", "other"}, o.Kind) {
		bad.At("kind", fault.T("机构类型无效", "not a kind of organisation"))
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// divisionFor finds the division of an organisation and that the editor may write there.
func divisionFor(ctx context.Context, tx *store.Tx, by Editor, code string) (int64, error) {
	var id int64
	err := tx.QueryRowContext(ctx, `SELECT id FROM division WHERE code = $1 AND retired_at IS NULL`, code).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.Invalidf("division.unknown", "没有代码为 %s 的在用区划", "there is no division %s in use", code).At("division", fault.T("不存在", "unknown"))
	}
	if err != nil {
		return 0, fmt.Errorf("look for division %s: %w", code, err)
	}
	return id, by.check(id)
}

// AddOrganisation stores an organisation within the caller's transaction and returns its id.
func (s *Service) AddOrganisation(ctx context.Context, tx *store.Tx, by Editor, n NewOrganisation) (string, error) {
	o := Organisation{ID: store.NewID(), Name: n.Name, Kind: n.Kind, Division: n.Division, Parent: n.Parent, Sort: n.Sort}
	if err := o.check(); err != nil {
		return "", err
	}
	var err error
	if o.DivisionID, err = divisionFor(ctx, tx, by, n.Division); err != nil {
		return "", err
	}
	if err := s.note(ctx, tx, by, "organisation.create", o.ID, o.DivisionID, n); err != nil {
		return "", err
	}
	if err := checkParent(ctx, tx, o); err != nil {
		return "", err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO organisation (id, name_zh, name_en, kind, division_id, parent_id, sort, changed_at)
		VALUES ($1, $2, $3, $4, $5, NULLIF($6, ''), $7, $8)`,
		o.ID, o.Name.Zh, o.Name.En, o.Kind, o.DivisionID, o.Parent, o.Sort, s.now().UnixMilli())
	if err != nil {
		return "", fmt.Errorf("add organisation %s: %w", o.Name.En, err)
	}
	return o.ID, nil
}

// checkParent refuses an unknown or retired organisation above, and one that lies below.
func checkParent(ctx context.Context, tx *store.Tx, o Organisation) error {
	if o.Parent == "" {
		return nil
	}
	above, err := organisationBy(ctx, tx, o.Parent)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	bad := fault.Invalidf("organisation.parent", "上级机构无效", "the organisation above is not valid")
	if err != nil || above.RetiredAt != nil && o.RetiredAt == nil {
		return bad.At("parent", fault.T("不存在或已停用", "unknown or retired"))
	}
	// UNION drops rows seen before, so that even a circle would end.
	var circle int
	err = tx.QueryRowContext(ctx, `
		WITH RECURSIVE up (id, parent_id) AS (
			SELECT id, parent_id FROM organisation WHERE id = $1
			UNION SELECT o.id, o.parent_id FROM organisation o JOIN up ON o.id = up.parent_id
		) SELECT COUNT(*) FROM up WHERE id = $2`, o.Parent, o.ID).Scan(&circle)
	if err != nil {
		return fmt.Errorf("walk up from organisation %s: %w", o.Parent, err)
	}
	if circle > 0 {
		return bad.At("parent", fault.T("上级机构不能是它自己或它的下级", "an organisation cannot lie below itself"))
	}
	return nil
}

// ChangeOrganisation changes, retires or brings back an organisation within the caller's transaction. One that still has
// people, posts or organisations below is not retired.
func (s *Service) ChangeOrganisation(ctx context.Context, tx *store.Tx, by Editor, id string, c OrganisationChange) error {
	o, err := organisationBy(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := by.check(o.DivisionID); err != nil {
		return err
	}
	if c.Edit != 0 && c.Edit != o.Edit {
		return stale(o)
	}
	set(&o.Name, c.Name)
	set(&o.Kind, c.Kind)
	set(&o.Sort, c.Sort)
	set(&o.Parent, c.Parent)
	o.RetiredAt = s.retire(o.RetiredAt, c.Retired)
	if c.Division != nil && *c.Division != o.Division {
		if o.DivisionID, err = divisionFor(ctx, tx, by, *c.Division); err != nil {
			return err
		}
	}
	if err := o.check(); err != nil {
		return err
	}
	if err := s.note(ctx, tx, by, "organisation.change", id, o.DivisionID, c); err != nil {
		return err
	}
	if err := checkParent(ctx, tx, o); err != nil {
		return err
	}
	if o.RetiredAt != nil {
		if err := checkEmpty(ctx, tx, id); err != nil {
			return err
		}
	}
	res, err := tx.ExecContext(ctx, `
		UPDATE organisation SET name_zh = $1, name_en = $2, kind = $3, division_id = $4, parent_id = NULLIF($5, ''), sort = $6,
			retired_at = $7, changed_at = $8, edit = edit + 1 WHERE id = $9 AND edit = $10`,
		o.Name.Zh, o.Name.En, o.Kind, o.DivisionID, o.Parent, o.Sort, millis(o.RetiredAt), s.now().UnixMilli(), id, o.Edit)
	return settled(res, err, "organisation "+id, func() (any, error) { return organisationBy(ctx, tx, id) })
}

func checkEmpty(ctx context.Context, tx *store.Tx, id string) error {
	var people, posts, below int
	err := tx.QueryRowContext(ctx, `
		SELECT (SELECT COUNT(*) FROM person WHERE organisation_id = $1 AND retired_at IS NULL),
			(SELECT COUNT(*) FROM post WHERE organisation_id = $1 AND retired_at IS NULL),
			(SELECT COUNT(*) FROM organisation WHERE parent_id = $1 AND retired_at IS NULL)`, id).Scan(&people, &posts, &below)
	if err != nil {
		return fmt.Errorf("count what organisation %s holds: %w", id, err)
	}
	if people+posts+below > 0 {
		return fault.Conflictf("organisation.used", "该机构还有在用的人员 %d 名、岗位 %d 个、下级机构 %d 个，不能停用",
			"the organisation still has %d people, %d posts and %d organisations below; it cannot be retired", people, posts, below)
	}
	return nil
}

// liveOrganisation finds the organisation that a person or post is to belong to, and that the editor may write there.
func liveOrganisation(ctx context.Context, tx *store.Tx, by Editor, id string) (Organisation, error) {
	o, err := organisationBy(ctx, tx, id)
	if fault.Is(err, fault.NotFound) || err == nil && o.RetiredAt != nil {
		return o, fault.Invalidf("organisation.unknown", "没有这个在用的机构", "there is no such organisation in use").At("organisation", fault.T("不存在或已停用", "unknown or retired"))
	}
	if err != nil {
		return o, err
	}
	return o, by.check(o.DivisionID)
}
