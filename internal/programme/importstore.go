package programme

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/programme/table"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// importRecord is one import as its row stands.
type importRecord struct {
	id       string
	at       time.Time
	by       identity.Actor
	division int64
	fileName string
	sum      string
	content  []byte
	state    ImportState
	mapping  string
	counts   ImportCounts
	doneAt   sql.NullInt64
}

const importColumns = `id, at, by_id, by_name, division_id, file_name, sha256, state, mapping, taken, refused, ignored, done_at`

func scanImport(row interface{ Scan(...any) error }, more ...any) (importRecord, error) {
	var r importRecord
	var at int64
	err := row.Scan(append([]any{
		&r.id, &at, &r.by.ID, &r.by.Name, &r.division, &r.fileName, &r.sum, &r.state, &r.mapping,
		&r.counts.Taken, &r.counts.Refused, &r.counts.Ignored, &r.doneAt,
	}, more...)...)
	r.at = instant(at)
	return r, err
}

// importByID reads an import with its file if the person may import for its division.
func importByID(ctx context.Context, q store.Querier, p *identity.Principal, id string) (importRecord, error) {
	var content []byte
	r, err := scanImport(q.QueryRowContext(ctx, `SELECT `+importColumns+`, content FROM import WHERE id = $1`, id), &content)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !p.Can(identity.ImportWrite, anyLine, r.division) {
		return r, errNoImport(id)
	}
	if err != nil {
		return r, fmt.Errorf("read import %s: %w", id, err)
	}
	r.content = content
	return r, nil
}

// sameUpload finds the import of the same bytes by the same person for the same division, or "".
func sameUpload(ctx context.Context, q store.Querier, r importRecord) (string, error) {
	var id string
	err := q.QueryRowContext(ctx, `
		SELECT id FROM import WHERE by_id = $1 AND division_id = $2 AND sha256 = $3 AND state <> 'dropped' ORDER BY at DESC LIMIT 1`,
		r.by.ID, r.division, r.sum).Scan(&id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("look for the same upload: %w", err)
	}
	return id, nil
}

func insertImport(ctx context.Context, tx *store.Tx, r importRecord) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO import (id, at, by_id, by_name, division_id, file_name, sha256, content, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		r.id, r.at.UnixMilli(), r.by.ID, r.by.Name, r.division, r.fileName, r.sum, r.content, string(r.state))
	if err != nil {
		return fmt.Errorf("keep import %s: %w", r.fileName, err)
	}
	return nil
}

// claimImport marks an import as done at the head of its transaction; false where another confirmation was first.
func claimImport(ctx context.Context, tx *store.Tx, id string, at time.Time) (bool, error) {
	res, err := tx.ExecContext(ctx, `UPDATE import SET state = 'done', done_at = $1 WHERE id = $2 AND state = 'preview'`, at.UnixMilli(), id)
	if err != nil {
		return false, fmt.Errorf("finish import %s: %w", id, err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func noteImport(ctx context.Context, tx *store.Tx, id string, mappings []table.Mapping, c ImportCounts) error {
	text, err := json.Marshal(mappings)
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE import SET mapping = $1, taken = $2, refused = $3, ignored = $4 WHERE id = $5`,
			string(text), c.Taken, c.Refused, c.Ignored, id)
	}
	if err != nil {
		return fmt.Errorf("note what import %s took: %w", id, err)
	}
	return nil
}

// insertImportRows records what became of every row.
func insertImportRows(ctx context.Context, tx *store.Tx, id string, rows []ImportRow) error {
	list := make([][]any, len(rows))
	for i, r := range rows {
		list[i] = []any{id, r.Seq, r.Sheet, r.Row, r.Cell, r.Outcome, r.Reason.Zh, r.Reason.En, r.Content}
	}
	return insertMany(ctx, tx, `INSERT INTO import_row (import_id, seq, sheet, row, cell, outcome, reason_zh, reason_en, content)`, list, "")
}

// insertMany inserts rows of equal length: one by one into the file at hand, many to a statement over the wire.
func insertMany(ctx context.Context, tx *store.Tx, head string, rows [][]any, tail string) error {
	batch := 1
	if tx.Engine() == store.Postgres {
		batch = 200
	}
	for len(rows) > 0 {
		batch = min(batch, len(rows))
		n := len(rows) / batch * batch
		if err := insertBatches(ctx, tx, head, rows[:n], batch, tail); err != nil {
			return fmt.Errorf("%s: %w", head, err)
		}
		rows = rows[n:]
	}
	return nil
}

func insertBatches(ctx context.Context, tx *store.Tx, head string, rows [][]any, batch int, tail string) error {
	var b strings.Builder
	b.WriteString(head + " VALUES ")
	for i := range batch * len(rows[0]) {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%len(rows[0]) == 0:
			b.WriteString("),(")
		default:
			b.WriteString(",")
		}
		b.WriteString("$" + strconv.Itoa(i+1))
	}
	b.WriteString(") " + tail)
	st, err := tx.PrepareContext(ctx, b.String())
	if err != nil {
		return err
	}
	defer st.Close()
	for part := range slices.Chunk(rows, batch) {
		if _, err := st.ExecContext(ctx, slices.Concat(part...)...); err != nil {
			return err
		}
	}
	return nil
}

// recallMapping finds the mapping that was confirmed for tables of a sender with this header.
func recallMapping(ctx context.Context, q store.Querier, sender, signature string) (*table.Mapping, error) {
	var text string
	err := q.QueryRowContext(ctx, `SELECT mapping FROM import_mapping WHERE sender = $1 AND signature = $2`, sender, signature).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	var m table.Mapping
	if err == nil {
		err = json.Unmarshal([]byte(text), &m)
	}
	if err != nil {
		return nil, fmt.Errorf("recall a mapping of %s: %w", sender, err)
	}
	return &m, nil
}

func rememberMapping(ctx context.Context, tx *store.Tx, sender string, m table.Mapping, at time.Time, by string) error {
	text, err := json.Marshal(m)
	if err == nil {
		_, err = tx.ExecContext(ctx, `
			INSERT INTO import_mapping (sender, signature, mapping, confirmed_at, confirmed_by) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (sender, signature) DO UPDATE SET mapping = excluded.mapping, confirmed_at = excluded.confirmed_at, confirmed_by = excluded.confirmed_by`,
			sender, m.Signature, string(text), at.UnixMilli(), by)
	}
	if err != nil {
		return fmt.Errorf("remember a mapping of %s: %w", sender, err)
	}
	return nil
}

// ImportsQuery asks for a list of imports, newest first.
type ImportsQuery struct {
	Scope  string // code; everything within reach where empty
	State  ImportState
	Cursor string
	Limit  int // 1 to 200, 50 where 0
}

// ImportList is a page of a list of imports.
type ImportList struct {
	Items []ImportSummary `json:"items"`
	Next  string          `json:"next,omitempty" doc:"Cursor of the next page"`
}

// Imports lists the imports of the divisions for which the person may import.
func (s *Service) Imports(ctx context.Context, p *identity.Principal, q ImportsQuery) (*ImportList, error) {
	_, tree, err := s.context(ctx)
	if err != nil {
		return nil, err
	}
	scopes := p.Scopes(identity.ImportWrite)
	if q.Scope != "" {
		d, err := division(tree, p, identity.ImportWrite, anyLine, q.Scope)
		if err != nil {
			return nil, err
		}
		scopes = []int64{d.ID}
	}
	out := &ImportList{Items: []ImportSummary{}}
	if len(scopes) == 0 {
		return out, nil
	}
	limit := min(max(q.Limit, 0), 200)
	if limit == 0 {
		limit = 50
	}
	text, args, err := importsQuery(q, scopes, limit+1)
	if err != nil {
		return nil, err
	}
	rows, err := s.db.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scanImport(rows)
		if err != nil {
			return nil, fmt.Errorf("list imports: %w", err)
		}
		if len(out.Items) == limit {
			last := out.Items[limit-1]
			out.Next = fmt.Sprintf("%d.%s", last.At.UnixMilli(), last.ID)
			break
		}
		out.Items = append(out.Items, r.summary(tree))
	}
	return out, rows.Err()
}

func importsQuery(q ImportsQuery, scopes []int64, limit int) (string, []any, error) {
	var b strings.Builder
	b.WriteString(`SELECT ` + importColumns + ` FROM import WHERE division_id IN (SELECT descendant_id FROM division_closure WHERE ancestor_id IN (`)
	writeInts(&b, scopes)
	b.WriteString(`))`)
	var args []any
	if q.State != "" {
		args = append(args, string(q.State))
		fmt.Fprintf(&b, ` AND state = $%d`, len(args))
	}
	if q.Cursor != "" {
		var at int64
		var id string
		if n, err := fmt.Sscanf(q.Cursor, "%d.%36s", &at, &id); n != 2 || err != nil {
			return "", nil, fault.Invalidf("import.cursor", "翻页位置无效", "the cursor is not valid")
		}
		args = append(args, at, id)
		fmt.Fprintf(&b, ` AND (at < $%[1]d OR at = $%[1]d AND id < $%[2]d)`, len(args)-1, len(args))
	}
	fmt.Fprintf(&b, ` ORDER BY at DESC, id DESC LIMIT %d`, limit)
	return b.String(), args, nil
}

// summary shows an import as a row.
func (r importRecord) summary(tree *registry.Tree) ImportSummary {
	out := ImportSummary{ID: r.id, FileName: r.fileName, At: r.at, By: r.by.Name, State: r.state, Counts: r.counts}
	if d, ok := tree.ByID(r.division); ok {
		out.Division = RefOf(tree, d)
	}
	if r.doneAt.Valid {
		at := instant(r.doneAt.Int64)
		out.DoneAt = &at
	}
	return out
}

// ImportRowList is a page of the rows of an import.
type ImportRowList struct {
	Items []ImportRow `json:"items"`
	Next  int64       `json:"next,omitempty" doc:"Seq after which the next page begins; 0 on the last"`
}

// ImportRows lists what became of the rows of an import that is done, those of one outcome or all.
func (s *Service) ImportRows(ctx context.Context, p *identity.Principal, id, outcome string, after int64, limit int) (*ImportRowList, error) {
	if _, err := importByID(ctx, s.db, p, id); err != nil {
		return nil, err
	}
	if limit = min(max(limit, 0), 1000); limit == 0 {
		limit = 200
	}
	rows, err := s.db.QueryContext(ctx, `
		SELECT seq, sheet, row, cell, outcome, reason_zh, reason_en, content FROM import_row
		WHERE import_id = $1 AND seq > $2 AND (outcome = $3 OR $3 = '') ORDER BY seq LIMIT $4`, id, after, outcome, limit+1)
	if err != nil {
		return nil, fmt.Errorf("read the rows of import %s: %w", id, err)
	}
	defer rows.Close()
	out := &ImportRowList{Items: []ImportRow{}}
	for rows.Next() {
		var r ImportRow
		if err := rows.Scan(&r.Seq, &r.Sheet, &r.Row, &r.Cell, &r.Outcome, &r.Reason.Zh, &r.Reason.En, &r.Content); err != nil {
			return nil, fmt.Errorf("read the rows of import %s: %w", id, err)
		}
		if len(out.Items) == limit {
			out.Next = out.Items[limit-1].Seq
			break
		}
		out.Items = append(out.Items, r)
	}
	return out, rows.Err()
}
