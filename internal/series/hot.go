package series

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"anlan/internal/quantity"
	"anlan/internal/series/quality"
	"anlan/internal/series/reading"
	"anlan/internal/store"
)

// rowsAtOnce is how many rows one statement writes: more gain little.
const rowsAtOnce = 512

// cell is one whole number of a row to write, or NULL.
type cell = sql.NullInt64

func whole(n int64) cell { return cell{Int64: n, Valid: true} }

// maybe is an instant, NULL where it is zero.
func maybe(t time.Time) cell {
	if t.IsZero() {
		return cell{}
	}
	return whole(t.UnixMilli())
}

// bulk runs one statement over many rows of whole numbers, rowsAtOnce at a time; f is told which rows a run held and how many it
// changed. What is left over goes in runs of powers of two, so that there are few texts, which the connection keeps prepared.
func bulk(ctx context.Context, tx *store.Tx, head, tail string, rows int, row func(dst []cell, i int) []cell, f func(from, to int, changed int64) error) error {
	var cells []cell
	var args []any
	var text string
	for from, last := 0, 0; from < rows; {
		n := rowsAtOnce
		for n > rows-from {
			n /= 2
		}
		cells = cells[:0]
		for i := from; i < from+n; i++ {
			cells = row(cells, i)
		}
		if n != last {
			text, last = head+tuples(tx.Engine(), n, len(cells)/n)+tail, n
		}
		args = args[:0]
		for _, c := range cells {
			if c.Valid {
				args = append(args, c.Int64)
			} else {
				args = append(args, nil)
			}
		}
		res, err := tx.ExecContext(ctx, text, args...)
		if err != nil {
			return err
		}
		changed, err := res.RowsAffected()
		if err != nil {
			return err
		}
		if f != nil {
			if err := f(from, from+n, changed); err != nil {
				return err
			}
		}
		from += n
	}
	return nil
}

// tuples are the places of so many rows. SQLite looks up the name of each numbered place among all, so there they have none.
func tuples(engine store.Engine, rows, columns int) string {
	var b strings.Builder
	for i := range rows * columns {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%columns == 0:
			b.WriteString("), (")
		default:
			b.WriteByte(',')
		}
		if engine == store.Postgres {
			fmt.Fprintf(&b, "$%d", i+1)
		} else {
			b.WriteByte('?')
		}
	}
	b.WriteByte(')')
	return b.String()
}

func millionths(n quantity.Null) cell { return cell{Int64: int64(n.Decimal), Valid: n.Valid} }

func figure(n sql.NullInt64) quantity.Null {
	if !n.Valid {
		return quantity.Null{}
	}
	return quantity.Some(quantity.Decimal(n.Int64))
}

const insertHot = `INSERT INTO observation (quantity, at, object_id, value_e6, span_s, flags, source_id) VALUES `

// keepHot inserts readings that are in order; where a key is taken, it looks whether the figure differs.
func (in *intake) keepHot(ctx context.Context, list []reading.Reading) error {
	fresh := 0
	err := bulk(ctx, in.tx, insertHot, ` ON CONFLICT (quantity, at, object_id) DO NOTHING`, len(list), func(dst []cell, i int) []cell {
		r := &list[i]
		return append(dst, whole(int64(r.Quantity)), whole(r.At.UnixMilli()), whole(r.Object), millionths(r.Value), whole(int64(r.Span/time.Second)),
			whole(int64(r.Flags)), whole(r.Source))
	}, func(from, to int, changed int64) error {
		fresh += int(changed)
		if int(changed) == to-from {
			return nil
		}
		before := in.out.Same
		if err := in.compareHot(ctx, list[from:to]); err != nil {
			return err
		}
		in.out.Same = max(before, in.out.Same-int(changed)) // those just inserted are the same as themselves
		return nil
	})
	if err != nil {
		return fmt.Errorf("insert %d readings: %w", len(list), err)
	}
	in.out.New += fresh
	if fresh == len(list) {
		return addHours(ctx, in.tx, list, in.now)
	}
	return sumHours(ctx, in.tx, list)
}

// compareHot looks at what stands under the keys of some readings, and revises where it differs.
func (in *intake) compareHot(ctx context.Context, list []reading.Reading) error {
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].Quantity == list[0].Quantity && list[n].At.Equal(list[0].At) {
			n++
		}
		stand, err := in.standing(ctx, list[:n])
		if err != nil {
			return err
		}
		for _, r := range list[:n] {
			was, ok := stand[r.Object]
			if !ok {
				return fmt.Errorf("the reading of object %d at %s went away", r.Object, r.At)
			}
			p, err := in.differing(ctx, was, r)
			if err != nil {
				return err
			}
			if p != nil {
				if err := updateHot(ctx, in.tx, r.Key(), *p); err != nil {
					return err
				}
			}
		}
		list = list[n:]
	}
	return nil
}

// standing reads what stands for readings of one quantity and instant, by object.
func (in *intake) standing(ctx context.Context, list []reading.Reading) (map[int64]reading.Point, error) {
	args := []any{int64(list[0].Quantity), list[0].At.UnixMilli()}
	for _, r := range list {
		args = append(args, r.Object)
	}
	out := make(map[int64]reading.Point, len(list))
	err := store.Each(ctx, in.tx, `SELECT object_id, at, value_e6, span_s, flags, source_id FROM observation
		WHERE quantity = $1 AND at = $2 AND object_id IN (`+store.Places(3, len(list))+`)`, func(scan func(...any) error) error {
		var object int64
		p, err := scanPoint(scan, &object)
		out[object] = p
		return err
	}, args...)
	return out, err
}

// scanPoint reads at, value_e6, span_s, flags and source_id, and before them whatever else a statement selects.
func scanPoint(scan func(...any) error, before ...any) (reading.Point, error) {
	var p reading.Point
	var at, span int64
	var v sql.NullInt64
	err := scan(append(before, &at, &v, &span, &p.Flags, &p.Source)...)
	p.At, p.Value, p.Span = store.Time(at), figure(v), time.Duration(span)*time.Second
	return p, err
}

func updateHot(ctx context.Context, tx *store.Tx, k reading.Key, p reading.Point) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE observation SET value_e6 = $1, span_s = $2, flags = $3, source_id = $4 WHERE quantity = $5 AND at = $6 AND object_id = $7`,
		millionths(p.Value), int64(p.Span/time.Second), int64(p.Flags), p.Source, int64(k.Quantity), k.At.UnixMilli(), k.Object)
	if err != nil {
		return fmt.Errorf("revise the reading of object %d at %s: %w", k.Object, k.At, err)
	}
	return nil
}

const insertLatest = `INSERT INTO observation_latest (object_id, quantity, at, value_e6, span_s, flags, source_id, good_at, good_e6, steady_at) VALUES `

const updateLatest = ` ON CONFLICT (object_id, quantity) DO UPDATE SET at = excluded.at, value_e6 = excluded.value_e6, span_s = excluded.span_s,
	flags = excluded.flags, source_id = excluded.source_id, good_at = excluded.good_at, good_e6 = excluded.good_e6, steady_at = excluded.steady_at
	WHERE excluded.at >= observation_latest.at`

// writeLatest writes the newest readings that moved, in one order, so that two writers do not wait for each other crosswise.
func writeLatest(ctx context.Context, tx *store.Tx, states map[stateKey]memory) error {
	keys := slices.SortedFunc(maps.Keys(states), func(a, b stateKey) int {
		return cmp.Or(cmp.Compare(a.object, b.object), cmp.Compare(a.quantity, b.quantity))
	})
	keys = slices.DeleteFunc(keys, func(k stateKey) bool { return states[k].Last.At.IsZero() })
	err := bulk(ctx, tx, insertLatest, updateLatest, len(keys), func(dst []cell, i int) []cell {
		k := keys[i]
		m := states[k]
		p := m.Last
		return append(dst, whole(k.object), whole(int64(k.quantity)), whole(p.At.UnixMilli()), millionths(p.Value), whole(int64(p.Span/time.Second)),
			whole(int64(p.Flags)), whole(p.Source), maybe(m.GoodAt), cell{Int64: int64(m.Good), Valid: !m.GoodAt.IsZero()}, maybe(m.Steady))
	}, nil)
	if err != nil {
		return fmt.Errorf("write the newest of %d series: %w", len(keys), err)
	}
	return nil
}

// readMemory reads what the checks remember.
func readMemory(ctx context.Context, q store.Querier, kinds map[int64]SourceKind) (map[stateKey]memory, error) {
	out := map[stateKey]memory{}
	err := store.Each(ctx, q, `
		SELECT object_id, quantity, good_at, good_e6, steady_at, at, value_e6, span_s, flags, source_id FROM observation_latest ORDER BY object_id, quantity`, func(scan func(...any) error) error {
		var k stateKey
		var goodAt, good, steady sql.NullInt64
		p, err := scanPoint(scan, &k.object, &k.quantity, &goodAt, &good, &steady)
		m := memory{State: quality.State{Last: p, Good: quantity.Decimal(good.Int64)}}
		if goodAt.Valid {
			m.GoodAt = store.Time(goodAt.Int64)
		}
		if steady.Valid {
			m.Steady = store.Time(steady.Int64)
		}
		if k.quantity == reading.Rain && kinds[p.Source] != Derived {
			m.spans = p.At
		}
		out[k] = m
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the newest readings: %w", err)
	}
	return out, nil
}
