package project

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/project/lifecycle"
	"anlan/internal/quantity"
	"anlan/internal/workbook"
)

// Export writes the projects that a query finds, their parts and the months of its year as a workbook that Import takes.
func (s *Service) Export(ctx context.Context, p *identity.Principal, q Query, lang string) (name string, content []byte, err error) {
	v, err := s.viewOf(ctx, p, q)
	if err != nil {
		return "", nil, err
	}
	list, err := s.find(ctx, v, q)
	if err != nil {
		return "", nil, err
	}
	say := func(t fault.Text) string {
		if lang == "en" && t.En != "" {
			return t.En
		}
		return t.Zh
	}
	var out []workbook.Table
	for _, t := range tables() {
		w := workbook.Table{Title: say(t.title), Notes: []string{say(fault.Tf("截至 %s，共 %d 个项目", "as of %s, %d projects", v.day, len(list)))}}
		for _, c := range t.columns {
			col := workbook.Column{Head: []string{say(c.head)}, Decimals: -1}
			if c.unit != "" {
				col.Unit = say(fault.T("万元", "CNY 10k"))
			}
			w.Columns = append(w.Columns, col)
		}
		for _, f := range list {
			w.Rows = append(w.Rows, v.sheetRows(t, f, say)...)
		}
		out = append(out, w)
	}
	var b bytes.Buffer
	if err := workbook.WriteXLSX(&b, out...); err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("%s %s.xlsx", say(fault.T("重大项目", "major projects")), v.day), b.Bytes(), nil
}

// sheetRows are the rows of a project in one of the tables.
func (v *view) sheetRows(t table, f found, say func(fault.Text) string) [][]workbook.Value {
	switch t.what {
	case "project":
		return [][]workbook.Value{lay(t, v.projectCells(f, say))}
	case "part":
		var out [][]workbook.Value
		pure := f.pure()
		for _, x := range f.order() {
			if x.parent == 0 || x.withdrawn != nil || !v.sees(x.division) {
				continue
			}
			out = append(out, lay(t, v.partCells(f, x, v.rules.Stand(pure, x.id, v.day), say)))
		}
		return out
	}
	var out [][]workbook.Value
	for _, x := range f.order() {
		if x.withdrawn != nil || !v.sees(x.division) {
			continue
		}
		for _, w := range figureNames() {
			if cells, any := monthCells(f, x, v.year, w, say); any {
				out = append(out, lay(t, cells))
			}
		}
	}
	return out
}

// lay puts cells in the order of a table's columns.
func lay(t table, cells map[string]workbook.Value) []workbook.Value {
	out := make([]workbook.Value, len(t.columns))
	for i, c := range t.columns {
		out[i] = cells[c.id]
	}
	return out
}

func (v *view) projectCells(f found, say func(fault.Text) string) map[string]workbook.Value {
	text := workbook.TextValue
	keeper, _ := v.tree.ByID(f.division)
	var programmes []string
	for _, g := range f.programmes {
		w, _ := lifecycle.WordOf(v.rules.Programmes, g)
		programmes = append(programmes, say(w.Name))
	}
	kind, _ := lifecycle.WordOf(v.rules.Kinds, f.kind)
	slowest, _ := v.rules.Stage(f.row.Slowest)
	furthest, _ := v.rules.Stage(f.row.Furthest)
	return map[string]workbook.Value{
		"code": text(f.code), "name": text(f.name.Zh), "name_en": text(f.name.En), "kind": text(say(kind.Name)), "division": text(keeper.Code), "legal_person": text(f.legalPerson),
		"total": workbook.FigureValue(f.total), "stats_id": text(f.stats), "programmes": text(strings.Join(programmes, "；")), "assessed": text(say(yesNo(f.assessed))),
		"library": text(f.lib), "note": text(v.noteOf(f.record)), "slowest": text(say(slowest.Name)), "furthest": text(say(furthest.Name)), "pace": text(say(PaceName(f.row.Pace))),
		"spent": workbook.FigureValue(f.row.Spent),
	}
}

func yesNo(yes bool) fault.Text {
	if yes {
		return fault.T("是", "yes")
	}
	return fault.T("否", "no")
}

// PaceName is a pace in words.
func PaceName(p lifecycle.Pace) fault.Text {
	return map[lifecycle.Pace]fault.Text{
		lifecycle.NoPlan: fault.T("无计划", "no plan"), lifecycle.Unreported: fault.T("未报", "not reported"), lifecycle.Ended: fault.T("已完工", "finished"),
		lifecycle.OnSchedule: fault.T("达到序时", "on schedule"), lifecycle.Lagging: fault.T("滞后", "behind"), lifecycle.Severe: fault.T("严重滞后", "far behind"),
	}[p]
}

func (v *view) partCells(f found, x *part, st lifecycle.Standing, say func(fault.Text) string) map[string]workbook.Value {
	text := workbook.TextValue
	d, _ := v.tree.ByID(x.division)
	kind, _ := lifecycle.WordOf(PartKinds(), x.kind)
	parent := ""
	if up := f.part(x.parent); up != nil && up.parent != 0 {
		parent = up.code
	}
	stage, _ := v.rules.Stage(st.Stage)
	return map[string]workbook.Value{
		"project": text(f.code), "part": text(x.code), "parent": text(parent), "name": text(x.name.Zh), "name_en": text(x.name.En), "kind": text(say(kind.Name)), "division": text(d.Code),
		"total": workbook.FigureValue(x.total), "contractor": text(x.contractor), "shape": text(x.shape.words()), "note": text(x.note), "stage": text(say(stage.Name)),
	}
}

// words writes a shape as "120.61 30.02; 120.62 30.03".
func (sh *ProjectShape) words() string {
	if sh == nil {
		return ""
	}
	var out []string
	for _, c := range sh.Points {
		out = append(out, strconv.FormatFloat(c[0], 'f', -1, 64)+" "+strconv.FormatFloat(c[1], 'f', -1, 64))
	}
	return strings.Join(out, "; ")
}

// shapeIn reads what words writes: one place is a point, more are a line.
func shapeIn(text string) (*ProjectShape, bool) {
	out := &ProjectShape{Kind: "point"}
	for _, pair := range strings.FieldsFunc(workbook.Fold(text), func(r rune) bool { return r == ';' || r == '\n' }) {
		f := strings.FieldsFunc(pair, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' })
		if len(f) == 0 {
			continue
		}
		if len(f) != 2 || len(out.Points) >= shapeMost {
			return nil, false
		}
		lon, err := strconv.ParseFloat(f[0], 64)
		lat, err2 := strconv.ParseFloat(f[1], 64)
		if err != nil || err2 != nil {
			return nil, false
		}
		out.Points = append(out.Points, [2]float64{lon, lat})
	}
	if len(out.Points) > 1 {
		out.Kind = "line"
	}
	return out, len(out.Points) > 0
}

func (sh *ProjectShape) same(o *ProjectShape) bool {
	if sh == nil || o == nil {
		return sh == o
	}
	return sh.Kind == o.Kind && slices.Equal(sh.Points, o.Points)
}

func monthCells(f found, x *part, year int, w lifecycle.ProjectWord, say func(fault.Text) string) (cells map[string]workbook.Value, any bool) {
	text := workbook.TextValue
	cells = map[string]workbook.Value{"project": text(f.code), "part": text(x.code), "year": workbook.FigureValue(quantity.Some(quantity.Int(int64(year)))), "what": text(say(w.Name)), "name": text(say(f.name) + " " + say(x.name))}
	for i := range 12 {
		n := *What(w.ID).of(&x.year[i])
		any = any || n.Valid
		cells[monthColumn(i)] = workbook.FigureValue(n)
	}
	return cells, any
}
