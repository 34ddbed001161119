package project

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/project/lifecycle"
	"anlan/internal/quantity"
	"anlan/internal/store"
	"anlan/internal/workbook"
)

// Import holds a workbook against what is on record and says every row's lot. Without a digest nothing is written; with that of the
// preview that was seen, and nothing else changed since, it is taken: the good rows, while bad ones stay out with their reasons. A preview
// reads one state of the store and keeps nobody from writing; taking goes through the rows again within one transaction.
func (s *Service) Import(ctx context.Context, p *identity.Principal, file string, content []byte, digest string) (*ProjectImport, error) {
	if len(content) > ImportMost {
		return nil, fault.New(fault.TooLarge, "project.import_size", fault.Tf("文件超过 %d MB", "the file is larger than %d MB", ImportMost>>20))
	}
	book, err := workbook.Read(file, content)
	if err != nil {
		return nil, err
	}
	v, err := s.view(ctx, p, hydrotime.Date{}, 0)
	if err != nil {
		return nil, err
	}
	var out *ProjectImport
	goThrough := func(q store.Querier, to desk) (err error) {
		in := &importer{v: v, q: q, to: to, seen: map[string]bool{}, recs: map[string]*record{}, out: &ProjectImport{File: file, Rows: []ProjectImportRow{}, Notes: append([]fault.Text{}, book.Notes...)}}
		if err := in.read(ctx, book); err != nil {
			return err
		}
		out = in.out
		out.Digest, err = digestOf(content, out)
		return err
	}
	if digest == "" {
		err := s.db.Snapshot(ctx, func(q store.Querier) error {
			return goThrough(q, &trial{s: s, v: v, q: q, kept: map[int64]map[figureKey]kept{}})
		})
		return out, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := goThrough(tx, &writing{s: s, v: v, tx: tx}); err != nil {
			return err
		}
		if digest != out.Digest {
			return fault.Conflictf("project.import_stale", "文件或已有数据与预览时不同，请重新预览", "the file or what is on record has changed since the preview; look at it again")
		}
		out.Taken = true
		home := p.Home()
		return audit.Append(ctx, tx, audit.Entry{
			At: s.now(), Actor: p.Actor(), Action: "project.import", ObjectKind: "project", ObjectID: digest[:12], DivisionID: &home,
			Detail: map[string]any{"file": file, "digest": digest, "counts": out.Counts},
		})
	})
	return out, err
}

// digestOf tells one preview from another: the file, and what it would do now.
func digestOf(content []byte, out *ProjectImport) (string, error) {
	rows, err := json.Marshal(out.Rows)
	if err != nil {
		return "", fmt.Errorf("encode a preview: %w", err)
	}
	h := sha256.New()
	h.Write(content)
	h.Write(rows)
	return hex.EncodeToString(h.Sum(nil)), nil
}

// importer goes through one workbook, and hands what each row asks for to a desk.
type importer struct {
	v    *view
	q    store.Querier
	to   desk
	recs map[string]*record // projects by code; nil where there is none
	seen map[string]bool    // rows told already: twice in a file is one too many
	out  *ProjectImport
}

// line is one row of a recognised table.
type line struct {
	sh  workbook.Sheet
	r   int
	t   table
	at  map[string]int
	row *ProjectImportRow
}

func (in *importer) read(ctx context.Context, book *workbook.Book) error {
	type sheet struct {
		sh   workbook.Sheet
		t    table
		head int
		at   map[string]int
	}
	var sheets []sheet
	n := 0
	for _, sh := range book.Sheets {
		t, head, at, ok := recognise(sh)
		if !ok {
			in.out.Notes = append(in.out.Notes, fault.Tf("工作表“%s”不是项目、工程部分或月度数据表，未读取", "the sheet %q holds none of projects, parts, months; it was not read", sh.Name))
			continue
		}
		sheets = append(sheets, sheet{sh, t, head, at})
		n += len(sh.Rows) - head - 1
	}
	if n > importRows {
		return fault.New(fault.TooLarge, "project.import_rows", fault.Tf("文件超过 %d 行，请分次导入", "the file has more than %d rows; import it in parts", importRows))
	}
	// Projects come before their parts, and parts before their months, in whatever order the sheets stand.
	order := []string{"project", "part", "figures"}
	slices.SortStableFunc(sheets, func(a, b sheet) int { return slices.Index(order, a.t.what) - slices.Index(order, b.t.what) })
	for _, k := range sheets {
		for r := k.head + 1; r < len(k.sh.Rows); r++ {
			if blank(k.sh, r) {
				continue
			}
			in.out.Rows = append(in.out.Rows, ProjectImportRow{Sheet: k.sh.Name, Line: r + 1, What: k.t.what, Changes: []ProjectImportChange{}, Reasons: []fault.Field{}})
			l := &line{k.sh, r, k.t, k.at, &in.out.Rows[len(in.out.Rows)-1]}
			if err := in.take(ctx, l); err != nil {
				return err
			}
			in.count(l.row.Lot)
		}
	}
	return nil
}

func blank(sh workbook.Sheet, r int) bool {
	for c := range sh.Rows[r] {
		if !sh.At(r, c).Blank() {
			return false
		}
	}
	return true
}

func (in *importer) count(lot string) {
	c := &in.out.Counts
	switch lot {
	case "new":
		c.New++
	case "changed":
		c.Changed++
	case "unchanged":
		c.Unchanged++
	default:
		c.Bad++
	}
}

// take takes one row. What is wrong with it is its lot; an error of the store is an error.
func (in *importer) take(ctx context.Context, l *line) error {
	var err error
	switch l.t.what {
	case "project":
		err = in.project(ctx, l)
	case "part":
		err = in.part(ctx, l)
	default:
		err = in.figures(ctx, l)
	}
	var bad *fault.Error
	if errors.As(err, &bad) && (bad.Kind == fault.Invalid || bad.Kind == fault.Forbidden || bad.Kind == fault.Conflict || bad.Kind == fault.NotFound) {
		l.row.Lot, l.row.Changes = "bad", []ProjectImportChange{}
		l.row.Reasons = append(l.row.Reasons, l.reasons(bad)...)
		return nil
	}
	if err == nil && len(l.row.Reasons) > 0 {
		l.row.Lot, l.row.Changes = "bad", []ProjectImportChange{}
	}
	return err
}

// reasons puts what is wrong at the cells of a row, as far as those can be told.
func (l *line) reasons(bad *fault.Error) []fault.Field {
	var out []fault.Field
	for _, f := range bad.Fields {
		key := f.Place
		if strings.HasPrefix(key, "figures[") {
			key = ""
		}
		key = strings.TrimSuffix(key, "_wan_yuan")
		out = append(out, fault.Field{Place: l.place(key), Text: f.Text})
	}
	if len(out) == 0 {
		out = append(out, fault.Field{Place: l.place(""), Text: bad.Text})
	}
	return out
}

// place is the cell of a column in this row, or the row.
func (l *line) place(id string) string {
	if c, ok := l.at[id]; ok {
		return l.sh.Name + "!" + workbook.Ref(l.r, c)
	}
	return fmt.Sprintf("%s!%d", l.sh.Name, l.r+1)
}

func (l *line) bad(id string, t fault.Text) {
	l.row.Reasons = append(l.row.Reasons, fault.Field{Place: l.place(id), Text: t})
}

// text is a cell's text; told is false where it is blank or a mark for nothing.
func (l *line) text(id string) (text string, told bool) {
	c, ok := l.at[id]
	if !ok {
		return "", false
	}
	text = clean(l.sh.At(l.r, c).Text)
	switch text {
	case "", "—", "-", "/", "无":
		return "", false
	}
	return text, true
}

// figure is a cell's figure in a unit; told is false where there is none.
func (l *line) figure(id, unit string) (n quantity.Null, told bool) {
	c, ok := l.at[id]
	if !ok {
		return n, false
	}
	f, err := workbook.FigureOf(l.sh.At(l.r, c))
	var bad *fault.Error
	switch {
	case errors.As(err, &bad):
		l.bad(id, bad.Text)
		return n, false
	case err != nil:
		l.bad(id, fault.T("不是数字", "not a figure"))
		return n, false
	case f.Absence == workbook.Masked:
		l.bad(id, fault.T("数字被遮盖", "the figure is masked"))
		return n, false
	case !f.Value.Valid:
		return n, false
	case f.Rounded:
		l.bad(id, fault.T("小数超过六位", "more than six decimals"))
		return n, false
	}
	want, _ := quantity.UnitOf(unit)
	value, _, fits := f.In(want, want)
	if !fits {
		l.bad(id, fault.T("单位不符", "it does not measure this"))
		return n, false
	}
	return quantity.Some(value), true
}

// word is a cell's word out of a list.
func (l *line) word(id string, list []lifecycle.ProjectWord) (string, bool) {
	text, told := l.text(id)
	if !told {
		return "", false
	}
	w, ok := wordIn(list, text)
	if !ok {
		l.bad(id, fault.Tf("没有“%s”", "there is no %q", text))
	}
	return w, ok
}

// division is a cell's division by code or name.
func (in *importer) division(l *line, id string) (string, bool) {
	text, told := l.text(id)
	if !told {
		return "", false
	}
	if d, ok := in.v.tree.ByCode(text); ok {
		return d.Code, true
	}
	for _, d := range in.v.tree.All() {
		if d.RetiredAt == nil && (d.NameZh == text || d.ShortZh == text || strings.EqualFold(d.NameEn, text)) {
			return d.Code, true
		}
	}
	l.bad(id, fault.Tf("没有地区“%s”", "there is no division %q", text))
	return "", false
}

// rec finds a project by its code; nil where there is none. One that the sender may not see is told as a code that is taken.
func (in *importer) rec(ctx context.Context, code string) (*record, error) {
	if r, known := in.recs[code]; known {
		return r, nil
	}
	list, err := in.to.find(ctx, code)
	if err != nil {
		return nil, err
	}
	var r *record
	if len(list) > 0 {
		if r = list[0]; !r.visible(in.v) {
			return nil, fault.Conflictf("project.code", "项目代码 %s 已被使用", "the code %s is taken", code).At("code", fault.T("已被使用", "taken"))
		}
	}
	in.recs[code] = r
	return r, nil
}

// once refuses a row that was told already.
func (in *importer) once(l *line, key string) bool {
	if in.seen[key] {
		l.bad("", fault.T("与前面的行重复", "it stands above already"))
		return false
	}
	in.seen[key] = true
	return true
}

// differ notes a cell that differs; it reports whether it does.
func (l *line) differ(id, before, after string) bool {
	if before == after {
		return false
	}
	for _, c := range l.t.columns {
		if c.id == id {
			l.row.Changes = append(l.row.Changes, ProjectImportChange{c.head, before, after})
		}
	}
	return true
}

// pick sets a change where a told cell differs from what is on record.
func pick[T any](l *line, id string, told bool, before, after T, words func(T) string, into **T) {
	if told && l.differ(id, words(before), words(after)) {
		*into = &after
	}
}

func plain(s string) string              { return s }
func figureWords(n quantity.Null) string { return n.String() }

func (in *importer) project(ctx context.Context, l *line) error {
	n := NewProject{}
	code, _ := l.text("code")
	n.Code = code
	name, named := l.text("name")
	l.row.Code, l.row.Name = code, name
	if code == "" {
		l.bad("code", required())
		return nil
	}
	if !in.once(l, "project "+code) {
		return nil
	}
	nameEn, hasEn := l.text("name_en")
	n.Name = fault.T(name, nameEn)
	var hasKind, hasDivision, hasPerson, hasStats, hasLibrary, hasNote, hasTotal bool
	n.Kind, hasKind = l.word("kind", in.v.rules.Kinds)
	n.Division, hasDivision = in.division(l, "division")
	n.LegalPerson, hasPerson = l.text("legal_person")
	n.StatsID, hasStats = l.text("stats_id")
	n.Library, hasLibrary = l.text("library")
	n.Note, hasNote = l.text("note")
	n.Total, hasTotal = l.figure("total", "wan_yuan")
	programmes, hasProgrammes := in.programmes(l)
	n.Programmes = programmes
	assessed, hasAssessed := l.yes("assessed")
	n.Assessed = assessed
	r, err := in.rec(ctx, code)
	if err != nil || len(l.row.Reasons) > 0 {
		return err
	}
	if r == nil {
		l.row.Lot = "new"
		return in.put(code)(in.to.add(ctx, n))
	}
	if keeper, _ := in.v.tree.ByID(r.division); hasDivision && keeper.Code != n.Division {
		l.bad("division", fault.Tf("项目由 %s 管理，不能用表格改", "it is kept by %s, which a table does not change", keeper.Code))
		return nil
	}
	c := ProjectChange{Edit: r.edit}
	full := r.name
	if named {
		full.Zh = name
	}
	if hasEn {
		full.En = nameEn
	}
	pick(l, "name", true, r.name.Zh+r.name.En, full.Zh+full.En, plain, new(*string))
	if full != r.name {
		c.Name = &full
	}
	pick(l, "kind", hasKind, r.kind, n.Kind, plain, &c.Kind)
	pick(l, "legal_person", hasPerson, r.legalPerson, n.LegalPerson, plain, &c.LegalPerson)
	pick(l, "total", hasTotal, r.total, n.Total, figureWords, &c.Total)
	pick(l, "stats_id", hasStats, r.stats, n.StatsID, plain, &c.StatsID)
	pick(l, "library", hasLibrary, r.lib, n.Library, plain, &c.Library)
	pick(l, "note", hasNote, in.v.noteOf(r), n.Note, plain, &c.Note)
	pick(l, "programmes", hasProgrammes, sorted(r.programmes), programmes, func(list []string) string { return strings.Join(list, "；") }, &c.Programmes)
	pick(l, "assessed", hasAssessed, r.assessed, assessed, func(b bool) string { return yesNo(b).Zh }, &c.Assessed)
	return in.settle(l, code, func() (*record, error) { return in.to.change(ctx, r, c) })
}

// settle changes what differs, or says that nothing does.
func (in *importer) settle(l *line, code string, change func() (*record, error)) error {
	if len(l.row.Changes) == 0 {
		l.row.Lot = "unchanged"
		return nil
	}
	l.row.Lot = "changed"
	return in.put(code)(change())
}

// put goes on with a record as a desk left it; with none it is read anew.
func (in *importer) put(code string) func(*record, error) error {
	return func(r *record, err error) error {
		if delete(in.recs, code); r != nil {
			in.recs[code] = r
		}
		return err
	}
}

func (in *importer) programmes(l *line) ([]string, bool) {
	text, told := l.text("programmes")
	if !told {
		return nil, false
	}
	var out []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("；;、,，", r) }) {
		id, ok := wordIn(in.v.rules.Programmes, w)
		if !ok {
			l.bad("programmes", fault.Tf("没有专项“%s”", "there is no programme %q", w))
			continue
		}
		out = append(out, id)
	}
	return sorted(out), true
}

func (l *line) yes(id string) (yes, told bool) {
	text, told := l.text(id)
	switch strings.ToLower(text) {
	case "":
		return false, false
	case "是", "√", "yes", "y", "1":
		return true, true
	case "否", "×", "no", "n", "0":
		return false, true
	}
	l.bad(id, fault.T("应为“是”或“否”", "yes or no"))
	return false, told
}

// of finds the project of a row of parts or months.
func (in *importer) of(ctx context.Context, l *line) (*record, string, error) {
	code, _ := l.text("project")
	part, _ := l.text("part")
	l.row.Code = code + "/" + part
	if code == "" {
		l.bad("project", required())
	}
	if part == "" {
		l.bad("part", required())
	}
	if len(l.row.Reasons) > 0 {
		return nil, "", nil
	}
	r, err := in.rec(ctx, code)
	if err == nil && r == nil {
		l.bad("project", fault.Tf("没有项目 %s", "there is no project %s", code))
	}
	return r, part, err
}

// coded finds a part by its code; nil where there is none. Office programs turn 01 into 1, so that leading zeros do not tell.
func (r *record) coded(code string, keep func(*part) bool) *part {
	digits := strings.Trim(code, "0123456789") == ""
	for _, same := range []func(string) bool{
		func(c string) bool { return c == code },
		func(c string) bool {
			return digits && strings.Trim(c, "0123456789") == "" && strings.TrimLeft(c, "0") == strings.TrimLeft(code, "0")
		},
	} {
		for _, x := range r.parts {
			if same(x.code) && keep(x) {
				return x
			}
		}
	}
	return nil
}

func (in *importer) part(ctx context.Context, l *line) error {
	r, code, err := in.of(ctx, l)
	if err != nil || r == nil || !in.once(l, "part "+l.row.Code) {
		return err
	}
	n := NewProjectPart{Code: code}
	name, named := l.text("name")
	nameEn, hasEn := l.text("name_en")
	l.row.Name = name
	n.Name = fault.T(name, nameEn)
	var hasKind, hasDivision, hasContractor, hasNote, hasTotal bool
	n.Kind, hasKind = l.word("kind", PartKinds())
	n.Division, hasDivision = in.division(l, "division")
	n.Contractor, hasContractor = l.text("contractor")
	n.Note, hasNote = l.text("note")
	n.Total, hasTotal = l.figure("total", "wan_yuan")
	if text, told := l.text("shape"); told {
		var ok bool
		if n.Shape, ok = shapeIn(text); !ok {
			l.bad("shape", fault.T("坐标形如 120.61 30.02; 120.62 30.03", "coordinates are like 120.61 30.02; 120.62 30.03"))
		}
	}
	if parent, told := l.text("parent"); told {
		up := r.coded(parent, func(x *part) bool { return x.withdrawn == nil && in.v.sees(x.division) })
		if up == nil {
			l.bad("parent", fault.Tf("没有部分 %s", "there is no part %s", parent))
			return nil
		}
		n.Parent = up.id
	}
	if len(l.row.Reasons) > 0 {
		return nil
	}
	x := r.coded(code, func(*part) bool { return true })
	if x == nil {
		l.row.Lot = "new"
		if !hasKind {
			n.Kind = "section"
		}
		if !hasDivision {
			keeper, _ := in.v.tree.ByID(r.division)
			n.Division = keeper.Code
		}
		return in.put(r.code)(in.to.addPart(ctx, r, n))
	}
	if !in.v.sees(x.division) {
		return fault.Conflictf("project.part_code", "该项目已有代码为 %s 的部分", "the project has a part %s already", code).At("part", fault.T("已被使用", "taken"))
	}
	c := ProjectPartChange{Edit: x.edit}
	full := x.name
	if named {
		full.Zh = name
	}
	if hasEn {
		full.En = nameEn
	}
	pick(l, "name", true, x.name.Zh+x.name.En, full.Zh+full.En, plain, new(*string))
	if full != x.name {
		c.Name = &full
	}
	at, _ := in.v.tree.ByID(x.division)
	pick(l, "kind", hasKind, x.kind, n.Kind, plain, &c.Kind)
	pick(l, "division", hasDivision, at.Code, n.Division, plain, &c.Division)
	pick(l, "total", hasTotal, x.total, n.Total, figureWords, &c.Total)
	pick(l, "contractor", hasContractor, x.contractor, n.Contractor, plain, &c.Contractor)
	pick(l, "note", hasNote, x.note, n.Note, plain, &c.Note)
	if n.Shape != nil && !n.Shape.same(x.shape) && l.differ("shape", x.shape.words(), n.Shape.words()) {
		c.Shape = n.Shape
	}
	return in.settle(l, r.code, func() (*record, error) { return in.to.changePart(ctx, r, x, c) })
}

// figures takes the twelve months of one figure of one part. A blank cell leaves its month as it is.
func (in *importer) figures(ctx context.Context, l *line) error {
	r, code, err := in.of(ctx, l)
	if err != nil || r == nil {
		return err
	}
	x := r.coded(code, func(x *part) bool { return in.v.sees(x.division) })
	if x == nil {
		l.bad("part", fault.Tf("没有部分 %s（整体为 %s）", "there is no part %s (the whole is %s)", code, wholeCode))
		return nil
	}
	l.row.Name = r.name.Zh + " " + x.name.Zh
	what, ok := l.word("what", figureNames())
	year, hasYear := l.figure("year", "one")
	if !hasYear || year.Decimal != year.Decimal.Round(0) || year.Decimal < quantity.Int(1990) || year.Decimal > quantity.Int(2100) {
		l.bad("year", fault.T("年份有误", "no year"))
	}
	if !ok && len(l.row.Reasons) == 0 {
		l.bad("what", required())
	}
	if len(l.row.Reasons) > 0 || !in.once(l, fmt.Sprintf("figures %d %s %s", x.id, what, year)) {
		return nil
	}
	kept, err := in.to.figures(ctx, r)
	if err != nil {
		return err
	}
	unit := "wan_yuan"
	if w := What(what); w == PlannedProgress || w == Progress {
		unit = "percent"
	}
	var list []FigureChange
	known := false
	for m := range 12 {
		month := hydrotime.NewMonth(int(year.Decimal/quantity.Scale), m+1)
		was := kept[figureKey{x.id, month, What(what)}]
		known = known || was.revision > 0
		n, told := l.figure(monthColumn(m), unit)
		if told && l.differ(monthColumn(m), was.value.String(), n.String()) {
			list = append(list, FigureChange{Part: x.id, Month: month, What: What(what), Value: n, Revision: was.revision})
		}
	}
	switch {
	case len(l.row.Reasons) > 0:
		return nil
	case len(list) == 0:
		l.row.Lot = "unchanged"
		return nil
	case known:
		l.row.Lot = "changed"
	default:
		l.row.Lot = "new"
	}
	return in.put(r.code)(in.to.setFigures(ctx, r, list))
}
