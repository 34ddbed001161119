package series

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"anlan/internal/fault"
	"anlan/internal/identity/audit"
	"anlan/internal/quantity"
	"anlan/internal/series/chunk"
	"anlan/internal/series/reading"
	"anlan/internal/store"
)

// Revision is one version of a reading (修订): who made it, when and why. The first was not made by anybody; it arrived.
type Revision struct {
	Seq    int           `json:"seq"`
	Value  quantity.Null `json:"value"`
	Span   time.Duration `json:"-"`
	Flags  reading.Flag  `json:"-"`
	Source int64         `json:"-"`
	MadeAt time.Time     `json:"made_at"`
	By     audit.Actor   `json:"by"`
	Reason string        `json:"reason"`
	Taken  bool          `json:"taken" doc:"Whether it came in force when it was made"`
}

// Act is what a person does with a reading.
type Act string

// The acts.
const (
	Accept  Act = "accept"
	Reject  Act = "reject"
	Correct Act = "correct"
)

// Verdict is what a person says of a reading (人工审核).
type Verdict struct {
	Act    Act           `json:"act" enum:"accept,reject,correct"`
	Value  quantity.Null `json:"value,omitempty" doc:"Of a correction"`
	Reason string        `json:"reason" maxLength:"400"`
}

const reasonMost = 400

func (v Verdict) check() error {
	bad := fault.Invalidf("verdict.invalid", "审核意见有误", "the verdict is not valid")
	if !slices.Contains([]Act{Accept, Reject, Correct}, v.Act) {
		bad.At("act", fault.T("须为认可、剔除或订正", "accept, reject or correct"))
	}
	if strings.TrimSpace(v.Reason) == "" || utf8.RuneCountInString(v.Reason) > reasonMost {
		bad.At("reason", fault.Tf("须写明理由，至多 %d 字", "a reason of at most %d characters is required", reasonMost))
	}
	if (v.Act == Correct) != v.Value.Valid {
		bad.At("value", fault.T("订正须给出数值，其他不得给出", "a correction has a figure, and nothing else has"))
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// Revise lets a person accept, reject or correct a reading, within the caller's transaction, and returns what stands after it. Whether
// the person may is the caller's business. A later reading of the gauge for that instant is recorded and does not overturn it.
func (s *Service) Revise(ctx context.Context, tx *store.Tx, by audit.Actor, k reading.Key, v Verdict) (reading.Point, error) {
	var none reading.Point
	if err := v.check(); err != nil {
		return none, err
	}
	division, err := divisionOf(ctx, tx, k.Object)
	if err != nil {
		return none, err
	}
	if err := s.load(ctx, tx); err != nil {
		return none, err
	}
	k.At = k.At.UTC().Truncate(time.Second)
	source, err := sourceIn(ctx, tx, Source{Kind: FromPerson, Name: by.Name})
	if err != nil {
		return none, err
	}
	is, err := s.replace(ctx, tx, k, func(was reading.Point) (reading.Point, error) {
		p := was
		p.Flags = was.Flags.Found()
		switch v.Act {
		case Accept:
			if !was.Value.Valid {
				return p, fault.Invalidf("verdict.absent", "没有数值可认可，请订正", "there is no figure to accept; correct it")
			}
			p.Flags |= reading.Accepted
		case Reject:
			p.Flags |= reading.Rejected
		case Correct:
			p.Value, p.Flags, p.Source = v.Value, p.Flags&^reading.Absent|reading.Corrected, source
		}
		return p, record(ctx, tx, was, p.Of(k.Object, k.Quantity), version{at: s.now(), by: by, reason: v.Reason, taken: true})
	})
	if err != nil {
		return none, err
	}
	if k.Quantity == reading.RainCounter {
		if err := s.deriveAgain(ctx, tx, k, by, v.Reason); err != nil {
			return none, err
		}
	}
	if err := s.judgeAgain(ctx, tx, k); err != nil {
		return none, err
	}
	q, _ := reading.ByID(k.Quantity)
	return is, audit.Append(ctx, tx, audit.Entry{
		At: s.now(), Actor: by, Action: "reading." + string(v.Act), ObjectKind: "object", ObjectID: fmt.Sprint(k.Object), DivisionID: &division,
		Detail: map[string]any{"quantity": q.Code, "at": k.At, "value": is.Value, "reason": v.Reason},
	})
}

// replace puts another point in the place of the one that stands under a key, sealed or not, and in the newest where it is that.
func (s *Service) replace(ctx context.Context, tx *store.Tx, k reading.Key, f func(was reading.Point) (reading.Point, error)) (reading.Point, error) {
	var into oldest
	into.add(k)
	h, err := horizons(ctx, tx, s.now().Add(-s.hot), into)
	if err != nil {
		return reading.Point{}, err
	}
	unknown := fault.NotFoundf("reading.unknown", "该时刻没有观测值", "there is no reading of that instant")
	var is reading.Point
	if h.sealed(k.Object, k.At) {
		if err := holdBucket(ctx, tx, k.Object%buckets); err != nil {
			return is, err
		}
		day := dayOf(k)
		all, err := readChunk(ctx, tx, day)
		if err != nil {
			return is, err
		}
		i := slices.IndexFunc(all, func(p reading.Point) bool { return p.At.Equal(k.At) })
		if i < 0 {
			return is, unknown
		}
		if is, err = f(all[i]); err != nil {
			return is, err
		}
		if err := writeChunk(ctx, tx, day, chunk.Merge(all, []reading.Point{is}), []reading.Point{is}, s.now()); err != nil {
			return is, err
		}
	} else {
		row := tx.QueryRowContext(ctx, `SELECT at, value_e6, span_s, flags, source_id FROM observation WHERE quantity = $1 AND at = $2 AND object_id = $3`, int64(k.Quantity), k.At.UnixMilli(), k.Object)
		was, err := scanPoint(row.Scan)
		if errors.Is(err, sql.ErrNoRows) {
			return is, unknown
		}
		if err != nil {
			return is, fmt.Errorf("read the reading of object %d: %w", k.Object, err)
		}
		if is, err = f(was); err != nil {
			return is, err
		}
		if err := updateHot(ctx, tx, k, is); err != nil {
			return is, err
		}
		if err := sumHours(ctx, tx, []reading.Reading{is.Of(k.Object, k.Quantity)}); err != nil {
			return is, err
		}
	}
	in := &intake{s: s, tx: tx, states: map[stateKey]memory{}, list: []reading.Reading{is.Of(k.Object, k.Quantity)}}
	in.moveLatest(k.Object, k.Quantity, is)
	if err := writeLatest(ctx, tx, in.states); err != nil {
		return is, err
	}
	in.finish()
	return is, nil
}

// version is how a revision came about.
type version struct {
	at     time.Time
	by     audit.Actor
	reason string
	taken  bool
}

// hasVersion reports whether the history of a reading has this figure from this source: it was sent before, and is old news.
func hasVersion(ctx context.Context, q store.Querier, r reading.Reading) (bool, error) {
	var n int
	err := q.QueryRowContext(ctx, `
		SELECT COUNT(*) FROM observation_revision WHERE quantity = $1 AND object_id = $2 AND at = $3 AND source_id = $4 AND span_s = $5
			AND COALESCE(value_e6, 0) = $6 AND (value_e6 IS NULL) = (CAST($7 AS BIGINT) = 1)`,
		int64(r.Quantity), r.Object, r.At.UnixMilli(), r.Source, int64(r.Span/time.Second), int64(r.Value.Decimal), store.Flag(!r.Value.Valid)).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look into the history of object %d: %w", r.Object, err)
	}
	return n > 0, nil
}

// record writes a version behind those that are there; the first, as it arrived, is written with the second.
func record(ctx context.Context, tx *store.Tx, was reading.Point, r reading.Reading, v version) error {
	var n int
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM observation_revision WHERE quantity = $1 AND object_id = $2 AND at = $3`, int64(r.Quantity), r.Object, r.At.UnixMilli()).Scan(&n)
	if err != nil {
		return fmt.Errorf("look into the history of object %d: %w", r.Object, err)
	}
	add := func(seq int, p reading.Point, v version) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO observation_revision (quantity, object_id, at, seq, value_e6, span_s, flags, source_id, made_at, by_id, by_name, reason, taken)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
			int64(r.Quantity), r.Object, r.At.UnixMilli(), seq, millionths(p.Value), int64(p.Span/time.Second), int64(p.Flags), p.Source,
			v.at.UnixMilli(), v.by.ID, v.by.Name, v.reason, store.Flag(v.taken))
		if err != nil {
			return fmt.Errorf("record a version of the reading of object %d: %w", r.Object, err)
		}
		return nil
	}
	if n == 0 {
		n = 1
		if err := add(1, was, version{at: v.at, by: nobody(), taken: true}); err != nil {
			return err
		}
	}
	return add(n+1, r.Point(), v)
}

// History lists the versions of a reading, the first first; nothing where it has only the one that stands.
func (s *Service) History(ctx context.Context, k reading.Key) ([]Revision, error) {
	out := []Revision{}
	err := store.Each(ctx, s.db, `
		SELECT seq, value_e6, span_s, flags, source_id, made_at, by_id, by_name, reason, taken FROM observation_revision
		WHERE quantity = $1 AND object_id = $2 AND at = $3 ORDER BY seq`, func(scan func(...any) error) error {
		var r Revision
		var v sql.NullInt64
		var span, made, taken int64
		err := scan(&r.Seq, &v, &span, &r.Flags, &r.Source, &made, &r.By.ID, &r.By.Name, &r.Reason, &taken)
		r.Value, r.Span, r.MadeAt, r.Taken = figure(v), time.Duration(span)*time.Second, store.Time(made), taken != 0
		out = append(out, r)
		return err
	}, int64(k.Quantity), k.Object, k.At.UTC().Truncate(time.Second).UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("read the history of object %d: %w", k.Object, err)
	}
	return out, nil
}
