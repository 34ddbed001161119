package series

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"anlan/internal/identity/audit"
	"anlan/internal/series/quality"
	"anlan/internal/series/reading"
	"anlan/internal/series/threshold"
	"anlan/internal/store"
)

// Outcome says what became of readings.
type Outcome struct {
	New     int `json:"new"`
	Same    int `json:"same" doc:"Known already, from this source or with this figure"`
	Revised int `json:"revised" doc:"Differed from what stood and took its place; the first is kept"`
	Kept    int `json:"kept" doc:"Differed from what a person had judged, had no figure or a longer span: recorded and not in force"`
	Derived int `json:"derived" doc:"Rain reckoned from counters, not counted in the others"`
	Flagged int `json:"flagged" doc:"Of all, how many a check doubts"`
}

// Append takes readings in, all or none, in a transaction of its own. What came before is Same and changes nothing, so a sender that
// heard nothing sends again.
func (s *Service) Append(ctx context.Context, list []reading.Reading) (Outcome, error) {
	var out Outcome
	err := s.db.Write(ctx, func(tx *store.Tx) (err error) {
		out, err = s.AppendIn(ctx, tx, list)
		return err
	})
	return out, err
}

// AppendIn is Append within the caller's transaction. Each reading is checked against the one before, its flags are set, and rain is
// reckoned from counters where a station sends no spans.
func (s *Service) AppendIn(ctx context.Context, tx *store.Tx, list []reading.Reading) (Outcome, error) {
	in := &intake{s: s, tx: tx, now: s.now(), states: map[stateKey]memory{}, since: map[stateKey]time.Time{}}
	if len(list) == 0 {
		return in.out, nil
	}
	if err := s.load(ctx, tx); err != nil {
		return in.out, err
	}
	if err := in.take(list); err != nil {
		return in.out, err
	}
	if err := in.judge(ctx); err != nil {
		return in.out, err
	}
	var into oldest
	for _, batch := range [][]reading.Reading{in.list, in.twice} {
		for i := range batch {
			into.add(batch[i].Key())
		}
	}
	var err error
	if in.horizon, err = horizons(ctx, tx, in.now.Add(-s.hot), into); err != nil {
		return in.out, err
	}
	for _, batch := range [][]reading.Reading{in.list, in.twice} { // what came twice meets what it came after
		if err := in.keep(ctx, batch); err != nil {
			return in.out, err
		}
	}
	if err := writeLatest(ctx, tx, in.states); err != nil {
		return in.out, err
	}
	if err := in.judgeReadings(ctx); err != nil {
		return in.out, err
	}
	if err := in.judgeLate(ctx); err != nil {
		return in.out, err
	}
	in.finish()
	return in.out, nil
}

// intake is one batch on its way in.
type intake struct {
	s       *Service
	tx      *store.Tx
	now     time.Time
	list    []reading.Reading // in the order of quantity, time and object
	twice   []reading.Reading // those of the batch whose key is in list already
	horizon horizon
	states  map[stateKey]memory // those that the batch moved
	// speaking are the readings that thresholds hear of: newer than all before, and of something that has one
	speaking []reading.Reading
	since    map[stateKey]time.Time // the oldest reading that is not newer and that a threshold may hear of all the same
	out      Outcome
}

func inOrder(a, b reading.Reading) int {
	return cmp.Or(cmp.Compare(a.Quantity, b.Quantity), a.At.Compare(b.At), cmp.Compare(a.Object, b.Object))
}

// take copies and orders the batch, and sets aside what stands in it more than once.
func (in *intake) take(list []reading.Reading) error {
	all := slices.Clone(list)
	for i := range all {
		if err := all[i].Check(); err != nil {
			return fmt.Errorf("reading %d of %d: %w", i+1, len(all), err)
		}
		all[i].Flags &= reading.Absent | reading.Unequal // the others are found here
	}
	if !slices.IsSortedFunc(all, inOrder) {
		slices.SortStableFunc(all, inOrder)
	}
	in.list = all[:0]
	for _, r := range all {
		if n := len(in.list); n > 0 && in.list[n-1].Key() == r.Key() {
			in.twice = append(in.twice, r)
			continue
		}
		in.list = append(in.list, r)
	}
	return nil
}

// autoSpans is for how long a station that sent spans of rain is held to send them still.
const autoSpans = 48 * time.Hour

// judge checks every reading and adds the rain that counters tell.
func (in *intake) judge(ctx context.Context) error {
	kinds := map[int64]SourceKind{}
	for _, list := range [][]reading.Reading{in.list, in.twice} {
		for _, r := range list {
			if _, ok := kinds[r.Source]; ok {
				continue
			}
			kind, err := in.s.kindOf(ctx, in.tx, r.Source)
			if err != nil {
				return err
			}
			kinds[r.Source] = kind
		}
	}
	var derived []reading.Reading
	in.s.mu.Lock()
	for i := range in.list {
		r := &in.list[i]
		before, after := in.check(r, kinds[r.Source] == FromGauge)
		if r.Quantity == reading.Rain && kinds[r.Source] != Derived && r.At.After(after.spans) {
			after.spans = r.At
			in.states[stateKey{r.Object, r.Quantity}] = after
		}
		if r.Quantity == reading.RainCounter && r.Flags.Counts() {
			if d, ok := in.derive(*r, before.State); ok {
				derived = append(derived, d)
			}
		}
	}
	for i := range in.twice { // not newer than what it came after, so the state stays
		in.check(&in.twice[i], kinds[in.twice[i].Source] == FromGauge)
	}
	in.s.mu.Unlock()
	if len(derived) == 0 {
		return nil
	}
	source, err := sourceIn(ctx, in.tx, Source{Kind: Derived, Name: "rain_counter"})
	if err != nil {
		return err
	}
	in.s.mu.Lock()
	for i := range derived {
		derived[i].Source = source
		in.check(&derived[i], false)
	}
	in.s.mu.Unlock()
	in.out.Derived = len(derived)
	in.list = append(in.list, derived...)
	slices.SortStableFunc(in.list, inOrder)
	in.list = slices.CompactFunc(in.list, func(a, b reading.Reading) bool { return a.Key() == b.Key() })
	return nil
}

// check sets the flags of a reading and moves the state of its series. The caller holds the service's lock.
func (in *intake) check(r *reading.Reading, live bool) (before, after memory) {
	k := stateKey{r.Object, r.Quantity}
	before, ok := in.states[k]
	if !ok {
		before = in.s.memory[k]
	}
	after = before
	limits := limitsOf(in.s.limits, r.Object, r.Quantity)
	state := before.State
	if r.Point().Overlaps(state.Last) && in.tells(r.Object, r.Quantity, state.Last) {
		state.Last = reading.Point{} // its parts take its place
	}
	r.Flags, after.State = quality.Check(*r, state, limits, in.s.rules.Clock(), quality.Arrival{At: in.now, Live: live})
	if !after.Last.At.Equal(before.Last.At) {
		in.states[k] = after
		if len(in.s.thresholds[k]) > 0 && threshold.Speaks(r.Point()) {
			if quality.Confirms(r.Point(), before.State, limits) { // the leap before it was none
				in.speaking = append(in.speaking, before.Last.Of(r.Object, r.Quantity))
			}
			in.speaking = append(in.speaking, *r)
		}
	} else if in.late(r) {
		if from, ok := in.since[k]; !ok || r.At.Before(from) {
			in.since[k] = r.At
		}
	}
	if r.Flags.Doubted() {
		in.out.Flagged++
	}
	return before, after
}

// tells reports whether a batch holds the parts of a total that stands, all of them: then they say more. Some of them would leave a hole.
func (in *intake) tells(object int64, id reading.ID, p reading.Point) bool {
	if p.Span == 0 || p.Flags.Judged() {
		return false
	}
	var covered time.Duration
	part := func(r *reading.Reading) {
		if q := r.Point(); r.Object == object && r.Quantity == id && r.Value.Valid && r.Span < p.Span && !q.From().Before(p.From()) && !q.At.After(p.At) {
			covered += r.Span
		}
	}
	from, _ := slices.BinarySearchFunc(in.list, p.From(), func(r reading.Reading, at time.Time) int {
		return cmp.Or(cmp.Compare(r.Quantity, id), r.At.Compare(at))
	})
	for i := from; i < len(in.list) && in.list[i].Quantity == id && !in.list[i].At.After(p.At); i++ {
		part(&in.list[i])
	}
	for i := range in.twice {
		part(&in.twice[i])
	}
	return covered == p.Span
}

// derive makes rain of a counter where the station's rain is told by it.
func (in *intake) derive(r reading.Reading, before quality.State) (reading.Reading, bool) {
	switch in.s.basis[r.Object] {
	case SpansOfRain:
		return r, false
	case CounterRain:
	default:
		k := stateKey{r.Object, reading.Rain}
		m, ok := in.states[k]
		if !ok {
			m = in.s.memory[k]
		}
		if !m.spans.IsZero() && r.At.Sub(m.spans) < autoSpans {
			return r, false
		}
	}
	amount, span, ok := quality.Increment(r, before, limitsOf(in.s.limits, r.Object, r.Quantity))
	d := reading.Reading{Object: r.Object, Quantity: reading.Rain, At: r.At, Span: span}
	d.Value.Decimal, d.Value.Valid = amount, true
	return d, ok && d.Check() == nil
}

// keep stores a batch: what lies after the horizon row by row, what is older in its chunks.
func (in *intake) keep(ctx context.Context, batch []reading.Reading) error {
	var fresh, old []reading.Reading
	for _, r := range batch {
		if in.horizon.sealed(r.Object, r.At) {
			old = append(old, r)
		} else {
			fresh = append(fresh, r)
		}
	}
	if err := in.keepHot(ctx, fresh); err != nil {
		return err
	}
	return in.keepSealed(ctx, old)
}

// differing settles a reading whose key is taken by another figure, and gives what is to stand there; nothing where that is what
// stood.
func (in *intake) differing(ctx context.Context, was reading.Point, r reading.Reading) (*reading.Point, error) {
	if was.Value == r.Value && was.Span == r.Span {
		in.out.Same++
		return nil, nil
	}
	known, err := hasVersion(ctx, in.tx, r)
	if err != nil {
		return nil, err
	}
	if known {
		in.out.Same++
		return nil, nil
	}
	taken := !was.Flags.Judged() && r.Value.Valid && (!was.Value.Valid || r.Span == was.Span || r.Span < was.Span && (was.Flags&reading.Overlap != 0 || in.tells(r.Object, r.Quantity, was)))
	if err := record(ctx, in.tx, was, r, version{at: in.now, taken: taken}); err != nil {
		return nil, err
	}
	if !taken {
		in.out.Kept++
		return nil, nil
	}
	in.out.Revised++
	p := r.Point()
	in.moveLatest(r.Object, r.Quantity, p)
	return &p, nil
}

// moveLatest puts another figure into the state where it is of the newest reading.
func (in *intake) moveLatest(object int64, id reading.ID, p reading.Point) {
	k := stateKey{object, id}
	m, ok := in.states[k]
	if !ok {
		in.s.mu.Lock()
		m = in.s.memory[k]
		in.s.mu.Unlock()
	}
	if m, ok = m.moved(p); ok {
		in.states[k] = m
	}
}

// moved is the memory after the reading of an instant became another; ok is false where it is not of the newest.
func (m memory) moved(p reading.Point) (memory, bool) {
	if !m.Last.At.Equal(p.At) {
		return m, false
	}
	m.Last = p
	if m.GoodAt.Equal(p.At) {
		m.Good, m.Steady = p.Value.Decimal, p.At
		if !p.Counts() {
			m.GoodAt = time.Time{}
		}
	}
	return m, true
}

// finish makes the batch known once it is committed.
func (in *intake) finish() {
	list := in.list
	in.tx.AfterCommit(func() {
		in.s.mu.Lock()
		for k, m := range in.states {
			// A transaction that was begun later may have been told of first.
			if !m.Last.At.Before(in.s.memory[k].Last.At) {
				in.s.memory[k] = m
			}
		}
		in.s.mu.Unlock()
		in.s.taken(list)
	})
}

// nobody is the actor of what the program does by itself.
func nobody() audit.Actor { return audit.Actor{} }
