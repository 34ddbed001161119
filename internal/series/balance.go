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
		limits, err := readLimits(ctx, q)
		if err != nil {
			return err
		}
		rules, err := readRules(ctx, q)
		if err != nil {
			return err
		}
		out, err = s.balances(ctx, q, object, from, to, limitsOf(limits, object, reading.RainCounter), rules.Tolerance)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("hold the rain of object %d against its counter: %w", object, err)
	}
	return out, nil
}

func (s *Service) balances(ctx context.Context, q store.Querier, object int64, from, to time.Time, l quality.Limits, t quality.Tolerance) ([]quality.Balance, error) {
	counter, err := points(ctx, q, object, reading.RainCounter, from, to)
	if err != nil || len(counter) < 2 {
		return nil, err
	}
	spans, err := points(ctx, q, object, reading.Rain, from, to)
	if err != nil {
		return nil, err
	}
	var sent []reading.Point
	for _, p := range spans {
		kind, err := s.kindOf(ctx, q, p.Source)
		if err != nil {
			return nil, err
		}
		if kind != Derived {
			sent = append(sent, p)
		}
	}
	return quality.Reconcile(sent, counter, l, t), nil
}

// CheckBalances flags, of all stations that send both, the readings of counters in a time at which the counter and the spans since the
// reading before do not agree, and returns how many such there are. Asked again it changes nothing.
func (s *Service) CheckBalances(ctx context.Context, from, to time.Time) (int, error) {
	n := 0
	objects, err := s.tellingBoth(ctx, from)
	if err != nil {
		return n, err
	}
	var limits map[stateKey]quality.Limits
	var rules quality.Rules
	err = s.db.Snapshot(ctx, func(q store.Querier) (err error) {
		if limits, err = readLimits(ctx, q); err == nil {
			rules, err = readRules(ctx, q)
		}
		return err
	})
	if err != nil {
		return n, fmt.Errorf("read by what rain is held against counters: %w", err)
	}
	for _, object := range objects {
		var list []quality.Balance
		err := s.db.Snapshot(ctx, func(q store.Querier) (err error) {
			list, err = s.balances(ctx, q, object, from, to, limitsOf(limits, object, reading.RainCounter), rules.Tolerance)
			return err
		})
		for _, b := range list {
			if !b.Unequal || err != nil {
				continue
			}
			n++
			err = s.flag(ctx, object, reading.RainCounter, b.To, b.To, reading.Unequal)
		}
		if err != nil {
			return n, fmt.Errorf("hold the rain of object %d against its counter: %w", object, err)
		}
	}
	return n, nil
}

// tellingBoth are the objects that have sent a counter and rain since an instant.
func (s *Service) tellingBoth(ctx context.Context, since time.Time) ([]int64, error) {
	var out []int64
	err := store.Each(ctx, s.db, `
		SELECT c.object_id FROM observation_latest c JOIN observation_latest r ON r.object_id = c.object_id AND r.quantity = $1
		WHERE c.quantity = $2 AND c.at >= $3 AND r.at >= $3 ORDER BY c.object_id`, func(scan func(...any) error) error {
		var object int64
		err := scan(&object)
		out = append(out, object)
		return err
	}, int64(reading.Rain), int64(reading.RainCounter), since.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("read which stations tell rain by both ways: %w", err)
	}
	return out, nil
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
