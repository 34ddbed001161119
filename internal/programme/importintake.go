package programme

import (
	"errors"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/programme/pack"
	"anlan/internal/programme/table"
	"anlan/internal/quantity"
	"anlan/internal/registry"
)

// intake decides where each figure of a file belongs and whether it may go there. It writes nothing.
type intake struct {
	cat  *catalogue
	tree *registry.Tree
	p    *identity.Principal
	s    *Service
	div  registry.Division // for which the file was uploaded
	mode ImportMode
	now  time.Time

	rows     []*intakeRow
	findings []ImportFinding
	counts   ImportCounts
	changes  []ImportChange

	places  map[ReturnKey]*intakeReturn
	returns []*intakeReturn // in order of appearance
	plans   map[planKey]*intakePlan
	planned []*intakePlan
}

// intakeRow is one row of the file on its way to an outcome.
type intakeRow struct {
	ImportRow
	placed  int // figures that found their place
	refused []ImportRow
	notes   []ImportRow
}

func (r *intakeRow) refuse(cell string, t fault.Text) {
	r.refused = append(r.refused, r.about(cell, t))
}

func (r *intakeRow) note(cell string, t fault.Text) { r.notes = append(r.notes, r.about(cell, t)) }

func (r *intakeRow) about(cell string, t fault.Text) ImportRow {
	return ImportRow{Sheet: r.Sheet, Row: r.Row, Cell: cell, Outcome: "notice", Reason: t, Content: r.Content}
}

// intakeCell is one figure of the file with where it stood.
type intakeCell struct {
	row   *intakeRow
	ref   string
	value quantity.Decimal
	rival bool // another cell of the file says something else
}

// intakeReturn is a return to which the file has figures.
type intakeReturn struct {
	key    ReturnKey
	form   pack.Form
	div    registry.Division
	closed *fault.Text // why nothing may be written
	filing filing      // the newest version; id 0 where there is none
	lines  map[int64]line
	parts  map[intakePart][]intakeCell
	order  []intakePart
	write  []LineChange
}

// intakePart is one figure of one line: the value or numerator, or the denominator.
type intakePart struct {
	indicator string
	base      bool
}

// intakePlan is a plan amount of the file.
type intakePlan struct {
	target pack.Target
	div    registry.Division
	year   int
	line   string
	cells  []intakeCell
	was    plan
	write  bool
}

func (s *Service) newIntake(cat *catalogue, tree *registry.Tree, p *identity.Principal, division int64, mode ImportMode) *intake {
	d, _ := tree.ByID(division)
	return &intake{
		cat: cat, tree: tree, p: p, s: s, div: d, mode: mode, now: s.now(), findings: []ImportFinding{}, changes: []ImportChange{},
		places: map[ReturnKey]*intakeReturn{}, plans: map[planKey]*intakePlan{},
	}
}

// read places every figure of the book.
func (k *intake) read(book *sentBook, results []*table.Result) {
	for i, sheet := range book.sheets {
		if results[i] == nil {
			for n, cells := range sheet.Rows {
				k.rows = append(k.rows, &intakeRow{ImportRow: ImportRow{
					Sheet: sheet.Name, Row: n + 1, Outcome: string(table.Ignored), Content: rowText(cells),
					Reason: fault.T("此工作表未选", "the sheet was left out"),
				}})
			}
			continue
		}
		for n, r := range results[i].Rows {
			row := &intakeRow{ImportRow: ImportRow{Sheet: sheet.Name, Row: r.Number, Outcome: string(r.Outcome), Reason: r.Reason, Content: rowText(sheet.Rows[n])}}
			k.rows = append(k.rows, row)
			k.row(row, r, sheet.mapping.Published)
		}
		for _, f := range results[i].Findings {
			k.findings = append(k.findings, ImportFinding{Sheet: sheet.Name, Cell: f.Ref, Row: f.Row, Kind: f.Kind, Text: f.Text, Check: f.Check})
		}
		k.counts.Checked += results[i].Counts.Checked
		k.counts.Disagreed += results[i].Counts.Disagree
	}
}

func (k *intake) row(row *intakeRow, r table.Row, published bool) {
	if published && r.Outcome == table.Taken {
		row.Outcome, row.Reason = string(table.Ignored), fault.T("公布数：只核对，不入库", "published figures: checked, not filed")
		return
	}
	for _, t := range r.Notes {
		row.note("", t)
	}
	for _, f := range r.Refused {
		row.refuse(cellOf(f.Place), f.Text)
	}
	for _, f := range r.Figures {
		if !f.Value.Valid {
			row.note(f.Ref, fault.Tf("“%s”不是数，未取；确无此项的请在报表中注明", "“%s” is no figure and is not taken; where there is none, say so in the return", f.Written))
			continue
		}
		if f.Approx {
			row.note(f.Ref, fault.Tf("“%s”是约数，按 %s 取", "“%s” is a rough figure and taken as %s", f.Written, f.Value))
		}
		if f.Rounded {
			row.note(f.Ref, fault.Tf("多于六位小数，按 %s 取", "more than six decimals; taken as %s", f.Value))
		}
		var bad *fault.Text
		if f.Role == table.Plan {
			bad = k.placePlan(row, f)
		} else {
			bad = k.placeFigure(row, f)
		}
		if bad != nil {
			row.refuse(f.Ref, *bad)
		}
	}
}

// cellOf takes the cell out of a place such as "Sheet1!C7".
func cellOf(place string) string {
	for i := len(place) - 1; i >= 0; i-- {
		if place[i] == '!' {
			return place[i+1:]
		}
	}
	return place
}

func because(zh, en string, args ...any) *fault.Text {
	t := fault.Tf(zh, en, args...)
	return &t
}

// placeFigure finds the return of a figure, or says why it has none.
func (k *intake) placeFigure(row *intakeRow, f table.Figure) *fault.Text {
	ind, ok := k.cat.Indicator(f.Indicator)
	form, owned := k.cat.FormOf(f.Indicator)
	switch {
	case f.Item != "" && f.Division != "":
		return because("此行是“%s”的数，不是整个地区的数；确要取用请将该列设为忽略", "the row is about “%s” and not the whole division; to take it all the same, let its column be ignored", f.Item)
	case !ok || !owned:
		return because("指标 %s 不在任何报表中", "indicator %s is on no form", f.Indicator)
	case f.Role == table.Value && ind.Ratio != nil:
		return because("%s由分子、分母算出，不直接填报", "%s is formed from its numerator and denominator and not filed itself", ind.Name.Zh)
	case f.Role != table.Value && ind.Ratio == nil:
		return because("%s没有分子、分母", "%s has no numerator and denominator", ind.Name.Zh)
	}
	if t := spanFits(ind, f.Period); t != nil {
		return t
	}
	r := k.place(form, f.Division, f.Month)
	if r.closed != nil {
		return r.closed
	}
	part := intakePart{f.Indicator, f.Role == table.Denominator}
	if _, ok := r.parts[part]; !ok {
		r.order = append(r.order, part)
	}
	r.parts[part] = addCell(r.parts[part], intakeCell{row: row, ref: f.Ref, value: f.Value.Decimal})
	return nil
}

// addCell adds what one more cell says of the same figure. Where two differ, none is taken.
func addCell(cells []intakeCell, c intakeCell) []intakeCell {
	cells = append(cells, c)
	for i := range cells {
		if cells[i].value != cells[0].value {
			for j := range cells {
				cells[j].rival = true
			}
			break
		}
	}
	return cells
}

// spanFits holds a table's span of months against the kind of the indicator: a figure since January is not the month's.
func spanFits(ind pack.Indicator, p *table.Period) *fault.Text {
	if p == nil || p.From == p.To {
		return nil
	}
	months := map[pack.Cadence]int{pack.Monthly: 1, pack.Quarterly: 3, pack.HalfYear: 6, pack.Yearly: 12}[ind.Cadence]
	switch {
	case ind.Kind == pack.Cumulative && p.From != 1:
		return because("%s为年初累计，表中是 %d—%d 月", "%s is cumulated since January, the table is of months %d to %d", ind.Name.Zh, p.From, p.To)
	case ind.Kind == pack.Period && p.To-p.From+1 != months:
		return because("%s为当期数，表中是 %d—%d 月累计", "%s is of its period alone, the table is of months %d to %d", ind.Name.Zh, p.From, p.To)
	}
	return nil
}

// place finds the return of a form, division and month once.
func (k *intake) place(form pack.Form, code string, month hydrotime.Month) *intakeReturn {
	key := ReturnKey{form.ID, code, month}
	if r, ok := k.places[key]; ok {
		return r
	}
	r := &intakeReturn{key: key, form: form, parts: map[intakePart][]intakeCell{}}
	k.places[key] = r
	_, d, err := k.s.expects(k.cat, k.tree, k.p, identity.ReturnWrite, key)
	r.div = d
	switch {
	case err != nil:
		var e *fault.Error
		if r.closed = because("不能填报", "it cannot be filed"); errors.As(err, &e) {
			r.closed = &e.Text
		}
	case !k.tree.Within(k.div.ID, d.ID):
		r.closed = because("%s不在本次导入的范围内", "%s lies outside what the file was uploaded for", d.NameZh)
	case month > hydrotime.MonthOf(k.now):
		r.closed = because("%s 尚未到来", "%s has not begun", month)
	default:
		k.returns = append(k.returns, r)
	}
	return r
}

// placePlan finds the target of a plan amount, or says why it has none.
func (k *intake) placePlan(row *intakeRow, f table.Figure) *fault.Text {
	t, ok := k.cat.Target(f.Target)
	d, known := k.tree.ByCode(f.Division)
	switch {
	case !ok:
		return because("没有目标 %s", "there is no target %s", f.Target)
	case !known || !k.p.Can(identity.TargetRead, k.cat.LineOf(t.Indicator), d.ID):
		return because("没有代码为 %s 的区划，或不在您的权限范围内", "there is no division %s, or it is outside your scope", f.Division)
	case !k.tree.Within(k.div.ID, d.ID):
		return because("%s不在本次导入的范围内", "%s lies outside what the file was uploaded for", d.NameZh)
	case !f.Month.Valid():
		return because("计划数没有年份", "the plan amount has no year")
	}
	key := planKey{t.ID, f.Month.Year(), d.ID}
	p := k.plans[key]
	if p == nil {
		p = &intakePlan{target: t, div: d, year: key.year, line: k.cat.LineOf(t.Indicator)}
		k.plans[key] = p
		k.planned = append(k.planned, p)
	}
	p.cells = addCell(p.cells, intakeCell{row: row, ref: f.Ref, value: f.Value.Decimal})
	return nil
}
