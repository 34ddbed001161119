package registry

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"anlan/internal/fault"
	"anlan/internal/store"
)

// Service reads and changes the registry; its methods may be called from many goroutines.
type Service struct {
	db    *store.DB
	now   func() time.Time
	moved []func(ctx context.Context, tx *store.Tx, person string) error

	mu    sync.Mutex // guards tree, stamp and asked
	tree  *Tree
	stamp string
	asked time.Time
}

// New makes the service.
func New(db *store.DB, now func() time.Time) *Service { return &Service{db: db, now: now} }

// WhenMoved lets another room end what it keeps of a person who retires or changes organisation, in the transaction that
// does it. It is called while the parts are built.
func (s *Service) WhenMoved(f func(ctx context.Context, tx *store.Tx, person string) error) {
	s.moved = append(s.moved, f)
}

// recheck is how long another process's change may stay unseen.
const recheck = 3 * time.Second

// Tree returns the division tree as it stands.
func (s *Service) Tree(ctx context.Context) (*Tree, error) {
	s.db.Outside("the division tree")
	return s.TreeIn(ctx, s.db)
}

// TreeIn returns the division tree as a transaction or a snapshot may know it; what it reads there is not kept for others.
func (s *Service) TreeIn(ctx context.Context, q store.Querier) (*Tree, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tree != nil && time.Since(s.asked) < recheck {
		return s.tree, nil
	}
	var n, edits int64
	if err := q.QueryRowContext(ctx, `SELECT COUNT(*), CAST(COALESCE(SUM(edit), 0) AS BIGINT) FROM division`).Scan(&n, &edits); err != nil {
		return nil, fmt.Errorf("ask for the division tree: %w", err)
	}
	stamp := fmt.Sprintf("%d/%d", n, edits)
	tree := s.tree
	if tree == nil || stamp != s.stamp {
		list, err := readDivisions(ctx, q)
		if err != nil {
			return nil, err
		}
		tree = NewTree(list)
	}
	if q == store.Querier(s.db) {
		s.tree, s.stamp, s.asked = tree, stamp, time.Now()
	}
	return tree, nil
}

func (s *Service) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tree = nil
}

func readDivisions(ctx context.Context, q store.Querier) ([]Division, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT id, code, name_zh, name_en, short_zh, kind, level, parent_id, inside_id, sort, retired_at, edit FROM division ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("read divisions: %w", err)
	}
	defer rows.Close()
	var out []Division
	for rows.Next() {
		var d Division
		if err := rows.Scan(&d.ID, &d.Code, &d.NameZh, &d.NameEn, &d.ShortZh, &d.Kind, &d.Level, &d.ParentID, &d.InsideID, &d.Sort, &d.RetiredAt, &d.Edit); err != nil {
			return nil, fmt.Errorf("read divisions: %w", err)
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// NewDivision is what a person says of a division; parents are named by code.
type NewDivision struct {
	Code         string     `json:"code" maxLength:"20"`
	Name         fault.Text `json:"name"`
	Short        string     `json:"short" maxLength:"20"`
	Kind         string     `json:"kind" enum:"administrative,functional"`
	Level        string     `json:"level" enum:"province,city,county,town,village"`
	Parent       string     `json:"parent,omitempty" maxLength:"20"`
	Inside       string     `json:"inside,omitempty" maxLength:"20" doc:"Division whose figures already hold this one's"`
	Sort         int64      `json:"sort"`
	Boundary     string     `json:"boundary,omitempty" maxLength:"400000" doc:"GeoJSON geometry, CGCS2000 longitude and latitude"`
	BoundaryNote string     `json:"boundary_note,omitempty" maxLength:"200"`
}

var (
	adminCode = regexp.MustCompile(`^(\d{6}|\d{9}|\d{12})$`)
	ownCode   = regexp.MustCompile(`^[0-9A-Z][0-9A-Z-]{1,19}$`)
)

// Check says what is wrong with the words of a division, before its parents are looked up.
func (d *NewDivision) Check() error {
	bad := fault.Invalidf("division.invalid", "区划信息有误", "the division is not valid")
	if d.Kind == Administrative && !adminCode.MatchString(d.Code) || !ownCode.MatchString(d.Code) {
		bad.At("code", fault.T("行政区划代码为 6、9 或 12 位数字；功能区可用大写字母、数字和连字符", "an administrative code has 6, 9 or 12 digits; a functional area may use capitals, digits and hyphens"))
	}
	if d.Name.Zh == "" || d.Name.En == "" {
		bad.At("name", fault.T("中英文名称均须填写", "both names are required"))
	}
	if !slices.Contains(levels(), d.Level) {
		bad.At("level", fault.T("级别无效", "not a level of division"))
	}
	if d.Level != "province" && d.Parent == "" && d.Level != "city" {
		bad.At("parent", fault.T("须指明上级区划", "name the parent"))
	}
	if d.Boundary != "" {
		if err := checkGeometry(d.Boundary); err != nil {
			bad.At("boundary", fault.T("边界不是有效的 GeoJSON 面："+err.Error(), "not a GeoJSON polygon: "+err.Error()))
		}
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// boundaryMost bounds the text of a boundary, in bytes.
const boundaryMost = 400_000

// checkGeometry takes a Polygon or MultiPolygon whose rings close and whose points are longitudes and latitudes.
func checkGeometry(text string) error {
	if len(text) > boundaryMost {
		return fmt.Errorf("more than %d bytes", boundaryMost)
	}
	var g struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	}
	if err := json.Unmarshal([]byte(text), &g); err != nil {
		return err
	}
	var polygons [][][][]float64
	switch g.Type {
	case "Polygon":
		polygons = make([][][][]float64, 1)
		if err := json.Unmarshal(g.Coordinates, &polygons[0]); err != nil {
			return err
		}
	case "MultiPolygon":
		if err := json.Unmarshal(g.Coordinates, &polygons); err != nil {
			return err
		}
	default:
		return fmt.Errorf("type %q", g.Type)
	}
	for _, rings := range polygons {
		if len(rings) == 0 {
			return errors.New("a polygon has no ring")
		}
		for _, ring := range rings {
			if err := checkRing(ring); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkRing(ring [][]float64) error {
	for _, p := range ring {
		if len(p) < 2 || p[0] < -180 || p[0] > 180 || p[1] < -90 || p[1] > 90 {
			return fmt.Errorf("point %v is no longitude and latitude", p)
		}
	}
	if len(ring) < 4 || !slices.Equal(ring[0], ring[len(ring)-1]) {
		return errors.New("a ring does not close")
	}
	return nil
}

// AddDivisions stores divisions for the program itself, parents before children, all or none, within the caller's transaction.
func (s *Service) AddDivisions(ctx context.Context, tx *store.Tx, list []NewDivision) error {
	if len(list) == 0 {
		return nil
	}
	first, err := s.addDivisions(ctx, tx, list)
	if err != nil {
		return err
	}
	return s.note(ctx, tx, Program(), "division.load", list[0].Code, first, map[string]any{"divisions": len(list)})
}

// CreateDivision stores one division for a person who may change the registry where it comes to lie.
func (s *Service) CreateDivision(ctx context.Context, tx *store.Tx, by Editor, d NewDivision) error {
	id, err := s.addDivisions(ctx, tx, []NewDivision{d})
	if err != nil {
		return err
	}
	var parent int64 // 0 for a root, which only the program may add
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(parent_id, 0) FROM division WHERE id = $1`, id).Scan(&parent); err != nil {
		return fmt.Errorf("read the parent of division %s: %w", d.Code, err)
	}
	if err := by.check(parent); err != nil {
		return err
	}
	d.Boundary = "" // too long for a log
	return s.note(ctx, tx, by, "division.create", d.Code, id, d)
}

func (s *Service) addDivisions(ctx context.Context, tx *store.Tx, list []NewDivision) (first int64, err error) {
	all, err := readDivisions(ctx, tx)
	if err != nil {
		return 0, err
	}
	known := make(map[string]Division, len(all)+len(list))
	for _, d := range all {
		known[d.Code] = d
	}
	if first, err = tx.Next(ctx, "division", int64(len(list))); err != nil {
		return 0, err
	}
	at := s.now().UnixMilli()
	for i, d := range list {
		if d.Parent == "" && d.Level != "province" {
			d.Parent = usualParent(d.Code, known)
		}
		if err := d.Check(); err != nil {
			return 0, err
		}
		parent, inside, err := references(&d, known)
		if err != nil {
			return 0, err
		}
		n := first + int64(i)
		if err := insertDivision(ctx, tx, n, &d, parent, inside, at); err != nil {
			return 0, err
		}
		known[d.Code] = Division{ID: n, Code: d.Code, Kind: d.Kind, Level: d.Level, ParentID: parent, InsideID: inside}
	}
	tx.AfterCommit(s.forget)
	return first, nil
}

// usualParent guesses a parent from a code: GB/T 2260 and its 9 and 12 digit extensions nest by prefix, and an own code begins
// with that of its division. An explicit parent goes before.
func usualParent(code string, known map[string]Division) string {
	head, _, own := strings.Cut(code, "-")
	candidates := []string{}
	if own {
		candidates = append(candidates, head)
	}
	for _, n := range []int{9, 6} {
		if len(head) > n {
			candidates = append(candidates, head[:n])
		}
	}
	if len(head) >= 6 {
		candidates = append(candidates, head[:4]+"00", head[:2]+"0000")
	}
	for _, c := range candidates {
		if _, ok := known[c]; ok && c != code {
			return c
		}
	}
	return ""
}

func references(d *NewDivision, known map[string]Division) (parent, inside *int64, err error) {
	bad := func(place, code string, why fault.Text) error {
		return fault.Invalidf("division."+place, "区划 %s 不能在此引用", "division %s cannot be named here", code).At(place, why)
	}
	unknown := fault.T("没有这个区划", "there is no such division")
	if d.Parent != "" {
		p, ok := known[d.Parent]
		switch {
		case !ok:
			return nil, nil, bad("parent", d.Parent, unknown)
		case d.Kind == Administrative && slices.Index(levels(), p.Level) >= slices.Index(levels(), d.Level):
			return nil, nil, bad("parent", d.Parent, fault.T("上级区划的级别须更高", "a parent is of a higher level"))
		}
		parent = &p.ID
	}
	if d.Inside != "" {
		in, ok := known[d.Inside]
		switch {
		case !ok:
			return nil, nil, bad("inside", d.Inside, unknown)
		case parent == nil || in.ParentID == nil || *in.ParentID != *parent || in.InsideID != nil:
			return nil, nil, bad("inside", d.Inside, fault.T("须是同一上级下、自身不含于他处的区划", "must lie under the same parent and inside none itself"))
		}
		inside = &in.ID
	}
	return parent, inside, nil
}

// levels lists the levels of division, the highest first.
func levels() []string { return []string{"province", "city", "county", "town", "village"} }

func insertDivision(ctx context.Context, tx *store.Tx, id int64, d *NewDivision, parent, inside *int64, at int64) error {
	short := d.Short
	if short == "" {
		short = d.Name.Zh
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO division (id, code, name_zh, name_en, short_zh, kind, level, parent_id, inside_id, sort, boundary, boundary_note, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		id, d.Code, d.Name.Zh, d.Name.En, short, d.Kind, d.Level, parent, inside, d.Sort,
		sql.NullString{String: d.Boundary, Valid: d.Boundary != ""}, d.BoundaryNote, at)
	if store.IsUnique(err) {
		return fault.Conflictf("division.code", "代码 %s 已被使用", "code %s is taken", d.Code)
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, `INSERT INTO division_closure (ancestor_id, descendant_id, depth) VALUES ($1, $1, 0)`, id)
	}
	if err == nil && parent != nil {
		_, err = tx.ExecContext(ctx, `
			INSERT INTO division_closure (ancestor_id, descendant_id, depth)
			SELECT ancestor_id, CAST($1 AS BIGINT), depth + 1 FROM division_closure WHERE descendant_id = $2`, id, *parent)
	}
	if err != nil {
		return fmt.Errorf("add division %s: %w", d.Code, err)
	}
	return nil
}

// DivisionChange is what may be changed of a division; nil leaves it as it is. A division is moved by adding another and
// retiring the old one, so that past figures keep the tree they were filed in.
type DivisionChange struct {
	Edit    int64       `json:"edit" minimum:"1" doc:"The edit number that was read"` // 0, from the program itself, changes whatever stands
	Name    *fault.Text `json:"name,omitempty"`
	Short   *string     `json:"short,omitempty" maxLength:"20"`
	Inside  *string     `json:"inside,omitempty" maxLength:"20"`
	Sort    *int64      `json:"sort,omitempty"`
	Retired *bool       `json:"retired,omitempty"`
}

// UpdateDivision changes a division for a person who may change the registry there.
func (s *Service) UpdateDivision(ctx context.Context, tx *store.Tx, by Editor, code string, c DivisionChange) error {
	var id int64
	err := tx.QueryRowContext(ctx, `SELECT id FROM division WHERE code = $1`, code).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.NotFoundf("division.unknown", "没有代码为 %s 的区划", "there is no division %s", code)
	}
	if err != nil {
		return fmt.Errorf("look for division %s: %w", code, err)
	}
	if err := by.check(id); err != nil {
		return err
	}
	if err := s.note(ctx, tx, by, "division.change", code, id, c); err != nil {
		return err
	}
	return s.ChangeDivision(ctx, tx, code, c)
}

// ChangeDivision changes a division within the caller's transaction; unlike UpdateDivision it asks nobody and logs nothing.
func (s *Service) ChangeDivision(ctx context.Context, tx *store.Tx, code string, c DivisionChange) error {
	all, err := readDivisions(ctx, tx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(d Division) bool { return d.Code == code })
	if i < 0 {
		return fault.NotFoundf("division.unknown", "没有代码为 %s 的区划", "there is no division %s", code)
	}
	d := all[i]
	if c.Edit != 0 && c.Edit != d.Edit {
		return stale(d)
	}
	if c.Name != nil {
		d.NameZh, d.NameEn = c.Name.Zh, c.Name.En
	}
	if c.Short != nil {
		d.ShortZh = *c.Short
	}
	if c.Sort != nil {
		d.Sort = *c.Sort
	}
	if c.Inside != nil {
		if d.InsideID, err = siblingOf(all, d, *c.Inside); err != nil {
			return err
		}
	}
	if c.Retired != nil {
		d.RetiredAt = nil
		if *c.Retired {
			at := s.now().UnixMilli()
			d.RetiredAt = &at
		}
	}
	if d.NameZh == "" || d.NameEn == "" {
		return fault.Invalidf("division.invalid", "中英文名称均须填写", "both names are required")
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE division SET name_zh = $1, name_en = $2, short_zh = $3, inside_id = $4, sort = $5, retired_at = $6, changed_at = $7, edit = edit + 1
		WHERE id = $8`,
		d.NameZh, d.NameEn, d.ShortZh, d.InsideID, d.Sort, d.RetiredAt, s.now().UnixMilli(), d.ID)
	if err != nil {
		return fmt.Errorf("change division %s: %w", code, err)
	}
	tx.AfterCommit(s.forget)
	return nil
}

func siblingOf(all []Division, d Division, code string) (*int64, error) {
	if code == "" {
		return nil, nil
	}
	i := slices.IndexFunc(all, func(o Division) bool { return o.Code == code })
	if i < 0 || all[i].ID == d.ID || d.ParentID == nil || all[i].ParentID == nil || *all[i].ParentID != *d.ParentID || all[i].InsideID != nil ||
		slices.ContainsFunc(all, func(o Division) bool { return o.InsideID != nil && *o.InsideID == d.ID }) {
		return nil, fault.Invalidf("division.inside", "“%s”须是同一上级下、自身不含于他处的区划", "%q must be another division under the same parent that lies inside none", code)
	}
	return &all[i].ID, nil
}

// Boundary is a division's outline.
type Boundary struct {
	Division Division
	Geometry string // GeoJSON geometry
	Note     string
}

// Boundaries reads the outlines of the children of a division that have one.
func (s *Service) Boundaries(ctx context.Context, parent int64) ([]Boundary, error) {
	tree, err := s.Tree(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := s.db.QueryContext(ctx, `
		SELECT id, boundary, boundary_note FROM division WHERE parent_id = $1 AND boundary IS NOT NULL ORDER BY sort, id`, parent)
	if err != nil {
		return nil, fmt.Errorf("read boundaries: %w", err)
	}
	defer rows.Close()
	var out []Boundary
	for rows.Next() {
		var id int64
		var b Boundary
		if err := rows.Scan(&id, &b.Geometry, &b.Note); err != nil {
			return nil, fmt.Errorf("read boundaries: %w", err)
		}
		b.Division, _ = tree.ByID(id)
		out = append(out, b)
	}
	return out, rows.Err()
}
