package web

import (
	"bytes"
	"cmp"
	"context"
	"time"

	"anlan/internal/fault"
	"anlan/internal/gb9704"
	"anlan/internal/hydrotime"
	"anlan/internal/identity"
	"anlan/internal/matter"
	"anlan/internal/oversight/checklist"
	"anlan/internal/oversight/paper"
	"anlan/internal/workbook"
)

const typeDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// paperMost bounds the lines of one document; a workbook may hold more.
const (
	paperMost = 5_000
	sheetMost = 50_000
)

// MatterListFile is a filtered list to be saved as a file.
type MatterListFile struct {
	MatterFilter
	List paper.List `query:"list" enum:"problem,responsibility,rectification" default:"problem"`
	Sort string     `query:"sort" maxLength:"20"`
}

func (s *Server) addMatterPaperRoutes() {
	file := func(path, id, summary string) Route {
		return Route{Method: "GET", Path: path, ID: id, Summary: summary, Tag: "matters", Permission: identity.Export}
	}
	addFile(s, file("/api/matters/list.docx", "matterListDocument", "One of the three lists as an official document"), func(ctx context.Context, p *identity.Principal, in *MatterListFile) (*File, error) {
		lines, office, err := s.paperLines(ctx, p, in, paperMost)
		if err != nil {
			return nil, err
		}
		return document(in.List.Title(office), paper.Ledger(in.List, office, lines, s.Now().In(hydrotime.Beijing)))
	})
	addFile(s, file("/api/matters/list.xlsx", "matterListWorkbook", "One of the three lists as a workbook"), func(ctx context.Context, p *identity.Principal, in *MatterListFile) (*File, error) {
		lines, office, err := s.paperLines(ctx, p, in, sheetMost)
		if err != nil {
			return nil, err
		}
		table := workbook.Table{Title: in.List.Title(office), Notes: []string{paper.Count(lines, " "+hydrotime.DateOf(s.Now()).String())}}
		for _, h := range in.List.Heads("zh") {
			table.Columns = append(table.Columns, workbook.Column{Head: []string{h}})
		}
		for _, l := range lines {
			var row []workbook.Value
			for _, c := range in.List.Cells(l) {
				row = append(row, workbook.TextValue(c))
			}
			table.Rows = append(table.Rows, row)
		}
		return s.tableFile(ctx, p, table, table.Title, "xlsx")
	})
	addFile(s, file("/api/matters/{id}/notice.docx", "matterNotice", "A notice of rectification over one matter"), s.matterNotice)
}

func document(name string, d gb9704.Document) (*File, error) {
	var b bytes.Buffer
	if err := gb9704.Write(&b, d); err != nil {
		return nil, err
	}
	return &File{Name: name + ".docx", Type: typeDOCX, Content: b.Bytes()}, nil
}

// paperLines reads a filtered list as lines of words, and who keeps it: the office of the scope, or of the person's own division.
func (s *Server) paperLines(ctx context.Context, p *identity.Principal, in *MatterListFile, most int) ([]paper.Line, string, error) {
	q, err := s.matterQuery(ctx, p, &in.MatterFilter)
	if err != nil {
		return nil, "", err
	}
	q.Sort, q.Limit = in.Sort, most
	pg, err := s.Matter.List(ctx, p, q)
	if err != nil {
		return nil, "", err
	}
	if pg.Total > most {
		return nil, "", fault.New(fault.TooLarge, "matter.export", fault.Tf("共 %d 项，超过 %d 项，请缩小范围", "%d matters, more than %d: choose fewer", pg.Total, most))
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, "", err
	}
	office := p.Home()
	if q.Division != 0 && p.Can(identity.MatterRead, "", q.Division) {
		office = q.Division
	}
	bases, err := s.Matter.Bases(ctx, pg)
	if err != nil {
		return nil, "", err
	}
	lines := []paper.Line{}
	for _, row := range s.matterPage(tree, pg).Items {
		l := lineOf(&row)
		l.Basis = cmp.Or(bases[row.ID], l.Basis)
		lines = append(lines, l)
	}
	name, err := s.Matter.Office(ctx, office)
	return lines, name.Zh, err
}

func lineOf(r *MatterRow) paper.Line {
	l := paper.Line{
		Number: r.Number, County: r.Division.Short, Title: r.Title.Zh, Basis: r.Item, Severity: severityName(r.Severity), Origin: originName(r.Origin), Found: hydrotime.DateOf(r.Found).String(),
		Unit: r.Unit.Name.Zh, Keeper: r.Keeper.Name.Zh, Step: stepWord(r.Step), Measures: r.Measures, Due: r.Due.String(), State: matter.StateName(r.State).Zh,
		Veiled: r.Veiled,
	}
	if r.Object != nil {
		l.Object = r.Object.Name.Zh
	}
	if r.Person != nil {
		l.Person = r.Person.Name.Zh
	}
	if r.Original != nil {
		l.OriginalDue = r.Original.String()
	}
	if r.Closed != nil {
		l.Closed = hydrotime.DateOf(*r.Closed).String()
	}
	return l
}

// severityName is the word of a checklist for a grade, "" where there is none.
func severityName(n int) string {
	if n == 0 {
		return ""
	}
	return checklist.Severities()[n-1].Name().Zh
}

func originName(o matter.Origin) string {
	return map[matter.Origin]string{matter.Ministry: "部", matter.Province: "省", matter.City: "市", matter.County: "县", matter.Self: "自查", matter.Rule: "系统"}[o]
}

func stepWord(id string) string {
	for _, st := range matter.Steps() {
		if st.ID == id {
			return st.Name.Zh
		}
	}
	return ""
}

func (s *Server) matterNotice(ctx context.Context, p *identity.Principal, in *MatterPath) (*File, error) {
	d, err := s.matterDetail(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	if d.Kind != matter.Finding && d.Kind != matter.Hazard {
		return nil, fault.Conflictf("matter.notice", "整改通知书只用于检查发现的问题和隐患", "a notice of rectification is for what was found on site")
	}
	keeper, err := s.divisionOf(ctx, d.Keeper.Code)
	if err != nil {
		return nil, err
	}
	office, err := s.Matter.Office(ctx, keeper.ID)
	if err != nil {
		return nil, err
	}
	n := paper.Notice{Office: office.Zh, At: s.Now().In(hydrotime.Beijing), Place: d.Place.Words}
	n.Line = paper.Line{
		Number: d.Number, County: d.Division.Name.Zh, Title: d.Title.Zh, Detail: d.Detail, Basis: d.Basis, Severity: severityName(d.Severity), Origin: originName(d.Origin),
		Unit: d.Unit.Name.Zh, Measures: d.Measures, Due: chineseDay(d.Due),
	}
	if d.Original != nil && *d.Original != d.Due {
		n.Line.OriginalDue, n.Line.Extended = chineseDay(*d.Original), true
	}
	if d.Object != nil {
		n.Line.Object = d.Object.Name.Zh
	}
	if d.Person != nil {
		n.Line.Person = d.Person.Name.Zh
	}
	return document("整改通知书 "+d.Number, n.Document())
}

func chineseDay(d hydrotime.Date) string {
	return gb9704.DateText(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, hydrotime.Beijing))
}
