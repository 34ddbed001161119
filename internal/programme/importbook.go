package programme

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/programme/table"
	"anlan/internal/registry"
	"anlan/internal/store"
	"anlan/internal/workbook"
)

// sentSheet is one sheet of a file with what was recognised in it and the mapping under which it is read.
type sentSheet struct {
	workbook.Sheet
	layout     *table.Layout
	mapping    *table.Mapping
	remembered bool
	chosen     bool // is taken; otherwise its rows are left out
}

// sentBook is a file as read.
type sentBook struct {
	*workbook.Book
	file   string
	names  *table.Names
	sheets []sentSheet
}

// openBook reads a file and suggests a mapping for each sheet. Hidden sheets and those without a header are left out
// unless a person chooses them.
func openBook(name string, content []byte, names *table.Names, cat table.Catalogue) (*sentBook, error) {
	book, err := workbook.Read(name, content)
	if err != nil {
		return nil, err
	}
	out := &sentBook{Book: book, file: name, names: names}
	for _, sheet := range book.Sheets {
		l := table.Recognise(name, sheet, names)
		out.sheets = append(out.sheets, sentSheet{
			Sheet: sheet, layout: l, mapping: table.Suggest(sheet, l, cat), chosen: l.HeaderFrom > 0 && !sheet.Hidden,
		})
	}
	return out, nil
}

// recall puts mappings that were confirmed for this sender in the place of suggestions.
func (b *sentBook) recall(ctx context.Context, q store.Querier, sender string, cat table.Catalogue) error {
	for i := range b.sheets {
		sheet := &b.sheets[i]
		if sheet.layout.Signature == "" || sheet.layout.HeaderFrom == 0 {
			continue
		}
		m, err := recallMapping(ctx, q, sender, sheet.layout.Signature)
		if err != nil {
			return err
		}
		if m != nil {
			sheet.mapping, sheet.remembered = m.Adapt(sheet.Sheet, sheet.layout, cat), true
		}
	}
	return nil
}

// choose gives each sheet the mapping that a person sent; a sheet that is not named is left out. With none sent, the
// mappings that were offered hold.
func (b *sentBook) choose(mappings []table.Mapping) error {
	if len(mappings) == 0 {
		return nil
	}
	for i := range b.sheets {
		b.sheets[i].chosen = false
	}
	bad := fault.Invalidf("import.mapping", "导入设置有误", "the mapping is not valid")
	for i, m := range mappings {
		at := slices.IndexFunc(b.sheets, func(s sentSheet) bool { return s.Name == m.Sheet })
		switch {
		case at < 0:
			bad.At(fmt.Sprintf("mappings[%d].sheet", i), fault.Tf("文件中没有工作表“%s”", "the file has no sheet “%s”", m.Sheet))
		case b.sheets[at].chosen:
			bad.At(fmt.Sprintf("mappings[%d].sheet", i), fault.Tf("工作表“%s”重复", "the sheet “%s” is named twice", m.Sheet))
		default:
			b.headed(at, m.HeaderFrom, m.HeaderTo)
			m.Signature = b.sheets[at].layout.Signature
			b.sheets[at].mapping, b.sheets[at].chosen = &m, true
		}
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// headed recognises a sheet anew where a person says that its header stands in other rows.
func (b *sentBook) headed(at, from, to int) {
	sheet := &b.sheets[at]
	if from != sheet.layout.HeaderFrom || to != sheet.layout.HeaderTo {
		sheet.layout = table.RecogniseAt(b.file, sheet.Sheet, b.names, from, to)
	}
}

// mappings lists the mappings of the sheets that are taken.
func (b *sentBook) mappings() []table.Mapping {
	out := []table.Mapping{}
	for _, sheet := range b.sheets {
		if sheet.chosen {
			out = append(out, *sheet.mapping)
		}
	}
	return out
}

// apply reads every chosen sheet under its mapping; the result of a sheet that is left out is nil.
func (b *sentBook) apply(cat table.Catalogue) ([]*table.Result, error) {
	open := fault.Invalidf("import.open", "导入设置还有待确认之处", "some points of the mapping are open")
	out := make([]*table.Result, len(b.sheets))
	for i, sheet := range b.sheets {
		if !sheet.chosen {
			continue
		}
		if q := sheet.mapping.Questions(cat); len(q) > 0 {
			for _, f := range q {
				open.At(sheet.Name+"/"+f.Place, f.Text)
			}
			continue
		}
		res, err := table.Apply(sheet.Sheet, sheet.layout, sheet.mapping, b.names, cat)
		if err != nil {
			return nil, err
		}
		out[i] = res
	}
	if len(open.Fields) > 0 {
		return nil, open
	}
	if !slices.ContainsFunc(b.sheets, func(s sentSheet) bool { return s.chosen }) {
		return nil, fault.Invalidf("import.empty", "没有可导入的表：未识别到表头", "there is no table to import: no header was recognised")
	}
	return out, nil
}

// namesOf makes the divisions of the tree findable by the names that tables give them.
func namesOf(tree *registry.Tree) *table.Names {
	var list []table.Division
	for _, d := range tree.All() {
		if d.RetiredAt != nil {
			continue
		}
		entry := table.Division{Code: d.Code, Zh: d.NameZh, Short: d.ShortZh, Aliases: []string{d.NameEn}}
		if parent, ok := tree.Parent(d.ID); ok {
			entry.Parent = parent.Code
		}
		list = append(list, entry)
	}
	return table.NewNames(list)
}

// senderOf names the office for which mappings are remembered: the division of the person's account.
func senderOf(tree *registry.Tree, p *identity.Principal) string {
	d, _ := tree.ByID(p.Home())
	return d.Code
}

// openImport reads the file of an import with the mappings that were confirmed, remembered or suggested.
func (s *Service) openImport(ctx context.Context, cat *catalogue, tree *registry.Tree, p *identity.Principal, r importRecord) (*sentBook, error) {
	book, err := openBook(r.fileName, r.content, namesOf(tree), cat)
	if err != nil {
		return nil, err
	}
	if r.mapping != "" {
		var confirmed []table.Mapping
		if err := json.Unmarshal([]byte(r.mapping), &confirmed); err != nil {
			return nil, fmt.Errorf("read the mapping of import %s: %w", r.id, err)
		}
		return book, book.choose(confirmed)
	}
	return book, book.recall(ctx, s.db, senderOf(tree, p), cat)
}

// showImport makes the view of an import.
func (s *Service) showImport(ctx context.Context, cat *catalogue, tree *registry.Tree, p *identity.Principal, r importRecord) (*Import, error) {
	out := &Import{ImportSummary: r.summary(tree), Notes: []fault.Text{}, Sheets: []ImportSheet{}}
	if r.state == ImportDropped {
		return out, nil
	}
	book, err := s.openImport(ctx, cat, tree, p, r)
	if err != nil {
		return nil, err
	}
	out.Format, out.Encoding, out.Notes = book.Format, book.Encoding, append(out.Notes, book.Notes...)
	for _, sheet := range book.sheets {
		out.Sheets = append(out.Sheets, sheet.view(cat))
	}
	return out, nil
}

func (s *sentSheet) view(cat table.Catalogue) ImportSheet {
	return ImportSheet{
		Name: s.Name, Hidden: s.Hidden, Total: len(s.Rows), Rows: sampleOf(s.Sheet), Layout: s.layout, Mapping: s.mapping,
		Remembered: s.remembered, Chosen: s.chosen, Questions: append([]fault.Field{}, s.mapping.Questions(cat)...),
	}
}

// ImportSheet gives one sheet of an import as it is recognised with its header in the rows from and to, counted from 1, and the
// mapping proposed for that. With published it is read as a table of published figures, of which nothing is filed and in which no
// column is taken for an indicator. It keeps nothing.
func (s *Service) ImportSheet(ctx context.Context, p *identity.Principal, id, name string, from, to int, published bool) (*ImportSheet, error) {
	cat, tree, err := s.context(ctx)
	if err != nil {
		return nil, err
	}
	r, err := importByID(ctx, s.db, p, id)
	if err != nil {
		return nil, err
	}
	book, err := openBook(r.fileName, r.content, namesOf(tree), cat)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(book.sheets, func(s sentSheet) bool { return s.Name == name })
	if at < 0 {
		return nil, fault.NotFoundf("import.sheet", "文件中没有工作表“%s”", "the file has no sheet “%s”", name)
	}
	sheet := &book.sheets[at]
	if from < 1 || to < from || to > len(sheet.Rows) {
		return nil, fault.Invalidf("import.header", "表头行应在 1 至 %d 行之间", "the header stands between rows 1 and %d", len(sheet.Rows))
	}
	book.headed(at, from, to)
	var known table.Catalogue = cat
	if published {
		known = nil
	}
	sheet.mapping, sheet.chosen = table.Suggest(sheet.Sheet, sheet.layout, known), true
	sheet.mapping.Published = published
	view := sheet.view(cat)
	return &view, nil
}

func sampleOf(sheet workbook.Sheet) [][]string {
	out := [][]string{}
	for _, row := range sheet.Rows[:min(len(sheet.Rows), sheetSample)] {
		texts := make([]string, len(row))
		for i, c := range row {
			texts[i] = c.Text
		}
		out = append(out, texts)
	}
	return out
}

// rowText is a row as it is recorded.
func rowText(row []workbook.Cell) string {
	texts := make([]string, 0, len(row))
	for _, c := range row {
		texts = append(texts, strings.ReplaceAll(c.Text, "\t", " "))
	}
	return cleanText(strings.TrimRight(strings.Join(texts, "\t"), "\t"), contentRunes)
}
