package programme

import (
	"context"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/programme/table"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// importTries is how often a confirmation that lost to somebody else's saving is made anew.
const importTries = 3

// PreviewImport says what an import would do under some mappings, or under those offered where none are given. It writes
// nothing.
func (s *Service) PreviewImport(ctx context.Context, p *identity.Principal, id string, mappings []table.Mapping) (*ImportEffect, error) {
	cat, tree, err := s.context(ctx)
	if err != nil {
		return nil, err
	}
	r, err := importByID(ctx, s.db, p, id)
	if err != nil {
		return nil, err
	}
	if r.state == ImportDropped {
		return nil, errDropped()
	}
	book, results, err := s.readImport(ctx, cat, tree, p, r, mappings)
	if err != nil {
		return nil, err
	}
	k := s.newIntake(cat, tree, p, r.division, ImportReplace)
	k.read(book, results)
	if err := s.db.Snapshot(ctx, func(q store.Querier) error { return k.load(ctx, q) }); err != nil {
		return nil, err
	}
	k.settle()
	return k.effect(id, r.state), nil
}

func errDropped() error {
	return fault.Conflictf("import.dropped", "该导入已放弃，请重新上传", "the import was dropped; upload the file again")
}

func (s *Service) readImport(ctx context.Context, cat *catalogue, tree *registry.Tree, p *identity.Principal, r importRecord, mappings []table.Mapping) (*sentBook, []*table.Result, error) {
	book, err := s.openImport(ctx, cat, tree, p, r)
	if err != nil {
		return nil, nil, err
	}
	if err := book.choose(mappings); err != nil {
		return nil, nil, err
	}
	results, err := book.apply(cat)
	return book, results, err
}

// ConfirmImport files an import in one transaction: figures go into the drafts of their returns, plan amounts into the
// targets where the person may set them, every row is recorded and the mappings are remembered for the sender. An import
// that is done stays as it is.
func (s *Service) ConfirmImport(ctx context.Context, p *identity.Principal, id string, mappings []table.Mapping, mode ImportMode) (*ImportEffect, error) {
	if mode == "" {
		mode = ImportReplace
	}
	if mode != ImportReplace && mode != ImportFill && mode != ImportStrict {
		return nil, fault.Invalidf("import.mode", "没有这种导入方式：%s", "there is no mode %s", mode)
	}
	cat, tree, err := s.context(ctx)
	if err != nil {
		return nil, err
	}
	r, err := importByID(ctx, s.db, p, id)
	if err != nil {
		return nil, err
	}
	switch r.state {
	case ImportDone:
		return r.done(), nil
	case ImportDropped:
		return nil, errDropped()
	}
	book, results, err := s.readImport(ctx, cat, tree, p, r, mappings)
	if err != nil {
		return nil, err
	}
	var k *intake
	for range importTries { // somebody may save one of the returns between reading and writing
		err = s.db.Write(ctx, func(tx *store.Tx) error {
			k = nil
			if first, err := claimImport(ctx, tx, id, s.now()); err != nil || !first {
				return err
			}
			k = s.newIntake(cat, tree, p, r.division, mode)
			k.read(book, results)
			if err := k.load(ctx, tx); err != nil {
				return err
			}
			k.settle()
			return k.write(ctx, tx, r, book)
		})
		if !fault.Is(err, fault.Conflict) {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	if k == nil { // another confirmation, or a drop, was faster
		if r, err = importByID(ctx, s.db, p, id); err == nil && r.state == ImportDropped {
			err = errDropped()
		}
		return r.done(), err
	}
	return k.effect(id, ImportDone), nil
}

// done is the effect of an import that was confirmed before.
func (r importRecord) done() *ImportEffect {
	return &ImportEffect{Import: r.id, State: ImportDone, Already: true, Counts: r.counts, Rows: []ImportRow{}, Findings: []ImportFinding{}, Changes: []ImportChange{}}
}

// write carries out what was decided.
func (k *intake) write(ctx context.Context, tx *store.Tx, r importRecord, book *sentBook) error {
	if k.mode == ImportStrict && k.counts.Refused+k.counts.Cells > 0 {
		return k.refuse()
	}
	if err := k.writeReturns(ctx, tx, r.id); err != nil {
		return err
	}
	for _, p := range k.planned {
		if !p.write {
			continue
		}
		if err := k.s.setTarget(ctx, tx, k.p.Actor(), p.target, p.year, p.div, p.change()); err != nil {
			return err
		}
		tx.AfterCommit(func() { k.s.changed(Change{Kind: "target", Line: p.line, Division: p.div.ID, Code: p.div.Code}) })
	}
	if err := insertImportRows(ctx, tx, r.id, k.records()); err != nil {
		return err
	}
	if err := k.remember(ctx, tx, book); err != nil {
		return err
	}
	if err := noteImport(ctx, tx, r.id, book.mappings(), k.counts); err != nil {
		return err
	}
	return auditImport(ctx, tx, k.p, r, "import.confirm", k.now, map[string]any{"mode": k.mode, "counts": k.counts})
}

// refuse makes the fault of an import that takes all or nothing.
func (k *intake) refuse() error {
	bad := fault.Invalidf("import.refused", "有 %d 行、%d 处不能导入，按“全部或不导入”未写入", "%d rows and %d cells cannot be taken; nothing was written, as asked", k.counts.Refused, k.counts.Cells)
	for _, row := range k.rows {
		if row.Outcome == string(table.Refused) {
			bad.At(row.Sheet+"!"+row.Cell, row.Reason)
		}
		for _, r := range row.refused {
			bad.At(r.Sheet+"!"+r.Cell, r.Reason)
		}
		if len(bad.Fields) >= 200 {
			break
		}
	}
	return bad
}

// remember keeps the mappings of the sheets taken for the next table of the sender with the same header. What names the one
// division of a sheet is forgotten where sheets of one header are for several.
func (k *intake) remember(ctx context.Context, tx *store.Tx, book *sentBook) error {
	kept := map[string]table.Mapping{}
	for _, m := range book.mappings() {
		if m.Signature == "" {
			continue
		}
		if before, ok := kept[m.Signature]; ok && before.Division != m.Division {
			m.Division = ""
		}
		kept[m.Signature] = m
	}
	for _, m := range kept {
		if err := rememberMapping(ctx, tx, senderOf(k.tree, k.p), m, k.now, k.p.Name()); err != nil {
			return err
		}
	}
	return nil
}
