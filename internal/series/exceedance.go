package series

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity/audit"
	"anlan/internal/quantity"
	"anlan/internal/registry"
	"anlan/internal/series/reading"
	"anlan/internal/series/threshold"
	"anlan/internal/store"
)

// Limit is a threshold of an object as it is on record.
type Limit struct {
	ID       int64  `json:"id"`
	Object   int64  `json:"object"`
	Quantity string `json:"quantity" doc:"Code"`
	threshold.Threshold
	Edit int64 `json:"edit"`

	quantity reading.ID
}

// Exceedance is an event of a threshold (超限事件): a level above its limit, rain beyond one, or a station that fell silent.
type Exceedance struct {
	ID        int64  `json:"id"`
	Object    int64  `json:"object"`
	Kind      string `json:"kind" doc:"warning, guarantee, flood_limit, no_data, or rain_ with the minutes of its window"`
	Quantity  string `json:"quantity"`
	Threshold int64  `json:"threshold"`
	threshold.Event
	Live   bool   `json:"live"`
	Closed string `json:"closed,omitempty" doc:"Why it ended otherwise than by clearing: retired, revised, or silent where its station told nothing of the whole window"`
	// Changed is when it last did.
	Changed time.Time `json:"-"`

	quantity reading.ID
}

// liveKey names an event that stands.
type liveKey struct {
	object int64
	kind   string
}

// SetThreshold sets the threshold of an object for its kind, and of rain for its window, within the caller's transaction; one that
// stands is changed. An event that stands is judged by it from the next reading on.
func (s *Service) SetThreshold(ctx context.Context, tx *store.Tx, by registry.Editor, object int64, id reading.ID, t threshold.Threshold) (int64, error) {
	if err := t.Check(id); err != nil {
		return 0, err
	}
	division, err := s.mayChange(ctx, tx, by, object)
	if err != nil {
		return 0, err
	}
	body, err := json.Marshal(t)
	if err != nil {
		return 0, fmt.Errorf("encode a threshold: %w", err)
	}
	var n int64
	err = tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(id), 0) FROM threshold WHERE object_id = $1 AND kind = $2 AND retired_at IS NULL`, object, t.Key()).Scan(&n)
	if err == nil && n != 0 {
		_, err = tx.ExecContext(ctx, `UPDATE threshold SET quantity = $1, body = $2, edit = edit + 1, changed_at = $3 WHERE id = $4`, int64(id), string(body), s.now().UnixMilli(), n)
	} else if err == nil {
		if n, err = tx.Next(ctx, "threshold", 1); err != nil {
			return 0, err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO threshold (id, object_id, kind, quantity, body, changed_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			n, object, t.Key(), int64(id), string(body), s.now().UnixMilli())
	}
	if err != nil {
		return 0, fmt.Errorf("set a threshold of object %d: %w", object, err)
	}
	tx.AfterCommit(s.forget)
	return n, audit.Append(ctx, tx, audit.Entry{
		At: s.now(), Actor: by.Actor, Action: "threshold.set", ObjectKind: "object", ObjectID: fmt.Sprint(object), DivisionID: &division, Detail: t,
	})
}

// RetireThreshold takes a threshold out of use within the caller's transaction, and ends the event that stands by it.
func (s *Service) RetireThreshold(ctx context.Context, tx *store.Tx, by registry.Editor, id int64) error {
	var object int64
	var kind string
	err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(object_id), 0), COALESCE(MAX(kind), '') FROM threshold WHERE id = $1 AND retired_at IS NULL`, id).Scan(&object, &kind)
	if err != nil {
		return fmt.Errorf("look for threshold %d: %w", id, err)
	}
	if object == 0 {
		return fault.NotFoundf("threshold.unknown", "没有这个在用阈值", "there is no such threshold in use")
	}
	division, err := s.mayChange(ctx, tx, by, object)
	if err != nil {
		return err
	}
	now := s.now().UnixMilli()
	if _, err = tx.ExecContext(ctx, `UPDATE threshold SET retired_at = $1, edit = edit + 1, changed_at = $1 WHERE id = $2`, now, id); err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE exceedance SET live = 0, closed = 'retired', clear_at = COALESCE(clear_at, $1), changed_at = $1 WHERE threshold_id = $2 AND live = 1`, now, id)
	}
	if err != nil {
		return fmt.Errorf("retire threshold %d: %w", id, err)
	}
	tx.AfterCommit(s.forget)
	return audit.Append(ctx, tx, audit.Entry{
		At: s.now(), Actor: by.Actor, Action: "threshold.retire", ObjectKind: "object", ObjectID: fmt.Sprint(object), DivisionID: &division, Detail: map[string]any{"kind": kind},
	})
}

// Thresholds lists the thresholds in use of an object, or of all where it is 0.
func (s *Service) Thresholds(ctx context.Context, object int64) ([]Limit, error) {
	all, err := readThresholds(ctx, s.db)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(l Limit) bool { return object != 0 && l.Object != object }), nil
}

func readThresholds(ctx context.Context, q store.Querier) ([]Limit, error) {
	out := []Limit{}
	err := store.Each(ctx, q, `SELECT id, object_id, quantity, body, edit FROM threshold WHERE retired_at IS NULL ORDER BY object_id, id`, func(scan func(...any) error) error {
		var l Limit
		var body string
		if err := scan(&l.ID, &l.Object, &l.quantity, &body, &l.Edit); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(body), &l.Threshold); err != nil {
			return fmt.Errorf("threshold %d: %w", l.ID, err)
		}
		q, _ := reading.ByID(l.quantity)
		l.Quantity = q.Code
		out = append(out, l)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read thresholds: %w", err)
	}
	return out, nil
}

const exceedanceColumns = `e.id, e.object_id, e.kind, e.quantity, e.threshold_id, e.limit_e6, e.onset_at, e.onset_e6, e.peak_at, e.peak_e6, e.last_at, e.last_e6, e.clear_at, e.clear_e6, e.closed, e.live, e.changed_at`

func scanExceedance(scan func(...any) error) (Exceedance, error) {
	var e Exceedance
	var limit, onset, peak, last, clear, clearAt sql.NullInt64
	var onsetAt, peakAt, lastAt, live, changed int64
	err := scan(&e.ID, &e.Object, &e.Kind, &e.quantity, &e.Threshold, &limit, &onsetAt, &onset, &peakAt, &peak, &lastAt, &last, &clearAt, &clear, &e.Closed, &live, &changed)
	sample := func(at int64, v sql.NullInt64) threshold.Sample {
		return threshold.Sample{At: store.Time(at), Value: figure(v)}
	}
	e.Event = threshold.Event{Limit: figure(limit), Onset: sample(onsetAt, onset), Peak: sample(peakAt, peak), Last: sample(lastAt, last)}
	if clearAt.Valid {
		e.Below = sample(clearAt.Int64, clear)
	}
	q, _ := reading.ByID(e.quantity)
	e.Quantity, e.Live, e.Changed = q.Code, live != 0, store.Time(changed)
	return e, err
}

// Standing are the kinds of events that stand, by object.
func (s *Service) Standing(ctx context.Context) (map[int64][]string, error) {
	out := map[int64][]string{}
	err := store.Each(ctx, s.db, `SELECT object_id, kind FROM exceedance WHERE live = 1 ORDER BY object_id, kind`, func(scan func(...any) error) error {
		var object int64
		var kind string
		err := scan(&object, &kind)
		out[object] = append(out[object], kind)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read which events stand: %w", err)
	}
	return out, nil
}

func readLive(ctx context.Context, q store.Querier) (map[liveKey]*Exceedance, error) {
	out := map[liveKey]*Exceedance{}
	err := store.Each(ctx, q, `SELECT `+exceedanceColumns+` FROM exceedance e WHERE e.live = 1 ORDER BY e.id`, func(scan func(...any) error) error {
		e, err := scanExceedance(scan)
		out[liveKey{e.Object, e.Kind}] = &e
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the events that stand: %w", err)
	}
	return out, nil
}

// events is what a transaction does to the events that stand.
type events struct {
	s     *Service
	tx    *store.Tx
	stand map[liveKey]*Exceedance // as read in the transaction; nil where the service's memory serves
	moved map[liveKey]*Exceedance
	told  []Exceedance
	// replayed: what the events come to is of a whole series, and not of a newer reading
	replayed bool
}

func (s *Service) newEvents(tx *store.Tx) *events {
	return &events{s: s, tx: tx, moved: map[liveKey]*Exceedance{}}
}

func (ev *events) live(k liveKey) *Exceedance {
	if e, ok := ev.moved[k]; ok {
		if !e.Live {
			return nil
		}
		return e
	}
	if ev.stand != nil {
		return ev.stand[k]
	}
	ev.s.mu.Lock()
	defer ev.s.mu.Unlock()
	return ev.s.live[k]
}

// judge puts a judgement of one threshold into effect.
func (ev *events) judge(ctx context.Context, l *Limit, f func(live *threshold.Event) (*threshold.Event, threshold.Outcome)) error {
	k := liveKey{l.Object, l.Key()}
	stands := ev.live(k)
	var event *threshold.Event
	if stands != nil {
		event = &stands.Event
	}
	is, outcome := f(event)
	if outcome == threshold.Nothing {
		return nil
	}
	e := Exceedance{Object: l.Object, Kind: k.kind, Quantity: l.Quantity, quantity: l.quantity, Threshold: l.ID, Live: true}
	if stands != nil {
		e = *stands
	}
	e.Event, e.Live = *is, outcome != threshold.Cleared
	if outcome == threshold.Begun {
		begun, err := ev.begin(ctx, &e)
		if err != nil || !begun {
			return err
		}
	} else if err := ev.write(ctx, &e, true); err != nil {
		return err
	}
	ev.moved[k] = &e
	ev.told = append(ev.told, e)
	return nil
}

// begin writes an event, which may have ended already where its readings came late; begun is false where another process was faster, whose event is then the one that stands.
func (ev *events) begin(ctx context.Context, e *Exceedance) (begun bool, err error) {
	if e.ID, err = ev.tx.Next(ctx, "exceedance", 1); err != nil {
		return false, err
	}
	res, err := ev.tx.ExecContext(ctx, `
		INSERT INTO exceedance (id, object_id, kind, quantity, threshold_id, limit_e6, onset_at, onset_e6, peak_at, peak_e6, last_at, last_e6, clear_at, clear_e6, live, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (object_id, kind) WHERE live = 1 DO NOTHING`,
		e.ID, e.Object, e.Kind, int64(e.quantity), e.Threshold, millionths(e.Limit), e.Onset.At.UnixMilli(), millionths(e.Onset.Value),
		e.Peak.At.UnixMilli(), millionths(e.Peak.Value), e.Last.At.UnixMilli(), millionths(e.Last.Value), maybe(e.Below.At), millionths(e.Below.Value),
		store.Flag(e.Live), ev.s.now().UnixMilli())
	if err != nil {
		return false, fmt.Errorf("begin an event of object %d: %w", e.Object, err)
	}
	n, err := res.RowsAffected()
	if n == 0 {
		ev.tx.AfterCommit(ev.s.forget)
	}
	return n > 0, err
}

// write keeps what changed of an event that stood, or had ended, until now. While it stands, clear_at says since when the figure is below the clearing level.
func (ev *events) write(ctx context.Context, e *Exceedance, stood bool) error {
	_, err := ev.tx.ExecContext(ctx, `
		UPDATE exceedance SET peak_at = $1, peak_e6 = $2, last_at = $3, last_e6 = $4, clear_at = $5, clear_e6 = $6, live = $7, changed_at = $8,
			onset_at = $9, onset_e6 = $10, closed = $11 WHERE id = $12 AND live = $13`,
		e.Peak.At.UnixMilli(), millionths(e.Peak.Value), e.Last.At.UnixMilli(), millionths(e.Last.Value), maybe(e.Below.At), millionths(e.Below.Value),
		store.Flag(e.Live), ev.s.now().UnixMilli(), e.Onset.At.UnixMilli(), millionths(e.Onset.Value), e.Closed, e.ID, store.Flag(stood))
	if err != nil {
		return fmt.Errorf("write event %d: %w", e.ID, err)
	}
	return nil
}

// finish makes the events known once they are committed.
func (ev *events) finish() {
	if len(ev.moved) == 0 {
		return
	}
	ev.tx.AfterCommit(func() {
		ev.s.mu.Lock()
		for k, e := range ev.moved {
			// A transaction that was begun later may have been told of first.
			switch other := ev.s.live[k]; {
			case other != nil && (other.ID > e.ID || other.ID == e.ID && !ev.replayed && other.Last.At.After(e.Last.At)):
			case e.Live:
				ev.s.live[k] = e
			default:
				delete(ev.s.live, k)
			}
		}
		ev.s.mu.Unlock()
		for _, e := range ev.told {
			ev.s.judged(e)
		}
	})
}

// judgeReadings holds the newest readings of a batch against the thresholds of what holds at an instant.
func (in *intake) judgeReadings(ctx context.Context) error {
	if len(in.speaking) == 0 {
		return nil
	}
	ev := in.s.newEvents(in.tx)
	for _, r := range in.speaking {
		in.s.mu.Lock()
		limits := in.s.thresholds[stateKey{r.Object, r.Quantity}]
		in.s.mu.Unlock()
		for i := range limits {
			l := &limits[i]
			err := ev.judge(ctx, l, func(live *threshold.Event) (*threshold.Event, threshold.Outcome) {
				return l.Judge(live, threshold.Sample{At: r.At, Value: r.Value})
			})
			if err != nil {
				return err
			}
		}
	}
	ev.finish()
	return nil
}

// JudgeWindows judges rain in windows and silence as of now. Server roles call it every minute; two at once do no harm.
func (s *Service) JudgeWindows(ctx context.Context) error {
	now := s.now().UTC().Truncate(time.Second)
	all, err := readThresholds(ctx, s.db)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(l Limit) bool { return l.Kind != threshold.Rain && l.Kind != threshold.Silence })
	if len(all) == 0 {
		return nil
	}
	rain := map[int]*rainNow{} // by width
	for _, l := range all {
		if l.Kind == threshold.Rain && rain[l.Minutes] == nil {
			if rain[l.Minutes], err = s.rainUntil(ctx, now, time.Duration(l.Minutes)*time.Minute); err != nil {
				return err
			}
		}
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.load(ctx, tx); err != nil {
			return err
		}
		ev := s.newEvents(tx)
		var err error
		if ev.stand, err = readLive(ctx, tx); err != nil { // another process may have taken the readings in
			return err
		}
		newest, err := readNewest(ctx, tx)
		if err != nil {
			return err
		}
		for i := range all {
			l := &all[i]
			if l.Kind == threshold.Rain {
				err = ev.judgeRain(ctx, l, rain[l.Minutes])
			} else {
				err = ev.judge(ctx, l, func(live *threshold.Event) (*threshold.Event, threshold.Outcome) {
					return l.JudgeSilence(live, newest[l.ID], now)
				})
			}
			if err != nil {
				return err
			}
		}
		ev.finish()
		return nil
	})
}

// rainNow is what fell in a window that ends now, by object.
type rainNow struct {
	from, now time.Time
	sums      map[int64]quantity.Null
	widened   bool // the sums are of some minutes more, and so never less than what fell
}

func (s *Service) rainUntil(ctx context.Context, now time.Time, width time.Duration) (*rainNow, error) {
	r := &rainNow{from: now.Add(-width), now: now, sums: map[int64]quantity.Null{}}
	sums, was, err := s.Sums(ctx, SumQuery{From: r.from, To: now})
	if err != nil {
		return nil, err
	}
	r.widened = was.From.Before(r.from)
	for object, sum := range sums {
		r.sums[object] = sum.Value
	}
	return r, nil
}

// judgeRain judges the rain of one window. Where the sums are of a longer one, the few that come near the limit are added up to the minute.
func (ev *events) judgeRain(ctx context.Context, l *Limit, r *rainNow) error {
	fell := r.sums[l.Object]
	limit, _ := l.At(r.now)
	if r.widened && fell.Valid && (fell.Decimal >= limit-l.Fall || ev.live(liveKey{l.Object, l.Key()}) != nil) {
		list, err := points(ctx, ev.tx, l.Object, reading.Rain, r.from, r.now)
		if err != nil {
			return err
		}
		fell = quantity.Null{}
		for _, p := range list {
			if p.Counts() && !p.From().Before(r.from) {
				fell = quantity.Some(fell.Decimal + p.Value.Decimal)
			}
		}
	}
	if !fell.Valid {
		return ev.fallSilent(ctx, l, r.now)
	}
	return ev.judge(ctx, l, func(live *threshold.Event) (*threshold.Event, threshold.Outcome) {
		return l.Judge(live, threshold.Sample{At: r.now, Value: fell})
	})
}

// fallSilent ends an event of rain whose station has told nothing of the whole window: how much falls now nobody knows, and the silence has an
// event of its own.
func (ev *events) fallSilent(ctx context.Context, l *Limit, now time.Time) error {
	e := ev.live(liveKey{l.Object, l.Key()})
	if e == nil {
		return nil
	}
	var newest sql.NullInt64 // an hour told at the full hour has begun before the window of a later minute, and yet its station speaks
	err := ev.tx.QueryRowContext(ctx, `SELECT MAX(at) FROM observation_latest WHERE object_id = $1 AND quantity = $2`, l.Object, int64(reading.Rain)).Scan(&newest)
	if err != nil {
		return fmt.Errorf("read the newest rain of object %d: %w", l.Object, err)
	}
	if newest.Valid && store.Time(newest.Int64).After(now.Add(-time.Duration(l.Minutes)*time.Minute)) {
		return nil
	}
	is := *e
	is.Live, is.Closed, is.Below = false, "silent", threshold.Sample{At: now}
	if err := ev.write(ctx, &is, true); err != nil {
		return err
	}
	ev.tell(&is, true)
	return nil
}

// readNewest reads the newest reading that each threshold of silence watches.
func readNewest(ctx context.Context, q store.Querier) (map[int64]threshold.Sample, error) {
	out := map[int64]threshold.Sample{}
	err := store.Each(ctx, q, `
		SELECT t.id, v.at, v.value_e6 FROM threshold t JOIN observation_latest v ON v.object_id = t.object_id AND v.quantity = t.quantity
		WHERE t.kind = 'no_data' AND t.retired_at IS NULL ORDER BY t.id`, func(scan func(...any) error) error {
		var id, at int64
		var v sql.NullInt64
		err := scan(&id, &at, &v)
		out[id] = threshold.Sample{At: store.Time(at), Value: figure(v)}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the newest readings of watched stations: %w", err)
	}
	return out, nil
}

// byReading gathers the thresholds that each reading is held against.
func byReading(all []Limit) map[stateKey][]Limit {
	out := map[stateKey][]Limit{}
	for _, l := range all {
		if l.Kind != threshold.Rain && l.Kind != threshold.Silence {
			k := stateKey{l.Object, l.quantity}
			out[k] = append(out[k], l)
		}
	}
	return out
}
