package programme

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/store"
)

// filing is one version of a return as its row stands.
type filing struct {
	id          int64
	form        string
	division    int64
	period      hydrotime.Month
	version     int
	state       State
	edit        int64
	dueAt       time.Time
	changedAt   time.Time
	submittedAt *time.Time
	submittedBy string // account name, as shown
	submitterID string
	reason      string
}

// line is one line of a return as its row stands.
type line struct {
	value, base quantity.Null
	blank       string
	note        string
	source      string
	changedAt   time.Time
	changedBy   string
}

// filled reports whether the line says something: a figure or a stated blank.
func (l line) filled() bool { return l.value.Valid || l.base.Valid || l.blank != "" }

const filingColumns = `id, form, division_id, period, version, state, edit, due_at, changed_at, submitted_at, submitted_by, submitter_id, reason`

func scanFiling(row interface{ Scan(...any) error }) (filing, error) {
	var f filing
	var due, changed int64
	var submitted sql.NullInt64
	err := row.Scan(&f.id, &f.form, &f.division, &f.period, &f.version, &f.state, &f.edit, &due, &changed, &submitted, &f.submittedBy, &f.submitterID, &f.reason)
	f.dueAt, f.changedAt = instant(due), instant(changed)
	if submitted.Valid {
		at := instant(submitted.Int64)
		f.submittedAt = &at
	}
	return f, err
}

func instant(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// filingByID reads one version.
func filingByID(ctx context.Context, q store.Querier, id int64) (filing, error) {
	f, err := scanFiling(q.QueryRowContext(ctx, `SELECT `+filingColumns+` FROM filing WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return f, errNoReturn(id)
	}
	if err != nil {
		return f, fmt.Errorf("read return %d: %w", id, err)
	}
	return f, nil
}

func errNoReturn(id int64) error {
	return fault.NotFoundf("return.unknown", "没有编号为 %d 的报表，或您无权查看", "there is no return %d, or you may not see it", id)
}

// versionsOf reads every version of a return, newest first.
func versionsOf(ctx context.Context, q store.Querier, form string, division int64, period hydrotime.Month) ([]filing, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+filingColumns+` FROM filing
		WHERE form = $1 AND division_id = $2 AND period = $3 ORDER BY version DESC`, form, division, int64(period))
	if err != nil {
		return nil, fmt.Errorf("read versions of return %s: %w", form, err)
	}
	defer rows.Close()
	var out []filing
	for rows.Next() {
		f, err := scanFiling(rows)
		if err != nil {
			return nil, fmt.Errorf("read versions of return %s: %w", form, err)
		}
		out = append(out, f)
	}
	return out, rows.Err()
}

// insertFiling opens a version. A version that somebody opened a moment before is a conflict.
func insertFiling(ctx context.Context, tx *store.Tx, f filing, by string) (int64, error) {
	id, err := tx.Next(ctx, "filing", 1)
	if err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO filing (id, form, division_id, period, version, state, edit, due_at, opened_at, opened_by, changed_at, changed_by, reason)
		VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9, $8, $9, $10)`,
		id, f.form, f.division, int64(f.period), f.version, string(f.state), f.dueAt.UnixMilli(), f.changedAt.UnixMilli(), by, f.reason)
	if store.IsUnique(err) {
		return 0, fault.Conflictf("return.opened", "此报表刚刚已被他人打开", "somebody has just opened this return")
	}
	if err != nil {
		return 0, fmt.Errorf("open return %s of %s: %w", f.form, f.period, err)
	}
	return id, nil
}

// linesOf reads the lines of a version, by indicator number.
func linesOf(ctx context.Context, q store.Querier, id int64) (map[int64]line, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT indicator_id, value_e6, base_e6, blank, note, source, changed_at, changed_by
		FROM filing_line WHERE filing_id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("read lines of return %d: %w", id, err)
	}
	defer rows.Close()
	out := map[int64]line{}
	for rows.Next() {
		var indicator, changed int64
		var value, base nullMicros
		var l line
		if err := rows.Scan(&indicator, &value, &base, &l.blank, &l.note, &l.source, &changed, &l.changedBy); err != nil {
			return nil, fmt.Errorf("read lines of return %d: %w", id, err)
		}
		l.value, l.base, l.changedAt = value.Null, base.Null, instant(changed)
		out[indicator] = l
	}
	return out, rows.Err()
}

// putLine writes one line of a version.
func putLine(ctx context.Context, tx *store.Tx, id, indicator int64, l line) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO filing_line (filing_id, indicator_id, value_e6, base_e6, blank, note, source, changed_at, changed_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (filing_id, indicator_id) DO UPDATE SET value_e6 = excluded.value_e6, base_e6 = excluded.base_e6,
			blank = excluded.blank, note = excluded.note, source = excluded.source,
			changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
		id, indicator, micros(l.value), micros(l.base), l.blank, l.note, l.source, l.changedAt.UnixMilli(), l.changedBy)
	if err != nil {
		return fmt.Errorf("write a line of return %d: %w", id, err)
	}
	return nil
}

// touchFiling counts the edit, and refuses where somebody else counted it first.
func touchFiling(ctx context.Context, tx *store.Tx, f filing, edit int64, at time.Time, by string) error {
	res, err := tx.ExecContext(ctx, `UPDATE filing SET edit = edit + 1, changed_at = $1, changed_by = $2 WHERE id = $3 AND edit = $4`,
		at.UnixMilli(), by, f.id, edit)
	if err != nil {
		return fmt.Errorf("change return %d: %w", f.id, err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, errStale)
	}
	return nil
}

// errStale says that somebody changed the return in between; the service adds what the return now holds.
var errStale = fault.Conflictf("return.stale", "他人已修改此报表，您的改动尚未保存，请对照后再存", "somebody changed this return; yours is not saved yet, compare and save again")

// setState moves a version; the edit guards against two people moving at once.
func setState(ctx context.Context, tx *store.Tx, f filing, to State, reason string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE filing SET state = $1, reason = $2, changed_at = $3 WHERE id = $4`,
		string(to), reason, at.UnixMilli(), f.id)
	if err != nil {
		return fmt.Errorf("move return %d to %s: %w", f.id, to, err)
	}
	return nil
}

// addEvent writes one step of a version's history.
func addEvent(ctx context.Context, tx *store.Tx, id int64, e ReturnEvent, actorID string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO filing_event (filing_id, seq, at, actor_id, actor_name, move, from_state, to_state, reason)
		SELECT CAST($1 AS BIGINT), 1 + COALESCE(MAX(seq), 0), CAST($2 AS BIGINT), $3, $4, $5, $6, $7, $8 FROM filing_event WHERE filing_id = CAST($1 AS BIGINT)`,
		id, e.At.UnixMilli(), actorID, e.By, e.Move, string(e.From), string(e.To), e.Reason)
	if err != nil {
		return fmt.Errorf("write the history of return %d: %w", id, err)
	}
	return nil
}

// eventsOf reads the history of some versions, newest first.
func eventsOf(ctx context.Context, q store.Querier, versions []filing) ([]ReturnEvent, error) {
	var out []ReturnEvent
	for _, f := range versions {
		rows, err := q.QueryContext(ctx, `
			SELECT at, actor_name, move, from_state, to_state, reason FROM filing_event WHERE filing_id = $1 ORDER BY seq DESC`, f.id)
		if err != nil {
			return nil, fmt.Errorf("read the history of return %d: %w", f.id, err)
		}
		for rows.Next() {
			e := ReturnEvent{Version: f.version}
			var at int64
			if err := rows.Scan(&at, &e.By, &e.Move, &e.From, &e.To, &e.Reason); err != nil {
				return nil, errors.Join(err, rows.Close())
			}
			e.At = instant(at)
			out = append(out, e)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, fmt.Errorf("read the history of return %d: %w", f.id, err)
		}
	}
	return out, nil
}
