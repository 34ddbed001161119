package series

import (
	"context"
	"time"

	"anlan/internal/identity/audit"
	"anlan/internal/series/quality"
	"anlan/internal/series/reading"
	"anlan/internal/store"
)

// deriveAgain brings the rain that was reckoned from a counter to what a person said of one of its readings, within the transaction of the
// verdict: the growth up to that reading, and up to the next one.
func (s *Service) deriveAgain(ctx context.Context, tx *store.Tx, k reading.Key, by audit.Actor, reason string) error {
	from, to := k.At.Add(-autoSpans), k.At.Add(autoSpans)
	counter, err := points(ctx, tx, k.Object, reading.RainCounter, from, to)
	if err != nil {
		return err
	}
	rain, err := points(ctx, tx, k.Object, reading.Rain, from, to)
	if err != nil {
		return err
	}
	s.mu.Lock()
	limits := limitsOf(s.limits, k.Object, reading.RainCounter)
	s.mu.Unlock()
	grown := growths(counter, limits)
	for i, at := range stampsFrom(counter, k.At) {
		is, ok := grown[at.UnixMilli()]
		p, has := pointAt(rain, at)
		if !has && (i == 0 || !ok) {
			continue // what comes after is reckoned from further back
		}
		if !has {
			if err := s.addDerived(ctx, tx, is.Of(k.Object, reading.Rain)); err != nil {
				return err
			}
			continue
		}
		if kind, err := s.kindOf(ctx, tx, p.Source); err != nil || kind != Derived {
			return err
		}
		if p.Counts() == ok && (!ok || p.Value == is.Value && p.Span == is.Span) {
			continue
		}
		if !ok && i > 0 {
			continue // it is not of this verdict that the next counts no more
		}
		_, err := s.replace(ctx, tx, reading.Key{Object: k.Object, Quantity: reading.Rain, At: at}, func(was reading.Point) (reading.Point, error) {
			p := was
			p.Flags = was.Flags.Found() | reading.Rejected
			if ok {
				p.Value, p.Span, p.Flags = is.Value, is.Span, was.Flags.Found()|reading.Corrected
			}
			return p, record(ctx, tx, was, p.Of(k.Object, reading.Rain), version{at: s.now(), by: by, reason: reason, taken: true})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) addDerived(ctx context.Context, tx *store.Tx, r reading.Reading) (err error) {
	if r.Source, err = sourceIn(ctx, tx, Source{Kind: Derived, Name: "rain_counter"}); err != nil {
		return err
	}
	_, err = s.AppendIn(ctx, tx, []reading.Reading{r})
	return err
}

// growths are the rain that a counter tells, by the stamp that it is told at.
func growths(counter []reading.Point, l quality.Limits) map[int64]reading.Point {
	out := map[int64]reading.Point{}
	var state quality.State
	for _, c := range counter {
		if !c.Counts() {
			continue
		}
		r := c.Of(0, reading.RainCounter)
		amount, span, ok := quality.Increment(r, state, l)
		if ok {
			d := reading.Point{At: c.At, Span: span}
			d.Value.Decimal, d.Value.Valid = amount, true
			out[c.At.UnixMilli()] = d
		}
		_, state = quality.Check(r, state, l, quality.Clock{Ahead: autoSpans}, quality.Arrival{At: c.At})
	}
	return out
}

// stampsFrom are an instant and the next at which a counter counts.
func stampsFrom(counter []reading.Point, at time.Time) []time.Time {
	for _, c := range counter {
		if c.At.After(at) && c.Counts() {
			return []time.Time{at, c.At}
		}
	}
	return []time.Time{at}
}

func pointAt(list []reading.Point, at time.Time) (reading.Point, bool) {
	for _, p := range list {
		if p.At.Equal(at) {
			return p, true
		}
	}
	return reading.Point{}, false
}
