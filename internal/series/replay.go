package series

import (
	"context"
	"fmt"
	"time"

	"anlan/internal/series/quality"
	"anlan/internal/series/reading"
	"anlan/internal/series/threshold"
	"anlan/internal/store"
)

const (
	// judgedLate is how old a reading that comes late, or that a person judges again, may be to begin an event of its own: a station's
	// backlog after an outage, and not a table of past years.
	judgedLate = 24 * time.Hour
	// leapContext is read before it, since a leap is told by the figure before.
	leapContext = 6 * time.Hour
)

// late says that a reading which is not newer than all before may begin, raise or end an event: most of a backlog is far below any
// limit. The caller holds the service's lock.
func (in *intake) late(r *reading.Reading) bool {
	if !r.Point().Counts() || r.At.Before(in.now.Add(-judgedLate)) || r.At.After(in.now) {
		return false
	}
	limits := in.s.thresholds[stateKey{r.Object, r.Quantity}]
	for i := range limits {
		limit, ok := limits[i].At(r.At)
		if ok && r.Value.Decimal >= limit {
			return true
		}
		if e := in.s.live[liveKey{r.Object, limits[i].Key()}]; e != nil && !r.At.Before(e.Onset.At) && r.Value.Decimal < e.Limit.Decimal-limits[i].Fall {
			return true
		}
	}
	return false
}

// judgeLate plays the series again into which a batch brought readings of before that say something.
func (in *intake) judgeLate(ctx context.Context) error {
	if len(in.since) == 0 {
		return nil
	}
	ev := in.s.newEvents(in.tx)
	for k, from := range in.since {
		if err := ev.replay(ctx, k, from); err != nil {
			return err
		}
	}
	ev.finish()
	return nil
}

// judgeAgain plays a series again from a reading on that a person judged: an alarm that a broken sensor raised ends with the reading that
// raised it, and a flood that the checks held for a broken sensor begins one.
func (s *Service) judgeAgain(ctx context.Context, tx *store.Tx, k reading.Key) error {
	ev := s.newEvents(tx)
	if err := ev.replay(ctx, stateKey{k.Object, k.Quantity}, k.At); err != nil {
		return err
	}
	ev.finish()
	return nil
}

// replay plays a series against its thresholds from an instant on, or from the onset of the event that stood then.
func (ev *events) replay(ctx context.Context, k stateKey, from time.Time) error {
	ev.s.mu.Lock()
	ev.replayed = true
	limits := ev.s.thresholds[k]
	bounds := limitsOf(ev.s.limits, k.object, k.quantity)
	ev.s.mu.Unlock()
	for i := range limits {
		l := &limits[i]
		past, err := ev.since(ctx, l, from)
		if err != nil {
			return err
		}
		begin := from
		if len(past) > 0 && past[0].Onset.At.Before(begin) {
			begin = past[0].Onset.At
		} else if from.Before(ev.s.now().Add(-judgedLate)) {
			continue
		}
		list, err := points(ctx, ev.tx, k.object, k.quantity, begin.Add(-leapContext), ev.s.now())
		if err != nil {
			return err
		}
		if err := ev.settle(ctx, l, past, l.Play(speaking(list, bounds, begin))); err != nil {
			return err
		}
	}
	return nil
}

// speaking are the figures from an instant on that may begin or end an event.
func speaking(list []reading.Point, bounds quality.Limits, begin time.Time) []threshold.Sample {
	var out []threshold.Sample
	lone := quality.Lone(list, bounds)
	for i, p := range list {
		if p.Counts() && !lone[i] && !p.At.Before(begin) {
			out = append(out, threshold.Sample{At: p.At, Value: p.Value})
		}
	}
	return out
}

// since reads the events of a threshold's kind that stand, or that ended at an instant or later by clearing.
func (ev *events) since(ctx context.Context, l *Limit, from time.Time) ([]Exceedance, error) {
	var out []Exceedance
	err := store.Each(ctx, ev.tx, `SELECT `+exceedanceColumns+` FROM exceedance e
		WHERE e.object_id = $1 AND e.kind = $2 AND e.quantity = $3 AND e.closed = '' AND (e.live = 1 OR e.clear_at >= $4) ORDER BY e.onset_at, e.id`,
		func(scan func(...any) error) error {
			e, err := scanExceedance(scan)
			out = append(out, e)
			return err
		}, l.Object, l.Key(), int64(l.quantity), from.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("read the events of object %d: %w", l.Object, err)
	}
	return out, nil
}

// settle brings what is on record to what was played. One that stands becomes what it was played as, or ends as revised where nothing is left of
// it; one that has ended keeps what it said and is only raised; what overlaps none is new.
func (ev *events) settle(ctx context.Context, l *Limit, past []Exceedance, played []threshold.Played) error {
	known := make([]bool, len(played))
	for _, e := range past {
		is := e
		stood := threshold.Played{Event: e.Event, Live: e.Live}
		last := -1
		for i := range played {
			if !played[i].Overlaps(stood) {
				continue
			}
			known[i], last = true, i
			if !e.Live && played[i].Peak.Value.Decimal > is.Peak.Value.Decimal {
				is.Peak = played[i].Peak
			}
		}
		switch {
		case e.Live && last < 0:
			is.Live, is.Closed, is.Below = false, "revised", threshold.Sample{At: ev.s.now()}
		case e.Live:
			is.Event, is.Live = played[last].Event, played[last].Live
		}
		if is == e {
			continue
		}
		if err := ev.write(ctx, &is, e.Live); err != nil {
			return err
		}
		ev.tell(&is, e.Live)
	}
	for i, p := range played {
		if known[i] {
			continue
		}
		e := Exceedance{Object: l.Object, Kind: l.Key(), Quantity: l.Quantity, quantity: l.quantity, Threshold: l.ID, Live: p.Live, Event: p.Event}
		begun, err := ev.begin(ctx, &e)
		if err != nil {
			return err
		}
		if begun {
			ev.tell(&e, e.Live)
		}
	}
	return nil
}

// tell has an event told of once it is committed, and remembered where it stands or stood.
func (ev *events) tell(e *Exceedance, stood bool) {
	if stood {
		ev.moved[liveKey{e.Object, e.Kind}] = e
	}
	ev.told = append(ev.told, *e)
}
