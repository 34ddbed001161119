// Package audit keeps the log of every change as a hash chain, so that a changed, removed or inserted entry is found.
//
// An entry is written in the transaction of the change it tells of. Its hash covers all its fields and the hash before it; the
// head row holds the last, so that entries cut off the end are missed too. Secrets never stand in a detail.
package audit

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"anlan/internal/store"
)

// Actor is who did something; the zero value is the program itself.
type Actor struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Entry is one change.
type Entry struct {
	Seq        int64
	At         time.Time
	Actor      Actor
	Action     string // "return.submit"
	ObjectKind string // "return"
	ObjectID   string
	DivisionID *int64
	Detail     any // JSON; a string of JSON when read back
	Hash       string
}

// Append writes an entry at the end of the chain.
func Append(ctx context.Context, tx *store.Tx, e Entry) error {
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return fmt.Errorf("encode audit detail of %s: %w", e.Action, err)
	}
	// The head row is taken first: on PostgreSQL that makes writers queue, so the chain is one line.
	var seq int64
	var previous string
	err = tx.QueryRowContext(ctx, `UPDATE audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, hash`).Scan(&seq, &previous)
	if err != nil {
		return fmt.Errorf("take the head of the audit chain: %w", err)
	}
	r := row{seq, e.At.UnixMilli(), e.Actor.ID, e.Actor.Name, e.Action, e.ObjectKind, e.ObjectID, nullable(e.DivisionID), string(detail), previous, ""}
	r.hash = r.sum()
	_, err = tx.ExecContext(ctx, `
		INSERT INTO audit_entry (seq, at, actor_id, actor_name, action, object_kind, object_id, division_id, detail, previous, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		r.seq, r.at, r.actorID, r.actorName, r.action, r.kind, r.object, r.division, r.detail, r.previous, r.hash)
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE audit_head SET hash = $1 WHERE id = 1`, r.hash)
	}
	if err != nil {
		return fmt.Errorf("write audit entry %d: %w", seq, err)
	}
	return nil
}

func nullable(id *int64) sql.NullInt64 {
	if id == nil {
		return sql.NullInt64{}
	}
	return sql.NullInt64{Int64: *id, Valid: true}
}

type row struct {
	seq, at                                  int64
	actorID, actorName, action, kind, object string
	division                                 sql.NullInt64
	detail, previous, hash                   string
}

// sum hashes the fields, each with its length before it, so that no two rows share an encoding.
func (r row) sum() string {
	h := sha256.New()
	division := ""
	if r.division.Valid {
		division = fmt.Sprint(r.division.Int64)
	}
	for _, part := range []string{
		fmt.Sprint(r.seq), fmt.Sprint(r.at), r.actorID, r.actorName, r.action, r.kind, r.object, division, r.detail, r.previous,
	} {
		fmt.Fprintf(h, "%d:%s;", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Report is the outcome of Verify.
type Report struct {
	Entries int64    `json:"entries"`
	OK      bool     `json:"ok"`
	Broken  []Broken `json:"broken" doc:"The first places where the chain does not hold"`
}

// Broken is a place where the chain does not hold.
type Broken struct {
	Seq    int64  `json:"seq"`
	Reason string `json:"reason" enum:"changed,removed,relinked,cut_off,inserted"`
}

const brokenShown = 20

// Verify walks the whole chain and names what does not hold.
func Verify(ctx context.Context, q store.Querier) (Report, error) {
	var rep Report
	// One statement sees the head and what stands past it at the same moment; entries written meanwhile are left out.
	var headSeq, past int64
	var headHash string
	err := q.QueryRowContext(ctx, `
		SELECT h.seq, h.hash, COALESCE((SELECT MIN(e.seq) FROM audit_entry e WHERE e.seq > h.seq), 0) FROM audit_head h WHERE h.id = 1`).
		Scan(&headSeq, &headHash, &past)
	if err != nil {
		return rep, fmt.Errorf("read the head of the audit chain: %w", err)
	}
	rows, err := q.QueryContext(ctx, `
		SELECT seq, at, actor_id, actor_name, action, object_kind, object_id, division_id, detail, previous, hash
		FROM audit_entry WHERE seq <= $1 ORDER BY seq`, headSeq)
	if err != nil {
		return rep, fmt.Errorf("read the audit chain: %w", err)
	}
	defer rows.Close()
	var last row
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.seq, &r.at, &r.actorID, &r.actorName, &r.action, &r.kind, &r.object, &r.division, &r.detail, &r.previous, &r.hash); err != nil {
			return rep, fmt.Errorf("read the audit chain: %w", err)
		}
		rep.Entries++
		rep.hold(last, r)
		last = r
	}
	if err := rows.Err(); err != nil {
		return rep, fmt.Errorf("read the audit chain: %w", err)
	}
	if last.seq != headSeq || last.hash != headHash {
		rep.add(last.seq+1, "cut_off")
	}
	if past > 0 {
		rep.add(past, "inserted")
	}
	rep.OK = len(rep.Broken) == 0
	return rep, nil
}

func (rep *Report) hold(last, r row) {
	if r.seq != last.seq+1 {
		rep.add(last.seq+1, "removed")
	} else if r.previous != last.hash {
		rep.add(r.seq, "relinked")
	}
	if r.sum() != r.hash {
		rep.add(r.seq, "changed")
	}
}

func (rep *Report) add(seq int64, reason string) {
	if len(rep.Broken) < brokenShown {
		rep.Broken = append(rep.Broken, Broken{seq, reason})
	}
}

// Query filters the log; zero fields do not filter.
type Query struct {
	Scopes     []int64 // divisions whose subtrees may be seen; entries of no division only where All
	All        bool
	Actor      string   // part of the actor's name
	Action     string   // beginning of the action
	Actions    []string // one of these
	ObjectKind string
	ObjectID   string
	Text       string // part of the actor's name, of the object's id or of the detail
	From, To   time.Time
	Before     int64 // keyset: entries older than this
	Limit      int   // 50 where 0
}

// List reads entries, newest first.
func List(ctx context.Context, q store.Querier, f Query) ([]Entry, error) {
	text, args := f.sql()
	rows, err := q.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	defer rows.Close()
	var out []Entry
	for rows.Next() {
		var e Entry
		var at int64
		var division sql.NullInt64
		var detail string
		if err := rows.Scan(&e.Seq, &at, &e.Actor.ID, &e.Actor.Name, &e.Action, &e.ObjectKind, &e.ObjectID, &division, &detail, &e.Hash); err != nil {
			return nil, fmt.Errorf("read the audit log: %w", err)
		}
		e.At, e.Detail = time.UnixMilli(at).UTC(), json.RawMessage(detail)
		if division.Valid {
			e.DivisionID = &division.Int64
		}
		out = append(out, e)
	}
	return out, errors.Join(rows.Err())
}

func (f Query) sql() (string, []any) {
	var b strings.Builder
	var args []any
	bind := func(condition string, v any) {
		args = append(args, v)
		fmt.Fprintf(&b, " AND "+condition, len(args))
	}
	b.WriteString(`SELECT seq, at, actor_id, actor_name, action, object_kind, object_id, division_id, detail, hash FROM audit_entry WHERE 1 = 1`)
	if !f.All {
		b.WriteString(` AND division_id IN (SELECT descendant_id FROM division_closure WHERE ancestor_id IN (-1`)
		for _, id := range f.Scopes {
			fmt.Fprintf(&b, ",%d", id)
		}
		b.WriteString("))")
	}
	if f.Actor != "" {
		bind(`LOWER(actor_name) LIKE $%d ESCAPE '\'`, "%"+store.Literal(f.Actor)+"%")
	}
	if f.Action != "" {
		bind(`action LIKE $%d ESCAPE '\'`, store.Literal(f.Action)+"%")
	}
	if len(f.Actions) > 0 {
		var in []string
		for _, a := range f.Actions {
			args = append(args, a)
			in = append(in, fmt.Sprintf("$%d", len(args)))
		}
		b.WriteString(" AND action IN (" + strings.Join(in, ", ") + ")")
	}
	if f.Text != "" {
		bind(`(LOWER(actor_name) LIKE $%[1]d ESCAPE '\' OR LOWER(object_id) LIKE $%[1]d ESCAPE '\' OR LOWER(detail) LIKE $%[1]d ESCAPE '\')`, "%"+store.Literal(f.Text)+"%")
	}
	if f.ObjectKind != "" {
		bind("object_kind = $%d", f.ObjectKind)
	}
	if f.ObjectID != "" {
		bind("object_id = $%d", f.ObjectID)
	}
	if !f.From.IsZero() {
		bind("at >= $%d", f.From.UnixMilli())
	}
	if !f.To.IsZero() {
		bind("at < $%d", f.To.UnixMilli())
	}
	if f.Before > 0 {
		bind("seq < $%d", f.Before)
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	args = append(args, f.Limit)
	fmt.Fprintf(&b, " ORDER BY seq DESC LIMIT $%d", len(args))
	return b.String(), args
}
