package objectfile

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// Outcome is what a row of a file comes to (处理结果).
type Outcome string

// The outcomes.
const (
	Added   Outcome = "added"
	Changed Outcome = "changed"
	Same    Outcome = "same"
	Refused Outcome = "refused"
	Ignored Outcome = "ignored"
)

// FieldChange is one field that a row changes.
type FieldChange struct {
	Field string     `json:"field"`
	Name  fault.Text `json:"name"`
	Old   string     `json:"old"`
	New   string     `json:"new"`
}

// RowEffect is what became of one row, or would.
type RowEffect struct {
	Sheet   string        `json:"sheet"`
	Row     int           `json:"row" doc:"From 1; of GeoJSON the number of the feature"`
	Outcome Outcome       `json:"outcome" enum:"added,changed,same,refused,ignored"`
	Cell    string        `json:"cell,omitempty" doc:"The cell that the reason is about"`
	Reason  fault.Text    `json:"reason"`
	Others  []fault.Field `json:"others" doc:"What else is wrong with the row, each with its cell"`
	Name    string        `json:"name"`
	Code    string        `json:"code,omitempty"`
	Object  int64         `json:"object,omitempty" doc:"The object that stands in the register"`
	Changes []FieldChange `json:"changes"`
	Remarks []fault.Field `json:"remarks"`
}

// Counts sums up the rows of a file.
type Counts struct {
	Added   int `json:"added"`
	Changed int `json:"changed"`
	Same    int `json:"same"`
	Refused int `json:"refused"`
	Ignored int `json:"ignored"`
}

// Effect is what a file would do to the register, or did (导入结果).
type Effect struct {
	File     string       `json:"file"`
	Format   string       `json:"format" enum:"xlsx,xls,csv,geojson"`
	Encoding string       `json:"encoding,omitempty"`
	Applied  bool         `json:"applied"`
	Digest   string       `json:"digest" doc:"Names this effect: sent back with the confirmation, so that what was seen is what is done"`
	Counts   Counts       `json:"counts"`
	Heads    []Head       `json:"heads"`
	Notes    []fault.Text `json:"notes"`
	Rows     []RowEffect  `json:"rows" doc:"Refused ones first, then changes; at most 1000"`
	Left     int          `json:"left" doc:"Rows that are not listed"`
}

const rowsShown = 1000

// plan is an effect with what is to be written.
type plan struct {
	effect Effect
	rows   []planned
}

type planned struct {
	RowEffect
	object registry.WaterObject
}

// register is what stands, as far as a file is held against it.
type register struct {
	tree     *registry.Tree
	byCode   map[string]registry.WaterObject // scheme and code
	byName   map[string][]registry.WaterObject
	managers map[string][]registry.Organisation
	by       registry.Editor
}

func codeKey(o *registry.WaterObject) string { return o.Scheme + "\x00" + o.Code }

func nameKey(o *registry.WaterObject) string {
	return string(o.Kind) + "\x00" + strconv.FormatInt(o.DivisionID, 10) + "\x00" + o.Name.Zh
}

const (
	objectsMost  = 500_000
	managersMost = 20_000
)

// readRegister reads all that stands: a code may be taken by an object that the person does not see.
func readRegister(ctx context.Context, reg *registry.Service, by registry.Editor) (*register, error) {
	tree, err := reg.Tree(ctx)
	if err != nil {
		return nil, err
	}
	r := &register{tree: tree, byCode: map[string]registry.WaterObject{}, byName: map[string][]registry.WaterObject{}, managers: map[string][]registry.Organisation{}, by: by}
	var roots []int64
	for _, d := range tree.Roots() {
		roots = append(roots, d.ID)
	}
	all, err := reg.EachObject(ctx, registry.ObjectQuery{Scopes: roots, Retired: true, Sort: "code"}, objectsMost, func(o registry.WaterObject) error {
		r.byCode[codeKey(&o)] = o
		if o.RetiredAt == nil {
			r.byName[nameKey(&o)] = append(r.byName[nameKey(&o)], o)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !all {
		return nil, fault.New(fault.TooLarge, "objects.register", fault.Tf("对象超过 %d 个，不能整表比对", "more than %d objects stand: they cannot be held against a file", objectsMost))
	}
	q := registry.Query{Scopes: roots, Limit: 200}
	for n := 0; n < managersMost; {
		page, err := reg.Organisations(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, o := range page.Items {
			r.managers[o.Name.Zh] = append(r.managers[o.Name.Zh], o)
		}
		if n += len(page.Items); page.Next == "" {
			break
		}
		q.After = page.Next
	}
	return r, nil
}

// Preview says what a file would do for a person who may write some of the register.
func Preview(ctx context.Context, reg *registry.Service, by registry.Editor, name string, data []byte, o Options) (*Effect, error) {
	p, err := newPlan(ctx, reg, by, name, data, o)
	if err != nil {
		return nil, err
	}
	return &p.effect, nil
}

// Apply does what a preview said, all rows that it takes or none. A digest that is not that of the effect as it is now is refused
// with the effect, since somebody has changed the register or the file meanwhile.
func Apply(ctx context.Context, db *store.DB, reg *registry.Service, by registry.Editor, name string, data []byte, o Options, digest string) (*Effect, error) {
	p, err := newPlan(ctx, reg, by, name, data, o)
	if err != nil {
		return nil, err
	}
	if digest != p.effect.Digest {
		return nil, fault.Conflictf("objects.moved", "登记册或文件在预览之后有变，未导入，请重新查看", "the register or the file has changed since the preview; nothing was imported, look again").With(p.effect)
	}
	err = db.Write(ctx, func(tx *store.Tx) error {
		for i := range p.rows {
			if err := p.rows[i].write(ctx, tx, reg, by); err != nil {
				return fmt.Errorf("import row %d of %s: %w", p.rows[i].Row, p.rows[i].Sheet, err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	p.effect.Applied = true
	return &p.effect, nil
}

func (r *planned) write(ctx context.Context, tx *store.Tx, reg *registry.Service, by registry.Editor) error {
	o := &r.object
	switch r.Outcome {
	case Added:
		_, err := reg.AddObject(ctx, tx, by, registry.NewWaterObject{
			Scheme: o.Scheme, Code: o.Code, Kind: o.Kind, Name: o.Name, Division: o.Division, Organisation: o.Organisation, ObjectFacts: o.ObjectFacts, Ext: o.Ext,
		})
		return err
	case Changed:
		return reg.ChangeObject(ctx, tx, by, o.ID, registry.WaterObjectChange{
			Edit: o.Edit, Scheme: &o.Scheme, Code: &o.Code, Name: &o.Name, Division: &o.Division, Organisation: &o.Organisation, Facts: &o.ObjectFacts, Ext: o.Ext,
		})
	}
	return nil
}

func newPlan(ctx context.Context, reg *registry.Service, by registry.Editor, name string, data []byte, o Options) (*plan, error) {
	f, err := Read(name, data, o)
	if err != nil {
		return nil, err
	}
	stands, err := readRegister(ctx, reg, by)
	if err != nil {
		return nil, err
	}
	p := &plan{effect: Effect{File: name, Format: f.Format, Encoding: f.Encoding, Heads: slices.Clone(f.Heads), Notes: append([]fault.Text{}, f.Notes...), Rows: []RowEffect{}}}
	if p.effect.Heads == nil {
		p.effect.Heads = []Head{}
	}
	seen := map[string]int{}
	for i := range f.Rows {
		p.rows = append(p.rows, stands.hold(&f.Rows[i], seen))
	}
	for _, b := range f.Bad {
		p.rows = append(p.rows, planned{RowEffect: RowEffect{Sheet: "features", Row: featureOf(b.Place), Outcome: Refused, Cell: b.Place, Reason: b.Text, Others: []fault.Field{}, Changes: []FieldChange{}, Remarks: []fault.Field{}}})
	}
	p.settle(data)
	return p, nil
}

func featureOf(place string) int {
	var i int
	if _, err := fmt.Sscanf(place, "features[%d]", &i); err != nil {
		return 0
	}
	return i + 1
}

// settle counts the rows and lists what a person must see first.
func (p *plan) settle(data []byte) {
	h := sha256.New()
	h.Write(data)
	rank := map[Outcome]int{Refused: 0, Changed: 1, Added: 2, Ignored: 3, Same: 4}
	var listed []RowEffect
	for _, r := range p.rows {
		switch r.Outcome {
		case Added:
			p.effect.Counts.Added++
		case Changed:
			p.effect.Counts.Changed++
		case Same:
			p.effect.Counts.Same++
		case Refused:
			p.effect.Counts.Refused++
		case Ignored:
			p.effect.Counts.Ignored++
		}
		listed = append(listed, r.RowEffect)
		b, err := json.Marshal(r.RowEffect)
		if err != nil {
			panic(err) // strings and numbers only
		}
		h.Write(b)
	}
	p.effect.Digest = hex.EncodeToString(h.Sum(nil))
	slices.SortStableFunc(listed, func(a, b RowEffect) int { return cmp.Compare(rank[a.Outcome], rank[b.Outcome]) })
	if len(listed) > rowsShown {
		p.effect.Left = len(listed) - rowsShown
		listed = listed[:rowsShown]
	}
	p.effect.Rows = append(p.effect.Rows, listed...)
}

// hold says what a row comes to beside what stands; seen are the objects that earlier rows are about.
func (s *register) hold(r *Row, seen map[string]int) planned {
	out := planned{RowEffect: RowEffect{Sheet: r.Sheet, Row: r.Row, Name: r.Object.Name.Zh, Code: r.Object.Code, Others: []fault.Field{}, Changes: []FieldChange{}, Remarks: append([]fault.Field{}, r.Remarks...)}}
	if r.Total {
		out.Outcome, out.Reason = Ignored, fault.T("合计行", "a line of sums")
		return out
	}
	if r.Deleted {
		out.Outcome, out.Cell, out.Reason = Ignored, r.Cells[colDeleted], fault.T("带删除标志", "marked as deleted")
		return out
	}
	division := s.resolve(r)
	old, found := s.match(r, division)
	o := s.merge(r, old, found, division)
	if found && s.reach(r, old.DivisionID) { // of an object that the person may not change nothing is told
		out.Object = old.ID
		if out.Name == "" {
			out.Name = old.Name.Zh
		}
	}
	if len(r.Problems) == 0 {
		s.check(r, &o, found)
	}
	if key := seenKey(&o); len(r.Problems) == 0 {
		if before := seen[key]; before > 0 {
			r.problem("name", fault.Tf("与第 %d 行是同一对象", "the same object as in row %d", before))
		}
		seen[key] = r.Row
	}
	if len(r.Problems) > 0 {
		out.Outcome, out.Cell, out.Reason = Refused, r.Problems[0].Place, r.Problems[0].Text
		out.Others = append(out.Others, r.Problems[1:]...)
		return out
	}
	out.object = o
	if !found {
		out.Outcome = Added
		return out
	}
	out.Changes = changes(&old, &o)
	out.Outcome = Same
	if len(out.Changes) > 0 {
		out.Outcome = Changed
	}
	return out
}

func seenKey(o *registry.WaterObject) string {
	if o.ID != 0 {
		return strconv.FormatInt(o.ID, 10)
	}
	if o.Code != "" && o.Code != pendingCode {
		return codeKey(o)
	}
	return nameKey(o)
}

// resolve finds the division that a row names: by code, by the code without the digits of town and village, or by one of its names.
func (s *register) resolve(r *Row) int64 {
	if r.Division == "" {
		return 0
	}
	place := r.divisionColumn()
	code := strings.ToUpper(r.Division)
	for _, n := range []int{len(code), 9, 6} {
		if n > len(code) {
			continue
		}
		if d, ok := s.tree.ByCode(code[:n]); ok && d.RetiredAt == nil {
			return d.ID
		}
	}
	var named []registry.Division
	for _, d := range s.tree.All() {
		if d.RetiredAt == nil && (r.Division == d.NameZh || r.Division == d.ShortZh || strings.EqualFold(r.Division, d.NameEn)) {
			named = append(named, d)
		}
	}
	if len(named) == 0 { // 绍兴市越城区
		for _, d := range s.tree.All() {
			if up, ok := s.tree.Parent(d.ID); ok && d.RetiredAt == nil && strings.HasSuffix(r.Division, d.NameZh) && strings.Contains(r.Division, up.ShortZh) {
				named = append(named, d)
			}
		}
	}
	if len(named) == 1 {
		return named[0].ID
	}
	if len(named) > 1 {
		r.problem(place, fault.T("“"+clip(r.Division)+"”有多个区划同名，请填代码", "more than one division is named “"+clip(r.Division)+"”: give the code"))
	} else {
		r.problem(place, fault.T("没有区划“"+clip(r.Division)+"”", "there is no division “"+clip(r.Division)+"”"))
	}
	return 0
}

// match finds the object that a row is about: by its code, or where it has none by kind, division and name.
func (s *register) match(r *Row, division int64) (registry.WaterObject, bool) {
	if r.Said["code"] {
		o, ok := s.byCode[codeKey(&r.Object)]
		if ok && o.RetiredAt != nil {
			r.problem("code", fault.T("该代码的对象已停用；如仍在用，请先恢复", "the object of this code is retired; bring it back first if it is in use"))
		}
		return o, ok
	}
	probe := r.Object
	probe.DivisionID = division
	switch same := s.byName[nameKey(&probe)]; len(same) {
	case 0:
		return registry.WaterObject{}, false
	case 1:
		return same[0], true
	default:
		r.problem("name", fault.T("登记册中有多个同名对象，请填代码", "more than one object has this name: give the code"))
		return same[0], true
	}
}

// pendingCode stands for the number that an object without a code is given when it is stored.
const pendingCode = "0"

// merge lays what a row says over what stands.
func (s *register) merge(r *Row, old registry.WaterObject, found bool, division int64) registry.WaterObject {
	o := old
	if !found {
		o = registry.WaterObject{Kind: r.Object.Kind, Scheme: r.Object.Scheme}
	}
	for _, c := range columns() {
		if r.Said[c.key] && c.place != nil {
			c.carry(&o, &r.Object)
		}
	}
	if found && r.Object.Kind != "" && r.Object.Kind != old.Kind {
		r.problem("kind", fault.T("登记册中该对象是另一类，类别不能改", "the object is of another kind in the register, which cannot be changed"))
	}
	if r.Said["storage_wan_m3"] && !r.Said["scale"] {
		o.Scale = "" // told by the new storage
	}
	if r.Object.Place != nil {
		o.Place = r.Object.Place
	}
	if division != 0 {
		d, _ := s.tree.ByID(division)
		o.DivisionID, o.Division = division, d.Code
	}
	if r.Manager != "" {
		s.manage(r, &o)
	}
	if len(r.Object.Ext) > 0 {
		ext := make(map[string]string, len(o.Ext)+len(r.Object.Ext))
		for k, v := range o.Ext {
			ext[k] = v
		}
		for k, v := range r.Object.Ext {
			ext[k] = v
		}
		o.Ext = ext
	}
	return o
}

// manage finds the unit that a row names; one that the register does not know is kept as it is written.
func (s *register) manage(r *Row, o *registry.WaterObject) {
	var live []registry.Organisation
	for _, m := range s.managers[r.Manager] {
		if m.RetiredAt == nil {
			live = append(live, m)
		}
	}
	if len(live) == 1 {
		o.Organisation, o.OrganisationName = live[0].ID, live[0].Name
		return
	}
	if r.Object.Ext == nil {
		r.Object.Ext = map[string]string{}
	}
	r.Object.Ext[nameOf(colManager).Zh] = r.Manager
}

// divisionColumn is the column in which a row names its division.
func (r *Row) divisionColumn() string {
	if r.Said[colCounty] && !r.Said[colDivision] {
		return colCounty
	}
	return colDivision
}

// reach reports whether the person may change objects of a division, and refuses the row where not.
func (s *register) reach(r *Row, division int64) bool {
	if division != 0 && (s.by.May == nil || !s.by.May(division)) {
		r.problem(r.divisionColumn(), fault.T("不在您可修改的区划之内", "outside the divisions that you may change"))
		return false
	}
	return true
}

// check holds the merged object against its own rules, and the division against what the person may write.
func (s *register) check(r *Row, o *registry.WaterObject, found bool) {
	if o.DivisionID == 0 {
		r.problem(colDivision, fault.T("没有写明所在区划", "the division is not named"))
	}
	s.reach(r, o.DivisionID)
	if o.Kind == "" {
		r.problem("kind", fault.T("没有写明类别", "the kind is not named"))
		return
	}
	if o.Code == "" && !found {
		o.Scheme, o.Code = registry.OwnScheme, pendingCode
	}
	var bad *fault.Error
	if err := o.Check(); errors.As(err, &bad) {
		for _, f := range bad.Fields {
			key := map[string]string{"name.zh": "name", "name.en": "name_en", "place": colLon}[f.Place]
			r.problem(cmp.Or(key, f.Place), f.Text)
		}
	}
	if o.Code == pendingCode && !found {
		o.Code = ""
	}
}

// changes lists the fields in which two states of an object differ.
func changes(old, now *registry.WaterObject) []FieldChange {
	out := []FieldChange{}
	for _, c := range columns() {
		if a, b := c.text(old), c.text(now); a != b {
			out = append(out, FieldChange{c.key, c.name, a, b})
		}
	}
	var keys []string
	for k := range now.Ext {
		if old.Ext[k] != now.Ext[k] {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		out = append(out, FieldChange{"ext", fault.T(k, k), old.Ext[k], now.Ext[k]})
	}
	return out
}
