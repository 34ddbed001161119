package programme

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"anlan/internal/hydrotime"
	"anlan/internal/quantity"
	"anlan/internal/store"
)

// figure is what is in force for one indicator, month and division; the zero value is "not reported".
type figure struct {
	value    quantity.Null // the value, or the numerator
	base     quantity.Null // the denominator of a ratio
	reported bool          // a row exists; with no value it was filed as a blank
	accepted bool
	// of a roll-up: how many divisions stand behind it
	count, blank, pending int
}

type figureKey struct {
	indicator int64
	period    hydrotime.Month
	division  int64
}

// figureSet is a bulk of figures read at once; what it lacks was not reported.
type figureSet struct {
	own    map[figureKey]figure
	rolled map[figureKey]figure
	// Of the present, whole months that other views may hold too, with the place of each division in them.
	months map[monthKey]*month
	slot   map[int64]int
}

// want names the figures to read: every combination of the three.
type want struct {
	indicators []int64
	periods    []hydrotime.Month
	divisions  []int64
}

// loadFigures reads what divisions filed themselves, as of an instant, or as of now where it is zero.
func loadFigures(ctx context.Context, q store.Querier, w want, asOf time.Time) (map[figureKey]figure, error) {
	out := make(map[figureKey]figure, len(w.indicators)*len(w.periods)*len(w.divisions))
	return out, eachFigure(ctx, q, w, asOf, func(k figureKey, f figure) { out[k] = f })
}

// eachFigure hands over what loadFigures reads, one by one.
func eachFigure(ctx context.Context, q store.Querier, w want, asOf time.Time, take func(figureKey, figure)) error {
	if w.none() {
		return nil
	}
	where := w.where()
	text := `SELECT indicator_id, period, division_id, value_e6, base_e6, accepted_at FROM figure WHERE ` + where
	var args []any
	if !asOf.IsZero() {
		text += ` AND recorded_at <= $1 UNION ALL
			SELECT indicator_id, period, division_id, value_e6, base_e6, accepted_at FROM figure_past
			WHERE ` + where + ` AND recorded_at <= $1 AND superseded_at > $1`
		args = append(args, asOf.UnixMilli())
	}
	rows, err := q.QueryContext(ctx, text, args...)
	if err != nil {
		return fmt.Errorf("read figures: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var k figureKey
		var value, base nullMicros
		var acceptedAt *int64
		if err := rows.Scan(&k.indicator, &k.period, &k.division, &value, &base, &acceptedAt); err != nil {
			return fmt.Errorf("read figures: %w", err)
		}
		f := figure{value: value.Null, base: base.Null, reported: true, count: 1}
		f.accepted = acceptedAt != nil && (asOf.IsZero() || *acceptedAt <= asOf.UnixMilli())
		if !f.value.Valid {
			f.blank = 1
		}
		if !f.accepted {
			f.pending = 1
		}
		take(k, f)
	}
	return rows.Err()
}

// loadRollups reads the sums kept for divisions above the filing level.
func loadRollups(ctx context.Context, q store.Querier, w want) (map[figureKey]figure, error) {
	out := make(map[figureKey]figure, len(w.indicators)*len(w.periods)*len(w.divisions))
	return out, eachRollup(ctx, q, w, func(k figureKey, f figure) { out[k] = f })
}

// eachRollup hands over what loadRollups reads, one by one.
func eachRollup(ctx context.Context, q store.Querier, w want, take func(figureKey, figure)) error {
	if w.none() {
		return nil
	}
	rows, err := q.QueryContext(ctx, `
		SELECT indicator_id, period, division_id, value_e6, base_e6, reported, blank, provisional
		FROM rollup WHERE `+w.where())
	if err != nil {
		return fmt.Errorf("read roll-ups: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var k figureKey
		var value, base nullMicros
		f := figure{reported: true}
		if err := rows.Scan(&k.indicator, &k.period, &k.division, &value, &base, &f.count, &f.blank, &f.pending); err != nil {
			return fmt.Errorf("read roll-ups: %w", err)
		}
		f.value, f.base, f.accepted = value.Null, base.Null, f.pending == 0
		take(k, f)
	}
	return rows.Err()
}

func (w want) none() bool {
	return len(w.indicators) == 0 || len(w.periods) == 0 || len(w.divisions) == 0
}

// where writes the condition. All parts are numbers of this program's own, so they stand in the text: the planner then
// sees how many there are, and a dense run of divisions is read as a range.
func (w want) where() string {
	var b strings.Builder
	b.WriteString("indicator_id IN (")
	writeInts(&b, w.indicators)
	b.WriteString(") AND period IN (")
	writeInts(&b, w.periods)
	b.WriteString(") AND ")
	low, high := slices.Min(w.divisions), slices.Max(w.divisions)
	if int64(len(w.divisions))*3 > high-low {
		fmt.Fprintf(&b, "division_id BETWEEN %d AND %d", low, high)
	} else {
		b.WriteString("division_id IN (")
		writeInts(&b, w.divisions)
		b.WriteString(")")
	}
	return b.String()
}

func writeInts[T ~int64 | ~int32](b *strings.Builder, list []T) {
	for i, n := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatInt(int64(n), 10))
	}
}

// nullMicros scans a BIGINT of millionths that may be NULL.
type nullMicros struct{ quantity.Null }

// Scan implements sql.Scanner.
func (n *nullMicros) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		n.Null = quantity.Null{}
	case int64:
		n.Null = quantity.Some(quantity.Decimal(v))
	default:
		return fmt.Errorf("a figure is stored as %T", src)
	}
	return nil
}

// micros is the stored form of a figure that may be absent.
func micros(n quantity.Null) any {
	if !n.Valid {
		return nil
	}
	return int64(n.Decimal)
}

// newFigure is a figure about to be recorded.
type newFigure struct {
	indicator int64
	value     quantity.Null
	base      quantity.Null
}

// recordFigures puts the figures of one division and month into force at an instant. What they replace moves to the past;
// a figure that says the same as the one in force keeps its revision, unless an accepted one is to be looked at again. It does
// not touch roll-ups.
func recordFigures(ctx context.Context, tx *store.Tx, division int64, period hydrotime.Month, list []newFigure, accepted bool, at time.Time) error {
	if len(list) == 0 {
		return nil
	}
	ids := make([]int64, len(list))
	for i, f := range list {
		ids[i] = f.indicator
	}
	w := want{ids, []hydrotime.Month{period}, []int64{division}}
	old, err := loadFigures(ctx, tx, w, time.Time{})
	if err != nil {
		return err
	}
	var changed []newFigure
	var replaced []int64
	for _, f := range list {
		was, ok := old[figureKey{f.indicator, period, division}]
		if ok && was.value == f.value && was.base == f.base && (accepted || !was.accepted) {
			continue
		}
		changed = append(changed, f)
		if ok {
			replaced = append(replaced, f.indicator)
		}
	}
	if err := supersede(ctx, tx, want{replaced, w.periods, w.divisions}, at); err != nil {
		return err
	}
	if err := insertFigures(ctx, tx, division, period, changed, at); err != nil {
		return err
	}
	if err := touch(ctx, tx, ofFigures, period); err != nil || !accepted {
		return err
	}
	if _, err = tx.ExecContext(ctx, `UPDATE figure SET accepted_at = $1 WHERE accepted_at IS NULL AND `+w.where(), at.UnixMilli()); err != nil {
		return fmt.Errorf("accept figures: %w", err)
	}
	return nil
}

// supersede moves figures in force to the past.
func supersede(ctx context.Context, tx *store.Tx, w want, at time.Time) error {
	if len(w.indicators) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO figure_past (indicator_id, period, division_id, revision, value_e6, base_e6, recorded_at, accepted_at, superseded_at)
		SELECT indicator_id, period, division_id, revision, value_e6, base_e6, recorded_at, accepted_at, CAST($1 AS BIGINT)
		FROM figure WHERE `+w.where(), at.UnixMilli())
	if err == nil {
		_, err = tx.ExecContext(ctx, `DELETE FROM figure WHERE `+w.where())
	}
	if err != nil {
		return fmt.Errorf("move replaced figures to the past: %w", err)
	}
	return nil
}

// insertFigures numbers each new figure after every revision that its key ever had.
func insertFigures(ctx context.Context, tx *store.Tx, division int64, period hydrotime.Month, list []newFigure, at time.Time) error {
	for start := 0; start < len(list); start += 200 {
		part := list[start:min(start+200, len(list))]
		var b strings.Builder
		b.WriteString(`INSERT INTO figure (indicator_id, period, division_id, value_e6, base_e6, revision, recorded_at)
			SELECT n.i, CAST($1 AS BIGINT), CAST($2 AS BIGINT), n.v, n.b,
				1 + COALESCE((SELECT MAX(p.revision) FROM figure_past p
					WHERE p.indicator_id = n.i AND p.period = CAST($1 AS BIGINT) AND p.division_id = CAST($2 AS BIGINT)), 0), CAST($3 AS BIGINT)
			FROM (`)
		for i, f := range part {
			if i > 0 {
				b.WriteString(" UNION ALL ")
			}
			fmt.Fprintf(&b, "SELECT CAST(%d AS BIGINT) AS i, CAST(%s AS BIGINT) AS v, CAST(%s AS BIGINT) AS b", f.indicator, literal(f.value), literal(f.base))
		}
		b.WriteString(`) AS n`)
		if _, err := tx.ExecContext(ctx, b.String(), int64(period), division, at.UnixMilli()); err != nil {
			return fmt.Errorf("record figures: %w", err)
		}
	}
	return nil
}

func literal(n quantity.Null) string {
	if !n.Valid {
		return "NULL"
	}
	return strconv.FormatInt(int64(n.Decimal), 10)
}

// withdrawFigures takes figures out of force; they stay in the past.
func withdrawFigures(ctx context.Context, tx *store.Tx, division int64, period hydrotime.Month, indicators []int64, at time.Time) error {
	if err := supersede(ctx, tx, want{indicators, []hydrotime.Month{period}, []int64{division}}, at); err != nil {
		return err
	}
	return touch(ctx, tx, ofFigures, period)
}
