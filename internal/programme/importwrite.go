package programme

import (
	"context"
	"fmt"
	"slices"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/identity/audit"
	"anlan/internal/store"
)

// writeReturns puts the figures into their drafts and opens those that are missing, many to a statement: a table may be of
// every county and many months. What a person would leave in the history stands there too; the audit has one entry for each
// county, with every line that was written.
func (k *intake) writeReturns(ctx context.Context, tx *store.Tx, id string) error {
	var list []*intakeReturn
	for _, r := range k.returns {
		if len(r.write) > 0 {
			list = append(list, r)
		}
	}
	if len(list) == 0 {
		return nil
	}
	if err := k.openDrafts(ctx, tx, list); err != nil {
		return err
	}
	who, at := k.p.Actor(), k.now.UnixMilli()
	var lines [][]any
	for _, r := range list {
		for _, c := range r.write {
			lines = append(lines, []any{r.filing.id, k.cat.number[c.Indicator], micros(c.Value), micros(c.Base), c.Blank, c.Note, "import:" + id, at, who.Name})
		}
	}
	err := insertMany(ctx, tx, `INSERT INTO filing_line (filing_id, indicator_id, value_e6, base_e6, blank, note, source, changed_at, changed_by)`, lines,
		`ON CONFLICT (filing_id, indicator_id) DO UPDATE SET value_e6 = excluded.value_e6, base_e6 = excluded.base_e6, blank = excluded.blank,
			note = excluded.note, source = excluded.source, changed_at = excluded.changed_at, changed_by = excluded.changed_by`)
	if err != nil {
		return err
	}
	for _, r := range list {
		tx.AfterCommit(func() {
			k.s.changed(Change{Kind: "return", Line: k.cat.LineOfForm(r.form.ID), Division: r.div.ID, Code: r.div.Code, Period: r.key.Period})
		})
	}
	return k.auditReturns(ctx, tx, id, list)
}

// openDrafts opens the returns that nobody opened yet, and counts an edit of the others.
func (k *intake) openDrafts(ctx context.Context, tx *store.Tx, list []*intakeReturn) error {
	who, at := k.p.Actor(), k.now.UnixMilli()
	var missing []*intakeReturn
	for _, r := range list {
		if r.filing.id == 0 {
			missing = append(missing, r)
			continue
		}
		if err := touchFiling(ctx, tx, r.filing, r.filing.edit, k.now, who.Name); err != nil {
			return err
		}
	}
	if len(missing) == 0 {
		return nil
	}
	first, err := tx.Next(ctx, "filing", int64(len(missing)))
	if err != nil {
		return err
	}
	filings, events := make([][]any, len(missing)), make([][]any, len(missing))
	for i, r := range missing {
		r.filing.id = first + int64(i)
		due := dueOf(r.form, r.key.Period).UnixMilli()
		filings[i] = []any{r.filing.id, r.form.ID, r.div.ID, int64(r.key.Period), 1, string(Draft), 2, due, at, who.Name, at, who.Name}
		events[i] = []any{r.filing.id, 1, at, who.ID, who.Name, "open", string(Missing), string(Draft), ""}
	}
	err = insertMany(ctx, tx, `INSERT INTO filing (id, form, division_id, period, version, state, edit, due_at, opened_at, opened_by, changed_at, changed_by)`, filings, "")
	if store.IsUnique(err) {
		return fault.Conflictf("return.opened", "此报表刚刚已被他人打开", "somebody has just opened this return").Because(err)
	}
	if err != nil {
		return err
	}
	return insertMany(ctx, tx, `INSERT INTO filing_event (filing_id, seq, at, actor_id, actor_name, move, from_state, to_state, reason)`, events, "")
}

// importedReturn is a return in the audit entry of an import.
type importedReturn struct {
	Return int64           `json:"return"`
	Form   string          `json:"form"`
	Period hydrotime.Month `json:"period"`
	Opened bool            `json:"opened"`
	Lines  []LineChange    `json:"lines"`
}

func (k *intake) auditReturns(ctx context.Context, tx *store.Tx, id string, list []*intakeReturn) error {
	byDivision := map[int64][]importedReturn{}
	var order []int64
	for _, r := range list {
		if !slices.Contains(order, r.div.ID) {
			order = append(order, r.div.ID)
		}
		byDivision[r.div.ID] = append(byDivision[r.div.ID], importedReturn{r.filing.id, r.form.ID, r.key.Period, r.filing.state == Missing, r.write})
	}
	for _, d := range order {
		err := audit.Append(ctx, tx, audit.Entry{
			At: k.now, Actor: k.p.Actor(), Action: "import.write", ObjectKind: "import", ObjectID: id, DivisionID: &d,
			Detail: map[string]any{"returns": byDivision[d]},
		})
		if err != nil {
			return fmt.Errorf("audit what an import wrote: %w", err)
		}
	}
	return nil
}
