package series

import (
	"context"
	"fmt"
	"time"

	"anlan/internal/series/quality"
	"anlan/internal/series/reading"
	"anlan/internal/store"
)

// Balances holds the spans of a station's rain against its counter over a time (累计与时段雨量核对). Rain that was reckoned from the counter
// itself is left out: it would always agree.
func (s *Service) Balances(ctx context.Context, object int64, from, to time.Time) ([]quality.Balance, error) {
	var out []quality.Balance
	err := s.db.Snapshot(ctx, func(q store.Querier) error {
		counter, err := points(ctx, q, object, reading.RainCounter, from, to)
		if err != nil {
			return err
		}
		spans, err := points(ctx, q, object, reading.Rain, from, to)
		if err != nil {
			return err
		}
		limits, err := readLimits(ctx, q)
		if err != nil {
			return err
		}
		rules, err := readRules(ctx, q)
		if err != nil {
			return err
		}
		var sent []reading.Point
		for _, p := range spans {
			kind, err := s.kindOf(ctx, q, p.Source)
			if err != nil {
				return err
			}
			if kind != Derived {
				sent = append(sent, p)
			}
		}
		out = quality.Reconcile(sent, counter, limitsOf(limits, object, reading.RainCounter), rules.Tolerance)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("hold the rain of object %d against its counter: %w", object, err)
	}
	return out, nil
}

// CheckBalance flags the readings of a counter at which it and the spans since the one before do not agree, and returns how many such
// there are.
func (s *Service) CheckBalance(ctx context.Context, object int64, from, to time.Time) (int, error) {
	list, err := s.Balances(ctx, object, from, to)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, b := range list {
		if !b.Unequal {
			continue
		}
		n++
		if err := s.flag(ctx, object, reading.RainCounter, b.To, b.To, reading.Unequal); err != nil {
			return n, fmt.Errorf("flag the counter of object %d: %w", object, err)
		}
	}
	return n, nil
}

// flag adds a flag to the readings of a time, both ends included. It is a finding of a check, and no revision of a figure.
func (s *Service) flag(ctx context.Context, object int64, id reading.ID, from, to time.Time, flag reading.Flag) error {
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.load(ctx, tx); err != nil {
			return err
		}
		list, err := points(ctx, tx, object, id, from, to)
		if err != nil {
			return err
		}
		for _, p := range list {
			if p.Flags&flag != 0 {
				continue
			}
			k := reading.Key{Object: object, Quantity: id, At: p.At}
			_, err := s.replace(ctx, tx, k, func(was reading.Point) (reading.Point, error) {
				was.Flags |= flag
				return was, nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}
