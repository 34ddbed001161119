package oversight

import (
	"context"
	"fmt"

	"anlan/internal/identity"
	"anlan/internal/store"
)

// StuckVeil is an inspection that is over and still hides something from the inspected side.
type StuckVeil struct {
	Inspection int64
	Plan       int64 // 0 for one of its own
	Matters    int   // that are hidden
}

// StuckVeils lists the inspections that hide what nobody would ever disclose: their plan has ended, or they stand alone and are done. A plan
// that was called off hides itself and is not of them, as long as nothing was found under it.
func (s *Service) StuckVeils(ctx context.Context) ([]StuckVeil, error) { return stuckVeils(ctx, s.db) }

func stuckVeils(ctx context.Context, q store.Querier) ([]StuckVeil, error) {
	var out []StuckVeil
	err := store.Each(ctx, q, `
		SELECT v.id, v.plan_id, v.hidden FROM (
			SELECT i.id, COALESCE(i.plan_id, 0) AS plan_id, i.veiled, i.state, COALESCE(p.state, '') AS plan_state,
				(SELECT COUNT(*) FROM matter m WHERE m.source = 'inspection' AND m.source_id = CAST(i.id AS TEXT) AND m.veiled = 1) AS hidden
			FROM inspection i LEFT JOIN inspection_plan p ON p.id = i.plan_id) v
		WHERE v.hidden > 0 AND (v.veiled = 0 OR v.plan_state IN ('done', 'cancelled') OR v.plan_id = 0 AND v.state = 'done')
			OR v.veiled = 1 AND (v.plan_state = 'done' OR v.state = 'done' AND (v.plan_id = 0 OR v.plan_state = 'cancelled'))
		ORDER BY v.id`, func(scan func(...any) error) error {
		var v StuckVeil
		err := scan(&v.Inspection, &v.Plan, &v.Matters)
		out = append(out, v)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for what ended inspections hide: %w", err)
	}
	return out, nil
}

// LiftStuckVeils discloses what StuckVeils lists, and says of how many inspections.
func (s *Service) LiftStuckVeils(ctx context.Context, by identity.Actor) (int, error) {
	var stuck []StuckVeil
	err := s.db.Write(ctx, func(tx *store.Tx) (err error) {
		if err := tx.Take(ctx, `SELECT id FROM inspection ORDER BY id`); err != nil {
			return err
		}
		if stuck, err = stuckVeils(ctx, tx); err != nil {
			return err
		}
		for _, v := range stuck {
			if err := s.liftOne(ctx, tx, by, v.Inspection); err != nil {
				return err
			}
		}
		return nil
	})
	return len(stuck), err
}
