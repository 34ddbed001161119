package web

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"

	"anlan/internal/bulletin"
	"anlan/internal/bulletin/compose"
	"anlan/internal/bulletin/snapshot"
	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/programme"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/store"
	"anlan/internal/workbook"
)

func (s *Server) getBulletin(ctx context.Context, p *identity.Principal, in *NumberPath) (*BulletinPaper, error) {
	d, err := s.Bulletin.Get(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	rows, err := s.bulletinRows(ctx, p, append([]*bulletin.Bulletin{d.Bulletin}, d.CorrectedBy...)...)
	if err != nil {
		return nil, err
	}
	tree, err := s.Registry.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := &BulletinPaper{
		BulletinRow: rows[0], CorrectedBy: rows[1:], Mark: d.Body.Mark, FullTitle: d.Body.Title, Subtitle: d.Body.Subtitle, To: d.Body.To, CopyTo: d.Body.CopyTo,
		Blocks: []BulletinPiece{}, Flags: d.Flags, Moves: d.Moves, Addressees: []BulletinRecipientRow{}, Suggested: []BulletinRecipientRow{}, Steps: []BulletinStep{}, Forms: s.Bulletin.Forms(),
		Snapshot: BulletinFrozen{d.SnapshotHash, d.Snapshot.AsOf, d.TemplateVersion, len(d.Snapshot.Measures), len(d.Snapshot.Cells)},
	}
	for i := range d.Body.Pieces {
		out.Blocks = append(out.Blocks, pieceOf(&d.Body.Pieces[i]))
	}
	out.Figures = figuresOf(d.Snapshot, d.Body.Figures())
	for _, r := range d.Recipients {
		out.Addressees = append(out.Addressees, BulletinRecipientRow{programme.RefOf(tree, r.Division), r.Organisation, r.Name, r.ReadAt, r.ReadBy})
	}
	for _, e := range d.Events {
		out.Steps = append(out.Steps, BulletinStep(e))
	}
	if slices.Contains(d.Moves, bulletin.Issue) || slices.Contains(d.Moves, bulletin.Approve) {
		if out.Suggested, err = s.suggested(ctx, tree, d.Bulletin); err != nil {
			return nil, err
		}
	}
	return out, s.bulletinNeighbours(ctx, p, d, out)
}

// bulletinNeighbours names the bulletin that is put right, and the one of the period before.
func (s *Server) bulletinNeighbours(ctx context.Context, p *identity.Principal, d *bulletin.Detail, out *BulletinPaper) error {
	one := func(b *bulletin.Bulletin) (*BulletinRow, error) {
		rows, err := s.bulletinRows(ctx, p, b)
		if err != nil {
			return nil, err
		}
		return &rows[0], nil
	}
	if d.Corrects != 0 {
		b, err := s.Bulletin.Head(ctx, p, d.Corrects)
		switch {
		case fault.Is(err, fault.NotFound): // it is not for this person
		case err != nil:
			return err
		default:
			if out.Original, err = one(b); err != nil {
				return err
			}
		}
	}
	was, err := s.Bulletin.Previous(ctx, p, d.Bulletin)
	if err != nil || was == nil {
		return err
	}
	out.Previous, err = one(was)
	return err
}

// suggested are the divisions that a bulletin is likely issued to: those right below the office, or the one that it is about.
func (s *Server) suggested(ctx context.Context, tree *registry.Tree, b *bulletin.Bulletin) ([]BulletinRecipientRow, error) {
	list := []registry.Division{b.Scope}
	if b.Scope.ID == b.Keeper.ID {
		list = nil
		for _, d := range tree.Children(b.Keeper.ID) {
			if d.RetiredAt == nil {
				list = append(list, d)
			}
		}
	}
	out := []BulletinRecipientRow{}
	for _, d := range list {
		name, err := s.Matter.Office(ctx, d.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, BulletinRecipientRow{Division: programme.RefOf(tree, d), Name: name})
	}
	return out, nil
}

func pieceOf(p *compose.Piece) BulletinPiece {
	runs, flags := p.Now()
	out := BulletinPiece{
		ID: p.ID, Kind: p.Kind, Level: p.Level, Wide: p.Wide, Runs: runs, Changed: p.Text != nil && !p.Added, Removed: p.Removed, Added: p.Added, By: p.By, At: p.At,
		Composed: compose.Plain(p.Runs), Flags: flags, Table: p.Table, Chart: p.Chart,
	}
	if out.Runs == nil {
		out.Runs = []compose.Run{}
	}
	if out.Flags == nil || p.Removed {
		out.Flags = []compose.Flag{}
	}
	return out
}

func figuresOf(x *snapshot.Index, keys []string) []BulletinFigureRow {
	out := []BulletinFigureRow{}
	for _, key := range keys {
		if f, ok := x.Lookup(key); ok {
			out = append(out, figureRow(f))
		} else if row, ok := listFigure(x, key); ok {
			out = append(out, row)
		}
	}
	return out
}

func figureRow(f snapshot.Figure) BulletinFigureRow {
	r := BulletinFigureRow{
		Key: f.Key, Measure: f.Measure.Key, Indicator: f.Measure.Indicator, Name: f.Measure.Name, Aim: f.Measure.Aim, Division: BulletinPlace{f.Division.Code, f.Division.Name},
		Aspect: f.Aspect.ID, AspectName: f.Aspect.Name, Value: f.Value, Unit: f.Unit, UnitName: unitText(f.Unit), Decimals: f.Decimals, Shown: f.Shown(), State: f.Cell.State, Grade: f.Cell.Grade,
		Reported: f.Cell.Reported, Expected: f.Cell.Expected, Pending: f.Cell.Pending, Origin: f.Cell.Origin,
	}
	switch {
	case f.Aspect.ID == "plan":
		r.Source = fault.T("年度目标", "target of the year")
	case f.Aspect.Judged:
		r.Source = fault.T("计算", "computed")
	case f.Cell.Origin != nil:
		r.Source = fault.T("报表", "return")
	default:
		r.Source = fault.T("下级汇总或计算", "sum of the divisions below, or computed")
	}
	return r
}

// listFigure is a figure of a list: a field of an item, or how many there are.
func listFigure(x *snapshot.Index, key string) (BulletinFigureRow, bool) {
	kind, id, aspect, ok := snapshot.SplitList(key)
	if !ok {
		return BulletinFigureRow{}, false
	}
	for i := range x.Lists {
		l := &x.Lists[i]
		if kind == "list" && l.ID == id {
			n := quantity.Some(quantity.Int(int64(len(l.Items))))
			return BulletinFigureRow{Key: key, Name: l.Name, Division: BulletinPlace{x.Scope.Code, x.Scope.Name}, Aspect: aspect, AspectName: fault.T("项数", "Items"), Value: n, Unit: "one", Shown: n.String(), Source: l.Source}, true
		}
		for _, it := range l.Items {
			f, has := it.Fields[aspect]
			if kind != "item" || it.ID != id || !has {
				continue
			}
			d, _ := x.Division(it.Division)
			return BulletinFigureRow{
				Key: key, Name: itemName(l, &it, d), Division: BulletinPlace{d.Code, d.Name}, Aspect: aspect, AspectName: compose.FieldName(aspect), Value: f.Number, Unit: f.Unit, UnitName: unitText(f.Unit),
				Decimals: f.Decimals, Shown: snapshot.Write(f.Number.Decimal, f.Unit, f.Decimals), Source: l.Source, Record: it.Of,
			}, true
		}
	}
	return BulletinFigureRow{}, false
}

// itemName is a list with which of its rows is meant, where that is not the division itself.
func itemName(l *snapshot.List, it *snapshot.Item, d snapshot.Division) fault.Text {
	name := it.Fields["title"].Text
	if name.Zh == "" {
		name = it.Fields["name"].Text
	}
	if name.Zh == "" || name.Zh == d.Name.Zh {
		return l.Name
	}
	return fault.T(l.Name.Zh+"："+name.Zh, l.Name.En+": "+cmp.Or(name.En, name.Zh))
}

func unitText(code string) fault.Text {
	if u, ok := quantity.UnitOf(code); ok {
		return u.Name
	}
	return fault.T(code, code)
}

func (s *Server) listBulletinFigures(ctx context.Context, p *identity.Principal, in *struct {
	NumberPath
	Measure  string `query:"measure" maxLength:"80"`
	Division string `query:"division" maxLength:"20"`
	Q        string `query:"q" maxLength:"100" doc:"Part of the name of a measure"`
	After    int    `query:"after" minimum:"0" doc:"How many to pass over"`
	Limit    int    `query:"limit" minimum:"1" maximum:"2000" default:"200"`
},
) (*FigurePage, error) {
	d, err := s.Bulletin.Get(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	out := &FigurePage{Items: []BulletinFigureRow{}}
	text := strings.ToLower(strings.TrimSpace(in.Q))
	for i := range d.Snapshot.Cells {
		c := &d.Snapshot.Cells[i]
		m := d.Snapshot.Measure(c.Measure)
		if in.Measure != "" && c.Measure != in.Measure || in.Division != "" && c.Division != in.Division || text != "" && !strings.Contains(strings.ToLower(m.Name.Zh+" "+m.Name.En), text) {
			continue
		}
		for _, a := range snapshot.Aspects() {
			f, ok := d.Snapshot.Figure(c.Measure, c.Division, a.ID)
			if !ok || !f.Value.Valid && a.ID != "value" {
				continue
			}
			if out.Total >= in.After && len(out.Items) < in.Limit {
				out.Items = append(out.Items, figureRow(f))
			}
			out.Total++
		}
	}
	return out, nil
}

// FigurePage is one page of frozen figures.
type FigurePage struct {
	Items []BulletinFigureRow `json:"items"`
	Total int                 `json:"total"`
}

func (s *Server) listBulletinCorrections(ctx context.Context, p *identity.Principal, in *NumberPath) (*Items[BulletinCorrection], error) {
	d, err := s.Bulletin.Get(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	list, err := s.Bulletin.Corrections(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	used := map[string]bool{}
	for _, key := range d.Body.Figures() {
		used[key] = true
	}
	out := &Items[BulletinCorrection]{[]BulletinCorrection{}}
	for _, c := range list {
		out.Items = append(out.Items, BulletinCorrection{
			Key: c.Key, Name: c.Measure.Name, Division: BulletinPlace{c.Division.Code, c.Division.Name}, Aspect: c.Aspect.ID, AspectName: c.Aspect.Name, Unit: c.Unit, UnitName: unitText(c.Unit),
			Decimals: c.Decimals, Then: c.Then, Now: c.Now, ThenState: c.ThenState, NowState: c.NowState, Versions: [2]int64{c.ThenVersion, c.NowVersion}, Filed: c.Filed, Used: used[c.Key], Origin: c.Origin,
		})
	}
	slices.SortStableFunc(out.Items, func(a, b BulletinCorrection) int { return -cmp.Compare(store.Flag(a.Used), store.Flag(b.Used)) })
	return out, nil
}

func (s *Server) compareBulletins(ctx context.Context, p *identity.Principal, in *struct {
	NumberPath
	With       int64  `query:"with" minimum:"1" doc:"The earlier bulletin; the one of the period before where left out"`
	Difference string `query:"difference" enum:"same,changed,new,gone" doc:"Only these"`
	Division   string `query:"division" maxLength:"20"`
	Q          string `query:"q" maxLength:"100"`
},
) (*BulletinPairs, error) {
	if in.With == 0 {
		b, err := s.Bulletin.Head(ctx, p, in.ID)
		if err != nil {
			return nil, err
		}
		was, err := s.Bulletin.Previous(ctx, p, b)
		if err != nil {
			return nil, err
		}
		if was == nil {
			return nil, fault.NotFoundf("bulletin.previous", "没有可比的上一期", "there is no earlier one to compare with")
		}
		in.With = was.ID
	}
	c, err := s.Bulletin.Compare(ctx, p, in.With, in.ID)
	if err != nil {
		return nil, err
	}
	rows, err := s.bulletinRows(ctx, p, c.Before, c.After)
	if err != nil {
		return nil, err
	}
	out := &BulletinPairs{Before: rows[0], After: rows[1], Counts: map[string]int{}, Items: []BulletinPair{}}
	text := strings.ToLower(strings.TrimSpace(in.Q))
	for _, pr := range c.Pairs {
		out.Counts[string(pr.Difference)]++
		if in.Difference != "" && string(pr.Difference) != in.Difference || in.Division != "" && pr.Division.Code != in.Division || text != "" && !strings.Contains(strings.ToLower(pr.Name.Zh+" "+pr.Name.En), text) {
			continue
		}
		out.Items = append(out.Items, BulletinPair{
			Key: pr.Key, Name: pr.Name, Division: BulletinPlace{pr.Division.Code, pr.Division.Name}, Aspect: pr.Aspect.ID, AspectName: pr.Aspect.Name, Unit: pr.Unit, UnitName: unitText(pr.Unit),
			Decimals: pr.Decimals, Before: pr.Before, After: pr.After, Difference: pr.Difference,
		})
	}
	return out, nil
}

// BulletinFile is an archived file.
type BulletinFile struct {
	Form bulletin.Form `json:"form" enum:"docx,pdf,xlsx,xlsx.en"`
	Name string        `json:"name"`
	Hash string        `json:"hash" doc:"SHA-256 of its bytes"`
	Size int64         `json:"size"`
}

func (s *Server) addBulletinFiles(route func(method, path, id, summary string, perm identity.Permission) Route) {
	add(s, route("GET", "/api/bulletins/{id}/files", "listBulletinFiles", "The archived files of an issued bulletin", identity.BulletinRead), func(ctx context.Context, p *identity.Principal, in *NumberPath) (*Items[BulletinFile], error) {
		list, err := s.Bulletin.Kept(ctx, p, in.ID)
		out := &Items[BulletinFile]{[]BulletinFile{}}
		for _, f := range list {
			out.Items = append(out.Items, BulletinFile(f))
		}
		return out, err
	})
	types := map[bulletin.Form]string{bulletin.DOCX: typeDOCX, bulletin.PDF: "application/pdf", bulletin.Sheet: typeXLSX, bulletin.SheetEn: typeXLSX}
	file := func(path, id, summary string, form bulletin.Form) {
		addFile(s, route("GET", path, id, summary, identity.BulletinRead), func(ctx context.Context, p *identity.Principal, in *NumberPath) (*File, error) {
			f, err := s.Bulletin.File(ctx, p, in.ID, form)
			if err != nil {
				return nil, err
			}
			return &File{Name: f.Name, Type: types[form], Content: f.Content}, nil
		})
	}
	file("/api/bulletins/{id}/document.docx", "bulletinDocument", "A bulletin as an official document", bulletin.DOCX)
	file("/api/bulletins/{id}/document.pdf", "bulletinPDF", "A bulletin as PDF", bulletin.PDF)
	file("/api/bulletins/{id}/figures.xlsx", "bulletinFigures", "The frozen figures as a workbook, in Chinese", bulletin.Sheet)
	file("/api/bulletins/{id}/figures.en.xlsx", "bulletinFiguresEn", "The frozen figures as a workbook, in English", bulletin.SheetEn)
}

func (s *Server) exportBulletins(ctx context.Context, p *identity.Principal, in *BulletinFilter) (*File, error) {
	if !p.CanSomewhere(identity.BulletinRead) {
		return nil, fault.Forbiddenf("bulletin.permission", "您没有查看通报的权限", "you may not see bulletins")
	}
	q, err := in.query(ctx, s)
	if err != nil {
		return nil, err
	}
	q.Limit = sheetMost
	pg, err := s.Bulletin.List(ctx, p, q)
	if err != nil {
		return nil, err
	}
	rows, err := s.bulletinRows(ctx, p, pg.Items...)
	if err != nil {
		return nil, err
	}
	t := workbook.Table{Title: "通报档案"}
	for _, h := range []string{"文号", "标题", "类别", "范围", "期数", "状态", "成文日期", "拟稿", "审定", "签发", "主送", "已签收"} {
		t.Columns = append(t.Columns, workbook.Column{Head: []string{h}})
	}
	for _, r := range rows {
		on := ""
		if r.IssuedOn != nil {
			on = r.IssuedOn.String()
		}
		row := []workbook.Value{}
		for _, v := range []string{r.Number, r.Title, r.KindName.Zh, r.Scope.Name.Zh, r.Period, bulletinState(r.State), on, r.Drafter, r.Approver, r.Issuer} {
			row = append(row, workbook.TextValue(v))
		}
		for _, n := range []int{r.Recipients, r.Read} {
			row = append(row, workbook.FigureValue(quantity.Some(quantity.Int(int64(n)))))
		}
		t.Rows = append(t.Rows, row)
	}
	var b bytes.Buffer
	if err := workbook.WriteXLSX(&b, t); err != nil {
		return nil, err
	}
	return &File{Name: "通报档案.xlsx", Type: typeXLSX, Content: b.Bytes()}, nil
}

func bulletinState(st bulletin.State) string {
	switch st {
	case bulletin.Draft:
		return "草稿"
	case bulletin.Submitted:
		return "送审"
	case bulletin.Approved:
		return "已审定"
	case bulletin.Issued:
		return "已印发"
	}
	return "已撤回"
}

// BulletinChanged tells open screens of a bulletin: before it is issued only those who make it.
func (s *Server) BulletinChanged(ch bulletin.Change) {
	e := Event{Kind: "bulletin", Line: ch.Line, Division: ch.Keeper, need: identity.BulletinWrite}
	if ch.Issued {
		e.Division, e.need = 0, ""
	}
	s.events.publish(e)
}
